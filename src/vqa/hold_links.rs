//! Relations and what is done, held against a caption: first its graph, then the order of its words.

use crate::model::{Evidence, Facet};
use crate::text;

use super::hold::{Candidates, Holder, Outcome};
use super::likeness::{are_kin, is_clothing, is_room};
use super::noun::{are_related, is_person};
use super::predicate::{Match, Predicate, are_other_acts, are_postures, plain_verb};
use super::statement::Polarity;

/// What the order of words tells of a relation.
pub(super) enum Told {
    /// A reader would take it so.
    Said(Vec<Evidence>),
    /// It may be so.
    Near(Vec<Evidence>),
    /// It is otherwise.
    Denied(Vec<Evidence>),
}

impl Holder<'_> {
    pub(super) fn link(&mut self, subject: usize, asked: &Predicate, object: usize) -> Outcome {
        let (from, to) = (self.of(subject), self.of(object));
        if from.is_any && to.is_any {
            return Outcome::Silent;
        }
        let is_worn = is_clothing(self.asked_name(object));
        let is_meant = |found: &Candidates, thing: usize| found.is_exact || !self.is_answer(thing);
        let is_sure = is_meant(&from, subject) && is_meant(&to, object);
        let (mut near, mut against) = (None, None);
        for link in self.graph.links() {
            let direct = from.has(link.subject) && to.has(link.object);
            let swapped = from.has(link.object) && to.has(link.subject);
            let inverse = link.predicate.inverse();
            let said = match (direct, swapped, &inverse) {
                (true, _, _) if self.claim.is_any_place && self.is_answer(object) => Match::Full,
                (true, _, _) => link.predicate.answers(asked, is_worn),
                (_, true, _) => self.turned(link.predicate, inverse.as_ref(), asked, is_worn, link.subject),
                _ => Match::No,
            };
            let places = || self.graph.evidence_of(&[link.object, link.at, link.subject]);
            match said {
                Match::Full if link.negated => against = against.or_else(|| Some(places())),
                Match::Full if is_sure => return Outcome::Said(places()),
                Match::Full | Match::Part if !link.negated => near = near.or_else(|| Some(places())),
                _ => {
                    let is_opposite = direct && link.predicate.is_opposite(asked)
                        || swapped && inverse.is_some_and(|inverse| inverse.is_opposite(asked));
                    if is_opposite && !link.negated && !from.is_any && !to.is_any {
                        against = against.or_else(|| Some(places()));
                    }
                }
            }
        }
        // A part hangs under its whole.
        if asked.is_having() && !to.is_any {
            for node in &to.nodes {
                let whole = self.graph.get(*node).and_then(|of| of.parent).map(|whole| whole as usize);
                if whole.is_some_and(|whole| from.has(whole)) && !self.is_denied(*node) && is_sure {
                    return Outcome::Said(self.graph.evidence_of(&[*node]));
                }
            }
        }
        match self.tied(asked, &from, &to, is_worn, object) {
            Some(Told::Said(places)) if is_sure => return Outcome::Said(places),
            Some(Told::Said(places) | Told::Near(places)) => near = near.or(Some(places)),
            Some(Told::Denied(places)) if near.is_none() => against = against.or(Some(places)),
            _ => {}
        }
        // What it is made of may be said as what it is like.
        if asked.is_made_of() {
            return self.value(Some(subject), self.asked_name(object));
        }
        if let Some(against) = against {
            return Outcome::Denied(against);
        }
        // Where nobody knows what `it` is, its place is all that can be found.
        if from.is_any
            && asked.is_place()
            && let Outcome::Said(places) = self.thing(object)
        {
            return Outcome::Part(places);
        }
        if near.is_none()
            && let Some(denied) = self.another(subject, asked, object, &from, &to)
        {
            return Outcome::Denied(denied);
        }
        near.map_or(Outcome::Silent, Outcome::Part)
    }

    /// What a relation says when it is read from its other end.
    pub(super) fn turned(
        &self,
        said: &Predicate,
        inverse: Option<&Predicate>,
        asked: &Predicate,
        is_worn: bool,
        subject: usize,
    ) -> Match {
        let contents = said.contents(asked, is_room(self.graph.name(subject)));
        contents.max(inverse.map_or(Match::No, |inverse| inverse.answers(asked, is_worn)))
    }

    /// Whether a thing is where another is: in a meadow, which is near a wall.
    pub(super) fn is_at(&self, subject: usize, other: usize) -> bool {
        let graph = self.graph;
        graph
            .links()
            .any(|link| link.subject == subject && link.object == other && link.predicate.is_whereabouts())
            || graph.ties.iter().any(|tie| {
                tie.subject == subject
                    && tie.object == Some(other)
                    && tie.is_near
                    && tie.predicate.is_whereabouts()
            })
    }

    /// What the order of words allows, and whether a reader would take it so.
    pub(super) fn tied(
        &self,
        asked: &Predicate,
        from: &Candidates,
        to: &Candidates,
        is_worn: bool,
        object: usize,
    ) -> Option<Told> {
        let graph = self.graph;
        let mut told = None;
        for tie in &graph.ties {
            let Some(said) = tie.object else { continue };
            let direct = from.has(tie.subject) && to.has(said);
            let swapped = from.has(said) && to.has(tie.subject);
            let answer = if direct && self.claim.is_any_place && self.is_answer(object) && !tie.is_done {
                Match::Full
            } else if direct {
                tie.predicate.answers(asked, is_worn)
            } else if swapped {
                self.turned(&tie.predicate, tie.predicate.inverse().as_ref(), asked, is_worn, tie.subject)
            } else {
                Match::No
            };
            let is_without = direct
                && tie.predicate.is_without()
                && Predicate::with().answers(asked, is_worn) != Match::No;
            let is_opposite = direct && tie.predicate.is_opposite(asked) && !from.is_any && !to.is_any;
            let mut places = graph.evidence_of(&[said]);
            places.extend(graph.page.evidence_of(tie.words));
            places.extend(graph.evidence_of(&[tie.subject]));
            if tie.is_near && (is_without || is_opposite) {
                told = told.or(Some(Told::Denied(places)));
                continue;
            }
            if answer == Match::No || self.is_denied(said) || self.is_denied(tie.subject) {
                continue;
            }
            // Where the extractor has hung the object on another, that is one reading of two.
            let is_beside = |subject: usize| {
                tie.is_beside
                    && graph.ties.iter().any(|other| {
                        other.is_beside
                            && other.words == tie.words
                            && other.object == tie.object
                            && other.subject == subject
                    })
            };
            let is_taken = !tie.is_done
                && !tie.is_adjacent
                && graph.links().any(|link| {
                    link.object == said
                        && link.subject != tie.subject
                        && link.predicate.answers(asked, is_worn) != Match::No
                        && !is_beside(link.subject)
                        && !self.is_at(tie.subject, link.subject)
                });
            let is_likely = tie.is_near && (tie.is_beside || !tie.is_done);
            if answer == Match::Full && is_likely && !is_taken {
                return Some(Told::Said(places));
            }
            if tie.is_near && !matches!(told, Some(Told::Near(_))) {
                told = Some(Told::Near(places));
            }
        }
        told
    }

    /// Where the caption has something else at the end that is asked for, and there is only room for one.
    pub(super) fn another(
        &mut self,
        subject: usize,
        asked: &Predicate,
        object: usize,
        from: &Candidates,
        to: &Candidates,
    ) -> Option<Vec<Evidence>> {
        let graph = self.graph;
        // Who stands beside it does not sit in it.
        if let Some(verb) = asked.verb().filter(|_| from.is_exact && !from.is_any && !from.is_unsure) {
            for node in &from.nodes {
                let deeds = graph.deeds(*node);
                let is_done = deeds.iter().any(|deed| !deed.negated && deed.verb == verb);
                let other = deeds
                    .into_iter()
                    .find(|deed| deed.is_sure && !deed.negated && are_other_acts(&deed.verb, verb));
                if let Some(other) = other.filter(|_| !is_done) {
                    return Some(other.places);
                }
            }
        }
        if is_person(self.asked_name(subject))
            && from.nodes.is_empty()
            && let Some(place) = self.nobody()
        {
            return Some(vec![place]);
        }
        let is_place = asked.is_place()
            || asked.verb().is_some_and(|verb| are_postures(verb, "kneel") || verb == "kneel");
        let links = graph.links().filter(|link| !link.negated).map(|link| {
            let places = [link.at].iter().filter_map(|at| graph.evidence(*at)).collect::<Vec<_>>();
            (link.subject, link.object, link.predicate, places)
        });
        let ties = graph.ties.iter().filter(|tie| tie.is_beside && tie.is_done).filter_map(|tie| {
            let places: Vec<Evidence> = graph.page.evidence_of(tie.words).into_iter().collect();
            Some((tie.subject, tie.object?, &tie.predicate, places))
        });
        for (from_node, to_node, predicate, said) in links.chain(ties) {
            if predicate.answers(asked, false) != Match::Full
                || !predicate.is_built_like(asked)
                || self.is_denied(to_node)
            {
                continue;
            }
            let (said_subject, said_object) = (graph.name(from_node), graph.name(to_node));
            let at_object = self.is_answer(object)
                && asked.is_single()
                && from.is_exact
                && !from.is_any
                && !from.is_unsure
                && from.has(from_node)
                && self.nouns.are_rivals(self.asked_name(object), said_object)
                && (!is_place || are_kin(self.asked_name(object), said_object));
            let at_subject = self.claim.polarity == Polarity::Open
                && (self.claim.asks_one || asked.verb().is_some())
                && self.is_answer(subject)
                && to.is_exact
                && !to.is_any
                && to.has(to_node)
                && self.nouns.are_rivals(self.asked_name(subject), said_subject)
                && are_kin(self.asked_name(subject), said_subject);
            if at_object || at_subject {
                let first = if at_object { to_node } else { from_node };
                let mut places = graph.evidence_of(&[first]);
                places.extend(said);
                places.extend(graph.evidence_of(&[if at_object { from_node } else { to_node }]));
                return Some(places);
            }
        }
        None
    }

    /// Where the caption says that nobody is there.
    pub(super) fn nobody(&self) -> Option<Evidence> {
        ["no one", "nobody", "no people", "no person"]
            .iter()
            .find_map(|words| self.graph.page.places_of(words))
    }

    pub(super) fn act(&mut self, subject: usize, verb: &str) -> Outcome {
        let found = self.of(subject);
        let nodes: Vec<usize> =
            if found.is_any { self.graph.things().collect() } else { found.nodes.clone() };
        let is_meant = found.is_exact || !self.is_answer(subject);
        let first = plain_verb(verb.split(' ').next().unwrap_or_default());
        let (mut near, mut against) = (None, None);
        for node in nodes {
            for deed in self.graph.deeds(node) {
                let is_it =
                    deed.verb == first || text::same(&deed.verb, first) || are_related(&deed.verb, first);
                if is_it && deed.negated {
                    against = Some(deed.places);
                } else if is_it && is_meant && deed.is_sure {
                    return Outcome::Said(deed.places);
                } else if is_it {
                    near = near.or(Some(deed.places));
                } else if are_other_acts(&deed.verb, first)
                    && !deed.negated
                    && deed.is_sure
                    && !found.is_any
                    && found.is_exact
                    && !found.is_unsure
                {
                    against = against.or(Some(deed.places));
                }
            }
            for (at, of) in self.graph.of_thing(node, Facet::Attribute).filter(|(_, of)| !of.negated) {
                let lemma = text::lemma(&of.name);
                if lemma == first || are_related(lemma, first) || text::same(lemma, first) {
                    return Outcome::Said(self.graph.evidence_of(&[at, node]));
                }
                if text::excludes(&super::grammar::gerund(first), &of.name) && !found.is_any && found.is_exact
                {
                    against = against.or_else(|| Some(self.graph.evidence_of(&[at, node])));
                }
            }
            // A skier skis.
            let name = self.graph.name(node);
            if name.ends_with("er") && are_related(first, name) && !found.is_any {
                return Outcome::Said(self.graph.evidence_of(&[node]));
            }
        }
        if let Some(near) = near {
            return Outcome::Part(near);
        }
        // Asked who does it, the caption has another who does.
        if self.claim.polarity == Polarity::Open && self.is_answer(subject) && against.is_none() {
            let asked = self.asked_name(subject);
            for node in self.graph.things() {
                let name = self.graph.name(node);
                if !found.has(node) && self.nouns.are_rivals(asked, name) && are_kin(asked, name) {
                    let deeds = self.graph.deeds(node).into_iter();
                    let deed =
                        deeds.filter(|deed| deed.is_sure && !deed.negated).find(|deed| deed.verb == first);
                    against = against.or(deed.map(|deed| deed.places));
                }
            }
        }
        against.map_or(Outcome::Silent, Outcome::Denied)
    }
}
