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
    /// The word as one number, for features.
    pub hash: u64,
    /// Its dictionary form as noun.
    pub noun: Box<str>,
    pub noun_hash: u64,
    /// Its form in a predicate: `sitting` is `sit`.
    pub verb: Box<str>,
    pub verb_hash: u64,
    pub class: Class,
    /// Its part in predicates.
    pub role: Role,
    /// The last two and three letters.
    pub endings: [u64; 2],
    /// Parts of speech of its dictionary forms.
    pub parts: Parts,
    /// Digits, hyphen, sign: a bit each.
    pub shape: u64,
    /// What it says of the language.
    pub hints: Hints,
    /// What the labeler makes of it.
    pub scores: OwnScores,
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
    ids: FxHashMap<Box<str>, WordId>,
    words: Vec<Word>,
    scratch: String,
}

impl<'p> Words<'p> {
    pub(super) fn new(lexical: &'p Lexical, labels: Option<&'p Labels>) -> Self {
        let mut words =
            Self { lexical, labels, ids: FxHashMap::default(), words: Vec::new(), scratch: String::new() };
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
        self.ids.clear();
        self.words.clear();
        for (text, class) in FIRST_WORDS {
            let word = Word { class, role: Role::None, ..Word::new(text, self.lexical) };
            self.words.push(self.scored(word));
        }
    }

    /// The id of a word in any case.
    pub(super) fn id(&mut self, raw: &str) -> WordId {
        let mut letters = [0_u8; 32];
        if let Some(room) = letters.get_mut(..raw.len())
            && raw.is_ascii()
        {
            room.copy_from_slice(raw.as_bytes());
            room.make_ascii_lowercase();
            if let Some(id) = str::from_utf8(room).ok().and_then(|word| self.ids.get(word)) {
                return *id;
            }
        }
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
        let id = self.words.len() as WordId;
        let known = self.scored(Word::new(self.lexical.mended(word), self.lexical));
        self.words.push(known);
        self.ids.insert(word.into(), id);
        id
    }

    fn scored(&self, mut word: Word) -> Word {
        if let Some(labels) = self.labels {
            word.scores = OwnScores::of(&word, labels);
        }
        word
    }

    /// The same words, with what a labeler makes of them.
    pub(super) fn with_labels<'o>(&'o self, labels: &'o Labels) -> Words<'o> {
        let mut words = Words {
            lexical: self.lexical,
            labels: Some(labels),
            ids: self.ids.clone(),
            words: self.words.clone(),
            scratch: String::new(),
        };
        for word in &mut words.words {
            word.scores = OwnScores::of(word, labels);
        }
        words
    }

    /// What is known of a word.
    #[inline]
    pub(super) fn of(&self, id: WordId) -> &Word {
        &self.words[id as usize]
    }
}

/// A word as a number.
pub(super) fn hash(word: &str) -> u64 {
    word.as_bytes().chunks(8).fold(word.len() as u64, |hash, chunk| {
        let mut bytes = [0; 8];
        bytes[..chunk.len()].copy_from_slice(chunk);
        join(1, hash, u64::from_le_bytes(bytes))
    })
}

impl Word {
    fn new(text: &str, lexical: &Lexical) -> Self {
        let lexicon = Lexicon::english();
        // A compound with hyphens is of the kind of its last part: `t-shirt`, `snow-covered`.
        let last = text.rsplit('-').next().unwrap_or(text);
        let verb = lexical.predicate(text).map_or_else(|| verb_form(last, lexicon), str::to_owned);
        let parts = parts_of(last, &verb, lexicon);
        let class = class_of(text, parts, lexicon);
        let verb =
            if lexical.predicate(text).is_some() || class.is_verbal() { verb } else { text.to_owned() };
        let noun = lemma(last);
        let bytes = text.as_bytes();
        let ending = |letters: usize| {
            let end = bytes.get(bytes.len().saturating_sub(letters)..).unwrap_or_default();
            end.iter().fold(letters as u64, |sum, byte| sum << 8 | u64::from(*byte))
        };
        let shape = u64::from(bytes.iter().any(u8::is_ascii_digit))
            | u64::from(bytes.contains(&b'-')) << 1
            | u64::from(class == Class::SIGN) << 2;
        Self {
            hash: hash(text),
            noun_hash: hash(noun),
            noun: noun.into(),
            verb_hash: hash(&verb),
            hints: Hints::of(text, &verb, class),
            verb: verb.into(),
            role: role_of(text, class),
            class,
            endings: [ending(2), ending(3)],
            parts,
            shape,
            scores: OwnScores::default(),
            text: text.into(),
        }
    }

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
