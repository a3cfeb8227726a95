//! Which fields the index has, and how a sample fills them.
//!
//! Which words and numbers a field has is decided once, by [`crate::query`]: the index takes them
//! from there, so that a hit of the index is a hit of a plain scan.

use std::collections::BTreeMap;

use tantivy::schema::Value;
use tantivy::schema::{
    BytesOptions, Field as Slot, IndexRecordOption, JsonObjectOptions, NumericOptions, OwnedValue, Schema,
    TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{RAW_TOKENIZER_NAME, TokenizerManager};
use tantivy::{DocAddress, Searcher, TantivyDocument};

use super::IndexError;
use super::tokenizer::{LIST, Lemmas, Listed, NAME};
use crate::measure::{Analyst, Prints};
use crate::model::Sample;
use crate::query::{self, Field, NEXT};
use crate::workspace::print_of;

/// Raised with every change of the schema or of what fills it: an older index is built anew.
pub(super) const FORMAT: u32 = 9;

/// The column of [`crate::model::Seq`].
pub(super) const SEQ: &str = "seq";

/// The column of what marks know a sample by: the print of its id.
pub(super) const MARK: &str = "mark";

/// The column of the keys of facts.
pub(super) const KEY: &str = "key";

/// The column of prints.
pub(super) const PRINT: &str = "print";

/// Bits of a hash in the column of prints. Of the 80 million bands of ten million samples some 180 pairs
/// then agree by chance; with all 64 bits the column would be half as large again.
const PRINT_BITS: u32 = 44;

/// What a print is of, in the low bits of [`PRINT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PrintKind {
    Caption,
    Opening,
    Band,
}

impl PrintKind {
    /// All of them; the place of each is what stands in its prints.
    pub(super) const ALL: [Self; 3] = [Self::Caption, Self::Opening, Self::Band];

    fn print(self, hash: u64) -> u64 {
        (hash >> (64 - PRINT_BITS)) << 2 | self as u64
    }

    /// The place of a print's kind in [`PrintKind::ALL`].
    pub(super) fn place_of(print: u64) -> usize {
        ((print & 3) as usize).min(Self::ALL.len() - 1)
    }
}

/// The prints of a sample as they stand in the column, each once.
fn prints_of(prints: &Prints) -> Vec<u64> {
    let lists = [&prints.captions, &prints.openings, &prints.bands];
    let each = PrintKind::ALL.into_iter().zip(lists);
    let mut found: Vec<u64> =
        each.flat_map(|(kind, hashes)| hashes.iter().map(move |hash| kind.print(*hash))).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Bytes of a document beside what comes of its texts.
const ROOM: usize = 200;
/// Bytes of a document of facts.
const FACTS_ROOM: usize = 1_500;

/// The longest id, in bytes, that can be a term of its own.
const MAX_ID: usize = 1_000;

/// Fields that hold words.
const WORDY: [(Field, &str); 14] = [
    (Field::Caption, "caption"),
    (Field::Original, "original"),
    (Field::Negative, "negative"),
    (Field::Object, "object"),
    (Field::Attribute, "attribute"),
    (Field::Color, "color"),
    (Field::Count, "count"),
    (Field::Action, "action"),
    (Field::Relation, "relation"),
    (Field::Scene, "scene"),
    (Field::Text, "text"),
    (Field::Entity, "entity"),
    (Field::Question, "question"),
    (Field::Answer, "answer"),
];

/// Fields that hold one whole number.
const COUNTED: [(Field, &str); 5] = [
    (Field::Words, "words"),
    (Field::Captions, "captions"),
    (Field::Questions, "questions"),
    (Field::Descriptors, "descriptors"),
    (Field::Images, "images"),
];

/// What finds the facts of samples, and what it remembers from one to the next.
#[derive(Debug, Default)]
pub(super) struct Tools {
    analyst: Analyst,
    terms: query::Terms,
}

/// The places of the index's fields.
#[derive(Clone, Debug)]
pub(super) struct Slots {
    /// Of both halves of a segment.
    pub(super) schema: Schema,
    pub(super) seq: Slot,
    pub(super) ordinal: Slot,
    pub(super) id: Slot,
    pub(super) source: Slot,
    pub(super) split: Slot,
    pub(super) has: Slot,
    pub(super) fact: Slot,
    pub(super) mention: Slot,
    pub(super) meta: Slot,
    pub(super) number: Slot,
    mark: Slot,
    key: Slot,
    print: Slot,
    sample: Slot,
    wordy: [Slot; WORDY.len()],
    counted: [Slot; COUNTED.len()],
}

/// The name of the column that holds this count.
pub(super) fn column(field: &Field) -> Option<&'static str> {
    COUNTED.iter().find(|(counted, _)| counted == field).map(|(_, name)| *name)
}

