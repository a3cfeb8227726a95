//! Answers in the form in which the field compares them: the official VQA evaluation's rules.
//!
//! Lower case; punctuation is dropped where it touches a space, else becomes one; number words are
//! digits; articles go; contractions get their apostrophe. Numbers beyond ten are read too.

use rustc_hash::FxHashMap;

use crate::text;

/// Marks that the evaluation removes.
const MARKS: &[char] = &[
    ';', '/', '[', ']', '"', '{', '}', '(', ')', '=', '+', '\\', '_', '-', '>', '<', '@', '`', ',', '?', '!',
];

/// Number words by value, beginning with zero.
const NUMBERS: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// Contractions without their apostrophe, where that is no word of its own. Pronouns with `is`, `have`
/// and the like are written as annotators type them.
const CONTRACTIONS: &[&str] = &[
    "ain't",
    "aren't",
    "can't",
    "could've",
    "couldn't",
    "didn't",
    "doesn't",
    "don't",
    "hadn't",
    "hasn't",
    "haven't",
    "he'd",
    "he's",
    "how'd",
    "how's",
    "i'm",
    "i've",
    "isn't",
    "it'd",
    "it'll",
    "let's",
    "might've",
    "mightn't",
    "must've",
    "mustn't",
    "needn't",
    "o'clock",
    "oughtn't",
    "shan't",
    "should've",
    "shouldn't",
    "somebody's",
    "someone's",
    "something's",
    "that's",
    "there's",
    "they'd",
    "they'll",
    "they're",
    "they've",
    "wasn't",
    "we've",
    "weren't",
    "what'll",
    "what're",
    "what's",
    "what've",
    "when's",
    "where'd",
    "where's",
    "who'd",
    "who'll",
    "who's",
    "who've",
    "why's",
    "won't",
    "would've",
    "wouldn't",
    "y'all",
    "you'd",
    "you'll",
    "you're",
    "you've",
];

/// An answer normalised by the rules of the VQA evaluation: `Two  Dogs.` gives `2 dogs`.
pub fn normalised(answer: &str) -> String {
    let folded = answer.trim().replace(['\n', '\t'], " ").replace(['’', '‘'], "'").to_lowercase();
    let bare = without_periods(&without_marks(&folded));
    let words = bare.split_whitespace().filter(|word| !matches!(*word, "a" | "an" | "the"));
    let words: Vec<String> = words.map(|word| contracted(&digits(word))).collect();
    // `the a` is nothing but articles, yet an answer: a letter on a sign.
    if words.is_empty() { bare.split_whitespace().collect::<Vec<_>>().join(" ") } else { words.join(" ") }
}

/// The most frequent answer of several in normal form; the first of those that are as frequent. As it
/// was written, trimmed.
pub fn best_answer(answers: &[String]) -> Option<&str> {
    let mut counts: FxHashMap<String, (usize, usize)> = FxHashMap::default();
    for (place, answer) in answers.iter().enumerate().filter(|(_, answer)| !answer.trim().is_empty()) {
        counts.entry(normalised(answer)).or_insert((0, place)).0 += 1;
    }
    let (_, place) = counts.into_values().max_by_key(|(count, place)| (*count, std::cmp::Reverse(*place)))?;
    answers.get(place).map(|answer| answer.trim())
}

/// A number as digits or word: `2`, `two`, `1,200`, `none`.
pub(super) fn number(word: &str) -> Option<u32> {
    let word = word.trim().to_lowercase();
    if let Some(place) = NUMBERS.iter().position(|name| *name == word) {
        return Some(place as u32);
    }
    match word.as_str() {
        "none" => Some(0),
        "a dozen" | "dozen" => Some(12),
        "thirty" => Some(30),
        "forty" => Some(40),
        "fifty" => Some(50),
        "hundred" | "a hundred" => Some(100),
        _ if word.starts_with(|letter: char| letter.is_ascii_digit()) => word.replace(',', "").parse().ok(),
        _ => None,
    }
}

