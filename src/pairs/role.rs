//! What each word of a caption is in what the caption says.

use std::ops::Range;

use crate::model::{Descriptor, Facet};
use crate::text::{self, Lexicon, Parts};

/// What a word does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// It says nothing by itself: articles, pronouns, forms of `be`.
    Function,
    /// It names a thing, as the head of its name: `meter` of `parking meter`.
    Object,
    /// It belongs to the name of a thing, before its head: `parking`.
    Modifier,
    /// It says what a thing is like.
    Attribute,
    /// It says how many there are.
    Count,
    /// It says what somebody does.
    Verb,
    /// It says where something is.
    Preposition,
    /// It is written in the picture.
    Text,
    /// Anything else: adverbs, words that nobody knows.
    Other,
}

impl Role {
    /// Whether it says something that can change.
    pub fn is_content(self) -> bool {
        self != Self::Function
    }

    /// Whether it says what something does or where it is.
    pub fn is_relation(self) -> bool {
        matches!(self, Self::Verb | Self::Preposition)
    }

    /// Whether it says something of a thing, and does not name it.
    pub fn is_property(self) -> bool {
        matches!(self, Self::Modifier | Self::Attribute | Self::Count | Self::Other)
    }
}

/// A word of a caption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its bytes in the caption.
    pub span: Range<usize>,
    /// Its dictionary form; numbers as digits.
    pub lemma: String,
    /// What it does.
    pub role: Role,
    /// Whether only a space or hyphen stands before the next word.
    pub is_close: bool,
    /// Whether it ends as participles do.
    is_participle: bool,
}

impl Word {
    /// Whether it denies what it stands by.
    pub fn denies(&self) -> bool {
        matches!(self.lemma.as_str(), "no" | "not" | "without" | "never" | "none" | "neither" | "t")
    }
}

/// Words that say nothing by themselves.
const FUNCTION: &str = "a an the this that these those some any his her its their my your our he she it they we you i \
    him them who which what whose and or but nor as so then there here be is are was were been being am do does did \
    has have had having can could will would may might must should not no with of to for while when where that just \
    very also too other another each every both all one something someone somebody anything everything stuff it \
    himself herself itself themselves such own s t";

/// Words that stand for things without naming one.
const VAGUE: &str = "something someone somebody anything anybody everything stuff thing one other another";

/// Measures and groups before `of`: they say how many, and name nothing.
const MEASURES: &str = "group bunch lot number couple pair piece slice set stack pile row herd flock bowl crowd variety \
    assortment collection cluster team line plate cup glass bottle body type kind sort part";

fn is_of(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|listed| listed == word)
}

/// The words of a caption with what they do, as its descriptors tell; what they do not tell is guessed from the
/// parts of speech that a word can be. `place` is the caption's place in its sample.
pub fn words(caption: &str, place: u32, descriptors: &[Descriptor]) -> Vec<Word> {
    let bare = |word: text::Word| Word {
        lemma: lemma(&word.folded),
        role: Role::Function,
        is_close: false,
        is_participle: word.folded.ends_with("ing"),
        span: word.span,
    };
    let mut found: Vec<Word> = text::words(caption).into_iter().map(bare).collect();
    for at in 1..found.len() {
        let [before, after] = [at - 1, at].map(|at| found.get(at).map_or(0..0, |word| word.span.clone()));
        let between = caption.get(before.end..after.start).unwrap_or_default();
        if let Some(word) = found.get_mut(at - 1) {
            word.is_close = between.chars().all(|letter| letter == ' ' || letter == '-');
        }
    }
    let mut known: Vec<Option<Role>> = vec![None; found.len()];
    for descriptor in descriptors {
        for evidence in descriptor.evidence.iter().filter(|evidence| evidence.caption == place) {
            let (start, end) = (evidence.start as usize, evidence.end as usize);
            let covered: Vec<usize> = (0..found.len())
                .filter(|at| {
                    found.get(*at).is_some_and(|word| word.span.start >= start && word.span.end <= end)
                })
                .collect();
            let last = covered.last().copied();
            for at in covered {
                let Some(word) = found.get(at) else { continue };
                let Some(role) = told(descriptor, &word.lemma, Some(at) == last) else { continue };
                if let Some(seat) = known.get_mut(at) {
                    *seat = Some(seat.map_or(role, |before| stronger(before, role)));
                }
            }
        }
    }
    guess(&mut found, &known);
    found
}

