//! The words of a question or an answer that say something, and where captions have them.

use crate::model::{Descriptor, Evidence, Facet};
use crate::text::{self, Word};

use super::normal::number;
use super::noun::{Fit, Nouns, are_related};
use super::words::List;

/// Question words and others that stay empty though they are all that an answer has.
fn is_empty(folded: &str, lemma: &str) -> bool {
    List::Empty.has(folded) || List::Empty.has(lemma) && folded != "objects"
}

/// A word or compound with a meaning of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    /// In dictionary form: `hot dog`, `ride`.
    pub lemma: String,
    /// A number, if it is one.
    pub number: Option<u32>,
    /// What is done rather than a thing: `cooking`.
    pub is_verb: bool,
}

/// The words of a text that say something; if none does, all but articles.
pub(super) fn terms(text: &str) -> Vec<Term> {
    let found = strict_terms(text);
    if !found.is_empty() {
        return found;
    }
    let words = text::words(text);
    let folded = words.iter().map(|word| word.folded.as_str());
    let left = folded.filter(|word| !matches!(*word, "a" | "an" | "the" | "it" | "yes" | "no"));
    left.map(|word| Term { lemma: word.to_owned(), number: number(word), is_verb: false }).collect()
}

/// The words of a text that say something.
pub(super) fn strict_terms(text: &str) -> Vec<Term> {
    let all = text::words(text);
    let folded: Vec<&str> = all.iter().map(|word| word.folded.as_str()).collect();
    let mut found: Vec<Term> = Vec::new();
    for unit in text::units(&folded) {
        let words = folded.get(unit.words.clone()).unwrap_or_default();
        let lemma = words.iter().map(|word| text::lemma(word)).collect::<Vec<_>>().join(" ");
        let empty = match words {
            [word] => is_empty(word, &lemma) && number(word).is_none_or(|_| *word == "one"),
            _ => words.iter().all(|word| is_empty(word, text::lemma(word))),
        };
        // `couple of people` has no key for its first words.
        if empty || found.iter().any(|term| term.lemma == lemma) {
            continue;
        }
        let trimmed = words.iter().filter(|word| !matches!(**word, "of" | "a" | "the"));
        let lemma = trimmed.map(|word| text::lemma(word)).collect::<Vec<_>>().join(" ");
        let is_verb = matches!(words, [word] if super::grammar::is_gerund(word));
        found.push(Term { number: number(&lemma), lemma, is_verb });
    }
    found
}

/// A word of a caption with its dictionary form.
#[derive(Clone, Debug)]
struct Spot {
    start: u32,
    end: u32,
    folded: String,
    lemma: String,
}

/// The words of a caption.
#[derive(Clone, Debug)]
pub(super) struct Page {
    caption: u32,
    spots: Vec<Spot>,
    /// Words and compounds in dictionary form: the first word, the word after the last, the form.
    units: Vec<(usize, usize, String)>,
}

impl Page {
    pub(super) fn of(text: &str, caption: u32) -> Self {
        let words: Vec<Word> = text::words(text);
        let folded: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
        let units = text::units(&folded);
        let spots: Vec<Spot> = words
            .iter()
            .map(|word| Spot {
                start: word.span.start as u32,
                end: word.span.end as u32,
                folded: word.folded.clone(),
                lemma: text::lemma(&word.folded).to_owned(),
            })
            .collect();
        let form = |range: std::ops::Range<usize>| {
            let words = spots.get(range).unwrap_or_default();
            words.iter().map(|spot| spot.lemma.as_str()).collect::<Vec<_>>().join(" ")
        };
        let units = units
            .into_iter()
            .filter(|unit| !unit.is_verb_form)
            .map(|unit| (unit.words.start, unit.words.end, form(unit.words)))
            .collect();
        Self { caption, spots, units }
    }

    /// Where a term occurs first: its own word, one for the same, or a kind of it.
    pub(super) fn place_of(&self, term: &Term, nouns: &mut Nouns) -> Option<Evidence> {
        self.written(term).or_else(|| self.meant(term, nouns))
    }

    fn evidence(&self, first: usize, end: usize) -> Option<Evidence> {
        let (first, last) = (self.spots.get(first)?, self.spots.get(end.checked_sub(1)?)?);
        Some(Evidence { caption: self.caption, start: first.start, end: last.end, sentence: 0 })
    }

