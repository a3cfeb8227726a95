//! A part of a picture with marks on it, ready to be painted.
//!
//! Marks are drawn into the pixels before these are made small, so that every way of painting shows
//! them. What is thin in a large picture vanishes in half-blocks; the width of lines therefore goes
//! by what becomes half a cell. The line of a lit mark fills the very halves of cells that its border is
//! in: a line between two of them would be half as bright.

use std::borrow::Cow;

use image::{DynamicImage, Rgb, RgbaImage};

use crate::media::{Mark, Picture, PictureKey, STEPS, resized};

/// The colours of marks: bright, and told apart on a small screen.
const PALETTE: [Rgb<u8>; 8] = [
    Rgb([255, 220, 50]),
    Rgb([60, 220, 255]),
    Rgb([255, 100, 210]),
    Rgb([120, 255, 90]),
    Rgb([255, 150, 50]),
    Rgb([130, 160, 255]),
    Rgb([255, 90, 90]),
    Rgb([245, 245, 245]),
];

/// What stands beside every line, so that it shows on any ground.
const EDGE: Rgb<u8> = Rgb([0, 0, 0]);

/// Pixels that half a cell must have for lines to be drawn between its borders.
const PIXELS_PER_HALF: f64 = 2.0;

/// What of half a cell is no more than an error of rounding.
const ROUNDING: f64 = 1e-6;

/// How a mark is drawn; widths are in halves of a cell.
struct Pen {
    line: f64,
    edge: f64,
    line_alpha: f64,
    edge_alpha: f64,
}

/// For the mark that is looked at.
const LIT: Pen = Pen { line: 1.0, edge: 0.45, line_alpha: 1.0, edge_alpha: 0.8 };
/// For all others.
const UNLIT: Pen = Pen { line: 0.5, edge: 0.3, line_alpha: 0.85, edge_alpha: 0.45 };

/// What a prepared picture will be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// Cells and halves of them: lines must fill these.
    Cells,
    /// Pixels: lines may be thin.
    Pixels,
}

impl Grain {
    /// How wide lines are against those that fill half a cell.
    fn width(self) -> f64 {
        match self {
            Self::Cells => 1.0,
            Self::Pixels => 0.4,
        }
    }
}

/// The part of a picture that a key asks for, with its marks drawn on it. What it says of its
/// original is the size that this part has there.
pub fn prepared<'a>(picture: &'a Picture, key: &PictureKey, grain: Grain) -> Cow<'a, Picture> {
    if key.part.is_whole() && key.marks.is_empty() {
        return Cow::Borrowed(picture);
    }
    let (left, top, width, height) = key.part.pixels(picture.pixels.dimensions());
    let mut pixels = image::imageops::crop_imm(&picture.pixels, left, top, width, height).to_image();
    if !key.marks.is_empty() {
        let half = half_cell((width, height), key.cells);
        let scale = (PIXELS_PER_HALF / half).max(1.0);
        if scale > 1.0 {
            let larger = |side: u32| (f64::from(side) * scale).round() as u32;
            pixels = resized(&DynamicImage::from(pixels), (larger(width), larger(height))).into_rgba8();
        }
        let whole = picture.pixels.dimensions();
        let sheet = Sheet::new(whole, (left, top), scale, pixels.dimensions(), half * scale);
        let sheet = Sheet { grain, ..sheet };
        let (lit, unlit): (Vec<&Mark>, Vec<&Mark>) = key.marks.iter().partition(|mark| mark.lit);
        for mark in unlit.into_iter().chain(lit) {
            sheet.draw(&mut pixels, mark);
        }
    }
    let (_, _, across, down) = key.part.pixels(picture.original);
    Cow::Owned(Picture { pixels, original: (across, down), ..*picture })
}

/// Pixels that become half a cell, where a picture of this size is fitted into so many cells.
fn half_cell((width, height): (u32, u32), cells: (u16, u16)) -> f64 {
    let across = f64::from(width) / f64::from(cells.0.max(1));
    let down = f64::from(height) / (f64::from(cells.1.max(1)) * 2.0);
    across.max(down).max(f64::MIN_POSITIVE)
}

/// A rectangle in pixels of a cut, which may reach beyond it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    fn grown(self, by: f64) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    fn within(self, bounds: Self) -> Self {
        Self {
            left: self.left.clamp(bounds.left, bounds.right),
            top: self.top.clamp(bounds.top, bounds.bottom),
            right: self.right.clamp(bounds.left, bounds.right),
            bottom: self.bottom.clamp(bounds.top, bounds.bottom),
        }
    }
}

