//! Exports from outside: every form, what is refused, what cannot be exported, and that nothing torn is ever left.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a check of its own, not a part of the program"
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value as Json;
use support::{capscope, data_set, demo, err, out, run};

const FORMS: [&str; 8] = ["jsonl", "csv", "tsv", "parquet", "webdataset", "imagefolder", "llava", "kohya"];

/// The demo set with its home, which lives as long.
fn drawn(scenes: usize) -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let path = demo(home.path(), scenes);
    (home, path)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// All samples as they are printed, without where they lie.
fn samples(home: &Path, path: &Path) -> Vec<Json> {
    let output = run(home, &["search", text(path), "", "--all", "--scan", "--jsonl"]);
    assert!(output.status.success(), "{}", err(&output));
    let lines = out(&output);
    let read = |line: &str| {
        let mut sample: Json = serde_json::from_str(line).unwrap();
        let fields = sample.as_object_mut().unwrap();
        fields.remove("origin");
        for image in fields["images"].as_array_mut().unwrap() {
            image.as_object_mut().unwrap().remove("at");
        }
        sample
    };
    lines.lines().map(read).collect()
}

#[test]
fn every_form_that_holds_records_gives_back_what_it_got() {
    let (home, data) = drawn(24);
    let to = home.path().join("exports");
    fs::create_dir(&to).unwrap();
    let expected = samples(home.path(), &data);
    assert_eq!(expected.len(), 24);
    for name in ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.csv", "a.csv.gz", "a.tsv", "a.parquet", "a.tar"] {
        let path = to.join(name);
        let output = run(home.path(), &["export", text(&data), "--to", text(&path)]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", err(&output));
        assert_eq!(out(&output), "");
        assert_eq!(samples(home.path(), &path), expected, "{name}");
        let account = fs::read_to_string(to.join(format!("{name}.provenance.json"))).unwrap();
        let account: Json = serde_json::from_str(&account).unwrap();
        assert_eq!(account["counts"]["samples"], 24);
        assert!(account["dataset"]["fingerprint"].as_str().unwrap().starts_with("content-"));
    }
    for form in FORMS {
        let path = to.join(form);
        let mut arguments = vec!["export", text(&data), "--to", text(&path), "--format", form];
        if form == "webdataset" {
            arguments.extend(["--shard-size", "10"]);
        }
        let output = run(home.path(), &arguments);
        assert_eq!(output.status.code(), Some(0), "{form}: {}", err(&output));
        let account: Json =
            serde_json::from_str(&fs::read_to_string(path.join("capscope-export.json")).unwrap()).unwrap();
        assert_eq!(
            (account["format"].as_str(), account["counts"]["pictures"].as_u64()),
            (Some(form), Some(24))
        );
        if !matches!(form, "llava" | "kohya") {
            assert_eq!(samples(home.path(), &path), expected, "{form}");
        }
    }
    assert_eq!(
        names(&to.join("webdataset")),
        ["capscope-export.json", "webdataset-000000.tar", "webdataset-000001.tar", "webdataset-000002.tar"]
    );
    // Their captions are read again, too.
    for form in ["llava", "kohya"] {
        let again = samples(home.path(), &to.join(form));
        assert_eq!(again.len(), 24, "{form}");
    }
    let sidecar = fs::read_to_string(to.join("kohya/demo-0001.txt")).unwrap();
    assert_eq!(sidecar.lines().next(), expected[0]["captions"][0]["text"].as_str());
    // The bytes of pictures are those of the data.
    let picture = fs::read(data.join("images/0001.png")).unwrap();
    assert_eq!(fs::read(to.join("kohya/demo-0001.png")).unwrap(), picture);
    assert_eq!(fs::read(to.join("imagefolder/images/0000/demo-0001.png")).unwrap(), picture);
}

