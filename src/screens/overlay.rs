//! What lies over the screen: help, the command palette, the messages, tags, saved queries, a note.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Widget};

use crate::action::{Action, Context, Keymap};
use crate::query::FIELDS;
use crate::ui::{
    LineEdit, Scroll, Theme, clip, columns, fuzzy, lit_line, put, put_line, safe, scrollbar, thousands, wrap,
};
use crate::worker::MarksReport;

use super::export;
use super::marks::{Target, query_rows, tag_rows};

/// How queries are written, for the help screen; the fields are [`FIELDS`].
const QUERY: &[(&str, &str)] = &[
    ("dog cat", "samples with both words, in any of their forms"),
    ("\"red car\"", "these words one after the other"),
    ("dog OR cat", "one of them"),
    ("-person", "not this"),
    ("(dog OR cat) sofa", "together"),
    ("surf*", "a word that begins so"),
    ("~aple", "a word spelled nearly so"),
    ("dog{brown}", "an object with that attribute"),
    ("words:>50", "a number; also words:[10 TO 20]"),
    ("question:*", "samples that have the field at all"),
];

/// The signs in the list, for the help screen.
const SIGNS: &[(&str, &str)] = &[
    ("2 … 9 +", "number of captions; - for none"),
    ("▣ ◫ ▢", "a picture, several, one that the data names but that is not there"),
    ("◆", "descriptors that the data supplies"),
    ("?", "questions"),
    ("▸", "in the gallery: the first of several frames"),
    ("▁ … █", "facts in 100 words, as a rank among all samples; in a wide list the number too"),
    ("T V B N", "flags: THIN, VERBOSE, BARE_OBJECTS, NO_RELATIONS"),
    ("G S R P", "GENERIC, SINGLE_FACET, REPEATS, TEMPLATE"),
    ("H K L D", "HEDGED, NO_KNOWLEDGE, LOST_KNOWLEDGE, DUPLICATE"),
    ("Q I", "VQA_GAP; something with the picture"),
    ("● ✎ ◉", "tags, a note, both"),
    ("✓ ✗ ~", "where there are none: what raters of spot-checks have said, right, wrong, unsure"),
];

/// Contexts whose own keys the help screen has besides those of the one that is open.
const OTHERS: [Context; 12] = [
    Context::List,
    Context::Gallery,
    Context::Viewer,
    Context::Text,
    Context::Tree,
    Context::Fields,
    Context::Flags,
    Context::Coverage,
    Context::Pairs,
    Context::QuestionsScreen,
    Context::Spot,
    Context::Query,
];

/// A list that typing narrows, in a frame over the screen.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    pub(crate) edit: LineEdit,
    pub(crate) cursor: usize,
    pub(crate) scroll: Scroll,
}

/// What lies over the screen.
#[derive(Debug)]
pub(crate) enum Overlay {
    /// Every key and query field.
    Help(Finder),
    /// Every command, for the context that was open before.
    Palette(Finder, Context),
    /// Every message.
    Messages(Scroll),
    /// The tags, for a sample or for all hits.
    Tags(Finder, Target),
    /// The saved queries.
    Saved(Finder),
    /// The note on the sample of this id.
    Note(Finder, String),
    /// Where an export of so many hits goes.
    Export(Finder, u64),
}

impl Overlay {
    pub(crate) fn context(&self) -> Context {
        match self {
            Self::Help(_) => Context::Help,
            Self::Palette(..) => Context::Palette,
            Self::Messages(_) => Context::Messages,
            Self::Tags(..) => Context::Tags,
            Self::Saved(_) => Context::Saved,
            Self::Note(..) => Context::Note,
            Self::Export(..) => Context::Export,
        }
    }

    pub(crate) fn finder(&mut self) -> Option<&mut Finder> {
        match self {
            Self::Help(finder)
            | Self::Palette(finder, _)
            | Self::Tags(finder, _)
            | Self::Saved(finder)
            | Self::Note(finder, _)
            | Self::Export(finder, _) => Some(finder),
            Self::Messages(_) => None,
        }
    }
}

/// Where an overlay of `rows` lines and `width` columns lies: in the middle, with room around it
/// where there is any. With its frame.
pub(crate) fn place(area: Rect, width: u16, rows: usize) -> Rect {
    let width = (width + 4).min(area.width);
    let height = (rows.min(usize::from(u16::MAX) - 8) as u16 + 2)
        .min(area.height.saturating_sub(2))
        .max(3)
        .min(area.height);
    let x = area.x + (area.width - width) / 2;
    let y = area.y + ((area.height - height) / 3).max(1).min(area.height - height);
    Rect { x, y, width, height }
}

