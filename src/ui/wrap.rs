//! Breaking a text into rows of a given width, by what a reader sees as one character.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::fit::columns_of_cluster;

/// The rows of `text`, as byte ranges, none wider than `width` columns unless a single character
/// is wider than that. Only line breaks, and spaces at a break, are in no row.
///
/// A row ends after a space or between ideographs; a word that is longer than a row is cut. The
/// text is to be safe already; `\n` ends a row.
pub fn wrap(text: &str, width: u16) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        wrap_line(line, start, width.max(1), &mut rows);
        start += line.len() + 1;
    }
    rows
}

/// The longest beginning of `text` with at most `bytes` bytes that ends between two characters.
pub fn head(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let end = (0..=bytes).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or("")
}

fn wrap_line(line: &str, offset: usize, width: u16, rows: &mut Vec<Range<usize>>) {
    let mut row = Row { start: 0, end: 0, used: 0, rest: None, hangs: false };
    let mut before = Class::Space;
    for (at, cluster) in line.grapheme_indices(true) {
        let (class, needed) = (class_of(cluster), columns_of_cluster(cluster));
        if (may_break(before, class) || (row.hangs && class != Class::Space)) && at > row.start {
            row.rest = Some((at, row.used));
        }
        if class == Class::Space && row.used + needed > width {
            // Spaces at the end of a row hang over its edge and are not shown.
            before = class;
            row.hangs = true;
            continue;
        }
        if (row.hangs || row.used + needed > width) && at > row.start {
            row.close(at, offset, line, rows);
            if row.used + needed > width && at > row.start {
                row.rest = None;
                row.close(at, offset, line, rows);
            }
        }
        row.used += needed;
        row.end = at + cluster.len();
        before = class;
    }
    rows.push(offset + row.start..offset + row.end.max(row.start));
}

/// The row being filled.
struct Row {
    start: usize,
    end: usize,
    used: u16,
    /// The last place to break at, and the columns before it.
    rest: Option<(usize, u16)>,
    /// Whether spaces hang over its edge, after which nothing more fits.
    hangs: bool,
}

impl Row {
    /// Ends the row at its last place to break, or right here; what is left over begins the next.
    fn close(&mut self, here: usize, offset: usize, line: &str, rows: &mut Vec<Range<usize>>) {
        let (at, used) = self.rest.take().unwrap_or((here, self.used));
        let shown = line.get(self.start..at).unwrap_or("").trim_end_matches(' ').len();
        rows.push(offset + self.start..offset + self.start + shown);
        self.start = at;
        // Spaces that hung over the edge were never counted.
        self.used = self.used.saturating_sub(used);
        self.end = self.end.max(at);
        self.hangs = false;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    /// An ideograph, a kana, an emoji: may stand alone.
    Wide,
    /// Closing punctuation of CJK, which does not begin a row.
    Closing,
    /// Opening punctuation of CJK, which does not end a row.
    Opening,
    Other,
}

fn class_of(cluster: &str) -> Class {
    match cluster.chars().next() {
        Some(' ') if cluster.len() == 1 => Class::Space,
        Some(
            '、' | '。' | '，' | '．' | '）' | '」' | '』' | '】' | '！' | '？' | '：' | '；' | 'ー' | '〉'
            | '》',
        ) => Class::Closing,
        Some('（' | '「' | '『' | '【' | '〈' | '《') => Class::Opening,
        Some(c) if !c.is_ascii() && columns_of_cluster(cluster) > 1 => Class::Wide,
        _ => Class::Other,
    }
}

fn may_break(before: Class, here: Class) -> bool {
    if matches!(here, Class::Space | Class::Closing) || before == Class::Opening {
        return false;
    }
    before != Class::Other || here != Class::Other
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fit::columns;
    use super::*;

    fn rows(text: &str, width: u16) -> Vec<&str> {
        wrap(text, width).into_iter().map(|row| text.get(row).expect("rows lie on borders")).collect()
    }

    #[test]
    fn breaks_where_a_reader_would() {
        let table: [(&str, u16, &[&str]); 11] = [
            ("", 5, &[""]),
            ("a brown dog", 7, &["a brown", "dog"]),
            ("a brown dog", 6, &["a", "brown", "dog"]),
            ("ab  cd", 3, &["ab", "cd"]),
            ("incomprehensible", 6, &["incomp", "rehens", "ible"]),
            ("an incomprehensible", 6, &["an", "incomp", "rehens", "ible"]),
            ("one\n\ntwo", 9, &["one", "", "two"]),
            ("犬が走る。", 4, &["犬が", "走", "る。"]),
            ("犬が走る", 5, &["犬が", "走る"]),
            ("👩\u{200d}🚀👩\u{200d}🚀", 3, &["👩\u{200d}🚀", "👩\u{200d}🚀"]),
            ("e\u{301}e\u{301}e\u{301}", 2, &["e\u{301}e\u{301}", "e\u{301}"]),
        ];
        for (text, width, expected) in table {
            assert_eq!(rows(text, width), expected, "{text:?} at {width}");
        }
    }

    #[test]
    fn a_wide_character_does_not_cross_the_edge() {
        assert_eq!(rows("ab犬", 3), ["ab", "犬"]);
        assert_eq!(rows("犬", 1), ["犬"]);
    }

    proptest! {
        #[test]
        fn loses_nothing_and_fits(
            text in "([a-zäé ]{0,12}|[日本語。「犬]{0,6}|👩🏽‍🚀|e\u{301}| {0,4}|\n){0,12}",
            width in 2_u16..30,
        ) {
            let text = super::super::safe::safe_lines(&text).text.into_owned();
            let mut at = 0;
            for row in wrap(&text, width) {
                let between = text.get(at..row.start).expect("rows are in order");
                prop_assert!(between.chars().all(|c| c == ' ' || c == '\n'), "{between:?} lost");
                let shown = text.get(row.clone()).expect("rows lie on borders");
                prop_assert!(columns(shown) <= usize::from(width), "{shown:?} is too wide");
                at = row.end;
            }
            prop_assert!(text.get(at..).is_some_and(|rest| rest.chars().all(|c| c == ' ' || c == '\n')));
        }

        #[test]
        fn any_text_wraps(text in any::<String>(), width in 0_u16..20) {
            let text = super::super::safe::safe_lines(&text).text.into_owned();
            for row in wrap(&text, width) {
                let shown = text.get(row).expect("rows lie on borders");
                prop_assert!(columns(shown) <= usize::from(width.max(1)) || shown.graphemes(true).count() == 1);
            }
        }
    }
}
