//! Word lists: dimensions of attributes, parts of things, words of scenes, predicates of place.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

static ATTRIBUTES: &str = include_str!("../../../assets/facets/attributes.txt");
static PARTS: &str = include_str!("../../../assets/facets/parts.txt");
static SCENES: &str = include_str!("../../../assets/facets/scenes.txt");
static SPATIAL: &str = include_str!("../../../assets/facets/spatial.txt");
static ABSTRACT: &str = include_str!("../../../assets/facets/abstract.txt");
static UNITS: &str = include_str!("../../../assets/facets/units.txt");

/// Words of a scene's phrase at most.
pub(super) const LONGEST_SCENE: usize = 5;

/// The lists of this program, looked up by word or phrase.
#[derive(Debug)]
pub(super) struct Lists {
    attributes: FxHashMap<&'static str, &'static str>,
    parts: FxHashSet<&'static str>,
    scenes: FxHashMap<&'static str, SceneWord>,
    /// First words of the phrases of scenes.
    scene_starts: FxHashSet<&'static str>,
    spatial: FxHashSet<&'static str>,
    abstracts: FxHashSet<&'static str>,
    units: FxHashSet<&'static str>,
}

/// What a phrase tells of a scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SceneWord {
    /// `setting`, `time`, `weather`, `lighting`, `viewpoint`, `medium` or `place`.
    pub dimension: &'static str,
    pub name: &'static str,
}

fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Lines of `name: phrase, phrase`.
fn named(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    lines(list).filter_map(|line| line.split_once(':')).flat_map(|(name, phrases)| {
        phrases
            .split(',')
            .map(str::trim)
            .filter(|phrase| !phrase.is_empty())
            .map(move |phrase| (name, phrase))
    })
}

impl Lists {
    pub(super) fn english() -> &'static Self {
        static LISTS: OnceLock<Lists> = OnceLock::new();
        LISTS.get_or_init(|| {
            let mut attributes = FxHashMap::default();
            for (dimension, word) in named(ATTRIBUTES) {
                attributes.entry(word).or_insert(dimension);
            }
            let scenes: FxHashMap<_, _> = named(SCENES)
                .map(|(dimension, phrase)| {
                    let (phrase, name) = phrase.split_once('=').unwrap_or((phrase, phrase));
                    (phrase, SceneWord { dimension, name })
                })
                .collect();
            let phrases = |list: &'static str| lines(list).flat_map(|line| line.split(',')).map(str::trim);
            let words = |list: &'static str| lines(list).flat_map(str::split_whitespace);
            Self {
                attributes,
                parts: words(PARTS).collect(),
                scene_starts: scenes.keys().filter_map(|phrase| phrase.split(' ').next()).collect(),
                scenes,
                spatial: phrases(SPATIAL).collect(),
                abstracts: words(ABSTRACT).collect(),
                units: words(UNITS).collect(),
            }
        })
    }

    /// The dimension of an attribute: of the whole, or of its last or first known word.
    pub(super) fn dimension(&self, attribute: &str) -> Option<&'static str> {
        let known = |word: &str| self.attributes.get(word).copied();
        known(attribute)
            .or_else(|| attribute.rsplit([' ', '-']).find_map(known))
            .or_else(|| attribute.ends_with("ish").then_some("color").filter(|_| attribute.len() > 5))
    }

    pub(super) fn is_part(&self, noun: &str) -> bool {
        self.parts.contains(noun)
    }

    pub(super) fn is_spatial(&self, predicate: &str) -> bool {
        self.spatial.contains(predicate)
    }

    pub(super) fn is_abstract(&self, noun: &str) -> bool {
        self.abstracts.contains(noun)
    }

    pub(super) fn is_unit(&self, word: &str) -> bool {
        self.units.contains(word)
    }

    /// Whether some phrase of a scene begins with the word.
    pub(super) fn begins_scene(&self, word: &str) -> bool {
        self.scene_starts.contains(word)
    }

    pub(super) fn scene(&self, phrase: &str) -> Option<SceneWord> {
        self.scenes.get(phrase).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_have_dimensions() {
        let table = [
            ("red", Some("color")),
            ("light blue", Some("color")),
            ("dark-brown", Some("color")),
            ("wooden", Some("material")),
            ("heart-shaped", Some("shape")),
            ("striped", Some("pattern")),
            ("young", Some("age")),
            ("polka dot", Some("pattern")),
            ("quizzical", None),
        ];
        for (given, expected) in table {
            assert_eq!(Lists::english().dimension(given), expected, "{given}");
        }
    }

    #[test]
    fn phrases_of_scenes_are_short_enough() {
        for phrase in Lists::english().scenes.keys() {
            assert!(phrase.split(' ').count() <= LONGEST_SCENE, "{phrase}");
        }
    }
}
