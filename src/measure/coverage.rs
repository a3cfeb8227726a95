//! How much of what could be said a data set says, and how evenly.
//!
//! A fact counts once for each sample (incidence data, T samples, df of a fact, U = Σ df, Q1 and Q2
//! facts in exactly one and two samples).
//!
//! ```text
//! coverage      Ĉ  = 1 − Q1/U · (T−1)Q1 / ((T−1)Q1 + 2·Q2)       Good 1953; Chao & Jost 2012
//! richness      Ŝ  = S + (T−1)/T · Q1² / (2·Q2)                   Chao 1987 (Chao1 of incidences)
//! Hill numbers  q0 = S, q1 = exp(−Σ p ln p), q2 = 1 / Σ p², p = df/U
//! novelty       new facts in the next m samples: f0 · (1 − (1 − Q1/(T·f0 + Q1))^m), f0 = Ŝ − S
//! Heaps β       log2(S(T) / S(T/2)), with S(m) of the rarefaction curve
//! tail share    Σ_{df<t} df / U
//! kept share    Σ min(df, t) / U                                  balancing of MetaCLIP, 2309.16671
//! ```
//!
//! The coverage is an estimate of the share of the next sample's facts that are known already. It can
//! be proved wrong: see [`super::split_half`].

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::key::{KeyKind, Level, level_keys};
use super::rarefy::{expected_richness, split_half};
use super::report::LevelReport;

/// Points of a rank–frequency curve at most.
const RANK_POINTS: usize = 64;

/// Points of a coverage curve of a report.
const CURVE_POINTS: u64 = 20;
/// Facts that a report names.
const MOST_NAMED: usize = 50;

/// Facts with the number of samples that have each.
///
/// All figures follow from how many facts are in how many samples, so that is what is kept; the facts
/// themselves are there only where somebody wants their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    samples: u64,
    /// Numbers of samples, the largest first, and how many facts are in exactly so many.
    groups: Vec<(u64, u64)>,
    /// The most frequent first, then by key; none in a table without names.
    entries: Vec<(String, u64)>,
}

impl Table {
    /// From counts; each key comes once. A count is at most the number of samples, and 0 is none.
    pub fn new(samples: u64, counts: impl IntoIterator<Item = (String, u64)>) -> Self {
        let bounded = counts.into_iter().map(|(key, count)| (key, count.min(samples)));
        let mut entries: Vec<_> = bounded.filter(|(_, count)| *count > 0).collect();
        entries.sort_unstable_by(|(key, count), (other, others)| others.cmp(count).then(key.cmp(other)));
        let groups = entries.chunk_by(|(_, one), (_, other)| one == other);
        let groups = groups.filter_map(|group| Some((group.first()?.1, group.len() as u64))).collect();
        Self { samples, groups, entries }
    }

    /// A table without names, from how many facts are in how many samples.
    pub(super) fn of_groups(samples: u64, groups: impl IntoIterator<Item = (u64, u64)>) -> Self {
        let mut groups: Vec<_> = groups.into_iter().filter(|(count, _)| *count > 0).collect();
        groups.sort_unstable_by(|one, other| other.cmp(one));
        Self { samples, groups, entries: Vec::new() }
    }

    /// T: the samples that were counted.
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// S: different facts.
    pub fn distinct(&self) -> u64 {
        self.groups.iter().map(|(_, facts)| facts).sum()
    }

    /// The facts, the most frequent first; none in a table without names.
    pub fn entries(&self) -> &[(String, u64)] {
        &self.entries
    }

    /// U: mentions of facts, one for each fact and sample.
    pub fn mentions(&self) -> u64 {
        self.groups.iter().map(|(count, facts)| count * facts).sum()
    }

    /// How many facts are in exactly so many samples, the most frequent first.
    pub(super) fn frequencies(&self) -> &[(u64, u64)] {
        &self.groups
    }

    /// Facts that are in exactly `count` samples.
    fn exactly(&self, count: u64) -> f64 {
        self.groups.iter().find(|(df, _)| *df == count).map_or(0.0, |(_, facts)| *facts as f64)
    }

