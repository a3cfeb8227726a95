//! The screen of pairs: samples that are alike and yet differ, with both pictures, what differs, and both captions
//! laid beside each other word by word.
//!
//! ```text
//! ━ Pairs ━━━━━━━━━ 128 pairs of 320 samples ━┬─ 0.41 replace_att · supplied · undecided ──
//! ▌✓ 0.412 color of boat: red ↔ green         │ ─ demo-0001 ─────── │ ─ demo-0002 ───────
//!    0.398 chair ↔ bench                      │  (picture)          │  (picture)
//! ```

use std::sync::Arc;
use std::time::Instant;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use crate::action::Action;
use crate::model::{Image, Sample};
use crate::pairs::{Decision, Fate, Member, Record, Search, Source, Told};
use crate::ui::{LineEdit, Safe, Scroll, Theme, clip, columns, put, safe, scrollbar, share, thousands};
use crate::worker::{Decisions, Effect, Marking, MarksReport, PairDetail, PairsReport, PictureKey};

use super::flags::{Outcome, draw_absent};
use super::inquiry::{Inquiry, Stand};
use super::pair_panes::{self, Member as Half};
use super::picture::{Pictures, Sight};
use super::query_box::edit;
use super::show::{draw_divider, draw_heading};
use super::stretch::{self, Line};

/// Columns from which list and pair lie beside each other.
const BESIDE: u16 = 100;
/// Rows of the pictures, as a share of the rows of the pair.
const PICTURES: (u16, u16) = (55, 100);

/// In which order pairs stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Order {
    /// The best first.
    #[default]
    Score,
    /// Kind by kind, the best first.
    Kind,
}

/// The pairs of one sample with those that are nearest to it.
#[derive(Debug, Default)]
struct Nearest {
    id: String,
    inquiry: Inquiry<PairsReport>,
}

/// Two samples that came, or why they did not, for these halves.
type Beside = ([Member; 2], Result<Arc<PairDetail>, String>);

/// The screen.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    inquiry: Inquiry<PairsReport>,
    nearest: Option<Nearest>,
    /// How far the search for pairs is, 0 to 1.
    share: Option<f64>,
    order: Order,
    line: LineEdit,
    search: Search,
    /// What is wrong with the search.
    problem: Option<String>,
    is_typing: bool,
    /// The pairs that are shown, as places in the report.
    shown: Vec<usize>,
    cursor: usize,
    scroll: Scroll,
    text_scroll: Scroll,
    detail: Option<Beside>,
    generation: u64,
    asked: Option<[Member; 2]>,
    decisions: Decisions,
    /// How many times somebody has decided here.
    decided: u64,
    wishes: Vec<Effect>,
}

/// Where the parts of the screen lie.
struct Plan {
    list_title: Rect,
    list: Rect,
    search: Rect,
    divider: Option<Rect>,
    title: Rect,
    pictures: Rect,
    text: Rect,
}

impl Plan {
    fn new(body: Rect, has_search: bool) -> Self {
        let below = |area: Rect, rows: u16| Rect {
            y: area.y + rows.min(area.height),
            height: area.height.saturating_sub(rows),
            ..area
        };
        let (left, right, divider) = if body.width < BESIDE {
            let height = (body.height * 2 / 5).max(4).min(body.height);
            (Rect { height, ..body }, below(body, height), None)
        } else {
            let width = (body.width * 2 / 5).min(76);
            let divider = Rect { x: body.x + width, width: 1, ..below(body, 1) };
            let right = Rect { x: body.x + width + 1, width: body.width - width - 1, ..body };
            (Rect { width, ..body }, right, Some(divider))
        };
        let line = u16::from(has_search && left.height > 3);
        let list = below(left, 1);
        let list = Rect { height: list.height.saturating_sub(line), ..list };
        let inner = below(right, 1);
        let rows = u32::from(inner.height) * u32::from(PICTURES.0) / u32::from(PICTURES.1);
        let pictures = Rect { height: rows as u16, ..inner };
        Self {
            list_title: Rect { height: 1, ..left },
            search: Rect { y: list.bottom(), height: line, ..list },
            list,
            divider,
            title: Rect { height: 1, ..right },
            pictures,
            text: below(inner, rows as u16),
        }
    }
}

impl Pairs {
    /// Whether letters go into the line of the search.
    pub(crate) fn is_typing(&self) -> bool {
        self.is_typing
    }

