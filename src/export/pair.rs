//! Two samples that are alike and yet differ, as one sample of two pictures: so every form can have it, and it is read
//! again like any other.

use crate::model::{Caption, CaptionRole, Image, Pair, Sample, Value};
use crate::pairs::{Decision, Record, Source, Told};

/// The field of a text about both pictures.
pub(super) const COMPARATIVE: &str = "comparative";
/// The field of the captions of the first picture.
pub(super) const LEFT: &str = "left.caption";
/// The field of the captions of the second picture.
pub(super) const RIGHT: &str = "right.caption";

/// A pair as a sample: first a text of the data set about both pictures, if there is one, then the captions of each.
/// What differs is in its meta: `differs` in a line, `differences` one by one, the kind, score and decision.
pub fn pair_sample(first: &Sample, second: &Sample, pair: &Record, decision: Decision) -> Sample {
    let is_double = first.id == second.id;
    let half = |sample: &Sample, at: u32, role: &str| {
        let image = sample.images.get(at as usize).cloned();
        image.map(|image| Image { role: Some(role.to_owned()), ..image })
    };
    let images = [half(first, pair.first.image, "left"), half(second, pair.second.image, "right")];
    let mut captions = Vec::new();
    let mut take = |sample: &Sample, field: &str| {
        let main = sample.captions.iter().filter(|caption| caption.role == CaptionRole::Main);
        captions.extend(main.map(|caption| Caption { field: field.to_owned(), ..caption.clone() }));
    };
    if is_double {
        take(first, COMPARATIVE);
    } else {
        take(first, LEFT);
        take(second, RIGHT);
    }
    let comparative = captions.iter().find(|caption| caption.field == COMPARATIVE);
    let comparative = comparative.map(|caption| caption.text.clone()).unwrap_or_default();
    let differs: Vec<String> = pair.differences.iter().map(Told::line).collect();
    let text = |text: &str| Value::Text(text.to_owned());
    let differences = pair.differences.iter().map(|told| {
        Value::Map(vec![
            ("kind".to_owned(), text(&told.kind)),
            ("dimension".to_owned(), text(&told.dimension)),
            ("object".to_owned(), text(&told.object)),
            ("from".to_owned(), text(&told.from)),
            ("to".to_owned(), text(&told.to)),
        ])
    });
    let source = if pair.source == Source::Supplied { "supplied" } else { "mined" };
    let meta = vec![
        ("left_id".to_owned(), text(&first.id)),
        ("right_id".to_owned(), text(&second.id)),
        ("comparative".to_owned(), Value::Text(comparative)),
        ("differs".to_owned(), Value::Text(differs.join("; "))),
        ("differences".to_owned(), Value::List(differences.collect())),
        ("same".to_owned(), Value::List(pair.same.iter().map(|same| text(same)).collect())),
        ("kind".to_owned(), pair.kind.as_deref().map_or(Value::Null, text)),
        ("score".to_owned(), Value::Float(f64::from(pair.score))),
        ("pair_source".to_owned(), text(source)),
        ("decision".to_owned(), text(decision.name())),
    ];
    let mut tags = first.marks.tags.clone();
    tags.extend(second.marks.tags.iter().filter(|tag| !first.marks.tags.contains(tag)).cloned());
    tags.sort();
    let id = if is_double { first.id.clone() } else { format!("{}+{}", first.id, second.id) };
    let mut sample = Sample {
        seq: first.seq,
        images: images.into_iter().flatten().collect(),
        captions,
        questions: if is_double { first.questions.clone() } else { Vec::new() },
        pair: Some(Pair { key: Some(id.clone()), label: pair.label.clone().or_else(|| pair.kind.clone()) }),
        id,
        source: first.source.clone(),
        split: first.split.clone(),
        meta,
        origin: first.origin.clone(),
        ..Sample::default()
    };
    sample.marks.tags = tags;
    sample
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ImageRef;
    use crate::pairs::Member;

    fn sample(id: &str, caption: &str) -> Sample {
        let file = |name: String| Image::new(ImageRef::File(name.into()));
        Sample {
            id: id.to_owned(),
            images: vec![file(format!("{id}.jpg")), file(format!("{id}2.jpg"))],
            captions: vec![Caption {
                text: caption.to_owned(),
                field: "caption".to_owned(),
                role: CaptionRole::Main,
            }],
            ..Sample::default()
        }
    }

    #[test]
    fn a_pair_has_both_pictures_and_both_captions() {
        let (one, other) = (sample("a", "A brown dog."), sample("b", "A black dog."));
        let pair = pair_sample(&one, &other, &Record::default(), Decision::Accepted);
        assert_eq!(pair.id, "a+b");
        let labels: Vec<String> = pair.images.iter().map(|image| image.reference.label()).collect();
        assert_eq!(labels, ["a.jpg", "b.jpg"]);
        let fields: Vec<&str> = pair.captions.iter().map(|caption| caption.field.as_str()).collect();
        assert_eq!(fields, [LEFT, RIGHT]);
        let of = |name: &str| pair.meta.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone());
        assert_eq!(of("comparative"), Some(Value::Text(String::new())));
        assert_eq!(of("decision"), Some(Value::Text("accepted".to_owned())));
    }

    #[test]
    fn a_sample_of_two_pictures_compares_them_itself() {
        let one = sample("a", "The dog has moved.");
        let member = |image| Member { image, ..Member::default() };
        let record = Record { first: member(0), second: member(1), ..Record::default() };
        let pair = pair_sample(&one, &one, &record, Decision::Undecided);
        assert_eq!((pair.id.as_str(), pair.images.len(), pair.captions.len()), ("a", 2, 1));
        assert_eq!(pair.captions[0].field, COMPARATIVE);
    }
}
