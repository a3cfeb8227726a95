//! Reports: that a page says what the commands say, loads nothing, shows hostile captions as text, and that a gate
//! closes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::string_slice,
    reason = "a check of its own, not a part of the program"
)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value as Json;
use support::{data_set, demo, err, out, run};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn json(output: &Output) -> Json {
    serde_json::from_str(&out(output)).unwrap_or_else(|error| panic!("{error}: {}", err(output)))
}

/// A demo set, its page, and the figures of its report.
fn drawn(home: &Path) -> (PathBuf, String, Json) {
    let data = demo(home, 24);
    let page = home.join("report.html");
    let output =
        run(home, &["report", text(&data), "-o", text(&page), "--json", "--fields", "original,caption"]);
    assert!(output.status.success(), "{}", err(&output));
    let written = std::fs::read_to_string(&page).unwrap();
    (data, written, json(&output))
}

#[test]
fn figures_are_those_of_the_other_commands() {
    let home = tempfile::tempdir().unwrap();
    let (data, _, report) = drawn(home.path());
    let told = |arguments: &[&str]| json(&run(home.path(), arguments));
    assert_eq!(report["stats"], told(&["stats", text(&data), "--json"]));
    assert_eq!(
        report["compare"],
        told(&["compare", text(&data), "--fields", "original,caption", "--top", "12", "--json"])
    );

    let coverage = told(&["coverage", text(&data), "--json"]);
    assert_eq!(report["coverage"]["samples"], coverage["samples"]);
    let levels = coverage["levels"].as_array().unwrap();
    assert_eq!(report["coverage"]["levels"].as_array().unwrap().len(), levels.len());
    for (found, level) in report["coverage"]["levels"].as_array().unwrap().iter().zip(levels) {
        for figure in ["level", "distinct", "coverage", "split_half", "curve", "ranks"] {
            assert_eq!(found[figure], level[figure], "{figure}");
        }
        let counts = |list: &Json| -> Vec<u64> {
            list.as_array().unwrap().iter().take(20).map(|fact| fact["samples"].as_u64().unwrap()).collect()
        };
        assert_eq!(counts(&found["top"]), counts(&level["most_frequent"]));
    }

    let questions = told(&["vqa", text(&data), "--json"]);
    for figure in questions.as_object().unwrap().keys().filter(|figure| *figure != "additions") {
        assert_eq!(report["vqa"][figure], questions[figure], "{figure}");
    }
    assert!(questions["all"]["questions"].as_u64().unwrap() > 0);

    let flagged = out(&run(home.path(), &["flags", text(&data), "--jsonl"]));
    let flagged: Vec<Json> = flagged.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(report["flags"]["flagged"], flagged.len());
    let mut shown = 0;
    for flag in report["flags"]["flags"].as_array().unwrap() {
        let name = &flag["flag"];
        let holders: Vec<&Json> = flagged
            .iter()
            .filter(|sample| sample["flags"].as_array().unwrap().iter().any(|held| &held["id"] == name))
            .collect();
        assert_eq!(flag["samples"], holders.len(), "{name}");
        for worst in flag["worst"].as_array().unwrap() {
            let sample = holders.iter().find(|sample| sample["id"] == worst["id"]).expect("it has the flag");
            let held = sample["flags"].as_array().unwrap().iter().find(|held| &held["id"] == name).unwrap();
            assert_eq!((&worst["value"], &worst["threshold"]), (&held["value"], &held["threshold"]));
            shown += 1;
        }
    }
    assert!(shown > 0);

    // The pairs of the command are kept, and the next report has those.
    let pairs = run(home.path(), &["pairs", text(&data), "--jsonl"]);
    let again = told(&["report", text(&data), "--json"]);
    assert_eq!(again["pairs"]["listed"], out(&pairs).lines().count());
}

