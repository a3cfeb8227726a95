//! Holds one fact of a claim against what one caption says: said, half said, denied, or nothing.

use crate::model::{Evidence, Facet};
use crate::text;

use super::claim::{Claim, What};
use super::content::terms;
use super::graph::Graph;
use super::likeness::{is_clothing, is_setting, is_setting_of, value_fit};
use super::noun::{Fit, Nouns, are_related, is_person};
use super::predicate::{Match, Predicate, are_other_acts, plain_verb};
use super::statement::Polarity;

/// What a caption makes of a fact, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It says so.
    Said(Vec<Evidence>),
    /// It says something near: less, or of something that may be meant.
    Part(Vec<Evidence>),
    /// It says what cannot be at the same time.
    Denied(Vec<Evidence>),
    /// It says nothing of it.
    Silent,
}

/// The things of a caption that a thing of the claim may be.
#[derive(Clone, Debug, Default)]
pub(super) struct Candidates {
    pub nodes: Vec<usize>,
    /// Whether they are that, and not only may be it.
    pub is_exact: bool,
    /// The claim says `it` or `something`.
    pub is_any: bool,
    /// What the question takes for granted of the thing is told of another: whose shirt it is.
    pub is_other: bool,
    /// What the question takes for granted is not told.
    pub is_unsure: bool,
}

impl Candidates {
    pub(super) fn has(&self, node: usize) -> bool {
        self.is_any || self.nodes.contains(&node)
    }
}

/// A claim beside a caption.
pub(super) struct Holder<'a> {
    pub claim: &'a Claim,
    pub graph: &'a Graph,
    pub nouns: &'a mut Nouns,
    candidates: Vec<Candidates>,
}

impl<'a> Holder<'a> {
    pub(super) fn new(claim: &'a Claim, graph: &'a Graph, nouns: &'a mut Nouns) -> Self {
        let mut holder = Self { claim, graph, nouns, candidates: Vec::new() };
        for thing in 0..claim.things.len() {
            let found = holder.find(thing);
            holder.candidates.push(found);
        }
        holder
    }

    /// Whether something that is asked for belongs, in the caption, to somebody else.
    pub(super) fn is_of_another(&self) -> bool {
        self.candidates.iter().any(|found| found.is_other)
    }

    pub(super) fn of(&self, thing: usize) -> Candidates {
        self.candidates.get(thing).cloned().unwrap_or_default()
    }

