//! How does each thing look? One file a family; all in vector shapes.

mod animals;
mod backdrop;
mod indoors;
mod letters;
mod nature;
mod people;
mod things;
mod vehicles;

pub(super) use backdrop::{backdrop, weather};

use super::canvas::{Brush, Ink, Rgb};
use super::kind::{Color, Kind, Pattern, Pose, State};

/// Almost black, for eyes and wheels.
const INK: Rgb = Rgb(34, 32, 44);
/// The white of white things.
const PAPER: Rgb = Rgb(248, 246, 240);

/// All that decides how one thing is painted.
#[derive(Clone, Debug)]
pub(super) struct Look {
    /// What it is.
    pub(super) kind: Kind,
    /// Whose pixels these are.
    pub(super) owner: u8,
    /// Its main colour.
    pub(super) color: Rgb,
    /// What is drawn on it.
    pub(super) pattern: Option<Pattern>,
    /// Its state.
    pub(super) state: Option<State>,
    /// How it holds itself.
    pub(super) pose: Pose,
    /// What is written on it.
    pub(super) text: Option<&'static str>,
    /// A number that varies what no caption speaks of.
    pub(super) grain: u64,
    /// Is it night? Then windows shine.
    pub(super) night: bool,
    /// What it wears, holds or has, with its owner number.
    pub(super) parts: Vec<(u8, Self)>,
}

impl Look {
    /// The part of this kind.
    fn part(&self, kind: Kind) -> Option<(u8, &Self)> {
        self.parts.iter().find(|(_, part)| part.kind == kind).map(|(owner, part)| (*owner, part))
    }

    /// Is it open, or lit?
    fn active(&self) -> bool {
        matches!(self.state, Some(State::Open | State::Lit))
    }
}

/// Paints a thing, standing at the brush's origin.
pub(super) fn paint(brush: &mut Brush<'_>, look: &Look) {
    let before = brush.paint_for(look.owner);
    match look.kind {
        kind if kind.person() => people::paint(brush, look),
        kind if kind.animal() => animals::paint(brush, look),
        Kind::Car
        | Kind::Bus
        | Kind::Truck
        | Kind::Tractor
        | Kind::Bicycle
        | Kind::Boat
        | Kind::Ship
        | Kind::Train
        | Kind::Plane => vehicles::paint(brush, look),
        Kind::Tree
        | Kind::PalmTree
        | Kind::Flower
        | Kind::Mushroom
        | Kind::Snowman
        | Kind::House
        | Kind::Barn
        | Kind::Tent
        | Kind::Lighthouse
        | Kind::Fence
        | Kind::Plant
        | Kind::Pumpkin => nature::paint(brush, look),
        Kind::Table
        | Kind::Desk
        | Kind::Chair
        | Kind::Sofa
        | Kind::Lamp
        | Kind::Door
        | Kind::Window
        | Kind::Clock
        | Kind::Painting
        | Kind::Television => indoors::paint(brush, look),
        _ => things::paint(brush, look),
    }
    brush.paint_for(before);
}

/// The shadow that a thing of this half width throws on the ground.
pub(super) fn shadow(brush: &mut Brush<'_>, half: f32) {
    let before = brush.paint_for(0);
    brush.ellipse(2.0, 0.5, half, (half * 0.14).min(8.0), Ink::from(Rgb(18, 24, 40)).thin(0.26));
    brush.paint_for(before);
}

/// An eye: white around black, or a line where it is shut.
fn eye(brush: &mut Brush<'_>, x: f32, y: f32, shut: bool) {
    if shut {
        brush.line(&[(x - 3.4, y), (x + 3.4, y - 0.6)], 2.0, INK);
    } else {
        brush.disc(x, y, 4.0, PAPER);
        brush.disc(x + 0.8, y, 2.4, INK);
    }
}

/// Draws the pattern of a thing within a box `(left, low, width, height)`.
fn patterned(brush: &mut Brush<'_>, look: &Look, room: (f32, f32, f32, f32)) {
    let (left, low, width, height) = room;
    let second = if look.color == Color::White.rgb() { Rgb(60, 90, 170) } else { PAPER };
    match look.pattern {
        Some(Pattern::Striped) => {
            for stripe in 0..3 {
                let bottom = low + height * (0.1 + stripe as f32 * 0.3);
                brush.rect(left, bottom, width, height * 0.15, second);
            }
        }
        Some(Pattern::Spotted) => {
            let radius = (width.min(height) * 0.11).max(2.6);
            for (x, y) in [(0.25, 0.25), (0.7, 0.2), (0.48, 0.5), (0.2, 0.75), (0.76, 0.74)] {
                brush.disc(left + width * x, low + height * y, radius, second);
            }
        }
        None => {}
    }
}
