//! From cells and pictures to what the eye sees.

use std::collections::HashMap;

use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage, Rgba, RgbaImage};

use super::Tiles;
use super::diacritics::{self, Said};
use super::kitty::{Board, Placement, Stored};

/// Below this, pictures lie under coloured backgrounds too.
const BELOW_BACKGROUNDS: i32 = i32::MIN / 2;

/// Colours where none is asked for.
pub(crate) const BACKGROUND: Rgba<u8> = Rgba([0, 0, 0, 255]);
const FOREGROUND: Rgba<u8> = Rgba([229, 229, 229, 255]);

/// A piece of a picture that a placeholder cell asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) id: u32,
    pub(crate) row: u32,
    pub(crate) column: u32,
}

/// What the placeholder cells of a row ask for, by column; errors where marks are wrong.
pub(crate) fn placeholders(screen: &vt100::Screen, row: u16) -> Vec<(u16, Result<Wanted, String>)> {
    let mut found = Vec::new();
    let mut left: Option<(u16, vt100::Color, Wanted)> = None;
    for column in 0..screen.size().1 {
        let Some(cell) = screen.cell(row, column) else { continue };
        let Some(said) = diacritics::read(cell.contents()) else { continue };
        let colour = cell.fgcolor();
        let neighbour = left.filter(|(at, before, _)| at + 1 == column && *before == colour);
        let wanted = said.and_then(|said| inherit(said, colour, neighbour.map(|(_, _, wanted)| wanted)));
        left = wanted.as_ref().ok().map(|wanted| (column, colour, *wanted));
        found.push((column, wanted));
    }
    found
}

/// What a cell does not say is as in the cell to the left, if it goes on there.
fn inherit(said: Said, colour: vt100::Color, left: Option<Wanted>) -> Result<Wanted, String> {
    let low = match colour {
        vt100::Color::Idx(number) => u32::from(number),
        vt100::Color::Rgb(red, green, blue) => u32::from_be_bytes([0, red, green, blue]),
        vt100::Color::Default => return Err("a placeholder without a colour".to_owned()),
    };
    let id = |high: u32| low | (high << 24);
    let own = Wanted {
        id: id(said.high.unwrap_or(0)),
        row: said.row.unwrap_or(0),
        column: said.column.unwrap_or(0),
    };
    if said.high.is_some_and(|high| high > 255) {
        return Err("the third mark of a placeholder is no byte".to_owned());
    }
    let Some(left) = left else { return Ok(own) };
    let next = Wanted { column: left.column + 1, ..left };
    Ok(match (said.row, said.column, said.high) {
        (None, _, _) => next,
        (Some(row), None, _) if row == left.row => next,
        (Some(row), Some(column), None) if row == left.row && column == next.column => next,
        _ => own,
    })
}

/// What is seen of the screen.
pub(crate) struct View<'a> {
    pub(crate) screen: &'a vt100::Screen,
    pub(crate) board: &'a Board,
    pub(crate) tiles: &'a Tiles,
    pub(crate) cell: (u16, u16),
    /// Whether placeholders are more than characters.
    pub(crate) placeholders: bool,
}

