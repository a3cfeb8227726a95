//! Capital letters and digits as bitmaps, five cells wide and seven high.

use super::{Brush, Rgb};

/// Rows from the top; the five low bits of each are the cells, the highest at the left.
fn shape(letter: char) -> [u8; 7] {
    match letter.to_ascii_uppercase() {
        'A' => [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        'B' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10001, 0b10001, 0b11110],
        'C' => [0b01111, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b01111],
        'D' => [0b11110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b11110],
        'E' => [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111],
        'F' => [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b10000],
        'G' => [0b01111, 0b10000, 0b10000, 0b10011, 0b10001, 0b10001, 0b01111],
        'H' => [0b10001, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        'I' => [0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        'J' => [0b00111, 0b00010, 0b00010, 0b00010, 0b00010, 0b10010, 0b01100],
        'K' => [0b10001, 0b10010, 0b10100, 0b11000, 0b10100, 0b10010, 0b10001],
        'L' => [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111],
        'M' => [0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001],
        'N' => [0b10001, 0b11001, 0b11001, 0b10101, 0b10011, 0b10011, 0b10001],
        'O' => [0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
        'P' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000],
        'Q' => [0b01110, 0b10001, 0b10001, 0b10001, 0b10101, 0b10010, 0b01101],
        'R' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001],
        'S' => [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110],
        'T' => [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100],
        'U' => [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
        'V' => [0b10001, 0b10001, 0b10001, 0b10001, 0b01010, 0b01010, 0b00100],
        'W' => [0b10001, 0b10001, 0b10001, 0b10101, 0b10101, 0b11011, 0b10001],
        'X' => [0b10001, 0b01010, 0b00100, 0b00100, 0b00100, 0b01010, 0b10001],
        'Y' => [0b10001, 0b10001, 0b01010, 0b00100, 0b00100, 0b00100, 0b00100],
        'Z' => [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b10000, 0b11111],
        '0' => [0b01110, 0b10011, 0b10011, 0b10101, 0b11001, 0b11001, 0b01110],
        '1' => [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        '2' => [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
        '3' => [0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110],
        '4' => [0b00110, 0b01010, 0b10010, 0b10010, 0b11111, 0b00010, 0b00010],
        '5' => [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
        '6' => [0b01110, 0b10000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
        '7' => [0b11111, 0b00001, 0b00010, 0b00100, 0b00100, 0b01000, 0b01000],
        '8' => [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
        '9' => [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00001, 0b01110],
        _ => [0; 7],
    }
}

/// Writes a word into the middle of a box `width` wide and `height` high around `(x, y)`.
pub(super) fn write(brush: &mut Brush<'_>, word: &str, middle: (f32, f32), room: (f32, f32), ink: Rgb) {
    let letters: Vec<char> = word.chars().collect();
    let columns = (letters.len() * 6).saturating_sub(1).max(1);
    let cell = (room.0 / columns as f32).min(room.1 / 7.0);
    let left = middle.0 - cell * columns as f32 / 2.0;
    let top = middle.1 + cell * 3.5;
    for (place, letter) in letters.into_iter().enumerate() {
        for (row, bits) in shape(letter).into_iter().enumerate() {
            let low = top - (row as f32 + 1.0) * cell;
            runs(bits, |from, to| {
                let x = left + (place * 6 + from) as f32 * cell;
                brush.rect(x, low, (to - from) as f32 * cell, cell, ink);
            });
        }
    }
}

/// Calls for each run of set cells: first cell, and the one after the last.
fn runs(bits: u8, mut call: impl FnMut(usize, usize)) {
    let mut start = None;
    for cell in 0..=5 {
        let set = cell < 5 && bits & (0b10000 >> cell) != 0;
        match (set, start) {
            (true, None) => start = Some(cell),
            (false, Some(from)) => {
                call(from, cell);
                start = None;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_capital_and_digit_has_a_shape_of_its_own() {
        let known: Vec<char> = ('A'..='Z').chain('0'..='9').collect();
        for (place, letter) in known.iter().enumerate() {
            assert_ne!(shape(*letter), [0; 7], "{letter}");
            let twin = known.iter().skip(place + 1).find(|other| shape(**other) == shape(*letter));
            assert_eq!(twin, None, "{letter} looks like another");
        }
    }

    #[test]
    fn runs_of_cells() {
        let mut seen = Vec::new();
        runs(0b11011, |from, to| seen.push((from, to)));
        assert_eq!(seen, [(0, 2), (3, 5)]);
    }
}
