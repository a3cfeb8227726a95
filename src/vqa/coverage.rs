//! How much of what a data set asks its captions answer, and what the questions add.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::measure::{Counts, Scribe};
use crate::model::{Facet, Sample};

use super::judge::{Judge, Judgement, Pages, claim_bits};
use super::kind::QuestionKind;
use super::statement::Polarity;
use super::tested::tested;
use super::verdict::Verdict;

/// Keys of untested facts that are counted at most; the rarest go first.
const MOST_KEYS: usize = 1 << 18;

/// Verdicts of some questions, against their own captions and against those of other samples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Questions.
    pub questions: u64,
    /// Of these, with each verdict, in the order of [`Verdict::ALL`].
    pub own: [u64; 5],
    /// How often one of them was held against the captions of another sample.
    pub compared: u64,
    /// Verdicts there.
    pub other: [u64; 5],
    /// Information that the questions ask for, in bits.
    pub bits: f64,
    /// Information of those that are not grounded.
    pub new_bits: f64,
}

impl Row {
    fn add(&mut self, verdict: Verdict, bits: f64) {
        self.questions += 1;
        count(&mut self.own, verdict);
        self.bits += bits;
        if !verdict.reaches(Verdict::Grounded) {
            self.new_bits += bits;
        }
    }

    fn add_other(&mut self, verdict: Verdict) {
        self.compared += 1;
        count(&mut self.other, verdict);
    }

    fn merge(&mut self, other: &Self) {
        self.questions += other.questions;
        self.compared += other.compared;
        self.bits += other.bits;
        self.new_bits += other.new_bits;
        for (mine, theirs) in self.own.iter_mut().zip(other.own) {
            *mine += theirs;
        }
        for (mine, theirs) in self.other.iter_mut().zip(other.other) {
            *mine += theirs;
        }
    }

    /// Share of the questions with this verdict.
    pub fn verdict_share(&self, verdict: Verdict) -> f64 {
        share(of(&self.own, verdict), self.questions)
    }

    /// The same of the captions of other samples.
    pub fn baseline_share(&self, verdict: Verdict) -> f64 {
        share(of(&self.other, verdict), self.compared)
    }

    /// Coverage: the share of questions whose verdict reaches a level.
    pub fn coverage(&self, level: Verdict) -> f64 {
        share(reached(&self.own, level), self.questions)
    }

    /// The same of the captions of other samples.
    pub fn baseline(&self, level: Verdict) -> f64 {
        share(reached(&self.other, level), self.compared)
    }

    /// The increment Δ: information of questions that are not grounded, of all. 0 where nothing is asked.
    pub fn increment(&self) -> f64 {
        if self.bits > 0.0 { self.new_bits / self.bits } else { 0.0 }
    }
}

fn place(verdict: Verdict) -> usize {
    Verdict::ALL.iter().position(|other| *other == verdict).unwrap_or_default()
}

fn count(counts: &mut [u64; 5], verdict: Verdict) {
    if let Some(count) = counts.get_mut(place(verdict)) {
        *count += 1;
    }
}

fn of(counts: &[u64; 5], verdict: Verdict) -> u64 {
    counts.get(place(verdict)).copied().unwrap_or_default()
}

fn reached(counts: &[u64; 5], level: Verdict) -> u64 {
    Verdict::ALL.into_iter().filter(|verdict| verdict.reaches(level)).map(|verdict| of(counts, verdict)).sum()
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// A question that adds much.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Addition {
    /// The sample's id.
    pub id: String,
    /// Its place in the data set.
    #[serde(skip)]
    pub seq: u64,
    /// The question's place in the sample.
    pub place: usize,
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// Both as a sentence.
    pub statement: Option<String>,
    /// What captions make of it.
    pub verdict: &'static str,
    /// The type of the question.
    #[serde(rename = "type", serialize_with = "by_name")]
    pub kind: QuestionKind,
    /// Its prefix.
    pub prefix: &'static str,
    /// What it adds.
    pub bits: f64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde has it")]
fn by_name<S: serde::Serializer>(kind: &QuestionKind, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(kind.name())
}

impl Addition {
    fn order(&self, other: &Self) -> Ordering {
        let by_bits = other.bits.total_cmp(&self.bits);
        by_bits.then(self.seq.cmp(&other.seq)).then(self.place.cmp(&other.place))
    }
}

/// Facts of one facet, and how many of them questions test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TestedCount {
    /// Facts that captions state.
    pub stated: u64,
    /// Those that a question tests.
    pub tested: u64,
}

