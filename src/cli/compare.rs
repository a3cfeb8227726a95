//! `capscope compare`: what two data sets, or two captions of each sample, know of each other.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::arguments::{self, Common};
use super::output::{complain, counted, grouped, one_line, percent, short, stdout};
use super::survey::on_threads;
use super::{code, record};
use crate::dataset::Dataset;
use crate::measure::{
    CompareReport, FigureRow, FormSide, Gathered, GatheredPairs, Key, Lacking, NamedShare, PairReport,
    Quartiles, compare, contrast,
};
use crate::model::Sample;
use crate::report::{Alone, Compared};
use crate::worker::Opened;

/// Names of captions that are remembered, for a message.
const MOST_NAMES: usize = 32;

pub(super) fn run(arguments: &arguments::Compare, common: &Common) -> anyhow::Result<u8> {
    let (limit, top) = (arguments.limit, arguments.top);
    let compared = match (&arguments.fields, &arguments.other) {
        (Some(fields), _) => {
            let fields = two_fields(fields)?;
            of_fields(&opened(&arguments.one, common)?, fields, limit, top)?
        }
        (None, Some(other)) => {
            // Both are opened before either is read: who mistyped the second need not wait for the first.
            let sets = [opened(&arguments.one, common)?, opened(other, common)?];
            Some(of_data_sets(sets.each_ref(), limit, top)?)
        }
        // Who parsed the arguments sees to it that there is one of both.
        (None, None) => anyhow::bail!("there is nothing to compare with"),
    };
    let Some(compared) = compared else { return Ok(code::NO_MATCH) };
    let mut out = stdout();
    if arguments.json {
        record::write(&compared, true, &mut out)?;
    } else {
        write(&compared, top, &mut out)?;
    }
    out.flush()?;
    let is_empty = compared.report.forms.iter().any(|form| form.samples == 0);
    Ok(if compared.pairs.is_none() && is_empty { code::NO_MATCH } else { code::OK })
}

pub(super) fn opened(path: &Path, common: &Common) -> anyhow::Result<Dataset> {
    let settings = common.settings()?;
    let mut opened = Opened::new(&[path.to_owned()], &settings, common.index_dir.as_deref())?;
    opened.refresh()?;
    Ok(opened.dataset)
}

