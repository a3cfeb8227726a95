//! The command line, from outside: output, messages, exit codes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::expect_used,
    reason = "a check of its own, not a part of the program"
)]

mod support;

use std::collections::BTreeSet;
use std::fs;

use support::{data_set, demo, err, out, run, shared};

const DOGS: [&str; 4] = [
    r#"{"id": "a", "caption": "Two dogs run on the beach.", "score": 0.9}"#,
    r#"{"id": "b", "caption": "A brown dog sleeps.", "score": 0.2}"#,
    r#"{"id": "c", "caption": "A cat on a red sofa watches birds.", "score": 0.5}"#,
    r#"{"id": "d", "caption": "A hot dog with mustard.", "score": 0.7}"#,
];

fn ids(home: &std::path::Path, path: &std::path::Path, query: &str) -> BTreeSet<String> {
    let output = run(home, &["search", path.to_str().unwrap(), query, "--ids", "--all"]);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{query}: {}", err(&output));
    out(&output).lines().map(str::to_owned).collect()
}

#[test]
fn a_query_finds_the_same_in_the_index_and_in_the_data() {
    let (folder, path) = data_set(&DOGS);
    for query in [
        "dog",
        "dogs",
        "dog -hot",
        "\"hot dog\"",
        "cat OR beach",
        "be*",
        "~mustrad",
        "meta.score:>0.4",
        "meta.score:[0.2 TO 0.5]",
        "words:>5",
        "(cat OR dog) red",
        "id:c",
        "-dog",
        "sort:-meta.score dog",
        "",
        "has:caption",
        "has:image",
        "random:7",
    ] {
        let found = ids(folder.path(), &path, query);
        let output = run(folder.path(), &["search", path.to_str().unwrap(), query, "--ids", "--scan"]);
        let scanned: BTreeSet<String> = out(&output).lines().map(str::to_owned).collect();
        assert_eq!(found, scanned, "{query}");
    }
    assert_eq!(ids(folder.path(), &path, "dog").len(), 3);
    assert_eq!(ids(folder.path(), &path, "dog -hot").len(), 2);
}

