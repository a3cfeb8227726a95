//! The head of a data set, added up: what stands at every path, how often, and what it looks like.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::look::Look;
use crate::dataset::path::{FieldPath, Step};
use crate::dataset::{Cell, Record};

/// Records whose values are looked at; of further ones only repeats are counted.
const LOOKED_AT: usize = 320;
/// Leaves of one record that are looked at. Traces and masks have millions.
const LEAVES: usize = 600;
/// Depth to which records are looked at.
const DEPTH: usize = 10;
/// Values of one path in one record whose text is looked at.
const PER_PATH: usize = 24;
/// Different paths that are kept.
const PATHS: usize = 600;

/// The record as one map: the members of an archive's JSON stand at the top, and the key under
/// which a record stands is its member `@key`. A record that is no map stands under `@value`.
pub(crate) fn unfold(record: Record) -> Cell {
    let mut members = match record.cell {
        Cell::Map(members) => members,
        // A list is a row without a header.
        Cell::List(items) if record.key.is_none() => {
            (1..).zip(items).map(|(place, item)| (format!("column_{place}"), item)).collect()
        }
        other => vec![("@value".to_owned(), other)],
    };
    if let Some(key) = record.key {
        // The JSON of a tar sample or of a sidecar is an envelope around fields.
        if let Some(place) =
            members.iter().position(|(name, inner)| name == "json" && matches!(inner, Cell::Map(_)))
            && let (_, Cell::Map(inner)) = members.remove(place)
        {
            for (name, cell) in inner {
                if members.iter().all(|(own, _)| *own != name) {
                    members.push((name, cell));
                }
            }
        }
        members.push(("@key".to_owned(), Cell::Text(key)));
    }
    Cell::Map(members)
}

/// What a record is that has no names for what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bare {
    /// A list: a row of a table.
    List,
    /// A text or a number.
    Single,
}

/// Whether a record is bare. Under a key anything may stand.
pub(crate) fn bare(record: &Record) -> Option<Bare> {
    match record.cell {
        _ if record.key.is_some() => None,
        Cell::Map(_) => None,
        Cell::List(_) => Some(Bare::List),
        _ => Some(Bare::Single),
    }
}

/// The list or record that a text holds as JSON or as a Python literal, if it does.
pub(crate) fn unpacked(text: &str) -> Option<Cell> {
    /// Longer texts are left alone.
    const LONGEST: usize = 1 << 20;
    let text = text.trim();
    let wrapped =
        (text.starts_with('[') && text.ends_with(']')) || (text.starts_with('{') && text.ends_with('}'));
    if !wrapped || text.len() > LONGEST || text.starts_with("[/EN#") {
        return None;
    }
    if let Ok(value) = serde_json::from_str::<serde_json::Value>(text) {
        return Some(from_json(value));
    }
    let json = python_to_json(text)?;
    serde_json::from_str::<serde_json::Value>(&json).ok().map(from_json)
}

/// A cell for a JSON value.
pub(crate) fn from_json(value: serde_json::Value) -> Cell {
    match value {
        serde_json::Value::Null => Cell::Null,
        serde_json::Value::Bool(value) => Cell::Bool(value),
        serde_json::Value::Number(number) => {
            number.as_i64().map_or_else(|| Cell::Float(number.as_f64().unwrap_or(0.0)), Cell::Int)
        }
        serde_json::Value::String(text) => Cell::Text(text),
        serde_json::Value::Array(items) => Cell::List(items.into_iter().map(from_json).collect()),
        serde_json::Value::Object(members) => {
            Cell::Map(members.into_iter().map(|(name, inner)| (name, from_json(inner))).collect())
        }
    }
}

/// Turns `['a', None, "it's"]` into JSON. Also numpy's way to print a list of texts, which leaves
/// the commas out.
fn python_to_json(text: &str) -> Option<String> {
    let mut json = String::with_capacity(text.len() + 8);
    let mut letters = text.chars().peekable();
    let mut word = String::new();
    let mut after_value = false;
    while let Some(letter) = letters.next() {
        if letter == '\'' || letter == '"' {
            if after_value {
                json.push(',');
            }
            let mut inner = String::new();
            loop {
                match letters.next()? {
                    '\\' => match letters.next()? {
                        'n' => inner.push('\n'),
                        't' => inner.push('\t'),
                        other => inner.push(other),
                    },
                    end if end == letter => break,
                    other => inner.push(other),
                }
            }
            json.push_str(&serde_json::to_string(&inner).ok()?);
            after_value = true;
        } else if letter.is_alphabetic() {
            word.push(letter);
            if letters.peek().is_none_or(|next| !next.is_alphabetic()) {
                json.push_str(match word.as_str() {
                    "None" | "nan" | "NaN" => "null",
                    "True" => "true",
                    "False" => "false",
                    _ => return None,
                });
                word.clear();
                after_value = true;
            }
        } else {
            match letter {
                '(' => json.push('['),
                ')' => json.push(']'),
                other => json.push(other),
            }
            if !letter.is_whitespace() {
                after_value = false;
            }
        }
    }
    Some(json)
}

