//! From a story to descriptors: which facet each fact has, whose it is, and where it is said.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::model::{Descriptor, Evidence, Facet};
use crate::text::{Lexicon, Parts};

use super::class::Class;
use super::lists::Lists;
use super::scan;
use super::scope::Scopes;
use super::story::{Link, Place, Property, Story, Thing};
use super::token::RawToken;
use super::words::{Word, WordId, Words};

/// Steps from part to whole that are followed at most.
const DEEPEST: usize = 16;

/// A text with its tokens.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub text: &'a str,
    /// Its place in the sample's list of captions.
    pub caption: u32,
    pub words: &'a Words<'a>,
    pub raw: &'a [RawToken],
    pub tokens: &'a [WordId],
    pub sentences: &'a [Range<usize>],
}

impl<'a> Source<'a> {
    /// What is known of the word at a place of the text.
    pub(super) fn word(&self, at: usize) -> &'a Word {
        self.words.of(self.tokens[at])
    }

    /// The letters at a place of the text.
    pub(super) fn letters(&self, at: usize) -> &'a str {
        self.raw[at].of(self.text)
    }

    /// The letters of a run of tokens, as they stand in the text.
    pub(super) fn stretch(&self, tokens: &Range<usize>) -> &'a str {
        let evidence = self.evidence(tokens, 0);
        self.text.get(evidence.start as usize..evidence.end as usize).unwrap_or_default()
    }

    pub(super) fn evidence(&self, tokens: &Range<usize>, sentence: usize) -> Evidence {
        let start = self.raw.get(tokens.start).map_or(0, |token| token.start);
        let end = self.raw.get(tokens.end.saturating_sub(1)).map_or(start, |token| token.end.max(start));
        Evidence { caption: self.caption, start, end, sentence: sentence as u32 }
    }
}

/// All that a text says.
pub(super) fn describe(source: Source<'_>, story: &Story) -> Vec<Descriptor> {
    let mut describer = Describer {
        source,
        scopes: Scopes::of(source.words, source.tokens, source.sentences),
        found: Vec::new(),
        places: FxHashMap::default(),
    };
    describer.things(story);
    for property in &story.properties {
        describer.property(property, &story.things[property.thing]);
    }
    for link in &story.links {
        describer.link(link);
    }
    describer.parts(story);
    let mentions = Mentions::of(story);
    describer.vague_counts(&mentions);
    for finding in scan::scan(source) {
        let parent = finding.parent_of(&mentions);
        let place = Place { sentence: finding.sentence, tokens: finding.tokens };
        describer.push(finding.facet, Some(finding.dimension), finding.name, parent, None, &place);
    }
    describer.found
}

/// Mentions of things in the order of the text.
pub(super) struct Mentions {
    all: Vec<(Place, u32)>,
}

impl Mentions {
    fn of(story: &Story) -> Self {
        let mut all = Vec::new();
        for (thing, of) in story.things.iter().enumerate() {
            all.extend(of.mentions.iter().map(|place| (place.clone(), thing as u32)));
        }
        all.sort_by_key(|(place, _)| place.tokens.start);
        Self { all }
    }

    /// The thing of the sentence that is named last before a place.
    pub(super) fn before(&self, sentence: usize, at: usize) -> Option<u32> {
        let end = self.all.partition_point(|(place, _)| place.tokens.start < at);
        let (place, thing) = self.all.get(end.checked_sub(1)?)?;
        (place.sentence == sentence).then_some(*thing)
    }
}

type Identity = (Facet, Option<&'static str>, String, Option<u32>, Option<u32>, bool);

struct Describer<'a> {
    source: Source<'a>,
    scopes: Scopes,
    found: Vec<Descriptor>,
    /// What was found before, so that one fact told twice is one descriptor with two places.
    places: FxHashMap<Identity, usize>,
}

