//! Sixels: pictures as text, six rows of pixels at a time.
//!
//! A band of six rows is drawn colour by colour; each character stands for a column of six pixels, of
//! which it says which ones get the colour. Pixels that get none stay as they are.

use std::fmt::Write;

use super::palette::{Indexed, percent};

/// The picture as a whole control string, from its introducer (`ESC P`) to its end (`ESC \`). Clear
/// pixels show what was there before. The colours are defined in whole percents: see
/// [`super::Palette::in_percents`].
pub(in crate::graphics) fn sixel(picture: &Indexed) -> String {
    let mut out = Output { text: String::with_capacity(picture.pixels.len()), colour: None };
    // Writing into a string cannot fail.
    let _ = write!(out.text, "\u{1b}P0;1q\"1;1;{};{}", picture.width, picture.height);
    define(&mut out.text, picture);
    let width = picture.width.max(1) as usize;
    let mut band = Band::new(width);
    let clear = picture.has_clear.then_some(0);
    let mut lines = 0;
    for rows in picture.pixels.chunks(width * 6) {
        band.fill(rows, clear);
        if !band.used.is_empty() {
            out.text.extend(std::iter::repeat_n('-', lines));
            lines = 0;
            band.write(&mut out);
        }
        lines += 1;
    }
    out.text.push_str("\u{1b}\\");
    out.text
}

/// Defines the colours that occur.
fn define(out: &mut String, picture: &Indexed) {
    let mut occurs = [false; 256];
    for index in &picture.pixels {
        occurs[usize::from(*index)] = true;
    }
    occurs[0] &= !picture.has_clear;
    for (index, colour) in picture.palette.iter().enumerate().filter(|(index, _)| occurs[index & 255]) {
        let [red, green, blue] = colour.map(percent);
        let _ = write!(out, "#{index};2;{red};{green};{blue}");
    }
}

/// Six rows of pixels.
struct Band {
    width: usize,
    /// A row of sixels for each colour, without the offset of 63
    sixels: Vec<u8>,
    /// The colours that occur
    used: Vec<u8>,
    occurs: [bool; 256],
}

/// Columns of one colour: from `start`, to before `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    start: usize,
    end: usize,
    colour: u8,
}

/// Empty columns between two spans of a colour that are drawn over with nothing in one go.
const BRIDGE: usize = 4;

impl Band {
    fn new(width: usize) -> Self {
        Self { width, sixels: vec![0; width * 256], used: Vec::new(), occurs: [false; 256] }
    }

    /// Takes in the next six rows, or fewer.
    fn fill(&mut self, pixels: &[u8], clear: Option<u8>) {
        for colour in self.used.drain(..) {
            self.occurs[usize::from(colour)] = false;
        }
        for (row, pixels) in pixels.chunks(self.width).enumerate() {
            for (x, colour) in pixels.iter().enumerate().filter(|(_, colour)| Some(**colour) != clear) {
                let place = usize::from(*colour) * self.width;
                if !self.occurs[usize::from(*colour)] {
                    self.occurs[usize::from(*colour)] = true;
                    self.used.push(*colour);
                    if let Some(row) = self.sixels.get_mut(place..place + self.width) {
                        row.fill(0);
                    }
                }
                if let Some(sixel) = self.sixels.get_mut(place + x) {
                    *sixel |= 1 << row;
                }
            }
        }
    }

    /// The sixels of a colour.
    fn row(&self, colour: u8) -> &[u8] {
        let place = usize::from(colour) * self.width;
        self.sixels.get(place..place + self.width).unwrap_or_default()
    }

    /// Writes the band: from left to right as often as it takes, each time all spans that fit behind
    /// one another.
    fn write(&self, out: &mut Output) {
        let mut spans: Vec<Span> = self.used.iter().flat_map(|colour| self.spans(*colour)).collect();
        spans.sort_unstable();
        let mut rest = Vec::with_capacity(spans.len());
        while !spans.is_empty() {
            let mut x = 0;
            for span in spans.drain(..) {
                if span.start < x {
                    rest.push(span);
                    continue;
                }
                out.repeat(0, span.start - x);
                out.select(span.colour);
                out.sixels(self.row(span.colour).get(span.start..span.end).unwrap_or_default());
                x = span.end;
            }
            std::mem::swap(&mut spans, &mut rest);
            if !spans.is_empty() {
                out.text.push('$');
            }
        }
    }

    fn spans(&self, colour: u8) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for (x, _) in self.row(colour).iter().enumerate().filter(|(_, sixel)| **sixel != 0) {
            match spans.last_mut() {
                Some(span) if x - span.end <= BRIDGE => span.end = x + 1,
                _ => spans.push(Span { start: x, end: x + 1, colour }),
            }
        }
        spans
    }
}

/// What has been written.
struct Output {
    text: String,
    /// The colour that is drawn with
    colour: Option<u8>,
}

impl Output {
    fn select(&mut self, colour: u8) {
        if self.colour != Some(colour) {
            self.colour = Some(colour);
            let _ = write!(self.text, "#{colour}");
        }
    }

    fn sixels(&mut self, sixels: &[u8]) {
        for run in sixels.chunk_by(|one, other| one == other) {
            self.repeat(run.first().copied().unwrap_or_default(), run.len());
        }
    }

