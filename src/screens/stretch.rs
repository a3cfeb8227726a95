//! Lines of which stretches look different, wrapped to any width.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::ui::{put, wrap};

/// A line.
pub(crate) struct Line {
    /// Its text, already safe.
    pub(crate) text: String,
    /// How it looks where nothing else is said.
    pub(crate) base: Style,
    /// Stretches that look otherwise, as bytes of the text, in order.
    pub(crate) parts: Vec<(Range<usize>, Style)>,
}

impl Line {
    /// One that looks the same from end to end.
    pub(crate) fn plain(text: impl Into<String>, base: Style) -> Self {
        Self { text: text.into(), base, parts: Vec::new() }
    }

    /// Draws some of its bytes in the first row of an area.
    pub(crate) fn draw(&self, buffer: &mut Buffer, place: Rect, range: &Range<usize>) {
        let (mut x, mut at) = (place.x, range.start);
        let text = |from: usize, to: usize| self.text.get(from..to).unwrap_or_default();
        for (part, style) in &self.parts {
            let (start, end) = (part.start.max(at), part.end.min(range.end));
            if start >= end {
                continue;
            }
            x = put(buffer, place, x, text(at, start), self.base);
            x = put(buffer, place, x, text(start, end), *style);
            at = end;
        }
        put(buffer, place, x, text(at, range.end), self.base);
    }
}

/// The rows that lines take: the place of the line, and its bytes.
pub(crate) fn rows<'l>(lines: impl IntoIterator<Item = &'l Line>, width: u16) -> Vec<(usize, Range<usize>)> {
    let mut rows = Vec::new();
    for (at, line) in lines.into_iter().enumerate() {
        rows.extend(wrap(&line.text, width.max(1)).into_iter().map(|range| (at, range)));
    }
    rows
}
