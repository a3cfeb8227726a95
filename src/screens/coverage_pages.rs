//! How the pages of the screen of coverage look.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::symbols::Marker;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Axis, Chart, Dataset, GraphType, Widget};

use crate::measure::{CoverageReport, CoverageSide, KeyKind, Level, LevelReport, Limits};
use crate::ui::{Theme, clip, columns, per_cent, put, put_line, rule, safe, scrollbar, thousands};

use super::coverage::{CELL, Coverage, Layout, Page, ROW_NAMES, columns_shown, field_of};
use super::flags::draw_absent;
use super::picture::say;
use super::plot::{self, number, put_right};
use super::show::draw_heading;

/// Columns beside the curves, for their names.
const NAMES: u16 = 24;
/// Facts of a kind that both sides need before one is said to have more.
const ENOUGH: u64 = 20;

impl Coverage {
    /// Draws the screen below the query box.
    pub(crate) fn draw(&self, buffer: &mut Buffer, body: Rect, theme: &Theme, has_focus: bool) {
        let layout = Layout::new(body, self.page);
        let Some(report) = self.inquiry.report() else {
            draw_heading(buffer, body, "Coverage", "", theme, has_focus);
            let below = Rect { y: body.y + 1, height: body.height.saturating_sub(1), ..body };
            draw_absent(buffer, below, &self.inquiry, "The samples are being looked at …", theme);
            return;
        };
        self.draw_tabs(buffer, &layout, report, theme, has_focus);
        if report.hits.samples == 0 {
            say(buffer, layout.rows, "No sample answers the query.", theme.dim);
            return;
        }
        if layout.levels.height > 0 {
            self.draw_levels(buffer, &layout, theme);
        }
        match self.page {
            Page::Overview => self.draw_overview(buffer, layout.rows, report, theme),
            Page::Density => draw_density(buffer, layout.rows, report, theme),
            Page::Facets => self.draw_facets(buffer, &layout, report, theme, has_focus),
            Page::Concepts => self.draw_concepts(buffer, &layout, report, theme, has_focus),
            Page::Ranks => self.draw_ranks(buffer, layout.rows, report, theme),
            Page::Curve => self.draw_curve(buffer, layout.rows, report, theme),
            Page::Matrix => self.draw_matrix(buffer, &layout, report, theme, has_focus),
            Page::Facts => self.draw_facts(buffer, &layout, report, theme, has_focus),
        }
    }

    fn draw_tabs(
        &self,
        buffer: &mut Buffer,
        layout: &Layout,
        report: &CoverageReport,
        theme: &Theme,
        has_focus: bool,
    ) {
        let (sign, line) = if has_focus { ("━", theme.focus) } else { ("─", theme.rule) };
        rule(buffer, layout.title, layout.title.x, sign, line);
        let tabs = layout.tabs();
        let open = if has_focus { theme.focus } else { theme.title };
        let mut x = layout.title.x + 1;
        if tabs.is_empty() {
            let text = format!(" {} {}/{} ", self.page.name(), self.page.place() + 1, Page::ALL.len());
            x = put(buffer, layout.title, x, &text, open);
        }
        for (page, place) in tabs {
            let (text, style) = if page == self.page {
                (format!("[{}]", page.name()), open)
            } else {
                (format!(" {} ", page.name()), theme.dim)
            };
            x = put(buffer, place, place.x, &text, style);
        }
        let all = report.hits.samples + report.rest.as_ref().map_or(0, |rest| rest.samples);
        let text = if self.inquiry.is_late() {
            " counting anew … ".to_owned()
        } else if report.rest.is_some() {
            format!(" {} of {} ", thousands(report.hits.samples), thousands(all))
        } else {
            format!(" all {} ", thousands(all))
        };
        if usize::from(x) + columns(&text) + 1 < usize::from(layout.title.right()) {
            let title = Rect { width: layout.title.width - 1, ..layout.title };
            put_right(buffer, title, &text, theme.dim);
        }
    }

    fn draw_levels(&self, buffer: &mut Buffer, layout: &Layout, theme: &Theme) {
        for (level, place) in layout.level_places() {
            let (text, style) = if level == self.level() {
                (format!("[{}]", level.name()), theme.title.add_modifier(Modifier::BOLD))
            } else {
                (format!(" {} ", level.name()), theme.dim)
            };
            put(buffer, place, place.x, &text, style);
        }
    }

