//! Documents that have any word that begins so.

use tantivy::query::{BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, DocId, DocSet, Score, SegmentReader, TantivyError};

/// All documents with a term of `field` that begins with `prefix`, with a constant score.
///
/// tantivy's own regular-expression query runs an automaton over the dictionary; a range of the
/// sorted dictionary is all a prefix needs, and this runs at every key press.
#[derive(Clone, Debug)]
pub(super) struct PrefixQuery {
    field: Field,
    /// Bytes before the prefix in the dictionary: the path of a JSON field.
    lead: Vec<u8>,
    prefix: String,
}

impl PrefixQuery {
    /// `lead` is what stands before each word in the dictionary: of a JSON field the path, else
    /// nothing.
    pub(super) fn new(field: Field, lead: &[u8], prefix: &str) -> Self {
        Self { field, lead: lead.to_owned(), prefix: prefix.to_owned() }
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
        let mut from = self.lead.clone();
        from.extend_from_slice(self.prefix.as_bytes());
        Ok(Box::new(PrefixWeight { field: self.field, to: after(from.clone()), from }))
    }
}

struct PrefixWeight {
    field: Field,
    from: Vec<u8>,
    to: Option<Vec<u8>>,
}

impl Weight for PrefixWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let index = reader.inverted_index(self.field)?;
        let mut range = index.terms().range().ge(&self.from);
        if let Some(to) = &self.to {
            range = range.lt(to);
        }
        let mut terms = range.into_stream()?;
        let mut found = BitSet::with_max_value(reader.max_doc());
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
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(found), boost)))
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
