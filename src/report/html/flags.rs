//! Flags by reason.

use super::super::flags::{FlagShown, FlaggedShown};
use super::super::model::Report;
use super::histogram::{self, Drawn};
use super::markup::{Html, number, sign};
use super::table::{Cell, Head, Table};
use crate::ui::{per_cent, thousands};

/// All flags in one table, then each with its worst samples.
pub(super) fn write(report: &Report, html: &mut Html) {
    let figures = &report.flags;
    html.raw("<p class=\"lead\">").count(figures.flagged).raw(" of ").count(figures.samples);
    html.raw(" samples carry too little knowledge by one of these rules");
    html.raw(" (profile <em>").text(figures.profile.name()).raw("</em>), or have something wrong.</p>\n");
    if !report.summary.pictures_looked_at && report.summary.pictures > 0 {
        html.raw(
            "<p class=\"note\">Nobody has looked at the pictures: missing, broken and equal ones are not ",
        );
        html.raw("counted. <code>capscope index --images</code> looks at them.</p>\n");
    }
    let mut flags: Vec<&FlagShown> = figures.flags.iter().collect();
    flags.sort_by_key(|flag| std::cmp::Reverse(flag.samples));
    let most = flags.first().map_or(1, |flag| flag.samples).max(1) as f64;
    let rows = flags.iter().map(|flag| {
        let threshold = flag.decided.map_or_else(String::new, |decided| {
            let column = decided.column.name().replace('_', " ");
            format!("{column} {} {}", sign(decided.comparison), number(decided.threshold))
        });
        vec![
            Cell::Text(flag.flag.name().to_owned()),
            Cell::Bar(per_cent(flag.samples, figures.samples), flag.samples as f64 / most),
            Cell::Number(thousands(flag.samples)),
            Cell::Text(threshold),
        ]
    });
    let heads = [
        Head::Text("flag"),
        Head::Bar("share"),
        Head::Number("samples"),
        Head::Text("decided by, in this data set"),
    ];
    Table::new("Samples by flag", &heads, rows.collect()).write(html);
    for flag in flags.into_iter().filter(|flag| flag.samples > 0) {
        write_flag(flag, figures.samples, html);
    }
}

fn write_flag(flag: &FlagShown, samples: u64, html: &mut Html) {
    html.raw("<article class=\"flag\"><h3>").text(flag.flag.name()).raw(" <span class=\"share\">");
    html.figure(flag.samples, &per_cent(flag.samples, samples)).raw("</span></h3>\n<p>");
    html.text(flag.mend);
    if !flag.rule.is_empty() {
        html.raw(" <span class=\"rule\">Rule: <code>").text(&flag.rule).raw("</code></span>");
    }
    html.raw("</p>\n");
    if let (Some(decided), Some(histogram)) = (flag.decided, &flag.histogram) {
        let column = decided.column.name().replace('_', " ");
        let is_flagged: fn(f64, f64) -> bool = match decided.comparison {
            "<" | "<=" => |value, threshold| value < threshold,
            _ => |value, threshold| value >= threshold,
        };
        let words = format!("{column} {} {}", sign(decided.comparison), number(decided.threshold));
        let drawn = Drawn {
            id: format!("flag-{}", flag.flag.name().to_lowercase().replace('_', "-")),
            title: format!("{}: {column}", flag.flag.name()),
            axis: decided.column.name(),
            rest: None,
            mark: Some((decided.threshold, words)),
            is_flagged: Some(is_flagged),
        };
        histogram::write(html, histogram, drawn);
    }
    if !flag.worst.is_empty() {
        html.raw("<h4>The farthest from the threshold</h4>\n<ul class=\"cards\">");
        for sample in &flag.worst {
            write_sample(sample, html);
        }
        html.raw("</ul>\n");
        let left = flag.samples.saturating_sub(flag.worst.len() as u64);
        if left > 0 {
            html.raw("<p class=\"note\">and ").count(left).raw(" more: <code>flag:");
            html.text(flag.flag.name().to_lowercase()).raw("</code> finds them.</p>\n");
        }
    }
    html.raw("</article>\n");
}

fn write_sample(sample: &FlaggedShown, html: &mut Html) {
    html.raw("<li>").picture(sample.picture.as_ref(), &sample.id);
    html.raw("<div class=\"said\">").id(&sample.id);
    html.raw("<p class=\"value\">").text(sample.column.replace('_', " ")).raw(" <strong>");
    html.figure(sample.value, &number(sample.value)).raw("</strong> <span>").text(sign(sample.comparison));
    html.raw(" ").text(number(sample.threshold)).raw("</span></p>");
    match &sample.caption {
        Some(caption) => html.caption(caption),
        None => html.raw("<p class=\"missing\">no caption</p>"),
    };
    html.raw("</div></li>\n");
}
