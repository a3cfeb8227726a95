//! A terminal, a clock and workers for the tests.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use super::reports;
use super::spot::FakeSpots;
use crate::graphics::{Grain, Mode, Painting, prepared};
use crate::index::{Page, Progress, Reach, Stage};
use crate::media::{Picture, fixtures};
use crate::model::{
    Caption, CaptionRole, Descriptor, Facet, Image, ImageRef, Origin, Question, Region, RegionUnit, Sample,
    Seq, Value,
};
use crate::screens::{Options, Screens, SpotStart};
use crate::ui::{Theme, head};
use crate::worker::{Done, Effect, Marking, MarksReport, PictureKey, Reply, Suggestion};
use crate::workspace::{Step, Tag, TagName};

/// Workers that answer at once and from memory: a word is found where a caption has its letters.
pub(super) struct FakeWorkers {
    pub(super) samples: Vec<Arc<Sample>>,
    /// How many of the samples can be searched by now.
    pub(super) searchable: usize,
    /// Whether figures of samples are told.
    pub(super) measures: bool,
    /// Whether pictures are painted: in letters, so that they are seen in snapshots.
    pub(super) paints: bool,
    /// Whether answers wait until they are let go.
    pub(super) holds: bool,
    pub(super) waiting: Vec<Effect>,
    /// Every effect so far.
    pub(super) seen: Vec<Effect>,
    /// What is marked.
    pub(super) marks: MarksReport,
    /// What was marked before each step, and what each taking back has taken away.
    steps: [Vec<Marked>; 2],
    pub(super) spots: FakeSpots,
}

/// All that is marked, on samples too.
type Marked = (Vec<Arc<Sample>>, MarksReport);

impl FakeWorkers {
    /// Keeps a mark as a workspace does.
    fn mark(&mut self, marking: &Marking) -> Option<Reply> {
        let now = (self.samples.clone(), self.marks.clone());
        let done = match marking {
            Marking::Session(_) => return None,
            Marking::Undo | Marking::Redo => {
                let [before, after] = &mut self.steps;
                let (from, to) = if *marking == Marking::Undo { (before, after) } else { (after, before) };
                let step = from.pop().map(|(samples, marks)| {
                    to.push(now);
                    (self.samples, self.marks) = (samples, marks);
                    Step { changed: 1, what: "a step".into(), ..Step::default() }
                });
                if *marking == Marking::Undo { Done::Undone(step) } else { Done::Redone(step) }
            }
            _ => {
                self.steps = [std::mem::take(&mut self.steps[0]), Vec::new()];
                self.steps[0].push(now);
                self.mark_anew(marking)
            }
        };
        Some(Reply::Marked { report: Arc::new(self.marks.clone()), done: Some(done) })
    }

    fn mark_anew(&mut self, marking: &Marking) -> Done {
        let mut step = Step { changed: 1, what: format!("{marking:?}"), ..Step::default() };
        match marking {
            Marking::Toggle { tag, id } => {
                let id = id.clone();
                step.what = format!("tag {}", tag.as_str());
                self.tag(tag, |sample| sample.id == id, None);
            }
            Marking::TagAll { tag, query, on } => {
                let query = query.clone();
                step.changed = self.tag(tag, |sample| matches(sample, &query), Some(*on));
                return Done::All { tag: tag.clone(), samples: step.changed, on: *on, step };
            }
            Marking::Bind { tag, digit } => {
                let tag = self.marks.tags.iter_mut().find(|other| other.name == tag.as_str());
                tag.expect("a tag that is there").digit = Some(*digit);
            }
            Marking::Note { id, text } => {
                for sample in self.samples.iter_mut().filter(|sample| sample.id == *id) {
                    Arc::make_mut(sample).marks.note = Some(text.clone()).filter(|text| !text.is_empty());
                }
            }
            Marking::Decide { first, second, decision } => {
                self.marks.decided += 1;
                self.marks.decisions.insert((first.clone(), second.clone()), *decision);
            }
            Marking::SaveQuery { name, text } => {
                self.marks.queries.retain(|(other, _)| other != name);
                if !text.is_empty() {
                    self.marks.queries.push((name.clone(), text.clone()));
                }
            }
            Marking::Undo | Marking::Redo | Marking::Session(_) => {}
        }
        Done::Kept(step)
    }

