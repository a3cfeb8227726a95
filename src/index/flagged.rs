//! Documents whose figure lies in a range, for figures that need the whole data set.
//!
//! The other figures are columns of the engine, which has ranges for them. These lie in files of our own:
//! eight bytes a document, one after the other, so that a million of them take about a millisecond.

use std::ops::Bound;
use std::sync::Arc;

use tantivy::query::{BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{BitSet, DocId, DocSet, Score, SegmentReader, TantivyError};

use super::settled::Settled;
use crate::measure::{Column, Comparison};
use crate::query::Bounds;

/// All documents whose settled figure lies in a range, with a constant score.
#[derive(Clone)]
pub(super) struct SettledRange {
    pub(super) settled: Arc<Settled>,
    pub(super) column: Column,
    pub(super) bounds: Bounds,
}

impl std::fmt::Debug for SettledRange {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SettledRange({}:{})", self.column.name(), self.bounds)
    }
}

impl Query for SettledRange {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for SettledRange {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut found = BitSet::with_max_value(reader.max_doc());
        if let Some(segment) = self.settled.of_id(reader.segment_id()) {
            for (doc, value) in (0..reader.max_doc()).zip(segment.column(self.column).each()) {
                // What is not known is in no range, not even in one without ends.
                if !value.is_nan() && self.bounds.contain(value) {
                    found.insert(doc);
                }
            }
        }
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(found), boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        if self.scorer(reader, 1.0)?.seek(doc) == doc {
            Ok(Explanation::new("the figure lies in the range", 1.0))
        } else {
            Err(TantivyError::InvalidArgument(format!("document {doc} has no such figure")))
        }
    }
}

/// The range in which a rule's comparison holds.
pub(super) fn bounds_of(comparison: Comparison, threshold: f64) -> Bounds {
    let (from, to) = match comparison {
        Comparison::Below => (Bound::Unbounded, Bound::Excluded(threshold)),
        Comparison::AtMost => (Bound::Unbounded, Bound::Included(threshold)),
        Comparison::Above => (Bound::Excluded(threshold), Bound::Unbounded),
        Comparison::AtLeast => (Bound::Included(threshold), Bound::Unbounded),
        // Further from 0 the neighbours of a number are farther away than that.
        Comparison::Equal if threshold.abs() >= 1.0 => {
            (Bound::Included(threshold), Bound::Included(threshold))
        }
        Comparison::Equal => {
            (Bound::Excluded(threshold - f64::EPSILON), Bound::Excluded(threshold + f64::EPSILON))
        }
    };
    Bounds { from, to }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_is_a_range() {
        let values = [-1.0, 0.0, 1e-17, 0.5, 1.0, 2.0, 27.0, 27.5];
        for comparison in
            [Comparison::Below, Comparison::AtMost, Comparison::Above, Comparison::AtLeast, Comparison::Equal]
        {
            for threshold in values {
                for value in values {
                    assert_eq!(
                        bounds_of(comparison, threshold).contain(value),
                        comparison.holds(value, threshold),
                        "{value} {} {threshold}",
                        comparison.sign()
                    );
                }
            }
        }
    }
}
