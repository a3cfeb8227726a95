//! Samples in a form that is quickly compared: their words and the keys of their facts as numbers.

use rustc_hash::FxHashMap;

use crate::measure::{Counts, Key, KeyKind, bits_of};
use crate::text;

use super::predicate::Predicate;

/// The number of something that there is none of.
pub(super) const NONE: u32 = u32::MAX;

/// Fewer samples than these say little of how rare a fact is: it is taken for as rare as among so many.
const FEWEST: u64 = 1_000;

/// What a word weighs that all samples have, in bits: a little, so that two samples of the same words are alike.
const COMMON: f64 = 0.1;

/// Stands before a concept among the words, which no word begins with.
const ABOVE: char = '\u{1}';

/// A sample by its numbers in a [`Vocabulary`], each sorted and each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Portrait {
    /// Its words, in dictionary form, and the concepts above what they name: `terrier` is a `dog` and an `animal` too.
    pub words: Vec<u32>,
    /// The keys of its facts.
    pub keys: Vec<u32>,
}

impl Portrait {
    /// The same, borrowed.
    pub fn view(&self) -> View<'_> {
        View { words: &self.words, keys: &self.keys }
    }
}

/// A borrowed [`Portrait`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View<'p> {
    /// Its words.
    pub words: &'p [u32],
    /// The keys of its facts.
    pub keys: &'p [u32],
}

/// What a key says, taken apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fact {
    pub(super) kind: KeyKind,
    pub(super) is_denied: bool,
    /// The thing of which it is said; for an object that itself.
    pub(super) subject: u32,
    /// For an attribute the number of its dimension, for a relation or act that of its predicate.
    pub(super) how: u32,
    /// For an attribute or count the value, for a relation the other end.
    pub(super) what: u32,
    /// Its information.
    pub(super) bits: f32,
}

/// A name of things or values.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) text: Box<str>,
    /// One number for all names of one meaning.
    pub(super) class: u32,
    /// The concept right above it; [`NONE`] where nobody knows it.
    pub(super) parent: u32,
}

/// The words, keys and names of a collection of samples.
///
/// Portraits of one vocabulary can be compared; [`Vocabulary::settle`] has to be called when all are in, since
/// weights follow from how many samples have a word or key.
#[derive(Debug, Default)]
pub struct Vocabulary {
    samples: u64,
    words: FxHashMap<Box<str>, u32>,
    /// For each word those of the concepts above what it names.
    above: Vec<Box<[u32]>>,
    /// For each word the samples that have it.
    word_counts: Vec<u32>,
    /// For each word its weight: log2((N + 1) / (df + 1)).
    pub(super) word_bits: Vec<f32>,
    keys: FxHashMap<Box<str>, u32>,
    key_texts: Vec<Box<str>>,
    key_counts: Vec<u32>,
    pub(super) facts: Vec<Fact>,
    numbers: FxHashMap<Box<str>, u32>,
    pub(super) names: Vec<Name>,
    predicates: FxHashMap<Box<str>, u32>,
    pub(super) hows: Vec<How>,
}

/// A dimension or a predicate.
#[derive(Clone, Debug)]
pub(super) struct How {
    pub(super) text: Box<str>,
    pub(super) predicate: Predicate,
}

