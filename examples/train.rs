//! Trains the parser and writes `assets/parser/parser.bin`:
//!
//! ```text
//! cargo run --release --example train -- TRAIN.csv [--out FILE] [--iiw DATA.jsonl] [--dense FILE.jsonl ...]
//! ```
//!
//! `TRAIN.csv` is FACTUAL's, with the columns `caption` and `scene_graph`. A dense file has one object
//! a line: `key`, `graph`, and `text` unless the key is that of an image of IIW (`IIW:<image/key>` or
//! `P5B:<image/key>`), whose text is then taken from IIW's own file. Run again, it writes the same
//! bytes.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use capscope::text::extract::{Gold, train};
use serde_json::Value;

/// Captions that a dense text counts as, sentence by sentence.
const DENSE_WEIGHT: usize = 3;

/// What the command line asks for.
#[derive(Default)]
struct Wish {
    captions: Option<PathBuf>,
    out: Option<PathBuf>,
    iiw: Option<PathBuf>,
    dense: Vec<PathBuf>,
}

fn main() -> Result<()> {
    let wish = wish(std::env::args_os().skip(1))?;
    let Some(captions) = &wish.captions else { bail!("expected the captions with their graphs, as CSV") };
    let mut gold = read_captions(captions)?;
    let iiw = wish.iiw.as_deref().map_or_else(|| Ok(HashMap::new()), read_iiw)?;
    for path in &wish.dense {
        gold.extend(read_dense(path, &iiw)?);
    }
    let asset = train(&gold)?;
    let out =
        wish.out.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/parser/parser.bin"));
    fs::write(&out, asset).with_context(|| format!("{} cannot be written", out.display()))
}

fn wish(mut arguments: impl Iterator<Item = OsString>) -> Result<Wish> {
    let mut wish = Wish::default();
    let mut dense = false;
    while let Some(argument) = arguments.next() {
        let mut path = || arguments.next().map(PathBuf::from).context("a path is missing");
        match argument.to_str() {
            Some("--out") => wish.out = Some(path()?),
            Some("--iiw") => wish.iiw = Some(path()?),
            Some("--dense") => dense = true,
            _ if dense => wish.dense.push(argument.into()),
            _ => wish.captions = Some(argument.into()),
        }
    }
    Ok(wish)
}

/// Captions with graphs: the columns `caption` and `scene_graph`.
fn read_captions(path: &Path) -> Result<Vec<Gold>> {
    let mut reader = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
    let headers = reader.headers()?.clone();
    let column = |name: &str| {
        headers.iter().position(|header| header == name).with_context(|| format!("no column {name}"))
    };
    let (caption, graph) = (column("caption")?, column("scene_graph")?);
    let mut gold = Vec::new();
    for record in reader.records() {
        let record = record?;
        let field = |at: usize| record.get(at).unwrap_or_default().to_owned();
        gold.push(Gold { text: field(caption), graph: field(graph), weight: 1 });
    }
    Ok(gold)
}

fn read_lines(path: &Path) -> Result<Vec<Value>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            serde_json::from_str(line).with_context(|| format!("{}, line {}", path.display(), number + 1))
        })
        .collect()
}

fn text_of<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

/// IIW's texts by key: those of people, and those of a model.
fn read_iiw(path: &Path) -> Result<HashMap<String, String>> {
    let mut texts = HashMap::new();
    for record in read_lines(path)? {
        let key = text_of(&record, "image/key").context("a record of IIW without image/key")?;
        for (prefix, field) in [("IIW", "IIW"), ("P5B", "IIW-P5B")] {
            if let Some(text) = text_of(&record, field) {
                texts.insert(format!("{prefix}:{key}"), text.to_owned());
            }
        }
    }
    Ok(texts)
}

fn read_dense(path: &Path, iiw: &HashMap<String, String>) -> Result<Vec<Gold>> {
    let mut gold = Vec::new();
    for record in read_lines(path)? {
        let key = text_of(&record, "key").unwrap_or_default();
        let text = text_of(&record, "text").or_else(|| iiw.get(key).map(String::as_str));
        let text = text.with_context(|| format!("{}: {key} has no text", path.display()))?;
        let graph = text_of(&record, "graph").with_context(|| format!("{key} has no graph"))?;
        gold.push(Gold { text: text.to_owned(), graph: graph.to_owned(), weight: DENSE_WEIGHT });
    }
    Ok(gold)
}
