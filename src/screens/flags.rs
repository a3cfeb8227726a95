//! The screen of flags: which samples of the query are flagged and why, the worst first, and how
//! many there would be with another threshold.
//!
//! ```text
//! ━ Flags ━━━━━━━━━━━ 57 of 320 flagged ━┬─ THIN ──────────────────────────────
//! ▌THIN           41   12.8 % ▇▇▇▇       │ units_per_caption < 4
//!  DUPLICATE      12    3.8 % ▇          │ Say more of what can be seen: …
//! ```
//!
//! A threshold is moved from edge to edge of its histogram, where counts are exact. A moved one asks
//! about that figure alone, so that the count is that of the query that Enter opens.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

use crate::action::Action;
use crate::measure::{Column, Comparison, FlagCount, FlagId, FlagReport, Histogram};
use crate::query::Field;
use crate::ui::{Scroll, Theme, clip, per_cent, put, safe, scrollbar, thousands, wrap};

use super::inquiry::{Inquiry, Stand};
use super::picture::say;
use super::plot::{self, Side, Threshold, number, put_right};
use super::show::{draw_divider, draw_heading};

/// What a screen besides the explorer wants after a key or a click.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing of others.
    Done,
    /// The samples that answer the query and this one.
    Search(String),
    /// To the explorer.
    Close,
}

/// In which order the flags stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Order {
    /// The one that most samples have first.
    #[default]
    Count,
    /// As their table has them.
    Table,
}

/// The screen.
#[derive(Debug, Default)]
pub(crate) struct Flags {
    pub(crate) inquiry: Inquiry<FlagReport>,
    order: Order,
    /// The flag under the cursor; none for the first, whichever that is.
    cursor: Option<FlagId>,
    scroll: Scroll,
    /// Thresholds that were moved, as values, since another query has other edges.
    moved: BTreeMap<FlagId, f64>,
    holds_threshold: bool,
    last_click: Option<(Instant, Position)>,
}

/// Where the parts of the screen lie.
struct Plan {
    list_title: Rect,
    list: Rect,
    divider: Option<Rect>,
    title: Rect,
    detail: Rect,
}

impl Plan {
    fn new(body: Rect, flags: usize) -> Self {
        let inner = |area: Rect| Rect {
            y: area.y + area.height.min(1),
            height: area.height.saturating_sub(1),
            ..area
        };
        if body.width < 80 {
            let height = (flags as u16 + 1).clamp(4, (body.height * 2 / 5).max(4)).min(body.height);
            let upper = Rect { height, ..body };
            let lower = Rect { y: body.y + height, height: body.height - height, ..body };
            return Self {
                list_title: upper,
                list: inner(upper),
                divider: None,
                title: lower,
                detail: padded(inner(lower)),
            };
        }
        let width = (body.width * 44 / 100).min(70);
        let left = Rect { width, ..body };
        let right = Rect { x: body.x + width + 1, width: body.width - width - 1, ..body };
        Self {
            list_title: left,
            list: inner(left),
            divider: Some(Rect { x: body.x + width, width: 1, ..inner(body) }),
            title: right,
            detail: padded(inner(right)),
        }
    }
}

fn padded(area: Rect) -> Rect {
    Rect { x: area.x + area.width.min(1), width: area.width.saturating_sub(2), ..area }
}

impl Flags {
    /// The thresholds that were moved, by the names of their flags.
    pub(crate) fn thresholds(&self) -> BTreeMap<String, f64> {
        self.moved.iter().map(|(flag, value)| (flag.name().to_owned(), *value)).collect()
    }

    /// Moves thresholds to where they were before; names that are no flags any more are dropped.
    pub(crate) fn move_thresholds(&mut self, to: &BTreeMap<String, f64>) {
        self.moved = to.iter().filter_map(|(name, value)| Some((FlagId::named(name)?, *value))).collect();
    }

