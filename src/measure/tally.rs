//! How often each thing occurs in a data set, and the information that follows from it.

use rustc_hash::FxHashMap;

use super::key::is_echo;
use super::prints::Prints;

/// Number of samples in which something occurs. An index answers from its terms; [`Tally`] holds it
/// in memory.
pub trait Counts: Sync {
    /// Samples in all (N).
    fn samples(&self) -> u64;
    /// Samples that have a key.
    fn of_key(&self, key: &str) -> u64;
    /// Samples with a caption of this print.
    fn of_caption(&self, print: u64) -> u64;
    /// Samples with a caption whose opening has this print.
    fn of_opening(&self, print: u64) -> u64;
    /// Samples whose signature has this band.
    fn of_band(&self, print: u64) -> u64;
}

/// The counts of a data set, in memory.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    samples: u64,
    keys: FxHashMap<Box<str>, u32>,
    captions: FxHashMap<u64, u32>,
    openings: FxHashMap<u64, u32>,
    bands: FxHashMap<u64, u32>,
}

impl Tally {
    /// Counts a sample. Keys and prints are distinct.
    pub fn add(&mut self, keys: &[String], prints: &Prints) {
        self.samples += 1;
        for key in keys {
            if let Some(count) = self.keys.get_mut(key.as_str()) {
                *count += 1;
            } else {
                self.keys.insert(key.as_str().into(), 1);
            }
        }
        for (table, found) in [
            (&mut self.captions, &prints.captions),
            (&mut self.openings, &prints.openings),
            (&mut self.bands, &prints.bands),
        ] {
            for print in found {
                *table.entry(*print).or_default() += 1;
            }
        }
    }

    /// Takes the counts of other samples.
    pub fn merge(&mut self, other: Self) {
        self.samples += other.samples;
        for (key, count) in other.keys {
            *self.keys.entry(key).or_default() += count;
        }
        for (table, found) in [
            (&mut self.captions, other.captions),
            (&mut self.openings, other.openings),
            (&mut self.bands, other.bands),
        ] {
            for (print, count) in found {
                *table.entry(print).or_default() += count;
            }
        }
    }

    /// All keys with the number of samples that have each, in no order.
    pub fn keys(&self) -> impl Iterator<Item = (&str, u64)> {
        self.keys.iter().map(|(key, count)| (&**key, u64::from(*count)))
    }
}

impl Counts for Tally {
    fn samples(&self) -> u64 {
        self.samples
    }

    fn of_key(&self, key: &str) -> u64 {
        self.keys.get(key).copied().unwrap_or_default().into()
    }

    fn of_caption(&self, print: u64) -> u64 {
        self.captions.get(&print).copied().unwrap_or_default().into()
    }

    fn of_opening(&self, print: u64) -> u64 {
        self.openings.get(&print).copied().unwrap_or_default().into()
    }

    fn of_band(&self, print: u64) -> u64 {
        self.bands.get(&print).copied().unwrap_or_default().into()
    }
}

/// Bits of a fact that `df` of `samples` samples have: log2((N + 1) / (df + 1)), at least 0.
pub fn bits_of(df: u64, samples: u64) -> f64 {
    ((samples as f64 + 1.0) / (df as f64 + 1.0)).log2().max(0.0)
}

/// The information of a sample's keys (sorted, distinct): I = Σ log2((N + 1) / (df + 1)) bits, without
/// scenes and names that an object says too. It is the sum of smoothed inverse document frequencies,
/// and takes facts as independent.
pub fn bits(keys: &[String], counts: &dyn Counts) -> f64 {
    let samples = counts.samples();
    let told = keys.iter().filter(|key| !is_echo(key, keys));
    told.map(|key| bits_of(counts.of_key(key), samples)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(list: &[&str]) -> Vec<String> {
        list.iter().map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn rare_facts_have_more_bits() {
        let mut tally = Tally::default();
        for at in 0..7 {
            let list: &[&str] = if at == 0 { &["object cat", "object dog"] } else { &["object dog"] };
            tally.add(&keys(list), &Prints::default());
        }
        // N = 7: dog is everywhere, cat once: log2(8 / 2).
        assert!((bits(&keys(&["object cat"]), &tally) - 2.0).abs() < 1e-12);
        assert!(bits(&keys(&["object dog"]), &tally).abs() < 1e-12);
        assert!((bits(&keys(&["object emu"]), &tally) - 3.0).abs() < 1e-12);
        assert!(bits(&[], &tally).abs() < 1e-12);
    }

    #[test]
    fn parts_of_a_data_set_add_up() {
        let prints = Prints { captions: vec![5], ..Prints::default() };
        let (mut one, mut other) = (Tally::default(), Tally::default());
        one.add(&keys(&["object dog"]), &prints);
        other.add(&keys(&["object dog"]), &prints);
        one.merge(other);
        assert_eq!((one.samples(), one.of_key("object dog"), one.of_caption(5)), (2, 2, 2));
    }
}