#[test]
fn a_page_needs_nothing_but_itself() {
    let home = tempfile::tempdir().unwrap();
    let (_, page, report) = drawn(home.path());
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    assert!(page.contains("default-src 'none'; img-src data:; style-src 'unsafe-inline'"));
    // Pictures are letters of another alphabet, in which anything may be spelled.
    let mut bare = String::new();
    for (at, part) in page.split("data:image/jpeg;base64,").enumerate() {
        let rest = if at == 0 { part } else { part.split_once('"').unwrap().1 };
        bare.push_str(rest);
    }
    for forbidden in
        ["http:", "https:", "//", "<script", "<link", "<iframe", "@import", "url(", "javascript:"]
    {
        assert!(!bare.contains(forbidden), "{forbidden}");
    }
    for (name, allowed) in [("src=\"", "data:image/jpeg;base64,"), ("href=\"", "#")] {
        for (at, _) in page.match_indices(name) {
            assert!(page[at + name.len()..].starts_with(allowed), "{}", &page[at..at + 60]);
        }
    }
    assert!(page.len() < 6_000_000 && page.matches("<img").count() > 10, "{} bytes", page.len());
    let samples = report["summary"]["samples"].as_u64().unwrap();
    assert!(page.contains(&format!("<dt>Samples</dt><dd><data value=\"{samples}\">")));
    for tag in ["section", "table", "figure", "svg", "details", "ul", "li", "bdi", "mark", "p", "div"] {
        let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn hostile_captions_are_text() {
    let hostile = "A dog. A cat. </bdi><script>alert(1)</script><img src=x onerror='alert(2)'> \u{202e}god\u{202c} & \"dogs\"\u{7}";
    let lines: Vec<String> = (0..6)
        .map(|at| {
            serde_json::json!({ "id": format!("<b>{at}\""), "caption": hostile, "image": "<i>\".png",
                "question": "<u>Is it?", "answer": "<s>yes" })
            .to_string()
        })
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let (folder, data) = data_set(&lines);
    let map = ["--map", "caption=caption", "--query", "dogs OR <script>"];
    let output = run(folder.path(), &[&["report", text(&data), "-o", "-"][..], &map].concat());
    let page = out(&output);
    assert!(output.status.success(), "{}", err(&output));
    for tag in ["<script", "<img", "<b>", "<i>", "<u>", "<s>"] {
        assert!(!page.contains(tag), "{tag}");
    }
    let unlit = page.replace("<mark>", "").replace("</mark>", "");
    assert!(unlit.contains("A dog. A cat. &lt;/bdi&gt;&lt;script&gt;"), "it is shown as it stands");
    assert!(!page.contains(['\u{202e}', '\u{7}']), "neither turned around nor rung");
}

#[test]
fn a_gate_closes() {
    let home = tempfile::tempdir().unwrap();
    let (folder, data) = data_set(&[
        r#"{"id": "1", "caption": "A dog."}"#,
        r#"{"id": "2", "caption": "A dog."}"#,
        r#"{"id": "3", "caption": "A brown dog lies on a green sofa beside two cats."}"#,
        "broken",
    ]);
    let gate = |conditions: &[&str]| {
        let mut arguments = vec!["report", text(&data)];
        arguments.extend(conditions.iter().flat_map(|condition| ["--fail-if", condition]));
        run(home.path(), &arguments)
    };
    for (conditions, code, said) in [
        (&["samples<3", "duplicates>90%"][..], 0, ""),
        (&["duplicates>=2"], 1, "fails by duplicates>=2: it is 2"),
        (&["samples<3", "duplicate > 66 %", "skipped==1"], 1, "fails by duplicate>66%: it is 66.6667 %"),
        (&["skipped>24%", "coverage<0"], 1, "fails by skipped>24%: it is 25.0000 %"),
        (&["entailed<50%"], 2, "there are no questions"),
        (&["image_missing>0"], 2, "nobody has looked at the pictures"),
        (&["words.median>5%"], 2, "words.median is no share"),
        (&["flaged>5%"], 2, "there is no figure `flaged`; figures are samples, captions"),
        (&["flagged"], 2, "expected a figure"),
    ] {
        let output = gate(conditions);
        assert_eq!(output.status.code(), Some(code), "{conditions:?}: {}", err(&output));
        assert!(err(&output).contains(said), "{conditions:?}: {}", err(&output));
        assert!(output.stdout.is_empty());
    }
    // The page is there all the same, and says so.
    let page = folder.path().join("page.html");
    let arguments = ["report", text(&data), "-o", text(&page), "--fail-if", "samples>1"];
    assert_eq!(run(home.path(), &arguments).status.code(), Some(1));
    assert!(std::fs::read_to_string(&page).unwrap().contains("the gate is closed"));
    // Never over what is there, unless somebody says so.
    let output = run(home.path(), &arguments);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("is there already"), "{}", err(&output));
    let output = run(home.path(), &["report", text(&data), "-o", text(&page), "--force"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(run(home.path(), &["report", text(&data)]).status.code(), Some(2), "nothing is asked for");
}

#[test]
fn a_query_is_held_against_the_rest() {
    let home = tempfile::tempdir().unwrap();
    let data = demo(home.path(), 24);
    let report = json(&run(home.path(), &["report", text(&data), "--query", "flag:* sort:-words", "--json"]));
    let all = json(&run(home.path(), &["report", text(&data), "--query", "sort:-words", "--json"]));
    assert_eq!(report["summary"]["samples"], all["flags"]["flagged"]);
    assert_eq!(report["flags"]["flagged"], all["flags"]["flagged"]);
    assert_eq!(report["stats"]["samples"], report["summary"]["samples"]);
    assert_eq!(report["provenance"]["query"], "flag:*");
    assert!(all["provenance"]["query"].is_null() && all["coverage"].get("rest").is_none());
    assert!(report["coverage"]["rest"].is_array() && report["density"]["rest"].is_object());
    let count = |report: &Json| report["stats"]["facets"]["object"].as_u64().unwrap();
    assert!(count(&report) < count(&all));
    let output = run(home.path(), &["report", text(&data), "--query", "object:(", "--json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("--query, column"), "{}", err(&output));
    let output = run(home.path(), &["report", text(&data), "--query", "zebrafish", "-o", "-"]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(out(&output).contains("</html>"), "a page of nothing is a page");
}

#[test]
fn verdicts_are_reported_as_the_spot_check_tells_them() {
    let home = tempfile::tempdir().unwrap();
    let data = demo(home.path(), 24);
    let told = |arguments: &[&str]| json(&run(home.path(), arguments));
    let before = told(&["report", text(&data), "--json"]);
    assert_eq!(before["spots"], serde_json::json!([]));
    let output = run(home.path(), &["report", text(&data), "--fail-if", "error_rate>1%"]);
    assert_eq!(output.status.code(), Some(2), "a gate that cannot tell is not open");
    assert!(err(&output).contains("nobody has judged a sample"), "{}", err(&output));

    // One that nobody has judged tells nothing.
    run(home.path(), &["spot", text(&data), "--name", "untouched", "--no-open"]);
    let queue = out(&run(home.path(), &["spot", text(&data), "-n", "12", "--name", "<b>", "--ids"]));
    let verdicts: String = queue
        .lines()
        .enumerate()
        .flat_map(|(at, id)| {
            let of = |rater: &str, is_wrong: bool| {
                let verdict = if is_wrong { "wrong,too & vague" } else { "right," };
                format!("{id},{verdict},{rater}\n")
            };
            [of("ann", at % 3 == 0), of("bob", at % 4 == 0)]
        })
        .collect();
    let path = home.path().join("verdicts.csv");
    std::fs::write(&path, format!("id,verdict,reason,rater\n{verdicts}")).unwrap();
    let taken = run(home.path(), &["spot", text(&data), "--name", "<b>", "--verdicts", text(&path)]);
    assert!(taken.status.success(), "{}", err(&taken));

    let page = home.path().join("report.html");
    let report = told(&["report", text(&data), "-o", text(&page), "--json"]);
    let found = report["spots"].as_array().unwrap();
    assert_eq!(found, &[told(&["spot", text(&data), "--name", "<b>", "--report", "--json"])]);
    let rate = found[0]["all"]["error_rate"].as_f64().unwrap();
    assert!(rate > 0.0 && found[0]["agreement"][0]["kappa"].is_f64());
    let page = std::fs::read_to_string(&page).unwrap();
    assert!(
        page.contains("<h3><bdi>&lt;b&gt;</bdi></h3>") && page.contains("too &amp; vague"),
        "captions are text"
    );
    assert!(page.contains(&format!("<data value=\"{rate}\">")) && page.contains("ann and bob"));
    for (condition, code) in [("error_rate>99%", 0), ("error_rate.high>1%", 1), ("error_rate.low>99%", 0)] {
        let output = run(home.path(), &["report", text(&data), "--fail-if", condition]);
        assert_eq!(output.status.code(), Some(code), "{condition}: {}", err(&output));
    }
}
