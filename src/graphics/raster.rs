//! A picture as a grid of opaque pixels, one for each half of a cell.

use image::{DynamicImage, Rgb, RgbImage, RgbaImage};

use crate::media::resized;

/// Pixels for each half-cell that are handed to the last scaling.
const OVERSAMPLING: u32 = 2;

/// The two greys that stand for "nothing here". Dark enough not to shine in a dark terminal, and
/// yet neither black nor white, so that both black lettering and white logos on a transparent
/// ground can be seen, which they could not be on a plain ground of either.
pub(super) const CHECKERS: [u8; 2] = [72, 96];

/// Side of a checker in half-cells: whole cells, several in a row, so that neighbours are alike.
const CHECKER_SIDE: u32 = 4;

/// Scales to exactly `halves` (columns, halves of rows) and puts transparent parts over the
/// checkerboard.
pub(super) fn raster(picture: &RgbaImage, halves: (u32, u32)) -> RgbImage {
    let (across, down) = halves;
    let mut prepared = prepared(picture, halves);
    // viuer scales each channel by itself: colours must weigh as much as they can be seen.
    premultiply(&mut prepared);
    // It gives 2 pixels for each of so many rows, less one if the given height is odd.
    let grid = viuer::resize(&prepared.into(), Some(across), Some(down.div_ceil(2))).into_rgba8();
    RgbImage::from_fn(grid.width(), grid.height(), |x, y| Rgb(over(grid.get_pixel(x, y).0, checker(x, y))))
}

/// At most twice the size wanted (a picture may have millions of pixels, and the last scaling is
/// a slow one), its height odd exactly if the wanted one is.
fn prepared(picture: &RgbaImage, (across, down): (u32, u32)) -> RgbaImage {
    let width = picture.width().clamp(1, across * OVERSAMPLING);
    let height = picture.height().clamp(1, down * OVERSAMPLING);
    let height = if height % 2 == down % 2 { height } else { height + 1 };
    if (width, height) == picture.dimensions() {
        return picture.clone();
    }
    resized(&DynamicImage::from(picture.clone()), (width, height)).into_rgba8()
}

fn premultiply(picture: &mut RgbaImage) {
    for pixel in picture.pixels_mut().filter(|pixel| pixel.0[3] < 255) {
        let [red, green, blue, alpha] = pixel.0;
        let scaled = |channel: u8| ((u32::from(channel) * u32::from(alpha) + 127) / 255) as u8;
        pixel.0 = [scaled(red), scaled(green), scaled(blue), alpha];
    }
}

/// The grey of the checkerboard at a half-cell.
fn checker(x: u32, y: u32) -> u8 {
    CHECKERS[usize::from(is_bright(x / CHECKER_SIDE, y / CHECKER_SIDE))]
}

/// Whether a checker, of so many columns and rows before it, is of the brighter kind.
pub(super) fn is_bright(column: u32, row: u32) -> bool {
    !(column + row).is_multiple_of(2)
}

/// A premultiplied colour over a grey ground.
fn over([red, green, blue, alpha]: [u8; 4], ground: u8) -> [u8; 3] {
    let through = ((u32::from(ground) * (255 - u32::from(alpha)) + 127) / 255) as u8;
    [red, green, blue].map(|channel| channel.saturating_add(through))
}

#[cfg(test)]
mod tests {
    use image::Rgba;

    use super::*;
    use crate::media::fixtures::{photo, psnr};

    #[test]
    fn the_size_is_exact_whatever_the_parities() {
        for size in [(1, 1), (3, 2), (64, 48), (301, 299), (7, 200)] {
            let picture = DynamicImage::from(photo(size.0, size.1)).into_rgba8();
            for halves in [(1, 1), (2, 1), (5, 7), (60, 60), (60, 59), (61, 2)] {
                assert_eq!(raster(&picture, halves).dimensions(), halves, "{size:?} to {halves:?}");
            }
        }
    }

    #[test]
    fn a_smooth_picture_stays_like_itself() {
        let picture = photo(300, 240);
        let small = raster(&DynamicImage::from(picture.clone()).into_rgba8(), (60, 48));
        let expected =
            DynamicImage::from(picture).resize_exact(60, 48, image::imageops::FilterType::Triangle);
        let quality = psnr(&small, &expected.into_rgb8());
        assert!(quality > 40.0, "{quality:.1} dB");
    }

    #[test]
    fn nothing_becomes_a_checkerboard_and_half_of_something_shows_it() {
        let clear = RgbaImage::from_pixel(80, 80, Rgba([255, 0, 0, 0]));
        let grid = raster(&clear, (20, 20));
        assert_eq!(grid.get_pixel(1, 1).0, [72; 3]);
        assert_eq!(grid.get_pixel(5, 1).0, [96; 3]);
        assert_eq!(grid.get_pixel(5, 5).0, [72; 3]);
        let half = raster(&RgbaImage::from_pixel(80, 80, Rgba([255, 255, 255, 128])), (20, 20));
        assert_eq!(half.get_pixel(1, 1).0, [164; 3]);
    }
}