    /// Ĉ, 0 to 1; 0 where there are no facts.
    pub fn sample_coverage(&self) -> f64 {
        let (mentions, samples) = (self.mentions() as f64, self.samples as f64);
        let (once, twice) = (self.exactly(1), self.exactly(2));
        if mentions == 0.0 {
            return 0.0;
        }
        if once == 0.0 {
            return 1.0;
        }
        let others = samples - 1.0;
        let correction = if twice > 0.0 {
            others * once / (others * once + 2.0 * twice)
        } else {
            others * (once - 1.0) / (others * (once - 1.0) + 2.0)
        };
        // One sample tells nothing of the next.
        let correction = if others > 0.0 { correction } else { 1.0 };
        (1.0 - once / mentions * correction).clamp(0.0, 1.0)
    }

    /// Ŝ: how many facts there would be if one went on for ever, at least.
    pub fn richness(&self) -> f64 {
        let (seen, samples) = (self.distinct() as f64, self.samples.max(1) as f64);
        let (once, twice) = (self.exactly(1), self.exactly(2));
        let unseen =
            if twice > 0.0 { once * once / (2.0 * twice) } else { once * (once - 1.0).max(0.0) / 2.0 };
        seen + (samples - 1.0) / samples * unseen
    }

    /// Facts that the next samples are expected to add.
    pub fn novelty(&self, next: u64) -> f64 {
        let unseen = self.richness() - self.distinct() as f64;
        let once = self.exactly(1);
        if unseen <= 0.0 || once == 0.0 {
            return 0.0;
        }
        let hit = once / (self.samples as f64 * unseen + once);
        unseen * (1.0 - (1.0 - hit).powf(next as f64))
    }

    /// The Hill numbers q0, q1 and q2: the number of facts, and of equally frequent ones that would
    /// be as diverse.
    pub fn hill(&self) -> [f64; 3] {
        let mentions = self.mentions() as f64;
        if mentions == 0.0 {
            return [0.0; 3];
        }
        let (entropy, squares) = self.groups.iter().fold((0.0, 0.0), |(entropy, squares), (count, facts)| {
            let (p, facts) = (*count as f64 / mentions, *facts as f64);
            (entropy - facts * p * p.ln(), squares + facts * p * p)
        });
        [self.distinct() as f64, entropy.exp(), 1.0 / squares]
    }

    /// β of Heaps' law at the end of the data set: 1 if every sample brings as many new facts as the
    /// first, 0 if none does. None for fewer than two samples.
    pub fn heaps(&self) -> Option<f64> {
        let half = self.samples / 2;
        if half == 0 || self.groups.is_empty() {
            return None;
        }
        let doubled = (self.samples as f64 / half as f64).log2();
        Some((self.distinct() as f64 / expected_richness(self, half)).log2() / doubled)
    }

    /// Share of mentions of facts that fewer than `tail` samples have.
    pub fn tail_share(&self, tail: u64) -> f64 {
        let rare = self.groups.iter().filter(|(count, _)| *count < tail);
        share(rare.map(|(count, facts)| count * facts).sum(), self.mentions())
    }

    /// Share of mentions that are kept when a fact may be in `cap` samples at most.
    pub fn kept_share(&self, cap: u64) -> f64 {
        share(self.groups.iter().map(|(count, facts)| (*count).min(cap) * facts).sum(), self.mentions())
    }

    /// Ranks, from 1, with the number of samples of the fact of that rank: at most 64 points, evenly
    /// on a logarithmic scale, the first and the last among them.
    pub fn rank_points(&self) -> Vec<(u64, u64)> {
        let last = self.distinct();
        let step = (last as f64).ln() / (RANK_POINTS - 1) as f64;
        let mut ranks: Vec<u64> =
            (0..RANK_POINTS).map(|point| (point as f64 * step).exp().round() as u64).collect();
        ranks.dedup();
        let (mut points, mut reached, mut groups) = (Vec::new(), 0, self.groups.iter().peekable());
        for rank in ranks.into_iter().filter(|rank| (1..=last).contains(rank)) {
            while let Some((_, facts)) = groups.peek()
                && reached + facts < rank
            {
                reached += facts;
                groups.next();
            }
            points.extend(groups.peek().map(|(count, _)| (rank, *count)));
        }
        points
    }

