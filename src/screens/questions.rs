//! The screen of questions: how far the captions of the query answer the questions about their pictures, by type
//! and by beginning, and which questions add most.
//!
//! ```text
//! ━ Questions ━━━━━━━━━━ 1,240 about 320 samples ━┬─ what color is … ──────────────────────────
//!                     questions  said  others   Δ  │ entailed      41.0 % ▇▇▇▇▇▇     0.9 %
//! ▌all                    1,240  58.1     1.7  38  │ grounded      …
//! ```
//!
//! `said` is the share that captions say or half say; `others` the same of the captions of other samples, which is
//! what chance would give; Δ the information that questions add, in per cent of all that they ask for.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

use crate::action::Action;
use crate::measure::Key;
use crate::query::quoted;
use crate::ui::{Scroll, Theme, clip, columns, put, safe, scrollbar, share, thousands};
use crate::vqa::{Addition, OTHER_PREFIX, QuestionKind, QuestionReport, Row, Verdict};
use crate::worker::QuestionsReport;

use super::flags::{Outcome, draw_absent};
use super::inquiry::{Inquiry, Stand};
use super::picture::say;
use super::plot::{bar, put_right};
use super::show::{draw_divider, draw_heading};
use super::stretch::{self, Line};

/// Columns from which table and detail lie beside each other.
const BESIDE: u16 = 100;
/// Columns of the figures behind a row's name.
const FIGURES: u16 = 33;
/// Questions that add most which are shown of a row.
const ADDITIONS: usize = 200;

/// What a row of the table is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Of {
    #[default]
    All,
    Kind(QuestionKind),
    Prefix(&'static str),
}

impl Of {
    fn name(self) -> String {
        match self {
            Self::All => "all questions".to_owned(),
            Self::Kind(kind) => kind.name().to_owned(),
            Self::Prefix(OTHER_PREFIX) => "begun otherwise".to_owned(),
            Self::Prefix(prefix) => format!("{prefix} …"),
        }
    }

    fn has(self, addition: &Addition) -> bool {
        match self {
            Self::All => true,
            Self::Kind(kind) => addition.kind == kind,
            Self::Prefix(prefix) => addition.prefix == prefix,
        }
    }

    /// The query of samples with such questions; none where words do not tell.
    fn query(self) -> Option<String> {
        match self {
            Self::All => Some("has:question".to_owned()),
            Self::Kind(_) | Self::Prefix(OTHER_PREFIX) => None,
            Self::Prefix(prefix) => {
                let parts = prefix.split('…').map(str::trim).filter(|part| !part.is_empty());
                let parts: Vec<String> = parts.map(|part| format!("question:{}", quoted(part))).collect();
                Some(parts.join(" "))
            }
        }
    }
}

/// In which order rows of a group stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Order {
    /// What is asked most first.
    #[default]
    Count,
    /// What adds most first.
    Increment,
}

/// Which side the keys are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Side {
    #[default]
    Table,
    Additions,
}

/// The screen.
#[derive(Debug, Default)]
pub(crate) struct Questions {
    pub(crate) inquiry: Inquiry<QuestionsReport>,
    order: Order,
    side: Side,
    here: Of,
    scroll: Scroll,
    /// The place among the questions that add most.
    chosen: usize,
    detail_scroll: Scroll,
}

/// Where the parts of the screen lie.
struct Plan {
    title: Rect,
    head: Rect,
    table: Rect,
    divider: Option<Rect>,
    detail_title: Rect,
    detail: Rect,
}

impl Plan {
    fn new(body: Rect) -> Self {
        let below = |area: Rect, rows: u16| Rect {
            y: area.y + rows.min(area.height),
            height: area.height.saturating_sub(rows),
            ..area
        };
        let (left, right, divider) = if body.width < BESIDE {
            let height = (body.height * 2 / 5).max(5).min(body.height);
            (Rect { height, ..body }, below(body, height), None)
        } else {
            let width = (body.width * 2 / 5).clamp(56, 72);
            let divider = Rect { x: body.x + width, width: 1, ..below(body, 1) };
            let right = Rect { x: body.x + width + 1, width: body.width - width - 1, ..body };
            (Rect { width, ..body }, right, Some(divider))
        };
        Self {
            title: Rect { height: 1, ..left },
            head: Rect { height: 1, ..below(left, 1) },
            table: below(left, 2),
            divider,
            detail_title: Rect { height: 1, ..right },
            detail: below(right, 1),
        }
    }
}

