//! The screen of coverage: what the samples of the query speak of, against all others, on pages.
//!
//! State and update are here, how the pages look is in `coverage_pages`.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::action::Action;
use crate::measure::{ConceptCount, CoverageReport, KeyKind, Level, LevelReport};
use crate::query::quoted;
use crate::ui::Scroll;

use super::coverage_pages;
use super::flags::Outcome;
use super::inquiry::{Inquiry, Stand};

/// Columns of a cell of the matrix.
pub(crate) const CELL: u16 = 8;
/// Columns of the names of its rows.
pub(crate) const ROW_NAMES: u16 = 15;

/// A page of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Page {
    #[default]
    Overview,
    Density,
    Facets,
    Concepts,
    Ranks,
    Curve,
    Matrix,
    Facts,
}

impl Page {
    pub(crate) const ALL: [Self; 8] = [
        Self::Overview,
        Self::Density,
        Self::Facets,
        Self::Concepts,
        Self::Ranks,
        Self::Curve,
        Self::Matrix,
        Self::Facts,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Density => "Density",
            Self::Facets => "Facets",
            Self::Concepts => "Concepts",
            Self::Ranks => "Ranks",
            Self::Curve => "Curve",
            Self::Matrix => "Matrix",
            Self::Facts => "Facts",
        }
    }

    /// Its place among all pages, from 0.
    pub(crate) fn place(self) -> usize {
        Self::ALL.iter().position(|page| *page == self).unwrap_or(0)
    }

    /// Whether it shows one level of several.
    fn has_levels(self) -> bool {
        matches!(self, Self::Ranks | Self::Curve | Self::Facts)
    }

    /// Whether a row over the others says what stands in them.
    fn has_head(self) -> bool {
        matches!(self, Self::Facets | Self::Concepts | Self::Matrix | Self::Facts)
    }

    /// Rows that one entry takes.
    fn rows_of_entry(self, has_rest: bool) -> usize {
        if self == Self::Facets && has_rest { 2 } else { 1 }
    }
}

/// Where the parts of a page lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) title: Rect,
    /// The names of the levels; no rows where the page has none.
    pub(crate) levels: Rect,
    /// The heads of its columns; no rows where it has none.
    pub(crate) head: Rect,
    pub(crate) rows: Rect,
}

impl Layout {
    pub(crate) fn new(body: Rect, page: Page) -> Self {
        let mut rest = body;
        let mut take = |rows: u16| {
            let rows = rows.min(rest.height);
            let taken = Rect { height: rows, ..rest };
            rest = Rect { y: rest.y + rows, height: rest.height - rows, ..rest };
            taken
        };
        let title = take(1);
        let levels = take(u16::from(page.has_levels()));
        let head = take(u16::from(page.has_head()));
        Self { title, levels: padded(levels), head: padded(head), rows: padded(rest) }
    }

    /// Where the name of each page stands in the title; nothing where they do not all fit.
    pub(crate) fn tabs(&self) -> Vec<(Page, Rect)> {
        let mut x = self.title.x + 1;
        let mut places = Vec::new();
        for page in Page::ALL {
            let width = page.name().len() as u16 + 2;
            places.push((page, Rect { x, width, ..self.title }));
            x = x.saturating_add(width);
        }
        if x + 1 > self.title.right() { Vec::new() } else { places }
    }

    /// Where the name of each level stands; those that do not fit are cut.
    pub(crate) fn level_places(&self) -> Vec<(Level, Rect)> {
        let mut x = self.levels.x;
        let mut places = Vec::new();
        for level in Level::ALL {
            let width = level.name().chars().count() as u16 + 2;
            places.push((level, Rect { x, width, ..self.levels }.intersection(self.levels)));
            x = x.saturating_add(width);
        }
        places
    }
}

fn padded(area: Rect) -> Rect {
    Rect { x: area.x + area.width.min(1), width: area.width.saturating_sub(2), ..area }
}

/// The cursor of a page.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cursor {
    pub(crate) row: usize,
    pub(crate) scroll: Scroll,
}

