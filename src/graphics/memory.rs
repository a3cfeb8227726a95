//! What this process has in the terminal's memory: known from anywhere, since even a panic has to clear it.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};

use super::kitty::{self, Id};

/// One bit for each low byte of an id.
static HELD: [AtomicU64; 4] = [const { AtomicU64::new(0) }; 4];
static HIGH: AtomicU8 = AtomicU8::new(0);
static TMUX: AtomicBool = AtomicBool::new(false);
/// Whether a transfer is begun and not ended.
static OPEN: AtomicBool = AtomicBool::new(false);

/// Notes that a picture is, or is not, in the terminal's memory.
pub(super) fn note(id: Id, is_held: bool, tmux: bool) {
    HIGH.store(id.high, Ordering::Relaxed);
    TMUX.store(tmux, Ordering::Relaxed);
    if let Some(word) = HELD.get(usize::from(id.low / 64)) {
        let bit = 1 << (id.low % 64);
        if is_held {
            word.fetch_or(bit, Ordering::Relaxed)
        } else {
            word.fetch_and(!bit, Ordering::Relaxed)
        };
    }
}

/// Notes that a transfer has begun, or that it has ended.
pub(super) fn note_transfer(is_open: bool) {
    OPEN.store(is_open, Ordering::Relaxed);
}

/// What clears the terminal of all our pictures; nothing if there are none. Whoever writes it gives the
/// terminal away: it is told but once.
pub fn farewell() -> Vec<u8> {
    let tmux = TMUX.load(Ordering::Relaxed);
    let high = HIGH.load(Ordering::Relaxed);
    let mut out = Vec::new();
    if OPEN.swap(false, Ordering::Relaxed) {
        kitty::abort(&mut out, tmux);
    }
    for (word, held) in (0_u8..).zip(&HELD) {
        let held = held.swap(0, Ordering::Relaxed);
        for bit in (0_u8..64).filter(|bit| held >> bit & 1 == 1) {
            kitty::delete(&mut out, Id { high, low: word * 64 + bit }, tmux);
        }
    }
    out
}
