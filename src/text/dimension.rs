//! Dimensions: what an adjective says something about, and which values exclude each other.
//!
//! The table is `assets/lexicon/dimensions.txt`.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::concept::folded;
use super::tree::key_of;

static DIMENSIONS: &str = include_str!("../../assets/lexicon/dimensions.txt");

/// Words before a color that leave it the color it is.
const SHADES: &[&str] =
    &["light", "dark", "bright", "pale", "deep", "dull", "vivid", "neon", "pastel", "very"];

/// What a value is a value of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// `red`
    Color,
    /// `wooden`
    Material,
    /// `large`, `tall`, `narrow`
    Size,
    /// `round`
    Shape,
    /// How it lies or runs: `curved`, `steep`
    Form,
    /// `furry`, `smooth`
    Texture,
    /// `striped`
    Pattern,
    /// `old`, `new`, `ripe`
    Age,
    /// `open`, `wet`, `broken`, `seated`
    State,
    /// `cloudy`
    Weather,
    /// Of the day or year: `nighttime`, `autumnal`
    Time,
    /// Light and focus: `dim`, `blurry`
    Light,
    /// `double`
    Number,
    /// Manner, kind and origin: `fancy`, `rural`, `french`
    Style,
}

impl Dimension {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 14] = [
        Self::Color,
        Self::Material,
        Self::Size,
        Self::Shape,
        Self::Form,
        Self::Texture,
        Self::Pattern,
        Self::Age,
        Self::State,
        Self::Weather,
        Self::Time,
        Self::Light,
        Self::Number,
        Self::Style,
    ];

    /// Its name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Color => "color",
            Self::Material => "material",
            Self::Size => "size",
            Self::Shape => "shape",
            Self::Form => "form",
            Self::Texture => "texture",
            Self::Pattern => "pattern",
            Self::Age => "age",
            Self::State => "state",
            Self::Weather => "weather",
            Self::Time => "time",
            Self::Light => "light",
            Self::Number => "number",
            Self::Style => "style",
        }
    }
}

/// Where a word stands in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seat {
    dimension: Dimension,
    /// Values of different axes do not exclude each other.
    axis: u16,
    value: u16,
}

/// What an adjective or participle says something about, as it is written or as a lemma; of one
/// with several meanings, the first in the table.
pub fn dimension(adjective: &str) -> Option<Dimension> {
    seats(adjective).first().map(|seat| seat.dimension)
}

/// Whether two adjectives are different values of one axis, so that a thing is not both: `red` and
/// `blue`, `open` and `shut`, but not `red` and `round`, nor `large` and `big`.
pub fn excludes(one: &str, other: &str) -> bool {
    let (one, other) = (seats(one), seats(other));
    let shares = |first: &Seat| {
        let on_axis: Vec<&Seat> = other.iter().filter(|second| second.axis == first.axis).collect();
        (!on_axis.is_empty()).then(|| on_axis.iter().all(|second| second.value != first.value))
    };
    let verdicts: Vec<bool> = one.iter().filter_map(shares).collect();
    !verdicts.is_empty() && verdicts.iter().all(|excludes| *excludes)
}

/// Whether two values of a dimension exclude each other, where they are given as lemmas: `light`, which is `lit`, and
/// `unlit` as states. Values of a dimension that is none of the table exclude nothing.
pub fn excludes_as(dimension: &str, one: &str, other: &str) -> bool {
    let table = Table::whole();
    let of = |value: &str| -> Vec<Seat> {
        let key = key_of(value);
        let found = [table.seats.get(folded(value).as_str()), table.lemmas.get(key.as_str())];
        let seats = found.into_iter().flatten().flatten();
        seats.filter(|seat| seat.dimension.name() == dimension).copied().collect()
    };
    let (one, other) = (of(one), of(other));
    let on_axis = |first: &Seat| other.iter().filter(|second| second.axis == first.axis).count() > 0;
    let shared: Vec<&Seat> = one.iter().filter(|first| on_axis(first)).collect();
    !shared.is_empty() && !shared.iter().any(|first| other.iter().any(|second| second.value == first.value))
}

/// All words of a dimension, as they are written in the table.
pub fn values_of(dimension: Dimension) -> Vec<&'static str> {
    let sections = DIMENSIONS.split("\n[").skip(1);
    let of_dimension = sections.filter(|section| section.starts_with(dimension.name()));
    of_dimension
        .flat_map(|section| section.lines().skip(1))
        .flat_map(|line| line.split(['/', ',']))
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .collect()
}

