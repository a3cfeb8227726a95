//! `capscope report`: a page about a data set for colleagues, its figures as JSON, and a gate over them.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use anyhow::Context;

use super::arguments::{self, Common};
use super::index::{self, Bar, stop_on_interrupt};
use super::output::{complain, counted, grouped, say, stdout};
use super::{code, compare};
use crate::export::record;
use crate::index::{Extent, IndexError};
use crate::media::Limits;
use crate::query;
use crate::report::{
    Compared, Condition, Provenance, Report, ReportError, Stage, Verdict, Wish, gather, judged, now, page,
};
use crate::worker::Opened;

/// Examples of each sort in a comparison.
const EXAMPLES: usize = 12;

pub(super) fn run(arguments: &arguments::Report, common: &Common) -> anyhow::Result<u8> {
    let text = arguments.query.as_deref().unwrap_or_default();
    // What is mistyped is told before anything is read.
    let conditions = conditions(&arguments.fail_if)?;
    query::parse(text).map_err(|error| anyhow::anyhow!("--query, column {}: {error}", error.column))?;
    let target = Target::of(arguments)?;
    let fields = arguments.fields.as_deref().map(compare::two_fields).transpose()?;
    let settings = common.settings()?;
    let mut opened = Opened::new(&arguments.paths, &settings, common.index_dir.as_deref())?;
    let other = arguments.compare.as_deref().map(|path| compare::opened(path, common)).transpose()?;
    let Some(index) = index::complete(&mut opened, Extent::Whole, !arguments.quiet)? else {
        return Ok(code::INTERRUPTED);
    };
    let table = opened.flag_table().map_err(|error| anyhow::anyhow!("capscope.toml: {error}"))?;
    let skipped = index.skipped();
    let snapshot = index.with_flags(table).snapshot()?;
    let compared: Option<Compared> = match (&other, fields) {
        (Some(other), _) => Some(compare::of_data_sets([&opened.dataset, other], None, EXAMPLES)?),
        (None, Some(fields)) => compare::of_fields(&opened.dataset, fields, None, EXAMPLES)?,
        (None, None) => None,
    };
    let stop = stop_on_interrupt()?;
    let progress = Mutex::new(Bar::new(!arguments.quiet));
    let watch = |stage: Stage, share: f64| {
        if let Ok(bar) = progress.lock() {
            let (share, what) = match stage {
                Stage::Counting => (None, "counting"),
                Stage::Pairing => (Some(share), "looking for pairs"),
                Stage::Judging => (Some(share), "judging questions"),
                Stage::Looking => (None, "looking at pictures"),
            };
            bar.put(share, what);
        }
        if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let provenance = Provenance {
        made: now(),
        version: arguments::VERSION.to_owned(),
        paths: arguments.paths.iter().map(|path| path.display().to_string()).collect(),
        query: None,
    };
    let limits = Limits { fetch_urls: common.fetch_urls, ..Limits::default() };
    let wish = Wish { query: text, skipped, compare: compared, provenance, limits };
    let report = match gather(&opened, &snapshot, wish, &watch) {
        Err(ReportError::Index(IndexError::Query { span, message })) => {
            anyhow::bail!("--query, column {}: {message}", query::column(text, span.start))
        }
        other => other?,
    };
    if let Ok(bar) = progress.lock() {
        bar.clear();
    }
    let Some(mut report) = report else { return Ok(code::INTERRUPTED) };
    report.conditions =
        judged(&conditions, &report).map_err(|error| anyhow::anyhow!("--fail-if: {error}"))?;
    said_aloud(&report);
    if let Some(target) = target {
        target.write(&page(&report), arguments.force)?;
    }
    if arguments.json {
        let mut out = stdout();
        record::write(&report, true, &mut out)?;
        out.flush()?;
    }
    Ok(gate(&report))
}

fn conditions(given: &[String]) -> anyhow::Result<Vec<Condition>> {
    let parsed = given.iter().map(|text| {
        text.parse::<Condition>().map_err(|error| anyhow::anyhow!("--fail-if {text:?}: {error}"))
    });
    parsed.collect()
}

/// Says what of the data set is not in the report.
fn said_aloud(report: &Report) {
    if report.pairs.samples < report.pairs.total {
        let (samples, total) = (grouped(report.pairs.samples), grouped(report.pairs.total));
        say(&format!("only the first {samples} of {total} samples were paired; `capscope pairs` pairs all"));
    }
    if let Some(questions) = &report.vqa
        && let Some(first) = questions.judged_first
    {
        let (first, all) = (grouped(first), grouped(questions.samples_with_questions));
        say(&format!(
            "only the first {first} of {all} samples with questions were judged; `capscope vqa` judges all"
        ));
    }
    if report.summary.skipped > 0 {
        let skipped = counted(report.summary.skipped, "record");
        say(&format!("{skipped} left out; `capscope inspect --skipped` lists them"));
    }
}

/// The exit code: an error where a condition cannot be told, 1 where one holds or nothing answers the query.
fn gate(report: &Report) -> u8 {
    for outcome in &report.conditions {
        match outcome.verdict {
            Verdict::Holds => complain(&format!("fails by {}", outcome.line())),
            Verdict::Unknown => complain(&format!("--fail-if {}", outcome.line())),
            Verdict::Fails => {}
        }
    }
    let any = |verdict: Verdict| report.conditions.iter().any(|outcome| outcome.verdict == verdict);
    if any(Verdict::Unknown) {
        code::ERROR
    } else if any(Verdict::Holds) || report.summary.samples == 0 {
        code::NO_MATCH
    } else {
        code::OK
    }
}

/// Where the page goes.
enum Target {
    Stdout,
    File(PathBuf),
}

impl Target {
    /// As the arguments have it; what cannot be written is told now, not after minutes.
    fn of(arguments: &arguments::Report) -> anyhow::Result<Option<Self>> {
        let Some(path) = &arguments.output else { return Ok(None) };
        if path.as_os_str() == "-" {
            if arguments.json {
                anyhow::bail!("-o - and --json both write to standard output");
            }
            return Ok(Some(Self::Stdout));
        }
        if path.is_dir() {
            anyhow::bail!("{} is a folder; name a file in it", path.display());
        }
        if !arguments.force && path.symlink_metadata().is_ok() {
            return Err(is_there(path));
        }
        let folder = folder_of(path);
        if !folder.is_dir() {
            anyhow::bail!("{}: there is no such folder", folder.display());
        }
        Ok(Some(Self::File(path.clone())))
    }

    fn write(&self, page: &str, force: bool) -> anyhow::Result<()> {
        match self {
            Self::Stdout => {
                let mut out = stdout();
                out.write_all(page.as_bytes())?;
                out.flush()?;
            }
            Self::File(path) => {
                write_beside(path, page, force)?;
                say(&format!("{} written, {}", path.display(), kilobytes(page.len())));
            }
        }
        Ok(())
    }
}

fn kilobytes(bytes: usize) -> String {
    format!("{} KB", grouped(bytes.div_ceil(1_000) as u64))
}

fn is_there(path: &Path) -> anyhow::Error {
    anyhow::anyhow!("{} is there already; --force writes over it", path.display())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a file beside its place and puts it there whole; without `force` never over one that is there by then.
fn write_beside(path: &Path, text: &str, force: bool) -> anyhow::Result<()> {
    let name = path.file_name().with_context(|| format!("{} is no name of a file", path.display()))?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.part", std::process::id()));
    let beside = folder_of(path).join(beside);
    let write = || -> std::io::Result<()> {
        let mut file = File::options().write(true).create_new(true).open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        if force {
            return fs::rename(&beside, path);
        }
        // A link fails where there is a file, which no rename does.
        match fs::hard_link(&beside, path) {
            Ok(()) => fs::remove_file(&beside),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
            // Not every file system has links.
            Err(_) if path.symlink_metadata().is_ok() => Err(ErrorKind::AlreadyExists.into()),
            Err(_) => fs::rename(&beside, path),
        }
    };
    write().map_err(|error| {
        // Nothing half written stays.
        let _ = fs::remove_file(&beside);
        if error.kind() == ErrorKind::AlreadyExists {
            is_there(path)
        } else {
            anyhow::anyhow!("{}: {error}", path.display())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_whole_and_never_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.html");
        write_beside(&path, "one", false).unwrap();
        let error = write_beside(&path, "two", false).unwrap_err().to_string();
        assert!(error.ends_with("--force writes over it"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        write_beside(&path, "three", true).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing stays beside it");
        assert!(write_beside(&folder.path().join("no/a.html"), "x", false).is_err());
    }
}
