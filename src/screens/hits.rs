//! The result list: a window on the hits, of which there may be ten million.
//!
//! Only the rows in view and a margin are held. The position of cursor and view are places among
//! all hits, whether their rows are held or not; a row that is not shows as a placeholder.

use std::ops::Range;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::index::{Page, Reach};
use crate::measure::{Column, Figures, Flag};
use crate::model::{Descriptor, Sample, SampleMarks, SampleVerdict, Seq};
use crate::ui::{Safe, Theme, clip, clip_middle, columns, excerpt, head, lit_line, put, scrollbar};

use super::flags::letter;
use super::picture::can_be_made;

/// Bytes of a caption that a row of the list looks at.
const HEAD: usize = 16 * 1024;

/// Columns from which a list has room for the density and flags of its samples.
const NARROW: u16 = 36;
/// Columns from which it has room for the density as a number too.
const WIDE: u16 = 60;

/// Captions of a sample that are looked at for one that answers the query.
const CAPTIONS: usize = 12;

/// Finds the words of a text (second) that answer a query (first).
type LitIn = dyn Fn(&str, &str) -> Vec<Range<usize>>;

/// One held row, made ready to draw once and not at every frame.
#[derive(Clone, Debug)]
struct Row {
    sample: Arc<Sample>,
    figures: Option<Arc<Figures>>,
    id: String,
    text: String,
    lit: Vec<Range<usize>>,
}

/// The hits of the query that is shown.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    /// The query's text that these are the hits of.
    pub(crate) text: String,
    /// All hits.
    pub(crate) total: u64,
    /// Samples that were searched.
    pub(crate) searched: u64,
    /// What there was to search.
    pub(crate) reach: Reach,
    /// Whether any page has come yet.
    pub(crate) has_come: bool,
    /// Place of the cursor.
    pub(crate) cursor: u64,
    /// Place of the first row in view.
    pub(crate) top: u64,
    first: u64,
    rows: Vec<Row>,
    known: Known,
}

/// What was seen of the data set by now: columns that no sample needs take no room.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// Columns of the widest id.
    id: usize,
    /// Whether any sample has each of the [`Fact`]s.
    facts: [bool; 5],
    /// Whether any sample has a picture that may be there.
    can_show: bool,
    /// Whether figures of any sample are known.
    figures: bool,
    /// Most flags of a sample.
    flags: usize,
}

/// A small sign of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fact {
    Captions,
    Images,
    Descriptors,
    Questions,
    Marks,
}

impl Fact {
    const ALL: [Self; 5] = [Self::Captions, Self::Images, Self::Descriptors, Self::Questions, Self::Marks];

    fn holds(self, sample: &Sample) -> bool {
        match self {
            Self::Captions => sample.captions.len() > 1,
            Self::Images => !sample.images.is_empty(),
            // Every caption says something; only what the data set brings is news.
            Self::Descriptors => sample.descriptors.iter().any(|fact| fact.source != Descriptor::EXTRACTED),
            Self::Questions => !sample.questions.is_empty(),
            Self::Marks => sample.marks != SampleMarks::default(),
        }
    }

    fn sign(self, sample: &Sample) -> &'static str {
        match self {
            Self::Captions => match sample.captions.len() {
                0 => "-",
                1 => " ",
                many @ 2..=9 => {
                    ["2", "3", "4", "5", "6", "7", "8", "9"].get(many - 2).copied().unwrap_or("+")
                }
                _ => "+",
            },
            Self::Images => match sample.images.as_slice() {
                [] => " ",
                images if !images.iter().any(can_be_made) => "▢",
                [_] => "▣",
                _ => "◫",
            },
            Self::Descriptors if self.holds(sample) => "◆",
            Self::Questions if self.holds(sample) => "?",
            Self::Marks => match (sample.marks.tags.is_empty(), &sample.marks.note) {
                (true, None) => verdict_sign(&sample.marks.verdicts),
                (false, None) => "●",
                (true, Some(_)) => "✎",
                (false, Some(_)) => "◉",
            },
            Self::Descriptors | Self::Questions => " ",
        }
    }
}

/// What raters have said: wrong where one of them has.
fn verdict_sign(verdicts: &[SampleVerdict]) -> &'static str {
    let any = |name: &str| verdicts.iter().any(|told| told.verdict == name);
    match verdicts {
        [] => " ",
        _ if any("wrong") => "✗",
        _ if any("right") => "✓",
        _ => "~",
    }
}

