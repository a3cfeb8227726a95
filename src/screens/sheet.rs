//! Wrapped lines in a pane, how far they are scrolled, and where the words are that answer the query.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::model::Descriptor;
use crate::ui::{Safe, Scroll, Theme, columns, head, lit_line, put_line, safe_lines, scrollbar, wrap};

/// Bytes of one text that are shown; what is beyond is counted.
const LIMIT: usize = 256 * 1024;

/// Descriptors whose words get a colour.
const TINTED: usize = 2_000;

/// Finds the words of a text that answer a query.
pub(crate) type LitIn<'a> = &'a dyn Fn(&str) -> Vec<Range<usize>>;

/// A lit word: its row and its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) row: usize,
    pub(crate) columns: Range<u16>,
}

impl Spot {
    fn meets(&self, other: &Self) -> bool {
        self.row == other.row
            && self.columns.start < other.columns.end
            && other.columns.start < self.columns.end
    }
}

/// A text that was added, as it was wrapped.
#[derive(Debug)]
struct Placed {
    made: Safe<'static>,
    /// Its rows: the line of the sheet, and bytes of the harmless text.
    rows: Vec<(usize, Range<usize>)>,
    /// Columns before each row.
    indent: usize,
}

/// Lines to read.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) lines: Vec<Line<'static>>,
    pub(crate) spots: Vec<Spot>,
    /// The texts in the order in which they were added.
    texts: Vec<Placed>,
    /// Words that say something, in the colour of what they say.
    pub(crate) tints: Vec<(Spot, Style)>,
    /// Words that rest on what the cursor of another pane is on, or the cursor among words.
    pub(crate) marks: Vec<(Spot, Style)>,
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
        let first_line = self.lines.len();
        let places = rows.iter().enumerate().map(|(place, row)| (first_line + place, row.clone())).collect();
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
        self.texts.push(Placed { made: made.into_owned(), rows: places, indent });
        if shown.len() < text.len() {
            let left = format!("… {} more bytes are not shown", text.len() - shown.len());
            self.lines.push(Line::styled(left, style));
        }
    }

    /// Where a byte range of the text that was added as number `text` stands: one spot a row.
    pub(crate) fn places(&self, text: usize, range: &Range<usize>) -> Vec<Spot> {
        let Some(placed) = self.texts.get(text) else { return Vec::new() };
        let range = placed.made.range(range);
        let width = |from: usize, until: usize| columns(placed.made.text.get(from..until).unwrap_or(""));
        let first = placed.rows.partition_point(|(_, row)| row.end <= range.start);
        let rows = placed.rows.iter().skip(first).take_while(|(_, row)| row.start < range.end);
        let spot = |(line, row): &(usize, Range<usize>)| {
            let (start, end) = (range.start.max(row.start), range.end.min(row.end));
            let from = placed.indent + width(row.start, start);
            Spot { row: *line, columns: from as u16..(from + width(start, end)) as u16 }
        };
        rows.map(spot).filter(|spot| !spot.columns.is_empty()).collect()
    }

    /// Gives the words that say something the colours of what they say; words that answer the query
    /// keep theirs.
    pub(crate) fn tint(&mut self, facts: &[Descriptor], theme: &Theme) {
        let mut tints = Vec::new();
        for fact in facts.iter().take(TINTED) {
            let style = theme.facet(fact.facet);
            if style == Style::new() {
                continue;
            }
            for place in &fact.evidence {
                let range = place.start as usize..place.end as usize;
                tints.extend(
                    self.places(place.caption as usize, &range).into_iter().map(|spot| (spot, style)),
                );
            }
        }
        tints.retain(|(spot, _)| !self.spots.iter().any(|lit| lit.meets(spot)));
        // Shorter stretches lie over longer ones.
        tints.sort_by_key(|(spot, _)| std::cmp::Reverse(spot.columns.len()));
        self.tints = tints;
    }

    /// Marks these spots, and brings the first into view where none is.
    pub(crate) fn mark(&mut self, marks: Vec<(Spot, Style)>, height: usize) {
        self.marks = marks;
        let is_seen = |spot: &Spot| (self.scroll.top..self.scroll.top + height.max(1)).contains(&spot.row);
        if let Some((first, _)) = self.marks.first()
            && !self.marks.iter().any(|(spot, _)| is_seen(spot))
        {
            self.scroll.show(first.row, self.lines.len(), height);
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
        let here = self.here.and_then(|here| self.spots.get(here)).map(|spot| (spot, theme.hit_here));
        let tints = self.tints.iter().chain(&self.marks).map(|(spot, style)| (spot, *style));
        for (spot, style) in tints.chain(here) {
            self.paint(buffer, area, spot, style);
        }
        let view = (self.scroll.top as u64, u64::from(area.height), self.lines.len() as u64);
        scrollbar(buffer, bar, view, theme.rule, theme.dim);
    }

    fn paint(&self, buffer: &mut Buffer, area: Rect, spot: &Spot, style: Style) {
        let Some(row) = spot.row.checked_sub(self.scroll.top) else { return };
        let word = Rect {
            x: area.x.saturating_add(spot.columns.start),
            y: area.y.saturating_add(row.min(usize::from(u16::MAX)) as u16),
            width: spot.columns.end - spot.columns.start,
            height: 1,
        };
        buffer.set_style(word.intersection(area).intersection(buffer.area), style);
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

    #[test]
    fn places_of_bytes_are_found_again() {
        let mut sheet = Sheet::default();
        let lit = |_: &str| Vec::new();
        sheet.line(vec![Span::raw("caption")]);
        sheet.text(&[Span::raw("1 ")], "a \u{1b}brown dog sat", Style::new(), &lit, Style::new(), 11);
        let rows: Vec<String> = sheet.lines.iter().map(ToString::to_string).collect();
        assert_eq!(rows, ["caption", "1 a ␛brown", "  dog sat"]);
        let spot = |row, columns| Spot { row, columns };
        assert_eq!(sheet.places(0, &(3..8)), [spot(1, 5..10)]);
        assert_eq!(sheet.places(0, &(3..12)), [spot(1, 5..10), spot(2, 2..5)]);
        assert_eq!(sheet.places(0, &(100..200)), []);
        assert_eq!(sheet.places(1, &(0..3)), []);
    }
}