/// What is known of the questions of a data set. Gathered in parts that can be merged in any order: all but
/// the counts of untested keys comes out the same.
#[derive(Clone, Debug, Default)]
pub struct QuestionReport {
    /// Samples with questions.
    pub samples: u64,
    /// Samples without.
    pub silent: u64,
    /// Samples with questions that have no caption to hold them against.
    pub captionless: u64,
    /// Yes/no questions without an answer, for which `yes` was taken.
    pub assumed: u64,
    /// Questions whose answer says that there is none, or that have none.
    pub unanswerable: u64,
    /// All questions.
    pub whole: Row,
    /// By type.
    pub by_kind: BTreeMap<QuestionKind, Row>,
    /// By prefix.
    pub by_prefix: BTreeMap<&'static str, Row>,
    /// The questions that add most, the first first.
    pub additions: Vec<Addition>,
    /// By facet, how many facts of captions are tested.
    pub facets: BTreeMap<Facet, TestedCount>,
    untested: FxHashMap<Box<str>, u32>,
    most: usize,
}

impl QuestionReport {
    /// An empty one that keeps so many of the questions that add most.
    pub fn new(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// Takes in a sample that was judged, with the verdicts of each of its questions on the captions of other
    /// samples.
    pub fn add(
        &mut self,
        sample: &Sample,
        pages: &Pages,
        judged: &[Judgement],
        others: &[Vec<Verdict>],
        counts: &dyn Counts,
        scribe: &mut Scribe,
    ) {
        if judged.is_empty() {
            self.silent += 1;
            return;
        }
        self.samples += 1;
        if pages.is_empty() {
            self.captionless += 1;
        }
        for (at, judgement) in judged.iter().enumerate() {
            let claim = &judgement.claim;
            let bits = claim_bits(claim, counts);
            let others = others.get(at).map(Vec::as_slice).unwrap_or_default();
            self.assumed += u64::from(claim.is_assumed);
            self.unanswerable += u64::from(claim.polarity == Polarity::Unanswerable);
            let rows = [
                &mut self.whole,
                self.by_kind.entry(claim.kind).or_default(),
                self.by_prefix.entry(claim.prefix).or_default(),
            ];
            for row in rows {
                row.add(judgement.verdict, bits);
                for other in others {
                    row.add_other(*other);
                }
            }
            let adds = matches!(judgement.verdict, Verdict::Unknown | Verdict::Mentioned) && bits > 0.0;
            if adds && !claim.is_assumed {
                self.keep(Addition {
                    id: sample.id.clone(),
                    seq: sample.seq.0,
                    place: at,
                    question: sample
                        .questions
                        .get(at)
                        .map(|question| question.question.clone())
                        .unwrap_or_default(),
                    answer: claim.answer.clone(),
                    statement: claim.statement.as_ref().map(|statement| statement.text.clone()),
                    verdict: judgement.verdict.name(),
                    kind: claim.kind,
                    prefix: claim.prefix,
                    bits,
                });
            }
        }
        for fact in tested(pages, judged) {
            let count = self.facets.entry(fact.descriptor.facet).or_default();
            count.stated += 1;
            count.tested += u64::from(fact.is_tested);
            if !fact.is_tested
                && let Some(key) = fact.key(scribe)
            {
                *self.untested.entry(key.into()).or_default() += 1;
            }
        }
        self.prune();
    }

    fn keep(&mut self, addition: Addition) {
        let at = self.additions.partition_point(|other| other.order(&addition) == Ordering::Less);
        if at < self.most {
            self.additions.insert(at, addition);
            self.additions.truncate(self.most);
        }
    }

    /// Forgets the keys that were met once, when there are too many.
    fn prune(&mut self) {
        let mut least = 1;
        while self.untested.len() > MOST_KEYS {
            self.untested.retain(|_, count| *count > least);
            least *= 2;
        }
    }

    /// Takes in what was gathered elsewhere.
    pub fn merge(&mut self, other: Self) {
        self.samples += other.samples;
        self.silent += other.silent;
        self.captionless += other.captionless;
        self.assumed += other.assumed;
        self.unanswerable += other.unanswerable;
        self.whole.merge(&other.whole);
        for (kind, row) in &other.by_kind {
            self.by_kind.entry(*kind).or_default().merge(row);
        }
        for (prefix, row) in &other.by_prefix {
            self.by_prefix.entry(prefix).or_default().merge(row);
        }
        for addition in other.additions {
            self.keep(addition);
        }
        for (facet, count) in other.facets {
            let mine = self.facets.entry(facet).or_default();
            mine.stated += count.stated;
            mine.tested += count.tested;
        }
        for (key, count) in other.untested {
            *self.untested.entry(key).or_default() += count;
        }
        self.prune();
    }

    /// Keys of facts that no question tests with the number of captions that state them, the most frequent
    /// first.
    pub fn untested(&self, most: usize) -> Vec<(&str, u32)> {
        let mut all: Vec<(&str, u32)> = self.untested.iter().map(|(key, count)| (&**key, *count)).collect();
        all.sort_unstable_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(other.0)));
        all.truncate(most);
        all
    }
}