impl Describer<'_> {
    fn push(
        &mut self,
        facet: Facet,
        dimension: Option<&'static str>,
        name: String,
        parent: Option<u32>,
        target: Option<u32>,
        place: &Place,
    ) {
        let negated = self.scopes.is_denied(&place.tokens);
        let hedged = self.scopes.is_doubted(&place.tokens);
        let evidence = self.source.evidence(&place.tokens, place.sentence);
        let identity = (facet, dimension, name.clone(), parent, target, negated);
        if let Some(known) = self.places.get(&identity) {
            let known = &mut self.found[*known];
            // Facts come in the order of the text.
            if known.evidence.last() != Some(&evidence) {
                known.evidence.push(evidence);
            }
            known.hedged &= hedged;
            return;
        }
        self.places.insert(identity, self.found.len());
        self.found.push(Descriptor {
            dimension: dimension.map(str::to_owned),
            parent,
            target,
            evidence: vec![evidence],
            negated,
            hedged,
            ..Descriptor::new(facet, name, Descriptor::EXTRACTED)
        });
    }

    /// Objects, so that the place of each in the list is its number in the story.
    fn things(&mut self, story: &Story) {
        for thing in &story.things {
            let places = thing.mentions.iter();
            let evidence = places.map(|place| self.source.evidence(&place.tokens, place.sentence)).collect();
            let all = |holds: &dyn Fn(&Place) -> bool| thing.mentions.iter().all(holds);
            self.found.push(Descriptor {
                dimension: Some("whole".to_owned()),
                evidence,
                negated: all(&|place| self.scopes.is_denied(&place.tokens)),
                hedged: all(&|place| self.scopes.is_doubted(&place.tokens)),
                ..Descriptor::new(Facet::Object, thing.name.clone(), Descriptor::EXTRACTED)
            });
        }
    }

    /// Hangs parts under the things that have them.
    fn parts(&mut self, story: &Story) {
        for link in &story.links {
            let (whole, part) = match link.predicate.as_str() {
                "have" | "with" => (link.subject, link.object),
                "of" | "part of" | "on" | "in" => (link.object, link.subject),
                _ => continue,
            };
            let is_sure = matches!(link.predicate.as_str(), "have" | "part of" | "of" | "with");
            let is_part = Lists::english().is_part(&story.things[part].head);
            let whole_is_part = Lists::english().is_part(&story.things[whole].head);
            let is_free = self.found[part].parent.is_none();
            if is_part && is_free && (is_sure || whole_is_part) && !self.hangs_under(whole, part) {
                self.found[part].parent = Some(whole as u32);
                self.found[part].dimension = Some("part".to_owned());
            }
        }
    }

    fn hangs_under(&self, below: usize, above: usize) -> bool {
        let mut at = below;
        for _ in 0..DEEPEST {
            if at == above {
                return true;
            }
            let Some(parent) = self.found[at].parent else { return false };
            at = parent as usize;
        }
        true
    }

    fn property(&mut self, property: &Property, thing: &Thing) {
        let (facet, dimension, name) = self.sort_property(property, thing);
        self.push(facet, Some(dimension), name, Some(property.thing as u32), None, &property.place);
    }

    fn sort_property(&self, property: &Property, thing: &Thing) -> (Facet, &'static str, String) {
        let text = property.text.as_str();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return (Facet::Count, "exact", text.to_owned());
        }
        if let Some(kind) = vague_count(text) {
            return (Facet::Count, kind, text.to_owned());
        }
        if let Some(dimension) = Lists::english().dimension(text) {
            return (Facet::Attribute, dimension, text.to_owned());
        }
        let first = self.source.word(property.place.tokens.start);
        match first.class {
            // An `evening sky` does not do anything, while `people meeting` do.
            Class::PRESENT_PARTICIPLE
                if first.noun == first.text && thing.is_named_after(&property.place) =>
            {
                (Facet::Attribute, "other", text.to_owned())
            }
            Class::PRESENT_PARTICIPLE => {
                let rest = text.split_once(' ').map_or(String::new(), |(_, rest)| format!(" {rest}"));
                (Facet::Action, "intransitive", format!("{}{rest}", first.verb))
            }
            Class::PAST_FORM | Class::IRREGULAR_VERB => (Facet::Attribute, "state", text.to_owned()),
            _ => (Facet::Attribute, "other", text.to_owned()),
        }
    }

    fn link(&mut self, link: &Link) {
        let (facet, dimension) = sort_predicate(&link.predicate);
        let ends = (Some(link.subject as u32), Some(link.object as u32));
        self.push(facet, Some(dimension), link.predicate.clone(), ends.0, ends.1, &link.place);
    }

    /// Words like `several` before a thing, where they were not read as an attribute.
    fn vague_counts(&mut self, mentions: &Mentions) {
        for (mention, thing) in &mentions.all {
            let start = self.source.sentences[mention.sentence].start;
            let first = mention.tokens.start.saturating_sub(3).max(start);
            for at in first..mention.tokens.start {
                let word = self.source.word(at);
                let Some(kind) = vague_count(&word.text) else { continue };
                let counted = self
                    .found
                    .iter()
                    .any(|found| found.facet == Facet::Count && found.parent == Some(*thing));
                if !counted {
                    let place = Place { sentence: mention.sentence, tokens: at..at + 1 };
                    self.push(Facet::Count, Some(kind), word.text.to_string(), Some(*thing), None, &place);
                }
                break;
            }
        }
    }
}

