//! Documents chosen by something that is no term of the index.

use std::fmt::Debug;
use std::sync::Arc;

use tantivy::query::{BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{BitSet, DocId, DocSet, Score, SegmentReader, TantivyError};

use super::segments::BySegment;

/// Chooses documents of a segment.
pub(super) trait Choice: Clone + Debug + Send + Sync + 'static {
    /// Puts the chosen documents into `found`, which has room for all of the segment.
    fn choose(&self, segment: &SegmentReader, found: &mut BitSet) -> tantivy::Result<()>;
}

/// All documents that are chosen, with a constant score.
#[derive(Clone, Debug)]
pub(super) struct Chosen<C> {
    choice: C,
    /// What was found in each segment: hits are counted first, and ranked then.
    found: Arc<BySegment<BitSet>>,
}

impl<C: Choice> Chosen<C> {
    pub(super) fn new(choice: C) -> Self {
        Self { choice, found: Arc::default() }
    }
}

impl<C: Choice> Query for Chosen<C> {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl<C: Choice> Weight for Chosen<C> {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let found = self.found.of(segment, |segment| {
            let mut found = BitSet::with_max_value(segment.max_doc());
            self.choice.choose(segment, &mut found)?;
            Ok(found)
        })?;
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(BitSet::clone(&found)), boost)))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        if self.scorer(segment, 1.0)?.seek(doc) == doc {
            Ok(Explanation::new("the document is one of those", 1.0))
        } else {
            Err(TantivyError::InvalidArgument(format!("document {doc} is none of {:?}", self.choice)))
        }
    }
}
