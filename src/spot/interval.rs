//! What a share among those looked at tells of the share among all.
//!
//! - One stratum: the score interval of Wilson (1927), whose trials are corrected for a finite population as Cochran
//!   (1977, 3.2) does for the variance of a share: `n* = n (N − 1) / (N − n)`.
//! - All strata: `p̂ = Σ W_h p_h` with the weights `W_h = N_h / N` (Cochran 1977, 5.2; the Horvitz–Thompson estimate of
//!   this design), whose variance is `Σ W_h² p_h q_h / n*_h`. The interval is Wilson's of p̂ at the effective number of
//!   trials, `p q` over that variance (as Korn and Graubard 1998 do for exact intervals).

/// 97.5 % of a normal distribution are below it: intervals are of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// Trials that the share of all strata counts for in each when variances are added up. Without them a stratum of which
/// three were right by chance would have no spread at all, and the interval would be too narrow.
const PRIOR: f64 = 2.0;

/// An interval of 95 %, as shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// Verdicts on the samples of a stratum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// N: samples that there are.
    pub samples: u64,
    /// Samples in the queue.
    pub queued: u64,
    /// Verdicts of each sort.
    pub right: u64,
    /// See above.
    pub wrong: u64,
    /// See above; these are in no share.
    pub unsure: u64,
}

impl Counted {
    /// n: those that are right or wrong.
    pub fn decided(&self) -> u64 {
        self.right + self.wrong
    }

    /// All that have a verdict.
    pub fn judged(&self) -> u64 {
        self.decided() + self.unsure
    }

    /// The share that is wrong of those decided, with its interval; none where none is.
    pub fn rate(&self) -> Option<(f64, Interval)> {
        let decided = self.decided() as f64;
        if decided <= 0.0 {
            return None;
        }
        let rate = self.wrong as f64 / decided;
        Some((rate, within(rate, effective(decided, self.samples))))
    }
}

/// What is said of all samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// p̂: the share that is wrong.
    pub rate: f64,
    /// Its interval.
    pub interval: Interval,
    /// Trials of a plain random sample that would tell as much.
    pub effective: f64,
    /// How many times as many verdicts as of a plain random sample are needed: below 1 strata pay.
    pub design: f64,
    /// Share of the samples that lie in strata with a verdict: the estimate is of those.
    pub reached: f64,
}

/// The interval of a share of so many trials, which need not be a whole number: Wilson's.
pub fn within(share: f64, trials: f64) -> Interval {
    if trials.is_infinite() {
        return Interval { low: share, high: share };
    }
    let (square, trials) = (Z * Z, trials.max(f64::MIN_POSITIVE));
    let middle = (share + square / (2.0 * trials)) / (1.0 + square / trials);
    let half = half_width(share, trials);
    Interval { low: (middle - half).max(0.0), high: (middle + half).min(1.0) }
}

fn half_width(share: f64, trials: f64) -> f64 {
    let square = Z * Z;
    let spread = share * (1.0 - share) / trials + square / (4.0 * trials * trials);
    Z / (1.0 + square / trials) * spread.sqrt()
}

/// Trials from an endless population that tell as much as `trials` of so many samples.
fn effective(trials: f64, samples: u64) -> f64 {
    let samples = samples as f64;
    if samples <= trials { f64::INFINITY } else { trials * (samples - 1.0) / (samples - trials) }
}

/// The share of all strata; none where nothing is decided.
pub fn stratified(strata: &[Counted]) -> Option<Estimate> {
    let known: Vec<&Counted> = strata.iter().filter(|stratum| stratum.decided() > 0).collect();
    let all: u64 = strata.iter().map(|stratum| stratum.samples).sum();
    let samples: u64 = known.iter().map(|stratum| stratum.samples).sum();
    if known.is_empty() || samples == 0 {
        return None;
    }
    let decided: u64 = known.iter().map(|stratum| stratum.decided()).sum();
    let wrong: u64 = known.iter().map(|stratum| stratum.wrong).sum();
    let prior = (wrong as f64 + PRIOR / 2.0) / (decided as f64 + PRIOR);
    let (mut rate, mut drawn_near) = (0.0, 0.0);
    let (mut variance, mut endless) = (0.0, 0.0);
    for stratum in &known {
        let weight = stratum.samples as f64 / samples as f64;
        let (wrong, trials) = (stratum.wrong as f64, stratum.decided() as f64);
        let near = (wrong + PRIOR * prior) / (trials + PRIOR);
        rate += weight * wrong / trials;
        drawn_near += weight * near;
        variance += weight * weight * near * (1.0 - near) / effective(trials, stratum.samples);
        endless += weight * weight * near * (1.0 - near) / trials;
    }
    let spread = drawn_near * (1.0 - drawn_near);
    let effective = if variance > 0.0 { spread / variance } else { f64::INFINITY };
    let rate = rate.clamp(0.0, 1.0);
    Some(Estimate {
        rate,
        interval: within(rate, effective),
        effective,
        design: endless * decided as f64 / spread,
        reached: samples as f64 / all.max(1) as f64,
    })
}

