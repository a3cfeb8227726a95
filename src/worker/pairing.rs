//! Finds the pairs of a data set, or of the samples of a query.
//!
//! Captions are read once, on all cores, and taken in in the order of the data set, so that the outcome is the same
//! in every run. Then each sample is asked for its partners. What was found is put to the end of a file, piece by
//! piece with a checksum; whoever is stopped goes on behind the last whole piece.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::hash::{Hash, Hasher};
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashSet, FxHasher};
use xxhash_rust::xxh3::xxh3_64;

use super::album::{Album, Viewer, page_of};
use crate::index::Lookalikes;
use crate::measure::{Analyst, Counts};
use crate::model::{Image, Pair, Sample};
use crate::pairs::{
    Collection, Comparer, Found, Kind, LeftOut, Marks, Member, Mine, Miner, Plan, Record, Source, select,
};

/// Samples handed to a thread at once.
const BATCH: usize = 256;
/// Samples whose partners are looked for in one piece.
const PIECE: u32 = 2_048;
/// More threads than this wait for memory.
const MOST_THREADS: usize = 16;
/// Bytes of a pair in the file of pieces.
const ENTRY: usize = 24;
/// First bytes of the file of pieces; raised with every change of what stands in it.
const MAGIC: &[u8; 8] = b"cappair1";

/// How pairs are looked for and chosen.
#[derive(Clone, Debug)]
pub struct Pairing {
    /// How partners of one sample are looked for.
    pub plan: Plan,
    /// Pairs in the outcome at most.
    pub limit: usize,
    /// Pairs in the outcome of which one sample may be a half.
    pub uses: usize,
    /// Threads.
    pub threads: usize,
    /// What passes over the pictures have found out about samples that look the same.
    pub lookalikes: Arc<Lookalikes>,
    /// Samples whose pictures are looked at where no pass has: those of the best pairs.
    pub looks: usize,
}

impl Default for Pairing {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
        Self {
            plan: Plan::default(),
            limit: 100_000,
            uses: 3,
            threads,
            lookalikes: Arc::default(),
            looks: 10_000,
        }
    }
}

/// How far the work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairingStage {
    /// Reading captions; samples so far.
    Reading(u64),
    /// Looking for partners: samples done, of so many.
    Mining(u64, u64),
    /// Looking at the pictures of the best pairs: samples so far.
    Looking(u64),
}

/// Told now and then how far the work is; says whether to go on.
pub type PairingWatch<'a> = &'a (dyn Fn(PairingStage) -> ControlFlow<()> + Sync);

/// The pairs of a data set.
#[derive(Clone, Debug, Default)]
pub struct Paired {
    /// Samples that were looked at.
    pub samples: u64,
    /// What was left out.
    pub left_out: LeftOut,
    /// Pairs found, before any limit.
    pub found: u64,
    /// Pairs in the list that were found and whose pictures nobody has looked at: they may be the same picture.
    pub unseen: u64,
    /// The pairs that the data set supplies, then the best that were found.
    pub list: Vec<Record>,
}

/// What of a sample is needed to pair it.
pub(super) struct Taken {
    seq: u64,
    id: String,
    pub(super) captions: Vec<String>,
    pub(super) keys: Vec<String>,
    marks: Marks,
    pair: Option<Pair>,
    images: usize,
    page: Vec<u8>,
}

/// Takes what is needed of a sample.
pub(super) fn taken_of(sample: &mut Sample, analyst: &mut Analyst) -> Taken {
    let analysis = analyst.analyse(sample);
    let print = |image: &Image| {
        let mut hasher = FxHasher::default();
        image.reference.hash(&mut hasher);
        hasher.finish()
    };
    Taken {
        seq: sample.seq.0,
        id: sample.id.clone(),
        captions: sample.main_captions().map(|caption| caption.text.clone()).collect(),
        marks: Marks {
            pictures: sample.images.iter().map(print).collect(),
            captions: analysis.prints.captions.clone(),
        },
        keys: analysis.keys,
        pair: sample.pair.clone(),
        images: sample.images.len(),
        page: page_of(sample),
    }
}

