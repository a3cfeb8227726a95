//! JSON Lines, arrays, objects of tables, dictionaries and single records.

use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::input::{Counter, Lines, explain};
use super::json_cell::parse;
use super::json_scan::{Ending, Extent, Scanner, has_line_end, member_name};
use super::sample::{Unit, Visit, megabytes};
use crate::dataset::cell::{Cell, Record};
use crate::dataset::source::{Compression, Container, looks_like_picture};

/// Records between two words about the progress.
const PASSED_EVERY: u64 = 256;

/// Reads JSON Lines: a record a line, the row being the line's number from 0.
pub(super) fn lines(visit: &mut Visit<'_>, compression: Compression) -> ControlFlow<()> {
    let mut lines = match Lines::open(visit.path, compression) {
        Ok(lines) => lines,
        Err(error) => return visit.skipped(Unit::File, None, explain(&error, compression)),
    };
    let mut row = 0;
    while row < visit.from_row {
        match lines.pass() {
            Ok(true) => row += 1,
            Ok(false) => return visit.passed(lines.passed()),
            Err(error) => return visit.skipped(Unit::Line, Some(row + 1), explain(&error, compression)),
        }
    }
    let mut line = Vec::new();
    loop {
        let head = match lines.next(&mut line) {
            Ok(Some(head)) => head,
            Ok(None) => break,
            Err(error) => {
                visit.skipped(Unit::Line, Some(row + 1), explain(&error, compression))?;
                break;
            }
        };
        let extent = Extent { offset: head.offset, length: head.length, ending: Ending::Whole };
        let place = Place { row, position: row + 1, unit: Unit::Line, compression };
        if head.length > 0 && !line_is_blank(&line, extent) {
            let cut = !head.ended && parse(&line, Some(&[])).is_err() && !extent.too_long();
            if cut {
                visit.skipped(Unit::Line, Some(row + 1), "the file ends inside this line")?;
            } else {
                tell(visit, &place, &line, extent, None, None)?;
            }
        }
        row += 1;
        if row % PASSED_EVERY == 0 {
            visit.passed(lines.passed())?;
        }
    }
    visit.passed(lines.passed())
}

fn line_is_blank(line: &[u8], extent: Extent) -> bool {
    !extent.too_long() && line.iter().all(u8::is_ascii_whitespace)
}

/// Where a record stands.
struct Place {
    row: u64,
    position: u64,
    unit: Unit,
    compression: Compression,
}

/// Tells of the record in `source`, or of the reason why it is none.
fn tell(
    visit: &mut Visit<'_>,
    place: &Place,
    source: &[u8],
    extent: Extent,
    table: Option<&str>,
    key: Option<&str>,
) -> ControlFlow<()> {
    if extent.too_long() {
        let reason = format!("{} in one record, more than is read", megabytes(extent.length));
        return visit.skipped(place.unit, Some(place.position), reason);
    }
    match parse(source, visit.wanted) {
        Ok(cell) => {
            let span = (place.compression == Compression::Plain).then_some((extent.offset, extent.length));
            visit.record(Record {
                row: place.row,
                position: place.position,
                table: table.map(str::to_owned),
                key: key.map(str::to_owned),
                span,
                cell,
            })
        }
        Err(reason) => visit.skipped(place.unit, Some(place.position), in_table(table, reason)),
    }
}

fn in_table(table: Option<&str>, reason: String) -> String {
    match table {
        Some(table) => format!("in {table}: {reason}"),
        None => reason,
    }
}

