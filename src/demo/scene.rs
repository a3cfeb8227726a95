//! The grammar of scenes: which things meet where, and what is true of them.
//!
//! A place has a few spots (in front, farther away, in the sky, on the table, …) that do not
//! overlap in the picture. A thing in a spot brings its relation to the ground with it; relations
//! between things follow from their spots, so that all that is stated can be seen.

use super::dice::{Dice, blend};
use super::kind::{Color, Kind, Pattern, Pose, Predicate, Size, State};
use super::place::{Mood, Place};

/// What can be written on a sign.
pub(super) const WORDS: [&str; 18] = [
    "STOP",
    "OPEN",
    "CAFE",
    "SLOW",
    "EXIT",
    "TAXI",
    "FISH",
    "BAKERY",
    "HOTEL",
    "MARKET",
    "SCHOOL",
    "PARK",
    "FARM",
    "FRESH EGGS",
    "BUS 42",
    "GATE 7",
    "ROUTE 9",
    "HARBOR",
];

/// Everything that is true of a picture.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub(super) place: Place,
    pub(super) mood: Mood,
    pub(super) things: Vec<Thing>,
    pub(super) links: Vec<Link>,
    /// What is not there, where the dense caption says so.
    pub(super) absent: Option<Absent>,
    /// Varies the wording and whatever no caption speaks of.
    pub(super) seed: u64,
}

/// Something that a caption says is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absent {
    /// Nothing of this kind is in the picture.
    Kind(Kind),
    /// Nobody is in the picture.
    People,
    /// The person with this index wears no hat.
    Hat(usize),
}

/// One thing, or a group of the same things.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    pub(super) kind: Kind,
    pub(super) color: Option<Color>,
    pub(super) size: Option<Size>,
    pub(super) pattern: Option<Pattern>,
    pub(super) state: Option<State>,
    pub(super) count: usize,
    pub(super) text: Option<&'static str>,
    pub(super) spot: Spot,
}

impl Thing {
    /// One thing of which nothing more is known.
    fn plain(kind: Kind, spot: Spot) -> Self {
        Self { kind, color: None, size: None, pattern: None, state: None, count: 1, text: None, spot }
    }

    /// Is it introduced by a sentence of its own? Grounds are not, nor is what a person wears.
    pub(super) fn leads(&self) -> bool {
        !matches!(self.spot, Spot::Ground | Spot::Part(_))
    }
}

/// Where in the picture a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// In front, in one of three columns.
    Near(usize),
    /// Farther away, in one of three columns.
    Far(usize),
    /// In the air, in one of three columns.
    Sky(usize),
    /// On the wall, in one of three columns.
    Wall(usize),
    /// The furniture in the middle of a room.
    Support,
    /// On that furniture, at one of three places.
    Top(usize),
    /// Beside that furniture: 0 to its left, 2 to its right.
    Side(usize),
    /// Under that furniture.
    Under,
    /// Worn, held or had by the thing with this index.
    Part(usize),
    /// Riding the thing with this index.
    Rider(usize),
    /// Part of the backdrop.
    Ground,
}

/// What holds between two things, by their indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) subject: usize,
    pub(super) predicate: Predicate,
    pub(super) object: usize,
}

