//! A picture made ready for a rectangle of terminal cells.

use std::fmt::Write;
use std::sync::Arc;

use image::DynamicImage;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use super::Mode;
use super::claim::claim;
use super::fit::{CellPixels, halves};
use super::glyph::{self, Glyph};
use super::raster::raster;
use super::sheet::Sheet;
use crate::media::{Picture, Weigh};

/// A picture made ready for one size of rectangle and one kind of terminal. Screens only say where
/// it goes: what it is made of (half-blocks today, a graphics protocol tomorrow) stays in here.
/// Clones share their cells.
#[derive(Clone, Debug)]
pub struct Painting {
    columns: u16,
    rows: u16,
    made: Made,
    /// Width and height of the picture in its file.
    original: (u32, u32),
    frames_more: bool,
}

/// What a painting is made of.
#[derive(Clone, Debug)]
enum Made {
    /// `rows` times `columns` cells, row by row.
    Glyphs(Arc<[Glyph]>),
    /// Pixels that go to the terminal another way than the cells.
    Pixels(Arc<Sheet>),
}

impl PartialEq for Painting {
    fn eq(&self, other: &Self) -> bool {
        let is_same = match (&self.made, &other.made) {
            (Made::Glyphs(ours), Made::Glyphs(theirs)) => ours == theirs,
            (Made::Pixels(ours), Made::Pixels(theirs)) => ours.payload == theirs.payload,
            _ => false,
        };
        is_same && self.size() == other.size() && self.frames_more == other.frames_more
    }
}

impl Painting {
    /// Makes a picture ready for a box of `cells` (columns, rows), as large as its aspect allows
    /// with cells of this size in pixels, which is 10x20 where it is not known. The same picture
    /// always gives the same cells.
    pub fn new(picture: &Picture, cells: (u16, u16), cell: Option<CellPixels>, mode: Mode) -> Self {
        let grid = |whole_rows| raster(&picture.pixels, halves(picture.original, cells, cell, whole_rows));
        let made = match mode {
            // What goes to the plain terminal by a protocol is the business of `print`.
            Mode::Blocks | Mode::Kitty | Mode::KittyDirect | Mode::Iterm | Mode::Sixel => {
                Self::of(&grid(false), glyph::blocks)
            }
            Mode::Blocks256 => Self::of(&grid(false), glyph::blocks256),
            Mode::Ascii => Self::of(&grid(true), glyph::characters),
            Mode::None => Self::line(&picture.facts().to_string(), cells.0),
        };
        Self { original: picture.original, frames_more: picture.frames_more, ..made }
    }

    fn of(grid: &image::RgbImage, cells: impl Fn(&image::RgbImage) -> Vec<Glyph>) -> Self {
        // Both sides were fitted into a box whose sides are 16-bit.
        Self {
            columns: grid.width() as u16,
            rows: grid.height().div_ceil(2) as u16,
            made: Made::Glyphs(cells(grid).into()),
            original: (0, 0),
            frames_more: false,
        }
    }

    /// One whose pixels go another way than the cells.
    pub(super) fn of_sheet(sheet: Arc<Sheet>, picture: Option<&Picture>) -> Self {
        let (original, frames_more) =
            picture.map_or(((0, 0), false), |picture| (picture.original, picture.frames_more));
        let (columns, rows) = sheet.cells;
        Self { columns, rows, made: Made::Pixels(sheet), original, frames_more }
    }

    /// The pixels, if they go another way than the cells.
    pub(super) fn sheet(&self) -> Option<&Arc<Sheet>> {
        match &self.made {
            Made::Pixels(sheet) => Some(sheet),
            Made::Glyphs(_) => None,
        }
    }

    fn glyphs(&self) -> &[Glyph] {
        match &self.made {
            Made::Glyphs(glyphs) => glyphs,
            Made::Pixels(_) => &[],
        }
    }

    /// A line of ASCII text, cut to so many columns.
    fn line(text: &str, columns: u16) -> Self {
        let glyphs: Arc<[Glyph]> = text.chars().take(usize::from(columns)).map(Glyph::plain).collect();
        Self {
            columns: glyphs.len() as u16,
            rows: 1,
            made: Made::Glyphs(glyphs),
            original: (0, 0),
            frames_more: false,
        }
    }

    /// Cells it covers: columns and rows.
    pub fn size(&self) -> (u16, u16) {
        (self.columns, self.rows)
    }

    /// Width and height in pixels that the picture, or the part of it that is painted, has in its
    /// file.
    pub fn original(&self) -> (u32, u32) {
        self.original
    }

