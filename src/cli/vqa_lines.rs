//! `capscope vqa --jsonl`: lines with a caption, a question and an answer in; the same lines with a verdict out.
//!
//! The input is read twice: once to count what its captions say, so that what a question asks has bits, and
//! once to judge. Standard input is kept in a file in between. A number of lines is in memory at a time.

use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};

use rustc_hash::FxHashSet;
use serde_json::{Map, Value as Json, json};

use super::annotate::texts;
use super::lines::{LONGEST, Line, lines};
use super::output::{complain, counted, stdout};
use super::{code, record};
use crate::measure::{Analyst, Counts, Prints, Tally};
use crate::model::{Caption, CaptionRole, Evidence, Question, Sample};
use crate::vqa::{Judge, Judgement, claim_bits};

/// More threads than this wait for the one that reads.
const MOST_THREADS: usize = 16;
/// Captions that are told from each other at most; further ones are counted every time they come.
const MOST_CAPTIONS: usize = 1 << 23;
/// Fields that hold captions, questions and answers; the first that a record has is taken.
const CAPTIONS: [&str; 6] = ["caption", "captions", "text", "description", "sentences", "sentence"];
const QUESTIONS: [&str; 2] = ["question", "question_natural_language"];
const ANSWERS: [&str; 4] = ["answer", "answers", "multiple_choice_answer", "label"];
/// What is added to a record. A field that it has under such a name goes to [`GIVEN`].
const ADDED: [&str; 10] =
    ["verdict", "span", "bits", "type", "prefix", "statement", "triple", "evidence", "assumed", "error"];
const GIVEN: &str = "given";

/// Judges the lines of a file, or of standard input where it is `-`.
pub(super) fn run(path: &str) -> anyhow::Result<u8> {
    let mut input = Input::open(path)?;
    let name = input.name.clone();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).clamp(1, MOST_THREADS);
    let tally = input.count(threads)?;
    let mut judges: Vec<Judge> = (0..threads).map(|_| Judge::new()).collect();
    let mut reader = input.reader()?;
    let mut out = stdout();
    let (mut number, mut failed) = (0, 0_u64);
    loop {
        let batch = lines(&mut reader, &mut number)?;
        if batch.is_empty() {
            break;
        }
        let judged = spread(&batch, &mut judges, |line, judge| judged_line(line, judge, &tally))?;
        for (line, outcome) in batch.iter().zip(judged) {
            let record = match outcome {
                Ok(record) => record,
                Err(fault) => {
                    let reason = format!("{name}:{}: {}", line.number, fault.reason);
                    failed += 1;
                    complain(&reason);
                    let mut record = fault.record;
                    record.insert("error".into(), json!(reason));
                    Json::Object(record)
                }
            };
            record::write(&record, false, &mut out)?;
        }
    }
    out.flush()?;
    if failed > 0 {
        complain(&format!("{} of {number} not judged", counted(failed, "line")));
    }
    Ok(code::OK)
}

/// Lines that can be read twice.
struct Input {
    name: String,
    file: File,
}

impl Input {
    fn open(path: &str) -> anyhow::Result<Self> {
        if path != "-" {
            let file = File::open(path).map_err(|error| anyhow::anyhow!("{path}: {error}"))?;
            if file.metadata()?.is_file() {
                return Ok(Self { name: path.to_owned(), file });
            }
            return Ok(Self { name: path.to_owned(), file: kept(file)? });
        }
        Ok(Self { name: "standard input".to_owned(), file: kept(std::io::stdin().lock())? })
    }

    fn reader(&mut self) -> anyhow::Result<BufReader<&File>> {
        self.file.rewind()?;
        Ok(BufReader::with_capacity(1 << 20, &self.file))
    }

    /// Counts what the captions say, each of them once.
    fn count(&mut self, threads: usize) -> anyhow::Result<Tally> {
        let mut analysts: Vec<Analyst> = (0..threads).map(|_| Analyst::new()).collect();
        let mut tally = Tally::default();
        let mut seen: FxHashSet<u64> = FxHashSet::default();
        let mut number = 0;
        let mut reader = self.reader()?;
        loop {
            let mut batch = lines(&mut reader, &mut number)?;
            if batch.is_empty() {
                return Ok(tally);
            }
            batch.retain(|line| {
                let Some(record) = parsed(line).ok() else { return false };
                let Ok(captions) = captions_of(&record) else { return false };
                let print = print_of(&captions);
                seen.len() >= MOST_CAPTIONS || seen.insert(print)
            });
            let keys = spread(&batch, &mut analysts, |line, analyst| {
                let captions = parsed(line).ok().and_then(|record| captions_of(&record).ok());
                let mut sample = Sample { captions: captions.unwrap_or_default(), ..Sample::default() };
                analyst.analyse(&mut sample).keys
            })?;
            for keys in keys {
                tally.add(&keys, &Prints::default());
            }
        }
    }
}

