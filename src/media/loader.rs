//! Pictures made ready on threads of their own.
//!
//! The newest wish list replaces the one before it: what nobody waits for any more is not
//! started, and not carried on with after a step is done. A screen may therefore ask on every
//! key press. The steps are fetching, decoding and making (what that is, is the caller's affair);
//! between any two of them a thread looks whether its picture is still wanted.
//!
//! A fetch over a network, or from a file server that hangs, cannot be interrupted. A thread that
//! is held up in one which is not wanted any more is therefore replaced by another for as long,
//! and nobody waits for it when the loader is dropped.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::Hash;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::cache::{Cache, Weigh};
use super::{Limits, Mark, MediaError, Part, Picture, decode, fetch};
use crate::model::ImageRef;

/// A picture for a box of cells.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PictureKey {
    /// Which picture.
    pub reference: ImageRef,
    /// Columns and rows of the box that it is to fit in.
    pub cells: (u16, u16),
    /// Which part of it is to fill the box.
    pub part: Part,
    /// What is drawn on it.
    pub marks: Arc<[Mark]>,
    /// Whether it is to be as fine as its cells can show, where a first look may be coarser.
    pub fine: bool,
}

/// How a [`Loader`] works.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What one picture may cost.
    pub limits: Limits,
    /// Threads that fetch, decode and make.
    pub threads: usize,
    /// Pixels that are wanted of a picture for each cell of its box: across and down.
    pub pixels_per_cell: (u32, u32),
    /// Bytes of made things that are kept.
    pub made_bytes: usize,
    /// Bytes of shrunk pixels that are kept, so that another box needs no decoding.
    pub pixel_bytes: usize,
    /// What every thread does when it begins.
    pub begin: fn(),
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            threads: 2,
            // Twice what half-blocks show each way.
            pixels_per_cell: (2, 4),
            made_bytes: 32 << 20,
            pixel_bytes: 64 << 20,
            begin: || (),
        }
    }
}

/// Threads in all, with those that are held up.
const MOST_THREADS: usize = 8;

/// Bytes of failures that are remembered.
const FAILURE_BYTES: usize = 1 << 20;

/// Makes of a whole picture, shrunk to what its key needs, what the key asks for.
pub type Make<P> = Arc<dyn Fn(&Picture, &PictureKey) -> P + Send + Sync>;

type Fetch = Arc<dyn Fn(&ImageRef, &Limits) -> Result<Vec<u8>, MediaError> + Send + Sync>;
type Answer<P> = Box<dyn Fn(PictureKey, Result<P, String>) + Send + Sync>;

/// Fetches, decodes and makes pictures, the most wanted first. `P` is what is made of them; its
/// clones should be cheap.
pub struct Loader<P> {
    shared: Arc<Shared<P>>,
}

