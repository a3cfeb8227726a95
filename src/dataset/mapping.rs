//! From a raw record to a sample, by a plan that says which field is what.

use std::path::PathBuf;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::Cell;
use super::descriptors::{DescriptorField, Gathered, gather, strip_entities};
use super::fields::{describes, hint, is_template, tokens};
use super::path::{FieldPath, Step, member, number, scalar};
use crate::model::{
    Caption, CaptionRole, Descriptor, Image, ImageRef, Origin, Pair, Question, Sample, Seq, Value,
};

/// Which field is what, for one kind of record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Plan {
    /// The record's own id.
    pub(crate) id: Option<FieldPath>,
    /// The pictures.
    pub(crate) images: Vec<ImageField>,
    /// The texts, the main ones first.
    pub(crate) captions: Vec<(FieldPath, CaptionRole)>,
    /// Conversations.
    pub(crate) talks: Vec<Talk>,
    /// Questions with answers in fields of their own.
    pub(crate) asks: Vec<Ask>,
    /// Descriptors.
    pub(crate) descriptors: Vec<DescriptorField>,
    /// What the members of a pair have in common.
    pub(crate) pair: Option<FieldPath>,
    /// Whether the text is true, or the kind of change.
    pub(crate) label: Option<FieldPath>,
    /// The split.
    pub(crate) split: Option<FieldPath>,
    /// The source.
    pub(crate) source: Option<FieldPath>,
    /// Width and height of the picture.
    pub(crate) size: Option<(FieldPath, FieldPath)>,
    /// What names the picture, over rows and files.
    pub(crate) key: Option<FieldPath>,
    /// Fields at the top whose text is opened as JSON.
    pub(crate) packed: Vec<String>,
    /// Fields at the top that are not kept as `meta.*`: they have a role, or are ignored.
    pub(crate) hidden: Vec<String>,
    /// Of such a field the ways to what has no role: it is kept all the same.
    pub(crate) beside: Vec<(String, Vec<FieldPath>)>,
    /// The records say themselves what is what, since this program has written them.
    pub(crate) native: bool,
}

/// A field that leads to pictures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ImageField {
    /// The field.
    pub(crate) path: FieldPath,
    /// The part that its picture plays where there are several.
    pub(crate) role: Option<String>,
    /// The address on the web to fall back to.
    pub(crate) fallback: Option<FieldPath>,
}

/// A conversation: a list of turns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Talk {
    /// The list.
    pub(crate) path: FieldPath,
    /// The member of a turn that says who speaks.
    pub(crate) speaker: String,
    /// The member with what is said: text, or a list of parts.
    pub(crate) content: String,
    /// Fingerprints of instructions that come again and again with long answers.
    pub(crate) templates: Vec<u64>,
}

/// Questions with answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ask {
    /// The way to the record that holds one question; empty for the record itself.
    pub(crate) base: FieldPath,
    /// Its members with the question; none where there are only answers (VQA's second file).
    pub(crate) question: Option<String>,
    /// Its members with answers, the best first.
    pub(crate) answers: Vec<String>,
    /// Its members with the choices: one list, or one member each.
    pub(crate) choices: Vec<String>,
    /// Its member with the type of question.
    pub(crate) kind: Option<String>,
    /// Its member with the id of the question, to find its answer in another file.
    pub(crate) id: Option<String>,
    /// Fingerprints of instructions that come again and again with long answers.
    pub(crate) templates: Vec<u64>,
}

/// Where a record was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    /// Its place in the order of the data set.
    pub(crate) seq: Seq,
    /// File and position, for people.
    pub(crate) origin: Origin,
    /// The name of the file in ids.
    pub(crate) named: String,
    /// File, first byte and length of an uncompressed line.
    pub(crate) line: Option<(PathBuf, u64, u64)>,
    /// What makes ids of this file different from those of others, where they repeat.
    pub(crate) prefix: Option<String>,
    /// The split that the file's name tells.
    pub(crate) split: Option<String>,
}

/// What one record says of a sample; several may add up to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Partial {
    /// The sample as far as it is known.
    pub(crate) sample: Sample,
    /// Ids of its questions, as many as there are questions.
    asked: Vec<Option<String>>,
    /// Descriptors that still bear the id of a category.
    categories: Vec<(u32, String)>,
}

/// Finds the picture that a text names. The record is there for names made of several fields.
pub(crate) type Locate<'a> = dyn FnMut(&str, &Cell) -> ImageRef + 'a;

/// Longest text that is kept with a sample instead of being read again.
const LONG_TEXT: usize = 4 << 10;