/// Keeps what is read in a file without a name that goes away with this process.
fn kept(mut input: impl Read) -> anyhow::Result<File> {
    let named = |number: u32| {
        let name = format!("capscope-vqa-{}-{number}.jsonl", std::process::id());
        std::env::temp_dir().join(name)
    };
    // One that a process of the same number left behind is in nobody's way.
    let path = (0..100).map(named).find(|path| !path.exists()).unwrap_or_else(|| named(100));
    let mut file = File::options().read(true).write(true).create_new(true).open(&path)?;
    // Unlinked, it stays readable; where that is not possible, it is left in the folder for such things.
    let _ = std::fs::remove_file(&path);
    std::io::copy(&mut input, &mut file)?;
    Ok(file)
}

fn print_of(captions: &[Caption]) -> u64 {
    use std::hash::BuildHasher;
    let texts: Vec<&str> = captions.iter().map(|caption| caption.text.as_str()).collect();
    rustc_hash::FxBuildHasher.hash_one(texts)
}

/// Has each line worked on by one of several workers; what comes out is in the order of the lines.
fn spread<W: Send, T: Send>(
    batch: &[Line],
    workers: &mut [W],
    work: impl Fn(&Line, &mut W) -> T + Sync,
) -> anyhow::Result<Vec<T>> {
    let share = batch.len().div_ceil(workers.len().max(1)).max(1);
    std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = batch
            .chunks(share)
            .zip(workers)
            .map(|(lines, worker)| {
                scope.spawn(move || -> Vec<T> { lines.iter().map(|line| work(line, worker)).collect() })
            })
            .collect();
        let mut all = Vec::with_capacity(batch.len());
        for thread in threads {
            let Ok(part) = thread.join() else { anyhow::bail!("a thread that judges has failed") };
            all.extend(part);
        }
        Ok(all)
    })
}

/// A line that could not be judged: what of it could be read, and why.
struct Fault {
    record: Map<String, Json>,
    reason: String,
}

fn parsed(line: &Line) -> Result<Map<String, Json>, String> {
    if line.is_cut {
        return Err(format!("longer than {} MB", LONGEST >> 20));
    }
    match serde_json::from_slice(&line.bytes) {
        Ok(Json::Object(record)) => Ok(record),
        Ok(_) => Err("no JSON object".to_owned()),
        Err(error) => Err(format!("broken JSON: {error}")),
    }
}

fn captions_of(record: &Map<String, Json>) -> Result<Vec<Caption>, String> {
    let field = CAPTIONS.iter().find(|field| record.contains_key(**field));
    let texts = field.and_then(|field| record.get(*field)).map(texts).unwrap_or_default();
    if texts.is_empty() {
        return Err("no caption: expected a text, or a list of texts, under `caption`".to_owned());
    }
    let caption = |text| Caption { text, field: "caption".to_owned(), role: CaptionRole::Main };
    Ok(texts.into_iter().map(caption).collect())
}

fn question_of(record: &Map<String, Json>) -> Result<Question, String> {
    let first = |names: &[&str]| names.iter().find_map(|name| record.get(*name)).cloned();
    let question = first(&QUESTIONS).and_then(|value| value.as_str().map(str::to_owned));
    let question = question.ok_or_else(|| "no question: expected a text under `question`".to_owned())?;
    let answers = first(&ANSWERS).map(|value| plain(&value)).unwrap_or_default();
    let choices = record.get("choices").map(plain).unwrap_or_default();
    Ok(Question { question, answers, choices, ..Question::default() })
}

/// Texts of a value, or of those in a list; numbers and truth values are answers too.
fn plain(value: &Json) -> Vec<String> {
    match value {
        Json::String(text) => vec![text.clone()],
        Json::Number(number) => vec![number.to_string()],
        Json::Bool(is_so) => vec![if *is_so { "yes" } else { "no" }.to_owned()],
        Json::Array(values) => values.iter().flat_map(plain).collect(),
        Json::Object(fields) => fields.get("answer").map(plain).unwrap_or_default(),
        Json::Null => Vec::new(),
    }
}