    /// Shows what a sample differs in from those that are nearest.
    pub(crate) fn show_nearest(&mut self, id: &str) {
        self.nearest = Some(Nearest { id: id.to_owned(), inquiry: Inquiry::default() });
        self.start_over();
    }

    /// Shows all pairs again.
    pub(crate) fn leave_nearest(&mut self) -> bool {
        let was_open = self.nearest.take().is_some();
        if was_open {
            self.start_over();
        }
        was_open
    }

    fn start_over(&mut self) {
        (self.cursor, self.scroll, self.text_scroll) = (0, Scroll::default(), Scroll::default());
        self.sift();
    }

    fn report(&self) -> Option<&Arc<PairsReport>> {
        match &self.nearest {
            Some(nearest) => nearest.inquiry.report(),
            None => self.inquiry.report(),
        }
    }

    /// What is wanted of the workers.
    pub(crate) fn effects(&mut self, text: &str, stand: Stand, now: Instant) -> Vec<Effect> {
        let mut effects = std::mem::take(&mut self.wishes);
        match &mut self.nearest {
            Some(nearest) => {
                let asked = nearest.inquiry.want(&nearest.id, stand, now);
                effects
                    .extend(asked.map(|generation| Effect::Nearest { generation, id: nearest.id.clone() }));
            }
            None => {
                if let Some(generation) = self.inquiry.want(text, stand, now) {
                    self.share = None;
                    effects.push(Effect::Pairs { generation, text: text.to_owned() });
                }
            }
        }
        let wanted = self.here().map(|pair| [pair.first.clone(), pair.second.clone()]);
        if wanted != self.asked {
            self.asked.clone_from(&wanted);
            self.text_scroll = Scroll::default();
            if let Some(members) = wanted {
                self.generation += 1;
                effects.push(Effect::PairDetail { generation: self.generation, members: Box::new(members) });
            }
        }
        effects
    }

    pub(crate) fn tick(&mut self, now: Instant) {
        self.inquiry.tick(now);
        if let Some(nearest) = &mut self.nearest {
            nearest.inquiry.tick(now);
        }
    }

    pub(crate) fn next_tick(&self) -> Option<Instant> {
        let nearest = self.nearest.as_ref().and_then(|nearest| nearest.inquiry.next_tick());
        self.inquiry.next_tick().into_iter().chain(nearest).min()
    }

    /// How far the search for pairs is.
    pub(crate) fn take_share(&mut self, generation: u64, share: f64) {
        if self.inquiry.is_waiting_for(generation) {
            self.share = Some(share);
        }
    }

    /// Takes the pairs of a query in.
    pub(crate) fn take(&mut self, generation: u64, report: Result<Arc<PairsReport>, String>) {
        if self.inquiry.take(generation, report) {
            self.share = None;
            if self.nearest.is_none() {
                self.start_over();
            }
        }
    }

    /// Takes the pairs of one sample in.
    pub(crate) fn take_nearest(&mut self, generation: u64, report: Result<Arc<PairsReport>, String>) {
        if self.nearest.as_mut().is_some_and(|nearest| nearest.inquiry.take(generation, report)) {
            self.start_over();
        }
    }

    /// Takes in what was decided by now, unless something that was decided here is still on its way.
    pub(crate) fn take_decisions(&mut self, report: &MarksReport) {
        if report.decided == self.decided && report.decisions != self.decisions {
            self.decisions.clone_from(&report.decisions);
            self.sift();
        }
    }

    /// Takes two samples in.
    pub(crate) fn take_detail(&mut self, generation: u64, detail: Result<Arc<PairDetail>, String>) {
        if generation == self.generation
            && let Some(members) = self.asked.clone()
        {
            self.detail = Some((members, detail));
        }
    }

    fn decision(&self, pair: &Record) -> Decision {
        let halves = (pair.first.id.clone(), pair.second.id.clone());
        let turned = (halves.1.clone(), halves.0.clone());
        self.decisions.get(&halves).or_else(|| self.decisions.get(&turned)).copied().unwrap_or_default()
    }

