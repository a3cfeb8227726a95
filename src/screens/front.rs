//! Everything in front of the user: the screens, what lies over them, and the hint line.
//!
//! The query, its box and the top line are those of the explore screen; the others speak of the
//! samples that answer it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use serde::{Deserialize, Serialize};

use crate::action::{Action, Context, Keymap, Pressed};
use crate::export::record;
use crate::graphics::COPY_LIMIT;
use crate::index::Stage;
use crate::model::{ImageRef, Sample};
use crate::query::narrowed;
use crate::ui::{LineEdit, Scroll, Theme, clip, columns, put, safe, thousands};
use crate::worker::{Effect, ExportNews, Marking, PictureKey, Reply};
use crate::workspace::TagName;

use super::coverage::Coverage;
use super::explore::{Explore, Focus, Lit, Start};
use super::export;
use super::flags::{Flags, Outcome};
use super::gallery::Gallery;
use super::inquiry::Stand;
use super::layout::{Pane, Plan};
use super::marks::{self, Marks, Target};
use super::overlay::{self, Finder, Overlay};
use super::pairs::Pairs;
use super::query_box::edit;
use super::questions::Questions;
use super::show::draw_too_small;
use super::spot::{Spot, SpotStart};
use super::tabs::Screen;
use super::viewer::Viewer;

/// Messages that are kept.
const MESSAGES: usize = 1000;
/// How long a new message stands on the hint line.
const FLASH: Duration = Duration::from_secs(6);
/// How long it stands there what came of a mark.
const WORD: Duration = Duration::from_secs(3);
/// How long somebody is at one place before it is kept for the next time.
const SETTLED: Duration = Duration::from_secs(3);

/// What the screens start with.
pub struct Options {
    /// The data set's name, for the top line.
    pub dataset: String,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The colours.
    pub theme: Theme,
    /// Whether the mouse is ours at the start.
    pub mouse: bool,
    /// Whether the terminal is at the other end of a network: pictures then wait for a longer rest.
    pub is_ssh: bool,
    /// The query to start with; empty for all samples. None to go on where somebody left.
    pub query: Option<String>,
    /// Where somebody left, as [`Effect::Mark`] kept it.
    pub session: Option<String>,
    /// Queries of earlier days, the newest last.
    pub history: Vec<String>,
    /// Who judges in spot-checks, and the one to begin on.
    pub spot: SpotStart,
    /// Finds the words of a text (second) that answer a query's text (first), as byte ranges in
    /// order that do not overlap.
    pub lit: Lit,
}

/// The whole front: takes events and replies, says what it wants done, draws itself.
pub struct Screens {
    open: Screen,
    explore: Explore,
    gallery: Gallery,
    /// The picture on the whole screen, where it is.
    viewer: Option<Viewer>,
    flags: Flags,
    coverage: Coverage,
    pairs: Pairs,
    questions: Questions,
    spot: Spot,
    /// Where the explorer was opened from, for the way back.
    origin: Option<Origin>,
    overlay: Option<Overlay>,
    keymap: Keymap,
    mouse: Mouse,
    messages: Vec<String>,
    unread: usize,
    flash_until: Option<Instant>,
    /// What came of the last mark, to be said for a moment.
    word: Option<String>,
    marks: Marks,
    /// Samples that were marked since the start.
    chosen: Vec<Arc<Sample>>,
    /// Whether an export is going on.
    is_exporting: bool,
    session: Keeping,
}

/// What is kept of where somebody is.
#[derive(Debug, Default)]
struct Keeping {
    /// What is kept by now.
    kept: Place,
    /// Where somebody has gone since, and when that is to be kept.
    due: Option<(Place, Instant)>,
}

/// The screen from which samples were opened, and what the query was there.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin {
    screen: Screen,
    before: String,
    narrowed: String,
}

/// Where somebody is, to go on there the next time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Place {
    screen: String,
    query: String,
    cursor: u64,
    /// Thresholds of flags that were moved.
    #[serde(default)]
    thresholds: BTreeMap<String, f64>,
}

impl Place {
    /// Where everybody is at first.
    fn start() -> Self {
        Self { screen: Screen::Explore.name().to_owned(), ..Self::default() }
    }

    /// Reads what was kept; what is no such thing was written by another version, and is no place.
    fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Who has the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mouse {
    Ours,
    Terminal,
}

impl Screens {
    /// The front with its first wishes.
    pub fn new(options: Options, now: Instant) -> (Self, Vec<Effect>) {
        let left = options.session.as_deref().and_then(Place::read);
        let is_back = left.is_some() && options.query.is_none();
        let place = left.clone().filter(|_| is_back).unwrap_or_default();
        let start = Start {
            dataset: options.dataset,
            size: options.size,
            theme: options.theme,
            is_remote: options.is_ssh,
            query: options.query.unwrap_or(place.query),
            cursor: place.cursor,
            history: options.history,
            lit: options.lit,
        };
        let open = match options.spot.open {
            Some(_) => Screen::Spot,
            None => Screen::named(&place.screen).unwrap_or(Screen::Explore),
        };
        let mut screens = Self {
            open,
            explore: Explore::new(start),
            gallery: Gallery::default(),
            viewer: None,
            flags: Flags::default(),
            coverage: Coverage::default(),
            pairs: Pairs::default(),
            questions: Questions::default(),
            spot: Spot::new(options.spot),
            origin: None,
            overlay: None,
            keymap: Keymap::default(),
            mouse: if options.mouse { Mouse::Ours } else { Mouse::Terminal },
            messages: Vec::new(),
            unread: 0,
            flash_until: None,
            word: None,
            marks: Marks::default(),
            chosen: Vec::new(),
            is_exporting: false,
            session: Keeping { kept: left.unwrap_or_else(Place::start), due: None },
        };
        screens.flags.move_thresholds(&screens.session.kept.thresholds);
        if is_back && !screens.explore.query.text().is_empty() {
            screens.say("as you left it; x shows all samples".to_owned(), now);
        }
        if open == Screen::Spot {
            screens.spot.enter();
        }
        let effects = screens.effects(now);
        (screens, effects)
    }

    /// Whether the terminal is to report the mouse; the loop looks after every event.
    pub fn wants_mouse(&self) -> bool {
        self.mouse == Mouse::Ours
    }

    /// Takes a key, the mouse, a paste or another size; what is wanted in consequence.
    pub fn on_event(&mut self, event: &Event, now: Instant) -> Vec<Effect> {
        let mut effects = match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.on_key(*key, now),
            Event::Mouse(mouse) if self.wants_mouse() => {
                self.on_mouse(*mouse, now);
                Vec::new()
            }
            Event::Paste(text) => {
                self.on_paste(text);
                Vec::new()
            }
            Event::Resize(columns, rows) => {
                self.explore.resize(*columns, *rows);
                self.hold();
                Vec::new()
            }
            _ => Vec::new(),
        };
        effects.extend(self.effects(now));
        effects
    }

