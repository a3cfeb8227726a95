//! Tables as text: separated by commas, tabs, semicolons or bars, with a header or without.
//!
//! Not the `csv` crate: one forgotten quote would make it take the rest of the file for one
//! field. Here a record whose quote is not closed nearby, or that would get the wrong number of
//! fields by it, is taken line by line instead.

use std::collections::VecDeque;
use std::io;
use std::ops::ControlFlow;

use super::input::{LONGEST, Line, Lines, explain};
use super::sample::{Unit, Visit, megabytes};
use crate::dataset::cell::{Cell, Record};
use crate::dataset::native::MARK;
use crate::dataset::source::{Compression, Dialect, looks_like_picture};

/// Lines that a quoted field may go on over.
const QUOTED_LINES: usize = 200;
/// Bytes that a quoted field may go on over.
const QUOTED_BYTES: usize = 128 * 1024;
/// Records between two words about the progress.
const PASSED_EVERY: u64 = 256;

struct Held {
    line: Vec<u8>,
    offset: u64,
    length: u64,
    number: u64,
}

struct Rows<'a> {
    lines: Lines,
    /// Lines read ahead in search of a closing quote.
    ahead: VecDeque<Held>,
    number: u64,
    dialect: &'a Dialect,
    /// What went wrong while reading ahead.
    failed: Option<io::Error>,
}

impl Rows<'_> {
    fn line(&mut self) -> io::Result<Option<Held>> {
        if let Some(held) = self.ahead.pop_front() {
            return Ok(Some(held));
        }
        self.fresh()
    }

    fn fresh(&mut self) -> io::Result<Option<Held>> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let mut line = Vec::new();
        let Some(Line { offset, length, .. }) = self.lines.next(&mut line)? else { return Ok(None) };
        self.number += 1;
        Ok(Some(Held { line, offset, length, number: self.number }))
    }

    /// The next record: one line, or several where a quoted field goes on. Blank lines are passed.
    fn next(&mut self) -> io::Result<Option<Held>> {
        let Some(mut first) = self.line()? else { return Ok(None) };
        while first.length == 0 {
            let Some(next) = self.line()? else { return Ok(None) };
            first = next;
        }
        if !self.dialect.quoted || first.length > LONGEST || !left_open(&first.line, self.dialect.delimiter) {
            return Ok(Some(first));
        }
        Ok(Some(self.joined(&first).unwrap_or(first)))
    }

    /// The record that begins with `first` and goes on in later lines; none, with nothing
    /// consumed, where that leads nowhere.
    fn joined(&mut self, first: &Held) -> Option<Held> {
        let mut whole = first.line.clone();
        let mut taken = 0;
        let mut quoting = Quoting::default();
        quoting.pass(&first.line, self.dialect.delimiter);
        while taken < QUOTED_LINES && whole.len() < QUOTED_BYTES {
            if taken == self.ahead.len() {
                match self.fresh() {
                    Ok(next) => self.ahead.push_back(next?),
                    Err(error) => {
                        self.failed = Some(error);
                        return None;
                    }
                }
            }
            let next = self.ahead.get(taken)?;
            taken += 1;
            whole.push(b'\n');
            whole.extend_from_slice(&next.line);
            quoting.pass(b"\n", self.dialect.delimiter);
            quoting.pass(&next.line, self.dialect.delimiter);
            if quoting.stray {
                return None;
            }
            if quoting.state != State::Inside {
                let length = next.offset + next.length - first.offset;
                if split(&whole, self.dialect).len() != self.dialect.columns {
                    return None;
                }
                self.ahead.drain(..taken);
                return Some(Held { line: whole, offset: first.offset, length, number: first.number });
            }
        }
        None
    }
}

/// Whether a quoted field is still open at the end of the text.
fn left_open(text: &[u8], delimiter: u8) -> bool {
    let mut quoting = Quoting::default();
    quoting.pass(text, delimiter);
    quoting.state == State::Inside
}

/// Where in a field we are.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Start,
    Bare,
    /// Inside of quotes.
    Inside,
    /// After a quote that may be the closing one.
    Closing,
}