/// Lines of the detail, each with the place of the question that it is of.
type Lines = Vec<(Line, Option<usize>)>;

impl Questions {
    /// The generation to ask under, where something is to be asked.
    pub(crate) fn want(&mut self, text: &str, stand: Stand, now: Instant) -> Option<u64> {
        self.inquiry.want(text, stand, now)
    }

    /// Takes an answer in, or what is known of it by now.
    pub(crate) fn take(&mut self, generation: u64, report: Result<Arc<QuestionsReport>, String>) {
        match report {
            Ok(part) if part.share < 1.0 => self.inquiry.take_part(generation, part),
            report => {
                self.inquiry.take(generation, report);
            }
        }
        if !self.rows().iter().any(|(of, _)| *of == self.here) {
            self.choose(Of::All);
        }
        self.chosen = self.chosen.min(self.additions().len().saturating_sub(1));
    }

    fn report(&self) -> Option<&QuestionReport> {
        self.inquiry.report().map(|told| &told.report)
    }

    /// The rows of the table: all, then each type, then each prefix.
    fn rows(&self) -> Vec<(Of, &Row)> {
        let Some(report) = self.report() else { return Vec::new() };
        let order = |rows: &mut Vec<(Of, &Row)>| match self.order {
            Order::Count => rows.sort_by_key(|(_, row)| std::cmp::Reverse(row.questions)),
            Order::Increment => rows.sort_by(|(_, one), (_, other)| other.new_bits.total_cmp(&one.new_bits)),
        };
        let mut kinds: Vec<(Of, &Row)> =
            report.by_kind.iter().map(|(kind, row)| (Of::Kind(*kind), row)).collect();
        let mut prefixes: Vec<(Of, &Row)> =
            report.by_prefix.iter().map(|(prefix, row)| (Of::Prefix(prefix), row)).collect();
        order(&mut kinds);
        order(&mut prefixes);
        std::iter::once((Of::All, &report.whole)).chain(kinds).chain(prefixes).collect()
    }

    /// Those of the questions that add most that the row under the cursor is of.
    fn additions(&self) -> Vec<&Addition> {
        let Some(report) = self.report() else { return Vec::new() };
        report.additions.iter().filter(|addition| self.here.has(addition)).take(ADDITIONS).collect()
    }

    fn place(&self) -> usize {
        self.rows().iter().position(|(of, _)| *of == self.here).unwrap_or(0)
    }

    fn choose(&mut self, of: Of) {
        if of != self.here {
            self.here = of;
            (self.chosen, self.detail_scroll) = (0, Scroll::default());
        }
    }

    fn go(&mut self, place: usize, body: Rect) {
        let rows = self.rows();
        let many = rows.len();
        let place = place.min(many.saturating_sub(1));
        let of = rows.get(place).map_or(Of::All, |(of, _)| *of);
        self.choose(of);
        self.scroll.show(place, many, usize::from(Plan::new(body).table.height));
    }

    fn go_addition(&mut self, place: usize, body: Rect) {
        self.chosen = place.min(self.additions().len().saturating_sub(1));
        let area = Plan::new(body).detail;
        let lines = self.lines(&Theme::plain(), area.width);
        let rows = rows_of(&lines, area.width);
        let is_chosen = |(line, _): &(usize, Range<usize>)| addition_of(&lines, *line) == Some(self.chosen);
        let Some(first) = rows.iter().position(is_chosen) else { return };
        let last = rows.iter().rposition(is_chosen).unwrap_or(first);
        let height = usize::from(area.height);
        self.detail_scroll.show(last, rows.len(), height);
        // The first one is read with what stands over it.
        self.detail_scroll.show(if self.chosen == 0 { 0 } else { first }, rows.len(), height);
    }

    /// Keeps the cursor in view, after another answer or another size.
    pub(crate) fn hold(&mut self, body: Rect) {
        let (place, many) = (self.place(), self.rows().len());
        self.scroll.show(place, many, usize::from(Plan::new(body).table.height));
    }

    fn step(&mut self, to: impl Fn(usize) -> usize, body: Rect) {
        match self.side {
            Side::Table => self.go(to(self.place()), body),
            Side::Additions => self.go_addition(to(self.chosen), body),
        }
    }

