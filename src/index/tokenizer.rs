//! Feeds tantivy with our terms. Lists of terms come as one text, since each text costs the engine more than a term does.
//! Texts come as our words: each word as it is folded, and its lemma at the same position.
//!
//! Both are needed: the lemma so that `dogs` finds `dog`, the folded word so that a prefix typed
//! halfway (`surfi`) finds `surfing`, whose lemma is `surf`.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::query::{BESIDE, NEXT};
use crate::text::{self, Lemmatiser};

/// The name under which the tokenizer is registered with an index.
pub(super) const NAME: &str = "capscope_words";

/// The name of what cuts lists of terms.
pub(super) const LIST: &str = "capscope_list";

/// A tokenizer with a cache of lemmas of its own.
#[derive(Clone, Default)]
pub(super) struct Lemmas {
    lemmatiser: Lemmatiser,
    scratch: String,
    tokens: Vec<Token>,
}

impl Tokenizer for Lemmas {
    type TokenStream<'a> = LemmaStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> LemmaStream<'a> {
        let Self { lemmatiser, scratch, tokens } = self;
        let mut filled = 0;
        let mut position = 0;
        let mut put = |word: &str, span: &std::ops::Range<usize>, position: usize| {
            if filled == tokens.len() {
                tokens.push(Token::default());
            }
            let token = &mut tokens[filled];
            token.text.clear();
            token.text.push_str(word);
            token.offset_from = span.start;
            token.offset_to = span.end;
            token.position = position;
            filled += 1;
        };
        text::for_each_word(text, scratch, |span, folded| {
            put(folded, &span, position);
            let lemma = lemmatiser.lemma(folded);
            if lemma != folded {
                put(lemma, &span, position);
            }
            position += 1;
        });
        LemmaStream { tokens: &mut tokens[..filled], next: 0 }
    }
}

/// The tokens of one text.
pub(super) struct LemmaStream<'a> {
    tokens: &'a mut [Token],
    next: usize,
}

impl TokenStream for LemmaStream<'_> {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.tokens.len()
    }

    fn token(&self) -> &Token {
        &self.tokens[self.next.saturating_sub(1)]
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.next.saturating_sub(1)]
    }
}

/// Cuts a list of terms: [`NEXT`] stands between two positions, [`BESIDE`] between terms of one position.
#[derive(Clone, Default)]
pub(super) struct Listed(Token);

impl Tokenizer for Listed {
    type TokenStream<'a> = ListedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> ListedStream<'a> {
        self.0.reset();
        self.0.position = 0;
        ListedStream { token: &mut self.0, rest: Some(text), before: None }
    }
}

/// The terms of one list.
pub(super) struct ListedStream<'a> {
    token: &'a mut Token,
    /// What comes after the last term, and the sign that stands before it.
    rest: Option<&'a str>,
    before: Option<char>,
}

impl TokenStream for ListedStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(rest) = self.rest else { return false };
        let (term, after) = match rest.split_once([NEXT, BESIDE]) {
            Some((term, after)) => (term, Some(after)),
            None => (rest, None),
        };
        if self.before == Some(NEXT) {
            self.token.position += 1;
        }
        self.before = rest.get(term.len()..).and_then(|rest| rest.chars().next());
        self.rest = after;
        self.token.text.clear();
        self.token.text.push_str(term);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_cut_into_terms_with_positions() {
        let table: [(&str, &[(&str, usize)]); 4] = [
            ("one", &[("one", 0)]),
            ("one\u{1}two three", &[("one", 0), ("two three", 1)]),
            (
                "a\u{2}b\u{1}c\u{2}d\u{2}e\u{1}f",
                &[("a", 0), ("b", 0), ("c", 1), ("d", 1), ("e", 1), ("f", 2)],
            ),
            ("\u{1}\u{2}", &[("", 0), ("", 1), ("", 1)]),
        ];
        let mut tokenizer = Listed::default();
        for (list, expected) in table {
            let mut found = Vec::new();
            tokenizer
                .token_stream(list)
                .process(&mut |token| found.push((token.text.clone(), token.position)));
            let found: Vec<(&str, usize)> =
                found.iter().map(|(term, position)| (term.as_str(), *position)).collect();
            assert_eq!(found, expected);
        }
    }
}
