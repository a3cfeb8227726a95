//! Finds where JSON values begin and end, without parsing them and without recursion.
//!
//! The borders are found by counting brackets outside of strings. Where a value is broken the
//! count is no longer to be trusted: a forgotten quote turns the text inside out. The scanner
//! notices that by bytes that can stand only inside strings, and looks for the next element by its
//! opening: a brace and the same first name as in the broken one.

use std::io::{self, Read};
use std::path::Path;

use super::input::{Counter, LONGEST, find_byte, open};
use crate::dataset::source::Compression;

const CHUNK: usize = 256 * 1024;
/// Open brackets whose kind is remembered; deeper ones are only counted.
const KINDS: usize = 4096;
/// Bytes that may be read a second time after faults, so that a hostile file cannot make the
/// whole quadratic.
const SECOND_READINGS: u64 = 1 << 30;

/// What a byte outside of strings means.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    /// Part of a number, a word, or space.
    Plain,
    Quote,
    Open,
    Close,
    /// It cannot stand here.
    Illegal,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Illegal; 256];
    let plain = b" \t\r\n,:+-.0123456789eEtrufalsnNIity";
    let mut place = 0;
    while place < plain.len() {
        classes[plain[place] as usize] = Class::Plain;
        place += 1;
    }
    classes[b'"' as usize] = Class::Quote;
    classes[b'{' as usize] = Class::Open;
    classes[b'[' as usize] = Class::Open;
    classes[b'}' as usize] = Class::Close;
    classes[b']' as usize] = Class::Close;
    classes
};

/// How the scan of a value ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// At its end.
    Whole,
    /// At the end of the file, inside the value.
    Cut,
    /// At a byte that cannot stand there.
    Illegal,
}

/// Where a value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// First byte in the decompressed text.
    pub(super) offset: u64,
    /// Bytes that were passed.
    pub(super) length: u64,
    /// How the scan ended.
    pub(super) ending: Ending,
}

impl Extent {
    /// Whether the value is too long to be held.
    pub(super) fn too_long(&self) -> bool {
        self.length > LONGEST
    }
}

/// A cursor in a JSON text.
pub(super) struct Scanner {
    reader: Box<dyn Read>,
    counter: Counter,
    buffer: Vec<u8>,
    at: usize,
    offset: u64,
    second_readings: u64,
}

impl Scanner {
    /// Opens a file; a byte order mark is passed over.
    pub(super) fn open(path: &Path, compression: Compression) -> io::Result<Self> {
        let (reader, counter) = open(path, compression)?;
        Self::new(reader, counter)
    }

    /// Reads a text from the beginning.
    pub(super) fn new(reader: Box<dyn Read>, counter: Counter) -> io::Result<Self> {
        let mut scanner =
            Self { reader, counter, buffer: Vec::new(), at: 0, offset: 0, second_readings: SECOND_READINGS };
        while scanner.rest().len() < 3 && scanner.more()? {}
        if scanner.rest().starts_with(b"\xef\xbb\xbf") {
            scanner.advance(3);
        }
        Ok(scanner)
    }

    /// Bytes of the file read so far.
    pub(super) fn passed(&self) -> u64 {
        self.counter.bytes()
    }

