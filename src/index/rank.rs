//! The best hits of a query, in an order that is the same however the index was built.
//!
//! tantivy breaks ties by document address, which depends on how many threads wrote the index and
//! in which order its segments were merged. We break them by [`Seq`], the sample's place in the
//! data set, so that the screen, the command line and tomorrow's rebuilt index agree.

use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::Weight;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::facts::Facts;
use super::ids::{IdOrder, IdOrders};
use super::packed::PackedColumn;
use super::settled::{Settled, SettledColumn};
use crate::measure::Column as Figure;
use crate::model::Seq;

/// What hits are ordered by, before the data set's order breaks ties.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Ranking {
    /// BM25, best first.
    Relevance,
    /// The data set's order.
    Dataset,
    /// A shuffle fixed by this seed.
    Random(u64),
    /// A column of whole numbers; of what captions say, where `of_facts`.
    Whole { column: &'static str, of_facts: bool, descending: bool },
    /// A column of numbers of the data's own; samples without one come last.
    Number { column: String, descending: bool },
    /// A column of figures that a sample has by itself; unknown ones come last.
    Figure { column: Figure, descending: bool },
    /// A column of figures that need the whole data set; unknown ones come last.
    Settled { column: Figure, descending: bool },
    /// The ids, in byte order.
    Id { descending: bool },
}

/// A hit with what orders it: smaller comes first.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ranked {
    key: Key,
    seq: Seq,
    /// Where its document is.
    pub(super) address: DocAddress,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Bits(u64),
    Text(Vec<u8>),
    /// Descending text: compared the other way round.
    TextDown(std::cmp::Reverse<Vec<u8>>),
    Last,
}

/// Collects the first `limit` hits in the order of `ranking`; from the end of that order, and so in
/// reverse, where `backwards`.
pub(super) struct Best {
    pub(super) ranking: Ranking,
    pub(super) limit: usize,
    pub(super) backwards: bool,
    /// The orders of ids that are known.
    pub(super) ids: Arc<IdOrders>,
    /// What captions say, as far as it is known.
    pub(super) facts: Arc<Facts>,
    /// What needs the whole data set, where it is known.
    pub(super) settled: Option<Arc<Settled>>,
}

/// Keeps the `limit` smallest of what is pushed. Keeps up to twice as many and halves them by
/// selection, which costs O(1) a push on average.
struct Smallest {
    limit: usize,
    held: Vec<(u64, u64, DocId)>,
    worst: Option<(u64, u64)>,
}

impl Smallest {
    fn new(limit: usize) -> Self {
        Self { limit: limit.max(1), held: Vec::new(), worst: None }
    }

    /// `seq` is asked for only where the key alone does not decide.
    fn push(&mut self, key: u64, doc: DocId, seq: impl FnOnce() -> u64) {
        if self.worst.is_some_and(|(worst, _)| key > worst) {
            return;
        }
        let seq = seq();
        if self.worst.is_some_and(|worst| (key, seq) > worst) {
            return;
        }
        self.held.push((key, seq, doc));
        if self.held.len() >= self.limit.saturating_mul(2) {
            self.halve();
        }
    }

    fn halve(&mut self) {
        if self.held.len() > self.limit {
            self.held.select_nth_unstable(self.limit - 1);
            self.held.truncate(self.limit);
        }
        if self.held.len() == self.limit {
            self.worst = self.held.iter().map(|&(key, seq, _)| (key, seq)).max();
        }
    }

    fn into_held(mut self) -> Vec<(u64, u64, DocId)> {
        self.halve();
        self.held
    }
}

/// Bits of a score such that the best score is the smallest number.
fn score_key(score: Score) -> u64 {
    u64::from(!ordered_bits(score))
}

/// Bits of a float such that they compare as the float does.
fn ordered_bits(score: f32) -> u32 {
    let bits = score.to_bits();
    if bits >> 31 == 0 { bits | (1 << 31) } else { !bits }
}

fn score_of_key(key: u64) -> Score {
    let bits = !(key as u32);
    f32::from_bits(if bits >> 31 == 1 { bits & !(1 << 31) } else { !bits })
}

/// The order-preserving bits of a number, as tantivy keeps them in its columns.
fn number_key(number: f64) -> u64 {
    tantivy::f64_to_u64(number)
}

