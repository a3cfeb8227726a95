//! The gallery: the hits as thumbnails, as many as fit. It has the query, the hits and the cursor of
//! the explorer; its own are only the size of thumbnails and the rows in view.
//!
//! ```text
//! ━ Gallery ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 2/128 ━
//!  (picture)            ▌(picture)            (picture)
//!                       ▌
//!  a surfer on a wave   ▌a dog on a beach     …
//!  1 ▣◆ ▅ T             ▌2 ▣◆ ▂               …
//! ```

use std::ops::Range;
use std::time::Instant;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::action::Action;
use crate::ui::{Scroll, Theme, put, scrollbar, thousands, wrap};
use crate::worker::PictureKey;

use super::explore::{DOUBLE_CLICK, Explore};
use super::flags::Outcome;
use super::hits::Hits;
use super::picture::{ANIMATED, Pictures, Sight, can_be_made, key_of};
use super::show::draw_heading;

/// Columns and rows of a thumbnail's picture, from small to large.
const SIZES: [(u16, u16); 7] = [(10, 5), (14, 7), (20, 10), (28, 14), (40, 20), (60, 30), (100, 50)];
/// Which of them is the first to be seen.
const USUAL: usize = 2;
/// Rows under a picture: caption, signs.
const LINES: u16 = 2;
/// Columns beside a picture: the sign of the cursor, and a gap.
const MARGIN: u16 = 2;

/// The screen.
#[derive(Debug)]
pub(crate) struct Gallery {
    size: usize,
    /// Rows of thumbnails that are scrolled past.
    scroll: Scroll,
    last_click: Option<(Instant, Position)>,
}

impl Default for Gallery {
    fn default() -> Self {
        Self { size: USUAL, scroll: Scroll::default(), last_click: None }
    }
}

/// How thumbnails lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Grid {
    heading: Rect,
    /// All thumbnails.
    area: Rect,
    bar: Rect,
    columns: u16,
    rows: u16,
    /// Columns and rows of a thumbnail with all that belongs to it.
    cell: (u16, u16),
}

impl Grid {
    /// As many thumbnails of about this size as fit; they share what is left over.
    fn new(body: Rect, size: usize) -> Self {
        let heading = Rect { height: body.height.min(1), ..body };
        let area = Rect {
            y: body.y + heading.height,
            height: body.height - heading.height,
            width: body.width.saturating_sub(1),
            ..body
        };
        let (wide, high) = SIZES.get(size).copied().unwrap_or((20, 10));
        let columns = (area.width / (wide + MARGIN)).max(1);
        let rows = (area.height / (high + LINES)).max(1);
        Self {
            heading,
            area,
            bar: Rect { x: area.right(), width: body.width.min(1), ..area },
            columns,
            rows,
            cell: (area.width / columns, area.height / rows),
        }
    }

    /// Thumbnails that fit.
    fn page(&self) -> u64 {
        u64::from(self.columns) * u64::from(self.rows)
    }

    /// The row of thumbnails that a hit is in.
    fn row_of(&self, place: u64) -> usize {
        usize::try_from(place / u64::from(self.columns)).unwrap_or(usize::MAX)
    }

    /// Rows of thumbnails of so many hits.
    fn rows_of(&self, total: u64) -> usize {
        usize::try_from(total.div_ceil(u64::from(self.columns))).unwrap_or(usize::MAX)
    }

    /// Where the thumbnail lies that is the `nth` in view.
    fn cell(&self, nth: u64) -> Rect {
        let (width, height) = self.cell;
        let column = (nth % u64::from(self.columns)) as u16;
        let row = (nth / u64::from(self.columns)).min(u64::from(self.rows)) as u16;
        Rect { x: self.area.x + column * width, y: self.area.y + row * height, width, height }
    }

    /// Where the picture of a thumbnail lies.
    fn picture(&self, nth: u64) -> Rect {
        let cell = self.cell(nth);
        Rect {
            x: cell.x + cell.width.min(1),
            width: cell.width.saturating_sub(MARGIN),
            height: cell.height.saturating_sub(LINES),
            ..cell
        }
    }

    /// Which thumbnail in view is at a point.
    fn at(&self, point: Position) -> Option<u64> {
        (0..self.page()).find(|nth| self.cell(*nth).contains(point))
    }
}

impl Gallery {
    fn grid(&self, body: Rect) -> Grid {
        Grid::new(body, self.size)
    }

    /// The hits in view.
    pub(crate) fn in_view(&self, body: Rect) -> Range<u64> {
        let grid = self.grid(body);
        let first = self.scroll.top as u64 * u64::from(grid.columns);
        first..first.saturating_add(grid.page())
    }

    /// Keeps the cursor in view, wherever it was moved.
    pub(crate) fn hold(&mut self, body: Rect, hits: &Hits) {
        let grid = self.grid(body);
        self.scroll.show(grid.row_of(hits.cursor), grid.rows_of(hits.total), usize::from(grid.rows));
        self.scroll.hold(grid.rows_of(hits.total), usize::from(grid.rows));
    }

