//! Which words name objects and which their attributes: a linear-chain model over the words of a
//! sentence.
//!
//! Scores of labels at a place come from the words around it, scores of pairs of neighbouring labels
//! from a few of them. The best sequences are found exactly, several of them where asked for.

use super::parser::Parser;
use super::table::{Labels, finish, join, key};
use super::words::{END, START, Traits, WordId, Words};

/// A word that says nothing of an object.
pub(super) const OUT: u8 = 0;
/// A word of an object's name that is not the last one.
pub(super) const INNER: u8 = 1;
/// The last word of an object's name.
pub(super) const HEAD: u8 = 2;
/// The first word of an attribute.
pub(super) const ATTRIBUTE: u8 = 3;
/// A further word of an attribute.
pub(super) const MORE: u8 = 4;

/// Number of labels.
pub(super) const LABELS: usize = 5;
/// What stands before the first label, as a label.
pub(super) const BEFORE: usize = LABELS;
/// Features of a word by itself.
pub(super) const OWN: usize = 7;
/// Features of a word among others.
pub(super) const NODE: usize = 29;
/// Places in the list of those features that are looked at first in prose: with these, most labels of dense
/// texts are sure before the others are looked at.
const FIRST: [usize; 11] = [2, 3, 4, 5, 6, 7, 8, 11, 16, 18, 19];
/// The other places.
const REST: [usize; NODE - FIRST.len()] =
    [0, 1, 9, 10, 12, 13, 14, 15, 17, 20, 21, 22, 23, 24, 25, 26, 27, 28];
/// How far ahead of all others a label must be at first to be taken for sure, in units. One dense text of
/// some hundred reads otherwise than with all features looked at.
const SURE: i32 = 48;
/// Features that are joined with the label before.
pub(super) const EDGE: usize = 3;

/// The features of one place.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub own: [u32; OWN],
    pub node: [u32; NODE],
    /// States of keys, to be finished by [`edge_key`].
    pub edge: [u64; EDGE],
}

/// The key of an edge feature after a label.
#[inline]
pub(super) fn edge_key(state: u64, before: usize) -> u32 {
    finish(join(90, state, before as u64 + 1))
}

/// The features of a word by itself, in a caption or in prose.
pub(super) fn own_features(word: &Traits, prose: bool) -> [u32; OWN] {
    let class = word.class.number();
    let [two, three] = word.endings();
    [
        key(1, word.hash, 0),
        key(15, two, 0),
        key(16, three, 0),
        key(37, u64::from(word.shape), class),
        key(41, word.noun_hash, u64::from(prose)),
        key(42, word.hash, u64::from(prose)),
        key(43, class, u64::from(prose)),
    ]
}

/// The states of edge features that a word has by itself.
pub(super) fn own_edges(word: &Traits) -> [u64; EDGE - 1] {
    [join(51, 0, 0), join(53, word.hash, 0)]
}

/// The state of the edge feature of a class before another.
fn class_edge(class: u64, next: u64) -> u64 {
    join(52, class, next)
}

/// The words around a place, from the second before it to the third after it.
struct Window<'a> {
    words: [&'a Traits; 6],
    classes: [u64; 6],
    /// Where in the sentence it is, near its ends.
    position: u64,
}

impl<'a> Window<'a> {
    #[inline]
    fn new(words: &'a Words<'_>, sentence: &[WordId], at: usize) -> Self {
        let before = |back: usize| at.checked_sub(back).map_or(START, |place| sentence[place]);
        let after = |ahead: usize| sentence.get(at + ahead).copied().unwrap_or(END);
        let ids = [before(2), before(1), sentence[at], after(1), after(2), after(3)];
        let [l2, l1, w, r1, r2, r3] = ids;
        let words = [
            words.traits(l2),
            words.traits(l1),
            words.traits(w),
            words.traits(r1),
            words.traits(r2),
            words.traits(r3),
        ];
        let position = at.min(3) * 4 + (sentence.len() - 1 - at).min(3);
        Self { words, classes: words.map(|word| word.class.number()), position: position as u64 }
    }

    /// The word at the place, and the one after it.
    #[inline]
    fn here(&self) -> (&'a Traits, &'a Traits) {
        (self.words[2], self.words[3])
    }

    /// The features that are looked at first.
    #[inline]
    fn first(&self, prose: bool) -> [u32; FIRST.len()] {
        let [_, l1, w, r1, ..] = self.words;
        let [cl2, cl1, c, cr1, cr2, _] = self.classes;
        let around = (cl1 * 64 + c) * 64 + cr1;
        [
            key(4, w.hash, cr1),
            key(5, w.hash, cl1),
            key(7, (c * 64 + cr1) * 64 + cr2, 0),
            key(8, around, u64::from(prose)),
            key(9, (cl2 * 64 + cl1) * 64 + c, 0),
            key(10, r1.hash, c),
            key(11, l1.hash, c),
            key(14, u64::from(w.ending), cr1),
            key(21, u64::from(r1.ending), c),
            key(23, w.noun_hash, r1.noun_hash),
            key(24, w.noun_hash, l1.noun_hash),
        ]
    }

