//! The threads that are asked about pairs and questions: one looks for the pairs of a query, one judges its
//! questions, both of which take their time; a third shows two samples beside each other and finds the nearest of
//! one, which must not.

use std::ops::ControlFlow;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::crew::Answer;
use super::mailbox::Mailbox;
use super::marks::{Marked, open_workspace};
use super::pair_store::{self, Decisions};
use super::pairing::{Paired, Pairing, PairingStage, gather, pair, taken_of};
use super::questioning::{MOST_QUESTIONED, QuestionsReport, questioned};
use super::{Opened, Reply, SpotWish};
use crate::graphics::step_back;
use crate::index::{Index, Lookalikes, Snapshot};
use crate::measure::Analyst;
use crate::model::Sample;
use crate::pairs::{Comparer, Decision, Fate, Member, Record, Vocabulary, edit, words};
use crate::query;
use crate::vqa::QuestionReport;
use crate::workspace::{Workspace, WorkspaceError};

/// Samples of a query that are paired at once; larger sets are for `capscope pairs`.
const MOST: u64 = 20_000;
/// Samples that share words with one whose nearest is looked for.
const NEAR: usize = 400;
/// Partners of one sample in a list.
const PARTNERS: usize = 50;
/// Captions of each sample among which the two that are shown are chosen.
const CAPTIONS: usize = 5;
/// How often it is told what is known of questions by then.
const NEWS: Duration = Duration::from_secs(1);
/// Facts that no question tests which are told.
const UNTESTED: usize = 24;
/// Samples whose pictures are looked at while somebody waits for pairs: those of the first screens.
const LOOKS: usize = 200;

/// The pairs of a query.
#[derive(Clone, Debug, Default)]
pub struct PairsReport {
    /// The pairs, and what was left out.
    pub paired: Paired,
    /// Samples that answer the query; only the first of them are paired where there are many.
    pub total: u64,
    /// What was decided so far.
    pub decisions: Decisions,
}

/// Words of a caption: where they stand, and what became of them in the other caption.
pub type WordFates = Vec<(Range<usize>, Fate)>;

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

/// A look at all samples of a query.
#[derive(Debug, Default)]
struct Wish {
    generation: u64,
    text: String,
}

/// A thread for work that takes its time: the newest wish breaks off an older one.
struct Bench {
    wishes: Arc<Mailbox<Wish>>,
    newest: Arc<AtomicU64>,
}

/// Whether to go on with what was begun.
type GoOn<'a> = &'a (dyn Fn() -> bool + Sync);

impl Bench {
    fn start(
        name: &str,
        mut clerk: Clerk,
        stop: &Arc<AtomicBool>,
        work: fn(&mut Clerk, &Wish, GoOn<'_>),
    ) -> std::io::Result<(Self, JoinHandle<()>)> {
        let bench = Self { wishes: Arc::new(Mailbox::new()), newest: Arc::default() };
        let (wishes, newest, stop) = (Arc::clone(&bench.wishes), Arc::clone(&bench.newest), Arc::clone(stop));
        let thread = std::thread::Builder::new().name(name.into()).spawn(move || {
            step_back();
            while let Some(wish) = wishes.take() {
                let go_on =
                    || newest.load(Ordering::Acquire) == wish.generation && !stop.load(Ordering::Acquire);
                work(&mut clerk, &wish, &go_on);
            }
        })?;
        Ok((bench, thread))
    }

    fn ask(&self, generation: u64, text: String) {
        self.newest.store(generation, Ordering::Release);
        self.wishes.alter(|_| Wish { generation, text });
    }
}

/// What is asked of the thread that must be quick.
#[derive(Debug, Default)]
struct Asked {
    detail: Option<(u64, Box<[Member; 2]>)>,
    nearest: Option<(u64, String)>,
    decisions: Vec<(String, String, Decision)>,
    spots: Vec<SpotWish>,
}

/// The threads.
pub(super) struct Desk {
    pairs: Bench,
    questions: Bench,
    asked: Arc<Mailbox<Asked>>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Desk {
    pub(super) fn start(opened: &Opened, answer: &Answer) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let clerk = || Clerk::new(opened, answer);
        let (pairs, first) = Bench::start("capscope-pairs", clerk(), &stop, Clerk::mine)?;
        let (questions, second) = Bench::start("capscope-questions", clerk(), &stop, Clerk::question)?;
        let asked: Arc<Mailbox<Asked>> = Arc::new(Mailbox::new());
        let mut clerk = clerk();
        let (box_of_clerk, stop_of_clerk) = (Arc::clone(&asked), Arc::clone(&stop));
        let third = std::thread::Builder::new().name("capscope-pair".into()).spawn(move || {
            while let Some(asked) = box_of_clerk.take() {
                for (first, second, decision) in &asked.decisions {
                    clerk.decide(first, second, *decision);
                }
                let is_leaving = stop_of_clerk.load(Ordering::Acquire);
                for wish in asked.spots.into_iter().filter(|wish| !is_leaving || wish.is_kept()) {
                    clerk.spot(wish);
                }
                if stop_of_clerk.load(Ordering::Acquire) {
                    continue;
                }
                if let Some((generation, id)) = &asked.nearest {
                    clerk.nearest(*generation, id);
                }
                if let Some((generation, members)) = &asked.detail {
                    clerk.detail(*generation, members);
                }
            }
        })?;
        Ok(Self { pairs, questions, asked, stop, threads: vec![first, second, third] })
    }

