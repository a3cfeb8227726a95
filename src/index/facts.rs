//! What captions say, as a second half of each segment.
//!
//! The engine's own segments hold words, and the samples themselves: that is quickly written, and complete
//! long before the captions are analysed. What they say lies beside, in a folder for each segment:
//!
//! ```text
//! facts/<segment>/          an index of the engine with one segment, whose documents are those of <segment>,
//!                           in the same order; deleted ones are empty
//! facts/<segment>/figures   the figures of these documents ([`super::packed`])
//! ```
//!
//! So a document has the same number in both halves, and a query may mix words and facts as it likes: each
//! clause asks the half that knows its field. The schema is the same, too; a half has nothing in the fields of
//! the other. A folder gets its name when it is whole. What is deleted, the first half knows for both.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::directory::MmapDirectory;
use tantivy::index::SegmentId;
use tantivy::query::{
    Bm25StatisticsProvider, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight,
};
use tantivy::schema::Field;
use tantivy::{DocId, Opstamp, Score, Searcher, SegmentReader, TantivyError, Term};

use super::IndexError;
use super::packed::{FIGURES, Packed};
use super::schema::tokenizers;
use super::sidefile::SideFolder;

/// The second halves of the segments in one state of an index.
#[derive(Default)]
pub(super) struct Facts {
    /// In the order of the segments.
    halves: Vec<Half>,
    /// Samples whose second half is there.
    samples: u64,
}

#[derive(Clone)]
struct Half {
    segment: SegmentId,
    /// Which documents are deleted, by the first half's word.
    deletes: Option<Opstamp>,
    open: Option<Arc<OpenHalf>>,
}

/// What is known of the captions of a segment.
pub(super) struct OpenHalf {
    pub(super) reader: SegmentReader,
    pub(super) figures: Packed,
}

/// The folder of a segment's second half.
pub(super) fn folder_of(folder: &Path, segment: SegmentId) -> PathBuf {
    folder.join(segment.uuid_string())
}

/// An index of the engine in a folder.
pub(super) fn open_engine(folder: &Path) -> tantivy::Result<tantivy::Index> {
    let mut index = tantivy::Index::open(MmapDirectory::open(folder)?)?;
    index.set_tokenizers(tokenizers());
    index.set_fast_field_tokenizers(tokenizers());
    Ok(index)
}

impl Facts {
    /// Opens what is there. What an earlier state has opened is taken from there.
    pub(super) fn open(folder: &Path, searcher: &Searcher, known: Option<&Self>) -> Self {
        let mut facts = Self::default();
        for segment in searcher.segment_readers() {
            let (id, deletes) = (segment.segment_id(), segment.delete_opstamp());
            let mut known = known.into_iter().flat_map(|known| &known.halves);
            let known = known.find(|half| half.segment == id && half.deletes == deletes);
            // What cannot be opened is not there yet, or will be made anew.
            let known = known.and_then(|half| half.open.clone());
            let open = known.or_else(|| open_half(&folder_of(folder, id), segment).ok().map(Arc::new));
            if open.is_some() {
                facts.samples += u64::from(segment.num_docs());
            }
            facts.halves.push(Half { segment: id, deletes, open });
        }
        facts
    }

    /// The second half of the segment with this place.
    pub(super) fn at(&self, place: usize) -> Option<&Arc<OpenHalf>> {
        self.halves.get(place)?.open.as_ref()
    }

    /// The second half of the segment of this id.
    fn of(&self, segment: SegmentId) -> Option<&SegmentReader> {
        Some(&self.halves.iter().find(|half| half.segment == segment)?.open.as_ref()?.reader)
    }

    /// The figures of a second half, by its own id.
    pub(super) fn figures_of(&self, half: SegmentId) -> Option<&Packed> {
        Some(&self.each().find(|open| open.reader.segment_id() == half)?.figures)
    }

    /// All that are there.
    pub(super) fn each(&self) -> impl Iterator<Item = &Arc<OpenHalf>> {
        self.halves.iter().filter_map(|half| half.open.as_ref())
    }

    /// What the engine holds of them.
    pub(super) fn readers(&self) -> impl Iterator<Item = &SegmentReader> {
        self.each().map(|open| &open.reader)
    }

    /// Those of all segments; none where one is missing.
    pub(super) fn all(&self) -> Option<Vec<&Arc<OpenHalf>>> {
        self.halves.iter().map(|half| half.open.as_ref()).collect()
    }

    /// Whether those of all segments are there.
    pub(super) fn is_whole(&self) -> bool {
        self.halves.iter().all(|half| half.open.is_some())
    }

    /// Samples whose captions are analysed.
    pub(super) fn samples(&self) -> u64 {
        self.samples
    }

    /// How many segments have theirs.
    pub(super) fn count(&self) -> usize {
        self.each().count()
    }