/// The screen.
#[derive(Debug, Default)]
pub(crate) struct Coverage {
    pub(crate) inquiry: Inquiry<CoverageReport>,
    pub(crate) page: Page,
    /// The level that is looked at, as a place in [`Level::ALL`].
    level: usize,
    cursors: [Cursor; 8],
    /// Column of the matrix under the cursor, and the first one that is shown.
    pub(crate) column: usize,
    pub(crate) first_column: usize,
    /// Concepts that are folded, by name, so that they stay so from query to query.
    folded: HashSet<String>,
    has_folded: bool,
    last_click: Option<(Instant, Position)>,
}

impl Coverage {
    /// The generation to ask under, where something is to be asked.
    pub(crate) fn want(&mut self, text: &str, stand: Stand, now: Instant) -> Option<u64> {
        self.inquiry.want(text, stand, now)
    }

    /// Takes an answer in.
    pub(crate) fn take(&mut self, generation: u64, report: Result<Arc<CoverageReport>, String>) {
        if !self.inquiry.take(generation, report) || self.has_folded {
            return;
        }
        // At first only the top of the tree and what hangs on it are open.
        if let Some(report) = self.inquiry.report() {
            let deep = report.hits.concepts.iter().filter(|concept| concept.depth >= 1);
            self.folded = deep.map(|concept| concept.name.clone()).collect();
            self.has_folded = true;
        }
    }

    pub(crate) fn cursor(&self) -> Cursor {
        self.cursors.get(self.page.place()).copied().unwrap_or_default()
    }

    /// The level that is looked at.
    pub(crate) fn level(&self) -> Level {
        Level::ALL.get(self.level).copied().unwrap_or(Level::Object)
    }

