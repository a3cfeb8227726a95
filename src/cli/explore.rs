//! `capscope PATH…`: the explorer.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Instant;

use super::arguments::{Common, Explore};
use super::code;
use super::spot::rater;
use crate::app::{self, Ending, Session};
use crate::graphics::{self, Environment, Mode};
use crate::media::Limits;
use crate::query::Lighter;
pub(super) use crate::screens::SpotStart;
use crate::screens::{self, Screens};
use crate::ui::Theme;
use crate::worker::{CrewOptions, Opened};

pub(super) fn run(arguments: &Explore, common: &Common) -> anyhow::Result<u8> {
    let spot = SpotStart { rater: rater(None), open: None };
    explore(&arguments.paths, arguments.query.as_deref(), !arguments.no_mouse, spot, common)
}

/// Opens a data set in the explorer.
pub(super) fn explore(
    paths: &[PathBuf],
    query: Option<&str>,
    mouse: bool,
    spot: SpotStart,
    common: &Common,
) -> anyhow::Result<u8> {
    if !std::io::stdout().is_terminal() {
        anyhow::bail!("the explorer needs a terminal; `capscope search` and `capscope show` print");
    }
    let settings = common.settings()?;
    let opened = Opened::new(paths, &settings, common.index_dir.as_deref())?;
    let environment = Environment::current();
    let mode = graphics::decide(common.choice(), &environment, None).mode;
    let lighter = Lighter::default();
    let options = screens::Options {
        dataset: opened.dataset.name().to_owned(),
        size: (0, 0),
        theme: theme_of(mode, &environment),
        mouse,
        is_ssh: environment.ssh,
        query: query.unwrap_or_default().to_owned(),
        history: opened.home.history(),
        spot,
        lit: Box::new(move |query, text| lighter.lit(query, text)),
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
        environment,
    };
    let ending =
        app::run(session, move |size| Screens::new(screens::Options { size, ..options }, Instant::now()))?;
    Ok(match ending {
        Ending::Quit => code::OK,
        Ending::Signal(number) => 128_u8.saturating_add(number as u8),
    })
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
