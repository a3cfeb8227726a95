//! Why a text is no query, and where.

use std::ops::Range;

/// Why a text is no query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {message}")]
pub struct QueryError {
    /// Byte range in the text; empty where the text ends too early.
    pub span: Range<usize>,
    /// Where it begins, in characters, from 1.
    pub column: usize,
    /// What is wrong and what was expected, in one line.
    pub message: String,
}

impl QueryError {
    pub(super) fn new(text: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { column: column(text, span.start), span, message: message.into() }
    }
}

/// The column of a byte in a text, in characters, from 1.
pub fn column(text: &str, byte: usize) -> usize {
    text.char_indices().take_while(|(place, _)| *place < byte).count() + 1
}
