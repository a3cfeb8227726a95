//! Lists and dicts of things: Visual Genome's objects and regions, GQA, CLEVR, COCO boxes, IIW,
//! DCI's tree of masks, NLVR's grey boxes.

use serde::{Deserialize, Serialize};

use super::boxes::BoxForm;
use super::{Gathered, Shape, sort};
use crate::dataset::Cell;
use crate::dataset::fields::{Field, Survey, hint, tokens};
use crate::dataset::path::{FieldPath, Step, member, scalar};
use crate::model::{Descriptor, Facet};

/// What the members of a thing's record are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Things {
    /// The way to each thing; empty where the record is the thing itself.
    pub(crate) items: FieldPath,
    /// Its name, or names.
    pub(crate) name: Option<String>,
    /// Its id, which relations and parents speak of; none where a dict's keys are the ids.
    pub(crate) id: Option<String>,
    /// A list of properties.
    pub(crate) attributes: Option<String>,
    /// Members that are one property each, named by the member.
    pub(crate) properties: Vec<String>,
    /// How many there are.
    pub(crate) count: Option<String>,
    /// Its box.
    pub(crate) bounds: Option<BoxForm>,
    /// A text about it.
    pub(crate) text: Option<String>,
    /// Its relations to others: a list of records with a name and an id, or words.
    pub(crate) relations: Option<String>,
    /// The id of the thing that it is part of.
    pub(crate) parent: Option<String>,
    /// The id of its category, named in another table.
    pub(crate) category: Option<String>,
}

/// Things found by the members that they are made of.
pub(super) fn recognise(survey: &Survey, path: &FieldPath, field: &Field) -> Option<Shape> {
    let fans = matches!(path.0.last(), Some(Step::Each | Step::EachValue));
    if !fans || field.maps * 10 < field.values * 8 || field.maps == 0 {
        return None;
    }
    let items = sample_items(survey, path);
    let things = look(survey, path, &items, None)?;
    let boxed = things.bounds.is_some();
    let named = things.name.is_some() || things.category.is_some();
    let enough = (boxed && (named || things.text.is_some()))
        || (things.relations.is_some() && named)
        || (things.attributes.is_some() && named)
        || (things.parent.is_some() && named)
        || (!things.properties.is_empty()
            && things.properties.iter().any(|name| is_property_name(name))
            && things.name.is_some())
        || (things.name.is_some() && things.text.is_some() && has_mask(survey, path));
    enough.then(|| Shape::Things(Box::new(things)))
}

/// A record that is itself a thing: a row of COCO's annotations, a region in a table.
pub(super) fn recognise_row(survey: &Survey, category: Option<&str>) -> Option<Shape> {
    let items: Vec<&Cell> = survey.records.iter().take(200).collect();
    let things = look(survey, &FieldPath::default(), &items, category)?;
    (things.bounds.is_some() && (things.name.is_some() || things.category.is_some() || things.text.is_some()))
        .then(|| Shape::Things(Box::new(things)))
}

fn sample_items<'a>(survey: &'a Survey, path: &FieldPath) -> Vec<&'a Cell> {
    let mut items = Vec::new();
    for record in survey.records.iter().take(60) {
        path.walk(record, &mut |cell| {
            if items.len() < 400 {
                items.push(cell);
            }
        });
    }
    items
}

/// Names of properties that CLEVR-like scenes use.
fn is_property_name(name: &str) -> bool {
    tokens(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "color" | "colour" | "shape" | "material" | "size" | "texture" | "farbe" | "form" | "couleur"
        )
    })
}

fn has_mask(survey: &Survey, path: &FieldPath) -> bool {
    survey.fields.iter().any(|(inner, field)| {
        path.leads_to(inner)
            && inner.0.len() == path.0.len() + 1
            && (hint(inner.last()).mask > 0.0 || field.of_texts(field.base64) > 0.5)
    })
}

