//! How scores of benchmarks go with what the training data are like, over a few mixtures of data.
//!
//! ```text
//! ρ              Spearman 1904: Pearson's correlation of ranks, ties at the mean of their ranks
//! interval       percentile bootstrap (Efron 1979): 10,000 draws of mixtures with replacement, 2.5 % to
//!                97.5 %; draws in which one of both is constant have no ρ and are left out
//! p              two-sided: share of the orders of one of both whose |ρ| is at least as large; all n! orders
//!                up to n = 8, else 10,000 drawn ones, (found + 1) / (drawn + 1)
//! partial ρ      (ρ_xy − ρ_xz·ρ_yz) / √((1 − ρ_xz²)(1 − ρ_yz²)): x with y, at equal z
//! ```
//!
//! Draws come from a generator with a seed of its own (`SplitMix64`), so that the same table gives the same
//! figures. All of it takes mixtures as independent of each other; mixtures that are made from one another, as
//! in a scaling series, are not, and their intervals are too narrow.

use serde::Serialize;

/// Draws of an interval or a p.
pub const DRAWS: u32 = 10_000;
/// Mixtures up to which all orders are gone through: 8! = 40,320.
const MOST_EXACT: usize = 8;
/// Fewer mixtures than this say little.
pub const FEW: usize = 10;
/// Fewer have no correlation that is worth a number; of three values it takes two more.
const LEAST: usize = 3;
/// Rounding in the last digits makes no order more extreme than another.
const SLACK: f64 = 1e-12;

/// A correlation of ranks with how far it can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RankCorrelation {
    /// Mixtures that have both values.
    pub n: usize,
    /// Spearman's ρ, −1 to 1; none for fewer than three mixtures, or where a value is constant.
    pub rho: Option<f64>,
    /// The middle 95 % of ρ over draws with replacement.
    pub interval: Option<[f64; 2]>,
    /// Share of the draws that had a ρ, 0 to 1.
    pub usable_draws: f64,
    /// The chance of a |ρ| as large without any relation.
    pub p: Option<f64>,
    /// Whether all orders were gone through for it.
    pub is_exact: bool,
    /// Whether one of the values is the same in all mixtures.
    pub is_constant: bool,
}

/// A partial correlation of ranks: of two values, at equal ranks of a third.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PartialCorrelation {
    /// Mixtures that have all three values.
    pub n: usize,
    /// Partial ρ, −1 to 1; none for fewer than five mixtures, where a value is constant, or where the third
    /// decides one of the others altogether.
    pub rho: Option<f64>,
    /// The middle 95 % over draws with replacement.
    pub interval: Option<[f64; 2]>,
    /// Share of the draws that had one, 0 to 1.
    pub usable_draws: f64,
    /// ρ of the two predictors; near ±1 they cannot be told apart.
    pub between: Option<f64>,
}

/// Ranks from 1; equal values share the mean of theirs.
pub fn midranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<(f64, usize)> =
        values.iter().copied().enumerate().map(|(at, value)| (value, at)).collect();
    order.sort_unstable_by(|(one, _), (other, _)| one.total_cmp(other));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    #[expect(clippy::float_cmp, reason = "ties are values that are written alike")]
    for ties in order.chunk_by(|(one, _), (other, _)| one == other) {
        let rank = before as f64 + (ties.len() + 1) as f64 / 2.0;
        for (_, at) in ties {
            if let Some(place) = ranks.get_mut(*at) {
                *place = rank;
            }
        }
        before += ties.len();
    }
    ranks
}

/// Spearman's ρ of pairs of values; none for fewer than three, or where one of both is constant.
pub fn spearman(one: &[f64], other: &[f64]) -> Option<f64> {
    (one.len() >= LEAST).then(|| pearson(&midranks(one), &midranks(other))).flatten()
}

fn pearson(one: &[f64], other: &[f64]) -> Option<f64> {
    let count = one.len().min(other.len()) as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / count;
    let (first, second) = (mean(one), mean(other));
    let (mut product, mut square, mut other_square) = (0.0, 0.0, 0.0);
    for (x, y) in one.iter().zip(other) {
        let (x, y) = (x - first, y - second);
        product += x * y;
        square += x * x;
        other_square += y * y;
    }
    (square > 0.0 && other_square > 0.0).then(|| (product / (square * other_square).sqrt()).clamp(-1.0, 1.0))
}