    pub(super) fn mine(&self, generation: u64, text: String) {
        self.pairs.ask(generation, text);
    }

    pub(super) fn question(&self, generation: u64, text: String) {
        self.questions.ask(generation, text);
    }

    pub(super) fn detail(&self, generation: u64, members: Box<[Member; 2]>) {
        self.asked.alter(|asked| Asked { detail: Some((generation, members)), ..asked.unwrap_or_default() });
    }

    pub(super) fn nearest(&self, generation: u64, id: String) {
        self.asked.alter(|asked| Asked { nearest: Some((generation, id)), ..asked.unwrap_or_default() });
    }

    pub(super) fn spot(&self, wish: SpotWish) {
        self.asked.alter(|asked| {
            let mut asked = asked.unwrap_or_default();
            if let SpotWish::Samples(_) = wish {
                asked.spots.retain(|older| !matches!(older, SpotWish::Samples(_)));
            }
            asked.spots.push(wish);
            asked
        });
    }

    pub(super) fn decide(&self, first: String, second: String, decision: Decision) {
        self.asked.alter(|asked| {
            let mut asked = asked.unwrap_or_default();
            asked.decisions.push((first, second, decision));
            asked
        });
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        self.pairs.wishes.close();
        self.questions.wishes.close();
        // Whoever leaves right after a decision has made it.
        self.asked.finish();
        for thread in self.threads.drain(..) {
            // A worker that panicked has said so already.
            let _ = thread.join();
        }
    }
}

/// Answers what is asked.
pub(super) struct Clerk {
    opened: Opened,
    pub(super) answer: Answer,
    /// There is none until something is to be read: whoever only starts need not wait for its tables.
    analyst: Option<Analyst>,
    comparer: Comparer,
    marks: Arc<Marked>,
    workspace: Option<Workspace>,
    /// By which the steps of this run of the program are known.
    session: String,
    /// The spot-check that is open, and what was said of changes when it was read.
    pub(super) spot: Option<String>,
    pub(super) spot_version: Option<i64>,
}

impl Clerk {
    fn new(opened: &Opened, answer: &Answer) -> Self {
        Self {
            opened: opened.clone(),
            answer: Arc::clone(answer),
            analyst: None,
            comparer: Comparer::default(),
            marks: Arc::new(Marked::of(opened)),
            workspace: None,
            session: format!("{}-{}", std::process::id(), opened.home.folder().display()),
            spot: None,
            spot_version: None,
        }
    }

