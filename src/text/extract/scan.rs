//! What stands in a text beside objects: words of the scene, words written in the picture, names.
//!
//! These need no model. Phrases of scenes are listed; what is written is quoted, or follows `reads`;
//! names are written with capitals where nothing else would have them.

use std::ops::Range;

use crate::model::Facet;
use crate::text::{Lexicon, Parts};

use super::class::Class;
use super::describe::{Mentions, Source};
use super::lists::{LONGEST_SCENE, Lists};
use super::words::QUOTE;

/// Words of a name or an inscription at most.
const LONGEST: usize = 8;

/// Something found.
pub(super) struct Finding {
    pub facet: Facet,
    pub dimension: &'static str,
    pub name: String,
    pub sentence: usize,
    pub tokens: Range<usize>,
}

impl Finding {
    /// The thing to which it belongs: what is written stands on what was named before.
    pub(super) fn parent_of(&self, mentions: &Mentions) -> Option<u32> {
        (self.facet == Facet::Text).then(|| mentions.before(self.sentence, self.tokens.start)).flatten()
    }
}

/// Looks through all sentences of a text.
pub(super) fn scan(source: Source<'_>) -> Vec<Finding> {
    let capitals = Capitals::of(source);
    let mut found = Vec::new();
    for (sentence, range) in source.sentences.iter().enumerate() {
        let mut at = range.start;
        while at < range.end {
            let place = Spot { source, sentence, range, at };
            let findings = [place.scene(), place.text(), place.measure(), place.year(), place.name(capitals)];
            let next = findings.iter().flatten().map(|finding| finding.tokens.end).max();
            found.extend(findings.into_iter().flatten());
            at = next.unwrap_or(at + 1).max(at + 1);
        }
    }
    found
}

/// What capitals tell in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Capitals {
    /// They mark names.
    Names,
    /// All or most words have them, as in headlines; then they mark nothing.
    Nothing,
}

impl Capitals {
    fn of(source: Source<'_>) -> Self {
        let (mut words, mut capitals) = (0, 0);
        for at in 0..source.tokens.len().min(400) {
            let letters = source.letters(at);
            if source.tokens[at] != QUOTE && letters.chars().next().is_some_and(char::is_alphabetic) {
                words += 1;
                capitals += usize::from(begins_with_capital(letters));
            }
        }
        if words > 3 && 5 * capitals > 3 * words { Self::Nothing } else { Self::Names }
    }
}

fn begins_with_capital(letters: &str) -> bool {
    letters.chars().next().is_some_and(char::is_uppercase)
}

/// A place in a sentence.
#[derive(Clone, Copy)]
struct Spot<'a> {
    source: Source<'a>,
    sentence: usize,
    range: &'a Range<usize>,
    at: usize,
}

