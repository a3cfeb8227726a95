//! Numbers that pictures which look the same have in common, however they were encoded or scaled.
//!
//! The DCT hash of Zauner ("Implementation and Benchmarking of Perceptual Image Hash Functions", 2010),
//! in the form that Krawetz made known ("Looks Like It", 2011): the picture is brought to 32x32 levels of
//! grey, and of its cosine transform the 8x8 lowest frequencies are kept; each gives a bit, which says
//! whether it is above their median. The mean brightness has none, so 63 bits remain.
//!
//! Two things are ours. A bit is set where a frequency exceeds the median by more than the noise of an
//! encoder, so that empty frequencies of smooth pictures do not flicker. And a picture that is flat, or
//! too simple for more than a few bits, has no number: all white pictures would be the same.
//!
//! Shapes alone take diagrams for the same whose blocks have other colours, so a second number says where colour
//! changes from left to right, for blue and for red: a difference hash of the two colour channels.

use std::sync::LazyLock;

use image::{DynamicImage, GrayImage, Luma, RgbaImage};

use super::resized;

/// Sides of the picture that is transformed.
const SIDE: usize = 32;
/// Frequencies that are kept in either direction.
const KEPT: usize = 8;
/// Standard deviation of grey levels, 0 to 255, below which a picture is flat.
const FLAT: f32 = 3.0;
/// What a frequency must exceed the median by: an eighth of a grey level, as a wave over the picture.
const NOISE: f32 = 32.0;
/// Bits that must be set, and must not, for a picture to be told from others.
const FEWEST_BITS: u32 = 6;

/// Cells of the grid whose colours are compared: across, one more than there are comparisons, and down.
const CELLS: (u32, u32) = (9, 4);
/// Levels by which a colour must rise from one cell to the next.
const RISE: f32 = 4.0;
/// Bits by which the second numbers may differ; grids of averages hardly change with the encoder.
const MOST_TINTS_APART: u32 = 6;

/// What pictures that look the same have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Likeness {
    /// Shapes in grey; pictures that look the same differ in at most [`MOST_BITS_APART`] bits.
    pub shape: u64,
    /// Where colour changes; 0 for grey pictures.
    pub tint: u64,
}

impl Likeness {
    /// Whether two pictures look the same.
    pub fn is_near(self, other: Self) -> bool {
        (self.shape ^ other.shape).count_ones() <= MOST_BITS_APART
            && (self.tint ^ other.tint).count_ones() <= MOST_TINTS_APART
    }
}

/// Bits by which the shapes of two pictures may differ that are taken for the same. Encoding anew and
/// scaling change few of the bits, if any; those of unlike pictures differ in about half.
pub const MOST_BITS_APART: u32 = 4;

/// The waves: cos(pi / 32 * (x + 1/2) * u) for the kept frequencies.
static WAVES: LazyLock<[[f32; SIDE]; KEPT]> = LazyLock::new(|| {
    std::array::from_fn(|frequency| {
        std::array::from_fn(|place| {
            let turn = std::f32::consts::PI / SIDE as f32;
            (turn * (place as f32 + 0.5) * frequency as f32).cos()
        })
    })
});

/// The number of a picture; none where it is too flat or too simple for one.
pub(super) fn likeness(pixels: &RgbaImage) -> Option<Likeness> {
    let shape = shape(pixels)?;
    Some(Likeness { shape, tint: tint(pixels) })
}

fn shape(pixels: &RgbaImage) -> Option<u64> {
    let grey = DynamicImage::from(grey(pixels));
    let small = resized(&grey, (SIDE as u32, SIDE as u32)).into_luma8();
    let levels: Vec<f32> = small.as_raw().iter().map(|level| f32::from(*level)).collect();
    let count = (SIDE * SIDE) as f32;
    let mean = levels.iter().sum::<f32>() / count;
    let spread = levels.iter().map(|level| (level - mean).powi(2)).sum::<f32>() / count;
    if spread.sqrt() < FLAT {
        return None;
    }
    let frequencies = lowest_frequencies(&levels);
    let mut sorted = frequencies;
    sorted.sort_unstable_by(f32::total_cmp);
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
    let bits = frequencies
        .iter()
        .enumerate()
        .filter(|(_, frequency)| **frequency - median > NOISE)
        .fold(0_u64, |bits, (place, _)| bits | 1 << place);
    let set = bits.count_ones();
    (FEWEST_BITS..=KEPT as u32 * KEPT as u32 - FEWEST_BITS).contains(&set).then_some(bits)
}

