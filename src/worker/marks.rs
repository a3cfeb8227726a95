//! The workspace of an opened data set.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::Opened;
use super::keeper::SESSION;
use super::pair_store::decisions;
use crate::index::data_folder;
use crate::model::{Sample, SampleMarks, SampleVerdict};
use crate::pairs::Decision;
use crate::query;
use crate::spot::Ruling;
use crate::workspace::{Prints, Workspace, WorkspaceError, find, locate, print_of};

/// How soon it is looked again for a workspace that is not there: a page of rows must not wait for two files that nobody
/// has written.
const AGAIN: Duration = Duration::from_secs(1);

/// Opens the workspace of a data set, or makes it. Steps are taken back within one session.
///
/// # Errors
/// Where there is no folder for it, or it cannot be read.
pub fn open_workspace(opened: &Opened, session: &str) -> Result<Workspace, WorkspaceError> {
    let folder = data_folder().ok_or(WorkspaceError::NoFolder)?;
    let [place, content] = keys_of(opened);
    Workspace::open(&locate(&folder, opened.dataset.name(), &place, &content)?, session)
}

/// Opens the workspace of a data set, if it has one.
///
/// # Errors
/// Where it cannot be read.
pub(super) fn find_workspace(opened: &Opened, session: &str) -> Result<Option<Workspace>, WorkspaceError> {
    let [place, content] = keys_of(opened);
    let path = data_folder().and_then(|folder| find(&folder, &place, &content));
    path.map(|path| Workspace::open(&path, session)).transpose()
}

/// A workspace that is opened, and made, when it is first needed.
pub(super) struct Late {
    opened: Opened,
    /// By which the steps of this run of the program are known.
    session: String,
    pub(super) held: Option<Workspace>,
}

impl Late {
    /// Steps are those of this process, and of this part of it.
    pub(super) fn new(opened: &Opened, part: &str) -> Self {
        let session = format!("{}-{}{part}", std::process::id(), opened.home.folder().display());
        Self { opened: opened.clone(), session, held: None }
    }

    /// Opens it where somebody has made it by now.
    pub(super) fn look(&mut self) -> Result<Option<&Workspace>, WorkspaceError> {
        if self.held.is_none() {
            self.held = find_workspace(&self.opened, &self.session)?;
        }
        Ok(self.held.as_ref())
    }

    pub(super) fn ask<T>(
        &mut self,
        ask: impl FnOnce(&mut Workspace) -> Result<T, WorkspaceError>,
    ) -> Result<T, WorkspaceError> {
        let held = match self.held.take() {
            Some(held) => held,
            None => open_workspace(&self.opened, &self.session)?,
        };
        ask(self.held.insert(held))
    }
}

/// Where somebody was when they left this data set last, as they have put it.
///
/// # Errors
/// Where the workspace cannot be read.
pub fn last_session(opened: &Opened) -> Result<Option<String>, WorkspaceError> {
    let workspace = find_workspace(opened, "session")?;
    Ok(workspace.map(|workspace| workspace.setting(SESSION)).transpose()?.flatten())
}

/// What a workspace is found by: where the data is, and what it is.
fn keys_of(opened: &Opened) -> [String; 2] {
    [place_of(opened), content_of(opened)]
}

fn place_of(opened: &Opened) -> String {
    opened.home.folder().file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What the data is, wherever it lies: names and sizes of its files.
pub(super) fn content_of(opened: &Opened) -> String {
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
    keys: [String; 2],
    state: Mutex<State>,
}

/// What is known of the workspace.
#[derive(Debug, Default)]
struct State {
    held: Option<Held>,
    /// When it was last found not to be there.
    missed: Option<Instant>,
}

/// The workspace, with what was read of it.
#[derive(Debug)]
struct Held {
    workspace: Workspace,
    version: Option<(i64, u64)>,
    state: Option<(i64, i64)>,
    tags: Vec<(String, Prints)>,
    notes: HashMap<u64, String>,
    verdicts: HashMap<u64, Vec<SampleVerdict>>,
}

/// How much somebody has marked in a data set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MarkCounts {
    /// Tags with the samples of each, in order.
    pub tags: Vec<(String, u64)>,
    /// Samples with a note.
    pub notes: u64,
    /// Pairs that were accepted or rejected.
    pub decided_pairs: u64,
}

impl State {
    /// Opens the workspace if there is one by now, and reads again what has changed since.
    fn look_again(&mut self, [place, content]: &[String; 2]) -> Result<(), WorkspaceError> {
        if self.held.is_none() && self.missed.is_none_or(|missed| missed.elapsed() >= AGAIN) {
            self.missed = Some(Instant::now());
            if let Some(path) = data_folder().and_then(|folder| find(&folder, place, content)) {
                let workspace = Workspace::open(&path, "queries")?;
                self.held = Some(Held::new(workspace));
            }
        }
        self.held.as_mut().map_or(Ok(()), Held::look_again)
    }
}

impl Held {
    /// Nothing is read yet.
    fn new(workspace: Workspace) -> Self {
        let (tags, notes, verdicts) = (Vec::new(), HashMap::new(), HashMap::new());
        Self { workspace, version: None, state: None, tags, notes, verdicts }
    }

