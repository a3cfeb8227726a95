//! Two scenes that differ in exactly one thing, and what that is.

use serde::Serialize;

use super::dice::{Dice, blend};
use super::kind::{Color, Family, Kind, Pattern, Predicate, Size};
use super::scene::{Scene, Spot, WORDS, countable, extended, rests, verbs};
use super::words::{allows, number, worth_telling};

/// The kinds of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    ReplaceObject,
    ReplaceAttribute,
    ReplaceRelation,
    AddObject,
    AddAttribute,
    SwapObject,
    SwapAttribute,
    Count,
    Text,
    State,
}

impl Change {
    /// Every kind.
    pub(super) const ALL: [Self; 10] = [
        Self::ReplaceAttribute,
        Self::ReplaceObject,
        Self::Count,
        Self::ReplaceRelation,
        Self::State,
        Self::AddObject,
        Self::Text,
        Self::SwapAttribute,
        Self::AddAttribute,
        Self::SwapObject,
    ];

    /// The name in the data.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::ReplaceObject => "replace_obj",
            Self::ReplaceAttribute => "replace_att",
            Self::ReplaceRelation => "replace_rel",
            Self::AddObject => "add_obj",
            Self::AddAttribute => "add_att",
            Self::SwapObject => "swap_obj",
            Self::SwapAttribute => "swap_att",
            Self::Count => "count",
            Self::Text => "text",
            Self::State => "state",
        }
    }
}

/// What changed, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Difference {
    /// The thing that changed; both, where two were swapped.
    pub(super) object: String,
    /// What of it: `object`, `color`, `size`, `pattern`, `relation`, `count`, `text`, `state`.
    pub(super) dimension: &'static str,
    /// In the first picture; empty where nothing was.
    pub(super) from: String,
    /// In the second picture.
    pub(super) to: String,
}

/// A pair.
pub(super) struct Twins {
    pub(super) first: Scene,
    pub(super) second: Scene,
    pub(super) difference: Difference,
}

/// The pair of this seed with this kind of change: always the same.
pub(super) fn twins(seed: u64, change: Change) -> Twins {
    (0..u64::MAX)
        .find_map(|attempt| {
            let first = Scene::new(blend(&[seed, attempt]));
            let mut dice = Dice::new(blend(&[seed, attempt, 1]));
            let mut second = first.clone();
            let difference = alter(&mut second, change, &mut dice)?;
            if !worth_telling(&first) || !worth_telling(&second) {
                return None;
            }
            Some(Twins { first, second, difference })
        })
        .expect("one of a few hundred scenes allows any given change")
}

fn alter(scene: &mut Scene, change: Change, dice: &mut Dice) -> Option<Difference> {
    let mut order: Vec<usize> =
        (0..scene.things.len()).filter(|index| !scene.things[*index].kind.ground()).collect();
    dice.shuffle(&mut order);
    match change {
        Change::AddObject => add_object(scene, dice),
        Change::SwapObject => swap_object(scene, &order),
        Change::SwapAttribute => swap_colors(scene, &order),
        Change::ReplaceRelation => {
            if dice.chance(50) {
                swap_sides(scene).or_else(|| other_side(scene)).or_else(|| lifted(scene))
            } else {
                order.into_iter().find_map(|index| other_verb(scene, index, dice))
            }
        }
        Change::AddAttribute => {
            let pattern = dice.chance(50);
            order.retain(|index| scene.things[*index].kind.patterned() == pattern);
            order.into_iter().find_map(|index| alter_thing(scene, index, change, dice))
        }
        _ => order.into_iter().find_map(|index| alter_thing(scene, index, change, dice)),
    }
}

