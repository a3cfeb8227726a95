//! The spot-check: one sample after the other with its picture, captions and questions, one key a verdict, and what the
//! verdicts come to so far.
//!
//! ```text
//! ━ Spot-check spot ━━━━━━━━━━━━━━━ 37 of 200 · 13.9 %, 4.7–44.8 wrong ━
//!  (picture)             │ ─ 000000000139 ─── density <11 · source a ──
//!                        │ caption · 12 words
//! a right  x wrong  m unsure  s skip  b back
//! 1 hallucination  2 attribute  3 count/relation  4 omission
//! ```

use std::collections::HashMap;
use std::sync::Arc;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::action::Action;
use crate::model::{Image, Sample};
use crate::query::quoted;
use crate::spot::{Verdict, reasons};
use crate::ui::{LineEdit, Scroll, Theme, clip, columns, put, safe, scrollbar, thousands};
use crate::worker::{Effect, PictureKey, SPOT_SEED, SPOT_SIZE, SPOT_STRATA, SpotNews, SpotStand, SpotWish};

use super::flags::Outcome;
use super::picture::{self, Pictures, Sight, can_be_made, key_of, say};
use super::query_box::edit;
use super::reading;
use super::sheet::Sheet;
use super::show::{draw_divider, draw_heading};
use super::spot_figures;
use super::spot_round::Round;
use super::stretch;

/// Columns from which what verdicts come to has a pane of its own.
const ASIDE: u16 = 140;
/// Columns of that pane.
const SIDE: u16 = 48;
/// Columns from which picture and text lie beside each other.
const BESIDE: u16 = 92;
/// Samples that are fetched before they are looked at.
const AHEAD: usize = 2;
/// Samples that are held.
const HELD: usize = 24;

/// Who judges in spot-checks, and which one is begun on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpotStart {
    /// Who judges.
    pub rater: String,
    /// The spot-check to begin on; none begins with the samples.
    pub open: Option<String>,
}

/// What is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Page {
    /// The sample.
    #[default]
    Sample,
    /// Its picture alone.
    Picture,
    /// What the verdicts come to.
    Figures,
    /// All spot-checks.
    List,
}

/// What is known of spot-checks.
#[derive(Debug, Default)]
enum Known {
    /// Nobody has asked.
    #[default]
    Nothing,
    /// It is being asked, or drawn.
    Waiting(&'static str),
    /// Why it cannot be told.
    Problem(String),
    /// This.
    Stand(Arc<SpotStand>),
}

/// What the text of the sample was made for: its id, the columns, whether it is judged.
type SheetOf = (String, u16, bool);

/// The screen.
#[derive(Debug, Default)]
pub(crate) struct Spot {
    wanted: Option<String>,
    known: Known,
    round: Round,
    page: Page,
    samples: HashMap<String, Result<Arc<Sample>, String>>,
    asked: Vec<String>,
    was_ready: bool,
    /// The picture of the sample that is shown.
    image: usize,
    sheet: Sheet,
    sheet_of: Option<SheetOf>,
    figures: Scroll,
    cursor: usize,
    /// The list of reasons, while it is edited.
    line: Option<LineEdit>,
    problem: Option<String>,
    wishes: Vec<Effect>,
}

/// Where the parts of the screen lie.
struct Plan {
    title: Rect,
    picture: Rect,
    divider: Option<Rect>,
    /// The line over the text: id and stratum.
    head: Rect,
    text: Rect,
    side: Option<Rect>,
    legend: Rect,
    /// All between title and legend.
    main: Rect,
}

fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}

/// The right part of an area from a column on, and the line between.
fn parted(area: Rect, left: u16) -> (Rect, Rect, Rect) {
    let left = left.min(area.width.saturating_sub(1));
    let divider = Rect { x: area.x + left, width: 1, ..area };
    let right = Rect { x: divider.x + 1, width: area.width - left - 1, ..area };
    (Rect { width: left, ..area }, divider, right)
}

