//! Where an index lives on disk, and who may write it.
//!
//! One folder a data set, in the user's cache folder:
//!
//! ```text
//! <cache>/capscope/<name>-<hash of its paths and settings>/
//!     builder.lock     held by the one process that builds
//!     pictures.lock    held by the one process that looks at pictures
//!     <format>/        the search engine's files: words, and the samples themselves
//!     <format>/facts   the second half of each segment: what captions say
//!     <format>/settled figures that need the whole data set, for one state of the index
//!     dataset.json     what was detected, and the files as they were
//!     progress.json    how far the builder is, for those who follow
//!     skipped.jsonl    records that were left out
//!     pictures         what was seen of pictures, put at the end one by one
//!     pictures.summary the same for those who read, as far as it had come
//!     history          queries of this data set
//!     scratch/         of a build in progress
//! ```

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::IndexError;
use super::pictures;
use super::schema::FORMAT;
use crate::dataset::{Dataset, Settings, Skipped};

/// The folder of one data set's index.
#[derive(Clone, Debug)]
pub struct Home {
    folder: PathBuf,
}

/// What is remembered of a data set between runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Saved {
    /// The version of what wrote this: another version's is not read.
    version: String,
    /// What was detected in it.
    pub dataset: Dataset,
}

/// Holds the right to build, or to look at pictures; let go when dropped, or by the system when the process
/// dies.
pub(super) struct BuildLock {
    _file: File,
}

