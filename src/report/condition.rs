//! Demands on the figures of a report, for a gate in a data pipeline: `flagged>5%`.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::figures::{Amount, figure, names};
use super::model::Report;

/// A condition: the name of a figure, how it is compared, and with what.
///
/// ```text
/// flagged>5%        more than one sample in twenty has a flag
/// thin >= 100       a hundred samples or more are thin
/// density.median<12 half of the samples have fewer than 12 facts per 100 words
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    name: String,
    relation: Relation,
    bound: f64,
    is_percent: bool,
}

/// How a figure is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    AtLeast,
    AtMost,
    Equal,
    Above,
    Below,
}

impl Relation {
    /// Those of two signs before those that they begin with.
    const ALL: [Self; 5] = [Self::AtLeast, Self::AtMost, Self::Equal, Self::Above, Self::Below];

    fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::AtMost => "<=",
            Self::Equal => "==",
            Self::Above => ">",
            Self::Below => "<",
        }
    }

    fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Self::AtLeast => value >= bound,
            Self::AtMost => value <= bound,
            // Per cent of a count seldom are the number that was typed to the last bit.
            Self::Equal => (value - bound).abs() <= 1e-9 * bound.abs().max(1.0),
            Self::Above => value > bound,
            Self::Below => value < bound,
        }
    }
}

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// No comparison stands in it.
    #[error("expected a figure, one of > >= < <= ==, and a number, as in `flagged>5%`")]
    Comparison,
    /// Nothing is known by this name.
    #[error("there is no figure `{name}`; figures are {known}")]
    Name {
        /// What stands there.
        name: String,
        /// What could.
        known: String,
    },
    /// What it is compared with is no number.
    #[error("`{0}` is no number; after the comparison stands one, as in 5% or 0.5")]
    Number(String),
    /// Per cent of a figure that is no share of anything.
    #[error("{0} is no share: compare it with a number, without %")]
    Percent(String),
}

impl FromStr for Condition {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Self, ConditionError> {
        let at = text.find(['<', '>', '=']).ok_or(ConditionError::Comparison)?;
        let (name, rest) = text.split_at(at);
        let relation = Relation::ALL.into_iter().find(|relation| rest.starts_with(relation.sign()));
        let relation = relation.ok_or(ConditionError::Comparison)?;
        let number = rest.get(relation.sign().len()..).unwrap_or_default().trim();
        let name = name.trim().to_lowercase();
        if name.is_empty() || number.is_empty() {
            return Err(ConditionError::Comparison);
        }
        let known = names();
        if !known.contains(&name) {
            return Err(ConditionError::Name { name, known: known.join(", ") });
        }
        let (bare, is_percent) = match number.strip_suffix('%') {
            Some(bare) => (bare.trim_end(), true),
            None => (number, false),
        };
        let bound: Option<f64> = bare.parse().ok().filter(|bound: &f64| bound.is_finite());
        let bound = bound.ok_or_else(|| ConditionError::Number(number.to_owned()))?;
        Ok(Self { name, relation, bound, is_percent })
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = if self.is_percent { "%" } else { "" };
        write!(out, "{}{}{}{percent}", self.name, self.relation.sign(), self.bound)
    }
}

/// What became of a condition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// The condition.
    pub condition: String,
    /// The figure, in per cent where the condition is.
    pub value: Option<f64>,
    /// Whether it is in per cent.
    pub is_percent: bool,
    /// Whether it holds.
    pub verdict: Verdict,
    /// Why it cannot be told, where it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It does.
    Holds,
    /// It does not.
    Fails,
    /// Nobody knows: the figure is not there.
    Unknown,
}

impl Outcome {
    /// In one line: `flagged>5%: it is 7.3 %`.
    pub fn line(&self) -> String {
        let Self { condition, value, is_percent, reason, .. } = self;
        match (value, reason) {
            (Some(value), _) if *is_percent => format!("{condition}: it is {value:.4} %"),
            (Some(value), _) => format!("{condition}: it is {value}"),
            (None, reason) => format!("{condition}: {}", reason.as_deref().unwrap_or("not known")),
        }
    }
}

