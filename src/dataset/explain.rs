//! What was taken for what and why, for `capscope inspect`.

use std::fmt;

use serde::Serialize;

use super::fields::FieldReport;
use super::settings::Role;

/// What was taken for what in a data set, and why. Shown as text; serialised as JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The data set's name.
    pub name: String,
    /// Number of its files.
    pub shards: usize,
    /// Bytes of its files.
    pub bytes: u64,
    /// Its kinds of records.
    pub forms: Vec<FormReport>,
    /// How records and files are brought together, a sentence each.
    pub joins: Vec<String>,
    /// Remarks: what was left out.
    pub notes: Vec<String>,
}

/// One kind of record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FormReport {
    /// The table of the JSON object in which they stand.
    pub table: Option<String>,
    /// What kind of file holds them.
    pub container: String,
    /// The files in which they were seen.
    pub files: Vec<String>,
    /// Records that were looked at.
    pub looked_at: usize,
    /// What they are used for.
    pub part: String,
    /// How their pictures are found, where no field names them.
    pub pictures: Option<String>,
    /// Their fields.
    pub fields: Vec<FieldReport>,
}

impl Explanation {
    /// The fields with this role, over all kinds of records.
    pub fn fields(&self, role: Role) -> Vec<&str> {
        self.forms
            .iter()
            .flat_map(|form| &form.fields)
            .filter(|report| report.role == role)
            .map(|report| report.field.as_str())
            .collect()
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = if self.shards == 1 { "1 file".to_owned() } else { format!("{} files", self.shards) };
        writeln!(out, "{}: {files}", self.name)?;
        for form in &self.forms {
            writeln!(out)?;
            form.fmt(out)?;
        }
        for (title, lines) in [("brought together", &self.joins), ("remarks", &self.notes)] {
            if !lines.is_empty() {
                writeln!(out, "\n{title}")?;
                for line in lines {
                    writeln!(out, "  {line}")?;
                }
            }
        }
        writeln!(
            out,
            "\nTo say otherwise: --map role=field[,role=field]…, or a table [map] in capscope.toml beside the data."
        )
    }
}

impl fmt::Display for FormReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.files.first().map_or("", String::as_str);
        let more = match self.files.len() {
            0 | 1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let table = self.table.as_ref().map_or(String::new(), |table| format!(", table {table}"));
        writeln!(out, "{}{table}: {first}{more}", self.container)?;
        writeln!(out, "  {} records looked at; {}", self.looked_at, self.part)?;
        if let Some(pictures) = &self.pictures {
            writeln!(out, "  {pictures}")?;
        }
        for report in self.fields.iter().filter(|report| report.role != Role::Meta) {
            writeln!(out, "  {:<12}{}", report.role.name(), report.field)?;
            if !report.evidence.is_empty() {
                writeln!(out, "              {}", report.evidence)?;
            }
            if let Some(example) = report.examples.first() {
                let short: String = example.chars().take(72).flat_map(harmless).collect();
                writeln!(out, "              e.g. {short}")?;
            }
        }
        let meta: Vec<&str> = self
            .fields
            .iter()
            .filter(|report| report.role == Role::Meta)
            .map(|report| report.field.as_str())
            .collect();
        if !meta.is_empty() {
            writeln!(out, "  {:<12}{}", Role::Meta.name(), meta.join(", "))?;
        }
        Ok(())
    }
}

/// A character that cannot harm a terminal.
fn harmless(letter: char) -> Vec<char> {
    let bidi = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    match letter {
        '\n' | '\t' | '\r' => vec![' '],
        letter if letter.is_control() || bidi => letter.escape_unicode().collect(),
        letter => vec![letter],
    }
}