#[test]
fn figures_of_the_index_are_those_of_reading() {
    let (folder, path) = data_set(&DOGS);
    let path = path.to_str().unwrap();
    let commands: [&[&str]; 8] = [
        &["stats", path],
        &["stats", path, "--json"],
        &["coverage", path],
        &["coverage", path, "--json"],
        &["flags", path],
        &["flags", path, "--json"],
        &["flags", path, "--jsonl"],
        &["flags", path, "--flag", "duplicate", "--jsonl", "-n", "1"],
    ];
    let told = || commands.map(|command| out(&run(folder.path(), command)));
    let read = told();
    assert!(run(folder.path(), &["index", path, "--quiet"]).status.success());
    for ((command, read), found) in commands.iter().zip(read).zip(told()) {
        assert_eq!(found, read, "{command:?}");
        assert!(command.len() > 4 || !read.is_empty());
    }
    let output = run(folder.path(), &["search", path, "dog bits:>3", "--scan"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("column 5"), "{}", err(&output));
    // Rules beside the data are those of queries, and need no new index.
    fs::write(folder.path().join("capscope.toml"), "[flags.short]\nTHIN = \"words < 5\"\n").unwrap();
    assert_eq!(ids(folder.path(), path.as_ref(), "flag:thin"), BTreeSet::from(["b".to_owned()]));
}

#[test]
fn flags_as_json_say_what_they_say_as_text() {
    let (folder, path) = data_set(&DOGS);
    let path = path.to_str().unwrap();
    let json: serde_json::Value =
        serde_json::from_str(&out(&run(folder.path(), &["flags", path, "--json"]))).unwrap();
    let text = out(&run(folder.path(), &["flags", path]));
    let heads: Vec<&str> = text.lines().filter(|line| line.contains(" %   ")).collect();
    let flags = json["flags"].as_array().unwrap();
    assert_eq!(heads.len(), flags.len());
    for (head, flag) in heads.iter().zip(flags) {
        let name = flag["flag"].as_str().unwrap();
        assert!(head.starts_with(name) && head.ends_with(flag["rule"].as_str().unwrap()), "{head}");
        assert_eq!(head.split_whitespace().nth(1), Some(&*flag["samples"].to_string()), "{head}");
        let of_flag = text.split("\n\n").find(|part| part.starts_with(&format!("{name} "))).unwrap();
        for worst in flag["worst"].as_array().unwrap() {
            let shown =
                format!("    {}  {}", worst["id"].as_str().unwrap(), worst["column"].as_str().unwrap());
            assert!(of_flag.contains(&shown), "{shown}: {of_flag}");
            assert!(worst["value"].is_number() && worst["threshold"].is_number(), "{worst}");
        }
    }
    let flagged = out(&run(folder.path(), &["flags", path, "--jsonl"])).lines().count();
    assert_eq!((json["flagged"].as_u64(), json["samples"].as_u64()), (Some(flagged as u64), Some(4)));
    assert!(flagged > 0);
    let both = run(folder.path(), &["flags", path, "--json", "--jsonl"]);
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn pictures_are_looked_at_when_somebody_asks_for_it() {
    let (folder, path) = data_set(&[
        r#"{"image": "small.png", "caption": "A brown dog sleeps on a red sofa."}"#,
        r#"{"image": "broken.png", "caption": "A cat on a red sofa watches birds."}"#,
        r#"{"image": "lost.png", "caption": "Two dogs run along the beach."}"#,
    ]);
    let small = image::RgbImage::from_fn(40, 30, |x, y| image::Rgb([(x * 6) as u8, (y * 8) as u8, 90]));
    small.save(path.with_file_name("small.png")).unwrap();
    fs::write(path.with_file_name("broken.png"), "<html>not found</html>").unwrap();
    let (home, data) = (folder.path(), path.to_str().unwrap());
    let early = run(home, &["flags", data, "--flag", "image_tiny"]);
    assert_eq!(early.status.code(), Some(2));
    assert!(err(&early).contains("capscope index --images"), "{}", err(&early));
    let early = run(home, &["search", data, "flag:image_*"]);
    assert_eq!(early.status.code(), Some(2));
    assert!(err(&early).contains("capscope index --images"), "{}", err(&early));
    let looked = run(home, &["index", data, "--images"]);
    assert!(looked.status.success(), "{}", err(&looked));
    let said = format!("{}{}", out(&looked), err(&looked));
    for expected in ["3 pictures, 3 looked at", "IMAGE_TINY", "IMAGE_UNREADABLE", "IMAGE_MISSING"] {
        assert!(said.contains(expected), "{said}");
    }
    assert_eq!(ids(home, &path, "flag:image_tiny"), BTreeSet::from(["small".to_owned()]));
    assert_eq!(ids(home, &path, "flag:image_*").len(), 3);
    let tiny = run(home, &["flags", data, "--flag", "image_tiny", "--jsonl"]);
    let record: serde_json::Value = serde_json::from_str(&out(&tiny)).unwrap();
    let flags = record["flags"].as_array().unwrap();
    let flag = flags.iter().find(|flag| flag["id"] == "IMAGE_TINY").unwrap();
    assert_eq!(
        (&record["id"], &flag["column"], &flag["value"]),
        (&"small".into(), &"side".into(), &30.0.into())
    );
    assert!(out(&run(home, &["flags", data])).contains("side < 200"));
    // Thresholds beside the data count at once.
    fs::write(home.join("capscope.toml"), "[flags.short]\nIMAGE_TINY = \"side < 20\"\n").unwrap();
    assert_eq!(ids(home, &path, "flag:image_tiny"), BTreeSet::new());
    let again = run(home, &["index", data, "--images"]);
    assert!(format!("{}{}", out(&again), err(&again)).contains("3 pictures, 0 looked at"), "{}", err(&again));
}

#[test]
fn exit_codes_tell_what_happened() {
    let (folder, path) = data_set(&DOGS);
    let home = folder.path();
    let data = path.to_str().unwrap();
    assert_eq!(run(home, &["search", data, "dog"]).status.code(), Some(0));
    assert_eq!(run(home, &["search", data, "zebra"]).status.code(), Some(1));
    let wrong = run(home, &["search", data, "words:>many"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(err(&wrong).contains("column 8"), "{}", err(&wrong));
    let nothing = run(home, &["search", home.join("nowhere").to_str().unwrap(), "dog"]);
    assert_eq!(nothing.status.code(), Some(2));
    assert_eq!(err(&nothing).trim().lines().count(), 1, "{}", err(&nothing));
    assert_eq!(run(home, &["show", data, "nobody"]).status.code(), Some(1));
}

#[test]
fn a_path_that_is_no_data_set_gets_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("noise.bin"), [0_u8, 159, 146, 150, 7, 0, 3]).unwrap();
    for arguments in [["inspect"], ["index"]] {
        let output = run(folder.path(), &[arguments[0], folder.path().to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2));
        assert!(out(&output).is_empty());
        assert_eq!(err(&output).trim().lines().count(), 1, "{}", err(&output));
    }
}

#[test]
fn the_explorer_refuses_a_pipe_and_prints_nothing_there() {
    let (folder, path) = data_set(&DOGS);
    let output = run(folder.path(), &[path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(err(&output).contains("needs a terminal"));
}

#[test]
fn bad_records_are_listed_with_their_place_and_cost_nothing_else() {
    let deep = format!("{}{}", r#"{"id": "deep", "caption": "#, "[".repeat(10_000));
    let lines = [DOGS[0], "{broken", DOGS[1], &deep, r#"{"id": "n", "caption": [1, 2]}"#, DOGS[2]];
    let (folder, path) = data_set(&lines);
    let output = run(folder.path(), &["inspect", path.to_str().unwrap(), "--skipped"]);
    let listed = out(&output);
    for place in ["line 2", "line 4", "line 5"] {
        assert!(listed.contains(place), "{place} is missing in\n{listed}");
    }
    assert_eq!(listed.lines().count(), 3, "{listed}");
    assert_eq!(ids(folder.path(), &path, ""), BTreeSet::from(["a".into(), "b".into(), "c".into()]));
}

#[test]
fn hostile_captions_reach_no_terminal() {
    let hostile = r#"{"id": "x\u001b]0;owned\u0007", "caption": "dog \u001b[31mred\u001b[0m \u202egnp.exe \u0007 \u009b5m", "image": "a\u001b[2J.png"}"#;
    let (folder, path) = data_set(&[hostile, DOGS[1]]);
    let data = path.to_str().unwrap();
    for arguments in [
        &["search", data, "dog"][..],
        &["search", data, "dog", "--ids"],
        &["inspect", data],
        &["show", data, "b"],
        &["search", data, "dog", "--jsonl"],
        &["inspect", data, "--json"],
    ] {
        let output = run(folder.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", err(&output));
        let bad =
            |text: &str| text.chars().any(|letter| letter.is_control() && letter != '\n' && letter != '\t');
        assert!(!bad(&out(&output)), "{arguments:?}");
        assert!(!bad(&err(&output)), "{arguments:?}");
        if !arguments.contains(&"--jsonl") && !arguments.contains(&"--json") {
            assert!(!out(&output).contains('\u{202e}'), "{arguments:?}");
        }
    }
}

#[test]
fn only_changed_and_new_files_are_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("set");
    fs::create_dir(&data).unwrap();
    let shard = |name: &str, words: &[&str]| {
        let lines: Vec<String> = words
            .iter()
            .map(|word| format!(r#"{{"id": "{name}-{word}", "caption": "a picture of a {word} outside"}}"#))
            .collect();
        fs::write(data.join(format!("{name}.jsonl")), lines.join("\n")).unwrap();
    };
    shard("one", &["dog", "cat"]);
    shard("two", &["bus", "car"]);
    assert_eq!(ids(folder.path(), &data, "").len(), 4);
    shard("two", &["bus", "train", "tram"]);
    shard("three", &["boat"]);
    let all = ids(folder.path(), &data, "");
    let expected = ["one-dog", "one-cat", "two-bus", "two-train", "two-tram", "three-boat"];
    assert_eq!(all, expected.iter().map(|id| (*id).to_owned()).collect());
    fs::remove_file(data.join("one.jsonl")).unwrap();
    assert_eq!(ids(folder.path(), &data, "").len(), 4);
    assert!(ids(folder.path(), &data, "dog").is_empty());
}

#[test]
fn two_builders_at_once_make_one_sound_index() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.jsonl");
    let lines: Vec<String> = (0..20_000)
        .map(|number| format!(r#"{{"id": "{number}", "caption": "picture number {number} of a dog"}}"#))
        .collect();
    fs::write(&path, lines.join("\n")).unwrap();
    let mut builders: Vec<_> = (0..3)
        .map(|_| {
            support::capscope(folder.path())
                .args(["search", path.to_str().unwrap(), "dog", "--count"])
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for builder in builders.drain(..) {
        let output = builder.wait_with_output().unwrap();
        assert_eq!(out(&output).trim(), "20000", "{}", err(&output));
    }
    let doctor = run(folder.path(), &["doctor", path.to_str().unwrap()]);
    // Nobody has asked what the captions say.
    let said = "sound and complete by words, captions not analysed, 20,000 samples";
    assert!(out(&doctor).contains(said), "{}", out(&doctor));
}

#[test]
fn a_killed_builder_leaves_an_index_that_is_completed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.jsonl");
    let lines: Vec<String> = (0..60_000)
        .map(|number| format!(r#"{{"id": "{number}", "caption": "picture number {number} of a dog"}}"#))
        .collect();
    fs::write(&path, lines.join("\n")).unwrap();
    for _ in 0..4 {
        let mut builder = support::capscope(folder.path())
            .args(["index", path.to_str().unwrap()])
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // Killed once it has begun to write: how far it got differs, and must not matter.
        while !folder.path().join("cache/capscope").exists() && builder.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        builder.kill().unwrap();
        builder.wait().unwrap();
    }
    assert_eq!(ids(folder.path(), &path, "dog").len(), 60_000);
    let doctor = run(folder.path(), &["doctor", path.to_str().unwrap()]);
    assert!(out(&doctor).contains("sound and complete"), "{}", out(&doctor));
}

#[test]
fn the_demo_set_opens_without_a_flag() {
    let folder = tempfile::tempdir().unwrap();
    let demo = demo(folder.path(), 12);
    let data = demo.to_str().unwrap();
    let inspected = out(&run(folder.path(), &["inspect", data, "--json"]));
    let report: serde_json::Value = serde_json::from_str(&inspected).unwrap();
    assert_eq!(report["counts"]["samples"], report["counts"]["with_image"], "{inspected}");
    assert!(report["counts"]["samples"].as_u64().unwrap() >= 12);
    assert!(report["counts"]["descriptors"].as_u64().unwrap() > 12);
    assert!(report["counts"]["questions"].as_u64().unwrap() > 12);
    assert_eq!(report["counts"]["skipped"], 0);
    let first = out(&run(folder.path(), &["search", data, "", "--ids", "-n", "1"]));
    let shown = run(folder.path(), &["show", data, first.trim()]);
    assert!(shown.status.success());
    assert!(out(&shown).contains("descriptors"));
}

#[test]
fn questions_are_held_against_captions() {
    let records = [
        r#"{"id": "a", "caption": "A brown dog lies on a sofa.", "question": "What color is the dog?", "answer": "brown"}"#,
        r#"{"id": "b", "caption": "Two cats on a red mat.", "question": "What color are the cats?", "answer": "white"}"#,
        r#"{"id": "c", "caption": "A man without a hat.", "question": "Is the man wearing a hat?", "answer": "no"}"#,
    ];
    let (folder, path) = data_set(&records);
    let path = path.to_str().unwrap();
    let output = run(folder.path(), &["vqa", path]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let text = out(&output);
    assert!(text.contains("3 questions about 3 samples") && text.contains("The cats are white."), "{text}");
    let read: serde_json::Value =
        serde_json::from_str(&out(&run(folder.path(), &["vqa", path, "--json"]))).unwrap();
    assert_eq!((&read["all"]["questions"], &read["all"]["verdicts"]["entailed"]), (&3.into(), &2.into()));
    // The index knows the same.
    let indexed: serde_json::Value =
        serde_json::from_str(&out(&run(folder.path(), &["vqa", path, "--json", "--query", "sort:dataset"])))
            .unwrap();
    assert_eq!(indexed["all"], read["all"]);
    let few: serde_json::Value =
        serde_json::from_str(&out(&run(folder.path(), &["vqa", path, "--json", "--query", "dog"]))).unwrap();
    assert_eq!(few["all"]["questions"], 1);
    let enriched = folder.path().join("enriched.jsonl");
    run(folder.path(), &["vqa", path, "--enriched", enriched.to_str().unwrap()]);
    let enriched = fs::read_to_string(enriched).unwrap();
    assert!(enriched.contains("Two cats on a red mat. The cats are white."), "{enriched}");
    let asked = out(&run(folder.path(), &["vqa", path, "--generate"]));
    assert!(asked.contains("How many cats are there?"), "{asked}");
    let judged = run(folder.path(), &["vqa", "--jsonl", path]);
    let verdicts: Vec<String> = out(&judged)
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["verdict"].to_string())
        .collect();
    assert_eq!(verdicts, ["\"entailed\"", "\"unknown\"", "\"entailed\""]);
}

#[test]
fn the_help_names_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let help = out(&run(folder.path(), &["--help"]));
    for command in
        ["demo", "inspect", "index", "search", "show", "doctor", "--index-dir", "--fetch-urls", "--graphics"]
    {
        assert!(help.contains(command), "{command}");
    }
    let version = out(&run(folder.path(), &["--version"]));
    assert!(version.contains(env!("CARGO_PKG_VERSION")) && version.contains("rustc"), "{version}");
}

#[test]
fn a_search_of_coco_captions_finds_what_a_plain_scan_finds() {
    let Some(coco) = shared("coco_val2017_captions") else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = coco.to_str().unwrap();
    for query in
        ["dog", "dogs -cat", "\"fire hydrant\"", "surf*", "people OR person", "standing next", "words:>80"]
    {
        let found = ids(folder.path(), &coco, query);
        let scanned = run(folder.path(), &["search", data, query, "--ids", "--scan"]);
        let scanned: BTreeSet<String> = out(&scanned).lines().map(str::to_owned).collect();
        assert!(!found.is_empty(), "{query}");
        assert_eq!(found, scanned, "{query}");
    }
}

#[test]
fn what_is_found_goes_on_through_pipes() {
    let home = tempfile::tempdir().unwrap();
    let demo = demo(home.path(), 12);
    let shell = |script: &str| {
        let output = std::process::Command::new("sh")
            .args(["-c", script, "sh", env!("CARGO_BIN_EXE_capscope"), demo.to_str().unwrap()])
            .env("XDG_CACHE_HOME", home.path().join("cache"))
            .env("XDG_DATA_HOME", home.path().join("data"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{script}: {}", err(&output));
        out(&output)
    };
    // As docs/pipes.md has them: one program a sample, and ids chosen by another program.
    let shown =
        shell("\"$1\" search \"$2\" '' --ids | head -n 3 | xargs -n 1 \"$1\" show --graphics none \"$2\"");
    let found = shell("\"$1\" search \"$2\" '' | head -n 3 | cut -f 2 | cut -c 1-30");
    for caption in found.lines() {
        assert!(shown.contains(caption), "{caption} in {shown}");
    }
    assert_eq!(found.lines().count(), 3);
    shell("\"$1\" search \"$2\" '' --ids | tail -n 2 | \"$1\" tag look \"$2\" --ids - 2>/dev/null");
    assert_eq!(shell("\"$1\" search \"$2\" tag:look --count"), "2\n");
    // What fzf runs for the line under its cursor, whose first field is the id; with fzf itself where there is one.
    let preview = shell(
        "id=$(\"$1\" search \"$2\" '' | head -n 1 | cut -f 1); \
         \"$1\" show --graphics blocks --width 40 \"$2\" \"$id\"",
    );
    let caption = found.lines().next().unwrap();
    assert!(preview.contains('▀') && preview.contains(caption), "{preview}");
    if std::process::Command::new("fzf").arg("--version").output().is_ok() {
        let chosen = shell("\"$1\" search \"$2\" '' | fzf --filter demo-0007 | cut -f 1");
        assert_eq!(chosen, "demo-0007\n");
    } else {
        println!("skipped: fzf is not installed");
    }
}