    fn written(&self, term: &Term) -> Option<Evidence> {
        if let Some(asked) = term.number {
            let is_it = |spot: &Spot| {
                number(&spot.folded) == Some(asked)
                    || asked == 2 && matches!(spot.lemma.as_str(), "couple" | "pair")
            };
            let at = self.spots.iter().position(is_it)?;
            return self.evidence(at, at + 1);
        }
        // All words of a compound, best side by side.
        let words: Vec<&str> = term.lemma.split(' ').collect();
        let is_word = |spot: &Spot, word: &str| spot.lemma == word || spot.folded == word;
        let side_by_side = self
            .spots
            .windows(words.len().max(1))
            .position(|spots| spots.iter().zip(&words).all(|(spot, word)| is_word(spot, word)));
        if let Some(at) = side_by_side {
            return self.evidence(at, at + words.len());
        }
        let place = |word: &&str| self.spots.iter().position(|spot| is_word(spot, word));
        let all: Option<Vec<usize>> = words.iter().map(place).collect();
        let (all, is_compound) = (all?, words.len() > 1);
        let (first, last) = (all.iter().min()?, all.iter().max()?);
        (is_compound && last - first < 4).then(|| self.evidence(*first, last + 1)).flatten()
    }

    fn meant(&self, term: &Term, nouns: &mut Nouns) -> Option<Evidence> {
        if term.number.is_some() {
            return None;
        }
        if term.is_verb {
            let is_it = |spot: &Spot| {
                text::same(&spot.lemma, &term.lemma) && super::grammar::can_be_verb(&spot.lemma)
            };
            let at = self.spots.iter().position(is_it)?;
            return self.evidence(at, at + 1);
        }
        let is_kind = |unit: &&(usize, usize, String)| nouns.fit(&term.lemma, &unit.2) == Fit::Exact;
        if let Some((first, end, _)) = self.units.iter().find(is_kind) {
            return self.evidence(*first, *end);
        }
        let is_kin = |spot: &Spot| are_related(&spot.lemma, &term.lemma);
        let at = self.spots.iter().position(is_kin)?;
        self.evidence(at, at + 1)
    }

    /// Adds nouns that the extractor has passed over, where an article says that they are things.
    pub(super) fn add_things(&self, all: &mut Vec<Descriptor>) {
        for (first, end, lemma) in &self.units {
            let (Some(place), Some(word)) = (self.evidence(*first, *end), self.spots.get(*first)) else {
                continue;
            };
            let is_known = all
                .iter()
                .any(|of| of.evidence.iter().any(|known| known.start < place.end && known.end > place.start));
            let before = first.checked_sub(1).and_then(|before| self.spots.get(before));
            let negated = before.is_some_and(|before| matches!(before.folded.as_str(), "no" | "without"));
            let is_introduced =
                negated || before.is_some_and(|before| super::grammar::is_determiner(&before.folded));
            if is_known || !is_introduced || is_empty(&word.folded, lemma) || !text::is_noun(lemma) {
                continue;
            }
            all.push(Descriptor {
                evidence: vec![place],
                negated,
                ..Descriptor::new(Facet::Object, lemma.as_str(), Descriptor::EXTRACTED)
            });
        }
    }