    fn draw_overview(&self, buffer: &mut Buffer, area: Rect, report: &CoverageReport, theme: &Theme) {
        let lines = overview(report, theme, area.width);
        let top = self.cursor().scroll.top.min(lines.len().saturating_sub(usize::from(area.height)));
        for (row, line) in lines.iter().skip(top).take(usize::from(area.height)).enumerate() {
            put_line(buffer, Rect { y: area.y + row as u16, height: 1, ..area }, line);
        }
        scrollbar_beside(buffer, area, top, lines.len(), theme);
    }

    fn draw_facets(
        &self,
        buffer: &mut Buffer,
        layout: &Layout,
        report: &CoverageReport,
        theme: &Theme,
        has_focus: bool,
    ) {
        let sides = sides(report);
        let each = sides.len();
        let text = format!("{:<11}{:<6}{:>8}  {:>9}", "kind", "", "share", "a sample");
        put(buffer, layout.head, layout.head.x, &text, theme.dim);
        let most = sides.iter().flat_map(|(_, side)| shares(side)).fold(0.0, f64::max).max(1e-9);
        let cursor = self.cursor();
        let rows = layout.rows;
        for (line, place) in (cursor.scroll.top..KeyKind::ALL.len()).enumerate() {
            let entry = Rect { y: rows.y + (line * each) as u16, height: each as u16, ..rows };
            if entry.bottom() > rows.bottom() {
                break;
            }
            let Some(kind) = KeyKind::ALL.get(place) else { break };
            light(buffer, entry, place == cursor.row, theme, has_focus);
            let first = Rect { height: 1, ..entry };
            put(buffer, first, first.x, name_of(*kind), theme.text);
            for (at, (label, side)) in sides.iter().enumerate() {
                let row = Rect { y: entry.y + at as u16, height: 1, ..entry };
                let share = shares(side).get(place).copied().unwrap_or(0.0);
                let mean = mentions(side, *kind) as f64 / side.samples.max(1) as f64;
                let x = put(buffer, row, row.x + 11, &format!("{label:<6}"), theme.dim);
                let text = format!("{:>8}  {mean:>9.2}  ", format!("{:.1} %", share * 100.0));
                let x = put(buffer, row, x, &text, theme.text);
                let room = usize::from(row.right().saturating_sub(x)).saturating_sub(8);
                let style = if at == 0 { side_style(theme) } else { theme.dim };
                put(buffer, row, x, &plot::bar(share / most, room), style);
                if at == 0 && sides.len() > 1 {
                    let has_any = mentions(side, *kind) > 0;
                    let text = if has_any { ratio_text(ratio(report, *kind)) } else { "–".to_owned() };
                    put_right(buffer, row, &text, theme.hit);
                }
            }
        }
    }

    fn draw_concepts(
        &self,
        buffer: &mut Buffer,
        layout: &Layout,
        report: &CoverageReport,
        theme: &Theme,
        has_focus: bool,
    ) {
        let shown = self.concepts(report);
        let cursor = self.cursor();
        let rest = report.rest.as_ref();
        let head = Columns::new(layout.head, rest.is_some());
        head.heads(buffer, "concept", report, theme);
        let most = shown.iter().map(|(concept, _)| concept.samples).max().unwrap_or(0).max(1);
        let rows = layout.rows;
        let in_view = shown.iter().enumerate().skip(cursor.scroll.top).take(usize::from(rows.height));
        for (line, (place, (concept, has_kinds))) in in_view.enumerate() {
            let row = Rect { y: rows.y + line as u16, height: 1, ..rows };
            light(buffer, row, place == cursor.row, theme, has_focus);
            let sign = match (has_kinds, self.is_folded(concept)) {
                (false, _) => "  ",
                (true, true) => "▸ ",
                (true, false) => "▾ ",
            };
            let indent = concept.depth.min(12) * 2;
            let x = put(buffer, row, row.x + 1 + indent, sign, theme.dim);
            let columns = Columns::new(row, rest.is_some());
            let name =
                clip(&safe(&concept.name), usize::from(columns.count.x.saturating_sub(x + 1))).into_owned();
            put(buffer, row, x, &name, theme.text);
            let other = rest.map(|rest| {
                let found = rest.concepts.iter().find(|other| other.name == concept.name);
                (found.map_or(0, |other| other.samples), rest.samples)
            });
            columns.draw(buffer, (concept.samples, report.hits.samples), other.map(Some), most, theme);
        }
        scrollbar_beside(buffer, rows, cursor.scroll.top, shown.len(), theme);
    }