    /// The pictures of the thumbnails in view, that under the cursor first, then by their distance
    /// from it; then those of the next page.
    pub(crate) fn wanted(&self, body: Rect, hits: &Hits) -> Vec<PictureKey> {
        let grid = self.grid(body);
        let area = grid.picture(0);
        if area.is_empty() {
            return Vec::new();
        }
        let view = self.in_view(body);
        let mut places: Vec<u64> = view.clone().collect();
        places.sort_by_key(|place| distance(&grid, *place, hits.cursor));
        places.extend(view.end..view.end.saturating_add(grid.page()));
        let image = |place: u64| hits.sample(place).and_then(|sample| sample.images.first());
        let images = places.into_iter().filter_map(image).filter(|image| can_be_made(image));
        let mut seen = std::collections::HashSet::new();
        let keys = images.map(|image| key_of(image, area, &Sight::default()));
        keys.filter(|key| seen.insert(key.clone())).collect()
    }

    /// Lets a key act.
    pub(crate) fn act(
        &mut self,
        action: Action,
        count: Option<u64>,
        body: Rect,
        explore: &mut Explore,
    ) -> Outcome {
        let grid = self.grid(body);
        let times = count.unwrap_or(1).min(1 << 40) as i64;
        let row = i64::from(grid.columns);
        let rows = i64::from(grid.rows);
        let moved = match action {
            Action::Left | Action::PreviousSample | Action::PreviousHit => -times,
            Action::Right | Action::NextSample | Action::NextHit => times,
            Action::Down => row * times,
            Action::Up => -row * times,
            Action::PageDown => row * rows * times,
            Action::PageUp => -row * rows * times,
            Action::HalfDown => row * (rows / 2).max(1) * times,
            Action::HalfUp => -row * (rows / 2).max(1) * times,
            Action::First | Action::Last => {
                let other = if action == Action::First { 0 } else { u64::MAX };
                explore.go_to_hit(count.map_or(other, |place| place.saturating_sub(1)));
                return Outcome::Done;
            }
            Action::Larger => return self.resize(1, &grid, body, explore),
            Action::Smaller => return self.resize(-1, &grid, body, explore),
            Action::Open | Action::Back | Action::Quit => return Outcome::Close,
            _ => return Outcome::Done,
        };
        walk(moved, &grid, explore);
        Outcome::Done
    }

    fn resize(&mut self, by: isize, grid: &Grid, body: Rect, explore: &Explore) -> Outcome {
        // A size that shows no other number of thumbnails is passed over.
        let mut size = self.size;
        while let Some(next) = size.checked_add_signed(by).filter(|next| *next < SIZES.len()) {
            size = next;
            let other = Grid::new(body, size);
            if (other.columns, other.rows) != (grid.columns, grid.rows) {
                self.size = size;
                self.scroll.top = 0;
                self.hold(body, &explore.hits);
                break;
            }
        }
        Outcome::Done
    }

    /// Lets the mouse act.
    pub(crate) fn mouse(
        &mut self,
        event: MouseEvent,
        body: Rect,
        now: Instant,
        explore: &mut Explore,
    ) -> Outcome {
        let grid = self.grid(body);
        match event.kind {
            MouseEventKind::ScrollDown => self.wheel(1, &grid, explore),
            MouseEventKind::ScrollUp => self.wheel(-1, &grid, explore),
            MouseEventKind::Down(MouseButton::Left) => {
                return self.press(Position::new(event.column, event.row), &grid, now, explore);
            }
            _ => {}
        }
        Outcome::Done
    }

    /// Moves the view by a row, and the cursor only as far as it would leave it.
    fn wheel(&mut self, delta: isize, grid: &Grid, explore: &mut Explore) {
        let columns = u64::from(grid.columns);
        self.scroll.by(delta, grid.rows_of(explore.hits.total), usize::from(grid.rows));
        let (first, column) = (self.scroll.top as u64, explore.hits.cursor % columns);
        let row = (explore.hits.cursor / columns).clamp(first, first + u64::from(grid.rows) - 1);
        explore.go_to_hit((row * columns + column).min(explore.hits.total.saturating_sub(1)));
    }

    fn press(&mut self, point: Position, grid: &Grid, now: Instant, explore: &mut Explore) -> Outcome {
        let is_double = self.last_click.is_some_and(|(at, place)| place == point && now - at < DOUBLE_CLICK);
        self.last_click = if is_double { None } else { Some((now, point)) };
        let first = self.scroll.top as u64 * u64::from(grid.columns);
        let Some(place) = grid.at(point).map(|nth| first + nth).filter(|place| *place < explore.hits.total)
        else {
            return Outcome::Done;
        };
        explore.go_to_hit(place);
        if is_double { Outcome::Close } else { Outcome::Done }
    }