    /// The generation to ask under, where something is to be asked.
    pub(crate) fn want(&mut self, text: &str, stand: Stand, now: Instant) -> Option<u64> {
        self.inquiry.want(text, stand, now)
    }

    /// Takes an answer in.
    pub(crate) fn take(&mut self, generation: u64, report: Result<Arc<FlagReport>, String>) {
        self.inquiry.take(generation, report);
    }

    /// The flags in the order in which they are shown.
    fn rows(&self) -> Vec<&FlagCount> {
        let Some(report) = self.inquiry.report() else { return Vec::new() };
        let mut rows: Vec<&FlagCount> = report.flags.iter().collect();
        if self.order == Order::Count {
            rows.sort_by_key(|flag| std::cmp::Reverse(flag.samples));
        }
        rows
    }

    fn place(&self) -> usize {
        let is_here = |flag: &&FlagCount| Some(flag.flag) == self.cursor;
        self.rows().iter().position(is_here).unwrap_or(0)
    }

    fn here(&self) -> Option<&FlagCount> {
        self.rows().get(self.place()).copied()
    }

    fn go(&mut self, place: usize, body: Rect) {
        let rows = self.rows();
        let many = rows.len();
        let place = place.min(many.saturating_sub(1));
        self.cursor = rows.get(place).map(|flag| flag.flag);
        let height = usize::from(Plan::new(body, many).list.height);
        self.scroll.show(place, many, height);
    }

    /// Keeps the cursor in view, after another answer or another size.
    pub(crate) fn hold(&mut self, body: Rect) {
        let cursor = self.cursor;
        self.go(self.place(), body);
        self.cursor = cursor;
    }

    /// Lets a key act.
    pub(crate) fn act(&mut self, action: Action, count: Option<u64>, body: Rect) -> Outcome {
        let times = count.unwrap_or(1).min(1 << 20) as usize;
        let here = self.place();
        let half = usize::from(body.height / 2).max(1);
        let far = self
            .here()
            .and_then(|flag| flag.histogram.as_ref())
            .map_or(1, |shown| (shown.counts.len() / 10).max(2));
        match action {
            Action::Down => self.go(here.saturating_add(times), body),
            Action::Up => self.go(here.saturating_sub(times), body),
            Action::HalfDown | Action::PageDown => self.go(here + half, body),
            Action::HalfUp | Action::PageUp => self.go(here.saturating_sub(half), body),
            Action::First => self.go(times - usize::from(times > 0), body),
            Action::Last => {
                self.go(count.map_or(usize::MAX, |row| row as usize - usize::from(row > 0)), body);
            }
            Action::RaiseThreshold => self.step(times as isize),
            Action::LowerThreshold => self.step(-(times as isize)),
            Action::RaiseThresholdFar => self.step((far * times) as isize),
            Action::LowerThresholdFar => self.step(-((far * times) as isize)),
            Action::ResetThreshold => {
                if let Some(flag) = self.here().map(|flag| flag.flag) {
                    self.moved.remove(&flag);
                }
            }
            Action::Reorder => {
                self.cursor = self.here().map(|flag| flag.flag);
                self.order = if self.order == Order::Count { Order::Table } else { Order::Count };
                self.go(self.place(), body);
            }
            Action::Open => return self.open(),
            Action::Back | Action::Quit => return Outcome::Close,
            _ => {}
        }
        Outcome::Done
    }

    /// The query of the samples that are flagged, the worst first.
    fn open(&self) -> Outcome {
        let Some(flag) = self.here() else { return Outcome::Done };
        let Some((column, comparison, _)) = flag.decided else {
            return Outcome::Search(format!("flag:{}", flag.flag.name()));
        };
        let name = field_name(column);
        let (side, sign) = match side_of(comparison) {
            Side::Below => (Side::Below, ""),
            Side::Above => (Side::Above, "-"),
        };
        Outcome::Search(match (self.moved_to(flag), side) {
            (Some(value), Side::Below) => format!("{name}:<{value} sort:{name}"),
            (Some(value), Side::Above) => format!("{name}:>={value} sort:-{name}"),
            // All that are equal are equally bad.
            (None, _) if comparison == Comparison::Equal => format!("flag:{}", flag.flag.name()),
            (None, _) => format!("flag:{} sort:{sign}{name}", flag.flag.name()),
        })
    }