    /// Chooses which pairs are shown, in which order.
    fn sift(&mut self) {
        let Some(report) = self.report().cloned() else {
            self.shown.clear();
            return;
        };
        let list = &report.paired.list;
        let finds = |pair: &Record| self.search.is_empty() || self.search.finds(pair, self.decision(pair));
        let mut shown: Vec<usize> =
            list.iter().enumerate().filter(|(_, pair)| finds(pair)).map(|(place, _)| place).collect();
        let score = |place: &usize| list.get(*place).map_or(0.0, |pair| pair.score);
        let kind = |place: &usize| list.get(*place).and_then(|pair| pair.kind.as_deref()).unwrap_or("~");
        shown.sort_by(|one, other| {
            let by_kind = if self.order == Order::Kind {
                kind(one).cmp(kind(other))
            } else {
                std::cmp::Ordering::Equal
            };
            by_kind.then(score(other).total_cmp(&score(one))).then(one.cmp(other))
        });
        self.shown = shown;
        self.cursor = self.cursor.min(self.shown.len().saturating_sub(1));
    }

    fn pair_at(&self, row: usize) -> Option<&Record> {
        self.report()?.paired.list.get(*self.shown.get(row)?)
    }

    fn here(&self) -> Option<&Record> {
        self.pair_at(self.cursor)
    }

    fn plan(&self, body: Rect) -> Plan {
        Plan::new(body, self.is_typing || !self.line.text().is_empty())
    }

    /// Keeps the cursor in view, after another answer or another size.
    pub(crate) fn hold(&mut self, body: Rect) {
        let height = usize::from(self.plan(body).list.height);
        self.scroll.show(self.cursor, self.shown.len(), height);
    }

    fn go(&mut self, row: usize, body: Rect) {
        self.cursor = row.min(self.shown.len().saturating_sub(1));
        self.hold(body);
    }

    /// A letter for the line of the search.
    pub(crate) fn type_text(&mut self, text: &str) {
        self.line.insert(text);
        self.look();
    }

    /// Searches for what stands on the line; what is not understood yet changes nothing.
    fn look(&mut self) {
        match Search::parse(self.line.text()) {
            Ok(search) => {
                (self.search, self.problem) = (search, None);
                self.start_over();
            }
            Err(error) => self.problem = Some(error.message),
        }
    }

    /// Lets a key act.
    pub(crate) fn act(&mut self, action: Action, count: Option<u64>, body: Rect) -> Outcome {
        if self.is_typing {
            return self.act_typing(action);
        }
        let times = count.unwrap_or(1).min(1 << 20) as usize;
        let here = self.cursor;
        let half = usize::from(self.plan(body).list.height / 2).max(1);
        match action {
            Action::Down | Action::NextSample | Action::NextHit => self.go(here.saturating_add(times), body),
            Action::Up | Action::PreviousSample | Action::PreviousHit => {
                self.go(here.saturating_sub(times), body);
            }
            Action::HalfDown => self.go(here + half, body),
            Action::HalfUp => self.go(here.saturating_sub(half), body),
            Action::PageDown => self.go(here + half * 2, body),
            Action::PageUp => self.go(here.saturating_sub(half * 2), body),
            Action::First => self.go(times - usize::from(times > 0), body),
            Action::Last => {
                self.go(count.map_or(usize::MAX, |row| row as usize - usize::from(row > 0)), body);
            }
            Action::Left => self.text_scroll.top = self.text_scroll.top.saturating_sub(times),
            Action::Right => self.text_scroll.top = self.text_scroll.top.saturating_add(times),
            Action::FindPairs => self.is_typing = true,
            Action::AcceptPair => self.decide(Decision::Accepted, body),
            Action::RejectPair => self.decide(Decision::Rejected, body),
            Action::UndecidePair => self.decide(Decision::Undecided, body),
            Action::Reorder => {
                self.order = if self.order == Order::Score { Order::Kind } else { Order::Score };
                self.start_over();
            }
            Action::Open => return self.open(),
            Action::Back | Action::Quit => {
                if !self.line.text().is_empty() {
                    self.line.set("");
                    self.look();
                } else if !self.leave_nearest() {
                    return Outcome::Close;
                }
            }
            _ => {}
        }
        Outcome::Done
    }

    fn act_typing(&mut self, action: Action) -> Outcome {
        match action {
            Action::Accept | Action::Open => self.is_typing = false,
            Action::Back | Action::Quit => {
                self.is_typing = false;
                self.line.set("");
                self.look();
            }
            _ => {
                let before = self.line.text().to_owned();
                edit(&mut self.line, action);
                if self.line.text() != before {
                    self.look();
                }
            }
        }
        Outcome::Done
    }