/// Partial ρ from the three correlations; none where the third value decides one of the others.
pub fn partial(xy: f64, xz: f64, yz: f64) -> Option<f64> {
    let left = (1.0 - xz * xz) * (1.0 - yz * yz);
    (left > SLACK).then(|| ((xy - xz * yz) / left.sqrt()).clamp(-1.0, 1.0))
}

/// How two values go together over mixtures; mixtures without one of both (no number) are left out.
pub fn correlate(one: &[f64], other: &[f64], seed: u64) -> RankCorrelation {
    let known = one.iter().zip(other).filter(|(x, y)| x.is_finite() && y.is_finite());
    let (x, y): (Vec<f64>, Vec<f64>) = known.map(|(x, y)| (*x, *y)).unzip();
    let rho = spearman(&x, &y);
    let (interval, usable_draws) =
        rho.map_or((None, 0.0), |_| bootstrap(x.len(), seed, |draw| spearman(&at(&x, draw), &at(&y, draw))));
    RankCorrelation {
        n: x.len(),
        rho,
        interval,
        usable_draws,
        p: rho.map(|rho| chance(&midranks(&x), &midranks(&y), rho, seed)),
        is_exact: x.len() <= MOST_EXACT,
        is_constant: is_constant(&x) || is_constant(&y),
    }
}

/// How two values go together over mixtures at equal `third`; mixtures without one of the three are left out.
pub fn correlate_given(one: &[f64], other: &[f64], third: &[f64], seed: u64) -> PartialCorrelation {
    let rows = one.iter().zip(other).zip(third).map(|((x, y), z)| [*x, *y, *z]);
    let rows: Vec<[f64; 3]> = rows.filter(|row| row.iter().all(|value| value.is_finite())).collect();
    let [x, y, z] =
        [0, 1, 2].map(|place| rows.iter().filter_map(|row| row.get(place).copied()).collect::<Vec<_>>());
    let of = |x: &[f64], y: &[f64], z: &[f64]| {
        if x.len() < LEAST + 2 {
            return None;
        }
        let [x, y, z] = [x, y, z].map(midranks);
        partial(pearson(&x, &y)?, pearson(&x, &z)?, pearson(&y, &z)?)
    };
    let rho = of(&x, &y, &z);
    let (interval, usable_draws) = rho.map_or((None, 0.0), |_| {
        bootstrap(x.len(), seed, |draw| of(&at(&x, draw), &at(&y, draw), &at(&z, draw)))
    });
    PartialCorrelation { n: x.len(), rho, interval, usable_draws, between: spearman(&x, &z) }
}

/// Whether all values are the same.
pub fn is_constant(values: &[f64]) -> bool {
    values.windows(2).all(|pair| matches!(pair, [one, other] if one.total_cmp(other).is_eq()))
}

fn at(values: &[f64], draw: &[usize]) -> Vec<f64> {
    draw.iter().filter_map(|place| values.get(*place).copied()).collect()
}

/// The middle 95 % of a figure over draws with replacement, and the share of draws that had one.
fn bootstrap(count: usize, seed: u64, figure: impl Fn(&[usize]) -> Option<f64>) -> (Option<[f64; 2]>, f64) {
    let mut random = SplitMix64(seed);
    let mut draw = vec![0; count];
    let mut found = Vec::with_capacity(DRAWS as usize);
    for _ in 0..DRAWS {
        for place in &mut draw {
            *place = random.below(count);
        }
        found.extend(figure(&draw));
    }
    found.sort_unstable_by(f64::total_cmp);
    let usable = found.len() as f64 / f64::from(DRAWS);
    let percentile = |share: f64| {
        let place = share * found.len().saturating_sub(1) as f64;
        let (low, high) = (found.get(place.floor() as usize)?, found.get(place.ceil() as usize)?);
        Some(low + (high - low) * place.fract())
    };
    // An interval from a small part of the draws would be one of the draws that happened to vary.
    let interval = (usable >= 0.5).then(|| Some([percentile(0.025)?, percentile(0.975)?])).flatten();
    (interval, usable)
}

