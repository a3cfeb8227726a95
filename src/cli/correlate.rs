//! `capscope correlate`: how scores of benchmarks go with coverage, density and task diversity of mixtures.

use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use serde_json::{Map, Value as Json, json};

use super::arguments::{self, Common};
use super::compare::{gather_into, opened};
use super::output::{counted, grouped, one_line, say, short, stdout};
use super::scatter::{MOST_LETTERS, Scatter, letter};
use super::{code, record};
use crate::dataset::{Table, read_text, shown_name};
use crate::graphics::Environment;
use crate::measure::{
    DRAWS, FEW, Gathered, MixtureFigures, PartialCorrelation, RankCorrelation, correlate, correlate_given,
    is_constant, mixtures,
};

/// Words in the names of columns that are scores: of measures, then of benchmarks.
const SCORES: &str = "score accuracy acc exact_match cider bleu rouge anls average avg \
    mmmu mmbench mmstar mme mmvet mm-vet vqa gqa pope seed mathvista ai2d ocrbench chart infograph \
    docvqa scienceqa sqa vizwiz okvqa hallusion realworld cvbench cv-bench blink vstar winoground \
    sugarcrepe mmlu cambrian nlvr refcoco";
/// Cells that say that a value is not known.
const UNKNOWN: [&str; 7] = ["-", "–", "na", "n/a", "nan", "null", "none"];
/// Two predictors that go together so closely cannot be told apart.
const INSEPARABLE: f64 = 0.9;

/// What a mixture is like; by these scores may be predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trait {
    Coverage,
    Density,
    Diversity,
}

impl Trait {
    const ALL: [Self; 3] = [Self::Coverage, Self::Density, Self::Diversity];

    fn name(self) -> &'static str {
        match self {
            Self::Coverage => "coverage",
            Self::Density => "density",
            Self::Diversity => "diversity",
        }
    }

    /// What names of its columns have in them, the surest first.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Coverage => &["coverage", "cover", "cov", "richness", "concepts"],
            Self::Density => &["density", "dense", "bits", "yield", "units"],
            Self::Diversity => &["diversity", "divers", "task", "format", "entropy"],
        }
    }

    /// The traits at whose equal ranks it is looked at too.
    fn given(self) -> &'static [Self] {
        match self {
            Self::Coverage | Self::Density => &[Self::Diversity],
            Self::Diversity => &[Self::Coverage, Self::Density],
        }
    }
}

/// A column of numbers.
#[derive(Clone, Debug)]
struct Numbers {
    name: String,
    /// A value for each row; no number where it is not known.
    values: Vec<f64>,
}

/// Signs that not every terminal has.
struct Signs {
    rho: &'static str,
    /// Between the ends of an interval.
    to: &'static str,
    is_utf8: bool,
}

impl Signs {
    fn of_terminal() -> Self {
        if Environment::current().is_utf8() {
            Self { rho: "ρ", to: "…", is_utf8: true }
        } else {
            Self { rho: "rho", to: "..", is_utf8: false }
        }
    }
}

/// What was taken for what.
struct Taken {
    labels: Vec<String>,
    scores: Vec<Numbers>,
    traits: Vec<(Trait, Numbers)>,
    /// Columns of numbers that were not looked at.
    unused: Vec<String>,
    /// What was measured of each mixture, if that was asked for.
    measured: Vec<MixtureFigures>,
}

/// A figure of a mixture.
type FigureOf = fn(&MixtureFigures) -> Option<f64>;

/// What is measured of mixtures, and what it is called.
const MEASURED: [(Trait, &str, FigureOf); 3] = [
    (Trait::Coverage, "objects at equal size", |mixture| {
        // Of nothing there is no coverage.
        Some(mixture.coverage).filter(|_| mixture.samples > 0)
    }),
    (Trait::Density, "median bits", |mixture| mixture.density),
    (Trait::Diversity, "effective tasks", |mixture| mixture.diversity),
];

/// How a score goes with what mixtures are like.
struct Outcome<'a> {
    score: &'a Numbers,
    plain: Vec<(Trait, &'a Numbers, RankCorrelation)>,
    /// A trait at equal ranks of another.
    partial: Vec<(Trait, Trait, PartialCorrelation)>,
}

