//! Documents that have any word that begins so.

use std::fmt::{Debug, Formatter};
use std::sync::Arc;

use tantivy::query::{BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, DocId, DocSet, Score, SegmentReader, TantivyError};

use super::segments::BySegment;

/// All documents with a term of `field` that begins with `prefix`, with a constant score.
///
/// tantivy's own regular-expression query runs an automaton over the dictionary; a range of the
/// sorted dictionary is all a prefix needs, and this runs at every key press.
#[derive(Clone)]
pub(super) struct PrefixQuery {
    field: Field,
    from: Vec<u8>,
    to: Option<Vec<u8>>,
    /// What was found in each segment: hits are counted first, and ranked then.
    found: Arc<BySegment<BitSet>>,
}

impl PrefixQuery {
    /// `lead` is what stands before each word in the dictionary: of a JSON field the path, else
    /// nothing.
    pub(super) fn new(field: Field, lead: &[u8], prefix: &str) -> Self {
        let from = [lead, prefix.as_bytes()].concat();
        Self { field, to: after(from.clone()), from, found: Arc::default() }
    }

    fn find(&self, segment: &SegmentReader) -> tantivy::Result<BitSet> {
        let index = segment.inverted_index(self.field)?;
        let mut range = index.terms().range().ge(&self.from);
        if let Some(to) = &self.to {
            range = range.lt(to);
        }
        let mut terms = range.into_stream()?;
        let mut found = BitSet::with_max_value(segment.max_doc());
        while terms.advance() {
            let mut postings =
                index.read_block_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
            while !postings.docs().is_empty() {
                for &doc in postings.docs() {
                    found.insert(doc);
                }
                postings.advance();
            }
        }
        Ok(found)
    }
}

impl Debug for PrefixQuery {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        write!(out, "PrefixQuery({:?})", String::from_utf8_lossy(&self.from))
    }
}

/// The first byte string after all that begin with `prefix`; `None` where there is none.
fn after(mut prefix: Vec<u8>) -> Option<Vec<u8>> {
    while let Some(last) = prefix.pop() {
        if last < u8::MAX {
            prefix.push(last + 1);
            return Some(prefix);
        }
    }
    None
}

impl Query for PrefixQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for PrefixQuery {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let found = self.found.of(reader, |segment| self.find(segment))?;
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(BitSet::clone(&found)), boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        if self.scorer(reader, 1.0)?.seek(doc) == doc {
            Ok(Explanation::new("a word begins so", 1.0))
        } else {
            Err(TantivyError::InvalidArgument(format!("document {doc} has no such word")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::after;

    #[test]
    fn the_end_of_a_prefix() {
        for (prefix, end) in
            [(&b"ab"[..], Some(&b"ac"[..])), (b"a\xff", Some(b"b")), (b"\xff\xff", None), (b"", None)]
        {
            assert_eq!(after(prefix.to_vec()).as_deref(), end);
        }
    }
}