    /// Gives samples a tag, or takes it; those that have it lose it where it is not said which.
    fn tag(&mut self, tag: &TagName, is_meant: impl Fn(&Sample) -> bool, on: Option<bool>) -> u64 {
        let name = tag.as_str().to_owned();
        let mut changed = 0;
        for sample in self.samples.iter_mut().filter(|sample| is_meant(sample)) {
            let tags = &mut Arc::make_mut(sample).marks.tags;
            let had = tags.contains(&name);
            tags.retain(|other| *other != name);
            if on.unwrap_or(!had) {
                tags.push(name.clone());
            }
            changed += 1;
        }
        let samples = self.samples.iter().filter(|sample| sample.marks.tags.contains(&name)).count() as u64;
        let digit = self.marks.tags.iter().find(|other| other.name == name).and_then(|other| other.digit);
        self.marks.tags.retain(|other| other.name != name);
        self.marks.tags.push(Tag { name, samples, digit });
        changed
    }

    fn answer(&mut self, effect: &Effect) -> Option<Reply> {
        match effect {
            Effect::Mark(marking) => self.mark(marking),
            Effect::Search { generation, text, first, count, .. } => {
                Some(self.search(*generation, text, *first, *count))
            }
            Effect::Complete { text, cursor } => {
                Some(Reply::Suggestions { text: text.clone(), list: suggest(text, *cursor) })
            }
            Effect::Flags { generation, text } => {
                let report = self.told(text).map(|many| Arc::new(reports::flags(many)));
                Some(Reply::Flags { generation: *generation, report })
            }
            Effect::Coverage { generation, text } => {
                let all = self.samples.len() as u64;
                let report = self.told(text).map(|many| Arc::new(reports::coverage(many, all)));
                Some(Reply::Coverage { generation: *generation, report })
            }
            Effect::Questions { generation, text } => {
                let report = self.told(text).map(|_| Arc::new(reports::questioned(&self.samples)));
                Some(Reply::Questions { generation: *generation, report })
            }
            Effect::Pairs { generation, text } => {
                let report = self.told(text).map(|_| Arc::new(reports::mined(&self.samples)));
                Some(Reply::Pairs { generation: *generation, report })
            }
            Effect::Nearest { generation, id } => {
                let mut report = reports::mined(&self.samples);
                report.paired.list.retain(|pair| pair.first.id == *id || pair.second.id == *id);
                Some(Reply::Nearest { generation: *generation, report: Ok(Arc::new(report)) })
            }
            Effect::PairDetail { generation, members } => {
                let detail = Arc::new(reports::beside(&self.samples, members));
                Some(Reply::PairDetail { generation: *generation, detail: Ok(detail) })
            }
            _ => None,
        }
    }

    /// The hits of a query, once all samples can be searched.
    fn told(&self, text: &str) -> Result<u64, String> {
        if self.searchable < self.samples.len() {
            return Err("known once all samples are indexed".into());
        }
        Ok(self.samples.iter().filter(|sample| matches(sample, text)).count() as u64)
    }

    fn search(&self, generation: u64, text: &str, first: u64, count: usize) -> Reply {
        if let Some(at) = text.find('(').filter(|_| !text.contains(')')) {
            let message = "expected `)` to close this".to_owned();
            return Reply::QueryError { generation, span: at..text.len(), message };
        }
        let known = &self.samples[..self.searchable.min(self.samples.len())];
        let mut hits: Vec<_> = known.iter().filter(|sample| matches(sample, text)).cloned().collect();
        if text.contains("random:") {
            hits.reverse();
        }
        let total = hits.len() as u64;
        let rows: Vec<_> = hits.into_iter().skip(first as usize).take(count).collect();
        let figure = |sample: &Arc<Sample>| self.measures.then(|| reports::figures(sample));
        let figures = rows.iter().map(figure).collect();
        let searched = known.len() as u64;
        let reach = Reach { samples: searched, analysed: searched };
        Reply::Page { generation, page: Page { first, rows, figures, total, searched, reach } }
    }
}

/// Paints a picture that its address decides; those of `.gif` files are animated.
fn paint(key: &PictureKey) -> Painting {
    let label = key.reference.label();
    let seed = label.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let pixels = image::DynamicImage::from(fixtures::scene(seed, 160, 120)).into_rgba8();
    let frames_more = label.ends_with(".gif");
    let picture = Picture { pixels, original: (640, 480), format: "JPEG", bytes: 245_000, frames_more };
    Painting::new(&prepared(&picture, key, Grain::Cells), key.cells, None, Mode::Ascii)
}

