//! A picture in few colours.
//!
//! The palette is that of X. Wu, "Color quantization by dynamic programming and principal analysis"
//! (ACM Transactions on Graphics 11(4), 1992), in its greedy form ("Efficient statistical computations
//! for optimal color quantization", Graphics Gems II, 1991): pixels are counted in a cube of 32x32x32
//! cells; sums over any box of cells come from eight corners of a table of running sums; and the box
//! with the greatest error is cut where that takes away most, until there are as many boxes as
//! colours. Then colours move to the mean of what is nearest to them (k-means over the cells).

use image::RgbaImage;

use super::palette::{Nearest, Palette};

/// Cells along each side of the cube, and of the table of sums, which has a rim of nothing.
const SIDE: usize = 32;
const RIM: usize = SIDE + 1;

/// Sums over pixels: their number, red, green, blue, and the squares of all three.
type Moments = [i64; 5];

/// Passes of k-means. The first gives 0.15 dB, the second 0.04 dB, later ones nothing.
const REFINEMENTS: usize = 2;

/// The colours of a picture, counted.
#[derive(Clone, Debug)]
pub(in crate::graphics) struct Colours {
    /// Running sums over the cube; a cell's place is one higher in every direction than its colour.
    sums: Vec<Moments>,
    /// The cells that have pixels.
    cells: Vec<Cell>,
    has_clear: bool,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    sums: Moments,
    /// The mean colour
    mean: [i16; 3],
}

impl Colours {
    /// Counts a picture. A pixel of an alpha below one half is clear, all others are opaque.
    pub(in crate::graphics) fn of(picture: &RgbaImage) -> Self {
        let mut sums = vec![[0_i64; 5]; RIM * RIM * RIM];
        let mut has_clear = false;
        for pixel in picture.as_raw().as_chunks::<4>().0 {
            let [red, green, blue, alpha] = *pixel;
            if alpha < 128 {
                has_clear = true;
                continue;
            }
            let [x, y, z] = [red, green, blue].map(|channel| usize::from(channel >> 3) + 1);
            if let Some(cell) = sums.get_mut(place(x, y, z)) {
                let [red, green, blue] = [red, green, blue].map(i64::from);
                let squares = red * red + green * green + blue * blue;
                add(cell, [1, red, green, blue, squares]);
            }
        }
        let cells = sums.iter().filter(|sums| sums[0] > 0).map(|sums| Cell::of(*sums)).collect();
        accumulate(&mut sums);
        Self { sums, cells, has_clear }
    }

    /// The best palette of so many colours (2 to 256), the clear one among them.
    pub(in crate::graphics) fn palette(&self, colours: usize) -> Palette {
        let colours = colours.clamp(2, 256) - usize::from(self.has_clear);
        let mut found = self.boxes(colours);
        for _ in 0..REFINEMENTS {
            self.refine(&mut found);
        }
        Palette::new(found, self.has_clear)
    }

    /// Mean colours of boxes.
    fn boxes(&self, colours: usize) -> Vec<[u8; 3]> {
        let whole = Block { low: [0; 3], high: [SIDE; 3] };
        let mut boxes = vec![(whole, self.error(&whole))];
        while boxes.len() < colours {
            let worst = boxes.iter_mut().max_by(|one, other| one.1.total_cmp(&other.1));
            let Some((block, error)) = worst.filter(|(_, error)| *error > 0.0) else { break };
            let Some((lower, upper)) = self.cut(block) else {
                // One cell, or one cell that has pixels.
                *error = 0.0;
                continue;
            };
            (*block, *error) = (lower, self.error(&lower));
            boxes.push((upper, self.error(&upper)));
        }
        let sums = boxes.into_iter().map(|(block, _)| self.sum(&block));
        sums.filter(|sums| sums[0] > 0).map(mean).collect()
    }

    /// Two halves of a box that have the least error together; none if all pixels are in one.
    fn cut(&self, block: &Block) -> Option<(Block, Block)> {
        let whole = self.sum(block);
        let mut best = (0.0, None);
        for axis in 0..3 {
            for position in block.low[axis] + 1..block.high[axis] {
                let mut lower = *block;
                lower.high[axis] = position;
                let below = self.sum(&lower);
                let above: Moments = std::array::from_fn(|part| whole[part] - below[part]);
                if below[0] == 0 {
                    continue;
                }
                if above[0] == 0 {
                    break;
                }
                let gain = explained(&below) + explained(&above);
                if gain > best.0 {
                    let mut upper = *block;
                    upper.low[axis] = position;
                    best = (gain, Some((lower, upper)));
                }
            }
        }
        best.1
    }

    /// Summed squared distance of a box's pixels to their mean.
    fn error(&self, block: &Block) -> f64 {
        let sums = self.sum(block);
        if sums[0] == 0 { 0.0 } else { (sums[4] as f64 - explained(&sums)).max(0.0) }
    }

    fn sum(&self, block: &Block) -> Moments {
        let at = |x: usize, y: usize, z: usize| self.sums.get(place(x, y, z)).copied().unwrap_or_default();
        let ([x0, y0, z0], [x1, y1, z1]) = (block.low, block.high);
        let (more, less) = (
            [at(x1, y1, z1), at(x1, y0, z0), at(x0, y1, z0), at(x0, y0, z1)],
            [at(x1, y1, z0), at(x1, y0, z1), at(x0, y1, z1), at(x0, y0, z0)],
        );
        std::array::from_fn(|part| {
            more.iter().map(|sums| sums[part]).sum::<i64>() - less.iter().map(|sums| sums[part]).sum::<i64>()
        })
    }

