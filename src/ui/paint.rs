//! Small strokes that every pane is made of.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// Draws `text` at column `x` of the first row of `area`, cut at its right edge; the column after
/// it. The text is to be safe already. Outside of the buffer nothing is drawn.
pub fn put(buffer: &mut Buffer, area: Rect, x: u16, text: &str, style: Style) -> u16 {
    let area = area.intersection(buffer.area);
    if area.is_empty() || x < area.x || x >= area.right() {
        return x;
    }
    buffer.set_stringn(x, area.y, text, usize::from(area.right() - x), style).0
}

/// Draws a line in the first row of `area`, cut at its right edge.
pub fn put_line(buffer: &mut Buffer, area: Rect, line: &Line<'_>) {
    let area = area.intersection(buffer.area);
    if !area.is_empty() {
        buffer.set_line(area.x, area.y, line, area.width);
    }
}

/// Fills the first row of `area` from column `x` on with a sign.
pub fn rule(buffer: &mut Buffer, area: Rect, x: u16, sign: &str, style: Style) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    for x in x.max(area.x)..area.right() {
        buffer[(x, area.y)].set_symbol(sign).set_style(style);
    }
}

/// A line of `text` in `base`, with the byte ranges `lit` in their own style. Ranges that do not
/// lie on borders are left out.
pub fn lit_line(text: &str, base: Style, lit: &[Range<usize>], hit: Style) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut at = 0;
    for range in lit {
        let start = range.start.max(at);
        let (Some(before), Some(inside)) = (text.get(at..start), text.get(start..range.end)) else {
            continue;
        };
        if inside.is_empty() {
            continue;
        }
        if !before.is_empty() {
            spans.push(Span::styled(before.to_owned(), base));
        }
        spans.push(Span::styled(inside.to_owned(), base.patch(hit)));
        at = range.end;
    }
    let rest = text.get(at..).unwrap_or("");
    if !rest.is_empty() {
        spans.push(Span::styled(rest.to_owned(), base));
    }
    spans
}

/// How far a pane is scrolled: the first row that it shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scroll {
    /// First row shown.
    pub top: usize,
}

impl Scroll {
    /// Scrolls by so many rows, as far as `rows` in a pane of `height` allow.
    pub fn by(&mut self, delta: isize, rows: usize, height: usize) {
        self.top = self.top.saturating_add_signed(delta);
        self.hold(rows, height);
    }

    /// Keeps the last page full.
    pub fn hold(&mut self, rows: usize, height: usize) {
        self.top = self.top.min(rows.saturating_sub(height.max(1)));
    }

    /// Brings a row into view; by half a page where it was outside, so that a walk downwards does
    /// not shift the whole pane at every step.
    pub fn show(&mut self, row: usize, rows: usize, height: usize) {
        let height = height.max(1);
        if row < self.top {
            self.top = (row + 1).saturating_sub(height.div_ceil(2)).min(row);
        } else if row >= self.top + height {
            self.top = (row + height.div_ceil(2)).saturating_sub(height - 1).min(row);
        }
        self.hold(rows, height);
    }
}

/// The thumb of a scrollbar of `height` rows: its first row and its length, or `None` where all
/// rows are in view.
fn thumb(height: u16, first: u64, shown: u64, total: u64) -> Option<(u16, u16)> {
    if height == 0 || total <= shown || shown == 0 {
        return None;
    }
    let length = (u128::from(height) * u128::from(shown) / u128::from(total)).max(1) as u16;
    let room = height - length.min(height);
    let last = total - shown;
    let at = (u128::from(room) * u128::from(first.min(last)) / u128::from(last)) as u16;
    Some((at, length.min(height)))
}

/// Draws a scrollbar in the last column of `area` where `total` rows do not fit.
pub fn scrollbar(buffer: &mut Buffer, area: Rect, view: (u64, u64, u64), track: Style, grip: Style) {
    let area = area.intersection(buffer.area);
    let (first, shown, total) = view;
    let Some((at, length)) = thumb(area.height, first, shown, total) else { return };
    if area.is_empty() {
        return;
    }
    for row in 0..area.height {
        let held = row >= at && row < at + length;
        let (sign, style) = if held { ("┃", grip) } else { ("│", track) };
        buffer[(area.right() - 1, area.y + row)].set_symbol(sign).set_style(style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lights_ranges() {
        let hit = Style::new().bold();
        let spans = lit_line("a brown dog", Style::new(), &[2..7, 8..11, 50..60], hit);
        let shown: Vec<_> = spans.iter().map(|span| (span.content.as_ref(), span.style == hit)).collect();
        assert_eq!(shown, [("a ", false), ("brown", true), (" ", false), ("dog", true)]);
    }

    #[test]
    fn scrolls_by_half_a_page_at_the_edge() {
        let mut scroll = Scroll::default();
        scroll.show(9, 100, 10);
        assert_eq!(scroll.top, 0);
        scroll.show(10, 100, 10);
        assert_eq!(scroll.top, 6);
        scroll.show(5, 100, 10);
        assert_eq!(scroll.top, 1);
        scroll.by(-50, 100, 10);
        assert_eq!(scroll.top, 0);
        scroll.by(500, 100, 10);
        assert_eq!(scroll.top, 90);
    }

    #[test]
    fn the_thumb_reaches_both_ends() {
        assert_eq!(thumb(10, 0, 10, 10), None);
        assert_eq!(thumb(10, 0, 10, 100), Some((0, 1)));
        assert_eq!(thumb(10, 90, 10, 100), Some((9, 1)));
        assert_eq!(thumb(10, u64::MAX, 10, u64::MAX), Some((9, 1)));
        assert_eq!(thumb(0, 0, 10, 100), None);
    }
}