    fn draw_facts(
        &self,
        buffer: &mut Buffer,
        layout: &Layout,
        report: &CoverageReport,
        theme: &Theme,
        has_focus: bool,
    ) {
        let Some(level) = self.level_of(&report.hits.levels) else { return };
        let rest = report.rest.as_ref();
        let others = rest.and_then(|rest| self.level_of(&rest.levels));
        Columns::new(layout.head, rest.is_some()).heads(buffer, "fact", report, theme);
        let cursor = self.cursor();
        let rows = layout.rows;
        if level.top.is_empty() {
            say(buffer, rows, "No fact on this level.", theme.dim);
        }
        let most = level.top.first().map_or(1, |(_, samples)| *samples).max(1);
        let in_view = level.top.iter().enumerate().skip(cursor.scroll.top).take(usize::from(rows.height));
        for (line, (place, (fact, samples))) in in_view.enumerate() {
            let row = Rect { y: rows.y + line as u16, height: 1, ..rows };
            light(buffer, row, place == cursor.row, theme, has_focus);
            let columns = Columns::new(row, rest.is_some());
            let x = put(buffer, row, row.x, &format!("{:>4} ", place + 1), theme.dim);
            let name = clip(&safe(fact), usize::from(columns.count.x.saturating_sub(x + 1))).into_owned();
            put(buffer, row, x, &name, theme.text);
            // A fact that is not among the rest's most frequent has a count that nobody told.
            let other = rest.map(|rest| {
                let top = others.map_or(&[][..], |level| &level.top);
                top.iter().find(|(other, _)| other == fact).map(|(_, samples)| (*samples, rest.samples))
            });
            columns.draw(buffer, (*samples, report.hits.samples), other, most, theme);
        }
        scrollbar_beside(buffer, rows, cursor.scroll.top, level.top.len(), theme);
    }

    /// Rank against share of samples, both as powers of ten.
    fn draw_ranks(&self, buffer: &mut Buffer, area: Rect, report: &CoverageReport, theme: &Theme) {
        let points = |side: &CoverageSide| -> Vec<(f64, f64)> {
            let ranks = self.level_of(&side.levels).map_or(&[][..], |level| &level.ranks);
            let all = side.samples.max(1) as f64;
            let point = |(rank, samples): &(u64, u64)| {
                ((*rank).max(1) as f64, (*samples as f64 * 100.0 / all).max(1e-9))
            };
            ranks.iter().map(point).map(|(rank, share)| (rank.log10(), share.log10())).collect()
        };
        let hits = points(&report.hits);
        let rest = report.rest.as_ref().map(points).unwrap_or_default();
        if hits.is_empty() {
            say(buffer, area, "No fact on this level.", theme.dim);
            return;
        }
        let all = || hits.iter().chain(&rest);
        let right = all().map(|(x, _)| *x).fold(1.0, f64::max).ceil();
        let low = all().map(|(_, y)| *y).fold(1.0, f64::min).floor();
        let (plot, foot) = with_foot(area);
        let datasets = vec![
            Dataset::default()
                .marker(Marker::Dot)
                .style(theme.dim)
                .graph_type(GraphType::Scatter)
                .data(&rest),
            Dataset::default()
                .marker(Marker::Braille)
                .style(side_style(theme))
                .graph_type(GraphType::Line)
                .data(&hits),
        ];
        let x = Axis::default()
            .title(Span::styled("rank", theme.dim))
            .style(theme.rule)
            .bounds([0.0, right])
            .labels(powers(0.0, right).map(|power| Span::styled(ten_to(power, false), theme.dim)));
        let y = Axis::default()
            .title(Span::styled("samples", theme.dim))
            .style(theme.rule)
            .bounds([low, 2.0])
            .labels(powers(low, 2.0).map(|power| Span::styled(ten_to(power, true), theme.dim)));
        Chart::new(datasets).x_axis(x).y_axis(y).legend_position(None).render(plot, buffer);
        let distinct = self.level_of(&report.hits.levels).map_or(0, |level| level.distinct);
        let mut text = format!("⠤⠤ {} {} facts", label(report), thousands(distinct));
        if let Some(rest) = &report.rest {
            let distinct = self.level_of(&rest.levels).map_or(0, |level| level.distinct);
            text.push_str(&format!("   • rest {} facts", thousands(distinct)));
        }
        text.push_str("   both axes logarithmic");
        put(buffer, foot, foot.x, &clip(&text, usize::from(foot.width)), theme.dim);
    }

