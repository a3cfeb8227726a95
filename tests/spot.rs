//! Spot-checks from outside: drawn by a seed, judged by several, and nothing acknowledged is lost.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a check of its own, not a part of the program"
)]

#[cfg(unix)]
mod support;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value as Json;

/// A data set and folders of its own for cache and data.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    /// Three sources, of which the last is small; captions get longer.
    fn new(samples: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Self { folder };
        place.write(samples, false);
        place
    }

    fn write(&self, samples: usize, is_reversed: bool) {
        let mut lines: Vec<String> = (0..samples)
            .map(|number| {
                let source = match number % 20 {
                    0..12 => "big",
                    12..19 => "other",
                    _ => "small",
                };
                let tail = " near a tree".repeat(number % 7);
                let caption = format!("A {} on the grass{tail}.", ["dog", "cat", "red car"][number % 3]);
                let record = serde_json::json!({
                    "id": format!("s{number:05}"), "caption": caption, "source": source, "score": number % 10
                });
                record.to_string()
            })
            .collect();
        if is_reversed {
            lines.reverse();
        }
        std::fs::write(self.data(), lines.join("\n")).unwrap();
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
            .env("HOME", self.folder.path())
            .env("USER", "ann");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// `capscope spot` on the data set.
    fn spot(&self, arguments: &[&str]) -> Output {
        let data = self.data();
        let all: Vec<&str> = ["spot", data.to_str().unwrap()].iter().chain(arguments).copied().collect();
        self.run(&all)
    }

    fn says(&self, arguments: &[&str]) -> String {
        let output = self.spot(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn report(&self, arguments: &[&str]) -> Json {
        let all: Vec<&str> = ["--report", "--json"].iter().chain(arguments).copied().collect();
        serde_json::from_str(&self.says(&all)).unwrap()
    }

    fn count(&self, query: &str) -> usize {
        let output = self.run(&["search", self.data().to_str().unwrap(), query, "--count"]);
        String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
    }

    fn with_input(&self, arguments: &[&str], input: &str) -> Output {
        let data = self.data();
        let all: Vec<&str> = ["spot", data.to_str().unwrap()].iter().chain(arguments).copied().collect();
        let mut child = self
            .command(&all)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }
}

fn ids(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn samples_are_drawn_by_the_seed_from_strata() {
    let place = Place::new(1_000);
    let drawn = ids(&place.says(&["-n", "50", "--ids"]));
    assert_eq!(drawn.iter().collect::<BTreeSet<_>>().len(), 50);
    // The same on another day, and as another name.
    assert_eq!(ids(&place.says(&["--ids"])), drawn);
    assert_eq!(ids(&place.says(&["--ids", "--name", "again", "-n", "50", "--seed", "7"])), drawn);
    let other = ids(&place.says(&["--ids", "--name", "other", "-n", "50", "--seed", "8"]));
    assert!(other.iter().filter(|id| drawn.contains(id)).count() < 15, "{other:?}");
    // In another order of the data, without an index and without what was drawn, on another machine.
    let moved = Place::new(0);
    moved.write(1_000, true);
    assert_eq!(ids(&moved.says(&["-n", "50", "--ids"])), drawn);
    let told = place.report(&[]);
    let strata = told["strata"].as_array().unwrap();
    assert_eq!(strata.iter().map(|one| one["queued"].as_u64().unwrap()).sum::<u64>(), 50);
    assert_eq!(strata.iter().map(|one| one["samples"].as_u64().unwrap()).sum::<u64>(), 1_000);
    for stratum in strata {
        let (samples, queued) = (stratum["samples"].as_f64().unwrap(), stratum["queued"].as_f64().unwrap());
        assert!(queued >= 2.0 && (queued - samples / 20.0).abs() <= 2.0, "{stratum}");
    }
    assert!(strata.iter().any(|one| one["stratum"].as_str().unwrap().contains("source big")), "{strata:?}");
    // A few more samples of the data: few of those that are drawn change.
    place.write(1_020, false);
    let after = ids(&place.says(&["--ids", "--name", "after", "-n", "50"]));
    assert!(after.iter().filter(|id| drawn.contains(id)).count() > 40, "{after:?}");
}

#[test]
fn strata_are_made_by_whatever_is_known() {
    let place = Place::new(300);
    let strata = |by: &str| -> Vec<String> {
        let name = format!("by {by}");
        place.says(&["--name", &name, "--stratify", by, "-n", "60", "--no-open"]);
        let told = place.report(&["--name", &name]);
        told["strata"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["stratum"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(strata("source"), ["source big", "source other", "source small"]);
    assert_eq!(strata("meta.score/2"), ["meta.score <5", "meta.score ≥5"]);
    assert_eq!(strata("dog OR cat"), ["dog OR cat", "not dog OR cat"]);
    assert_eq!(strata("split"), ["all samples"]);
    let few = strata("words/10,source,meta.score/10");
    assert!(few.len() == 12 && few[11].ends_with("smaller strata"), "{few:?}");
    assert!(strata("bits").iter().all(|name| name.starts_with("bits ")));
    for (by, words) in [
        ("densty", "did you mean `density`?"),
        ("words/1", "2 to 20 parts"),
        ("(dog", "strata: `(dog`"),
        ("meta.nothing", "no sample has a number"),
    ] {
        let output = place.spot(&["--name", by, "--stratify", by, "--no-open"]);
        assert_eq!(output.status.code(), Some(2), "{by}");
        assert!(said(&output).contains(words), "{by}: {}", said(&output));
    }
    let none = place.spot(&["--name", "none", "--query", "zebra", "--no-open"]);
    assert_eq!(none.status.code(), Some(1));
    let dogs = ids(&place.says(&["--name", "dogs", "--query", "dog", "-n", "500", "--ids"]));
    assert_eq!(dogs.len(), 100);
}

#[test]
fn verdicts_come_in_are_found_and_come_to_a_rate() {
    let place = Place::new(400);
    assert_eq!(place.spot(&["--report"]).status.code(), Some(2));
    assert_eq!(place.spot(&["--list"]).status.code(), Some(1));
    let drawn = ids(&place.says(&["-n", "40", "--ids", "--margin", "0.04"]));
    let line = |id: &str, verdict: &str, reason: &str| {
        serde_json::json!({ "id": id, "verdict": verdict, "reason": reason }).to_string()
    };
    let lines: Vec<String> = drawn
        .iter()
        .take(30)
        .enumerate()
        .map(|(place, id)| match place {
            0..5 => line(id, "wrong", "hallucination"),
            5 => line(id, "unsure", ""),
            _ => line(id, "right", ""),
        })
        .collect();
    let output = place.with_input(&["--verdicts", "-"], &lines.join("\n"));
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!((place.count("verdict:wrong"), place.count("verdict:hallucination")), (5, 5));
    assert_eq!(
        (place.count("verdict:*"), place.count("verdict:unsure"), place.count("verdict:vague")),
        (30, 1, 0)
    );
    assert_eq!(place.count("verdict:right -verdict:wrong"), 24);
    let told = place.report(&[]);
    let all = &told["all"];
    assert_eq!((&all["judged"], &all["wrong"], &all["unsure"]), (&30.into(), &5.into(), &1.into()));
    let (rate, low, high) =
        (all["error_rate"].as_f64().unwrap(), all["low"].as_f64().unwrap(), all["high"].as_f64().unwrap());
    assert!(low < rate && rate < high && (rate - 5.0 / 29.0).abs() < 0.08, "{all}");
    assert!(told["needed"].as_array().unwrap().iter().any(|one| one["margin"] == 0.04), "{told}");
    assert_eq!(told["reasons"][0]["reason"], "hallucination");
    let table = place.says(&["--report"]);
    assert!(table.contains("spot-check spot: 30 of 40 samples judged, seed 7"), "{table}");
    assert!(table.contains("wrong: hallucination 5") && table.contains("±4.0 %"), "{table}");
    // Another rater, as CSV: one of eleven otherwise.
    let mut csv = String::from("id,verdict,reason\n");
    for (place, id) in drawn.iter().take(11).enumerate() {
        csv.push_str(&if place < 4 { format!("{id},wrong,vague\n") } else { format!("{id},right,\n") });
    }
    assert!(place.with_input(&["--verdicts", "-", "--rater", "bob"], &csv).status.success());
    let told = place.report(&[]);
    let accord = &told["agreement"][0];
    assert_eq!((&accord["raters"][0], &accord["raters"][1]), (&"ann".into(), &"bob".into()));
    // Of 10 that both are sure of: 4 and 5 right by both; p_o = 9/10, p_e = (5·4 + 5·6) / 100.
    assert_eq!((&accord["samples"], &accord["equal"]), (&10.into(), &9.into()));
    assert!((accord["kappa"].as_f64().unwrap() - 0.8).abs() < 1e-9, "{accord}");
    assert_eq!(place.report(&["--rater", "bob"])["all"]["judged"], 11);
    // Out again, and in elsewhere.
    let exported = place.says(&["--export-verdicts"]);
    assert_eq!(exported.lines().count(), 41);
    let elsewhere = Place::new(400);
    elsewhere.says(&["-n", "40", "--no-open"]);
    assert!(elsewhere.with_input(&["--verdicts", "-"], &exported).status.success());
    assert_eq!(elsewhere.report(&[])["agreement"], told["agreement"]);
    // Nothing of a list that is no good.
    let (first, second) = (&drawn[35], &drawn[36]);
    for (bad, words) in [
        (line("s99999", "right", ""), "standard input:2: `s99999` is not among"),
        (line(second, "rigth", ""), "`rigth` is none of right, wrong, unsure"),
        (line(second, "right", "vague"), "only what is wrong has a reason"),
        ("{\"id\": ".to_owned(), "standard input:2"),
    ] {
        let output = place.with_input(&["--verdicts", "-"], &format!("{}\n{bad}", line(first, "right", "")));
        assert_eq!(output.status.code(), Some(2), "{bad}");
        assert!(said(&output).contains(words), "{bad}: {}", said(&output));
    }
    assert_eq!(place.count("verdict:*"), 30);
    // One step of the command line takes all of them back.
    place.run(&["marks", place.data().to_str().unwrap(), "--undo"]);
    assert_eq!(place.report(&[])["raters"].as_array().unwrap().len(), 1);
}

#[test]
fn a_spot_check_goes_on_as_it_was_and_grows() {
    let place = Place::new(400);
    let few = ids(&place.says(&["-n", "40", "--ids", "--reasons", "blurry, wrong color"]));
    let csv: String = few.iter().fold("id,verdict,reason\n".to_owned(), |all, id| all + id + ",right,\n");
    assert!(place.with_input(&["--verdicts", "-"], &csv).status.success());
    for (arguments, words) in [
        (["--seed", "8"], "has the seed 7"),
        (["--query", "dog"], "has the query ``"),
        (["--stratify", "words"], "has the strata density,source"),
        (["-n", "20"], "has more samples: 40"),
    ] {
        let output = place.spot(&[&arguments[..], &["--no-open"]].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(said(&output).contains(words), "{}", said(&output));
    }
    let many = ids(&place.says(&["-n", "120", "--ids"]));
    assert_eq!(many.len(), 120);
    // Nearly all of those that are judged are in the larger one, and so their verdicts.
    let kept = few.iter().filter(|id| many.contains(id)).count();
    assert!(kept >= 36, "{kept}");
    assert_eq!(place.report(&[])["all"]["judged"], kept);
    let listed = place.says(&["--list"]);
    assert!(
        listed.contains("spot\t") && listed.contains("of 120 judged\tseed 7\tdensity,source"),
        "{listed}"
    );
    assert_eq!(place.spot(&["--reasons", "right", "--no-open"]).status.code(), Some(2));
    let hostile = place.spot(&["--name", "a\u{1b}[31m", "--no-open"]);
    assert_eq!(hostile.status.code(), Some(2));
    assert!(!said(&hostile).contains('\u{1b}'));
}

#[cfg(unix)]
#[test]
fn a_person_judges_is_cut_off_and_goes_on() {
    use support::glass::Profile;
    use support::session::Session;
    let home = tempfile::tempdir().unwrap();
    let demo = support::demo(home.path(), 24);
    let demo = demo.to_str().unwrap();
    let start = || {
        let arguments = ["spot", demo, "-n", "10", "--rater", "ann", "--graphics", "blocks"];
        Session::start(Profile::Silent, (120, 36), home.path(), &arguments, &[])
    };
    let mut session = start();
    session.wait_for("0 of 10");
    session.keys("a3");
    session.wait_for("2 of 10");
    session.keys("sm");
    session.wait_for("3 of 10");
    // What stands on the screen is on the disk.
    session.signal("-KILL");
    session.end();
    let mut session = start();
    session.wait_for("3 of 10");
    session.keys("bxu");
    session.wait_until("the verdict before", |glass| glass.screen().contents().contains("you said unsure"));
    session.keys("Q");
    assert_eq!(session.end(), 0);
    let output = support::run(home.path(), &["spot", demo, "--export-verdicts"]);
    let mut told: Vec<String> = support::out(&output)
        .lines()
        .map(|line| serde_json::from_str::<Json>(line).unwrap())
        .map(|told| format!("{} {} {}", told["rater"], told["verdict"], told["reason"]))
        .collect();
    told.sort();
    assert_eq!(
        told,
        ["\"ann\" \"right\" null", "\"ann\" \"unsure\" null", "\"ann\" \"wrong\" \"count/relation\""]
    );
}

/// Rounds of two raters, one of whom is killed. `CAPSCOPE_KILLS` says how many.
#[cfg(unix)]
#[test]
fn verdicts_that_were_acknowledged_outlive_kill_9() {
    let rounds = std::env::var("CAPSCOPE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(25);
    let place = Place::new(500);
    let drawn = ids(&place.says(&["-n", "300", "--ids"]));
    let csv = drawn.iter().fold("id,verdict,reason\n".to_owned(), |all, id| all + id + ",wrong,vague\n");
    let file = place.folder.path().join("verdicts.csv");
    std::fs::write(&file, csv).unwrap();
    let data = place.data();
    let judge = |rater: &str| {
        let arguments =
            ["spot", data.to_str().unwrap(), "--verdicts", file.to_str().unwrap(), "--rater", rater];
        let mut command = place.command(&arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
    let mut acknowledged = Vec::new();
    for round in 0..rounds {
        let (mut victim, mut other) = (judge(&format!("killed {round}")), judge(&format!("left {round}")));
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        // Not a wait for something to happen: the moment of the blow.
        std::thread::sleep(Duration::from_micros(dice % 60_000));
        let _ = victim.kill();
        if victim.wait().unwrap().success() {
            acknowledged.push(format!("killed {round}"));
        }
        assert!(other.wait().unwrap().success(), "round {round}: the other was kept from its work");
        acknowledged.push(format!("left {round}"));
    }
    let told = place.report(&[]);
    let raters = told["raters"].as_array().unwrap();
    let many = |name: &str| {
        raters.iter().find(|one| one["rater"] == name).map_or(0, |one| one["judged"].as_u64().unwrap())
    };
    for name in &acknowledged {
        assert_eq!(many(name), 300, "{name} was acknowledged");
    }
    for round in 0..rounds {
        // All or nothing of those that were not.
        assert!([0, 300].contains(&many(&format!("killed {round}"))), "round {round} is torn");
    }
    let marks = place.run(&["marks", data.to_str().unwrap(), "--json"]);
    let marks: Json = serde_json::from_slice(&marks.stdout).unwrap();
    let file = marks["file"].as_str().unwrap();
    assert!(capscope::workspace::Workspace::open(Path::new(file), "test").unwrap().is_sound().unwrap());
}
