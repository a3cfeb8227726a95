//! Plots that screens share: a histogram with a threshold on it, numbers on axes, bars of a row.
//!
//! ```text
//!  1,204 │    ▄█▆▂
//!        │ ▓▓▓████▅▂
//!      0 └─────▲──────────
//!        0     4        24
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Bar, BarChart, Widget};

use crate::measure::Histogram;
use crate::ui::{Theme, columns, put, thousands};

/// Widest bar of a histogram.
const WIDEST: usize = 6;
/// Rows below the bars: the axis and its numbers.
const BELOW: u16 = 2;
/// Eighths of a row, the smallest step of a bar.
const EIGHTHS: u64 = 8;
/// How much taller than the median bar the tallest is where the scale becomes logarithmic.
const SKEWED: u64 = 60;

/// Which samples of a histogram are marked: those below an edge, or those from it on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Below,
    Above,
}

/// A threshold on a histogram.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Threshold {
    pub(crate) value: f64,
    pub(crate) side: Side,
}

/// Where the bars of a histogram stand. They share its columns as evenly as whole columns allow;
/// where there are more bins than columns, a column has the highest of its bins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ground {
    bars: Rect,
    bins: usize,
}

impl Ground {
    fn new(area: Rect, histogram: &Histogram) -> Self {
        let left = gutter(histogram).min(area.width);
        let bins = histogram.counts.len().max(1);
        let widest = bins.saturating_mul(WIDEST).min(usize::from(u16::MAX)) as u16;
        let width = (area.width - left).min(widest);
        let bars = Rect { x: area.x + left, width, height: area.height.saturating_sub(BELOW), ..area };
        Self { bars, bins }
    }

    /// Bins in one column.
    fn scale(&self) -> f64 {
        self.bins as f64 / f64::from(self.bars.width.max(1))
    }

    /// The column where a number of edges ends.
    fn column_of(&self, place: f64) -> u16 {
        self.bars.x + (place / self.scale()).round().clamp(0.0, f64::from(self.bars.width)) as u16
    }

    /// The column where a value stands: between the bars at an edge, inside of one elsewhere.
    fn column(&self, histogram: &Histogram, value: f64) -> u16 {
        self.column_of(place_of(&histogram.edges, value))
    }

    /// The height of each column, as a count.
    fn heights(&self, histogram: &Histogram) -> Vec<u64> {
        let middle = |column: f64| (column * self.scale() - 0.5).ceil().max(0.0) as usize;
        let height = |column: u16| {
            let (first, end) = (middle(f64::from(column)), middle(f64::from(column) + 1.0));
            let bins = histogram.counts.get(first..end).unwrap_or_default();
            let nearest = || ((f64::from(column) + 0.5) * self.scale()) as usize;
            bins.iter().max().or_else(|| histogram.counts.get(nearest())).copied().unwrap_or(0)
        };
        (0..self.bars.width).map(height).collect()
    }
}

/// Columns left of the bars, for the numbers of the axis.
fn gutter(histogram: &Histogram) -> u16 {
    let most = histogram.counts.iter().copied().max().unwrap_or(0);
    thousands(most).len().max(3) as u16 + 2
}

/// How many edges lie below a value, with the part of the bin that it stands in.
fn place_of(edges: &[f64], value: f64) -> f64 {
    let above = edges.partition_point(|edge| *edge <= value);
    let (Some(low), Some(high)) = (above.checked_sub(1).and_then(|at| edges.get(at)), edges.get(above))
    else {
        return if above == 0 { 0.0 } else { edges.len().saturating_sub(1) as f64 };
    };
    (above - 1) as f64 + (value - low) / (high - low)
}

/// The edge of a histogram that a column of it stands for.
pub(crate) fn edge_at(area: Rect, histogram: &Histogram, column: u16) -> usize {
    let ground = Ground::new(area, histogram);
    let place = f64::from(column.saturating_sub(ground.bars.x)) * ground.scale();
    (place.round() as usize).min(histogram.edges.len().saturating_sub(1))
}