/// A bit for each two neighbours in a row of cells: whether the right one is bluer; then whether it is redder.
fn tint(pixels: &RgbaImage) -> u64 {
    let (across, down) = CELLS;
    let cells = resized(&DynamicImage::from(pixels.clone()), CELLS).into_rgba8();
    let level = |x: u32, y: u32, is_red: bool| {
        let [red, green, blue, alpha] = cells.get_pixel(x, y).0.map(f32::from);
        let grey = 0.299 * red + 0.587 * green + 0.114 * blue;
        let color = if is_red { 0.713 * (red - grey) } else { 0.564 * (blue - grey) };
        color * alpha / 255.0
    };
    let places = [false, true]
        .into_iter()
        .flat_map(|is_red| (0..down).flat_map(move |y| (1..across).map(move |x| (x, y, is_red))));
    let rises = places.map(|(x, y, is_red)| level(x, y, is_red) - level(x - 1, y, is_red) > RISE);
    rises.enumerate().fold(0, |bits, (place, rises)| bits | u64::from(rises) << place)
}

/// Grey levels, with white behind what is not opaque, as a viewer would show it on a page.
fn grey(pixels: &RgbaImage) -> GrayImage {
    GrayImage::from_fn(pixels.width(), pixels.height(), |x, y| {
        let [red, green, blue, alpha] = pixels.get_pixel(x, y).0.map(f32::from);
        let level = 0.299 * red + 0.587 * green + 0.114 * blue;
        Luma([((level * alpha + 255.0 * (255.0 - alpha)) / 255.0).round() as u8])
    })
}

/// The lowest frequencies of the cosine transform, row by row, without the mean.
fn lowest_frequencies(levels: &[f32]) -> [f32; KEPT * KEPT - 1] {
    let mut rows = [[0.0; KEPT]; SIDE];
    for (line, row) in levels.chunks_exact(SIDE).zip(&mut rows) {
        for (wave, sum) in WAVES.iter().zip(row) {
            *sum = wave.iter().zip(line).map(|(wave, level)| wave * level).sum();
        }
    }
    let mut found = [0.0; KEPT * KEPT - 1];
    for (place, frequency) in found.iter_mut().enumerate() {
        let (down, across) = ((place + 1) / KEPT, (place + 1) % KEPT);
        if let Some(wave) = WAVES.get(down) {
            *frequency = wave.iter().zip(&rows).map(|(wave, row)| wave * row[across]).sum();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, Rgb, RgbImage};

    use super::*;
    use crate::media::fixtures::{encoded, photo, scene};
    use crate::media::{Limits, look};

    fn of(bytes: &[u8]) -> Option<Likeness> {
        look(bytes, &Limits::default()).expect("a picture").likeness
    }

    fn scaled(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
        resized(&DynamicImage::from(picture.clone()), (width, height)).into_rgb8()
    }

    #[test]
    fn the_same_picture_is_known_again_and_others_are_not() {
        let mut apart = Vec::new();
        for seed in 0..12 {
            let picture = scene(seed, 320, 240);
            let own = of(&encoded(&picture, ImageFormat::Png)).expect("has a likeness");
            let copies = [
                encoded(&picture, ImageFormat::Jpeg),
                encoded(&picture, ImageFormat::WebP),
                encoded(&scaled(&picture, 640, 480), ImageFormat::Png),
                encoded(&scaled(&picture, 160, 120), ImageFormat::Jpeg),
                encoded(&scaled(&picture, 100, 75), ImageFormat::Jpeg),
            ];
            for (place, copy) in copies.iter().enumerate() {
                let copy = of(copy).expect("has a likeness");
                assert!(own.is_near(copy), "scene {seed}, copy {place}: {own:x?} {copy:x?}");
            }
            for other in 0..seed {
                let other = of(&encoded(&scene(other, 320, 240), ImageFormat::Png)).expect("a likeness");
                apart.push((own.shape ^ other.shape).count_ones());
            }
        }
        assert!(apart.iter().all(|bits| *bits > 2 * MOST_BITS_APART), "{apart:?}");
    }

    #[test]
    fn other_colours_make_another_picture() {
        let picture = scene(3, 320, 240);
        let own = of(&encoded(&picture, ImageFormat::Png)).expect("has a likeness");
        let mut swapped = picture.clone();
        for pixel in swapped.pixels_mut() {
            let [red, green, blue] = pixel.0;
            // The same grey, as far as levels allow.
            let grey = (0.299 * f32::from(red) + 0.587 * f32::from(green) + 0.114 * f32::from(blue)) as u8;
            pixel.0 = [grey; 3];
        }
        let grey = of(&encoded(&swapped, ImageFormat::Png)).expect("has a likeness");
        assert!((own.shape ^ grey.shape).count_ones() <= MOST_BITS_APART);
        assert!(!own.is_near(grey) && grey.tint == 0 && grey.is_near(grey));
    }

    #[test]
    fn what_is_flat_or_too_simple_has_no_likeness() {
        let white = RgbImage::from_pixel(200, 100, Rgb([255, 255, 255]));
        assert_eq!(of(&encoded(&white, ImageFormat::Png)), None);
        let slope = RgbImage::from_fn(256, 100, |x, _| Rgb([x as u8; 3]));
        assert_eq!(of(&encoded(&slope, ImageFormat::Png)), None);
        assert_eq!(
            of(&encoded(&photo(3, 3), ImageFormat::Png)).map(|_| ()),
            of(&encoded(&photo(3, 3), ImageFormat::Bmp)).map(|_| ())
        );
    }
}