    /// The edge to which the threshold of a flag was moved.
    fn moved_to(&self, flag: &FlagCount) -> Option<f64> {
        let wanted = *self.moved.get(&flag.flag)?;
        let edges = &flag.histogram.as_ref()?.edges;
        edges.get(nearest(edges, wanted)).copied()
    }

    /// Moves the threshold by so many edges.
    fn step(&mut self, delta: isize) {
        let Some(flag) = self.here() else { return };
        let (Some((.., start)), Some(shown)) = (flag.decided, flag.histogram.as_ref()) else { return };
        let value = self.moved_to(flag).unwrap_or(start);
        let edges = &shown.edges;
        // From between two edges the first step leads to the next one.
        let below = edges.partition_point(|edge| *edge < value) as isize;
        let is_edge = edges.get(below as usize).is_some_and(|edge| same(*edge, value));
        let target = if is_edge || delta < 0 { below + delta } else { below + delta - 1 };
        self.move_to(target.max(0) as usize);
    }

    /// Moves the threshold to an edge: but for the last, beyond which nothing is.
    fn move_to(&mut self, edge: usize) {
        let Some(flag) = self.here() else { return };
        let (Some((_, comparison, start)), Some(shown)) = (flag.decided, flag.histogram.as_ref()) else {
            return;
        };
        let last = shown.edges.len().saturating_sub(2);
        let Some(value) = shown.edges.get(edge.min(last)).copied() else { return };
        let id = flag.flag;
        let says_the_same = matches!(comparison, Comparison::Below | Comparison::AtLeast);
        if says_the_same && same(value, start) {
            self.moved.remove(&id);
        } else {
            self.moved.insert(id, value);
        }
    }

    /// Lets the mouse act.
    pub(crate) fn mouse(&mut self, event: MouseEvent, body: Rect, now: Instant) -> Outcome {
        let point = Position::new(event.column, event.row);
        let plan = Plan::new(body, self.rows().len());
        let chart = self.chart_area(plan.detail);
        match event.kind {
            MouseEventKind::ScrollDown | MouseEventKind::ScrollUp => {
                let is_down = event.kind == MouseEventKind::ScrollDown;
                if plan.list.contains(point) {
                    let place = if is_down { self.place() + 1 } else { self.place().saturating_sub(1) };
                    self.go(place, body);
                } else if chart.contains(point) {
                    self.step(if is_down { 1 } else { -1 });
                }
            }
            MouseEventKind::Down(MouseButton::Left) => return self.press(&plan, chart, point, body, now),
            MouseEventKind::Drag(MouseButton::Left) if self.holds_threshold => self.drag(chart, point.x),
            MouseEventKind::Up(_) => self.holds_threshold = false,
            _ => {}
        }
        Outcome::Done
    }

    fn press(&mut self, plan: &Plan, chart: Rect, point: Position, body: Rect, now: Instant) -> Outcome {
        let is_double = self
            .last_click
            .is_some_and(|(at, place)| place == point && now - at < super::explore::DOUBLE_CLICK);
        self.last_click = if is_double { None } else { Some((now, point)) };
        if plan.list.contains(point) {
            let place = self.scroll.top + usize::from(point.y - plan.list.y);
            if place < self.rows().len() {
                self.go(place, body);
                if is_double {
                    return self.open();
                }
            }
        } else if chart.contains(point) {
            self.holds_threshold = true;
            self.drag(chart, point.x);
        }
        Outcome::Done
    }

