//! In which form a data set says what it says: captions, questions, pairs, and of which types its questions
//! are. It tells nothing of what is said; that is the other axis.

use serde::Serialize;

use crate::model::{CaptionRole, Question, Sample};

/// Declares the types of questions once: variant, name, what it is.
macro_rules! question_types {
    ($($variant:ident $name:literal $help:literal)*) => {
        /// What a question asks for, by its first words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum QuestionType {
            $(#[doc = $help] $variant,)*
        }

        impl QuestionType {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

question_types! {
    YesNo "yes/no" "`Is there a dog?`"
    Count "how many" "`How many dogs are there?`"
    Color "color" "`What color is the dog?`"
    What "what" "`What is the man doing?`"
    Which "which" "`Which animal is larger?`"
    Who "who" "`Who wears the hat?`, `Whose hat is it?`"
    Where "where" "`Where is the dog?`"
    When "when" "`When was it taken?`, `What time is it?`"
    Why "why" "`Why does he smile?`"
    How "how" "`How is the weather?`"
    Task "instruction" "`Describe the picture.`"
    Other "other" "Anything else, as a statement that is true or false."
}

/// Verbs with which a question for yes or no begins.
const AUXILIARIES: &[&str] = &[
    "is", "are", "am", "was", "were", "do", "does", "did", "can", "could", "has", "have", "had", "will",
    "would", "should", "may", "might", "must", "isn't", "aren't", "doesn't", "don't", "didn't", "can't",
    "won't",
];

/// Verbs with which an instruction begins.
const INSTRUCTIONS: &[&str] = &[
    "describe",
    "write",
    "generate",
    "provide",
    "explain",
    "give",
    "tell",
    "identify",
    "list",
    "summarize",
    "create",
    "name",
    "point",
    "detect",
    "caption",
    "transcribe",
    "read",
    "choose",
    "select",
    "count",
    "solve",
    "analyze",
    "compare",
    "convert",
    "translate",
    "render",
    "create",
    "find",
    "locate",
    "please",
    "answer",
];

/// The type of a question by its first words; a clause before a comma and tokens for pictures are passed.
pub fn question_type(question: &str) -> QuestionType {
    let bare = question.replace("<image>", " ").to_lowercase();
    let words: Vec<&str> = bare
        .split(|letter: char| !(letter.is_alphanumeric() || letter == '\'' || letter == ','))
        .filter(|word| !word.trim_matches(',').is_empty())
        .filter(|word| !matches!(*word, "question" | "q"))
        .collect();
    let begins = |at: usize| {
        let word = |at: usize| words.get(at).map(|word| word.trim_matches(',')).unwrap_or_default();
        by_opening(word(at), word(at + 1))
    };
    let after_comma = (1..words.len()).filter(|at| words.get(at - 1).is_some_and(|word| word.ends_with(',')));
    let mut openings = std::iter::once(0).chain(after_comma);
    openings
        .find_map(begins)
        // "The man is holding what?", "At which station …": any word that asks.
        .or_else(|| {
            (1..words.len()).filter(|at| !is_auxiliary(words.get(*at))).find_map(begins_to_ask(&words))
        })
        .unwrap_or(QuestionType::Other)
}

fn is_auxiliary(word: Option<&&str>) -> bool {
    word.is_some_and(|word| AUXILIARIES.contains(word) || INSTRUCTIONS.contains(word))
}

/// What a word inside of a question asks for, if it asks and the sentence is a question.
fn begins_to_ask<'w>(words: &'w [&'w str]) -> impl Fn(usize) -> Option<QuestionType> + 'w {
    move |at| {
        let word = |at: usize| words.get(at).map(|word| word.trim_matches(',')).unwrap_or_default();
        // `where` and `who` inside of a statement mostly do not ask.
        matches!(word(at), "what" | "which" | "how").then(|| by_opening(word(at), word(at + 1))).flatten()
    }
}

fn by_opening(first: &str, second: &str) -> Option<QuestionType> {
    Some(match (first, second) {
        ("how", "many" | "much") => QuestionType::Count,
        ("what" | "which", "color" | "colour" | "colors" | "colours") => QuestionType::Color,
        ("what", "time" | "year" | "season") | ("when", _) => QuestionType::When,
        ("what" | "what's", _) => QuestionType::What,
        ("which", _) => QuestionType::Which,
        ("who" | "whom" | "whose" | "who's", _) => QuestionType::Who,
        ("where" | "where's", _) => QuestionType::Where,
        ("why", _) => QuestionType::Why,
        ("how", _) => QuestionType::How,
        (verb, _) if AUXILIARIES.contains(&verb) => QuestionType::YesNo,
        (verb, _) if INSTRUCTIONS.contains(&verb) => QuestionType::Task,
        _ => return None,
    })
}

/// Declares the forms of samples once: variant, name, what it is.
macro_rules! forms {
    ($($variant:ident $name:literal $help:literal)*) => {
        /// The form of a sample. Each sample has one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Form {
            $(#[doc = $help] $variant,)*
        }

        impl Form {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

forms! {
    Caption "captions only" "Captions and no question."
    Both "captions and questions" "Captions with questions."
    Vqa "questions only" "Questions and no caption."
    Pair "pairs" "A pair, or one half of a pair, whatever else it has."
    Bare "neither" "Only a picture, or descriptors."
}

impl Form {
    /// Of a sample.
    pub fn of(sample: &Sample) -> Self {
        let has_caption = sample.captions.iter().any(|caption| caption.role != CaptionRole::Negative);
        match (sample.pair.is_some(), has_caption, sample.questions.is_empty()) {
            (true, _, _) => Self::Pair,
            (_, true, true) => Self::Caption,
            (_, true, false) => Self::Both,
            (_, false, false) => Self::Vqa,
            (_, false, true) => Self::Bare,
        }
    }
}

/// How many samples of a data set have which form, and how many of its questions which type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormCount {
    samples: u64,
    captions: u64,
    questions: u64,
    forms: [u64; Form::ALL.len()],
    types: [u64; QuestionType::ALL.len()],
}

/// A name with how many there are, and which share of all that is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NamedShare {
    /// The name.
    pub name: &'static str,
    /// How many.
    pub count: u64,
    /// Of all, 0 to 1.
    pub share: f64,
}

impl FormCount {
    /// Counts a sample.
    pub fn add(&mut self, sample: &Sample) {
        self.samples += 1;
        self.captions += sample.main_captions().count() as u64;
        if let Some(count) = self.forms.get_mut(Form::of(sample) as usize) {
            *count += 1;
        }
        let asked = |question: &&Question| !question.question.trim().is_empty();
        for question in sample.questions.iter().filter(asked) {
            self.questions += 1;
            if let Some(count) = self.types.get_mut(question_type(&question.question) as usize) {
                *count += 1;
            }
        }
    }

    /// Samples.
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// Main captions.
    pub fn captions(&self) -> u64 {
        self.captions
    }

    /// Questions; turns without one are not counted.
    pub fn questions(&self) -> u64 {
        self.questions
    }

    /// Samples by form.
    pub fn forms(&self) -> Vec<NamedShare> {
        named(Form::ALL.iter().map(|form| form.name()), &self.forms)
    }

    /// Questions by type.
    pub fn types(&self) -> Vec<NamedShare> {
        named(QuestionType::ALL.iter().map(|kind| kind.name()), &self.types)
    }

    /// The effective number of tasks: exp(−Σ p ln p) over captions and the types of questions, 1 where all
    /// is of one type. None of a data set with neither.
    pub fn diversity(&self) -> Option<f64> {
        let counts = || std::iter::once(&self.captions).chain(&self.types).filter(|count| **count > 0);
        let all: u64 = counts().sum();
        let entropy: f64 = counts().map(|count| *count as f64 / all as f64).map(|p| -p * p.ln()).sum();
        (all > 0).then(|| entropy.exp())
    }
}

fn named(names: impl Iterator<Item = &'static str>, counts: &[u64]) -> Vec<NamedShare> {
    let all = counts.iter().sum::<u64>().max(1) as f64;
    let share =
        |(name, count): (&'static str, &u64)| NamedShare { name, count: *count, share: *count as f64 / all };
    names.zip(counts).map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Caption, Pair};

    #[test]
    fn questions_have_types() {
        use QuestionType::*;
        let table = [
            ("Is there a dog?", YesNo),
            ("How many dogs are there?", Count),
            ("What color is the dog?", Color),
            ("<image>\nWhat is the man doing?", What),
            ("What's on the table?", What),
            ("Which of them is larger?", Which),
            ("Whose hat is this?", Who),
            ("Where is it?", Where),
            ("What time is it?", When),
            ("Why does he smile?", Why),
            ("How is the weather?", How),
            ("Question: Are these zebras?", YesNo),
            ("In the picture, is the man sitting?", YesNo),
            ("In this scene, how many people stand?", Count),
            ("The man is holding what?", What),
            ("At which station does it stop?", Which),
            ("Describe the picture.", Task),
            ("There are two dogs in the left picture.", Other),
            ("The man who stands there is old.", Other),
            ("", Other),
            ("犬は何匹いますか", Other),
        ];
        for (question, expected) in table {
            assert_eq!(question_type(question), expected, "{question}");
        }
    }

    #[test]
    fn each_sample_has_one_form() {
        let caption = || Caption { text: "a dog".into(), field: "caption".into(), role: CaptionRole::Main };
        let question = |text: &str| Question { question: text.into(), ..Question::default() };
        let samples = [
            (Sample { captions: vec![caption(), caption()], ..Sample::default() }, Form::Caption),
            (
                Sample { questions: vec![question("Is it?"), question("Why?")], ..Sample::default() },
                Form::Vqa,
            ),
            (
                Sample { captions: vec![caption()], questions: vec![question("")], ..Sample::default() },
                Form::Both,
            ),
            (
                Sample { pair: Some(Pair::default()), captions: vec![caption()], ..Sample::default() },
                Form::Pair,
            ),
            (Sample::default(), Form::Bare),
        ];
        let mut count = FormCount::default();
        for (sample, form) in &samples {
            assert_eq!(Form::of(sample), *form);
            count.add(sample);
        }
        assert_eq!((count.samples(), count.captions(), count.questions()), (5, 4, 2));
        assert!(count.forms().iter().all(|form| form.count == 1 && (form.share - 0.2).abs() < 1e-12));
        let asked: Vec<_> = count.types().into_iter().filter(|kind| kind.count > 0).collect();
        assert_eq!(asked.iter().map(|kind| kind.name).collect::<Vec<_>>(), ["yes/no", "why"]);
        // Four captions and two types of one question each: p = 4/6, 1/6, 1/6.
        let expected = (-(4.0 / 6.0_f64 * (4.0 / 6.0_f64).ln() + 2.0 / 6.0 * (1.0 / 6.0_f64).ln())).exp();
        assert!((count.diversity().unwrap_or_default() - expected).abs() < 1e-12);
        assert_eq!(FormCount::default().diversity(), None);
    }
}
