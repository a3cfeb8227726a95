//! What kind of thing a word is, by WordNet's lexicographer files, and which words mean the same.

use super::net::{Net, Part, Place};
use super::phrase;
use super::tree::{Tree, is_visible, key_of};

/// The kind of thing that a noun is: WordNet's lexicographer files, some of them drawn together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Supersense {
    /// `surfer`
    Person,
    /// `zebra`
    Animal,
    /// What is made: `bus`, `kitchen`
    Artifact,
    /// `pizza`
    Food,
    /// `tree`
    Plant,
    /// `paw`
    Body,
    /// Places and what nature has made: `city`, `hill`
    Location,
    /// `wood`
    Substance,
    /// `triangle`
    Shape,
    /// Weather and the like: `cloud`
    Phenomenon,
    /// `jump`
    Act,
    /// `wedding`
    Event,
    /// `joy`
    Feeling,
    /// `idea`
    Cognition,
    /// `word`
    Communication,
    /// `day`
    Time,
    /// `red`, `width`
    Attribute,
    /// `chaos`
    State,
    /// `collection`
    Group,
    /// Numbers, relations, possessions, processes
    Other,
}

/// What the concepts at the top of the tree are, in their order.
const ROOTS: &[(Supersense, &[&str])] = &[
    (Supersense::Person, &["person"]),
    (Supersense::Animal, &["animal"]),
    (Supersense::Plant, &["plant"]),
    (Supersense::Food, &["food", "drink"]),
    (Supersense::Body, &["body part"]),
    (Supersense::Location, &["place", "landform", "water"]),
    (Supersense::Phenomenon, &["sky"]),
    (Supersense::Act, &["sport"]),
    (Supersense::Communication, &["reading matter"]),
    (Supersense::Substance, &["material"]),
    (Supersense::Attribute, &["color"]),
    (Supersense::Shape, &["shape"]),
    (Supersense::Event, &["event"]),
];

/// The kind of thing that a word or compound is, in the sense in which it stands in pictures.
/// None if nobody knows it as a noun.
pub fn supersense(lemma: &str) -> Option<Supersense> {
    let (tree, net) = (Tree::everyday(), Net::english());
    let key = key_of(lemma);
    let reading = phrase::resolve(&key, tree, net)?;
    if let Some(&node) = reading.nodes.first() {
        let root = tree.nodes.get(tree.root(node)).map_or("", |node| &*node.name);
        let listed = ROOTS.iter().find(|(_, names)| names.contains(&root)).map(|(sense, _)| *sense);
        return Some(listed.unwrap_or(Supersense::Artifact));
    }
    let first_of = |key: &str| net.senses(net.find(key)?, Part::Noun).first().copied();
    let head = key.rsplit(' ').next().unwrap_or_default();
    let sense = reading.senses.first().copied().or_else(|| first_of(&key)).or_else(|| first_of(head))?;
    Some(of_file(net.file(sense)))
}

/// Whether a word names nothing that a picture can show: `atmosphere`, `sense`, `viewer`. Words that
/// nobody knows are not abstract.
pub fn is_abstract(lemma: &str) -> bool {
    let (tree, net) = (Tree::everyday(), Net::english());
    let Some(reading) = phrase::resolve(&key_of(lemma), tree, net) else { return false };
    reading.nodes.is_empty() && !reading.senses.iter().any(|sense| is_visible(net.file(*sense)))
}

fn of_file(file: u8) -> Supersense {
    match file {
        4 => Supersense::Act,
        5 => Supersense::Animal,
        6 => Supersense::Artifact,
        7 => Supersense::Attribute,
        8 => Supersense::Body,
        9 => Supersense::Cognition,
        10 => Supersense::Communication,
        11 => Supersense::Event,
        12 => Supersense::Feeling,
        13 => Supersense::Food,
        14 => Supersense::Group,
        15 | 17 => Supersense::Location,
        18 => Supersense::Person,
        19 => Supersense::Phenomenon,
        20 => Supersense::Plant,
        25 => Supersense::Shape,
        26 => Supersense::State,
        27 => Supersense::Substance,
        28 => Supersense::Time,
        _ => Supersense::Other,
    }
}

/// Whether two words or compounds are the same by the rule of SPICE: their lemmas are equal, or
/// some sense is common to both. Not transitive, so that it serves to match, never as a key.
pub fn same(one: &str, other: &str) -> bool {
    let net = Net::english();
    let (one, other) = (phrase::meant(key_of(one)), phrase::meant(key_of(other)));
    if one == other {
        return true;
    }
    let (Some(one), Some(other)) = (net.find(&one), net.find(&other)) else { return false };
    net.all_senses(one).any(|sense| net.all_senses(other).any(|second| second == sense))
}

