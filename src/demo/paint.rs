//! From a scene to its picture, with the true rectangle of each thing.

use super::canvas::{Bounds, Brush, Canvas, Rgb};
use super::draw::{self, Look};
use super::kind::{Kind, Size};
use super::place::{Mood, Place};
use super::scene::{Scene, Spot, grain};

/// A painted scene.
pub(super) struct Painting {
    /// The picture.
    pub(super) canvas: Canvas,
    /// For each thing of the scene, its rectangle in the picture.
    pub(super) boxes: Vec<Bounds>,
}

/// Where a thing (or the first of a group) stands.
#[derive(Clone, Copy, Debug)]
struct Frame {
    x: f32,
    y: f32,
    scale: f32,
    /// From one of a group to the next.
    step: f32,
    mirrored: bool,
}

/// Paints a scene; `copy` varies what no caption speaks of.
pub(super) fn paint(scene: &Scene, copy: u64) -> Painting {
    let seed = grain(scene.seed, copy, 0xBACD);
    let mut canvas = Canvas::new();
    draw::backdrop(&mut canvas, scene.place, scene.mood, seed);
    let mut order: Vec<usize> =
        (0..scene.things.len()).filter(|index| scene.things[*index].leads()).collect();
    order.sort_by_key(|index| depth(scene.things[*index].spot));
    for index in order {
        place(&mut canvas, scene, index, seed);
    }
    let (line, strength) = match scene.mood {
        Mood::Night if !scene.place.indoors() => (Rgb(226, 228, 255), 0.34),
        _ => (Rgb(28, 22, 44), 0.5),
    };
    canvas.outline(line, strength);
    draw::weather(&mut canvas, scene.mood, seed);
    let boxes = (0..scene.things.len()).map(|index| bounds(&canvas, scene, index)).collect();
    Painting { canvas, boxes }
}

/// The number under which the canvas knows a thing; 0 is the backdrop.
fn owner(index: usize) -> u8 {
    u8::try_from(index + 1).unwrap_or(u8::MAX)
}

fn bounds(canvas: &Canvas, scene: &Scene, index: usize) -> Bounds {
    let kind = scene.things[index].kind;
    let whole = Bounds { left: 0, top: 0, right: super::canvas::WIDTH, bottom: super::canvas::HEIGHT };
    if kind.ground() {
        let (front, back) = (scene.place.front(scene.mood), scene.place.back(scene.mood));
        let ground = if back.kind == kind { back } else { front };
        return Bounds { top: ground.top, bottom: ground.bottom, ..whole };
    }
    canvas.bounds(owner(index)).unwrap_or(whole)
}

/// What is farther away is painted earlier.
fn depth(spot: Spot) -> u8 {
    match spot {
        Spot::Sky(_) | Spot::Wall(_) => 0,
        Spot::Far(_) => 1,
        Spot::Support => 2,
        Spot::Under | Spot::Top(_) | Spot::Side(_) | Spot::Near(_) => 3,
        _ => 4,
    }
}

fn look(scene: &Scene, index: usize, seed: u64) -> Look {
    let thing = &scene.things[index];
    let parts = scene
        .things
        .iter()
        .enumerate()
        .filter(|(_, part)| part.spot == Spot::Part(index))
        .map(|(part, _)| (owner(part), look(scene, part, seed)))
        .collect();
    Look {
        kind: thing.kind,
        owner: owner(index),
        color: thing.color.map_or(Rgb(120, 120, 130), super::kind::Color::rgb),
        pattern: thing.pattern,
        state: thing.state,
        pose: scene.pose(index),
        text: thing.text,
        grain: grain(seed, 1, spot_number(scene, thing.spot)),
        night: scene.mood == Mood::Night,
        parts,
    }
}

/// A number for a spot, so that chance hangs on the spot and not on what stands there.
fn spot_number(scene: &Scene, spot: Spot) -> u64 {
    let number = match spot {
        Spot::Near(column) => column,
        Spot::Far(column) => 10 + column,
        Spot::Sky(column) => 20 + column,
        Spot::Wall(column) => 30 + column,
        Spot::Top(place) => 40 + place,
        Spot::Side(side) => 50 + side,
        Spot::Support => 60,
        Spot::Under => 61,
        Spot::Ground => 62,
        Spot::Part(of) => return 100 + spot_number(scene, scene.things[of].spot),
        Spot::Rider(of) => return 200 + spot_number(scene, scene.things[of].spot),
    };
    number as u64
}

