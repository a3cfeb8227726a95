//! What a spot-check has come to so far, as lines: stratum by stratum, all, reasons, what a smaller interval needs, how
//! far raters agree.

use ratatui::style::Modifier;

use crate::spot::{Counted, Interval, Report};
use crate::ui::{Theme, clip, columns, safe, thousands};

use super::stretch::Line;

/// Columns from which a stratum has all on one line.
const WIDE: u16 = 66;
/// Columns of the figures of a stratum.
const FIGURES: u16 = 42;

/// `13.9 %, 4.7–44.8`
pub(crate) fn rate(found: Option<(f64, Interval)>) -> String {
    let percent = |share: f64| format!("{:.1}", share * 100.0);
    found.map_or_else(
        || "-".to_owned(),
        |(rate, interval)| {
            format!("{} %, {}–{}", percent(rate), percent(interval.low), percent(interval.high))
        },
    )
}

/// The lines, for a pane of so many columns.
pub(crate) fn lines(report: &Report, theme: &Theme, width: u16) -> Vec<Line> {
    let bold = theme.text.add_modifier(Modifier::BOLD);
    let mut lines = Vec::new();
    let all = report.estimate.map(|found| (found.rate, found.interval));
    stratum(&mut lines, "all samples", &report.all, all, width, bold);
    if report.rows.len() > 1 {
        for row in &report.rows {
            stratum(&mut lines, &row.name, &row.counted, row.counted.rate(), width, theme.text);
        }
    }
    let mut plain = |text: String, style| lines.push(Line::plain(safe(&text), style));
    if let Some(found) = report.estimate.filter(|found| found.reached < 1.0) {
        let left = (1.0 - found.reached) * 100.0;
        plain(format!("{left:.1} % of all lie in strata without a verdict"), theme.dim);
    }
    if report.all.unsure > 0 {
        plain(format!("{} unsure, in no rate", thousands(report.all.unsure)), theme.dim);
    }
    if !report.reasons.is_empty() {
        plain(String::new(), theme.text);
        plain("reasons".to_owned(), theme.title);
        for (reason, samples) in &report.reasons {
            plain(format!("{samples:>5}  {}", reason.as_deref().unwrap_or("none given")), theme.text);
        }
    }
    plain(String::new(), theme.text);
    plain("verdicts that an interval needs".to_owned(), theme.title);
    for (margin, many) in &report.margins {
        plain(format!("±{:>4} %  {:>9}", format!("{:.1}", margin * 100.0), thousands(*many)), theme.text);
    }
    if report.raters.len() > 1 {
        plain(String::new(), theme.text);
        plain("raters".to_owned(), theme.title);
        for (name, many) in &report.raters {
            plain(format!("{many:>5}  {name}"), theme.text);
        }
        let kappa = |found: Option<f64>| found.map_or("-".to_owned(), |found| format!("{found:.2}"));
        for accord in &report.accords {
            let [one, other] = &accord.raters;
            plain(
                format!(
                    "{one}, {other}: {} of {} the same, κ {}; with reasons κ {}",
                    accord.equal,
                    accord.samples,
                    kappa(accord.kappa),
                    kappa(accord.kappa_of_reasons)
                ),
                theme.text,
            );
        }
        if report.alpha.is_some() {
            plain(format!("all: α {}", kappa(report.alpha)), theme.text);
        }
    }
    lines
}

fn stratum(
    lines: &mut Vec<Line>,
    name: &str,
    counted: &Counted,
    found: Option<(f64, Interval)>,
    width: u16,
    style: ratatui::style::Style,
) {
    let judged = format!("{}/{}", counted.judged(), counted.queued);
    let figures = format!("{judged:>9} {:>4} wrong  {}", counted.wrong, rate(found));
    let room = usize::from(if width >= WIDE { width - FIGURES } else { width });
    let name = safe(name);
    let name = clip(&name, room).into_owned();
    if width >= WIDE {
        let pad = " ".repeat(room.saturating_sub(columns(&name)));
        lines.push(Line::plain(format!("{name}{pad}{figures}"), style));
    } else {
        lines.push(Line::plain(name, style));
        lines.push(Line::plain(figures, style));
    }
}
