//! Wishes and answers as data: a screen returns [`Effect`]s, and is told [`Reply`]s.

use std::sync::Arc;

use crate::graphics::{Painting, Sight};
use crate::index::{Page, Progress};
use crate::measure::{CoverageReport, FlagReport};
use crate::media::PictureKey;
use crate::model::Sample;
use crate::pairs::Member;
use crate::workspace::NewRuling;

use super::asked::PairDetail;
use super::desk::PairsReport;
use super::exporter::{ExportNews, ExportWish};
use super::keeper::{Done, Marking, MarksReport};
use super::questioning::QuestionsReport;
use super::spots::SpotStand;

/// What a screen wants done. It never does it itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Run a query and answer with the rows from `first` on: [`Reply::Page`] or
    /// [`Reply::QueryError`]. A newer search replaces an older one that has not run yet.
    Search {
        /// Carried back by the reply; a screen drops replies of an older one.
        generation: u64,
        /// The query's text.
        text: String,
        /// Whether the last word is still being typed, and so matches as a prefix too.
        live: bool,
        /// Place of the first row wanted.
        first: u64,
        /// Rows wanted.
        count: usize,
    },
    /// Make these pictures ready, the first being the one that is looked at; those of an earlier
    /// wish that are not in this one are no longer wanted. Answers with a [`Reply::Picture`] each.
    Pictures(Vec<PictureKey>),
    /// Make this picture ready in all its detail, if the line to the terminal is quick enough for that.
    Refine(PictureKey),
    /// What could stand at this byte of the query's text? Answers with [`Reply::Suggestions`].
    Complete {
        /// The query's text.
        text: String,
        /// Byte position of the cursor.
        cursor: usize,
    },
    /// Count the flags of the samples of a query: [`Reply::Flags`].
    Flags {
        /// Carried back by the reply; a screen drops replies of an older one.
        generation: u64,
        /// The query's text.
        text: String,
    },
    /// Look at what the samples of a query cover: [`Reply::Coverage`].
    Coverage {
        /// Carried back by the reply; a screen drops replies of an older one.
        generation: u64,
        /// The query's text.
        text: String,
    },
    /// Hold the questions of the samples of a query against the captions: [`Reply::Questions`] now and then, with
    /// what is known by then. A newer wish breaks an older one off.
    Questions {
        /// Carried back by the reply; a screen drops replies of an older one.
        generation: u64,
        /// The query's text.
        text: String,
    },
    /// Look for the pairs of the samples of a query: [`Reply::Pairing`] now and then, then [`Reply::Pairs`]. A newer
    /// wish breaks an older one off.
    Pairs {
        /// Carried back by the reply; a screen drops replies of an older one.
        generation: u64,
        /// The query's text.
        text: String,
    },
    /// What does the sample of this id differ in from those that are nearest? [`Reply::Nearest`].
    Nearest {
        /// Carried back by the reply; a screen drops replies of an older one.
        generation: u64,
        /// The sample's id.
        id: String,
    },
    /// Lay the two halves of a pair beside each other: [`Reply::PairDetail`].
    PairDetail {
        /// Carried back by the reply; a screen drops replies of an older one.
        generation: u64,
        /// The halves.
        members: Box<[Member; 2]>,
    },
    /// Keep a mark. Answers with a [`Reply::Marked`], except to a session.
    Mark(Marking),
    /// Something about spot-checks: [`Reply::Spot`].
    Spot(SpotWish),
    /// Export the samples of a query: [`Reply::Export`] now and then, and in the end.
    Export(ExportWish),
    /// Stop the export that is going on.
    StopExport,
    /// Keep this query in the history of the data set.
    Remember(String),
    /// Draw everything anew, as after something else wrote to the terminal.
    Redraw,
    /// Stop the program as Ctrl-Z does.
    Suspend,
    /// Put a text into the clipboard of whoever sits before the terminal.
    Copy(String),
    /// Leave the program.
    Quit,
    /// Leave the program, and print nothing of what was chosen.
    Cancel,
}

