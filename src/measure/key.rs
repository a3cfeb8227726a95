//! What a fact is counted under: one string for one fact, whoever says it and wherever.
//!
//! ```text
//! object dog              attr dog color brown       count dog 2         act man run
//! rel man ride horse      scene beach                text no_parking     entity paris
//! ```
//!
//! Parts are folded, in dictionary form (names and written text are only folded), and the words of
//! one part are joined by `_`; a part that nobody named is `-`. What is denied stands apart: `not
//! object dog`. Words are never brought together by meaning here, since that is not transitive.
//! What speaks of the picture itself ("the image", "a sense of calm") has no key.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{Descriptor, Facet, Sample};
use crate::text;

static FRAME: &str = include_str!("../../assets/measure/frame.txt");

/// Names that a [`Scribe`] remembers at most.
const MOST_NAMES: usize = 1 << 16;

/// Words before a name that are no part of it.
const DETERMINERS: &[&str] =
    &["a", "an", "the", "this", "that", "these", "those", "his", "her", "its", "their", "some", "any"];

/// A part that is not known.
const NOBODY: &str = "-";

/// Stands before the key of what is denied.
const DENIED: &str = "not ";

/// The kind of a key: its first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyKind {
    /// `object dog`
    Object,
    /// `attr dog color brown`
    Attribute,
    /// `count dog 2`
    Count,
    /// `rel cup on table`: where something is, what it does to something else, and the rest.
    Relation,
    /// `act man run`: what something does by itself.
    Act,
    /// `scene beach`
    Scene,
    /// `text stop`
    Text,
    /// `entity paris`
    Entity,
}

impl KeyKind {
    /// All of them, in the order of the facets.
    pub const ALL: [Self; 8] = [
        Self::Object,
        Self::Attribute,
        Self::Count,
        Self::Relation,
        Self::Act,
        Self::Scene,
        Self::Text,
        Self::Entity,
    ];

    /// The first word of its keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Attribute => "attr",
            Self::Count => "count",
            Self::Relation => "rel",
            Self::Act => "act",
            Self::Scene => "scene",
            Self::Text => "text",
            Self::Entity => "entity",
        }
    }

    /// What facts of the kind are called.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Object => "objects",
            Self::Attribute => "attributes",
            Self::Count => "counts",
            Self::Relation => "relations",
            Self::Act => "actions",
            Self::Scene => "scenes",
            Self::Text => "texts",
            Self::Entity => "names",
        }
    }
}

/// A key taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'k> {
    /// Whether it is denied.
    pub is_denied: bool,
    /// Its kind.
    pub kind: KeyKind,
    /// What follows the kind: the object, then dimension and value, or predicate and object.
    parts: &'k str,
}

impl<'k> Key<'k> {
    /// Takes a key apart; none if it is no key.
    pub fn parse(key: &'k str) -> Option<Self> {
        let bare = key.strip_prefix(DENIED);
        let (name, parts) = bare.unwrap_or(key).split_once(' ')?;
        let kind = KeyKind::ALL.into_iter().find(|kind| kind.name() == name)?;
        Some(Self { is_denied: bare.is_some(), kind, parts })
    }

    /// The parts after the kind: one to three.
    pub fn parts(&self) -> impl Iterator<Item = &'k str> {
        self.parts.split(' ')
    }

    /// As a reader would write it: `dog: brown`, `man ride horse`, `no dog`.
    pub fn show(&self) -> String {
        let mut parts = self.parts().map(|part| part.replace('_', " "));
        let mut next = || parts.next().unwrap_or_default();
        let text = match self.kind {
            KeyKind::Attribute => {
                let object = next();
                let _dimension = next();
                format!("{object}: {}", next())
            }
            KeyKind::Count => {
                let object = next();
                format!("{object} = {}", next())
            }
            KeyKind::Text => format!("\"{}\"", next()),
            _ => self.parts.replace('_', " "),
        };
        if self.is_denied { format!("no {text}") } else { text }
    }
}

/// The levels on which coverage is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// `object dog`
    Object,
    /// `value color brown`, of whatever thing
    Value,
    /// `predicate ride`, whoever does it to what
    Predicate,
    /// `attr dog color brown`
    ObjectValue,
    /// `rel man ride horse`
    Triple,
}

