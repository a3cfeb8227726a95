//! Where an export goes: written beside, under a name that says so, and renamed when it is whole.
//!
//! ```text
//! .NAME.part-PID                 a file in the making, or a folder
//! .NAME.provenance.json.part-PID what belongs beside a file
//! .NAME.old-PID                  what was there before, for the moment of the exchange
//! ```
//!
//! Whoever makes a part holds a lock on it, which the system lets go when the process dies. A part that nobody holds
//! is of a dead process; the next export of that name removes it.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::ExportError;
use super::provenance::{FILE as PROVENANCE, is_ours};

/// In a folder in the making, what is locked.
const LOCK: &str = ".lock";

/// An export in the making. Dropped before it is finished, it leaves nothing behind.
pub(super) struct Target {
    name: String,
    /// The folder in which it will be.
    folder: PathBuf,
    is_folder: bool,
    force: bool,
    lock: Option<File>,
    is_finished: bool,
    /// Parts of dead processes that were removed.
    pub(super) removed: Vec<PathBuf>,
}

impl Target {
    /// Looks whether it may be made, and begins.
    ///
    /// # Errors
    /// Where something is there already that may not be replaced, or the folder cannot be written.
    pub(super) fn begin(to: &Path, is_folder: bool, force: bool) -> Result<Self, ExportError> {
        let name = to.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = match to.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        if !folder.is_dir() {
            return Err(ExportError::Wish(format!("{}: there is no such folder", folder.display())));
        }
        let mut target =
            Self { name, folder, is_folder, force, lock: None, is_finished: false, removed: Vec::new() };
        target.remove_stale()?;
        target.check()?;
        let part = target.part();
        let locked = if is_folder {
            std::fs::create_dir(&part).map_err(ExportError::at(&part))?;
            part.join(LOCK)
        } else {
            part
        };
        let file = OpenOptions::new().write(true).create_new(true).open(&locked);
        let file = file.map_err(ExportError::at(&locked))?;
        // On a file system without locks nobody removes what cannot be locked.
        let _ = file.try_lock();
        target.lock = Some(file);
        Ok(target)
    }

    /// The name at the end.
    pub(super) fn path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    /// What is being made.
    pub(super) fn part(&self) -> PathBuf {
        self.folder.join(format!(".{}.part-{}", self.name, std::process::id()))
    }

    /// A handle to write the file with.
    pub(super) fn file(&self) -> Result<File, ExportError> {
        let part = self.part();
        OpenOptions::new().write(true).open(&part).map_err(ExportError::at(&part))
    }

