//! How much captions say, what they cover, and what they speak of.

use super::super::captions::PERCENTILES;
use super::super::coverage::LevelFigures;
use super::super::model::Report;
use super::histogram::{self, Drawn};
use super::markup::{Html, number};
use super::plot::{Look, Plot};
use super::table::{Cell, Head, Table};
use crate::measure::{Column, ConceptCount, CurvePoint, KeyKind};
use crate::ui::{per_cent, percent, thousands};

/// Facts of each level that are listed.
const TOP: usize = 20;

/// How facts per 100 words are spread, and all other figures.
pub(super) fn density(report: &Report, html: &mut Html) {
    html.raw(
        "<p class=\"lead\">How much a caption says for its length: facts (objects, attributes, counts, ",
    );
    html.raw("relations, places, texts, names) per 100 words.</p>\n");
    let rate = report.stats.figures.get(Column::Rate.name());
    if let Some(rate) = rate {
        let title = "Facts per 100 words".to_owned();
        let mark = Some((rate.median(), format!("median {}", number(rate.median()))));
        let rest = report.density.rest.as_ref();
        let drawn =
            Drawn { id: "rate".into(), title, axis: "facts per 100 words", rest, mark, is_flagged: None };
        histogram::write(html, &report.density.histogram, drawn);
        if rest.is_some() {
            html.raw("<p class=\"note\">The line is that of all other samples of the data set.</p>\n");
        }
    } else {
        html.nothing("No caption is in a language that is read.");
    }
    let rows = Column::ALL.iter().filter_map(|column| {
        let points = report.stats.figures.get(column.name())?;
        // What is 0 throughout tells nothing.
        if points.0.iter().all(|point| *point == 0.0) {
            return None;
        }
        let mut row = vec![Cell::Text(column.name().replace('_', " "))];
        row.extend(points.0.iter().map(|point| Cell::Number(number(*point))));
        row.push(Cell::Text(column.help().trim_end_matches('.').to_owned()));
        Some(row)
    });
    let heads = [
        Head::Text("figure"),
        Head::Number("p5"),
        Head::Number("p25"),
        Head::Number("median"),
        Head::Number("p75"),
        Head::Number("p95"),
        Head::Text("what it is"),
    ];
    debug_assert_eq!(heads.len(), PERCENTILES.len() + 2);
    html.raw("<details class=\"long\"><summary>All figures of captions, by percentiles</summary>\n");
    Table::new("Figures of captions, by percentiles of samples", &heads, rows.collect()).quiet().write(html);
    html.raw("</details>\n");
}

/// The levels, their curves and the check by halves.
pub(super) fn coverage(report: &Report, html: &mut Html) {
    html.raw(
        "<p class=\"lead\">The share of a further sample’s facts that is known already, estimated, on five ",
    );
    html.raw("levels; how it grew with the samples; and what one half of them predicts of the other.</p>\n");
    let rows = report.coverage.levels.iter().map(|level| {
        let found = &level.coverage;
        vec![
            Cell::Text(level.level.to_owned()),
            Cell::Bar(percent(found.sample_coverage), found.sample_coverage),
            Cell::Number(percent(level.split_half.predicted)),
            Cell::Number(percent(level.split_half.measured)),
            Cell::Number(thousands(level.distinct)),
            Cell::Number(number(found.richness.round())),
            Cell::Number(number(found.novelty.round())),
            Cell::Number(found.heaps.map_or_else(|| "–".to_owned(), |beta| format!("{beta:.2}"))),
            Cell::Number(percent(found.tail_share)),
        ]
    });
    let heads = [
        Head::Text("level"),
        Head::Bar("coverage"),
        Head::Number("one half predicts"),
        Head::Number("the other has"),
        Head::Number("distinct"),
        Head::Number("estimated to exist"),
        Head::Number("new in 1,000 more"),
        Head::Number("Heaps β"),
        Head::Number("tail share"),
    ];
    Table::new("Coverage by level", &heads, rows.collect()).write(html);
    html.raw("<div class=\"panels\">\n");
    for (place, level) in report.coverage.levels.iter().enumerate() {
        let rest = report.coverage.rest.as_ref().and_then(|rest| rest.get(place));
        curve(level, rest, html);
    }
    html.raw("</div>\n");
    if report.coverage.rest.is_some() {
        html.raw("<p class=\"note\">The grey line is that of all other samples of the data set.</p>\n");
    }
}

