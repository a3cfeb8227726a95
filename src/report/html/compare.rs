//! Two data sets, or two captions of each sample.

use super::super::compared::{Alone, Compared};
use super::super::model::Report;
use super::markup::{Html, number};
use super::table::{Cell, Head, Table};
use crate::measure::{FormSide, Key, Lacking, NamedShare, PairReport, Quartiles};
use crate::ui::{per_cent, percent, thousands};

/// Facts that one side lacks which are listed.
const LACKING: usize = 12;

/// The comparison, if there is one.
pub(super) fn write(report: &Report, html: &mut Html) {
    let Some(compared) = &report.compare else { return };
    let [a, b] = &compared.title;
    html.raw("<p class=\"lead\"><strong>A</strong> is ").data(a).raw(", <strong>B</strong> is ").data(b);
    html.raw(".</p>\n");
    if report.provenance.query.is_some() {
        html.raw("<p class=\"note\">All samples are compared, whatever the query.</p>\n");
    }
    if let Some(limit) = compared.limit {
        html.raw("<p class=\"note\">At most the first ").count(limit).raw(" samples of either.</p>\n");
    }
    let unread = compared.report.forms.each_ref().map(|form| form.unread);
    if unread.iter().any(|count| *count > 0) {
        html.raw("<p class=\"note\">Not read, since in another language than English: ");
        let [a, b] = unread;
        html.count(a).raw(" samples of A, ").count(b).raw(" of B.</p>\n");
    }
    match &compared.pairs {
        None => forms(&compared.report.forms, html),
        Some((pairs, alone)) => changes(pairs, *alone, html),
    }
    content(compared, html);
}

/// The form in which it is said.
fn forms(forms: &[FormSide; 2], html: &mut Html) {
    let [one, other] = forms;
    let whole = |name: &str, a: u64, b: u64| {
        vec![Cell::Text(name.to_owned()), Cell::Number(thousands(a)), Cell::Number(thousands(b))]
    };
    let mut rows = vec![
        whole("samples", one.samples, other.samples),
        whole("captions", one.captions, other.captions),
        whole("questions", one.questions, other.questions),
    ];
    let share = |all: u64, named: &NamedShare| {
        Cell::Number(if all == 0 { "–".to_owned() } else { percent(named.share) })
    };
    for (before, [a, b], first, second) in [
        ("", [one.samples, other.samples], &one.forms, &other.forms),
        ("questions: ", [one.questions, other.questions], &one.question_types, &other.question_types),
    ] {
        let both = first.iter().zip(second).filter(|(one, other)| one.count + other.count > 0);
        rows.extend(both.map(|(one, other)| {
            vec![Cell::Text(format!("{before}{}", one.name)), share(a, one), share(b, other)]
        }));
    }
    let tasks = |form: &FormSide| {
        Cell::Number(form.task_diversity.map_or_else(|| "–".to_owned(), |tasks| format!("{tasks:.2}")))
    };
    rows.push(vec![Cell::Text("effective number of tasks".to_owned()), tasks(one), tasks(other)]);
    Table::new("Format", &[Head::Text(""), Head::Number("A"), Head::Number("B")], rows).write(html);
}

/// What changed from one caption to the other.
fn changes(pairs: &PairReport, Alone([neither, only_a, only_b]): Alone, html: &mut Html) {
    html.raw("<p>")
        .count(pairs.samples)
        .raw(" samples have both. Left out: ")
        .count(only_a)
        .raw(" with only A, ");
    html.count(only_b).raw(" with only B, ").count(neither).raw(" with neither.</p>\n");
    let rows = pairs.kinds.iter().map(|row| {
        let counts = row.counts;
        let whole = |count: u64| Cell::Number(thousands(count));
        vec![
            Cell::Text(row.kind.plural().to_owned()),
            whole(counts.kept),
            whole(counts.reworded),
            whole(counts.contradicted),
            whole(counts.lost),
            whole(counts.gained),
        ]
    });
    let heads = [
        Head::Text("facts"),
        Head::Number("kept"),
        Head::Number("reworded"),
        Head::Number("contradicted"),
        Head::Number("lost"),
        Head::Number("gained"),
    ];
    Table::new("What becomes of the facts of A in B", &heads, rows.collect()).write(html);
    html.raw("<div class=\"lists\">\n");
    for (title, of) in [
        ("Lost in most samples", (|row| &row.lost) as fn(&crate::measure::KindChanges) -> &Vec<Lacking>),
        ("Gained in most samples", |row| &row.gained),
    ] {
        let mut all: Vec<&Lacking> = pairs.kinds.iter().flat_map(of).collect();
        all.sort_by(|one, other| other.samples.cmp(&one.samples).then_with(|| one.key.cmp(&other.key)));
        list(title, &all, html);
    }
    html.raw("</div>\n<p><strong>").figure(pairs.losing, &per_cent(pairs.losing, pairs.samples));
    html.raw("</strong> of the samples lose a name, a written text or a number");
    for (place, found) in pairs.lost.iter().enumerate() {
        html.raw(if place == 0 { ", as " } else { ", " }).raw("<code>").data(&found.id).raw("</code> ");
        html.data(&found.lost.words);
    }
    html.raw(". <strong>").figure(pairs.contradicting, &per_cent(pairs.contradicting, pairs.samples));
    html.raw("</strong> contradict, by the words");
    for (place, found) in pairs.contradictions.iter().enumerate() {
        let [a, b] =
            found.keys.each_ref().map(|key| Key::parse(key).map_or_else(|| key.clone(), |key| key.show()));
        html.raw(if place == 0 { ", as " } else { ", " }).raw("<code>").data(&found.id).raw("</code> ");
        html.data(&a).raw(" ↔ ").data(&b);
    }
    html.raw(".</p>\n");
}

