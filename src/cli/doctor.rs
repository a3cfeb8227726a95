//! `capscope doctor`: the terminal as it is seen, what it answered, and the indexes on disk.

use std::io::Write;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::arguments::{self, Common};
use super::output::{grouped, one_line, stdout};
use super::{code, record};
use crate::graphics::{self, Answers, Environment, Question, Reply, Sight, Source};
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
            writeln!(out, "{:<18} {}", fact.name, shown(&fact.value))?;
        }
    }
    out.flush()?;
    Ok(code::OK)
}

struct Fact {
    name: String,
    value: Json,
}

fn fact(name: impl Into<String>, value: impl Into<Json>) -> Fact {
    Fact { name: name.into(), value: value.into() }
}

fn terminal_facts(common: &Common) -> Vec<Fact> {
    let environment = Environment::current();
    let asked = super::sight::ask(common, &environment);
    let answers = asked.as_ref().and_then(|asked| asked.as_ref().ok());
    let sight = graphics::decide(common.choice(), &environment, answers);
    let size = crossterm::terminal::size();
    let variable = |name: &str| std::env::var(name).unwrap_or_else(|_| "not set".into());
    let mut facts = vec![
        fact("capscope", env!("CARGO_PKG_VERSION")),
        fact("TERM", variable("TERM")),
        fact("TERM_PROGRAM", variable("TERM_PROGRAM")),
        fact("COLORTERM", variable("COLORTERM")),
        fact("NO_COLOR", variable("NO_COLOR")),
        fact("stdout", if environment.is_terminal { "a terminal" } else { "no terminal" }),
        fact(
            "size",
            size.map_or_else(|error| error.to_string(), |(columns, rows)| format!("{columns}x{rows} cells")),
        ),
        fact("tmux", yes(environment.tmux || variable("TERM").starts_with("tmux"))),
        fact("screen", yes(environment.screen)),
        fact("zellij", yes(environment.zellij)),
        fact("ssh", yes(environment.ssh)),
    ];
    facts.push(match &asked {
        None if !environment.is_terminal => fact("asked", "nothing: standard output is not a terminal"),
        None => fact("asked", format!("nothing: {}", sight.reason)),
        Some(Err(error)) => fact("asked", format!("nothing: {error}")),
        Some(Ok(answers)) => fact("asked", format!("{} questions", answers.asked.len())),
    });
    facts.extend(answers.into_iter().flat_map(answer_facts));
    facts.extend(sight_facts(&sight));
    facts.push(fact(
        "fetching URLs",
        if !cfg!(feature = "fetch") {
            "not built in"
        } else if common.fetch_urls {
            "on"
        } else {
            "off (--fetch-urls)"
        },
    ));
    facts
}

/// Each question as it was sent, with what came back, and what tmux told.
fn answer_facts(answers: &Answers) -> Vec<Fact> {
    let mut facts = exchanges("", &answers.asked, &answers.replies);
    if !answers.unfinished.is_empty() {
        facts.push(fact("unfinished", answers.unfinished.escape_ascii().to_string()));
    }
    let took = answers.took.as_millis();
    facts.push(fact(
        "answered",
        if answers.is_complete() { format!("in {took} ms") } else { format!("not to the end, in {took} ms") },
    ));
    if let Some(outer) = &answers.outer {
        let told = match outer.source {
            Source::Nobody => "not known",
            Source::Tmux => "told by tmux",
            Source::Terminal => "told by the terminal, through tmux",
        };
        let names = [&outer.version, &outer.term].map(|name| name.as_deref().unwrap_or("no name"));
        facts.push(fact("outside of tmux", format!("{} ({}), {told}", names[0], names[1])));
        facts.push(fact("tmux features", outer.features.as_deref().unwrap_or("not told")));
        facts.push(fact(
            "passthrough",
            outer.passthrough.map_or("not tried", |on| if on { "on" } else { "off" }),
        ));
        facts.extend(exchanges("outer ", &outer.asked, &outer.replies));
    }
    facts
}