impl<P: Clone + Send + Weigh + 'static> Loader<P> {
    /// A loader that turns pictures into something with `make`, called on its threads, and hands
    /// over every outcome by `reply`: on those threads, or at once on the thread that calls
    /// [`Loader::want`] where the outcome is known already.
    pub fn new(
        plan: Plan,
        make: Make<P>,
        reply: impl Fn(PictureKey, Result<P, String>) + Send + Sync + 'static,
    ) -> Self {
        Self::with_fetch(plan, make, Box::new(reply), Arc::new(fetch))
    }

    fn with_fetch(plan: Plan, make: Make<P>, reply: Answer<P>, fetch: Fetch) -> Self {
        let state = State::new(&plan);
        Self {
            shared: Arc::new(Shared {
                plan,
                make,
                reply,
                fetch,
                state: Mutex::new(state),
                changed: Condvar::new(),
            }),
        }
    }

    /// Makes these pictures ready, the first one first, in place of all that was wanted before.
    /// Each is answered once.
    pub fn want(&self, keys: Vec<PictureKey>) {
        let mut known = Vec::new();
        let mut state = self.shared.state();
        state.wanted = keys.iter().cloned().collect();
        state.pending.clear();
        let mut seen = HashSet::new();
        for key in keys.into_iter().filter(|key| seen.insert(key.clone())) {
            match state.known(&key) {
                Some(outcome) => known.push((key, outcome)),
                None if state.is_at(&key) => {}
                None => state.pending.push_back(key),
            }
        }
        for (key, _) in &known {
            state.wanted.remove(key);
        }
        self.staff(&mut state);
        drop(state);
        self.shared.changed.notify_all();
        for (key, outcome) in known {
            (self.shared.reply)(key, outcome);
        }
    }

    /// Says how many pixels across and down are wanted for each cell from now on, and forgets what was made for
    /// another number. Pixels that serve both are kept.
    pub fn change_detail(&self, pixels_per_cell: (u32, u32)) {
        let mut state = self.shared.state();
        state.pixels_per_cell = pixels_per_cell;
        state.epoch += 1;
        state.made.clear();
    }

    /// Makes one more picture ready, after those that are wanted already.
    pub fn want_also(&self, key: PictureKey) {
        let mut state = self.shared.state();
        let known = state.known(&key);
        if known.is_none() && state.wanted.insert(key.clone()) && !state.is_at(&key) {
            state.pending.push_back(key.clone());
        }
        self.staff(&mut state);
        drop(state);
        self.shared.changed.notify_all();
        if let Some(outcome) = known {
            (self.shared.reply)(key, outcome);
        }
    }

    /// Forgets failures: what is wanted next is tried again.
    pub fn retry(&self) {
        self.shared.state().failures.clear();
    }

    /// Forgets every outcome, failures too: what is wanted next is read anew.
    pub fn refresh(&self) {
        let mut state = self.shared.state();
        state.epoch += 1;
        state.made.clear();
        state.pixels.clear();
        state.failures.clear();
    }

    /// Starts threads where there is work and fewer are at it than planned, not counting those
    /// that are held up in a fetch that nobody waits for.
    fn staff(&self, state: &mut State<P>) {
        let held_up = state.held_up();
        let wanted = (self.shared.plan.threads.max(1) + held_up).min(MOST_THREADS);
        while !state.pending.is_empty() && state.threads.len() < wanted {
            let number = state.hired;
            let shared = Arc::clone(&self.shared);
            let thread = std::thread::Builder::new().name(format!("capscope-picture-{number}"));
            match thread.spawn(move || {
                (shared.plan.begin)();
                shared.work(number);
            }) {
                Ok(handle) => {
                    state.hired += 1;
                    state.threads.insert(number, handle);
                }
                // The threads that there are will do; with none at all, the next wish tries again.
                Err(_) => return,
            }
        }
    }
}

impl<P> Drop for Loader<P> {
    /// Ends the threads and waits for them, except for those inside of a fetch, which may take
    /// as long as a network likes: they end by themselves.
    fn drop(&mut self) {
        let ending: Vec<JoinHandle<()>> = {
            let mut state = self.shared.state();
            state.stopping = true;
            state.pending.clear();
            state.wanted.clear();
            let State { threads, working, .. } = &mut *state;
            let fetching = |number: &usize| working.get(number).is_some_and(|job| job.fetching);
            threads.drain().filter(|(number, _)| !fetching(number)).map(|(_, handle)| handle).collect()
        };
        self.shared.changed.notify_all();
        for thread in ending {
            // A thread that panicked has nothing left to say.
            let _ = thread.join();
        }
    }
}

/// What the threads and the loader's owner share.
struct Shared<P> {
    plan: Plan,
    make: Make<P>,
    reply: Answer<P>,
    fetch: Fetch,
    state: Mutex<State<P>>,
    changed: Condvar,
}

struct State<P> {
    /// Not started yet, the most wanted first.
    pending: VecDeque<PictureKey>,
    /// Wanted and not answered.
    wanted: HashSet<PictureKey>,
    /// What each thread is at.
    working: HashMap<usize, Job>,
    threads: HashMap<usize, JoinHandle<()>>,
    /// Threads started so far: the next one's number.
    hired: usize,
    made: Cache<PictureKey, P>,
    pixels: Cache<ImageRef, Arc<Picture>>,
    failures: Cache<ImageRef, String>,
    /// Counts refreshes: what was begun before one is not kept after it.
    epoch: u64,
    pixels_per_cell: (u32, u32),
    stopping: bool,
}

