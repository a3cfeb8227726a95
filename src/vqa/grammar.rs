//! Just enough English grammar to turn questions round: where a noun phrase ends, forms of verbs, articles.

use crate::text::{self, Lexicon, Parts};

use super::words::List;

/// A token of a question, without the marks around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// As it is written.
    pub text: String,
    /// In lower case.
    pub low: String,
    /// A comma follows.
    pub comma: bool,
}

/// Words of a text as they are written; what is quoted is one token with its quotes.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let plain = text.replace(['’', '‘'], "'").replace(['“', '”'], "\"");
    let mut found = Vec::new();
    for (place, part) in plain.split('"').enumerate() {
        if place % 2 == 1 && !part.trim().is_empty() {
            let text = format!("\"{}\"", part.trim());
            found.push(Token { low: text.to_lowercase(), text, comma: false });
            continue;
        }
        for word in part.split_whitespace() {
            let is_edge = |letter: char| matches!(letter, '?' | '!' | ';' | ':' | '.' | ',' | '(' | ')');
            let bare = word.trim_matches(is_edge);
            if bare.is_empty() {
                continue;
            }
            let bare = bare.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(bare);
            let comma = word.ends_with([',', ';', ':']);
            found.push(Token { text: bare.to_owned(), low: bare.to_lowercase(), comma });
        }
    }
    found
}

/// Tokens as a text.
pub(super) fn joined(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
}

pub(super) fn is_auxiliary(low: &str) -> bool {
    List::Auxiliary.has(low)
}

pub(super) fn is_preposition(low: &str) -> bool {
    List::Preposition.has(low)
}

pub(super) fn is_determiner(low: &str) -> bool {
    List::Determiner.has(low)
}

pub(super) fn is_pronoun(low: &str) -> bool {
    List::Pronoun.has(low)
}

pub(super) fn is_mass(low: &str) -> bool {
    List::Mass.has(low)
}

pub(super) fn is_number(low: &str) -> bool {
    super::normal::number(low).is_some()
}

fn parts(low: &str) -> Parts {
    let find = |word: &str| Lexicon::english().find(word.as_bytes()).map(|(_, parts)| parts);
    find(low).or_else(|| find(text::lemma(low))).unwrap_or_default()
}

/// Whether a word is a verb's -ing form, or a past participle.
pub(super) fn is_participle(low: &str) -> bool {
    let lemma = text::lemma(low);
    if lemma == low || low.ends_with('s') {
        return matches!(low, "hung" | "cut" | "set" | "built" | "left" | "lit");
    }
    let is_form =
        low.ends_with("ing") || low.ends_with("ed") || low.ends_with("en") || !low.starts_with(lemma);
    is_form && Lexicon::english().find(lemma.as_bytes()).is_some_and(|(_, parts)| parts.meets(Parts::VERB))
}

/// Whether a word is a verb's form in -ing.
pub(super) fn is_gerund(low: &str) -> bool {
    low.ends_with("ing") && low.len() > 4 && (is_participle(low) || parts(low).meets(Parts::VERB))
}

pub(super) fn can_be_noun(low: &str) -> bool {
    let parts = parts(low);
    parts == Parts::default() || parts.meets(Parts::NOUN)
}

pub(super) fn can_be_verb(low: &str) -> bool {
    parts(low).meets(Parts::VERB)
}

pub(super) fn is_adjective(low: &str) -> bool {
    text::dimension(low).is_some() || parts(low).meets(Parts::ADJECTIVE)
}

pub(super) fn is_possessive(low: &str) -> bool {
    low.ends_with("'s") || low.ends_with("s'")
}

pub(super) fn is_plural(low: &str) -> bool {
    let lemma = text::lemma(low);
    low == "people"
        || low.ends_with('s') && lemma != low
        || matches!(low, "men" | "women" | "children" | "feet" | "teeth" | "geese" | "mice")
}

/// A verb in the third person: `wear` gives `wears`.
pub(super) fn third_person(verb: &str) -> String {
    match verb {
        "have" => "has".to_owned(),
        "be" => "is".to_owned(),
        _ if ["s", "sh", "ch", "x", "o", "z"].iter().any(|ending| verb.ends_with(ending)) => {
            format!("{verb}es")
        }
        _ => match verb.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u'])) {
            Some(stem) => format!("{stem}ies"),
            None => format!("{verb}s"),
        },
    }
}

