//! The fields of a sample: id, source, split, origin, and whatever else the data says.

use std::collections::HashSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::model::{Sample, Value};
use crate::query::quoted;
use crate::ui::{Scroll, Theme, clip, columns, head, put, safe, safe_lines, scrollbar, wrap};

/// Rows of a value that is folded.
const FOLDED: usize = 3;
/// Bytes of a value that are shown; what is beyond is counted.
const LIMIT: usize = 64 * 1024;
/// Fields of one sample that are shown; more are counted.
const FIELDS: usize = 2000;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    name: String,
    /// The value's rows, all of them.
    rows: Vec<String>,
    query: Option<String>,
}

/// Name, value, and the query that finds samples with that value.
pub(crate) type Entry = (String, String, Option<String>);

/// The fields of one sample.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    list: Vec<Field>,
    label_width: usize,
    /// Names of the fields whose values are shown whole; they stay so from sample to sample.
    open: HashSet<String>,
    cursor: usize,
    pub(crate) scroll: Scroll,
}

impl Fields {
    /// Takes another sample in, its values wrapped for a pane of this width.
    pub(crate) fn take(&mut self, sample: &Sample, width: u16) {
        self.take_rows(list(sample), width);
    }

    /// Takes rows in: name, value and query of each.
    pub(crate) fn take_rows(&mut self, all: Vec<Entry>, width: u16) {
        let widest = all.iter().map(|(name, ..)| columns(&safe(head(name, 64)))).max().unwrap_or(0);
        self.label_width = widest.min(usize::from(width) / 3).min(24);
        let room = usize::from(width).saturating_sub(self.label_width + 1).max(1) as u16;
        let field = |(name, value, query): Entry| Field {
            name: safe(head(&name, 256)).into_owned(),
            rows: wrapped(&value, room),
            query,
        };
        let left_out = all.len().saturating_sub(FIELDS);
        self.list = all.into_iter().take(FIELDS).map(field).collect();
        if left_out > 0 {
            let rows = vec![format!("{left_out} more fields are not shown")];
            self.list.push(Field { name: "…".into(), rows, query: None });
        }
        self.cursor = self.cursor.min(self.list.len().saturating_sub(1));
    }

    /// Lines that they take as they are folded now.
    pub(crate) fn rows(&self) -> usize {
        self.list.iter().map(|field| self.height(field)).sum()
    }

    /// The name of the field under the cursor.
    pub(crate) fn name_here(&self) -> Option<&str> {
        self.list.get(self.cursor).map(|field| field.name.as_str())
    }

    /// Puts the cursor on a field.
    pub(crate) fn go(&mut self, place: usize, height: usize) {
        self.cursor = place.min(self.list.len().saturating_sub(1));
        let top: usize = self.list.iter().take(self.cursor).map(|field| self.height(field)).sum();
        let own = self.list.get(self.cursor).map_or(1, |field| self.height(field));
        self.scroll.show(top + own.saturating_sub(1), self.rows(), height);
        self.scroll.show(top, self.rows(), height);
    }

    /// Moves the cursor by so many fields.
    pub(crate) fn walk(&mut self, delta: isize, height: usize) {
        self.go(self.cursor.saturating_add_signed(delta), height);
    }

    /// The query that finds samples with the value under the cursor.
    pub(crate) fn query(&self) -> Option<&str> {
        self.list.get(self.cursor)?.query.as_deref()
    }

    /// Shows the value under the cursor whole, or folded.
    pub(crate) fn set_open(&mut self, is_open: bool) {
        let Some(field) = self.list.get(self.cursor) else { return };
        if is_open {
            self.open.insert(field.name.clone());
        } else {
            self.open.remove(&field.name);
        }
    }

    /// Shows the value under the cursor whole where it is folded, and the contrary.
    pub(crate) fn toggle(&mut self) {
        let is_open = self.list.get(self.cursor).is_some_and(|field| self.open.contains(&field.name));
        self.set_open(!is_open);
    }

    /// Shows every value whole, or folded.
    pub(crate) fn set_all_open(&mut self, is_open: bool) {
        let names = if is_open { self.list.as_slice() } else { &[] };
        self.open = names.iter().map(|field| field.name.clone()).collect();
    }

    /// A click on a row of the pane.
    pub(crate) fn click(&mut self, row: u16, height: usize) {
        let line = self.scroll.top + usize::from(row);
        let mut end = 0;
        let hit = self.list.iter().position(|field| {
            end += self.height(field);
            line < end
        });
        if let Some(place) = hit {
            self.go(place, height);
        }
    }

    pub(crate) fn draw(&self, buffer: &mut Buffer, area: Rect, bar: Rect, theme: &Theme, has_focus: bool) {
        let mut line = 0_usize;
        for (place, field) in self.list.iter().enumerate() {
            for row in 0..self.height(field) {
                if let Some(y) = line.checked_sub(self.scroll.top).filter(|y| *y < usize::from(area.height)) {
                    let here = Rect { y: area.y + y as u16, height: 1, ..area };
                    if place == self.cursor && has_focus {
                        buffer.set_style(here.intersection(buffer.area), theme.cursor);
                    }
                    self.draw_row(buffer, here, field, row, theme);
                }
                line += 1;
            }
        }
        let view = (self.scroll.top as u64, u64::from(area.height), line as u64);
        scrollbar(buffer, bar, view, theme.rule, theme.dim);
    }

