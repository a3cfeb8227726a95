//! Arrow's columns become cells; binary columns become addresses.

use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type,
    Decimal128Type, Decimal256Type, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType,
    DurationSecondType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Field, TimeUnit};
use rustc_hash::FxHashSet;

use crate::dataset::cell::{Blob, Cell};
use crate::model::ImageRef;

/// What is done with a column and what lies in it. Leaves are numbered depth first, as Parquet
/// does.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    /// It becomes a value.
    Plain,
    /// Bytes, which stay where they are.
    Binary(usize),
    /// A record of `bytes` and mostly `path`, as Hugging Face writes pictures; the leaf is that
    /// of the bytes.
    Picture(usize),
    /// A record.
    Struct(Vec<(String, Self)>),
    /// A list.
    List(Box<Self>),
}

impl Shape {
    /// The shape of a column, whose first leaf is `leaf`; that is moved on to the next column's.
    pub(super) fn of(field: &Field, leaf: &mut usize) -> Self {
        match field.data_type() {
            DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::FixedSizeBinary(_) => {
                *leaf += 1;
                Self::Binary(*leaf - 1)
            }
            DataType::Struct(fields) => {
                let shapes: Vec<(String, Self)> =
                    fields.iter().map(|field| (field.name().clone(), Self::of(field, leaf))).collect();
                let bytes = shapes.iter().find_map(|(name, shape)| match shape {
                    Self::Binary(leaf) if name == "bytes" => Some(*leaf),
                    _ => None,
                });
                let others = shapes.iter().all(|(name, _)| name == "bytes" || name == "path");
                match bytes {
                    Some(bytes) if others => Self::Picture(bytes),
                    _ => Self::Struct(shapes),
                }
            }
            DataType::List(item)
            | DataType::LargeList(item)
            | DataType::ListView(item)
            | DataType::LargeListView(item)
            | DataType::FixedSizeList(item, _) => Self::List(Box::new(Self::of(item, leaf))),
            DataType::Map(entries, _) => {
                Self::of(entries, leaf);
                Self::Plain
            }
            _ => {
                *leaf += 1;
                Self::Plain
            }
        }
    }

    /// Puts the leaves whose bytes need not be read into `left`. The bytes in a list without
    /// anything else in it are read, since only they tell how long the list is.
    pub(super) fn unread(
        &self,
        alone_in_list: bool,
        left: &mut FxHashSet<usize>,
        has_path: &dyn Fn(usize) -> bool,
    ) {
        match self {
            Self::Binary(leaf) if !alone_in_list => {
                left.insert(*leaf);
            }
            Self::Picture(leaf) if !alone_in_list || has_path(*leaf) => {
                left.insert(*leaf);
            }
            Self::Plain | Self::Binary(_) | Self::Picture(_) => {}
            Self::Struct(fields) => {
                let plain = fields.iter().any(|(_, shape)| matches!(shape, Self::Plain));
                for (_, shape) in fields {
                    shape.unread(alone_in_list && !plain, left, has_path);
                }
            }
            Self::List(item) => item.unread(true, left, has_path),
        }
    }
}

/// Where a cell stands, for the addresses of what is not read.
pub(super) struct Place<'a> {
    /// The file.
    pub(super) file: &'a Path,
    /// The row in the file.
    pub(super) row: u64,
    /// Leaves whose bytes are null in all the rows at hand.
    pub(super) absent: &'a FxHashSet<usize>,
}

/// A position below a top-level column.
#[derive(Clone)]
struct Below {
    column: String,
    item: u32,
    lists: u32,
}

/// The cell of a top-level column. `array` is none where nothing of the column was read.
pub(super) fn cell(
    name: &str,
    shape: &Shape,
    array: Option<&ArrayRef>,
    row: usize,
    place: &Place<'_>,
) -> Cell {
    let path = Below { column: name.to_owned(), item: 0, lists: 0 };
    shaped(shape, array, row, place, &path)
}

