//! One line of text being typed: cursor, deletion by word, and a view of it in a narrow box.

use unicode_segmentation::UnicodeSegmentation;

use super::fit::{columns, columns_of_cluster};
use super::safe::Safe;

/// Longest text that a box takes, in bytes; what a paste has beyond is left out.
const LONGEST: usize = 4096;

/// The text of a box and the cursor in it, which always stands between two grapheme clusters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineEdit {
    text: String,
    cursor: usize,
    killed: String,
}

impl LineEdit {
    /// A box that holds `text`, cursor at its end.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { cursor: text.len(), text, killed: String::new() }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Byte position of the cursor.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Another text, cursor at its end.
    pub fn set(&mut self, text: impl Into<String>) {
        self.text = text.into();
        self.cursor = self.text.len();
    }

    /// Puts `text` in at the cursor: line breaks and tabs as spaces, other control characters not.
    pub fn insert(&mut self, text: &str) {
        for c in text.chars() {
            let c = if matches!(c, '\n' | '\t') { ' ' } else { c };
            if c.is_control() || self.text.len() + c.len_utf8() > LONGEST {
                continue;
            }
            self.text.insert(self.cursor, c);
            self.cursor += c.len_utf8();
        }
        self.mend();
    }

    /// Puts `text` in place of a byte range; nothing happens where that is not on borders.
    pub fn replace(&mut self, span: std::ops::Range<usize>, text: &str) {
        if self.text.get(span.clone()).is_none() {
            return;
        }
        self.text.replace_range(span.clone(), text);
        self.cursor = span.start + text.len();
        self.mend();
    }

    /// One cluster to the left.
    pub fn left(&mut self) {
        self.cursor -= self.before().graphemes(true).next_back().map_or(0, str::len);
    }

    /// One cluster to the right.
    pub fn right(&mut self) {
        self.cursor += self.after().graphemes(true).next().map_or(0, str::len);
    }

    /// To the start of the word before the cursor.
    pub fn word_left(&mut self) {
        self.cursor = self.word_start();
    }

    /// To the end of the word after the cursor.
    pub fn word_right(&mut self) {
        self.cursor = self.word_end();
    }

    /// To the start of the text.
    pub fn home(&mut self) {
        self.cursor = 0;
    }

    /// To the end of the text.
    pub fn end(&mut self) {
        self.cursor = self.text.len();
    }

    /// Deletes the cluster before the cursor.
    pub fn delete_left(&mut self) {
        let end = self.cursor;
        self.left();
        self.cut(self.cursor..end);
    }

    /// Deletes the cluster after the cursor.
    pub fn delete_right(&mut self) {
        let length = self.after().graphemes(true).next().map_or(0, str::len);
        self.cut(self.cursor..self.cursor + length);
    }

    /// Deletes to the start of the word before the cursor, to be put back by [`Self::put_back`].
    pub fn kill_word_left(&mut self) {
        self.kill(self.word_start()..self.cursor);
    }

    /// Deletes to the end of the word after the cursor, to be put back by [`Self::put_back`].
    pub fn kill_word_right(&mut self) {
        self.kill(self.cursor..self.word_end());
    }

    /// Deletes all before the cursor, to be put back by [`Self::put_back`].
    pub fn kill_to_start(&mut self) {
        self.kill(0..self.cursor);
    }

    /// Deletes all after the cursor, to be put back by [`Self::put_back`].
    pub fn kill_to_end(&mut self) {
        self.kill(self.cursor..self.text.len());
    }

    /// Inserts what was killed last.
    pub fn put_back(&mut self) {
        let killed = self.killed.clone();
        self.insert(&killed);
    }

    /// What to draw in a box of `width` columns, and the column of the cursor in it: the text is
    /// shifted so that the cursor is inside.
    pub fn view(&self, width: u16) -> (View, u16) {
        let width = usize::from(width.max(1));
        let made = Safe::line(&self.text);
        let cursor = made.range(&(self.cursor..self.cursor)).start;
        let before = made.text.get(..cursor).unwrap_or("");
        let mut left = 0;
        let mut used = columns(before);
        for (at, cluster) in before.grapheme_indices(true) {
            if used < width {
                break;
            }
            used -= usize::from(columns_of_cluster(cluster));
            left = at + cluster.len();
        }
        let text = made.text.get(left..).unwrap_or("").to_owned();
        (View { text, left }, used as u16)
    }

