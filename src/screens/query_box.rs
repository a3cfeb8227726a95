//! The query box: what is typed, what is wrong with it, what could stand there, what was typed before.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::{Clear, Widget};
use unicode_segmentation::UnicodeSegmentation;

use crate::action::Action;
use crate::ui::{LineEdit, Safe, Theme, clip, columns, put, rule, safe, thousands};
use crate::worker::Suggestion;

/// Queries that are kept to go back to.
const HISTORY: usize = 1000;
/// Suggestions that are shown at once.
const SHOWN: usize = 8;
/// Sign before the query.
const PROMPT: &str = " ❯ ";
const PROMPT_WIDTH: u16 = 3;

/// What is wrong with a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The query's text that has it.
    pub(crate) text: String,
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
}

/// What a key did to the box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edited {
    /// Another text, the last word perhaps unfinished.
    Typed,
    /// Another text as a whole, from the history.
    Recalled,
    /// The text is the same.
    Moved,
    /// The key means nothing to the box.
    Unknown,
}

/// The list of suggestions under the box.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Popup {
    list: Vec<Suggestion>,
    chosen: usize,
}

/// The box.
#[derive(Debug, Default)]
pub(crate) struct QueryBox {
    pub(crate) edit: LineEdit,
    pub(crate) problem: Option<Problem>,
    history: Vec<String>,
    /// Place in the history, and what was typed before going there.
    recalled: Option<(usize, String)>,
    popup: Option<Popup>,
    /// Whether suggestions were asked for and shall be shown when they come.
    asks: bool,
}

impl QueryBox {
    /// A box with a query in it and queries of earlier days, the newest last.
    pub(crate) fn new(text: String, history: Vec<String>) -> Self {
        Self { edit: LineEdit::new(text), history, ..Self::default() }
    }

    pub(crate) fn text(&self) -> &str {
        self.edit.text()
    }

    /// Keeps a query in the history.
    pub(crate) fn remember(&mut self, text: &str) {
        self.recalled = None;
        if text.trim().is_empty() {
            return;
        }
        self.history.retain(|other| other != text);
        self.history.push(text.to_owned());
        if self.history.len() > HISTORY {
            self.history.remove(0);
        }
    }

    /// Types text in.
    pub(crate) fn insert(&mut self, text: &str) -> Edited {
        let before = self.text().to_owned();
        self.edit.insert(text);
        self.edited(&before)
    }

    /// Lets a key of the line act.
    pub(crate) fn act(&mut self, action: Action) -> Edited {
        let before = self.text().to_owned();
        match action {
            Action::HistoryBack if self.popup.is_none() => return self.recall(true),
            Action::HistoryForward if self.popup.is_none() => return self.recall(false),
            _ if edit(&mut self.edit, action) => {}
            _ => return Edited::Unknown,
        }
        self.edited(&before)
    }

    fn edited(&mut self, before: &str) -> Edited {
        if self.text() == before {
            return Edited::Moved;
        }
        self.recalled = None;
        Edited::Typed
    }

    fn recall(&mut self, is_back: bool) -> Edited {
        let (place, draft) = match self.recalled.take() {
            Some(recalled) => recalled,
            None => (self.history.len(), self.text().to_owned()),
        };
        let next = if is_back { place.checked_sub(1) } else { Some(place + 1) };
        let Some(next) = next.filter(|next| *next <= self.history.len()) else {
            self.recalled = (place < self.history.len()).then_some((place, draft));
            return Edited::Moved;
        };
        match self.history.get(next) {
            Some(text) => {
                self.edit.set(text.clone());
                self.recalled = Some((next, draft));
            }
            None => self.edit.set(draft),
        }
        Edited::Recalled
    }

    /// Whether the list of suggestions is open or asked for.
    pub(crate) fn suggests(&self) -> bool {
        self.asks
    }

    pub(crate) fn has_popup(&self) -> bool {
        self.popup.is_some()
    }

    /// Asks for suggestions, to be shown when they come.
    pub(crate) fn ask(&mut self) {
        self.asks = true;
    }

    pub(crate) fn close_popup(&mut self) {
        self.popup = None;
        self.asks = false;
    }

