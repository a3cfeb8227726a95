//! From the words of one sentence to its graph: labels, attributes to objects, relations.

use super::labels::{Decoder, Span, spans};
use super::parser::Parser;
use super::relations::{Candidate, Gather, Pair, WINDOW, spell};
use super::triggers::{Marked, Triggers};
use super::words::{WordId, Words};
use super::{attach, relations};

/// Objects of a caption up to which every pair is looked at, and every object wants a fact.
const FEW: usize = 3;

/// What one sentence says, in places of its tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    pub objects: Vec<Span>,
    /// An object and its attribute.
    pub attributes: Vec<(usize, Span)>,
    pub relations: Vec<Relation>,
}

/// One object standing in a relation to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relation {
    pub subject: usize,
    pub object: usize,
    pub predicate: String,
    /// Places of the tokens that spell the predicate, where there are any.
    pub evidence: Option<Span>,
}

/// Reads sentences; keeps its room between them.
#[derive(Debug, Default)]
pub(super) struct Machine {
    decoder: Decoder,
    triggers: Triggers,
    candidates: Vec<Candidate>,
}

/// The best relation of a pair, where none is better: held back for an object that has no fact.
struct Spare {
    loss: i32,
    pair: (usize, usize),
    candidate: Candidate,
}

impl Machine {
    /// The graph of a sentence.
    pub(super) fn read(&mut self, parser: &Parser, words: &Words<'_>, sentence: &[WordId]) -> Graph {
        let best = self.decoder.best(&parser.labels, words, sentence, 1);
        let labels = best.into_iter().next().map(|best| best.labels).unwrap_or_default();
        let (mut objects, mut attributes) = (Vec::new(), Vec::new());
        spans(&labels, &mut objects, &mut attributes);
        let marked = Marked { words, sentence, labels: &labels, objects: &objects };
        self.triggers.find(marked);
        let attributes = attributes
            .into_iter()
            .filter_map(|span| Some((self.owner(parser, marked, span)?, span)))
            .collect::<Vec<_>>();
        let relations = self.relations(parser, marked, &attributes);
        Graph { objects, attributes, relations }
    }

    fn owner(&self, parser: &Parser, marked: Marked<'_>, attribute: Span) -> Option<usize> {
        let score = |object: &usize| {
            parser.attach.score(&attach::features(marked, &self.triggers, attribute, *object))
        };
        let mut best = None;
        for object in attach::candidates(marked.objects, attribute) {
            let score = score(&object);
            if best.is_none_or(|(before, _)| score > before) {
                best = Some((score, object));
            }
        }
        best.map(|(_, object)| object)
    }

    fn relations(&mut self, parser: &Parser, marked: Marked<'_>, attributes: &[(usize, Span)]) -> Vec<Relation> {
        let few = marked.objects.len() <= FEW;
        let mut found = Vec::new();
        let mut spares = Vec::new();
        for j in 1..marked.objects.len() {
            for i in j.saturating_sub(WINDOW)..j {
                let pair = Pair::new(marked, &self.triggers, i, j);
                if !few && parser.gate.score(&pair.features()) < parser.gate_floor {
                    continue;
                }
                let gathered = &mut self.candidates;
                Gather { triggers: &self.triggers, rewrites: &parser.rewrites, found: gathered }.pair(i, j);
                let (best, second) = best_two(parser, &pair, gathered);
                if best.1.kind > 0 {
                    found.extend(self.relation(parser, marked, (i, j), best.1));
                } else if few && let Some(second) = second {
                    spares.push(Spare { loss: best.0 - second.0, pair: (i, j), candidate: second.1 });
                }
            }
        }
        if few {
            self.employ(parser, marked, attributes, spares, &mut found);
        }
        found
    }

    fn relation(
        &self,
        parser: &Parser,
        marked: Marked<'_>,
        (i, j): (usize, usize),
        of: Candidate,
    ) -> Option<Relation> {
        let predicate = spell(marked, &self.triggers, &parser.rewrites, of)?;
        let (subject, object) = if of.reversed { (j, i) } else { (i, j) };
        let evidence = match of.origin {
            relations::Origin::Triggers { first, end, .. } | relations::Origin::Rewritten { first, end, .. } => {
                let place = |at: u16| usize::from(self.triggers.all[usize::from(at)].place);
                Some(Span::new(place(first), place(end - 1) + 1))
            }
            _ => None,
        };
        Some(Relation { subject, object, predicate, evidence })
    }

    /// Gives an object without any fact its best relation: in a short caption, nothing is named
    /// without a reason.
    fn employ(
        &self,
        parser: &Parser,
        marked: Marked<'_>,
        attributes: &[(usize, Span)],
        mut spares: Vec<Spare>,
        found: &mut Vec<Relation>,
    ) {
        for object in 0..marked.objects.len() {
            let has_fact = found.iter().any(|relation| relation.subject == object || relation.object == object)
                || attributes.iter().any(|(owner, _)| *owner == object);
            if has_fact {
                continue;
            }
            let best = (0..spares.len())
                .filter(|at| spares[*at].pair.0 == object || spares[*at].pair.1 == object)
                .min_by_key(|at| spares[*at].loss);
            if let Some(best) = best {
                let spare = spares.remove(best);
                found.extend(self.relation(parser, marked, spare.pair, spare.candidate));
            }
        }
    }
}

type Scored = (i32, Candidate);

/// The best candidate, and the best but none.
fn best_two(parser: &Parser, pair: &Pair, candidates: &[Candidate]) -> (Scored, Option<Scored>) {
    let mut scored = candidates.iter().map(|of| (parser.relations.score(&pair.features_of(of)), *of));
    let none = scored.next().expect("the first candidate is always there");
    let mut best: Option<Scored> = None;
    for other in scored {
        if best.is_none_or(|best| other.0 > best.0) {
            best = Some(other);
        }
    }
    match best {
        Some(best) if best.0 > none.0 => (best, Some(none)),
        _ => (none, best),
    }
}
