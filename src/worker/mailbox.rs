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
    finishing: bool,
}

impl<T> Mailbox<T> {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::new(State { wish: None, closed: false, finishing: false }),
            filled: Condvar::new(),
        }
    }

    /// Changes what waits in the box.
    pub(super) fn alter(&self, change: impl FnOnce(Option<T>) -> T) {
        let mut state = self.lock();
        state.wish = Some(change(state.wish.take()));
        drop(state);
        self.filled.notify_one();
    }

    /// Waits for a wish; `None` once the box is closed, or finished and empty.
    pub(super) fn take(&self) -> Option<T> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(wish) = state.wish.take() {
                return Some(wish);
            }
            if state.finishing {
                return None;
            }
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Sends the thread home once it has fulfilled the wish that waits.
    pub(super) fn finish(&self) {
        self.lock().finishing = true;
        self.filled.notify_all();
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
        mailbox.alter(|_| 1);
        mailbox.alter(|waiting| waiting.unwrap_or_default() + 1);
        assert_eq!(mailbox.take(), Some(2));
        mailbox.alter(|waiting| waiting.map_or(3, |_| 4));
        assert_eq!(mailbox.take(), Some(3));
    }

    #[test]
    fn a_finished_box_gives_its_last_wish() {
        let mailbox = Mailbox::new();
        mailbox.alter(|_| 7);
        mailbox.finish();
        assert_eq!((mailbox.take(), mailbox.take()), (Some(7), None));
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
