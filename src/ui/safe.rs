//! Text of a data set made harmless and visible for a terminal.
//!
//! A caption may hold anything: escape sequences, bidi overrides that turn a line around, invisible
//! characters that hide text from a reader but not from a model. None of them may reach the
//! terminal, and none may vanish either, because they are what somebody who inspects data wants to
//! see. So every control (Cc), format (Cf) and default-ignorable character becomes a short visible
//! sign. Three kinds stay, since without them the text would be wrong: the joiner inside an emoji
//! sequence, one variation selector after a base, and joiner and non-joiner between two letters of
//! the scripts that are spelled with them (Persian, Hindi …).

use std::borrow::Cow;
use std::ops::Range;

use unicode_width::UnicodeWidthChar;

/// More combining marks than this on one letter are counted, not shown.
const MARKS: usize = 8;

/// A text that is safe to draw, and where each part of the original went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Safe<'a> {
    /// The harmless text.
    pub text: Cow<'a, str>,
    /// Replaced stretches, in order: bytes of the original, bytes of the harmless text.
    changes: Vec<(Range<usize>, Range<usize>)>,
}

impl Safe<'_> {
    /// The same, to be kept.
    pub fn into_owned(self) -> Safe<'static> {
        Safe { text: Cow::Owned(self.text.into_owned()), changes: self.changes }
    }

    /// Where a byte range of the original stands in the harmless text. A range that begins or ends
    /// inside of a replaced character takes in the whole of its sign.
    pub fn range(&self, original: &Range<usize>) -> Range<usize> {
        let start = self.place(original.start, true);
        start..self.place(original.end, false).max(start)
    }

    fn place(&self, byte: usize, is_start: bool) -> usize {
        let after = self.changes.partition_point(|(from, _)| from.start <= byte);
        let Some((from, to)) = after.checked_sub(1).and_then(|place| self.changes.get(place)) else {
            return byte.min(self.text.len());
        };
        if byte >= from.end {
            return (byte - from.end + to.end).min(self.text.len());
        }
        if is_start || byte == from.start { to.start } else { to.end }
    }
}

/// The text on one line: a line break shows as `↵`, a tab as a space.
pub fn safe(text: &str) -> Cow<'_, str> {
    convert(text, Breaks::Shown).text
}

/// The text on one line as [`safe`] gives it, with its map.
impl<'a> Safe<'a> {
    /// The text on one line: a line break shows as `↵`, a tab as a space.
    pub fn line(text: &'a str) -> Self {
        convert(text, Breaks::Shown)
    }
}

/// The text with its line breaks kept as `\n`, tabs as four spaces.
pub fn safe_lines(text: &str) -> Safe<'_> {
    convert(text, Breaks::Kept)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Breaks {
    Shown,
    Kept,
}

fn convert(text: &str, breaks: Breaks) -> Safe<'_> {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte) || (byte == b'\n' && breaks == Breaks::Kept)) {
        return Safe { text: Cow::Borrowed(text), changes: Vec::new() };
    }
    let mut writer = Writer { text, out: String::with_capacity(text.len() + 16), changes: Vec::new() };
    let mut previous = Context::default();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let mut end = at + c.len_utf8();
        if c == '\r' && chars.peek().is_some_and(|(_, next)| *next == '\n') {
            chars.next();
            end += 1;
            writer.replace(at..end, if breaks == Breaks::Kept { "\n" } else { "↵" });
            previous = Context::default();
            continue;
        }
        let next = chars.peek().map(|(_, next)| *next);
        match judge(c, &previous, next, breaks) {
            Verdict::Keep => writer.out.push(c),
            Verdict::OnCircle => writer.replace(at..end, &format!("◌{c}")),
            Verdict::Sign(sign) => writer.replace(at..end, &sign),
            Verdict::TooManyMarks => {
                let mut left = 1_usize;
                while let Some((_, mark)) = chars.next_if(|(_, next)| is_mark(*next)) {
                    end += mark.len_utf8();
                    left += 1;
                }
                writer.replace(at..end, &format!("⟨+{left}⟩"));
                previous = Context { base: Some('⟩'), ..Context::default() };
                continue;
            }
        }
        previous.follow(c, writer.out.ends_with(c));
    }
    Safe { text: Cow::Owned(writer.out), changes: writer.changes }
}

struct Writer<'a> {
    text: &'a str,
    out: String,
    changes: Vec<(Range<usize>, Range<usize>)>,
}