impl Level {
    /// All of them, the plainest first.
    pub const ALL: [Self; 5] = [Self::Object, Self::Value, Self::Predicate, Self::ObjectValue, Self::Triple];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Value => "attribute",
            Self::Predicate => "relation",
            Self::ObjectValue => "object×attribute",
            Self::Triple => "triple",
        }
    }

    /// A key of this level as a reader would write it: `dog`, `brown`, `ride`, `dog: brown`.
    pub fn show(self, key: &str) -> String {
        let plain = |parts: &str| parts.replace('_', " ");
        match self {
            Self::Value => plain(key.rsplit(' ').next().unwrap_or(key)),
            Self::Predicate => plain(key.strip_prefix(self.prefix()).unwrap_or(key)),
            _ => Key::parse(key).map_or_else(|| key.to_owned(), |key| key.show()),
        }
    }

    /// What the keys of this level begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Object => "object ",
            Self::Value => "value ",
            Self::Predicate => "predicate ",
            Self::ObjectValue => "attr ",
            Self::Triple => "rel ",
        }
    }
}

/// The key of the level that a fact does not have itself: of an attribute without its object, of a
/// relation without its ends. None for other facts and denied ones.
pub fn level_key(key: &str) -> Option<String> {
    let key = Key::parse(key).filter(|key| !key.is_denied)?;
    let mut parts = key.parts().skip(1);
    match key.kind {
        KeyKind::Attribute => Some(format!("value {} {}", parts.next()?, parts.next()?)),
        KeyKind::Relation => Some(format!("predicate {}", parts.next()?)),
        _ => None,
    }
}