    /// Takes an answer or news; what is wanted in consequence.
    pub fn on_reply(&mut self, reply: Reply, now: Instant) -> Vec<Effect> {
        match reply {
            Reply::Notice(text) => self.notice(text, now),
            Reply::Flags { generation, report } => {
                self.flags.take(generation, report);
                self.hold();
            }
            Reply::Coverage { generation, report } => {
                self.coverage.take(generation, report);
                self.hold();
            }
            Reply::Questions { generation, report } => {
                self.questions.take(generation, report);
                self.hold();
            }
            Reply::Pairing { generation, share } => self.pairs.take_share(generation, share),
            Reply::Pairs { generation, report } => {
                self.pairs.take(generation, report);
                self.hold();
            }
            Reply::Nearest { generation, report } => {
                self.pairs.take_nearest(generation, report);
                self.hold();
            }
            Reply::Spot(news) => {
                if let Some(text) = self.spot.take(news) {
                    self.notice(text, now);
                }
            }
            Reply::PairDetail { generation, detail } => self.pairs.take_detail(generation, detail),
            Reply::Export(ExportNews::Going { samples, total }) => {
                let (samples, total) = (thousands(samples), thousands(total));
                self.say(format!("exporting: {samples} of {total} samples; E stops it"), now);
            }
            Reply::Export(ExportNews::Ended(came)) => {
                self.is_exporting = false;
                self.notice(export::told(&came), now);
            }
            Reply::Marked { report, done } => {
                self.pairs.take_decisions(&report);
                self.keymap.bind_digits(marks::digits(&report));
                if self.marks.take(report) || done.is_some() {
                    self.explore.look_again(now);
                }
                if let Some(done) = done {
                    if marks::is_step(&done) {
                        self.explore.note_step();
                    }
                    self.say(marks::told(&done), now);
                }
            }
            Reply::Sight(sight) => {
                // A terminal that says little of itself may have shown that it has all colours.
                if sight.truecolor && self.explore.theme == Theme::sixteen() {
                    self.explore.theme = Theme::dark();
                }
                self.explore.pictures.start_over(sight.is_coarse_at_first());
            }
            reply => self.explore.reply(reply, now),
        }
        self.effects(now)
    }

    /// What is wanted: by the explorer at all times, of the whole query by the screen that is open.
    fn effects(&mut self, now: Instant) -> Vec<Effect> {
        let mut effects = self.effects_of_explorer(now);
        effects.extend(self.keep_place(now));
        // While somebody types, the words are not finished.
        if self.explore.focus == Focus::Query {
            return effects;
        }
        let progress = self.explore.progress.as_ref();
        let stand = Stand {
            is_ready: progress.is_some_and(|progress| progress.stage == Stage::Ready),
            samples: progress.map_or(0, |progress| progress.samples),
            marks: self.marks.version_for(self.explore.query.text()),
        };
        let text = self.explore.query.text().to_owned();
        match self.open {
            Screen::Explore | Screen::Gallery => {}
            Screen::Flags => {
                let generation = self.flags.want(&text, stand, now);
                effects.extend(generation.map(|generation| Effect::Flags { generation, text }));
            }
            Screen::Coverage => {
                let generation = self.coverage.want(&text, stand, now);
                effects.extend(generation.map(|generation| Effect::Coverage { generation, text }));
            }
            Screen::Pairs => effects.extend(self.pairs.effects(&text, stand, now)),
            Screen::Spot => {
                let body = self.body();
                effects.extend(self.spot.effects(body, &self.explore.theme, stand.is_ready));
            }
            Screen::Questions => {
                let generation = self.questions.want(&text, stand, now);
                effects.extend(generation.map(|generation| Effect::Questions { generation, text }));
            }
        }
        effects
    }

    /// What the explorer wants, with the pictures of whatever shows its hits.
    fn effects_of_explorer(&mut self, now: Instant) -> Vec<Effect> {
        let body = self.body();
        let is_gallery = self.open == Screen::Gallery;
        if is_gallery {
            self.gallery.hold(body, &self.explore.hits);
        }
        self.explore.show_elsewhere(is_gallery.then(|| self.gallery.in_view(body)));
        self.explore.settle();
        if let Some(viewer) = &mut self.viewer {
            viewer.follow(&self.explore);
        }
        let pictures = self.pictures_in_view(body);
        self.explore.effects(pictures, now)
    }

    fn pictures_in_view(&self, body: Rect) -> Option<Vec<PictureKey>> {
        match (&self.viewer, self.open) {
            (Some(viewer), _) => Some(viewer.wanted(self.explore.area(), &self.explore)),
            (None, Screen::Gallery) => Some(self.gallery.wanted(body, &self.explore.hits)),
            (None, Screen::Pairs) => Some(self.pairs.wanted(body)),
            (None, Screen::Spot) => Some(self.spot.wanted(body)),
            (None, _) => self.explore.wanted_pictures(),
        }
    }

    /// Keeps the cursors of the other screens in view.
    fn hold(&mut self) {
        let body = self.body();
        self.flags.hold(body);
        self.coverage.hold(body);
        self.pairs.hold(body);
        self.questions.hold(body);
    }

    /// Where the screens without panes lie.
    fn body(&self) -> Rect {
        self.explore.plan(self.explore.area()).body()
    }

    /// Does what was put off until now.
    pub fn on_tick(&mut self, now: Instant) -> Vec<Effect> {
        if self.flash_until.is_some_and(|until| until <= now) {
            (self.flash_until, self.word) = (None, None);
        }
        self.explore.tick(now);
        self.flags.inquiry.tick(now);
        self.coverage.inquiry.tick(now);
        self.pairs.tick(now);
        self.questions.inquiry.tick(now);
        self.effects(now)
    }

    /// When [`Self::on_tick`] is next due; `None` where nothing was put off.
    pub fn next_tick(&self) -> Option<Instant> {
        let inquiries = [
            self.flags.inquiry.next_tick(),
            self.coverage.inquiry.next_tick(),
            self.questions.inquiry.next_tick(),
            self.pairs.next_tick(),
        ];
        let session = self.session.due.as_ref().map(|(_, at)| *at);
        let others = [self.flash_until, self.explore.next_tick(), session];
        others.into_iter().chain(inquiries).flatten().min()
    }

