//! Compounds: where several words name one thing, and what it is.
//!
//! `hot dog` is no dog and `car window` is a window, so a text is cut into units before anything
//! is said of its words: the longest compound that the lists or WordNet have, a likeness with
//! what it is like (`toy car`), or a noun with a head that makes a mere attribute of it
//! (`dog house`, `bear costume`). `assets/lexicon/compounds.txt` holds the words that do so.

use std::ops::Range;
use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::concept::Concept;
use super::lemma::{Lemmatiser, lemma};
use super::lexicon::{Lexicon, Parts};
use super::net::{Net, Part};
use super::tree::{NodeId, Reading, Tree, is_below_node, key_of};

static COMPOUNDS: &str = include_str!("../../assets/lexicon/compounds.txt");

/// Longest compound, in words.
const MAX_WORDS: usize = 5;

/// Longest unit, in words; `house house house …` would go on for ever.
const MAX_UNIT: usize = 8;

/// A word or compound of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Which words it covers.
    pub words: Range<usize>,
    /// Its words as lemmas, single spaces between (`dine table`); empty where they name nothing
    /// (`couple of`).
    pub key: String,
    /// Whether it is rather what is done than a thing: `watching`, `tied`, `people watch`.
    pub is_verb_form: bool,
    /// Whether a color or material is meant, and not the thing of the same name: `orange shirt`.
    pub is_attribute: bool,
    /// Whether it is kin of an animal: `mother`, `baby`, where animals are mentioned and no person.
    pub is_animal: bool,
}

/// Rules of compounds.
#[derive(Debug, Default)]
struct Rules {
    /// What is written in a way that the lists do not have: `skate board` is `skateboard`.
    spelt: FxHashMap<Box<str>, Box<str>>,
    /// For the first two words of compounds and spellings that the lists have, the words of the longest.
    pairs: FxHashMap<Box<str>, usize>,
    /// Words that make a likeness of what follows: of what, and what it is then, if anything else.
    likenesses: Vec<Likeness>,
    /// All words that make one.
    modifiers: FxHashSet<Box<str>>,
    /// Heads that make an attribute of the noun before them.
    heads: FxHashSet<Box<str>>,
    /// Those of them that make a likeness, of whomever.
    likeness_heads: FxHashSet<Box<str>>,
    /// Words that say what a thing is like, and begin no compound unless it is listed.
    qualities: FxHashSet<Box<str>>,
    /// Heads that leave the noun before them in the picture.
    keepers: FxHashSet<Box<str>>,
    /// Persons that animals have too.
    kin: FxHashSet<Box<str>>,
    /// Words that are a thing or what somebody does.
    verbs: FxHashSet<Box<str>>,
    /// Words that are a color or material before a noun, and a thing elsewhere.
    attributes: FxHashSet<Box<str>>,
}

#[derive(Debug)]
struct Likeness {
    modifiers: FxHashSet<Box<str>>,
    /// The concepts of which a likeness is made.
    of: Vec<NodeId>,
    /// What it is; none where it stays what it is (`baby elephant`).
    result: Option<NodeId>,
}

