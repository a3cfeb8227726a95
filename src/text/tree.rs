//! The tree of everyday concepts, as `assets/lexicon/concepts.txt` has it: which concepts there
//! are, which words are listed below each, and which meanings of the word net lead to them.
//!
//! WordNet alone is no guide to pictures: its first `plant` is a factory, its `bus` is no
//! `vehicle`, and between `dog` and `animal` it has eight levels that nobody would open. So the
//! levels and the frequent words are our own, and WordNet adds the rare words: a meaning that is
//! not placed by the list goes where its nearest placed hypernyms are.

use std::collections::BTreeSet;
use std::collections::hash_map::Entry;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::lemma::lemma;
use super::net::{NAME, Net, Part, Place, Synset};
use super::word::for_each_word;

static CONCEPTS: &str = include_str!("../../assets/lexicon/concepts.txt");
static SENSES: &str = include_str!("../../assets/lexicon/senses.txt");
static SUPPLEMENT: &str = include_str!("../../assets/lexicon/supplement.txt");

/// Place of a node in the list of all; a node's first parent comes before it.
pub(super) type NodeId = usize;

/// Lexicographer file of persons.
const PERSON: u8 = 18;

/// So many senses of a word are looked through for the one that a list means.
const SENSES_TRIED: usize = 10;

/// One concept of the tree.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// The first of its names, as it is written.
    pub(super) name: Box<str>,
    /// The concept below which it stands, then those that hold it too.
    pub(super) parents: Vec<NodeId>,
    pub(super) children: Vec<NodeId>,
    /// How many first parents there are above it.
    pub(super) depth: usize,
    /// The words that are listed right here, as they are written, its names first.
    pub(super) words: Vec<Box<str>>,
    /// The meanings whose kinds belong here.
    anchors: Vec<Synset>,
}

/// That a word belongs to a concept, and in which of its senses, if WordNet has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Listing {
    pub(super) node: NodeId,
    pub(super) sense: Option<Synset>,
}

/// What a key can mean in a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// The concepts to which it belongs directly.
    pub(super) nodes: Vec<NodeId>,
    pub(super) senses: Vec<Synset>,
    /// Whether the senses are those of which it is a kind, because WordNet lacks the word.
    pub(super) is_kind: bool,
}

/// All concepts, with the words and meanings below them.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    names: FxHashMap<Box<str>, NodeId>,
    listed: FxHashMap<Box<str>, Vec<Listing>>,
    /// For each synset the concepts to which it is a way.
    placed: Vec<Vec<NodeId>>,
    /// Forms that belong to a concept although their lemma does not, or means more.
    forms: FxHashMap<Box<str>, Vec<NodeId>>,
    /// Senses of words that the tree does not list, none if nothing of it can be seen.
    senses: FxHashMap<Box<str>, Vec<Synset>>,
    /// What words are kinds of that WordNet lacks.
    supplement: FxHashMap<Box<str>, Vec<Synset>>,
    /// Where a list contradicts itself or the word net; a test wants none.
    faults: Vec<String>,
}

/// A word or phrase as the net and the tree hold it: its words as lemmas, single spaces between.
pub(super) fn key_of(phrase: &str) -> String {
    let mut key = String::with_capacity(phrase.len());
    for_each_word(phrase, &mut String::new(), |_, folded| {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(lemma(folded));
    });
    key
}

