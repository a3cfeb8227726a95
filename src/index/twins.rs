//! Samples whose pictures look the same.
//!
//! Pictures belong together only where the 64 bits of their shapes differ in at most four. To find them without
//! comparing all with all, the bits are parted into six bands: four differences leave at least two bands as they are, so
//! whoever belongs together agrees in one of the fifteen pairs of bands (Manku, Jain, Das Sarma, "Detecting
//! near-duplicates for web crawling", 2007). For each pair the likenesses are sorted by some 21 bits, and only
//! neighbours that agree in them are compared.
//!
//! What belongs together is brought together by union and find, so that a crowd of equal pictures costs no more
//! than any other; a chain of pictures, each near the next, is one group.

use std::ops::ControlFlow;

use crate::media::{Likeness, MOST_BITS_APART};

/// Where the bands begin and end.
const BANDS: [(u32, u32); 6] = [(0, 11), (11, 22), (22, 33), (33, 44), (44, 54), (54, 64)];
/// Likenesses that agree in two bands and are compared with one of them: where there are more, only the
/// next in order are, so that no crowd takes quadratic time.
const MOST_COMPARED: usize = 4_096;

/// A picture: its likeness, and the place of its sample.
pub(super) type Seen = (Likeness, u64);

/// So many of the bits may differ that two of six bands are the same.
const _: () = assert!(MOST_BITS_APART as usize + 2 <= BANDS.len());

/// For each sample with a twin, in order, how many other samples have a picture that looks like one of its own: of
/// the picture that has most. `None` where `watch` says to stop. Takes some 32 bytes a picture.
pub(super) fn twins(seen: Vec<Seen>, watch: &mut dyn FnMut() -> ControlFlow<()>) -> Option<Vec<(u64, u32)>> {
    let members = groups(seen, watch)?;
    let mut found: Vec<(u64, u32)> = Vec::new();
    for group in members.chunk_by(|one, other| one.0 == other.0) {
        found.extend(group.iter().map(|(_, seq)| (*seq, group.len() as u32 - 1)));
    }
    found.sort_unstable_by_key(|(seq, twins)| (*seq, std::cmp::Reverse(*twins)));
    found.dedup_by_key(|(seq, _)| *seq);
    Some(found)
}

/// Samples whose pictures look the same, each with the number of its group, group by group; those that are alone
/// in a group are in none. A sample of several pictures may be in several groups. `None` where `watch` says to stop.
pub(super) fn groups(
    mut seen: Vec<Seen>,
    watch: &mut dyn FnMut() -> ControlFlow<()>,
) -> Option<Vec<(u32, u64)>> {
    seen.sort_unstable();
    // A sample that names one picture twice is not its own twin.
    seen.dedup();
    // The first of each run of equal likenesses stands for all.
    let mut order: Vec<u32> = Vec::with_capacity(seen.len());
    let mut groups = Groups::new(seen.len());
    for (place, (likeness, _)) in seen.iter().enumerate() {
        match order.last().copied() {
            Some(first) if of(&seen, first) == *likeness => groups.join(first, place as u32),
            _ => order.push(place as u32),
        }
    }
    for mask in masks() {
        if watch().is_break() {
            return None;
        }
        join(&seen, mask, &mut order, &mut groups);
    }
    drop(order);
    let seqs = seen.iter().enumerate();
    let mut members: Vec<(u32, u64)> =
        seqs.map(|(place, (_, seq))| (groups.first(place as u32), *seq)).collect();
    drop((seen, groups));
    members.sort_unstable();
    members.dedup();
    let in_company = members.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1);
    Some(in_company.flatten().copied().collect())
}

/// The bits of every pair of bands.
fn masks() -> impl Iterator<Item = u64> {
    let band = |(from, to): (u32, u32)| ((1_u64 << (to - from)) - 1) << from;
    let pairs = (0..BANDS.len()).flat_map(|one| (one + 1..BANDS.len()).map(move |other| (one, other)));
    pairs.map(move |(one, other)| band(BANDS[one]) | band(BANDS[other]))
}