    /// Decides about the pair under the cursor, and goes on to the next.
    fn decide(&mut self, decision: Decision, body: Rect) {
        let Some(pair) = self.here() else { return };
        let (first, second) = (pair.first.id.clone(), pair.second.id.clone());
        self.decisions.remove(&(second.clone(), first.clone()));
        self.decisions.insert((first.clone(), second.clone()), decision);
        self.decided += 1;
        self.wishes.push(Effect::Mark(Marking::Decide { first, second, decision }));
        let many = self.shown.len();
        self.sift();
        // Where it is not found any more the next one has come under the cursor.
        let row = if self.shown.len() == many { self.cursor + 1 } else { self.cursor };
        self.go(row, body);
    }

    /// The two samples, in the explorer.
    fn open(&self) -> Outcome {
        let Some(pair) = self.here() else { return Outcome::Done };
        let quoted = |id: &str| format!("id:\"{}\"", id.replace('\\', "\\\\").replace('"', "\\\""));
        if pair.first.id == pair.second.id {
            return Outcome::Search(quoted(&pair.first.id));
        }
        Outcome::Search(format!("({} OR {})", quoted(&pair.first.id), quoted(&pair.second.id)))
    }

    /// Lets the mouse act.
    pub(crate) fn mouse(&mut self, event: MouseEvent, body: Rect) -> Outcome {
        let point = Position::new(event.column, event.row);
        let plan = self.plan(body);
        match event.kind {
            MouseEventKind::ScrollDown | MouseEventKind::ScrollUp => {
                let is_down = event.kind == MouseEventKind::ScrollDown;
                let top = &mut self.text_scroll.top;
                if plan.list.contains(point) {
                    let row = if is_down { self.cursor + 1 } else { self.cursor.saturating_sub(1) };
                    self.go(row, body);
                } else if plan.text.contains(point) {
                    *top = if is_down { top.saturating_add(1) } else { top.saturating_sub(1) };
                }
            }
            MouseEventKind::Down(MouseButton::Left) if plan.list.contains(point) => {
                let row = self.scroll.top + usize::from(point.y - plan.list.y);
                if row < self.shown.len() {
                    self.go(row, body);
                }
            }
            MouseEventKind::Down(MouseButton::Left) if plan.search.contains(point) => self.is_typing = true,
            _ => {}
        }
        Outcome::Done
    }

    /// The two samples of the pair under the cursor, once they have come.
    fn samples(&self) -> Option<&Arc<PairDetail>> {
        let pair = self.here()?;
        let (members, detail) = self.detail.as_ref()?;
        let is_same = members[0] == pair.first && members[1] == pair.second;
        detail.as_ref().ok().filter(|_| is_same)
    }

