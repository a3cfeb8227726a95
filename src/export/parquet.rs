//! Parquet as Hugging Face datasets reads and writes it: a picture is a record of its bytes and a name, and the schema
//! says so. Captions and questions are lists of records; what differs from row to row (meta, descriptors, addresses of
//! pictures) is JSON.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, StringBuilder};
use arrow_array::{Array, ArrayRef, Int64Array, ListArray, RecordBatch, StructArray};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use serde_json::{Map, Value as Json, json};

use super::prepare::Picture;
use super::record::{self, Part, Place};
use super::{ExportError, Options, Pictures, lines};
use crate::model::Sample;

/// Rows that are handed over at once.
const ROWS: usize = 256;
/// Bytes of pictures that are handed over at once.
const BATCH_BYTES: u64 = 16 << 20;
/// Bytes of a row group.
const GROUP_BYTES: usize = 64 << 20;
/// Rows of a row group.
const GROUP_ROWS: usize = 10_000;

/// What is in a column.
enum Shape {
    Number,
    Text,
    List(Box<Self>),
    Record(Vec<(&'static str, Self)>),
}

/// The columns that are no pictures; the rest are texts, or JSON as text.
fn shape_of(column: &str) -> Shape {
    let text = |name| (name, Shape::Text);
    match column {
        "capscope" => Shape::Number,
        "captions" => Shape::List(Box::new(Shape::Record(vec![text("text"), text("field"), text("role")]))),
        "questions" => Shape::List(Box::new(Shape::Record(vec![
            text("question"),
            ("answers", Shape::List(Box::new(Shape::Text))),
            ("choices", Shape::List(Box::new(Shape::Text))),
            text("type"),
        ]))),
        "pair" => Shape::Record(vec![text("key"), text("label")]),
        "tags" => Shape::List(Box::new(Shape::Text)),
        "verdicts" => Shape::List(Box::new(Shape::Record(vec![
            text("verdict"),
            text("reason"),
            text("rater"),
            text("spot"),
        ]))),
        "origin" => Shape::Record(vec![text("file"), ("position", Shape::Number)]),
        _ => Shape::Text,
    }
}

impl Shape {
    fn data_type(&self) -> DataType {
        match self {
            Self::Number => DataType::Int64,
            Self::Text => DataType::Utf8,
            Self::List(item) => DataType::List(item_field(item.data_type())),
            Self::Record(fields) => DataType::Struct(
                fields.iter().map(|(name, shape)| Field::new(*name, shape.data_type(), true)).collect(),
            ),
        }
    }

    /// As the features of a data set have it.
    fn feature(&self) -> Json {
        match self {
            Self::Number => json!({ "dtype": "int64", "_type": "Value" }),
            Self::Text => json!({ "dtype": "string", "_type": "Value" }),
            Self::List(item) => json!([item.feature()]),
            Self::Record(fields) => Json::Object(
                fields.iter().map(|(name, shape)| ((*name).to_owned(), shape.feature())).collect(),
            ),
        }
    }

    fn array(&self, values: &[Option<&Json>]) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Number => {
                Arc::new(values.iter().map(|value| value.and_then(Json::as_i64)).collect::<Int64Array>())
            }
            Self::Text => {
                let mut builder = StringBuilder::new();
                for value in values {
                    builder.append_option(value.and_then(Json::as_str));
                }
                Arc::new(builder.finish())
            }
            Self::List(item) => {
                let lists: Vec<&[Json]> = values
                    .iter()
                    .map(|value| value.and_then(Json::as_array).map_or(&[][..], Vec::as_slice))
                    .collect();
                let items: Vec<Option<&Json>> = lists.iter().flat_map(|list| list.iter().map(Some)).collect();
                let array = item.array(&items)?;
                list_of(lists.iter().map(|list| list.len()), array)?
            }
            Self::Record(fields) => {
                let columns = fields.iter().map(|(name, shape)| {
                    let members: Vec<Option<&Json>> =
                        values.iter().map(|value| value.and_then(|value| value.get(name))).collect();
                    Ok((Field::new(*name, shape.data_type(), true), shape.array(&members)?))
                });
                let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) =
                    columns.collect::<Result<Vec<_>, ArrowError>>()?.into_iter().unzip();
                let is_there: Vec<bool> =
                    values.iter().map(|value| value.is_some_and(Json::is_object)).collect();
                Arc::new(StructArray::try_new(fields.into(), arrays, Some(is_there.into()))?)
            }
        })
    }
}

