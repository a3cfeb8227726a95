//! Cells that are claimed for a picture whose pixels go another way than the cells.
//!
//! A [`Painting`](super::Painting) made of pixels cannot be put into a buffer of cells. It writes claims
//! there: which sheet of pixels is meant, and which of its cells this one is. Whatever is drawn
//! afterwards, a popup for one, takes claims away just as it would overwrite letters. So when the screen
//! is complete, its claims say exactly which parts of which pictures can be seen; the
//! [`Stage`](super::Stage) reads them and puts in their place what the terminal's protocol wants. No claim
//! ever reaches the terminal, and no text of a data set can be mistaken for one, since `ui::safe` lets
//! nothing of these planes pass.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

/// What a claim begins with.
const SIGN: char = '\u{10eeee}';
/// Numbers follow as characters of the private plane that begins here.
const BASE: u32 = 0xf0000;
/// Numbers that a character of that plane can stand for.
pub(super) const NUMBERS: u16 = 0xfffd;

/// One claimed cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    /// Number of the sheet.
    pub(super) sheet: u16,
    /// Column and row on the sheet, in cells.
    pub(super) place: (u16, u16),
}

impl Claim {
    fn symbol(self) -> String {
        let number = |number: u16| char::from_u32(BASE + u32::from(number.min(NUMBERS))).unwrap_or(SIGN);
        [SIGN, number(self.sheet), number(self.place.0), number(self.place.1)].into_iter().collect()
    }

    /// The claim that a cell holds.
    pub(super) fn of(cell: &Cell) -> Option<Self> {
        let mut rest = cell.symbol().strip_prefix(SIGN)?.chars();
        let mut number = || Some((u32::from(rest.next()?).checked_sub(BASE)?) as u16);
        Some(Self { sheet: number()?, place: (number()?, number()?) })
    }
}

/// Claims cells for a sheet that lies on `area`, as far as they are in `seen`.
pub(super) fn claim(sheet: u16, area: Rect, seen: Rect, buffer: &mut Buffer) {
    for place in area.intersection(seen).intersection(buffer.area).positions() {
        let claim = Claim { sheet, place: (place.x - area.x, place.y - area.y) };
        if let Some(cell) = buffer.cell_mut(place) {
            cell.reset();
            cell.set_symbol(&claim.symbol());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_read_as_it_was_written() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 300, 120));
        claim(NUMBERS, Rect::new(2, 1, 298, 119), buffer.area, &mut buffer);
        assert_eq!(Claim::of(&buffer[(2, 1)]), Some(Claim { sheet: NUMBERS, place: (0, 0) }));
        assert_eq!(Claim::of(&buffer[(299, 119)]), Some(Claim { sheet: NUMBERS, place: (297, 118) }));
        assert_eq!(Claim::of(&buffer[(1, 1)]), None);
        claim(7, Rect::new(290, 100, 40, 40), Rect::new(0, 0, 295, 200), &mut buffer);
        assert_eq!(Claim::of(&buffer[(290, 101)]), Some(Claim { sheet: 7, place: (0, 1) }));
        assert_eq!(Claim::of(&buffer[(296, 101)]), Some(Claim { sheet: NUMBERS, place: (294, 100) }));
    }

    #[test]
    fn no_text_of_a_data_set_is_a_claim() {
        let claim = Claim { sheet: 1, place: (2, 3) }.symbol();
        for text in [claim.as_str(), "\u{10eeee}\u{305}\u{305}", "\u{f0000}"] {
            assert!(crate::ui::safe(text).chars().all(|c| c < '\u{f0000}'), "{text:?}");
        }
    }
}