    /// What is told of it on one side.
    pub(crate) fn level_of<'r>(&self, levels: &'r [LevelReport]) -> Option<&'r LevelReport> {
        levels.iter().find(|report| report.level == self.level())
    }

    /// Keeps the cursor in view and on something, after another answer or another size.
    pub(crate) fn hold(&mut self, body: Rect) {
        self.go(self.cursor().row, body);
        self.go_column(self.column, body);
    }

    pub(crate) fn is_folded(&self, concept: &ConceptCount) -> bool {
        self.folded.contains(&concept.name)
    }

    /// The concepts that are not inside of folded ones, with whether there are others below each.
    pub(crate) fn concepts<'r>(&self, report: &'r CoverageReport) -> Vec<(&'r ConceptCount, bool)> {
        let all = &report.hits.concepts;
        let mut hidden_below: Option<u16> = None;
        let mut shown = Vec::new();
        for (place, concept) in all.iter().enumerate() {
            if hidden_below.is_some_and(|depth| concept.depth > depth) {
                continue;
            }
            let has_kinds = all.get(place + 1).is_some_and(|next| next.depth > concept.depth);
            hidden_below = (has_kinds && self.is_folded(concept)).then_some(concept.depth);
            shown.push((concept, has_kinds));
        }
        shown
    }

    /// Entries of the page that the cursor can be on.
    fn entries(&self, body: Rect) -> usize {
        let Some(report) = self.inquiry.report() else { return 0 };
        match self.page {
            Page::Overview => {
                coverage_pages::overview(report, &crate::ui::Theme::plain(), body.width.saturating_sub(2))
                    .len()
            }
            Page::Density | Page::Ranks | Page::Curve => 0,
            Page::Facets => KeyKind::ALL.len(),
            Page::Concepts => self.concepts(report).len(),
            Page::Matrix => report.hits.matrix.objects.len(),
            Page::Facts => self.level_of(&report.hits.levels).map_or(0, |level| level.top.len()),
        }
    }

    fn has_rest(&self) -> bool {
        self.inquiry.report().is_some_and(|report| report.rest.is_some())
    }

    fn go(&mut self, row: usize, body: Rect) {
        let entries = self.entries(body);
        let each = self.page.rows_of_entry(self.has_rest());
        let height = usize::from(Layout::new(body, self.page).rows.height) / each;
        // The last row of the matrix's place says what the cell under the cursor is.
        let height = if self.page == Page::Matrix { height.saturating_sub(2) } else { height };
        let is_read = self.page == Page::Overview;
        let Some(cursor) = self.cursors.get_mut(self.page.place()) else { return };
        if is_read {
            // What is only read scrolls at once.
            cursor.scroll.top = row;
            cursor.scroll.hold(entries, height);
            cursor.row = cursor.scroll.top;
        } else {
            cursor.row = row.min(entries.saturating_sub(1));
            cursor.scroll.show(cursor.row, entries, height);
        }
    }

    fn go_column(&mut self, column: usize, body: Rect) {
        let Some(report) = self.inquiry.report() else { return };
        let many = report.hits.matrix.values.len();
        let shown = columns_shown(Layout::new(body, Page::Matrix).rows.width);
        self.column = column.min(many.saturating_sub(1));
        self.first_column = self.first_column.clamp((self.column + 1).saturating_sub(shown), self.column);
    }

    /// Lets a key act.
    pub(crate) fn act(&mut self, action: Action, count: Option<u64>, body: Rect) -> Outcome {
        let times = count.unwrap_or(1).min(1 << 20) as usize;
        let here = self.cursor().row;
        let height = usize::from(body.height);
        match action {
            Action::NextPage => self.turn(times as isize, body),
            Action::PreviousPage => self.turn(-(times as isize), body),
            Action::Down => self.go(here.saturating_add(times), body),
            Action::Up => self.go(here.saturating_sub(times), body),
            Action::HalfDown => self.go(here + height / 2, body),
            Action::HalfUp => self.go(here.saturating_sub(height / 2), body),
            Action::PageDown => self.go(here + height.saturating_sub(3), body),
            Action::PageUp => self.go(here.saturating_sub(height.saturating_sub(3)), body),
            Action::First => self.go(count.map_or(0, |row| (row as usize).saturating_sub(1)), body),
            Action::Last => self.go(count.map_or(1 << 40, |row| (row as usize).saturating_sub(1)), body),
            Action::Left | Action::Right => self.sideways(action == Action::Right, times, body),
            Action::ToggleFold => self.fold(None, body),
            Action::FoldAll | Action::UnfoldAll => self.fold_all(action == Action::FoldAll, body),
            Action::Open => return self.open(),
            Action::Back | Action::Quit => return Outcome::Close,
            _ => {}
        }
        Outcome::Done
    }

    fn turn(&mut self, delta: isize, body: Rect) {
        let many = Page::ALL.len() as isize;
        let place = (self.page.place() as isize + delta).rem_euclid(many) as usize;
        self.page = Page::ALL.get(place).copied().unwrap_or_default();
        self.hold(body);
    }

    fn sideways(&mut self, is_right: bool, times: usize, body: Rect) {
        match self.page {
            Page::Ranks | Page::Curve | Page::Facts => {
                let last = Level::ALL.len() - 1;
                let here = self.level;
                let place = if is_right { (here + times).min(last) } else { here.saturating_sub(times) };
                self.choose_level(place, body);
            }
            Page::Matrix => {
                let column = self.column;
                let column = if is_right { column + times } else { column.saturating_sub(times) };
                self.go_column(column, body);
            }
            Page::Concepts => self.fold(Some(!is_right), body),
            Page::Overview | Page::Density | Page::Facets => {}
        }
    }

    fn choose_level(&mut self, place: usize, body: Rect) {
        if self.level != place {
            self.level = place;
            let page = std::mem::replace(&mut self.page, Page::Facts);
            self.go(0, body);
            self.page = page;
        }
    }

    /// Folds the concept under the cursor, or goes to the one above; unfolds it, or goes into it;
    /// without a wish, the one or the other.
    fn fold(&mut self, wish: Option<bool>, body: Rect) {
        if self.page != Page::Concepts {
            return;
        }
        let Some(report) = self.inquiry.report().cloned() else { return };
        let shown = self.concepts(&report);
        let here = self.cursor().row.min(shown.len().saturating_sub(1));
        let Some((concept, has_kinds)) = shown.get(here).copied() else { return };
        let is_folded = self.is_folded(concept);
        let folds = wish.unwrap_or(!is_folded);
        if has_kinds && folds != is_folded {
            if folds {
                self.folded.insert(concept.name.clone());
            } else {
                self.folded.remove(&concept.name);
            }
            self.go(here, body);
        } else if wish == Some(true) {
            let above = shown.iter().take(here).rposition(|(other, _)| other.depth < concept.depth);
            self.go(above.unwrap_or(here), body);
        } else if wish == Some(false) && has_kinds {
            self.go(here + 1, body);
        }
    }

    fn fold_all(&mut self, folds: bool, body: Rect) {
        if self.page != Page::Concepts {
            return;
        }
        let Some(report) = self.inquiry.report().cloned() else { return };
        let here = self.concepts(&report).get(self.cursor().row).map(|(concept, _)| (*concept).clone());
        let names = report.hits.concepts.iter().map(|concept| concept.name.clone());
        self.folded = if folds { names.collect() } else { HashSet::new() };
        let shown = self.concepts(&report);
        let row = here.and_then(|here| shown.iter().position(|(concept, _)| **concept == here));
        self.go(row.unwrap_or(0), body);
    }

    /// Whether an action does anything on the page that is open, for the hints.
    pub(crate) fn uses(&self, action: Action) -> bool {
        match action {
            Action::Open => {
                matches!(self.page, Page::Facets | Page::Concepts | Page::Matrix | Page::Facts)
            }
            Action::Left | Action::Right => {
                self.page.has_levels() || matches!(self.page, Page::Concepts | Page::Matrix)
            }
            Action::ToggleFold => self.page == Page::Concepts,
            _ => true,
        }
    }

    /// The query of what the cursor is on.
    fn open(&self) -> Outcome {
        let Some(report) = self.inquiry.report() else { return Outcome::Done };
        let row = self.cursor().row;
        let query = match self.page {
            Page::Overview | Page::Density | Page::Ranks | Page::Curve => None,
            Page::Facets => KeyKind::ALL.get(row).map(|kind| format!("{}:*", field_of(*kind))),
            Page::Concepts => self
                .concepts(report)
                .get(row)
                .map(|(concept, _)| format!("concept:{}", quoted(&concept.name))),
            Page::Matrix => {
                let matrix = &report.hits.matrix;
                let cell = matrix.objects.get(row).zip(matrix.values.get(self.column));
                cell.map(|(object, value)| with(object, value))
            }
            Page::Facts => {
                let level = self.level_of(&report.hits.levels);
                level
                    .and_then(|level| level.top.get(row))
                    .and_then(|(fact, _)| query_of(self.level(), fact, report))
            }
        };
        query.map_or(Outcome::Done, Outcome::Search)
    }

    /// Lets the mouse act.
    pub(crate) fn mouse(&mut self, event: MouseEvent, body: Rect, now: Instant) -> Outcome {
        let point = Position::new(event.column, event.row);
        let here = self.cursor().row;
        match event.kind {
            MouseEventKind::ScrollDown => self.go(here + 1, body),
            MouseEventKind::ScrollUp => self.go(here.saturating_sub(1), body),
            MouseEventKind::Down(MouseButton::Left) => return self.press(point, body, now),
            _ => {}
        }
        Outcome::Done
    }

    fn press(&mut self, point: Position, body: Rect, now: Instant) -> Outcome {
        let is_double = self
            .last_click
            .is_some_and(|(at, place)| place == point && now - at < super::explore::DOUBLE_CLICK);
        self.last_click = if is_double { None } else { Some((now, point)) };
        let layout = Layout::new(body, self.page);
        if let Some((page, _)) = layout.tabs().into_iter().find(|(_, place)| place.contains(point)) {
            self.page = page;
            self.hold(body);
            return Outcome::Done;
        }
        if layout.title.contains(point) {
            self.turn(1, body);
            return Outcome::Done;
        }
        if let Some(place) = layout.level_places().iter().position(|(_, place)| place.contains(point)) {
            self.choose_level(place, body);
            return Outcome::Done;
        }
        if !layout.rows.contains(point) || self.page == Page::Overview {
            return Outcome::Done;
        }
        let line = usize::from(point.y - layout.rows.y) / self.page.rows_of_entry(self.has_rest());
        let row = self.cursor().scroll.top + line;
        if row >= self.entries(body) {
            return Outcome::Done;
        }
        if self.page == Page::Matrix {
            let Some(column) = point.x.checked_sub(layout.rows.x + ROW_NAMES) else { return Outcome::Done };
            self.go_column(self.first_column + usize::from(column / CELL), body);
        }
        self.go(row, body);
        if is_double {
            return self.open();
        }
        if self.page == Page::Concepts {
            let depth =
                self.inquiry.report().and_then(|report| Some(self.concepts(report).get(row)?.0.depth));
            let sign = layout.rows.x + depth.unwrap_or(0).min(12) * 2 + 1;
            if (sign..sign + 2).contains(&point.x) {
                self.fold(None, body);
            }
        }
        Outcome::Done
    }
}