impl Rules {
    fn everyday() -> &'static Self {
        static RULES: OnceLock<Rules> = OnceLock::new();
        RULES.get_or_init(|| Self::read(COMPOUNDS, Tree::everyday()))
    }

    /// Lines of `kind: words`; see the head of the file.
    fn read(list: &str, tree: &Tree) -> Self {
        let mut rules = Self::default();
        for line in list.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let Some((kind, words)) = line.split_once(':') else { continue };
            let keys = || words.split(',').map(|word| key_of(word).into_boxed_str());
            if kind == "heads" {
                rules.heads.extend(keys());
            } else if kind == "likenesses" {
                rules.heads.extend(keys());
                rules.likeness_heads.extend(keys());
            } else if kind == "qualities" {
                rules.qualities.extend(keys());
            } else if kind == "keepers" {
                rules.keepers.extend(keys());
            } else if kind == "kin" {
                rules.kin.extend(keys());
            } else if kind == "verbs" {
                rules.verbs.extend(keys());
            } else if kind == "attributes" {
                rules.attributes.extend(keys());
            } else if kind == "spelt" {
                words.split(',').for_each(|entry| rules.add_spelling(entry));
            } else if let Some((result, of)) = kind.split_once(" of ") {
                let of = of.split(" or ").filter_map(|name| tree.named(name)).collect();
                rules.modifiers.extend(keys());
                let likeness = Likeness { modifiers: keys().collect(), of, result: tree.named(result) };
                rules.likenesses.push(likeness);
            }
        }
        for key in tree.keys().chain(rules.spelt.keys().map(|key| &**key)) {
            if let Some(pair) = first_pair(key) {
                let longest = rules.pairs.entry(pair.into()).or_default();
                *longest = key.split(' ').count().max(*longest);
            }
        }
        rules
    }

    fn add_spelling(&mut self, entry: &str) {
        let Some((written, meant)) = entry.split_once('=') else { return };
        let key = key_of(written);
        self.spelt.insert(key.into(), key_of(meant).into());
    }

    /// Whether a word is a color, or says of a thing what it is like.
    fn is_quality(&self, word: &str, tree: &Tree) -> bool {
        self.qualities.contains(word) || is_listed_below(tree, word, "color")
    }

    /// Whether what is read so is a mere attribute before a head. `the man's hat` shows the man,
    /// and is folded to `man hat`, so that of persons only likenesses count.
    fn can_be_attribute(&self, reading: &Reading, lemmas: &[&str], head: usize, tree: &Tree) -> bool {
        let is_likeness = || lemmas.get(head).is_some_and(|head| self.likeness_heads.contains(*head));
        let person = tree.named("person");
        let is_person = |node: &NodeId| person.is_some_and(|person| is_below_node(tree, *node, person));
        !reading.nodes.is_empty() && (!reading.nodes.iter().any(is_person) || is_likeness())
    }

    /// What a likeness of something that is read so is: `None` if the word makes none.
    fn likeness(&self, modifier: &str, reading: &Reading, tree: &Tree) -> Option<Option<NodeId>> {
        let is_of = |likeness: &&Likeness| {
            likeness.modifiers.contains(modifier)
                && reading
                    .nodes
                    .iter()
                    .any(|node| likeness.of.iter().any(|of| is_below_node(tree, *node, *of)))
        };
        self.likenesses.iter().find(is_of).map(|likeness| likeness.result)
    }
}

/// What a word or compound is; of one that nobody knows, its last words decide. None if even its
/// last word is unknown.
pub(super) fn resolve(key: &str, tree: &Tree, net: &Net) -> Option<Reading> {
    let rules = Rules::everyday();
    let key = last_words(key);
    let key = rules.spelt.get(key).map_or(key, |meant| meant);
    let known = tree.reading(key, net);
    let Some((first, rest)) = key.split_once(' ').filter(|_| known.is_none()) else { return known };
    let reading = resolve(rest, tree, net)?;
    match rules.likeness(first, &reading, tree) {
        Some(Some(node)) => Some(Reading { nodes: vec![node], ..Reading::default() }),
        _ => Some(reading),
    }
}

/// The last words of a key, as many as a unit may have: its head is among them, and whoever types more
/// asks for no compound.
fn last_words(key: &str) -> &str {
    let start = key.rmatch_indices(' ').nth(MAX_UNIT - 1).map_or(0, |(space, _)| space + 1);
    key.get(start..).unwrap_or(key)
}

/// A key as the lists spell it.
pub(super) fn meant(key: String) -> String {
    Rules::everyday().spelt.get(key.as_str()).map_or(key, ToString::to_string)
}

/// What a word or compound is that is known as it stands.
pub(super) fn known(key: &str, tree: &Tree, net: &Net) -> Option<Reading> {
    match Rules::everyday().spelt.get(key) {
        Some(meant) => tree.reading(meant, net),
        None => tree.reading(key, net),
    }
}

/// The number of words of the longest compound at the start of a run of folded words: 1 where the
/// first word stands alone, 0 if there is none.
pub fn compound_at(folded: &[&str]) -> usize {
    let lemmas: Vec<&str> = folded.iter().take(MAX_WORDS).map(|word| lemma(word)).collect();
    compound(&mut Memory::default(), folded, &lemmas)
}