/// The key of a figure, which may not be known.
fn figure_key(figure: Option<f64>, descending: bool) -> u64 {
    turned(figure.filter(|figure| !figure.is_nan()).map(number_key), descending)
}

/// A well-mixed hash of a sample's place (the finaliser of `SplitMix64`).
fn shuffled(seed: u64, seq: u64) -> u64 {
    let mut mixed =
        seq.wrapping_add(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

enum Source {
    Score,
    Seq,
    Random(u64),
    Whole { column: Option<Column<u64>>, descending: bool },
    Number { column: Option<Column<f64>>, descending: bool },
    Figure { column: Option<PackedColumn>, descending: bool },
    Settled { column: Option<SettledColumn>, descending: bool },
    Id { order: Arc<IdOrder>, descending: bool, orders: Arc<IdOrders>, segment: Box<SegmentReader> },
}

pub(super) struct BestInSegment {
    source: Source,
    seqs: Column<u64>,
    smallest: Smallest,
    backwards: bool,
    ordinal: SegmentOrdinal,
}

impl BestInSegment {
    fn seq(&self, doc: DocId) -> u64 {
        self.seqs.first(doc).unwrap_or(u64::MAX)
    }

    /// The key of a document by everything but its score.
    fn key(&self, doc: DocId) -> u64 {
        match &self.source {
            Source::Score => 0,
            Source::Seq => self.seq(doc),
            Source::Random(seed) => shuffled(*seed, self.seq(doc)),
            Source::Whole { column, descending } => {
                turned(column.as_ref().and_then(|column| column.first(doc)), *descending)
            }
            Source::Number { column, descending } => {
                turned(column.as_ref().and_then(|column| column.first(doc)).map(number_key), *descending)
            }
            Source::Figure { column, descending } => {
                figure_key(column.as_ref().map(|column| column.get(doc)), *descending)
            }
            Source::Settled { column, descending } => {
                figure_key(column.as_ref().map(|column| column.get(doc)), *descending)
            }
            Source::Id { order, descending, .. } => turned(order.ordinal(doc), *descending),
        }
    }

    fn push(&mut self, key: u64, doc: DocId) {
        let seqs = &self.seqs;
        let backwards = self.backwards;
        let seq = || {
            let seq = seqs.first(doc).unwrap_or(u64::MAX);
            if backwards { !seq } else { seq }
        };
        self.smallest.push(if backwards { !key } else { key }, doc, seq);
    }
}

impl Source {
    /// The key that compares between segments.
    fn global_key(&self, key: u64) -> Key {
        let Self::Id { descending, orders, segment, .. } = self else { return Key::Bits(key) };
        if key == u64::MAX {
            return Key::Last;
        }
        let ordinal = if *descending { u64::MAX - 1 - key } else { key };
        // An unreadable dictionary sorts the sample last, which is better than losing it.
        match orders.id(segment, ordinal) {
            Ok(Some(id)) if *descending => Key::TextDown(std::cmp::Reverse(id)),
            Ok(Some(id)) => Key::Text(id),
            _ => Key::Last,
        }
    }
}

/// The key of an optional value: smaller first, or larger first; samples without one always last.
fn turned(value: Option<u64>, descending: bool) -> u64 {
    match value {
        None => u64::MAX,
        Some(value) if descending => (u64::MAX - 1).saturating_sub(value),
        Some(value) => value.min(u64::MAX - 1),
    }
}

impl SegmentCollector for BestInSegment {
    type Fruit = Vec<Ranked>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let key = if matches!(self.source, Source::Score) { score_key(score) } else { self.key(doc) };
        self.push(key, doc);
    }

    fn harvest(mut self) -> Vec<Ranked> {
        let smallest = std::mem::replace(&mut self.smallest, Smallest::new(1));
        let turn = |bits: u64| if self.backwards { !bits } else { bits };
        smallest
            .into_held()
            .into_iter()
            .map(|(key, seq, doc)| Ranked {
                key: self.source.global_key(turn(key)),
                seq: Seq(turn(seq)),
                address: DocAddress::new(self.ordinal, doc),
            })
            .collect()
    }
}

impl Collector for Best {
    type Fruit = Vec<Ranked>;
    type Child = BestInSegment;

    fn for_segment(&self, ordinal: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<BestInSegment> {
        let columns = reader.fast_fields();
        let facts = self.facts.at(ordinal as usize);
        let source = match &self.ranking {
            Ranking::Relevance => Source::Score,
            Ranking::Dataset => Source::Seq,
            Ranking::Random(seed) => Source::Random(*seed),
            Ranking::Whole { column, of_facts, descending } => {
                let columns =
                    if *of_facts { facts.map(|half| half.reader.fast_fields()) } else { Some(columns) };
                let column = columns.map(|columns| columns.column_opt::<u64>(column)).transpose()?;
                Source::Whole { column: column.flatten(), descending: *descending }
            }
            Ranking::Figure { column, descending } => {
                let column = facts.map(|half| half.figures.column(*column));
                Source::Figure { column, descending: *descending }
            }
            Ranking::Number { column, descending } => {
                Source::Number { column: columns.column_opt::<f64>(column)?, descending: *descending }
            }
            Ranking::Settled { column, descending } => {
                let segment = self.settled.as_ref().and_then(|settled| settled.segment(ordinal as usize));
                let column = segment.map(|segment| segment.column(*column));
                Source::Settled { column, descending: *descending }
            }
            Ranking::Id { descending } => Source::Id {
                order: self.ids.of(reader)?,
                descending: *descending,
                orders: Arc::clone(&self.ids),
                segment: Box::new(reader.clone()),
            },
        };
        Ok(BestInSegment {
            source,
            seqs: columns.u64(super::schema::SEQ)?,
            smallest: Smallest::new(self.limit),
            backwards: self.backwards,
            ordinal,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.ranking == Ranking::Relevance
    }

    fn merge_fruits(&self, segments: Vec<Vec<Ranked>>) -> tantivy::Result<Vec<Ranked>> {
        let mut all: Vec<Ranked> = segments.into_iter().flatten().collect();
        all.sort_unstable_by(|one, other| {
            let order = (&one.key, one.seq).cmp(&(&other.key, other.seq));
            if self.backwards { order.reverse() } else { order }
        });
        all.truncate(self.limit);
        Ok(all)
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        ordinal: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<Vec<Ranked>> {
        let mut segment = self.for_segment(ordinal, reader)?;
        let alive = reader.alive_bitset();
        let is_alive = |doc: DocId| alive.is_none_or(|alive| alive.is_alive(doc));
        if !self.requires_scoring() {
            weight.for_each_no_score(reader, &mut |docs| {
                for &doc in docs {
                    if is_alive(doc) {
                        segment.collect(doc, 0.0);
                    }
                }
            })?;
        } else if self.backwards {
            weight.for_each(reader, &mut |doc, score| {
                if is_alive(doc) {
                    segment.collect(doc, score);
                }
            })?;
        } else {
            // Blocks of documents that cannot reach the threshold are skipped unread. The threshold
            // lies just below the worst score held, as its equals may still win by their place.
            weight.for_each_pruning(Score::MIN, reader, &mut |doc, score| {
                if is_alive(doc) {
                    segment.collect(doc, score);
                }
                segment.smallest.worst.map_or(Score::MIN, |(key, _)| score_of_key(key).next_down())
            })?;
        }
        Ok(segment.harvest())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_smallest_and_breaks_ties_by_place() {
        let mut smallest = Smallest::new(3);
        for (doc, (key, seq)) in
            [(5, 9), (1, 7), (5, 1), (1, 2), (5, 0), (9, 9), (1, 8)].into_iter().enumerate()
        {
            smallest.push(key, doc as DocId, || seq);
        }
        let mut held = smallest.into_held();
        held.sort_unstable();
        assert_eq!(held, [(1, 2, 3), (1, 7, 1), (1, 8, 6)]);
    }

    #[test]
    fn scores_become_keys_and_come_back() {
        let scores = [9.5_f32, 1.0, 0.25, 0.0, -3.0];
        let keys: Vec<u64> = scores.iter().map(|&score| score_key(score)).collect();
        assert!(keys.is_sorted());
        for score in scores {
            assert_eq!(score_of_key(score_key(score)).to_bits(), score.to_bits());
        }
    }

    #[test]
    fn samples_without_a_value_come_last_in_both_directions() {
        assert!(turned(None, false) > turned(Some(u64::MAX), false));
        assert!(turned(None, true) > turned(Some(0), true));
        assert!(turned(Some(3), true) < turned(Some(2), true));
    }
}
