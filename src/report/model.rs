//! A report, as data.

use serde::Serialize;

use super::captions::CaptionFigures;
use super::compared::Compared;
use super::condition::Outcome;
use super::coverage::CoverageFigures;
use super::flags::FlagFigures;
use super::pairs::PairFigures;
use super::questions::QuestionFigures;
use super::spots::SpotFigures;
use crate::measure::{Histogram, Profile};
use crate::worker::MarkCounts;

/// All that a report tells. What is written as JSON and what stands on the page is this.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Of what, when, by what.
    pub provenance: Provenance,
    /// What there is.
    pub summary: Summary,
    /// How much captions say.
    pub stats: CaptionFigures,
    /// How facts per 100 words are spread.
    pub density: DensityFigures,
    /// How much of what could be said is said.
    pub coverage: CoverageFigures,
    /// Which samples carry too little knowledge.
    pub flags: FlagFigures,
    /// Samples that are alike and yet differ.
    pub pairs: PairFigures,
    /// How far captions answer questions; none where there are no questions.
    pub vqa: Option<Questions>,
    /// Against another data set, or one caption against another; none where nobody asked.
    pub compare: Option<Compared>,
    /// What spot-checks have found, the newest first; those without a verdict are left out.
    pub spots: Vec<SpotFigures>,
    /// What somebody has marked.
    pub marks: MarkCounts,
    /// What was demanded of the figures.
    pub conditions: Vec<Outcome>,
}

/// Where a report comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// When it was made.
    pub made: String,
    /// The version of the program.
    pub version: String,
    /// The paths of the data set, as they were named.
    pub paths: Vec<String>,
    /// The query; none where the report is about all samples.
    pub query: Option<String>,
}

/// What there is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The data set.
    pub dataset: String,
    /// Files that it is read from.
    pub files: u64,
    /// Samples of the report.
    pub samples: u64,
    /// Samples of the data set.
    pub samples_of_data_set: u64,
    /// Captions of every role.
    pub captions: u64,
    /// Pictures that samples name.
    pub pictures: u64,
    /// Questions.
    pub questions: u64,
    /// Records of the data set that could not be read.
    pub skipped: u64,
    /// Which thresholds fit.
    pub profile: Profile,
    /// Whether somebody has looked at the pictures.
    pub pictures_looked_at: bool,
}

/// How facts per 100 words are spread.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DensityFigures {
    /// The mean over samples for which it is known.
    pub mean: Option<f64>,
    /// Over the samples of the report.
    pub histogram: Histogram,
    /// Over all other samples, where a query leaves some out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rest: Option<Histogram>,
}

/// What questions add, and of how many samples that is known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Questions {
    /// Samples of the report that have questions.
    pub samples_with_questions: u64,
    /// The first so many were judged; none where all were.
    pub judged_first: Option<u64>,
    /// The figures.
    #[serde(flatten)]
    pub figures: QuestionFigures,
}
