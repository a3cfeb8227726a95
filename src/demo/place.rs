//! The places where scenes happen: what stands there, on what ground, in what weather.

use super::kind::Kind::{
    self, Apple, Ball, Balloon, Banana, Barn, Bench, Bicycle, Bird, Boat, Book, Bottle, Bowl, Box, Boy, Bus,
    Butterfly, Cake, Candle, Car, Cat, Chair, Chicken, Clock, Cow, Cup, Desk, Dock, Dog, Duck, Fence, Fish,
    Floor, Flower, Girl, Grass, Horse, House, Kettle, Kite, Lamp, Laptop, Lighthouse, Mailbox, Man, Mushroom,
    Painting, PalmTree, Plane, Plant, Plate, Pumpkin, Rabbit, Road, Sand, Sea, Sheep, Ship, Shore, Sidewalk,
    Sign, Snow, Snowman, Sofa, Table, TeddyBear, Television, Tent, Track, Tractor, TrafficLight, Train, Tree,
    Truck, Umbrella, Vase, Wall, Water, Window, Woman,
};

/// A place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Park,
    Beach,
    Street,
    Kitchen,
    LivingRoom,
    Office,
    Harbor,
    Farm,
    Lake,
    City,
    Garden,
    Countryside,
}

/// Weather and time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    Sunny,
    Cloudy,
    Rainy,
    Snowy,
    Sunset,
    Night,
    /// Indoors by day: nothing to say.
    Plain,
}

impl Mood {
    /// The words of the scene graph.
    pub(super) fn facts(self) -> &'static [&'static str] {
        match self {
            Self::Sunny => &["sunny", "day"],
            Self::Cloudy => &["cloudy", "day"],
            Self::Rainy => &["rainy", "day"],
            Self::Snowy => &["snowy", "day"],
            Self::Sunset => &["sunset"],
            Self::Night => &["night"],
            Self::Plain => &[],
        }
    }

    /// As a phrase in a sentence: `on a sunny day`; empty where there is nothing to say.
    pub(super) fn phrase(self) -> &'static str {
        match self {
            Self::Sunny => "on a sunny day",
            Self::Cloudy => "on a cloudy day",
            Self::Rainy => "on a rainy day",
            Self::Snowy => "on a snowy day",
            Self::Sunset => "at sunset",
            Self::Night => "at night",
            Self::Plain => "",
        }
    }
}

/// One stretch of ground with the rows of the picture that it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ground {
    /// What it is.
    pub(super) kind: Kind,
    /// Its first row.
    pub(super) top: usize,
    /// The row after its last.
    pub(super) bottom: usize,
}

impl Place {
    /// Every place.
    pub(super) const ALL: [Self; 12] = [
        Self::Park,
        Self::Kitchen,
        Self::Beach,
        Self::Street,
        Self::LivingRoom,
        Self::Harbor,
        Self::Farm,
        Self::Office,
        Self::Lake,
        Self::City,
        Self::Garden,
        Self::Countryside,
    ];

