//! Which facts of captions no question tests.

use crate::measure::Scribe;
use crate::model::{Descriptor, Evidence, Facet};

use super::judge::{Judgement, Pages};
use super::verdict::Verdict;

/// A fact of a caption, and whether a question tests it.
#[derive(Clone, Copy, Debug)]
pub struct Tested<'p> {
    /// The fact.
    pub descriptor: &'p Descriptor,
    /// The caption's facts, in which its parent and target have their places.
    pub all: &'p [Descriptor],
    /// Its place among them.
    pub at: usize,
    /// Whether the evidence of some verdict touches it.
    pub is_tested: bool,
}

impl Tested<'_> {
    /// What it is counted under; none for what speaks of the picture itself.
    pub fn key(&self, scribe: &mut Scribe) -> Option<String> {
        scribe.key(self.all, self.at)
    }
}

/// The facts that captions state, each with whether some question tests it: one that has a verdict other
/// than unknown, and whose evidence touches the words of the fact. A thing that is only the end of a
/// relation is tested with it.
pub fn tested<'p>(pages: &'p Pages, judged: &[Judgement]) -> Vec<Tested<'p>> {
    let places: Vec<Evidence> = judged
        .iter()
        .filter(|judgement| judgement.verdict != Verdict::Unknown)
        .flat_map(|judgement| judgement.evidence.iter().copied())
        .collect();
    let touches = |of: &Evidence| {
        places.iter().any(|place| place.caption == of.caption && place.start < of.end && place.end > of.start)
    };
    let mut found = Vec::new();
    for graph in &pages.graphs {
        for (at, descriptor) in graph.all.iter().enumerate() {
            let is_plain = !descriptor.negated && descriptor.source == Descriptor::EXTRACTED;
            if !is_plain || descriptor.facet == Facet::Entity && descriptor.evidence.is_empty() {
                continue;
            }
            let is_tested = descriptor.evidence.iter().any(touches);
            found.push(Tested { descriptor, all: &graph.all, at, is_tested });
        }
    }
    found
}
