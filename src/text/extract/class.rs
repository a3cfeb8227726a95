//! What kind of word a word is: closed classes by list, open ones by their endings and what the
//! lexicon knows. A tagger would cost more than all the rest of the extractor, and measured no
//! better.

use crate::text::{Lexicon, Parts};

/// The class of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Class(u8);

impl Class {
    pub(super) const PREPOSITION: Self = Self(1);
    pub(super) const TO: Self = Self(2);
    pub(super) const PARTICLE: Self = Self(3);
    pub(super) const PRESENT_PARTICIPLE: Self = Self(4);
    pub(super) const PAST_FORM: Self = Self(5);
    pub(super) const THIRD_PERSON: Self = Self(6);
    pub(super) const HAVE: Self = Self(7);
    pub(super) const BE: Self = Self(8);
    pub(super) const POSSESSIVE: Self = Self(9);
    pub(super) const CONJUNCTION: Self = Self(10);
    pub(super) const DETERMINER: Self = Self(11);
    pub(super) const POSSESSOR: Self = Self(12);
    pub(super) const PRONOUN: Self = Self(13);
    pub(super) const RELATIVE: Self = Self(14);
    pub(super) const THERE: Self = Self(15);
    pub(super) const NOT: Self = Self(16);
    pub(super) const MODAL: Self = Self(17);
    pub(super) const IRREGULAR_VERB: Self = Self(18);
    pub(super) const PLURAL: Self = Self(19);
    pub(super) const STOP: Self = Self(20);
    pub(super) const COMMA: Self = Self(21);
    pub(super) const ADVERB: Self = Self(22);
    pub(super) const SIGN: Self = Self(23);
    pub(super) const NUMBER: Self = Self(24);
    pub(super) const QUOTE: Self = Self(25);
    pub(super) const OUTSIDE: Self = Self(26);
    /// From here on: open words by the parts of speech that the lexicon has for them.
    const OPEN: u8 = 32;

    /// The class as a number below 64.
    pub(super) fn number(self) -> u64 {
        u64::from(self.0)
    }

    /// Whether words of this class are listed one by one.
    pub(super) fn is_closed(self) -> bool {
        self.0 < Self::OPEN
            && !matches!(
                self,
                Self::PRESENT_PARTICIPLE
                    | Self::PAST_FORM
                    | Self::THIRD_PERSON
                    | Self::IRREGULAR_VERB
                    | Self::PLURAL
                    | Self::NUMBER
            )
    }

    /// Whether the word can be a verb in a relation.
    pub(super) fn is_verbal(self) -> bool {
        let open_verb = self.0 >= Self::OPEN && Parts(self.0 - Self::OPEN).meets(Parts::VERB);
        open_verb
            || matches!(
                self,
                Self::PRESENT_PARTICIPLE
                    | Self::PAST_FORM
                    | Self::THIRD_PERSON
                    | Self::HAVE
                    | Self::IRREGULAR_VERB
            )
    }

    /// Whether the word can begin a relation of place.
    pub(super) fn is_prepositional(self) -> bool {
        matches!(self, Self::PREPOSITION | Self::TO | Self::PARTICLE)
    }
}

/// The class of a word in lower case whose dictionary forms are of these parts of speech.
pub(super) fn class_of(word: &str, parts: Parts, lexicon: &Lexicon) -> Class {
    if let Some(class) = closed_class(word) {
        return class;
    }
    if !word.chars().any(char::is_alphanumeric) {
        return Class::SIGN;
    }
    if word.bytes().any(|byte| byte.is_ascii_digit()) || number_word(word).is_some() {
        return Class::NUMBER;
    }
    let is_irregular = |form: &str| {
        let lemma = lexicon.irregular(form)?;
        lexicon.find(lemma.as_bytes()).map(|(_, parts)| parts.meets(Parts::VERB))
    };
    let verb = parts.meets(Parts::VERB);
    let noun = parts.meets(Parts::NOUN);
    if verb && !parts.meets(Parts::ADJECTIVE) && is_irregular(word) == Some(true) {
        return Class::IRREGULAR_VERB;
    }
    match word {
        _ if verb && word.ends_with("ing") => Class::PRESENT_PARTICIPLE,
        _ if verb && word.ends_with("ed") => Class::PAST_FORM,
        _ if verb && noun && word.ends_with('s') => Class::THIRD_PERSON,
        _ if noun && word.ends_with('s') => Class::PLURAL,
        _ => Class(Class::OPEN + (parts.0 & 15)),
    }
}