/// The keys of such levels of a sample with these keys. Sorted, each once.
pub fn level_keys(keys: &[String]) -> Vec<String> {
    let mut found: Vec<String> = keys.iter().filter_map(|key| level_key(key)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The key of the descriptor at a place of a list; none for what says nothing of the picture, or
/// where there is no such place.
pub fn key(descriptors: &[Descriptor], at: usize) -> Option<String> {
    Scribe::default().key(descriptors, at)
}

/// All keys of a sample, sorted, each once.
pub fn keys(sample: &Sample) -> Vec<String> {
    Scribe::default().keys(&sample.descriptors)
}

/// Kinds of facts that may only repeat what an object says, with the same parts: `scene beach`
/// beside `object beach`.
pub const ECHOES: [KeyKind; 2] = [KeyKind::Scene, KeyKind::Entity];

/// Whether a key only repeats what the key of an object says: `scene beach` beside `object beach`.
/// `keys` are sorted.
pub(super) fn is_echo(key: &str, keys: &[String]) -> bool {
    let Some(parsed) = Key::parse(key) else { return false };
    if parsed.is_denied || !ECHOES.contains(&parsed.kind) {
        return false;
    }
    let object = format!("object {}", parsed.parts);
    keys.binary_search(&object).is_ok()
}

/// What a word stands for in a picture.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// The picture itself, or its effect.
    Frame,
    /// A place in it.
    Region,
    /// Anything else.
    Thing,
}

/// What the last word of a name (in dictionary form) stands for.
pub(super) fn standing(name: &str) -> Standing {
    static LISTS: OnceLock<[FxHashSet<&'static str>; 2]> = OnceLock::new();
    let [frame, regions] = LISTS.get_or_init(|| {
        let (frame, regions) = FRAME.split_once("\n[regions]").unwrap_or((FRAME, ""));
        let lines = |text: &'static str| {
            let lines = text.lines().filter(|line| !line.starts_with(['#', '[']));
            lines.flat_map(str::split_whitespace).collect()
        };
        [lines(frame), lines(regions)]
    });
    let head = name.split("_of").next().and_then(|name| name.rsplit('_').next()).unwrap_or(name);
    if frame.contains(head) {
        Standing::Frame
    } else if regions.contains(head) {
        Standing::Region
    } else {
        Standing::Thing
    }
}

/// Writes keys, and remembers the dictionary forms of names from one to the next.
#[derive(Debug, Default)]
pub struct Scribe {
    names: FxHashMap<Box<str>, Box<str>>,
    values: FxHashMap<Box<str>, Option<&'static str>>,
}

impl Scribe {
    /// The key of an object of this name.
    pub fn object_key(&mut self, name: &str) -> String {
        let mut key = String::new();
        self.part(&mut key, KeyKind::Object.name(), name);
        key
    }

    /// As [`keys`].
    pub fn keys(&mut self, descriptors: &[Descriptor]) -> Vec<String> {
        self.placed_keys(descriptors).0
    }

    /// The keys, sorted, each once, and for each descriptor the place of its key among them.
    pub(super) fn placed_keys(&mut self, descriptors: &[Descriptor]) -> (Vec<String>, Vec<Option<usize>>) {
        let mut written: Vec<(String, usize)> = Vec::with_capacity(descriptors.len());
        written.extend((0..descriptors.len()).filter_map(|at| Some((self.key(descriptors, at)?, at))));
        written.sort_unstable();
        let mut keys: Vec<String> = Vec::with_capacity(written.len());
        let mut places = vec![None; descriptors.len()];
        for (key, at) in written {
            if keys.last() != Some(&key) {
                keys.push(key);
            }
            places[at] = Some(keys.len() - 1);
        }
        (keys, places)
    }

    /// As [`key`].
    pub fn key(&mut self, descriptors: &[Descriptor], at: usize) -> Option<String> {
        let descriptor = descriptors.get(at)?;
        let mut key = String::with_capacity(32);
        if descriptor.negated {
            key.push_str(DENIED);
        }
        let end = |place: Option<u32>| descriptors.get(place? as usize).map(|end| end.name.as_str());
        let (owner, target) = (end(descriptor.parent), end(descriptor.target));
        match descriptor.facet {
            Facet::Object => {
                let start = key.len();
                self.part(&mut key, KeyKind::Object.name(), &descriptor.name);
                let name = key.get(start + KeyKind::Object.name().len() + 1..).unwrap_or_default();
                (standing(name) == Standing::Thing && name != NOBODY).then_some(key)
            }
            Facet::Attribute => {
                self.end(&mut key, KeyKind::Attribute.name(), owner)?;
                let dimension = self.dimension(descriptor);
                key.push(' ');
                push_folded(&mut key, dimension);
                self.part(&mut key, "", &descriptor.name);
                Some(key)
            }
            Facet::Count => {
                self.end(&mut key, KeyKind::Count.name(), owner)?;
                self.part(&mut key, "", &descriptor.name);
                Some(key)
            }
            Facet::Spatial | Facet::Action | Facet::Relation => {
                let is_act = descriptor.target.is_none() && descriptor.facet == Facet::Action;
                let kind = if is_act { KeyKind::Act } else { KeyKind::Relation };
                self.end(&mut key, kind.name(), owner)?;
                self.part(&mut key, "", &descriptor.name);
                if !is_act {
                    self.end(&mut key, "", target)?;
                }
                Some(key)
            }
            Facet::Scene => {
                // "A photo" says nothing, "a black and white photo" does.
                if matches!(descriptor.name.as_str(), "photo" | "photograph" | "image" | "picture") {
                    return None;
                }
                self.part(&mut key, KeyKind::Scene.name(), &descriptor.name);
                Some(key)
            }
            Facet::Text | Facet::Entity => {
                let is_text = descriptor.facet == Facet::Text;
                let kind = if is_text { KeyKind::Text } else { KeyKind::Entity };
                key.push_str(kind.name());
                key.push(' ');
                push_folded(&mut key, &descriptor.name);
                Some(key)
            }
        }
    }

    /// One end of a fact; none if it is the picture itself.
    fn end(&mut self, key: &mut String, before: &str, name: Option<&str>) -> Option<()> {
        let start = key.len() + before.len() + 1;
        if let Some(name) = name {
            self.part(key, before, name);
        } else {
            key.push_str(before);
            key.push(' ');
            key.push_str(NOBODY);
        }
        (standing(key.get(start..).unwrap_or_default()) != Standing::Frame).then_some(())
    }

    /// A word, a space, and a name in dictionary form.
    fn part(&mut self, key: &mut String, before: &str, name: &str) {
        key.push_str(before);
        key.push(' ');
        if let Some(known) = self.names.get(name) {
            key.push_str(known);
            return;
        }
        let start = key.len();
        text::for_each_word(name, &mut String::new(), |_, folded| {
            if key.len() > start {
                key.push('_');
            } else if DETERMINERS.contains(&folded) && folded.len() < name.trim().len() {
                return;
            }
            key.push_str(text::lemma(folded));
        });
        if key.len() == start {
            key.push_str(NOBODY);
        }
        if self.names.len() >= MOST_NAMES {
            self.names.clear();
        }
        self.names.insert(name.into(), key.get(start..).unwrap_or_default().into());
    }

    /// Of what an attribute is a value: by the table of dimensions, so that supplied and extracted
    /// ones agree, else as the descriptor says.
    fn dimension<'d>(&mut self, descriptor: &'d Descriptor) -> &'d str {
        let known = self.values.get(descriptor.name.as_str()).copied();
        let listed = known.unwrap_or_else(|| {
            let listed = text::dimension(&descriptor.name).map(text::Dimension::name);
            if self.values.len() >= MOST_NAMES {
                self.values.clear();
            }
            self.values.insert(descriptor.name.as_str().into(), listed);
            listed
        });
        listed.or(descriptor.dimension.as_deref()).unwrap_or("other")
    }
}