impl Scene {
    /// The scene of this seed: always the same.
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let place = Place::ALL[dice.below(Place::ALL.len())];
        Self::at(place, seed)
    }

    /// A scene at a given place.
    pub(super) fn at(place: Place, seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x00A1_1CE5);
        let mood = dice.pick(place.moods()).unwrap_or(Mood::Plain);
        let scene = Self { place, mood, things: Vec::new(), links: Vec::new(), absent: None, seed };
        let mut writer = Writer { scene, dice };
        if place.indoors() {
            writer.room();
        } else {
            writer.outdoors();
        }
        writer.absent();
        writer.scene
    }

    /// The first relation in which this thing is the subject.
    pub(super) fn main_link(&self, thing: usize) -> Option<Link> {
        self.links.iter().copied().find(|link| link.subject == thing)
    }

    /// The pose of a thing, from what it does.
    pub(super) fn pose(&self, thing: usize) -> Pose {
        self.links
            .iter()
            .filter(|link| link.subject == thing)
            .find_map(|link| link.predicate.pose())
            .unwrap_or(match self.things[thing].kind {
                Kind::Bird if matches!(self.things[thing].spot, Spot::Sky(_)) => Pose::Fly,
                Kind::Cat | Kind::Dog if self.things[thing].spot == Spot::Under => Pose::Lie,
                _ => Pose::Stand,
            })
    }

    /// Is there a thing of this kind?
    pub(super) fn has(&self, kind: Kind) -> bool {
        self.things.iter().any(|thing| thing.kind == kind)
    }

    /// The index of the ground of this kind, which is added where it is not there yet.
    pub(super) fn ground(&mut self, kind: Kind) -> usize {
        self.things.iter().position(|thing| thing.kind == kind).unwrap_or_else(|| {
            self.things.push(Thing::plain(kind, Spot::Ground));
            self.things.len() - 1
        })
    }

    /// Colours in which a thing of this kind would hardly be seen at this spot.
    pub(super) fn clashes(&self, kind: Kind, spot: Spot, color: Color) -> bool {
        let night = self.mood == Mood::Night;
        let behind: &[Color] = match spot {
            Spot::Sky(_) => match self.mood {
                Mood::Night => &[Color::Black, Color::Blue, Color::Purple, Color::Brown],
                Mood::Sunset => &[Color::Orange, Color::Pink, Color::Purple],
                Mood::Cloudy | Mood::Rainy | Mood::Snowy => &[Color::White, Color::Gray],
                _ => &[Color::Blue, Color::White],
            },
            Spot::Near(_) | Spot::Far(_) | Spot::Rider(_) if night => {
                &[Color::Black, Color::Brown, Color::Purple]
            }
            Spot::Near(_) | Spot::Far(_) => match (self.place, self.mood) {
                (_, Mood::Snowy) => &[Color::White],
                (Place::Beach, _) => &[Color::Yellow, Color::Orange],
                (Place::Street, _) => &[Color::Gray],
                (Place::Harbor | Place::Lake, _) => &[Color::Blue],
                _ => &[Color::Green],
            },
            Spot::Top(_) | Spot::Under => {
                let support = self.things.iter().find(|thing| thing.spot == Spot::Support);
                return support.and_then(|thing| thing.color) == Some(color) && !kind.states().is_empty();
            }
            _ => &[],
        };
        behind.contains(&color)
    }
}

/// Fills a scene.
struct Writer {
    scene: Scene,
    dice: Dice,
}

impl Writer {
    fn link(&mut self, subject: usize, predicate: Predicate, object: usize) {
        self.scene.links.push(Link { subject, predicate, object });
    }

    /// A kind from the list that the scene does not have yet.
    fn fresh(&mut self, kinds: &[Kind]) -> Option<Kind> {
        let free: Vec<Kind> = kinds.iter().copied().filter(|kind| !self.scene.has(*kind)).collect();
        self.dice.pick(&free)
    }

    /// Adds a thing with colour, size, pattern, state, number and words of its own.
    fn add(&mut self, kind: Kind, spot: Spot) -> usize {
        let mut thing = Thing::plain(kind, spot);
        let free: Vec<Color> =
            kind.colors().iter().copied().filter(|color| !self.scene.clashes(kind, spot, *color)).collect();
        // A colour that no other thing has makes the picture richer, and swaps possible.
        let unused: Vec<Color> = free
            .iter()
            .copied()
            .filter(|color| self.scene.things.iter().all(|thing| thing.color != Some(*color)))
            .collect();
        thing.color = self.dice.pick(if unused.is_empty() { &free } else { &unused });
        let part = matches!(spot, Spot::Part(_));
        let (width, height) = kind.extent();
        let sizable = !part && !kind.person() && width <= 110.0 && height <= 112.0 && kind != Kind::Sign;
        if sizable && self.dice.chance(24) {
            thing.size = Some(if self.dice.chance(55) { Size::Small } else { Size::Large });
        }
        if kind.patterned() && self.dice.chance(30) {
            thing.pattern = self.dice.pick(&[Pattern::Striped, Pattern::Spotted]);
        }
        thing.state = self.dice.pick(kind.states());
        if kind == Kind::Sign {
            thing.text = self.dice.pick(&WORDS);
        }
        let groups = thing.size.is_none() && kind.states().is_empty() && thing.pattern.is_none();
        if groups && countable(kind, spot) && self.dice.chance(38) {
            thing.count = 2 + self.dice.below(3);
        }
        self.scene.things.push(thing);
        self.scene.things.len() - 1
    }