    /// Lets a key act.
    pub(crate) fn act(&mut self, action: Action, count: Option<u64>, body: Rect) -> Outcome {
        let times = count.unwrap_or(1).min(1 << 20) as usize;
        let half = usize::from(body.height / 2).max(1);
        match action {
            Action::Down => self.step(|here| here.saturating_add(times), body),
            Action::Up => self.step(|here| here.saturating_sub(times), body),
            Action::HalfDown | Action::PageDown => self.step(|here| here + half, body),
            Action::HalfUp | Action::PageUp => self.step(|here| here.saturating_sub(half), body),
            Action::First => self.step(|_| times - usize::from(times > 0), body),
            Action::Last => {
                let last = count.map_or(usize::MAX, |row| row as usize - usize::from(row > 0));
                self.step(|_| last, body);
            }
            Action::FocusNext | Action::FocusPrevious => {
                self.side = if self.side == Side::Table { Side::Additions } else { Side::Table };
            }
            Action::Right => self.side = Side::Additions,
            Action::Left => self.side = Side::Table,
            Action::Reorder => {
                self.order = if self.order == Order::Count { Order::Increment } else { Order::Count };
                self.hold(body);
            }
            Action::Open => return self.open(),
            Action::Back if self.side == Side::Additions => self.side = Side::Table,
            Action::Back | Action::Quit => return Outcome::Close,
            _ => {}
        }
        Outcome::Done
    }

    /// The samples of the row, or the one of the question under the cursor.
    fn open(&mut self) -> Outcome {
        if self.side == Side::Additions {
            let additions = self.additions();
            return additions
                .get(self.chosen)
                .map_or(Outcome::Done, |addition| Outcome::Search(format!("id:{}", quoted(&addition.id))));
        }
        if let Some(query) = self.here.query() {
            return Outcome::Search(query);
        }
        self.side = Side::Additions;
        Outcome::Done
    }

    /// Lets the mouse act.
    pub(crate) fn mouse(&mut self, event: MouseEvent, body: Rect) -> Outcome {
        let point = Position::new(event.column, event.row);
        let plan = Plan::new(body);
        let is_in_table = plan.table.contains(point);
        match event.kind {
            MouseEventKind::ScrollDown | MouseEventKind::ScrollUp => {
                let is_down = event.kind == MouseEventKind::ScrollDown;
                let to = |here: usize| if is_down { here + 1 } else { here.saturating_sub(1) };
                if is_in_table {
                    self.go(to(self.place()), body);
                } else if plan.detail.contains(point) {
                    self.go_addition(to(self.chosen), body);
                }
            }
            MouseEventKind::Down(MouseButton::Left) if is_in_table => {
                self.side = Side::Table;
                let row = self.scroll.top + usize::from(point.y - plan.table.y);
                if row < self.rows().len() {
                    self.go(row, body);
                }
            }
            MouseEventKind::Down(MouseButton::Left) if plan.detail.contains(point) => {
                self.side = Side::Additions;
                let lines = self.lines(&Theme::plain(), plan.detail.width);
                let row = self.detail_scroll.top + usize::from(point.y - plan.detail.y);
                let line = rows_of(&lines, plan.detail.width).get(row).map(|(line, _)| *line);
                if let Some(addition) = line.and_then(|line| addition_of(&lines, line)) {
                    self.chosen = addition;
                }
            }
            _ => {}
        }
        Outcome::Done
    }

    /// Draws the screen below the query box.
    pub(crate) fn draw(&self, buffer: &mut Buffer, body: Rect, theme: &Theme, has_focus: bool) {
        let plan = Plan::new(body);
        let is_left = has_focus && self.side == Side::Table;
        draw_heading(buffer, plan.title, "Questions", &self.said_of_all(), theme, is_left);
        if let Some(divider) = plan.divider {
            draw_divider(buffer, divider, theme);
        }
        let Some(report) = self.report() else {
            let waiting = "Questions are being held against captions …";
            draw_absent(buffer, plan.table, &self.inquiry, waiting, theme);
            draw_heading(buffer, plan.detail_title, "", "", theme, false);
            return;
        };
        if report.whole.questions == 0 {
            say(buffer, plan.table, "The samples of the query have no questions.", theme.dim);
            draw_heading(buffer, plan.detail_title, "", "", theme, false);
            return;
        }
        self.draw_table(buffer, &plan, theme, is_left);
        let is_right = has_focus && self.side == Side::Additions;
        draw_heading(buffer, plan.detail_title, &self.here.name(), "", theme, is_right);
        self.draw_detail(buffer, plan.detail, theme, is_right);
    }