    /// Coverage over the number of samples: every level of the hits, the chosen one of the rest too.
    fn draw_curve(&self, buffer: &mut Buffer, area: Rect, report: &CoverageReport, theme: &Theme) {
        let end = report.hits.samples.max(1) as f64;
        let chosen = self.level_of(&report.hits.levels);
        let curve = |level: &LevelReport| -> Vec<(f64, f64)> {
            let points = level.curve.iter().map(|point| (point.samples as f64, point.coverage * 100.0));
            points.filter(|(samples, _)| *samples <= end).collect()
        };
        let rest =
            report.rest.as_ref().and_then(|rest| self.level_of(&rest.levels)).map(curve).unwrap_or_default();
        let mut lines: Vec<(Level, Vec<(f64, f64)>)> =
            report.hits.levels.iter().map(|level| (level.level, curve(level))).collect();
        // The chosen one is drawn last, over the others.
        lines.sort_by_key(|(level, _)| *level == self.level());
        let half = end / 2.0;
        let (predicted, found) = chosen.map_or((0.0, 0.0), |level| level.check);
        let (predicted, found) = ([(half, predicted * 100.0)], [(half, found * 100.0)]);
        let mut datasets = vec![
            Dataset::default()
                .marker(Marker::Dot)
                .style(theme.dim)
                .graph_type(GraphType::Scatter)
                .data(&rest),
        ];
        for (level, points) in &lines {
            let style = if *level == self.level() { side_style(theme) } else { theme.dim };
            let line = Dataset::default().marker(Marker::Braille).graph_type(GraphType::Line);
            datasets.push(line.style(style).data(points));
        }
        if chosen.is_some() {
            let cross = |marker| Dataset::default().marker(Marker::Custom(marker)).style(theme.hit);
            datasets.push(cross('o').data(&predicted));
            datasets.push(cross('x').data(&found));
        }
        let (plot, foot) = with_foot(area);
        let names = if plot.width > NAMES * 2 + 10 { NAMES } else { 0 };
        let chart = Rect { width: plot.width - names, ..plot };
        let x = Axis::default()
            .title(Span::styled("samples", theme.dim))
            .style(theme.rule)
            .bounds([0.0, end])
            .labels([0.0, half, end].map(|at| Span::styled(number(at.round()), theme.dim)));
        let y = Axis::default()
            .style(theme.rule)
            .bounds([0.0, 100.0])
            .labels([0, 25, 50, 75, 100].map(|at| Span::styled(format!("{at} %"), theme.dim)));
        Chart::new(datasets).x_axis(x).y_axis(y).legend_position(None).render(chart, buffer);
        let beside = Rect { x: chart.right(), width: names, height: plot.height.saturating_sub(2), ..plot };
        self.draw_curve_names(buffer, beside, report, theme);
        let mut text = String::new();
        if let Some(level) = chosen {
            let (predicted, found) = level.check;
            text = format!(
                "{}: o one half predicts {}, x the other has {}",
                level.level.name(),
                fraction(predicted),
                fraction(found)
            );
        }
        if !rest.is_empty() {
            text.push_str("   • rest");
        }
        put(buffer, foot, foot.x, &clip(&text, usize::from(foot.width)), theme.dim);
    }

    /// The name of each curve where it ends, the lower ones moved down where two would meet.
    fn draw_curve_names(&self, buffer: &mut Buffer, area: Rect, report: &CoverageReport, theme: &Theme) {
        if area.is_empty() {
            return;
        }
        let mut ends: Vec<(f64, Level)> =
            report.hits.levels.iter().map(|level| (level.coverage.sample_coverage, level.level)).collect();
        ends.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        let last = f64::from(area.height.saturating_sub(1));
        let mut next = area.y;
        for (place, (coverage, level)) in ends.iter().enumerate() {
            let left = (ends.len() - place) as u16;
            let y = area.y + ((1.0 - coverage) * last).round() as u16;
            let y = y.max(next).min(area.bottom().saturating_sub(left).max(area.y));
            next = y + 1;
            let is_chosen = *level == self.level();
            let style = if is_chosen { theme.text.add_modifier(Modifier::BOLD) } else { theme.dim };
            let sign = if is_chosen { "◂" } else { " " };
            let text = format!("{sign}{} {}", fraction(*coverage), level.name());
            put(buffer, Rect { y, height: 1, ..area }, area.x, &text, style);
        }
    }

