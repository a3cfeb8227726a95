//! Folders of pictures: with `metadata.jsonl` as Hugging Face's image folders, or with a text file beside each picture.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::record::{Place, SampleRecord};
use super::{Captions, ExportError, lines};
use crate::model::Sample;

/// A line of `metadata.jsonl`.
struct Entry<'a> {
    files: Vec<&'a str>,
    record: &'a SampleRecord<'a>,
}

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some((first, more)) = self.files.split_first() {
            map.serialize_entry("file_name", first)?;
            if !more.is_empty() {
                map.serialize_entry("more_file_names", more)?;
            }
        }
        for (name, part) in &self.record.0 {
            if *name == "caption" || !part.is_empty() {
                map.serialize_entry(name, part)?;
            }
        }
        map.end()
    }
}

/// A line of `metadata.jsonl`.
pub(super) fn entry(record: &SampleRecord<'_>, places: &[Place]) -> Result<String, ExportError> {
    let file = |place: &'_ Place| match place {
        Place::File(file) => Some(file.clone()),
        _ => None,
    };
    let files: Vec<String> = places.iter().filter_map(file).collect();
    let mut line = lines::text(&Entry { files: files.iter().map(String::as_str).collect(), record })?;
    line.push('\n');
    Ok(line)
}

/// The text beside a picture: a caption a line, as trainers take them for alternatives.
pub(super) fn sidecar(sample: &Sample, captions: &Captions, left_out: &mut u64) -> String {
    let said: Vec<String> = captions
        .said(sample)
        .map(|caption| caption.text.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    *left_out += (sample.captions.len() - said.len()) as u64;
    said.join("\n")
}
