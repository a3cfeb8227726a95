//! The words that say how objects stand to each other, in the order of the sentence.
//!
//! A trigger is a verb, a preposition or a noun of place after a preposition (`in front of`) that is
//! part of no object and no attribute. Triggers between two neighbouring objects form a group, and
//! what a relation is called is nearly always a part of one group.

use super::class::Class;
use super::labels::{ATTRIBUTE, HEAD, INNER, MORE, OUT, Span};
use super::table::join;
use super::words::{Role, Traits, Word, WordId, Words};

/// A sentence with its labels and the objects that they mark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marked<'a> {
    pub words: &'a Words<'a>,
    pub sentence: &'a [WordId],
    pub labels: &'a [u8],
    pub objects: &'a [Span],
    /// Whether it is a part of a longer text, where other things are said and said otherwise.
    pub prose: bool,
}

impl<'a> Marked<'a> {
    /// What the models see of the word at a place.
    #[inline]
    pub(super) fn traits(&self, at: usize) -> &'a Traits {
        self.words.traits(self.sentence[at])
    }

    /// The word at a place.
    #[inline]
    pub(super) fn word(&self, at: usize) -> &'a Word {
        self.words.of(self.sentence[at])
    }

    /// The last word of an object's name.
    #[inline]
    pub(super) fn head(&self, object: usize) -> &'a Traits {
        self.traits(self.objects[object].head())
    }
}

/// One trigger.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trigger {
    pub place: u16,
    pub is_verb: bool,
    /// Its form in a predicate, as a number.
    pub hash: u64,
}

/// What stands at a place of a sentence, as pairs of objects around it see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Landmark {
    /// [`Self::NAMED`], [`Self::QUALIFYING`], [`Self::VERB`], [`Self::PREPOSITION`], or a class.
    pub kind: u8,
    /// Signs and words that join or part, a bit each.
    pub joins: u8,
}

impl Landmark {
    /// The last word of an object's name.
    pub(super) const NAMED: u8 = 100;
    /// Another word of an object or attribute.
    pub(super) const QUALIFYING: u8 = 101;
    /// A trigger that is a verb.
    pub(super) const VERB: u8 = 102;
    /// Another trigger.
    pub(super) const PREPOSITION: u8 = 103;

    fn new(marked: Marked<'_>, at: usize, trigger: Option<Trigger>) -> Self {
        let class = marked.traits(at).class;
        let kind = match (marked.labels[at], trigger) {
            (HEAD, _) => Self::NAMED,
            (INNER | ATTRIBUTE | MORE, _) => Self::QUALIFYING,
            (_, Some(trigger)) if trigger.is_verb => Self::VERB,
            (_, Some(_)) => Self::PREPOSITION,
            _ => class.number() as u8,
        };
        let of_class = match class {
            _ if marked.labels[at] != OUT => 0,
            Class::CONJUNCTION => 1,
            Class::COMMA => 2,
            Class::RELATIVE => 8,
            Class::POSSESSIVE => 16,
            Class::PREPOSITION if &*marked.word(at).text == "of" => 32,
            Class::BE => 64,
            _ => 0,
        };
        Self { kind, joins: of_class | if kind == Self::VERB { 4 } else { 0 } }
    }
}

/// The triggers of a sentence by group.
#[derive(Clone, Debug, Default)]
pub(super) struct Triggers {
    pub all: Vec<Trigger>,
    /// One for each place of the sentence.
    pub landmarks: Vec<Landmark>,
    /// Where the group before each object begins; then the group after the last one, and the end.
    starts: Vec<u16>,
}

impl Triggers {
    /// Finds the triggers of a sentence.
    pub(super) fn find(&mut self, marked: Marked<'_>) {
        self.all.clear();
        self.starts.clear();
        self.landmarks.clear();
        self.landmarks.reserve(marked.sentence.len());
        self.starts.push(0);
        let mut objects = marked.objects.iter().peekable();
        for at in 0..marked.sentence.len() {
            if let Some(object) = objects.peek()
                && at >= usize::from(object.start)
            {
                if at == object.head() {
                    objects.next();
                    self.starts.push(self.all.len() as u16);
                }
                self.landmarks.push(Landmark::new(marked, at, None));
                continue;
            }
            let trigger = if marked.labels[at] == OUT { self.trigger(marked, at) } else { None };
            self.all.extend(trigger);
            self.landmarks.push(Landmark::new(marked, at, trigger));
        }
        self.starts.push(self.all.len() as u16);
    }

    fn trigger(&self, marked: Marked<'_>, at: usize) -> Option<Trigger> {
        let word = marked.traits(at);
        let is_verb = match word.role {
            Role::None => return None,
            Role::Verb => true,
            Role::Preposition => false,
            Role::Place if self.follows_preposition(marked, at) => false,
            Role::Place => return None,
            Role::PlaceVerb if self.follows_preposition(marked, at) => false,
            Role::PlaceVerb if at > 0 && marked.traits(at - 1).class == Class::DETERMINER => return None,
            Role::PlaceVerb => true,
        };
        Some(Trigger { place: at as u16, is_verb, hash: if is_verb { word.verb_hash } else { word.hash } })
    }

    /// Whether the trigger before `at`, with nothing but determiners between, is no verb.
    fn follows_preposition(&self, marked: Marked<'_>, at: usize) -> bool {
        let Some(last) = self.all.last() else { return false };
        let between = usize::from(last.place) + 1..at;
        !last.is_verb
            && between.len() <= 2
            && between.into_iter().all(|place| {
                matches!(marked.traits(place).class, Class::DETERMINER | Class::POSSESSOR)
                    && marked.labels[place] == OUT
            })
    }

    /// The group between object `object - 1` and `object`: a range of [`Self::all`].
    #[inline]
    pub(super) fn group(&self, object: usize) -> (u16, u16) {
        (self.starts[object], self.starts[object + 1])
    }

    /// A run of triggers as one number, which is that of the predicate they spell.
    #[inline]
    pub(super) fn hash(&self, first: u16, end: u16) -> u64 {
        self.all[usize::from(first)..usize::from(end)]
            .iter()
            .fold(0, |hash, trigger| step(hash, trigger.hash))
    }
}

/// Joins the next word of a predicate to the number of those before it.
#[inline]
pub(super) fn step(hash: u64, word: u64) -> u64 {
    join(7, hash, word)
}

/// The number of a predicate.
pub(super) fn hash_of_predicate(predicate: &str) -> u64 {
    predicate.split(' ').fold(0, |hash, word| step(hash, super::words::hash(word)))
}