fn judged_line(line: &Line, judge: &mut Judge, counts: &dyn Counts) -> Result<Json, Fault> {
    let mut record = parsed(line).map_err(|reason| Fault { record: Map::new(), reason })?;
    let parts = captions_of(&record).and_then(|captions| Ok((captions, question_of(&record)?)));
    let (captions, question) = match parts {
        Ok(parts) => parts,
        Err(reason) => return Err(Fault { record, reason }),
    };
    let several = captions.len() > 1;
    let sample = Sample { captions, questions: vec![question], ..Sample::default() };
    let Some(judgement) = judge.judge_sample(&sample).pop() else {
        return Err(Fault { record, reason: "no question".to_owned() });
    };
    let mut given = Map::new();
    for name in ADDED {
        if let Some(value) = record.remove(name) {
            given.insert(name.to_owned(), value);
        }
    }
    if !given.is_empty() {
        record.insert(GIVEN.to_owned(), Json::Object(given));
    }
    add(&mut record, &judgement, claim_bits(&judgement.claim, counts), several);
    Ok(Json::Object(record))
}

/// Adds what was found to a record.
fn add(record: &mut Map<String, Json>, judgement: &Judgement, bits: f64, several: bool) {
    let claim = &judgement.claim;
    let place = |place: Evidence| {
        if several { json!([place.start, place.end, place.caption]) } else { json!([place.start, place.end]) }
    };
    record.insert("verdict".into(), json!(judgement.verdict.name()));
    record.insert("span".into(), json!(judgement.span().map(|span| [span.start, span.end])));
    if several {
        record.insert("caption_index".into(), json!(judgement.span().map(|span| span.caption)));
    }
    record.insert("bits".into(), json!(bits));
    record.insert("type".into(), json!(claim.kind.name()));
    record.insert("prefix".into(), json!(claim.prefix));
    record.insert("statement".into(), json!(claim.statement.as_ref().map(|statement| &statement.text)));
    record.insert("triple".into(), json!(claim.triple));
    record.insert("evidence".into(), judgement.evidence.iter().map(|of| place(*of)).collect());
    if claim.is_assumed {
        record.insert("assumed".into(), json!("yes"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> Result<Json, String> {
        let line = Line { number: 1, bytes: text.as_bytes().to_vec(), is_cut: false };
        judged_line(&line, &mut Judge::new(), &Tally::default()).map_err(|fault| fault.reason)
    }

    #[test]
    fn a_record_keeps_its_fields_and_gets_a_verdict() {
        let record = judged(
            r#"{"id": 7, "caption": "A brown dog.", "question": "What color is the dog?", "answer": "brown", "type": "own"}"#,
        )
        .unwrap();
        assert_eq!(record["id"], 7);
        assert_eq!((&record["verdict"], &record["type"]), (&json!("entailed"), &json!("color")));
        assert_eq!(record["span"], json!([2, 7]));
        assert_eq!(record["given"]["type"], "own");
        assert_eq!(record["statement"], "The dog is brown.");
        assert_eq!(record["triple"], json!({"subject": "dog", "predicate": "is", "object": "brown"}));
    }

    #[test]
    fn captions_and_answers_may_be_several() {
        let record = judged(
            r#"{"caption": ["A dog.", "Two dogs run."], "question": "How many dogs are there?", "answer": [2, "two", "3"]}"#,
        )
        .unwrap();
        assert_eq!((&record["verdict"], &record["caption_index"]), (&json!("entailed"), &json!(1)));
        let record =
            judged(r#"{"caption": "A dog.", "question": "Is there a dog?", "answer": true}"#).unwrap();
        assert_eq!(record["verdict"], "entailed");
        let record = judged(r#"{"caption": "A dog.", "question": "Is there a cat?"}"#).unwrap();
        assert_eq!((&record["verdict"], &record["assumed"]), (&json!("unknown"), &json!("yes")));
        assert_eq!(record["span"], Json::Null);
    }

    #[test]
    fn what_cannot_be_judged_says_why() {
        for (given, reason) in [
            ("{", "broken JSON"),
            ("[1]", "no JSON object"),
            (r#"{"question": "Is it?"}"#, "no caption"),
            (r#"{"caption": "a dog"}"#, "no question"),
        ] {
            let outcome = judged(given).unwrap_err();
            assert!(outcome.starts_with(reason), "{outcome}");
        }
    }
}
