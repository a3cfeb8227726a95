//! Makes pictures into what this terminal shows, within the bytes that its line can bear.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::DynamicImage;

use super::compose::{centered, filled, worth};
use super::diacritics;
use super::encode::{self, Fit, Snap, scaled};
use super::fit::{USUAL_CELL, halves};
use super::sheet::{Payload, Sheet};
use super::{CellPixels, Grain, Mode, Painting, Sight, prepared};
use crate::media::{Picture, PictureKey};

/// Bytes that a picture may cost over a line where bytes are dear, placeholders included: the first look at
/// it, and the fine one after a rest.
const FIRST: usize = 58_000;
const FINE: usize = 245_000;
/// Sixels cannot be enlarged by the terminal, and so cannot be coarse.
const FIRST_SIXEL: usize = 190_000;
/// A first look may not cost more for a cell than this, as in a pane of 60 by 30, so that a page of small
/// pictures costs no more than a few large ones.
const CELLS: usize = 60 * 30;
/// Bytes of a placeholder.
const PLACEHOLDER: usize = 11;
/// tmux drops sequences and pictures beyond some limit of its own.
const TMUX: usize = 500_000;

/// Quality of JPEGs where bytes do not matter.
const QUALITY: u8 = 88;

/// A pane so small shows a sixel picture as blocks over a line: a page of them would cost a megabyte.
const SMALL: usize = 400;

/// Makes paintings for one terminal.
#[derive(Clone, Debug)]
pub struct Painter {
    sight: Sight,
    budget: Option<usize>,
}

impl Painter {
    /// A painter for a terminal. `budget` bounds the bytes of a picture; without one there is a bound only
    /// where bytes are dear.
    pub fn new(sight: Sight, budget: Option<usize>) -> Self {
        Self { sight, budget }
    }

    /// Pixels of a picture, across and down, that a cell can show.
    pub fn pixels_per_cell(&self) -> (u32, u32) {
        if self.sight.mode.has_pixels() {
            let (width, height) = self.cell();
            (width.into(), height.into())
        } else {
            // Twice what half-blocks show each way.
            (2, 4)
        }
    }

    /// The part of a picture that a key asks for, with its marks, for the cells that the key names.
    pub fn paint(&self, picture: &Picture, key: &PictureKey) -> Painting {
        let grain = if self.sight.mode.has_pixels() { Grain::Pixels } else { Grain::Cells };
        let picture = &*prepared(picture, key, grain);
        let cells = (key.cells.0.min(diacritics::COUNT), key.cells.1.min(diacritics::COUNT));
        let made = match self.sight.mode {
            Mode::Kitty => self.stored(picture, cells, cells, key),
            Mode::KittyDirect => self.stored(picture, self.grid(picture, cells), cells, key),
            Mode::Iterm => self.jpeg(picture, self.grid(picture, cells), key),
            Mode::Sixel => self.sixel(picture, cells, key),
            _ => None,
        };
        // What cannot be encoded can still be shown.
        made.unwrap_or_else(|| Painting::new(picture, key.cells, self.sight.cell, self.sight.mode))
    }

    fn cell(&self) -> CellPixels {
        self.sight.cell.unwrap_or(USUAL_CELL)
    }

    /// Columns and rows that a picture covers in a box of cells.
    fn grid(&self, picture: &Picture, cells: (u16, u16)) -> (u16, u16) {
        let (columns, halves) = halves(picture.original, cells, Some(self.cell()), true);
        (columns as u16, (halves / 2) as u16)
    }

    fn pixels(&self, cells: (u16, u16)) -> (u32, u32) {
        let (width, height) = self.cell();
        (u32::from(cells.0) * u32::from(width), u32::from(cells.1) * u32::from(height))
    }

    /// Bytes that a picture on so many cells may send, if there is a bound: `first` and `fine` are those for a
    /// pane of 60 by 30.
    fn bound(&self, cells: (u16, u16), fine: bool, first: usize, most: usize) -> Option<usize> {
        let share = (usize::from(cells.0) * usize::from(cells.1)).clamp(60, CELLS);
        let by_line = self.sight.remote.then(|| if fine { most } else { first } * share / CELLS);
        let by_user = self.budget;
        let by_tmux = self.sight.tmux.then_some(TMUX);
        [by_line, by_user, by_tmux].into_iter().flatten().min()
    }

