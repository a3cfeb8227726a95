//! What is known of the pictures of samples, for queries, reports and rows.
//!
//! Held in memory is only what is remarkable: pictures that are missing, broken, small and so on, sixteen bytes
//! each, and samples with twins. It comes from a summary that the pass over all pictures leaves, and from the
//! records that were put into the ledger since; so a reader sees a pass grow, and starts quickly after it.

use std::collections::hash_map::Entry;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::{BitSet, SegmentReader};

use super::IndexError;
use super::chosen::Choice;
use super::home::Home;
use super::ledger::{ANIMATED, LIKENESS, Ledger, MISNAMED, MISSING, Origin, Record, Trust, UNREADABLE};
use super::schema::SEQ;
use super::sidefile::{SideFolder, SideWriter, number};
use super::twins::{groups, twins};
use crate::dataset::Dataset;
use crate::measure::{FlagId, FlagTable, MOST_SIDE, PictureFacts, Profile};

/// The summary's name in the home of an index.
const SUMMARY: &str = "pictures.summary";
/// Eight-byte numbers in the head of a summary, in a mark, and in a sample with twins.
const HEAD: usize = 3;
const OF_MARK: usize = 2;
const OF_TWINS: usize = 2;

/// A picture of which there is something to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    seq: u64,
    place: u16,
    bits: u16,
    /// The shorter side; 0 where it could not be decoded.
    side: u16,
}

impl Mark {
    fn of(record: &Record) -> Self {
        let side = record.seen.side().unwrap_or_default();
        Self {
            seq: record.seq,
            place: record.place,
            bits: record.seen.bits & !LIKENESS,
            side: u16::try_from(side).unwrap_or(u16::MAX),
        }
    }

    fn is_remarkable(self) -> bool {
        self.bits != 0 || u32::from(self.side) < MOST_SIDE
    }

    fn key(self) -> (u64, u16) {
        (self.seq, self.place)
    }

    fn add_to(self, facts: &mut PictureFacts) {
        let counts = [
            (MISSING, &mut facts.missing),
            (UNREADABLE, &mut facts.unreadable),
            (ANIMATED, &mut facts.animated),
            (MISNAMED, &mut facts.misnamed),
        ];
        for (bit, count) in counts {
            *count += u32::from(self.bits & bit != 0);
        }
        if self.side > 0 && u32::from(self.side) < MOST_SIDE {
            let side = u32::from(self.side);
            facts.side = Some(facts.side.map_or(side, |least| least.min(side)));
        }
    }
}

/// What is known of all pictures that were looked at.
pub(super) struct Pictures {
    number: u64,
    trust: Trust,
    /// Records of the ledger that are in it, and those of them that are in the summary.
    records: u64,
    summed: u64,
    /// Remarkable pictures, by sample and place.
    marks: Vec<Mark>,
    /// Samples with twins, in order.
    twins: Vec<(u64, u32)>,
}

impl Pictures {
    /// What is known by now; none where nobody has looked at pictures yet. `before` is what was known not
    /// long ago: if it is still all, it is returned.
    pub(super) fn open(
        home: &Home,
        dataset: &Dataset,
        before: Option<&Arc<Self>>,
    ) -> Result<Option<Arc<Self>>, IndexError> {
        let Some(ledger) = Ledger::open(&home.pictures())? else { return Ok(None) };
        let trust = ledger.origin.trust(&Origin::of(dataset));
        if trust.is_empty() {
            return Ok(None);
        }
        let summary = Summary::read(home.folder(), ledger.origin.number);
        let summed = summary.as_ref().map_or(0, |summary| summary.records);
        let is_known = |before: &&Arc<Self>| {
            (before.number, before.summed) == (ledger.origin.number, summed) && before.trust == trust
        };
        let before = before.filter(is_known);
        let (mut marks, twins, from) = match (before, summary) {
            (Some(before), _) if before.records == ledger.records()? => return Ok(Some(Arc::clone(before))),
            (Some(before), _) => (before.marks.clone(), before.twins.clone(), before.records),
            (None, Some(summary)) => summary.parts(&trust),
            (None, None) => (Vec::new(), Vec::new(), 0),
        };
        let mut newer = Vec::new();
        let records = ledger.each(from, |_, record| {
            newer.extend(trust.holds(record.seq).then(|| Mark::of(&record)));
            Ok(())
        })?;
        replace(&mut marks, newer);
        Ok(Some(Arc::new(Self { number: ledger.origin.number, trust, records, summed, marks, twins })))
    }

    /// What is known of a sample's pictures.
    pub(super) fn of(&self, seq: u64) -> PictureFacts {
        let first = self.marks.partition_point(|mark| mark.seq < seq);
        let mut facts = PictureFacts::default();
        for mark in self.marks.iter().skip(first).take_while(|mark| mark.seq == seq) {
            mark.add_to(&mut facts);
        }
        if let Ok(place) = self.twins.binary_search_by_key(&seq, |(seq, _)| *seq) {
            facts.twins = self.twins.get(place).map_or(0, |(_, twins)| *twins);
        }
        facts
    }

