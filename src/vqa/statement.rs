//! Question and answer as one statement, by rules.

use std::ops::Range;

use crate::text;

use super::ask::{Asked, Gap, Wh};
use super::grammar::{
    Token, capital, gerund, head_of, is_auxiliary, is_gerund, is_participle, is_plural, is_preposition,
    joined, third_person, tokens, usual_preposition, with_article,
};
use super::normal::{normalised, number};
use super::phrase::phrase_end;

/// What is asserted by an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Polarity {
    /// The answer fills in what the question leaves open.
    Open,
    /// It is so.
    Yes,
    /// It is not so, or there is none.
    No,
    /// Nobody knows: `unanswerable`, `not sure`.
    Unanswerable,
}

/// What question and answer say together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The whole as a sentence: `The man is not wearing a hat.`
    pub text: String,
    /// The same without denial, which is what captions are asked for.
    pub positive: String,
    /// The bytes of [`positive`](Self::positive) that are asked for: what the answer has put there, or
    /// what is said of the subject of a yes/no question. None where all of it is.
    pub asked: Option<Range<usize>>,
    /// Whether the answer was a sentence already.
    pub is_whole: bool,
}

impl Statement {
    /// What stands before what is asked for, and that itself.
    pub(super) fn halves(&self) -> Option<(&str, &str)> {
        let asked = self.asked.clone()?;
        Some((self.positive.get(..asked.start)?, self.positive.get(asked)?))
    }
}

/// The polarity of an answer to a question that is taken apart.
pub(super) fn polarity(asked: &Asked, answer: &str) -> Polarity {
    let normal = normalised(answer);
    let first = normal.split(' ').next().unwrap_or_default();
    let is_unknown = matches!(
        normal.as_str(),
        "unanswerable"
            | "unknown"
            | "not sure"
            | "unsure"
            | "don't know"
            | "i don't know"
            | "can't tell"
            | "cannot tell"
            | "not possible"
            | "n a"
            | "na"
            | "unclear"
            | "idk"
            | "not visible"
            | "can't see"
            | "not clear"
            | "unsuitable"
            | "not shown"
            | "not mentioned"
            | "maybe"
            | "possibly"
            | "not enough information"
    );
    if is_unknown || normal.is_empty() {
        return Polarity::Unanswerable;
    }
    let is_polar = matches!(asked, Asked::Exists { .. } | Asked::Polar { .. });
    let alternatives = asked.alternatives();
    match first {
        "yes" | "yeah" | "yep" | "true" | "correct" if is_polar && alternatives.is_empty() => Polarity::Yes,
        "no" | "nope" | "false" | "incorrect" | "not" if is_polar && alternatives.is_empty() => Polarity::No,
        _ if matches!(asked, Asked::Open { word: Wh::HowMany, .. }) && leading_number(&normal) == Some(0) => {
            Polarity::No
        }
        // `What is on the table?` `nothing`
        _ if matches!(asked, Asked::Open { .. })
            && matches!(normal.as_str(), "nothing" | "nobody" | "no" | "no one" | "no 1" | "0") =>
        {
            Polarity::No
        }
        _ => Polarity::Open,
    }
}

fn leading_number(normal: &str) -> Option<u32> {
    normal.split(' ').next().and_then(number)
}

/// The statement of a question with an answer. None where the rules do not know how.
pub(super) fn statement(asked: &Asked, answer: &str, polarity: Polarity) -> Option<Statement> {
    if polarity == Polarity::Unanswerable {
        return None;
    }
    if let Some(sentence) = sentence(asked, answer, polarity) {
        return Some(whole(sentence));
    }
    let answer = answer.trim().trim_end_matches(['.', '!', '?', ',', ';']).trim();
    match (asked, polarity) {
        (Asked::Exists { be, what }, Polarity::Yes | Polarity::No) => Some(existence(be, what, polarity)),
        (Asked::Polar { auxiliary, subject, rest }, Polarity::Yes | Polarity::No) => {
            Some(assertion(auxiliary, subject, rest, polarity))
        }
        (Asked::Exists { .. } | Asked::Polar { .. }, _) => chosen(asked, answer),
        (Asked::Open { word, noun, gap }, _) => filled(*word, noun, gap, answer, polarity),
        (Asked::Other, _) => None,
    }
}

