//! From the words of one sentence to drafts of its graph: the likeliest labellings, and for each of
//! them the likeliest owners of attributes and the likeliest relations of pairs of objects.
//!
//! Every decision keeps its rivals with what they cost, in nats. A [`super::graph`] is one choice
//! for each decision, and its cost is the sum.

use std::ops::Deref;

use super::class::Class;
use super::labels::{Decoder, HEAD, OUT, Span, spans};
use super::parser::Parser;
use super::pronouns::meant;
use super::relations::{Candidate, Gather, Pair, Scorer, WINDOW};
use super::table::{UNIT, join};
use super::triggers::{Marked, Triggers};
use super::words::{WordId, Words};
use super::{attach, relations};

/// Rivals of a decision at most, the best included.
const RIVALS: usize = 3;

/// How far the cheapest choices are left behind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beam {
    /// What a rival, a labelling, a graph may cost more than the cheapest, in nats.
    pub slack: f32,
    /// Candidates for a pair that are studied at most.
    pub studied: usize,
    /// How far behind at first sight a candidate is not studied, in units.
    pub hopeless: i32,
    /// Graphs of a sentence that are weighed at most.
    pub graphs: usize,
}

impl Beam {
    /// To read with. What lies beyond hardly ever wins.
    pub(super) const READING: Self = Self { slack: 1.75, studied: 4, hopeless: 32, graphs: 8 };

    /// To train the judge with, who learns from what is wrong, too.
    pub(super) const TRAINING: Self = Self { slack: 2.5, studied: 6, hopeless: 56, graphs: 16 };
}

/// A choice with what it costs against the best one, in nats.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rival<T> {
    pub choice: T,
    pub cost: f32,
}

/// What is left of a decision, the best first; few, and so kept where they are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rivals<T> {
    count: usize,
    all: [Rival<T>; RIVALS],
}

impl<T> Deref for Rivals<T> {
    type Target = [Rival<T>];

    fn deref(&self) -> &[Rival<T>] {
        &self.all[..self.count]
    }
}

impl<T: Copy + Default> FromIterator<Rival<T>> for Rivals<T> {
    /// The first few of them.
    fn from_iter<I: IntoIterator<Item = Rival<T>>>(rivals: I) -> Self {
        let mut found = Self::default();
        for (place, rival) in found.all.iter_mut().zip(rivals) {
            *place = rival;
            found.count += 1;
        }
        found
    }
}

/// Two objects, the earlier first, with the relations they may have.
pub(super) type PairRivals = ((usize, usize), Rivals<Candidate>);

/// One labelling of a sentence with all that may follow from it.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// What the labelling costs against the best one.
    pub cost: f32,
    pub prose: bool,
    pub labels: Vec<u8>,
    pub objects: Vec<Span>,
    pub triggers: Triggers,
    /// Attributes with their owners, the best first.
    pub attributes: Vec<(Span, Rivals<usize>)>,
    /// Pairs of objects with their relations, the best first.
    pub pairs: Vec<PairRivals>,
}

impl Draft {
    /// The sentence as this draft sees it.
    pub(super) fn marked<'a>(&'a self, words: &'a Words<'a>, sentence: &'a [WordId]) -> Marked<'a> {
        Marked { words, sentence, labels: &self.labels, objects: &self.objects, prose: self.prose }
    }
}

/// Of what text a sentence is a part.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Manner {
    /// A longer text.
    pub prose: bool,
    /// Sentences went before, so that pronouns mean somebody.
    pub later: bool,
}

/// Tokens of a text from which on several sentences are prose.
const PROSE: usize = 30;

impl Manner {
    /// That of the sentence `at` of a text.
    pub(super) fn of(tokens: usize, sentences: usize, at: usize) -> Self {
        Self { prose: sentences > 1 && tokens >= PROSE, later: at > 0 }
    }
}

/// Pronouns that no label marks are objects: what is said of them is said of somebody.
pub(super) fn mark_pronouns(words: &Words<'_>, sentence: &[WordId], labels: &mut [u8]) {
    for (label, word) in labels.iter_mut().zip(sentence) {
        // The class lies near at hand, the letters do not.
        if *label == OUT && words.traits(*word).class == Class::PRONOUN && meant(words.of(*word)).is_some() {
            *label = HEAD;
        }
    }
}

/// Reads sentences with one parser; keeps its room between them.
#[derive(Debug)]
pub(super) struct Machine {
    beam: Beam,
    decoder: Decoder,
    scorer: Scorer,
    candidates: Vec<Candidate>,
    scores: Vec<i32>,
    studied: Vec<usize>,
    seen: Vec<SeenPair>,
    /// The sentence has one draft, which need not be compared with others.
    is_alone: bool,
}