/// Joins likenesses that agree in these bits of their shapes and are near.
fn join(seen: &[Seen], mask: u64, order: &mut [u32], groups: &mut Groups) {
    order.sort_unstable_by_key(|place| (of(seen, *place).shape & mask, *place));
    let agree = |one: u32, other: u32| (of(seen, one).shape ^ of(seen, other).shape) & mask == 0;
    for bucket in order.chunk_by(|one, other| agree(*one, *other)) {
        for (at, one) in bucket.iter().enumerate() {
            let likeness = of(seen, *one);
            for other in bucket.iter().skip(at + 1).take(MOST_COMPARED) {
                if likeness.is_near(of(seen, *other)) {
                    groups.join(*one, *other);
                }
            }
        }
    }
}

fn of(seen: &[Seen], place: u32) -> Likeness {
    seen.get(place as usize).map(|(likeness, _)| *likeness).unwrap_or_default()
}

/// Union and find.
struct Groups(Vec<u32>);

impl Groups {
    fn new(members: usize) -> Self {
        Self((0..members as u32).collect())
    }

    /// The member that stands for the group of another.
    fn first(&mut self, mut member: u32) -> u32 {
        loop {
            let above = self.above(member);
            if above == member {
                return member;
            }
            // Halves the way for those who come later.
            let next = self.above(above);
            if let Some(slot) = self.0.get_mut(member as usize) {
                *slot = next;
            }
            member = next;
        }
    }

    fn above(&self, member: u32) -> u32 {
        self.0.get(member as usize).copied().unwrap_or(member)
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.first(one), self.first(other));
        if let Some(slot) = self.0.get_mut(one.max(other) as usize) {
            *slot = one.min(other);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(seen: &[(u64, u64)]) -> Vec<(u64, u32)> {
        let seen = seen.iter().map(|(shape, seq)| (Likeness { shape: *shape, tint: 0 }, *seq)).collect();
        twins(seen, &mut || ControlFlow::Continue(())).unwrap()
    }

    #[test]
    fn samples_are_twins_and_pictures_of_one_sample_are_not() {
        let own = 0x0123_4567_89ab_cdef;
        assert_eq!(found(&[(own, 1), (own, 1), (own ^ 1, 1)]), []);
        assert_eq!(found(&[(own, 1), (own, 2), (own ^ 0b1111, 3), (!own, 4)]), [(1, 2), (2, 2), (3, 2)]);
        assert_eq!(found(&[(own, 1), (own ^ 0b1_1111, 2)]), []);
        // Two pictures with a twin each: not more than one of them has.
        assert_eq!(found(&[(own, 1), (!own, 1), (own, 2), (!own, 3)]), [(1, 1), (2, 1), (3, 1)]);
        let tinted = |tint: u64, seq: u64| (Likeness { shape: own, tint }, seq);
        let of = |seen: Vec<Seen>| twins(seen, &mut || ControlFlow::Continue(()));
        assert_eq!(of(vec![tinted(0, 1), tinted(0xff, 2), tinted(1, 3)]), Some(vec![(1, 1), (3, 1)]));
        assert_eq!(twins(vec![tinted(0, 1), tinted(0, 2)], &mut || ControlFlow::Break(())), None);
    }

    #[test]
    fn fifteen_masks_of_two_bands() {
        assert_eq!(masks().count(), 15);
        assert!(masks().all(|mask| (20..=22).contains(&mask.count_ones())));
    }

    proptest! {
        #[test]
        fn whoever_is_near_is_found(likeness: u64, bits in proptest::collection::vec(0_u32..64, 0..8), other: u64) {
            let near = bits.iter().fold(likeness, |near, bit| near ^ 1 << bit);
            let wanted = (likeness ^ near).count_ones() <= MOST_BITS_APART;
            let seen = [(likeness, 1), (near, 2), (other, 3), (other.rotate_left(7), 4)];
            let pairs = found(&seen);
            prop_assert!(!wanted || pairs.iter().any(|(seq, _)| *seq == 1));
        }
    }
}
