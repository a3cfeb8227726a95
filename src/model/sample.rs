//! One picture (or a pair of them) with all that the data set says about it.

use serde::{Deserialize, Serialize};

use super::{Descriptor, Evidence, Image, Value};

/// The place of a sample in the order of its data set: file ordinal in the upper 24 bits, row in
/// the lower 40. It is unique in one index, and stays when other files are added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Seq(pub u64);

impl Seq {
    /// Rows that one file can hold.
    pub const MAX_ROW: u64 = (1 << 40) - 1;

    /// The place of `row` of the file with this ordinal.
    pub fn new(ordinal: u32, row: u64) -> Self {
        Self((u64::from(ordinal) << 40) | row.min(Self::MAX_ROW))
    }

    /// The ordinal of the file.
    pub fn ordinal(self) -> u32 {
        u32::try_from(self.0 >> 40).unwrap_or(u32::MAX)
    }

    /// The row in the file, from 0.
    pub fn row(self) -> u64 {
        self.0 & Self::MAX_ROW
    }
}

/// One sample of a data set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Its place in the data set's order.
    pub seq: Seq,
    /// The data set's own id, else file and position. Unique as far as the data set is.
    pub id: String,
    /// Its pictures; none where the data set has only text.
    pub images: Vec<Image>,
    /// Its captions, the main ones first.
    pub captions: Vec<Caption>,
    /// Descriptors that the data set supplies, then those that were found in its captions.
    pub descriptors: Vec<Descriptor>,
    /// Figures in the order of the columns of `measure`; empty until the sample is measured.
    /// They follow from the rest, and so are never stored.
    #[serde(skip)]
    pub figures: Vec<f64>,
    /// Its questions with their answers.
    pub questions: Vec<Question>,
    /// Set where the data set says that this sample is a pair, or one half of a pair.
    pub pair: Option<Pair>,
    /// Where the sample comes from, in the data set's words.
    pub source: Option<String>,
    /// `train`, `val` …
    pub split: Option<String>,
    /// All other fields, in the order of the data; scores are among them.
    pub meta: Vec<(String, Value)>,
    /// The file and row where it was read.
    pub origin: Origin,
    /// What somebody has marked on it; known of rows that are shown, and never stored with the sample.
    #[serde(skip)]
    pub marks: SampleMarks,
}

/// What is marked on one sample.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SampleMarks {
    /// Its tags, in order.
    pub tags: Vec<String>,
    /// What somebody has written about it.
    pub note: Option<String>,
    /// What raters of spot-checks have said of it.
    pub verdicts: Vec<SampleVerdict>,
}

/// What a rater of a spot-check has said of a sample.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SampleVerdict {
    /// `right`, `wrong` or `unsure`.
    pub verdict: &'static str,
    /// What is wrong, where that was said.
    pub reason: Option<String>,
    /// Who has said so.
    pub rater: String,
    /// In which spot-check.
    pub spot: String,
}

impl Sample {
    /// Captions that describe the picture: neither alt texts nor negatives.
    pub fn main_captions(&self) -> impl Iterator<Item = &Caption> {
        self.captions.iter().filter(|caption| caption.role == CaptionRole::Main)
    }

    /// The caption to show where there is room for one: the first main one, else the first.
    pub fn headline(&self) -> Option<&Caption> {
        self.main_captions().next().or_else(|| self.captions.first())
    }
}

/// Where a sample was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The file, as it was opened.
    pub file: String,
    /// Line, row, element or member of that file, counted from 1 as editors do.
    pub position: u64,
}

/// A text about a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caption {
    /// The text, trimmed, otherwise as found: hostile until it is made safe for a terminal.
    pub text: String,
    /// The field that it was taken from.
    pub field: String,
    /// The part it plays.
    pub role: CaptionRole,
}

/// The part that a caption plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CaptionRole {
    /// It describes the picture.
    Main,
    /// The text that the picture came with (alt text), before somebody enriched it.
    Original,
    /// It describes one region of the picture.
    Region,
    /// It is wrong on purpose: the other half of a contrast.
    Negative,
}

impl CaptionRole {
    /// Every role, the main one first.
    pub const ALL: [Self; 4] = [Self::Main, Self::Original, Self::Region, Self::Negative];

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// The name as it stands on screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Main => "caption",
            Self::Original => "original",
            Self::Region => "region",
            Self::Negative => "negative",
        }
    }
}

/// A question about a picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The question; empty where a turn has only an answer.
    pub question: String,
    /// The answers, the best first; several where annotators differ.
    pub answers: Vec<String>,
    /// The choices offered.
    pub choices: Vec<String>,
    /// Its type in the data set's words.
    pub kind: Option<String>,
    /// What the captions make of it; none until it is judged. It follows from the rest, and so is never stored.
    #[serde(skip)]
    pub verdict: Option<QuestionVerdict>,
}

/// How far captions answer a question as its answer does.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionVerdict {
    /// `entailed`, `grounded`, `mentioned`, `contradicted` or `unknown`.
    pub name: &'static str,
    /// Whether a caption says it, at least half.
    pub is_said: bool,
    /// Question and answer as a sentence; empty where nobody can tell.
    pub statement: String,
    /// Where captions say it.
    pub evidence: Option<Evidence>,
    /// Information that is asked for, in bits of the data set; 0 while that is not known.
    pub bits: f64,
}

/// What a data set says of a pair.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// What the members of a pair have in common, where they are samples of their own.
    pub key: Option<String>,
    /// `true`/`false`, or the kind of change.
    pub label: Option<String>,
}
