//! Which words and numbers each field of a sample has: the one definition.

use std::borrow::Cow;

use super::Field;
use crate::measure::Column;
use crate::model::{CaptionRole, Facet, ImageRef, Sample, Value};
use crate::text::count_words;

/// Longer texts of the data's own fields are not searched: they are masks and the like.
const LONGEST_META: usize = 2_000;
/// Paths of the data's own fields that one sample may have in the index.
const MOST_PATHS: usize = 256;
/// Nested deeper, a value is shown but not searched.
const DEEPEST: usize = 8;

/// The texts whose words a field has. Phrases do not reach from one text into the next.
pub fn field_texts<'s>(sample: &'s Sample, field: &Field) -> Vec<Cow<'s, str>> {
    let mut texts = Vec::new();
    each_field_text(sample, field, &mut |text| texts.push(text));
    texts
}

/// Takes the texts of [`field_texts`] one after the other.
pub fn each_field_text<'s>(sample: &'s Sample, field: &Field, take: &mut dyn FnMut(Cow<'s, str>)) {
    let mut captions = |wanted: fn(CaptionRole) -> bool| {
        let of_role = sample.captions.iter().filter(|caption| wanted(caption.role));
        of_role.for_each(|caption| take(Cow::Borrowed(caption.text.as_str())));
    };
    let mut facets: &[Facet] = &[];
    match field {
        Field::Caption => captions(|role| role != CaptionRole::Negative),
        Field::Original => captions(|role| role == CaptionRole::Original),
        Field::Negative => captions(|role| role == CaptionRole::Negative),
        Field::Object => facets = &[Facet::Object],
        Field::Attribute | Field::Color => facets = &[Facet::Attribute],
        Field::Count => facets = &[Facet::Count],
        Field::Action => facets = &[Facet::Action],
        Field::Relation => facets = &[Facet::Spatial, Facet::Action, Facet::Relation],
        Field::Scene => facets = &[Facet::Scene],
        Field::Text => facets = &[Facet::Text],
        Field::Entity => facets = &[Facet::Entity],
        Field::Question => {
            let questions = sample.questions.iter().filter(|question| !question.question.is_empty());
            questions.for_each(|question| take(Cow::Borrowed(question.question.as_str())));
        }
        Field::Answer => {
            let answers = sample.questions.iter().flat_map(|question| &question.answers);
            answers.for_each(|answer| take(Cow::Borrowed(answer.as_str())));
        }
        Field::Meta(path) => each_leaf(sample, &mut |at, value| {
            if at == path
                && let Some(text) = searched_text(value)
            {
                take(text);
            }
        }),
        _ => {}
    }
    let is_color = *field == Field::Color;
    for descriptor in sample.descriptors.iter().filter(|descriptor| facets.contains(&descriptor.facet)) {
        if !is_color || descriptor.dimension.as_deref() == Some("color") {
            take(Cow::Borrowed(descriptor.name.as_str()));
        }
    }
}

/// The numbers that a field has: one for a count, any number for a field of the data itself.
pub fn numbers(sample: &Sample, field: &Field) -> Vec<f64> {
    let count = match field {
        Field::Words => sample.main_captions().map(|caption| count_words(&caption.text)).sum(),
        Field::Captions => sample.captions.len(),
        Field::Questions => sample.questions.len(),
        Field::Descriptors => sample.descriptors.len(),
        Field::Images => sample.images.len(),
        Field::Figure(column) => {
            return figure(sample, *column).into_iter().collect();
        }
        Field::Meta(path) => {
            let mut found = Vec::new();
            each_leaf(sample, &mut |at, value| {
                if at == path {
                    found.extend(value.number().filter(|number| number.is_finite()));
                }
            });
            return found;
        }
        _ => return Vec::new(),
    };
    vec![count as f64]
}

/// A figure of a sample, where it is known.
pub fn figure(sample: &Sample, column: Column) -> Option<f64> {
    sample.figures.get(column as usize).copied().filter(|figure| figure.is_finite())
}

/// The values of [`Field::Has`].
pub fn has(sample: &Sample) -> Vec<Cow<'static, str>> {
    let mut found: Vec<Cow<'static, str>> = Vec::with_capacity(8);
    let mut put = |is: bool, name: &'static str| {
        if is {
            found.push(Cow::Borrowed(name));
        }
    };
    let role = |wanted: CaptionRole| sample.captions.iter().any(|caption| caption.role == wanted);
    let facet =
        |wanted: &[Facet]| sample.descriptors.iter().any(|descriptor| wanted.contains(&descriptor.facet));
    put(!sample.images.is_empty(), "image");
    put(role(CaptionRole::Main), "caption");
    put(role(CaptionRole::Original), "original");
    put(role(CaptionRole::Negative), "negative");
    put(role(CaptionRole::Region), "region");
    put(sample.questions.iter().any(|question| !question.question.is_empty()), "question");
    put(sample.questions.iter().any(|question| !question.answers.is_empty()), "answer");
    put(!sample.descriptors.is_empty(), "descriptor");
    put(facet(&[Facet::Object]), "object");
    put(facet(&[Facet::Attribute]), "attribute");
    put(facet(&[Facet::Spatial, Facet::Action, Facet::Relation]), "relation");
    put(sample.descriptors.iter().any(|descriptor| descriptor.region.is_some()), "box");
    put(sample.pair.is_some() || sample.images.len() > 1 || role(CaptionRole::Negative), "pair");
    put(sample.images.iter().any(|image| matches!(image.reference, ImageRef::Url(_))), "url");
    put(sample.source.is_some(), "source");
    put(sample.split.is_some(), "split");
    for path in meta_paths(sample) {
        found.push(Cow::Owned(whole(&format!("meta.{path}"))));
    }
    found
}

/// Dotted paths of the data's own fields that have a value, each once.
pub fn meta_paths(sample: &Sample) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    each_leaf(sample, &mut |path, value| {
        if paths.len() < MOST_PATHS
            && !matches!(value, Value::Null)
            && !paths.iter().any(|known| known == path)
        {
            paths.push(path.to_owned());
        }
    });
    paths
}

/// Folds a value that is compared whole.
pub fn whole(value: &str) -> String {
    value.trim().to_lowercase()
}

/// Whether a file's name has this part, whatever the case.
pub fn file_has(name: &str, part: &str) -> bool {
    name.to_lowercase().contains(&part.to_lowercase())
}

/// The text of a value as it is searched.
fn searched_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Text(text) if text.len() <= LONGEST_META => Some(Cow::Borrowed(text)),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) => Some(Cow::Owned(value.to_string())),
        _ => None,
    }
}

/// Every value that is neither list nor record, with its dotted path; elements of a list have the
/// path of the list.
fn each_leaf<'s>(sample: &'s Sample, take: &mut dyn FnMut(&str, &'s Value)) {
    for (name, value) in &sample.meta {
        descend(&mut name.clone(), value, 0, take);
    }
}

fn descend<'s>(path: &mut String, value: &'s Value, depth: usize, take: &mut dyn FnMut(&str, &'s Value)) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::List(values) => values.iter().for_each(|value| descend(path, value, depth + 1, take)),
        Value::Map(fields) => {
            for (name, value) in fields {
                let length = path.len();
                path.push('.');
                path.push_str(name);
                descend(path, value, depth + 1, take);
                path.truncate(length);
            }
        }
        leaf => take(path, leaf),
    }
}
