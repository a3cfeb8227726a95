//! Whether two pictures are the same picture, encoded anew or scaled.
//!
//! A [`super::Likeness`] tells which pictures look the same at a glance, in a few bytes for millions. It cannot tell a
//! picture that was encoded anew from one in which a ball has another colour, and for pairs that is all the difference.
//! So whoever must know looks at both once more: a grid of mean colours, every cell of which has to be nearly the same.

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{DynamicImage, RgbaImage};

use super::look::{Standing, WITHIN, standing};
use super::{Limits, decode, fetch, resized};
use crate::model::ImageRef;

/// Cells of the grid, each way.
const SIDE: u32 = 24;
/// Largest difference of a cell's mean colour, of 255. Encoding and scaling change means by a few; a thing of half a
/// cell that has another colour changes it by dozens.
const MOST_APART: u8 = 16;
/// Largest difference of shapes: width by height.
const MOST_STRETCHED: f32 = 0.03;

/// What is seen of a picture at a glance.
#[derive(Clone, Debug, PartialEq)]
pub struct Glance {
    shape: f32,
    cells: Vec<[u8; 3]>,
}

impl Glance {
    /// A glance at the picture at a reference; none where it is on the network or cannot be read. Even a decoder that
    /// panics over a hostile file only costs the glance.
    pub fn at(reference: &ImageRef, limits: &Limits) -> Option<Self> {
        if standing(reference) == Standing::Afar {
            return None;
        }
        let seen = || fetch(reference, limits).and_then(|bytes| decode(&bytes, WITHIN, limits));
        let picture = catch_unwind(AssertUnwindSafe(seen)).ok()?.ok()?;
        let (width, height) = picture.original;
        Some(Self::of(picture.pixels, width as f32 / height.max(1) as f32))
    }

    fn of(pixels: RgbaImage, shape: f32) -> Self {
        let grid = resized(&DynamicImage::from(pixels), (SIDE, SIDE)).into_rgb8();
        Self { shape, cells: grid.pixels().map(|pixel| pixel.0).collect() }
    }

    /// Whether both are one picture.
    pub fn is_same(&self, other: &Self) -> bool {
        let is_near = |(one, other): (&[u8; 3], &[u8; 3])| {
            one.iter().zip(other).all(|(one, other)| one.abs_diff(*other) <= MOST_APART)
        };
        (self.shape - other.shape).abs() <= MOST_STRETCHED * self.shape.max(other.shape)
            && self.cells.iter().zip(&other.cells).all(is_near)
    }
}

#[cfg(test)]
mod tests {
    use image::Rgba;
    use image::imageops::{FilterType, resize};

    use super::super::fixtures;
    use super::*;

    fn glance(pixels: &RgbaImage) -> Glance {
        Glance::of(pixels.clone(), pixels.width() as f32 / pixels.height() as f32)
    }

    #[test]
    fn encoded_anew_and_scaled_it_is_the_same_and_with_another_ball_it_is_not() {
        for seed in 0..8 {
            let scene = DynamicImage::from(fixtures::scene(seed, 320, 240)).into_rgba8();
            let own = glance(&scene);
            assert!(own.is_same(&glance(&resize(&scene, 200, 150, FilterType::Triangle))), "{seed} scaled");
            let mut jpeg = std::io::Cursor::new(Vec::new());
            let rgb = DynamicImage::from(scene.clone()).into_rgb8();
            rgb.write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
            let again = image::load_from_memory(jpeg.get_ref()).unwrap().into_rgba8();
            assert!(own.is_same(&glance(&again)), "{seed} as JPEG");
            // A thing of twelve pixels has another colour.
            let mut changed = scene.clone();
            for (x, y) in (100..112).flat_map(|x| (80..92).map(move |y| (x, y))) {
                let Rgba([red, green, blue, alpha]) = *scene.get_pixel(x, y);
                changed.put_pixel(x, y, Rgba([red ^ 0x80, green ^ 0x80, blue, alpha]));
            }
            assert!(!own.is_same(&glance(&changed)), "{seed} changed");
            assert!(
                !own.is_same(&glance(&resize(&scene, 320, 200, FilterType::Triangle))),
                "{seed} stretched"
            );
        }
    }
}