    /// The words with the things that begin at each.
    pub(super) fn spots_with<'p>(&'p self, text: &str, all: &[Descriptor]) -> Vec<super::surface::Spot<'p>> {
        let mut spots: Vec<super::surface::Spot<'_>> = Vec::with_capacity(self.spots.len());
        let mut end = 0_u32;
        for spot in &self.spots {
            let between = text.get(end as usize..spot.start as usize).unwrap_or_default();
            end = spot.end;
            spots.push(super::surface::Spot {
                folded: &spot.folded,
                lemma: &spot.lemma,
                thing: None,
                alive: false,
                stop: between.contains(['.', '!', '?', ';', '\n']),
                comma: between.contains(','),
            });
        }
        for (at, of) in all.iter().enumerate().filter(|(_, of)| of.facet == Facet::Object) {
            for place in &of.evidence {
                let first = self.spots.partition_point(|spot| spot.end <= place.start);
                let after = self.spots.partition_point(|spot| spot.start < place.end);
                if let Some(spot) = spots.get_mut(first).filter(|_| after > first) {
                    spot.thing = Some((at, after));
                    let name = text::lemma(of.name.rsplit(' ').next().unwrap_or_default());
                    spot.alive = matches!(
                        text::supersense(name),
                        Some(text::Supersense::Person | text::Supersense::Animal | text::Supersense::Group)
                    );
                }
            }
        }
        spots
    }

    /// Bytes of a run of words.
    pub(super) fn evidence_of(&self, words: (usize, usize)) -> Option<Evidence> {
        self.evidence(words.0, words.1)
    }

    /// Whether a place is a word or compound by itself or its last word: a bear costume is no bear.
    pub(super) fn is_head(&self, place: Evidence) -> bool {
        let inside = |(first, end, _): &&(usize, usize, String)| {
            let (start, last) = (self.spots.get(*first), self.spots.get(end - 1));
            start.zip(last).is_some_and(|(start, last)| start.start <= place.start && last.end >= place.end)
        };
        let unit = self.units.iter().find(inside).and_then(|(_, end, _)| self.spots.get(end - 1));
        unit.is_none_or(|last| last.end == place.end)
    }

    /// A word by its number.
    pub(super) fn word(&self, at: usize) -> &str {
        self.spots.get(at).map_or("", |spot| spot.folded.as_str())
    }

    /// The word that begins at a byte.
    pub(super) fn word_at(&self, start: u32) -> Option<&str> {
        self.spots.iter().find(|spot| spot.start == start).map(|spot| spot.folded.as_str())
    }

    /// A word among the modifiers right before a byte.
    pub(super) fn modifier(&self, at: u32, is_it: impl Fn(&str) -> bool) -> Option<Evidence> {
        let after = self.spots.partition_point(|spot| spot.end <= at);
        for back in 1..=3 {
            let place = after.checked_sub(back)?;
            let spot = self.spots.get(place)?;
            let ends =
                super::grammar::is_preposition(&spot.folded) || super::grammar::is_determiner(&spot.folded);
            if ends || back > 1 && super::grammar::is_gerund(&spot.folded) {
                return None;
            }
            if is_it(&spot.folded) {
                return self.evidence(place, place + 1);
            }
        }
        None
    }

    /// Where the words of a text stand side by side.
    pub(super) fn places_of(&self, text: &str) -> Option<Evidence> {
        let words = text::words(text);
        if words.is_empty() {
            return None;
        }
        let is_word =
            |spot: &Spot, word: &Word| spot.folded == word.folded || spot.lemma == text::lemma(&word.folded);
        let at = self
            .spots
            .windows(words.len())
            .position(|spots| spots.iter().zip(&words).all(|(spot, word)| is_word(spot, word)))?;
        self.evidence(at, at + words.len())
    }

    /// Words right before a byte, the nearest first, up to one that ends a noun phrase.
    pub(super) fn words_before(&self, at: u32, most: usize) -> impl Iterator<Item = &str> {
        let before = self.spots.iter().rev().filter(move |spot| spot.end <= at).take(most);
        before
            .map(|spot| spot.folded.as_str())
            .take_while(|word| !super::grammar::is_preposition(word) && *word != "and")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_that_say_something() {
        for (text, expected) in [
            ("Is the man riding a hot dog stand?", "man|ride|hot dog stand"),
            ("What color is the dog?", "dog"),
            ("two", "two"),
            ("on", "on"),
            ("the red ones", "red"),
            ("", ""),
        ] {
            let found: Vec<String> = terms(text).into_iter().map(|term| term.lemma).collect();
            assert_eq!(found.join("|"), expected, "{text}");
        }
    }

    #[test]
    fn words_are_found_in_captions() {
        let text = "Three men ride wooden boats near a traffic light.";
        let page = Page::of(text, 2);
        for (asked, expected) in [
            ("3", Some("Three")),
            ("people", Some("men")),
            ("riding", Some("ride")),
            ("wood", Some("wooden")),
            ("light", Some("light")),
            ("traffic light", Some("traffic light")),
            ("dog", None),
            ("2", None),
        ] {
            let term = terms(asked).remove(0);
            let place = page.place_of(&term, &mut Nouns::default());
            let found = place.and_then(|place| text.get(place.start as usize..place.end as usize));
            assert_eq!(found, expected, "{asked}");
        }
    }

    proptest! {
        #[test]
        fn any_text(text in any::<String>(), asked in any::<String>()) {
            let page = Page::of(&text, 0);
            for term in terms(&asked).iter().chain(&terms(&text)) {
                if let Some(place) = page.place_of(term, &mut Nouns::default()) {
                    prop_assert!(text.get(place.start as usize..place.end as usize).is_some());
                }
            }
        }
    }
}
