//! JPEG, by the encoder of the image crate, which keeps colours at full resolution (4:4:4).

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageError, RgbImage};

/// A JPEG of a quality from 1 to 100.
///
/// # Errors
/// Where a side is 0 or more than JPEG can hold.
pub fn jpeg(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, ImageError> {
    let mut out = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut out, quality);
    encoder.encode(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::fixtures::{photo, psnr};

    #[test]
    fn quality_costs_bytes() {
        let picture = photo(160, 120);
        let mut before = 0;
        for (quality, least) in [(20, 28.0), (45, 32.0), (75, 35.0), (92, 38.0)] {
            let bytes = jpeg(&picture, quality).expect("encodes");
            let shown = image::load_from_memory(&bytes).expect("a JPEG").into_rgb8();
            let likeness = psnr(&shown, &picture);
            assert!(likeness > least, "{quality}: {likeness:.1} dB");
            assert!(bytes.len() > before, "{quality}");
            before = bytes.len();
        }
    }

    #[test]
    fn narrow_pictures_are_pictures() {
        for size in [(1, 1), (1, 300), (300, 1)] {
            let bytes = jpeg(&photo(size.0, size.1), 75).expect("encodes");
            assert_eq!(image::load_from_memory(&bytes).expect("a JPEG").into_rgb8().dimensions(), size);
        }
    }
}
