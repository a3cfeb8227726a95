//! What one caption says, laid out so that claims can be held against it.

use crate::model::{Descriptor, Evidence, Facet};
use crate::text::extract::Extractor;

use super::content::Page;
use super::grammar::{is_mass, is_plural};
use super::noun::dictionary_form;
use super::predicate::Predicate;

/// A caption that was read.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    pub page: Page,
    pub all: Vec<Descriptor>,
    /// Their names in dictionary form.
    names: Vec<String>,
    /// Predicates of relations.
    predicates: Vec<Option<Predicate>>,
}

/// A relation between two things of a caption.
pub(super) struct Link<'g> {
    pub at: usize,
    pub subject: usize,
    pub object: usize,
    pub predicate: &'g Predicate,
    pub negated: bool,
}

impl Graph {
    /// Reads a caption. `caption` is its place in the sample.
    pub(super) fn read(extractor: &mut Extractor<'_>, text: &str, caption: u32) -> Self {
        Self::of(text, caption, extractor.read(text, caption).descriptors)
    }

    pub(super) fn of(text: &str, caption: u32, all: Vec<Descriptor>) -> Self {
        let names = all.iter().map(|of| dictionary_form(&of.name)).collect();
        let is_link = |of: &Descriptor| matches!(of.facet, Facet::Spatial | Facet::Action | Facet::Relation);
        let predicates = all.iter().map(|of| is_link(of).then(|| Predicate::of(&of.name))).collect();
        Self { page: Page::of(text, caption), all, names, predicates }
    }

    pub(super) fn name(&self, at: usize) -> &str {
        self.names.get(at).map_or("", String::as_str)
    }

    pub(super) fn get(&self, at: usize) -> Option<&Descriptor> {
        self.all.get(at)
    }

    /// Places of all things.
    pub(super) fn things(&self) -> impl Iterator<Item = usize> + '_ {
        let is_thing = |(at, of): (usize, &Descriptor)| (of.facet == Facet::Object).then_some(at);
        self.all.iter().enumerate().filter_map(is_thing)
    }

    /// Descriptors of a facet that belong to a thing.
    pub(super) fn of_thing(&self, thing: usize, facet: Facet) -> impl Iterator<Item = (usize, &Descriptor)> {
        let belongs = move |of: &&Descriptor| of.parent == Some(thing as u32);
        self.of_facet(facet).filter(move |(_, of)| belongs(of))
    }

    pub(super) fn of_facet(&self, facet: Facet) -> impl Iterator<Item = (usize, &Descriptor)> {
        self.all.iter().enumerate().filter(move |(_, of)| of.facet == facet)
    }

    /// All relations with two ends.
    pub(super) fn links(&self) -> impl Iterator<Item = Link<'_>> {
        self.all.iter().zip(&self.predicates).enumerate().filter_map(|(at, (of, predicate))| {
            let (subject, object) = (of.parent? as usize, of.target? as usize);
            // `A room with no windows` denies the windows.
            let negated = of.negated || self.get(object).is_some_and(|end| end.negated);
            Some(Link { at, subject, object, predicate: predicate.as_ref()?, negated })
        })
    }

    /// What a thing does, with or without an object: verbs with the place of their descriptor.
    pub(super) fn acts(&self, thing: usize) -> impl Iterator<Item = (usize, String, bool)> + '_ {
        self.all.iter().zip(&self.predicates).enumerate().filter_map(move |(at, (of, predicate))| {
            if of.parent != Some(thing as u32) {
                return None;
            }
            let verb = match predicate {
                Some(predicate) => predicate.verb()?.to_owned(),
                None => return None,
            };
            Some((at, verb, of.negated))
        })
    }

    /// Where a descriptor is said first.
    pub(super) fn evidence(&self, at: usize) -> Option<Evidence> {
        self.all.get(at).and_then(|of| of.evidence.first().copied())
    }

    /// Where several are said.
    pub(super) fn evidence_of(&self, places: &[usize]) -> Vec<Evidence> {
        places.iter().filter_map(|at| self.evidence(*at)).collect()
    }

    /// The exact number of a thing that the caption gives, and where: by a number, or `a pair`.
    pub(super) fn number(&self, thing: usize) -> Option<(u32, usize)> {
        self.of_thing(thing, Facet::Count).filter(|(_, of)| !of.negated).find_map(|(at, of)| {
            let number = match of.name.as_str() {
                "pair" | "a pair" | "pair of" | "couple" | "a couple" | "couple of" => 2,
                "dozen" | "a dozen" => 12,
                name => name.parse().ok()?,
            };
            Some((number, at))
        })
    }

    /// Whether a thing is one, since it is named in the singular and can be counted.
    pub(super) fn is_one(&self, thing: usize) -> bool {
        let Some(of) = self.get(thing) else { return false };
        let last = of.name.rsplit(' ').next().unwrap_or_default().to_lowercase();
        let has_count = self.of_thing(thing, Facet::Count).next().is_some();
        !has_count && !is_plural(&last) && !is_mass(&last) && self.is_introduced(of)
    }

    /// Whether a thing is several, without a number.
    pub(super) fn is_several(&self, thing: usize) -> bool {
        let Some(of) = self.get(thing) else { return false };
        let last = of.name.rsplit(' ').next().unwrap_or_default().to_lowercase();
        self.number(thing).is_none() && is_plural(&last)
    }

    /// Whether `a` or `an` stands before a thing, with at most its attributes between.
    fn is_introduced(&self, of: &Descriptor) -> bool {
        let Some(place) = of.evidence.first() else { return false };
        self.page.words_before(place.start, 4).any(|word| matches!(word, "a" | "an" | "one" | "single" | "another"))
    }
}
