//! A sample as JSON, the form in which other programs get it. Its field names are stable.
//!
//! Fields stand in the order of the lists below, those of the data in the order of the data. An export adds a field
//! that says which form this is (`dataset` reads such records without asking what is what), and where the picture
//! went.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::options::Captions;
use crate::dataset::RECORD_FORM;
use crate::measure::Columns;
use crate::model::{
    Caption, Descriptor, Evidence, Image, ImageRef, Question, Region, RegionUnit, Sample, SampleVerdict,
    Value,
};
use crate::text::extract::{Language, Reading};

/// A sample, field by field.
pub struct SampleRecord<'a>(pub(super) Vec<(&'static str, Part<'a>)>);

/// What stands in a field.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Part<'a> {
    Number(i64),
    Text(Option<Cow<'a, str>>),
    Texts(&'a [String]),
    Captions(Vec<CaptionRecord<'a>>),
    Images(Vec<ImageRecord<'a>>),
    Descriptors(Vec<DescriptorRecord<'a>>),
    Questions(Vec<QuestionRecord<'a>>),
    Pair(Option<PairRecord<'a>>),
    Verdicts(Vec<VerdictRecord<'a>>),
    Figures(Columns),
    Meta(Members<'a>),
    Origin(OriginRecord<'a>),
}

impl Part<'_> {
    /// Whether there is nothing in it that would be missed.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_none(),
            Self::Texts(texts) => texts.is_empty(),
            Self::Verdicts(verdicts) => verdicts.is_empty(),
            Self::Pair(pair) => pair.is_none(),
            Self::Images(images) => images.is_empty(),
            _ => false,
        }
    }
}

impl Serialize for SampleRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, part) in &self.0 {
            map.serialize_entry(name, part)?;
        }
        map.end()
    }
}

/// The whole sample, as it is printed.
pub fn of(sample: &Sample) -> SampleRecord<'_> {
    let mut fields = vec![
        ("id", Part::Text(Some(Cow::Borrowed(&sample.id)))),
        ("captions", Part::Captions(sample.captions.iter().map(caption).collect())),
        ("images", Part::Images(sample.images.iter().map(|image| self::image(image, None)).collect())),
        ("descriptors", Part::Descriptors(sample.descriptors.iter().map(descriptor).collect())),
        ("questions", Part::Questions(sample.questions.iter().map(question).collect())),
    ];
    if sample.pair.is_some() {
        fields.push(("pair", pair(sample)));
    }
    if !sample.figures.is_empty() {
        fields.push(("figures", Part::Figures(Columns::from_values(sample.figures.iter().copied()))));
    }
    fields.extend([
        ("source", Part::Text(sample.source.as_deref().map(Cow::Borrowed))),
        ("split", Part::Text(sample.split.as_deref().map(Cow::Borrowed))),
        ("meta", Part::Meta(Members(&sample.meta))),
        ("origin", origin(sample)),
    ]);
    SampleRecord(fields)
}

/// The fields of an exported record, in order.
pub(super) const FIELDS: [&str; 15] = [
    "capscope",
    "id",
    "caption",
    "captions",
    "images",
    "descriptors",
    "questions",
    "pair",
    "source",
    "split",
    "tags",
    "note",
    "verdicts",
    "meta",
    "origin",
];

/// The same with what stands of its picture, after the id.
pub(super) fn fields_with(picture: &'static [&'static str]) -> impl Iterator<Item = &'static str> {
    let (head, rest) = FIELDS.split_at(2);
    head.iter().chain(picture).chain(rest).copied()
}

/// The whole sample, as it is exported: always the same fields in the same order. `places` tells of each picture
/// where it went; one more is taken for as it was.
pub(super) fn exported<'a>(
    sample: &'a Sample,
    captions: &'a Captions,
    places: &'a [Place],
) -> SampleRecord<'a> {
    let kept = || sample.captions.iter().filter(|caption| captions.keeps(caption));
    let headline = captions.headline(sample).map(|caption| Cow::Borrowed(caption.text.as_str()));
    let shown = sample.images.iter().enumerate();
    let images = shown.map(|(at, found)| image(found, Some(places.get(at).unwrap_or(&Place::Kept))));
    SampleRecord(vec![
        ("capscope", Part::Number(RECORD_FORM)),
        ("id", Part::Text(Some(Cow::Borrowed(&sample.id)))),
        ("caption", Part::Text(headline)),
        ("captions", Part::Captions(kept().map(caption).collect())),
        ("images", Part::Images(images.collect())),
        ("descriptors", Part::Descriptors(sample.descriptors.iter().map(descriptor).collect())),
        ("questions", Part::Questions(sample.questions.iter().map(question).collect())),
        ("pair", pair(sample)),
        ("source", Part::Text(sample.source.as_deref().map(Cow::Borrowed))),
        ("split", Part::Text(sample.split.as_deref().map(Cow::Borrowed))),
        ("tags", Part::Texts(&sample.marks.tags)),
        ("note", Part::Text(sample.marks.note.as_deref().map(Cow::Borrowed))),
        ("verdicts", Part::Verdicts(sample.marks.verdicts.iter().map(verdict).collect())),
        ("meta", Part::Meta(Members(&sample.meta))),
        ("origin", origin(sample)),
    ])
}

