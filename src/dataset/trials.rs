//! Trials of detection: real sets and invented ones, opened as a user would.
//!
//! The invented ones have the shapes that data sets have and names of fields that none has. Their
//! texts are put together from small lists, so that no two rows are alike.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::fields::Known;
use super::*;
use crate::model::{CaptionRole, ImageRef, Sample};

const ADJECTIVES: [&str; 7] = ["red", "small", "old", "wooden", "shiny", "tall", "striped"];
const NOUNS: [&str; 11] =
    ["dog", "boat", "kettle", "bicycle", "lamp", "cat", "tractor", "violin", "horse", "clock", "bench"];
const VERBS: [&str; 5] = ["stands", "lies", "waits", "rests", "leans"];
const PLACES: [&str; 13] = [
    "garden", "kitchen", "harbour", "field", "station", "market", "forest", "bridge", "yard", "tower",
    "river", "street", "barn",
];

fn pick<'a>(list: &[&'a str], number: usize) -> &'a str {
    list[number % list.len()]
}

/// A caption.
pub(super) fn sentence(i: usize) -> String {
    format!(
        "A {} {} {} near the {} with a {}.",
        pick(&ADJECTIVES, i),
        pick(&NOUNS, i * 3 + 1),
        pick(&VERBS, i / 2),
        pick(&PLACES, i * 5 + 2),
        pick(&NOUNS, i + i / 11 + 4),
    )
}

/// A caption of several sentences.
pub(super) fn dense(i: usize) -> String {
    format!(
        "{} In the background there is a {} and a {} {}. The light is soft, and the {} in front of it casts a long shadow over the ground.",
        sentence(i),
        pick(&NOUNS, i + 2),
        pick(&ADJECTIVES, i + 3),
        pick(&PLACES, i + 1),
        pick(&NOUNS, i * 7),
    )
}

/// What the web says of a picture.
fn alt(i: usize) -> String {
    format!("{} {} {} - Shop Online", title(pick(&ADJECTIVES, i)), title(pick(&NOUNS, i * 3)), 1900 + i)
}

