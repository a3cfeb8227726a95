//! Samples that somebody has marked: prints of ids, and the documents that they are of.
//!
//! Marks are kept by prints of ids, since documents change their numbers with every index. They are a column; for each
//! segment they are put in order when somebody first asks, and kept as twelve bytes a sample; to find a million marked
//! samples is then to go through two sorted lists.

use std::sync::Arc;

use tantivy::{BitSet, DocId, SegmentReader};

use super::chosen::Choice;
use super::schema::MARK;
use super::segments::BySegment;
use crate::workspace::Prints;

/// Of so many times as many documents as marked ones each mark is looked for by itself.
const FEW: usize = 16;

/// Prints of the segments that were asked for.
#[derive(Debug, Default)]
pub(super) struct IdPrints(BySegment<SegmentPrints>);

/// The prints of one segment's ids in order, and the document of each.
#[derive(Debug, Default)]
pub(super) struct SegmentPrints {
    prints: Vec<u64>,
    docs: Vec<DocId>,
}

impl SegmentPrints {
    /// The prints of some documents, in order.
    pub(super) fn of(&self, docs: &BitSet) -> impl Iterator<Item = u64> {
        self.each().filter(|(_, doc)| docs.contains(*doc)).map(|(print, _)| print)
    }

    /// All prints in order, each with its document.
    pub(super) fn each(&self) -> impl Iterator<Item = (u64, DocId)> {
        self.prints.iter().copied().zip(self.docs.iter().copied())
    }

    fn find(&self, marked: &[u64], found: &mut BitSet) {
        if marked.len() * FEW < self.prints.len() {
            for print in marked {
                let first = self.prints.partition_point(|other| other < print);
                let same =
                    self.prints.iter().zip(&self.docs).skip(first).take_while(|(other, _)| *other == print);
                for (_, doc) in same {
                    found.insert(*doc);
                }
            }
            return;
        }
        let mut marked = marked.iter().peekable();
        for (print, doc) in self.prints.iter().zip(&self.docs) {
            while marked.next_if(|other| *other < print).is_some() {}
            if marked.peek() == Some(&print) {
                found.insert(*doc);
            }
        }
    }
}

impl IdPrints {
    /// Those of a segment, put in order now where they are not known.
    pub(super) fn of(&self, segment: &SegmentReader) -> tantivy::Result<Arc<SegmentPrints>> {
        self.0.of(segment, in_order)
    }
}

fn in_order(segment: &SegmentReader) -> tantivy::Result<SegmentPrints> {
    let column = segment.fast_fields().u64(MARK)?;
    let mut found: Vec<(u64, DocId)> =
        (0..segment.max_doc()).filter_map(|doc| Some((column.first(doc)?, doc))).collect();
    found.sort_unstable();
    Ok(SegmentPrints {
        prints: found.iter().map(|(print, _)| *print).collect(),
        docs: found.iter().map(|(_, doc)| *doc).collect(),
    })
}

/// All documents of marked samples.
#[derive(Clone)]
pub(super) struct OfMarked {
    marked: Arc<Prints>,
    known: Arc<IdPrints>,
}

impl OfMarked {
    pub(super) fn new(marked: Prints, known: &Arc<IdPrints>) -> Self {
        Self { marked: Arc::new(marked), known: Arc::clone(known) }
    }
}

impl std::fmt::Debug for OfMarked {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "OfMarked({})", self.marked.len())
    }
}

impl Choice for OfMarked {
    fn choose(&self, segment: &SegmentReader, found: &mut BitSet) -> tantivy::Result<()> {
        if !self.marked.is_empty() {
            self.known.of(segment)?.find(self.marked.as_slice(), found);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::print_of;

    #[test]
    fn few_and_many_marks_find_the_same() {
        let ids: Vec<u64> = (0..1_000).map(|number| print_of(&number.to_string())).collect();
        let mut all: Vec<(u64, DocId)> = ids.iter().zip(0..).map(|(print, doc)| (*print, doc)).collect();
        // An id that two samples have.
        all.push((ids[5], 1_000));
        all.sort_unstable();
        let known = SegmentPrints {
            prints: all.iter().map(|(print, _)| *print).collect(),
            docs: all.iter().map(|(_, doc)| *doc).collect(),
        };
        for marked in [&ids[..3], &ids[5..6], &ids[4..900]] {
            let prints: Prints = marked.iter().copied().chain([7]).collect();
            let mut found = BitSet::with_max_value(1_001);
            known.find(prints.as_slice(), &mut found);
            let expected = marked.len() + usize::from(marked.contains(&ids[5]));
            assert_eq!(found.len(), expected);
            let back: Prints = known.of(&found).collect();
            assert_eq!(back, marked.iter().copied().collect());
        }
    }
}
