//! How the explore screen looks. Everything here only draws what the state says.
//!
//! ```text
//!  coco_val2017   5,000 samples   128 hits · 2.6 %          indexing ━━━━╌╌╌╌ 43 %  2 s left
//!  ❯ surfer
//! ━ Samples ━━━━━━━━━━━━━━━━━━━━━━━━ 3/128 ─ Picture · 640×480 · 000000000785.jpg ────────────
//! ▌  3 5▣◆ 0000…0785 a surfer on a wave   ┃  (picture)
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use crate::index::{Progress, Stage};
use crate::ui::{Theme, clip, columns, head, put, rule, safe, share, thousands};

use super::explore::{Explore, Focus};
use super::flags;
use super::layout::{Frame, Pane, Plan, SMALLEST};
use super::picture;
use super::tabs::{self, Screen};

/// Columns of the top line that are kept for the number of hits.
const HITS: usize = 11;
/// Columns of the progress bar.
const BAR: usize = 10;

impl Explore {
    /// Draws the top line and the query box; where the terminal's cursor belongs, if anything is typed.
    pub(crate) fn draw_head(&self, buffer: &mut Buffer, plan: &Plan, open: Screen) -> Option<Position> {
        self.draw_top(buffer, plan.top, open);
        let is_typing = self.focus == Focus::Query;
        let cursor = self.query.draw(buffer, plan.query, &self.theme, is_typing);
        is_typing.then_some(cursor)
    }

    /// Draws the panes.
    pub(crate) fn draw_panes(&self, buffer: &mut Buffer, plan: &Plan) {
        for divider in &plan.dividers {
            draw_divider(buffer, *divider, &self.theme);
        }
        for frame in &plan.frames {
            self.draw_title(buffer, frame);
            self.draw_body(buffer, frame);
        }
        for divider in &plan.dividers {
            put(buffer, plan.notice, divider.x, "┬", self.theme.rule);
        }
    }

    /// Draws what lies over the panes of whatever screen: what is wrong with the query, suggestions.
    pub(crate) fn draw_over(&self, buffer: &mut Buffer, plan: &Plan) {
        self.query.draw_problem(buffer, plan.notice, &self.theme);
        if self.focus == Focus::Query {
            let below = Rect { height: plan.hint.y.saturating_sub(plan.notice.y), ..plan.notice };
            self.query.draw_popup(buffer, below, &self.theme);
        }
    }

    fn draw_body(&self, buffer: &mut Buffer, frame: &Frame) {
        let (body, bar, theme) = (frame.body, frame.bar, &self.theme);
        let has_focus = self.has_focus(frame.pane);
        let detail = &self.detail;
        match frame.pane {
            Pane::List => match self.nothing() {
                Some(lines) => draw_nothing(buffer, body, &lines, theme),
                None => self.hits.draw(buffer, body, bar, theme, has_focus),
            },
            Pane::Text => detail.captions.draw(buffer, body, bar, theme),
            Pane::Questions => detail.questions.draw(buffer, body, bar, theme),
            Pane::Tree => detail.tree.draw(buffer, body, bar, theme, has_focus),
            Pane::Figures => detail.figures.draw(buffer, body, bar, theme, has_focus),
            Pane::Fields => detail.fields.draw(buffer, body, bar, theme, has_focus),
            Pane::Picture => self.draw_picture(buffer, body),
        }
    }

    /// The picture, or two where the sample has more and there is room.
    fn draw_picture(&self, buffer: &mut Buffer, body: Rect) {
        if let Some(members) = self.pair_in(body) {
            self.draw_pair(buffer, body, members, members.map(|place| self.sight(place)));
            return;
        }
        let place = self.detail.image;
        self.pictures.draw(buffer, body, self.images().get(place), &self.sight(place), &self.theme);
    }

    /// Says in an area why there are no hits; false where there are some.
    pub(crate) fn draw_nothing_found(&self, buffer: &mut Buffer, area: Rect) -> bool {
        let nothing = self.nothing();
        if let Some(lines) = &nothing {
            draw_nothing(buffer, area, lines, &self.theme);
        }
        nothing.is_some()
    }