impl Plan {
    /// What the record says, or why it cannot be taken.
    pub(crate) fn read(
        &self,
        record: &Cell,
        place: &Place,
        locate: &mut Locate<'_>,
    ) -> Result<Partial, String> {
        if self.native {
            return Ok(Partial { sample: super::native::read(record, place)?, ..Partial::default() });
        }
        let mut gathered = gather(&self.descriptors, record);
        let mut sample = Sample { seq: place.seq, origin: place.origin.clone(), ..Sample::default() };
        for (path, role) in &self.captions {
            read_captions(path, *role, record, &mut sample.captions, &mut gathered)?;
        }
        let mut asked = Vec::new();
        let mut pictures = Vec::new();
        for talk in &self.talks {
            talk.read(record, &mut sample, &mut pictures);
        }
        asked.resize(sample.questions.len(), None);
        for ask in &self.asks {
            ask.read(record, &mut sample, &mut asked);
        }
        for (text, field) in std::mem::take(&mut gathered.regions) {
            push_caption(&mut sample.captions, &text, &field, CaptionRole::Region);
        }
        self.read_images(record, place, &mut sample, locate);
        for name in pictures {
            let reference = reference_of_text(&name, record, None, locate);
            if sample.images.iter().all(|image| image.reference != reference) {
                sample.images.push(Image::new(reference));
            }
        }
        let text =
            |path: &Option<FieldPath>| path.as_ref().and_then(|path| path.first(record)).and_then(scalar);
        sample.split = text(&self.split).or_else(|| place.split.clone());
        sample.source = text(&self.source);
        let (key, label) = (text(&self.pair), text(&self.label));
        if key.is_some() || sample.images.iter().filter(|image| image.role.is_some()).count() > 1 {
            sample.pair = Some(Pair { key, label });
        }
        sample.meta = self.meta(record);
        sample.id = self.id(record, place);
        sample.descriptors = gathered.list;
        Ok(Partial { sample, asked, categories: gathered.categories })
    }

    /// The value that names the picture of this record.
    pub(crate) fn key_of(&self, record: &Cell) -> Option<String> {
        let value = self.key.as_ref()?.first(record)?;
        match value {
            Cell::Blob(blob) => blob.name.clone(),
            Cell::Map(_) => picture_text(value),
            other => scalar(other).map(|text| without_count(&text).to_owned()),
        }
    }

    fn id(&self, record: &Cell, place: &Place) -> String {
        let own = self
            .id
            .as_ref()
            .and_then(|path| path.first(record))
            .and_then(scalar)
            .filter(|id| id.len() <= 512);
        let own = own.or_else(|| {
            // A picture's file name is a good id where there is no better.
            let key = self.key_of(record)?;
            (key.len() <= 512 && !key.starts_with("data:")).then_some(key)
        });
        match (own, &place.prefix) {
            (Some(id), Some(prefix)) => format!("{prefix}:{id}"),
            (Some(id), None) => without_ending(&id).to_owned(),
            (None, _) => format!("{}:{}", place.named, place.origin.position),
        }
    }

    fn read_images(&self, record: &Cell, place: &Place, sample: &mut Sample, locate: &mut Locate<'_>) {
        let size = self.size.as_ref().and_then(|(width, height)| {
            let read = |path: &FieldPath| {
                path.first(record).and_then(number).filter(|n| *n >= 1.0 && *n < 1e6).map(|n| n as u32)
            };
            Some((read(width)?, read(height)?))
        });
        for field in &self.images {
            let fallback = field.fallback.as_ref().and_then(|path| path.first(record)).and_then(scalar);
            let mut found = Vec::new();
            let mut item = 0;
            field.path.walk(record, &mut |cell| {
                let pointer = pointer(&field.path, item);
                item += 1;
                references(cell, record, place, pointer, fallback.as_deref(), locate, &mut found);
            });
            if found.is_empty() {
                found.extend(fallback.map(ImageRef::Url));
            }
            for reference in found.into_iter().take(64) {
                let mut image = Image::new(reference);
                image.role.clone_from(&field.role);
                if self.images.len() == 1 {
                    image.width = size.map(|(width, _)| width);
                    image.height = size.map(|(_, height)| height);
                }
                sample.images.push(image);
            }
        }
    }

    fn meta(&self, record: &Cell) -> Vec<(String, Value)> {
        let Cell::Map(members) = record else { return Vec::new() };
        members
            .iter()
            .filter(|(name, _)| name != "@key")
            .filter_map(|(name, cell)| {
                if !self.hidden.contains(name) {
                    return Some((name, kept(cell)?));
                }
                let (_, free) = self.beside.iter().find(|(top, _)| top == name)?;
                let wanted: Vec<&[Step]> = free.iter().filter_map(|path| path.0.get(1..)).collect();
                Some((name, kept(&only(cell, &wanted)?)?))
            })
            .map(|(name, value)| (name.clone(), value))
            .collect()
    }
}