fn alter_thing(scene: &mut Scene, index: usize, change: Change, dice: &mut Dice) -> Option<Difference> {
    let thing = scene.things[index].clone();
    let object = thing.noun().to_owned();
    match change {
        Change::ReplaceObject => {
            let to = other_kind(scene, index, dice)?;
            scene.things[index].kind = to;
            let (from, to) = (object.clone(), scene.things[index].noun().to_owned());
            Some(Difference { object, dimension: "object", from, to })
        }
        Change::ReplaceAttribute => {
            let color = thing.color?;
            let fits = |other: &Color| {
                *other != color
                    && !scene.clashes(thing.kind, thing.spot, *other)
                    && scene.things.iter().all(|thing| thing.color != Some(*other))
            };
            let others: Vec<Color> = thing.kind.colors().iter().copied().filter(fits).collect();
            let to = dice.pick(&others)?;
            scene.things[index].color = Some(to);
            Some(Difference { object, dimension: "color", from: color.name().into(), to: to.name().into() })
        }
        Change::AddAttribute => {
            if thing.kind.patterned() && thing.pattern.is_none() {
                let pattern = dice.pick(&[Pattern::Striped, Pattern::Spotted])?;
                scene.things[index].pattern = Some(pattern);
                let to = pattern.name().to_owned();
                return Some(Difference { object, dimension: "pattern", from: String::new(), to });
            }
            let (width, height) = thing.kind.extent();
            let sizable =
                matches!(thing.spot, Spot::Near(_) | Spot::Top(_) | Spot::Far(_)) && !thing.kind.person();
            let ridden = scene.things.iter().any(|other| other.spot == Spot::Rider(index));
            let plain = thing.size.is_none() && thing.count == 1 && !ridden && thing.kind != Kind::Sign;
            if !sizable || !plain || width > 130.0 || height > 112.0 {
                return None;
            }
            scene.things[index].size = Some(Size::Small);
            let to = Size::Small.name().to_owned();
            Some(Difference { object, dimension: "size", from: String::new(), to })
        }
        Change::Count => {
            if thing.count < 2 || !countable(thing.kind, thing.spot) {
                return None;
            }
            let to = if thing.count >= 4 { thing.count - 1 } else { thing.count + 1 };
            scene.things[index].count = to;
            let (from, to) = (number(thing.count).to_owned(), number(to).to_owned());
            Some(Difference { object, dimension: "count", from, to })
        }
        Change::Text => {
            let from = thing.text?;
            let others: Vec<&'static str> = WORDS.into_iter().filter(|word| *word != from).collect();
            let to = dice.pick(&others)?;
            scene.things[index].text = Some(to);
            Some(Difference { object, dimension: "text", from: from.into(), to: to.into() })
        }
        Change::State => {
            let from = thing.state?;
            let others: Vec<_> = thing.kind.states().iter().copied().filter(|state| *state != from).collect();
            let to = dice.pick(&others)?;
            scene.things[index].state = Some(to);
            Some(Difference { object, dimension: "state", from: from.name().into(), to: to.name().into() })
        }
        _ => None,
    }
}

/// Another kind that could be at this spot, doing the same, looking the same.
fn other_kind(scene: &Scene, index: usize, dice: &mut Dice) -> Option<Kind> {
    let thing = &scene.things[index];
    let place = scene.place;
    let people = [Kind::Man, Kind::Woman, Kind::Boy, Kind::Girl];
    let kinds: &[Kind] = if thing.kind.person() {
        &people
    } else {
        match thing.spot {
            Spot::Near(_) => place.near(),
            Spot::Far(_) => place.far(),
            Spot::Sky(_) => place.sky(),
            Spot::Top(_) => place.top(),
            Spot::Under => place.under(),
            Spot::Wall(_) => place.wall(),
            _ => return None,
        }
    };
    let fitting: Vec<Kind> = kinds.iter().copied().filter(|kind| replaces(scene, index, *kind)).collect();
    dice.pick(&fitting)
}

fn replaces(scene: &Scene, index: usize, kind: Kind) -> bool {
    let thing = &scene.things[index];
    !scene.has(kind)
        && allows(scene, kind)
        && kind.person() == thing.kind.person()
        && could_be(scene, index, kind)
}

