//! Typed tuples as the Davidsonian scene graph has them: `entity - whole (traffic light)`.

use serde::{Deserialize, Serialize};

use super::{Gathered, Shape, sort};
use crate::dataset::Cell;
use crate::dataset::fields::{Field, Survey, tokens};
use crate::dataset::path::{FieldPath, member, scalar};
use crate::model::{Descriptor, Facet};

/// The fields of a tuple's row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tuples {
    /// The tuple.
    path: FieldPath,
    /// Its number among the sample's tuples.
    id: Option<String>,
}

/// Tuples found by their look.
pub(super) fn recognise(survey: &Survey, path: &FieldPath, field: &Field) -> Option<Shape> {
    let fits = !field.examples.is_empty() && field.examples.iter().all(|example| parse(example).is_some());
    if !fits || field.texts < field.values {
        return None;
    }
    let id = survey
        .fields
        .keys()
        .filter(|other| other.0.len() == 1 && path.0.len() == 1)
        .map(|other| other.last().to_owned())
        .find(|name| {
            let words = tokens(name);
            words.iter().any(|word| word == "id")
                && words.iter().any(|word| word.starts_with("prop") || word.starts_with("tuple"))
        });
    Some(Shape::Tuples(Tuples { path: path.clone(), id }))
}

/// Kind, finer kind and arguments of a tuple.
fn parse(text: &str) -> Option<(String, String, Vec<String>)> {
    let (kinds, rest) = text.split_once('(')?;
    let inside = rest.trim_end().strip_suffix(')')?;
    let (broad, fine) = kinds.split_once(" - ")?;
    let broad = broad.trim().to_lowercase();
    matches!(broad.as_str(), "entity" | "attribute" | "relation" | "action" | "global" | "other").then(|| {
        let arguments = inside.split(',').map(|part| part.trim().to_owned()).collect();
        (broad, fine.trim().to_lowercase(), arguments)
    })
}

impl Tuples {
    /// Reads the tuple of a record.
    pub(super) fn read(&self, record: &Cell, source: &str, gathered: &mut Gathered) {
        self.path.walk(record, &mut |cell| {
            if let Some((broad, fine, arguments)) = scalar(cell).as_deref().and_then(parse) {
                let id = self.id.as_ref().and_then(|id| member(record, id)).and_then(scalar);
                add(&broad, &fine, &arguments, id.as_deref(), source, gathered);
            }
        });
    }
}

fn add(
    broad: &str,
    fine: &str,
    arguments: &[String],
    id: Option<&str>,
    source: &str,
    gathered: &mut Gathered,
) {
    let Some(first) = arguments.first() else { return };
    let known = |word: &str, gathered: &mut Gathered| gathered.object(&word.to_lowercase(), word, source);
    match (broad, arguments) {
        ("global" | "other", _) => {
            let mut descriptor = Descriptor::new(Facet::Scene, super::clean(&arguments.join(", ")), source);
            descriptor.dimension = Some(fine.to_owned());
            gathered.push(descriptor);
        }
        ("entity", _) => {
            if let Some(place) = known(first, gathered) {
                if let Some(id) = id {
                    gathered.known.push((format!("#{id}"), place));
                }
                if fine == "part"
                    && let Some(whole) = arguments.get(1).and_then(|word| known(word, gathered))
                    && let Some(own) = gathered.list.get_mut(place as usize).filter(|_| whole != place)
                {
                    own.parent = Some(whole);
                    own.dimension = Some("part".to_owned());
                }
            }
        }
        ("attribute", [_, word, ..]) => {
            if let Some(place) = known(first, gathered) {
                gathered.property(place, word, Some(fine), source);
            }
        }
        (_, [_, second, rest @ ..]) => {
            // `relation - spatial (cup, table, on)`, and `(man, ride, horse)` for actions.
            let Some(subject) = known(first, gathered) else { return };
            let (predicate, object) = match rest.first() {
                Some(third) if fine == "spatial" => (third.as_str(), Some(second)),
                Some(third) => {
                    let second_known = gathered.known.iter().any(|(key, _)| *key == second.to_lowercase());
                    if second_known { (third.as_str(), Some(second)) } else { (second.as_str(), Some(third)) }
                }
                None => (second.as_str(), None),
            };
            let object = object.and_then(|word| known(word, gathered));
            let before = gathered.list.len();
            gathered.relation(subject, predicate, object, source);
            if let Some(own) = gathered.list.get_mut(before) {
                match (broad, fine) {
                    (_, "spatial") => own.facet = Facet::Spatial,
                    ("action", _) | (_, "action") => own.facet = Facet::Action,
                    _ => {}
                }
            }
        }
        _ => {
            // An action that takes no object, an attribute without its word.
            if let Some(place) = known(first, gathered) {
                let descriptor = sort::property(fine, None, source);
                if broad == "action" {
                    gathered.push(Descriptor { parent: Some(place), facet: Facet::Action, ..descriptor });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tuples_come_apart() {
        assert!(parse("entity - whole (traffic light)").is_some());
        assert!(parse("A dog - happy (very)").is_none());
        let mut gathered = Gathered::default();
        for (text, id) in [
            ("entity - whole (cup)", "1"),
            ("entity - whole (table)", "2"),
            ("attribute - color (cup, red)", "3"),
            ("relation - spatial (cup, table, on)", "4"),
        ] {
            let (broad, fine, arguments) = parse(text).expect("a tuple");
            add(&broad, &fine, &arguments, Some(id), "s", &mut gathered);
        }
        let told: Vec<(Facet, &str)> = gathered.list.iter().map(|d| (d.facet, d.name.as_str())).collect();
        assert_eq!(
            told,
            [
                (Facet::Object, "cup"),
                (Facet::Object, "table"),
                (Facet::Attribute, "red"),
                (Facet::Spatial, "on")
            ]
        );
    }
}
