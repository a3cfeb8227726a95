//! Rules over the figures of a sample, written as people say them:
//!
//! ```text
//! words_per_caption >= 60 and rate < 30
//! redundancy > 0.35 or repeated_sentences >= 1
//! object_bits < p10                     below the 10th percentile of the data set
//! knowledge = 0 and p50 knowledge >= 1  while the median sample has some
//! ```
//!
//! `and` binds closer than `or`. When the percentiles of a data set are known, a rule is a list of
//! ranges over columns, which is what an index can look up.

use std::fmt;

use super::columns::{Column, Columns};
use super::norms::Norms;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Subject {
    /// A figure of the sample.
    Sample(Column),
    /// A percentile of the data set.
    DataSet(Column, f64),
}

/// How it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `=`
    Equal,
}

impl Comparison {
    /// Longer signs first.
    const ALL: [Self; 5] = [Self::AtMost, Self::AtLeast, Self::Below, Self::Above, Self::Equal];

    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Equal => "=",
        }
    }

    /// Whether a value compares so with a bound.
    pub fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Self::Below => value < bound,
            Self::AtMost => value <= bound,
            Self::Above => value > bound,
            Self::AtLeast => value >= bound,
            Self::Equal => (value - bound).abs() < f64::EPSILON,
        }
    }
}

/// What it is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bound {
    Number(f64),
    /// A percentile of the subject's own column.
    Percentile(f64),
}

/// One comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Test {
    /// What is compared.
    pub subject: Subject,
    /// How.
    pub comparison: Comparison,
    bound: Bound,
}

impl Test {
    /// The number that it is compared with; none if that is a percentile which nobody knows.
    pub fn threshold(&self, norms: Option<&Norms<'_>>) -> Option<f64> {
        let (Subject::Sample(column) | Subject::DataSet(column, _)) = self.subject;
        match self.bound {
            Bound::Number(number) => Some(number),
            Bound::Percentile(percent) => norms?.spread(column)?.percentile(percent),
        }
    }

    fn holds(&self, columns: &Columns, norms: Option<&Norms<'_>>) -> Option<bool> {
        let value = match self.subject {
            Subject::Sample(column) => columns.get(column)?,
            Subject::DataSet(column, percent) => norms?.spread(column)?.percentile(percent)?,
        };
        Some(self.comparison.holds(value, self.threshold(norms)?))
    }
}

impl fmt::Display for Test {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.subject {
            Subject::Sample(column) => out.write_str(column.name())?,
            Subject::DataSet(column, percent) => write!(out, "p{percent} {}", column.name())?,
        }
        write!(out, " {} ", self.comparison.sign())?;
        match self.bound {
            Bound::Number(number) => write!(out, "{number}"),
            Bound::Percentile(percent) => write!(out, "p{percent}"),
        }
    }
}

/// A range of a column, for an index to look up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The column.
    pub column: Column,
    /// How its values are compared.
    pub comparison: Comparison,
    /// With what.
    pub threshold: f64,
}

/// A rule: it holds if all tests of one of its cases do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rule {
    cases: Vec<Vec<Test>>,
}

/// Why a rule cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A test is no comparison.
    #[error("`{0}` is no comparison; one is written like `units < 27` or `object_bits < p10`")]
    Shape(String),
    /// The name of a column is not known.
    #[error("there is no figure `{0}`")]
    Column(String),
    /// The bound is neither a number nor a percentile.
    #[error("`{0}` is neither a number nor a percentile from p0 to p100")]
    Bound(String),
}

impl Rule {
    /// Reads a rule. An empty one never holds.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let tokens: Vec<&str> = text.split_whitespace().collect();
        if tokens.is_empty() {
            return Ok(Self::default());
        }
        let cases = tokens
            .split(|token| token.eq_ignore_ascii_case("or"))
            .map(|case| case.split(|token| token.eq_ignore_ascii_case("and")).map(test).collect())
            .collect::<Result<_, _>>()?;
        Ok(Self { cases })
    }

    /// The cases, each with its tests.
    pub fn cases(&self) -> &[Vec<Test>] {
        &self.cases
    }

    /// The tests of the first case that holds of a sample. What is not known does not hold.
    pub fn holding(&self, columns: &Columns, norms: Option<&Norms<'_>>) -> Option<&[Test]> {
        let holds = |case: &&Vec<Test>| {
            !case.is_empty() && case.iter().all(|test| test.holds(columns, norms) == Some(true))
        };
        self.cases.iter().find(holds).map(Vec::as_slice)
    }

    /// The rule as ranges over the columns of one sample: any of the lists, all ranges of a list.
    /// Cases that fail for the data set as a whole are left out, and tests of it that hold; a list
    /// without ranges holds of every sample.
    pub fn ranges(&self, norms: &Norms<'_>) -> Vec<Vec<Range>> {
        self.cases.iter().filter_map(|case| ranges(case, norms)).collect()
    }

    /// Whether it looks at figures that are known only when all samples were seen.
    pub fn needs_data_set(&self) -> bool {
        self.cases.iter().flatten().any(|test| match test.subject {
            Subject::Sample(column) => column.needs_data_set() || matches!(test.bound, Bound::Percentile(_)),
            Subject::DataSet(..) => true,
        })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, case) in self.cases.iter().enumerate() {
            if place > 0 {
                out.write_str(" or ")?;
            }
            for (place, test) in case.iter().enumerate() {
                if place > 0 {
                    out.write_str(" and ")?;
                }
                write!(out, "{test}")?;
            }
        }
        Ok(())
    }
}

