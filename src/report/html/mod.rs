//! A report as a page that needs nothing but itself: no script, no network, pictures inside.
//!
//! `markup` escapes, `table` and `plot` draw; each of the others writes a section.

mod captions;
mod compare;
mod flags;
mod histogram;
mod markup;
mod overview;
mod pairs;
mod plot;
mod questions;
mod shown;
mod spots;
mod table;

use markup::Html;

use super::model::Report;

static STYLE: &str = include_str!("../../../assets/report/style.css");

/// A section: its anchor, its heading, and what writes it. It says whether there was anything to write.
type Section = (&'static str, &'static str, fn(&Report, &mut Html));

const SECTIONS: [Section; 12] = [
    ("overview", "Overview", overview::write),
    ("density", "Knowledge density", captions::density),
    ("coverage", "Semantic coverage", captions::coverage),
    ("facets", "What captions speak of", captions::facets),
    ("frequency", "Rank and frequency", captions::frequency),
    ("concepts", "Most frequent facts", captions::concepts),
    ("flags", "Flags", flags::write),
    ("pairs", "Contrastive pairs", pairs::write),
    ("questions", "Questions", questions::write),
    ("compare", "Comparison", compare::write),
    ("spots", "Spot-checks", spots::write),
    ("marks", "Marks", overview::marks),
];

/// The sections of this report.
fn sections(report: &Report) -> impl Iterator<Item = &'static Section> {
    SECTIONS.iter().filter(|(id, _, _)| match *id {
        "questions" => report.vqa.is_some(),
        "compare" => report.compare.is_some(),
        "spots" => !report.spots.is_empty(),
        _ => true,
    })
}

/// Writes a report as HTML.
pub fn page(report: &Report) -> String {
    let mut html = Html::default();
    html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; ");
    html.raw("style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
    html.raw("<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    html.text(crate::ui::safe(&report.summary.dataset)).raw(" – capscope report</title>\n<style>\n");
    html.raw(STYLE).raw("</style>\n</head>\n<body>\n");
    html.raw("<a class=\"skip\" href=\"#main\">Skip to the report</a>\n");
    overview::header(report, &mut html);
    html.raw("<div class=\"sheet\">\n<nav aria-label=\"Sections\"><ol>");
    for (id, title, _) in sections(report) {
        html.raw("<li><a").attribute("href", format_args!("#{id}")).raw(">").text(title).raw("</a></li>");
    }
    html.raw("</ol></nav>\n<main id=\"main\" tabindex=\"-1\">\n");
    for (id, title, write) in sections(report) {
        html.raw("<section").attribute("id", id).attribute("aria-labelledby", format_args!("{id}-h"));
        html.raw("><h2").attribute("id", format_args!("{id}-h")).raw(">").text(title).raw("</h2>\n");
        write(report, &mut html);
        html.raw("</section>\n");
    }
    html.raw("</main>\n</div>\n");
    overview::footer(report, &mut html);
    html.raw("</body>\n</html>\n");
    html.into_text()
}