/// The state of quotes after a stretch of text.
#[derive(Clone, Copy, Default)]
struct Quoting {
    state: State,
    /// Whether a quote inside of quotes was not doubled.
    stray: bool,
}

impl Quoting {
    fn pass(&mut self, text: &[u8], delimiter: u8) {
        for byte in text {
            self.state = match (self.state, *byte) {
                (State::Inside, b'"') => State::Closing,
                (State::Start | State::Closing, b'"') | (State::Inside, _) => State::Inside,
                (_, byte) if byte == delimiter => State::Start,
                (State::Closing, _) => {
                    self.stray = true;
                    State::Inside
                }
                (State::Start | State::Bare, _) => State::Bare,
            };
        }
    }
}

/// One field, and what comes after its delimiter.
struct Field<'a> {
    raw: &'a [u8],
    quoted: bool,
}

fn next_field(text: &[u8], delimiter: u8, quotes: bool) -> (Field<'_>, Option<&[u8]>) {
    if quotes && text.first() == Some(&b'"') {
        let mut place = 1;
        while let Some(skip) = text.get(place..).unwrap_or_default().iter().position(|byte| *byte == b'"') {
            place += skip + 1;
            match text.get(place) {
                Some(b'"') => place += 1,
                None => return (Field { raw: inner(text, 1, place - 1), quoted: true }, None),
                Some(byte) if *byte == delimiter => {
                    let field = Field { raw: inner(text, 1, place - 1), quoted: true };
                    return (field, text.get(place + 1..));
                }
                // A quote inside of quotes that somebody forgot to double.
                Some(_) => {}
            }
        }
        return (Field { raw: inner(text, 0, text.len()), quoted: false }, None);
    }
    match text.iter().position(|byte| *byte == delimiter) {
        Some(end) => (Field { raw: inner(text, 0, end), quoted: false }, text.get(end + 1..)),
        None => (Field { raw: text, quoted: false }, None),
    }
}

fn inner(text: &[u8], from: usize, to: usize) -> &[u8] {
    text.get(from..to).unwrap_or_default()
}

/// The fields of a record, with what was in quotes marked.
fn split<'a>(record: &'a [u8], dialect: &Dialect) -> Vec<(&'a [u8], bool)> {
    let quotes = dialect.quoted && !left_open(record, dialect.delimiter);
    let mut fields = Vec::new();
    let mut rest = record;
    loop {
        if !dialect.quoted && fields.len() + 1 == dialect.columns {
            fields.push((rest, false));
            return fields;
        }
        let (field, after) = next_field(rest, dialect.delimiter, quotes);
        fields.push((field.raw, field.quoted));
        match after {
            Some(after) => rest = after,
            None => return fields,
        }
    }
}

/// Reads a table; the row is the number of the record from 0, the header not counted.
pub(super) fn read(visit: &mut Visit<'_>, compression: Compression, dialect: &Dialect) -> ControlFlow<()> {
    let lines = match Lines::open(visit.path, compression) {
        Ok(lines) => lines,
        Err(error) => return visit.skipped(Unit::File, None, explain(&error, compression)),
    };
    let mut rows = Rows { lines, ahead: VecDeque::new(), number: 0, dialect, failed: None };
    let mut header_to_come = dialect.header.is_some();
    let mut row = 0;
    loop {
        let held = match rows.next() {
            Ok(Some(held)) => held,
            Ok(None) => break,
            Err(error) => {
                visit.skipped(Unit::Line, Some(rows.number + 1), explain(&error, compression))?;
                break;
            }
        };
        if std::mem::take(&mut header_to_come) {
            continue;
        }
        if row >= visit.from_row {
            tell(visit, compression, dialect, row, &held)?;
        }
        row += 1;
        if row % PASSED_EVERY == 0 {
            visit.passed(rows.lines.passed())?;
        }
    }
    visit.passed(rows.lines.passed())
}

