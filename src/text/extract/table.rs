//! Weights of hashed features: how they are kept, packed and looked up.
//!
//! A feature is a number of 24 bits, the hash of what it says. A table is made of small buckets;
//! key and weights share one word, so that a look-up touches one line of the cache. Features that
//! the training never saw have the weight zero.

use super::pack::{PackError, Reader, put_number};

/// Bits of a feature.
pub(super) const KEY_BITS: u32 = 24;

/// A feature with its weights.
pub(super) type Feature = (u32, [i8; 5]);

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

/// Features for each hundred buckets. What reading costs is waiting for memory, so buckets are filled
/// well; the few features that find no room are the weakest of their bucket.
const FILLED: usize = 240;

/// Features with one weight each, for a ranker, where there are not many: 24 bits of key, 8 of weight.
#[derive(Debug, Default)]
pub(super) struct Ranks {
    buckets: Vec<[u32; LANES]>,
}

/// Many features with one weight each: 8 bits of key, 8 of weight. The rest of the key is said by the
/// bucket, which has a range of at most 256 keys.
#[derive(Debug, Default)]
pub(super) struct ManyRanks {
    /// The bits of the keys of four lanes, then their weights: a byte each, the first in the low bits.
    buckets: Vec<u64>,
}

/// Features with a weight for each label but the first, which has zero: 8 bits of key, as in
/// [`ManyRanks`], and 4 times 6 of weights; the few that are beyond two nats are cut to that.
#[derive(Debug, Default)]
pub(super) struct Labels {
    buckets: Vec<[u32; LANES]>,
}

/// Buckets of a table with so many features of which each bucket has at most `range` keys.
fn buckets_for(features: usize, range: usize) -> usize {
    (features * 100 / FILLED).max((1 << KEY_BITS) / range).max(1)
}

/// The bucket of a key; keys beside each other are in one bucket.
#[inline]
fn home(key: u32, buckets: usize) -> usize {
    ((u64::from(key) * buckets as u64) >> KEY_BITS) as usize
}

/// Puts lanes (a key, how much they say, what is kept) into buckets. Keys are ascending. Where a bucket
/// has no room, the lanes that say least are dropped.
fn fill<S: Copy + Default>(lanes: impl Iterator<Item = (u32, u8, S)>, buckets: usize) -> Vec<[S; LANES]> {
    let mut filled = vec![[S::default(); LANES]; buckets];
    let mut here = 0;
    let mut waiting: Vec<(u8, S)> = Vec::new();
    let mut settle = |waiting: &mut Vec<(u8, S)>, here: usize| {
        if waiting.len() > LANES {
            waiting.sort_by_key(|(force, _)| std::cmp::Reverse(*force));
        }
        for (lane, (_, slot)) in filled[here].iter_mut().zip(waiting.drain(..)) {
            *lane = slot;
        }
    };
    for (key, force, slot) in lanes {
        let place = home(key, buckets);
        if place != here {
            settle(&mut waiting, here);
            here = place;
        }
        waiting.push((force, slot));
    }
    settle(&mut waiting, here);
    filled
}

fn force(weights: [i8; 5]) -> u8 {
    weights.iter().map(|weight| weight.unsigned_abs()).max().unwrap_or(0)
}

impl Ranks {
    fn new(features: impl ExactSizeIterator<Item = Feature>) -> Self {
        let buckets = buckets_for(features.len(), 1 << KEY_BITS);
        let slot = |key: u32, weight: i8| key << 8 | u32::from(weight as u8);
        let lanes = features.map(|(key, weights)| (key, force(weights), slot(key, weights[0])));
        Self { buckets: fill(lanes, buckets) }
    }

    /// The sum of the weights of these features.
    #[inline]
    pub(super) fn score<const N: usize>(&self, features: [u32; N]) -> i32 {
        let buckets = &self.buckets[..];
        if buckets.is_empty() {
            return 0;
        }
        // What is left of a lane's key is zero where it is the feature's.
        let mut lanes = [[0; LANES]; N];
        for (lanes, feature) in lanes.iter_mut().zip(features) {
            *lanes = buckets[home(feature, buckets.len())].map(|lane| lane ^ feature << 8);
        }
        let weight = |lane: &u32| if lane >> 8 == 0 { i32::from(*lane as u8 as i8) } else { 0 };
        lanes.as_flattened().iter().map(weight).sum()
    }
}

impl ManyRanks {
    fn new(features: impl ExactSizeIterator<Item = Feature>) -> Self {
        let buckets = buckets_for(features.len(), 256);
        let slot = |key: u32, weight: i8| [key as u8, weight as u8];
        let lanes = features.map(|(key, weights)| (key, force(weights), slot(key, weights[0])));
        let buckets = fill(lanes, buckets);
        let joined = |bucket: [[u8; 2]; LANES]| {
            let [a, b, c, d] = bucket;
            u64::from_le_bytes([a[0], b[0], c[0], d[0], a[1], b[1], c[1], d[1]])
        };
        Self { buckets: buckets.into_iter().map(joined).collect() }
    }

    /// The sum of the weights of these features.
    pub(super) fn score(&self, features: &[u32]) -> i32 {
        let (chunks, rest) = features.as_chunks::<16>();
        let of_chunks: i32 = chunks.iter().map(|chunk| self.sum(*chunk)).sum();
        of_chunks + rest.iter().map(|feature| self.sum([*feature])).sum::<i32>()
    }

