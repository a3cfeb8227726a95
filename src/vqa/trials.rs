//! Trials of the whole room: verdicts that a reader would give, and what must hold for any text.

use proptest::prelude::*;

use super::Verdict::{Contradicted, Entailed, Mentioned, Unknown};
use super::cases::CASES;
use super::{Judge, Judgement};
use crate::model::{Caption, CaptionRole, Question, Sample};
use crate::testing::shared;

fn sample(caption: &str, question: &str, answer: &str) -> Sample {
    let captions =
        vec![Caption { text: caption.to_owned(), field: "caption".to_owned(), role: CaptionRole::Main }];
    let question =
        Question { question: question.to_owned(), answers: vec![answer.to_owned()], ..Question::default() };
    Sample { captions, questions: vec![question], ..Sample::default() }
}

fn judged(judge: &mut Judge, caption: &str, question: &str, answer: &str) -> Judgement {
    judge.judge_sample(&sample(caption, question, answer)).remove(0)
}

#[test]
fn verdicts_are_those_of_a_reader() {
    let mut judge = Judge::new();
    let mut wrong = Vec::new();
    for (caption, cases) in CASES {
        for (question, answer, expected) in *cases {
            let found = judged(&mut judge, caption, question, answer).verdict;
            if found != *expected {
                wrong.push(format!("{caption} {question} {answer}: {found:?}, not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn evidence_lies_in_the_caption() {
    let caption = "A brown dog sleeps on a gray sofa.";
    let found = judged(&mut Judge::new(), caption, "What color is the dog?", "brown");
    let span = found.span().unwrap();
    assert_eq!(caption.get(span.start as usize..span.end as usize), Some("brown"));
    let found = judged(&mut Judge::new(), caption, "Is the dog sleeping on the sofa?", "yes");
    let span = found.span().unwrap();
    assert_eq!(caption.get(span.start as usize..span.end as usize), Some("dog sleeps on a gray sofa"));
}

#[test]
fn a_choice_may_be_a_letter() {
    let mut judge = Judge::new();
    let mut asked = sample("A red bus.", "What color is the bus?", "B");
    asked.questions[0].choices = ["blue", "red", "green"].map(str::to_owned).to_vec();
    let found = judge.judge_sample(&asked).remove(0);
    assert_eq!((found.claim.answer.as_str(), found.verdict), ("red", Entailed));
    let asked = sample("A red bus.", "What color is the bus?\nA. blue\nB. red", "A");
    let found = judge.judge_sample(&asked).remove(0);
    assert_eq!((found.claim.answer.as_str(), found.verdict), ("blue", Contradicted));
}

#[test]
fn a_question_without_an_answer_asks_whether_it_is_so() {
    let found = judged(&mut Judge::new(), "A red bus.", "Is the bus red?", "");
    assert_eq!((found.claim.is_assumed, found.verdict), (true, Entailed));
    let found = judged(&mut Judge::new(), "A red bus.", "What color is the bus?", "");
    assert_eq!((found.claim.is_assumed, found.verdict), (false, Unknown));
}

#[test]
fn several_captions_are_read_together() {
    let mut judge = Judge::new();
    let mut both = sample("A dog on a lawn.", "What color is the dog?", "black");
    both.captions.push(Caption { text: "A black dog.".to_owned(), ..both.captions[0].clone() });
    let found = judge.judge_sample(&both).remove(0);
    assert_eq!((found.verdict, found.evidence[0].caption), (Entailed, 1));
}

/// Each row of DSG asks whether something is so that its text says: METRICS' check of the whole room.
#[test]
fn own_texts_answer_what_other_texts_do_not() {
    let Some(path) = shared("dsg/tifa160-dev-anns.csv") else { return };
    let mut rows = csv::Reader::from_path(path).unwrap();
    let rows: Vec<(String, String)> = rows
        .records()
        .map(|row| row.unwrap())
        .map(|row| (row[1].to_owned(), row[8].trim().to_owned()))
        .collect();
    let mut texts: Vec<&str> = rows.iter().map(|(text, _)| text.as_str()).collect();
    texts.dedup();
    let mut judge = Judge::new();
    let pages: Vec<_> = texts.iter().map(|text| judge.read_text(text)).collect();
    let (mut asked, mut own, mut other) = (0, 0, 0);
    for (text, question) in rows.iter().filter(|(_, question)| !question.is_empty()) {
        let at = texts.iter().position(|other| other == text).unwrap();
        let claim = judge.claim(&Question {
            question: question.clone(),
            answers: vec!["yes".to_owned()],
            ..Question::default()
        });
        asked += 1;
        own += i32::from(judge.judge(&claim, &pages[at]).0.reaches(Mentioned));
        for step in [1, 40, 80, 120] {
            let beside = &pages[(at + step) % pages.len()];
            other += i32::from(judge.judge(&claim, beside).0.reaches(Mentioned));
        }
    }
    let (own, other) = (f64::from(own) / f64::from(asked), f64::from(other) / f64::from(4 * asked));
    assert!(own >= 0.85, "own {own:.3}");
    assert!(other <= 0.02, "other {other:.3}");
}

proptest! {
    #[test]
    fn any_texts_can_be_judged(
        caption in prop_oneof![any::<String>(), "((a|the|red|dog|man|two|is|on|no|not|,|.|sofa|wearing|hat|it|and|of) ){0,14}"],
        question in prop_oneof![any::<String>(), "((what|is|how|many|the|dog|doing|on|there|color|a|who|or|man|wearing) ){0,9}"],
        answer in prop_oneof![any::<String>(), "((yes|no|0|two|the|dog|on|is|red|,) ){0,4}"],
    ) {
        let found = judged(&mut Judge::new(), &caption, &question, &answer);
        for place in found.evidence.iter().copied().chain(found.span()) {
            prop_assert!(caption.get(place.start as usize..place.end as usize).is_some());
        }
        if found.verdict == Unknown {
            prop_assert!(found.evidence.is_empty());
        }
    }

    #[test]
    fn a_caption_answers_what_it_is_asked_back(caption in "(A (red|small|wooden) (dog|cup|chair) (stands|sits|lies) on a (table|lawn|bed)\\. ){1,3}") {
        let mut judge = Judge::new();
        let pages = judge.read_text(&caption);
        let found = judge.questions(&pages);
        prop_assert!(!found.is_empty());
    }
}
