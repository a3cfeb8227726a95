//! The picture on the whole screen, near enough to see every pixel; two of them beside each other
//! where a sample has several. The last row is left to what is said of it, and to the hints.
//!
//! How near one is, and which point of the picture is in the middle, is all that it holds. Two
//! pictures share both, so that the same place of both is compared.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::action::Action;
use crate::media::{Part, STEPS};
use crate::model::{Image, Seq};
use crate::ui::{clip_middle, thousands};
use crate::worker::PictureKey;

use super::explore::Explore;
use super::flags::Outcome;
use super::pair_panes::{self, Member};
use super::picture::{self, Sight, can_be_made, key_of};

/// How much nearer a step leads.
const STEP: f64 = 1.5;
/// Pixels of the screen for one of the picture, where one is nearest.
const NEAREST: f64 = 8.0;
/// A small picture can be looked at this much nearer all the same.
const NEARER: f64 = STEP * STEP;
/// What of the part in view a step sideways moves.
const STRIDE: f64 = 0.25;
/// Pixels of a cell, as good as screens know; what is painted goes by the true ones.
const CELL: (f64, f64) = (10.0, 20.0);
/// Columns of a name in the last row.
const LONGEST_NAME: usize = 28;
/// The size of a picture of which nothing is known yet.
const UNKNOWN: (u32, u32) = (800, 600);

/// How many pictures are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Layout {
    #[default]
    One,
    Two,
}

/// The view.
#[derive(Debug, Default)]
pub(crate) struct Viewer {
    layout: Layout,
    /// The sample and the picture that it was moved on.
    of: Option<(Seq, usize)>,
    lens: Lens,
    /// Where the mouse holds the picture.
    grip: Option<Position>,
}

/// How near one is, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Lens {
    /// Steps from the whole picture.
    level: i32,
    /// The point in the middle, as shares of the sides.
    centre: (f64, f64),
}

impl Default for Lens {
    fn default() -> Self {
        Self { level: 0, centre: (0.5, 0.5) }
    }
}

/// A picture in a box of cells, as far as a lens is concerned.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Field {
    /// Width and height of the picture in pixels.
    size: (f64, f64),
    /// Width and height of the box in pixels of the screen.
    room: (f64, f64),
}

impl Field {
    fn new(size: (u32, u32), area: Rect) -> Self {
        Self {
            size: (f64::from(size.0.max(1)), f64::from(size.1.max(1))),
            room: (f64::from(area.width.max(1)) * CELL.0, f64::from(area.height.max(1)) * CELL.1),
        }
    }

    /// Pixels of the screen for one of the picture, where all of it is seen.
    fn fit(self) -> f64 {
        (self.room.0 / self.size.0).min(self.room.1 / self.size.1)
    }

    fn most(self) -> f64 {
        (NEAREST / self.fit()).max(NEARER)
    }

    /// The last step that leads nearer.
    fn last_level(self) -> i32 {
        (self.most().ln() / STEP.ln()).ceil() as i32
    }

    fn zoom(self, lens: Lens) -> f64 {
        STEP.powi(lens.level).min(self.most())
    }

    /// What of the sides is in view.
    fn shares(self, lens: Lens) -> (f64, f64) {
        let scale = self.fit() * self.zoom(lens);
        ((self.room.0 / (self.size.0 * scale)).min(1.0), (self.room.1 / (self.size.1 * scale)).min(1.0))
    }

    /// What of the box the picture fills.
    fn filled(self, lens: Lens) -> (f64, f64) {
        let (scale, (across, down)) = (self.fit() * self.zoom(lens), self.shares(lens));
        (across * self.size.0 * scale / self.room.0, down * self.size.1 * scale / self.room.1)
    }

    /// The lens with nothing beyond the rim in view.
    fn held(self, lens: Lens) -> Lens {
        let (across, down) = self.shares(lens);
        let hold = |centre: f64, share: f64| centre.clamp(share / 2.0, 1.0 - share / 2.0);
        Lens { centre: (hold(lens.centre.0, across), hold(lens.centre.1, down)), ..lens }
    }

