//! The vocabulary: what there is to paint, and the words for it.

use super::canvas::Rgb;

/// The eleven basic colours of English.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Color {
    Red,
    Orange,
    Yellow,
    Green,
    Blue,
    Purple,
    Pink,
    Brown,
    Black,
    White,
    Gray,
}

use Color::{Black, Blue, Brown, Gray, Green, Orange, Pink, Purple, Red, White, Yellow};

impl Color {
    /// The word.
    pub(super) fn name(self) -> &'static str {
        match self {
            Red => "red",
            Orange => "orange",
            Yellow => "yellow",
            Green => "green",
            Blue => "blue",
            Purple => "purple",
            Pink => "pink",
            Brown => "brown",
            Black => "black",
            White => "white",
            Gray => "gray",
        }
    }

    /// The paint.
    pub(super) fn rgb(self) -> Rgb {
        match self {
            Red => Rgb(216, 46, 48),
            Orange => Rgb(245, 128, 32),
            Yellow => Rgb(252, 208, 48),
            Green => Rgb(44, 150, 70),
            Blue => Rgb(44, 106, 208),
            Purple => Rgb(130, 70, 186),
            Pink => Rgb(246, 138, 178),
            Brown => Rgb(136, 86, 48),
            Black => Rgb(46, 46, 56),
            White => Rgb(248, 246, 240),
            Gray => Rgb(146, 152, 162),
        }
    }
}

macro_rules! kinds {
    ($($kind:ident $one:literal $many:literal $width:literal x $height:literal [$($color:ident)*];)*) => {
        /// A kind of thing.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Kind {
            $($kind,)*
        }

        impl Kind {
            /// Every kind.
            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The noun, for one.
            pub(super) fn one(self) -> &'static str {
                match self {
                    $(Self::$kind => $one,)*
                }
            }

            /// The noun, for several.
            pub(super) fn many(self) -> &'static str {
                match self {
                    $(Self::$kind => $many,)*
                }
            }

            /// Width and height in pixels where it stands in front; the painter keeps within.
            pub(super) fn extent(self) -> (f32, f32) {
                match self {
                    $(Self::$kind => ($width as f32, $height as f32),)*
                }
            }

            /// The colours that it comes in; none where its colour is not worth a word.
            pub(super) fn colors(self) -> &'static [Color] {
                match self {
                    $(Self::$kind => &[$($color),*],)*
                }
            }
        }
    };
}