    /// The other features.
    #[inline]
    fn rest(&self) -> [u32; REST.len()] {
        let [l2, l1, w, r1, r2, _] = self.words;
        let [cl2, cl1, c, cr1, cr2, cr3] = self.classes;
        let around = (cl1 * 64 + c) * 64 + cr1;
        [
            key(2, w.hash, r1.hash),
            key(3, w.hash, l1.hash),
            key(12, r2.hash, c),
            key(13, l2.hash, c),
            key(17, w.hash, r2.hash),
            key(18, r1.hash, r2.hash),
            key(19, l1.hash, r1.hash),
            key(20, around, cl2 * 64 + cr2),
            key(22, w.noun_hash, around),
            key(25, l2.hash, l1.hash),
            key(26, w.hash, join(0, l1.hash, r1.hash)),
            key(27, w.hash, join(0, r1.hash, r2.hash)),
            key(28, w.hash, join(0, l1.hash, l2.hash)),
            key(29, w.hash, cr1 * 64 + cr2),
            key(30, w.hash, cl1 * 64 + cr1),
            key(31, w.hash, cl1 * 64 + cl2),
            key(36, self.position, c),
            key(40, (cr1 * 64 + cr2) * 64 + cr3, c),
        ]
    }

    /// All features of the word among others, in the order of their templates.
    fn node(&self, prose: bool) -> [u32; NODE] {
        let mut node = [0; NODE];
        for (place, feature) in FIRST.into_iter().zip(self.first(prose)) {
            node[place] = feature;
        }
        for (place, feature) in REST.into_iter().zip(self.rest()) {
            node[place] = feature;
        }
        node
    }
}

/// The features of the place `at` of a sentence.
pub(super) fn features(words: &Words<'_>, sentence: &[WordId], prose: bool, at: usize) -> Place {
    let window = Window::new(words, sentence, at);
    let (word, next) = window.here();
    let [first, second] = own_edges(word);
    Place {
        own: own_features(word, prose),
        node: window.node(prose),
        edge: [first, second, class_edge(word.class.number(), next.class.number())],
    }
}

/// Scores of labels after each label before.
pub(super) type EdgeScores = [[i16; LABELS]; BEFORE + 1];

/// What a word by itself says of its label; worked out once a word.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnScores {
    /// In captions and in prose.
    pub node: [[i16; LABELS]; 2],
    pub edge: EdgeScores,
}

impl OwnScores {
    pub(super) fn of(word: &Traits, table: &Labels) -> Self {
        let mut scores = Self::default();
        for (prose, node) in scores.node.iter_mut().enumerate() {
            *node = narrow(table, own_features(word, prose == 1));
        }
        for (before, edge) in scores.edge.iter_mut().enumerate() {
            *edge = edge_scores(table, own_edges(word), before);
        }
        scores
    }
}

fn edge_scores<const N: usize>(table: &Labels, states: [u64; N], before: usize) -> [i16; LABELS] {
    narrow(table, states.map(|state| edge_key(state, before)))
}

/// The scores of a few features.
fn narrow<const N: usize>(table: &Labels, features: [u32; N]) -> [i16; LABELS] {
    let mut scores = [0; LABELS];
    table.add(features, &mut scores);
    scores.map(|score| score as i16)
}

/// What two classes beside each other say of labels beside each other: few pairs are frequent, so
/// all of them are worked out at once.
#[derive(Debug, Default)]
pub(super) struct ClassEdges {
    scores: Vec<EdgeScores>,
}

impl ClassEdges {
    pub(super) fn of(table: &Labels) -> Self {
        let pair = |place: u64| {
            let mut scores = EdgeScores::default();
            for (before, edge) in scores.iter_mut().enumerate() {
                *edge = edge_scores(table, [class_edge(place / 64, place % 64)], before);
            }
            scores
        };
        Self { scores: (0..64 * 64).map(pair).collect() }
    }
}

/// Whether a label is so far ahead that no other comes near.
fn is_sure(scores: &[i32; LABELS]) -> bool {
    let best = scores.iter().copied().fold(IMPOSSIBLE, i32::max);
    scores.iter().filter(|score| **score > best - SURE).count() == 1
}

/// A sequence of labels with its score in units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Labelling {
    pub score: i32,
    pub labels: Vec<u8>,
}

/// The score of a way that there is not: far below all others, and far from the least number.
const IMPOSSIBLE: i32 = i32::MIN / 4;

/// What it brings to have one label (second) after another (first) at a place.
type Gains = [[i32; LABELS]; LABELS];