    /// The sum of the weights of a few features. All are brought near at once, and then all four lanes of
    /// each compared in one number. An empty lane has the weight zero.
    #[inline]
    pub(super) fn sum<const N: usize>(&self, features: [u32; N]) -> i32 {
        /// All bits but the highest of each byte.
        const LOW: u32 = 0x7f7f_7f7f;
        let buckets = &self.buckets[..];
        if buckets.is_empty() {
            return 0;
        }
        let (mut tags, mut weights) = ([0; N], [0; N]);
        for ((tags, weights), feature) in tags.iter_mut().zip(&mut weights).zip(features) {
            let bucket = buckets[home(feature, buckets.len())];
            *tags = bucket as u32 ^ ((feature & 0xff) * 0x0101_0101);
            *weights = (bucket >> 32) as u32;
        }
        let mut sum = 0;
        for (differs, weights) in tags.into_iter().zip(weights) {
            // The highest bit of each byte that is zero.
            let same = !(((differs & LOW) + LOW) | differs | LOW);
            let mask = (same << 1).wrapping_sub(same >> 7);
            let weight = weights & mask;
            let weight = weight | weight >> 16;
            sum += i32::from((weight | weight >> 8) as u8 as i8);
        }
        sum
    }
}

/// What is added to a weight in a lane of [`Labels`], so that it is never negative.
const OFFSET: i8 = 32;

impl Labels {
    fn new(features: impl ExactSizeIterator<Item = Feature>) -> Self {
        let buckets = buckets_for(features.len(), 255);
        let lanes = features.map(|(key, weights)| {
            let field = |weight: i8| (weight.clamp(-OFFSET, OFFSET - 1) + OFFSET) as u32;
            let fields = weights.iter().take(4).rev().fold(0, |bits, weight| bits << 6 | field(*weight));
            (key, force(weights), fields << 8 | key & 0xff)
        });
        let mut buckets = fill(lanes, buckets);
        let count = buckets.len() as u64;
        for (place, bucket) in buckets.iter_mut().enumerate() {
            // No key of the bucket has the last bits of the key before its first one.
            let first = ((place as u64) << KEY_BITS).div_ceil(count);
            for lane in bucket.iter_mut().filter(|lane| **lane == 0) {
                *lane = first.wrapping_sub(1) as u32 & 0xff;
            }
        }
        Self { buckets }
    }

    /// Adds the weights of these features to the scores of the labels.
    #[inline]
    pub(super) fn add<const N: usize>(&self, features: [u32; N], scores: &mut [i32; 5]) {
        if self.buckets.is_empty() {
            return;
        }
        let buckets = &self.buckets[..];
        // All are brought near at once; what is left of a lane's key is then zero where it is the feature's.
        let mut lanes = [[0; LANES]; N];
        for (lanes, feature) in lanes.iter_mut().zip(features) {
            let tag = feature & 0xff;
            *lanes = buckets[home(feature, buckets.len())].map(|lane| lane ^ tag);
        }
        // Three sums in one number: 12 bits for a label (there are fewer than 64 features at once), 8 for
        // how many were found.
        let (mut even, mut odd) = (0_u32, 0_u32);
        for lane in lanes.as_flattened() {
            let mask = if lane << 24 == 0 { u32::MAX } else { 0 };
            even += (lane >> 8 & 0x3_f03f | 0x100_0000) & mask;
            odd += lane >> 14 & 0x3_f03f & mask;
        }
        let none = (even >> 24) as i32 * i32::from(OFFSET);
        let sums = [even & 0xfff, odd & 0xfff, even >> 12 & 0xfff, odd >> 12];
        for (score, sum) in scores[1..].iter_mut().zip(sums) {
            *score += sum as i32 - none;
        }
    }
}

/// A table that is read from packed features.
pub(super) trait Table {
    /// Weights of a feature.
    const WIDTH: usize;
    fn of(features: impl ExactSizeIterator<Item = Feature>) -> Self;
}

impl Table for Ranks {
    const WIDTH: usize = 1;
    fn of(features: impl ExactSizeIterator<Item = Feature>) -> Self {
        Self::new(features)
    }
}

impl Table for ManyRanks {
    const WIDTH: usize = 1;
    fn of(features: impl ExactSizeIterator<Item = Feature>) -> Self {
        Self::new(features)
    }
}

impl Table for Labels {
    const WIDTH: usize = 4;
    fn of(features: impl ExactSizeIterator<Item = Feature>) -> Self {
        Self::new(features)
    }
}

/// Packs features, which must be in ascending order of keys without doubles: differences of keys
/// first, then one run of weights after the other, since like stands best beside like.
pub(super) fn pack_features(features: &[Feature], width: usize, out: &mut Vec<u8>) {
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
    let mut keys = Vec::with_capacity(count);
    let mut key = 0_u64;
    for _ in 0..count {
        key += reader.number()?;
        if key >= 1 << KEY_BITS {
            return Err(PackError::Damaged);
        }
        keys.push(key as u32);
    }
    let mut columns: [&[u8]; 5] = [&[]; 5];
    for column in columns.iter_mut().take(T::WIDTH) {
        *column = reader.bytes(count)?;
    }
    let weights = |at: usize| columns.map(|column| column.get(at).map_or(0, |weight| *weight as i8));
    Ok(T::of(keys.iter().enumerate().map(|(at, key)| (*key, weights(at)))))
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
            table.add([key], &mut scores);
            let cut = weights.map(|weight| i32::from(weight).clamp(-32, 31));
            assert_eq!(scores[1..], cut[..4]);
        }
        let mut scores = [0; 5];
        table.add([2], &mut scores);
        assert_eq!(scores, [0; 5]);
        let mut bytes = Vec::new();
        pack_features(&features, 1, &mut bytes);
        let table: Ranks = read_features(&mut Reader::new(&bytes)).unwrap();
        assert_eq!(table.score([1, 300, 2]), -127);
        let table: ManyRanks = read_features(&mut Reader::new(&bytes)).unwrap();
        assert_eq!(table.score(&[1, 300, 2, 301, 556]), -127);
    }
}