pub(super) fn run(arguments: &arguments::Correlate, common: &Common) -> anyhow::Result<u8> {
    let name = shown_name(&arguments.table);
    let table = Table::parse(&name, &read_text(&arguments.table)?)?;
    if table.rows.is_empty() {
        anyhow::bail!("{name}: no row in it; wanted is a row for each mixture, with a header");
    }
    let taken = taken(&name, &table, arguments, common)?;
    let outcomes: Vec<Outcome<'_>> =
        taken.scores.iter().map(|score| outcome(score, &taken.traits, arguments.seed)).collect();
    let mut out = stdout();
    if arguments.json {
        record::write(&json_of(&name, &taken, &outcomes, arguments.seed), true, &mut out)?;
    } else {
        write(&name, &taken, &outcomes, arguments, &mut out)?;
    }
    out.flush()?;
    let has_figure = outcomes.iter().flat_map(|found| &found.plain).any(|(_, _, found)| found.rho.is_some());
    Ok(if has_figure { code::OK } else { code::NO_MATCH })
}

fn taken(
    name: &str,
    table: &Table,
    arguments: &arguments::Correlate,
    common: &Common,
) -> anyhow::Result<Taken> {
    let place_of = |column: &str| {
        table.column(column.trim()).ok_or_else(|| {
            anyhow::anyhow!("{name}: there is no column `{column}`; columns are {}", table.columns.join(", "))
        })
    };
    let mut traits = Vec::new();
    for (of, given) in
        Trait::ALL.into_iter().zip([&arguments.coverage, &arguments.density, &arguments.diversity])
    {
        if let Some(column) = given {
            traits.push((of, place_of(column)?));
        }
    }
    let mut scores: Vec<usize> =
        arguments.score.iter().map(|column| place_of(column)).collect::<anyhow::Result<_>>()?;
    let numeric: Vec<usize> = (0..table.columns.len()).filter(|place| is_numeric(table, *place)).collect();
    for of in Trait::ALL {
        // Who has mixtures measured does not want a column that may be called so by chance.
        if arguments.data.is_none()
            && traits.iter().all(|(known, _)| *known != of)
            && let Some(place) = of.words().iter().find_map(|word| {
                // `task_a_score` is no diversity, though `coverage_score` may well be a coverage.
                let is_sure = of.words().first() == Some(word);
                let is_free = |place: &usize| {
                    (is_sure || !has_word(table, *place, "score"))
                        && !scores.contains(place)
                        && traits.iter().all(|(_, taken)| taken != place)
                };
                numeric.iter().copied().filter(is_free).find(|place| has_word(table, *place, word))
            })
        {
            traits.push((of, place));
        }
    }
    traits.sort_by_key(|(of, _)| *of as usize);
    if scores.is_empty() {
        let is_free = |place: &usize| traits.iter().all(|(_, taken)| taken != place);
        let is_score = |place: &usize| SCORES.split_whitespace().any(|word| has_word(table, *place, word));
        scores = numeric.iter().copied().filter(is_free).filter(is_score).collect();
    }
    let columns = table.columns.join(", ");
    if scores.is_empty() {
        anyhow::bail!(
            "{name}:1: no column with scores is known by its name; say which with --score: {columns}"
        );
    }
    if traits.is_empty() && arguments.data.is_none() {
        anyhow::bail!(
            "{name}:1: no column is known by its name as coverage, density or diversity; say which with --coverage, \
             --density, --diversity: {columns}"
        );
    }
    let is_used = |place: &usize| scores.contains(place) || traits.iter().any(|(_, taken)| taken == place);
    let unused = numeric.iter().filter(|place| !is_used(place));
    let unused = unused.filter_map(|place| table.columns.get(*place).cloned()).collect();
    let scores: anyhow::Result<Vec<Numbers>> =
        scores.iter().map(|place| numbers(name, table, *place)).collect();
    let traits: anyhow::Result<Vec<(Trait, Numbers)>> =
        traits.iter().map(|(of, place)| Ok((*of, numbers(name, table, *place)?))).collect();
    let mut taken =
        Taken { labels: labels(table), scores: scores?, traits: traits?, unused, measured: Vec::new() };
    if let Some(column) = &arguments.data {
        taken.measured = measured(name, table, place_of(column)?, &taken.labels, arguments, common)?;
        for (of, called, figure) in MEASURED {
            if taken.traits.iter().all(|(known, _)| *known != of) {
                let values = taken.measured.iter().map(|mixture| figure(mixture).unwrap_or(f64::NAN));
                taken.traits.push((of, Numbers { name: called.to_owned(), values: values.collect() }));
            }
        }
        taken.traits.sort_by_key(|(of, _)| *of as usize);
    }
    Ok(taken)
}

