//! How one thing stands to another: what it does, and where it is.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::text;

/// A predicate: a verb, a place, or both (`sit on`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Predicate {
    /// Number of its verb; 0 where there is none.
    verb: u32,
    /// Number of its place; 0 where there is none.
    place: u8,
}

/// Places that are told by several words, one a line; a line that begins with `!` excludes the one before it.
const PLACES: &str = "\
on, atop, on top of, upon, onto, over top of
!under, below, beneath, underneath
above, over, high above, just above, directly above
!under, below, beneath, underneath
in, inside, within, inside of, into
!outside, out of, outside of
near, next to, beside, by, close to, alongside, adjacent to, at side of, on side of
!far from, away from
left of, to left of, on left of, at left of, on left side of, to left side of, at left side of
!right of, to right of, on right of, at right of, on right side of, to right side of, at right side of
in front of, before, ahead of
!behind, in back of, at rear of
up
!down
toward, towards
!away from
to
!from";

/// What one thing is to another, and that is to the one.
const MIRRORS: [(&str, &str); 3] = [("left of", "right of"), ("in front of", "behind"), ("above", "under")];

/// Verbs that say no more than that one thing belongs to another.
const BLAND: &[&str] = &["have", "with", "of", "contain", "include", "feature", "show", "be", "get", "use"];

#[derive(Debug, Default)]
struct Places {
    /// Each wording with its number.
    numbers: FxHashMap<&'static str, u8>,
    /// Pairs that exclude each other.
    excluded: Vec<(u8, u8)>,
}

impl Places {
    fn all() -> &'static Self {
        static PLACES_READ: OnceLock<Places> = OnceLock::new();
        PLACES_READ.get_or_init(|| {
            let mut places = Self::default();
            let mut before = 0;
            let mut next = 1;
            for line in PLACES.lines() {
                let (is_excluded, words) =
                    line.strip_prefix('!').map_or((false, line), |words| (true, words));
                let wordings: Vec<&'static str> = words.split(',').map(str::trim).collect();
                let known = wordings.first().and_then(|word| places.numbers.get(word)).copied();
                let number = known.unwrap_or(next);
                next += u8::from(known.is_none());
                for wording in wordings {
                    places.numbers.entry(wording).or_insert(number);
                }
                if is_excluded {
                    places.excluded.push((before, number));
                }
                before = number;
            }
            places
        })
    }

    /// The number of a place that has none of its own: one for each wording.
    fn of(words: &str) -> Option<u8> {
        Self::all().numbers.get(words).copied()
    }
}

impl Predicate {
    /// What a predicate in dictionary form says.
    pub(super) fn of(words: &str) -> Self {
        let words = words.trim_start_matches("be ").replace(" the ", " ");
        let words = words.as_str();
        if let Some(place) = Places::of(words) {
            return Self { verb: 0, place };
        }
        let (verb, rest) = words.split_once(' ').unwrap_or((words, ""));
        if BLAND.contains(&verb) {
            return Self::default();
        }
        Self { verb: print(text::lemma(verb)), place: Places::of(rest).unwrap_or(0) }
    }

    /// Whether it says nothing of its own.
    pub(super) fn is_bland(self) -> bool {
        self == Self::default()
    }

    /// Whether it has ends that are not alike: somebody does it to another, or one is left of the other.
    pub(super) fn has_direction(self) -> bool {
        let is_mirrored = || {
            MIRRORS
                .iter()
                .any(|(one, two)| [one, two].iter().any(|word| Places::of(word) == Some(self.place)))
        };
        self.verb != 0 || is_mirrored()
    }

    /// Whether both may be said of the same two things at once and mean the same: `sit on` and `on`.
    pub(super) fn agrees(self, other: Self) -> bool {
        (self.verb == other.verb || self.verb == 0 || other.verb == 0)
            && (self.place == other.place || self.place == 0 || other.place == 0)
            // A bare verb and a bare place speak of different things.
            && (self.meets(other) || self.is_bland() || other.is_bland())
    }

    /// Whether both tell a verb, or both tell a place.
    fn meets(self, other: Self) -> bool {
        (self.verb != 0 && other.verb != 0) || (self.place != 0 && other.place != 0)
    }

    /// Whether one cannot be where the other is told: `left of` and `right of`; or something else is done.
    pub(super) fn excludes(self, other: Self) -> bool {
        if self.verb != 0 && other.verb != 0 && self.verb != other.verb {
            return true;
        }
        let pair = |one: u8, two: u8| Places::all().excluded.contains(&(one, two));
        pair(self.place, other.place) || pair(other.place, self.place)
    }

    /// Whether what one says of two things the other says of them in the other order: `left of`, `right of`.
    pub(super) fn mirrors(self, other: Self) -> bool {
        let place = |words: &str| Places::of(words).unwrap_or(0);
        let is = |one: &str, two: &str| self.place == place(one) && other.place == place(two);
        self.verb == 0 && other.verb == 0 && MIRRORS.iter().any(|(one, two)| is(one, two) || is(two, one))
    }
}

/// A number for a verb that is the same in every run.
fn print(verb: &str) -> u32 {
    verb.bytes().fold(0x811c_9dc5_u32, |print, byte| (print ^ u32::from(byte)).wrapping_mul(0x0100_0193)) | 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predicates_agree_or_exclude_each_other() {
        let table = [
            ("on", "on top of", true, false),
            ("sit on", "on", true, false),
            ("sit on", "stand on", false, true),
            ("left of", "right of", false, true),
            ("in", "outside", false, true),
            ("on", "under", false, true),
            ("above", "below", false, true),
            ("near", "next to", true, false),
            ("ride", "ride", true, false),
            ("ride", "lead", false, true),
            ("have", "with", true, false),
            ("on", "next to", false, false),
        ];
        for (one, other, agrees, excludes) in table {
            let (first, second) = (Predicate::of(one), Predicate::of(other));
            assert_eq!(first.agrees(second), agrees, "{one}, {other}");
            assert_eq!(second.agrees(first), agrees, "{other}, {one}");
            assert_eq!(first.excludes(second), excludes, "{one}, {other}");
            assert_eq!(second.excludes(first), excludes, "{other}, {one}");
        }
        assert!(Predicate::of("left of").mirrors(Predicate::of("to the right of")));
        assert!(!Predicate::of("near").mirrors(Predicate::of("near")));
    }
}