kinds! {
    Dog "dog" "dogs" 104 x 84 [Brown Black White Gray];
    Cat "cat" "cats" 82 x 80 [Orange Black White Gray Brown];
    Bird "bird" "birds" 64 x 44 [Blue Red Yellow White Black Orange];
    Horse "horse" "horses" 126 x 122 [Brown Black White Gray];
    Cow "cow" "cows" 126 x 96 [Brown Black White];
    Sheep "sheep" "sheep" 96 x 76 [White Black Gray];
    Duck "duck" "ducks" 70 x 56 [Yellow White Brown Gray];
    Fish "fish" "fish" 76 x 42 [Red Orange Yellow Pink Purple];
    Chicken "chicken" "chickens" 62 x 62 [White Brown Black Red];
    Rabbit "rabbit" "rabbits" 58 x 74 [White Brown Gray];
    Butterfly "butterfly" "butterflies" 54 x 46 [Orange Purple Yellow Pink Red Blue];
    Man "man" "men" 72 x 156 [];
    Woman "woman" "women" 72 x 150 [];
    Boy "boy" "boys" 62 x 122 [];
    Girl "girl" "girls" 62 x 120 [];
    Shirt "shirt" "shirts" 60 x 60 [Red Orange Yellow Green Blue Purple Pink White Black];
    Hat "hat" "hats" 40 x 30 [Red Orange Yellow Green Blue Purple Black White Brown];
    Umbrella "umbrella" "umbrellas" 96 x 110 [Red Orange Yellow Green Blue Purple Pink];
    Balloon "balloon" "balloons" 42 x 76 [Red Orange Yellow Green Blue Purple Pink];
    Flower "flower" "flowers" 40 x 74 [Red Orange Yellow Purple Pink White Blue];
    Kite "kite" "kites" 62 x 62 [Red Orange Yellow Green Purple Pink];
    Book "book" "books" 54 x 40 [Red Green Blue Purple Orange Brown];
    Car "car" "cars" 126 x 64 [Red Orange Yellow Green Blue Purple White Black];
    Bus "bus" "buses" 128 x 84 [Red Yellow Green Blue Orange White];
    Truck "truck" "trucks" 128 x 76 [Red Yellow Green Blue Orange White];
    Tractor "tractor" "tractors" 118 x 84 [Red Green Blue Orange Yellow];
    Bicycle "bicycle" "bicycles" 116 x 74 [Red Orange Yellow Blue Purple Pink Black];
    Boat "boat" "boats" 108 x 120 [Red Orange Yellow White Brown Green];
    Ship "ship" "ships" 128 x 80 [Red White Black Blue Green];
    Train "train" "trains" 250 x 84 [Red Blue Green Yellow Orange];
    Plane "plane" "planes" 112 x 48 [White Red Yellow Blue Orange];
    Tree "tree" "trees" 108 x 150 [];
    PalmTree "palm tree" "palm trees" 108 x 156 [];
    Mushroom "mushroom" "mushrooms" 50 x 46 [Red Brown White];
    Snowman "snowman" "snowmen" 84 x 130 [];
    House "house" "houses" 128 x 132 [White Red Yellow Blue Pink Orange];
    Barn "barn" "barns" 128 x 122 [Red Brown Gray];
    Tent "tent" "tents" 120 x 80 [Red Orange Yellow Blue Purple];
    Lighthouse "lighthouse" "lighthouses" 62 x 158 [Red Blue Black];
    Fence "fence" "fences" 124 x 52 [White Brown];
    Bench "bench" "benches" 122 x 66 [Brown Red Blue White];
    Table "table" "tables" 226 x 98 [Brown White Gray];
    Desk "desk" "desks" 232 x 98 [Brown White Gray];
    Chair "chair" "chairs" 66 x 110 [Red Blue Green Brown Yellow White];
    Sofa "sofa" "sofas" 236 x 110 [Red Blue Green Purple Gray Brown];
    Lamp "lamp" "lamps" 64 x 150 [White Yellow Orange Red Blue];
    Door "door" "doors" 30 x 54 [Red Blue Green Brown Black White];
    Window "window" "windows" 92 x 80 [];
    Clock "clock" "clocks" 66 x 66 [White Red Yellow Blue Green];
    Painting "painting" "paintings" 96 x 72 [];
    Television "television" "televisions" 100 x 70 [];
    Cup "cup" "cups" 44 x 38 [Red Orange Yellow Green Blue Purple Pink White];
    Plate "plate" "plates" 62 x 16 [White Blue Yellow Pink];
    Bowl "bowl" "bowls" 60 x 34 [White Blue Red Green Yellow];
    Bottle "bottle" "bottles" 26 x 68 [Green Blue Brown Red];
    Apple "apple" "apples" 38 x 42 [Red Green Yellow];
    Banana "banana" "bananas" 56 x 36 [Yellow Green];
    Cake "cake" "cakes" 64 x 52 [Pink Brown White];
    Candle "candle" "candles" 22 x 62 [White Red Blue Purple];
    Laptop "laptop" "laptops" 78 x 54 [Gray Black White Red];
    Vase "vase" "vases" 40 x 60 [Blue White Purple Green Red];
    Plant "plant" "plants" 58 x 76 [];
    Kettle "kettle" "kettles" 58 x 54 [Red Blue Gray Black Yellow];
    Ball "ball" "balls" 50 x 50 [Red Orange Yellow Blue Purple Pink White];
    Box "box" "boxes" 64 x 52 [Brown White Blue Red];
    TeddyBear "teddy bear" "teddy bears" 56 x 70 [Brown White Pink];
    Pumpkin "pumpkin" "pumpkins" 64 x 54 [Orange];
    Sign "sign" "signs" 104 x 100 [White Yellow Green Blue Red];
    TrafficLight "traffic light" "traffic lights" 42 x 150 [];
    Mailbox "mailbox" "mailboxes" 50 x 90 [Red Blue Green Yellow];
    // Grounds: part of the backdrop.
    Grass "grass" "grass" 384 x 120 [];
    Snow "snow" "snow" 384 x 120 [];
    Sand "sand" "sand" 384 x 110 [];
    Road "road" "roads" 384 x 90 [];
    Sidewalk "sidewalk" "sidewalks" 384 x 40 [];
    Water "water" "water" 384 x 110 [];
    Sea "sea" "sea" 384 x 50 [];
    Shore "shore" "shores" 384 x 40 [];
    Dock "dock" "docks" 384 x 30 [];
    Track "track" "tracks" 384 x 24 [];
    Floor "floor" "floors" 384 x 80 [];
    Wall "wall" "walls" 384 x 200 [];
}