/// A cell as a value that is kept, if there is something in it.
fn kept(cell: &Cell) -> Option<Value> {
    let mut left = 400;
    match value(cell, 8, &mut left) {
        Some(Value::Null) | None if left > 0 => None,
        Some(found) if left > 0 => Some(found),
        _ => Some(Value::Text("more than 400 values, not kept".to_owned())),
    }
}

/// What stands at the ends of these ways, with what is around it.
fn only(cell: &Cell, wanted: &[&[Step]]) -> Option<Cell> {
    if wanted.iter().any(|steps| steps.is_empty()) {
        return match cell {
            Cell::List(_) | Cell::Map(_) | Cell::Null => None,
            plain => Some(plain.clone()),
        };
    }
    let inside = |fits: &dyn Fn(&Step) -> bool| -> Vec<&[Step]> {
        wanted
            .iter()
            .filter_map(|steps| steps.split_first())
            .filter(|(step, _)| fits(step))
            .map(|(_, rest)| rest)
            .collect()
    };
    match cell {
        Cell::Map(members) => {
            let kept: Vec<(String, Cell)> = members
                .iter()
                .filter_map(|(name, inner)| {
                    let rest = inside(&|step| match step {
                        Step::Key(key) => key == name,
                        Step::EachValue => true,
                        Step::Each => false,
                    });
                    Some((name.clone(), only(inner, &rest)?))
                })
                .collect();
            (!kept.is_empty()).then_some(Cell::Map(kept))
        }
        Cell::List(items) => {
            let rest = inside(&|step| *step == Step::Each);
            let kept: Vec<Cell> = items.iter().filter_map(|item| only(item, &rest)).collect();
            (!kept.is_empty()).then_some(Cell::List(kept))
        }
        _ => None,
    }
}

/// A cell as a value; none for binary data. Counts `left` down to 0 where there is too much.
fn value(cell: &Cell, depth: usize, left: &mut usize) -> Option<Value> {
    if depth == 0 || *left == 0 {
        *left = 0;
        return None;
    }
    *left -= 1;
    Some(match cell {
        Cell::Null => Value::Null,
        Cell::Bool(value) => Value::Bool(*value),
        Cell::Int(number) => Value::Int(*number),
        Cell::Float(number) => Value::Float(*number),
        Cell::Text(text) if is_bulk(text) => return None,
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::List(items) => {
            Value::List(items.iter().filter_map(|item| value(item, depth - 1, left)).collect())
        }
        Cell::Map(members) => Value::Map(
            members
                .iter()
                .filter_map(|(name, inner)| Some((name.clone(), value(inner, depth - 1, left)?)))
                .collect(),
        ),
        Cell::Blob(_) => return None,
    })
}

/// Whether a text is binary data in disguise.
fn is_bulk(text: &str) -> bool {
    text.len() > 256
        && !text.chars().take(256).any(char::is_whitespace)
        && text.is_ascii()
        && !text.starts_with("http")
}

/// The JSON pointer to the value at a path, where the path is plain enough.
fn pointer(path: &FieldPath, item: usize) -> Option<String> {
    let mut pointer = String::new();
    for step in &path.0 {
        match step {
            Step::Key(name) if name.starts_with('@') => return None,
            Step::Key(name) => {
                pointer.push('/');
                pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            }
            Step::Each if path.fans() == 1 => {
                pointer.push('/');
                pointer.push_str(&item.to_string());
            }
            _ => return None,
        }
    }
    Some(pointer)
}

/// The pictures that a cell leads to.
fn references(
    cell: &Cell,
    record: &Cell,
    place: &Place,
    pointer: Option<String>,
    fallback: Option<&str>,
    locate: &mut Locate<'_>,
    found: &mut Vec<ImageRef>,
) {
    match cell {
        Cell::Blob(blob) => found.push(blob.reference.clone()),
        Cell::Int(_) | Cell::Float(_) => {
            if let Some(name) = scalar(cell) {
                found.push(reference_of_text(&name, record, fallback, locate));
            }
        }
        Cell::Text(text) if text.trim().is_empty() => {}
        Cell::Text(text) if super::fields::is_image_data(text.trim()) => match (pointer, &place.line) {
            (Some(pointer), Some((file, offset, length))) if text.len() > LONG_TEXT => {
                found.push(ImageRef::Field { file: file.clone(), offset: *offset, length: *length, pointer });
            }
            _ => found.push(ImageRef::Data(as_data_url(text.trim()))),
        },
        Cell::Text(text) => found.push(reference_of_text(text.trim(), record, fallback, locate)),
        Cell::List(items) => {
            for (number, item) in items.iter().enumerate().take(64) {
                let inner = pointer.as_ref().map(|pointer| format!("{pointer}/{number}"));
                references(item, record, place, inner, fallback, locate, found);
            }
        }
        Cell::Map(members) => {
            if let Some((_, blob)) = members.iter().find(|(_, inner)| matches!(inner, Cell::Blob(_))) {
                references(blob, record, place, None, fallback, locate, found);
            } else if let Some((name, inner)) = picture_member(members) {
                let inside = pointer.map(|pointer| format!("{pointer}/{name}"));
                references(inner, record, place, inside, fallback, locate, found);
            }
        }
        Cell::Null | Cell::Bool(_) => {}
    }
}

