//! What is worked out of a segment when somebody first asks, and kept while the segment is there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::index::SegmentId;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::termdict::TermOrdinal;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

/// Segments of which something is kept; an index has fewer.
const MOST_SEGMENTS: usize = 256;

/// One thing for each segment that was asked for.
#[derive(Debug)]
pub(super) struct BySegment<T>(Mutex<HashMap<SegmentId, Arc<T>>>);

impl<T> Default for BySegment<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> BySegment<T> {
    /// That of a segment, worked out now where it is not known.
    pub(super) fn of(
        &self,
        segment: &SegmentReader,
        work_out: impl FnOnce(&SegmentReader) -> tantivy::Result<T>,
    ) -> tantivy::Result<Arc<T>> {
        let id = segment.segment_id();
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = lock().get(&id) {
            return Ok(Arc::clone(held));
        }
        let found = Arc::new(work_out(segment)?);
        let mut known = lock();
        if known.len() >= MOST_SEGMENTS {
            // Mostly of segments that were merged away since.
            known.clear();
        }
        known.insert(id, Arc::clone(&found));
        Ok(found)
    }
}

/// Calls `take` with every term of a field, in order, and each document that has it.
pub(super) fn each_term(
    segment: &SegmentReader,
    field: Field,
    mut take: impl FnMut(&[u8], TermOrdinal, DocId),
) -> tantivy::Result<()> {
    let inverted = segment.inverted_index(field)?;
    let mut terms = inverted.terms().stream()?;
    while terms.advance() {
        let mut docs = inverted.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
        let mut doc = docs.doc();
        while doc != TERMINATED {
            take(terms.key(), terms.term_ord(), doc);
            doc = docs.advance();
        }
    }
    Ok(())
}