    fn draw_matrix(
        &self,
        buffer: &mut Buffer,
        layout: &Layout,
        report: &CoverageReport,
        theme: &Theme,
        has_focus: bool,
    ) {
        let matrix = &report.hits.matrix;
        let cursor = self.cursor();
        if matrix.objects.is_empty() || matrix.values.is_empty() {
            say(buffer, layout.rows, "No object has an attribute.", theme.dim);
            return;
        }
        let shown = columns_shown(layout.rows.width);
        let values = || matrix.values.iter().enumerate().skip(self.first_column).take(shown);
        for (line, (place, value)) in values().enumerate() {
            let x = layout.head.x + ROW_NAMES + line as u16 * CELL;
            let style =
                if place == self.column { theme.title.add_modifier(Modifier::BOLD) } else { theme.dim };
            let cell = Rect { x, width: CELL - 1, ..layout.head };
            put_right(buffer, cell, &clip(&safe(value), usize::from(CELL - 1)), style);
        }
        let rows = Rect { height: layout.rows.height.saturating_sub(2), ..layout.rows };
        let most = matrix.counts.iter().flatten().copied().max().unwrap_or(0);
        let objects =
            matrix.objects.iter().enumerate().skip(cursor.scroll.top).take(usize::from(rows.height));
        for (line, (place, object)) in objects.enumerate() {
            let row = Rect { y: rows.y + line as u16, height: 1, ..rows };
            let is_here = place == cursor.row;
            let style = if is_here { theme.title.add_modifier(Modifier::BOLD) } else { theme.text };
            put(buffer, row, row.x, &clip(&safe(object), usize::from(ROW_NAMES - 1)), style);
            for (at, (column, _)) in values().enumerate() {
                let count = matrix.counts.get(place).and_then(|row| row.get(column)).copied().unwrap_or(0);
                let cell = Rect { x: row.x + ROW_NAMES + at as u16 * CELL, width: CELL, ..row };
                draw_cell(buffer, cell, count, most, is_here && column == self.column, theme, has_focus);
            }
        }
        scrollbar_beside(buffer, rows, cursor.scroll.top, matrix.objects.len(), theme);
        let foot = Rect { y: layout.rows.bottom().saturating_sub(1), height: 1, ..layout.rows };
        let text = self.cell_under_cursor(report);
        put(buffer, foot, foot.x, &clip(&text, usize::from(foot.width)), theme.text);
    }

    /// What the cell under the cursor says, of the hits and of the rest.
    fn cell_under_cursor(&self, report: &CoverageReport) -> String {
        let matrix = &report.hits.matrix;
        let row = self.cursor().row;
        let cell = matrix.objects.get(row).zip(matrix.values.get(self.column));
        let Some((object, value)) = cell else { return String::new() };
        let count = matrix.counts.get(row).and_then(|row| row.get(self.column)).copied().unwrap_or(0);
        let mut text = format!(
            "{}: {} · {} {} · {}",
            safe(object),
            safe(value),
            label(report),
            thousands(count),
            per_cent(count, report.hits.samples)
        );
        if let Some(rest) = &report.rest {
            let other = &rest.matrix;
            let place = other.objects.iter().position(|name| name == object);
            let column = other.values.iter().position(|name| name == value);
            let found =
                place.zip(column).and_then(|(row, column)| other.counts.get(row)?.get(column).copied());
            // The matrix of the rest has its own most frequent objects and values.
            let found = found.map_or("not among its most frequent".to_owned(), |found| {
                format!("{} · {}", thousands(found), per_cent(found, rest.samples))
            });
            text.push_str(&format!("   rest {found}"));
        }
        text
    }
}

/// A scrollbar in the column right of some rows.
fn scrollbar_beside(buffer: &mut Buffer, rows: Rect, top: usize, total: usize, theme: &Theme) {
    let bar = Rect { width: rows.width + 1, ..rows };
    scrollbar(buffer, bar, (top as u64, u64::from(rows.height), total as u64), theme.rule, theme.dim);
}

