//! The sentences of one text as one story: which mentions mean the same thing.
//!
//! Mentions are one thing when they have one name, or when a shorter name comes later (`a street
//! sign … the sign`); `another` and `the other` begin a new thing. Pronouns of later sentences mean
//! the thing that was spoken of last and fits.

use std::ops::Range;

use super::decode::{Draft, evidence};
use super::gold::Fact;
use super::graph::Graph;
use super::labels::Span;
use super::lexical::Lexical;
use super::pronouns::{REACH, is_plural, meant};
use super::relations::{Rewrites, spell};
use super::words::{QUOTE, WordId, Words, hash};

/// Mentions of things looked back upon; more would make long texts quadratic.
const MEMORY: usize = 64;

/// A sentence and what it was read as.
#[derive(Debug)]
pub(super) struct Sentence {
    /// Places of its tokens in the text.
    pub range: Range<usize>,
    pub draft: Draft,
    pub graph: Graph,
}

/// Something that a text speaks of.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    pub name: String,
    /// The dictionary form of the last word of its name.
    pub head: String,
    pub is_plural: bool,
    pub mentions: Vec<Place>,
}

impl Thing {
    /// Whether its name follows a place, with at most a few words between.
    pub(super) fn is_named_after(&self, place: &Place) -> bool {
        let near = place.tokens.end..place.tokens.end + 4;
        let mut mentions = self.mentions.iter();
        mentions.any(|mention| mention.sentence == place.sentence && near.contains(&mention.tokens.start))
    }
}

/// A run of tokens of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub sentence: usize,
    pub tokens: Range<usize>,
}

/// Something said of a thing.
#[derive(Clone, Debug)]
pub(super) struct Property {
    pub thing: usize,
    pub text: String,
    pub place: Place,
}

/// Something said of two things.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub subject: usize,
    pub object: usize,
    pub predicate: String,
    pub place: Place,
}

/// What a text says.
#[derive(Clone, Debug, Default)]
pub(super) struct Story {
    pub things: Vec<Thing>,
    pub properties: Vec<Property>,
    pub links: Vec<Link>,
}

/// A mention that is looked back upon.
#[derive(Clone, Copy, Debug)]
struct Recent {
    sentence: usize,
    thing: usize,
    /// The thing's name and head as numbers: some dozens are compared for each mention.
    name: u64,
    head: u64,
}

/// What the names of a story are taken from.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub words: &'a Words<'a>,
    pub lexical: &'a Lexical,
    pub rewrites: &'a Rewrites,
    pub tokens: &'a [WordId],
}

impl Names<'_> {
    fn spell(&self, start: usize, span: Span) -> String {
        let mut spelt = String::new();
        for at in span.range() {
            if !spelt.is_empty() {
                spelt.push(' ');
            }
            spelt.push_str(&self.words.of(self.tokens[start + at]).text);
        }
        spelt
    }

    fn object(&self, start: usize, span: Span) -> String {
        let name = self.spell(start, span);
        self.lexical.renamed(&name).map(str::to_owned).unwrap_or(name)
    }

    fn attribute(&self, start: usize, span: Span) -> String {
        let one = span.range().len() == 1;
        let number = if one { self.words.of(self.tokens[start + span.head()]).number() } else { None };
        let attribute = number.map_or_else(|| self.spell(start, span), str::to_owned);
        self.lexical.requalified(&attribute).map(str::to_owned).unwrap_or(attribute)
    }
}

impl Story {
    /// Joins the sentences of a text.
    pub(super) fn of(names: Names<'_>, sentences: &[Sentence]) -> Self {
        let mut story = Self::default();
        let mut recent: Vec<Recent> = Vec::new();
        for (number, sentence) in sentences.iter().enumerate() {
            let start = sentence.range.start;
            let place = |span: Span| Place {
                sentence: number,
                tokens: start + usize::from(span.start)..start + usize::from(span.end),
            };
            let mut things = Vec::with_capacity(sentence.draft.objects.len());
            for span in &sentence.draft.objects {
                let thing = story.thing(names, sentence, number, *span, &recent);
                if let Some(thing) = thing {
                    story.things[thing].mentions.push(place(*span));
                    let named = &story.things[thing];
                    let (name, head) = (hash(&named.name), hash(&named.head));
                    recent.push(Recent { sentence: number, thing, name, head });
                    if recent.len() > 2 * MEMORY {
                        recent.drain(..MEMORY);
                    }
                }
                things.push(thing);
            }
            for (owner, span) in &sentence.graph.attributes {
                // What is written on a thing is no property of it.
                let is_quote = span.range().any(|at| names.tokens[start + at] == QUOTE);
                if let Some(thing) = things[*owner].filter(|_| !is_quote) {
                    let text = names.attribute(start, *span);
                    story.properties.push(Property { thing, text, place: place(*span) });
                }
            }
            story.add_links(names, sentence, number, &things);
        }
        story
    }

