//! Curves of coverage and richness over the number of samples, and whether they can be believed.
//!
//! What a smaller data set would have had is not drawn but computed: the mean over all its possible
//! draws (rarefaction; Hurlbert 1971, Chao & Jost 2012), with df of T samples for each fact:
//!
//! ```text
//! S(m) = Σ 1 − C(T−df, m) / C(T, m)
//! C(m) = 1 − Σ df/U · C(T−df, m) / C(T−1, m)          m < T
//! ```

use serde::Serialize;

use super::coverage::{Table, cross_coverage};

/// A point of a curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// m: samples.
    pub samples: u64,
    /// S(m): facts expected among so many.
    pub richness: f64,
    /// C(m): share of a further sample's facts that are expected to be known, 0 to 1.
    pub coverage: f64,
}

impl Table {
    /// The curve at up to `points` numbers of samples, evenly up to all.
    pub fn curve(&self, points: u64) -> Vec<CurvePoint> {
        let mut places: Vec<u64> = (1..=points)
            .map(|point| (u128::from(self.samples()) * u128::from(point) / u128::from(points)) as u64)
            .collect();
        places.dedup();
        places.retain(|place| *place > 0);
        let at = |samples| CurvePoint {
            samples,
            richness: expected_richness(self, samples),
            coverage: expected_coverage(self, samples),
        };
        places.into_iter().map(at).collect()
    }
}

/// S(m): facts that `samples` of the table's samples are expected to have.
pub fn expected_richness(table: &Table, samples: u64) -> f64 {
    let total = table.samples();
    let samples = samples.min(total);
    let seen = |(df, facts): &(u64, u64)| {
        let missed = ratio_of_draws(total - df, total, samples);
        *facts as f64 * (1.0 - missed)
    };
    table.frequencies().iter().map(seen).sum()
}

/// C(m): share of a further sample's facts that `samples` of the table's samples are expected to
/// know; with all of them, the estimate of the table itself.
pub fn expected_coverage(table: &Table, samples: u64) -> f64 {
    let (total, mentions) = (table.samples(), table.mentions() as f64);
    if samples >= total || mentions == 0.0 {
        return table.sample_coverage();
    }
    let missed = |(df, facts): &(u64, u64)| {
        (df * facts) as f64 / mentions * ratio_of_draws(total - df, total - 1, samples)
    };
    1.0 - table.frequencies().iter().map(missed).sum::<f64>()
}

/// What one half of a data set predicts of the other, and what is found there: the estimated coverage
/// of `one`, and the share of `other`'s mentions that `one` has. If they differ much, the samples
/// are no random draws: their order, or their sources, matter.
pub fn split_half(one: &Table, other: &Table) -> (f64, f64) {
    (one.sample_coverage(), cross_coverage(one, other))
}

/// C(part, drawn) / C(whole, drawn): the chance that a draw of so many takes only of the part.
pub(super) fn ratio_of_draws(part: u64, whole: u64, drawn: u64) -> f64 {
    if drawn > part {
        return 0.0;
    }
    let [part, whole, drawn] = [part, whole, drawn].map(|number| number as f64);
    (ln_factorial(part) - ln_factorial(part - drawn) - ln_factorial(whole) + ln_factorial(whole - drawn))
        .exp()
}

/// ln n!: a table of the first ones, then Stirling's series, true to 12 digits.
fn ln_factorial(number: f64) -> f64 {
    if number < 16.0 {
        return (2..=number as u64).map(|factor| (factor as f64).ln()).sum();
    }
    let inverse = 1.0 / number;
    let series = inverse / 12.0 - inverse.powi(3) / 360.0 + inverse.powi(5) / 1260.0;
    (number + 0.5) * number.ln() - number + 0.5 * (2.0 * std::f64::consts::PI).ln() + series
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(samples: u64, counts: &[u64]) -> Table {
        Table::new(samples, counts.iter().enumerate().map(|(at, count)| (format!("k{at}"), *count)))
    }

    fn near(value: f64, expected: f64) -> bool {
        (value - expected).abs() < 1e-9
    }

    #[test]
    fn curves_are_means_over_all_draws() {
        // Samples {a, b}, {a}, {a, c}: of two, the draws are ab+a, ab+ac, a+ac with 2, 3, 2 facts.
        let table = table(3, &[3, 1, 1]);
        assert!(near(expected_richness(&table, 2), 7.0 / 3.0));
        assert!(near(expected_richness(&table, 3), 3.0));
        assert!(near(expected_richness(&table, 1), 5.0 / 3.0));
        // One sample left out at a time: the other two know 1 of 2, 1 of 1, 1 of 2 facts: 3 of 5.
        assert!(near(expected_coverage(&table, 2), 0.6));
        assert!(near(expected_coverage(&table, 3), table.sample_coverage()));
    }

    #[test]
    fn factorials_are_true() {
        let exact: f64 = (2..=40).map(|factor| f64::from(factor).ln()).sum();
        assert!(near(ln_factorial(40.0), exact));
        assert!(near(ln_factorial(0.0), 0.0));
    }

    #[test]
    fn a_curve_rises() {
        let curve = table(100, &[90, 50, 20, 9, 5, 2, 1, 1, 1]).curve(10);
        assert_eq!(curve.len(), 10);
        for pair in curve.windows(2) {
            assert!(pair[0].richness < pair[1].richness && pair[0].coverage <= pair[1].coverage + 1e-9);
        }
        assert_eq!(table(0, &[]).curve(10), []);
    }

    #[test]
    fn random_halves_prove_the_estimate_right() {
        // Facts of falling probability, drawn by a fixed sequence.
        let (mut state, mut halves) = (1_u64, [[0_u64; 300]; 2]);
        let mut dice = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1_u32 << 31)
        };
        for sample in 0..800 {
            for (fact, count) in halves[sample % 2].iter_mut().enumerate() {
                *count += u64::from(dice() < 0.5 / (fact + 1) as f64);
            }
        }
        let (predicted, found) = split_half(&table(400, &halves[0]), &table(400, &halves[1]));
        assert!((predicted - found).abs() < 0.02, "{predicted} {found}");
    }
}
