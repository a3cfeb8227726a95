//! What a question asks for: its prefix and its type, by closed tables.

/// What kind of answer a question wants, in the words of VQA and TIFA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum QuestionKind {
    /// `Is the dog brown?`
    YesNo,
    /// `How many dogs are there?`
    Count,
    /// `What color is the dog?`
    Color,
    /// `What is on the table?`
    Object,
    /// `What is the table made of?`
    Attribute,
    /// `What is the man doing?`
    Action,
    /// `Where is the cat?`
    Spatial,
    /// `What does the sign say?`
    Text,
    /// `Who is in the picture?`, `What brand is the car?`
    Entity,
    /// `What room is this?`
    Scene,
    /// `Why is the man running?`
    Reason,
    /// All others.
    Other,
}

impl QuestionKind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 12] = [
        Self::YesNo,
        Self::Count,
        Self::Color,
        Self::Object,
        Self::Attribute,
        Self::Action,
        Self::Spatial,
        Self::Text,
        Self::Entity,
        Self::Scene,
        Self::Reason,
        Self::Other,
    ];

    /// Its name in records and on screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::YesNo => "yes/no",
            Self::Count => "count",
            Self::Color => "color",
            Self::Object => "object",
            Self::Attribute => "attribute",
            Self::Action => "action",
            Self::Spatial => "spatial",
            Self::Text => "text",
            Self::Entity => "entity",
            Self::Scene => "scene",
            Self::Reason => "reason",
            Self::Other => "other",
        }
    }
}

use QuestionKind::{
    Action, Attribute, Color, Count, Entity, Object, Other, Reason, Scene, Spatial, Text, YesNo,
};

/// Prefixes with the kind that each asks for. `…` stands for any words; what follows it must come
/// later in the question, and such a prefix is taken before plain ones.
const PREFIXES: &[(&str, QuestionKind)] = &[
    ("what is … doing", Action),
    ("what are … doing", Action),
    ("what is … made of", Attribute),
    ("what are … made of", Attribute),
    ("what is … called", Entity),
    ("what is the color of", Color),
    ("what is the name", Entity),
    ("what is the weather", Scene),
    ("what is the material", Attribute),
    ("what is the shape", Attribute),
    ("what is the size", Attribute),
    ("what is the gender", Attribute),
    ("what is the number of", Count),
    ("what is written", Text),
    ("what is printed", Text),
    ("what is the time", Scene),
    ("what is the season", Scene),
    ("what is the setting", Scene),
    ("what is the location", Spatial),
    ("what does … say", Text),
    ("what does … read", Text),
    ("what do … say", Text),
    ("what is the", Object),
    ("what are the", Object),
    ("what is on", Object),
    ("what is in", Object),
    ("what is this", Object),
    ("what is", Object),
    ("what are", Object),
    ("what color is", Color),
    ("what color are", Color),
    ("what color", Color),
    ("what colors", Color),
    ("what colour", Color),
    ("what colours", Color),
    ("which color", Color),
    ("what kind of", Object),
    ("what type of", Object),
    ("what sort of", Object),
    ("what kind of weather", Scene),
    ("what type of weather", Scene),
    ("what kind of place", Scene),
    ("what type of place", Scene),
    ("what kind of room", Scene),
    ("what type of room", Scene),
    ("what kind of material", Attribute),
    ("what type of material", Attribute),
    ("what kind of pattern", Attribute),
    ("what animal", Object),
    ("what animals", Object),
    ("what sport", Action),
    ("what activity", Action),
    ("what action", Action),
    ("what room", Scene),
    ("what place", Scene),
    ("what time", Scene),
    ("what season", Scene),
    ("what weather", Scene),
    ("what country", Entity),
    ("what city", Entity),
    ("what brand", Entity),
    ("what company", Entity),
    ("what number", Text),
    ("what word", Text),
    ("what words", Text),
    ("what letter", Text),
    ("what letters", Text),
    ("what text", Text),
    ("what material", Attribute),
    ("what shape", Attribute),
    ("what size", Attribute),
    ("what pattern", Attribute),
    ("what gender", Attribute),
    ("what age", Attribute),
    ("what does", Object),
    ("what do", Object),
    ("what", Object),
    ("where is", Spatial),
    ("where are", Spatial),
    ("where was", Spatial),
    ("where", Spatial),
    ("who is", Entity),
    ("who are", Entity),
    ("who", Entity),
    ("whose", Entity),
    ("why is", Reason),
    ("why are", Reason),
    ("why", Reason),
    ("when", Scene),
    ("which side", Spatial),
    ("which direction", Spatial),
    ("which room", Scene),
    ("which", Object),
    ("how many people", Count),
    ("how many", Count),
    ("how much", Count),
    ("how old", Attribute),
    ("how big", Attribute),
    ("how large", Attribute),
    ("how tall", Attribute),
    ("how long", Attribute),
    ("how is the weather", Scene),
    ("how is", Attribute),
    ("how are", Attribute),
    ("how", Other),
    ("is there", YesNo),
    ("is there a", YesNo),
    ("are there", YesNo),
    ("are there any", YesNo),
    ("was there", YesNo),
    ("were there", YesNo),
    ("is this", YesNo),
    ("is this a", YesNo),
    ("is that", YesNo),
    ("is it", YesNo),
    ("is the", YesNo),
    ("is he", YesNo),
    ("is she", YesNo),
    ("are the", YesNo),
    ("are these", YesNo),
    ("are they", YesNo),
    ("is", YesNo),
    ("are", YesNo),
    ("was", YesNo),
    ("were", YesNo),
    ("does the", YesNo),
    ("does this", YesNo),
    ("does", YesNo),
    ("do you", YesNo),
    ("do the", YesNo),
    ("do", YesNo),
    ("did", YesNo),
    ("has", YesNo),
    ("have", YesNo),
    ("can you", YesNo),
    ("can", YesNo),
    ("could", YesNo),
    ("would", YesNo),
    ("will", YesNo),
    ("should", YesNo),
];