impl Plan {
    fn new(body: Rect, legend: u16, has_picture: bool, page: Page) -> Self {
        let inner = below(body, 1);
        let legend = legend.min(inner.height / 2);
        let main = Rect { height: inner.height - legend, ..inner };
        let mut plan = Self {
            title: Rect { height: 1.min(body.height), ..body },
            picture: Rect { width: 0, height: 0, ..main },
            divider: None,
            head: main,
            text: main,
            side: None,
            legend: Rect { y: main.bottom(), height: legend, ..inner },
            main,
        };
        let mut rest = main;
        if main.width >= ASIDE && page == Page::Sample {
            let (left, _, right) = parted(main, main.width - SIDE - 1);
            (rest, plan.side) = (left, Some(right));
        }
        if page == Page::Picture {
            plan.picture = main;
        } else if has_picture && rest.width >= BESIDE {
            let (left, divider, right) = parted(rest, rest.width / 2);
            (plan.picture, plan.divider, rest) = (left, Some(divider), right);
        } else if has_picture {
            let rows = rest.height * 9 / 20;
            plan.picture = Rect { height: rows, ..rest };
            rest = below(rest, rows);
        }
        plan.head = Rect { height: 1.min(rest.height), ..rest };
        plan.text = below(rest, 1);
        plan
    }

    /// Where the letters of the text lie.
    fn letters(&self) -> Rect {
        Rect { x: self.text.x + 1, width: self.text.width.saturating_sub(2), ..self.text }
    }
}

impl Spot {
    pub(crate) fn new(start: SpotStart) -> Self {
        Self { round: Round::new(&start.rater), wanted: start.open, ..Self::default() }
    }

    /// Whether letters go into the line of reasons.
    pub(crate) fn is_typing(&self) -> bool {
        self.line.is_some()
    }

    /// Somebody goes to the screen: others may have judged since.
    pub(crate) fn enter(&mut self) {
        if !matches!(self.known, Known::Stand(_)) {
            self.known = Known::Waiting("…");
        }
        self.wishes.push(Effect::Spot(SpotWish::Open(self.wanted.take())));
    }

    fn is_open(&self) -> bool {
        matches!(&self.known, Known::Stand(stand) if stand.open.is_some())
    }

    /// What is wanted of the workers; the text of the sample is made for the size of the screen.
    pub(crate) fn effects(&mut self, body: Rect, theme: &Theme, is_ready: bool) -> Vec<Effect> {
        if is_ready && !self.was_ready {
            // What could not be read may be there now.
            self.samples.retain(|_, sample| sample.is_ok());
            self.asked.clear();
        }
        self.was_ready = is_ready;
        let here = self.round.here().into_iter();
        let wanted: Vec<String> =
            here.chain(self.round.next(AHEAD)).map(|sample| sample.id.clone()).collect();
        let missing: Vec<String> =
            wanted.iter().filter(|id| !self.samples.contains_key(*id)).cloned().collect();
        if self.is_open() && !missing.is_empty() && missing != self.asked {
            self.asked.clone_from(&missing);
            self.wishes.push(Effect::Spot(SpotWish::Samples(missing)));
        }
        if self.samples.len() > HELD {
            self.samples.retain(|id, _| wanted.contains(id));
        }
        self.refresh(body, theme);
        std::mem::take(&mut self.wishes)
    }

    fn refresh(&mut self, body: Rect, theme: &Theme) {
        let letters = self.plan(body).letters();
        let Some(sample) = self.sample().cloned() else { return };
        let made = (sample.id.clone(), letters.width, self.round.said().is_some());
        if self.sheet_of.as_ref() == Some(&made) {
            return;
        }
        let nothing = |_: &str| Vec::new();
        let mut sheet = reading::captions(&sample, &nothing, theme, letters.width);
        sheet.tint(&sample.descriptors, theme);
        if !sample.questions.is_empty() {
            sheet.line(Vec::new());
            let questions = reading::questions(&sample, &nothing, theme, letters.width);
            sheet.lines.extend(questions.lines);
        }
        if self.sheet_of.as_ref().is_some_and(|of| of.0 == made.0) {
            sheet.scroll = self.sheet.scroll;
            sheet.scroll.hold(sheet.lines.len(), usize::from(letters.height));
        } else {
            self.image = 0;
        }
        (self.sheet, self.sheet_of) = (sheet, Some(made));
    }

