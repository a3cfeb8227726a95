//! Reads a data set into its index.
//!
//! What is committed always matches a checkpoint kept inside the commit itself: which files are
//! done, and up to which row the one in work is. A process that is killed loses what came after its
//! last commit and nothing else; the next one goes on from there.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::indexer::NoMergePolicy;
use tantivy::{IndexMeta, IndexWriter, Searcher, Term};

use super::analyse::{self, analyse};
use super::facts::Facts;
use super::home::{BuildLock, Home, remove_folder};
use super::press::Press;
use super::schema::{Slots, tokenizers};
use super::settle::settle;
use super::settled::Settled;
use super::{IndexError, Progress, Stage};
use crate::dataset::{Dataset, Item, Shard, Skipped};
use crate::model::Sample;

/// Bytes of postings that all writing threads together gather before they write a segment. What captions
/// say takes some times as much, so segments must not become too large.
const MEMORY_BUDGET: usize = 64 << 20;
/// The least that one writing thread needs.
const LEAST_BUDGET: usize = 32 << 20;
/// More writing threads than this wait for the one that reads.
const MOST_THREADS: usize = 8;
/// Skipped records that are kept with their reasons; more are counted.
const MOST_SKIPPED: u64 = 10_000;
/// Segments beyond which small ones are merged at the end.
const MOST_SEGMENTS: usize = 64;
/// Segments merged at once.
const MERGE_AT_ONCE: usize = 8;

/// How soon what was read must be searchable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Somebody waits in front of the screen: commit early, then ever more rarely.
    Eager,
    /// Nobody searches yet: commit once a minute, as a checkpoint.
    Steady,
}

impl Pace {
    /// The pause before the commit with this number.
    fn pause(self, commits: u32) -> Duration {
        match self {
            Self::Eager => Duration::from_millis(600 * 3_u64.pow(commits.min(5))).min(Duration::from_mins(1)),
            Self::Steady => Duration::from_mins(1),
        }
    }
}

/// How far an index is to be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Until all samples are there, and their words can be searched.
    Words,
    /// Until it is known what their captions say, too.
    Whole,
}

/// How a build ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Built {
    /// All that was wanted is indexed.
    Complete,
    /// It was told to stop; what was read is kept.
    Stopped,
    /// Another process is building; read what it has.
    Elsewhere,
}

/// What a commit holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Checkpoint {
    /// Whether all files were read.
    pub(super) complete: bool,
    /// How the records were understood; a change of this makes everything new.
    reading: String,
    /// The files that are in the index, wholly or in part.
    files: Vec<FileDone>,
    /// Records left out so far.
    pub(super) skipped: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct FileDone {
    path: PathBuf,
    bytes: u64,
    modified: u64,
    ordinal: u32,
    /// Rows that are done; `None` is all of them.
    rows: Option<u64>,
    skipped: u64,
}

impl FileDone {
    fn new(shard: &Shard) -> Self {
        Self {
            path: shard.path.clone(),
            bytes: shard.bytes,
            modified: shard.modified,
            ordinal: shard.ordinal,
            rows: Some(0),
            skipped: 0,
        }
    }

    fn is_of(&self, shard: &Shard) -> bool {
        self.path == shard.path && self.bytes == shard.bytes && self.modified == shard.modified
    }
}

impl Checkpoint {
    /// The checkpoint in the last commit; none where nothing was committed.
    pub(super) fn of(index: &tantivy::Index) -> Option<Self> {
        Self::in_metas(&index.load_metas().ok()?)
    }

    fn in_metas(metas: &IndexMeta) -> Option<Self> {
        serde_json::from_str(metas.payload.as_ref()?).ok()
    }

    /// Whether it has all samples of a data set, and nothing else.
    pub(super) fn holds(&self, dataset: &Dataset) -> bool {
        let is_done = |shard: &Shard| self.files.iter().any(|file| file.is_of(shard) && file.rows.is_none());
        self.complete
            && self.reading == dataset.reading()
            && self.files.len() == dataset.shards().len()
            && dataset.shards().iter().all(is_done)
    }

    fn skipped_in_files(&self) -> u64 {
        self.files.iter().map(|file| file.skipped).sum()
    }
}