    fn part(self, lens: Lens) -> Part {
        let (across, down) = self.shares(lens);
        let lens = self.held(lens);
        let stretch = |centre: f64, share: f64| {
            let length = (share * f64::from(STEPS)).round().clamp(1.0, f64::from(STEPS)) as u16;
            let start = ((centre - share / 2.0) * f64::from(STEPS)).round().max(0.0) as u16;
            (start.min(STEPS - length), length)
        };
        let (x, width) = stretch(lens.centre.0, across);
        let (y, height) = stretch(lens.centre.1, down);
        Part { x, y, width, height }
    }

    /// So many steps nearer, with the point that is `off` the middle of the box, in shares of it,
    /// staying where it is.
    fn nearer(self, lens: Lens, steps: i32, off: (f64, f64)) -> Lens {
        let level = (lens.level + steps).clamp(0, self.last_level());
        let next = Lens { level, ..lens };
        let (before, after) = (self.shares(lens), self.shares(next));
        let (filled, fills) = (self.filled(lens), self.filled(next));
        let shift = |off: f64, before: f64, after: f64, filled: f64, fills: f64| {
            (off / filled).clamp(-0.5, 0.5) * before - (off / fills).clamp(-0.5, 0.5) * after
        };
        let centre = (
            lens.centre.0 + shift(off.0, before.0, after.0, filled.0, fills.0),
            lens.centre.1 + shift(off.1, before.1, after.1, filled.1, fills.1),
        );
        self.held(Lens { centre, ..next })
    }

    /// Moved by shares of what is in view.
    fn moved(self, lens: Lens, by: (f64, f64)) -> Lens {
        let (across, down) = self.shares(lens);
        let held = self.held(lens);
        let centre = (held.centre.0 + by.0 * across, held.centre.1 + by.1 * down);
        self.held(Lens { centre, ..held })
    }
}

/// A picture in view.
struct Pane {
    place: usize,
    area: Rect,
}

/// Where the picture lies on a screen: all of it but the last row.
fn room(screen: Rect) -> Rect {
    Rect { height: screen.height.saturating_sub(1), ..screen }
}

impl Viewer {
    /// Sees the whole picture again where it is another one.
    pub(crate) fn follow(&mut self, explore: &Explore) {
        let of = explore.detail.sample.as_ref().map(|sample| (sample.seq, explore.detail.image));
        // In the pair both are in view: going from one to the other changes nothing.
        let stays = self.layout == Layout::Two && of.map(|of| of.0) == self.of.map(|of| of.0);
        if of != self.of && !stays {
            self.lens = Lens::default();
            self.grip = None;
        }
        self.of = of;
    }

    /// The pictures in view; the chosen one is the first.
    fn panes(&self, screen: Rect, explore: &Explore) -> Vec<Pane> {
        let room = room(screen);
        match self.pair(room, explore) {
            Some((halves, members)) => {
                let both = halves.into_iter().zip(members);
                let mut panes: Vec<Pane> =
                    both.map(|(half, place)| Pane { place, area: half.body }).collect();
                panes.sort_by_key(|pane| pane.place != explore.detail.image);
                panes
            }
            None => vec![Pane { place: explore.detail.image, area: room }],
        }
    }

    /// Where two pictures lie, and which they are.
    fn pair(&self, room: Rect, explore: &Explore) -> Option<([pair_panes::Half; 2], [usize; 2])> {
        if self.layout == Layout::One {
            return None;
        }
        pair_panes::fitting(room, explore.images().len(), explore.detail.image)
    }

    fn field(image: &Image, area: Rect, explore: &Explore) -> Field {
        Field::new(explore.pictures.size(image).unwrap_or(UNKNOWN), area)
    }