/// The member of a picture's record that leads to it: `{bytes: null, path: "a.jpg"}`.
fn picture_member(members: &[(String, Cell)]) -> Option<(&String, &Cell)> {
    members
        .iter()
        .filter(|(_, inner)| matches!(inner, Cell::Text(text) if !text.trim().is_empty()))
        .filter(|(name, _)| {
            let hint = hint(name);
            hint.image + hint.url > 0.0 || name == "bytes"
        })
        .map(|(name, inner)| (name, inner))
        .next()
}

/// The name of a picture in a cell that leads to it.
pub(crate) fn name_of_picture(cell: &Cell) -> Option<String> {
    scalar(cell).or_else(|| picture_text(cell))
}

fn picture_text(cell: &Cell) -> Option<String> {
    let Cell::Map(members) = cell else { return None };
    if let Some((_, Cell::Blob(blob))) = members.iter().find(|(_, inner)| matches!(inner, Cell::Blob(_))) {
        return blob.name.clone();
    }
    picture_member(members).and_then(|(_, inner)| scalar(inner))
}

/// A `data:` URL for a picture in bare base64.
fn as_data_url(text: &str) -> String {
    let kind = match text.get(..4) {
        Some("data") => return text.to_owned(),
        Some("/9j/") => "jpeg",
        Some("R0lG") => "gif",
        Some("UklG") => "webp",
        Some("iVBO") => "png",
        _ => "*",
    };
    format!("data:image/{kind};base64,{text}")
}

fn reference_of_text(text: &str, record: &Cell, fallback: Option<&str>, locate: &mut Locate<'_>) -> ImageRef {
    if super::fields::is_url(text) {
        let address = if text.starts_with("//") { format!("https:{text}") } else { text.to_owned() };
        return ImageRef::Url(address);
    }
    if text.starts_with("data:image/") {
        return ImageRef::Data(text.to_owned());
    }
    match (locate(without_count(text), record), fallback) {
        (ImageRef::Missing { .. }, Some(address)) if super::fields::is_url(address) => {
            ImageRef::Url(address.to_owned())
        }
        (reference, _) => reference,
    }
}

/// `name.jpg#3` names the picture `name.jpg`.
pub(crate) fn without_count(name: &str) -> &str {
    match name.rsplit_once('#') {
        Some((bare, count))
            if !count.is_empty()
                && count.bytes().all(|byte| byte.is_ascii_digit())
                && super::fields::looks_like_image_name(bare)
                && !super::fields::is_url(bare) =>
        {
            bare
        }
        _ => name,
    }
}

/// A name without the ending of a picture's file.
pub(crate) fn without_ending(name: &str) -> &str {
    if super::fields::looks_like_image_name(name) && !super::fields::is_url(name) {
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    } else {
        name
    }
}

/// Reads the texts at a path.
fn read_captions(
    path: &FieldPath,
    role: CaptionRole,
    record: &Cell,
    captions: &mut Vec<Caption>,
    gathered: &mut Gathered,
) -> Result<(), String> {
    let mut wrong = None;
    path.walk(record, &mut |cell| {
        if let Err(what) = read_caption(cell, path, role, captions, gathered) {
            wrong.get_or_insert(what);
        }
    });
    match wrong {
        Some(what) => Err(format!("{path} is {what}, expected text")),
        None => Ok(()),
    }
}

fn read_caption(
    cell: &Cell,
    path: &FieldPath,
    role: CaptionRole,
    captions: &mut Vec<Caption>,
    gathered: &mut Gathered,
) -> Result<(), &'static str> {
    match cell {
        Cell::Null => {}
        Cell::Text(text) => {
            let field = path.to_string();
            let plain = strip_entities(text, path.last(), gathered);
            push_caption(captions, plain.as_deref().unwrap_or(text), &field, role);
        }
        Cell::Int(_) | Cell::Float(_) | Cell::Bool(_) => {
            if let Some(text) = scalar(cell) {
                push_caption(captions, &text, &path.to_string(), role);
            }
        }
        Cell::List(items) => {
            let numbers = items.iter().filter(|item| matches!(item, Cell::Int(_) | Cell::Float(_))).count();
            if numbers == items.len() && numbers > 0 {
                return Err("a list of numbers");
            }
            for item in items {
                if !matches!(item, Cell::List(_)) {
                    read_caption(item, path, role, captions, gathered)?;
                }
            }
        }
        Cell::Map(_) => return Err("a record"),
        Cell::Blob(_) => return Err("binary data"),
    }
    Ok(())
}