/// That at a place that can have the first label only.
const OUTSIDE: [i32; LABELS] = [0, IMPOSSIBLE, IMPOSSIBLE, IMPOSSIBLE, IMPOSSIBLE];

/// The best ways to the labels of one place.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    /// Scores of the best way to each label.
    best: [i32; LABELS],
    /// The label before, on that way.
    from: [u8; LABELS],
}

/// A sequence that leaves another one: from the back, it is the same down to a place, has another
/// label there, and goes the best way from there to the front.
#[derive(Clone, Copy, Debug)]
struct Branch {
    score: i32,
    /// The sequence that it leaves; none for the whole of it.
    parent: Option<usize>,
    at: usize,
    label: u8,
}

/// Finds the best sequences of labels; keeps its room between sentences.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    steps: Vec<Step>,
    /// One for each step, where several sequences are asked for.
    gains: Vec<Gains>,
    branches: Vec<Branch>,
}

impl Decoder {
    /// The best `count` sequences of labels for a sentence that are at most `slack` behind the best
    /// one, the best first; at least one.
    pub(super) fn best(
        &mut self,
        parser: &Parser,
        words: &Words<'_>,
        sentence: &[WordId],
        prose: bool,
        (count, slack): (usize, i32),
    ) -> Vec<Labelling> {
        self.steps.clear();
        self.gains.clear();
        for at in 0..sentence.len() {
            let mut gains = Gains::default();
            // Half of the words of a longer text need not be looked at.
            let step = if prose && words.traits(sentence[at]).is_outside() {
                gains = [OUTSIDE; LABELS];
                Step::outside(self.steps.last())
            } else {
                let window = Window::new(words, sentence, at);
                let (word, next) = window.here();
                let scores = words.scores(sentence[at]);
                let mut node = scores.node[usize::from(prose)].map(i32::from);
                parser.labels.add(window.first(prose), &mut node);
                if count > 1 || !prose || !is_sure(&node) {
                    parser.labels.add(window.rest(), &mut node);
                }
                let classes = (word.class.number() * 64 + next.class.number()) as usize;
                let edges = [&scores.edge, &parser.class_edges.scores[classes]];
                Step::after(self.steps.last(), &node, edges, &mut gains)
            };
            self.steps.push(step);
            if count > 1 {
                self.gains.push(gains);
            }
        }
        self.read_back(count, slack)
    }

    /// The sequences by falling score. All that differ from a found one at one place, and go the best
    /// way before it, wait as branches; the best of those is the next sequence (Lawler 1972).
    fn read_back(&mut self, count: usize, slack: i32) -> Vec<Labelling> {
        let Some(last) = self.steps.len().checked_sub(1) else {
            return vec![Labelling { score: 0, labels: Vec::new() }];
        };
        let ends = self.steps[last].best;
        let floor = ends.into_iter().max().unwrap_or(0).saturating_sub(slack);
        self.branches.clear();
        self.branches.extend((0_u8..).zip(ends).map(|(label, score)| Branch {
            score,
            parent: None,
            at: last,
            label,
        }));
        let mut found: Vec<Labelling> = Vec::with_capacity(count);
        while found.len() < count.max(1) {
            let Some(branch) = self.best_branch().filter(|branch| branch.score >= floor) else { break };
            let mut labels = match branch.parent.and_then(|parent| found.get(parent)) {
                Some(parent) => parent.labels.clone(),
                None => vec![OUT; last + 1],
            };
            let mut label = branch.label;
            for at in (0..=branch.at).rev() {
                labels[at] = label;
                label = self.steps[at].from[usize::from(label)];
            }
            if found.len() + 1 < count {
                self.branch_off(branch, found.len(), &labels, floor);
            }
            found.push(Labelling { score: branch.score, labels });
        }
        found
    }

    /// Takes the best branch that waits; of equal ones the first.
    fn best_branch(&mut self) -> Option<Branch> {
        let scores = self.branches.iter().enumerate();
        let (place, _) = scores.max_by_key(|(place, branch)| (branch.score, std::cmp::Reverse(*place)))?;
        Some(self.branches.swap_remove(place))
    }

    fn branch_off(&mut self, of: Branch, parent: usize, labels: &[u8], floor: i32) {
        for at in 0..of.at {
            let (label, after) = (labels[at], usize::from(labels[at + 1]));
            let (here, next, gains) = (&self.steps[at], &self.steps[at + 1], &self.gains[at + 1]);
            let rest = of.score - next.best[after];
            for other in 0..LABELS as u8 {
                let score = rest + here.best[usize::from(other)] + gains[usize::from(other)][after];
                if other != label && score >= floor {
                    self.branches.push(Branch { score, parent: Some(parent), at, label: other });
                }
            }
        }
    }
}

