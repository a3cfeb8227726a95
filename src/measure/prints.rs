//! Fingerprints of texts, by which equal and similar ones find each other.
//!
//! Equal: a hash of the folded words. Similar: `MinHash` (Broder 1997) over runs of three words, and
//! bands of its signature (locality-sensitive hashing): two samples whose runs overlap to a share J
//! have some band in common with a probability of 1 − (1 − J⁸)⁸, which is .99 at J = .9, .77 at .8,
//! .03 at .5.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Numbers of a signature.
pub const SIGNATURE: usize = 64;
/// Bands of a signature.
pub const BANDS: usize = 8;
/// Numbers of a band.
const ROWS: usize = SIGNATURE / BANDS;
/// Words of a run.
const RUN: usize = 3;
/// Words of an opening.
const OPENING: usize = 5;

/// Fingerprints of a sample's main captions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prints {
    /// Of each main caption, the hash of its folded words. Sorted, each once.
    pub captions: Vec<u64>,
    /// Of each main caption of more than five words, the hash of the first five. Sorted, each once.
    pub openings: Vec<u64>,
    /// The bands of the signature of all main captions together; none where there are no words.
    pub bands: Vec<u64>,
    /// The signature itself.
    pub signature: Option<Signature>,
}

/// A `MinHash` signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature(Vec<u32>);

impl Signature {
    /// Share of runs of words that two texts have in common, of those that either has (Jaccard),
    /// estimated from 0 to 1, with a standard error of at most 1/16.
    pub fn similarity(&self, other: &Self) -> f64 {
        let equal = self.0.iter().zip(&other.0).filter(|(one, other)| one == other).count();
        equal as f64 / SIGNATURE as f64
    }

    /// Keys of the bands, each with its place in it: equal keys are equal bands.
    fn bands(&self) -> Vec<u64> {
        let bytes = |band: &[u32]| band.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
        self.0
            .chunks_exact(ROWS)
            .zip(0_u64..)
            .map(|(band, place)| xxh3_64_with_seed(&bytes(band), place))
            .collect()
    }
}

/// Gathers the words of a sample's captions.
#[derive(Debug, Default)]
pub(super) struct Printer {
    prints: Prints,
    runs: Vec<u64>,
    smallest: Vec<u64>,
}

impl Printer {
    /// Takes the hashes of the folded words of a caption.
    pub(super) fn caption(&mut self, words: &[u64]) {
        if words.is_empty() {
            return;
        }
        self.prints.captions.push(hash(words));
        if let Some(opening) = words.get(..OPENING).filter(|_| words.len() > OPENING) {
            self.prints.openings.push(hash(opening));
        }
        if words.len() < RUN {
            self.runs.push(hash(words));
        }
        self.runs.extend(words.windows(RUN).map(hash));
    }

    /// What was gathered; the next caption begins a new sample.
    pub(super) fn finish(&mut self) -> Prints {
        let mut prints = std::mem::take(&mut self.prints);
        for hashes in [&mut prints.captions, &mut prints.openings, &mut self.runs] {
            hashes.sort_unstable();
            hashes.dedup();
        }
        if !self.runs.is_empty() {
            self.smallest.clear();
            self.smallest.resize(SIGNATURE, u64::MAX);
            for run in self.runs.drain(..) {
                // A family of hash functions: different odd multipliers of one good hash.
                let (mut value, step) = (run, run.rotate_left(32) | 1);
                for smallest in &mut self.smallest {
                    value = value.wrapping_add(step);
                    *smallest = (*smallest).min(value.wrapping_mul(0x9e37_79b9_7f4a_7c15));
                }
            }
            let signature = Signature(self.smallest.iter().map(|value| (value >> 32) as u32).collect());
            prints.bands = signature.bands();
            prints.signature = Some(signature);
        }
        prints
    }
}

/// A hash of several hashes in their order.
pub(super) fn hash(words: &[u64]) -> u64 {
    let mut mixed = words.len() as u64;
    for word in words {
        mixed = (mixed.rotate_left(29) ^ word).wrapping_mul(0x2545_f491_4f6c_dd1d);
    }
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(words: impl IntoIterator<Item = u64>) -> Prints {
        let mut printer = Printer::default();
        let words: Vec<u64> =
            words.into_iter().map(|word| xxh3_64_with_seed(&word.to_le_bytes(), 7)).collect();
        printer.caption(&words);
        printer.finish()
    }

    #[test]
    fn similarity_is_near_the_true_one() {
        // 100 runs of which 90 stay, and 10 new ones: 90 of 110.
        let one = print(0..102);
        let other = print((0..92).chain(200..210));
        let similarity =
            one.signature.as_ref().and_then(|one| Some(one.similarity(other.signature.as_ref()?)));
        assert!((similarity.unwrap_or_default() - 90.0 / 114.0).abs() < 0.15, "{similarity:?}");
        let far = print(1000..1102);
        let similarity = one.signature.and_then(|one| Some(one.similarity(far.signature.as_ref()?)));
        assert!(similarity.unwrap_or(1.0) < 0.1);
    }

    #[test]
    fn similar_texts_share_a_band_and_others_do_not() {
        let shares = |one: &Prints, other: &Prints| one.bands.iter().any(|band| other.bands.contains(band));
        let mut found = 0;
        for start in 0..50 {
            let from = start * 1000;
            let one = print(from..from + 80);
            assert!(!shares(&one, &print(from + 500..from + 580)));
            // 2 of 78 runs are lost at the end.
            found += usize::from(shares(&one, &print(from..from + 78)));
        }
        assert!(found >= 48, "{found}");
    }

    #[test]
    fn texts_without_words_have_no_prints() {
        assert_eq!(print([]), Prints::default());
        assert_eq!(print([1]).bands.len(), BANDS);
        assert_eq!(print([1, 2, 3, 4, 5]).openings.len(), 0);
        assert_eq!(print([1, 2, 3, 4, 5, 6]).openings, print([1, 2, 3, 4, 5, 7]).openings);
    }
}
