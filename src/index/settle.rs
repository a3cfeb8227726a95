//! The pass over a complete index that works out what needs all samples: how rare the facts of each are,
//! and who has the same captions.
//!
//! Nothing is parsed again: indexing left the keys and prints of every sample as columns. What is held in
//! memory is four bytes for each different key of a segment and of the index, twelve for each sample, and
//! a bounded part of the prints at a time. Files are written into a folder beside, which gets its name
//! when all of it is there; so whoever is killed leaves nothing that could be taken for whole.

use std::ops::{ControlFlow, Range};
use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::columnar::{Column as EngineColumn, StrColumn};
use tantivy::{DocId, Searcher, SegmentReader};

use super::IndexError;
use super::coverage_report::Tree;
use super::facts::OpenHalf;
use super::figures::SegmentFigures;
use super::home::remove_folder;
use super::merged::{Echoes, each_key, key_column, ordinals_of};
use super::schema::{PRINT, PrintKind, SEQ};
use super::settled::{
    DF, LEVELS, NO_CONCEPT, NO_LEVEL, SUMMARY, SettledSegment, Summary, figures_file, keys_file, state_of,
};
use super::side_by_side::side_by_side;
use super::sidefile::{SideFolder, SideWriter};
use crate::measure::{Column, Columns, Draw, KeyKind, Rarity, Spread, bits_of, level_key};

/// Prints that are sorted at once by all threads: 8 bytes each.
const PRINTS_AT_ONCE: u64 = 1 << 24;
/// Values of a column that are read at once.
const BATCH: usize = 4_096;
/// Segments that a thread does between two looks whether to go on.
const AT_ONCE: usize = 2;
/// Parts of the range of prints at most.
const MOST_PARTS: u64 = 4_096;

/// Told now and then how much is done, 0 to 1; says whether to go on.
pub(super) type Watch<'a> = &'a mut dyn FnMut(f64) -> ControlFlow<()>;

/// Works out what is settled for this state of the index, and writes it into `folder`. `halves` are the second
/// halves of all its segments. Breaks off where
/// `watch` says so.
pub(super) fn settle(
    searcher: &Searcher,
    halves: &[&Arc<OpenHalf>],
    folder: &Path,
    threads: usize,
    watch: Watch<'_>,
) -> Result<ControlFlow<()>, IndexError> {
    let state = state_of(searcher);
    let beside = folder.join(format!("{state}.new"));
    remove_folder(&beside)?;
    std::fs::create_dir_all(&beside).map_err(IndexError::file(&beside))?;
    if write(halves, &beside, threads, watch)?.is_break() {
        remove_folder(&beside)?;
        return Ok(ControlFlow::Break(()));
    }
    let path = folder.join(&state);
    remove_folder(&path)?;
    std::fs::rename(&beside, &path).map_err(IndexError::file(&path))?;
    forget_others(folder, &state)?;
    Ok(ControlFlow::Continue(()))
}

/// Removes what was settled for other states. Who still reads it keeps what is mapped.
fn forget_others(folder: &Path, state: &str) -> Result<(), IndexError> {
    let entries = std::fs::read_dir(folder).map_err(IndexError::file(folder))?;
    for entry in entries.flatten() {
        if entry.file_name() != *state {
            remove_folder(&entry.path())?;
        }
    }
    Ok(())
}

