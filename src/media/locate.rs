//! Encoded bytes from wherever they lie.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use super::{Limits, MediaError, data_url};
use crate::dataset::{BlobError, read_blob};
use crate::model::ImageRef;

/// The encoded bytes of a picture. Blocks on disk or network; never reads more than
/// [`Limits::bytes`], nor from anything but regular files.
pub fn fetch(reference: &ImageRef, limits: &Limits) -> Result<Vec<u8>, MediaError> {
    match reference {
        ImageRef::File(path) => whole_file(path, limits.bytes),
        ImageRef::Data(text) => data_url::bytes(text, limits.bytes),
        ImageRef::Url(_) if !limits.fetch_urls => Err(MediaError::FetchingOff),
        ImageRef::Url(address) => from_network(address, limits),
        ImageRef::Span { .. } | ImageRef::Cell { .. } | ImageRef::Field { .. } => {
            inside_container(reference, limits.bytes)
        }
        ImageRef::Missing { reason, .. } => Err(MediaError::Missing(reason.clone())),
    }
}

#[cfg(feature = "fetch")]
fn from_network(address: &str, limits: &Limits) -> Result<Vec<u8>, MediaError> {
    super::url::fetch(address, limits)
}

#[cfg(not(feature = "fetch"))]
fn from_network(_: &str, _: &Limits) -> Result<Vec<u8>, MediaError> {
    Err(MediaError::Network("this capscope was built without networking".to_owned()))
}

/// Bytes inside of a file that holds other things too.
fn inside_container(reference: &ImageRef, limit: u64) -> Result<Vec<u8>, MediaError> {
    if let ImageRef::Span { file, offset, length, .. } = reference {
        return span(file, *offset, *length, limit);
    }
    read_blob(reference, limit).map_err(|error| match error {
        BlobError::TooLarge { .. } => MediaError::TooManyBytes(limit),
        error => MediaError::Unreadable { name: reference.label(), reason: error.to_string() },
    })
}

fn whole_file(path: &Path, limit: u64) -> Result<Vec<u8>, MediaError> {
    let mut file = regular(path)?;
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    if length > limit {
        return Err(MediaError::TooManyBytes(limit));
    }
    // In one piece; reading to an end that nobody has told would go in small ones.
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
    file.read_exact(&mut bytes).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => MediaError::Short(path.display().to_string()),
        _ => unreadable(path, &error),
    })?;
    // The file may grow while it is read, and some tell no length.
    let rest = (limit - length).saturating_add(1);
    file.take(rest).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > limit {
        return Err(MediaError::TooManyBytes(limit));
    }
    Ok(bytes)
}

fn span(path: &Path, offset: u64, length: u64, limit: u64) -> Result<Vec<u8>, MediaError> {
    if length > limit {
        return Err(MediaError::TooManyBytes(limit));
    }
    let mut file = regular(path)?;
    file.seek(SeekFrom::Start(offset)).map_err(|error| unreadable(path, &error))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    if (bytes.len() as u64) < length {
        return Err(MediaError::Short(path.display().to_string()));
    }
    Ok(bytes)
}

/// Opens a regular file. It is looked at before it is opened, because opening a pipe waits for
/// somebody to write into it.
fn regular(path: &Path) -> Result<File, MediaError> {
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if !metadata.is_file() {
        return Err(MediaError::NotAFile(path.display().to_string()));
    }
    File::open(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> MediaError {
    let name = path.display().to_string();
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => MediaError::NoSuchFile(name),
        ErrorKind::PermissionDenied => {
            MediaError::Unreadable { name, reason: "permission denied".to_owned() }
        }
        _ => MediaError::Unreadable { name, reason: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn small() -> Limits {
        Limits { bytes: 10, ..Limits::default() }
    }

    fn refused(reference: &ImageRef) -> String {
        fetch(reference, &small()).expect_err("refused").to_string()
    }

    #[test]
    fn files_are_read_up_to_the_limit() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a b.jpg");
        std::fs::write(&path, b"0123456789").expect("written");
        assert_eq!(fetch(&ImageRef::File(path.clone()), &small()).as_deref(), Ok(&b"0123456789"[..]));
        std::fs::write(&path, b"0123456789a").expect("written");
        assert_eq!(refused(&ImageRef::File(path)), "too large: more than 10 B");
        let gone = folder.path().join("gone.jpg");
        assert_eq!(refused(&ImageRef::File(gone.clone())), format!("no such file: {}", gone.display()));
        let here = folder.path().to_path_buf();
        assert_eq!(refused(&ImageRef::File(here.clone())), format!("not a regular file: {}", here.display()));
        assert_eq!(
            refused(&ImageRef::File(PathBuf::from("\0"))).split(':').next(),
            Some("cannot read \u{fffd}")
        );
    }

    #[cfg(unix)]
    #[test]
    fn devices_are_refused_before_they_are_opened() {
        assert_eq!(refused(&ImageRef::File("/dev/zero".into())), "not a regular file: /dev/zero");
    }

    #[test]
    fn a_span_is_read_where_it_lies() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("x.tar");
        std::fs::write(&file, b"0123456789abcdef").expect("written");
        let at =
            |offset, length| ImageRef::Span { file: file.clone(), name: "m.jpg".to_owned(), offset, length };
        assert_eq!(fetch(&at(10, 3), &small()).as_deref(), Ok(&b"abc"[..]));
        assert_eq!(fetch(&at(3, 0), &small()).as_deref(), Ok(&b""[..]));
        assert_eq!(refused(&at(0, 11)), "too large: more than 10 B");
        assert!(refused(&at(10, 9)).ends_with("ends before the picture does: the file has changed"));
        assert!(
            refused(&at(u64::MAX, 9)).contains("cannot read")
                || refused(&at(1 << 40, 9)).contains("ends before")
        );
    }

    #[test]
    fn the_others_say_why_not() {
        assert_eq!(
            refused(&ImageRef::Url("http://x/y.jpg".to_owned())),
            "fetching URLs is off (--fetch-urls)"
        );
        let missing = ImageRef::Missing { name: "x.jpg".to_owned(), reason: "no x.jpg beside it".to_owned() };
        assert_eq!(refused(&missing), "no x.jpg beside it");
        let cell = ImageRef::Cell { file: "x.parquet".into(), row: 3, column: "image".to_owned(), item: 0 };
        assert!(refused(&cell).starts_with("cannot read x.parquet, row 3, image"));
    }
}