fn shaped(shape: &Shape, array: Option<&ArrayRef>, row: usize, place: &Place<'_>, path: &Below) -> Cell {
    if array.is_some_and(|array| array.is_null(row)) {
        return Cell::Null;
    }
    match (shape, array) {
        (Shape::Binary(leaf), _) if place.absent.contains(leaf) => Cell::Null,
        (Shape::Binary(_), _) => blob(place, path, None),
        (Shape::Picture(leaf), _) => picture(*leaf, array, row, place, path),
        (_, None) => Cell::Null,
        (Shape::Plain, Some(array)) => plain(array, row),
        (Shape::Struct(fields), Some(array)) => {
            let Some(record) = array.as_struct_opt() else { return Cell::Null };
            let field = |(name, shape): &(String, Shape)| {
                let below = Below { column: format!("{}.{name}", path.column), ..path.clone() };
                (name.clone(), shaped(shape, record.column_by_name(name), row, place, &below))
            };
            Cell::Map(fields.iter().map(field).collect())
        }
        (Shape::List(item), Some(array)) => {
            let Some(values) = list_values(array, row) else { return Cell::Null };
            let one = |index: usize| {
                let item_at = if path.lists == 0 { index as u32 } else { path.item };
                let below = Below { item: item_at, lists: path.lists + 1, ..path.clone() };
                shaped(item, Some(&values), index, place, &below)
            };
            Cell::List((0..values.len()).map(one).collect())
        }
    }
}

fn picture(leaf: usize, array: Option<&ArrayRef>, row: usize, place: &Place<'_>, path: &Below) -> Cell {
    let record = array.and_then(|array| array.as_struct_opt());
    let name = record
        .and_then(|record| record.column_by_name("path"))
        .filter(|paths| !paths.is_null(row))
        .and_then(|paths| match plain(paths, row) {
            Cell::Text(text) => Some(text),
            _ => None,
        });
    let bytes = record.and_then(|record| record.column_by_name("bytes"));
    let absent = bytes.map_or_else(|| place.absent.contains(&leaf), |bytes| bytes.is_null(row));
    match (absent, name) {
        (true, Some(name)) => Cell::Text(name),
        (true, None) => Cell::Null,
        (false, name) => blob(place, path, name),
    }
}

fn blob(place: &Place<'_>, path: &Below, name: Option<String>) -> Cell {
    let reference = if path.lists > 1 {
        ImageRef::Missing {
            name: name.clone().unwrap_or_else(|| path.column.clone()),
            reason: "it lies in a list of lists, which cannot be addressed".to_owned(),
        }
    } else {
        ImageRef::Cell {
            file: place.file.to_path_buf(),
            row: place.row,
            column: path.column.clone(),
            item: path.item,
        }
    };
    Cell::Blob(Blob { reference, name })
}

/// The values of the list in a row.
pub(super) fn list_values(array: &ArrayRef, row: usize) -> Option<ArrayRef> {
    match array.data_type() {
        DataType::List(_) => array.as_list_opt::<i32>().map(|list| list.value(row)),
        DataType::LargeList(_) => array.as_list_opt::<i64>().map(|list| list.value(row)),
        DataType::ListView(_) => array.as_list_view_opt::<i32>().map(|list| list.value(row)),
        DataType::LargeListView(_) => array.as_list_view_opt::<i64>().map(|list| list.value(row)),
        DataType::FixedSizeList(_, _) => array.as_fixed_size_list_opt().map(|list| list.value(row)),
        _ => None,
    }
}

/// The bytes of a binary value.
pub(super) fn binary(array: &ArrayRef, row: usize) -> Option<&[u8]> {
    if array.is_null(row) {
        return None;
    }
    match array.data_type() {
        DataType::Binary => array.as_binary_opt::<i32>().map(|bytes| bytes.value(row)),
        DataType::LargeBinary => array.as_binary_opt::<i64>().map(|bytes| bytes.value(row)),
        DataType::BinaryView => array.as_binary_view_opt().map(|bytes| bytes.value(row)),
        DataType::FixedSizeBinary(_) => array.as_fixed_size_binary_opt().map(|bytes| bytes.value(row)),
        _ => None,
    }
}