/// Measures the data sets that are named in a column, which are looked for from the folder of the table.
fn measured(
    name: &str,
    table: &Table,
    place: usize,
    labels: &[String],
    arguments: &arguments::Correlate,
    common: &Common,
) -> anyhow::Result<Vec<MixtureFigures>> {
    let folder = arguments.table.parent().map(Path::to_owned).unwrap_or_default();
    let mut sets = Vec::new();
    // All are opened before the first is read, so that a mistyped path is told at once.
    for (line, cell) in cells(table, place) {
        let Some(cell) = cell else { anyhow::bail!("{name}:{line}: no path of a data set") };
        let paths = cell.split(';').map(str::trim).filter(|path| !path.is_empty());
        let open = |path| opened(&folder.join(path), common).with_context(|| format!("{name}:{line}"));
        sets.push(paths.map(open).collect::<anyhow::Result<Vec<_>>>()?);
    }
    let mut gathered = Vec::new();
    for (sets, label) in sets.iter().zip(labels) {
        let mixture = Mutex::new(Gathered::default());
        for (place, dataset) in sets.iter().enumerate() {
            gather_into(&mixture, dataset, place as u64, u64::MAX)?;
        }
        let mixture = mixture.into_inner().unwrap_or_else(PoisonError::into_inner);
        say(&format!("measured {}: {}", one_line(label), counted(mixture.form().samples(), "sample")));
        gathered.push(mixture);
    }
    Ok(mixtures(gathered))
}

/// Whether a name of a column has a word in it. Of short ones only where a word begins, as `acc` in `val_acc`
/// and not in `vacc`; `textvqa` is a VQA all the same.
fn has_word(table: &Table, place: usize, word: &str) -> bool {
    let name = table.columns.get(place).map(|name| name.to_lowercase()).unwrap_or_default();
    name.match_indices(word).any(|(at, _)| {
        let before = name.get(..at).and_then(|before| before.chars().next_back());
        word.len() > 3 || word.ends_with("qa") || before.is_none_or(|before| !before.is_ascii_lowercase())
    })
}

/// The names of the mixtures: the first column that is no number, else their lines.
fn labels(table: &Table) -> Vec<String> {
    let place = (0..table.columns.len()).find(|place| !is_numeric(table, *place));
    let label = |row: &crate::dataset::TableRow| {
        let cell = place.and_then(|place| row.cells.get(place)).cloned().flatten();
        cell.unwrap_or_else(|| format!("line {}", row.line))
    };
    table.rows.iter().map(label).collect()
}

fn cells(table: &Table, place: usize) -> impl Iterator<Item = (u64, Option<&str>)> {
    table.rows.iter().map(move |row| (row.line, row.cells.get(place).and_then(Option::as_deref)))
}

/// Whether a column has numbers: more of its cells are some than are not.
fn is_numeric(table: &Table, place: usize) -> bool {
    let known = || cells(table, place).filter_map(|(_, cell)| cell).filter(|cell| !is_unknown(cell));
    let numbers = known().filter(|cell| number(cell).is_some()).count();
    numbers > 0 && 2 * numbers > known().count()
}

