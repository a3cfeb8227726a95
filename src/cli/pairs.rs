//! `capscope pairs`: samples that are alike and yet differ.

use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use super::arguments::{self, Common};
use super::index::{self, Bar, stop_on_interrupt};
use super::output::{complain, counted, grouped, one_line, say, stdout};
use super::search::each_sample;
use super::{code, record, self_check};
use crate::index::{Extent, Lookalikes, Snapshot};
use crate::measure::Norms;
use crate::model::Sample;
use crate::pairs::{Decision, Record, Search, Source};
use crate::query;
use crate::worker::{Gathered, Opened, Paired, Pairing, PairingStage, gather, keep_pairs, pair};

/// Pairs printed where nobody said how many and the output is a terminal.
const ON_A_TERMINAL: usize = 20;
/// Pairs in the outcome otherwise.
const MOST: usize = 100_000;

pub(super) fn run(arguments: &arguments::Pairs, common: &Common) -> anyhow::Result<u8> {
    let search = match Search::parse(arguments.find.as_deref().unwrap_or_default()) {
        Ok(search) => search,
        Err(error) => {
            complain(&format!("--find, column {}: {error}", error.span.start + 1));
            return Ok(code::ERROR);
        }
    };
    let settings = common.settings()?;
    let mut opened = Opened::new(&arguments.paths, &settings, common.index_dir.as_deref())?;
    opened.refresh()?;
    let (uses, looks) = (arguments.uses, arguments.looks);
    let mut pairing = Pairing { uses, limit: MOST, looks, ..Pairing::default() };
    pairing.plan.per_sample = arguments.per_sample;
    pairing.plan.candidates = arguments.candidates;
    if arguments.self_check {
        return self_check::run(&opened, &pairing);
    }
    pairing.lookalikes = Arc::new(Lookalikes::read(&opened.home, &opened.dataset)?);
    let stop = stop_on_interrupt()?;
    let progress = Progress::new(!arguments.quiet);
    let watch = |stage: PairingStage| {
        progress.show(stage);
        if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let began = Instant::now();
    let Some((gathered, snapshot)) = read(&mut opened, arguments, &pairing, &watch)? else {
        return Ok(code::INTERRUPTED);
    };
    let read_in = began.elapsed();
    let norms = snapshot.as_ref().and_then(Snapshot::norms);
    let counts = norms.as_ref().map(Norms::counts);
    let paired = pair(gathered, &pairing, Some(opened.home.folder()), counts, &watch)?;
    progress.clear();
    let Some(paired) = paired else {
        say("stopped; the next call goes on from here");
        return Ok(code::INTERRUPTED);
    };
    // The explorer opens with them.
    if arguments.query.is_none() {
        keep_pairs(&opened.home, &opened.dataset, &paired)?;
    }
    let shown = write(&paired, &search, arguments)?;
    let took = began.elapsed().as_secs_f64();
    say(&format!(
        "{} of {}, {} found; {} compared, {} of one picture and {} of one caption left out; {took:.1} s, of which {:.1} s \
         reading",
        counted(paired.list.len() as u64, "pair"),
        counted(paired.samples, "sample"),
        grouped(paired.found),
        grouped(paired.left_out.compared),
        grouped(paired.left_out.pictures),
        grouped(paired.left_out.captions),
        read_in.as_secs_f64(),
    ));
    if paired.unseen > 0 {
        say(&format!(
            "the pictures of {} were not looked at, they may be the same: --looks, or `capscope index --images` once",
            counted(paired.unseen, "pair")
        ));
    }
    Ok(if shown == 0 { code::NO_MATCH } else { code::OK })
}

/// Reads the samples, all or those of a query.
fn read(
    opened: &mut Opened,
    arguments: &arguments::Pairs,
    pairing: &Pairing,
    watch: &(dyn Fn(PairingStage) -> ControlFlow<()> + Sync),
) -> anyhow::Result<Option<(Gathered, Option<Snapshot>)>> {
    let Some(text) = &arguments.query else {
        let dataset = &opened.dataset;
        let gathered = gather(&mut |take| each_sample(dataset, take), pairing, watch)?;
        return Ok(gathered.map(|gathered| (gathered, None)));
    };
    let query =
        query::parse(text).map_err(|error| anyhow::anyhow!("--query, column {}: {error}", error.column))?;
    let Some(index) = index::complete(opened, Extent::Whole, !arguments.quiet)? else { return Ok(None) };
    let table = opened.flag_table().map_err(|error| anyhow::anyhow!("capscope.toml: {error}"))?;
    let snapshot = index.with_flags(table).snapshot()?;
    let mut hits = snapshot.search(&query)?;
    let mut source = |take: &mut dyn FnMut(Sample) -> ControlFlow<()>| -> anyhow::Result<()> {
        let most = hits.total();
        hits.each(most, |sample| Ok(take(sample)))??;
        Ok(())
    };
    Ok(gather(&mut source, pairing, watch)?.map(|gathered| (gathered, Some(snapshot))))
}

fn write(paired: &Paired, search: &Search, arguments: &arguments::Pairs) -> anyhow::Result<u64> {
    let usual = if !arguments.jsonl && std::io::stdout().is_terminal() { ON_A_TERMINAL } else { MOST };
    let limit = arguments.limit.unwrap_or(usual);
    let mut out = stdout();
    let found = paired.list.iter().filter(|pair| search.finds(pair, Decision::Undecided));
    let mut shown = 0;
    for pair in found.take(limit) {
        shown += 1;
        if arguments.jsonl {
            record::write(pair, false, &mut out)?;
        } else {
            write_line(pair, &mut out)?;
        }
    }
    out.flush()?;
    Ok(shown)
}

fn write_line(pair: &Record, out: &mut impl Write) -> std::io::Result<()> {
    let kind = pair.kind.as_deref().unwrap_or("-");
    let source = if pair.source == Source::Supplied { "supplied" } else { "mined" };
    let label = pair.label.as_deref().map(|label| format!(" ({})", one_line(label))).unwrap_or_default();
    writeln!(
        out,
        "{:.3}  {kind:<12} {source:<9}{}  {}{label}\n       {}",
        pair.score,
        one_line(&pair.first.id),
        one_line(&pair.second.id),
        one_line(&pair.sentence()),
    )
}

/// The progress on standard error.
pub(super) struct Progress {
    bar: Mutex<Bar>,
    began: Instant,
    mining: OnceLock<Instant>,
}

impl Progress {
    pub(super) fn new(talk: bool) -> Self {
        Self { bar: Mutex::new(Bar::new(talk)), began: Instant::now(), mining: OnceLock::new() }
    }

    pub(super) fn show(&self, stage: PairingStage) {
        let Ok(bar) = self.bar.lock() else { return };
        match stage {
            PairingStage::Reading(samples) => {
                let rate = samples as f64 / self.began.elapsed().as_secs_f64().max(0.001);
                bar.put(None, &format!("{} read, {} samples/s", grouped(samples), grouped(rate as u64)));
            }
            PairingStage::Mining(done, all) => {
                let share = done as f64 / all.max(1) as f64;
                let began = *self.mining.get_or_init(Instant::now);
                let left = began.elapsed().as_secs_f64() * (1.0 - share) / share.max(1e-6);
                let message =
                    format!("{} of {} samples paired, {left:.0} s left", grouped(done), grouped(all));
                bar.put(Some(share), &message);
            }
            PairingStage::Looking(looked) => {
                bar.put(None, &format!("{} pictures of pairs looked at", grouped(looked)));
            }
        }
    }

    pub(super) fn clear(&self) {
        if let Ok(bar) = self.bar.lock() {
            bar.clear();
        }
    }
}