/// What there is of the first samples of a data set.
fn gather(dataset: &Dataset, limit: u64) -> anyhow::Result<Gathered> {
    let gathered = Mutex::new(Gathered::default());
    gather_into(&gathered, dataset, 0, limit)?;
    Ok(gathered.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The same beside what was gathered of other data sets; `place` is that of this one among them.
pub(super) fn gather_into(
    gathered: &Mutex<Gathered>,
    dataset: &Dataset,
    place: u64,
    limit: u64,
) -> anyhow::Result<()> {
    on_threads(
        dataset,
        limit,
        || (),
        |(), analyst, mut sample| {
            let analysis = analyst.analyse(&mut sample);
            // All data sets have a first sample: each draws other ones.
            let seq = sample.seq.0.wrapping_add(place.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            gathered.lock().unwrap_or_else(PoisonError::into_inner).add(seq, &sample, &analysis);
        },
    )?;
    Ok(())
}

/// Compares the first samples of two data sets, with so many examples of each sort.
pub(super) fn of_data_sets(sets: [&Dataset; 2], limit: Option<u64>, top: usize) -> anyhow::Result<Compared> {
    let first = limit.unwrap_or(u64::MAX);
    let [one, two] = sets;
    let report = compare(gather(one, first)?, gather(two, first)?, top);
    Ok(Compared { title: sets.map(|set| set.name().to_owned()), limit, report, pairs: None })
}

/// What is gathered of the samples of one data set with two captions each.
#[derive(Default)]
struct Two {
    pairs: GatheredPairs,
    /// Samples with neither, with only the first, with only the second.
    alone: [u64; 3],
    /// Captions that there are, by field and role.
    names: BTreeMap<(String, &'static str), u64>,
}

/// The names of two captions, as they are given.
pub(super) fn two_fields(fields: &[String]) -> anyhow::Result<[&str; 2]> {
    let [one, other] = fields else {
        anyhow::bail!("--fields wants two names with a comma between them, as in original,caption");
    };
    let (one, other) = (one.trim(), other.trim());
    if one == other {
        anyhow::bail!("--fields {one},{other}: that is the same caption twice");
    }
    Ok([one, other])
}

/// Compares two captions of each of the first samples; none where no sample has both, which is said.
pub(super) fn of_fields(
    dataset: &Dataset,
    [one, other]: [&str; 2],
    limit: Option<u64>,
    top: usize,
) -> anyhow::Result<Option<Compared>> {
    let two = Mutex::new(Two::default());
    on_threads(
        dataset,
        limit.unwrap_or(u64::MAX),
        || (),
        |(), analyst, sample| {
            let places = [one, other].map(|name| places(&sample, name));
            let [first, second] = &places;
            let contrast =
                (!first.is_empty() && !second.is_empty()).then(|| contrast(analyst, &sample, first, second));
            let mut two = two.lock().unwrap_or_else(PoisonError::into_inner);
            two.take_names(&sample);
            if let Some(contrast) = contrast {
                two.pairs.add(sample.seq.0, &sample.id, &contrast);
                return;
            }
            let which = usize::from(!first.is_empty()) + 2 * usize::from(!second.is_empty());
            if let Some(count) = two.alone.get_mut(which) {
                *count += 1;
            }
        },
    )?;
    let Two { pairs, alone, names } = two.into_inner().unwrap_or_else(PoisonError::into_inner);
    let [_, only_one, only_other] = alone;
    for (name, count) in [(one, pairs.samples() + only_one), (other, pairs.samples() + only_other)] {
        if count == 0 && !names.is_empty() {
            let there: Vec<String> = names.keys().map(|(field, role)| format!("{field} ({role})")).collect();
            anyhow::bail!(
                "{}: no sample has a caption `{name}`; there are {}. Another field becomes one by --map caption=FIELD",
                dataset.name(),
                there.join(", ")
            );
        }
    }
    if pairs.samples() == 0 {
        complain(&format!("{}: no sample has both `{one}` and `{other}`", dataset.name()));
        return Ok(None);
    }
    let (report, pairs) = pairs.finish(top);
    let title = [one, other].map(|field| format!("{}: {field}", dataset.name()));
    Ok(Some(Compared { title, limit, report, pairs: Some((pairs, Alone(alone))) }))
}

/// The places of the captions of this field; where a sample has no such field, of this role.
fn places(sample: &Sample, name: &str) -> Vec<usize> {
    let of = |is: &dyn Fn(usize) -> bool| (0..sample.captions.len()).filter(|at| is(*at)).collect::<Vec<_>>();
    let caption = |at: usize| sample.captions.get(at);
    // A field that is a list is called `captions[]`, which nobody types.
    let is_field = |field: &str| field == name || field.trim_end_matches("[]") == name;
    let by_field = of(&|at| caption(at).is_some_and(|caption| is_field(&caption.field)));
    if !by_field.is_empty() {
        return by_field;
    }
    of(&|at| caption(at).is_some_and(|caption| caption.role.name() == name))
}

impl Two {
    fn take_names(&mut self, sample: &Sample) {
        for caption in &sample.captions {
            let name = (caption.field.clone(), caption.role.name());
            if self.names.len() < MOST_NAMES || self.names.contains_key(&name) {
                *self.names.entry(name).or_default() += 1;
            }
        }
    }
}

fn write(compared: &Compared, top: usize, out: &mut impl Write) -> std::io::Result<()> {
    let Compared { title, limit, report, pairs } = compared;
    for ((letter, title), form) in ["A", "B"].iter().zip(title).zip(&report.forms) {
        writeln!(
            out,
            "{letter}  {}  {}, {}, {}",
            one_line(title),
            counted(form.samples, "sample"),
            counted(form.captions, "caption"),
            counted(form.questions, "question")
        )?;
    }
    if let Some(limit) = limit {
        writeln!(out, "   at most the first {} of either", counted(*limit, "sample"))?;
    }
    match pairs {
        None => write_forms(&report.forms, out)?,
        Some((_, Alone([neither, only_a, only_b]))) => {
            let left_out = [(*only_a, "with only A"), (*only_b, "with only B"), (*neither, "with neither")];
            let left_out: Vec<String> = left_out
                .iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, what)| format!("{} {what}", grouped(*count)))
                .collect();
            if !left_out.is_empty() {
                writeln!(out, "   left out: {}", left_out.join(", "))?;
            }
        }
    }
    let unread = report.forms.each_ref().map(|form| form.unread);
    write_figures(&report.figures, pairs.is_some(), out)?;
    if unread.iter().any(|count| *count > 0) {
        let [a, b] = unread;
        writeln!(
            out,
            "not read, since in another language than English: {} of A, {} of B",
            counted(a, "sample"),
            counted(b, "sample")
        )?;
    }
    if pairs.is_none() && report.forms.iter().any(|form| form.questions > 0) {
        writeln!(
            out,
            "content is what captions say (and supplied descriptors): questions and answers are not in it"
        )?;
    }
    if let Some((pairs, _)) = pairs {
        write_pairs(pairs, out)?;
    }
    write_kinds(report, out)?;
    write_coverage(report, out)?;
    // Of two captions of each sample it was told what changed, which is the same and more.
    if pairs.is_none() { write_lacking(report, top, out) } else { Ok(()) }
}

/// The axis of format.
fn write_forms(forms: &[FormSide; 2], out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "\nFORMAT: in which form it is said{:>23}{:>12}", "A", "B")?;
    let [one, other] = forms;
    let mut rows = |before: &str, all: [u64; 2], one: &[NamedShare], other: &[NamedShare]| {
        for (first, second) in one.iter().zip(other).filter(|(one, other)| one.count + other.count > 0) {
            let [a, b] = [(first, all[0]), (second, all[1])]
                .map(|(named, all)| if all == 0 { "-".to_owned() } else { percent(named.share) });
            writeln!(out, "  {:<41}{a:>12}{b:>12}", format!("{before}{}", first.name))?;
        }
        Ok::<(), std::io::Error>(())
    };
    rows("", [one.samples, other.samples], &one.forms, &other.forms)?;
    rows("questions: ", [one.questions, other.questions], &one.question_types, &other.question_types)?;
    let diversity =
        |form: &FormSide| form.task_diversity.map_or_else(|| "-".to_owned(), |tasks| format!("{tasks:.2}"));
    writeln!(out, "  {:<41}{:>12}{:>12}", "effective number of tasks", diversity(one), diversity(other))
}

fn write_figures(figures: &[FigureRow], are_pairs: bool, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "\nCONTENT, density: median (quartiles){:>18}{:>25}{:>10}", "A", "B", "B higher")?;
    for row in figures {
        let [a, b] = row.sides.map(quartiles);
        let higher = row.higher.map_or_else(|| "-".to_owned(), |share| format!("{share:.2}"));
        writeln!(out, "  {:<27}{a:>25}{b:>25}{higher:>10}", row.name)?;
    }
    let meaning = if are_pairs {
        "B higher: share of samples whose B has more, ties counting half"
    } else {
        "B higher: chance that a sample of B has more than one of A, ties counting half (AUC)"
    };
    writeln!(out, "{meaning}")
}

