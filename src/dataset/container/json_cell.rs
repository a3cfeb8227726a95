//! The source of one JSON value becomes a [`Cell`].

use std::borrow::Cow;
use std::fmt;

use rustc_hash::FxHashMap;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};

use crate::dataset::cell::Cell;

/// Maps with more fields than this are searched for repeated names through a hash table.
const FEW: usize = 16;

/// Parses one value. With `wanted`, other top-level fields are passed over.
///
/// What Python's and JavaScript's writers let slip is taken in: `NaN` and `Infinity` become
/// null, half a surrogate pair the replacement character, raw control characters themselves.
pub(super) fn parse(source: &[u8], wanted: Option<&[String]>) -> Result<Cell, String> {
    let text = std::str::from_utf8(source)
        .map_err(|error| format!("invalid UTF-8 at byte {} of the record", error.valid_up_to() + 1))?;
    let error = match parse_text(text, wanted) {
        Ok(cell) => return Ok(cell),
        Err(error) => error,
    };
    match mended(text) {
        Some(mended) => parse_text(&mended, wanted).or(Err(in_words(&error))),
        None => Err(in_words(&error)),
    }
}

/// The list or record that a text is in JSON, in the order of its members.
pub(in crate::dataset) fn parse_list_or_record(text: &str) -> Option<Cell> {
    let text = text.trim();
    text.starts_with(['[', '{']).then(|| parse_text(text, None).ok()).flatten()
}

fn parse_text(text: &str, wanted: Option<&[String]>) -> Result<Cell, serde_json::Error> {
    let mut source = serde_json::Deserializer::from_str(text);
    let cell = match wanted {
        Some(wanted) => TopLevel(wanted).deserialize(&mut source)?,
        None => Cell::deserialize(&mut source)?,
    };
    source.end()?;
    Ok(cell)
}

/// The parser's complaint; the line only where the record has several.
fn in_words(error: &serde_json::Error) -> String {
    let whole = error.to_string();
    let complaint = whole.rsplit_once(" at line ").map_or(whole.as_str(), |(complaint, _)| complaint);
    if complaint.starts_with("recursion limit") {
        return "nested too deep (more than 127 levels)".to_owned();
    }
    match error.line() {
        0 | 1 => format!("broken JSON: {complaint}, column {}", error.column()),
        line => format!("broken JSON: {complaint}, line {line} of the record, column {}", error.column()),
    }
}

/// The same value in strict JSON, where something was there to mend.
fn mended(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut changed = false;
    let mut inside = false;
    while let Some(first) = rest.chars().next() {
        let (used, replacement) = if inside {
            mend_inside(rest, first, &mut inside)
        } else {
            mend_outside(rest, first, &mut inside)
        };
        let (piece, after) = rest.split_at_checked(used)?;
        match replacement {
            Some(replacement) => {
                changed = true;
                out.push_str(&replacement);
            }
            None => out.push_str(piece),
        }
        rest = after;
    }
    changed.then_some(out)
}

/// Bytes to take at a place outside of strings, and what to write in their stead.
fn mend_outside(rest: &str, first: char, inside: &mut bool) -> (usize, Option<Cow<'static, str>>) {
    if first == '"' {
        *inside = true;
        return (1, None);
    }
    for number in ["NaN", "-NaN", "Infinity", "-Infinity"] {
        if rest.starts_with(number) {
            return (number.len(), Some(Cow::Borrowed("null")));
        }
    }
    (first.len_utf8(), None)
}

/// Bytes to take at a place inside of a string, and what to write in their stead.
fn mend_inside(rest: &str, first: char, inside: &mut bool) -> (usize, Option<Cow<'static, str>>) {
    match first {
        '"' => {
            *inside = false;
            (1, None)
        }
        '\\' => match escaped_unit(rest) {
            Some(0xd800..=0xdbff) => {
                let low = rest.get(6..).and_then(escaped_unit);
                if matches!(low, Some(0xdc00..=0xdfff)) {
                    (12, None)
                } else {
                    (6, Some(Cow::Borrowed("\\ufffd")))
                }
            }
            Some(0xdc00..=0xdfff) => (6, Some(Cow::Borrowed("\\ufffd"))),
            _ => (1 + rest.chars().nth(1).map_or(0, char::len_utf8), None),
        },
        control if control < ' ' => (1, Some(Cow::Owned(format!("\\u{:04x}", u32::from(control))))),
        other => (other.len_utf8(), None),
    }
}

