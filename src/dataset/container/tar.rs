//! WebDataset: an archive whose members are joined to samples by the name before the first dot.
//!
//! The headers are walked here and not by a crate, because what is wanted of a picture is only
//! where its bytes lie, and because a damaged header should cost one member and not the rest.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use super::input::{Counter, explain, open};
use super::json_cell::{last_wins, parse};
use super::sample::{Unit, Visit, megabytes};
use crate::dataset::cell::{Blob, Cell, Record};
use crate::dataset::source::{Compression, is_picture_name};
use crate::model::ImageRef;

const BLOCK: u64 = 512;
/// Samples that are kept open for members that come late.
const WINDOW: usize = 64;
/// A text member beyond this is not read.
const LONGEST_TEXT: u64 = 16 * 1024 * 1024;
/// A member of unknown kind is looked at for text up to this size.
const LONGEST_UNKNOWN: u64 = 64 * 1024;

enum Bytes {
    Seekable(BufReader<File>),
    Stream(Box<dyn Read>),
}

struct Archive {
    bytes: Bytes,
    counter: Option<Counter>,
    offset: u64,
}

impl Archive {
    fn open(visit: &Visit<'_>, compression: Compression) -> io::Result<Self> {
        if compression == Compression::Plain {
            let file = BufReader::with_capacity(64 * 1024, File::open(visit.path)?);
            return Ok(Self { bytes: Bytes::Seekable(file), counter: None, offset: 0 });
        }
        let (reader, counter) = open(visit.path, compression)?;
        Ok(Self { bytes: Bytes::Stream(reader), counter: Some(counter), offset: 0 })
    }

    fn passed(&self) -> u64 {
        self.counter.as_ref().map_or(self.offset, Counter::bytes)
    }

    /// Reads up to `length` bytes; fewer only at the end of the file.
    fn take(&mut self, length: u64) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        let read = match &mut self.bytes {
            Bytes::Seekable(file) => file.take(length).read_to_end(&mut out)?,
            Bytes::Stream(stream) => stream.take(length).read_to_end(&mut out)?,
        };
        self.offset += read as u64;
        Ok(out)
    }

    /// Passes over bytes; `false` where the file ends before.
    fn pass(&mut self, length: u64) -> io::Result<bool> {
        self.offset = self.offset.saturating_add(length);
        match &mut self.bytes {
            Bytes::Seekable(file) => {
                let end = file.get_ref().metadata()?.len();
                match i64::try_from(length) {
                    Ok(length) if self.offset <= end => file.seek_relative(length).map(|()| true),
                    _ => file.seek(SeekFrom::End(0)).map(|_| false),
                }
            }
            Bytes::Stream(stream) => Ok(io::copy(&mut stream.take(length), &mut io::sink())? == length),
        }
    }
}

/// A member of the archive.
struct Member {
    name: String,
    size: u64,
    kind: u8,
}

/// What a block of 512 bytes is.
enum Block {
    Header(Member),
    Zeros,
    Garbage,
}

fn read_block(block: &[u8]) -> Block {
    if block.iter().all(|byte| *byte == 0) {
        return Block::Zeros;
    }
    let sum: u64 = block
        .iter()
        .enumerate()
        .map(|(place, byte)| if (148..156).contains(&place) { 32 } else { u64::from(*byte) })
        .sum();
    let field = |from: usize, to: usize| block.get(from..to).unwrap_or_default();
    if octal(field(148, 156)) != Some(sum) {
        return Block::Garbage;
    }
    let Some(size) = number(field(124, 136)) else { return Block::Garbage };
    let mut name = text(field(0, 100));
    let prefix = text(field(345, 500));
    if field(257, 263) == b"ustar\0" && !prefix.is_empty() {
        name = format!("{prefix}/{name}");
    }
    Block::Header(Member { name, size, kind: block.get(156).copied().unwrap_or_default() })
}

/// Whether a file that begins so is an archive.
pub(in crate::dataset) fn is_archive(head: &[u8]) -> bool {
    head.get(..512).is_some_and(|block| matches!(read_block(block), Block::Header(_)))
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
}

fn octal(field: &[u8]) -> Option<u64> {
    let digits = text(field);
    let digits = digits.trim();
    if digits.is_empty() { Some(0) } else { u64::from_str_radix(digits, 8).ok() }
}

