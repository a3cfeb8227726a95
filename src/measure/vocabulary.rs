//! The facts of a data set with the samples that have each, in bounded memory.
//!
//! Up to [`MOST`] different facts of a group (a kind of facts, or a level) are counted exactly. Where there
//! are more, the table is thinned: a fact is kept if the hash of its key is small enough, and the limit is
//! halved until the rest fits (adaptive sampling; Wegman 1984, Flajolet 1990). What is kept has been counted
//! from its first sample on, so its count is exact; numbers and shares of facts are estimated from it. Which
//! facts are kept depends on the facts alone, not on the order of the samples, and two data sets keep the
//! same ones: so what both have is not missed.
//!
//! Objects, attributes and relations by themselves are some ten thousands in any data set. Only triples and
//! objects with their attributes become so many.

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::key::{Key, KeyKind, Level, is_echo, level_keys};
use super::rarefy::ratio_of_draws;
use super::tally::bits_of;

/// Different facts of a group that are kept.
const MOST: usize = 1 << 20;

/// Kinds of facts, then the two levels that no fact has itself, then what is denied.
const GROUPS: usize = KeyKind::ALL.len() + 3;
const VALUES: usize = KeyKind::ALL.len();
const PREDICATES: usize = VALUES + 1;
const DENIED: usize = PREDICATES + 1;

/// Facts of one group.
#[derive(Clone, Debug, Default, PartialEq)]
struct Group {
    counts: FxHashMap<Box<str>, u32>,
    /// Of 2^halvings facts one is kept.
    halvings: u32,
    /// Mentions, each once a sample, of all facts, kept or not.
    mentions: u64,
}

/// Whether a fact is among the kept ones after so many halvings.
fn is_kept(key: &str, halvings: u32) -> bool {
    halvings == 0 || xxh3_64(key.as_bytes()).leading_zeros() >= halvings
}

impl Group {
    fn add(&mut self, key: &str, most: usize) {
        self.mentions += 1;
        if let Some(count) = self.counts.get_mut(key) {
            *count += 1;
        } else if is_kept(key, self.halvings) {
            self.counts.insert(key.into(), 1);
            while self.counts.len() > most {
                self.halvings += 1;
                let halvings = self.halvings;
                self.counts.retain(|key, _| is_kept(key, halvings));
            }
        }
    }
}

/// The facts of a data set with the samples that have each.
#[derive(Clone, Debug, PartialEq)]
pub struct Vocabulary {
    samples: u64,
    groups: [Group; GROUPS],
    most: usize,
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self::keeping(MOST)
    }
}

impl Vocabulary {
    /// One that keeps up to so many different facts of each group.
    fn keeping(most: usize) -> Self {
        Self { samples: 0, groups: std::array::from_fn(|_| Group::default()), most }
    }

    /// Counts a sample with these keys, each once.
    pub fn add(&mut self, keys: &[String]) {
        self.samples += 1;
        for key in keys.iter().chain(&level_keys(keys)) {
            if let Some(group) = self.groups.get_mut(group_of(key)) {
                group.add(key, self.most);
            }
        }
    }

    /// Samples that were counted.
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// The facts of a kind that are not denied.
    pub fn kind(&self, kind: KeyKind) -> Facts<'_> {
        self.facts(kind as usize)
    }

    /// The facts of a level.
    pub fn level(&self, level: Level) -> Facts<'_> {
        self.facts(match level {
            Level::Object => KeyKind::Object as usize,
            Level::Value => VALUES,
            Level::Predicate => PREDICATES,
            Level::ObjectValue => KeyKind::Attribute as usize,
            Level::Triple => KeyKind::Relation as usize,
        })
    }

    fn facts(&self, place: usize) -> Facts<'_> {
        Facts { samples: self.samples, group: self.groups.get(place) }
    }
}

/// The group of a key.
fn group_of(key: &str) -> usize {
    match Key::parse(key) {
        Some(parsed) if parsed.is_denied => DENIED,
        Some(parsed) => parsed.kind as usize,
        None if key.starts_with(Level::Value.prefix()) => VALUES,
        None => PREDICATES,
    }
}

/// Information of a sample's keys (sorted, each once) in all samples of these data sets together:
/// I = Σ log2((N + 1) / (df + 1)), without scenes and names that an object says too. Of groups that were
/// thinned it is estimated from the kept facts.
pub fn bits_among(keys: &[String], data_sets: &[&Vocabulary]) -> f64 {
    let samples = data_sets.iter().map(|one| one.samples).sum();
    let mut bits = 0.0;
    for key in keys.iter().filter(|key| !is_echo(key, keys)) {
        let place = group_of(key);
        let groups = || data_sets.iter().filter_map(|one| one.groups.get(place));
        let halvings = groups().map(|group| group.halvings).max().unwrap_or_default();
        if is_kept(key, halvings) {
            let df =
                groups().filter_map(|group| group.counts.get(key.as_str())).map(|df| u64::from(*df)).sum();
            bits += bits_of(df, samples) * 2_f64.powi(halvings as i32);
        }
    }
    bits
}

