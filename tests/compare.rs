//! Two data sets, two captions, lists of targets and tables of mixtures, from outside.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::expect_used,
    reason = "a check of its own, not a part of the program"
)]

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use support::{capscope, data_set, demo, err, out, run, shared};

const PLAIN: [&str; 3] = [
    r#"{"id": "a", "caption": "A dog on a couch."}"#,
    r#"{"id": "b", "caption": "A cat."}"#,
    r#"{"id": "c", "caption": "Two dogs run in Paris."}"#,
];
const ENRICHED: [&str; 4] = [
    r#"{"id": "a", "alt_text": "dog on a couch, Paris", "caption": "A brown dog with a red collar lies on a couch."}"#,
    r#"{"id": "b", "alt_text": "a red car", "caption": "A blue car is parked beside a tall tree."}"#,
    r#"{"id": "c", "alt_text": "two dogs", "caption": "Two dogs run along the beach."}"#,
    r#"{"id": "d", "caption": "A cat sleeps on a chair."}"#,
];

fn json(home: &Path, arguments: &[&str]) -> Json {
    let output = run(home, arguments);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {}", err(&output));
    serde_json::from_str(&out(&output)).unwrap()
}

fn near(found: &Json, expected: f64) -> bool {
    (found.as_f64().unwrap() - expected).abs() < 1e-9
}

#[test]
fn two_data_sets_are_compared() {
    let (folder, plain) = data_set(&PLAIN);
    let home = folder.path();
    let questions = home.join("questions.jsonl");
    fs::write(
        &questions,
        "{\"image\": \"1.jpg\", \"caption\": \"A brown dog sleeps on a sofa.\", \"question\": \"What color is the dog?\", \
         \"answer\": \"brown\"}\n{\"image\": \"2.jpg\", \"caption\": \"A man rides a horse.\", \"question\": \"Is it day?\", \
         \"answer\": \"yes\"}\n",
    )
    .unwrap();
    let (plain, questions) = (plain.to_str().unwrap(), questions.to_str().unwrap());
    let found = json(home, &["compare", plain, questions, "--json"]);
    // Format and content are apart.
    let share = |side: &str, name: &str| {
        let forms = found["format"][side]["forms"].as_array().unwrap();
        forms.iter().find(|form| form["name"] == name).unwrap()["share"].clone()
    };
    assert!(near(&share("a", "captions only"), 1.0) && near(&share("b", "captions and questions"), 1.0));
    let types = found["format"]["b"]["question_types"].as_array().unwrap();
    assert!(types.iter().any(|kind| kind["name"] == "color" && kind["count"] == 1));
    let objects = &found["content"]["coverage"]["object"];
    // Of dog, sofa, man, horse A has the dog; of dog, couch, cat, dog (and what else it says) B has the dogs.
    assert!(near(&objects["shared"]["coverage_a_to_b"], 0.25), "{objects}");
    assert!(objects["shared"]["coverage_b_to_a"].as_f64().unwrap() > 0.3);
    let sofa = objects["only_in_b"].as_array().unwrap().iter().find(|fact| fact["shown"] == "sofa").unwrap();
    assert_eq!((&sofa["samples"], &sofa["synonym"]), (&1.into(), &"couch".into()));
    assert!(found["content"]["density"]["words"]["higher_in_b"].as_f64().unwrap() > 0.5);
    let text = out(&run(home, &["compare", plain, questions]));
    for expected in ["FORMAT", "CONTENT, density", "CONTENT, coverage", "sofa 1 [couch]", "questions: color"]
    {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 110), "{text}");
    let first = json(home, &["compare", plain, questions, "--json", "--limit", "1", "--top", "0"]);
    assert_eq!(first["format"]["a"]["samples"], 1);
    assert_eq!(first["content"]["coverage"]["object"]["only_in_b"], Json::Array(Vec::new()));
    // Against itself there is nothing that one side lacks.
    let same = json(home, &["compare", plain, plain, "--json"]);
    for (level, row) in same["content"]["coverage"].as_object().unwrap() {
        assert_eq!(
            (&row["shared"]["only_in_a"], &row["only_in_b"]),
            (&0.into(), &Json::Array(Vec::new())),
            "{level}"
        );
    }
}

