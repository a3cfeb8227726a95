//! Two rows of words laid beside each other: what stayed, what moved, what is only in one of them.

/// What became of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It stands in both, in the same order; the place of its partner.
    Kept(usize),
    /// It stands in both, elsewhere; the place of its partner.
    Moved(usize),
    /// It stands in this one only.
    Alone,
}

impl Fate {
    /// The place of its partner in the other row.
    pub fn partner(self) -> Option<usize> {
        match self {
            Self::Kept(other) | Self::Moved(other) => Some(other),
            Self::Alone => None,
        }
    }
}

/// The way from one row of words to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// What became of each word of the first row.
    pub first: Vec<Fate>,
    /// Of each word of the second.
    pub second: Vec<Fate>,
}

/// Rows are compared up to this many words; what comes after is not laid beside anything.
const LONGEST: usize = 2_000;

impl Edit {
    /// Lays rows beside each other: the heaviest common subsequence is kept, and of what is left, equal words have
    /// moved. `weight` tells how much it is worth to keep a word (articles less than nouns), at least 1.
    ///
    /// Time and memory grow with the product of the lengths without their common ends.
    pub fn between<T: PartialEq>(one: &[T], other: &[T], weight: impl Fn(&T) -> u32) -> Self {
        let mut edit = Self { first: vec![Fate::Alone; one.len()], second: vec![Fate::Alone; other.len()] };
        let shorter = one.len().min(other.len());
        let head = one.iter().zip(other).take_while(|(left, right)| left == right).count();
        let tail = (one.iter().rev().zip(other.iter().rev()))
            .take(shorter - head)
            .take_while(|(left, right)| left == right)
            .count();
        for at in 0..head {
            edit.join(at, at, Fate::Kept);
        }
        for back in 1..=tail {
            edit.join(one.len() - back, other.len() - back, Fate::Kept);
        }
        let left = one.get(head..one.len() - tail).unwrap_or_default();
        let right = other.get(head..other.len() - tail).unwrap_or_default();
        let (left, right) = (upto(left), upto(right));
        for (at, beside) in common(left, right, &weight) {
            edit.join(head + at, head + beside, Fate::Kept);
        }
        for (at, word) in left.iter().enumerate() {
            if edit.first.get(head + at) != Some(&Fate::Alone) {
                continue;
            }
            let is_free = |beside: &usize| edit.second.get(head + beside) == Some(&Fate::Alone);
            let partner = (0..right.len()).filter(is_free).find(|beside| right.get(*beside) == Some(word));
            if let Some(beside) = partner {
                edit.join(head + at, head + beside, Fate::Moved);
            }
        }
        edit
    }

    fn join(&mut self, one: usize, other: usize, fate: impl Fn(usize) -> Fate) {
        if let (Some(left), Some(right)) = (self.first.get_mut(one), self.second.get_mut(other)) {
            *left = fate(other);
            *right = fate(one);
        }
    }
}

fn upto<T>(row: &[T]) -> &[T] {
    row.get(..LONGEST).unwrap_or(row)
}

/// The heaviest common subsequence of two rows, as pairs of places.
fn common<T: PartialEq>(left: &[T], right: &[T], weight: &impl Fn(&T) -> u32) -> Vec<(usize, usize)> {
    if left.is_empty() || right.is_empty() {
        return Vec::new();
    }
    let wide = right.len() + 1;
    // best[i][j]: the weight of what can be kept of left[i..] and right[j..].
    let mut best = vec![0_u32; (left.len() + 1) * wide];
    let look = |best: &[u32], at: usize, beside: usize| best.get(at * wide + beside).copied().unwrap_or(0);
    for (at, word) in left.iter().enumerate().rev() {
        for (beside, other) in right.iter().enumerate().rev() {
            let mut most = look(&best, at + 1, beside).max(look(&best, at, beside + 1));
            if word == other {
                most = most.max(look(&best, at + 1, beside + 1) + weight(word).max(1));
            }
            if let Some(cell) = best.get_mut(at * wide + beside) {
                *cell = most;
            }
        }
    }
    let mut kept = Vec::new();
    let (mut at, mut beside) = (0, 0);
    while let (Some(word), Some(other)) = (left.get(at), right.get(beside)) {
        let here = look(&best, at, beside);
        if word == other && here == look(&best, at + 1, beside + 1) + weight(word).max(1) {
            kept.push((at, beside));
            at += 1;
            beside += 1;
        } else if here == look(&best, at + 1, beside) {
            at += 1;
        } else {
            beside += 1;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Words in one row each: `=` kept, `~` moved, `-` and `+` alone.
    fn shown(one: &str, other: &str) -> (String, String) {
        let (left, right): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), other.split(' ').collect());
        let edit = Edit::between(&left, &right, |word| if word.len() > 2 { 4 } else { 1 });
        let sign = |fates: &[Fate], alone: char| -> String {
            fates
                .iter()
                .map(|fate| match fate {
                    Fate::Kept(_) => '=',
                    Fate::Moved(_) => '~',
                    Fate::Alone => alone,
                })
                .collect()
        };
        (sign(&edit.first, '-'), sign(&edit.second, '+'))
    }

    #[test]
    fn rows_are_laid_beside_each_other() {
        let table = [
            ("a brown dog", "a brown dog", "===", "==="),
            ("a brown dog", "a black dog", "=-=", "=+="),
            ("a dog", "a big dog", "==", "=+="),
            ("a man with a cat", "a cat with a man", "=~==~", "=~==~"),
            ("a b c", "d e f", "---", "+++"),
        ];
        for (one, other, first, second) in table {
            let (left, right) = shown(one, other);
            assert_eq!((left.as_str(), right.as_str()), (first, second), "{one} | {other}");
        }
    }

    proptest! {
        #[test]
        fn partners_point_at_each_other(one in proptest::collection::vec(0_u8..6, 0..24),
                                        other in proptest::collection::vec(0_u8..6, 0..24)) {
            let edit = Edit::between(&one, &other, |_| 1);
            prop_assert_eq!(edit.first.len(), one.len());
            prop_assert_eq!(edit.second.len(), other.len());
            let mut last = None;
            for (at, fate) in edit.first.iter().enumerate() {
                if let Some(beside) = fate.partner() {
                    prop_assert_eq!(one[at], other[beside]);
                    prop_assert_eq!(edit.second[beside].partner(), Some(at));
                }
                if let Fate::Kept(beside) = fate {
                    prop_assert!(last < Some(*beside));
                    last = Some(*beside);
                }
            }
            // No word is alone on both sides.
            for value in 0..6 {
                let alone = |row: &[u8], fates: &[Fate]| row.iter().zip(fates)
                    .any(|(word, fate)| *word == value && *fate == Fate::Alone);
                prop_assert!(!(alone(&one, &edit.first) && alone(&other, &edit.second)));
            }
        }
    }
}
