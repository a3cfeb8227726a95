//! How a question is built: what it takes for granted, and where its answer belongs.

use super::grammar::{
    Token, can_be_verb, is_adjective, is_auxiliary, is_determiner, is_gerund, is_participle, is_preposition,
    is_pronoun, joined, tokens,
};
use super::kind::is_opening;
use super::phrase::{last_unit, phrase_end};

/// Ends of questions that say no more than that it is a picture.
const FRAMES: &[&str] = &[
    "in the image",
    "in the picture",
    "in the photo",
    "in the scene",
    "in this image",
    "in this picture",
    "in this photo",
    "in this scene",
    "in the photograph",
    "in the shot",
    "of the image",
    "of the picture",
    "in the frame",
    "in the painting",
    "in the drawing",
    "in view",
    "in the view",
];

/// A question taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// `Is there a dog on the sofa?`
    Exists {
        /// `is`, `are` …
        be: String,
        /// `a dog on the sofa`
        what: String,
    },
    /// `Is the dog brown?`, `Does the man have a beard?`
    Polar { auxiliary: String, subject: String, rest: String },
    /// A question with a word in place of its answer.
    Open {
        word: Wh,
        /// What kind of thing is asked for: `color`, `animal`; for `how many` the things counted.
        noun: String,
        gap: Gap,
    },
    /// Everything else.
    Other,
}

/// The word that stands for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wh {
    What,
    Who,
    Where,
    When,
    Why,
    How,
    HowMany,
}

/// Where the answer belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// The answer is the subject: `… is riding the horse`.
    Subject { predicate: String },
    /// The answer comes after a subject, and after what is said of it if anything is.
    After { auxiliary: String, subject: String, rest: String },
    /// `how many dogs`, `what color`: nothing else.
    Nothing,
}

impl Asked {
    /// Takes a question apart. What is no question is `Other`.
    pub(super) fn of(question: &str) -> Self {
        let words = prepared(question);
        let low = |at: usize| words.get(at).map_or("", |token| token.low.as_str());
        match low(0) {
            "what" | "which" | "whose" => open(Wh::What, &words, 1),
            "who" | "whom" => open(Wh::Who, &words, 1),
            "where" => open(Wh::Where, &words, 1),
            "when" => open(Wh::When, &words, 1),
            "why" => open(Wh::Why, &words, 1),
            "how" if matches!(low(1), "many" | "much") => open(Wh::HowMany, &words, 2),
            "how" => open(Wh::How, &words, 1),
            first if is_auxiliary(first) && words.len() > 1 => polar(&words),
            _ => Self::Other,
        }
    }

    /// The alternatives of a choice: `Is the dog big or small?` has two.
    pub(super) fn alternatives(&self) -> Vec<String> {
        let text = match self {
            Self::Polar { rest, .. } => rest,
            Self::Exists { what, .. } => what,
            _ => return Vec::new(),
        };
        let mut parts: Vec<&str> = text.split(" or ").collect();
        if parts.len() < 2 {
            return Vec::new();
        }
        if let [first, ..] = parts.as_mut_slice()
            && let Some((_, last)) = first.rsplit_once(", ")
        {
            *first = last;
        }
        parts.into_iter().map(|part| part.trim().to_owned()).collect()
    }
}

/// The words of a question, from its question word on and without what only says that it is a picture.
fn prepared(question: &str) -> Vec<Token> {
    let mut words = Vec::new();
    for token in tokens(question) {
        let split = |first: &str, second: &str| {
            [(first, false), (second, token.comma)].map(|(text, comma)| Token {
                text: text.to_owned(),
                low: text.to_owned(),
                comma,
            })
        };
        match token.low.as_str() {
            "what's" | "whats" => words.extend(split("what", "is")),
            "who's" | "whos" => words.extend(split("who", "is")),
            "where's" | "wheres" => words.extend(split("where", "is")),
            "how's" => words.extend(split("how", "is")),
            "what're" => words.extend(split("what", "are")),
            low => {
                let positive = low.strip_suffix("n't").filter(|positive| is_auxiliary(positive));
                match positive {
                    Some(positive) => words.push(Token {
                        text: positive.to_owned(),
                        low: positive.to_owned(),
                        comma: token.comma,
                    }),
                    None => words.push(token),
                }
            }
        }
    }
    let is_first = |(at, token): (usize, &Token)| {
        is_opening(&token.low) && (at == 0 || words.get(at - 1).is_some_and(|before| before.comma))
    };
    let start = words.iter().enumerate().position(is_first).unwrap_or(0);
    words.drain(..start.min(words.len()));
    loop {
        let lows: Vec<&str> = words.iter().map(|token| token.low.as_str()).collect();
        let text = lows.join(" ");
        let framed = FRAMES.iter().find(|frame| text.ends_with(*frame) && text.len() > frame.len() + 1);
        let Some(frame) = framed else { break };
        let kept = words.len() - frame.split(' ').count();
        // `What is in the picture?` asks just for that.
        if kept < 3 || words.get(kept - 1).is_some_and(|last| is_auxiliary(&last.low)) {
            break;
        }
        words.truncate(kept);
    }
    words
}

