//! Weights of hashed features: how they are kept, packed and looked up.
//!
//! A feature is a number of 24 bits, the hash of what it says. A table is made of small buckets;
//! key and weights share one word, so that a look-up touches one line of the cache. Features that
//! the training never saw have the weight zero.

use super::pack::{PackError, Reader, put_number};

/// Bits of a feature.
pub(super) const KEY_BITS: u32 = 24;

/// One unit of a stored weight, in nats.
pub(super) const UNIT: f32 = 1.0 / 16.0;

/// Mixes what a feature says into its key: a number that names the template, and two values.
#[inline]
pub(super) fn key(template: u64, a: u64, b: u64) -> u32 {
    finish(join(template, a, b))
}

/// The state of a key before its last step; further values may be joined to it.
#[inline]
pub(super) fn join(template: u64, a: u64, b: u64) -> u64 {
    let mixed = (a ^ template.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    (mixed ^ (mixed >> 29) ^ b.rotate_left(17)).wrapping_mul(0xc4ce_b9fe_1a85_ec53)
}

/// The key of a joined state.
#[inline]
pub(super) fn finish(state: u64) -> u32 {
    ((state ^ (state >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - KEY_BITS)) as u32
}

/// Features of one bucket of a table: a bucket is looked through without a branch, since whether a
/// feature is known cannot be guessed, and a wrong guess costs more than the four comparisons.
const LANES: usize = 4;

/// Features with one weight each, for a ranker: 24 bits of key, 8 of weight.
#[derive(Debug, Default)]
pub(super) struct Ranks {
    buckets: Vec<[u32; LANES]>,
}

/// Features with a weight for each label but the first, which has zero: 32 bits of key, 4 times 8
/// of weights.
#[derive(Debug, Default)]
pub(super) struct Labels {
    buckets: Vec<[u64; LANES]>,
}

/// Puts features into buckets. Where a bucket has no room, the features that say least are dropped.
fn fill<S: Copy + Default>(
    features: &[(u32, [i8; 5])],
    slot: impl Fn(u32, &[i8; 5]) -> S,
) -> Vec<[S; LANES]> {
    let size = (features.len() / 2).next_power_of_two().max(1);
    let mut buckets = vec![[S::default(); LANES]; size];
    let mut used = vec![0_u8; size];
    // Full buckets are few: the features are put in as they come, and only where one does not fit
    // does it drive out a weaker one.
    let mut late = Vec::new();
    for (place, (key, weights)) in features.iter().enumerate() {
        let home = *key as usize & (size - 1);
        let lane = usize::from(used[home]);
        if lane < LANES {
            buckets[home][lane] = slot(*key, weights);
            used[home] += 1;
        } else {
            late.push(place);
        }
    }
    if !late.is_empty() {
        crowd(features, &late, &slot, &mut buckets);
    }
    buckets
}

/// Refills the buckets that are too small with the strongest of their features.
fn crowd<S: Copy + Default>(
    features: &[(u32, [i8; 5])],
    late: &[usize],
    slot: &impl Fn(u32, &[i8; 5]) -> S,
    buckets: &mut [[S; LANES]],
) {
    let mask = buckets.len() - 1;
    let mut crowded: Vec<usize> = late.iter().map(|place| features[*place].0 as usize & mask).collect();
    crowded.sort_unstable();
    crowded.dedup();
    let mut of_home: Vec<(usize, u8, u32)> = Vec::new();
    for (place, (key, weights)) in features.iter().enumerate() {
        let home = *key as usize & mask;
        if crowded.binary_search(&home).is_ok() {
            let force = weights.iter().map(|weight| weight.unsigned_abs()).max().unwrap_or(0);
            of_home.push((home, u8::MAX - force, place as u32));
        }
    }
    of_home.sort_unstable();
    for run in of_home.chunk_by(|a, b| a.0 == b.0) {
        for (lane, (home, _, place)) in run.iter().take(LANES).enumerate() {
            let (key, weights) = &features[*place as usize];
            buckets[*home][lane] = slot(*key, weights);
        }
    }
}

impl Ranks {
    fn new(features: &[(u32, [i8; 5])]) -> Self {
        Self { buckets: fill(features, |key, weights| key << 8 | u32::from(weights[0] as u8)) }
    }

    /// The sum of the weights of these features.
    #[inline]
    pub(super) fn score(&self, features: &[u32]) -> i32 {
        if self.buckets.is_empty() {
            return 0;
        }
        let mask = self.buckets.len() - 1;
        let mut sum = 0;
        for feature in features {
            let bucket = &self.buckets[*feature as usize & mask];
            for slot in bucket {
                sum += if slot >> 8 == *feature { i32::from(*slot as u8 as i8) } else { 0 };
            }
        }
        sum
    }
}

impl Labels {
    fn new(features: &[(u32, [i8; 5])]) -> Self {
        Self {
            buckets: fill(features, |key, weights| {
                let weights = weights.iter().take(4).rev();
                let low = weights.fold(0, |bits, weight| bits << 8 | u64::from(*weight as u8));
                u64::from(key) << 32 | low
            }),
        }
    }

    /// Adds the weights of these features to the scores of the labels.
    #[inline]
    pub(super) fn add(&self, features: impl Iterator<Item = u32>, scores: &mut [i32; 5]) {
        if self.buckets.is_empty() {
            return;
        }
        let mask = self.buckets.len() - 1;
        for feature in features {
            let bucket = &self.buckets[feature as usize & mask];
            let mut found = 0;
            for slot in bucket {
                found |= if (slot >> 32) as u32 == feature { *slot as u32 } else { 0 };
            }
            for (score, byte) in scores[1..].iter_mut().zip(found.to_le_bytes()) {
                *score += i32::from(byte as i8);
            }
        }
    }
}

/// A table that is read from packed features.
pub(super) trait Table {
    /// Weights of a feature.
    const WIDTH: usize;
    fn of(features: &[(u32, [i8; 5])]) -> Self;
}

impl Table for Ranks {
    const WIDTH: usize = 1;
    fn of(features: &[(u32, [i8; 5])]) -> Self {
        Self::new(features)
    }
}

impl Table for Labels {
    const WIDTH: usize = 4;
    fn of(features: &[(u32, [i8; 5])]) -> Self {
        Self::new(features)
    }
}

/// Packs features, which must be in ascending order of keys without doubles: differences of keys
/// first, then one run of weights after the other, since like stands best beside like.
pub(super) fn pack_features(features: &[(u32, [i8; 5])], width: usize, out: &mut Vec<u8>) {
    put_number(features.len() as u64, out);
    let mut before = 0;
    for (key, _) in features {
        put_number(u64::from(key - before), out);
        before = *key;
    }
    for column in 0..width {
        out.extend(features.iter().map(|(_, weights)| weights[column] as u8));
    }
}

/// Reads what [`pack_features`] wrote.
pub(super) fn read_features<T: Table>(reader: &mut Reader<'_>) -> Result<T, PackError> {
    let count = reader.number()? as usize;
    if count > 1 << KEY_BITS {
        return Err(PackError::Damaged);
    }
    let mut features = Vec::with_capacity(count);
    let mut key = 0_u64;
    for _ in 0..count {
        key += reader.number()?;
        if key >= 1 << KEY_BITS {
            return Err(PackError::Damaged);
        }
        features.push((key as u32, [0; 5]));
    }
    for column in 0..T::WIDTH {
        let weights = reader.bytes(count)?;
        for ((_, row), weight) in features.iter_mut().zip(weights) {
            row[column] = *weight as i8;
        }
    }
    Ok(T::of(&features))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_features_come_back() {
        let features =
            [(1, [1, 0, 0, -1, 0]), (300, [-128, 127, 3, 4, 0]), ((1 << KEY_BITS) - 1, [7, 7, 7, 7, 0])];
        let mut bytes = Vec::new();
        pack_features(&features, 4, &mut bytes);
        let table: Labels = read_features(&mut Reader::new(&bytes)).unwrap();
        for (key, weights) in features {
            let mut scores = [0; 5];
            table.add([key].into_iter(), &mut scores);
            assert_eq!(scores[1..], weights.map(i32::from)[..4]);
        }
        let mut scores = [0; 5];
        table.add([2].into_iter(), &mut scores);
        assert_eq!(scores, [0; 5]);
        let mut bytes = Vec::new();
        pack_features(&features, 1, &mut bytes);
        let table: Ranks = read_features(&mut Reader::new(&bytes)).unwrap();
        assert_eq!(table.score(&[1, 300, 2]), -127);
    }
}
