//! Log-linear models, trained by stochastic gradients: a ranker over candidates and a linear chain
//! over labels. All is in one thread and with dice of its own, so that a training run can be
//! repeated to the byte.

use rustc_hash::FxHashMap;

use super::super::labels::{BEFORE, EDGE, LABELS, NODE, OWN, Place, edge_key};
use super::super::parser::Features;
use super::super::table::UNIT;

/// How a model is trained.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    pub epochs: usize,
    pub rate: f32,
    /// Shrinks the weights of each feature whenever it is met: the prior that it says nothing.
    pub shrink: f32,
    /// Share of features that are dropped from an example, so that none is leant on alone.
    pub dropped: f32,
    /// Features met less often are left out.
    pub least: u32,
    /// Where it is not zero, features whose weights stay below it are left out, and the others trained anew.
    pub select: f32,
    /// Trainings with other dice, whose mean is kept, so that no reading hangs on a throw.
    pub runs: u64,
    /// Weights below it are not kept.
    pub prune: f32,
    pub seed: u64,
}

/// Dice: xorshift.
#[derive(Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            items.swap(place, (self.next() % (place as u64 + 1)) as usize);
        }
    }
}

/// Keys of features, numbered in the order in which they are met.
#[derive(Debug, Default)]
pub(super) struct Space {
    rows: FxHashMap<u32, u32>,
    keys: Vec<u32>,
    counts: Vec<u32>,
}

impl Space {
    pub(super) fn row(&mut self, key: u32) -> u32 {
        let row = *self.rows.entry(key).or_insert_with(|| {
            self.keys.push(key);
            self.counts.push(0);
            self.keys.len() as u32 - 1
        });
        self.counts[row as usize] += 1;
        row
    }

    /// The weights worth keeping, `width` a row.
    fn features(&self, weights: &[f32], width: usize, schedule: Schedule) -> Features {
        let mut features = Features::new();
        for (row, key) in self.keys.iter().enumerate() {
            let of_row = &weights[row * width..(row + 1) * width];
            let largest = of_row.iter().fold(0_f32, |largest, weight| largest.max(weight.abs()));
            if *key == 0 || largest < schedule.prune {
                continue;
            }
            let mut kept = [0; 5];
            for (kept, weight) in kept.iter_mut().zip(of_row) {
                *kept = (weight / UNIT).round().clamp(-127.0, 127.0) as i8;
            }
            if kept != [0; 5] {
                features.push((*key, kept));
            }
        }
        features.sort_unstable_by_key(|(key, _)| *key);
        features
    }
}

/// Weights with the sums of squared gradients that slow them down.
struct Weights {
    values: Vec<f32>,
    squares: Vec<f32>,
    schedule: Schedule,
    /// Falls from 1 to 0 in the course of the training.
    left: f32,
}

impl Weights {
    fn new(count: usize, schedule: Schedule) -> Self {
        Self { values: vec![0.0; count], squares: vec![1e-2; count], schedule, left: 1.0 }
    }

    /// Trains the weights of the features of a space, `width` a row, with `train`, which is told which
    /// rows are used: all that are frequent enough, or, where asked for, only those of them that have
    /// come to say something in a training of their own.
    fn trained(
        space: &Space,
        width: usize,
        schedule: Schedule,
        mut train: impl FnMut(&mut Self, &[bool]),
    ) -> Vec<f32> {
        let mut used: Vec<bool> = space.counts.iter().map(|count| *count >= schedule.least).collect();
        let mut fresh = |seed: u64, used: &[bool]| -> Vec<f32> {
            let mut weights = Self::new(used.len() * width, Schedule { seed, ..schedule });
            train(&mut weights, used);
            weights.values
        };
        if schedule.select > 0.0 {
            let first = fresh(schedule.seed, &used);
            for (used, of_row) in used.iter_mut().zip(first.chunks(width)) {
                *used &= of_row.iter().any(|weight| weight.abs() >= schedule.select);
            }
        }
        let mut mean = vec![0.0; used.len() * width];
        for run in 0..schedule.runs {
            for (mean, weight) in mean.iter_mut().zip(fresh(schedule.seed + run, &used)) {
                *mean += weight / schedule.runs as f32;
            }
        }
        mean
    }