    fn images(&self) -> Option<[&Image; 2]> {
        let (pair, detail) = (self.here()?, self.samples()?);
        let image = |sample: &'_ Arc<Sample>, member: &Member| -> Option<usize> {
            (!sample.images.is_empty()).then(|| (member.image as usize).min(sample.images.len() - 1))
        };
        let [one, other] = &detail.samples;
        let (left, right) = (image(one, &pair.first)?, image(other, &pair.second)?);
        Some([one.images.get(left)?, other.images.get(right)?])
    }

    /// The pictures that are to be there.
    pub(crate) fn wanted(&self, body: Rect) -> Vec<PictureKey> {
        let Some([one, other]) = self.images() else { return Vec::new() };
        let sight = Sight::default();
        pair_panes::keys(self.plan(body).pictures, [(one, &sight), (other, &sight)], 0)
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
        self.draw_list_title(buffer, plan.list_title, theme, has_focus);
        if let Some(divider) = plan.divider {
            draw_divider(buffer, divider, theme);
        }
        let cursor = self.draw_search(buffer, plan.search, theme);
        if self.report().is_none() {
            let inquiry = self.nearest.as_ref().map_or(&self.inquiry, |nearest| &nearest.inquiry);
            let waiting = match self.share {
                Some(done) => format!("Pairs are being looked for: {} done", share(done)),
                None => "Pairs are being looked for …".to_owned(),
            };
            draw_absent(buffer, plan.list, inquiry, &waiting, theme);
            draw_heading(buffer, plan.title, "", "", theme, false);
            return cursor;
        }
        if self.shown.is_empty() {
            let text = if self.search.is_empty() {
                "No two samples are alike and differ."
            } else {
                "No pair is found by this."
            };
            super::picture::say(buffer, plan.list, text, theme.dim);
        }
        self.draw_list(buffer, plan.list, theme, has_focus);
        self.draw_pair(buffer, &plan, theme, pictures);
        cursor
    }

    fn draw_list_title(&self, buffer: &mut Buffer, area: Rect, theme: &Theme, has_focus: bool) {
        let name = match &self.nearest {
            Some(nearest) => format!("Nearest to {}", clip(&safe(&nearest.id), 24)),
            None => "Pairs".to_owned(),
        };
        let more = match (self.report(), self.share) {
            (_, Some(done)) => format!("looking: {}", share(done)),
            (Some(report), None) => {
                let (many, samples) = (self.shown.len() as u64, report.paired.samples);
                let of = if report.total > samples {
                    format!("the first {} of {} samples", thousands(samples), thousands(report.total))
                } else {
                    format!("{} samples", thousands(samples))
                };
                let noun = if many == 1 { "pair" } else { "pairs" };
                let left_out = report.paired.left_out;
                let parts = [(left_out.pictures, "one picture"), (left_out.captions, "one caption")];
                let parts = parts.into_iter().filter(|(many, _)| *many > 0);
                let parts: Vec<String> =
                    parts.map(|(many, what)| format!("{} of {what}", thousands(many))).collect();
                let without =
                    if parts.is_empty() { String::new() } else { format!(", without {}", parts.join(", ")) };
                format!("{} {noun} of {of}{without}", thousands(many))
            }
            (None, None) => String::new(),
        };
        draw_heading(buffer, area, &name, &more, theme, has_focus);
    }

    fn draw_search(&self, buffer: &mut Buffer, area: Rect, theme: &Theme) -> Option<Position> {
        if area.height == 0 {
            return None;
        }
        let x = put(buffer, area, area.x, " ❯ ", if self.is_typing { theme.focus } else { theme.dim });
        let room = area.right().saturating_sub(x);
        let (view, cursor) = self.line.view(room);
        let end = put(buffer, area, x, &view.text, theme.text);
        if let Some(problem) = &self.problem {
            put(buffer, area, end + 2, &safe(problem), theme.error);
        }
        self.is_typing.then(|| Position::new(x + cursor, area.y))
    }

    fn draw_list(&self, buffer: &mut Buffer, area: Rect, theme: &Theme, has_focus: bool) {
        let height = usize::from(area.height);
        for (line, row) in (self.scroll.top..self.shown.len()).take(height).enumerate() {
            let Some(pair) = self.pair_at(row) else { continue };
            let place =
                Rect { y: area.y + line as u16, height: 1, width: area.width.saturating_sub(1), ..area };
            let is_here = row == self.cursor;
            if is_here {
                let style = if has_focus { theme.cursor } else { theme.cursor_away };
                buffer.set_style(place, style);
                put(buffer, place, place.x, "▌", theme.focus);
            }
            let (sign, style) = match self.decision(pair) {
                Decision::Accepted => ("✓", theme.good),
                Decision::Rejected => ("✗", theme.error),
                Decision::Undecided => (" ", theme.dim),
            };
            put(buffer, place, place.x + 1, sign, style);
            let x = put(buffer, place, place.x + 3, &format!("{:.3} ", pair.score), theme.dim);
            let kind = pair.kind.as_deref().unwrap_or("-");
            let x = put(buffer, place, x, &format!("{kind:<11} "), theme.title);
            let change =
                pair.differences.first().map_or_else(|| pair.label.clone().unwrap_or_default(), Told::line);
            let more = pair.differences.len().saturating_sub(1);
            let more = if more > 0 { format!(" +{more}") } else { String::new() };
            let room = usize::from(place.right().saturating_sub(x)).saturating_sub(columns(&more));
            let text = safe(&change);
            let x = put(buffer, place, x, &clip(&text, room), theme.text);
            put(buffer, place, x, &more, theme.dim);
        }
        let view = (self.scroll.top as u64, u64::from(area.height), self.shown.len() as u64);
        scrollbar(buffer, area, view, theme.rule, theme.dim);
    }

    fn draw_pair(&self, buffer: &mut Buffer, plan: &Plan, theme: &Theme, pictures: &Pictures) {
        let Some(pair) = self.here() else {
            draw_heading(buffer, plan.title, "", "", theme, false);
            return;
        };
        let source = if pair.source == Source::Supplied { "supplied" } else { "mined" };
        let label = pair.label.as_deref().map(|label| format!(" as {}", safe(label))).unwrap_or_default();
        let name = format!("{:.3} {}", pair.score, pair.kind.as_deref().unwrap_or("pair"));
        let more = format!(
            "{source}{label} · {} · alike {:.2} · {:.1} bits",
            self.decision(pair).name(),
            pair.coarse,
            pair.contrast_bits
        );
        draw_heading(buffer, plan.title, &name, &more, theme, false);
        if let Some((_, Err(reason))) = &self.detail {
            super::picture::say(buffer, plan.pictures, &safe(reason), theme.warning);
        }
        if let Some([one, other]) = self.images() {
            let half = |image, member: &Member, is_chosen| Half {
                image,
                sight: Sight::default(),
                title: safe(&member.id).into_owned(),
                is_chosen,
            };
            let both = [half(one, &pair.first, false), half(other, &pair.second, false)];
            pair_panes::draw(buffer, plan.pictures, both, pictures, theme);
        }
        let lines = self.lines(pair, theme);
        let width = plan.text.width.saturating_sub(2).max(1);
        let rows = stretch::rows(&lines, width);
        let height = usize::from(plan.text.height);
        let top = self.text_scroll.top.min(rows.len().saturating_sub(height.max(1)));
        for (row, (at, range)) in rows.iter().skip(top).take(height).enumerate() {
            let Some(line) = lines.get(*at) else { continue };
            let place = Rect { x: plan.text.x + 1, width, y: plan.text.y + row as u16, height: 1 };
            line.draw(buffer, place, range);
        }
        let view = (top as u64, height as u64, rows.len() as u64);
        scrollbar(buffer, plan.text, view, theme.rule, theme.dim);
    }

    /// What is said below the pictures.
    fn lines(&self, pair: &Record, theme: &Theme) -> Vec<Line> {
        let plain = |text: String, base: Style| Line::plain(safe(&text), base);
        let bold = theme.text.add_modifier(Modifier::BOLD);
        let mut lines = Vec::new();
        if !pair.same.is_empty() {
            lines.push(plain(format!("same: {}", pair.same.join(", ")), theme.dim));
        }
        if !pair.differences.is_empty() || pair.same.is_empty() {
            lines.push(plain(pair.change(), bold));
        }
        let Some(detail) = self.samples() else { return lines };
        let [one, other] = &detail.samples;
        let is_one = one.seq == other.seq;
        let sides = [(one, "left ", &pair.first), (other, "right", &pair.second)];
        for (at, (sample, side, _)) in sides.into_iter().enumerate() {
            if is_one && at == 1 {
                break;
            }
            let place = detail.captions.get(at).copied().unwrap_or_default();
            if let Some(caption) = sample.captions.get(place) {
                let fates = detail.fates.get(at).cloned().unwrap_or_default();
                let side = if is_one { "both " } else { side };
                lines.push(caption_line(
                    side,
                    &caption.text,
                    if is_one { &[] } else { fates.as_slice() },
                    theme,
                ));
            }
        }
        for (told, side) in detail.alone.iter().zip(["only left:", "only right:"]) {
            if !told.is_empty() && !is_one {
                lines.push(plain(format!("{side} {}", told.join(", ")), theme.dim));
            }
        }
        lines
    }
}

/// A caption with the words lit that are not in the other, or elsewhere there.
fn caption_line(side: &str, caption: &str, fates: &[(std::ops::Range<usize>, Fate)], theme: &Theme) -> Line {
    let shown = Safe::line(caption);
    let lead = format!("{side}  ");
    let mut parts = vec![(0..lead.len(), theme.dim)];
    for (span, fate) in fates {
        let style = match fate {
            Fate::Kept(_) => continue,
            Fate::Moved(_) => theme.warning,
            Fate::Alone => theme.hit,
        };
        let range = shown.range(span);
        parts.push((range.start + lead.len()..range.end + lead.len(), style));
    }
    Line { text: format!("{lead}{}", shown.text), base: theme.text, parts }
}