fn draw_cell(
    buffer: &mut Buffer,
    cell: Rect,
    count: u64,
    most: u64,
    is_here: bool,
    theme: &Theme,
    has_focus: bool,
) {
    const SHADES: [&str; 5] = [" ", "░", "▒", "▓", "█"];
    let share = (count as f64 / most.max(1) as f64).sqrt();
    let shade = if count == 0 { 0 } else { ((share * 4.0).ceil() as usize).clamp(1, 4) };
    let x = put(buffer, cell, cell.x, SHADES.get(shade).copied().unwrap_or(" "), side_style(theme));
    let text =
        if count == 0 { "·".to_owned() } else { clip(&short(count), usize::from(CELL - 2)).into_owned() };
    let place = Rect { x, width: CELL - 2, ..cell };
    let style = if count == 0 { theme.dim } else { theme.text };
    put_right(buffer, place, &text, style);
    light(buffer, Rect { width: CELL - 1, ..cell }, is_here, theme, has_focus);
}

/// A count in at most six columns: `1,234`, `12.3k`, `1.2M`.
fn short(count: u64) -> String {
    match count {
        0..=99_999 => thousands(count),
        100_000..=999_999 => format!("{:.0}k", count as f64 / 1e3),
        _ => format!("{:.1}M", count as f64 / 1e6),
    }
}

/// The columns of a list with counts of both sides.
struct Columns {
    count: Rect,
    share: Rect,
    other: Rect,
    ratio: Rect,
    bar: Rect,
}

impl Columns {
    fn new(row: Rect, has_rest: bool) -> Self {
        let bar = if row.width >= 90 { row.width / 5 } else { row.width / 8 };
        let mut right = row.right();
        let mut take = |width: u16| {
            right = right.saturating_sub(width).max(row.x);
            Rect { x: right, width: width.saturating_sub(1), ..row }
        };
        let (other, ratio) = if has_rest { (9, 8) } else { (0, 0) };
        let ratio = take(ratio);
        let other = take(other);
        let bar = take(bar);
        let share = take(9);
        let count = take(10);
        Self { count, share, other, ratio, bar }
    }

    fn heads(&self, buffer: &mut Buffer, name: &str, report: &CoverageReport, theme: &Theme) {
        let line = Rect { x: 0, width: self.count.x, ..self.count };
        put(buffer, line, 2, name, theme.dim);
        put_right(buffer, self.count, "samples", theme.dim);
        put_right(buffer, self.share, label(report), theme.dim);
        if report.rest.is_some() {
            put_right(buffer, self.other, "rest", theme.dim);
            put_right(buffer, self.ratio, "times", theme.dim);
        }
    }

    /// Draws a row: samples of hits of how many; the same of the rest, where there is a rest and it
    /// is known.
    fn draw(
        &self,
        buffer: &mut Buffer,
        hits: (u64, u64),
        rest: Option<Option<(u64, u64)>>,
        most: u64,
        theme: &Theme,
    ) {
        put_right(buffer, self.count, &thousands(hits.0), theme.text);
        put_right(buffer, self.share, &per_cent(hits.0, hits.1), theme.text);
        let share = hits.0 as f64 / most as f64;
        put(
            buffer,
            self.bar,
            self.bar.x + 1,
            &plot::bar(share, usize::from(self.bar.width).saturating_sub(1)),
            side_style(theme),
        );
        match rest {
            None => {}
            Some(None) => put_right(buffer, self.other, "–", theme.dim),
            Some(Some((samples, of))) => {
                put_right(buffer, self.other, &per_cent(samples, of), theme.dim);
                let times = (samples > 0)
                    .then(|| hits.0 as f64 / hits.1.max(1) as f64 / (samples as f64 / of.max(1) as f64));
                put_right(buffer, self.ratio, &ratio_text(times), theme.hit);
            }
        }
    }
}

/// Two histograms, one over the other, of facts in 100 words.
fn draw_density(buffer: &mut Buffer, area: Rect, report: &CoverageReport, theme: &Theme) {
    let sides = sides(report);
    let each = area.height / sides.len() as u16;
    for (place, (label, side)) in sides.iter().enumerate() {
        let part = Rect { y: area.y + place as u16 * each, height: each, ..area };
        let title = Rect { height: 1, ..part };
        let shown = &side.density;
        let mut text = format!("{label}: facts in 100 words of {} samples", thousands(side.samples));
        if let [Some(low), Some(middle), Some(high)] = [0.1, 0.5, 0.9].map(|share| quantile(side, share)) {
            text.push_str(&format!(
                " · p10 {} · median {} · p90 {}",
                number(low.round()),
                number(middle.round()),
                number(high.round())
            ));
        }
        put(buffer, title, title.x, &clip(&text, usize::from(title.width)), theme.text);
        let chart = Rect { y: part.y + 1, height: part.height.saturating_sub(1), ..part };
        plot::histogram(buffer, chart, shown, None, theme);
    }
}