/// A path of the data's own fields as one step of a JSON path: tantivy would split it at dots.
pub(super) fn meta_path(path: &str) -> String {
    path.replace('.', "\u{2024}").replace('\\', "\u{29f5}")
}

/// The column of a number of the data's own.
pub(super) fn meta_column(path: &str) -> String {
    format!("number.{}", meta_path(path))
}

impl Slots {
    /// The schema, and where its fields are.
    pub(super) fn new() -> Self {
        let mut schema = Schema::builder();
        let indexing = |tokenizer: &str, option: IndexRecordOption| {
            TextFieldIndexing::default()
                .set_tokenizer(tokenizer)
                .set_fieldnorms(false)
                .set_index_option(option)
        };
        let text = |indexing| TextOptions::default().set_indexing_options(indexing);
        let words = indexing(NAME, IndexRecordOption::WithFreqsAndPositions);
        let raw = text(indexing(RAW_TOKENIZER_NAME, IndexRecordOption::Basic));
        let column = NumericOptions::default().set_fast();
        let mut slots = Self {
            schema: Schema::builder().build(),
            seq: schema.add_u64_field(SEQ, column.clone()),
            mark: schema.add_u64_field(MARK, column.clone()),
            ordinal: schema.add_u64_field("ordinal", NumericOptions::default().set_indexed()),
            sample: schema.add_bytes_field("sample", BytesOptions::default().set_stored()),
            id: schema.add_text_field("id", raw.clone()),
            source: schema.add_text_field("source", raw.clone()),
            split: schema.add_text_field("split", raw.clone()),
            has: schema.add_text_field("has", raw),
            fact: schema
                .add_text_field("fact", text(indexing(LIST, IndexRecordOption::WithFreqsAndPositions))),
            mention: schema.add_text_field("mention", text(indexing(LIST, IndexRecordOption::Basic))),
            wordy: WORDY.map(|(field, name)| {
                // Lengths matter for the ranking of captions alone.
                schema.add_text_field(name, text(words.clone().set_fieldnorms(field == Field::Caption)))
            }),
            counted: COUNTED.map(|(_, name)| schema.add_u64_field(name, column.clone())),
            key: schema.add_text_field(KEY, TextOptions::default().set_fast(LIST)),
            print: schema.add_u64_field(PRINT, column.clone()),
            meta: schema.add_json_field("meta", JsonObjectOptions::default().set_indexing_options(words)),
            number: schema
                .add_json_field("number", JsonObjectOptions::default().set_fast(RAW_TOKENIZER_NAME)),
        };
        slots.schema = schema.build();
        slots
    }

    /// The field of the index that holds the words of a field, if it holds words.
    pub(super) fn wordy(&self, field: &Field) -> Option<Slot> {
        WORDY.iter().position(|(wordy, _)| wordy == field).map(|place| self.wordy[place])
    }

    /// The column of a field that holds one whole number.
    pub(super) fn counted(&self, field: &Field) -> Option<Slot> {
        COUNTED.iter().position(|(counted, _)| counted == field).map(|place| self.counted[place])
    }

    /// The words of a sample, and the sample itself.
    pub(super) fn words(&self, sample: &Sample) -> Result<TantivyDocument, IndexError> {
        // What is found in captions is not stored: finding it again is quicker than reading it.
        let stored = postcard::to_extend(sample, Vec::with_capacity(ROOM))
            .map_err(|error| IndexError::Sample(error.to_string()))?;
        let mut document = TantivyDocument::with_capacity(stored.len() * 2 + ROOM);
        document.add_u64(self.seq, sample.seq.0);
        document.add_u64(self.mark, print_of(&sample.id));
        document.add_u64(self.ordinal, u64::from(sample.seq.ordinal()));
        document.add_bytes(self.sample, &stored);
        document.add_text(self.id, shortened(&sample.id));
        for (slot, value) in [(self.source, &sample.source), (self.split, &sample.split)] {
            if let Some(value) = value {
                document.add_text(slot, shortened(&query::whole(value)));
            }
        }
        self.add_words(&mut document, sample, false);
        for what in query::has(sample).iter().filter(|what| !query::is_measured(what)) {
            document.add_text(self.has, shortened(what));
        }
        self.add_meta(&mut document, sample);
        Ok(document)
    }