/// An answer that is a sentence itself is taken as it is; without a `yes` or `no` before it.
fn sentence(asked: &Asked, answer: &str, polarity: Polarity) -> Option<String> {
    let answer = answer.trim();
    let bare = match polarity {
        Polarity::Yes | Polarity::No => answer.split_once(',').map(|(_, rest)| rest.trim())?,
        _ => answer,
    };
    let words = tokens(bare);
    if words.len() < 4 {
        return None;
    }
    let end = phrase_end(&words, 0, false);
    let verb = words.get(end).map(|token| token.low.as_str())?;
    let is_finite =
        is_auxiliary(verb) && !matches!(verb, "be") || verb.ends_with('s') && is_third_person(verb);
    // `There is …` and `The picture shows …`; where nothing is asked, any text of some length.
    let is_sentence = is_finite && words.len() > end + 1 || *asked == Asked::Other && words.len() > 5;
    is_sentence.then(|| bare.to_owned())
}

fn is_third_person(verb: &str) -> bool {
    let lemma = text::lemma(verb);
    lemma != verb && super::grammar::can_be_verb(lemma)
}

fn whole(sentence: String) -> Statement {
    let text = capital(sentence.trim());
    let text = if text.ends_with(['.', '!', '?', '"']) { text } else { format!("{text}.") };
    Statement { positive: text.clone(), text, asked: None, is_whole: true }
}

/// A sentence put together from parts, one of which may be the answer.
#[derive(Default)]
struct Draft {
    text: String,
    asked: Option<Range<usize>>,
}

impl Draft {
    fn add(mut self, part: &str) -> Self {
        let part = part.trim();
        if !part.is_empty() {
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(part);
        }
        self
    }

    fn answer(mut self, part: &str) -> Self {
        let before = self.text.len();
        self = self.add(part);
        self.asked = Some(before + usize::from(before > 0 && self.text.len() > before)..self.text.len());
        self
    }

    fn finish(self) -> Statement {
        let capital = capital(&self.text);
        // A first letter may be longer as a capital.
        let moved = capital.len().wrapping_sub(self.text.len());
        let shift = |at: usize| if at == 0 { 0 } else { at.wrapping_add(moved) };
        let asked = self.asked.map(|range| shift(range.start)..shift(range.end).min(capital.len()));
        let text = format!("{capital}.");
        Statement { positive: text.clone(), text, asked, is_whole: false }
    }
}

fn existence(be: &str, what: &str, polarity: Polarity) -> Statement {
    let first = what.split(' ').next().unwrap_or_default();
    let bare = what.strip_prefix(first).unwrap_or_default().trim();
    let is_open = matches!(first, "a" | "an" | "any" | "some" | "one");
    let positive = if first == "any" { bare } else { what };
    let positive = Draft::default().add("there").add(be).add(positive).finish();
    if polarity == Polarity::Yes {
        return Statement { asked: None, ..positive };
    }
    let denied = if first == "no" {
        positive.text.clone()
    } else if is_open {
        format!("There {be} no {bare}.")
    } else if first == "the" || number(first).is_some() {
        format!("There {be} not {what}.")
    } else {
        format!("There {be} no {what}.")
    };
    Statement { text: denied, asked: None, ..positive }
}

/// The auxiliary in the number of its subject, whatever the question has.
fn agreed<'a>(auxiliary: &'a str, subject: &str) -> &'a str {
    let words = tokens(subject);
    let is_many = head_of(&words).is_some_and(|head| is_plural(&head.low)) && !subject.starts_with("one ");
    match auxiliary {
        "is" if is_many => "are",
        "was" if is_many => "were",
        other => other,
    }
}