    /// Takes news in; what the user should be told.
    pub(crate) fn take(&mut self, news: SpotNews) -> Option<String> {
        match news {
            SpotNews::Stand(Ok(stand)) => {
                match &stand.open {
                    Some(open) => self.round.take(open.clone()),
                    None => self.page = Page::Sample,
                }
                self.cursor = self.cursor.min(stand.checks.len());
                self.known = Known::Stand(stand);
                None
            }
            SpotNews::Stand(Err(problem)) => {
                if self.is_open() {
                    return Some(problem);
                }
                self.known = Known::Problem(problem);
                None
            }
            SpotNews::Kept { ticket, problem } => {
                self.round.take_kept(ticket, problem.is_some());
                problem.map(|problem| format!("the verdict is not kept: {problem}"))
            }
            SpotNews::Sample { id, sample } => {
                self.samples.insert(id, sample);
                None
            }
        }
    }

    fn sample(&self) -> Option<&Arc<Sample>> {
        self.samples.get(&self.round.here()?.id)?.as_ref().ok()
    }

    fn picture(&self) -> Option<&Image> {
        self.sample()?.images.get(self.image)
    }

    fn plan(&self, body: Rect) -> Plan {
        // Until the sample has come it is taken for one with a picture: nothing jumps.
        let has_picture = self.sample().is_none_or(|sample| !sample.images.is_empty());
        let legend = if self.is_open() { self.legend(body.width, body.height).len() as u16 } else { 0 };
        Plan::new(body, legend, has_picture, self.page)
    }

    /// Lets a key act. `text` is the query.
    pub(crate) fn act(&mut self, action: Action, count: Option<u64>, body: Rect, text: &str) -> Outcome {
        if self.line.is_some() {
            self.act_typing(action);
            return Outcome::Done;
        }
        if !self.is_open() {
            match action {
                Action::Open if !matches!(self.known, Known::Waiting(_)) => self.begin(text),
                Action::Back | Action::Quit => return Outcome::Close,
                _ => {}
            }
            return Outcome::Done;
        }
        let times = count.unwrap_or(1).min(1 << 20) as isize;
        let page = isize::try_from(self.plan(body).text.height / 2).unwrap_or(1).max(1);
        match action {
            Action::FocusNext => self.turn_page(true),
            Action::FocusPrevious => self.turn_page(false),
            Action::Down => self.scroll(times, body),
            Action::Up => self.scroll(-times, body),
            Action::HalfDown | Action::PageDown => self.scroll(page, body),
            Action::HalfUp | Action::PageUp => self.scroll(-page, body),
            Action::First => self.scroll(isize::MIN / 2, body),
            Action::Last => self.scroll(isize::MAX / 2, body),
            Action::UndoVerdict => self.wishes.push(Effect::Spot(SpotWish::Undo)),
            Action::RedoVerdict => self.wishes.push(Effect::Spot(SpotWish::Redo)),
            Action::EditReasons => {
                self.line = Some(LineEdit::new(self.round.open().check.reasons.join(", ")));
                self.problem = None;
            }
            Action::Back | Action::Quit if self.page == Page::Sample => return Outcome::Close,
            Action::Back | Action::Quit => self.page = Page::Sample,
            Action::Open if self.page == Page::List => self.open_listed(text),
            Action::Open => {
                let id = self.round.here().map(|sample| format!("id:{}", quoted(&sample.id)));
                return id.map_or(Outcome::Done, Outcome::Search);
            }
            // Of what cannot be seen nobody says anything.
            _ if matches!(self.page, Page::Figures | Page::List) => {}
            Action::Zoom | Action::ZoomPicture => {
                self.page = if self.page == Page::Picture { Page::Sample } else { Page::Picture };
            }
            Action::NextPicture => self.step_picture(1),
            Action::PreviousPicture => self.step_picture(-1),
            Action::JudgeRight => self.judge(Verdict::Right, None),
            Action::JudgeWrong => self.judge(Verdict::Wrong, None),
            Action::JudgeUnsure => self.judge(Verdict::Unsure, None),
            Action::JudgeFor => {
                let place = count.and_then(|digit| usize::try_from(digit).ok()?.checked_sub(1));
                let reason = place.and_then(|place| self.round.open().check.reasons.get(place)).cloned();
                if reason.is_some() {
                    self.judge(Verdict::Wrong, reason);
                }
            }
            Action::PutOff => self.round.put_off(),
            Action::SampleBack => {
                self.round.back();
            }
            _ => {}
        }
        Outcome::Done
    }