impl Hits {
    /// Takes a page in, the words that answer `text` lit.
    pub(crate) fn take(&mut self, text: &str, page: Page, lit: &LitIn) {
        self.has_come = true;
        text.clone_into(&mut self.text);
        self.total = page.total;
        (self.searched, self.reach) = (page.searched, page.reach);
        self.first = page.first;
        let figures = page.figures.into_iter().chain(std::iter::repeat(None));
        let rows = page.rows.into_iter().zip(figures);
        self.rows = rows.map(|(sample, figures)| Row::new(sample, figures, text, lit)).collect();
        for row in &self.rows {
            self.known.see(row);
        }
        self.cursor = self.cursor.min(self.total.saturating_sub(1));
        self.top = self.top.min(self.total.saturating_sub(1));
    }

    /// The sample at a place, where it is held.
    pub(crate) fn sample(&self, place: u64) -> Option<&Arc<Sample>> {
        self.row(place).map(|row| &row.sample)
    }

    /// The sample under the cursor.
    pub(crate) fn current(&self) -> Option<&Arc<Sample>> {
        self.sample(self.cursor)
    }

    /// The figures of the sample under the cursor, where they are known.
    pub(crate) fn current_figures(&self) -> Option<&Arc<Figures>> {
        self.row(self.cursor)?.figures.as_ref()
    }

    /// Where the sample with this place in the data set is held.
    pub(crate) fn place_of(&self, seq: Seq) -> Option<u64> {
        let place = self.rows.iter().position(|row| row.sample.seq == seq)?;
        Some(self.first + place as u64)
    }

    /// Whether any sample seen so far has a picture.
    pub(crate) fn has_pictures(&self) -> bool {
        let [_, images, ..] = self.known.facts;
        images
    }

    /// Whether any of those pictures may be there: not where the data only names them.
    pub(crate) fn can_show_pictures(&self) -> bool {
        self.known.can_show
    }

    /// Whether all places in `wanted` are held, as far as there are hits.
    pub(crate) fn holds(&self, wanted: &Range<u64>) -> bool {
        let wanted = wanted.start.min(self.total)..wanted.end.min(self.total);
        wanted.is_empty() || (self.first <= wanted.start && wanted.end <= self.first + self.rows.len() as u64)
    }

    /// Puts the cursor on a place and brings it into view: by half a page where it was outside, so
    /// that a walk downwards does not shift the whole list at every step.
    pub(crate) fn go(&mut self, place: u64, height: u64) {
        let height = height.max(1);
        self.cursor = place.min(self.total.saturating_sub(1));
        if self.cursor < self.top {
            self.top = (self.cursor + 1).saturating_sub(height.div_ceil(2)).min(self.cursor);
        } else if self.cursor >= self.top + height {
            self.top = (self.cursor + height.div_ceil(2)).saturating_sub(height - 1).min(self.cursor);
        }
        self.hold(height);
    }

    /// Moves cursor and view together.
    pub(crate) fn page(&mut self, delta: i64, height: u64) {
        let target = self.cursor.saturating_add_signed(delta).min(self.total.saturating_sub(1));
        self.top = self.top.saturating_add_signed(delta);
        self.hold(height);
        self.go(target, height);
    }

    /// Moves the view, and the cursor only as far as it would leave it.
    pub(crate) fn scroll(&mut self, delta: i64, height: u64) {
        self.top = self.top.saturating_add_signed(delta);
        self.hold(height);
        self.cursor =
            self.cursor.clamp(self.top, self.top + height.max(1) - 1).min(self.total.saturating_sub(1));
    }

    /// Keeps the last page full.
    pub(crate) fn hold(&mut self, height: u64) {
        self.top = self.top.min(self.total.saturating_sub(height.max(1)));
    }

    fn row(&self, place: u64) -> Option<&Row> {
        let place = place.checked_sub(self.first)?;
        self.rows.get(usize::try_from(place).ok()?)
    }

    /// Draws the rows in view: marker, position, facts, id, caption.
    pub(crate) fn draw(&self, buffer: &mut Buffer, area: Rect, bar: Rect, theme: &Theme, has_focus: bool) {
        for line in 0..area.height {
            let place = self.top + u64::from(line);
            if place >= self.total {
                break;
            }
            let row = Rect { y: area.y + line, height: 1, ..area };
            let is_here = place == self.cursor;
            if is_here {
                let style = if has_focus { theme.cursor } else { theme.cursor_away };
                buffer.set_style(row.intersection(buffer.area), style);
            }
            self.draw_row(buffer, row, place, is_here, theme);
        }
        let view = (self.top, u64::from(area.height), self.total);
        scrollbar(buffer, bar, view, theme.rule, theme.dim);
    }

