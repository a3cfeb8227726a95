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

/// Draws samples of which percentiles are taken, by a hash of their place: the same samples of a data
/// set, whatever the order in which they come and on whichever thread.
#[derive(Clone, Debug)]
pub struct Draw<T> {
    kept: Vec<(u64, T)>,
    /// Beyond it no lot is drawn any more.
    worst: u64,
}

impl<T> Default for Draw<T> {
    fn default() -> Self {
        Self { kept: Vec::new(), worst: u64::MAX }
    }
}

impl<T> Draw<T> {
    /// Takes a sample by its place in the data set, if it is drawn so far.
    pub fn push(&mut self, seq: u64, sample: impl FnOnce() -> T) {
        let lot = xxh3_64(&seq.to_le_bytes());
        if lot > self.worst {
            return;
        }
        // When there are twice as many as wanted, the worse half goes.
        if self.kept.len() >= 2 * KEPT {
            self.thin();
        }
        self.kept.push((lot, sample()));
    }

    /// Takes what was drawn elsewhere.
    pub fn merge(&mut self, other: Self) {
        self.kept.extend(other.kept);
        self.thin();
    }

    /// What was drawn, in the order of the lots.
    pub fn finish(mut self) -> Vec<T> {
        self.thin();
        self.kept.into_iter().map(|(_, sample)| sample).collect()
    }

    fn thin(&mut self) {
        self.kept.sort_by_key(|(lot, _)| *lot);
        self.kept.truncate(KEPT);
        if self.kept.len() == KEPT {
            self.worst = self.kept.last().map_or(u64::MAX, |(lot, _)| *lot);
        }
    }
}

/// A sample that is kept for percentiles.
#[derive(Clone, Debug)]
struct Kept {
    columns: Columns,
    keys: Vec<String>,
    prints: Prints,
}

/// Goes over a data set: counts everything, and keeps some samples for percentiles.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    tally: Tally,
    kept: Draw<Kept>,
}

impl Survey {
    /// Takes a sample; `seq` is its place in the data set.
    pub fn add(&mut self, seq: u64, analysis: &Analysis) {
        self.tally.add(&analysis.keys, &analysis.prints);
        self.kept.push(seq, || Kept {
            columns: analysis.columns(),
            keys: analysis.keys.clone(),
            prints: analysis.prints.clone(),
        });
    }

    /// Takes what another thread has gone over.
    pub fn merge(&mut self, other: Self) {
        self.tally.merge(other.tally);
        self.kept.merge(other.kept);
    }

    /// The counts, and the spread of each column in the order of [`Column::ALL`]: what
    /// [`Norms::new`] wants.
    pub fn finish(self) -> (Tally, Vec<Spread>) {
        let Self { tally, kept } = self;
        let settled = kept.finish().into_iter().map(|mut kept| {
            kept.columns.settle(&kept.keys, &kept.prints, &tally);
            kept.columns
        });
        let spreads = Spread::of_columns(&settled.collect::<Vec<_>>());
        (tally, spreads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_samples_are_drawn_in_any_order() {
        let drawn = |places: &mut dyn Iterator<Item = u64>| {
            let mut draw = Draw::default();
            places.for_each(|place| draw.push(place, || place));
            draw.finish()
        };
        let many = 4 * KEPT as u64;
        let forwards = drawn(&mut (0..many));
        assert_eq!(forwards.len(), KEPT);
        assert_eq!(forwards, drawn(&mut (0..many).rev()));
        assert_eq!(drawn(&mut (0..3)).len(), 3);
    }
}