    /// Reads again what has changed since.
    fn look_again(&mut self) -> Result<(), WorkspaceError> {
        let version = self.workspace.version()?;
        if self.version != Some(version) {
            // The file changes with every session that is kept, too.
            let state = self.workspace.state()?;
            if self.state != Some(state) {
                self.tags = self.workspace.tagged()?;
                self.notes = self.workspace.notes()?.into_iter().collect();
                self.verdicts.clear();
                for (spot, ruling) in self.workspace.all_rulings()? {
                    let Ruling { rater, reason, .. } = ruling;
                    let told = SampleVerdict { verdict: ruling.verdict.name(), reason, rater, spot };
                    self.verdicts.entry(ruling.print).or_default().push(told);
                }
                self.state = Some(state);
            }
            self.version = Some(version);
        }
        Ok(())
    }

    fn of_sample(&self, id: &str) -> SampleMarks {
        let print = print_of(id);
        let tags = self.tags.iter().filter(|(_, prints)| prints.has(print));
        SampleMarks {
            tags: tags.map(|(name, _)| name.clone()).collect(),
            note: self.notes.get(&print).cloned(),
            verdicts: self.verdicts.get(&print).cloned().unwrap_or_default(),
        }
    }
}

impl Marked {
    /// The marks of a data set.
    pub fn of(opened: &Opened) -> Self {
        Self { keys: keys_of(opened), state: Mutex::default() }
    }

    /// The marks of one file, whatever data set it is of.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn at(file: &Path) -> Result<Self, WorkspaceError> {
        let held = Some(Held::new(Workspace::open(file, "queries")?));
        Ok(Self { keys: [String::new(), String::new()], state: Mutex::new(State { held, missed: None }) })
    }

    /// Asks what is known by now; where nobody has marked anything, nothing is.
    fn ask<T: Default>(&self, ask: impl FnOnce(&Held) -> T) -> Result<T, String> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.look_again(&self.keys).map_err(|error| error.to_string())?;
        Ok(state.held.as_ref().map(ask).unwrap_or_default())
    }

    /// Another number after every change, by whomever; none where nothing is marked.
    ///
    /// # Errors
    /// Why it cannot be told, in one line.
    pub fn version(&self) -> Result<Option<(i64, i64)>, String> {
        self.ask(|held| held.state)
    }

    /// Puts what is marked on samples into their rows.
    ///
    /// # Errors
    /// Why it cannot be told, in one line.
    pub fn mark(&self, rows: &mut [Arc<Sample>]) -> Result<(), String> {
        self.ask(|held| {
            for row in rows {
                let marks = held.of_sample(&row.id);
                if marks != row.marks {
                    *row = Arc::new(Sample { marks, ..(**row).clone() });
                }
            }
        })
    }

    /// Puts what is marked on a sample into it.
    ///
    /// # Errors
    /// Why it cannot be told, in one line.
    pub fn mark_one(&self, sample: &mut Sample) -> Result<(), String> {
        sample.marks = self.ask(|held| held.of_sample(&sample.id))?;
        Ok(())
    }

    /// How much is marked, and nothing where there is no workspace.
    ///
    /// # Errors
    /// Why it cannot be told, in one line.
    pub fn counts(&self) -> Result<MarkCounts, String> {
        let counted: Option<Result<MarkCounts, WorkspaceError>> = self.ask(|held| {
            Some(decisions(&held.workspace).map(|decided| {
                let is_made = |decision: &&Decision| **decision != Decision::Undecided;
                let tags = held.tags.iter().map(|(name, prints)| (name.clone(), prints.len() as u64));
                MarkCounts {
                    tags: tags.filter(|(_, samples)| *samples > 0).collect(),
                    notes: held.notes.len() as u64,
                    decided_pairs: decided.values().filter(is_made).count() as u64,
                }
            }))
        })?;
        counted.transpose().map(Option::unwrap_or_default).map_err(|error| error.to_string())
    }

    /// Verdicts and reasons that begin so, with the samples of each, the most frequent first.
    ///
    /// # Errors
    /// Why it cannot be told, in one line.
    pub fn verdicts(&self, prefix: &str) -> Result<Vec<(String, u64)>, String> {
        let prefix = prefix.to_lowercase();
        self.ask(|held| {
            let mut found: HashMap<&str, u64> = HashMap::new();
            for told in held.verdicts.values() {
                let names = told.iter().flat_map(|one| [Some(one.verdict), one.reason.as_deref()]);
                let names: HashSet<&str> = names.flatten().collect();
                for name in names.into_iter().filter(|name| name.to_lowercase().starts_with(&prefix)) {
                    *found.entry(name).or_default() += 1;
                }
            }
            let mut found: Vec<(String, u64)> =
                found.into_iter().map(|(name, samples)| (name.to_owned(), samples)).collect();
            found.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
            found
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

    fn judged(&self, is_meant: &dyn Fn(&str, &str) -> bool) -> Result<Prints, String> {
        let is_told =
            |told: &SampleVerdict| is_meant(told.verdict, told.reason.as_deref().unwrap_or_default());
        self.ask(|held| {
            let meant = held.verdicts.iter().filter(|(_, all)| all.iter().any(is_told));
            meant.map(|(print, _)| *print).collect()
        })
    }
}