/// The inside of a framed area.
pub(crate) fn inside(area: Rect) -> Rect {
    Rect {
        x: area.x + area.width.min(2),
        y: area.y + area.height.min(1),
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2),
    }
}

fn framed(buffer: &mut Buffer, area: Rect, title: &str, theme: &Theme) -> Rect {
    let area = area.intersection(buffer.area);
    Clear.render(area, buffer);
    Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.rule)
        .title(Span::styled(format!(" {title} "), theme.focus))
        .render(area, buffer);
    inside(area)
}

/// The lines of the help screen that fit what is typed.
pub(crate) fn help_lines(
    typed: &str,
    keymap: &Keymap,
    context: Context,
    theme: &Theme,
    width: u16,
) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut section = |title: &str, rows: Vec<(String, String)>| {
        let fits = |(key, text): &(String, String)| {
            let wanted = typed.to_lowercase();
            wanted.split_whitespace().all(|word| format!("{key} {text}").to_lowercase().contains(word))
        };
        let rows: Vec<_> = rows.into_iter().filter(fits).collect();
        if rows.is_empty() {
            return;
        }
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(title.to_owned(), theme.title.add_modifier(ratatui::style::Modifier::BOLD)));
        for (key, text) in rows {
            two_columns(&mut lines, &key, &text, theme, width);
        }
    };
    section(&format!("Keys in the {}", context.name()), keys(keymap, context));
    for other in OTHERS {
        if other != context {
            section(&format!("Keys in the {}", other.name()), only_here(keymap, other, context));
        }
    }
    let table = |rows: &[(&str, &str)]| {
        rows.iter().map(|(one, two)| ((*one).to_owned(), (*two).to_owned())).collect()
    };
    section("Queries", table(QUERY));
    section(
        "Fields of a query",
        FIELDS.iter().map(|field| (field.example.to_owned(), field.help.to_owned())).collect(),
    );
    section("Signs in the list", table(SIGNS));
    lines
}

fn two_columns(lines: &mut Vec<Line<'static>>, key: &str, text: &str, theme: &Theme, width: u16) {
    let left = 20.min(usize::from(width) / 2);
    let room = (usize::from(width)).saturating_sub(left + 1).max(8) as u16;
    for (place, row) in wrap(text, room).into_iter().enumerate() {
        let key = if place == 0 { key } else { "" };
        let pad = " ".repeat(left.saturating_sub(columns(key)) + 1);
        let words = text.get(row).unwrap_or("").to_owned();
        lines.push(Line::from(vec![
            Span::styled(key.to_owned(), theme.key),
            Span::raw(pad),
            Span::raw(words),
        ]));
    }
}

fn keys(keymap: &Keymap, context: Context) -> Vec<(String, String)> {
    let row = |entry: crate::action::Entry| (entry.keys.join("  "), entry.action.help().to_owned());
    keymap.entries(context).into_iter().map(row).collect()
}

fn only_here(keymap: &Keymap, context: Context, than: Context) -> Vec<(String, String)> {
    let known = keys(keymap, than);
    keys(keymap, context).into_iter().filter(|row| !known.contains(row)).collect()
}

/// The commands that fit what is typed, the best first, with the bytes of the name that were met.
pub(crate) fn palette_rows(typed: &str) -> Vec<(Action, Vec<std::ops::Range<usize>>)> {
    let fit = |action: &Action| {
        let by_name = fuzzy(typed, action.name()).map(|(score, met)| (score + 5, met));
        let by_help = || {
            let wanted = typed.trim().to_lowercase();
            action.help().to_lowercase().contains(&wanted).then(|| (1, Vec::new()))
        };
        by_name.or_else(by_help).map(|(score, met)| (score, *action, met))
    };
    let mut rows: Vec<_> = Action::ALL.iter().filter(|action| action.in_palette()).filter_map(fit).collect();
    if !typed.trim().is_empty() {
        rows.sort_by_key(|(score, ..)| std::cmp::Reverse(*score));
    }
    rows.into_iter().map(|(_, action, met)| (action, met)).collect()
}

/// Where the help screen lies.
pub(crate) fn help_area(area: Rect) -> Rect {
    place(area, 76, usize::from(area.height))
}

/// Where a list that typing narrows lies.
pub(crate) fn list_area(area: Rect) -> Rect {
    place(area, 66, 18.min(usize::from(area.height)))
}