/// A value of a column that is no address.
pub(super) fn plain(array: &ArrayRef, row: usize) -> Cell {
    if array.is_null(row) {
        return Cell::Null;
    }
    match array.data_type() {
        DataType::Boolean => Cell::Bool(array.as_boolean().value(row)),
        DataType::Utf8 => Cell::Text(array.as_string::<i32>().value(row).to_owned()),
        DataType::LargeUtf8 => Cell::Text(array.as_string::<i64>().value(row).to_owned()),
        DataType::Utf8View => Cell::Text(array.as_string_view().value(row).to_owned()),
        DataType::Struct(fields) => {
            let record = array.as_struct();
            let cells = fields
                .iter()
                .zip(record.columns())
                .map(|(field, column)| (field.name().clone(), plain(column, row)));
            Cell::Map(cells.collect())
        }
        DataType::Map(_, _) => map(array, row),
        DataType::Dictionary(key, _) => dictionary(array, key, row),
        DataType::RunEndEncoded(ends, _) => run(array, ends.data_type(), row),
        DataType::Timestamp(_, _)
        | DataType::Date32
        | DataType::Date64
        | DataType::Time32(_)
        | DataType::Time64(_) => moment(array, row),
        kind if kind.is_nested() => match list_values(array, row) {
            Some(values) => Cell::List((0..values.len()).map(|index| plain(&values, index)).collect()),
            None => Cell::Null,
        },
        _ => match binary(array, row) {
            Some(bytes) => Cell::Text(String::from_utf8_lossy(bytes).into_owned()),
            None => number(array, row),
        },
    }
}

fn value<T: ArrowPrimitiveType>(array: &ArrayRef, row: usize) -> T::Native {
    array.as_primitive::<T>().value(row)
}

fn number(array: &ArrayRef, row: usize) -> Cell {
    let decimal = |text: String| text.parse().map_or(Cell::Text(text), Cell::Float);
    match array.data_type() {
        DataType::Int8 => Cell::Int(value::<Int8Type>(array, row).into()),
        DataType::Int16 => Cell::Int(value::<Int16Type>(array, row).into()),
        DataType::Int32 => Cell::Int(value::<Int32Type>(array, row).into()),
        DataType::Int64 => Cell::Int(value::<Int64Type>(array, row)),
        DataType::UInt8 => Cell::Int(value::<UInt8Type>(array, row).into()),
        DataType::UInt16 => Cell::Int(value::<UInt16Type>(array, row).into()),
        DataType::UInt32 => Cell::Int(value::<UInt32Type>(array, row).into()),
        DataType::UInt64 => {
            let value = value::<UInt64Type>(array, row);
            i64::try_from(value).map_or(Cell::Float(value as f64), Cell::Int)
        }
        DataType::Float16 => Cell::Float(value::<Float16Type>(array, row).to_f64()),
        DataType::Float32 => Cell::Float(widened(value::<Float32Type>(array, row))),
        DataType::Float64 => Cell::Float(value::<Float64Type>(array, row)),
        DataType::Decimal32(_, _) => decimal(array.as_primitive::<Decimal32Type>().value_as_string(row)),
        DataType::Decimal64(_, _) => decimal(array.as_primitive::<Decimal64Type>().value_as_string(row)),
        DataType::Decimal128(_, _) => decimal(array.as_primitive::<Decimal128Type>().value_as_string(row)),
        DataType::Decimal256(_, _) => decimal(array.as_primitive::<Decimal256Type>().value_as_string(row)),
        DataType::Duration(TimeUnit::Second) => Cell::Int(value::<DurationSecondType>(array, row)),
        DataType::Duration(TimeUnit::Millisecond) => Cell::Int(value::<DurationMillisecondType>(array, row)),
        DataType::Duration(TimeUnit::Microsecond) => Cell::Int(value::<DurationMicrosecondType>(array, row)),
        DataType::Duration(TimeUnit::Nanosecond) => Cell::Int(value::<DurationNanosecondType>(array, row)),
        other => Cell::Text(format!("({other})")),
    }
}

