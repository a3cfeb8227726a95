//! Relations as records of subject, predicate and object, and as lists of places.

use serde::{Deserialize, Serialize};

use super::{Gathered, Shape};
use crate::dataset::Cell;
use crate::dataset::fields::{Field, Survey, tokens};
use crate::dataset::path::{FieldPath, Step, member, number, scalar};

/// The members of a relation's record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Relations {
    /// The way to each relation.
    items: FieldPath,
    /// The member with the subject.
    subject: String,
    /// The member with the predicate.
    predicate: String,
    /// The member with the object.
    object: String,
}

/// Relations found by three members that say so.
pub(super) fn recognise(survey: &Survey, path: &FieldPath, field: &Field) -> Option<Shape> {
    if !matches!(path.0.last(), Some(Step::Each | Step::EachValue)) || field.maps == 0 {
        return None;
    }
    let mut names: Vec<&str> = Vec::new();
    for (inner, _) in survey.fields.iter().filter(|(inner, _)| path.leads_to(inner)) {
        if let Some(Step::Key(key)) = inner.0.get(path.0.len())
            && !names.contains(&key.as_str())
        {
            names.push(key);
        }
    }
    let find = |wanted: &[&str]| {
        names
            .iter()
            .find(|name| tokens(name).iter().any(|word| wanted.contains(&word.as_str())))
            .map(|name| (*name).to_owned())
    };
    let subject = find(&["subject", "subj", "head", "sub", "from", "source"])?;
    let object = find(&["object", "obj", "tail", "to", "target"]).filter(|name| *name != subject)?;
    let predicate = find(&["predicate", "relation", "rel", "verb", "relationship", "pred", "edge"])?;
    Some(Shape::Relations(Relations { items: path.clone(), subject, predicate, object }))
}

impl Relations {
    /// Reads the relations of a record.
    pub(super) fn read(&self, record: &Cell, source: &str, gathered: &mut Gathered) {
        self.items.walk(record, &mut |item| {
            let Some(predicate) = member(item, &self.predicate).and_then(scalar) else { return };
            let Some(subject) = member(item, &self.subject).and_then(|end| thing(end, source, gathered))
            else {
                return;
            };
            let object = member(item, &self.object).and_then(|end| thing(end, source, gathered));
            gathered.relation(subject, &predicate, object, source);
        });
    }
}

/// One end of a relation: a record with a name, a name, or an id.
fn thing(end: &Cell, source: &str, gathered: &mut Gathered) -> Option<u32> {
    let Cell::Map(members) = end else {
        let word = scalar(end)?;
        let id = format!("#{word}");
        if let Some((_, place)) = gathered.known.iter().find(|(known, _)| *known == id) {
            return Some(*place);
        }
        return gathered.object(&word.to_lowercase(), &word, source);
    };
    let id = members
        .iter()
        .find(|(name, _)| tokens(name).iter().any(|word| word == "id"))
        .and_then(|(_, inner)| scalar(inner));
    let name = members
        .iter()
        .filter(|(name, _)| {
            tokens(name).iter().any(|word| matches!(word.as_str(), "name" | "names" | "label" | "class"))
        })
        .find_map(|(_, inner)| match inner {
            Cell::List(names) => names.iter().find_map(scalar),
            other => scalar(other),
        })?;
    let key = id.map_or_else(|| name.to_lowercase(), |id| format!("#{id}"));
    let known = gathered.known.iter().any(|(own, _)| *own == key);
    let place = gathered.object(&key, &name, source)?;
    if !known
        && let Some(form) = super::BoxForm::recognise(&[end])
        && let Some(own) = gathered.list.get_mut(place as usize)
    {
        own.region = form.read(end);
    }
    Some(place)
}

/// CLEVR's relations: by name, for each thing the list of places of the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Places {
    /// The record of relations.
    path: FieldPath,
    /// Where the list of things is read.
    things: FieldPath,
}

/// Lists of places found beside a list of things.
pub(super) fn recognise_places(
    survey: &Survey,
    path: &FieldPath,
    field: &Field,
    things: &[FieldPath],
) -> Option<Shape> {
    if field.maps == 0 || field.maps < field.values {
        return None;
    }
    let things = things.iter().find(|things| things.parent() == path.parent())?;
    let fits = survey.records.iter().take(20).all(|record| {
        let count = things.all(record).len() as f64;
        let Some(Cell::Map(members)) = path.first(record) else { return true };
        !members.is_empty()
            && members.iter().all(|(_, lists)| {
                let Cell::List(lists) = lists else { return false };
                lists.len() as f64 <= count
                    && lists.iter().all(|list| {
                        matches!(list, Cell::List(places) if places.iter().all(|place| {
                            number(place).is_some_and(|place| place >= 0.0 && place < count)
                        }))
                    })
            })
    });
    fits.then(|| Shape::Places(Places { path: path.clone(), things: things.clone() }))
}

impl Places {
    /// Reads the relations of a record. The things must have been read before.
    pub(super) fn read(&self, record: &Cell, source: &str, gathered: &mut Gathered) {
        let items = self.things.all(record).len();
        // Things stand in the list in their order; only those without a parent are things.
        let objects: Vec<u32> = gathered
            .list
            .iter()
            .enumerate()
            .filter(|(_, descriptor)| descriptor.facet == crate::model::Facet::Object)
            .map(|(place, _)| place as u32)
            .take(items)
            .collect();
        let Some(Cell::Map(relations)) = self.path.first(record) else { return };
        for (name, lists) in relations {
            let Cell::List(lists) = lists else { continue };
            for (place, others) in lists.iter().enumerate() {
                let Cell::List(others) = others else { continue };
                for other in others.iter().filter_map(number) {
                    // The list of a thing names those that stand so from it.
                    let (Some(target), Some(subject)) = (objects.get(place), objects.get(other as usize))
                    else {
                        continue;
                    };
                    let words = match name.as_str() {
                        "left" | "right" => format!("{name} of"),
                        "front" => "in front of".to_owned(),
                        other => other.to_owned(),
                    };
                    gathered.relation(*subject, &words, Some(*target), source);
                }
            }
        }
    }
}