/// Makes the index of `dataset` complete. Reports through `watch`, about ten times a second, and
/// stops where that says so. The ordinals of `dataset` are brought into line with those of the
/// index, so use it, not a copy, to read the index.
///
/// # Errors
/// A full disk, an unreadable cache folder: what was committed before stays searchable.
pub fn build(
    home: &Home,
    dataset: &mut Dataset,
    pace: Pace,
    extent: Extent,
    watch: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Built, IndexError> {
    let Some(lock) = home.lock()? else { return Ok(Built::Elsewhere) };
    if let Some(saved) = home.saved() {
        dataset.keep_ordinals(&saved.dataset);
    }
    let mut builder = Builder::new(home, dataset, pace, watch, &lock)?;
    let built = builder.run()?;
    if built == Built::Complete {
        builder.merge_small_segments()?;
        if extent == Extent::Words {
            return Ok(built);
        }
        let searcher = builder.press.writer().index().reader()?.searcher();
        let Some(facts) = builder.analyse(&searcher)? else { return Ok(Built::Stopped) };
        if builder.settle(&searcher, &facts)?.is_break() {
            return Ok(Built::Stopped);
        }
        builder.progress.stage = Stage::Ready;
        builder.progress.share = Some(1.0);
        builder.progress.left = None;
        builder.publish();
    }
    Ok(built)
}

struct Builder<'a> {
    home: &'a Home,
    dataset: &'a Dataset,
    pace: Pace,
    watch: &'a mut dyn FnMut(&Progress) -> ControlFlow<()>,
    slots: Slots,
    threads: usize,
    press: Press,
    checkpoint: Checkpoint,
    skipped: BufWriter<std::fs::File>,
    progress: Progress,
    meter: Meter,
    commits: u32,
    committed: Instant,
    reported: Instant,
    /// Set where `watch` said so.
    stopping: bool,
    failure: Option<IndexError>,
}

impl<'a> Builder<'a> {
    fn new(
        home: &'a Home,
        dataset: &'a Dataset,
        pace: Pace,
        watch: &'a mut dyn FnMut(&Progress) -> ControlFlow<()>,
        _lock: &BuildLock,
    ) -> Result<Self, IndexError> {
        let reading = dataset.reading();
        let (index, slots) = open_engine(home)?;
        let metas = index.load_metas()?;
        let checkpoint = Checkpoint::in_metas(&metas).filter(|checkpoint| checkpoint.reading == reading);
        let is_new = metas.payload.is_none() && metas.segments.is_empty();
        let (index, slots) = if checkpoint.is_some() || is_new {
            (index, slots)
        } else {
            // Nothing there can be used, not even half of it.
            drop(index);
            home.discard_engine()?;
            open_engine(home)?
        };
        remove_folder(&home.scratch())?;
        home.save(dataset)?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
        let writer: IndexWriter<_> =
            index.writer_with_num_threads(threads, (MEMORY_BUDGET / threads).max(LEAST_BUDGET) * threads)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        if checkpoint.is_none() {
            home.forget_skipped()?;
            home.forget_older()?;
        }
        let checkpoint = checkpoint.unwrap_or_else(|| Checkpoint { reading, ..Checkpoint::default() });
        let samples = index.reader()?.searcher().num_docs();
        let path = home.skipped_path();
        let skipped =
            OpenOptions::new().create(true).append(true).open(&path).map_err(IndexError::file(&path))?;
        let now = Instant::now();
        Ok(Self {
            home,
            dataset,
            pace,
            watch,
            press: Press::new(writer, slots.clone(), threads),
            slots,
            threads,
            progress: Progress {
                stage: Stage::Indexing,
                samples,
                analysed: 0,
                skipped: checkpoint.skipped,
                rate: 0.0,
                share: None,
                left: None,
            },
            checkpoint,
            skipped: BufWriter::new(skipped),
            meter: Meter::new(dataset.shards().iter().map(|shard| shard.bytes).sum(), now),
            commits: 0,
            committed: now,
            reported: now,
            stopping: false,
            failure: None,
        })
    }

    fn run(&mut self) -> Result<Built, IndexError> {
        if self.checkpoint.holds(self.dataset) {
            return Ok(Built::Complete);
        }
        if self.dataset.is_joined() {
            self.read_joined()?;
        } else {
            self.read_files()?;
        }
        if self.stopping {
            self.commit(false)?;
            return Ok(Built::Stopped);
        }
        self.commit(true)?;
        Ok(Built::Complete)
    }

