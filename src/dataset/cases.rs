//! What once went wrong: small sets, each named after how it must be understood.

use std::path::Path;

use serde_json::{Value, json};

use super::trials::{all, answer, array, assert_orderly, dense, fields, lines, question, sentence, table};
use super::*;
use crate::model::{ImageRef, Sample};

/// Files of a set: name and contents.
type Files = Vec<(String, String)>;

fn file(name: impl Into<String>, contents: impl Into<String>) -> (String, String) {
    (name.into(), contents.into())
}

/// Pictures with these names.
fn pictures(count: usize, name: impl Fn(usize) -> String) -> Files {
    (0..count).map(|i| file(name(i), "x")).collect()
}

fn folder_with(files: &Files) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder for the case");
    for (name, contents) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("inside")).expect("a folder");
        std::fs::write(path, contents).expect("a file");
    }
    folder
}

fn opened_with(files: &Files, settings: &Settings) -> (tempfile::TempDir, Dataset) {
    let folder = folder_with(files);
    let set = open(&[folder.path().to_path_buf()], settings).expect("a data set");
    (folder, set)
}

fn opened(files: &Files) -> (tempfile::TempDir, Dataset) {
    opened_with(files, &Settings::default())
}

/// The path of the only picture of a sample, below the folder of the set.
fn picture(sample: &Sample, folder: &Path) -> String {
    let [image] = sample.images.as_slice() else { panic!("one picture: {:?}", sample.images) };
    let ImageRef::File(path) = &image.reference else { panic!("a file: {:?}", image.reference) };
    path.strip_prefix(folder).expect("in the set").to_string_lossy().into_owned()
}

/// Captions that begin with the name of their picture: all must be with it.
fn assert_paired(samples: &[Sample], folder: &Path, count: usize, captions: usize) {
    assert_eq!(samples.len(), count, "samples");
    for sample in samples {
        let own = picture(sample, folder);
        assert_eq!(sample.captions.len(), captions, "{own}");
        for caption in &sample.captions {
            assert!(caption.text.starts_with(&format!("{own}: ")), "{own} has {:?}", caption.text);
        }
    }
    assert_orderly(samples);
}

/// A name without order, as hashes are.
fn hashed(i: usize) -> String {
    format!("{:012x}", (i + 1) * 0x9e37_79b9 % 0xff_ffff_fff1)
}

fn said_of(name: &str, i: usize) -> String {
    format!("{name}: {} {i}", sentence(i))
}

#[test]
fn tables_meet_in_the_column_that_both_have() {
    // Neither the number of the text nor that in the file's name means anything.
    let name = |i: usize| format!("pool/{i:06}.jpg");
    let rows = json!({
        "about": {"release": "2"},
        "exhibits": (0..40).map(|i| json!({"exno": 1000 + i, "print": name(i)})).collect::<Vec<_>>(),
        "labels": (0..120).map(|i| {
            let of = i * 7 % 40;
            json!({"lno": i, "exno": 1000 + of, "wording": said_of(&name(of), i)})
        }).collect::<Vec<_>>(),
    });
    let mut files = pictures(40, name);
    files.push(file("corpus.json", rows.to_string()));
    let (folder, set) = opened(&files);
    assert_paired(&all(&set), folder.path(), 40, 3);
}

#[test]
fn a_column_named_after_the_table_leads_there() {
    let name = |i: usize| format!("i/{}.jpg", hashed(i));
    for (key, by) in [("id", "slide"), ("id", "slide_id"), ("key", "slideKey")] {
        let rows = json!({
            "slides": (0..40).map(|i| json!({key: i + 1, "where": name(i)})).collect::<Vec<_>>(),
            "says": (0..80).map(|i| {
                let of = i * 7 % 40;
                json!({"id": i, by: of + 1, "wording": said_of(&name(of), i)})
            }).collect::<Vec<_>>(),
        });
        let mut files = pictures(40, name);
        files.push(file("all.json", rows.to_string()));
        let (folder, set) = opened(&files);
        assert_paired(&all(&set), folder.path(), 40, 2);
    }
}