    fn judge(&mut self, verdict: Verdict, reason: Option<String>) {
        let wish = self.round.judge(verdict, reason);
        self.wishes.extend(wish);
        if self.round.here().is_none() {
            self.page = Page::Sample;
        }
    }

    fn begin(&mut self, text: &str) {
        self.known = Known::Waiting("Samples are being drawn …");
        self.page = Page::Sample;
        self.wishes.push(Effect::Spot(SpotWish::Begin(text.to_owned())));
    }

    /// Opens the spot-check under the cursor of the list; its last row begins another.
    fn open_listed(&mut self, text: &str) {
        let Known::Stand(stand) = &self.known else { return };
        match stand.checks.get(self.cursor).map(|check| check.name.clone()) {
            Some(name) => {
                self.page = Page::Sample;
                self.wishes.push(Effect::Spot(SpotWish::Open(Some(name))));
            }
            None => self.begin(text),
        }
    }

    fn step_picture(&mut self, delta: isize) {
        let many = self.sample().map_or(0, |sample| sample.images.len());
        if many > 0 {
            self.image = self.image.saturating_add_signed(delta).min(many - 1);
        }
    }

    fn turn_page(&mut self, is_forth: bool) {
        self.page = match (self.page, is_forth) {
            (Page::Sample | Page::Picture, true) | (Page::List, false) => Page::Figures,
            (Page::Figures, true) | (Page::Sample | Page::Picture, false) => Page::List,
            (Page::List, true) | (Page::Figures, false) => Page::Sample,
        };
        self.figures = Scroll::default();
        if let Known::Stand(stand) = &self.known {
            let open = self.round.open().check.number;
            self.cursor = stand.checks.iter().position(|check| check.number == open).unwrap_or_default();
        }
    }

    fn scroll(&mut self, delta: isize, body: Rect) {
        let plan = self.plan(body);
        match self.page {
            Page::Sample | Page::Picture => {
                self.sheet.scroll.by(delta, self.sheet.lines.len(), usize::from(plan.text.height));
            }
            Page::Figures => {
                let theme = Theme::plain();
                let lines =
                    spot_figures::lines(self.round.report(), &theme, plan.main.width.saturating_sub(2));
                let rows = stretch::rows(&lines, plan.main.width.saturating_sub(2)).len();
                self.figures.by(delta, rows, usize::from(plan.main.height));
            }
            Page::List => {
                let last = self.listed().saturating_sub(1);
                self.cursor = self.cursor.saturating_add_signed(delta).min(last);
            }
        }
    }

    /// Rows of the list.
    fn listed(&self) -> usize {
        if let Known::Stand(stand) = &self.known { stand.checks.len() + 1 } else { 0 }
    }

    /// A letter for the line of reasons.
    pub(crate) fn type_text(&mut self, text: &str) {
        if let Some(line) = &mut self.line {
            line.insert(text);
        }
    }

