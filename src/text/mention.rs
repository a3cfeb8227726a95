//! The things that a text mentions, as terms for an index, and which terms a concept asks for.
//!
//! Whether a unit of a text is a kind of a concept depends on its key, on whether only its color or
//! material is meant or an animal's kin, and for some words on their form (`glasses`, `woods`).
//! A term holds just these, so that a text is cut into units once, when it is indexed, and any
//! concept can be asked for afterwards.

use super::concept::Concept;
use super::net::Net;
use super::phrase::{Memory, Unit, resolve, units_with};
use super::tree::Tree;
use super::word::for_each_word;

/// Before the word of a term that stands in a form with a reading of its own.
const FORM: char = '=';
/// Before the key of a term of which only the color or material is meant.
const ATTRIBUTE: char = '~';
/// Before the key of a term that is kin of an animal.
const KIN: char = '^';
/// Longest term, in bytes.
const LONGEST: usize = 200;

/// Words of grammar that WordNet has as nouns too, `be` for the metal and `two` for the digit. They
/// stand in every caption, and nobody asks for them as things.
const GRAMMAR: [&str; 34] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "down", "eight", "five", "four", "have",
    "he", "i", "in", "it", "nine", "no", "on", "one", "or", "other", "seven", "six", "some", "ten", "three",
    "two", "up", "us", "who",
];

/// The terms of all things that a text mentions, each once, in byte order. A verb or a word that
/// names nothing has no term.
pub fn mention_terms(text: &str) -> Vec<String> {
    Mentions::with(Memory::default()).terms(text)
}

/// Finds the terms of many texts; remembers what it found out of words.
#[derive(Debug)]
pub struct Mentions {
    memory: Memory,
    /// Room for the words of a text, one behind the other.
    letters: String,
    ends: Vec<usize>,
    scratch: String,
}

impl Default for Mentions {
    fn default() -> Self {
        Self::with(Memory::lasting())
    }
}

impl Mentions {
    fn with(memory: Memory) -> Self {
        Self { memory, letters: String::new(), ends: Vec::new(), scratch: String::new() }
    }

    /// As [`mention_terms`].
    pub fn terms(&mut self, text: &str) -> Vec<String> {
        let Self { memory, letters, ends, scratch } = self;
        letters.clear();
        ends.clear();
        for_each_word(text, scratch, |_, folded| {
            letters.push_str(folded);
            ends.push(letters.len());
        });
        let mut start = 0;
        let word = |end: &usize| letters.get(std::mem::replace(&mut start, *end)..*end).unwrap_or_default();
        let folded: Vec<&str> = ends.iter().map(word).collect();
        let units = units_with(memory, &folded);
        let mut terms: Vec<String> = units.iter().filter_map(|unit| term(memory, unit, &folded)).collect();
        terms.sort_unstable();
        terms.dedup();
        terms
    }
}

fn term(memory: &mut Memory, unit: &Unit, folded: &[&str]) -> Option<String> {
    let tree = Tree::everyday();
    if let [word] = folded.get(unit.words.clone())?
        && tree.form(word).is_some()
    {
        return Some(format!("{FORM}{word}"));
    }
    let is_thing =
        || !GRAMMAR.contains(&unit.key.as_str()) && resolve(&unit.key, tree, Net::english()).is_some();
    let names_nothing = unit.is_verb_form || unit.key.is_empty() || unit.key.len() > LONGEST;
    if names_nothing || !memory.is_thing(&unit.key, is_thing) {
        return None;
    }
    let sign = if unit.is_attribute {
        Some(ATTRIBUTE)
    } else if unit.is_animal {
        Some(KIN)
    } else {
        None
    };
    Some(sign.into_iter().chain(unit.key.chars()).collect())
}

impl Concept {
    /// Whether what a term of [`mention_terms`] stands for is a kind of this.
    pub fn holds_term(&self, term: &str) -> bool {
        if let Some(word) = term.strip_prefix(FORM) {
            return self.holds_form(word, Tree::everyday()).unwrap_or_default();
        }
        let (attribute, kin) = (term.strip_prefix(ATTRIBUTE), term.strip_prefix(KIN));
        let unit = Unit {
            words: 0..0,
            key: attribute.or(kin).unwrap_or(term).to_owned(),
            is_verb_form: false,
            is_attribute: attribute.is_some(),
            is_animal: kin.is_some(),
        };
        self.is_meant(&unit, &[])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::{concept, words};

    #[test]
    fn terms_of_captions() {
        let table = [
            ("", ""),
            ("A man is running.", "man"),
            ("A hot dog, two dogs, an orange plate", "dog|hot dog|plate|~orange"),
            ("a woman wearing glasses and two mice", "=mice|eyeglass|woman"),
        ];
        for (text, expected) in table {
            assert_eq!(mention_terms(text).join("|"), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_term_says_what_the_text_says(
            text in "(a |the |two |red |orange |toy |hot |dog |dogs |house |bus |bat |glass |glasses |woods |plate |watching |baseball |player |mother |baby |elephant ){0,8}",
            name in prop::sample::select(vec!["vehicle", "animal", "food", "dog", "color", "eyewear", "person", "building"]),
        ) {
            let Some(concept) = concept(name) else { return Ok(()) };
            let words = words(&text);
            let folded: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
            let by_terms = mention_terms(&text).iter().any(|term| concept.holds_term(term));
            prop_assert_eq!(by_terms, !concept.mentions(&folded).is_empty());
        }

        #[test]
        fn any_text_has_terms(text in any::<String>()) {
            mention_terms(&text);
        }
    }
}
