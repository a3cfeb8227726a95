//! Judges the questions of many samples, block by block on all threads that may be used.

use std::ops::ControlFlow;

use super::pairing::SampleSource;
use crate::measure::Counts;
use crate::model::Sample;
use crate::vqa::{Judge, QuestionReport};

/// Samples that are judged together, some of which are the baseline of each.
const BLOCK: usize = 256;
/// More threads than this wait for the one that reads.
const MOST_THREADS: usize = 16;
/// Questions that add most which are kept: of every type and prefix some.
const ADDITIONS: usize = 1_000;
/// Decides which samples are the baseline of which.
const SEED: u64 = 7;

/// What the questions of a query add to its captions.
#[derive(Clone, Debug, Default)]
pub struct QuestionsReport {
    /// Verdicts, and what adds most.
    pub report: QuestionReport,
    /// Keys of facts that no question tests with the number of captions that state them, the most frequent first.
    pub untested: Vec<(String, u32)>,
    /// Samples of the query that have questions; only the first of them are judged where there are many.
    pub total: u64,
    /// Samples of the query.
    pub samples: u64,
    /// How far the judgement is, 0 to 1: below 1 there is more to come.
    pub share: f64,
}

/// One judge for each thread.
pub fn judges() -> Vec<Judge> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).clamp(1, MOST_THREADS);
    (0..threads).map(|_| Judge::new()).collect()
}

/// Samples on their way to the judges: blocks that wait until every judge has one.
#[derive(Debug)]
pub struct Blocks {
    waiting: Vec<Vec<Sample>>,
    judges: usize,
}

impl Blocks {
    /// For so many judges.
    pub fn new(judges: usize) -> Self {
        Self { waiting: vec![Vec::new()], judges }
    }

    /// Takes a sample; the blocks, once every judge has a full one.
    pub fn push(&mut self, sample: Sample) -> Option<Vec<Vec<Sample>>> {
        let block = self.waiting.last_mut()?;
        block.push(sample);
        if block.len() < BLOCK {
            return None;
        }
        if self.waiting.len() < self.judges {
            self.waiting.push(Vec::new());
            return None;
        }
        Some(self.rest())
    }

    /// The blocks that wait, full or not.
    pub fn rest(&mut self) -> Vec<Vec<Sample>> {
        std::mem::replace(&mut self.waiting, vec![Vec::new()])
    }
}

/// Has blocks of samples worked on side by side, one by each judge. What comes out is in the order of the blocks,
/// whoever was first. `None` where a thread has failed.
pub fn side_by_side<T: Send>(
    judges: &mut [Judge],
    blocks: &[Vec<Sample>],
    work: impl Fn(&[Sample], &mut Judge) -> T + Sync,
) -> Option<Vec<T>> {
    let work = &work;
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            blocks.iter().zip(judges).map(|(block, judge)| scope.spawn(move || work(block, judge))).collect();
        threads.into_iter().map(|thread| thread.join().ok()).collect()
    })
}

/// Judges all questions of the samples of a source. `watch` is told what is known by then, and says whether to
/// go on; `None` where it says no. A core stays free for what is on the screen.
pub(super) fn questioned(
    read: SampleSource<'_, String>,
    counts: &dyn Counts,
    watch: &mut dyn FnMut(&QuestionReport) -> ControlFlow<()>,
) -> Result<Option<QuestionReport>, String> {
    let mut judges = judges();
    let threads = judges.len().saturating_sub(1).max(1);
    judges.truncate(threads);
    let mut report = QuestionReport::new(ADDITIONS);
    let mut judge = |blocks: Vec<Vec<Sample>>| -> Result<ControlFlow<()>, String> {
        let parts = side_by_side(&mut judges, &blocks, |block, judge| {
            let mut part = QuestionReport::new(ADDITIONS);
            judge.report(block, SEED, counts, &mut part);
            part
        });
        for part in parts.ok_or("a thread that judges questions has failed")? {
            report.merge(part);
        }
        Ok(watch(&report))
    };
    let mut blocks = Blocks::new(threads);
    let mut outcome = Ok(ControlFlow::Continue(()));
    read(&mut |sample| {
        let Some(full) = blocks.push(sample) else { return ControlFlow::Continue(()) };
        outcome = judge(full);
        if matches!(outcome, Ok(ControlFlow::Continue(()))) {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    if outcome?.is_break() || judge(blocks.rest())?.is_break() {
        return Ok(None);
    }
    Ok(Some(report))
}
