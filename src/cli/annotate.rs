//! `capscope annotate`: records in, the same records with descriptors, figures and flags out.
//!
//! It is a filter: JSON Lines on standard input, JSON Lines on standard output, one line for each, in
//! the same order, with a bounded number of lines in memory. So any engine can cut a data set into
//! pieces and have each piece pass through one.

use std::io::Write;

use serde_json::{Map, Value as Json, json};

use super::arguments::{self, Common};
use super::lines::{Line, lines};
use super::output::{complain, counted, stdout};
use super::{code, record};
use crate::dataset::Role;
use crate::measure::{Analyst, annotate};
use crate::model::{Caption, CaptionRole, Sample};

/// More threads than this wait for the one that reads.
const MOST_THREADS: usize = 16;
/// Fields that hold captions where nobody says which; the first that a record has is taken.
const USUAL: [&str; 7] = ["caption", "captions", "text", "description", "sentences", "sentence", "txt"];
/// The field of the output that is added.
const ADDED: &str = "capscope";

/// Which fields of a record are captions.
struct Fields {
    main: Vec<String>,
    original: Vec<String>,
}

pub(super) fn run(arguments: &arguments::Annotate, common: &Common) -> anyhow::Result<u8> {
    let settings = common.settings()?;
    let of = |role| settings.fields(role).map(str::to_owned).collect();
    let fields = Fields { main: of(Role::Caption), original: of(Role::Original) };
    let threads = arguments
        .threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
        .clamp(1, MOST_THREADS);
    let mut analysts: Vec<Analyst> = (0..threads).map(|_| Analyst::new()).collect();
    let mut input = std::io::stdin().lock();
    let mut out = stdout();
    let (mut number, mut failed) = (0, 0_u64);
    loop {
        let batch = lines(&mut input, &mut number)?;
        if batch.is_empty() {
            break;
        }
        for (line, outcome) in batch.iter().zip(annotated(&batch, &mut analysts, &fields)?) {
            let record = match outcome {
                Ok(record) => record,
                Err(reason) => {
                    failed += 1;
                    complain(&format!("line {}: {reason}", line.number));
                    json!({ ADDED: { "error": format!("line {}: {reason}", line.number) } })
                }
            };
            record::write(&record, false, &mut out)?;
        }
    }
    out.flush()?;
    if failed > 0 {
        complain(&format!("{} of {number} not annotated", counted(failed, "line")));
    }
    Ok(code::OK)
}

type Outcome = Result<Json, String>;

/// The records of a batch, in its order, worked out by all analysts.
fn annotated(batch: &[Line], analysts: &mut [Analyst], fields: &Fields) -> anyhow::Result<Vec<Outcome>> {
    let share = batch.len().div_ceil(analysts.len()).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = batch
            .chunks(share)
            .zip(analysts)
            .map(|(lines, analyst)| {
                scope.spawn(move || -> Vec<Outcome> {
                    lines.iter().map(|line| annotate_line(line, analyst, fields)).collect()
                })
            })
            .collect();
        let mut all = Vec::with_capacity(batch.len());
        for worker in workers {
            let Ok(part) = worker.join() else { anyhow::bail!("a thread that annotates has failed") };
            all.extend(part);
        }
        Ok(all)
    })
}

fn annotate_line(line: &Line, analyst: &mut Analyst, fields: &Fields) -> Outcome {
    let mut record = line.object()?;
    let sample = sample_of(&record, fields)?;
    let added = serde_json::to_value(annotate(analyst, &sample, None)).map_err(|error| error.to_string())?;
    record.insert(ADDED.into(), added);
    Ok(Json::Object(record))
}

fn sample_of(record: &Map<String, Json>, fields: &Fields) -> Result<Sample, String> {
    let mut captions = Vec::new();
    let mut take = |field: &str, role: CaptionRole| {
        let found = texts(record.get(field)?);
        let texts = found.into_iter().map(|text| Caption { text, field: field.to_owned(), role });
        captions.extend(texts);
        Some(())
    };
    if fields.main.is_empty() {
        let Some(field) = USUAL.iter().find(|field| record.contains_key(**field)) else {
            return Err(format!(
                "no caption: expected one of the fields {}, or --map caption=FIELD",
                USUAL.join(", ")
            ));
        };
        take(field, CaptionRole::Main);
    }
    let mut missing = Vec::new();
    for field in &fields.main {
        if take(field, CaptionRole::Main).is_none() {
            missing.push(field.as_str());
        }
    }
    for field in &fields.original {
        take(field, CaptionRole::Original);
    }
    if !missing.is_empty() && missing.len() == fields.main.len() {
        return Err(format!("no field {}", missing.join(", ")));
    }
    Ok(Sample { captions, ..Sample::default() })
}

/// The texts of a value: itself, or those of a list.
pub(super) fn texts(value: &Json) -> Vec<String> {
    match value {
        Json::String(text) => vec![text.clone()],
        Json::Array(values) => values.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        Line { number: 1, bytes: text.as_bytes().to_vec(), is_cut: false }
    }

    fn annotated_line(text: &str, main: &[&str]) -> Outcome {
        let fields =
            Fields { main: main.iter().map(|field| (*field).to_owned()).collect(), original: Vec::new() };
        annotate_line(&line(text), &mut Analyst::new(), &fields)
    }

    #[test]
    fn a_record_keeps_its_fields_and_gets_one_more() {
        let record = annotated_line(r#"{"id": 7, "caption": "A brown dog."}"#, &[]).unwrap();
        assert_eq!(record["id"], 7);
        let facts = record[ADDED]["descriptors"].as_array().unwrap();
        assert!(facts.iter().any(|fact| fact["name"] == "dog" && fact["span"] == json!([8, 11])));
    }

    #[test]
    fn what_cannot_be_annotated_says_why() {
        for (given, main, reason) in [
            ("{", &[][..], "broken JSON"),
            ("[1]", &[], "no JSON object"),
            (r#"{"id": 1}"#, &[], "no caption"),
            (r#"{"caption": "a dog"}"#, &["blurb"], "no field blurb"),
        ] {
            let outcome = annotated_line(given, main).unwrap_err();
            assert!(outcome.starts_with(reason), "{outcome}");
        }
    }
}
