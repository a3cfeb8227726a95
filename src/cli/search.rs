//! `capscope search`: the explorer's query on the command line.

use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;

use super::arguments::{self, Common};
use super::code;
use super::output::{complain, counted, is_colourful, one_line, say, stdout};
use super::{index, record};
use crate::dataset::{Dataset, Item};
use crate::measure::Analyst;
use crate::model::Sample;
use crate::query::{self, Field, Query};
use crate::worker::Opened;

/// Hits printed where nobody said how many and the output is a terminal.
const ON_A_TERMINAL: usize = 20;

pub(super) fn run(arguments: &arguments::Search, common: &Common) -> anyhow::Result<u8> {
    let text = arguments.query.clone();
    let query = match query::parse(&text) {
        Ok(query) => query,
        Err(error) => {
            complain(&format!("{error}\n{text}\n{}^", " ".repeat(error.column.saturating_sub(1))));
            return Ok(code::ERROR);
        }
    };
    let limit = if arguments.all {
        u64::MAX
    } else if let Some(limit) = arguments.limit {
        limit as u64
    } else if std::io::stdout().is_terminal() {
        ON_A_TERMINAL as u64
    } else {
        u64::MAX
    };
    let settings = common.settings()?;
    let paths = [arguments.path.clone()];
    let mut opened = Opened::new(&paths, &settings, common.index_dir.as_deref())?;
    let printer = Printer { arguments, query: &query, colour: is_colourful() };
    let total = if arguments.scan {
        if let Some(span) = query::needs_data_set(&query) {
            let message = "a plain scan sees one sample at a time, and this needs all of them";
            complain(&format!("column {}: {message}", query::column(&text, span.start)));
            return Ok(code::ERROR);
        }
        opened.refresh()?;
        scan(&opened, &printer, limit)?
    } else {
        let Some(index) = index::complete(&mut opened, index::extent_for(&query), true)? else {
            return Ok(code::INTERRUPTED);
        };
        let table = opened.flag_table().map_err(|error| anyhow::anyhow!("capscope.toml: {error}"))?;
        let mut hits = match index.with_flags(table).snapshot()?.search(&query) {
            Err(crate::index::IndexError::Query { span, message }) => {
                complain(&format!("column {}: {message}", query::column(&text, span.start)));
                return Ok(code::ERROR);
            }
            other => other?,
        };
        let total = hits.total();
        if !arguments.count {
            print_hits(&mut hits, &printer, limit.min(total))?;
        }
        total
    };
    if arguments.count {
        let mut out = stdout();
        writeln!(out, "{total}")?;
        out.flush()?;
    } else if total > limit {
        say(&format!(
            "{} of {} not shown; --all shows them",
            grouped_rest(total, limit),
            counted(total, "hit")
        ));
    }
    Ok(if total == 0 { code::NO_MATCH } else { code::OK })
}

fn grouped_rest(total: u64, limit: u64) -> String {
    super::output::grouped(total - limit)
}

fn print_hits(hits: &mut crate::index::Hits, printer: &Printer<'_>, limit: u64) -> anyhow::Result<()> {
    let mut out = stdout();
    let mut analyst = printer.arguments.jsonl.then(Analyst::new);
    let mut left = limit;
    if left > 0 {
        hits.each(left, |mut sample| {
            if let Some(analyst) = &mut analyst {
                analyst.measure(&mut sample);
            }
            printer.print(&mut out, &sample)?;
            left -= 1;
            Ok(if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })??;
    }
    Ok(out.flush()?)
}

/// Reads the whole data set and tests every sample. Returns the number of hits.
fn scan(opened: &Opened, printer: &Printer<'_>, limit: u64) -> anyhow::Result<u64> {
    let mut out = stdout();
    let mut analyst = (printer.arguments.jsonl || query::asks_for_facts(printer.query)).then(Analyst::new);
    let mut total = 0_u64;
    let mut outcome = Ok(());
    each_sample(&opened.dataset, &mut |mut sample| {
        if let Some(analyst) = &mut analyst {
            analyst.measure(&mut sample);
        }
        if query::matches(printer.query, &sample) {
            total += 1;
            if total <= limit && !printer.arguments.count {
                outcome = printer.print(&mut out, &sample);
            }
        }
        if outcome.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    outcome?;
    out.flush()?;
    Ok(total)
}

/// Reads a data set from end to end, without an index.
pub(super) fn each_sample(
    dataset: &Dataset,
    take: &mut dyn FnMut(Sample) -> ControlFlow<()>,
) -> std::io::Result<()> {
    each_item(dataset, &mut |item| match item {
        Item::Sample(sample) => take(*sample),
        _ => ControlFlow::Continue(()),
    })
}

/// Reads a data set from end to end: samples, and what is left out.
pub(super) fn each_item(
    dataset: &Dataset,
    take: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> std::io::Result<()> {
    if dataset.is_joined() {
        let scratch = Scratch::new()?;
        let _ = dataset.read_joined(&scratch.0, take)?;
        return Ok(());
    }
    for shard in 0..dataset.shards().len() {
        if dataset.read(shard, 0, take).is_break() {
            break;
        }
    }
    Ok(())
}

/// A folder of our own that goes away again.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn new() -> std::io::Result<Self> {
        let folder = std::env::temp_dir().join(format!("capscope-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays behind is in the folder for such things.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

struct Printer<'a> {
    arguments: &'a arguments::Search,
    query: &'a Query,
    colour: bool,
}

impl Printer<'_> {
    fn print(&self, out: &mut impl Write, sample: &Sample) -> std::io::Result<()> {
        if self.arguments.jsonl {
            return record::write(&record::of(sample), false, out);
        }
        if self.arguments.ids {
            return writeln!(out, "{}", one_line(&sample.id));
        }
        let caption = sample.headline().map_or("", |caption| caption.text.as_str());
        if self.colour {
            writeln!(out, "\u{1b}[36m{}\u{1b}[0m\t{}", one_line(&sample.id), self.lit(caption))
        } else {
            writeln!(out, "{}\t{}", one_line(&sample.id), one_line(caption))
        }
    }

    /// The caption with its hits in bold.
    fn lit(&self, caption: &str) -> String {
        let mut text = String::new();
        let mut from = 0;
        for span in query::highlight(self.query, caption, &Field::Caption) {
            let (before, hit) = (caption.get(from..span.start), caption.get(span.clone()));
            text.push_str(&one_line_kept(before.unwrap_or_default()));
            text.push_str("\u{1b}[1;33m");
            text.push_str(&one_line_kept(hit.unwrap_or_default()));
            text.push_str("\u{1b}[0m");
            from = span.end;
        }
        text.push_str(&one_line_kept(caption.get(from..).unwrap_or_default()));
        text
    }
}

/// Safe, on one line, with the spaces at its ends kept.
fn one_line_kept(text: &str) -> String {
    crate::ui::safe(&text.replace(['\n', '\r', '\t'], " ")).into_owned()
}
