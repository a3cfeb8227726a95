//! What spot-checks have found: error rates with their intervals, reasons, and how far raters agree.

use super::super::model::Report;
use super::super::spots::{RateFigures, SpotFigures};
use super::markup::Html;
use super::table::{Cell, Head, Table};
use crate::ui::{percent, thousands};

/// Spot-checks that are shown, the newest first.
const CHECKS: usize = 12;

/// Writes each spot-check.
pub(super) fn write(report: &Report, html: &mut Html) {
    html.raw("<p class=\"lead\">How many samples are wrong, as those tell that somebody has looked at. Samples are ");
    html.raw("drawn by chance from strata; an interval of 95 % says how far off the rate may be.</p>\n");
    for check in report.spots.iter().take(CHECKS) {
        one(check, html);
    }
    if report.spots.len() > CHECKS {
        let left = report.spots.len() - CHECKS;
        html.raw("<p class=\"note\">").count(left as u64).raw(" older spot-checks are not shown.</p>\n");
    }
}

fn one(check: &SpotFigures, html: &mut Html) {
    let all = &check.all.rate;
    html.raw("<h3>").data(&check.name).raw("</h3>\n<p>");
    html.count(all.judged).raw(" of ").count(all.queued).raw(" samples are judged, drawn from ");
    html.count(all.samples);
    if !check.query.is_empty() {
        html.raw(" that answer <code>").data(&check.query).raw("</code>");
    }
    html.raw(" by <code>").data(&check.stratify).raw("</code> with the seed ").text(check.seed).raw(".");
    if let (Some(rate), Some(low), Some(high)) = (all.error_rate, all.low, all.high) {
        html.raw(" <strong>")
            .figure(rate, &percent(rate))
            .raw(" of all samples are wrong</strong>, between ");
        html.figure(low, &percent(low)).raw(" and ").figure(high, &percent(high)).raw(".");
    }
    html.raw("</p>\n");
    strata(check, html);
    if let Some(reached) = check.all.reached.filter(|reached| *reached < 1.0) {
        html.raw("<p class=\"note\">").figure(1.0 - reached, &percent(1.0 - reached));
        html.raw(" of the samples are in strata without a verdict; nothing is said of them.</p>\n");
    }
    if !check.reasons.is_empty() {
        let most = check.reasons.iter().map(|told| told.samples).max().unwrap_or(1).max(1) as f64;
        let rows = check.reasons.iter().map(|told| {
            let name = told.reason.as_ref().map_or_else(
                || Cell::Text("no reason given".to_owned()),
                |reason| Cell::Data(reason.clone()),
            );
            vec![name, Cell::Bar(thousands(told.samples), told.samples as f64 / most)]
        });
        let heads = [Head::Text("reason"), Head::Bar("samples")];
        Table::new("Why samples are wrong; raters may tell several reasons", &heads, rows.collect())
            .write(html);
    }
    agreement(check, html);
    html.raw("<p class=\"note\">Verdicts needed for an interval of ");
    for (place, needed) in check.needed.iter().enumerate() {
        html.raw(if place > 0 { ", ±" } else { "±" }).text(percent(needed.margin)).raw(": ");
        html.count(needed.verdicts);
    }
    html.raw(".</p>\n");
}

fn strata(check: &SpotFigures, html: &mut Html) {
    let all = &check.all.rate;
    let rates = check.strata.iter().map(|stratum| &stratum.rate).chain([all]);
    let most = rates.filter_map(|rate| rate.high).fold(0.0, f64::max);
    let row = |name: Cell, rate: &RateFigures| {
        let found = match (rate.error_rate, rate.low, rate.high) {
            (Some(found), Some(low), Some(high)) => Cell::Interval {
                shown: format!("{} ({} – {})", percent(found), percent(low), percent(high)),
                rate: found / most,
                low: low / most,
                high: high / most,
            },
            _ => Cell::Text("–".to_owned()),
        };
        let judged = format!("{} of {}", thousands(rate.judged), thousands(rate.queued));
        let counts = [thousands(rate.samples), judged, thousands(rate.wrong), thousands(rate.unsure)];
        let mut cells = vec![name];
        cells.extend(counts.map(Cell::Number));
        cells.push(found);
        cells
    };
    let mut rows: Vec<_> =
        check.strata.iter().map(|stratum| row(Cell::Data(stratum.stratum.clone()), &stratum.rate)).collect();
    if rows.len() > 1 {
        rows.push(row(Cell::Text("all, by weight".to_owned()), all));
    }
    let heads = [
        Head::Text("stratum"),
        Head::Number("samples"),
        Head::Number("judged"),
        Head::Number("wrong"),
        Head::Number("unsure"),
        Head::Text("error rate (95 %)"),
    ];
    Table::new("Error rates by stratum", &heads, rows).quiet().write(html);
}

fn agreement(check: &SpotFigures, html: &mut Html) {
    if check.raters.len() < 2 {
        return;
    }
    let told = |kappa: Option<f64>| kappa.map_or_else(|| "–".to_owned(), |kappa| format!("{kappa:.2}"));
    let rows = check.agreement.iter().map(|accord| {
        let [one, other] = &accord.raters;
        vec![
            Cell::Data(format!("{one} and {other}")),
            Cell::Number(format!("{} of {}", thousands(accord.equal), thousands(accord.samples))),
            Cell::Number(told(accord.kappa)),
            Cell::Number(told(accord.kappa_with_reasons)),
        ]
    });
    let heads = [
        Head::Text("raters"),
        Head::Number("called the same"),
        Head::Number("κ"),
        Head::Number("κ with reasons"),
    ];
    Table::new("How far raters agree", &heads, rows.collect()).write(html);
    if let Some(alpha) = check.alpha {
        html.raw("<p class=\"note\">All raters: α ").figure(alpha, &format!("{alpha:.2}")).raw(".</p>\n");
    }
}
