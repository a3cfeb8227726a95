//! `capscope flags`: the samples that carry too little knowledge, and why.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::json;

use super::arguments::{self, Common};
use super::output::{complain, counted, grouped, one_line, stdout};
use super::stats::short;
use super::survey::{each_analysis, survey};
use super::{code, record};
use crate::measure::{Flag, FlagId, FlagTable, Norms};
use crate::worker::Opened;

/// Samples shown for each flag.
const SHOWN: usize = 3;

/// What one thread found: for each flag the number of samples, and the worst of them.
#[derive(Default)]
struct Found {
    counts: BTreeMap<&'static str, u64>,
    flagged: u64,
    samples: Vec<Flagged>,
}

struct Flagged {
    seq: u64,
    id: String,
    flags: Vec<Flag>,
}

pub(super) fn run(arguments: &arguments::Flags, common: &Common) -> anyhow::Result<u8> {
    let wanted = arguments.flag.as_deref().map(|name| (name, FlagId::named(&name.to_uppercase())));
    if let Some((name, None)) = wanted {
        let names: Vec<&str> = FlagId::ALL.iter().map(|flag| flag.name()).collect();
        complain(&format!("there is no flag `{name}`; flags are {}", names.join(", ")));
        return Ok(code::ERROR);
    }
    let wanted = wanted.and_then(|(_, flag)| flag);
    let table = match &arguments.rules {
        None => FlagTable::published().clone(),
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
            let table = FlagTable::published().clone().with(&text);
            table.map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?
        }
    };
    let settings = common.settings()?;
    let mut opened = Opened::new(&arguments.paths, &settings, common.index_dir.as_deref())?;
    opened.refresh()?;
    let (tally, spreads) = survey(&opened.dataset)?.survey.finish();
    let norms = Norms::new(&tally, spreads);
    let parts = each_analysis(&opened.dataset, Found::default, |found, sample, analysis| {
        let mut columns = analysis.columns();
        columns.settle(&analysis.keys, &analysis.prints, &tally);
        let flags = table.flags(&columns, Some(&norms));
        if flags.is_empty() {
            return;
        }
        found.flagged += 1;
        for flag in &flags {
            *found.counts.entry(flag.id.name()).or_default() += 1;
        }
        if wanted.is_none_or(|wanted| flags.iter().any(|flag| flag.id == wanted)) {
            found.samples.push(Flagged { seq: sample.seq.0, id: sample.id.clone(), flags });
        }
    })?;
    let mut whole = Found::default();
    for part in parts {
        whole.flagged += part.flagged;
        for (name, count) in part.counts {
            *whole.counts.entry(name).or_default() += count;
        }
        whole.samples.extend(part.samples);
    }
    whole.samples.sort_by_key(|sample| sample.seq);
    let mut out = stdout();
    if arguments.jsonl {
        for sample in whole.samples.iter().take(arguments.limit.unwrap_or(usize::MAX)) {
            record::write(&json!({ "id": sample.id, "flags": sample.flags }), false, &mut out)?;
        }
    } else {
        write(opened.dataset.name(), &whole, &norms, &table, wanted, &mut out)?;
    }
    out.flush()?;
    Ok(if whole.samples.is_empty() { code::NO_MATCH } else { code::OK })
}

fn write(
    name: &str,
    found: &Found,
    norms: &Norms<'_>,
    table: &FlagTable,
    wanted: Option<FlagId>,
    out: &mut impl Write,
) -> std::io::Result<()> {
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
    for flag in FlagId::ALL.iter().filter(|flag| wanted.is_none_or(|wanted| wanted == **flag)) {
        let Some(rule) = table.rule(norms.profile(), *flag) else { continue };
        let count = found.counts.get(flag.name()).copied().unwrap_or_default();
        writeln!(out, "\n{:<16}{:>10}{:>8.1} %   {rule}", flag.name(), grouped(count), share(count))?;
        let of_flag = found
            .samples
            .iter()
            .filter_map(|sample| Some((sample, sample.flags.iter().find(|held| held.id == *flag)?)));
        let mut worst: Vec<_> = of_flag.collect();
        worst.sort_by(|(one, first), (other, second)| {
            let far = |flag: &Flag| (flag.value - flag.threshold).abs();
            far(second).total_cmp(&far(first)).then(one.seq.cmp(&other.seq))
        });
        for (sample, held) in worst.into_iter().take(SHOWN) {
            writeln!(out, "    {}  {} {}", one_line(&sample.id), held.column, short(held.value))?;
        }
        if count > 0 {
            writeln!(out, "    {}", flag.mend())?;
        }
    }
    Ok(())
}
