//! Folding: the spelling under which two writings of one word meet.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::word::stands_alone;

/// Letters of a folded word; a longer one is cut, so that base64 in a caption does no harm.
pub(super) const MAX_LETTERS: usize = 64;

/// Folds one word into `out`, which is emptied first: lower case; marks dropped from Latin, Greek
/// and Cyrillic letters and kept where they make another letter; compatibility forms resolved.
pub(super) fn fold_into(word: &str, out: &mut String) {
    out.clear();
    if word.is_ascii() {
        out.push_str(word.get(..MAX_LETTERS).unwrap_or(word));
        out.make_ascii_lowercase();
        return;
    }
    if let Some(sign) = word.chars().next().filter(|sign| stands_for_several(*sign)) {
        out.push(sign);
        return;
    }
    // Twice as many as are kept, since marks will go; bounded, since normalising holds all the
    // marks of one letter at a time.
    let start = word.chars().take(2 * MAX_LETTERS);
    let mut drops_marks = false;
    let stripped = start.flat_map(char::to_lowercase).nfkd().flat_map(char::to_lowercase).filter(|&letter| {
        if is_combining_mark(letter) {
            return !drops_marks && !is_invisible(letter);
        }
        drops_marks = takes_plain_letter(letter);
        is_apostrophe(letter) || letter.is_alphanumeric()
    });
    for letter in stripped.nfc().take(MAX_LETTERS) {
        push_plain(letter, out);
    }
    if let Some((cut, _)) = out.char_indices().nth(MAX_LETTERS) {
        out.truncate(cut);
    }
    trim_folded(out);
}

/// A kana ligature would come apart into two words.
fn stands_for_several(sign: char) -> bool {
    stands_alone(sign)
        && std::iter::once(sign).nfkd().filter(|letter| !is_combining_mark(*letter)).count() > 1
}

/// An apostrophe as keyboards, word processors and full-width fonts have it.
pub(super) fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2019}' | '\u{2bc}' | '\u{ff07}')
}

/// Variation selectors and the enclosing keycap: marks that change only the looks.
fn is_invisible(mark: char) -> bool {
    matches!(mark, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{20dd}'..='\u{20f0}')
}

/// Whether a letter's script is read without its marks: Latin, Greek, Cyrillic, and digits.
fn takes_plain_letter(letter: char) -> bool {
    matches!(letter, '\0'..='\u{52f}' | '\u{1c80}'..='\u{1fff}' | '\u{2c60}'..='\u{2c7f}' | '\u{a640}'..='\u{a69f}' | '\u{a720}'..='\u{a7ff}')
}

/// Letters that have a plain spelling of which Unicode knows nothing.
fn push_plain(letter: char, out: &mut String) {
    match letter {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'þ' => out.push_str("th"),
        'ø' => out.push('o'),
        'ł' => out.push('l'),
        'đ' | 'ð' => out.push('d'),
        'ı' => out.push('i'),
        'ς' => out.push('σ'),
        letter if is_apostrophe(letter) => out.push('\''),
        letter => out.push(letter),
    }
}

/// Takes away what folding may have left at the ends, so that folding twice changes nothing.
fn trim_folded(out: &mut String) {
    let lead = out.len() - out.trim_start_matches(|letter| letter == '\'' || is_combining_mark(letter)).len();
    out.drain(..lead);
    loop {
        let kept = out.trim_end_matches('\'');
        let kept = kept.strip_suffix("'s").unwrap_or(kept).len();
        if kept == out.len() {
            return;
        }
        out.truncate(kept);
    }
}