    /// `─ Name ─ more ───`, heavy where the pane has the keys, so that it shows without colour.
    fn draw_title(&self, buffer: &mut Buffer, frame: &Frame) {
        let theme = &self.theme;
        let is_here = self.has_focus(frame.pane);
        let (sign, line) = if is_here { ("━", theme.focus) } else { ("─", theme.rule) };
        rule(buffer, frame.title, frame.title.x, sign, line);
        let mut x = frame.title.x + 1;
        if frame.tabs.len() > 1 {
            for (pane, place) in frame.tab_places() {
                let style = match (pane == frame.pane, is_here) {
                    (true, true) => theme.focus.add_modifier(Modifier::UNDERLINED),
                    (true, false) => theme.title.add_modifier(Modifier::UNDERLINED),
                    (false, _) => theme.dim,
                };
                put(buffer, place, place.x, " ", Style::new());
                let name = clip(pane.tab(), usize::from(place.width).saturating_sub(2));
                let after = put(buffer, place, place.x + 1, &name, style);
                x = put(buffer, place, after, " ", Style::new());
            }
        } else {
            let style = if is_here { theme.focus } else { theme.title };
            x = put(buffer, frame.title, x, &format!(" {} ", frame.pane.name()), style);
        }
        let room = usize::from(frame.title.right().saturating_sub(x)).saturating_sub(4);
        let more = self.more(frame, room);
        if !more.is_empty() {
            let text = format!(" {} ", clip(&more, room));
            let at = frame.title.right().saturating_sub(columns(&text) as u16 + 1);
            put(buffer, frame.title, at.max(x), &text, theme.dim);
        }
    }

    /// What a title says besides the name.
    fn more(&self, frame: &Frame, room: usize) -> String {
        let Some(sample) = &self.detail.sample else { return String::new() };
        let many = |number: usize| if number > 0 { thousands(number as u64) } else { String::new() };
        match frame.pane {
            Pane::List if self.hits.total == 0 => String::new(),
            Pane::List => format!("{}/{}", thousands(self.hits.cursor + 1), thousands(self.hits.total)),
            Pane::Picture if self.pair_in(frame.body).is_some() => {
                format!("{} pictures", many(sample.images.len()))
            }
            Pane::Picture => self.title_of_picture(room),
            Pane::Text => self.more_of_text(),
            Pane::Questions => many(sample.questions.len()),
            Pane::Tree => many(sample.descriptors.len()),
            Pane::Figures => self.more_of_figures(),
            Pane::Fields => String::new(),
        }
    }

    fn title_of_picture(&self, room: usize) -> String {
        let place = self.detail.image;
        let is_animated = self.images().get(place).is_some_and(|image| self.pictures.is_animated(image));
        picture::title(self.images(), place, is_animated, room)
    }

    /// The place of the lit word among them, and the id where no list shows it.
    fn more_of_text(&self) -> String {
        let sheet = &self.detail.captions;
        let spot = match (sheet.here, sheet.spots.len()) {
            (Some(here), many) => format!("hit {}/{many}", here + 1),
            (None, _) => String::new(),
        };
        match &self.detail.sample {
            Some(sample) if self.can_close() => {
                let id = format!(
                    "{} · {}/{}",
                    safe(head(&sample.id, 80)),
                    thousands(self.hits.cursor + 1),
                    thousands(self.hits.total)
                );
                if spot.is_empty() { id } else { format!("{spot} · {id}") }
            }
            _ => spot,
        }
    }

    /// The flags of the sample by their letters.
    fn more_of_figures(&self) -> String {
        let flags = self.detail.measured.as_ref().map_or(&[][..], |measured| &measured.flags);
        flags.iter().map(|flag| flags::letter(flag.id)).collect()
    }