    fn draw_row(&self, buffer: &mut Buffer, area: Rect, place: u64, is_here: bool, theme: &Theme) {
        let digits = self.total.to_string().len().max(2);
        let number = format!("{}{:>digits$} ", if is_here { "▌" } else { " " }, place + 1);
        let mut x = put(buffer, area, area.x, &number, if is_here { theme.focus } else { theme.dim });
        let Some(row) = self.row(place) else {
            put(buffer, area, x, "⋯", theme.dim);
            return;
        };
        x = self.draw_facts(buffer, area, x, &row.sample, theme);
        let width = self.known.id.min(usize::from(area.width) / 5).min(28);
        if width >= 4 {
            let id = clip_middle(&row.id, width);
            put(buffer, area, x, &id, theme.dim);
            x += width as u16 + 1;
        }
        x = self.draw_figures(buffer, area, x, row.figures.as_deref(), theme);
        let room = usize::from(area.right().saturating_sub(x));
        for (text, style) in row.shown(room, theme) {
            x = put(buffer, area, x, &text, style);
        }
    }

    /// Draws what of a hit's caption fits into a row, the words that answer the query lit.
    pub(crate) fn draw_caption(&self, buffer: &mut Buffer, area: Rect, place: u64, theme: &Theme) {
        let Some(row) = self.row(place) else {
            put(buffer, area, area.x, "⋯", theme.dim);
            return;
        };
        let mut x = area.x;
        for (text, style) in row.shown(usize::from(area.width), theme) {
            x = put(buffer, area, x, &text, style);
        }
    }

    /// Draws a hit's place, its small signs, its density and the letters of its flags; the column
    /// after them.
    pub(crate) fn draw_signs(&self, buffer: &mut Buffer, area: Rect, place: u64, theme: &Theme) -> u16 {
        let mut x = put(buffer, area, area.x, &format!("{} ", place + 1), theme.dim);
        let Some(row) = self.row(place) else { return x };
        x = self.draw_facts(buffer, area, x, &row.sample, theme);
        let Some(figures) = &row.figures else { return x };
        let bar = figures.rank.map_or(" ", density_bar);
        x = put(buffer, area, x, bar, theme.facets.first().copied().unwrap_or(theme.text)) + 1;
        let room = usize::from(area.right().saturating_sub(x));
        let text = letters(&figures.flags, room.min(12));
        if text.is_empty() { x } else { put(buffer, area, x, &text, theme.warning) + 1 }
    }

    /// The start of a hit's caption, made harmless: at most so many bytes, and all of the last letter.
    pub(crate) fn caption(&self, place: u64, most: usize) -> &str {
        self.row(place).map_or("", |row| head(&row.text, most))
    }

    /// Small signs: number of captions, picture, descriptors, questions, marks.
    fn draw_facts(&self, buffer: &mut Buffer, area: Rect, start: u16, sample: &Sample, theme: &Theme) -> u16 {
        let mut x = start;
        for (fact, is_known) in Fact::ALL.into_iter().zip(self.known.facts) {
            if is_known {
                x = put(buffer, area, x, fact.sign(sample), theme.dim);
            }
        }
        if x > start { x + 1 } else { x }
    }
}

impl Hits {
    /// How dense the sample is among all, and the letters of its flags, in columns that all rows
    /// have.
    fn draw_figures(
        &self,
        buffer: &mut Buffer,
        area: Rect,
        start: u16,
        figures: Option<&Figures>,
        theme: &Theme,
    ) -> u16 {
        if !self.known.figures || area.width < NARROW {
            return start;
        }
        let mut x = start;
        let bar = figures.and_then(|figures| figures.rank).map_or(" ", density_bar);
        put(buffer, area, x, bar, theme.facets.first().copied().unwrap_or(theme.text));
        x += 1;
        if area.width >= WIDE {
            let rate = figures.and_then(|figures| figures.columns.get(Column::Rate));
            let text = rate.map_or(String::new(), |rate| format!("{:.0}", rate.min(999.0)));
            put(buffer, area, x, &format!("{text:>3} "), theme.dim);
            x += 4;
        }
        let most = self.known.flags.min(if area.width >= WIDE { 5 } else { 3 });
        if most > 0 {
            let flags = figures.map_or(&[][..], |figures| &figures.flags);
            put(buffer, area, x, &letters(flags, most), theme.warning);
            x += most as u16;
        }
        x + 1
    }
}

/// A share as a block that is so high.
fn density_bar(rank: f64) -> &'static str {
    const BLOCKS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
    let place = (rank.clamp(0.0, 1.0) * 8.0) as usize;
    BLOCKS.get(place.min(7)).copied().unwrap_or(" ")
}

/// The letters of flags, in at most so many columns; `+` where there are more.
fn letters(flags: &[Flag], most: usize) -> String {
    let shown = if flags.len() > most { most.saturating_sub(1) } else { most };
    let mut text: String = flags.iter().take(shown).map(|flag| letter(flag.id)).collect();
    if flags.len() > most {
        text.push('+');
    }
    text
}