    fn drag(&mut self, chart: Rect, column: u16) {
        let shown = self.here().and_then(|flag| flag.histogram.as_ref());
        if let Some(edge) = shown.map(|shown| plot::edge_at(chart, shown, column)) {
            self.move_to(edge);
        }
    }

    /// Draws the screen below the query box.
    pub(crate) fn draw(&self, buffer: &mut Buffer, body: Rect, theme: &Theme, has_focus: bool) {
        let Some(report) = self.inquiry.report() else {
            draw_heading(buffer, body, "Flags", "", theme, has_focus);
            let below = Rect { y: body.y + 1, height: body.height.saturating_sub(1), ..body };
            draw_absent(buffer, below, &self.inquiry, "The samples are being looked at …", theme);
            return;
        };
        let rows = self.rows();
        let plan = Plan::new(body, rows.len());
        let (flagged, samples) = (thousands(report.flagged), thousands(report.samples));
        let more = if plan.list_title.width < 44 {
            format!("{} · {flagged}/{samples}", report.profile.name())
        } else {
            format!("{} · {flagged} of {samples} flagged", report.profile.name())
        };
        let more = if self.inquiry.is_late() { "counting anew …".to_owned() } else { more };
        draw_heading(buffer, plan.list_title, "Flags", &more, theme, has_focus);
        if let Some(divider) = plan.divider {
            draw_divider(buffer, divider, theme);
            put(buffer, Rect { height: 1, ..plan.title }, plan.title.x, "─", theme.rule);
            put(buffer, Rect { height: 1, width: 1, y: body.y, ..divider }, divider.x, "┬", theme.rule);
        }
        if report.samples == 0 {
            say(buffer, plan.list, "No sample answers the query.", theme.dim);
            draw_heading(buffer, plan.title, "", "", theme, false);
            return;
        }
        self.draw_list(buffer, plan.list, report, &rows, theme, has_focus);
        if let Some(flag) = self.here() {
            draw_heading(buffer, plan.title, flag.flag.name(), "", theme, false);
            self.draw_detail(buffer, plan.detail, report, flag, theme);
        }
    }

    fn draw_list(
        &self,
        buffer: &mut Buffer,
        area: Rect,
        report: &FlagReport,
        rows: &[&FlagCount],
        theme: &Theme,
        has_focus: bool,
    ) {
        let here = self.place();
        let digits = thousands(report.samples).len().max(5) as u16;
        let most = rows.iter().map(|flag| flag.samples).max().unwrap_or(0).max(1);
        let shown = rows.iter().enumerate().skip(self.scroll.top).take(usize::from(area.height));
        for (line, (place, flag)) in shown.enumerate() {
            let row = Rect { y: area.y + line as u16, height: 1, ..area };
            let is_here = place == here;
            if is_here {
                let style = if has_focus { theme.cursor } else { theme.cursor_away };
                buffer.set_style(row.intersection(buffer.area), style);
            }
            put(buffer, row, row.x, if is_here { "▌" } else { " " }, theme.focus);
            let name_style = if flag.samples > 0 { theme.text } else { theme.dim };
            put(buffer, row, row.x + 1, flag.flag.name(), name_style);
            let count = Rect { x: row.x + 17, width: digits + 1, ..row };
            put_right(buffer, count.intersection(row), &thousands(flag.samples), name_style);
            let share = Rect { x: count.right() + 1, width: 7, ..row };
            put_right(buffer, share.intersection(row), &per_cent(flag.samples, report.samples), theme.dim);
            let sign = if self.moved_to(flag).is_some() { "≠" } else { " " };
            let x = put(buffer, row, share.right(), sign, theme.warning);
            let room = usize::from(row.right().saturating_sub(x + 1));
            put(buffer, row, x, &plot::bar(flag.samples as f64 / most as f64, room), theme.warning);
        }
        let view = (self.scroll.top as u64, u64::from(area.height), rows.len() as u64);
        scrollbar(buffer, area, view, theme.rule, theme.dim);
    }