/// Where a picture is after an export.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Place {
    /// Where it was.
    Kept,
    /// In a file, by its way from the record's.
    File(String),
    /// In the record itself, in a member of the archive with this ending.
    Member(String),
    /// In the record itself, in this column, at this place of its list.
    Column(&'static str, u32),
    /// Nowhere: why.
    Nowhere(String),
}

/// JSON whose text no terminal can take for a command: what JSON would let stand of control
/// characters and of marks that turn the direction of writing is escaped.
///
/// # Errors
/// What the output fails with.
pub fn write(value: &impl Serialize, pretty: bool, out: &mut impl Write) -> io::Result<()> {
    let text = if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) }?;
    let mut safe = escaped(&text).into_owned();
    safe.push('\n');
    out.write_all(safe.as_bytes())
}

/// JSON on one line, made safe in the same way.
pub(super) fn line(value: &impl Serialize) -> io::Result<String> {
    let text = serde_json::to_string(value)?;
    Ok(match escaped(&text) {
        Cow::Owned(safe) => safe,
        Cow::Borrowed(_) => text,
    })
}

fn escaped(text: &str) -> Cow<'_, str> {
    let is_hostile = |letter: char| matches!(letter, '\u{7f}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    // Their first bytes, in UTF-8; nearly no text has any.
    if !text.bytes().any(|byte| matches!(byte, 0x7f | 0xc2 | 0xe2)) || !text.contains(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_hostile(letter) {
            safe.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            safe.push(letter);
        }
    }
    Cow::Owned(safe)
}

#[derive(Serialize)]
pub(super) struct CaptionRecord<'a> {
    text: &'a str,
    field: &'a str,
    role: &'static str,
}

fn caption(caption: &Caption) -> CaptionRecord<'_> {
    CaptionRecord { text: &caption.text, field: &caption.field, role: caption.role.name() }
}

#[derive(Serialize)]
pub(super) struct VerdictRecord<'a> {
    verdict: &'static str,
    reason: Option<&'a str>,
    rater: &'a str,
    spot: &'a str,
}

fn verdict(told: &SampleVerdict) -> VerdictRecord<'_> {
    let SampleVerdict { verdict, reason, rater, spot } = told;
    VerdictRecord { verdict, reason: reason.as_deref(), rater, spot }
}

#[derive(Serialize)]
pub(super) struct ImageRecord<'a> {
    role: Option<&'a str>,
    at: String,
    width: Option<u32>,
    height: Option<u32>,
    #[serde(flatten)]
    address: Option<Address<'a>>,
}

impl ImageRecord<'_> {
    /// The one way to the picture, as a person would write it.
    pub(super) fn way(&self) -> String {
        match &self.address {
            Some(Address::File { file }) => file.clone(),
            Some(Address::Url { url }) => (*url).to_owned(),
            Some(Address::Data { data }) => (*data).to_owned(),
            _ => self.at.clone(),
        }
    }
}

