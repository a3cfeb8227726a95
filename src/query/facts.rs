//! Descriptors as facts that can be looked up: an object with an attribute, a relation.

use rustc_hash::FxHashMap;

use super::{Expr, Field, Query, Test};
use crate::model::{Descriptor, Facet, Sample};
use crate::text::{self, Mentions};

/// Stands between the parts of a fact; no word has it.
const BETWEEN: char = '\u{1}';
/// Stands for any word.
const ANY: &str = "*";
/// Facts that one sample may have in the index.
const MOST_FACTS: usize = 4_000;

/// The fact that `dog{brown}` looks up.
pub fn fact_with(object: &str, attribute: &str) -> String {
    joined(["has", object, attribute])
}

/// The fact that `rel:(dog on sofa)` looks up; `None` is anything.
pub fn fact_relation(subject: Option<&str>, predicate: Option<&str>, object: Option<&str>) -> String {
    let [subject, predicate, object] = [subject, predicate, object].map(|part| part.unwrap_or(ANY));
    joined(["rel", subject, predicate, object])
}

fn joined<const PARTS: usize>(parts: [&str; PARTS]) -> String {
    let mut fact = String::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
    for (place, part) in parts.into_iter().enumerate() {
        if place > 0 {
            fact.push(BETWEEN);
        }
        fact.push_str(part);
    }
    fact
}

/// Whether a query asks for what is known only of a sample that was measured.
pub fn asks_for_facts(query: &Query) -> bool {
    fn asks(expression: &Expr) -> bool {
        match expression {
            Expr::And(parts) | Expr::Or(parts) => parts.iter().any(asks),
            Expr::Not(inner) => asks(inner),
            Expr::Clause(clause) => {
                matches!(clause.test, Test::With { .. } | Test::Relation { .. })
                    || matches!(
                        clause.field,
                        Field::Object
                            | Field::Attribute
                            | Field::Color
                            | Field::Count
                            | Field::Action
                            | Field::Relation
                            | Field::Scene
                            | Field::Text
                            | Field::Entity
                            | Field::Has
                            | Field::Descriptors
                            | Field::Figure(_)
                    )
            }
        }
    }
    query.filter.as_ref().is_some_and(asks)
}

/// Finds the terms of many samples for an index; remembers what it made of names.
#[derive(Debug, Default)]
pub struct Terms {
    names: FxHashMap<Box<str>, Name>,
    mentions: Option<Mentions>,
}

/// Names that are remembered at most; then the memory starts afresh.
const REMEMBERED: usize = 1 << 16;

/// A name of an object, an attribute or a relation.
#[derive(Clone, Debug, Default)]
struct Name {
    /// Its words in dictionary form.
    words: Vec<String>,
    /// All of them.
    whole: String,
}

impl Name {
    fn of(name: &str) -> Self {
        let words = lemmas(name);
        Self { whole: words.join(" "), words }
    }

    /// What an object of this name may be called: the whole, and its head word. `glass of water` is a
    /// glass.
    fn as_object(&self) -> impl Iterator<Item = &str> + Clone {
        let end = self.words.iter().position(|word| word == "of").unwrap_or(self.words.len());
        let head = end.checked_sub(1).and_then(|head| self.words.get(head));
        let head = head.filter(|_| self.words.len() > 1).map(String::as_str);
        std::iter::once(self.whole.as_str()).chain(head)
    }

    /// What a relation of this name may be called: the whole, and its first word.
    fn as_predicate(&self) -> impl Iterator<Item = &str> + Clone {
        let first = self.words.first().filter(|_| self.words.len() > 1).map(String::as_str);
        std::iter::once(self.whole.as_str()).chain(first)
    }

    /// What an attribute of this name may be called: each of its words, and the whole.
    fn as_value(&self) -> impl Iterator<Item = &str> + Clone {
        self.words.iter().map(String::as_str).chain(std::iter::once(self.whole.as_str()))
    }
}

impl Terms {
    /// As [`facts`].
    pub fn facts(&mut self, sample: &Sample) -> Vec<String> {
        let mut found = Vec::new();
        for descriptor in &sample.descriptors {
            if found.len() >= MOST_FACTS {
                break;
            }
            match descriptor.facet {
                Facet::Attribute | Facet::Count => self.attribute_facts(sample, descriptor, &mut found),
                Facet::Spatial | Facet::Action | Facet::Relation => {
                    self.relation_facts(sample, descriptor, &mut found);
                }
                _ => {}
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// As [`super::mentions`].
    pub fn mentions(&mut self, sample: &Sample) -> Vec<String> {
        let mentions = self.mentions.get_or_insert_default();
        super::concept::mentions_with(sample, |text| mentions.terms(text))
    }

    fn attribute_facts(&mut self, sample: &Sample, attribute: &Descriptor, found: &mut Vec<String>) {
        let Some(object) = at(sample, attribute.parent) else { return };
        self.remember([attribute.name.as_str(), object.name.as_str()]);
        let [value, object] = [self.name(&attribute.name), self.name(&object.name)];
        for object in object.as_object() {
            found.extend(value.as_value().map(|value| fact_with(object, value)));
        }
    }

    fn relation_facts(&mut self, sample: &Sample, relation: &Descriptor, found: &mut Vec<String>) {
        let ends = [at(sample, relation.parent), at(sample, relation.target)];
        self.remember(ends.iter().flatten().map(|end| end.name.as_str()).chain([relation.name.as_str()]));
        let [subject, object] = ends.map(|end| end.map(|end| self.name(&end.name)));
        let predicate = self.name(&relation.name);
        for subject in left_open(subject.into_iter().flat_map(Name::as_object)) {
            for predicate in left_open(predicate.as_predicate()) {
                for object in left_open(object.into_iter().flat_map(Name::as_object)) {
                    found.push(fact_relation(subject, predicate, object));
                }
            }
        }
    }

    /// Has the names at hand that are asked for next.
    fn remember<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) {
        if self.names.len() >= REMEMBERED {
            self.names.clear();
        }
        for name in names {
            if !self.names.contains_key(name) {
                self.names.insert(name.into(), Name::of(name));
            }
        }
    }

    fn name(&self, name: &str) -> &Name {
        static NONE: Name = Name { words: Vec::new(), whole: String::new() };
        self.names.get(name).unwrap_or(&NONE)
    }
}

/// These names, and that it is left open which.
fn left_open<'n>(names: impl Iterator<Item = &'n str>) -> impl Iterator<Item = Option<&'n str>> {
    std::iter::once(None).chain(names.map(Some))
}

/// All facts of a sample: each object by its whole name and by its head word, and relations with
/// every part left open too.
pub fn facts(sample: &Sample) -> Vec<String> {
    Terms::default().facts(sample)
}

fn at(sample: &Sample, place: Option<u32>) -> Option<&Descriptor> {
    sample.descriptors.get(place? as usize)
}

/// The lemmas of a text.
pub(super) fn lemmas(text: &str) -> Vec<String> {
    text::words(text).iter().map(|word| text::lemma(&word.folded).to_owned()).collect()
}