/// Whether values of a member look like the names of things.
fn name_score(path: &FieldPath, field: &Field, row: bool) -> f32 {
    let words = field.mean_words();
    if field.texts == 0 || words > 6.0 || field.prose_share() > 0.5 || field.number_share() > 0.3 {
        return -1.0;
    }
    if field.of_texts(field.urls + field.image_names + field.hashes + field.base64 + field.dates) > 0.2 {
        return -1.0;
    }
    let last = tokens(path.last());
    let said = last
        .iter()
        .filter(|word| {
            matches!(
                word.as_str(),
                "name"
                    | "names"
                    | "label"
                    | "category"
                    | "class"
                    | "object"
                    | "tag"
                    | "thing"
                    | "shape"
                    | "noun"
                    | "entity"
                    | "element"
                    | "title"
            )
        })
        .count();
    let against = last
        .iter()
        .filter(|word| {
            matches!(
                word.as_str(),
                "id" | "synset"
                    | "synsets"
                    | "color"
                    | "colour"
                    | "size"
                    | "material"
                    | "attributes"
                    | "supercategory"
                    | "license"
                    | "split"
                    | "source"
            )
        })
        .count();
    if row && said == 0 {
        return -1.0;
    }
    // Keys of other tables (`clock.n.01`) hold dots or digits, names of things do not.
    let coded = field
        .few
        .keys()
        .filter(|value| value.chars().any(|letter| letter.is_ascii_digit() || letter == '_'))
        .count();
    let coded = if field.few.is_empty() { 0.0 } else { coded as f32 / field.few.len() as f32 };
    1.0 + said as f32 * 2.0 - against as f32 - coded * 1.5 + (field.distinct_share() * 0.2)
}

fn look(survey: &Survey, base: &FieldPath, items: &[&Cell], category: Option<&str>) -> Option<Things> {
    let bounds = BoxForm::recognise(items);
    let row = base.0.is_empty();
    let mut things = Things { items: base.clone(), ..Things::default() };
    let taken: Vec<String> =
        bounds.as_ref().map(|form| form.keys().into_iter().map(str::to_owned).collect()).unwrap_or_default();
    let mut best_name = 0.0;
    let mut best_text = 0.0;
    for (path, field) in survey.fields.iter().filter(|(path, _)| base.leads_to(path)) {
        let rest = path.0.get(base.0.len()..).unwrap_or_default();
        let Some(Step::Key(key)) = rest.first() else { continue };
        if taken.contains(key) {
            continue;
        }
        if category == Some(key) {
            things.category = Some(key.clone());
            continue;
        }
        let words = tokens(key);
        let says = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
        let plain = rest.len() == 1;
        let listed = matches!(rest, [_, Step::Each]);
        let short = field.texts > 0 && field.mean_words() <= 4.0 && field.prose_share() < 0.5;
        if listed
            && short
            && field.texts * 10 >= field.values * 8
            && !says(&["name", "names", "synsets", "synset", "requirements", "ids"])
            && (says(&[
                "attributes",
                "attribute",
                "attrs",
                "attr",
                "properties",
                "adjectives",
                "traits",
                "features",
                "props",
            ]) || (things.attributes.is_none()
                && !row
                && field.of_texts(field.ids) < 0.999
                && name_score(path, field, row) > 0.0))
        {
            things.attributes = Some(key.clone());
            continue;
        }
        if (plain || (listed && says(&["name", "names", "label", "labels"])))
            && name_score(path, field, row) > best_name
        {
            best_name = name_score(path, field, row);
            things.name = Some(key.clone());
        }
        if plain
            && !row
            && field.prose_share() >= 0.5
            && field.mean_words() >= 2.5
            && field.distinct_share() > 0.2
        {
            let score = field.mean_words();
            if score > best_text {
                best_text = score;
                things.text = Some(key.clone());
            }
        }
        if plain && field.id_share() > 0.9 && says(&["id", "idx"]) {
            if says(&["category", "class", "label", "cat"]) {
                things.category = things.category.take().or(Some(key.clone()));
            } else if !says(&["image", "img", "coco", "flickr", "parent"]) {
                things.id = things.id.take().or(Some(key.clone()));
            }
        }
        if plain
            && !row
            && says(&["count", "quantity", "amount"])
            && field.ints == field.values
            && things.count.is_none()
        {
            things.count = Some(key.clone());
        }
        if plain && says(&["parent"]) && field.id_share() > 0.9 {
            things.parent = Some(key.clone());
        }
        if says(&["relation", "relations", "relationships", "edges", "rels", "links"])
            && (plain || listed)
            && !row
        {
            things.relations = Some(key.clone());
        }
        if plain
            && short
            && field.texts * 10 >= field.values * 9
            && field.few.len() <= 30
            && field.mean_words() < 1.5
            && !row
        {
            things.properties.push(key.clone());
        }
    }
    things.bounds = bounds;
    if things.name.is_none() && things.category.is_none() && things.text.is_none() {
        // Scenes name a thing by its shape.
        things.name = things
            .properties
            .iter()
            .find(|name| !is_property_name(name))
            .or(things.properties.first())
            .cloned();
    }
    let name = things.name.clone();
    let scene = things.properties.iter().any(|name| is_property_name(name));
    things.properties.retain(|key| Some(key) != name.as_ref());
    if !scene {
        things.properties.clear();
    }
    if things.attributes.is_some() && things.attributes == things.name {
        things.attributes = None;
    }
    (things.name.is_some() || things.category.is_some() || things.text.is_some()).then_some(things)
}