fn title(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn german(i: usize) -> String {
    format!("Ein Hund läuft mit dem Ball Nummer {i} über die Wiese neben dem {}.", title(pick(&PLACES, i)))
}

fn chinese(i: usize) -> String {
    let places = ["公园", "厨房", "街道", "河边", "车站", "森林"];
    let things = ["小狗", "自行车", "钟表", "猫", "马"];
    format!("一只{}在{}里，旁边有{}个孩子和一棵树。", things[i % 5], places[i % 6], i + 2)
}

fn name_of_picture(i: usize) -> String {
    format!("{:08}.jpg", i * 37 + 11)
}

fn url(i: usize) -> String {
    format!("https://cdn.example.org/u/{i}/{}.jpg?w=640", i * 7919)
}

fn uuid(i: usize) -> String {
    format!("{:08x}-4f2a-4d1b-9c3e-{:012x}", i * 2_654_435 + 77, i * 99_991 + 3)
}

pub(super) fn question(i: usize) -> String {
    format!("What color is the {} beside the {}?", pick(&NOUNS, i), pick(&NOUNS, i * 3 + 5))
}

pub(super) fn answer(i: usize) -> String {
    pick(&["red", "blue", "green", "it is brown", "white"], i).to_owned()
}

/// Files of an invented set: name and contents.
type Files = Vec<(&'static str, String)>;

/// An invented set, and what its fields are. Captions and images are compared whole; of other
/// roles the fields named must be among those found.
struct Trial {
    name: &'static str,
    files: Files,
    expected: Vec<(Role, Vec<&'static str>)>,
}

pub(super) fn lines(count: usize, row: impl Fn(usize) -> Value) -> String {
    let rows: Vec<String> = (0..count).map(|i| row(i).to_string()).collect();
    rows.join("\n") + "\n"
}

pub(super) fn array(count: usize, row: impl Fn(usize) -> Value) -> String {
    Value::Array((0..count).map(row).collect()).to_string()
}

pub(super) fn table(
    delimiter: char,
    header: &[&str],
    count: usize,
    row: impl Fn(usize) -> Vec<String>,
) -> String {
    let line = |fields: &[String]| {
        let quoted: Vec<String> = fields
            .iter()
            .map(|field| {
                if field.contains([delimiter, '"', '\n']) {
                    format!("\"{}\"", field.replace('"', "\"\""))
                } else {
                    field.clone()
                }
            })
            .collect();
        quoted.join(&delimiter.to_string()) + "\n"
    };
    let head: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
    let mut text = if header.is_empty() { String::new() } else { line(&head) };
    for i in 0..count {
        text += &line(&row(i));
    }
    text
}

fn trial(
    name: &'static str,
    file: &'static str,
    contents: String,
    captions: &[&'static str],
    images: &[&'static str],
    others: &[(Role, &[&'static str])],
) -> Trial {
    let mut expected = vec![(Role::Caption, captions.to_vec()), (Role::Image, images.to_vec())];
    expected.extend(others.iter().map(|(role, fields)| (*role, fields.to_vec())));
    Trial { name, files: vec![(file, contents)], expected }
}

fn opened(files: &Files) -> (tempfile::TempDir, Dataset) {
    let folder = tempfile::tempdir().expect("a folder for the trial");
    for (name, contents) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("inside")).expect("a folder");
        std::fs::write(path, contents).expect("a file");
    }
    let set = open(&[folder.path().to_path_buf()], &Settings::default()).expect("a data set");
    (folder, set)
}

pub(super) fn fields(set: &Dataset, role: Role) -> Vec<String> {
    let mut found: Vec<String> = set.explain().fields(role).into_iter().map(str::to_owned).collect();
    found.sort();
    found.dedup();
    found
}

impl Trial {
    /// What is wrong; empty where all is right.
    fn faults(&self) -> Vec<String> {
        let (_folder, set) = opened(&self.files);
        self.expected
            .iter()
            .filter_map(|(role, wanted)| {
                let found = fields(&set, *role);
                let mut wanted: Vec<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
                wanted.sort();
                let right = if matches!(role, Role::Caption | Role::Image) {
                    found == wanted
                } else {
                    wanted.iter().all(|name| found.contains(name))
                };
                (!right).then(|| format!("{}: {role}: wanted {wanted:?}, found {found:?}", self.name))
            })
            .collect()
    }
}

fn trials() -> Vec<Trial> {
    use Role::{
        Answer, Choices, Descriptors, Id, Label, Negative, Original, Question, Region, Source, Split,
    };
    vec![
        trial(
            "plain names",
            "a.jsonl",
            lines(60, |i| json!({"blurb": sentence(i), "pic": name_of_picture(i), "nr": i})),
            &["blurb"],
            &["pic"],
            &[(Id, &["nr"])],
        ),
        trial(
            "an address and a text with licence and author beside",
            "a.jsonl",
            lines(60, |i| {
                json!({"uri_of_photo": url(i), "words": sentence(i), "terms_of_use": "Creative Commons Attribution Share Alike, all rights reserved by the owner",
                    "photographer": format!("{} {}", title(pick(&NOUNS, i)), title(pick(&PLACES, i))), "taken": "2014-03-02 11:22:09"})
            }),
            &["words"],
            &["uri_of_photo"],
            &[],
        ),
        trial(
            "German names and texts",
            "a.csv",
            table(',', &["bild", "beschreibung", "quelle"], 50, |i| vec![name_of_picture(i), german(i), pick(&["flickr", "archiv"], i).to_owned()]),
            &["beschreibung"],
            &["bild"],
            &[(Source, &["quelle"])],
        ),
        trial(
            "Chinese texts under a name that says nothing",
            "a.jsonl",
            lines(50, |i| json!({"zh": chinese(i), "f": name_of_picture(i)})),
            &["zh"],
            &["f"],
            &[],
        ),
        trial(
            "a long text and an alt text",
            "a.jsonl",
            lines(60, |i| json!({"txt_long": dense(i), "alt": alt(i), "u": url(i), "k": uuid(i)})),
            &["txt_long"],
            &["u"],
            &[(Original, &["alt"]), (Id, &["k"])],
        ),
        trial(
            "raw and enriched texts, told by content only",
            "a.jsonl",
            lines(60, |i| json!({"t1": alt(i), "t2": dense(i), "href": url(i)})),
            &["t2"],
            &["href"],
            &[(Original, &["t1"])],
        ),
        trial(
            "upper-case names and scores",
            "a.tsv",
            table('\t', &["LINK", "WORDS", "SIM", "UNSAFE"], 60, |i| {
                vec![url(i), alt(i), format!("0.{:03}", i * 13 % 999), format!("0.{:02}", i % 97)]
            }),
            &["WORDS"],
            &["LINK"],
            &[],
        ),
        trial(
            "no header, text first",
            "a.tsv",
            table('\t', &[], 80, |i| vec![sentence(i), url(i)]),
            &["column_1"],
            &["column_2"],
            &[],
        ),
        trial(
            "no header, address first",
            "a.tsv",
            table('\t', &[], 80, |i| vec![url(i), alt(i)]),
            &["column_2"],
            &["column_1"],
            &[],
        ),
        trial(
            "several texts in a list, the first one alone",
            "a.jsonl",
            lines(40, |i| json!({"shot": name_of_picture(i), "lead": sentence(i), "all_texts": [sentence(i), sentence(i + 400), sentence(i + 800)]})),
            &["all_texts[]"],
            &["shot"],
            &[],
        ),
        trial(
            "texts in records in a list",
            "a.json",
            array(40, |i| json!({"img": name_of_picture(i), "notes": [{"by": 3, "said": sentence(i)}, {"by": 5, "said": sentence(i + 99)}]})),
            &["notes[].said"],
            &["img"],
            &[],
        ),
        trial(
            "rows repeat their picture",
            "texts.csv",
            table(',', &["photo_file", "what_it_shows"], 60, |i| vec![name_of_picture(i / 5), sentence(i)]),
            &["what_it_shows"],
            &["photo_file"],
            &[],
        ),
        trial(
            "a conversation with other names, asking to describe",
            "a.json",
            array(40, |i| {
                json!({"uid": uuid(i), "pic": format!("part/{}", name_of_picture(i)), "dialog": [
                    {"role": "user", "text": pick(&["<image>\nDescribe the picture.", "Give a caption for this.\n<image>"], i)},
                    {"role": "assistant", "text": sentence(i)}]})
            }),
            &["dialog[]"],
            &["pic"],
            &[(Id, &["uid"])],
        ),
        trial(
            "a conversation of questions",
            "a.json",
            array(40, |i| {
                json!({"uid": i, "pic": format!("part/{}", name_of_picture(i)), "chat": [
                    {"who": "human", "says": format!("<image>\n{}", question(i))}, {"who": "gpt", "says": answer(i)},
                    {"who": "human", "says": question(i + 7)}, {"who": "gpt", "says": answer(i + 1)}]})
            }),
            &[],
            &["pic"],
            &[(Question, &["chat[]"])],
        ),
        trial(
            "one instruction that no list of phrases knows",
            "a.jsonl",
            lines(60, |i| {
                json!({"pic": name_of_picture(i), "turns": [{"from": "human", "value": "<image>\nGo ahead."}, {"from": "gpt", "value": dense(i)}]})
            }),
            &["turns[]"],
            &["pic"],
            &[],
        ),
        trial(
            "messages with parts",
            "a.jsonl",
            lines(30, |i| {
                json!({"messages": [
                    {"role": "system", "content": "You help."},
                    {"role": "user", "content": [{"type": "image_url", "image_url": {"url": url(i)}}, {"type": "text", "text": question(i)}]},
                    {"role": "assistant", "content": [{"type": "text", "text": answer(i)}]}]})
            }),
            &[],
            &[],
            &[(Question, &["messages[]"])],
        ),
        trial(
            "questions and answers, single letters",
            "a.jsonl",
            lines(60, |i| json!({"im": name_of_picture(i), "q": question(i), "a": answer(i)})),
            &[],
            &["im"],
            &[(Question, &["q"]), (Answer, &["a"])],
        ),
        trial(
            "questions with choices and a number",
            "a.jsonl",
            lines(60, |i| {
                json!({"picture": name_of_picture(i), "frage": question(i), "options": ["red", "blue", "green", "white"], "gt_index": i % 4, "antwort": answer(i)})
            }),
            &[],
            &["picture"],
            &[(Question, &["frage"]), (Choices, &["options"]), (Answer, &["antwort"])],
        ),
        trial(
            "an answer that only its content tells",
            "a.csv",
            table(',', &["photo", "asked", "said_back"], 60, |i| vec![name_of_picture(i), question(i), answer(i)]),
            &[],
            &["photo"],
            &[(Question, &["asked"]), (Answer, &["said_back"])],
        ),
        trial(
            "texts beside a list of questions",
            "a.json",
            array(40, |i| {
                json!({"visual": name_of_picture(i), "para": dense(i), "probes": [{"ask": question(i), "reply": answer(i)}, {"ask": question(i + 1), "reply": answer(i + 1)}]})
            }),
            &["para"],
            &["visual"],
            &[(Question, &["probes[].ask"]), (Answer, &["probes[].reply"])],
        ),
        trial(
            "boxes and names",
            "a.jsonl",
            lines(40, |i| {
                json!({"file": name_of_picture(i), "line": sentence(i), "things": [
                    {"what": pick(&NOUNS, i), "rect": [10 + i, 20, 30, 15], "sure": 0.9}, {"what": pick(&NOUNS, i + 1), "rect": [3, 4, 50, 8 + i], "sure": 0.7}]})
            }),
            &["line"],
            &["file"],
            &[(Descriptors, &["things[]"])],
        ),
        trial(
            "boxes side by side with names",
            "a.jsonl",
            lines(40, |i| {
                json!({"file_name": name_of_picture(i), "says": sentence(i), "found": {"where": [[1.5, 2.0, 30.0, 15.0 + i as f64], [5.0, 5.0, 9.0, 9.0]], "label": [pick(&NOUNS, i), "tree"]}})
            }),
            &["says"],
            &["file_name"],
            &[(Descriptors, &["found"])],
        ),
        trial(
            "regions with texts",
            "a.json",
            array(30, |i| {
                json!({"pic_id": i + 1, "zones": [{"x": 3, "y": 4, "width": 20, "height": 9, "remark": sentence(i)}, {"x": 30, "y": 4, "width": 10, "height": 9, "remark": sentence(i + 50)}]})
            }),
            &[],
            &["pic_id"],
            &[(Region, &["zones[].remark"]), (Descriptors, &["zones[]"])],
        ),
        trial(
            "a scene graph in a dict",
            "a.json",
            Value::Object(
                (0..30)
                    .map(|i| {
                        (
                            format!("{}", 2_400_000 + i * 17),
                            json!({"w": 640, "h": 480, "nodes": {"71": {"name": pick(&NOUNS, i), "x": 1, "y": 2, "w": 3, "h": 4, "attributes": ["red"], "relations": [{"name": "on", "object": "72"}]},
                                "72": {"name": "table", "x": 1, "y": 2, "w": 3, "h": 4, "attributes": [], "relations": []}}}),
                        )
                    })
                    .collect(),
            )
            .to_string(),
            &[],
            &[],
            &[(Descriptors, &["nodes{}"]), (Id, &["@key"])],
        ),
        trial(
            "triples in a text",
            "a.csv",
            table(',', &["picture_id", "phrase_no", "wording", "graph"], 60, |i| {
                vec![format!("{}", 90_000 + i), format!("{}", 4_000_000 + i * 3), sentence(i), format!("( {} , is , red ) , ( {} , on , table )", pick(&NOUNS, i), pick(&NOUNS, i))]
            }),
            &["wording"],
            &["picture_id"],
            &[(Descriptors, &["graph"])],
        ),
        trial(
            "scenes of shapes and colours",
            "a.json",
            json!({"info": {"version": "1"}, "worlds": (0..20).map(|i| json!({"render": format!("w_{i:06}.png"), "solids": [
                {"form": "cube", "colour": "red", "stuff": "metal", "pos": [1, 2, 3]}, {"form": "ball", "colour": "blue", "stuff": "rubber", "pos": [4, 5, 6]}],
                "ties": {"left": [[1], []], "behind": [[], [0]]}})).collect::<Vec<_>>()})
            .to_string(),
            &[],
            &["render"],
            &[(Descriptors, &["solids[]", "ties"])],
        ),
        trial(
            "a true and a false text",
            "a.jsonl",
            lines(60, |i| json!({"photo": name_of_picture(i), "right_text": sentence(i), "foil": sentence(i).replace(" near ", " far from ")})),
            &["right_text"],
            &["photo"],
            &[(Negative, &["foil"])],
        ),
        trial(
            "two pictures and a judged sentence",
            "a.jsonl",
            lines(60, |i| json!({"key": format!("dev-{i}-0"), "left_img": url(i), "right_img": url(i + 500), "claim": sentence(i), "verdict": pick(&["True", "False"], i)})),
            &["claim"],
            &["left_img", "right_img"],
            &[(Label, &["verdict"]), (Id, &["key"])],
        ),
        trial(
            "an edit: before, after, mask, instruction",
            "a.jsonl",
            lines(40, |i| {
                json!({"src_photo": format!("in/{}", name_of_picture(i)), "tgt_photo": format!("out/{}", name_of_picture(i + 500)), "mask_photo": format!("m/{}", name_of_picture(i + 900)),
                    "wish": format!("make the {} look like a {} in the {}", pick(&NOUNS, i), pick(&NOUNS, i + 3), pick(&PLACES, i))})
            }),
            &["wish"],
            &["src_photo", "tgt_photo"],
            &[],
        ),
        trial(
            "two pictures with a text each",
            "a.jsonl",
            lines(40, |i| json!({"first_view": name_of_picture(i), "second_view": name_of_picture(i + 300), "first_text": sentence(i), "second_text": sentence(i + 300)})),
            &["first_text", "second_text"],
            &["first_view", "second_view"],
            &[],
        ),
        trial(
            "name and address of the same picture",
            "a.jsonl",
            lines(60, |i| json!({"jpeg": name_of_picture(i), "origin_url": format!("https://e.example.org/x/{}", name_of_picture(i)), "descr": sentence(i), "part": "val"})),
            &["descr"],
            &["jpeg", "origin_url"],
            &[(Split, &["part"])],
        ),
        trial(
            "a picture's id without a file, texts named after projects",
            "a.jsonl",
            lines(40, |i| {
                json!({"ZEBRA": dense(i), "zebra-x2": dense(i + 90), "image/key": format!("q_test_{i:05}"), "rated/Quality": pick(&["GPT is marginally better", "Zebra is much better", "they are the same"], i)})
            }),
            &["ZEBRA", "zebra-x2"],
            &["image/key"],
            &[],
        ),
        trial(
            "paths, addresses and ids in one column",
            "a.jsonl",
            lines(60, |i| {
                let picture = match i % 3 {
                    0 => format!("coco/{}", name_of_picture(i)),
                    1 => url(i),
                    _ => format!("sa_{}", 1000 + i),
                };
                json!({"image": picture, "source": pick(&["coco", "laion", "sam"], i), "model_a_text": dense(i), "model_b_text": dense(i + 70)})
            }),
            &["model_a_text", "model_b_text"],
            &["image"],
            &[(Source, &["source"])],
        ),
        trial(
            "pictures in the records, as base64",
            "a.jsonl",
            lines(20, |i| json!({"b64": format!("/9j/4AAQSkZJRgABAQ{}", "AbCdEf0123456789".repeat(8 + i)), "say": sentence(i)})),
            &["say"],
            &["b64"],
            &[],
        ),
        trial(
            "a mask tree with base64 in it",
            "a.json",
            array(12, |i| {
                json!({"picture": name_of_picture(i), "brief": sentence(i), "longer": dense(i), "segments": {
                    "0": {"idx": "0", "rle_mask": "iVBORw0KGgoAAAANSUhEUg".repeat(12), "label": pick(&NOUNS, i), "story": dense(i + 40), "parent": -1, "bounds": [[0, 0], [50, 60]]},
                    "1": {"idx": "1", "rle_mask": "iVBORw0KGgoAAAANSUhEUg".repeat(12), "label": "handle", "parent": "0", "bounds": [[3, 3], [9, 9]]}}})
            }),
            &["brief", "longer"],
            &["picture"],
            &[(Descriptors, &["segments{}"])],
        ),
        trial(
            "traces that are mostly bulk",
            "a.jsonl",
            lines(12, |i| {
                json!({"image_id": format!("{i:016x}"), "annotator_id": 7, "spoken": dense(i), "timed": [{"utterance": "In this", "start": 0.0, "end": 0.5}, {"utterance": "picture", "start": 0.5, "end": 0.9}],
                    "strokes": [(0..900).map(|k| json!({"x": 0.1, "y": 0.2, "t": k})).collect::<Vec<_>>()]})
            }),
            &["spoken"],
            &["image_id"],
            &[],
        ),
        trial(
            "texts as a list in a text",
            "a.csv",
            table(',', &["raw", "sentids", "split", "filename"], 40, |i| {
                vec![json!([sentence(i), sentence(i + 100)]).to_string(), format!("[{}, {}]", i * 2, i * 2 + 1), pick(&["train", "test"], i).to_owned(), name_of_picture(i)]
            }),
            &["raw[]"],
            &["filename"],
            &[(Split, &["split"])],
        ),
        trial(
            "a model's name, a query and an error message beside the text",
            "a.jsonl",
            lines(60, |i| {
                json!({"where": url(i), "made_with": "some-vlm-13b-v2", "search_query": format!("{} in {}", pick(&NOUNS, i), pick(&PLACES, i)), "status": "failed_to_download",
                    "error_message": "HTTP Error 404: the file was not found on the server", "machine_text": dense(i)})
            }),
            &["machine_text"],
            &["where"],
            &[],
        ),
        trial(
            "a prompt that is always the same, and its text",
            "a.jsonl",
            lines(60, |i| json!({"prompt": "Please write a detailed description of the image.", "result": dense(i), "image_path": format!("/mnt/x/y/{}", name_of_picture(i))})),
            &["result"],
            &["image_path"],
            &[],
        ),
        trial(
            "pictures without texts",
            "a.jsonl",
            lines(30, |i| json!({"pic": name_of_picture(i), "stars": i % 5, "sharp": 0.5})),
            &[],
            &["pic"],
            &[],
        ),
        trial(
            "texts without pictures",
            "a.jsonl",
            lines(30, |i| json!({"no": i, "scene": sentence(i)})),
            &["scene"],
            &[],
            &[(Id, &["no"])],
        ),
        trial(
            "a nested record around everything",
            "a.jsonl",
            lines(40, |i| json!({"id": uuid(i), "media": {"src": url(i), "w": 640, "h": 480}, "text": {"en": sentence(i), "de": german(i)}})),
            &["text.de", "text.en"],
            &["media.src"],
            &[(Id, &["id"])],
        ),
        trial(
            "columns in a dict",
            "a.json",
            json!({"snap": (0..40).map(name_of_picture).collect::<Vec<_>>(), "told": (0..40).map(sentence).collect::<Vec<_>>()}).to_string(),
            &["told"],
            &["snap"],
            &[],
        ),
        trial(
            "a dict keyed by picture with a list of texts",
            "a.json",
            Value::Object((0..40).map(|i| (name_of_picture(i), json!([sentence(i), sentence(i + 60)]))).collect()).to_string(),
            &["value[]"],
            &["@key"],
            &[],
        ),
        trial(
            "a dict of numbers with false texts",
            "a.json",
            Value::Object((0..40).map(|i| (i.to_string(), json!({"fname": name_of_picture(i), "good": sentence(i), "hard_negative": sentence(i).replace('A', "No")}))).collect()).to_string(),
            &["good"],
            &["fname"],
            &[(Negative, &["hard_negative"])],
        ),
        trial(
            "tuples of a prompt over several rows",
            "a.csv",
            table(',', &["prompt_id", "prompt_text", "fact_id", "fact", "check"], 60, |i| {
                vec![format!("p_{}", i / 4), sentence(i / 4), format!("{}", i % 4 + 1), format!("entity - whole ({})", pick(&NOUNS, i)), format!("Is there a {}?", pick(&NOUNS, i))]
            }),
            &["prompt_text"],
            &[],
            &[(Question, &["check"]), (Descriptors, &["fact"])],
        ),
        trial(
            "keywords in a list beside a text",
            "a.jsonl",
            lines(40, |i| json!({"photo_url": url(i), "long_text": dense(i), "keywords": [pick(&NOUNS, i), pick(&PLACES, i)], "n_likes": i * 3})),
            &["long_text"],
            &["photo_url"],
            &[(Descriptors, &["keywords[]"])],
        ),
        Trial {
            name: "tables of another project",
            files: vec![(
                "labels/all.json",
                json!({"photos": (0..50).map(|i| json!({"id": i + 500, "fname": name_of_picture(i), "width": 640, "height": 480})).collect::<Vec<_>>(),
                    "remarks": (0..100).map(|i| json!({"id": i, "photo_id": (i * 7) % 50 + 500, "wording": sentence(i)})).collect::<Vec<_>>()})
                .to_string(),
            )],
            expected: vec![(Role::Caption, vec!["wording"]), (Role::Image, vec!["fname", "photo_id"])],
        },
        Trial {
            name: "pictures with texts beside them",
            files: (0..8)
                .flat_map(|i| {
                    let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
                    let jpg: &'static str = Box::leak(format!("set/{}.jpg", names[i]).into_boxed_str());
                    let txt: &'static str = Box::leak(format!("set/{}.txt", names[i]).into_boxed_str());
                    [(jpg, "x".to_owned()), (txt, sentence(i))]
                })
                .collect(),
            expected: vec![(Role::Caption, vec!["txt"]), (Role::Image, vec!["image"])],
        },
        Trial {
            name: "ids that are files",
            files: std::iter::once(("meta.jsonl", lines(6, |i| json!({"ref": format!("shot_{i}"), "tells": sentence(i)}))))
                .chain((0..6).map(|i| -> (&'static str, String) { (Box::leak(format!("deep/er/shot_{i}.png").into_boxed_str()), "x".to_owned()) }))
                .collect(),
            expected: vec![(Role::Caption, vec!["tells"]), (Role::Image, vec!["ref"])],
        },
    ]
}

/// A second list, written after detection was done, to measure it on what it was not made for.
fn more_trials() -> Vec<Trial> {
    use Role::{
        Answer, Choices, Descriptors, Id, Label, Negative, Original, Question, Region, Source, Split,
    };
    vec![
        trial(
            "stock photos: title, keywords, caption, credit",
            "a.csv",
            table(';', &["asset", "headline", "synopsis", "kw", "credit_line"], 50, |i| {
                vec![name_of_picture(i), alt(i), sentence(i), format!("{}, {}, outdoor", pick(&NOUNS, i), pick(&PLACES, i)), "Photo by the agency, all rights reserved".to_owned()]
            }),
            &["synopsis"],
            &["asset"],
            &[],
        ),
        trial(
            "vlm output with its config",
            "a.jsonl",
            lines(50, |i| {
                json!({"sample_uid": uuid(i), "s3": format!("s3://bucket/train/{}", name_of_picture(i)), "llm": {"name": "big-vlm", "temperature": 0.2, "prompt": "Describe the image in detail."}, "generation": dense(i), "n_tokens": 77 + i})
            }),
            &["generation"],
            &["s3"],
            &[(Id, &["sample_uid"])],
        ),
        trial(
            "three densities",
            "a.jsonl",
            lines(50, |i| json!({"im_name": name_of_picture(i), "tiny": format!("{} {}", pick(&ADJECTIVES, i), pick(&NOUNS, i * 3)), "short": sentence(i), "full_story": dense(i)})),
            &["full_story", "short"],
            &["im_name"],
            &[],
        ),
        trial(
            "human and machine text, neither raw",
            "a.jsonl",
            lines(50, |i| json!({"human": sentence(i), "machine": dense(i + 7), "photo_path": format!("./data/{}", name_of_picture(i))})),
            &["human", "machine"],
            &["photo_path"],
            &[],
        ),
        trial(
            "alt text and recaption, other names",
            "a.jsonl",
            lines(50, |i| json!({"alttxt": alt(i), "recap": dense(i), "img_url": url(i), "clip": 0.3, "sha256": format!("{:064x}", i * 7919 + 3)})),
            &["recap"],
            &["img_url"],
            &[(Original, &["alttxt"])],
        ),
        trial(
            "web text only, Title Case",
            "a.jsonl",
            lines(60, |i| json!({"u": url(i), "t": format!("{} {} for {} | {}", title(pick(&ADJECTIVES, i)), title(pick(&NOUNS, i * 3)), title(pick(&PLACES, i)), 2000 + i), "sim": 0.31, "w": 640, "h": 480})),
            &["t"],
            &["u"],
            &[],
        ),
        trial(
            "Russian and French texts",
            "a.tsv",
            table('\t', &["fichier", "ru", "fr"], 40, |i| {
                vec![name_of_picture(i), format!("Собака номер {i} бежит по траве рядом с большим домом"), format!("Un chien numéro {i} court dans l'herbe près de la maison")]
            }),
            &["fr", "ru"],
            &["fichier"],
            &[],
        ),
        trial(
            "captions as numbered columns",
            "a.csv",
            table(',', &["imgid", "c1", "c2", "c3"], 40, |i| vec![name_of_picture(i), sentence(i), sentence(i + 200), sentence(i + 400)]),
            &["c1", "c2", "c3"],
            &["imgid"],
            &[],
        ),
        trial(
            "token file",
            "r.token",
            table('\t', &[], 60, |i| vec![format!("{}#{}", name_of_picture(i / 5), i % 5), sentence(i)]),
            &["column_2"],
            &["column_1"],
            &[],
        ),
        trial(
            "multiple choice with lettered columns",
            "a.tsv",
            table('\t', &["index", "inquiry", "A", "B", "C", "D", "solution", "grp", "file"], 60, |i| {
                vec![i.to_string(), question(i), "red".to_owned(), "blue".to_owned(), "green".to_owned(), "white".to_owned(), pick(&["A", "B", "C"], i).to_owned(), pick(&["color", "shape"], i).to_owned(), name_of_picture(i)]
            }),
            &[],
            &["file"],
            &[(Question, &["inquiry"]), (Choices, &["A", "B", "C", "D"]), (Answer, &["solution"]), (Id, &["index"])],
        ),
        trial(
            "answers of ten people",
            "a.json",
            json!({"data": (0..40).map(|i| json!({"qid": i + 900, "img": i / 2 + 5000, "ask": question(i), "responses": ["red", "red", "blue"]})).collect::<Vec<_>>(), "version": 3}).to_string(),
            &[],
            &["img"],
            &[(Question, &["ask"]), (Answer, &["responses"])],
        ),
        trial(
            "questions with a rationale",
            "a.jsonl",
            lines(50, |i| json!({"picture_file": name_of_picture(i), "prompt": question(i), "target": answer(i), "rationale": dense(i)})),
            &[],
            &["picture_file"],
            &[(Question, &["prompt"]), (Answer, &["target"])],
        ),
        trial(
            "instruction, input, output",
            "a.json",
            array(50, |i| json!({"instruction": pick(&["Describe this photo.", "Write a caption.", "Summarize the scene."], i), "input": "", "output": dense(i), "img": name_of_picture(i)})),
            &["output"],
            &["img"],
            &[],
        ),
        trial(
            "chat with a tuple of turns",
            "a.jsonl",
            lines(40, |i| {
                json!({"id": i, "images": [format!("d/{}", name_of_picture(i))], "msgs": [
                    {"speaker": "User", "utterance": pick(&["What is shown here?", "Please caption this."], i)}, {"speaker": "Bot", "utterance": sentence(i)}]})
            }),
            &["msgs[]"],
            &["images[]"],
            &[(Id, &["id"])],
        ),
        trial(
            "detections by corners and classes",
            "a.jsonl",
            lines(40, |i| {
                json!({"frame": name_of_picture(i), "desc_en": sentence(i), "dets": [{"cls": pick(&NOUNS, i), "xmin": 4, "ymin": 5, "xmax": 90, "ymax": 80 + i}, {"cls": "tree", "xmin": 14, "ymin": 15, "xmax": 190, "ymax": 180}]})
            }),
            &["desc_en"],
            &["frame"],
            &[(Descriptors, &["dets[]"])],
        ),
        trial(
            "relations by head and tail",
            "a.jsonl",
            lines(40, |i| {
                json!({"pic": name_of_picture(i), "txt": sentence(i), "edges": [{"head": pick(&NOUNS, i), "relation": "on top of", "tail": "table"}, {"head": "man", "relation": "wearing", "tail": "hat"}]})
            }),
            &["txt"],
            &["pic"],
            &[(Descriptors, &["edges[]"])],
        ),
        trial(
            "objects with adjectives",
            "a.jsonl",
            lines(40, |i| json!({"pic": name_of_picture(i), "txt": dense(i), "entities": [{"noun": pick(&NOUNS, i), "attributes": ["red", "wooden"]}, {"noun": "sky", "attributes": ["blue"]}]})),
            &["txt"],
            &["pic"],
            &[(Descriptors, &["entities[]"])],
        ),
        trial(
            "phrases of regions in rows",
            "a.csv",
            table(',', &["image_id", "ref_id", "x", "y", "w", "h", "expr"], 60, |i| {
                vec![(7000 + i / 3).to_string(), (90_000 + i).to_string(), "10".to_owned(), (20 + i).to_string(), "30".to_owned(), "40".to_owned(), format!("the {} {} on the left", pick(&ADJECTIVES, i), pick(&NOUNS, i + i / 7))]
            }),
            &["expr"],
            &["image_id"],
            &[],
        ),
        trial(
            "pairs with a note of what changed",
            "a.jsonl",
            lines(40, |i| json!({"img_a": name_of_picture(i), "img_b": name_of_picture(i + 700), "what_changed": sentence(i), "kind_of_change": pick(&["color", "add", "drop"], i)})),
            &["what_changed"],
            &["img_a", "img_b"],
            &[],
        ),
        trial(
            "relation true or not",
            "a.jsonl",
            lines(60, |i| json!({"pic": name_of_picture(i), "web": format!("http://images.example.org/t/{}", name_of_picture(i)), "statement": sentence(i), "is_true": i % 2, "rel": pick(&["inside", "on", "under"], i), "votes": "[2, 9]"})),
            &["statement"],
            &["pic", "web"],
            &[],
        ),
        trial(
            "positives and negatives in lists",
            "a.json",
            array(40, |i| json!({"image": name_of_picture(i), "pos": [sentence(i)], "neg": [sentence(i + 30), sentence(i + 60)]})),
            &["pos[]"],
            &["image"],
            &[(Negative, &["neg[]"])],
        ),
        trial(
            "imagefolder with several pictures a row",
            "metadata.csv",
            table(',', &["sketch_file_name", "photo_file_name", "about"], 40, |i| vec![format!("s/{}", name_of_picture(i)), format!("p/{}", name_of_picture(i)), sentence(i)]),
            &["about"],
            &["photo_file_name", "sketch_file_name"],
            &[],
        ),
        trial(
            "ids that are numbers, a folder and a file",
            "a.jsonl",
            lines(40, |i| json!({"idx": i, "dir": "batch_7", "fn": name_of_picture(i), "line_1": sentence(i)})),
            &["line_1"],
            &["fn"],
            &[(Id, &["idx"])],
        ),
        trial(
            "texts with markup of entities",
            "a.jsonl",
            lines(40, |i| json!({"stem": format!("{}", 1_000_000 + i * 31), "marked": format!("[/EN#{}/people A man] with [/EN#{}/other a {}] stands in [/EN#{}/scene the {}] .", i, i + 1, pick(&NOUNS, i), i + 2, pick(&PLACES, i))})),
            &["marked"],
            &[],
            &[],
        ),
        trial(
            "video-like bulk and embeddings",
            "a.jsonl",
            lines(20, |i| json!({"thumb": format!("t/{}", name_of_picture(i)), "pic": format!("f/{}", name_of_picture(i)), "emb": (0..400).map(|k| f64::from(k) * 0.001).collect::<Vec<_>>(), "say": sentence(i)})),
            &["say"],
            &["pic"],
            &[],
        ),
        trial(
            "records with mostly nulls",
            "a.jsonl",
            lines(60, |i| json!({"k": i, "p": name_of_picture(i), "main": if i % 9 == 0 { Value::Null } else { json!(sentence(i)) }, "extra": if i % 12 == 0 { json!(dense(i)) } else { Value::Null }})),
            &["extra", "main"],
            &["p"],
            &[(Id, &["k"])],
        ),
        trial(
            "Czech comments of a museum",
            "a.csv",
            table(',', &["inv_cislo", "nazev", "popis_dila", "obrazek", "licence"], 40, |i| {
                vec![format!("M-{:04}", i), format!("Zátiší {i}"), format!("Na obraze číslo {i} stojí pes vedle stolu a v pozadí je vidět řeka."), name_of_picture(i), "CC BY 4.0".to_owned()]
            }),
            &["popis_dila"],
            &["obrazek"],
            &[],
        ),
        trial(
            "subset names and a source",
            "a.jsonl",
            lines(60, |i| json!({"pid": format!("x{i:05}"), "fold": pick(&["train", "val"], i), "corpus": pick(&["flickr", "wiki"], i), "address": url(i), "gloss": sentence(i)})),
            &["gloss"],
            &["address"],
            &[(Split, &["fold"]), (Source, &["corpus"])],
        ),
        trial(
            "judged with a score",
            "a.jsonl",
            lines(60, |i| json!({"image_a_url": url(i), "image_b_url": url(i + 900), "phrase": sentence(i), "label": pick(&["true", "false"], i), "mos": 3.5})),
            &["phrase"],
            &["image_a_url", "image_b_url"],
            &[(Label, &["label"])],
        ),
        trial(
            "annotations in parallel tables with a dataset of sentences",
            "a.json",
            json!({"dataset": "own", "images": (0..40).map(|i| json!({"imgid": i, "filename": name_of_picture(i), "filepath": "val", "split": "test", "sentences": [{"raw": sentence(i), "tokens": ["a", "dog"], "sentid": i * 2}, {"raw": sentence(i + 80), "tokens": ["a"], "sentid": i * 2 + 1}]})).collect::<Vec<_>>()}).to_string(),
            &["sentences[].raw"],
            &["filename"],
            &[(Split, &["split"])],
        ),
        trial(
            "regions in percent",
            "a.json",
            array(30, |i| json!({"file": name_of_picture(i), "overall": dense(i), "parts": [{"tag": "head", "note": sentence(i), "box": [0.1, 0.1, 0.4, 0.5]}, {"tag": "tail", "note": sentence(i + 9), "box": [0.5, 0.6, 0.9, 0.95]}]})),
            &["overall"],
            &["file"],
            &[(Descriptors, &["parts[]"]), (Region, &["parts[].note"])],
        ),
        trial(
            "metadata with camera and place",
            "a.jsonl",
            lines(40, |i| json!({"jpg_name": name_of_picture(i), "camera_make": "Some Brand Model Nine", "place_name": format!("Town of {}", title(pick(&PLACES, i))), "shown": sentence(i), "comment_by_user": "I like the picture of the dog very much", "lat": 48.1})),
            &["shown"],
            &["jpg_name"],
            &[],
        ),
    ]
}

#[test]
fn invented_sets_are_understood() {
    let trials: Vec<Trial> = trials().into_iter().chain(more_trials()).collect();
    let faults: Vec<(usize, Vec<String>)> =
        trials.iter().map(Trial::faults).enumerate().filter(|(_, faults)| !faults.is_empty()).collect();
    println!("{} of {} invented sets understood", trials.len() - faults.len(), trials.len());
    for fault in faults.iter().flat_map(|(_, faults)| faults) {
        println!("  {fault}");
    }
    assert!(faults.is_empty(), "{} of {} invented sets were misunderstood", faults.len(), trials.len());
}

fn head(set: &Dataset, limit: usize) -> Vec<Sample> {
    set.head(limit, Instant::now() + Duration::from_secs(20))
}

/// A role and the fields that must have it, of a real set.
type Expected = (Role, &'static [&'static str]);

#[test]
fn real_sets_are_understood() {
    use Role::{Answer, Caption, Choices, Descriptors, Id, Image, Label, Negative, Question, Region};
    let Some(data) = crate::testing::shared("") else { return };
    let sets: &[(&str, &[Expected])] = &[
        (
            "caps_boxes",
            &[
                (Caption, &["captions[]"]),
                (Image, &["image"]),
                (Descriptors, &["instances[]"]),
                (Id, &["id"]),
            ],
        ),
        ("cauldron_style_parquet", &[(Caption, &["texts[].assistant"]), (Image, &["images[]"])]),
        (
            "coco_json",
            &[
                (Caption, &["caption"]),
                (Image, &["coco_url", "file_name", "image_id"]),
                (Descriptors, &["(row)"]),
            ],
        ),
        (
            "coco_val2017_captions",
            &[(Caption, &["caption"]), (Image, &["coco_url", "file_name", "image_id"])],
        ),
        (
            "dsg",
            &[
                (Caption, &["text"]),
                (Image, &[]),
                (Question, &["question_natural_language"]),
                (Descriptors, &["tuple"]),
            ],
        ),
        ("factual_sg", &[(Caption, &["caption"]), (Image, &["image_id"]), (Descriptors, &["scene_graph"])]),
        (
            "hf_imagefolder_jsonl",
            &[(Caption, &["captions[]"]), (Image, &["file_name"]), (Descriptors, &["objects"])],
        ),
        ("hf_pairs_parquet", &[(Caption, &["caption_0", "caption_1"]), (Image, &["image_0", "image_1"])]),
        (
            "hf_parquet",
            &[
                (Caption, &["captions[]"]),
                (Image, &["image"]),
                (Descriptors, &["objects[]"]),
                (Id, &["image_id"]),
            ],
        ),
        (
            "iiw_IIW-400",
            &[
                (Caption, &["IIW", "IIW-P5B"]),
                (Image, &["image/key"]),
                (Region, &["objects[].description"]),
                (Descriptors, &["objects[]"]),
            ],
        ),
        ("img2dataset_webdataset", &[(Caption, &["caption"]), (Image, &["jpg"]), (Id, &["@key"])]),
        ("kohya_sidecars", &[(Caption, &["caption", "txt"]), (Image, &["image"])]),
        (
            "nlvr1",
            &[
                (Caption, &["sentence"]),
                (Image, &[]),
                (Label, &["label"]),
                (Descriptors, &["structured_rep[][]"]),
                (Id, &["identifier"]),
            ],
        ),
        (
            "nlvr2",
            &[
                (Caption, &["sentence"]),
                (Image, &["left_url", "right_url"]),
                (Label, &["label"]),
                (Id, &["identifier"]),
            ],
        ),
        (
            "schema_fixtures/clevr",
            &[(Caption, &[]), (Image, &["image_filename"]), (Descriptors, &["objects[]", "relationships"])],
        ),
        ("schema_fixtures/comprecap", &[(Image, &["image"]), (Descriptors, &["info[]"])]),
        (
            "schema_fixtures/dci",
            &[
                (Caption, &["extra_caption", "short_caption"]),
                (Image, &["image"]),
                (Descriptors, &["mask_data{}"]),
            ],
        ),
        (
            "schema_fixtures/gqa",
            &[
                (Caption, &[]),
                (Image, &["imageId"]),
                (Question, &["question"]),
                (Answer, &["answer"]),
                (Descriptors, &["objects{}"]),
            ],
        ),
        (
            "schema_fixtures/visual_genome",
            &[
                (Caption, &[]),
                (Region, &["regions[].phrase"]),
                (Question, &["qas[].question"]),
                (Descriptors, &["attributes[]", "objects[]", "regions[]", "relationships[]"]),
            ],
        ),
        (
            "schema_fixtures/vqa_v2",
            &[
                (Caption, &[]),
                (Image, &["image_id"]),
                (Question, &["question"]),
                (Answer, &["answers", "multiple_choice_answer"]),
            ],
        ),
        (
            "sugar_crepe",
            &[(Caption, &["caption"]), (Image, &["filename"]), (Negative, &["negative_caption"])],
        ),
        (
            "tifa",
            &[
                (Caption, &["caption"]),
                (Question, &["question"]),
                (Answer, &["answer"]),
                (Choices, &["choices"]),
            ],
        ),
        ("vsr", &[(Caption, &["caption"]), (Image, &["image", "image_link"]), (Label, &["label"])]),
        ("wds_images_only", &[(Caption, &[]), (Image, &["jpg"])]),
    ];
    let mut faults = Vec::new();
    for (folder, expected) in sets {
        let set = match open(&[data.join(folder)], &Settings::default()) {
            Ok(set) => set,
            Err(error) => {
                faults.push(format!("{folder}: {error}"));
                continue;
            }
        };
        for (role, wanted) in *expected {
            let found = fields(&set, *role);
            let exact = matches!(role, Caption | Image);
            let right = if exact {
                found == *wanted
            } else {
                wanted.iter().all(|name| found.iter().any(|own| own == name))
            };
            if !right {
                faults.push(format!("{folder}: {role}: wanted {wanted:?}, found {found:?}"));
            }
        }
        if head(&set, 3).is_empty() {
            faults.push(format!("{folder}: no samples"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// All samples of a set.
pub(super) fn all(set: &Dataset) -> Vec<Sample> {
    let mut found = Vec::new();
    let mut sink = |item| {
        if let Item::Sample(sample) = item {
            found.push(*sample);
        }
        std::ops::ControlFlow::Continue(())
    };
    if set.is_joined() {
        let scratch = tempfile::tempdir().expect("a folder for the join");
        let flow = set.read_joined(scratch.path(), &mut sink).expect("room for the join");
        assert!(flow.is_continue());
    } else {
        for shard in 0..set.shards().len() {
            assert!(set.read(shard, 0, &mut sink).is_continue());
        }
    }
    found
}

pub(super) fn assert_orderly(samples: &[Sample]) {
    assert!(samples.windows(2).all(|pair| pair[0].seq < pair[1].seq), "places increase");
    let mut ids: Vec<&str> = samples.iter().map(|sample| sample.id.as_str()).collect();
    ids.sort_unstable();
    let before = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), before, "ids are unique");
}

#[test]
fn rows_of_one_picture_become_one_sample() {
    let (_folder, set) = opened(&vec![(
        "captions.txt",
        table(',', &["image", "caption"], 55, |i| vec![name_of_picture(i / 5), sentence(i)]),
    )]);
    assert!(!set.is_joined());
    let samples = all(&set);
    assert_eq!(samples.len(), 11);
    assert!(samples.iter().all(|sample| sample.captions.len() == 5));
    assert_orderly(&samples);
}

#[test]
fn reading_may_begin_again_at_any_checkpoint() {
    let (_folder, set) = opened(&vec![(
        "captions.csv",
        table(',', &["image", "caption"], 3_000, |i| {
            vec![name_of_picture(i / 5), format!("{} {i}", sentence(i))]
        }),
    )]);
    let whole = all(&set);
    let mut rows = Vec::new();
    let _ = set.read(0, 0, &mut |item| {
        if let Item::Row(row) = item {
            rows.push(row);
        }
        std::ops::ControlFlow::Continue(())
    });
    assert!(rows.len() > 5);
    for row in rows {
        let mut rest = Vec::new();
        let _ = set.read(0, row, &mut |item| {
            if let Item::Sample(sample) = item {
                rest.push(*sample);
            }
            std::ops::ControlFlow::Continue(())
        });
        let expected: Vec<&Sample> = whole.iter().filter(|sample| sample.seq.row() >= row).collect();
        assert_eq!(rest.iter().collect::<Vec<_>>(), expected, "from row {row}");
    }
}

#[test]
fn scattered_rows_and_tables_are_joined() {
    let (_folder, set) = opened(&vec![(
        "a.jsonl",
        lines(60, |i| json!({"id": i, "image": name_of_picture(i % 20), "caption": sentence(i)})),
    )]);
    assert!(set.is_joined());
    let samples = all(&set);
    assert_eq!(samples.len(), 20);
    assert!(samples.iter().all(|sample| sample.captions.len() == 3));
    assert_orderly(&samples);

    let (_folder, set) = opened(&vec![
        (
            "ann/captions_val.json",
            json!({"images": (0..30).map(|i| json!({"id": i, "file_name": name_of_picture(i), "width": 9, "height": 8})).collect::<Vec<_>>(),
                "annotations": (0..60).map(|i| json!({"id": i, "image_id": i % 30, "caption": sentence(i)})).collect::<Vec<_>>()})
            .to_string(),
        ),
        (
            "ann/instances_val.json",
            json!({"images": (0..30).map(|i| json!({"id": i, "file_name": name_of_picture(i), "width": 9, "height": 8})).collect::<Vec<_>>(),
                "annotations": (0..60).map(|i| json!({"id": i, "image_id": i % 30, "bbox": [1.0 + f64::from(i), 2.0, 3.5, 4.0], "category_id": i % 3 + 1, "area": 14.0})).collect::<Vec<_>>(),
                "categories": [{"id": 1, "name": "dog"}, {"id": 2, "name": "cat"}, {"id": 3, "name": "cow"}]})
            .to_string(),
        ),
    ]);
    let samples = all(&set);
    assert_eq!(samples.len(), 30, "{}", set.explain());
    let first = &samples[0];
    assert_eq!((first.id.as_str(), first.captions.len(), first.descriptors.len()), ("0", 2, 2));
    assert_eq!(first.descriptors[0].name, "dog");
    assert_eq!(first.images.len(), 1);
    assert_eq!(first.images[0].width, Some(9));
    assert_orderly(&samples);
}

#[test]
fn a_table_far_behind_another_is_found() {
    let (_folder, set) = opened(&vec![(
        "captions_train.json",
        json!({"info": {"year": 2017},
            "images": (0..30_000).map(|i| json!({"id": i, "file_name": name_of_picture(i), "width": 640, "height": 480, "date_captured": "2013-11-14 17:02:52", "flickr_url": url(i)})).collect::<Vec<_>>(),
            "remarks": (0..30_000).map(|i| json!({"id": i, "image_id": (i * 7) % 30_000, "wording": sentence(i)})).collect::<Vec<_>>()})
        .to_string(),
    )]);
    assert_eq!(fields(&set, Role::Caption), ["wording"], "{}", set.explain());
    assert!(set.is_joined());
    let samples = all(&set);
    assert_eq!(samples.len(), 30_000);
    assert!(samples.iter().all(|sample| sample.captions.len() == 1));
}

#[test]
fn questions_find_their_answers_in_another_file() {
    let (_folder, set) = opened(&vec![
        (
            "v2_questions.json",
            json!({"data_subtype": "val2014", "questions": (0..40).map(|i| json!({"image_id": 100 + i / 4, "question": question(i), "question_id": 1000 + i})).collect::<Vec<_>>()}).to_string(),
        ),
        (
            "v2_annotations.json",
            json!({"data_subtype": "val2014", "annotations": (0..40).map(|i| json!({"image_id": 100 + i / 4, "question_id": 1000 + i, "question_type": "what color", "multiple_choice_answer": answer(i),
                "answers": [{"answer": answer(i), "answer_confidence": "yes", "answer_id": 1}, {"answer": "purple", "answer_confidence": "no", "answer_id": 2}]})).collect::<Vec<_>>()})
            .to_string(),
        ),
    ]);
    let samples = all(&set);
    assert_eq!(samples.len(), 10, "{}", set.explain());
    let first = &samples[0].questions;
    assert_eq!(first.len(), 4);
    assert_eq!(first[1].question, question(1));
    assert_eq!(first[1].answers, [answer(1), "purple".to_owned()]);
}

#[test]
fn contrasts_stay_apart() {
    let (_folder, set) = opened(&vec![(
        "a.jsonl",
        lines(
            40,
            |i| json!({"filename": name_of_picture(i / 2), "caption": sentence(i), "negative_caption": sentence(i + 500)}),
        ),
    )]);
    let samples = all(&set);
    assert_eq!(samples.len(), 40);
    assert!(
        samples
            .iter()
            .all(|sample| sample.captions.iter().any(|caption| caption.role == CaptionRole::Negative))
    );
    assert_orderly(&samples);
}

#[test]
fn a_placeholder_picture_joins_nothing() {
    let (_folder, set) = opened(&vec![(
        "a.jsonl",
        lines(100, |i| json!({"image": "placeholder.jpg", "caption": sentence(i)})),
    )]);
    assert_eq!(all(&set).len(), 100);
}

#[test]
fn pictures_are_found_on_disk() {
    let (folder, set) = opened(&vec![
        (
            "meta/data.jsonl",
            lines(4, |i| json!({"image": format!("photos/{i}.jpg"), "caption": sentence(i)})),
        ),
        ("big/photos/0.jpg", "x".to_owned()),
        ("big/photos/1.jpg", "x".to_owned()),
        ("big/photos/2.jpg", "x".to_owned()),
    ]);
    let samples: Vec<Sample> = all(&set).into_iter().filter(|sample| !sample.captions.is_empty()).collect();
    let file = |i: usize| ImageRef::File(folder.path().join(format!("big/photos/{i}.jpg")));
    let found: Vec<&ImageRef> = samples.iter().map(|sample| &sample.images[0].reference).collect();
    assert_eq!(&found[..3], [&file(0), &file(1), &file(2)]);
    assert!(matches!(found[3], ImageRef::Missing { .. }));
}

#[test]
fn the_user_decides() {
    let (folder, set) =
        opened(&vec![("a.jsonl", lines(30, |i| json!({"one": sentence(i), "two": dense(i), "p": url(i)})))]);
    drop(set);
    let map = Settings::parse_map("caption=one,original=two").expect("well formed");
    let set = open(&[folder.path().to_path_buf()], &map).expect("a data set");
    assert_eq!(fields(&set, Role::Caption), ["one"]);
    assert_eq!(fields(&set, Role::Original), ["two"]);
    assert_eq!(fields(&set, Role::Image), ["p"]);
    let wrong = Settings::parse_map("caption=three").expect("well formed");
    let told = open(&[folder.path().to_path_buf()], &wrong).expect_err("no such field").to_string();
    assert!(told.contains("no field `three`") && told.contains("one, p, two"), "{told}");
}

#[test]
fn a_wrong_type_is_skipped_with_its_place() {
    let mut text = lines(30, |i| json!({"image": name_of_picture(i), "caption": sentence(i)}));
    text += "{\"image\": \"x.jpg\", \"caption\": [1, 2, 3]}\n{\"image\": \"y.jpg\", \"caption\": null}\n";
    let (_folder, set) = opened(&vec![("a.jsonl", text)]);
    let mut skipped = Vec::new();
    let mut samples = 0;
    let _ = set.read(0, 0, &mut |item| {
        match item {
            Item::Skipped(what) => skipped.push(what),
            Item::Sample(_) => samples += 1,
            _ => {}
        }
        std::ops::ControlFlow::Continue(())
    });
    assert_eq!(samples, 31);
    assert_eq!(skipped.len(), 1);
    assert_eq!(skipped[0].reason, "caption is a list of numbers, expected text");
    assert_eq!(skipped[0].position, Some(31));
}

#[test]
fn an_opened_set_survives_the_cache() {
    let (_folder, set) = opened(&vec![(
        "a.jsonl",
        lines(
            30,
            |i| json!({"image": name_of_picture(i), "caption": sentence(i), "objects": [{"name": "dog", "bbox": [1, 2, 3, 4]}]}),
        ),
    )]);
    let bytes = postcard::to_stdvec(&set).expect("serialised");
    let again: Dataset = postcard::from_bytes(&bytes).expect("read back");
    assert!(again.is_unchanged());
    assert_eq!(all(&again), all(&set));
}

mod properties {
    use proptest::prelude::*;

    use super::*;
    use crate::dataset::fields::{Survey, choose};

    fn any_cell() -> impl Strategy<Value = Cell> {
        let leaf = prop_oneof![
            Just(Cell::Null),
            any::<bool>().prop_map(Cell::Bool),
            any::<i64>().prop_map(Cell::Int),
            any::<f64>().prop_map(Cell::Float),
            ".{0,40}".prop_map(Cell::Text),
            "[a-z]{1,8}( [a-z]{1,8}){0,9}".prop_map(Cell::Text),
            "(\\[|\\(|\\{|entity - whole \\(|\\[/EN#|<image>|data:image/|https?://)[^\\n]{0,20}"
                .prop_map(Cell::Text),
        ];
        let name =
            "(image|caption|bbox|from|value|question|answer|objects|x|y|w|h|id|[0-9]{1,2}|[a-zA-Z_#é]{1,6})";
        leaf.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Cell::List),
                prop::collection::vec((name, inner), 0..6).prop_map(Cell::Map),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

        #[test]
        fn nothing_panics_on_any_records(cells in prop::collection::vec(any_cell(), 1..12)) {
            let records: Vec<(usize, u64, Cell)> = cells
                .into_iter()
                .enumerate()
                .map(|(row, cell)| {
                    let record = Record { row: row as u64, position: 1, table: None, key: None, span: None, cell };
                    (0, row as u64, fields::unfold(record))
                })
                .collect();
            let survey = Survey::of(records);
            let choice = choose(&survey, &Settings::default(), &Known::default(), &|_| false);
            let place = mapping::Place::default();
            for record in &survey.records {
                let mut nowhere = |name: &str, _: &Cell| ImageRef::Missing { name: name.to_owned(), reason: String::new() };
                if let Ok(mut partial) = choice.plan.read(record, &place, &mut nowhere) {
                    let again = partial.clone();
                    partial.merge(again);
                    let _ = partial.finish(&rustc_hash::FxHashMap::default());
                }
            }
        }

        #[test]
        fn the_order_of_rows_and_fields_is_no_matter(seed in any::<u64>(), which in 0_usize..6) {
            let rows = |i: usize| -> Vec<(String, Cell)> {
                let text = |text: String| Cell::Text(text);
                match which {
                    0 => vec![("pic".to_owned(), text(name_of_picture(i))), ("blurb".to_owned(), text(sentence(i))), ("alt".to_owned(), text(alt(i)))],
                    1 => vec![("u".to_owned(), text(url(i))), ("t".to_owned(), text(dense(i))), ("k".to_owned(), text(uuid(i)))],
                    2 => vec![("q".to_owned(), text(question(i))), ("a".to_owned(), text(answer(i))), ("im".to_owned(), text(name_of_picture(i)))],
                    3 => vec![("left_url".to_owned(), text(url(i))), ("right_url".to_owned(), text(url(i + 99))), ("s".to_owned(), text(sentence(i)))],
                    4 => vec![("n".to_owned(), Cell::Int(i as i64)), ("zh".to_owned(), text(chinese(i))), ("f".to_owned(), text(name_of_picture(i)))],
                    _ => vec![("de".to_owned(), text(german(i))), ("en".to_owned(), text(sentence(i))), ("image".to_owned(), text(url(i)))],
                }
            };
            let choose_in = |shift: usize, turn: usize| {
                let records = (0..60)
                    .map(|i| {
                        let i = (i * 7 + shift) % 60;
                        let mut members = rows(i);
                        members.rotate_left(turn % 3);
                        (0, i as u64, Cell::Map(members))
                    })
                    .collect();
                let plan = choose(&Survey::of(records), &Settings::default(), &Known::default(), &|_| false).plan;
                (plan.captions, plan.images, plan.asks, plan.id)
            };
            let one = choose_in(0, 0);
            let other = choose_in((seed % 60) as usize, (seed / 60) as usize % 3);
            prop_assert_eq!(one, other);
        }
    }
}
