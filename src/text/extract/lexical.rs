//! What the training learned of single words: the forms that annotators choose in predicates, other
//! names of objects, the vocabulary of captions.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::text::Lexicon;

use super::pack::{PackError, Reader, put_number, put_text};

/// Shortest word whose spelling is mended.
const MIN_MENDED: usize = 5;

/// Lists of words.
#[derive(Debug, Default, Clone)]
pub(super) struct Lexical {
    /// Forms in predicates, where they are not what the rules of [`super::words`] give.
    pub predicates: FxHashMap<Box<str>, Box<str>>,
    /// Names of objects that annotators replace: `guy` is `person`.
    pub renamed: FxHashMap<Box<str>, Box<str>>,
    /// Attributes that annotators replace: `wood` is `wooden`.
    pub requalified: FxHashMap<Box<str>, Box<str>>,
    /// Words of captions, the frequent ones first.
    pub vocabulary: Vec<Box<str>>,
    known: FxHashSet<Box<str>>,
    /// Words that are no part of an object or attribute in prose, wherever they stand: about half of
    /// the words of a text.
    pub outside: FxHashSet<Box<str>>,
}

impl Lexical {
    pub(super) fn predicate(&self, word: &str) -> Option<&str> {
        self.predicates.get(word).map(|form| &**form)
    }

    /// The name of an object that stands in the text as `name`.
    pub(super) fn renamed(&self, name: &str) -> Option<&str> {
        self.renamed.get(name).map(|other| &**other)
    }

    /// The name of an attribute that stands in the text as `name`.
    pub(super) fn requalified(&self, name: &str) -> Option<&str> {
        self.requalified.get(name).map(|other| &**other)
    }

    /// Takes the words of captions, the frequent ones first.
    pub(super) fn set_vocabulary(&mut self, vocabulary: Vec<Box<str>>) {
        self.known = vocabulary.iter().cloned().collect();
        self.vocabulary = vocabulary;
    }

    /// The word itself, or where neither captions nor the lexicon know it, the most frequent word of
    /// captions that is one slip of the keyboard away.
    pub(super) fn mended<'w>(&'w self, word: &'w str) -> &'w str {
        if word.len() < MIN_MENDED
            || word.len() > 20
            || !word.bytes().all(|byte| byte.is_ascii_lowercase())
            || self.known.contains(word)
            || is_listed(word)
        {
            return word;
        }
        self.vocabulary
            .iter()
            .find(|known| is_slip(word.as_bytes(), known.as_bytes()))
            .map_or(word, |known| known)
    }

    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        for map in [&self.predicates, &self.renamed, &self.requalified] {
            let mut lines: Vec<_> = map.iter().collect();
            lines.sort();
            put_number(lines.len() as u64, out);
            for (word, other) in lines {
                put_text(word, out);
                put_text(other, out);
            }
        }
        let mut outside: Vec<_> = self.outside.iter().collect();
        outside.sort();
        for words in [self.vocabulary.iter().collect(), outside] {
            put_number(words.len() as u64, out);
            for word in words {
                put_text(word, out);
            }
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PackError> {
        let mut lexical = Self::default();
        for map in [&mut lexical.predicates, &mut lexical.renamed, &mut lexical.requalified] {
            for _ in 0..reader.number()? {
                let word = reader.text()?.into();
                map.insert(word, reader.text()?.into());
            }
        }
        let mut vocabulary = Vec::new();
        for _ in 0..reader.number()? {
            vocabulary.push(reader.text()?.into());
        }
        lexical.set_vocabulary(vocabulary);
        for _ in 0..reader.number()? {
            lexical.outside.insert(reader.text()?.into());
        }
        Ok(lexical)
    }
}

/// Whether the lexicon has the word or the word of which it is a regular form.
fn is_listed(word: &str) -> bool {
    let lexicon = Lexicon::english();
    let lemma = crate::text::lemma(word);
    lexicon.find(word.as_bytes()).is_some() || lexicon.find(lemma.as_bytes()).is_some()
}

/// Whether one letter is wrong, missing or too many, or two neighbours are swapped; the first letter
/// is hardly ever the wrong one.
fn is_slip(word: &[u8], known: &[u8]) -> bool {
    if word.first() != known.first() || word.len().abs_diff(known.len()) > 1 {
        return false;
    }
    let same = word.iter().zip(known).take_while(|(a, b)| a == b).count();
    let (rest, known) = (&word[same..], &known[same..]);
    match (rest, known) {
        ([a, b, rest @ ..], [c, d, known @ ..]) if a == d && b == c => rest == known,
        _ if rest.len() == known.len() => rest.get(1..) == known.get(1..),
        _ if rest.len() > known.len() => &rest[1..] == known,
        _ => rest == &known[1..],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_keyboard_are_mended() {
        let mut lexical = Lexical::default();
        lexical.set_vocabulary(["acoustic", "frisbee", "walking"].map(Into::into).to_vec());
        let table = [
            ("accoustic", "acoustic"),
            ("walkign", "walking"),
            ("wawlking", "walking"),
            ("walkin", "walking"),
            ("frisbee", "frisbee"),
            ("talking", "talking"),
            ("frsb", "frsb"),
        ];
        for (given, expected) in table {
            assert_eq!(lexical.mended(given), expected);
        }
        lexical.outside.insert("the".into());
        let mut bytes = Vec::new();
        lexical.pack(&mut bytes);
        let again = Lexical::read(&mut Reader::new(&bytes)).unwrap();
        assert_eq!((again.vocabulary, again.outside), (lexical.vocabulary, lexical.outside));
    }
}
