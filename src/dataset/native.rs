//! Records that this program has written itself: they say which field is what, so nothing has to be found out, and
//! what is read is what was written.
//!
//! Such a record has a field `capscope` with the version of its form. JSON has lists and records in it; in tables of
//! text they are cells of JSON. Fields that somebody has added since are kept as `meta.*`.

use std::path::{Path, PathBuf};

use super::fields::FieldReport;
use super::mapping::Place;
use super::path::member;
use super::settings::Role;
use super::{Blob, Cell};
use crate::model::{
    Caption, CaptionRole, Descriptor, Evidence, Facet, Image, ImageRef, Pair, Question, Region, RegionUnit,
    Sample, Value,
};

/// The field by which such records are known.
pub(crate) const MARK: &str = "capscope";
/// The version of the form that is read and written.
pub const RECORD_FORM: i64 = 1;

/// Fields of such a record that are no fields of the data.
const FIELDS: [&str; 19] = [
    MARK,
    "@key",
    "id",
    "image",
    "more_images",
    "file_name",
    "more_file_names",
    "caption",
    "captions",
    "images",
    "descriptors",
    "questions",
    "pair",
    "figures",
    "source",
    "split",
    "meta",
    "origin",
    "exact",
];

/// Whether a record was written by this program.
pub(super) fn is_native(record: &Cell) -> bool {
    matches!(member(record, MARK), Some(Cell::Int(RECORD_FORM)))
        && member(record, "id").is_some()
        && member(record, "captions").is_some()
}

/// What `inspect` tells of such records.
pub(super) fn reports(records: &[Cell]) -> Vec<FieldReport> {
    let roles = [
        (Role::Id, "id"),
        (Role::Image, "images"),
        (Role::Caption, "captions"),
        (Role::Descriptors, "descriptors"),
        (Role::Question, "questions"),
        (Role::Pair, "pair"),
        (Role::Split, "split"),
        (Role::Source, "source"),
        (Role::Meta, "meta"),
    ];
    let has = |field: &str| {
        let is_full = |cell: &Cell| match cell {
            Cell::Null => false,
            Cell::List(items) => !items.is_empty(),
            Cell::Map(members) => !members.is_empty(),
            Cell::Text(text) => !matches!(text.as_str(), "" | "[]" | "{}"),
            _ => true,
        };
        records.iter().any(|record| member(record, field).is_some_and(is_full))
    };
    let report = |(role, field): (Role, &str)| FieldReport {
        role,
        field: field.to_owned(),
        evidence: "a record that capscope has written".to_owned(),
        examples: Vec::new(),
    };
    roles.into_iter().filter(|(_, field)| has(field)).map(report).collect()
}

/// Reads such a record.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn read(record: &Cell, place: &Place) -> Result<Sample, String> {
    let opened = Opened::of(record);
    let id = opened.text("id").ok_or("a record of capscope without an id")?;
    let mut sample = Sample {
        seq: place.seq,
        id,
        origin: place.origin.clone(),
        source: opened.text("source"),
        split: opened.text("split"),
        ..Sample::default()
    };
    for caption in opened.list("captions") {
        let role = text(&caption, "role").and_then(|role| CaptionRole::named(&role));
        sample.captions.push(Caption {
            text: text(&caption, "text").unwrap_or_default(),
            field: text(&caption, "field").unwrap_or_default(),
            role: role.unwrap_or(CaptionRole::Main),
        });
    }
    let folder = Path::new(&place.origin.file).parent().unwrap_or(Path::new("")).to_path_buf();
    for image in opened.list("images") {
        sample.images.push(Image {
            role: text(&image, "role"),
            reference: reference(&image, record, &folder),
            width: number(&image, "width"),
            height: number(&image, "height"),
        });
    }
    sample.descriptors = opened.list("descriptors").iter().map(descriptor).collect();
    sample.questions = opened.list("questions").iter().map(question).collect();
    if let Some(pair @ Cell::Map(_)) = opened.cell("pair") {
        sample.pair = Some(Pair { key: text(&pair, "key"), label: text(&pair, "label") });
    }
    if let Some(Cell::Map(members)) = opened.cell("meta") {
        sample.meta = members.into_iter().map(|(name, cell)| (name, value(cell))).collect();
    }
    add_others(record, &opened, &mut sample);
    Ok(sample)
}