    /// Takes suggestions in, where they are for the text as it is now.
    pub(crate) fn suggest(&mut self, text: &str, list: Vec<Suggestion>) {
        if self.asks && text == self.text() {
            self.popup = Some(Popup { list, chosen: 0 });
        }
    }

    /// Goes through the suggestions.
    pub(crate) fn choose(&mut self, delta: isize) {
        if let Some(popup) = &mut self.popup {
            let many = popup.list.len().max(1) as isize;
            popup.chosen = (popup.chosen as isize + delta).rem_euclid(many) as usize;
        }
    }

    /// Puts the chosen suggestion in; false where there is none.
    pub(crate) fn accept(&mut self) -> bool {
        let chosen = self.popup.take().and_then(|popup| popup.list.into_iter().nth(popup.chosen));
        self.asks = false;
        let Some(chosen) = chosen else { return false };
        self.replace(&chosen);
        true
    }

    /// Puts the suggestion in a row of the open list in.
    pub(crate) fn accept_row(&mut self, row: u16, box_area: Rect) -> bool {
        let Some(popup) = &mut self.popup else { return false };
        let Some(line) = row.checked_sub(box_area.y + 1).map(usize::from) else { return false };
        let place = popup.first() + line;
        if line >= SHOWN || place >= popup.list.len() {
            return false;
        }
        popup.chosen = place;
        self.accept()
    }

    /// Puts a suggestion in place of what it stands for.
    pub(crate) fn replace(&mut self, suggestion: &Suggestion) {
        self.recalled = None;
        self.edit.replace(suggestion.span.clone(), &suggestion.text);
    }

    /// Puts the cursor where the box was clicked.
    pub(crate) fn click(&mut self, area: Rect, column: u16) {
        let width = area.width.saturating_sub(PROMPT_WIDTH + 1);
        self.edit.point(width, column.saturating_sub(area.x + PROMPT_WIDTH));
    }

    /// Draws the box; where the cursor of the terminal belongs.
    pub(crate) fn draw(&self, buffer: &mut Buffer, area: Rect, theme: &Theme, has_focus: bool) -> Position {
        let style = if has_focus { theme.focus } else { theme.dim };
        let x = put(buffer, area, area.x, PROMPT, style);
        let width = area.width.saturating_sub(PROMPT_WIDTH + 1);
        let (view, column) = self.edit.view(width);
        let inner = Rect { x: x.min(area.right()), width: width.min(area.right().saturating_sub(x)), ..area };
        if self.text().is_empty() {
            let hint = if has_focus {
                "dog  \"red car\"  cat OR dog  -person  object:dog  dog{brown}"
            } else {
                "/ to search"
            };
            put(buffer, inner, inner.x, &clip(hint, usize::from(width)), theme.dim);
        } else {
            put(buffer, inner, inner.x, &view.text, theme.text);
            self.tint(buffer, inner, view.left, theme);
            self.mark_problem(buffer, inner, view.left, theme);
        }
        Position::new(inner.x + column.min(width.saturating_sub(1)), area.y)
    }

    /// Tells words from what is said about them: field names, quotes, operators.
    fn tint(&self, buffer: &mut Buffer, area: Rect, left: usize, theme: &Theme) {
        for (span, part) in parts(self.text()) {
            let style = match part {
                Part::Field | Part::Operator => theme.key,
                Part::Quoted => theme.good,
            };
            let from = area.x.saturating_add(columns_before(self.text(), span.start, left)).min(area.right());
            let until = area.x.saturating_add(columns_before(self.text(), span.end, left)).min(area.right());
            let span = Rect { x: from, width: until.saturating_sub(from), ..area };
            buffer.set_style(span.intersection(buffer.area), style);
        }
    }

    fn mark_problem(&self, buffer: &mut Buffer, area: Rect, left: usize, theme: &Theme) {
        let Some(problem) = self.problem.as_ref().filter(|problem| problem.text == self.text()) else {
            return;
        };
        let (from, until) = problem_columns(problem, left);
        let from = area.x.saturating_add(from).min(area.right());
        let until = area.x.saturating_add(until).min(area.right());
        let span = Rect { x: from, width: until - from, ..area };
        buffer.set_style(
            span.intersection(buffer.area),
            theme.error.add_modifier(ratatui::style::Modifier::UNDERLINED),
        );
    }

