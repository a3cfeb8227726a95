//! What a reader finds, and the visitor that it tells.

use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::dataset::cell::Record;

/// News from a reader.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Found {
    /// A record.
    Record(Record),
    /// A stretch of the file that gave no record.
    Skipped(Skipped),
    /// Bytes of the shard's file that were read so far, for the progress.
    Passed(u64),
}

/// A record, or a stretch of several, that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The file, as it was opened.
    pub file: String,
    /// What `position` counts.
    pub unit: Unit,
    /// Which one, from 1 (bytes from 0); none where the whole file is meant.
    pub position: Option<u64>,
    /// Why, in words for the user.
    pub reason: String,
}

/// What the position of a [`Skipped`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Unit {
    /// Lines of a text file.
    Line,
    /// Rows of a table.
    Row,
    /// Elements of a JSON array.
    Element,
    /// Members of a JSON object or of an archive.
    Member,
    /// Bytes.
    Byte,
    /// Files of a folder.
    File,
}

impl Unit {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Row => "row",
            Self::Element => "element",
            Self::Member => "member",
            Self::Byte => "byte",
            Self::File => "file",
        }
    }
}

impl fmt::Display for Skipped {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(position) => write!(out, "{}:{} {position}: {}", self.file, self.unit.name(), self.reason),
            None => write!(out, "{}: {}", self.file, self.reason),
        }
    }
}

/// A reader's errand: what to read, and whom to tell.
pub(super) struct Visit<'a> {
    /// The shard's file or folder.
    pub(super) path: &'a Path,
    /// The first row that is wanted.
    pub(super) from_row: u64,
    /// The columns that are wanted; all where there is none.
    pub(super) wanted: Option<&'a [String]>,
    /// Who is told.
    pub(super) sink: &'a mut dyn FnMut(Found) -> ControlFlow<()>,
}

impl Visit<'_> {
    /// Tells of a record.
    pub(super) fn record(&mut self, record: Record) -> ControlFlow<()> {
        (self.sink)(Found::Record(record))
    }

    /// Tells how far the file has been read.
    pub(super) fn passed(&mut self, bytes: u64) -> ControlFlow<()> {
        (self.sink)(Found::Passed(bytes))
    }

    /// Tells of something in the shard's own file that could not be read.
    pub(super) fn skipped(
        &mut self,
        unit: Unit,
        position: Option<u64>,
        reason: impl Into<String>,
    ) -> ControlFlow<()> {
        let path = self.path;
        self.skipped_in(path, unit, position, reason)
    }

    /// Tells of something in another file of the shard.
    pub(super) fn skipped_in(
        &mut self,
        path: &Path,
        unit: Unit,
        position: Option<u64>,
        reason: impl Into<String>,
    ) -> ControlFlow<()> {
        let file = path.display().to_string();
        (self.sink)(Found::Skipped(Skipped { file, unit, position, reason: reason.into() }))
    }

    /// Whether anybody will look at this column.
    pub(super) fn wants(&self, column: &str) -> bool {
        self.wanted.is_none_or(|wanted| wanted.iter().any(|name| name == column))
    }
}

/// A number of bytes for people.
pub(super) fn megabytes(bytes: u64) -> Cow<'static, str> {
    match bytes {
        0..1_000 => format!("{bytes} bytes").into(),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000).into(),
        _ => format!("{} MB", bytes / 1_000_000).into(),
    }
}

/// The text at a JSON pointer inside one record's source, if there is one.
pub(in crate::dataset) fn pointed_text(source: &[u8], pointer: &str) -> Result<String, String> {
    let value: serde_json::Value = serde_json::from_slice(source).map_err(|error| error.to_string())?;
    match value.pointer(pointer) {
        Some(serde_json::Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(format!("{pointer} is no text")),
        None => Err(format!("{pointer} is not there")),
    }
}