    /// All of this.
    pub fn coverage(&self, limits: Limits) -> Coverage {
        let [q0, q1, q2] = self.hill();
        let richness = self.richness();
        Coverage {
            samples: self.samples,
            mentions: self.mentions(),
            sample_coverage: self.sample_coverage(),
            richness,
            completeness: if richness > 0.0 { q0 / richness } else { 0.0 },
            hill: [q0, q1, q2],
            heaps: self.heaps(),
            novelty: self.novelty(limits.next),
            tail_share: self.tail_share(limits.tail),
            kept_share: self.kept_share(limits.cap),
        }
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Where the tail ends, what is too much, and how far to look ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A fact in fewer samples is of the tail.
    pub tail: u64,
    /// A fact in more samples would be thinned out.
    pub cap: u64,
    /// Samples to look ahead.
    pub next: u64,
}

impl Limits {
    /// For a data set of so many samples: the tail is below 10 samples, the cap is a hundredth of
    /// all, the next 1,000 are looked at.
    pub fn for_samples(samples: u64) -> Self {
        Self { tail: 10, cap: (samples / 100).max(10), next: 1_000 }
    }
}

/// What is known of the coverage of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coverage {
    /// T: samples.
    pub samples: u64,
    /// U: facts, each counted once a sample.
    pub mentions: u64,
    /// Ĉ: share of a further sample's facts that are known already, estimated.
    pub sample_coverage: f64,
    /// Ŝ: facts that there are, known or not, at least.
    pub richness: f64,
    /// S / Ŝ.
    pub completeness: f64,
    /// q0, q1, q2.
    pub hill: [f64; 3],
    /// β: how the number of facts grows.
    pub heaps: Option<f64>,
    /// New facts expected in the next [`Limits::next`] samples.
    pub novelty: f64,
    /// Share of mentions of rare facts.
    pub tail_share: f64,
    /// Share of mentions that balancing would keep.
    pub kept_share: f64,
}

/// Share of `other`'s mentions of facts that `one` has, 0 to 1: what somebody who knows the one data
/// set would know of the other.
pub fn cross_coverage(one: &Table, other: &Table) -> f64 {
    let known: FxHashSet<&str> = one.entries.iter().map(|(key, _)| key.as_str()).collect();
    let common = other.entries.iter().filter(|(key, _)| known.contains(key.as_str()));
    share(common.map(|(_, count)| count).sum(), other.mentions())
}

/// In which half of a data set a sample is, 0 or 1, by a hash of its place.
pub fn half_of(seq: u64) -> usize {
    (xxh3_64(&seq.to_le_bytes()) & 1) as usize
}

/// Counts the facts of one level that come one after the other, each once with its samples in both
/// halves. It keeps no names but those of the most frequent, however many facts there are.
#[derive(Clone, Debug)]
pub struct LevelCount<K> {
    level: Level,
    samples: [u64; 2],
    whole: FxHashMap<u64, u64>,
    first: FxHashMap<u64, u64>,
    /// Mentions in the second half: all, and those of facts that the first half has.
    second: [u64; 2],
    /// The most frequent; up to twice as many as wanted.
    top: Vec<(std::cmp::Reverse<u64>, K)>,
    /// What a fact must have to be among them.
    least: u64,
}

impl<K: Ord + Clone> LevelCount<K> {
    /// Of so many samples in each half; nothing is counted yet.
    pub fn new(level: Level, samples: [u64; 2]) -> Self {
        let (whole, first) = (FxHashMap::default(), FxHashMap::default());
        Self { level, samples, whole, first, second: [0; 2], top: Vec::new(), least: 1 }
    }

    /// Takes a fact with the samples of each half that have it. `key` breaks ties: the smaller comes
    /// first.
    pub fn add(&mut self, key: K, counts: [u64; 2]) {
        let [first, second] = counts;
        let count = first + second;
        if count == 0 {
            return;
        }
        *self.whole.entry(count).or_default() += 1;
        if first > 0 {
            *self.first.entry(first).or_default() += 1;
            self.second[1] += second;
        }
        self.second[0] += second;
        if count >= self.least {
            self.top.push((std::cmp::Reverse(count), key));
            if self.top.len() >= 2 * MOST_NAMED {
                self.thin();
            }
        }
    }

    /// Mentions so far.
    pub fn mentions(&self) -> u64 {
        self.whole.iter().map(|(count, facts)| count * facts).sum()
    }

    /// The most frequent facts with their samples.
    pub fn top(&mut self) -> Vec<(K, u64)> {
        self.thin();
        self.top.iter().map(|(count, key)| (key.clone(), count.0)).collect()
    }