/// Could a thing of this kind be at this spot, with all that is said of the one that is there?
fn could_be(scene: &Scene, index: usize, kind: Kind) -> bool {
    let thing = &scene.things[index];
    let colored = match thing.color {
        Some(color) => kind.colors().contains(&color) && !scene.clashes(kind, thing.spot, color),
        None => kind.colors().is_empty(),
    };
    let owns = scene.things.iter().any(|other| other.spot == Spot::Part(index) && other.kind == Kind::Door)
        || scene.things.iter().any(|other| other.spot == Spot::Rider(index));
    let tall = matches!(thing.spot, Spot::Near(_)) && kind.extent().1 > 84.0 && thing.kind.extent().1 <= 84.0;
    colored
        && !owns
        && !tall
        && thing.text.is_none()
        && thing.state.is_none() == kind.states().is_empty()
        && thing.state.is_none_or(|state| kind.states().contains(&state))
        && kind != Kind::Sign
        && kind != Kind::Train
        && (thing.count == 1 || countable(kind, thing.spot))
        && (thing.pattern.is_none() || kind.patterned())
        && (thing.size.is_none() || kind.extent().1 <= 112.0)
        && does(scene, index, kind)
}

/// Can this kind do all that the thing at this spot does?
fn does(scene: &Scene, index: usize, kind: Kind) -> bool {
    let thing = &scene.things[index];
    let living = |kind: Kind| kind.person() || kind.animal();
    scene.links.iter().filter(|link| link.subject == index).all(|link| {
        let ground = scene.things[link.object].kind;
        match (link.predicate, thing.spot) {
            (Predicate::FlyOver, _) => kind != Kind::Balloon,
            (Predicate::FloatOver, _) => kind == Kind::Balloon,
            (Predicate::HangOn, _) => kind != Kind::Window,
            (Predicate::Ride | Predicate::Hold, _) => true,
            (Predicate::On, Spot::Top(_)) => rests(kind).contains(&Predicate::On) || predicate_on(kind),
            (Predicate::On, _) => kind != Kind::Window && predicate_on(kind),
            (predicate, Spot::Top(_)) if predicate.family() == Family::Action => {
                rests(kind).contains(&predicate)
            }
            (predicate, Spot::Near(_) | Spot::Far(_)) if predicate.family() == Family::Action => {
                verbs(kind, ground).contains(&predicate)
            }
            (predicate, _) if predicate.family() == Family::Action => living(kind) == living(thing.kind),
            _ => true,
        }
    })
}

/// Is "on" enough to say where it is, without saying how?
fn predicate_on(kind: Kind) -> bool {
    !kind.person() && !kind.animal()
}

/// The same animal or person, doing something else.
fn other_verb(scene: &mut Scene, index: usize, dice: &mut Dice) -> Option<Difference> {
    let kind = scene.things[index].kind;
    let place =
        scene.links.iter().position(|link| link.subject == index && link.predicate.pose().is_some())?;
    let link = scene.links[place];
    let ground = scene.things[link.object].kind;
    let near = matches!(scene.things[index].spot, Spot::Near(_));
    let ridden = scene.things.iter().any(|other| other.spot == Spot::Rider(index));
    if !near || ridden || !(kind.animal() || kind.person()) || !ground.ground() {
        return None;
    }
    let others: Vec<Predicate> =
        verbs(kind, ground).iter().copied().filter(|other| other.pose() != link.predicate.pose()).collect();
    let to = dice.pick(&others)?;
    scene.links[place].predicate = to;
    let (from, to) = (link.predicate.label().to_owned(), to.label().to_owned());
    Some(Difference { object: scene.things[index].noun().to_owned(), dimension: "relation", from, to })
}

