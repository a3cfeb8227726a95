//! Where the tokens and the sentences of a text begin and end.
//!
//! The extractor needs what a search does not: punctuation, hyphenated words as one, and clitics
//! (`'s`, `n't`) apart. Every token is a byte range on character borders.

use std::ops::Range;

/// Tokens of a sentence at most; a longer "sentence" (a list, a dump) is cut, which bounds the work
/// on it.
pub(super) const MAX_TOKENS: usize = 128;

/// Words of a quotation at most; a longer one is read as prose between two marks.
const MAX_QUOTE: usize = 160;

/// What stands at a place of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters and digits.
    Word,
    /// A sign.
    Sign,
    /// Words between quotation marks; the span is what is between them.
    Quote,
}

/// A token, not yet looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawToken {
    pub kind: Kind,
    pub start: u32,
    pub end: u32,
}

impl RawToken {
    /// Its letters.
    pub(super) fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// Splits a text into tokens, which are appended to `tokens`, and sentences, ranges of tokens.
pub(super) fn split(text: &str, tokens: &mut Vec<RawToken>, sentences: &mut Vec<Range<usize>>) {
    tokens.clear();
    sentences.clear();
    let mut splitter = Splitter { text, at: 0, first: 0, no_quote_before: [0; 3] };
    while splitter.step(tokens, sentences) {}
    splitter.end_sentence(tokens.len(), sentences);
}

struct Splitter<'t> {
    text: &'t str,
    at: usize,
    /// First token of the sentence at hand.
    first: usize,
    /// For each pair of marks, the place before which no closing mark follows: a text of a
    /// hundred thousand opening marks must not be searched so many times.
    no_quote_before: [usize; 3],
}

impl Splitter<'_> {
    fn letter(&self, at: usize) -> Option<char> {
        let byte = *self.text.as_bytes().get(at)?;
        if byte.is_ascii() { Some(char::from(byte)) } else { self.text.get(at..)?.chars().next() }
    }

    fn step(&mut self, tokens: &mut Vec<RawToken>, sentences: &mut Vec<Range<usize>>) -> bool {
        let Some(letter) = self.letter(self.at) else { return false };
        let start = self.at;
        let next = start + letter.len_utf8();
        if letter.is_whitespace() {
            if letter == '\n' {
                self.end_sentence(tokens.len(), sentences);
            }
            self.at = next;
            return true;
        }
        if let Some(end) = self.quote(letter, next) {
            self.push(tokens, sentences, Kind::Quote, next, end);
            self.at = end + self.letter(end).map_or(0, char::len_utf8);
            return true;
        }
        if is_of_word(letter) {
            self.word(start, tokens, sentences);
        } else if let Some(end) = self.clitic(start, letter) {
            self.push(tokens, sentences, Kind::Word, start, end);
            self.at = end;
        } else {
            self.sign(start, letter, tokens, sentences);
        }
        true
    }

    fn push(
        &mut self,
        tokens: &mut Vec<RawToken>,
        sentences: &mut Vec<Range<usize>>,
        kind: Kind,
        start: usize,
        end: usize,
    ) {
        if tokens.len() - self.first >= MAX_TOKENS {
            self.end_sentence(tokens.len(), sentences);
        }
        tokens.push(RawToken { kind, start: start as u32, end: end as u32 });
    }

    fn end_sentence(&mut self, count: usize, sentences: &mut Vec<Range<usize>>) {
        if count > self.first {
            sentences.push(self.first..count);
        }
        self.first = count;
    }

    fn word(&mut self, start: usize, tokens: &mut Vec<RawToken>, sentences: &mut Vec<Range<usize>>) {
        let end = self.end_of_word(start);
        self.at = end;
        let word = self.text.get(start..end).unwrap_or_default();
        let stem = word.len().saturating_sub(3);
        if stem > 0 && word.get(stem..).is_some_and(|end| end.eq_ignore_ascii_case("n't")) {
            self.push(tokens, sentences, Kind::Word, start, start + stem);
            self.push(tokens, sentences, Kind::Word, start + stem, end);
        } else {
            self.push(tokens, sentences, Kind::Word, start, end);
        }
    }

    fn end_of_word(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = start;
        let mut before = ' ';
        loop {
            // Most letters are of the commonest kind.
            while let Some(letter) = bytes.get(at).filter(|letter| letter.is_ascii_alphanumeric()) {
                before = char::from(*letter);
                at += 1;
            }
            let Some(letter) = self.letter(at) else { break };
            let next = at + letter.len_utf8();
            let goes_on = if is_of_word(letter) {
                true
            } else {
                let after = self.letter(next).unwrap_or(' ');
                match letter {
                    '-' | '\u{2010}' | '\u{2011}' => is_of_word(after),
                    '\'' | '’' => after.is_alphabetic() && !self.is_clitic(next),
                    '.' | ',' | ':' => before.is_ascii_digit() && after.is_ascii_digit(),
                    _ => false,
                }
            };
            if !goes_on {
                break;
            }
            before = letter;
            at = next;
        }
        at
    }

    /// Whether the letters from `at` on are an ending that stands for a word: `'s`, `'re`.
    fn is_clitic(&self, at: usize) -> bool {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).take(4).count();
        let ends = self.letter(at + length).is_none_or(|after| !is_of_word(after));
        let ending = rest.get(..length).unwrap_or_default().to_ascii_lowercase();
        ends && matches!(&*ending, b"s" | b"re" | b"ve" | b"ll" | b"d" | b"m")
    }

    /// The end of a clitic whose apostrophe stands at `start`.
    fn clitic(&self, start: usize, letter: char) -> Option<usize> {
        if !matches!(letter, '\'' | '’') {
            return None;
        }
        let first = start + letter.len_utf8();
        self.is_clitic(first).then(|| {
            let rest = self.text.as_bytes().get(first..).unwrap_or_default();
            first + rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count()
        })
    }

    /// The place of the mark that closes a quotation opened by `mark`, whose words begin at `from`.
    fn quote(&mut self, mark: char, from: usize) -> Option<usize> {
        let (pair, close) = match mark {
            '"' => (0, '"'),
            '“' => (1, '”'),
            '«' => (2, '»'),
            _ => return None,
        };
        if from < self.no_quote_before[pair] || self.letter(from).is_none_or(char::is_whitespace) {
            return None;
        }
        let mut end = (from + MAX_QUOTE).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let within = self.text.get(from..end)?;
        let found = within.find(close).filter(|length| *length > 0);
        let line = within.find('\n').unwrap_or(within.len());
        if let Some(length) = found.filter(|length| *length < line) {
            return Some(from + length);
        }
        self.no_quote_before[pair] = if found.is_none() { end } else { from };
        None
    }

    fn sign(
        &mut self,
        start: usize,
        letter: char,
        tokens: &mut Vec<RawToken>,
        sentences: &mut Vec<Range<usize>>,
    ) {
        let mut end = start + letter.len_utf8();
        while matches!(letter, '.' | '-' | '!' | '?') && self.letter(end) == Some(letter) {
            end += 1;
        }
        self.push(tokens, sentences, Kind::Sign, start, end);
        self.at = end;
        let ends = match letter {
            '!' | '?' | '。' | '！' | '？' => true,
            '.' => !self.follows_abbreviation(tokens),
            _ => false,
        };
        let after = self.letter(end);
        if ends && after.is_none_or(|after| after.is_whitespace() || matches!(after, '"' | '”' | ')')) {
            self.end_sentence(tokens.len(), sentences);
        }
    }

    /// Whether the token before the full stop just read is an abbreviation.
    fn follows_abbreviation(&self, tokens: &[RawToken]) -> bool {
        let [.., before, stop] = tokens else { return false };
        if before.end != stop.start || before.kind != Kind::Word {
            return false;
        }
        let word = before.of(self.text);
        let is_initial = word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_uppercase());
        is_initial || ABBREVIATIONS.iter().any(|short| word.eq_ignore_ascii_case(short))
    }
}