/// Draws a histogram; bars on the marked side of the threshold are hatched, so that it shows without
/// colour.
pub(crate) fn histogram(
    buffer: &mut Buffer,
    area: Rect,
    histogram: &Histogram,
    threshold: Option<Threshold>,
    theme: &Theme,
) {
    let area = area.intersection(buffer.area);
    if area.height <= BELOW || area.width < 12 || histogram.counts.is_empty() {
        return;
    }
    let ground = Ground::new(area, histogram);
    let counts = ground.heights(histogram);
    let most = counts.iter().copied().max().unwrap_or(0);
    let is_log = is_skewed(&counts);
    let top = u64::from(ground.bars.height) * EIGHTHS;
    let style = theme.facets.first().copied().unwrap_or(theme.text);
    let bars: Vec<Bar<'_>> = counts
        .iter()
        .map(|count| Bar::new(height_of(*count, most, top, is_log)).text_value("").style(style))
        .collect();
    BarChart::vertical(bars).bar_width(1).bar_gap(0).max(top.max(1)).render(ground.bars, buffer);
    draw_axes(buffer, area, &ground, most, is_log, theme);
    let split = threshold.map(|threshold| {
        let column = ground.column(histogram, threshold.value);
        mark(buffer, &ground, column, threshold.side, theme);
        (column, threshold.value)
    });
    draw_numbers(buffer, area, &ground, histogram, split, theme);
}

/// Whether one bar is so tall that the others would not be seen.
fn is_skewed(counts: &[u64]) -> bool {
    let mut known: Vec<u64> = counts.iter().copied().filter(|count| *count > 0).collect();
    known.sort_unstable();
    let (Some(median), Some(most)) = (known.get(known.len() / 2), known.last()) else { return false };
    *most > median.saturating_mul(SKEWED)
}

/// Eighths of rows of a bar: at least one where there is anything.
fn height_of(count: u64, most: u64, top: u64, is_log: bool) -> u64 {
    if count == 0 || most == 0 {
        return 0;
    }
    let share =
        if is_log { (count as f64).ln_1p() / (most as f64).ln_1p() } else { count as f64 / most as f64 };
    ((share * top as f64).round() as u64).clamp(1, top.max(1))
}

fn draw_axes(buffer: &mut Buffer, area: Rect, ground: &Ground, most: u64, is_log: bool, theme: &Theme) {
    let axis = ground.bars.x.saturating_sub(1);
    let foot = ground.bars.bottom();
    let right = |buffer: &mut Buffer, y: u16, text: &str| {
        let x = axis.saturating_sub(columns(text) as u16).max(area.x);
        put(buffer, Rect { y, height: 1, width: axis.saturating_sub(area.x), ..area }, x, text, theme.dim);
    };
    for y in ground.bars.y..foot {
        put(buffer, Rect { y, height: 1, ..area }, axis, "│", theme.rule);
    }
    right(buffer, ground.bars.y, &thousands(most));
    if is_log && ground.bars.height > 2 {
        right(buffer, ground.bars.y + 1, "log");
    }
    right(buffer, foot, "0");
    let line = Rect { y: foot, height: 1, ..area };
    put(buffer, line, axis, "└", theme.rule);
    for x in ground.bars.x..ground.bars.right() {
        put(buffer, line, x, "─", theme.rule);
    }
}

/// Hatches the marked side and draws the threshold where no bar is.
fn mark(buffer: &mut Buffer, ground: &Ground, column: u16, side: Side, theme: &Theme) {
    let bars = ground.bars;
    for y in bars.y..bars.bottom() {
        for x in bars.x..bars.right() {
            let is_marked = match side {
                Side::Below => x < column,
                Side::Above => x >= column,
            };
            let cell = &mut buffer[(x, y)];
            if is_marked && cell.symbol() != " " {
                if cell.symbol() == "█" {
                    cell.set_symbol("▓");
                }
                cell.set_style(theme.warning);
            } else if x == column && cell.symbol() == " " {
                cell.set_symbol("┊").set_style(theme.focus);
            }
        }
    }
    let line = Rect { y: bars.bottom(), height: 1, width: bars.width + 1, ..bars };
    put(buffer, line, column, "▲", theme.focus);
}

