//! The words that an extractor has met, with all that its features ask of a word: worked out once a
//! word, not once a place.

use rustc_hash::FxHashMap;

use crate::text::{Lexicon, Parts, lemma};

use super::class::{Class, class_of, is_empty_verb, is_joining, is_place_noun, number_word};
use super::labels::OwnScores;
use super::language::Hints;
use super::lexical::Lexical;
use super::table::{Labels, join};

/// Words remembered at most; then the memory starts afresh, so that a million different words in a
/// data set do not fill it.
const MAX_WORDS: usize = 1 << 16;

/// Letters of a word at most, in bytes.
const MAX_LETTERS: usize = 64;

/// A word in the memory of an extractor.
pub(super) type WordId = u32;

/// What stands before the first word of a sentence.
pub(super) const START: WordId = 0;
/// What stands after the last.
pub(super) const END: WordId = 1;
/// Words between quotation marks.
pub(super) const QUOTE: WordId = 2;
/// Words that are there from the beginning.
const FIRST_WORDS: [(&str, Class); 3] =
    [("<", Class::OUTSIDE), (">", Class::OUTSIDE), ("\"\"", Class::QUOTE)];

/// What is known of one word.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// In lower case, with the spelling mended.
    pub text: Box<str>,
    /// Its dictionary form as noun.
    pub noun: Box<str>,
    /// Its form in a predicate: `sitting` is `sit`.
    pub verb: Box<str>,
    pub class: Class,
    /// Parts of speech of its dictionary forms.
    pub parts: Parts,
    /// What it says of the language.
    pub hints: Hints,
}

/// What the models see of a word. It is looked at again and again while its neighbours are read, and so
/// lies apart from what is seldom asked, two to a line of the cache.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traits {
    /// The word as one number.
    pub hash: u64,
    /// The numbers of its dictionary form as noun, and of its form in a predicate.
    pub noun_hash: u64,
    pub verb_hash: u64,
    /// The last three letters, with their number before them.
    pub ending: u32,
    pub class: Class,
    /// Its part in predicates.
    pub role: Role,
    /// Digits, hyphen, sign: a bit each.
    pub shape: u8,
    /// Whether it ends with an `s`, [`Self::is_outside`], [`Self::tells_apart`]: a bit each.
    flags: u8,
}

/// What a word can be in a predicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing.
    None,
    Verb,
    Preposition,
    /// A verb or noun that is a noun of place after a preposition.
    PlaceVerb,
    /// A noun of place after a preposition.
    Place,
}

/// Words by letters.
#[derive(Debug)]
pub(super) struct Words<'p> {
    lexical: &'p Lexical,
    /// The labeler's table; none while it is trained.
    labels: Option<&'p Labels>,
    /// Of words of up to seven letters, which are most of a text, and so lie close together.
    short: FxHashMap<u64, WordId>,
    /// Of words of up to fifteen letters.
    long: FxHashMap<u128, WordId>,
    ids: FxHashMap<Box<str>, WordId>,
    /// By id; in `scores`, what the labeler makes of a word.
    words: Vec<Word>,
    traits: Vec<Traits>,
    scores: Vec<OwnScores>,
    scratch: String,
}

impl<'p> Words<'p> {
    pub(super) fn new(lexical: &'p Lexical, labels: Option<&'p Labels>) -> Self {
        let mut words = Self {
            lexical,
            labels,
            short: FxHashMap::default(),
            long: FxHashMap::default(),
            ids: FxHashMap::default(),
            words: Vec::new(),
            traits: Vec::new(),
            scores: Vec::new(),
            scratch: String::new(),
        };
        words.forget();
        words
    }

    /// Starts afresh where there are too many words. Ids given before are void.
    pub(super) fn limit(&mut self) {
        if self.words.len() > MAX_WORDS {
            self.forget();
        }
    }

    fn forget(&mut self) {
        self.short.clear();
        self.long.clear();
        self.ids.clear();
        self.words.clear();
        self.traits.clear();
        self.scores.clear();
        for (text, class) in FIRST_WORDS {
            let (word, traits) = met(text, self.lexical);
            self.push(Word { class, ..word }, Traits { class, role: Role::None, ..traits });
        }
    }

    /// The id of a word in any case.
    pub(super) fn id(&mut self, raw: &str) -> WordId {
        if let Some(letters) = as_letters::<8>(raw).map(u64::from_le_bytes) {
            if let Some(id) = self.short.get(&letters) {
                return *id;
            }
            let id = self.id_of_any(raw);
            self.short.insert(letters, id);
            return id;
        }
        let Some(letters) = as_letters::<16>(raw).map(u128::from_le_bytes) else {
            return self.id_of_any(raw);
        };
        if let Some(id) = self.long.get(&letters) {
            return *id;
        }
        let id = self.id_of_any(raw);
        self.long.insert(letters, id);
        id
    }

