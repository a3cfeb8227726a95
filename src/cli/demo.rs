//! `capscope demo`: draws its data set on first use, and opens it.

use std::io::{IsTerminal, Write};

use anyhow::Context;

use super::arguments::{Common, Demo};
use super::code;
use super::explore::{SpotStart, Wanted, explore};
use super::output::{say, stdout};
use super::spot::rater;
use crate::demo::{self, Plan};
use crate::index::data_folder;

pub(super) fn run(arguments: &Demo, common: &Common) -> anyhow::Result<u8> {
    let plan = Plan { seed: arguments.seed, scenes: arguments.scenes as usize };
    let folder = match &arguments.folder {
        Some(folder) => folder.clone(),
        None => data_folder()
            .map(|data| data.join("demo"))
            .context("neither XDG_DATA_HOME nor HOME is set; name a folder with --folder")?,
    };
    let talk = std::io::stderr().is_terminal();
    let mut began = false;
    let drawn = demo::ensure(&folder, &plan, &mut |done, all| {
        if talk && !std::mem::replace(&mut began, true) {
            say(&format!("drawing {all} scenes in {}", folder.display()));
        }
        let _ = done;
    })
    .with_context(|| format!("drawing the demo set in {}", folder.display()))?;
    if arguments.no_open {
        let mut out = stdout();
        writeln!(out, "{}", drawn.display())?;
        out.flush()?;
        return Ok(code::OK);
    }
    let wanted = Wanted { mouse: true, ..Wanted::default() };
    explore(&[drawn], &wanted, SpotStart { rater: rater(None), open: None }, common)
}
