//! Does a few typed letters mean this name? For the palette and the help screen.

use std::ops::Range;

/// How well `typed` fits `name` (more is better) and the byte ranges of `name` that were met, or
/// `None` where a letter is missing. Case is ignored, spaces in `typed` too; letters that stand
/// together or begin a word count for more.
pub fn fuzzy(typed: &str, name: &str) -> Option<(u32, Vec<Range<usize>>)> {
    let mut score = 0;
    let mut met: Vec<Range<usize>> = Vec::new();
    let mut letters = name.char_indices().peekable();
    let mut before = ' ';
    for wanted in typed.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase) {
        loop {
            let (at, letter) = letters.next()?;
            let begins_word = !before.is_alphanumeric();
            before = letter;
            if !letter.to_lowercase().eq([wanted]) {
                continue;
            }
            let end = at + letter.len_utf8();
            match met.last_mut() {
                Some(last) if last.end == at => {
                    last.end = end;
                    score += 4;
                }
                _ => {
                    met.push(at..end);
                    score += if begins_word { 3 } else { 1 };
                }
            }
            break;
        }
    }
    Some((score * 100 / (name.len() as u32 + 10), met))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_letters_in_order() {
        assert!(fuzzy("nxp", "next picture").is_some());
        assert!(fuzzy("xn", "next").is_none());
        assert_eq!(fuzzy("", "anything").map(|(_, met)| met), Some(vec![]));
        let met = fuzzy("Ne", "next").map(|(_, met)| met);
        assert_eq!(met.as_deref().and_then(<[_]>::first), Some(&(0..2)));
    }

    #[test]
    fn prefers_what_stands_together() {
        let whole = fuzzy("undo", "undo").expect("fits").0;
        let scattered = fuzzy("undo", "unfold a node").expect("fits").0;
        assert!(whole > scattered);
    }
}