fn quartiles(found: Option<Quartiles>) -> String {
    let show =
        |found: Quartiles| format!("{} ({} – {})", short(found.median), short(found.p25), short(found.p75));
    found.map_or_else(|| "-".to_owned(), show)
}

fn write_kinds(report: &CompareReport, out: &mut impl Write) -> std::io::Result<()> {
    let [samples_a, samples_b] = report.forms.each_ref().map(|form| form.samples.max(1) as f64);
    writeln!(
        out,
        "\nCONTENT, facts by kind\n  {:<12}{:>12}{:>12}{:>12}{:>12}{:>12}{:>10}{:>10}",
        "", "A", "B", "both", "only A", "only B", "A/sample", "B/sample"
    )?;
    for row in &report.kinds {
        let ([a, b], [only_a, only_b]) = (row.distinct, row.shared.only);
        let [mentions_a, mentions_b] = row.mentions.map(|count| count as f64);
        writeln!(
            out,
            "  {:<12}{:>12}{:>12}{:>12}{:>12}{:>12}{:>10}{:>10}",
            row.kind.plural(),
            grouped(a),
            grouped(b),
            grouped(row.shared.both),
            grouped(only_a),
            grouped(only_b),
            short(mentions_a / samples_a),
            short(mentions_b / samples_b)
        )?;
    }
    Ok(())
}

fn write_coverage(report: &CompareReport, out: &mut impl Write) -> std::io::Result<()> {
    let [a, b] = report.forms.each_ref().map(|form| form.samples);
    let is_uneven = a != b && a.min(b) > 0;
    writeln!(out, "\nCONTENT, coverage: share of the other side's mentions of facts that a side has too")?;
    write!(out, "  {:<18}{:>12}{:>12}", "", "A has of B", "B has of A")?;
    if is_uneven {
        let equal = format!("at {} each:", counted(a.min(b), "sample"));
        write!(out, "   {equal:<18}{:>10}{:>12}", "A of B", "B of A")?;
    }
    writeln!(out)?;
    for row in &report.levels {
        let [a, b] = row.shared.cross.map(percent);
        write!(out, "  {:<18}{a:>12}{b:>12}", row.level.name())?;
        if is_uneven {
            let [a, b] = row.shared.at_equal_size.map(percent);
            write!(out, "   {:<18}{a:>10}{b:>12}", "")?;
        }
        writeln!(out)?;
    }
    let thinned = report.levels.iter().filter(|row| row.shared.looked_at < 1.0);
    for row in thinned {
        let one_in = (1.0 / row.shared.looked_at).round() as u64;
        writeln!(out, "  {}: estimated from 1 fact in {}", row.level.name(), grouped(one_in))?;
    }
    Ok(())
}

