//! How far captions answer the questions about their pictures, as it is written down.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::vqa::{Addition, QuestionReport, Row, Verdict};

/// Untested facts that are named.
const UNTESTED: usize = 100;

/// What the questions of a data set add to its captions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuestionFigures {
    /// The data set.
    pub dataset: String,
    /// Samples with questions that were judged.
    pub samples: u64,
    /// Samples without a question.
    pub samples_without_questions: u64,
    /// Samples with questions and no caption.
    pub samples_without_captions: u64,
    /// Yes/no questions without an answer, taken as claims.
    pub assumed_yes: u64,
    /// Questions without an answer, or answered by "unanswerable".
    pub unanswerable: u64,
    /// All questions.
    pub all: RowFigures,
    /// By type.
    pub types: BTreeMap<&'static str, RowFigures>,
    /// By their first words.
    pub prefixes: BTreeMap<&'static str, RowFigures>,
    /// The questions that add most.
    pub additions: Vec<Addition>,
    /// Facts of captions that a question tests, by facet.
    pub facets: BTreeMap<&'static str, TestedFigures>,
    /// The most frequent facts that no question tests.
    pub untested: Vec<Untested>,
}

/// A row of questions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RowFigures {
    /// Questions.
    pub questions: u64,
    /// Those that were held against other samples' captions too.
    pub compared: u64,
    /// Share of questions that captions answer, by level.
    pub coverage: BTreeMap<&'static str, OwnAndOther>,
    /// Questions by verdict.
    pub verdicts: BTreeMap<&'static str, u64>,
    /// Information that is asked for, in bits.
    pub bits: f64,
    /// Bits of what captions do not say.
    pub new_bits: f64,
    /// Δ: the share of the bits that captions do not say, 0 to 1.
    pub increment: f64,
}

/// A share of questions, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct OwnAndOther {
    /// By the sample's own captions.
    pub own: f64,
    /// By the captions of other samples.
    pub other: f64,
}

/// Facts of a facet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TestedFigures {
    /// Stated by captions.
    pub stated: u64,
    /// Tested by a question.
    pub tested: u64,
}

/// A fact that no question tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Untested {
    /// Its key.
    pub key: String,
    /// Captions that state it.
    pub captions: u32,
}

impl QuestionFigures {
    /// The figures of a report about a data set of this name.
    pub fn of(name: &str, report: &QuestionReport) -> Self {
        let untested = report.untested(UNTESTED).into_iter();
        Self {
            dataset: name.to_owned(),
            samples: report.samples,
            samples_without_questions: report.silent,
            samples_without_captions: report.captionless,
            assumed_yes: report.assumed,
            unanswerable: report.unanswerable,
            all: RowFigures::of(&report.whole),
            types: report.by_kind.iter().map(|(kind, row)| (kind.name(), RowFigures::of(row))).collect(),
            prefixes: report.by_prefix.iter().map(|(prefix, row)| (*prefix, RowFigures::of(row))).collect(),
            additions: report.additions.clone(),
            facets: report
                .facets
                .iter()
                .map(|(facet, count)| {
                    (facet.name(), TestedFigures { stated: count.stated, tested: count.tested })
                })
                .collect(),
            untested: untested.map(|(key, captions)| Untested { key: key.to_owned(), captions }).collect(),
        }
    }
}

impl RowFigures {
    fn of(row: &Row) -> Self {
        let levels = Verdict::LEVELS.iter().map(|level| {
            (level.name(), OwnAndOther { own: row.coverage(*level), other: row.baseline(*level) })
        });
        let verdicts = Verdict::ALL.iter().zip(row.own).map(|(verdict, count)| (verdict.name(), count));
        Self {
            questions: row.questions,
            compared: row.compared,
            coverage: levels.collect(),
            verdicts: verdicts.collect(),
            bits: row.bits,
            new_bits: row.new_bits,
            increment: row.increment(),
        }
    }
}