    /// Draws everything, and puts the terminal's cursor into the box that is typed in.
    pub fn draw(&self, frame: &mut Frame<'_>) {
        let area = frame.area();
        if let Some(position) = self.paint(frame.buffer_mut(), area) {
            frame.set_cursor_position(position);
        }
    }

    fn paint(&self, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let theme = &self.explore.theme;
        let plan = self.explore.plan(area);
        if plan.is_too_small() {
            draw_too_small(buffer, area, theme);
            return None;
        }
        let cursor = self.paint_below(buffer, &plan);
        self.draw_hints(buffer, plan.hint);
        match &self.overlay {
            None => cursor,
            Some(Overlay::Help(finder)) => {
                Some(overlay::draw_help(finder, &self.keymap, self.context_below(), buffer, area, theme))
            }
            Some(Overlay::Palette(finder, context)) => {
                Some(overlay::draw_palette(finder, &self.keymap, *context, buffer, area, theme))
            }
            Some(Overlay::Messages(scroll)) => {
                overlay::draw_messages(&self.messages, *scroll, buffer, area, theme);
                None
            }
            Some(Overlay::Tags(finder, target)) => {
                Some(overlay::draw_tags(finder, target, &self.marks.report, buffer, area, theme))
            }
            Some(Overlay::Saved(finder)) => {
                let query = self.explore.query.text();
                Some(overlay::draw_saved(finder, &self.marks.report, query, buffer, area, theme))
            }
            Some(Overlay::Note(finder, id)) => Some(overlay::draw_note(finder, id, buffer, area, theme)),
            Some(Overlay::Export(finder, total)) => {
                Some(overlay::draw_export(finder, *total, buffer, area, theme))
            }
        }
    }

    /// What overlays lie over; where the terminal's cursor belongs, if anything is typed there.
    fn paint_below(&self, buffer: &mut Buffer, plan: &Plan) -> Option<Position> {
        let theme = &self.explore.theme;
        if let Some(viewer) = &self.viewer {
            viewer.draw(buffer, plan.area, &self.explore);
            return None;
        }
        let cursor = self.explore.draw_head(buffer, plan, self.open);
        let has_focus = cursor.is_none();
        match self.open {
            Screen::Explore => self.explore.draw_panes(buffer, plan),
            Screen::Gallery => self.gallery.draw(buffer, plan.body(), &self.explore, has_focus),
            Screen::Flags => self.flags.draw(buffer, plan.body(), theme, has_focus),
            Screen::Coverage => self.coverage.draw(buffer, plan.body(), theme, has_focus),
            Screen::Questions => self.questions.draw(buffer, plan.body(), theme, has_focus),
            Screen::Pairs => {
                let typed = self.pairs.draw(buffer, plan.body(), theme, &self.explore.pictures, has_focus);
                self.explore.draw_over(buffer, plan);
                return cursor.or(typed);
            }
            Screen::Spot => {
                let typed = self.spot.draw(buffer, plan.body(), theme, &self.explore.pictures, has_focus);
                self.explore.draw_over(buffer, plan);
                return cursor.or(typed);
            }
        }
        self.explore.draw_over(buffer, plan);
        cursor
    }

    fn context(&self) -> Context {
        self.overlay.as_ref().map_or_else(|| self.context_below(), Overlay::context)
    }

    /// What has the keys when nothing lies over the screen.
    fn context_below(&self) -> Context {
        match (self.explore.context(), self.open) {
            (Context::Query, _) => Context::Query,
            _ if self.viewer.is_some() => Context::Viewer,
            (_, Screen::Gallery) => Context::Gallery,
            (explored, Screen::Explore) => explored,
            (_, Screen::Flags) => Context::Flags,
            (_, Screen::Coverage) => Context::Coverage,
            (_, Screen::Pairs) if self.pairs.is_typing() => Context::PairSearch,
            (_, Screen::Pairs) => Context::Pairs,
            (_, Screen::Questions) => Context::QuestionsScreen,
            (_, Screen::Spot) if self.spot.is_typing() => Context::SpotReasons,
            (_, Screen::Spot) => Context::Spot,
        }
    }

    /// Whether closing would close something here, and not leave the program.
    fn can_close(&self) -> bool {
        self.viewer.is_some()
            || self.open != Screen::Explore
            || self.explore.can_close()
            || self.origin.is_some()
    }

    fn on_key(&mut self, key: KeyEvent, now: Instant) -> Vec<Effect> {
        let context = self.context();
        match self.keymap.press(key, context) {
            Pressed::Action(Action::BindDigit, _) => self.bind(key),
            Pressed::Action(action, count) => {
                let mut effects = self.act(action, count, now);
                if effects.iter().any(|effect| matches!(effect, Effect::Quit | Effect::Cancel)) {
                    self.session.due = None;
                    let place = self.place();
                    effects.splice(0..0, self.keep(place));
                }
                effects
            }
            Pressed::Nothing if context.has_sample() => self.tag_by_digit(key, now),
            Pressed::Nothing => {
                self.on_char(key);
                Vec::new()
            }
            Pressed::Waiting => Vec::new(),
        }
    }