/// Whether the members of a map are a table: their names are ids, not names of fields.
pub(crate) fn is_table(members: &[(String, Cell)]) -> bool {
    if members.is_empty() {
        return false;
    }
    let ids = members.iter().filter(|(name, _)| is_id_key(name)).count();
    let maps = members.iter().filter(|(_, inner)| matches!(inner, Cell::Map(_))).count();
    ids == members.len() || (members.len() > 24 && (maps == members.len() || maps == 0))
}

fn is_id_key(name: &str) -> bool {
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    !name.is_empty() && digits == name.len()
}

/// What stands at one path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Field {
    /// Records looked at in which it has a value.
    pub(crate) rows: usize,
    /// Values, nulls not counted.
    pub(crate) values: usize,
    /// Nulls and empty texts.
    pub(crate) empty: usize,
    /// Values that are true or false.
    pub(crate) bools: usize,
    /// Whole numbers.
    pub(crate) ints: usize,
    /// Other numbers.
    pub(crate) floats: usize,
    /// Texts.
    pub(crate) texts: usize,
    /// Binary values.
    pub(crate) blobs: usize,
    /// Maps.
    pub(crate) maps: usize,
    /// Lists.
    pub(crate) lists: usize,
    /// Sum over texts.
    pub(crate) prose: f32,
    /// Sum of words over texts.
    pub(crate) words: usize,
    /// Texts that are web addresses, and so on for each kind of [`Look`].
    pub(crate) urls: usize,
    /// Texts that end as picture files do.
    pub(crate) image_names: usize,
    /// Texts that hold a picture.
    pub(crate) image_data: usize,
    /// Texts without spaces.
    pub(crate) ids: usize,
    /// Texts that are hashes.
    pub(crate) hashes: usize,
    /// Texts that are dates.
    pub(crate) dates: usize,
    /// Texts that are numbers.
    pub(crate) numbers: usize,
    /// Texts that ask.
    pub(crate) questions: usize,
    /// Texts that are tags.
    pub(crate) tags: usize,
    /// Texts in base64.
    pub(crate) base64: usize,
    /// Texts about rights.
    pub(crate) rights: usize,
    /// Texts of capitalised words.
    pub(crate) titles: usize,
    /// Texts that are code.
    pub(crate) code: usize,
    /// Texts that end as sentences do.
    pub(crate) ends: usize,
    /// Texts with letters.
    pub(crate) lettered: usize,
    /// Texts with a picture's place mark, `<image>`.
    pub(crate) marks: usize,
    /// Different values.
    pub(crate) distinct: FxHashSet<u64>,
    /// Row and hash of the first value in each record, in the order of the records.
    pub(crate) firsts: Vec<(u32, u64)>,
    /// A few values.
    pub(crate) examples: Vec<String>,
    /// Smallest and largest number.
    pub(crate) range: Option<(f64, f64)>,
    /// Binary values by the ending of the name that the data gives them.
    pub(crate) blob_endings: FxHashMap<String, usize>,
    /// Small texts, counted: roles, splits, labels.
    pub(crate) few: BTreeMap<String, usize>,
}

impl Field {
    /// A share of the texts.
    pub(crate) fn of_texts(&self, count: usize) -> f32 {
        if self.texts == 0 { 0.0 } else { count as f32 / self.texts as f32 }
    }

    /// A share of all values.
    pub(crate) fn of_values(&self, count: usize) -> f32 {
        if self.values == 0 { 0.0 } else { count as f32 / self.values as f32 }
    }

    /// Share of different values.
    pub(crate) fn distinct_share(&self) -> f32 {
        self.of_values(self.distinct.len()).min(1.0)
    }

    /// How much the texts look like natural language, on average over all values.
    pub(crate) fn prose_share(&self) -> f32 {
        if self.values == 0 { 0.0 } else { self.prose / self.values as f32 }
    }

    /// Words of a text on average.
    pub(crate) fn mean_words(&self) -> f32 {
        if self.texts == 0 { 0.0 } else { self.words as f32 / self.texts as f32 }
    }

    /// Values that are numbers, also as text.
    pub(crate) fn number_share(&self) -> f32 {
        self.of_values(self.ints + self.floats + self.numbers)
    }

    /// Whole numbers and texts without spaces: values that can name something.
    pub(crate) fn id_share(&self) -> f32 {
        self.of_values(self.ints + self.ids)
    }

