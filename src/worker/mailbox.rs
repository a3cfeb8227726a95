//! A box with one place, where the newest wish wins.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Hands the newest of many wishes to the one thread that fulfils them.
#[derive(Debug)]
pub(super) struct Mailbox<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
}

/// What came of waiting.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Waited<T> {
    /// This is wished.
    Wish(T),
    /// Nothing was, for as long as one was ready to wait.
    Nothing,
    /// Nothing will be.
    Closed,
}

#[derive(Debug)]
struct State<T> {
    wish: Option<T>,
    closed: bool,
    finishing: bool,
}

impl<T> State<T> {
    fn now(&mut self) -> Waited<T> {
        match self.wish.take() {
            _ if self.closed => Waited::Closed,
            Some(wish) => Waited::Wish(wish),
            None if self.finishing => Waited::Closed,
            None => Waited::Nothing,
        }
    }
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
            match state.now() {
                Waited::Wish(wish) => return Some(wish),
                Waited::Closed => return None,
                Waited::Nothing => state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// The same, but no longer than this.
    pub(super) fn take_within(&self, most: Duration) -> Waited<T> {
        let state = self.lock();
        let is_idle = |state: &mut State<T>| state.wish.is_none() && !state.closed && !state.finishing;
        let waited = self.filled.wait_timeout_while(state, most, is_idle);
        waited.unwrap_or_else(PoisonError::into_inner).0.now()
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
    fn nobody_waits_longer_than_said() {
        let mailbox = Mailbox::new();
        assert_eq!(mailbox.take_within(Duration::ZERO), Waited::Nothing);
        mailbox.alter(|_| 1);
        assert_eq!(mailbox.take_within(Duration::MAX), Waited::Wish(1));
        mailbox.finish();
        assert_eq!(mailbox.take_within(Duration::MAX), Waited::<u8>::Closed);
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
