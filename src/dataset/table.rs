//! A small table that a person wrote: CSV, TSV, JSON Lines or JSON, whole in memory, with the line of each row.
//!
//! This is no data set: a field that cannot be read is an error here, with its line, and nothing is guessed but
//! the form.

use std::io::Read;
use std::path::Path;

use serde_json::Value as Json;

/// Bytes that are read at most.
const MOST: u64 = 256 << 20;
/// What may stand between the fields of a line, the likeliest first where two are as frequent.
const DELIMITERS: [u8; 4] = [b'\t', b',', b';', b'|'];

/// A table of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Names of the columns, in the order of the file.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<TableRow>,
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableRow {
    /// The line where it begins, from 1; of JSON in one piece, the place of the element.
    pub line: u64,
    /// A cell for each column; none where it is empty or not there.
    pub cells: Vec<Option<String>>,
}

/// Why a table could not be read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file cannot be read.
    #[error("{name} could not be read: {error}")]
    Unreadable {
        /// The file.
        name: String,
        /// Why.
        error: std::io::Error,
    },
    /// It is too large to be held.
    #[error("{name} has more than {} MB", MOST >> 20)]
    TooLarge {
        /// The file.
        name: String,
    },
    /// It is no text.
    #[error("{name}:{line}: no UTF-8 text")]
    NoText {
        /// The file.
        name: String,
        /// The line, from 1.
        line: u64,
    },
    /// A place of it is not what it should be.
    #[error("{name}:{line}: {reason}")]
    Broken {
        /// The file.
        name: String,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
}

/// Reads a file as text; `-` is standard input.
pub fn read_text(path: &Path) -> Result<String, TableError> {
    let name = path.display().to_string();
    let unreadable = |error| TableError::Unreadable { name: shown_name(path), error };
    let mut bytes = Vec::new();
    let read = if name == "-" {
        std::io::stdin().lock().take(MOST + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MOST + 1).read_to_end(&mut bytes))
    };
    if read.map_err(unreadable)? as u64 > MOST {
        return Err(TableError::TooLarge { name: shown_name(path) });
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        TableError::NoText { name: shown_name(path), line }
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// What a file is called in messages.
pub fn shown_name(path: &Path) -> String {
    if path.as_os_str() == "-" { "standard input".to_owned() } else { path.display().to_string() }
}

impl Table {
    /// From a text that came from the file of this name. Lines that begin with `#` are comments; a line has as
    /// many fields as the header.
    pub fn parse(name: &str, text: &str) -> Result<Self, TableError> {
        match text.trim_start().chars().next() {
            Some('[') => Self::of_array(name, text),
            Some('{') => Self::of_lines(name, text),
            _ => Self::of_fields(name, text),
        }
    }

    /// The place of a column, by its name in any case.
    pub fn column(&self, name: &str) -> Option<usize> {
        let exact = self.columns.iter().position(|column| column == name);
        exact.or_else(|| self.columns.iter().position(|column| column.eq_ignore_ascii_case(name)))
    }

    fn of_fields(name: &str, text: &str) -> Result<Self, TableError> {
        let broken = |line: u64, reason: String| TableError::Broken { name: name.to_owned(), line, reason };
        let header = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'));
        let delimiter = delimiter_of(header.unwrap_or_default());
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .comment(Some(b'#'))
            .trim(csv::Trim::All)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut lines = Lines { rest: text, line: 1 };
        let columns: Vec<String> = match reader.headers() {
            Ok(header) => header.iter().map(str::to_owned).collect(),
            Err(error) => return Err(broken(1, error.to_string())),
        };
        let mut rows = Vec::new();
        for record in reader.records() {
            let place = |position: Option<&csv::Position>| position.map_or(0, csv::Position::byte) as usize;
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = lines.line_of(text, place(error.position()));
                    return Err(broken(line, error.to_string()));
                }
            };
            let line = lines.line_of(text, place(record.position()));
            if record.iter().all(str::is_empty) {
                continue;
            }
            if record.len() != columns.len() {
                let reason = format!("{} fields, but the header has {}", record.len(), columns.len());
                return Err(broken(line, reason));
            }
            let cells = record.iter().map(|cell| Some(cell.to_owned()).filter(|cell| !cell.is_empty()));
            rows.push(TableRow { line, cells: cells.collect() });
        }
        Ok(Self { columns, rows })
    }

    fn of_lines(name: &str, text: &str) -> Result<Self, TableError> {
        let mut table = Self::default();
        for (at, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let number = at as u64 + 1;
            let broken = |reason: String| TableError::Broken { name: name.to_owned(), line: number, reason };
            let value: Json = serde_json::from_str(line).map_err(|error| broken(error.to_string()))?;
            table.push(value, number).map_err(broken)?;
        }
        table.even();
        Ok(table)
    }

    fn of_array(name: &str, text: &str) -> Result<Self, TableError> {
        let broken = |line: u64, reason: String| TableError::Broken { name: name.to_owned(), line, reason };
        let values: Vec<Json> =
            serde_json::from_str(text).map_err(|error| broken(error.line() as u64, error.to_string()))?;
        let mut table = Self::default();
        for (at, value) in values.into_iter().enumerate() {
            let number = at as u64 + 1;
            table.push(value, number).map_err(|reason| broken(number, reason))?;
        }
        table.even();
        Ok(table)
    }

    fn push(&mut self, value: Json, line: u64) -> Result<(), String> {
        let Json::Object(fields) = value else { return Err("no JSON object".to_owned()) };
        let mut cells = vec![None; self.columns.len()];
        for (field, value) in fields {
            let place = self.columns.iter().position(|column| *column == field).unwrap_or_else(|| {
                self.columns.push(field);
                cells.push(None);
                self.columns.len() - 1
            });
            let text = match value {
                Json::Null => None,
                Json::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
                other => Some(other.to_string()),
            };
            if let Some(cell) = cells.get_mut(place) {
                *cell = text;
            }
        }
        self.rows.push(TableRow { line, cells });
        Ok(())
    }

    /// Rows may come before all columns are known.
    fn even(&mut self) {
        let columns = self.columns.len();
        for row in &mut self.rows {
            row.cells.resize(columns, None);
        }
    }
}