    /// The noun.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Park => "park",
            Self::Beach => "beach",
            Self::Street => "street",
            Self::Kitchen => "kitchen",
            Self::LivingRoom => "living room",
            Self::Office => "office",
            Self::Harbor => "harbor",
            Self::Farm => "farm",
            Self::Lake => "lake",
            Self::City => "city",
            Self::Garden => "garden",
            Self::Countryside => "countryside",
        }
    }

    /// With its article, for the first mention.
    pub(super) fn phrase(self) -> &'static str {
        match self {
            Self::Park => "a park",
            Self::Beach => "a beach",
            Self::Street => "a street",
            Self::Kitchen => "a kitchen",
            Self::LivingRoom => "a living room",
            Self::Office => "an office",
            Self::Harbor => "a harbor",
            Self::Farm => "a farm",
            Self::Lake => "a lake",
            Self::City => "a city",
            Self::Garden => "a garden",
            Self::Countryside => "the countryside",
        }
    }

    /// The preposition that goes with it.
    pub(super) fn preposition(self) -> &'static str {
        match self {
            Self::Beach | Self::Farm | Self::Street => "on",
            Self::Lake => "at",
            _ => "in",
        }
    }

    /// Is it a room?
    pub(super) fn indoors(self) -> bool {
        matches!(self, Self::Kitchen | Self::LivingRoom | Self::Office)
    }

    /// What can be the weather there.
    pub(super) fn moods(self) -> &'static [Mood] {
        use Mood::{Cloudy, Night, Plain, Rainy, Snowy, Sunny, Sunset};
        match self {
            Self::Kitchen | Self::LivingRoom | Self::Office => &[Plain, Plain, Plain, Night],
            Self::City => &[Night],
            Self::Beach => &[Sunny, Sunny, Cloudy, Sunset, Sunset],
            Self::Harbor | Self::Lake => &[Sunny, Cloudy, Sunset, Night, Sunny],
            Self::Garden => &[Sunny, Sunny, Cloudy, Sunset, Rainy],
            _ => &[Sunny, Sunny, Cloudy, Rainy, Snowy, Sunset, Night],
        }
    }

    /// The ground in front.
    pub(super) fn front(self, mood: Mood) -> Ground {
        let ground = |kind, top| Ground { kind, top, bottom: 288 };
        match self {
            Self::Beach => ground(Sand, 196),
            Self::Street | Self::City => ground(Road, 204),
            Self::Harbor => ground(Water, 198),
            Self::Lake => ground(Water, 200),
            Self::Kitchen | Self::LivingRoom | Self::Office => ground(Floor, 216),
            _ if mood == Mood::Snowy => ground(Snow, 162),
            _ => ground(Grass, 162),
        }
    }

    /// The ground farther away.
    pub(super) fn back(self, mood: Mood) -> Ground {
        let ground = |kind, top, bottom| Ground { kind, top, bottom };
        match self {
            Self::Beach => ground(Sea, 150, 196),
            Self::Street | Self::City => ground(Sidewalk, 182, 204),
            Self::Harbor => ground(Dock, 178, 198),
            Self::Lake => ground(Shore, 174, 200),
            Self::Countryside => ground(Track, 180, 198),
            Self::Kitchen | Self::LivingRoom | Self::Office => ground(Wall, 0, 216),
            _ => self.front(mood),
        }
    }

    /// What can stand in front; what is listed twice comes more often.
    pub(super) fn near(self) -> &'static [Kind] {
        match self {
            Self::Park => &[
                Dog, Dog, Man, Woman, Boy, Girl, Bicycle, Ball, Bench, Flower, Rabbit, Cat, Chicken, Snowman,
                Snowman,
            ],
            Self::Beach => &[
                Dog, Woman, Boy, Girl, Man, Ball, Umbrella, Chair, PalmTree, PalmTree, Bicycle, Horse, Bird,
                Box,
            ],
            Self::Street => {
                &[Car, Car, Bus, Truck, Bicycle, Dog, Woman, Man, Boy, Girl, Cat, TrafficLight, Snowman]
            }
            Self::Harbor => &[Boat, Boat, Ship, Duck, Fish],
            Self::Lake => &[Boat, Duck, Duck, Fish, Boat],
            Self::Farm => {
                &[Cow, Cow, Horse, Sheep, Chicken, Tractor, Dog, Man, Woman, Girl, Boy, Fence, Pumpkin, Cat]
            }
            Self::City => &[
                Car,
                Car,
                Bus,
                Truck,
                Woman,
                Man,
                Girl,
                Boy,
                Dog,
                Cat,
                TrafficLight,
                TrafficLight,
                Sign,
                Bicycle,
            ],
            Self::Garden => &[
                Flower, Flower, Cat, Rabbit, Mushroom, Woman, Girl, Boy, Bench, Chair, Chicken, Dog, Fence,
                Ball, Pumpkin, Box,
            ],
            Self::Countryside => {
                &[Horse, Cow, Sheep, Dog, Bicycle, Flower, Boy, Girl, Man, Woman, Sign, Mailbox]
            }
            Self::Kitchen | Self::LivingRoom | Self::Office => &[],
        }
    }

    /// What can stand farther away.
    pub(super) fn far(self) -> &'static [Kind] {
        match self {
            Self::Park => &[Tree, Tree, House, Bench, Sign, Lighthouse],
            Self::Beach => &[Boat, Ship, Boat],
            Self::Street => &[House, House, Tree, Sign, Mailbox, Bicycle, Woman, Man],
            Self::Harbor => &[Lighthouse, House, Sign, Box, Bench, Man, Woman, Girl, Boy],
            Self::Lake => &[Tent, Tree, House, Bench, Sign, Woman, Man, Boy, Girl],
            Self::Farm => &[Barn, Barn, Tree, House, Fence],
            Self::City => &[Sign, House, Tree, Mailbox, Bench, Woman, Man],
            Self::Garden => &[House, Tree, Tent, Fence, Sign],
            Self::Countryside => &[Train, Train, Train],
            Self::Kitchen | Self::LivingRoom | Self::Office => &[],
        }
    }

    /// What can be in the air.
    pub(super) fn sky(self) -> &'static [Kind] {
        match self {
            Self::Park => &[Bird, Kite, Balloon, Butterfly],
            Self::Beach => &[Bird, Kite, Plane],
            Self::Garden => &[Butterfly, Butterfly, Bird, Balloon],
            Self::City => &[Plane],
            Self::Kitchen | Self::LivingRoom | Self::Office => &[],
            _ => &[Bird, Plane, Balloon],
        }
    }

    /// The piece of furniture that carries other things.
    pub(super) fn support(self) -> Kind {
        match self {
            Self::LivingRoom => Sofa,
            Self::Office => Desk,
            _ => Table,
        }
    }

    /// What can be on that piece of furniture.
    pub(super) fn top(self) -> &'static [Kind] {
        match self {
            Self::LivingRoom => &[Cat, Cat, Dog, Book, TeddyBear, Ball, Laptop],
            Self::Office => &[Laptop, Laptop, Cup, Book, Vase, Plant, Candle, Apple],
            _ => &[Cup, Plate, Bowl, Bottle, Apple, Apple, Banana, Cake, Candle, Kettle, Vase, Pumpkin, Cat],
        }
    }

    /// What can hang on the wall.
    pub(super) fn wall(self) -> &'static [Kind] {
        match self {
            Self::LivingRoom => &[Window, Painting, Clock, Television],
            Self::Office => &[Window, Clock, Painting],
            _ => &[Window, Clock],
        }
    }

    /// What can stand beside that piece of furniture.
    pub(super) fn side(self) -> &'static [Kind] {
        match self {
            Self::LivingRoom => &[Lamp, Lamp, Plant, Boy, Girl, Woman, Man, Chair],
            Self::Office => &[Chair, Chair, Lamp, Plant, Box, Man, Woman],
            _ => &[Chair, Chair, Woman, Man, Boy, Girl, Lamp, Box],
        }
    }

    /// What can be under that piece of furniture.
    pub(super) fn under(self) -> &'static [Kind] {
        match self {
            Self::LivingRoom => &[],
            Self::Office => &[Box, Dog, Cat, Ball],
            _ => &[Cat, Dog, Ball, Box],
        }
    }
}
