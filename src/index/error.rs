//! What can go wrong with an index, in words for the user.

use std::path::{Path, PathBuf};

/// Why an index could not be made, read or searched.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// A file or folder of the index failed.
    #[error("index: {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// How.
        source: std::io::Error,
    },
    /// The search engine failed.
    #[error("index: {0}")]
    Engine(#[from] tantivy::TantivyError),
    /// A stored sample does not read back.
    #[error("index: a stored sample is damaged ({0}); `capscope index --rebuild` makes it anew")]
    Sample(String),
    /// A thread that indexes could not go on.
    #[error("index: {0}")]
    Thread(String),
    /// There is no folder for indexes.
    #[error("no folder for the index: neither XDG_CACHE_HOME nor HOME is set; name one with --index-dir")]
    NoCache,
    /// The query asks for what cannot be answered.
    #[error("{message}")]
    Query {
        /// Byte range in the query's text.
        span: std::ops::Range<usize>,
        /// What was expected instead.
        message: String,
    },
}

impl IndexError {
    pub(super) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}
