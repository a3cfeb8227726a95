//! How a figure is spread over a data set: its percentiles.

use serde::{Deserialize, Serialize};

use super::columns::{Column, Columns};

/// Points of a spread: percentiles 0 to 100.
const POINTS: usize = 101;

/// Percentiles of a figure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The percentiles 0 to 100; empty where nothing is known.
    points: Vec<f64>,
}

impl Spread {
    /// The spread of each column over these samples, in the order of [`Column::ALL`].
    pub fn of_columns(samples: &[Columns]) -> Vec<Self> {
        let values = |column: &Column| samples.iter().filter_map(|sample| sample.get(*column)).collect();
        Column::ALL.iter().map(|column| Self::of(values(column))).collect()
    }

    /// Of these values; those that are no numbers are left out.
    pub fn of(mut values: Vec<f64>) -> Self {
        values.retain(|value| value.is_finite());
        values.sort_unstable_by(f64::total_cmp);
        if values.is_empty() {
            return Self::default();
        }
        let points = (0..POINTS).map(|point| between(&values, point as f64 / 100.0)).collect();
        Self { points }
    }

    /// The value below which `percent` of a hundred samples are; between points by a line. None where
    /// nothing is known.
    pub fn percentile(&self, percent: f64) -> Option<f64> {
        if self.points.is_empty() || percent.is_nan() {
            return None;
        }
        Some(between(&self.points, (percent / 100.0).clamp(0.0, 1.0)))
    }

    /// The median.
    pub fn median(&self) -> Option<f64> {
        self.percentile(50.0)
    }

    /// Percent of the samples that are below a value, those that are equal counting half; 0 to 100.
    pub fn rank(&self, value: f64) -> Option<f64> {
        if self.points.is_empty() || value.is_nan() {
            return None;
        }
        let below = self.points.partition_point(|point| *point < value);
        let up_to = self.points.partition_point(|point| *point <= value);
        if up_to > below {
            return Some((below + up_to - 1) as f64 / 2.0);
        }
        let (Some(low), Some(high)) = (below.checked_sub(1), self.points.get(below)) else {
            return Some(if below == 0 { 0.0 } else { 100.0 });
        };
        let from = self.points.get(low).copied().unwrap_or_default();
        Some(low as f64 + (value - from) / (high - from))
    }
}

/// The value at a share of the way through sorted values.
fn between(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let low = place.floor() as usize;
    let at = |place: usize| sorted.get(place).or(sorted.last()).copied().unwrap_or_default();
    at(low) + (at(low + 1) - at(low)) * (place - low as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_and_ranks() {
        let spread = Spread::of((0..=200).map(f64::from).chain([f64::NAN]).collect());
        assert_eq!(spread.percentile(10.0), Some(20.0));
        assert_eq!(spread.median(), Some(100.0));
        assert_eq!(spread.rank(20.0), Some(10.0));
        assert_eq!(spread.rank(21.0), Some(10.5));
        assert_eq!((spread.rank(-1.0), spread.rank(300.0)), (Some(0.0), Some(100.0)));
        assert_eq!(Spread::of(vec![3.0; 10]).rank(3.0), Some(50.0));
        assert_eq!(Spread::default().percentile(50.0), None);
        assert_eq!(Spread::default().rank(50.0), None);
    }
}