    fn draw_row(&self, buffer: &mut Buffer, area: Rect, field: &Field, row: usize, theme: &Theme) {
        if row == 0 {
            put(buffer, area, area.x, &clip(&field.name, self.label_width), theme.dim);
        }
        let x = area.x + (self.label_width + 1).min(usize::from(area.width)) as u16;
        let last = self.height(field) - 1;
        if row == last && field.rows.len() > self.height(field) {
            let text = format!("… {} more rows", field.rows.len() - last);
            put(buffer, area, x, &text, theme.dim);
        } else if let Some(text) = field.rows.get(row) {
            put(buffer, area, x, text, theme.text);
        }
    }

    fn height(&self, field: &Field) -> usize {
        let whole = field.rows.len().max(1);
        if self.open.contains(&field.name) { whole } else { whole.min(FOLDED) }
    }
}

fn wrapped(value: &str, room: u16) -> Vec<String> {
    let shown = head(value, LIMIT);
    let made = safe_lines(shown);
    let text = |row: std::ops::Range<usize>| made.text.get(row).unwrap_or("").to_owned();
    let mut rows: Vec<String> = wrap(&made.text, room).into_iter().map(text).collect();
    if shown.len() < value.len() {
        rows.push(format!("… {} more bytes are not shown", value.len() - shown.len()));
    }
    rows
}

fn list(sample: &Sample) -> Vec<Entry> {
    let mut all = vec![("id".to_owned(), sample.id.clone(), search("id", &sample.id))];
    for (name, value) in [("source", &sample.source), ("split", &sample.split)] {
        if let Some(value) = value {
            all.push((name.to_owned(), value.clone(), search(name, value)));
        }
    }
    for tag in &sample.marks.tags {
        all.push(("tag".to_owned(), tag.clone(), search("tag", tag)));
    }
    if let Some(note) = &sample.marks.note {
        all.push(("note".to_owned(), note.clone(), Some("note:*".to_owned())));
    }
    for told in &sample.marks.verdicts {
        let what = told.reason.as_deref().unwrap_or(told.verdict);
        let said = told.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
        let value = format!("{}{said} · {} · {}", told.verdict, told.rater, told.spot);
        all.push(("verdict".to_owned(), value, search("verdict", what)));
    }
    if let Some(pair) = &sample.pair {
        let parts = [("pair", &pair.key), ("pair label", &pair.label)];
        for (name, value) in parts {
            if let Some(value) = value {
                all.push((name.to_owned(), value.clone(), Some("has:pair".to_owned())));
            }
        }
    }
    for image in &sample.images {
        let name = image.role.as_ref().map_or_else(|| "picture".to_owned(), |role| format!("picture {role}"));
        all.push((name, image.reference.label(), None));
    }
    for (name, value) in &sample.meta {
        all.push((name.clone(), value.to_string(), query_of(name, value)));
    }
    let origin = &sample.origin;
    if !origin.file.is_empty() {
        all.push(("origin".to_owned(), format!("{}:{}", origin.file, origin.position), None));
    }
    all
}

/// The query that finds samples with this value of a field, where it is short and can be typed.
fn search(field: &str, value: &str) -> Option<String> {
    let can_be_typed =
        value.len() <= 80 && value.contains(char::is_alphanumeric) && !value.contains(char::is_control);
    can_be_typed.then(|| format!("{field}:{}", quoted(value)))
}

/// The query that finds samples with this value of a field that capscope has no role for.
fn query_of(name: &str, value: &Value) -> Option<String> {
    let is_name = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if !is_name || name.is_empty() {
        return None;
    }
    match value {
        Value::Text(text) => search(&format!("meta.{name}"), text),
        Value::Bool(value) => Some(format!("meta.{name}:{value}")),
        Value::Int(number) => Some(format!("meta.{name}:{number}")),
        Value::Float(number) => Some(format!("meta.{name}:{number}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SampleMarks, SampleVerdict};

    fn sample() -> Sample {
        Sample {
            id: "7".into(),
            split: Some("val 2".into()),
            marks: SampleMarks {
                tags: vec!["quality/good".into()],
                note: Some("look again".into()),
                verdicts: vec![SampleVerdict {
                    verdict: "wrong",
                    reason: Some("vague".into()),
                    rater: "ann".into(),
                    spot: "spot".into(),
                }],
            },
            meta: vec![
                ("score".into(), Value::Float(0.5)),
                ("long".into(), Value::Text("word ".repeat(60))),
                ("odd name".into(), Value::Bool(true)),
            ],
            ..Sample::default()
        }
    }

    #[test]
    fn long_values_fold() {
        let mut fields = Fields::default();
        fields.take(&sample(), 30);
        let folded = fields.rows();
        fields.go(6, 10);
        fields.toggle();
        assert!(fields.rows() > folded);
        fields.toggle();
        assert_eq!(fields.rows(), folded);
    }

    #[test]
    fn values_can_be_searched_for() {
        let queries: Vec<_> = list(&sample()).into_iter().map(|(_, _, query)| query).collect();
        let expected = [
            Some("id:7"),
            Some("split:\"val 2\""),
            Some("tag:\"quality/good\""),
            Some("note:*"),
            Some("verdict:vague"),
            Some("meta.score:0.5"),
            None,
            None,
        ];
        assert_eq!(queries.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
    }
}