/// Counts lines. The reader tells where it began to look for a record, which is before the blank lines and
/// comments that it passes.
struct Lines<'t> {
    rest: &'t str,
    line: u64,
}

impl<'t> Lines<'t> {
    /// The line, from 1, of the record that is looked for from a byte on; bytes come in ascending order.
    fn line_of(&mut self, text: &'t str, byte: usize) -> u64 {
        let passed = byte.saturating_sub(text.len() - self.rest.len());
        self.pass(passed);
        while let Some((first, _)) = self.rest.split_once('\n')
            && (first.trim().is_empty() || first.starts_with('#'))
        {
            self.pass(first.len() + 1);
        }
        self.line
    }

    fn pass(&mut self, bytes: usize) {
        let (passed, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.line += passed.bytes().filter(|byte| *byte == b'\n').count() as u64;
        self.rest = rest;
    }
}

/// What parts the fields of a header.
fn delimiter_of(header: &str) -> u8 {
    let count = |delimiter: u8| header.bytes().filter(|byte| *byte == delimiter).count();
    let found =
        DELIMITERS.into_iter().reduce(|best, other| if count(other) > count(best) { other } else { best });
    found.filter(|delimiter| count(*delimiter) > 0).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(table: &Table) -> Vec<(u64, Vec<&str>)> {
        let mut rows = Vec::new();
        for row in &table.rows {
            rows.push((row.line, row.cells.iter().map(|cell| cell.as_deref().unwrap_or("-")).collect()));
        }
        rows
    }

    #[test]
    fn tables_in_all_forms_are_the_same() {
        let table = [
            "# mixtures\nname,score\na,1.5\n\n\"b, c\",\n",
            "name\tscore\n# none\n\na\t1.5\nb, c\t\n",
            "name;score\n\n\na; 1.5\nb, c;\n",
            "name,score\r\n\r\na,1.5\r\n# none\r\n\"b, c\",\r\n",
            "{\"name\": \"a\", \"score\": 1.5}\n\n\n{\"name\": \"b, c\"}\n",
        ];
        for text in table {
            let table = Table::parse("t", text).unwrap();
            assert_eq!(table.columns, ["name", "score"], "{text}");
            let rows = cells(&table);
            assert_eq!(
                rows.iter().map(|(_, row)| row.clone()).collect::<Vec<_>>(),
                [["a", "1.5"], ["b, c", "-"]]
            );
            let begins = |line: &str| line.contains("b, c");
            let line = text.lines().position(begins).unwrap() as u64 + 1;
            assert_eq!(rows[1].0, line, "{text}");
        }
        let array = Table::parse("t", r#"[{"name": "a"}, {"name": "b", "score": 2}]"#).unwrap();
        assert_eq!(cells(&array), [(1, vec!["a", "-"]), (2, vec!["b", "2"])]);
        assert_eq!(array.column("SCORE"), Some(1));
        assert_eq!(array.column("nothing"), None);
    }

    #[test]
    fn what_is_broken_is_told_with_its_line() {
        for (text, message) in [
            ("a,b\n1,2\n\n3\n", "t:4: 1 fields, but the header has 2"),
            ("{\"a\": 1}\n{\"a\": \n", "t:2: EOF"),
            ("{\"a\": 1}\n[1]\n", "t:2: no JSON object"),
            ("[{\"a\": 1},\n 3]", "t:2: no JSON object"),
            ("[{\"a\": 1},\n\n{]", "t:3: "),
        ] {
            let error = Table::parse("t", text).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("broken.csv");
        std::fs::write(&path, b"a,b\n1,2\n\xff,3\n").unwrap();
        let error = read_text(&path).unwrap_err().to_string();
        assert!(error.ends_with("broken.csv:3: no UTF-8 text"), "{error}");
        let error = read_text(&folder.path().join("none.csv")).unwrap_err().to_string();
        assert!(error.contains("none.csv could not be read"), "{error}");
    }

    #[test]
    fn an_empty_table_has_no_rows() {
        for text in ["", "\n\n", "# only words\n", "[]"] {
            assert_eq!(Table::parse("t", text).unwrap().rows, []);
        }
    }
}
