//! A picture made so small that many go into one page.

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{RgbImage, RgbaImage};

use super::{Limits, MediaError, decode, fetch, jpeg};
use crate::model::ImageRef;

/// Qualities that are tried, the best first.
const QUALITIES: [u8; 4] = [76, 62, 46, 30];

/// A small JPEG of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thumbnail {
    /// The encoded bytes.
    pub jpeg: Vec<u8>,
    /// Its width and height.
    pub size: (u32, u32),
    /// Those of the picture, upright.
    pub original: (u32, u32),
}

impl Thumbnail {
    /// The picture at a reference, inside of a box of `within` pixels and in at most `most` bytes; of the best quality
    /// that goes into them, else of the least. A decoder that panics over a hostile file is an error like any other,
    /// as long as its thread is named as those of pictures are.
    ///
    /// # Errors
    /// Where the picture cannot be read or decoded.
    pub fn of(
        reference: &ImageRef,
        within: (u32, u32),
        most: usize,
        limits: &Limits,
    ) -> Result<Self, MediaError> {
        let seen = || fetch(reference, limits).and_then(|bytes| decode(&bytes, within, limits));
        let broken = |reason: &str| MediaError::Broken { format: "picture", reason: reason.to_owned() };
        let Ok(picture) = catch_unwind(AssertUnwindSafe(seen)) else {
            return Err(broken("its decoder failed"));
        };
        let picture = picture?;
        let flat = on_white(&picture.pixels);
        let mut encoded = Vec::new();
        for quality in QUALITIES {
            encoded = jpeg(&flat, quality).map_err(|error| broken(&error.to_string()))?;
            if encoded.len() <= most {
                break;
            }
        }
        Ok(Self { jpeg: encoded, size: flat.dimensions(), original: picture.original })
    }
}

/// What shows through is white, as paper is.
fn on_white(picture: &RgbaImage) -> RgbImage {
    let mut flat = RgbImage::new(picture.width(), picture.height());
    for (under, over) in flat.pixels_mut().zip(picture.pixels()) {
        let [red, green, blue, alpha] = over.0.map(u16::from);
        let mixed = |channel: u16| ((channel * alpha + 255 * (255 - alpha)) / 255) as u8;
        under.0 = [mixed(red), mixed(green), mixed(blue)];
    }
    flat
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::fixtures;

    #[test]
    fn a_thumbnail_is_small_and_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        image::DynamicImage::from(fixtures::scene(3, 640, 480)).save(&path).unwrap();
        let reference = ImageRef::File(path);
        let limits = Limits::default();
        let small = Thumbnail::of(&reference, (200, 200), 100_000, &limits).unwrap();
        assert_eq!((small.size, small.original), ((200, 150), (640, 480)));
        assert_eq!(image::load_from_memory(&small.jpeg).unwrap().into_rgb8().dimensions(), (200, 150));
        let smaller = Thumbnail::of(&reference, (200, 200), 1, &limits).unwrap();
        assert!(smaller.jpeg.len() < small.jpeg.len());
        let missing = ImageRef::File(folder.path().join("b.png"));
        assert!(Thumbnail::of(&missing, (200, 200), 1, &limits).is_err());
    }

    #[test]
    fn what_shows_through_is_white() {
        let clear = RgbaImage::from_pixel(2, 1, image::Rgba([0, 0, 0, 0]));
        assert_eq!(on_white(&clear).get_pixel(0, 0).0, [255; 3]);
    }
}
