//! Pairs of a data set and differences of captions, from outside.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::expect_used,
    reason = "a check of its own, not a part of the program"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::process::Stdio;

use serde_json::Value as Json;
use support::{capscope, data_set, demo, err, out, run, shared};

const LINES: [&str; 8] = [
    r#"{"id": "a", "image": "a.jpg", "caption": "A brown dog lies on the grass next to a red ball."}"#,
    r#"{"id": "b", "image": "b.jpg", "caption": "A black dog lies on the grass next to a red ball."}"#,
    r#"{"id": "c", "image": "c.jpg", "caption": "Two men ride horses along a beach."}"#,
    r#"{"id": "d", "image": "d.jpg", "caption": "Three men ride horses along a beach."}"#,
    r#"{"id": "e", "image": "e.jpg", "caption": "A clock hangs on a tower."}"#,
    r#"{"id": "f", "image": "f.jpg", "caption": "A plate of food stands on a wooden table."}"#,
    r#"{"id": "g", "image": "a.jpg", "caption": "A white dog lies on the grass next to a red ball."}"#,
    r#"{"id": "h", "image": "h.jpg", "caption": "A plate of food stands on a wooden table."}"#,
];

fn records(text: &str) -> Vec<Json> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn pairs_are_found_named_and_searched() {
    let (folder, path) = data_set(&LINES);
    let home = folder.path();
    let path = path.to_str().unwrap();
    let output = run(home, &["pairs", path, "--jsonl"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let found = records(&out(&output));
    let of = |one: &str, other: &str| {
        found.iter().find(|pair| pair["first"]["id"] == one && pair["second"]["id"] == other)
    };
    let dogs = of("a", "b").expect("the dogs");
    assert_eq!(dogs["kind"], "replace_att");
    assert_eq!(dogs["differences"][0]["dimension"], "color");
    assert_eq!(
        (&dogs["differences"][0]["from"], &dogs["differences"][0]["to"]),
        (&"brown".into(), &"black".into())
    );
    assert_eq!(of("c", "d").expect("the men")["kind"], "count");
    // Of one picture, and of one caption: no pairs, and counted.
    assert!(of("a", "g").is_none() && of("f", "h").is_none());
    assert!(err(&output).contains("of one picture"), "{}", err(&output));
    // Without an end: every run finds the same.
    assert_eq!(out(&run(home, &["pairs", path, "--jsonl"])), out(&output));
    let counts = run(home, &["pairs", path, "--find", "change:count", "--jsonl"]);
    assert_eq!(records(&out(&counts)).len(), 1);
    let text = out(&run(home, &["pairs", path, "--find", "object:dog"]));
    assert!(text.contains("color of dog: brown ↔ black"), "{text}");
    let of_query = run(home, &["pairs", path, "--query", "horse", "--jsonl"]);
    assert_eq!(records(&out(&of_query)).len(), 1, "{}", err(&of_query));
    let none = run(home, &["pairs", path, "--query", "clock"]);
    assert_eq!(none.status.code(), Some(1));
    for (arguments, words) in [
        (vec!["pairs", path, "--find", "chnge:count"], "--find, column 1: no field chnge"),
        (vec!["pairs", path, "--query", "(dog"], "--query, column"),
    ] {
        let output = run(home, &arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains(words), "{}", err(&output));
    }
}

#[test]
fn constructed_pairs_of_the_demo_set_are_found_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = demo(folder.path(), 320);
    let output = run(folder.path(), &["pairs", path.to_str().unwrap(), "--jsonl"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let pairs = records(&out(&output));
    let supplied: Vec<&Json> = pairs.iter().filter(|pair| pair["source"] == "supplied").collect();
    assert!(supplied.len() >= 75, "{} pairs", supplied.len());
    let named = supplied.iter().filter(|pair| pair["kind"] == pair["label"]).count();
    assert!(named * 100 >= supplied.len() * 95, "{named} of {} named", supplied.len());
    // Nobody says which are pairs: they are found by their captions alone.
    let bare = path.join("bare.jsonl");
    let mut halves: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut lines = String::new();
    for line in fs::read_to_string(path.join("metadata.jsonl")).unwrap().lines() {
        let mut record: Json = serde_json::from_str(line).unwrap();
        let pair = record.as_object_mut().unwrap().remove("pair");
        if let Some(id) = pair.as_ref().and_then(|pair| pair["id"].as_str()) {
            halves.entry(id.to_owned()).or_default().push(record["id"].as_str().unwrap().to_owned());
        }
        lines.push_str(&format!("{record}\n"));
    }
    fs::write(&bare, lines).unwrap();
    let arguments = ["pairs", bare.to_str().unwrap(), "--jsonl", "--uses", "1000"];
    let mined = records(&out(&run(folder.path(), &arguments)));
    let is_found = |halves: &&Vec<String>| {
        mined.iter().any(|pair| {
            let ends = [pair["first"]["id"].as_str().unwrap(), pair["second"]["id"].as_str().unwrap()];
            halves.iter().all(|half| ends.contains(&half.as_str()))
        })
    };
    let found = halves.values().filter(is_found).count();
    assert!(found * 100 >= halves.len() * 95, "{found} of {} found", halves.len());
}

#[test]
fn a_picture_under_two_names_is_no_pair() {
    let folder = tempfile::tempdir().unwrap();
    let pictures = demo(folder.path(), 4).join("images");
    let names = ["a.png", "b.png", "c.png"];
    let mut drawn: Vec<_> = fs::read_dir(&pictures).unwrap().map(|entry| entry.unwrap().path()).collect();
    drawn.sort();
    for (name, from) in names.iter().zip([&drawn[0], &drawn[0], &drawn[2]]) {
        fs::copy(from, folder.path().join(name)).unwrap();
    }
    let colors = ["brown", "black", "white"];
    let lines: Vec<String> = names
        .iter()
        .zip(colors)
        .map(|(name, color)| {
            let caption = format!("A {color} dog sits on the grass next to a red ball.");
            serde_json::json!({ "id": color, "image": name, "caption": caption }).to_string()
        })
        .collect();
    let path = folder.path().join("set.jsonl");
    fs::write(&path, lines.join("\n")).unwrap();
    let path = path.to_str().unwrap();
    let found = |more: &[&str]| {
        let arguments: Vec<&str> = ["pairs", path, "--jsonl"].iter().chain(more).copied().collect();
        let output = run(folder.path(), &arguments);
        (records(&out(&output)).len(), err(&output))
    };
    let (pairs, said) = found(&[]);
    assert!(pairs == 2 && said.contains("1 of one picture"), "{pairs}: {said}");
    let (pairs, said) = found(&["--looks", "0"]);
    assert!(pairs == 3 && said.contains("3 pairs were not looked at"), "{pairs}: {said}");
    // After a pass over all pictures only those that look the same are looked at again.
    run(folder.path(), &["index", "--images", path]);
    let (pairs, said) = found(&["--looks", "2"]);
    assert!(pairs == 2 && said.contains("1 of one picture") && !said.contains("not looked at"), "{said}");
}

#[test]
fn two_captions_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["diff", "A brown dog on the grass.", "A black dog on the grass."]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(out(&output).lines().next(), Some("replace_att  color of dog: brown ↔ black"));
    let same = run(folder.path(), &["diff", "A dog.", "A dog."]);
    assert_eq!((same.status.code(), out(&same).trim()), (Some(1), "no difference"));
}

#[test]
fn lines_of_captions_are_told_apart_and_broken_ones_keep_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = capscope(folder.path())
        .args(["diff", "--jsonl", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = "{\"n\": 1, \"a\": \"A dog on a rug.\", \"b\": \"A dog and a cat on a rug.\"}\n{broken\n{\"a\": \"A dog.\"}\n\
                 {\"a\": \"Two cups on a shelf.\", \"b\": \"Four cups on a shelf.\"}\n";
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let records = records(&out(&output));
    assert_eq!(records.len(), 4);
    assert_eq!(
        (&records[0]["n"], &records[0]["type"], &records[0]["facet"]),
        (&1.into(), &"add_obj".into(), &"object".into())
    );
    assert!(records[1]["error"].as_str().unwrap().starts_with("line 2: broken JSON"));
    assert_eq!(records[2]["error"], "line 3: no text in `b`");
    assert_eq!(
        (&records[3]["type"], &records[3]["change"]),
        (&"count".into(), &"count of cup: 2 ↔ 4".into())
    );
    assert!(
        records[3]["coarse"].as_f64().unwrap() > 0.0 && records[3]["contrast_bits"].as_f64().unwrap() > 0.0
    );
    assert!(err(&output).contains("2 lines of 4 not compared"), "{}", err(&output));
}

#[test]
fn kinds_of_change_are_those_of_people() {
    let Some(folder) = shared("sugar_crepe/swap_att.json") else { return };
    let folder = folder.parent().unwrap().to_owned();
    let home = tempfile::tempdir().unwrap();
    let (mut all, mut types, mut facets) = (0, 0, 0);
    for kind in ["add_att", "add_obj", "replace_att", "replace_obj", "replace_rel", "swap_att", "swap_obj"] {
        let text = fs::read_to_string(folder.join(format!("{kind}.json"))).unwrap();
        let cases: BTreeMap<String, Json> = serde_json::from_str(&text).unwrap();
        let mut lines = String::new();
        for case in cases.values() {
            lines.push_str(&format!(
                "{}\n",
                serde_json::json!({"a": case["caption"], "b": case["negative_caption"]})
            ));
        }
        let file = home.path().join("captions.jsonl");
        fs::write(&file, lines).unwrap();
        let found = records(&out(&run(home.path(), &["diff", "--jsonl", file.to_str().unwrap()])));
        let facet = match kind.rsplit('_').next() {
            Some("obj") => "object",
            Some("att") => "attribute",
            _ => "relation",
        };
        all += found.len();
        types += found.iter().filter(|answer| answer["type"] == kind).count();
        facets += found.iter().filter(|answer| answer["facet"] == facet).count();
    }
    println!("SugarCrepe: {types} types and {facets} facets of {all}");
    assert!(types * 100 >= all * 88 && facets * 100 >= all * 92, "{types} types, {facets} facets of {all}");
}
