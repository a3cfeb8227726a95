//! `capscope coverage`: how much of what could be said a data set says.

use std::io::Write;

use serde_json::{Value as Json, json};

use super::arguments::{self, Common};
use super::output::{grouped, one_line, percent, short, stdout};
use super::survey::{census as census_by_reading, settled};
use super::{code, record, targets};
use crate::measure::{Census, FlagTable, Level, Limits};
use crate::worker::Opened;

/// Points of the coverage curve.
const POINTS: u64 = 20;

pub(super) fn run(arguments: &arguments::Coverage, common: &Common) -> anyhow::Result<u8> {
    let arguments::Coverage { measure, .. } = arguments;
    // A list that cannot be read is told before the data set is.
    let targets = targets::read(arguments)?;
    let settings = common.settings()?;
    let mut opened = Opened::new(&measure.paths, &settings, common.index_dir.as_deref())?;
    opened.refresh()?;
    let census = match settled(&opened, FlagTable::published())? {
        Some(snapshot) => snapshot.census()?,
        None => None,
    };
    let census = census.map_or_else(|| census_by_reading(&opened.dataset), Ok)?;
    if let Some(targets) = targets {
        return targets::print(arguments, opened.dataset.name(), &census, &targets);
    }
    let mut out = stdout();
    let samples = census.level(Level::Object).samples();
    if measure.json {
        let levels: Vec<Json> = Level::ALL.iter().map(|level| json_of(&census, *level)).collect();
        let whole = json!({ "dataset": opened.dataset.name(), "samples": samples, "levels": levels });
        record::write(&whole, true, &mut out)?;
    } else {
        writeln!(out, "{}  {} samples\n", one_line(opened.dataset.name()), grouped(samples))?;
        write(&census, &mut out)?;
    }
    out.flush()?;
    Ok(if samples == 0 { code::NO_MATCH } else { code::OK })
}

fn json_of(census: &Census, level: Level) -> Json {
    let table = census.level(level);
    let (predicted, measured) = census.check(level);
    let top: Vec<Json> = table
        .entries()
        .iter()
        .take(100)
        .map(|(key, count)| json!({ "key": key, "samples": count }))
        .collect();
    json!({
        "level": level.name(),
        "distinct": table.distinct(),
        "coverage": table.coverage(Limits::for_samples(table.samples())),
        "split_half": { "predicted": predicted, "measured": measured },
        "curve": table.curve(POINTS),
        "ranks": table.rank_points(),
        "most_frequent": top,
    })
}

fn write(census: &Census, out: &mut impl Write) -> std::io::Result<()> {
    write!(out, "{:<26}", "")?;
    for level in Level::ALL {
        write!(out, "{:>14}", level.name())?;
    }
    writeln!(out)?;
    let tables: Vec<_> = Level::ALL.iter().map(|level| census.level(*level)).collect();
    let figures: Vec<_> =
        tables.iter().map(|table| table.coverage(Limits::for_samples(table.samples()))).collect();
    let checks: Vec<(f64, f64)> = Level::ALL.iter().map(|level| census.check(*level)).collect();
    let rows: [(&str, &dyn Fn(usize) -> String); 11] = [
        ("distinct", &|at| tables.get(at).map_or_else(String::new, |table| grouped(table.distinct()))),
        ("mentions", &|at| figures.get(at).map_or_else(String::new, |found| grouped(found.mentions))),
        ("estimated to exist", &|at| {
            figures.get(at).map_or_else(String::new, |found| short(found.richness.round()))
        }),
        ("coverage", &|at| figures.get(at).map_or_else(String::new, |found| percent(found.sample_coverage))),
        ("  predicted by one half", &|at| checks.get(at).map_or_else(String::new, |check| percent(check.0))),
        ("  measured on the other", &|at| checks.get(at).map_or_else(String::new, |check| percent(check.1))),
        ("Hill q1", &|at| figures.get(at).map_or_else(String::new, |found| short(found.hill[1]))),
        ("Hill q2", &|at| figures.get(at).map_or_else(String::new, |found| short(found.hill[2]))),
        ("Heaps β", &|at| {
            figures
                .get(at)
                .and_then(|found| found.heaps)
                .map_or_else(|| "-".into(), |beta| format!("{beta:.2}"))
        }),
        ("new in the next 1,000", &|at| {
            figures.get(at).map_or_else(String::new, |found| short(found.novelty.round()))
        }),
        ("tail share", &|at| figures.get(at).map_or_else(String::new, |found| percent(found.tail_share))),
    ];
    for (name, cell) in rows {
        write!(out, "{name:<26}")?;
        for at in 0..Level::ALL.len() {
            write!(out, "{:>14}", cell(at))?;
        }
        writeln!(out)?;
    }
    for (level, table) in Level::ALL.iter().zip(&tables) {
        let most: Vec<String> = table
            .entries()
            .iter()
            .take(8)
            .map(|(key, count)| {
                let name = key.split_once(' ').map_or(key.as_str(), |(_, name)| name);
                format!("{} {}", one_line(name), grouped(*count))
            })
            .collect();
        writeln!(out, "\nmost frequent, {}: {}", level.name(), most.join(", "))?;
    }
    Ok(())
}
