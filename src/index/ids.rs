//! The order of ids, worked out when somebody first asks for it.
//!
//! Sorting by id is rare, and a column for it took some seven hundredths of the time of indexing short
//! captions: every id went through a second dictionary, which was sorted again. The dictionary of the field
//! itself is sorted already; from it and its postings, the order of a million ids takes a fraction
//! of a second, and is kept as four bytes a sample.

use std::sync::Arc;

use tantivy::SegmentReader;
use tantivy::schema::Field;

use super::segments::{BySegment, each_term};

/// The ordinal of a document without an id.
const NONE: u32 = u32::MAX;

/// Orders of the segments that were asked for.
#[derive(Debug)]
pub(super) struct IdOrders {
    field: Field,
    known: BySegment<IdOrder>,
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
        Self { field, known: BySegment::default() }
    }

    /// The order of a segment, worked out now where it is not known.
    pub(super) fn of(&self, segment: &SegmentReader) -> tantivy::Result<Arc<IdOrder>> {
        self.known.of(segment, |segment| self.work_out(segment))
    }

    /// The id with this place in the segment's dictionary.
    pub(super) fn id(&self, segment: &SegmentReader, ordinal: u64) -> tantivy::Result<Option<Vec<u8>>> {
        let mut id = Vec::new();
        let found = segment.inverted_index(self.field)?.terms().ord_to_term(ordinal, &mut id)?;
        Ok(found.then_some(id))
    }

    fn work_out(&self, segment: &SegmentReader) -> tantivy::Result<IdOrder> {
        let mut ordinals = vec![NONE; segment.max_doc() as usize];
        each_term(segment, self.field, |_, ordinal, doc| {
            if let Some(place) = ordinals.get_mut(doc as usize) {
                *place = u32::try_from(ordinal).unwrap_or(NONE);
            }
        })?;
        Ok(IdOrder { ordinals })
    }
}