/// A quantile of the rate of facts, to the width of a bin.
fn quantile(side: &CoverageSide, share: f64) -> Option<f64> {
    let wanted = side.density.known() as f64 * share;
    let mut before = 0.0;
    for (bin, count) in side.density.counts.iter().enumerate() {
        let count = *count as f64;
        if count > 0.0 && before + count >= wanted {
            let (low, high) = (side.density.edges.get(bin)?, side.density.edges.get(bin + 1)?);
            return Some(low + (high - low) * (wanted - before) / count);
        }
        before += count;
    }
    None
}

/// The lines of the overview.
pub(crate) fn overview(report: &CoverageReport, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let strong = theme.text.add_modifier(Modifier::BOLD);
    let differences = differences(report);
    if !differences.is_empty() {
        let text = format!("A sample of the hits says {differences}.");
        lines.extend(rows_of(&text, width, strong));
        lines.push(Line::default());
    }
    for (label, side) in sides(report) {
        let facts: u64 = side.facets.iter().map(|(_, mentions)| mentions).sum();
        let each = facts as f64 / side.samples.max(1) as f64;
        let text = format!(
            "{label}: {} samples, {} facts, {each:.1} a sample",
            thousands(side.samples),
            thousands(facts)
        );
        lines.push(Line::styled(clip(&text, usize::from(width)).into_owned(), strong));
        lines.push(Line::styled(table_row(&HEADS.map(str::to_owned), width), theme.dim));
        for level in &side.levels {
            lines.push(Line::styled(table_row(&figures(level), width), theme.text));
        }
        lines.push(Line::default());
    }
    let next = Limits::for_samples(report.hits.samples).next;
    for text in [
        "known: share of a further sample's facts that are known already, estimated. The estimate is checked: \
         one half of the samples predicts the share for the other half, where it is found or not."
            .to_owned(),
        format!(
            "exist: facts that there are at least. q1, q2: as many equally frequent facts would be as diverse. β: \
             1 if every sample brings as many new facts as the first. new: facts expected in the next {} samples.",
            thousands(next)
        ),
    ] {
        lines.extend(rows_of(&text, width, theme.dim));
    }
    lines
}

/// Heads of the table of levels, the least important last.
const HEADS: [&str; 10] = ["level", "facts", "known", "predicted", "found", "exist", "β", "new", "q1", "q2"];
/// Columns of each.
const WIDTHS: [usize; 10] = [16, 9, 8, 11, 8, 10, 7, 8, 9, 8];

fn figures(level: &LevelReport) -> [String; 10] {
    let coverage = &level.coverage;
    let whole = |value: f64| number(value.round());
    let [_, q1, q2] = coverage.hill;
    let (predicted, found) = level.check;
    [
        level.level.name().to_owned(),
        thousands(level.distinct),
        fraction(coverage.sample_coverage),
        fraction(predicted),
        fraction(found),
        whole(coverage.richness),
        coverage.heaps.map_or_else(|| "–".to_owned(), |beta| format!("{beta:.2}")),
        whole(coverage.novelty),
        whole(q1),
        whole(q2),
    ]
}

/// The cells that fit, the first to the left, the others to the right of their columns.
fn table_row(cells: &[String; 10], width: u16) -> String {
    let mut text = String::new();
    let mut used = 0;
    for (place, (cell, column)) in cells.iter().zip(WIDTHS).enumerate() {
        used += column;
        if used > usize::from(width) {
            break;
        }
        let pad = " ".repeat(column.saturating_sub(columns(cell)));
        let parts = if place == 0 { [cell.as_str(), &pad] } else { [&pad, cell.as_str()] };
        text.extend(parts);
    }
    text
}

fn rows_of(text: &str, width: u16, style: Style) -> Vec<Line<'static>> {
    let rows = crate::ui::wrap(text, width.max(1)).into_iter();
    rows.map(|row| Line::styled(text.get(row).unwrap_or("").to_owned(), style)).collect()
}

