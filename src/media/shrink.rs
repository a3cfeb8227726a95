//! Making a picture smaller.

use fast_image_resize::{FilterType, IntoImageView, ResizeAlg, ResizeError, ResizeOptions, Resizer};
use image::DynamicImage;

/// The largest size with the aspect of `size` that fits into the box `within`; never larger than
/// `size` itself, never a side of 0.
pub fn fitted(size: (u32, u32), within: (u32, u32)) -> (u32, u32) {
    fitted_at_most(size, within, 1.0)
}

/// The same, but enlarged where there is room.
pub fn filling(size: (u32, u32), within: (u32, u32)) -> (u32, u32) {
    fitted_at_most(size, within, f64::INFINITY)
}

fn fitted_at_most(size: (u32, u32), within: (u32, u32), most: f64) -> (u32, u32) {
    let (width, height) = (f64::from(size.0.max(1)), f64::from(size.1.max(1)));
    let scale = (f64::from(within.0) / width).min(f64::from(within.1) / height).min(most);
    let scaled = |length: f64, bound: u32| ((length * scale).round() as u32).clamp(1, bound.max(1));
    (scaled(width, within.0), scaled(height, within.1))
}

/// A copy of exactly this size (each side at least 1), with Lanczos filtering. Alpha is
/// premultiplied meanwhile, so that invisible colours do not bleed into visible ones.
pub fn resized(picture: &DynamicImage, size: (u32, u32)) -> DynamicImage {
    let (width, height) = (size.0.max(1), size.1.max(1));
    convolved(picture, width, height)
        // Pixel types that the fast scaler does not know.
        .unwrap_or_else(|_| picture.resize_exact(width, height, image::imageops::FilterType::Triangle))
}

fn convolved(picture: &DynamicImage, width: u32, height: u32) -> Result<DynamicImage, ResizeError> {
    if picture.pixel_type().is_none() {
        return Err(ResizeError::PixelTypesAreDifferent);
    }
    let mut target = DynamicImage::new(width, height, picture.color());
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(picture, &mut target, &options)?;
    Ok(target)
}

#[cfg(test)]
mod tests {
    use image::{GenericImageView, Rgba, RgbaImage};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_keep_their_aspect_and_never_grow() {
        let table = [
            ((1000, 500), (100, 100), (100, 50)),
            ((500, 1000), (100, 100), (50, 100)),
            ((50, 20), (100, 100), (50, 20)),
            ((10_000, 1), (100, 100), (100, 1)),
            ((1, 10_000), (100, 100), (1, 100)),
            ((640, 480), (0, 0), (1, 1)),
        ];
        for (size, within, expected) in table {
            assert_eq!(fitted(size, within), expected, "{size:?} in {within:?}");
        }
    }

    #[test]
    fn invisible_colours_do_not_bleed() {
        let half =
            RgbaImage::from_fn(
                64,
                64,
                |x, _| {
                    if x < 32 { Rgba([255, 0, 0, 0]) } else { Rgba([0, 0, 255, 255]) }
                },
            );
        let small = resized(&half.into(), (8, 8));
        for (_, _, pixel) in small.pixels().filter(|(_, _, pixel)| pixel[3] > 32) {
            assert!(pixel[0] < 16, "red bled: {pixel:?}");
        }
    }

    proptest! {
        #[test]
        fn a_fitted_size_is_inside(w: u32, h: u32, bw in 1_u32..5000, bh in 1_u32..5000) {
            let (width, height) = fitted((w, h), (bw, bh));
            prop_assert!((1..=bw).contains(&width) && (1..=bh).contains(&height));
            prop_assert!(width <= w.max(1) && height <= h.max(1));
        }
    }
}