    /// The lines over the histogram, with how each is drawn.
    fn lines(
        &self,
        report: &FlagReport,
        flag: &FlagCount,
        theme: &Theme,
    ) -> Vec<(String, ratatui::style::Style)> {
        let strong = theme.text.add_modifier(Modifier::BOLD);
        let mut lines = Vec::new();
        let Some((column, comparison, start)) = flag.decided else {
            lines.push((has_it(flag.samples, report.samples), strong));
            lines.push((flag.flag.mend().to_owned(), theme.text));
            lines.push((String::new(), theme.text));
            lines.push(("No figure decides this flag.".to_owned(), theme.dim));
            return lines;
        };
        let name = column.name();
        let known = flag.histogram.as_ref();
        if let Some((value, shown)) = self.moved_to(flag).zip(known) {
            let side = side_of(comparison);
            let count = count(shown, value, side);
            let sign = if side == Side::Below { "<" } else { ">=" };
            lines.push((has_it(count, report.samples), strong));
            let rule = format!("{name} {sign} {}", number(value));
            lines
                .push((format!("{rule}, moved from {} {}", comparison.sign(), number(start)), theme.warning));
            lines.push((percentile_line(shown, value), theme.dim));
        } else {
            lines.push((has_it(flag.samples, report.samples), strong));
            let rule = if flag.rule.is_empty() { name.to_owned() } else { safe(&flag.rule).into_owned() };
            lines.push((rule, theme.hit));
            lines.extend(known.map(|shown| (percentile_line(shown, start), theme.dim)));
        }
        lines.push((flag.flag.mend().to_owned(), theme.text));
        lines.push((String::new(), theme.text));
        lines.push((format!("{name}: {}", column.help()), theme.dim));
        lines
    }

    fn wrapped(
        &self,
        report: &FlagReport,
        flag: &FlagCount,
        theme: &Theme,
        width: u16,
    ) -> Vec<(String, ratatui::style::Style)> {
        let one = |(text, style): (String, ratatui::style::Style)| {
            let rows = wrap(&text, width.max(1));
            let row = |range: std::ops::Range<usize>| (text.get(range).unwrap_or("").to_owned(), style);
            rows.into_iter().map(row).collect::<Vec<_>>()
        };
        self.lines(report, flag, theme).into_iter().flat_map(one).collect()
    }

    /// Where the histogram lies in the right part.
    fn chart_area(&self, area: Rect) -> Rect {
        let (Some(report), Some(flag)) = (self.inquiry.report(), self.here()) else { return Rect::default() };
        let Some(shown) = &flag.histogram else { return Rect::default() };
        let lines = self.wrapped(report, flag, &Theme::plain(), area.width).len() as u16;
        let foot = u16::from(shown.unknown > 0);
        // On a low screen the histogram is worth more than the words.
        let top = lines.min(area.height.saturating_sub(7 + foot).max(3.min(area.height)));
        let height = area.height.saturating_sub(top + foot).min(18);
        Rect { y: area.y + top, height, ..area }
    }

    fn draw_detail(
        &self,
        buffer: &mut Buffer,
        area: Rect,
        report: &FlagReport,
        flag: &FlagCount,
        theme: &Theme,
    ) {
        let chart = self.chart_area(area);
        let room = if chart.is_empty() { area.height } else { chart.y - area.y };
        let lines = self.wrapped(report, flag, theme, area.width);
        for (row, (text, style)) in lines.iter().take(usize::from(room)).enumerate() {
            put(buffer, Rect { y: area.y + row as u16, height: 1, ..area }, area.x, text, *style);
        }
        let (Some(shown), Some((_, comparison, start))) = (&flag.histogram, flag.decided) else { return };
        let value = self.moved_to(flag).unwrap_or(start);
        let side = side_of(comparison);
        // Where a whole number must pass its threshold, the next one is the first that is marked.
        let passes = matches!(comparison, Comparison::AtMost | Comparison::Above | Comparison::Equal);
        let value = if passes && self.moved_to(flag).is_none() && shown.column.is_whole() {
            value + 1.0
        } else {
            value
        };
        plot::histogram(buffer, chart, shown, Some(Threshold { value, side }), theme);
        if shown.unknown > 0 && chart.bottom() < area.bottom() {
            let text = format!("{} more have no such figure", thousands(shown.unknown));
            let line = Rect { y: chart.bottom(), height: 1, ..area };
            put(buffer, line, line.x, &clip(&text, usize::from(line.width)), theme.dim);
        }
    }
}