/// The code unit of a `\uXXXX` that `text` begins with.
fn escaped_unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok()
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Cell, E> {
        Ok(Cell::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Cell, E> {
        Ok(Cell::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Cell, E> {
        Ok(Cell::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Cell, E> {
        Ok(Cell::Int(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Cell, E> {
        Ok(i64::try_from(value).map_or(Cell::Float(value as f64), Cell::Int))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Cell, E> {
        Ok(Cell::Float(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Cell, E> {
        Ok(Cell::Text(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Cell, E> {
        Ok(Cell::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<Cell, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = source.next_element()? {
            values.push(value);
        }
        Ok(Cell::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<Cell, A::Error> {
        let mut fields: Vec<(String, Cell)> = Vec::new();
        while let Some(field) = source.next_entry()? {
            fields.push(field);
        }
        Ok(Cell::Map(last_wins(fields)))
    }
}

/// A record of which only some fields are wanted.
struct TopLevel<'a>(&'a [String]);

impl<'de> DeserializeSeed<'de> for TopLevel<'_> {
    type Value = Cell;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Cell, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TopLevel<'_> {
    type Value = Cell;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Cell, E> {
        Ok(Cell::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Cell, E> {
        CellVisitor.visit_bool(value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Cell, E> {
        CellVisitor.visit_i64(value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Cell, E> {
        CellVisitor.visit_u64(value)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Cell, E> {
        CellVisitor.visit_f64(value)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Cell, E> {
        CellVisitor.visit_str(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, source: A) -> Result<Cell, A::Error> {
        CellVisitor.visit_seq(source)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<Cell, A::Error> {
        let mut fields = Vec::new();
        while let Some(name) = source.next_key::<Cow<'_, str>>()? {
            if self.0.iter().any(|wanted| *wanted == name) {
                fields.push((name.into_owned(), source.next_value()?));
            } else {
                source.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Cell::Map(last_wins(fields)))
    }
}

/// Of fields with one name only the value of the last stays, at the place of the first.
pub(super) fn last_wins(mut fields: Vec<(String, Cell)>) -> Vec<(String, Cell)> {
    if !has_repeats(&fields) {
        return fields;
    }
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    let mut kept: Vec<(String, Cell)> = Vec::with_capacity(fields.len());
    for (name, value) in fields.drain(..) {
        let slot = places.get(&name).and_then(|place| kept.get_mut(*place));
        if let Some(slot) = slot {
            slot.1 = value;
        } else {
            places.insert(name.clone(), kept.len());
            kept.push((name, value));
        }
    }
    kept
}

fn has_repeats(fields: &[(String, Cell)]) -> bool {
    if fields.len() <= FEW {
        return fields
            .iter()
            .enumerate()
            .any(|(place, (name, _))| fields.iter().take(place).any(|(other, _)| other == name));
    }
    let mut seen = rustc_hash::FxHashSet::default();
    fields.iter().any(|(name, _)| !seen.insert(name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn values_become_cells() {
        let table = [
            ("null", Cell::Null),
            ("true", Cell::Bool(true)),
            ("-7", Cell::Int(-7)),
            ("18446744073709551615", Cell::Float(18_446_744_073_709_551_615.0)),
            ("1.5", Cell::Float(1.5)),
            (r#""\u00e9\n""#, text("é\n")),
            ("[]", Cell::List(vec![])),
            (
                r#"{"b":1,"a":[2]}"#,
                Cell::Map(vec![
                    ("b".to_owned(), Cell::Int(1)),
                    ("a".to_owned(), Cell::List(vec![Cell::Int(2)])),
                ]),
            ),
            (r#"{"a":1,"a":2}"#, Cell::Map(vec![("a".to_owned(), Cell::Int(2))])),
            ("[NaN, -Infinity, \"NaN\"]", Cell::List(vec![Cell::Null, Cell::Null, text("NaN")])),
            (r#""x\ud83dy""#, text("x\u{fffd}y")),
            (r#""\ud83d\ude00\udc00""#, text("\u{1f600}\u{fffd}")),
            ("\"a\tb\"", text("a\tb")),
        ];
        for (given, expected) in table {
            assert_eq!(parse(given.as_bytes(), None), Ok(expected), "{given}");
        }
    }

    #[test]
    fn faults_are_told_with_their_place() {
        let reason = |given: &[u8]| parse(given, None).unwrap_err();
        assert_eq!(reason(b"{\"a\": tru}"), "broken JSON: expected ident, column 10");
        assert_eq!(
            reason(b"{\"a\":\n 1 2}"),
            "broken JSON: expected `,` or `}`, line 2 of the record, column 4"
        );
        assert_eq!(reason(b"\"ab\xff\""), "invalid UTF-8 at byte 4 of the record");
        assert_eq!(reason("[".repeat(10_000).as_bytes()), "nested too deep (more than 127 levels)");
    }

    #[test]
    fn only_wanted_fields_are_kept() {
        let wanted = ["b".to_owned()];
        let cell = parse(br#"{"a":[[[1]]],"b":2,"\u0062":3}"#, Some(&wanted));
        assert_eq!(cell, Ok(Cell::Map(vec![("b".to_owned(), Cell::Int(3))])));
        assert_eq!(parse(b"[1]", Some(&wanted)), Ok(Cell::List(vec![Cell::Int(1)])));
    }

    #[test]
    fn repeated_names_in_a_large_record() {
        let mut source: Vec<String> = (0..40).map(|number| format!("\"k{number}\":{number}")).collect();
        source.push("\"k3\":99".to_owned());
        let Ok(Cell::Map(fields)) = parse(format!("{{{}}}", source.join(",")).as_bytes(), None) else {
            panic!("no map")
        };
        assert_eq!(fields.len(), 40);
        assert_eq!(fields[3], ("k3".to_owned(), Cell::Int(99)));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(source in ".{0,80}") {
            let _ = parse(source.as_bytes(), None);
            let _ = mended(&source);
        }
    }
}
