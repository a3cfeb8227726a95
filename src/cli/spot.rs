//! `capscope spot`: how many samples are wrong, by looking at a few.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::Path;

use serde_json::json;

use super::arguments::{self, Common};
use super::explore::{self, SpotStart, Wanted};
use super::output::{counted, grouped, one_line, say, stdout};
use super::spot_report::print_report;
use super::{code, index};
use crate::dataset::{Table, read_text, shown_name};
use crate::export::record;
use crate::index::Extent;
use crate::query;
use crate::report::SpotFigures;
use crate::spot::{Queued, REASONS, Verdict, needed, reasons, report};
use crate::worker::{
    OpenSpot, Opened, SPOT_NAME, SPOT_SEED, SPOT_SIZE, SPOT_STRATA, draw_spot, open_workspace, spot_stand,
};
use crate::workspace::{NewRuling, SpotCheck, Workspace};

/// Steps of all commands are taken back in one row.
const SESSION: &str = "command line";

pub(super) fn run(arguments: &arguments::Spot, common: &Common) -> anyhow::Result<u8> {
    let settings = common.settings()?;
    let mut opened = Opened::new(&arguments.paths, &settings, common.index_dir.as_deref())?;
    opened.refresh()?;
    let mut workspace = open_workspace(&opened, SESSION)?;
    if arguments.list {
        return list(&workspace);
    }
    let known = workspace.spot_checks()?;
    let name = arguments.name.as_deref().unwrap_or(SPOT_NAME);
    let found = known.into_iter().find(|check| check.name == name);
    let is_only_told = arguments.report || arguments.export_verdicts || arguments.verdicts.is_some();
    let check = match found {
        None if is_only_told => {
            anyhow::bail!("there is no spot-check `{}`; --list tells which there are", one_line(name))
        }
        None => Some(planned(arguments, name)?),
        Some(found) => resumed(arguments, &found)?,
    };
    if let Some(mut check) = check {
        let Some(index) = index::complete(&mut opened, Extent::Whole, true)? else {
            return Ok(code::INTERRUPTED);
        };
        let table = opened.flag_table().map_err(|error| anyhow::anyhow!("capscope.toml: {error}"))?;
        let snapshot = index.with_flags(table).snapshot()?;
        let queue = draw_spot(&snapshot, &mut check).map_err(|error| anyhow::anyhow!("{error}"))?;
        if queue.is_empty() {
            say("no sample answers the query");
            return Ok(code::NO_MATCH);
        }
        workspace.begin_spot(&check, &queue)?;
        say_drawn(&check, queue.len() as u64);
    }
    let stand = spot_stand(&workspace, Some(name))?;
    let Some(mut open) = stand.open.filter(|open| open.check.name == name) else {
        anyhow::bail!("the spot-check is gone; somebody else removed it")
    };
    if let Some(text) = &arguments.reasons {
        let given = reasons(text).map_err(|error| anyhow::anyhow!("--reasons: {error}"))?;
        if given != open.check.reasons {
            workspace.set_reasons(open.check.number, &given)?;
            open.check.reasons = given;
        }
    }
    let rater = rater(arguments.rater.as_deref());
    if let Some(path) = &arguments.verdicts {
        take_in(&mut workspace, &open, &rater, path)?;
        open.rulings = workspace.rulings(open.check.number)?;
    }
    if arguments.report {
        let told = report(
            &open.check.strata,
            &open.queue,
            &open.rulings,
            arguments.rater.as_deref(),
            arguments.margin.or(open.check.margin),
        );
        let mut out = stdout();
        if arguments.json {
            record::write(&SpotFigures::of(&open.check, &told), true, &mut out)?;
        } else {
            print_report(&open.check, &told, arguments.rater.as_deref(), &mut out)?;
        }
        out.flush()?;
        return Ok(code::OK);
    }
    if arguments.export_verdicts {
        return export(&open, arguments.rater.as_deref());
    }
    if arguments.ids {
        let mut out = stdout();
        for sample in &open.queue {
            writeln!(out, "{}", one_line(&sample.id))?;
        }
        out.flush()?;
        return Ok(code::OK);
    }
    if arguments.no_open || arguments.verdicts.is_some() {
        return Ok(code::OK);
    }
    drop(workspace);
    let start = SpotStart { rater, open: Some(open.check.name) };
    let wanted = Wanted { query: Some(&open.check.query), mouse: true, print: None };
    explore::explore(&arguments.paths, &wanted, start, common)
}

