//! What tests of several rooms share.

use std::path::{Path, PathBuf};

/// A part of the real samples by its name, where this machine has them; else says so and gives nothing.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CAPSCOPE_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = root.join("data").join(name);
    if path.exists() {
        Some(path)
    } else {
        println!("skipped: no shared data ({})", path.display());
        None
    }
}