/// Samples that were read for pairing.
#[derive(Default)]
pub struct Gathered {
    collection: Collection,
    seqs: Vec<u64>,
    ids: Vec<String>,
    /// Halves of supplied pairs by what they have in common.
    halves: BTreeMap<String, Vec<(u32, Option<String>)>>,
    /// Samples of two pictures, with what the data set says of them.
    doubles: Vec<(u32, Option<String>)>,
    album: Album,
    /// A print of all that was taken in.
    print: u64,
}

impl Gathered {
    fn take(&mut self, taken: Taken) {
        let place = self.seqs.len() as u32;
        let mut hasher = FxHasher::default();
        (self.print, &taken.id, &taken.captions, &taken.marks.pictures).hash(&mut hasher);
        self.print = hasher.finish();
        self.collection.add(taken.captions.iter().map(String::as_str), &taken.keys, &taken.marks);
        let label = taken.pair.as_ref().and_then(|pair| pair.label.clone());
        if let Some(key) = taken.pair.and_then(|pair| pair.key) {
            self.halves.entry(key).or_default().push((place, label));
        } else if taken.images == 2 {
            self.doubles.push((place, label));
        }
        self.album.push(&taken.page);
        self.seqs.push(taken.seq);
        self.ids.push(taken.id);
    }

    /// Samples.
    pub fn len(&self) -> usize {
        self.seqs.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.seqs.is_empty()
    }

    /// The partners of the first sample among the others, in whatever they differ. Rarity is that of a larger
    /// collection, where it is known.
    pub(super) fn partners_of_first(self, many: usize, counts: Option<&dyn Counts>) -> Vec<Record> {
        let Self { collection, seqs, ids, .. } = self;
        let plan = Plan { per_sample: many, least_coarse: 0.0, ..Plan::default() };
        let mine = collection.settle_with(counts);
        let found = mine.partners_of_all(0, &plan, &mut Miner::default());
        let mut writer = Writer { mine: &mine, seqs: &seqs, ids: &ids, comparer: Comparer::default() };
        found.iter().map(|pair| writer.record(pair.first, pair.second, Source::Mined, None)).collect()
    }

    /// Only the samples, ready to be asked for partners.
    pub fn settle(self) -> Mine {
        self.collection.settle()
    }
}

/// A reader of samples: calls what it is given with each, until told to stop.
pub type SampleSource<'s, E> = &'s mut dyn FnMut(&mut dyn FnMut(Sample) -> ControlFlow<()>) -> Result<(), E>;