    /// Samples that have any of these flags, each with those that it has, as bits in their order.
    pub(super) fn flagged(
        &self,
        flags: &[FlagId],
        table: &FlagTable,
        profile: Profile,
    ) -> FxHashMap<u64, u8> {
        let mut found: FxHashMap<u64, u8> = FxHashMap::default();
        let mut take = |seq: u64, facts: &PictureFacts| {
            let holds = |flag: FlagId| table.holds_of_pictures(profile, flag, facts);
            let bits = flags.iter().enumerate().filter(|(_, flag)| holds(**flag));
            let bits = bits.fold(0_u8, |bits, (place, _)| bits | 1 << place);
            if bits != 0 {
                match found.entry(seq) {
                    Entry::Occupied(mut held) => *held.get_mut() |= bits,
                    Entry::Vacant(free) => {
                        free.insert(bits);
                    }
                }
            }
        };
        for marks in self.marks.chunk_by(|one, other| one.seq == other.seq) {
            let mut facts = PictureFacts::default();
            for mark in marks {
                mark.add_to(&mut facts);
            }
            if let Some(mark) = marks.first() {
                take(mark.seq, &facts);
            }
        }
        for (seq, twins) in &self.twins {
            take(*seq, &PictureFacts { twins: *twins, ..PictureFacts::default() });
        }
        found
    }
}

/// Puts newer marks in place of older ones; those of which there is nothing to say any more go.
fn replace(marks: &mut Vec<Mark>, mut newer: Vec<Mark>) {
    if newer.is_empty() {
        return;
    }
    // Of several of one picture the last one holds: sorting keeps their order.
    newer.sort_by_key(|mark| mark.key());
    newer.reverse();
    newer.dedup_by_key(|mark| mark.key());
    let is_replaced = |mark: &Mark| newer.binary_search_by(|other| mark.key().cmp(&other.key())).is_ok();
    marks.retain(|mark| !is_replaced(mark));
    marks.extend(newer.into_iter().filter(|mark| mark.is_remarkable()));
    marks.sort_unstable_by_key(|mark| mark.key());
}

/// What is remarkable in the first records of a ledger.
struct Summary {
    records: u64,
    marks: Vec<Mark>,
    twins: Vec<(u64, u32)>,
}

impl Summary {
    /// The summary of the ledger with this number; none where it is not there, not whole or of another one.
    fn read(folder: &Path, ledger: u64) -> Option<Self> {
        let bytes = SideFolder::open(folder)?.read(SUMMARY)?;
        let (numbers, _) = bytes.as_chunks::<8>();
        let numbers = || numbers.iter().map(|number| u64::from_le_bytes(*number));
        if number(&bytes, 0)? != ledger {
            return None;
        }
        let (records, marks) = (number(&bytes, 1)?, number(&bytes, 2)? as usize);
        let all: Vec<u64> = numbers().skip(HEAD).collect();
        let (of_marks, of_twins) = all.split_at_checked(marks.checked_mul(OF_MARK)?)?;
        let (of_marks, _) = of_marks.as_chunks::<OF_MARK>();
        let (of_twins, _) = of_twins.as_chunks::<OF_TWINS>();
        let marks = of_marks.iter().map(|[seq, rest]| Mark {
            seq: *seq,
            place: *rest as u16,
            bits: (*rest >> 16) as u16,
            side: (*rest >> 32) as u16,
        });
        let twins = of_twins.iter().map(|[seq, twins]| (*seq, *twins as u32));
        Some(Self { records, marks: marks.collect(), twins: twins.collect() })
    }

    fn parts(mut self, trust: &Trust) -> (Vec<Mark>, Vec<(u64, u32)>, u64) {
        self.marks.retain(|mark| trust.holds(mark.seq));
        self.twins.retain(|(seq, _)| trust.holds(*seq));
        (self.marks, self.twins, self.records)
    }

    fn write(&self, folder: &Path, ledger: u64) -> Result<(), IndexError> {
        let beside = folder.join(format!("{SUMMARY}.new"));
        let mut writer = SideWriter::new(beside.clone())?;
        let mut put = |number: u64| writer.put(&number.to_le_bytes());
        [ledger, self.records, self.marks.len() as u64].into_iter().try_for_each(&mut put)?;
        for Mark { seq, place, bits, side } in &self.marks {
            put(*seq)?;
            put(u64::from(*place) | u64::from(*bits) << 16 | u64::from(*side) << 32)?;
        }
        for (seq, twins) in &self.twins {
            put(*seq)?;
            put(u64::from(*twins))?;
        }
        writer.finish()?;
        let path = folder.join(SUMMARY);
        std::fs::rename(&beside, &path).map_err(IndexError::file(&path))
    }
}

