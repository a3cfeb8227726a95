//! The panes that are only read: all captions in full, and the questions with their answers.

use ratatui::style::{Modifier, Style};
use ratatui::text::Span;
use unicode_segmentation::UnicodeSegmentation;

use crate::model::{Caption, CaptionRole, Question, QuestionVerdict, Sample};
use crate::ui::{Theme, clip, columns, excerpt, safe, share, thousands};

use super::sheet::{LitIn, Sheet};

/// Captions of one sample that are shown; more are counted.
const CAPTIONS: usize = 1000;
/// Questions of one sample that are shown; more are counted.
const QUESTIONS: usize = 1000;
/// Rows of a caption around the words that answer a question.
const EVIDENCE: usize = 2;

/// All captions: each under a label with its role and field where those change, numbered where
/// several share them.
pub(crate) fn captions(sample: &Sample, lit: LitIn<'_>, theme: &Theme, width: u16) -> Sheet {
    let mut sheet = Sheet::default();
    let label = |caption: &Caption| (caption.role, caption.field.clone());
    let shown: Vec<_> = sample.captions.iter().take(CAPTIONS).collect();
    for group in shown.chunk_by(|one, other| label(one) == label(other)) {
        if !sheet.lines.is_empty() {
            sheet.line(Vec::new());
        }
        if let Some(first) = group.first() {
            sheet.line(caption_label(first, group.len(), theme, width));
        }
        let digits = group.len().to_string().len();
        for (place, caption) in group.iter().enumerate() {
            let number = match group.len() {
                1 => Vec::new(),
                _ => vec![Span::styled(format!("{:>digits$} ", place + 1), theme.dim)],
            };
            sheet.text(&number, &caption.text, caption_style(caption.role, theme), lit, theme.hit, width);
        }
    }
    if sample.captions.len() > CAPTIONS {
        sheet.line(vec![left_out(sample.captions.len() - CAPTIONS, "captions", theme)]);
    }
    sheet
}

fn caption_label(caption: &Caption, many: usize, theme: &Theme, width: u16) -> Vec<Span<'static>> {
    let role = caption.role.name();
    let role_style = if caption.role == CaptionRole::Negative { theme.error } else { theme.title };
    let mut spans = vec![Span::styled(role, role_style.add_modifier(Modifier::BOLD))];
    let field = safe(&caption.field);
    if !field.is_empty() && field != role {
        spans.push(Span::styled(format!(" · {}", clip(&field, usize::from(width) / 2)), theme.dim));
    }
    let size = match many {
        1 => match caption.text.unicode_words().count() as u64 {
            1 => " · 1 word".to_owned(),
            words => format!(" · {} words", thousands(words)),
        },
        _ => format!(" · {many}"),
    };
    spans.push(Span::styled(size, theme.dim));
    spans
}

fn caption_style(role: CaptionRole, theme: &Theme) -> Style {
    if role == CaptionRole::Original { theme.text.patch(theme.title) } else { theme.text }
}

/// The questions, each with its choices and answers.
pub(crate) fn questions(sample: &Sample, lit: LitIn<'_>, theme: &Theme, width: u16) -> Sheet {
    let mut sheet = Sheet::default();
    if let Some(told) = told(&sample.questions) {
        sheet.line(vec![Span::styled(told, theme.title)]);
    }
    for question in sample.questions.iter().take(QUESTIONS) {
        one_question(&mut sheet, question, lit, theme, width);
        if let Some(verdict) = &question.verdict {
            verdict_of(&mut sheet, verdict, sample, theme, width);
        }
    }
    if sample.questions.len() > QUESTIONS {
        sheet.line(vec![left_out(sample.questions.len() - QUESTIONS, "questions", theme)]);
    }
    sheet
}

