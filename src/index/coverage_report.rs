//! What the samples of a query cover, against all others, counted over the ordinals of keys.
//!
//! No key is looked at as text until the most frequent ones are named: everything else goes by numbers.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use tantivy::columnar::StrColumn;
use tantivy::{DocId, SegmentReader};

use super::facts::OpenHalf;
use super::figures::FigureColumn;
use super::flag_report::unsettled;
use super::merged::{each_key, key_column};
use super::schema::SEQ;
use super::settled::{Settled, SettledSegment};
use super::{Hits, IndexError, Snapshot};
use crate::measure::{
    Bins, Census, Column, ConceptCount, CoverageReport, CoverageSide, KeyKind, Level, LevelCount,
    LevelReport, Matrix, half_of,
};
use crate::text;

/// Objects and values of the matrix.
const MATRIX: usize = 12;

/// Samples of both halves.
type Halves = [u32; 2];

impl Hits {
    /// What the hits cover, and what all other samples do.
    ///
    /// # Errors
    /// [`IndexError::Query`] where not all samples are indexed yet.
    pub fn coverage(&self) -> Result<CoverageReport, IndexError> {
        let Some(settled) = &self.snapshot.settled else { return Err(unsettled(0..0)) };
        let with_rest = self.total() < self.snapshot.samples();
        let mut sides = [Side::new(settled), Side::new(settled)];
        for (place, half) in self.snapshot.facts.each().enumerate() {
            let hits = self.documents(place)?;
            let [of_hits, of_rest] = &mut sides;
            count_segment(settled, place, half, &hits, of_hits)?;
            if with_rest {
                count_segment(settled, place, half, &others(&half.reader, &hits), of_rest)?;
            }
        }
        let [hits, rest] = sides;
        let hits = hits.finish(settled)?;
        let rest = if with_rest { Some(rest.finish(settled)?) } else { None };
        Ok(CoverageReport { hits, rest })
    }
}

impl Snapshot {
    /// The facts of all samples by name, for tables of them; none where not all samples are indexed yet.
    pub fn census(&self) -> Result<Option<Census>, IndexError> {
        let Some(settled) = &self.settled else { return Ok(None) };
        let mut side = Side::new(settled);
        for (place, half) in self.facts.each().enumerate() {
            let docs: Vec<DocId> = half.reader.doc_ids_alive().collect();
            count_segment(settled, place, half, &docs, &mut side)?;
        }
        let mut counts: Vec<(Box<str>, Halves)> = Vec::with_capacity(side.keys.len());
        let mut numbered = side.keys.iter();
        each_key(&self.halves(true), |key, _| {
            let halves = numbered.next().copied().unwrap_or_default();
            if halves != [0; 2] {
                counts.push((String::from_utf8_lossy(key).into(), halves));
            }
        })?;
        let levels = settled.summary().levels.iter().zip(&side.levels);
        counts.extend(levels.map(|(key, halves)| (key.as_str().into(), *halves)));
        Ok(Some(Census::of_counts(side.samples, counts)))
    }

    /// Mentions of facts by kind, each once a sample, in the order of [`KeyKind::ALL`]; none where not all
    /// samples are indexed yet.
    pub fn mentions(&self) -> Option<Vec<(KeyKind, u64)>> {
        let settled = self.settled.as_ref()?;
        let kinds = KeyKind::ALL.into_iter().zip(&settled.summary().kinds);
        Some(kinds.map(|(kind, numbers)| (kind, numbers.clone().map(|key| settled.df(key)).sum())).collect())
    }
}

/// Documents of a segment that are not among these, which are in ascending order.
fn others(segment: &SegmentReader, hits: &[DocId]) -> Vec<DocId> {
    let mut hits = hits.iter().copied().peekable();
    segment.doc_ids_alive().filter(|doc| hits.next_if_eq(doc).is_none()).collect()
}

/// What is counted of a set of samples.
struct Side {
    samples: [u64; 2],
    /// By the number of the key.
    keys: Vec<Halves>,
    /// By the number of the level's key.
    levels: Vec<Halves>,
    /// By the place of the concept.
    concepts: Vec<u64>,
    density: Bins,
    /// For each level's key and each concept the last sample that had it: a sample counts once.
    seen_levels: Vec<u32>,
    seen_concepts: Vec<u32>,
    /// Samples so far.
    at: u32,
    tree: &'static Tree,
}

impl Side {
    fn new(settled: &Settled) -> Self {
        let summary = settled.summary();
        let tree = Tree::everyday();
        Self {
            samples: [0; 2],
            keys: vec![[0; 2]; summary.keys as usize],
            levels: vec![[0; 2]; summary.levels.len()],
            concepts: vec![0; tree.names.len()],
            density: Bins::new(Column::Rate, settled.spread(Column::Rate), None),
            seen_levels: vec![0; summary.levels.len()],
            seen_concepts: vec![0; tree.names.len()],
            at: 0,
            tree,
        }
    }

