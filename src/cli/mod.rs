//! How is it started? One file a subcommand.
//!
//! Standard output is data, standard error is talk. Exit codes: 0 done, 1 no match or a gate that is closed, 2 error,
//! 130 interrupted; 128 + n where a signal ended the explorer.

mod annotate;
mod arguments;
mod compare;
mod config;
mod correlate;
mod coverage;
mod demo;
mod diff;
mod doctor;
mod explore;
mod export;
mod flags;
mod index;
mod inspect;
mod lines;
mod marks;
mod output;
mod pairs;
mod parse;
mod report;
mod scatter;
mod search;
mod self_check;
mod show;
mod sight;
mod spot;
mod spot_report;
mod stats;
mod survey;
mod targets;
mod tree;
mod vqa;
mod vqa_lines;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use output::complain;

use crate::export::record;

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    crate::app::install_panic_hook();
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(code) => ExitCode::from(code),
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::from(code::ERROR)
        }
    }
}

fn run(mut arguments: Arguments) -> anyhow::Result<u8> {
    // Only these look at the user's file: a fault in it is no business of the others.
    let has_pictures = matches!(
        arguments.command,
        None | Some(Command::Demo(_) | Command::Show(_) | Command::Spot(_) | Command::Doctor(_))
    );
    if has_pictures {
        arguments.common.complete()?;
    }
    match &arguments.command {
        None => explore::run(&arguments.explore, &arguments.common),
        Some(Command::Demo(demo)) => demo::run(demo, &arguments.common),
        Some(Command::Inspect(inspect)) => inspect::run(inspect, &arguments.common),
        Some(Command::Index(index)) => index::run(index, &arguments.common),
        Some(Command::Search(search)) => search::run(search, &arguments.common),
        Some(Command::Stats(stats)) => stats::run(stats, &arguments.common),
        Some(Command::Flags(flags)) => flags::run(flags, &arguments.common),
        Some(Command::Coverage(coverage)) => coverage::run(coverage, &arguments.common),
        Some(Command::Compare(compare)) => compare::run(compare, &arguments.common),
        Some(Command::Correlate(correlate)) => correlate::run(correlate, &arguments.common),
        Some(Command::Vqa(vqa)) => vqa::run(vqa, &arguments.common),
        Some(Command::Annotate(annotate)) => annotate::run(annotate, &arguments.common),
        Some(Command::Tag(tag)) => marks::tag(tag, &arguments.common),
        Some(Command::Note(note)) => marks::note(note, &arguments.common),
        Some(Command::Queries(queries)) => marks::queries(queries, &arguments.common),
        Some(Command::Marks(told)) => marks::marks(told, &arguments.common),
        Some(Command::Spot(spot)) => spot::run(spot, &arguments.common),
        Some(Command::Parse(parse)) => parse::run(parse, &arguments.common),
        Some(Command::Pairs(pairs)) => pairs::run(pairs, &arguments.common),
        Some(Command::Export(export)) => export::run(export, &arguments.common),
        Some(Command::Report(report)) => report::run(report, &arguments.common),
        Some(Command::Diff(diff)) => diff::run(diff),
        Some(Command::Show(show)) => show::run(show, &arguments.common),
        Some(Command::Doctor(doctor)) => doctor::run(doctor, &arguments.common),
    }
}

/// Exit codes.
pub(crate) mod code {
    /// Done.
    pub(crate) const OK: u8 = 0;
    /// Nothing matched, or what must not hold of a report does.
    pub(crate) const NO_MATCH: u8 = 1;
    /// It failed.
    pub(crate) const ERROR: u8 = 2;
    /// Ctrl-C.
    pub(crate) const INTERRUPTED: u8 = 130;
}
