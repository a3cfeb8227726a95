//! Here is an annotation in some data set's own shape; which descriptors is it?
//!
//! Shapes are recognised by what they are made of (a list of records with a box and a name, a
//! text of triples), not by the names of their fields. One file a family.

mod boxes;
mod columns;
mod entities;
mod relations;
mod sort;
mod things;
mod triples;
mod tuples;

use serde::{Deserialize, Serialize};

pub(crate) use boxes::BoxForm;
pub(crate) use entities::strip as strip_entities;
pub(crate) use things::Things;

use crate::dataset::Cell;
use crate::dataset::fields::{Field, Survey, is_tags, tokens};
use crate::dataset::path::{FieldPath, Step, scalar};
use crate::model::{Descriptor, Facet};

/// How a field is made into descriptors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Shape {
    /// Records of things: with names, boxes, attributes, relations.
    Things(Box<Things>),
    /// A record of lists of equal length: boxes and names side by side.
    Columns(columns::Columns),
    /// Records of subject, predicate and object.
    Relations(relations::Relations),
    /// Lists of places in the list of things, by relation.
    Places(relations::Places),
    /// Texts or lists of subject, predicate and object.
    Triples(FieldPath),
    /// `entity - whole (traffic light)`.
    Tuples(tuples::Tuples),
    /// Short words, in a list or with commas between.
    Tags(FieldPath),
    /// What a scene graph says beside its things: the scene, or what is written in the picture.
    Whole(FieldPath, Facet),
}

impl Shape {
    /// What it is, in words.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Things(things) => things.words(),
            Self::Columns(_) => "lists of names and boxes side by side".to_owned(),
            Self::Relations(_) => "subject, predicate, object".to_owned(),
            Self::Places(_) => "relations as lists of places in the list of things".to_owned(),
            Self::Triples(_) => "triples of subject, predicate, object".to_owned(),
            Self::Tuples(_) => "typed tuples".to_owned(),
            Self::Tags(_) => "tags".to_owned(),
            Self::Whole(_, facet) => format!("{} of the whole picture", facet.name()),
        }
    }
}

/// A field that holds descriptors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DescriptorField {
    /// Where it stands.
    pub(crate) path: FieldPath,
    /// How it is read.
    pub(crate) shape: Shape,
}

/// What the descriptor fields of one record give.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// The descriptors.
    pub(crate) list: Vec<Descriptor>,
    /// Texts about regions.
    pub(crate) regions: Vec<(String, String)>,
    /// Descriptors whose name is still the id of a category.
    pub(crate) categories: Vec<(u32, String)>,
    /// The data's id of a thing, and its descriptor.
    known: Vec<(String, u32)>,
}

/// Descriptors of one sample that are kept; annotations of millions are no help to anybody.
const MOST: usize = 2_000;

impl Gathered {
    /// Adds a descriptor and tells its place; none where there are too many.
    fn push(&mut self, descriptor: Descriptor) -> Option<u32> {
        if descriptor.name.is_empty() || self.list.len() >= MOST {
            return None;
        }
        self.list.push(descriptor);
        Some(self.list.len() as u32 - 1)
    }

    /// The object with this name or id, added if it is new.
    fn object(&mut self, key: &str, name: &str, source: &str) -> Option<u32> {
        if let Some((_, place)) = self.known.iter().find(|(known, _)| known == key) {
            return Some(*place);
        }
        let place = self.push(Descriptor::new(Facet::Object, clean(name), source))?;
        self.known.push((key.to_owned(), place));
        Some(place)
    }

    /// Adds a property of an object, sorted into its facet.
    fn property(&mut self, parent: u32, word: &str, dimension: Option<&str>, source: &str) {
        let mut descriptor = sort::property(word, dimension, source);
        descriptor.parent = Some(parent);
        let same = self.list.iter().any(|other| {
            other.parent == descriptor.parent
                && other.name == descriptor.name
                && other.facet == descriptor.facet
        });
        if !same {
            self.push(descriptor);
        }
    }

    /// Adds a relation between two objects.
    fn relation(&mut self, subject: u32, predicate: &str, object: Option<u32>, source: &str) {
        let (facet, dimension, name) = sort::predicate(predicate);
        let mut descriptor = Descriptor::new(facet, name, source);
        descriptor.dimension = dimension;
        descriptor.parent = Some(subject);
        descriptor.target = object;
        self.push(descriptor);
    }
}

/// A name without its surroundings: `" a Dog. "` gives `a Dog`.
fn clean(name: &str) -> String {
    /// Characters of a name that are kept.
    const LONGEST: usize = 200;
    let name = name.trim().trim_end_matches(['.', ',', ';']).trim();
    name.chars().take(LONGEST).collect()
}

