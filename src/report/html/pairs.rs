//! Pairs by kind of change, and the best of each.

use super::super::model::Report;
use super::super::pairs::{PairFigures, PairShown};
use super::markup::{Html, number};
use super::table::{Cell, Head, Table};
use crate::pairs::{Source, Told};
use crate::ui::{per_cent, thousands};

/// Differences of a pair that are told.
const DIFFERENCES: usize = 4;

/// Counts, then pairs.
pub(super) fn write(report: &Report, html: &mut Html) {
    let pairs = &report.pairs;
    if pairs.listed == 0 {
        html.nothing("No two samples are alike enough, and yet differ.");
        said_aloud(pairs, html);
        return;
    }
    html.raw("<p class=\"lead\">Samples that are alike and yet differ: ").count(pairs.listed).raw(" pairs");
    if pairs.supplied > 0 {
        html.raw(", of which the data set brings ").count(pairs.supplied);
    }
    html.raw(".</p>\n");
    said_aloud(pairs, html);
    let most = pairs.kinds.first().map_or(1, |count| count.pairs).max(1) as f64;
    let rows = pairs.kinds.iter().map(|count| {
        vec![
            Cell::Data(in_words(&count.kind)),
            Cell::Bar(per_cent(count.pairs, pairs.listed), count.pairs as f64 / most),
            Cell::Number(thousands(count.pairs)),
        ]
    });
    let heads = [Head::Text("kind of change"), Head::Bar("share"), Head::Number("pairs")];
    Table::new("Pairs by kind of change", &heads, rows.collect()).write(html);
    if !pairs.best.is_empty() {
        html.raw(
            "<h3>The best of each kind</h3>\n<p class=\"note\">Lit are the words that the other caption has ",
        );
        html.raw("not.</p>\n<ul class=\"pairs\">");
        for pair in &pairs.best {
            write_pair(pair, html);
        }
        html.raw("</ul>\n");
    }
}

/// What bounds the list.
fn said_aloud(pairs: &PairFigures, html: &mut Html) {
    if pairs.samples < pairs.total {
        html.raw("<p class=\"note\"><strong>Only the first ").count(pairs.samples).raw(" of ");
        html.count(pairs.total)
            .raw(" samples were paired.</strong> <code>capscope pairs</code> pairs all.</p>\n");
    }
    if pairs.found > pairs.listed {
        html.raw("<p class=\"note\">Of ")
            .count(pairs.found)
            .raw(" pairs that were found the best are kept, so that ");
        html.raw("no sample is in many.</p>\n");
    }
    let left_out = [(pairs.same_picture, "of one picture"), (pairs.same_caption, "of one caption")];
    let left_out: Vec<String> = left_out
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", thousands(*count)))
        .collect();
    if !left_out.is_empty() {
        html.raw("<p class=\"note\">Left out: ").text(left_out.join(", ")).raw(".</p>\n");
    }
    if pairs.unseen > 0 {
        html.raw("<p class=\"note\">The pictures of ").count(pairs.unseen);
        html.raw(" pairs were not looked at; they may be the same.</p>\n");
    }
}

/// A kind of change as one would say it.
fn in_words(kind: &str) -> String {
    match kind {
        "replace_obj" => "another object".to_owned(),
        "replace_att" => "another attribute".to_owned(),
        "replace_rel" => "another relation".to_owned(),
        "add_obj" => "an object more".to_owned(),
        "add_att" => "an attribute more".to_owned(),
        "swap_obj" => "objects swapped".to_owned(),
        "swap_att" => "attributes swapped".to_owned(),
        "count" => "another count".to_owned(),
        "text" => "another written text".to_owned(),
        "state" => "another state".to_owned(),
        "none" => "no difference told".to_owned(),
        other => other.to_owned(),
    }
}

fn write_pair(shown: &PairShown, html: &mut Html) {
    let pair = &shown.pair;
    html.raw("<li><h4>")
        .data(&in_words(pair.kind.as_deref().unwrap_or("none")))
        .raw("</h4>\n<p class=\"change\">");
    for (place, told) in pair.differences.iter().take(DIFFERENCES).enumerate() {
        if place > 0 {
            html.raw("<br>");
        }
        difference(told, html);
    }
    let left = pair.differences.len().saturating_sub(DIFFERENCES);
    if left > 0 {
        html.raw("<br><span class=\"cut\">and ").text(left).raw(" more</span>");
    }
    html.raw("</p>\n<div class=\"two\">");
    for side in &shown.sides {
        html.raw("<div>").picture(side.picture.as_ref(), &side.id).raw("<div class=\"said\">").id(&side.id);
        if let Some(caption) = &side.caption {
            html.caption(caption);
        }
        html.raw("</div></div>");
    }
    if let Some(reason) = &shown.missing {
        html.raw("<p class=\"missing\">").data(reason).raw("</p>");
    }
    html.raw("</div>\n<p class=\"note\">score ").figure(pair.score, &number(f64::from(pair.score)));
    html.raw(", ").figure(pair.contrast_bits, &number(f64::from(pair.contrast_bits))).raw(" bits differ");
    if !pair.same.is_empty() {
        html.raw("; both have ").data(&pair.same.iter().take(6).cloned().collect::<Vec<_>>().join(", "));
    }
    if pair.source == Source::Supplied {
        html.raw("; the data set says that they are a pair");
    }
    html.raw("</p></li>\n");
}

fn difference(told: &Told, html: &mut Html) {
    let Told { dimension, object, from, to, .. } = told;
    let is_of_object =
        !matches!(dimension.as_str(), "object" | "scene" | "relation" | "presence" | "words" | "text");
    if is_of_object && !object.is_empty() && !from.is_empty() && !to.is_empty() {
        html.text(dimension).raw(" of ").data(object).raw(": ");
    }
    let side = |html: &mut Html, text: &str| {
        if text.is_empty() {
            html.raw("<span class=\"cut\">not told</span>");
        } else {
            html.raw("<strong>").data(text).raw("</strong>");
        }
    };
    side(html, from);
    html.raw(" ↔ ");
    side(html, to);
}
