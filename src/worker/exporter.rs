//! The thread that exports for the screen: one export at a time, which can be stopped.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::crew::Answer;
use super::exporting::{each_hit, is_apart, origin_of};
use super::keeper::settled_snapshot;
use super::mailbox::Mailbox;
use super::marks::Marked;
use super::{Opened, Reply};
use crate::export::{self, Exported, Format, Options, Progress};
use crate::graphics::step_back;
use crate::media::Limits;
use crate::query;

/// How often it is told how far an export is.
const NEWS: Duration = Duration::from_millis(500);

/// What is wanted of an export from the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportWish {
    /// The text of the query whose samples are meant.
    pub query: String,
    /// The file or folder to make, as it was typed.
    pub to: String,
    /// The form, where it is not told by the ending.
    pub format: Option<Format>,
}

/// News of an export.
#[derive(Clone, Debug)]
pub enum ExportNews {
    /// So many samples of so many are written.
    Going {
        /// Written, or left out.
        samples: u64,
        /// All that are meant.
        total: u64,
    },
    /// It has ended: with what it came to, nothing where it was stopped, or why it failed, in one line.
    Ended(Result<Option<Box<Exported>>, String>),
}

/// Whatever goes wrong, in one line.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The thread.
pub(super) struct Exporter {
    wishes: Arc<Mailbox<ExportWish>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Exporter {
    pub(super) fn start(opened: &Opened, limits: Limits, answer: &Answer) -> std::io::Result<Self> {
        let wishes: Arc<Mailbox<ExportWish>> = Arc::new(Mailbox::new());
        let stop = Arc::new(AtomicBool::new(false));
        let clerk = Clerk {
            opened: opened.clone(),
            limits,
            answer: Arc::clone(answer),
            marks: Arc::new(Marked::of(opened)),
            stop: Arc::clone(&stop),
        };
        let taken = Arc::clone(&wishes);
        let thread = std::thread::Builder::new().name("capscope-export".into()).spawn(move || {
            step_back();
            while let Some(wish) = taken.take() {
                let came = clerk.export(&wish).map(|exported| exported.map(Box::new));
                let came = came.map_err(|error| error.to_string());
                clerk.stop.store(false, Ordering::Release);
                (clerk.answer)(Reply::Export(ExportNews::Ended(came)));
            }
        })?;
        Ok(Self { wishes, stop, thread: Some(thread) })
    }

    pub(super) fn export(&self, wish: ExportWish) {
        self.wishes.alter(|_| wish);
    }

    /// Stops the one that is going on; nothing is left of it.
    pub(super) fn stop(&self) {
        self.stop.store(true, Ordering::Release);
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        // Whoever leaves leaves no half of an export behind.
        self.stop();
        self.wishes.close();
        if let Some(thread) = self.thread.take() {
            // A worker that panicked has said so already.
            let _ = thread.join();
        }
    }
}

/// Does the thread's work.
struct Clerk {
    opened: Opened,
    limits: Limits,
    answer: Answer,
    marks: Arc<Marked>,
    stop: Arc<AtomicBool>,
}

impl Clerk {
    fn export(&self, wish: &ExportWish) -> Result<Option<Exported>, Failure> {
        let query = query::parse(&wish.query)?;
        let mut options = Options::new(Path::new(&wish.to), wish.format, None)?;
        options.limits = self.limits.clone();
        is_apart(&options.to, &self.opened)?;
        let mut hits = settled_snapshot(&self.opened, &self.marks)?.search(&query)?;
        let total = hits.total();
        let text = Some(wish.query.trim()).filter(|text| !text.is_empty());
        let origin = origin_of(&self.opened, text, None, query::asks_for_marks(&query))?;
        let told = std::cell::Cell::new(Instant::now());
        let watch = |progress: Progress| {
            if told.get().elapsed() >= NEWS {
                told.set(Instant::now());
                (self.answer)(Reply::Export(ExportNews::Going { samples: progress.samples, total }));
            }
            if self.stop.load(Ordering::Acquire) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let mut source = |take: &mut dyn FnMut(crate::model::Sample) -> ControlFlow<()>| {
            each_hit(&mut hits, &self.marks, take).map_err(Failure::from)
        };
        export::export(&mut source, &origin, &options, &watch)
    }
}
