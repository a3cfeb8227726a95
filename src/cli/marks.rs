//! `capscope tag`, `note` and `marks`: what somebody makes of samples.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};

use serde_json::json;

use super::arguments::{self, Common};
use super::output::{complain, counted, grouped, one_line, say, stdout};
use super::{code, index, record};
use crate::index::Extent;
use crate::query;
use crate::worker::{Opened, open_workspace};
use crate::workspace::{Prints, Step, TagName, print_of};

/// Steps of all commands are taken back in one row.
const SESSION: &str = "command line";

fn opened(paths: &[std::path::PathBuf], common: &Common) -> anyhow::Result<Opened> {
    let settings = common.settings()?;
    let mut opened = Opened::new(paths, &settings, common.index_dir.as_deref())?;
    opened.refresh()?;
    Ok(opened)
}

pub(super) fn tag(arguments: &arguments::Tag, common: &Common) -> anyhow::Result<u8> {
    let name = TagName::parse(&arguments.tag)?;
    let mut opened = opened(&arguments.paths, common)?;
    let Some(who) = chosen(arguments, &mut opened)? else { return Ok(code::INTERRUPTED) };
    let step = open_workspace(&opened, SESSION)?.tag(&name, &who, !arguments.remove)?;
    let of = counted(who.len() as u64, "sample");
    let what = if arguments.remove { "untagged" } else { "tagged" };
    say(&format!("{what} {} of {of}: {}", grouped(step.changed), name.as_str()));
    Ok(if who.is_empty() { code::NO_MATCH } else { code::OK })
}

/// The samples that are meant; `None` where Ctrl-C came first.
fn chosen(arguments: &arguments::Tag, opened: &mut Opened) -> anyhow::Result<Option<Prints>> {
    if let Some(path) = &arguments.ids {
        let at = |error: std::io::Error| anyhow::anyhow!("{}: {error}", path.display());
        let input: Box<dyn BufRead> = if path.as_os_str() == "-" {
            Box::new(std::io::stdin().lock())
        } else {
            Box::new(BufReader::new(File::open(path).map_err(at)?))
        };
        let ids = input.lines().filter(|line| line.as_ref().map_or(true, |line| !line.is_empty()));
        return Ok(Some(ids.map(|line| line.map(|id| print_of(&id))).collect::<Result<_, _>>().map_err(at)?));
    }
    let text = arguments.query.as_deref().unwrap_or_default();
    let query =
        query::parse(text).map_err(|error| anyhow::anyhow!("--query, column {}: {error}", error.column))?;
    let Some(index) = index::complete(opened, index::extent_for(&query), true)? else { return Ok(None) };
    let table = opened.flag_table().map_err(|error| anyhow::anyhow!("capscope.toml: {error}"))?;
    let hits = match index.with_flags(table).snapshot()?.search(&query) {
        Err(crate::index::IndexError::Query { span, message }) => {
            anyhow::bail!("--query, column {}: {message}", query::column(text, span.start))
        }
        other => other?,
    };
    Ok(Some(hits.prints()?))
}

pub(super) fn note(arguments: &arguments::Note, common: &Common) -> anyhow::Result<u8> {
    let mut opened = opened(std::slice::from_ref(&arguments.path), common)?;
    let Some(index) = index::complete(&mut opened, Extent::Words, true)? else {
        return Ok(code::INTERRUPTED);
    };
    if index.snapshot()?.by_id(&arguments.id)?.is_empty() {
        complain(&format!("there is no sample {}", one_line(&arguments.id)));
        return Ok(code::NO_MATCH);
    }
    open_workspace(&opened, SESSION)?.write_note(&arguments.id, &arguments.text)?;
    Ok(code::OK)
}

pub(super) fn queries(arguments: &arguments::Queries, common: &Common) -> anyhow::Result<u8> {
    let opened = opened(std::slice::from_ref(&arguments.path), common)?;
    let mut workspace = open_workspace(&opened, SESSION)?;
    if let (Some(name), Some(text)) = (&arguments.name, &arguments.query) {
        arguments::check_name("NAME", name)?;
        query::parse(text).map_err(|error| anyhow::anyhow!("QUERY, column {}: {error}", error.column))?;
        let step = workspace.save_query(name.trim(), text.trim())?;
        let what = if text.trim().is_empty() { "forgotten" } else { "saved" };
        let changed = if step.changed > 0 { "" } else { " already" };
        say(&format!("{}{changed} {what}", one_line(name.trim())));
        return Ok(code::OK);
    }
    let mut queries = workspace.queries()?;
    if let Some(name) = &arguments.name {
        queries.retain(|(known, _)| known == name.trim());
        if queries.is_empty() {
            complain(&format!("there is no saved query {}", one_line(name)));
            return Ok(code::NO_MATCH);
        }
    }
    let mut out = stdout();
    if arguments.json {
        let told: Vec<_> =
            queries.iter().map(|(name, text)| json!({ "name": name, "query": text })).collect();
        record::write(&told, true, &mut out)?;
    } else {
        for (name, text) in &queries {
            let name = if arguments.name.is_some() { String::new() } else { format!("{}\t", one_line(name)) };
            writeln!(out, "{name}{}", one_line(text))?;
        }
    }
    out.flush()?;
    Ok(code::OK)
}

pub(super) fn marks(arguments: &arguments::Marks, common: &Common) -> anyhow::Result<u8> {
    let opened = opened(&arguments.paths, common)?;
    let mut workspace = open_workspace(&opened, SESSION)?;
    if arguments.undo || arguments.redo {
        let step = if arguments.undo { workspace.undo()? } else { workspace.redo()? };
        let Some(Step { what, changed, left, .. }) = step else {
            say(if arguments.undo { "nothing to take back" } else { "nothing to do again" });
            return Ok(code::NO_MATCH);
        };
        let way = if arguments.undo { "taken back" } else { "done again" };
        let rest = if left > 0 {
            format!("; {} changed by somebody else meanwhile, left as they are", grouped(left))
        } else {
            String::new()
        };
        say(&format!("{way}: {}, {} changed{rest}", one_line(&what), grouped(changed)));
        return Ok(code::OK);
    }
    let tags = workspace.tags()?;
    let notes = workspace.notes()?.len() as u64;
    let decisions = workspace.decisions()?.len() as u64;
    let mut out = stdout();
    if arguments.json {
        let tags: Vec<_> = tags
            .iter()
            .map(|tag| json!({ "name": tag.name, "samples": tag.samples, "digit": tag.digit }))
            .collect();
        let file = workspace.path().display().to_string();
        let told = json!({ "file": file, "tags": tags, "notes": notes, "pairs": decisions });
        record::write(&told, true, &mut out)?;
    } else {
        for tag in &tags {
            let digit = tag.digit.map(|digit| format!(" ({digit})")).unwrap_or_default();
            writeln!(out, "{:>12}  {}{digit}", grouped(tag.samples), one_line(&tag.name))?;
        }
        writeln!(
            out,
            "{}, {}, {}",
            counted(tags.len() as u64, "tag"),
            counted(notes, "note"),
            counted(decisions, "pair")
        )?;
        say(&workspace.path().display().to_string());
    }
    out.flush()?;
    Ok(code::OK)
}