    fn act_typing(&mut self, action: Action) {
        let Some(line) = &mut self.line else { return };
        match action {
            Action::Accept | Action::Open => match reasons(line.text()) {
                Ok(reasons) => {
                    let spot = self.round.open().check.number;
                    self.wishes.push(Effect::Spot(SpotWish::Reasons { spot, reasons }));
                    (self.line, self.problem) = (None, None);
                }
                Err(error) => self.problem = Some(error.to_string()),
            },
            Action::Back | Action::Quit => (self.line, self.problem) = (None, None),
            _ => {
                edit(line, action);
            }
        }
    }

    /// Lets the mouse act.
    pub(crate) fn mouse(&mut self, event: MouseEvent, body: Rect) -> Outcome {
        let main = self.plan(body).main;
        match event.kind {
            MouseEventKind::ScrollDown => self.scroll(1, body),
            MouseEventKind::ScrollUp => self.scroll(-1, body),
            MouseEventKind::Down(MouseButton::Left)
                if self.page == Page::List && main.contains(Position::new(event.column, event.row)) =>
            {
                let row = usize::from(event.row - main.y);
                if row < self.listed() {
                    self.cursor = row;
                }
            }
            _ => {}
        }
        Outcome::Done
    }

    /// The pictures that are to be there: that of the sample, then those of the next.
    pub(crate) fn wanted(&self, body: Rect) -> Vec<PictureKey> {
        let area = self.plan(body).picture;
        if !self.is_open() || area.area() == 0 || matches!(self.page, Page::Figures | Page::List) {
            return Vec::new();
        }
        let next = self.round.next(AHEAD).into_iter();
        let next = next.filter_map(|queued| self.samples.get(&queued.id)?.as_ref().ok()?.images.first());
        let all = self.picture().into_iter().chain(next);
        all.filter(|image| can_be_made(image)).map(|image| key_of(image, area, &Sight::default())).collect()
    }

    /// Keys and what they say, in rows that fit; reasons are cut where there is little room.
    fn legend(&self, width: u16, height: u16) -> Vec<Vec<(String, String)>> {
        let most = usize::from(height / 4).max(2);
        let plain = [("a", "right"), ("x", "wrong"), ("m", "unsure"), ("s", "skip"), ("b", "back")];
        let of_reasons = |longest: usize| {
            let reasons = self.round.open().check.reasons.iter().enumerate();
            reasons.map(move |(place, reason)| {
                ((place + 1).to_string(), clip(&safe(reason), longest).into_owned())
            })
        };
        let flow = |longest: usize| {
            let mut rows: Vec<Vec<(String, String)>> = vec![Vec::new()];
            let mut used = 1;
            let plain = plain.iter().map(|(key, name)| ((*key).to_owned(), (*name).to_owned()));
            for item in plain.chain(of_reasons(longest)) {
                let room = columns(&item.0) + columns(&item.1) + 3;
                if used + room > usize::from(width) + 2 {
                    rows.push(Vec::new());
                    used = 1;
                }
                used += room;
                if let Some(row) = rows.last_mut() {
                    row.push(item);
                }
            }
            rows
        };
        [40, 20, 12].into_iter().map(flow).find(|rows| rows.len() <= most).unwrap_or_else(|| flow(8))
    }

    /// Draws the screen below the query box; where the terminal's cursor belongs, if anything is typed.
    pub(crate) fn draw(
        &self,
        buffer: &mut Buffer,
        body: Rect,
        theme: &Theme,
        pictures: &Pictures,
        has_focus: bool,
    ) -> Option<Position> {
        let plan = self.plan(body);
        let name = if self.is_open() {
            format!("Spot-check {}", clip(&safe(&self.round.open().check.name), 24))
        } else {
            "Spot-check".to_owned()
        };
        draw_heading(buffer, plan.title, &name, &self.progress(), theme, has_focus);
        match &self.known {
            Known::Nothing => {}
            Known::Waiting(what) => say(buffer, plan.main, what, theme.dim),
            Known::Problem(problem) => {
                say(buffer, plan.main, &format!("{}\nEnter tries again", safe(problem)), theme.warning);
            }
            Known::Stand(stand) if stand.open.is_none() => {
                let text = format!(
                    "No spot-check of this data set so far.\nEnter draws {SPOT_SIZE} samples of the query: seed \
                     {SPOT_SEED}, strata by {}.\n`capscope spot` draws them otherwise.",
                    SPOT_STRATA.replace(',', " and ")
                );
                say(buffer, plan.main, &text, theme.dim);
            }
            Known::Stand(stand) => match self.page {
                Page::List => self.draw_list(buffer, plan.main, stand, theme),
                Page::Figures => self.draw_figures(buffer, plan.main, self.figures, theme),
                Page::Sample | Page::Picture => self.draw_sample(buffer, &plan, theme, pictures),
            },
        }
        self.draw_legend(buffer, &plan, theme)
    }

