//! The thread that keeps the index up with the data set.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::opened::Opened;
use super::{Reply, crew::Answer, pictures};
use crate::graphics::step_back;
use crate::index::{self, Built, Extent, Index, IndexError, Pace, Progress, Stage};

/// How often one who follows another builder looks at what it has.
const FOLLOW_PAUSE: Duration = Duration::from_millis(500);

/// What the builder shares with the searcher and with the one who stops it.
#[derive(Debug)]
pub(super) struct Shared {
    /// Set to stop the builder, and who looks at pictures.
    pub(super) stop: AtomicBool,
    /// How far the index is, by the builder's word: when it changes, look again.
    pub(super) news: AtomicU64,
    /// The same of what captions say.
    pub(super) analysed: AtomicU64,
    /// Raised when more is known of pictures: look again.
    pub(super) pictures: AtomicU64,
    /// Whether the searcher is at work.
    pub(super) searching: AtomicBool,
    began: Instant,
    /// When something was last wished for, in milliseconds since it began.
    wished: AtomicU64,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            stop: AtomicBool::default(),
            news: AtomicU64::default(),
            analysed: AtomicU64::default(),
            pictures: AtomicU64::default(),
            searching: AtomicBool::default(),
            began: Instant::now(),
            wished: AtomicU64::default(),
        }
    }
}

impl Shared {
    /// Takes the builder's word. When all is counted, there is more to know of the same samples.
    fn tell(&self, progress: &Progress) {
        let is_ready = progress.stage == Stage::Ready;
        self.analysed.store(progress.analysed, Ordering::Release);
        self.news.store(progress.samples << 1 | u64::from(is_ready), Ordering::Release);
    }

    /// Tells that there is more to know of pictures.
    pub(super) fn tell_of_pictures(&self) {
        self.pictures.fetch_add(1, Ordering::AcqRel);
    }

    /// Notes that somebody wishes for something now.
    pub(super) fn note_wish(&self) {
        self.wished.store(self.began.elapsed().as_millis() as u64, Ordering::Release);
    }

    /// Whether nobody searches, and nobody has wished for anything for so long.
    pub(super) fn is_quiet(&self, since: Duration) -> bool {
        let wished = Duration::from_millis(self.wished.load(Ordering::Acquire));
        !self.searching.load(Ordering::Acquire) && self.began.elapsed().saturating_sub(wished) >= since
    }
}

/// Brings the index up to date, leaves the pictures to a thread of their own, then ends.
pub(super) fn run(mut opened: Opened, shared: &Arc<Shared>, answer: &Answer) {
    let mut progress = looking();
    let outcome = opened.refresh().map_err(|error| error.to_string()).and_then(|_| {
        bring_up_to_date(&mut opened, shared, answer, &mut progress).map_err(|error| error.to_string())
    });
    if let Err(reason) = outcome {
        progress.stage = Stage::Failed(reason);
        answer(Reply::Progress(progress));
    } else if progress.stage == Stage::Ready
        && let Err(error) =
            pictures::spawn(opened.home.clone(), Arc::clone(shared), Arc::clone(answer), progress)
    {
        answer(Reply::Notice(format!("pictures are not looked at: {error}")));
    }
}

fn looking() -> Progress {
    Progress {
        stage: Stage::Looking,
        samples: 0,
        analysed: 0,
        skipped: 0,
        rate: 0.0,
        share: None,
        left: None,
    }
}

fn bring_up_to_date(
    opened: &mut Opened,
    shared: &Shared,
    answer: &Answer,
    last: &mut Progress,
) -> Result<(), IndexError> {
    loop {
        let built =
            index::build(&opened.home, &mut opened.dataset, Pace::Eager, Extent::Whole, &mut |progress| {
                *last = progress.clone();
                shared.tell(progress);
                answer(Reply::Progress(progress.clone()));
                if shared.stop.load(Ordering::Acquire) {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })?;
        if built != Built::Elsewhere {
            return Ok(());
        }
        if follow(opened, shared, answer, last)?.is_break() {
            return Ok(());
        }
    }
}

/// Tells what another process has built so far, until it has all, or is gone: then it is our turn.
fn follow(
    opened: &Opened,
    shared: &Shared,
    answer: &Answer,
    last: &mut Progress,
) -> Result<ControlFlow<()>, IndexError> {
    let began = Instant::now();
    while !shared.stop.load(Ordering::Acquire) {
        if let Some(index) = Index::open(&opened.home)? {
            let snapshot = index.snapshot()?;
            let mut progress = index.progress().unwrap_or_else(looking);
            let reach = snapshot.reach();
            (progress.samples, progress.analysed) = (reach.samples, reach.analysed);
            if index.is_complete() && progress.stage == Stage::Ready {
                shared.tell(&progress);
                *last = progress.clone();
                answer(Reply::Progress(progress));
                return Ok(ControlFlow::Break(()));
            }
            progress.stage = Stage::Following;
            shared.tell(&progress);
            answer(Reply::Progress(progress));
        }
        std::thread::park_timeout(FOLLOW_PAUSE);
        // Every now and then it is worth asking whether the other one is still there.
        if began.elapsed() > FOLLOW_PAUSE * 4 {
            return Ok(ControlFlow::Continue(()));
        }
    }
    Ok(ControlFlow::Break(()))
}

/// Starts the thread.
pub(super) fn spawn(
    opened: Opened,
    shared: Arc<Shared>,
    answer: Answer,
) -> std::io::Result<std::thread::JoinHandle<()>> {
    std::thread::Builder::new().name("capscope-index".into()).spawn(move || {
        step_back();
        run(opened, &shared, &answer);
    })
}