/// What somebody marked before the export, and fields that were added since.
fn add_others(record: &Cell, opened: &Opened<'_>, sample: &mut Sample) {
    let Cell::Map(members) = record else { return };
    for (name, cell) in members {
        let known = FIELDS.contains(&name.as_str()) || sample.meta.iter().any(|(own, _)| own == name);
        if known || holds_picture(cell) || is_member_of_tar(record, name) {
            continue;
        }
        let cell = if matches!(name.as_str(), "tags" | "verdicts") {
            opened.cell(name).unwrap_or(Cell::Null)
        } else {
            cell.clone()
        };
        match &cell {
            Cell::Null => {}
            Cell::List(items) if items.is_empty() => {}
            Cell::Text(text) if text.is_empty() => {}
            _ => sample.meta.push((name.clone(), value(cell))),
        }
    }
}

fn holds_picture(cell: &Cell) -> bool {
    match cell {
        Cell::Blob(_) => true,
        Cell::List(items) => items.iter().any(holds_picture),
        Cell::Map(members) => members.iter().any(|(_, inner)| holds_picture(inner)),
        _ => false,
    }
}

/// Whether a field is the text that stands beside the JSON of an archive's sample.
fn is_member_of_tar(record: &Cell, name: &str) -> bool {
    name == "txt" && member(record, "@key").is_some()
}

/// A record whose cells may be JSON as text.
struct Opened<'a> {
    record: &'a Cell,
    /// Texts that a table cannot hold as they are.
    exact: Option<Cell>,
}

impl<'a> Opened<'a> {
    fn of(record: &'a Cell) -> Self {
        let exact = member(record, "exact").map(parsed).filter(|cell| matches!(cell, Cell::Map(_)));
        Self { record, exact }
    }

    fn text(&self, name: &str) -> Option<String> {
        let exact = self.exact.as_ref().and_then(|exact| text(exact, name));
        exact.or_else(|| text(self.record, name))
    }

    /// The list or record in a field.
    fn cell(&self, name: &str) -> Option<Cell> {
        member(self.record, name).map(parsed)
    }

    fn list(&self, name: &str) -> Vec<Cell> {
        match self.cell(name) {
            Some(Cell::List(items)) => items,
            _ => Vec::new(),
        }
    }
}

/// A list or a record, also where it is text that holds one.
fn parsed(cell: &Cell) -> Cell {
    match cell {
        Cell::Text(text) => super::container::parse_json(text).unwrap_or_else(|| cell.clone()),
        other => other.clone(),
    }
}