/// The numbers of the edges: the threshold's first, then as many others as have room.
fn draw_numbers(
    buffer: &mut Buffer,
    area: Rect,
    ground: &Ground,
    histogram: &Histogram,
    split: Option<(u16, f64)>,
    theme: &Theme,
) {
    let line = Rect { y: ground.bars.bottom() + 1, height: 1, ..area };
    let last = histogram.edges.len().saturating_sub(1);
    let at = |edge: usize| {
        let value = histogram.edges.get(edge).copied().unwrap_or(0.0);
        (ground.column_of(edge as f64), value, theme.dim)
    };
    let mut wanted = Vec::new();
    wanted.extend(split.map(|(column, value)| (column, value, theme.focus)));
    wanted.extend([at(0), at(last)]);
    wanted.extend((1..last).map(at));
    let mut taken: Vec<(u16, u16)> = Vec::new();
    for (column, value, style) in wanted {
        let text = number(value);
        let width = columns(&text) as u16;
        let x = column.saturating_sub(width / 2).max(area.x).min(area.right().saturating_sub(width));
        let is_free = taken.iter().all(|(from, until)| x > until + 1 || x + width + 1 < *from);
        if is_free {
            put(buffer, line, x, &text, style);
            taken.push((x, x + width));
        }
    }
}

/// A number as axes have it: whole ones with commas, others with as few digits as tell enough.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        return "?".to_owned();
    }
    if value.fract() == 0.0 && size < 1e15 {
        let sign = if value < 0.0 { "-" } else { "" };
        return format!("{sign}{}", thousands(size as u64));
    }
    let digits = match size {
        _ if size >= 100.0 => 0,
        _ if size >= 10.0 => 1,
        _ if size >= 1.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A bar in one row: `share` of `width` columns, in eighths of a column.
pub(crate) fn bar(share: f64, width: usize) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (share.clamp(0.0, 1.0) * width as f64 * 8.0).round() as usize;
    let eighths = if share > 0.0 { eighths.max(1) } else { 0 };
    format!("{}{}", "█".repeat(eighths / 8), PARTS.get(eighths % 8).copied().unwrap_or(""))
}

/// Draws a text at the right end of the first row of an area.
pub(crate) fn put_right(buffer: &mut Buffer, area: Rect, text: &str, style: Style) {
    let x = area.right().saturating_sub(columns(text) as u16).max(area.x);
    put(buffer, area, x, text, style);
}

#[cfg(test)]
mod tests {
    use super::super::tests::rows;
    use super::*;
    use crate::measure::Column;

    fn given(counts: &[u64]) -> Histogram {
        Histogram {
            column: Column::Units,
            edges: (0..=counts.len()).map(|edge| edge as f64).collect(),
            counts: counts.to_vec(),
            unknown: 0,
        }
    }

    fn drawn(shown: &Histogram, threshold: Option<Threshold>, size: (u16, u16)) -> Vec<String> {
        let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
        let area = buffer.area;
        histogram(&mut buffer, area, shown, threshold, &Theme::plain());
        rows(&buffer)
    }

    #[test]
    fn a_threshold_parts_the_bars() {
        let threshold = Threshold { value: 2.0, side: Side::Below };
        let shown = drawn(&given(&[4, 8, 2, 0, 1]), Some(threshold), (25, 6));
        assert_eq!(
            shown,
            [
                "   8│    ▓▓▓▓┊",
                "    │    ▓▓▓▓┊",
                "    │▓▓▓▓▓▓▓▓┊       ",
                "    │▓▓▓▓▓▓▓▓████    ▄▄▄▄",
                "   0└────────▲───────────",
                "     0   1   2   3   4  5"
            ]
            .map(str::trim_end)
        );
    }

    #[test]
    fn many_bins_share_bars_and_one_heap_hides_none() {
        let mut counts = vec![1; 200];
        counts[0] = 1_000_000;
        let shown = drawn(&given(&counts), None, (60, 8));
        assert!(shown[1].contains("log"), "{shown:?}");
        assert!(shown[5].trim_end().ends_with("▂▂▂"), "{shown:?}");
    }

    #[test]
    fn a_column_leads_to_its_edge_and_back() {
        let shown = given(&[1; 20]);
        let area = Rect::new(3, 0, 50, 8);
        let ground = Ground::new(area, &shown);
        for edge in 0..20 {
            assert_eq!(edge_at(area, &shown, ground.column(&shown, edge as f64)), edge);
        }
    }

    #[test]
    fn numbers_are_short() {
        for (value, text) in
            [(4.0, "4"), (1234.0, "1,234"), (0.35, "0.35"), (12.345, "12.3"), (0.01, "0.01"), (-2.5, "-2.5")]
        {
            assert_eq!(number(value), text);
        }
        assert_eq!((bar(0.5, 3), bar(0.001, 3), bar(0.0, 3)), ("█▌".into(), "▏".into(), String::new()));
    }
}
