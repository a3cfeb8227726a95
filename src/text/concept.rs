//! Concepts: what a word is in a picture, and which words are a kind of what somebody asks for.
//!
//! A concept is a node of the tree of everyday concepts (`vehicle`), or any other noun
//! (`terrier`), which then has its kinds from WordNet. Words and phrases may be given as they are
//! written; `docs/concepts.md` tells how words with several meanings are read.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::net::{Net, Place, Synset};
use super::phrase;
use super::word::words;
use super::tree::{NodeId, Reading, Tree, is_below, is_below_node, key_of};

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
    let written = words(name).into_iter().map(|word| word.folded).collect::<Vec<_>>().join(" ");
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
    let deepest = nodes.iter().copied().reduce(|best, node| if depth(node) > depth(best) { node } else { best });
    let mut way = Vec::new();
    let mut at = deepest;
    while let Some(node) = at.and_then(|node| tree.nodes.get(node)) {
        way.push(node.name.to_string());
        at = node.parents.first().copied();
    }
    way.reverse();
    if deepest.is_none_or(|node| tree.named(&key) != Some(node)) && !key.is_empty() {
        way.push(key);
    }
    way
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
        if *key == *self.key {
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

    /// The words listed right here in the tree, its names first; rarer ones come from WordNet and
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
            for synset in (0..net.synsets()).filter(|synset| closure.get(*synset).copied().unwrap_or_default()) {
                found.extend(atlas.by_sense.get(&(synset as Synset)).into_iter().flatten());
            }
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
    by_sense: FxHashMap<Synset, Vec<u32>>,
}

impl Atlas {
    fn whole() -> &'static Self {
        static ATLAS: OnceLock<Atlas> = OnceLock::new();
        ATLAS.get_or_init(|| Self::survey(Tree::everyday(), Net::english()))
    }

    fn survey(tree: &'static Tree, net: &'static Net) -> Self {
        let mut keys: Vec<&'static str> =
            (0..net.len()).map(|place| net.key(place)).chain(tree.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        let mut atlas =
            Self { keys, by_node: vec![Vec::new(); tree.nodes.len()], by_sense: FxHashMap::default() };
        for (place, key) in atlas.keys.iter().enumerate() {
            let Some(reading) = tree.reading(key, net) else { continue };
            for node in reading.nodes {
                if let Some(keys) = atlas.by_node.get_mut(node) {
                    keys.push(place as u32);
                }
            }
            for sense in reading.senses {
                atlas.by_sense.entry(sense).or_default().push(place as u32);
            }
        }
        atlas
    }
}