/// Holds conditions against the figures of a report.
///
/// # Errors
/// [`ConditionError::Percent`] where per cent are asked of what is no share.
pub fn judged(conditions: &[Condition], report: &Report) -> Result<Vec<Outcome>, ConditionError> {
    conditions.iter().map(|condition| condition.judge(report)).collect()
}

impl Condition {
    fn judge(&self, report: &Report) -> Result<Outcome, ConditionError> {
        let outcome = |value: Option<f64>, verdict: Verdict, reason: Option<String>| Outcome {
            condition: self.to_string(),
            value,
            is_percent: self.is_percent,
            verdict,
            reason,
        };
        let amount = match figure(report, &self.name) {
            Ok(amount) => amount,
            Err(reason) => return Ok(outcome(None, Verdict::Unknown, Some(reason))),
        };
        let value = match (amount, self.is_percent) {
            (Amount::Count { count, .. }, false) => count as f64,
            (Amount::Count { count, of }, true) => count as f64 * 100.0 / of.max(1) as f64,
            (Amount::Share(share), false) => share,
            (Amount::Share(share), true) => share * 100.0,
            (Amount::Number(number), false) => number,
            (Amount::Number(_), true) => return Err(ConditionError::Percent(self.name.clone())),
        };
        let holds = self.relation.holds(value, self.bound);
        Ok(outcome(Some(value), if holds { Verdict::Holds } else { Verdict::Fails }, None))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn conditions_are_read_as_they_are_meant() {
        for (text, name, relation, bound, is_percent) in [
            ("flagged>5%", "flagged", Relation::Above, 5.0, true),
            (" Flagged >= 5 % ", "flagged", Relation::AtLeast, 5.0, true),
            ("thin<=100", "thin", Relation::AtMost, 100.0, false),
            ("IMAGE_MISSING>0", "image_missing", Relation::Above, 0.0, false),
            ("density.median<12.5", "density.median", Relation::Below, 12.5, false),
            ("coverage<.9", "coverage", Relation::Below, 0.9, false),
            ("samples==1e3", "samples", Relation::Equal, 1_000.0, false),
            ("increment>-1", "increment", Relation::Above, -1.0, false),
        ] {
            let expected = Condition { name: name.to_owned(), relation, bound, is_percent };
            assert_eq!(text.parse::<Condition>(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_condition_says_why() {
        for (text, message) in [
            ("", "expected a figure"),
            ("flagged", "expected a figure"),
            (">5", "expected a figure"),
            ("flagged>", "expected a figure"),
            ("flagged=5", "expected a figure"),
            ("flaged>5", "there is no figure `flaged`; figures are samples, "),
            ("flagged>much", "`much` is no number"),
            ("flagged>>5", "`>5` is no number"),
            ("flagged>inf", "`inf` is no number"),
            ("flagged>NaN%", "`NaN%` is no number"),
            ("flagged>5%%", "`5%%` is no number"),
        ] {
            let error = text.parse::<Condition>().unwrap_err().to_string();
            assert!(error.starts_with(message), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn a_condition_reads_back(
            at in any::<prop::sample::Index>(),
            relation in prop::sample::select(Relation::ALL.to_vec()),
            bound in any::<f64>().prop_filter("a number", |bound| bound.is_finite()),
            is_percent: bool,
        ) {
            let names = names();
            let condition = Condition { name: at.get(&names).clone(), relation, bound, is_percent };
            prop_assert_eq!(condition.to_string().parse::<Condition>(), Ok(condition));
        }

        #[test]
        fn any_text_is_a_condition_or_an_error(text in any::<String>()) {
            if let Ok(condition) = text.parse::<Condition>() {
                prop_assert_eq!(condition.to_string().parse::<Condition>(), Ok(condition));
            }
        }
    }
}