/// `3.1× as many relations, 0.4× as many names`: the kinds in which the hits differ most.
fn differences(report: &CoverageReport) -> String {
    let Some(rest) = &report.rest else { return String::new() };
    let is_enough = |kind: &KeyKind| mentions(&report.hits, *kind) + mentions(rest, *kind) >= ENOUGH;
    let kinds = KeyKind::ALL.into_iter().filter(is_enough);
    let mut found: Vec<(f64, KeyKind)> =
        kinds.filter_map(|kind| Some((ratio(report, kind)?, kind))).collect();
    found.retain(|(ratio, _)| *ratio > 0.0 && !(0.83..=1.2).contains(ratio));
    found.sort_by(|(one, _), (other, _)| other.ln().abs().total_cmp(&one.ln().abs()));
    found.truncate(3);
    let texts: Vec<String> = found
        .iter()
        .map(|(ratio, kind)| format!("{} as many {}", ratio_text(Some(*ratio)), plural_of(*kind)))
        .collect();
    texts.join(", ")
}

/// How many times as many facts of a kind a sample of the hits has.
fn ratio(report: &CoverageReport, kind: KeyKind) -> Option<f64> {
    let rest = report.rest.as_ref()?;
    let mean = |side: &CoverageSide| mentions(side, kind) as f64 / side.samples.max(1) as f64;
    let other = mean(rest);
    (other > 0.0).then(|| mean(&report.hits) / other)
}

fn ratio_text(ratio: Option<f64>) -> String {
    match ratio {
        None => "only".to_owned(),
        Some(ratio) if ratio >= 99.5 => format!("{}×", thousands(ratio.round() as u64)),
        Some(ratio) if ratio >= 9.95 => format!("{ratio:.0}×"),
        Some(ratio) => format!("{ratio:.1}×"),
    }
}

fn mentions(side: &CoverageSide, kind: KeyKind) -> u64 {
    side.facets.iter().find(|(other, _)| *other == kind).map_or(0, |(_, mentions)| *mentions)
}

/// The share of each kind among the mentions of a side, in the order of [`KeyKind::ALL`].
fn shares(side: &CoverageSide) -> Vec<f64> {
    let all: u64 = side.facets.iter().map(|(_, mentions)| mentions).sum();
    KeyKind::ALL.iter().map(|kind| mentions(side, *kind) as f64 / all.max(1) as f64).collect()
}

/// What the hits are called: where the query has all samples, there is no rest.
fn label(report: &CoverageReport) -> &'static str {
    if report.rest.is_some() { "hits" } else { "all" }
}

fn sides(report: &CoverageReport) -> Vec<(&'static str, &CoverageSide)> {
    let rest = report.rest.as_ref().map(|rest| ("rest", rest));
    std::iter::once((label(report), &report.hits)).chain(rest).collect()
}

/// What a kind of facts is called; names are asked for by `entity`.
fn name_of(kind: KeyKind) -> &'static str {
    if kind == KeyKind::Entity { "name" } else { field_of(kind) }
}

fn plural_of(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Object => "objects",
        KeyKind::Attribute => "attributes",
        KeyKind::Count => "counts",
        KeyKind::Relation => "relations",
        KeyKind::Act => "actions",
        KeyKind::Scene => "scenes",
        KeyKind::Text => "written texts",
        KeyKind::Entity => "names",
    }
}

fn side_style(theme: &Theme) -> Style {
    theme.facets.first().copied().unwrap_or(theme.text)
}

fn light(buffer: &mut Buffer, area: Rect, is_here: bool, theme: &Theme, has_focus: bool) {
    if is_here {
        let style = if has_focus { theme.cursor } else { theme.cursor_away };
        buffer.set_style(area.intersection(buffer.area), style);
    }
}

/// The area without its last row, and that row.
fn with_foot(area: Rect) -> (Rect, Rect) {
    let foot = area.height.min(1);
    let plot = Rect { height: area.height - foot, ..area };
    (plot, Rect { y: plot.bottom(), height: foot, ..area })
}

/// A share as `.917`.
fn fraction(share: f64) -> String {
    if share >= 0.9995 { "1.00".to_owned() } else { format!("{share:.3}").trim_start_matches('0').to_owned() }
}

/// The whole powers of ten from one end to the other, for the labels of an axis.
fn powers(from: f64, until: f64) -> impl Iterator<Item = f64> {
    let many = (until - from).clamp(0.0, 30.0) as u32;
    (0..=many).map(move |place| from + f64::from(place))
}

/// Ten to this power, as a number or as per cent.
fn ten_to(power: f64, is_percent: bool) -> String {
    let value = 10.0_f64.powf(power);
    let text = if value < 0.001 { format!("10^{power:.0}") } else { number((value * 1e3).round() / 1e3) };
    if is_percent { format!("{text} %") } else { text }
}