fn assertion(auxiliary: &str, subject: &str, rest: &str, polarity: Polarity) -> Statement {
    let auxiliary = agreed(auxiliary, subject);
    let positive = Draft::default().add(subject).answer(&predicate(auxiliary, rest)).finish();
    if polarity == Polarity::Yes {
        return positive;
    }
    let text = Draft::default().add(subject).add(auxiliary).add("not").add(rest);
    Statement { text: text.finish().text, ..positive }
}

/// A noun that goes with a number: `1 cat`.
fn agreeing_noun(noun: &str, answer: &str) -> String {
    let (before, last) = noun.rsplit_once(' ').map_or(("", noun), |(before, last)| (before, last));
    if number(answer) != Some(1) || !is_plural(&last.to_lowercase()) {
        return noun.to_owned();
    }
    format!("{before} {}", text::lemma(&last.to_lowercase())).trim().to_owned()
}

/// What is said of a subject, with the verb in its form: `does`, `look happy` gives `looks happy`.
fn predicate(auxiliary: &str, rest: &str) -> String {
    match auxiliary {
        "does" => {
            let (verb, after) = rest.split_once(' ').unwrap_or((rest, ""));
            if verb.is_empty() { "does".to_owned() } else { format!("{} {after}", third_person(verb)) }
        }
        "do" => {
            if rest.is_empty() {
                "do".to_owned()
            } else {
                rest.to_owned()
            }
        }
        _ => format!("{auxiliary} {rest}"),
    }
}

/// One of the alternatives of a choice.
fn chosen(asked: &Asked, answer: &str) -> Option<Statement> {
    let alternatives = asked.alternatives();
    let (auxiliary, subject, rest) = match asked {
        Asked::Polar { auxiliary, subject, rest } => (auxiliary.as_str(), subject.as_str(), rest.as_str()),
        Asked::Exists { be, what } => (be.as_str(), "there", what.as_str()),
        _ => return None,
    };
    if alternatives.is_empty() {
        // `Is the dog big?` `small`; `Is there anything on the table?` `a cup`
        return (!answer.is_empty() && subject != "there" && answer.split(' ').count() < 4)
            .then(|| Draft::default().add(subject).add(auxiliary).answer(answer).finish());
    }
    // What stands before the first alternative stays: `wearing a red` of `wearing a red or blue hat`.
    let first = alternatives.first()?;
    let before = rest.split(" or ").next()?.strip_suffix(first.as_str())?.trim_end_matches(", ");
    let is_phrase = |text: &str| text.split(' ').count() > 1;
    let kept = if is_phrase(first) && !before.is_empty() { before } else { "" };
    let kept = if kept.is_empty() && is_phrase(first) && !is_phrase(answer) {
        first.rsplit_once(' ').map_or("", |(kept, _)| kept)
    } else {
        kept
    };
    let kept = if is_phrase(answer) { "" } else { kept };
    let draft = Draft::default().add(subject).add(&predicate(auxiliary, kept));
    Some(draft.answer(&if kept.is_empty() { noun_form(answer, false) } else { answer.to_owned() }).finish())
}

