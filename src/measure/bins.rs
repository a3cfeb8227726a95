//! Histograms of figures: where the edges of their bins are, and what falls between.

use super::columns::Column;
use super::report::Histogram;
use super::spread::Spread;

/// Bins between the ends, before those of outliers and of a threshold.
const MOST_BINS: f64 = 100.0;
/// Percent of the samples beyond each end, which have a bin of their own.
const OUTLIERS: f64 = 0.5;

/// A histogram that is being filled.
#[derive(Clone, Debug)]
pub struct Bins {
    column: Column,
    edges: Vec<f64>,
    counts: Vec<u64>,
    below: u64,
    above: u64,
    unknown: u64,
    least: f64,
    largest: f64,
}

impl Bins {
    /// Empty bins for a figure with this spread: evenly from the lowest to the highest of most samples,
    /// at whole numbers where the figure is one; a threshold is an edge too. What lies further out gets
    /// one wide bin on each side.
    pub fn new(column: Column, spread: Option<&Spread>, threshold: Option<f64>) -> Self {
        let at = |percent| spread.and_then(|spread| spread.percentile(percent)).unwrap_or_default();
        let (low, high) = (at(OUTLIERS), at(100.0 - OUTLIERS));
        let step = step(column, high - low);
        let (first, last) = ((low / step).floor(), (high / step).floor() + 1.0);
        let count = (last - first).min(2.0 * MOST_BINS) as u32;
        let mut edges: Vec<f64> = (0..=count).map(|edge| (first + f64::from(edge)) * step).collect();
        if let Some(threshold) = threshold.filter(|threshold| threshold.is_finite()) {
            // Rounding must not leave a sliver beside it.
            edges.retain(|edge| (edge - threshold).abs() > step * 1e-6);
            let place = edges.partition_point(|edge| *edge < threshold);
            edges.insert(place, threshold);
            if edges.len() < 2 {
                edges.push(threshold + step);
            }
        }
        let counts = vec![0; edges.len() - 1];
        let (least, largest) = (f64::INFINITY, f64::NEG_INFINITY);
        Self { column, edges, counts, below: 0, above: 0, unknown: 0, least, largest }
    }

    /// Takes figures; NaN is one that is not known.
    pub fn add_all(&mut self, values: &[f64]) {
        for value in values {
            if value.is_nan() {
                self.unknown += 1;
                continue;
            }
            self.least = self.least.min(*value);
            self.largest = self.largest.max(*value);
            let up_to = self.edges.partition_point(|edge| edge <= value);
            match up_to.checked_sub(1) {
                None => self.below += 1,
                Some(bin) => match self.counts.get_mut(bin) {
                    Some(count) => *count += 1,
                    None => self.above += 1,
                },
            }
        }
    }

    /// The histogram, with bins for outliers where there are any.
    pub fn finish(mut self) -> Histogram {
        if self.below > 0 {
            self.edges.insert(0, self.least);
            self.counts.insert(0, self.below);
        }
        if self.above > 0 {
            if self.edges.last().is_some_and(|last| self.largest > *last) {
                self.edges.push(self.largest);
                self.counts.push(self.above);
            } else if let Some(last) = self.counts.last_mut() {
                // The last bin has its upper edge too.
                *last += self.above;
            }
        }
        Histogram { column: self.column, edges: self.edges, counts: self.counts, unknown: self.unknown }
    }
}

/// The width of a bin: 1, 2 or 5 times a power of ten, at least 1 for whole numbers.
fn step(column: Column, range: f64) -> f64 {
    let least = range / MOST_BINS;
    if least.is_nan() || least <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|step| *step >= least);
    let step = step.unwrap_or(10.0 * power);
    if column.is_whole() { step.max(1.0) } else { step }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(column: Column, values: &[f64], threshold: Option<f64>) -> Histogram {
        let spread = Spread::of(values.to_vec());
        let mut bins = Bins::new(column, Some(&spread), threshold);
        bins.add_all(values);
        bins.finish()
    }

    #[test]
    fn every_known_value_has_a_bin_and_the_threshold_is_an_edge() {
        let whole: Vec<f64> = (0..1_000).map(|at| f64::from(at % 40)).chain([1e6, f64::NAN]).collect();
        let shares: Vec<f64> = (0..1_000).map(|at| f64::from(at) / 1_000.0).collect();
        let zeros = vec![0.0; 9];
        for (column, values) in [(Column::Units, &whole), (Column::Rate, &shares), (Column::Twins, &zeros)] {
            for threshold in [None, Some(0.0), Some(0.35), Some(27.0), Some(-4.0), Some(1e9)] {
                let histogram = histogram(column, values, threshold);
                let known = values.iter().filter(|value| !value.is_nan()).count() as u64;
                assert_eq!(histogram.known(), known);
                assert_eq!(histogram.edges.len(), histogram.counts.len() + 1);
                assert!(histogram.edges.is_sorted() && histogram.counts.len() <= 200);
                let Some(threshold) = threshold else { continue };
                let edge = histogram.edges.iter().position(|edge| edge.total_cmp(&threshold).is_eq());
                let below = values.iter().filter(|value| **value < threshold).count() as u64;
                assert_eq!(edge.map(|edge| histogram.below(edge)), Some(below), "{threshold}");
            }
        }
        assert!(
            histogram(Column::Units, &whole, None)
                .edges
                .windows(2)
                .take(40)
                .all(|pair| pair[1] - pair[0] >= 1.0)
        );
    }

    #[test]
    fn without_a_spread_there_is_still_a_histogram() {
        let mut bins = Bins::new(Column::Rate, None, None);
        bins.add_all(&[3.0, f64::NAN]);
        let histogram = bins.finish();
        assert_eq!((histogram.known(), histogram.unknown), (1, 1));
    }
}