    fn progress(&self) -> String {
        if !self.is_open() {
            return String::new();
        }
        let report = self.round.report();
        let found = report.estimate.map(|found| (found.rate, found.interval));
        let mut text = format!("{} of {}", self.round.kept(), self.round.open().queue.len());
        if found.is_some() {
            text.push_str(&format!(" · {} wrong", spot_figures::rate(found)));
        }
        if self.round.unkept() > 0 {
            text.push_str(&format!(" · {} not on the disk yet", self.round.unkept()));
        }
        format!("{text} · {}", clip(&safe(self.round.rater()), 16))
    }

    fn draw_sample(&self, buffer: &mut Buffer, plan: &Plan, theme: &Theme, pictures: &Pictures) {
        if let Some(side) = plan.side {
            draw_divider(buffer, Rect { x: side.x.saturating_sub(1), width: 1, ..side }, theme);
            self.draw_figures(buffer, side, Scroll::default(), theme);
        }
        let Some(here) = self.round.here() else {
            let many = thousands(self.round.open().queue.len() as u64);
            let text = format!("All {many} samples are judged.\n{}\nb goes back", self.verdict_of_all());
            let right = plan.side.map_or(plan.main.right(), |side| side.x.saturating_sub(1));
            say(buffer, Rect { width: right - plan.main.x, ..plan.main }, &text, theme.good);
            return;
        };
        let sample = match self.samples.get(&here.id) {
            Some(Ok(sample)) => Some(sample),
            Some(Err(problem)) => {
                say(buffer, plan.text, &safe(problem), theme.warning);
                None
            }
            None => None,
        };
        if let Some(divider) = plan.divider {
            draw_divider(buffer, divider, theme);
        }
        if let Some(sample) = sample
            && plan.picture.area() > 0
            && !sample.images.is_empty()
        {
            pictures.draw(buffer, plan.picture, self.picture(), &Sight::default(), theme);
        }
        if self.page == Page::Picture {
            return;
        }
        let mut name = clip(&safe(&here.id), 40).into_owned();
        if let Some(sample) = sample.filter(|sample| sample.images.len() > 1) {
            name.push_str(&format!(" · {}", picture::title(&sample.images, self.image, false, 8)));
        }
        draw_heading(buffer, plan.head, &name, &safe(self.round.stratum()), theme, false);
        let mut letters = plan.letters();
        if let Some(said) = self.said_here() {
            put(buffer, Rect { height: 1, ..letters }, letters.x, &said, theme.warning);
            letters = below(letters, 1);
        }
        if sample.is_some() && self.sheet_of.as_ref().is_some_and(|of| of.0 == here.id) {
            let bar = Rect { x: plan.text.x, width: plan.text.width, ..letters };
            self.sheet.draw(buffer, letters, bar, theme);
        }
    }

    /// What was said of the sample before, by this rater and by others.
    fn said_here(&self) -> Option<String> {
        let said = self.round.said()?;
        let told = |verdict: Verdict, reason: Option<&String>| match reason {
            Some(reason) => format!("{}: {reason}", verdict.name()),
            None => verdict.name().to_owned(),
        };
        let mut text = format!("you said {}", told(said.verdict, said.reason.as_ref()));
        for other in self.round.others() {
            text.push_str(&format!(" · {} {}", other.rater, told(other.verdict, other.reason.as_ref())));
        }
        Some(safe(&text).into_owned())
    }