    /// Counts a concept with all above it, once for the sample at hand.
    fn see_concept(&mut self, concept: u32) {
        let Some(above) = self.tree.above.get(concept as usize) else { return };
        for concept in above {
            let seen = self.seen_concepts.get_mut(*concept as usize);
            if let Some(seen) = seen.filter(|seen| **seen != self.at) {
                *seen = self.at;
                if let Some(count) = self.concepts.get_mut(*concept as usize) {
                    *count += 1;
                }
            }
        }
    }

    fn see_level(&mut self, level: u32, half: usize) {
        let seen = self.seen_levels.get_mut(level as usize);
        if let Some(seen) = seen.filter(|seen| **seen != self.at) {
            *seen = self.at;
            if let Some(count) = self.levels.get_mut(level as usize).and_then(|halves| halves.get_mut(half)) {
                *count += 1;
            }
        }
    }

    fn finish(self, settled: &Settled) -> Result<CoverageSide, IndexError> {
        let summary = settled.summary();
        let numbers = |kind: KeyKind| {
            KeyKind::ALL.iter().position(|known| *known == kind).and_then(|place| summary.kinds.get(place))
        };
        let halves = |number: u32| self.keys.get(number as usize).copied().unwrap_or_default();
        let sum = |number: u32| halves(number).iter().map(|count| u64::from(*count)).sum::<u64>();
        let mut facets = Vec::with_capacity(KeyKind::ALL.len());
        for kind in KeyKind::ALL {
            facets.push((kind, numbers(kind).into_iter().flat_map(Clone::clone).map(sum).sum()));
        }
        let of_kind = |level: Level, kind: KeyKind| {
            let mut count = LevelCount::new(level, self.samples);
            for number in numbers(kind).into_iter().flat_map(Clone::clone) {
                count.add(number, halves(number).map(u64::from));
            }
            count
        };
        let of_level = |level: Level| {
            let mut count = LevelCount::new(level, self.samples);
            let levels = summary.levels.iter().zip(&self.levels);
            for (key, halves) in levels.filter(|(key, _)| key.starts_with(level.prefix())) {
                count.add(key.as_str(), halves.map(u64::from));
            }
            count
        };
        let mut objects = of_kind(Level::Object, KeyKind::Object);
        let mut values = of_level(Level::Value);
        let matrix = matrix(settled, &objects.top(), &values.top(), sum)?;
        let mut levels = Vec::with_capacity(Level::ALL.len());
        levels.push(named(settled, Level::Object, objects)?);
        levels.push(values.finish(|key| Level::Value.show(key)));
        levels.push(of_level(Level::Predicate).finish(|key| Level::Predicate.show(key)));
        for (level, kind) in [(Level::ObjectValue, KeyKind::Attribute), (Level::Triple, KeyKind::Relation)] {
            levels.push(named(settled, level, of_kind(level, kind))?);
        }
        let concepts = self.tree.names.iter().zip(&self.tree.depths).zip(&self.concepts);
        let concepts = concepts.filter(|(_, samples)| **samples > 0).map(|((name, depth), samples)| {
            ConceptCount { name: name.clone(), depth: *depth, samples: *samples }
        });
        Ok(CoverageSide {
            samples: self.samples.iter().sum(),
            density: self.density.finish(),
            facets,
            levels,
            concepts: concepts.collect(),
            matrix,
        })
    }
}

/// A level whose facts go by number.
fn named(settled: &Settled, level: Level, mut count: LevelCount<u32>) -> Result<LevelReport, IndexError> {
    let mut names: FxHashMap<u32, String> = FxHashMap::default();
    for (number, _) in count.top() {
        names.insert(number, settled.key(number)?.map(|key| level.show(&key)).unwrap_or_default());
    }
    Ok(count.finish(|number| names.get(number).cloned().unwrap_or_default()))
}

fn matrix(
    settled: &Settled,
    objects: &[(u32, u64)],
    values: &[(&str, u64)],
    samples: impl Fn(u32) -> u64,
) -> Result<Matrix, IndexError> {
    let mut matrix = Matrix::default();
    let values: Vec<&str> = values.iter().take(MATRIX).map(|(key, _)| *key).collect();
    matrix.values = values.iter().map(|key| Level::Value.show(key)).collect();
    for (number, _) in objects.iter().take(MATRIX) {
        let Some(key) = settled.key(*number)? else { continue };
        let object = key.strip_prefix(Level::Object.prefix()).unwrap_or(&key);
        let pair = |value: &&str| {
            let value = value.strip_prefix(Level::Value.prefix()).unwrap_or(value);
            settled.number(&format!("{}{object} {value}", Level::ObjectValue.prefix())).map_or(0, &samples)
        };
        matrix.counts.push(values.iter().map(pair).collect());
        matrix.objects.push(Level::Object.show(&key));
    }
    Ok(matrix)
}

