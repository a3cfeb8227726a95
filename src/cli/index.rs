//! `capscope index`: builds or refreshes the index, with a progress bar on standard error.

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::arguments::{self, Common};
use super::code;
use super::output::{counted, grouped, say};
use crate::index::{self, Built, Extent, Index, Looked, Pace, Progress, Stage, look_at_pictures};
use crate::measure::FlagId;
use crate::query::{self, Query};
use crate::worker::{Marked, Opened};

/// How often one who waits for another builder looks.
const WAIT: Duration = Duration::from_millis(200);
/// More threads than this wait for the disk.
const MOST_THREADS: usize = 16;

pub(super) fn run(arguments: &arguments::Index, common: &Common) -> anyhow::Result<u8> {
    let settings = common.settings()?;
    let mut opened = Opened::new(&arguments.paths, &settings, common.index_dir.as_deref())?;
    if arguments.rebuild && !opened.home.clear()? {
        anyhow::bail!("another process is building this index");
    }
    let began = Instant::now();
    let extent = if arguments.words { Extent::Words } else { Extent::Whole };
    let Some(index) = complete(&mut opened, extent, !arguments.quiet)? else { return Ok(code::INTERRUPTED) };
    let samples = index.snapshot()?.samples();
    let skipped = index.skipped();
    let took = began.elapsed().as_secs_f64();
    let of_words = if arguments.words { " by their words alone" } else { "" };
    say(&format!(
        "{} indexed{of_words} in {took:.1} s; {}",
        counted(samples, "sample"),
        opened.home.folder().display()
    ));
    if skipped > 0 {
        say(&format!("{} left out; `capscope inspect --skipped` lists them", counted(skipped, "record")));
    }
    if arguments.images { look(&opened, !arguments.quiet) } else { Ok(code::OK) }
}

/// Looks at all pictures and tells what was found.
fn look(opened: &Opened, talk: bool) -> anyhow::Result<u8> {
    let stop = stop_on_interrupt()?;
    let bar = Bar::new(talk);
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let gate =
        || if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let began = Instant::now();
    let looked = look_at_pictures(&opened.home, threads, &gate, &mut |progress, _| bar.show(progress))?;
    bar.clear();
    let counts = match looked {
        Looked::Complete(counts) => counts,
        Looked::Stopped if stop.load(Ordering::Relaxed) => return Ok(code::INTERRUPTED),
        Looked::Stopped => anyhow::bail!("the index was changed by another process; try again"),
        Looked::Elsewhere => {
            anyhow::bail!("another process is looking at these pictures, an open explorer perhaps")
        }
    };
    let took = began.elapsed().as_secs_f64();
    let mut said =
        format!("{}, {} looked at in {took:.1} s", counted(counts.pictures, "picture"), grouped(counts.new));
    if counts.afar > 0 {
        said.push_str(&format!("; {} on the network left alone", grouped(counts.afar)));
    }
    say(&said);
    let table = opened.flag_table().map_err(|error| anyhow::anyhow!("capscope.toml: {error}"))?;
    let index = Index::open(&opened.home)?.context("the index is gone; somebody else removed it")?;
    let found = index.with_flags(table).snapshot()?.flag_counts(FlagId::PICTURES.to_vec())?;
    for (flag, samples) in found {
        let samples = samples.filter(|samples| *samples > 0);
        if let Some(samples) = samples {
            say(&format!("{:<16} {}", flag.name(), counted(samples, "sample")));
        }
    }
    Ok(code::OK)
}

/// How much of an index a query needs.
pub(super) fn extent_for(query: &Query) -> Extent {
    if query::needs_words_alone(query) { Extent::Words } else { Extent::Whole }
}

/// Brings the index up to date and opens it; `None` where Ctrl-C came first.
pub(super) fn complete(opened: &mut Opened, extent: Extent, talk: bool) -> anyhow::Result<Option<Index>> {
    opened.refresh()?;
    let stop = stop_on_interrupt()?;
    let bar = Bar::new(talk);
    loop {
        let built = index::build(&opened.home, &mut opened.dataset, Pace::Steady, extent, &mut |progress| {
            bar.show(progress);
            if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        match built {
            Built::Complete => break,
            Built::Stopped => return Ok(None),
            Built::Elsewhere => {
                if let Some(index) = Index::open(&opened.home)?
                    && let Some(mut progress) = index.progress()
                {
                    progress.stage = Stage::Following;
                    bar.show(&progress);
                }
                std::thread::sleep(WAIT);
                if stop.load(Ordering::Relaxed) {
                    return Ok(None);
                }
            }
        }
    }
    bar.clear();
    let index = Index::open(&opened.home)?.context("the index is gone; somebody else removed it")?;
    Ok(Some(index.with_marks(Arc::new(Marked::of(opened)))))
}

/// Set by the first Ctrl-C; the second ends the program on the spot.
pub(super) fn stop_on_interrupt() -> std::io::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(
            signal,
            i32::from(code::INTERRUPTED),
            Arc::clone(&stop),
        )?;
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(stop)
}

/// A bar where standard error is a terminal, else nothing.
pub(super) struct Bar(Option<ProgressBar>);

impl Bar {
    pub(super) fn new(talk: bool) -> Self {
        if !talk || !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::with_draw_target(Some(1_000), ProgressDrawTarget::stderr_with_hz(10));
        Self(Some(bar))
    }

    fn show(&self, progress: &Progress) {
        self.put(progress.share, &message(progress));
    }

    /// Shows a share, where it is known, and a line.
    pub(super) fn put(&self, share: Option<f64>, message: &str) {
        let Some(bar) = &self.0 else { return };
        let template = if share.is_some() { "{wide_bar} {percent}% {msg}" } else { "{spinner} {msg}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_position((share.unwrap_or_default() * 1_000.0) as u64);
        bar.set_message(message.to_owned());
        bar.tick();
    }

    pub(super) fn clear(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

fn message(progress: &Progress) -> String {
    let stage = match &progress.stage {
        Stage::Looking => "looking".to_owned(),
        Stage::Joining => "bringing rows together".to_owned(),
        Stage::Indexing => format!("{} samples/s", grouped(progress.rate as u64)),
        Stage::Analysing => format!("analysing {} samples/s", grouped(progress.rate as u64)),
        Stage::Settling => "counting what is rare".to_owned(),
        Stage::Following => "another process is building it".to_owned(),
        Stage::Pictures => format!("{} pictures/s", grouped(progress.rate as u64)),
        Stage::Ready => "done".to_owned(),
        Stage::Failed(reason) => reason.clone(),
    };
    match progress.left {
        Some(left) => format!("{stage}, {} s left", left.as_secs()),
        None => stage,
    }
}
