//! A folder of pictures, with the text about each in a file of the same stem beside it, or in a
//! folder beside theirs.

use std::fs;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::json_cell::parse;
use super::sample::{Unit, Visit};
use crate::dataset::cell::{Blob, Cell, Record};
use crate::dataset::source::{is_picture_name, natural};
use crate::model::ImageRef;

/// Folders with more entries are read in the order of the directory, so that the first picture
/// does not wait for the last name.
const SORTED: usize = 50_000;
/// Bytes of a sidecar that are read.
const LONGEST: u64 = 16 * 1024 * 1024;
/// Extensions of sidecars, in the order of their fields.
const SIDECARS: [&str; 3] = ["caption", "txt", "json"];

/// Whether a file may tell about a picture with the same stem.
pub(in crate::dataset) fn is_sidecar(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| SIDECARS.contains(&extension))
}

/// Reads a folder, without the folders in it; the row is the number of the picture.
pub(super) fn read(visit: &mut Visit<'_>, beside: &[PathBuf]) -> ControlFlow<()> {
    let entries = match fs::read_dir(visit.path) {
        Ok(entries) => entries,
        Err(error) => {
            return visit.skipped(Unit::File, None, format!("the folder could not be read: {error}"));
        }
    };
    let mut names =
        entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| is_picture_path(path));
    let mut first: Vec<PathBuf> = names.by_ref().take(SORTED).collect();
    let rest = names.next();
    if rest.is_none() {
        first.sort_by(|one, other| natural(&one.to_string_lossy(), &other.to_string_lossy()));
    }
    let folder = visit.path.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut row = 0;
    for picture in first.into_iter().chain(rest).chain(names) {
        if row >= visit.from_row {
            tell(visit, row, &picture, folder.as_deref(), beside)?;
        }
        row += 1;
        if row % 64 == 0 {
            visit.passed(row)?;
        }
    }
    visit.passed(row)
}

fn is_picture_path(path: &Path) -> bool {
    path.file_name().is_some_and(|name| {
        let name = name.to_string_lossy();
        !name.starts_with('.') && is_picture_name(&name)
    })
}

fn tell(
    visit: &mut Visit<'_>,
    row: u64,
    picture: &Path,
    folder: Option<&str>,
    beside: &[PathBuf],
) -> ControlFlow<()> {
    let name = picture.file_name().map(|name| name.to_string_lossy().into_owned());
    let blob = Blob { reference: ImageRef::File(picture.to_path_buf()), name };
    let mut fields = vec![("image".to_owned(), Cell::Blob(blob))];
    tell_sidecars(visit, picture, None, &mut fields)?;
    for texts in beside {
        let Some(name) = picture.file_name() else { continue };
        let from = texts.file_name().map(|name| name.to_string_lossy().into_owned());
        tell_sidecars(visit, &texts.join(name), from.as_deref(), &mut fields)?;
    }
    if let Some(folder) = folder {
        add(&mut fields, vec![("folder".to_owned(), Cell::Text(folder.to_owned()))]);
    }
    visit.record(Record {
        row,
        position: row + 1,
        table: None,
        key: picture.file_stem().map(|stem| stem.to_string_lossy().into_owned()),
        span: None,
        cell: Cell::Map(fields),
    })
}

/// Adds what the files with the stem of this path say. A field whose name is taken bears the
/// name of the folder `from` too.
fn tell_sidecars(
    visit: &mut Visit<'_>,
    path: &Path,
    from: Option<&str>,
    fields: &mut Vec<(String, Cell)>,
) -> ControlFlow<()> {
    for extension in SIDECARS {
        let sidecar = path.with_extension(extension);
        let mut push = |cell: Cell| {
            let taken = fields.iter().any(|(other, _)| other == extension);
            let name = from
                .filter(|_| taken)
                .map_or_else(|| extension.to_owned(), |from| format!("{from}.{extension}"));
            fields.push((name, cell));
        };
        match read_sidecar(&sidecar) {
            Ok(None) => {}
            Ok(Some(text)) if extension == "json" => match parse(text.trim().as_bytes(), None) {
                Ok(Cell::Map(more)) => add(fields, more),
                Ok(cell) => push(cell),
                Err(reason) => visit.skipped_in(&sidecar, Unit::File, None, reason)?,
            },
            Ok(Some(text)) => push(Cell::Text(text)),
            Err(reason) => visit.skipped_in(&sidecar, Unit::File, None, reason)?,
        }
    }
    ControlFlow::Continue(())
}

/// Adds fields; one whose name is taken gets `json.` before it.
fn add(fields: &mut Vec<(String, Cell)>, more: Vec<(String, Cell)>) {
    for (name, cell) in more {
        let taken = fields.iter().any(|(other, _)| *other == name);
        fields.push((if taken { format!("json.{name}") } else { name }, cell));
    }
}

/// The text of a sidecar; none where there is no such file or nothing in it.
fn read_sidecar(path: &Path) -> Result<Option<String>, String> {
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(format!("it could not be read: {error}")),
    };
    let mut bytes = Vec::new();
    let read = file
        .take(LONGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("it could not be read: {error}"))?;
    if read as u64 > LONGEST {
        return Err("more than 16 MB of text, more than is read".to_owned());
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(bytes);
    let text = String::from_utf8(bytes)
        .map_err(|error| format!("invalid UTF-8 at byte {}", error.utf8_error().valid_up_to() + 1))?;
    Ok((!text.trim().is_empty()).then_some(text))
}
