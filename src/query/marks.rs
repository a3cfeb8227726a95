//! `tag:`, `note:` and `verdict:`: what somebody has marked, which no sample knows.

use std::fmt::Debug;

use super::field::distance;
use super::{Clause, Field, Query, Test};
use crate::workspace::{Prints, is_within};

/// Tells which samples are marked.
pub trait Marks: Debug + Send + Sync {
    /// Samples with a tag that is meant.
    ///
    /// # Errors
    /// Why it cannot be told, in one line.
    fn tagged(&self, is_meant: &dyn Fn(&str) -> bool) -> Result<Prints, String>;

    /// Samples with a note that says so.
    ///
    /// # Errors
    /// Why it cannot be told, in one line.
    fn noted(&self, says: &dyn Fn(&str) -> bool) -> Result<Prints, String>;

    /// Samples with a verdict that is meant, by the verdict's name and its reason.
    ///
    /// # Errors
    /// Why it cannot be told, in one line.
    fn judged(&self, is_meant: &dyn Fn(&str, &str) -> bool) -> Result<Prints, String>;
}

/// The samples that a test of [`Field::Tag`], [`Field::Note`] or [`Field::Verdict`] finds.
///
/// # Errors
/// Why it cannot be told, in one line.
pub fn marked(marks: &dyn Marks, field: &Field, test: &Test) -> Result<Prints, String> {
    match field {
        Field::Note => {
            let Some(part) = typed(test).map(str::to_lowercase) else { return Ok(Prints::default()) };
            marks.noted(&|note| note.to_lowercase().contains(&part))
        }
        Field::Verdict => {
            let Some(part) = typed(test).map(str::to_lowercase) else { return Ok(Prints::default()) };
            marks.judged(&|verdict, reason| is_ruled(verdict, reason, &part, test))
        }
        _ => marks.tagged(&|tag| is_meant(tag, test)),
    }
}

/// Whether an answer depends on what somebody has marked.
pub fn asks_for_marks(query: &Query) -> bool {
    let asks = |clause: &Clause| matches!(clause.field, Field::Tag | Field::Note | Field::Verdict);
    query.filter.as_ref().is_some_and(|filter| filter.has_clause(&asks))
}

fn typed(test: &Test) -> Option<&str> {
    match test {
        Test::Word { typed, .. } | Test::Partial { typed, .. } | Test::Prefix(typed) => Some(typed),
        _ => None,
    }
}

/// Whether a verdict is meant: by its name, by its beginning, or by a part of its reason.
fn is_ruled(verdict: &str, reason: &str, part: &str, test: &Test) -> bool {
    let by_name = match test {
        Test::Word { .. } => verdict == part,
        _ => verdict.starts_with(part),
    };
    by_name || (!part.is_empty() && reason.to_lowercase().contains(part))
}

/// Whether a test means a tag: by its name, by that of one above it, by a beginning, by nearly its name.
fn is_meant(tag: &str, test: &Test) -> bool {
    match test {
        Test::Word { typed, .. } => is_within(tag, &typed.to_lowercase()),
        Test::Prefix(typed) | Test::Partial { typed, .. } => tag.starts_with(&typed.to_lowercase()),
        Test::Fuzzy { word, distance: most } => distance(tag, &word.to_lowercase()) <= usize::from(*most),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Expr;
    use super::super::{parse, parse_live};
    use super::*;

    #[test]
    fn what_depends_on_marks_is_found() {
        for (text, expected) in [
            ("dog", false),
            ("", false),
            ("dog -tag:bad", true),
            ("(a OR note:*) b", true),
            ("verdict:wrong", true),
            ("meta.tag:x", false),
        ] {
            assert_eq!(asks_for_marks(&parse(text).unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn verdicts_are_meant_by_name_and_reason() {
        let meant = |text: &str, verdict: &str, reason: &str, live: bool| {
            let query = if live { parse_live(text) } else { parse(text) }.unwrap();
            match query.filter {
                Some(Expr::Clause(clause)) => {
                    is_ruled(verdict, reason, &typed(&clause.test).unwrap().to_lowercase(), &clause.test)
                }
                _ => false,
            }
        };
        for (text, verdict, reason, live, expected) in [
            ("verdict:wrong", "wrong", "", false, true),
            ("verdict:Wrong", "wrong", "vague", false, true),
            ("verdict:wrong", "right", "", false, false),
            ("verdict:wro", "wrong", "", false, false),
            ("verdict:wro", "wrong", "", true, true),
            ("verdict:wro*", "wrong", "", false, true),
            ("verdict:*", "unsure", "", false, true),
            ("verdict:vague", "wrong", "too Vague", false, true),
            ("verdict:\"too vague\"", "wrong", "too vague", false, true),
            ("verdict:hallucination", "wrong", "vague", false, false),
        ] {
            assert_eq!(meant(text, verdict, reason, live), expected, "{text} {verdict} {reason}");
        }
    }

    #[test]
    fn tags_are_meant_by_name_level_and_beginning() {
        let meant = |text: &str, tag: &str, live: bool| {
            let query = if live { parse_live(text) } else { parse(text) }.unwrap();
            match query.filter {
                Some(Expr::Clause(clause)) => is_meant(tag, &clause.test),
                _ => false,
            }
        };
        for (text, tag, live, expected) in [
            ("tag:quality", "quality/blurry", false, true),
            ("tag:Quality/Blurry", "quality/blurry", false, true),
            ("tag:quality", "qualityless", false, false),
            ("tag:qual*", "quality/blurry", false, true),
            ("tag:qual", "quality/blurry", true, true),
            ("tag:*", "anything", false, true),
            ("tag:~qualty", "quality", false, true),
            ("tag:blurry", "quality/blurry", false, false),
        ] {
            assert_eq!(meant(text, tag, live), expected, "{text} {tag}");
        }
    }
}