    fn said_of_all(&self) -> String {
        let Some(told) = self.inquiry.report() else { return String::new() };
        if told.share < 1.0 {
            return format!("{} done of {} samples", share(told.share), thousands(told.total));
        }
        let judged = told.report.samples + told.report.silent;
        let samples = if told.total > judged {
            format!("the first {} of {} samples", thousands(judged), thousands(told.total))
        } else {
            format!("{} of {} samples", thousands(told.total), thousands(told.samples))
        };
        format!("{} about {samples}", thousands(told.report.whole.questions))
    }

    fn draw_table(&self, buffer: &mut Buffer, plan: &Plan, theme: &Theme, has_focus: bool) {
        let names = plan.table.width.saturating_sub(FIGURES + 1);
        let cells = |row: Rect| {
            let x = row.x + names;
            let cell = |from: u16, width: u16| Rect { x: x + from, width, ..row }.intersection(row);
            [cell(0, 9), cell(9, 7), cell(16, 8), cell(24, 7)]
        };
        for (cell, name) in cells(plan.head).into_iter().zip(["questions", "said", "others", "Δ"]) {
            put_right(buffer, cell, name, theme.dim);
        }
        let (rows, here) = (self.rows(), self.place());
        let shown = rows.iter().enumerate().skip(self.scroll.top).take(usize::from(plan.table.height));
        for (line, (place, (of, row))) in shown.enumerate() {
            let area = Rect { y: plan.table.y + line as u16, height: 1, ..plan.table };
            if place == here {
                let style = if has_focus { theme.cursor } else { theme.cursor_away };
                buffer.set_style(area.intersection(buffer.area), style);
                put(buffer, area, area.x, "▌", theme.focus);
            }
            let style = match of {
                Of::All => theme.text.add_modifier(Modifier::BOLD),
                Of::Kind(_) => theme.title,
                Of::Prefix(_) => theme.text,
            };
            let indent = if matches!(of, Of::Prefix(_)) { 3 } else { 1 };
            let room = usize::from(names).saturating_sub(usize::from(indent) + 1);
            put(buffer, area, area.x + indent, &clip(&of.name(), room), style);
            let level = Verdict::Grounded;
            let texts = [
                thousands(row.questions),
                percent(row.coverage(level)),
                percent(row.baseline(level)),
                percent(row.increment()),
            ];
            let styles = [theme.text, theme.good, theme.dim, theme.warning];
            for ((cell, text), style) in cells(area).into_iter().zip(texts).zip(styles) {
                put_right(buffer, cell, &text, style);
            }
        }
        let view = (self.scroll.top as u64, u64::from(plan.table.height), rows.len() as u64);
        scrollbar(buffer, plan.table, view, theme.rule, theme.dim);
    }

