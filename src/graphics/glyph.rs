//! The cells of a picture: half-blocks or characters.

use image::RgbImage;
use ratatui::style::Color;

use super::xterm;

/// The upper half in the foreground colour, the lower in the background colour.
const UPPER_HALF: char = '▀';

/// Darkest to brightest, for light letters on a dark ground.
const RAMP: [char; 10] = [' ', '.', ':', '-', '=', '+', '*', '#', '%', '@'];

/// Colours that differ by no more than this in any channel are made the same where that spares
/// bytes. It cannot be seen, and bounds the error to 38 dB.
const ALIKE: u8 = 3;

/// One cell of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    pub(super) symbol: char,
    pub(super) foreground: Color,
    /// None leaves what is behind: under the last half of an odd number of halves.
    pub(super) background: Option<Color>,
}

impl Glyph {
    /// A character in the terminal's own colours.
    pub(super) fn plain(symbol: char) -> Self {
        Self { symbol, foreground: Color::Reset, background: None }
    }

    /// Two halves. Alike they become a space, whose escape sequence is the shortest.
    fn halves(upper: Color, lower: Option<Color>) -> Self {
        if lower == Some(upper) {
            return Self { symbol: ' ', foreground: Color::Reset, background: lower };
        }
        Self { symbol: UPPER_HALF, foreground: upper, background: lower }
    }
}

/// Half-blocks in 24-bit colours, row by row.
pub(super) fn blocks(grid: &RgbImage) -> Vec<Glyph> {
    let mut glyphs = Vec::with_capacity(grid.as_raw().len() / 6);
    for row in 0..grid.height().div_ceil(2) {
        let mut before = None;
        for column in 0..grid.width() {
            let mut upper = pixel(grid, column, row * 2);
            let mut lower = below(grid, column, row);
            if let Some((upper_before, lower_before)) = before {
                // Both or none: an escape sequence is spared only if the whole cell is the same.
                if are_alike(Some(upper), Some(upper_before)) && are_alike(lower, lower_before) {
                    (upper, lower) = (upper_before, lower_before);
                }
            }
            if are_alike(Some(upper), lower) {
                lower = Some(upper);
            }
            before = Some((upper, lower));
            glyphs.push(Glyph::halves(colour(upper), lower.map(colour)));
        }
    }
    glyphs
}

/// Half-blocks in the colours of xterm, row by row.
pub(super) fn blocks256(grid: &RgbImage) -> Vec<Glyph> {
    let indices = dithered(grid);
    let width = grid.width() as usize;
    let at = |column: usize, row: usize| indices.get(row * width + column).copied().map(Color::Indexed);
    let rows = grid.height().div_ceil(2) as usize;
    let cells = (0..rows).flat_map(|row| (0..width).map(move |column| (column, row)));
    cells
        .map(|(column, row)| {
            Glyph::halves(at(column, row * 2).unwrap_or(Color::Reset), at(column, row * 2 + 1))
        })
        .collect()
}

/// Numbers of the nearest colours, with half of each error passed on to the neighbours: skies
/// would have bands without, and look sandy with all of it.
fn dithered(grid: &RgbImage) -> Vec<u8> {
    let (width, height) = (grid.width() as usize, grid.height() as usize);
    let mut errors = [vec![[0_i32; 3]; width + 2], vec![[0_i32; 3]; width + 2]];
    let mut indices = Vec::with_capacity(width * height);
    for row in grid.rows() {
        let [current, next] = &mut errors;
        next.fill([0; 3]);
        for (column, pixel) in row.enumerate() {
            let carried = current.get(column + 1).copied().unwrap_or_default();
            let mut wanted = [0_u8; 3];
            for ((wanted, given), carried) in wanted.iter_mut().zip(pixel.0).zip(carried) {
                *wanted = (i32::from(given) + carried / 32).clamp(0, 255) as u8;
            }
            let index = xterm::nearest(wanted);
            indices.push(index);
            let shown = xterm::rgb(index);
            let error: [i32; 3] =
                std::array::from_fn(|channel| i32::from(wanted[channel]) - i32::from(shown[channel]));
            // Floyd and Steinberg's shares in sixteenths; the sum of 16 is half of 32.
            spread(current.get_mut(column + 2), error, 7);
            spread(next.get_mut(column), error, 3);
            spread(next.get_mut(column + 1), error, 5);
            spread(next.get_mut(column + 2), error, 1);
        }
        errors.swap(0, 1);
    }
    indices
}

fn spread(place: Option<&mut [i32; 3]>, error: [i32; 3], share: i32) {
    for (sum, error) in place.into_iter().flatten().zip(error) {
        *sum += error * share;
    }
}

