//! Which part of a picture is wanted, and what is to be marked on it.

/// Into how many steps a side of a picture is divided.
pub const STEPS: u16 = 10_000;

/// A rectangle of a picture, in 1/10,000 of its sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// Left edge.
    pub x: u16,
    /// Upper edge.
    pub y: u16,
    /// Width, at least 1.
    pub width: u16,
    /// Height, at least 1.
    pub height: u16,
}

impl Part {
    /// All of it.
    pub const WHOLE: Self = Self { x: 0, y: 0, width: STEPS, height: STEPS };

    /// Whether it is all of the picture.
    pub fn is_whole(self) -> bool {
        self == Self::WHOLE
    }

    /// The box, in pixels, that the whole picture has to fill for this part to fill a box of
    /// `within`.
    pub fn scaled(self, within: (u32, u32)) -> (u32, u32) {
        let scaled = |side: u32, steps: u16| {
            let side = u64::from(side) * u64::from(STEPS) / u64::from(steps.clamp(1, STEPS));
            u32::try_from(side).unwrap_or(u32::MAX)
        };
        (scaled(within.0, self.width), scaled(within.1, self.height))
    }

    /// Left and upper edge, width and height in a picture of so many pixels: never outside of it,
    /// and at least one pixel.
    pub fn pixels(self, size: (u32, u32)) -> (u32, u32, u32, u32) {
        let (x, width) = stretch(self.x, self.width, size.0);
        let (y, height) = stretch(self.y, self.height, size.1);
        (x, y, width, height)
    }
}

impl Default for Part {
    fn default() -> Self {
        Self::WHOLE
    }
}

/// Start and length in pixels of a stretch of a side.
fn stretch(start: u16, length: u16, side: u32) -> (u32, u32) {
    let (start, length, side) = (u64::from(start), u64::from(length), u64::from(side.max(1)));
    let steps = u64::from(STEPS);
    let first = (start * side / steps).min(side - 1);
    let end = ((start + length) * side).div_ceil(steps).clamp(first + 1, side);
    (u32::try_from(first).unwrap_or(0), u32::try_from(end - first).unwrap_or(1))
}

/// A rectangle to draw on a picture, in 1/10,000 of the sides of the whole picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    /// Left edge.
    pub x: u16,
    /// Upper edge.
    pub y: u16,
    /// Width.
    pub width: u16,
    /// Height.
    pub height: u16,
    /// Whether it is the one that is looked at.
    pub lit: bool,
    /// Which of the eight colours.
    pub colour: u8,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_part_is_found_in_pixels() {
        let part = |x, y, width, height| Part { x, y, width, height };
        let table = [
            (Part::WHOLE, (640, 480), (0, 0, 640, 480)),
            (part(2500, 5000, 5000, 5000), (640, 480), (160, 240, 320, 240)),
            (part(9999, 0, 1, 1), (640, 480), (639, 0, 1, 1)),
            (part(3333, 3333, 3334, 3334), (3, 3), (0, 0, 3, 3)),
            (part(60_000, 60_000, 60_000, 0), (10, 10), (9, 9, 1, 1)),
            (Part::WHOLE, (0, 0), (0, 0, 1, 1)),
        ];
        for (part, size, expected) in table {
            assert_eq!(part.pixels(size), expected, "{part:?} of {size:?}");
        }
    }

    #[test]
    fn a_smaller_part_needs_a_larger_whole() {
        let part = Part { x: 0, y: 0, width: 2500, height: 5000 };
        assert_eq!(part.scaled((120, 60)), (480, 120));
        assert_eq!(Part::WHOLE.scaled((120, 60)), (120, 60));
        let none = Part { width: 0, ..part };
        assert_eq!(none.scaled((u32::MAX, 1)), (u32::MAX, 2));
    }

    proptest! {
        #[test]
        fn a_part_stays_in_its_picture(x: u16, y: u16, width: u16, height: u16, w in 1_u32..9000, h in 1_u32..9000) {
            let (left, top, across, down) = Part { x, y, width, height }.pixels((w, h));
            prop_assert!(across >= 1 && down >= 1 && left + across <= w && top + down <= h);
        }
    }
}
