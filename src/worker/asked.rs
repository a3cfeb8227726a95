//! What is asked about pairs and questions, for screens and commands alike: the pairs of a query, what its questions
//! add, and two samples beside each other.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::pairing::{Paired, Pairing, PairingStage, gather, pair, taken_of};
use super::questioning::{QuestionsReport, questioned};
use crate::index::{IndexError, Snapshot};
use crate::measure::{Analyst, Key, Norms};
use crate::model::{CaptionRole, Sample};
use crate::pairs::{Comparer, Fate, Member, Vocabulary, Word, edit, words};
use crate::query;
use crate::vqa::QuestionReport;

/// Samples of a query that are paired, and samples with questions that are judged; larger sets are for `capscope pairs`
/// and `capscope vqa`.
pub const MOST_ASKED: u64 = 20_000;
/// Captions of each sample among which the two that are shown are chosen.
pub(super) const CAPTIONS: usize = 5;
/// Facts that no question tests which are told.
const UNTESTED: usize = 24;

/// Words of a caption: where they stand, and what became of them in the other caption.
pub type WordFates = Vec<(Range<usize>, Fate)>;

/// Told how far the judging is, with what tells what is known by then; says whether to go on.
pub type JudgingWatch<'a> = &'a mut dyn FnMut(f64, &dyn Fn() -> QuestionsReport) -> ControlFlow<()>;

/// Two samples beside each other.
#[derive(Clone, Debug)]
pub struct PairDetail {
    /// The samples.
    pub samples: [Arc<Sample>; 2],
    /// The two captions that are nearest to each other, as places in the samples.
    pub captions: [usize; 2],
    /// Their words.
    pub fates: [WordFates; 2],
    /// What only one of them tells, and is no difference, in words.
    pub alone: [Vec<String>; 2],
}

/// The pairs among the first [`MOST_ASKED`] samples of a query, and how many samples it has. `watch` is told how far
/// the work is, 0 to 1, and says whether to go on; `None` where it says no.
///
/// # Errors
/// Why there are none, in one line.
pub fn mined_pairs(
    snapshot: &Snapshot,
    text: &str,
    pairing: &Pairing,
    watch: &(dyn Fn(f64) -> ControlFlow<()> + Sync),
) -> Result<Option<(Paired, u64)>, String> {
    let query = query::parse(text).map_err(|error| error.to_string())?;
    let mut hits = snapshot.search(&query).map_err(in_words)?;
    let total = hits.total();
    let share = |stage: PairingStage| match stage {
        PairingStage::Reading(read) => 0.5 * read as f64 / total.clamp(1, MOST_ASKED) as f64,
        PairingStage::Mining(done, all) => 0.5 + 0.45 * done as f64 / all.max(1) as f64,
        PairingStage::Looking(looked) => 0.95 + 0.05 * (looked as f64 / pairing.looks.max(1) as f64).min(1.0),
    };
    let watch = |stage: PairingStage| watch(share(stage));
    let mut source = |take: &mut dyn FnMut(Sample) -> ControlFlow<()>| -> Result<(), String> {
        let outcome = hits.each(MOST_ASKED, |sample| Ok(take(sample))).map_err(in_words)?;
        outcome.map_err(|error| error.to_string())
    };
    let Some(gathered) = gather(&mut source, pairing, &watch)? else { return Ok(None) };
    let norms = snapshot.norms();
    let counts = norms.as_ref().map(Norms::counts);
    let paired = pair(gathered, pairing, None, counts, &watch).map_err(|error| error.to_string())?;
    Ok(paired.map(|paired| (paired, total)))
}

/// What the questions of a query's samples add to the captions, of the first [`MOST_ASKED`] that have any. `watch` is
/// told how far it is, 0 to 1, with what tells what is known by then, and says whether to go on; `None` where it says
/// no.
///
/// # Errors
/// Why it cannot be told, in one line.
pub fn judged_questions(
    snapshot: &Snapshot,
    text: &str,
    watch: JudgingWatch<'_>,
) -> Result<Option<QuestionsReport>, String> {
    let asking = query::narrowed(text, "has:question");
    let asking = query::parse(&asking).map_err(|error| error.to_string())?;
    let all = query::parse(text).map_err(|error| error.to_string())?;
    let samples = snapshot.search(&all).map_err(in_words)?.total();
    let mut hits = snapshot.search(&asking).map_err(in_words)?;
    let total = hits.total();
    let Some(norms) = snapshot.norms() else { return Err(query::UNSETTLED.to_owned()) };
    let told = |report: QuestionReport, share: f64| {
        let untested = report.untested(UNTESTED).into_iter();
        let untested = untested.map(|(key, captions)| (key.to_owned(), captions)).collect();
        QuestionsReport { report, untested, total, samples, share }
    };
    let mut watch = |report: &QuestionReport| {
        let share = report.samples as f64 / total.clamp(1, MOST_ASKED) as f64;
        watch(share, &|| told(report.clone(), share))
    };
    let mut source = |take: &mut dyn FnMut(Sample) -> ControlFlow<()>| -> Result<(), String> {
        let outcome = hits.each(MOST_ASKED, |sample| Ok(take(sample))).map_err(in_words)?;
        outcome.map_err(|error| error.to_string())
    };
    let report = questioned(&mut source, norms.counts(), &mut watch)?;
    Ok(report.map(|report| told(report, 1.0)))
}

