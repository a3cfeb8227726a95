//! Keys and all else that the terminal tells, read by a thread of its own.
//!
//! crossterm's stream has whoever asks it look for events under a lock that its own thread holds whenever it waits for
//! some. The loop would ask several times a turn, find the lock taken, and give its core away for a while
//! (`sched_yield`): to a decoder of pictures for milliseconds, as was seen.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::event::{self, Event, EventStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// The thread waits so long, and then again.
const PATIENCE: Duration = Duration::from_hours(1);

/// What the terminal tells, from now on. Dropping it leaves the terminal's input to others.
pub(super) struct Input {
    told: UnboundedReceiver<io::Result<Event>>,
    is_over: Arc<AtomicBool>,
    /// Never asked for anything: when it is dropped it wakes whoever waits for events, which nothing else can.
    _bell: EventStream,
}

impl Input {
    /// Starts the thread.
    ///
    /// # Errors
    /// Where the system has no thread for it.
    pub(super) fn listen() -> io::Result<Self> {
        // Before the thread has the lock that this takes.
        let bell = EventStream::new();
        let (tell, told) = unbounded_channel();
        let is_over = Arc::new(AtomicBool::new(false));
        let theirs = Arc::clone(&is_over);
        let listen = move || {
            while !theirs.load(Ordering::SeqCst) {
                let event = match event::poll(PATIENCE) {
                    Ok(true) => event::read(),
                    Ok(false) => continue,
                    Err(error) => Err(error),
                };
                let is_last = event.is_err();
                if tell.send(event).is_err() || is_last {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("capscope-input".into()).spawn(listen)?;
        Ok(Self { told, is_over, _bell: bell })
    }

    /// The next event; none when there will be no more.
    pub(super) async fn next(&mut self) -> Option<io::Result<Event>> {
        self.told.recv().await
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        // The bell rings after this.
        self.is_over.store(true, Ordering::SeqCst);
    }
}
