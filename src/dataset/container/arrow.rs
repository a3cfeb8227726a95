//! Arrow IPC, the stream and the file: batches of rows, without the bytes of pictures.
//!
//! Both are a sequence of messages; the file has a magic word before it and a table of contents
//! after it, which is not needed. The messages are walked here because the ordinary readers read
//! whole batches: here the bytes of binary columns are left out, and the hole is zeros that the
//! system never has to provide.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::{read_dictionary, read_record_batch};
use arrow_ipc::{MessageHeader, MetadataVersion, root_as_message};
use arrow_schema::{DataType, Field, SchemaRef};
use rustc_hash::FxHashSet;

use super::caught::caught;
use super::sample::{Unit, Visit};
use super::tree::{Place, Shape, cell};
use crate::dataset::cell::{Cell, Record};

/// The header of a message beyond this is taken for damage.
const LONGEST_HEADER: u64 = 64 * 1024 * 1024;

/// Where the bytes of a binary column lie in its batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    /// The column, from the root of the schema, its lists left out: `images.bytes`.
    pub(super) column: String,
    /// First byte in the file.
    pub(super) offset: u64,
}

/// A batch of rows that has not been decoded.
pub(super) struct Batch {
    header: Vec<u8>,
    body: u64,
    body_length: u64,
    /// Rows in it.
    pub(super) rows: u64,
}

/// A walk through the messages of a file.
pub(super) struct Messages {
    file: File,
    size: u64,
    /// Where the next message begins.
    pub(super) offset: u64,
    /// The columns.
    pub(super) schema: SchemaRef,
    dictionaries: HashMap<i64, ArrayRef>,
}