impl Home {
    /// The home of a data set's index: under `index_dir` where the user named one, else in the
    /// user's cache folder. Nothing is created yet.
    pub fn of(paths: &[PathBuf], settings: &Settings, index_dir: Option<&Path>) -> Result<Self, IndexError> {
        let base = match index_dir {
            Some(folder) => folder.to_owned(),
            None => cache_folder()?,
        };
        let mut key = String::new();
        for path in paths {
            let path = std::path::absolute(path).map_err(IndexError::file(path))?;
            let path = path.canonicalize().unwrap_or(path);
            key.push_str(&path.to_string_lossy());
            key.push('\n');
        }
        for (role, field) in &settings.map {
            key.push_str(&format!("{role}={field}\n"));
        }
        let hash = xxhash_rust::xxh3::xxh3_64(key.as_bytes());
        let name: String = paths
            .first()
            .and_then(|path| path.canonicalize().ok().or_else(|| Some(path.clone())))
            .and_then(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()))
            .unwrap_or_default()
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '_' })
            .take(40)
            .collect();
        Ok(Self { folder: base.join(format!("{name}-{hash:016x}")) })
    }

    /// The folder itself.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the search engine keeps its files.
    pub(super) fn engine(&self) -> PathBuf {
        self.folder.join(format!("v{FORMAT}"))
    }

    /// Where the second halves of segments are: what captions say.
    pub(super) fn facts(&self) -> PathBuf {
        self.engine().join("facts")
    }

    /// Where the figures are that need the whole data set.
    pub(super) fn settled(&self) -> PathBuf {
        self.engine().join("settled")
    }

    /// What was seen of pictures.
    pub(super) fn pictures(&self) -> PathBuf {
        self.folder.join("pictures")
    }

    /// Takes the engine's folder away, for whoever has the right to build. It gets another name first: others
    /// may be opening it, which makes a file in it, and a folder that grows cannot be removed.
    pub(super) fn discard_engine(&self) -> Result<(), IndexError> {
        let (engine, discarded) = (self.engine(), self.folder.join("discarded"));
        remove_folder(&discarded)?;
        match std::fs::rename(&engine, &discarded) {
            Ok(()) => remove_folder(&discarded),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(source) => Err(IndexError::File { path: engine, source }),
        }
    }

    /// Removes indexes that earlier versions of this program have made here, for whoever has the right to build.
    pub(super) fn forget_older(&self) -> Result<(), IndexError> {
        let entries = std::fs::read_dir(&self.folder).map_err(IndexError::file(&self.folder))?;
        for entry in entries.flatten() {
            let name = entry.file_name();
            let format = name.to_str().and_then(|name| name.strip_prefix('v')?.parse::<u32>().ok());
            if format.is_some_and(|format| format < FORMAT) {
                remove_folder(&entry.path())?;
            }
        }
        Ok(())
    }

    pub(super) fn scratch(&self) -> PathBuf {
        self.folder.join("scratch")
    }

    /// Creates the folder.
    pub(super) fn create(&self) -> Result<(), IndexError> {
        std::fs::create_dir_all(&self.folder).map_err(IndexError::file(&self.folder))
    }

    /// Takes the right to build, or `None` where another process has it.
    pub(super) fn lock(&self) -> Result<Option<BuildLock>, IndexError> {
        self.lock_by("builder.lock")
    }

    /// Takes the right to look at pictures, or `None` where another process has it.
    pub(super) fn lock_pictures(&self) -> Result<Option<BuildLock>, IndexError> {
        self.lock_by("pictures.lock")
    }

    fn lock_by(&self, name: &str) -> Result<Option<BuildLock>, IndexError> {
        self.create()?;
        let path = self.folder.join(name);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(IndexError::file(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(BuildLock { _file: file })),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(source)) => Err(IndexError::File { path, source }),
        }
    }

    /// What an earlier run remembers of this data set; `None` where nothing can be read.
    pub fn saved(&self) -> Option<Saved> {
        let saved: Saved = self.read("dataset.json")?;
        (saved.version == version()).then_some(saved)
    }

    /// Remembers what was detected.
    pub(super) fn save(&self, dataset: &Dataset) -> Result<(), IndexError> {
        self.write("dataset.json", &Saved { version: version(), dataset: dataset.clone() })
    }

    pub(super) fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let text = std::fs::read(self.folder.join(name)).ok()?;
        serde_json::from_slice(&text).ok()
    }

    /// Writes beside and renames, so that a reader never sees half a file.
    pub(super) fn write<T: Serialize>(&self, name: &str, value: &T) -> Result<(), IndexError> {
        let path = self.folder.join(name);
        let beside = self.folder.join(format!("{name}.{}.new", std::process::id()));
        let write = || -> std::io::Result<()> {
            let mut file = File::create(&beside)?;
            file.write_all(&serde_json::to_vec(value)?)?;
            file.sync_data()?;
            std::fs::rename(&beside, &path)
        };
        write().map_err(IndexError::file(&path))
    }

    /// The path of the list of skipped records.
    pub(super) fn skipped_path(&self) -> PathBuf {
        self.folder.join("skipped.jsonl")
    }

    /// Forgets what was left out, since all is read anew.
    pub(super) fn forget_skipped(&self) -> Result<(), IndexError> {
        remove_file(&self.skipped_path())
    }

    /// Records that the last build left out, as far as they were kept.
    pub fn skipped(&self) -> Vec<Skipped> {
        let text = std::fs::read_to_string(self.skipped_path()).unwrap_or_default();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// The queries of this data set that were remembered, the oldest first.
    pub fn history(&self) -> Vec<String> {
        self.read("history.json").unwrap_or_default()
    }

    /// Remembers a query: at the end, once, and not more than 500.
    pub fn remember(&self, query: &str) -> Result<(), IndexError> {
        let mut history = self.history();
        history.retain(|older| older != query);
        history.push(query.to_owned());
        let surplus = history.len().saturating_sub(500);
        history.drain(..surplus);
        self.create()?;
        self.write("history.json", &history)
    }

    /// Removes the index, but not the history, where nobody is building it or looking at its pictures.
    pub fn clear(&self) -> Result<bool, IndexError> {
        let (Some(_lock), Some(_pictures)) = (self.lock()?, self.lock_pictures()?) else { return Ok(false) };
        pictures::forget(self)?;
        self.discard_engine()?;
        remove_folder(&self.scratch())?;
        self.forget_skipped()?;
        for name in ["dataset.json", "progress.json"] {
            remove_file(&self.folder.join(name))?;
        }
        Ok(true)
    }
}

/// Removes a file; one that is not there is removed already.
fn remove_file(path: &Path) -> Result<(), IndexError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(IndexError::File { path: path.to_owned(), source: error })
        }
        _ => Ok(()),
    }
}

/// Removes a folder and all in it; one that is not there is removed already.
pub(super) fn remove_folder(path: &Path) -> Result<(), IndexError> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(IndexError::File { path: path.to_owned(), source: error })
        }
        _ => Ok(()),
    }
}

/// The folder of all indexes: `$XDG_CACHE_HOME/capscope`, else `~/.cache/capscope`.
pub fn cache_folder() -> Result<PathBuf, IndexError> {
    user_folder("XDG_CACHE_HOME", ".cache").ok_or(IndexError::NoCache)
}

/// The folder of what a user makes: `$XDG_DATA_HOME/capscope`, else `~/.local/share/capscope`.
pub fn data_folder() -> Option<PathBuf> {
    user_folder("XDG_DATA_HOME", ".local/share")
}

fn user_folder(variable: &str, in_home: &str) -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute(variable).or_else(|| absolute("HOME").map(|home| home.join(in_home)))?;
    Some(base.join("capscope"))
}

/// The version that a remembered detection must have been made by.
fn version() -> String {
    format!("{}/{FORMAT}", env!("CARGO_PKG_VERSION"))
}