/// A word in the form in which words of two captions are compared.
fn lemma(folded: &str) -> String {
    const NUMBERS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    match NUMBERS.iter().position(|number| *number == folded) {
        Some(number) if number != 1 => number.to_string(),
        _ => text::lemma(folded).to_owned(),
    }
}

/// What a descriptor says of a word that it covers.
fn told(descriptor: &Descriptor, lemma: &str, is_last: bool) -> Option<Role> {
    Some(match descriptor.facet {
        Facet::Object if is_last => Role::Object,
        Facet::Object => Role::Modifier,
        Facet::Attribute => Role::Attribute,
        Facet::Count => Role::Count,
        Facet::Text => Role::Text,
        Facet::Entity if is_last => Role::Object,
        Facet::Entity => Role::Modifier,
        Facet::Action | Facet::Spatial | Facet::Relation => {
            // The span of a relation may hold a whole phrase; its little words tell for themselves.
            if is_of(FUNCTION, lemma) || is_noun_of(lemma) {
                return None;
            }
            if is_preposition(lemma) { Role::Preposition } else { Role::Verb }
        }
        Facet::Scene => return None,
    })
}

fn is_noun_of(lemma: &str) -> bool {
    parts(lemma).is_some_and(|parts| parts.meets(Parts::NOUN) && !parts.meets(Parts::VERB))
        && !is_preposition(lemma)
}

/// Which of two roles a word has that has both.
fn stronger(one: Role, other: Role) -> Role {
    let rank = |role: Role| match role {
        Role::Text => 0,
        Role::Count => 1,
        Role::Attribute => 2,
        Role::Object => 3,
        Role::Modifier => 4,
        Role::Verb => 5,
        Role::Preposition => 6,
        Role::Other => 7,
        Role::Function => 8,
    };
    if rank(other) < rank(one) { other } else { one }
}

fn parts(lemma: &str) -> Option<Parts> {
    Lexicon::english().find(lemma.as_bytes()).map(|(_, parts)| parts)
}

fn is_preposition(lemma: &str) -> bool {
    const PREPOSITIONS: &str = "on in at under over above below behind near beside between inside outside around along \
        against across beneath underneath by into onto off upon within among amongst amid toward towards opposite \
        through past up down out from alongside atop beyond throughout about next front top back left right middle \
        away far close without";
    is_of(PREPOSITIONS, lemma)
}

/// Fills in what no descriptor tells, from the last word to the first, since a noun before a noun is no head.
fn guess(found: &mut [Word], known: &[Option<Role>]) {
    let mut next: Option<Role> = None;
    let mut next_lemma = String::new();
    for (word, known) in found.iter_mut().zip(known).rev() {
        let role = known.unwrap_or_else(|| guessed(&word.lemma, next));
        let is_measure = next_lemma == "of" && is_of(MEASURES, &word.lemma);
        let in_name = word.is_close && matches!(next, Some(Role::Object | Role::Modifier | Role::Attribute));
        word.role = match role {
            Role::Object if is_measure => Role::Count,
            // `standing next to` is done, `a standing lamp` is so.
            Role::Attribute if word.is_participle && !in_name => Role::Verb,
            role => role,
        };
        if is_of(VAGUE, &word.lemma) {
            word.role = Role::Function;
        }
        next = Some(word.role);
        next_lemma.clone_from(&word.lemma);
    }
}

fn guessed(lemma: &str, next: Option<Role>) -> Role {
    if is_of(FUNCTION, lemma) {
        return Role::Function;
    }
    if is_preposition(lemma) {
        return Role::Preposition;
    }
    if lemma.bytes().all(|byte| byte.is_ascii_digit()) {
        return Role::Count;
    }
    if text::dimension(lemma).is_some() {
        return Role::Attribute;
    }
    let before_name = matches!(next, Some(Role::Object | Role::Modifier | Role::Attribute));
    let Some(parts) = parts(lemma) else { return if before_name { Role::Modifier } else { Role::Object } };
    if before_name && parts.meets(Parts::ADJECTIVE.and(Parts::NOUN).and(Parts::VERB)) {
        return if parts.meets(Parts::ADJECTIVE) { Role::Attribute } else { Role::Modifier };
    }
    if parts.meets(Parts::VERB) && !text::is_noun(lemma) {
        return Role::Verb;
    }
    if parts.meets(Parts::NOUN) && !parts.meets(Parts::ADJECTIVE) {
        return if parts.meets(Parts::VERB) { Role::Verb } else { Role::Object };
    }
    if parts.meets(Parts::ADJECTIVE) {
        return Role::Attribute;
    }
    if parts.meets(Parts::VERB) { Role::Verb } else { Role::Other }
}
