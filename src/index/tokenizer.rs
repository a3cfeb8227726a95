//! Feeds tantivy with our words: each word as it is folded, and its lemma at the same position.
//!
//! Both are needed: the lemma so that `dogs` finds `dog`, the folded word so that a prefix typed
//! halfway (`surfi`) finds `surfing`, whose lemma is `surf`.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::text::{self, Lemmatiser};

/// The name under which the tokenizer is registered with an index.
pub(super) const NAME: &str = "capscope_words";

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
