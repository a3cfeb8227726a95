//! A record of lists side by side, as Hugging Face stores objects: `{bbox: [[…]], category: […]}`.

use serde::{Deserialize, Serialize};

use super::boxes::{Order, four, order, region, scale};
use super::{Gathered, Shape};
use crate::dataset::Cell;
use crate::dataset::fields::{Field, Survey, tokens};
use crate::dataset::path::{FieldPath, member, scalar};
use crate::model::{Descriptor, Facet};

/// Which member is what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Columns {
    /// The record of lists.
    path: FieldPath,
    /// The list of names, or of numbers of categories.
    name: String,
    /// The list of boxes.
    boxes: String,
    /// The order of their numbers.
    order: Order,
    /// What they are divided by to get shares; 0 for pixels.
    scale: f64,
}

/// Columns found by a list of boxes beside a list of names as long.
pub(super) fn recognise(survey: &Survey, path: &FieldPath, field: &Field) -> Option<Shape> {
    if field.maps == 0 || field.maps < field.values {
        return None;
    }
    let cells: Vec<&Cell> = survey.records.iter().take(60).filter_map(|record| path.first(record)).collect();
    let Cell::Map(members) = cells.iter().find(|cell| matches!(cell, Cell::Map(_)))? else { return None };
    let (boxes, quads) = members.iter().find_map(|(name, _)| {
        let mut quads = Vec::new();
        let mut whole = true;
        for list in cells.iter().filter_map(|cell| member(cell, name)) {
            let Cell::List(items) = list else { return None };
            let found: Vec<_> = items.iter().filter_map(four).collect();
            whole &= found.len() == items.len();
            quads.extend(found);
        }
        (whole && !quads.is_empty()).then(|| (name.clone(), quads))
    })?;
    let as_long = |name: &str| {
        cells.iter().all(|cell| match (member(cell, name), member(cell, &boxes)) {
            (Some(Cell::List(names)), Some(Cell::List(boxes))) => {
                names.len() == boxes.len() && names.iter().all(|name| scalar(name).is_some())
            }
            _ => false,
        })
    };
    let is_text = |name: &str| {
        cells.iter().any(|cell| {
            matches!(member(cell, name), Some(Cell::List(names)) if names.iter().any(|name| matches!(name, Cell::Text(_))))
        })
    };
    let rank = |name: &str| {
        let words = tokens(name);
        let said = words.iter().any(|word| {
            matches!(
                word.as_str(),
                "category" | "categories" | "label" | "labels" | "name" | "names" | "class" | "classes"
            )
        });
        usize::from(said) * 2 + usize::from(is_text(name))
    };
    let name = members
        .iter()
        .map(|(name, _)| name)
        .filter(|name| **name != boxes && as_long(name) && rank(name) > 0)
        .max_by_key(|name| rank(name))?
        .clone();
    Some(Shape::Columns(Columns {
        path: path.clone(),
        name,
        order: order(&quads, &boxes),
        scale: scale(&quads, &tokens(&boxes)),
        boxes,
    }))
}

impl Columns {
    /// Reads the things of a record.
    pub(super) fn read(&self, record: &Cell, source: &str, gathered: &mut Gathered) {
        self.path.walk(record, &mut |cell| {
            let Some(Cell::List(names)) = member(cell, &self.name) else { return };
            let boxes = match member(cell, &self.boxes) {
                Some(Cell::List(boxes)) => boxes.as_slice(),
                _ => &[],
            };
            for (place, name) in names.iter().enumerate() {
                let Some(word) = scalar(name) else { continue };
                let mut descriptor = Descriptor::new(Facet::Object, super::clean(&word), source);
                descriptor.region =
                    boxes.get(place).and_then(four).and_then(|quad| region(quad, self.order, self.scale));
                let added = gathered.push(descriptor);
                if let (Some(added), Cell::Int(_)) = (added, name) {
                    gathered.categories.push((added, word));
                }
            }
        });
    }
}
