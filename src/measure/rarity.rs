//! What a data set says of one sample: how rare its facts are, and who has the same captions.

use super::key::{Key, KeyKind, is_echo};
use super::prints::Prints;
use super::tally::{Counts, bits_of};

/// What [`super::Columns::settle_by`] needs to know of a sample. Whoever fills it goes over the keys in
/// their order, since sums of bits depend on it in their last digits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rarity {
    /// Bits of all facts that are no echoes, denied ones too.
    pub bits: f64,
    /// Bits of the objects among them that are not denied.
    pub object_bits: f64,
    /// Number of those objects.
    pub objects: u32,
    /// Samples with the same caption, itself among them; of several captions the most.
    pub captions: u64,
    /// Samples with a caption that begins so; of several captions the most.
    pub openings: u64,
    /// Samples with the same band; of several bands the most.
    pub bands: u64,
}

impl Rarity {
    /// Of a sample with these keys and prints.
    pub fn of(keys: &[String], prints: &Prints, counts: &dyn Counts) -> Self {
        let mut rarity = Self::default();
        for key in keys.iter().filter(|key| !is_echo(key, keys)) {
            let is_object = Key::parse(key).is_some_and(|key| key.kind == KeyKind::Object && !key.is_denied);
            rarity.add_fact(bits_of(counts.of_key(key), counts.samples()), is_object);
        }
        let most = |found: &[u64], count: &dyn Fn(u64) -> u64| {
            found.iter().map(|print| count(*print)).max().unwrap_or_default()
        };
        rarity.captions = most(&prints.captions, &|print| counts.of_caption(print));
        rarity.openings = most(&prints.openings, &|print| counts.of_opening(print));
        rarity.bands = most(&prints.bands, &|print| counts.of_band(print));
        rarity
    }

    /// Takes the bits of the next fact.
    pub fn add_fact(&mut self, bits: f64, is_object: bool) {
        self.bits += bits;
        if is_object {
            self.object_bits += bits;
            self.objects += 1;
        }
    }
}