/// Each question as it was sent, with all that came back.
fn exchanges(prefix: &str, asked: &[Question], replies: &[Reply]) -> Vec<Fact> {
    let exchange = |name: &str, sent: &[u8], question| {
        let of_question = replies.iter().filter(|reply| reply.question == question);
        let came: Vec<String> = of_question.map(|reply| reply.bytes.escape_ascii().to_string()).collect();
        let answer = if came.is_empty() { Json::Null } else { came.join(" ").into() };
        fact(format!("{prefix}{name}"), json!({ "sent": sent.escape_ascii().to_string(), "answer": answer }))
    };
    let mut facts: Vec<Fact> =
        asked.iter().map(|question| exchange(question.name(), question.bytes(), Some(*question))).collect();
    if replies.iter().any(|reply| reply.question.is_none()) {
        facts.push(exchange("unasked", b"", None));
    }
    facts
}

fn sight_facts(sight: &Sight) -> Vec<Fact> {
    let mut facts = vec![
        fact("terminal", sight.brand.as_str()),
        fact("version", sight.version.as_deref().unwrap_or("not told")),
        fact(
            "cell",
            sight.cell.map_or("not told, taken for 10x20 pixels".into(), |(width, height)| {
                format!("{width}x{height} pixels, from {}", sight.cell_source)
            }),
        ),
        fact("truecolor", format!("{}: {}", yes(sight.truecolor), sight.truecolor_reason)),
        fact("graphics", sight.mode.name()),
        fact("because", sight.reason.as_str()),
        fact("through tmux", yes(sight.tmux)),
    ];
    facts.extend(sight.advice.map(|advice| fact("advice", advice)));
    facts
}

/// A fact's value on one line.
fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => one_line(text),
        Json::Object(exchange) => {
            let part = |name: &str| exchange.get(name).and_then(Json::as_str).unwrap_or("nothing").to_owned();
            one_line(&format!("{} -> {}", part("sent"), part("answer")))
        }
        other => one_line(&other.to_string()),
    }
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
        Ok(Some(index)) => match index.snapshot().and_then(|snapshot| Ok((snapshot, index.damaged()?))) {
            Err(error) => format!("damaged: {error}"),
            Ok((_, damaged)) if !damaged.is_empty() => {
                format!(
                    "damaged: {} does not match its checksum; `capscope index --rebuild`",
                    damaged.join(", ")
                )
            }
            Ok((snapshot, _)) => {
                let samples = snapshot.samples();
                let state = match index.is_complete() {
                    true if snapshot.is_settled() => "complete",
                    true => "complete by words, captions not analysed",
                    false => "in work",
                };
                format!("sound and {state}, {} samples", grouped(samples))
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphics::Choice;

    #[test]
    fn every_question_is_told_with_its_raw_answer() {
        let answers = Answers::parse(b"\x1bP>|kitty(0.41.1)\x1b\\\x1b_Gi=31;OK\x1b\\\x1b]0;x\x07\x1b[?62;c");
        let lines: Vec<String> = answer_facts(&answers)
            .iter()
            .map(|fact| format!("{} {}", fact.name, shown(&fact.value)))
            .collect();
        for expected in [
            r"XTVERSION \x1b[>q -> \x1bP>|kitty(0.41.1)\x1b\\",
            r"cell size \x1b[16t -> nothing",
            r"kitty \x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\ -> \x1b_Gi=31;OK\x1b\\",
            r"DA1 \x1b[c -> \x1b[?62;c",
            r"unasked -> \x1b]0;x\x07",
            "answered in 0 ms",
        ] {
            assert!(lines.iter().any(|line| line == expected), "{expected}: {lines:#?}");
        }
        assert!(lines.iter().all(|line| line.is_ascii() && !line.contains('\u{1b}')));
    }

    #[test]
    fn a_terminal_may_not_write_to_the_screen_by_its_name() {
        let mut answers = Answers::parse("\u{1b}P>|evil\u{9b}31m 1\u{1b}\\\u{1b}[?6c".as_bytes());
        answers.unfinished = b"\x1bP".to_vec();
        let sight = graphics::decide(Choice::Auto, &Environment::default(), Some(&answers));
        for fact in answer_facts(&answers).iter().chain(&sight_facts(&sight)) {
            let text = shown(&fact.value);
            assert!(!text.chars().any(char::is_control), "{}: {text:?}", fact.name);
        }
    }
}
