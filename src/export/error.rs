//! Why there is no export.

use std::path::{Path, PathBuf};

/// Why there is no export. Whatever was written by then is gone.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// What is wanted cannot be.
    #[error("{0}")]
    Wish(String),
    /// Something is there already.
    #[error("{} is there already; --force replaces it", .0.display())]
    Exists(PathBuf),
    /// Something is there that is never replaced.
    #[error("{} is there already, and {reason}", path.display())]
    Untouchable {
        /// What is there.
        path: PathBuf,
        /// Why it stays.
        reason: &'static str,
    },
    /// A file could not be written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A thread of the export has died.
    #[error("a thread of the export has died")]
    Thread,
}

impl ExportError {
    /// A failure of this file.
    pub(super) fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}
