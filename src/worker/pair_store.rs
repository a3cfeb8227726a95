//! What is kept of pairs: those that were found, beside the index, and what somebody decided about them, in the
//! user's data folder, since no index can give that back.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::dataset::Dataset;
use crate::index::{Home, data_folder};
use crate::pairs::{Decision, LeftOut, Record};

use super::pairing::Paired;

/// Raised with every change of what stands in the file.
const VERSION: u32 = 2;

/// The first line of the file of pairs.
#[derive(Serialize, Deserialize)]
struct Head {
    version: u32,
    /// The state of the files whose samples were paired.
    state: String,
    samples: u64,
    found: u64,
    compared: u64,
    same_picture: u64,
    same_caption: u64,
    unseen: u64,
}

fn pairs_file(home: &Home) -> PathBuf {
    home.folder().join("pairs.jsonl")
}

fn named(path: &Path, error: &std::io::Error) -> std::io::Error {
    std::io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Which state of which files: pairs of another are of no use.
fn state_of(dataset: &Dataset) -> String {
    let mut text = dataset.reading();
    for shard in dataset.shards() {
        text.push_str(&format!("\n{} {} {}", shard.path.display(), shard.bytes, shard.modified));
    }
    format!("{:016x}", xxh3_64(text.as_bytes()))
}

/// Keeps the pairs of a whole data set. The file is written beside and renamed.
///
/// # Errors
/// Where the file cannot be written; its name is in the message.
pub fn keep_pairs(home: &Home, dataset: &Dataset, paired: &Paired) -> std::io::Result<()> {
    let path = pairs_file(home);
    let beside = path.with_extension("new");
    let write = || -> std::io::Result<()> {
        std::fs::create_dir_all(home.folder())?;
        let mut out = BufWriter::new(File::create(&beside)?);
        let LeftOut { pictures, captions, compared } = paired.left_out;
        let head = Head {
            version: VERSION,
            state: state_of(dataset),
            samples: paired.samples,
            found: paired.found,
            compared,
            same_picture: pictures,
            same_caption: captions,
            unseen: paired.unseen,
        };
        serde_json::to_writer(&mut out, &head)?;
        out.write_all(b"\n")?;
        for pair in &paired.list {
            serde_json::to_writer(&mut out, pair)?;
            out.write_all(b"\n")?;
        }
        out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        std::fs::rename(&beside, &path)
    };
    write().map_err(|error| named(&path, &error))
}

/// The pairs that are kept of a data set as it is, if there are any.
pub(super) fn kept_pairs(home: &Home, dataset: &Dataset) -> Option<Paired> {
    kept_pairs_in(&pairs_file(home), &state_of(dataset))
}

fn kept_pairs_in(path: &Path, state: &str) -> Option<Paired> {
    let mut lines = BufReader::new(File::open(path).ok()?).lines();
    let head: Head = serde_json::from_str(&lines.next()?.ok()?).ok()?;
    if head.version != VERSION || head.state != state {
        return None;
    }
    let list = lines.map(|line| serde_json::from_str(&line.ok()?).ok()).collect::<Option<Vec<Record>>>()?;
    let left_out =
        LeftOut { pictures: head.same_picture, captions: head.same_caption, compared: head.compared };
    Some(Paired { samples: head.samples, left_out, found: head.found, unseen: head.unseen, list })
}

/// Decisions by the ids of both halves.
pub type Decisions = HashMap<(String, String), Decision>;

/// A line of the file of decisions; a later one replaces an earlier one.
#[derive(Serialize, Deserialize)]
struct Line {
    first: String,
    second: String,
    decision: Decision,
    /// Seconds since 1970.
    time: u64,
}

fn decisions_file(home: &Home) -> PathBuf {
    let name = home.folder().file_name().unwrap_or_default();
    match data_folder() {
        Some(folder) => folder.join("decisions").join(name).with_extension("jsonl"),
        None => home.folder().join("decisions.jsonl"),
    }
}

/// What was decided about pairs of this data set so far. A line that is torn or of another version is passed over.
pub(super) fn decisions(home: &Home) -> std::io::Result<Decisions> {
    decisions_in(&decisions_file(home))
}

fn decisions_in(path: &Path) -> std::io::Result<Decisions> {
    let file = match File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Decisions::new()),
        other => other.map_err(|error| named(path, &error))?,
    };
    let mut decisions = Decisions::new();
    for line in BufReader::new(file).split(b'\n') {
        let line = line.map_err(|error| named(path, &error))?;
        if let Ok(Line { first, second, decision, .. }) = serde_json::from_slice(&line) {
            decisions.insert((first, second), decision);
        }
    }
    Ok(decisions)
}

/// Writes a decision down; it is on the disk when this returns.
pub(super) fn decide(home: &Home, first: &str, second: &str, decision: Decision) -> std::io::Result<()> {
    decide_in(&decisions_file(home), first, second, decision)
}

fn decide_in(path: &Path, first: &str, second: &str, decision: Decision) -> std::io::Result<()> {
    let time = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let line = Line {
        first: first.to_owned(),
        second: second.to_owned(),
        decision,
        time: time.map_or(0, |time| time.as_secs()),
    };
    let write = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().create(true).append(true).read(true).open(path)?;
        let mut bytes = serde_json::to_vec(&line)?;
        bytes.push(b'\n');
        // One write: two processes never mix their lines. Behind a torn line a new one begins.
        if !ends_whole(path)? {
            bytes.insert(0, b'\n');
        }
        file.write_all(&bytes)?;
        file.sync_data()
    };
    write().map_err(|error| named(path, &error))
}

/// Whether a file is empty or ends with a line end.
fn ends_whole(path: &Path) -> std::io::Result<bool> {
    use std::io::{Read, Seek, SeekFrom};
    let mut file = File::open(path)?;
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Settings;

    #[test]
    fn decisions_outlive_a_torn_line() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::of(&[folder.path().to_owned()], &Settings::default(), Some(folder.path())).unwrap();
        let path = folder.path().join("decisions.jsonl");
        for (second, decision) in
            [("b", Decision::Accepted), ("c", Decision::Rejected), ("b", Decision::Undecided)]
        {
            decide_in(&path, "a", second, decision).unwrap();
        }
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"{\"first\":\"a\",\"sec").unwrap();
        decide_in(&path, "a", "d", Decision::Accepted).unwrap();
        let found = decisions_in(&path).unwrap();
        let of = |second: &str| found.get(&("a".to_owned(), second.to_owned())).copied();
        assert_eq!(
            (of("b"), of("c"), of("d"), found.len()),
            (Some(Decision::Undecided), Some(Decision::Rejected), Some(Decision::Accepted), 3)
        );
        assert!(decisions_in(&folder.path().join("none")).unwrap().is_empty());
        assert!(kept_pairs_in(&pairs_file(&home), "state").is_none());
    }
}