    /// The figures of the level; `show` writes a fact as a reader would.
    pub fn finish(mut self, show: impl Fn(&K) -> String) -> LevelReport {
        self.thin();
        let samples = self.samples.iter().sum();
        let table = Table::of_groups(samples, self.whole);
        let predicted = Table::of_groups(self.samples[0], self.first).sample_coverage();
        LevelReport {
            level: self.level,
            distinct: table.distinct(),
            coverage: table.coverage(Limits::for_samples(samples)),
            check: (predicted, share(self.second[1], self.second[0])),
            curve: table.curve(CURVE_POINTS),
            ranks: table.rank_points(),
            top: self.top.iter().map(|(count, key)| (show(key), count.0)).collect(),
        }
    }

    fn thin(&mut self) {
        self.top.sort_unstable();
        self.top.truncate(MOST_NAMED);
        if self.top.len() == MOST_NAMED {
            self.least = self.top.last().map_or(1, |(count, _)| count.0);
        }
    }
}

/// Counts the facts of a data set, by kind and by level, and in two halves.
#[derive(Clone, Debug, Default)]
pub struct Census {
    samples: [u64; 2],
    counts: FxHashMap<Box<str>, [u32; 2]>,
}

impl Census {
    /// Counts a sample; `seq` is its place in the data set, `keys` are distinct. Denied facts are
    /// counted under their own keys.
    pub fn add(&mut self, seq: u64, keys: &[String]) {
        let half = half_of(seq);
        self.samples[half] += 1;
        for key in keys.iter().chain(&level_keys(keys)) {
            if let Some(counts) = self.counts.get_mut(key.as_str()) {
                counts[half] += 1;
            } else {
                let mut counts = [0; 2];
                counts[half] = 1;
                self.counts.insert(key.as_str().into(), counts);
            }
        }
    }

    /// From what was counted elsewhere: samples of both halves, and for each key (of facts and of
    /// levels, each once) the samples of both halves that have it.
    pub fn of_counts(samples: [u64; 2], counts: impl IntoIterator<Item = (Box<str>, [u32; 2])>) -> Self {
        Self { samples, counts: counts.into_iter().collect() }
    }

    /// Takes what was counted elsewhere.
    pub fn merge(&mut self, other: Self) {
        for (count, others) in self.samples.iter_mut().zip(other.samples) {
            *count += others;
        }
        for (key, counts) in other.counts {
            for (count, others) in self.counts.entry(key).or_default().iter_mut().zip(counts) {
                *count += others;
            }
        }
    }

    /// All facts, and the keys of levels, with the samples that have each; in no order.
    pub fn counts(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counts.iter().map(|(key, halves)| (&**key, halves.iter().map(|count| u64::from(*count)).sum()))
    }

    /// The table of a level.
    pub fn level(&self, level: Level) -> Table {
        self.table(level.prefix(), &[0, 1])
    }

    /// The table of a kind of facts.
    pub fn kind(&self, kind: KeyKind) -> Table {
        self.table(&format!("{} ", kind.name()), &[0, 1])
    }

    /// Coverage of a level that one half of the samples predicts, and what was then found in the
    /// other.
    pub fn check(&self, level: Level) -> (f64, f64) {
        split_half(&self.table(level.prefix(), &[0]), &self.table(level.prefix(), &[1]))
    }