    /// Moves every colour to the mean of the cells that it is nearest to.
    fn refine(&self, colours: &mut [[u8; 3]]) {
        let nearest = Nearest::new(colours);
        let mut sums = [[0_i64; 5]; 256];
        for cell in &self.cells {
            add(&mut sums[usize::from(nearest.find(cell.mean))], cell.sums);
        }
        for (colour, sums) in colours.iter_mut().zip(sums) {
            if sums[0] > 0 {
                *colour = mean(sums);
            }
        }
    }
}

impl Cell {
    fn of(sums: Moments) -> Self {
        Self { sums, mean: mean(sums).map(i16::from) }
    }
}

/// A box of cells: from the one after `low` to `high` in each direction.
#[derive(Clone, Copy, Debug)]
struct Block {
    low: [usize; 3],
    high: [usize; 3],
}

fn place(x: usize, y: usize, z: usize) -> usize {
    (x * RIM + y) * RIM + z
}

fn add(sums: &mut Moments, more: Moments) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}

/// The mean colour of at least one pixel.
fn mean(sums: Moments) -> [u8; 3] {
    let [count, red, green, blue, _] = sums;
    [red, green, blue].map(|sum| ((sum + count / 2) / count.max(1)) as u8)
}

/// The part of the sum of squares that the mean accounts for.
fn explained(sums: &Moments) -> f64 {
    let [count, red, green, blue, _] = sums.map(|sum| sum as f64);
    (red * red + green * green + blue * blue) / count
}

/// Makes running sums, in all three directions, of sums a cell.
fn accumulate(sums: &mut [Moments]) {
    for step in [1, RIM, RIM * RIM] {
        for place in step..sums.len() {
            // What lies before a rim of nothing belongs to the row before.
            if place / step % RIM == 0 {
                continue;
            }
            let before = sums[place - step];
            add(&mut sums[place], before);
        }
    }
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, Rgba};

    use super::*;
    use crate::graphics::encode::Snap;
    use crate::graphics::encode::palette::Indexed;
    use crate::media::fixtures::{photo, psnr, scene};

    fn painted(picture: &RgbaImage, colours: usize) -> Indexed {
        Colours::of(picture).palette(colours).paint(picture, Snap::Nearest)
    }

    fn shown(picture: &Indexed) -> image::RgbImage {
        let raw = picture.pixels.iter().flat_map(|index| picture.palette[usize::from(*index)]).collect();
        image::RgbImage::from_raw(picture.width, picture.height, raw).expect("whole")
    }

    #[test]
    fn more_colours_are_nearer_to_the_picture() {
        for picture in [photo(160, 120), scene(4, 160, 120)] {
            let opaque = DynamicImage::from(picture.clone()).into_rgba8();
            for (colours, least) in [(256, 36.0), (64, 30.0), (16, 23.0), (2, 10.0)] {
                let painted = painted(&opaque, colours);
                assert!(painted.palette.len() <= colours && !painted.has_clear);
                let quality = psnr(&shown(&painted), &picture);
                assert!(quality > least, "{colours}: {quality:.1} dB");
            }
        }
    }

    #[test]
    fn the_same_picture_has_the_same_colours() {
        let picture = DynamicImage::from(scene(8, 90, 70)).into_rgba8();
        assert_eq!(painted(&picture, 64), painted(&picture, 64));
    }

    #[test]
    fn a_flat_picture_keeps_its_colour() {
        let flat = RgbaImage::from_pixel(9, 9, Rgba([13, 77, 201, 255]));
        let painted = painted(&flat, 256);
        assert_eq!((painted.palette, painted.pixels), (vec![[13, 77, 201]], vec![0; 81]));
    }

    #[test]
    fn clear_pixels_have_a_place_of_their_own() {
        let mut picture = DynamicImage::from(photo(40, 30)).into_rgba8();
        for x in 0..40 {
            picture.put_pixel(x, 7, Rgba([255, 0, 0, 0]));
        }
        for colours in [2, 3, 256] {
            let painted = painted(&picture, colours);
            assert!(painted.has_clear && painted.palette.len() <= colours);
            for (pixel, index) in picture.pixels().zip(&painted.pixels) {
                assert_eq!(*index == 0, pixel[3] == 0, "{colours}");
            }
        }
    }

    #[test]
    fn every_size_and_number_is_possible() {
        for (width, height) in [(0, 0), (0, 5), (1, 1), (1, 70), (70, 1)] {
            for colours in [0, 1, 2, 256, 9999] {
                let clear = painted(&RgbaImage::new(width, height), colours);
                assert!(clear.pixels.iter().all(|index| *index == 0), "{width}x{height}");
                assert_eq!(clear.palette.len(), 1);
                let noisy = DynamicImage::from(photo(width, height)).into_rgba8();
                let noisy = painted(&noisy, colours);
                assert!(noisy.pixels.iter().all(|index| usize::from(*index) < noisy.palette.len()));
            }
        }
    }

    #[test]
    fn sums_of_boxes_are_those_of_their_cells() {
        let colours = Colours::of(&DynamicImage::from(scene(2, 50, 40)).into_rgba8());
        let whole = colours.sum(&Block { low: [0; 3], high: [SIDE; 3] });
        assert_eq!(whole[0], 2000);
        let (lower, upper) = colours.cut(&Block { low: [0; 3], high: [SIDE; 3] }).expect("several cells");
        let (lower, upper) = (colours.sum(&lower), colours.sum(&upper));
        assert!(lower[0] > 0 && upper[0] > 0);
        assert_eq!(std::array::from_fn(|part| lower[part] + upper[part]), whole);
    }
}
