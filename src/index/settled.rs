//! What is known of samples only when all of them were seen, for one state of an index.
//!
//! It lies in a folder that is named after that state: the segments, and which of their documents are
//! deleted. So what was worked out for other samples is never taken for these. A `<segment>` below is the
//! second half of one, that of facts.
//!
//! ```text
//! settled/<state>/
//!     <segment>.figures    f64    the columns of Column::settled, one after the other, a number a document
//!     <segment>.keys       u32    for each key of the segment its number in the whole index
//!     df                   u32    for each key of the index the samples that have it
//!     levels               u32    for each key of the index the number of its level's key, or 2³² − 1
//!     summary              postcard
//! ```
//!
//! Figures are kept in full, not as f32: a threshold that is a percentile must part samples here as it
//! does where they are read one by one.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tantivy::columnar::StrColumn;
use tantivy::directory::OwnedBytes;
use tantivy::index::SegmentId;
use tantivy::{DocId, Searcher, SegmentReader};
use xxhash_rust::xxh3::Xxh3;

use super::IndexError;
use super::facts::{Facts, OpenHalf};
use super::merged::key_column;
use super::sidefile::{SideFolder, number, small_number};
use crate::measure::{Column, Counts, KeyKind, Norms, Spread};

/// No key of a level.
pub(super) const NO_LEVEL: u32 = u32::MAX;
/// No concept of the tree.
pub(super) const NO_CONCEPT: u32 = u32::MAX;
/// The files that a whole state has.
pub(super) const DF: &str = "df";
/// See above.
pub(super) const LEVELS: &str = "levels";
/// See above.
pub(super) const SUMMARY: &str = "summary";

/// The file of a segment's figures.
pub(super) fn figures_file(segment: SegmentId) -> String {
    format!("{}.figures", segment.uuid_string())
}

/// The file of a segment's keys.
pub(super) fn keys_file(segment: SegmentId) -> String {
    format!("{}.keys", segment.uuid_string())
}

/// What fits into memory.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Summary {
    /// N: samples that were counted.
    pub(super) samples: u64,
    /// Of each column, in the order of [`Column::ALL`].
    pub(super) spreads: Vec<Spread>,
    /// The numbers of the keys of each kind, in the order of [`KeyKind::ALL`].
    pub(super) kinds: Vec<Range<u32>>,
    /// Keys in all.
    pub(super) keys: u32,
    /// The keys of levels that no fact has itself.
    pub(super) levels: Vec<String>,
    /// For each object, in the order of its number, the place of its concept in the tree of everyday
    /// concepts, or [`NO_CONCEPT`].
    pub(super) concepts: Vec<u32>,
}

/// All that is settled, for one state of an index.
pub(super) struct Settled {
    segments: Vec<Arc<SettledSegment>>,
    columns: Vec<Option<StrColumn>>,
    df: OwnedBytes,
    levels: OwnedBytes,
    summary: Summary,
}

/// What is settled for one segment.
pub(super) struct SettledSegment {
    id: SegmentId,
    figures: OwnedBytes,
    keys: OwnedBytes,
    documents: usize,
}

/// The name of a state of an index.
pub(super) fn state_of(searcher: &Searcher) -> String {
    let mut hash = Xxh3::new();
    for (segment, deletes) in searcher.generation().segments() {
        hash.update(segment.uuid_string().as_bytes());
        hash.update(&deletes.map_or(u64::MAX, |opstamp| opstamp).to_le_bytes());
    }
    format!("{:016x}", hash.digest())
}

impl Settled {
    /// What is settled for this state of the index; none where that is not known (yet).
    pub(super) fn open(
        folder: &Path,
        searcher: &Searcher,
        facts: &Facts,
    ) -> Result<Option<Self>, IndexError> {
        let Some(folder) = SideFolder::open(&folder.join(state_of(searcher))) else { return Ok(None) };
        let Some(halves) = facts.all() else { return Ok(None) };
        let columns =
            halves.iter().map(|half| key_column(&half.reader)).collect::<Result<Vec<_>, IndexError>>()?;
        Ok(Self::read(&folder, searcher.num_docs(), &halves, columns))
    }

    fn read(
        folder: &SideFolder,
        samples: u64,
        halves: &[&Arc<OpenHalf>],
        columns: Vec<Option<StrColumn>>,
    ) -> Option<Self> {
        let summary: Summary = postcard::from_bytes(&folder.read(SUMMARY)?).ok()?;
        let (df, levels) = (folder.read(DF)?, folder.read(LEVELS)?);
        let bytes = summary.keys as usize * size_of::<u32>();
        let is_whole = df.len() == bytes
            && levels.len() == bytes
            && summary.samples == samples
            && summary.spreads.len() == Column::ALL.len()
            && summary.kinds.len() == KeyKind::ALL.len();
        if !is_whole {
            return None;
        }
        let mut segments = Vec::with_capacity(columns.len());
        for (segment, column) in halves.iter().zip(&columns) {
            let read = SettledSegment::read(folder, &segment.reader)?;
            let terms = column.as_ref().map_or(0, |column| column.num_terms());
            if read.keys.len() != terms * size_of::<u32>() {
                return None;
            }
            segments.push(Arc::new(read));
        }
        Some(Self { segments, columns, df, levels, summary })
    }

