//! `capscope export`: samples in files that other programs read.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::arguments::{self, Common};
use super::index::{self, Bar, stop_on_interrupt};
use super::output::{counted, grouped, one_line, say};
use super::search::each_item;
use super::{code, pairs};
use crate::dataset::Item;
use crate::export::{self, Captions, Counts, ExportError, Exported, Format, Options, Origin, Progress};
use crate::index::{Extent, Hits, IndexError, Snapshot};
use crate::query::{self, Query};
use crate::worker::{
    ChosenPair, Marked, Opened, PairChoice, chosen_pairs, each_hit, each_pair, is_apart, origin_of,
};

/// How often the bar moves.
const TICK: Duration = Duration::from_millis(100);

pub(super) fn run(arguments: &arguments::Export, common: &Common) -> anyhow::Result<u8> {
    let options = options(arguments, common)?;
    let text = arguments.query.as_deref();
    let query = text.map(query::parse).transpose();
    let query = query.map_err(|error| anyhow::anyhow!("--query, column {}: {error}", error.column))?;
    let settings = common.settings()?;
    let mut opened = Opened::new(&arguments.paths, &settings, common.index_dir.as_deref())?;
    opened.refresh()?;
    is_apart(&options.to, &opened).map_err(anyhow::Error::msg)?;
    let asks = query.as_ref().is_some_and(query::asks_for_marks);
    let is_marked = asks || arguments.pairs.is_some();
    let origin = origin_of(&opened, text, arguments.pairs, is_marked).map_err(anyhow::Error::msg)?;
    let stop = stop_on_interrupt()?;
    let began = Instant::now();
    let mut work = Work { opened, arguments, options: &options, origin: &origin, stop: &stop, unread: 0 };
    let Some(exported) = work.run(query.as_ref())? else {
        say("stopped; nothing is left behind");
        return Ok(code::INTERRUPTED);
    };
    tell(&exported, work.unread, began.elapsed());
    Ok(if exported.path.is_some() { code::OK } else { code::NO_MATCH })
}

fn options(arguments: &arguments::Export, common: &Common) -> anyhow::Result<Options> {
    let mut options = Options::new(&arguments.to, arguments.format, arguments.images)?;
    options.captions = Captions::named(&arguments.captions);
    options.force = arguments.force;
    options.sync = arguments.sync;
    options.limits.fetch_urls = common.fetch_urls;
    if let Some(size) = arguments.shard_size {
        if options.format != Format::WebDataset || !options.is_folder {
            anyhow::bail!("--shard-size is for archives in a folder: --format webdataset --to FOLDER");
        }
        options.shard = size;
    }
    if arguments.pairs.is_some() && options.format == Format::Kohya {
        anyhow::bail!("a text file stands beside one picture, and a pair has two: another --format");
    }
    Ok(options)
}

/// One call of the command.
struct Work<'a> {
    opened: Opened,
    arguments: &'a arguments::Export,
    options: &'a Options,
    origin: &'a Origin,
    stop: &'a AtomicBool,
    /// Records of the data that could not be read.
    unread: u64,
}

impl Work<'_> {
    fn run(&mut self, query: Option<&Query>) -> anyhow::Result<Option<Exported>> {
        if let Some(choice) = self.arguments.pairs {
            return self.pairs(choice, query);
        }
        match query {
            None => self.all(),
            Some(query) => {
                let Some(snapshot) = self.snapshot()? else { return Ok(None) };
                let mut hits = self.search(&snapshot, query)?;
                self.hits(&mut hits)
            }
        }
    }

    /// The whole data set, read from end to end.
    fn all(&mut self) -> anyhow::Result<Option<Exported>> {
        let marks = Marked::of(&self.opened);
        let unread = Cell::new(0);
        let opened = &self.opened;
        let exported = self.export(None, &mut |take| {
            let mut fault = None;
            each_item(&opened.dataset, &mut |item| match item {
                Item::Sample(mut sample) => match marks.mark_one(&mut sample) {
                    Ok(()) => take(*sample),
                    Err(error) => {
                        fault = Some(error);
                        ControlFlow::Break(())
                    }
                },
                Item::Skipped(_) => {
                    unread.set(unread.get() + 1);
                    ControlFlow::Continue(())
                }
                _ => ControlFlow::Continue(()),
            })?;
            fault.map_or(Ok(()), |fault| Err(anyhow::Error::msg(fault)))
        })?;
        self.unread = unread.get();
        Ok(exported)
    }

    /// The samples that answer a query.
    fn hits(&self, hits: &mut Hits) -> anyhow::Result<Option<Exported>> {
        let marks = Marked::of(&self.opened);
        let total = hits.total();
        self.export(Some(total), &mut |take| each_hit(hits, &marks, take).map_err(anyhow::Error::msg))
    }

    fn pairs(&mut self, choice: PairChoice, query: Option<&Query>) -> anyhow::Result<Option<Exported>> {
        let Some(snapshot) = self.snapshot()? else { return Ok(None) };
        let among = query.map(|query| self.search(&snapshot, query)?.prints().map_err(anyhow::Error::from));
        let among = among.transpose()?;
        let progress = pairs::Progress::new(!self.arguments.quiet);
        let watch = |stage| {
            progress.show(stage);
            self.flow()
        };
        let chosen = chosen_pairs(&self.opened, &snapshot, choice, among.as_ref(), &watch);
        progress.clear();
        let Some(chosen) = chosen.map_err(anyhow::Error::msg)? else { return Ok(None) };
        self.chosen(&snapshot, &chosen)
    }

    fn chosen(&self, snapshot: &Snapshot, chosen: &[ChosenPair]) -> anyhow::Result<Option<Exported>> {
        let marks = Marked::of(&self.opened);
        let mut gone = 0;
        let exported = self.export(Some(chosen.len() as u64), &mut |take| {
            gone = each_pair(snapshot, &marks, chosen, take).map_err(anyhow::Error::msg)?;
            Ok(())
        })?;
        if gone > 0 {
            say(&format!(
                "{} left out: a half of each is not in the data set any more",
                counted(gone, "pair")
            ));
        }
        Ok(exported)
    }

    fn snapshot(&mut self) -> anyhow::Result<Option<Snapshot>> {
        let Some(index) = index::complete(&mut self.opened, Extent::Whole, !self.arguments.quiet)? else {
            return Ok(None);
        };
        let table = self.opened.flag_table().map_err(|error| anyhow::anyhow!("capscope.toml: {error}"))?;
        self.unread = index.skipped();
        Ok(Some(index.with_flags(table).snapshot()?))
    }

    fn search(&self, snapshot: &Snapshot, query: &Query) -> anyhow::Result<Hits> {
        let text = self.arguments.query.as_deref().unwrap_or_default();
        snapshot.search(query).map_err(|error| match error {
            IndexError::Query { span, message } => {
                anyhow::anyhow!("--query, column {}: {message}", query::column(text, span.start))
            }
            other => other.into(),
        })
    }

    fn flow(&self) -> ControlFlow<()> {
        if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn export(
        &self,
        total: Option<u64>,
        read: export::SampleSource<'_, anyhow::Error>,
    ) -> anyhow::Result<Option<Exported>> {
        let bar = Bar::new(!self.arguments.quiet);
        let began = Instant::now();
        let told = Cell::new(began);
        let watch = |progress: Progress| {
            if told.get().elapsed() >= TICK {
                told.set(Instant::now());
                bar.put(share(progress, total), &message(progress, total, began.elapsed()));
            }
            self.flow()
        };
        let exported = export::export(read, self.origin, self.options, &watch);
        bar.clear();
        let wish = |error: anyhow::Error| match error.downcast_ref::<ExportError>() {
            Some(ExportError::File { .. }) => error.context("the export failed, and nothing is left of it"),
            _ => error,
        };
        exported.map_err(wish)
    }
}