    /// Samples are spread over rows and files: all is read anew.
    fn read_joined(&mut self) -> Result<(), IndexError> {
        self.press.writer().delete_all_documents()?;
        self.checkpoint.files = self.dataset.shards().iter().map(FileDone::new).collect();
        self.checkpoint.complete = false;
        self.checkpoint.skipped = 0;
        self.progress.skipped = 0;
        self.progress.samples = 0;
        self.forget_skipped(|_| true)?;
        self.progress.stage = Stage::Joining;
        let scratch = self.home.scratch();
        std::fs::create_dir_all(&scratch).map_err(IndexError::file(&scratch))?;
        let dataset = self.dataset;
        let outcome = dataset.read_joined(&scratch, &mut |item| {
            if matches!(item, Item::Sample(_)) && self.progress.stage == Stage::Joining {
                self.progress.stage = Stage::Indexing;
                self.meter.restart();
            }
            self.take(item, None)
        });
        remove_folder(&scratch)?;
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let _ = outcome.map_err(IndexError::file(&scratch))?;
        if !self.stopping {
            for file in &mut self.checkpoint.files {
                file.rows = None;
            }
        }
        Ok(())
    }

    /// Every file has its own samples: only new and changed ones are read.
    fn read_files(&mut self) -> Result<(), IndexError> {
        self.checkpoint.complete = false;
        let dataset = self.dataset;
        let mut kept = Vec::new();
        for file in std::mem::take(&mut self.checkpoint.files) {
            if dataset.shards().iter().any(|shard| file.is_of(shard) && file.ordinal == shard.ordinal) {
                kept.push(file);
            } else {
                let ordinal = Term::from_field_u64(self.slots.ordinal, u64::from(file.ordinal));
                self.press.writer().delete_term(ordinal);
                let gone = file.path.display().to_string();
                self.forget_skipped(|skipped| skipped.file == gone)?;
            }
        }
        self.checkpoint.files = kept;
        self.checkpoint.skipped = self.checkpoint.skipped_in_files();
        self.progress.skipped = self.checkpoint.skipped;
        for (number, shard) in dataset.shards().iter().enumerate() {
            let place =
                self.checkpoint.files.iter().position(|file| file.is_of(shard)).unwrap_or_else(|| {
                    self.checkpoint.files.push(FileDone::new(shard));
                    self.checkpoint.files.len() - 1
                });
            let Some(from) = self.checkpoint.files[place].rows else {
                self.meter.skip(shard.bytes);
                continue;
            };
            let _ = dataset.read(number, from, &mut |item| self.take(item, Some(place)));
            if let Some(failure) = self.failure.take() {
                return Err(failure);
            }
            if self.stopping {
                return Ok(());
            }
            self.checkpoint.files[place].rows = None;
            self.meter.file_done(shard.bytes);
        }
        Ok(())
    }

