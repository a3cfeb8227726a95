//! The marks that say which row and column of a picture a placeholder cell of kitty shows.

/// The character that stands for a piece of a picture.
pub(crate) const PLACEHOLDER: char = '\u{10EEEE}';

/// Stretches of marks that follow each other, in kitty's order: the first, and how many.
const STRETCHES: [(u32, u32); 86] = [
    (0x305, 1),
    (0x30D, 2),
    (0x310, 1),
    (0x312, 1),
    (0x33D, 3),
    (0x346, 1),
    (0x34A, 3),
    (0x350, 3),
    (0x357, 1),
    (0x35B, 1),
    (0x363, 13),
    (0x483, 5),
    (0x592, 4),
    (0x597, 3),
    (0x59C, 6),
    (0x5A8, 2),
    (0x5AB, 2),
    (0x5AF, 1),
    (0x5C4, 1),
    (0x610, 8),
    (0x657, 5),
    (0x65D, 2),
    (0x6D6, 7),
    (0x6DF, 4),
    (0x6E4, 1),
    (0x6E7, 2),
    (0x6EB, 2),
    (0x730, 1),
    (0x732, 2),
    (0x735, 2),
    (0x73A, 1),
    (0x73D, 1),
    (0x73F, 3),
    (0x743, 1),
    (0x745, 1),
    (0x747, 1),
    (0x749, 2),
    (0x7EB, 7),
    (0x7F3, 1),
    (0x816, 4),
    (0x81B, 9),
    (0x825, 3),
    (0x829, 5),
    (0x951, 1),
    (0x953, 2),
    (0xF82, 2),
    (0xF86, 2),
    (0x135D, 3),
    (0x17DD, 1),
    (0x193A, 1),
    (0x1A17, 1),
    (0x1A75, 8),
    (0x1B6B, 1),
    (0x1B6D, 7),
    (0x1CD0, 3),
    (0x1CDA, 2),
    (0x1CE0, 1),
    (0x1DC0, 2),
    (0x1DC3, 7),
    (0x1DCB, 2),
    (0x1DD1, 22),
    (0x1DFE, 1),
    (0x20D0, 2),
    (0x20D4, 4),
    (0x20DB, 2),
    (0x20E1, 1),
    (0x20E7, 1),
    (0x20E9, 1),
    (0x20F0, 1),
    (0x2CEF, 3),
    (0x2DE0, 32),
    (0xA66F, 1),
    (0xA67C, 2),
    (0xA6F0, 2),
    (0xA8E0, 18),
    (0xAAB0, 1),
    (0xAAB2, 2),
    (0xAAB7, 2),
    (0xAABE, 2),
    (0xAAC1, 1),
    (0xFE20, 7),
    (0x10A0F, 1),
    (0x10A38, 1),
    (0x1D185, 5),
    (0x1D1AA, 4),
    (0x1D242, 3),
];

/// The mark that stands for a number below 297.
pub(crate) fn mark(number: u32) -> Option<char> {
    let mut before = 0;
    for (first, count) in STRETCHES {
        if number < before + count {
            return char::from_u32(first + number - before);
        }
        before += count;
    }
    None
}

/// The number that a mark stands for.
pub(crate) fn number(mark: char) -> Option<u32> {
    let mut before = 0;
    for (first, count) in STRETCHES {
        if (first..first + count).contains(&u32::from(mark)) {
            return Some(before + u32::from(mark) - first);
        }
        before += count;
    }
    None
}

/// What one placeholder cell says of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) row: Option<u32>,
    pub(crate) column: Option<u32>,
    /// The most significant byte of the picture's id.
    pub(crate) high: Option<u32>,
}

/// Reads the contents of a cell. `None` is no placeholder; `Err` is one with marks that are none.
pub(crate) fn read(contents: &str) -> Option<Result<Said, String>> {
    let mut letters = contents.chars();
    if letters.next() != Some(PLACEHOLDER) {
        return None;
    }
    let mut numbers = Vec::new();
    for letter in letters {
        match number(letter) {
            Some(number) => numbers.push(number),
            None => return Some(Err(format!("U+{:04X} is no mark of a row or column", u32::from(letter)))),
        }
    }
    if numbers.len() > 3 {
        return Some(Err(format!("a placeholder with {} marks", numbers.len())));
    }
    let nth = |place: usize| numbers.get(place).copied();
    Some(Ok(Said { row: nth(0), column: nth(1), high: nth(2) }))
}