fn curve(level: &LevelFigures, rest: Option<&LevelFigures>, html: &mut Html) {
    let last = |level: &LevelFigures| level.curve.last().map_or(1, |point| point.samples).max(1);
    let most = rest.map_or(0, last).max(last(level));
    let found = level.coverage.sample_coverage;
    let title = format!("Coverage of {}", plural(level.level));
    let described = format!(
        "Coverage grows to {} at {} samples; half of them reach {}.",
        percent(found),
        thousands(last(level)),
        level.curve.get(level.curve.len() / 2).map_or_else(String::new, |point| percent(point.coverage))
    );
    let id = format!("curve-{}", level.plain_name().replace('_', "-"));
    let mut plot = Plot::new(id, title.clone(), described, ["samples", "known share"]);
    for (height, label) in [(0.5, "50 %"), (1.0, "100 %")] {
        plot.level(height, label);
    }
    let places = |curve: &[CurvePoint]| {
        let begin = std::iter::once((0.0, 0.0));
        let points = curve.iter().map(|point| (point.samples as f64 / most as f64, point.coverage));
        begin.chain(points).collect::<Vec<_>>()
    };
    if let Some(rest) = rest {
        plot.line(&places(&rest.curve), Look::Quiet);
    }
    plot.line(&places(&level.curve), Look::Accent);
    plot.end(found, &percent(found));
    plot.tick(0.0, "0");
    plot.tick(1.0, &thousands(most));
    let rows = level.curve.iter().map(|point| {
        vec![
            Cell::Number(thousands(point.samples)),
            Cell::Number(percent(point.coverage)),
            Cell::Number(number(point.richness)),
        ]
    });
    let heads = [Head::Number("samples"), Head::Number("coverage"), Head::Number("distinct facts")];
    plot.write(html, &Table::new(title, &heads, rows.collect()).quiet());
}

/// The facts of a level in words.
fn plural(level: &str) -> String {
    match level {
        "object×attribute" => "objects with attributes".to_owned(),
        other => format!("{other}s"),
    }
}

/// Facts by kind.
pub(super) fn facets(report: &Report, html: &mut Html) {
    let all: u64 = report.stats.facets.values().sum();
    html.raw("<p class=\"lead\">").count(all);
    html.raw(" facts by kind, each counted once a sample; what is denied is none.</p>\n");
    let most = report.stats.facets.values().copied().max().unwrap_or(1).max(1);
    let rows = KeyKind::ALL.iter().map(|kind| {
        let count = report.stats.facets.get(kind.name()).copied().unwrap_or_default();
        let each = count as f64 / report.summary.samples.max(1) as f64;
        vec![
            Cell::Text(kind.plural().to_owned()),
            Cell::Bar(per_cent(count, all), count as f64 / most as f64),
            Cell::Number(thousands(count)),
            Cell::Number(number(each)),
        ]
    });
    let heads = [Head::Text("kind"), Head::Bar("share"), Head::Number("facts"), Head::Number("a sample")];
    Table::new("Facts by kind", &heads, rows.collect()).quiet().write(html);
}

/// Frequency over rank, both by powers of ten.
pub(super) fn frequency(report: &Report, html: &mut Html) {
    html.raw("<p class=\"lead\">In how many samples the facts of each rank are, both by powers of ten. A line that ");
    html.raw("falls steeply has few facts that everybody tells; a long flat end is what only one sample has.</p>\n");
    let levels = &report.coverage.levels;
    let bound = |of: fn(&(u64, u64)) -> u64| {
        let most = levels.iter().flat_map(|level| level.ranks.iter().map(of)).max().unwrap_or(10);
        (most.max(10) as f64).log10()
    };
    let (ranks, counts) = (bound(|point| point.0), bound(|point| point.1));
    html.raw("<div class=\"panels\">\n");
    for level in levels {
        let title = format!("Frequency of {}", plural(level.level));
        let first = level.ranks.first().map_or(0, |point| point.1);
        let described = format!(
            "The most frequent of {} is in {} samples, {} of their mentions are of rare ones.",
            thousands(level.distinct),
            thousands(first),
            percent(level.coverage.tail_share)
        );
        let id = format!("ranks-{}", level.plain_name().replace('_', "-"));
        let mut plot = Plot::new(id, title.clone(), described, ["rank", "samples"]);
        for power in 0..=(counts as i32) {
            plot.level(f64::from(power) / counts, &thousands(10_u64.pow(power as u32)));
        }
        for power in 0..=(ranks as i32) {
            let label = 10_u64.pow(power as u32);
            let label = if label >= 1_000_000 { format!("{}M", label / 1_000_000) } else { thousands(label) };
            plot.tick(f64::from(power) / ranks, &label);
        }
        let points = level
            .ranks
            .iter()
            .map(|(rank, count)| ((*rank as f64).log10() / ranks, (*count as f64).max(1.0).log10() / counts));
        plot.line(&points.collect::<Vec<_>>(), Look::Accent);
        let rows = level
            .ranks
            .iter()
            .map(|(rank, count)| vec![Cell::Number(thousands(*rank)), Cell::Number(thousands(*count))]);
        let heads = [Head::Number("rank"), Head::Number("samples")];
        plot.write(html, &Table::new(title, &heads, rows.collect()).quiet());
    }
    html.raw("</div>\n");
}

