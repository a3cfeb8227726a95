//! Documents whose figure lies in a range.
//!
//! Figures lie in files of our own, one document after the other, so that a million of them take about a
//! millisecond.

use std::ops::Bound;
use std::sync::Arc;

use tantivy::{BitSet, DocId, SegmentReader};

use super::chosen::Choice;
use super::facts::Facts;
use super::settled::Settled;
use crate::measure::{Column, Comparison};
use crate::query::Bounds;

/// All documents whose figure lies in a range, for figures that a sample has by itself.
#[derive(Clone)]
pub(super) struct OwnRange {
    pub(super) facts: Arc<Facts>,
    pub(super) column: Column,
    pub(super) bounds: Bounds,
}

impl std::fmt::Debug for OwnRange {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "OwnRange({}:{})", self.column.name(), self.bounds)
    }
}

impl Choice for OwnRange {
    fn choose(&self, segment: &SegmentReader, found: &mut BitSet) -> tantivy::Result<()> {
        if let Some(figures) = self.facts.figures_of(segment.segment_id()) {
            let column = figures.column(self.column);
            choose(&self.bounds, (0..segment.max_doc()).map(|doc| (doc, column.get(doc))), found);
        }
        Ok(())
    }
}

/// What is not known is in no range, not even in one without ends.
fn choose(bounds: &Bounds, figures: impl Iterator<Item = (DocId, f64)>, found: &mut BitSet) {
    for (doc, _) in figures.filter(|(_, figure)| !figure.is_nan() && bounds.contain(*figure)) {
        found.insert(doc);
    }
}

/// All documents whose settled figure lies in a range.
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

impl Choice for SettledRange {
    fn choose(&self, segment: &SegmentReader, found: &mut BitSet) -> tantivy::Result<()> {
        if let Some(settled) = self.settled.of_id(segment.segment_id()) {
            choose(&self.bounds, (0..segment.max_doc()).zip(settled.column(self.column).each()), found);
        }
        Ok(())
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