    /// The file of this ending that belongs beside a file.
    fn beside(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}.{ending}", self.name))
    }

    fn check(&self) -> Result<(), ExportError> {
        let path = self.path();
        let found = match std::fs::symlink_metadata(&path) {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return if self.is_folder { Ok(()) } else { self.check_beside() };
            }
            Err(error) => return Err(ExportError::at(&path)(error)),
        };
        if !self.force {
            return Err(ExportError::Exists(path));
        }
        let untouchable = |reason| Err(ExportError::Untouchable { path: path.clone(), reason });
        match (self.is_folder, found.is_dir()) {
            (true, false) => untouchable("it is no folder; name another"),
            (false, true) => untouchable("it is a folder; name a file"),
            // Whoever mistypes a name with --force must not lose a home folder.
            (true, true) if !is_empty(&path) && !is_ours(&path.join(PROVENANCE)) => {
                untouchable("it is no folder that an export has made, so it stays")
            }
            (false, false) if !found.is_file() => untouchable("it is no regular file, so it stays"),
            (true, true) => Ok(()),
            (false, false) => self.check_beside(),
        }
    }

    /// What belongs beside a file must not take the place of somebody's own.
    fn check_beside(&self) -> Result<(), ExportError> {
        let provenance = self.beside("provenance.json");
        if provenance.exists() && !self.force && !is_ours(&provenance) {
            return Err(ExportError::Exists(provenance));
        }
        let skipped = self.beside("skipped.jsonl");
        if skipped.exists() && !self.force && !provenance.exists() {
            return Err(ExportError::Exists(skipped));
        }
        Ok(())
    }

    /// Removes parts of dead processes, and puts back what one of them had taken away.
    fn remove_stale(&mut self) -> Result<(), ExportError> {
        let entries = std::fs::read_dir(&self.folder).map_err(ExportError::at(&self.folder))?;
        for entry in entries.filter_map(Result::ok) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some(rest) = name.strip_prefix(&format!(".{}.", self.name)) else { continue };
            let is_process =
                |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let old = rest.strip_prefix("old-").is_some_and(is_process);
            let part = rest.rsplit_once("part-").is_some_and(|(before, process)| {
                is_process(process) && matches!(before, "" | "provenance.json." | "skipped.jsonl.")
            });
            let path = entry.path();
            if old && !self.path().exists() {
                std::fs::rename(&path, self.path()).map_err(ExportError::at(&path))?;
            } else if (old || part) && is_left(&path) {
                remove(&path).map_err(ExportError::at(&path))?;
                self.removed.push(path);
            }
        }
        Ok(())
    }

    /// The path of a file in the folder in the making, or of one that will lie beside the file.
    pub(super) fn extra(&self, in_folder: &str, ending: &str) -> PathBuf {
        if self.is_folder {
            self.part().join(in_folder)
        } else {
            self.folder.join(format!(".{}.{ending}.part-{}", self.name, std::process::id()))
        }
    }

    /// Waits until all files of a folder are on the disk.
    ///
    /// # Errors
    /// Where the disk says no.
    pub(super) fn sync_pictures(&self) -> Result<(), ExportError> {
        let part = self.part();
        if self.is_folder { sync_below(&part).map_err(ExportError::at(&part)) } else { Ok(()) }
    }

    /// Gives everything its name. From here on it is there, and whole.
    ///
    /// # Errors
    /// Where something has come into the way meanwhile, or the folder cannot be written.
    pub(super) fn finish(mut self, has_skipped: bool) -> Result<PathBuf, ExportError> {
        let path = self.path();
        if self.is_folder {
            let lock = self.part().join(LOCK);
            std::fs::remove_file(&lock).map_err(ExportError::at(&lock))?;
            sync(&self.part())?;
            self.rename_folder()?;
        } else {
            // Where it comes from is there before it is, so that nobody finds it without.
            let renamed = |ending: &str, path: &Path| {
                std::fs::rename(self.extra("", ending), path).map_err(ExportError::at(path))
            };
            renamed("provenance.json", &self.beside("provenance.json"))?;
            let skipped = self.beside("skipped.jsonl");
            if has_skipped {
                renamed("skipped.jsonl", &skipped)?;
            } else if skipped.exists() {
                std::fs::remove_file(&skipped).map_err(ExportError::at(&skipped))?;
            }
            self.rename_file()?;
        }
        self.is_finished = true;
        sync(&self.folder)?;
        Ok(path)
    }

    fn rename_file(&self) -> Result<(), ExportError> {
        let (part, path) = (self.part(), self.path());
        if self.force {
            return std::fs::rename(&part, &path).map_err(ExportError::at(&path));
        }
        // A link is never made over something that has come into being meanwhile.
        match std::fs::hard_link(&part, &path) {
            Ok(()) => std::fs::remove_file(&part).map_err(ExportError::at(&part)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(ExportError::Exists(path)),
            // A file system without such links.
            Err(_) if path.exists() => Err(ExportError::Exists(path)),
            Err(_) => std::fs::rename(&part, &path).map_err(ExportError::at(&path)),
        }
    }

    fn rename_folder(&self) -> Result<(), ExportError> {
        let (part, path) = (self.part(), self.path());
        if !path.exists() {
            return std::fs::rename(&part, &path).map_err(ExportError::at(&path));
        }
        if !self.force {
            return Err(ExportError::Exists(path));
        }
        self.check()?;
        if exchange(&part, &path) {
            return remove(&part).map_err(ExportError::at(&part));
        }
        let old = self.folder.join(format!(".{}.old-{}", self.name, std::process::id()));
        std::fs::rename(&path, &old).map_err(ExportError::at(&path))?;
        if let Err(error) = std::fs::rename(&part, &path) {
            let _ = std::fs::rename(&old, &path);
            return Err(ExportError::at(&path)(error));
        }
        remove(&old).map_err(ExportError::at(&old))
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if !self.is_finished {
            for path in [self.part(), self.extra("", "provenance.json"), self.extra("", "skipped.jsonl")] {
                // What cannot be removed is removed by the next export.
                let _ = remove(&path);
            }
        }
    }
}