fn filled(word: Wh, noun: &str, gap: &Gap, answer: &str, polarity: Polarity) -> Option<Statement> {
    if polarity == Polarity::No {
        return none_of(word, noun, gap);
    }
    if answer.is_empty() {
        return None;
    }
    let draft = match (word, gap) {
        (_, Gap::Nothing) if word == Wh::HowMany => {
            Draft::default().add("there are").answer(answer).add(noun)
        }
        (_, Gap::Nothing) => return None,
        (Wh::HowMany, Gap::Subject { predicate }) => {
            counted(Draft::default(), answer, noun).add(&agreeing(predicate, answer))
        }
        (Wh::HowMany, Gap::After { auxiliary, subject, rest }) if subject == "there" => {
            let be = if number(answer) == Some(1) { "is" } else { auxiliary.as_str() };
            counted(Draft::default().add("there").add(be), answer, noun).add(rest)
        }
        (Wh::HowMany, Gap::After { auxiliary, subject, rest }) => {
            if matches!(subject.as_str(), "you" | "we")
                && matches!(rest.split(' ').next(), Some("see" | "count" | "find"))
            {
                let tail = rest.split_once(' ').map_or("", |(_, tail)| tail);
                counted(Draft::default().add("there are"), answer, noun).add(tail)
            } else {
                let (verb, tail) = split_verb(rest);
                let draft = Draft::default().add(subject).add(&predicate(auxiliary, verb));
                counted(draft, answer, noun).add(tail)
            }
        }
        (_, Gap::Subject { predicate }) => {
            let subject = subject_form(noun, answer);
            let words = tokens(&subject);
            let is_many =
                head_of(&words).is_some_and(|head| is_plural(&head.low)) || subject.contains(" and ");
            let agreed = match predicate.split_once(' ') {
                Some(("is", rest)) if is_many => format!("are {rest}"),
                _ => predicate.clone(),
            };
            Draft::default().answer(&subject).add(&agreed)
        }
        (Wh::Where, Gap::After { auxiliary, subject, rest }) => {
            Draft::default().add(subject).add(&predicate(auxiliary, rest)).answer(&placed(answer))
        }
        (Wh::Why, Gap::After { auxiliary, subject, rest }) => {
            let reason = answer.strip_prefix("because ").unwrap_or(answer);
            Draft::default().add(subject).add(&predicate(auxiliary, rest)).add("because").answer(reason)
        }
        (Wh::When | Wh::How, Gap::After { auxiliary, subject, rest }) => {
            Draft::default().add(subject).add(&predicate(auxiliary, rest)).answer(answer)
        }
        (_, Gap::After { auxiliary, subject, rest }) => after(noun, auxiliary, subject, rest, answer),
    };
    Some(draft.finish())
}

fn counted(draft: Draft, answer: &str, noun: &str) -> Draft {
    let has_noun = answer.split(' ').count() > 1;
    let draft = draft.answer(answer);
    if has_noun { draft } else { draft.add(&agreeing_noun(noun, answer)) }
}

/// `1` is, more are.
fn agreeing(predicate: &str, answer: &str) -> String {
    match predicate.split_once(' ') {
        Some(("are", rest)) if number(answer) == Some(1) => format!("is {rest}"),
        _ => predicate.to_owned(),
    }
}

/// A verb with what belongs to it, and what follows: `holding` and `in his hand`.
fn split_verb(rest: &str) -> (&str, &str) {
    let mut at = 0;
    for (place, word) in rest.split(' ').enumerate() {
        let low = word.to_lowercase();
        if place > 0 && is_preposition(&low) {
            let after = rest.get(at..).unwrap_or_default();
            // A preposition at the end belongs to the answer: `looking at _`.
            let is_last = after.trim() == word;
            return if is_last { (rest, "") } else { (rest.get(..at).unwrap_or_default().trim(), after) };
        }
        at += word.len() + 1;
    }
    (rest, "")
}