fn matches(sample: &Sample, text: &str) -> bool {
    let is_order = |word: &&str| word.starts_with("random:") || word.starts_with("sort:");
    text.split_whitespace().filter(|word| !is_order(word)).all(|word| {
        if word.starts_with("flag:") || word.starts_with("units_per_caption:") {
            return sample.seq.0.is_multiple_of(7);
        }
        if let Some(tag) = word.strip_prefix("tag:") {
            return sample.marks.tags.iter().any(|other| other == tag);
        }
        if let Some(name) = word.strip_prefix("object:") {
            return sample.descriptors.iter().any(|fact| fact.name == name);
        }
        let word = word.to_lowercase();
        sample.captions.iter().any(|caption| caption.text.to_lowercase().contains(&word))
    })
}

fn suggest(text: &str, cursor: usize) -> Vec<Suggestion> {
    let start = head(text, cursor).rfind(' ').map_or(0, |space| space + 1);
    let typed = text.get(start..cursor).expect("on borders");
    let words = [("surf", 412), ("surfboard", 389), ("surfer", 201), ("dog", 977)];
    let near =
        |word: &&(&str, u64)| word.0.starts_with(typed) || (typed.len() > 5 && word.0.starts_with("surf"));
    let one = |(word, count): &(&str, u64)| Suggestion {
        text: (*word).into(),
        span: start..cursor,
        count: Some(*count),
    };
    words.iter().filter(near).map(one).collect()
}

/// Lights every place of every word of the query.
pub(super) fn lit(query: &str, text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let mut found: Vec<Range<usize>> = Vec::new();
    for word in query.split_whitespace() {
        found.extend(lower.match_indices(&word.to_ascii_lowercase()).map(|(at, met)| at..at + met.len()));
    }
    found.sort_by_key(|range| range.start);
    found.dedup_by(|later, earlier| later.start < earlier.end);
    found
}

/// The screens with a terminal around them.
pub(super) struct Stand {
    pub(super) screens: Screens,
    pub(super) workers: FakeWorkers,
    pub(super) now: Instant,
    pub(super) left: bool,
    size: (u16, u16),
}

impl Stand {
    /// On a data set all of which is indexed.
    pub(super) fn new(size: (u16, u16), samples: Vec<Sample>) -> Self {
        let searchable = samples.len();
        let mut stand = Self::growing(size, samples, searchable, Theme::plain());
        stand.progress(Stage::Ready, searchable as u64);
        stand
    }

    /// Where somebody has been before.
    pub(super) fn left_at(size: (u16, u16), samples: Vec<Sample>, session: &str) -> Self {
        let searchable = samples.len();
        let mut stand = Self::begun(size, samples, searchable, Theme::plain(), Some(session.to_owned()));
        stand.progress(Stage::Ready, searchable as u64);
        stand
    }

    /// On a data set of which only a part can be searched by now.
    pub(super) fn growing(size: (u16, u16), samples: Vec<Sample>, searchable: usize, theme: Theme) -> Self {
        Self::begun(size, samples, searchable, theme, None)
    }

    fn begun(
        size: (u16, u16),
        samples: Vec<Sample>,
        searchable: usize,
        theme: Theme,
        session: Option<String>,
    ) -> Self {
        let samples = samples.into_iter().map(Arc::new).collect();
        let options = Options {
            dataset: "coco_val2017".into(),
            size,
            theme,
            mouse: true,
            is_ssh: false,
            query: None,
            session,
            history: vec!["red car".into(), "zebra".into()],
            spot: SpotStart { rater: "ann".into(), open: None },
            lit: Box::new(lit),
        };
        let now = Instant::now();
        let (screens, effects) = Screens::new(options, now);
        let workers = FakeWorkers {
            samples,
            searchable,
            measures: false,
            paints: false,
            holds: false,
            waiting: Vec::new(),
            seen: Vec::new(),
            marks: MarksReport::default(),
            steps: [Vec::new(), Vec::new()],
            spots: FakeSpots::default(),
        };
        let mut stand = Self { screens, workers, now, left: false, size };
        stand.perform(effects);
        stand
    }

