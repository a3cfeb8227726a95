//! Where the words of a text begin and end.
//!
//! A word is a run of letters, digits and their marks in any script; Chinese characters and
//! Japanese kana are words of one character each, since those scripts set no spaces. Hyphens part
//! words, an apostrophe between letters does not, and a possessive `'s` is no part of the word.
//! Emoji and vulgar fractions are no words.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::fold::{MAX_LETTERS, fold_into, is_apostrophe};

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Byte range in the text, on character borders; without a possessive `'s`.
    pub span: Range<usize>,
    /// The word folded for matching: lower case, accents and possessive `'s` dropped, at most 64
    /// characters.
    pub folded: String,
}

/// The words of a text, in order.
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    for_each_word(text, &mut String::new(), |span, folded| {
        found.push(Word { span, folded: folded.to_owned() });
    });
    found
}

/// Number of words of a text.
pub fn count_words(text: &str) -> usize {
    let mut scratch = String::new();
    let is_word = |span: Range<usize>| {
        let raw = text.get(span).unwrap_or_default();
        // Nothing is left of some words when they are folded, but something of every ASCII one.
        raw.is_ascii() || {
            fold_into(raw, &mut scratch);
            !scratch.is_empty()
        }
    };
    Spans { text, at: 0 }.map(is_word).filter(|is_word| *is_word).count()
}

/// Calls `take` with the span and the folded form of every word of a text, in order. The folded
/// form is built in `scratch` where it differs from the text; nothing else is allocated.
pub fn for_each_word(text: &str, scratch: &mut String, mut take: impl FnMut(Range<usize>, &str)) {
    let spans = Spans { text, at: 0 };
    for span in spans {
        let raw = text.get(span.clone()).unwrap_or_default();
        if raw.len() <= MAX_LETTERS && raw.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
            take(span, raw);
            continue;
        }
        fold_into(raw, scratch);
        if !scratch.is_empty() {
            take(span, scratch);
        }
    }
}

/// Finds words, one after the other.
struct Spans<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Spans<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        loop {
            let letter = self.peek(self.at)?;
            if !begins_word(letter) {
                self.at += letter.len_utf8();
                continue;
            }
            let start = self.at;
            let end = if let Some(end) = self.plain_end(start) {
                self.at = end;
                end
            } else {
                self.at = self.end_of_word(start + letter.len_utf8(), stands_alone(letter));
                without_possessive(self.text, start, self.at)
            };
            if !self.is_possessive(start, end) {
                return Some(start..end);
            }
        }
    }
}

impl Spans<'_> {
    /// Whether this word is the possessive of a text that was cut into tokens: `the dog 's tail`.
    fn is_possessive(&self, start: usize, end: usize) -> bool {
        end - start == 1
            && matches!(self.text.as_bytes().get(start), Some(b's' | b'S'))
            && self.text.get(..start).and_then(|text| text.chars().next_back()).is_some_and(is_apostrophe)
    }

    /// The end of a run of ASCII letters and digits, where what follows cannot belong to the word:
    /// nearly always so in English, and much quicker than asking of every letter what it is.
    #[inline]
    fn plain_end(&self, start: usize) -> Option<usize> {
        let rest = self.text.as_bytes().get(start..)?;
        let length = rest.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let is_over = rest.get(length).is_none_or(|after| after.is_ascii() && *after != b'\'');
        (length > 0 && is_over).then_some(start + length)
    }

    #[inline]
    fn peek(&self, at: usize) -> Option<char> {
        let byte = *self.text.as_bytes().get(at)?;
        if byte.is_ascii() { Some(char::from(byte)) } else { self.text.get(at..)?.chars().next() }
    }

    /// Where the word ends whose first letter ends at `at`.
    fn end_of_word(&self, mut at: usize, alone: bool) -> usize {
        let bytes = self.text.as_bytes();
        loop {
            while !alone && bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
                at += 1;
            }
            let Some(letter) = self.peek(at) else { break };
            let next = at + letter.len_utf8();
            let goes_on = if is_mark(letter) {
                true
            } else if alone {
                false
            } else if is_apostrophe(letter) || is_joiner(letter) {
                self.peek(next).is_some_and(|after| begins_word(after) && !stands_alone(after))
            } else {
                begins_word(letter) && !stands_alone(letter)
            };
            if !goes_on {
                break;
            }
            at = next;
        }
        at
    }
}