/// Counts twins and writes down what is remarkable, for those who read; tells how many records that was of, or
/// stops where `watch` says so. Where a summary of all records is there already, it stays.
pub(super) fn summarise(
    home: &Home,
    ledger: &Ledger,
    watch: &mut dyn FnMut() -> ControlFlow<()>,
) -> Result<ControlFlow<()>, IndexError> {
    let is_there = Summary::read(home.folder(), ledger.origin.number);
    if is_there.is_some_and(|summary| ledger.records().is_ok_and(|records| records == summary.records)) {
        return Ok(ControlFlow::Continue(()));
    }
    let most = ledger.records()? as usize;
    let (mut marks, mut seen) = (Vec::with_capacity(most), Vec::with_capacity(most));
    let records = ledger.each(0, |_, record| {
        if record.seq != Record::NOBODY {
            marks.push(Mark::of(&record));
            if record.seen.bits & LIKENESS != 0 {
                seen.push((record.seen.likeness, record.seq));
            }
        }
        Ok(())
    })?;
    let mut remarkable = Vec::new();
    replace(&mut remarkable, marks);
    let Some(twins) = twins(seen, watch) else { return Ok(ControlFlow::Break(())) };
    Summary { records, marks: remarkable, twins }.write(home.folder(), ledger.origin.number)?;
    Ok(ControlFlow::Continue(()))
}

/// Which samples have pictures that look the same, as far as passes over the pictures have come.
#[derive(Clone, Debug, Default)]
pub struct Lookalikes {
    /// Samples whose pictures were looked at, in order.
    known: Vec<u64>,
    /// Groups of those that are in any.
    groups: FxHashMap<u64, Vec<u32>>,
}

impl Lookalikes {
    /// What is known by now; nothing where nobody has looked at pictures yet. Takes some 40 bytes a picture while
    /// it counts, and eight a sample then.
    ///
    /// # Errors
    /// Where the file of what was seen cannot be read.
    pub fn read(home: &Home, dataset: &Dataset) -> Result<Self, IndexError> {
        let Some(ledger) = Ledger::open(&home.pictures())? else { return Ok(Self::default()) };
        let trust = ledger.origin.trust(&Origin::of(dataset));
        let (mut known, mut seen) = (Vec::new(), Vec::new());
        ledger.each(0, |_, record| {
            if trust.holds(record.seq) {
                known.push(record.seq);
                if record.seen.bits & LIKENESS != 0 {
                    seen.push((record.seen.likeness, record.seq));
                }
            }
            Ok(())
        })?;
        known.sort_unstable();
        known.dedup();
        let mut found: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        for (group, seq) in groups(seen, &mut || ControlFlow::Continue(())).unwrap_or_default() {
            found.entry(seq).or_default().push(group);
        }
        Ok(Self { known, groups: found })
    }

    /// Whether the pictures of both samples were looked at, and are in no group together. Those in a group look the
    /// same at a glance, which may still be a picture with one thing changed.
    pub fn are_known_apart(&self, one: u64, other: u64) -> bool {
        let is_known = |seq: u64| self.known.binary_search(&seq).is_ok();
        let groups = |seq: u64| self.groups.get(&seq).map(Vec::as_slice).unwrap_or_default();
        let have_one = groups(one).iter().any(|group| groups(other).contains(group));
        is_known(one) && is_known(other) && !have_one
    }
}

/// Removes all that is known of pictures.
pub(super) fn forget(home: &Home) -> Result<(), IndexError> {
    for path in [home.pictures(), home.folder().join(SUMMARY)] {
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(IndexError::File { path, source });
            }
            _ => {}
        }
    }
    Ok(())
}

/// All documents of some samples.
#[derive(Clone)]
pub(super) struct OfSamples(pub(super) Arc<FxHashSet<u64>>);

impl std::fmt::Debug for OfSamples {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "OfSamples({})", self.0.len())
    }
}

impl Choice for OfSamples {
    fn choose(&self, segment: &SegmentReader, found: &mut BitSet) -> tantivy::Result<()> {
        if !self.0.is_empty() {
            let seqs = segment.fast_fields().u64(SEQ)?;
            for doc in 0..segment.max_doc() {
                if seqs.first(doc).is_some_and(|seq| self.0.contains(&seq)) {
                    found.insert(doc);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_marks_replace_older_ones() {
        let mark = |seq, place, bits, side| Mark { seq, place, bits, side };
        let mut marks = vec![mark(1, 0, MISSING, 0), mark(2, 0, 0, 90), mark(2, 1, MISSING, 0)];
        let newer =
            vec![mark(2, 1, 0, 600), mark(9, 0, 0, 400), mark(1, 0, 0, 500), mark(1, 0, ANIMATED, 500)];
        replace(&mut marks, newer);
        assert_eq!(marks, [mark(1, 0, ANIMATED, 500), mark(2, 0, 0, 90)]);
    }

    #[test]
    fn a_summary_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let marks = vec![
            Mark { seq: 3, place: 7, bits: MISNAMED | ANIMATED, side: 65_535 },
            Mark { seq: u64::MAX - 1, place: 65_535, bits: 0, side: 1 },
        ];
        let summary = Summary { records: 70, marks: marks.clone(), twins: vec![(4, 2), (9, 1)] };
        summary.write(folder.path(), 17).unwrap();
        let read = Summary::read(folder.path(), 17).unwrap();
        assert_eq!((read.records, read.marks, read.twins), (70, marks, vec![(4, 2), (9, 1)]));
        assert!(Summary::read(folder.path(), 18).is_none());
    }
}