#[test]
fn two_captions_of_each_sample_are_compared() {
    let (folder, path) = data_set(&ENRICHED);
    let (home, data) = (folder.path(), path.to_str().unwrap());
    let found = json(home, &["compare", data, "--fields", "original,caption", "--json"]);
    let samples = &found["samples"];
    assert_eq!((&samples["with_both"], &samples["only_b"]), (&3.into(), &1.into()), "{samples}");
    assert_eq!(samples["with_lost_knowledge"], 1);
    let lost = &samples["lost_knowledge_examples"][0];
    assert_eq!((&lost["id"], &lost["lost"]["facet"]), (&"a".into(), &"entity".into()), "{lost}");
    let contradiction = &samples["contradictions"][0];
    assert_eq!(contradiction["id"], "b");
    assert_eq!(
        (&contradiction["a"], &contradiction["b"]),
        (&"attr car color red".into(), &"attr car color blue".into())
    );
    assert!(samples["kinds"]["object"]["changes"]["gained"].as_u64().unwrap() >= 2);
    // A field's own name serves as well as its role.
    let by_name = json(home, &["compare", data, "--fields", "alt_text,caption", "--json"]);
    assert_eq!(by_name["samples"], *samples);
    let text = out(&run(home, &["compare", data, "--fields", "original,caption"]));
    for expected in ["LOST_KNOWLEDGE: 1 sample", "car: red ↔ car: blue", "1 with only B"] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    for (arguments, told) in [
        (
            &["compare", data, "--fields", "original,nothing"][..],
            "no sample has a caption `nothing`; there are",
        ),
        (&["compare", data, "--fields", "caption,caption"], "the same caption twice"),
        (&["compare", data, "--fields", "caption"], "two names with a comma"),
        (&["compare", data], "required"),
        (&["compare", data, data, "--fields", "a,b"], "cannot be used with"),
        (&["compare", data, "nowhere.jsonl"], "nowhere.jsonl does not exist"),
    ] {
        let output = run(home, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(err(&output).contains(told), "{arguments:?}: {}", err(&output));
    }
}

#[test]
fn the_demo_set_is_compared_with_its_alt_texts() {
    let folder = tempfile::tempdir().unwrap();
    let demo = demo(folder.path(), 24);
    let data = demo.to_str().unwrap();
    let output = run(folder.path(), &["compare", data, "--fields", "original,caption"]);
    let text = out(&output);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    // Its alt texts are hostile: nothing of them reaches the terminal as a command.
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}') && !text.contains('\u{7}'));
    assert_eq!(text, out(&run(folder.path(), &["compare", data, "--fields", "original,caption"])));
    let targets = folder.path().join("targets.txt");
    fs::write(&targets, "# things\n\ndog\nsofa\nquasar\ndog\n").unwrap();
    let found = json(folder.path(), &["coverage", data, "--targets", targets.to_str().unwrap(), "--json"]);
    assert_eq!(found["target_coverage"]["concepts"], 3);
    assert_eq!(found["target_coverage"]["entries"], 4);
    assert_eq!(found["missing"].as_array().unwrap().last().unwrap(), "quasar");
}