    pub(super) fn snapshot(&self) -> Result<Snapshot, String> {
        let index = Index::open(&self.opened.home).map_err(|error| error.to_string())?;
        let index = index.ok_or_else(|| query::UNSETTLED.to_owned())?;
        let table = self.opened.flag_table().map_err(|error| format!("capscope.toml: {error}"))?;
        let marks = Arc::clone(&self.marks);
        index.with_flags(table).with_marks(marks).snapshot().map_err(|error| error.to_string())
    }

    fn mine(&mut self, wish: &Wish, go_on: GoOn<'_>) {
        let (generation, pairs) = (wish.generation, self.pairs(wish, go_on));
        self.tell(pairs, |report| Reply::Pairs { generation, report });
    }

    fn question(&mut self, wish: &Wish, go_on: GoOn<'_>) {
        let (generation, questions) = (wish.generation, self.questions(wish, go_on));
        self.tell(questions, |report| Reply::Questions { generation, report });
    }

    /// Tells what was found, or why nothing was; not where a newer wish has broken it off.
    fn tell<T>(&self, found: Result<Option<T>, String>, reply: impl FnOnce(Result<Arc<T>, String>) -> Reply) {
        if let Some(found) = found.transpose() {
            (self.answer)(reply(found.map(Arc::new)));
        }
    }

    /// What the questions of a query's samples add to the captions.
    fn questions(&self, wish: &Wish, go_on: GoOn<'_>) -> Result<Option<QuestionsReport>, String> {
        let in_words = |error: crate::index::IndexError| error.to_string();
        let asking = query::narrowed(&wish.text, "has:question");
        let asking = query::parse(&asking).map_err(|error| error.to_string())?;
        let all = query::parse(&wish.text).map_err(|error| error.to_string())?;
        let snapshot = self.snapshot()?;
        let samples = snapshot.search(&all).map_err(in_words)?.total();
        let mut hits = snapshot.search(&asking).map_err(in_words)?;
        let total = hits.total();
        let Some(norms) = snapshot.norms() else { return Err(query::UNSETTLED.to_owned()) };
        let told = |report: QuestionReport, share: f64| {
            let untested = report.untested(UNTESTED).into_iter();
            let untested = untested.map(|(key, captions)| (key.to_owned(), captions)).collect();
            QuestionsReport { report, untested, total, samples, share }
        };
        let mut last: Option<Instant> = None;
        let mut watch = |report: &QuestionReport| {
            if !go_on() {
                return ControlFlow::Break(());
            }
            let share = report.samples as f64 / total.clamp(1, MOST_QUESTIONED) as f64;
            if share < 1.0 && last.is_none_or(|last| last.elapsed() > NEWS) {
                last = Some(Instant::now());
                let report = Ok(Arc::new(told(report.clone(), share)));
                (self.answer)(Reply::Questions { generation: wish.generation, report });
            }
            ControlFlow::Continue(())
        };
        let mut source = |take: &mut dyn FnMut(Sample) -> ControlFlow<()>| -> Result<(), String> {
            let outcome = hits.each(MOST_QUESTIONED, |sample| Ok(take(sample))).map_err(in_words)?;
            outcome.map_err(|error| error.to_string())
        };
        let report = questioned(&mut source, norms.counts(), &mut watch)?;
        Ok(report.map(|report| told(report, 1.0)))
    }

    fn lookalikes(&self) -> Arc<Lookalikes> {
        let known = Lookalikes::read(&self.opened.home, &self.opened.dataset).unwrap_or_else(|error| {
            (self.answer)(Reply::Notice(format!("pictures that look the same are not known: {error}")));
            Lookalikes::default()
        });
        Arc::new(known)
    }

