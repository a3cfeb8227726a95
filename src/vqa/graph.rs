//! What one caption says, laid out so that claims can be held against it.

use crate::model::{Descriptor, Evidence, Facet};
use crate::text::extract::Extractor;

use super::content::Page;
use super::grammar::{is_adjective, is_mass, is_plural, is_preposition};
use super::noun::{dictionary_form, thing_name};
use super::predicate::Predicate;
use super::surface::{Order, Tie, order};

/// A caption that was read.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    pub page: Page,
    pub all: Vec<Descriptor>,
    /// Their names in dictionary form.
    names: Vec<String>,
    /// Predicates of relations.
    predicates: Vec<Option<Predicate>>,
    /// Relations that the order of words allows.
    pub ties: Vec<Tie>,
    /// Things with words that are said of them.
    pub said: Vec<(usize, usize)>,
}

/// The name of a thing in dictionary form, without a preposition that was taken along.
fn bare_name(of: &Descriptor, text: &str) -> String {
    let name = if of.facet == Facet::Object { thing_name(of, text) } else { dictionary_form(&of.name) };
    match name.rsplit_once(' ') {
        Some((bare, last)) if of.facet == Facet::Object && is_preposition(last) => bare.to_owned(),
        _ => name,
    }
}

/// A relation between two things of a caption.
pub(super) struct Link<'g> {
    pub at: usize,
    pub subject: usize,
    pub object: usize,
    pub predicate: &'g Predicate,
    pub negated: bool,
}

/// Something that a thing does.
pub(super) struct Deed {
    pub verb: String,
    pub places: Vec<Evidence>,
    pub negated: bool,
    /// Whether it is surely this thing that does it.
    pub is_sure: bool,
}

impl Graph {
    /// Reads a caption. `caption` is its place in the sample.
    pub(super) fn read(extractor: &mut Extractor<'_>, text: &str, caption: u32) -> Self {
        Self::of(text, caption, extractor.read(text, caption).descriptors)
    }

    pub(super) fn of(text: &str, caption: u32, mut all: Vec<Descriptor>) -> Self {
        let page = Page::of(text, caption);
        page.add_things(&mut all);
        let Order { ties, said } = order(&page.spots_with(text, &all));
        let names = all.iter().map(|of| bare_name(of, text)).collect();
        let is_link = |of: &Descriptor| matches!(of.facet, Facet::Spatial | Facet::Action | Facet::Relation);
        let predicates = all.iter().map(|of| is_link(of).then(|| Predicate::said(of, text))).collect();
        Self { page, all, names, predicates, ties, said }
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
            let predicate = predicate.as_ref()?;
            let is_without = predicate.is_without();
            let negated = of.negated || is_without || self.get(object).is_some_and(|end| end.negated);
            let predicate = if is_without { Predicate::with() } else { predicate };
            Some(Link { at, subject, object, predicate, negated })
        })
    }

    /// What a thing does, with or without an object: as the extractor has it, then as the order of words
    /// allows.
    pub(super) fn deeds(&self, thing: usize) -> Vec<Deed> {
        let mut found = Vec::new();
        for (at, (of, predicate)) in self.all.iter().zip(&self.predicates).enumerate() {
            let verb =
                predicate.as_ref().filter(|_| of.parent == Some(thing as u32)).and_then(Predicate::verb);
            if let Some(verb) = verb {
                let places = self.evidence_of(&[at, thing]);
                found.push(Deed { verb: verb.to_owned(), places, negated: of.negated, is_sure: true });
            }
        }
        for tie in self.ties.iter().filter(|tie| tie.subject == thing && tie.is_done && tie.is_near) {
            let Some(verb) = tie.predicate.verb() else { continue };
            let mut places: Vec<Evidence> = self.page.evidence_of(tie.words).into_iter().collect();
            places.extend(self.evidence(thing));
            found.push(Deed { verb: verb.to_owned(), places, negated: false, is_sure: tie.is_beside });
        }
        found
    }

    /// Where a descriptor is said first.
    pub(super) fn evidence(&self, at: usize) -> Option<Evidence> {
        self.all.get(at).and_then(|of| of.evidence.first().copied())
    }

    /// Where several are said.
    pub(super) fn evidence_of(&self, places: &[usize]) -> Vec<Evidence> {
        places.iter().filter_map(|at| self.evidence(*at)).collect()
    }

    /// The exact number of a thing that the caption gives, and where: by a number, or `a pair`, or by naming
    /// it several times as another one. Of several numbers `wanted` is given if it is one of them, else their
    /// sum: two red flowers and three white ones are five.
    pub(super) fn number(&self, thing: usize, wanted: u32) -> Option<(u32, usize)> {
        let number = |of: &Descriptor| match of.name.as_str() {
            "pair" | "a pair" | "pair of" | "couple" | "a couple" | "couple of" => Some(2),
            "dozen" | "a dozen" => Some(12),
            name => name.parse().ok(),
        };
        let counts = self.of_thing(thing, Facet::Count).filter(|(_, of)| !of.negated);
        let counts: Vec<(u32, usize)> = counts.filter_map(|(at, of)| Some((number(of)?, at))).collect();
        if let Some((_, at)) = counts.first() {
            let is_one_of_them = counts.iter().any(|(number, _)| *number == wanted);
            let sum = counts.iter().map(|(number, _)| *number).fold(0, u32::saturating_add);
            return Some((if is_one_of_them { wanted } else { sum }, *at));
        }
        let introduced = self.introductions(thing);
        (introduced > 1).then_some((introduced, thing))
    }

    /// Whether a thing is one, since it is named in the singular and can be counted.
    pub(super) fn is_one(&self, thing: usize) -> bool {
        let Some(of) = self.get(thing) else { return false };
        let last = of.name.rsplit(' ').next().unwrap_or_default().to_lowercase();
        let has_count = self.of_thing(thing, Facet::Count).next().is_some();
        !has_count && !is_plural(&last) && !is_mass(&last) && self.introductions(thing) == 1
    }

    /// Whether a thing is named in the singular: where a caption has two of a name, each is another.
    pub(super) fn is_single(&self, thing: usize) -> bool {
        let last =
            self.get(thing).and_then(|of| of.name.rsplit(' ').next()).unwrap_or_default().to_lowercase();
        self.of_thing(thing, Facet::Count).next().is_none() && !is_plural(&last) && !is_mass(&last)
    }

    /// Whether a thing is several, without a number.
    pub(super) fn is_several(&self, thing: usize) -> bool {
        let Some(of) = self.get(thing) else { return false };
        let last = of.name.rsplit(' ').next().unwrap_or_default().to_lowercase();
        self.number(thing, 0).is_none() && is_plural(&last)
    }

    /// How often a thing is named with `a` or `an` before it, and at most its attributes between.
    fn introductions(&self, thing: usize) -> u32 {
        let Some(of) = self.get(thing).filter(|of| !is_plural(&of.name.to_lowercase())) else { return 0 };
        let is_new = |place: &&Evidence| {
            let mut words = self.page.words_before(place.start, 4).skip_while(|word| is_adjective(word));
            words.next().is_some_and(|word| matches!(word, "a" | "an" | "one" | "single" | "another"))
        };
        of.evidence.iter().filter(is_new).count() as u32
    }
}
