//! Holds one fact of a claim against what one caption says: said, half said, denied, or nothing.

use crate::model::{Evidence, Facet};
use crate::text;

use super::claim::{Claim, What};
use super::content::terms;
use super::graph::Graph;
use super::normal::normalised;
use super::noun::{Fit, Nouns, are_related, is_person};
use super::predicate::{Match, Predicate, are_other_acts, are_postures, plain_verb};
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
struct Candidates {
    nodes: Vec<usize>,
    /// Whether they are that, and not only may be it.
    is_exact: bool,
    /// The claim says `it` or `something`.
    is_any: bool,
    /// What the question takes for granted of the thing is told of another: whose shirt it is.
    is_other: bool,
    /// What the question takes for granted is not told.
    is_unsure: bool,
}

impl Candidates {
    fn has(&self, node: usize) -> bool {
        self.is_any || self.nodes.contains(&node)
    }
}

/// A claim beside a caption.
pub(super) struct Holder<'a> {
    claim: &'a Claim,
    graph: &'a Graph,
    nouns: &'a mut Nouns,
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

    fn of(&self, thing: usize) -> Candidates {
        self.candidates.get(thing).cloned().unwrap_or_default()
    }

    fn asked_name(&self, thing: usize) -> &'a str {
        self.claim.things.get(thing).map_or("", |thing| thing.name.as_str())
    }

    fn is_answer(&self, thing: usize) -> bool {
        self.claim.things.get(thing).is_some_and(|thing| thing.is_answer)
    }

    fn find(&mut self, thing: usize) -> Candidates {
        let Some(asked) = self.claim.things.get(thing) else { return Candidates::default() };
        if asked.is_wild {
            return Candidates { is_any: true, is_exact: true, ..Candidates::default() };
        }
        // The car is the one that is called so, if one is, and not the van, which is a car too.
        let (mut called, mut exact, mut loose) = (Vec::new(), Vec::new(), Vec::new());
        for node in self.graph.things() {
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
                let owner = self.asked_name(*subject);
                let is_wild = self.claim.things.get(*subject).is_some_and(|thing| thing.is_wild);
                let mut others = false;
                for link in self.graph.links().filter(|link| link.object == node && !link.negated) {
                    let has =
                        link.predicate.is_having() || link.predicate.answers(predicate, true) != Match::No;
                    if !has {
                        continue;
                    }
                    if is_wild || self.nouns.fit(owner, self.graph.name(link.subject)) != Fit::No {
                        return 1;
                    }
                    others |= predicate.is_having() && link.predicate.is_having();
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
                i32::from(self.graph.acts(node).any(|(_, other, negated)| !negated && other == *verb))
            }
            _ => 0,
        }
    }

    /// What a thing is like: its attributes, and what it is made of.
    fn values(&self, node: usize) -> Vec<(usize, &'a str)> {
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

    fn is_denied(&self, node: usize) -> bool {
        self.graph.get(node).is_some_and(|of| of.negated)
    }

    fn thing(&mut self, thing: usize) -> Outcome {
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
        for term in terms(name) {
            let Some(place) = self.graph.page.place_of(&term, self.nouns) else { return Outcome::Silent };
            let is_denied =
                self.graph.page.words_before(place.start, 3).any(|word| matches!(word, "no" | "without"));
            if is_denied {
                return Outcome::Denied(vec![place]);
            }
            if term.lemma == name || term.lemma.ends_with(name) {
                return Outcome::Said(vec![place]);
            }
        }
        Outcome::Silent
    }

    fn value(&mut self, owner: Option<usize>, value: &str) -> Outcome {
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
            for (at, verb, negated) in self.graph.acts(node) {
                let asked = plain_verb(text::lemma(value));
                let is_it = asked == verb || are_related(&verb, value);
                if is_it && !negated {
                    return Outcome::Said(self.graph.evidence_of(&[at, node]));
                }
                if are_other_acts(&verb, asked) && !negated && !found.is_any {
                    against = against.or_else(|| Some(self.graph.evidence_of(&[at, node])));
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

    fn count(&mut self, owner: usize, number: u32) -> Outcome {
        let found = self.of(owner);
        if found.is_any || found.nodes.is_empty() {
            return Outcome::Silent;
        }
        let asked = self.asked_name(owner);
        let nodes: Vec<usize> = found.nodes.iter().copied().filter(|node| !self.is_denied(*node)).collect();
        let (mut sum, mut is_known, mut is_same) = (0, !nodes.is_empty(), true);
        let (mut told, mut places) = (None, Vec::new());
        for node in &nodes {
            is_same &= self.nouns.fit(self.graph.name(*node), asked) == Fit::Exact;
            let counted = self.graph.number(*node, number);
            let (of_node, at) = match counted {
                Some((of_node, at)) => (of_node, at),
                None if self.graph.is_one(*node) => (1, *node),
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
                if is_all && is_same || counted.is_some() && is_same {
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

    fn vague(&mut self, owner: usize, word: &str) -> Outcome {
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

    fn link(&mut self, subject: usize, asked: &Predicate, object: usize) -> Outcome {
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
            Some((places, true)) if is_sure => return Outcome::Said(places),
            Some((places, _)) => near = near.or(Some(places)),
            None => {}
        }
        // What it is made of may be said as what it is like.
        if asked.is_made_of() {
            return self.value(Some(subject), self.asked_name(object));
        }
        if let Some(against) = against {
            return Outcome::Denied(against);
        }
        // Where nobody knows what `it` is, its place is all that can be found.
        if from.is_any && asked.is_place() {
            if let Outcome::Said(places) = self.thing(object) {
                return Outcome::Part(places);
            }
        }
        if near.is_none() {
            if let Some(denied) = self.another(subject, asked, object, &from, &to) {
                return Outcome::Denied(denied);
            }
        }
        near.map_or(Outcome::Silent, Outcome::Part)
    }

    /// What a relation says when it is read from its other end.
    fn turned(
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
    fn is_at(&self, subject: usize, other: usize) -> bool {
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
    fn tied(
        &self,
        asked: &Predicate,
        from: &Candidates,
        to: &Candidates,
        is_worn: bool,
        object: usize,
    ) -> Option<(Vec<Evidence>, bool)> {
        let graph = self.graph;
        let mut far = None;
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
            if answer == Match::No || self.is_denied(said) || self.is_denied(tie.subject) {
                continue;
            }
            let mut places = graph.evidence_of(&[said]);
            places.extend(graph.page.evidence_of(tie.words));
            places.extend(graph.evidence_of(&[tie.subject]));
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
                && graph.links().any(|link| {
                    link.object == said
                        && link.subject != tie.subject
                        && link.predicate.answers(asked, is_worn) != Match::No
                        && !is_beside(link.subject)
                        && !self.is_at(tie.subject, link.subject)
                });
            if answer == Match::Full && tie.is_near && !is_taken {
                return Some((places, true));
            }
            if tie.is_near {
                far = far.or(Some((places, false)));
            }
        }
        far
    }

    /// Where the caption has something else at the end that is asked for, and there is only room for one.
    fn another(
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
                let other =
                    graph.acts(*node).find(|(_, other, negated)| !negated && are_other_acts(other, verb));
                if let Some((at, ..)) = other {
                    return Some(graph.evidence_of(&[at, *node]));
                }
                let told = graph.ties.iter().filter(|tie| tie.subject == *node && tie.is_near && tie.is_done);
                let other = told
                    .clone()
                    .find(|tie| tie.predicate.verb().is_some_and(|other| are_other_acts(other, verb)));
                let is_done = told.clone().any(|tie| tie.predicate.verb() == Some(verb));
                if let Some(other) = other.filter(|_| !is_done) {
                    let mut places: Vec<Evidence> = graph.page.evidence_of(other.words).into_iter().collect();
                    places.extend(graph.evidence(*node));
                    return Some(places);
                }
            }
        }
        if is_person(self.asked_name(subject)) && from.nodes.is_empty() {
            if let Some(place) = self.nobody() {
                return Some(vec![place]);
            }
        }
        let is_place = asked.is_place()
            || asked.verb().is_some_and(|verb| are_postures(verb, "kneel") || verb == "kneel");
        for link in graph.links().filter(|link| !link.negated) {
            if link.predicate.answers(asked, false) != Match::Full {
                continue;
            }
            let (said_subject, said_object) = (graph.name(link.subject), graph.name(link.object));
            let at_object = self.is_answer(object)
                && asked.is_single()
                && from.is_exact
                && !from.is_any
                && !from.is_unsure
                && from.has(link.subject)
                && self.nouns.are_rivals(self.asked_name(object), said_object)
                && (!is_place || are_kin(self.asked_name(object), said_object));
            let at_subject = self.claim.polarity == Polarity::Open
                && self.claim.asks_one
                && self.is_answer(subject)
                && to.is_exact
                && !to.is_any
                && to.has(link.object)
                && self.nouns.are_rivals(self.asked_name(subject), said_subject)
                && are_kin(self.asked_name(subject), said_subject);
            if at_object {
                return Some(graph.evidence_of(&[link.object, link.at, link.subject]));
            }
            if at_subject {
                return Some(graph.evidence_of(&[link.subject, link.at, link.object]));
            }
        }
        None
    }

    /// Where the caption says that nobody is there.
    fn nobody(&self) -> Option<Evidence> {
        ["no one", "nobody", "no people", "no person"]
            .iter()
            .find_map(|words| self.graph.page.places_of(words))
    }

    fn act(&mut self, subject: usize, verb: &str) -> Outcome {
        let found = self.of(subject);
        let nodes: Vec<usize> =
            if found.is_any { self.graph.things().collect() } else { found.nodes.clone() };
        let is_meant = found.is_exact || !self.is_answer(subject);
        let first = plain_verb(verb.split(' ').next().unwrap_or_default());
        let mut against = None;
        for node in nodes {
            for (at, other, negated) in self.graph.acts(node) {
                let is_it = other == first || text::same(&other, first) || are_related(&other, first);
                let places = || self.graph.evidence_of(&[at, node]);
                if is_it && negated {
                    against = Some(places());
                } else if is_it {
                    return if is_meant { Outcome::Said(places()) } else { Outcome::Part(places()) };
                } else if are_other_acts(&other, first)
                    && !negated
                    && !found.is_any
                    && found.is_exact
                    && !found.is_unsure
                {
                    against = against.or_else(|| Some(places()));
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
        for tie in self.graph.ties.iter().filter(|tie| tie.is_near && found.has(tie.subject)) {
            if tie.predicate.verb() == Some(first) {
                let mut places: Vec<Evidence> = self.graph.page.evidence_of(tie.words).into_iter().collect();
                places.extend(self.graph.evidence_of(&[tie.subject]));
                return if is_meant { Outcome::Said(places) } else { Outcome::Part(places) };
            }
        }
        against.map_or(Outcome::Silent, Outcome::Denied)
    }

    fn is(&mut self, subject: usize, noun: usize) -> Outcome {
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

    fn text(&mut self, owner: Option<usize>, text: &str) -> Outcome {
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
            let overlaps = text.split(' ').any(|word| contains_words(&said, word));
            if is_its && !overlaps && found.is_exact && !found.is_any && owner.is_some() {
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

    fn scene(&mut self, name: &str) -> Outcome {
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

    fn name(&mut self, name: &str) -> Outcome {
        self.graph.page.places_of(name).map_or(Outcome::Silent, |place| Outcome::Said(vec![place]))
    }
}

/// How well a value of a caption answers one that is asked for: `light blue` is blue, `maroon` may be red.
pub(super) fn value_fit(asked: &str, said: &str) -> Fit {
    let (asked, said) = (asked.to_lowercase(), said.to_lowercase());
    let (first, second) = (text::lemma(&asked), text::lemma(&said));
    if asked == said || first == second || are_related(first, second) {
        return Fit::Exact;
    }
    let head = |name: &str| name.rsplit([' ', '-']).next().unwrap_or_default().to_owned();
    if said.contains([' ', '-']) && head(&said) == asked {
        return Fit::Exact;
    }
    if asked.contains([' ', '-']) && head(&asked) == said {
        return Fit::Loose;
    }
    if text::excludes(&asked, &said) {
        return Fit::No;
    }
    if text::same(&asked, &said) {
        return Fit::Exact;
    }
    let is_one_group = text::dimension(&asked).is_some()
        && text::dimension(&asked) == text::dimension(&said)
        && matches!(text::dimension(&asked), Some(text::Dimension::Color | text::Dimension::Material));
    if is_one_group { Fit::Loose } else { Fit::No }
}

/// Whether some words stand in a text as they are.
fn contains_words(text: &str, words: &str) -> bool {
    format!(" {text} ").contains(&format!(" {words} "))
}

/// Whether somebody asks what kind of place it is.
fn is_setting(class: &str) -> bool {
    matches!(class, "place" | "location" | "setting" | "room" | "environment" | "area" | "landscape")
}

/// Whether a thing is a place by which a picture is told from another; a street may be in any of them.
fn is_setting_of(name: &str) -> bool {
    let root = text::path(name);
    let is_wide = matches!(
        name,
        "city" | "town" | "street" | "road" | "village" | "country" | "area" | "background" | "downtown"
    );
    !is_wide
        && root.len() > 1
        && root.first().is_some_and(|root| matches!(root.as_str(), "place" | "landform" | "room"))
}

/// Whether things can be in it: a room, a place, a building.
fn is_room(name: &str) -> bool {
    ["room", "place", "building", "container"]
        .iter()
        .any(|kind| text::concept(kind).is_some_and(|kind| kind.contains(name)))
}

pub(super) fn is_clothing(name: &str) -> bool {
    ["clothing", "accessory", "footwear"]
        .iter()
        .any(|kind| text::concept(kind).is_some_and(|kind| kind.contains(name)))
}

/// Whether two things are of one sort, so that one may stand where the other does.
fn are_kin(one: &str, other: &str) -> bool {
    if is_person(one) && is_person(other) {
        return true;
    }
    // A kitchen counter is a counter, whatever is made of its room.
    let head = |name: &str| text::path(name.rsplit(' ').next().unwrap_or_default());
    let (one, other) = (head(one), head(other));
    one.len() > 1 && other.len() > 1 && one.first() == other.first()
}
