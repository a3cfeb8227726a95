//! Which graph a sentence has: the drafts' choices put together, and the whole judged.
//!
//! The cheapest choice for every decision alone makes graphs that no annotator would draw: an object
//! that nothing is said of, two names for one relation, words of weight that are left over. So some
//! of the cheapest graphs are weighed against each other by what is true of the whole.

use super::decode::{Beam, Draft, evidence};
use super::labels::{OUT, Span};
use super::parser::Parser;
use super::relations::Candidate;
use super::table::{UNIT, join, key};
use super::triggers::Marked;
use super::words::{WordId, Words};

/// Changes of the cheapest graph of a draft that are combined in twos.
const COMBINED: usize = 5;

/// What one sentence says, in places of its tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    /// The draft it comes from.
    pub draft: usize,
    /// What it costs against the cheapest, in nats.
    pub cost: f32,
    /// An object and its attribute.
    pub attributes: Vec<(usize, Span)>,
    pub relations: Vec<Relation>,
}

/// One object standing in a relation to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Relation {
    pub subject: usize,
    pub object: usize,
    pub predicate: Candidate,
}

/// A decision of a draft taken otherwise than the cheapest way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    /// Of this attribute to that rival.
    Owner(usize, usize),
    /// Of this pair to that rival.
    Relation(usize, usize),
}

impl Change {
    /// Whether both change the same decision.
    fn clashes(self, other: Self) -> bool {
        match (self, other) {
            (Self::Owner(a, _), Self::Owner(b, _)) | (Self::Relation(a, _), Self::Relation(b, _)) => a == b,
            _ => false,
        }
    }
}

/// The cheapest graphs of a sentence, the cheapest first.
pub(super) fn graphs(drafts: &[Draft], beam: Beam) -> Vec<Graph> {
    let mut plans: Vec<(f32, usize, [Option<Change>; 2])> = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        let base = draft.cost;
        plans.push((base, at, [None, None]));
        let mut changes = changes(draft);
        changes.retain(|(cost, _)| base + cost <= beam.slack);
        plans.extend(changes.iter().map(|(cost, change)| (base + cost, at, [Some(*change), None])));
        for (place, (cost, change)) in changes.iter().enumerate().take(COMBINED) {
            for (more, other) in changes.iter().take(place) {
                if base + cost + more <= beam.slack && !change.clashes(*other) {
                    plans.push((base + cost + more, at, [Some(*change), Some(*other)]));
                }
            }
        }
    }
    plans.sort_by(|a, b| a.0.total_cmp(&b.0));
    plans.truncate(beam.graphs);
    plans.into_iter().map(|(cost, at, changes)| build(&drafts[at], at, cost, changes)).collect()
}

/// The cheapest graph of the first draft.
pub(super) fn cheapest(drafts: &[Draft]) -> Graph {
    drafts.first().map_or_else(Graph::default, |draft| build(draft, 0, 0.0, [None, None]))
}

fn changes(draft: &Draft) -> Vec<(f32, Change)> {
    let mut changes = Vec::new();
    for (at, (_, owners)) in draft.attributes.iter().enumerate() {
        changes
            .extend(owners.iter().enumerate().skip(1).map(|(to, rival)| (rival.cost, Change::Owner(at, to))));
    }
    for (at, (_, relations)) in draft.pairs.iter().enumerate() {
        changes.extend(
            relations.iter().enumerate().skip(1).map(|(to, rival)| (rival.cost, Change::Relation(at, to))),
        );
    }
    changes.sort_by(|a, b| a.0.total_cmp(&b.0));
    changes
}

fn build(draft: &Draft, at: usize, cost: f32, changes: [Option<Change>; 2]) -> Graph {
    let changes = || changes.iter().flatten();
    let mut graph = Graph { draft: at, cost, ..Graph::default() };
    for (place, (span, owners)) in draft.attributes.iter().enumerate() {
        let to = changes().find_map(|change| match change {
            Change::Owner(of, to) if *of == place => Some(*to),
            _ => None,
        });
        graph.attributes.extend(owners.get(to.unwrap_or(0)).map(|owner| (owner.choice, *span)));
    }
    for (place, ((i, j), relations)) in draft.pairs.iter().enumerate() {
        let to = changes().find_map(|change| match change {
            Change::Relation(of, to) if *of == place => Some(*to),
            _ => None,
        });
        let Some(predicate) = relations.get(to.unwrap_or(0)).map(|rival| rival.choice) else { continue };
        if predicate.kind > 0 {
            let (subject, object) = if predicate.reversed { (*j, *i) } else { (*i, *j) };
            graph.relations.push(Relation { subject, object, predicate });
        }
    }
    graph
}

/// The best of some graphs; the first where they are alike.
pub(super) fn best(
    parser: &Parser,
    words: &Words<'_>,
    sentence: &[WordId],
    drafts: &[Draft],
    graphs: &[Graph],
) -> usize {
    if graphs.len() < 2 {
        return 0;
    }
    let mut features = Vec::new();
    let mut of_drafts: Vec<i32> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        features.clear();
        judge_draft(words, sentence, draft, &mut features);
        of_drafts.push(parser.judge.score(&features));
    }
    let mut best = (0, f32::NEG_INFINITY);
    for (at, graph) in graphs.iter().enumerate() {
        features.clear();
        judge(words, sentence, &drafts[graph.draft], graph, &mut features);
        let score = of_drafts[graph.draft] + parser.judge.score(&features);
        let score = score as f32 * UNIT - graph.cost;
        if score > best.1 {
            best = (at, score);
        }
    }
    best.0
}