/// How many of the questions that were judged captions say, and what share of the bits they ask for is new (Δ).
fn told(questions: &[Question]) -> Option<String> {
    let verdicts: Vec<&QuestionVerdict> =
        questions.iter().filter_map(|question| question.verdict.as_ref()).collect();
    if verdicts.is_empty() {
        return None;
    }
    let said = verdicts.iter().filter(|verdict| verdict.is_said).count();
    let bits: f64 = verdicts.iter().map(|verdict| verdict.bits).sum();
    let new: f64 = verdicts.iter().filter(|verdict| !verdict.is_said).map(|verdict| verdict.bits).sum();
    let mut text = format!("captions say {said} of {}", verdicts.len());
    if bits > 0.0 {
        text.push_str(&format!(" · Δ {} of {bits:.1} bits", share(new / bits)));
    }
    Some(text)
}

fn one_question(sheet: &mut Sheet, question: &Question, lit: LitIn<'_>, theme: &Theme, width: u16) {
    if !question.question.is_empty() {
        sheet.text(&[Span::styled("? ", theme.key)], &question.question, theme.text, lit, theme.hit, width);
    }
    for choice in &question.choices {
        let is_answer = question.answers.contains(choice);
        let (sign, style) = if is_answer { ("  ● ", theme.good) } else { ("  ○ ", theme.dim) };
        sheet.text(&[Span::styled(sign, style)], choice, theme.text.patch(style), lit, theme.hit, width);
    }
    let answers: Vec<&String> =
        question.answers.iter().filter(|answer| !question.choices.contains(answer)).collect();
    if !answers.is_empty() {
        let text = counted(&answers);
        sheet.text(&[Span::styled("→ ", theme.good)], &text, theme.text, lit, theme.hit, width);
    }
    if let Some(kind) = &question.kind {
        sheet.line(vec![Span::styled(format!("  {}", safe(kind)), theme.dim)]);
    }
}

/// What the captions make of a question: the verdict, the claim as a sentence, and the caption that says so by its
/// number, with its words lit.
fn verdict_of(sheet: &mut Sheet, verdict: &QuestionVerdict, sample: &Sample, theme: &Theme, width: u16) {
    let style = match verdict.name {
        "contradicted" => theme.error,
        _ if verdict.is_said => theme.good,
        _ => theme.dim,
    };
    let lead = [Span::styled(format!("  {} ", verdict.name), style)];
    sheet.text(&lead, &verdict.statement, theme.dim, &|_| Vec::new(), theme.hit, width);
    let said = verdict.evidence.and_then(|place| {
        let caption = sample.captions.get(place.caption as usize)?;
        let words = place.start as usize..place.end as usize;
        caption.text.get(words.clone())?;
        Some((place.caption as usize + 1, caption.text.as_str(), words))
    });
    if let Some((place, caption, words)) = said {
        let lead = format!("  {place} ");
        let room = EVIDENCE * usize::from(width).saturating_sub(columns(&lead));
        let seen = excerpt(caption, Some(&words), room.saturating_sub(4).max(8));
        let mut text = if seen.start > 0 { "… ".to_owned() } else { String::new() };
        let shift = |at: usize| at.clamp(seen.start, seen.end) - seen.start + text.len();
        let lit = shift(words.start)..shift(words.end);
        text.push_str(caption.get(seen.clone()).unwrap_or_default());
        if seen.end < caption.len() {
            text.push_str(" …");
        }
        sheet.text(
            &[Span::styled(lead, theme.dim)],
            &text,
            theme.dim,
            &|_| vec![lit.clone()],
            theme.hit,
            width,
        );
    }
}