impl Writer<'_> {
    fn replace(&mut self, original: Range<usize>, sign: &str) {
        debug_assert!(original.end <= self.text.len());
        let start = self.out.len();
        self.out.push_str(sign);
        self.changes.push((original, start..self.out.len()));
    }
}

/// What stands before a character, as far as it decides about it.
#[derive(Default)]
struct Context {
    /// The last character with a width on this line; `None` at its start.
    base: Option<char>,
    /// Combining marks since the base.
    marks: usize,
    /// Whether a variation selector stands there already.
    selected: bool,
    /// Whether all since the base was kept.
    whole: bool,
}

impl Context {
    fn follow(&mut self, c: char, kept: bool) {
        if c == '\n' {
            *self = Self::default();
        } else if !kept {
            *self = Self { base: Some('⟩'), ..Self::default() };
        } else if is_selector(c) {
            self.selected = true;
        } else if is_mark(c) {
            // A mark that had no letter stands on a circle now.
            self.base = self.base.or(Some('◌'));
            self.marks += 1;
        } else if c == '\u{200d}' || c == '\u{200c}' || is_skin(c) {
            self.selected = false;
        } else {
            *self = Self { base: Some(c), marks: 0, selected: false, whole: true };
        }
    }
}

enum Verdict {
    Keep,
    /// A mark without a letter under it, put on a dotted circle.
    OnCircle,
    Sign(Cow<'static, str>),
    TooManyMarks,
}

fn judge(c: char, previous: &Context, next: Option<char>, breaks: Breaks) -> Verdict {
    if c == '\n' && breaks == Breaks::Kept {
        return Verdict::Keep;
    }
    if let Some(sign) = sign_of_control(c, breaks) {
        return Verdict::Sign(sign);
    }
    if c == '\u{200d}' || c == '\u{200c}' {
        return judge_joiner(c, previous, next);
    }
    if is_selector(c) {
        let held = previous.base.is_some_and(|base| base != ' ') && !previous.selected && previous.whole;
        return if held { Verdict::Keep } else { Verdict::Sign(code_point(c)) };
    }
    if is_hidden(c) {
        return Verdict::Sign(name_of_hidden(c));
    }
    if is_mark(c) {
        return match previous.base {
            None => Verdict::OnCircle,
            Some(_) if previous.marks >= MARKS => Verdict::TooManyMarks,
            Some(_) => Verdict::Keep,
        };
    }
    Verdict::Keep
}

fn judge_joiner(c: char, previous: &Context, next: Option<char>) -> Verdict {
    let (Some(base), Some(next)) = (previous.base, next) else {
        return Verdict::Sign(name_of_hidden(c));
    };
    let in_emoji = c == '\u{200d}' && is_pictograph(base) && is_pictograph(next);
    let in_word = spells_with_joiners(base) && spells_with_joiners(next);
    if previous.whole && (in_emoji || in_word) { Verdict::Keep } else { Verdict::Sign(name_of_hidden(c)) }
}

fn sign_of_control(c: char, breaks: Breaks) -> Option<Cow<'static, str>> {
    Some(match c {
        '\n' => Cow::Borrowed("↵"),
        '\t' if breaks == Breaks::Kept => Cow::Borrowed("    "),
        '\t' => Cow::Borrowed(" "),
        '\0'..='\x1f' => {
            let sign = char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}');
            Cow::Owned(sign.to_string())
        }
        '\x7f' => Cow::Borrowed("␡"),
        '\u{80}'..='\u{9f}' => code_point(c),
        _ => return None,
    })
}

fn code_point(c: char) -> Cow<'static, str> {
    Cow::Owned(format!("⟨U+{:04X}⟩", u32::from(c)))
}

fn name_of_hidden(c: char) -> Cow<'static, str> {
    Cow::Borrowed(match c {
        '\u{ad}' => "⟨-⟩",
        '\u{200b}' => "⟨ZWSP⟩",
        '\u{200c}' => "⟨ZWNJ⟩",
        '\u{200d}' => "⟨ZWJ⟩",
        '\u{200e}' => "⟨LRM⟩",
        '\u{200f}' => "⟨RLM⟩",
        '\u{feff}' => "⟨BOM⟩",
        _ => return code_point(c),
    })
}

/// Format characters (category Cf), line and paragraph separators, and other characters that
/// Unicode says are to be shown as nothing; and the private planes, where terminals and we
/// ourselves have places of pictures (`U+10EEEE` is one of kitty's).
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
        | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}'
        | '\u{f0000}'..='\u{10ffff}')
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// A character that is drawn on the one before it.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && c.width() == Some(0) && !is_hidden(c) && !is_selector(c)
}