impl Step {
    /// A place that can have the first label only, which scores zero.
    fn outside(before: Option<&Self>) -> Self {
        let mut best = [IMPOSSIBLE; LABELS];
        let ways = before.map_or([0; LABELS], |before| before.best);
        let (mut from, mut score) = (OUT, IMPOSSIBLE);
        for (label, way) in (0..).zip(ways) {
            if way > score {
                (from, score) = (label, way);
            }
        }
        best[usize::from(OUT)] = score;
        Self { best, from: [from; LABELS] }
    }

    /// A place where every label brings this; `gains` are filled with what pairs bring.
    #[inline]
    fn after(
        before: Option<&Self>,
        node: &[i32; LABELS],
        edges: [&EdgeScores; 2],
        gains: &mut Gains,
    ) -> Self {
        let gains_after = |from: usize| {
            let mut gains = *node;
            for (label, gain) in gains.iter_mut().enumerate() {
                *gain += i32::from(edges[0][from][label]) + i32::from(edges[1][from][label]);
            }
            gains
        };
        let Some(before) = before else {
            return Self { best: gains_after(BEFORE), from: [OUT; LABELS] };
        };
        let mut step = Self { best: [i32::MIN; LABELS], ..Self::default() };
        for (from, gains) in gains.iter_mut().enumerate() {
            // After a word outside there is one way only.
            if before.best[from] <= IMPOSSIBLE {
                continue;
            }
            *gains = gains_after(from);
            for (label, gain) in gains.iter().enumerate() {
                let score = before.best[from] + gain;
                if score > step.best[label] {
                    step.best[label] = score;
                    step.from[label] = from as u8;
                }
            }
        }
        step
    }
}

/// A range of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Span {
    pub start: u16,
    pub end: u16,
}

impl Span {
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start: start as u16, end: end as u16 }
    }

    pub(super) fn range(self) -> std::ops::Range<usize> {
        usize::from(self.start)..usize::from(self.end)
    }

    /// The place of the last token.
    pub(super) fn head(self) -> usize {
        usize::from(self.end).saturating_sub(1)
    }
}

/// The objects and attributes that labels mark, in the order of the text.
pub(super) fn spans(labels: &[u8], objects: &mut Vec<Span>, attributes: &mut Vec<Span>) {
    objects.clear();
    attributes.clear();
    let mut at = 0;
    while let Some(label) = labels.get(at) {
        let start = at;
        at += 1;
        match *label {
            INNER => {
                while labels.get(at) == Some(&INNER) {
                    at += 1;
                }
                if labels.get(at) == Some(&HEAD) {
                    at += 1;
                }
                objects.push(Span::new(start, at));
            }
            HEAD => objects.push(Span::new(start, at)),
            ATTRIBUTE | MORE => {
                while labels.get(at) == Some(&MORE) {
                    at += 1;
                }
                attributes.push(Span::new(start, at));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_outside_passes_the_best_way_on() {
        let before = Step { best: [3, 9, 1, 9, 0], ..Step::default() };
        let step = Step::outside(Some(&before));
        assert_eq!(step.best, [9, IMPOSSIBLE, IMPOSSIBLE, IMPOSSIBLE, IMPOSSIBLE]);
        assert_eq!(step.from[usize::from(OUT)], INNER);
        assert_eq!(Step::outside(None).best[usize::from(OUT)], 0);
        // What comes after it goes that way, whatever another would bring.
        let mut edges = EdgeScores::default();
        edges[usize::from(HEAD)][usize::from(HEAD)] = i16::MAX;
        let next =
            Step::after(Some(&step), &[0; LABELS], [&edges, &EdgeScores::default()], &mut Gains::default());
        assert_eq!((next.best, next.from), ([9; LABELS], [OUT; LABELS]));
    }

    #[test]
    fn a_label_is_sure_where_none_comes_near() {
        assert!(is_sure(&[0, -SURE, -SURE, -100, -100]));
        assert!(!is_sure(&[0, 1 - SURE, -100, -100, -100]));
        assert!(!is_sure(&[0; LABELS]));
    }

    #[test]
    fn features_that_are_looked_at_first_are_not_looked_at_again() {
        let mut places = [FIRST.as_slice(), &REST].concat();
        places.sort_unstable();
        assert!(places.into_iter().eq(0..NODE));
    }

    #[test]
    fn labels_mark_spans() {
        let (mut objects, mut attributes) = (Vec::new(), Vec::new());
        spans(&[OUT, ATTRIBUTE, MORE, INNER, HEAD, HEAD, MORE, INNER], &mut objects, &mut attributes);
        assert_eq!(objects, [Span::new(3, 5), Span::new(5, 6), Span::new(7, 8)]);
        assert_eq!(attributes, [Span::new(1, 3), Span::new(6, 7)]);
    }
}
