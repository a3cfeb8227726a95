//! Where a noun phrase of a question ends.

use crate::text;

use super::grammar::{
    Token, can_be_noun, can_be_verb, is_adjective, is_auxiliary, is_determiner, is_gerund, is_number,
    is_participle, is_plural, is_possessive, is_preposition, is_pronoun,
};
use super::words::List;

/// The end of the noun phrase that begins at a token. `verb` says that a verb in its plain form may
/// follow, as after `does`.
pub(super) fn phrase_end(tokens: &[Token], start: usize, verb: bool) -> usize {
    let low = |at: usize| tokens.get(at).map_or("", |token| token.low.as_str());
    let mut at = start;
    if is_pronoun(low(at)) && !(is_determiner(low(at)) && begins_noun(tokens, at + 1, verb)) {
        // `one of the dogs`
        if low(at) == "one" && low(at + 1) == "of" {
            return phrase_end(tokens, at + 2, verb);
        }
        if low(at) != "one" || !begins_noun(tokens, at + 1, verb) {
            return (at + 1).min(tokens.len());
        }
    }
    while is_determiner(low(at)) || is_number(low(at)) {
        at += 1;
        // `both of the dogs`, `all of them`
        if low(at) == "of" {
            return phrase_end(tokens, at + 1, verb);
        }
    }
    let mut has_head = false;
    while at < tokens.len() {
        let here = low(at);
        let after_comma = at > start && tokens.get(at - 1).is_some_and(|token| token.comma);
        if after_comma && has_head {
            break;
        }
        if has_head && here == "of" {
            return phrase_end(tokens, at + 1, verb);
        }
        if has_head && here == "and" && begins_phrase(tokens, at + 1, verb) {
            let end = phrase_end(tokens, at + 1, verb);
            // `is the man and woman smiling`, but not `is the dog brown and white`.
            return if end < tokens.len() { end } else { at };
        }
        if is_preposition(here) && (has_head || at > start)
            || matches!(here, "and" | "or" | "that" | "who" | "which" | "if" | "while" | "when")
        {
            break;
        }
        if is_possessive(here) {
            has_head = false;
            at += 1;
            continue;
        }
        let length = compound(tokens, at);
        if length > 1 {
            // `man surfing`, `dog running` are no compounds where something else is the subject already.
            has_head = true;
            at += length;
            continue;
        }
        if has_head {
            if is_determiner(here)
                || is_auxiliary(here)
                || is_pronoun(here)
                || is_number(here)
                || List::Adverb.has(here)
            {
                break;
            }
            if is_participle(here) || is_doing(here) || here.ends_with("ly") || !can_be_noun(here) {
                break;
            }
            if verb && (List::DoVerb.has(here) || can_be_verb(here) && !is_plural(here)) {
                break;
            }
            if text::dimension(here).is_some() && !begins_noun(tokens, at + 1, verb) {
                break;
            }
            at += 1;
            continue;
        }
        let next_is_last = text::dimension(low(at + 1)).is_some() && at + 2 >= tokens.len();
        let is_modifier = (is_adjective(here) || is_participle(here))
            && begins_noun(tokens, at + 1, verb)
            && !(next_is_last && can_be_noun(here));
        has_head = !is_modifier;
        at += 1;
    }
    at.max(start + 1).min(tokens.len())
}

/// Whether a word in -ing, though it is a thing too, may be what somebody does: `the children building`.
fn is_doing(low: &str) -> bool {
    let Some(stem) = low.strip_suffix("ing").filter(|stem| stem.len() > 2) else { return false };
    can_be_verb(stem) || can_be_verb(&format!("{stem}e"))
}

/// Where the last unit of a phrase begins, if it has several: `the food pizza` ends in `pizza`.
pub(super) fn last_unit(tokens: &[Token], start: usize, end: usize) -> Option<usize> {
    let mut at = start;
    let mut last = None;
    while at < end {
        let length = compound(tokens, at).max(1);
        let low = tokens.get(at).map_or("", |token| token.low.as_str());
        if !is_determiner(low) && !is_possessive(low) {
            if last.is_some() || at > start {
                last = Some(at);
            } else {
                last = Some(start);
            }
        }
        at += length;
    }
    let first_word =
        (start..end).find(|at| tokens.get(*at).is_some_and(|token| !is_determiner(&token.low)))?;
    last.filter(|last| *last > first_word)
}

fn compound(tokens: &[Token], at: usize) -> usize {
    let rest: Vec<&str> = tokens.iter().skip(at).take(4).map(|token| token.low.as_str()).collect();
    let length = text::compound_at(&rest);
    // A form of a verb ends no compound: `the man riding`.
    let is_form = rest.get(length.saturating_sub(1)).is_some_and(|last| length > 1 && is_participle(last));
    let is_broken = rest.iter().take(length).any(|word| is_preposition(word) || is_determiner(word));
    // `is the light green`: a shade of green is no thing.
    let is_color = length > 1
        && text::dimension(&rest.get(..length).unwrap_or_default().join(" ")) == Some(text::Dimension::Color);
    if is_form || is_broken || is_color { 1 } else { length }
}

fn begins_noun(tokens: &[Token], at: usize, verb: bool) -> bool {
    let Some(low) = tokens.get(at).map(|token| token.low.as_str()) else { return false };
    let is_other = is_preposition(low)
        || is_determiner(low)
        || is_auxiliary(low)
        || List::Adverb.has(low)
        || matches!(low, "and" | "or")
        || verb && List::DoVerb.has(low);
    if is_other {
        return false;
    }
    let is_verbal = is_gerund(low) || low.ends_with("ly") && !can_be_noun(low);
    !is_verbal && (can_be_noun(low) || is_adjective(low) && begins_noun(tokens, at + 1, verb))
}

fn begins_phrase(tokens: &[Token], at: usize, verb: bool) -> bool {
    let Some(low) = tokens.get(at).map(|token| token.low.as_str()) else { return false };
    is_determiner(low) || begins_noun(tokens, at, verb) && !is_adjective(low)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::grammar::{joined, tokens};
    use super::*;

    #[test]
    fn noun_phrases_end_where_something_is_said_of_them() {
        let table = [
            ("the man wearing a hat", "the man", false),
            ("the dog brown", "the dog", false),
            ("the man's shirt blue", "the man's shirt", false),
            ("the traffic light green", "the traffic light", false),
            ("the dining room table round", "the dining room table", false),
            ("this a beach", "this", false),
            ("this man old", "this man", false),
            ("the red car parked on the street", "the red car", false),
            ("the men next to the truck", "the men", false),
            ("the dog and the cat sleeping", "the dog and the cat", false),
            ("the bowl of fruit on the table", "the bowl of fruit", false),
            ("the dog look happy", "the dog", true),
            ("the fire hydrant have a cap", "the fire hydrant", true),
            ("it raining", "it", false),
            ("one of the dogs white", "one of the dogs", false),
            ("the two parked cars red", "the two parked cars", false),
            ("people swimming", "people", false),
            ("the baby elephant gray", "the baby elephant", false),
        ];
        for (text, expected, verb) in table {
            let words = tokens(text);
            assert_eq!(joined(&words[..phrase_end(&words, 0, verb)]), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_cut(text in prop_oneof![any::<String>(), "((the|a|red|dog|man's|of|and|one|is|sitting|on|two) ){0,9}"], verb: bool) {
            let words = tokens(&text);
            for start in 0..words.len() {
                let end = phrase_end(&words, start, verb);
                prop_assert!(end > start && end <= words.len());
                let _ = last_unit(&words, start, end);
            }
        }
    }
}
