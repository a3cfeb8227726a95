//! A raw record, whatever container it came from.

use crate::model::ImageRef;

/// One value of a raw record.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// `null`, a missing value.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Self>),
    /// A record, in the order of the data.
    Map(Vec<(String, Self)>),
    /// Binary data that was not read.
    Blob(Blob),
}

/// Binary data left where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Where to read it.
    pub reference: ImageRef,
    /// The file name that the data gives it.
    pub name: Option<String>,
}

/// One record of a container before anybody asked what its fields mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Running number in its file, from 0, the same on every reading.
    pub row: u64,
    /// Line, row, element or member as a person counts it, from 1.
    pub position: u64,
    /// For a JSON object of parallel tables: the table it stands in (`annotations`).
    pub table: Option<String>,
    /// The key under which it stands: of a JSON object, of a tar sample, the stem of a picture.
    pub key: Option<String>,
    /// First byte and length in an uncompressed file, where a record is a stretch of text.
    pub span: Option<(u64, u64)>,
    /// The record, mostly a [`Cell::Map`].
    pub cell: Cell,
}