impl Vocabulary {
    /// Takes in a sample: the texts of its captions, and the sorted keys of its facts.
    pub fn add<'t>(&mut self, captions: impl IntoIterator<Item = &'t str>, keys: &[String]) -> Portrait {
        self.samples += 1;
        let mut words = Vec::new();
        let mut scratch = String::new();
        for caption in captions {
            text::for_each_word(caption, &mut scratch, |_, folded| {
                let word = self.word(text::lemma(folded));
                words.push(word);
                words.extend_from_slice(self.above.get(word as usize).map_or(&[], |above| above));
            });
        }
        words.sort_unstable();
        words.dedup();
        for word in &words {
            if let Some(count) = self.word_counts.get_mut(*word as usize) {
                *count += 1;
            }
        }
        let mut keys: Vec<u32> = keys.iter().filter_map(|key| self.key(key)).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in &keys {
            if let Some(count) = self.key_counts.get_mut(*key as usize) {
                *count += 1;
            }
        }
        Portrait { words, keys }
    }

    fn word(&mut self, lemma: &str) -> u32 {
        if let Some(known) = self.words.get(lemma) {
            return *known;
        }
        let number = self.new_word(lemma);
        let above = text::path(lemma);
        let above = above.iter().rev().skip(1).map(|concept| {
            let name = format!("{ABOVE}{concept}");
            self.words.get(name.as_str()).copied().unwrap_or_else(|| self.new_word(&name))
        });
        let above: Box<[u32]> = above.collect();
        if let Some(seat) = self.above.get_mut(number as usize) {
            *seat = above;
        }
        number
    }

    fn new_word(&mut self, lemma: &str) -> u32 {
        let number = self.word_counts.len() as u32;
        self.words.insert(lemma.into(), number);
        self.word_counts.push(0);
        self.above.push(Box::default());
        number
    }

    fn key(&mut self, key: &str) -> Option<u32> {
        if let Some(known) = self.keys.get(key) {
            return Some(*known);
        }
        let parsed = Key::parse(key)?;
        let mut parts = parsed.parts();
        let mut next = || parts.next().unwrap_or_default();
        let (subject, how, what) = match parsed.kind {
            KeyKind::Attribute => (next(), next(), next()),
            KeyKind::Count => (next(), "", next()),
            KeyKind::Relation => (next(), next(), next()),
            KeyKind::Act => (next(), next(), ""),
            KeyKind::Object | KeyKind::Scene | KeyKind::Text | KeyKind::Entity => (next(), "", ""),
        };
        let fact = Fact {
            kind: parsed.kind,
            is_denied: parsed.is_denied,
            subject: self.name(subject),
            how: if how.is_empty() { NONE } else { self.how(how) },
            what: if what.is_empty() { NONE } else { self.name(what) },
            bits: 0.0,
        };
        let number = self.facts.len() as u32;
        self.keys.insert(key.into(), number);
        self.key_texts.push(key.into());
        self.key_counts.push(0);
        self.facts.push(fact);
        Some(number)
    }

    fn name(&mut self, name: &str) -> u32 {
        if let Some(known) = self.numbers.get(name) {
            return *known;
        }
        let spaced = name.replace('_', " ");
        // `sofa` and `couch` are one class: that of the first of all words for the same.
        let first =
            text::synonyms(&spaced).first().copied().filter(|other| *other < &*spaced).map(str::to_owned);
        let parent = text::path(&spaced).iter().rev().nth(1).cloned();
        let number = self.names.len() as u32;
        self.numbers.insert(name.into(), number);
        self.names.push(Name { text: spaced.as_str().into(), class: number, parent: NONE });
        let class = first.map(|first| self.bare_name(&first));
        let parent = parent.map(|parent| self.bare_name(&parent));
        if let Some(entry) = self.names.get_mut(number as usize) {
            entry.class = class.unwrap_or(number);
            entry.parent = parent.unwrap_or(NONE);
        }
        number
    }

    /// A name that nobody needs the class or the concept of.
    fn bare_name(&mut self, spaced: &str) -> u32 {
        let name = spaced.replace(' ', "_");
        if let Some(known) = self.numbers.get(name.as_str()) {
            return self.names.get(*known as usize).map_or(*known, |name| name.class);
        }
        let number = self.names.len() as u32;
        let path = text::path(spaced);
        self.numbers.insert(name.into(), number);
        self.names.push(Name { text: spaced.into(), class: number, parent: NONE });
        if let Some(parent) = path.iter().rev().nth(1) {
            let parent = self.bare_name(parent);
            if let Some(entry) = self.names.get_mut(number as usize) {
                entry.parent = parent;
            }
        }
        number
    }

    fn how(&mut self, how: &str) -> u32 {
        if let Some(known) = self.predicates.get(how) {
            return *known;
        }
        let number = self.hows.len() as u32;
        self.predicates.insert(how.into(), number);
        let spaced = how.replace('_', " ");
        self.hows.push(How { predicate: Predicate::of(&spaced), text: spaced.into() });
        number
    }

    /// Works out the weights of words and keys: of how many samples have each here, or in a larger collection where
    /// that is known.
    pub fn settle(&mut self, counts: Option<&dyn Counts>) {
        let samples = self.samples;
        let least = samples.max(FEWEST);
        self.word_bits = self
            .word_counts
            .iter()
            .map(|count| (bits_of(u64::from(*count), samples) + COMMON) as f32)
            .collect();
        for ((fact, count), key) in self.facts.iter_mut().zip(&self.key_counts).zip(&self.key_texts) {
            fact.bits = match counts {
                Some(counts) => bits_of(counts.of_key(key), counts.samples()),
                None => bits_of(u64::from(*count), least),
            } as f32;
        }
    }

    /// Samples that were taken in.
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// The text of a key.
    pub fn key_text(&self, key: u32) -> &str {
        self.key_texts.get(key as usize).map_or("", |key| key)
    }

    pub(super) fn fact(&self, key: u32) -> Option<&Fact> {
        self.facts.get(key as usize)
    }

    /// The name as it is shown.
    pub(super) fn shown(&self, name: u32) -> &str {
        self.names.get(name as usize).map_or("", |name| &name.text)
    }

    pub(super) fn class(&self, name: u32) -> u32 {
        self.names.get(name as usize).map_or(NONE, |name| name.class)
    }

    pub(super) fn parent(&self, name: u32) -> u32 {
        self.names.get(name as usize).map_or(NONE, |name| name.parent)
    }

    pub(super) fn predicate(&self, how: u32) -> Predicate {
        self.hows.get(how as usize).map_or(Predicate::default(), |how| how.predicate)
    }

    pub(super) fn how_text(&self, how: u32) -> &str {
        self.hows.get(how as usize).map_or("", |how| &how.text)
    }

    /// How many keys there are.
    pub(super) fn keys(&self) -> usize {
        self.facts.len()
    }

    /// How many words there are.
    pub(super) fn words(&self) -> usize {
        self.word_counts.len()
    }
}
