//! What the index answers with.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::measure::Figures;
use crate::model::Sample;

/// A stretch of the samples that answer a query, in its order.
#[derive(Clone, Debug)]
pub struct Page {
    /// Place of the first row among all hits, from 0.
    pub first: u64,
    /// The samples.
    pub rows: Vec<Arc<Sample>>,
    /// Of each row its figures, where they are known; may be shorter than the rows.
    pub figures: Vec<Option<Arc<Figures>>>,
    /// All hits of the query in what was searched. Exact.
    pub total: u64,
    /// Samples that were searched: the whole index, or what there is of it by now. Where facts were asked for, those
    /// whose captions are analysed.
    pub searched: u64,
    /// What there was to search, whatever was asked for.
    pub reach: Reach,
}

/// How much of a data set can be searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Samples whose words are known.
    pub samples: u64,
    /// Samples whose facts are known.
    pub analysed: u64,
}

/// How far the building of an index is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// Samples whose words can be searched by now.
    pub samples: u64,
    /// Samples whose captions are analysed by now, so that their facts can be searched.
    #[serde(default)]
    pub analysed: u64,
    /// Records that were left out so far.
    pub skipped: u64,
    /// Samples a second, over the last seconds.
    pub rate: f64,
    /// Done share of the stage, 0 to 1, where it is known.
    pub share: Option<f64>,
    /// Time left, where it can be told.
    pub left: Option<Duration>,
}

/// What the building of an index is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Nothing asked yet, or the files are being looked at.
    Looking,
    /// Bringing the rows of one picture together before they can be indexed.
    Joining,
    /// Reading and indexing.
    Indexing,
    /// All words are indexed; finding what captions say.
    Analysing,
    /// All captions are analysed; counting what is common among them and what is rare.
    Settling,
    /// Another process builds this index; we read what it has.
    Following,
    /// All is indexed; pictures are looked at.
    Pictures,
    /// All is indexed.
    Ready,
    /// It stopped; why, in words for the user. What is indexed stays searchable.
    Failed(String),
}