/// A number in octal digits, or in binary as GNU writes large ones.
fn number(field: &[u8]) -> Option<u64> {
    match field.first() {
        Some(first) if first & 0x80 != 0 => {
            let mut value = u64::from(first & 0x7f);
            for byte in field.iter().skip(1) {
                value = value.checked_mul(256)?.checked_add(u64::from(*byte))?;
            }
            Some(value)
        }
        _ => octal(field),
    }
}

/// `path` and `size` of a pax header.
fn pax(records: &[u8]) -> (Option<String>, Option<u64>) {
    let mut found = (None, None);
    for record in records.split(|byte| *byte == b'\n') {
        let record = String::from_utf8_lossy(record);
        let Some((_, pair)) = record.split_once(' ') else { continue };
        match pair.split_once('=') {
            Some(("path", path)) => found.0 = Some(path.to_owned()),
            Some(("size", size)) => found.1 = size.parse().ok(),
            _ => {}
        }
    }
    found
}

/// A sample that may still get members.
struct Sample {
    row: u64,
    position: u64,
    key: String,
    fields: Vec<(String, Cell)>,
}

/// Reads an archive; the row is the number of the sample, in the order of first members.
pub(super) fn read(visit: &mut Visit<'_>, compression: Compression) -> ControlFlow<()> {
    let mut archive = match Archive::open(visit, compression) {
        Ok(archive) => archive,
        Err(error) => return visit.skipped(Unit::File, None, explain(&error, compression)),
    };
    let mut walk = Walk { compression, window: VecDeque::new(), rows: 0, members: 0, broken: false };
    match walk.run(visit, &mut archive) {
        Ok(flow) => flow?,
        Err(error) => {
            walk.flush(visit)?;
            visit.skipped(Unit::Byte, Some(archive.offset), explain(&error, compression))?;
        }
    }
    walk.flush(visit)?;
    visit.passed(archive.passed())
}

struct Walk {
    compression: Compression,
    window: VecDeque<Sample>,
    rows: u64,
    members: u64,
    /// Whether we are in a stretch without headers that has been told of.
    broken: bool,
}

impl Walk {
    fn run(&mut self, visit: &mut Visit<'_>, archive: &mut Archive) -> io::Result<ControlFlow<()>> {
        let mut long_name = None;
        let mut long_size = None;
        loop {
            let offset = archive.offset;
            let block = archive.take(BLOCK)?;
            if block.is_empty() {
                return Ok(ControlFlow::Continue(()));
            }
            if (block.len() as u64) < BLOCK {
                return Ok(self.cut(visit, archive.offset, "the archive ends inside a header"));
            }
            let mut member = match read_block(&block) {
                Block::Zeros => continue,
                Block::Garbage => {
                    if !std::mem::replace(&mut self.broken, true)
                        && visit.skipped(Unit::Byte, Some(offset), "a damaged header").is_break()
                    {
                        return Ok(ControlFlow::Break(()));
                    }
                    continue;
                }
                Block::Header(member) => member,
            };
            self.broken = false;
            let padding = (BLOCK - member.size % BLOCK) % BLOCK;
            match member.kind {
                b'L' | b'x' if member.size <= 1024 * 1024 => {
                    let records = archive.take(member.size)?;
                    archive.pass(padding)?;
                    if member.kind == b'L' {
                        long_name = Some(text(&records));
                    } else {
                        let (path, size) = pax(&records);
                        long_name = path.or(long_name);
                        long_size = size;
                    }
                    continue;
                }
                _ => {}
            }
            member.name = long_name.take().unwrap_or(member.name);
            member.size = long_size.take().unwrap_or(member.size);
            let padding = (BLOCK - member.size % BLOCK) % BLOCK;
            if !matches!(member.kind, b'0' | 0 | b'7') {
                // Folders and links carry no bytes worth reading.
                if !archive.pass(member.size.saturating_add(padding))? {
                    return Ok(self.cut(visit, archive.offset, "the archive ends too early"));
                }
                continue;
            }
            self.members += 1;
            let Some(flow) = self.member(visit, archive, &member)? else {
                let reason = format!("the archive ends inside {}", member.name);
                return Ok(self.cut(visit, offset, &reason));
            };
            if flow.is_break() {
                return Ok(flow);
            }
            // The last member of an archive may lack its padding.
            if padding > 0 {
                archive.pass(padding)?;
            }
        }
    }

