//! Which stretches of a text made it a hit.

use std::cell::RefCell;
use std::ops::Range;

use super::concept::mentioned_in;
use super::matches::found_in;
use super::{Expr, Field, Query, Test, parse_live};
use crate::text::{self, Word};

/// Byte ranges of `text`, a text of `field`, that the query asks for: in order, apart, on character
/// borders. What a query does not want is not lit.
pub fn highlight(query: &Query, text: &str, field: &Field) -> Vec<Range<usize>> {
    let Some(filter) = &query.filter else { return Vec::new() };
    let words = text::words(text);
    let mut spans = Vec::new();
    gather(filter, &words, field, &mut spans);
    spans.sort_unstable_by_key(|span: &Range<usize>| (span.start, span.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(spans.len());
    for span in spans {
        match apart.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => apart.push(span),
        }
    }
    apart
}

/// The same for captions and the text of a query that may still be typed; a text that is no query
/// lights nothing. A list draws many captions under one query: the last query is kept parsed.
#[derive(Debug, Default)]
pub struct Lighter {
    last: RefCell<Option<(String, Option<Query>)>>,
}

impl Lighter {
    /// The stretches of a caption that the query asks for.
    pub fn lit(&self, query: &str, text: &str) -> Vec<Range<usize>> {
        let mut last = self.last.borrow_mut();
        if last.as_ref().is_none_or(|(known, _)| known != query) {
            *last = Some((query.to_owned(), parse_live(query).ok()));
        }
        match &*last {
            Some((_, Some(query))) => highlight(query, text, &Field::Caption),
            _ => Vec::new(),
        }
    }
}

fn gather(expression: &Expr, words: &[Word], field: &Field, spans: &mut Vec<Range<usize>>) {
    match expression {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| gather(part, words, field, spans)),
        Expr::Not(_) => {}
        Expr::Clause(clause) => {
            if !is_of(&clause.field, field) || matches!(clause.test, Test::Range(_)) {
                return;
            }
            let found = match clause.field {
                Field::Concept => mentioned_in(&clause.test, words),
                _ => found_in(&clause.test, words),
            };
            for places in found {
                if let Some([first, .., last] | [first @ last]) = words.get(places) {
                    spans.push(first.span.start..last.span.end);
                }
            }
        }
    }
}

/// Whether what is asked about one field is to be lit in a text of the other: captions of all roles
/// are shown together.
fn is_of(asked: &Field, shown: &Field) -> bool {
    asked == shown
        || (*shown == Field::Caption && matches!(asked, Field::Original | Field::Negative | Field::Concept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    #[test]
    fn what_is_lit() {
        for (query, text, lit) in [
            ("dogs", "A dog and a hot dog.", &["dog", "dog"][..]),
            ("\"hot dog\"", "A dog and a hot dog.", &["hot dog"]),
            ("-dog hot", "A hot dog.", &["hot"]),
            ("surf*", "He is surfing, surfer!", &["surfing", "surfer"]),
            ("~aple", "An apple.", &["apple"]),
            ("cafe", "Ein Café", &["Café"]),
            ("hot \"hot dog\" dog", "hot dog", &["hot dog"]),
            ("object:dog", "a dog", &[]),
            ("original:dog", "a dog", &["dog"]),
            ("words:>1", "a dog", &[]),
            ("concept:animal", "Two dogs eat a hot dog.", &["dogs"]),
        ] {
            let spans = highlight(&parse(query).unwrap(), text, &Field::Caption);
            let found: Vec<&str> = spans.into_iter().filter_map(|span| text.get(span)).collect();
            assert_eq!(found, lit, "{query}");
        }
    }

    #[test]
    fn a_lighter_forgets_the_query_before() {
        let lighter = Lighter::default();
        for (query, lit) in [("dog", 1), ("cat", 0), ("(", 0), ("dog", 1)] {
            assert_eq!(lighter.lit(query, "a dog").len(), lit, "{query}");
        }
    }

    proptest::proptest! {
        #[test]
        fn spans_are_apart_and_on_borders(query in "[a-z\"*~ -]{0,12}", text in "\\PC{0,40}") {
            let mut end = 0;
            for span in Lighter::default().lit(&query, &text) {
                proptest::prop_assert!(span.start >= end && span.start < span.end);
                proptest::prop_assert!(text.get(span.clone()).is_some());
                end = span.end;
            }
        }
    }
}