/// Two neighbours change sides, and the caption says so.
fn swap_sides(scene: &mut Scene) -> Option<Difference> {
    let sides = [Predicate::LeftOf, Predicate::RightOf];
    let place = scene.links.iter().position(|link| {
        sides.contains(&link.predicate)
            && [link.subject, link.object].iter().all(|end| matches!(scene.things[*end].spot, Spot::Near(_)))
    })?;
    let link = scene.links[place];
    let lonely = |end: usize| {
        let Spot::Near(own) = scene.things[end].spot else { return false };
        !scene
            .things
            .iter()
            .any(|other| matches!(other.spot, Spot::Far(_) | Spot::Sky(_)) && column(other.spot) == own)
            && !scene.things.iter().any(|other| other.kind == Kind::Train)
    };
    if !lonely(link.subject) || !lonely(link.object) {
        return None;
    }
    let spot = scene.things[link.subject].spot;
    scene.things[link.subject].spot = scene.things[link.object].spot;
    scene.things[link.object].spot = spot;
    let to = if link.predicate == Predicate::LeftOf { Predicate::RightOf } else { Predicate::LeftOf };
    scene.links[place].predicate = to;
    Some(Difference {
        object: scene.things[link.subject].noun().to_owned(),
        dimension: "relation",
        from: link.predicate.label().to_owned(),
        to: to.label().to_owned(),
    })
}

/// What stands beside the furniture in the middle goes to its other side.
fn other_side(scene: &mut Scene) -> Option<Difference> {
    let sides: Vec<usize> =
        (0..scene.things.len()).filter(|index| matches!(scene.things[*index].spot, Spot::Side(_))).collect();
    let &[index] = sides.as_slice() else { return None };
    let Spot::Side(side) = scene.things[index].spot else { return None };
    let link = scene.links.iter_mut().find(|link| {
        link.subject == index && matches!(link.predicate, Predicate::LeftOf | Predicate::RightOf)
    })?;
    let (from, to) = if side == 0 {
        (Predicate::LeftOf, Predicate::RightOf)
    } else {
        (Predicate::RightOf, Predicate::LeftOf)
    };
    link.predicate = to;
    scene.things[index].spot = Spot::Side(2 - side);
    let object = scene.things[index].noun().to_owned();
    Some(Difference { object, dimension: "relation", from: from.label().into(), to: to.label().into() })
}

/// What was under the table comes to be on it.
fn lifted(scene: &mut Scene) -> Option<Difference> {
    let index = scene.things.iter().position(|thing| thing.spot == Spot::Under)?;
    let free = (0..3).find(|place| scene.things.iter().all(|thing| thing.spot != Spot::Top(*place)))?;
    let link =
        scene.links.iter_mut().find(|link| link.subject == index && link.predicate == Predicate::Under)?;
    link.predicate = Predicate::On;
    scene.things[index].spot = Spot::Top(free);
    let object = scene.things[index].noun().to_owned();
    let (from, to) = (Predicate::Under.label().into(), Predicate::On.label().into());
    Some(Difference { object, dimension: "relation", from, to })
}

fn column(spot: Spot) -> usize {
    match spot {
        Spot::Near(own) | Spot::Far(own) | Spot::Sky(own) => own,
        _ => usize::MAX,
    }
}

fn add_object(scene: &mut Scene, dice: &mut Dice) -> Option<Difference> {
    let larger = extended(scene, dice)?;
    let added = larger.things.last()?;
    if larger.things.len() != scene.things.len() + 1 || !allows(scene, added.kind) {
        return None;
    }
    let name = added.noun().to_owned();
    *scene = larger;
    Some(Difference { object: name.clone(), dimension: "object", from: String::new(), to: name })
}