    fn pairs(&mut self, wish: &Wish, go_on: GoOn<'_>) -> Result<Option<PairsReport>, String> {
        let decisions = self.decisions();
        if wish.text.trim().is_empty()
            && let Some(paired) = pair_store::kept_pairs(&self.opened.home, &self.opened.dataset)
        {
            return Ok(Some(PairsReport { total: paired.samples, paired, decisions }));
        }
        let query = query::parse(&wish.text).map_err(|error| error.to_string())?;
        let snapshot = self.snapshot()?;
        let mut hits = snapshot.search(&query).map_err(|error| error.to_string())?;
        let total = hits.total();
        let share = |stage: PairingStage| match stage {
            PairingStage::Reading(read) => 0.5 * read as f64 / total.clamp(1, MOST) as f64,
            PairingStage::Mining(done, all) => 0.5 + 0.45 * done as f64 / all.max(1) as f64,
            PairingStage::Looking(looked) => 0.95 + 0.05 * (looked as f64 / LOOKS as f64).min(1.0),
        };
        let watch = |stage: PairingStage| {
            (self.answer)(Reply::Pairing { generation: wish.generation, share: share(stage) });
            if go_on() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        // A core stays free for what is on the screen.
        let usual = Pairing::default();
        let threads = usual.threads.saturating_sub(1).max(1);
        let pairing = Pairing { threads, lookalikes: self.lookalikes(), looks: LOOKS, ..usual };
        let mut source = |take: &mut dyn FnMut(Sample) -> ControlFlow<()>| -> Result<(), String> {
            let outcome = hits.each(MOST, |sample| Ok(take(sample))).map_err(|error| error.to_string())?;
            outcome.map_err(|error| error.to_string())
        };
        let Some(gathered) = gather(&mut source, &pairing, &watch)? else { return Ok(None) };
        let norms = snapshot.norms();
        let counts = norms.as_ref().map(crate::measure::Norms::counts);
        let paired = pair(gathered, &pairing, None, counts, &watch).map_err(|error| error.to_string())?;
        Ok(paired.map(|paired| PairsReport { paired, total, decisions }))
    }

    pub(super) fn sample(&mut self, snapshot: &Snapshot, member: &Member) -> Result<Sample, String> {
        let found = snapshot.by_id(&member.id).map_err(|error| error.to_string())?;
        let at = found.iter().position(|sample| sample.seq.0 == member.seq).unwrap_or(0);
        let mut sample = found
            .into_iter()
            .nth(at)
            .ok_or_else(|| format!("{} is not in the data set any more", member.id))?;
        self.analyst.get_or_insert_with(Analyst::new).measure(&mut sample);
        Ok(sample)
    }

    fn detail(&mut self, generation: u64, members: &[Member; 2]) {
        let detail = self.detail_of(members).map(Arc::new);
        (self.answer)(Reply::PairDetail { generation, detail });
    }

    fn detail_of(&mut self, members: &[Member; 2]) -> Result<PairDetail, String> {
        let snapshot = self.snapshot()?;
        let [first, second] = members;
        let mut samples = [self.sample(&snapshot, first)?, self.sample(&snapshot, second)?];
        let mut vocabulary = Vocabulary::default();
        let analyst = self.analyst.get_or_insert_with(Analyst::new);
        let portraits = samples.each_mut().map(|sample| {
            let taken = taken_of(sample, analyst);
            vocabulary.add(taken.captions.iter().map(String::as_str), &taken.keys)
        });
        vocabulary.settle(snapshot.norms().as_ref().map(crate::measure::Norms::counts));
        let [one, other] = &portraits;
        let comparison = self.comparer.compare(&vocabulary, one.view(), other.view());
        let alone = comparison.alone.each_ref().map(|keys| {
            let key = |key: &u32| crate::measure::Key::parse(vocabulary.key_text(*key)).map(|key| key.show());
            keys.iter().filter_map(key).collect()
        });
        let (captions, fates) = nearest_captions(&samples);
        Ok(PairDetail { samples: samples.map(Arc::new), captions, fates, alone })
    }

    fn nearest(&mut self, generation: u64, id: &str) {
        let report = self.nearest_of(id).map(Arc::new);
        (self.answer)(Reply::Nearest { generation, report });
    }

    /// What one sample differs in from those that share most words with it.
    fn nearest_of(&mut self, id: &str) -> Result<PairsReport, String> {
        let snapshot = self.snapshot()?;
        let member = Member { id: id.to_owned(), ..Member::default() };
        let sample = self.sample(&snapshot, &member)?;
        let Some(text) = words_query(&sample) else {
            return Err("this sample has no caption with words to look for".to_owned());
        };
        let query = query::parse(&text).map_err(|error| error.to_string())?;
        let mut hits = snapshot.search(&query).map_err(|error| error.to_string())?;
        let total = hits.total();
        let page = hits.page(0, NEAR).map_err(|error| error.to_string())?;
        let others = page.rows.into_iter().filter(|row| row.seq != sample.seq);
        let all = std::iter::once(sample.clone()).chain(others.map(|row| (*row).clone()));
        let mut all: Vec<Sample> = all.collect();
        let pairing = Pairing { threads: 1, ..Pairing::default() };
        let mut source = |take: &mut dyn FnMut(Sample) -> ControlFlow<()>| -> Result<(), String> {
            for sample in all.drain(..) {
                if take(sample).is_break() {
                    break;
                }
            }
            Ok(())
        };
        let counts = snapshot.norms();
        let counts = counts.as_ref().map(crate::measure::Norms::counts);
        let gathered = gather(&mut source, &pairing, &|_| ControlFlow::Continue(()))?;
        let list: Vec<Record> =
            gathered.map(|gathered| gathered.partners_of_first(PARTNERS, counts)).unwrap_or_default();
        let decisions = self.decisions();
        let samples = total.min(NEAR as u64);
        let paired = Paired { samples, found: list.len() as u64, list, ..Paired::default() };
        Ok(PairsReport { paired, total, decisions })
    }

    /// Asks the workspace, which is opened when it is first needed.
    pub(super) fn ask<T>(
        &mut self,
        ask: impl FnOnce(&mut Workspace) -> Result<T, WorkspaceError>,
    ) -> Result<T, WorkspaceError> {
        let held = match self.workspace.take() {
            Some(held) => held,
            None => open_workspace(&self.opened, &self.session)?,
        };
        ask(self.workspace.insert(held))
    }

    /// What was decided about pairs so far.
    fn decisions(&mut self) -> Decisions {
        self.ask(|workspace| pair_store::decisions(workspace)).unwrap_or_else(|error| {
            (self.answer)(Reply::Notice(format!("decisions of earlier days cannot be read: {error}")));
            Decisions::new()
        })
    }

    fn decide(&mut self, first: &str, second: &str, decision: Decision) {
        if let Err(error) = self.ask(|workspace| workspace.decide(first, second, decision.name())) {
            (self.answer)(Reply::Notice(format!("the decision is not kept: {error}")));
        }
    }
}

/// A query for what shares words with a sample: any of the content words of its captions.
fn words_query(sample: &Sample) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    for (place, caption) in sample.captions.iter().enumerate().take(CAPTIONS) {
        for word in words(&caption.text, place as u32, &sample.descriptors) {
            let is_plain = word.lemma.chars().all(char::is_alphanumeric);
            if word.role.is_content() && is_plain && !found.contains(&word.lemma) {
                found.push(word.lemma);
            }
        }
    }
    let quoted: Vec<String> = found.into_iter().take(60).map(|word| format!("\"{word}\"")).collect();
    (!quoted.is_empty()).then(|| quoted.join(" OR "))
}

/// The two captions that have most words in common, and what became of each word.
fn nearest_captions(samples: &[Sample; 2]) -> ([usize; 2], [WordFates; 2]) {
    let read = |sample: &Sample| -> Vec<(usize, Vec<crate::pairs::Word>)> {
        let captions = sample.captions.iter().enumerate();
        let main = captions.filter(|(_, caption)| caption.role == crate::model::CaptionRole::Main);
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
                let mark = |words: &[crate::pairs::Word], fates: &[Fate]| -> WordFates {
                    words.iter().zip(fates).map(|(word, fate)| (word.span.clone(), *fate)).collect()
                };
                best = Some((worth, [*place, *beside], [mark(one, &way.first), mark(other, &way.second)]));
            }
        }
    }
    best.map_or_else(|| ([0, 0], [Vec::new(), Vec::new()]), |(_, places, fates)| (places, fates))
}