fn write(
    halves: &[&Arc<OpenHalf>],
    folder: &Path,
    threads: usize,
    watch: Watch<'_>,
) -> Result<ControlFlow<()>, IndexError> {
    if watch(0.0).is_break() {
        return Ok(ControlFlow::Break(()));
    }
    let segments = side_by_side(halves.iter(), threads, |half| Keys::of(&half.reader))?;
    // The keys of all segments are gone through in order, by one thread; the others have the prints to count.
    let (counted, prints) = std::thread::scope(|scope| {
        let counted = std::thread::Builder::new().name("settle".into()).spawn_scoped(scope, || {
            let counted = Counted::of(halves, &segments)?;
            counted.write(halves, folder)?;
            Ok::<_, IndexError>(counted)
        });
        let counted = counted.map_err(|error| IndexError::Thread(error.to_string()))?;
        let prints = count_prints(halves, threads, watch);
        let counted = counted
            .join()
            .unwrap_or_else(|_| Err(IndexError::Thread("a thread that counts keys has failed".into())));
        Ok::<_, IndexError>((counted?, prints?))
    })?;
    let Some(prints) = prints else { return Ok(ControlFlow::Break(())) };
    let samples = halves.iter().map(|half| u64::from(half.reader.num_docs())).sum();
    let all: Vec<(usize, &OpenHalf)> = halves.iter().map(|half| &***half).enumerate().collect();
    let pass = |(place, half): (usize, &OpenHalf)| {
        let numbers = counted.numbers.get(place).map(Vec::as_slice).unwrap_or_default();
        let df = |number: &u32| counted.df.get(*number as usize).copied().unwrap_or_default();
        let bits: Vec<f64> = numbers.iter().map(|number| bits_of(df(number).into(), samples)).collect();
        let file = folder.join(figures_file(half.reader.segment_id()));
        let keys = segments.get(place).and_then(|keys| keys.column.as_ref());
        let prints = prints.get(place).map(Vec::as_slice).unwrap_or_default();
        SegmentPass { half, keys, bits: &bits, prints, samples }.write(file, place)
    };
    let mut draw = Draw::default();
    for (done, some) in all.chunks(threads.max(1) * AT_ONCE).enumerate() {
        let done = (done * threads.max(1) * AT_ONCE) as f64 / all.len() as f64;
        if watch(0.7 + 0.3 * done).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        for drawn in side_by_side(some.iter().copied(), threads, pass)? {
            draw.merge(drawn);
        }
    }
    let drawn = drawn_columns(halves, folder, draw.finish())?;
    let summary = Summary {
        samples,
        spreads: Spread::of_columns(&drawn),
        kinds: counted.kinds,
        keys: counted.df.len() as u32,
        levels: counted.levels,
        concepts: counted.concepts,
    };
    let bytes = postcard::to_stdvec(&summary).map_err(|error| IndexError::Sample(error.to_string()))?;
    let mut writer = SideWriter::new(folder.join(SUMMARY))?;
    writer.put(&bytes)?;
    writer.finish()?;
    Ok(ControlFlow::Continue(()))
}

/// The keys of one segment.
struct Keys {
    column: Option<StrColumn>,
    /// For each ordinal the samples of this segment that have it.
    df: Vec<u32>,
}

impl Keys {
    fn of(segment: &SegmentReader) -> Result<Self, IndexError> {
        let column = key_column(segment)?;
        let mut df = vec![0_u32; column.as_ref().map_or(0, |column| column.num_terms())];
        if let Some(column) = &column {
            for doc in segment.doc_ids_alive() {
                for ordinal in column.term_ords(doc) {
                    if let Some(count) = df.get_mut(ordinal as usize) {
                        *count += 1;
                    }
                }
            }
        }
        Ok(Self { column, df })
    }
}

/// The keys of all segments, counted.
struct Counted {
    /// For each segment and ordinal, the number of the key in the index.
    numbers: Vec<Vec<u32>>,
    /// For each number the samples that have it.
    df: Vec<u32>,
    /// For each number that of its level's key.
    level_of: Vec<u32>,
    levels: Vec<String>,
    kinds: Vec<Range<u32>>,
    /// For each object the place of its concept.
    concepts: Vec<u32>,
}

impl Counted {
    fn of(halves: &[&Arc<OpenHalf>], segments: &[Keys]) -> Result<Self, IndexError> {
        let mut counted = Self {
            numbers: segments.iter().map(|keys| vec![0; keys.df.len()]).collect(),
            df: Vec::new(),
            level_of: Vec::new(),
            levels: Vec::new(),
            kinds: vec![0..0; KeyKind::ALL.len()],
            concepts: Vec::new(),
        };
        let readers: Vec<&SegmentReader> = halves.iter().map(|half| &half.reader).collect();
        let tree = Tree::everyday();
        let mut known: FxHashMap<String, u32> = FxHashMap::default();
        each_key(&readers, |key, places| {
            let number = counted.df.len() as u32;
            let mut df = 0;
            for (segment, ordinal) in places {
                df += segments.get(*segment).and_then(|keys| keys.df.get(*ordinal as usize)).unwrap_or(&0);
                let numbers = counted.numbers.get_mut(*segment);
                if let Some(place) = numbers.and_then(|numbers| numbers.get_mut(*ordinal as usize)) {
                    *place = number;
                }
            }
            counted.df.push(df);
            let key = std::str::from_utf8(key).unwrap_or_default();
            let level = level_key(key).map(|level| {
                *known.entry(level).or_insert_with_key(|level| {
                    counted.levels.push(level.clone());
                    counted.levels.len() as u32 - 1
                })
            });
            counted.level_of.push(level.unwrap_or(NO_LEVEL));
            let (name, words) = key.split_once(' ').unwrap_or_default();
            if name == KeyKind::Object.name() {
                counted.concepts.push(tree.place_of(words).unwrap_or(NO_CONCEPT));
            }
            let kind = KeyKind::ALL.iter().position(|kind| kind.name() == name);
            if let Some(range) = kind.and_then(|kind| counted.kinds.get_mut(kind)) {
                *range = if range.start == range.end { number..number + 1 } else { range.start..number + 1 };
            }
        })?;
        Ok(counted)
    }