    fn outdoors(&mut self) {
        let mut columns = [0, 1, 2];
        self.dice.shuffle(&mut columns);
        let number = if self.dice.chance(85) { 3 } else { 2 };
        let mut near: Vec<usize> = columns[..number].to_vec();
        near.sort_unstable();
        let wide_far = self.scene.place == Place::Countryside;
        for column in near {
            let kinds: Vec<Kind> = self
                .scene
                .place
                .near()
                .iter()
                .copied()
                .filter(|kind| !wide_far || kind.extent().1 <= 84.0 || column == 0)
                .filter(|kind| *kind != Kind::Snowman || self.scene.mood == Mood::Snowy)
                .collect();
            if let Some(kind) = self.fresh(&kinds) {
                self.near(kind, column);
            }
        }
        self.beside();
        self.far();
        self.sky();
    }

    /// One thing in front, with what belongs to it.
    fn near(&mut self, kind: Kind, column: usize) {
        let thing = self.add(kind, Spot::Near(column));
        let ground = self.scene.place.front(self.scene.mood).kind;
        let predicate = self.dice.pick(verbs(kind, ground)).unwrap_or(Predicate::On);
        let ground = self.scene.ground(ground);
        self.link(thing, predicate, ground);
        if kind.person() {
            self.dress(thing);
        } else if matches!(kind, Kind::Bicycle | Kind::Horse)
            && (self.scene.place != Place::Countryside || column == 0)
            && self.dice.chance(50)
        {
            self.mount(thing);
        }
    }

    /// Somebody rides it.
    fn mount(&mut self, thing: usize) {
        let Some(rider) = self.fresh(&[Kind::Man, Kind::Woman, Kind::Boy, Kind::Girl]) else { return };
        if self.scene.pose(thing) == Pose::Graze {
            return;
        }
        self.scene.things[thing].size = None;
        let rider = self.add(rider, Spot::Rider(thing));
        self.link(rider, Predicate::Ride, thing);
        self.wear(rider);
    }

    fn wear(&mut self, person: usize) {
        if self.dice.chance(88) {
            let shirt = self.add(Kind::Shirt, Spot::Part(person));
            self.link(person, Predicate::Wear, shirt);
        }
        let held_before = self.scene.things.iter().any(|thing| thing.kind == Kind::Hat);
        if !held_before && self.dice.chance(45) {
            let hat = self.add(Kind::Hat, Spot::Part(person));
            self.link(person, Predicate::Wear, hat);
        }
    }

    fn dress(&mut self, person: usize) {
        self.wear(person);
        let wet = self.scene.mood == Mood::Rainy;
        let choices: &[Kind] = if wet {
            &[Kind::Umbrella]
        } else if self.scene.place.indoors() {
            &[Kind::Book, Kind::Cup, Kind::Balloon]
        } else {
            &[Kind::Balloon, Kind::Flower, Kind::Book, Kind::Umbrella]
        };
        if self.dice.chance(if wet { 90 } else { 48 })
            && let Some(held) = self.fresh(choices)
        {
            let held = self.add(held, Spot::Part(person));
            // What one hand holds is one thing of ordinary size.
            self.scene.things[held].size = None;
            self.scene.things[held].count = 1;
            self.link(person, Predicate::Hold, held);
        }
    }

    /// Says of some neighbours which is to the left.
    fn beside(&mut self) {
        let mut near: Vec<(usize, usize)> = Vec::new();
        for (index, thing) in self.scene.things.iter().enumerate() {
            if let Spot::Near(column) = thing.spot {
                near.push((column, index));
            }
        }
        for pair in near.windows(2) {
            if self.dice.chance(76) {
                let (left, right) = (pair[0].1, pair[1].1);
                if self.dice.chance(50) {
                    self.link(right, Predicate::RightOf, left);
                } else {
                    self.link(left, Predicate::LeftOf, right);
                }
            }
        }
    }

