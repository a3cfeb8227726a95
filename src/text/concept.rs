//! Concepts: what a word is in a picture, and which words are a kind of what somebody asks for.
//!
//! A concept is a node of the tree of everyday concepts (`vehicle`), or any other noun
//! (`terrier`), which then has its kinds from WordNet. Words and phrases may be given as they are
//! written; `docs/concepts.md` tells how words with several meanings are read.

use std::sync::OnceLock;

use super::net::{Net, Place, Synset};
use super::phrase;
use super::tree::{NodeId, Reading, Tree, is_below, is_below_node, key_of};
use super::word::words;

/// What somebody looks for: a thing with all its kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concept {
    name: Box<str>,
    key: Box<str>,
    node: Option<NodeId>,
    /// Without a node: the senses of which something must be a kind.
    senses: Vec<Synset>,
}

/// The concept that a word or phrase names: `vehicles`, `automobile`, `cell phone`. None if
/// nobody knows it as a noun.
pub fn concept(name: &str) -> Option<Concept> {
    let (tree, net) = (Tree::everyday(), Net::english());
    let key = key_of(name);
    let written = folded(name);
    if let Some(node) = tree.named(&written).or_else(|| tree.named(&key)) {
        return Some(of_node(tree, node));
    }
    let reading = phrase::known(&key, tree, net)?;
    let senses = if reading.is_kind { Vec::new() } else { reading.senses };
    Some(Concept { name: key.as_str().into(), key: key.into(), node: None, senses })
}

/// The concepts at the top of the tree, in its order.
pub fn roots() -> Vec<Concept> {
    let tree = Tree::everyday();
    let is_root = |node: &NodeId| tree.nodes.get(*node).is_some_and(|node| node.depth == 0);
    (0..tree.nodes.len()).filter(is_root).map(|node| of_node(tree, node)).collect()
}

/// All concepts of the tree, each after the one above it.
pub fn everyday_concepts() -> Vec<Concept> {
    let tree = Tree::everyday();
    (0..tree.nodes.len()).map(|node| of_node(tree, node)).collect()
}

/// The way from the top of the tree down to a word, which comes last itself: `terrier` gives
/// animal, mammal, dog, terrier. Only everyday levels are on it. Of a word with several meanings
/// the way to the deepest concept is taken, of an unknown one there is only the word.
pub fn path(lemma: &str) -> Vec<String> {
    let (tree, net) = (Tree::everyday(), Net::english());
    let key = key_of(lemma);
    let nodes = match tree.named(&key) {
        Some(node) => vec![node],
        None => phrase::resolve(&key, tree, net).map(|reading| reading.nodes).unwrap_or_default(),
    };
    let depth = |node: NodeId| tree.nodes.get(node).map_or(0, |node| node.depth);
    let deepest =
        nodes.iter().copied().reduce(|best, node| if depth(node) > depth(best) { node } else { best });
    let mut way = Vec::new();
    let mut at = deepest;
    while let Some(node) = at.and_then(|node| tree.nodes.get(node)) {
        way.push(node.name.to_string());
        at = node.parents.first().copied();
    }
    way.reverse();
    if deepest.is_none_or(|node| tree.named(&key) != Some(node)) && !key.is_empty() {
        way.push(folded(lemma));
    }
    way
}

/// Folded words with single spaces between.
pub(super) fn folded(phrase: &str) -> String {
    words(phrase).into_iter().map(|word| word.folded).collect::<Vec<_>>().join(" ")
}

fn of_node(tree: &Tree, node: NodeId) -> Concept {
    let name: Box<str> = tree.nodes.get(node).map(|node| node.name.clone()).unwrap_or_default();
    Concept { key: key_of(&name).into(), name, node: Some(node), senses: Vec::new() }
}

impl Concept {
    /// Its name, as a reader would write it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is one of the tree's own, not merely a noun.
    pub fn is_everyday(&self) -> bool {
        self.node.is_some()
    }

    /// Whether a word or compound, given as a lemma or as it is written, is a kind of this. Of a
    /// compound that is not known as such, its last words decide: a `zoo keeper badge` is a badge.
    pub fn contains(&self, lemma: &str) -> bool {
        let (tree, net) = (Tree::everyday(), Net::english());
        let key = key_of(lemma);
        if *key == *self.key || self.holds_form(&folded(lemma), tree) == Some(true) {
            return true;
        }
        phrase::resolve(&key, tree, net).is_some_and(|reading| self.holds(&reading, tree, net))
    }

    pub(super) fn is_named(&self, key: &str) -> bool {
        *key == *self.key
    }