    /// Files that are not what was written. Reads all of them.
    pub(super) fn damaged(&self, folder: &Path) -> Result<Vec<String>, IndexError> {
        let mut damaged = Vec::new();
        for half in self.halves.iter().filter(|half| half.open.is_some()) {
            let (name, folder) = (half.segment.uuid_string(), folder_of(folder, half.segment));
            if !SideFolder::open(&folder).is_some_and(|folder| folder.is_sound(FIGURES)) {
                damaged.push(format!("facts/{name}/{FIGURES}"));
            }
            let files = open_engine(&folder)?.validate_checksum()?;
            damaged.extend(files.iter().map(|file| format!("facts/{name}/{}", file.display())));
        }
        Ok(damaged)
    }
}

impl std::fmt::Debug for Facts {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Facts({} of {} segments)", self.count(), self.halves.len())
    }
}

/// Opens the second half of a segment.
pub(super) fn open_half(folder: &Path, segment: &SegmentReader) -> tantivy::Result<OpenHalf> {
    let refused = |what: &str| TantivyError::InvalidArgument(format!("{}: {what}", folder.display()));
    if !folder.is_dir() {
        return Err(refused("there is nothing"));
    }
    let segments = open_engine(folder)?.searchable_segments()?;
    let [half] = segments.as_slice() else { return Err(refused("that is not one segment")) };
    let Some(figures) = Packed::open(folder) else { return Err(refused("there are no figures")) };
    let documents = [half.meta().max_doc() as usize, figures.documents()];
    if documents != [segment.max_doc() as usize; 2] {
        return Err(refused("these are facts of other samples"));
    }
    let reader = SegmentReader::open_with_custom_alive_set(half, segment.alive_bitset().cloned())?;
    Ok(OpenHalf { reader, figures })
}

/// Scores as if the second halves were an index of their own.
impl Bm25StatisticsProvider for Facts {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.readers().map(|reader| Ok(reader.inverted_index(field)?.total_num_tokens())).sum()
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.readers().map(|reader| u64::from(reader.max_doc())).sum())
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.readers().map(|reader| Ok(u64::from(reader.inverted_index(term.field())?.doc_freq(term)?))).sum()
    }
}

/// A query for fields of the second half.
#[derive(Clone, Debug)]
pub(super) struct OfFacts {
    query: Arc<dyn Query>,
    facts: Arc<Facts>,
}

impl OfFacts {
    pub(super) fn new(query: Box<dyn Query>, facts: &Arc<Facts>) -> Self {
        Self { query: query.into(), facts: Arc::clone(facts) }
    }
}

impl Query for OfFacts {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let scoring = match scoring {
            EnableScoring::Enabled { searcher, .. } => {
                EnableScoring::enabled_from_statistics_provider(&*self.facts, searcher)
            }
            disabled @ EnableScoring::Disabled { .. } => disabled,
        };
        Ok(Box::new(Turned {
            weight: self.query.weight(scoring)?,
            facts: Arc::clone(&self.facts),
            to: To::Facts,
        }))
    }
}

/// A query whose hits are only looked for among samples that are analysed: of others no clause can tell
/// whether they have a fact, nor that they have it not.
#[derive(Clone, Debug)]
pub(super) struct OfAnalysed {
    query: Arc<dyn Query>,
    facts: Arc<Facts>,
}

impl OfAnalysed {
    pub(super) fn new(query: Box<dyn Query>, facts: &Arc<Facts>) -> Self {
        Self { query: query.into(), facts: Arc::clone(facts) }
    }
}

impl Query for OfAnalysed {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let weight = self.query.weight(scoring)?;
        Ok(Box::new(Turned { weight, facts: Arc::clone(&self.facts), to: To::Words }))
    }
}

/// Which half of a segment is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    Words,
    Facts,
}

/// A weight that asks one half of those segments that have both.
struct Turned {
    weight: Box<dyn Weight>,
    facts: Arc<Facts>,
    to: To,
}

impl Turned {
    fn half<'a>(&'a self, segment: &'a SegmentReader) -> Option<&'a SegmentReader> {
        let half = self.facts.of(segment.segment_id())?;
        Some(if self.to == To::Facts { half } else { segment })
    }
}

/// All that the engine may ask, so that what a weight does by itself, counting by its dictionary for one, it
/// still does.
impl Weight for Turned {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        match self.half(segment) {
            Some(half) => self.weight.scorer(half, boost),
            None => Ok(Box::new(EmptyScorer)),
        }
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        match self.half(segment) {
            Some(half) => self.weight.explain(half, doc),
            None => Err(TantivyError::InvalidArgument(format!("document {doc} is not analysed"))),
        }
    }

    fn count(&self, segment: &SegmentReader) -> tantivy::Result<u32> {
        self.half(segment).map_or(Ok(0), |half| self.weight.count(half))
    }

    fn for_each(&self, segment: &SegmentReader, take: &mut dyn FnMut(DocId, Score)) -> tantivy::Result<()> {
        self.half(segment).map_or(Ok(()), |half| self.weight.for_each(half, take))
    }

    fn for_each_no_score(
        &self,
        segment: &SegmentReader,
        take: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        self.half(segment).map_or(Ok(()), |half| self.weight.for_each_no_score(half, take))
    }

    fn for_each_pruning(
        &self,
        threshold: Score,
        segment: &SegmentReader,
        take: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        self.half(segment).map_or(Ok(()), |half| self.weight.for_each_pruning(threshold, half, take))
    }
}
