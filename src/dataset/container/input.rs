//! Bytes of a shard: opened, decompressed, counted, and cut into lines.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::dataset::source::Compression;

/// The first bytes of a gzip member.
pub(in crate::dataset) const GZIP: &[u8] = &[0x1f, 0x8b];
/// The first bytes of a Zstandard frame.
pub(in crate::dataset) const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// Bytes that are asked of the system at a time.
const CHUNK: usize = 256 * 1024;
/// A line or element beyond this is skipped without being held.
pub(super) const LONGEST: u64 = 64 * 1024 * 1024;

/// How many bytes of the file itself have been read, whatever they decompress to.
#[derive(Clone, Default)]
pub(in crate::dataset) struct Counter(Arc<AtomicU64>);

impl Counter {
    /// The bytes so far.
    pub(in crate::dataset) fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

struct Counted<R> {
    inner: R,
    counter: Counter,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.counter.0.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Opens a file as the bytes that it means, with a count of the bytes that it has.
pub(in crate::dataset) fn open(
    path: &Path,
    compression: Compression,
) -> io::Result<(Box<dyn Read>, Counter)> {
    let counter = Counter::default();
    let file = Counted { inner: File::open(path)?, counter: counter.clone() };
    let reader: Box<dyn Read> = match compression {
        Compression::Plain => Box::new(file),
        Compression::Gzip => {
            Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(CHUNK, file)))
        }
        Compression::Zstd => {
            Box::new(zstd::stream::read::Decoder::with_buffer(BufReader::with_capacity(CHUNK, file))?)
        }
    };
    Ok((reader, counter))
}

/// A reader in words: what `error` means for the one who brought the file.
pub(super) fn explain(error: &io::Error, compression: Compression) -> String {
    match (compression, error.kind()) {
        (Compression::Gzip, io::ErrorKind::UnexpectedEof) => "the gzip file ends too early".to_owned(),
        (Compression::Gzip, _) => format!("the gzip file is damaged: {error}"),
        (Compression::Zstd, io::ErrorKind::UnexpectedEof) => "the zst file ends too early".to_owned(),
        (Compression::Zstd, _) => format!("the zst file is damaged: {error}"),
        (Compression::Plain, io::ErrorKind::NotFound) => "there is no such file any more".to_owned(),
        (Compression::Plain, _) => format!("it could not be read: {error}"),
    }
}

/// One line of a text.
pub(super) struct Line {
    /// First byte in the decompressed text.
    pub(super) offset: u64,
    /// Bytes, without the end of the line; those beyond [`LONGEST`] are counted but not held.
    pub(super) length: u64,
    /// Whether a line feed ended it.
    pub(super) ended: bool,
}

/// A text cut into lines.
pub(super) struct Lines {
    reader: BufReader<Box<dyn Read>>,
    counter: Counter,
    offset: u64,
}

impl Lines {
    /// Opens a file; a byte order mark is passed over.
    pub(super) fn open(path: &Path, compression: Compression) -> io::Result<Self> {
        let (reader, counter) = open(path, compression)?;
        let mut lines = Self { reader: BufReader::with_capacity(CHUNK, reader), counter, offset: 0 };
        if lines.reader.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
            lines.reader.consume(3);
            lines.offset = 3;
        }
        Ok(lines)
    }

    /// Bytes of the file read so far.
    pub(super) fn passed(&self) -> u64 {
        self.counter.bytes()
    }

    /// Passes over one line; `false` at the end.
    pub(super) fn pass(&mut self) -> io::Result<bool> {
        let mut any = false;
        loop {
            let available = match self.reader.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                return Ok(any);
            }
            any = true;
            let found = find_byte(b'\n', available);
            let used = found.map_or(available.len(), |place| place + 1);
            self.reader.consume(used);
            self.offset += used as u64;
            if found.is_some() {
                return Ok(true);
            }
        }
    }

    /// Reads a line into `line`, in place of what was there, without its end; none at the end of
    /// the text. On an error the bytes that came before it are in `line`.
    pub(super) fn next(&mut self, line: &mut Vec<u8>) -> io::Result<Option<Line>> {
        line.clear();
        let offset = self.offset;
        let mut length = 0_u64;
        let mut ended = false;
        loop {
            let available = match self.reader.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                break;
            }
            let found = find_byte(b'\n', available);
            let part = available.get(..found.unwrap_or(available.len())).unwrap_or(available);
            length += part.len() as u64;
            if length <= LONGEST {
                line.extend_from_slice(part);
            } else {
                *line = Vec::new();
            }
            let used = part.len() + usize::from(found.is_some());
            self.reader.consume(used);
            self.offset += used as u64;
            if found.is_some() {
                ended = true;
                break;
            }
        }
        if length == 0 && !ended {
            return Ok(None);
        }
        if line.last() == Some(&b'\r') {
            line.pop();
            length -= 1;
        }
        Ok(Some(Line { offset, length, ended }))
    }
}

/// First place of a byte. Whole blocks are compared at once, which compilers turn into vector
/// instructions.
pub(super) fn find_byte(wanted: u8, bytes: &[u8]) -> Option<usize> {
    const BLOCK: usize = 32;
    let mut place = 0;
    for block in bytes.chunks(BLOCK) {
        if block.iter().fold(0_u8, |any, byte| any | u8::from(*byte == wanted)) > 0 {
            return block.iter().position(|byte| *byte == wanted).map(|inside| place + inside);
        }
        place += block.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn lines_of(bytes: &[u8]) -> Vec<(u64, String)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        File::create(&path).unwrap().write_all(bytes).unwrap();
        let mut lines = Lines::open(&path, Compression::Plain).unwrap();
        let mut line = Vec::new();
        let mut found = Vec::new();
        while let Some(head) = lines.next(&mut line).unwrap() {
            assert_eq!(head.length as usize, line.len());
            found.push((head.offset, String::from_utf8(line.clone()).unwrap()));
        }
        found
    }

    #[test]
    fn lines_lose_their_ends_and_keep_their_places() {
        let given = |text: &str| lines_of(text.as_bytes());
        let line = |offset, text: &str| (offset, text.to_owned());
        assert_eq!(given(""), []);
        assert_eq!(given("a\nb"), [line(0, "a"), line(2, "b")]);
        assert_eq!(given("a\r\n\r\nb\r\n"), [line(0, "a"), line(3, ""), line(5, "b")]);
        assert_eq!(given("\u{feff}a\n\n"), [line(3, "a"), line(5, "")]);
    }

    #[test]
    fn a_byte_is_found_in_every_place() {
        for length in 0..100 {
            let mut bytes = vec![b'x'; length];
            assert_eq!(find_byte(b'y', &bytes), None);
            if length > 0 {
                bytes[length - 1] = b'y';
                assert_eq!(find_byte(b'y', &bytes), Some(length - 1));
            }
        }
    }
}
