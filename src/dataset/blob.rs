//! Here is the address of a picture inside a container; what are its bytes?

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::container::{arrow_cell, parquet_cell, pointed_text};
use crate::model::ImageRef;

/// Why the bytes of a picture could not be had; with the place in words.
#[derive(Debug, Error)]
pub enum BlobError {
    /// The file cannot be opened or read.
    #[error("{}: {error}", file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// There are more bytes than the caller wants to have.
    #[error("{place}: {bytes} bytes, more than the limit of {limit}")]
    TooLarge {
        /// Which picture.
        place: String,
        /// Its size.
        bytes: u64,
        /// What was allowed.
        limit: u64,
    },
    /// The address leads to nothing.
    #[error("{place}: {reason}")]
    NotThere {
        /// Which picture.
        place: String,
        /// Why.
        reason: String,
    },
}

/// Reads the encoded bytes of a picture in a file, a tar member, a table's cell or a record's
/// text, up to `limit` bytes. A text, such as a `data:` URL, comes as its UTF-8 bytes.
///
/// Addresses that need no file (`Url`, `Data`) are for the room that fetches and decodes.
pub fn read_blob(reference: &ImageRef, limit: u64) -> Result<Vec<u8>, BlobError> {
    let place = || reference.label();
    let not_there = |reason: String| BlobError::NotThere { place: place(), reason };
    match reference {
        ImageRef::File(file) => read_file(file, limit),
        ImageRef::Span { file, offset, length, .. } => read_span(file, *offset, *length, limit, reference),
        ImageRef::Cell { file, row, column, item } => {
            let read = if is_parquet(file)? { parquet_cell } else { arrow_cell };
            read(file, *row, column, *item, limit).map_err(not_there)
        }
        ImageRef::Field { file, offset, length, pointer } => {
            // The text is a part of the line, which may be longer than what is wanted of it.
            let line = read_span(file, *offset, *length, limit.saturating_mul(2).max(1 << 20), reference)?;
            let text = pointed_text(&line, pointer).map_err(not_there)?;
            within(text.len() as u64, limit, reference)?;
            Ok(text.into_bytes())
        }
        ImageRef::Missing { reason, .. } => Err(not_there(reason.clone())),
        ImageRef::Url(_) => Err(not_there("it has to be fetched".to_owned())),
        ImageRef::Data(_) => Err(not_there("it lies in no file".to_owned())),
    }
}

fn within(bytes: u64, limit: u64, reference: &ImageRef) -> Result<(), BlobError> {
    if bytes <= limit {
        return Ok(());
    }
    Err(BlobError::TooLarge { place: reference.label(), bytes, limit })
}

fn open(file: &Path) -> Result<File, BlobError> {
    File::open(file).map_err(|error| BlobError::Unreadable { file: file.to_path_buf(), error })
}

fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, BlobError> {
    let unreadable = |error| BlobError::Unreadable { file: path.to_path_buf(), error };
    let file = open(path)?;
    let bytes = file.metadata().map_err(unreadable)?.len();
    let mut out = Vec::new();
    if bytes <= limit {
        file.take(limit.saturating_add(1)).read_to_end(&mut out).map_err(unreadable)?;
    }
    if bytes.max(out.len() as u64) > limit {
        return Err(BlobError::TooLarge { place: path.display().to_string(), bytes, limit });
    }
    Ok(out)
}

fn read_span(
    path: &Path,
    offset: u64,
    length: u64,
    limit: u64,
    reference: &ImageRef,
) -> Result<Vec<u8>, BlobError> {
    within(length, limit, reference)?;
    let unreadable = |error| BlobError::Unreadable { file: path.to_path_buf(), error };
    let mut file = open(path)?;
    file.seek(SeekFrom::Start(offset)).map_err(unreadable)?;
    let mut out = Vec::new();
    let read = file.take(length).read_to_end(&mut out).map_err(unreadable)?;
    if (read as u64) < length {
        let reason = "the file ends before it; it has changed since it was indexed".to_owned();
        return Err(BlobError::NotThere { place: reference.label(), reason });
    }
    Ok(out)
}

/// Whether a table is Parquet; otherwise it is Arrow.
fn is_parquet(path: &Path) -> Result<bool, BlobError> {
    let mut magic = [0; 4];
    let read = open(path)?.read(&mut magic);
    read.map_err(|error| BlobError::Unreadable { file: path.to_path_buf(), error })?;
    Ok(&magic == b"PAR1")
}