    fn far(&mut self) {
        let (place, mood) = (self.scene.place, self.scene.mood);
        let mut free: Vec<usize> = (0..3).filter(|column| !self.tall_in(*column)).collect();
        self.dice.shuffle(&mut free);
        if place == Place::Countryside {
            // A train takes two columns: the middle and the one on the right.
            if self.tall_in(1) || self.tall_in(2) || !self.dice.chance(95) {
                return;
            }
            free = vec![1];
        }
        free.truncate(2);
        for column in free {
            if !self.dice.chance(84) {
                continue;
            }
            let Some(kind) = self.fresh(place.far()) else { continue };
            let thing = self.add(kind, Spot::Far(column));
            let front = self.in_column(column, |spot| matches!(spot, Spot::Near(_)));
            match front {
                Some(front) if kind != Kind::Train && self.dice.chance(60) => {
                    self.link(thing, Predicate::Behind, front);
                }
                _ => {
                    let ground = place.back(mood).kind;
                    let predicate = self.dice.pick(verbs(kind, ground)).unwrap_or(Predicate::On);
                    let ground = self.scene.ground(ground);
                    self.link(thing, predicate, ground);
                }
            }
            if kind == Kind::House && self.dice.chance(70) && !self.scene.has(Kind::Door) {
                let door = self.add(Kind::Door, Spot::Part(thing));
                self.link(thing, Predicate::Have, door);
            } else if kind.person() {
                self.dress(thing);
            }
        }
    }

    fn sky(&mut self) {
        if !self.dice.chance(78) {
            return;
        }
        let column = self.dice.below(3);
        let ridden = self.scene.things.iter().any(|thing| {
            matches!(thing.spot, Spot::Rider(mount) if self.scene.things[mount].spot == Spot::Near(column))
        });
        let Some(kind) = self.fresh(self.scene.place.sky()) else { return };
        let below = self
            .in_column(column, |spot| matches!(spot, Spot::Far(_)))
            .or_else(|| self.in_column(column, |spot| matches!(spot, Spot::Near(_))));
        let held = below.is_some_and(|below| {
            let umbrella = |thing: &Thing| matches!(thing.kind, Kind::Umbrella | Kind::Balloon | Kind::Hat);
            self.scene.things.iter().any(|thing| thing.spot == Spot::Part(below) && umbrella(thing))
        });
        if ridden || held {
            return;
        }
        let thing = self.add(kind, Spot::Sky(column));
        let below = below.unwrap_or_else(|| {
            let ground = self.scene.place.front(self.scene.mood).kind;
            self.scene.ground(ground)
        });
        let predicate = if kind == Kind::Balloon { Predicate::FloatOver } else { Predicate::FlyOver };
        self.link(thing, predicate, below);
    }

    /// Does something in front take the whole height of this column?
    fn tall_in(&self, column: usize) -> bool {
        self.scene.things.iter().enumerate().any(|(index, thing)| {
            thing.spot == Spot::Near(column)
                && (thing.kind.extent().1 > 84.0
                    || self.scene.things.iter().any(|other| other.spot == Spot::Rider(index)))
        })
    }

    fn in_column(&self, column: usize, tier: impl Fn(Spot) -> bool) -> Option<usize> {
        self.scene.things.iter().position(|thing| {
            tier(thing.spot)
                && matches!(thing.spot, Spot::Near(own) | Spot::Far(own) | Spot::Sky(own) if own == column)
        })
    }

    fn room(&mut self) {
        let place = self.scene.place;
        let support = self.add(place.support(), Spot::Support);
        let floor = self.scene.ground(Kind::Floor);
        self.link(support, Predicate::StandOn, floor);
        self.tops(support);
        if self.dice.chance(48)
            && let Some(kind) = self.fresh(place.under())
        {
            let thing = self.add(kind, Spot::Under);
            self.link(thing, Predicate::Under, support);
        }
        for side in [0, 2] {
            if self.dice.chance(70)
                && let Some(kind) = self.fresh(place.side())
            {
                self.side(kind, side, support, floor);
            }
        }
        let mut columns = [0, 1, 2];
        self.dice.shuffle(&mut columns);
        let number = 1 + self.dice.below(2);
        for column in &columns[..number] {
            let Some(kind) = self.fresh(place.wall()) else { continue };
            let thing = self.add(kind, Spot::Wall(*column));
            if *column == 1 && self.dice.chance(60) {
                self.link(thing, Predicate::Above, support);
            } else {
                let wall = self.scene.ground(Kind::Wall);
                let predicate = if kind == Kind::Window { Predicate::On } else { Predicate::HangOn };
                self.link(thing, predicate, wall);
            }
        }
    }

