//! The explore screen: query, list, and all that is known of the sample under the cursor.
//!
//! State and update are here; where things lie is in `layout`, how they look in `show`, and each
//! pane with a mind of its own has its own file. Nothing here waits or asks the time: a wish goes
//! out as an [`Effect`], its answer comes back as a [`Reply`] or never.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::action::{Action, Context};
use crate::index::{Page, Progress, Stage};
use crate::measure::{Analyst, Figures, causes};
use crate::media::Mark;
use crate::model::{Evidence, Image, Sample, Seq};
use crate::query::UNSETTLED;
use crate::ui::Theme;
use crate::worker::{Effect, Marking, PictureKey, Reply, Suggestion};

use super::boxes::{self, Boxes};
use super::fields::Fields;
use super::figures;
use super::hits::Hits;
use super::layout::{Frame, Pane, Plan, Shape, View, plan};
use super::links::Links;
use super::pair_panes;
use super::picture::{Pictures, Sight, can_be_made, key_of, stated_size};
use super::query_box::{Edited, Problem, QueryBox};
use super::reading;
use super::sheet::Sheet;
use super::tree::Tree;

/// Finds the words of a text (second) that answer a query's text (first), as byte ranges in order.
pub type Lit = Box<dyn Fn(&str, &str) -> Vec<Range<usize>>>;

/// Time between two looks at a growing index.
const REFRESH: Duration = Duration::from_millis(400);
/// Two clicks within this time on one place are a double click.
pub(crate) const DOUBLE_CLICK: Duration = Duration::from_millis(400);
/// Rows that a turn of the mouse wheel moves.
const WHEEL: i64 = 3;
/// Rows of the picture pane where there is no picture at all, but a reason why.
const MISSING: u16 = 3;
/// Bytes of captions in which the causes of a flag are looked for while somebody waits.
const READ_AT_ONCE: usize = 64 * 1024;
/// Queries and marks that can be undone.
const UNDO: usize = 200;

/// What has the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Focus {
    Query,
    Pane(Pane),
}

/// A finished query and where in its hits the cursor was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Moment {
    text: String,
    cursor: u64,
}

/// Something that can be taken back: queries and marks in one row, as they were done.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Deed {
    /// Another query took the place of this one.
    Query(Moment),
    /// A step of the workspace, which knows what it was.
    Step,
}

/// A search that has not been answered.
#[derive(Clone, Debug)]
struct Asked {
    generation: u64,
    rows: Range<u64>,
    of: Of,
}

/// What the cursor of the list holds on to while a growing index moves the places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Anchor {
    /// The best hit, as long as the cursor was not moved.
    Top,
    /// The sample that it was put on.
    Sample,
}

/// Which query a search is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    /// The one in the box.
    Wanted,
    /// The one whose hits still stand in the list while there is something wrong with the other.
    Shown,
}

/// What is known of the sample under the cursor, made ready to draw.
#[derive(Default)]
pub(crate) struct Detail {
    pub(crate) sample: Option<Arc<Sample>>,
    pub(crate) captions: Sheet,
    pub(crate) questions: Sheet,
    pub(crate) tree: Tree,
    pub(crate) fields: Fields,
    /// Its flags and figures, as rows that can be searched for.
    pub(crate) figures: Fields,
    /// What these rows were made of.
    pub(crate) measured: Option<Arc<Figures>>,
    /// Which words say which descriptor, once somebody asks for it.
    links: Option<Links>,
    /// The cursor among the words that say something, as a place among their stops.
    word: Option<usize>,
    /// What the marks in the captions stand for.
    marked: Marked,
    /// Which of its pictures.
    pub(crate) image: usize,
    /// Its boxes, as far as they are drawn now.
    boxes: Arc<[Mark]>,
    /// What the sheets were made for: query and widths.
    made_for: Option<(String, [u16; 4])>,
    /// Rows of the longest text since the last resize, so that the panes keep their heights.
    text_rows: u16,
}

/// What is marked in the captions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Marked {
    #[default]
    Nothing,
    /// Where the descriptors of the tree's node are said.
    Facts(Vec<usize>),
    /// What caused a flag.
    Flag(String),
    /// The cursor among words.
    Word(usize),
}

/// What the mouse holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grip {
    Nothing,
    Scrollbar,
}

/// The screen.
pub(crate) struct Explore {
    pub(crate) dataset: String,
    pub(crate) theme: Theme,
    lit: Lit,
    area: Rect,
    pub(crate) query: QueryBox,
    pub(crate) hits: Hits,
    pub(crate) progress: Option<Progress>,
    pub(crate) focus: Focus,
    /// The pane that gets the keys back from the query box or from a zoomed picture.
    last_pane: Pane,
    pub(crate) view: View,
    zoom: Option<Pane>,
    tab: Pane,
    pub(crate) detail: Detail,
    pub(crate) pictures: Pictures,
    boxes: Boxes,
    /// The hits that are in view where another screen shows them.
    elsewhere: Option<Range<u64>>,
    /// What could be meant by a query without hits.
    pub(crate) guesses: Vec<Suggestion>,
    generation: u64,
    /// First generation of the query that is wanted, and of the one that is shown.
    since: u64,
    shown_since: u64,
    live: bool,
    shown_live: bool,
    fresh_cursor: u64,
    asked: Option<Asked>,
    anchor: Anchor,
    /// The sample that the cursor was on before it was missing in a page, and where the cursor was left.
    missed: Option<(Seq, u64)>,
    /// The place that keys led to before there were so many hits, and where the cursor was left.
    owed: Option<(u64, u64)>,
    refresh_at: Option<Instant>,
    refreshed: Option<Instant>,
    moment: Moment,
    undo: Vec<Deed>,
    redo: Vec<Deed>,
    shuffles: u64,
    folds_trees: bool,
    grip: Grip,
    last_click: Option<(Instant, Position)>,
    /// Looks for the words that caused a flag.
    analyst: Option<Analyst>,
    effects: Vec<Effect>,
}

/// What the explore screen starts with.
pub(crate) struct Start {
    pub(crate) dataset: String,
    pub(crate) size: (u16, u16),
    pub(crate) theme: Theme,
    pub(crate) is_remote: bool,
    pub(crate) query: String,
    /// The hit that the cursor is on.
    pub(crate) cursor: u64,
    pub(crate) history: Vec<String>,
    pub(crate) lit: Lit,
}

