//! Which words name objects and which their attributes: a linear-chain model over the words of a
//! sentence.
//!
//! Scores of labels at a place come from the words around it, scores of pairs of neighbouring labels
//! from a few of them. The best sequences are found exactly, several of them where asked for.

use super::table::{Labels, finish, join, key};
use super::words::{END, START, Word, WordId, Words};

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
/// Features of a place.
pub(super) const NODE: usize = 43;
/// Features of a place that are joined with the label before.
pub(super) const EDGE: usize = 8;

/// The features of one place.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub node: [u32; NODE],
    /// States of keys, to be finished by [`edge_key`].
    pub edge: [u64; EDGE],
}

/// The key of an edge feature after a label.
#[inline]
pub(super) fn edge_key(state: u64, before: usize) -> u32 {
    finish(join(90, state, before as u64 + 1))
}

/// The features of the place `at` of a sentence.
pub(super) fn features(words: &Words<'_>, sentence: &[WordId], prose: bool, at: usize) -> Place {
    let word = |offset: isize| -> &Word {
        let place = at as isize + offset;
        let id = if place < 0 { START } else { sentence.get(place as usize).copied().unwrap_or(END) };
        words.of(id)
    };
    let (l3, l2, l1, w, r1, r2, r3) = (word(-3), word(-2), word(-1), word(0), word(1), word(2), word(3));
    let class = |word: &Word| word.class.number();
    let (cl2, cl1, c, cr1, cr2, cr3) = (class(l2), class(l1), class(w), class(r1), class(r2), class(r3));
    let around = (cl1 * 64 + c) * 64 + cr1;
    let node = [
        key(1, w.hash, 0),
        key(2, w.hash, r1.hash),
        key(3, w.hash, l1.hash),
        key(4, w.hash, cr1),
        key(5, w.hash, cl1),
        key(6, c * 64 + cr1, 0),
        key(7, (c * 64 + cr1) * 64 + cr2, 0),
        key(8, around, 0),
        key(9, (cl2 * 64 + cl1) * 64 + c, 0),
        key(10, r1.hash, c),
        key(11, l1.hash, c),
        key(12, r2.hash, c),
        key(13, l2.hash, c),
        key(14, w.endings[1], cr1),
        key(15, w.endings[0], 0),
        key(16, w.hash, r2.hash),
        key(17, w.hash, l2.hash),
        key(18, r1.hash, r2.hash),
        key(19, l1.hash, r1.hash),
        key(20, around, cl2 * 64 + cr2),
        key(21, r1.endings[1], c),
        key(22, w.noun_hash, around),
        key(23, w.noun_hash, r1.noun_hash),
        key(24, w.noun_hash, l1.noun_hash),
        key(25, l2.hash, l1.hash),
        key(26, w.hash, join(0, l1.hash, r1.hash)),
        key(27, w.hash, join(0, r1.hash, r2.hash)),
        key(28, w.hash, join(0, l1.hash, l2.hash)),
        key(29, w.hash, cr1 * 64 + cr2),
        key(30, w.hash, cl1 * 64 + cr1),
        key(31, w.hash, cl1 * 64 + cl2),
        key(32, w.group * 64 + r1.group, around),
        key(33, w.hash, r1.group),
        key(34, w.group, r1.hash),
        key(35, w.hash, l1.group),
        key(36, (at.min(3) * 4 + (sentence.len() - 1 - at).min(3)) as u64, c),
        key(37, w.shape, c),
        key(38, r3.hash, c),
        key(39, l3.hash, c),
        key(40, (cr1 * 64 + cr2) * 64 + cr3, c),
        key(41, w.noun_hash, u64::from(prose)),
        key(42, around, u64::from(prose)),
        key(43, c, u64::from(prose)),
    ];
    let edge = [
        join(51, 0, 0),
        join(52, c, cr1),
        join(53, w.hash, 0),
        join(54, l1.hash, c),
        join(55, cl1 * 64 + c, cr1 * 64 + cr2),
        join(56, l1.hash, w.hash),
        join(57, r1.hash, c),
        join(58, w.endings[1], cr1),
    ];
    Place { node, edge }
}