/// Two things change places with all that they are.
fn swap_object(scene: &mut Scene, order: &[usize]) -> Option<Difference> {
    for (place, &one) in order.iter().enumerate() {
        for &other in &order[place + 1..] {
            let tier = |spot: Spot| match spot {
                Spot::Near(_) => 1,
                Spot::Top(_) => 2,
                _ => 0,
            };
            let (a, b) = (scene.things[one].clone(), scene.things[other].clone());
            let related = scene.links.iter().any(|link| {
                link.subject == one && link.object == other || link.subject == other && link.object == one
            });
            let parts = scene.things.iter().any(
                |thing| matches!(thing.spot, Spot::Part(of) | Spot::Rider(of) if of == one || of == other),
            );
            if tier(a.spot) == 0 || tier(a.spot) != tier(b.spot) || !related || parts {
                continue;
            }
            let tall = a.kind.extent().1.max(b.kind.extent().1) > 84.0;
            let low = |spot| {
                scene
                    .things
                    .iter()
                    .any(|thing| matches!(thing.spot, Spot::Far(_)) && column(thing.spot) == column(spot))
            };
            if tall && tier(a.spot) == 1 && (low(a.spot) || low(b.spot)) {
                continue;
            }
            if does(scene, one, b.kind) && does(scene, other, a.kind) {
                let (spot_a, spot_b) = (a.spot, b.spot);
                let difference = Difference {
                    object: format!("{} and {}", a.noun(), b.noun()),
                    dimension: "object",
                    from: a.noun().to_owned(),
                    to: b.noun().to_owned(),
                };
                scene.things[one] = b;
                scene.things[one].spot = spot_a;
                scene.things[other] = a;
                scene.things[other].spot = spot_b;
                return Some(difference);
            }
        }
    }
    None
}

/// Two things exchange their colours.
fn swap_colors(scene: &mut Scene, order: &[usize]) -> Option<Difference> {
    for (place, &one) in order.iter().enumerate() {
        for &other in &order[place + 1..] {
            let (a, b) = (&scene.things[one], &scene.things[other]);
            let (Some(first), Some(second)) = (a.color, b.color) else { continue };
            let fits = |thing: &super::scene::Thing, color| {
                thing.kind.colors().contains(&color) && !scene.clashes(thing.kind, thing.spot, color)
            };
            if first != second && fits(a, second) && fits(b, first) {
                let difference = Difference {
                    object: format!("{} and {}", a.noun(), b.noun()),
                    dimension: "color",
                    from: first.name().to_owned(),
                    to: second.name().to_owned(),
                };
                scene.things[one].color = Some(second);
                scene.things[other].color = Some(first);
                return Some(difference);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::words::Words;

    #[test]
    fn every_change_changes_the_caption_and_little_else() {
        for change in Change::ALL {
            for seed in 0..60 {
                let twins = twins(seed, change);
                let (one, two) = (Words::new(&twins.first).dense(), Words::new(&twins.second).dense());
                assert_ne!(one, two, "{change:?} {seed}");
                let (a, b): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), two.split(' ').collect());
                let same = a.iter().filter(|word| b.contains(word)).count();
                assert!(same * 10 >= a.len() * 6, "{change:?} {seed}:\n{one}\n{two}");
                let things = twins.second.things.len() - twins.first.things.len();
                assert_eq!(things, usize::from(change == Change::AddObject), "{change:?} {seed}");
            }
        }
    }

    #[test]
    fn what_changed_can_be_read_in_the_captions() {
        for change in Change::ALL {
            for seed in 0..60 {
                let twins = twins(seed, change);
                let Difference { from, to, dimension, .. } = twins.difference;
                let (one, two) = (Words::new(&twins.first).dense(), Words::new(&twins.second).dense());
                if dimension == "relation" {
                    continue;
                }
                assert!(
                    one.to_lowercase().contains(&from.to_lowercase()),
                    "{change:?} {seed}: {from} in {one}"
                );
                assert!(two.to_lowercase().contains(&to.to_lowercase()), "{change:?} {seed}: {to} in {two}");
            }
        }
    }
}