/// Who judges: as said, else the user of the system.
pub(super) fn rater(given: Option<&str>) -> String {
    let of_system = || std::env::var("USER").ok().filter(|name| !name.trim().is_empty());
    given.map(str::to_owned).or_else(of_system).unwrap_or_else(|| "rater".to_owned())
}

fn wanted(arguments: &arguments::Spot) -> u64 {
    // As many as the margin needs, whatever the rate turns out to be.
    arguments
        .n
        .unwrap_or_else(|| arguments.margin.map_or(SPOT_SIZE, |margin| needed(0.5, margin, 1.0, u64::MAX)))
}

fn planned(arguments: &arguments::Spot, name: &str) -> anyhow::Result<SpotCheck> {
    let given = match &arguments.reasons {
        Some(text) => reasons(text).map_err(|error| anyhow::anyhow!("--reasons: {error}"))?,
        None => REASONS.map(str::to_owned).to_vec(),
    };
    arguments::check_name("--name", name)?;
    let text = arguments.query.clone().unwrap_or_default();
    query::parse(&text).map_err(|error| anyhow::anyhow!("--query, column {}: {error}", error.column))?;
    Ok(SpotCheck {
        name: name.to_owned(),
        seed: arguments.seed.unwrap_or(SPOT_SEED),
        wanted: wanted(arguments),
        query: text,
        stratify: arguments.stratify.clone().unwrap_or_else(|| SPOT_STRATA.to_owned()),
        margin: arguments.margin,
        reasons: given,
        ..SpotCheck::default()
    })
}

/// What a spot-check that is there becomes: none where it stays as it is, a larger one where more samples are wanted.
/// Those of the smaller are among them, but for a few at the borders of strata, and verdicts stay.
fn resumed(arguments: &arguments::Spot, found: &SpotCheck) -> anyhow::Result<Option<SpotCheck>> {
    let name = one_line(&found.name);
    let other = |what: &str, is: &str| {
        anyhow::anyhow!("the spot-check `{name}` has {what} {}; --name begins another one", one_line(is))
    };
    if arguments.seed.is_some_and(|seed| seed != found.seed) {
        return Err(other("the seed", &found.seed.to_string()));
    }
    if arguments.query.as_ref().is_some_and(|query| *query != found.query) {
        return Err(other("the query", &format!("`{}`", found.query)));
    }
    if arguments.stratify.as_ref().is_some_and(|by| *by != found.stratify) {
        return Err(other("the strata", &found.stratify));
    }
    let Some(wanted) = arguments.n.filter(|wanted| *wanted != found.wanted) else { return Ok(None) };
    if wanted < found.wanted {
        return Err(other("more samples:", &found.wanted.to_string()));
    }
    Ok(Some(SpotCheck { wanted, margin: arguments.margin.or(found.margin), ..found.clone() }))
}

fn say_drawn(check: &SpotCheck, drawn: u64) {
    let all: u64 = check.strata.iter().map(|stratum| stratum.samples).sum();
    let short = if drawn < check.wanted { "; there are no more" } else { "" };
    say(&format!(
        "{} of {} drawn from {}, seed {}{short}",
        counted(drawn, "sample"),
        grouped(all),
        match check.strata.len() {
            1 => "1 stratum".to_owned(),
            many => format!("{many} strata"),
        },
        check.seed
    ));
}

fn list(workspace: &Workspace) -> anyhow::Result<u8> {
    let checks = workspace.spot_checks()?;
    let mut out = stdout();
    for check in &checks {
        let (queue, rulings) = (workspace.queue(check.number)?, workspace.rulings(check.number)?);
        let drawn: HashSet<u64> = queue.iter().map(|sample| sample.print).collect();
        let judged: HashSet<u64> =
            rulings.iter().map(|ruling| ruling.print).filter(|print| drawn.contains(print)).collect();
        writeln!(
            out,
            "{}\t{} of {} judged\tseed {}\t{}\t{}",
            one_line(&check.name),
            grouped(judged.len() as u64),
            grouped(queue.len() as u64),
            check.seed,
            one_line(&check.stratify),
            one_line(&check.query)
        )?;
    }
    out.flush()?;
    if checks.is_empty() {
        say("no spot-check so far");
        return Ok(code::NO_MATCH);
    }
    Ok(code::OK)
}