fn text(cell: &Cell, name: &str) -> Option<String> {
    match member(cell, name)? {
        Cell::Text(text) => Some(text.clone()),
        // A table of text may have taken an id for a number.
        Cell::Int(number) => Some(number.to_string()),
        Cell::Float(number) => Some(number.to_string()),
        Cell::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

fn texts(cell: &Cell, name: &str) -> Vec<String> {
    let Some(Cell::List(items)) = member(cell, name) else { return Vec::new() };
    items
        .iter()
        .filter_map(|item| match item {
            Cell::Text(text) => Some(text.clone()),
            _ => None,
        })
        .collect()
}

fn whole(cell: &Cell, name: &str) -> Option<u64> {
    match member(cell, name)? {
        Cell::Int(number) => u64::try_from(*number).ok(),
        Cell::Float(number) if *number >= 0.0 => Some(*number as u64),
        _ => None,
    }
}

fn number(cell: &Cell, name: &str) -> Option<u32> {
    whole(cell, name).and_then(|number| u32::try_from(number).ok())
}

fn decimal(cell: &Cell, name: &str) -> f32 {
    match member(cell, name) {
        Some(Cell::Int(number)) => *number as f32,
        Some(Cell::Float(number)) => *number as f32,
        _ => 0.0,
    }
}

fn is_true(cell: &Cell, name: &str) -> bool {
    matches!(member(cell, name), Some(Cell::Bool(true)))
}

/// Where a picture is, by what its entry says: in the record itself, beside the file, or where it was.
fn reference(image: &Cell, record: &Cell, folder: &Path) -> ImageRef {
    let missing = |reason: &str| ImageRef::Missing {
        name: text(image, "missing").or_else(|| text(image, "at")).unwrap_or_default(),
        reason: reason.to_owned(),
    };
    let file = text(image, "file").map(|file| folder.join(file));
    let item = number(image, "item").unwrap_or_default();
    if let Some(name) = text(image, "missing") {
        let reason = text(image, "reason").unwrap_or_default();
        return ImageRef::Missing { name, reason };
    }
    if let Some(address) = text(image, "url") {
        return ImageRef::Url(address);
    }
    if let Some(data) = text(image, "data") {
        return ImageRef::Data(data);
    }
    let (offset, length) = (whole(image, "offset"), whole(image, "length"));
    match (file, text(image, "member"), text(image, "column"), text(image, "pointer")) {
        (None, Some(name), ..) | (None, None, Some(name), _) => {
            blob(record, &name, item).unwrap_or_else(|| missing("the record does not hold it"))
        }
        (Some(file), Some(name), ..) => ImageRef::Span {
            file,
            name,
            offset: offset.unwrap_or_default(),
            length: length.unwrap_or_default(),
        },
        (Some(file), None, Some(column), _) => {
            ImageRef::Cell { file, row: whole(image, "row").unwrap_or_default(), column, item }
        }
        (Some(file), None, None, Some(pointer)) => ImageRef::Field {
            file,
            offset: offset.unwrap_or_default(),
            length: length.unwrap_or_default(),
            pointer,
        },
        (Some(file), None, None, None) => ImageRef::File(plain(file)),
        (None, None, None, _) => missing("the record does not say where it is"),
    }
}

/// A path without what leads nowhere.
fn plain(path: PathBuf) -> PathBuf {
    path.strip_prefix("./").map(Path::to_path_buf).unwrap_or(path)
}

/// The picture in a field of the record.
fn blob(record: &Cell, name: &str, item: u32) -> Option<ImageRef> {
    let mut found = Vec::new();
    collect(member(record, name)?, &mut found);
    found.get(item as usize).map(|blob| blob.reference.clone())
}

fn collect<'a>(cell: &'a Cell, found: &mut Vec<&'a Blob>) {
    match cell {
        Cell::Blob(blob) => found.push(blob),
        Cell::List(items) => items.iter().for_each(|item| collect(item, found)),
        Cell::Map(members) => members.iter().for_each(|(_, inner)| collect(inner, found)),
        _ => {}
    }
}

fn descriptor(cell: &Cell) -> Descriptor {
    let facet = text(cell, "facet").and_then(|name| Facet::named(&name)).unwrap_or(Facet::Object);
    let evidence = match member(cell, "evidence") {
        Some(Cell::List(items)) => items.iter().map(evidence).collect(),
        _ => Vec::new(),
    };
    Descriptor {
        facet,
        dimension: text(cell, "dimension"),
        name: text(cell, "name").unwrap_or_default(),
        parent: number(cell, "parent"),
        target: number(cell, "target"),
        region: member(cell, "region").and_then(region),
        source: text(cell, "source").unwrap_or_default(),
        evidence,
        negated: is_true(cell, "negated"),
        hedged: is_true(cell, "hedged"),
    }
}

fn evidence(cell: &Cell) -> Evidence {
    let at = |name: &str| number(cell, name).unwrap_or_default();
    Evidence { caption: at("caption"), start: at("start"), end: at("end"), sentence: at("sentence") }
}

fn region(cell: &Cell) -> Option<Region> {
    let Cell::Map(_) = cell else { return None };
    let unit = match text(cell, "unit").as_deref() {
        Some("fraction") => RegionUnit::Fraction,
        _ => RegionUnit::Pixel,
    };
    let at = |name: &str| decimal(cell, name);
    Some(Region { x0: at("x0"), y0: at("y0"), x1: at("x1"), y1: at("y1"), unit })
}

fn question(cell: &Cell) -> Question {
    Question {
        question: text(cell, "question").unwrap_or_default(),
        answers: texts(cell, "answers"),
        choices: texts(cell, "choices"),
        kind: text(cell, "type"),
        verdict: None,
    }
}

fn value(cell: Cell) -> Value {
    match cell {
        Cell::Null | Cell::Blob(_) => Value::Null,
        Cell::Bool(value) => Value::Bool(value),
        Cell::Int(number) => Value::Int(number),
        Cell::Float(number) => Value::Float(number),
        Cell::Text(text) => Value::Text(text),
        Cell::List(items) => Value::List(items.into_iter().map(value).collect()),
        Cell::Map(members) => {
            Value::Map(members.into_iter().map(|(name, inner)| (name, value(inner))).collect())
        }
    }
}