/// Where marks, which go by the whole picture, lie in a cut of it.
struct Sheet {
    /// The whole picture.
    bounds: Area,
    /// Pixels of half a cell.
    half: f64,
    /// The same across and down, so that whole halves fill the cut, as they do once it is painted.
    grid: (f64, f64),
    grain: Grain,
}

impl Sheet {
    fn new(whole: (u32, u32), (left, top): (u32, u32), scale: f64, cut: (u32, u32), half: f64) -> Self {
        let bounds = Area {
            left: -f64::from(left) * scale,
            top: -f64::from(top) * scale,
            right: (f64::from(whole.0) - f64::from(left)) * scale,
            bottom: (f64::from(whole.1) - f64::from(top)) * scale,
        };
        let grid = |side: u32| f64::from(side) / (f64::from(side) / half).round().max(1.0);
        Self { bounds, half, grid: (grid(cut.0), grid(cut.1)), grain: Grain::Cells }
    }

    fn area(&self, mark: &Mark) -> Area {
        let bounds = self.bounds;
        let across = |steps: f64| bounds.left + (bounds.right - bounds.left) * steps / f64::from(STEPS);
        let down = |steps: f64| bounds.top + (bounds.bottom - bounds.top) * steps / f64::from(STEPS);
        Area {
            left: across(f64::from(mark.x)),
            top: down(f64::from(mark.y)),
            right: across(f64::from(mark.x) + f64::from(mark.width)),
            bottom: down(f64::from(mark.y) + f64::from(mark.height)),
        }
    }

    /// A rectangle with its borders moved outwards to those of halves of cells.
    fn snapped(&self, area: Area) -> Area {
        let (across, down) = self.grid;
        Area {
            left: (area.left / across + ROUNDING).floor() * across,
            top: (area.top / down + ROUNDING).floor() * down,
            right: (area.right / across - ROUNDING).ceil() * across,
            bottom: (area.bottom / down - ROUNDING).ceil() * down,
        }
    }

    /// Draws a mark: its line over the border of its area, at the rim of the picture inside of it,
    /// and around a small one outside of it, so that what is marked can be seen.
    fn draw(&self, pixels: &mut RgbaImage, mark: &Mark) {
        let pen = if mark.lit { LIT } else { UNLIT };
        let half = self.half * self.grain.width();
        let line = (pen.line * half).round().max(1.0);
        let edge = (pen.edge * half).round().max(1.0);
        let area = self.area(mark);
        let is_small = (area.right - area.left).min(area.bottom - area.top) < line * 4.0;
        let is_snapped = mark.lit && self.grain == Grain::Cells;
        let outer = match (is_snapped, is_small) {
            (true, true) => self.snapped(area.grown(line)),
            (true, false) => self.snapped(area),
            (false, true) => area.grown(line),
            (false, false) => area.grown(line / 2.0),
        };
        let outer = outer.within(self.bounds);
        let inner = outer.grown(-line);
        let colour = PALETTE.get(usize::from(mark.colour) % PALETTE.len()).copied().unwrap_or(EDGE);
        ring(pixels, outer.grown(edge), outer, EDGE, pen.edge_alpha);
        if !is_small {
            ring(pixels, inner, inner.grown(-edge), EDGE, pen.edge_alpha);
        }
        ring(pixels, outer, inner, colour, pen.line_alpha);
    }
}

/// Fills what lies between two rectangles.
fn ring(pixels: &mut RgbaImage, outer: Area, inner: Area, colour: Rgb<u8>, alpha: f64) {
    let inner = inner.within(outer);
    // What is turned inside out has no inside: all of the outer one is filled.
    let (left, right) =
        if inner.left < inner.right { (inner.left, inner.right) } else { (outer.right, outer.right) };
    let (top, bottom) =
        if inner.top < inner.bottom { (inner.top, inner.bottom) } else { (outer.bottom, outer.bottom) };
    fill(pixels, Area { bottom: top, ..outer }, colour, alpha);
    fill(pixels, Area { top: bottom, ..outer }, colour, alpha);
    fill(pixels, Area { top, bottom, right: left, ..outer }, colour, alpha);
    fill(pixels, Area { top, bottom, left: right, ..outer }, colour, alpha);
}