/// What was found out of words before, for those who cut a million texts into units.
#[derive(Debug, Default)]
pub(super) struct Memory {
    lemmas: Option<Lemmatiser>,
    /// Two words, and the words of the longest compound that begins with them.
    pairs: FxHashMap<Box<str>, usize>,
    /// Keys of units, and whether they name something.
    things: FxHashMap<Box<str>, bool>,
    /// Whether a key is a compound of the net.
    of_net: FxHashMap<Box<str>, bool>,
    scratch: String,
}

/// Entries of each kind that a [`Memory`] has at most; then it starts afresh.
const REMEMBERED: usize = 1 << 16;

impl Memory {
    /// One that is kept for many texts: it also remembers the lemmas of words.
    pub(super) fn lasting() -> Self {
        Self { lemmas: Some(Lemmatiser::default()), ..Self::default() }
    }

    fn lemma<'w>(&mut self, word: &'w str) -> &'w str {
        match &mut self.lemmas {
            Some(lemmas) => lemmas.lemma(word),
            None => lemma(word),
        }
    }

    /// As [`is_compound_of_net`].
    fn is_of_net(&mut self, key: &str, tree: &Tree, net: &Net) -> bool {
        remembered(&mut self.of_net, key, || is_compound_of_net(key, tree, net))
    }

    /// Words of the longest compound that begins with these two; 0 where there is none.
    fn longest_from(&mut self, first: &str, second: &str) -> usize {
        self.scratch.clear();
        self.scratch.extend([first, " ", second]);
        remembered(&mut self.pairs, &self.scratch, || longest_from(&self.scratch))
    }

    /// Whether a key of a unit names something that one may ask for.
    pub(super) fn is_thing(&mut self, key: &str, work_out: impl FnOnce() -> bool) -> bool {
        remembered(&mut self.things, key, work_out)
    }
}

/// What is known of a key; worked out where it is not.
fn remembered<V: Copy>(known: &mut FxHashMap<Box<str>, V>, key: &str, work_out: impl FnOnce() -> V) -> V {
    if let Some(value) = known.get(key) {
        return *value;
    }
    if known.len() >= REMEMBERED {
        known.clear();
    }
    let value = work_out();
    known.insert(key.into(), value);
    value
}

/// Words of the longest key of some list, or of the net, that is `pair` or goes on from there; 0 where there is none.
fn longest_from(pair: &str) -> usize {
    let listed = Rules::everyday().pairs.get(pair).copied().unwrap_or_default();
    Net::english().longest_from(pair).max(listed)
}

/// The first two words of a key that has as many.
fn first_pair(key: &str) -> Option<&str> {
    let second = key.find(' ')? + 1;
    let end = key.get(second..)?.find(' ').map_or(key.len(), |length| second + length);
    key.get(..end)
}

fn compound(memory: &mut Memory, folded: &[&str], lemmas: &[&str]) -> usize {
    let (tree, net, rules) = (Tree::everyday(), Net::english(), Rules::everyday());
    let [first, second, ..] = lemmas else { return lemmas.len() };
    let longest = memory.longest_from(first, second);
    if longest == 0 {
        return 1;
    }
    let can_be_of_net =
        net.begins_compound(first) && !is_form(folded, lemmas, 0) && !rules.is_quality(first, tree);
    for count in (2..=longest.min(MAX_WORDS).min(lemmas.len())).rev() {
        let key = lemmas.iter().take(count).copied().collect::<Vec<_>>().join(" ");
        // `sign posts` is one, but not `a sign posted`.
        let is_done = folded.get(count - 1).is_some_and(|word| word.ends_with("ed"))
            && is_form(folded, lemmas, count - 1);
        if !is_done && (rules.spelt.contains_key(key.as_str()) || tree.lists(&key)) {
            return count;
        }
        if can_be_of_net && is_noun_form(folded, lemmas, count - 1) && memory.is_of_net(&key, tree, net) {
            return count;
        }
    }
    1
}

/// Whether WordNet has a compound that is a kind of what its last word is: a `polar bear`. The
/// others are names of fishes and plants more often than what the caption says: `horse head`.
fn is_compound_of_net(key: &str, tree: &Tree, net: &Net) -> bool {
    if !tree.knows(key, net) {
        return false;
    }
    let roots = |key: &str| -> Vec<NodeId> {
        let nodes = tree.reading(key, net).map(|reading| reading.nodes).unwrap_or_default();
        nodes.into_iter().map(|node| tree.root(node)).collect()
    };
    let whole = roots(key);
    let head = roots(key.rsplit(' ').next().unwrap_or_default());
    whole.is_empty() || whole.iter().any(|root| head.contains(root))
}

