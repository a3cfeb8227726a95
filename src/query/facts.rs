//! Descriptors as facts that can be looked up: an object with an attribute, a relation.
//!
//! A fact is a few terms that stand together: the object and the attribute by all that they may be called, subject,
//! predicate and object of a relation. Whoever looks one up names some of them, and whatever was left open is simply
//! not asked for. An index keeps the terms of a fact at one position; so `rel:(man on *)` needs no term of its own, and
//! a relation costs it the few terms of its three names, not one for each way to ask.

use rustc_hash::FxHashMap;

use super::{Clause, Field, Query, Sort, Test, whole};
use crate::model::{Descriptor, Facet, Sample};
use crate::text::{self, Mentions};

/// Stands between two places of a list of terms; no word has it.
pub const NEXT: char = '\u{1}';
/// Stands between the terms of one place.
pub const BESIDE: char = '\u{2}';
/// Facts that one sample may have in the index.
const MOST_FACTS: usize = 4_000;
/// Longest name in a term, in bytes.
const LONGEST: usize = 500;

/// What a name is in a fact: the first letter of its terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Part {
    /// An object that has an attribute.
    Owner = b'h',
    /// An attribute or a count.
    Value = b'v',
    /// The subject of a relation.
    Subject = b's',
    /// The predicate of a relation, which all relations have.
    Predicate = b'p',
    /// The object of a relation.
    Object = b'o',
}

impl Part {
    /// Writes the term of a name in this part.
    fn push(self, name: &str, terms: &mut String) {
        terms.push(char::from(self as u8));
        terms.push_str(name.get(..name.floor_char_boundary(LONGEST)).unwrap_or(name));
    }

    fn term(self, name: &str) -> String {
        let mut term = String::with_capacity(name.len() + 1);
        self.push(name, &mut term);
        term
    }
}

/// The terms of the fact that `dog{brown}` looks up.
pub fn fact_with(object: &str, attribute: &str) -> Vec<String> {
    vec![Part::Owner.term(object), Part::Value.term(attribute)]
}

/// The terms of the fact that `rel:(dog on sofa)` looks up; `None` is anything.
pub fn fact_relation(subject: Option<&str>, predicate: Option<&str>, object: Option<&str>) -> Vec<String> {
    let named = [(Part::Subject, subject), (Part::Predicate, predicate), (Part::Object, object)];
    let terms: Vec<String> = named.into_iter().filter_map(|(part, name)| Some(part.term(name?))).collect();
    if terms.is_empty() { vec![Part::Predicate.term("")] } else { terms }
}

/// Whether a sample has a fact with all these terms.
pub(super) fn has_fact(sample: &Sample, terms: &[String]) -> bool {
    let facts = Terms::default().facts(sample);
    facts.split(NEXT).any(|fact| terms.iter().all(|term| fact.split(BESIDE).any(|other| other == term)))
}

/// Values of `has` that tell of descriptors: which of them a sample has is known when its captions were measured.
const MEASURED: [&str; 4] = ["descriptor", "object", "attribute", "relation"];

/// Whether this value of `has` follows from what captions say.
pub fn is_measured(value: &str) -> bool {
    MEASURED.contains(&value)
}

/// Whether a test of `has` may be met by what captions say.
pub fn may_be_measured(test: &Test) -> bool {
    match test {
        Test::Word { typed, .. } => is_measured(&whole(typed)),
        Test::Phrase(words) => is_measured(&whole(&words.join(" "))),
        Test::Prefix(typed) | Test::Partial { typed, .. } => {
            MEASURED.iter().any(|value| value.starts_with(&whole(typed)))
        }
        _ => true,
    }
}

/// Whether all that a field holds follows from what captions say; only of samples that were measured it is known.
pub fn is_of_facts(field: &Field) -> bool {
    matches!(
        field,
        Field::Object
            | Field::Attribute
            | Field::Color
            | Field::Count
            | Field::Action
            | Field::Relation
            | Field::Scene
            | Field::Text
            | Field::Entity
            | Field::Concept
            | Field::Words
            | Field::Descriptors
            | Field::Figure(_)
    )
}

/// Whether a query asks for what is known only of a sample that was measured. Its order does not count: samples of
/// which nothing is known come last.
pub fn asks_for_facts(query: &Query) -> bool {
    let asks = |clause: &Clause| {
        matches!(clause.test, Test::With { .. } | Test::Relation { .. })
            || is_of_facts(&clause.field)
            || (clause.field == Field::Has && may_be_measured(&clause.test))
    };
    query.filter.as_ref().is_some_and(|filter| filter.has_clause(&asks))
}

/// Whether an index that knows words, and no facts yet, answers a query as well as a whole one.
pub fn needs_words_alone(query: &Query) -> bool {
    let by_figures = matches!(&query.sort, Some(Sort::By { field, .. }) if is_of_facts(field));
    let by_flags = |clause: &Clause| clause.field == Field::Flag;
    let by_flags = query.filter.as_ref().is_some_and(|filter| filter.has_clause(&by_flags));
    !by_figures && !by_flags && !asks_for_facts(query)
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
        let whole = (self.words.len() != 1).then_some(self.whole.as_str());
        self.words.iter().map(String::as_str).chain(whole)
    }
}