/// Draws the help screen; where the cursor belongs.
pub(crate) fn draw_help(
    finder: &Finder,
    keymap: &Keymap,
    context: Context,
    buffer: &mut Buffer,
    area: Rect,
    theme: &Theme,
) -> Position {
    let inner = framed(buffer, help_area(area), "Help", theme);
    let cursor = draw_box(finder, "type to find a key or a query field", buffer, inner, theme);
    let body = Rect { y: inner.y + 1.min(inner.height), height: inner.height.saturating_sub(1), ..inner };
    let lines = help_lines(finder.edit.text(), keymap, context, theme, inner.width.saturating_sub(1));
    if lines.is_empty() {
        put(buffer, body, body.x, "nothing fits", theme.dim);
    }
    let top = finder.scroll.top.min(lines.len().saturating_sub(usize::from(body.height)));
    for (row, line) in lines.iter().skip(top).take(usize::from(body.height)).enumerate() {
        put_line(
            buffer,
            Rect { y: body.y + row as u16, height: 1, width: body.width.saturating_sub(1), ..body },
            line,
        );
    }
    scrollbar(buffer, body, (top as u64, u64::from(body.height), lines.len() as u64), theme.rule, theme.dim);
    cursor
}

/// Draws the palette; where the cursor belongs.
pub(crate) fn draw_palette(
    finder: &Finder,
    keymap: &Keymap,
    context: Context,
    buffer: &mut Buffer,
    area: Rect,
    theme: &Theme,
) -> Position {
    let rows = palette_rows(finder.edit.text());
    let line = |(action, met): &(Action, Vec<std::ops::Range<usize>>), width: usize| {
        let mut spans = lit_line(action.name(), theme.text, met, theme.hit);
        spans.push(Span::raw(" ".repeat(20_usize.saturating_sub(columns(action.name())))));
        let key = keymap.keys(*action, context).first().copied().unwrap_or("");
        spans.push(Span::styled(format!("{key:<10}"), theme.key));
        let room = width.saturating_sub(30);
        spans.push(Span::styled(clip(action.help(), room).into_owned(), theme.dim));
        Line::from(spans)
    };
    let words =
        Words { title: "Commands", hint: "type a few letters of a command", empty: "no command fits" };
    draw_list(finder, &words, &rows, line, buffer, area, theme)
}

/// What is said around a list that typing narrows.
struct Words<'a> {
    title: &'a str,
    /// Where nothing is typed.
    hint: &'a str,
    /// Where there is no row.
    empty: &'a str,
}

/// Draws a list that typing narrows; where the cursor belongs.
fn draw_list<T>(
    finder: &Finder,
    words: &Words<'_>,
    rows: &[T],
    line: impl Fn(&T, usize) -> Line<'static>,
    buffer: &mut Buffer,
    area: Rect,
    theme: &Theme,
) -> Position {
    let inner = framed(buffer, list_area(area), words.title, theme);
    let cursor = draw_box(finder, words.hint, buffer, inner, theme);
    let body = Rect { y: inner.y + 1.min(inner.height), height: inner.height.saturating_sub(1), ..inner };
    for (place, one) in rows.iter().enumerate().skip(finder.scroll.top).take(usize::from(body.height)) {
        let row = Rect { y: body.y + (place - finder.scroll.top) as u16, height: 1, ..body };
        if place == finder.cursor {
            buffer.set_style(row.intersection(buffer.area), theme.cursor);
        }
        let sign = if place == finder.cursor { "▌" } else { " " };
        let x = put(buffer, row, row.x, sign, theme.focus);
        let room = Rect { x, width: row.right().saturating_sub(x), ..row };
        put_line(buffer, room, &line(one, usize::from(room.width)));
    }
    if rows.is_empty() {
        put(buffer, body, body.x, &clip(words.empty, usize::from(body.width)), theme.dim);
    }
    cursor
}

/// Draws the tags; where the cursor belongs.
pub(crate) fn draw_tags(
    finder: &Finder,
    target: &Target,
    report: &MarksReport,
    buffer: &mut Buffer,
    area: Rect,
    theme: &Theme,
) -> Position {
    let rows = tag_rows(finder.edit.text(), report, target);
    let empty = if finder.edit.text().is_empty() {
        "no tags so far: type a name for one"
    } else {
        "no name of a tag: letters, digits, - _ . and / between levels"
    };
    let words = Words { title: &target.title(), hint: "type a tag, old or new", empty };
    draw_list(finder, &words, &rows, |row, width| row.line(theme, width), buffer, area, theme)
}

/// Draws the saved queries; where the cursor belongs.
pub(crate) fn draw_saved(
    finder: &Finder,
    report: &MarksReport,
    query: &str,
    buffer: &mut Buffer,
    area: Rect,
    theme: &Theme,
) -> Position {
    let rows = query_rows(finder.edit.text(), report, query);
    let empty = if query.trim().is_empty() {
        "nothing fits; search for something first to give it a name"
    } else {
        "none so far: type a name for the query that is open"
    };
    let words = Words { title: "Saved queries", hint: "type a name, old or new", empty };
    draw_list(finder, &words, &rows, |row, width| row.line(theme, width), buffer, area, theme)
}

