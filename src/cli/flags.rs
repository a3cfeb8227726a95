//! `capscope flags`: the samples that carry too little knowledge, and why.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Value as Json, json};

use super::arguments::{self, Common};
use super::output::{complain, counted, grouped, one_line, short, stdout};
use super::survey::{each_analysis, settled, survey};
use super::{code, record};
use crate::measure::{Flag, FlagId, FlagTable, Norms};
use crate::query;
use crate::report::worse;
use crate::worker::Opened;

/// Samples shown for each flag.
const SHOWN: usize = 3;

/// What was found: for each flag the number of samples, and the flagged samples themselves.
#[derive(Default)]
struct Found {
    counts: BTreeMap<&'static str, u64>,
    flagged: u64,
    samples: Vec<Flagged>,
}

/// A sample with flags.
struct Flagged {
    /// Its place in the data set, or among the flagged samples of the index: either puts them in the
    /// data's order.
    place: u64,
    /// Empty where the index has to be asked.
    id: String,
    flags: Vec<Flag>,
}

/// By what flags were decided.
struct Known<'a> {
    norms: &'a Norms<'a>,
    table: &'a FlagTable,
    /// Whether pictures were looked at.
    pictures: bool,
}

/// Finds the id of a flagged sample.
type IdOf<'a> = &'a mut dyn FnMut(&Flagged) -> anyhow::Result<String>;

impl Found {
    fn take(&mut self, sample: Flagged, wanted: Option<FlagId>) {
        self.flagged += 1;
        for flag in &sample.flags {
            *self.counts.entry(flag.id.name()).or_default() += 1;
        }
        if wanted.is_none_or(|wanted| sample.flags.iter().any(|flag| flag.id == wanted)) {
            self.samples.push(sample);
        }
    }

    fn merge(&mut self, other: Self) {
        self.flagged += other.flagged;
        for (name, count) in other.counts {
            *self.counts.entry(name).or_default() += count;
        }
        self.samples.extend(other.samples);
    }
}

pub(super) fn run(arguments: &arguments::Flags, common: &Common) -> anyhow::Result<u8> {
    let wanted = arguments.flag.as_deref().map(|name| (name, FlagId::named(name)));
    if let Some((name, None)) = wanted {
        let names: Vec<&str> = FlagId::ALL.iter().map(|flag| flag.name()).collect();
        complain(&format!("there is no flag `{name}`; flags are {}", names.join(", ")));
        return Ok(code::ERROR);
    }
    let wanted = wanted.and_then(|(_, flag)| flag);
    let settings = common.settings()?;
    let mut opened = Opened::new(&arguments.paths, &settings, common.index_dir.as_deref())?;
    opened.refresh()?;
    let table = table(arguments, &opened)?;
    let name = opened.dataset.name();
    let is_of_pictures = wanted.is_some_and(FlagId::is_of_pictures);
    if let Some(snapshot) = settled(&opened, &table)?
        && let Some(norms) = snapshot.norms()
    {
        if is_of_pictures && !snapshot.knows_pictures() {
            complain(query::UNSEEN);
            return Ok(code::ERROR);
        }
        let known = Known { norms: &norms, table: &table, pictures: snapshot.knows_pictures() };
        let mut hits = snapshot.search(&query::parse("flag:* sort:dataset")?)?;
        let (mut found, mut place) = (Found::default(), 0);
        hits.each_figures(|figures| {
            found.take(Flagged { place, id: String::new(), flags: figures.flags }, wanted);
            place += 1;
        })?;
        let mut id_of = |sample: &Flagged| -> anyhow::Result<String> {
            let page = hits.page(sample.place, 1)?;
            Ok(page.rows.first().map(|row| row.id.clone()).unwrap_or_default())
        };
        return print(arguments, name, &found, &known, wanted, &mut id_of);
    }
    if is_of_pictures {
        complain(query::UNSEEN);
        return Ok(code::ERROR);
    }
    let (tally, spreads) = survey(&opened.dataset)?.finish();
    let norms = Norms::new(&tally, spreads);
    let parts = each_analysis(&opened.dataset, Found::default, |found, sample, analysis| {
        let mut columns = analysis.columns();
        columns.settle(&analysis.keys, &analysis.prints, &tally);
        let flags = table.flags(&columns, Some(&norms));
        if !flags.is_empty() {
            found.take(Flagged { place: sample.seq.0, id: sample.id.clone(), flags }, wanted);
        }
    })?;
    let mut found = Found::default();
    for part in parts {
        found.merge(part);
    }
    found.samples.sort_by_key(|sample| sample.place);
    let known = Known { norms: &norms, table: &table, pictures: false };
    print(arguments, name, &found, &known, wanted, &mut |sample| Ok(sample.id.clone()))
}