/// The chance of a |ρ| as large when one of both is put into any order.
fn chance(one: &[f64], other: &[f64], rho: f64, seed: u64) -> f64 {
    let is_as_large =
        |order: &[f64]| pearson(one, order).is_some_and(|found| found.abs() >= rho.abs() - SLACK);
    if one.len() <= MOST_EXACT {
        let (mut found, mut all) = (0_u64, 0_u64);
        let mut order = other.to_vec();
        each_order(&mut order, &mut |order| {
            all += 1;
            found += u64::from(is_as_large(order));
        });
        return found as f64 / all as f64;
    }
    let mut random = SplitMix64(!seed);
    let mut order = other.to_vec();
    let found = (0..DRAWS).filter(|_| {
        random.shuffle(&mut order);
        is_as_large(&order)
    });
    (found.count() as f64 + 1.0) / (f64::from(DRAWS) + 1.0)
}

/// Goes through all orders of some values (Heap 1963).
fn each_order(values: &mut [f64], take: &mut impl FnMut(&[f64])) {
    let mut turns = vec![0; values.len()];
    take(values);
    let mut at = 1;
    while at < values.len() {
        let turn = turns.get(at).copied().unwrap_or_default();
        if turn < at {
            values.swap(if at % 2 == 0 { 0 } else { turn }, at);
            take(values);
            if let Some(turn) = turns.get_mut(at) {
                *turn += 1;
            }
            at = 1;
        } else {
            if let Some(turn) = turns.get_mut(at) {
                *turn = 0;
            }
            at += 1;
        }
    }
}