    /// Moves the cursor to the cluster that a [`Self::view`] of this width shows in this column.
    pub fn point(&mut self, width: u16, column: u16) {
        let (view, _) = self.view(width);
        let made = Safe::line(&self.text);
        let mut used = 0;
        let mut wanted = view.left + view.text.len();
        for (at, cluster) in view.text.grapheme_indices(true) {
            used += columns_of_cluster(cluster);
            if used > column {
                wanted = view.left + at;
                break;
            }
        }
        let ends = self.text.grapheme_indices(true).map(|(at, _)| at).chain([self.text.len()]);
        let here = ends.take_while(|at| made.range(&(*at..*at)).start <= wanted).last();
        self.cursor = here.unwrap_or(0);
    }

    fn before(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or("")
    }

    fn after(&self) -> &str {
        self.text.get(self.cursor..).unwrap_or("")
    }

    fn word_start(&self) -> usize {
        let before = self.before();
        let trimmed = before.trim_end_matches(|c: char| !c.is_alphanumeric());
        let start = trimmed.trim_end_matches(char::is_alphanumeric).len();
        self.border(start)
    }

    fn word_end(&self) -> usize {
        let after = self.after();
        let rest = after.trim_start_matches(|c: char| !c.is_alphanumeric());
        let rest = rest.trim_start_matches(char::is_alphanumeric);
        self.border(self.text.len() - rest.len())
    }

    /// The nearest border of clusters at or after `byte`.
    fn border(&self, byte: usize) -> usize {
        let mut borders = self.text.grapheme_indices(true).map(|(at, _)| at);
        borders.find(|at| *at >= byte).unwrap_or(self.text.len())
    }

    fn kill(&mut self, span: std::ops::Range<usize>) {
        if let Some(text) = self.text.get(span.clone()) {
            self.killed = text.to_owned();
        }
        self.cut(span);
    }

    fn cut(&mut self, span: std::ops::Range<usize>) {
        self.replace(span, "");
    }

    /// Brings the cursor back to a border: typing a combining mark may have moved one.
    fn mend(&mut self) {
        self.cursor = self.border(self.cursor);
    }
}

/// The part of a line that a box shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Harmless text, from the first column on; it may be longer than the box.
    pub text: String,
    /// Bytes of the harmless text that lie left of the box.
    pub left: usize,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn edits_by_cluster_and_word() {
        let mut line = LineEdit::new("a brown dog");
        line.kill_word_left();
        assert_eq!(line.text(), "a brown ");
        line.left();
        line.word_left();
        assert_eq!(line.cursor(), 2);
        line.kill_to_end();
        assert_eq!(line.text(), "a ");
        line.put_back();
        assert_eq!(line.text(), "a brown ");
        line.kill_to_start();
        assert_eq!(line.text(), "");
    }

    #[test]
    fn an_emoji_sequence_is_one_step() {
        let mut line = LineEdit::new("x👩\u{200d}🚀e\u{301}");
        line.delete_left();
        assert_eq!(line.text(), "x👩\u{200d}🚀");
        line.left();
        assert_eq!(line.cursor(), 1);
        line.delete_right();
        assert_eq!(line.text(), "x");
    }

    #[test]
    fn a_paste_has_no_control_characters() {
        let mut line = LineEdit::default();
        line.insert("two\nlines\u{1b}[0m");
        assert_eq!(line.text(), "two lines[0m");
    }

    #[test]
    fn the_cursor_stays_in_the_box() {
        let mut line = LineEdit::new("a long query that does not fit");
        let (view, column) = line.view(10);
        assert_eq!((view.text.as_str(), column), ("s not fit", 9));
        line.home();
        assert_eq!(line.view(10).1, 0);
    }

    #[test]
    fn a_click_puts_the_cursor() {
        let mut line = LineEdit::new("犬 dog");
        line.point(20, 1);
        assert_eq!(line.cursor(), 0);
        line.point(20, 2);
        assert_eq!(line.cursor(), 3);
        line.point(20, 19);
        assert_eq!(line.cursor(), 7);
    }

    proptest! {
        #[test]
        fn the_cursor_is_always_between_clusters(
            start in any::<String>(), steps in prop::collection::vec((0_u8..14, any::<char>(), 0_u16..30), 0..40),
        ) {
            let mut line = LineEdit::default();
            line.insert(&start);
            for (step, c, column) in steps {
                match step {
                    0 => line.left(), 1 => line.right(), 2 => line.word_left(), 3 => line.word_right(),
                    4 => line.delete_left(), 5 => line.delete_right(), 6 => line.kill_word_left(),
                    7 => line.kill_word_right(), 8 => line.put_back(), 9 => line.home(), 10 => line.end(),
                    11 => line.point(12, column),
                    _ => line.insert(&c.to_string()),
                }
                let at = line.cursor();
                prop_assert!(at == line.text().len() || line.text().grapheme_indices(true).any(|(b, _)| b == at));
                let (_, column) = line.view(12);
                prop_assert!(column < 12);
            }
        }
    }
}
