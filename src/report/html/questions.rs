//! How far captions answer questions, by type.

use super::super::model::Report;
use super::super::questions::RowFigures;
use super::markup::{Html, number};
use super::table::{Cell, Head, Table};
use crate::measure::Key;
use crate::ui::{per_cent, percent, thousands};

/// Questions that add most which are shown.
const ADDITIONS: usize = 12;
/// Untested facts that are shown.
const UNTESTED: usize = 24;

/// Tables by type and by first words, what adds most, and what nobody tests.
pub(super) fn write(report: &Report, html: &mut Html) {
    let Some(questions) = &report.vqa else { return };
    let figures = &questions.figures;
    html.raw("<p class=\"lead\">")
        .count(figures.all.questions)
        .raw(" questions about ")
        .count(figures.samples);
    html.raw(" samples: how far the captions answer them as they are answered, and what they add (Δ, the share of ");
    html.raw(
        "their information that no caption has). In small print what the captions of <em>other</em> samples ",
    );
    html.raw("answer: what can be guessed.</p>\n");
    if let Some(first) = questions.judged_first {
        html.raw("<p class=\"note\"><strong>Only the first ").count(first).raw(" of ");
        html.count(questions.samples_with_questions);
        html.raw(" samples with questions were judged.</strong> <code>capscope vqa</code> judges all.</p>\n");
    }
    for (count, what) in [
        (figures.samples_without_questions, " samples have no question."),
        (figures.samples_without_captions, " samples with questions have no caption."),
        (figures.assumed_yes, " yes/no questions without an answer are taken as claims."),
        (figures.unanswerable, " questions have no answer, or “unanswerable”."),
    ] {
        if count > 0 {
            html.raw("<p class=\"note\">").count(count).raw(what).raw("</p>\n");
        }
    }
    let mut types: Vec<_> = figures.types.iter().map(|(name, row)| (*name, row)).collect();
    let mut prefixes: Vec<_> = figures.prefixes.iter().map(|(name, row)| (*name, row)).collect();
    for rows in [&mut types, &mut prefixes] {
        rows.sort_by(|one, other| other.1.questions.cmp(&one.1.questions).then(one.0.cmp(other.0)));
    }
    types.insert(0, ("all", &figures.all));
    table("Questions by type", types, html);
    html.raw("<details class=\"long\"><summary>By first words</summary>\n");
    table("Questions by their first words", prefixes, html);
    html.raw("</details>\n");
    if !figures.additions.is_empty() {
        let rows = figures.additions.iter().take(ADDITIONS).map(|added| {
            vec![
                Cell::Data(added.id.clone()),
                Cell::Data(format!("{} {}", added.question, added.answer)),
                Cell::Data(added.statement.clone().unwrap_or_default()),
                Cell::Number(number(added.bits)),
            ]
        });
        let heads = [
            Head::Text("sample"),
            Head::Text("question and answer"),
            Head::Text("says"),
            Head::Number("bits"),
        ];
        Table::new("Questions that add most", &heads, rows.collect()).write(html);
    }
    let rows = figures.facets.iter().map(|(facet, count)| {
        let share = count.tested as f64 / count.stated.max(1) as f64;
        vec![
            Cell::Text((*facet).to_owned()),
            Cell::Bar(per_cent(count.tested, count.stated), share),
            Cell::Number(thousands(count.tested)),
            Cell::Number(thousands(count.stated)),
        ]
    });
    let heads =
        [Head::Text("facet"), Head::Bar("tested"), Head::Number("facts"), Head::Number("of so many stated")];
    Table::new("Facts of captions that a question tests", &heads, rows.collect()).write(html);
    if !figures.untested.is_empty() {
        html.raw("<p class=\"note\">No question tests: ");
        for (place, fact) in figures.untested.iter().take(UNTESTED).enumerate() {
            let shown = Key::parse(&fact.key).map_or_else(|| fact.key.clone(), |key| key.show());
            html.raw(if place > 0 { ", " } else { "" }).data(&shown).raw(" ").count(fact.captions.into());
        }
        html.raw(".</p>\n");
    }
}

fn table(title: &'static str, rows: Vec<(&str, &RowFigures)>, html: &mut Html) {
    let rows = rows.into_iter().map(|(name, row)| {
        let level = |level: &str| {
            let share = row.coverage.get(level);
            let (own, other) = share.map_or((0.0, 0.0), |share| (share.own, share.other));
            Cell::Against(percent(own), percent(other), own)
        };
        let against = |verdict: &str| {
            Cell::Number(per_cent(row.verdicts.get(verdict).copied().unwrap_or_default(), row.questions))
        };
        vec![
            Cell::Text(name.to_owned()),
            Cell::Number(thousands(row.questions)),
            level("entailed"),
            level("grounded"),
            level("mentioned"),
            against("contradicted"),
            against("unknown"),
            Cell::Number(percent(row.increment)),
        ]
    });
    let heads = [
        Head::Text("type"),
        Head::Number("questions"),
        Head::Number("entailed"),
        Head::Number("≥ grounded"),
        Head::Number("≥ mentioned"),
        Head::Number("against"),
        Head::Number("unknown"),
        Head::Number("Δ"),
    ];
    Table::new(title, &heads, rows.collect()).write(html);
}