    /// So many of one sixel.
    fn repeat(&mut self, sixel: u8, count: usize) {
        let character = char::from(63 + sixel);
        if count > 3 {
            let _ = write!(self.text, "!{count}{character}");
        } else {
            self.text.extend(std::iter::repeat_n(character, count));
        }
    }
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, Rgb, Rgba, RgbaImage};
    use proptest::prelude::*;

    use super::*;
    use crate::graphics::encode::{Colours, Snap};
    use crate::media::fixtures::{photo, psnr, scene};

    /// What a terminal makes of sixels: clear where nothing was painted. A pixel may be painted once.
    #[allow(clippy::string_slice, reason = "sixels are ASCII")]
    fn decoded(text: &str) -> RgbaImage {
        let body = text.strip_prefix("\u{1b}P0;1q\"1;1;").and_then(|rest| rest.strip_suffix("\u{1b}\\"));
        let body = body.expect("a control string");
        let end = body.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(body.len());
        let (size, mut rest) = body.split_at(end);
        let (width, height) = size.split_once(';').expect("a size");
        let mut picture = RgbaImage::new(width.parse().expect("a width"), height.parse().expect("a height"));
        let mut colours = [Rgba([0, 0, 0, 0]); 256];
        let (mut x, mut y, mut colour, mut count) = (0, 0, 0, 1);
        let numbers = |text: &str| -> (Vec<usize>, usize) {
            let end = text.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(text.len());
            (text[..end].split(';').map(|number| number.parse().expect("a number")).collect(), end)
        };
        while let Some(command) = rest.chars().next() {
            rest = &rest[1..];
            match command {
                '#' => {
                    let (values, end) = numbers(rest);
                    rest = &rest[end..];
                    colour = values[0];
                    if let [_, 2, channels @ ..] = &values[..] {
                        let level = |place: usize| ((channels[place] * 255 + 50) / 100) as u8;
                        colours[colour] = Rgba([level(0), level(1), level(2), 255]);
                    }
                }
                '!' => {
                    let (values, end) = numbers(rest);
                    rest = &rest[end..];
                    count = values[0];
                }
                '$' => x = 0,
                '-' => (x, y) = (0, y + 6),
                '?'..='~' => {
                    let bits = command as u8 - 63;
                    for _ in 0..count {
                        for row in (0..6).filter(|row| bits >> row & 1 == 1) {
                            let pixel = picture.get_pixel_mut(x, y + row);
                            assert_eq!(pixel[3], 0, "painted twice: {x}, {}", y + row);
                            *pixel = colours[colour];
                            assert_eq!(pixel[3], 255, "painted before its definition: {colour}");
                        }
                        x += 1;
                    }
                    count = 1;
                }
                other => panic!("{other:?} is no sixel"),
            }
        }
        picture
    }

    fn painted(picture: &RgbaImage, colours: usize, snap: Snap) -> Indexed {
        Colours::of(picture).palette(colours).in_percents().paint(picture, snap)
    }

    fn drawn(picture: &Indexed) -> RgbaImage {
        RgbaImage::from_fn(picture.width, picture.height, |x, y| {
            let index = picture.pixels[(y * picture.width + x) as usize];
            let Rgb([red, green, blue]) = Rgb(picture.palette[usize::from(index)]);
            if picture.has_clear && index == 0 { Rgba([0; 4]) } else { Rgba([red, green, blue, 255]) }
        })
    }

    #[test]
    fn a_known_picture_has_known_sixels() {
        let flag = RgbaImage::from_fn(8, 7, |x, _| if x < 6 { Rgba([255, 0, 0, 255]) } else { Rgba([0; 4]) });
        let text = sixel(&painted(&flag, 16, Snap::Nearest));
        assert_eq!(text, "\u{1b}P0;1q\"1;1;8;7#1;2;100;0;0#1!6~-!6@\u{1b}\\");
    }

    #[test]
    fn a_clear_picture_paints_nothing() {
        let text = sixel(&painted(&RgbaImage::new(5, 30), 16, Snap::Sixels(9)));
        assert_eq!(text, "\u{1b}P0;1q\"1;1;5;30\u{1b}\\");
    }

    #[test]
    fn a_clear_band_between_is_stepped_over() {
        let picture =
            RgbaImage::from_fn(2, 30, |_, y| Rgba([0, 0, 0, if (6..24).contains(&y) { 0 } else { 255 }]));
        let text = sixel(&painted(&picture, 16, Snap::Nearest));
        assert_eq!(decoded(&text), picture);
        assert!(text.ends_with("#1~~----~~\u{1b}\\"), "{text:?}");
    }

    #[test]
    fn a_smooth_picture_stays_like_itself() {
        let picture = photo(200, 151);
        let opaque = DynamicImage::from(picture.clone()).into_rgba8();
        for (snap, least) in [(Snap::Nearest, 36.0), (Snap::Sixels(10), 35.0)] {
            let shown = decoded(&sixel(&painted(&opaque, 256, snap)));
            let quality = psnr(&DynamicImage::from(shown).into_rgb8(), &picture);
            assert!(quality > least, "{snap:?}: {quality:.1} dB");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_decoded_is_what_was_painted(
            seed: u64,
            width in 1_u32..60,
            height in 1_u32..40,
            colours in 2_usize..40,
            slack in 0_u32..200,
            clear in 0_u32..4,
        ) {
            let mut picture = DynamicImage::from(scene(seed, width, height)).into_rgba8();
            for (x, y, pixel) in picture.enumerate_pixels_mut() {
                let noise = u64::from(x * 31 + y * 17).wrapping_mul(seed | 1) >> 59;
                pixel[0] = pixel[0].wrapping_add(noise as u8);
                pixel[3] = if (x / 3 + y) % 5 < clear { 0 } else { 255 };
            }
            let painted = painted(&picture, colours, Snap::Sixels(slack));
            prop_assert_eq!(decoded(&sixel(&painted)), drawn(&painted));
        }
    }
}
