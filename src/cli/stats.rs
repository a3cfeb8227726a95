//! `capscope stats`: what a data set's captions say, in figures.

use std::io::Write;

use serde_json::{Map, Value as Json, json};

use super::arguments::{self, Common};
use super::output::{grouped, one_line, short, stdout};
use super::survey::{each_analysis, settled, survey};
use super::{code, record};
use crate::measure::{Agreement, Column, FlagTable, Key, KeyKind, Norms, Spread, Tally};
use crate::report::{CaptionFigures, PERCENTILES};
use crate::worker::Opened;

pub(super) fn run(arguments: &arguments::Stats, common: &Common) -> anyhow::Result<u8> {
    let arguments::Stats { measure: arguments, agreement } = arguments;
    let settings = common.settings()?;
    let mut opened = Opened::new(&arguments.paths, &settings, common.index_dir.as_deref())?;
    opened.refresh()?;
    if *agreement {
        return compare(&opened, arguments.json);
    }
    if let Some(snapshot) = settled(&opened, FlagTable::published())?
        && let (Some(norms), Some(mentions)) = (snapshot.norms(), snapshot.mentions())
    {
        return print(arguments, opened.dataset.name(), &norms, &mentions);
    }
    let (tally, spreads) = survey(&opened.dataset)?.finish();
    print(arguments, opened.dataset.name(), &Norms::new(&tally, spreads), &mentions(&tally))
}

/// Compares what captions say with what the data set supplies.
fn compare(opened: &Opened, json: bool) -> anyhow::Result<u8> {
    let parts = each_analysis(&opened.dataset, Agreement::default, |found, sample, _| found.add(sample))?;
    let mut whole = Agreement::default();
    for part in &parts {
        whole.merge(part);
    }
    let mut out = stdout();
    if json {
        record::write(&agreement_json(opened.dataset.name(), &whole), true, &mut out)?;
    } else {
        write_agreement(opened.dataset.name(), &whole, &mut out)?;
    }
    out.flush()?;
    Ok(if whole.samples() == 0 { code::NO_MATCH } else { code::OK })
}

fn agreement_json(name: &str, agreement: &Agreement) -> Json {
    let of_kind = |kind: &KeyKind| {
        let agreed = agreement.of(*kind);
        let figures = json!({
            "supplied": agreed.supplied,
            "extracted": agreed.extracted,
            "both": agreed.both,
            "precision": agreed.precision(),
            "recall": agreed.recall(),
            "f1": agreed.f1(),
        });
        (kind.name().to_owned(), figures)
    };
    let kinds: Map<String, Json> = KeyKind::ALL.iter().map(of_kind).collect();
    json!({ "dataset": name, "samples": agreement.samples(), "agreement": kinds })
}

fn write_agreement(name: &str, agreement: &Agreement, out: &mut impl Write) -> std::io::Result<()> {
    let samples = grouped(agreement.samples());
    writeln!(out, "{}  {samples} samples with descriptors and captions\n", one_line(name))?;
    if agreement.samples() == 0 {
        return writeln!(out, "The data set supplies no descriptors, or none of its captions says anything.");
    }
    writeln!(
        out,
        "{:<12}{:>12}{:>12}{:>12}{:>11}{:>9}{:>9}",
        "", "supplied", "extracted", "both", "precision", "recall", "F1"
    )?;
    let share = |share: Option<f64>| share.map_or_else(|| "-".to_owned(), |share| format!("{share:.3}"));
    for kind in KeyKind::ALL {
        let agreed = agreement.of(kind);
        writeln!(
            out,
            "{:<12}{:>12}{:>12}{:>12}{:>11}{:>9}{:>9}",
            kind.name(),
            grouped(agreed.supplied),
            grouped(agreed.extracted),
            grouped(agreed.both),
            share(agreed.precision()),
            share(agreed.recall()),
            share(agreed.f1())
        )?;
    }
    Ok(())
}

/// Mentions of facts by kind, each once a sample; what is denied is none.
fn mentions(tally: &Tally) -> Vec<(KeyKind, u64)> {
    let mut mentions = KeyKind::ALL.map(|kind| (kind, 0)).to_vec();
    for (key, count) in tally.keys() {
        let Some(key) = Key::parse(key).filter(|key| !key.is_denied) else { continue };
        if let Some((_, sum)) = mentions.iter_mut().find(|(kind, _)| *kind == key.kind) {
            *sum += count;
        }
    }
    mentions
}

fn print(
    arguments: &arguments::Measure,
    name: &str,
    norms: &Norms<'_>,
    mentions: &[(KeyKind, u64)],
) -> anyhow::Result<u8> {
    let mut out = stdout();
    if arguments.json {
        record::write(&CaptionFigures::of(name, norms, mentions), true, &mut out)?;
    } else {
        write(name, norms, mentions, &mut out)?;
    }
    out.flush()?;
    Ok(if norms.counts().samples() == 0 { code::NO_MATCH } else { code::OK })
}

fn write(
    name: &str,
    norms: &Norms<'_>,
    mentions: &[(KeyKind, u64)],
    out: &mut impl Write,
) -> std::io::Result<()> {
    let samples = grouped(norms.counts().samples());
    writeln!(out, "{}  {samples} samples, profile {}\n", one_line(name), norms.profile().name())?;
    writeln!(out, "{:<24}{:>9}{:>9}{:>9}{:>9}{:>9}", "", "p5", "p25", "median", "p75", "p95")?;
    for column in Column::ALL {
        if let Some(points) = norms.spread(*column).and_then(points) {
            write!(out, "{:<24}", column.name())?;
            for point in points {
                write!(out, "{:>9}", short(point))?;
            }
            writeln!(out)?;
        }
    }
    let all: u64 = mentions.iter().map(|(_, count)| count).sum();
    writeln!(out, "\nfacts by kind, each once a sample")?;
    for (kind, count) in mentions {
        let share = 100.0 * *count as f64 / all.max(1) as f64;
        writeln!(out, "{:<24}{:>12}{share:>8.1} %", kind.name(), grouped(*count))?;
    }
    Ok(())
}

/// The percentiles of a figure; none where it is 0 or unknown throughout.
fn points(spread: &Spread) -> Option<Vec<f64>> {
    let points: Option<Vec<f64>> = PERCENTILES.iter().map(|percent| spread.percentile(*percent)).collect();
    points.filter(|points| points.iter().any(|point| *point != 0.0))
}
