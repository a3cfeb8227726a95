//! A little error for the sake of fewer bytes.
//!
//! The nearest colour of each pixel makes a restless picture: two colours of the palette that are
//! about as near alternate with the noise. Where another colour is almost as good and costs less,
//! it is taken.

use image::RgbaImage;

use super::palette::Indexed;

/// Which error is taken for the sake of fewer bytes: by how much the squared distance of a pixel's
/// colour may grow beyond that of the nearest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::graphics) enum Snap {
    /// None: every pixel gets the nearest colour.
    #[default]
    Nearest,
    /// Pixels go on with what a former stretch of pixels had, which deflate packs well.
    Stretches(u32),
    /// Pixels take a colour that their column of six pixels or the one before has, as sixels like it:
    /// so much may the squared distance grow for each byte that is saved.
    Sixels(u32),
}

/// Takes other colours for the pixels of a picture, painted from this one, which must have its size.
pub(super) fn snap(painted: &mut Indexed, picture: &RgbaImage, snap: Snap) {
    let mut colours = [[0; 3]; 256];
    for (colour, of_palette) in colours.iter_mut().zip(&painted.palette) {
        *colour = *of_palette;
    }
    let colours = Colours { colours, has_clear: painted.has_clear };
    let wanted = picture.as_raw().as_chunks::<4>().0;
    let width = painted.width.max(1) as usize;
    match snap {
        Snap::Nearest | Snap::Stretches(0) | Snap::Sixels(0) => {}
        Snap::Stretches(slack) => stretch(&mut painted.pixels, wanted, width, &colours, slack),
        Snap::Sixels(slack) => {
            for (pixels, wanted) in painted.pixels.chunks_mut(width * 6).zip(wanted.chunks(width * 6)) {
                columns(pixels, wanted, width, &colours, slack);
            }
        }
    }
}

/// A palette, and what its colours cost a pixel.
struct Colours {
    colours: [[u8; 3]; 256],
    has_clear: bool,
}

impl Colours {
    /// The squared distance of a colour to a pixel that is not clear.
    fn error(&self, index: u8, pixel: [u8; 4]) -> u32 {
        let [red, green, blue] = self.colours[usize::from(index)];
        let square = |one: u8, other: u8| u32::from(one.abs_diff(other)).pow(2);
        square(red, pixel[0]) + square(green, pixel[1]) + square(blue, pixel[2])
    }

    fn is_clear(&self, index: u8) -> bool {
        self.has_clear && index == 0
    }
}

/// Follows what came before as long as it is good enough: first the stretch that the pixel before
/// followed, then the pixel before itself, then the one above.
fn stretch(pixels: &mut [u8], wanted: &[[u8; 4]], width: usize, colours: &Colours, slack: u32) {
    // Where the pixel that the next one may follow is.
    let mut source = None;
    for (place, wanted) in wanted.iter().enumerate() {
        let Some((before, [pixel, ..])) = pixels.split_at_mut_checked(place) else { return };
        if colours.is_clear(*pixel) {
            source = None;
            continue;
        }
        let most = colours.error(*pixel, *wanted) + slack;
        let places = [source, place.checked_sub(1), place.checked_sub(width)];
        let found = places.into_iter().flatten().find_map(|from| {
            let index = *before.get(from)?;
            let is_good = !colours.is_clear(index) && colours.error(index, *wanted) <= most;
            is_good.then_some((from, index))
        });
        source = found.map(|(from, index)| {
            *pixel = index;
            from + 1
        });
    }
}

/// Bytes that a pixel costs about, if its colour is met in the column before, or neither there nor
/// in its own column of the band, where it costs nothing.
const BEFORE: u32 = 1;
const NEW: u32 = 4;

/// Goes over the columns of a band of six rows.
fn columns(pixels: &mut [u8], wanted: &[[u8; 4]], width: usize, colours: &Colours, slack: u32) {
    let rows = pixels.len().div_ceil(width).min(6);
    // The colours of the column before.
    let mut left = [None; 6];
    for x in 0..width {
        let mut column = [None; 6];
        for row in 0..rows {
            let place = row * width + x;
            let (Some(pixel), Some(wanted)) = (pixels.get_mut(place), wanted.get(place)) else { break };
            if colours.is_clear(*pixel) {
                continue;
            }
            let mut best = (colours.error(*pixel, *wanted) + slack * NEW, *pixel);
            let mut consider = |index: Option<u8>, cost: u32| {
                if let Some(index) = index {
                    best = best.min((colours.error(index, *wanted) + cost, index));
                }
            };
            for index in column.into_iter().take(row) {
                consider(index, 0);
            }
            for index in left {
                consider(index, slack * BEFORE);
            }
            *pixel = best.1;
            column[row] = Some(best.1);
        }
        left = column;
    }
}

#[cfg(test)]
mod tests {
    use image::DynamicImage;

    use super::*;
    use crate::graphics::encode::png::indexed;
    use crate::graphics::encode::{Colours, sixel};
    use crate::media::fixtures::photo;

    /// A smooth picture with noise.
    fn noisy() -> RgbaImage {
        let mut picture = DynamicImage::from(photo(150, 120)).into_rgba8();
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            let noise = ((x * 7919) ^ (y * 104_729)).wrapping_mul(2_654_435_761) >> 27;
            for channel in 0..3 {
                pixel[channel] = pixel[channel].saturating_add((noise >> channel) as u8 / 2);
            }
        }
        picture
    }

    #[test]
    fn a_little_error_saves_bytes() {
        let picture = noisy();
        let palette = Colours::of(&picture).palette(128);
        let png = |slack| indexed(&palette.paint(&picture, Snap::Stretches(slack))).expect("encodes").len();
        let sixels = |slack| sixel(&palette.paint(&picture, Snap::Sixels(slack))).len();
        assert!(png(80) * 10 < png(0) * 9, "{} of {}", png(80), png(0));
        assert!(sixels(40) * 10 < sixels(0) * 8, "{} of {}", sixels(40), sixels(0));
        for snap in [Snap::Stretches(0), Snap::Sixels(0)] {
            assert_eq!(palette.paint(&picture, snap), palette.paint(&picture, Snap::Nearest));
        }
    }

    #[test]
    fn no_error_exceeds_the_slack() {
        let picture = noisy();
        let palette = Colours::of(&picture).palette(32);
        let nearest = palette.paint(&picture, Snap::Nearest);
        for (snap, slack) in [(Snap::Stretches(50), 50), (Snap::Sixels(20), 20 * NEW)] {
            let snapped = palette.paint(&picture, snap);
            let error = |index: u8, pixel: &image::Rgba<u8>| -> u32 {
                let colour = snapped.palette[usize::from(index)];
                colour.iter().zip(pixel.0).map(|(one, other)| u32::from(one.abs_diff(other)).pow(2)).sum()
            };
            let pairs = snapped.pixels.iter().zip(&nearest.pixels).zip(picture.pixels());
            for ((taken, nearest), pixel) in pairs {
                assert!(error(*taken, pixel) <= error(*nearest, pixel) + slack, "{snap:?}");
            }
        }
    }
}