/// The program's rules, those of the settings over them, those of `--rules` over both.
fn table(arguments: &arguments::Flags, opened: &Opened) -> anyhow::Result<FlagTable> {
    let table = opened.flag_table().map_err(|error| anyhow::anyhow!("capscope.toml: {error}"))?;
    let Some(path) = &arguments.rules else { return Ok(table) };
    let text =
        std::fs::read_to_string(path).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
    table.with(&text).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))
}

fn print(
    arguments: &arguments::Flags,
    name: &str,
    found: &Found,
    known: &Known<'_>,
    wanted: Option<FlagId>,
    id_of: IdOf<'_>,
) -> anyhow::Result<u8> {
    let mut out = stdout();
    if arguments.jsonl {
        for sample in found.samples.iter().take(arguments.limit.unwrap_or(usize::MAX)) {
            record::write(&json!({ "id": id_of(sample)?, "flags": sample.flags }), false, &mut out)?;
        }
    } else if arguments.json {
        record::write(&as_json(name, found, known, wanted, id_of)?, true, &mut out)?;
    } else {
        write(name, found, known, wanted, id_of, &mut out)?;
    }
    out.flush()?;
    Ok(if found.samples.is_empty() { code::NO_MATCH } else { code::OK })
}

/// A flag with the samples that have it.
struct OfFlag<'a> {
    flag: FlagId,
    /// Its rule, as the table has it.
    rule: String,
    samples: u64,
    /// The worst samples with what decided their flag, the worst one first.
    worst: Vec<(&'a Flagged, &'a Flag)>,
}

/// The flags that have a rule, in their order.
fn of_flags<'a>(
    found: &'a Found,
    known: &'a Known<'_>,
    wanted: Option<FlagId>,
) -> impl Iterator<Item = OfFlag<'a>> {
    let Known { norms, table, pictures } = known;
    let is_wanted = move |flag: &FlagId| wanted.is_none_or(|wanted| wanted == *flag);
    FlagId::ALL.iter().copied().filter(is_wanted).filter_map(move |flag| {
        let of_captions = table.rule(norms.profile(), flag).map(ToString::to_string);
        let of_pictures = || table.picture_rule(norms.profile(), flag).filter(|_| *pictures);
        let rule = of_captions.or_else(of_pictures)?;
        let held = |sample: &'a Flagged| Some((sample, sample.flags.iter().find(|held| held.id == flag)?));
        let mut worst: Vec<_> = found.samples.iter().filter_map(held).collect();
        worst.sort_by(|(one, first), (other, second)| worse((first, one.place), (second, other.place)));
        worst.truncate(SHOWN);
        let samples = found.counts.get(flag.name()).copied().unwrap_or_default();
        Some(OfFlag { flag, rule, samples, worst })
    })
}

fn as_json(
    name: &str,
    found: &Found,
    known: &Known<'_>,
    wanted: Option<FlagId>,
    id_of: IdOf<'_>,
) -> anyhow::Result<Json> {
    let mut flags = Vec::new();
    for of_flag in of_flags(found, known, wanted) {
        let mut worst = Vec::new();
        for (sample, held) in of_flag.worst {
            let Flag { column, value, comparison, threshold, percentile, spans, .. } = held;
            worst.push(json!({
                "id": id_of(sample)?,
                "column": column,
                "value": value,
                "comparison": comparison,
                "threshold": threshold,
                "percentile": percentile,
                "spans": spans,
            }));
        }
        flags.push(json!({
            "flag": of_flag.flag.name(),
            "samples": of_flag.samples,
            "rule": of_flag.rule,
            "mend": of_flag.flag.mend(),
            "worst": worst,
        }));
    }
    Ok(json!({
        "dataset": name,
        "samples": known.norms.counts().samples(),
        "flagged": found.flagged,
        "profile": known.norms.profile().name(),
        "flags": flags,
    }))
}

fn write(
    name: &str,
    found: &Found,
    known: &Known<'_>,
    wanted: Option<FlagId>,
    id_of: IdOf<'_>,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let norms = known.norms;
    let samples = norms.counts().samples();
    let share = |count: u64| 100.0 * count as f64 / samples.max(1) as f64;
    writeln!(
        out,
        "{}  {}, {} flagged ({:.1} %), profile {}",
        one_line(name),
        counted(samples, "sample"),
        grouped(found.flagged),
        share(found.flagged),
        norms.profile().name()
    )?;
    for OfFlag { flag, rule, samples: count, worst } in of_flags(found, known, wanted) {
        writeln!(out, "\n{:<16}{:>10}{:>8.1} %   {rule}", flag.name(), grouped(count), share(count))?;
        for (sample, held) in worst {
            writeln!(out, "    {}  {} {}", one_line(&id_of(sample)?), held.column, short(held.value))?;
        }
        if count > 0 {
            writeln!(out, "    {}", flag.mend())?;
        }
    }
    Ok(())
}
