//! Sixels: pictures as text, six rows of pixels at a time.
//!
//! A band of six rows is drawn colour by colour; each character stands for a column of six pixels, of
//! which it says which ones get the colour. Pixels that get none stay as they are.

use std::fmt::Write;

use super::palette::{Indexed, percent};

/// The picture as a whole control string, from its introducer (`ESC P`) to its end (`ESC \`). Clear
/// pixels show what was there before. The colours are defined in whole percents: see
/// [`super::Palette::in_percents`].
pub fn sixel(picture: &Indexed) -> String {
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