/// Whether a word is a noun as it stands, or the plural of one, rather than what somebody does.
fn is_noun_form(folded: &[&str], lemmas: &[&str], at: usize) -> bool {
    let (Some(word), Some(lemma)) = (folded.get(at), lemmas.get(at)) else { return false };
    word == lemma || !is_form(folded, lemmas, at) && (word.ends_with('s') || !can_be_verb(lemma))
}

fn can_be_verb(lemma: &str) -> bool {
    Lexicon::english().find(lemma.as_bytes()).is_some_and(|(_, parts)| parts.meets(Parts::VERB))
}

/// Cuts the folded words of a text into words and compounds, from left to right.
pub fn units(folded: &[&str]) -> Vec<Unit> {
    units_with(&mut Memory::default(), folded)
}

/// As [`units`], with what is remembered of words.
pub(super) fn units_with(memory: &mut Memory, folded: &[&str]) -> Vec<Unit> {
    let lemmas: Vec<&str> = folded.iter().map(|word| memory.lemma(word)).collect();
    let mut found = Vec::with_capacity(folded.len());
    let mut at = 0;
    while at < folded.len() {
        let unit = unit_at(memory, folded, &lemmas, at);
        at = unit.words.end.max(at + 1);
        found.push(unit);
    }
    give_kin_to_animals(&mut found);
    found
}

/// Where a text mentions animals and no person, its mothers and babies are theirs.
fn give_kin_to_animals(units: &mut [Unit]) {
    let (tree, net, rules) = (Tree::everyday(), Net::english(), Rules::everyday());
    if !units.iter().any(|unit| rules.kin.contains(unit.key.as_str())) {
        return;
    }
    let mentions = |name: &str| {
        let root = tree.named(name);
        let is_below = |node: &NodeId| root.is_some_and(|root| is_below_node(tree, *node, root));
        let mut things = units.iter().filter(|unit| {
            !unit.is_verb_form && !unit.is_attribute && !rules.kin.contains(unit.key.as_str())
        });
        things.any(|unit| {
            resolve(&unit.key, tree, net).is_some_and(|reading| reading.nodes.iter().any(is_below))
        })
    };
    if mentions("animal") && !mentions("person") {
        for unit in units.iter_mut().filter(|unit| rules.kin.contains(unit.key.as_str())) {
            unit.is_animal = true;
        }
    }
}

fn unit_at(memory: &mut Memory, folded: &[&str], lemmas: &[&str], at: usize) -> Unit {
    let (tree, net, rules) = (Tree::everyday(), Net::english(), Rules::everyday());
    let words = |at: usize| folded.get(at..).unwrap_or_default();
    let rest = |at: usize| lemmas.get(at..).unwrap_or_default();
    let key_of_words = |words: Range<usize>| lemmas.get(words).unwrap_or_default().join(" ");
    let mut end = at + compound(memory, words(at), rest(at)).max(1);
    // A likeness takes in what it is like: `toy` and `fire truck`.
    let modifier = lemmas.get(at).copied().unwrap_or_default();
    if end == at + 1 && end < lemmas.len() && rules.modifiers.contains(modifier) {
        let next = end + compound(memory, words(end), rest(end)).max(1);
        let is_likeness = !is_form(folded, lemmas, end)
            && resolve(&key_of_words(end..next), tree, net)
                .is_some_and(|reading| rules.likeness(modifier, &reading, tree).is_some());
        if is_likeness {
            end = next;
        }
    }
    // A head takes in the noun before it: `dog`, `dog house`.
    while end - at < MAX_UNIT
        && is_head(folded, lemmas, end, rules)
        && is_singular(folded, lemmas, end - 1)
        && !rules.is_quality(modifier, tree)
        && resolve(&key_of_words(at..end), tree, net)
            .is_some_and(|reading| rules.can_be_attribute(&reading, lemmas, end, tree))
    {
        end += 1;
    }
    let mut key = key_of_words(at..end);
    let is_alone = end == at + 1;
    let is_attribute =
        is_alone && rules.attributes.contains(key.as_str()) && is_before_noun(folded, lemmas, at);
    if let Some(meant) = rules.spelt.get(key.as_str()) {
        key = meant.to_string();
    }
    let is_verb_form = is_alone
        && (is_form(folded, lemmas, at) || rules.verbs.contains(key.as_str()) && is_done(lemmas, at));
    Unit { words: at..end, key, is_verb_form, is_attribute, is_animal: false }
}

