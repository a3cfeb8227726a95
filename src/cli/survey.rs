//! Goes over a whole data set and measures every sample, on all cores.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};

use super::search::each_sample;
use crate::dataset::Dataset;
use crate::index::{Index, Snapshot};
use crate::measure::{Analysis, Analyst, Census, FlagTable, Survey};
use crate::model::Sample;
use crate::worker::{Marked, Opened};

/// Samples handed to a thread at once.
const BATCH: usize = 64;
/// More threads than this wait for the one that reads.
const MOST_THREADS: usize = 16;

/// The index of a data set with the rules of its settings, if it has all samples as they are now and knows
/// what needs all of them: then nothing has to be read.
pub(super) fn settled(opened: &Opened, table: &FlagTable) -> anyhow::Result<Option<Snapshot>> {
    let Some(index) = Index::open(&opened.home)? else { return Ok(None) };
    if !index.is_up_to_date(&opened.dataset)? {
        return Ok(None);
    }
    let marks = std::sync::Arc::new(Marked::of(opened));
    let snapshot = index.with_flags(table.clone()).with_marks(marks).snapshot()?;
    // Somebody else may have changed it between the two looks.
    Ok(Some(snapshot).filter(Snapshot::is_settled))
}

/// Measures all samples, and tells what is usual among them.
pub(super) fn survey(dataset: &Dataset) -> anyhow::Result<Survey> {
    let parts = each_analysis(dataset, Survey::default, |survey, sample, analysis| {
        survey.add(sample.seq.0, analysis);
    })?;
    let mut whole = Survey::default();
    for part in parts {
        whole.merge(part);
    }
    Ok(whole)
}

/// Counts the facts of all samples.
pub(super) fn census(dataset: &Dataset) -> anyhow::Result<Census> {
    let parts = each_analysis(dataset, Census::default, |census, sample, analysis| {
        census.add(sample.seq.0, &analysis.keys);
    })?;
    let mut whole = Census::default();
    for part in parts {
        whole.merge(part);
    }
    Ok(whole)
}

/// Reads a data set and has each sample analysed on one of several threads. Every thread gathers in a
/// state of its own; which thread gets which sample is not fixed, so what is made of the states must
/// not depend on it.
pub(super) fn each_analysis<S: Send>(
    dataset: &Dataset,
    start: impl Fn() -> S + Sync,
    take: impl Fn(&mut S, &Sample, &Analysis) + Sync,
) -> anyhow::Result<Vec<S>> {
    on_threads(dataset, u64::MAX, start, |state, analyst, mut sample| {
        let analysis = analyst.analyse(&mut sample);
        take(state, &sample, &analysis);
    })
}

/// The same for the first samples of a data set, with whatever is to be done with each.
pub(super) fn on_threads<S: Send>(
    dataset: &Dataset,
    limit: u64,
    start: impl Fn() -> S + Sync,
    take: impl Fn(&mut S, &mut Analyst, Sample) + Sync,
) -> anyhow::Result<Vec<S>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let (work, waiting) = sync_channel::<Vec<Sample>>(threads * 4);
    let waiting = Mutex::new(waiting);
    std::thread::scope(|scope| {
        let workers: Vec<_> =
            (0..threads).map(|_| scope.spawn(|| take_batches(&waiting, &start, &take))).collect();
        let mut batch = Vec::with_capacity(BATCH);
        let mut left = limit;
        let read = each_sample(dataset, &mut |sample| {
            if left == 0 {
                return ControlFlow::Break(());
            }
            left -= 1;
            batch.push(sample);
            if batch.len() < BATCH {
                return ControlFlow::Continue(());
            }
            match work.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        });
        let _ = work.send(batch);
        drop(work);
        let states: Option<Vec<S>> = workers.into_iter().map(|worker| worker.join().ok()).collect();
        read?;
        states.ok_or_else(|| anyhow::anyhow!("a thread that measures has failed"))
    })
}

fn take_batches<S>(
    waiting: &Mutex<Receiver<Vec<Sample>>>,
    start: &impl Fn() -> S,
    take: &impl Fn(&mut S, &mut Analyst, Sample),
) -> S {
    let mut state = start();
    let mut analyst = Analyst::new();
    loop {
        let batch = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(batch) = batch else { return state };
        for sample in batch {
            take(&mut state, &mut analyst, sample);
        }
    }
}