fn ranges(case: &[Test], norms: &Norms<'_>) -> Option<Vec<Range>> {
    let mut ranges = Vec::new();
    for test in case {
        match test.subject {
            Subject::Sample(column) => ranges.push(Range {
                column,
                comparison: test.comparison,
                threshold: test.threshold(Some(norms))?,
            }),
            Subject::DataSet(..) if test.holds(&Columns::default(), Some(norms)) == Some(true) => {}
            Subject::DataSet(..) => return None,
        }
    }
    Some(ranges)
}

fn test(tokens: &[&str]) -> Result<Test, RuleError> {
    let text = tokens.join(" ");
    let parts = Comparison::ALL.into_iter().find_map(|comparison| {
        let (left, right) = text.split_once(comparison.sign())?;
        Some((left.trim(), comparison, right.trim()))
    });
    let Some((left, comparison, right)) =
        parts.filter(|(left, _, right)| !left.is_empty() && !right.is_empty())
    else {
        return Err(RuleError::Shape(text));
    };
    let column = |name: &str| Column::named(name).ok_or_else(|| RuleError::Column(name.to_owned()));
    let subject = match left.split_once(' ') {
        Some((share, name)) => {
            let percent = percent(share).ok_or_else(|| RuleError::Bound(share.to_owned()))?;
            Subject::DataSet(column(name.trim())?, percent)
        }
        None => Subject::Sample(column(left)?),
    };
    let number = right.parse::<f64>().ok().filter(|number| number.is_finite());
    let bound = number.map(Bound::Number).or_else(|| percent(right).map(Bound::Percentile));
    let bound = bound.ok_or_else(|| RuleError::Bound(right.to_owned()))?;
    Ok(Test { subject, comparison, bound })
}

/// `p10`
fn percent(text: &str) -> Option<f64> {
    let percent = text.strip_prefix('p')?.parse::<f64>().ok()?;
    (0.0..=100.0).contains(&percent).then_some(percent)
}

#[cfg(test)]
mod tests {
    use super::super::spread::Spread;
    use super::super::tally::Tally;
    use super::*;

    fn norms(tally: &Tally) -> Norms<'_> {
        let spreads = Column::ALL.iter().map(|_| Spread::of((0..=100).map(f64::from).collect())).collect();
        Norms::new(tally, spreads)
    }

    #[test]
    fn rules_are_read_and_written() {
        for text in [
            "units < 27",
            "words >= 60 and rate < 30",
            "redundancy > 0.35 or repeated_sentences >= 1 and units <= 3",
            "object_bits < p10",
            "knowledge = 0 and p50 knowledge >= 1",
            "",
        ] {
            assert_eq!(Rule::parse(text).map(|rule| rule.to_string()).as_deref(), Ok(text));
        }
        let table = [
            ("units", RuleError::Shape("units".to_owned())),
            ("units < 3 and", RuleError::Shape(String::new())),
            ("< 3", RuleError::Shape("< 3".to_owned())),
            ("unit < 3", RuleError::Column("unit".to_owned())),
            ("units < p101", RuleError::Bound("p101".to_owned())),
            ("units < many", RuleError::Bound("many".to_owned())),
            ("units < nan", RuleError::Bound("nan".to_owned())),
        ];
        for (text, error) in table {
            assert_eq!(Rule::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn rules_hold_or_not() {
        let tally = Tally::default();
        let norms = norms(&tally);
        let mut columns = Columns::default();
        columns.set(Column::Units, 7.0);
        columns.set(Column::Knowledge, 0.0);
        let table = [
            ("units < 8", true),
            ("units < 7", false),
            ("units <= 7", true),
            ("units = 7", true),
            ("units < p10", true),
            ("units < p5", false),
            ("rate < 1000", false),
            ("rate < 1000 or units > 1", true),
            ("units > 1 and knowledge = 0 and p50 knowledge >= 1", true),
            ("p50 knowledge >= 51", false),
            ("", false),
        ];
        for (text, expected) in table {
            let rule = Rule::parse(text).unwrap();
            assert_eq!(rule.holding(&columns, Some(&norms)).is_some(), expected, "{text}");
        }
        assert!(Rule::parse("units < p10").unwrap().holding(&columns, None).is_none());
    }

    #[test]
    fn rules_become_ranges() {
        let tally = Tally::default();
        let norms = norms(&tally);
        let rule = Rule::parse("units < p10 and p50 units > 3 or p50 units > 99 and rate < 3").unwrap();
        let range = Range { column: Column::Units, comparison: Comparison::Below, threshold: 10.0 };
        assert_eq!(rule.ranges(&norms), [vec![range]]);
        assert!(rule.needs_data_set());
    }
}
