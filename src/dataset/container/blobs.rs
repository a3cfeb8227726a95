//! One binary cell of a table, read by its address.

use std::collections::VecDeque;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use parquet::file::metadata::PageIndexPolicy;

use super::arrow::Messages;
use super::caught::caught;
use super::parquet::{columns, footer};
use super::sample::megabytes;
use super::tree::{Shape, binary, list_values};

/// Files whose tables of contents are kept, so that scrolling does not parse them again.
const KEPT: usize = 8;

/// What is kept of a file, as long as the file is the same.
struct Kept<T> {
    files: VecDeque<(PathBuf, Option<SystemTime>, Arc<T>)>,
}

impl<T> Kept<T> {
    const fn new() -> Self {
        Self { files: VecDeque::new() }
    }
}

/// The kept value of a file, or a new one.
fn kept<T>(
    kept: &Mutex<Kept<T>>,
    path: &Path,
    make: impl FnOnce() -> Result<T, String>,
) -> Result<Arc<T>, String> {
    let changed = std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.files.iter().position(|(file, time, _)| file == path && *time == changed);
        if let Some(entry) = place.and_then(|place| kept.files.remove(place)) {
            let value = Arc::clone(&entry.2);
            kept.files.push_back(entry);
            return Ok(value);
        }
    }
    let value = Arc::new(make()?);
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.files.retain(|(file, ..)| file != path);
    if kept.files.len() >= KEPT {
        kept.files.pop_front();
    }
    kept.files.push_back((path.to_path_buf(), changed, Arc::clone(&value)));
    Ok(value)
}

static FOOTERS: Mutex<Kept<ArrowReaderMetadata>> = Mutex::new(Kept::new());
static BATCHES: Mutex<Kept<Vec<Start>>> = Mutex::new(Kept::new());

fn open(path: &Path) -> Result<File, String> {
    File::open(path).map_err(|error| format!("it could not be read: {error}"))
}

/// The bytes of a cell of a Parquet file.
pub(in crate::dataset) fn parquet_cell(
    path: &Path,
    row: u64,
    column: &str,
    item: u32,
    limit: u64,
) -> Result<Vec<u8>, String> {
    let file = open(path)?;
    let metadata = kept(&FOOTERS, path, || {
        footer(&file, ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional))
            .or_else(|_| footer(&file, ArrowReaderOptions::new()))
    })?;
    let leaf = columns(&metadata)
        .iter()
        .find_map(|(name, shape)| leaf_of(name, shape, column))
        .ok_or_else(|| format!("there is no binary column {column}"))?;
    let (group, within) = group_of(&metadata, row).ok_or_else(|| format!("there is no row {row}"))?;
    let mask = ProjectionMask::leaves(metadata.parquet_schema(), [leaf]);
    caught(|| {
        let selection = RowSelection::from(vec![RowSelector::skip(within), RowSelector::select(1)]);
        let mut reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.as_ref().clone())
            .with_row_groups(vec![group])
            .with_projection(mask)
            .with_row_selection(selection)
            .with_batch_size(1)
            .build()
            .map_err(|error| format!("broken Parquet: {error}"))?;
        let batch = reader.next().ok_or_else(|| format!("there is no row {row}"))?;
        let batch = batch.map_err(|error| format!("broken Parquet: {error}"))?;
        let array = batch.columns().first().ok_or_else(|| format!("there is no column {column}"))?;
        let (array, row) = only_leaf(Arc::clone(array), 0, item)?;
        let bytes = binary(&array, row).ok_or_else(|| "the cell is empty".to_owned())?;
        within_limit(bytes.len() as u64, limit)?;
        Ok(bytes.to_vec())
    })
}

fn within_limit(length: u64, limit: u64) -> Result<(), String> {
    if length <= limit { Ok(()) } else { Err(format!("it has {}, more than is read", megabytes(length))) }
}

/// The binary leaf at a column's path.
fn leaf_of(name: &str, shape: &Shape, column: &str) -> Option<usize> {
    match shape {
        Shape::Binary(leaf) | Shape::Picture(leaf) => (name == column).then_some(*leaf),
        Shape::List(item) => leaf_of(name, item, column),
        Shape::Struct(fields) => {
            fields.iter().find_map(|(field, shape)| leaf_of(&format!("{name}.{field}"), shape, column))
        }
        Shape::Plain => None,
    }
}

/// The row group of a row, and its place there.
fn group_of(metadata: &ArrowReaderMetadata, row: u64) -> Option<(usize, usize)> {
    let mut left = row;
    for (group, info) in metadata.metadata().row_groups().iter().enumerate() {
        let rows = u64::try_from(info.num_rows()).ok()?;
        if left < rows {
            return Some((group, usize::try_from(left).ok()?));
        }
        left -= rows;
    }
    None
}

/// Goes down to the only leaf that was read.
fn only_leaf(mut array: ArrayRef, mut row: usize, item: u32) -> Result<(ArrayRef, usize), String> {
    let nothing = || "the cell is empty".to_owned();
    loop {
        if array.is_null(row) {
            return Err(nothing());
        }
        if let Some(record) = array.as_struct_opt() {
            let child = record.columns().first().ok_or_else(nothing)?;
            array = Arc::clone(child);
        } else if let Some(values) = list_values(&array, row) {
            (array, row) = item_of(values, item)?;
        } else {
            return Ok((array, row));
        }
    }
}