    fn cut(&mut self, visit: &mut Visit<'_>, offset: u64, reason: &str) -> ControlFlow<()> {
        self.flush(visit)?;
        visit.skipped(Unit::Byte, Some(offset), reason)
    }

    /// Takes one member in; none where the archive ends inside it.
    fn member(
        &mut self,
        visit: &mut Visit<'_>,
        archive: &mut Archive,
        member: &Member,
    ) -> io::Result<Option<ControlFlow<()>>> {
        let Some((key, extension)) = key_and_extension(&member.name) else {
            let whole = archive.pass(member.size)?;
            return Ok(whole.then_some(ControlFlow::Continue(())));
        };
        let row = self.row_of(key);
        let offset = archive.offset;
        let kind = Kind::of(&extension, member.size);
        let readable = row.unwrap_or(self.rows) >= visit.from_row && is_read(kind, member.size);
        let content = if readable {
            let content = archive.take(member.size)?;
            if (content.len() as u64) < member.size {
                return Ok(None);
            }
            Some(content)
        } else {
            if !archive.pass(member.size)? {
                return Ok(None);
            }
            None
        };
        let mut flow = ControlFlow::Continue(());
        if row.is_none() {
            flow = self.open_sample(visit, key, archive.passed());
        }
        if flow.is_break() {
            return Ok(Some(flow));
        }
        let fields = match self.fields(visit, member, &extension, kind, offset, content) {
            Ok(fields) => fields,
            Err(reason) => {
                return Ok(Some(visit.skipped(
                    Unit::Member,
                    Some(self.members),
                    format!("{}: {reason}", member.name),
                )));
            }
        };
        if let Some(sample) = self.window.iter_mut().rev().find(|sample| sample.key == key) {
            add(&mut sample.fields, &extension, fields);
        }
        Ok(Some(ControlFlow::Continue(())))
    }

    fn row_of(&self, key: &str) -> Option<u64> {
        self.window.iter().rev().find(|sample| sample.key == key).map(|sample| sample.row)
    }

    fn open_sample(&mut self, visit: &mut Visit<'_>, key: &str, passed: u64) -> ControlFlow<()> {
        if self.window.len() >= WINDOW
            && let Some(sample) = self.window.pop_front()
        {
            give(visit, sample)?;
        }
        let row = self.rows;
        self.rows += 1;
        self.window.push_back(Sample {
            row,
            position: self.members,
            key: key.to_owned(),
            fields: Vec::new(),
        });
        if row.is_multiple_of(64) { visit.passed(passed) } else { ControlFlow::Continue(()) }
    }

    fn flush(&mut self, visit: &mut Visit<'_>) -> ControlFlow<()> {
        while let Some(sample) = self.window.pop_front() {
            give(visit, sample)?;
        }
        ControlFlow::Continue(())
    }

    fn fields(
        &self,
        visit: &Visit<'_>,
        member: &Member,
        extension: &str,
        kind: Kind,
        offset: u64,
        content: Option<Vec<u8>>,
    ) -> Result<Vec<(String, Cell)>, String> {
        let field = |cell: Cell| vec![(extension.to_owned(), cell)];
        if kind == Kind::Binary {
            return Ok(field(self.blob(visit, member, offset)));
        }
        let Some(content) = content else {
            return match kind {
                _ if member.size > LONGEST_TEXT => {
                    Err(format!("{} of text, more than is read", megabytes(member.size)))
                }
                _ => Ok(Vec::new()),
            };
        };
        match (kind, String::from_utf8(content)) {
            (Kind::Unknown, Err(_)) => Ok(field(self.blob(visit, member, offset))),
            (_, Err(error)) => Err(format!("invalid UTF-8 at byte {}", error.utf8_error().valid_up_to() + 1)),
            (Kind::Json, Ok(text)) => match parse(text.trim().as_bytes(), None)? {
                Cell::Map(fields) if extension == "json" => Ok(fields),
                cell => Ok(field(cell)),
            },
            (_, Ok(text)) => Ok(field(Cell::Text(text))),
        }
    }