/// Takes verdicts in that were made elsewhere: all of them, or none where one is no good.
fn take_in(workspace: &mut Workspace, open: &OpenSpot, rater: &str, path: &Path) -> anyhow::Result<()> {
    let name = shown_name(path);
    let table = Table::parse(&name, &read_text(path)?)?;
    let column = |wanted: &str| table.column(wanted);
    let (Some(id), Some(verdict)) = (column("id"), column("verdict")) else {
        anyhow::bail!("{name}: there is no `id` and `verdict`; fields are {}", table.columns.join(", "))
    };
    let (reason, by) = (column("reason"), column("rater"));
    let known: HashMap<&str, &Queued> =
        open.queue.iter().map(|sample| (sample.id.as_str(), sample)).collect();
    let mut all: HashMap<String, Vec<NewRuling>> = HashMap::new();
    let mut order: Vec<String> = Vec::new();
    for row in &table.rows {
        let cell =
            |place: usize| row.cells.get(place).and_then(Option::as_deref).map(str::trim).unwrap_or_default();
        let at = |what: String| anyhow::anyhow!("{name}:{}: {what}; nothing was taken in", row.line);
        let verdict = Verdict::named(cell(verdict))
            .ok_or_else(|| at(format!("`{}` is none of right, wrong, unsure", one_line(cell(verdict)))))?;
        if !known.contains_key(cell(id)) {
            return Err(at(format!("`{}` is not among the samples of this spot-check", one_line(cell(id)))));
        }
        let reason = reason.map(cell).filter(|reason| !reason.is_empty()).map(str::to_owned);
        if reason.is_some() && verdict != Verdict::Wrong {
            return Err(at("only what is wrong has a reason".to_owned()));
        }
        let by = by.map(cell).filter(|by| !by.is_empty()).unwrap_or(rater).to_owned();
        if !all.contains_key(&by) {
            order.push(by.clone());
        }
        all.entry(by).or_default().push(NewRuling {
            id: cell(id).to_owned(),
            verdict: Some(verdict),
            reason,
        });
    }
    for by in order {
        let rulings = all.remove(&by).unwrap_or_default();
        let step = workspace.judge(open.check.number, &by, &rulings)?;
        say(&format!(
            "{} of {} taken in, {} new or changed",
            counted(rulings.len() as u64, "verdict"),
            one_line(&by),
            grouped(step.changed)
        ));
    }
    Ok(())
}

/// The verdicts as JSON Lines, in the order of the queue.
fn export(open: &OpenSpot, rater: Option<&str>) -> anyhow::Result<u8> {
    let places: HashMap<u64, usize> =
        open.queue.iter().enumerate().map(|(place, sample)| (sample.print, place)).collect();
    let mut rulings: Vec<_> =
        open.rulings.iter().filter(|ruling| rater.is_none_or(|rater| ruling.rater == rater)).collect();
    // Those of samples that a larger queue does not have any more stand at the end.
    rulings.sort_by_key(|ruling| places.get(&ruling.print).copied().unwrap_or(usize::MAX));
    let mut out = stdout();
    for ruling in &rulings {
        let sample = places.get(&ruling.print).and_then(|place| open.queue.get(*place));
        let stratum = sample.and_then(|sample| open.check.strata.get(sample.stratum as usize));
        let told = json!({
            "spot": open.check.name,
            "seed": open.check.seed,
            "id": ruling.id,
            "stratum": stratum.map(|stratum| &stratum.name),
            "rater": ruling.rater,
            "verdict": ruling.verdict.name(),
            "reason": ruling.reason,
            "time": ruling.time,
        });
        record::write(&told, false, &mut out)?;
    }
    out.flush()?;
    Ok(if rulings.is_empty() { code::NO_MATCH } else { code::OK })
}
