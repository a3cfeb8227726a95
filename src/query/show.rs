//! A query as canonical text, which parses back to the same query.

use std::fmt;
use std::ops::Bound;

use super::{Bounds, Clause, Expr, Field, Query, Sort, Test};

impl fmt::Display for Query {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(filter) = &self.filter {
            // At the top neither a conjunction nor a disjunction needs parentheses of its own; only
            // an order must not become a part of a disjunction.
            match filter {
                Expr::Or(_) if self.sort.is_some() => write!(out, "({filter})")?,
                _ => write!(out, "{filter}")?,
            }
        }
        let Some(sort) = &self.sort else { return Ok(()) };
        if self.filter.is_some() {
            out.write_str(" ")?;
        }
        match sort {
            Sort::Relevance => out.write_str("sort:relevance"),
            Sort::Dataset => out.write_str("sort:dataset"),
            Sort::Random(seed) => write!(out, "random:{seed}"),
            Sort::By { field, descending } => {
                write!(out, "sort:{}{}", if *descending { "-" } else { "" }, field.name())
            }
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, between) = match self {
            Self::And(parts) => (parts, " "),
            Self::Or(parts) => (parts, " OR "),
            Self::Not(inner) => {
                return match **inner {
                    Self::And(_) | Self::Or(_) => write!(out, "-({inner})"),
                    _ => write!(out, "-{inner}"),
                };
            }
            Self::Clause(clause) => return write!(out, "{clause}"),
        };
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                out.write_str(between)?;
            }
            match part {
                Self::And(_) | Self::Or(_) => write!(out, "({part})")?,
                _ => write!(out, "{part}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.test {
            Test::With { object, attribute } => return write!(out, "{}{{{attribute}}}", braced(object)),
            Test::Relation { subject, predicate, object } => {
                let part = |part: &Option<String>| part.as_deref().map_or("*".to_owned(), quoted);
                return write!(out, "rel:({} {} {})", part(subject), part(predicate), part(object));
            }
            Test::Like(id) => return write!(out, "like:{}", quoted_whole(id)),
            _ => {}
        }
        if self.field != Field::Caption {
            write!(out, "{}:", self.field.name())?;
        }
        match &self.test {
            Test::Word { typed, .. } if self.field.is_whole() => out.write_str(&quoted_whole(typed)),
            Test::Word { lemma, .. } => out.write_str(&quoted(lemma)),
            Test::Phrase(words) => write!(out, "\"{}\"", words.join(" ")),
            Test::Prefix(prefix) if self.field.is_whole() => write!(out, "{prefix}*"),
            Test::Prefix(prefix) => write!(out, "{prefix}*"),
            Test::Partial { typed, .. } => write!(out, "{typed}…"),
            Test::Fuzzy { word, .. } => write!(out, "~{word}"),
            Test::Range(bounds) => write!(out, "{bounds}"),
            Test::With { .. } | Test::Relation { .. } | Test::Like(_) => Ok(()),
        }
    }
}

impl fmt::Display for Bounds {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (Bound::Excluded(from), Bound::Unbounded) => write!(out, ">{from}"),
            (Bound::Included(from), Bound::Unbounded) => write!(out, ">={from}"),
            (Bound::Unbounded, Bound::Excluded(to)) => write!(out, "<{to}"),
            (Bound::Unbounded, Bound::Included(to)) => write!(out, "<={to}"),
            (from, to) => {
                let limit = |bound: Bound<f64>| match bound {
                    Bound::Included(number) | Bound::Excluded(number) => number.to_string(),
                    Bound::Unbounded => "*".to_owned(),
                };
                write!(out, "[{} TO {}]", limit(from), limit(to))
            }
        }
    }
}

/// A word or phrase as it must be written in a query: quoted where it would mean something else.
pub fn quoted(words: &str) -> String {
    let is_plain = !words.is_empty()
        && !matches!(words, "OR" | "AND" | "NOT" | "TO")
        && words.chars().all(|letter| letter.is_alphanumeric() || letter == '\'' || letter == '_');
    if is_plain { words.to_owned() } else { in_quotes(words) }
}

/// The object of `object{attribute}`, which cannot be quoted: its words joined by hyphens.
fn braced(object: &str) -> String {
    object.replace(' ', "-")
}

/// A value that is taken whole.
fn quoted_whole(value: &str) -> String {
    let needs_quotes = value.is_empty()
        || value == "*"
        || value.ends_with('*')
        || value.starts_with(['"', '~', '(', '['])
        || value.contains(|letter: char| letter.is_whitespace() || letter == ')' || letter == '\\');
    if needs_quotes { in_quotes(value) } else { value.to_owned() }
}

fn in_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