fn write_lacking(report: &CompareReport, top: usize, out: &mut impl Write) -> std::io::Result<()> {
    if top == 0 {
        return Ok(());
    }
    for (side, title) in [(0, "only B says (samples)"), (1, "only A says (samples)")] {
        let of_levels = report.levels.iter().map(|row| (row.level.name(), &row.lacking));
        let of_knowledge = report.knowledge.iter().map(|(kind, lacking)| (kind.plural(), lacking));
        let lists: Vec<(&str, &Vec<Lacking>)> = of_levels
            .chain(of_knowledge)
            .filter_map(|(name, lacking)| Some((name, lacking.get(side)?)))
            .filter(|(_, list)| !list.is_empty())
            .collect();
        if lists.is_empty() {
            continue;
        }
        writeln!(out, "\nCONTENT, {title}, the most frequent")?;
        for (name, list) in lists {
            writeln!(out, "  {name:<18}{}", list.iter().map(lacking).collect::<Vec<_>>().join(", "))?;
        }
    }
    let has_synonym = |row: &Vec<Lacking>| row.iter().any(|fact| fact.synonym.is_some());
    if report.levels.iter().flat_map(|row| &row.lacking).any(has_synonym) {
        writeln!(out, "in brackets: another word for the same, which the other side does have")?;
    }
    Ok(())
}

fn lacking(fact: &Lacking) -> String {
    let synonym = fact.synonym.as_ref().map(|word| format!(" [{}]", one_line(word))).unwrap_or_default();
    format!("{} {}{synonym}", one_line(&fact.shown), grouped(fact.samples))
}

/// Sample by sample.
fn write_pairs(pairs: &PairReport, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(
        out,
        "\nCONTENT, sample by sample: what became of the facts of A in B\n  {:<12}{:>12}{:>14}{:>14}{:>12}{:>12}",
        "", "kept", "other words", "contradicted", "lost", "gained"
    )?;
    for row in &pairs.kinds {
        let counts = row.counts;
        writeln!(
            out,
            "  {:<12}{:>12}{:>14}{:>14}{:>12}{:>12}",
            row.kind.plural(),
            grouped(counts.kept),
            grouped(counts.reworded),
            grouped(counts.contradicted),
            grouped(counts.lost),
            grouped(counts.gained)
        )?;
    }
    let share = |count: u64| percent(count as f64 / pairs.samples.max(1) as f64);
    for (title, of) in [
        ("lost in most samples", (|row| &row.lost) as fn(&crate::measure::KindChanges) -> &Vec<Lacking>),
        ("gained in most samples", |row| &row.gained),
    ] {
        if pairs.kinds.iter().any(|row| !of(row).is_empty()) {
            writeln!(out, "{title}")?;
        }
        for row in pairs.kinds.iter().filter(|row| !of(row).is_empty()) {
            let list: Vec<String> = of(row).iter().map(lacking).collect();
            writeln!(out, "  {:<12}{}", row.kind.plural(), list.join(", "))?;
        }
    }
    let lost: Vec<String> = pairs
        .lost_knowledge
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{} {}", kind.plural(), grouped(*count)))
        .collect();
    writeln!(
        out,
        "\nLOST_KNOWLEDGE: {} ({}) of A lost names, written texts or numbers{}",
        counted(pairs.losing, "sample"),
        share(pairs.losing),
        if lost.is_empty() { String::new() } else { format!(": {}", lost.join(", ")) }
    )?;
    for found in &pairs.lost {
        writeln!(out, "  {}  {} {}", one_line(&found.id), found.lost.facet, one_line(&found.lost.words))?;
    }
    writeln!(
        out,
        "\ncontradictions, by the words: {} ({})",
        counted(pairs.contradicting, "sample"),
        share(pairs.contradicting)
    )?;
    for found in &pairs.contradictions {
        let [a, b] = found.keys.each_ref().map(|key| {
            let shown = Key::parse(key).map_or_else(|| key.clone(), |key| key.show());
            one_line(&shown)
        });
        writeln!(out, "  {}  {a} ↔ {b}", one_line(&found.id))?;
    }
    Ok(())
}