    fn add_text(&mut self, text: &str) {
        self.texts += 1;
        let look = Look::at(text);
        self.prose += look.prose;
        self.words += look.words;
        for (count, is) in [
            (&mut self.urls, look.url),
            (&mut self.image_names, look.image_name),
            (&mut self.image_data, look.image_data),
            (&mut self.ids, look.id),
            (&mut self.hashes, look.hash),
            (&mut self.dates, look.date),
            (&mut self.numbers, look.number),
            (&mut self.questions, look.question),
            (&mut self.tags, look.tags),
            (&mut self.base64, look.base64),
            (&mut self.rights, look.rights),
            (&mut self.titles, look.title),
            (&mut self.code, look.code),
            (&mut self.ends, look.ends),
            (&mut self.lettered, look.lettered),
            (&mut self.marks, text.contains("<image>")),
        ] {
            *count += usize::from(is);
        }
        if look.number
            && let Ok(number) = text.trim().parse()
        {
            self.widen(number);
        }
        if text.len() <= 40 && (self.few.len() < 40 || self.few.contains_key(text)) {
            *self.few.entry(text.trim().to_owned()).or_default() += 1;
        }
    }

    fn widen(&mut self, number: f64) {
        if number.is_finite() {
            let (low, high) = self.range.unwrap_or((number, number));
            self.range = Some((low.min(number), high.max(number)));
        }
    }

    fn add(&mut self, row: u32, cell: &Cell) {
        match cell {
            Cell::Null => self.empty += 1,
            Cell::Text(text) if text.trim().is_empty() => self.empty += 1,
            _ => self.values += 1,
        }
        match cell {
            Cell::Null => return,
            Cell::Bool(_) => self.bools += 1,
            Cell::Int(number) => {
                self.ints += 1;
                self.widen(*number as f64);
            }
            Cell::Float(number) => {
                self.floats += 1;
                self.widen(*number);
            }
            Cell::Text(text) if text.trim().is_empty() => return,
            Cell::Text(text) => self.add_text(text),
            Cell::List(_) => self.lists += 1,
            Cell::Map(_) => self.maps += 1,
            Cell::Blob(blob) => {
                self.blobs += 1;
                let ending = blob.name.as_deref().and_then(|name| name.rsplit_once('.'));
                let ending = ending.map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase());
                *self.blob_endings.entry(ending).or_default() += 1;
            }
        }
        if let Some(hash) = fingerprint(cell) {
            if self.distinct.len() < 20_000 {
                self.distinct.insert(hash);
            }
            if self.firsts.last().is_none_or(|(last, _)| *last != row) {
                self.firsts.push((row, hash));
            }
        }
        if self.examples.len() < 4
            && let Some(example) = example(cell)
            && !self.examples.contains(&example)
        {
            self.examples.push(example);
        }
    }
}

/// A number that stands for a value; none for lists and maps.
pub(crate) fn fingerprint(cell: &Cell) -> Option<u64> {
    use xxhash_rust::xxh3::xxh3_64;
    match cell {
        Cell::Text(text) => Some(xxh3_64(text.trim().as_bytes())),
        Cell::Int(number) => Some(xxh3_64(number.to_string().as_bytes())),
        Cell::Float(number) => Some(xxh3_64(&number.to_bits().to_le_bytes())),
        Cell::Bool(value) => Some(u64::from(*value)),
        Cell::Blob(blob) => Some(xxh3_64(format!("{:?}", blob.reference).as_bytes())),
        Cell::Null | Cell::List(_) | Cell::Map(_) => None,
    }
}

/// A value in a few words.
fn example(cell: &Cell) -> Option<String> {
    /// Characters of a value that are shown.
    const LONGEST: usize = 160;
    let text = match cell {
        Cell::Blob(blob) => blob.name.clone().unwrap_or_else(|| "binary".to_owned()),
        other => crate::dataset::path::scalar(other)?,
    };
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    Some(short)
}

/// The head of one kind of record, added up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Survey {
    /// Records that were looked at.
    pub(crate) rows: usize,
    /// By path, sorted by path so that the order of fields in the data is no matter.
    pub(crate) fields: BTreeMap<FieldPath, Field>,
    /// The records that were looked at.
    pub(crate) records: Vec<Cell>,
    /// Names of fields at the top whose text holds a list or a record.
    pub(crate) packed: Vec<String>,
    /// Where in the shards the records stand: shard and row, for looking at neighbours.
    pub(crate) places: Vec<(usize, u64)>,
}