impl View<'_> {
    /// The pixels of `(left, top, columns, rows)`.
    pub(crate) fn pixels(&self, (left, top, columns, rows): (u16, u16, u16, u16)) -> RgbaImage {
        let (width, height) = (u32::from(self.cell.0), u32::from(self.cell.1));
        let mut canvas =
            RgbaImage::from_pixel(u32::from(columns) * width, u32::from(rows) * height, BACKGROUND);
        let corner = (i64::from(left) * i64::from(width), i64::from(top) * i64::from(height));
        let direct = self.board.direct();
        let layer = |canvas: &mut RgbaImage, is_meant: &dyn Fn(i32) -> bool| {
            for (image, shown) in direct.iter().filter(|(_, shown)| is_meant(shown.z)) {
                place(canvas, image, shown, corner);
            }
        };
        let cells: Vec<(u16, u16)> =
            (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))).collect();
        layer(&mut canvas, &|z| z < BELOW_BACKGROUNDS);
        for (row, column) in &cells {
            if let Some((_, Some(background))) = self.colours(top + row, left + column) {
                fill(&mut canvas, self.part(*row, *column, (0, 0, 8, 8)), background);
            }
        }
        layer(&mut canvas, &|z| (BELOW_BACKGROUNDS..0).contains(&z));
        let mut models = HashMap::new();
        for row in 0..rows {
            self.characters(&mut canvas, (left, top), row, columns);
            self.pieces(&mut canvas, (left, top), row, columns, &mut models);
        }
        for (row, column) in &cells {
            if let Some(tile) = self.tiles.tile(top + row, left + column) {
                let (x, y) = (u32::from(*column) * width, u32::from(*row) * height);
                imageops::overlay(&mut canvas, tile, x.into(), y.into());
            }
        }
        layer(&mut canvas, &|z| z >= 0);
        canvas
    }

    /// Foreground, and background where there is one.
    fn colours(&self, row: u16, column: u16) -> Option<(Rgba<u8>, Option<Rgba<u8>>)> {
        let cell = self.screen.cell(row, column)?;
        let (front, back) = (colour(cell.fgcolor()), colour(cell.bgcolor()));
        Some(if cell.inverse() {
            (back.unwrap_or(BACKGROUND), Some(front.unwrap_or(FOREGROUND)))
        } else {
            (front.unwrap_or(FOREGROUND), back)
        })
    }

    fn characters(&self, canvas: &mut RgbaImage, (left, top): (u16, u16), row: u16, columns: u16) {
        for column in 0..columns {
            let Some(cell) = self.screen.cell(top + row, left + column) else { continue };
            let Some((front, _)) = self.colours(top + row, left + column) else { continue };
            let Some(letter) = cell.contents().chars().next() else { continue };
            if letter == diacritics::PLACEHOLDER && self.placeholders {
                continue;
            }
            if let Some(eighths) = ink(letter) {
                fill(canvas, self.part(row, column, eighths), front);
            }
        }
    }

    fn pieces(
        &self,
        canvas: &mut RgbaImage,
        (left, top): (u16, u16),
        row: u16,
        columns: u16,
        models: &mut HashMap<u32, Option<RgbaImage>>,
    ) {
        if !self.placeholders {
            return;
        }
        let (width, height) = (u32::from(self.cell.0), u32::from(self.cell.1));
        for (column, wanted) in placeholders(self.screen, top + row) {
            let Ok(wanted) = wanted else { continue };
            if !(left..left.saturating_add(columns)).contains(&column) {
                continue;
            }
            let model = models.entry(wanted.id).or_insert_with(|| {
                let (image, placement) = self.board.model(wanted.id)?;
                Some(fitted(image, placement, (width, height)))
            });
            let Some(model) = model else { continue };
            let (x, y) = (wanted.column * width, wanted.row * height);
            if x >= model.width() || y >= model.height() {
                continue;
            }
            let piece = imageops::crop_imm(model, x, y, width, height).to_image();
            let (x, y) = (u32::from(column - left) * width, u32::from(row) * height);
            imageops::overlay(canvas, &piece, x.into(), y.into());
        }
    }

    /// A part of a cell on the canvas, given in eighths: left, top, right, bottom.
    fn part(&self, row: u16, column: u16, eighths: (u32, u32, u32, u32)) -> (u32, u32, u32, u32) {
        let (width, height) = (u32::from(self.cell.0), u32::from(self.cell.1));
        let (x, y) = (u32::from(column) * width, u32::from(row) * height);
        let (left, top, right, bottom) = eighths;
        (x + left * width / 8, y + top * height / 8, x + right * width / 8, y + bottom * height / 8)
    }
}

/// The model of a placement for placeholders: the picture as large as fits its cells, in the middle.
fn fitted(image: &Stored, placement: &Placement, cell: (u32, u32)) -> RgbaImage {
    let (width, height) = (placement.cells.0 * cell.0, placement.cells.1 * cell.1);
    let mut model = RgbaImage::new(width, height);
    let source = part_of(image, placement);
    let scale = f64::min(
        f64::from(width) / f64::from(source.width()),
        f64::from(height) / f64::from(source.height()),
    );
    let side = |pixels: u32, most: u32| ((f64::from(pixels) * scale).round() as u32).clamp(1, most.max(1));
    let size = (side(source.width(), width), side(source.height(), height));
    let scaled = scaled(&source, size);
    let (left, top) = ((width - size.0) / 2, (height - size.1) / 2);
    imageops::replace(&mut model, &scaled, left.into(), top.into());
    model
}

