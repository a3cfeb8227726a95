//! Wrapped lines in a pane, how far they are scrolled, and where the words are that answer the query.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::ui::{Scroll, Theme, columns, head, lit_line, put_line, safe_lines, scrollbar, wrap};

/// Bytes of one text that are shown; what is beyond is counted.
const LIMIT: usize = 256 * 1024;

/// Finds the words of a text that answer a query.
pub(crate) type LitIn<'a> = &'a dyn Fn(&str) -> Vec<Range<usize>>;

/// A lit word: its row and its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) row: usize,
    pub(crate) columns: Range<u16>,
}

/// Lines to read.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) lines: Vec<Line<'static>>,
    pub(crate) spots: Vec<Spot>,
    /// The lit word that `n` went to.
    pub(crate) here: Option<usize>,
    pub(crate) scroll: Scroll,
}

impl Sheet {
    /// Adds a text, wrapped to `width`. Its first row begins with `first`, the others are indented
    /// as far.
    pub(crate) fn text(
        &mut self,
        first: &[Span<'static>],
        text: &str,
        style: Style,
        lit: LitIn<'_>,
        hit: Style,
        width: u16,
    ) {
        let shown = head(text, LIMIT);
        let made = safe_lines(shown);
        let lit: Vec<_> = lit(shown).iter().map(|range| made.range(range)).collect();
        let indent: usize = first.iter().map(|span| columns(&span.content)).sum();
        let rows = wrap(&made.text, width.saturating_sub(indent as u16));
        let mut next = 0;
        for (place, row) in rows.into_iter().enumerate() {
            let mut spans = if place == 0 { first.to_vec() } else { vec![Span::raw(" ".repeat(indent))] };
            let line = made.text.get(row.clone()).unwrap_or("");
            while lit.get(next).is_some_and(|range| range.end <= row.start) {
                next += 1;
            }
            let here: Vec<_> = lit
                .get(next..)
                .unwrap_or(&[])
                .iter()
                .take_while(|range| range.start < row.end)
                .map(|range| range.start.max(row.start) - row.start..range.end.min(row.end) - row.start)
                .collect();
            for range in &here {
                let from = indent + columns(line.get(..range.start).unwrap_or(""));
                let until = from + columns(line.get(range.clone()).unwrap_or(""));
                self.spots.push(Spot { row: self.lines.len(), columns: from as u16..until as u16 });
            }
            spans.extend(lit_line(line, style, &here, hit));
            self.lines.push(Line::from(spans));
        }
        if shown.len() < text.len() {
            let left = format!("… {} more bytes are not shown", text.len() - shown.len());
            self.lines.push(Line::styled(left, style));
        }
    }

    /// Adds a line as it is.
    pub(crate) fn line(&mut self, spans: Vec<Span<'static>>) {
        self.lines.push(Line::from(spans));
    }

    /// Goes to the next lit word, or the one before; false where there is none.
    pub(crate) fn step(&mut self, forward: bool, height: usize) -> bool {
        let next = match (self.here, forward) {
            (None, true) => Some(0),
            (None, false) => self.spots.len().checked_sub(1),
            (Some(here), true) => Some(here + 1),
            (Some(here), false) => here.checked_sub(1),
        };
        let Some((next, spot)) = next.and_then(|next| Some((next, self.spots.get(next)?))) else {
            return false;
        };
        self.here = Some(next);
        self.scroll.show(spot.row, self.lines.len(), height);
        true
    }

    pub(crate) fn draw(&self, buffer: &mut Buffer, area: Rect, bar: Rect, theme: &Theme) {
        let shown = self.lines.iter().skip(self.scroll.top).take(usize::from(area.height));
        for (row, line) in shown.enumerate() {
            put_line(buffer, Rect { y: area.y + row as u16, height: 1, ..area }, line);
        }
        let here = self.here.and_then(|here| self.spots.get(here));
        if let Some(spot) = here.filter(|spot| spot.row >= self.scroll.top) {
            let row = (spot.row - self.scroll.top).min(usize::from(u16::MAX)) as u16;
            let word = Rect {
                x: area.x.saturating_add(spot.columns.start),
                y: area.y.saturating_add(row),
                width: spot.columns.end - spot.columns.start,
                height: 1,
            };
            buffer.set_style(word.intersection(area), theme.hit_here);
        }
        let view = (self.scroll.top as u64, u64::from(area.height), self.lines.len() as u64);
        scrollbar(buffer, bar, view, theme.rule, theme.dim);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_lit_words_in_wrapped_rows() {
        let mut sheet = Sheet::default();
        let lit = |_: &str| vec![2..7, 12..15];
        let hit = Style::new().bold();
        sheet.text(&[Span::raw("1 ")], "a brown dog sat", Style::new(), &lit, hit, 10);
        let rows: Vec<String> = sheet.lines.iter().map(ToString::to_string).collect();
        assert_eq!(rows, ["1 a brown", "  dog sat"]);
        assert_eq!(sheet.spots, [Spot { row: 0, columns: 4..9 }, Spot { row: 1, columns: 6..9 }]);
        assert!(sheet.step(true, 5) && sheet.step(true, 5) && !sheet.step(true, 5));
        assert!(sheet.step(false, 5) && !sheet.step(false, 5));
    }
}