impl Spot<'_> {
    fn text_at(&self, at: usize) -> &str {
        if self.range.contains(&at) { &self.source.word(at).text } else { "" }
    }

    fn finding(&self, facet: Facet, dimension: &'static str, name: &str, tokens: Range<usize>) -> Finding {
        Finding { facet, dimension, name: name.to_owned(), sentence: self.sentence, tokens }
    }

    /// The longest phrase of a scene that begins here.
    fn scene(&self) -> Option<Finding> {
        let lists = Lists::english();
        if self.source.tokens[self.at] == QUOTE || !lists.begins_scene(self.text_at(self.at)) {
            return None;
        }
        let longest = (self.at + LONGEST_SCENE).min(self.range.end);
        (self.at + 1..=longest).rev().find_map(|end| {
            let words: Vec<&str> = (self.at..end).map(|at| self.text_at(at)).collect();
            let scene = lists.scene(&words.join(" "))?;
            let fits = match scene.dimension {
                "place" => self.follows_place_word(),
                // A painting on the wall is a thing; `a painting of` says what the picture is.
                "medium" => {
                    self.text_at(end) == "of" && self.at < self.range.start + 4
                        || self.at < self.range.start + 2
                }
                _ => true,
            };
            fits.then(|| self.finding(Facet::Scene, scene.dimension, scene.name, self.at..end))
        })
    }

    /// Whether the words before say that something is there: `in a busy …`.
    fn follows_place_word(&self) -> bool {
        for back in 1..=3 {
            let Some(at) = self.at.checked_sub(back).filter(|at| self.range.contains(at)) else {
                return false;
            };
            let word = self.source.word(at);
            if matches!(&*word.text, "in" | "at" | "inside" | "outside" | "on" | "along" | "through" | "down")
            {
                return true;
            }
            if word.class.is_prepositional() || word.class.is_verbal() && !word.parts.meets(Parts::ADJECTIVE)
            {
                return false;
            }
        }
        false
    }

    /// Words written in the picture.
    fn text(&self) -> Option<Finding> {
        if self.source.tokens[self.at] == QUOTE {
            let letters = self.source.letters(self.at).trim();
            let written = letters.trim_end_matches(['.', ',']);
            return (!written.is_empty())
                .then(|| self.finding(Facet::Text, "quoted", written, self.at..self.at + 1));
        }
        let before = self.at.checked_sub(1)?;
        let says = matches!(
            self.text_at(before),
            "reads"
                | "read"
                | "reading"
                | "says"
                | "say"
                | "saying"
                | "labeled"
                | "labelled"
                | "marked"
                | "titled"
                | "spells"
                | "spelling"
                | "named"
                | "numbered"
        );
        if !says {
            return None;
        }
        let is_written = |at: usize| {
            let letters = self.source.letters(at);
            begins_with_capital(letters) || letters.bytes().all(|byte| byte.is_ascii_digit())
        };
        let end = (self.at..self.range.end.min(self.at + LONGEST)).find(|at| !is_written(*at));
        let end = end.unwrap_or(self.range.end.min(self.at + LONGEST));
        let tokens = self.at..end;
        (end > self.at).then(|| self.finding(Facet::Text, "read", self.source.stretch(&tokens), tokens))
    }

    /// A number with its unit: `10 km`, `25%`.
    fn measure(&self) -> Option<Finding> {
        let letters = self.source.letters(self.at);
        let digits = letters
            .bytes()
            .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b':'))
            .count();
        let first = letters.bytes().next()?;
        let is_price = matches!(letters, "$" | "€" | "£");
        if is_price {
            let number = self.range.contains(&(self.at + 1))
                && self.source.letters(self.at + 1).starts_with(|letter: char| letter.is_ascii_digit());
            let tokens = self.at..self.at + 2;
            return number.then(|| self.finding(Facet::Text, "number", self.source.stretch(&tokens), tokens));
        }
        if !first.is_ascii_digit() {
            return None;
        }
        let rest = letters.get(digits..)?.trim_start_matches('-').to_lowercase();
        let units = Lists::english();
        let joined = !rest.is_empty() && units.is_unit(&rest) || letters.contains(':') && rest.is_empty();
        let apart =
            rest.is_empty() && units.is_unit(self.text_at(self.at + 1)) && self.text_at(self.at + 1) != "in";
        let end = if joined { self.at + 1 } else { self.at + 2 };
        let tokens = self.at..end;
        (joined || apart).then(|| self.finding(Facet::Text, "number", self.source.stretch(&tokens), tokens))
    }

    fn year(&self) -> Option<Finding> {
        let letters = self.source.letters(self.at);
        let number: u32 = letters.parse().ok().filter(|_| letters.len() == 4)?;
        let is_year = (1500..=2100).contains(&number) && !Lists::english().is_unit(self.text_at(self.at + 1));
        is_year.then(|| self.finding(Facet::Entity, "year", letters, self.at..self.at + 1))
    }

    /// A run of words with capitals.
    fn name(&self, capitals: Capitals) -> Option<Finding> {
        if capitals == Capitals::Nothing || !self.is_name(self.at) {
            return None;
        }
        let mut end = self.at + 1;
        while end < self.range.end && end - self.at < LONGEST {
            // `Statue of Liberty`, `Leonardo da Vinci`.
            let joins =
                matches!(self.text_at(end), "of" | "de" | "da" | "la" | "the" | "and" | "&" | "van" | "von");
            if self.is_name(end) {
                end += 1;
            } else if joins && self.text_at(end) != "and" && end + 1 < self.range.end && self.is_name(end + 1)
            {
                end += 2;
            } else {
                break;
            }
        }
        let tokens = self.at..end;
        Some(self.finding(Facet::Entity, "name", self.source.stretch(&tokens), tokens))
    }

    fn is_name(&self, at: usize) -> bool {
        let letters = self.source.letters(at);
        let word = self.source.word(at);
        if !begins_with_capital(letters) || word.class == Class::QUOTE || letters.chars().count() < 2 {
            return false;
        }
        if word.class.number() > 0
            && word.class.number() < Class::IRREGULAR_VERB.number()
            && word.class.is_verbal()
        {
            return at > self.range.start
                && !Lexicon::english()
                    .find(word.text.as_bytes())
                    .is_some_and(|(_, parts)| parts.meets(Parts::VERB));
        }
        let is_closed = word.class.number() > 0
            && word.class.number() <= Class::NUMBER.number()
            && !matches!(word.class, Class::PLURAL | Class::THIRD_PERSON | Class::IRREGULAR_VERB);
        if is_closed {
            return false;
        }
        // `American`, `Chinese`: of where something is, no name of it.
        let is_of_place = word.parts.meets(Parts::ADJECTIVE)
            && ["an", "ish", "ese", "ian"].iter().any(|ending| word.text.ends_with(ending));
        let is_listed = Lexicon::english().find(word.text.as_bytes()).is_some()
            || Lexicon::english().find(word.noun.as_bytes()).is_some();
        let begins = at == self.range.start;
        !(is_of_place || begins && is_listed)
    }
}