fn place(canvas: &mut Canvas, scene: &Scene, index: usize, seed: u64) {
    let thing = &scene.things[index];
    let look = look(scene, index, seed);
    if let Spot::Rider(mount) = thing.spot {
        let frame = frame(scene, mount, seed);
        let saddle = if scene.things[mount].kind == Kind::Horse { (-8.0, 84.0) } else { (-15.0, 71.0) };
        let mut brush = Brush::new(canvas, (frame.x, frame.y), frame.scale, frame.mirrored);
        let child = matches!(thing.kind, Kind::Boy | Kind::Girl);
        draw::paint(&mut brush.part(saddle, if child { 1.0 } else { 0.84 }), &look);
        return;
    }
    let frame = frame(scene, index, seed);
    for copy in 0..thing.count {
        let x = frame.x + copy as f32 * frame.step;
        let mut brush = Brush::new(canvas, (x, frame.y), frame.scale, frame.mirrored);
        if grounded(thing.spot) && !floats(scene, index) {
            draw::shadow(&mut brush, thing.kind.extent().0 * 0.46);
        }
        draw::paint(&mut brush, &look);
    }
}

fn grounded(spot: Spot) -> bool {
    !matches!(spot, Spot::Sky(_) | Spot::Wall(_))
}

fn floats(scene: &Scene, index: usize) -> bool {
    use super::kind::Predicate::{SailOn, SwimIn};
    scene.main_link(index).is_some_and(|link| matches!(link.predicate, SailOn | SwimIn))
}

/// The room that a spot offers: middle, foot, width, height.
fn room(scene: &Scene, index: usize) -> (f32, f32, f32, f32) {
    let thing = &scene.things[index];
    let column = |column: usize| 66.0 + column as f32 * 126.0;
    match thing.spot {
        Spot::Near(own) => {
            let ridden = scene.things.iter().any(|other| other.spot == Spot::Rider(index));
            let behind = scene.things.iter().any(|other| other.spot == Spot::Far(own) || wide(other, own));
            let high = if ridden {
                if thing.kind == Kind::Horse { 112.0 } else { 76.0 }
            } else if behind {
                78.0
            } else {
                158.0
            };
            (column(own), 270.0, 120.0, high)
        }
        Spot::Far(own) => {
            let foot = scene.place.back(scene.mood);
            let foot = if foot.kind == scene.place.front(scene.mood).kind {
                184.0
            } else {
                foot.bottom as f32 - 8.0
            };
            if thing.kind == Kind::Train {
                (column(own) + 63.0, 191.0, 250.0, 90.0)
            } else if scene.place == Place::Beach {
                (column(own), foot - 4.0, 112.0, 96.0)
            } else {
                (column(own), foot, 120.0, 114.0)
            }
        }
        Spot::Sky(own) => (column(own), 63.0, 112.0, 54.0),
        Spot::Wall(own) => (column(own), 104.0, 98.0, 84.0),
        Spot::Support => (192.0, 268.0, 240.0, 112.0),
        Spot::Top(place) => {
            let sofa = scene.place.support() == Kind::Sofa;
            let middle = 192.0 + (place as f32 - 1.0) * if sofa { 62.0 } else { 70.0 };
            if sofa { (middle, 220.0, 60.0, 66.0) } else { (middle, 173.0, 66.0, 62.0) }
        }
        Spot::Side(side) => (if side == 0 { 37.0 } else { 347.0 }, 268.0, 70.0, 152.0),
        Spot::Under => {
            let desk = scene.place.support() == Kind::Desk;
            (if desk { 164.0 } else { 192.0 }, 266.0, 110.0, 58.0)
        }
        Spot::Part(_) | Spot::Rider(_) | Spot::Ground => (192.0, 268.0, 100.0, 100.0),
    }
}

/// Does this reach over the column to its right as well?
fn wide(thing: &super::scene::Thing, column: usize) -> bool {
    thing.kind == Kind::Train && matches!(thing.spot, Spot::Far(own) if own + 1 == column)
}

fn frame(scene: &Scene, index: usize, seed: u64) -> Frame {
    let thing = &scene.things[index];
    let (middle, foot, width, height) = room(scene, index);
    let (own_width, own_height) = reach(scene, index);
    let number = thing.count.max(1) as f32;
    let gap = 1.06;
    let wanted: f32 = match thing.size {
        Some(Size::Small) => 0.66,
        Some(Size::Large) => 1.34,
        None => 1.0,
    };
    let natural: f32 = match thing.spot {
        Spot::Far(_) => 0.86,
        Spot::Near(_) if own_height < 60.0 && own_width < 80.0 => 1.2,
        Spot::Sky(_) => 1.1,
        _ => 1.0,
    };
    let span = own_width * (1.0 + (number - 1.0) * gap);
    let scale = (natural * wanted).min(width / span).min(height / own_height);
    // A small one stays smaller than an ordinary one, also where the spot shrinks both.
    let scale = if thing.size == Some(Size::Small) {
        scale.min(0.7 * (width / span).min(height / own_height))
    } else {
        scale
    };
    let step = own_width * gap * scale;
    let spot = spot_number(scene, thing.spot);
    let loose = matches!(thing.spot, Spot::Near(_) | Spot::Far(_) | Spot::Sky(_));
    let slack = (width - span * scale).max(0.0) / 2.0;
    let slide = if loose { (share(grain(seed, 2, spot)) - 0.5) * slack.min(16.0) } else { 0.0 };
    let drop = match thing.spot {
        Spot::Near(_) => share(grain(seed, 3, spot)) * 8.0,
        Spot::Sky(_) => (share(grain(seed, 3, spot)) - 1.0) * (height - own_height * scale).clamp(0.0, 12.0),
        _ => 0.0,
    };
    let mirrored = turns(thing.kind) && share(grain(seed, 4, spot)) < 0.5;
    // A person with something in hand reaches farther to the side of that hand.
    let lean = if own_width > 100.0 && thing.kind.person() { 16.0 * scale } else { 0.0 };
    let lean = if mirrored { lean } else { -lean };
    Frame { x: middle + slide + lean - step * (number - 1.0) / 2.0, y: foot + drop, scale, step, mirrored }
}