    fn table(&self, prefix: &str, halves: &[usize]) -> Table {
        let sum = |counts: &[u32; 2]| halves.iter().map(|half| u64::from(counts[*half])).sum::<u64>();
        let samples = halves.iter().map(|half| self.samples[*half]).sum();
        let of_prefix = self.counts.iter().filter(|(key, _)| key.starts_with(prefix));
        Table::new(samples, of_prefix.map(|(key, counts)| (key.to_string(), sum(counts))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(samples: u64, counts: &[u64]) -> Table {
        Table::new(samples, counts.iter().enumerate().map(|(at, count)| (format!("object k{at}"), *count)))
    }

    fn near(value: f64, expected: f64) -> bool {
        (value - expected).abs() < 1e-9
    }

    #[test]
    fn figures_follow_their_formulas() {
        // T = 5, U = 10, Q1 = 3, Q2 = 1.
        let table = table(5, &[5, 2, 1, 1, 1]);
        assert!(near(table.sample_coverage(), 1.0 - 0.3 * 12.0 / 14.0));
        assert!(near(table.richness(), 5.0 + 0.8 * 4.5));
        let [q0, q1, q2] = table.hill();
        assert!(near(q0, 5.0) && near(q2, 100.0 / 32.0));
        let entropy = -(0.5_f64 * 0.5_f64.ln() + 0.2 * 0.2_f64.ln() + 3.0 * 0.1 * 0.1_f64.ln());
        assert!(near(q1, entropy.exp()));
        assert!(near(table.tail_share(2), 0.3));
        assert!(near(table.kept_share(2), 0.7));
        let unseen = 3.6;
        let hit = 3.0 / (5.0 * unseen + 3.0);
        assert!(near(table.novelty(2), unseen * (1.0 - (1.0 - hit) * (1.0 - hit))));
    }

    #[test]
    fn equal_facts_are_as_diverse_as_they_are_many() {
        let [q0, q1, q2] = table(9, &[3; 8]).hill();
        assert!(near(q0, 8.0) && near(q1, 8.0) && near(q2, 8.0));
        assert!(near(table(9, &[3; 8]).sample_coverage(), 1.0));
    }

    #[test]
    fn one_sample_tells_nothing_of_the_next() {
        assert!(near(table(1, &[1, 1]).sample_coverage(), 0.0));
    }

    #[test]
    fn empty_and_tiny_tables_have_figures() {
        for table in [table(0, &[]), table(1, &[1]), table(2, &[1, 0]), table(1, &[7, 7])] {
            let coverage = table.coverage(Limits::for_samples(table.samples()));
            assert!(coverage.sample_coverage.is_finite() && coverage.richness.is_finite(), "{coverage:?}");
            assert!(coverage.novelty.is_finite() && coverage.kept_share.is_finite());
            assert!(table.rank_points().len() <= table.entries().len());
        }
    }

    #[test]
    fn growth_is_between_none_and_all() {
        // Every sample has the same facts; every sample has facts of its own.
        assert!(near(table(10, &[10, 10]).heaps().unwrap_or(9.0), 0.0));
        assert!(near(table(10, &[1; 10]).heaps().unwrap_or(9.0), 1.0));
    }

    #[test]
    fn one_data_set_covers_another() {
        let one = Table::new(2, [("a".to_owned(), 2), ("b".to_owned(), 1)]);
        let other = Table::new(4, [("a".to_owned(), 3), ("c".to_owned(), 1)]);
        assert!(near(cross_coverage(&one, &other), 0.75));
        assert!(near(cross_coverage(&other, &one), 2.0 / 3.0));
    }

    #[test]
    fn rank_points_begin_and_end_at_the_ends() {
        let counts: Vec<u64> = (1..=500).rev().collect();
        let points = table(500, &counts).rank_points();
        assert_eq!((points.first(), points.last()), (Some(&(1, 500)), Some(&(500, 1))));
        assert!(points.len() <= 64);
    }

    #[test]
    fn a_count_of_a_level_has_the_figures_of_its_table() {
        let mut census = Census::default();
        let of = |fact: u64, seq: u64| (seq * 7 + fact * fact).is_multiple_of(fact + 2);
        for seq in 0..60 {
            let keys: Vec<String> =
                (0..200).filter(|fact| of(*fact, seq)).map(|fact| format!("object k{fact:03}")).collect();
            census.add(seq, &keys);
        }
        let table = census.level(Level::Object);
        let mut count = LevelCount::new(Level::Object, census.samples);
        for (key, halves) in &census.counts {
            count.add(key.to_string(), halves.map(u64::from));
        }
        assert_eq!(count.mentions(), table.mentions());
        assert_eq!(count.top(), table.entries()[..MOST_NAMED].to_vec());
        let report = count.finish(|key| Level::Object.show(key));
        assert_eq!(report.distinct, table.distinct());
        assert_eq!(report.coverage, table.coverage(Limits::for_samples(60)));
        assert_eq!(report.check, census.check(Level::Object));
        assert_eq!((report.curve, report.ranks), (table.curve(CURVE_POINTS), table.rank_points()));
        assert_eq!(report.top[0].0, "k000");
    }

    #[test]
    fn a_census_counts_levels() {
        let mut census = Census::default();
        let keys = ["attr dog color brown", "object dog", "rel dog on bed"].map(str::to_owned);
        for seq in 0..10 {
            census.add(seq, &keys);
        }
        for level in Level::ALL {
            assert_eq!(census.level(level).entries().len(), 1, "{}", level.name());
            assert_eq!(census.level(level).mentions(), 10);
            assert_eq!(census.check(level), (1.0, 1.0));
        }
    }
}
