//! Records of one picture stand in several rows, tables or files; they become one sample.
//!
//! Two passes. The first writes what each record says into a file in the scratch folder and
//! keeps 16 bytes a record, and as much again for each picture; the second goes through the
//! pictures in the order in which they first appeared and reads their parts back. The texts are
//! never all in memory.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::mapping::Partial;

/// Records that are brought together to one sample at most. What repeats more often is a
/// placeholder, not a picture.
pub(crate) const MOST_OF_ONE: usize = 2_000;

/// The first pass: takes parts.
pub(crate) struct Collector {
    file: BufWriter<File>,
    /// Number of the picture, and where its part begins in the file.
    parts: Vec<(u32, u64)>,
    /// Number of the picture by the fingerprint of its key, in order of appearance.
    numbers: FxHashMap<u64, u32>,
    next: u32,
    length: u64,
}

impl Collector {
    /// Begins with an empty file in this folder. The file has no name where the system allows
    /// it, so that nothing is left behind.
    pub(crate) fn new(scratch: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(scratch)?;
        let path = scratch.join(format!("join-{}.tmp", std::process::id()));
        let file = File::options().read(true).write(true).create(true).truncate(true).open(&path)?;
        // On Unix the file lives on until it is closed; elsewhere it stays and is overwritten.
        let _ = std::fs::remove_file(&path);
        Ok(Self {
            file: BufWriter::with_capacity(1 << 20, file),
            parts: Vec::new(),
            numbers: FxHashMap::default(),
            next: 0,
            length: 0,
        })
    }

    /// Takes a part; without a key it is a sample of its own.
    pub(crate) fn take(&mut self, key: Option<&str>, part: &Partial) -> io::Result<()> {
        let number = if let Some(key) = key {
            *self.numbers.entry(xxh3_64(key.as_bytes())).or_insert_with(|| {
                self.next += 1;
                self.next - 1
            })
        } else {
            self.next += 1;
            self.next - 1
        };
        let bytes = postcard::to_stdvec(part).map_err(io::Error::other)?;
        self.parts.push((number, self.length));
        self.file.write_all(&(bytes.len() as u64).to_le_bytes())?;
        self.file.write_all(&bytes)?;
        self.length += bytes.len() as u64 + 8;
        Ok(())
    }

    /// Ends the first pass.
    pub(crate) fn finish(self) -> io::Result<Groups> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let mut parts = self.parts;
        drop(self.numbers);
        parts.sort_unstable();
        Ok(Groups { file: BufReader::with_capacity(1 << 16, file), parts, next: 0, at: None })
    }
}

/// The second pass: hands out groups.
pub(crate) struct Groups {
    file: BufReader<File>,
    parts: Vec<(u32, u64)>,
    next: usize,
    /// Where the file is read next, once that is known.
    at: Option<u64>,
}

impl Groups {
    /// The parts of the next picture brought together; none at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Partial>> {
        let Some((number, offset)) = self.parts.get(self.next).copied() else { return Ok(None) };
        self.next += 1;
        let mut whole = self.part(offset)?;
        let mut taken = 1;
        while let Some((other, offset)) = self.parts.get(self.next).copied() {
            if other != number || taken >= MOST_OF_ONE {
                break;
            }
            whole.merge(self.part(offset)?);
            taken += 1;
            self.next += 1;
        }
        Ok(Some(whole))
    }

    fn part(&mut self, offset: u64) -> io::Result<Partial> {
        match self.at {
            // A short way stays inside the buffer.
            Some(at) => self.file.seek_relative(offset as i64 - at as i64)?,
            None => {
                self.file.seek(SeekFrom::Start(offset))?;
            }
        }
        self.at = None;
        let mut length = [0; 8];
        self.file.read_exact(&mut length)?;
        let length = u64::from_le_bytes(length);
        let mut bytes = Vec::new();
        (&mut self.file).take(length).read_to_end(&mut bytes)?;
        self.at = Some(offset + 8 + bytes.len() as u64);
        postcard::from_bytes(&bytes).map_err(io::Error::other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Caption, CaptionRole};

    fn part(text: &str) -> Partial {
        let caption = Caption { text: text.to_owned(), field: "c".to_owned(), role: CaptionRole::Main };
        let mut part = Partial::default();
        part.sample.captions.push(caption);
        part
    }

    #[test]
    fn parts_come_together_in_order_of_appearance() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let mut collector = Collector::new(folder.path()).expect("a file");
        for (key, text) in
            [(Some("b"), "1"), (Some("a"), "2"), (None, "3"), (Some("b"), "4"), (None, "5"), (Some("a"), "6")]
        {
            collector.take(key, &part(text)).expect("room");
        }
        let mut groups = collector.finish().expect("a file");
        let mut found = Vec::new();
        while let Some(whole) = groups.next().expect("readable") {
            let texts: Vec<String> = whole.sample.captions.into_iter().map(|caption| caption.text).collect();
            found.push(texts.join(" "));
        }
        assert_eq!(found, ["1 4", "2 6", "3", "5"]);
    }
}