/// A sequence of labels with its score in units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Labelling {
    pub score: i32,
    pub labels: Vec<u8>,
}

/// One way to come to a label at a place: its score, and the label and rank it came from.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    score: i32,
    label: u8,
    rank: u8,
}

/// Finds the best sequences of labels; keeps its room between sentences.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// For each place and label, the best ways there, best first.
    steps: Vec<[Vec<Step>; LABELS]>,
}

impl Decoder {
    /// The best `count` sequences of labels for a sentence, the best first; at least one.
    pub(super) fn best(
        &mut self,
        table: &Labels,
        words: &Words<'_>,
        sentence: &[WordId],
        prose: bool,
        count: usize,
    ) -> Vec<Labelling> {
        while self.steps.len() < sentence.len() {
            self.steps.push(Default::default());
        }
        for at in 0..sentence.len() {
            let place = features(words, sentence, prose, at);
            let mut node = [0; LABELS];
            table.add(place.node.into_iter(), &mut node);
            let (done, rest) = self.steps.split_at_mut(at);
            let Some(here) = rest.first_mut() else { break };
            here.iter_mut().for_each(Vec::clear);
            let before = done.last();
            let mut edge = [[0; LABELS]; LABELS + 1];
            let labels = if before.is_some() { 0..LABELS } else { BEFORE..BEFORE + 1 };
            for label in labels {
                table.add(place.edge.iter().map(|state| edge_key(*state, label)), &mut edge[label]);
            }
            advance(before, here, &node, &edge, count);
        }
        self.read_back(sentence.len(), count)
    }

    fn read_back(&self, length: usize, count: usize) -> Vec<Labelling> {
        let Some(last) = length.checked_sub(1).and_then(|at| self.steps.get(at)) else {
            return vec![Labelling { score: 0, labels: Vec::new() }];
        };
        let mut ends: Vec<(i32, u8, u8)> = Vec::new();
        for (label, steps) in last.iter().enumerate() {
            ends.extend(steps.iter().enumerate().map(|(rank, step)| (step.score, label as u8, rank as u8)));
        }
        ends.sort_by_key(|(score, label, rank)| (std::cmp::Reverse(*score), *label, *rank));
        ends.truncate(count);
        ends.into_iter()
            .map(|(score, mut label, mut rank)| {
                let mut labels = vec![OUT; length];
                for at in (0..length).rev() {
                    labels[at] = label;
                    let step = self.steps[at][usize::from(label)][usize::from(rank)];
                    (label, rank) = (step.label, step.rank);
                }
                Labelling { score, labels }
            })
            .collect()
    }
}

fn advance(
    before: Option<&[Vec<Step>; LABELS]>,
    here: &mut [Vec<Step>; LABELS],
    node: &[i32; LABELS],
    edge: &[[i32; LABELS]; LABELS + 1],
    count: usize,
) {
    for (label, ways) in here.iter_mut().enumerate() {
        let Some(before) = before else {
            ways.push(Step { score: node[label] + edge[BEFORE][label], label: 0, rank: 0 });
            continue;
        };
        for (from, steps) in before.iter().enumerate() {
            let gain = node[label] + edge[from][label];
            for (rank, step) in steps.iter().enumerate() {
                let score = step.score + gain;
                if ways.len() >= count && ways.last().is_some_and(|worst| worst.score >= score) {
                    break;
                }
                let place = ways.partition_point(|other| other.score >= score);
                ways.insert(place, Step { score, label: from as u8, rank: rank as u8 });
                ways.truncate(count);
            }
        }
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
    fn labels_mark_spans() {
        let (mut objects, mut attributes) = (Vec::new(), Vec::new());
        spans(&[OUT, ATTRIBUTE, MORE, INNER, HEAD, HEAD, MORE, INNER], &mut objects, &mut attributes);
        assert_eq!(objects, [Span::new(3, 5), Span::new(5, 6), Span::new(7, 8)]);
        assert_eq!(attributes, [Span::new(1, 3), Span::new(6, 7)]);
    }
}