    /// Whether something that is read so is a kind of this.
    pub(super) fn holds(&self, reading: &Reading, tree: &Tree, net: &Net) -> bool {
        match self.node {
            Some(node) => reading.nodes.iter().any(|below| is_below_node(tree, *below, node)),
            None => reading.senses.iter().any(|sense| is_below(net, *sense, &self.senses)),
        }
    }

    /// Whether a form that is read otherwise than its lemma belongs here, if it is such a form.
    pub(super) fn holds_form(&self, folded: &str, tree: &Tree) -> Option<bool> {
        let nodes = tree.form(folded)?;
        Some(self.node.is_some_and(|node| nodes.iter().any(|below| is_below_node(tree, *below, node))))
    }

    /// The concepts right below, for somebody who goes down the tree.
    pub fn children(&self) -> Vec<Self> {
        let (tree, net) = (Tree::everyday(), Net::english());
        if let Some(node) = self.node.and_then(|node| tree.nodes.get(node)) {
            return node.children.iter().map(|child| of_node(tree, *child)).collect();
        }
        let kinds = self.senses.iter().flat_map(|sense| net.hyponyms(*sense));
        let of_sense = |sense: &Synset| {
            let name = net.members(*sense).first().map(|place| net.key(*place as Place))?;
            Some(Self { name: name.into(), key: name.into(), node: None, senses: vec![*sense] })
        };
        kinds.filter_map(of_sense).collect()
    }

    /// The concepts right above; the first one is that on the path.
    pub fn parents(&self) -> Vec<Self> {
        let (tree, net) = (Tree::everyday(), Net::english());
        let above = match self.node.and_then(|node| tree.nodes.get(node)) {
            Some(node) => node.parents.clone(),
            None => tree.reading(&self.key, net).map(|reading| reading.nodes).unwrap_or_default(),
        };
        above.into_iter().map(|node| of_node(tree, node)).collect()
    }

    /// The words listed right here in the tree, as they are written, its names first; rarer ones come from WordNet and
    /// are among [`Concept::lemmas`] only.
    pub fn words(&self) -> Vec<&'static str> {
        let node = self.node.and_then(|node| Tree::everyday().nodes.get(node));
        node.map(|node| node.words.iter().map(|word| &**word).collect()).unwrap_or_default()
    }

    /// Every word and compound of the lists and of WordNet that is a kind of this, in byte order:
    /// what to look up in an index of lemmas.
    pub fn lemmas(&self) -> Vec<&'static str> {
        let atlas = Atlas::whole();
        let (tree, net) = (Tree::everyday(), Net::english());
        let mut found: Vec<u32> = Vec::new();
        if let Some(node) = self.node {
            let below = tree.below(node);
            for (_, keys) in below.iter().zip(&atlas.by_node).filter(|(below, _)| **below) {
                found.extend(keys);
            }
        } else {
            let closure = net.closure(&self.senses);
            let is_kind = |sense: Synset| closure.get(sense as usize).copied().unwrap_or_default();
            found.extend(atlas.senses.iter().filter(|(sense, _)| is_kind(*sense)).map(|(_, key)| key));
            found.extend(atlas.keys.binary_search(&&*self.key).ok().map(|place| place as u32));
        }
        found.sort_unstable();
        found.dedup();
        found.iter().filter_map(|place| atlas.keys.get(*place as usize).copied()).collect()
    }

    /// Forms that are a kind of this although their lemma is not, or not alone: `woods` is a
    /// forest, `wood` is not. In byte order.
    pub fn forms(&self) -> Vec<&'static str> {
        let tree = Tree::everyday();
        let Some(node) = self.node else { return Vec::new() };
        let is_mine = |nodes: &[NodeId]| nodes.iter().any(|below| is_below_node(tree, *below, node));
        let mut forms: Vec<&str> =
            tree.forms().filter(|(_, nodes)| is_mine(nodes)).map(|(form, _)| form).collect();
        forms.sort_unstable();
        forms
    }
}

/// All keys with what each belongs to, turned round.
#[derive(Debug)]
struct Atlas {
    /// In byte order.
    keys: Vec<&'static str>,
    /// For each node of the tree, the keys right below it.
    by_node: Vec<Vec<u32>>,
    /// Senses that count, and the keys that have them.
    senses: Vec<(Synset, u32)>,
}

