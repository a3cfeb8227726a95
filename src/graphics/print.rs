//! A picture in the plain terminal, outside of any screen.

use std::io::Write;

use image::DynamicImage;
use thiserror::Error;

use super::environment::{Choice, Environment, Mode, choose};
use super::fit::{CellPixels, halves};
use super::painting::{Painting, for_protocol};
use crate::media::Picture;

/// Why a picture could not be printed.
#[derive(Debug, Error)]
pub enum PrintError {
    /// The terminal, or the pipe, took no more.
    #[error("cannot write: {0}")]
    Write(#[from] std::io::Error),
    /// viuer's words.
    #[error("cannot print the picture: {0}")]
    Viuer(String),
}

/// How the picture is to be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// By viuer with kitty's protocol, if the terminal says that it knows it.
    Kitty,
    /// By viuer with iTerm2's protocol.
    Iterm,
    /// By viuer as half-blocks in 24-bit colours.
    Blocks,
    /// By us, into any writer.
    Text(Mode),
}

/// Prints a picture at the cursor, at most `cells` (columns, rows) large, and a newline; gives the
/// columns and rows it covers. `out` must be standard output: viuer writes to that by itself.
pub fn print(
    picture: &Picture,
    cells: (u16, u16),
    cell: Option<CellPixels>,
    choice: Choice,
    environment: &Environment,
    out: &mut impl Write,
) -> Result<(u16, u16), PrintError> {
    let way = way(choice, environment);
    if let Way::Text(mode) = way {
        let painting = Painting::new(picture, cells, cell, mode);
        out.write_all(painting.to_ansi().as_bytes())?;
        out.flush()?;
        return Ok(painting.size());
    }
    out.flush()?;
    let (columns, halves) = halves(picture.original, cells, cell, true);
    let size = (columns as u16, (halves / 2) as u16);
    let image = match way {
        Way::Kitty => at_least(for_protocol(picture, size, cell.unwrap_or((10, 20))), KITTY_LEAST),
        Way::Iterm => for_protocol(picture, size, cell.unwrap_or((10, 20))),
        Way::Blocks | Way::Text(_) => {
            DynamicImage::from(super::raster::raster(&picture.pixels, (columns, halves)))
        }
    };
    viuer::print(&image, &settings(way, size)).map_err(|error| PrintError::Viuer(error.to_string()))?;
    Ok(size)
}

/// viuer asks the terminal only for a protocol that it may use, and waits for the answer without
/// end: it may use one only where the environment says that the terminal answers.
fn settings(way: Way, (columns, rows): (u16, u16)) -> viuer::Config {
    viuer::Config {
        absolute_offset: false,
        width: Some(columns.into()),
        height: Some(rows.into()),
        truecolor: true,
        use_kitty: way == Way::Kitty,
        use_iterm: way == Way::Iterm,
        ..viuer::Config::default()
    }
}

fn way(choice: Choice, environment: &Environment) -> Way {
    let (mode, _) = choose(choice, environment);
    // What was asked for by name is not bettered; and a protocol's bytes are for a terminal only,
    // with nothing in between that would swallow or show them.
    let may_use_protocol = choice == Choice::Auto
        && matches!(mode, Mode::Blocks | Mode::Blocks256)
        && environment.is_terminal
        && !environment.is_multiplexed();
    if may_use_protocol && is_iterm(environment) {
        return Way::Iterm;
    }
    if may_use_protocol && is_kitty(environment) {
        return Way::Kitty;
    }
    // viuer writes half-blocks to standard output only, and so wherever that leads.
    if mode == Mode::Blocks && environment.is_terminal { Way::Blocks } else { Way::Text(mode) }
}

/// kitty and ghostty answer; so does any xterm that was started from a kitty and inherited its
/// variable, with a "no".
fn is_kitty(environment: &Environment) -> bool {
    let term = environment.term();
    term == "xterm-kitty" || term.ends_with("ghostty") || (environment.kitty && term.starts_with("xterm"))
}

/// Terminals that show iTerm2's pictures, all of which viuer knows by the same variables, without
/// asking. Other sessions inherit `LC_TERMINAL` only through SSH.
fn is_iterm(environment: &Environment) -> bool {
    let known = ["iTerm", "WezTerm", "mintty", "rio"];
    let program = environment.term_program.as_deref();
    let named = |name: Option<&str>| name.is_some_and(|name| known.iter().any(|known| name.contains(known)));
    named(program) || (program.is_none() && named(environment.lc_terminal.as_deref()))
}

