//! What is told of a sample and of a whole set of samples, as data for screens and commands.

use serde::Serialize;

use super::columns::{Column, Columns};
use super::coverage::Coverage;
use super::flags::{Flag, FlagId, FlagTable, Profile};
use super::key::{KeyKind, Level};
use super::norms::Norms;
use super::rarefy::CurvePoint;
use super::rule::Comparison;

/// The figures of one sample, with its flags. Those that need the whole data set are there once all
/// of it was seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// The figures.
    pub columns: Columns,
    /// The flags, without their spans; see [`super::causes`].
    pub flags: Vec<Flag>,
    /// Share of the data set's samples that have a lower rate of facts, 0 to 1, where it is known.
    pub rank: Option<f64>,
}

impl Figures {
    /// With the flags of a table, as far as what is known of the data set decides them.
    pub fn of(columns: Columns, table: &FlagTable, norms: Option<&Norms<'_>>) -> Self {
        let flags = table.flags(&columns, norms);
        let rate = columns.get(Column::Rate);
        let rank = rate.and_then(|rate| norms?.spread(Column::Rate)?.rank(rate));
        Self { columns, flags, rank: rank.map(|percent| percent / 100.0) }
    }
}

/// How many samples have which values of a figure. Exact at the edges of its bins.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Histogram {
    /// The figure.
    pub column: Column,
    /// Edges in ascending order, one more than bins. A bin has the values from its lower edge to
    /// below its upper one; the last has its upper edge too.
    pub edges: Vec<f64>,
    /// Samples of each bin.
    pub counts: Vec<u64>,
    /// Samples whose figure is not known.
    pub unknown: u64,
}

impl Histogram {
    /// Samples whose figure is known.
    pub fn known(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Samples below an edge.
    pub fn below(&self, edge: usize) -> u64 {
        self.counts.iter().take(edge).sum()
    }
}

/// How many samples have a flag, and by which figure that is decided.
#[derive(Clone, Debug, PartialEq)]
pub struct FlagCount {
    /// The flag.
    pub flag: FlagId,
    /// Its rule, as it stands in the table; empty for flags that no rule decides.
    pub rule: String,
    /// Samples that have it.
    pub samples: u64,
    /// The figure that is shown for it, how it is compared, and the threshold in this data set;
    /// none for flags that no figure decides.
    pub decided: Option<(Column, Comparison, f64)>,
    /// How that figure is spread over the samples.
    pub histogram: Option<Histogram>,
}

/// The flags of the samples that answer a query.
#[derive(Clone, Debug, PartialEq)]
pub struct FlagReport {
    /// The table that was used.
    pub profile: Profile,
    /// Samples that answer the query.
    pub samples: u64,
    /// Those of them with any flag.
    pub flagged: u64,
    /// Every flag that can be decided, in the order of [`FlagId::ALL`].
    pub flags: Vec<FlagCount>,
}

/// Coverage on one level.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelReport {
    /// The level.
    pub level: Level,
    /// Different facts.
    pub distinct: u64,
    /// The figures of their table.
    pub coverage: Coverage,
    /// Coverage that one half of the samples predicts, and what was found in the other; 0 to 1.
    pub check: (f64, f64),
    /// Coverage and richness over the number of samples.
    pub curve: Vec<CurvePoint>,
    /// Ranks with the samples of the fact of that rank.
    pub ranks: Vec<(u64, u64)>,
    /// The most frequent facts with their samples, as a reader would write them.
    pub top: Vec<(String, u64)>,
}

/// A concept with the samples that mention it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConceptCount {
    /// Its name.
    pub name: String,
    /// How far below the top of the tree, from 0.
    pub depth: u16,
    /// Samples that mention it or one of its kinds.
    pub samples: u64,
}

/// Which things are said to be what: samples of each pair, row by row.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Matrix {
    /// Objects, one a row, the most frequent first.
    pub objects: Vec<String>,
    /// Values of attributes, one a column, the most frequent first.
    pub values: Vec<String>,
    /// Samples, `objects.len()` rows of `values.len()`.
    pub counts: Vec<Vec<u64>>,
}

/// What a set of samples covers.
#[derive(Clone, Debug, PartialEq)]
pub struct CoverageSide {
    /// Samples.
    pub samples: u64,
    /// How the rate of facts is spread.
    pub density: Histogram,
    /// Mentions of facts by kind, each once a sample, in the order of [`KeyKind::ALL`].
    pub facets: Vec<(KeyKind, u64)>,
    /// In the order of [`Level::ALL`].
    pub levels: Vec<LevelReport>,
    /// The tree of everyday concepts, each after the one above it; those that nobody mentions are
    /// left out.
    pub concepts: Vec<ConceptCount>,
    /// The most frequent objects and values of attributes.
    pub matrix: Matrix,
}

/// What the samples of a query cover, against all others.
#[derive(Clone, Debug, PartialEq)]
pub struct CoverageReport {
    /// The samples that answer the query.
    pub hits: CoverageSide,
    /// All others; none where the query has all samples.
    pub rest: Option<CoverageSide>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_below_an_edge() {
        let histogram = Histogram {
            column: Column::Units,
            edges: vec![0.0, 1.0, 2.0, 4.0],
            counts: vec![3, 0, 2],
            unknown: 1,
        };
        assert_eq!((0..4).map(|edge| histogram.below(edge)).collect::<Vec<_>>(), [0, 3, 3, 5]);
        assert_eq!(histogram.known(), 5);
    }
}
