//! Triples of subject, predicate and object, as text or as lists: `( dog , is , brown )`.

use super::{Gathered, Shape};
use crate::dataset::Cell;
use crate::dataset::fields::Field;
use crate::dataset::path::{FieldPath, scalar};

/// Triples found by their brackets.
pub(super) fn recognise(path: &FieldPath, field: &Field) -> Option<Shape> {
    if field.texts == 0 || field.texts < field.values {
        return None;
    }
    let parsed = field.examples.iter().filter(|example| !parse(example).is_empty()).count();
    (parsed > 0 && parsed == field.examples.len()).then(|| Shape::Triples(path.clone()))
}

/// The triples in a text. A text that is cut short loses its last one.
fn parse(text: &str) -> Vec<Vec<String>> {
    let text = text.trim();
    if !text.starts_with(['(', '<', '[']) || text.starts_with("[/EN#") {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(['(', '<', '[']) {
        let inside = rest.get(start + 1..).unwrap_or("").trim_start_matches(['(', '<', '[']);
        let Some(end) = inside.find([')', '>', ']']) else { break };
        let parts: Vec<String> = inside
            .get(..end)
            .unwrap_or("")
            .split([',', '|', ';'])
            .map(|part| part.trim().trim_matches(['\'', '"']).trim().to_owned())
            .collect();
        if (2..=5).contains(&parts.len()) && parts.iter().all(|part| !part.is_empty()) && parts.len() != 2 {
            found.push(parts);
        }
        rest = inside.get(end + 1..).unwrap_or("");
    }
    found
}

/// Reads the triples of a record.
pub(super) fn read(path: &FieldPath, record: &Cell, source: &str, gathered: &mut Gathered) {
    path.walk(record, &mut |cell| {
        if let Some(text) = scalar(cell) {
            for triple in parse(&text) {
                add(&triple, source, gathered);
            }
        }
    });
}

fn add(parts: &[String], source: &str, gathered: &mut Gathered) {
    let [subject, middle @ .., object] = parts else { return };
    let Some(subject) = gathered.object(&subject.to_lowercase(), subject, source) else { return };
    let predicate = middle.join(" ");
    if matches!(predicate.as_str(), "is" | "are" | "has_attribute" | "attribute" | "be") {
        gathered.property(subject, object, None, source);
        return;
    }
    let object = gathered.object(&object.to_lowercase(), object, source);
    gathered.relation(subject, &predicate, object, source);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Facet;

    #[test]
    fn triples_become_a_tree() {
        let record = Cell::Map(vec![(
            "scene_graph".to_owned(),
            Cell::Text("( boats , pv:tie to , dock ) , ( boats , is , 5 ) , ( dock , is , red )".to_owned()),
        )]);
        let mut gathered = Gathered::default();
        read(&FieldPath::of("scene_graph"), &record, "supplied:scene_graph", &mut gathered);
        let told: Vec<(Facet, &str, Option<u32>, Option<u32>)> =
            gathered.list.iter().map(|d| (d.facet, d.name.as_str(), d.parent, d.target)).collect();
        assert_eq!(
            told,
            vec![
                (Facet::Object, "boats", None, None),
                (Facet::Object, "dock", None, None),
                (Facet::Action, "tie to", Some(0), Some(1)),
                (Facet::Count, "5", Some(0), None),
                (Facet::Attribute, "red", Some(1), None),
            ]
        );
    }

    #[test]
    fn four_parts_are_a_verb_with_its_preposition() {
        assert_eq!(parse("( bike , rest , against , box )").len(), 1);
        assert!(parse("(a dog runs)").is_empty());
        assert!(parse("A man ( left , on , right )").is_empty());
    }
}
