//! By what samples are parted into strata.

use std::collections::BTreeMap;

/// Parts of a number where nobody says how many: thirds.
const THIRDS: usize = 3;

/// One thing by which samples are parted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// A number, into so many parts of about equally many samples.
    Number {
        /// The field.
        field: String,
        /// Parts.
        parts: usize,
    },
    /// Where a sample comes from, or its split: one part for each.
    Value(String),
    /// Whether it answers a query.
    Query(String),
}

/// Why a list is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}`: a number is parted into 2 to 20 parts, as in `density/4`")]
pub struct CriterionError(String);

/// Reads a list of criteria with commas between them: `density`, `words/4` for quarters, `source`, `split`, and any
/// query with a colon, as in `has:pair` or `concept:vehicle`.
///
/// # Errors
/// Where a number of parts is none.
pub fn criteria(text: &str) -> Result<Vec<Criterion>, CriterionError> {
    let mut found = Vec::new();
    for part in split(text) {
        let criterion = match part {
            "source" | "split" => Criterion::Value(part.to_owned()),
            _ if part.contains([':', ' ', '{', '"']) => Criterion::Query(part.to_owned()),
            _ => {
                let (field, parts) = match part.split_once('/') {
                    None => (part, Some(THIRDS)),
                    Some((field, parts)) => {
                        (field, parts.parse().ok().filter(|parts| (2..=20).contains(parts)))
                    }
                };
                let parts = parts.ok_or_else(|| CriterionError(part.to_owned()))?;
                Criterion::Number { field: field.to_owned(), parts }
            }
        };
        if !found.contains(&criterion) {
            found.push(criterion);
        }
    }
    Ok(found)
}

/// Parts between commas that stand neither in quotes nor in brackets.
fn split(text: &str) -> Vec<&str> {
    let (mut is_quoted, mut depth) = (false, 0_usize);
    let parts = text.split(|letter| {
        match letter {
            '"' => is_quoted = !is_quoted,
            '(' | '{' | '[' if !is_quoted => depth += 1,
            ')' | '}' | ']' if !is_quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && !is_quoted && depth == 0
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Numbers whose quantiles are the borders of parts.
#[derive(Debug, Default)]
pub struct Numbers(Vec<f64>);

impl Numbers {
    /// One more; what is no number is left out.
    pub fn push(&mut self, number: f64) {
        if number.is_finite() {
            self.0.push(number);
        }
    }

    /// Parts of about equally many. Equal numbers are never parted, so there may be fewer.
    pub fn parted(mut self, parts: usize) -> Bins {
        self.0.sort_unstable_by(f64::total_cmp);
        let many = self.0.len();
        let mut edges: Vec<f64> =
            (1..parts).filter_map(|part| self.0.get(many * part / parts.max(1)).copied()).collect();
        edges.dedup();
        // Nothing is less than the least.
        edges.retain(|edge| self.0.first().is_some_and(|least| least < edge));
        Bins { edges }
    }
}

/// The borders of parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bins {
    edges: Vec<f64>,
}

impl Bins {
    /// The part of a number; the last is of what is not known.
    pub fn place(&self, number: f64) -> usize {
        if number.is_finite() {
            self.edges.partition_point(|edge| *edge <= number)
        } else {
            self.edges.len() + 1
        }
    }

    /// Parts, with the one of what is not known.
    pub fn len(&self) -> usize {
        self.edges.len() + 2
    }

    /// Whether there are none: there always is one.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// What a part is called: the field with the borders.
    pub fn name(&self, field: &str, place: usize) -> String {
        let edge = |place: usize| self.edges.get(place).map(|edge| short(*edge));
        let below = place.checked_sub(1).and_then(edge);
        match (below, edge(place)) {
            _ if place > self.edges.len() => format!("{field} unknown"),
            (None, None) => format!("any {field}"),
            (None, Some(high)) => format!("{field} <{high}"),
            (Some(low), Some(high)) => format!("{field} {low}–<{high}"),
            (Some(low), None) => format!("{field} ≥{low}"),
        }
    }
}

/// A number in three digits, or as many as its whole part has.
fn short(number: f64) -> String {
    let digits = match number.abs() {
        size if size >= 100.0 || number.fract() == 0.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    format!("{number:.digits$}")
}

/// The cells that are strata of their own: the largest, in order, where there are more than `most`; the others are one
/// together, and so few samples are drawn of no stratum.
pub fn keep_largest(cells: &BTreeMap<u32, u64>, most: usize) -> Vec<u32> {
    let mut all: Vec<(u32, u64)> = cells.iter().map(|(cell, samples)| (*cell, *samples)).collect();
    if all.len() > most {
        all.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
        all.truncate(most.saturating_sub(1));
    }
    let mut kept: Vec<u32> = all.into_iter().map(|(cell, _)| cell).collect();
    kept.sort_unstable();
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lists_are_read() {
        let number = |field: &str, parts| Criterion::Number { field: field.into(), parts };
        let query = |text: &str| Criterion::Query(text.into());
        for (text, expected) in [
            ("", vec![]),
            ("density,source", vec![number("density", 3), Criterion::Value("source".into())]),
            (" words/4 , split,,words/4", vec![number("words", 4), Criterion::Value("split".into())]),
            (
                "has:pair,(dog OR cat),words:[1, 2]",
                vec![query("has:pair"), query("(dog OR cat)"), query("words:[1, 2]")],
            ),
            ("source:\"a,b\",meta.score", vec![query("source:\"a,b\""), number("meta.score", 3)]),
        ] {
            assert_eq!(criteria(text), Ok(expected), "{text}");
        }
        for text in ["words/1", "words/x", "words/99"] {
            assert!(criteria(text).is_err(), "{text}");
        }
    }

    #[test]
    fn parts_are_named_by_their_borders() {
        let mut numbers = Numbers::default();
        (0..9).map(f64::from).chain([f64::NAN]).for_each(|number| numbers.push(number));
        let bins = numbers.parted(3);
        let names: Vec<String> = (0..bins.len()).map(|place| bins.name("words", place)).collect();
        assert_eq!(names, ["words <3", "words 3–<6", "words ≥6", "words unknown"]);
        assert_eq!([0.0, 3.0, 5.9, 8.0, f64::NAN].map(|number| bins.place(number)), [0, 1, 1, 2, 3]);
        let mut same = Numbers::default();
        (0..5).for_each(|_| same.push(1.25));
        let one = same.parted(3);
        assert_eq!((one.name("x", 0), one.len()), ("any x".into(), 2));
        assert_eq!([12.345, 1.234, 0.12345, 1234.5, 7.0].map(short), ["12.3", "1.23", "0.123", "1234", "7"]);
    }

    #[test]
    fn small_cells_go_together() {
        let cells: BTreeMap<u32, u64> = [(1, 5), (2, 90), (3, 5), (4, 40), (5, 1)].into();
        assert_eq!(keep_largest(&cells, 5), [1, 2, 3, 4, 5]);
        assert_eq!(keep_largest(&cells, 4), [1, 2, 4]);
        assert!(keep_largest(&cells, 1).is_empty());
    }

    proptest! {
        #[test]
        fn every_number_has_a_part(numbers: Vec<f64>, parts in 2_usize..6) {
            let mut all = Numbers::default();
            for number in &numbers {
                all.push(*number);
            }
            let bins = all.parted(parts);
            prop_assert!(bins.len() <= parts + 1);
            for number in numbers {
                let place = bins.place(number);
                prop_assert!(place < bins.len());
                prop_assert_eq!(place == bins.len() - 1, !number.is_finite());
            }
        }
    }
}