/// The facts of one group of a [`Vocabulary`].
#[derive(Clone, Copy, Debug)]
pub struct Facts<'v> {
    samples: u64,
    group: Option<&'v Group>,
}

/// What two data sets have in common of one group; numbers of facts are estimated where the group was
/// thinned, and exact elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shared {
    /// Different facts that both have.
    pub both: u64,
    /// Different facts that only the one has, and only the other.
    pub only: [u64; 2],
    /// Share of the mentions of the other that the one has, and the other way round; 0 to 1.
    pub cross: [f64; 2],
    /// The same if the larger data set had only as many samples as the smaller: the mean of all draws.
    pub at_equal_size: [f64; 2],
    /// Share of the facts that was looked at: 1 unless the group was thinned.
    pub looked_at: f64,
}

impl<'v> Facts<'v> {
    /// The facts that are kept, with their samples; in no order.
    pub fn kept(self) -> impl Iterator<Item = (&'v str, u64)> {
        let counts = self.group.map(|group| group.counts.iter());
        counts.into_iter().flatten().map(|(key, count)| (&**key, u64::from(*count)))
    }

    /// Samples that have a fact; none of a fact that is not kept, or that nobody has.
    pub fn samples_of(self, key: &str) -> Option<u64> {
        self.group?.counts.get(key).map(|count| u64::from(*count))
    }

    /// Different facts; estimated where the group was thinned.
    pub fn distinct(self) -> u64 {
        self.group.map_or(0, |group| (group.counts.len() as u64) << group.halvings)
    }

    /// Mentions of facts, each once a sample.
    pub fn mentions(self) -> u64 {
        self.group.map_or(0, |group| group.mentions)
    }

    /// Share of the facts that is kept.
    pub fn looked_at(self) -> f64 {
        2_f64.powi(-(self.halvings() as i32))
    }

    /// The most frequent facts that another data set lacks, with their samples.
    pub fn lacking(self, other: Self, most: usize) -> Vec<(&'v str, u64)> {
        let halvings = self.halvings().max(other.halvings());
        let is_new = |(key, _): &(&str, u64)| is_kept(key, halvings) && other.samples_of(key).is_none();
        most_frequent(self.kept().filter(is_new), most)
    }

    /// The most frequent facts with their samples.
    pub fn most_frequent(self, most: usize) -> Vec<(&'v str, u64)> {
        most_frequent(self.kept(), most)
    }

    /// What these facts and those of another data set have in common.
    pub fn shared_with(self, other: Self) -> Shared {
        let halvings = self.halvings().max(other.halvings());
        let (one, two) = (self.against(other, halvings), other.against(self, halvings));
        Shared {
            both: one.both << halvings,
            only: [one.only << halvings, two.only << halvings],
            // The share of what the other says that the one has: mentions are the other's.
            cross: [two.known, one.known],
            at_equal_size: [two.known_by_draw, one.known_by_draw],
            looked_at: 2_f64.powi(-(halvings as i32)),
        }
    }

    fn halvings(self) -> u32 {
        self.group.map_or(0, |group| group.halvings)
    }

    /// How far another data set knows these facts.
    fn against(self, other: Self, halvings: u32) -> Against {
        let drawn = self.samples.min(other.samples);
        let mut found = Against::default();
        let (mut mentions, mut known, mut by_draw) = (0, 0, 0.0);
        for (key, count) in self.kept().filter(|(key, _)| is_kept(key, halvings)) {
            mentions += count;
            match other.samples_of(key) {
                Some(df) => {
                    found.both += 1;
                    known += count;
                    let absent = other.samples.saturating_sub(df);
                    by_draw += count as f64 * (1.0 - ratio_of_draws(absent, other.samples, drawn));
                }
                None => found.only += 1,
            }
        }
        if mentions > 0 {
            found.known = known as f64 / mentions as f64;
            found.known_by_draw = by_draw / mentions as f64;
        }
        found
    }
}

fn most_frequent<'v>(facts: impl Iterator<Item = (&'v str, u64)>, most: usize) -> Vec<(&'v str, u64)> {
    let mut found: Vec<_> = facts.collect();
    found.sort_unstable_by(|(key, count), (second, others)| others.cmp(count).then(key.cmp(second)));
    found.truncate(most);
    found
}