fn part_of(image: &Stored, placement: &Placement) -> RgbaImage {
    let (x, y, width, height) = placement.source;
    imageops::crop_imm(&image.pixels, x, y, width, height).to_image()
}

/// Paints a direct placement; `corner` is where the canvas begins on the screen.
fn place(canvas: &mut RgbaImage, image: &Stored, shown: &Placement, corner: (i64, i64)) {
    let (left, top, right, bottom) = shown.target;
    let size = ((right - left).max(1) as u32, (bottom - top).max(1) as u32);
    let scaled = scaled(&part_of(image, shown), size);
    imageops::overlay(canvas, &scaled, left - corner.0, top - corner.1);
}

/// The picture in another size, smoothly, as terminals do it.
pub(crate) fn scaled(image: &RgbaImage, size: (u32, u32)) -> RgbaImage {
    if image.dimensions() == size {
        return image.clone();
    }
    imageops::resize(image, size.0, size.1, FilterType::Triangle)
}

fn fill(canvas: &mut RgbaImage, (left, top, right, bottom): (u32, u32, u32, u32), colour: Rgba<u8>) {
    for y in top..bottom {
        for x in left..right {
            canvas.put_pixel(x, y, colour);
        }
    }
}

/// Where a character has ink, in eighths of its cell: true for blocks, a box for all else.
fn ink(letter: char) -> Option<(u32, u32, u32, u32)> {
    Some(match letter {
        ' ' | '\u{a0}' => return None,
        '▀' => (0, 0, 8, 4),
        '▁'..='█' => (0, 8 - (u32::from(letter) - u32::from('▁') + 1), 8, 8),
        '▉'..='▏' => (0, 0, 7 - (u32::from(letter) - u32::from('▉')), 8),
        '▐' => (4, 0, 8, 8),
        _ => (2, 2, 6, 6),
    })
}

/// The sixteen colours as xterm has them, the cube, the greys.
fn colour(colour: vt100::Color) -> Option<Rgba<u8>> {
    const NAMED: [[u8; 3]; 16] = [
        [0, 0, 0],
        [205, 0, 0],
        [0, 205, 0],
        [205, 205, 0],
        [0, 0, 238],
        [205, 0, 205],
        [0, 205, 205],
        [229, 229, 229],
        [127, 127, 127],
        [255, 0, 0],
        [0, 255, 0],
        [255, 255, 0],
        [92, 92, 255],
        [255, 0, 255],
        [0, 255, 255],
        [255, 255, 255],
    ];
    let [red, green, blue] = match colour {
        vt100::Color::Default => return None,
        vt100::Color::Rgb(red, green, blue) => [red, green, blue],
        vt100::Color::Idx(number @ 0..=15) => NAMED[usize::from(number)],
        vt100::Color::Idx(number @ 16..=231) => {
            let step = |part: u8| if part == 0 { 0 } else { 55 + 40 * part };
            let number = number - 16;
            [step(number / 36), step(number / 6 % 6), step(number % 6)]
        }
        vt100::Color::Idx(number) => [8 + 10 * (number - 232); 3],
    };
    Some(Rgba([red, green, blue, 255]))
}

/// The pixels without their alpha.
pub(crate) fn rgb(pixels: &RgbaImage) -> RgbImage {
    RgbImage::from_fn(pixels.width(), pixels.height(), |x, y| {
        let [red, green, blue, _] = pixels.get_pixel(x, y).0;
        Rgb([red, green, blue])
    })
}

/// Peak signal to noise in decibels: 30 is alike, 40 is hard to tell apart, infinite the same.
///
/// # Panics
///
/// If the sizes differ.
pub(crate) fn psnr(seen: &RgbImage, expected: &RgbImage) -> f64 {
    assert_eq!(seen.dimensions(), expected.dimensions(), "pictures of two sizes");
    let squares = seen.as_raw().iter().zip(expected.as_raw()).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2));
    let mean = squares.sum::<f64>() / seen.as_raw().len().max(1) as f64;
    10.0 * (255.0 * 255.0 / mean).log10()
}