/// Characters, row by row. The brightness is stretched so that the darkest and the brightest
/// hundredth of the picture get the ends of the ramp.
pub(super) fn characters(grid: &RgbImage) -> Vec<Glyph> {
    let mut lights = Vec::with_capacity(grid.as_raw().len() / 6);
    for row in 0..grid.height().div_ceil(2) {
        for column in 0..grid.width() {
            let upper = light(pixel(grid, column, row * 2));
            lights.push(u32::midpoint(upper, below(grid, column, row).map_or(upper, light)));
        }
    }
    let (dark, bright) = bounds(&lights);
    let steps = RAMP.len() as u32 - 1;
    let rung = |value: u32| {
        let place = (value.clamp(dark, bright) - dark) * steps + (bright - dark) / 2;
        RAMP.get((place / (bright - dark)) as usize).copied().unwrap_or('@')
    };
    lights.into_iter().map(|value| Glyph::plain(rung(value))).collect()
}

/// The brightness below and above which a hundredth of the cells lies; well apart, so that a flat
/// picture stays flat.
fn bounds(lights: &[u32]) -> (u32, u32) {
    let mut sorted = lights.to_vec();
    sorted.sort_unstable();
    let hundredth = sorted.len() / 100;
    let dark = sorted.get(hundredth).copied().unwrap_or(0);
    let bright = sorted.iter().rev().nth(hundredth).copied().unwrap_or(255);
    if bright - dark < 32 { (0, 255) } else { (dark, bright) }
}

/// Brightness as the eye weighs it, 0 to 255.
fn light([red, green, blue]: [u8; 3]) -> u32 {
    (u32::from(red) * 54 + u32::from(green) * 183 + u32::from(blue) * 19) / 256
}

fn pixel(grid: &RgbImage, x: u32, y: u32) -> [u8; 3] {
    grid.get_pixel_checked(x, y).map_or([0; 3], |pixel| pixel.0)
}

/// The lower half of a cell, if the grid goes on so far.
fn below(grid: &RgbImage, column: u32, row: u32) -> Option<[u8; 3]> {
    grid.get_pixel_checked(column, row * 2 + 1).map(|pixel| pixel.0)
}

fn are_alike(one: Option<[u8; 3]>, other: Option<[u8; 3]>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.into_iter().zip(other).all(|(a, b)| a.abs_diff(b) <= ALIKE),
        (None, None) => true,
        _ => false,
    }
}

fn colour([red, green, blue]: [u8; 3]) -> Color {
    Color::Rgb(red, green, blue)
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn halves_that_are_alike_become_a_space() {
        let grid = RgbImage::from_fn(3, 3, |x, y| match (x, y) {
            (0 | 1, _) => Rgb([10, 20, 30]),
            (_, 0) => Rgb([200, 0, 0]),
            _ => Rgb([0, 0, 200]),
        });
        let flat = Color::Rgb(10, 20, 30);
        let (red, blue) = (Color::Rgb(200, 0, 0), Color::Rgb(0, 0, 200));
        let space = Glyph { symbol: ' ', foreground: Color::Reset, background: Some(flat) };
        let half = |foreground, background| Glyph { symbol: '▀', foreground, background };
        let expected =
            [space, space, half(red, Some(blue)), half(flat, None), half(flat, None), half(blue, None)];
        assert_eq!(blocks(&grid), expected);
    }

    #[test]
    fn small_steps_are_levelled_without_drifting() {
        let grid = RgbImage::from_fn(100, 2, |x, _| Rgb([x as u8, 0, 0]));
        let glyphs = blocks(&grid);
        for (x, glyph) in glyphs.iter().enumerate() {
            let Some(Color::Rgb(red, ..)) = glyph.background else { panic!("no colour at {x}") };
            assert!(usize::from(red).abs_diff(x) <= 3, "{red} at {x}");
        }
        let steps = glyphs.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert_eq!(steps, 24);
    }

    #[test]
    fn characters_go_from_dark_to_bright() {
        let grid = RgbImage::from_fn(20, 2, |x, _| Rgb([(x * 13) as u8; 3]));
        let line: String = characters(&grid).iter().map(|glyph| glyph.symbol).collect();
        assert_eq!(line, "  ..::--==++**##%%@@");
        let flat = RgbImage::from_pixel(4, 3, Rgb([128; 3]));
        assert!(characters(&flat).iter().all(|glyph| glyph.symbol == '+'));
    }

    #[test]
    fn a_flat_grey_needs_no_dithering_in_256_colours() {
        let glyphs = blocks256(&RgbImage::from_pixel(6, 4, Rgb([128; 3])));
        let space = Glyph { symbol: ' ', foreground: Color::Reset, background: Some(Color::Indexed(244)) };
        assert_eq!(glyphs, vec![space; 12]);
    }
}
