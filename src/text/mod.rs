//! Here is a text; which words are in it, and which dictionary form has each?

mod concept;
mod dimension;
pub mod extract;
mod fold;
mod lemma;
mod lexicon;
mod mention;
mod net;
mod phrase;
mod sense;
mod tree;
mod word;

pub use concept::{Concept, concept, everyday_concepts, path, roots};
pub use dimension::{Dimension, dimension, excludes, excludes_as, values_of};
pub use lemma::{Lemmatiser, lemma};
pub use lexicon::{Lexicon, LexiconError, Parts, pack};
pub use mention::{Mentions, mention_terms};
pub use net::{NetKey, NetSynset, pack_net};
pub use phrase::{Unit, compound_at, is_noun, units};
pub use sense::{Supersense, is_abstract, same, senses_of, supersense, synonyms};
pub use word::{Word, count_words, for_each_word, words};