/// An answer after a subject: `what is the man holding`, `what color is the dog`.
fn after(noun: &str, auxiliary: &str, subject: &str, rest: &str, answer: &str) -> Draft {
    let auxiliary = agreed(auxiliary, subject);
    let (verb, tail) = split_verb(rest);
    if verb == "doing" || verb == "do" || verb.starts_with("doing ") {
        let be = if matches!(auxiliary, "does" | "do") { "is" } else { auxiliary };
        return Draft::default().add(subject).add(be).answer(&doing(answer)).add(tail);
    }
    if verb == "made" && tail.trim() == "of" || rest == "made of" || rest == "made from" {
        return Draft::default().add(subject).add(auxiliary).add("made of").answer(answer);
    }
    if matches!(verb, "say" | "read" | "saying" | "says") {
        let bare = answer.trim_matches('"');
        return Draft::default()
            .add(subject)
            .add(if subject_is_plural(subject) { "say" } else { "says" })
            .answer(&format!("\"{bare}\""))
            .add(tail);
    }
    let is_like = rest == "like" || rest == "look like" || rest.is_empty();
    if is_like {
        // `what is the color of the dog`: the color is of the dog.
        let subject = property_of(subject).unwrap_or_else(|| subject.to_owned());
        let auxiliary =
            if is_auxiliary(auxiliary) && !matches!(auxiliary, "does" | "do") { auxiliary } else { "is" };
        return Draft::default().add(&subject).add(auxiliary).answer(&complement(noun, answer));
    }
    let draft = Draft::default().add(subject).add(&predicate(auxiliary, verb));
    // `what color shirt is he wearing`: the answer is a color, and the shirt stays.
    let (property, thing) = split_property(noun);
    if property && !thing.is_empty() {
        let phrase = if answer.ends_with(thing) { answer.to_owned() } else { format!("{answer} {thing}") };
        return draft.answer(&noun_form(&phrase, false)).add(tail);
    }
    draft.answer(&noun_form(answer, false)).add(tail)
}

/// `color shirt` asks for a property of a shirt.
fn split_property(noun: &str) -> (bool, &str) {
    let (first, rest) = noun.split_once(' ').unwrap_or((noun, ""));
    match first {
        "color" | "colour" | "size" | "shape" | "brand" => (true, rest),
        "kind" | "type" | "sort" | "breed" => (true, rest.strip_prefix("of ").unwrap_or(rest)),
        _ => (false, ""),
    }
}

/// `the color of the dog` and `the dog's color` are about the dog.
fn property_of(subject: &str) -> Option<String> {
    const PROPERTIES: [&str; 9] =
        ["color", "colour", "shape", "size", "material", "gender", "age", "condition", "pattern"];
    let words: Vec<Token> = tokens(subject);
    let low: Vec<&str> = words.iter().map(|token| token.low.as_str()).collect();
    match low.as_slice() {
        ["the", property, "of", ..] if PROPERTIES.contains(property) => Some(joined(words.get(3..)?)),
        [.., owner, property] if PROPERTIES.contains(property) && super::grammar::is_possessive(owner) => {
            let owner = joined(words.get(..words.len() - 1)?);
            Some(owner.trim_end_matches("'s").trim_end_matches('\'').to_owned())
        }
        _ => None,
    }
}

/// What follows `is`: an adjective as it is, a thing with its article.
fn complement(noun: &str, answer: &str) -> String {
    let (property, thing) = split_property(noun);
    if property
        && !noun.starts_with("kind")
        && !noun.starts_with("type")
        && !noun.starts_with("sort")
        && thing.is_empty()
    {
        return answer.to_owned();
    }
    let is_material = noun.contains("material");
    // `What kind of cake is it?` `chocolate`: a chocolate cake. But a beach is a kind of place.
    let is_kind = text::concept(thing).is_some_and(|kind| kind.contains(answer));
    if property
        && !thing.is_empty()
        && !is_kind
        && !is_material
        && answer.split(' ').count() < 3
        && !answer.ends_with(thing)
    {
        return noun_form(&format!("{answer} {thing}"), false);
    }
    if is_material { answer.to_owned() } else { noun_form(answer, false) }
}

/// A thing as subject: `dog` for `what animal`; `red` for `what color car` is `the red car`.
fn subject_form(noun: &str, answer: &str) -> String {
    let (property, thing) = split_property(noun);
    let is_kind = noun.starts_with("kind") || noun.starts_with("type") || noun.starts_with("sort");
    if property && !thing.is_empty() && !answer.ends_with(thing) && !is_kind {
        return format!("the {answer} {thing}");
    }
    noun_form(answer, true)
}

