//! The rooms of the house stand in an order, and a room calls only those before it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::expect_used,
    reason = "a check of its own, not a part of the program"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// Lowest first, as `ARCHITECTURE.md` lists them.
const ROOMS: [&str; 21] = [
    "model",
    "text",
    "dataset",
    "measure",
    "pairs",
    "vqa",
    "spot",
    "workspace",
    "query",
    "media",
    "graphics",
    "index",
    "demo",
    "export",
    "worker",
    "action",
    "ui",
    "report",
    "screens",
    "app",
    "cli",
];

/// Outside crates that are the business of one room.
const OWNERS: [(&str, &[&str]); 9] = [
    ("rusqlite", &["workspace"]),
    ("tantivy", &["index"]),
    // `export` exchanges two folders at once, which only the system can.
    ("rustix", &["graphics", "export"]),
    ("viuer", &["graphics"]),
    ("tokio", &["app"]),
    // Read by the one, written by the other: they share no line.
    ("parquet", &["dataset", "export"]),
    ("arrow_ipc", &["dataset"]),
    ("clap", &["cli"]),
    ("ureq", &["media"]),
];

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder of a room") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The code of a room's files, without comments and without tests.
fn code_of(room: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room), &mut files);
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a source file");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            let code = lines.collect::<Vec<_>>().join("\n");
            (path, code)
        })
        .collect()
}

/// The names that follow `before` in the code.
fn names_after<'a>(code: &'a str, before: &str) -> Vec<&'a str> {
    let is_of_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut names = Vec::new();
    let mut parts = code.split(before);
    let mut last = parts.next().unwrap_or_default();
    for part in parts {
        // `supercrate::` is no `crate::`.
        if !last.ends_with(is_of_name) {
            names.push(part.split(|letter| !is_of_name(letter)).next().unwrap_or_default());
        }
        last = part;
    }
    names
}

#[test]
fn the_list_is_the_one_of_the_library() {
    let library =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("lib.rs");
    let mut listed: Vec<&str> =
        library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    listed.sort_unstable();
    let mut rooms = ROOMS;
    rooms.sort_unstable();
    assert_eq!(listed, rooms);
}

#[test]
fn a_room_calls_only_rooms_below_it() {
    let mut wrong = Vec::new();
    for (height, room) in ROOMS.iter().enumerate() {
        for (path, code) in code_of(room) {
            for called in names_after(&code, "crate::") {
                if ROOMS.iter().skip(height + 1).any(|above| *above == called) {
                    wrong.push(format!("{} calls {called}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_outside_crate_has_one_room() {
    let mut wrong = Vec::new();
    for room in ROOMS {
        for (path, code) in code_of(room) {
            for (outside, owners) in OWNERS {
                if code.contains(&format!("{outside}::")) && !owners.contains(&room) {
                    wrong.push(format!("{} uses {outside}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