/// Reads samples and takes in what pairing needs, in their order. `None` where `watch` said to stop.
///
/// # Errors
/// What the source fails with.
pub fn gather<E>(
    read: SampleSource<'_, E>,
    pairing: &Pairing,
    watch: PairingWatch<'_>,
) -> Result<Option<Gathered>, E> {
    let threads = pairing.threads.max(1);
    let (work, waiting) = sync_channel::<(u64, Vec<Sample>)>(threads * 4);
    let (done, results) = sync_channel::<(u64, Vec<Taken>)>(threads * 4);
    let waiting = Mutex::new(waiting);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let done = done.clone();
            let waiting = &waiting;
            scope.spawn(move || {
                let mut analyst = Analyst::new();
                while let Some((number, mut batch)) = next_of(waiting) {
                    let taken = batch.iter_mut().map(|sample| taken_of(sample, &mut analyst)).collect();
                    if done.send((number, taken)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(done);
        let collector = scope.spawn(move || collect(&results));
        let (mut number, mut samples, mut is_stopped) = (0, 0, false);
        let mut batch = Vec::with_capacity(BATCH);
        let outcome = read(&mut |sample| {
            batch.push(sample);
            samples += 1;
            if batch.len() < BATCH {
                return ControlFlow::Continue(());
            }
            is_stopped = watch(PairingStage::Reading(samples)).is_break();
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            number += 1;
            if is_stopped || work.send((number - 1, full)).is_err() {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        let _ = work.send((number, batch));
        drop(work);
        let gathered = collector.join().ok();
        outcome?;
        Ok(gathered.filter(|_| !is_stopped))
    })
}

fn next_of<T>(waiting: &Mutex<Receiver<T>>) -> Option<T> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// Takes batches in, in the order of their numbers.
fn collect(results: &Receiver<(u64, Vec<Taken>)>) -> Gathered {
    let mut gathered = Gathered::default();
    let mut early: BTreeMap<u64, Vec<Taken>> = BTreeMap::new();
    let mut next = 0;
    for (number, batch) in results {
        early.insert(number, batch);
        while let Some(batch) = early.remove(&next) {
            for taken in batch {
                gathered.take(taken);
            }
            next += 1;
        }
    }
    gathered
}

/// Looks for the pairs of what was gathered. How rare a fact is, is told by `counts` of a larger collection, else counted
/// among the samples. `None` where `watch` said to stop; with a folder, what was found until
/// then is kept there, and the next call goes on behind it.
///
/// # Errors
/// Where the file of what was found so far cannot be read or written.
pub fn pair(
    gathered: Gathered,
    pairing: &Pairing,
    folder: Option<&Path>,
    counts: Option<&dyn Counts>,
    watch: PairingWatch<'_>,
) -> std::io::Result<Option<Paired>> {
    let Gathered { collection, seqs, ids, halves, doubles, album, print } = gathered;
    let pieces = folder.map(|folder| Pieces::open(folder, print, &pairing.plan)).transpose()?;
    let mine = collection.settle_with(counts);
    let Some((found, mut left_out)) = look_for_all(&mine, pairing, pieces, watch)? else { return Ok(None) };
    let many = found.len() as u64;
    let mut list = Vec::new();
    let mut supplied: FxHashSet<(u32, u32)> = FxHashSet::default();
    let mut writer = Writer { mine: &mine, seqs: &seqs, ids: &ids, comparer: Comparer::default() };
    for members in halves.values() {
        for (one, other) in members.iter().zip(members.iter().skip(1)) {
            supplied.insert((one.0.min(other.0), one.0.max(other.0)));
            let label = one.1.clone().or_else(|| other.1.clone());
            list.push(writer.record(one.0, other.0, Source::Supplied, label));
        }
    }
    for (place, label) in doubles {
        list.push(writer.double(place, label));
    }
    let found = found
        .into_iter()
        .filter(|pair| !supplied.contains(&(pair.first.min(pair.second), pair.first.max(pair.second))));
    let seq = |place: u32| seqs.get(place as usize).copied().unwrap_or_default();
    let are_known_apart = |one: u32, other: u32| pairing.lookalikes.are_known_apart(seq(one), seq(other));
    let told = |looked| watch(PairingStage::Looking(looked));
    let mut viewer = Viewer::new(&album, &are_known_apart, &told, (pairing.threads, pairing.looks));
    let selected = select(found.collect(), pairing.limit, pairing.uses, &mut |pairs| {
        let is_same = viewer.is_same(pairs);
        left_out.pictures += u64::from(is_same);
        !is_same
    });
    let (unseen, is_stopped) = (viewer.unseen, viewer.is_stopped);
    if is_stopped {
        return Ok(None);
    }
    for pair in selected {
        list.push(writer.record(pair.first, pair.second, Source::Mined, None));
    }
    if let Some(folder) = folder {
        Pieces::remove(folder)?;
    }
    Ok(Some(Paired { samples: seqs.len() as u64, left_out, found: many, unseen, list }))
}

/// Writes pairs down.
struct Writer<'m> {
    mine: &'m Mine,
    seqs: &'m [u64],
    ids: &'m [String],
    comparer: Comparer,
}

impl Writer<'_> {
    fn member(&self, place: u32, image: u32) -> Member {
        let at = place as usize;
        Member {
            seq: self.seqs.get(at).copied().unwrap_or_default(),
            id: self.ids.get(at).cloned().unwrap_or_default(),
            image,
        }
    }

    fn record(&mut self, one: u32, other: u32, source: Source, label: Option<String>) -> Record {
        let collection = self.mine.collection();
        let vocabulary = collection.vocabulary();
        let comparison = self.comparer.compare(vocabulary, collection.view(one), collection.view(other));
        Record {
            first: self.member(one, 0),
            second: self.member(other, 0),
            source,
            label,
            ..Record::of(vocabulary, &comparison)
        }
    }

    /// Two pictures of one sample: one caption speaks of both, so nothing can be compared.
    fn double(&self, place: u32, label: Option<String>) -> Record {
        Record {
            first: self.member(place, 0),
            second: self.member(place, 1),
            source: Source::Supplied,
            label,
            ..Record::default()
        }
    }
}

type AllFound = (Vec<Found>, LeftOut);

fn look_for_all(
    mine: &Mine,
    pairing: &Pairing,
    pieces: Option<Pieces>,
    watch: PairingWatch<'_>,
) -> std::io::Result<Option<AllFound>> {
    let samples = mine.collection().len() as u32;
    let many = samples.div_ceil(PIECE);
    let (mut found, known) = pieces.as_ref().map(|pieces| pieces.known.clone()).unwrap_or_default();
    let done = AtomicU32::new(known.len() as u32);
    let (next, is_stopped) = (AtomicU32::new(0), AtomicBool::new(false));
    let shared = Mutex::new((pieces, BTreeMap::<u32, Vec<Found>>::new(), LeftOut::default(), Ok(())));
    std::thread::scope(|scope| {
        for _ in 0..pairing.threads.max(1) {
            scope.spawn(|| {
                let mut miner = Miner::default();
                loop {
                    let piece = next.fetch_add(1, Ordering::Relaxed);
                    if piece >= many || is_stopped.load(Ordering::Relaxed) {
                        break;
                    }
                    if known.contains(&piece) {
                        continue;
                    }
                    let places = piece * PIECE..samples.min((piece + 1) * PIECE);
                    let partners = mine.partners_of(places, &pairing.plan, &mut miner);
                    let at = u64::from(done.fetch_add(1, Ordering::Relaxed) + 1) * u64::from(PIECE);
                    let stage = PairingStage::Mining(at.min(u64::from(samples)), u64::from(samples));
                    if watch(stage).is_break() {
                        is_stopped.store(true, Ordering::Relaxed);
                    }
                    let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
                    let (pieces, all, _, outcome) = &mut *shared;
                    if let Some(pieces) = pieces
                        && outcome.is_ok()
                    {
                        *outcome = pieces.put(piece, &partners);
                    }
                    if outcome.is_err() {
                        is_stopped.store(true, Ordering::Relaxed);
                    }
                    all.insert(piece, partners);
                }
                shared.lock().unwrap_or_else(PoisonError::into_inner).2.add(miner.left_out);
            });
        }
    });
    let (_, all, left_out, outcome) = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
    outcome?;
    if is_stopped.into_inner() {
        return Ok(None);
    }
    found.extend(all.into_values().flatten());
    found.sort_by_key(|pair| pair.first);
    Ok(Some((found, left_out)))
}

type Known = (Vec<Found>, std::collections::BTreeSet<u32>);

/// The file of what was found so far.
///
/// ```text
/// magic     8 bytes
/// print     u64      of the samples and the plan
/// pieces    number u32, pairs u32, checksum u64 of all before and the entries, entries of 24 bytes
/// ```
struct Pieces {
    path: PathBuf,
    file: File,
    known: Known,
}

impl Pieces {
    fn path(folder: &Path) -> PathBuf {
        folder.join("pairs.part")
    }

    /// Opens the file, with what is in it if it is of the same samples and the same plan.
    fn open(folder: &Path, print: u64, plan: &Plan) -> std::io::Result<Self> {
        let path = Self::path(folder);
        let print = xxh3_64(format!("{print} {plan:?}").as_bytes());
        let mut bytes = Vec::new();
        match File::open(&path) {
            Ok(mut file) => {
                file.read_to_end(&mut bytes)?;
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(named(&path, &error)),
        }
        let mut head = MAGIC.to_vec();
        head.extend_from_slice(&print.to_le_bytes());
        let (known, length) =
            if bytes.starts_with(&head) { read_pieces(&bytes, head.len()) } else { (Known::default(), 0) };
        let open = || -> std::io::Result<File> {
            std::fs::create_dir_all(folder)?;
            let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
            // A torn end is cut off, and so is all that belongs to other samples.
            file.set_len(length as u64)?;
            if length == 0 {
                file.write_all(&head)?;
            }
            Ok(file)
        };
        let file = open().map_err(|error| named(&path, &error))?;
        Ok(Self { path, file, known })
    }

    fn put(&mut self, piece: u32, found: &[Found]) -> std::io::Result<()> {
        let mut entries = Vec::with_capacity(found.len() * ENTRY);
        for pair in found {
            let kind = Kind::ALL.iter().position(|kind| *kind == pair.kind).unwrap_or_default() as u32;
            for number in [
                pair.first,
                pair.second,
                pair.score.to_bits(),
                pair.coarse.to_bits(),
                pair.contrast_bits.to_bits(),
                kind,
            ] {
                entries.extend_from_slice(&number.to_le_bytes());
            }
        }
        let mut bytes = piece.to_le_bytes().to_vec();
        bytes.extend_from_slice(&(found.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&checksum(piece, &entries).to_le_bytes());
        bytes.extend_from_slice(&entries);
        self.file.write_all(&bytes).map_err(|error| named(&self.path, &error))
    }

    fn remove(folder: &Path) -> std::io::Result<()> {
        let path = Self::path(folder);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(named(&path, &error)),
            _ => Ok(()),
        }
    }
}

fn named(path: &Path, error: &std::io::Error) -> std::io::Error {
    std::io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

fn checksum(piece: u32, entries: &[u8]) -> u64 {
    xxh3_64(entries) ^ u64::from(piece).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The whole pieces of a file, and where the last of them ends.
fn read_pieces(bytes: &[u8], mut at: usize) -> (Known, usize) {
    let number =
        |at: usize| -> Option<u32> { Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)) };
    let mut known = Known::default();
    loop {
        let piece = || -> Option<(u32, &[u8], usize)> {
            let (piece, many) = (number(at)?, number(at + 4)? as usize);
            let sum = u64::from_le_bytes(bytes.get(at + 8..at + 16)?.try_into().ok()?);
            let end = (at + 16).checked_add(many.checked_mul(ENTRY)?)?;
            let entries = bytes.get(at + 16..end)?;
            (checksum(piece, entries) == sum).then_some((piece, entries, end))
        };
        let Some((piece, entries, end)) = piece() else { return (known, at) };
        known.1.insert(piece);
        for entry in entries.chunks_exact(ENTRY) {
            let mut numbers = entry
                .chunks_exact(4)
                .map(|bytes| bytes.try_into().map(u32::from_le_bytes).unwrap_or_default());
            let mut next = || numbers.next().unwrap_or_default();
            known.0.push(Found {
                first: next(),
                second: next(),
                score: f32::from_bits(next()),
                coarse: f32::from_bits(next()),
                contrast_bits: f32::from_bits(next()),
                kind: Kind::ALL.get(next() as usize).copied().unwrap_or(Kind::ReplaceObject),
            });
        }
        at = end;
    }
}
