//! What can go wrong with a workspace.

use std::path::PathBuf;

/// Why a workspace cannot be opened, read or changed.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// `SQLite` says so.
    #[error("{}: {cause}", path.display())]
    Engine {
        /// The file.
        path: PathBuf,
        /// What it says.
        cause: rusqlite::Error,
    },
    /// The file system says so.
    #[error("{}: {cause}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What it says.
        cause: std::io::Error,
    },
    /// A later version of the program has written it.
    #[error("{}: written by a later version of capscope (format {found}, this one knows {known})", path.display())]
    Later {
        /// The file.
        path: PathBuf,
        /// The format of the file.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// There is no home folder to keep it in.
    #[error("there is no folder for what you make: set HOME or XDG_DATA_HOME")]
    NoFolder,
    /// It is no name of a tag.
    #[error("`{0}` is no name of a tag: letters, digits, `-`, `_`, `.`, and `/` between levels")]
    TagName(String),
}