/// Other samples with which each is compared. One would do, but its share of chance is large where the data set
/// is small, and to judge a claim again costs a tenth of reading it.
const OTHERS: usize = 8;

/// For each of some samples the places of others, for the baseline: those that follow it in one cycle through
/// all of them, in an order that only a seed and their own numbers decide, so that it is the same on every
/// machine. Samples with the same captions are passed over; fewer where there are not as many.
pub fn partners(samples: &[&Sample], seed: u64) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..samples.len()).collect();
    let number = |at: &usize| samples.get(*at).map_or(0, |sample| mixed(sample.seq.0 ^ mixed(seed)));
    order.sort_by_key(|at| (number(at), *at));
    let captions = |at: usize| -> Vec<&str> {
        samples
            .get(at)
            .map(|sample| sample.main_captions().map(|caption| caption.text.as_str()).collect())
            .unwrap_or_default()
    };
    let mut partners = vec![Vec::new(); samples.len()];
    for (place, at) in order.iter().enumerate() {
        let others = order.iter().cycle().skip(place + 1).take(order.len().saturating_sub(1));
        let mine = captions(*at);
        let is_other = |other: &&usize| {
            let texts = captions(**other);
            !texts.is_empty() && texts != mine
        };
        if let Some(partners) = partners.get_mut(*at) {
            *partners = others.take(4 * OTHERS).filter(is_other).take(OTHERS).copied().collect();
        }
    }
    partners
}

/// `SplitMix64`: numbers that follow each other end far apart.
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