fn tell(
    visit: &mut Visit<'_>,
    compression: Compression,
    dialect: &Dialect,
    row: u64,
    held: &Held,
) -> ControlFlow<()> {
    let position = Some(held.number);
    if held.length > LONGEST {
        let reason = format!("{} in one record, more than is read", megabytes(held.length));
        return visit.skipped(Unit::Line, position, reason);
    }
    if let Err(error) = std::str::from_utf8(&held.line) {
        let reason = format!("invalid UTF-8 at byte {} of the record", error.valid_up_to() + 1);
        return visit.skipped(Unit::Line, position, reason);
    }
    let fields = split(&held.line, dialect);
    if fields.len() > dialect.columns || (fields.len() == 1 && dialect.columns > 1) {
        let reason = format!("{} where there should be {}", counted(fields.len()), dialect.columns);
        return visit.skipped(Unit::Line, position, reason);
    }
    let cells = fields
        .iter()
        .enumerate()
        .map(|(place, (raw, quoted))| (dialect.name(place), place, *raw, *quoted))
        .filter(|(name, ..)| visit.wants(name))
        .map(|(name, _, raw, quoted)| (name, cell(raw, quoted, dialect)))
        .collect();
    let span = (compression == Compression::Plain).then_some((held.offset, held.length));
    visit.record(Record { row, position: held.number, table: None, key: None, span, cell: Cell::Map(cells) })
}

fn counted(fields: usize) -> String {
    if fields == 1 { "1 field".to_owned() } else { format!("{fields} fields") }
}

fn cell(raw: &[u8], quoted: bool, dialect: &Dialect) -> Cell {
    let text = String::from_utf8_lossy(raw);
    if quoted {
        return Cell::Text(text.replace("\"\"", "\""));
    }
    let text = if dialect.trimmed { text.trim() } else { text.as_ref() };
    if text.is_empty() {
        return Cell::Null;
    }
    number(text).unwrap_or_else(|| Cell::Text(text.to_owned()))
}

/// The number that a text is in its usual spelling; `007` and `1e5` stay texts, being rather ids.
fn number(text: &str) -> Option<Cell> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) =
        digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || (whole.len() > 1 && whole.starts_with('0')) || whole.len() > 18 {
        return None;
    }
    match fraction {
        None => text.parse().ok().map(Cell::Int),
        Some(fraction) => {
            let (mantissa, exponent) = fraction
                .split_once(['e', 'E'])
                .map_or((fraction, None), |(mantissa, rest)| (mantissa, Some(rest)));
            let exponent_is_fine = exponent
                .is_none_or(|exponent| all_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)));
            let value: f64 = text.parse().ok()?;
            (all_digits(mantissa) && exponent_is_fine && value.is_finite()).then_some(Cell::Float(value))
        }
    }
}

/// Lines of the head that are looked at.
const SNIFFED: usize = 50;

/// How the table in the head of a text is written; an error says why it is no table. `hint` is
/// the file's extension in lower case.
pub(in crate::dataset) fn sniff(head: &[u8], whole: bool, hint: &str) -> Result<Dialect, String> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let end =
        if whole { head.len() } else { head.iter().rposition(|byte| *byte == b'\n').unwrap_or(head.len()) };
    let text = head.get(..end).unwrap_or_default();
    let lines: Vec<&[u8]> = text
        .split(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .filter(|line| !line.is_empty())
        .take(SNIFFED)
        .collect();
    if lines.is_empty() {
        return Err("it is empty".to_owned());
    }
    if let Some(dialect) = own(text) {
        return Ok(dialect);
    }
    let candidates: &[u8] = match hint {
        "csv" => b",;\t|",
        _ => b"\t|,;",
    };
    let by_name = matches!(hint, "csv" | "tsv");
    let best = candidates
        .iter()
        .filter_map(|delimiter| judge(text, &lines, *delimiter))
        .reduce(|best, other| if other.1 > best.1 + 0.05 { other } else { best });
    let dialect = match best {
        Some((dialect, _)) => with_header(&dialect, &lines, text),
        None if by_name => {
            let delimiter = if hint == "tsv" { b'\t' } else { b',' };
            let single =
                Dialect { delimiter, quoted: hint == "csv", trimmed: false, header: None, columns: 1 };
            with_header(&single, &lines, text)
        }
        None => return Err("it is text, but no table".to_owned()),
    };
    if by_name || convincing(&dialect, &lines) {
        Ok(dialect)
    } else {
        Err("it is text, but no table".to_owned())
    }
}

