//! What the tests of the whole program share.

#![allow(dead_code, reason = "every test file uses a part of it")]

pub(crate) mod glass;
pub(crate) mod pty;
pub(crate) mod session;
#[path = "../../src/testing.rs"]
mod testing;

#[allow(unused_imports, reason = "every test file uses a part of it")]
pub(crate) use testing::shared;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program, with its indexes and its data in folders of the test.
pub(crate) fn capscope(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_capscope"));
    command.env("XDG_CACHE_HOME", home.join("cache")).env("XDG_DATA_HOME", home.join("data"));
    command.env_remove("CAPSCOPE_GRAPHICS");
    command
}

/// Runs it with these arguments.
pub(crate) fn run(home: &Path, arguments: &[&str]) -> Output {
    capscope(home).args(arguments).output().expect("the program starts")
}

/// Standard output as text.
pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("standard output is UTF-8")
}

/// Standard error as text.
pub(crate) fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder with one file of JSON Lines.
pub(crate) fn data_set(lines: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("data.jsonl");
    std::fs::write(&path, lines.join("\n")).expect("a file");
    (folder, path)
}

/// The demo set, small, drawn in a folder of the test.
pub(crate) fn demo(home: &Path, scenes: usize) -> PathBuf {
    let output = run(home, &["demo", "--no-open", "--scenes", &scenes.to_string()]);
    assert!(output.status.success(), "{}", err(&output));
    PathBuf::from(out(&output).trim())
}
