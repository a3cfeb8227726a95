//! The threads that are asked about pairs and questions: one looks for the pairs of a query, one judges its
//! questions, both of which take their time; a third shows two samples beside each other and finds the nearest of
//! one, which must not.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::asked::{CAPTIONS, PairDetail, judged_questions, mined_pairs, pair_detail, sample_of};
use super::crew::Answer;
use super::keeper::snapshot;
use super::mailbox::Mailbox;
use super::marks::{Late, Marked};
use super::pair_store;
use super::pairing::{Paired, Pairing, gather};
use super::questioning::QuestionsReport;
use super::{Opened, Reply, SpotWish};
use crate::graphics::step_back;
use crate::index::{Lookalikes, Snapshot};
use crate::measure::Analyst;
use crate::model::Sample;
use crate::pairs::{Comparer, Member, Record, words};
use crate::query;

/// Samples that share words with one whose nearest is looked for.
const NEAR: usize = 400;
/// Partners of one sample in a list.
const PARTNERS: usize = 50;
/// How often it is told what is known of questions by then.
const NEWS: Duration = Duration::from_secs(1);
/// Samples whose pictures are looked at while somebody waits for pairs: those of the first screens.
const LOOKS: usize = 200;

/// The pairs of a query.
#[derive(Clone, Debug, Default)]
pub struct PairsReport {
    /// The pairs, and what was left out.
    pub paired: Paired,
    /// Samples that answer the query; only the first of them are paired where there are many.
    pub total: u64,
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
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        self.pairs.wishes.close();
        self.questions.wishes.close();
        self.asked.close();
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
    pub(super) analyst: Option<Analyst>,
    comparer: Comparer,
    marks: Arc<Marked>,
    /// Verdicts are taken back apart from tags and notes.
    pub(super) workspace: Late,
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
            workspace: Late::new(opened, "-spot"),
            spot: None,
            spot_version: None,
        }
    }

    pub(super) fn snapshot(&self) -> Result<Snapshot, String> {
        snapshot(&self.opened, &self.marks)
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
        let mut last: Option<Instant> = None;
        judged_questions(&self.snapshot()?, &wish.text, &mut |share, told| {
            if !go_on() {
                return ControlFlow::Break(());
            }
            if share < 1.0 && last.is_none_or(|last| last.elapsed() > NEWS) {
                last = Some(Instant::now());
                let report = Ok(Arc::new(told()));
                (self.answer)(Reply::Questions { generation: wish.generation, report });
            }
            ControlFlow::Continue(())
        })
    }

    fn lookalikes(&self) -> Arc<Lookalikes> {
        let known = Lookalikes::read(&self.opened.home, &self.opened.dataset).unwrap_or_else(|error| {
            (self.answer)(Reply::Notice(format!("pictures that look the same are not known: {error}")));
            Lookalikes::default()
        });
        Arc::new(known)
    }

    fn pairs(&mut self, wish: &Wish, go_on: GoOn<'_>) -> Result<Option<PairsReport>, String> {
        if wish.text.trim().is_empty()
            && let Some(paired) = pair_store::kept_pairs(&self.opened.home, &self.opened.dataset)
        {
            return Ok(Some(PairsReport { total: paired.samples, paired }));
        }
        let watch = |share: f64| {
            (self.answer)(Reply::Pairing { generation: wish.generation, share });
            if go_on() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        // A core stays free for what is on the screen.
        let usual = Pairing::default();
        let threads = usual.threads.saturating_sub(1).max(1);
        let pairing = Pairing { threads, lookalikes: self.lookalikes(), looks: LOOKS, ..usual };
        let found = mined_pairs(&self.snapshot()?, &wish.text, &pairing, &watch)?;
        Ok(found.map(|(paired, total)| PairsReport { paired, total }))
    }

    fn detail(&mut self, generation: u64, members: &[Member; 2]) {
        let detail = self.detail_of(members).map(Arc::new);
        (self.answer)(Reply::PairDetail { generation, detail });
    }

    fn detail_of(&mut self, members: &[Member; 2]) -> Result<PairDetail, String> {
        let snapshot = self.snapshot()?;
        let analyst = self.analyst.get_or_insert_with(Analyst::new);
        pair_detail(&snapshot, members, analyst, &mut self.comparer)
    }

    fn nearest(&mut self, generation: u64, id: &str) {
        let report = self.nearest_of(id).map(Arc::new);
        (self.answer)(Reply::Nearest { generation, report });
    }

    /// What one sample differs in from those that share most words with it.
    fn nearest_of(&mut self, id: &str) -> Result<PairsReport, String> {
        let snapshot = self.snapshot()?;
        let member = Member { id: id.to_owned(), ..Member::default() };
        let sample = sample_of(&snapshot, &member, self.analyst.get_or_insert_with(Analyst::new))?;
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
        let samples = total.min(NEAR as u64);
        let paired = Paired { samples, found: list.len() as u64, list, ..Paired::default() };
        Ok(PairsReport { paired, total })
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
