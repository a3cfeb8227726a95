//! The screen of questions: key strings and what they lead to.

use std::sync::Arc;
use std::time::Duration;

use super::fake::{Stand, samples};
use super::reports::questioned;
use crate::index::Stage;
use crate::model::{Question, Sample};
use crate::ui::Theme;
use crate::worker::{Effect, QuestionsReport, Reply};

/// Samples of which every second is asked for a color that no caption tells.
fn asked(many: usize) -> Vec<Sample> {
    let mut all = samples(many);
    for sample in all.iter_mut().step_by(2) {
        sample.questions.push(Question {
            question: "What color is the umbrella?".into(),
            answers: vec!["purple".into()],
            ..Question::default()
        });
    }
    all
}

fn stand() -> Stand {
    let mut stand = Stand::new((140, 36), asked(40));
    stand.keys("gq");
    stand.pass(Duration::from_secs(1));
    stand
}

#[test]
fn questions_are_counted_by_type_and_prefix() {
    let mut stand = stand();
    stand.shows("[Questions]");
    stand.shows("60 about 40 of 40 samples");
    stand.shows("questions   said  others      Δ");
    stand.shows("▌all questions");
    stand.shows("what color is …");
    stand.shows("what is …");
    stand.shows("unknown        33.3 %");
    stand.shows("questions that add most");
    stand.shows("What color is the umbrella? purple");
    stand.shows("→ The umbrella is purple.");
    stand.shows("facts of captions that a question tests");
    // Only those of the row.
    stand.keys("G");
    let last = stand.marked();
    assert!(last.contains("…"), "{last}");
    stand.keys("<Esc>");
    stand.shows("━ Samples ━");
}

#[test]
fn a_prefix_leads_to_its_samples_and_back() {
    let mut stand = stand();
    let row = |stand: &Stand| {
        let at = stand.screen().lines().position(|line| line.contains("what color is …"));
        at.expect("a row") as u16
    };
    let at = row(&stand);
    stand.click(10, at);
    stand.shows("─ what color is … ");
    stand.keys("<Enter>");
    assert!(stand.searched().contains("question:\"what color is\""), "{}", stand.searched());
    stand.keys("q");
    stand.shows("[Questions]");
}

#[test]
fn a_question_that_adds_much_leads_to_its_sample() {
    let mut stand = stand();
    stand.keys("<Tab>jj<Enter>");
    assert!(stand.searched().contains("id:000000000556"), "{}", stand.searched());
    stand.keys("q");
    stand.shows("[Questions]");
    // From the list on the right back to the table, from there to the explorer.
    stand.keys("<Esc>");
    stand.shows("[Questions]");
    stand.keys("<Esc>");
    stand.shows("[Explore]");
}

#[test]
fn types_have_no_words_to_search_for() {
    let mut stand = stand();
    stand.keys("j<Enter>");
    stand.shows("[Questions]");
    stand.keys("o<Esc>");
    stand.shows("[Questions]");
}

#[test]
fn a_judgement_that_takes_its_time_says_how_far_it_is() {
    let mut stand = Stand::growing((140, 36), asked(40), 40, Theme::plain());
    stand.progress(Stage::Ready, 40);
    stand.workers.holds = true;
    stand.keys("gq");
    let generation = stand.workers.seen.iter().rev().find_map(|effect| match effect {
        Effect::Questions { generation, .. } => Some(*generation),
        _ => None,
    });
    let generation = generation.expect("questions are asked for");
    stand.pass(Duration::from_secs(1));
    stand.shows("Questions are being held against captions …");
    let part = QuestionsReport { share: 0.42, ..questioned(&stand.workers.samples) };
    stand.reply(Reply::Questions { generation, report: Ok(Arc::new(part)) });
    stand.shows("42 % done of 40 samples");
    stand.shows("▌all questions");
    stand.reply(Reply::Questions { generation, report: Err("known once all samples are indexed".into()) });
    stand.shows("known once all samples are indexed");
}

#[test]
fn samples_without_questions_say_so() {
    let mut bare = samples(5);
    for sample in &mut bare {
        sample.questions.clear();
    }
    let mut stand = Stand::new((80, 24), bare);
    stand.keys("gq");
    stand.shows("The samples of the query have no questions.");
    let mut stand = Stand::new((70, 24), asked(40));
    stand.keys("gq");
    stand.shows("all questions");
    stand.shows("entailed");
}