    /// A letter that is no command goes into the box that is open.
    fn on_char(&mut self, key: KeyEvent) {
        let KeyCode::Char(c) = key.code else { return };
        if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
            return;
        }
        match &mut self.overlay {
            Some(overlay) => {
                if let Some(finder) = overlay.finder() {
                    finder.edit.insert(c.encode_utf8(&mut [0; 4]));
                    (finder.cursor, finder.scroll) = (0, Scroll::default());
                }
            }
            None if self.explore.focus == Focus::Query => self.explore.type_char(c),
            None if self.open == Screen::Pairs && self.pairs.is_typing() => {
                self.pairs.type_text(c.encode_utf8(&mut [0; 4]));
            }
            None if self.open == Screen::Spot => self.spot.type_text(c.encode_utf8(&mut [0; 4])),
            None => {}
        }
    }

    fn on_paste(&mut self, text: &str) {
        let Some(overlay) = &mut self.overlay else {
            if self.open == Screen::Pairs && self.pairs.is_typing() {
                self.pairs.type_text(text);
                return;
            }
            if self.open == Screen::Spot && self.spot.is_typing() {
                self.spot.type_text(text);
                return;
            }
            self.viewer = None;
            self.explore.paste(text);
            return;
        };
        if let Some(finder) = overlay.finder() {
            finder.edit.insert(text);
            (finder.cursor, finder.scroll) = (0, Scroll::default());
        }
    }

    fn act(&mut self, action: Action, count: Option<u64>, now: Instant) -> Vec<Effect> {
        match action {
            Action::QuitNow => return vec![Effect::Quit],
            Action::Cancel => return vec![Effect::Cancel],
            Action::Suspend => return vec![Effect::Suspend],
            Action::Redraw => {
                self.explore.pictures.forget_failures();
                return vec![Effect::Redraw];
            }
            Action::ToggleMouse => self.toggle_mouse(),
            Action::Help => self.toggle(Overlay::Help(Finder::default())),
            Action::Palette => self.toggle(Overlay::Palette(Finder::default(), self.context_below())),
            Action::Messages => {
                self.unread = 0;
                self.flash_until = None;
                self.toggle(Overlay::Messages(Scroll::default()));
            }
            Action::Quit if self.overlay.is_none() && !self.can_close() => return vec![Effect::Quit],
            _ if self.overlay.is_some() => return self.act_in_overlay(action, count, now),
            Action::Mark => return self.mark(),
            Action::Tag => {
                let target = self.sample_in_view().map(|sample| Target::sample(sample));
                self.overlay = target.map(|target| Overlay::Tags(Finder::default(), target));
            }
            Action::TagAll => {
                let (query, total) = (self.explore.query.text().to_owned(), self.explore.hits.total);
                if total > 0 && self.explore.query.problem.is_none() {
                    self.overlay = Some(Overlay::Tags(Finder::default(), Target::Hits { query, total }));
                }
            }
            Action::Note => {
                if let Some(sample) = self.sample_in_view() {
                    let edit = LineEdit::new(sample.marks.note.clone().unwrap_or_default());
                    let finder = Finder { edit, ..Finder::default() };
                    self.overlay = Some(Overlay::Note(finder, sample.id.clone()));
                }
            }
            Action::CopyId
            | Action::CopyCaption
            | Action::CopyCaptions
            | Action::CopyPath
            | Action::CopyJson
            | Action::CopyQuery => return self.copy(action, now),
            Action::Export if self.is_exporting => {
                self.say("the export is being stopped".to_owned(), now);
                return vec![Effect::StopExport];
            }
            Action::Export => {
                let total = self.explore.hits.total;
                if total > 0 && self.explore.query.problem.is_none() {
                    let edit = LineEdit::new(export::proposal(&self.explore.dataset));
                    self.overlay = Some(Overlay::Export(Finder { edit, ..Finder::default() }, total));
                }
            }
            Action::SavedQueries => {
                self.overlay = Some(Overlay::Saved(Finder::default()));
            }
            Action::GoExplore => self.go_to(Screen::Explore),
            Action::GoGallery => self.go_to(Screen::Gallery),
            Action::GoFlags => self.go_to(Screen::Flags),
            Action::GoCoverage => self.go_to(Screen::Coverage),
            Action::GoPairs => {
                self.pairs.leave_nearest();
                self.go_to(Screen::Pairs);
            }
            Action::GoQuestions => self.go_to(Screen::Questions),
            Action::GoSpot => self.go_to(Screen::Spot),
            Action::GoNearest => self.show_nearest(),
            Action::Search => {
                self.viewer = None;
                self.act_on_screen(action, count);
            }
            _ if self.viewer.is_some() => self.act_in_viewer(action, count),
            Action::ShowPicture => self.show_picture(),
            Action::ToggleGallery => self.toggle_gallery(),
            Action::Back | Action::Quit if self.is_at_origin(action) => self.return_to_origin(),
            _ => self.act_on_screen(action, count),
        }
        Vec::new()
    }

    /// The sample that is in front of the user, on screens that show one.
    fn sample_in_view(&self) -> Option<&Arc<Sample>> {
        let shows_one = self.viewer.is_some() || matches!(self.open, Screen::Explore | Screen::Gallery);
        self.explore.detail.sample.as_ref().filter(|_| shows_one)
    }

    /// The samples that were marked since the start, in that order; where none were, the one in view.
    pub fn chosen(&self) -> Vec<Arc<Sample>> {
        if !self.chosen.is_empty() {
            return self.chosen.clone();
        }
        self.explore.detail.sample.iter().cloned().collect()
    }

    /// Copies something of the sample in view, or the query.
    fn copy(&mut self, action: Action, now: Instant) -> Vec<Effect> {
        let image = self.explore.detail.image;
        let query = self.explore.query.text();
        let found = match (action, self.sample_in_view()) {
            (Action::CopyQuery, _) => Some(("the query", query.to_owned())),
            (_, None) => None,
            (action, Some(sample)) => copied(action, sample, image),
        };
        let Some((what, text)) = found.filter(|(_, text)| !text.is_empty()) else {
            self.say("there is nothing of that to copy".to_owned(), now);
            return Vec::new();
        };
        let bytes = thousands(text.len() as u64);
        if text.len() > COPY_LIMIT {
            let most = thousands(COPY_LIMIT as u64);
            self.say(format!("{what} has {bytes} bytes, and terminals take {most}: not copied"), now);
            return Vec::new();
        }
        self.say(format!("{what} is sent to the terminal's clipboard: {bytes} bytes"), now);
        vec![Effect::Copy(text)]
    }

    /// Tags the sample in view, or untags it, and goes on to the next.
    fn mark(&mut self) -> Vec<Effect> {
        let Some(sample) = self.sample_in_view().cloned() else { return Vec::new() };
        let Ok(tag) = TagName::parse(marks::MARKED) else { return Vec::new() };
        let id = sample.id.clone();
        let many = self.chosen.len();
        self.chosen.retain(|other| other.seq != sample.seq);
        if self.chosen.len() == many && !sample.marks.tags.iter().any(|tag| tag == marks::MARKED) {
            self.chosen.push(sample);
        }
        self.explore.move_list(1);
        vec![Effect::Mark(Marking::Toggle { tag, id })]
    }

    /// A digit that stands for a tag gives it to the sample in view, or takes it.
    fn tag_by_digit(&mut self, key: KeyEvent, now: Instant) -> Vec<Effect> {
        let KeyCode::Char(letter) = key.code else { return Vec::new() };
        let digit = letter.to_digit(10).filter(|_| key.modifiers.is_empty());
        let tag = digit.and_then(|digit| marks::tag_of(&self.marks.report, digit as u8));
        let (Some(tag), Some(sample)) = (tag, self.sample_in_view()) else { return Vec::new() };
        let id = sample.id.clone();
        self.say(format!("{} …", tag.as_str()), now);
        vec![Effect::Mark(Marking::Toggle { tag, id })]
    }

    /// Has a digit stand for the tag that the cursor is on.
    fn bind(&mut self, key: KeyEvent) -> Vec<Effect> {
        let (Some(Overlay::Tags(finder, target)), KeyCode::Char(letter)) = (&self.overlay, key.code) else {
            return Vec::new();
        };
        let (tag, digit) = (marks::chosen_tag(finder, &self.marks.report, target), letter.to_digit(10));
        let bound = tag.zip(digit).map(|(tag, digit)| Marking::Bind { tag, digit: digit as u8 });
        bound.map(Effect::Mark).into_iter().collect()
    }

    /// Gives the tag that the cursor is on, or takes it.
    fn tag(&mut self, on: bool) -> Vec<Effect> {
        let Some(Overlay::Tags(finder, target)) = &self.overlay else { return Vec::new() };
        let Some(tag) = marks::chosen_tag(finder, &self.marks.report, target) else { return Vec::new() };
        let marking = marks::tagging(tag, target, on);
        self.overlay = None;
        vec![Effect::Mark(marking)]
    }

    /// Goes to the saved query that the cursor is on, or saves the one that is open by a new name.
    fn use_saved(&mut self) -> Vec<Effect> {
        let Some(Overlay::Saved(finder)) = &self.overlay else { return Vec::new() };
        let query = self.explore.query.text().to_owned();
        let rows = marks::query_rows(finder.edit.text(), &self.marks.report, &query);
        let Some(name) = marks::chosen(&rows, finder) else { return Vec::new() };
        self.overlay = None;
        let saved = self.marks.report.queries.iter().find(|(other, _)| *other == name);
        match saved.map(|(_, text)| text.clone()) {
            Some(text) => {
                self.viewer = None;
                self.explore.search_for(text);
                Vec::new()
            }
            None => vec![Effect::Mark(Marking::SaveQuery { name, text: query })],
        }
    }

    /// Saves the query that is open by the name that is typed or that the cursor is on; an empty `text` forgets it.
    fn save_query(&mut self, text: String) -> Vec<Effect> {
        let Some(Overlay::Saved(finder)) = &self.overlay else { return Vec::new() };
        let query = self.explore.query.text();
        let here =
            || marks::chosen(&marks::query_rows(finder.edit.text(), &self.marks.report, query), finder);
        let is_forgotten = text.is_empty();
        let name = if is_forgotten { here() } else { marks::query_name(finder.edit.text()).or_else(here) };
        let Some(name) = name else { return Vec::new() };
        if !is_forgotten {
            self.overlay = None;
        }
        vec![Effect::Mark(Marking::SaveQuery { name, text })]
    }

    /// Where somebody is.
    fn place(&self) -> Place {
        let query = self.explore.query.text().to_owned();
        Place {
            screen: self.open.name().to_owned(),
            query,
            cursor: self.explore.hits.cursor,
            thresholds: self.flags.thresholds(),
        }
    }

    /// Keeps where somebody is, once they have been there for a while.
    fn keep_place(&mut self, now: Instant) -> Vec<Effect> {
        // While somebody types, and until the first rows have come, that is no place.
        if self.explore.focus == Focus::Query || !self.explore.hits.has_come {
            self.session.due = None;
            return Vec::new();
        }
        let place = self.place();
        match &self.session.due {
            Some((due, at)) if *due == place => {
                if *at > now {
                    return Vec::new();
                }
                self.session.due = None;
                self.keep(place)
            }
            _ if place == self.session.kept => {
                self.session.due = None;
                Vec::new()
            }
            _ => {
                self.session.due = Some((place, now + SETTLED));
                Vec::new()
            }
        }
    }

    fn keep(&mut self, place: Place) -> Vec<Effect> {
        if place == self.session.kept || !self.explore.hits.has_come {
            return Vec::new();
        }
        let text = place.write();
        self.session.kept = place;
        vec![Effect::Mark(Marking::Session(text))]
    }

    /// Says something for a moment, on the hint line.
    fn say(&mut self, text: String, now: Instant) {
        self.word = Some(text);
        self.flash_until = Some(now + WORD);
    }

    fn act_in_viewer(&mut self, action: Action, count: Option<u64>) {
        let area = self.explore.area();
        let Some(viewer) = &mut self.viewer else { return };
        if viewer.act(action, count, area, &mut self.explore) == Outcome::Close {
            self.viewer = None;
        }
    }

    /// Shows the picture on the whole screen, from where there is one to be seen.
    fn show_picture(&mut self) {
        let has_hits = matches!(self.open, Screen::Explore | Screen::Gallery);
        if has_hits && self.explore.focus != Focus::Query && !self.explore.images().is_empty() {
            self.viewer = Some(Viewer::default());
        }
    }

    /// What the sample in view differs in from those that are nearest.
    fn show_nearest(&mut self) {
        let Some(id) = self.explore.detail.sample.as_ref().map(|sample| sample.id.clone()) else { return };
        if matches!(self.open, Screen::Explore | Screen::Gallery) {
            self.go_to(Screen::Pairs);
            self.pairs.show_nearest(&id);
        }
    }

    /// From the thumbnails to the list, and to the thumbnails from anywhere; the way back to the
    /// screen that the hits came from stays.
    fn toggle_gallery(&mut self) {
        let origin = self.origin.take();
        let is_open = self.open == Screen::Gallery;
        self.go_to(if is_open { Screen::Explore } else { Screen::Gallery });
        self.origin = origin;
    }

    fn act_on_screen(&mut self, action: Action, count: Option<u64>) {
        // What is about the query is so on every screen.
        let is_of_query = matches!(action, Action::Search | Action::ClearQuery | Action::Undo | Action::Redo);
        let is_of_hits = self.open == Screen::Gallery && action == Action::Shuffle;
        let body = self.body();
        let outcome = match self.open {
            _ if is_of_hits || is_of_query || self.explore.focus == Focus::Query => {
                self.explore.act(action, count);
                return;
            }
            Screen::Explore => {
                self.explore.act(action, count);
                return;
            }
            Screen::Gallery => self.gallery.act(action, count, body, &mut self.explore),
            Screen::Flags => self.flags.act(action, count, body),
            Screen::Coverage => self.coverage.act(action, count, body),
            Screen::Pairs => self.pairs.act(action, count, body),
            Screen::Questions => self.questions.act(action, count, body),
            Screen::Spot => {
                let text = self.explore.query.text().to_owned();
                self.spot.act(action, count, body, &text)
            }
        };
        self.follow(outcome);
    }

    fn go_to(&mut self, screen: Screen) {
        if self.explore.focus == Focus::Query {
            self.explore.close_query();
        }
        self.open = screen;
        self.viewer = None;
        self.origin = None;
        if screen == Screen::Spot {
            self.spot.enter();
        }
    }

    fn follow(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Done => {}
            // The list is another way to see what the gallery shows: the way back from there stays.
            Outcome::Close if self.open == Screen::Gallery => self.toggle_gallery(),
            Outcome::Close => self.go_to(Screen::Explore),
            Outcome::Search(more) => {
                let before = self.explore.query.text().to_owned();
                let text = narrowed(&before, &more);
                self.origin = Some(Origin { screen: self.open, before, narrowed: text.clone() });
                self.open = Screen::Explore;
                self.explore.search_node(Some(text));
            }
        }
    }

    /// Whether the way back leads to the screen from which the samples were opened.
    fn is_at_origin(&self, action: Action) -> bool {
        let is_at_root = match self.explore.focus {
            Focus::Query => false,
            Focus::Pane(Pane::List) => true,
            Focus::Pane(_) => action == Action::Quit,
        };
        self.open == Screen::Explore && self.origin.is_some() && is_at_root && !self.explore.can_close()
    }

    /// Goes back to that screen, and to its query unless another one was typed meanwhile.
    fn return_to_origin(&mut self) {
        let Some(origin) = self.origin.take() else { return };
        if self.explore.query.text() == origin.narrowed {
            self.explore.return_to(origin.before);
        }
        self.open = origin.screen;
    }

    fn toggle(&mut self, overlay: Overlay) {
        let is_open = self.overlay.as_ref().is_some_and(|open| open.context() == overlay.context());
        self.overlay = if is_open { None } else { Some(overlay) };
    }

    fn toggle_mouse(&mut self) {
        self.mouse = if self.wants_mouse() { Mouse::Terminal } else { Mouse::Ours };
        self.overlay = None;
    }

    fn act_in_overlay(&mut self, action: Action, count: Option<u64>, now: Instant) -> Vec<Effect> {
        let times = count.unwrap_or(1).min(1 << 20) as isize;
        let page = isize::try_from(self.explore.area().height / 2).unwrap_or(1).max(1);
        match action {
            Action::Back | Action::Quit => self.overlay = None,
            Action::Accept | Action::Open => return self.accept(now),
            Action::TakeAway if matches!(self.overlay, Some(Overlay::Tags(..))) => return self.tag(false),
            Action::TakeAway => return self.save_query(String::new()),
            Action::SaveAs => {
                let query = self.explore.query.text().to_owned();
                return if query.trim().is_empty() { Vec::new() } else { self.save_query(query) };
            }
            Action::Down => self.scroll_overlay(times),
            Action::Up => self.scroll_overlay(-times),
            Action::PageDown | Action::HalfDown => self.scroll_overlay(page),
            Action::PageUp | Action::HalfUp => self.scroll_overlay(-page),
            Action::First => self.scroll_overlay(isize::MIN / 2),
            Action::Last => self.scroll_overlay(isize::MAX / 2),
            _ => {
                if let Some(finder) = self.overlay.as_mut().and_then(Overlay::finder) {
                    let before = finder.edit.text().to_owned();
                    edit(&mut finder.edit, action);
                    if finder.edit.text() != before {
                        (finder.cursor, finder.scroll) = (0, Scroll::default());
                    }
                }
            }
        }
        Vec::new()
    }

    /// Runs the command that the palette's cursor is on.
    fn accept(&mut self, now: Instant) -> Vec<Effect> {
        match &self.overlay {
            Some(Overlay::Tags(..)) => return self.tag(true),
            Some(Overlay::Saved(_)) => return self.use_saved(),
            _ => {}
        }
        let Some(open) = self.overlay.take() else { return Vec::new() };
        match open {
            Overlay::Export(finder, _) => {
                let query = self.explore.query.text().to_owned();
                let Some(wish) = export::wish(finder.edit.text(), query) else { return Vec::new() };
                self.is_exporting = true;
                self.say(format!("exporting to {} …", wish.to), now);
                vec![Effect::Export(wish)]
            }
            Overlay::Note(finder, id) => {
                vec![Effect::Mark(Marking::Note { id, text: finder.edit.text().to_owned() })]
            }
            Overlay::Palette(finder, _) => {
                let row = overlay::palette_rows(finder.edit.text()).into_iter().nth(finder.cursor);
                row.map_or_else(Vec::new, |(action, _)| self.act(action, None, now))
            }
            other @ Overlay::Help(_) => {
                self.overlay = Some(other);
                Vec::new()
            }
            Overlay::Messages(_) | Overlay::Tags(..) | Overlay::Saved(_) => Vec::new(),
        }
    }

    /// Rows of a list that typing narrows; none where something else is open.
    fn list_rows(&self) -> Option<usize> {
        let report = &self.marks.report;
        match &self.overlay {
            Some(Overlay::Palette(finder, _)) => Some(overlay::palette_rows(finder.edit.text()).len()),
            Some(Overlay::Tags(finder, target)) => {
                Some(marks::tag_rows(finder.edit.text(), report, target).len())
            }
            Some(Overlay::Saved(finder)) => {
                Some(marks::query_rows(finder.edit.text(), report, self.explore.query.text()).len())
            }
            _ => None,
        }
    }

    fn scroll_overlay(&mut self, delta: isize) {
        let area = self.explore.area();
        if let Some(rows) = self.list_rows() {
            let height = usize::from(overlay::inside(overlay::list_area(area)).height.saturating_sub(1));
            if let Some(finder) = self.overlay.as_mut().and_then(Overlay::finder) {
                finder.cursor = finder.cursor.saturating_add_signed(delta).min(rows.saturating_sub(1));
                finder.scroll.show(finder.cursor, rows, height);
            }
            return;
        }
        let context = self.context_below();
        let theme = &self.explore.theme;
        match &mut self.overlay {
            Some(Overlay::Help(finder)) => {
                let inner = overlay::inside(overlay::help_area(area));
                let width = inner.width.saturating_sub(1);
                let lines = overlay::help_lines(finder.edit.text(), &self.keymap, context, theme, width);
                finder.scroll.by(delta, lines.len(), usize::from(inner.height.saturating_sub(1)));
            }
            Some(Overlay::Messages(scroll)) => {
                let lines =
                    overlay::message_lines(&self.messages, overlay::messages_width(area), theme).len();
                let inner = overlay::inside(overlay::place(area, 90, lines));
                scroll.by(delta, lines, usize::from(inner.height));
            }
            _ => {}
        }
    }

    fn on_mouse(&mut self, event: MouseEvent, now: Instant) {
        if self.overlay.is_none() {
            self.on_mouse_below(event, now);
            return;
        }
        match event.kind {
            MouseEventKind::ScrollDown => self.scroll_overlay(3),
            MouseEventKind::ScrollUp => self.scroll_overlay(-3),
            MouseEventKind::Down(MouseButton::Left) => self.click_overlay(event),
            _ => {}
        }
    }

    fn on_mouse_below(&mut self, event: MouseEvent, now: Instant) {
        let plan = self.explore.plan(self.explore.area());
        let point = Position::new(event.column, event.row);
        if let Some(viewer) = &mut self.viewer {
            let area = self.explore.area();
            viewer.mouse(event, area, &mut self.explore);
            return;
        }
        let is_press = event.kind == MouseEventKind::Down(MouseButton::Left);
        if is_press && let Some(screen) = self.explore.tab_at(plan.top, point) {
            self.go_to(screen);
            return;
        }
        let is_on_query = is_press && self.explore.press_query(&plan, point);
        let outcome = match self.open {
            _ if is_on_query => Outcome::Done,
            Screen::Explore => {
                self.explore.mouse(event, now);
                Outcome::Done
            }
            Screen::Gallery => self.gallery.mouse(event, plan.body(), now, &mut self.explore),
            Screen::Flags => self.flags.mouse(event, plan.body(), now),
            Screen::Coverage => self.coverage.mouse(event, plan.body(), now),
            Screen::Pairs => self.pairs.mouse(event, plan.body()),
            Screen::Questions => self.questions.mouse(event, plan.body()),
            Screen::Spot => self.spot.mouse(event, plan.body()),
        };
        self.follow(outcome);
    }

    /// A click beside what is open closes it; one on a command moves there.
    fn click_overlay(&mut self, event: MouseEvent) {
        let area = self.explore.area();
        let point = Position::new(event.column, event.row);
        let rows = self.list_rows().unwrap_or_default();
        let (place, top) = match &mut self.overlay {
            Some(Overlay::Palette(finder, _) | Overlay::Tags(finder, _) | Overlay::Saved(finder)) => {
                (overlay::list_area(area), Some(finder))
            }
            Some(Overlay::Note(..)) => (overlay::note_area(area), None),
            Some(Overlay::Export(..)) => (overlay::export_area(area), None),
            Some(Overlay::Help(_)) => (overlay::help_area(area), None),
            _ => {
                let lines = overlay::message_lines(
                    &self.messages,
                    overlay::messages_width(area),
                    &self.explore.theme,
                );
                (overlay::place(area, 90, lines.len()), None)
            }
        };
        if !place.contains(point) {
            self.overlay = None;
            return;
        }
        let inner = overlay::inside(place);
        if let Some(finder) = top
            && event.row > inner.y
            && event.row < inner.bottom()
        {
            let row = finder.scroll.top + usize::from(event.row - inner.y - 1);
            finder.cursor = row.min(rows.saturating_sub(1));
        }
    }

    fn notice(&mut self, text: String, now: Instant) {
        if self.messages.last() == Some(&text) {
            return;
        }
        self.messages.push(text);
        if self.messages.len() > MESSAGES {
            self.messages.remove(0);
        }
        if !matches!(self.overlay, Some(Overlay::Messages(_))) {
            self.unread += 1;
            self.word = None;
            self.flash_until = Some(now + FLASH);
        }
    }

    /// The keys that matter here; a message that just came; what is typed of a command.
    fn draw_hints(&self, buffer: &mut Buffer, area: Rect) {
        let theme = &self.explore.theme;
        let mut right = area.right();
        let pending = self.keymap.pending();
        if !pending.is_empty() {
            right = put_right(buffer, area, right, &format!(" {pending} "), theme.focus);
        }
        if self.unread > 0 && self.flash_until.is_none() {
            let text = format!(" M: {} new ", self.unread);
            right = put_right(buffer, area, right, &text, theme.warning);
        }
        let area = Rect { width: right.saturating_sub(area.x), ..area };
        let message = self.word.as_ref().or(self.messages.last());
        if let Some(message) = message.filter(|_| self.flash_until.is_some()) {
            let text = clip(&safe(message), usize::from(area.width.saturating_sub(3))).into_owned();
            let style = if self.word.is_some() { theme.good } else { theme.warning };
            let x = put(buffer, area, area.x, " • ", style);
            put(buffer, area, x, &text, theme.text);
            return;
        }
        let context = self.context();
        let mut x = area.x + 1;
        if let Some(viewer) = self.viewer.as_ref().filter(|_| self.overlay.is_none()) {
            let status = viewer.status(self.explore.area(), &self.explore);
            let room = usize::from(area.width) * 2 / 3;
            x = put(buffer, area, x, &clip(&status, room), theme.text) + 2;
        }
        let back: &[(Action, &str)] = match self.origin.as_ref().map(|origin| origin.screen) {
            Some(Screen::Flags) if context == Context::List => &[(Action::Back, "back to flags")],
            Some(_) if context == Context::List => &[(Action::Back, "back to coverage")],
            _ => &[],
        };
        for (action, name) in back.iter().chain(hints(context, self.explore.can_close())) {
            if context == Context::Coverage && !self.coverage.uses(*action) {
                continue;
            }
            let Some(key) = self.keymap.keys(*action, context).first().copied() else { continue };
            let key = key.replace(' ', "");
            if usize::from(x) + columns(&key) + columns(name) + 3 > usize::from(area.right()) {
                break;
            }
            x = put(buffer, area, x, &key, theme.key);
            x = put(buffer, area, x + 1, name, theme.dim) + 2;
        }
    }
}