/// The end of a word without its possessive endings.
fn without_possessive(text: &str, start: usize, mut end: usize) -> usize {
    if !matches!(text.as_bytes().get(end - 1), Some(b's' | b'S')) {
        return end;
    }
    while let Some(word) = text.get(start..end) {
        let Some(rest) = word.strip_suffix(['s', 'S']) else { break };
        let Some(stem) = rest.strip_suffix(is_apostrophe) else { break };
        if stem.is_empty() {
            break;
        }
        end = start + stem.len();
    }
    end
}

#[inline]
fn begins_word(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric();
    }
    letter.is_alphanumeric() && !is_mark(letter) && !is_apostrophe(letter) && !is_symbol(letter)
}

/// A mark belongs to the letter before it; the half-width voicing marks of kana are such too.
fn is_mark(letter: char) -> bool {
    !letter.is_ascii() && (is_combining_mark(letter) || matches!(letter, '\u{ff9e}' | '\u{ff9f}'))
}

/// Soft hyphen and the zero-width (non-)joiners: invisible inside a word.
fn is_joiner(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200c}' | '\u{200d}')
}

/// Letter-like pictures, and fractions, which would fold to another number.
fn is_symbol(letter: char) -> bool {
    matches!(letter, '\u{1f100}'..='\u{1faff}' | '¼'..='¾' | '\u{2150}'..='\u{215f}' | '\u{2189}')
}

/// Han, Hiragana and Katakana, with the signs that are made of them.
pub(super) fn stands_alone(letter: char) -> bool {
    matches!(
        letter,
        '\u{2e80}'..='\u{2fdf}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3021}'..='\u{3029}'
            | '\u{3031}'..='\u{303c}'
            | '\u{3041}'..='\u{30ff}'
            | '\u{3190}'..='\u{319f}'
            | '\u{31f0}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{ff66}'..='\u{ff9f}'
            | '\u{1aff0}'..='\u{1b16f}'
            | '\u{20000}'..='\u{323af}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(text: &str) -> String {
        words(text).into_iter().map(|word| word.folded).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_of_texts() {
        let table = [
            ("", ""),
            ("A man, riding a WAVE.", "a man riding a wave"),
            ("the dog's tail", "the dog tail"),
            ("the dog\u{2019}s tail", "the dog tail"),
            ("the dog 's tail", "the dog tail"),
            ("the dogs' tails", "the dogs tails"),
            ("don't 'quote' it", "don't quote it"),
            ("a t-shirt", "a t shirt"),
            ("1,000 birds at 16:9", "1 000 birds at 16 9"),
            ("Café NAÏVE Straße", "cafe naive strasse"),
            ("cafe\u{301}", "cafe"),
            ("Ελληνικός Йод", "ελληνικοσ иод"),
            ("赤い犬", "赤 い 犬"),
            ("が か\u{3099}", "が が"),
            ("ｶﾞ", "ガ"),
            ("한국어 \u{1112}\u{1161}\u{11ab}", "한국어 한"),
            ("हिन्दी ไทย", "हिन्दी ไทย"),
            ("🐶 dog ❤️ 1️⃣ 🅰", "dog 1"),
            ("file_name.jpg", "file name jpg"),
            ("ﬁne Ⅻ m²", "fine xii m2"),
            ("co\u{ad}operate", "cooperate"),
            ("½ cup", "cup"),
            ("İstanbul ŉ", "istanbul n"),
            ("!!!", ""),
        ];
        for (given, expected) in table {
            assert_eq!(folded(given), expected, "{given}");
        }
    }

    #[test]
    fn spans_leave_the_possessive_out() {
        let text = "A dog’s café";
        let spans: Vec<&str> = words(text).iter().filter_map(|word| text.get(word.span.clone())).collect();
        assert_eq!(spans, ["A", "dog", "café"]);
    }

    #[test]
    fn long_words_are_cut() {
        for word in ["A".repeat(100_000), "é".repeat(100_000), format!("e{}", "\u{301}".repeat(100_000))] {
            let found = words(&word);
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].span, 0..word.len());
            assert!(found[0].folded.chars().count() <= MAX_LETTERS);
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            for word in words(&text) {
                let again = words(&word.folded);
                prop_assert_eq!(again.len(), 1, "{:?}", word);
                prop_assert_eq!(&again[0].folded, &word.folded);
            }
        }

        #[test]
        fn spans_lie_in_the_text_one_after_the_other(text in any::<String>()) {
            let mut end = 0;
            for word in words(&text) {
                prop_assert!(word.span.start >= end && word.span.end > word.span.start);
                prop_assert!(text.get(word.span.clone()).is_some());
                end = word.span.end;
            }
        }
    }
}
