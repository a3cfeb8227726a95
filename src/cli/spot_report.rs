//! What a spot-check comes to, as a table.

use std::io::Write;

use super::output::{counted, grouped, one_line};
use crate::spot::{Counted, Interval, Report};
use crate::ui::{clip, columns};
use crate::workspace::SpotCheck;

/// Columns of the names of strata.
const WIDEST: usize = 48;

fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

/// An error rate with its interval, in columns.
fn rate(found: Option<(f64, Interval)>) -> String {
    found.map_or_else(
        || format!("{:>10}  -", "-"),
        |(rate, interval)| {
            format!("{:>8} %  {} – {} %", percent(rate), percent(interval.low), percent(interval.high))
        },
    )
}

/// Prints the table.
pub(super) fn print_report(
    check: &SpotCheck,
    report: &Report,
    rater: Option<&str>,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let all = &report.all;
    let by = rater.map(|rater| format!(" by {}", one_line(rater))).unwrap_or_default();
    let of =
        if check.query.is_empty() { String::new() } else { format!(", query {}", one_line(&check.query)) };
    writeln!(
        out,
        "spot-check {}: {} of {} judged{by}, seed {}{of}\n",
        one_line(&check.name),
        grouped(all.judged()),
        counted(all.queued, "sample"),
        check.seed
    )?;
    let names: Vec<String> =
        report.rows.iter().map(|row| clip(&one_line(&row.name), WIDEST).into_owned()).collect();
    let width = names.iter().map(|name| columns(name)).chain([7]).max().unwrap_or(7);
    let pad = |name: &str| format!("{name}{}", " ".repeat(width.saturating_sub(columns(name))));
    writeln!(
        out,
        "{}  {:>11}  {:>9}  {:>6}  {:>6}  {:>10}  95 %",
        pad("stratum"),
        "samples",
        "judged",
        "wrong",
        "unsure",
        "error rate"
    )?;
    let line = |out: &mut dyn Write, name: &str, counted: &Counted, found: Option<(f64, Interval)>| {
        let judged = format!("{}/{}", counted.judged(), counted.queued);
        let (samples, wrong) = (grouped(counted.samples), counted.wrong);
        writeln!(
            out,
            "{}  {samples:>11}  {judged:>9}  {wrong:>6}  {:>6}  {}",
            pad(name),
            counted.unsure,
            rate(found)
        )
    };
    for (row, name) in report.rows.iter().zip(&names) {
        line(out, name, &row.counted, row.counted.rate())?;
    }
    if report.rows.len() > 1 {
        line(out, "all", all, report.estimate.map(|found| (found.rate, found.interval)))?;
    }
    writeln!(out)?;
    if let Some(found) = report.estimate {
        if found.reached < 1.0 {
            let left = percent(1.0 - found.reached);
            writeln!(
                out,
                "{left} % of the samples are in strata without a verdict; nothing is said of them"
            )?;
        }
        if all.unsure > 0 {
            writeln!(out, "{} unsure, in no rate", counted(all.unsure, "sample"))?;
        }
    }
    if !report.reasons.is_empty() {
        let told = report.reasons.iter().map(|(reason, samples)| {
            format!(
                "{} {}",
                reason.as_deref().map_or("no reason given".to_owned(), one_line),
                grouped(*samples)
            )
        });
        writeln!(out, "wrong: {}", told.collect::<Vec<_>>().join(", "))?;
    }
    let margins =
        report.margins.iter().map(|(margin, many)| format!("±{} % {}", percent(*margin), grouped(*many)));
    writeln!(out, "verdicts needed: {}", margins.collect::<Vec<_>>().join(", "))?;
    if report.raters.len() > 1 {
        let raters =
            report.raters.iter().map(|(name, many)| format!("{} {}", one_line(name), grouped(*many)));
        writeln!(out, "raters: {}", raters.collect::<Vec<_>>().join(", "))?;
    }
    for accord in &report.accords {
        let kappa = |found: Option<f64>| found.map_or("-".to_owned(), |found| format!("{found:.2}"));
        writeln!(
            out,
            "{} and {}: {} of {} called the same, κ {}, with reasons κ {} of {}",
            one_line(&accord.raters[0]),
            one_line(&accord.raters[1]),
            grouped(accord.equal),
            grouped(accord.samples),
            kappa(accord.kappa),
            kappa(accord.kappa_of_reasons),
            grouped(accord.all)
        )?;
    }
    if let Some(alpha) = report.alpha {
        writeln!(out, "all raters: α {alpha:.2}")?;
    }
    Ok(())
}