/// All files on the file system of a folder go to the disk, which takes no longer than those that wait for it.
#[cfg(target_os = "linux")]
fn sync_below(folder: &Path) -> std::io::Result<()> {
    rustix::fs::syncfs(File::open(folder)?).map_err(std::io::Error::from)
}

#[cfg(not(target_os = "linux"))]
fn sync_below(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { sync_below(&path)? } else { File::open(&path)?.sync_all()? }
    }
    Ok(())
}

/// Exchanges two folders at once, where the system can.
#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> bool {
    false
}

/// Whether nobody works on a part any more.
fn is_left(path: &Path) -> bool {
    let locked = if path.is_dir() { path.join(LOCK) } else { path.to_owned() };
    match OpenOptions::new().write(true).open(&locked) {
        Ok(file) => file.try_lock().is_ok(),
        // Its process died before or after it held a lock.
        Err(error) => error.kind() == ErrorKind::NotFound,
    }
}

fn remove(path: &Path) -> std::io::Result<()> {
    let removed = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

/// Has a folder's names written to the disk; some file systems know no such thing.
fn sync(folder: &Path) -> Result<(), ExportError> {
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error) if error.kind() == ErrorKind::NotFound => Err(ExportError::at(folder)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn make(path: &Path, text: &str, force: bool) -> Result<PathBuf, ExportError> {
        let target = Target::begin(path, true, force)?;
        std::fs::write(target.part().join("data"), text).unwrap();
        std::fs::write(target.extra(PROVENANCE, ""), "{\"tool\": \"capscope\"}").unwrap();
        target.finish(false)
    }

    #[test]
    fn a_folder_is_there_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        make(&path, "one", false).unwrap();
        assert!(matches!(make(&path, "two", false), Err(ExportError::Exists(_))));
        make(&path, "two", true).unwrap();
        assert_eq!(std::fs::read_to_string(path.join("data")).unwrap(), "two");
        assert_eq!(names(folder.path()), ["out"]);
        assert_eq!(names(&path), [PROVENANCE, "data"]);
        // Somebody's own folder is never replaced.
        std::fs::remove_file(path.join(PROVENANCE)).unwrap();
        assert!(matches!(make(&path, "three", true), Err(ExportError::Untouchable { .. })));
        assert_eq!(names(folder.path()), ["out"]);
    }

    #[test]
    fn what_a_dead_process_left_is_removed_and_what_it_took_away_is_put_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        std::fs::create_dir(folder.path().join(".out.part-999999")).unwrap();
        std::fs::create_dir(folder.path().join(".out.old-999999")).unwrap();
        std::fs::write(folder.path().join(".out.old-999999/data"), "old").unwrap();
        std::fs::write(folder.path().join(".out.part-mine"), "somebody's").unwrap();
        let held = Target::begin(&folder.path().join("other"), false, false).unwrap();
        let refused = make(&path, "new", false);
        assert!(matches!(refused, Err(ExportError::Exists(_))));
        assert_eq!(std::fs::read_to_string(path.join("data")).unwrap(), "old");
        let held_name = held.part().file_name().unwrap().to_string_lossy().into_owned();
        assert_eq!(names(folder.path()), [held_name.as_str(), ".out.part-mine", "out"]);
        // One that is held is not of a dead process.
        assert!(!is_left(&held.part()));
        drop(held);
        assert_eq!(names(folder.path()), [".out.part-mine", "out"]);
    }
}