/// Answers with how many annotators gave each: `yes ×7, no ×3`.
fn counted(answers: &[&String]) -> String {
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    for answer in answers {
        match kinds.iter_mut().find(|(text, _)| text == answer) {
            Some((_, many)) => *many += 1,
            None => kinds.push((answer, 1)),
        }
    }
    let one = |(text, many): &(&str, usize)| match many {
        1 => (*text).to_owned(),
        _ => format!("{text} ×{many}"),
    };
    kinds.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn left_out(many: usize, what: &str, theme: &Theme) -> Span<'static> {
    Span::styled(format!("… {} more {what} are not shown", thousands(many as u64)), theme.warning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Evidence;

    fn rows(sheet: &Sheet) -> Vec<String> {
        sheet.lines.iter().map(ToString::to_string).collect()
    }

    fn caption(text: &str, role: CaptionRole) -> Caption {
        Caption { text: text.into(), field: "caption".into(), role }
    }

    #[test]
    fn captions_of_one_field_are_numbered() {
        let sample = Sample {
            captions: vec![
                caption("A dog.", CaptionRole::Main),
                caption("One brown dog.", CaptionRole::Main),
                caption("A cat.", CaptionRole::Negative),
            ],
            ..Sample::default()
        };
        let sheet = captions(&sample, &|_| Vec::new(), &Theme::plain(), 20);
        assert_eq!(
            rows(&sheet),
            ["caption · 2", "1 A dog.", "2 One brown dog.", "", "negative · caption · 2 words", "A cat."]
        );
    }

    #[test]
    fn questions_show_choices_and_counted_answers() {
        let sample = Sample {
            questions: vec![
                Question {
                    question: "What animal?".into(),
                    answers: vec!["dog".into()],
                    choices: vec!["cat".into(), "dog".into()],
                    kind: None,
                    verdict: None,
                },
                Question {
                    question: "Is it brown?".into(),
                    answers: ["yes", "yes", "no"].map(String::from).to_vec(),
                    choices: Vec::new(),
                    kind: Some("color".into()),
                    verdict: None,
                },
            ],
            ..Sample::default()
        };
        let sheet = questions(&sample, &|_| Vec::new(), &Theme::plain(), 40);
        assert_eq!(
            rows(&sheet),
            ["? What animal?", "  ○ cat", "  ● dog", "? Is it brown?", "→ yes ×2, no", "  color"]
        );
    }

    #[test]
    fn a_judged_question_shows_its_verdict_and_the_words_that_say_so() {
        let caption =
            Caption { text: "A brown dog.".into(), field: "caption".into(), role: CaptionRole::Main };
        let question = Question {
            question: "What color is the dog?".into(),
            answers: vec!["brown".into()],
            verdict: Some(QuestionVerdict {
                name: "entailed",
                is_said: true,
                statement: "The dog is brown.".into(),
                evidence: Some(Evidence { caption: 0, start: 2, end: 7, sentence: 0 }),
                bits: 8.5,
            }),
            ..Question::default()
        };
        let sample = Sample { captions: vec![caption], questions: vec![question], ..Sample::default() };
        let sheet = questions(&sample, &|_| Vec::new(), &Theme::plain(), 40);
        assert_eq!(
            rows(&sheet),
            [
                "captions say 1 of 1 · Δ 0 % of 8.5 bits",
                "? What color is the dog?",
                "→ brown",
                "  entailed The dog is brown.",
                "  1 A brown dog."
            ]
        );
        let lit = sheet.spots.last().map(|spot| (spot.row, spot.columns.clone()));
        assert_eq!(lit, Some((4, 6..11)));
        // Of a long caption the part around the words.
        let mut sample = sample;
        let before = "words that say nothing of it ".repeat(20);
        sample.captions[0].text = format!("{before}and a brown dog.{}", " And more of them.".repeat(20));
        let start = before.len() as u32 + 6;
        if let Some(verdict) = &mut sample.questions[0].verdict {
            verdict.evidence = Some(Evidence { caption: 0, start, end: start + 5, sentence: 0 });
        }
        let sheet = questions(&sample, &|_| Vec::new(), &Theme::plain(), 40);
        let shown = rows(&sheet)[4..].join(" ");
        assert!(shown.starts_with("  1 … ") && shown.ends_with('…') && shown.contains("brown"), "{shown}");
        assert!(rows(&sheet).len() <= 4 + EVIDENCE + 1, "{shown}");
        assert_eq!(sheet.spots.len(), 1);
    }
}