/// F1 of the words of two texts in normal form, as question generation compares answers: 0 to 1.
pub fn token_f1(one: &str, other: &str) -> f64 {
    let tokens = |text: &str| -> Vec<String> {
        let normal = normalised(text);
        normal.split(' ').filter(|word| !word.is_empty()).map(|word| text::lemma(word).to_owned()).collect()
    };
    let (one, mut other) = (tokens(one), tokens(other));
    let (length, wanted) = (one.len(), other.len());
    let mut common = 0;
    for token in one {
        if let Some(place) = other.iter().position(|word| *word == token) {
            other.swap_remove(place);
            common += 1;
        }
    }
    if common == 0 { 0.0 } else { 2.0 * f64::from(common) / (length + wanted) as f64 }
}

fn without_marks(text: &str) -> String {
    let mut bare = text.to_owned();
    for mark in MARKS {
        if !bare.contains(*mark) {
            continue;
        }
        let touches = bare.contains(&format!("{mark} ")) || bare.contains(&format!(" {mark}"));
        let parts_number = *mark == ',' && is_between_digits(text, ',');
        bare = bare.replace(*mark, if touches || parts_number { "" } else { " " });
    }
    bare
}

fn is_between_digits(text: &str, mark: char) -> bool {
    let letters: Vec<char> = text.chars().collect();
    letters.windows(3).any(|three| matches!(three, [before, here, after] if *here == mark && before.is_ascii_digit() && after.is_ascii_digit()))
}

/// Full stops go, but not those before a digit.
fn without_periods(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '.' || letters.peek().is_some_and(char::is_ascii_digit) {
            bare.push(letter);
        }
    }
    bare
}

fn digits(word: &str) -> String {
    // `a dozen` is two words, and `dozen` alone may be any number of them.
    match number(word).filter(|_| !matches!(word, "dozen" | "hundred")) {
        Some(number) => number.to_string(),
        None => word.to_owned(),
    }
}

fn contracted(word: &str) -> String {
    let is_meant = |whole: &&&str| whole.replace('\'', "") == word;
    // `its`, `were`, `well`, `wed` are words themselves, and not in the list.
    CONTRACTIONS.iter().find(is_meant).map_or_else(|| word.to_owned(), |whole| (*whole).to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn answers_are_normalised_as_the_evaluation_does() {
        let table = [
            ("Yes.", "yes"),
            ("The red one", "red 1"),
            ("two", "2"),
            ("none", "0"),
            ("dont know", "don't know"),
            ("black/white", "black white"),
            ("t-shirt", "t shirt"),
            ("1,200", "1200"),
            ("3.5", "3.5"),
            ("  a  Dog ", "dog"),
            ("the", "the"),
            ("cat, dog", "cat dog"),
            ("", ""),
        ];
        for (given, expected) in table {
            assert_eq!(normalised(given), expected, "{given}");
        }
    }

    #[test]
    fn the_answer_of_most_annotators() {
        let answers: Vec<String> = ["white", "light blue", "blue", "Blue", ""].map(str::to_owned).to_vec();
        assert_eq!(best_answer(&answers), Some("blue"));
        assert_eq!(best_answer(&answers[..2]), Some("white"));
        assert_eq!(best_answer(&[]), None);
    }

    #[test]
    fn overlap_of_answers() {
        assert!((token_f1("a red dog", "red dogs") - 1.0).abs() < 1e-12);
        assert!((token_f1("red dog", "dog") - 2.0 / 3.0).abs() < 1e-12);
        assert!(token_f1("cat", "dog").abs() < 1e-12);
        assert!(token_f1("", "").abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn normal_forms_stay_as_they_are(text in any::<String>()) {
            let once = normalised(&text);
            let _ = number(&text);
            prop_assert!(token_f1(&text, &once) <= 1.0 + 1e-12);
        }
    }
}
