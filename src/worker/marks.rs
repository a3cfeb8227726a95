//! The workspace of an opened data set.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use xxhash_rust::xxh3::xxh3_64;

use super::Opened;
use crate::index::data_folder;
use crate::model::SampleMarks;
use crate::query;
use crate::workspace::{Prints, Workspace, WorkspaceError, find, locate, print_of};

/// Opens the workspace of a data set, or makes it. Steps are taken back within one session.
///
/// # Errors
/// Where there is no folder for it, or it cannot be read.
pub fn open_workspace(opened: &Opened, session: &str) -> Result<Workspace, WorkspaceError> {
    let folder = data_folder().ok_or(WorkspaceError::NoFolder)?;
    let path = locate(&folder, opened.dataset.name(), &place_of(opened), &content_of(opened))?;
    Workspace::open(&path, session)
}

fn place_of(opened: &Opened) -> String {
    opened.home.folder().file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What the data is, wherever it lies: names and sizes of its files.
fn content_of(opened: &Opened) -> String {
    let mut files: Vec<String> = opened
        .dataset
        .shards()
        .iter()
        .map(|shard| {
            let name = shard.path.file_name().unwrap_or_default().to_string_lossy();
            format!("{name} {}", shard.bytes)
        })
        .collect();
    files.sort_unstable();
    format!("content-{:016x}", xxh3_64(files.join("\n").as_bytes()))
}

/// What somebody has marked of a data set, for queries and rows. A data set that has no workspace gets none by that.
#[derive(Debug)]
pub struct Marked {
    opened: Opened,
    held: Mutex<Option<Held>>,
}

/// The workspace, with what was read of it.
#[derive(Debug)]
struct Held {
    workspace: Workspace,
    version: Option<(i64, u64)>,
    tags: Vec<(String, Prints)>,
    notes: HashMap<u64, String>,
}

impl Held {
    /// Reads again what has changed since.
    fn look_again(&mut self) -> Result<(), WorkspaceError> {
        let version = self.workspace.version()?;
        if self.version != Some(version) {
            self.tags = self.workspace.all_tagged()?;
            self.notes = self.workspace.notes()?.into_iter().collect();
            self.version = Some(version);
        }
        Ok(())
    }
}

impl Marked {
    /// The marks of a data set.
    pub fn of(opened: &Opened) -> Self {
        Self { opened: opened.clone(), held: Mutex::default() }
    }

    /// Asks what is known by now; where nobody has marked anything, nothing is.
    fn ask<T: Default>(&self, ask: impl FnOnce(&Held) -> T) -> Result<T, String> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let look = |held: &mut Option<Held>| -> Result<T, WorkspaceError> {
            if held.is_none() {
                let found = data_folder()
                    .and_then(|folder| find(&folder, &place_of(&self.opened), &content_of(&self.opened)));
                let Some(path) = found else { return Ok(T::default()) };
                let workspace = Workspace::open(&path, "queries")?;
                *held = Some(Held { workspace, version: None, tags: Vec::new(), notes: HashMap::new() });
            }
            let Some(held) = held else { return Ok(T::default()) };
            held.look_again()?;
            Ok(ask(held))
        };
        look(&mut held).map_err(|error| error.to_string())
    }

    /// Another number after every change, by whomever; none where nothing is marked.
    ///
    /// # Errors
    /// Why it cannot be told, in one line.
    pub fn version(&self) -> Result<Option<(i64, u64)>, String> {
        self.ask(|held| held.version)
    }

    /// What is marked on a sample.
    ///
    /// # Errors
    /// Why it cannot be told, in one line.
    pub fn of_sample(&self, id: &str) -> Result<SampleMarks, String> {
        let print = print_of(id);
        self.ask(|held| {
            let tags = held.tags.iter().filter(|(_, prints)| prints.has(print));
            SampleMarks {
                tags: tags.map(|(name, _)| name.clone()).collect(),
                note: held.notes.get(&print).cloned(),
            }
        })
    }

    /// Tags that begin so, with the samples of each.
    ///
    /// # Errors
    /// Why it cannot be told, in one line.
    pub fn tags(&self, prefix: &str) -> Result<Vec<(String, u64)>, String> {
        let prefix = prefix.to_lowercase();
        self.ask(|held| {
            let tags = held.tags.iter().filter(|(name, _)| name.starts_with(&prefix));
            tags.map(|(name, prints)| (name.clone(), prints.len() as u64)).collect()
        })
    }
}

impl query::Marks for Marked {
    fn tagged(&self, is_meant: &dyn Fn(&str) -> bool) -> Result<Prints, String> {
        self.ask(|held| {
            let meant = held.tags.iter().filter(|(name, _)| is_meant(name));
            meant.fold(Prints::default(), |all, (_, prints)| all.with(prints))
        })
    }

    fn noted(&self, says: &dyn Fn(&str) -> bool) -> Result<Prints, String> {
        self.ask(|held| held.notes.iter().filter(|(_, note)| says(note)).map(|(print, _)| *print).collect())
    }
}
