//! What a text or an annotation says about a picture, as small facts in a tree.

use serde::{Deserialize, Serialize};

/// The nine kinds of descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Facet {
    /// A thing or a part of one.
    Object,
    /// A property of an object: colour, material, size, state …
    Attribute,
    /// How many of an object there are.
    Count,
    /// Where one object is with respect to another.
    Spatial,
    /// What an object does, alone or to another.
    Action,
    /// Any other relation: have, wear, with, part of, made of.
    Relation,
    /// Place, time of day, weather, viewpoint, medium.
    Scene,
    /// Words that are written in the picture.
    Text,
    /// Names, brands, years.
    Entity,
}

impl Facet {
    /// Every facet, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::Object,
        Self::Attribute,
        Self::Count,
        Self::Spatial,
        Self::Action,
        Self::Relation,
        Self::Scene,
        Self::Text,
        Self::Entity,
    ];

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|facet| facet.name() == name)
    }

    /// The name as it stands in queries and on screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Attribute => "attribute",
            Self::Count => "count",
            Self::Spatial => "spatial",
            Self::Action => "action",
            Self::Relation => "relation",
            Self::Scene => "scene",
            Self::Text => "text",
            Self::Entity => "entity",
        }
    }
}

/// One fact. Facts of a sample form a tree through [`Descriptor::parent`]: an attribute hangs
/// under its object, a relation under its subject, a part under its whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Descriptor {
    /// Its kind.
    pub facet: Facet,
    /// The finer kind where the data tells: `color`, `material`, `part` …
    pub dimension: Option<String>,
    /// The words: `dog`, `brown`, `on`, `2`.
    pub name: String,
    /// Index, in the sample's list, of the descriptor it belongs to.
    pub parent: Option<u32>,
    /// For a relation: index of the descriptor at its other end.
    pub target: Option<u32>,
    /// Where in the picture.
    pub region: Option<Region>,
    /// Where it comes from: `supplied:<field>`, or [`Descriptor::EXTRACTED`].
    pub source: String,
    /// Where captions say it, in their order; more than one place where a thing is named again.
    /// Empty for what no caption says.
    pub evidence: Vec<Evidence>,
    /// The caption says that it is not so: `no dogs`, `without a hat`.
    pub negated: bool,
    /// The caption is not sure of it: `appears to be`, `possibly`.
    pub hedged: bool,
}

/// A stretch of a caption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    /// Place of the caption in the sample's list.
    pub caption: u32,
    /// First byte, on a character border.
    pub start: u32,
    /// Byte after the last, on a character border.
    pub end: u32,
    /// The sentence of the caption, from 0.
    pub sentence: u32,
}

impl Descriptor {
    /// Source of what was found in the words of a caption.
    pub const EXTRACTED: &'static str = "extracted";

    /// A descriptor that stands alone.
    pub fn new(facet: Facet, name: impl Into<String>, source: impl Into<String>) -> Self {
        Self {
            facet,
            dimension: None,
            name: name.into(),
            parent: None,
            target: None,
            region: None,
            source: source.into(),
            evidence: Vec::new(),
            negated: false,
            hedged: false,
        }
    }
}

/// A rectangle in a picture, top-left origin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// Left edge.
    pub x0: f32,
    /// Upper edge.
    pub y0: f32,
    /// Right edge, at least `x0`.
    pub x1: f32,
    /// Lower edge, at least `y0`.
    pub y1: f32,
    /// What the four numbers count.
    pub unit: RegionUnit,
}

/// The unit of a [`Region`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RegionUnit {
    /// Pixels of the original picture.
    Pixel,
    /// Shares of the picture's width and height, 0 to 1.
    Fraction,
}