/// By what [`same`] compares a word: its dictionary form as the lists spell it, and its senses, as numbers that
/// mean nothing else. Words are the same whose forms are equal, or that have a sense in common; so many words
/// can be matched with many without comparing all with all.
pub fn senses_of(word: &str) -> (String, Vec<u32>) {
    let net = Net::english();
    let form = phrase::meant(key_of(word));
    let senses = net.find(&form).map(|place| net.all_senses(place).collect());
    (form, senses.unwrap_or_default())
}

/// Other words and compounds for what a word means in pictures, in byte order: as a noun in the
/// senses of [`Concept`](super::Concept), else in its most usual sense.
pub fn synonyms(lemma: &str) -> Vec<&'static str> {
    let (tree, net) = (Tree::everyday(), Net::english());
    let key = phrase::meant(key_of(lemma));
    let reading = tree.reading(&key, net).filter(|reading| !reading.is_kind).unwrap_or_default();
    let mut senses = reading.senses;
    if let Some(place) = net.find(&key).filter(|_| senses.is_empty()) {
        senses
            .extend([Part::Verb, Part::Adjective].iter().filter_map(|part| net.senses(place, *part).first()));
    }
    let mut found: Vec<&str> =
        senses.iter().flat_map(|sense| net.members(*sense)).map(|place| net.key(*place as Place)).collect();
    found.retain(|other| *other != key);
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_words() {
        let table = [
            (Supersense::Person, "surfer surfers people crowd firefighter"),
            (Supersense::Animal, "zebra dog terrier seagull"),
            (
                Supersense::Artifact,
                "bus kite kitchen table plate bat sign smartphone wetsuit nightstand photo",
            ),
            (Supersense::Food, "pizza broccoli banana carrot hotdog"),
            (Supersense::Plant, "tree flower plant"),
            (Supersense::Body, "paw hand beard trunk"),
            (Supersense::Location, "city hill beach ocean field"),
            (Supersense::Substance, "wood plastic smoke"),
            (Supersense::Phenomenon, "cloud rain sunset"),
            (Supersense::Event, "wedding parade"),
            (Supersense::Attribute, "red blue"),
            (Supersense::Feeling, "joy"),
            (Supersense::Time, "day evening"),
            (Supersense::Cognition, "idea"),
        ];
        for (expected, words) in table {
            for word in words.split(' ') {
                assert_eq!(supersense(word), Some(expected), "{word}");
            }
        }
        assert_eq!(supersense("hot dog"), Some(Supersense::Food));
        assert_eq!(supersense("xyzzy"), None);
    }

    #[test]
    fn words_without_a_picture() {
        for word in "atmosphere sense viewer ambiance mood idea happiness time composition elegance variety"
            .split(' ')
        {
            assert!(is_abstract(word), "{word}");
        }
        for word in
            "dog photo table wave crowd wedding sky shadow corner red xyzzy smartphone number".split(' ')
        {
            assert!(!is_abstract(word), "{word}");
        }
    }

    #[test]
    fn words_that_are_the_same() {
        let table = [
            ("dog", "dogs", true),
            ("couch", "sofa", true),
            ("automobile", "car", true),
            ("tv", "television", true),
            ("cell phone", "cellphone", true),
            ("skate board", "skateboards", true),
            ("large", "big", true),
            ("dog", "cat", false),
            // A frankfurter is a sense of `dog` too: the rule is not ours.
            ("hot dog", "dog", true),
            ("hot dog", "cat", false),
            ("labradoodle", "dog", false),
            ("", "", true),
        ];
        for (one, other, expected) in table {
            assert_eq!(same(one, other), expected, "{one}, {other}");
            assert_eq!(same(other, one), expected, "{other}, {one}");
            let [(form, senses), (second, others)] = [one, other].map(senses_of);
            let is_same = form == second || senses.iter().any(|sense| others.contains(sense));
            assert_eq!(is_same, expected, "{one}, {other}");
        }
    }

    #[test]
    fn synonyms_in_pictures() {
        assert!(synonyms("couches").contains(&"sofa"));
        assert!(synonyms("car").contains(&"automobile"));
        assert!(synonyms("big").contains(&"large"));
        assert!(!synonyms("bat").contains(&"chiropteran"));
        assert!(synonyms("xyzzy").is_empty());
    }
}
