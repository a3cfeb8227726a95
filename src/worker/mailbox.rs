//! A box with one place, where the newest wish wins.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Hands the newest of many wishes to the one thread that fulfils them.
#[derive(Debug)]
pub(super) struct Mailbox<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
}

#[derive(Debug)]
struct State<T> {
    wish: Option<T>,
    closed: bool,
}

impl<T> Mailbox<T> {
    pub(super) fn new() -> Self {
        Self { state: Mutex::new(State { wish: None, closed: false }), filled: Condvar::new() }
    }

    /// Puts a wish in, in place of what was not taken yet.
    pub(super) fn put(&self, wish: T) {
        self.lock().wish = Some(wish);
        self.filled.notify_one();
    }

    /// Changes what waits in the box.
    pub(super) fn alter(&self, change: impl FnOnce(Option<T>) -> T) {
        let mut state = self.lock();
        state.wish = Some(change(state.wish.take()));
        drop(state);
        self.filled.notify_one();
    }

    /// Waits for a wish; `None` once the box is closed.
    pub(super) fn take(&self) -> Option<T> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(wish) = state.wish.take() {
                return Some(wish);
            }
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether something newer waits already.
    pub(super) fn is_filled(&self) -> bool {
        let state = self.lock();
        state.closed || state.wish.is_some()
    }

    /// Sends the thread home.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn the_newest_wish_wins() {
        let mailbox = Mailbox::new();
        mailbox.put(1);
        mailbox.put(2);
        assert!(mailbox.is_filled());
        assert_eq!(mailbox.take(), Some(2));
        assert!(!mailbox.is_filled());
    }

    #[test]
    fn a_closed_box_sends_the_waiting_thread_home() {
        let mailbox = Arc::new(Mailbox::<u8>::new());
        let waiting = Arc::clone(&mailbox);
        let thread = std::thread::spawn(move || waiting.take());
        mailbox.close();
        assert_eq!(thread.join().unwrap(), None);
    }
}
