//! The dictionary form of a word, for somebody who looks for things in pictures.
//!
//! There is no part of speech at hand, so one form has one lemma: the noun first (`leaves` is
//! `leaf`, `saw` stays), then the verb (`parked` is `park`), then the adjective (`larger` is
//! `large`). A form ending in -ing or -ed goes to its verb unless `keep.txt` says that it is a
//! thing (`building`). `people` is `person`, since that is who stands in the picture. Words
//! that the lexicon lacks lose a plural ending and nothing else.

use rustc_hash::FxHashMap;

use super::lexicon::{Lexicon, Parts};

/// Entries that a [`Lemmatiser`] remembers before it starts afresh.
const CACHE: usize = 1 << 16;

/// The dictionary form of a folded word: `dogs` gives `dog`. Idempotent.
pub fn lemma(folded: &str) -> &str {
    match resolve(folded) {
        Form::Start(length) => folded.get(..length).unwrap_or(folded),
        Form::Listed(word) => word,
    }
}

/// [`lemma`] with a memory, for those who ask of the same words a million times. A clone begins
/// with an empty memory.
#[derive(Debug, Default)]
pub struct Lemmatiser {
    known: FxHashMap<Box<str>, Form>,
}

impl Clone for Lemmatiser {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Lemmatiser {
    /// The dictionary form of a folded word, as [`lemma`] gives it.
    pub fn lemma<'w>(&mut self, folded: &'w str) -> &'w str {
        let form = match self.known.get(folded) {
            Some(form) => *form,
            None => self.learn(folded),
        };
        match form {
            Form::Start(length) => folded.get(..length).unwrap_or(folded),
            Form::Listed(word) => word,
        }
    }

    fn learn(&mut self, folded: &str) -> Form {
        if self.known.len() >= CACHE {
            self.known.clear();
        }
        let form = resolve(folded);
        self.known.insert(folded.into(), form);
        form
    }
}

/// Where a dictionary form is written.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// It is the beginning of the word, so many bytes.
    Start(usize),
    /// It is this word of the lexicon.
    Listed(&'static str),
}

/// Follows one step after the other until nothing changes. Every step but one through the list of
/// irregular forms makes the word shorter, and the lemmas of that list are at rest, so this ends.
fn resolve(folded: &str) -> Form {
    let mut form = Form::Start(folded.len());
    if folded.len() < 2 || !folded.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return form;
    }
    let lexicon = Lexicon::english();
    let mut word = folded;
    for _ in 0..folded.len() {
        let Some(next) = step(lexicon, word) else { break };
        (form, word) = match (next, form) {
            (Form::Listed(listed), _) => (next, listed),
            (Form::Start(length), Form::Start(_)) => (next, folded.get(..length).unwrap_or(folded)),
            // An ending that comes off a listed word leaves a word that is listed too; were it
            // not, the listed word is the better answer.
            (Form::Start(_), Form::Listed(_)) => break,
        };
    }
    form
}

/// One inflection less, if there is one.
fn step(lexicon: &'static Lexicon, word: &str) -> Option<Form> {
    if let Some(listed) = lexicon.irregular(word) {
        return (listed != word).then_some(Form::Listed(listed));
    }
    let entry = lexicon.find(word.as_bytes()).map(|(_, parts)| parts);
    if entry.is_some_and(|parts| parts.meets(Parts::OWN)) {
        return None;
    }
    let bases = Bases { lexicon, word, entry };
    let listed = bases.of_plural().or_else(|| bases.of_verb_form()).or_else(|| bases.of_comparative());
    match (listed, entry) {
        (Some(listed), _) => Some(Form::Listed(listed)),
        (None, Some(_)) => None,
        (None, None) => unlisted_plural(word).map(Form::Start),
    }
}

/// Looks for the words of the lexicon of which a word may be a form.
struct Bases<'w> {
    lexicon: &'static Lexicon,
    word: &'w str,
    /// What the word is itself.
    entry: Option<Parts>,
}

