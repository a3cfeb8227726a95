//! JSON Lines: a record a line.

use super::ExportError;
use super::record::{self, SampleRecord};

/// A record on its line, without fields in which there is nothing.
pub(super) fn line(mut record: SampleRecord<'_>) -> Result<String, ExportError> {
    record.0.retain(|(name, part)| *name == "caption" || !part.is_empty());
    let mut line = text(&record)?;
    line.push('\n');
    Ok(line)
}

/// JSON on one line.
pub(super) fn text(value: &impl serde::Serialize) -> Result<String, ExportError> {
    // What fails here is no file: a name in the data that JSON cannot have.
    record::line(value).map_err(|error| ExportError::Wish(format!("a record cannot be written: {error}")))
}
