//! The judge: captions and questions in, verdicts out.

use crate::measure::{Counts, Key, bits_of};
use crate::model::{CaptionRole, Evidence, Question, QuestionVerdict, Sample};

use super::claim::{Claim, Claimant};
use super::graph::Graph;
use super::noun::Nouns;
use super::statement::Polarity;
use super::verdict::{Verdict, verdict};

/// The captions of a sample, read.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    pub(super) graphs: Vec<Graph>,
}

impl Pages {
    /// Whether there is nothing to hold a question against.
    pub fn is_empty(&self) -> bool {
        self.graphs.is_empty()
    }

    /// Puts other captions behind these.
    pub(super) fn extend(&mut self, more: Self) {
        self.graphs.extend(more.graphs);
    }
}

/// A question judged.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// What it claims with its answer.
    pub claim: Claim,
    /// What the captions make of that.
    pub verdict: Verdict,
    /// Where they say it, the place of the answer first.
    pub evidence: Vec<Evidence>,
}

impl Judgement {
    /// The bytes to show: of an answer where it stands, of a yes or no all that led to the verdict in the
    /// first of the captions. Caption, start, end.
    pub fn span(&self) -> Option<Evidence> {
        let first = *self.evidence.first()?;
        if self.claim.polarity == Polarity::Open {
            return Some(first);
        }
        let places = self.evidence.iter().filter(|place| place.caption == first.caption);
        Some(places.fold(first, |hull, place| Evidence {
            start: hull.start.min(place.start),
            end: hull.end.max(place.end),
            ..hull
        }))
    }
}

/// Holds questions against captions. One for each thread.
#[derive(Debug)]
pub struct Judge {
    claimant: Claimant,
    nouns: Nouns,
}

impl Default for Judge {
    fn default() -> Self {
        Self::new()
    }
}

impl Judge {
    /// One with the parser of this program.
    pub fn new() -> Self {
        Self { claimant: Claimant::new(), nouns: Nouns::default() }
    }

    /// Reads the main captions of a sample.
    pub fn read(&mut self, sample: &Sample) -> Pages {
        let main =
            sample.captions.iter().enumerate().filter(|(_, caption)| caption.role == CaptionRole::Main);
        let graphs = main
            .map(|(place, caption)| Graph::read(self.claimant.extractor(), &caption.text, place as u32))
            .collect();
        Pages { graphs }
    }

    /// Reads a text as the only caption.
    pub fn read_text(&mut self, text: &str) -> Pages {
        Pages { graphs: vec![Graph::read(self.claimant.extractor(), text, 0)] }
    }

    /// What a question claims with its answer.
    pub fn claim(&mut self, question: &Question) -> Claim {
        self.claimant.claim(question)
    }

    /// What captions make of a claim.
    pub fn judge(&mut self, claim: &Claim, pages: &Pages) -> (Verdict, Vec<Evidence>) {
        verdict(claim, &pages.graphs, &mut self.nouns)
    }

    /// All questions of a sample against its captions, in their order.
    pub fn judge_sample(&mut self, sample: &Sample) -> Vec<Judgement> {
        let pages = self.read(sample);
        let mut judged = Vec::with_capacity(sample.questions.len());
        for question in &sample.questions {
            let claim = self.claim(question);
            let (verdict, evidence) = self.judge(&claim, &pages);
            judged.push(Judgement { claim, verdict, evidence });
        }
        judged
    }

    /// Judges the first questions of a sample, and leaves what was found with each. Bits are those of `counts`, where
    /// they are known.
    pub fn mark(&mut self, sample: &mut Sample, most: usize, counts: Option<&dyn Counts>) {
        if sample.questions.is_empty() {
            return;
        }
        let pages = self.read(sample);
        for question in sample.questions.iter_mut().take(most) {
            let claim = self.claim(question);
            let (verdict, evidence) = self.judge(&claim, &pages);
            let statement =
                claim.statement.as_ref().map(|statement| statement.text.clone()).unwrap_or_default();
            let bits = counts.map_or(0.0, |counts| claim_bits(&claim, counts));
            let judged = Judgement { claim, verdict, evidence };
            question.verdict = Some(QuestionVerdict {
                name: verdict.name(),
                is_said: verdict.reaches(Verdict::Grounded),
                statement,
                evidence: judged.span(),
                bits,
            });
        }
    }

    pub(super) fn claimant(&mut self) -> &mut Claimant {
        &mut self.claimant
    }
}

/// Information of what a claim asks for, in bits of a data set: Σ log2((N + 1) / (df + 1)) over the keys of
/// its fact. Of what a `no` denies, it is that of the samples without it: log2((N + 1) / (N − df + 1)).
/// A claim without a key (a reason, a sentence that is not understood) counts as one key that nobody has; one
/// that nobody can answer has none.
pub fn claim_bits(claim: &Claim, counts: &dyn Counts) -> f64 {
    let samples = counts.samples();
    match claim.polarity {
        Polarity::Unanswerable => 0.0,
        Polarity::No => {
            let without = |key: &String| samples.saturating_sub(counts.of_key(bare(key)));
            claim.keys.iter().map(|key| bits_of(without(key), samples)).sum()
        }
        _ if claim.keys.is_empty() => bits_of(0, samples),
        _ => claim.keys.iter().map(|key| bits_of(counts.of_key(key), samples)).sum(),
    }
}

fn bare(key: &str) -> &str {
    match Key::parse(key) {
        Some(parsed) if parsed.is_denied => key.split_once(' ').map_or(key, |(_, bare)| bare),
        _ => key,
    }
}