fn noun_form(answer: &str, is_subject: bool) -> String {
    let words = tokens(answer);
    let is_plain = words.iter().all(|word| !is_preposition(&word.low));
    if is_subject && !is_plain {
        return with_article(answer);
    }
    if words.first().is_some_and(|word| is_gerund(&word.low) || is_participle(&word.low)) {
        return answer.to_owned();
    }
    with_article(answer)
}

/// An action in the -ing form: `sit` gives `sitting`, `to sit` too.
fn doing(answer: &str) -> String {
    let bare = answer.strip_prefix("to ").unwrap_or(answer);
    let (first, rest) = bare.split_once(' ').unwrap_or((bare, ""));
    let low = first.to_lowercase();
    let lemma = text::lemma(&low);
    if low.ends_with("ing") || is_preposition(&low) || !super::grammar::can_be_verb(lemma) {
        return bare.to_owned();
    }
    if low == lemma || low.ends_with('s') {
        format!("{} {rest}", gerund(lemma)).trim().to_owned()
    } else {
        bare.to_owned()
    }
}

/// A place with a preposition: `table` gives `on the table`.
fn placed(answer: &str) -> String {
    let low = answer.to_lowercase();
    let first = low.split(' ').next().unwrap_or_default();
    let is_place = is_preposition(first)
        || is_gerund(first)
        || is_participle(first)
        || matches!(
            first,
            "left"
                | "right"
                | "here"
                | "there"
                | "outdoors"
                | "indoors"
                | "upstairs"
                | "downstairs"
                | "home"
                | "everywhere"
        );
    if is_place {
        return answer.to_owned();
    }
    let preposition = usual_preposition(answer);
    let has_article = with_article(answer) == answer;
    if has_article { format!("{preposition} {answer}") } else { format!("{preposition} the {answer}") }
}

fn subject_is_plural(subject: &str) -> bool {
    tokens(subject).last().is_some_and(|last| is_plural(&last.low))
}

