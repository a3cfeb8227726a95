//! Prints what is usual in a data set and how many of its samples are flagged: the tables of
//! `docs/measure.md`.
//!
//! ```text
//! cargo run --release --example measure -- FILE.jsonl FIELD [FIELD ...]
//! ```
//!
//! Each line of the file is an object; the fields are its main captions, text or lists of texts.

#![allow(clippy::print_stdout, reason = "it prints a table")]

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::time::Instant;

use anyhow::{Context, Result};
use capscope::measure::{Analyst, Census, Column, FlagId, FlagTable, Level, Limits, Norms, Spread, Survey};
use capscope::model::{Caption, CaptionRole, Sample};
use serde_json::Value;

/// Percentiles that are printed.
const PERCENTILES: [f64; 7] = [1.0, 5.0, 10.0, 50.0, 90.0, 95.0, 99.0];

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().context("expected a file of JSON lines")?;
    let fields: Vec<String> = arguments.collect();
    let mut samples = Vec::new();
    for line in BufReader::new(File::open(&path).with_context(|| path.clone())?).lines() {
        let record: Value = serde_json::from_str(&line?)?;
        let captions: Vec<Caption> = fields.iter().flat_map(|field| captions(&record, field)).collect();
        if !captions.is_empty() {
            samples.push(Sample { captions, ..Sample::default() });
        }
    }
    let mut analyst = Analyst::new();
    let start = Instant::now();
    let analyses: Vec<_> = samples.iter_mut().map(|sample| analyst.analyse(sample)).collect();
    let seconds = start.elapsed().as_secs_f64();
    let words: u32 = analyses.iter().map(|analysis| analysis.density.words).sum();
    println!("{} samples, {words} words, {:.0} words a second", analyses.len(), f64::from(words) / seconds);

    let (mut survey, mut census) = (Survey::default(), Census::default());
    for (seq, analysis) in (0..).zip(&analyses) {
        survey.add(seq, analysis);
        census.add(seq, &analysis.keys);
    }
    let (tally, spreads) = survey.finish();
    print_spreads(&spreads);
    let norms = Norms::new(&tally, spreads);
    let mut flagged = vec![0; FlagId::ALL.len()];
    for analysis in &analyses {
        let mut columns = analysis.columns();
        columns.settle(&analysis.keys, &analysis.prints, norms.counts());
        for flag in FlagTable::published().flags(&columns, Some(&norms)) {
            flagged[flag.id as usize] += 1;
        }
    }
    println!("\nflags, profile {}", norms.profile().name());
    for (flag, count) in FlagId::ALL.iter().zip(flagged) {
        if let Some(rule) = FlagTable::published().rule(norms.profile(), *flag) {
            let percent = 100.0 * f64::from(count) / analyses.len() as f64;
            println!("{:<16}{percent:>6.1} %  {rule}", flag.name());
        }
    }
    print_coverage(&census);
    Ok(())
}

fn captions(record: &Value, field: &str) -> Vec<Caption> {
    let texts = match record.get(field) {
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => vec![text.as_str()],
        _ => Vec::new(),
    };
    let caption =
        |text: &str| Caption { text: text.to_owned(), field: field.to_owned(), role: CaptionRole::Main };
    texts.into_iter().map(caption).collect()
}

fn print_spreads(spreads: &[Spread]) {
    print!("\n{:<24}", "percentile");
    for percent in PERCENTILES {
        print!("{percent:>9}");
    }
    println!();
    for (column, spread) in Column::ALL.iter().zip(spreads) {
        print!("{:<24}", column.name());
        for value in PERCENTILES.iter().filter_map(|percent| spread.percentile(*percent)) {
            print!("{value:>9.2}");
        }
        println!();
    }
}

fn print_coverage(census: &Census) {
    println!("\ncoverage            known  predicted  found   richness     q0     q1     q2  Heaps");
    for level in Level::ALL {
        let table = census.level(level);
        let coverage = table.coverage(Limits::for_samples(table.samples()));
        let (predicted, found) = census.check(level);
        let [q0, q1, q2] = coverage.hill;
        println!(
            "{:<18}{:>7.3}{predicted:>11.3}{found:>7.3}{:>11.0}{q0:>7.0}{q1:>7.0}{q2:>7.0}{:>7.2}",
            level.name(),
            coverage.sample_coverage,
            coverage.richness,
            coverage.heaps.unwrap_or_default()
        );
    }
}