    /// What is said of the row under the cursor.
    fn lines(&self, theme: &Theme, width: u16) -> Lines {
        let (Some(report), Some((of, row))) = (self.report(), self.rows().get(self.place()).copied()) else {
            return Vec::new();
        };
        let mut lines = Vec::new();
        let room = usize::from(width.saturating_sub(42)).min(40);
        for verdict in Verdict::ALL {
            let (own, other) = (row.verdict_share(verdict), row.baseline_share(verdict));
            let style = match verdict {
                Verdict::Contradicted => theme.error,
                Verdict::Unknown => theme.dim,
                _ => theme.good,
            };
            let lead = format!("{:<13}{:>6} % ", verdict.name(), percent(own));
            let drawn = bar(own, room);
            let pad = " ".repeat(room.saturating_sub(columns(&drawn)));
            let text = format!("{lead}{drawn}{pad} others {:>5} %", percent(other));
            let start = lead.len();
            let parts =
                vec![(start..start + drawn.len(), style), (start + drawn.len()..text.len(), theme.dim)];
            lines.push(Line { text, base: theme.text, parts });
        }
        lines.push(Line::plain(
            format!(
                "Δ {} %: of {} bits that are asked for, {} are not said by the captions",
                percent(row.increment()),
                thousands(row.bits.round() as u64),
                thousands(row.new_bits.round() as u64)
            ),
            theme.warning,
        ));
        if of == Of::All {
            self.lines_of_all(report, theme, &mut lines);
        }
        lines.push(Line::plain("", theme.text));
        let mut lines: Lines = lines.into_iter().map(|line| (line, None)).collect();
        let additions = self.additions();
        let heading = if additions.is_empty() {
            "none of the questions that add most is of these"
        } else {
            "questions that add most"
        };
        lines.push((Line::plain(heading, theme.title), None));
        for (at, addition) in additions.iter().enumerate() {
            let bits = format!("{:>5.1} bits  ", addition.bits);
            let asked = safe(&addition.question).into_owned();
            let answer = safe(&addition.answer).into_owned();
            let text = format!("{bits}{asked} {answer}");
            let from = bits.len() + asked.len() + 1;
            let parts = vec![(0..bits.len(), theme.warning), (from..text.len(), theme.hit)];
            lines.push((Line { text, base: theme.text, parts }, Some(at)));
            let said = addition.statement.as_deref().map(|said| format!(" → {}", safe(said)));
            let text = format!("            {}{}", clip(&safe(&addition.id), 24), said.unwrap_or_default());
            lines.push((Line::plain(text, theme.dim), Some(at)));
        }
        lines
    }

    /// What captions state and no question tests.
    fn lines_of_all(&self, report: &QuestionReport, theme: &Theme, lines: &mut Vec<Line>) {
        let notes = [
            (report.captionless, "samples with questions have no caption"),
            (report.assumed, "yes/no questions have no answer, and are taken as claims"),
            (report.unanswerable, "questions have no answer, or the answer that there is none"),
        ];
        for (many, what) in notes.into_iter().filter(|(many, _)| *many > 0) {
            lines.push(Line::plain(format!("{} {what}", thousands(many)), theme.dim));
        }
        lines.push(Line::plain("", theme.text));
        lines.push(Line::plain("facts of captions that a question tests", theme.title));
        let facets: Vec<String> = report
            .facets
            .iter()
            .map(|(facet, count)| {
                let tested = count.tested as f64 / count.stated.max(1) as f64;
                format!("{} {} of {}", facet.name(), share(tested), thousands(count.stated))
            })
            .collect();
        lines.push(Line::plain(facets.join(" · "), theme.text));
        let untested = self.inquiry.report().into_iter().flat_map(|told| &told.untested);
        let untested: Vec<String> = untested
            .map(|(key, count)| {
                let shown = Key::parse(key).map_or_else(|| key.clone(), |key| key.show());
                format!("{} {}", safe(&shown), thousands((*count).into()))
            })
            .collect();
        if !untested.is_empty() {
            lines.push(Line::plain(format!("no question tests: {}", untested.join(", ")), theme.dim));
        }
    }

    fn draw_detail(&self, buffer: &mut Buffer, area: Rect, theme: &Theme, has_focus: bool) {
        let lines = self.lines(theme, area.width);
        let rows = rows_of(&lines, area.width);
        let height = usize::from(area.height);
        let top = self.detail_scroll.top.min(rows.len().saturating_sub(height.max(1)));
        for (row, (at, range)) in rows.iter().skip(top).take(height).enumerate() {
            let Some((line, addition)) = lines.get(*at) else { continue };
            let place = Rect { y: area.y + row as u16, height: 1, ..area };
            if has_focus && *addition == Some(self.chosen) && addition.is_some() {
                buffer.set_style(place.intersection(buffer.area), theme.cursor);
                put(buffer, place, place.x, "▌", theme.focus);
            }
            let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..place };
            line.draw(buffer, inner, range);
        }
        let view = (top as u64, height as u64, rows.len() as u64);
        scrollbar(buffer, area, view, theme.rule, theme.dim);
    }
}

/// The rows that lines of the detail take.
fn rows_of(lines: &Lines, width: u16) -> Vec<(usize, Range<usize>)> {
    stretch::rows(lines.iter().map(|(line, _)| line), width.saturating_sub(2))
}

fn addition_of(lines: &Lines, line: usize) -> Option<usize> {
    lines.get(line).and_then(|(_, addition)| *addition)
}

/// A share in per cent, one decimal.
fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}
