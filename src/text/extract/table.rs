//! Weights of hashed features: how they are kept, packed and looked up.
//!
//! A feature is a number of 24 bits, the hash of what it says. A table is open-addressed and at
//! most half full; key and weights share one word, so that a look-up touches one line of the cache
//! in nearly all cases. Features that the training never saw have the weight zero.

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

/// A word of a table: a key and `WIDTH` weights of eight bits.
pub(super) trait Slot: Copy + Default + PartialEq {
    /// Weights in it.
    const WIDTH: usize;
    fn new(key: u32, weights: &[i8]) -> Self;
    fn key(self) -> u32;
}

impl Slot for u32 {
    const WIDTH: usize = 1;

    fn new(key: u32, weights: &[i8]) -> Self {
        let weight = weights.first().copied().unwrap_or_default();
        key << 8 | Self::from(weight as u8)
    }

    #[inline]
    fn key(self) -> u32 {
        self >> 8
    }
}

impl Slot for u64 {
    const WIDTH: usize = 5;

    fn new(key: u32, weights: &[i8]) -> Self {
        let mut bytes = [0; 8];
        for (byte, weight) in bytes.iter_mut().zip(weights.iter().take(Self::WIDTH)) {
            *byte = *weight as u8;
        }
        Self::from_le_bytes(bytes) | Self::from(key) << 40
    }

    #[inline]
    fn key(self) -> u32 {
        (self >> 40) as u32
    }
}

/// Features with one weight each, for a ranker.
pub(super) type Ranks = Table<u32>;

/// Features with a weight for each label but the first, which has zero.
pub(super) type Labels = Table<u64>;

/// Weights by feature.
#[derive(Debug, Default)]
pub(super) struct Table<S> {
    slots: Vec<S>,
    mask: usize,
}

impl<S: Slot> Table<S> {
    /// A table of these features. A feature of key zero, or without any weight, is left out.
    pub(super) fn new(features: impl ExactSizeIterator<Item = (u32, [i8; 5])>) -> Self {
        let size = (2 * features.len()).next_power_of_two().max(2);
        let mut table = Self { slots: vec![S::default(); size], mask: size - 1 };
        for (key, weights) in features {
            let slot = S::new(key, &weights);
            if slot == S::default() || key == 0 {
                continue;
            }
            let mut place = key as usize & table.mask;
            while table.slots[place] != S::default() {
                place = (place + 1) & table.mask;
            }
            table.slots[place] = slot;
        }
        table
    }

    #[inline]
    fn slot(&self, key: u32) -> S {
        let mut place = key as usize & self.mask;
        loop {
            let slot = self.slots[place];
            if slot.key() == key {
                return slot;
            }
            if slot == S::default() {
                return slot;
            }
            place = (place + 1) & self.mask;
        }
    }
}

impl Ranks {
    /// The sum of the weights of these features.
    #[inline]
    pub(super) fn score(&self, features: &[u32]) -> i32 {
        features.iter().map(|feature| self.weight(*feature)).sum()
    }

    /// The weight of one feature.
    #[inline]
    pub(super) fn weight(&self, feature: u32) -> i32 {
        i32::from(self.slot(feature) as u8 as i8)
    }
}

impl Labels {
    /// Adds the weights of a feature to the scores of the labels.
    #[inline]
    pub(super) fn add(&self, feature: u32, scores: &mut [i32; 6]) {
        let bytes = self.slot(feature).to_le_bytes();
        for (score, byte) in scores[1..].iter_mut().zip(bytes) {
            *score += i32::from(byte as i8);
        }
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
pub(super) fn read_features<S: Slot>(reader: &mut Reader<'_>) -> Result<Table<S>, PackError> {
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
    for column in 0..S::WIDTH {
        let weights = reader.bytes(count)?;
        for ((_, row), weight) in features.iter_mut().zip(weights) {
            row[column] = *weight as i8;
        }
    }
    Ok(Table::new(features.into_iter()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_features_come_back() {
        let features = [(1, [1, 0, 0, 0, -1]), (300, [-128, 127, 3, 4, 5]), ((1 << KEY_BITS) - 1, [7; 5])];
        let mut bytes = Vec::new();
        pack_features(&features, 5, &mut bytes);
        let table: Labels = read_features(&mut Reader::new(&bytes)).unwrap();
        for (key, weights) in features {
            let mut scores = [0; 6];
            table.add(key, &mut scores);
            assert_eq!(scores[1..], weights.map(i32::from));
        }
        let mut scores = [0; 6];
        table.add(2, &mut scores);
        assert_eq!(scores, [0; 6]);
        let mut bytes = Vec::new();
        pack_features(&features, 1, &mut bytes);
        let table: Ranks = read_features(&mut Reader::new(&bytes)).unwrap();
        assert_eq!(table.score(&[1, 300, 2]), -127);
    }
}