/// Width and height at scale 1, with what is held.
fn reach(scene: &Scene, index: usize) -> (f32, f32) {
    let thing = &scene.things[index];
    let (width, height) = thing.kind.extent();
    let held = scene.things.iter().find(|part| {
        part.spot == Spot::Part(index) && !matches!(part.kind, Kind::Hat | Kind::Shirt | Kind::Door)
    });
    match held.map(|part| part.kind) {
        Some(Kind::Umbrella) => (width + 36.0, height + 6.0),
        Some(Kind::Balloon) => (width + 30.0, height + 12.0),
        Some(_) => (width + 30.0, height),
        None => (width, height),
    }
}

/// Is there a left and a right to it? What carries words or stands in a row is never turned.
fn turns(kind: Kind) -> bool {
    kind.person()
        || kind.animal()
        || matches!(
            kind,
            Kind::Car
                | Kind::Bus
                | Kind::Truck
                | Kind::Tractor
                | Kind::Bicycle
                | Kind::Boat
                | Kind::Ship
                | Kind::Train
                | Kind::Plane
                | Kind::Chair
                | Kind::Cup
                | Kind::Kettle
        )
}

fn share(bits: u64) -> f32 {
    (bits >> 40) as f32 / 16_777_216.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thing_can_be_seen() {
        for seed in 0..80 {
            let scene = Scene::new(seed);
            let painting = paint(&scene, 0);
            for (index, thing) in scene.things.iter().enumerate().filter(|(_, thing)| !thing.kind.ground()) {
                let seen = painting.canvas.owned(owner(index));
                assert!(seen >= 60, "seed {seed}: {:?} at {:?} has {seen} pixels", thing.kind, thing.spot);
            }
        }
    }

    #[test]
    fn nothing_stands_in_front_of_another_that_is_not_its_own() {
        for seed in 0..80 {
            let scene = Scene::new(seed);
            let painting = paint(&scene, 0);
            for (index, thing) in scene.things.iter().enumerate() {
                if !thing.leads() || thing.spot == Spot::Support {
                    continue;
                }
                let alone = alone(&scene, index);
                let seen = painting.canvas.owned(owner(index));
                assert!(
                    seen as f32 >= 0.8 * alone as f32,
                    "seed {seed}: {:?} at {:?} shows {seen} of {alone} pixels in {scene:#?}",
                    thing.kind,
                    thing.spot
                );
            }
        }
    }

    #[test]
    fn places_are_as_stated() {
        use crate::demo::kind::Predicate::{Above, Behind, FloatOver, FlyOver, LeftOf, RightOf, Under};
        let twins = (0..40).flat_map(|seed| {
            let pair = crate::demo::pairs::twins(seed, crate::demo::pairs::Change::ReplaceRelation);
            [pair.first, pair.second]
        });
        for scene in (0..60).map(Scene::new).chain(twins) {
            let boxes = paint(&scene, 0).boxes;
            for link in &scene.links {
                let (one, other) = (boxes[link.subject], boxes[link.object]);
                let across = |bounds: Bounds| bounds.left + bounds.right;
                let holds = match link.predicate {
                    LeftOf => across(one) < across(other),
                    RightOf => across(one) > across(other),
                    Above => one.bottom <= other.top,
                    FlyOver | FloatOver => one.top < other.top && one.bottom < other.bottom,
                    Behind => one.bottom < other.bottom,
                    Under => one.top > other.top && one.left > other.left && one.right < other.right,
                    _ => true,
                };
                assert!(holds, "{link:?} {one:?} {other:?} in {scene:#?}");
            }
        }
    }

    /// Pixels of one thing and its parts when nothing else is painted; minus those of its parts.
    fn alone(scene: &Scene, index: usize) -> usize {
        let mut canvas = Canvas::new();
        place(&mut canvas, scene, index, grain(scene.seed, 0, 0xBACD));
        let mount = scene.things.iter().any(|other| other.spot == Spot::Rider(index));
        let owned = canvas.owned(owner(index));
        // A rider's leg hides a little of the mount.
        if mount { owned * 3 / 4 } else { owned }
    }
}