/// Columns of the matrix that are shown in so many columns of the screen.
pub(crate) fn columns_shown(width: u16) -> usize {
    usize::from((width.saturating_sub(ROW_NAMES) / CELL).max(1))
}

/// The field of a query that asks for a kind of facts.
pub(super) fn field_of(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Object => "object",
        KeyKind::Attribute => "attribute",
        KeyKind::Count => "count",
        KeyKind::Relation => "relation",
        KeyKind::Act => "action",
        KeyKind::Scene => "scene",
        KeyKind::Text => "text",
        KeyKind::Entity => "entity",
    }
}

/// `dog{brown}`
fn with(object: &str, value: &str) -> String {
    format!("{}{{{value}}}", object.replace(' ', "-"))
}

/// The query of a fact as a reader writes it: `dog`, `dog: brown`, `man ride horse`.
fn query_of(level: Level, fact: &str, report: &CoverageReport) -> Option<String> {
    let fact = fact.trim();
    let value = fact.rsplit_once(": ").map_or(fact, |(_, value)| value);
    Some(match level {
        _ if fact.is_empty() => return None,
        Level::Object => format!("object:{}", quoted(fact)),
        Level::Value => format!("attribute:{}", quoted(value)),
        Level::Predicate => format!("relation:{}", quoted(fact)),
        Level::ObjectValue => {
            let (object, value) = fact.split_once(": ")?;
            if object == "-" { format!("attribute:{}", quoted(value)) } else { with(object, value) }
        }
        Level::Triple => triple(fact, report),
    })
}