/// What is named most: by level, by the tree of concepts, and objects with their attributes.
pub(super) fn concepts(report: &Report, html: &mut Html) {
    html.raw("<div class=\"lists\">\n");
    for level in &report.coverage.levels {
        let most = level.top.first().map_or(1, |fact| fact.samples).max(1) as f64;
        let rows = level.top.iter().take(TOP).map(|fact| {
            let bar = Cell::Bar(thousands(fact.samples), fact.samples as f64 / most);
            vec![Cell::Data(fact.fact.clone()), bar]
        });
        let rows: Vec<_> = rows.collect();
        if rows.is_empty() {
            continue;
        }
        let left = level.distinct.saturating_sub(rows.len() as u64);
        let title = match level.level {
            "object×attribute" => "Objects with attributes".to_owned(),
            name => capital(&plural(name)),
        };
        html.raw("<div>");
        Table::new(title, &[Head::Text("fact"), Head::Bar("samples")], rows).write(html);
        if left > 0 {
            html.raw("<p class=\"note\">and ").count(left).raw(" more</p>");
        }
        html.raw("</div>\n");
    }
    html.raw("</div>\n");
    tree(report, html);
    matrix(report, html);
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}

/// The tree of everyday concepts.
fn tree(report: &Report, html: &mut Html) {
    let concepts = &report.coverage.concepts;
    if concepts.is_empty() {
        return;
    }
    let most = concepts.iter().map(|concept| concept.samples).max().unwrap_or(1).max(1) as f64;
    let row = |concept: &ConceptCount| {
        let bar = Cell::Bar(thousands(concept.samples), concept.samples as f64 / most);
        vec![Cell::Deep(concept.name.clone(), concept.depth), bar]
    };
    let heads = [Head::Text("concept"), Head::Bar("samples")];
    let mut uppermost: Vec<&ConceptCount> = concepts.iter().filter(|concept| concept.depth == 0).collect();
    uppermost.sort_by(|one, other| other.samples.cmp(&one.samples).then_with(|| one.name.cmp(&other.name)));
    html.raw("<h3>Everyday concepts</h3>\n");
    let rows = uppermost.into_iter().map(row).collect();
    Table::new("Concepts with all their kinds", &heads, rows).quiet().write(html);
    if concepts.iter().any(|concept| concept.depth > 0) {
        html.raw("<details class=\"long\"><summary>The whole tree, ");
        html.text(thousands(concepts.len() as u64)).raw(" concepts</summary>\n");
        let rows = concepts.iter().map(row).collect();
        Table::new("The whole tree of concepts", &heads, rows).quiet().write(html);
        html.raw("</details>\n");
    }
}

/// Which things are said to be what.
fn matrix(report: &Report, html: &mut Html) {
    let matrix = &report.coverage.matrix;
    let most = matrix.counts.iter().flatten().copied().max().unwrap_or(0);
    if most == 0 {
        return;
    }
    html.raw("<h3>Objects and their attributes</h3>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" ");
    html.raw("aria-label=\"Samples that say which object is what\"><table class=\"matrix\"><caption class=\"quiet\">");
    html.raw("Samples that say which object is what</caption><thead><tr><th scope=\"col\">object</th>");
    for value in &matrix.values {
        html.raw("<th scope=\"col\" class=\"n\">").data(value).raw("</th>");
    }
    html.raw("</tr></thead><tbody>");
    for (object, counts) in matrix.objects.iter().zip(&matrix.counts) {
        html.raw("<tr>");
        let cells = counts.iter().map(|count| {
            let text = if *count == 0 { String::new() } else { thousands(*count) };
            Cell::Heat(text, (*count as f64 / most as f64).sqrt())
        });
        let row: Vec<Cell> = std::iter::once(Cell::Data(object.clone())).chain(cells).collect();
        for (place, cell) in row.iter().enumerate() {
            cell.write(html, place == 0);
        }
        html.raw("</tr>\n");
    }
    html.raw("</tbody></table></div>\n");
}
