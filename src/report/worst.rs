//! Which of the samples with a flag are the worst.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::measure::{Flag, FlagId};

/// The order of samples with the same flag, each with its place: the farther from the threshold the earlier, and of
/// those that are equally far the first one of the data set.
pub fn worse((one, first): (&Flag, u64), (other, second): (&Flag, u64)) -> Ordering {
    let far = |flag: &Flag| (flag.value - flag.threshold).abs();
    far(other).total_cmp(&far(one)).then(first.cmp(&second))
}

/// The worst samples of each flag, out of many that come one after the other.
#[derive(Debug)]
pub(super) struct Worst {
    most: usize,
    held: BTreeMap<FlagId, Vec<(Flag, u64)>>,
}

impl Worst {
    /// Keeps so many of each flag.
    pub(super) fn new(most: usize) -> Self {
        Self { most, held: BTreeMap::new() }
    }

    /// Takes the flags of the sample at a place.
    pub(super) fn take(&mut self, place: u64, flags: Vec<Flag>) {
        for flag in flags {
            let held = self.held.entry(flag.id).or_default();
            held.push((flag, place));
            if held.len() >= 2 * self.most.max(1) {
                thin(held, self.most);
            }
        }
    }

    /// The worst of a flag, the worst one first.
    pub(super) fn of(&mut self, flag: FlagId) -> Vec<(Flag, u64)> {
        let mut held = self.held.remove(&flag).unwrap_or_default();
        thin(&mut held, self.most);
        held
    }
}

fn thin(held: &mut Vec<(Flag, u64)>, most: usize) {
    held.sort_by(|(one, first), (other, second)| worse((one, *first), (other, *second)));
    held.truncate(most);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn flag(value: f64) -> Flag {
        Flag {
            id: FlagId::Thin,
            column: "units",
            value,
            comparison: "<",
            threshold: 10.0,
            percentile: None,
            spans: Vec::new(),
            mend: "",
        }
    }

    proptest! {
        #[test]
        fn the_worst_are_those_of_a_sort(values in prop::collection::vec(0_u8..10, 0..60), most in 1_usize..6) {
            let mut worst = Worst::new(most);
            for (place, value) in values.iter().enumerate() {
                worst.take(place as u64, vec![flag(f64::from(*value))]);
            }
            let found: Vec<u64> = worst.of(FlagId::Thin).into_iter().map(|(_, place)| place).collect();
            let mut all: Vec<(u8, u64)> = values.iter().copied().zip(0..).collect();
            all.sort_unstable();
            let expected: Vec<u64> = all.into_iter().map(|(_, place)| place).take(most).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