#[test]
fn values_alone_tell_where_names_do_not() {
    let name = |i: usize| format!("i/{i:04}.jpg");
    let mut files = pictures(40, name);
    files.push(file("shots.csv", table(',', &["tag", "path"], 40, |i| vec![format!("m{i:03}x"), name(i)])));
    files.push(file(
        "words.csv",
        table(',', &["row", "of", "wording"], 80, |i| {
            let of = i * 7 % 40;
            vec![i.to_string(), format!("m{of:03}x"), said_of(&name(of), i)]
        }),
    ));
    let (folder, set) = opened(&files);
    assert_paired(&all(&set), folder.path(), 40, 2);
}

#[test]
fn the_row_of_the_picture_goes_before_the_number_in_its_name() {
    // Ids count from 1, names of files from 0.
    let name = |i: usize| format!("i/{i:06}.jpg");
    let mut files = pictures(40, name);
    files.push(file("a.json", array(40, |i| json!({"photo_id": i + 1, "path": name(i)}))));
    files.push(file(
        "b.json",
        array(80, |i| {
            let of = i * 7 % 40;
            json!({"id": i, "photo_id": of + 1, "wording": said_of(&name(of), i)})
        }),
    ));
    let (folder, set) = opened(&files);
    assert_paired(&all(&set), folder.path(), 40, 2);
}

#[test]
fn counters_bring_nothing_together() {
    let name = |i: usize| format!("i/{i:04}.jpg");
    let mut files = pictures(40, name);
    files.push(file("pics.json", array(40, |i| json!({"nr": i, "path": name(i)}))));
    files.push(file("tales.json", array(80, |i| json!({"line": i, "wording": sentence(i)}))));
    let (_folder, set) = opened(&files);
    assert!(!set.is_joined(), "{:?}", set.explain().joins);
    assert!(all(&set).iter().all(|sample| sample.images.is_empty() || sample.captions.is_empty()));
}

#[test]
fn the_user_says_by_which_id_tables_meet() {
    let name = |i: usize| format!("i/{}.jpg", hashed(i));
    let rows = json!({
        "a": (0..40).map(|i| json!({"n": 40 - i, "k": i, "path": name(i)})).collect::<Vec<_>>(),
        "b": (0..40).map(|i| json!({"n": i + 1, "k": i, "wording": said_of(&name(i), i)})).collect::<Vec<_>>(),
    });
    let mut files = pictures(40, name);
    files.push(file("all.json", rows.to_string()));
    let settings = Settings::parse_map("image=path,id=k").expect("well formed");
    let (folder, set) = opened_with(&files, &settings);
    assert_paired(&all(&set), folder.path(), 40, 1);
}

#[test]
fn pictures_of_two_splits_may_have_one_name() {
    let mut files = Files::new();
    for split in ["train", "val"] {
        files.extend(pictures(20, |i| format!("{split}/{i:04}.png")));
        let row = |i: usize| json!({"file_name": format!("{i:04}.png"), "wording": said_of(&format!("{split}/{i:04}.png"), i)});
        files.push(file(format!("{split}/metadata.jsonl"), lines(20, row)));
    }
    let (folder, set) = opened(&files);
    assert_paired(&all(&set), folder.path(), 40, 1);
}

#[test]
fn tables_of_two_splits_count_from_the_beginning() {
    let mut files = Files::new();
    for split in ["train", "val"] {
        let name = |i: usize| format!("{split}/{}.png", hashed(i + split.len() * 100));
        files.extend(pictures(20, name));
        let rows = json!({
            "frames": (0..20).map(|i| json!({"id": i, "path": name(i)})).collect::<Vec<_>>(),
            "notes": (0..40).map(|i| {
                let of = i * 7 % 20;
                json!({"frame_id": of, "wording": said_of(&name(of), i)})
            }).collect::<Vec<_>>(),
        });
        files.push(file(format!("{split}.json"), rows.to_string()));
    }
    let (folder, set) = opened(&files);
    assert_paired(&all(&set), folder.path(), 40, 2);
}