impl Bases<'_> {
    /// The singular of a plural noun, and the base of a verb's third person, which is spelt alike.
    fn of_plural(&self) -> Option<&'static str> {
        let parts = Parts::NOUN.and(Parts::VERB);
        let stem = self.word.strip_suffix('s')?;
        let deceptive = stem.ends_with(['s', 'u', 'i']);
        if stem.len() < 3 || stem.ends_with('s') || deceptive && self.entry.is_some() {
            return None;
        }
        self.find(stem, "", parts).or_else(|| {
            let stem = stem.strip_suffix('e')?;
            let sibilant = ["s", "x", "z", "ch", "sh", "o"].iter().any(|end| stem.ends_with(end));
            let with_y = || self.find(stem.strip_suffix('i')?, "y", parts);
            let undoubled = || self.find(undouble(stem).filter(|_| sibilant)?, "", parts);
            (if sibilant { self.find(stem, "", parts) } else { None }).or_else(with_y).or_else(undoubled)
        })
    }

    /// The base of a form in -ing or -ed. Where the lexicon does not list the form itself, a noun
    /// will do too: `bearded`.
    fn of_verb_form(&self) -> Option<&'static str> {
        let parts = if self.entry.is_some() { Parts::VERB } else { Parts::VERB.and(Parts::NOUN) };
        if let Some(stem) = self.word.strip_suffix("ing") {
            return self.of_stem(stem, parts);
        }
        let stem = self.word.strip_suffix("ed")?;
        if stem.ends_with('e') { None } else { self.of_stem(stem, parts) }
    }

    /// The base of a form in -er or -est, where that form is no word of its own.
    fn of_comparative(&self) -> Option<&'static str> {
        if self.entry.is_some() {
            return None;
        }
        let stem = self.word.strip_suffix("er").or_else(|| self.word.strip_suffix("est"))?;
        if stem.len() < 3 { None } else { self.of_stem(stem, Parts::ADJECTIVE) }
    }

    /// The word that lost a letter or gained one when an ending with a vowel came after it.
    fn of_stem(&self, stem: &str, parts: Parts) -> Option<&'static str> {
        if stem.len() < 2 || !stem.contains(['a', 'e', 'i', 'o', 'u', 'y']) {
            return None;
        }
        let plain = || self.find(stem, "", parts);
        let with_e = || self.find(stem, "e", parts);
        let with_y = || self.find(stem.strip_suffix('i')?, "y", parts);
        let undoubled = || self.find(undouble(stem)?, "", parts);
        if would_double(stem) {
            with_e().or_else(plain).or_else(with_y).or_else(undoubled)
        } else {
            plain().or_else(with_e).or_else(with_y).or_else(undoubled)
        }
    }

    fn find(&self, stem: &str, ending: &str, parts: Parts) -> Option<&'static str> {
        let mut letters = [0_u8; 80];
        let length = stem.len() + ending.len();
        let room = letters.get_mut(..length)?;
        let (start, end) = room.split_at_mut_checked(stem.len())?;
        start.copy_from_slice(stem.as_bytes());
        end.copy_from_slice(ending.as_bytes());
        let (word, found) = self.lexicon.find(room)?;
        found.meets(parts).then_some(word)
    }
}

/// Whether a base spelt so would have doubled its last letter: one vowel, then one consonant.
/// `staring` is therefore a form of `stare`, and `resting` one of `rest`.
fn would_double(stem: &str) -> bool {
    let mut letters = stem.bytes().rev();
    let is_vowel = |letter: u8| matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u');
    let (Some(last), Some(middle)) = (letters.next(), letters.next()) else { return false };
    let before = letters.next();
    !is_vowel(last)
        && !matches!(last, b'w' | b'x' | b'y')
        && is_vowel(middle)
        && !before.is_some_and(|letter| is_vowel(letter) && letter != b'u')
}

/// `runn` gives `run`.
fn undouble(stem: &str) -> Option<&str> {
    let shorter = stem.get(..stem.len().checked_sub(1)?)?;
    let doubled = stem.bytes().next_back() == shorter.bytes().next_back();
    (doubled && shorter.len() >= 2).then_some(shorter)
}

/// The length of the singular of a word that no dictionary knows: `selfies`, `wetsuits`.
fn unlisted_plural(word: &str) -> Option<usize> {
    let stem = word.strip_suffix('s')?;
    if stem.len() < 3 || stem.ends_with(['s', 'u', 'i', 'a']) {
        return None;
    }
    let sibilant = ["sse", "xe", "zze", "che", "she"].iter().any(|end| stem.ends_with(end));
    Some(stem.len() - usize::from(sibilant))
}