fn is_unknown(cell: &str) -> bool {
    UNKNOWN.iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// `63.1`, `63.1 %`, `1,234`
fn number(cell: &str) -> Option<f64> {
    let bare = cell.trim_end_matches('%').trim();
    let parsed = bare.parse().ok().or_else(|| without_thousands(bare)?.parse().ok());
    parsed.filter(|number: &f64| number.is_finite())
}

/// A number without the commas between its thousands; none where they are something else.
fn without_thousands(text: &str) -> Option<String> {
    let whole = text.split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    let is_first = groups.next().is_some_and(|first| (1..=4).contains(&first.len()));
    (is_first && groups.all(|group| group.len() == 3)).then(|| text.replace(',', ""))
}

fn numbers(name: &str, table: &Table, place: usize) -> anyhow::Result<Numbers> {
    let column = table.columns.get(place).cloned().unwrap_or_default();
    let mut values = Vec::with_capacity(table.rows.len());
    for (line, cell) in cells(table, place) {
        values.push(match cell.filter(|cell| !is_unknown(cell)) {
            None => f64::NAN,
            Some(cell) => number(cell).ok_or_else(|| {
                anyhow::anyhow!("{name}:{line}: `{cell}` in the column `{column}` is no number")
            })?,
        });
    }
    Ok(Numbers { name: column, values })
}

fn outcome<'a>(score: &'a Numbers, traits: &'a [(Trait, Numbers)], seed: u64) -> Outcome<'a> {
    let plain =
        traits.iter().map(|(of, numbers)| (*of, numbers, correlate(&numbers.values, &score.values, seed)));
    let mut partial = Vec::new();
    for (of, numbers) in traits {
        for (given, others) in traits.iter().filter(|(given, _)| of.given().contains(given)) {
            let found = correlate_given(&numbers.values, &score.values, &others.values, seed);
            partial.push((*of, *given, found));
        }
    }
    Outcome { score, plain: plain.collect(), partial }
}

/// What has to be said so that nobody reads too much into the figures.
fn warnings(taken: &Taken, outcomes: &[Outcome<'_>]) -> Vec<String> {
    let mut found = Vec::new();
    let plain = || outcomes.iter().flat_map(|outcome| outcome.plain.iter());
    let least = plain().map(|(_, _, found)| found.n).min().unwrap_or_default();
    let is_point = |interval: [f64; 2]| {
        interval.first().map(|low| low.to_bits()) == interval.last().map(|high| high.to_bits())
    };
    if plain().any(|(_, _, found)| found.interval.is_some_and(is_point)) {
        found.push(
            "an interval without width says that all draws agree, not that the correlation is sure"
                .to_owned(),
        );
    }
    if least < FEW {
        found.push(format!(
            "only {}: an interval from so few mixtures says little, and a single one of them can turn it",
            counted(least as u64, "mixture")
        ));
    }
    let columns = taken.scores.iter().chain(taken.traits.iter().map(|(_, numbers)| numbers));
    for numbers in columns {
        let known: Vec<f64> = numbers.values.iter().copied().filter(|value| value.is_finite()).collect();
        if known.is_empty() {
            found.push(format!("`{}` has no number at all", one_line(&numbers.name)));
        } else if is_constant(&known) {
            found.push(format!(
                "`{}` is the same in all mixtures: nothing can go with it",
                one_line(&numbers.name)
            ));
        }
        let missing = numbers.values.len() - known.len();
        if missing > 0 && !known.is_empty() {
            let without = counted(missing as u64, "mixture");
            found.push(format!(
                "`{}` is not known of {without}, left out where it counts",
                one_line(&numbers.name)
            ));
        }
    }
    if let Some(first) = outcomes.first() {
        for (of, given, partial) in first.partial.iter().filter(|(of, ..)| *of != Trait::Diversity) {
            if let Some(between) = partial.between.filter(|between| between.abs() >= INSEPARABLE) {
                found.push(format!(
                    "{} and {} go together (ρ {between:.2}): this table cannot tell which of them counts",
                    of.name(),
                    given.name()
                ));
            }
        }
    }
    let tests = plain().filter(|(_, _, found)| found.p.is_some()).count();
    if tests > 3 {
        found.push(format!("{tests} correlations were looked at: by chance one in 20 has a p below .05"));
    }
    found
}

fn json_of(name: &str, taken: &Taken, outcomes: &[Outcome<'_>], seed: u64) -> Json {
    let of_traits = taken.traits.iter().map(|(of, numbers)| (of.name().to_owned(), json!(numbers.name)));
    let scores = outcomes.iter().map(|outcome| {
        let plain = outcome.plain.iter().map(|(of, _, found)| (of.name().to_owned(), json!(found)));
        let partial = outcome
            .partial
            .iter()
            .map(|(of, given, found)| (format!("{}_given_{}", of.name(), given.name()), json!(found)));
        let of_score = json!({
            "score": outcome.score.name,
            "correlations": plain.collect::<Map<_, _>>(),
            "partial": partial.collect::<Map<_, _>>(),
        });
        of_score
    });
    let measured = taken.labels.iter().zip(&taken.measured);
    let measured: Vec<Json> =
        measured.map(|(label, figures)| json!({ "mixture": label, "figures": figures })).collect();
    json!({
        "table": name,
        "mixtures": taken.labels.len(),
        "columns": {
            "scores": taken.scores.iter().map(|score| &score.name).collect::<Vec<_>>(),
            "traits": of_traits.collect::<Map<_, _>>(),
            "unused": taken.unused,
        },
        "measured": measured,
        "draws": DRAWS,
        "seed": seed,
        "scores": scores.collect::<Vec<_>>(),
        "warnings": warnings(taken, outcomes),
    })
}

fn write(
    name: &str,
    taken: &Taken,
    outcomes: &[Outcome<'_>],
    arguments: &arguments::Correlate,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let signs = Signs::of_terminal();
    writeln!(out, "{}  {}", one_line(name), counted(taken.labels.len() as u64, "mixture"))?;
    let listed = |names: &mut dyn Iterator<Item = &String>| {
        names.map(|name| one_line(name)).collect::<Vec<_>>().join(", ")
    };
    writeln!(out, "scores: {}", listed(&mut taken.scores.iter().map(|score| &score.name)))?;
    for (of, numbers) in &taken.traits {
        writeln!(out, "{}: {}", of.name(), one_line(&numbers.name))?;
    }
    if !taken.unused.is_empty() {
        writeln!(out, "not used: {}", listed(&mut taken.unused.iter()))?;
    }
    if !taken.measured.is_empty() {
        let objects = "objects at equal size";
        writeln!(
            out,
            "\n{:<34}{:>10}{objects:>24}{:>14}{:>18}",
            "measured", "samples", "median bits", "effective tasks"
        )?;
        for (label, found) in taken.labels.iter().zip(&taken.measured) {
            let of = |figure: Option<f64>| figure.map_or_else(|| "-".to_owned(), short);
            writeln!(
                out,
                "  {:<32}{:>10}{:>24}{:>14}{:>18}",
                one_line(label),
                grouped(found.samples),
                short(found.coverage),
                of(found.density),
                of(found.diversity)
            )?;
        }
    }
    for outcome in outcomes {
        write_outcome(outcome, &signs, out)?;
    }
    writeln!(
        out,
        "\n{}: Spearman's rank correlation. Interval: the middle 95 % of {} draws of mixtures with replacement.\n\
         p: share of the orders of the mixtures with as large a {}. Given: at equal ranks of the other.\n\
         A correlation over mixtures is no cause: what else differs between them is not in the table.",
        signs.rho,
        grouped(u64::from(DRAWS)),
        signs.rho
    )?;
    for warning in warnings(taken, outcomes) {
        let warning = warning.replace('ρ', signs.rho);
        writeln!(out, "Warning: {warning}.")?;
    }
    if arguments.no_plot { Ok(()) } else { plots(taken, outcomes, &signs, out) }
}

fn write_outcome(outcome: &Outcome<'_>, signs: &Signs, out: &mut impl Write) -> std::io::Result<()> {
    let title = format!("score {}", one_line(&outcome.score.name));
    writeln!(out, "\n{title:<34}{:>5}{:>8}{:>18}{:>8}", "n", signs.rho, "95 % interval", "p")?;
    let signed = |rho: Option<f64>| rho.map_or_else(|| "-".to_owned(), |rho| format!("{rho:+.2}"));
    let interval = |found: Option<[f64; 2]>| {
        let show = |[low, high]: [f64; 2]| format!("{low:+.2} {} {high:+.2}", signs.to);
        found.map_or_else(|| "-".to_owned(), show)
    };
    for (of, numbers, found) in &outcome.plain {
        let name = format!("{} ({})", of.name(), one_line(&numbers.name));
        let p = found
            .p
            .map_or_else(|| "-".to_owned(), |p| if p < 0.0005 { "<.001".into() } else { format!("{p:.3}") });
        let how = if found.is_exact && found.p.is_some() { "  exact" } else { "" };
        writeln!(
            out,
            "  {name:<32}{:>5}{:>8}{:>18}{p:>8}{how}",
            found.n,
            signed(found.rho),
            interval(found.interval)
        )?;
    }
    for (of, given, found) in &outcome.partial {
        let name = format!("{} given {}", of.name(), given.name());
        writeln!(out, "  {name:<32}{:>5}{:>8}{:>18}", found.n, signed(found.rho), interval(found.interval))?;
    }
    Ok(())
}

fn plots(
    taken: &Taken,
    outcomes: &[Outcome<'_>],
    signs: &Signs,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let has_letters = taken.labels.len() <= MOST_LETTERS;
    if has_letters {
        writeln!(out)?;
        for (place, label) in taken.labels.iter().enumerate() {
            writeln!(out, "{}  {}", letter(place), one_line(label))?;
        }
    }
    for outcome in outcomes {
        for (_, numbers, _) in &outcome.plain {
            // A letter is that of its mixture, so a mixture without a value keeps its place.
            let all = numbers.values.iter().copied().zip(outcome.score.values.iter().copied());
            let points: Vec<(f64, f64)> = all.collect();
            let (across, upwards) = (one_line(&numbers.name), one_line(&outcome.score.name));
            writeln!(out)?;
            for line in
                (Scatter { points: &points, across: &across, upwards: &upwards, is_utf8: signs.is_utf8 })
                    .lines()
            {
                writeln!(out, "{line}")?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (cell, expected) in [
            ("63.1", Some(63.1)),
            ("63.1 %", Some(63.1)),
            ("-2e-3", Some(-0.002)),
            ("1,234", Some(1234.0)),
            ("1,234,567.5", Some(1_234_567.5)),
            ("3,5", None),
            ("", None),
            ("inf", None),
            ("abc", None),
        ] {
            assert_eq!(number(cell), expected, "{cell}");
        }
    }

    #[test]
    fn columns_are_known_by_their_names() {
        let table = Table::parse(
            "t",
            "mixture,params,task_a_score,semantic_coverage,n_tasks,bits_per_word,MMMU (val),coverage_old,face\n\
             a,1,2,2,3,4,5,6,7\n",
        )
        .unwrap();
        let arguments = arguments::Correlate {
            table: "t".into(),
            score: Vec::new(),
            coverage: None,
            density: None,
            diversity: None,
            data: None,
            seed: 7,
            no_plot: true,
            json: false,
        };
        let common = Common {
            index_dir: None,
            map: Vec::new(),
            graphics: None,
            graphics_asked: false,
            probe_timeout: None,
            timings: None,
            graphics_budget: None,
            fetch_urls: false,
        };
        let found = taken("t", &table, &arguments, &common).unwrap();
        assert_eq!(found.labels, ["a"]);
        assert_eq!(
            found.scores.iter().map(|score| score.name.as_str()).collect::<Vec<_>>(),
            ["task_a_score", "MMMU (val)"]
        );
        let traits: Vec<_> = found.traits.iter().map(|(of, numbers)| (*of, numbers.name.as_str())).collect();
        assert_eq!(
            traits,
            [
                (Trait::Coverage, "semantic_coverage"),
                (Trait::Density, "bits_per_word"),
                (Trait::Diversity, "n_tasks")
            ]
        );
        assert_eq!(found.unused, ["params", "coverage_old", "face"]);
    }
}