    fn add_links(&mut self, names: Names<'_>, sentence: &Sentence, number: usize, things: &[Option<usize>]) {
        let (draft, start) = (&sentence.draft, sentence.range.start);
        let marked = draft.marked(names.words, &names.tokens[sentence.range.clone()]);
        for relation in &sentence.graph.relations {
            let (Some(subject), Some(object)) = (things[relation.subject], things[relation.object]) else {
                continue;
            };
            let Some(predicate) = spell(marked, &draft.triggers, names.rewrites, relation.predicate) else {
                continue;
            };
            // A relation without words of its own stands between its ends.
            let span = evidence(&draft.triggers, &relation.predicate).unwrap_or_else(|| {
                let (a, b) = (draft.objects[relation.subject], draft.objects[relation.object]);
                Span { start: a.start.min(b.start), end: a.end.max(b.end) }
            });
            let tokens = start + usize::from(span.start)..start + usize::from(span.end);
            self.links.push(Link { subject, object, predicate, place: Place { sentence: number, tokens } });
        }
    }

    /// The thing that a span means; a new one where none before fits, none for a pronoun that means
    /// nobody.
    fn thing(
        &mut self,
        names: Names<'_>,
        sentence: &Sentence,
        number: usize,
        span: Span,
        recent: &[Recent],
    ) -> Option<usize> {
        let start = sentence.range.start;
        let word = |at: usize| names.words.of(names.tokens[start + at]);
        let head = word(span.head());
        if span.range().any(|at| names.tokens[start + at] == QUOTE) {
            return None;
        }
        let near = recent.iter().rev().take(MEMORY);
        if let Some(meant) = meant(head).filter(|_| number > 0) {
            let fits = |thing: usize| {
                let place = self.things[thing].mentions.first().map(|mention| mention.tokens.end - 1);
                place.is_some_and(|place| meant.may_be(names.words.of(names.tokens[place])))
            };
            let mut best: Option<(usize, usize)> = None;
            for Recent { sentence: at, thing, .. } in
                near.filter(|recent| number - recent.sentence <= REACH && fits(recent.thing))
            {
                // Of the nearest sentence that names one, the first: the subject, mostly.
                if best.is_none_or(|best| best.0 == *at) {
                    best = Some((*at, *thing));
                }
            }
            return best.map(|best| best.1);
        }
        let name = names.object(start, span);
        let is_new = (usize::from(span.start).saturating_sub(3)..usize::from(span.start))
            .any(|at| names.words.traits(names.tokens[start + at]).tells_apart());
        let is_plural = is_plural(head);
        let (number_of_name, number_of_head) = (hash(&name), hash(&head.noun));
        let is_short = name == *head.text;
        let is_this = |recent: &&Recent| {
            recent.name == number_of_name
                || is_short && recent.head == number_of_head && {
                    let thing = &self.things[recent.thing];
                    thing.is_plural == is_plural
                        && thing.mentions.last().is_some_and(|last| last.sentence < number)
                }
        };
        let known = if is_new { None } else { near.clone().find(is_this) };
        let found = || {
            let last = name.rsplit([' ', '-']).next().unwrap_or(&name);
            let noun = if *last == *head.text { &*head.noun } else { super::super::lemma(last) }.to_owned();
            self.things.push(Thing { name, head: noun, is_plural, mentions: Vec::new() });
            self.things.len() - 1
        };
        Some(known.map_or_else(found, |recent| recent.thing))
    }

    /// The facts of the story: relations, attributes, and things of which nothing else is said.
    pub(super) fn facts(&self) -> Vec<Fact> {
        let mut facts = Facts::default();
        let name = |thing: usize| self.things[thing].name.clone();
        let mut told = vec![false; self.things.len()];
        for link in &self.links {
            facts.push(Fact::Relation(name(link.subject), link.predicate.clone(), name(link.object)));
            told[link.subject] = true;
            told[link.object] = true;
        }
        for property in &self.properties {
            facts.push(Fact::Attribute(name(property.thing), property.text.clone()));
            told[property.thing] = true;
        }
        for (thing, told) in told.iter().enumerate() {
            if !told {
                facts.push(Fact::Object(name(thing)));
            }
        }
        facts.all
    }

    /// Takes out things that are none, with all that is said of them.
    pub(super) fn retain(&mut self, keep: impl Fn(&Thing) -> bool) {
        let kept: Vec<bool> = self.things.iter().map(keep).collect();
        let mut moved = Vec::with_capacity(kept.len());
        let mut count = 0;
        for kept in &kept {
            moved.push(kept.then_some(count));
            count += usize::from(*kept);
        }
        let mut place = 0;
        self.things.retain(|_| {
            place += 1;
            kept[place - 1]
        });
        self.properties
            .retain_mut(|property| moved[property.thing].map(|thing| property.thing = thing).is_some());
        self.links.retain_mut(|link| match (moved[link.subject], moved[link.object]) {
            (Some(subject), Some(object)) => {
                (link.subject, link.object) = (subject, object);
                true
            }
            _ => false,
        });
    }
}

/// Facts without doubles.
#[derive(Default)]
struct Facts {
    all: Vec<Fact>,
    seen: rustc_hash::FxHashSet<Fact>,
}

impl Facts {
    fn push(&mut self, fact: Fact) {
        if self.seen.insert(fact.clone()) {
            self.all.push(fact);
        }
    }
}
