//! Here is a text; which words are in it, and which dictionary form has each?

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Byte range in the text, on character borders.
    pub span: std::ops::Range<usize>,
    /// The word folded for matching: lower case, accents and possessive `'s` dropped.
    pub folded: String,
}

/// The words of a text, in order.
pub fn words(text: &str) -> Vec<Word> {
    let _ = text;
    Vec::new()
}

/// The dictionary form of a folded word: `dogs` gives `dog`. Idempotent.
pub fn lemma(folded: &str) -> &str {
    folded
}