#[test]
fn ids_tell_the_folder_where_files_have_one_name() {
    let row = |i: usize| json!({"grade": i % 3, "wording": sentence(i)});
    let (_folder, set) =
        opened(&vec![file("train/part-0.jsonl", lines(9, row)), file("test/part-0.jsonl", lines(9, row))]);
    let samples = all(&set);
    assert_eq!(samples.len(), 18);
    assert_orderly(&samples);
}

#[test]
fn a_mark_in_every_row_is_no_question() {
    let row = |i: usize| json!({"pic": format!("{i}.jpg"), "LICENSE": "?", "grade": (["?", "??"][i % 2]), "note": sentence(i)});
    let (_folder, set) = opened(&vec![file("a.jsonl", lines(60, row))]);
    assert_eq!(fields(&set, Role::Caption), ["note"]);
    assert!(fields(&set, Role::Question).is_empty());
}

#[test]
fn the_count_behind_a_name_does_not_hide_the_picture() {
    for folder in ["", "pics/"] {
        let mut files = pictures(10, |i| format!("{folder}{}.jpg", hashed(i)));
        let row = |i: usize| {
            format!(
                "{}.jpg#{}\t{}\n",
                hashed(i / 5),
                i % 5,
                said_of(&format!("{folder}{}.jpg", hashed(i / 5)), i)
            )
        };
        files.push(file("captions.token", (0..50).map(row).collect::<String>()));
        let (root, set) = opened(&files);
        assert_paired(&all(&set), root.path(), 10, 5);
    }
}

#[test]
fn pictures_in_parts_of_messages_are_found() {
    let parts: [fn(&str) -> Value; 3] = [
        |name| json!({"type": "image", "image": name}),
        |name| json!({"type": "image_url", "image_url": {"url": name}}),
        |name| json!({"type": "image_url", "value": name}),
    ];
    for part in parts {
        let mut files = pictures(12, |i| format!("deep/pix/{i:03}.jpg"));
        let row = |i: usize| {
            json!({"messages": [
                {"role": "user", "content": [part(&format!("pix/{i:03}.jpg")), {"type": "text", "text": "Describe the picture."}]},
                {"role": "assistant", "content": [{"type": "text", "text": dense(i)}]},
            ]})
        };
        files.push(file("chat.jsonl", lines(12, row)));
        let (folder, set) = opened(&files);
        let samples = all(&set);
        assert_eq!(samples.len(), 12);
        for (i, sample) in samples.iter().enumerate() {
            assert_eq!(picture(sample, folder.path()), format!("deep/pix/{i:03}.jpg"));
        }
    }
}

#[test]
fn a_foreign_number_is_no_picture_and_a_code_has_its_name() {
    for (code, id) in [("klass_id", "id"), ("code", "code")] {
        let rows = json!({
            "frames": (0..40).map(|i| json!({"id": i, "fn": format!("{i:04}.jpg")})).collect::<Vec<_>>(),
            "glosses": (0..80).map(|i| json!({"id": i, "frame_id": i % 40, "gloss": sentence(i)})).collect::<Vec<_>>(),
            "instances": (0..100).map(|i| {
                json!({"id": i, "frame_id": i % 40, code: 1 + i % 3, "box": [i % 9, 2, 20 + i % 7, 11]})
            }).collect::<Vec<_>>(),
            "klasses": (0..3).map(|i| json!({id: 1 + i, "word": (["dog", "cat", "bus"][i])})).collect::<Vec<_>>(),
        });
        let mut files = pictures(40, |i| format!("i/{i:04}.jpg"));
        files.push(file("all.json", rows.to_string()));
        let (folder, set) = opened(&files);
        let samples = all(&set);
        assert_eq!(samples.len(), 40, "{code}");
        for (i, sample) in samples.iter().enumerate() {
            assert_eq!(picture(sample, folder.path()), format!("i/{i:04}.jpg"));
            let named = sample
                .descriptors
                .iter()
                .filter(|found| found.region.is_some())
                .all(|found| ["dog", "cat", "bus"].contains(&found.name.as_str()));
            assert!(named && !sample.descriptors.is_empty(), "{code}: {:?}", sample.descriptors);
        }
    }
}