    fn write(&self, halves: &[&Arc<OpenHalf>], folder: &Path) -> Result<(), IndexError> {
        let of_segments = halves.iter().map(|half| &half.reader).zip(&self.numbers);
        let of_segments = of_segments.map(|(segment, numbers)| (keys_file(segment.segment_id()), numbers));
        let whole = [(DF.to_owned(), &self.df), (LEVELS.to_owned(), &self.level_of)];
        for (name, numbers) in of_segments.chain(whole) {
            let mut writer = SideWriter::new(folder.join(name))?;
            writer.put_all(numbers)?;
            writer.finish()?;
        }
        Ok(())
    }
}

/// For a sample, and each kind of print, the samples that share its most common one.
type Shared = [u32; PrintKind::ALL.len()];

/// Counts the prints, some parts of their range at once. None where it was told to stop.
fn count_prints(
    halves: &[&Arc<OpenHalf>],
    threads: usize,
    watch: Watch<'_>,
) -> Result<Option<Vec<Vec<Shared>>>, IndexError> {
    let mut columns = Vec::new();
    for segment in halves.iter().map(|half| &half.reader) {
        columns.push((segment, segment.fast_fields().u64(PRINT)?));
    }
    let all: u64 = columns.iter().map(|(_, column)| u64::from(column.values.num_vals())).sum();
    let largest = columns.iter().map(|(_, column)| column.max_value()).max().unwrap_or_default();
    let threads = threads.max(1) as u64;
    // As many parts as threads are held at once.
    let parts = (all.div_ceil(PRINTS_AT_ONCE).max(1) * threads).min(MOST_PARTS);
    let width = (largest / parts).saturating_add(1);
    let mut shared: Vec<Vec<Shared>> =
        columns.iter().map(|(segment, _)| vec![[0; 3]; segment.max_doc() as usize]).collect();
    let range = |from: u64, to: u64| from * width..to.saturating_mul(width);
    for first in (0..parts).step_by(threads as usize) {
        if watch(0.2 + 0.5 * first as f64 / parts as f64).is_break() {
            return Ok(None);
        }
        let end = (first + threads).min(parts);
        let counts = side_by_side(first..end, threads as usize, |part| {
            Ok(repeated(&columns, &range(part, part + 1)))
        })?;
        let counts: FxHashMap<u64, u32> = counts.into_iter().flatten().collect();
        side_by_side(columns.iter().zip(&mut shared), threads as usize, |((segment, column), shared)| {
            share_out(segment, column, &range(first, end), &counts, shared);
            Ok(())
        })?;
    }
    Ok(Some(shared))
}

/// The prints in a range that more than one sample has, with how many have them. Most prints are of one
/// sample only, so this is small.
fn repeated(columns: &[(&SegmentReader, EngineColumn<u64>)], range: &Range<u64>) -> FxHashMap<u64, u32> {
    let mut found = Vec::new();
    for (segment, column) in columns {
        if segment.has_deletes() {
            let docs = segment.doc_ids_alive();
            found.extend(
                docs.flat_map(|doc| column.values_for_doc(doc)).filter(|print| range.contains(print)),
            );
        } else {
            each_value(column, &mut |values| {
                found.extend(values.iter().copied().filter(|print| range.contains(print)));
            });
        }
    }
    found.sort_unstable();
    let groups = found.chunk_by(|one, other| one == other).filter(|group| group.len() > 1);
    groups.filter_map(|group| Some((*group.first()?, group.len() as u32))).collect()
}

/// All values of a column in batches, which spares a call for each.
fn each_value(column: &EngineColumn<u64>, take: &mut dyn FnMut(&[u64])) {
    let all = u64::from(column.values.num_vals());
    let mut batch = vec![0; BATCH];
    for start in (0..all).step_by(BATCH) {
        let length = (all - start).min(BATCH as u64) as usize;
        if let Some(batch) = batch.get_mut(..length) {
            column.values.get_range(start, batch);
            take(batch);
        }
    }
}

