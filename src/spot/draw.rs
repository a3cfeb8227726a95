//! Which samples are drawn: by a seed, in proportion to strata, and in which order they are looked at.
//!
//! Every sample has a number that the seed and its id alone decide, and of each stratum those with the smallest are
//! drawn. So the same are drawn on every machine, whatever the order of the data or the state of the index; and where
//! samples are added, only those that push others out change ("bottom-k"; Cohen and Kaplan 2007).

use std::collections::BTreeMap;

/// Samples that each stratum is to have at least, where the number allows it: of a single one no spread is known.
const LEAST: u64 = 2;

/// `SplitMix64`'s finalizer (Steele, Lea and Flood 2014): every bit depends on every bit.
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// The number of a sample by which it is drawn, from the seed and the print of its id.
pub fn key(seed: u64, print: u64) -> u64 {
    mixed(mixed(seed) ^ print)
}

/// The number by which drawn samples are put in order. It is another than [`key`], whose small values would put the
/// samples of strata that give few of theirs first: so any beginning of the queue is as random as all of it.
pub fn turn(seed: u64, print: u64) -> u64 {
    mixed(!mixed(seed) ^ print.rotate_left(32))
}

/// How many of each stratum are drawn: in proportion to its samples (largest remainders, Hamilton's method), but two of
/// each that has them, or one, as far as the number goes. Never more than there are.
pub fn allocate(sizes: &[u64], wanted: u64) -> Vec<u64> {
    let total: u64 = sizes.iter().sum();
    let wanted = wanted.min(total);
    let least =
        (0..=LEAST).rev().find(|least| sizes.iter().map(|size| (*size).min(*least)).sum::<u64>() <= wanted);
    let least = least.unwrap_or_default();
    let mut given: Vec<Option<u64>> = vec![None; sizes.len()];
    // Strata whose share is less than the least get that; what is left is shared by the others, and so on.
    let (mut left, mut samples) = (wanted, total);
    loop {
        let poor: Vec<usize> = (0..sizes.len())
            .filter(|place| given[*place].is_none())
            .filter(|place| share(left, sizes[*place], samples).0 < sizes[*place].min(least))
            .collect();
        if poor.is_empty() {
            break;
        }
        for place in poor {
            let few = sizes[place].min(least);
            given[place] = Some(few);
            left -= few.min(left);
            samples -= sizes[place];
        }
    }
    let mut rest: Vec<(u64, usize)> = Vec::new();
    let mut over = left;
    for (place, size) in
        sizes.iter().enumerate().filter(|(place, _)| given[*place].is_none()).collect::<Vec<_>>()
    {
        let (whole, remainder) = share(left, *size, samples);
        given[place] = Some(whole);
        over -= whole;
        rest.push((remainder, place));
    }
    rest.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
    for (_, place) in rest.into_iter().filter(|(remainder, _)| *remainder > 0).take(over as usize) {
        given[place] = given[place].map(|whole| whole + 1);
    }
    given.into_iter().map(Option::unwrap_or_default).collect()
}

/// The whole part of `wanted × size / total`, and what remains.
fn share(wanted: u64, size: u64, total: u64) -> (u64, u64) {
    let total = u128::from(total.max(1));
    let product = u128::from(wanted) * u128::from(size);
    ((product / total) as u64, (product % total) as u64)
}

/// Keeps of each stratum those with the smallest numbers, as many as are wanted.
#[derive(Debug)]
pub struct Urn<T> {
    strata: Vec<(usize, BTreeMap<u64, T>)>,
}

impl<T> Urn<T> {
    /// For so many of each stratum.
    pub fn new(wanted: &[u64]) -> Self {
        Self { strata: wanted.iter().map(|many| (*many as usize, BTreeMap::new())).collect() }
    }

    /// A sample of a stratum, by its number. Samples with one id have one number, and count once.
    pub fn offer(&mut self, stratum: usize, key: u64, sample: T) {
        let Some((wanted, held)) = self.strata.get_mut(stratum) else { return };
        if held.len() >= *wanted {
            match held.last_key_value() {
                Some((last, _)) if key < *last => {}
                _ => return,
            }
        }
        held.insert(key, sample);
        if held.len() > *wanted {
            held.pop_last();
        }
    }