    fn id_of_any(&mut self, raw: &str) -> WordId {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        for letter in raw.chars().flat_map(char::to_lowercase) {
            if scratch.len() + letter.len_utf8() > MAX_LETTERS {
                break;
            }
            scratch.push(if matches!(letter, '’') { '\'' } else { letter });
        }
        let id = self.id_of_lower(&scratch);
        self.scratch = scratch;
        id
    }

    fn id_of_lower(&mut self, word: &str) -> WordId {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let (known, traits) = met(self.lexical.mended(word), self.lexical);
        let id = self.push(known, traits);
        self.ids.insert(word.into(), id);
        id
    }

    fn push(&mut self, word: Word, traits: Traits) -> WordId {
        self.scores.push(self.labels.map(|labels| OwnScores::of(&traits, labels)).unwrap_or_default());
        self.traits.push(traits);
        self.words.push(word);
        self.words.len() as WordId - 1
    }

    /// The same words, with what a labeler makes of them.
    pub(super) fn with_labels<'o>(&'o self, labels: &'o Labels) -> Words<'o> {
        Words {
            lexical: self.lexical,
            labels: Some(labels),
            short: self.short.clone(),
            long: self.long.clone(),
            ids: self.ids.clone(),
            words: self.words.clone(),
            traits: self.traits.clone(),
            scores: self.traits.iter().map(|traits| OwnScores::of(traits, labels)).collect(),
            scratch: String::new(),
        }
    }

    /// What the models see of a word.
    #[inline]
    pub(super) fn traits(&self, id: WordId) -> &Traits {
        &self.traits[id as usize]
    }

    /// What the labeler makes of a word.
    #[inline]
    pub(super) fn scores(&self, id: WordId) -> &OwnScores {
        &self.scores[id as usize]
    }

    /// What is known of a word.
    #[inline]
    pub(super) fn of(&self, id: WordId) -> &Word {
        &self.words[id as usize]
    }
}

/// The letters of a word of fewer than `N` ASCII letters, in lower case, and their count: looked up without
/// going to where letters lie.
fn as_letters<const N: usize>(raw: &str) -> Option<[u8; N]> {
    let mut letters = [0; N];
    letters.get_mut(..N - 1)?.get_mut(..raw.len())?.copy_from_slice(raw.as_bytes());
    letters.make_ascii_lowercase();
    letters[N - 1] = raw.len() as u8;
    letters.is_ascii().then_some(letters)
}

/// A word as a number.
pub(super) fn hash(word: &str) -> u64 {
    word.as_bytes().chunks(8).fold(word.len() as u64, |hash, chunk| {
        let mut bytes = [0; 8];
        bytes[..chunk.len()].copy_from_slice(chunk);
        join(1, hash, u64::from_le_bytes(bytes))
    })
}

/// A word that is met for the first time.
fn met(text: &str, lexical: &Lexical) -> (Word, Traits) {
    let lexicon = Lexicon::english();
    // A compound with hyphens is of the kind of its last part: `t-shirt`, `snow-covered`.
    let last = text.rsplit('-').next().unwrap_or(text);
    let verb = lexical.predicate(text).map_or_else(|| verb_form(last, lexicon), str::to_owned);
    let parts = parts_of(last, &verb, lexicon);
    let class = class_of(text, parts, lexicon);
    let verb = if lexical.predicate(text).is_some() || class.is_verbal() { verb } else { text.to_owned() };
    let noun = lemma(last);
    let bytes = text.as_bytes();
    let shape = u8::from(bytes.iter().any(u8::is_ascii_digit))
        | u8::from(bytes.contains(&b'-')) << 1
        | u8::from(class == Class::SIGN) << 2;
    let end = bytes.get(bytes.len().saturating_sub(3)..).unwrap_or_default();
    let traits = Traits {
        hash: hash(text),
        noun_hash: hash(noun),
        verb_hash: hash(&verb),
        ending: end.iter().fold(3, |sum, byte| sum << 8 | u32::from(*byte)),
        class,
        role: role_of(text, class),
        shape,
        flags: u8::from(text.ends_with('s'))
            | u8::from(lexical.outside.contains(text)) << 1
            | u8::from(matches!(text, "another" | "other" | "second" | "third")) << 2,
    };
    let hints = Hints::of(text, &verb, class);
    (Word { noun: noun.into(), hints, verb: verb.into(), class, parts, text: text.into() }, traits)
}

impl Traits {
    pub(super) fn ends_with_s(&self) -> bool {
        self.flags & 1 != 0
    }

