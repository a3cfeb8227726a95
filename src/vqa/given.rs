//! What a question gives beside its grammar: options, the kind of thing that is asked for, words that say
//! something.

use crate::text;

use super::ask::{Asked, Gap, Wh};
use super::content::{Term, strict_terms};
use super::grammar::is_preposition;
use super::normal::normalised;
use super::noun::dictionary_form;
use super::words::List;

/// The kind of thing that `what animal` asks for.
pub(super) fn class(asked: &Asked) -> Option<String> {
    let Asked::Open { word: Wh::What, noun, .. } = asked else { return None };
    let bare =
        ["kind of ", "type of ", "sort of ", "breed of "].iter().find_map(|start| noun.strip_prefix(start));
    let name = dictionary_form(bare.unwrap_or(noun));
    (!name.is_empty() && text::is_noun(&name) && !text::is_abstract(&name)).then_some(name)
}

pub(super) fn without_yes(answer: &str) -> &str {
    let rest = answer.split_once(',').filter(|(first, _)| matches!(normalised(first).as_str(), "yes" | "no"));
    rest.map_or(answer, |(_, rest)| rest)
}

/// The words of a question that say something of the picture; not those that only say what is asked for.
pub(super) fn question_terms(question: &str, asked: &Asked) -> Vec<Term> {
    let text = match asked {
        Asked::Open { word: Wh::HowMany, .. } | Asked::Other => question.to_owned(),
        Asked::Open { noun, gap, .. } => {
            let said = match gap {
                Gap::Subject { predicate } => predicate.clone(),
                Gap::After { subject, rest, .. } => format!("{subject} {rest}"),
                Gap::Nothing => String::new(),
            };
            // `what color shirt`: the shirt is in the picture, the color is asked for.
            let of_thing = noun
                .split_once(' ')
                .filter(|(first, _)| matches!(*first, "color" | "colour" | "size" | "shape"));
            let thing = of_thing.map_or("", |(_, thing)| thing);
            format!("{said} {thing}")
        }
        Asked::Exists { what, .. } => what.clone(),
        Asked::Polar { subject, rest, .. } => format!("{subject} {rest}"),
    };
    let mut found = strict_terms(&text);
    found.retain(|term| {
        !List::Frame.has(term.lemma.as_str()) || matches!(asked, Asked::Polar { .. } | Asked::Exists { .. })
    });
    found
}

pub(super) fn names_place(answer: &str) -> bool {
    let first = answer.split(' ').next().unwrap_or_default().to_lowercase();
    is_preposition(&first)
}

/// A question without the options that are written behind it, and those.
pub(super) fn without_options(question: &str) -> (&str, Vec<String>) {
    let is_option = |line: &str| {
        let mut letters = line.trim().trim_start_matches('(').chars();
        letters.next().is_some_and(|letter| letter.is_ascii_uppercase())
            && letters.next().is_some_and(|mark| matches!(mark, '.' | ')' | ':'))
    };
    let mut lines = question.lines();
    let first = lines.next().unwrap_or_default();
    let options: Vec<String> = lines
        .filter(|line| is_option(line))
        .map(|line| line.trim().trim_start_matches('(').get(2..).unwrap_or_default().trim().to_owned())
        .collect();
    if options.len() > 1 { (first, options) } else { (question, Vec::new()) }
}

/// The answer itself where it is only the letter or the number of a choice.
pub(super) fn chosen(answer: &str, choices: &[String]) -> String {
    let bare = answer.trim().trim_matches(['(', ')', '.', ' ']);
    let is_choice = choices.iter().any(|choice| normalised(choice) == normalised(answer));
    if is_choice || choices.is_empty() {
        return answer.trim().to_owned();
    }
    let mut letters = bare.chars();
    let place = match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_ascii_uppercase() => Some(letter as usize - 'A' as usize),
        (Some(letter), None) if letter.is_ascii_digit() => Some(letter as usize - '0' as usize),
        _ => None,
    };
    place
        .and_then(|place| choices.get(place))
        .map_or_else(|| answer.trim().to_owned(), |choice| choice.trim().to_owned())
}