fn closed_class(word: &str) -> Option<Class> {
    Some(match word {
        "in" | "on" | "at" | "of" | "with" | "by" | "from" | "under" | "behind" | "above" | "into"
        | "over" | "against" | "near" | "through" | "for" | "between" | "beside" | "around" | "across"
        | "along" | "inside" | "below" | "beneath" | "underneath" | "onto" | "toward" | "towards" | "as"
        | "like" | "without" | "among" | "amongst" | "besides" | "outside" | "upon" | "within"
        | "alongside" | "atop" | "past" | "during" | "about" | "after" | "before" | "beyond" | "amid"
        | "amidst" | "per" | "via" | "throughout" | "opposite" | "than" | "off" => Class::PREPOSITION,
        "to" => Class::TO,
        "up" | "down" | "out" | "away" | "together" | "back" | "next" | "close" => Class::PARTICLE,
        "has" | "have" | "had" | "having" => Class::HAVE,
        "is" | "are" | "was" | "were" | "be" | "been" | "being" | "'re" | "'m" | "’re" | "’m" => {
            Class::BE
        }
        "'s" | "’s" => Class::POSSESSIVE,
        "and" | "or" | "but" | "nor" | "&" => Class::CONJUNCTION,
        "a" | "an" | "the" | "this" | "these" | "those" | "each" | "every" | "some" | "any" | "no"
        | "another" | "all" | "several" | "many" | "few" | "other" => Class::DETERMINER,
        "his" | "her" | "its" | "their" | "my" | "your" | "our" => Class::POSSESSOR,
        "he" | "she" | "it" | "they" | "him" | "them" | "i" | "you" | "we" | "me" | "us" | "himself"
        | "herself" | "itself" | "themselves" => Class::PRONOUN,
        "that" | "which" | "who" | "whom" | "whose" | "where" | "when" | "while" | "what" => Class::RELATIVE,
        "there" => Class::THERE,
        "not" | "n't" | "n’t" => Class::NOT,
        "can" | "will" | "would" | "should" | "may" | "might" | "could" | "must" | "do" | "does" | "did" => {
            Class::MODAL
        }
        "." | "!" | "?" => Class::STOP,
        "," => Class::COMMA,
        "very" | "so" | "too" | "quite" | "just" | "also" | "partially" => Class::ADVERB,
        _ => return None,
    })
}

/// The digits of a number word.
pub(super) fn number_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "one" | "single" | "1" => "1",
        "two" | "both" | "2" => "2",
        "three" => "3",
        "four" => "4",
        "five" => "5",
        "six" => "6",
        "seven" => "7",
        "eight" => "8",
        "nine" => "9",
        "ten" => "10",
        "eleven" => "11",
        "twelve" => "12",
        "thirteen" => "13",
        "fourteen" => "14",
        "fifteen" => "15",
        "sixteen" => "16",
        "seventeen" => "17",
        "eighteen" => "18",
        "nineteen" => "19",
        "twenty" => "20",
        "thirty" => "30",
        "forty" => "40",
        "fifty" => "50",
        "hundred" => "100",
        _ => return None,
    })
}

/// Nouns that belong to a relation of place when they come after a preposition: `in front of`.
pub(super) fn is_place_noun(word: &str) -> bool {
    matches!(
        word,
        "left"
            | "right"
            | "front"
            | "top"
            | "side"
            | "sides"
            | "middle"
            | "back"
            | "edge"
            | "bottom"
            | "end"
            | "center"
            | "centre"
            | "corner"
            | "face"
            | "surface"
            | "tip"
            | "line"
            | "opposite"
            | "far"
            | "both"
            | "inside"
            | "outside"
    )
}

/// Words of verbal looks that never say how two things stand to each other.
pub(super) fn is_empty_verb(word: &str) -> bool {
    matches!(
        word,
        "picture"
            | "photo"
            | "photograph"
            | "image"
            | "view"
            | "group"
            | "pair"
            | "couple"
            | "lot"
            | "lots"
            | "bunch"
            | "piece"
            | "pieces"
            | "set"
            | "scene"
            | "color"
            | "other"
            | "close"
    )
}

/// Adverbs and participles that join a relation although no list of prepositions has them.
pub(super) fn is_joining(word: &str) -> bool {
    matches!(
        word,
        "next" | "close" | "across" | "along" | "down" | "up" | "out" | "off" | "away" | "together"
    )
}