/// What speaks for or against all graphs of a draft. The labeler sees two labels at once; the judge
/// sees three and four.
pub(super) fn judge_draft(words: &Words<'_>, sentence: &[WordId], draft: &Draft, features: &mut Vec<u32>) {
    let marked = draft.marked(words, sentence);
    let label_at = |at: usize| draft.labels.get(at).map_or(7, |label| u64::from(*label));
    for (at, label) in draft.labels.iter().enumerate() {
        let three = label_at(at.wrapping_sub(1)) * 64 + u64::from(*label) * 8 + label_at(at + 1);
        let word = marked.traits(at);
        features.push(key(571, word.hash, three));
        features.push(key(572, word.class.number(), three * 8 + label_at(at + 2)));
    }
    features.extend(draft.objects.iter().map(|object| key(514, name(marked, *object), 0)));
}

/// A name as a number.
fn name(marked: Marked<'_>, object: Span) -> u64 {
    object.range().fold(0, |hash, at| join(8, hash, marked.traits(at).hash))
}

/// What else speaks for or against a graph as a whole.
pub(super) fn judge(
    words: &Words<'_>,
    sentence: &[WordId],
    draft: &Draft,
    graph: &Graph,
    features: &mut Vec<u32>,
) {
    let marked = draft.marked(words, sentence);
    let objects = draft.objects.len();
    let count = |number: usize| number.min(6) as u64;
    let mut facts = vec![[0_u8; 3]; objects];
    for (owner, _) in &graph.attributes {
        facts[*owner][0] += 1;
    }
    for relation in &graph.relations {
        facts[relation.subject][1] += 1;
        facts[relation.object][2] += 1;
    }
    let lone = facts.iter().filter(|facts| **facts == [0; 3]).count();
    let unrelated = facts.iter().filter(|facts| facts[1] == 0 && facts[2] == 0).count();
    features.extend([
        key(501, (graph.cost * 2.0) as u64, 0),
        key(502, (draft.cost * 2.0) as u64, 0),
        key(503, count(objects), count(graph.relations.len())),
        key(504, count(lone), count(objects)),
        key(505, count(unrelated), count(objects)),
        key(506, count(objects), count(graph.attributes.len())),
    ]);
    for (object, facts) in facts.iter().enumerate() {
        let head = marked.head(object);
        let degree =
            u64::from(facts[0].min(2)) * 16 + u64::from(facts[1].min(3)) * 4 + u64::from(facts[2].min(3));
        let span = draft.objects[object];
        features.extend([
            key(511, degree, 0),
            key(512, degree, head.noun_hash),
            key(513, degree, (object.min(3) * 4 + (objects - 1 - object).min(3)) as u64),
            key(515, span.range().len() as u64, degree),
        ]);
    }
    let mut said = vec![false; sentence.len()];
    for (owner, span) in &graph.attributes {
        let hash = span.range().fold(0, |hash, at| join(8, hash, marked.traits(at).hash));
        let head = marked.head(*owner);
        features.extend([
            key(521, hash, head.noun_hash),
            key(522, hash, u64::from(draft.objects[*owner].start >= span.end)),
        ]);
    }
    for (place, relation) in graph.relations.iter().enumerate() {
        let predicate = relation.predicate.hash;
        let (subject, object) = (marked.head(relation.subject), marked.head(relation.object));
        let kind = u64::from(relation.predicate.kind) * 2 + u64::from(relation.predicate.reversed);
        features.extend([
            key(531, join(1, predicate, subject.noun_hash), object.noun_hash),
            key(532, predicate, subject.noun_hash),
            key(533, predicate, object.noun_hash),
            key(534, kind, count(objects)),
            key(535, kind, predicate),
        ]);
        if let Some(span) = evidence(&draft.triggers, &relation.predicate) {
            for at in span.range() {
                said[at] = true;
            }
        }
        for other in &graph.relations[..place] {
            let shared = [
                (relation.subject == other.subject, 1),
                (relation.object == other.object, 2),
                (relation.subject == other.object, 3),
                (relation.object == other.subject, 4),
            ];
            let way = shared.iter().filter(|(same, _)| *same).fold(0, |sum, (_, bit)| sum * 5 + bit);
            if way > 0 {
                let kinds = u64::from(other.predicate.kind) * 256 + u64::from(relation.predicate.kind);
                features.extend([
                    key(541, way, kinds),
                    key(542, way, join(2, predicate, other.predicate.hash)),
                    key(543, way, u64::from(predicate == other.predicate.hash) * 8 + count(objects)),
                ]);
            }
        }
    }
    let shape = graph.relations.iter().fold(objects as u64, |hash, relation| {
        join(3, hash, (relation.subject * 64 + relation.object) as u64)
    });
    features.push(key(551, shape, 0));
    let labels = draft.labels.iter().fold(7, |hash, label| join(4, hash, u64::from(*label)));
    features.push(key(552, labels, shape));
    let mut leftover = 0;
    for (at, label) in draft.labels.iter().enumerate() {
        if *label != OUT || said[at] {
            continue;
        }
        let word = marked.traits(at);
        let is_trigger = draft.triggers.all.iter().any(|trigger| usize::from(trigger.place) == at);
        features.push(key(561, word.hash, u64::from(is_trigger)));
        if is_trigger {
            leftover += 1;
            features.push(key(562, word.class.number(), count(at)));
        }
    }
    features.push(key(563, leftover, count(graph.relations.len())));
}