    /// A PNG for kitty's protocol on `grid`; with placeholders the picture stands in the middle of them.
    fn stored(
        &self,
        picture: &Picture,
        grid: (u16, u16),
        cells: (u16, u16),
        key: &PictureKey,
    ) -> Option<Painting> {
        let size = self.pixels(grid);
        let worth = worth(picture, size);
        let canvas = if self.sight.mode == Mode::Kitty {
            // The cells stay the same from picture to picture, and so are sent but once.
            centered(picture, scaled(size, worth))
        } else {
            DynamicImage::from(filled(picture, scaled(size, worth))).into_rgba8()
        };
        let placeholders = match self.sight.mode {
            Mode::Kitty => usize::from(grid.0) * usize::from(grid.1) * PLACEHOLDER,
            _ => 0,
        };
        let (png, pixels) = match self.bound(cells, key.fine, FIRST, FINE) {
            None => (encode::full(&canvas).ok()?, canvas.dimensions()),
            Some(bound) => {
                // In a very large pane the placeholders alone would use it up.
                let room = bound.saturating_sub(placeholders).max(bound / 4);
                let Fit::Done(encoded) = encode::png_within(&canvas, 1.0, room) else { return None };
                (encoded.payload, encoded.size)
            }
        };
        let payload = Payload::Stored(STANDARD.encode(png).into_bytes());
        Some(painting(key, grid, pixels, payload, picture))
    }

    /// A JPEG for iTerm2's protocol.
    fn jpeg(&self, picture: &Picture, grid: (u16, u16), key: &PictureKey) -> Option<Painting> {
        let size = self.pixels(grid);
        let worth = worth(picture, size);
        let canvas = filled(picture, scaled(size, worth));
        let (jpeg, pixels) = match self.bound(grid, key.fine, FIRST, FINE) {
            None => (encode::jpeg(&canvas, QUALITY).ok()?, canvas.dimensions()),
            Some(bound) => {
                let Fit::Done(encoded) = encode::jpeg_within(&canvas, 1.0, bound) else { return None };
                (encoded.payload, encoded.size)
            }
        };
        let (columns, rows) = grid;
        let head = format!(
            "\x1b]1337;File=inline=1;size={};width={columns};height={rows};preserveAspectRatio=0;doNotMoveCursor=1:",
            jpeg.len()
        );
        let payload = Payload::Painted(format!("{head}{}\x07", STANDARD.encode(jpeg)).into_bytes());
        Some(painting(key, grid, pixels, payload, picture))
    }

    /// Sixels, which the terminal shows pixel by pixel: on fewer cells if they would be too many bytes.
    fn sixel(&self, picture: &Picture, cells: (u16, u16), key: &PictureKey) -> Option<Painting> {
        let mut grid = self.grid(picture, cells);
        if self.sight.remote && usize::from(cells.0) * usize::from(cells.1) <= SMALL {
            return Some(Painting::new(picture, key.cells, self.sight.cell, Mode::Blocks));
        }
        let bound = self.bound(cells, key.fine, FIRST_SIXEL, FINE);
        for _ in 0..3 {
            let (width, height) = self.pixels(grid);
            // A last band of fewer than six rows would reach into the row of cells below.
            let size = (width, (height - height % 6).max(height.min(6)));
            let canvas = DynamicImage::from(filled(picture, (width, height))).into_rgba8();
            let canvas = image::imageops::crop_imm(&canvas, 0, 0, size.0, size.1).to_image();
            let Some(bound) = bound else {
                let palette = encode::Colours::of(&canvas).palette(256).in_percents();
                let text = encode::sixel(&palette.paint(&canvas, Snap::Nearest));
                return Some(painting(key, grid, size, Payload::Painted(text.into_bytes()), picture));
            };
            match encode::sixel_within(&canvas, bound) {
                Fit::Done(encoded) => {
                    let payload = Payload::Painted(encoded.payload.into_bytes());
                    return Some(painting(key, grid, size, payload, picture));
                }
                Fit::TooLarge(share) if share > 0.0 => {
                    let less = |side: u16| ((f64::from(side) * share) as u16).max(1);
                    grid = (less(grid.0), less(grid.1));
                }
                Fit::TooLarge(_) => return None,
            }
        }
        None
    }
}

/// The painting of a picture on `grid`, of so many pixels.
fn painting(
    key: &PictureKey,
    grid: (u16, u16),
    pixels: (u32, u32),
    payload: Payload,
    picture: &Picture,
) -> Painting {
    Painting::of_sheet(Sheet::new(subject(key), grid, pixels, payload), Some(picture))
}

/// What a key shows, in whatever detail.
fn subject(key: &PictureKey) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&key.reference, key.cells, key.part, &key.marks).hash(&mut hasher);
    hasher.finish()
}