impl Machine {
    pub(super) fn new(beam: Beam) -> Self {
        Self {
            beam,
            decoder: Decoder::default(),
            scorer: Scorer::default(),
            candidates: Vec::new(),
            scores: Vec::new(),
            studied: Vec::new(),
            seen: Vec::new(),
            is_alone: false,
        }
    }

    /// The drafts of a sentence, the best labelling first: at most `count`, and none that costs too
    /// much.
    pub(super) fn drafts(
        &mut self,
        parser: &Parser,
        words: &Words<'_>,
        sentence: &[WordId],
        manner: Manner,
        count: usize,
    ) -> Vec<Draft> {
        self.seen.clear();
        let slack = (self.beam.slack / UNIT) as i32;
        let labellings = self.decoder.best(parser, words, sentence, manner.prose, (count, slack));
        self.is_alone = labellings.len() == 1;
        let top = labellings.first().map_or(0, |best| best.score);
        labellings
            .into_iter()
            .map(|labelling| (labelling.labels, (top - labelling.score) as f32 * UNIT))
            .map(|(mut labels, cost)| {
                if manner.later {
                    mark_pronouns(words, sentence, &mut labels);
                }
                let draft = Draft { cost, prose: manner.prose, labels, ..Draft::default() };
                self.draft(parser, words, sentence, draft)
            })
            .collect()
    }

    fn draft(&mut self, parser: &Parser, words: &Words<'_>, sentence: &[WordId], mut draft: Draft) -> Draft {
        let mut attributes = Vec::new();
        spans(&draft.labels, &mut draft.objects, &mut attributes);
        let mut triggers = Triggers::default();
        let marked = draft.marked(words, sentence);
        triggers.find(marked);
        let attributes = attributes
            .into_iter()
            .map(|span| (span, self.owners(parser, marked, &triggers, span)))
            .filter(|(_, owners)| !owners.is_empty())
            .collect();
        let mut pairs = Vec::with_capacity(2 * marked.objects.len());
        for j in 1..marked.objects.len() {
            for i in j.saturating_sub(WINDOW)..j {
                let relations = self.known_relations(parser, marked, &triggers, (i, j));
                let is_unrelated = matches!(*relations, [only] if only.choice.kind == 0);
                if !relations.is_empty() && !is_unrelated {
                    pairs.push(((i, j), relations));
                }
            }
        }
        draft.attributes = attributes;
        draft.pairs = pairs;
        draft.triggers = triggers;
        draft
    }

    fn owners(
        &mut self,
        parser: &Parser,
        marked: Marked<'_>,
        triggers: &Triggers,
        attribute: Span,
    ) -> Rivals<usize> {
        let objects: Vec<usize> = attach::candidates(marked.objects, attribute).collect();
        self.scores.clear();
        if objects.len() > 1 {
            let score =
                |object: &usize| parser.attach.score(attach::features(marked, triggers, attribute, *object));
            self.scores.extend(objects.iter().map(score));
        } else {
            self.scores.resize(objects.len(), 0);
        }
        rivals(&self.scores, &objects, self.beam.slack)
    }

    /// The best of some candidates. Most of them are hopeless, which some of their features tell.
    fn studied(&mut self, parser: &Parser, pair: &Pair, candidates: &[Candidate]) -> Rivals<Candidate> {
        self.scorer.glances(&parser.relations, pair, candidates, &mut self.scores);
        let top = self.scores.iter().copied().max().unwrap_or(0);
        self.studied.clear();
        self.studied.extend((0..candidates.len()).filter(|at| self.scores[*at] >= top - self.beam.hopeless));
        if self.studied.len() > self.beam.studied {
            self.studied.sort_by_key(|at| std::cmp::Reverse(self.scores[*at]));
            self.studied.truncate(self.beam.studied);
            self.studied.sort_unstable();
        }
        // Nothing is compared with a lone one.
        if let [only] = self.studied[..] {
            return rivals(&[0], &candidates[only..=only], self.beam.slack);
        }
        relations::study(&parser.relations, pair, candidates, &self.studied, &mut self.scores);
        rivals(&self.scores, candidates, self.beam.slack)
    }