/// What stands in place of a report that is not there.
pub(crate) fn draw_absent<T>(
    buffer: &mut Buffer,
    area: Rect,
    inquiry: &Inquiry<T>,
    waiting: &str,
    theme: &Theme,
) {
    match inquiry.problem() {
        Some(problem) => say(buffer, area, &safe(problem), theme.warning),
        None if inquiry.is_late() => say(buffer, area, waiting, theme.dim),
        None => {}
    }
}

fn has_it(samples: u64, of: u64) -> String {
    let noun = if of == 1 { "sample" } else { "samples" };
    format!("{} of {} {noun} · {}", thousands(samples), thousands(of), per_cent(samples, of))
}

fn percentile_line(shown: &Histogram, value: f64) -> String {
    let below = count(shown, value, Side::Below);
    format!("{} lie below {}", per_cent(below, shown.known()), number(value))
}

fn side_of(comparison: Comparison) -> Side {
    match comparison {
        Comparison::Below | Comparison::AtMost | Comparison::Equal => Side::Below,
        Comparison::Above | Comparison::AtLeast => Side::Above,
    }
}

/// Samples on a side of a value; exact at an edge, else as if the bin were even.
fn count(shown: &Histogram, value: f64, side: Side) -> u64 {
    let edge = shown.edges.partition_point(|edge| *edge < value);
    let mut below = shown.below(edge);
    let is_edge = shown.edges.get(edge).is_some_and(|edge| same(*edge, value));
    if !is_edge
        && let Some(bin) = edge.checked_sub(1)
        && let (Some(low), Some(high), Some(count)) =
            (shown.edges.get(bin), shown.edges.get(edge), shown.counts.get(bin))
    {
        below -= count - (*count as f64 * (value - low) / (high - low)).round().max(0.0) as u64;
    }
    match side {
        Side::Below => below,
        Side::Above => shown.known().saturating_sub(below),
    }
}

fn nearest(edges: &[f64], value: f64) -> usize {
    let distance = |edge: &f64| (edge - value).abs();
    let places = edges.iter().enumerate();
    places
        .min_by(|(_, one), (_, other)| distance(one).total_cmp(&distance(other)))
        .map_or(0, |(place, _)| place)
}

fn same(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1.0)
}

/// The letter of a flag in the list.
pub(crate) fn letter(flag: FlagId) -> char {
    match flag {
        FlagId::Thin => 'T',
        FlagId::Verbose => 'V',
        FlagId::BareObjects => 'B',
        FlagId::NoRelations => 'N',
        FlagId::Generic => 'G',
        FlagId::SingleFacet => 'S',
        FlagId::Repeats => 'R',
        FlagId::Template => 'P',
        FlagId::Hedged => 'H',
        FlagId::NoKnowledge => 'K',
        FlagId::LostKnowledge => 'L',
        FlagId::Duplicate => 'D',
        FlagId::VqaGap => 'Q',
        FlagId::ImageMissing
        | FlagId::ImageUnreadable
        | FlagId::ImageTiny
        | FlagId::ImageAnimated
        | FlagId::ImageSuffix
        | FlagId::ImageDuplicate => 'I',
    }
}

/// The name of a figure in a query.
pub(crate) fn field_name(column: Column) -> String {
    Field::Figure(column).name()
}
