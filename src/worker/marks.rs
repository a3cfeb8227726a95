//! The workspace of an opened data set.

use std::sync::{Mutex, PoisonError};

use xxhash_rust::xxh3::xxh3_64;

use super::Opened;
use crate::index::data_folder;
use crate::query;
use crate::workspace::{Prints, Workspace, WorkspaceError, locate};

/// Opens the workspace of a data set, or makes it. Steps are taken back within one session.
///
/// # Errors
/// Where there is no folder for it, or it cannot be read.
pub fn open_workspace(opened: &Opened, session: &str) -> Result<Workspace, WorkspaceError> {
    let folder = data_folder().ok_or(WorkspaceError::NoFolder)?;
    let place = opened.home.folder().file_name().unwrap_or_default().to_string_lossy().into_owned();
    let path = locate(&folder, opened.dataset.name(), &place, &content_of(opened))?;
    Workspace::open(&path, session)
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

/// What somebody has marked of a data set, for queries. The workspace is opened when a query first asks.
#[derive(Debug)]
pub struct Marked {
    opened: Opened,
    workspace: Mutex<Option<Workspace>>,
}

impl Marked {
    /// The marks of a data set.
    pub fn of(opened: &Opened) -> Self {
        Self { opened: opened.clone(), workspace: Mutex::default() }
    }

    fn ask<T>(&self, ask: impl FnOnce(&Workspace) -> Result<T, WorkspaceError>) -> Result<T, String> {
        let mut workspace = self.workspace.lock().unwrap_or_else(PoisonError::into_inner);
        let held = match workspace.take() {
            Some(held) => held,
            None => open_workspace(&self.opened, "queries").map_err(|error| error.to_string())?,
        };
        let told = ask(workspace.insert(held));
        told.map_err(|error| error.to_string())
    }
}

impl query::Marks for Marked {
    fn tagged(&self, is_meant: &dyn Fn(&str) -> bool) -> Result<Prints, String> {
        self.ask(|workspace| workspace.tagged(is_meant))
    }

    fn noted(&self, says: &dyn Fn(&str) -> bool) -> Result<Prints, String> {
        self.ask(|workspace| workspace.noted(says))
    }
}
