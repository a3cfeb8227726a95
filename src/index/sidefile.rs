//! Files of numbers beside the search engine's own: written once, mapped from disk, never changed.
//!
//! ```text
//! magic       8 bytes
//! length      u64      bytes of the content
//! checksum    u64      xxh3 of the content
//! content
//! ```
//!
//! Numbers are little endian. tantivy maps the files, as it does its own.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tantivy::Directory;
use tantivy::directory::{MmapDirectory, OwnedBytes};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::IndexError;

/// Raised with every change of what stands in these files.
const MAGIC: &[u8; 8] = b"capsset1";
/// Bytes before the content.
const HEAD: usize = 24;

/// A file that is being written.
pub(super) struct SideWriter {
    path: PathBuf,
    file: BufWriter<File>,
    hash: Xxh3,
    length: u64,
}

impl SideWriter {
    /// Begins a file.
    pub(super) fn new(path: PathBuf) -> Result<Self, IndexError> {
        let open = || -> std::io::Result<BufWriter<File>> {
            let mut file = BufWriter::with_capacity(1 << 18, File::create(&path)?);
            file.write_all(&[0; HEAD])?;
            Ok(file)
        };
        let file = open().map_err(IndexError::file(&path))?;
        Ok(Self { path, file, hash: Xxh3::new(), length: 0 })
    }

    /// Puts bytes at the end.
    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        self.hash.update(bytes);
        self.length += bytes.len() as u64;
        self.file.write_all(bytes).map_err(IndexError::file(&self.path))
    }

    /// Puts whole numbers at the end.
    pub(super) fn put_all(&mut self, numbers: &[u32]) -> Result<(), IndexError> {
        numbers.iter().try_for_each(|number| self.put(&number.to_le_bytes()))
    }

    /// Writes the head and brings all to the disk.
    pub(super) fn finish(mut self) -> Result<(), IndexError> {
        let mut write = || -> std::io::Result<()> {
            self.file.seek(SeekFrom::Start(0))?;
            self.file.write_all(MAGIC)?;
            self.file.write_all(&self.length.to_le_bytes())?;
            self.file.write_all(&self.hash.digest().to_le_bytes())?;
            self.file.flush()?;
            self.file.get_ref().sync_data()
        };
        write().map_err(IndexError::file(&self.path))
    }
}

/// A folder of such files.
pub(super) struct SideFolder {
    directory: MmapDirectory,
}

impl SideFolder {
    /// Opens a folder; none where there is none.
    pub(super) fn open(path: &Path) -> Option<Self> {
        path.is_dir().then(|| MmapDirectory::open(path).ok()).flatten().map(|directory| Self { directory })
    }

    /// The content of a file; none where it is not there or not whole.
    pub(super) fn read(&self, name: &str) -> Option<OwnedBytes> {
        let mut bytes = self.directory.open_read(Path::new(name)).ok()?.read_bytes().ok()?;
        if bytes.len() < HEAD {
            return None;
        }
        let head = bytes.slice(0..HEAD);
        bytes.advance(HEAD);
        let is_whole = head.get(..8)? == MAGIC && number(&head, 1)? == bytes.len() as u64;
        is_whole.then_some(bytes)
    }

    /// Whether a file is there and its content is what was written. Reads all of it.
    pub(super) fn is_sound(&self, name: &str) -> bool {
        let sound = || {
            let bytes = self.read(name)?;
            let head = self.directory.open_read(Path::new(name)).ok()?.read_bytes().ok()?;
            Some(number(&head, 2)? == xxh3_64(&bytes))
        };
        sound().unwrap_or_default()
    }
}

/// The number with this place among the eight-byte ones.
pub(super) fn number(bytes: &[u8], place: usize) -> Option<u64> {
    let (numbers, _) = bytes.as_chunks::<8>();
    numbers.get(place).map(|number| u64::from_le_bytes(*number))
}

/// The number with this place among the four-byte ones.
pub(super) fn small_number(bytes: &[u8], place: usize) -> Option<u32> {
    let (numbers, _) = bytes.as_chunks::<4>();
    numbers.get(place).map(|number| u32::from_le_bytes(*number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_what_is_broken_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("numbers");
        let mut writer = SideWriter::new(path.clone()).unwrap();
        writer.put_all(&[7, 8, u32::MAX]).unwrap();
        writer.finish().unwrap();
        let read = || SideFolder::open(folder.path()).and_then(|folder| folder.read("numbers"));
        let bytes = read().unwrap();
        assert_eq!(
            [0, 1, 2, 3].map(|place| small_number(&bytes, place)),
            [Some(7), Some(8), Some(u32::MAX), None]
        );
        let sound = || SideFolder::open(folder.path()).is_some_and(|folder| folder.is_sound("numbers"));
        assert!(sound());
        let mut written = std::fs::read(&path).unwrap();
        *written.last_mut().unwrap() ^= 1;
        std::fs::write(&path, &written).unwrap();
        assert!(!sound());
        written.pop();
        std::fs::write(&path, &written).unwrap();
        assert!(read().is_none());
        std::fs::write(&path, b"short").unwrap();
        assert!(read().is_none());
        assert!(SideFolder::open(&folder.path().join("nowhere")).is_none());
    }
}
