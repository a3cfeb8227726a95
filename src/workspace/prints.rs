//! Sets of samples, by prints of their ids.

use xxhash_rust::xxh3::xxh3_64;

/// Bytes of an id that count: as many as an index holds.
const LONGEST: usize = 1_000;

/// The print of an id: 64 bits. Of ten million ids two have the same with a chance of three in a million.
pub fn print_of(id: &str) -> u64 {
    let id = id.get(..id.floor_char_boundary(LONGEST)).unwrap_or(id);
    xxh3_64(id.as_bytes())
}

/// Prints in rising order, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prints(Vec<u64>);

impl FromIterator<u64> for Prints {
    fn from_iter<I: IntoIterator<Item = u64>>(prints: I) -> Self {
        let mut all: Vec<u64> = prints.into_iter().collect();
        all.sort_unstable();
        all.dedup();
        Self(all)
    }
}

impl Prints {
    /// Those of one id.
    pub fn one(id: &str) -> Self {
        Self(vec![print_of(id)])
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of these is among them.
    pub fn has(&self, print: u64) -> bool {
        self.0.binary_search(&print).is_ok()
    }

    /// All of them, in order.
    pub fn as_slice(&self) -> &[u64] {
        &self.0
    }

    /// Eight bytes each, the lowest first.
    pub(super) fn to_bytes(prints: &[u64]) -> Vec<u8> {
        prints.iter().flat_map(|print| print.to_le_bytes()).collect()
    }

    /// What [`Prints::to_bytes`] has written; a torn end is left out.
    pub(super) fn read(bytes: &[u8], into: &mut Vec<u64>) {
        let (whole, _) = bytes.as_chunks::<8>();
        into.extend(whole.iter().map(|bytes| u64::from_le_bytes(*bytes)));
    }

    /// Parts that go together in order, as the blocks of one tag do.
    pub(super) fn from_parts(prints: Vec<u64>) -> Self {
        debug_assert!(prints.is_sorted(), "blocks are in order");
        Self(prints)
    }

    /// What is in either.
    #[must_use]
    pub fn with(self, other: &Self) -> Self {
        if self.is_empty() {
            return other.clone();
        }
        if other.is_empty() {
            return self;
        }
        self.0.into_iter().chain(other.0.iter().copied()).collect()
    }
}

/// What is in the first and not in the second, both in order.
pub(super) fn without(first: &[u64], second: &[u64]) -> Vec<u64> {
    let mut others = second.iter().peekable();
    let mut found = Vec::with_capacity(first.len());
    for print in first {
        while others.next_if(|other| *other < print).is_some() {}
        if others.peek() != Some(&print) {
            found.push(*print);
        }
    }
    found
}

/// What is in either, both in order.
pub(super) fn merged(first: &[u64], second: &[u64]) -> Vec<u64> {
    let mut all = Vec::with_capacity(first.len() + second.len());
    let (mut one, mut other) = (first.iter().peekable(), second.iter().peekable());
    loop {
        let next = match (one.peek(), other.peek()) {
            (None, None) => return all,
            (Some(left), Some(right)) if left == right => {
                other.next();
                one.next()
            }
            (Some(left), Some(right)) if left < right => one.next(),
            (Some(_), None) => one.next(),
            _ => other.next(),
        };
        all.extend(next.copied());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sets_are_sets(one: BTreeSet<u8>, other: BTreeSet<u8>) {
            let of = |set: &BTreeSet<u8>| set.iter().map(|one| u64::from(*one)).collect::<Vec<_>>();
            let (left, right) = (of(&one), of(&other));
            let both: BTreeSet<u8> = one.union(&other).copied().collect();
            let rest: BTreeSet<u8> = one.difference(&other).copied().collect();
            prop_assert_eq!(merged(&left, &right), of(&both));
            prop_assert_eq!(without(&left, &right), of(&rest));
            let prints: Prints = left.iter().copied().collect();
            let both_prints = prints.with(&right.iter().copied().collect());
            prop_assert_eq!(both_prints.as_slice(), of(&both));
            let mut back = Vec::new();
            Prints::read(&Prints::to_bytes(&left), &mut back);
            prop_assert_eq!(back, left);
        }
    }
}