/// What a screen wants of spot-checks.
#[derive(Clone, Debug, PartialEq)]
pub enum SpotWish {
    /// What is there, with the one of this name open, else the one that was, else the newest: [`SpotNews::Stand`].
    Open(Option<String>),
    /// Begin one on the samples of this query's text, and open it: [`SpotNews::Stand`].
    Begin(String),
    /// Keep a verdict: [`SpotNews::Kept`].
    Judge {
        /// The number of the spot-check.
        spot: i64,
        /// Who says so.
        rater: String,
        /// What is said.
        ruling: NewRuling,
        /// Carried back by the reply.
        ticket: u64,
    },
    /// Give a spot-check other reasons: [`SpotNews::Stand`].
    Reasons {
        /// The number of the spot-check.
        spot: i64,
        /// The reasons.
        reasons: Vec<String>,
    },
    /// Take back what was done last here: [`SpotNews::Stand`].
    Undo,
    /// Do again what was taken back last: [`SpotNews::Stand`].
    Redo,
    /// The samples of these ids, the first being the one that is looked at: a [`SpotNews::Sample`] each. A newer wish
    /// replaces an older one.
    Samples(Vec<String>),
}

/// What is told of spot-checks.
#[derive(Clone, Debug)]
pub enum SpotNews {
    /// What there is, or why that cannot be told, in one line.
    Stand(Result<Arc<SpotStand>, String>),
    /// A verdict is on the disk, or there is a reason why it is not.
    Kept {
        /// Of the wish that it answers.
        ticket: u64,
        /// Why it is not kept.
        problem: Option<String>,
    },
    /// A sample that was drawn, with what its captions say, or why it cannot be shown.
    Sample {
        /// Its id.
        id: String,
        /// The sample.
        sample: Result<Arc<Sample>, String>,
    },
}

/// An answer to an [`Effect`], or news.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Rows of a query.
    Page {
        /// Of the search that it answers.
        generation: u64,
        /// The rows.
        page: Page,
    },
    /// The query could not be understood or not be run.
    QueryError {
        /// Of the search that it answers.
        generation: u64,
        /// Byte range in the query's text, empty where the text ends too early.
        span: std::ops::Range<usize>,
        /// What was expected, in one line.
        message: String,
    },
    /// A picture is ready, or there is a reason why it never will be.
    Picture {
        /// Which.
        key: PictureKey,
        /// The painting, or why there is none.
        outcome: Result<Painting, String>,
    },
    /// What could stand at the cursor, the best first.
    Suggestions {
        /// The query's text that was asked about.
        text: String,
        /// The suggestions.
        list: Vec<Suggestion>,
    },
    /// The flags of the samples of a query, or why they cannot be counted (yet), in one line.
    Flags {
        /// Of the wish that it answers.
        generation: u64,
        /// What was counted.
        report: Result<Arc<FlagReport>, String>,
    },
    /// What the samples of a query cover, or why that cannot be told (yet), in one line.
    Coverage {
        /// Of the wish that it answers.
        generation: u64,
        /// What was found.
        report: Result<Arc<CoverageReport>, String>,
    },
    /// What the questions of a query add to its captions, or why that cannot be told (yet), in one line.
    Questions {
        /// Of the wish that it answers.
        generation: u64,
        /// What was found.
        report: Result<Arc<QuestionsReport>, String>,
    },
    /// How far the search for pairs is.
    Pairing {
        /// Of the wish that it answers.
        generation: u64,
        /// 0 to 1.
        share: f64,
    },
    /// The pairs of a query, or why they cannot be told (yet), in one line.
    Pairs {
        /// Of the wish that it answers.
        generation: u64,
        /// What was found.
        report: Result<Arc<PairsReport>, String>,
    },
    /// The pairs of one sample with those that are nearest, the best first, or why there are none.
    Nearest {
        /// Of the wish that it answers.
        generation: u64,
        /// What was found.
        report: Result<Arc<PairsReport>, String>,
    },
    /// Two samples beside each other, or why they cannot be shown.
    PairDetail {
        /// Of the wish that it answers.
        generation: u64,
        /// The samples.
        detail: Result<Arc<PairDetail>, String>,
    },
    /// What is marked by now has changed: by a wish that this answers, or by another process.
    Marked {
        /// What is marked.
        report: Arc<MarksReport>,
        /// What came of the wish.
        done: Option<Done>,
    },
    /// Something about spot-checks.
    Spot(SpotNews),
    /// News of an export.
    Export(ExportNews),
    /// It is known how pictures are shown, or that has changed: those that are there are of no use any more.
    Sight(Sight),
    /// How far the index is. With more samples searchable than before, a screen asks again.
    Progress(Progress),
    /// Something that the user should know, in one line; kept in the list of messages.
    Notice(String),
}

/// A way to go on with a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What would stand in place of `span`.
    pub text: String,
    /// Byte range in the query's text that it replaces.
    pub span: std::ops::Range<usize>,
    /// Samples that have it, where that is known.
    pub count: Option<u64>,
}
