//! Goes over a whole data set and measures every sample, on all cores.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};

use super::search::each_sample;
use crate::dataset::Dataset;
use crate::measure::{Analysis, Analyst, Census, Survey};
use crate::model::Sample;

/// Samples handed to a thread at once.
const BATCH: usize = 64;
/// More threads than this wait for the one that reads.
const MOST_THREADS: usize = 16;

/// What a pass over a data set found.
#[derive(Debug, Default)]
pub(super) struct Surveyed {
    pub(super) survey: Survey,
    pub(super) census: Census,
}

/// Measures all samples and counts all facts.
pub(super) fn survey(dataset: &Dataset) -> anyhow::Result<Surveyed> {
    let parts = each_analysis(dataset, Surveyed::default, |found, sample, analysis| {
        found.survey.add(sample.seq.0, analysis);
        found.census.add(sample.seq.0, &analysis.keys);
    })?;
    let mut whole = Surveyed::default();
    for part in parts {
        whole.survey.merge(part.survey);
        whole.census.merge(part.census);
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
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let (work, waiting) = sync_channel::<Vec<Sample>>(threads * 4);
    let waiting = Mutex::new(waiting);
    std::thread::scope(|scope| {
        let workers: Vec<_> =
            (0..threads).map(|_| scope.spawn(|| analyse_batches(&waiting, &start, &take))).collect();
        let mut batch = Vec::with_capacity(BATCH);
        let read = each_sample(dataset, &mut |sample| {
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

fn analyse_batches<S>(
    waiting: &Mutex<Receiver<Vec<Sample>>>,
    start: &impl Fn() -> S,
    take: &impl Fn(&mut S, &Sample, &Analysis),
) -> S {
    let mut state = start();
    let mut analyst = Analyst::new();
    loop {
        let batch = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(batch) = batch else { return state };
        for mut sample in batch {
            let analysis = analyst.analyse(&mut sample);
            take(&mut state, &sample, &analysis);
        }
    }
}
