//! A caption with what its questions add: question answering folded into the caption.

use crate::model::{Caption, CaptionRole, Sample};

use super::judge::{Judge, Judgement};
use super::normal::normalised;
use super::statement::Polarity;
use super::verdict::Verdict;

/// A caption with statements behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enriched {
    /// The main caption, then the statements.
    pub text: String,
    /// Places of the questions whose statements were added.
    pub added: Vec<usize>,
}

impl Judge {
    /// The first main caption of a sample with the statements of its questions that no caption grounds. Left
    /// out are questions that captions contradict, those whose answer nobody knows or gave, statements that
    /// what is there already says, and those that it contradicts. None where there is no main caption.
    pub fn enriched(&mut self, sample: &Sample, judged: &[Judgement]) -> Option<Enriched> {
        let caption = sample.main_captions().next()?;
        let mut text = ended(&caption.text);
        let mut pages = self.read(sample);
        let (mut added, mut said): (Vec<usize>, Vec<String>) = (Vec::new(), Vec::new());
        for (at, judgement) in judged.iter().enumerate() {
            let claim = &judgement.claim;
            let is_new = matches!(judgement.verdict, Verdict::Unknown | Verdict::Mentioned);
            if !is_new || claim.is_assumed || claim.polarity == Polarity::Unanswerable {
                continue;
            }
            let Some(statement) = claim.statement.as_ref().map(|statement| statement.text.trim()) else {
                continue;
            };
            let normal = normalised(statement);
            let is_known = said.contains(&normal) || normalised(&text).contains(&normal);
            // What was added before is part of the caption now.
            let now = self.judge(claim, &pages).0;
            if is_known || matches!(now, Verdict::Entailed | Verdict::Contradicted) {
                continue;
            }
            text.push(' ');
            text.push_str(&ended(statement));
            said.push(normal);
            added.push(at);
            let sentence =
                Caption { text: statement.to_owned(), field: String::new(), role: CaptionRole::Main };
            let more = self.read(&Sample { captions: vec![sentence], ..Sample::default() });
            pages.extend(more);
        }
        Some(Enriched { text, added })
    }
}

/// A text with a mark at its end.
fn ended(text: &str) -> String {
    let text = text.trim();
    let bare = text.trim_end_matches(['"', '\'', '”', '’', ')']);
    if text.is_empty() || bare.ends_with(['.', '!', '?', '…']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Question;

    fn enriched(caption: &str, questions: &[(&str, &str)]) -> Option<Enriched> {
        let question = |(question, answer): &(&str, &str)| Question {
            question: (*question).to_owned(),
            answers: if answer.is_empty() { Vec::new() } else { vec![(*answer).to_owned()] },
            ..Question::default()
        };
        let captions =
            vec![Caption { text: caption.to_owned(), field: "caption".to_owned(), role: CaptionRole::Main }];
        let sample =
            Sample { captions, questions: questions.iter().map(question).collect(), ..Sample::default() };
        let mut judge = Judge::new();
        let judged = judge.judge_sample(&sample);
        judge.enriched(&sample, &judged)
    }

    #[test]
    fn questions_are_folded_into_the_caption() {
        let found = enriched(
            "a brown dog on a sofa",
            &[
                ("What color is the dog?", "brown"),
                ("What color is the sofa?", "red"),
                ("What color is the sofa?", "Red."),
                ("What color is the sofa?", "blue"),
                ("What color is the dog?", "black"),
                ("What is the dog's name?", "unanswerable"),
                ("Is there a cat?", ""),
                ("Is the dog wearing a collar?", "yes"),
            ],
        )
        .unwrap();
        assert_eq!(found.text, "a brown dog on a sofa. The sofa is red. The dog is wearing a collar.");
        assert_eq!(found.added, [1, 7]);
    }

    #[test]
    fn a_caption_without_news_stays() {
        assert_eq!(enriched("A dog.", &[]).map(|found| found.text).as_deref(), Some("A dog."));
    }
}
