//! Pixels on their way to the terminal.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::claim::NUMBERS;

/// A picture encoded for the terminal's protocol, and the cells that it covers there.
#[derive(Debug)]
pub(super) struct Sheet {
    /// Names it in the claims of its cells. Numbers come round after some 65,000 sheets, of which
    /// some hundreds are alive.
    pub(super) number: u16,
    /// What it shows: a finer sheet of the same subject takes the place of a coarser one.
    pub(super) subject: u64,
    /// Columns and rows.
    pub(super) cells: (u16, u16),
    /// Width and height in the pixels that were encoded.
    pub(super) pixels: (u32, u32),
    /// What goes over the line.
    pub(super) payload: Payload,
}

/// What goes over the line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Payload {
    /// A PNG in base64: sent to the terminal's memory once, shown as often as wanted.
    Stored(Vec<u8>),
    /// A whole sequence that paints from the cursor on.
    Painted(Vec<u8>),
}

impl Sheet {
    pub(super) fn new(subject: u64, cells: (u16, u16), pixels: (u32, u32), payload: Payload) -> Arc<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = (NEXT.fetch_add(1, Ordering::Relaxed) % u32::from(NUMBERS)) as u16;
        Arc::new(Self { number, subject, cells, pixels, payload })
    }

    /// Bytes that it holds.
    pub(super) fn weight(&self) -> usize {
        let (Payload::Stored(bytes) | Payload::Painted(bytes)) = &self.payload;
        size_of::<Self>() + bytes.len()
    }
}
