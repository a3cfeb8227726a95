//! A sample as JSON, the form in which other programs get it. Its field names are stable.

use serde_json::{Map, Value as Json, json};

use crate::model::{Descriptor, Image, Question, Region, RegionUnit, Sample, Value};

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
    record.insert("source".into(), json!(sample.source));
    record.insert("split".into(), json!(sample.split));
    let meta = sample.meta.iter().map(|(name, found)| (name.clone(), value(found))).collect();
    record.insert("meta".into(), Json::Object(meta));
    record.insert("origin".into(), json!({ "file": sample.origin.file, "position": sample.origin.position }));
    Json::Object(record)
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

fn value(found: &Value) -> Json {
    match found {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!(value),
        Value::Float(value) => json!(value),
        Value::Text(value) => json!(value),
        Value::List(values) => values.iter().map(self::value).collect(),
        Value::Map(fields) => Json::Object(fields.iter().map(|(name, found)| (name.clone(), self::value(found))).collect()),
    }
}