/// Adds a text unless it is there already.
fn push_caption(captions: &mut Vec<Caption>, text: &str, field: &str, role: CaptionRole) {
    let text = text.trim();
    if text.is_empty() || captions.iter().any(|caption| caption.text == text) {
        return;
    }
    captions.push(Caption { text: text.to_owned(), field: field.to_owned(), role });
}

/// A turn's text without the marks that stand for pictures.
pub(crate) fn without_marks(text: &str) -> String {
    const MARKS: &[&str] = &[
        "<image>",
        "</image>",
        "<img>",
        "</img>",
        "<__dj__image>",
        "<__dj__eoc>",
        "<|image|>",
        "<|image_pad|>",
        "<ImageHere>",
        "<|endofchunk|>",
        "<|eoc|>",
        "<im_start>",
        "<im_end>",
        "[IMG]",
    ];
    let mut plain = text.to_owned();
    for mark in MARKS {
        if plain.contains(mark) {
            plain = plain.replace(mark, " ");
        }
    }
    plain.trim().to_owned()
}

/// A number that stands for an instruction.
pub(crate) fn instruction_mark(text: &str) -> u64 {
    xxh3_64(text.trim().to_lowercase().as_bytes())
}

/// Whether this answer describes the picture, by what was asked.
fn is_description(question: &str, answer: &str, templates: &[u64]) -> bool {
    let words = answer.split_whitespace().count();
    let wide = answer.chars().count() >= 8 && !answer.is_ascii();
    let long = |least: usize| words >= least || wide;
    if question.is_empty() {
        return long(3);
    }
    (describes(question) && long(4))
        || (is_template(question) && templates.contains(&instruction_mark(question)) && long(5))
}

/// Who speaks in a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaker {
    /// The one who asks.
    Asker,
    /// The one who answers.
    Answerer,
    /// Instructions, tools.
    System,
}

impl Speaker {
    /// Reads the usual names of speakers.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name.trim().to_lowercase().as_str() {
            "human" | "user" | "question" | "person" | "instruction" | "q" | "asker" | "prompter"
            | "customer" | "usr" | "input" | "client" | "student" => Self::Asker,
            "gpt" | "assistant" | "bot" | "model" | "answer" | "chatgpt" | "ai" | "a" | "llm" | "output"
            | "agent" | "gpt4v" | "gpt-4" | "gpt4" | "chatbot" | "teacher" | "vlm" => Self::Answerer,
            "system" | "tool" | "function" | "observation" | "developer" => Self::System,
            _ => return None,
        })
    }
}

/// The text and the names of pictures in what a turn says.
pub(crate) fn said(cell: &Cell, pictures: &mut Vec<String>) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::List(parts) => {
            let texts: Vec<String> = parts
                .iter()
                .map(|part| said(part, pictures))
                .filter(|text| !text.trim().is_empty())
                .collect();
            texts.join("\n")
        }
        Cell::Map(members) => said_in_part(members, pictures),
        other => scalar(other).unwrap_or_default(),
    }
}

/// One part of a message: `{type: "image_url", image_url: {url: …}}`, `{type: "text", text: …}`.
fn said_in_part(members: &[(String, Cell)], pictures: &mut Vec<String>) -> String {
    let kind = members.iter().find(|(name, _)| name == "type").and_then(|(_, inner)| scalar(inner));
    let pictorial = kind.as_deref().is_some_and(|kind| kind.contains("image") || kind.contains("picture"));
    let mut texts = Vec::new();
    for (name, inner) in members.iter().filter(|(name, _)| name != "type") {
        let hint = hint(name);
        let about_picture = pictorial || hint.image >= 3.0;
        match inner {
            Cell::Text(text)
                if about_picture
                    && (super::fields::is_url(text)
                        || text.starts_with("data:image/")
                        || super::fields::looks_like_image_name(text)) =>
            {
                pictures.push(text.clone());
            }
            Cell::Map(inner) if about_picture => {
                if let Some((_, Cell::Text(text))) = picture_member(inner) {
                    pictures.push(text.clone());
                }
            }
            Cell::Text(text)
                if hint.caption > 0.0 || matches!(name.as_str(), "value" | "content" | "text") =>
            {
                texts.push(text.clone());
            }
            _ => {}
        }
    }
    texts.join("\n")
}