    #[inline]
    fn step(&mut self, at: usize, gradient: f32) {
        self.squares[at] += gradient * gradient;
        let rate = self.schedule.rate * self.left / self.squares[at].sqrt();
        let moved = self.values[at] - rate * gradient;
        let shrink = rate * self.schedule.shrink;
        self.values[at] = if moved > shrink {
            moved - shrink
        } else if moved < -shrink {
            moved + shrink
        } else {
            0.0
        };
    }
}

/// Which features of an example are dropped: decided by the feature's number and a number drawn for
/// the example, so that all candidates agree.
#[inline]
fn is_dropped(row: u32, draw: u64, share: f32) -> bool {
    let mixed = (u64::from(row) ^ draw).wrapping_mul(0xff51_afd7_ed55_8ccd) >> 40;
    (mixed as f32) < share * (1 << 24) as f32
}

/// Candidates of one decision, with rows of features, and which of them are right.
#[derive(Debug, Default)]
pub(super) struct Choices {
    rows: Vec<u32>,
    /// Where the rows of each candidate end.
    ends: Vec<u32>,
    /// How right each candidate is, 0 to 1.
    gains: Vec<f32>,
    /// What each candidate's score is before the features speak.
    offsets: Vec<f32>,
}

impl Choices {
    /// The rows of each candidate.
    fn candidates(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.rows[start as usize..*end as usize])
    }
}

/// Decisions for a ranker.
#[derive(Debug, Default)]
pub(super) struct Decisions {
    pub space: Space,
    all: Vec<Choices>,
}

impl Decisions {
    /// Adds a decision between candidates, given by features, how right it is (0 to 1), and a score
    /// to begin with; left out where none is right at all.
    pub(super) fn add<'f>(&mut self, candidates: impl Iterator<Item = (&'f [u32], f32, f32)>) {
        let mut choices = Choices::default();
        for (features, gain, offset) in candidates {
            choices.rows.extend(features.iter().map(|key| self.space.row(*key)));
            choices.ends.push(choices.rows.len() as u32);
            choices.gains.push(gain);
            choices.offsets.push(offset);
        }
        if choices.gains.iter().any(|gain| *gain > 0.0) {
            self.all.push(choices);
        }
    }

    /// Adds a decision between yes and no, no having no features.
    pub(super) fn add_yes_no(&mut self, features: &[u32], yes: bool) {
        let rows = features.iter().map(|key| self.space.row(*key)).collect();
        self.all.push(Choices {
            rows,
            ends: vec![features.len() as u32],
            gains: vec![f32::from(u8::from(yes))],
            offsets: vec![0.0],
        });
    }

    /// Trains a ranker.
    pub(super) fn train(&self, schedule: Schedule) -> Features {
        let weights = Weights::trained(&self.space, 1, schedule, |weights, used| self.pass(weights, used));
        self.space.features(&weights, 1, schedule)
    }

    fn pass(&self, weights: &mut Weights, used: &[bool]) {
        let schedule = weights.schedule;
        let mut dice = Dice::new(schedule.seed);
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        let steps = (schedule.epochs * order.len()).max(1);
        let mut done = 0;
        let mut scores = Vec::new();
        for epoch in 0..schedule.epochs {
            dice.shuffle(&mut order);
            let (mut wrong, mut loss) = (0, 0.0);
            for at in &order {
                weights.left = 1.0 - done as f32 / steps as f32;
                done += 1;
                let choices = &self.all[*at];
                let (missed, lost) = learn_choice(choices, used, weights, dice.next(), &mut scores);
                wrong += usize::from(missed);
                loss += lost;
            }
            if epoch + 1 == schedule.epochs {
                log(&format!(
                    "  {} decisions, {wrong} wrong, loss {:.4}",
                    order.len(),
                    loss / order.len() as f32
                ));
            }
        }
    }
}

/// Says on standard error how the training goes.
#[allow(clippy::print_stderr, reason = "the trainer is a program for the terminal of a developer")]
pub(super) fn log(line: &str) {
    eprintln!("{line}");
}