/// `0` of something, `nothing`, `nobody`.
fn none_of(word: Wh, noun: &str, gap: &Gap) -> Option<Statement> {
    let thing = match word {
        Wh::HowMany => noun,
        Wh::Who => "person",
        Wh::What if noun.is_empty() => "thing",
        Wh::What => noun,
        _ => return None,
    };
    let (text, positive) = match gap {
        Gap::Nothing => (format!("there are no {thing}"), format!("there are {thing}")),
        Gap::Subject { predicate } => (format!("no {thing} {predicate}"), format!("{thing} {predicate}")),
        Gap::After { subject, rest, .. } if subject == "there" || subject == "you" || subject == "we" => {
            let rest = rest.strip_prefix("see").unwrap_or(rest).trim();
            (format!("there are no {thing} {rest}"), format!("there are {thing} {rest}"))
        }
        Gap::After { auxiliary, subject, rest } => {
            let (verb, tail) = split_verb(rest);
            let said = predicate(auxiliary, verb);
            (format!("{subject} {said} no {thing} {tail}"), format!("{subject} {said} {thing} {tail}"))
        }
    };
    let text = text.replace("no thing", "nothing").replace("no person", "nobody");
    let finish = |text: &str| Draft::default().add(text.trim()).finish().text;
    Some(Statement { text: finish(&text), positive: finish(&positive), asked: None, is_whole: false })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(question: &str, answer: &str) -> Option<Statement> {
        let asked = Asked::of(question);
        statement(&asked, answer, polarity(&asked, answer))
    }

    #[test]
    fn questions_and_answers_become_statements() {
        let table = [
            ("What color is the dog?", "brown", "The dog is brown."),
            ("How many cats are there?", "2", "There are 2 cats."),
            ("How many cats are there on the bed?", "one", "There is one cat on the bed."),
            ("Is the man wearing a hat?", "yes", "The man is wearing a hat."),
            ("Is the man wearing a hat?", "no", "The man is not wearing a hat."),
            ("Does the dog look happy?", "yes", "The dog looks happy."),
            ("Does the dog look happy?", "no", "The dog does not look happy."),
            ("Is there a dog on the sofa?", "yes", "There is a dog on the sofa."),
            ("Is there a dog on the sofa?", "no", "There is no dog on the sofa."),
            ("Are there any people?", "yes", "There are people."),
            ("Are there any people?", "no", "There are no people."),
            ("What is the man doing?", "skateboarding", "The man is skateboarding."),
            ("What is the man doing?", "sit", "The man is sitting."),
            ("What are the people doing?", "eat pizza", "The people are eating pizza."),
            ("Where is the cat?", "on the table", "The cat is on the table."),
            ("Where is the cat sleeping?", "sofa", "The cat is sleeping on the sofa."),
            ("Who is riding the horse?", "woman", "A woman is riding the horse."),
            ("What is on the table?", "cup", "A cup is on the table."),
            (
                "What is the man holding in his hand?",
                "umbrella",
                "The man is holding an umbrella in his hand.",
            ),
            ("What is the cat looking at?", "bird", "The cat is looking at a bird."),
            ("What does the sign say?", "stop", "The sign says \"stop\"."),
            ("What is the table made of?", "wood", "The table is made of wood."),
            ("What color shirt is the man wearing?", "red", "The man is wearing a red shirt."),
            ("What is the color of the bus?", "red", "The bus is red."),
            ("What room is this?", "kitchen", "This is a kitchen."),
            ("What is the weather like?", "sunny", "The weather is sunny."),
            ("How many wheels does the car have?", "four", "The car has four wheels."),
            ("Is the dog big or small?", "small", "The dog is small."),
            ("Why is the man running?", "to catch the bus", "The man is running because to catch the bus."),
            ("What animal is on the couch?", "cat", "A cat is on the couch."),
            ("Is there a dog?", "No, there is a cat on the sofa.", "There is a cat on the sofa."),
            ("What is the man doing?", "The man is riding a bike.", "The man is riding a bike."),
            ("How many dogs are there?", "0", "There are no dogs."),
            ("What is on the table?", "nothing", "Nothing is on the table."),
            ("What did the man eat?", "pizza", "The man did eat a pizza."),
        ];
        for (question, answer, expected) in table {
            let found = of(question, answer).map(|statement| statement.text);
            assert_eq!(found.as_deref(), Some(expected), "{question} {answer}");
        }
        for (question, answer) in
            [("What is it?", "unanswerable"), ("", "dog"), ("What is it?", ""), ("Describe it.", "dog")]
        {
            assert_eq!(of(question, answer), None, "{question} {answer}");
        }
    }

    #[test]
    fn the_answer_is_found_in_the_statement() {
        let found = of("What is the man holding in his hand?", "umbrella").unwrap();
        assert_eq!(found.positive.get(found.asked.clone().unwrap()), Some("an umbrella"));
        let found = of("Is there a cat?", "no").unwrap();
        assert_eq!((found.positive.as_str(), found.asked), ("There is a cat.", None));
    }

    proptest! {
        #[test]
        fn any_question_and_answer(
            question in prop_oneof![any::<String>(), "((what|is|how|many|the|dog|doing|on|there|do|does|a|who|or|where|color|of|made|say) ){0,9}"],
            answer in prop_oneof![any::<String>(), "((yes|no|0|two|the|ßtop|dog|on|is|red) ){0,5}"],
        ) {
            if let Some(statement) = of(&question, &answer)
                && let Some(range) = statement.asked
            {
                prop_assert!(statement.positive.get(range).is_some());
            }
        }
    }
}