/// The dialect of tables that this program has written, which is known by their first line.
fn own(text: &[u8]) -> Option<Dialect> {
    let line = text.split(|byte| *byte == b'\n').next()?;
    let line = std::str::from_utf8(line.strip_suffix(b"\r").unwrap_or(line)).ok()?;
    [b',', b'\t'].into_iter().find_map(|delimiter| {
        let sign = char::from(delimiter);
        if !line.starts_with(&format!("{MARK}{sign}id{sign}")) || line.contains('"') {
            return None;
        }
        let header: Vec<String> = line.split(sign).map(str::to_owned).collect();
        let columns = header.len();
        Some(Dialect { delimiter, quoted: true, trimmed: false, header: Some(header), columns })
    })
}

/// The dialect with this delimiter, and the share of lines that agree with it.
fn judge(text: &[u8], lines: &[&[u8]], delimiter: u8) -> Option<(Dialect, f64)> {
    let quoted = match delimiter {
        b'|' => false,
        b'\t' => tab_quotes(lines),
        _ => true,
    };
    let mut dialect =
        Dialect { delimiter, quoted, trimmed: delimiter == b'|', header: None, columns: usize::MAX };
    let first = split(&first_record(text, &dialect), &dialect).len();
    if first < 2 {
        return None;
    }
    dialect.columns = first;
    let records =
        if quoted { records_of(text, delimiter) } else { lines.iter().map(|line| line.to_vec()).collect() };
    let counting = Dialect { columns: usize::MAX, ..dialect.clone() };
    let agrees = |fields: usize| fields == first || (!quoted && fields > first);
    let agreeing = records.iter().filter(|record| agrees(split(record, &counting).len())).count();
    let share = agreeing as f64 / records.len().max(1) as f64;
    (share >= 0.7).then_some((dialect, share))
}

/// In tab-separated text quotes are mostly part of the captions; they delimit only where every
/// field that begins with one is well formed.
fn tab_quotes(lines: &[&[u8]]) -> bool {
    let opening = |field: &&[u8]| field.len() > 1 && field.starts_with(b"\"");
    let well_formed = |field: &[u8]| {
        let inside = inner(field, 1, field.len().saturating_sub(1));
        field.ends_with(b"\"") && inside.split(|byte| *byte == b'"').count() % 2 == 1
    };
    let mut quoted =
        lines.iter().flat_map(|line| line.split(|byte| *byte == b'\t')).filter(opening).peekable();
    quoted.peek().is_some() && quoted.all(well_formed)
}

fn first_record(text: &[u8], dialect: &Dialect) -> Vec<u8> {
    if dialect.quoted {
        return records_of(text, dialect.delimiter).into_iter().next().unwrap_or_default();
    }
    let line = text.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty());
    let line = line.unwrap_or_default();
    line.strip_suffix(b"\r").unwrap_or(line).to_vec()
}

/// The first records of a text whose quoted fields may go on over lines.
fn records_of(text: &[u8], delimiter: u8) -> Vec<Vec<u8>> {
    let mut records = Vec::new();
    let mut record: Vec<u8> = Vec::new();
    for line in text.split(|byte| *byte == b'\n').take(SNIFFED * 4) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if record.is_empty() {
            record.extend_from_slice(line);
        } else {
            record.push(b'\n');
            record.extend_from_slice(line);
        }
        if record.len() > QUOTED_BYTES || !left_open(&record, delimiter) {
            if !record.is_empty() {
                records.push(std::mem::take(&mut record));
            }
            if records.len() == SNIFFED {
                break;
            }
        }
    }
    // A field that stays open to the end of what was looked at is the cut, not a record.
    records
}

/// The dialect with the names of the first record, if they are names.
fn with_header(dialect: &Dialect, lines: &[&[u8]], text: &[u8]) -> Dialect {
    let record = first_record(text, dialect);
    let first: Vec<String> = split(&record, dialect)
        .iter()
        .map(|(raw, _)| String::from_utf8_lossy(raw).replace("\"\"", "\"").trim().to_owned())
        .collect();
    let names =
        first.iter().enumerate().all(|(place, name)| is_name(name) || (place == 0 && name.is_empty()));
    let differ =
        first.iter().enumerate().all(|(place, name)| !first.iter().take(place).any(|other| other == name));
    let single = dialect.columns == 1;
    let header = (names && differ && (!single || lines.len() > 1)).then(|| {
        let name = |(place, name): (usize, &String)| match name.as_str() {
            "" => format!("column_{}", place + 1),
            name => name.to_owned(),
        };
        first.iter().enumerate().map(name).collect()
    });
    Dialect { header, ..dialect.clone() }
}

