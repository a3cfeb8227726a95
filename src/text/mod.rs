//! Here is a text; which words are in it, and which dictionary form has each?

pub mod extract;
mod fold;
mod lemma;
mod lexicon;
mod word;

pub use lemma::{Lemmatiser, lemma};
pub use lexicon::{Lexicon, LexiconError, Parts, pack};
pub use word::{Word, count_words, for_each_word, words};