/// Whether a word or phrase counts without a number, and how.
fn vague_count(text: &str) -> Option<&'static str> {
    Some(match text.strip_suffix(" of").unwrap_or(text) {
        "pair" | "a pair" | "pairs" => "pair",
        "several" | "many" | "few" | "a few" | "numerous" | "multiple" | "various" | "some" | "couple"
        | "a couple" | "group" | "bunch" | "dozen" | "dozens" | "hundreds" | "lots" | "a lot"
        | "countless" | "crowd" | "herd" | "flock" | "row" | "rows" | "pile" | "stack" | "cluster"
        | "clusters" | "assorted" | "array" => "vague",
        _ => return None,
    })
}

/// The facet of a predicate in dictionary form.
pub(super) fn sort_predicate(predicate: &str) -> (Facet, &'static str) {
    let (first, rest) = predicate.split_once(' ').unwrap_or((predicate, ""));
    match (first, rest) {
        _ if Lists::english().is_spatial(predicate) => (Facet::Spatial, "place"),
        ("have" | "contain" | "hold", "") if first != "hold" => (Facet::Relation, "have"),
        ("wear", _) | ("dress", "in") => (Facet::Relation, "wear"),
        ("with" | "without", _) => (Facet::Relation, "with"),
        ("part", "of") => (Facet::Relation, "part of"),
        ("make", "of" | "from" | "out of") => (Facet::Relation, "made of"),
        ("of" | "for" | "like" | "as" | "during" | "and" | "about", _) => (Facet::Relation, "other"),
        _ => {
            let verb = Lexicon::english().find(first.as_bytes());
            if !verb.is_some_and(|(_, parts)| parts.meets(Parts::VERB)) {
                (Facet::Relation, "other")
            } else if rest.is_empty() {
                (Facet::Action, "transitive")
            } else {
                (Facet::Action, "verb + preposition")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predicates_have_facets() {
        let table = [
            ("on", Facet::Spatial),
            ("in front of", Facet::Spatial),
            ("ride", Facet::Action),
            ("sit on", Facet::Action),
            ("have", Facet::Relation),
            ("wear", Facet::Relation),
            ("make of", Facet::Relation),
            ("hold", Facet::Action),
        ];
        for (given, expected) in table {
            assert_eq!(sort_predicate(given).0, expected, "{given}");
        }
    }
}