impl Messages {
    /// Opens a file and reads its schema.
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        let mut file = File::open(path).map_err(|error| unreadable(&error))?;
        let size = file.metadata().map_err(|error| unreadable(&error))?.len();
        let mut magic = Vec::new();
        (&mut file).take(8).read_to_end(&mut magic).map_err(|error| unreadable(&error))?;
        let offset = if magic.starts_with(b"ARROW1") { 8 } else { 0 };
        let schema = Arc::new(arrow_schema::Schema::empty());
        let mut messages = Self { file, size, offset, schema, dictionaries: HashMap::new() };
        // The magic word of a file is padded, by some writers to 64 bytes.
        while (8..64).contains(&messages.offset) && messages.word(messages.offset)? == Some(0) {
            messages.offset += 8;
        }
        let Some((header, _, body)) = messages.message()? else {
            return Err("broken Arrow: no schema".to_owned());
        };
        messages.offset = body;
        let schema = caught(|| {
            let message = root_as_message(&header).map_err(|error| broken(&error))?;
            let schema = message.header_as_schema().ok_or_else(|| "broken Arrow: no schema".to_owned())?;
            try_fb_to_schema(schema).map_err(|error| broken(&error))
        })?;
        messages.schema = Arc::new(schema);
        Ok(messages)
    }

    /// The header of the next message, the length of its body and where that begins; none at the
    /// end.
    fn message(&mut self) -> Result<Option<(Vec<u8>, u64, u64)>, String> {
        let Some(mut length) = self.word(self.offset)? else { return Ok(None) };
        let mut start = self.offset + 4;
        if length == u32::MAX {
            let Some(next) = self.word(start)? else { return Err(cut()) };
            length = next;
            start += 4;
        }
        if length == 0 {
            return Ok(None);
        }
        let length = u64::from(length);
        if length > LONGEST_HEADER || start + length > self.size {
            return Err(cut());
        }
        let mut header = vec![0; length as usize];
        self.read_at(start, &mut header)?;
        let body = start + length;
        let body_length = caught(|| {
            let message = root_as_message(&header).map_err(|error| broken(&error))?;
            u64::try_from(message.bodyLength()).map_err(|error| broken(&error))
        })?;
        if body_length > self.size - body {
            return Err(cut());
        }
        Ok(Some((header, body_length, body)))
    }

    fn word(&mut self, offset: u64) -> Result<Option<u32>, String> {
        if offset + 4 > self.size {
            return Ok(None);
        }
        let mut word = [0; 4];
        self.read_at(offset, &mut word)?;
        Ok(Some(u32::from_le_bytes(word)))
    }

    /// Fills `out` from a place in the file.
    pub(super) fn read_at(&mut self, offset: u64, out: &mut [u8]) -> Result<(), String> {
        let read = self.file.seek(SeekFrom::Start(offset)).and_then(|_| self.file.read_exact(out));
        read.map_err(|error| unreadable(&error))
    }

    /// The next batch of rows; dictionaries before it are taken in.
    pub(super) fn next(&mut self) -> Result<Option<Batch>, String> {
        loop {
            let Some((header, body_length, body)) = self.message()? else { return Ok(None) };
            self.offset = body + body_length;
            let message = root_as_message(&header).map_err(|error| broken(&error))?;
            match message.header_type() {
                MessageHeader::RecordBatch => {
                    let rows = message.header_as_record_batch().map_or(0, |batch| batch.length());
                    let rows = u64::try_from(rows).map_err(|error| broken(&error))?;
                    return Ok(Some(Batch { header, body, body_length, rows }));
                }
                MessageHeader::DictionaryBatch => self.take_dictionary(&header, body, body_length)?,
                _ => {}
            }
        }
    }

    fn take_dictionary(&mut self, header: &[u8], body: u64, body_length: u64) -> Result<(), String> {
        let mut bytes = vec![0; body_length as usize];
        self.read_at(body, &mut bytes)?;
        let schema = Arc::clone(&self.schema);
        let dictionaries = &mut self.dictionaries;
        caught(|| {
            let message = root_as_message(header).map_err(|error| broken(&error))?;
            let Some(batch) = message.header_as_dictionary_batch() else { return Ok(()) };
            read_dictionary(&bytes.into(), batch, &schema, dictionaries, &message.version())
                .map_err(|error| broken(&error))
        })
    }

    /// Decodes a batch with the bytes of binary columns left out where that can be done; and
    /// where those lie.
    pub(super) fn decode(&mut self, batch: &Batch) -> Result<(RecordBatch, Vec<Hole>), String> {
        let message = root_as_message(&batch.header).map_err(|error| broken(&error))?;
        let version: MetadataVersion = message.version();
        let Some(records) = message.header_as_record_batch() else { return Err("broken Arrow".to_owned()) };
        let mut bytes = vec![0_u8; batch.body_length as usize];
        let mut holes = Vec::new();
        let mut walk = Buffers::default();
        let walked = records.compression().is_none()
            && self.schema.fields().iter().all(|field| walk.field(field, field.name()));
        if !walked {
            walk.binary.clear();
        }
        for (place, buffer) in records.buffers().iter().flatten().enumerate() {
            let range = u64::try_from(buffer.offset()).ok().zip(u64::try_from(buffer.length()).ok());
            let Some((offset, length)) = range.filter(|(offset, length)| {
                offset.checked_add(*length).is_some_and(|end| end <= batch.body_length)
            }) else {
                return Err("broken Arrow: a buffer lies outside of its batch".to_owned());
            };
            if let Some((_, column)) = walk.binary.iter().find(|(buffer, _)| *buffer == place) {
                holes.push(Hole { column: column.clone(), offset: batch.body + offset });
                continue;
            }
            let target = bytes.get_mut(offset as usize..(offset + length) as usize).unwrap_or_default();
            self.read_at(batch.body + offset, target)?;
        }
        let schema = Arc::clone(&self.schema);
        let dictionaries = &self.dictionaries;
        let decoded = caught(|| {
            read_record_batch(&bytes.into(), records, schema, dictionaries, None, &version)
                .map_err(|error| broken(&error))
        })?;
        Ok((decoded, holes))
    }
}

