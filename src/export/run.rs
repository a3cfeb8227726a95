//! The run of an export: a source of samples, threads that prepare, one that writes.
//!
//! Samples go out numbered and come back in any order; the writer takes them in theirs. What is prepared and not yet
//! written is bounded in bytes: whoever would prepare more waits. Samples are handed out in order, so the one that is
//! written next is always among those that are being prepared, and nobody waits for ever.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Condvar, Mutex, PoisonError};

use super::keys::Keys;
use super::prepare::{Prepared, Preparer, Taken};
use super::provenance::{FILE as PROVENANCE, account};
use super::sink::{List, Sink};
use super::target::Target;
use super::{Counts, ExportError, Options, Origin, Pictures, Skipped};
use crate::model::Sample;

/// Bytes that are prepared and not yet written.
const AHEAD: u64 = 64 << 20;
/// Samples handed to a thread at once where no pictures are read.
const BATCH: usize = 64;
/// Samples handed to a thread at once where each has a picture to be read.
const BATCH_WITH_PICTURES: usize = 8;
/// Faults that are told; the list has all.
const TOLD: usize = 10;

/// A reader of samples: calls what it is given with each, until told to stop.
pub type SampleSource<'s, E> = &'s mut dyn FnMut(&mut dyn FnMut(Sample) -> ControlFlow<()>) -> Result<(), E>;

/// How far the work is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Samples that are written or left out.
    pub samples: u64,
    /// Bytes of pictures that are written.
    pub picture_bytes: u64,
}

/// Told now and then how far the work is; says whether to go on.
pub type Watch<'a> = &'a dyn Fn(Progress) -> ControlFlow<()>;

/// What an export came to.
#[derive(Clone, Debug, Default)]
pub struct Exported {
    /// What was made; none where there was nothing to export.
    pub path: Option<PathBuf>,
    /// How much.
    pub counts: Counts,
    /// The first of what is not in it.
    pub skipped: Vec<Skipped>,
    /// How much that is in all.
    pub faults: u64,
    /// Where all of that is listed.
    pub list: Option<PathBuf>,
    /// Parts of exports of dead processes that were removed.
    pub removed: Vec<PathBuf>,
}

/// Exports samples. `None` where `watch` said to stop; nothing is left behind then, nor after a failure.
///
/// # Errors
/// What the source fails with; where something is there already, or cannot be written.
pub fn export<E: From<ExportError>>(
    read: SampleSource<'_, E>,
    origin: &Origin,
    options: &Options,
    watch: Watch<'_>,
) -> Result<Option<Exported>, E> {
    let target = Target::begin(&options.to, options.is_folder, options.force)?;
    let sink = Sink::open(options, &target)?;
    let list = List::at(target.extra("capscope-export.skipped.jsonl", "skipped.jsonl"));
    let preparer = Preparer::new(options, target.part());
    let writer = Writer { sink, list, counts: Counts::default(), skipped: Vec::new(), faults: 0 };
    let Some(writer) = run(read, options, &preparer, writer, watch)? else { return Ok(None) };
    Ok(Some(finish(writer, target, origin, options)?))
}

fn finish(
    writer: Writer,
    target: Target,
    origin: &Origin,
    options: &Options,
) -> Result<Exported, ExportError> {
    let Writer { sink, list, counts, skipped, faults } = writer;
    let removed = target.removed.clone();
    let mut exported = Exported { counts, skipped, faults, removed, ..Exported::default() };
    if counts.samples == 0 {
        return Ok(exported);
    }
    let account = account(origin, options, &counts);
    sink.finish(&account)?;
    let has_skipped = list.finish()?;
    let place = target.extra(PROVENANCE, "provenance.json");
    let written = std::fs::write(&place, account).and_then(|()| std::fs::File::open(&place)?.sync_all());
    written.map_err(ExportError::at(&place))?;
    if options.sync {
        target.sync_pictures()?;
    }
    let path = target.finish(has_skipped)?;
    exported.list = has_skipped.then(|| {
        if options.is_folder {
            path.join("capscope-export.skipped.jsonl")
        } else {
            let mut name = path.clone().into_os_string();
            name.push(".skipped.jsonl");
            name.into()
        }
    });
    exported.path = Some(path);
    Ok(exported)
}

/// Writes what comes, and counts.
struct Writer {
    sink: Sink,
    list: List,
    counts: Counts,
    skipped: Vec<Skipped>,
    faults: u64,
}

impl Writer {
    fn take(&mut self, prepared: Prepared) -> Result<(), ExportError> {
        let counts = &mut self.counts;
        counts.pictures_left_out +=
            prepared.skipped.iter().filter(|skipped| skipped.picture.is_some()).count() as u64;
        for skipped in &prepared.skipped {
            self.list.put(skipped)?;
            self.faults += 1;
            if self.skipped.len() < TOLD {
                self.skipped.push(skipped.clone());
            }
        }
        if prepared.is_left_out {
            counts.samples_left_out += 1;
            return Ok(());
        }
        counts.samples += 1;
        counts.pictures += prepared.pictures;
        counts.picture_bytes += prepared.picture_bytes;
        counts.texts_changed += prepared.texts_changed;
        counts.captions_left_out += prepared.captions_left_out;
        self.sink.put(prepared.body)
    }
}

/// What is shared by the threads of a run.
#[derive(Default)]
struct Shared {
    /// Bytes that are prepared and not yet written.
    held: Mutex<u64>,
    written: Condvar,
    is_stopped: AtomicBool,
    samples: AtomicU64,
    picture_bytes: AtomicU64,
}