/// Folded words joined by `_`, or `-` where there is none.
fn push_folded(key: &mut String, name: &str) {
    let start = key.len();
    text::for_each_word(name, &mut String::new(), |_, folded| {
        if key.len() > start {
            key.push('_');
        }
        key.push_str(folded);
    });
    if key.len() == start {
        key.push_str(NOBODY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(facet: Facet, name: &str, parent: Option<u32>, target: Option<u32>) -> Descriptor {
        Descriptor { parent, target, ..Descriptor::new(facet, name, Descriptor::EXTRACTED) }
    }

    #[test]
    fn each_facet_has_its_keys() {
        let list = [
            of(Facet::Object, "The Dogs", None, None),
            of(Facet::Object, "hot dogs", None, None),
            of(Facet::Attribute, "brown", Some(0), None),
            of(Facet::Count, "2", Some(0), None),
            of(Facet::Action, "run", Some(0), None),
            of(Facet::Action, "sits on", Some(0), Some(1)),
            of(Facet::Spatial, "on", Some(0), None),
            of(Facet::Scene, "beaches", None, None),
            of(Facet::Text, "No Parking", None, None),
            of(Facet::Entity, "Paris", None, None),
            of(Facet::Object, "image", None, None),
            of(Facet::Attribute, "red", Some(10), None),
            of(Facet::Attribute, "red", Some(99), None),
            of(Facet::Spatial, "in", Some(0), Some(10)),
            Descriptor { negated: true, ..of(Facet::Object, "cat", None, None) },
            of(Facet::Object, "the", None, None),
            of(Facet::Object, "!!", None, None),
        ];
        let expected = [
            Some("object dog"),
            Some("object hot_dog"),
            Some("attr dog color brown"),
            Some("count dog 2"),
            Some("act dog run"),
            Some("rel dog sit_on hot_dog"),
            Some("rel dog on -"),
            Some("scene beach"),
            Some("text no_parking"),
            Some("entity paris"),
            None,
            None,
            Some("attr - color red"),
            None,
            Some("not object cat"),
            Some("object the"),
            None,
        ];
        for (at, expected) in expected.into_iter().enumerate() {
            assert_eq!(key(&list, at).as_deref(), expected, "{}", list[at].name);
        }
        assert_eq!(key(&list, list.len()), None);
    }

    #[test]
    fn keys_can_be_taken_apart() {
        let table = [
            ("object hot_dog", "hot dog"),
            ("attr dog color light_brown", "dog: light brown"),
            ("count dog 2", "dog = 2"),
            ("rel man ride hot_rod", "man ride hot rod"),
            ("text stop", "\"stop\""),
            ("not object dog", "no dog"),
        ];
        for (key, shown) in table {
            assert_eq!(Key::parse(key).map(|key| key.show()).as_deref(), Some(shown));
        }
        assert_eq!(Key::parse("dog"), None);
        assert_eq!(Key::parse(""), None);
    }

    #[test]
    fn levels_leave_out_the_ends() {
        let keys =
            ["attr cat color red", "attr dog color red", "not attr dog color blue", "rel man ride horse"];
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        assert_eq!(level_keys(&keys), ["predicate ride", "value color red"]);
    }

    #[test]
    fn a_scene_that_is_an_object_is_an_echo() {
        let keys: Vec<String> = ["object beach", "scene beach", "scene night"].map(str::to_owned).to_vec();
        assert!(is_echo("scene beach", &keys));
        assert!(!is_echo("scene night", &keys));
        assert!(!is_echo("object beach", &keys));
    }
}
