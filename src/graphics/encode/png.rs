//! PNG: of few colours for slow lines, of all for fast ones.

use image::{DynamicImage, RgbaImage};
use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter};

use super::palette::Indexed;

/// A PNG with a palette, as small as can be had in little time. Filters would not help: numbers of
/// colours that lie side by side have nothing to do with one another.
pub(in crate::graphics) fn indexed(picture: &Indexed) -> Result<Vec<u8>, EncodingError> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, picture.width, picture.height);
    let (depth, bits) = depth(picture.palette.len());
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(depth);
    encoder.set_palette(picture.palette.concat());
    if picture.has_clear {
        // The opacity of the first colour; the others have it all.
        encoder.set_trns(&[0][..]);
    }
    encoder.set_compression(Compression::High);
    encoder.set_filter(Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    if bits == 8 {
        writer.write_image_data(&picture.pixels)?;
    } else {
        writer.write_image_data(&packed(picture, bits))?;
    }
    writer.finish()?;
    Ok(out)
}

/// The fewest bits that hold so many colours.
fn depth(colours: usize) -> (BitDepth, usize) {
    match colours {
        0..=2 => (BitDepth::One, 1),
        3..=4 => (BitDepth::Two, 2),
        5..=16 => (BitDepth::Four, 4),
        _ => (BitDepth::Eight, 8),
    }
}

/// Several pixels a byte, the first in the highest bits; each row begins with a new byte.
fn packed(picture: &Indexed, bits: usize) -> Vec<u8> {
    let together = |pixels: &[u8]| {
        let places = pixels.iter().zip((0..8).step_by(bits));
        places.fold(0, |byte, (pixel, place)| byte | pixel << (8 - bits - place))
    };
    let rows = picture.pixels.chunks(picture.width.max(1) as usize);
    rows.flat_map(|row| row.chunks(8 / bits).map(together)).collect()
}

/// A PNG of all colours, made in little time: for terminals on the same machine.
pub(in crate::graphics) fn full(picture: &RgbaImage) -> Result<Vec<u8>, EncodingError> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, picture.width(), picture.height());
    let is_opaque = picture.pixels().all(|pixel| pixel.0[3] == 255);
    encoder.set_color(if is_opaque { ColorType::Rgb } else { ColorType::Rgba });
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    let mut writer = encoder.write_header()?;
    if is_opaque {
        writer.write_image_data(DynamicImage::from(picture.clone()).into_rgb8().as_raw())?;
    } else {
        writer.write_image_data(picture.as_raw())?;
    }
    writer.finish()?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, Rgba, RgbaImage};

    use super::*;
    use crate::graphics::encode::{Colours, Snap};
    use crate::media::fixtures::{photo, psnr, scene};

    fn decoded(bytes: &[u8]) -> DynamicImage {
        image::load_from_memory_with_format(bytes, image::ImageFormat::Png).expect("a PNG")
    }

    #[test]
    fn every_depth_decodes_to_what_was_painted() {
        for size in [(1, 1), (1, 50), (37, 1), (37, 23)] {
            for colours in [2, 3, 4, 5, 16, 17, 256] {
                let mut picture = DynamicImage::from(scene(3, size.0, size.1)).into_rgba8();
                for clear in [false, true] {
                    if clear {
                        picture.put_pixel(size.0 / 2, size.1 / 2, Rgba([9, 9, 9, 0]));
                    }
                    let painted = Colours::of(&picture).palette(colours).paint(&picture, Snap::Nearest);
                    let shown = decoded(&indexed(&painted).expect("encodes")).into_rgba8();
                    for (pixel, index) in shown.pixels().zip(&painted.pixels) {
                        let [red, green, blue] = painted.palette[usize::from(*index)];
                        let alpha = if painted.has_clear && *index == 0 { 0 } else { 255 };
                        assert_eq!(pixel.0, [red, green, blue, alpha], "{size:?} in {colours}");
                    }
                }
            }
        }
    }

    #[test]
    fn few_colours_take_few_bits() {
        let picture = RgbaImage::from_fn(400, 400, |x, y| {
            if ((x * 7919) ^ (y * 104_729)) % 13 < 6 { Rgba([0, 0, 0, 255]) } else { Rgba([255; 4]) }
        });
        let painted = Colours::of(&picture).palette(256).paint(&picture, Snap::Nearest);
        let bytes = indexed(&painted).expect("encodes");
        assert_eq!(decoded(&bytes).into_rgba8(), picture);
        assert!(bytes.len() < 400 * 51 + 200, "{}", bytes.len());
    }

    #[test]
    fn all_colours_stay() {
        for size in [(1, 1), (1, 99), (120, 77)] {
            let mut picture = DynamicImage::from(photo(size.0, size.1)).into_rgba8();
            assert_eq!(decoded(&full(&picture).expect("encodes")).into_rgba8(), picture);
            picture.put_pixel(0, 0, Rgba([0; 4]));
            assert_eq!(decoded(&full(&picture).expect("encodes")).into_rgba8(), picture);
        }
    }

    #[test]
    fn a_smooth_picture_stays_like_itself() {
        let picture = photo(200, 150);
        let opaque = DynamicImage::from(picture.clone()).into_rgba8();
        for (snap, least) in [(Snap::Nearest, 36.0), (Snap::Stretches(80), 34.0)] {
            let painted = Colours::of(&opaque).palette(256).paint(&opaque, snap);
            let shown = decoded(&indexed(&painted).expect("encodes")).into_rgb8();
            let quality = psnr(&shown, &picture);
            assert!(quality > least, "{snap:?}: {quality:.1} dB");
        }
    }
}