/// The query of a relation. Where its parts end is not told when they have more than one word: the
/// split with the most frequent predicate is taken, and where none is known the words are asked for.
fn triple(fact: &str, report: &CoverageReport) -> String {
    let words: Vec<&str> = fact.split_whitespace().collect();
    let predicates = report.hits.levels.iter().find(|level| level.level == Level::Predicate);
    let predicates = predicates.map_or(&[][..], |level| &level.top);
    let ends = (1..words.len()).flat_map(|start| (start + 1..words.len()).map(move |end| (start, end)));
    let samples = |(start, end): &(usize, usize)| {
        let wanted = words.get(*start..*end).unwrap_or_default().join(" ");
        predicates.iter().find(|(predicate, _)| *predicate == wanted).map(|(_, samples)| *samples)
    };
    let only = if words.len() == 3 { Some((1, 2)) } else { None };
    let split = only.or_else(|| ends.filter(|ends| samples(ends).is_some()).max_by_key(samples));
    let part = |range: std::ops::Range<usize>| match words.get(range).unwrap_or_default() {
        ["-"] => "*".to_owned(),
        words => quoted(&words.join(" ")),
    };
    if let Some((start, end)) = split {
        return format!("rel:({} {} {})", part(0..start), part(start..end), part(end..words.len()));
    }
    let named = words.iter().filter(|word| **word != "-");
    named.map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_become_queries() {
        let report = super::super::tests::coverage(50, 200);
        for (level, fact, query) in [
            (Level::Object, "fire hydrant", "object:\"fire hydrant\""),
            (Level::Value, "brown", "attribute:brown"),
            (Level::Value, "color: brown", "attribute:brown"),
            (Level::Predicate, "in front of", "relation:\"in front of\""),
            (Level::ObjectValue, "fire hydrant: dark red", "fire-hydrant{dark red}"),
            (Level::ObjectValue, "-: red", "attribute:red"),
            (Level::Triple, "man ride horse", "rel:(man ride horse)"),
            (Level::Triple, "- on table", "rel:(* on table)"),
            (Level::Triple, "man in front of bus", "rel:(man \"in front of\" bus)"),
            (Level::Triple, "man look away from bus", "man look away from bus"),
        ] {
            assert_eq!(query_of(level, fact, &report).as_deref(), Some(query), "{fact}");
            assert!(crate::query::parse(query).is_ok(), "{query}");
        }
        assert_eq!(query_of(Level::Object, " ", &report), None);
    }

    #[test]
    fn every_kind_has_a_field() {
        for kind in KeyKind::ALL {
            assert!(crate::query::parse(&format!("{}:*", field_of(kind))).is_ok());
        }
    }
}