    pub(super) fn asked_name(&self, thing: usize) -> &'a str {
        self.claim.things.get(thing).map_or("", |thing| thing.name.as_str())
    }

    pub(super) fn is_answer(&self, thing: usize) -> bool {
        self.claim.things.get(thing).is_some_and(|thing| thing.is_answer)
    }

    fn find(&mut self, thing: usize) -> Candidates {
        let Some(asked) = self.claim.things.get(thing) else { return Candidates::default() };
        if asked.is_wild {
            return Candidates { is_any: true, is_exact: true, ..Candidates::default() };
        }
        // The car is the one that is called so, if one is, and not the van, which is a car too.
        let (mut called, mut exact, mut loose) = (Vec::new(), Vec::new(), Vec::new());
        let is_nobody = |name: &str| matches!(name, "nobody" | "none" | "nothing" | "no one");
        for node in self.graph.things().filter(|node| !is_nobody(self.graph.name(*node))) {
            let name = self.graph.name(node);
            match self.nouns.fit(&asked.name, name) {
                Fit::Exact if name == asked.name => called.push(node),
                Fit::Exact => exact.push(node),
                Fit::Loose => loose.push(node),
                Fit::No => {}
            }
        }
        let is_exact = !called.is_empty() || !exact.is_empty();
        let nodes = [called, exact, loose].into_iter().find(|nodes| !nodes.is_empty()).unwrap_or_default();
        self.refined(thing, Candidates { nodes, is_exact, ..Candidates::default() })
    }

    /// Leaves the candidates of which most is told that the question takes for granted.
    fn refined(&mut self, thing: usize, mut found: Candidates) -> Candidates {
        let claim = self.claim;
        let granted: Vec<&What> =
            claim.facts.iter().filter(|fact| !fact.is_asked).map(|fact| &fact.what).collect();
        let scores: Vec<i32> = found
            .nodes
            .iter()
            .map(|node| granted.iter().map(|what| self.granted(what, thing, *node)).sum())
            .collect();
        let is_about = |what: &&What| match what {
            What::Value { owner, .. } => *owner == Some(thing),
            What::Link { subject, object, .. } => *subject == thing || *object == thing,
            _ => false,
        };
        let most = scores.iter().copied().max().unwrap_or_default();
        found.is_other = most < 0;
        found.is_unsure = most < granted.iter().filter(|what| is_about(what)).count() as i32;
        let mut scores = scores.into_iter();
        found.nodes.retain(|_| scores.next() == Some(most));
        found
    }

    /// 1 if the caption tells what is taken for granted of a thing, -1 if it tells otherwise.
    fn granted(&mut self, what: &What, thing: usize, node: usize) -> i32 {
        match what {
            What::Value { owner: Some(owner), value } if *owner == thing => {
                let values: Vec<&str> = self.values(node).into_iter().map(|(_, name)| name).collect();
                if values.iter().any(|name| value_fit(value, name) != Fit::No) {
                    1
                } else if values.iter().any(|name| text::excludes(value, name)) {
                    -1
                } else {
                    0
                }
            }
            What::Link { subject, predicate, object } if *object == thing && *subject != thing => {
                let is_worn = is_clothing(self.asked_name(thing));
                let owner = self.asked_name(*subject);
                let is_wild = self.claim.things.get(*subject).is_some_and(|thing| thing.is_wild);
                let mut others = false;
                for link in self.graph.links().filter(|link| link.object == node && !link.negated) {
                    let has = link.predicate.is_having()
                        || link.predicate.answers(predicate, true) != Match::No
                        || is_worn && link.predicate.answers(Predicate::wear(), true) != Match::No;
                    if !has {
                        continue;
                    }
                    if is_wild || self.nouns.fit(owner, self.graph.name(link.subject)) != Fit::No {
                        return 1;
                    }
                    others |= predicate.is_having() && (link.predicate.is_having() || is_worn);
                }
                let parent = self.graph.get(node).and_then(|of| of.parent);
                if let Some(parent) = parent {
                    if self.nouns.fit(owner, self.graph.name(parent as usize)) != Fit::No {
                        return 1;
                    }
                    others |= predicate.is_having();
                }
                -i32::from(others)
            }
            What::Link { subject, predicate, object } if *subject == thing => {
                let other = self.asked_name(*object);
                let is_said = self.graph.links().any(|link| {
                    link.subject == node
                        && !link.negated
                        && link.predicate.answers(predicate, true) != Match::No
                        && self.nouns.fit(other, self.graph.name(link.object)) != Fit::No
                });
                i32::from(is_said)
            }
            What::Act { subject, verb } if *subject == thing => {
                i32::from(self.graph.deeds(node).iter().any(|deed| !deed.negated && deed.verb == *verb))
            }
            _ => 0,
        }
    }

    /// What a thing is like: its attributes, and what it is made of.
    pub(super) fn values(&self, node: usize) -> Vec<(usize, &'a str)> {
        let graph = self.graph;
        let mut found: Vec<(usize, &str)> = graph
            .of_thing(node, Facet::Attribute)
            .filter(|(_, of)| !of.negated)
            .map(|(at, of)| (at, of.name.as_str()))
            .collect();
        for link in graph.links().filter(|link| link.subject == node && !link.negated) {
            if link.predicate.verb() == Some("make") {
                found.push((link.object, graph.name(link.object)));
            }
        }
        found
    }

    /// What the caption makes of a fact.
    pub(super) fn check(&mut self, what: &What) -> Outcome {
        match what {
            What::Thing(thing) => self.thing(*thing),
            What::Value { owner, value } => self.value(*owner, value),
            What::Count { owner, number } => self.count(*owner, *number),
            What::Vague { owner, word } => self.vague(*owner, word),
            What::Link { subject, predicate, object } => self.link(*subject, predicate, *object),
            What::Act { subject, verb } => self.act(*subject, verb),
            What::Is { subject, noun } => self.is(*subject, *noun),
            What::Text { owner, text } => self.text(*owner, text),
            What::Scene { name } => self.scene(name),
            What::Name { name } => self.name(name),
        }
    }

    pub(super) fn is_denied(&self, node: usize) -> bool {
        self.graph.get(node).is_some_and(|of| of.negated)
    }

    pub(super) fn thing(&mut self, thing: usize) -> Outcome {
        let found = self.of(thing);
        if found.is_any {
            return Outcome::Silent;
        }
        let said = found.nodes.iter().find(|node| !self.is_denied(**node));
        if let (Some(node), true) = (said, found.is_exact) {
            return Outcome::Said(self.graph.evidence_of(&[*node]));
        }
        if let (Some(node), true) = (found.nodes.first(), found.is_exact) {
            return Outcome::Denied(self.graph.evidence_of(&[*node]));
        }
        // Asked for the animal, the caption has another.
        let class = self.claim.class.clone();
        if let Some(class) = class.filter(|_| self.is_answer(thing)) {
            let other = self.graph.things().find(|node| {
                let name = self.graph.name(*node);
                let is_kind =
                    self.nouns.fit(&class, name) == Fit::Exact || is_setting(&class) && is_setting_of(name);
                name != class
                    && is_kind
                    && self.nouns.are_rivals(
                        self.claim.things.get(thing).map_or("", |thing| thing.name.as_str()),
                        name,
                    )
            });
            if let Some(other) = other.filter(|node| !self.is_denied(*node)) {
                return Outcome::Denied(self.graph.evidence_of(&[other]));
            }
        }
        // What the extractor has not taken for a thing may stand there all the same.
        let name = self.asked_name(thing);
        if is_person(name)
            && let Some(place) = self.nobody()
        {
            return Outcome::Denied(vec![place]);
        }
        if let Some(class) = self.claim.class.as_ref().filter(|_| self.is_answer(thing))
            && let Some(place) = self.graph.page.places_of(&format!("{name} {class}"))
        {
            return Outcome::Said(vec![place]);
        }
        let whole = self.graph.page.places_of(name).filter(|_| name.contains(' '));
        if let Some(place) = whole.filter(|place| self.graph.page.is_head(*place)) {
            return Outcome::Said(vec![place]);
        }
        for term in terms(name) {
            let Some(place) = self.graph.page.place_of(&term, self.nouns) else { return Outcome::Silent };
            let is_denied =
                self.graph.page.words_before(place.start, 3).any(|word| matches!(word, "no" | "without"));
            if is_denied {
                return Outcome::Denied(vec![place]);
            }
            if term.lemma == name || term.lemma.ends_with(name) {
                if self.graph.page.is_head(place) {
                    return Outcome::Said(vec![place]);
                }
                // A soccer ball tells of soccer; a bear costume is no bear.
                if self.claim.polarity == Polarity::Open {
                    return Outcome::Part(vec![place]);
                }
            }
        }
        Outcome::Silent
    }

    pub(super) fn value(&mut self, owner: Option<usize>, value: &str) -> Outcome {
        let found = owner
            .map_or_else(|| Candidates { is_any: true, ..Candidates::default() }, |owner| self.of(owner));
        let nodes: Vec<usize> =
            if found.is_any { self.graph.things().collect() } else { found.nodes.clone() };
        let mut near = None;
        let mut against = None;
        for node in nodes {
            for (at, of) in self.graph.of_thing(node, Facet::Attribute).filter(|(_, of)| of.negated) {
                if value_fit(value, &of.name) == Fit::Exact && !found.is_any {
                    against = Some(self.graph.evidence_of(&[at, node]));
                }
            }
            let mut agrees = false;
            for (at, name) in self.values(node) {
                match value_fit(value, name) {
                    Fit::Exact => return Outcome::Said(self.graph.evidence_of(&[at, node])),
                    Fit::Loose => {
                        near = near.or(Some(self.graph.evidence_of(&[at, node])));
                        agrees = true;
                    }
                    Fit::No => {}
                }
            }
            // `standing` may be what it is like or what it does.
            for deed in self.graph.deeds(node).into_iter().filter(|deed| !deed.negated) {
                let asked = plain_verb(text::lemma(value));
                let is_it = asked == deed.verb || are_related(&deed.verb, value);
                if is_it && deed.is_sure {
                    return Outcome::Said(deed.places);
                }
                if is_it {
                    near = near.or(Some(deed.places));
                } else if are_other_acts(&deed.verb, asked) && deed.is_sure && !found.is_any {
                    against = against.or(Some(deed.places));
                }
            }
            for (_, word) in self.graph.said.iter().filter(|(thing, _)| *thing == node && !found.is_any) {
                let places = || {
                    let word = self.graph.page.evidence_of((*word, *word + 1));
                    [word, self.graph.evidence(node)].into_iter().flatten().collect::<Vec<_>>()
                };
                let word = self.graph.page.word(*word);
                if value_fit(value, word) == Fit::Exact {
                    return Outcome::Said(places());
                }
                if text::excludes(value, word) && found.is_exact && !found.is_unsure {
                    against = against.or_else(|| Some(places()));
                }
            }
            if agrees || found.is_any || found.is_unsure || !found.is_exact {
                continue;
            }
            let excluding: Vec<usize> = self
                .values(node)
                .into_iter()
                .filter(|(_, name)| text::excludes(value, name))
                .map(|(at, _)| at)
                .collect();
            if let Some(at) = excluding.first() {
                against = against.or_else(|| Some(self.graph.evidence_of(&[*at, node])));
            }
            // A modifier that was read as one of another word: `a small propeller plane`.
            let place = self.graph.evidence(node);
            let modifier = place
                .and_then(|place| self.graph.page.modifier(place.start, |word| text::excludes(value, word)));
            if let Some(modifier) = modifier {
                against = against.or_else(|| Some([Some(modifier), place].into_iter().flatten().collect()));
            }
        }
        if matches!(value, "outside" | "outdoors" | "inside" | "indoors") {
            return self.scene(value);
        }
        let name = owner.map_or("", |owner| self.asked_name(owner));
        if let Some(place) =
            self.graph.page.places_of(&format!("{value} {name}")).filter(|_| !name.is_empty())
        {
            return Outcome::Said(vec![place]);
        }
        if !found.is_any {
            for node in &found.nodes {
                let at = self.graph.evidence(*node);
                if let Some(place) = at.and_then(|at| {
                    let is_it = |word: &str| {
                        word == value
                            || text::lemma(word) == text::lemma(value)
                            || are_related(text::lemma(word), value)
                    };
                    self.graph.page.modifier(at.start, is_it)
                }) {
                    let mut places = vec![place];
                    places.extend(at);
                    return Outcome::Said(places);
                }
            }
        }
        if let Some(near) = near {
            return Outcome::Part(near);
        }
        if let Some(against) = against {
            return Outcome::Denied(against);
        }
        let owner = owner.map_or("", |owner| self.asked_name(owner));
        if found.is_any
            || matches!(owner, "weather" | "sky" | "day" | "time" | "room" | "place" | "light" | "lighting")
        {
            return self.scene(value);
        }
        Outcome::Silent
    }
}