/// What is copied of a sample, with its name.
fn copied(action: Action, sample: &Sample, image: usize) -> Option<(&'static str, String)> {
    match action {
        Action::CopyId => Some(("the id", sample.id.clone())),
        Action::CopyCaption => Some(("the caption", sample.headline()?.text.clone())),
        Action::CopyCaptions => {
            let all: Vec<&str> = sample.captions.iter().map(|caption| caption.text.as_str()).collect();
            Some(("all of the captions", all.join("\n")))
        }
        Action::CopyJson => {
            let mut json = Vec::new();
            record::write(&record::of(sample), false, &mut json).ok()?;
            Some(("the sample", String::from_utf8(json).ok()?.trim_end().to_owned()))
        }
        Action::CopyPath => {
            let reference = &sample.images.get(image)?.reference;
            let path = match reference {
                ImageRef::File(path) => std::path::absolute(path).ok()?.to_string_lossy().into_owned(),
                ImageRef::Data(_) | ImageRef::Missing { .. } => return None,
                other => other.label(),
            };
            Some(("the path", path))
        }
        _ => None,
    }
}

fn put_right(buffer: &mut Buffer, area: Rect, right: u16, text: &str, style: ratatui::style::Style) -> u16 {
    let x = right.saturating_sub(columns(text) as u16).max(area.x);
    put(buffer, area, x, text, style);
    x
}