/// The prefix of questions that none of the table begins.
pub const OTHER_PREFIX: &str = "other";

/// The longest prefix of a question that the table has (one with `…` before all others), and the type that
/// goes with it. What begins otherwise is `other`.
pub fn classify(question: &str) -> (&'static str, QuestionKind) {
    let words = words_of(question);
    // `In the picture, what color is the dog?`
    let start = words.iter().position(|word| is_opening(word)).unwrap_or(0);
    let words = words.get(start..).unwrap_or_default();
    let rank = |prefix: &str| (prefix.contains('…'), prefix.split(' ').count());
    let fitting = PREFIXES.iter().filter(|(prefix, _)| begins(words, prefix));
    fitting
        .max_by_key(|(prefix, _)| rank(prefix))
        .map_or((OTHER_PREFIX, Other), |(prefix, kind)| (*prefix, *kind))
}

/// Whether a word may begin a question.
pub(super) fn is_opening(word: &str) -> bool {
    PREFIXES.iter().any(|(prefix, _)| prefix.split(' ').next() == Some(word))
}

/// Folded words, contractions of `is` written out.
pub(super) fn words_of(question: &str) -> Vec<String> {
    let folded = question.to_lowercase().replace(['’', '‘'], "'");
    let mut found = Vec::new();
    for word in folded.split(|letter: char| !letter.is_alphanumeric() && letter != '\'' && letter != '-') {
        let word = word.trim_matches(['\'', '-']);
        let bare = word.strip_suffix("'s").or_else(|| word.strip_suffix("'re"));
        match bare {
            Some(bare) if matches!(bare, "what" | "where" | "who" | "why" | "how" | "it" | "that") => {
                found.push(bare.to_owned());
                found.push(if word.ends_with("re") { "are" } else { "is" }.to_owned());
            }
            _ if matches!(
                word,
                "isn't" | "aren't" | "wasn't" | "weren't" | "doesn't" | "don't" | "didn't"
            ) =>
            {
                found.push(word.trim_end_matches("n't").to_owned());
            }
            _ if word.is_empty() => {}
            _ => found.push(word.to_owned()),
        }
    }
    found
}

fn begins(words: &[String], prefix: &str) -> bool {
    let starts = |words: &[String], start: &str| {
        let mut at = words.iter();
        start.split(' ').all(|wanted| at.next().is_some_and(|word| word == wanted))
    };
    let Some((start, end)) = prefix.split_once(" … ") else { return starts(words, prefix) };
    let after = start.split(' ').count();
    starts(words, start)
        && (after + 1..words.len()).any(|at| starts(words.get(at..).unwrap_or_default(), end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn questions_have_prefixes_and_kinds() {
        let table = [
            ("What color is the dog?", "what color is", Color),
            ("what's the man doing?", "what is … doing", Action),
            ("What is the table made of?", "what is … made of", Attribute),
            ("How many people are there?", "how many people", Count),
            ("How many dogs are there?", "how many", Count),
            ("Is there a red apple?", "is there a", YesNo),
            ("Where is the cat?", "where is", Spatial),
            ("Who is on the beach?", "who is", Entity),
            ("Why is he running?", "why is", Reason),
            ("What does the sign say?", "what does … say", Text),
            ("What does the man hold?", "what does", Object),
            ("What room is this?", "what room", Scene),
            ("What type of place is this?", "what type of place", Scene),
            ("Which animal is bigger?", "which", Object),
            ("In the picture, is it raining?", "is it", YesNo),
            ("Isn't the dog brown?", "is the", YesNo),
            ("Describe the image.", "other", Other),
            ("", "other", Other),
        ];
        for (question, prefix, kind) in table {
            assert_eq!(classify(question), (prefix, kind), "{question}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_a_prefix(text in any::<String>()) {
            let (prefix, _) = classify(&text);
            prop_assert!(!prefix.is_empty());
        }
    }
}