/// Whether a word is a form in -ing or -ed of another.
fn is_form(folded: &[&str], lemmas: &[&str], at: usize) -> bool {
    let word = folded.get(at).copied().unwrap_or_default();
    (word.ends_with("ing") || word.ends_with("ed")) && lemmas.get(at) != Some(&word)
}

fn is_singular(folded: &[&str], lemmas: &[&str], at: usize) -> bool {
    folded.get(at).is_some_and(|word| lemmas.get(at) == Some(word))
}

/// Whether a word is a head of such compounds here. One that can be a verb must stand as it is:
/// `bus stop`, but not `the bus stops`.
fn is_head(folded: &[&str], lemmas: &[&str], at: usize, rules: &Rules) -> bool {
    let (Some(word), Some(lemma)) = (folded.get(at), lemmas.get(at)) else { return false };
    rules.heads.contains(*lemma) && (word == lemma || word.ends_with('s') && !can_be_verb(lemma))
}

/// Whether a word that can be a verb is one here: after `to`, or after somebody who does it.
fn is_done(lemmas: &[&str], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|before| lemmas.get(before)) else { return false };
    if matches!(*before, "to" | "can" | "will" | "who" | "that" | "he" | "she" | "they" | "not") {
        // But `next to plants`, `close to water`.
        let first = at.checked_sub(2).and_then(|first| lemmas.get(first)).copied().unwrap_or_default();
        return *before != "to"
            || !matches!(
                first,
                "next" | "close" | "adjacent" | "up" | "near" | "lead" | "connect" | "attach"
            );
    }
    ["person", "animal"].iter().any(|doer| is_listed_below(Tree::everyday(), before, doer))
}

/// Whether a singular word stands before a noun, or before `and` with another color.
fn is_before_noun(folded: &[&str], lemmas: &[&str], at: usize) -> bool {
    if !is_singular(folded, lemmas, at) {
        return false;
    }
    let tree = Tree::everyday();
    let is_color = |at: usize| lemmas.get(at).is_some_and(|word| is_listed_below(tree, word, "color"));
    let is_person = lemmas.get(at).is_some_and(|word| is_listed_below(tree, word, "person"));
    let before = at.checked_sub(1).and_then(|before| lemmas.get(before)).copied().unwrap_or_default();
    if matches!(before, "in" | "bright" | "light" | "dark" | "be") {
        return true;
    }
    match lemmas.get(at + 1) {
        Some(&"and") => is_color(at + 2) || before == "and" && is_color(at.saturating_sub(2)),
        Some(next) => {
            let parts = Lexicon::english().find(next.as_bytes()).map(|(_, parts)| parts).unwrap_or_default();
            let is_noun = parts.meets(Parts::NOUN.and(Parts::ADJECTIVE));
            // `the baby sleeps`, but `orange slices`.
            let is_done = folded.get(at + 1).is_some_and(|word| {
                word.ends_with("ing") || is_person && word.ends_with('s') && word != next && can_be_verb(next)
            });
            is_noun && !is_done && !GRAMMAR.contains(next)
        }
        None => before == "and" && is_color(at.saturating_sub(2)),
    }
}

/// Whether a word is listed below a concept.
fn is_listed_below(tree: &Tree, word: &str, name: &str) -> bool {
    let above = tree.named(name);
    let listings = tree.listings(word).iter();
    above.is_some_and(|above| listings.clone().any(|listing| is_below_node(tree, listing.node, above)))
}

/// Words that WordNet has as nouns or adjectives too, and that end a noun phrase.
const GRAMMAR: &[&str] = &[
    "a", "an", "as", "at", "be", "by", "do", "down", "for", "have", "he", "i", "in", "inside", "it", "near",
    "next", "on", "or", "out", "outside", "over", "so", "there", "while", "who", "with", "no", "off", "sit",
    "lay", "lie", "stand", "hang", "cut", "hold", "open", "close", "put", "like", "under", "behind", "up",
];