impl Shared {
    fn progress(&self) -> Progress {
        Progress {
            samples: self.samples.load(Ordering::Relaxed),
            picture_bytes: self.picture_bytes.load(Ordering::Relaxed),
        }
    }

    /// Waits until more may be prepared.
    fn wait(&self) {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |held: &mut u64| *held >= AHEAD && !self.is_stopped.load(Ordering::Acquire);
        drop(self.written.wait_while(held, is_full));
    }

    fn hold(&self, bytes: u64) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) += bytes;
    }

    fn let_go(&self, bytes: u64) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let was_full = *held >= AHEAD;
        *held = held.saturating_sub(bytes);
        if was_full {
            self.written.notify_all();
        }
    }

    fn stop(&self) {
        // Under the lock, so that nobody begins to wait between the question and the answer.
        let _held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_stopped.store(true, Ordering::Release);
        self.written.notify_all();
    }
}

type Numbered<T> = (u64, T);
type PreparedBatch = Result<Vec<Prepared>, ExportError>;

fn run<E: From<ExportError>>(
    read: SampleSource<'_, E>,
    options: &Options,
    preparer: &Preparer<'_>,
    writer: Writer,
    watch: Watch<'_>,
) -> Result<Option<Writer>, E> {
    let threads = options.threads.max(1);
    let size = if options.pictures == Pictures::Copy { BATCH_WITH_PICTURES } else { BATCH };
    let (work, waiting) = sync_channel::<Numbered<Vec<Taken>>>(threads * 8);
    let (done, results) = channel::<Numbered<PreparedBatch>>();
    let waiting = Mutex::new(waiting);
    let shared = Shared::default();
    let (outcome, is_broken_off, written) = std::thread::scope(|scope| {
        for _ in 0..threads {
            let done = done.clone();
            let (waiting, shared) = (&waiting, &shared);
            scope.spawn(move || prepare_all(preparer, waiting, &done, shared));
        }
        drop(done);
        let shared = &shared;
        let writing = scope.spawn(move || write_all(writer, &results, shared));
        let (mut number, mut place, mut is_broken_off) = (0, 0, false);
        let mut keys = Keys::default();
        let mut batch = Vec::with_capacity(size);
        let outcome = read(&mut |sample| {
            let key = keys.next(&sample.id);
            batch.push(Taken { number: place, key, sample });
            place += 1;
            if batch.len() < size {
                return ControlFlow::Continue(());
            }
            is_broken_off = watch(shared.progress()).is_break();
            let full = std::mem::replace(&mut batch, Vec::with_capacity(size));
            number += 1;
            let is_over = is_broken_off || shared.is_stopped.load(Ordering::Acquire);
            if is_over || work.send((number - 1, full)).is_err() {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        if is_broken_off || outcome.is_err() {
            shared.stop();
        } else {
            let _ = work.send((number, batch));
        }
        drop(work);
        while !writing.is_finished() && !is_broken_off {
            is_broken_off = watch(shared.progress()).is_break();
            if is_broken_off {
                shared.stop();
            }
            // For so long the watch is not asked.
            let held = shared.held.lock().unwrap_or_else(PoisonError::into_inner);
            drop(shared.written.wait_timeout(held, std::time::Duration::from_millis(50)));
        }
        (outcome, is_broken_off, writing.join())
    });
    outcome?;
    if is_broken_off {
        return Ok(None);
    }
    match written {
        Ok(writer) => Ok(Some(writer?)),
        Err(_) => Err(ExportError::Thread.into()),
    }
}

/// Prepares what is handed out, in its order of handing out.
fn prepare_all(
    preparer: &Preparer<'_>,
    waiting: &Mutex<Receiver<Numbered<Vec<Taken>>>>,
    done: &Sender<Numbered<PreparedBatch>>,
    shared: &Shared,
) {
    loop {
        let next = {
            let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
            shared.wait();
            waiting.recv()
        };
        let Ok((number, batch)) = next else { return };
        if shared.is_stopped.load(Ordering::Acquire) {
            continue;
        }
        let prepared: PreparedBatch = batch.into_iter().map(|taken| preparer.prepare(taken)).collect();
        if let Ok(prepared) = &prepared {
            shared.hold(prepared.iter().map(Prepared::held).sum());
        }
        if done.send((number, prepared)).is_err() {
            return;
        }
    }
}

/// Writes batches in the order of their numbers.
fn write_all(
    mut writer: Writer,
    results: &Receiver<Numbered<PreparedBatch>>,
    shared: &Shared,
) -> Result<Writer, ExportError> {
    let mut early: BTreeMap<u64, Vec<Prepared>> = BTreeMap::new();
    let mut next = 0;
    let mut write = |number: u64, batch: PreparedBatch| -> Result<(), ExportError> {
        early.insert(number, batch?);
        while let Some(batch) = early.remove(&next) {
            let held = batch.iter().map(Prepared::held).sum();
            for prepared in batch {
                let bytes = prepared.picture_bytes;
                writer.take(prepared)?;
                shared.samples.fetch_add(1, Ordering::Relaxed);
                shared.picture_bytes.fetch_add(bytes, Ordering::Relaxed);
            }
            shared.let_go(held);
            next += 1;
        }
        Ok(())
    };
    for (number, batch) in results {
        if let Err(error) = write(number, batch) {
            shared.stop();
            return Err(error);
        }
    }
    // What is missing in between was lost with a thread.
    if early.is_empty() { Ok(writer) } else { Err(ExportError::Thread) }
}