fn seats(adjective: &str) -> &'static [Seat] {
    let table = Table::whole();
    let written = folded(adjective);
    let found = |word: &str| table.seats.get(word).map(Vec::as_slice);
    let by_head = || {
        let (shade, head) = written.split_once(' ')?;
        if SHADES.contains(&shade) { found(head) } else { None }
    };
    found(&written).or_else(|| found(&key_of(adjective))).or_else(by_head).unwrap_or_default()
}

#[derive(Debug, Default)]
struct Table {
    seats: FxHashMap<Box<str>, Vec<Seat>>,
    /// By lemma, also where another word of the table is written so.
    lemmas: FxHashMap<Box<str>, Vec<Seat>>,
    faults: Vec<String>,
}

impl Table {
    fn whole() -> &'static Self {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Self::read(DIMENSIONS))
    }

    fn read(text: &str) -> Self {
        let mut table = Self::default();
        let mut section: Option<(Dimension, bool)> = None;
        let (mut axis, mut value) = (0, 0);
        let mut lemmas: Vec<(String, Seat)> = Vec::new();
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                let bare = name.trim_end_matches(" *");
                let found = Dimension::ALL.into_iter().find(|dimension| dimension.name() == bare);
                if found.is_none() {
                    table.faults.push(format!("{name} is no dimension"));
                }
                section = found.map(|dimension| (dimension, bare != name));
                axis += 1;
                continue;
            }
            let Some((dimension, is_one_axis)) = section else { continue };
            axis += u16::from(!is_one_axis);
            for group in line.split('/') {
                value += 1;
                let seat = Seat { dimension, axis, value };
                for word in group.split(',') {
                    let word = folded(word);
                    lemmas.push((key_of(&word), seat));
                    table.seats.entry(word.into()).or_default().push(seat);
                }
            }
        }
        // A lemma (`stripe` of `striped`) has the seats of its forms, unless it is in the table.
        let written: Vec<Box<str>> = table.seats.keys().cloned().collect();
        for (lemma, seat) in lemmas {
            table.lemmas.entry(lemma.as_str().into()).or_default().push(seat);
            if !written.iter().any(|word| **word == *lemma) {
                table.seats.entry(lemma.into()).or_default().push(seat);
            }
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_table_is_sound_and_large() {
        let table = Table::whole();
        assert_eq!(table.faults, Vec::<String>::new());
        let count: usize = Dimension::ALL.into_iter().map(|dimension| values_of(dimension).len()).sum();
        assert!(count >= 600, "{count}");
        for dimension in Dimension::ALL {
            assert!(values_of(dimension).len() >= 10, "{}", dimension.name());
            for word in values_of(dimension) {
                assert!(seats(word).iter().any(|seat| seat.dimension == dimension), "{word}");
            }
        }
    }

    #[test]
    fn dimensions_of_adjectives() {
        let table = [
            ("red", Some(Dimension::Color)),
            ("Dark Blue", Some(Dimension::Color)),
            ("light purple", Some(Dimension::Color)),
            ("wooden", Some(Dimension::Material)),
            ("large", Some(Dimension::Size)),
            ("tall", Some(Dimension::Size)),
            ("round", Some(Dimension::Shape)),
            ("fluffy", Some(Dimension::Texture)),
            ("striped", Some(Dimension::Pattern)),
            ("stripe", Some(Dimension::Pattern)),
            ("young", Some(Dimension::Age)),
            ("parked", Some(Dimension::State)),
            ("park", Some(Dimension::State)),
            ("cloudy", Some(Dimension::State)),
            ("blurry", Some(Dimension::Light)),
            ("quickly", None),
            ("", None),
        ];
        for (word, expected) in table {
            assert_eq!(dimension(word), expected, "{word}");
        }
    }

    #[test]
    fn values_that_exclude_each_other() {
        let table = [
            ("red", "blue", true),
            ("red", "maroon", false),
            ("large", "small", true),
            ("large", "big", false),
            ("red", "large", false),
            ("open", "closed", true),
            ("open", "wet", false),
            ("wet", "dry", true),
            ("sitting", "standing", true),
            ("striped", "spotted", true),
            ("wooden", "metal", true),
            ("young", "old", true),
            ("light blue", "dark red", true),
            ("sunny", "rainy", true),
            ("morning", "night", true),
            ("green", "green", false),
            ("raw", "cooked", true),
            ("cake", "dog", false),
        ];
        for (one, other, expected) in table {
            assert_eq!(excludes(one, other), expected, "{one}, {other}");
            assert_eq!(excludes(other, one), expected, "{other}, {one}");
        }
    }

    proptest! {
        #[test]
        fn no_value_excludes_itself(word in any::<String>()) {
            let _ = dimension(&word);
            prop_assert!(!excludes(&word, &word));
        }
    }
}