/// Draws the note on a sample; where the cursor belongs.
pub(crate) fn draw_note(
    finder: &Finder,
    id: &str,
    buffer: &mut Buffer,
    area: Rect,
    theme: &Theme,
) -> Position {
    let title = format!("Note on {}", clip(&safe(id), 40));
    let inner = framed(buffer, note_area(area), &title, theme);
    draw_box(finder, "what is to be said of it; nothing takes it away", buffer, inner, theme)
}

/// Draws where an export goes; where the cursor belongs.
pub(crate) fn draw_export(
    finder: &Finder,
    total: u64,
    buffer: &mut Buffer,
    area: Rect,
    theme: &Theme,
) -> Position {
    let title = format!("Export {} {}", thousands(total), if total == 1 { "hit" } else { "hits" });
    let inner = framed(buffer, export_area(area), &title, theme);
    for (row, text) in export::LINES.iter().enumerate() {
        let line = Rect { y: inner.y + 1 + row as u16, height: 1, ..inner }.intersection(inner);
        put(buffer, line, line.x, &clip(text, usize::from(line.width)), theme.dim);
    }
    draw_box(finder, "a file or a folder", buffer, inner, theme)
}

/// Where that lies.
pub(crate) fn export_area(area: Rect) -> Rect {
    place(area, 76, 1 + export::LINES.len())
}

/// Where the note lies.
pub(crate) fn note_area(area: Rect) -> Rect {
    place(area, 76, 1)
}

fn draw_box(finder: &Finder, hint: &str, buffer: &mut Buffer, area: Rect, theme: &Theme) -> Position {
    let x = put(buffer, area, area.x, "❯ ", theme.focus);
    let room = area.right().saturating_sub(x);
    let (view, column) = finder.edit.view(room);
    let inner = Rect { x, width: room, ..area };
    match finder.edit.text() {
        "" => put(buffer, inner, x, hint, theme.dim),
        _ => put(buffer, inner, x, &view.text, theme.text),
    };
    Position::new(x + column.min(room.saturating_sub(1)), area.y)
}

/// Draws the messages, the newest first.
pub(crate) fn draw_messages(
    messages: &[String],
    scroll: Scroll,
    buffer: &mut Buffer,
    area: Rect,
    theme: &Theme,
) {
    let lines = message_lines(messages, messages_width(area), theme);
    let inner = framed(buffer, place(area, 90, lines.len()), "Messages", theme);
    let top = scroll.top.min(lines.len().saturating_sub(usize::from(inner.height)));
    for (row, line) in lines.iter().skip(top).take(usize::from(inner.height)).enumerate() {
        let row = Rect { y: inner.y + row as u16, height: 1, width: inner.width.saturating_sub(1), ..inner };
        put_line(buffer, row, line);
    }
    scrollbar(
        buffer,
        inner,
        (top as u64, u64::from(inner.height), lines.len() as u64),
        theme.rule,
        theme.dim,
    );
}

/// Columns for the text of messages.
pub(crate) fn messages_width(area: Rect) -> u16 {
    inside(place(area, 90, 1)).width.saturating_sub(1)
}

/// The messages wrapped, the newest first.
pub(crate) fn message_lines(messages: &[String], width: u16, theme: &Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for message in messages.iter().rev() {
        let text = safe(message);
        for (place, row) in wrap(&text, width.saturating_sub(2)).into_iter().enumerate() {
            let sign = if place == 0 { "• " } else { "  " };
            let words = text.get(row).unwrap_or("").to_owned();
            lines.push(Line::from(vec![Span::styled(sign, theme.key), Span::raw(words)]));
        }
    }
    if lines.is_empty() {
        lines.push(Line::styled("no messages so far", theme.dim));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_palette_finds_commands() {
        let first = |typed: &str| palette_rows(typed).first().map(|(action, _)| *action);
        assert_eq!(first("shuf"), Some(Action::Shuffle));
        assert_eq!(first("zp"), Some(Action::ZoomPicture));
        assert_eq!(first("undo"), Some(Action::Undo));
        assert_eq!(first("qqqq"), None);
    }

    #[test]
    fn help_narrows() {
        let lines = |typed| help_lines(typed, &Keymap::default(), Context::List, &Theme::plain(), 70);
        let all = lines("").len();
        let few: Vec<String> = lines("random").iter().map(ToString::to_string).collect();
        assert!(few.len() < all && few.iter().any(|line| line.contains("shuffle")), "{few:?}");
        assert!(lines("no such thing").is_empty());
    }
}
