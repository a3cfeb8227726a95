//! What there is: the head of the page, key figures, conditions, marks, and where it comes from.

use super::super::condition::{Outcome, Verdict};
use super::super::model::Report;
use super::markup::{Html, number};
use super::table::{Cell, Head, Table};
use crate::measure::Column;
use crate::ui::{per_cent, percent, safe, thousands};

/// Tags that are listed.
const TAGS: usize = 200;

/// The head of the page.
pub(super) fn header(report: &Report, html: &mut Html) {
    html.raw("<header class=\"top\"><p class=\"kind\">Data set report</p>\n<h1>");
    html.data(&report.summary.dataset).raw("</h1>\n<p class=\"where\">");
    if let Some(query) = &report.provenance.query {
        let (samples, all) = (report.summary.samples, report.summary.samples_of_data_set);
        html.raw("The ").text(thousands(samples)).raw(" of ").text(thousands(all));
        html.raw(" samples that answer <code>").data(query).raw("</code>. ");
    }
    html.raw("Made on <time>").text(&report.provenance.made).raw("</time></p>\n</header>\n");
}

/// One of the figures that are told first.
fn tile(html: &mut Html, name: &'static str, (value, shown): (f64, String), more: &str) {
    html.raw("<div><dt>").raw(name).raw("</dt><dd>").figure(value, &shown);
    if !more.is_empty() {
        html.raw("<small>").text(more).raw("</small>");
    }
    html.raw("</dd></div>");
}

fn counted(count: u64) -> (f64, String) {
    (count as f64, thousands(count))
}

/// Key figures and conditions.
pub(super) fn write(report: &Report, html: &mut Html) {
    let summary = &report.summary;
    html.raw("<dl class=\"tiles\">");
    let files = format!("in {} file{}", thousands(summary.files), if summary.files == 1 { "" } else { "s" });
    let of = match report.provenance.query {
        Some(_) => format!("of {}", thousands(summary.samples_of_data_set)),
        None => files,
    };
    tile(html, "Samples", counted(summary.samples), &of);
    let each = |count: u64| format!("{:.1} a sample", count as f64 / summary.samples.max(1) as f64);
    tile(html, "Captions", counted(summary.captions), &each(summary.captions));
    tile(html, "Pictures", counted(summary.pictures), &each(summary.pictures));
    tile(html, "Questions", counted(summary.questions), &each(summary.questions));
    let flagged = report.flags.flagged;
    let flagged_share = flagged as f64 / summary.samples.max(1) as f64;
    tile(
        html,
        "Flagged",
        (flagged_share, per_cent(flagged, summary.samples)),
        &format!("{} samples", thousands(flagged)),
    );
    if let Some(rate) = report.stats.figures.get(Column::Rate.name()) {
        let median = rate.median();
        let mean = report.density.mean.map(|mean| format!("mean {}", number(mean))).unwrap_or_default();
        tile(html, "Facts per 100 words", (median, number(median)), &mean);
    }
    if let Some(level) = report.coverage.levels.first() {
        let share = level.coverage.sample_coverage;
        let distinct = format!("{} objects named", thousands(level.distinct));
        tile(html, "Coverage of objects", (share, percent(share)), &distinct);
    }
    if let Some(questions) = &report.vqa {
        let row = &questions.figures.all;
        let entailed = row.coverage.get("entailed").map_or(0.0, |share| share.own);
        let new = format!("Δ {}", percent(row.increment));
        tile(html, "Questions entailed", (entailed, percent(entailed)), &new);
    }
    html.raw("</dl>\n<p class=\"lead\">");
    html.text(sentence(report)).raw("</p>\n");
    if summary.skipped > 0 {
        html.raw("<p class=\"note\"><strong>");
        html.count(summary.skipped).raw(" records could not be read</strong> and are in no figure; ");
        html.raw("<code>capscope inspect --skipped</code> lists each with file, position and reason.</p>\n");
    }
    if !report.conditions.is_empty() {
        conditions(&report.conditions, html);
    }
}

/// The report in a sentence or two.
fn sentence(report: &Report) -> String {
    let summary = &report.summary;
    let profile = summary.profile.name();
    let mut worst: Vec<_> = report.flags.flags.iter().filter(|flag| flag.samples > 0).collect();
    worst.sort_by_key(|flag| std::cmp::Reverse(flag.samples));
    let named: Vec<String> = worst
        .iter()
        .take(3)
        .map(|flag| format!("{} ({})", flag.flag.name(), per_cent(flag.samples, summary.samples)))
        .collect();
    let flags = if named.is_empty() {
        "No sample has a flag".to_owned()
    } else {
        format!("The most frequent flags are {}", named.join(", "))
    };
    format!("Captions are judged by the thresholds for {profile} ones. {flags}.")
}

fn conditions(outcomes: &[Outcome], html: &mut Html) {
    html.raw("<h3>Conditions</h3>\n");
    let rows = outcomes.iter().map(|outcome| {
        let value = outcome.value.map_or_else(
            || outcome.reason.clone().unwrap_or_default(),
            |value| if outcome.is_percent { percent(value / 100.0) } else { number(value) },
        );
        let verdict = match outcome.verdict {
            Verdict::Holds => "holds: the gate is closed",
            Verdict::Fails => "does not hold",
            Verdict::Unknown => "cannot be told",
        };
        vec![Cell::Data(outcome.condition.clone()), Cell::Data(value), Cell::Text(verdict.to_owned())]
    });
    let heads = [Head::Text("fails if"), Head::Text("it is"), Head::Text("outcome")];
    Table::new("What was demanded of the figures", &heads, rows.collect()).quiet().write(html);
}

/// What somebody has marked.
pub(super) fn marks(report: &Report, html: &mut Html) {
    let marks = &report.marks;
    if marks.tags.is_empty() && marks.notes == 0 && marks.decided_pairs == 0 {
        html.nothing("Nobody has marked anything in this data set.");
        return;
    }
    html.raw("<p class=\"lead\">In the whole data set ");
    html.count(marks.notes).raw(" samples have a note, and ");
    html.count(marks.decided_pairs).raw(" pairs were accepted or rejected.</p>\n");
    if marks.tags.is_empty() {
        return;
    }
    let most = marks.tags.iter().map(|(_, samples)| *samples).max().unwrap_or(1).max(1);
    let rows = marks.tags.iter().take(TAGS).map(|(name, samples)| {
        vec![Cell::Data(name.clone()), Cell::Bar(thousands(*samples), *samples as f64 / most as f64)]
    });
    let rows: Vec<_> = rows.collect();
    Table::new("Tags", &[Head::Text("tag"), Head::Bar("samples")], rows).write(html);
    if marks.tags.len() > TAGS {
        let left = marks.tags.len() - TAGS;
        html.raw("<p class=\"note\">").text(thousands(left as u64)).raw(" more tags are not listed.</p>\n");
    }
}

/// Where it comes from.
pub(super) fn footer(report: &Report, html: &mut Html) {
    let provenance = &report.provenance;
    html.raw("<footer><p>Every figure is a proxy that is computed from the words alone: it tells what a text says, ");
    html.raw("not whether it is true of the picture.</p>\n<p>Made by capscope <span>");
    html.text(safe(&provenance.version)).raw("</span> from ");
    for (place, path) in provenance.paths.iter().enumerate() {
        if place > 0 {
            html.raw(", ");
        }
        html.raw("<code>").data(path).raw("</code>");
    }
    html.raw(". <code>capscope report --json</code> prints the same figures.</p></footer>\n");
}
