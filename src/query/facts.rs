//! Descriptors as facts that can be looked up: an object with an attribute, a relation.

use super::{Expr, Field, Query, Test};
use crate::model::{Descriptor, Facet, Sample};
use crate::text;

/// Stands between the parts of a fact; no word has it.
const BETWEEN: char = '\u{1}';
/// Stands for any word.
const ANY: &str = "*";
/// Facts that one sample may have in the index.
const MOST_FACTS: usize = 4_000;

/// The fact that `dog{brown}` looks up.
pub fn fact_with(object: &str, attribute: &str) -> String {
    format!("has{BETWEEN}{object}{BETWEEN}{attribute}")
}

/// The fact that `rel:(dog on sofa)` looks up; `None` is anything.
pub fn fact_relation(subject: Option<&str>, predicate: Option<&str>, object: Option<&str>) -> String {
    let [subject, predicate, object] = [subject, predicate, object].map(|part| part.unwrap_or(ANY));
    format!("rel{BETWEEN}{subject}{BETWEEN}{predicate}{BETWEEN}{object}")
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

/// All facts of a sample: each object by its whole name and by its head word, and relations with
/// every part left open too.
pub fn facts(sample: &Sample) -> Vec<String> {
    let mut found = Vec::new();
    for descriptor in &sample.descriptors {
        if found.len() >= MOST_FACTS {
            break;
        }
        match descriptor.facet {
            Facet::Attribute | Facet::Count => attribute_facts(sample, descriptor, &mut found),
            Facet::Spatial | Facet::Action | Facet::Relation => {
                relation_facts(sample, descriptor, &mut found);
            }
            _ => {}
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn attribute_facts(sample: &Sample, attribute: &Descriptor, found: &mut Vec<String>) {
    let Some(object) = at(sample, attribute.parent) else { return };
    let mut values = lemmas(&attribute.name);
    values.push(values.join(" "));
    for object in names(&object.name) {
        found.extend(values.iter().map(|value| fact_with(&object, value)));
    }
}

fn relation_facts(sample: &Sample, relation: &Descriptor, found: &mut Vec<String>) {
    let ends = [at(sample, relation.parent), at(sample, relation.target)];
    let [subjects, objects] = ends.map(|end| end.map(|end| names(&end.name)).unwrap_or_default());
    let words = lemmas(&relation.name);
    let mut predicates = vec![words.join(" ")];
    if words.len() > 1 {
        predicates.extend(words.first().cloned());
    }
    let open = |names: &[String]| -> Vec<Option<String>> {
        std::iter::once(None).chain(names.iter().cloned().map(Some)).collect()
    };
    for subject in open(&subjects) {
        for predicate in open(&predicates) {
            for object in open(&objects) {
                found.push(fact_relation(subject.as_deref(), predicate.as_deref(), object.as_deref()));
            }
        }
    }
}

fn at(sample: &Sample, place: Option<u32>) -> Option<&Descriptor> {
    sample.descriptors.get(place? as usize)
}

/// What an object may be called: its whole name, and its head word.
fn names(name: &str) -> Vec<String> {
    let words = lemmas(name);
    let mut names = vec![words.join(" ")];
    // `glass of water` is a glass.
    let head = words.iter().position(|word| word == "of").map_or(words.len(), |of| of).checked_sub(1);
    if let Some(head) = head.and_then(|head| words.get(head))
        && words.len() > 1
    {
        names.push(head.clone());
    }
    names
}

/// The lemmas of a text.
pub(super) fn lemmas(text: &str) -> Vec<String> {
    text::words(text).iter().map(|word| text::lemma(&word.folded).to_owned()).collect()
}
