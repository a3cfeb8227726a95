//! What somebody says of a sample, and of which samples it is asked.

use serde::{Deserialize, Serialize};

/// What somebody says of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing is wrong with it.
    Right,
    /// Something is.
    Wrong,
    /// The rater cannot tell.
    Unsure,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Right, Self::Wrong, Self::Unsure];

    /// Its name in files, queries and on the screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Unsure => "unsure",
        }
    }

    /// The one of this name; case is no difference.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name().eq_ignore_ascii_case(name.trim()))
    }
}

/// The verdict of one rater on one sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// Who says so.
    pub rater: String,
    /// The print of the sample's id.
    pub print: u64,
    /// The sample's id.
    pub id: String,
    /// What is said.
    pub verdict: Verdict,
    /// What is wrong, where that was said.
    pub reason: Option<String>,
    /// When, in seconds since 1970.
    pub time: i64,
}

/// A part of the samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stratum {
    /// What its samples have in common.
    pub name: String,
    /// Its samples in the data set, or among those of the query.
    pub samples: u64,
}

/// A sample that was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued {
    /// The print of its id.
    pub print: u64,
    /// Its id.
    pub id: String,
    /// The place of its stratum.
    pub stratum: u32,
}

/// Reasons for which a sample is wrong, where nobody has said others: it tells what is not there; gives something a
/// wrong attribute; has a count or a relation wrong; leaves the main thing out; reads or names something wrongly; says
/// too little to be of use; the picture cannot be seen.
pub const REASONS: [&str; 8] =
    ["hallucination", "attribute", "count/relation", "omission", "text/name", "vague", "picture", "other"];

/// Reasons that have a key: 1 to 9.
const MOST: usize = 9;
/// Characters of a reason.
const LONGEST: usize = 40;

/// Why a text is no list of reasons.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReasonError {
    /// None, or more than there are digits.
    #[error("{0} reasons: 1 to 9 are possible, one for each digit, with commas between them")]
    Number(usize),
    /// One is no good.
    #[error(
        "`{0}` is no reason: up to 40 characters on one line, each reason once, and not a verdict's name"
    )]
    Name(String),
}

/// Reads a list of reasons, with commas between them.
///
/// # Errors
/// Where there are none, too many, or one cannot be shown on a line.
pub fn reasons(text: &str) -> Result<Vec<String>, ReasonError> {
    let mut found: Vec<String> = Vec::new();
    for reason in text.split(',').map(str::trim).filter(|reason| !reason.is_empty()) {
        let is_plain = reason.chars().count() <= LONGEST && !reason.chars().any(char::is_control);
        let is_new = !found.iter().any(|known| known.eq_ignore_ascii_case(reason));
        if !is_plain || !is_new || Verdict::named(reason).is_some() {
            return Err(ReasonError::Name(reason.chars().take(LONGEST).collect()));
        }
        found.push(reason.to_owned());
    }
    if found.is_empty() || found.len() > MOST { Err(ReasonError::Number(found.len())) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_listed_with_commas() {
        assert_eq!(reasons(&REASONS.join(", ")).map(|found| found.len()), Ok(REASONS.len()));
        assert_eq!(reasons(" a , b,"), Ok(vec!["a".into(), "b".into()]));
        for (text, many) in [("", 0), (" , ", 0), ("1,2,3,4,5,6,7,8,9,10", 10)] {
            assert_eq!(reasons(text), Err(ReasonError::Number(many)), "{text}");
        }
        for text in ["a,A", "wrong", "a\u{1b}[m", &"x".repeat(41)] {
            assert!(matches!(reasons(text), Err(ReasonError::Name(_))), "{text}");
        }
    }

    #[test]
    fn names_lead_back_to_verdicts() {
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::named(verdict.name()), Some(verdict));
        }
        assert_eq!((Verdict::named(" Wrong "), Verdict::named("")), (Some(Verdict::Wrong), None));
    }
}
