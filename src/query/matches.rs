//! Tests a sample directly: the twin of what the index answers.

use std::ops::Bound;

use super::concept::is_mentioned;
use super::facts::{fact_relation, fact_with, has_fact};
use super::field::distance;
use super::words::{field_texts, file_has, has, numbers, whole};
use super::{Bounds, Clause, Expr, Field, Query, Test};
use crate::model::Sample;
use crate::text::{self, Word};

/// Whether a sample answers a query. `like:` needs the other sample, which only the index can find, marks are known of ids, and
/// flags and some figures need all others ([`super::needs_data_set`]); here they are answered by no
/// sample.
pub fn matches(query: &Query, sample: &Sample) -> bool {
    query.filter.as_ref().is_none_or(|filter| expression(filter, sample))
}

fn expression(filter: &Expr, sample: &Sample) -> bool {
    match filter {
        Expr::And(parts) => parts.iter().all(|part| expression(part, sample)),
        Expr::Or(parts) => parts.iter().any(|part| expression(part, sample)),
        Expr::Not(inner) => !expression(inner, sample),
        Expr::Clause(clause) => answers(clause, sample),
    }
}

fn answers(clause: &Clause, sample: &Sample) -> bool {
    match (&clause.field, &clause.test) {
        (_, Test::Like(_)) | (Field::Flag | Field::Tag | Field::Note | Field::Verdict, _) => false,
        (_, Test::With { object, attribute }) => has_fact(sample, &fact_with(object, attribute)),
        (_, Test::Relation { subject, predicate, object }) => {
            has_fact(sample, &fact_relation(subject.as_deref(), predicate.as_deref(), object.as_deref()))
        }
        (field, Test::Range(bounds)) => {
            numbers(sample, field).into_iter().any(|number| bounds.contain(number))
        }
        (Field::Concept, test) => is_mentioned(test, sample),
        (Field::Id, test) => whole_value(&sample.id, str::to_owned, test),
        (Field::Source, test) => {
            sample.source.as_deref().is_some_and(|value| whole_value(&whole(value), whole, test))
        }
        (Field::Split, test) => {
            sample.split.as_deref().is_some_and(|value| whole_value(&whole(value), whole, test))
        }
        (Field::Has, test) => has(sample).iter().any(|value| whole_value(value, whole, test)),
        (Field::File, test) => part(test).is_some_and(|part| file_has(&sample.origin.file, part)),
        (field, test) => {
            field_texts(sample, field).iter().any(|text| !found_in(test, &text::words(text)).is_empty())
        }
    }
}

/// What a test of a whole value or of a part of one was typed as.
fn part(test: &Test) -> Option<&str> {
    match test {
        Test::Word { typed, .. } | Test::Partial { typed, .. } | Test::Prefix(typed) => Some(typed),
        _ => None,
    }
}

fn whole_value(value: &str, folded: impl Fn(&str) -> String, test: &Test) -> bool {
    match test {
        Test::Word { typed, .. } => value == folded(typed),
        Test::Prefix(typed) | Test::Partial { typed, .. } => value.starts_with(&folded(typed)),
        Test::Fuzzy { word, distance: most } => distance(value, &folded(word)) <= usize::from(*most),
        _ => false,
    }
}

/// Where in a text's words a test is answered: ranges of places in `words`.
pub(super) fn found_in(test: &Test, words: &[Word]) -> Vec<std::ops::Range<usize>> {
    let each = |answers: &dyn Fn(&str) -> bool| {
        let places = words.iter().enumerate();
        places.filter(|(_, word)| answers(&word.folded)).map(|(place, _)| place..place + 1).collect()
    };
    match test {
        Test::Word { lemma, .. } => each(&|word| text::lemma(word) == lemma),
        Test::Prefix(prefix) => each(&|word| begins(word, prefix)),
        Test::Partial { lemma, typed } => each(&|word| text::lemma(word) == lemma || begins(word, typed)),
        Test::Fuzzy { word: wanted, distance: most } => {
            let is_near = |word: &str| distance(word, wanted) <= usize::from(*most);
            each(&|word| is_near(word) || is_near(text::lemma(word)))
        }
        Test::Phrase(lemmas) if lemmas.is_empty() => Vec::new(),
        Test::Phrase(lemmas) => {
            let starts = 0..(words.len() + 1).saturating_sub(lemmas.len());
            starts
                .filter(|&start| {
                    words
                        .iter()
                        .skip(start)
                        .zip(lemmas)
                        .all(|(word, lemma)| text::lemma(&word.folded) == lemma)
                })
                .map(|start| start..start + lemmas.len())
                .collect()
        }
        _ => Vec::new(),
    }
}

