//! The 256 colours of xterm, of which the 240 upper ones look the same everywhere.

/// Levels of each channel in the colour cube.
const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// Number of the colour nearest to this one: of the cube (16 to 231) or the greys (232 to 255).
/// The first 16 are left alone, as every user's theme has its own.
pub(super) fn nearest(colour: [u8; 3]) -> u8 {
    let [red, green, blue] = colour.map(level);
    let cube = 16 + 36 * red + 6 * green + blue;
    // The weighted distance to a grey is least at the weighted mean; in tenths here.
    let tenths: u32 =
        colour.into_iter().zip(WEIGHTS).map(|(channel, weight)| u32::from(channel) * weight).sum();
    let grey = 232 + (tenths.saturating_sub(30) / 100).min(23) as u8;
    if distance(colour, rgb(grey)) < distance(colour, rgb(cube)) { grey } else { cube }
}

/// Red, green and blue of one of the 240 upper colours; black for the 16 lower ones.
pub(super) fn rgb(number: u8) -> [u8; 3] {
    match number {
        0..16 => [0; 3],
        16..232 => {
            let place = usize::from(number - 16);
            [place / 36, place / 6 % 6, place % 6].map(|level| LEVELS.get(level).copied().unwrap_or(255))
        }
        232.. => [8 + 10 * (number - 232); 3],
    }
}

/// Place of the nearest level of the cube.
fn level(channel: u8) -> u8 {
    match channel {
        0..48 => 0,
        48..115 => 1,
        _ => (channel - 35) / 40,
    }
}

/// How much the eye makes of each channel, in tenths.
const WEIGHTS: [u32; 3] = [3, 6, 1];

/// Squared difference, weighted by channel.
fn distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    let squares = one.into_iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2));
    squares.zip(WEIGHTS).map(|(square, weight)| square * weight).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn colours_of_the_palette_are_found() {
        for number in 16..=255 {
            assert_eq!(rgb(nearest(rgb(number))), rgb(number), "{number}");
        }
    }

    proptest! {
        #[test]
        fn no_colour_is_nearer(colour: [u8; 3]) {
            let found = rgb(nearest(colour));
            let best = (16..=255).map(|number| distance(colour, rgb(number))).min().unwrap_or_default();
            prop_assert_eq!(distance(colour, found), best, "{:?} -> {:?}", colour, found);
        }
    }
}