fn share_out(
    segment: &SegmentReader,
    column: &EngineColumn<u64>,
    range: &Range<u64>,
    counts: &FxHashMap<u64, u32>,
    shared: &mut [Shared],
) {
    for doc in segment.doc_ids_alive() {
        let Some(most) = shared.get_mut(doc as usize) else { continue };
        for print in column.values_for_doc(doc).filter(|print| range.contains(print)) {
            let count = counts.get(&print).copied().unwrap_or(1);
            if let Some(most) = most.get_mut(PrintKind::place_of(print)) {
                *most = (*most).max(count);
            }
        }
    }
}

/// A drawn sample: the place of its segment, and its document.
type Drawn = (usize, DocId);

/// One segment, with all that its figures follow from.
struct SegmentPass<'a> {
    half: &'a OpenHalf,
    /// None where no sample has any.
    keys: Option<&'a StrColumn>,
    /// For each ordinal the bits of its key.
    bits: &'a [f64],
    prints: &'a [Shared],
    samples: u64,
}

impl SegmentPass<'_> {
    /// Writes the figures of all documents, column by column, and draws some.
    fn write(&self, file: std::path::PathBuf, place: usize) -> Result<Draw<Drawn>, IndexError> {
        let (columns, draw) = self.columns(place)?;
        let mut writer = SideWriter::new(file)?;
        let mut bytes = Vec::with_capacity(BATCH * size_of::<f64>());
        for batch in columns.iter().flat_map(|column| column.chunks(BATCH)) {
            bytes.clear();
            bytes.extend(batch.iter().flat_map(|value| value.to_le_bytes()));
            writer.put(&bytes)?;
        }
        writer.finish()?;
        Ok(draw)
    }

    fn columns(&self, place: usize) -> Result<(Vec<Vec<f64>>, Draw<Drawn>), IndexError> {
        let mut draw = Draw::default();
        let segment = &self.half.reader;
        let documents = segment.max_doc() as usize;
        let mut columns = vec![vec![f64::NAN; documents]; Column::settled().count()];
        let words = self.half.figures.column(Column::Words);
        let seqs = segment.fast_fields().u64(SEQ)?;
        let (echoes, objects) = match self.keys {
            Some(column) => (Echoes::of(column)?, ordinals_of(column, KeyKind::Object)?),
            None => (Echoes::default(), 0..0),
        };
        let mut ordinals = Vec::new();
        let mut figures = Columns::default();
        for doc in segment.doc_ids_alive() {
            ordinals.clear();
            if let Some(column) = self.keys {
                ordinals.extend(column.term_ords(doc));
            }
            let rarity = self.rarity(doc, &mut ordinals, &echoes, &objects);
            figures.set(Column::Words, words.get(doc));
            figures.settle_by(&rarity, self.samples);
            for (column, values) in Column::settled().zip(&mut columns) {
                if let Some(value) = values.get_mut(doc as usize) {
                    *value = figures.get(column).unwrap_or(f64::NAN);
                }
            }
            draw.push(seqs.first(doc).unwrap_or_default(), || (place, doc));
        }
        Ok((columns, draw))
    }

    fn rarity(&self, doc: DocId, ordinals: &mut [u64], echoes: &Echoes, objects: &Range<u64>) -> Rarity {
        // Sums of bits are taken in the order of the keys, which is that of their ordinals.
        ordinals.sort_unstable();
        let mut rarity = Rarity::default();
        for ordinal in ordinals.iter().filter(|ordinal| !echoes.is_echo(**ordinal, ordinals)) {
            let bits = self.bits.get(*ordinal as usize).copied().unwrap_or_default();
            rarity.add_fact(bits, objects.contains(ordinal));
        }
        let [captions, openings, bands] = self.prints.get(doc as usize).copied().unwrap_or_default();
        Rarity { captions: captions.into(), openings: openings.into(), bands: bands.into(), ..rarity }
    }
}

/// All figures of the samples that were drawn; those that need the data set from the files just written.
fn drawn_columns(
    halves: &[&Arc<OpenHalf>],
    folder: &Path,
    drawn: Vec<Drawn>,
) -> Result<Vec<Columns>, IndexError> {
    let files = SideFolder::open(folder);
    let mut open = Vec::new();
    for half in halves {
        let settled = files.as_ref().and_then(|files| SettledSegment::read(files, &half.reader));
        open.push(SegmentFigures::open(half, settled.map(Arc::new).as_ref())?);
    }
    let each = drawn.into_iter().filter_map(|(place, doc)| Some(open.get(place)?.of(doc)));
    Ok(each.collect())
}
