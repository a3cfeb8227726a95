//! Tables as text. Texts stand in quotes, a text that is empty too, so that it differs from none; lists and records are
//! JSON. Text stays as it is, also where a spreadsheet would take it for a formula.
//!
//! With commas, a text may go on over lines. With tabs it may not, since most readers of such tables know no quotes
//! over lines: tabs and line ends become spaces there, and a further cell, `exact`, has the text as it was. The same
//! goes for what readers of either change: carriage returns, and texts of very many lines.

use serde_json::{Map, Value as Json};

use super::ExportError;
use super::lines::text;
use super::record::{Part, SampleRecord, fields_with};

/// Lines of one text that may be left.
const LINES: usize = 100;
/// Bytes of one text over several lines that may be left.
const BYTES: usize = 32 << 10;

/// Columns behind the one that says which form this is, in order.
fn columns() -> impl Iterator<Item = &'static str> {
    fields_with(&["image"]).chain(["exact"]).skip(1)
}

/// The first line.
pub(super) fn header(delimiter: u8) -> String {
    let mut line = "capscope".to_owned();
    for column in columns() {
        line.push(char::from(delimiter));
        line.push_str(column);
    }
    line.push('\n');
    line
}

/// A record as a row.
pub(super) fn row(record: &SampleRecord<'_>, delimiter: u8) -> Result<String, ExportError> {
    let mut exact = Map::new();
    let mut line = String::new();
    let part_of = |name: &str| record.0.iter().find(|(own, _)| *own == name).map(|(_, part)| part);
    if let Some(part) = part_of("capscope") {
        line.push_str(&text(part)?);
    }
    for column in columns() {
        line.push(char::from(delimiter));
        match (column, part_of(column)) {
            ("image", _) => {
                if let Some(Part::Images(images)) = part_of("images")
                    && let Some(image) = images.first()
                {
                    quote(&plain(&image.way(), delimiter), &mut line);
                }
            }
            ("exact", _) if !exact.is_empty() => {
                quote(&text(&Json::Object(std::mem::take(&mut exact)))?, &mut line);
            }
            (_, Some(Part::Text(Some(whole)))) => {
                let plain = plain(whole, delimiter);
                // What stands in `captions` too is safe there.
                if plain != *whole && column != "caption" {
                    exact.insert(column.to_owned(), Json::String(whole.to_string()));
                }
                quote(&plain, &mut line);
            }
            (_, Some(Part::Text(None) | Part::Pair(None)) | None) => {}
            (_, Some(part)) => quote(&text(part)?, &mut line),
        }
    }
    line.push('\n');
    Ok(line)
}

/// A text as it may stand in such a table.
fn plain(text: &str, delimiter: u8) -> String {
    let is_tabbed = delimiter == b'\t';
    let lines = text.matches('\n').count();
    let is_long = lines > LINES || (lines > 0 && text.len() > BYTES);
    let is_out = |sign: char| match sign {
        '\n' => is_tabbed || is_long,
        '\t' => is_tabbed,
        // Readers make line ends of them, or stop there.
        '\r' | '\0' => true,
        _ => false,
    };
    text.replace(is_out, " ")
}

fn quote(text: &str, line: &mut String) {
    line.push('"');
    line.push_str(&text.replace('"', "\"\""));
    line.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_would_change_is_kept_beside() {
        assert_eq!(plain("a, \"b\"\n=1+1\tc", b','), "a, \"b\"\n=1+1\tc");
        assert_eq!(plain("a\nb\tc", b'\t'), "a b c");
        assert_eq!(plain("a\r\nb\0", b','), "a \nb ");
        assert_eq!(plain(&"\n".repeat(101), b','), " ".repeat(101));
        let mut line = String::new();
        quote("say \"dog\"", &mut line);
        assert_eq!(line, "\"say \"\"dog\"\"\"");
    }
}