    /// Takes what the reader found; `place` is the file it reads, where it is one.
    fn take(&mut self, item: Item, place: Option<usize>) -> ControlFlow<()> {
        let taken = match item {
            Item::Sample(sample) => self.add(sample),
            Item::Skipped(skipped) => self.note_skipped(&skipped, place),
            Item::Passed(bytes) => {
                self.meter.passed(bytes);
                Ok(())
            }
            Item::Row(row) => {
                if let Some(place) = place {
                    self.checkpoint.files[place].rows = Some(row);
                }
                self.commit_if_due()
            }
        };
        if let Err(failure) = taken {
            self.failure = Some(failure);
            return ControlFlow::Break(());
        }
        self.report();
        if self.stopping { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn add(&mut self, sample: Box<Sample>) -> Result<(), IndexError> {
        let handed_over = self.press.add(sample)?;
        self.meter.samples += 1;
        // A joined data set has no rows to commit at, and no need of them.
        if handed_over && self.dataset.is_joined() {
            self.commit_if_due()?;
        }
        Ok(())
    }

    fn note_skipped(&mut self, skipped: &Skipped, place: Option<usize>) -> Result<(), IndexError> {
        self.checkpoint.skipped += 1;
        if let Some(place) = place {
            self.checkpoint.files[place].skipped += 1;
        }
        self.progress.skipped = self.checkpoint.skipped;
        if self.checkpoint.skipped <= MOST_SKIPPED {
            let mut write = || -> std::io::Result<()> {
                serde_json::to_writer(&mut self.skipped, skipped)?;
                self.skipped.write_all(b"\n")
            };
            write().map_err(IndexError::file(&self.home.skipped_path()))?;
        }
        Ok(())
    }

    /// Takes records out of the list of skipped ones, as their file is gone or read again.
    fn forget_skipped(&mut self, gone: impl Fn(&Skipped) -> bool) -> Result<(), IndexError> {
        let path = self.home.skipped_path();
        self.skipped.flush().map_err(IndexError::file(&path))?;
        let mut kept = Vec::new();
        for skipped in self.home.skipped().iter().filter(|skipped| !gone(skipped)) {
            serde_json::to_writer(&mut kept, skipped)
                .map_err(|error| IndexError::File { path: path.clone(), source: error.into() })?;
            kept.push(b'\n');
        }
        std::fs::write(&path, kept).map_err(IndexError::file(&path))
    }

    fn commit_if_due(&mut self) -> Result<(), IndexError> {
        if self.committed.elapsed() < self.pace.pause(self.commits) {
            return Ok(());
        }
        self.commit(false)
    }

    fn commit(&mut self, complete: bool) -> Result<(), IndexError> {
        self.skipped.flush().map_err(IndexError::file(&self.home.skipped_path()))?;
        self.checkpoint.complete = complete;
        let payload =
            serde_json::to_string(&self.checkpoint).map_err(|error| IndexError::Sample(error.to_string()))?;
        self.press.commit(&payload)?;
        let segments = self.press.writer().index().searchable_segment_metas()?;
        self.progress.samples = segments.iter().map(|segment| u64::from(segment.num_docs())).sum();
        self.commits += 1;
        self.committed = Instant::now();
        self.publish();
        Ok(())
    }

    /// Small segments are many where commits came early; each costs a little at every search.
    fn merge_small_segments(&mut self) -> Result<(), IndexError> {
        let writer = self.press.writer();
        loop {
            let mut segments = writer.index().searchable_segment_metas()?;
            if segments.len() <= MOST_SEGMENTS {
                return Ok(());
            }
            segments.sort_by_key(tantivy::SegmentMeta::num_docs);
            let small: Vec<_> = segments.iter().take(MERGE_AT_ONCE).map(tantivy::SegmentMeta::id).collect();
            writer.merge(&small).wait()?;
        }
    }

    /// Finds what captions say, where that is not done for segments of this state of the index. None where it was
    /// told to stop.
    fn analyse(&mut self, searcher: &Searcher) -> Result<Option<Facts>, IndexError> {
        let (folder, slots, threads) = (self.home.facts(), self.slots.clone(), self.threads);
        let began = Instant::now();
        let mut before = None;
        let mut meter = Meter::new(searcher.num_docs(), began);
        let known = Facts::open(&folder, searcher, None);
        let outcome =
            analyse(searcher, &known, &folder, &slots, threads, analyse::MEMORY, &mut |analysed| {
                self.progress.stage = Stage::Analysing;
                // What was analysed by an earlier process costs no time.
                meter.free = *before.get_or_insert(analysed.samples);
                meter.samples = analysed.samples - meter.free;
                meter.passed(analysed.samples);
                (self.progress.rate, self.progress.share, self.progress.left) = meter.read(Instant::now());
                self.progress.analysed = analysed.searchable;
                self.publish();
                if self.stopping { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
        self.progress.analysed = self.progress.samples;
        Ok(outcome.is_continue().then(|| Facts::open(&folder, searcher, Some(&known))))
    }

    /// Works out what needs all samples, where that is not done for this state of the index.
    fn settle(&mut self, searcher: &Searcher, facts: &Facts) -> Result<ControlFlow<()>, IndexError> {
        let folder = self.home.settled();
        if Settled::open(&folder, searcher, facts)?.is_some() {
            return Ok(ControlFlow::Continue(()));
        }
        let Some(halves) = facts.all() else {
            return Err(IndexError::Sample("what captions say was written and is not there".into()));
        };
        self.progress.stage = Stage::Settling;
        self.progress.left = None;
        settle(searcher, &halves, &folder, self.threads, &mut |share| {
            self.progress.share = Some(share);
            self.publish();
            if self.stopping { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    }

    /// Tells how far we are, at most ten times a second.
    fn report(&mut self) {
        if self.reported.elapsed() < Duration::from_millis(100) {
            return;
        }
        self.publish();
    }

    fn publish(&mut self) {
        let now = Instant::now();
        self.reported = now;
        if matches!(self.progress.stage, Stage::Joining | Stage::Indexing) {
            (self.progress.rate, self.progress.share, self.progress.left) = self.meter.read(now);
        }
        // Those who follow can do without; they see the index itself.
        let _ = self.home.write("progress.json", &self.progress);
        if (self.watch)(&self.progress).is_break() {
            self.stopping = true;
        }
    }
}

/// Opens the engine's folder, or makes it. One that cannot be opened (another schema, a damaged
/// file) is made anew: an index is only ever a copy.
fn open_engine(home: &Home) -> Result<(tantivy::Index, Slots), IndexError> {
    let slots = Slots::new();
    let folder = home.engine();
    let open = || -> Result<tantivy::Index, IndexError> {
        std::fs::create_dir_all(&folder).map_err(IndexError::file(&folder))?;
        let directory = MmapDirectory::open(&folder).map_err(tantivy::TantivyError::from)?;
        let mut index = tantivy::Index::builder()
            .schema(slots.schema.clone())
            .tokenizers(tokenizers())
            .open_or_create(directory)?;
        // The builder gives these to a new index only.
        index.set_fast_field_tokenizers(tokenizers());
        // Opens every segment, and so finds what is missing.
        index.reader()?;
        Ok(index)
    };
    match open() {
        Ok(index) => Ok((index, slots)),
        Err(IndexError::Engine(_)) => {
            home.discard_engine()?;
            Ok((open()?, slots))
        }
        Err(other) => Err(other),
    }
}

/// Measures speed and what is left.
struct Meter {
    total: u64,
    /// Bytes of files that are done, this time or earlier.
    done: u64,
    /// Of `done`, bytes that cost no time.
    free: u64,
    passed: u64,
    samples: u64,
    began: Instant,
    window: std::collections::VecDeque<(Instant, u64)>,
    /// Bytes tell nothing of the second half of a join.
    by_bytes: bool,
}

impl Meter {
    fn new(total: u64, now: Instant) -> Self {
        Self {
            total,
            done: 0,
            free: 0,
            passed: 0,
            samples: 0,
            began: now,
            window: std::collections::VecDeque::new(),
            by_bytes: true,
        }
    }

    fn restart(&mut self) {
        self.by_bytes = false;
        self.began = Instant::now();
    }

    fn skip(&mut self, bytes: u64) {
        self.done += bytes;
        self.free += bytes;
    }

    fn file_done(&mut self, bytes: u64) {
        self.done += bytes;
        self.passed = 0;
    }

    fn passed(&mut self, bytes: u64) {
        self.passed = bytes;
    }

    /// Samples a second over the last five seconds, done share, time left.
    fn read(&mut self, now: Instant) -> (f64, Option<f64>, Option<Duration>) {
        self.window.push_back((now, self.samples));
        while self.window.len() > 2
            && self.window.front().is_some_and(|(then, _)| now - *then > Duration::from_secs(5))
        {
            self.window.pop_front();
        }
        let (then, before) =
            self.window.front().copied().filter(|_| self.window.len() > 1).unwrap_or((self.began, 0));
        let seconds = (now - then).as_secs_f64();
        let rate = if seconds > 0.0 { (self.samples - before) as f64 / seconds } else { 0.0 };
        if !self.by_bytes || self.total == 0 {
            return (rate, None, None);
        }
        let read = (self.done + self.passed).min(self.total);
        let share = read as f64 / self.total as f64;
        let worked = read.saturating_sub(self.free);
        let elapsed = now - self.began;
        let left = (worked > 0 && elapsed > Duration::from_millis(500))
            .then(|| elapsed.mul_f64((self.total - read) as f64 / worked as f64));
        (rate, Some(share), left)
    }
}
