//! Numbers, kinds, written words, scenes and names, held against a caption.

use crate::model::Facet;
use crate::text;

use super::content::terms;
use super::hold::{Holder, Outcome};
use super::likeness::{are_kin, contains_words};
use super::normal::normalised;
use super::noun::{Fit, are_related};

impl Holder<'_> {
    pub(super) fn count(&mut self, owner: usize, number: u32) -> Outcome {
        let found = self.of(owner);
        if found.is_any || found.nodes.is_empty() {
            return Outcome::Silent;
        }
        let asked = self.asked_name(owner);
        let nodes: Vec<usize> = found.nodes.iter().copied().filter(|node| !self.is_denied(*node)).collect();
        let (mut sum, mut is_known, mut is_same) = (0, !nodes.is_empty(), true);
        let (mut told, mut places) = (None, Vec::new());
        for node in &nodes {
            let name = self.graph.name(*node);
            // Hot air balloons are what balloons are here; dogs are not all the animals.
            let shares_head = name.rsplit(' ').next() == Some(asked);
            is_same &= shares_head || self.nouns.fit(name, asked) == Fit::Exact;
            let counted = self.graph.number(*node, number);
            let (of_node, at) = match counted {
                Some((of_node, at)) => (of_node, at),
                None if self.graph.is_one(*node) || nodes.len() > 1 && self.graph.is_single(*node) => {
                    (1, *node)
                }
                None => {
                    is_known = false;
                    if self.graph.is_several(*node) && number == 1 && nodes.len() == 1 {
                        told = told.or(Some((*node, *node)));
                    }
                    continue;
                }
            };
            sum += of_node;
            places.push(at);
            if of_node == number && (is_same || counted.is_some()) && found.is_exact {
                let is_all = nodes.len() == 1;
                let evidence = self.graph.evidence_of(&[at, *node]);
                if is_same && (is_all || counted.is_some()) {
                    return Outcome::Said(evidence);
                }
                if is_all {
                    return Outcome::Part(evidence);
                }
            } else {
                told = told.or(Some((at, *node)));
            }
        }
        if is_known && sum == number && found.is_exact {
            let evidence = self.graph.evidence_of(&places);
            return if is_same { Outcome::Said(evidence) } else { Outcome::Part(evidence) };
        }
        match told {
            Some((at, node)) if is_same && found.is_exact && !found.is_unsure && !found.is_other => {
                Outcome::Denied(self.graph.evidence_of(&[at, node]))
            }
            _ => Outcome::Silent,
        }
    }

    pub(super) fn vague(&mut self, owner: usize, word: &str) -> Outcome {
        let found = self.of(owner);
        let Some(node) = found.nodes.first().copied() else { return Outcome::Silent };
        for node in &found.nodes {
            for (at, of) in self.graph.of_thing(*node, Facet::Count) {
                let is_many = |word: &str| {
                    matches!(
                        word,
                        "many"
                            | "several"
                            | "lots"
                            | "a lot"
                            | "numerous"
                            | "lots of"
                            | "multiple"
                            | "various"
                            | "dozens"
                    )
                };
                if of.name == word || is_many(word) && is_many(&of.name) {
                    return Outcome::Said(self.graph.evidence_of(&[at, *node]));
                }
            }
        }
        let is_group = matches!(self.graph.name(node), "crowd" | "herd" | "flock" | "group" | "audience");
        if (self.graph.is_several(node) || is_group) && found.is_exact {
            return Outcome::Part(self.graph.evidence_of(&[node]));
        }
        Outcome::Silent
    }

    pub(super) fn is(&mut self, subject: usize, noun: usize) -> Outcome {
        let (from, to) = (self.of(subject), self.of(noun));
        if from.is_any {
            return self.thing(noun);
        }
        let (asked, value) = (self.asked_name(subject), self.asked_name(noun));
        let said = to.nodes.iter().copied().find(|node| !self.is_denied(*node)).filter(|_| to.is_exact);
        if let Some(node) = said {
            let name = self.graph.name(node);
            let is_kind = self.nouns.fit(asked, name) != Fit::No || self.nouns.fit(name, asked) != Fit::No;
            let places = self.graph.evidence_of(&[node]);
            return if is_kind { Outcome::Said(places) } else { Outcome::Part(places) };
        }
        // `The shirt is cotton`, `the man is Asian`.
        if let said @ Outcome::Said(_) = self.value(Some(subject), value) {
            return said;
        }
        for node in from.nodes.iter().filter(|_| from.is_exact) {
            let name = self.graph.name(*node);
            if self.nouns.are_rivals(value, name) && are_kin(value, name) {
                return Outcome::Denied(self.graph.evidence_of(&[*node]));
            }
        }
        self.thing(noun)
    }

    pub(super) fn text(&mut self, owner: Option<usize>, text: &str) -> Outcome {
        let found = owner.map(|owner| self.of(owner)).unwrap_or_default();
        let mut against = None;
        for (at, of) in self.graph.of_facet(Facet::Text) {
            let said = normalised(&of.name);
            let parent = of.parent.map(|parent| parent as usize);
            let is_its = owner.is_none() || found.is_any || parent.is_some_and(|parent| found.has(parent));
            let is_it = said == text || !text.is_empty() && contains_words(&said, text);
            let places = self.graph.evidence_of(&[at]);
            if is_it && is_its {
                return Outcome::Said(places);
            }
            if is_it {
                return Outcome::Part(places);
            }
            let is_less = contains_words(text, &said);
            if is_less && is_its {
                return Outcome::Part(places);
            }
            if is_its && found.is_exact && !found.is_any && owner.is_some() {
                against = Some(places);
            }
        }
        if let Some(against) = against {
            return Outcome::Denied(against);
        }
        let places = self.graph.page.places_of(text);
        // Unquoted, but beside what it is written on.
        match places {
            Some(place) if owner.is_none() || found.is_any || !found.nodes.is_empty() => {
                let is_told = self.graph.page.words_before(place.start, 2).any(|word| {
                    matches!(
                        word,
                        "number"
                            | "numbers"
                            | "word"
                            | "words"
                            | "letters"
                            | "letter"
                            | "logo"
                            | "says"
                            | "reads"
                            | "name"
                            | "text"
                            | "labeled"
                            | "saying"
                            | "reading"
                    )
                });
                if is_told { Outcome::Said(vec![place]) } else { Outcome::Part(vec![place]) }
            }
            _ => Outcome::Silent,
        }
    }

    pub(super) fn scene(&mut self, name: &str) -> Outcome {
        let mut against = None;
        let lemma = text::lemma(name);
        for (at, of) in self.graph.of_facet(Facet::Scene) {
            let is_it = of.name == name || are_related(&of.name, lemma) || text::same(&of.name, name);
            if is_it {
                let places = self.graph.evidence_of(&[at]);
                return if of.negated { Outcome::Denied(places) } else { Outcome::Said(places) };
            }
            if text::excludes(name, &of.name) {
                against = against.or_else(|| Some(self.graph.evidence_of(&[at])));
            }
        }
        if let Some(against) = against {
            return Outcome::Denied(against);
        }
        for term in terms(name) {
            if let Some(place) = self.graph.page.place_of(&term, self.nouns) {
                return Outcome::Said(vec![place]);
            }
        }
        // In the rain it is not sunny; snow may lie in the sun.
        for (noun, adjective) in [("rain", "rainy"), ("storm", "stormy"), ("fog", "foggy")] {
            if text::excludes(name, adjective)
                && let Some(place) = self.graph.page.places_of(noun)
            {
                return Outcome::Denied(vec![place]);
            }
        }
        Outcome::Silent
    }

    pub(super) fn name(&mut self, name: &str) -> Outcome {
        self.graph.page.places_of(name).map_or(Outcome::Silent, |place| Outcome::Said(vec![place]))
    }
}