impl Kind {
    /// Is it a person?
    pub(super) fn person(self) -> bool {
        matches!(self, Self::Man | Self::Woman | Self::Boy | Self::Girl)
    }

    /// Is it an animal?
    pub(super) fn animal(self) -> bool {
        matches!(
            self,
            Self::Dog
                | Self::Cat
                | Self::Bird
                | Self::Horse
                | Self::Cow
                | Self::Sheep
                | Self::Duck
                | Self::Fish
                | Self::Chicken
                | Self::Rabbit
                | Self::Butterfly
        )
    }

    /// Is it ground, water, floor or wall: part of the backdrop, always called "the"?
    pub(super) fn ground(self) -> bool {
        matches!(
            self,
            Self::Grass
                | Self::Snow
                | Self::Sand
                | Self::Road
                | Self::Sidewalk
                | Self::Water
                | Self::Sea
                | Self::Shore
                | Self::Dock
                | Self::Track
                | Self::Floor
                | Self::Wall
        )
    }

    /// The states in which it is painted differently; none where it has only one.
    pub(super) fn states(self) -> &'static [State] {
        match self {
            Self::Candle | Self::Lamp => &[State::Lit, State::Unlit],
            Self::Door | Self::Laptop | Self::Book | Self::Box | Self::Tent => &[State::Open, State::Closed],
            Self::TrafficLight => &[State::Stop, State::Caution, State::Go],
            _ => &[],
        }
    }

    /// Can a pattern be seen on it?
    pub(super) fn patterned(self) -> bool {
        matches!(
            self,
            Self::Shirt | Self::Umbrella | Self::Ball | Self::Cup | Self::Kite | Self::Vase | Self::Tent
        )
    }
}

/// How large a thing is for its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    Small,
    Large,
}

impl Size {
    /// The word.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Large => "large",
        }
    }
}

/// What is drawn on a thing in a second colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    Striped,
    Spotted,
}

impl Pattern {
    /// The word.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Striped => "striped",
            Self::Spotted => "spotted",
        }
    }
}

/// A state that can change while the thing stays the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Open,
    Closed,
    Lit,
    Unlit,
    Stop,
    Caution,
    Go,
}

impl State {
    /// The word.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Lit => "lit",
            Self::Unlit => "unlit",
            Self::Stop => "red",
            Self::Caution => "yellow",
            Self::Go => "green",
        }
    }
}

/// How an animal or a person holds itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pose {
    Stand,
    Walk,
    Run,
    Sit,
    Lie,
    Graze,
    Fly,
    Swim,
    Ride,
}

