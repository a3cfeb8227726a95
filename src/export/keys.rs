//! Names of files for samples: safe on every file system and in every archive, and each once.

use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_64;

/// Longest cleaned id, in bytes; with a number and an ending it fits into the name of an archive's member.
const LONGEST: usize = 64;

/// Gives keys, and remembers eight bytes of each.
#[derive(Default)]
pub(super) struct Keys {
    given: FxHashSet<u64>,
    number: u64,
}

impl Keys {
    /// The key of the next sample: its id where that is a plain name which nobody has had, also in other case, since
    /// some file systems know no case.
    pub(super) fn next(&mut self, id: &str) -> String {
        let mut key = clean(id);
        if key != id || !self.is_new(&key) {
            let stem = key;
            key = format!("{stem}-{}", self.number);
            while !self.is_new(&key) {
                key.push('_');
            }
        }
        self.number += 1;
        key
    }

    fn is_new(&mut self, key: &str) -> bool {
        self.given.insert(xxh3_64(key.to_ascii_lowercase().as_bytes()))
    }
}

/// A text with nothing in it but letters, digits, `-` and `_`; a dot would end the key of an archive's sample.
pub(super) fn clean(id: &str) -> String {
    let plain = |sign: char| if sign.is_ascii_alphanumeric() || "-_".contains(sign) { sign } else { '_' };
    let mut key: String = id.chars().take(LONGEST).map(plain).collect();
    // `__` at the beginning is how archives mark what is no sample, and `-` how programs know options.
    if key.is_empty() || key.starts_with(['-', '_']) {
        key.insert(0, 'x');
        key.truncate(LONGEST);
    }
    key
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_ids_stay() {
        let mut keys = Keys::default();
        for (id, expected) in [
            ("demo-0001", "demo-0001"),
            ("demo-0001", "demo-0001-1"),
            ("Demo-0001", "Demo-0001-2"),
            ("../../x", "x______x-3"),
            ("a/b", "a_b-4"),
            ("a.b", "a_b-5"),
            ("", "x-6"),
            ("-rf", "x-rf-7"),
            ("a\0b", "a_b-8"),
            ("日本", "x__-9"),
            ("demo-0001-11", "demo-0001-11"),
            ("demo-0001", "demo-0001-11_"),
        ] {
            assert_eq!(keys.next(id), expected, "{id:?}");
        }
        assert!(keys.next(&"long ".repeat(1_000)).len() < 100);
    }

    proptest! {
        #[test]
        fn keys_are_safe_and_each_is_given_once(ids in proptest::collection::vec(".{0,12}|[aAbB]{1,2}(-[0-9])?", 0..60)) {
            let mut keys = Keys::default();
            let given: Vec<String> = ids.iter().map(|id| keys.next(id)).collect();
            let folded: HashSet<String> = given.iter().map(|key| key.to_lowercase()).collect();
            prop_assert_eq!(folded.len(), given.len());
            for key in given {
                prop_assert!(!key.is_empty() && !key.starts_with(['-', '_']));
                prop_assert!(key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
            }
        }
    }
}