fn is_skin(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
        | '\u{2194}'..='\u{21aa}' | '\u{231a}'..='\u{23ff}' | '\u{24c2}' | '\u{25aa}'..='\u{25fe}'
        | '\u{2600}'..='\u{27bf}' | '\u{2934}'..='\u{2935}' | '\u{2b05}'..='\u{2b55}' | '\u{3030}'
        | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1f1e5}' | '\u{1f200}'..='\u{1f3fa}'
        | '\u{1f400}'..='\u{1faff}')
}

/// Letters and vowel signs of Arabic, Syriac, the Indic scripts, Khmer and Mongolian.
fn spells_with_joiners(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{6ff}' | '\u{710}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}'
        | '\u{900}'..='\u{dff}' | '\u{1780}'..='\u{17ff}' | '\u{1820}'..='\u{18aa}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shows_what_would_be_invisible_or_harmful() {
        let table = [
            ("plain text", "plain text"),
            ("a\nb\r\nc\rd", "a↵b↵c␍d"),
            ("tab\there", "tab here"),
            ("\u{1b}[31mred\u{1b}[0m", "␛[31mred␛[0m"),
            ("nul\0 del\x7f c1\u{9b}", "nul␀ del␡ c1⟨U+009B⟩"),
            ("\u{202e}gpj.exe\u{202c}", "⟨U+202E⟩gpj.exe⟨U+202C⟩"),
            ("a\u{200b}b\u{feff}", "a⟨ZWSP⟩b⟨BOM⟩"),
            ("tag\u{e0041}", "tag⟨U+E0041⟩"),
            ("👩\u{200d}🚀 👍🏽", "👩\u{200d}🚀 👍🏽"),
            ("👩🏽\u{200d}❤\u{fe0f}\u{200d}👨", "👩🏽\u{200d}❤\u{fe0f}\u{200d}👨"),
            ("a\u{200d}b", "a⟨ZWJ⟩b"),
            ("❤\u{fe0f}\u{fe0f}", "❤\u{fe0f}⟨U+FE0F⟩"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("\u{301}\u{302}e\u{301}", "◌\u{301}\u{302}e\u{301}"),
            ("line\u{2028}sep", "line⟨U+2028⟩sep"),
        ];
        for (given, expected) in table {
            assert_eq!(safe(given), expected, "{given:?}");
        }
    }

    #[test]
    fn keeps_line_breaks_where_they_are_wanted() {
        assert_eq!(safe_lines("a\r\nb\n\tc").text, "a\nb\n    c");
    }

    #[test]
    fn counts_a_heap_of_marks_instead_of_showing_it() {
        let zalgo = format!("e{}x", "\u{301}".repeat(100));
        assert_eq!(safe(&zalgo), format!("e{}⟨+92⟩x", "\u{301}".repeat(8)));
    }

    #[test]
    fn maps_ranges_of_the_original() {
        let text = "\u{1b}[1mdog\tcat";
        let made = Safe::line(text);
        let range = made.range(&(4..7));
        assert_eq!(made.text.get(range), Some("dog"));
        assert_eq!(made.text.get(made.range(&(0..1))), Some("␛"));
    }

    proptest! {
        #[test]
        fn nothing_hidden_survives(text in any::<String>(), extra in "[\u{0}-\u{9f}\u{200b}-\u{206f}👩🏽❤\u{fe0f}é́]{0,30}") {
            let text = text + &extra;
            for made in [Safe::line(&text), safe_lines(&text)] {
                let breaks_kept = made.text.contains('\n');
                for (at, c) in made.text.char_indices() {
                    prop_assert!(!c.is_control() || (c == '\n' && breaks_kept));
                    if c == '\u{200d}' || c == '\u{200c}' {
                        prop_assert!(at > 0);
                    } else {
                        prop_assert!(!is_hidden(c), "{c:?}");
                    }
                }
            }
            prop_assert!(!safe(&text).contains('\n'));
        }

        #[test]
        fn ranges_stay_in_order_and_on_character_borders(text in any::<String>()) {
            let made = safe_lines(&text);
            let mut last = 0;
            for (at, c) in text.char_indices() {
                let range = made.range(&(at..at + c.len_utf8()));
                prop_assert!(made.text.get(range.clone()).is_some());
                prop_assert!(range.start >= last);
                last = range.start;
            }
        }

        #[test]
        fn plain_text_is_untouched(text in "[ -~äöüßéñ日本語]{0,60}") {
            prop_assert_eq!(safe(&text), text.as_str());
        }
    }
}