fn item_field(item: DataType) -> Arc<Field> {
    Arc::new(Field::new("item", item, true))
}

fn list_of(lengths: impl Iterator<Item = usize>, items: ArrayRef) -> Result<ArrayRef, ArrowError> {
    let offsets = arrow_buffer::OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(item_field(items.data_type().clone()), offsets, items, None)?))
}

fn picture_fields() -> Fields {
    vec![Field::new("bytes", DataType::Binary, true), Field::new("path", DataType::Utf8, true)].into()
}

/// A sample as a row.
pub(super) struct Row {
    values: Map<String, Json>,
    pictures: Vec<(String, Vec<u8>)>,
}

impl Row {
    pub(super) fn of(
        options: &Options,
        sample: &Sample,
        pictures: Vec<Option<Picture>>,
    ) -> Result<Self, ExportError> {
        let mut places = Vec::new();
        let mut held = Vec::new();
        for (at, picture) in pictures.into_iter().enumerate() {
            let Some(picture) = picture else {
                places.push(Place::Kept);
                continue;
            };
            places.push(match at.checked_sub(1) {
                None => Place::Column("image", 0),
                Some(item) => Place::Column("more_images", item as u32),
            });
            let key = super::keys::clean(&sample.id);
            let which = if at == 0 { String::new() } else { format!(".{at}") };
            held.push((format!("{key}{which}.{}", picture.ending), picture.bytes));
        }
        let record = record::exported(sample, &options.captions, &places);
        let mut values = Map::new();
        for (name, part) in &record.0 {
            let value = match (part, *name) {
                (Part::Meta(_) | Part::Descriptors(_) | Part::Images(_), _) => {
                    Json::String(lines::text(part)?)
                }
                _ => serde_json::to_value(part)
                    .map_err(|error| ExportError::Wish(format!("a record cannot be written: {error}")))?,
            };
            values.insert((*name).to_owned(), value);
        }
        Ok(Self { values, pictures: held })
    }

    /// Bytes that it holds, roughly.
    pub(super) fn bytes(&self) -> u64 {
        let texts = self.values.values().filter_map(Json::as_str).map(str::len).sum::<usize>();
        (texts + 1_024 + self.pictures.iter().map(|(_, bytes)| bytes.len()).sum::<usize>()) as u64
    }
}

/// A file in the making.
pub(super) struct Table {
    path: PathBuf,
    schema: Arc<Schema>,
    has_pictures: bool,
    is_durable: bool,
    out: ArrowWriter<File>,
    rows: Vec<Row>,
    bytes: u64,
}

/// Columns in order, with the pictures where there are any.
fn columns(has_pictures: bool) -> impl Iterator<Item = &'static str> {
    record::fields_with(if has_pictures { &["image", "more_images"] } else { &[] })
}