/// A picture that a thread is at.
#[derive(Clone)]
struct Job {
    key: PictureKey,
    epoch: u64,
    fetching: bool,
}

impl<P: Clone> State<P> {
    fn new(plan: &Plan) -> Self {
        Self {
            pending: VecDeque::new(),
            wanted: HashSet::new(),
            working: HashMap::new(),
            threads: HashMap::new(),
            hired: 0,
            made: Cache::new(plan.made_bytes),
            pixels: Cache::new(plan.pixel_bytes),
            failures: Cache::new(FAILURE_BYTES),
            epoch: 0,
            pixels_per_cell: plan.pixels_per_cell,
            stopping: false,
        }
    }

    /// The outcome, if it is remembered.
    fn known(&mut self, key: &PictureKey) -> Option<Result<P, String>> {
        let failure = self.failures.look_up(&key.reference).map(Err);
        failure.or_else(|| self.made.look_up(key).map(Ok))
    }

    /// The most wanted picture that no other thread has in its hands for another box: that one's
    /// pixels will do for both.
    fn next(&mut self) -> Option<PictureKey> {
        let Self { pending, working, .. } = self;
        let free = |key: &PictureKey| working.values().all(|job| job.key.reference != key.reference);
        let place = pending.iter().position(free)?;
        pending.remove(place)
    }

    /// Whether a thread makes this, and as things are now.
    fn is_at(&self, key: &PictureKey) -> bool {
        self.working.values().any(|job| job.key == *key && job.epoch == self.epoch)
    }

    /// Whether anybody waits for this picture, in whatever box.
    fn is_wanted(&self, reference: &ImageRef) -> bool {
        self.wanted.iter().any(|key| key.reference == *reference)
    }

    /// Threads inside of a fetch that nobody waits for.
    fn held_up(&self) -> usize {
        self.working.values().filter(|job| job.fetching && !self.is_wanted(&job.key.reference)).count()
    }
}

