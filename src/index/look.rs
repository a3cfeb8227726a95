//! The pass that looks at all pictures of a data set.
//!
//! It goes over the samples of a complete index. Of each picture the file system is asked first; what was looked
//! at before, and whose file has the same size and time, is left alone. All others are read and decoded. What was
//! seen goes into the ledger batch by batch, so that whoever is killed loses a batch.
//!
//! In memory are twenty-four bytes for each picture that is known already, while the pass goes, and some
//! thirty-two while twins are counted.

use std::fs::File;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;
use tantivy::{DocAddress, Searcher};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::home::Home;
use super::ledger::{ANIMATED, LIKENESS, Ledger, MISNAMED, MISSING, Origin, Record, Sight, UNREADABLE};
use super::pictures::summarise;
use super::{Index, IndexError, Progress, Snapshot, Stage};
use crate::media::{self, Limits, Standing};
use crate::model::{ImageRef, Sample};

/// Sights that are remembered for pictures that several samples name.
const RECENT: usize = 1 << 16;
/// Samples in a batch: as many as take about this time.
const LEAST_BATCH: usize = 16;
const MOST_BATCH: usize = 4_096;
const BATCH_TIME: Duration = Duration::from_millis(200);
/// New records after which twins are counted for the first time; then whenever they have doubled.
const FIRST_SUMMARY: u64 = 1_000;
/// Pixels from which a picture waits for other large ones to be done, as decoding takes much memory.
const LARGE: u64 = 16_000_000;

/// What all threads ask before they take up a picture: where it breaks, the pass stops.
pub type Gate<'a> = &'a (dyn Fn() -> ControlFlow<()> + Sync);

/// How a pass over pictures ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// All pictures were looked at.
    Complete(LookCounts),
    /// It was told to stop, or there is no complete index; what was seen is kept.
    Stopped,
    /// Another process is at it.
    Elsewhere,
}

/// What a pass came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LookCounts {
    /// Pictures that samples name.
    pub pictures: u64,
    /// Those that were looked at anew, as nothing was known of them or they have changed.
    pub new: u64,
    /// Those on the network, which are left alone.
    pub afar: u64,
}

/// Looks at all pictures that are new or have changed since an earlier pass. `gate` is asked before each that
/// has to be read; `watch` is told how far it is, some five times a second.
pub fn look_at_pictures(
    home: &Home,
    threads: usize,
    gate: Gate<'_>,
    watch: &mut dyn FnMut(&Progress, &LookCounts),
) -> Result<Looked, IndexError> {
    let Some(_lock) = home.lock_pictures()? else { return Ok(Looked::Elsewhere) };
    let (Some(index), Some(saved)) = (Index::open(home)?, home.saved()) else { return Ok(Looked::Stopped) };
    if !index.is_complete() {
        return Ok(Looked::Stopped);
    }
    let snapshot = index.snapshot()?;
    let ledger = Ledger::continue_at(&home.pictures(), Origin::of(&saved.dataset))?;
    let progress = Progress {
        stage: Stage::Pictures,
        samples: snapshot.samples(),
        analysed: snapshot.reach().analysed,
        skipped: index.skipped(),
        rate: 0.0,
        share: None,
        left: None,
    };
    let mut pass = Pass {
        home,
        known: Known::of(&ledger)?,
        ledger,
        threads: threads.max(1),
        gate,
        counts: LookCounts::default(),
        summed: 0,
        batch: LEAST_BATCH,
        began: Instant::now(),
        progress,
    };
    pass.run(&snapshot, watch)
}

struct Pass<'a> {
    home: &'a Home,
    ledger: Ledger,
    known: Known,
    threads: usize,
    gate: Gate<'a>,
    counts: LookCounts,
    /// New records when twins were counted last.
    summed: u64,
    /// Samples in the next batch.
    batch: usize,
    began: Instant,
    progress: Progress,
}