/// A sample of a pair, measured.
pub(super) fn sample_of(
    snapshot: &Snapshot,
    member: &Member,
    analyst: &mut Analyst,
) -> Result<Sample, String> {
    let found = snapshot.by_id(&member.id).map_err(in_words)?;
    let at = found.iter().position(|sample| sample.seq.0 == member.seq).unwrap_or(0);
    let mut sample =
        found.into_iter().nth(at).ok_or_else(|| format!("{} is not in the data set any more", member.id))?;
    analyst.measure(&mut sample);
    Ok(sample)
}

/// Two samples beside each other.
///
/// # Errors
/// Where one of them is not in the data set any more, in one line.
pub fn pair_detail(
    snapshot: &Snapshot,
    members: &[Member; 2],
    analyst: &mut Analyst,
    comparer: &mut Comparer,
) -> Result<PairDetail, String> {
    let [first, second] = members;
    let mut samples = [sample_of(snapshot, first, analyst)?, sample_of(snapshot, second, analyst)?];
    let mut vocabulary = Vocabulary::default();
    let portraits = samples.each_mut().map(|sample| {
        let taken = taken_of(sample, analyst);
        vocabulary.add(taken.captions.iter().map(String::as_str), &taken.keys)
    });
    vocabulary.settle(snapshot.norms().as_ref().map(Norms::counts));
    let [one, other] = &portraits;
    let comparison = comparer.compare(&vocabulary, one.view(), other.view());
    let alone = comparison.alone.each_ref().map(|keys| {
        let key = |key: &u32| Key::parse(vocabulary.key_text(*key)).map(|key| key.show());
        keys.iter().filter_map(key).collect()
    });
    let (captions, fates) = nearest_captions(&samples);
    Ok(PairDetail { samples: samples.map(Arc::new), captions, fates, alone })
}

fn in_words(error: IndexError) -> String {
    error.to_string()
}

/// The two captions that have most words in common, and what became of each word.
fn nearest_captions(samples: &[Sample; 2]) -> ([usize; 2], [WordFates; 2]) {
    let read = |sample: &Sample| -> Vec<(usize, Vec<Word>)> {
        let captions = sample.captions.iter().enumerate();
        let main = captions.filter(|(_, caption)| caption.role == CaptionRole::Main);
        main.take(CAPTIONS)
            .map(|(place, caption)| (place, words(&caption.text, place as u32, &sample.descriptors)))
            .collect()
    };
    let [left, right] = samples.each_ref().map(read);
    let mut best: Option<(f64, [usize; 2], [WordFates; 2])> = None;
    for (place, one) in &left {
        for (beside, other) in &right {
            let way = edit(one, other);
            let kept = way.first.iter().filter(|fate| matches!(fate, Fate::Kept(_))).count() as f64;
            let share = kept / one.len().max(other.len()).max(1) as f64;
            // Of captions that are equally near the longer ones tell more: differences are in them.
            let differs = kept < one.len().max(other.len()) as f64;
            let worth = share + if differs { 1.0 } else { 0.0 } + (kept / 1e4).min(0.1);
            if best.as_ref().is_none_or(|(most, ..)| worth > *most) {
                let mark = |words: &[Word], fates: &[Fate]| -> WordFates {
                    words.iter().zip(fates).map(|(word, fate)| (word.span.clone(), *fate)).collect()
                };
                best = Some((worth, [*place, *beside], [mark(one, &way.first), mark(other, &way.second)]));
            }
        }
    }
    best.map_or_else(|| ([0, 0], [Vec::new(), Vec::new()]), |(_, places, fates)| (places, fates))
}