/// One step on one decision: whether it would have been wrong, and its loss in nats.
fn learn_choice(
    choices: &Choices,
    used: &[bool],
    weights: &mut Weights,
    draw: u64,
    scores: &mut Vec<f32>,
) -> (bool, f32) {
    let schedule = weights.schedule;
    let is_kept = |row: u32| used[row as usize] && !is_dropped(row, draw, schedule.dropped);
    scores.clear();
    for (rows, offset) in choices.candidates().zip(&choices.offsets) {
        let weights = rows.iter().filter(|row| is_kept(**row)).map(|row| weights.values[*row as usize]);
        scores.push(offset + weights.sum::<f32>());
    }
    // A lone candidate is weighed against doing nothing, whose score is zero.
    let alone = choices.gains.len() == 1;
    let rest = if alone { 0.0 } else { f32::NEG_INFINITY };
    let top = scores.iter().copied().fold(rest, f32::max);
    let total: f32 = scores.iter().map(|score| (score - top).exp()).sum::<f32>() + (rest - top).exp();
    let gained: f32 =
        scores.iter().zip(&choices.gains).map(|(score, gain)| gain * (score - top).exp()).sum::<f32>()
            + if alone { (1.0 - choices.gains[0]) * (rest - top).exp() } else { 0.0 };
    for (at, rows) in choices.candidates().enumerate() {
        let share = (scores[at] - top).exp();
        let gradient = share / total - choices.gains[at] * share / gained.max(1e-30);
        if gradient.abs() < 1e-4 {
            continue;
        }
        for row in rows.iter().filter(|row| is_kept(**row)) {
            weights.step(*row as usize, gradient);
        }
    }
    (gained / total < 0.5, -(gained / total).max(1e-30).ln())
}

/// A sentence for the labeler.
#[derive(Debug)]
struct Chain {
    /// [`NODES`] rows a place.
    nodes: Vec<u32>,
    /// [`EDGE`] rows for each label before.
    edges: Vec<u32>,
    labels: Vec<u8>,
}

/// Sentences for the labeler.
#[derive(Debug, Default)]
pub(super) struct Chains {
    space: Space,
    all: Vec<Chain>,
}

/// Weights of a row: one for each label but the first.
const WIDTH: usize = LABELS - 1;

/// Features of a place, the word's own and the others.
const NODES: usize = OWN + NODE;

/// Label before, that at the first place included.
const FROM: usize = LABELS + 1;

impl Chains {
    /// Adds a sentence, given by the features of its places.
    pub(super) fn add(&mut self, places: impl Iterator<Item = Place>, labels: &[u8]) {
        let mut chain = Chain { nodes: Vec::new(), edges: Vec::new(), labels: labels.to_vec() };
        for (at, place) in places.enumerate() {
            chain.nodes.extend(place.own.iter().chain(&place.node).map(|key| self.space.row(*key)));
            for before in 0..FROM {
                let possible = (at == 0) == (before == BEFORE);
                chain.edges.extend(
                    place
                        .edge
                        .iter()
                        .map(|state| if possible { self.space.row(edge_key(*state, before)) } else { 0 }),
                );
            }
        }
        self.all.push(chain);
    }

    /// Trains the labeler.
    pub(super) fn train(&self, schedule: Schedule) -> Features {
        let weights =
            Weights::trained(&self.space, WIDTH, schedule, |weights, used| self.pass(weights, used));
        self.space.features(&weights, WIDTH, schedule)
    }

    fn pass(&self, weights: &mut Weights, used: &[bool]) {
        let schedule = weights.schedule;
        let mut dice = Dice::new(schedule.seed);
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        let steps = (schedule.epochs * order.len()).max(1);
        let mut done = 0;
        let mut lattice = Lattice::default();
        for epoch in 0..schedule.epochs {
            dice.shuffle(&mut order);
            let mut loss = 0.0;
            for at in &order {
                weights.left = 1.0 - done as f32 / steps as f32;
                done += 1;
                loss += lattice.learn(&self.all[*at], used, weights, dice.next());
            }
            if epoch + 1 == schedule.epochs {
                log(&format!("  {} sentences, loss {:.4}", order.len(), loss / order.len() as f32));
            }
        }
    }
}

type Row = [f32; LABELS];

/// Room for the sums over all label sequences of a sentence.
#[derive(Debug, Default)]
struct Lattice {
    node: Vec<Row>,
    edge: Vec<[Row; FROM]>,
    forward: Vec<Row>,
    backward: Vec<Row>,
}

fn log_sum(values: impl Iterator<Item = f32> + Clone) -> f32 {
    let top = values.clone().fold(f32::NEG_INFINITY, f32::max);
    if top == f32::NEG_INFINITY {
        top
    } else {
        top + values.map(|value| (value - top).exp()).sum::<f32>().ln()
    }
}