/// Opens the scanner and turns errors of the file into news.
fn scan(
    visit: &mut Visit<'_>,
    compression: Compression,
    body: impl FnOnce(&mut Visit<'_>, &mut Scanner) -> io::Result<ControlFlow<()>>,
) -> ControlFlow<()> {
    let mut scanner = match Scanner::open(visit.path, compression) {
        Ok(scanner) => scanner,
        Err(error) => return visit.skipped(Unit::File, None, explain(&error, compression)),
    };
    match body(visit, &mut scanner) {
        Ok(flow) => flow?,
        Err(error) => {
            visit.skipped(Unit::Byte, Some(scanner.offset()), explain(&error, compression))?;
        }
    }
    visit.passed(scanner.passed())
}

/// Passes a [`ControlFlow::Break`] up through an [`io::Result`].
macro_rules! go_on {
    ($flow:expr) => {
        if $flow.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    };
}

/// Reads an array, or values that follow each other without one.
pub(super) fn array(visit: &mut Visit<'_>, compression: Compression) -> ControlFlow<()> {
    scan(visit, compression, |visit, scanner| {
        let bracketed = scanner.take(b'[')?;
        let mut row = 0;
        let list = List { table: None, bracketed, compression };
        go_on!(elements(visit, scanner, &list, &mut row)?);
        if scanner.peek()?.is_some() {
            let reason = "the array ended, what comes after it was left out";
            return Ok(visit.skipped(Unit::Byte, Some(scanner.offset()), reason));
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// What is known of a list before its elements are read.
struct List<'a> {
    table: Option<&'a str>,
    bracketed: bool,
    compression: Compression,
}

/// Reads the elements of a list whose bracket has been passed over, and its closing bracket.
fn elements(
    visit: &mut Visit<'_>,
    scanner: &mut Scanner,
    list: &List<'_>,
    row: &mut u64,
) -> io::Result<ControlFlow<()>> {
    let mut source = Vec::new();
    let mut position = 0;
    loop {
        match scanner.peek()? {
            None if list.bracketed => {
                let reason = in_table(list.table, "the file ends inside the array".to_owned());
                return Ok(visit.skipped(Unit::Byte, Some(scanner.offset()), reason));
            }
            None => return Ok(ControlFlow::Continue(())),
            Some(b']') if list.bracketed => {
                scanner.bump();
                return Ok(ControlFlow::Continue(()));
            }
            Some(b',') => {
                scanner.bump();
                continue;
            }
            Some(_) => {}
        }
        position += 1;
        let place = Place { row: *row, position, unit: Unit::Element, compression: list.compression };
        let extent = scanner.value(&mut source)?;
        // In an object of tables, lists of plain values are no tables.
        let counts = list.table.is_none() || source.first().is_none_or(|byte| *byte == b'{');
        if counts {
            *row += 1;
        }
        if extent.ending == Ending::Whole && extent.length > 0 {
            if counts && place.row >= visit.from_row {
                go_on!(tell(visit, &place, &source, extent, list.table, None));
            }
        } else {
            if place.row >= visit.from_row {
                let reason = in_table(list.table, fault(extent));
                go_on!(visit.skipped(Unit::Element, Some(position), reason));
            }
            if !scanner.resume(&source, extent)? {
                let reason = in_table(list.table, "no later element could be made out".to_owned());
                return Ok(visit.skipped(Unit::Byte, Some(scanner.offset()), reason));
            }
        }
        if place.row.is_multiple_of(PASSED_EVERY) {
            go_on!(visit.passed(scanner.passed()));
        }
    }
}

fn fault(extent: Extent) -> String {
    match extent.ending {
        Ending::Cut => format!("broken JSON: it has no end ({})", megabytes(extent.length)),
        _ => format!("broken JSON after {} bytes", extent.length.saturating_sub(1)),
    }
}

/// Reads the arrays of objects in an object of tables; other members are passed over.
pub(super) fn tables(visit: &mut Visit<'_>, compression: Compression) -> ControlFlow<()> {
    scan(visit, compression, |visit, scanner| {
        let mut row = 0;
        members(visit, scanner, |visit, scanner, name, source| {
            if scanner.peek()? == Some(b'[') {
                scanner.bump();
                let list = List { table: Some(name), bracketed: true, compression };
                return elements(visit, scanner, &list, &mut row);
            }
            let extent = scanner.value(source)?;
            Ok(match extent.ending {
                Ending::Whole => ControlFlow::Continue(()),
                _ => visit.skipped(Unit::Byte, Some(extent.offset), in_table(Some(name), fault(extent))),
            })
        })
    })
}

/// Reads the members of an object as records.
pub(super) fn dict(visit: &mut Visit<'_>, compression: Compression) -> ControlFlow<()> {
    scan(visit, compression, |visit, scanner| {
        let mut row = 0;
        members(visit, scanner, |visit, scanner, name, source| {
            let extent = scanner.value(source)?;
            let place = Place { row, position: row + 1, unit: Unit::Member, compression };
            row += 1;
            if row % PASSED_EVERY == 0 {
                go_on!(visit.passed(scanner.passed()));
            }
            if place.row < visit.from_row {
                return Ok(ControlFlow::Continue(()));
            }
            if extent.ending != Ending::Whole {
                return Ok(visit.skipped(Unit::Member, Some(place.position), fault(extent)));
            }
            if source.first() == Some(&b'{') {
                return Ok(tell(visit, &place, source, extent, None, Some(name)));
            }
            Ok(tell_value(visit, &place, source, extent, name))
        })
    })
}

/// Tells of a member that is no object: a record with the one field `value`.
fn tell_value(
    visit: &mut Visit<'_>,
    place: &Place,
    source: &[u8],
    extent: Extent,
    name: &str,
) -> ControlFlow<()> {
    let row = place.row;
    let position = place.position;
    let unit = place.unit;
    let span = (place.compression == Compression::Plain).then_some((extent.offset, extent.length));
    let outcome = if extent.too_long() {
        Err(format!("{} in one record, more than is read", megabytes(extent.length)))
    } else {
        parse(source, None)
    };
    match outcome {
        Ok(cell) => visit.record(Record {
            row,
            position,
            table: None,
            key: Some(name.to_owned()),
            span,
            cell: Cell::Map(vec![("value".to_owned(), cell)]),
        }),
        Err(reason) => visit.skipped(unit, Some(position), reason),
    }
}

/// Walks through the members of the object at the cursor; `member` passes over the value.
fn members(
    visit: &mut Visit<'_>,
    scanner: &mut Scanner,
    mut member: impl FnMut(&mut Visit<'_>, &mut Scanner, &str, &mut Vec<u8>) -> io::Result<ControlFlow<()>>,
) -> io::Result<ControlFlow<()>> {
    let mut source = Vec::new();
    if !scanner.take(b'{')? {
        return Ok(visit.skipped(Unit::Byte, Some(scanner.offset()), "an object should begin here"));
    }
    loop {
        match scanner.peek()? {
            None => {
                let reason = "the file ends inside the object";
                return Ok(visit.skipped(Unit::Byte, Some(scanner.offset()), reason));
            }
            Some(b'}') => {
                scanner.bump();
                return Ok(ControlFlow::Continue(()));
            }
            Some(b',') => {
                scanner.bump();
                continue;
            }
            Some(_) => {}
        }
        let before = scanner.offset();
        let Some(name) = member_name(scanner, &mut source)? else {
            let reason = "broken JSON: the name of a member should stand here, the rest was left out";
            return Ok(visit.skipped(Unit::Byte, Some(before), reason));
        };
        scanner.peek()?;
        go_on!(member(visit, scanner, &name, &mut source)?);
    }
}

/// Reads files that hold one record each.
pub(super) fn records(visit: &mut Visit<'_>, compression: Compression, files: &[PathBuf]) -> ControlFlow<()> {
    let mut passed = 0;
    let mut source = Vec::new();
    for (row, file) in files.iter().enumerate().skip(visit.from_row as usize) {
        let place = Place { row: row as u64, position: row as u64 + 1, unit: Unit::File, compression };
        let outcome = Scanner::open(file, compression).and_then(|mut scanner| {
            scanner.peek()?;
            let extent = scanner.value(&mut source)?;
            passed += scanner.passed();
            Ok(extent)
        });
        match outcome {
            Err(error) => visit.skipped_in(file, Unit::File, None, explain(&error, compression))?,
            Ok(extent) if extent.ending != Ending::Whole => {
                visit.skipped_in(file, Unit::File, None, fault(extent))?;
            }
            Ok(extent) => tell_file(visit, &place, file, &source, extent)?,
        }
        visit.passed(passed)?;
    }
    ControlFlow::Continue(())
}

fn tell_file(
    visit: &mut Visit<'_>,
    place: &Place,
    file: &Path,
    source: &[u8],
    extent: Extent,
) -> ControlFlow<()> {
    if extent.too_long() {
        let reason = format!("{} in one record, more than is read", megabytes(extent.length));
        return visit.skipped_in(file, Unit::File, None, reason);
    }
    match parse(source, visit.wanted) {
        Ok(cell) => visit.record(Record {
            row: place.row,
            position: place.position,
            table: None,
            key: file.file_stem().map(|stem| stem.to_string_lossy().into_owned()),
            span: None,
            cell,
        }),
        Err(reason) => visit.skipped_in(file, Unit::File, None, reason),
    }
}

/// Bytes of a member that are looked at.
const MEMBER_HEAD: u64 = 64 * 1024;
/// Bytes of a file that are looked at.
const FILE_HEAD: u64 = 4 * 1024 * 1024;
/// Members that are looked at.
const MEMBERS: usize = 64;

/// What kind of JSON a file holds; an error says in words why it is no data. `lines_by_name`
/// tells that the file's name promises JSON Lines, `json_by_name` JSON.
pub(in crate::dataset) fn sniff(
    path: &Path,
    compression: Compression,
    lines_by_name: bool,
    json_by_name: bool,
) -> Result<Container, String> {
    let text = |error: io::Error| explain(&error, compression);
    let mut scanner = Scanner::open(path, compression).map_err(text)?;
    let first = scanner.peek().map_err(text)?;
    if lines_by_name && first.is_some() {
        return Ok(Container::JsonLines);
    }
    match first {
        Some(b'[' | b'{') => {}
        Some(_) => return Err("it does not begin like JSON".to_owned()),
        None => return Err("it is empty".to_owned()),
    }
    let mut head = Vec::new();
    let extent = scanner.head_of_value(&mut head, FILE_HEAD).map_err(text)?;
    if extent.ending == Ending::Whole {
        // A cut-off gzip still has its first records.
        let follower = scanner.peek().unwrap_or(None);
        if let Some(b'{' | b'[') = follower {
            return Ok(if has_line_end(&head) { Container::JsonArray } else { Container::JsonLines });
        }
    }
    if first == Some(b'[') {
        return if json_by_name || first_element_is_json(&head) {
            Ok(Container::JsonArray)
        } else {
            Err("it begins like a JSON array, but is none".to_owned())
        };
    }
    if first_lines_are_objects(&head) {
        return Ok(Container::JsonLines);
    }
    let mut scanner = Scanner::open(path, compression).map_err(text)?;
    classify(&look_at_members(&mut scanner).map_err(text)?, path)
}

/// Whether an array's first element can be parsed; text may begin with a bracket too.
fn first_element_is_json(head: &[u8]) -> bool {
    let inside = head.get(1..).unwrap_or_default().to_vec();
    let Ok(mut scanner) = Scanner::new(Box::new(io::Cursor::new(inside)), Counter::default()) else {
        return false;
    };
    let mut source = Vec::new();
    let Ok(Some(_)) = scanner.peek() else { return false };
    scanner.value(&mut source).is_ok_and(|extent| extent.ending != Ending::Illegal)
        && (parse(&source, None).is_ok() || source.len() >= MEMBER_HEAD as usize)
}

/// Whether the head begins with whole lines in braces, be the first of them broken inside.
fn first_lines_are_objects(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    first.len() > 2 && first.starts_with(b"{") && first.ends_with(b"}") && second.starts_with(b"{")
}

/// A member of an object, as far as it was looked at.
#[derive(Debug)]
struct Member {
    name: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Text(String),
    Scalar,
    /// An object, with its first name.
    Object(Option<String>),
    /// A list whose first element is an object.
    Objects,
    /// A list of plain values or lists, with its length where it was seen whole.
    Values(Option<usize>),
    /// A list with nothing in it.
    Empty,
}

fn look_at_members(scanner: &mut Scanner) -> io::Result<Vec<Member>> {
    let mut members = Vec::new();
    let mut source = Vec::new();
    scanner.take(b'{')?;
    while members.len() < MEMBERS && scanner.offset() < FILE_HEAD {
        while scanner.take(b',')? {}
        let Some(name) = member_name(scanner, &mut source)? else { break };
        if scanner.peek()?.is_none() {
            break;
        }
        let mut extent = scanner.head_of_value(&mut source, MEMBER_HEAD)?;
        members.push(Member { name, kind: kind_of(&source, extent) });
        if extent.ending == Ending::Cut {
            // A long member: go back to its beginning and pass over it, if that is not too far.
            scanner.rewind(&source, extent);
            extent = scanner.pass_value(&mut source, FILE_HEAD)?;
        }
        if extent.ending != Ending::Whole {
            break;
        }
    }
    Ok(members)
}

fn kind_of(source: &[u8], extent: Extent) -> Kind {
    let whole = extent.ending == Ending::Whole;
    match source.first() {
        Some(b'{') => {
            let name = super::json_scan::first_name(source)
                .map(|name| String::from_utf8_lossy(name).trim_matches('"').to_owned());
            Kind::Object(name)
        }
        Some(b'[') => match source.get(1..).unwrap_or_default().trim_ascii_start().first() {
            Some(b'{') => Kind::Objects,
            Some(b']') => Kind::Empty,
            _ if whole => match parse(source, None) {
                Ok(Cell::List(values)) => Kind::Values(Some(values.len())),
                _ => Kind::Values(None),
            },
            _ => Kind::Values(None),
        },
        Some(b'"') => match parse(source, None) {
            Ok(Cell::Text(text)) => Kind::Text(text),
            _ => Kind::Text(String::new()),
        },
        _ => Kind::Scalar,
    }
}

/// What an object is by its members.
fn classify(members: &[Member], path: &Path) -> Result<Container, String> {
    if members.is_empty() {
        return Err("it is a JSON object without members, or broken".to_owned());
    }
    let keyed = members.iter().all(|member| is_key(&member.name));
    let all = |wanted: fn(&Kind) -> bool| members.iter().all(|member| wanted(&member.kind));
    let any = |wanted: fn(&Kind) -> bool| members.iter().any(|member| wanted(&member.kind));
    if keyed || members.len() >= MEMBERS {
        return Ok(Container::JsonDict);
    }
    if is_record(members) {
        return Ok(Container::JsonRecord { files: vec![path.to_path_buf()] });
    }
    if are_columns(members) {
        return Ok(Container::JsonColumns);
    }
    if any(|kind| matches!(kind, Kind::Objects)) {
        return Ok(Container::JsonTables);
    }
    if all(|kind| matches!(kind, Kind::Object(_))) {
        return Ok(Container::JsonDict);
    }
    Err("it is one JSON object that holds no table and names no picture".to_owned())
}

/// Whether a name is rather the key of a record than the name of a field.
fn is_key(name: &str) -> bool {
    looks_like_picture(name)
        || (name.len() >= 6 && name.bytes().filter(u8::is_ascii_digit).count() >= 2)
        || (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()))
}

/// One record names a picture, or has a caption, in one of its plain fields.
fn is_record(members: &[Member]) -> bool {
    members.iter().any(|member| match &member.kind {
        Kind::Text(text) => {
            looks_like_picture(text)
                || (member.name.to_ascii_lowercase().ends_with("caption") && text.contains(' '))
        }
        _ => false,
    })
}

/// Columns are lists of one length, or objects keyed by the number of the row as pandas writes.
fn are_columns(members: &[Member]) -> bool {
    let numbered = |member: &Member| matches!(&member.kind, Kind::Object(Some(name)) if name == "0");
    if members.len() < 2 {
        return false;
    }
    if members.iter().all(numbered) {
        return true;
    }
    let lengths = || {
        members.iter().filter_map(|member| match member.kind {
            Kind::Values(length) => Some(length),
            _ => None,
        })
    };
    let lists = members.iter().all(|member| matches!(member.kind, Kind::Values(_) | Kind::Objects));
    let seen: Vec<usize> = lengths().flatten().collect();
    lists
        && lengths().count() >= 2.min(members.len())
        && seen.iter().all(|length| Some(length) == seen.first())
}