/// Density, kinds, coverage, and what either lacks.
fn content(compared: &Compared, html: &mut Html) {
    let report = &compared.report;
    let quartiles = |found: Option<Quartiles>| {
        Cell::Number(found.map_or_else(
            || "–".to_owned(),
            |found| format!("{} ({} – {})", number(found.median), number(found.p25), number(found.p75)),
        ))
    };
    let rows = report.figures.iter().map(|row| {
        let [a, b] = row.sides;
        let higher = row.higher.map_or_else(|| "–".to_owned(), |share| format!("{share:.2}"));
        let bar = row.higher.unwrap_or_default();
        vec![Cell::Text(row.name.replace('_', " ")), quartiles(a), quartiles(b), Cell::Bar(higher, bar)]
    });
    let heads = [
        Head::Text("figure: median (quartiles)"),
        Head::Number("A"),
        Head::Number("B"),
        Head::Bar("chance that B has more"),
    ];
    Table::new("Density", &heads, rows.collect()).write(html);
    let rows = report.kinds.iter().map(|row| {
        let ([a, b], [only_a, only_b]) = (row.distinct, row.shared.only);
        let whole = |count: u64| Cell::Number(thousands(count));
        let kind = Cell::Text(row.kind.plural().to_owned());
        vec![kind, whole(a), whole(b), whole(row.shared.both), whole(only_a), whole(only_b)]
    });
    let heads = [
        Head::Text("distinct facts"),
        Head::Number("A"),
        Head::Number("B"),
        Head::Number("both"),
        Head::Number("only A"),
        Head::Number("only B"),
    ];
    Table::new("Facts by kind", &heads, rows.collect()).write(html);
    let rows = report.levels.iter().map(|row| {
        let bar = |share: f64| Cell::Bar(percent(share), share);
        let ([a, b], [equal_a, equal_b]) = (row.shared.cross, row.shared.at_equal_size);
        vec![Cell::Text(row.level.name().to_owned()), bar(a), bar(b), bar(equal_a), bar(equal_b)]
    });
    let heads = [
        Head::Text("level"),
        Head::Bar("A has of B"),
        Head::Bar("B has of A"),
        Head::Bar("A of B at equal size"),
        Head::Bar("B of A at equal size"),
    ];
    Table::new("Share of the other side’s mentions that a side has too", &heads, rows.collect()).write(html);
    let thinned = report.levels.iter().filter(|row| row.shared.looked_at < 1.0);
    for row in thinned {
        html.raw("<p class=\"note\">").text(row.level.name()).raw(": estimated from ");
        html.text(percent(row.shared.looked_at)).raw(" of the facts.</p>\n");
    }
    // Of two captions of each sample it was told what changed, which is the same and more.
    if compared.pairs.is_some() {
        return;
    }
    html.raw("<div class=\"lists\">\n");
    for (side, who) in [(0, "Only B"), (1, "Only A")] {
        for row in &report.levels {
            let Some(lacking) = row.lacking.get(side) else { continue };
            list(&format!("{who}: {}", row.level.name()), &lacking.iter().collect::<Vec<_>>(), html);
        }
    }
    html.raw("</div>\n");
}

fn list(title: &str, all: &[&Lacking], html: &mut Html) {
    let most = all.first().map_or(1, |first| first.samples).max(1) as f64;
    let rows = all.iter().take(LACKING).map(|lacking| {
        let shown = match &lacking.synonym {
            Some(other) => format!("{} (other side: {other})", lacking.shown),
            None => lacking.shown.clone(),
        };
        vec![Cell::Data(shown), Cell::Bar(thousands(lacking.samples), lacking.samples as f64 / most)]
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return;
    }
    html.raw("<div>");
    Table::new(title, &[Head::Text("fact"), Head::Bar("samples")], rows).write(html);
    html.raw("</div>\n");
}
