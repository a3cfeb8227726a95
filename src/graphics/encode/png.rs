//! PNG: of few colours for slow lines, of all for fast ones.

use image::RgbImage;
use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter};

use super::palette::Indexed;

/// A PNG with a palette, as small as can be had in little time. Filters would not help: numbers of
/// colours that lie side by side have nothing to do with one another.
pub fn indexed(picture: &Indexed) -> Result<Vec<u8>, EncodingError> {
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
pub fn full(picture: &RgbImage) -> Result<Vec<u8>, EncodingError> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, picture.width(), picture.height());
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(picture.as_raw())?;
    writer.finish()?;
    Ok(out)
}
