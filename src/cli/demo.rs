//! `capscope demo`: draws its data set on first use, and opens it.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use anyhow::Context;

use super::arguments::{Common, Demo};
use super::code;
use super::explore::explore;
use super::output::{say, stdout};
use crate::demo::{self, Plan};

pub(super) fn run(arguments: &Demo, common: &Common) -> anyhow::Result<u8> {
    let plan = Plan { seed: arguments.seed, scenes: arguments.scenes as usize };
    let folder = match &arguments.folder {
        Some(folder) => folder.clone(),
        None => {
            data_folder().context("neither XDG_DATA_HOME nor HOME is set; name a folder with --folder")?
        }
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
    explore(&[drawn], None, true, common)
}

/// `$XDG_DATA_HOME/capscope/demo`, else `~/.local/share/capscope/demo`.
fn data_folder() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
        .map(|data| data.join("capscope").join("demo"))
}
