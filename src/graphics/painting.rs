//! A picture made ready for a rectangle of terminal cells.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A picture made ready for one size of rectangle and one kind of terminal. Screens only say where
/// it goes: what it is made of (half-blocks today, a graphics protocol tomorrow) stays in here.
#[derive(Clone, Debug, PartialEq)]
pub struct Painting {
    columns: u16,
    rows: u16,
}

impl Painting {
    /// Cells it covers: columns and rows.
    pub fn size(&self) -> (u16, u16) {
        (self.columns, self.rows)
    }

    /// Paints it into the middle of `area`; what does not fit is cut.
    pub fn paint(&self, area: Rect, buffer: &mut Buffer) {
        let _ = (area, buffer);
    }
}
