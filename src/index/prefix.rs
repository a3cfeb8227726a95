//! Documents that have any word that begins so.

use std::fmt::{Debug, Formatter};

use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, SegmentReader};

use super::chosen::Choice;

/// All documents with a term of a field that begins so.
///
/// tantivy's own regular-expression query runs an automaton over the dictionary; a range of the
/// sorted dictionary is all a prefix needs, and this runs at every key press.
#[derive(Clone)]
pub(super) struct Prefixed {
    field: Field,
    from: Vec<u8>,
    to: Option<Vec<u8>>,
}

impl Prefixed {
    /// `lead` is what stands before each word in the dictionary: of a JSON field the path, else
    /// nothing.
    pub(super) fn new(field: Field, lead: &[u8], prefix: &str) -> Self {
        let from = [lead, prefix.as_bytes()].concat();
        Self { field, to: after(from.clone()), from }
    }
}

impl Debug for Prefixed {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        write!(out, "Prefixed({:?})", String::from_utf8_lossy(&self.from))
    }
}

impl Choice for Prefixed {
    fn choose(&self, segment: &SegmentReader, found: &mut BitSet) -> tantivy::Result<()> {
        let index = segment.inverted_index(self.field)?;
        let mut range = index.terms().range().ge(&self.from);
        if let Some(to) = &self.to {
            range = range.lt(to);
        }
        let mut terms = range.into_stream()?;
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
        Ok(())
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
