//! A query that asks for more than another.

use super::{Expr, Query, parse};

/// The query `text` narrowed by `more`, which is a query itself: both hold. The order is that of
/// `more` where it names one. The words of `text` stay as they were typed where that is possible.
pub fn narrowed(text: &str, more: &str) -> String {
    let text = text.trim();
    let (Ok(query), Ok(other)) = (parse(text), parse(more)) else {
        return format!("{text} {more}").trim().to_owned();
    };
    let own = match (&query.filter, &query.sort) {
        (None, _) => String::new(),
        (Some(Expr::Or(_)), None) => format!("({text})"),
        (Some(_), None) => text.to_owned(),
        (Some(filter @ Expr::Or(_)), Some(_)) => format!("({filter})"),
        (Some(filter), Some(_)) => filter.to_string(),
    };
    let more = match &other.filter {
        Some(filter @ Expr::Or(_)) if other.sort.is_some() => {
            format!("({filter}) {}", Query { filter: None, sort: other.sort.clone() })
        }
        Some(Expr::Or(_)) => format!("({more})"),
        _ => more.trim().to_owned(),
    };
    let order = match (other.sort.is_some(), query.sort) {
        (false, Some(sort)) => Query { filter: None, sort: Some(sort) }.to_string(),
        _ => String::new(),
    };
    let parts = [own, more, order];
    parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_queries_hold() {
        for (text, more, expected) in [
            ("", "units:<3 sort:units", "units:<3 sort:units"),
            ("  brown dogs ", "units:<3", "brown dogs units:<3"),
            ("cat OR dog", "units:<3 sort:units", "(cat OR dog) units:<3 sort:units"),
            ("cats OR dog sort:-words", "units:<3", "(cat OR dog) units:<3 sort:-words"),
            ("dog sort:-words", "units:<3 sort:units", "dog units:<3 sort:units"),
            ("random:7", "dog{brown}", "dog{brown} random:7"),
            ("dog", "cat OR bird", "dog (cat OR bird)"),
            ("(dog", "cat", "(dog cat"),
        ] {
            assert_eq!(narrowed(text, more), expected, "{text} {more}");
        }
    }
}