fn item_of(values: ArrayRef, item: u32) -> Result<(ArrayRef, usize), String> {
    let item = item as usize;
    if item < values.len() { Ok((values, item)) } else { Err(format!("the list has no item {item}")) }
}

/// Where a batch of an Arrow file begins.
struct Start {
    first: u64,
    rows: u64,
    offset: u64,
}

/// The bytes of a cell of an Arrow file.
pub(in crate::dataset) fn arrow_cell(
    path: &Path,
    row: u64,
    column: &str,
    item: u32,
    limit: u64,
) -> Result<Vec<u8>, String> {
    let starts = kept(&BATCHES, path, || starts_of(path))?;
    let start = starts
        .iter()
        .find(|start| (start.first..start.first + start.rows).contains(&row))
        .ok_or_else(|| format!("there is no row {row}"))?;
    let mut messages = Messages::open(path)?;
    messages.offset = start.offset;
    let batch = messages.next()?.ok_or_else(|| format!("there is no row {row}"))?;
    let (decoded, holes) = messages.decode(&batch)?;
    let within = usize::try_from(row - start.first).map_err(|error| error.to_string())?;
    let (root, rest) = root_of(&decoded, column).ok_or_else(|| format!("there is no column {column}"))?;
    let (array, index, leaf) = dig(root, within, item, rest, column)?;
    if let Some(hole) = holes.iter().find(|hole| hole.column == leaf) {
        let (from, to) = range_of(&array, index).ok_or_else(|| "the cell is empty".to_owned())?;
        within_limit(to - from, limit)?;
        let mut bytes = vec![0; (to - from) as usize];
        messages.read_at(hole.offset + from, &mut bytes)?;
        return Ok(bytes);
    }
    let bytes = binary(&array, index).ok_or_else(|| "the cell is empty".to_owned())?;
    within_limit(bytes.len() as u64, limit)?;
    Ok(bytes.to_vec())
}

fn starts_of(path: &Path) -> Result<Vec<Start>, String> {
    let mut messages = Messages::open(path)?;
    let mut starts = Vec::new();
    let mut first = 0;
    loop {
        let offset = messages.offset;
        // A file that is cut off still has its first batches.
        let Ok(Some(batch)) = messages.next() else { return Ok(starts) };
        starts.push(Start { first, rows: batch.rows, offset });
        first += batch.rows;
    }
}

/// The top-level column that a path begins with, and the rest of the path.
fn root_of<'a>(batch: &arrow_array::RecordBatch, column: &'a str) -> Option<(ArrayRef, &'a str)> {
    batch.schema_ref().fields().iter().zip(batch.columns()).find_map(|(field, array)| {
        let rest = column.strip_prefix(field.name().as_str())?;
        (rest.is_empty() || rest.starts_with('.')).then(|| (Arc::clone(array), rest.trim_start_matches('.')))
    })
}

/// Goes down a path to the binary column at its end; also tells that column's whole path.
fn dig(
    mut array: ArrayRef,
    mut row: usize,
    item: u32,
    path: &str,
    column: &str,
) -> Result<(ArrayRef, usize, String), String> {
    let mut rest = path;
    let mut leaf = column.to_owned();
    loop {
        if array.is_null(row) {
            return Err("the cell is empty".to_owned());
        }
        if let Some(record) = array.as_struct_opt() {
            let child = record.column_names().into_iter().map(str::to_owned).find(|name| {
                rest.strip_prefix(name.as_str())
                    .is_some_and(|after| after.is_empty() || after.starts_with('.'))
            });
            let name = match child {
                Some(name) => {
                    rest = rest.get(name.len()..).unwrap_or_default().trim_start_matches('.');
                    name
                }
                None if rest.is_empty() => {
                    leaf.push_str(".bytes");
                    "bytes".to_owned()
                }
                None => return Err(format!("there is no column {column}")),
            };
            let found = record.column_by_name(&name).map(Arc::clone);
            array = found.ok_or_else(|| format!("there is no binary column {column}"))?;
        } else if let Some(values) = list_values(&array, row) {
            (array, row) = item_of(values, item)?;
        } else {
            return Ok((array, row, leaf));
        }
    }
}

/// The range of a binary value in its column's bytes.
fn range_of(array: &ArrayRef, row: usize) -> Option<(u64, u64)> {
    if array.is_null(row) {
        return None;
    }
    let range = match array.data_type() {
        DataType::Binary => {
            let offsets = array.as_binary_opt::<i32>()?.value_offsets();
            (i64::from(*offsets.get(row)?), i64::from(*offsets.get(row + 1)?))
        }
        DataType::LargeBinary => {
            let offsets = array.as_binary_opt::<i64>()?.value_offsets();
            (*offsets.get(row)?, *offsets.get(row + 1)?)
        }
        _ => return None,
    };
    Some((u64::try_from(range.0).ok()?, u64::try_from(range.1).ok()?)).filter(|(from, to)| from <= to)
}
