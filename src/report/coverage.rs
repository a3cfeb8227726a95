//! What samples cover, as it is written down.

use serde::Serialize;

use crate::measure::{ConceptCount, Coverage, CoverageReport, CurvePoint, LevelReport, Matrix};

/// What the samples of a report cover.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoverageFigures {
    /// The data set.
    pub dataset: String,
    /// Samples.
    pub samples: u64,
    /// The levels, the plainest first.
    pub levels: Vec<LevelFigures>,
    /// The same levels of all other samples, where a query leaves some out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rest: Option<Vec<LevelFigures>>,
    /// The tree of everyday concepts, each after the one above it.
    pub concepts: Vec<ConceptCount>,
    /// The most frequent objects and values of attributes.
    pub matrix: Matrix,
}

/// Coverage on one level.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LevelFigures {
    /// Its name.
    pub level: &'static str,
    /// Different facts.
    pub distinct: u64,
    /// The figures of their table.
    pub coverage: Coverage,
    /// A check by halves.
    pub split_half: SplitHalf,
    /// Coverage and richness over the number of samples.
    pub curve: Vec<CurvePoint>,
    /// Ranks with the samples of the fact of that rank.
    pub ranks: Vec<(u64, u64)>,
    /// The most frequent facts, as a reader would write them.
    pub top: Vec<FactCount>,
}

/// Coverage that one half of the samples predicts, and what was found in the other; 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SplitHalf {
    /// By the one half.
    pub predicted: f64,
    /// In the other.
    pub measured: f64,
}

/// A fact with its samples.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FactCount {
    /// In words.
    pub fact: String,
    /// Samples that have it.
    pub samples: u64,
}

impl CoverageFigures {
    /// The figures of a report about a data set of this name.
    pub(super) fn of(name: &str, report: CoverageReport) -> Self {
        let CoverageReport { hits, rest } = report;
        let rest = rest.map(|rest| rest.levels.into_iter().map(LevelFigures::of).collect());
        Self {
            dataset: name.to_owned(),
            samples: hits.samples,
            levels: hits.levels.into_iter().map(LevelFigures::of).collect(),
            rest,
            concepts: hits.concepts,
            matrix: hits.matrix,
        }
    }
}

impl LevelFigures {
    fn of(level: LevelReport) -> Self {
        let (predicted, measured) = level.check;
        let top = level.top.into_iter().map(|(fact, samples)| FactCount { fact, samples });
        Self {
            level: level.level.name(),
            distinct: level.distinct,
            coverage: level.coverage,
            split_half: SplitHalf { predicted, measured },
            curve: level.curve,
            ranks: level.ranks,
            top: top.collect(),
        }
    }

    /// Its name without a sign that nobody can type.
    pub(super) fn plain_name(&self) -> String {
        self.level.replace('×', "_")
    }
}