    /// The relations of a pair; none where it stands in no relation for sure. Drafts of a sentence
    /// differ in a word or two, so most pairs were seen before.
    fn known_relations(
        &mut self,
        parser: &Parser,
        marked: Marked<'_>,
        triggers: &Triggers,
        (i, j): (usize, usize),
    ) -> Rivals<Candidate> {
        if self.is_alone {
            return self.new_relations(parser, marked, triggers, (i, j));
        }
        let region = region(marked, i, j);
        let base = triggers.group(i).0;
        if let Some(known) = self.seen.iter().find(|known| known.region == region) {
            return known.relations.iter().map(|rival| rival.moved(known.base, base)).collect();
        }
        let relations = self.new_relations(parser, marked, triggers, (i, j));
        if self.seen.len() < SEEN {
            self.seen.push(SeenPair { region, base, relations });
        }
        relations
    }

    fn new_relations(
        &mut self,
        parser: &Parser,
        marked: Marked<'_>,
        triggers: &Triggers,
        (i, j): (usize, usize),
    ) -> Rivals<Candidate> {
        let pair = Pair::new(marked, triggers, i, j);
        if parser.gate.score(pair.features()) < parser.gate_floor {
            return Rivals::default();
        }
        let mut candidates = std::mem::take(&mut self.candidates);
        let kinds = parser.kinds(marked.prose);
        Gather { triggers, rewrites: &parser.rewrites, kinds, found: &mut candidates }.pair(i, j);
        let rivals = self.studied(parser, &pair, &candidates);
        self.candidates = candidates;
        rivals
    }
}

/// Pairs of a sentence that are remembered at most: looking for one takes a step for each.
const SEEN: usize = 48;

/// A pair of objects that an earlier draft had.
#[derive(Debug)]
struct SeenPair {
    region: u64,
    /// The first trigger before the earlier object.
    base: u16,
    relations: Rivals<Candidate>,
}

impl Rival<Candidate> {
    /// The same where the triggers have other numbers.
    fn moved(self, from: u16, to: u16) -> Self {
        let place = |at: u16| (at + to).saturating_sub(from);
        let origin = match self.choice.origin {
            relations::Origin::Triggers { first, end, far } => {
                relations::Origin::Triggers { first: place(first), end: place(end), far: far.map(place) }
            }
            relations::Origin::Rewritten { predicate, first, end } => {
                relations::Origin::Rewritten { predicate, first: place(first), end: place(end) }
            }
            other => other,
        };
        Self { choice: Candidate { origin, ..self.choice }, ..self }
    }
}

/// All that a pair's relations depend on, as a number: the two objects, how the words are labelled
/// from the object before them to the one after, and their place in the order.
fn region(marked: Marked<'_>, i: usize, j: usize) -> u64 {
    let start = i.checked_sub(1).map_or(0, |before| usize::from(marked.objects[before].end));
    let end = marked.objects.get(j + 1).map_or(marked.labels.len(), |after| usize::from(after.start));
    let mut number = join(12, start as u64, end as u64);
    for object in [marked.objects[i], marked.objects[j]] {
        number = join(number, u64::from(object.start), u64::from(object.end));
    }
    let rest = marked.objects.len() - 1 - j;
    number = join(number, (i.min(3) * 4 + rest.min(3)) as u64, (j - i) as u64);
    marked.labels[start..end].iter().fold(number, |number, label| join(13, number, u64::from(*label)))
}

/// The best few choices with their costs, the best first; of equal ones the earlier.
fn rivals<T: Copy + Default>(scores: &[i32], choices: &[T], slack: f32) -> Rivals<T> {
    let (mut best, mut count) = ([(0, 0); RIVALS], 0);
    for (at, score) in scores.iter().enumerate() {
        if count < RIVALS || *score > best[RIVALS - 1].0 {
            let place = best[..count].partition_point(|other| other.0 >= *score);
            count = RIVALS.min(count + 1);
            best[place..count].rotate_right(1);
            best[place] = (*score, at);
        }
    }
    let top = best[0].0;
    best[..count]
        .iter()
        .map(|&(score, at)| Rival { choice: choices[at], cost: (top - score) as f32 * UNIT })
        .take_while(|rival| rival.cost <= slack)
        .collect()
}

/// Where the words of a relation stand, if it is said by words.
pub(super) fn evidence(triggers: &Triggers, of: &Candidate) -> Option<Span> {
    match of.origin {
        relations::Origin::Triggers { first, end, .. } | relations::Origin::Rewritten { first, end, .. } => {
            let place = |at: u16| usize::from(triggers.all[usize::from(at)].place);
            Some(Span::new(place(first), place(end - 1) + 1))
        }
        _ => None,
    }
}
