//! What is being typed at the cursor, so that the index can tell how it may go on.

use std::ops::Range;

use super::Field;
use super::field::named;

/// What is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Byte range in the query's text that a suggestion replaces.
    pub span: Range<usize>,
    /// What it is.
    pub kind: CompletionKind,
}

/// What is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// The name of a field, which begins so.
    FieldName(String),
    /// A value of a field.
    Value {
        /// The field.
        field: Field,
        /// How the value begins, folded for fields of words.
        prefix: String,
    },
    /// A word of a caption, or the name of a field.
    Word(String),
}

/// What is being typed at this byte of the text; `None` inside of quotes and where nothing can be
/// suggested.
pub fn complete(text: &str, cursor: usize) -> Option<Completion> {
    let before = text.get(..cursor)?;
    if before.matches('"').count() % 2 == 1 {
        return None;
    }
    let borders =
        |letter: char| letter.is_whitespace() || matches!(letter, '(' | ')' | '"' | '{' | '}' | ',');
    let start = before.rfind(borders).map_or(0, |place| place + before.get(place..).map_or(1, first_length));
    let typed = before.get(start..)?;
    let bare = typed.trim_start_matches(['-', '~']);
    let start = start + (typed.len() - bare.len());
    if let Some((name, value)) = bare.split_once(':') {
        let field = named(name)?;
        let prefix = if field.is_whole() { value.to_owned() } else { value.to_lowercase() };
        let span = start + name.len() + 1..cursor;
        return Some(Completion { span, kind: CompletionKind::Value { field, prefix } });
    }
    let span = start..cursor;
    let kind = if bare.starts_with("meta.") {
        CompletionKind::FieldName(bare.to_owned())
    } else {
        CompletionKind::Word(bare.to_lowercase())
    };
    Some(Completion { span, kind })
}

/// Bytes of the first character.
fn first_length(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_at_the_cursor() {
        let word = |prefix: &str| CompletionKind::Word(prefix.into());
        let value = |field, prefix: &str| CompletionKind::Value { field, prefix: prefix.into() };
        for (text, cursor, span, kind) in [
            ("", 0, 0..0, word("")),
            ("Do", 2, 0..2, word("do")),
            ("hot do", 6, 4..6, word("do")),
            ("hot do", 2, 0..2, word("ho")),
            ("-obj", 4, 1..4, word("obj")),
            ("(split:tr", 9, 7..9, value(Field::Split, "tr")),
            ("object:Do", 9, 7..9, value(Field::Object, "do")),
            ("meta.sim", 8, 0..8, CompletionKind::FieldName("meta.sim".into())),
        ] {
            assert_eq!(complete(text, cursor), Some(Completion { span, kind }), "{text} at {cursor}");
        }
        assert_eq!(complete("\"hot do", 7), None);
        assert_eq!(complete("nothing:x", 9), None);
        assert_eq!(complete("é", 1), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,30}", cursor in 0_usize..40) {
            if let Some(completion) = complete(&text, cursor) {
                proptest::prop_assert!(text.get(completion.span).is_some());
            }
        }
    }
}
