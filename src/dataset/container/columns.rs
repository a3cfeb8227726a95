//! A JSON object of columns: lists of one length, or objects keyed by the number of the row.
//!
//! Each column has a cursor of its own in the same file, so that no column is held.

use std::io;
use std::ops::ControlFlow;

use super::input::explain;
use super::json_cell::parse;
use super::json_scan::{Ending, Scanner, member_name};
use super::sample::{Unit, Visit, megabytes};
use crate::dataset::cell::{Cell, Record};
use crate::dataset::source::Compression;

/// Columns that are read side by side; each needs an open file.
const COLUMNS: usize = 64;

struct Column {
    name: String,
    scanner: Scanner,
    keyed: bool,
    ended: bool,
}

impl Column {
    /// Takes the source of the next value; `false` at the column's end.
    fn next(&mut self, source: &mut Vec<u8>) -> io::Result<Result<bool, String>> {
        while self.scanner.take(b',')? {}
        match self.scanner.peek()? {
            Some(b']' | b'}') => {
                self.ended = true;
                return Ok(Ok(false));
            }
            None => {
                self.ended = true;
                return Ok(Err(format!("the file ends inside the column {}", self.name)));
            }
            Some(_) => {}
        }
        if self.keyed && member_name(&mut self.scanner, source)?.is_none() {
            self.ended = true;
            return Ok(Err(format!("broken JSON in the column {}", self.name)));
        }
        self.scanner.peek()?;
        let extent = self.scanner.value(source)?;
        if extent.ending != Ending::Whole || extent.length == 0 {
            self.ended = true;
            return Ok(Err(format!("broken JSON in the column {}", self.name)));
        }
        if extent.too_long() {
            return Ok(Err(format!(
                "{} in the column {}, more than is read",
                megabytes(extent.length),
                self.name
            )));
        }
        Ok(Ok(true))
    }
}

/// Reads the columns side by side.
pub(super) fn read(visit: &mut Visit<'_>, compression: Compression) -> ControlFlow<()> {
    let mut columns = match open_columns(visit, compression) {
        Ok(columns) => columns,
        Err(error) => return visit.skipped(Unit::File, None, explain(&error, compression)),
    };
    let mut row = 0;
    loop {
        match next_row(visit, &mut columns, row) {
            Ok(ControlFlow::Break(())) => return ControlFlow::Break(()),
            Ok(ControlFlow::Continue(true)) => row += 1,
            Ok(ControlFlow::Continue(false)) => break,
            Err(error) => {
                visit.skipped(Unit::Row, Some(row + 1), explain(&error, compression))?;
                break;
            }
        }
        if row % 256 == 0 {
            visit.passed(passed(&columns))?;
        }
    }
    visit.passed(passed(&columns))
}

/// The column that is furthest in the file tells best how far we are.
fn passed(columns: &[Column]) -> u64 {
    columns.iter().map(|column| column.scanner.passed()).max().unwrap_or(0)
}

/// Reads one row; continues with `false` after the last.
fn next_row(visit: &mut Visit<'_>, columns: &mut [Column], row: u64) -> io::Result<ControlFlow<(), bool>> {
    let mut fields = Vec::with_capacity(columns.len());
    let mut faults = Vec::new();
    let mut source = Vec::new();
    let mut any = false;
    for column in columns.iter_mut().filter(|column| !column.ended) {
        match column.next(&mut source)? {
            Ok(false) => {}
            Ok(true) => {
                any = true;
                if row >= visit.from_row {
                    match parse(&source, None) {
                        Ok(cell) => fields.push((column.name.clone(), cell)),
                        Err(reason) => faults.push(format!("{reason} in the column {}", column.name)),
                    }
                }
            }
            Err(reason) => {
                any |= !column.ended;
                faults.push(reason);
            }
        }
    }
    if row < visit.from_row && any {
        return Ok(ControlFlow::Continue(true));
    }
    for reason in &faults {
        if visit.skipped(Unit::Row, Some(row + 1), reason.as_str()).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    if any && faults.is_empty() {
        let cell = Cell::Map(fields);
        let record = Record { row, position: row + 1, table: None, key: None, span: None, cell };
        if visit.record(record).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(any))
}

/// Finds the columns' beginnings in one pass, then opens a cursor on each.
fn open_columns(visit: &mut Visit<'_>, compression: Compression) -> io::Result<Vec<Column>> {
    let mut finder = Scanner::open(visit.path, compression)?;
    let mut columns = Vec::new();
    let mut source = Vec::new();
    finder.take(b'{')?;
    let mut place = 0;
    loop {
        while finder.take(b',')? {}
        let Some(name) = member_name(&mut finder, &mut source)? else { break };
        let first = finder.peek()?;
        if let (true, true, Some(b'[' | b'{')) = (visit.wants(&name), columns.len() < COLUMNS, first) {
            let scanner = seek(visit, compression, finder.offset())?;
            columns.push(Column { name, scanner, keyed: first == Some(b'{'), ended: false });
        }
        let extent = finder.value(&mut source)?;
        if extent.ending != Ending::Whole {
            break;
        }
        place += 1;
        if place > 100_000 {
            break;
        }
    }
    Ok(columns)
}

/// A cursor after the bracket that stands at `offset` of the text.
fn seek(visit: &Visit<'_>, compression: Compression, offset: u64) -> io::Result<Scanner> {
    let mut scanner = Scanner::open(visit.path, compression)?;
    scanner.skip_to(offset + 1)?;
    Ok(scanner)
}