    /// What was drawn, with the place of its stratum.
    pub fn finish(self) -> impl Iterator<Item = (usize, T)> {
        let strata = self.strata.into_iter().enumerate();
        strata.flat_map(|(place, (_, held))| held.into_values().map(move |sample| (place, sample)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_the_same_on_every_machine() {
        // The first outcomes of SplitMix64 from 0, as its authors publish them.
        assert_eq!(mixed(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(mixed(0x9e37_79b9_7f4a_7c15), 0x6e78_9e6a_a1b9_65f4);
        assert_eq!((key(7, 1), turn(7, 1)), (key(7, 1), turn(7, 1)));
        assert_ne!(key(7, 1), key(8, 1));
    }

    #[test]
    fn strata_get_their_share() {
        for (sizes, wanted, expected) in [
            (vec![50, 30, 20], 10, vec![5, 3, 2]),
            // A small stratum gets two all the same, one where there are no two.
            (vec![9_000, 990, 9, 1], 100, vec![87, 10, 2, 1]),
            (vec![100, 100, 100], 3, vec![1, 1, 1]),
            (vec![100, 100, 100], 2, vec![1, 1, 0]),
            (vec![5, 0, 3], 100, vec![5, 0, 3]),
            (vec![], 9, vec![]),
        ] {
            assert_eq!(allocate(&sizes, wanted), expected, "{sizes:?}");
        }
    }

    #[test]
    fn a_beginning_of_the_queue_has_all_strata_in_their_shares() {
        // 20 of 20 and 180 of 18,000 are drawn; of the first half of the queue about a tenth is of the first.
        let mut shares = Vec::new();
        for seed in 0..200 {
            let mut urn = Urn::new(&[20, 180]);
            for print in 0..18_020_u64 {
                urn.offer(usize::from(print >= 20), key(seed, mixed(print)), mixed(print));
            }
            let mut drawn: Vec<(usize, u64)> = urn.finish().collect();
            drawn.sort_by_key(|(_, print)| turn(seed, *print));
            shares.push(drawn.iter().take(100).filter(|(stratum, _)| *stratum == 0).count() as f64);
        }
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        // Standard error of the mean: 2.1 / √200 = 0.15.
        assert!((mean - 10.0).abs() < 0.6, "{mean}");
    }

    proptest! {
        #[test]
        fn shares_sum_up_and_are_never_more_than_there_are(
            sizes in prop::collection::vec(0_u64..5_000, 0..40), wanted in 0_u64..20_000
        ) {
            let given = allocate(&sizes, wanted);
            let total: u64 = sizes.iter().sum();
            prop_assert_eq!(given.iter().sum::<u64>(), wanted.min(total));
            let filled = sizes.iter().filter(|size| **size > 0).count() as u64;
            for (given, size) in given.iter().zip(&sizes) {
                prop_assert!(given <= size);
                prop_assert!(wanted < filled || *given >= (*size).min(1));
                prop_assert!(wanted < 2 * filled || *given >= (*size).min(2));
            }
        }

        #[test]
        fn the_order_of_the_data_is_no_matter_and_few_change_where_samples_are_added(
            prints: BTreeSet<u64>, more: BTreeSet<u64>, seed: u64, wanted in 0_u64..20
        ) {
            let draw = |prints: &mut dyn Iterator<Item = u64>| -> BTreeSet<u64> {
                let mut urn = Urn::new(&[wanted]);
                prints.for_each(|print| urn.offer(0, key(seed, print), print));
                urn.finish().map(|(_, print)| print).collect()
            };
            let forth = draw(&mut prints.iter().copied());
            prop_assert_eq!(&forth, &draw(&mut prints.iter().rev().copied()));
            prop_assert_eq!(forth.len(), prints.len().min(wanted as usize));
            // Who is there before and after, and was not pushed out by a new one, stays.
            let all = draw(&mut prints.union(&more).copied());
            let new = all.difference(&prints).count();
            prop_assert!(forth.difference(&all).count() <= new);
            prop_assert!(all.intersection(&prints).all(|print| forth.contains(print)));
        }
    }
}
