//! The thread that looks at all pictures, when the index is complete and nobody wants anything else.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::Reply;
use super::builder::Shared;
use super::crew::Answer;
use crate::index::{Home, LookCounts, Looked, Progress, Stage, look_at_pictures};

/// How long nobody must have wished for anything before a picture is looked at.
const QUIET: Duration = Duration::from_millis(300);
/// How often one who waits looks whether it is time.
const NAP: Duration = Duration::from_millis(50);
/// The longest rest after a picture: as long as it took, so that half a core is left alone.
const MOST_REST: Duration = Duration::from_millis(500);
/// How often progress is told.
const TELL: Duration = Duration::from_millis(500);
/// How often the searcher is told that there is more to know.
const NEWS: Duration = Duration::from_secs(5);

/// Starts the thread. Nobody waits for its end: it may be in the middle of a large picture when the program
/// ends, and what it writes is whole up to its last batch at any time.
pub(super) fn spawn(home: Home, shared: Arc<Shared>, answer: Answer, last: Progress) -> std::io::Result<()> {
    let thread = std::thread::Builder::new().name("capscope-pictures".into());
    thread.spawn(move || run(&home, &shared, &answer, last)).map(|_| ())
}

fn run(home: &Home, shared: &Shared, answer: &Answer, last: Progress) {
    let turn = std::sync::Mutex::new(Instant::now());
    let gate = || {
        // Rests as long as it has worked since it was here last.
        let worked = turn.lock().map_or(Duration::ZERO, |turn| turn.elapsed());
        let mut until = Instant::now() + worked.min(MOST_REST);
        loop {
            if shared.stop.load(Ordering::Acquire) {
                return ControlFlow::Break(());
            }
            if !shared.is_quiet(QUIET) {
                until = until.max(Instant::now() + NAP);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            std::thread::park_timeout(left.min(NAP));
        }
        if let Ok(mut turn) = turn.lock() {
            *turn = Instant::now();
        }
        ControlFlow::Continue(())
    };
    let (mut told, mut news) = (None::<Instant>, Instant::now());
    let mut watch = |progress: &Progress, counts: &LookCounts| {
        // Where all pictures are known already, there is nothing to tell.
        if counts.new > 0 && told.is_none_or(|told| told.elapsed() >= TELL) {
            told = Some(Instant::now());
            answer(Reply::Progress(progress.clone()));
        }
        if counts.new > 0 && news.elapsed() >= NEWS {
            news = Instant::now();
            shared.tell_of_pictures();
        }
    };
    let outcome = look_at_pictures(home, 1, &gate, &mut watch);
    shared.tell_of_pictures();
    if shared.stop.load(Ordering::Acquire) {
        return;
    }
    if let Err(error) = &outcome {
        answer(Reply::Notice(format!("pictures are not looked at: {error}")));
    }
    // Ends what the progress said, and has those who show rows ask for their flags.
    if told.is_some() || matches!(outcome, Ok(Looked::Complete(counts)) if counts.new > 0) {
        answer(Reply::Progress(Progress { stage: Stage::Pictures, ..last.clone() }));
        answer(Reply::Progress(last));
    }
}
