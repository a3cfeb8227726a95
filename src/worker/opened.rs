//! A data set with the home of its index: what every command starts from.

use std::path::{Path, PathBuf};

use crate::dataset::{self, Dataset, OpenError, Settings};
use crate::index::{Home, IndexError};
use crate::measure::{FlagTable, FlagTableError};

/// A data set that was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What the user named.
    pub paths: Vec<PathBuf>,
    /// How the user wants it read.
    pub settings: Settings,
    /// What is in it.
    pub dataset: Dataset,
    /// Where its index is.
    pub home: Home,
    /// Whether `dataset` is remembered from an earlier run, and may have changed since.
    pub remembered: bool,
}

/// Why a data set could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenedError {
    /// It is no data set.
    #[error(transparent)]
    Dataset(#[from] OpenError),
    /// Its index has no home.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl Opened {
    /// Opens a data set. Where an earlier run remembers it, nothing of it is read: whether it
    /// changed is for [`Opened::refresh`] to find out, off the way to the first picture.
    pub fn new(
        paths: &[PathBuf],
        settings: &Settings,
        index_dir: Option<&Path>,
    ) -> Result<Self, OpenedError> {
        let home = Home::of(paths, settings, index_dir)?;
        let (dataset, remembered) = match home.saved() {
            Some(saved) if paths.iter().all(|path| path.exists()) => (saved.dataset, true),
            _ => (dataset::open(paths, settings)?, false),
        };
        Ok(Self { paths: paths.to_owned(), settings: settings.clone(), dataset, home, remembered })
    }

    /// The rules of flags: the program's, with those of the settings in place of some.
    pub fn flag_table(&self) -> Result<FlagTable, FlagTableError> {
        FlagTable::published().clone().with_rules(self.dataset.flag_rules().clone())
    }

    /// Looks at the files again where they changed since they were remembered. Tells whether they
    /// had.
    pub fn refresh(&mut self) -> Result<bool, OpenedError> {
        if !self.remembered || self.dataset.is_unchanged() {
            return Ok(false);
        }
        let mut dataset = dataset::open(&self.paths, &self.settings)?;
        dataset.keep_ordinals(&self.dataset);
        self.dataset = dataset;
        self.remembered = false;
        Ok(true)
    }
}
