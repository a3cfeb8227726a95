//! `capscope PATH…`: the explorer.

use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;

use super::arguments::{Common, Explore, Print};
use super::code;
use super::output::{counted, one_line, say, stdout};
use super::spot::rater;
use crate::app::{self, Ending, Session};
use crate::export::record;
use crate::graphics::{self, Environment, Mode};
use crate::media::Limits;
use crate::model::{ImageRef, Sample};
use crate::query::Lighter;
pub(super) use crate::screens::SpotStart;
use crate::screens::{self, Screens};
use crate::ui::Theme;
use crate::worker::{CrewOptions, Opened, last_session};

pub(super) fn run(arguments: &Explore, common: &Common) -> anyhow::Result<u8> {
    let wanted =
        Wanted { query: arguments.query.as_deref(), mouse: !arguments.no_mouse, print: arguments.print };
    let spot = SpotStart { rater: rater(None), open: None };
    explore(&arguments.paths, &wanted, spot, common)
}

/// How the explorer is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted<'a> {
    /// The query to begin with; none to go on where somebody left.
    pub(super) query: Option<&'a str>,
    pub(super) mouse: bool,
    /// What is printed in the end.
    pub(super) print: Option<Print>,
}

/// Opens a data set in the explorer.
pub(super) fn explore(
    paths: &[PathBuf],
    &Wanted { query, mouse, print }: &Wanted<'_>,
    spot: SpotStart,
    common: &Common,
) -> anyhow::Result<u8> {
    if !std::io::stdout().is_terminal() {
        if print.is_none() {
            anyhow::bail!("the explorer needs a terminal; `capscope search` and `capscope show` print");
        }
        app::leave_stdout_alone().context("the explorer needs a terminal, and this process has none")?;
    }
    let settings = common.settings()?;
    let opened = Opened::new(paths, &settings, common.index_dir.as_deref())?;
    let environment = Environment::drawing(true);
    let mode = graphics::decide(common.choice(), &environment, None).mode;
    // Whoever comes back goes on where they left; marks that cannot be read are told of on the screen.
    let session = last_session(&opened).ok().flatten();
    let lighter = Lighter::default();
    let options = screens::Options {
        dataset: opened.dataset.name().to_owned(),
        size: (0, 0),
        theme: theme_of(mode, &environment),
        mouse,
        is_ssh: environment.ssh,
        query: query.map(str::to_owned),
        session,
        history: opened.home.history(),
        spot,
        lit: Box::new(move |query, text| lighter.lit(query, text)),
    };
    let timings = match &common.timings {
        Some(path) => Some(File::create(path).with_context(|| format!("--timings {}", path.display()))?),
        None => None,
    };
    let crew = CrewOptions {
        limits: Limits { fetch_urls: common.fetch_urls, ..Limits::default() },
        budget: common.graphics_budget(),
    };
    let session = Session {
        opened,
        crew,
        mouse,
        choice: common.choice(),
        probe_timeout: common.probe_timeout(environment.ssh),
        timings,
        environment,
    };
    let ended =
        app::run(session, move |size| Screens::new(screens::Options { size, ..options }, Instant::now()))?;
    if let (Some(print), Ending::Quit) = (print, ended.how) {
        return print_chosen(print, &ended.chosen);
    }
    Ok(match ended.how {
        Ending::Quit => code::OK,
        Ending::Cancelled if print.is_some() => code::INTERRUPTED,
        Ending::Cancelled => code::OK,
        Ending::Signal(number) => 128_u8.saturating_add(number as u8),
    })
}

/// Prints the samples that were chosen.
fn print_chosen(print: Print, chosen: &[Arc<Sample>]) -> anyhow::Result<u8> {
    let mut out = stdout();
    let mut left = 0;
    for sample in chosen {
        match print {
            Print::Ids => writeln!(out, "{}", one_line(&sample.id))?,
            Print::Jsonl => record::write(&record::of(sample), false, &mut out)?,
            Print::Paths => {
                for image in &sample.images {
                    match &image.reference {
                        ImageRef::File(path) => writeln!(out, "{}", one_line(&path.to_string_lossy()))?,
                        _ => left += 1,
                    }
                }
            }
        }
    }
    out.flush()?;
    if left > 0 {
        let pictures = counted(left, "picture");
        say(&format!("{pictures} inside of other files or at addresses: no path is printed for them"));
    }
    Ok(if chosen.is_empty() { code::NO_MATCH } else { code::OK })
}

/// Colours that this terminal has.
fn theme_of(mode: Mode, environment: &Environment) -> Theme {
    let has_few =
        environment.term.as_deref().is_some_and(|term| matches!(term, "linux" | "xterm" | "vt100" | "ansi"));
    if environment.no_color || environment.term.as_deref() == Some("dumb") {
        Theme::plain()
    } else if has_few && mode != Mode::Blocks {
        Theme::sixteen()
    } else {
        Theme::dark()
    }
}