#[test]
fn a_list_of_targets_is_looked_for() {
    let (folder, path) = data_set(&[
        r#"{"caption": "A red fox on a couch."}"#,
        r#"{"caption": "A terrier runs past two couches."}"#,
    ]);
    let (home, data) = (folder.path(), path.to_str().unwrap());
    let list = home.join("classes.txt");
    fs::write(&list, "# classes\ncouches\n\nred fox\nsofa\ndog\nquasar\nrunning\n").unwrap();
    let list = list.to_str().unwrap();
    let found = json(home, &["coverage", data, "--targets", list, "--kinds", "--json"]);
    let target = |name: &str| {
        let all = found["target_coverage"]["targets"].as_array().unwrap();
        all.iter().find(|target| target["name"] == name).unwrap().clone()
    };
    assert_eq!(
        (&target("couches")["found_as"], &target("couches")["samples"]),
        (&"object".into(), &2.into())
    );
    assert_eq!(target("sofa")["another_word"][0], "couch");
    assert_eq!(target("dog")["kind"][0], "terrier");
    assert_eq!(found["missing"], Json::from(vec!["quasar"]));
    // The index gives the same.
    assert!(run(home, &["index", data, "--quiet"]).status.success());
    assert_eq!(json(home, &["coverage", data, "--targets", list, "--kinds", "--json"]), found);
    let text = out(&run(home, &["coverage", data, "--targets", list]));
    for expected in ["missing, as listed: dog, quasar", "sofa → couch 2", "found as:"] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let mut piped = capscope(home);
    piped.args(["coverage", data, "--targets", "-", "--json"]).stdin(std::process::Stdio::piped());
    let mut child = piped.stdout(std::process::Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"couch\nquasar\n").unwrap();
    let piped: Json = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!((&piped["list"], &piped["target_coverage"]["found"]), (&"standard input".into(), &1.into()));
    fs::write(home.join("none.txt"), "quasar\n").unwrap();
    let none = run(home, &["coverage", data, "--targets", home.join("none.txt").to_str().unwrap()]);
    assert_eq!(none.status.code(), Some(1));
    for (name, text, told) in [
        ("empty.txt", "# nothing\n\n", "empty.txt: no concept in it"),
        ("broken.jsonl", "{\"name\": \"a\"}\n{\"name\": \n", "broken.jsonl:2: EOF"),
        ("table.csv", "x,y\n1,2\n", "table.csv:1: no field with names; say which with --target-field: x, y"),
    ] {
        fs::write(home.join(name), text).unwrap();
        let output = run(home, &["coverage", data, "--targets", home.join(name).to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(err(&output).contains(told), "{}", err(&output));
    }
    let alone = run(home, &["coverage", data, "--kinds"]);
    assert_eq!(alone.status.code(), Some(2));
}

#[test]
fn scores_are_correlated_with_what_mixtures_are_like() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    let path = home.join("mixtures.csv");
    let mut table = "# twelve mixtures\nmixture,coverage,bits_per_word,n_tasks,mmmu,params\n".to_owned();
    for at in 0..12 {
        table += &format!("mix {at},{},{},{},{}.5 %,7\n", at * 3, at * 5 % 12, at * 7 % 12, 30 + at);
    }
    fs::write(&path, &table).unwrap();
    let data = path.to_str().unwrap();
    let found = json(home, &["correlate", data, "--json"]);
    assert_eq!(found["mixtures"], 12);
    assert_eq!(found["columns"]["traits"]["density"], "bits_per_word");
    assert_eq!(found["columns"]["unused"], Json::from(vec!["params"]));
    let score = &found["scores"][0];
    assert!(near(&score["correlations"]["coverage"]["rho"], 1.0), "{score}");
    assert!(near(&score["partial"]["coverage_given_diversity"]["rho"], 1.0), "{score}");
    assert!(score["correlations"]["coverage"]["p"].as_f64().unwrap() < 0.001);
    assert_eq!(json(home, &["correlate", data, "--json"]), found);
    let text = out(&run(home, &["correlate", data]));
    for expected in ["score mmmu", "coverage given diversity", "+1.00", "a  mix 0", "Spearman"] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(!text.contains("so few mixtures"));
    assert!(text.lines().all(|line| line.chars().count() <= 110), "{text}");
    let ascii = capscope(home).args(["correlate", data]).env("LC_ALL", "C").output().unwrap();
    assert!(out(&ascii).lines().all(|line| line.is_ascii() && line.len() <= 110), "{}", out(&ascii));
    assert!(out(&ascii).contains("rho"));
    // Few mixtures are warned of, and p is exact.
    let few = home.join("few.tsv");
    let lines: Vec<&str> = table.lines().skip(1).take(5).collect();
    fs::write(&few, lines.join("\n").replace(',', "\t")).unwrap();
    let few = few.to_str().unwrap();
    let text = out(&run(home, &["correlate", few, "--score", "mmmu,params", "--no-plot"]));
    for expected in
        ["only 4 mixtures: an interval from so few mixtures says little", "exact", "`params` is the same"]
    {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    for (name, text, arguments, told) in [
        (
            "a.csv",
            "name,coverage,score\na,1,2\nb,2,x\nc,3,4\n",
            &[][..],
            "a.csv:3: `x` in the column `score` is no number",
        ),
        ("b.csv", "# one\n\nname,coverage,score\n\na,1\n", &[], "b.csv:5: 2 fields, but the header has 3"),
        (
            "c.csv",
            "name,x,y\na,1,2\n",
            &[],
            "c.csv:1: no column with scores is known by its name; say which with --score",
        ),
        ("d.csv", "name,x,score\na,1,2\n", &[], "say which with --coverage"),
        (
            "e.csv",
            "name,x,score\na,1,2\n",
            &["--coverage", "z"],
            "there is no column `z`; columns are name, x, score",
        ),
        ("f.csv", "name,coverage,score\n", &[], "f.csv: no row in it"),
    ] {
        fs::write(home.join(name), text).unwrap();
        let file = home.join(name);
        let output = run(home, &[&["correlate", file.to_str().unwrap()], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{name}: {}", out(&output));
        assert!(err(&output).contains(told), "{}", err(&output));
    }
    let one = home.join("one.csv");
    fs::write(&one, "name,coverage,score\na,1,2\n").unwrap();
    let output = run(home, &["correlate", one.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
}

#[test]
fn real_data_sets_are_compared() {
    let (Some(coco), Some(iiw)) = (shared("coco_val2017_captions"), shared("iiw_IIW-400")) else { return };
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["compare", coco.to_str().unwrap(), iiw.to_str().unwrap(), "--json", "-n", "400"];
    let found = json(folder.path(), &arguments);
    let higher = |name: &str| found["content"]["density"][name]["higher_in_b"].as_f64().unwrap();
    assert!(higher("units") > 0.95 && higher("bits_in_both") > 0.95 && higher("rate") < 0.3);
    let objects = &found["content"]["coverage"]["object"]["shared"];
    // Long captions say more of what short ones say than the other way round.
    assert!(objects["coverage_b_to_a"].as_f64() > objects["coverage_a_to_b"].as_f64(), "{objects}");
}