    fn blob(&self, visit: &Visit<'_>, member: &Member, offset: u64) -> Cell {
        let name = member.name.clone();
        let reference = if self.compression == Compression::Plain {
            ImageRef::Span { file: visit.path.to_path_buf(), name: name.clone(), offset, length: member.size }
        } else {
            let reason = "it lies in a compressed archive, where single members cannot be read; \
                          unpack the .gz or .zst to see it";
            ImageRef::Missing { name: name.clone(), reason: reason.to_owned() }
        };
        Cell::Blob(Blob { reference, name: Some(name) })
    }
}

fn give(visit: &mut Visit<'_>, sample: Sample) -> ControlFlow<()> {
    if sample.row < visit.from_row {
        return ControlFlow::Continue(());
    }
    visit.record(Record {
        row: sample.row,
        position: sample.position,
        table: None,
        key: Some(sample.key),
        span: None,
        cell: Cell::Map(last_wins(sample.fields)),
    })
}

/// Adds fields to a sample; one whose name is taken gets the member's extension before it.
fn add(fields: &mut Vec<(String, Cell)>, extension: &str, new: Vec<(String, Cell)>) {
    for (name, cell) in new {
        let taken = fields.iter().any(|(other, _)| *other == name);
        let name = if taken && extension != name { format!("{extension}.{name}") } else { name };
        fields.push((name, cell));
    }
}

fn is_read(kind: Kind, size: u64) -> bool {
    kind != Kind::Binary && size <= LONGEST_TEXT
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Json,
    Text,
    Binary,
    Unknown,
}

impl Kind {
    fn of(extension: &str, size: u64) -> Self {
        const TEXTS: &[&str] = &[
            "txt",
            "text",
            "caption",
            "cap",
            "cls",
            "cls2",
            "id",
            "idx",
            "index",
            "inx",
            "count",
            "url",
            "transcript",
            "xml",
            "csv",
            "tsv",
            "yaml",
            "yml",
            "md",
            "tags",
            "prompt",
        ];
        const BINARIES: &[&str] = &[
            "npy", "npz", "pth", "pt", "pyd", "pickle", "pkl", "mp4", "mp3", "wav", "flac", "webm", "bin",
            "ten",
        ];
        let last = extension.rsplit('.').next().unwrap_or_default();
        match last {
            "json" => Self::Json,
            _ if is_picture_name(&format!("x.{last}")) || BINARIES.contains(&last) => Self::Binary,
            _ if TEXTS.contains(&last) => Self::Text,
            _ if size <= LONGEST_UNKNOWN => Self::Unknown,
            _ => Self::Binary,
        }
    }
}

/// The sample that a member belongs to, and the rest of its name in lower case; none for members
/// that belong to none.
fn key_and_extension(name: &str) -> Option<(&str, String)> {
    let name = name.strip_prefix("./").unwrap_or(name);
    let base_at = name.rfind('/').map_or(0, |slash| slash + 1);
    let base = name.get(base_at..)?;
    let dot = base.find('.')?;
    if dot == 0 || base.starts_with("__") {
        return None;
    }
    let extension = base.get(dot + 1..)?;
    (!extension.is_empty())
        .then(|| (name.get(..base_at + dot).unwrap_or(name), extension.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_at_the_first_dot_of_the_base() {
        let given = |name| key_and_extension(name).map(|(key, extension)| (key.to_owned(), extension));
        let some = |key: &str, extension: &str| Some((key.to_owned(), extension.to_owned()));
        assert_eq!(given("0001.jpg"), some("0001", "jpg"));
        assert_eq!(given("./a.b/0001.seg.PNG"), some("a.b/0001", "seg.png"));
        assert_eq!(given("README"), None);
        assert_eq!(given("a/.hidden"), None);
        assert_eq!(given("a/x."), None);
    }

    #[test]
    fn large_sizes_are_read_in_binary() {
        assert_eq!(number(b"00000000017\0"), Some(15));
        assert_eq!(number(&[0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0]), Some(1 << 33));
        assert_eq!(number(&[0xff; 12]), None);
        assert_eq!(number(b"00000x"), None);
    }
}