#[test]
fn lists_alone_are_rows_without_a_header() {
    for (name, as_lines) in [("a.json", false), ("a.jsonl", true)] {
        let mut files = pictures(20, |i| format!("{i:03}.jpg"));
        let row = |i: usize| json!([format!("{i:03}.jpg"), said_of(&format!("{i:03}.jpg"), i), i % 5]);
        files.push(file(name, if as_lines { lines(20, row) } else { array(20, row) }));
        let (folder, set) = opened(&files);
        assert_paired(&all(&set), folder.path(), 20, 1);
    }
}

#[test]
fn numbers_and_lists_among_records_are_skipped_with_a_reason() {
    let mut text = lines(20, |i| json!({"pic": format!("{i}.jpg"), "wording": sentence(i)}));
    text.push_str("42\n\"a text\"\nnull\n[1, 2, 3]\n");
    let (_folder, set) = opened(&vec![file("a.jsonl", text)]);
    let mut reasons = Vec::new();
    let _ = set.read(0, 0, &mut |item| {
        if let Item::Skipped(skipped) = item {
            reasons.push((skipped.position, skipped.reason));
        }
        std::ops::ControlFlow::Continue(())
    });
    assert_eq!(all(&set).len(), 20);
    let places: Vec<Option<u64>> = reasons.iter().map(|(position, _)| *position).collect();
    assert_eq!(places, [Some(21), Some(22), Some(23), Some(24)], "{reasons:?}");
}

#[test]
fn who_wrote_a_text_makes_it_no_question_and_no_answer() {
    for names in [
        ["worker_a", "worker_q"],
        ["human_a", "human_b"],
        ["annotator_a", "annotator_b"],
        ["model_a", "model_b"],
        ["gpt", "human"],
    ] {
        let row = |i: usize| json!({"pic": format!("{i}.jpg"), names[0]: sentence(i), names[1]: sentence(i * 3 + 1)});
        let (_folder, set) = opened(&vec![file("a.jsonl", lines(40, row))]);
        assert_eq!(fields(&set, Role::Caption), names, "{names:?}");
        assert!(fields(&set, Role::Question).is_empty(), "{names:?}");
    }
}

#[test]
fn what_stands_beside_a_role_inside_a_field_is_kept() {
    let row = |i: usize| {
        json!({
            "asset": {"uri": format!("{i}.jpg"), "digest": hashed(i), "px": [640, 480]},
            "rounds": [{"ask": question(i), "reply": answer(i), "took": i}],
            "payload": {"body": sentence(i), "grade": i % 4},
        })
    };
    let (_folder, set) = opened(&vec![file("a.jsonl", lines(30, row))]);
    let sample = all(&set).swap_remove(3);
    let meta = format!("{:?}", sample.meta);
    for kept in ["digest", &hashed(3), "480", "grade", "took"] {
        assert!(meta.contains(kept), "{kept} in {meta}");
    }
    assert!(!meta.contains("3.jpg") && !meta.contains(&sample.captions[0].text), "{meta}");
    assert!(fields(&set, Role::Meta).contains(&"asset.digest".to_owned()));
}

#[test]
fn an_alt_text_without_commas_is_no_tag() {
    let alt = |i: usize| match i % 5 {
        0 => format!("lamp, brass, {i}"),
        _ => format!("ladder {i}"),
    };
    let row =
        |i: usize| json!({"addr": format!("https://e.org/{i}.jpg"), "alt_text": alt(i), "synth": dense(i)});
    let (_folder, set) = opened(&vec![file("a.jsonl", lines(60, row))]);
    assert!(fields(&set, Role::Descriptors).is_empty());
}