impl Tree {
    /// The tree of this program, read on first use.
    pub(super) fn everyday() -> &'static Self {
        static TREE: OnceLock<Tree> = OnceLock::new();
        TREE.get_or_init(|| Self::read(CONCEPTS, SENSES, SUPPLEMENT, Net::english()))
    }

    fn read(concepts: &str, senses: &str, supplement: &str, net: &Net) -> Self {
        let mut tree = Self {
            nodes: Vec::new(),
            names: FxHashMap::default(),
            listed: FxHashMap::default(),
            placed: vec![Vec::new(); net.synsets()],
            forms: FxHashMap::default(),
            senses: FxHashMap::default(),
            supplement: FxHashMap::default(),
            faults: Vec::new(),
        };
        let lines: Vec<&str> = concepts
            .lines()
            .filter(|line| !line.trim().is_empty() && !line.trim().starts_with('#'))
            .collect();
        let mut nodes = Vec::with_capacity(lines.len());
        let mut above: Vec<NodeId> = Vec::new();
        for line in &lines {
            let depth = (line.len() - line.trim_start().len()) / 2;
            if sign_of(line).is_none() {
                above.truncate(depth);
                above.push(tree.add_node(line, above.last().copied()));
            }
            nodes.push(above.last().copied().unwrap_or_default());
        }
        // Meanings first, so that the words find those of the concepts above them.
        for (line, &node) in lines.iter().zip(&nodes).filter(|(line, _)| sign_of(line) == Some('=')) {
            tree.read_anchors(body_of(line), node, net);
        }
        for (line, &node) in lines.iter().zip(&nodes) {
            match sign_of(line) {
                None => tree.read_names(line, node, net),
                Some('-') => tree.read_words(body_of(line), node, net, false),
                Some('+') => tree.read_link(body_of(line), node),
                Some('~') => tree.read_forms(body_of(line), node),
                _ => {}
            }
        }
        tree.read_senses(senses, net);
        tree.read_supplement(supplement, net);
        tree
    }

    fn add_node(&mut self, line: &str, parent: Option<NodeId>) -> NodeId {
        let id = self.nodes.len();
        let name = line.split(',').next().unwrap_or_default().trim().trim_start_matches('*');
        let name = name.split('#').next().unwrap_or_default();
        let depth = parent.and_then(|parent| self.nodes.get(parent)).map_or(0, |parent| parent.depth + 1);
        self.nodes.push(Node {
            name: name.into(),
            depth,
            parents: parent.into_iter().collect(),
            ..Node::default()
        });
        if let Some(above) = parent.and_then(|parent| self.nodes.get_mut(parent)) {
            above.children.push(id);
        }
        for name in line.split(',').map(str::trim) {
            let (name, is_alias) = name.strip_prefix('*').map_or((name, false), |name| (name, true));
            let word = name.split('#').next().unwrap_or_default();
            let key = if is_alias { word.to_owned() } else { key_of(word) };
            match self.names.entry(key.into()) {
                Entry::Vacant(free) => {
                    free.insert(id);
                }
                Entry::Occupied(taken) if *taken.get() == id => {}
                Entry::Occupied(taken) => self.faults.push(format!("{} names two concepts", taken.key())),
            }
        }
        id
    }

    fn read_anchors(&mut self, body: &str, node: NodeId, net: &Net) {
        for anchor in body.split_whitespace() {
            let (word, sense) = numbered(anchor);
            let key = key_of(&word.replace('_', " "));
            match sense.and_then(|number| sense_of(net, &key, number)) {
                Some(synset) => {
                    self.place(synset, node);
                    if let Some(node) = self.nodes.get_mut(node) {
                        node.anchors.push(synset);
                    }
                }
                None if sense == Some(0) => {}
                None => self.faults.push(format!("{anchor} is no sense")),
            }
        }
    }

    fn read_names(&mut self, line: &str, node: NodeId, net: &Net) {
        let words: Vec<&str> = line.split(',').map(str::trim).filter(|name| !name.starts_with('*')).collect();
        if !words.is_empty() {
            self.read_words(&words.join(","), node, net, true);
        }
    }

    fn read_words(&mut self, body: &str, node: NodeId, net: &Net, are_names: bool) {
        for entry in body.split(',').map(str::trim) {
            let (word, number) = numbered(entry);
            let key = key_of(word);
            if key.is_empty() {
                self.faults.push(format!("{entry}: nothing is left of it"));
                continue;
            }
            let sense = match number {
                Some(0) => None,
                Some(number) => {
                    let sense = sense_of(net, &key, number);
                    if sense.is_none() {
                        self.faults.push(format!("{entry} is no sense"));
                    }
                    sense
                }
                None => self.sense_below(&key, node, net),
            };
            if let Some(sense) = sense {
                self.place(sense, node);
                if let Some(node) =
                    self.nodes.get_mut(node).filter(|node| are_names && node.anchors.is_empty())
                {
                    node.anchors.push(sense);
                }
            }
            self.list(key, word.trim(), Listing { node, sense });
        }
    }

    fn list(&mut self, key: String, written: &str, listing: Listing) {
        let listings = self.listed.entry(key.into()).or_default();
        if let Some(other) = listings.iter_mut().find(|other| other.node == listing.node) {
            other.sense = other.sense.or(listing.sense);
            return;
        }
        listings.push(listing);
        if let Some(node) = self.nodes.get_mut(listing.node) {
            node.words.push(written.into());
        }
    }

    fn place(&mut self, synset: Synset, node: NodeId) {
        if let Some(nodes) = self.placed.get_mut(synset as usize).filter(|nodes| !nodes.contains(&node)) {
            nodes.push(node);
        }
    }

    fn read_link(&mut self, body: &str, node: NodeId) {
        let Some(&child) = self.names.get(key_of(body).as_str()) else {
            self.faults.push(format!("{body} is no concept"));
            return;
        };
        if let Some(child) = self.nodes.get_mut(child) {
            child.parents.push(node);
        }
        if let Some(parent) = self.nodes.get_mut(node) {
            parent.children.push(child);
        }
    }

    fn read_forms(&mut self, body: &str, node: NodeId) {
        for form in body.split(',').map(str::trim) {
            self.forms.entry(form.into()).or_default().push(node);
        }
    }

    /// Lines of `word number number`: the senses that count, 0 for none.
    fn read_senses(&mut self, list: &str, net: &Net) {
        for line in list.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let (word, senses) = line.split_once(':').unwrap_or((line, "0"));
            for word in word.split(',') {
                let key = key_of(word);
                let numbers = senses.split_whitespace().filter_map(|number| number.parse().ok());
                let synsets: Vec<Synset> = numbers.filter_map(|number| sense_of(net, &key, number)).collect();
                if self.listed.contains_key(key.as_str()) || (synsets.is_empty() && senses.trim() != "0") {
                    self.faults.push(format!("{key}: it is listed, or has no such sense"));
                }
                self.senses.insert(key.into(), synsets);
            }
        }
    }

    /// Lines of `word#sense: words that are kinds of it`.
    fn read_supplement(&mut self, list: &str, net: &Net) {
        for line in list.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let (kind, words) = line.split_once(':').unwrap_or((line, ""));
            let (kind, number) = numbered(kind);
            let Some(sense) = sense_of(net, &key_of(kind), number.unwrap_or(1)) else {
                self.faults.push(format!("{kind} is no sense"));
                continue;
            };
            for word in words.split(',') {
                let key = key_of(word);
                let is_known = net.find(&key).is_some_and(|place| !net.senses(place, Part::Noun).is_empty());
                if key.is_empty() || is_known || self.listed.contains_key(key.as_str()) {
                    self.faults.push(format!("{word}: known already"));
                }
                self.supplement.entry(key.into()).or_default().push(sense);
            }
        }
    }

    /// The first sense of a key that is a kind of what the concept, or one above it, stands for.
    fn sense_below(&self, key: &str, node: NodeId, net: &Net) -> Option<Synset> {
        let place = net.find(key)?;
        let senses = net.senses(place, Part::Noun).iter().copied().filter(|sense| *sense != NAME);
        let kinds: Vec<Vec<Synset>> = senses.take(SENSES_TRIED).map(|sense| upwards(net, sense)).collect();
        let mut at = Some(node);
        while let Some(node) = at.and_then(|node| self.nodes.get(node)) {
            let is_kind = |kinds: &&Vec<Synset>| kinds.iter().any(|kind| node.anchors.contains(kind));
            if let Some(found) = kinds.iter().find(is_kind) {
                return found.first().copied();
            }
            at = node.parents.first().copied();
        }
        None
    }

    /// The concept of which a key is a name.
    pub(super) fn named(&self, key: &str) -> Option<NodeId> {
        self.names.get(key).copied()
    }

    /// Where a key is listed.
    pub(super) fn listings(&self, key: &str) -> &[Listing] {
        self.listed.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    /// All keys of the lists, in no order.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.listed.keys().chain(self.supplement.keys()).map(|key| &**key)
    }

    /// The concepts of a form that does not count as its lemma does.
    pub(super) fn form(&self, folded: &str) -> Option<&[NodeId]> {
        self.forms.get(folded).map(Vec::as_slice)
    }

    /// All such forms, in no order.
    pub(super) fn forms(&self) -> impl Iterator<Item = (&str, &[NodeId])> {
        self.forms.iter().map(|(form, nodes)| (&**form, nodes.as_slice()))
    }

    /// What the key at a place of the net means.
    pub(super) fn reading_at(&self, place: Place, net: &Net) -> Option<Reading> {
        let key = net.key(place);
        if self.lists(key) { self.reading(key, net) } else { self.net_reading(key, place, net) }
    }

    /// What a key means, nothing if neither the tree nor the net has it as a noun.
    pub(super) fn reading(&self, key: &str, net: &Net) -> Option<Reading> {
        let listings = self.listings(key);
        if listings.is_empty() {
            return match self.supplement.get(key) {
                Some(kinds) => Some(self.supplement_reading(kinds, net)),
                None => self.net_reading(key, net.find(key)?, net),
            };
        }
        let nodes = listings.iter().map(|listing| listing.node).collect();
        let mut senses: Vec<Synset> = Vec::new();
        for sense in listings.iter().filter_map(|listing| listing.sense) {
            if !senses.contains(&sense) {
                senses.push(sense);
            }
        }
        Some(Reading { nodes, senses, is_kind: false })
    }

    fn supplement_reading(&self, kinds: &[Synset], net: &Net) -> Reading {
        let nodes = kinds.iter().flat_map(|kind| self.nodes_above(*kind, net)).collect();
        Reading { nodes, senses: kinds.to_vec(), is_kind: true }
    }

    /// Whether a key is one of a list of this program.
    pub(super) fn lists(&self, key: &str) -> bool {
        self.listed.contains_key(key) || self.supplement.contains_key(key)
    }

    /// The concept at the top above one.
    pub(super) fn root(&self, mut node: NodeId) -> NodeId {
        while let Some(&parent) = self.nodes.get(node).and_then(|node| node.parents.first()) {
            // A first parent comes before its children.
            if parent >= node {
                break;
            }
            node = parent;
        }
        node
    }

    /// Whether a key is one of a list of this program, or a noun of the net.
    pub(super) fn knows(&self, key: &str, net: &Net) -> bool {
        self.listed.contains_key(key)
            || self.supplement.contains_key(key)
            || net.find(key).is_some_and(|place| !net.senses(place, Part::Noun).is_empty())
    }

    /// What a key that the tree does not list means: its first sense that one can see.
    pub(super) fn net_reading(&self, key: &str, place: Place, net: &Net) -> Option<Reading> {
        let nouns = net.senses(place, Part::Noun);
        // Letters are vitamins and units there, and nothing in a caption.
        if nouns.is_empty() || key.len() == 1 {
            return None;
        }
        if let Some(senses) = self.senses.get(key) {
            let nodes =
                senses.iter().flat_map(|sense| self.nodes_above(*sense, net)).collect::<BTreeSet<_>>();
            return Some(Reading {
                nodes: nodes.into_iter().collect(),
                senses: senses.clone(),
                is_kind: false,
            });
        }
        let mut first = None;
        for &sense in nouns.iter().take(3) {
            if sense == NAME {
                continue;
            }
            if net.file(sense) == PERSON && is_also_adjective(place, net) {
                continue;
            }
            first = first.or(Some(sense));
            if !is_visible(net.file(sense)) {
                continue;
            }
            let nodes = self.nodes_above(sense, net);
            if !nodes.is_empty() {
                return Some(Reading { nodes, senses: vec![sense], is_kind: false });
            }
        }
        let Some(first) = first else { return Some(Reading::default()) };
        Some(Reading { nodes: self.nodes_above(first, net), senses: vec![first], is_kind: false })
    }

    /// The concepts to which the nearest placed hypernyms of a synset belong.
    pub(super) fn nodes_above(&self, synset: Synset, net: &Net) -> Vec<NodeId> {
        let mut synset = synset;
        // Most have one hypernym, and the way up needs no memory.
        while let [hypernym] = net.hypernyms(synset)
            && self.placed.get(synset as usize).is_some_and(Vec::is_empty)
        {
            synset = *hypernym;
        }
        let mut found = Vec::new();
        let mut open = vec![synset];
        let mut seen = Vec::new();
        while let Some(synset) = open.pop() {
            if seen.contains(&synset) {
                continue;
            }
            seen.push(synset);
            match self.placed.get(synset as usize) {
                Some(nodes) if !nodes.is_empty() => found.extend(nodes),
                _ => open.extend(net.hypernyms(synset)),
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether a concept is a color or a material, which things have and are not.
    pub(super) fn is_attribute(&self, node: NodeId) -> bool {
        [&self.named("color"), &self.named("material")]
            .iter()
            .any(|above| above.is_some_and(|above| is_below_node(self, node, above)))
    }

    /// Flags of a concept and all below it.
    pub(super) fn below(&self, node: NodeId) -> Vec<bool> {
        let mut reached = vec![false; self.nodes.len()];
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            match reached.get_mut(node) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            open.extend(self.nodes.get(node).into_iter().flat_map(|node| &node.children));
        }
        reached
    }
}

/// Whether a concept is another, or below it.
pub(super) fn is_below_node(tree: &Tree, node: NodeId, above: NodeId) -> bool {
    let mut open = vec![node];
    // The tree has no circles; a test says so. Should it get one, this ends nevertheless.
    for _ in 0..tree.nodes.len() {
        let Some(node) = open.pop() else { return false };
        if node == above {
            return true;
        }
        open.extend(tree.nodes.get(node).into_iter().flat_map(|node| &node.parents));
    }
    false
}

/// `vegetarian` and `contemporary` say what a thing is like more often than who somebody is.
fn is_also_adjective(place: Place, net: &Net) -> bool {
    !net.senses(place, Part::Adjective).is_empty()
}

/// The sign with which a line says what it holds; none where it names a concept.
fn sign_of(line: &str) -> Option<char> {
    line.trim_start().chars().next().filter(|sign| "=-+~".contains(*sign))
}

/// What comes after the sign.
fn body_of(line: &str) -> &str {
    line.trim_start().trim_start_matches(['=', '-', '+', '~']).trim()
}

/// `bat#5` is the word and 5.
fn numbered(entry: &str) -> (&str, Option<usize>) {
    match entry.split_once('#') {
        Some((word, number)) => (word, number.trim().parse().ok()),
        None => (entry, None),
    }
}

/// The nth noun sense of a key, counted from 1.
fn sense_of(net: &Net, key: &str, number: usize) -> Option<Synset> {
    let senses = net.senses(net.find(key)?, Part::Noun);
    senses.get(number.checked_sub(1)?).copied().filter(|sense| *sense != NAME)
}

/// Whether a synset is one of some others, or a kind of one.
pub(super) fn is_below(net: &Net, synset: Synset, above: &[Synset]) -> bool {
    upwards(net, synset).iter().any(|kind| above.contains(kind))
}

/// A synset and all that it is a kind of.
fn upwards(net: &Net, synset: Synset) -> Vec<Synset> {
    let mut found = vec![synset];
    let mut at = 0;
    while let Some(&synset) = found.get(at) {
        for hypernym in net.hypernyms(synset) {
            if !found.contains(hypernym) {
                found.push(*hypernym);
            }
        }
        at += 1;
    }
    found
}

/// Lexicographer files of nouns for things that a picture can show: animals, artefacts, bodies,
/// food, places, natural objects, persons, phenomena, plants, substances.
pub(super) fn is_visible(file: u8) -> bool {
    matches!(file, 3 | 5 | 6 | 8 | 13 | 15 | 17 | 18 | 19 | 20 | 27)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_agree_with_themselves_and_with_the_net() {
        assert_eq!(Tree::everyday().faults, Vec::<String>::new());
    }

    #[test]
    fn the_tree_has_no_circles() {
        let tree = Tree::everyday();
        for (id, node) in tree.nodes.iter().enumerate() {
            for parent in &node.parents {
                assert!(!is_below_node(tree, *parent, id), "{} is below itself", node.name);
            }
        }
    }
}