/// Verdicts that an interval of `± margin` needs: those at which Wilson's interval is no wider, times what the design
/// costs, corrected for a finite population (Cochran 1977, 4.2).
pub fn needed(share: f64, margin: f64, design: f64, samples: u64) -> u64 {
    let fits = |trials: f64| half_width(share, trials) <= margin;
    let (mut low, mut high) = (0.0, 1.0);
    while !fits(high) {
        (low, high) = (high, high * 2.0);
        if high > 1e15 {
            return samples;
        }
    }
    while high - low > 1e-6 * high {
        let middle = f64::midpoint(low, high);
        if fits(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    let endless = (high * design).max(1.0);
    let finite = endless / (1.0 + (endless - 1.0) / samples.max(1) as f64);
    // Steps of the bisection are no reason for one more.
    ((finite - 1e-3).ceil() as u64).clamp(1, samples.max(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::spot::{allocate, key};

    fn counted(samples: u64, wrong: u64, decided: u64) -> Counted {
        Counted { samples, queued: decided, right: decided - wrong, wrong, unsure: 0 }
    }

    #[test]
    fn intervals_are_those_of_newcombe() {
        // Newcombe 1998, Statistics in Medicine 17, table I, method 3.
        for (wrong, trials, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let (_, found) = counted(u64::MAX, wrong, trials).rate().unwrap();
            assert!((found.low - low).abs() < 1e-4 && (found.high - high).abs() < 1e-4, "{found:?}");
        }
        assert_eq!(counted(10, 0, 0).rate(), None);
        // Who has looked at all knows all.
        assert_eq!(counted(20, 5, 20).rate(), Some((0.25, Interval { low: 0.25, high: 0.25 })));
        // Half of 40: n* = 20 · 39 / 20 = 39.
        assert_eq!(counted(40, 0, 20).rate().map(|(_, found)| found), Some(within(0.0, 39.0)));
    }

    #[test]
    fn weights_are_those_of_the_strata() {
        // 0.9 · 0.1 + 0.1 · 0.5
        let found = stratified(&[counted(9_000, 5, 50), counted(1_000, 25, 50)]).unwrap();
        assert!((found.rate - 0.14).abs() < 1e-12 && (found.reached - 1.0).abs() < 1e-12);
        assert!(found.interval.low < 0.14 && found.interval.high > 0.14);
        // One stratum is a plain sample.
        let one = stratified(&[counted(1_000, 7, 100)]).unwrap();
        assert_eq!(counted(1_000, 7, 100).rate(), Some((one.rate, one.interval)));
        assert!((one.design - 1.0).abs() < 1e-9);
        // In proportion, and all alike: as good as a plain sample.
        let same = stratified(&[counted(500, 10, 50), counted(500, 10, 50)]).unwrap();
        assert!((same.design - 1.0).abs() < 1e-9, "{same:?}");
        // Where strata differ, they pay.
        let differ = stratified(&[counted(500, 48, 50), counted(500, 1, 50)]).unwrap();
        assert!(differ.design < 0.4, "{differ:?}");
        // A stratum without verdicts is not spoken of.
        let part = stratified(&[counted(500, 10, 50), counted(1_500, 0, 0)]).unwrap();
        assert!((part.rate - 0.2).abs() < 1e-12 && (part.reached - 0.25).abs() < 1e-12);
        assert_eq!(stratified(&[counted(9, 0, 0)]), None);
    }

    #[test]
    fn as_many_as_a_margin_needs() {
        // z² / 4e² − z²: Wilson's interval at one half; the textbook's Wald interval has 1,068.
        assert_eq!(needed(0.5, 0.03, 1.0, u64::MAX), 1_064);
        assert_eq!(needed(0.5, 0.05, 1.0, u64::MAX), 381);
        // 381 of 1,000: 380.3 / (1 + 379.3 / 1,000).
        assert_eq!(needed(0.5, 0.05, 1.0, 1_000), 276);
        assert_eq!(needed(0.5, 0.05, 2.0, u64::MAX), 761);
        // Without an error so far there is still something to do.
        assert!((20..200).contains(&needed(0.0, 0.03, 1.0, u64::MAX)));
        assert_eq!(needed(0.5, 1e-9, 1.0, 100), 100);
    }

    /// Draws spot-checks of populations whose errors are known, and counts how often the interval has the truth.
    fn covered(strata: &[(u64, f64)], wanted: u64) -> f64 {
        let (mut hits, rounds) = (0, 1_500);
        let sizes: Vec<u64> = strata.iter().map(|(size, _)| *size).collect();
        let wrong = |(size, share): &(u64, f64)| (*size as f64 * share).round() as u64;
        let truth = strata.iter().map(wrong).sum::<u64>() as f64 / sizes.iter().sum::<u64>() as f64;
        for seed in 0..rounds {
            let given = allocate(&sizes, wanted);
            let drawn = strata.iter().zip(given).enumerate().map(|(place, (stratum, many))| {
                // The first so many of a shuffled stratum, of which the first are wrong.
                let mut order: Vec<u64> = (0..stratum.0).collect();
                order.sort_by_cached_key(|at| key(seed, key(place as u64, *at)));
                let found = order.iter().take(many as usize).filter(|at| **at < wrong(stratum)).count();
                counted(stratum.0, found as u64, many)
            });
            let found = stratified(&drawn.collect::<Vec<_>>()).unwrap().interval;
            hits += u64::from(found.low <= truth && truth <= found.high);
        }
        hits as f64 / rounds as f64
    }

    #[test]
    fn nineteen_of_twenty_intervals_have_the_truth() {
        for (strata, wanted) in [
            (vec![(400, 0.1), (400, 0.2), (400, 0.05)], 90),
            // Small strata, of which more are drawn than their share.
            (vec![(900, 0.05), (30, 0.5), (20, 0.9), (10, 0.0)], 60),
            (vec![(600, 0.02), (600, 0.01)], 100),
            (vec![(300, 0.9), (300, 0.1)], 40),
            (vec![(100, 0.3), (100, 0.3), (100, 0.3), (100, 0.3), (100, 0.3), (100, 0.3)], 24),
        ] {
            let share = covered(&strata, wanted);
            // Standard error: √(.95 · .05 / 1,500) = 0.006; small samples may be off by more, as Wilson's own is.
            assert!((0.93..=0.995).contains(&share), "{strata:?}: {share}");
        }
    }

    proptest! {
        #[test]
        fn the_share_lies_in_its_interval(strata in prop::collection::vec((1_u64..500, 0_u64..50, 0_u64..50), 1..8)) {
            let strata: Vec<Counted> = strata
                .into_iter()
                .map(|(more, right, wrong)| Counted { samples: right + wrong + more, right, wrong, ..Counted::default() })
                .collect();
            for (rate, found) in strata.iter().filter_map(Counted::rate) {
                prop_assert!(0.0 <= found.low && found.low <= rate + 1e-12 && rate <= found.high + 1e-12 && found.high <= 1.0);
            }
            if let Some(all) = stratified(&strata) {
                prop_assert!(all.interval.low <= all.rate + 1e-12 && all.rate <= all.interval.high + 1e-12);
                prop_assert!(all.effective > 0.0 && all.design.is_finite());
            }
        }

        #[test]
        fn a_smaller_margin_needs_no_fewer(share in 0.0_f64..=1.0, margin in 0.005_f64..0.3, samples in 1_u64..1_000_000) {
            prop_assert!(needed(share, margin, 1.0, samples) >= needed(share, margin * 1.5, 1.0, samples));
        }
    }
}