    /// With pictures that are painted as soon as they are asked for.
    pub(super) fn painted(size: (u16, u16), samples: Vec<Sample>) -> Self {
        let mut stand = Self::measured(size, samples);
        stand.workers.paints = true;
        stand.keys("<C-l>");
        stand.pass(Duration::from_secs(1));
        stand
    }

    /// The same with the figures of every sample.
    pub(super) fn measured(size: (u16, u16), samples: Vec<Sample>) -> Self {
        let mut stand = Self::new(size, samples);
        stand.workers.measures = true;
        stand.keys("x");
        stand
    }

    pub(super) fn progress(&mut self, stage: Stage, samples: u64) {
        self.workers.searchable = samples as usize;
        let is_ready = stage == Stage::Ready;
        self.reply(Reply::Progress(Progress {
            stage,
            samples,
            analysed: samples,
            skipped: 3,
            rate: 142_000.4,
            share: (!is_ready).then_some(0.43),
            left: (!is_ready).then_some(Duration::from_secs(2)),
        }));
    }

    pub(super) fn reply(&mut self, reply: Reply) {
        let effects = self.screens.on_reply(reply, self.now);
        self.perform(effects);
    }

    /// Answers the pictures that were asked for last.
    pub(super) fn fail_pictures(&mut self, reason: &str) {
        let asked = self.workers.seen.iter().rev().find_map(|effect| match effect {
            Effect::Pictures(keys) => Some(keys.clone()),
            _ => None,
        });
        for key in asked.unwrap_or_default() {
            self.reply(Reply::Picture { key, outcome: Err(reason.into()) });
        }
    }

    pub(super) fn asked_pictures(&self) -> Vec<Vec<PictureKey>> {
        let pictures = |effect: &Effect| match effect {
            Effect::Pictures(keys) => Some(keys.clone()),
            _ => None,
        };
        self.workers.seen.iter().filter_map(pictures).collect()
    }

    pub(super) fn event(&mut self, event: &Event) {
        if let Event::Resize(columns, rows) = event {
            self.size = (*columns, *rows);
        }
        let effects = self.screens.on_event(event, self.now);
        self.perform(effects);
    }

    /// Lets time pass and every tick that falls due in it happen.
    pub(super) fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(at) = self.screens.next_tick().filter(|at| *at <= end) {
            self.now = at.max(self.now);
            let effects = self.screens.on_tick(self.now);
            self.perform(effects);
        }
        self.now = end;
    }

    /// Presses keys: letters as they are, others as `<Enter>`, `<C-d>`, `<S-Tab>`, `<lt>`.
    pub(super) fn keys(&mut self, keys: &str) -> &mut Self {
        for key in parse(keys) {
            self.event(&Event::Key(key));
        }
        self
    }

    pub(super) fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16) {
        self.event(&Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
    }

    pub(super) fn click(&mut self, column: u16, row: u16) {
        self.mouse(MouseEventKind::Down(MouseButton::Left), column, row);
        self.mouse(MouseEventKind::Up(MouseButton::Left), column, row);
    }

    pub(super) fn let_go(&mut self) {
        self.workers.holds = false;
        let waiting = std::mem::take(&mut self.workers.waiting);
        self.workers.seen.truncate(self.workers.seen.len() - waiting.len());
        self.perform(waiting);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut todo = effects;
        while !todo.is_empty() {
            let mut next = Vec::new();
            for effect in todo {
                self.workers.seen.push(effect.clone());
                self.left |= matches!(effect, Effect::Quit | Effect::Cancel);
                if self.workers.holds {
                    self.workers.waiting.push(effect);
                } else if let (Effect::Pictures(keys), true) = (&effect, self.workers.paints) {
                    for key in keys {
                        let reply = Reply::Picture { key: key.clone(), outcome: Ok(paint(key)) };
                        next.extend(self.screens.on_reply(reply, self.now));
                    }
                } else if let Effect::Spot(wish) = &effect {
                    for reply in self.workers.spots.answer(wish, &self.workers.samples) {
                        next.extend(self.screens.on_reply(reply, self.now));
                    }
                } else if let Some(reply) = self.workers.answer(&effect) {
                    next.extend(self.screens.on_reply(reply, self.now));
                }
            }
            todo = next;
        }
    }

    /// The last query that was searched for.
    pub(super) fn searched(&self) -> String {
        let text = self.workers.seen.iter().rev().find_map(|effect| match effect {
            Effect::Search { text, .. } => Some(text.clone()),
            _ => None,
        });
        text.expect("the first search is sent at once")
    }

    pub(super) fn buffer(&self) -> Buffer {
        let mut terminal =
            Terminal::new(TestBackend::new(self.size.0, self.size.1)).expect("a test terminal");
        terminal.draw(|frame| self.screens.draw(frame)).expect("a test terminal draws");
        terminal.backend().buffer().clone()
    }

    /// Where the terminal's cursor stands, if it shows.
    pub(super) fn cursor(&self) -> Option<(u16, u16)> {
        let mut terminal =
            Terminal::new(TestBackend::new(self.size.0, self.size.1)).expect("a test terminal");
        terminal.draw(|frame| self.screens.draw(frame)).expect("a test terminal draws");
        let place = terminal.backend().cursor_position();
        terminal.backend().cursor_visible().then_some((place.x, place.y))
    }

    /// The screen as rows of text, blanks at their ends cut.
    pub(super) fn screen(&self) -> String {
        rows(&self.buffer()).join("\n")
    }

    /// Asserts that the screen shows these words.
    pub(super) fn shows(&self, words: &str) {
        let screen = self.screen();
        assert!(screen.contains(words), "{words:?} is not on the screen:\n{screen}");
    }

    pub(super) fn shows_not(&self, words: &str) {
        let screen = self.screen();
        assert!(!screen.contains(words), "{words:?} is on the screen:\n{screen}");
    }

    /// The row that is marked in the list.
    pub(super) fn marked(&self) -> String {
        let screen = self.screen();
        let line = screen.lines().find(|line| line.starts_with('▌'));
        line.unwrap_or_else(|| panic!("no marked row:\n{screen}")).to_owned()
    }
}