/// viuer never ends the transfer of a picture of fewer bytes than one chunk holds: 27x27 pixels.
const KITTY_LEAST: u32 = 32;

/// Enlarged until both sides have at least so many pixels.
fn at_least(image: DynamicImage, least: u32) -> DynamicImage {
    let (width, height) = (image.width().max(least), image.height().max(least));
    if (width, height) == (image.width(), image.height()) {
        return image;
    }
    // The terminal stretches it over its cells in any case, so the aspect may suffer here.
    image.resize_exact(width, height, image::imageops::FilterType::Nearest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::fixtures::photo;

    fn terminal(variables: &[(&str, &str)]) -> Environment {
        let find = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Environment::from_variables(find, true)
    }

    #[test]
    fn the_terminal_is_asked_only_where_it_answers() {
        let x256 = ("TERM", "xterm-256color");
        let table: [(&[(&str, &str)], Way); 13] = [
            (&[("TERM", "xterm-kitty")], Way::Kitty),
            (&[("TERM", "xterm-ghostty")], Way::Kitty),
            (&[x256, ("KITTY_WINDOW_ID", "1")], Way::Kitty),
            (&[("TERM", "foot"), ("KITTY_WINDOW_ID", "1")], Way::Blocks),
            (&[("TERM", "xterm-kitty"), ("TMUX", "x")], Way::Blocks),
            (&[("TERM", "screen-256color"), ("KITTY_WINDOW_ID", "1")], Way::Text(Mode::Blocks256)),
            (&[("TERM", "xterm-kitty"), ("NO_COLOR", "1")], Way::Text(Mode::Ascii)),
            (&[x256, ("TERM_PROGRAM", "iTerm.app")], Way::Iterm),
            (&[x256, ("LC_TERMINAL", "iTerm2")], Way::Iterm),
            (&[x256, ("LC_TERMINAL", "iTerm2"), ("TERM_PROGRAM", "vscode")], Way::Blocks),
            (&[x256, ("TERM_PROGRAM", "WezTerm"), ("STY", "1")], Way::Text(Mode::Blocks256)),
            (&[x256, ("COLORTERM", "truecolor")], Way::Blocks),
            (&[("TERM", "dumb")], Way::Text(Mode::None)),
        ];
        for (variables, expected) in table {
            assert_eq!(way(Choice::Auto, &terminal(variables)), expected, "{variables:?}");
        }
        let kitty = terminal(&[("TERM", "xterm-kitty")]);
        assert_eq!(way(Choice::Blocks, &kitty), Way::Blocks);
        assert_eq!(way(Choice::Ascii, &kitty), Way::Text(Mode::Ascii));
        let pipe = Environment { is_terminal: false, ..kitty };
        assert_eq!(way(Choice::Auto, &pipe), Way::Text(Mode::None));
        assert_eq!(way(Choice::Blocks, &pipe), Way::Text(Mode::Blocks));
    }

    #[test]
    fn viuer_is_allowed_only_what_was_found() {
        for way in [Way::Blocks, Way::Kitty, Way::Iterm] {
            let config = settings(way, (40, 20));
            assert_eq!((config.use_kitty, config.use_iterm), (way == Way::Kitty, way == Way::Iterm));
            assert_eq!((config.width, config.height), (Some(40), Some(20)));
        }
    }

    #[test]
    fn text_goes_into_the_writer() {
        let pixels = DynamicImage::from(photo(60, 60)).into_rgba8();
        let picture = Picture { pixels, original: (60, 60), format: "PNG", bytes: 9, frames_more: false };
        let mut out = Vec::new();
        let size = print(&picture, (20, 20), None, Choice::Ascii, &Environment::default(), &mut out);
        assert_eq!(size.expect("printed"), (20, 10));
        let text = String::from_utf8(out).expect("ASCII");
        assert!(text.lines().count() == 10 && text.lines().all(|line| line.len() == 20));
    }

    #[test]
    fn protocols_get_a_picture_no_larger_than_its_cells_and_no_smaller_than_a_chunk() {
        let pixels = DynamicImage::from(photo(900, 600)).into_rgba8();
        let picture = Picture { pixels, original: (900, 600), format: "PNG", bytes: 9, frames_more: false };
        let image = for_protocol(&picture, (40, 13), (10, 20));
        assert_eq!((image.width(), image.height()), (390, 260));
        let tiny = at_least(DynamicImage::from(photo(3, 40)), KITTY_LEAST);
        assert_eq!((tiny.width(), tiny.height()), (32, 40));
    }
}
