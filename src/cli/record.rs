//! A sample as JSON, the form in which other programs get it. Its field names are stable.

use std::io::{self, Write};

use serde_json::{Map, Value as Json, json};

use crate::measure::Columns;
use crate::model::{Descriptor, Evidence, Image, Question, Region, RegionUnit, Sample, Value};
use crate::text::extract::{Language, Reading};

/// The whole sample.
pub(super) fn json(sample: &Sample) -> Json {
    let captions: Vec<Json> = sample
        .captions
        .iter()
        .map(|caption| json!({ "text": caption.text, "field": caption.field, "role": caption.role.name() }))
        .collect();
    let mut record = Map::new();
    record.insert("id".into(), json!(sample.id));
    record.insert("captions".into(), Json::Array(captions));
    record.insert("images".into(), sample.images.iter().map(image).collect());
    record.insert("descriptors".into(), sample.descriptors.iter().map(descriptor).collect());
    record.insert("questions".into(), sample.questions.iter().map(question).collect());
    if let Some(pair) = &sample.pair {
        record.insert("pair".into(), json!({ "key": pair.key, "label": pair.label }));
    }
    if !sample.figures.is_empty() {
        record.insert("figures".into(), json!(Columns::from_values(sample.figures.iter().copied())));
    }
    record.insert("source".into(), json!(sample.source));
    record.insert("split".into(), json!(sample.split));
    let meta = sample.meta.iter().map(|(name, found)| (name.clone(), value_json(found))).collect();
    record.insert("meta".into(), Json::Object(meta));
    record.insert("origin".into(), json!({ "file": sample.origin.file, "position": sample.origin.position }));
    Json::Object(record)
}

/// JSON whose text no terminal can take for a command: what JSON would let stand of control
/// characters and of marks that turn the direction of writing is escaped.
pub(super) fn write(value: &impl serde::Serialize, pretty: bool, out: &mut impl Write) -> io::Result<()> {
    let text = if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) }?;
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        let is_hostile = matches!(letter, '\u{7f}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if is_hostile {
            safe.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            safe.push(letter);
        }
    }
    safe.push('\n');
    out.write_all(safe.as_bytes())
}

fn image(image: &Image) -> Json {
    json!({
        "role": image.role,
        "at": image.reference.label(),
        "width": image.width,
        "height": image.height,
    })
}

fn descriptor(descriptor: &Descriptor) -> Json {
    json!({
        "facet": descriptor.facet.name(),
        "dimension": descriptor.dimension,
        "name": descriptor.name,
        "parent": descriptor.parent,
        "target": descriptor.target,
        "region": descriptor.region.as_ref().map(region),
        "source": descriptor.source,
        "negated": descriptor.negated,
        "hedged": descriptor.hedged,
        "evidence": descriptor.evidence.iter().map(evidence).collect::<Vec<_>>(),
    })
}

/// Byte range in a caption of the sample.
fn evidence(evidence: &Evidence) -> Json {
    json!({
        "caption": evidence.caption,
        "sentence": evidence.sentence,
        "start": evidence.start,
        "end": evidence.end,
    })
}

/// What a text says.
pub(super) fn reading(caption: &str, reading: &Reading) -> Json {
    json!({
        "caption": caption,
        "language": match reading.language {
            Language::English => "english",
            Language::Other => "other",
        },
        "sentences": reading.sentences,
        "descriptors": reading.descriptors.iter().map(descriptor).collect::<Vec<_>>(),
    })
}

fn region(region: &Region) -> Json {
    let unit = match region.unit {
        RegionUnit::Pixel => "pixel",
        RegionUnit::Fraction => "fraction",
    };
    json!({ "x0": region.x0, "y0": region.y0, "x1": region.x1, "y1": region.y1, "unit": unit })
}

fn question(question: &Question) -> Json {
    json!({
        "question": question.question,
        "answers": question.answers,
        "choices": question.choices,
        "type": question.kind,
    })
}

fn value_json(found: &Value) -> Json {
    match found {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!(value),
        Value::Float(value) => json!(value),
        Value::Text(value) => json!(value),
        Value::List(values) => values.iter().map(value_json).collect(),
        Value::Map(fields) => {
            Json::Object(fields.iter().map(|(name, found)| (name.clone(), value_json(found))).collect())
        }
    }
}