/// The rows of a buffer; a wide character is not followed by the blank that it covers.
pub(crate) fn rows(buffer: &Buffer) -> Vec<String> {
    let area = buffer.area;
    let row = |y: u16| {
        let mut text = String::new();
        let mut x = area.x;
        while x < area.right() {
            let symbol = buffer[(x, y)].symbol();
            text.push_str(symbol);
            x += crate::ui::columns(symbol).max(1) as u16;
        }
        text.trim_end().to_owned()
    };
    (area.y..area.bottom()).map(row).collect()
}

/// Reads a key string.
pub(super) fn parse(keys: &str) -> Vec<KeyEvent> {
    let mut events = Vec::new();
    let mut rest = keys;
    while let Some(c) = rest.chars().next() {
        let named = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
        if let Some((name, after)) = named {
            events.push(named_key(name));
            rest = after;
        } else {
            events.push(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
            rest = rest.strip_prefix(c).expect("it begins so");
        }
    }
    events
}

fn named_key(name: &str) -> KeyEvent {
    let (held, name) = match name.split_once('-') {
        Some(("C", name)) => (KeyModifiers::CONTROL, name),
        Some(("A", name)) => (KeyModifiers::ALT, name),
        Some(("S", name)) => (KeyModifiers::SHIFT, name),
        _ => (KeyModifiers::NONE, name),
    };
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" if held == KeyModifiers::SHIFT => KeyCode::BackTab,
        "Tab" => KeyCode::Tab,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "PageUp" => KeyCode::PageUp,
        "PageDown" => KeyCode::PageDown,
        "BS" => KeyCode::Backspace,
        "Del" => KeyCode::Delete,
        "lt" => KeyCode::Char('<'),
        "Space" => KeyCode::Char(' '),
        "F1" => KeyCode::F(1),
        other => KeyCode::Char(other.chars().next().expect("a key name")),
    };
    KeyEvent::new(code, held)
}

const THINGS: [&str; 7] = ["dog", "surfer", "red car", "zebra", "kitchen table", "bus", "child"];
const PLACES: [&str; 6] = [
    "on a sandy beach near the water",
    "in a crowded street between tall brick buildings",
    "beside a wooden fence",
    "under a cloudy evening sky with birds far away",
    "in front of a white house",
    "at the edge of a quiet lake",
];

/// A data set of so many samples with captions, pictures, descriptors and questions.
pub(super) fn samples(many: usize) -> Vec<Sample> {
    (0..many).map(one).collect()
}

