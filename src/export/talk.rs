//! Conversations about pictures, as LLaVA and `ShareGPT` have them: captions and questions as turns.

use serde::Serialize;

use super::prepare::Prepared;
use super::record::{Place, whole_path};
use super::{Captions, ExportError, lines};
use crate::model::{Image, ImageRef, Sample};

/// What stands for a picture in a turn.
const MARK: &str = "<image>";
/// What is asked for a caption; another one is asked for in other words.
const ASKED: [&str; 6] = [
    "Describe the image.",
    "What is in this picture?",
    "Please describe this image in a few words.",
    "What does the image show?",
    "Give a description of the picture.",
    "Describe what you see.",
];
/// What is asked about two pictures whose difference the data tells.
const COMPARED: &str = "What differs between the two images?";
/// The fields of a pair's captions, with what is asked for each; [`super::pair_sample`] writes them.
const OF_PAIRS: [(&str, &str); 3] = [
    (super::pair::COMPARATIVE, COMPARED),
    (super::pair::LEFT, "Describe the first image."),
    (super::pair::RIGHT, "Describe the second image."),
];

/// Whether there is a question with its answer.
pub(super) fn has_answers(sample: &Sample) -> bool {
    sample.questions.iter().any(|question| !question.question.is_empty() && !question.answers.is_empty())
}

/// A sample as a conversation, on one line.
pub(super) fn conversation(
    sample: &Sample,
    captions: &Captions,
    places: &[Place],
    prepared: &mut Prepared,
) -> Result<String, ExportError> {
    let mut turns: Vec<(String, String)> = Vec::new();
    let mut asked = ASKED.iter().cycle();
    let mut said = 0;
    for caption in captions.said(sample) {
        said += 1;
        let of_pair = OF_PAIRS.iter().find(|(field, _)| *field == caption.field).map(|(_, asks)| *asks);
        let asks = of_pair.or_else(|| asked.next().copied()).unwrap_or_default();
        turns.push((asks.to_owned(), unmarked(&caption.text, prepared)));
    }
    prepared.captions_left_out += (sample.captions.len() - said) as u64;
    for question in &sample.questions {
        let Some(answer) = question.answers.first().filter(|_| !question.question.is_empty()) else {
            continue;
        };
        let mut asks = unmarked(&question.question, prepared);
        for (letter, choice) in ('A'..='Z').zip(&question.choices) {
            asks.push_str(&format!("\n{letter}. {}", unmarked(choice, prepared)));
        }
        turns.push((asks, unmarked(answer, prepared)));
    }
    let files: Vec<String> = sample
        .images
        .iter()
        .enumerate()
        .filter_map(|(at, image)| address(image, places.get(at).unwrap_or(&Place::Kept)))
        .collect();
    if let Some((first, _)) = turns.first_mut() {
        *first = format!("{}{first}", format!("{MARK}\n").repeat(files.len()));
    }
    let turn = |from, value| Turn { from, value };
    let conversations =
        turns.into_iter().flat_map(|(asks, answer)| [turn("human", asks), turn("gpt", answer)]).collect();
    let image = match files.as_slice() {
        [] => None,
        [single] => Some(Files::One(single)),
        several => Some(Files::Several(several)),
    };
    lines::text(&Conversation { id: &sample.id, image, conversations })
}

#[derive(Serialize)]
struct Conversation<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Files<'a>>,
    conversations: Vec<Turn>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Files<'a> {
    One(&'a str),
    Several(&'a [String]),
}

#[derive(Serialize)]
struct Turn {
    from: &'static str,
    value: String,
}

/// A text in which nothing stands for a picture: a trainer counts the marks.
fn unmarked(text: &str, prepared: &mut Prepared) -> String {
    if !text.contains(MARK) {
        return text.to_owned();
    }
    prepared.texts_changed += 1;
    text.replace(MARK, "[image]")
}

/// Where a trainer finds a picture.
fn address(image: &Image, place: &Place) -> Option<String> {
    match (place, &image.reference) {
        (Place::File(file), _) => Some(file.clone()),
        (Place::Nowhere(_), _) | (_, ImageRef::Missing { .. }) => None,
        (_, ImageRef::File(path)) => Some(whole_path(path)),
        (_, ImageRef::Data(data)) => Some(data.clone()),
        (_, reference) => Some(reference.label()),
    }
}