    /// Draws what is wrong with the query in the row under the box: `^~~~` under the place, and what
    /// was expected beside it.
    pub(crate) fn draw_problem(&self, buffer: &mut Buffer, area: Rect, theme: &Theme) {
        let Some(problem) = &self.problem else { return };
        rule(buffer, area, area.x, " ", theme.text);
        let message = safe(&problem.message);
        let is_current = problem.text == self.text();
        let (view, _) = self.edit.view(area.width.saturating_sub(PROMPT_WIDTH + 1));
        let (from, until) = problem_columns(problem, view.left);
        let at = area.x + PROMPT_WIDTH + from.min(area.width);
        let room = usize::from(area.right().saturating_sub(at));
        let mark = format!("^{}", "~".repeat(usize::from(until.saturating_sub(from + 1)).min(room)));
        let needed = columns(&mark) + 2 + columns(&message);
        if is_current && needed <= room {
            let x = put(buffer, area, at, &mark, theme.error);
            put(buffer, area, x + 1, &message, theme.error);
        } else if is_current && columns(&message) + 5 < usize::from(at - area.x) {
            let x = at - columns(&message) as u16 - 1;
            put(buffer, area, x, &message, theme.error);
            put(buffer, area, at, &mark, theme.error);
        } else {
            let text = if is_current {
                format!("column {}: {message}", column_of(problem))
            } else {
                message.into_owned()
            };
            let x = put(buffer, area, area.x, " ✗ ", theme.error);
            let room = usize::from(area.right().saturating_sub(x));
            put(buffer, area, x, &clip(&text, room), theme.error);
        }
    }

    /// Draws the open list of suggestions over what is under the box.
    pub(crate) fn draw_popup(&self, buffer: &mut Buffer, below: Rect, theme: &Theme) {
        let Some(popup) = &self.popup else { return };
        if popup.list.is_empty() {
            let area = Rect { height: below.height.min(1), ..below };
            Clear.render(area.intersection(buffer.area), buffer);
            put(buffer, area, area.x + PROMPT_WIDTH, "nothing to suggest here", theme.dim);
            return;
        }
        let shown = popup.list.iter().skip(popup.first()).take(SHOWN);
        let count = |suggestion: &Suggestion| suggestion.count.map_or_else(String::new, thousands);
        let text_width = shown.clone().map(|one| columns(&safe(&one.text))).max().unwrap_or(0).min(50);
        let count_width = shown.clone().map(|one| count(one).len()).max().unwrap_or(0);
        let width = (text_width + count_width + 5).min(usize::from(below.width)) as u16;
        let start = popup.list.first().map_or(0, |one| one.span.start);
        let (view, _) = self.edit.view(below.width.saturating_sub(PROMPT_WIDTH + 1));
        let column = columns_before(self.text(), start, view.left);
        let x = (below.x + PROMPT_WIDTH + column).saturating_sub(1).min(below.right() - width);
        for (place, one) in shown.enumerate() {
            let row = Rect { x, y: below.y + place as u16, width, height: 1 }.intersection(below);
            if row.is_empty() {
                break;
            }
            Clear.render(row.intersection(buffer.area), buffer);
            let is_chosen = popup.first() + place == popup.chosen;
            let sign = if is_chosen { "▌" } else { "│" };
            put(buffer, row, x, sign, if is_chosen { theme.focus } else { theme.rule });
            put(buffer, row, x + 2, &clip(&safe(&one.text), text_width), theme.text);
            let number = count(one);
            put(buffer, row, row.right().saturating_sub(number.len() as u16 + 1), &number, theme.dim);
            if is_chosen {
                buffer.set_style(row.intersection(buffer.area), theme.cursor);
            }
        }
    }
}

impl Popup {
    fn first(&self) -> usize {
        self.chosen.saturating_sub(SHOWN - 1)
    }
}