impl Pass<'_> {
    fn run(
        &mut self,
        snapshot: &Snapshot,
        watch: &mut dyn FnMut(&Progress, &LookCounts),
    ) -> Result<Looked, IndexError> {
        let searcher = &snapshot.searcher;
        let addresses = addresses(searcher);
        let (mut done, total) = (0_u64, searcher.num_docs().max(1));
        let mut samples = Vec::new();
        let mut addresses = addresses.peekable();
        while let Some(address) = addresses.next() {
            samples.push(snapshot.slots.sample(searcher, address)?);
            done += 1;
            if samples.len() < self.batch && addresses.peek().is_some() {
                continue;
            }
            let began = Instant::now();
            if self.look_at(&samples)?.is_break() {
                return Ok(Looked::Stopped);
            }
            samples.clear();
            self.adapt(began.elapsed());
            self.tell(done as f64 / total as f64, watch);
            if self.counts.new - self.summed >= self.summed.max(FIRST_SUMMARY) {
                self.summed = self.counts.new;
                let _ = summarise(self.home, &self.ledger, &mut || (self.gate)())?;
            }
        }
        self.clean()?;
        match summarise(self.home, &self.ledger, &mut || (self.gate)())? {
            ControlFlow::Continue(()) => Ok(Looked::Complete(self.counts)),
            ControlFlow::Break(()) => Ok(Looked::Stopped),
        }
    }

    /// Batches that took long are followed by smaller ones.
    fn adapt(&mut self, took: Duration) {
        if took > BATCH_TIME {
            self.batch = (self.batch / 2).max(LEAST_BATCH);
        } else if took < BATCH_TIME / 4 {
            self.batch = (self.batch * 2).min(MOST_BATCH);
        }
    }

    fn tell(&mut self, share: f64, watch: &mut dyn FnMut(&Progress, &LookCounts)) {
        let elapsed = self.began.elapsed();
        self.progress.rate = self.counts.new as f64 / elapsed.as_secs_f64().max(1e-3);
        self.progress.share = Some(share);
        self.progress.left = (elapsed > Duration::from_secs(1) && share > 0.0)
            .then(|| elapsed.mul_f64(((1.0 - share) / share).max(0.0)));
        watch(&self.progress, &self.counts);
    }

    /// Looks at the pictures of some samples, on all threads; breaks where it was told to stop.
    fn look_at(&mut self, samples: &[Sample]) -> Result<ControlFlow<()>, IndexError> {
        let jobs: Vec<Job<'_>> = samples.iter().flat_map(jobs_of).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            let mut found = Vec::new();
            let mut reader = None;
            while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                let Some(outcome) = self.known.judge(job, &self.ledger, &mut reader, self.gate) else {
                    return (found, true);
                };
                found.push(outcome);
            }
            (found, false)
        };
        let parts = if self.threads == 1 || jobs.len() < 2 {
            vec![work()]
        } else {
            on_threads(self.threads.min(jobs.len()), &work)?
        };
        let mut records = Vec::new();
        let mut is_stopped = (self.gate)().is_break();
        for (outcomes, was_stopped) in parts {
            is_stopped |= was_stopped;
            for outcome in outcomes {
                self.counts.pictures += 1;
                match outcome {
                    Outcome::Afar => self.counts.afar += 1,
                    Outcome::Held(place) => self.known.met.insert(place),
                    Outcome::New(record) => records.push(record),
                }
            }
        }
        // In the order of the samples, whichever thread was quicker.
        records.sort_unstable_by_key(|record| (record.seq, record.place));
        self.counts.new += records.len() as u64;
        self.ledger.put(&records)?;
        Ok(if is_stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }

    /// Takes out records that this pass has not met: of samples that are gone, and of files as they were.
    fn clean(&mut self) -> Result<(), IndexError> {
        if self.known.has_met_all() {
            return Ok(());
        }
        let Some(saved) = self.home.saved() else { return Ok(()) };
        let old = self.known.records;
        let Some(ledger) = Ledger::open(&self.home.pictures())? else { return Ok(()) };
        let known = &mut self.known;
        self.ledger = ledger.rewritten(Origin::of(&saved.dataset), |number, record| {
            (number >= old || known.was_met(&record)).then_some(record)
        })?;
        Ok(())
    }
}