impl Things {
    /// The shape in words.
    pub(super) fn words(&self) -> String {
        let mut parts = vec!["things".to_owned()];
        if let Some(name) = self.name.as_ref().or(self.category.as_ref()) {
            parts.push(format!("named by {name}"));
        }
        if let Some(bounds) = &self.bounds {
            parts.push(format!("with {}", bounds.words()));
        }
        if self.attributes.is_some() || !self.properties.is_empty() {
            parts.push("with attributes".to_owned());
        }
        if self.relations.is_some() || self.parent.is_some() {
            parts.push("related to each other".to_owned());
        }
        parts.join(" ")
    }

    /// Reads the things of a record.
    pub(super) fn read(&self, record: &Cell, source: &str, gathered: &mut Gathered) {
        let mut items: Vec<(Option<&str>, &Cell)> = Vec::new();
        self.collect(record, &mut items);
        let first_known = gathered.known.len();
        let mut places = Vec::with_capacity(items.len());
        for (key, item) in &items {
            places.push(self.thing(*key, item, source, gathered));
        }
        let known: Vec<(String, u32)> = gathered.known.get(first_known..).unwrap_or_default().to_vec();
        let find = |id: &str| known.iter().find(|(key, _)| key == id).map(|(_, place)| *place);
        for ((_, item), place) in items.iter().zip(&places) {
            let Some(place) = *place else { continue };
            if let Some(parent) = self.parent.as_ref().and_then(|key| member(item, key)).and_then(scalar)
                && let Some(parent) = find(&format!("#{parent}")).filter(|parent| *parent != place)
                && let Some(own) = gathered.list.get_mut(place as usize)
            {
                own.parent = Some(parent);
                own.dimension = Some("part".to_owned());
            }
            if let Some(relations) = self.relations.as_ref().and_then(|key| member(item, key)) {
                read_relations(relations, place, &find, source, gathered);
            }
        }
    }