#[test]
fn a_stray_zero_byte_does_not_spoil_a_file() {
    let text = lines(60, |i| json!({"pic": format!("{i}.jpg"), "wording": sentence(i)}));
    let text = text.replacen("near", "ne\0ar", 1);
    let (_folder, set) = opened(&vec![file("a.jsonl", text)]);
    assert!(all(&set).len() >= 59);
}

#[test]
fn texts_in_a_folder_beside_that_of_their_pictures_are_found() {
    for (images, texts, ending) in
        [("images", "texts", "txt"), ("img/val", "txt/val", "txt"), ("images", "labels", "json")]
    {
        let mut files = pictures(20, |i| format!("{images}/{i:05}.png"));
        for i in 0..20 {
            let said = said_of(&format!("{images}/{i:05}.png"), i);
            let said = if ending == "json" { json!({"overview": said}).to_string() } else { said };
            files.push(file(format!("{texts}/{i:05}.{ending}"), said));
        }
        let (folder, set) = opened(&files);
        assert_paired(&all(&set), folder.path(), 20, 1);
    }
}

#[test]
fn an_answer_under_any_name_finds_its_question() {
    for name in ["best", "ground_truth", "given"] {
        let files = vec![
            file("q.json", json!({"questions": (0..40).map(|i| json!({"qid": 900 + i, "image_id": i, "q": question(i)})).collect::<Vec<_>>()}).to_string()),
            file("a.json", json!({"rows": (0..40).map(|i| json!({"qid": 900 + i, "image_id": i, name: answer(i)})).collect::<Vec<_>>()}).to_string()),
        ];
        let (_folder, set) = opened(&files);
        let samples = all(&set);
        assert_eq!(samples.len(), 40, "{name}");
        assert!(
            samples.iter().all(|sample| sample.questions.len() == 1
                && !sample.questions[0].answers.is_empty()
                && !sample.questions[0].question.is_empty()),
            "{name}: {:?}",
            samples[0]
        );
    }
}

#[test]
fn ids_that_bear_a_split_are_ids() {
    let row = |i: usize| {
        let split = if i < 30 { "train" } else { "dev" };
        json!({"ref": format!("{split}-{i}-0"), "pic": format!("{i}.jpg"), "wording": sentence(i)})
    };
    let (_folder, set) = opened(&vec![file("a.jsonl", lines(40, row))]);
    assert!(fields(&set, Role::Split).is_empty());
}

#[test]
fn texts_with_boxes_are_about_regions() {
    let row = |i: usize| {
        json!({
            "shot": format!("{i}.jpg"),
            "whole": dense(i),
            "areas": (0..3).map(|k| json!({"bx": 2 + k, "by": 4, "bw": 20, "bh": 21, "says": sentence(i * 3 + k)})).collect::<Vec<_>>(),
        })
    };
    let (_folder, set) = opened(&vec![file("a.json", array(30, row))]);
    assert_eq!(fields(&set, Role::Region), ["areas[].says"]);
    assert_eq!(fields(&set, Role::Caption), ["whole"]);
}

#[test]
fn what_is_no_data_is_called_by_its_name() {
    for (name, bytes, told) in [
        ("a.csv", b"\xff\xfef\0i\0l\0e\0,\0t\0e\0x\0t\0".to_vec(), "UTF-16"),
        ("b.csv", b"\0f\0i\0l\0e\0,\0t\0e\0x\0t\0\n\0a\0.\0j\0p\0g".to_vec(), "UTF-16"),
        (
            "c.parquet",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 9\n".to_vec(),
            "Git LFS pointer",
        ),
    ] {
        let folder = tempfile::tempdir().expect("a folder for the case");
        std::fs::write(folder.path().join(name), bytes).expect("a file");
        let fault = open(&[folder.path().to_path_buf()], &Settings::default()).expect_err("no data");
        assert!(fault.to_string().contains(told), "{fault}");
    }
}