macro_rules! predicates {
    ($($name:ident $label:literal $facet:ident $third:literal $base:literal $ing:literal;)*) => {
        /// What connects two things.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Predicate {
            $($name,)*
        }

        impl Predicate {
            /// The short form of the scene graph.
            pub(super) fn label(self) -> &'static str {
                match self {
                    $(Self::$name => $label,)*
                }
            }

            /// Which kind of relation it is.
            pub(super) fn family(self) -> Family {
                match self {
                    $(Self::$name => Family::$facet,)*
                }
            }

            /// After "it": `runs on`; for a place only the preposition.
            pub(super) fn third(self) -> &'static str {
                match self {
                    $(Self::$name => $third,)*
                }
            }

            /// After "they": `run on`; for a place only the preposition.
            pub(super) fn base(self) -> &'static str {
                match self {
                    $(Self::$name => $base,)*
                }
            }

            /// After "is": `running on`; for a place only the preposition.
            pub(super) fn ing(self) -> &'static str {
                match self {
                    $(Self::$name => $ing,)*
                }
            }
        }
    };
}

/// The three families of predicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// Where one thing is: a preposition.
    Place,
    /// What one thing does: a verb, often with a preposition.
    Action,
    /// What one thing has on it or with it.
    Bond,
}

predicates! {
    On "on" Place "on" "on" "on";
    Under "under" Place "under" "under" "under";
    Behind "behind" Place "behind" "behind" "behind";
    LeftOf "left of" Place "to the left of" "to the left of" "to the left of";
    RightOf "right of" Place "to the right of" "to the right of" "to the right of";
    Above "above" Place "above" "above" "above";
    NextTo "next to" Place "next to" "next to" "next to";
    StandOn "stand on" Action "stands on" "stand on" "standing on";
    SitOn "sit on" Action "sits on" "sit on" "sitting on";
    LieOn "lie on" Action "lies on" "lie on" "lying on";
    RunOn "run on" Action "runs on" "run on" "running on";
    WalkOn "walk on" Action "walks on" "walk on" "walking on";
    GrazeOn "graze on" Action "grazes on" "graze on" "grazing on";
    GrowIn "grow in" Action "grows in" "grow in" "growing in";
    SailOn "sail on" Action "sails on" "sail on" "sailing on";
    SwimIn "swim in" Action "swims in" "swim in" "swimming in";
    DriveOn "drive on" Action "drives on" "drive on" "driving on";
    RollAlong "roll along" Action "rolls along" "roll along" "rolling along";
    FlyOver "fly over" Action "flies over" "fly over" "flying over";
    FloatOver "float over" Action "floats over" "float over" "floating over";
    HangOn "hang on" Action "hangs on" "hang on" "hanging on";
    Ride "ride" Action "rides" "ride" "riding";
    Hold "hold" Action "holds" "hold" "holding";
    Wear "wear" Bond "wears" "wear" "wearing";
    Have "have" Bond "has" "have" "having";
}

impl Predicate {
    /// The pose in which the subject is painted.
    pub(super) fn pose(self) -> Option<Pose> {
        match self {
            Self::StandOn | Self::On => Some(Pose::Stand),
            Self::SitOn => Some(Pose::Sit),
            Self::LieOn => Some(Pose::Lie),
            Self::RunOn => Some(Pose::Run),
            Self::WalkOn => Some(Pose::Walk),
            Self::GrazeOn => Some(Pose::Graze),
            Self::SwimIn => Some(Pose::Swim),
            Self::FlyOver => Some(Pose::Fly),
            Self::Ride => Some(Pose::Ride),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_enough_to_see() {
        let things = Kind::ALL.iter().filter(|kind| !kind.ground()).count();
        assert!(things >= 60, "{things} kinds of thing");
    }

    #[test]
    fn no_two_kinds_share_a_noun() {
        for (place, kind) in Kind::ALL.iter().enumerate() {
            assert!(Kind::ALL.iter().skip(place + 1).all(|other| other.one() != kind.one()), "{kind:?}");
        }
    }
}