    fn tops(&mut self, support: usize) {
        let mut last = None;
        let skipped = if self.dice.chance(68) { 3 } else { self.dice.below(3) };
        for place in (0..3).filter(|place| *place != skipped) {
            let Some(kind) = self.fresh(self.scene.place.top()) else { continue };
            let thing = self.add(kind, Spot::Top(place));
            if kind == Kind::Dog || kind == Kind::Cat {
                self.scene.things[thing].size = None;
            }
            let predicate = self.dice.pick(rests(kind)).unwrap_or(Predicate::On);
            self.link(thing, predicate, support);
            if let Some(left) = last
                && self.dice.chance(48)
            {
                let predicate = self.dice.pick(&[Predicate::RightOf, Predicate::NextTo]);
                self.link(thing, predicate.unwrap_or(Predicate::NextTo), left);
            }
            last = Some(thing);
        }
    }

    fn side(&mut self, kind: Kind, side: usize, support: usize, floor: usize) {
        let thing = self.add(kind, Spot::Side(side));
        self.link(thing, Predicate::StandOn, floor);
        let predicate = if side == 0 { Predicate::LeftOf } else { Predicate::RightOf };
        self.link(thing, predicate, support);
        if kind.person() {
            self.dress(thing);
        }
    }

    /// Now and then the caption tells what is missing.
    fn absent(&mut self) {
        if !self.dice.chance(34) {
            return;
        }
        let person = self.scene.things.iter().position(|thing| thing.kind.person());
        self.scene.absent = match person {
            None => Some(Absent::People),
            Some(person) => {
                let bare = |thing: &Thing| thing.spot == Spot::Part(person) && thing.kind == Kind::Hat;
                if self.scene.things.iter().any(bare) {
                    self.fresh(&[Kind::Dog, Kind::Cat, Kind::Car, Kind::Bird]).map(Absent::Kind)
                } else {
                    Some(Absent::Hat(person))
                }
            }
        };
    }
}

/// The same scene with one thing more, where there is room for one.
pub(super) fn extended(scene: &Scene, dice: &mut Dice) -> Option<Scene> {
    let mut writer = Writer { scene: scene.clone(), dice: Dice::new(dice.bits()) };
    let taken = |spot: Spot| scene.things.iter().any(|thing| thing.spot == spot);
    if !scene.place.indoors() {
        if (0..3).any(|column| taken(Spot::Sky(column))) {
            return None;
        }
        writer.sky();
        return Some(writer.scene);
    }
    let support = scene.things.iter().position(|thing| thing.spot == Spot::Support)?;
    if let Some(free) = (0..3).find(|place| !taken(Spot::Top(*place))) {
        let kind = writer.fresh(scene.place.top())?;
        let thing = writer.add(kind, Spot::Top(free));
        let predicate = writer.dice.pick(rests(kind)).unwrap_or(Predicate::On);
        writer.link(thing, predicate, support);
    } else if !taken(Spot::Under) {
        let kind = writer.fresh(scene.place.under())?;
        let thing = writer.add(kind, Spot::Under);
        writer.link(thing, Predicate::Under, support);
    }
    Some(writer.scene)
}

/// Can there be several of them side by side in one spot?
pub(super) fn countable(kind: Kind, spot: Spot) -> bool {
    let small = kind.extent().0 <= 78.0 && !kind.person() && kind.extent().1 <= 80.0;
    let odd = matches!(
        kind,
        Kind::Clock
            | Kind::Laptop
            | Kind::Kettle
            | Kind::Plate
            | Kind::Lamp
            | Kind::Cake
            | Kind::TeddyBear
            | Kind::Box
    );
    small
        && !odd
        && !matches!(spot, Spot::Part(_) | Spot::Wall(_) | Spot::Support | Spot::Rider(_) | Spot::Side(_))
}

