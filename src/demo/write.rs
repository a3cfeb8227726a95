//! The demo data set on disk: pictures, `metadata.jsonl`, a README and a stamp.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, SystemTime};

use super::paint::paint;
use super::record::Entry;

/// Raised whenever the same seed would give other files.
const VERSION: u32 = 2;
/// The file that tells which demo data set this is.
const STAMP: &str = ".demo-version";
/// The first words of the README.
const TITLE: &str = "capscope demo data set";
/// Unfinished folders older than this belong to a run that was killed.
const STALE: Duration = Duration::from_hours(1);

/// Which demo data set is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// All chance hangs on this number.
    pub seed: u64,
    /// Number of samples; of four in a row, two are a pair.
    pub scenes: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self { seed: 7, scenes: 320 }
    }
}

impl Plan {
    /// The content of the stamp file.
    fn stamp(&self) -> String {
        format!("capscope demo data set, version {VERSION}, seed {}, scenes {}\n", self.seed, self.scenes)
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Number of samples, each with one picture.
    pub scenes: usize,
    /// Number of samples that are one half of a pair.
    pub paired: usize,
    /// Bytes of all files together.
    pub bytes: u64,
}

/// Writes the data set into a folder, which is made where it is missing. `progress` is called
/// with the samples done and the samples to do. Errors are those of the file system; a run that
/// was cut short leaves files behind: see [`ensure`].
pub fn write(folder: &Path, plan: &Plan, progress: &mut dyn FnMut(usize, usize)) -> io::Result<Summary> {
    fs::create_dir_all(folder.join("images"))?;
    let mut summary = Summary { scenes: plan.scenes, ..Summary::default() };
    let mut lines = BufWriter::new(File::create(folder.join("metadata.jsonl"))?);
    progress(0, plan.scenes);
    in_order(plan, |number, sample| {
        let (line, picture) = sample?;
        let entry_file = picture_path(folder, number);
        fs::write(entry_file, &picture)?;
        lines.write_all(line.as_bytes())?;
        lines.write_all(b"\n")?;
        summary.bytes += (line.len() + 1 + picture.len()) as u64;
        summary.paired += usize::from(number % 4 < 2);
        progress(number + 1, plan.scenes);
        Ok(())
    })?;
    lines.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    let readme = readme(plan);
    fs::write(folder.join("README.txt"), &readme)?;
    // The stamp comes last: a folder that has it is whole.
    fs::write(folder.join(STAMP), plan.stamp())?;
    summary.bytes += (readme.len() + plan.stamp().len()) as u64;
    Ok(summary)
}

/// Makes sure that the data set of this plan is in the folder, and returns the folder: a whole
/// one is left alone, one of another version or plan is replaced. It is written beside and put in
/// place at the end, so that a killed run leaves nothing half and two runs at once do not damage
/// each other. A folder that holds something else is an error ([`io::ErrorKind::AlreadyExists`]).
pub fn ensure(folder: &Path, plan: &Plan, progress: &mut dyn FnMut(usize, usize)) -> io::Result<PathBuf> {
    if is_whole(folder, plan) {
        return Ok(folder.to_path_buf());
    }
    if !replaceable(folder)? {
        let message = format!("{} exists and is no demo data set", folder.display());
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
    }
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    sweep(parent, folder);
    let draft = beside(parent, folder, "part");
    let made = write(&draft, plan, progress).and_then(|_| put_in_place(&draft, folder, parent, plan));
    if made.is_err() || draft.exists() {
        // Ours alone, and of no use to anybody; the error that led here says more.
        let _ = fs::remove_dir_all(&draft);
    }
    made.map(|()| folder.to_path_buf())
}

/// Renames the draft; whatever demo data set was there before is moved aside and removed.
fn put_in_place(draft: &Path, folder: &Path, parent: &Path, plan: &Plan) -> io::Result<()> {
    let mut last = None;
    for _ in 0..8 {
        match fs::rename(draft, folder) {
            Ok(()) => return Ok(()),
            Err(error) => last = Some(error),
        }
        if is_whole(folder, plan) {
            // Another process was faster with the very same files.
            return Ok(());
        }
        let aside = beside(parent, folder, "old");
        if fs::rename(folder, &aside).is_ok() {
            fs::remove_dir_all(&aside)?;
        }
    }
    Err(last.unwrap_or_else(|| io::Error::other("the demo data set could not be put in place")))
}

fn is_whole(folder: &Path, plan: &Plan) -> bool {
    fs::read_to_string(folder.join(STAMP)).is_ok_and(|stamp| stamp == plan.stamp())
}

/// Is the folder free, or a demo data set of whatever version? The README tells, also where the
/// stamp is lost.
fn replaceable(folder: &Path) -> io::Result<bool> {
    let ours = || fs::read_to_string(folder.join("README.txt")).is_ok_and(|text| text.starts_with(TITLE));
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none() || ours()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// A name of our own next to the folder.
fn beside(parent: &Path, folder: &Path, purpose: &str) -> PathBuf {
    static COUNTER: AtomicUsize = AtomicUsize::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    let name = format!("{}{}-{count}.{purpose}", prefix(folder), std::process::id());
    parent.join(name)
}

fn prefix(folder: &Path) -> String {
    format!(".{}-", folder.file_name().unwrap_or_default().to_string_lossy())
}

/// Removes what killed runs left behind. Nothing depends on it, so its errors do not matter.
fn sweep(parent: &Path, folder: &Path) {
    let prefix = prefix(folder);
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let purpose = name.rsplit('.').next();
        let ours = name.starts_with(&prefix) && matches!(purpose, Some("part" | "old"));
        let age = entry
            .metadata()
            .and_then(|found| found.modified())
            .map(|time| SystemTime::now().duration_since(time));
        if ours && matches!(age, Ok(Ok(age)) if age > STALE) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn picture_path(folder: &Path, number: usize) -> PathBuf {
    folder.join("images").join(format!("{:04}.png", number + 1))
}

type Painted = io::Result<(String, Vec<u8>)>;

/// Paints on all cores, and hands over the samples in their order.
fn in_order(plan: &Plan, mut each: impl FnMut(usize, Painted) -> io::Result<()>) -> io::Result<()> {
    let next = AtomicUsize::new(0);
    let cores = thread::available_parallelism().map_or(1, usize::from).min(8);
    thread::scope(|scope| {
        // Bounded, so that fast painters do not fill the memory of a slow disk.
        let (sender, receiver) = mpsc::sync_channel(16);
        for _ in 0..cores {
            let (sender, next) = (sender.clone(), &next);
            thread::Builder::new().name("demo-painter".to_owned()).spawn_scoped(scope, move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= plan.scenes || sender.send((number, sample(plan.seed, number))).is_err() {
                        return;
                    }
                }
            })?;
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut wanted = 0;
        for (number, painted) in receiver {
            early.insert(number, painted);
            while let Some(painted) = early.remove(&wanted) {
                each(wanted, painted)?;
                wanted += 1;
            }
        }
        Ok(())
    })
}

fn sample(seed: u64, number: usize) -> Painted {
    let entry = Entry::new(seed, number);
    let painting = paint(&entry.scene, entry.copy);
    let line = entry.line(&painting.boxes).map_err(io::Error::other)?;
    Ok((line, painting.canvas.png()?))
}

fn readme(plan: &Plan) -> String {
    format!(
        "{TITLE}
======================

{scenes} scenes that `capscope demo` painted and described by itself (seed {seed}, version {VERSION}).
Nothing in it was copied from anywhere: pictures, captions and letters are drawn by the program.
It may be used for anything; it is given to the public domain (CC0 1.0).

The layout is that of a Hugging Face imagefolder: metadata.jsonl holds one sample a line, and
file_name is relative to it. .demo-version tells which version of the set this is.

captions     the first is the main one (see style); then a medium, a short and a thin one
style        what the first caption is like: dense (states every fact of scene_graph and nothing
             else), hedged (the same facts in doubt), verbose (many words, few facts), repeating,
             thin
alt_text     a careless text such as pictures carry on the web. Three of them are hostile on
             purpose, to show that they do no harm: emoji, CJK and combining marks; terminal
             escape sequences and control characters; bidirectional overrides
scene_graph  objects with attributes, count and box (x, y, width, height in pixels), relations by
             object id, facts about the whole scene, words written in the picture, and what the
             dense caption says is absent
questions    with answers and types
pair         of two samples that differ in one thing: the pair's id, the side, the kind of change
             (replace_obj, replace_att, replace_rel, add_obj, add_att, swap_obj, swap_att, count,
             text, state) and what changed from what to what

A few scenes occur twice with different pictures and the same captions.
",
        scenes = plan.scenes,
        seed = plan.seed,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        for below in ["", "images"] {
            for entry in fs::read_dir(folder.join(below)).unwrap().flatten() {
                if entry.path().is_file() {
                    let name = format!("{below}/{}", entry.file_name().to_string_lossy());
                    found.insert(name, fs::read(entry.path()).unwrap());
                }
            }
        }
        found
    }

    #[test]
    fn two_runs_write_the_same_bytes() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let plan = Plan { seed: 7, scenes: 14 };
        let mut seen = Vec::new();
        let summary = write(one.path(), &plan, &mut |done, all| seen.push((done, all))).unwrap();
        assert_eq!(write(two.path(), &plan, &mut |_, _| {}).unwrap(), summary);
        assert_eq!(seen, (0..=14).map(|done| (done, 14)).collect::<Vec<_>>());
        let written = files(one.path());
        assert_eq!(written, files(two.path()));
        assert_eq!(written.len(), 14 + 3);
        assert_eq!(summary.bytes, written.values().map(|bytes| bytes.len() as u64).sum::<u64>());
        assert_eq!(summary.paired, 8);
    }

    /// A change here means other files for the same seed: raise [`VERSION`] with it.
    #[test]
    fn the_captions_of_seed_7_stay() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &Plan { seed: 7, scenes: 48 }, &mut |_, _| {}).unwrap();
        let captions = fs::read(folder.path().join("metadata.jsonl")).unwrap();
        assert_eq!(format!("{:016x}", xxhash_rust::xxh3::xxh3_64(&captions)), "aa0996f74c3d0238");
    }

    #[test]
    fn a_whole_data_set_is_left_alone_and_another_plan_replaces_it() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("demo");
        let plan = Plan { seed: 7, scenes: 2 };
        let mut calls = 0;
        assert_eq!(ensure(&folder, &plan, &mut |_, _| calls += 1).unwrap(), folder);
        assert!(calls > 0);
        ensure(&folder, &plan, &mut |_, _| panic!("painted again")).unwrap();
        let other = Plan { seed: 8, scenes: 3 };
        ensure(&folder, &other, &mut |_, _| {}).unwrap();
        assert!(is_whole(&folder, &other));
        assert!(picture_path(&folder, 2).is_file());
        let left: Vec<_> = fs::read_dir(home.path()).unwrap().flatten().collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }

    #[test]
    fn what_is_no_demo_data_set_stays() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("thesis.txt"), "years of work").unwrap();
        let error = ensure(home.path(), &Plan::default(), &mut |_, _| {}).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert!(home.path().join("thesis.txt").is_file());
    }

    #[test]
    fn an_unfinished_folder_is_not_taken_for_a_whole_one() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("demo");
        let plan = Plan { seed: 7, scenes: 2 };
        ensure(&folder, &plan, &mut |_, _| {}).unwrap();
        fs::remove_file(folder.join(STAMP)).unwrap();
        assert!(!is_whole(&folder, &plan));
        ensure(&folder, &plan, &mut |_, _| {}).unwrap();
        assert!(is_whole(&folder, &plan));
    }

    #[test]
    fn several_at_once_agree() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("demo");
        let plan = Plan { seed: 7, scenes: 3 };
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| ensure(&folder, &plan, &mut |_, _| {}).unwrap());
            }
        });
        assert!(is_whole(&folder, &plan));
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }
}