/// Lets a key of a line act on it; false where it is none.
pub(crate) fn edit(line: &mut LineEdit, action: Action) -> bool {
    match action {
        Action::CursorLeft => line.left(),
        Action::CursorRight => line.right(),
        Action::WordLeft => line.word_left(),
        Action::WordRight => line.word_right(),
        Action::LineStart => line.home(),
        Action::LineEnd => line.end(),
        Action::DeleteLeft => line.delete_left(),
        Action::DeleteRight => line.delete_right(),
        Action::KillWordLeft => line.kill_word_left(),
        Action::KillWordRight => line.kill_word_right(),
        Action::KillToStart => line.kill_to_start(),
        Action::KillToEnd => line.kill_to_end(),
        Action::PutBack => line.put_back(),
        _ => return false,
    }
    true
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Field,
    Operator,
    Quoted,
}

/// The parts of a query that are no plain words. Only for the eye: the parser decides what they mean.
fn parts(text: &str) -> Vec<(Range<usize>, Part)> {
    let mut found = Vec::new();
    let mut quote: Option<usize> = None;
    let mut word = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match (quote, c) {
            (Some(start), '"') => {
                found.push((start..end, Part::Quoted));
                (quote, word) = (None, end);
            }
            (None, '"') => quote = Some(at),
            (None, ':') if at > word => {
                found.push((word..end, Part::Field));
                word = end;
            }
            (None, '-' | '~') if at == word => {
                found.push((at..end, Part::Operator));
                word = end;
            }
            (None, '(' | ')' | '{' | '}' | '[' | ']' | '*' | ' ') => {
                if matches!(text.get(word..at), Some("OR" | "AND" | "NOT" | "TO")) {
                    found.push((word..at, Part::Operator));
                }
                found.extend((c != ' ').then_some((at..end, Part::Operator)));
                word = end;
            }
            _ => {}
        }
    }
    found.extend(quote.map(|start| (start..text.len(), Part::Quoted)));
    found
}

/// Column of the problem as a person counts it, from 1.
fn column_of(problem: &Problem) -> usize {
    let before = problem.text.get(..problem.span.start).unwrap_or(&problem.text);
    before.graphemes(true).count() + 1
}

/// Columns of the problem in a box that shows the query from byte `left` of its harmless text on.
fn problem_columns(problem: &Problem, left: usize) -> (u16, u16) {
    let from = columns_before(&problem.text, problem.span.start, left);
    (from, columns_before(&problem.text, problem.span.end, left).max(from))
}

fn columns_before(text: &str, byte: usize, left: usize) -> u16 {
    let made = Safe::line(text);
    let end = made.range(&(byte..byte)).start;
    columns(made.text.get(left.min(end)..end).unwrap_or("")).min(4096) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_goes_back_and_forth_and_keeps_the_draft() {
        let mut query = QueryBox::new(String::new(), vec!["cat".into(), "dog".into()]);
        query.insert("dra");
        assert_eq!(query.act(Action::HistoryBack), Edited::Recalled);
        assert_eq!(query.text(), "dog");
        query.act(Action::HistoryBack);
        assert_eq!(query.act(Action::HistoryBack), Edited::Moved);
        assert_eq!(query.text(), "cat");
        query.act(Action::HistoryForward);
        query.act(Action::HistoryForward);
        assert_eq!(query.text(), "dra");
        assert_eq!(query.act(Action::HistoryForward), Edited::Moved);
        query.remember("cat");
        query.act(Action::HistoryBack);
        assert_eq!(query.text(), "cat");
    }

    #[test]
    fn the_parts_of_a_query_are_told_apart() {
        let text = "object:dog OR -\"red car\" x*";
        let shown: Vec<_> =
            parts(text).into_iter().map(|(span, part)| (text.get(span).expect("on borders"), part)).collect();
        let expected = [
            ("object:", Part::Field),
            ("OR", Part::Operator),
            ("-", Part::Operator),
            ("\"red car\"", Part::Quoted),
            ("*", Part::Operator),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_suggestion_replaces_what_it_stands_for() {
        let mut query = QueryBox::new("brown su".into(), Vec::new());
        query.ask();
        let one = |text: &str| Suggestion { text: text.into(), span: 6..8, count: Some(3) };
        query.suggest("brown su", vec![one("surf"), one("surfboard")]);
        query.choose(1);
        assert!(query.accept());
        assert_eq!(query.text(), "brown surfboard");
        query.ask();
        query.suggest("another text", vec![one("surf")]);
        assert!(!query.accept());
    }
}