/// Counts some documents of a segment.
fn count_segment(
    settled: &Settled,
    place: usize,
    half: &OpenHalf,
    docs: &[DocId],
    side: &mut Side,
) -> Result<(), IndexError> {
    let Some(numbers) = settled.segment(place) else { return Ok(()) };
    let segment = &half.reader;
    let seqs = segment.fast_fields().u64(SEQ)?;
    let mut values = Vec::new();
    FigureColumn::open(Column::Rate, half, None).get_all(docs, &mut values);
    side.density.add_all(&values);
    let keys = key_column(segment)?.map(|column| OrdinalKeys::new(&column, settled, numbers));
    let mut counts = vec![[0_u32; 2]; keys.as_ref().map_or(0, |keys| keys.meanings.len())];
    for doc in docs {
        let half = half_of(seqs.first(*doc).unwrap_or_default());
        side.samples[half] += 1;
        side.at += 1;
        let Some(keys) = &keys else { continue };
        for ordinal in keys.column.term_ords(*doc) {
            if let Some(count) = counts.get_mut(ordinal as usize).and_then(|halves| halves.get_mut(half)) {
                *count += 1;
            }
            match keys.meanings.get(ordinal as usize) {
                Some(Meaning::Level(level)) => side.see_level(*level, half),
                Some(Meaning::Concept(concept)) => side.see_concept(*concept),
                _ => {}
            }
        }
    }
    for (ordinal, counted) in (0..).zip(&counts) {
        let number = numbers.key(ordinal).and_then(|number| side.keys.get_mut(number as usize));
        if let Some(halves) = number {
            for (sum, count) in halves.iter_mut().zip(counted) {
                *sum += count;
            }
        }
    }
    Ok(())
}

/// What a key of a segment counts for beside itself.
#[derive(Clone, Copy)]
enum Meaning {
    Level(u32),
    Concept(u32),
    Nothing,
}

/// The keys of a segment by ordinal.
struct OrdinalKeys {
    column: StrColumn,
    meanings: Vec<Meaning>,
}

impl OrdinalKeys {
    fn new(column: &StrColumn, settled: &Settled, numbers: &SettledSegment) -> Self {
        let meaning = |ordinal: u64| {
            let Some(number) = numbers.key(ordinal) else { return Meaning::Nothing };
            let level = settled.level(number).map(Meaning::Level);
            let concept = || settled.concept(number).map(Meaning::Concept);
            level.or_else(concept).unwrap_or(Meaning::Nothing)
        };
        let meanings = (0..column.num_terms() as u64).map(meaning).collect();
        Self { column: column.clone(), meanings }
    }
}

/// The tree of everyday concepts by place.
pub(super) struct Tree {
    names: Vec<String>,
    depths: Vec<u16>,
    /// The concepts above each, itself among them.
    above: Vec<Vec<u32>>,
    places: FxHashMap<String, u32>,
}

impl Tree {
    /// The tree of this program.
    pub(super) fn everyday() -> &'static Self {
        static TREE: OnceLock<Tree> = OnceLock::new();
        TREE.get_or_init(Self::of_text)
    }

    fn of_text() -> Self {
        let mut tree =
            Self { names: Vec::new(), depths: Vec::new(), above: Vec::new(), places: FxHashMap::default() };
        for concept in text::everyday_concepts() {
            let place = tree.names.len() as u32;
            let parents: Vec<u32> =
                concept.parents().iter().filter_map(|above| tree.places.get(above.name()).copied()).collect();
            let depth = parents.first().and_then(|above| tree.depths.get(*above as usize));
            tree.depths.push(depth.map_or(0, |depth| depth + 1));
            let mut above = vec![place];
            for parent in parents {
                above.extend(tree.above.get(parent as usize).into_iter().flatten());
            }
            above.sort_unstable();
            above.dedup();
            tree.above.push(above);
            tree.names.push(concept.name().to_owned());
            tree.places.entry(concept.name().to_owned()).or_insert(place);
        }
        tree
    }

    /// The place of the deepest concept of which an object is a kind; none where there is none.
    pub(super) fn place_of(&self, object: &str) -> Option<u32> {
        let way = text::path(&object.replace('_', " "));
        way.iter().rev().find_map(|name| self.places.get(name).copied())
    }
}