fn caption(text: String) -> Caption {
    Caption { text, field: "caption".into(), role: CaptionRole::Main }
}

fn one(place: usize) -> Sample {
    let thing = THINGS[place % THINGS.len()];
    let here = PLACES[(place / 2) % PLACES.len()];
    let other = THINGS[(place + 3) % THINGS.len()];
    let image = Image {
        width: Some(640),
        height: Some(480),
        ..Image::new(ImageRef::File(format!("/data/val2017/{:012}.jpg", place * 139).into()))
    };
    Sample {
        seq: Seq(place as u64),
        id: format!("{:012}", place * 139),
        images: vec![image],
        captions: vec![
            caption(format!("A {thing} {here}.")),
            caption(format!("There is one {thing} and a {other} {here}.")),
            caption(format!("Photo of a {thing} {here}, taken from the side.")),
        ],
        descriptors: descriptors(thing, other),
        questions: vec![Question {
            question: format!("What is {here}?"),
            answers: vec![thing.into(), thing.into(), other.into()],
            choices: Vec::new(),
            kind: Some("what".into()),
            verdict: None,
        }],
        split: Some("val".into()),
        meta: vec![("score".into(), Value::Float(0.25)), ("licence".into(), Value::Int(4))],
        origin: Origin { file: "captions_val2017.json".into(), position: place as u64 + 1 },
        ..Sample::default()
    }
}

fn descriptors(thing: &str, other: &str) -> Vec<Descriptor> {
    let fact = |facet, name: &str, parent, target| Descriptor {
        parent,
        target,
        ..Descriptor::new(facet, name, "supplied:scene_graph")
    };
    vec![
        fact(Facet::Object, thing, None, None),
        fact(Facet::Object, other, None, None),
        Descriptor { dimension: Some("color".into()), ..fact(Facet::Attribute, "brown", Some(0), None) },
        fact(Facet::Spatial, "beside", Some(0), Some(1)),
        fact(Facet::Scene, "outdoor", None, None),
    ]
}

/// The same with boxes of the first two things: in pixels of a picture of 640×480, and in shares.
pub(super) fn boxed(many: usize) -> Vec<Sample> {
    let mut all = samples(many);
    for sample in &mut all {
        if let [thing, other, ..] = sample.descriptors.as_mut_slice() {
            thing.region = Some(Region { x0: 64.0, y0: 48.0, x1: 320.0, y1: 360.0, unit: RegionUnit::Pixel });
            other.region = Some(Region { x0: 0.6, y0: 0.25, x1: 0.95, y1: 0.75, unit: RegionUnit::Fraction });
        }
    }
    all
}

/// The same with two pictures each, the second of them animated.
pub(super) fn pairs(many: usize) -> Vec<Sample> {
    let mut all = samples(many);
    for (place, sample) in all.iter_mut().enumerate() {
        let second = ImageRef::File(format!("/data/val2017/{:012}-1.gif", place * 139).into());
        sample.images.push(Image { role: Some("right".into()), ..Image::new(second) });
        if let Some(first) = sample.images.first_mut() {
            first.role = Some("left".into());
        }
    }
    all
}

/// Captions that are hard to draw, or meant to do harm.
pub(super) fn hostile() -> Vec<Sample> {
    let texts = [
        "犬がソファの上で眠っている。とても気持ちよさそうに見える。「静かに」と書かれた札がある。",
        "Family 👨\u{200d}👩\u{200d}👧\u{200d}👦 and an astronaut 👩🏽\u{200d}🚀 by a flag 🇯🇵, e\u{301}te\u{301}",
        "كلب بني على أريكة جلدية و\u{202e}evil\u{202c} text",
        "\u{1b}]0;owned\u{7}\u{1b}[2J\u{1b}[31mred\u{9b}0m alert\r\nsecond line\tafter a tab",
        "hidden\u{200b}words\u{feff} and \u{e0041}\u{e0042} tags\u{0}",
    ];
    let sample = |(place, text): (usize, &str)| Sample {
        seq: Seq(place as u64),
        id: format!("h{place}\u{1b}[5m"),
        captions: vec![caption(text.into())],
        meta: vec![("note\u{202e}".into(), Value::Text("\u{1b}c".into()))],
        origin: Origin { file: "hostile\n.jsonl".into(), position: 1 },
        ..Sample::default()
    };
    texts.into_iter().enumerate().map(sample).collect()
}