impl Judge {
    /// Judges some samples together, and the questions of each against the captions of some others among
    /// them. Samples that are judged together are few, so that memory stays small; one that comes alone has
    /// nobody beside it.
    pub fn report(
        &mut self,
        samples: &[Sample],
        seed: u64,
        counts: &dyn Counts,
        report: &mut QuestionReport,
    ) {
        let all: Vec<&Sample> = samples.iter().collect();
        let pages: Vec<Pages> = samples.iter().map(|sample| self.read(sample)).collect();
        let partners = partners(&all, seed);
        for (at, sample) in samples.iter().enumerate() {
            let Some(own) = pages.get(at) else { continue };
            let mut judged = Vec::with_capacity(sample.questions.len());
            let mut others = Vec::with_capacity(sample.questions.len());
            let partners: Vec<&Pages> =
                partners.get(at).into_iter().flatten().filter_map(|partner| pages.get(*partner)).collect();
            for question in &sample.questions {
                let claim = self.claim(question);
                let (verdict, evidence) = self.judge(&claim, own);
                others.push(partners.iter().map(|partner| self.judge(&claim, partner).0).collect());
                judged.push(Judgement { claim, verdict, evidence });
            }
            report.add(sample, own, &judged, &others, counts, self.claimant().scribe());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Prints, Tally};
    use crate::model::{Caption, CaptionRole, Question, Seq};

    fn sample(seq: u64, caption: &str, questions: &[(&str, &str)]) -> Sample {
        let question = |(question, answer): &(&str, &str)| Question {
            question: (*question).to_owned(),
            answers: vec![(*answer).to_owned()],
            ..Question::default()
        };
        Sample {
            seq: Seq(seq),
            id: seq.to_string(),
            captions: vec![Caption {
                text: caption.to_owned(),
                field: "caption".to_owned(),
                role: CaptionRole::Main,
            }],
            questions: questions.iter().map(question).collect(),
            ..Sample::default()
        }
    }

    fn samples() -> Vec<Sample> {
        vec![
            sample(
                0,
                "A brown dog lies on a red sofa.",
                &[("What color is the dog?", "brown"), ("Is there a cat?", "no")],
            ),
            sample(
                1,
                "A man rides a horse.",
                &[("What is the man riding?", "horse"), ("What color is the horse?", "white")],
            ),
            sample(2, "Two cups on a table.", &[("How many cups are there?", "3")]),
        ]
    }

    #[test]
    fn coverage_stands_beside_its_baseline() {
        let mut report = QuestionReport::new(10);
        let mut tally = Tally::default();
        tally.add(&["object dog".to_owned()], &Prints::default());
        Judge::new().report(&samples(), 7, &tally, &mut report);
        assert_eq!((report.samples, report.whole.questions, report.whole.compared), (3, 5, 10));
        assert!((report.whole.coverage(Verdict::Entailed) - 0.4).abs() < 1e-9);
        assert!(report.whole.baseline(Verdict::Mentioned) < 1e-9);
        assert!((report.whole.verdict_share(Verdict::Contradicted) - 0.2).abs() < 1e-9);
        assert!(report.whole.increment() > 0.0 && report.whole.increment() < 1.0);
        let added: Vec<&str> =
            report.additions.iter().filter_map(|addition| addition.statement.as_deref()).collect();
        assert_eq!(added, ["The horse is white."]);
        let sofa = report.untested(100);
        assert!(sofa.iter().any(|(key, _)| *key == "object sofa"), "{sofa:?}");
    }

    #[test]
    fn parts_add_up() {
        let mut tally = Tally::default();
        tally.add(&["object dog".to_owned()], &Prints::default());
        let (mut whole, mut part) = (QuestionReport::new(3), QuestionReport::new(3));
        let mut judge = Judge::new();
        judge.report(&samples(), 7, &tally, &mut whole);
        judge.report(&samples(), 7, &tally, &mut part);
        whole.merge(part);
        assert_eq!(whole.whole.questions, 10);
        assert_eq!(whole.by_kind.get(&QuestionKind::Color).map(|row| row.questions), Some(4));
        assert_eq!(whole.additions.len(), 2);
    }

    #[test]
    fn nobody_is_his_own_partner() {
        let all = samples();
        let all: Vec<&Sample> = all.iter().collect();
        for seed in 0..20 {
            let partners = partners(&all, seed);
            for (at, others) in partners.iter().enumerate() {
                assert!(others.len() == 2 && !others.contains(&at), "{others:?}");
            }
        }
        assert!(partners(&all[..1], 1).iter().all(Vec::is_empty));
        assert!(partners(&[all[0], all[0]], 1).iter().all(Vec::is_empty));
    }
}