/// Whether WordNet has a word as a noun, or a list has it.
pub fn is_noun(lemma: &str) -> bool {
    let net = Net::english();
    Tree::everyday().knows(lemma, net)
        || net.find(lemma).is_some_and(|place| !net.senses(place, Part::Noun).is_empty())
}

impl Concept {
    /// Where the folded words of a text mention this: ranges of words, in order. Compounds are
    /// taken as wholes, forms of verbs do not count as things.
    pub fn mentions(&self, folded: &[&str]) -> Vec<Range<usize>> {
        units(folded).into_iter().filter(|unit| self.is_meant(unit, folded)).map(|unit| unit.words).collect()
    }

    /// Whether a unit of a text is a kind of this.
    pub fn is_meant(&self, unit: &Unit, folded: &[&str]) -> bool {
        let (tree, net) = (Tree::everyday(), Net::english());
        if let [word] = folded.get(unit.words.clone()).unwrap_or_default()
            && let Some(holds) = self.holds_form(word, tree)
        {
            return holds;
        }
        if unit.is_verb_form || unit.key.is_empty() {
            return false;
        }
        let Some(mut reading) = resolve(&unit.key, tree, net) else { return self.is_named(&unit.key) };
        if unit.is_animal {
            reading = Reading { nodes: tree.named("animal").into_iter().collect(), ..Reading::default() };
        }
        if unit.is_attribute {
            reading.nodes.retain(|node| tree.is_attribute(*node));
            reading.senses.clear();
        }
        self.holds(&reading, tree, net) || self.is_kept(&unit.key, tree, net)
    }

    /// Whether the words before the head of a compound are a kind of this and in the picture too:
    /// sports and rooms always (`tennis player`, `kitchen sink`), others before certain heads.
    fn is_kept(&self, key: &str, tree: &Tree, net: &Net) -> bool {
        let Some((before, head)) = key.rsplit_once(' ') else { return false };
        if Rules::everyday().attributes.contains(before) {
            return false;
        }
        let Some(mut reading) = resolve(before, tree, net) else { return false };
        if !Rules::everyday().keepers.contains(head) {
            reading.senses.clear();
            let is_setting = |node: &NodeId| {
                let settings = ["sport", "room"].iter().filter_map(|name| tree.named(name));
                settings.into_iter().any(|setting| is_below_node(tree, *node, setting))
            };
            reading.nodes.retain(is_setting);
        }
        self.holds(&reading, tree, net)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::{concept, words};

    fn folded(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.folded).collect()
    }

    fn with_words<T>(text: &str, take: impl Fn(&[&str]) -> T) -> T {
        let folded = folded(text);
        take(&folded.iter().map(String::as_str).collect::<Vec<_>>())
    }

    #[test]
    fn compounds_at_the_start() {
        let table = [
            ("", 0),
            ("dog", 1),
            ("hot dogs on a grill", 2),
            ("fire hydrant", 2),
            ("traffic lights", 2),
            ("teddy bears", 2),
            ("dining room table", 3),
            ("baseball bat", 2),
            ("tennis court", 2),
            ("toy car", 2),
            ("red car", 1),
            ("cat sleeping", 1),
            ("white horse", 1),
        ];
        for (text, expected) in table {
            assert_eq!(with_words(text, compound_at), expected, "{text}");
        }
    }

    #[test]
    fn texts_are_cut_into_units() {
        let table = [
            ("a hot dog stand", "a|hot dog stand"),
            ("two toy cars", "two|toy car"),
            ("a horse drawn carriage", "a|horse|draw|carriage"),
            ("a baseball bat and ball", "a|baseball bat|and|ball"),
            ("the dining room table", "the|dine room table"),
            ("a dog house", "a|doghouse"),
            ("a bus stopped here", "a|bus|stop|here"),
            ("a red fire hydrant", "a|red|fire hydrant"),
            ("a couple of bananas", "a||banana"),
            ("a baby elephant", "a|baby elephant"),
            ("an elephant statue", "an|elephant statue"),
            ("the man's hat", "the|man|hat"),
        ];
        for (text, expected) in table {
            let cut = with_words(text, units).into_iter().map(|unit| unit.key).collect::<Vec<_>>().join("|");
            assert_eq!(cut, expected, "{text}");
        }
    }