impl Lattice {
    /// One step on a sentence; gives back its loss in nats.
    fn learn(&mut self, chain: &Chain, used: &[bool], weights: &mut Weights, draw: u64) -> f32 {
        let schedule = weights.schedule;
        let is_kept = |row: u32| used[row as usize] && !is_dropped(row, draw, schedule.dropped);
        let length = chain.labels.len();
        if length == 0 {
            return 0.0;
        }
        let sum = |rows: &[u32], values: &[f32]| -> Row {
            let mut sums = [0.0; LABELS];
            for row in rows.iter().filter(|row| is_kept(**row)) {
                let start = *row as usize * WIDTH;
                for (sum, weight) in sums[1..].iter_mut().zip(&values[start..start + WIDTH]) {
                    *sum += weight;
                }
            }
            sums
        };
        self.node.clear();
        self.edge.clear();
        for at in 0..length {
            self.node.push(sum(&chain.nodes[at * NODES..(at + 1) * NODES], &weights.values));
            let mut edges = [[0.0; LABELS]; FROM];
            for (before, edge) in edges.iter_mut().enumerate() {
                if (at == 0) == (before == BEFORE) {
                    let start = (at * FROM + before) * EDGE;
                    *edge = sum(&chain.edges[start..start + EDGE], &weights.values);
                }
            }
            self.edge.push(edges);
        }
        self.sum_up(length);
        let total = log_sum(self.forward[length - 1].iter().copied());
        let mut score = 0.0;
        for at in 0..length {
            let label = usize::from(chain.labels[at]);
            let from = if at == 0 { BEFORE } else { usize::from(chain.labels[at - 1]) };
            score += self.node[at][label] + self.edge[at][from][label];
        }
        for at in 0..length {
            let right = usize::from(chain.labels[at]);
            let right_from = if at == 0 { BEFORE } else { usize::from(chain.labels[at - 1]) };
            let mut of_node = [0.0; LABELS];
            let froms = if at == 0 { BEFORE..FROM } else { 0..LABELS };
            for from in froms {
                let mut of_edge = [0.0; LABELS];
                for label in 0..LABELS {
                    let before = if at == 0 { 0.0 } else { self.forward[at - 1][from] };
                    let whole =
                        before + self.edge[at][from][label] + self.node[at][label] + self.backward[at][label];
                    let share = (whole - total).exp();
                    of_node[label] += share;
                    of_edge[label] = share - f32::from(u8::from(from == right_from && label == right));
                }
                let start = (at * FROM + from) * EDGE;
                descend(&chain.edges[start..start + EDGE], &of_edge, weights, is_kept);
            }
            of_node[right] -= 1.0;
            descend(&chain.nodes[at * NODES..(at + 1) * NODES], &of_node, weights, is_kept);
        }
        total - score
    }

    fn sum_up(&mut self, length: usize) {
        self.forward.clear();
        self.backward.clear();
        self.backward.resize(length, [0.0; LABELS]);
        for at in 0..length {
            let mut row = [0.0; LABELS];
            for (label, cell) in row.iter_mut().enumerate() {
                let before = match at.checked_sub(1) {
                    None => self.edge[at][BEFORE][label],
                    Some(last) => {
                        log_sum((0..LABELS).map(|from| self.forward[last][from] + self.edge[at][from][label]))
                    }
                };
                *cell = before + self.node[at][label];
            }
            self.forward.push(row);
        }
        for at in (0..length.saturating_sub(1)).rev() {
            for from in 0..LABELS {
                self.backward[at][from] = log_sum((0..LABELS).map(|label| {
                    self.edge[at + 1][from][label] + self.node[at + 1][label] + self.backward[at + 1][label]
                }));
            }
        }
    }
}

fn descend(rows: &[u32], gradients: &Row, weights: &mut Weights, is_kept: impl Fn(u32) -> bool) {
    if gradients.iter().all(|gradient| gradient.abs() < 1e-4) {
        return;
    }
    for row in rows.iter().filter(|row| is_kept(**row)) {
        let start = *row as usize * WIDTH;
        for (offset, gradient) in gradients[1..].iter().enumerate() {
            if gradient.abs() >= 1e-4 {
                weights.step(start + offset, *gradient);
            }
        }
    }
}