    /// What to say in place of the list, where there is none.
    fn nothing(&self) -> Option<Vec<(String, Style)>> {
        let theme = &self.theme;
        if self.hits.total > 0 {
            return None;
        }
        let stage = self.progress.as_ref().map(|progress| &progress.stage);
        if let Some(Stage::Failed(reason)) = stage
            && self.hits.searched == 0
        {
            return Some(vec![
                ("The data set could not be read.".into(), theme.error),
                (safe(reason).into(), theme.text),
            ]);
        }
        let is_done = matches!(stage, Some(Stage::Ready | Stage::Pictures));
        if self.hits.searched == 0 && self.hits.reach.samples > 0 {
            return Some(vec![(
                "No captions are analysed yet; words can be searched already.".into(),
                theme.dim,
            )]);
        }
        if !self.hits.has_come || (self.hits.searched == 0 && !is_done) {
            return Some(vec![("Reading the first samples …".into(), theme.dim)]);
        }
        if self.hits.text.trim().is_empty() {
            let text = if is_done { "This data set has no samples." } else { "No samples yet …" };
            return Some(vec![(text.into(), theme.dim)]);
        }
        let query = safe(head(&self.hits.text, 200)).into_owned();
        let searched = thousands(self.hits.searched);
        let so_far = match stage {
            None | Some(Stage::Ready | Stage::Pictures | Stage::Settling) => "",
            _ if self.hits.searched < self.hits.reach.samples => " analysed so far",
            Some(Stage::Analysing) => "",
            _ => " indexed so far",
        };
        let mut lines =
            vec![(format!("None of the {searched} samples{so_far} has"), theme.text), (query, theme.hit)];
        let guesses =
            self.guesses.iter().filter(|guess| self.hits.text.get(guess.span.clone()) != Some(&guess.text));
        let guess = |guess: &crate::worker::Suggestion| match guess.count {
            Some(count) => format!("{} ({})", safe(&guess.text), thousands(count)),
            None => safe(&guess.text).into_owned(),
        };
        let guesses: Vec<String> = guesses.take(5).map(guess).collect();
        if !guesses.is_empty() {
            lines.push((String::new(), theme.text));
            lines.push(("Did you mean".into(), theme.dim));
            lines.push((guesses.join("   "), theme.good));
        }
        Some(lines)
    }

    /// The data set's name as the top line has it.
    fn name_on_top(&self, line: Rect) -> String {
        let room = usize::from(line.width) / if line.width < 130 { 5 } else { 3 };
        format!(" {}", clip(&safe(&self.dataset), room.max(16)))
    }

    /// The screen whose name stands at a point of the top line.
    pub(crate) fn tab_at(&self, line: Rect, point: Position) -> Option<Screen> {
        let x = line.x + columns(&self.name_on_top(line)) as u16 + 1;
        tabs::places(line, x).into_iter().find(|(_, place)| place.contains(point)).map(|(screen, _)| screen)
    }

    /// Data set, screens, samples, hits; on the right what goes on in the background. What does not fit is
    /// left out, the least important first.
    fn draw_top(&self, buffer: &mut Buffer, area: Rect, open: Screen) {
        let theme = &self.theme;
        // Before there is a list, a number would promise samples that nobody can look at yet.
        let progress = self.progress.as_ref().filter(|_| self.hits.has_come);
        let samples = progress.map_or(0, |progress| progress.samples).max(self.hits.searched);
        let mut x = put(buffer, area, area.x, &self.name_on_top(area), theme.name);
        x = tabs::draw(buffer, area, x + 1, open, theme);
        let has_query = self.hits.has_come && !self.hits.text.trim().is_empty();
        let text = format!("  {} samples", thousands(samples));
        // Where there is little room hits are worth more.
        let hits = match (has_query, &self.query.problem) {
            (false, _) => 0,
            (true, None) => HITS,
            (true, Some(_)) => HITS * 2,
        };
        let room = usize::from(area.right().saturating_sub(x));
        if samples > 0 && room >= columns(&text) + hits {
            x = put(buffer, area, x, &text, theme.dim);
        }
        if has_query {
            let hits = if self.hits.total == 1 { "hit" } else { "hits" };
            x = put(buffer, area, x, &format!("  {} {hits}", thousands(self.hits.total)), theme.text);
            if self.query.problem.is_some() {
                // The query in the box is not the one whose hits still stand in the list.
                x = put(buffer, area, x, &format!(" of {}", clip(&safe(&self.hits.text), 24)), theme.dim);
            } else if self.hits.total > 0 && area.width >= 90 {
                let share = self.hits.total as f64 * 100.0 / self.hits.searched as f64;
                let share = format!(" · {share:.1} %");
                if usize::from(area.right().saturating_sub(x)) >= columns(&share) {
                    x = put(buffer, area, x, &share, theme.dim);
                }
            }
        }
        if let Some(progress) = &self.progress {
            let room = usize::from(area.right().saturating_sub(x + 2));
            draw_progress(buffer, area, progress, room, theme);
        }
    }
}