impl Table {
    pub(super) fn new(path: PathBuf, file: File, options: &Options) -> Result<Self, ExportError> {
        let has_pictures = options.pictures == Pictures::Copy;
        let is_durable = options.is_durable();
        let mut features = Map::new();
        let mut fields = Vec::new();
        for name in columns(has_pictures) {
            let image = json!({ "_type": "Image" });
            let picture = DataType::Struct(picture_fields());
            let (kind, feature) = match name {
                "image" => (picture, image),
                "more_images" => (DataType::List(item_field(picture)), json!([image])),
                _ => (shape_of(name).data_type(), shape_of(name).feature()),
            };
            fields.push(Field::new(name, kind, true));
            features.insert(name.to_owned(), feature);
        }
        let features = json!({ "info": { "features": features } }).to_string();
        let metadata = std::collections::HashMap::from([("huggingface".to_owned(), features.clone())]);
        let schema = Arc::new(Schema::new_with_metadata(fields, metadata));
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS));
        // Pictures are packed already, and nobody looks them up by their bytes.
        for parts in [vec!["image", "bytes"], vec!["more_images", "list", "item", "bytes"]] {
            let column = ColumnPath::new(parts.into_iter().map(str::to_owned).collect());
            properties = properties
                .set_column_compression(column.clone(), Compression::UNCOMPRESSED)
                .set_column_dictionary_enabled(column.clone(), false)
                .set_column_statistics_enabled(column, EnabledStatistics::None);
        }
        let out = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties.build()));
        let out = out.map_err(|error| failed(&path, &error))?;
        Ok(Self { path, schema, has_pictures, is_durable, out, rows: Vec::new(), bytes: 0 })
    }

    pub(super) fn put(&mut self, row: Row) -> Result<(), ExportError> {
        self.bytes += row.bytes();
        self.rows.push(row);
        if self.rows.len() >= ROWS || self.bytes >= BATCH_BYTES { self.hand_over() } else { Ok(()) }
    }

    fn hand_over(&mut self) -> Result<(), ExportError> {
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        if rows.is_empty() {
            return Ok(());
        }
        let batch = self.batch(&rows).map_err(|error| failed(&self.path, &error))?;
        self.out.write(&batch).map_err(|error| failed(&self.path, &error))?;
        if self.out.in_progress_size() >= GROUP_BYTES {
            self.out.flush().map_err(|error| failed(&self.path, &error))?;
        }
        Ok(())
    }

    fn batch(&self, rows: &[Row]) -> Result<RecordBatch, ArrowError> {
        let arrays = columns(self.has_pictures).map(|name| match name {
            "image" => pictures(rows.iter().map(|row| row.pictures.first())),
            "more_images" => {
                let more = |row: &Row| row.pictures.len().saturating_sub(1);
                let all = rows.iter().flat_map(|row| row.pictures.iter().skip(1)).map(Some);
                list_of(rows.iter().map(more), pictures(all)?)
            }
            _ => {
                let values: Vec<Option<&Json>> = rows.iter().map(|row| row.values.get(name)).collect();
                shape_of(name).array(&values)
            }
        });
        RecordBatch::try_new(Arc::clone(&self.schema), arrays.collect::<Result<Vec<_>, ArrowError>>()?)
    }

    /// Ends the file, with the account of where it comes from in it.
    pub(super) fn finish(mut self, account: &str) -> Result<(), ExportError> {
        self.hand_over()?;
        self.out.append_key_value_metadata(KeyValue::new("capscope".to_owned(), account.to_owned()));
        let file = self.out.into_inner().map_err(|error| failed(&self.path, &error))?;
        if self.is_durable { file.sync_all().map_err(ExportError::at(&self.path)) } else { Ok(()) }
    }
}

/// Pictures as records of bytes and name.
fn pictures<'a>(found: impl Iterator<Item = Option<&'a (String, Vec<u8>)>>) -> Result<ArrayRef, ArrowError> {
    let (mut bytes, mut paths, mut is_there) = (BinaryBuilder::new(), StringBuilder::new(), Vec::new());
    for picture in found {
        bytes.append_option(picture.map(|(_, bytes)| bytes));
        paths.append_option(picture.map(|(name, _)| name));
        is_there.push(picture.is_some());
    }
    let arrays: Vec<ArrayRef> = vec![Arc::new(bytes.finish()), Arc::new(paths.finish())];
    Ok(Arc::new(StructArray::try_new(picture_fields(), arrays, Some(is_there.into()))?))
}

fn failed(path: &std::path::Path, error: &dyn std::fmt::Display) -> ExportError {
    let source = std::io::Error::other(error.to_string());
    ExportError::File { path: path.to_owned(), source }
}