impl Survey {
    /// Adds up these records, given with the shard they are from and their row there.
    pub(crate) fn of(mut records: Vec<(usize, u64, Cell)>) -> Self {
        let packed = packed_fields(&records);
        for (_, _, record) in &mut records {
            unpack(record, &packed);
        }
        let mut survey = Self { rows: records.len().min(LOOKED_AT), packed, ..Self::default() };
        // Spread over the whole head, so that all shards of it are seen.
        let step = records.len().div_ceil(LOOKED_AT).max(1);
        for (place, (shard, at, record)) in records.into_iter().enumerate() {
            survey.places.push((shard, at));
            if place % step == 0 {
                survey.add(place as u32, &record);
            }
            survey.records.push(record);
        }
        survey.rows = survey.records.len().div_ceil(step);
        survey
    }

    fn add(&mut self, row: u32, record: &Cell) {
        let mut left = LEAVES;
        let mut seen: FxHashMap<FieldPath, usize> = FxHashMap::default();
        self.visit(row, &FieldPath::default(), record, DEPTH, &mut left, &mut seen);
        for path in seen.into_keys() {
            if let Some(field) = self.fields.get_mut(&path) {
                field.rows += 1;
            }
        }
    }

    fn visit(
        &mut self,
        row: u32,
        path: &FieldPath,
        cell: &Cell,
        depth: usize,
        left: &mut usize,
        seen: &mut FxHashMap<FieldPath, usize>,
    ) {
        if *left == 0 || depth == 0 {
            return;
        }
        *left -= 1;
        if !path.0.is_empty() {
            let times = seen.entry(path.clone()).or_default();
            *times += 1;
            if *times <= PER_PATH && (self.fields.len() < PATHS || self.fields.contains_key(path)) {
                self.fields.entry(path.clone()).or_default().add(row, cell);
            }
        }
        match cell {
            Cell::Map(members) if !path.0.is_empty() && is_table(members) => {
                let inside = path.then(Step::EachValue);
                for (_, inner) in members.iter().take(PER_PATH) {
                    self.visit(row, &inside, inner, depth - 1, left, seen);
                }
            }
            Cell::Map(members) => {
                for (name, inner) in members.iter().take(200) {
                    self.visit(row, &path.key(name), inner, depth - 1, left, seen);
                }
            }
            Cell::List(items) => {
                let inside = path.then(Step::Each);
                for inner in items.iter().take(PER_PATH) {
                    self.visit(row, &inside, inner, depth - 1, left, seen);
                }
            }
            _ => {}
        }
    }

    /// The field at this path.
    pub(crate) fn field(&self, path: &FieldPath) -> Option<&Field> {
        self.fields.get(path)
    }
}

/// Fields at the top whose texts nearly always hold lists or records.
fn packed_fields(records: &[(usize, u64, Cell)]) -> Vec<String> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (_, _, record) in records.iter().take(40) {
        let Cell::Map(members) = record else { continue };
        for (name, cell) in members {
            if let Cell::Text(text) = cell
                && !text.trim().is_empty()
            {
                let count = counts.entry(name).or_default();
                count.0 += 1;
                count.1 += usize::from(unpacked(text).is_some());
            }
        }
    }
    counts
        .into_iter()
        .filter(|(_, (all, packed))| packed * 10 >= all * 8)
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// Opens the packed fields of a record.
pub(crate) fn unpack(record: &mut Cell, packed: &[String]) {
    let Cell::Map(members) = record else { return };
    for (_, cell) in members.iter_mut().filter(|(name, _)| packed.contains(name)) {
        if let Cell::Text(text) = cell
            && let Some(inner) = unpacked(text)
        {
            *cell = inner;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_lists_open() {
        let list =
            |items: &[&str]| Cell::List(items.iter().map(|item| Cell::Text((*item).to_owned())).collect());
        assert_eq!(unpacked("[\"a\", \"b\"]"), Some(list(&["a", "b"])));
        assert_eq!(unpacked("['a', \"it's\"]"), Some(list(&["a", "it's"])));
        assert_eq!(unpacked("['a' 'b']"), Some(list(&["a", "b"])));
        assert_eq!(unpacked("[2, 9]"), Some(Cell::List(vec![Cell::Int(2), Cell::Int(9)])));
        assert_eq!(unpacked("[a dog] on a lawn"), None);
        assert_eq!(unpacked("['unfinished"), None);
    }

    #[test]
    fn an_archive_is_unfolded() {
        let record = Record {
            row: 0,
            position: 1,
            table: None,
            key: Some("0001".to_owned()),
            span: None,
            cell: Cell::Map(vec![
                ("txt".to_owned(), Cell::Text("a dog".to_owned())),
                (
                    "json".to_owned(),
                    Cell::Map(vec![("url".to_owned(), Cell::Text("https://e.org".to_owned()))]),
                ),
            ]),
        };
        let Cell::Map(members) = unfold(record) else { panic!("a map") };
        let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["txt", "url", "@key"]);
    }
}