    fn sight(&self, place: usize, area: Rect, explore: &Explore) -> Sight {
        let part = match explore.images().get(place) {
            Some(image) if self.lens.level > 0 => Self::field(image, area, explore).part(self.lens),
            _ => Part::WHOLE,
        };
        Sight { part, ..explore.sight(place) }
    }

    /// The pictures in view, then those of the samples around.
    pub(crate) fn wanted(&self, screen: Rect, explore: &Explore) -> Vec<PictureKey> {
        let panes = self.panes(screen, explore);
        let mut keys = Vec::new();
        for pane in &panes {
            if let Some(image) = explore.images().get(pane.place).filter(|image| can_be_made(image)) {
                keys.push(key_of(image, pane.area, &self.sight(pane.place, pane.area, explore)));
            }
        }
        let Some(area) = panes.first().map(|pane| pane.area) else { return keys };
        for delta in [1_i64, -1] {
            let around = explore.hits.cursor.checked_add_signed(delta);
            let sample = around.and_then(|place| explore.hits.sample(place));
            if let Some(image) =
                sample.and_then(|sample| sample.images.first()).filter(|image| can_be_made(image))
            {
                let key = key_of(image, area, &Sight::default());
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        keys
    }

    /// The picture that keys are about, with its box.
    fn chosen(&self, screen: Rect, explore: &Explore) -> Option<Field> {
        let pane = self.panes(screen, explore).into_iter().next()?;
        explore.images().get(pane.place).map(|image| Self::field(image, pane.area, explore))
    }

    /// Lets a key act.
    pub(crate) fn act(
        &mut self,
        action: Action,
        count: Option<u64>,
        screen: Rect,
        explore: &mut Explore,
    ) -> Outcome {
        let times = count.unwrap_or(1).min(1000) as i32;
        let stride = STRIDE * f64::from(times);
        match action {
            Action::Larger => self.zoom(times, (0.0, 0.0), screen, explore),
            Action::Smaller => self.zoom(-times, (0.0, 0.0), screen, explore),
            Action::Whole => self.lens = Lens::default(),
            Action::Left => self.pan((-stride, 0.0), screen, explore),
            Action::Right => self.pan((stride, 0.0), screen, explore),
            Action::Up | Action::HalfUp => self.pan((0.0, -stride), screen, explore),
            Action::Down | Action::HalfDown => self.pan((0.0, stride), screen, explore),
            Action::NextSample | Action::NextHit => explore.move_list(i64::from(times)),
            Action::PreviousSample | Action::PreviousHit => explore.move_list(-i64::from(times)),
            Action::First => explore.go_to_hit(count.map_or(0, |place| place.saturating_sub(1))),
            Action::Last => explore.go_to_hit(count.map_or(u64::MAX, |place| place.saturating_sub(1))),
            Action::NextPicture => explore.step_picture(1),
            Action::PreviousPicture => explore.step_picture(-1),
            Action::PairView => {
                self.layout = if self.layout == Layout::One { Layout::Two } else { Layout::One };
                self.lens = Lens::default();
            }
            Action::ToggleBoxes => explore.toggle_boxes(),
            Action::Back | Action::Quit | Action::ShowPicture | Action::Open => return Outcome::Close,
            _ => {}
        }
        Outcome::Done
    }

    fn zoom(&mut self, steps: i32, off: (f64, f64), screen: Rect, explore: &Explore) {
        if let Some(field) = self.chosen(screen, explore) {
            self.lens = field.nearer(self.lens, steps, off);
        }
    }

    fn pan(&mut self, by: (f64, f64), screen: Rect, explore: &Explore) {
        if let Some(field) = self.chosen(screen, explore) {
            self.lens = field.moved(self.lens, by);
        }
    }

    /// Lets the mouse act: its wheel leads nearer to what is under it, and it drags the picture.
    pub(crate) fn mouse(&mut self, event: MouseEvent, screen: Rect, explore: &mut Explore) {
        let point = Position::new(event.column, event.row);
        let panes = self.panes(screen, explore);
        let area = panes.iter().find(|pane| pane.area.contains(point)).map(|pane| pane.area);
        match event.kind {
            MouseEventKind::ScrollUp => self.wheel(1, point, area, screen, explore),
            MouseEventKind::ScrollDown => self.wheel(-1, point, area, screen, explore),
            MouseEventKind::Down(MouseButton::Left) => {
                self.grip = area.map(|_| point);
                let pressed = panes.iter().find(|pane| pane.area.contains(point));
                if let Some(pane) = pressed.filter(|pane| pane.place != explore.detail.image) {
                    explore.detail.image = pane.place;
                }
            }
            MouseEventKind::Drag(MouseButton::Left) => self.drag(point, screen, explore),
            MouseEventKind::Up(_) => self.grip = None,
            _ => {}
        }
    }

    fn wheel(&mut self, steps: i32, point: Position, area: Option<Rect>, screen: Rect, explore: &Explore) {
        let Some(area) = area else { return };
        let off = |at: u16, start: u16, length: u16| {
            (f64::from(at.saturating_sub(start)) + 0.5) / f64::from(length.max(1)) - 0.5
        };
        let off = (off(point.x, area.x, area.width), off(point.y, area.y, area.height));
        self.zoom(steps, off, screen, explore);
    }

    fn drag(&mut self, point: Position, screen: Rect, explore: &Explore) {
        let Some(grip) = self.grip.replace(point) else { return };
        let Some(area) = self.panes(screen, explore).first().map(|pane| pane.area) else { return };
        let by =
            |from: u16, to: u16, length: u16| (f64::from(from) - f64::from(to)) / f64::from(length.max(1));
        self.pan((by(grip.x, point.x, area.width), by(grip.y, point.y, area.height)), screen, explore);
    }

    pub(crate) fn draw(&self, buffer: &mut Buffer, screen: Rect, explore: &Explore) {
        let (room, images) = (room(screen), explore.images());
        let Some((halves, members)) = self.pair(room, explore) else {
            let place = explore.detail.image;
            let sight = self.sight(place, room, explore);
            explore.pictures.draw(buffer, room, images.get(place), &sight, &explore.theme);
            return;
        };
        let [left, right] = halves;
        let [one, other] = members;
        let sights = [self.sight(one, left.body, explore), self.sight(other, right.body, explore)];
        explore.draw_pair(buffer, room, members, sights);
    }

    /// What is said of the picture: its name, its size, how near one is, its place among the hits.
    pub(crate) fn status(&self, screen: Rect, explore: &Explore) -> String {
        let panes = self.panes(screen, explore);
        let Some((pane, image)) =
            panes.first().and_then(|pane| Some((pane, explore.images().get(pane.place)?)))
        else {
            return "no picture".to_owned();
        };
        let mut parts = vec![clip_middle(&picture::name(image), LONGEST_NAME).into_owned()];
        if explore.images().len() > 1 {
            parts.push(format!("{}/{}", pane.place + 1, explore.images().len()));
        }
        parts.extend(explore.pictures.size(image).map(|(columns, rows)| format!("{columns}×{rows}")));
        if self.lens.level > 0 {
            parts.push(format!("zoom {:.1}", Self::field(image, pane.area, explore).zoom(self.lens)));
        }
        parts.push(format!("{}/{}", thousands(explore.hits.cursor + 1), thousands(explore.hits.total)));
        if explore.pictures.is_animated(image) {
            parts.push(picture::frames(usize::from(screen.width) / 3).to_owned());
        }
        parts.join(" · ")
    }
}

impl Explore {
    /// Draws two pictures of the sample side by side.
    pub(crate) fn draw_pair(&self, buffer: &mut Buffer, area: Rect, members: [usize; 2], sights: [Sight; 2]) {
        let Some(halves) = pair_panes::halves(area) else { return };
        let [one, other] = members;
        let images = self.images();
        let (Some(left), Some(right)) = (images.get(one), images.get(other)) else { return };
        let [left_half, right_half] = halves;
        let [left_sight, right_sight] = sights;
        let member = |place: usize, image, half: pair_panes::Half, sight: Sight| {
            let is_animated = self.pictures.is_animated(image);
            let room = usize::from(half.title.width).saturating_sub(4);
            let title = picture::title(images, place, is_animated, room);
            Member { image, sight, title, is_chosen: place == self.detail.image }
        };
        let both = [member(one, left, left_half, left_sight), member(other, right, right_half, right_sight)];
        pair_panes::draw(buffer, area, both, &self.pictures, &self.theme);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 4:3 in a box of 4:3, one pixel of the picture for one of the screen.
    fn field() -> Field {
        Field::new((800, 600), Rect::new(0, 0, 80, 30))
    }

    fn level(level: i32) -> Lens {
        Lens { level, ..Lens::default() }
    }

    #[test]
    fn steps_lead_nearer_to_the_middle_up_to_eight_pixels_for_one() {
        assert_eq!(field().part(level(0)), Part::WHOLE);
        let part = field().part(level(1));
        assert_eq!((part.x, part.y, part.width, part.height), (1667, 1667, 6667, 6667));
        let last = field().last_level();
        assert!((field().zoom(level(last)) - NEAREST).abs() < 1e-9);
        let lens = field().nearer(level(0), 100, (0.0, 0.0));
        assert_eq!((lens.level, field().part(lens).width), (last, 1250));
        let small = Field::new((32, 24), Rect::new(0, 0, 80, 30));
        assert!((small.zoom(small.nearer(level(0), 9, (0.0, 0.0))) - NEARER).abs() < 1e-9);
    }

    #[test]
    fn a_part_fills_the_room_that_the_whole_leaves_empty() {
        // A square in a box that is twice as wide.
        let field = Field::new((600, 600), Rect::new(0, 0, 120, 30));
        let part = field.part(level(1));
        assert_eq!((part.width, part.height), (10_000, 6667));
        let part = field.part(level(3));
        assert_eq!((part.width, part.height), (5926, 2963));
    }

    #[test]
    fn moving_ends_at_the_rim() {
        let near = level(2);
        let right = field().moved(near, (0.25, 0.0));
        assert!(field().part(right).x > field().part(near).x);
        let rim = field().part(field().moved(near, (99.0, -99.0)));
        assert_eq!((rim.x + rim.width, rim.y), (10_000, 0));
        assert_eq!(field().part(field().moved(level(0), (1.0, 1.0))), Part::WHOLE);
    }

    #[test]
    fn what_is_under_the_wheel_stays_there() {
        let off = (0.3, -0.2);
        let seen = |lens: Lens| {
            let (across, down) = field().shares(lens);
            (lens.centre.0 + off.0 * across, lens.centre.1 + off.1 * down)
        };
        let before = field().nearer(level(0), 2, (0.0, 0.0));
        let after = field().nearer(before, 1, off);
        let (one, other) = (seen(before), seen(after));
        assert!((one.0 - other.0).abs() < 1e-9 && (one.1 - other.1).abs() < 1e-9, "{one:?} {other:?}");
    }

    proptest! {
        #[test]
        fn a_part_is_never_outside(w in 1_u32..60_000, h in 1_u32..60_000, columns in 0_u16..300, rows in 0_u16..100,
                                   steps in prop::collection::vec((-3_i32..6, -2.0..2.0_f64, -2.0..2.0_f64), 0..9)) {
            let field = Field::new((w, h), Rect::new(0, 0, columns, rows));
            let mut lens = Lens::default();
            for (nearer, x, y) in steps {
                lens = field.moved(field.nearer(lens, nearer, (x / 4.0, y / 4.0)), (x, y));
                let part = field.part(lens);
                prop_assert!(part.width >= 1 && part.height >= 1);
                prop_assert!(part.x + part.width <= STEPS && part.y + part.height <= STEPS);
            }
        }
    }
}