    /// Whether the picture is animated; painted is the first frame.
    pub fn frames_more(&self) -> bool {
        self.frames_more
    }

    /// Paints it into the middle of `area`; what does not fit is cut at the right and below.
    /// Nothing outside of `area` and of the buffer is touched.
    pub fn paint(&self, area: Rect, buffer: &mut Buffer) {
        let left = area.x.saturating_add(area.width.saturating_sub(self.columns) / 2);
        let top = area.y.saturating_add(area.height.saturating_sub(self.rows) / 2);
        let seen = area.intersection(buffer.area);
        if let Some(sheet) = self.sheet() {
            let whole = Rect { x: left, y: top, width: self.columns, height: self.rows };
            claim(sheet.number, whole, seen, buffer);
            return;
        }
        for (row, line) in (0..self.rows).zip(self.lines()) {
            for (column, glyph) in (0..self.columns).zip(line) {
                let (x, y) = (left.saturating_add(column), top.saturating_add(row));
                if !seen.contains((x, y).into()) {
                    break;
                }
                let Some(cell) = buffer.cell_mut((x, y)) else { break };
                cell.set_char(glyph.symbol).set_fg(glyph.foreground);
                cell.modifier = Modifier::empty();
                if let Some(background) = glyph.background {
                    cell.set_bg(background);
                }
            }
        }
    }

    /// The cells as text with colour sequences, a line a row, each ending with its colours reset
    /// and a newline.
    pub fn to_ansi(&self) -> String {
        let mut out = String::new();
        for line in self.lines() {
            let mut colours = (Color::Reset, Color::Reset);
            for glyph in line {
                let wanted = (glyph.foreground, glyph.background.unwrap_or(Color::Reset));
                if wanted != colours {
                    // A space shows no foreground: what it has may stay.
                    let keep = glyph.symbol == ' ';
                    let parts = [
                        (wanted.0 != colours.0 && !keep).then(|| sequence(wanted.0, 38)),
                        (wanted.1 != colours.1).then(|| sequence(wanted.1, 48)),
                    ];
                    let parts: Vec<String> = parts.into_iter().flatten().collect();
                    if !parts.is_empty() {
                        // Writing into a string cannot fail.
                        let _ = write!(out, "\u{1b}[{}m", parts.join(";"));
                    }
                    colours = (if keep { colours.0 } else { wanted.0 }, wanted.1);
                }
                out.push(glyph.symbol);
            }
            if colours != (Color::Reset, Color::Reset) {
                out.push_str("\u{1b}[0m");
            }
            out.push('\n');
        }
        out
    }

    fn lines(&self) -> impl Iterator<Item = &[Glyph]> {
        self.glyphs().chunks(usize::from(self.columns.max(1)))
    }
}

impl Weigh for Painting {
    fn weight(&self) -> usize {
        let pixels = self.sheet().map_or(0, |sheet| sheet.weight());
        size_of::<Self>() + size_of_val(self.glyphs()) + pixels
    }
}

/// The parameters that set a colour; `base` is 38 for the foreground, 48 for the background.
fn sequence(colour: Color, base: u8) -> String {
    match colour {
        Color::Rgb(red, green, blue) => format!("{base};2;{red};{green};{blue}"),
        Color::Indexed(number) => format!("{base};5;{number}"),
        _ => (base + 1).to_string(),
    }
}

/// The picture in the size in which a terminal that scales by itself needs it: no larger than the
/// pixels of its cells.
pub(super) fn for_protocol(picture: &Picture, cells: (u16, u16), cell: CellPixels) -> DynamicImage {
    let bounds = (u32::from(cells.0) * u32::from(cell.0), u32::from(cells.1) * u32::from(cell.1));
    let size = crate::media::fitted(picture.pixels.dimensions(), bounds);
    let whole = DynamicImage::from(picture.pixels.clone());
    if size == picture.pixels.dimensions() { whole } else { crate::media::resized(&whole, size) }
}

