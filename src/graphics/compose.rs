//! A picture in the pixels of the cells that it is to cover.

use image::{DynamicImage, GenericImage, Rgb, RgbImage, Rgba, RgbaImage};

use super::raster::{CHECKERS, is_bright};
use crate::media::{Picture, filling, resized};

/// Side of a checker under transparent parts, in pixels.
const CHECKER: u32 = 16;

/// How much of a size is worth sending: a terminal that enlarges by itself needs no more pixels than the
/// picture has.
pub(super) fn worth(picture: &Picture, size: (u32, u32)) -> f64 {
    let (width, height) = picture.pixels.dimensions();
    let across = f64::from(width) / f64::from(size.0.max(1));
    let down = f64::from(height) / f64::from(size.1.max(1));
    across.max(down).min(1.0)
}

/// The picture on exactly so many pixels, its transparent parts over a checkerboard.
pub(super) fn filled(picture: &Picture, size: (u32, u32)) -> RgbImage {
    let pixels = if size == picture.pixels.dimensions() {
        picture.pixels.clone()
    } else {
        resized(&DynamicImage::from(picture.pixels.clone()), size).into_rgba8()
    };
    if pixels.pixels().all(|pixel| pixel.0[3] == 255) {
        return DynamicImage::from(pixels).into_rgb8();
    }
    RgbImage::from_fn(pixels.width(), pixels.height(), |x, y| {
        let Rgba([red, green, blue, alpha]) = *pixels.get_pixel(x, y);
        let ground = u32::from(CHECKERS[usize::from(is_bright(x / CHECKER, y / CHECKER))]);
        let alpha = u32::from(alpha);
        Rgb([red, green, blue]
            .map(|channel| ((u32::from(channel) * alpha + ground * (255 - alpha) + 127) / 255) as u8))
    })
}

/// The picture as large as fits into the middle of so many pixels, with nothing around it.
pub(super) fn centered(picture: &Picture, bounds: (u32, u32)) -> RgbaImage {
    // A small picture is seldom meant to be looked at as a stamp.
    let size = filling(picture.original, bounds);
    let inner = DynamicImage::from(filled(picture, size)).into_rgba8();
    if size == bounds {
        return inner;
    }
    let mut canvas = RgbaImage::new(bounds.0.max(1), bounds.1.max(1));
    let (left, top) = ((bounds.0.saturating_sub(size.0)) / 2, (bounds.1.saturating_sub(size.1)) / 2);
    // It fits by its making.
    let _ = canvas.copy_from(&inner, left, top);
    canvas
}