fn polar(words: &[Token]) -> Asked {
    let low = |at: usize| words.get(at).map_or("", |token| token.low.as_str());
    let auxiliary = low(0).to_owned();
    let from = |at: usize| joined(words.get(at..).unwrap_or_default());
    if low(1) == "there" && matches!(low(0), "is" | "are" | "was" | "were") {
        return Asked::Exists { be: auxiliary, what: from(2) };
    }
    // `Do you see a dog?`, `Can we see any dogs?`
    if matches!(low(1), "you" | "we" | "one" | "i") && matches!(low(2), "see" | "spot" | "find" | "notice") {
        let what = from(3);
        let is_many = words.get(3..).is_some_and(|rest| {
            phrase_end(rest, 0, false)
                .checked_sub(1)
                .and_then(|last| rest.get(last))
                .is_some_and(|last| super::grammar::is_plural(&last.low))
        });
        return Asked::Exists { be: if is_many { "are" } else { "is" }.to_owned(), what };
    }
    let verb = takes_plain_verb(&auxiliary);
    let end = split_subject(words, 1, verb);
    Asked::Polar {
        auxiliary,
        subject: joined(words.get(1..end).unwrap_or_default()),
        rest: joined(words.get(end..).unwrap_or_default()),
    }
}

/// Whether a verb in its plain form follows the subject.
fn takes_plain_verb(auxiliary: &str) -> bool {
    matches!(
        auxiliary,
        "does" | "do" | "did" | "can" | "could" | "will" | "would" | "should" | "may" | "might" | "must"
    )
}

/// The end of the subject; where everything would be subject, its last unit is what is said of it.
fn split_subject(words: &[Token], start: usize, verb: bool) -> usize {
    let end = phrase_end(words, start, verb);
    if end < words.len() {
        return end;
    }
    last_unit(words, start, end).unwrap_or(end)
}

fn open(word: Wh, words: &[Token], at: usize) -> Asked {
    let low = |at: usize| words.get(at).map_or("", |token| token.low.as_str());
    let text = |from: usize, to: usize| joined(words.get(from..to).unwrap_or_default());
    // What stands before the auxiliary is what is asked for: `what color`, `how many dogs`.
    let mut verb_at = at;
    if matches!(word, Wh::What | Wh::HowMany | Wh::How) {
        while verb_at < words.len() && !is_auxiliary(low(verb_at)) {
            // `which animal sits on the sofa`, `what kind of dog lies there`
            if verb_at > at && is_finite(low(verb_at)) {
                let predicate = text(verb_at, words.len());
                return Asked::Open { word, noun: text(at, verb_at), gap: Gap::Subject { predicate } };
            }
            // `how many dogs in the picture`
            let is_of = low(verb_at) == "of";
            if verb_at > at
                && !is_of
                && (is_preposition(low(verb_at)) || is_participle(low(verb_at)))
                && word == Wh::HowMany
            {
                let predicate = text(verb_at, words.len());
                return Asked::Open { word, noun: text(at, verb_at), gap: Gap::Subject { predicate } };
            }
            verb_at += 1;
        }
    }
    let noun = text(at, verb_at);
    if verb_at >= words.len() {
        return if noun.is_empty() { Asked::Other } else { Asked::Open { word, noun, gap: Gap::Nothing } };
    }
    let auxiliary = low(verb_at).to_owned();
    if !is_auxiliary(&auxiliary) {
        // `who rides the horse`
        let predicate = text(verb_at, words.len());
        return Asked::Open { word, noun, gap: Gap::Subject { predicate } };
    }
    let after = verb_at + 1;
    if after >= words.len() {
        return Asked::Open { word, noun, gap: Gap::Nothing };
    }
    let verb = takes_plain_verb(&auxiliary);
    if low(after) == "there" {
        let rest = text(after + 1, words.len());
        return Asked::Open { word, noun, gap: Gap::After { auxiliary, subject: "there".to_owned(), rest } };
    }
    if asks_for_subject(word, words, after, verb) {
        let predicate = text(verb_at, words.len());
        return Asked::Open { word, noun, gap: Gap::Subject { predicate } };
    }
    let end = phrase_end(words, after, verb);
    let (subject, rest) = (text(after, end), text(end, words.len()));
    // `what is the dog's name`, `who is the man` need nothing more; but after `do` a verb must come.
    let end = if rest.is_empty() && verb { last_unit(words, after, end).unwrap_or(end) } else { end };
    let (subject, rest) =
        if rest.is_empty() { (text(after, end), text(end, words.len())) } else { (subject, rest) };
    Asked::Open { word, noun, gap: Gap::After { auxiliary, subject, rest } }
}