/// Where a picture is, so that it can be found again.
#[derive(Serialize)]
#[serde(untagged)]
enum Address<'a> {
    File { file: String },
    Span { file: String, member: &'a str, offset: u64, length: u64 },
    Cell { file: String, row: u64, column: &'a str, item: u32 },
    Url { url: &'a str },
    Data { data: &'a str },
    Field { file: String, offset: u64, length: u64, pointer: &'a str },
    Missing { missing: &'a str, reason: &'a str },
    Member { member: &'a str },
    Column { column: &'static str, item: u32 },
    Nowhere { missing: String, reason: &'a str },
}

fn image<'a>(image: &'a Image, place: Option<&'a Place>) -> ImageRecord<'a> {
    ImageRecord {
        role: image.role.as_deref(),
        at: image.reference.label(),
        width: image.width,
        height: image.height,
        address: place.map(|place| match place {
            Place::Kept => kept_address(&image.reference),
            Place::File(file) => Address::File { file: file.clone() },
            Place::Member(member) => Address::Member { member },
            Place::Column(column, item) => Address::Column { column, item: *item },
            Place::Nowhere(reason) => Address::Nowhere { missing: image.reference.label(), reason },
        }),
    }
}

fn kept_address(reference: &ImageRef) -> Address<'_> {
    let whole = |path: &Path| whole_path(path);
    match reference {
        ImageRef::File(path) => Address::File { file: whole(path) },
        ImageRef::Span { file, name, offset, length } => {
            Address::Span { file: whole(file), member: name, offset: *offset, length: *length }
        }
        ImageRef::Cell { file, row, column, item } => {
            Address::Cell { file: whole(file), row: *row, column, item: *item }
        }
        ImageRef::Url(url) => Address::Url { url },
        ImageRef::Data(data) => Address::Data { data },
        ImageRef::Field { file, offset, length, pointer } => {
            Address::Field { file: whole(file), offset: *offset, length: *length, pointer }
        }
        ImageRef::Missing { name, reason } => Address::Missing { missing: name, reason },
    }
}

/// A path that means the same from every folder.
pub(super) fn whole_path(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).to_string_lossy().into_owned()
}

#[derive(Serialize)]
pub(super) struct DescriptorRecord<'a> {
    facet: &'static str,
    dimension: Option<&'a str>,
    name: &'a str,
    parent: Option<u32>,
    target: Option<u32>,
    region: Option<RegionRecord>,
    source: &'a str,
    negated: bool,
    hedged: bool,
    evidence: &'a [Evidence],
}

fn descriptor(descriptor: &Descriptor) -> DescriptorRecord<'_> {
    DescriptorRecord {
        facet: descriptor.facet.name(),
        dimension: descriptor.dimension.as_deref(),
        name: &descriptor.name,
        parent: descriptor.parent,
        target: descriptor.target,
        region: descriptor.region.as_ref().map(region),
        source: &descriptor.source,
        negated: descriptor.negated,
        hedged: descriptor.hedged,
        evidence: &descriptor.evidence,
    }
}

/// What a text says.
#[derive(Serialize)]
pub struct ReadingRecord<'a> {
    caption: &'a str,
    language: &'static str,
    sentences: u32,
    descriptors: Vec<DescriptorRecord<'a>>,
}

/// What a text says, as it is printed.
pub fn reading<'a>(caption: &'a str, reading: &'a Reading) -> ReadingRecord<'a> {
    ReadingRecord {
        caption,
        language: match reading.language {
            Language::English => "english",
            Language::Other => "other",
        },
        sentences: reading.sentences,
        descriptors: reading.descriptors.iter().map(descriptor).collect(),
    }
}

#[derive(Serialize)]
struct RegionRecord {
    x0: f32,
    y0: f32,
    x1: f32,
    y1: f32,
    unit: &'static str,
}

fn region(region: &Region) -> RegionRecord {
    let unit = match region.unit {
        RegionUnit::Pixel => "pixel",
        RegionUnit::Fraction => "fraction",
    };
    RegionRecord { x0: region.x0, y0: region.y0, x1: region.x1, y1: region.y1, unit }
}

#[derive(Serialize)]
pub(super) struct QuestionRecord<'a> {
    question: &'a str,
    answers: &'a [String],
    choices: &'a [String],
    #[serde(rename = "type")]
    kind: Option<&'a str>,
}

fn question(question: &Question) -> QuestionRecord<'_> {
    let Question { question, answers, choices, kind, .. } = question;
    QuestionRecord { question, answers, choices, kind: kind.as_deref() }
}

#[derive(Serialize)]
pub(super) struct PairRecord<'a> {
    key: Option<&'a str>,
    label: Option<&'a str>,
}

fn pair(sample: &Sample) -> Part<'_> {
    Part::Pair(
        sample
            .pair
            .as_ref()
            .map(|pair| PairRecord { key: pair.key.as_deref(), label: pair.label.as_deref() }),
    )
}

#[derive(Serialize)]
pub(super) struct OriginRecord<'a> {
    file: &'a str,
    position: u64,
}

fn origin(sample: &Sample) -> Part<'_> {
    Part::Origin(OriginRecord { file: &sample.origin.file, position: sample.origin.position })
}

/// Fields of the data in their order.
pub(super) struct Members<'a>(&'a [(String, Value)]);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(name, &Plain(value))?;
        }
        map.end()
    }
}

struct Plain<'a>(&'a Value);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(value) => serializer.serialize_i64(*value),
            Value::Float(value) => serializer.serialize_f64(*value),
            Value::Text(value) => serializer.serialize_str(value),
            Value::List(values) => serializer.collect_seq(values.iter().map(Plain)),
            Value::Map(fields) => Members(fields).serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_has_the_fields_that_are_listed() {
        let (sample, captions) = (Sample::default(), Captions::default());
        let names: Vec<&str> =
            exported(&sample, &captions, &[]).0.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, FIELDS);
        let some: Vec<&str> = fields_with(&["image"]).take(4).collect();
        assert_eq!(some, ["capscope", "id", "image", "caption"]);
    }
}
