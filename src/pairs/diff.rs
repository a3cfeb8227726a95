//! Two captions laid beside each other, with the name of what changes from one to the other.

use crate::model::Descriptor;

use super::compare::{Comparer, Comparison};
use super::edit::{Edit, Fate};
use super::kind::{Aspect, Kind, change, edit};
use super::portrait::{Portrait, Vocabulary};
use super::role::{Word, words};
use super::told::Told;

/// A caption that was read.
#[derive(Clone, Debug, Default)]
pub struct Side {
    text: String,
    words: Vec<Word>,
    portrait: Portrait,
}

impl Side {
    /// Takes in a caption, the first of its sample, with what was found in it.
    pub fn new(text: &str, descriptors: &[Descriptor], keys: &[String], vocabulary: &mut Vocabulary) -> Self {
        Self {
            words: words(text, 0, descriptors),
            portrait: vocabulary.add([text], keys),
            text: text.to_owned(),
        }
    }
}

/// What differs between two captions.
#[derive(Clone, Debug)]
pub struct Diff {
    /// The kind of change; none where they say the same.
    pub kind: Option<Kind>,
    /// What changed, in one line; empty where nothing did.
    pub change: String,
    /// The comparison of what they say.
    pub comparison: Comparison,
    /// The way from word to word.
    pub edit: Edit,
}

impl Diff {
    /// To what the change was done.
    pub fn aspect(&self) -> Option<Aspect> {
        self.kind.map(Kind::aspect)
    }

    /// The differences of what they say.
    pub fn told(&self, vocabulary: &Vocabulary) -> Vec<Told> {
        self.comparison.differences.iter().map(|difference| vocabulary.tell(difference)).collect()
    }
}

/// Compares two captions of a settled vocabulary. The kind follows from the words and what each does, which is surer
/// for captions that are nearly the same than what was understood of either; the change is told by what they say
/// where that has a difference of the same aspect, else by the words that differ.
pub fn diff(vocabulary: &Vocabulary, one: &Side, other: &Side, comparer: &mut Comparer) -> Diff {
    let comparison = comparer.compare(vocabulary, one.portrait.view(), other.portrait.view());
    let edit = edit(&one.words, &other.words);
    let mut kind = change(&one.words, &other.words);
    let agrees = |aspect: Aspect| comparison.differences.iter().find(|found| found.kind.aspect() == aspect);
    let found = kind.and_then(|kind| agrees(kind.aspect()));
    // `open` and `closed` are attributes to the words, a state to what they say.
    if let (Some(Kind::ReplaceAttribute), Some(found)) = (kind, found)
        && matches!(found.kind, Kind::State | Kind::Count)
    {
        kind = Some(found.kind);
    }
    let change = match (kind, found) {
        (None, _) => String::new(),
        (_, Some(found)) => vocabulary.tell(found).line(),
        (_, None) => words_of(one, other, &edit),
    };
    Diff { kind, change, comparison, edit }
}

/// The words that are not kept, of both: `concrete ↔ wooden`.
fn words_of(one: &Side, other: &Side, edit: &Edit) -> String {
    let of = |side: &Side, fates: &[Fate]| {
        let mut text = String::new();
        let mut last = None;
        for (at, (word, fate)) in side.words.iter().zip(fates).enumerate() {
            if matches!(fate, Fate::Kept(_)) || !word.role.is_content() {
                continue;
            }
            if last.is_some() {
                text.push_str(if last == Some(at - 1) { " " } else { " … " });
            }
            text.push_str(side.text.get(word.span.clone()).unwrap_or_default());
            last = Some(at);
        }
        text
    };
    match (of(one, &edit.first), of(other, &edit.second)) {
        (from, to) if from.is_empty() => format!("only right: {to}"),
        (from, to) if to.is_empty() => format!("only left: {from}"),
        (from, to) => format!("{from} ↔ {to}"),
    }
}