/// What a thing of this kind does on a ground of that kind.
pub(super) fn verbs(kind: Kind, ground: Kind) -> &'static [Predicate] {
    use Predicate::{
        DriveOn, GrazeOn, GrowIn, LieOn, On, RollAlong, RunOn, SailOn, SitOn, StandOn, SwimIn, WalkOn,
    };
    match kind {
        Kind::Dog => &[RunOn, SitOn, LieOn, StandOn, WalkOn],
        Kind::Cat => &[SitOn, LieOn, WalkOn],
        Kind::Horse | Kind::Cow | Kind::Sheep if ground == Kind::Grass => &[GrazeOn, StandOn, WalkOn],
        Kind::Horse => &[StandOn, RunOn, WalkOn],
        Kind::Duck | Kind::Fish if matches!(ground, Kind::Water | Kind::Sea) => &[SwimIn],
        Kind::Rabbit => &[SitOn],
        Kind::Man | Kind::Woman | Kind::Cow | Kind::Sheep => &[StandOn, WalkOn],
        Kind::Boy | Kind::Girl => &[StandOn, WalkOn, RunOn],
        Kind::Car | Kind::Bus | Kind::Truck if ground == Kind::Road => &[DriveOn],
        Kind::Boat | Kind::Ship => &[SailOn],
        Kind::Train => &[RollAlong],
        Kind::Flower | Kind::Mushroom if ground == Kind::Grass => &[GrowIn],
        Kind::Ball | Kind::Pumpkin => &[LieOn],
        Kind::Box | Kind::Umbrella => &[On],
        _ => &[StandOn],
    }
}

/// How a thing of this kind is on a piece of furniture.
pub(super) fn rests(kind: Kind) -> &'static [Predicate] {
    use Predicate::{LieOn, On, SitOn, StandOn};
    match kind {
        Kind::Cat | Kind::Dog => &[SitOn, LieOn],
        Kind::TeddyBear => &[SitOn],
        Kind::Apple | Kind::Banana | Kind::Book | Kind::Ball | Kind::Pumpkin => &[LieOn, On],
        Kind::Candle | Kind::Vase | Kind::Bottle | Kind::Cup | Kind::Kettle | Kind::Plant => &[StandOn, On],
        _ => &[On],
    }
}

/// A seed for one purpose within a scene.
pub(super) fn grain(seed: u64, what: u64, which: u64) -> u64 {
    blend(&[seed, what, which])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenes_are_well_formed() {
        for seed in 0..2000 {
            let scene = Scene::new(seed);
            for link in &scene.links {
                assert!(link.subject < scene.things.len() && link.object < scene.things.len());
                assert_ne!(link.subject, link.object, "seed {seed}");
            }
            for (index, thing) in scene.things.iter().enumerate() {
                assert!(thing.kind.ground() == (thing.spot == Spot::Ground), "seed {seed}");
                // Two people may wear a shirt each; a caption never says just "the shirt".
                let twin = scene.things.iter().skip(index + 1).any(|other| other.kind == thing.kind);
                assert!(!twin || thing.kind == Kind::Shirt, "seed {seed}: two entries of {:?}", thing.kind);
                let told = scene.links.iter().any(|link| link.subject == index || link.object == index);
                assert!(told, "seed {seed}: {:?} has no relation", thing.kind);
            }
        }
    }

    #[test]
    fn every_place_and_most_kinds_occur() {
        let scenes: Vec<Scene> = (0..3000).map(Scene::new).collect();
        for place in Place::ALL {
            assert!(scenes.iter().any(|scene| scene.place == place), "{place:?}");
        }
        let missing: Vec<Kind> =
            Kind::ALL.iter().copied().filter(|kind| !scenes.iter().any(|scene| scene.has(*kind))).collect();
        assert!(missing.len() <= 4, "never seen: {missing:?}");
    }

    #[test]
    fn a_scene_has_enough_to_tell() {
        let sizes: Vec<usize> = (0..500)
            .map(|seed| Scene::new(seed).things.iter().filter(|thing| thing.leads()).count())
            .collect();
        assert!(sizes.iter().all(|size| *size >= 2), "{sizes:?}");
        assert!(sizes.iter().sum::<usize>() >= 4 * sizes.len());
    }
}
