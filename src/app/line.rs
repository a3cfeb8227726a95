//! The line to the terminal: a thread that writes, so that nobody waits for a slow one.
//!
//! One piece is on its way at a time. As long as it is, the event loop draws nothing: what happens
//! meanwhile goes into the next frame, so that a slow line sees fewer frames, not late ones.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// The writing end of the terminal.
pub(super) struct Line {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    /// Tells the event loop that the line is free.
    free: Arc<Notify>,
}

#[derive(Default)]
struct State {
    piece: Option<Vec<u8>>,
    is_writing: bool,
    is_closed: bool,
    failure: Option<io::Error>,
}

impl Line {
    /// Starts the thread, which calls `write` with every piece.
    pub(super) fn open(mut write: impl FnMut(&[u8]) -> io::Result<()> + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State::default()),
            changed: Condvar::new(),
            free: Arc::new(Notify::new()),
        });
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("capscope-line".into());
        let thread = thread.spawn(move || theirs.work(&mut write))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// What is told whenever the line has become free.
    pub(super) fn free(&self) -> Arc<Notify> {
        Arc::clone(&self.shared.free)
    }

    /// Whether nothing is on its way.
    pub(super) fn is_idle(&self) -> bool {
        let state = self.shared.state();
        state.piece.is_none() && !state.is_writing
    }

    /// Sends a piece, behind one that is still waiting if there is one.
    ///
    /// # Errors
    /// When an earlier piece could not be written.
    pub(super) fn send(&self, bytes: Vec<u8>) -> io::Result<()> {
        let mut state = self.shared.state();
        if let Some(failure) = state.failure.take() {
            return Err(failure);
        }
        match &mut state.piece {
            Some(piece) => piece.extend_from_slice(&bytes),
            None => state.piece = Some(bytes),
        }
        drop(state);
        self.shared.changed.notify_all();
        Ok(())
    }

    /// Takes back what has not been begun.
    pub(super) fn discard(&self) {
        self.shared.state().piece = None;
    }

    /// Waits until nothing is on its way, but no longer than this.
    pub(super) fn drain(&self, limit: Duration) {
        let end = Instant::now() + limit;
        let mut state = self.shared.state();
        while state.piece.is_some() || state.is_writing {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            let waited = self.shared.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.shared.state().is_closed = true;
        self.shared.changed.notify_all();
        // A thread that is held up in a write to a terminal that takes nothing would hold us up too.
        if let Some(thread) = self.thread.take()
            && self.is_idle()
        {
            // It does not panic.
            let _ = thread.join();
        }
    }
}

impl Shared {
    /// The state. Nothing that can panic runs while it is locked, so a poisoned one is whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, write: &mut impl FnMut(&[u8]) -> io::Result<()>) {
        while let Some(piece) = self.take() {
            self.finish(write(&piece));
        }
    }

    fn take(&self) -> Option<Vec<u8>> {
        let mut state = self.state();
        loop {
            if let Some(piece) = state.piece.take() {
                state.is_writing = true;
                return Some(piece);
            }
            if state.is_closed {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn finish(&self, written: io::Result<()>) {
        let mut state = self.state();
        state.is_writing = false;
        if let Err(failure) = written {
            state.failure.get_or_insert(failure);
        }
        drop(state);
        self.changed.notify_all();
        self.free.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    type Slow = Box<dyn FnMut(&[u8]) -> io::Result<()> + Send>;

    /// Takes a piece only when it is permitted to.
    fn slow() -> (Slow, Sender<()>, Receiver<Vec<u8>>) {
        let (permit, permits) = channel();
        let (written, out) = channel();
        let write = move |bytes: &[u8]| {
            permits.recv().map_err(io::Error::other)?;
            written.send(bytes.to_vec()).map_err(io::Error::other)
        };
        (Box::new(write), permit, out)
    }

    #[test]
    fn nobody_waits_for_a_slow_line() {
        let (write, permit, out) = slow();
        let line = Line::open(write).unwrap();
        assert!(line.is_idle());
        line.send(b"one".to_vec()).unwrap();
        assert!(!line.is_idle());
        permit.send(()).unwrap();
        assert_eq!(out.recv().unwrap(), b"one");
        line.drain(Duration::from_mins(1));
        assert!(line.is_idle());
        line.send(b"two".to_vec()).unwrap();
        line.send(b"more".to_vec()).unwrap();
        permit.send(()).unwrap();
        permit.send(()).unwrap();
        line.drain(Duration::from_mins(1));
        assert_eq!(out.try_iter().flatten().collect::<Vec<u8>>(), b"twomore");
    }

    #[test]
    fn a_line_that_breaks_says_so() {
        let (write, permit, out) = slow();
        let line = Line::open(write).unwrap();
        drop(out);
        permit.send(()).unwrap();
        line.send(b"lost".to_vec()).unwrap();
        line.drain(Duration::from_mins(1));
        assert!(line.send(b"more".to_vec()).is_err());
    }
}