/// Finds the fields that hold descriptors. `category` is the field of a row that another table
/// gives names for.
pub(crate) fn recognise(survey: &Survey, category: Option<&str>) -> Vec<DescriptorField> {
    let mut found: Vec<DescriptorField> = Vec::new();
    let add = |found: &mut Vec<DescriptorField>, path: &FieldPath, shape: Option<Shape>| {
        if let Some(shape) = shape {
            // What is inside a recognised shape belongs to it.
            if !found.iter().any(|other| !other.path.0.is_empty() && other.path.leads_to(path)) {
                found.push(DescriptorField { path: path.clone(), shape });
            }
        }
    };
    for (path, field) in &survey.fields {
        add(&mut found, path, relations::recognise(survey, path, field));
        add(&mut found, path, columns::recognise(survey, path, field));
        add(&mut found, path, things::recognise(survey, path, field));
        add(&mut found, path, triples::recognise(path, field));
        add(&mut found, path, tuples::recognise(survey, path, field));
    }
    if found.is_empty() {
        add(&mut found, &FieldPath::default(), things::recognise_row(survey, category));
    }
    let things: Vec<FieldPath> = found
        .iter()
        .filter(|field| matches!(field.shape, Shape::Things(_)))
        .map(|field| field.path.clone())
        .collect();
    for (path, field) in &survey.fields {
        if let Some(shape) = relations::recognise_places(survey, path, field, &things) {
            found.push(DescriptorField { path: path.clone(), shape });
        }
        if let Some(facet) = of_whole(path, field, &things) {
            found.push(DescriptorField { path: path.clone(), shape: Shape::Whole(path.clone(), facet) });
        }
    }
    found
}

/// The facet of short words that stand in one record with a list of things.
fn of_whole(path: &FieldPath, field: &Field, things: &[FieldPath]) -> Option<Facet> {
    let parent = path.parent();
    if parent.0.is_empty() || !things.iter().any(|things| things.parent() == parent) {
        return None;
    }
    if field.texts == 0 || field.texts < field.values || field.mean_words() > 4.0 {
        return None;
    }
    let named = |names: &[&str]| tokens(path.last()).iter().any(|word| names.contains(&word.as_str()));
    if named(&["scene", "scenes", "setting", "place", "location", "environment", "weather", "time"]) {
        Some(Facet::Scene)
    } else if named(&["text", "texts", "ocr"]) {
        Some(Facet::Text)
    } else {
        None
    }
}

/// Reads the descriptor fields of a record.
pub(crate) fn gather(fields: &[DescriptorField], record: &Cell) -> Gathered {
    let mut gathered = Gathered::default();
    for field in fields {
        let source = format!("supplied:{}", display(&field.path));
        match &field.shape {
            Shape::Things(things) => things.read(record, &source, &mut gathered),
            Shape::Columns(columns) => columns.read(record, &source, &mut gathered),
            Shape::Relations(relations) => relations.read(record, &source, &mut gathered),
            Shape::Places(places) => places.read(record, &source, &mut gathered),
            Shape::Triples(path) => triples::read(path, record, &source, &mut gathered),
            Shape::Tuples(tuples) => tuples.read(record, &source, &mut gathered),
            Shape::Tags(path) => read_tags(path, record, &source, &mut gathered),
            Shape::Whole(path, facet) => path.walk(record, &mut |cell| {
                if let Some(text) = scalar(cell) {
                    gathered.push(Descriptor::new(*facet, clean(&text), &source));
                }
            }),
        }
    }
    gathered
}

/// The name of a field as users write it.
fn display(path: &FieldPath) -> String {
    if path.0.is_empty() { "row".to_owned() } else { path.last().to_owned() }
}

fn read_tags(path: &FieldPath, record: &Cell, source: &str, gathered: &mut Gathered) {
    path.walk(record, &mut |cell| {
        let Some(text) = scalar(cell) else { return };
        // A sidecar holds tags in one file and a sentence in the next.
        let listed = matches!(path.0.last(), Some(Step::Each));
        if !listed && !is_tags(&text.to_lowercase()) && text.split_whitespace().count() > 3 {
            return;
        }
        let parts: Vec<&str> =
            text.split([',', ';', '|']).map(str::trim).filter(|tag| !tag.is_empty()).collect();
        for tag in parts {
            // Escaped parentheses and weights, `(dog:1.2)`, are the prompt's, not the word's.
            let tag = tag.replace('\\', "");
            let word = tag.trim_matches(['(', ')', '[', ']', '"', '\'']);
            let word = word.split_once(':').map_or(word, |(word, _)| word).replace('_', " ");
            if word.split_whitespace().count() <= 4 {
                gathered.object(&word.to_lowercase(), &word, source);
            }
        }
    });
}