impl<P> Shared<P> {
    /// The state. Nothing that can panic runs while it is locked, so a poisoned one is whole.
    fn state(&self) -> MutexGuard<'_, State<P>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P: Clone + Send + Weigh + 'static> Shared<P> {
    /// The life of a thread.
    fn work(&self, number: usize) {
        while let Some(job) = self.take(number) {
            // A decoder that panics over a hostile file must not take the thread with it.
            let outcome = catch_unwind(AssertUnwindSafe(|| self.run(number, &job)))
                .unwrap_or_else(|_| Some(Err("broken picture: its decoder gave up".to_owned())));
            self.finish(number, &job, outcome);
        }
        self.state().threads.remove(&number);
    }

    /// Waits for work; none when the thread is to end.
    fn take(&self, number: usize) -> Option<Job> {
        let mut state = self.state();
        loop {
            let surplus = state.threads.len() > self.plan.threads.max(1) + state.held_up();
            if state.stopping || surplus {
                // At once, so that no other thread leaves for the same reason.
                state.threads.remove(&number);
                return None;
            }
            if let Some(key) = state.next() {
                let job = Job { key, epoch: state.epoch, fetching: false };
                state.working.insert(number, job.clone());
                return Some(job);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Goes through the steps; none when the picture is not wanted any more.
    fn run(&self, number: usize, job: &Job) -> Option<Result<P, String>> {
        let picture = match self.picture(number, job)? {
            Ok(picture) => picture,
            Err(error) => {
                let message = error.to_string();
                let weight = message.len() + size_of::<PictureKey>() + 200;
                self.keep(job, |state| {
                    state.failures.keep(job.key.reference.clone(), message.clone(), weight);
                });
                return Some(Err(message));
            }
        };
        if !self.state().wanted.contains(&job.key) {
            return None;
        }
        let made = (self.make)(&picture, &job.key);
        let weight = made.weight();
        self.keep(job, |state| state.made.keep(job.key.clone(), made.clone(), weight));
        Some(Ok(made))
    }

    /// The shrunk pixels: those that are kept if they have enough detail, else decoded.
    fn picture(&self, number: usize, job: &Job) -> Option<Result<Arc<Picture>, MediaError>> {
        let reference = &job.key.reference;
        let within = job.key.part.scaled(self.pixels(job.key.cells));
        let kept = self.state().pixels.look_up(reference);
        if let Some(picture) = kept.filter(|picture| picture.serves(within)) {
            return Some(Ok(picture));
        }
        if !self.begin_fetch(number, reference) {
            return None;
        }
        let bytes = (self.fetch)(reference, &self.plan.limits);
        if !self.end_fetch(number, reference) {
            return None;
        }
        let decoded = bytes.and_then(|bytes| decode(&bytes, roomy(within), &self.plan.limits)).map(Arc::new);
        if let Ok(picture) = &decoded {
            let weight = picture.weight();
            self.keep(job, |state| state.pixels.keep(reference.clone(), Arc::clone(picture), weight));
        }
        Some(decoded)
    }

    /// The box in pixels for a box of cells.
    fn pixels(&self, cells: (u16, u16)) -> (u32, u32) {
        let (across, down) = self.state().pixels_per_cell;
        (u32::from(cells.0).saturating_mul(across), u32::from(cells.1).saturating_mul(down))
    }

    /// Whether to go on with a fetch, which from here on counts as one that may take long.
    fn begin_fetch(&self, number: usize, reference: &ImageRef) -> bool {
        self.mark_fetch(number, reference, true)
    }

    /// Whether to go on after a fetch.
    fn end_fetch(&self, number: usize, reference: &ImageRef) -> bool {
        self.mark_fetch(number, reference, false)
    }

    fn mark_fetch(&self, number: usize, reference: &ImageRef, fetching: bool) -> bool {
        let mut state = self.state();
        if state.stopping || !state.is_wanted(reference) {
            return false;
        }
        if let Some(job) = state.working.get_mut(&number) {
            job.fetching = fetching;
        }
        true
    }

    /// Remembers something that this job found out, unless all was to be forgotten meanwhile.
    fn keep(&self, job: &Job, remember: impl FnOnce(&mut State<P>)) {
        let mut state = self.state();
        if state.epoch == job.epoch {
            remember(&mut state);
        }
    }

    /// Lays the job down and answers, if somebody waits for it.
    fn finish(&self, number: usize, job: &Job, outcome: Option<Result<P, String>>) {
        let mut state = self.state();
        state.working.remove(&number);
        let waiting = state.wanted.contains(&job.key);
        let is_outdated = job.epoch != state.epoch;
        let answer = match outcome {
            // Another thread may have begun it as it is wanted now.
            Some(_) if waiting && is_outdated && !state.stopping => {
                if !state.is_at(&job.key) && !state.pending.contains(&job.key) {
                    state.pending.push_front(job.key.clone());
                }
                None
            }
            Some(outcome) if waiting => {
                state.wanted.remove(&job.key);
                Some(outcome)
            }
            // Given up as not wanted, and wanted again before it was laid down.
            None if waiting && !state.stopping => {
                state.pending.push_front(job.key.clone());
                None
            }
            _ => None,
        };
        drop(state);
        // Another thread may have waited for this picture's pixels.
        self.changed.notify_all();
        if let Some(outcome) = answer {
            (self.reply)(job.key.clone(), outcome);
        }
    }
}

/// A box that serves larger wishes too: the sides go up to the next power of two, at least 256, so
/// that dragging a border decodes a few times and not at every column.
fn roomy(within: (u32, u32)) -> (u32, u32) {
    let up = |side: u32| side.clamp(256, 1 << 14).next_power_of_two();
    (up(within.0), up(within.1))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::time::Duration;

    use super::*;
    use crate::media::fixtures::{photo, png};

    /// What the tests make of a picture: where it came from and the box.
    #[derive(Clone, Debug, PartialEq)]
    struct Made((u32, u32), (u16, u16));

    impl Weigh for Made {
        fn weight(&self) -> usize {
            10
        }
    }

    type Outcome = (PictureKey, Result<Made, String>);

    /// A loader whose fetches announce themselves and then wait to be told to go on.
    struct Bench {
        loader: Loader<Made>,
        begun: Receiver<String>,
        go: Sender<()>,
        answers: Receiver<Outcome>,
    }

    impl Bench {
        fn new(threads: usize) -> Self {
            let (announce, begun) = channel();
            let (go, gate) = channel::<()>();
            let (reply, answers) = channel();
            let gate = Mutex::new(gate);
            let fetch: Fetch = Arc::new(move |reference, _| {
                let _ = announce.send(reference.label());
                let _ = gate.lock().expect("whole").recv();
                match reference.label().as_str() {
                    "bad" => Err(MediaError::NoSuchFile("bad".to_owned())),
                    _ => Ok(png(&photo(600, 300).into())),
                }
            });
            let make: Make<Made> = Arc::new(|picture, key| {
                assert!(key.cells != (13, 13), "a decoder's bug");
                Made(picture.original, key.cells)
            });
            let plan = Plan { threads, ..Plan::default() };
            let reply = Box::new(move |key, outcome| {
                let _ = reply.send((key, outcome));
            });
            Self { loader: Loader::with_fetch(plan, make, reply, fetch), begun, go, answers }
        }

        fn begun(&self) -> String {
            self.begun.recv_timeout(Duration::from_mins(1)).expect("a fetch begins")
        }

        fn answer(&self) -> Outcome {
            self.answers.recv_timeout(Duration::from_mins(1)).expect("an answer comes")
        }

        fn go(&self) {
            self.go.send(()).expect("a fetch waits");
        }
    }

    fn key(name: &str, cells: (u16, u16)) -> PictureKey {
        let reference = ImageRef::Url(name.to_owned());
        PictureKey { reference, cells, part: Part::WHOLE, marks: Arc::default(), fine: false }
    }

    fn keys(names: &[&str]) -> Vec<PictureKey> {
        names.iter().map(|name| key(name, (30, 15))).collect()
    }

    fn made(name: &str, cells: (u16, u16)) -> Outcome {
        (key(name, cells), Ok(Made((600, 300), cells)))
    }

    #[test]
    fn the_first_wish_is_the_first_to_be_answered() {
        let bench = Bench::new(1);
        bench.loader.want(keys(&["a", "b", "a"]));
        bench.go();
        bench.go();
        assert_eq!((bench.begun(), bench.begun()), ("a".to_owned(), "b".to_owned()));
        assert_eq!((bench.answer(), bench.answer()), (made("a", (30, 15)), made("b", (30, 15))));
        assert!(bench.answers.try_recv().is_err());
    }

    #[test]
    fn a_newer_wish_drops_what_has_not_been_started() {
        let bench = Bench::new(1);
        bench.loader.want(keys(&["a", "b", "c"]));
        assert_eq!(bench.begun(), "a");
        bench.loader.want(keys(&["c", "a"]));
        bench.go();
        bench.go();
        assert_eq!(bench.begun(), "c");
        assert_eq!((bench.answer(), bench.answer()), (made("a", (30, 15)), made("c", (30, 15))));
    }

    #[test]
    fn one_that_is_not_wanted_after_its_fetch_is_not_answered() {
        let bench = Bench::new(1);
        bench.loader.want(keys(&["a"]));
        assert_eq!(bench.begun(), "a");
        // The thread is held up by `a`: another one takes `b`.
        bench.loader.want(keys(&["b"]));
        assert_eq!(bench.begun(), "b");
        bench.go();
        bench.go();
        assert_eq!(bench.answer(), made("b", (30, 15)));
        // Wanted again while it is in somebody's hands, it would be served from there.
        while !bench.loader.shared.state().working.is_empty() {
            std::thread::yield_now();
        }
        bench.loader.want(keys(&["a"]));
        bench.go();
        assert_eq!((bench.begun(), bench.answer()), ("a".to_owned(), made("a", (30, 15))));
    }

    #[test]
    fn a_known_outcome_is_answered_at_once() {
        let bench = Bench::new(1);
        bench.loader.want(keys(&["a"]));
        bench.go();
        assert_eq!(bench.answer(), made("a", (30, 15)));
        bench.loader.want(keys(&["a"]));
        assert_eq!(bench.answers.try_recv(), Ok(made("a", (30, 15))));
    }

    #[test]
    fn another_box_needs_no_second_fetch_where_the_pixels_suffice() {
        let bench = Bench::new(2);
        bench.loader.want(vec![key("a", (30, 15)), key("a", (31, 16))]);
        bench.go();
        let answers = [bench.answer(), bench.answer()];
        assert!(answers.contains(&made("a", (30, 15))) && answers.contains(&made("a", (31, 16))));
        assert_eq!(bench.begun(), "a");
        assert!(bench.begun.try_recv().is_err(), "fetched twice");
        bench.loader.want(vec![key("a", (200, 100))]);
        bench.go();
        assert_eq!((bench.begun(), bench.answer()), ("a".to_owned(), made("a", (200, 100))));
    }

    #[test]
    fn a_part_needs_more_pixels_until_the_file_has_no_more() {
        let bench = Bench::new(1);
        bench.loader.want(vec![key("a", (30, 15))]);
        bench.go();
        assert_eq!((bench.begun(), bench.answer()), ("a".to_owned(), made("a", (30, 15))));
        let part = Part { x: 0, y: 0, width: 1000, height: 1000 };
        let near = PictureKey { part, ..key("a", (30, 15)) };
        bench.loader.want(vec![near.clone()]);
        bench.go();
        assert_eq!((bench.begun(), bench.answer().0), ("a".to_owned(), near.clone()));
        // All pixels of the file are here now: however near one looks, it is not read again.
        let nearer = PictureKey { part: Part { width: 10, height: 10, ..part }, ..near };
        bench.loader.want(vec![nearer.clone()]);
        assert_eq!(bench.answer().0, nearer);
        assert!(bench.begun.try_recv().is_err(), "fetched again");
    }

    #[test]
    fn failures_are_remembered_until_a_refresh() {
        let bench = Bench::new(1);
        let failure = (key("bad", (30, 15)), Err("no such file: bad".to_owned()));
        bench.loader.want(keys(&["bad"]));
        bench.go();
        assert_eq!((bench.begun(), bench.answer()), ("bad".to_owned(), failure.clone()));
        bench.loader.want(keys(&["bad"]));
        assert_eq!(bench.answers.try_recv(), Ok(failure.clone()));
        bench.loader.refresh();
        bench.loader.want(keys(&["bad"]));
        bench.go();
        assert_eq!((bench.begun(), bench.answer()), ("bad".to_owned(), failure));
    }

    #[test]
    fn a_panic_becomes_an_answer_and_the_thread_lives() {
        let bench = Bench::new(1);
        bench.loader.want(vec![key("a", (13, 13)), key("a", (30, 15))]);
        bench.go();
        assert_eq!(bench.answer().1, Err("broken picture: its decoder gave up".to_owned()));
        assert_eq!(bench.answer(), made("a", (30, 15)));
    }

    #[test]
    fn dropping_does_not_wait_for_a_fetch() {
        let bench = Bench::new(2);
        bench.loader.want(keys(&["a", "b"]));
        bench.begun();
        bench.begun();
        // Would hang for ever if it waited: nobody says go.
        drop(bench.loader);
    }

    #[test]
    fn threads_that_are_held_up_are_bounded() {
        let bench = Bench::new(1);
        for number in 0..MOST_THREADS {
            let name = number.to_string();
            bench.loader.want(keys(&[&name]));
            assert_eq!(bench.begun(), name);
        }
        bench.loader.want(keys(&["one too many"]));
        assert_eq!(bench.loader.shared.state().threads.len(), MOST_THREADS);
        bench.go();
        assert_eq!(bench.begun(), "one too many");
    }

    #[test]
    fn boxes_grow_in_steps() {
        assert_eq!(roomy((0, 10)), (256, 256));
        assert_eq!(roomy((257, 600)), (512, 1024));
        assert_eq!(roomy((u32::MAX, 1)), (1 << 14, 256));
    }
}