impl Explore {
    pub(crate) fn new(start: Start) -> Self {
        let mut explore = Self {
            dataset: start.dataset,
            theme: start.theme,
            lit: start.lit,
            area: Rect::new(0, 0, start.size.0, start.size.1),
            query: QueryBox::new(start.query.clone(), start.history),
            hits: Hits::default(),
            progress: None,
            focus: Focus::Pane(Pane::List),
            last_pane: Pane::List,
            view: View::Split,
            zoom: None,
            tab: Pane::Text,
            detail: Detail::default(),
            pictures: Pictures::new(start.is_remote),
            boxes: Boxes::default(),
            elsewhere: None,
            guesses: Vec::new(),
            generation: 0,
            since: 0,
            shown_since: 0,
            live: false,
            shown_live: false,
            fresh_cursor: 0,
            asked: None,
            anchor: Anchor::Top,
            missed: None,
            owed: None,
            refresh_at: None,
            refreshed: None,
            moment: Moment { text: start.query.clone(), cursor: 0 },
            undo: Vec::new(),
            redo: Vec::new(),
            shuffles: 0,
            folds_trees: false,
            grip: Grip::Nothing,
            last_click: None,
            analyst: None,
            effects: Vec::new(),
        };
        explore.search(start.query, false, start.cursor);
        explore
    }

    /// What has the keys, for the keymap.
    pub(crate) fn context(&self) -> Context {
        match self.focus {
            Focus::Query => Context::Query,
            Focus::Pane(Pane::List) => Context::List,
            Focus::Pane(Pane::Picture) => Context::Picture,
            Focus::Pane(Pane::Text) => Context::Text,
            Focus::Pane(Pane::Tree) => Context::Tree,
            Focus::Pane(Pane::Questions) => Context::Questions,
            Focus::Pane(Pane::Figures) => Context::Figures,
            Focus::Pane(Pane::Fields) => Context::Fields,
        }
    }

    /// Whether something is open that closing would close.
    pub(crate) fn can_close(&self) -> bool {
        self.zoom.is_some() || self.view == View::Full
    }

    /// Where everything lies on a screen of this size.
    pub(crate) fn plan(&self, area: Rect) -> Plan {
        plan(area, &self.shape())
    }

    pub(crate) fn has_focus(&self, pane: Pane) -> bool {
        self.focus == Focus::Pane(pane)
    }

    /// The wishes since the last call, with those for pictures where any are in view.
    pub(crate) fn effects(&mut self, pictures: Option<Vec<PictureKey>>, now: Instant) -> Vec<Effect> {
        if let Some(keys) = pictures {
            self.pictures.want(keys, now);
        }
        self.effects.extend(self.pictures.tick(now));
        std::mem::take(&mut self.effects)
    }