/// The number as its writer saw it: 0.1 and not 0.10000000149.
fn widened(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| f64::from(value))
}

macro_rules! moment_of {
    ($kind:ty, $method:ident, $array:expr, $row:expr) => {
        $array.as_primitive::<$kind>().$method($row).map(|moment| moment.to_string())
    };
}

fn moment(array: &ArrayRef, row: usize) -> Cell {
    let text = match array.data_type() {
        DataType::Timestamp(TimeUnit::Second, _) => {
            moment_of!(TimestampSecondType, value_as_datetime, array, row)
        }
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            moment_of!(TimestampMillisecondType, value_as_datetime, array, row)
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            moment_of!(TimestampMicrosecondType, value_as_datetime, array, row)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            moment_of!(TimestampNanosecondType, value_as_datetime, array, row)
        }
        DataType::Date32 => moment_of!(Date32Type, value_as_date, array, row),
        DataType::Date64 => moment_of!(Date64Type, value_as_date, array, row),
        DataType::Time32(TimeUnit::Second) => moment_of!(Time32SecondType, value_as_time, array, row),
        DataType::Time32(_) => moment_of!(Time32MillisecondType, value_as_time, array, row),
        DataType::Time64(TimeUnit::Microsecond) => {
            moment_of!(Time64MicrosecondType, value_as_time, array, row)
        }
        DataType::Time64(_) => moment_of!(Time64NanosecondType, value_as_time, array, row),
        _ => None,
    };
    text.map_or(Cell::Null, Cell::Text)
}

fn map(array: &ArrayRef, row: usize) -> Cell {
    let entries = array.as_map().value(row);
    let [keys, values] = entries.columns() else { return Cell::Null };
    let pair = |index: usize| {
        let key = match plain(keys, index) {
            Cell::Text(text) => text,
            Cell::Int(number) => number.to_string(),
            other => format!("{other:?}"),
        };
        (key, plain(values, index))
    };
    Cell::Map((0..entries.len()).map(pair).collect())
}

fn dictionary(array: &ArrayRef, key: &DataType, row: usize) -> Cell {
    match key {
        DataType::Int8 => looked_up::<Int8Type>(array, row),
        DataType::Int16 => looked_up::<Int16Type>(array, row),
        DataType::Int32 => looked_up::<Int32Type>(array, row),
        DataType::Int64 => looked_up::<Int64Type>(array, row),
        DataType::UInt8 => looked_up::<UInt8Type>(array, row),
        DataType::UInt16 => looked_up::<UInt16Type>(array, row),
        DataType::UInt32 => looked_up::<UInt32Type>(array, row),
        DataType::UInt64 => looked_up::<UInt64Type>(array, row),
        _ => Cell::Null,
    }
}

fn looked_up<K: ArrowDictionaryKeyType>(array: &ArrayRef, row: usize) -> Cell {
    let dictionary = array.as_dictionary::<K>();
    match dictionary.key(row) {
        Some(key) if key < dictionary.values().len() => plain(dictionary.values(), key),
        _ => Cell::Null,
    }
}

fn run(array: &ArrayRef, ends: &DataType, row: usize) -> Cell {
    match ends {
        DataType::Int16 => {
            let runs = array.as_run::<Int16Type>();
            plain(runs.values(), runs.get_physical_index(row))
        }
        DataType::Int32 => {
            let runs = array.as_run::<Int32Type>();
            plain(runs.values(), runs.get_physical_index(row))
        }
        DataType::Int64 => {
            let runs = array.as_run::<Int64Type>();
            plain(runs.values(), runs.get_physical_index(row))
        }
        _ => Cell::Null,
    }
}