#[test]
fn a_query_chooses_and_marks_go_along() {
    let (home, data) = drawn(40);
    let tagged = run(home.path(), &["tag", "good", text(&data), "--query", "id:demo-0003 OR id:demo-0007"]);
    assert!(tagged.status.success(), "{}", err(&tagged));
    run(home.path(), &["note", text(&data), "demo-0003", "look \u{1b}[31magain"]);
    let to = home.path().join("good.jsonl");
    let output =
        run(home.path(), &["export", text(&data), "--query", "tag:good sort:-id", "--to", text(&to)]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let lines = fs::read_to_string(&to).unwrap();
    assert!(!lines.contains('\u{1b}'));
    let records: Vec<Json> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<&str> = records.iter().map(|record| record["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["demo-0007", "demo-0003"]);
    assert_eq!(records[1]["tags"][0], "good");
    assert_eq!(records[1]["note"], "look \u{1b}[31magain");
    let account = fs::read_to_string(home.path().join("good.jsonl.provenance.json")).unwrap();
    let account: Json = serde_json::from_str(&account).unwrap();
    assert_eq!(account["dataset"]["query"], "tag:good sort:-id");
    assert_eq!(account["dataset"]["marks"]["steps"][0]["what"], "tag good");
    let none = run(
        home.path(),
        &[
            "export",
            text(&data),
            "--query",
            "zzzz",
            "--to",
            text(&home.path().join("n")),
            "--format",
            "webdataset",
        ],
    );
    assert_eq!(none.status.code(), Some(1), "{}", err(&none));
    assert!(names(home.path()).iter().all(|name| name != "n" && !name.starts_with(".n")));
}

#[test]
fn what_is_there_stays_unless_it_may_be_replaced() {
    let (home, data) = drawn(12);
    let to = home.path().join("set.jsonl");
    let export = |more: &[&str]| {
        let arguments = ["export", text(&data)];
        run(home.path(), &arguments.iter().chain(more).copied().collect::<Vec<_>>())
    };
    fs::write(&to, "mine").unwrap();
    let refused = export(&["--to", text(&to)]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("is there already; --force replaces it"), "{}", err(&refused));
    assert_eq!(fs::read_to_string(&to).unwrap(), "mine");
    assert!(export(&["--to", text(&to), "--force"]).status.success());
    assert_eq!(fs::read_to_string(&to).unwrap().lines().count(), 12);
    // A folder that no export has made is never replaced.
    let folder = home.path().join("folder");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("thesis"), "mine").unwrap();
    let refused = export(&["--to", text(&folder), "--format", "kohya", "--force"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("no folder that an export has made"), "{}", err(&refused));
    assert_eq!(names(&folder), ["thesis"]);
    fs::remove_file(folder.join("thesis")).unwrap();
    assert!(export(&["--to", text(&folder), "--format", "kohya", "--force"]).status.success());
    assert!(export(&["--to", text(&folder), "--format", "webdataset", "--force"]).status.success());
    assert_eq!(names(&folder), ["capscope-export.json", "folder-000000.tar"]);
    for (arguments, words) in [
        (
            vec!["--to", text(&data), "--format", "webdataset", "--force"],
            "would be written to the data itself",
        ),
        (vec!["--to", text(&data.join("x.jsonl"))], "would be written to the data itself"),
        (vec!["--to", "x"], "which form shall x have?"),
        (vec!["--to", "no/such/x.csv"], "there is no such folder"),
        (vec!["--to", "x.csv", "--images", "copy"], "cannot hold pictures"),
        (vec!["--to", "x.csv", "--shard-size", "1MB"], "--shard-size is for archives"),
        (vec!["--to", "x", "--format", "webdataset", "--shard-size", "0"], "holds nothing"),
        (vec!["--to", "x", "--format", "kohya", "--pairs", "all"], "a pair has two"),
        (vec!["--to", "x.csv", "--query", "(dog"], "--query, column"),
        (vec!["--to", "x.csv", "--query", "words:abc"], "--query, column"),
    ] {
        let refused = export(&arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}: {}", err(&refused));
        assert!(err(&refused).contains(words), "{arguments:?}: {}", err(&refused));
    }
}

#[test]
fn pictures_that_cannot_be_had_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let pictures = demo(folder.path(), 6).join("images");
    let data = folder.path().join("set");
    fs::create_dir(&data).unwrap();
    for number in 1..=4 {
        fs::copy(pictures.join(format!("{number:04}.png")), data.join(format!("{number}.png"))).unwrap();
    }
    fs::write(data.join("5.png"), "<html>404</html>").unwrap();
    let lines: Vec<String> = (1..=8)
        .map(|number| {
            let image = if number == 8 { "http://127.0.0.1:9/x.png".to_owned() } else { format!("{number}.png") };
            serde_json::json!({ "id": format!("s{number}"), "image": image, "caption": "A dog on the grass." })
                .to_string()
        })
        .collect();
    fs::write(data.join("set.jsonl"), lines.join("\n")).unwrap();
    for form in ["webdataset", "imagefolder", "kohya", "parquet", "llava"] {
        let to = folder.path().join(form);
        let output = run(folder.path(), &["export", text(&data), "--to", text(&to), "--format", form]);
        assert_eq!(output.status.code(), Some(0), "{form}: {}", err(&output));
        let said = err(&output);
        assert!(said.contains("4 samples left out, 4 pictures could not be had"), "{form}: {said}");
        assert!(said.contains("s5") && said.contains("not a picture"), "{said}");
        assert!(said.contains("--fetch-urls"), "{said}");
        let list = fs::read_to_string(to.join("capscope-export.skipped.jsonl")).unwrap();
        let ids: Vec<String> = list
            .lines()
            .map(|line| {
                let skipped: Json = serde_json::from_str(line).unwrap();
                assert_eq!(skipped["sample"], "left out");
                skipped["id"].as_str().unwrap().to_owned()
            })
            .collect();
        assert_eq!(ids, ["s5", "s6", "s7", "s8"]);
        assert_eq!(samples(folder.path(), &to).len(), 4, "{form}");
    }
    // Where pictures are only told of, nobody is left out.
    let to = folder.path().join("all.csv");
    let output = run(folder.path(), &["export", text(&data), "--to", text(&to)]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(samples(folder.path(), &to).len(), 8);
    let to = folder.path().join("all");
    let output = run(folder.path(), &["export", text(&data), "--to", text(&to), "--format", "jsonl"]);
    assert!(err(&output).contains("0 samples left out, 4 pictures could not be had"), "{}", err(&output));
    let all = samples(folder.path(), &to);
    assert_eq!(all.len(), 8);
    // Nothing is left to export: nothing is written.
    let to = folder.path().join("none");
    let arguments = ["export", text(&data), "--query", "id:s6", "--to", text(&to), "--format", "webdataset"];
    let output = run(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(!to.exists() && err(&output).contains("s6"));
}

#[test]
fn hostile_ids_are_names_of_files_that_hurt_nobody() {
    let long = "x".repeat(400);
    let ids = [
        "../../evil",
        "/etc/evil",
        "a/b",
        "a\\b",
        "nul\u{0}byte",
        "dup",
        "dup",
        "DUP",
        "Dup",
        "",
        ".",
        "..",
        "-rf",
        "a.b.c",
        "sp ace",
        "日本語",
        "日本人",
        "\u{202e}rtl",
        "con\nline",
        &long,
    ];
    let folder = tempfile::tempdir().unwrap();
    let picture = demo(folder.path(), 2).join("images/0001.png");
    let data = folder.path().join("set");
    fs::create_dir(&data).unwrap();
    fs::copy(picture, data.join("p.png")).unwrap();
    let lines: Vec<String> = ids
        .iter()
        .enumerate()
        .map(|(number, id)| {
            let caption = format!("A dog number {number} sits on the grass.");
            // The form that says itself what is what, so that every id is taken as it is.
            serde_json::json!({
                "capscope": 1, "id": id, "images": [{ "file": "p.png" }],
                "captions": [{ "text": caption, "field": "caption", "role": "caption" }],
            })
            .to_string()
        })
        .collect();
    fs::write(data.join("set.jsonl"), lines.join("\n")).unwrap();
    let found_ids = |path: &Path| -> Vec<String> {
        samples(folder.path(), path).iter().map(|sample| sample["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(found_ids(&data), ids);
    let before = names(folder.path());
    for form in ["webdataset", "imagefolder", "kohya", "parquet", "csv", "tsv", "llava"] {
        let to = folder.path().join(format!("out-{form}"));
        let output = run(folder.path(), &["export", text(&data), "--to", text(&to), "--format", form]);
        assert_eq!(output.status.code(), Some(0), "{form}: {}", err(&output));
        if !matches!(form, "kohya" | "llava") {
            assert_eq!(found_ids(&to), ids, "{form}");
        }
        if form == "kohya" {
            let folded: std::collections::HashSet<String> =
                names(&to).iter().map(|name| name.to_lowercase()).collect();
            assert_eq!(folded.len(), 2 * ids.len() + 1);
            assert!(names(&to).iter().all(|name| name.is_ascii() && name.len() < 120));
        }
    }
    let archive = fs::File::open(folder.path().join("out-webdataset/out-webdataset-000000.tar")).unwrap();
    let mut keys = std::collections::HashMap::<String, usize>::new();
    for entry in tar::Archive::new(archive).entries().unwrap() {
        let name = entry.unwrap().path().unwrap().to_string_lossy().into_owned();
        assert!(!name.contains('/') && name.matches('.').count() == 1, "{name}");
        *keys.entry(name.split('.').next().unwrap().to_lowercase()).or_default() += 1;
    }
    assert_eq!((keys.len(), keys.values().all(|members| *members == 3)), (ids.len(), true), "{keys:?}");
    // Nothing has come into being but the exports.
    let made: Vec<String> = names(folder.path()).into_iter().filter(|name| !before.contains(name)).collect();
    assert!(made.iter().all(|name| name.starts_with("out-")), "{made:?}");
}

#[test]
fn pairs_have_two_pictures_and_what_differs() {
    let (home, data) = drawn(60);
    let to = home.path().join("pairs.jsonl");
    let output = run(home.path(), &["export", text(&data), "--pairs", "all", "--to", text(&to)]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let lines = fs::read_to_string(&to).unwrap();
    let records: Vec<Json> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let supplied = records.iter().find(|record| record["meta"]["pair_source"] == "supplied").unwrap();
    assert_eq!(supplied["images"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&supplied["images"][0]["role"], &supplied["images"][1]["role"]),
        (&"left".into(), &"right".into())
    );
    assert!(!supplied["meta"]["differs"].as_str().unwrap().is_empty());
    assert_eq!(supplied["meta"]["comparative"], "");
    let fields: Vec<&str> = supplied["captions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|caption| caption["field"].as_str().unwrap())
        .collect();
    assert!(fields.contains(&"left.caption") && fields.contains(&"right.caption"));
    // Nobody has accepted any.
    let to = home.path().join("accepted.jsonl");
    let none = run(home.path(), &["export", text(&data), "--pairs", "accepted", "--to", text(&to)]);
    assert_eq!(none.status.code(), Some(1), "{}", err(&none));
    // In what they accept, who decides keeps both ids.
    let told: Json =
        serde_json::from_str(&out(&run(home.path(), &["marks", text(&data), "--json"]))).unwrap();
    let file = told["file"].as_str().unwrap();
    let (left, right) =
        (supplied["meta"]["left_id"].as_str().unwrap(), supplied["meta"]["right_id"].as_str().unwrap());
    {
        let mut workspace = capscope::workspace::Workspace::open(Path::new(file), "test").unwrap();
        workspace.decide(left, right, "accepted").unwrap();
    }
    for (format, more) in
        [("jsonl", ""), ("webdataset", ""), ("imagefolder", ""), ("llava", ""), ("parquet", left)]
    {
        let to = home.path().join(format!("accepted-{format}"));
        let mut arguments =
            vec!["export", text(&data), "--pairs", "accepted", "--to", text(&to), "--format", format];
        let query = format!("id:{more} OR id:{right}");
        if !more.is_empty() {
            arguments.extend(["--query", &query]);
        }
        let output = run(home.path(), &arguments);
        assert_eq!(output.status.code(), Some(0), "{format}: {}", err(&output));
        let again = samples(home.path(), &to);
        assert_eq!(again.len(), 1, "{format}");
        assert_eq!(again[0]["images"].as_array().unwrap().len(), 2, "{format}");
        if format != "llava" {
            assert_eq!(again[0]["meta"]["decision"], "accepted");
            assert_eq!(again[0]["meta"], {
                let mut meta = supplied["meta"].clone();
                meta["decision"] = "accepted".into();
                meta
            });
        }
    }
    let talk = fs::read_to_string(home.path().join("accepted-llava/accepted-llava.json")).unwrap();
    let talk: Json = serde_json::from_str(&talk).unwrap();
    assert_eq!(talk[0]["image"].as_array().unwrap().len(), 2);
    assert!(talk[0]["conversations"][0]["value"].as_str().unwrap().starts_with("<image>\n<image>\n"));
    let account = fs::read_to_string(home.path().join("accepted-jsonl/capscope-export.json")).unwrap();
    let account: Json = serde_json::from_str(&account).unwrap();
    assert_eq!(account["dataset"]["marks"]["steps"].as_array().unwrap().len(), 1);
    let outside = home.path().join("outside.jsonl");
    let arguments =
        ["export", text(&data), "--pairs", "accepted", "--query", "id:demo-none", "--to", text(&outside)];
    assert_eq!(run(home.path(), &arguments).status.code(), Some(1));
}

/// A text that looks like a picture for a conversation would break a trainer that counts the marks.
#[test]
fn a_caption_cannot_smuggle_a_picture_into_a_conversation() {
    let (folder, data) = data_set(&[
        r#"{"id": "a", "image": "http://x/a.jpg", "caption": "A sign that says <image> on a white wall."}"#,
        r#"{"id": "b", "image": "http://x/b.jpg", "caption": "A dog lies on the grass in the sun."}"#,
    ]);
    let to = folder.path().join("talk.json");
    let output = run(folder.path(), &["export", text(&data), "--to", text(&to), "--format", "llava"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(err(&output).contains("1 text had `<image>`"), "{}", err(&output));
    let talks: Json = serde_json::from_str(&fs::read_to_string(&to).unwrap()).unwrap();
    assert_eq!(talks[0]["conversations"][1]["value"], "A sign that says [image] on a white wall.");
    assert_eq!(talks[0]["image"], "http://x/a.jpg");
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

fn parts(folder: &Path) -> Vec<String> {
    names(folder).into_iter().filter(|name| name.starts_with('.')).collect()
}

/// Many samples of one picture, so that an export takes a while.
fn large(home: &Path) -> PathBuf {
    let picture = demo(home, 2).join("images/0001.png");
    let data = home.join("large");
    fs::create_dir(&data).unwrap();
    fs::copy(picture, data.join("p.png")).unwrap();
    let line = |number: u32| {
        let caption = format!("A dog of the number {number} sits on the green grass.");
        serde_json::json!({ "id": format!("s{number:05}"), "image": "p.png", "caption": caption }).to_string()
    };
    fs::write(data.join("set.jsonl"), (0..6_000).map(line).collect::<Vec<_>>().join("\n")).unwrap();
    data
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_nothing_behind() {
    let home = tempfile::tempdir().unwrap();
    let data = large(home.path());
    let to = home.path().join("out");
    fs::create_dir(&to).unwrap();
    let mut broken_off = 0;
    for (form, signal) in [("webdataset", "-INT"), ("imagefolder", "-TERM"), ("parquet", "-INT")] {
        let path = to.join(form);
        let mut command = capscope(home.path());
        command.args(["export", text(&data), "--to", text(&path), "--format", form, "--quiet"]);
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        // It listens to signals before it makes anything.
        while parts(&to).is_empty() && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        let status = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status();
        let was_there = status.unwrap().success();
        let code = child.wait().unwrap().code();
        if code == Some(0) {
            // It was done before the signal came.
            assert!(path.join("capscope-export.json").exists(), "{form}");
        } else {
            assert!(was_there && code == Some(130) && !path.exists(), "{form}: {code:?}");
            broken_off += 1;
        }
        assert_eq!(parts(&to), [""; 0], "{form}");
    }
    assert!(broken_off > 0, "no export was broken off");
}

/// Rounds in which an export is killed at a random moment. `CAPSCOPE_KILLS` says how many.
#[cfg(unix)]
#[test]
fn kill_9_leaves_nothing_torn() {
    let rounds = std::env::var("CAPSCOPE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(25);
    let (home, data) = drawn(60);
    let to = home.path().join("out");
    fs::create_dir(&to).unwrap();
    let start = |path: &Path, form: &str| {
        let mut command = capscope(home.path());
        command.args(["export", text(&data), "--to", text(path), "--format", form, "--force", "--quiet"]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    // How long one takes, so that blows fall on all of it.
    let began = std::time::Instant::now();
    assert!(start(&to.join("first"), "webdataset").wait().unwrap().success());
    let takes = u64::try_from(began.elapsed().as_micros()).unwrap();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut was_there = [false; 3];
    for round in 0..rounds {
        let which = round % 3;
        let (name, form) = [("tars", "webdataset"), ("folder", "imagefolder"), ("set.jsonl", "jsonl")][which];
        let path = to.join(name);
        let mut victim = start(&path, form);
        // Not a wait for something to happen: the moment of the blow.
        std::thread::sleep(Duration::from_micros(dice.below(takes * 5 / 4)));
        let _ = victim.kill();
        was_there[which] |= victim.wait().unwrap().success();
        assert!(path.exists() || !was_there[which], "round {round}: the old {name} is gone");
        if path.exists() {
            was_there[which] = true;
            assert_eq!(samples(home.path(), &path).len(), 60, "round {round}: {name} is torn");
        }
    }
    // What the dead have left is taken away by the next.
    for (name, form) in [("tars", "webdataset"), ("folder", "imagefolder"), ("set.jsonl", "jsonl")] {
        assert!(start(&to.join(name), form).wait().unwrap().success());
    }
    assert_eq!(parts(&to), [""; 0]);
}