    /// The things with the keys under which they stand in a dict.
    fn collect<'a>(&self, record: &'a Cell, items: &mut Vec<(Option<&'a str>, &'a Cell)>) {
        if matches!(self.items.0.last(), Some(Step::EachValue)) {
            let outer = FieldPath(self.items.0.iter().take(self.items.0.len() - 1).cloned().collect());
            outer.walk(record, &mut |cell| {
                if let Cell::Map(members) = cell {
                    items.extend(members.iter().map(|(key, inner)| (Some(key.as_str()), inner)));
                }
            });
        } else {
            self.items.walk(record, &mut |cell| items.push((None, cell)));
        }
        items.retain(|(_, item)| matches!(item, Cell::Map(_)));
        items.truncate(super::MOST);
    }

    /// Reads one thing; none where it has no name.
    fn thing(&self, key: Option<&str>, item: &Cell, source: &str, gathered: &mut Gathered) -> Option<u32> {
        let region = self.bounds.as_ref().and_then(|form| form.read(item));
        let named = self.name.as_ref().and_then(|name| member(item, name)).and_then(first_word);
        let text = self.text.as_ref().and_then(|name| member(item, name)).and_then(scalar);
        if let (Some(text), Some(name)) = (&text, &self.text) {
            gathered.regions.push((text.clone(), name.clone()));
        }
        let category = self.category.as_ref().and_then(|name| member(item, name)).and_then(scalar);
        let id =
            self.id.as_ref().and_then(|name| member(item, name)).and_then(scalar).or(key.map(str::to_owned));
        let name = named.or_else(|| category.clone()).or(text)?;
        // The same thing may stand in objects and in attributes.
        if let Some((_, place)) = id
            .as_ref()
            .filter(|_| self.items.fans() > 0)
            .and_then(|id| gathered.known.iter().find(|(known, _)| *known == format!("#{id}")))
        {
            let place = *place;
            self.properties_of(item, place, source, gathered);
            return Some(place);
        }
        let mut descriptor = Descriptor::new(Facet::Object, super::clean(&name), source);
        descriptor.region = region;
        let place = gathered.push(descriptor)?;
        if let Some(id) = id {
            gathered.known.push((format!("#{id}"), place));
        }
        if self.name.is_none()
            && let Some(category) = category
        {
            gathered.categories.push((place, category));
        }
        self.properties_of(item, place, source, gathered);
        Some(place)
    }

    fn properties_of(&self, item: &Cell, place: u32, source: &str, gathered: &mut Gathered) {
        if let Some(attributes) = self.attributes.as_ref().and_then(|name| member(item, name)) {
            each_text(attributes, &mut |word| gathered.property(place, word, None, source));
        }
        if let Some(count) = self.count.as_ref().and_then(|name| member(item, name)).and_then(scalar) {
            gathered.property(place, &count, Some("count"), source);
        }
        for name in &self.properties {
            let Some(word) = member(item, name).and_then(scalar) else { continue };
            let dimension = tokens(name).pop();
            let known = is_property_name(name);
            gathered.property(place, &word, dimension.as_deref().filter(|_| known), source);
        }
    }
}

/// The first text of a text or a list of texts.
fn first_word(cell: &Cell) -> Option<String> {
    match cell {
        Cell::List(items) => items.iter().find_map(scalar),
        other => scalar(other),
    }
}

fn each_text(cell: &Cell, sink: &mut dyn FnMut(&str)) {
    match cell {
        Cell::List(items) => items.iter().filter_map(scalar).for_each(|text| sink(&text)),
        other => {
            if let Some(text) = scalar(other) {
                text.split(',').map(str::trim).filter(|part| !part.is_empty()).for_each(sink);
            }
        }
    }
}

/// Relations of one thing: records with a name and the other thing's id, or sentences.
fn read_relations(
    cell: &Cell,
    place: u32,
    find: &dyn Fn(&str) -> Option<u32>,
    source: &str,
    gathered: &mut Gathered,
) {
    let items = match cell {
        Cell::List(items) => items.iter().collect(),
        other => vec![other],
    };
    for item in items {
        match item {
            Cell::Map(members) => {
                let mut other = None;
                let mut words = None;
                for value in members.iter().filter_map(|(_, inner)| scalar(inner)) {
                    match find(&format!("#{value}")) {
                        Some(found) => other = Some(found),
                        None if words.is_none() && value.chars().any(char::is_alphabetic) => {
                            words = Some(value);
                        }
                        None => {}
                    }
                }
                if let Some(words) = words {
                    gathered.relation(place, &words, other, source);
                }
            }
            other => {
                if let Some(text) = scalar(other).filter(|text| text.chars().any(char::is_alphabetic)) {
                    let (facet, dimension, _) = sort::predicate(&text);
                    let mut descriptor = Descriptor::new(facet, super::clean(&text), source);
                    descriptor.dimension = dimension;
                    descriptor.parent = Some(place);
                    gathered.push(descriptor);
                }
            }
        }
    }
}