/// A word begins so by its letters or by its lemma's.
fn begins(word: &str, prefix: &str) -> bool {
    word.starts_with(prefix) || text::lemma(word).starts_with(prefix)
}

impl Bounds {
    /// Whether a number lies in the range.
    pub fn contain(&self, number: f64) -> bool {
        let after = match self.from {
            Bound::Included(from) => number >= from,
            Bound::Excluded(from) => number > from,
            Bound::Unbounded => true,
        };
        let before = match self.to {
            Bound::Included(to) => number <= to,
            Bound::Excluded(to) => number < to,
            Bound::Unbounded => true,
        };
        after && before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Caption, CaptionRole, Descriptor, Facet, Question, Value};
    use crate::query::parse;

    fn sample() -> Sample {
        let caption = |text: &str, role| Caption { text: text.into(), field: "c".into(), role };
        let mut brown = Descriptor::new(Facet::Attribute, "dark brown", "s");
        brown.dimension = Some("color".into());
        brown.parent = Some(0);
        let mut on = Descriptor::new(Facet::Spatial, "lying on", "s");
        on.parent = Some(0);
        on.target = Some(1);
        Sample {
            id: "A7".into(),
            captions: vec![
                caption("Two dogs are running.", CaptionRole::Main),
                caption("On the red sofa.", CaptionRole::Main),
                caption("a cheap café", CaptionRole::Original),
                caption("a cat", CaptionRole::Negative),
            ],
            descriptors: vec![
                Descriptor::new(Facet::Object, "guide dog", "s"),
                Descriptor::new(Facet::Object, "sofa", "s"),
                brown,
                on,
            ],
            questions: vec![Question {
                question: "How many dogs?".into(),
                answers: vec!["two".into()],
                ..Question::default()
            }],
            source: Some("COCO".into()),
            split: Some("val".into()),
            meta: vec![
                ("score".into(), Value::Float(0.4)),
                ("tags".into(), Value::List(vec![Value::Text("big dog".into()), Value::Text("park".into())])),
                ("info".into(), Value::Map(vec![("ok".into(), Value::Bool(true))])),
            ],
            ..Sample::default()
        }
    }

    #[test]
    fn what_a_sample_answers() {
        for (query, answer) in [
            ("", true),
            ("dog", true),
            ("dogs run", true),
            ("run sofa", true),
            ("\"dog are run\"", true),
            ("\"running on\"", false),
            ("cat", false),
            ("negative:cat", true),
            ("cafe", true),
            ("original:cafe", true),
            ("original:dog", false),
            ("runn*", true),
            ("rum*", false),
            ("~sofas", true),
            ("~dgo", true),
            ("-cat", true),
            ("cat OR dog", true),
            ("(cat OR dog) -sofa", false),
            ("object:dog", true),
            ("object:\"guide dog\"", true),
            ("color:brown", true),
            ("dog{brown}", true),
            ("guide-dog{brown}", true),
            ("sofa{brown}", false),
            ("rel:(dog lie sofa)", true),
            ("rel:(dog \"lying on\" sofa)", true),
            ("rel:(* lie sofa)", true),
            ("rel:(sofa lie dog)", false),
            ("relation:lie", true),
            ("question:many", true),
            ("answer:two", true),
            ("id:A7", true),
            ("id:a7", false),
            ("id:A*", true),
            ("source:coco", true),
            ("split:train", false),
            ("has:question", true),
            ("has:image", false),
            ("has:meta.info.ok", true),
            ("words:8", true),
            ("words:>8", false),
            ("captions:[4 TO 4]", true),
            ("meta.score:>0.3", true),
            ("meta.score:<0.3", false),
            ("meta.tags:park", true),
            ("meta.tags:\"dog park\"", false),
            ("meta.info.ok:true", true),
            ("like:B", false),
        ] {
            let parsed = parse(query).unwrap();
            assert_eq!(matches(&parsed, &sample()), answer, "{query}");
        }
    }
}