    /// Files of this state that are not what was written. Reads all of them.
    pub(super) fn damaged(folder: &Path, searcher: &Searcher, facts: &Facts) -> Vec<String> {
        let state = state_of(searcher);
        let Some(folder) = SideFolder::open(&folder.join(&state)) else { return Vec::new() };
        let ids = facts.readers().map(SegmentReader::segment_id);
        let of_segments = ids.flat_map(|id| [figures_file(id), keys_file(id)]);
        let names = [DF, LEVELS, SUMMARY].map(str::to_owned).into_iter().chain(of_segments);
        names.filter(|name| !folder.is_sound(name)).map(|name| format!("settled/{state}/{name}")).collect()
    }

    /// The segment with this place.
    pub(super) fn segment(&self, place: usize) -> Option<&Arc<SettledSegment>> {
        self.segments.get(place)
    }

    /// The segment of this id.
    pub(super) fn of_id(&self, id: SegmentId) -> Option<&Arc<SettledSegment>> {
        self.segments.iter().find(|segment| segment.id == id)
    }

    /// What fits into memory.
    pub(super) fn summary(&self) -> &Summary {
        &self.summary
    }

    /// What is usual in the data set.
    pub(super) fn norms(&self) -> Norms<'_> {
        Norms::new(self, self.summary.spreads.clone())
    }

    /// How a figure is spread.
    pub(super) fn spread(&self, column: Column) -> Option<&Spread> {
        self.summary.spreads.get(column as usize)
    }

    /// The samples that have the key with this number.
    pub(super) fn df(&self, number: u32) -> u64 {
        small_number(&self.df, number as usize).unwrap_or_default().into()
    }

    /// The place of an object's concept in the tree of everyday concepts.
    pub(super) fn concept(&self, number: u32) -> Option<u32> {
        let objects = KeyKind::ALL.iter().position(|kind| *kind == KeyKind::Object)?;
        let first = self.summary.kinds.get(objects)?.start;
        let place = number.checked_sub(first)? as usize;
        self.summary.concepts.get(place).copied().filter(|concept| *concept != NO_CONCEPT)
    }

    /// The number of the level's key of a key of the index.
    pub(super) fn level(&self, key: u32) -> Option<u32> {
        small_number(&self.levels, key as usize).filter(|level| *level != NO_LEVEL)
    }

    /// A key of the index by its number.
    pub(super) fn key(&self, number: u32) -> Result<Option<String>, IndexError> {
        for (segment, column) in self.segments.iter().zip(&self.columns) {
            let (Some(ordinal), Some(column)) = (segment.ordinal_of(number), column) else { continue };
            let mut key = String::new();
            if column.ord_to_str(ordinal, &mut key).map_err(tantivy::TantivyError::from)? {
                return Ok(Some(key));
            }
        }
        Ok(None)
    }

    /// The number of a key in the index.
    pub(super) fn number(&self, key: &str) -> Option<u32> {
        self.segments.iter().zip(&self.columns).find_map(|(segment, column)| {
            let ordinal = column.as_ref()?.dictionary().term_ord(key).ok()??;
            segment.key(ordinal)
        })
    }
}

/// Keys are looked up; prints are not, since what follows from them stands in the columns.
impl Counts for Settled {
    fn samples(&self) -> u64 {
        self.summary.samples
    }

    fn of_key(&self, key: &str) -> u64 {
        let number = self.number(super::schema::shortened(key));
        number.map_or(0, |number| self.df(number))
    }

    fn of_caption(&self, _: u64) -> u64 {
        0
    }

    fn of_opening(&self, _: u64) -> u64 {
        0
    }

    fn of_band(&self, _: u64) -> u64 {
        0
    }
}

impl SettledSegment {
    /// Opens what is settled for a segment; none where it is not there or not whole.
    pub(super) fn read(folder: &SideFolder, segment: &SegmentReader) -> Option<Self> {
        let (id, documents) = (segment.segment_id(), segment.max_doc() as usize);
        let (figures, keys) = (folder.read(&figures_file(id))?, folder.read(&keys_file(id))?);
        let wanted = Column::settled().count() * documents * size_of::<f64>();
        (figures.len() == wanted).then_some(Self { id, figures, keys, documents })
    }

    /// A column, eight bytes a document, deleted ones too; empty where there is none.
    pub(super) fn column(&self, column: Column) -> SettledColumn {
        let length = self.documents * size_of::<f64>();
        let place = Column::settled().position(|settled| settled == column);
        let range = place.map_or(0..0, |place| place * length..(place + 1) * length);
        SettledColumn(self.figures.slice(range))
    }

    /// The number in the whole index of a key of this segment.
    pub(super) fn key(&self, ordinal: u64) -> Option<u32> {
        small_number(&self.keys, ordinal as usize)
    }

    /// The ordinal in this segment of a key of the index; both are in byte order.
    fn ordinal_of(&self, number: u32) -> Option<u64> {
        let (numbers, _) = self.keys.as_chunks::<4>();
        let found = numbers.binary_search_by_key(&number, |number| u32::from_le_bytes(*number));
        found.ok().map(|ordinal| ordinal as u64)
    }
}

/// A column of one segment.
pub(super) struct SettledColumn(OwnedBytes);

impl SettledColumn {
    /// The figure of a document; NaN where it is not known.
    pub(super) fn get(&self, doc: DocId) -> f64 {
        number(&self.0, doc as usize).map_or(f64::NAN, f64::from_bits)
    }

    /// The figures of all documents, deleted ones too.
    pub(super) fn each(&self) -> impl Iterator<Item = f64> {
        let (numbers, _) = self.0.as_chunks::<8>();
        numbers.iter().map(|number| f64::from_le_bytes(*number))
    }
}