/// The -ing form of a verb: `sit` gives `sitting`.
pub(super) fn gerund(verb: &str) -> String {
    let is_vowel = |letter: &char| matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u');
    let letters: Vec<char> = verb.chars().collect();
    let groups = letters.chunk_by(|one, other| is_vowel(one) == is_vowel(other));
    let is_short = groups.filter(|group| group.first().is_some_and(is_vowel)).count() == 1;
    if let Some(stem) = verb.strip_suffix("ie") {
        return format!("{stem}ying");
    }
    if let Some(stem) =
        verb.strip_suffix('e').filter(|stem| !stem.ends_with(['e', 'o', 'y']) && stem.len() > 1)
    {
        return format!("{stem}ing");
    }
    match letters.as_slice() {
        [.., before, vowel, last]
            if is_short
                && is_vowel(vowel)
                && !is_vowel(before)
                && !is_vowel(last)
                && !matches!(last, 'w' | 'x' | 'y') =>
        {
            format!("{verb}{last}ing")
        }
        _ => format!("{verb}ing"),
    }
}

/// A noun phrase with `a` or `an` where it wants one: `dog` gives `a dog`; `dogs`, `grass`, `his dog` and
/// `Tom` stay.
pub(super) fn with_article(phrase: &str) -> String {
    let words = tokens(phrase);
    let (Some(first), Some(head)) = (words.first(), head_of(&words)) else { return phrase.to_owned() };
    let has_name =
        first.text.chars().next().is_some_and(char::is_uppercase) && words.len() < 4 && !can_be_listed(first);
    let is_name = words.len() > 1 && words.iter().all(|word| word.text.starts_with(char::is_uppercase));
    let is_closed = is_name
        || is_determiner(&first.low)
        || is_pronoun(&first.low)
        || is_number(&first.low)
        || is_possessive(&first.low)
        || is_preposition(&first.low)
        || first.text.starts_with('"');
    let low = head.low.as_str();
    let is_made = matches!(
        text::supersense(low),
        Some(text::Supersense::Artifact | text::Supersense::Animal | text::Supersense::Person)
    );
    let is_quality = parts(low).meets(Parts::ADJECTIVE) && text::dimension(low).is_some() && !is_made;
    let is_thing = can_be_noun(low) && !is_participle(low) && (!is_quality || words.len() > 1);
    if has_name || is_closed || is_plural(low) || is_mass(low) || !is_thing {
        return phrase.to_owned();
    }
    let vowel = first.low.starts_with(['a', 'e', 'i', 'o', 'u']) && !first.low.starts_with("uni");
    format!("{} {phrase}", if vowel { "an" } else { "a" })
}

fn can_be_listed(token: &Token) -> bool {
    Lexicon::english().find(token.low.as_bytes()).is_some()
}

/// The word that a noun phrase is about: the last one before a preposition or participle.
pub(super) fn head_of(words: &[Token]) -> Option<&Token> {
    let after = words.iter().skip(1).position(|word| is_preposition(&word.low) || is_gerund(&word.low));
    words.get(after.unwrap_or(words.len().saturating_sub(1)).min(words.len().saturating_sub(1)))
}

/// `on` or `in`, as is usual for a place.
pub(super) fn usual_preposition(phrase: &str) -> &'static str {
    let words = tokens(phrase);
    let head = head_of(&words).map_or("", |head| head.low.as_str());
    if List::Surface.has(text::lemma(head)) { "on" } else { "in" }
}

/// A text with a capital at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forms_of_verbs() {
        for (verb, third, ing) in [
            ("wear", "wears", "wearing"),
            ("sit", "sits", "sitting"),
            ("have", "has", "having"),
            ("lie", "lies", "lying"),
            ("carry", "carries", "carrying"),
            ("watch", "watches", "watching"),
            ("play", "plays", "playing"),
            ("ski", "skis", "skiing"),
            ("open", "opens", "opening"),
        ] {
            assert_eq!((third_person(verb).as_str(), gerund(verb).as_str()), (third, ing));
        }
    }

    #[test]
    fn articles() {
        for (given, expected) in [
            ("dog", "a dog"),
            ("umbrella", "an umbrella"),
            ("dogs", "dogs"),
            ("grass", "grass"),
            ("red car", "a red car"),
            ("the car", "the car"),
            ("red", "red"),
            ("2 cars", "2 cars"),
            ("on the table", "on the table"),
            ("", ""),
        ] {
            assert_eq!(with_article(given), expected, "{given}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_forms(text in prop_oneof![any::<String>(), "((the|a|red|dog|man's|of|and|one|is|sitting|on|two) ){0,9}"]) {
            let words = tokens(&text);
            let _ = joined(&words);
            let _ = (with_article(&text), third_person(&text), gerund(&text), capital(&text), usual_preposition(&text));
        }
    }
}