    fn verdict_of_all(&self) -> String {
        let Some(found) = self.round.report().estimate else { return "None is right or wrong.".to_owned() };
        format!("Wrong: {} % (95 %).", spot_figures::rate(Some((found.rate, found.interval))))
    }

    fn draw_figures(&self, buffer: &mut Buffer, area: Rect, scroll: Scroll, theme: &Theme) {
        let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        let lines = spot_figures::lines(self.round.report(), theme, inner.width);
        let rows = stretch::rows(&lines, inner.width);
        let height = usize::from(inner.height);
        let top = scroll.top.min(rows.len().saturating_sub(height.max(1)));
        for (row, (at, range)) in rows.iter().skip(top).take(height).enumerate() {
            let Some(line) = lines.get(*at) else { continue };
            line.draw(buffer, Rect { y: inner.y + row as u16, height: 1, ..inner }, range);
        }
        scrollbar(buffer, area, (top as u64, height as u64, rows.len() as u64), theme.rule, theme.dim);
    }

    fn draw_list(&self, buffer: &mut Buffer, area: Rect, stand: &SpotStand, theme: &Theme) {
        let height = usize::from(area.height);
        let first = (self.cursor + 1).saturating_sub(height);
        for (line, row) in (first..=stand.checks.len()).take(height).enumerate() {
            let place = Rect { y: area.y + line as u16, height: 1, ..area };
            if row == self.cursor {
                buffer.set_style(place.intersection(buffer.area), theme.cursor);
                put(buffer, place, place.x, "▌", theme.focus);
            }
            let Some(check) = stand.checks.get(row) else {
                put(buffer, place, place.x + 1, "begin another one on the samples of the query", theme.text);
                continue;
            };
            let sign = if check.number == self.round.open().check.number { "●" } else { " " };
            let x = put(buffer, place, place.x + 1, &format!("{sign} "), theme.good);
            let x = put(buffer, place, x, &clip(&safe(&check.name), 24), theme.text);
            let told = format!(
                "  {} samples, seed {}, by {}",
                thousands(check.wanted),
                check.seed,
                safe(&check.stratify)
            );
            let x = put(buffer, place, x, &told, theme.dim);
            put(buffer, place, x + 2, &safe(&check.query), theme.title);
        }
    }

    fn draw_legend(&self, buffer: &mut Buffer, plan: &Plan, theme: &Theme) -> Option<Position> {
        if let Some(line) = &self.line {
            let area = Rect { height: 1.min(plan.legend.height), ..plan.legend };
            let x = put(buffer, area, area.x, " reasons ❯ ", theme.focus);
            let (view, cursor) = line.view(area.right().saturating_sub(x));
            put(buffer, area, x, &view.text, theme.text);
            let under = Rect { height: 1.min(plan.legend.height.saturating_sub(1)), ..below(plan.legend, 1) };
            let told = self.problem.as_deref().unwrap_or("with commas between them; Enter keeps them");
            let style = if self.problem.is_some() { theme.error } else { theme.dim };
            put(buffer, under, under.x + 1, &safe(told), style);
            return Some(Position::new(x + cursor, area.y));
        }
        for (row, items) in self.legend(plan.main.width, plan.height()).iter().enumerate() {
            let place = Rect { y: plan.legend.y + row as u16, height: 1, ..plan.legend };
            if !self.is_open() || row >= usize::from(plan.legend.height) {
                break;
            }
            let mut x = place.x + 1;
            for (key, name) in items {
                x = put(buffer, place, x, key, theme.key);
                x = put(buffer, place, x + 1, name, theme.text) + 2;
            }
        }
        None
    }
}

impl Plan {
    /// Rows of the whole screen.
    fn height(&self) -> u16 {
        self.title.height + self.main.height + self.legend.height
    }
}