impl Atlas {
    fn whole() -> &'static Self {
        static ATLAS: OnceLock<Atlas> = OnceLock::new();
        ATLAS.get_or_init(|| Self::survey(Tree::everyday(), Net::english()))
    }

    fn survey(tree: &'static Tree, net: &'static Net) -> Self {
        // Both are in byte order, and are woven into one list.
        let mut own: Vec<&'static str> = tree.keys().filter(|key| net.find(key).is_none()).collect();
        own.sort_unstable();
        own.dedup();
        let mut own = own.into_iter().peekable();
        let mut atlas = Self {
            keys: Vec::with_capacity(net.len() + own.len()),
            by_node: vec![Vec::new(); tree.nodes.len()],
            senses: Vec::with_capacity(net.len()),
        };
        for place in 0..net.len() {
            while let Some(key) = own.next_if(|key| *key < net.key(place)) {
                atlas.add(key, tree.reading(key, net));
            }
            atlas.add(net.key(place), tree.reading_at(place, net));
        }
        for key in own {
            atlas.add(key, tree.reading(key, net));
        }
        atlas
    }

    fn add(&mut self, key: &'static str, reading: Option<Reading>) {
        let place = self.keys.len() as u32;
        self.keys.push(key);
        let Some(reading) = reading else { return };
        for node in reading.nodes {
            if let Some(keys) = self.by_node.get_mut(node) {
                keys.push(place);
            }
        }
        self.senses.extend(reading.senses.into_iter().map(|sense| (sense, place)));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    const JUDGED: &str = include_str!("../../tests/concepts.txt");

    fn named(name: &str) -> Concept {
        concept(name).unwrap_or_else(|| panic!("{name} is no concept"))
    }

    #[test]
    fn names_lead_to_concepts() {
        let table = [
            ("vehicles", "vehicle"),
            ("Automobile", "car"),
            ("phones", "cell phone"),
            ("iPhone", "iphone"),
            ("smartphone", "cell phone"),
            ("sports balls", "ball"),
            ("air plane", "airplane"),
            ("jet", "jet"),
            ("sofa", "couch"),
            ("hot dogs", "hot dog"),
            ("donut", "doughnut"),
            ("motor bike", "motorcycle"),
            ("television set", "tv"),
            ("hair drier", "hair drier"),
            ("people", "person"),
            ("terriers", "terrier"),
            ("sports", "sports"),
            ("sport", "sport"),
            ("skiing", "skiing"),
            ("skis", "ski"),
        ];
        for (typed, expected) in table {
            assert_eq!(named(typed).name(), expected, "{typed}");
        }
        for unknown in ["", "xyzzy", "!!!", "quickly"] {
            assert_eq!(concept(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn the_categories_of_coco_are_concepts() {
        let categories = "person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,\
            stop sign,parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,\
            umbrella,handbag,tie,suitcase,frisbee,skis,snowboard,sports ball,kite,baseball bat,baseball glove,\
            skateboard,surfboard,tennis racket,bottle,wine glass,cup,fork,knife,spoon,bowl,banana,apple,sandwich,\
            orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,potted plant,bed,dining table,toilet,tv,\
            laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,refrigerator,book,clock,vase,\
            scissors,teddy bear,hair drier,toothbrush,vehicle,outdoor,animal,accessory,sports,kitchen,food,\
            furniture,electronic,appliance,indoor";
        for category in categories.split(',') {
            let concept = named(category);
            assert!(concept.is_everyday(), "{category}");
            assert!(!concept.lemmas().is_empty(), "{category}");
        }
    }

    #[test]
    fn members_and_others() {
        let table = [
            (
                "vehicle",
                "bus train car motorcycle boat plane bike sled",
                "dog road wheel toy_car car_window bus_stop",
            ),
            (
                "animal",
                "dog zebra seagull fish polar_bear baby_elephant",
                "hot_dog teddy_bear person stuffed_bear elephant_statue",
            ),
            ("dog", "puppy terrier dogs labradoodle guide_dog", "hot_dog cat dog_house hotdog"),
            ("bear", "polar_bear panda grizzly", "teddy_bear bear_costume"),
            ("teddy bear", "teddy stuffed_bear", "bear doll"),
            ("baseball bat", "bat bats", "ball racquet"),
            ("mouse", "mouse computer_mouse", "rat keyboard"),
            ("kite", "kite kites dragon_kite", "bird dragon"),
            ("plate", "plate dinner_plate paper_plate dish", "license_plate home_plate bowl"),
            ("furniture", "table chair couch bookshelf nightstand", "mirror lamp rug"),
            ("table", "dining_table dining_room_table coffee_table", "tablecloth table_tennis chair"),
            ("cell phone", "iphone smartphone phone cellphone telephone", "phone_booth camera"),
            ("tv", "television flat_screen_tv", "tv_stand remote"),
            ("fruit", "banana orange strawberry", "carrot orange_juice"),
            ("food", "hot_dog pizza broccoli sandwich chicken", "hot_dog_stand plate coffee"),
            ("drink", "coffee glass_of_wine orange_juice", "orange coffee_table"),
            ("person", "man crowd surfer firefighter people team", "snowman person_statue clown_doll"),
            ("sports ball", "ball baseball tennis_ball soccer_ball", "bat baseball_bat"),
            ("clothing", "hoodie wetsuit shirt hat", "blanket suitcase"),
            ("plant", "tree flower grass potted_plant", "power_plant"),
            ("weapon", "gun sword rifle", "arm knife"),
            ("color", "red orange teal", "big"),
            ("glove", "glove mitten", "hand"),
            ("bird", "chickens hen", "chicken bat"),
            ("mammal", "mice fruit_bat", "bat mouse"),
            ("carriage", "carriage horse_drawn_carriage", "horse"),
        ];
        for (name, members, others) in table {
            let concept = named(name);
            for word in members.split(' ') {
                assert!(concept.contains(&word.replace('_', " ")), "{word} is a {name}");
            }
            for word in others.split(' ') {
                assert!(!concept.contains(&word.replace('_', " ")), "{word} is no {name}");
            }
        }
    }

    #[test]
    fn frequent_words_as_a_person_judged_them() {
        let mut judged: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut name = "";
        for line in JUDGED.lines().filter(|line| !line.starts_with('#')) {
            match line.strip_suffix(':') {
                Some(title) if !line.starts_with(' ') => name = title,
                _ => judged.entry(name).or_default().extend(line.split_whitespace()),
            }
        }
        let all: BTreeSet<&str> = judged.values().flatten().copied().collect();
        let (mut both, mut only_found, mut only_judged) = (0, 0, 0);
        for (name, words) in judged.iter().filter(|(name, _)| !name.is_empty() && **name != "nothing") {
            let concept = named(name);
            for word in &all {
                match (concept.contains(word), words.contains(word)) {
                    (true, true) => both += 1,
                    (true, false) => only_found += 1,
                    (false, true) => only_judged += 1,
                    (false, false) => {}
                }
            }
        }
        let share = |part: i32| f64::from(both) / f64::from(both + part);
        assert!(share(only_found) >= 0.93, "precision {}", share(only_found));
        assert!(share(only_judged) >= 0.97, "recall {}", share(only_judged));
    }

    #[test]
    fn ways_down_to_words() {
        let table = [
            ("terrier", "animal > mammal > dog > terrier"),
            ("labradoodle", "animal > mammal > dog > labradoodle"),
            ("sedan", "vehicle > car > sedan"),
            ("automobile", "vehicle > car"),
            ("pine tree", "plant > tree > pine tree"),
            ("toy car", "toy > toy car"),
            ("xyzzy", "xyzzy"),
            ("", ""),
        ];
        for (word, expected) in table {
            assert_eq!(path(word).join(" > "), expected, "{word}");
        }
        for concept in everyday_concepts() {
            assert!(path(concept.name()).len() <= 6, "{}", concept.name());
        }
    }

    #[test]
    fn the_tree_can_be_walked() {
        assert!((30..=60).contains(&roots().len()), "{}", roots().len());
        let mut open = roots();
        let mut seen = 0;
        while let Some(concept) = open.pop() {
            for child in concept.children() {
                assert!(child.parents().contains(&concept), "{} under {}", child.name(), concept.name());
            }
            seen += 1;
            open.extend(concept.children());
        }
        assert!(seen >= everyday_concepts().len());
        let rodents = named("rodent");
        assert!(!rodents.is_everyday() && !rodents.children().is_empty());
        assert!(rodents.lemmas().contains(&"squirrel"));
    }

    #[test]
    fn lemmas_are_members_in_order() {
        for name in ["vehicle", "dog", "fruit", "terrier", "reptile", "sport"] {
            let concept = named(name);
            let lemmas = concept.lemmas();
            assert!(lemmas.is_sorted() && !lemmas.is_empty(), "{name}");
            for lemma in &lemmas {
                assert!(concept.contains(lemma), "{lemma} of {name}");
            }
        }
        assert!(named("forest").forms().contains(&"woods"));
    }

    proptest! {
        #[test]
        fn any_text_can_be_asked_about(text in any::<String>()) {
            let _ = path(&text);
            let found = concept(&text);
            for known in ["person", "terrier"] {
                let _ = named(known).contains(&text);
            }
            if let Some(found) = found {
                let _ = (found.children(), found.parents(), found.words(), found.forms());
            }
        }
    }
}