/// Whether a field of the first record is rather the name of a column than a value.
fn is_name(text: &str) -> bool {
    let is_value = looks_like_picture(text)
        || text.contains("://")
        || text.contains(['#', '\n'])
        || number(text).is_some()
        || text.bytes().all(|byte| byte.is_ascii_digit());
    !text.is_empty()
        && text.len() <= 64
        && !is_value
        && !text.ends_with(['.', '!', '?'])
        && text.split_whitespace().count() <= 4
        && text.chars().any(char::is_alphabetic)
}

/// Whether a text without a telling extension is a table: it names pictures or addresses, or has
/// a header of short names.
fn convincing(dialect: &Dialect, lines: &[&[u8]]) -> bool {
    let mentions = |line: &&&[u8]| {
        split(line, dialect).iter().any(|(raw, _)| {
            let text = String::from_utf8_lossy(raw);
            let name = text.trim().split('#').next().unwrap_or_default();
            looks_like_picture(name) || text.trim().starts_with("http")
        })
    };
    let mentioning = lines.iter().filter(mentions).count();
    let enough = mentioning * 2 >= lines.len().saturating_sub(1).max(1);
    let one_word = |name: &String| !name.contains(' ');
    let header = dialect.header.as_ref().is_some_and(|names| names.iter().all(one_word) && lines.len() > 1);
    enough || (header && dialect.delimiter != b',') || (header && dialect.columns > 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(text: &str, hint: &str) -> Result<Dialect, String> {
        sniff(text.as_bytes(), true, hint)
    }

    fn names(text: &str, hint: &str) -> (char, Option<Vec<String>>, usize) {
        let dialect = dialect(text, hint).unwrap();
        (dialect.delimiter as char, dialect.header, dialect.columns)
    }

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn tables_are_recognised_by_their_content() {
        let flickr = "image,caption\na.jpg,A child .\nb.jpg,\"A boy , looking \"\"off\"\" .\"\n";
        assert_eq!(names(flickr, "txt"), (',', Some(header(&["image", "caption"])), 2));
        assert_eq!(names("a.jpg#0\tA dog, barking\na.jpg#1\tTwo, three, dogs\n", "token"), ('\t', None, 2));
        let bars = "image_name| comment_number| comment\na.jpg| 0| A dog , yes\nb.jpg| 1| Cat | dog\n";
        assert_eq!(names(bars, "csv"), ('|', Some(header(&["image_name", "comment_number", "comment"])), 3));
        assert_eq!(
            names("a dog runs\thttp://x.y/z.jpg\na \"cat\thttp://x.y/w.jpg\n", "tsv"),
            ('\t', None, 2)
        );
        assert_eq!(names("text\nhello world\n", "csv"), (',', Some(header(&["text"])), 1));
        assert!(dialect("Dear reader, this is text.\nIt goes on, and on.\n", "txt").is_err());
        assert!(dialect("", "csv").is_err());
    }

    #[test]
    fn numbers_are_read_only_in_their_usual_spelling() {
        let table = [
            ("1", Some(Cell::Int(1))),
            ("-12", Some(Cell::Int(-12))),
            ("0.50", Some(Cell::Float(0.5))),
            ("1.0e-3", Some(Cell::Float(0.001))),
            ("007", None),
            ("1e5", None),
            ("1,000", None),
            ("nan", None),
            ("-", None),
            ("1234567890123456789012", None),
        ];
        for (given, expected) in table {
            assert_eq!(number(given), expected, "{given}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
            for hint in ["csv", "tsv", "txt"] {
                if let Ok(dialect) = sniff(&bytes, true, hint) {
                    for line in bytes.split(|byte| *byte == b'\n') {
                        assert!(!split(line, &dialect).is_empty());
                    }
                }
            }
        }
    }
}