/// All samples of an index.
fn addresses(searcher: &Searcher) -> impl Iterator<Item = DocAddress> + '_ {
    searcher.segment_readers().iter().enumerate().flat_map(|(place, segment)| {
        segment.doc_ids_alive().map(move |doc| DocAddress::new(place as u32, doc))
    })
}

/// Runs the same on several threads, whose names say that a decoder's panic is nothing to end the program for.
fn on_threads<T: Send>(threads: usize, work: &(impl Fn() -> T + Sync)) -> Result<Vec<T>, IndexError> {
    let failed = |_| IndexError::Thread("a thread that looks at pictures has failed".into());
    std::thread::scope(|scope| {
        let mut workers = Vec::with_capacity(threads);
        for number in 0..threads {
            let thread = std::thread::Builder::new().name(format!("capscope-pictures-{number}"));
            match thread.spawn_scoped(scope, work) {
                Ok(worker) => workers.push(worker),
                // Fewer will do.
                Err(_) if !workers.is_empty() => break,
                Err(error) => return Err(IndexError::Thread(error.to_string())),
            }
        }
        workers.into_iter().map(|worker| worker.join().map_err(failed)).collect()
    })
}

/// A picture to look at.
struct Job<'a> {
    seq: u64,
    place: u16,
    reference: &'a ImageRef,
}

fn jobs_of(sample: &Sample) -> impl Iterator<Item = Job<'_>> {
    let images = (0..=u16::MAX).zip(&sample.images);
    images.map(|(place, image)| Job { seq: sample.seq.0, place, reference: &image.reference })
}

/// What became of a picture.
enum Outcome {
    /// It is on the network.
    Afar,
    /// There is a record of it: its place among what is known.
    Held(usize),
    /// There is something to write down.
    New(Record),
}

/// What earlier passes have seen.
struct Known {
    /// Hashes of sample, place and stamp of all records, sorted.
    held: Vec<u64>,
    /// Those of them that this pass has met.
    met: Bits,
    /// Stamps of pictures that were looked at, each with a record that tells what was seen, sorted.
    seen: Vec<(u64, u32)>,
    /// Records that were there.
    records: u64,
    /// What this pass has seen lately.
    recent: Mutex<FxHashMap<u64, Sight>>,
    /// Held by the one who decodes a large picture.
    large: Mutex<()>,
}

impl Known {
    fn of(ledger: &Ledger) -> Result<Self, IndexError> {
        let most = ledger.records()? as usize;
        let (mut held, mut seen) = (Vec::with_capacity(most), Vec::with_capacity(most));
        let records = ledger.each(0, |number, record| {
            held.push(hold(&record));
            seen.extend(u32::try_from(number).ok().map(|number| (record.stamp, number)));
            Ok(())
        })?;
        held.sort_unstable();
        seen.sort_unstable();
        seen.dedup_by_key(|(stamp, _)| *stamp);
        let (recent, large) = (Mutex::default(), Mutex::default());
        Ok(Self { met: Bits::new(held.len()), held, seen, records, recent, large })
    }

    /// What is to be written down of a picture; none where the gate says to stop.
    fn judge(
        &self,
        job: &Job<'_>,
        ledger: &Ledger,
        reader: &mut Option<File>,
        gate: Gate<'_>,
    ) -> Option<Outcome> {
        let standing = media::standing(job.reference);
        if standing == Standing::Afar {
            return Some(Outcome::Afar);
        }
        let stamp = stamp(job.reference, standing);
        let mut record = Record { seq: job.seq, place: job.place, seen: Sight::default(), stamp };
        let hold = hold(&record);
        if let Ok(place) = self.held.binary_search(&hold) {
            return Some(Outcome::Held(place));
        }
        record.seen = match self.seen_before(stamp, ledger, reader) {
            Some(sight) => sight,
            None if standing == Standing::Absent => Sight { bits: MISSING, ..Sight::default() },
            None if gate().is_break() => return None,
            None => {
                let sight = self.look(job.reference);
                let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
                if recent.len() >= RECENT {
                    recent.clear();
                }
                recent.insert(stamp, sight);
                sight
            }
        };
        Some(Outcome::New(record))
    }