    /// Says which hits are in view on another screen; their rows are fetched instead of the list's.
    pub(crate) fn show_elsewhere(&mut self, places: Option<Range<u64>>) {
        self.elsewhere = places;
    }

    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.area = Rect::new(0, 0, columns, rows);
        self.detail.text_rows = 0;
        let height = self.list_height();
        self.hits.go(self.hits.cursor, height);
    }

    pub(crate) fn area(&self) -> Rect {
        self.area
    }

    pub(crate) fn next_tick(&self) -> Option<Instant> {
        [self.refresh_at, self.pictures.next_tick()].into_iter().flatten().min()
    }

    pub(crate) fn tick(&mut self, now: Instant) {
        if self.refresh_at.is_some_and(|at| at <= now) {
            self.refresh_at = None;
            if self.asked.is_some() {
                self.refresh_at = Some(now + REFRESH / 4);
            } else {
                self.refreshed = Some(now);
                self.ask(self.window());
            }
        }
        self.effects.extend(self.pictures.tick(now));
    }

    pub(crate) fn reply(&mut self, reply: Reply, now: Instant) {
        match reply {
            Reply::Page { generation, page } => self.take_page(generation, page),
            Reply::QueryError { generation, span, message } if generation == self.generation => {
                self.asked = None;
                self.query.problem = Some(Problem { text: self.query.text().to_owned(), span, message });
            }
            Reply::Picture { key, outcome } => self.pictures.take(key, outcome),
            Reply::Suggestions { text, list } if self.query.suggests() => self.query.suggest(&text, list),
            Reply::Suggestions { text, list } if self.hits.total == 0 && text == self.hits.text => {
                self.guesses = list;
            }
            Reply::Progress(progress) => self.take_progress(progress, now),
            // Those of other screens, and those that come too late.
            Reply::QueryError { .. }
            | Reply::Suggestions { .. }
            | Reply::Notice(_)
            | Reply::Sight(_)
            | Reply::Marked { .. }
            | Reply::Export(_)
            | Reply::Flags { .. }
            | Reply::Coverage { .. }
            | Reply::Questions { .. }
            | Reply::Pairing { .. }
            | Reply::Pairs { .. }
            | Reply::Nearest { .. }
            | Reply::PairDetail { .. }
            | Reply::Spot(_) => {}
        }
    }

    fn take_page(&mut self, generation: u64, page: Page) {
        let answered =
            self.asked.as_ref().filter(|asked| asked.generation == generation).map(|asked| asked.of);
        // An older answer to the same query is welcome: it fills the list during a quick walk.
        if generation < self.since || generation > self.generation {
            return;
        }
        if answered.is_none() && self.query.problem.is_some() {
            return;
        }
        if answered.is_some() {
            self.asked = None;
        }
        if answered == Some(Of::Shown) || self.shown_since == self.since {
            self.take_more(page);
        } else {
            self.take_fresh(page);
        }
        self.hits.hold(self.list_height());
    }

    /// Takes other rows of the query that is shown, or the same rows of a larger index.
    fn take_more(&mut self, page: Page) {
        let height = self.list_height();
        let cursor = self.hits.cursor;
        let owed = self.owed.filter(|(_, left_at)| *left_at == cursor);
        let missed = self.missed.take().filter(|(_, left_at)| *left_at == cursor);
        let here = missed.map(|(seq, _)| seq).or_else(|| self.hits.current().map(|sample| sample.seq));
        let offset = cursor.saturating_sub(self.hits.top);
        let text = self.hits.text.clone();
        self.hits.take(&text, page, &self.lit);
        if let Some((place, _)) = owed {
            return self.go_towards(place);
        }
        let Some(here) = here.filter(|_| self.anchor == Anchor::Sample) else { return };
        // The cursor stays on its sample while a growing index moves the places.
        if let Some(place) = self.hits.place_of(here) {
            self.hits.top = place.saturating_sub(offset);
            self.hits.go(place, height);
        } else if missed.is_some() || self.hits.total <= cursor {
            // An index that begins has fewer samples than were shown without it.
            self.missed = Some((here, self.hits.cursor));
        }
    }

    /// Takes the first rows of another query.
    fn take_fresh(&mut self, page: Page) {
        let text = self.query.text().to_owned();
        self.shown_since = self.since;
        self.shown_live = self.live;
        self.anchor = if self.fresh_cursor > 0 { Anchor::Sample } else { Anchor::Top };
        self.query.problem = None;
        self.guesses.clear();
        self.missed = None;
        self.hits.top = 0;
        self.hits.cursor = 0;
        self.hits.take(&text, page, &self.lit);
        self.go_towards(self.fresh_cursor);
        if self.hits.total == 0 && !text.trim().is_empty() && !self.query.suggests() {
            let cursor = text.len();
            self.effects.push(Effect::Complete { text, cursor });
        }
    }

    fn take_progress(&mut self, progress: Progress, now: Instant) {
        let was_ready = self.progress.as_ref().is_some_and(|progress| progress.stage == Stage::Ready);
        let reach = self.hits.reach;
        let is_more = progress.samples > reach.samples || progress.analysed > reach.analysed;
        let is_news = is_more || (progress.stage == Stage::Ready && !was_ready);
        if is_news && self.refresh_at.is_none() {
            let due = self.refreshed.map_or(now, |last| last + REFRESH);
            self.refresh_at = Some(due.max(now));
        }
        self.progress = Some(progress);
        self.tick(now);
    }

    /// Pastes text: into the query box, which it opens.
    pub(crate) fn paste(&mut self, text: &str) {
        if self.focus != Focus::Query {
            self.open_query();
        }
        let edited = self.query.insert(text);
        self.after_edit(edited);
    }

    /// Types a letter into the query box.
    pub(crate) fn type_char(&mut self, c: char) {
        let edited = self.query.insert(c.encode_utf8(&mut [0; 4]));
        self.after_edit(edited);
    }

    /// Lets a key act.
    pub(crate) fn act(&mut self, action: Action, count: Option<u64>) {
        match self.focus {
            Focus::Query => self.act_in_query(action),
            Focus::Pane(pane) => self.act_in_pane(pane, action, count),
        }
    }

    fn act_in_query(&mut self, action: Action) {
        let has_popup = self.query.has_popup();
        match action {
            Action::Complete | Action::HistoryForward if has_popup => self.query.choose(1),
            Action::CompletePrevious | Action::HistoryBack if has_popup => self.query.choose(-1),
            Action::Complete => {
                self.query.ask();
                self.ask_suggestions();
            }
            Action::Accept if has_popup => {
                if self.query.accept() {
                    self.after_edit(Edited::Typed);
                }
            }
            Action::Back if has_popup => self.query.close_popup(),
            Action::Accept => {
                let text = self.query.text().to_owned();
                self.close_query();
                if !text.trim().is_empty() {
                    self.query.remember(&text);
                    self.effects.push(Effect::Remember(text));
                }
                self.focus = Focus::Pane(Pane::List);
                self.zoom = None;
                self.view = View::Split;
            }
            Action::Back => self.close_query(),
            Action::PageDown => self.hits.page(self.list_height() as i64, self.list_height()),
            Action::PageUp => self.hits.page(-(self.list_height() as i64), self.list_height()),
            _ => {
                let edited = self.query.act(action);
                self.after_edit(edited);
            }
        }
    }

    fn after_edit(&mut self, edited: Edited) {
        match edited {
            Edited::Typed => self.search(self.query.text().to_owned(), true, 0),
            Edited::Recalled => self.search(self.query.text().to_owned(), false, 0),
            Edited::Moved | Edited::Unknown => {}
        }
        if self.query.suggests() && edited == Edited::Typed {
            self.ask_suggestions();
        } else if edited == Edited::Recalled {
            self.query.close_popup();
        }
    }

    fn ask_suggestions(&mut self) {
        let (text, cursor) = (self.query.text().to_owned(), self.query.edit.cursor());
        self.effects.push(Effect::Complete { text, cursor });
    }

    fn open_query(&mut self) {
        if let Focus::Pane(pane) = self.focus {
            self.last_pane = if pane == Pane::Picture { Pane::List } else { pane };
        }
        if self.moment.text == self.query.text() {
            self.moment.cursor = self.hits.cursor;
        }
        self.focus = Focus::Query;
        self.query.edit.end();
    }

    /// A click on the query box or on its suggestions; false where it was elsewhere, which ends
    /// typing.
    pub(crate) fn press_query(&mut self, plan: &Plan, point: Position) -> bool {
        let is_typing = self.focus == Focus::Query;
        if is_typing && self.query.has_popup() && self.query.accept_row(point.y, plan.query) {
            self.after_edit(Edited::Typed);
            return true;
        }
        if plan.query.contains(point) {
            if !is_typing {
                self.open_query();
            }
            self.query.click(plan.query, point.x);
            return true;
        }
        if is_typing {
            self.close_query();
        }
        false
    }

    /// Goes back to a query: by undoing the last one where that leads there.
    pub(crate) fn return_to(&mut self, text: String) {
        if matches!(self.undo.last(), Some(Deed::Query(moment)) if moment.text == text) {
            self.travel(true);
        } else {
            self.search_for(text);
        }
    }

    /// Ends typing; the query stays as it is, its last word finished.
    pub(crate) fn close_query(&mut self) {
        self.query.close_popup();
        self.focus = Focus::Pane(self.last_pane);
        let text = self.query.text().to_owned();
        if self.live {
            let cursor = self.hits.cursor;
            self.search(text.clone(), false, if self.anchor == Anchor::Sample { cursor } else { 0 });
        }
        self.commit(text);
    }

    /// Makes this the query, with the one before to be gone back to.
    fn commit(&mut self, text: String) {
        if text != self.moment.text {
            let before = std::mem::replace(&mut self.moment, Moment { text, cursor: 0 });
            self.note(Deed::Query(before));
        }
    }

    /// Something was done to marks that can be taken back.
    pub(crate) fn note_step(&mut self) {
        self.note(Deed::Step);
    }

    fn note(&mut self, deed: Deed) {
        self.undo.push(deed);
        self.redo.clear();
        if self.undo.len() > UNDO {
            self.undo.remove(0);
        }
    }

    /// Looks again for the rows in view: what is marked on them has changed.
    pub(crate) fn look_again(&mut self, now: Instant) {
        self.refresh_at = Some(now);
        self.tick(now);
    }

    /// Searches for a text that was not typed.
    pub(crate) fn search_for(&mut self, text: String) {
        if self.moment.text == self.query.text() {
            self.moment.cursor = self.hits.cursor;
        }
        self.query.edit.set(text.clone());
        self.search(text.clone(), false, 0);
        self.commit(text);
        self.focus = Focus::Pane(Pane::List);
        self.view = View::Split;
        self.zoom = None;
    }

    fn travel(&mut self, is_back: bool) {
        let (from, to) =
            if is_back { (&mut self.undo, &mut self.redo) } else { (&mut self.redo, &mut self.undo) };
        match from.pop() {
            None => {}
            Some(Deed::Step) => {
                to.push(Deed::Step);
                self.effects.push(Effect::Mark(if is_back { Marking::Undo } else { Marking::Redo }));
            }
            Some(Deed::Query(next)) => {
                self.moment.cursor = self.hits.cursor;
                to.push(Deed::Query(std::mem::replace(&mut self.moment, next.clone())));
                self.query.edit.set(next.text.clone());
                self.search(next.text, false, next.cursor);
            }
        }
    }

    /// Starts a new query.
    fn search(&mut self, text: String, live: bool, cursor: u64) {
        self.live = live;
        self.fresh_cursor = cursor;
        let height = self.list_height();
        let first = cursor.saturating_sub(height);
        let rows = first..first + (height * 3).max(50);
        self.generation += 1;
        self.since = self.generation;
        self.send(text, live, rows, Of::Wanted);
    }

    /// Asks for more rows of the query that is shown.
    fn ask(&mut self, rows: Range<u64>) {
        self.generation += 1;
        // What is known only of a finished index is asked for again: it may be finished now.
        let waits = self.query.problem.as_ref().is_some_and(|problem| problem.message == UNSETTLED);
        if self.query.problem.is_some() && !waits {
            self.send(self.hits.text.clone(), self.shown_live, rows, Of::Shown);
        } else {
            self.send(self.query.text().to_owned(), self.live, rows, Of::Wanted);
        }
    }

    fn send(&mut self, text: String, live: bool, rows: Range<u64>, of: Of) {
        let (generation, first) = (self.generation, rows.start);
        let count = usize::try_from(rows.end - rows.start).unwrap_or(0);
        self.asked = Some(Asked { generation, rows, of });
        self.effects.push(Effect::Search { generation, text, live, first, count });
    }

    /// The rows to hold around those in view.
    fn window(&self) -> Range<u64> {
        let (top, height) = self.in_view();
        let first = top.saturating_sub(height);
        first..first + (height * 3).max(50)
    }

    /// The first hit in view and how many are.
    fn in_view(&self) -> (u64, u64) {
        match &self.elsewhere {
            Some(places) => (places.start, (places.end - places.start).max(1)),
            None => (self.hits.top, self.list_height()),
        }
    }

    /// Asks for rows where those in view, or soon in view, are not held or on their way.
    fn fill_window(&mut self) {
        let is_settled = self.shown_since == self.since || self.query.problem.is_some();
        if !is_settled || !self.hits.has_come {
            return;
        }
        let (top, height) = self.in_view();
        let near = top.saturating_sub(height / 2)..top + height + height / 2;
        let seen = top..(top + height).min(self.hits.total);
        let comes = |asked: &Asked| asked.rows.start <= seen.start && seen.end <= asked.rows.end;
        if !self.hits.holds(&near) && !self.asked.as_ref().is_some_and(comes) {
            self.ask(self.window());
        }
    }

    fn list_height(&self) -> u64 {
        self.plan(self.area).frame(Pane::List).map_or(20, |frame| u64::from(frame.body.height.max(1)))
    }

    fn pane_height(&self, pane: Pane) -> usize {
        self.plan(self.area).frame(pane).map_or(1, |frame| usize::from(frame.body.height.max(1)))
    }

    fn act_in_pane(&mut self, pane: Pane, action: Action, count: Option<u64>) {
        match action {
            Action::Search => self.open_query(),
            Action::ClearQuery => self.search_for(String::new()),
            Action::Shuffle => self.shuffle(),
            Action::Undo => self.travel(true),
            Action::Redo => self.travel(false),
            Action::FocusNext => self.turn_focus(1),
            Action::FocusPrevious => self.turn_focus(-1),
            Action::Zoom => self.zoom = if self.zoom.is_some() { None } else { Some(pane) },
            Action::ZoomPicture => self.zoom_picture(pane),
            Action::NextPicture => self.step_picture(1),
            Action::PreviousPicture => self.step_picture(-1),
            Action::ToggleBoxes => self.toggle_boxes(),
            Action::Back | Action::Quit => self.back(),
            Action::Open => self.open(pane),
            Action::NextSample => self.move_list(count.unwrap_or(1) as i64),
            Action::PreviousSample => self.move_list(-(count.unwrap_or(1) as i64)),
            Action::NextFact => self.step_word(count.unwrap_or(1) as isize),
            Action::PreviousFact => self.step_word(-(count.unwrap_or(1) as isize)),
            Action::NextHit => self.next_hit(pane, true, count),
            Action::PreviousHit => self.next_hit(pane, false, count),
            _ => self.move_in(pane, action, count),
        }
    }

    fn move_in(&mut self, pane: Pane, action: Action, count: Option<u64>) {
        let height = if pane == Pane::List { self.list_height() } else { self.pane_height(pane) as u64 };
        let times = count.unwrap_or(1).min(1 << 40) as i64;
        let whole = height.saturating_sub(1).max(1) as i64;
        let half = (height / 2).max(1) as i64;
        match action {
            Action::Down => self.move_by(pane, times, height),
            Action::Up => self.move_by(pane, -times, height),
            Action::HalfDown => self.page_by(pane, half * times, height),
            Action::HalfUp => self.page_by(pane, -half * times, height),
            Action::PageDown => self.page_by(pane, whole * times, height),
            Action::PageUp => self.page_by(pane, -whole * times, height),
            Action::First => self.go_to(pane, count.map_or(0, |row| row.saturating_sub(1)), height),
            Action::Last => self.go_to(pane, count.map_or(u64::MAX, |row| row.saturating_sub(1)), height),
            _ => self.fold(pane, action, height as usize),
        }
    }

    fn move_by(&mut self, pane: Pane, delta: i64, height: u64) {
        let (height, step) = (height as usize, delta as isize);
        match pane {
            Pane::List | Pane::Picture => self.move_list(delta),
            Pane::Tree => self.detail.tree.walk(step, height),
            Pane::Figures => self.detail.figures.walk(step, height),
            Pane::Fields => self.detail.fields.walk(step, height),
            Pane::Text => self.detail.captions.scroll.by(step, self.detail.captions.lines.len(), height),
            Pane::Questions => {
                self.detail.questions.scroll.by(step, self.detail.questions.lines.len(), height);
            }
        }
    }

    fn page_by(&mut self, pane: Pane, delta: i64, height: u64) {
        if pane == Pane::List {
            self.anchor = Anchor::Sample;
            self.hits.page(delta, height);
        } else {
            self.move_by(pane, delta, height);
        }
    }

    fn go_to(&mut self, pane: Pane, row: u64, height: u64) {
        let rows = usize::try_from(row).unwrap_or(usize::MAX);
        let high = height as usize;
        match pane {
            Pane::List | Pane::Picture => self.go_to_hit(row),
            Pane::Tree => self.detail.tree.go(rows, high),
            Pane::Figures => self.detail.figures.go(rows, high),
            Pane::Fields => self.detail.fields.go(rows, high),
            Pane::Text => {
                self.detail.captions.scroll.top = rows;
                self.detail.captions.scroll.hold(self.detail.captions.lines.len(), high);
            }
            Pane::Questions => {
                self.detail.questions.scroll.top = rows;
                self.detail.questions.scroll.hold(self.detail.questions.lines.len(), high);
            }
        }
    }

    fn fold(&mut self, pane: Pane, action: Action, height: usize) {
        let (tree, fields) = match pane {
            Pane::Figures => (&mut self.detail.tree, &mut self.detail.figures),
            _ => (&mut self.detail.tree, &mut self.detail.fields),
        };
        match (pane, action) {
            (Pane::Tree, Action::Fold) => tree.fold(height),
            (Pane::Tree, Action::Unfold) => tree.unfold(height),
            (Pane::Tree, Action::ToggleFold) => tree.toggle(),
            (Pane::Tree, Action::FoldAll) => {
                self.folds_trees = true;
                tree.fold_all();
            }
            (Pane::Tree, Action::UnfoldAll) => {
                self.folds_trees = false;
                tree.unfold_all();
            }
            (Pane::Fields | Pane::Figures, Action::Fold) => fields.set_open(false),
            (Pane::Fields | Pane::Figures, Action::Unfold) => fields.set_open(true),
            (Pane::Fields | Pane::Figures, Action::ToggleFold) => fields.toggle(),
            (Pane::Fields | Pane::Figures, Action::FoldAll) => fields.set_all_open(false),
            (Pane::Fields | Pane::Figures, Action::UnfoldAll) => fields.set_all_open(true),
            _ => return,
        }
        tree.scroll.hold(tree.rows(), height);
        fields.scroll.hold(fields.rows(), height);
    }

    /// Puts the cursor on a hit, whatever pane has the keys.
    pub(crate) fn go_to_hit(&mut self, place: u64) {
        self.anchor = if place > 0 { Anchor::Sample } else { Anchor::Top };
        self.owed = None;
        self.hits.go(place, self.list_height());
    }

    pub(crate) fn move_list(&mut self, delta: i64) {
        // Keys that come before the first rows of a query are meant for these.
        if self.shown_since != self.since && self.asked.is_some() && self.query.problem.is_none() {
            self.fresh_cursor = self.fresh_cursor.saturating_add_signed(delta);
            return;
        }
        self.anchor = Anchor::Sample;
        let owed = self.owed.filter(|(_, left_at)| *left_at == self.hits.cursor);
        let from = owed.map_or(self.hits.cursor, |(place, _)| place);
        self.go_towards(from.saturating_add_signed(delta));
    }

    /// Puts the cursor on a hit, or as near as there are hits by now: keys may be typed before the rows come
    /// for which they are meant.
    fn go_towards(&mut self, place: u64) {
        self.hits.go(place, self.list_height());
        let is_growing = self.progress.as_ref().is_none_or(|progress| progress.stage != Stage::Ready);
        self.owed = (is_growing && place > self.hits.cursor).then_some((place, self.hits.cursor));
    }

    fn next_hit(&mut self, pane: Pane, forward: bool, count: Option<u64>) {
        for _ in 0..count.unwrap_or(1).min(1000) {
            let height = self.pane_height(Pane::Text);
            let in_text = pane != Pane::List && self.detail.captions.step(forward, height);
            if !in_text {
                self.move_list(if forward { 1 } else { -1 });
                self.take_current();
                self.refresh_sheets();
                if pane != Pane::List {
                    self.detail.captions.step(forward, height);
                }
            }
        }
    }

    /// Moves the cursor among the words that say something.
    fn step_word(&mut self, delta: isize) {
        self.make_links();
        let Some(links) = &self.detail.links else { return };
        let Some(last) = links.stops().len().checked_sub(1) else { return };
        let next = match self.detail.word {
            Some(word) => word.saturating_add_signed(delta).min(last),
            // From where the pane is scrolled to.
            None => self.first_stop_in_view().unwrap_or(0),
        };
        self.choose_word(next);
    }

    /// Puts the cursor among words on a stop and shows its nodes in the tree.
    fn choose_word(&mut self, word: usize) {
        let height = self.pane_height(Pane::Tree);
        let Some((caption, range)) =
            self.detail.links.as_ref().and_then(|links| links.stops().get(word)).cloned()
        else {
            return;
        };
        self.detail.word = Some(word);
        let facts =
            self.detail.links.as_ref().map(|links| links.facts_at(caption, &range)).unwrap_or_default();
        // Where the tree shares its place with other panes, but not with the text, it comes to the top.
        let is_apart = self.plan(self.area).frame(Pane::Text).is_some_and(|frame| frame.tabs.is_empty());
        if is_apart {
            self.tab = Pane::Tree;
        }
        self.detail.tree.link(&facts, height);
    }

    fn first_stop_in_view(&self) -> Option<usize> {
        let captions = &self.detail.captions;
        let is_in_view = |(caption, range): &(usize, Range<usize>)| {
            captions.places(*caption, range).first().is_some_and(|spot| spot.row >= captions.scroll.top)
        };
        self.detail.links.as_ref()?.stops().iter().position(is_in_view)
    }

    /// The shortest stretch that says something at a row and a column of the captions.
    fn stop_at(&self, row: usize, column: u16) -> Option<usize> {
        let captions = &self.detail.captions;
        let is_here = |(caption, range): &(usize, Range<usize>)| {
            captions
                .places(*caption, range)
                .iter()
                .any(|spot| spot.row == row && spot.columns.contains(&column))
        };
        let stops = self.detail.links.as_ref()?.stops().iter().enumerate();
        stops
            .filter(|(_, stop)| is_here(stop))
            .min_by_key(|(_, (_, range))| range.len())
            .map(|(place, _)| place)
    }

    fn click_text(&mut self, row: u16, column: u16) {
        self.make_links();
        let row = self.detail.captions.scroll.top + usize::from(row);
        match self.stop_at(row, column) {
            Some(word) => self.choose_word(word),
            None => self.detail.word = None,
        }
    }

    fn make_links(&mut self) {
        if self.detail.links.is_none()
            && let Some(sample) = &self.detail.sample
        {
            self.detail.links = Some(Links::new(sample, &self.lit));
        }
    }

    /// Marks in the captions what the cursor of the tree or of the figures is on, or the cursor among
    /// words itself.
    fn refresh_marks(&mut self) {
        let wanted = match self.focus {
            Focus::Pane(Pane::Tree) => Marked::Facts(self.detail.tree.facts().to_vec()),
            Focus::Pane(Pane::Figures) => {
                Marked::Flag(self.detail.figures.name_here().unwrap_or_default().to_owned())
            }
            Focus::Pane(Pane::Text) => self.detail.word.map_or(Marked::Nothing, Marked::Word),
            _ => Marked::Nothing,
        };
        if wanted == self.detail.marked {
            return;
        }
        if !matches!(wanted, Marked::Word(_)) {
            self.detail.tree.unlink();
        }
        let places: Vec<(usize, Range<usize>)> = match &wanted {
            Marked::Nothing => Vec::new(),
            Marked::Facts(facts) => {
                self.make_links();
                let links = self.detail.links.as_ref();
                let links = links.into_iter().flat_map(|links| links.of_facts(facts));
                links.map(|link| (link.caption, link.range())).collect()
            }
            Marked::Flag(name) => {
                let spans = self.spans_of(name);
                let range = |span: &Evidence| span.start as usize..span.end as usize;
                spans.iter().map(|span| (span.caption as usize, range(span))).collect()
            }
            Marked::Word(word) => {
                let links = self.detail.links.as_ref();
                links.and_then(|links| links.stops().get(*word)).cloned().into_iter().collect()
            }
        };
        let style = if matches!(wanted, Marked::Word(_)) { self.theme.hit_here } else { self.theme.cursor };
        let captions = &self.detail.captions;
        let spots = places.iter().flat_map(|(caption, range)| captions.places(*caption, range));
        let marks = spots.map(|spot| (spot, style)).collect();
        let height = self.pane_height(Pane::Text);
        self.detail.captions.mark(marks, height);
        self.detail.marked = wanted;
    }

    /// The words that caused a flag. They are looked for when somebody looks at the flag, since the
    /// sample has been analysed already and what is left takes no time; long texts are left alone.
    fn spans_of(&mut self, name: &str) -> Vec<Evidence> {
        let flag = self.detail.measured.as_ref().and_then(|measured| figures::flag_of(measured, name));
        let (Some(flag), Some(sample)) = (flag, &self.detail.sample) else { return Vec::new() };
        let bytes: usize = sample.captions.iter().map(|caption| caption.text.len()).sum();
        if !flag.spans.is_empty() || bytes > READ_AT_ONCE {
            return flag.spans.clone();
        }
        causes(self.analyst.get_or_insert_default(), sample, flag.id, None)
    }

    fn shuffle(&mut self) {
        self.shuffles += 1;
        let words =
            self.query.text().split(' ').filter(|word| !word.starts_with("random:") && !word.is_empty());
        let mut words: Vec<String> = words.map(str::to_owned).collect();
        words.push(format!("random:{}", self.shuffles));
        self.search_for(words.join(" "));
    }

    fn turn_focus(&mut self, delta: isize) {
        let shape = self.shape();
        let is_there = |pane: &Pane| match pane {
            Pane::List => self.view == View::Split,
            other => shape.panes.iter().any(|(pane, _)| pane == other),
        };
        let ring: Vec<Pane> = Pane::RING.into_iter().filter(is_there).collect();
        let Focus::Pane(here) = self.focus else { return };
        if ring.is_empty() {
            return;
        }
        let place = ring
            .iter()
            .position(|pane| *pane == here)
            .map_or(0, |place| (place as isize + delta).rem_euclid(ring.len() as isize) as usize);
        if let Some(next) = ring.get(place) {
            self.give_focus(*next);
        }
    }

    fn give_focus(&mut self, pane: Pane) {
        self.focus = Focus::Pane(pane);
        self.last_pane = pane;
        if self.zoom.is_some() {
            self.zoom = Some(pane);
        }
        if !matches!(pane, Pane::List | Pane::Picture) {
            self.tab = pane;
        }
    }

    fn zoom_picture(&mut self, pane: Pane) {
        if self.zoom == Some(Pane::Picture) {
            self.zoom = None;
            self.focus = Focus::Pane(self.last_pane);
        } else if self.hits.has_pictures() && self.detail.sample.is_some() {
            self.last_pane = pane;
            self.zoom = Some(Pane::Picture);
            self.focus = Focus::Pane(Pane::Picture);
        }
    }

    pub(crate) fn step_picture(&mut self, delta: isize) {
        let many = self.detail.sample.as_ref().map_or(0, |sample| sample.images.len());
        if many > 0 {
            self.detail.image = (self.detail.image as isize + delta).rem_euclid(many as isize) as usize;
        }
    }

    /// Closes what is open: a zoomed pane, the full view; else gives the keys to the list.
    fn back(&mut self) {
        if self.zoom == Some(Pane::Picture) {
            self.focus = Focus::Pane(self.last_pane);
            self.zoom = None;
        } else if self.zoom.is_some() {
            self.zoom = None;
        } else {
            self.view = View::Split;
            self.give_focus(Pane::List);
        }
    }

    fn open(&mut self, pane: Pane) {
        match pane {
            Pane::List if self.detail.sample.is_some() => {
                self.zoom = None;
                self.view = View::Full;
                let shape = self.shape();
                let first =
                    Pane::RING.into_iter().find(|pane| shape.panes.iter().any(|(other, _)| other == pane));
                self.give_focus(first.unwrap_or(Pane::Fields));
            }
            Pane::List => {}
            Pane::Tree => self.search_node(self.detail.tree.query().map(str::to_owned)),
            Pane::Figures => self.search_node(self.detail.figures.query().map(str::to_owned)),
            Pane::Fields => self.search_node(self.detail.fields.query().map(str::to_owned)),
            Pane::Text | Pane::Questions => {
                self.view = View::Full;
                self.zoom = None;
            }
            Pane::Picture => self.back(),
        }
    }

    pub(crate) fn search_node(&mut self, query: Option<String>) {
        if let Some(query) = query {
            self.query.remember(&query);
            self.effects.push(Effect::Remember(query.clone()));
            self.search_for(query);
        }
    }

    /// Lets the mouse act.
    pub(crate) fn mouse(&mut self, event: MouseEvent, now: Instant) {
        let plan = self.plan(self.area);
        let point = Position::new(event.column, event.row);
        match event.kind {
            MouseEventKind::ScrollDown => self.wheel(&plan, point, WHEEL),
            MouseEventKind::ScrollUp => self.wheel(&plan, point, -WHEEL),
            MouseEventKind::Down(MouseButton::Left) => self.press(&plan, point, now),
            MouseEventKind::Drag(MouseButton::Left) if self.grip == Grip::Scrollbar => {
                self.drag(&plan, point.y);
            }
            MouseEventKind::Up(_) => self.grip = Grip::Nothing,
            _ => {}
        }
    }

    fn wheel(&mut self, plan: &Plan, point: Position, delta: i64) {
        let Some(frame) = plan.at(point.x, point.y) else { return };
        let height = usize::from(frame.body.height.max(1));
        let detail = &mut self.detail;
        match frame.pane {
            Pane::List => {
                self.anchor = Anchor::Sample;
                self.hits.scroll(delta, height as u64);
            }
            Pane::Text => detail.captions.scroll.by(delta as isize, detail.captions.lines.len(), height),
            Pane::Questions => {
                detail.questions.scroll.by(delta as isize, detail.questions.lines.len(), height);
            }
            Pane::Tree => detail.tree.scroll.by(delta as isize, detail.tree.rows(), height),
            Pane::Figures => detail.figures.scroll.by(delta as isize, detail.figures.rows(), height),
            Pane::Fields => detail.fields.scroll.by(delta as isize, detail.fields.rows(), height),
            Pane::Picture => self.step_picture(delta.signum() as isize),
        }
    }

    fn press(&mut self, plan: &Plan, point: Position, now: Instant) {
        let is_double = self.last_click.is_some_and(|(at, place)| place == point && now - at < DOUBLE_CLICK);
        self.last_click = if is_double { None } else { Some((now, point)) };
        let Some(frame) = plan.at(point.x, point.y) else { return };
        self.press_in(frame, point, is_double);
    }

    fn press_in(&mut self, frame: &Frame, point: Position, is_double: bool) {
        let height = usize::from(frame.body.height.max(1));
        if frame.title.contains(point) {
            let tab = frame.tab_places().into_iter().find(|(_, place)| place.contains(point));
            let pane = tab.map_or(frame.pane, |(pane, _)| pane);
            if pane != Pane::Picture {
                self.give_focus(pane);
            }
            return;
        }
        if frame.pane == Pane::List && frame.bar.contains(point) {
            self.grip = Grip::Scrollbar;
            self.scroll_to(frame.bar, point.y);
            return;
        }
        if frame.pane == Pane::Picture {
            if is_double {
                let Focus::Pane(pane) = self.focus else { return };
                self.zoom_picture(pane);
            }
            return;
        }
        self.give_focus(frame.pane);
        let row = point.y.saturating_sub(frame.body.y);
        match frame.pane {
            Pane::List => {
                let place = self.hits.top + u64::from(row);
                if place < self.hits.total {
                    self.anchor = Anchor::Sample;
                    self.hits.go(place, height as u64);
                }
            }
            Pane::Tree => {
                let on_sign = self.detail.tree.click(row, point.x.saturating_sub(frame.body.x), height);
                if on_sign {
                    return;
                }
            }
            Pane::Figures => self.detail.figures.click(row, height),
            Pane::Fields => self.detail.fields.click(row, height),
            Pane::Text => self.click_text(row, point.x.saturating_sub(frame.body.x)),
            Pane::Questions | Pane::Picture => {}
        }
        if is_double && matches!(frame.pane, Pane::List | Pane::Tree | Pane::Figures | Pane::Fields) {
            self.take_current();
            self.open(frame.pane);
        }
    }

    fn drag(&mut self, plan: &Plan, row: u16) {
        if let Some(frame) = plan.frame(Pane::List) {
            self.scroll_to(frame.bar, row);
        }
    }

    /// Brings the part of the list into view that a row of its scrollbar stands for.
    fn scroll_to(&mut self, bar: Rect, row: u16) {
        let height = u64::from(bar.height.max(1));
        let at = u64::from(row.clamp(bar.y, bar.bottom().saturating_sub(1).max(bar.y)) - bar.y);
        let last = u128::from(self.hits.total.saturating_sub(height));
        let top = (last * u128::from(at) / u128::from((height - 1).max(1))) as u64;
        self.anchor = Anchor::Sample;
        let delta = i64::try_from(top).unwrap_or(i64::MAX) - i64::try_from(self.hits.top).unwrap_or(0);
        self.hits.scroll(delta, height);
    }

    /// What the layout depends on.
    fn shape(&self) -> Shape {
        let mut panes = Vec::new();
        let detail = &self.detail;
        if let Some(sample) = &detail.sample {
            let rows = |rows: usize| rows.min(1000) as u16;
            if self.hits.has_pictures() {
                panes.push((Pane::Picture, if self.hits.can_show_pictures() { u16::MAX } else { MISSING }));
            }
            if !sample.captions.is_empty() {
                panes.push((Pane::Text, detail.text_rows.max(rows(detail.captions.lines.len()))));
            }
            if !detail.tree.is_empty() {
                panes.push((Pane::Tree, rows(detail.tree.rows())));
            }
            if detail.measured.is_some() {
                panes.push((Pane::Figures, rows(detail.figures.rows())));
            }
            if !sample.questions.is_empty() {
                panes.push((Pane::Questions, rows(detail.questions.lines.len())));
            }
            panes.push((Pane::Fields, rows(detail.fields.rows())));
        }
        Shape { view: self.view, zoom: self.zoom, tab: self.tab, panes }
    }

    /// Brings everything up to date that follows from the rest.
    pub(crate) fn settle(&mut self) {
        self.fill_window();
        self.take_current();
        self.refresh_sheets();
        self.mend_focus();
        self.refresh_marks();
        self.refresh_boxes();
    }

    /// Opens the sample under the cursor; while its row is on its way the one before stays.
    fn take_current(&mut self) {
        let current = self.hits.current().cloned();
        if current.is_none() && self.hits.total > 0 {
            return;
        }
        let measured = self.hits.current_figures().cloned();
        if measured != self.detail.measured {
            self.detail.measured = measured;
            self.detail.made_for = None;
        }
        let is_same = match (&current, &self.detail.sample) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other) || one == other,
            (None, None) => true,
            _ => false,
        };
        if is_same {
            return;
        }
        let descriptors = current.as_ref().map_or(&[][..], |sample| &sample.descriptors);
        self.detail.tree = Tree::new(descriptors, self.folds_trees);
        self.detail.fields.scroll.top = 0;
        self.detail.figures.scroll.top = 0;
        self.detail.captions = Sheet::default();
        self.detail.questions = Sheet::default();
        self.detail.image = 0;
        self.detail.links = None;
        self.detail.word = None;
        self.detail.made_for = None;
        self.detail.sample = current;
    }

    /// Wraps the texts anew where sample, query or widths are not those that they were wrapped for.
    fn refresh_sheets(&mut self) {
        let Some(sample) = self.detail.sample.clone() else { return };
        let plan = self.plan(self.area);
        // The panes that share a place are as wide as the one of them that is open.
        let width = |pane: Pane| {
            let shared = plan.frames.iter().find(|frame| frame.pane == pane || frame.tabs.contains(&pane));
            shared.map_or(40, |frame| frame.body.width.max(8))
        };
        let widths = [Pane::Text, Pane::Questions, Pane::Fields, Pane::Figures].map(width);
        let wanted = (self.hits.text.clone(), widths);
        if self.detail.made_for.as_ref() == Some(&wanted) {
            return;
        }
        let lit = |text: &str| (self.lit)(&wanted.0, text);
        let mut captions = reading::captions(&sample, &lit, &self.theme, widths[0]);
        let mut questions = reading::questions(&sample, &lit, &self.theme, widths[1]);
        captions.scroll = self.detail.captions.scroll;
        questions.scroll = self.detail.questions.scroll;
        captions.tint(&sample.descriptors, &self.theme);
        let detail = &mut self.detail;
        detail.marked = Marked::Nothing;
        detail.text_rows = detail.text_rows.max(captions.lines.len().min(1000) as u16);
        detail.captions = captions;
        detail.questions = questions;
        detail.fields.take(&sample, widths[2]);
        let measured = detail.measured.as_ref();
        detail
            .figures
            .take_rows(measured.map(|measured| figures::rows(measured)).unwrap_or_default(), widths[3]);
        detail.made_for = Some(wanted);
        let (text, questions) = (self.pane_height(Pane::Text), self.pane_height(Pane::Questions));
        self.detail.captions.scroll.hold(self.detail.captions.lines.len(), text);
        self.detail.questions.scroll.hold(self.detail.questions.lines.len(), questions);
    }

    /// Gives the keys to the list, or to the text, where the pane that had them is gone.
    fn mend_focus(&mut self) {
        let shape = self.shape();
        let is_there = |pane: Pane| shape.panes.iter().any(|(other, _)| *other == pane);
        if shape.panes.is_empty() {
            self.view = View::Split;
        }
        if self.zoom.is_some_and(|pane| pane != Pane::List && !is_there(pane)) {
            self.zoom = None;
        }
        let fallback = if self.view == View::Split { Pane::List } else { Pane::Fields };
        let stays = |pane: Pane| match pane {
            Pane::List => shape.view == View::Split || shape.panes.is_empty(),
            Pane::Picture => self.zoom == Some(Pane::Picture),
            other => is_there(other),
        };
        if !stays(self.last_pane) {
            self.last_pane = fallback;
        }
        if let Focus::Pane(pane) = self.focus
            && !stays(pane)
        {
            self.focus = Focus::Pane(fallback);
        }
    }

    /// Draws boxes where they are not drawn now, and none where they are.
    pub(crate) fn toggle_boxes(&mut self) {
        self.boxes = self.boxes.toggled(self.tree_has_keys());
    }

    /// Whether the descriptor tree has the keys, and is in view.
    fn tree_has_keys(&self) -> bool {
        self.has_focus(Pane::Tree) && self.elsewhere.is_none()
    }

    /// Makes marks of the boxes that are to be seen.
    fn refresh_boxes(&mut self) {
        let sample = self.detail.sample.as_ref();
        let is_drawn = self.boxes.are_drawn(self.tree_has_keys());
        let marks = match sample.filter(|_| is_drawn) {
            Some(sample) => {
                let image = sample.images.first();
                let size =
                    image.and_then(|image| stated_size(image).or_else(|| self.pictures.size_in_file(image)));
                boxes::marks(&sample.descriptors, size, &self.marked_facts())
            }
            None => Arc::default(),
        };
        self.detail.boxes = marks;
    }

    /// The descriptors that the tree's cursor, or the one among words, is on.
    fn marked_facts(&self) -> Vec<usize> {
        match &self.detail.marked {
            Marked::Facts(facts) => facts.clone(),
            Marked::Word(word) => {
                let links = self.detail.links.as_ref();
                let stop = links.and_then(|links| Some((links, links.stops().get(*word)?)));
                stop.map(|(links, (caption, range))| links.facts_at(*caption, range)).unwrap_or_default()
            }
            Marked::Nothing | Marked::Flag(_) => Vec::new(),
        }
    }

    /// The pictures of the open sample.
    pub(crate) fn images(&self) -> &[Image] {
        self.detail.sample.as_ref().map_or(&[], |sample| &sample.images)
    }

    /// How one of them is shown. Data does not say which of several pictures a box is in: the first.
    pub(crate) fn sight(&self, place: usize) -> Sight {
        if place == 0 {
            Sight { marks: Arc::clone(&self.detail.boxes), ..Sight::default() }
        } else {
            Sight::default()
        }
    }

    /// Which two pictures are shown side by side in an area.
    pub(crate) fn pair_in(&self, area: Rect) -> Option<[usize; 2]> {
        pair_panes::fitting(area, self.images().len(), self.detail.image).map(|(_, members)| members)
    }

    /// The picture in view first, then those of the rows around it; `None` where no picture is in view.
    pub(crate) fn wanted_pictures(&self) -> Option<Vec<PictureKey>> {
        let area = self.plan(self.area).frame(Pane::Picture).map(|frame| frame.body)?;
        if area.is_empty() {
            return None;
        }
        let mut wanted = self.keys_in(self.images(), self.detail.image, area, true);
        for delta in [1_i64, -1, 2] {
            let place = self.hits.cursor.checked_add_signed(delta);
            if let Some(sample) = place.and_then(|place| self.hits.sample(place)) {
                wanted.extend(self.keys_in(&sample.images, 0, area, false));
            }
        }
        let mut keys = Vec::new();
        for key in wanted {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        Some(keys)
    }

    /// The pictures of a sample, one of them chosen, that an area shows: of the open one with its boxes.
    fn keys_in(&self, images: &[Image], chosen: usize, area: Rect, is_open: bool) -> Vec<PictureKey> {
        let sight = |place: usize| if is_open { self.sight(place) } else { Sight::default() };
        if let Some((_, [one, other])) = pair_panes::fitting(area, images.len(), chosen)
            && let (Some(left), Some(right)) = (images.get(one), images.get(other))
        {
            let both = [(left, &sight(one)), (right, &sight(other))];
            return pair_panes::keys(area, both, usize::from(other == chosen));
        }
        let image = images.get(chosen).filter(|image| can_be_made(image));
        image.map(|image| key_of(image, area, &sight(chosen))).into_iter().collect()
    }
}
