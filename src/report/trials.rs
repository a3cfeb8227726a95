//! Trials of the whole room.

use super::figures::names;

#[test]
fn figures_have_names_of_their_own() {
    let mut all = names();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
    assert!(all.iter().all(|name| {
        name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._".contains(&byte))
    }));
}
