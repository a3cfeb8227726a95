//! `capscope diff`: what differs between two captions.

use std::io::Write;
use std::path::Path;

use serde_json::{Map, Value as Json, json};

use super::arguments;
use super::lines::{self, Line};
use super::output::{complain, counted, one_line, stdout};
use super::{code, record};
use crate::measure::Analyst;
use crate::model::{Caption, CaptionRole, Sample};
use crate::pairs::{Comparer, Diff, Side, Told, Vocabulary, diff};

/// Captions of both sides, taken in.
struct Reader {
    analyst: Analyst,
    vocabulary: Vocabulary,
}

impl Reader {
    fn new() -> Self {
        Self { analyst: Analyst::new(), vocabulary: Vocabulary::default() }
    }

    fn side(&mut self, text: &str) -> Side {
        let caption = Caption { text: text.to_owned(), field: String::new(), role: CaptionRole::Main };
        let mut sample = Sample { captions: vec![caption], ..Sample::default() };
        let analysis = self.analyst.analyse(&mut sample);
        Side::new(text, &sample.descriptors, &analysis.keys, &mut self.vocabulary)
    }
}

pub(super) fn run(arguments: &arguments::Diff) -> anyhow::Result<u8> {
    if let Some(path) = &arguments.jsonl {
        return run_lines(path);
    }
    let (Some(first), Some(second)) = (&arguments.first, &arguments.second) else {
        anyhow::bail!("two captions are needed, or --jsonl");
    };
    let mut reader = Reader::new();
    let sides = [reader.side(first), reader.side(second)];
    reader.vocabulary.settle(None);
    let found = diff(&reader.vocabulary, &sides[0], &sides[1], &mut Comparer::default());
    let mut out = stdout();
    let Some(kind) = found.kind else {
        writeln!(out, "no difference")?;
        out.flush()?;
        return Ok(code::NO_MATCH);
    };
    writeln!(out, "{}  {}", kind.name(), one_line(&found.change))?;
    for told in found.told(&reader.vocabulary).iter().map(Told::line).filter(|line| *line != found.change) {
        writeln!(out, "{:width$}  {}", "", one_line(&told), width = kind.name().len())?;
    }
    out.flush()?;
    Ok(code::OK)
}

/// A line that was read, with its captions or what is wrong with it.
struct Asked {
    number: u64,
    record: Map<String, Json>,
    sides: Result<[Side; 2], String>,
}

/// All lines are read before the first is answered: how rare a fact is, is counted among them.
fn run_lines(path: &Path) -> anyhow::Result<u8> {
    let mut input = lines::open(path)?;
    let mut reader = Reader::new();
    let mut number = 0;
    let mut asked = Vec::new();
    loop {
        let batch = lines::lines(&mut input, &mut number)?;
        if batch.is_empty() {
            break;
        }
        asked.extend(batch.iter().map(|line| ask(line, &mut reader)));
    }
    reader.vocabulary.settle(None);
    let mut comparer = Comparer::default();
    let mut out = stdout();
    let mut failed = 0;
    for Asked { number, mut record, sides } in asked {
        match sides {
            Ok([first, second]) => {
                let found = diff(&reader.vocabulary, &first, &second, &mut comparer);
                answer(&mut record, &found, &reader.vocabulary);
            }
            Err(reason) => {
                failed += 1;
                let reason = format!("line {number}: {reason}");
                complain(&reason);
                record.insert("error".into(), json!(reason));
            }
        }
        record::write(&record, false, &mut out)?;
    }
    out.flush()?;
    if failed > 0 {
        complain(&format!("{} of {number} not compared", counted(failed, "line")));
    }
    Ok(code::OK)
}

fn ask(line: &Line, reader: &mut Reader) -> Asked {
    let (record, sides) = match line.object() {
        Ok(record) => {
            let text = |name: &str| {
                record.get(name).and_then(Json::as_str).ok_or_else(|| format!("no text in `{name}`"))
            };
            let sides = text("a").and_then(|first| Ok([first, text("b")?]));
            let sides = sides.map(|texts| texts.map(|text| reader.side(text)));
            (record, sides)
        }
        Err(reason) => (Map::new(), Err(reason)),
    };
    Asked { number: line.number, record, sides }
}

fn answer(record: &mut Map<String, Json>, found: &Diff, vocabulary: &Vocabulary) {
    let comparison = &found.comparison;
    let rounded = |value: f32| json!((f64::from(value) * 1e4).round() / 1e4);
    for (name, value) in [
        ("type", json!(found.kind.map(crate::pairs::Kind::name))),
        ("facet", json!(found.aspect().map(crate::pairs::Aspect::name))),
        ("change", json!(found.change)),
        ("differences", json!(found.told(vocabulary))),
        ("coarse", rounded(comparison.coarse)),
        ("contrast_bits", rounded(comparison.contrast_bits)),
        ("shared_bits", rounded(comparison.shared_bits)),
        ("score", rounded(comparison.score)),
    ] {
        record.insert(name.into(), value);
    }
}
