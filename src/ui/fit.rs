//! How wide is a text, and what of it fits?

use std::borrow::Cow;
use std::ops::Range;

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

use super::wrap::head;

/// Columns that `text` takes when ratatui draws it.
pub fn columns(text: &str) -> usize {
    if text.is_ascii() {
        return text.bytes().filter(|byte| !byte.is_ascii_control()).count();
    }
    text.graphemes(true).map(|cluster| usize::from(columns_of_cluster(cluster))).sum()
}

/// Columns that one grapheme cluster takes when ratatui draws it; 0 for a control character, which
/// it leaves out.
pub fn columns_of_cluster(cluster: &str) -> u16 {
    if cluster.contains(char::is_control) { 0 } else { cluster.cell_width() }
}

/// `text` cut to `width` columns, with `…` in the last one where something was cut.
pub fn clip(text: &str, width: usize) -> Cow<'_, str> {
    if columns(text) <= width {
        return Cow::Borrowed(text);
    }
    if width == 0 {
        return Cow::Borrowed("");
    }
    let mut short = text.get(..fitting(text, width - 1)).unwrap_or("").to_owned();
    short.push('…');
    Cow::Owned(short)
}

/// `text` cut to `width` columns with `…` in its middle: ids differ at both ends.
pub fn clip_middle(text: &str, width: usize) -> Cow<'_, str> {
    let full = columns(text);
    if full <= width || width < 3 {
        return clip(text, width);
    }
    let tail_width = (width - 1) / 2;
    let head = text.get(..fitting(text, width - 1 - tail_width)).unwrap_or("");
    let tail = text.get(text.len() - fitting_from_end(text, tail_width)..).unwrap_or("");
    Cow::Owned(format!("{head}…{tail}"))
}

/// The stretch of `text` of at most `width` columns to show so that the byte range `hit` is seen:
/// from the start where it lies within, else from a little before the hit.
pub fn excerpt(text: &str, hit: Option<&Range<usize>>, width: usize) -> Range<usize> {
    let whole = 0..fitting(text, width);
    let Some(hit) = hit else { return whole };
    if hit.end <= whole.end || whole.end == text.len() {
        return whole;
    }
    let before = text.get(..hit.start).unwrap_or("");
    // A third of the room goes to what stands before the hit, more where less follows it.
    let after = columns(head(text.get(hit.start..).unwrap_or(""), width * 8));
    let lead = fitting_from_end(before, (width / 3).max(width.saturating_sub(after)));
    let from = before.len() - lead;
    // Begin with a whole word where there is one.
    let word = before.get(from..).and_then(|lead| lead.find(' ')).map_or(from, |space| from + space + 1);
    let from = if from == 0 { 0 } else { word };
    from..from + fitting(text.get(from..).unwrap_or(""), width)
}

/// Bytes of the longest beginning of `text` with at most `width` columns.
fn fitting(text: &str, width: usize) -> usize {
    let mut used = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        used += usize::from(columns_of_cluster(cluster));
        if used > width {
            return at;
        }
    }
    text.len()
}

/// Bytes of the longest end of `text` with at most `width` columns.
fn fitting_from_end(text: &str, width: usize) -> usize {
    let mut used = 0;
    for (at, cluster) in text.grapheme_indices(true).rev() {
        used += usize::from(columns_of_cluster(cluster));
        if used > width {
            return text.len() - at - cluster.len();
        }
    }
    text.len()
}

/// A number with a comma after every three digits: `1,234,567`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A share from 0 to 1 as per cent, never rounded up to `100 %`.
pub fn share(share: f64) -> String {
    let percent = (share.clamp(0.0, 1.0) * 100.0).floor() as u8;
    format!("{percent} %")
}

/// A part of a whole as per cent with one digit: `12.8 %`; what is more than nothing is never `0.0 %`.
pub fn per_cent(part: u64, whole: u64) -> String {
    let percent = part as f64 * 100.0 / whole.max(1) as f64;
    if part > 0 && percent < 0.05 { "<0.1 %".to_owned() } else { format!("{percent:.1} %") }
}

/// A share from 0 to 1 as per cent with one digit.
pub fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// A number with as many digits as tell something.
pub fn short(number: f64) -> String {
    match number.abs() {
        0.0 => "0".into(),
        size if size >= 1e5 => thousands(number.round() as u64),
        size if size >= 100.0 || number.fract() == 0.0 => format!("{number:.0}"),
        size if size >= 10.0 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_short() {
        for (number, text) in [
            (0.0, "0"),
            (3.0, "3"),
            (0.456, "0.46"),
            (12.34, "12.3"),
            (234.5, "234"),
            (1_234_567.0, "1,234,567"),
        ] {
            assert_eq!(short(number), text);
        }
    }

    #[test]
    fn cuts_at_the_end_and_in_the_middle() {
        assert_eq!(clip("abcdef", 6), "abcdef");
        assert_eq!(clip("abcdef", 4), "abc…");
        assert_eq!(clip("日本語", 4), "日…");
        assert_eq!(clip("abc", 0), "");
        assert_eq!(clip_middle("000000039769", 9), "0000…9769");
        assert_eq!(clip_middle("abc", 2), "a…");
    }

    #[test]
    fn shows_the_hit_of_a_long_text() {
        let text = "one two three four five six seven eight nine ten";
        assert_eq!(excerpt(text, Some(&(4..7)), 12), 0..12);
        let range = excerpt(text, Some(&(28..33)), 18);
        assert!(range.start <= 28 && range.end >= 33, "{range:?}");
        assert_eq!(text.get(range.start..range.start + 3), Some("six"));
        // Where the hit is near the end, what comes before fills the room.
        let range = excerpt(text, Some(&(45..48)), 18);
        assert_eq!(text.get(range), Some("eight nine ten"));
    }

    #[test]
    fn writes_numbers() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(1234), "1,234");
        assert_eq!(thousands(10_000_000), "10,000,000");
        assert_eq!(share(0.999), "99 %");
        assert_eq!(share(1.0), "100 %");
        assert_eq!(
            (per_cent(1, 3), per_cent(1, 9000), per_cent(0, 0)),
            ("33.3 %".into(), "<0.1 %".into(), "0.0 %".into())
        );
    }

    proptest! {
        #[test]
        fn what_is_cut_fits(text in any::<String>(), width in 0_usize..40) {
            let text = super::super::safe::safe(&text);
            prop_assert!(columns(&clip(&text, width)) <= width);
            prop_assert!(columns(&clip_middle(&text, width)) <= width);
            let shown = excerpt(&text, Some(&(0..text.len())), width);
            prop_assert!(columns(text.get(shown).expect("on borders")) <= width);
        }
    }
}
