//! What is kept of pairs: those that were found, beside the index; what somebody decided about them is in the
//! workspace, since no index can give that back.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::dataset::Dataset;
use crate::index::Home;
use crate::pairs::{Decision, LeftOut, Record};
use crate::workspace::{Workspace, WorkspaceError};

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
pub fn kept_pairs(home: &Home, dataset: &Dataset) -> Option<Paired> {
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

/// What was decided so far.
pub(super) fn decisions(workspace: &Workspace) -> Result<Decisions, WorkspaceError> {
    let known = workspace.decisions()?.into_iter();
    let read = |(first, second, decision): (String, String, String)| {
        Some(((first, second), Decision::named(&decision)?))
    };
    Ok(known.filter_map(read).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Settings;

    #[test]
    fn pairs_of_another_state_are_of_no_use() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::of(&[folder.path().to_owned()], &Settings::default(), Some(folder.path())).unwrap();
        assert!(kept_pairs_in(&pairs_file(&home), "state").is_none());
    }

    #[test]
    fn decisions_are_read_as_they_were_made() {
        let folder = tempfile::tempdir().unwrap();
        let mut workspace = Workspace::open(&folder.path().join("w.sqlite"), "a").unwrap();
        for decision in [Decision::Accepted, Decision::Rejected, Decision::Undecided] {
            workspace.decide("a", "b", decision.name()).unwrap();
            let found = decisions(&workspace).unwrap();
            assert_eq!(found.get(&("a".to_owned(), "b".to_owned())), Some(&decision));
        }
    }
}
