//! `capscope doctor`: the terminal as it is seen, and the indexes on disk.

use std::io::{IsTerminal, Write};
use std::path::Path;

use serde_json::Value as Json;

use super::arguments::{self, Common};
use super::explore::cell_pixels;
use super::output::{grouped, one_line, stdout};
use super::{code, record};
use crate::graphics;
use crate::index::{Home, Index, cache_folder};

pub(super) fn run(arguments: &arguments::Doctor, common: &Common) -> anyhow::Result<u8> {
    let mut facts = terminal_facts(common);
    facts.extend(index_facts(arguments, common)?);
    let mut out = stdout();
    if arguments.json {
        let report: serde_json::Map<String, Json> =
            facts.into_iter().map(|fact| (fact.name.replace(' ', "_"), fact.value)).collect();
        record::write(&report, true, &mut out)?;
    } else {
        for fact in facts {
            let value = match &fact.value {
                Json::String(text) => one_line(text),
                other => one_line(&other.to_string()),
            };
            writeln!(out, "{:<18} {value}", fact.name)?;
        }
    }
    out.flush()?;
    Ok(code::OK)
}

struct Fact {
    name: &'static str,
    value: Json,
}

fn fact(name: &'static str, value: impl Into<Json>) -> Fact {
    Fact { name, value: value.into() }
}

fn terminal_facts(common: &Common) -> Vec<Fact> {
    let environment = graphics::Environment::current();
    let (mode, why) = graphics::choose(common.choice(), &environment);
    let size = crossterm::terminal::size();
    let variable = |name: &str| std::env::var(name).unwrap_or_else(|_| "not set".into());
    vec![
        fact("capscope", env!("CARGO_PKG_VERSION")),
        fact("TERM", variable("TERM")),
        fact("TERM_PROGRAM", variable("TERM_PROGRAM")),
        fact("COLORTERM", variable("COLORTERM")),
        fact("NO_COLOR", variable("NO_COLOR")),
        fact("stdout", if std::io::stdout().is_terminal() { "a terminal" } else { "no terminal" }),
        fact(
            "size",
            size.map_or_else(|error| error.to_string(), |(columns, rows)| format!("{columns}x{rows} cells")),
        ),
        fact(
            "cell",
            cell_pixels().map_or("not told".into(), |(width, height)| format!("{width}x{height} pixels")),
        ),
        fact("tmux", yes(std::env::var_os("TMUX").is_some() || variable("TERM").starts_with("tmux"))),
        fact("screen", yes(std::env::var_os("STY").is_some())),
        fact("ssh", yes(environment.ssh)),
        fact("graphics", format!("{mode:?}").to_lowercase()),
        fact("because", why),
        fact(
            "fetching URLs",
            if !cfg!(feature = "fetch") {
                "not built in"
            } else if common.fetch_urls {
                "on"
            } else {
                "off (--fetch-urls)"
            },
        ),
    ]
}

fn yes(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

fn index_facts(arguments: &arguments::Doctor, common: &Common) -> anyhow::Result<Vec<Fact>> {
    let folder = match &common.index_dir {
        Some(folder) => folder.clone(),
        None => match cache_folder() {
            Ok(folder) => folder,
            Err(error) => return Ok(vec![fact("indexes", error.to_string())]),
        },
    };
    let mut facts = vec![fact("indexes", folder.display().to_string()), fact("writable", writable(&folder))];
    let (count, bytes) = usage(&folder);
    facts.push(fact("indexes there", format!("{count}, {} MB in all", grouped(bytes >> 20))));
    if !arguments.paths.is_empty() {
        let home = Home::of(&arguments.paths, &common.settings()?, common.index_dir.as_deref())?;
        facts.push(fact("index", home.folder().display().to_string()));
        facts.push(fact("health", health(&home)));
    }
    Ok(facts)
}

/// Whether files can be made there, found out by making one.
fn writable(folder: &Path) -> String {
    let probe = folder.join(format!(".probe-{}", std::process::id()));
    let made = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&probe, b"capscope"));
    let _ = std::fs::remove_file(&probe);
    made.map_or_else(|error| format!("no: {error}"), |()| "yes".into())
}

/// Folders in it, and bytes of all files below.
fn usage(folder: &Path) -> (usize, u64) {
    let mut waiting = vec![folder.to_owned()];
    let (mut count, mut bytes) = (0, 0);
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(found) if found.is_dir() => {
                    count += usize::from(next == folder);
                    waiting.push(entry.path());
                }
                Ok(found) => bytes += found.len(),
                Err(_) => {}
            }
        }
    }
    (count, bytes)
}

fn health(home: &Home) -> String {
    match Index::open(home) {
        Ok(None) => "not built yet".into(),
        Err(error) => format!("damaged: {error}; the next start builds it anew"),
        Ok(Some(index)) => {
            match index.snapshot().and_then(|snapshot| Ok((snapshot.samples(), index.damaged()?))) {
                Err(error) => format!("damaged: {error}"),
                Ok((_, damaged)) if !damaged.is_empty() => {
                    format!(
                        "damaged: {} does not match its checksum; `capscope index --rebuild`",
                        damaged.join(", ")
                    )
                }
                Ok((samples, _)) => {
                    let state = if index.is_complete() { "complete" } else { "in work" };
                    format!("sound and {state}, {} samples", grouped(samples))
                }
            }
        }
    }
}