impl Talk {
    /// The names of the pictures in what is said.
    pub(crate) fn pictures(&self, record: &Cell) -> Vec<String> {
        let mut pictures = Vec::new();
        self.path.walk(record, &mut |cell| {
            if let Some(content) = member(cell, &self.content) {
                said(content, &mut pictures);
            }
        });
        pictures
    }

    fn read(&self, record: &Cell, sample: &mut Sample, pictures: &mut Vec<String>) {
        let mut question = String::new();
        let mut turn = 0;
        let field = format!("{}.{}", self.path, self.content);
        self.path.walk(record, &mut |cell| {
            let Some(content) = member(cell, &self.content) else { return };
            let text = without_marks(&said(content, pictures));
            let speaker = member(cell, &self.speaker).and_then(scalar);
            // Without a known name, speakers take turns.
            let by_turn = if turn % 2 == 0 { Speaker::Asker } else { Speaker::Answerer };
            let speaker = speaker.as_deref().and_then(Speaker::named).unwrap_or(by_turn);
            turn += 1;
            match speaker {
                Speaker::System => turn -= 1,
                Speaker::Asker if question.is_empty() => question = text,
                Speaker::Asker => question = format!("{question}\n{text}"),
                Speaker::Answerer => {
                    take_answer(&question, text, &field, &self.templates, sample);
                    question.clear();
                }
            }
        });
        if !question.is_empty() {
            sample.questions.push(Question { question, ..Question::default() });
        }
    }
}

/// Files an answer as a caption or as the answer to its question.
fn take_answer(question: &str, answer: String, field: &str, templates: &[u64], sample: &mut Sample) {
    if answer.is_empty() && question.is_empty() {
        return;
    }
    if is_description(question, &answer, templates) {
        push_caption(&mut sample.captions, &answer, field, CaptionRole::Main);
        return;
    }
    let answers = if answer.is_empty() { Vec::new() } else { vec![answer] };
    sample.questions.push(Question { question: question.to_owned(), answers, ..Question::default() });
}

/// Questions of one sample that are kept.
const MOST_QUESTIONS: usize = 2_000;

impl Ask {
    fn read(&self, record: &Cell, sample: &mut Sample, asked: &mut Vec<Option<String>>) {
        self.base.walk(record, &mut |cell| {
            if sample.questions.len() < MOST_QUESTIONS {
                self.read_one(cell, sample, asked);
            }
        });
    }

    fn read_one(&self, cell: &Cell, sample: &mut Sample, asked: &mut Vec<Option<String>>) {
        let question = self.question.as_ref().and_then(|name| member(cell, name)).and_then(scalar);
        let question = question.map(|text| without_marks(&text)).unwrap_or_default();
        let mut choices = Vec::new();
        for name in &self.choices {
            if let Some(inner) = member(cell, name) {
                texts(inner, &mut choices);
            }
        }
        let mut answers = Vec::new();
        for name in &self.answers {
            if let Some(inner) = member(cell, name) {
                let mut found = Vec::new();
                texts(inner, &mut found);
                by_frequency(&mut found);
                for answer in found {
                    let answer = chosen(&answer, &choices);
                    if !answers.contains(&answer) {
                        answers.push(answer);
                    }
                }
            }
        }
        if question.is_empty() && answers.is_empty() {
            return;
        }
        if choices.is_empty()
            && answers.len() == 1
            && self.id.is_none()
            && !question.is_empty()
            && let Some(answer) = answers.first()
            && is_description(&question, answer, &self.templates)
        {
            let field = self.answers.first().map_or(String::new(), |name| self.base.key(name).to_string());
            push_caption(&mut sample.captions, answer, &field, CaptionRole::Main);
            return;
        }
        let text = |name: &Option<String>| name.as_ref().and_then(|name| member(cell, name)).and_then(scalar);
        sample.questions.push(Question { question, answers, choices, kind: text(&self.kind), verdict: None });
        asked.push(text(&self.id));
    }
}

/// The answer behind the number or letter of a choice.
fn chosen(answer: &str, choices: &[String]) -> String {
    if choices.is_empty() || choices.iter().any(|choice| choice == answer) {
        return answer.to_owned();
    }
    let bare = answer.trim_matches(['(', ')', '.', ' ']);
    let place = match bare.as_bytes() {
        [letter @ b'A'..=b'J'] => Some(usize::from(letter - b'A')),
        [letter @ b'a'..=b'j'] => Some(usize::from(letter - b'a')),
        _ => bare.parse().ok(),
    };
    place.and_then(|place| choices.get(place)).cloned().unwrap_or_else(|| answer.to_owned())
}