/// Counts buffers as they follow each other in a batch.
#[derive(Default)]
struct Buffers {
    next: usize,
    /// Buffers with the bytes of binary columns, and the columns.
    binary: Vec<(usize, String)>,
}

impl Buffers {
    /// Passes over the buffers of a field; `false` where their number is not known beforehand.
    fn field(&mut self, field: &Field, column: &str) -> bool {
        match field.data_type() {
            DataType::Null => true,
            DataType::Binary | DataType::LargeBinary => {
                self.binary.push((self.next + 2, column.to_owned()));
                self.pass(3)
            }
            DataType::Utf8 | DataType::LargeUtf8 => self.pass(3),
            DataType::Struct(fields) => {
                self.pass(1)
                    && fields.iter().all(|field| self.field(field, &format!("{column}.{}", field.name())))
            }
            DataType::List(item) | DataType::LargeList(item) => self.pass(2) && self.field(item, column),
            DataType::FixedSizeList(item, _) => self.pass(1) && self.field(item, column),
            DataType::Map(entries, _) => {
                // Keys and values become text, so their bytes are needed.
                let known = self.binary.len();
                let walked = self.pass(2) && self.field(entries, column);
                self.binary.truncate(known);
                walked
            }
            DataType::Dictionary(_, _) | DataType::FixedSizeBinary(_) | DataType::Boolean => self.pass(2),
            kind if kind.is_primitive() => self.pass(2),
            _ => false,
        }
    }

    fn pass(&mut self, buffers: usize) -> bool {
        self.next += buffers;
        true
    }
}

fn cut() -> String {
    "the Arrow file ends too early".to_owned()
}

fn broken(error: &dyn std::fmt::Display) -> String {
    format!("broken Arrow: {error}")
}

fn unreadable(error: &io::Error) -> String {
    format!("it could not be read: {error}")
}

/// Reads the file; the row is the row in the file.
pub(super) fn read(visit: &mut Visit<'_>) -> ControlFlow<()> {
    let mut messages = match Messages::open(visit.path) {
        Ok(messages) => messages,
        Err(reason) => return visit.skipped(Unit::File, None, reason),
    };
    let mut leaf = 0;
    let schema = Arc::clone(&messages.schema);
    let columns: Vec<(String, Shape)> =
        schema.fields().iter().map(|field| (field.name().clone(), Shape::of(field, &mut leaf))).collect();
    let mut first = 0;
    loop {
        let batch = match messages.next() {
            Ok(Some(batch)) => batch,
            Ok(None) => return visit.passed(messages.offset),
            Err(reason) => return visit.skipped(Unit::Row, Some(first + 1), reason),
        };
        let end = first + batch.rows;
        if end > visit.from_row {
            match messages.decode(&batch) {
                Ok((decoded, _)) => tell(visit, &columns, &decoded, first)?,
                Err(reason) => {
                    let reason = format!("{reason}; rows {} to {end} are left out", first + 1);
                    visit.skipped(Unit::Row, Some(first + 1), reason)?;
                }
            }
        }
        first = end;
        visit.passed(messages.offset)?;
    }
}

fn tell(
    visit: &mut Visit<'_>,
    columns: &[(String, Shape)],
    batch: &RecordBatch,
    first: u64,
) -> ControlFlow<()> {
    let absent = FxHashSet::default();
    let skip = visit.from_row.saturating_sub(first) as usize;
    for index in skip..batch.num_rows() {
        let row = first + index as u64;
        let place = Place { file: visit.path, row, absent: &absent };
        let fields = columns
            .iter()
            .zip(batch.columns())
            .filter(|((name, _), _)| visit.wants(name))
            .map(|((name, shape), array)| (name.clone(), cell(name, shape, Some(array), index, &place)))
            .collect();
        visit.record(Record {
            row,
            position: row + 1,
            table: None,
            key: None,
            span: None,
            cell: Cell::Map(fields),
        })?;
    }
    ControlFlow::Continue(())
}
