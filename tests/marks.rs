//! What somebody makes of samples: tags and notes on the command line, and that nothing acknowledged is lost.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "a check of its own, not a part of the program"
)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// A data set and folders of its own for cache and data.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new(samples: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lines: Vec<String> = (0..samples)
            .map(|number| {
                let thing = ["dog", "cat", "red car"][number % 3];
                format!("{{\"id\": \"s{number:05}\", \"caption\": \"A {thing} on the grass.\"}}")
            })
            .collect();
        std::fs::write(folder.path().join("set.jsonl"), lines.join("\n")).unwrap();
        Self { folder }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("set.jsonl")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_capscope"));
        command
            .args(arguments)
            .env("XDG_CACHE_HOME", self.folder.path().join("cache"))
            .env("XDG_DATA_HOME", self.folder.path().join("data"))
            .env("HOME", self.folder.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn says(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn count(&self, query: &str) -> usize {
        let output = self.run(&["search", path(&self.data()), query, "--count"]);
        String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
    }

    fn with_input(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn samples_of_a_query_are_tagged_found_and_untagged() {
    let place = Place::new(300);
    let data = place.data();
    let data = path(&data);
    place.says(&["tag", "Kind/Dog", data, "--query", "dog"]);
    assert_eq!(
        (place.count("tag:kind/dog"), place.count("tag:kind"), place.count("tag:ki*")),
        (100, 100, 100)
    );
    assert_eq!((place.count("tag:kind/cat"), place.count("-tag:*")), (0, 200));
    place.says(&["tag", "kind/cat", data, "--query", "cat"]);
    assert_eq!(place.count("tag:kind"), 200);
    assert_eq!(place.count("tag:kind dog"), 100);
    // Those that have a tag are found by the next query.
    place.says(&["tag", "kind", data, "--query", "tag:kind/cat", "--remove"]);
    assert_eq!(place.count("tag:kind/cat"), 100);
    place.says(&["tag", "kind/cat", data, "--query", "tag:kind/cat", "--remove"]);
    assert_eq!(place.count("tag:kind"), 100);
    place.says(&["marks", data, "--undo"]);
    assert_eq!(place.count("tag:kind"), 200);
    place.says(&["marks", data, "--redo"]);
    assert_eq!(place.count("tag:kind"), 100);
    let told: serde_json::Value = serde_json::from_str(&place.says(&["marks", data, "--json"])).unwrap();
    assert_eq!(told["tags"][0]["name"], "kind/dog");
    assert_eq!(told["tags"][0]["samples"], 100);
    // By their ids, as another program has chosen them.
    let output = place.with_input(&["tag", "mine", data, "--ids", "-"], "s00001\ns00007\n");
    assert!(output.status.success());
    assert_eq!(place.says(&["search", data, "tag:mine", "--ids"]), "s00001\ns00007\n");
    let refused = place.run(&["tag", "a b", data, "--query", "dog"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is no name of a tag"));
    let nobody = place.run(&["tag", "none", data, "--query", "zebra"]);
    assert_eq!(nobody.status.code(), Some(1));
}

#[test]
fn queries_are_saved_by_their_names() {
    let place = Place::new(300);
    let data = place.data();
    let data = path(&data);
    assert_eq!(place.says(&["queries", data]), "");
    place.says(&["queries", data, "only dogs", " dog -cat "]);
    place.says(&["queries", data, "all", "dog OR cat"]);
    assert_eq!(place.says(&["queries", data]), "all\tdog OR cat\nonly dogs\tdog -cat\n");
    let query = place.says(&["queries", data, "only dogs"]);
    assert_eq!(place.count(query.trim()), 100);
    let refused = place.run(&["queries", data, "only dogs", "dog ("]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("QUERY, column"));
    place.says(&["queries", data, "all", ""]);
    assert_eq!(place.run(&["queries", data, "all"]).status.code(), Some(1));
    place.says(&["marks", data, "--undo"]);
    let told: serde_json::Value = serde_json::from_str(&place.says(&["queries", data, "--json"])).unwrap();
    assert_eq!(told[0], serde_json::json!({ "name": "all", "query": "dog OR cat" }));
}

#[test]
fn marks_outlive_a_new_index_and_a_move() {
    let place = Place::new(30);
    let data = place.data();
    place.says(&["tag", "good", path(&data), "--query", "dog"]);
    place.says(&["note", path(&data), "s00004", "wrong color, \u{1b}[31mred"]);
    assert_eq!(place.run(&["note", path(&data), "s99999", "x"]).status.code(), Some(1));
    assert_eq!(
        (place.count("note:\"Wrong color\""), place.count("note:*"), place.count("note:blue")),
        (1, 1, 0)
    );
    std::fs::remove_dir_all(place.folder.path().join("cache")).unwrap();
    assert_eq!((place.count("tag:good"), place.count("note:wrong")), (10, 1));
    let elsewhere = place.folder.path().join("moved");
    std::fs::create_dir(&elsewhere).unwrap();
    std::fs::rename(&data, elsewhere.join("set.jsonl")).unwrap();
    let moved = elsewhere.join("set.jsonl");
    let found = place.run(&["search", path(&moved), "tag:good", "--count"]);
    assert_eq!(String::from_utf8_lossy(&found.stdout).trim(), "10");
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, many: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % many
    }
}

/// Rounds of two processes that tag, one of which is killed. `CAPSCOPE_KILLS` says how many.
#[cfg(unix)]
#[test]
fn what_was_acknowledged_outlives_kill_9() {
    let rounds = std::env::var("CAPSCOPE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(25);
    let place = Place::new(3_000);
    let data = place.data();
    let data = path(&data);
    place.says(&["index", data]);
    let ids: Vec<String> = (0..3_000).map(|number| format!("s{number:05}")).collect();
    let file = place.folder.path().join("ids");
    std::fs::write(&file, ids.join("\n")).unwrap();
    let tag = |name: &str| {
        let arguments = ["tag", name, data, "--ids", path(&file)];
        let mut command = place.command(&arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut acknowledged = Vec::new();
    for round in 0..rounds {
        let (mut victim, mut other) = (tag(&format!("killed/{round}")), tag(&format!("left/{round}")));
        // Not a wait for something to happen: the moment of the blow.
        std::thread::sleep(Duration::from_micros(dice.below(60_000)));
        let _ = victim.kill();
        if victim.wait().unwrap().success() {
            acknowledged.push(format!("killed/{round}"));
        }
        assert!(other.wait().unwrap().success(), "round {round}: the other was kept from its work");
        acknowledged.push(format!("left/{round}"));
    }
    let told: serde_json::Value = serde_json::from_str(&place.says(&["marks", data, "--json"])).unwrap();
    let many = |name: &String| {
        let tags = told["tags"].as_array().unwrap();
        tags.iter().find(|tag| tag["name"] == name.as_str()).map_or(0, |tag| tag["samples"].as_u64().unwrap())
    };
    for name in &acknowledged {
        assert_eq!(many(name), 3_000, "{name} was acknowledged");
    }
    // All or nothing of those that were not.
    for round in 0..rounds {
        let name = format!("killed/{round}");
        assert!([0, 3_000].contains(&many(&name)), "{name} is torn");
    }
    let file = told["file"].as_str().unwrap();
    let workspace = capscope::workspace::Workspace::open(Path::new(file), "test").unwrap();
    assert!(workspace.is_sound().unwrap());
}