/// Words after which a full stop ends no sentence.
const ABBREVIATIONS: [&str; 18] = [
    "mr", "mrs", "ms", "dr", "st", "vs", "etc", "approx", "jr", "sr", "ave", "blvd", "rd", "mt", "e.g",
    "i.e", "no", "inc",
];

/// Letters, digits and the marks on them.
fn is_of_word(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric();
    }
    letter.is_alphanumeric() || unicode_normalization::char::is_combining_mark(letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        let (mut tokens, mut sentences) = (Vec::new(), Vec::new());
        split(text, &mut tokens, &mut sentences);
        let sentence = |range: Range<usize>| {
            tokens[range].iter().map(|token| token.of(text)).collect::<Vec<_>>().join(" ")
        };
        sentences.into_iter().map(sentence).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn texts_in_tokens_and_sentences() {
        let table = [
            ("", ""),
            ("A man, riding.", "A man , riding ."),
            ("the dog's t-shirt isn't red", "the dog 's t-shirt is n't red"),
            ("the horse 's mane", "the horse 's mane"),
            ("It’s 3.5 m. The end", "It ’s 3.5 m . | The end"),
            ("Dr. Who at St. Paul. He waves!", "Dr . Who at St . Paul . | He waves !"),
            ("says \"STOP HERE\" twice", "says STOP HERE twice"),
            ("a 6\" ruler", "a 6 \" ruler"),
            ("one\ntwo", "one | two"),
            ("o'clock 1,000 10:15", "o'clock 1,000 10:15"),
            ("Café — naïve…", "Café — naïve …"),
        ];
        for (given, expected) in table {
            assert_eq!(shown(given), expected, "{given}");
        }
    }

    #[test]
    fn sentences_are_bounded() {
        let text = "dog ".repeat(10_000);
        let (mut tokens, mut sentences) = (Vec::new(), Vec::new());
        split(&text, &mut tokens, &mut sentences);
        assert!(sentences.iter().all(|sentence| sentence.len() <= MAX_TOKENS));
        assert_eq!(tokens.len(), 10_000);
    }

    proptest! {
        #[test]
        fn spans_lie_in_the_text_one_after_the_other(text in any::<String>()) {
            let (mut tokens, mut sentences) = (Vec::new(), Vec::new());
            split(&text, &mut tokens, &mut sentences);
            let mut end = 0;
            for token in &tokens {
                prop_assert!(token.start >= end && token.end > token.start);
                prop_assert!(text.get(token.start as usize..token.end as usize).is_some());
                end = token.end;
            }
            prop_assert_eq!(sentences.iter().map(Range::len).sum::<usize>(), tokens.len());
        }
    }
}