/// The keys that a context tells of, the most useful first.
fn hints(context: Context, can_close: bool) -> &'static [(Action, &'static str)] {
    match context {
        Context::List => &[
            (Action::Search, "search"),
            (Action::Down, "down"),
            (Action::Up, "up"),
            (Action::Open, "open"),
            (Action::FocusNext, "next pane"),
            (Action::Help, "help"),
            (Action::Quit, "quit"),
            (Action::ToggleGallery, "gallery"),
            (Action::ShowPicture, "view"),
            (Action::GoFlags, "flags"),
            (Action::GoCoverage, "coverage"),
            (Action::Tag, "tag"),
            (Action::Undo, "undo"),
            (Action::Zoom, "zoom"),
            (Action::ZoomPicture, "picture"),
            (Action::Shuffle, "shuffle"),
            (Action::Palette, "commands"),
        ],
        Context::Query => &[
            (Action::Accept, "keep"),
            (Action::Back, "leave"),
            (Action::Complete, "complete"),
            (Action::HistoryBack, "older query"),
            (Action::KillWordLeft, "delete word"),
            (Action::KillToStart, "clear"),
            (Action::Help, "help"),
        ],
        Context::QuestionsScreen => &[
            (Action::Open, "its samples"),
            (Action::FocusNext, "other side"),
            (Action::Reorder, "other order"),
            (Action::Down, "down"),
            (Action::Up, "up"),
            (Action::Search, "search"),
            (Action::Back, "back"),
            (Action::Help, "help"),
        ],
        Context::Gallery => &[
            (Action::Open, "open"),
            (Action::ShowPicture, "view"),
            (Action::Search, "search"),
            (Action::Larger, "larger"),
            (Action::Smaller, "smaller"),
            (Action::Back, "list"),
            (Action::Help, "help"),
            (Action::Left, "left"),
            (Action::Down, "down"),
            (Action::Up, "up"),
            (Action::Right, "right"),
            (Action::PageDown, "page"),
            (Action::Shuffle, "shuffle"),
            (Action::Mark, "mark"),
            (Action::Tag, "tag"),
            (Action::Undo, "undo"),
        ],
        Context::Viewer => &[
            (Action::Larger, "nearer"),
            (Action::Smaller, "further"),
            (Action::NextSample, "next"),
            (Action::PreviousSample, "before"),
            (Action::Back, "back"),
            (Action::Help, "help"),
            (Action::Whole, "whole"),
            (Action::NextPicture, "next picture"),
            (Action::PairView, "two"),
            (Action::ToggleBoxes, "boxes"),
            (Action::Tag, "tag"),
        ],
        Context::Tree | Context::Fields | Context::Figures => &[
            (Action::Open, "search for it"),
            (Action::ToggleFold, "fold"),
            (Action::Down, "down"),
            (Action::FocusNext, "next pane"),
            (Action::Back, "back"),
            (Action::NextSample, "next sample"),
            (Action::Zoom, "zoom"),
            (Action::Help, "help"),
            (Action::Quit, "close"),
        ],
        Context::Text | Context::Questions if can_close => &[
            (Action::Back, "back"),
            (Action::Down, "down"),
            (Action::NextFact, "next fact"),
            (Action::NextHit, "next hit"),
            (Action::NextSample, "next sample"),
            (Action::PreviousSample, "sample before"),
            (Action::FocusNext, "next pane"),
            (Action::Zoom, "zoom"),
            (Action::Help, "help"),
            (Action::Quit, "close"),
        ],
        Context::Text | Context::Questions => &[
            (Action::Down, "down"),
            (Action::NextFact, "next fact"),
            (Action::NextHit, "next hit"),
            (Action::FocusNext, "next pane"),
            (Action::Back, "list"),
            (Action::NextSample, "next sample"),
            (Action::Zoom, "zoom"),
            (Action::Help, "help"),
            (Action::Quit, "quit"),
        ],
        Context::Picture => &[
            (Action::Back, "back"),
            (Action::Down, "next sample"),
            (Action::NextPicture, "next picture"),
            (Action::ShowPicture, "view"),
            (Action::Help, "help"),
        ],
        Context::Flags => &[
            (Action::Open, "show them"),
            (Action::LowerThreshold, "lower"),
            (Action::RaiseThreshold, "raise threshold"),
            (Action::ResetThreshold, "reset"),
            (Action::Back, "back"),
            (Action::Help, "help"),
            (Action::Search, "search"),
            (Action::Reorder, "order"),
            (Action::GoCoverage, "coverage"),
        ],
        Context::Coverage => &[
            (Action::NextPage, "next page"),
            (Action::Open, "search for it"),
            (Action::Left, "left"),
            (Action::Right, "right"),
            (Action::Back, "back"),
            (Action::Help, "help"),
            (Action::Search, "search"),
            (Action::ToggleFold, "fold"),
            (Action::GoFlags, "flags"),
        ],
        Context::Pairs => &[
            (Action::AcceptPair, "accept"),
            (Action::RejectPair, "reject"),
            (Action::UndecidePair, "undecided"),
            (Action::FindPairs, "find a change"),
            (Action::Open, "open both"),
            (Action::Back, "back"),
            (Action::Help, "help"),
            (Action::Reorder, "order"),
            (Action::Right, "scroll text"),
        ],
        Context::Spot => &[
            (Action::FocusNext, "figures, list"),
            (Action::UndoVerdict, "take back"),
            (Action::EditReasons, "reasons"),
            (Action::Open, "open"),
            (Action::Back, "leave"),
            (Action::Help, "help"),
            (Action::Down, "scroll"),
            (Action::ZoomPicture, "picture"),
        ],
        Context::SpotReasons => &[(Action::Accept, "keep"), (Action::Back, "drop")],
        Context::PairSearch => &[(Action::Accept, "keep"), (Action::Back, "drop")],
        Context::Help => &[(Action::Back, "close"), (Action::Down, "move"), (Action::PageDown, "page")],
        Context::Palette => &[(Action::Accept, "run"), (Action::Back, "close"), (Action::Down, "move")],
        Context::Messages => &[(Action::Back, "close"), (Action::Down, "down")],
        Context::Tags => &[
            (Action::Accept, "give or take"),
            (Action::TakeAway, "take from all"),
            (Action::BindDigit, "… 9: digit for it"),
            (Action::Back, "close"),
        ],
        Context::Saved => &[
            (Action::Accept, "go to it"),
            (Action::SaveAs, "save by this name"),
            (Action::TakeAway, "forget"),
            (Action::Back, "close"),
        ],
        Context::Note => &[(Action::Accept, "keep"), (Action::Back, "drop")],
        Context::Export => {
            &[(Action::Accept, "export"), (Action::KillToStart, "clear"), (Action::Back, "close")]
        }
    }
}
