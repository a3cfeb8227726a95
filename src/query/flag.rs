//! `flag:thin`, and what can be told of a sample only when all others are known.

use std::ops::Range;

use super::field::distance;
use super::{Expr, Field, Query, Sort, Test};
use crate::measure::FlagId;

/// What is said where a query asks for what is not known yet.
pub const UNSETTLED: &str =
    "flags, marks, and figures that compare with the whole data set, are known once all samples are indexed";

/// What is said where a query asks for flags of pictures and nobody has looked at any.
pub const UNSEEN: &str = "pictures have not been looked at yet: `capscope index --images` does so, and the explorer \
                          when all is indexed";

/// The flags that a test of [`Field::Flag`] names: one, those that begin so, or those that are written
/// nearly so. In the order of [`FlagId::ALL`].
pub fn flags_of(test: &Test) -> Vec<FlagId> {
    let named = |wanted: &dyn Fn(&str) -> bool| {
        FlagId::ALL.iter().copied().filter(|flag| wanted(&flag.name().to_lowercase())).collect()
    };
    match test {
        Test::Word { typed, .. } => FlagId::named(typed.trim()).into_iter().collect(),
        Test::Prefix(typed) | Test::Partial { typed, .. } => {
            let typed = typed.to_lowercase();
            named(&|name| name.starts_with(&typed))
        }
        Test::Fuzzy { word, distance: most } => {
            let word = word.to_lowercase();
            named(&|name| distance(name, &word) <= usize::from(*most))
        }
        _ => Vec::new(),
    }
}

/// Where a query first asks for what is known only when all samples were seen; none where it does not.
/// An order that needs it has no place, and so an empty one.
pub fn needs_data_set(query: &Query) -> Option<Range<usize>> {
    fn first(expression: &Expr) -> Option<Range<usize>> {
        match expression {
            Expr::And(parts) | Expr::Or(parts) => parts.iter().find_map(first),
            Expr::Not(inner) => first(inner),
            Expr::Clause(clause) => needs(&clause.field).then(|| clause.span.clone()),
        }
    }
    let by_sort = || match &query.sort {
        Some(Sort::By { field, .. }) => needs(field).then_some(0..0),
        _ => None,
    };
    query.filter.as_ref().and_then(first).or_else(by_sort)
}

fn needs(field: &Field) -> bool {
    match field {
        Field::Flag | Field::Tag | Field::Note | Field::Verdict => true,
        Field::Figure(figure) => figure.needs_data_set(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{parse, parse_live};
    use super::*;

    fn flags(query: &Query) -> Vec<&'static str> {
        match &query.filter {
            Some(Expr::Clause(clause)) => flags_of(&clause.test).iter().map(|flag| flag.name()).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn flags_are_named_in_any_case_and_by_their_beginning() {
        for (text, expected) in [
            ("flag:THIN", &["THIN"][..]),
            ("flag:thin", &["THIN"]),
            ("flag:no_*", &["NO_RELATIONS", "NO_KNOWLEDGE"]),
            ("flag:~thyn", &["THIN"]),
        ] {
            let query = parse(text).unwrap();
            assert_eq!(flags(&query), expected, "{text}");
            assert_eq!(
                parse(&query.to_string()),
                Ok(query.clone()).map(|query: Query| respanned(&query)),
                "{text}"
            );
        }
        assert_eq!(flags(&parse("flag:*").unwrap()).len(), FlagId::ALL.len());
        assert_eq!(flags(&parse_live("flag:du").unwrap()), ["DUPLICATE"]);
    }

    /// Text that is written anew may have its places elsewhere.
    fn respanned(query: &Query) -> Query {
        parse(&query.to_string()).unwrap()
    }

    #[test]
    fn an_unknown_flag_has_a_nearest_one() {
        let error = parse("dog flag:thn").unwrap_err();
        assert_eq!((error.column, error.span), (10, 9..12));
        assert!(error.message.contains("did you mean `THIN`?"), "{}", error.message);
        assert!(parse_live("flag:zzz").is_err());
        assert!(parse("flag:zebras").unwrap_err().message.contains("THIN, VERBOSE"));
    }

    #[test]
    fn what_needs_the_data_set_is_found() {
        for (text, expected) in [
            ("dog units:>3 sort:-rate", None),
            ("dog (cat OR bits:>3)", Some(12..19)),
            ("-flag:thin", Some(1..10)),
            ("dog sort:-twins", Some(0..0)),
        ] {
            assert_eq!(needs_data_set(&parse(text).unwrap()), expected, "{text}");
        }
    }
}