    /// Whether it is no part of an object or attribute in prose, wherever it stands.
    pub(super) fn is_outside(&self) -> bool {
        self.flags & 2 != 0
    }

    /// Whether what is named after it is not what was named so before.
    pub(super) fn tells_apart(&self) -> bool {
        self.flags & 4 != 0
    }

    /// The last two and three letters, each with their number before them.
    pub(super) fn endings(&self) -> [u64; 2] {
        let three = u64::from(self.ending);
        let bits = 8 * (three.ilog2() / 8).min(2);
        [2 << bits | three & ((1 << bits) - 1), three]
    }
}

impl Word {
    /// The digits, where the word is a number.
    pub(super) fn number(&self) -> Option<&str> {
        number_word(&self.text)
            .or_else(|| self.text.bytes().all(|byte| byte.is_ascii_digit()).then_some(&*self.text))
    }
}

fn role_of(text: &str, class: Class) -> Role {
    let place = is_place_noun(text);
    if class.is_verbal() {
        return match text {
            _ if is_empty_verb(text) => Role::None,
            _ if place => Role::PlaceVerb,
            _ => Role::Verb,
        };
    }
    if class.is_prepositional() || is_joining(text) {
        return Role::Preposition;
    }
    if place { Role::Place } else { Role::None }
}

/// The parts of speech of a word's dictionary forms.
fn parts_of(word: &str, verb: &str, lexicon: &Lexicon) -> Parts {
    let own = |word: &str| lexicon.find(word.as_bytes()).map(|(_, parts)| parts).unwrap_or_default();
    let mut parts = Parts(own(word).0 & 15);
    if own(verb).meets(Parts::VERB) {
        parts = parts.and(Parts::VERB);
    }
    let noun = lemma(word);
    if noun != word
        && own(noun).meets(Parts::NOUN)
        && (word.ends_with('s') || lexicon.irregular(word).is_some())
    {
        parts = parts.and(Parts::NOUN);
    }
    parts
}

/// The dictionary form of a word taken as a verb; the word itself where there is none.
fn verb_form(word: &str, lexicon: &Lexicon) -> String {
    match word {
        "lying" | "lies" | "lie" | "laying" | "lays" | "laid" => return "lay".to_owned(),
        "seated" => return "sit".to_owned(),
        _ => {}
    }
    let is_verb =
        |word: &str| lexicon.find(word.as_bytes()).is_some_and(|(_, parts)| parts.meets(Parts::VERB));
    if let Some(form) = lexicon.irregular(word).filter(|form| is_verb(form)) {
        return form.to_owned();
    }
    if is_verb(word) {
        return word.to_owned();
    }
    for (ending, instead) in
        [("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", "")]
    {
        if let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() > 1) {
            let form = format!("{stem}{instead}");
            if is_verb(&form) {
                return form;
            }
        }
    }
    let doubled = word.strip_suffix("ing").or_else(|| word.strip_suffix("ed")).and_then(|stem| {
        let shorter = stem.get(..stem.len().checked_sub(1)?)?;
        (stem.bytes().next_back() == shorter.bytes().next_back() && is_verb(shorter)).then_some(shorter)
    });
    doubled.unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_any_case_and_length() {
        let lexical = Lexical::default();
        let mut words = Words::new(&lexical, None);
        let table = [
            ("dog", "DOG", "dog"),
            ("hundred", "Hundred", "hundred"),
            ("eighteen", "EIGHTEEN", "eighteen"),
            ("fifteen-letters", "FIFTEEN-letters", "fifteen-letters"),
            ("sixteen-letters-", "Sixteen-Letters-", "sixteen-letters-"),
            ("a-very-long-word-of-hyphens", "A-Very-Long-Word-of-Hyphens", "a-very-long-word-of-hyphens"),
            ("café", "CAFÉ", "café"),
            ("o’clock", "O'Clock", "o'clock"),
        ];
        for (one, other, text) in table {
            let id = words.id(one);
            assert_eq!(words.id(other), id, "{other}");
            assert_eq!(&*words.of(id).text, text);
        }
        assert_ne!(words.id("a"), words.id("a\0"));
    }

    #[test]
    fn endings_of_short_and_long_words() {
        let spelt = |letters: &str| letters.bytes().fold(0, |sum, byte| sum << 8 | u64::from(byte));
        for word in ["", "a", "ox", "dog", "horses"] {
            let (_, traits) = met(word, &Lexical::default());
            let [two, three] = traits.endings();
            let end = |letters: usize| word.split_at(word.len().saturating_sub(letters)).1;
            assert_eq!(two, 2 << (8 * end(2).len()) | spelt(end(2)), "{word}");
            assert_eq!(three, 3 << (8 * end(3).len()) | spelt(end(3)), "{word}");
        }
    }
}