    /// What was seen of a picture when another sample named it, or another version of the data set.
    fn seen_before(&self, stamp: u64, ledger: &Ledger, reader: &mut Option<File>) -> Option<Sight> {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner).get(&stamp).copied();
        if recent.is_some() {
            return recent;
        }
        let place = self.seen.binary_search_by_key(&stamp, |(stamp, _)| *stamp).ok()?;
        let (_, number) = self.seen.get(place)?;
        if reader.is_none() {
            *reader = ledger.reader().ok();
        }
        ledger.record(reader.as_mut()?, u64::from(*number)).map(|record| record.seen)
    }

    fn look(&self, reference: &ImageRef) -> Sight {
        // A decoder that panics over a hostile file must not take the thread with it.
        let outcome = catch_unwind(AssertUnwindSafe(|| self.look_within(reference)));
        outcome.unwrap_or(Sight { bits: UNREADABLE, ..Sight::default() })
    }

    fn look_within(&self, reference: &ImageRef) -> Sight {
        let limits = Limits::default();
        let looked = media::fetch(reference, &limits).and_then(|bytes| {
            let (width, height) = media::describe(&bytes)?.size;
            let is_large = u64::from(width) * u64::from(height) > LARGE;
            let _turn = is_large.then(|| self.large.lock().unwrap_or_else(PoisonError::into_inner));
            media::look(&bytes, &limits)
        });
        let Ok(look) = looked else { return Sight { bits: UNREADABLE, ..Sight::default() } };
        let bits = [
            (look.animated, ANIMATED),
            (media::suffix_is_wrong(reference, look.facts.format), MISNAMED),
            (look.likeness.is_some(), LIKENESS),
        ];
        let bits = bits.into_iter().filter(|(is, _)| *is).fold(0, |bits, (_, bit)| bits | bit);
        let (width, height) = look.facts.size;
        Sight { bits, width, height, likeness: look.likeness.unwrap_or_default() }
    }

    fn has_met_all(&self) -> bool {
        self.met.all() && self.held.len() as u64 == self.records
    }

    /// Whether this pass has met what a record is of; of several such records the first is taken.
    fn was_met(&mut self, record: &Record) -> bool {
        self.held.binary_search(&hold(record)).is_ok_and(|place| self.met.remove(place))
    }
}

/// A hash of sample, place and stamp.
fn hold(record: &Record) -> u64 {
    let mut bytes = [0; 18];
    bytes[..8].copy_from_slice(&record.seq.to_le_bytes());
    bytes[8..16].copy_from_slice(&record.stamp.to_le_bytes());
    bytes[16..].copy_from_slice(&record.place.to_le_bytes());
    xxh3_64(&bytes)
}

/// A hash of where a picture is and of its file's size and time.
fn stamp(reference: &ImageRef, standing: Standing) -> u64 {
    let mut hash = Xxh3::new();
    // What postcard cannot write, nothing can; then all such pictures would be looked at every time.
    if let Ok(bytes) = postcard::to_allocvec(reference) {
        hash.update(&bytes);
    }
    if let Standing::There { bytes, modified } = standing {
        hash.update(&bytes.to_le_bytes());
        hash.update(&modified.to_le_bytes());
    }
    hash.digest()
}

/// One bit for each of many things.
struct Bits {
    words: Vec<u64>,
    length: usize,
}

impl Bits {
    fn new(length: usize) -> Self {
        Self { words: vec![0; length.div_ceil(64)], length }
    }

    fn insert(&mut self, place: usize) {
        if let Some(word) = self.words.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }

    /// Takes one out; tells whether it was there.
    fn remove(&mut self, place: usize) -> bool {
        let Some(word) = self.words.get_mut(place / 64) else { return false };
        let bit = 1 << (place % 64);
        let was_there = *word & bit != 0;
        *word &= !bit;
        was_there
    }

    fn all(&self) -> bool {
        self.words.iter().map(|word| word.count_ones() as usize).sum::<usize>() == self.length
    }
}
