//! What is usual in a data set: percentiles of every figure, and how often each thing occurs.

use xxhash_rust::xxh3::xxh3_64;

use super::analyse::Analysis;
use super::columns::{Column, Columns};
use super::flags::Profile;
use super::prints::Prints;
use super::spread::Spread;
use super::tally::{Counts, Tally};

/// Samples whose figures are kept for percentiles; a percentile is then true to half a point.
const KEPT: usize = 1 << 14;

/// What is usual in a data set.
pub struct Norms<'c> {
    counts: &'c dyn Counts,
    spreads: Vec<Spread>,
    profile: Profile,
}

impl std::fmt::Debug for Norms<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Norms")
            .field("samples", &self.counts.samples())
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

impl<'c> Norms<'c> {
    /// From counts, and the spread of each column in the order of [`Column::ALL`]. The profile
    /// follows from the median of the words per caption.
    pub fn new(counts: &'c dyn Counts, spreads: Vec<Spread>) -> Self {
        let words = spreads.get(Column::WordsPerCaption as usize).and_then(Spread::median);
        let profile = Profile::of(words.unwrap_or_default());
        Self { counts, spreads, profile }
    }

    /// The same with a profile that somebody chose.
    #[must_use]
    pub fn with_profile(self, profile: Profile) -> Self {
        Self { profile, ..self }
    }

    /// The profile of thresholds that fits.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// How often things occur.
    pub fn counts(&self) -> &'c dyn Counts {
        self.counts
    }

    /// How a figure is spread.
    pub fn spread(&self, column: Column) -> Option<&Spread> {
        self.spreads.get(column as usize)
    }
}

/// A sample that is kept for percentiles.
#[derive(Clone, Debug)]
struct Kept {
    lot: u64,
    columns: Columns,
    keys: Vec<String>,
    prints: Prints,
}

/// Goes over a data set: counts everything, and keeps some samples for percentiles, drawn by a hash
/// of their place, so that the same data set gives the same norms whatever the order and the
/// threads.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    tally: Tally,
    kept: Vec<Kept>,
}

impl Survey {
    /// Takes a sample; `seq` is its place in the data set.
    pub fn add(&mut self, seq: u64, analysis: &Analysis) {
        self.tally.add(&analysis.keys, &analysis.prints);
        let lot = xxh3_64(&seq.to_le_bytes());
        // When there are twice as many as wanted, the worse half goes.
        if self.kept.len() >= 2 * KEPT {
            self.thin();
        }
        self.kept.push(Kept {
            lot,
            columns: analysis.columns(),
            keys: analysis.keys.clone(),
            prints: analysis.prints.clone(),
        });
    }

    /// Takes what another thread has gone over.
    pub fn merge(&mut self, other: Self) {
        self.tally.merge(other.tally);
        self.kept.extend(other.kept);
        self.thin();
    }

    fn thin(&mut self) {
        self.kept.sort_unstable_by_key(|kept| kept.lot);
        self.kept.truncate(KEPT);
    }

    /// The counts, and the spread of each column in the order of [`Column::ALL`]: what
    /// [`Norms::new`] wants.
    pub fn finish(mut self) -> (Tally, Vec<Spread>) {
        self.thin();
        for kept in &mut self.kept {
            kept.columns.settle(&kept.keys, &kept.prints, &self.tally);
        }
        let values = |column: &Column| {
            self.kept.iter().filter_map(|kept| kept.columns.get(*column)).collect::<Vec<_>>()
        };
        let spreads = Column::ALL.iter().map(|column| Spread::of(values(column))).collect();
        (self.tally, spreads)
    }
}