fn share(progress: Progress, total: Option<u64>) -> Option<f64> {
    total.map(|total| progress.samples as f64 / total.max(1) as f64)
}

fn message(progress: Progress, total: Option<u64>, took: Duration) -> String {
    let seconds = took.as_secs_f64().max(0.001);
    let rate = progress.samples as f64 / seconds;
    let of = total.map(|total| format!(" of {}", grouped(total))).unwrap_or_default();
    let left = total.filter(|_| rate > 0.0).map(|total| {
        let left = total.saturating_sub(progress.samples) as f64 / rate;
        format!(", {left:.0} s left")
    });
    format!(
        "{}{of} samples, {}/s, {:.0} MB/s{}",
        grouped(progress.samples),
        grouped(rate as u64),
        progress.picture_bytes as f64 / 1e6 / seconds,
        left.unwrap_or_default()
    )
}

fn tell(exported: &Exported, unread: u64, took: Duration) {
    let Exported { path, counts, skipped, faults, list, removed } = exported;
    for path in removed {
        say(&format!("removed what an export that died had left: {}", one_line(&path.display().to_string())));
    }
    let Counts { samples, pictures, picture_bytes, samples_left_out, pictures_left_out, .. } = *counts;
    if let Some(path) = path {
        let bytes =
            if pictures > 0 { format!(" of {:.1} MB", picture_bytes as f64 / 1e6) } else { String::new() };
        say(&format!(
            "{}, {}{bytes} exported in {:.1} s; {}",
            counted(samples, "sample"),
            counted(pictures, "picture"),
            took.as_secs_f64(),
            one_line(&path.display().to_string())
        ));
    } else {
        say("nothing to export, so nothing is written");
    }
    if samples_left_out + pictures_left_out > 0 {
        let whole = list.as_ref().map(|list| format!("; all in {}", one_line(&list.display().to_string())));
        say(&format!(
            "{} left out, {} could not be had{}",
            counted(samples_left_out, "sample"),
            counted(pictures_left_out, "picture"),
            whole.unwrap_or_default()
        ));
        for skipped in skipped {
            let picture = skipped.picture.as_ref().map(|picture| format!("{picture}: ")).unwrap_or_default();
            say(&format!(
                "  {} ({}): {}",
                one_line(&skipped.id),
                skipped.sample,
                one_line(&format!("{picture}{}", skipped.reason))
            ));
        }
        let told = skipped.len() as u64;
        if *faults > told {
            say(&format!("  … {} more", grouped(*faults - told)));
        }
    }
    if counts.texts_changed > 0 {
        say(&format!(
            "{} had `<image>` in them, which stands for a picture there; it is [image] now",
            counted(counts.texts_changed, "text")
        ));
    }
    if counts.captions_left_out > 0 {
        say(&format!(
            "{} in no text, since they are alt texts, of regions or wrong on purpose, or not asked for",
            counted(counts.captions_left_out, "caption")
        ));
    }
    if unread > 0 {
        say(&format!(
            "{} of the data could not be read; `capscope inspect --skipped` lists them",
            counted(unread, "record")
        ));
    }
}