/// Lays a colour over the pixels of an area, as far as there are any.
fn fill(pixels: &mut RgbaImage, area: Area, Rgb(colour): Rgb<u8>, alpha: f64) {
    let side = |value: f64, most: u32| value.round().clamp(0.0, f64::from(most)) as u32;
    let (width, height) = pixels.dimensions();
    for y in side(area.top, height)..side(area.bottom, height) {
        for x in side(area.left, width)..side(area.right, width) {
            let Some(pixel) = pixels.get_pixel_mut_checked(x, y) else { continue };
            let [red, green, blue] = colour;
            for (old, new) in pixel.0.iter_mut().zip([red, green, blue, 255]) {
                *old = (f64::from(*old) * (1.0 - alpha) + f64::from(new) * alpha).round() as u8;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use image::Rgba;

    use super::*;
    use crate::graphics::{Mode, Painting};
    use crate::media::Part;
    use crate::media::fixtures::photo;
    use crate::model::ImageRef;

    fn picture(pixels: RgbaImage) -> Picture {
        let original = pixels.dimensions();
        Picture { pixels, original, format: "JPEG", bytes: 1000, frames_more: false }
    }

    fn prepared<'a>(picture: &'a Picture, key: &PictureKey) -> Cow<'a, Picture> {
        super::prepared(picture, key, Grain::Cells)
    }

    #[test]
    fn lines_are_thin_where_there_are_pixels() {
        let picture = grey(600, 600);
        let wanted = key(Part::WHOLE, &[mark(2000, 2000, 6000, 6000, true)]);
        let drawn = |grain| {
            let ready = super::prepared(&picture, &wanted, grain);
            ready.pixels.pixels().filter(|pixel| pixel.0 != [128, 128, 128, 255]).count()
        };
        assert!(drawn(Grain::Pixels) * 2 < drawn(Grain::Cells));
    }

    fn grey(width: u32, height: u32) -> Picture {
        picture(RgbaImage::from_pixel(width, height, Rgba([128, 128, 128, 255])))
    }

    fn key(part: Part, marks: &[Mark]) -> PictureKey {
        PictureKey {
            reference: ImageRef::Url("a".into()),
            cells: (60, 30),
            part,
            marks: Arc::from(marks),
            fine: false,
        }
    }

    fn mark(x: u16, y: u16, width: u16, height: u16, lit: bool) -> Mark {
        Mark { x, y, width, height, lit, colour: 0 }
    }

    /// Yellow enough to be of a line.
    fn is_line(pixel: Rgba<u8>) -> bool {
        pixel.0[0] > 200 && pixel.0[2] < 110
    }

    #[test]
    fn the_whole_without_marks_is_the_picture_itself() {
        let picture = grey(40, 30);
        assert!(matches!(prepared(&picture, &key(Part::WHOLE, &[])), Cow::Borrowed(_)));
    }

    #[test]
    fn a_part_is_cut_out_and_knows_its_size_in_the_file() {
        let pixels = DynamicImage::from(photo(200, 100)).into_rgba8();
        let shrunk = Picture { original: (2000, 1000), ..picture(pixels.clone()) };
        let cut = prepared(&shrunk, &key(Part { x: 2500, y: 5000, width: 5000, height: 5000 }, &[]));
        assert_eq!((cut.pixels.dimensions(), cut.original), ((100, 50), (1000, 500)));
        assert_eq!(cut.pixels.get_pixel(0, 0), pixels.get_pixel(50, 50));
        assert_eq!(cut.pixels.get_pixel(99, 49), pixels.get_pixel(149, 99));
    }

    #[test]
    fn a_line_lies_on_the_border_of_its_box_and_the_rest_is_untouched() {
        let marked =
            prepared(&grey(600, 600), &key(Part::WHOLE, &[mark(2000, 3000, 5000, 4000, true)])).into_owned();
        assert_eq!(marked.pixels.dimensions(), (600, 600));
        let is_line = |x, y| is_line(*marked.pixels.get_pixel(x, y));
        assert!(is_line(120, 180) && is_line(419, 419) && is_line(120, 300) && is_line(300, 180));
        assert!(!is_line(140, 200) && !is_line(100, 180) && !is_line(300, 300));
        assert_eq!(marked.pixels.get_pixel(300, 300).0, [128, 128, 128, 255]);
        assert_eq!(marked.pixels.get_pixel(10, 10).0, [128, 128, 128, 255]);
        // Dark beside bright.
        assert!(marked.pixels.get_pixel(132, 300).0[0] < 40 && marked.pixels.get_pixel(117, 300).0[0] < 40);
    }

    #[test]
    fn at_the_rim_a_line_keeps_its_width_and_beyond_a_part_there_is_none() {
        let rim = mark(0, 0, 10_000, 10_000, true);
        let whole = prepared(&grey(600, 600), &key(Part::WHOLE, &[rim])).into_owned();
        assert!(is_line(*whole.pixels.get_pixel(0, 300)) && is_line(*whole.pixels.get_pixel(9, 300)));
        let middle = Part { x: 2500, y: 2500, width: 5000, height: 5000 };
        let cut = prepared(&grey(600, 600), &key(middle, &[rim])).into_owned();
        assert!(cut.pixels.pixels().all(|pixel| pixel.0 == [128, 128, 128, 255]));
    }

    #[test]
    fn marks_are_seen_in_half_blocks_whatever_the_size() {
        for (size, cells) in
            [((640, 480), (60, 30)), ((2048, 1536), (20, 10)), ((32, 24), (60, 30)), ((300, 900), (40, 12))]
        {
            for lit in [true, false] {
                let wanted = PictureKey { cells, ..key(Part::WHOLE, &[mark(2000, 2000, 6000, 6000, lit)]) };
                let plain = Painting::new(&grey(size.0, size.1), cells, None, Mode::Blocks);
                let marked =
                    Painting::new(&prepared(&grey(size.0, size.1), &wanted), cells, None, Mode::Blocks);
                assert_eq!(plain.size(), marked.size());
                let area = ratatui::layout::Rect::new(0, 0, cells.0, cells.1);
                let buffers = [&plain, &marked].map(|painting| {
                    let mut buffer = ratatui::buffer::Buffer::empty(area);
                    painting.paint(area, &mut buffer);
                    buffer
                });
                let changed =
                    area.positions().filter(|place| buffers[0][*place] != buffers[1][*place]).count();
                let (columns, rows) = plain.size();
                // The length of its border, as columns and rows.
                let border = usize::from(columns * 6 / 10 * 2 + rows * 6 / 10 * 2);
                assert!(
                    changed >= border * 9 / 10,
                    "{size:?} in {cells:?}, lit {lit}: {changed} of {border}"
                );
            }
        }
    }

    /// Writes what is seen as PNGs into the folder `CAPSCOPE_PAINTINGS`: as pixels, and in half-blocks.
    #[test]
    #[ignore = "for the eye"]
    fn real_marks() {
        let Some(out) = std::env::var_os("CAPSCOPE_PAINTINGS") else { return };
        let Some(folder) = crate::testing::shared("kohya_sidecars/10_coco photo") else { return };
        let paths = std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
        let mut paths: Vec<_> =
            paths.filter(|path| path.extension().is_some_and(|name| name == "jpg")).collect();
        paths.sort();
        for (number, path) in paths.into_iter().take(3).enumerate() {
            let bytes = std::fs::read(&path).expect("read");
            for (cells, pixels) in [((60, 30), (600, 600)), ((60, 30), (128, 128)), ((20, 10), (600, 600))] {
                let picture =
                    crate::media::decode(&bytes, pixels, &crate::media::Limits::default()).expect("decoded");
                let marks = [
                    Mark { colour: 0, ..mark(500, 1000, 4000, 6000, true) },
                    Mark { colour: 1, ..mark(3000, 2500, 6500, 5500, false) },
                    Mark { colour: 2, ..mark(6000, 500, 700, 900, false) },
                    Mark { colour: 3, ..mark(8000, 8000, 600, 800, true) },
                ];
                let ready = prepared(&picture, &PictureKey { cells, ..key(Part::WHOLE, &marks) });
                let name = format!("marks-{number}-{}-{}", cells.0, pixels.0);
                let path = std::path::Path::new(&out);
                ready.pixels.save(path.join(format!("{name}.png"))).expect("saved");
                let painting = Painting::new(&ready, cells, None, Mode::Blocks);
                crate::graphics::painting::seen(&painting, 600)
                    .save(path.join(format!("{name}-blocks.png")))
                    .expect("saved");
            }
        }
    }

    #[test]
    fn a_small_box_is_not_covered() {
        let marked =
            prepared(&grey(600, 600), &key(Part::WHOLE, &[mark(5000, 5000, 200, 200, true)])).into_owned();
        assert_eq!(marked.pixels.get_pixel(306, 306).0[2], 128, "{:?}", marked.pixels.get_pixel(306, 306));
    }
}