    /// Bytes of the text before the cursor.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.at..).unwrap_or_default()
    }

    fn advance(&mut self, bytes: usize) {
        self.at = (self.at + bytes).min(self.buffer.len());
        self.offset += bytes as u64;
    }

    /// Reads on; `false` at the end of the file.
    fn more(&mut self) -> io::Result<bool> {
        self.buffer.drain(..self.at);
        self.at = 0;
        let held = self.buffer.len();
        self.buffer.resize(held + CHUNK, 0);
        let outcome = loop {
            match self.reader.read(self.buffer.get_mut(held..).unwrap_or_default()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        let read = *outcome.as_ref().unwrap_or(&0);
        self.buffer.truncate(held + read);
        outcome.map(|read| read > 0)
    }

    /// The next byte that is no space; none at the end of the file.
    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            if let Some(place) = self.rest().iter().position(|byte| !byte.is_ascii_whitespace()) {
                self.advance(place);
                return Ok(self.rest().first().copied());
            }
            self.advance(self.rest().len());
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    /// Passes over one byte.
    pub(super) fn bump(&mut self) {
        self.advance(1);
    }

    /// Goes on to this byte of the text.
    pub(super) fn skip_to(&mut self, offset: u64) -> io::Result<()> {
        while self.offset < offset {
            if self.rest().is_empty() && !self.more()? {
                break;
            }
            let left = usize::try_from(offset - self.offset).unwrap_or(usize::MAX);
            self.advance(left.min(self.rest().len()));
        }
        Ok(())
    }

    /// Passes over the next byte that is no space if it is `wanted`.
    pub(super) fn take(&mut self, wanted: u8) -> io::Result<bool> {
        let found = self.peek()? == Some(wanted);
        if found {
            self.bump();
        }
        Ok(found)
    }

    /// Passes over one value and puts its bytes into `out`, in place of what was there; what is
    /// longer than [`LONGEST`] is not held. The cursor must stand on the value's first byte.
    pub(super) fn value(&mut self, out: &mut Vec<u8>) -> io::Result<Extent> {
        self.value_up_to(out, LONGEST)
    }

    /// As [`Scanner::value`], giving up at `limit` bytes, where the ending is [`Ending::Cut`] and
    /// the cursor stays inside the value.
    pub(super) fn head_of_value(&mut self, out: &mut Vec<u8>, limit: u64) -> io::Result<Extent> {
        out.clear();
        self.scan(out, limit, true)
    }

    fn value_up_to(&mut self, out: &mut Vec<u8>, hold: u64) -> io::Result<Extent> {
        out.clear();
        self.scan(out, hold, false)
    }

    fn scan(&mut self, out: &mut Vec<u8>, hold: u64, stop_there: bool) -> io::Result<Extent> {
        let offset = self.offset;
        let mut walk = Walk::default();
        loop {
            if self.rest().is_empty() && !self.more()? {
                let ending = if walk.is_scalar() { Ending::Whole } else { Ending::Cut };
                return Ok(Extent { offset, length: self.offset - offset, ending });
            }
            let (used, ending) = walk.step(self.rest());
            let piece = self.rest().get(..used).unwrap_or_default();
            if self.offset - offset + used as u64 <= hold {
                out.extend_from_slice(piece);
            } else if stop_there {
                let room = (hold - (self.offset - offset)) as usize;
                out.extend_from_slice(piece.get(..room).unwrap_or_default());
                self.advance(room);
                return Ok(Extent { offset, length: hold, ending: Ending::Cut });
            } else {
                *out = Vec::new();
            }
            self.advance(used);
            if let Some(ending) = ending {
                return Ok(Extent { offset, length: self.offset - offset, ending });
            }
        }
    }

    /// Goes to the next element of an array after a broken one, whose bytes as far as they were
    /// held are `broken`. `false` where there is none.
    pub(super) fn resume(&mut self, broken: &[u8], extent: Extent) -> io::Result<bool> {
        let Some(name) = first_name(broken) else { return Ok(false) };
        let name = name.to_vec();
        let again = broken.len().saturating_sub(1);
        if extent.length == broken.len() as u64 && again as u64 <= self.second_readings {
            self.second_readings -= again as u64;
            self.push_back(broken.get(1..).unwrap_or_default());
        }
        self.seek_element(&name)
    }

    /// Goes back to the beginning of a value of which `head` was taken.
    pub(super) fn rewind(&mut self, head: &[u8], extent: Extent) {
        if extent.length == head.len() as u64 {
            self.push_back(head);
        }
    }

    /// Passes over one value, giving up once `limit` bytes of the file have been read.
    pub(super) fn pass_value(&mut self, out: &mut Vec<u8>, limit: u64) -> io::Result<Extent> {
        let room = limit.saturating_sub(self.offset);
        out.clear();
        let extent = self.scan(out, room, true)?;
        out.clear();
        Ok(extent)
    }

    fn push_back(&mut self, bytes: &[u8]) {
        let mut buffer = Vec::with_capacity(bytes.len() + self.rest().len());
        buffer.extend_from_slice(bytes);
        buffer.extend_from_slice(self.rest());
        self.buffer = buffer;
        self.at = 0;
        self.offset -= bytes.len() as u64;
    }

    /// Goes to the next `} , { "name"`, onto the second brace.
    fn seek_element(&mut self, name: &[u8]) -> io::Result<bool> {
        let mut before = (0_u8, 0_u8);
        loop {
            let Some(byte) = self.peek()? else { return Ok(false) };
            if byte == b'{' && before == (b'}', b',') && self.begins_with(name)? {
                return Ok(true);
            }
            before = (before.1, byte);
            self.bump();
        }
    }

    /// Whether an object with this first name, quotes included, begins at the cursor.
    fn begins_with(&mut self, name: &[u8]) -> io::Result<bool> {
        while self.rest().len() < name.len() + 256 && self.more()? {}
        Ok(first_name(self.rest()) == Some(name))
    }
}

/// The first name in an object, quotes included.
pub(super) fn first_name(object: &[u8]) -> Option<&[u8]> {
    let inside = object.strip_prefix(b"{")?.trim_ascii_start();
    let after = inside.strip_prefix(b"\"")?;
    let end = after.iter().take(256).position(|byte| *byte == b'"')?;
    inside.get(..end + 2)
}

/// The state of a scan between two pieces of a value.
#[derive(Default)]
struct Walk {
    /// Whether the value is a number or word; none before its first byte.
    scalar: Option<bool>,
    inside: bool,
    escaped: bool,
    depth: u64,
    kinds: Vec<u8>,
}

impl Walk {
    fn is_scalar(&self) -> bool {
        self.scalar == Some(true)
    }

    /// Bytes of `piece` that belong to the value, and its ending if it ended.
    fn step(&mut self, piece: &[u8]) -> (usize, Option<Ending>) {
        let mut place = 0;
        let delimited = matches!(piece.first(), Some(b'"' | b'{' | b'['));
        if *self.scalar.get_or_insert(!delimited) {
            return scalar_end(piece);
        }
        while place < piece.len() {
            if self.inside {
                place += self.pass_string(piece.get(place..).unwrap_or_default());
                if !self.inside && self.depth == 0 {
                    return (place, Some(Ending::Whole));
                }
                continue;
            }
            let rest = piece.get(place..).unwrap_or_default();
            let Some(skip) = rest.iter().position(|byte| CLASSES[usize::from(*byte)] != Class::Plain) else {
                return (piece.len(), None);
            };
            place += skip + 1;
            let byte = rest.get(skip).copied().unwrap_or_default();
            match CLASSES[usize::from(byte)] {
                Class::Quote => self.inside = true,
                Class::Open => self.open(byte),
                Class::Close => match self.close(byte) {
                    Some(true) => return (place, Some(Ending::Whole)),
                    Some(false) => {}
                    None => return (place, Some(Ending::Illegal)),
                },
                Class::Plain => {}
                Class::Illegal => return (place, Some(Ending::Illegal)),
            }
        }
        (piece.len(), None)
    }

    fn open(&mut self, byte: u8) {
        self.depth += 1;
        if self.kinds.len() < KINDS {
            self.kinds.push(byte);
        }
    }

    /// Whether the value ends with this bracket; none where it closes nothing that is open.
    fn close(&mut self, byte: u8) -> Option<bool> {
        self.depth = self.depth.checked_sub(1)?;
        if self.depth < self.kinds.len() as u64 {
            let open = self.kinds.pop()?;
            if (open == b'{') != (byte == b'}') {
                return None;
            }
        }
        Some(self.depth == 0)
    }

    /// Bytes up to the end of the string or of the piece.
    fn pass_string(&mut self, piece: &[u8]) -> usize {
        let mut place = 0;
        if self.escaped && !piece.is_empty() {
            self.escaped = false;
            place = 1;
        }
        loop {
            let rest = piece.get(place..).unwrap_or_default();
            let Some(skip) = find_quote(rest) else { return piece.len() };
            place += skip + 1;
            if rest.get(skip) == Some(&b'"') {
                self.inside = false;
                return place;
            }
            if place == piece.len() {
                self.escaped = true;
                return place;
            }
            place += 1;
        }
    }
}

fn scalar_end(piece: &[u8]) -> (usize, Option<Ending>) {
    let end =
        |byte: &u8| matches!(byte, b',' | b']' | b'}' | b'{' | b'[' | b'"') || byte.is_ascii_whitespace();
    match piece.iter().position(end) {
        Some(place) => (place, Some(Ending::Whole)),
        None => (piece.len(), None),
    }
}

/// First quote or backslash. Whole blocks are compared at once.
fn find_quote(bytes: &[u8]) -> Option<usize> {
    const BLOCK: usize = 16;
    let wanted = |byte: &u8| *byte == b'"' || *byte == b'\\';
    let mut place = 0;
    for block in bytes.chunks(BLOCK) {
        if block.iter().fold(0_u8, |any, byte| any | u8::from(wanted(byte))) > 0 {
            return block.iter().position(wanted).map(|inside| place + inside);
        }
        place += block.len();
    }
    None
}

/// The name of a member: its text without quotes, and the colon after it passed over. None where
/// there is no name.
pub(super) fn member_name(scanner: &mut Scanner, out: &mut Vec<u8>) -> io::Result<Option<String>> {
    if scanner.peek()? != Some(b'"') {
        return Ok(None);
    }
    let extent = scanner.value(out)?;
    if extent.ending != Ending::Whole || extent.too_long() || !scanner.take(b':')? {
        return Ok(None);
    }
    Ok(match super::json_cell::parse(out, None) {
        Ok(crate::dataset::cell::Cell::Text(name)) => Some(name),
        _ => Some(String::from_utf8_lossy(out).trim_matches('"').to_owned()),
    })
}

/// Whether a long stretch has no line end, which tells a text from binary data with few lines.
pub(super) fn has_line_end(bytes: &[u8]) -> bool {
    find_byte(b'\n', bytes).is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scanner(text: &[u8]) -> Scanner {
        Scanner::new(Box::new(io::Cursor::new(text.to_vec())), Counter::default()).unwrap()
    }

    fn first(text: &str) -> (String, Ending) {
        let mut out = Vec::new();
        let mut scanner = scanner(text.as_bytes());
        scanner.peek().unwrap();
        let extent = scanner.value(&mut out).unwrap();
        assert_eq!(extent.length as usize, out.len());
        (String::from_utf8(out).unwrap(), extent.ending)
    }

    #[test]
    fn values_end_where_they_end() {
        let table = [
            ("1,2", "1", Ending::Whole),
            ("  true]", "true", Ending::Whole),
            ("12", "12", Ending::Whole),
            (r#""a\"b\\",1"#, r#""a\"b\\""#, Ending::Whole),
            (r#"{"a":[1,{"}":"]"}]},"#, r#"{"a":[1,{"}":"]"}]}"#, Ending::Whole),
            (r#"{"a":1"#, r#"{"a":1"#, Ending::Cut),
            (r#""abc"#, r#""abc"#, Ending::Cut),
            (r#"{"a":[1}"#, r#"{"a":[1}"#, Ending::Illegal),
            (r#"{"a":dog}"#, r#"{"a":d"#, Ending::Illegal),
        ];
        for (given, expected, ending) in table {
            assert_eq!(first(given), (expected.to_owned(), ending), "{given}");
        }
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
        assert_eq!(first(&deep), (deep, Ending::Whole));
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            ".{0,12}".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::vec((".{0,6}", inner), 0..6)
                    .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn elements_are_those_that_a_parser_finds(values in prop::collection::vec(json(), 0..8), pretty: bool) {
            let text = if pretty { serde_json::to_string_pretty(&values) } else { serde_json::to_string(&values) };
            let text = text.unwrap();
            let values: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
            let mut scanner = scanner(text.as_bytes());
            let mut out = Vec::new();
            let mut found = Vec::new();
            prop_assert!(scanner.take(b'[').unwrap());
            while scanner.peek().unwrap() != Some(b']') {
                let extent = scanner.value(&mut out).unwrap();
                prop_assert_eq!(extent.ending, Ending::Whole);
                found.push(serde_json::from_slice::<serde_json::Value>(&out).unwrap());
                scanner.take(b',').unwrap();
            }
            prop_assert_eq!(found, values);
        }

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut scanner = scanner(&bytes);
            let mut out = Vec::new();
            while scanner.peek().unwrap().is_some() {
                let extent = scanner.value(&mut out).unwrap();
                let resumed = extent.ending != Ending::Whole && scanner.resume(&out, extent).unwrap();
                if extent.length == 0 && !resumed {
                    scanner.bump();
                }
            }
        }
    }
}