impl Row {
    fn new(sample: Arc<Sample>, figures: Option<Arc<Figures>>, query: &str, lit: &LitIn) -> Self {
        let (caption, lit) = Self::caption(&sample, query, lit);
        let made = Safe::line(caption);
        let lit = lit.iter().map(|range| made.range(range)).collect();
        let text = made.text.into_owned();
        let id = Safe::line(head(&sample.id, HEAD)).text.into_owned();
        Self { sample, figures, id, text, lit }
    }

    /// The caption to show: the first that answers the query, so that it is seen why this is a hit;
    /// else the headline.
    fn caption<'a>(sample: &'a Sample, query: &str, lit: &LitIn) -> (&'a str, Vec<Range<usize>>) {
        let headline = sample.headline().map_or("", |caption| head(&caption.text, HEAD));
        if query.trim().is_empty() {
            return (headline, Vec::new());
        }
        let others = sample.captions.iter().take(CAPTIONS).map(|caption| head(&caption.text, HEAD));
        let lit = |text| (text, lit(query, text));
        let mut all = std::iter::once(headline).chain(others).map(lit);
        all.find(|(_, lit)| !lit.is_empty()).unwrap_or((headline, Vec::new()))
    }

    /// What of the caption is shown in so many columns: from its start, or around the first hit.
    fn shown(&self, room: usize, theme: &Theme) -> Vec<(String, Style)> {
        if self.text.is_empty() {
            return vec![(clip("no caption", room).into_owned(), theme.dim)];
        }
        let whole = columns(head(&self.text, room * 4 + 64)) <= room && self.text.len() <= room * 4 + 64;
        let room = if whole { room } else { room.saturating_sub(1) };
        let mut part = excerpt(&self.text, self.lit.first(), room);
        let mut pieces = Vec::new();
        if part.start > 0 {
            part = excerpt(&self.text, self.lit.first(), room.saturating_sub(1));
            pieces.push(("…".to_owned(), theme.dim));
        }
        let text = self.text.get(part.clone()).unwrap_or("");
        let lit: Vec<_> = self
            .lit
            .iter()
            .filter(|range| range.end > part.start && range.start < part.end)
            .map(|range| range.start.max(part.start) - part.start..range.end.min(part.end) - part.start)
            .collect();
        let spans = lit_line(text, Style::new(), &lit, theme.hit);
        pieces.extend(spans.into_iter().map(|span| (span.content.into_owned(), span.style)));
        if part.end < self.text.len() {
            pieces.push(("…".to_owned(), theme.dim));
        }
        pieces
    }
}

impl Known {
    fn see(&mut self, row: &Row) {
        self.id = self.id.max(columns(head(&row.id, 64)));
        self.figures |= row.figures.is_some();
        self.flags = self.flags.max(row.figures.as_ref().map_or(0, |figures| figures.flags.len()));
        self.can_show |= row.sample.images.iter().any(can_be_made);
        for (fact, is_known) in Fact::ALL.into_iter().zip(&mut self.facts) {
            *is_known |= fact.holds(&row.sample);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scrolls_by_jumps_at_the_edge() {
        let mut hits = Hits { total: 10_000_000, ..Hits::default() };
        hits.go(9, 10);
        assert_eq!(hits.top, 0);
        hits.go(10, 10);
        assert_eq!((hits.cursor, hits.top), (10, 6));
        hits.go(u64::MAX, 10);
        assert_eq!((hits.cursor, hits.top), (9_999_999, 9_999_990));
        hits.go(0, 10);
        assert_eq!((hits.cursor, hits.top), (0, 0));
        hits.page(5, 10);
        assert_eq!((hits.cursor, hits.top), (5, 5));
        hits.scroll(100, 10);
        assert_eq!((hits.cursor, hits.top), (105, 105));
    }

    #[test]
    fn verdicts_have_signs_where_nothing_else_is_marked() {
        let told = |verdict| SampleVerdict { verdict, ..SampleVerdict::default() };
        let sign = |verdicts: &[&'static str], tags: &[&str]| {
            let marks = SampleMarks {
                verdicts: verdicts.iter().copied().map(told).collect(),
                tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
                note: None,
            };
            Fact::Marks.sign(&Sample { marks, ..Sample::default() })
        };
        assert_eq!(sign(&["right", "wrong"], &[]), "✗");
        assert_eq!(sign(&["unsure", "right"], &[]), "✓");
        assert_eq!(sign(&["unsure"], &[]), "~");
        assert_eq!(sign(&["wrong"], &["a"]), "●");
        assert_eq!(sign(&[], &[]), " ");
    }

    #[test]
    fn no_hits_have_no_place() {
        let mut hits = Hits::default();
        hits.go(5, 10);
        hits.page(-5, 10);
        hits.scroll(3, 0);
        assert_eq!((hits.cursor, hits.top), (0, 0));
        assert!(hits.holds(&(0..100)));
    }
}
