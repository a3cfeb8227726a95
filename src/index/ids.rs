//! The order of ids, worked out when somebody first asks for it.
//!
//! Sorting by id is rare, and a column for it took some seven hundredths of the time of indexing short
//! captions: every id went through a second dictionary, which was sorted again. The dictionary of the field
//! itself is sorted already; from it and its postings, the order of a million ids takes a fraction
//! of a second, and is kept as four bytes a sample.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::index::SegmentId;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, SegmentReader, TERMINATED};

/// Segments whose order is kept; an index has fewer.
const MOST_SEGMENTS: usize = 64;
/// The ordinal of a document without an id.
const NONE: u32 = u32::MAX;

/// Orders of the segments that were asked for.
#[derive(Debug)]
pub(super) struct IdOrders {
    field: Field,
    known: Mutex<HashMap<SegmentId, Arc<IdOrder>>>,
}

/// For each document of one segment, the place of its id in the segment's sorted dictionary.
#[derive(Debug)]
pub(super) struct IdOrder {
    ordinals: Vec<u32>,
}

impl IdOrder {
    /// The place of a document's id among those of its segment.
    pub(super) fn ordinal(&self, doc: u32) -> Option<u64> {
        self.ordinals.get(doc as usize).copied().filter(|&ordinal| ordinal != NONE).map(u64::from)
    }
}

impl IdOrders {
    /// Orders by the ids that stand in `field`; none is known yet.
    pub(super) fn new(field: Field) -> Self {
        Self { field, known: Mutex::default() }
    }

    /// The order of a segment, worked out now where it is not known.
    pub(super) fn of(&self, segment: &SegmentReader) -> tantivy::Result<Arc<IdOrder>> {
        let id = segment.segment_id();
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(order) = lock().get(&id) {
            return Ok(Arc::clone(order));
        }
        let order = Arc::new(self.work_out(segment)?);
        let mut known = lock();
        if known.len() >= MOST_SEGMENTS {
            // Mostly of segments that were merged away since.
            known.clear();
        }
        known.insert(id, Arc::clone(&order));
        Ok(order)
    }

    /// The id with this place in the segment's dictionary.
    pub(super) fn id(&self, segment: &SegmentReader, ordinal: u64) -> tantivy::Result<Option<Vec<u8>>> {
        let mut id = Vec::new();
        let found = segment.inverted_index(self.field)?.terms().ord_to_term(ordinal, &mut id)?;
        Ok(found.then_some(id))
    }

    fn work_out(&self, segment: &SegmentReader) -> tantivy::Result<IdOrder> {
        let inverted = segment.inverted_index(self.field)?;
        let mut ordinals = vec![NONE; segment.max_doc() as usize];
        let mut terms = inverted.terms().stream()?;
        while terms.advance() {
            let ordinal = u32::try_from(terms.term_ord()).unwrap_or(NONE);
            let mut docs = inverted.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
            let mut doc = docs.doc();
            while doc != TERMINATED {
                if let Some(place) = ordinals.get_mut(doc as usize) {
                    *place = ordinal;
                }
                doc = docs.advance();
            }
        }
        Ok(IdOrder { ordinals })
    }
}
