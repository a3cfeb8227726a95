//! Painting with few colours.

use image::RgbaImage;

use super::snap::{self, Snap};

/// A picture of colours from a palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::graphics) struct Indexed {
    /// Pixels across
    pub width: u32,
    /// Pixels down
    pub height: u32,
    /// At least one colour, at most 256
    pub palette: Vec<[u8; 3]>,
    /// The first colour of the palette stands for no colour at all
    pub has_clear: bool,
    /// A place in the palette for each pixel, row by row
    pub pixels: Vec<u8>,
}

/// Colours for painting with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::graphics) struct Palette {
    /// At least one colour, at most 256; the first stands for no colour if there is a clear one.
    colours: Vec<[u8; 3]>,
    has_clear: bool,
}

/// Bits a channel by which colours are looked up. Exact colours would give 0.05 dB more; with 6 bits
/// 0.2 dB are lost.
const BITS: usize = 7;

impl Palette {
    /// Of these colours, and the clear one if there is to be one.
    pub(super) fn new(mut colours: Vec<[u8; 3]>, has_clear: bool) -> Self {
        if has_clear || colours.is_empty() {
            colours.insert(0, [0; 3]);
        }
        colours.truncate(256);
        Self { colours, has_clear }
    }

    /// The same in colours that are whole percents of red, green and blue, as sixels have them: what
    /// is painted with it is what the terminal shows.
    #[must_use]
    pub(in crate::graphics) fn in_percents(mut self) -> Self {
        for channel in self.colours.iter_mut().flatten() {
            *channel = from_percent(percent(*channel));
        }
        self
    }

    /// Paints a picture with these colours: clear where its alpha is below one half.
    pub(in crate::graphics) fn paint(&self, picture: &RgbaImage, snap: Snap) -> Indexed {
        let mut painted = Indexed {
            width: picture.width(),
            height: picture.height(),
            palette: self.colours.clone(),
            has_clear: self.has_clear,
            pixels: self.nearest(picture),
        };
        snap::snap(&mut painted, picture, snap);
        painted
    }

    fn nearest(&self, picture: &RgbaImage) -> Vec<u8> {
        const CUT: usize = 8 - BITS;
        let first = u8::from(self.has_clear);
        let nearest = Nearest::new(self.colours.get(usize::from(first)..).unwrap_or_default());
        let mut found = vec![UNKNOWN; 1 << (3 * BITS)];
        let mut find = |[red, green, blue, alpha]: [u8; 4]| {
            if alpha < 128 {
                return 0;
            }
            let colour = [red, green, blue];
            let key = colour.iter().fold(0, |key, channel| key << BITS | usize::from(channel >> CUT));
            let Some(known) = found.get_mut(key) else { return first };
            if *known == UNKNOWN {
                let middle = colour.map(|channel| i16::from((channel >> CUT << CUT) + (1 << CUT) / 2));
                *known = u16::from(nearest.find(middle).saturating_add(first));
            }
            *known as u8
        };
        picture.as_raw().as_chunks::<4>().0.iter().map(|pixel| find(*pixel)).collect()
    }
}

/// Stands for colours that were not looked for so far.
const UNKNOWN: u16 = u16::MAX;

/// A channel in whole percents.
pub(super) fn percent(channel: u8) -> u8 {
    ((u16::from(channel) * 100 + 127) / 255) as u8
}

/// The channel that terminals make of percents.
pub(super) fn from_percent(percent: u8) -> u8 {
    ((u16::from(percent) * 255 + 50) / 100) as u8
}

/// Finds the nearest of some colours.
pub(super) struct Nearest {
    channels: [[i16; 256]; 3],
    /// Colours to look at, a multiple of eight: behind the last, the first is repeated.
    count: usize,
}

impl Nearest {
    pub(super) fn new(colours: &[[u8; 3]]) -> Self {
        let first = colours.first().copied().unwrap_or_default();
        let mut channels = first.map(|channel| [i16::from(channel); 256]);
        for (place, colour) in colours.iter().enumerate().take(256) {
            for (channel, value) in channels.iter_mut().zip(colour) {
                channel[place] = i16::from(*value);
            }
        }
        Self { channels, count: colours.len().next_multiple_of(8).clamp(8, 256) }
    }

    /// Place of the nearest colour, the first of several.
    pub(super) fn find(&self, colour: [i16; 3]) -> u8 {
        let [reds, greens, blues] = &self.channels;
        let square = |channel: i16, wanted: i16| {
            let difference = channel - wanted;
            i32::from(difference) * i32::from(difference)
        };
        let mut best = i32::MAX;
        for place in 0..self.count {
            let distance = square(reds[place], colour[0])
                + square(greens[place], colour[1])
                + square(blues[place], colour[2]);
            // Distance and place in one number, so that the compiler can take several at once.
            best = best.min(distance << 8 | place as i32);
        }
        best as u8
    }
}