/// The texts in a cell: itself, the items of a list, or the answers in a list of records.
fn texts(cell: &Cell, found: &mut Vec<String>) {
    match cell {
        Cell::List(items) => items.iter().take(200).for_each(|item| texts(item, found)),
        Cell::Map(members) => {
            let best = members
                .iter()
                .find(|(name, inner)| {
                    let hint = hint(name);
                    (hint.answer > 0.0 || hint.choices > 0.0 || hint.caption > 0.0)
                        && hint.aside == 0.0
                        && hint.id == 0.0
                        && scalar(inner).is_some()
                })
                .or_else(|| members.iter().find(|(_, inner)| matches!(inner, Cell::Text(_))));
            found.extend(best.and_then(|(_, inner)| scalar(inner)));
        }
        other => found.extend(scalar(other)),
    }
}

/// Sorts by how often a text stands in the list, each once, otherwise in order.
fn by_frequency(texts: &mut Vec<String>) {
    if texts.len() < 2 {
        return;
    }
    let mut counts: Vec<(String, usize)> = Vec::new();
    for text in texts.drain(..) {
        match counts.iter_mut().find(|(known, _)| *known == text) {
            Some((_, count)) => *count += 1,
            None => counts.push((text, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    texts.extend(counts.into_iter().map(|(text, _)| text));
}

/// How good a reference is: which of two for the same picture is kept.
fn rank(reference: &ImageRef) -> u8 {
    match reference {
        ImageRef::Missing { .. } => 0,
        ImageRef::Url(_) => 1,
        _ => 2,
    }
}

impl Partial {
    /// Adds what another record says of the same sample. The id of the first stays.
    pub(crate) fn merge(&mut self, other: Self) {
        let Self { sample, asked, categories } = other;
        let own = &mut self.sample;
        for caption in sample.captions {
            if !own.captions.iter().any(|known| known.text == caption.text) {
                own.captions.push(caption);
            }
        }
        merge_images(&mut own.images, sample.images);
        let places = merge_descriptors(&mut own.descriptors, &sample.descriptors);
        for (place, category) in categories {
            if let Some(Some(place)) = places.get(place as usize) {
                self.categories.push((*place, category));
            }
        }
        self.asked.resize(own.questions.len(), None);
        let ids = asked.into_iter().chain(std::iter::repeat(None));
        for (question, id) in sample.questions.into_iter().zip(ids) {
            merge_question(&mut own.questions, &mut self.asked, question, id);
        }
        own.pair = own.pair.take().or(sample.pair);
        own.source = own.source.take().or(sample.source);
        own.split = own.split.take().or(sample.split);
        for (name, value) in sample.meta {
            merge_meta(&mut own.meta, name, value);
        }
    }

    /// The finished sample; `categories` are the names of categories by id.
    pub(crate) fn finish(mut self, categories: &FxHashMap<String, String>) -> Sample {
        for (place, category) in &self.categories {
            if let (Some(descriptor), Some(name)) =
                (self.sample.descriptors.get_mut(*place as usize), categories.get(category))
            {
                descriptor.name.clone_from(name);
            }
        }
        self.sample.captions.sort_by_key(|caption| caption.role as u8);
        self.sample
    }
}

fn merge_images(own: &mut Vec<Image>, others: Vec<Image>) {
    for other in others {
        if let Some(known) = own.iter_mut().find(|known| known.reference == other.reference) {
            known.width = known.width.or(other.width);
            known.height = known.height.or(other.height);
            continue;
        }
        // Two ways to one picture: the better one stays.
        let room = own.len() < 64;
        match own.as_mut_slice() {
            [known] if known.role == other.role && rank(&known.reference) != rank(&other.reference) => {
                let (width, height) = (known.width.or(other.width), known.height.or(other.height));
                if rank(&other.reference) > rank(&known.reference) {
                    *known = other;
                }
                (known.width, known.height) = (width, height);
            }
            [known] if rank(&known.reference) == 0 && rank(&other.reference) == 0 => {
                // Of two names that lead nowhere a file's name says more than an id.
                let (width, height) = (known.width.or(other.width), known.height.or(other.height));
                if super::fields::looks_like_image_name(&other.reference.label())
                    && !super::fields::looks_like_image_name(&known.reference.label())
                {
                    *known = other;
                }
                (known.width, known.height) = (width, height);
            }
            _ if room => own.push(other),
            _ => {}
        }
    }
}

/// Adds descriptors; what is there already is not added again. Tells where each one went.
fn merge_descriptors(own: &mut Vec<Descriptor>, others: &[Descriptor]) -> Vec<Option<u32>> {
    /// Descriptors of one sample that are kept.
    const MOST: usize = 4_000;
    let mut places: Vec<Option<u32>> = vec![None; others.len()];
    // A parent may stand behind its child: first the ones that hang under nothing.
    let mut waiting: Vec<usize> = (0..others.len()).collect();
    while !waiting.is_empty() {
        let before = waiting.len();
        waiting.retain(|place| {
            let Some(other) = others.get(*place) else { return false };
            let shifted = |end: Option<u32>| match end {
                None => Some(None),
                Some(end) => places.get(end as usize).copied().flatten().map(Some),
            };
            let (Some(parent), Some(target)) = (shifted(other.parent), shifted(other.target)) else {
                return true;
            };
            let moved = Descriptor { parent, target, ..other.clone() };
            let known = own.iter().position(|known| {
                known.facet == moved.facet
                    && known.parent == moved.parent
                    && known.target == moved.target
                    && known.region == moved.region
                    && known.name.eq_ignore_ascii_case(&moved.name)
            });
            let found = known.map(|known| known as u32).or_else(|| {
                (own.len() < MOST).then(|| {
                    own.push(moved);
                    own.len() as u32 - 1
                })
            });
            if let Some(slot) = places.get_mut(*place) {
                *slot = found;
            }
            false
        });
        if waiting.len() == before {
            break;
        }
    }
    places
}

fn merge_question(
    own: &mut Vec<Question>,
    asked: &mut Vec<Option<String>>,
    question: Question,
    id: Option<String>,
) {
    let same = own.iter().zip(asked.iter()).position(|(known, known_id)| {
        (id.is_some() && *known_id == id)
            || (id.is_none() && !question.question.is_empty() && known.question == question.question)
    });
    let room = own.len() < MOST_QUESTIONS;
    match same.and_then(|place| own.get_mut(place)) {
        Some(known) => {
            if known.question.is_empty() {
                known.question = question.question;
            }
            for answer in question.answers {
                if !known.answers.contains(&answer) {
                    known.answers.push(answer);
                }
            }
            if known.choices.is_empty() {
                known.choices = question.choices;
            }
            known.kind = known.kind.take().or(question.kind);
        }
        None if room => {
            own.push(question);
            asked.push(id);
        }
        None => {}
    }
}

fn merge_meta(own: &mut Vec<(String, Value)>, name: String, value: Value) {
    /// Different values of one field that are kept.
    const MOST: usize = 64;
    let Some((_, known)) = own.iter_mut().find(|(known, _)| *known == name) else {
        own.push((name, value));
        return;
    };
    if *known == value {
        return;
    }
    match known {
        Value::List(items) if !matches!(value, Value::List(_)) => {
            if items.len() < MOST && !items.contains(&value) {
                items.push(value);
            }
        }
        Value::List(_) => {}
        single => *single = Value::List(vec![single.clone(), value]),
    }
}

/// The split that the name of a file or its folder tells: `captions_val2017.json` gives `val`.
pub(crate) fn split_of_path(path: &std::path::Path) -> Option<String> {
    let mut parts: Vec<String> =
        path.iter().rev().take(2).map(|part| part.to_string_lossy().into_owned()).collect();
    if let Some(first) = parts.first_mut() {
        *first = first.split('.').next().unwrap_or("").to_owned();
    }
    parts.iter().find_map(|part| {
        tokens(part).into_iter().find(|word| {
            matches!(word.as_str(), "train" | "val" | "valid" | "validation" | "test" | "dev" | "minival")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_found_behind_letters() {
        let choices = vec!["cup".to_owned(), "hat".to_owned()];
        for (answer, expected) in [("B", "hat"), ("0", "cup"), ("hat", "hat"), ("(A)", "cup"), ("Z", "Z")] {
            assert_eq!(chosen(answer, &choices), expected);
        }
    }

    #[test]
    fn the_count_behind_a_name_is_no_part_of_it() {
        assert_eq!(without_count("1000_69.jpg#3"), "1000_69.jpg");
        assert_eq!(without_count("a#3"), "a#3");
    }

    #[test]
    fn descriptors_merge_without_doubling() {
        let object = |name: &str| Descriptor::new(crate::model::Facet::Object, name, "s");
        let mut red = Descriptor::new(crate::model::Facet::Attribute, "red", "s");
        red.parent = Some(1);
        let mut own = vec![object("dog")];
        let places = merge_descriptors(&mut own, &[object("cat"), object("Dog"), red]);
        assert_eq!(places, vec![Some(1), Some(0), Some(2)]);
        assert_eq!(own.get(2).and_then(|descriptor| descriptor.parent), Some(0));
    }

    #[test]
    fn splits_in_names() {
        for (path, expected) in [
            ("a/captions_val2017.json", Some("val")),
            ("a/train/metadata.jsonl", Some("train")),
            ("a/b/data.jsonl", None),
        ] {
            assert_eq!(split_of_path(std::path::Path::new(path)).as_deref(), expected);
        }
    }
}