#[derive(Clone, Copy, Debug, Default)]
struct Against {
    both: u64,
    only: u64,
    known: f64,
    known_by_draw: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Prints, Tally, bits};

    fn of(samples: &[&[&str]]) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for keys in samples {
            vocabulary.add(&owned(keys));
        }
        vocabulary
    }

    fn owned(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn groups_are_kinds_and_levels() {
        let keys =
            ["attr dog color brown", "entity paris", "not object cat", "object dog", "rel dog on sofa"];
        let vocabulary = of(&[&keys, &keys]);
        for (level, key) in [
            (Level::Object, "object dog"),
            (Level::Value, "value color brown"),
            (Level::Predicate, "predicate on"),
            (Level::ObjectValue, "attr dog color brown"),
            (Level::Triple, "rel dog on sofa"),
        ] {
            let facts = vocabulary.level(level);
            assert_eq!(facts.kept().collect::<Vec<_>>(), [(key, 2)]);
            assert_eq!((facts.distinct(), facts.mentions()), (1, 2));
        }
        assert_eq!(vocabulary.kind(KeyKind::Entity).samples_of("entity paris"), Some(2));
        assert_eq!(vocabulary.kind(KeyKind::Count).distinct(), 0);
    }

    #[test]
    fn what_both_have_is_shared() {
        let one = of(&[&["object a", "object b"], &["object a"]]);
        let other = of(&[&["object a", "object c"], &["object a"], &["object a"], &["object d"]]);
        let shared = one.level(Level::Object).shared_with(other.level(Level::Object));
        assert_eq!((shared.both, shared.only), (1, [1, 2]));
        // Of the other's five mentions the one has three; of the one's three the other has two.
        assert!((shared.cross[0] - 0.6).abs() < 1e-12);
        assert!((shared.cross[1] - 2.0 / 3.0).abs() < 1e-12);
        // The other has `a` in 3 of 4 samples: of six pairs of them none is without.
        let same =
            shared.at_equal_size.iter().zip(shared.cross).all(|(one, other)| (one - other).abs() < 1e-12);
        assert!(same, "{shared:?}");
        let lacking = other.level(Level::Object).lacking(one.level(Level::Object), 9);
        assert_eq!(lacking, [("object c", 1), ("object d", 1)]);
    }

    #[test]
    fn the_larger_set_is_cut_to_the_size_of_the_smaller() {
        // `a` in 1 of 4 samples: a draw of two has it in half of the cases.
        let small = of(&[&["object a"], &["object a"]]);
        let large = of(&[&["object a"], &[], &[], &[]]);
        let shared = small.level(Level::Object).shared_with(large.level(Level::Object));
        assert!(shared.cross.iter().all(|share| *share >= 1.0));
        assert!((shared.at_equal_size[0] - 1.0).abs() < 1e-12);
        assert!((shared.at_equal_size[1] - 0.5).abs() < 1e-9, "{shared:?}");
    }

    #[test]
    fn bits_are_those_of_a_tally() {
        let samples: [&[&str]; 3] = [&["object a", "object b"], &["object a", "scene a"], &["object c"]];
        let (mut tally, vocabulary) = (Tally::default(), of(&samples));
        for keys in samples {
            tally.add(&owned(keys), &Prints::default());
        }
        for keys in samples.map(owned) {
            assert!((bits_among(&keys, &[&vocabulary]) - bits(&keys, &tally)).abs() < 1e-12);
            // As if one data set had all samples twice.
            let twice = bits_among(&keys, &[&vocabulary, &vocabulary]);
            assert!(twice > 0.0 && twice >= bits_among(&keys, &[&vocabulary]));
        }
    }

    #[test]
    fn a_thinned_table_estimates_and_does_not_depend_on_the_order() {
        let sample = |at: u64| {
            let own = (0..20).map(|fact| format!("rel a is n{}", at * 13 + fact * 7919 % 4001));
            owned(&["rel a on b"]).into_iter().chain(own).collect::<std::collections::BTreeSet<_>>()
        };
        let counted = |places: &mut dyn Iterator<Item = u64>, most| {
            let mut vocabulary = Vocabulary::keeping(most);
            places.for_each(|at| vocabulary.add(&sample(at).into_iter().collect::<Vec<_>>()));
            vocabulary
        };
        let whole = counted(&mut (0..600), MOST);
        let thin = counted(&mut (0..600), 1_000);
        assert_eq!(thin, counted(&mut (0..600).rev(), 1_000));
        let half = counted(&mut (0..300), 1_000);
        let (exact, kept) = (whole.level(Level::Triple), thin.level(Level::Triple));
        assert!(kept.looked_at() < 1.0 && kept.kept().count() <= 1_000);
        assert_eq!(kept.mentions(), exact.mentions());
        let near = |one: f64, other: f64| (one / other - 1.0).abs() < 0.1;
        assert!(near(kept.distinct() as f64, exact.distinct() as f64), "{}", kept.distinct());
        for (key, count) in kept.kept() {
            assert_eq!(exact.samples_of(key), Some(count));
        }
        let exact_half = counted(&mut (0..300), MOST);
        let (shared, expected) =
            (half.level(Level::Triple).shared_with(kept), exact_half.level(Level::Triple).shared_with(exact));
        assert!(shared.looked_at < 1.0 && expected.looked_at >= 1.0);
        assert!(near(shared.cross[0], expected.cross[0]), "{shared:?} {expected:?}");
        assert!(near(shared.only[1] as f64, expected.only[1] as f64), "{shared:?} {expected:?}");
        // Information too is estimated without bias.
        let sum = |vocabulary: &Vocabulary| -> f64 {
            (0..600).map(|at| bits_among(&sample(at).into_iter().collect::<Vec<_>>(), &[vocabulary])).sum()
        };
        assert!(near(sum(&thin), sum(&whole)));
    }
}