    /// What the captions of a sample say. The sample is measured on the way, so it has its figures then.
    pub(super) fn facts(&self, sample: &mut Sample, tools: &mut Tools) -> TantivyDocument {
        let Tools { analyst, terms } = tools;
        let analysis = analyst.measure(sample);
        let sample = &*sample;
        let mut document = TantivyDocument::with_capacity(FACTS_ROOM);
        document.add_u64(self.seq, sample.seq.0);
        self.add_words(&mut document, sample, true);
        if let Some(slot) = self.counted(&Field::Words) {
            document.add_u64(slot, analysis.density.words.into());
        }
        for what in query::has(sample).iter().filter(|what| query::is_measured(what)) {
            document.add_text(self.has, what);
        }
        let keys = analysis.keys.iter().map(|key| shortened(key));
        let mentions = terms.mentions(sample);
        for (slot, list) in [
            (self.fact, terms.facts(sample)),
            (self.mention, listed(mentions.iter().map(|term| shortened(term)))),
            // Keys that are the same when they are cut stand next to each other.
            (self.key, listed(keys)),
        ] {
            if !list.is_empty() {
                document.add_text(slot, list);
            }
        }
        for print in prints_of(&analysis.prints) {
            document.add_u64(self.print, print);
        }
        document
    }

    /// The words and counts of either part of a sample.
    fn add_words(&self, document: &mut TantivyDocument, sample: &Sample, of_facts: bool) {
        let is_ours = |field: &Field| query::is_of_facts(field) == of_facts;
        for ((field, _), slot) in WORDY.iter().zip(self.wordy).filter(|((field, _), _)| is_ours(field)) {
            query::each_field_text(sample, field, &mut |text| document.add_text(slot, text));
        }
        // Words are counted when a sample is measured, and not here again.
        let counted = COUNTED.iter().zip(self.counted).filter(|((field, _), _)| *field != Field::Words);
        for ((field, _), slot) in counted.filter(|((field, _), _)| is_ours(field)) {
            if let Some(number) = query::numbers(sample, field).first() {
                document.add_u64(slot, *number as u64);
            }
        }
    }

    fn add_meta(&self, document: &mut TantivyDocument, sample: &Sample) {
        if sample.meta.is_empty() {
            return;
        }
        let mut texts: BTreeMap<String, OwnedValue> = BTreeMap::new();
        let mut numbers: BTreeMap<String, OwnedValue> = BTreeMap::new();
        for path in query::meta_paths(sample) {
            let field = Field::Meta(path.clone());
            let found: Vec<OwnedValue> = query::field_texts(sample, &field)
                .into_iter()
                .map(|text| OwnedValue::Str(text.into_owned()))
                .collect();
            if !found.is_empty() {
                texts.insert(meta_path(&path), OwnedValue::Array(found));
            }
            let found: Vec<OwnedValue> = query::numbers(sample, &field)
                .into_iter()
                .filter(|number| number.is_finite())
                .map(OwnedValue::F64)
                .collect();
            if !found.is_empty() {
                numbers.insert(meta_path(&path), OwnedValue::Array(found));
            }
        }
        if !texts.is_empty() {
            document.add_object(self.meta, texts);
        }
        if !numbers.is_empty() {
            document.add_object(self.number, numbers);
        }
    }

    /// The sample that a document holds.
    pub(super) fn sample(&self, searcher: &Searcher, address: DocAddress) -> Result<Sample, IndexError> {
        self.stored(&searcher.doc(address)?)
    }

    /// The sample in what the engine has stored.
    pub(super) fn stored(&self, document: &TantivyDocument) -> Result<Sample, IndexError> {
        let stored = document.get_first(self.sample).and_then(|value| value.as_bytes());
        let stored = stored.ok_or_else(|| IndexError::Sample("it holds no sample".into()))?;
        postcard::from_bytes(stored).map_err(|error| IndexError::Sample(error.to_string()))
    }
}

/// Terms as one text, each once where equal ones stand next to each other.
fn listed<'t>(terms: impl Iterator<Item = &'t str>) -> String {
    let mut list = String::new();
    let mut last = None;
    for term in terms.filter(|term| last.replace(*term) != Some(*term)) {
        if !list.is_empty() {
            list.push(NEXT);
        }
        list.push_str(term);
    }
    list
}

/// A text short enough to be a term.
pub(super) fn shortened(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MAX_ID)).unwrap_or(text)
}

/// The tokenizers that our schema names.
pub(super) fn tokenizers() -> TokenizerManager {
    let tokenizers = TokenizerManager::default();
    tokenizers.register(NAME, Lemmas::default());
    tokenizers.register(LIST, Listed::default());
    tokenizers
}