fn draw_progress(buffer: &mut Buffer, area: Rect, progress: &Progress, room: usize, theme: &Theme) {
    let mut parts: Vec<(String, Style)> = Vec::new();
    let stage = match &progress.stage {
        Stage::Looking => Some(("looking at the files".to_owned(), theme.warning)),
        Stage::Joining => Some(("joining rows".to_owned(), theme.warning)),
        Stage::Indexing => Some(("indexing".to_owned(), theme.warning)),
        Stage::Analysing => Some(("analysing captions".to_owned(), theme.warning)),
        Stage::Settling => Some(("counting".to_owned(), theme.warning)),
        Stage::Following => Some(("another process indexes".to_owned(), theme.warning)),
        Stage::Pictures => Some(("pictures".to_owned(), theme.dim)),
        Stage::Ready => None,
        Stage::Failed(_) => Some(("index failed, see M".to_owned(), theme.error)),
    };
    let is_working = !matches!(progress.stage, Stage::Ready | Stage::Failed(_));
    parts.extend(stage);
    if let Some(done) = progress.share.filter(|_| is_working) {
        let full = (done.clamp(0.0, 1.0) * BAR as f64) as usize;
        parts
            .push((format!("{}{} {}", "━".repeat(full), "╌".repeat(BAR - full), share(done)), theme.warning));
    }
    if progress.skipped > 0 {
        parts.push((format!("{} skipped", thousands(progress.skipped)), theme.error));
    }
    if let Some(left) = progress.left.filter(|_| is_working) {
        parts.push((format!("{} left", duration(left.as_secs())), theme.dim));
    }
    if is_working && progress.rate >= 1.0 {
        parts.push((format!("{}/s", thousands(progress.rate.round() as u64)), theme.dim));
    }
    let mut used = 1;
    parts.retain(|(text, _)| {
        let fits = used + columns(text) + 2 <= room;
        used += if fits { columns(text) + 2 } else { 0 };
        fits
    });
    let mut x = area.right().saturating_sub(used as u16);
    for (text, style) in parts {
        x = put(buffer, area, x + 2, &text, style);
    }
}

fn duration(seconds: u64) -> String {
    match seconds {
        0..=99 => format!("{seconds} s"),
        100..=5999 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{:.1} h", seconds as f64 / 3600.0),
    }
}

fn draw_nothing(buffer: &mut Buffer, area: Rect, lines: &[(String, Style)], theme: &Theme) {
    let top = (area.height.saturating_sub(lines.len() as u16)) / 3;
    for (place, (text, style)) in lines.iter().enumerate() {
        let y = area.y + top + place as u16;
        if y >= area.bottom() {
            break;
        }
        let text = clip(text, usize::from(area.width.saturating_sub(2)));
        let free = usize::from(area.width).saturating_sub(columns(&text)) as u16;
        put(buffer, Rect { y, height: 1, ..area }, area.x + free / 2, &text, theme.text.patch(*style));
    }
}

/// A line between two panes.
pub(crate) fn draw_divider(buffer: &mut Buffer, divider: Rect, theme: &Theme) {
    for y in divider.y..divider.bottom() {
        put(buffer, Rect { y, height: 1, ..divider }, divider.x, "│", theme.rule);
    }
}

/// `━ Name ━ more ━`, heavy where it has the keys.
pub(crate) fn draw_heading(
    buffer: &mut Buffer,
    area: Rect,
    name: &str,
    more: &str,
    theme: &Theme,
    has_focus: bool,
) {
    let (sign, line) = if has_focus { ("━", theme.focus) } else { ("─", theme.rule) };
    rule(buffer, area, area.x, sign, line);
    let style = if has_focus { theme.focus } else { theme.title };
    let x = put(buffer, area, area.x + 1, &format!(" {name} "), style);
    let room = usize::from(area.right().saturating_sub(x)).saturating_sub(4);
    if !more.is_empty() && room > 3 {
        let text = format!(" {} ", clip(more, room));
        let at = area.right().saturating_sub(columns(&text) as u16 + 1);
        put(buffer, area, at.max(x), &text, theme.dim);
    }
}

pub(crate) fn draw_too_small(buffer: &mut Buffer, area: Rect, theme: &Theme) {
    let text = format!("{}×{} is too small; at least {}×{}", area.width, area.height, SMALLEST.0, SMALLEST.1);
    picture::say(buffer, area, &text, theme.text);
}
