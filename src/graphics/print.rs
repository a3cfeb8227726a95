//! A picture in the plain terminal, outside of any screen.

use std::io::Write;

use image::DynamicImage;
use thiserror::Error;

use super::environment::Mode;
use super::fit::{USUAL_CELL, halves};
use super::painting::{Painting, for_protocol};
use super::probe::Sight;
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
    /// By viuer with kitty's protocol.
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
    sight: &Sight,
    out: &mut impl Write,
) -> Result<(u16, u16), PrintError> {
    let (way, cell) = (way(sight, viuer::is_iterm_supported()), sight.cell);
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
        Way::Kitty => at_least(for_protocol(picture, size, cell.unwrap_or(USUAL_CELL)), KITTY_LEAST),
        Way::Iterm => for_protocol(picture, size, cell.unwrap_or(USUAL_CELL)),
        Way::Blocks | Way::Text(_) => {
            DynamicImage::from(super::raster::raster(&picture.pixels, (columns, halves)))
        }
    };
    viuer::print(&image, &settings(way, size)).map_err(|error| PrintError::Viuer(error.to_string()))?;
    Ok(size)
}

/// viuer asks the terminal only for a protocol that it may use.
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

/// viuer asks for kitty's protocol by itself and waits for the answer without end, so it may do so
/// only where the terminal has just answered the same question. It knows iTerm2's by the
/// environment, and nothing of tmux.
fn way(sight: &Sight, viuer_knows_iterm: bool) -> Way {
    let is_plain = sight.is_terminal && !sight.tmux;
    match sight.mode {
        Mode::Kitty | Mode::KittyDirect if is_plain && sight.kitty_answered => Way::Kitty,
        Mode::Iterm if is_plain && viuer_knows_iterm => Way::Iterm,
        Mode::Ascii | Mode::None | Mode::Blocks256 => Way::Text(sight.mode),
        Mode::Kitty | Mode::KittyDirect | Mode::Iterm | Mode::Sixel if !sight.truecolor => {
            Way::Text(Mode::Blocks256)
        }
        // viuer writes half-blocks to standard output only, and so wherever that leads.
        _ if sight.is_terminal => Way::Blocks,
        _ => Way::Text(Mode::Blocks),
    }
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
    use crate::graphics::{Choice, Environment, decide};
    use crate::media::fixtures::photo;

    fn sight(mode: Mode) -> Sight {
        let environment = Environment { is_terminal: true, ..Environment::default() };
        Sight { mode, truecolor: true, ..decide(Choice::Auto, &environment, None) }
    }

    #[test]
    fn viuer_asks_only_a_terminal_that_has_answered() {
        let answered = |mode| Sight { kitty_answered: true, ..sight(mode) };
        let table = [
            (answered(Mode::Kitty), Way::Kitty),
            (answered(Mode::KittyDirect), Way::Kitty),
            (sight(Mode::Kitty), Way::Blocks),
            (Sight { tmux: true, ..answered(Mode::Kitty) }, Way::Blocks),
            (Sight { is_terminal: false, ..answered(Mode::Kitty) }, Way::Text(Mode::Blocks)),
            (answered(Mode::Iterm), Way::Iterm),
            (Sight { tmux: true, ..sight(Mode::Iterm) }, Way::Blocks),
            (answered(Mode::Sixel), Way::Blocks),
            (Sight { truecolor: false, ..sight(Mode::Sixel) }, Way::Text(Mode::Blocks256)),
            (answered(Mode::Blocks), Way::Blocks),
            (Sight { truecolor: false, ..sight(Mode::Blocks) }, Way::Blocks),
            (Sight { is_terminal: false, ..sight(Mode::Blocks) }, Way::Text(Mode::Blocks)),
            (answered(Mode::Blocks256), Way::Text(Mode::Blocks256)),
            (answered(Mode::Ascii), Way::Text(Mode::Ascii)),
            (answered(Mode::None), Way::Text(Mode::None)),
        ];
        for (sight, expected) in table {
            assert_eq!(way(&sight, true), expected, "{sight:?}");
        }
        // Over SSH viuer has no variables to go by.
        assert_eq!(way(&sight(Mode::Iterm), false), Way::Blocks);
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
        let size = print(&picture, (20, 20), &sight(Mode::Ascii), &mut out);
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