    #[test]
    fn a_run_of_heads_without_end_is_cut() {
        for text in ["house ".repeat(50_000), "dog house ".repeat(20_000), "toy ".repeat(20_000) + "dog"] {
            let longest = with_words(&text, units).into_iter().map(|unit| unit.words.len()).max();
            assert!(longest.is_some_and(|longest| longest <= MAX_UNIT), "{longest:?}");
            assert!(concept(&text).is_none_or(|concept| !concept.contains("dog")));
        }
    }

    #[test]
    fn mentions_in_captions() {
        let table = [
            ("animal", "a dog eats a hot dog", "dog"),
            ("animal", "a teddy bear on a bed", ""),
            ("animal", "a stuffed dog and a wooden horse", ""),
            ("animal", "a bear costume and a bird feeder", ""),
            ("person", "a couple of bananas and a couple on a bench", "couple"),
            ("person", "a family of bears", ""),
            ("person", "a mother elephant and her baby elephants", ""),
            ("person", "an adult and a juvenile zebra with their mother", ""),
            ("animal", "a mother giraffe and her baby", "mother giraffe|baby"),
            ("person", "a baby feeds a dog with a man", "baby|man"),
            ("vehicle", "a bike rider waits at the bus stop", "bike rider"),
            ("vehicle", "people train dogs", ""),
            ("fruit", "an orange shirt and two oranges", "oranges"),
            ("fruit", "an orange and white cat", ""),
            ("fruit", "an apple laptop", ""),
            ("color", "an orange shirt", "orange"),
            ("forest", "a cabin in the woods", "woods"),
            ("forest", "a floor of wood", ""),
            ("ski", "a man skiing", "skiing"),
            ("tennis", "a tennis player", "tennis player"),
            ("kitchen", "a kitchen sink", "kitchen sink"),
            ("mammal", "three mice and a computer mouse", "mice"),
            ("accessory", "a crowd watching", ""),
            ("accessory", "people watch a man who wears a watch", "watch"),
            ("plate", "a license plate, home plate and a plate", "plate"),
            ("table", "a table cloth on a dining room table", "dining room table"),
            ("tie", "a boat tied to a dock by a man in a bow tie", "bow tie"),
            ("cup", "a glass door", ""),
            ("surfboard", "surf boards", "surf boards"),
        ];
        for (name, text, expected) in table {
            let concept = concept(name).unwrap();
            let found = with_words(text, |folded| {
                let mentions = concept.mentions(folded);
                mentions.into_iter().map(|words| folded[words].join(" ")).collect::<Vec<_>>().join("|")
            });
            assert_eq!(found, expected, "{name}: {text}");
        }
    }

    #[test]
    fn spellings_lead_to_what_is_known() {
        let (tree, net) = (Tree::everyday(), Net::english());
        for (written, meant) in &Rules::everyday().spelt {
            assert_ne!(written, meant);
            assert!(meant.is_empty() || tree.knows(meant, net), "{written} = {meant}");
            assert!(!Rules::everyday().spelt.contains_key(meant), "{written} = {meant}, which leads on");
        }
        for likeness in &Rules::everyday().likenesses {
            assert!(!likeness.of.is_empty());
        }
    }

    proptest! {
        #[test]
        fn units_cover_any_text_once(text in prop_oneof![any::<String>(), "([a-z]{1,8} ){0,12}", "((hot|dog|toy|bus|stop|of|couple|glass|wear|house) ){0,9}"]) {
            let folded = folded(&text);
            let folded: Vec<&str> = folded.iter().map(String::as_str).collect();
            let mut end = 0;
            for unit in units(&folded) {
                prop_assert_eq!(unit.words.start, end);
                prop_assert!(unit.words.end > end);
                end = unit.words.end;
            }
            prop_assert_eq!(end, folded.len());
            prop_assert!(compound_at(&folded) <= folded.len());
            for name in ["animal", "person", "color"] {
                for words in concept(name).unwrap().mentions(&folded) {
                    prop_assert!(words.end <= folded.len());
                }
            }
        }
    }
}