impl Terms {
    /// The facts of a sample, [`NEXT`] between two of them and [`BESIDE`] between the terms of one: objects by their
    /// whole name and by their head word, attributes by each of their words too, and relations by their first word.
    pub fn facts(&mut self, sample: &Sample) -> String {
        let mut facts = String::new();
        let mut count = 0;
        for descriptor in &sample.descriptors {
            let is_added = match descriptor.facet {
                Facet::Attribute | Facet::Count => self.add_attribute(sample, descriptor, &mut facts),
                Facet::Spatial | Facet::Action | Facet::Relation => {
                    self.add_relation(sample, descriptor, &mut facts);
                    true
                }
                _ => false,
            };
            count += usize::from(is_added);
            if count == MOST_FACTS {
                break;
            }
        }
        facts
    }

    /// As [`super::mentions`].
    pub fn mentions(&mut self, sample: &Sample) -> Vec<String> {
        let mentions = self.mentions.get_or_insert_default();
        super::concept::mentions_with(sample, |text| mentions.terms(text))
    }

    fn add_attribute(&mut self, sample: &Sample, attribute: &Descriptor, facts: &mut String) -> bool {
        let Some(object) = at(sample, attribute.parent) else { return false };
        self.remember([attribute.name.as_str(), object.name.as_str()]);
        let [value, object] = [self.name(&attribute.name), self.name(&object.name)];
        let owners = object.as_object().map(|name| (Part::Owner, name));
        add(facts, owners.chain(value.as_value().map(|name| (Part::Value, name))));
        true
    }

    fn add_relation(&mut self, sample: &Sample, relation: &Descriptor, facts: &mut String) {
        let ends = [at(sample, relation.parent), at(sample, relation.target)];
        self.remember(ends.iter().flatten().map(|end| end.name.as_str()).chain([relation.name.as_str()]));
        let [subject, object] = ends.map(|end| end.map(|end| self.name(&end.name)));
        let subjects = subject.into_iter().flat_map(Name::as_object).map(|name| (Part::Subject, name));
        let predicates = self.name(&relation.name).as_predicate().map(|name| (Part::Predicate, name));
        let objects = object.into_iter().flat_map(Name::as_object).map(|name| (Part::Object, name));
        let any = std::iter::once((Part::Predicate, ""));
        add(facts, subjects.chain(predicates).chain(objects).chain(any));
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

/// Puts a fact with these names behind others.
fn add<'n>(facts: &mut String, names: impl Iterator<Item = (Part, &'n str)>) {
    let mut between = (!facts.is_empty()).then_some(NEXT);
    for (part, name) in names {
        facts.extend(between);
        part.push(name, facts);
        between = Some(BESIDE);
    }
}

fn at(sample: &Sample, place: Option<u32>) -> Option<&Descriptor> {
    sample.descriptors.get(place? as usize)
}

/// The lemmas of a text.
pub(super) fn lemmas(text: &str) -> Vec<String> {
    text::words(text).iter().map(|word| text::lemma(&word.folded).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_terms_that_stand_together() {
        let of = |facet, name: &str, parent, target| Descriptor {
            parent,
            target,
            ..Descriptor::new(facet, name, "s")
        };
        let sample = Sample {
            descriptors: vec![
                of(Facet::Object, "guide dogs", None, None),
                of(Facet::Object, "sofa", None, None),
                of(Facet::Attribute, "dark brown", Some(0), None),
                of(Facet::Spatial, "lying on", Some(0), Some(1)),
                of(Facet::Action, "sleeps", Some(1), None),
                of(Facet::Attribute, "old", None, None),
                of(Facet::Relation, "", None, Some(99)),
            ],
            ..Sample::default()
        };
        let facts = Terms::default().facts(&sample);
        let facts: Vec<Vec<&str>> = facts.split(NEXT).map(|fact| fact.split(BESIDE).collect()).collect();
        let expected: [&[&str]; 4] = [
            &["hguide dog", "hdog", "vdark", "vbrown", "vdark brown"],
            &["sguide dog", "sdog", "plie on", "plie", "osofa", "p"],
            &["ssofa", "psleep", "p"],
            &["p", "p"],
        ];
        assert_eq!(facts, expected);
        assert_eq!(fact_relation(None, Some("lie on"), Some("sofa")), ["plie on", "osofa"]);
        assert_eq!(fact_relation(None, None, None), ["p"]);
        assert!(has_fact(&sample, &fact_with("dog", "brown")));
        assert!(!has_fact(&sample, &fact_with("sofa", "brown")));
        assert!(!has_fact(&sample, &fact_relation(Some("dog"), Some("sleep"), None)));
    }

    #[test]
    fn long_names_are_cut_alike_on_both_sides() {
        let name = "é".repeat(5_000);
        let mut brown = Descriptor::new(Facet::Attribute, "brown", "s");
        brown.parent = Some(0);
        let sample = Sample {
            descriptors: vec![Descriptor::new(Facet::Object, name.as_str(), "s"), brown],
            ..Sample::default()
        };
        let lemma = lemmas(&name).join(" ");
        assert!(has_fact(&sample, &fact_with(&lemma, "brown")));
        assert!(Terms::default().facts(&sample).len() < 2 * LONGEST);
    }
}