    pub(crate) fn draw(&self, buffer: &mut Buffer, body: Rect, explore: &Explore, has_focus: bool) {
        let (grid, theme, hits) = (self.grid(body), &explore.theme, &explore.hits);
        let place = match hits.total {
            0 => String::new(),
            total => format!("{}/{}", thousands(hits.cursor + 1), thousands(total)),
        };
        draw_heading(buffer, grid.heading, "Gallery", &place, theme, has_focus);
        if explore.draw_nothing_found(buffer, grid.area) {
            return;
        }
        let view = self.in_view(body);
        for (nth, place) in (0..).zip(view.start..view.end.min(hits.total)) {
            draw_thumbnail(buffer, &grid, nth, place, explore, has_focus);
        }
        let rows = (self.scroll.top as u64, u64::from(grid.rows), grid.rows_of(hits.total) as u64);
        scrollbar(buffer, grid.bar, rows, theme.rule, theme.dim);
    }
}

/// Moves the cursor. A step over rows that would lead beyond the first or last one stays in its
/// column; a page goes as far as it can.
fn walk(delta: i64, grid: &Grid, explore: &mut Explore) {
    let (cursor, last) = (explore.hits.cursor, explore.hits.total.saturating_sub(1));
    let row = u64::from(grid.columns);
    let target = cursor.saturating_add_signed(delta);
    let is_over_rows = delta.unsigned_abs() >= row && row > 1;
    let target = if is_over_rows && delta < 0 && cursor < delta.unsigned_abs() {
        cursor % row
    } else if is_over_rows && target > last {
        // The last row may be short: from the row above one goes to its end.
        (last / row * row + cursor % row).min(last)
    } else {
        target.min(last)
    };
    explore.go_to_hit(target);
}

/// How far a thumbnail is from the cursor, as the eye goes: rows count more than columns.
fn distance(grid: &Grid, place: u64, cursor: u64) -> (u64, u64) {
    let columns = u64::from(grid.columns);
    let across = (place % columns).abs_diff(cursor % columns);
    let down = (place / columns).abs_diff(cursor / columns);
    (across + 2 * down, place)
}

fn draw_thumbnail(
    buffer: &mut Buffer,
    grid: &Grid,
    nth: u64,
    place: u64,
    explore: &Explore,
    has_focus: bool,
) {
    let (theme, hits) = (&explore.theme, &explore.hits);
    let (cell, area) = (grid.cell(nth), grid.picture(nth));
    let line = |row: u16| Rect { y: area.bottom() + row, height: cell.height.min(1), ..area };
    let is_here = place == hits.cursor;
    if is_here {
        let style = if has_focus { theme.cursor } else { theme.cursor_away };
        buffer.set_style(line(0).intersection(cell).intersection(buffer.area), style);
        for y in cell.y..cell.bottom() {
            put(buffer, Rect { y, height: 1, ..cell }, cell.x, "▌", theme.focus);
        }
    }
    hits.draw_caption(buffer, line(0).intersection(cell), place, theme);
    let x = hits.draw_signs(buffer, line(1).intersection(cell), place, theme);
    if hits.sample(place).is_some() {
        let is_animated = draw_picture(buffer, area, place, hits, &explore.pictures, theme);
        if is_animated {
            put(buffer, line(1).intersection(cell), x, ANIMATED, theme.dim);
        }
    }
}

/// The picture, or the words of the caption where there is none; whether it is animated.
fn draw_picture(
    buffer: &mut Buffer,
    area: Rect,
    place: u64,
    hits: &Hits,
    pictures: &Pictures,
    theme: &Theme,
) -> bool {
    let image = hits.sample(place).and_then(|sample| sample.images.first());
    let Some(image) = image else {
        let text = hits.caption(place, usize::from(area.width) * usize::from(area.height));
        for (y, row) in (area.y..area.bottom()).zip(wrap(text, area.width.max(1))) {
            put(buffer, Rect { y, height: 1, ..area }, area.x, text.get(row).unwrap_or(""), theme.dim);
        }
        return false;
    };
    pictures.draw_thumbnail(buffer, area, image, theme);
    pictures.is_animated(image)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn as_many_fit_as_have_room() {
        let table = [
            ((60, 15), 2, (2, 1)),
            ((100, 27), 2, (4, 2)),
            ((200, 57), 2, (9, 4)),
            ((300, 97), 0, (24, 13)),
            ((60, 15), 0, (4, 2)),
            ((60, 15), 6, (1, 1)),
        ];
        for ((width, height), size, expected) in table {
            let grid = Grid::new(Rect::new(0, 2, width, height), size);
            assert_eq!((grid.columns, grid.rows), expected, "{width}x{height} at {size}");
        }
    }

    proptest! {
        #[test]
        fn thumbnails_do_not_overlap(width in 0_u16..320, height in 0_u16..120, size in 0_usize..7) {
            let body = Rect::new(3, 2, width, height);
            let grid = Grid::new(body, size);
            let cells: Vec<Rect> = (0..grid.page()).map(|nth| grid.cell(nth)).collect();
            for (place, cell) in cells.iter().enumerate() {
                prop_assert_eq!(cell.intersection(grid.area), *cell);
                prop_assert_eq!(grid.picture(place as u64).intersection(*cell), grid.picture(place as u64));
                for other in cells.iter().skip(place + 1).take(60) {
                    prop_assert!(!cell.intersects(*other) || cell.is_empty(), "{:?} {:?}", cell, other);
                }
            }
        }
    }
}