/// What is seen of half-blocks, enlarged to this width.
#[cfg(test)]
pub(super) fn seen(painting: &Painting, width: u32) -> image::RgbImage {
    let small = tests::seen(painting);
    let height = small.height() * width / small.width().max(1);
    image::imageops::resize(&small, width, height, image::imageops::FilterType::Nearest)
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};
    use proptest::prelude::*;

    use super::*;
    use crate::graphics::xterm;
    use crate::media::fixtures::{photo, psnr};

    fn picture(pixels: RgbImage) -> Picture {
        let original = pixels.dimensions();
        let pixels = DynamicImage::from(pixels).into_rgba8();
        Picture { pixels, original, format: "JPEG", bytes: 245_000, frames_more: false }
    }

    fn painted(painting: &Painting, area: Rect, whole: Rect) -> Buffer {
        let mut buffer = Buffer::empty(whole);
        painting.paint(area, &mut buffer);
        buffer
    }

    /// The half-cells as the eye sees them.
    pub(super) fn seen(painting: &Painting) -> RgbImage {
        let (columns, rows) = painting.size();
        let rgb = |colour| match colour {
            Color::Rgb(red, green, blue) => Rgb([red, green, blue]),
            Color::Indexed(number) => Rgb(xterm::rgb(number)),
            _ => Rgb([0; 3]),
        };
        RgbImage::from_fn(columns.into(), u32::from(rows) * 2, |x, y| {
            let glyph = painting.glyphs()[(y as usize / 2) * usize::from(columns) + x as usize];
            let background = rgb(glyph.background.unwrap_or(Color::Reset));
            if glyph.symbol == '▀' && y % 2 == 0 { rgb(glyph.foreground) } else { background }
        })
    }

    #[test]
    fn what_is_seen_is_the_picture() {
        let given = photo(480, 360);
        let expected = DynamicImage::from(given.clone())
            .resize_exact(60, 44, image::imageops::FilterType::Triangle)
            .into_rgb8();
        let quality = |mode| {
            let painting = Painting::new(&picture(given.clone()), (60, 22), None, mode);
            assert_eq!(painting.size(), (59, 22));
            let seen = DynamicImage::from(seen(&painting));
            psnr(&seen.resize_exact(60, 44, image::imageops::FilterType::Triangle).into_rgb8(), &expected)
        };
        let (blocks, blocks256) = (quality(Mode::Blocks), quality(Mode::Blocks256));
        assert!(blocks > 35.0, "{blocks:.1} dB in 24-bit colours");
        assert!(blocks256 > 19.0, "{blocks256:.1} dB in 256 colours");
    }

    #[test]
    fn a_painting_stands_in_the_middle() {
        let painting = Painting::new(&picture(photo(40, 40)), (10, 5), None, Mode::Ascii);
        assert_eq!(painting.size(), (10, 5));
        let wide = Painting::new(&picture(photo(80, 10)), (10, 5), None, Mode::Blocks);
        assert_eq!(wide.size(), (10, 1));
        let buffer = painted(&wide, Rect::new(2, 1, 12, 5), Rect::new(0, 0, 16, 7));
        let touched: Vec<(u16, u16)> = (0..7)
            .flat_map(|y| (0..16).map(move |x| (x, y)))
            .filter(|place| buffer[*place] != ratatui::buffer::Cell::EMPTY)
            .collect();
        assert_eq!(touched, (3..13).map(|x| (x, 3)).collect::<Vec<_>>());
    }

    #[test]
    fn under_an_odd_last_half_the_background_stays() {
        let painting = Painting::new(&picture(photo(100, 50)), (10, 9), None, Mode::Blocks);
        assert_eq!(painting.size(), (10, 3));
        let area = Rect::new(0, 0, 10, 3);
        let mut buffer = Buffer::empty(area);
        buffer.set_style(area, ratatui::style::Style::new().bg(Color::Blue));
        painting.paint(area, &mut buffer);
        assert_eq!(buffer[(4, 2)].bg, Color::Blue);
        assert!(matches!(buffer[(4, 2)].fg, Color::Rgb(..)));
        assert!(matches!(buffer[(4, 1)].bg, Color::Rgb(..)));
    }

    #[test]
    fn without_pictures_there_is_a_line() {
        let painting = Painting::new(&picture(photo(64, 48)), (30, 9), None, Mode::None);
        assert_eq!(painting.size(), (17, 1));
        assert_eq!(painting.to_ansi(), "64x48 JPEG 245 KB\n");
        assert_eq!(Painting::new(&picture(photo(64, 48)), (6, 9), None, Mode::None).to_ansi(), "64x48 \n");
        assert_eq!(Painting::new(&picture(photo(64, 48)), (0, 0), None, Mode::None).to_ansi(), "");
    }

    #[test]
    fn sequences_are_written_where_a_colour_changes() {
        let flat = picture(RgbImage::from_pixel(8, 8, Rgb([200, 100, 50])));
        let ansi = Painting::new(&flat, (2, 1), None, Mode::Blocks).to_ansi();
        assert_eq!(ansi, "\u{1b}[48;2;200;100;50m  \u{1b}[0m\n");
        let black = picture(RgbImage::from_pixel(8, 8, Rgb([0; 3])));
        assert_eq!(
            Painting::new(&black, (2, 1), None, Mode::Blocks256).to_ansi(),
            "\u{1b}[48;5;16m  \u{1b}[0m\n"
        );
        assert!(!Painting::new(&flat, (4, 2), None, Mode::Ascii).to_ansi().contains('\u{1b}'));
    }

    #[test]
    fn ansi_shows_the_same_as_the_buffer() {
        let painting = Painting::new(&picture(photo(90, 70)), (30, 12), None, Mode::Blocks);
        let (columns, rows) = painting.size();
        let mut screen = vt100::Parser::new(rows + 1, columns, 0);
        screen.process(painting.to_ansi().replace('\n', "\r\n").as_bytes());
        for (place, glyph) in painting.glyphs().iter().enumerate() {
            let (row, column) = (place as u16 / columns, place as u16 % columns);
            let cell = screen.screen().cell(row, column).expect("on the screen");
            let rgb = |colour| match colour {
                Color::Rgb(red, green, blue) => vt100::Color::Rgb(red, green, blue),
                _ => vt100::Color::Default,
            };
            assert_eq!(cell.bgcolor(), rgb(glyph.background.unwrap_or(Color::Reset)), "{row} {column}");
            if glyph.symbol != ' ' {
                assert_eq!((cell.contents(), cell.fgcolor()), ("▀", rgb(glyph.foreground)), "{row} {column}");
            }
        }
    }

    /// Prints real pictures: `cargo test --lib real_pictures -- --ignored --nocapture`. With
    /// `CAPSCOPE_PAINTINGS` set to a folder, also writes what is seen there as PNGs.
    #[test]
    #[ignore = "for the eye"]
    fn real_pictures() {
        let Some(folder) = crate::testing::shared("kohya_sidecars/10_coco photo") else { return };
        let folder = std::fs::read_dir(folder).unwrap();
        let paths = folder.flatten().map(|entry| entry.path());
        let mut paths: Vec<_> =
            paths.filter(|path| path.extension().is_some_and(|name| name == "jpg")).collect();
        paths.sort();
        let count = paths.len();
        let mut sums = [0; 3];
        for (number, path) in paths.into_iter().enumerate() {
            let bytes = std::fs::read(&path).expect("read");
            let begun = std::time::Instant::now();
            let picture =
                crate::media::decode(&bytes, (256, 256), &crate::media::Limits::default()).expect("decoded");
            let decoded = begun.elapsed();
            for (sum, mode) in sums.iter_mut().zip([Mode::Blocks, Mode::Blocks256, Mode::Ascii]) {
                let begun = std::time::Instant::now();
                let painting = Painting::new(&picture, (60, 30), None, mode);
                let made = begun.elapsed();
                *sum += painting.to_ansi().len();
                if number < 3 {
                    println!(
                        "{}{} {mode:?}: decoded in {decoded:?}, made in {made:?}",
                        painting.to_ansi(),
                        path.display()
                    );
                }
                if let (Some(out), true) =
                    (std::env::var_os("CAPSCOPE_PAINTINGS"), number < 6 && mode != Mode::Ascii)
                {
                    let big = image::imageops::resize(
                        &seen(&painting),
                        600,
                        400,
                        image::imageops::FilterType::Nearest,
                    );
                    big.save(std::path::Path::new(&out).join(format!("{number}-{mode:?}.png")))
                        .expect("saved");
                }
            }
        }
        println!(
            "mean bytes of {count} in 24-bit, 256 colours, ASCII: {:?}",
            sums.map(|sum| sum / count.max(1))
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn nothing_outside_is_touched(x in 0_u16..30, y in 0_u16..20, w in 0_u16..30, h in 0_u16..20, cells in (0_u16..40, 0_u16..30)) {
            let painting = Painting::new(&picture(photo(33, 21)), cells, None, Mode::Blocks);
            let whole = Rect::new(5, 3, 20, 12);
            let area = Rect::new(x, y, w, h);
            let buffer = painted(&painting, area, whole);
            for place in whole.positions().filter(|place| !area.contains(*place)) {
                prop_assert_eq!(&buffer[place], &ratatui::buffer::Cell::EMPTY);
            }
        }
    }
}
