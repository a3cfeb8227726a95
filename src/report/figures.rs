//! The figures of a report by name.

use super::captions::PERCENTILES;
use super::model::Report;
use crate::measure::{Column, FlagId, Level};
use crate::vqa::Verdict;

/// Another name for facts per 100 words, as in queries.
const DENSITY: &str = "density";
/// Another name for the flag, in the plural that one says.
const DUPLICATES: &str = "duplicates";
/// Why there is no figure of questions.
const NO_QUESTIONS: &str = "there are no questions";

/// A figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Amount {
    /// So many of a number.
    Count { count: u64, of: u64 },
    /// A share, 0 to 1.
    Share(f64),
    /// A number that is no share of anything.
    Number(f64),
}

fn level_name(level: Level) -> String {
    level.name().replace('×', "_")
}

fn points() -> impl Iterator<Item = String> {
    PERCENTILES.into_iter().map(|percent| {
        if (percent - 50.0).abs() < f64::EPSILON { "median".to_owned() } else { format!("p{percent}") }
    })
}

/// The names of all figures.
pub(super) fn names() -> Vec<String> {
    let mut names: Vec<String> = ["samples", "captions", "pictures", "questions", "skipped", "flagged"]
        .into_iter()
        .map(str::to_owned)
        .collect();
    names.extend(FlagId::ALL.iter().map(|flag| flag.name().to_lowercase()));
    names.push(DUPLICATES.to_owned());
    names.extend([DENSITY.to_owned(), format!("{DENSITY}.mean")]);
    names.push("coverage".to_owned());
    for level in Level::ALL {
        names.extend([format!("coverage.{}", level_name(level)), format!("distinct.{}", level_name(level))]);
    }
    names.extend(Verdict::ALL.iter().map(|verdict| verdict.name().to_owned()));
    names.extend(
        ["increment", "pairs", "notes", "error_rate", "error_rate.low", "error_rate.high"].map(str::to_owned),
    );
    for column in std::iter::once(DENSITY).chain(Column::ALL.iter().map(|column| column.name())) {
        names.extend(points().map(|point| format!("{column}.{point}")));
    }
    names
}

/// The figure of this name, which is one of [`names`]; or why it is not known.
pub(super) fn figure(report: &Report, name: &str) -> Result<Amount, String> {
    let summary = &report.summary;
    let samples = summary.samples;
    let of_samples = |count: u64| Ok(Amount::Count { count, of: samples });
    match name {
        "samples" => return Ok(Amount::Count { count: samples, of: summary.samples_of_data_set }),
        "captions" => return Ok(Amount::Number(summary.captions as f64)),
        "pictures" => return Ok(Amount::Number(summary.pictures as f64)),
        "questions" => return Ok(Amount::Number(summary.questions as f64)),
        "skipped" => {
            let of = summary.samples_of_data_set + summary.skipped;
            return Ok(Amount::Count { count: summary.skipped, of });
        }
        "flagged" => return of_samples(report.flags.flagged),
        "pairs" => return Ok(Amount::Number(report.pairs.found as f64)),
        "notes" => return Ok(Amount::Number(report.marks.notes as f64)),
        "increment" => {
            let questions = report.vqa.as_ref().ok_or(NO_QUESTIONS)?;
            return Ok(Amount::Share(questions.figures.all.increment));
        }
        "error_rate" | "error_rate.low" | "error_rate.high" => return error_rate(report, name),
        _ => {}
    }
    let flag = if name == DUPLICATES { Some(FlagId::Duplicate) } else { FlagId::named(name) };
    if let Some(flag) = flag {
        return report.flags.samples_of(flag).map_or_else(|| Err(unknown_flag(report, flag)), of_samples);
    }
    if let Some(verdict) = Verdict::ALL.into_iter().find(|verdict| verdict.name() == name) {
        let questions = report.vqa.as_ref().ok_or(NO_QUESTIONS)?;
        let row = &questions.figures.all;
        // What is said better than half is said half, as in the tables of coverage.
        let share = row.coverage.get(name).map_or_else(
            || {
                let count = row.verdicts.get(verdict.name()).copied().unwrap_or_default();
                count as f64 / row.questions.max(1) as f64
            },
            |share| share.own,
        );
        return Ok(Amount::Share(share));
    }
    let level = |name: &str| report.coverage.levels.iter().find(|level| level.plain_name() == name);
    match name.split_once('.') {
        None if name == "coverage" => {
            let plainest = report.coverage.levels.first();
            let share = plainest.map(|level| level.coverage.sample_coverage);
            share.map(Amount::Share).ok_or_else(|| "nothing is counted".to_owned())
        }
        Some(("coverage", of)) => {
            let share = level(of).map(|level| level.coverage.sample_coverage);
            share.map(Amount::Share).ok_or_else(|| format!("there is no level {of}"))
        }
        Some(("distinct", of)) => {
            let distinct = level(of).map(|level| level.distinct as f64);
            distinct.map(Amount::Number).ok_or_else(|| format!("there is no level {of}"))
        }
        Some((DENSITY, "mean")) => mean(report),
        Some((column, point)) => percentile(report, column, point),
        None if name == DENSITY => percentile(report, DENSITY, "median"),
        None => Err(format!("there is no figure {name}")),
    }
}

fn mean(report: &Report) -> Result<Amount, String> {
    report.density.mean.map(Amount::Number).ok_or_else(|| "no caption is read".to_owned())
}

fn percentile(report: &Report, column: &str, point: &str) -> Result<Amount, String> {
    let column = if column == DENSITY { Column::Rate.name() } else { column };
    let percentiles =
        report.stats.figures.get(column).ok_or_else(|| format!("{column} is known of no sample"))?;
    let place = points().position(|known| known == point);
    let value = place.and_then(|place| percentiles.0.get(place));
    value.copied().map(Amount::Number).ok_or_else(|| format!("there is no {point} of {column}"))
}

/// What the newest spot-check with a verdict says of all samples.
fn error_rate(report: &Report, name: &str) -> Result<Amount, String> {
    let newest =
        report.spots.first().ok_or("nobody has judged a sample; `capscope spot` begins a spot-check")?;
    let rate = &newest.all.rate;
    let told = match name {
        "error_rate.low" => rate.low,
        "error_rate.high" => rate.high,
        _ => rate.error_rate,
    };
    let name = crate::ui::safe(&newest.name);
    told.map(Amount::Share).ok_or_else(|| format!("all verdicts of {name} are unsure"))
}

/// Why nobody knows which samples have a flag.
fn unknown_flag(report: &Report, flag: FlagId) -> String {
    if flag.is_of_pictures() && !report.summary.pictures_looked_at {
        return "nobody has looked at the pictures; `capscope index --images` does".to_owned();
    }
    let profile = report.flags.profile.name();
    format!("no rule decides {} in the profile {profile}", flag.name())
}