/// A generator of numbers that look random (Steele, Lea, Flood 2014): small, and the same everywhere.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A place below a count, each as likely to one part in 2⁶⁴ / count.
    fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.next()) * count as u128) >> 64) as usize
    }

    fn shuffle(&mut self, values: &mut [f64]) {
        for last in (1..values.len()).rev() {
            values.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, expected: f64) -> bool {
        found.is_some_and(|found| (found - expected).abs() < 1e-9)
    }

    #[test]
    fn ties_share_their_ranks() {
        assert_eq!(midranks(&[30.0, 10.0, 20.0]), [3.0, 1.0, 2.0]);
        assert_eq!(midranks(&[5.0, 6.0, 7.0, 8.0, 7.0]), [1.0, 2.0, 3.5, 5.0, 3.5]);
        assert_eq!(midranks(&[2.0; 4]), [2.5; 4]);
        assert_eq!(midranks(&[]), [0.0; 0]);
    }

    #[test]
    fn rho_is_that_of_published_examples() {
        // Intelligence and hours before the television, the usual example: ρ = −29/165.
        let iq = [106.0, 100.0, 86.0, 101.0, 99.0, 103.0, 97.0, 113.0, 112.0, 110.0];
        let hours = [7.0, 27.0, 2.0, 50.0, 28.0, 29.0, 20.0, 12.0, 6.0, 17.0];
        assert!(near(spearman(&iq, &hours), -29.0 / 165.0));
        // With a tie, as in the documentation of `scipy.stats.spearmanr`: 8/√95.
        let rho = spearman(&[1.0, 2.0, 3.0, 4.0, 5.0], &[5.0, 6.0, 7.0, 8.0, 7.0]);
        assert!(near(rho, 8.0 / 95.0_f64.sqrt()) && near(rho, 0.820_782_681_668_123_3));
        // Ties on both sides, by hand: ranks 1.5 1.5 3 4 and 1 2.5 2.5 4 give 3.75 / 4.5.
        assert!(near(spearman(&[1.0, 1.0, 2.0, 3.0], &[1.0, 2.0, 2.0, 3.0]), 3.75 / 4.5));
        assert!(near(spearman(&[1.0, 2.0, 3.0], &[1.0, 10.0, 1e9]), 1.0));
        assert!(near(spearman(&[1.0, 2.0, 3.0], &[3.0, 2.0, -1.0]), -1.0));
        assert_eq!(spearman(&[1.0, 2.0], &[1.0, 2.0]), None);
        assert_eq!(spearman(&[1.0, 2.0, 3.0], &[4.0; 3]), None);
    }

    #[test]
    fn p_is_exact_for_few_mixtures() {
        // Of 4! orders two have |ρ| = 1; tables give p = 0.0833.
        let found = correlate(&[1.0, 2.0, 3.0, 4.0], &[2.0, 4.0, 5.0, 9.0], 1);
        assert!(near(found.p, 2.0 / 24.0) && found.is_exact);
        // n = 5, ρ = .9: two-sided p of the tables is .0833 (10 of 120 orders).
        let found = correlate(&[1.0, 2.0, 3.0, 4.0, 5.0], &[2.0, 1.0, 3.0, 4.0, 5.0], 1);
        assert!(near(found.rho, 0.9) && near(found.p, 10.0 / 120.0), "{found:?}");
        // n = 10, ρ = −29/165: p is .63 by the t distribution.
        let iq = [106.0, 100.0, 86.0, 101.0, 99.0, 103.0, 97.0, 113.0, 112.0, 110.0];
        let hours = [7.0, 27.0, 2.0, 50.0, 28.0, 29.0, 20.0, 12.0, 6.0, 17.0];
        let found = correlate(&iq, &hours, 1);
        assert!(!found.is_exact && found.p.is_some_and(|p| (p - 0.63).abs() < 0.02), "{found:?}");
    }

    #[test]
    fn all_orders_are_gone_through_once() {
        for count in 0..=6_usize {
            let mut seen = std::collections::BTreeSet::new();
            let mut values: Vec<f64> = (0..count).map(|value| value as f64).collect();
            let mut all = 0;
            each_order(&mut values, &mut |order| {
                all += 1;
                seen.insert(order.iter().map(|value| *value as u8).collect::<Vec<_>>());
            });
            let expected: usize = (1..=count).product();
            assert_eq!((all, seen.len()), (expected, expected));
        }
    }

    #[test]
    fn partial_correlations_follow_the_formula() {
        // By hand: (.8 − .5·.6) / √(.75·.64).
        assert!(near(partial(0.8, 0.5, 0.6), 0.5 / (0.75_f64 * 0.64).sqrt()));
        assert!(near(partial(0.3, 0.0, 0.0), 0.3));
        assert_eq!(partial(1.0, 1.0, 1.0), None);
        // The score follows coverage; diversity rises with coverage and adds nothing.
        let coverage: Vec<f64> = (0..12).map(f64::from).collect();
        let diversity: Vec<f64> = (0..12).map(|at| f64::from(at + at * 5 % 4)).collect();
        let score = coverage.clone();
        let given = correlate_given(&score, &coverage, &diversity, 1);
        assert_eq!(given.n, 12);
        assert!(near(given.rho, 1.0), "{given:?}");
        assert_eq!(correlate_given(&score, &diversity, &coverage, 1).rho, None);
    }

    #[test]
    fn the_same_table_gives_the_same_figures() {
        let x: Vec<f64> = (0..12).map(f64::from).collect();
        let y: Vec<f64> = (0..12).map(|at| f64::from(at * 7 % 12)).collect();
        let found = correlate(&x, &y, 7);
        assert_eq!(found, correlate(&x, &y, 7));
        let [low, high] = found.interval.unwrap();
        assert!(low < found.rho.unwrap() && found.rho.unwrap() < high && low >= -1.0 && high <= 1.0);
        assert!(found.usable_draws > 0.99);
        assert_ne!(found.interval, correlate(&x, &y, 8).interval);
    }

    #[test]
    fn an_interval_covers_a_sure_relation_and_an_absent_one() {
        let x: Vec<f64> = (0..40).map(f64::from).collect();
        let sure = correlate(&x, &x, 1);
        assert_eq!(sure.interval, Some([1.0, 1.0]));
        assert!(sure.p.is_some_and(|p| p < 0.001));
        let mut random = SplitMix64(3);
        let noise: Vec<f64> = x.iter().map(|_| random.next() as f64).collect();
        let [low, high] = correlate(&x, &noise, 1).interval.unwrap();
        assert!(low < 0.0 && high > 0.0);
    }

    #[test]
    fn what_is_missing_or_constant_has_no_figure() {
        let found = correlate(&[1.0, f64::NAN, 3.0, 4.0], &[1.0, 2.0, f64::NAN, 4.0], 1);
        assert_eq!((found.n, found.rho, found.p, found.interval), (2, None, None, None));
        let found = correlate(&[1.0, 2.0, 3.0, 4.0], &[5.0; 4], 1);
        assert!(found.is_constant && found.rho.is_none());
        assert!(is_constant(&[]) && is_constant(&[1.0, 1.0]) && !is_constant(&[1.0, 2.0]));
        assert_eq!(correlate(&[], &[], 1).n, 0);
        assert_eq!(correlate_given(&[1.0; 3], &[1.0, 2.0, 3.0], &[1.0; 3], 1).rho, None);
    }
}