/// Whether what follows the auxiliary is said of the answer, so that this is the subject.
fn asks_for_subject(word: Wh, words: &[Token], after: usize, verb: bool) -> bool {
    if verb || matches!(word, Wh::Where | Wh::When | Wh::Why | Wh::How) {
        return false;
    }
    let low = |at: usize| words.get(at).map_or("", |token| token.low.as_str());
    let here = low(after);
    if is_determiner(here) || is_pronoun(here) || super::grammar::is_possessive(here) {
        return false;
    }
    let is_adverb = here.ends_with("ly") || matches!(here, "visible" | "shown" | "present" | "not" | "all");
    // A lone adjective: `what is red?`. `what are parked cars …` begins with a thing.
    let is_alone = after + 1 == words.len() && is_adjective(here);
    is_preposition(here) || is_gerund(here) || is_participle(here) || is_adverb || is_alone
}

/// Whether a word is a verb in the third person, or one that is seldom a noun.
fn is_finite(low: &str) -> bool {
    low.ends_with('s') && crate::text::lemma(low) != low && can_be_verb(crate::text::lemma(low)) && {
        let lemma = crate::text::lemma(low);
        !super::grammar::can_be_noun(lemma)
            || matches!(
                lemma,
                "sit"
                    | "stand"
                    | "lie"
                    | "lay"
                    | "run"
                    | "walk"
                    | "fly"
                    | "hang"
                    | "ride"
                    | "hold"
                    | "wear"
                    | "eat"
                    | "look"
                    | "play"
                    | "have"
                    | "carry"
            )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(question: &str) -> String {
        match Asked::of(question) {
            Asked::Exists { be, what } => format!("there {be} | {what}"),
            Asked::Polar { auxiliary, subject, rest } => format!("{auxiliary} | {subject} | {rest}"),
            Asked::Open { word, noun, gap } => {
                let gap = match gap {
                    Gap::Subject { predicate } => format!("_ {predicate}"),
                    Gap::After { auxiliary, subject, rest } => format!("{subject} {auxiliary} | {rest} _"),
                    Gap::Nothing => String::new(),
                };
                format!("{word:?} {noun} | {gap}")
            }
            Asked::Other => "other".to_owned(),
        }
    }

    #[test]
    fn questions_are_taken_apart() {
        let table = [
            ("Is there a dog?", "there is | a dog"),
            ("Can you see any dogs in the picture?", "there are | any dogs"),
            ("Is the man wearing a hat?", "is | the man | wearing a hat"),
            ("Is the food pizza?", "is | the food | pizza"),
            ("Is this a beach?", "is | this | a beach"),
            ("Does the dog look happy?", "does | the dog | look happy"),
            ("Isn't it raining?", "is | it | raining"),
            ("What color is the dog?", "What color | the dog is |  _"),
            ("What color shirt is the man wearing?", "What color shirt | the man is | wearing _"),
            ("What is on the table?", "What  | _ is on the table"),
            ("What animal is on the couch?", "What animal | _ is on the couch"),
            ("What is the man doing?", "What  | the man is | doing _"),
            ("What's the cat looking at?", "What  | the cat is | looking at _"),
            ("What does the sign say?", "What  | the sign does | say _"),
            ("Who is riding the horse?", "Who  | _ is riding the horse"),
            ("Who rides the horse?", "Who  | _ rides the horse"),
            ("Where is the cat sleeping?", "Where  | the cat is | sleeping _"),
            ("How many cats are there in the image?", "HowMany cats | there are |  _"),
            ("How many wheels does the car have?", "HowMany wheels | the car does | have _"),
            ("How many people are wearing hats?", "HowMany people | _ are wearing hats"),
            ("How old is the man?", "How old | the man is |  _"),
            ("What room is this?", "What room | this is |  _"),
            ("In the picture, what is the man holding?", "What  | the man is | holding _"),
            ("Describe the picture.", "other"),
            ("", "other"),
        ];
        for (question, expected) in table {
            assert_eq!(shown(question), expected, "{question}");
        }
    }

    #[test]
    fn choices_have_alternatives() {
        assert_eq!(Asked::of("Is the dog big or small?").alternatives(), ["big", "small"]);
        assert_eq!(Asked::of("Is the dog big?").alternatives(), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn any_text_is_taken_apart(text in prop_oneof![any::<String>(), "((what|is|how|many|the|dog|doing|on|there|do|does|a|who|or) ){0,9}"]) {
            let _ = Asked::of(&text).alternatives();
        }
    }
}
