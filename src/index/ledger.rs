//! The file of what was seen of pictures: one record a picture, in the order in which they were looked at.
//!
//! ```text
//! magic       8 bytes
//! length      u32      bytes of the origin
//! origin      JSON     the files whose samples the records are of, as they were
//! records     48 bytes each, see `Record`
//! ```
//!
//! Records are only ever put at the end, so whoever reads sees a beginning of it; one that is torn does not
//! match its checksum, and counts for nothing. A later record of the same picture replaces an earlier one.
//! When records have become useless the file is written anew beside and renamed: it has another number then,
//! and readers begin at its beginning.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::IndexError;
use crate::dataset::Dataset;
use crate::media::Likeness;
use crate::model::Seq;

/// Raised with every change of the records, or of how pictures are looked at.
const MAGIC: &[u8; 8] = b"capspic1";
/// Bytes of a record.
pub(super) const RECORD: usize = 48;
/// An origin is not longer than this; a longer one is no origin.
const MOST_ORIGIN: u32 = 1 << 28;

/// The picture is not there.
pub(super) const MISSING: u16 = 1;
/// It cannot be decoded.
pub(super) const UNREADABLE: u16 = 1 << 1;
/// It has more frames than one.
pub(super) const ANIMATED: u16 = 1 << 2;
/// Its suffix is that of another format.
pub(super) const MISNAMED: u16 = 1 << 3;
/// It has a likeness.
pub(super) const LIKENESS: u16 = 1 << 4;

/// What was seen of one picture of one sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// The place of the sample; [`Record::NOBODY`] where it is known of no sample any more, and kept since the
    /// picture may come again.
    pub(super) seq: u64,
    /// The picture's place in the sample.
    pub(super) place: u16,
    pub(super) seen: Sight,
    /// A hash of where the picture is, and of the size and time of its file.
    pub(super) stamp: u64,
}

/// What was seen of one picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sight {
    pub(super) bits: u16,
    /// Pixels, upright; 0 where it could not be decoded.
    pub(super) width: u32,
    /// See above.
    pub(super) height: u32,
    /// What pictures that look the same have in common.
    pub(super) likeness: Likeness,
}

impl Sight {
    /// Pixels of the shorter side, where it could be decoded.
    pub(super) fn side(&self) -> Option<u32> {
        Some(self.width.min(self.height)).filter(|side| *side > 0)
    }
}

impl Record {
    /// No sample.
    pub(super) const NOBODY: u64 = u64::MAX;

    fn written(&self) -> [u8; RECORD] {
        let mut bytes = [0; RECORD];
        let Self { seq, place, seen: Sight { bits, width, height, likeness }, stamp } = self;
        let parts: [&[u8]; 8] = [
            &seq.to_le_bytes(),
            &place.to_le_bytes(),
            &bits.to_le_bytes(),
            &width.to_le_bytes(),
            &height.to_le_bytes(),
            &stamp.to_le_bytes(),
            &likeness.shape.to_le_bytes(),
            &likeness.tint.to_le_bytes(),
        ];
        for (byte, part) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
            *byte = *part;
        }
        let check = (xxh3_64(&bytes[..RECORD - 4]) as u32).to_le_bytes();
        bytes[RECORD - 4..].copy_from_slice(&check);
        bytes
    }

    /// The record of these bytes; none where they are not what was written.
    fn read(bytes: &[u8; RECORD]) -> Option<Self> {
        let (body, check) = bytes.split_last_chunk::<4>()?;
        if xxh3_64(body) as u32 != u32::from_le_bytes(*check) {
            return None;
        }
        let (seq, rest) = body.split_first_chunk()?;
        let (place, rest) = rest.split_first_chunk()?;
        let (bits, rest) = rest.split_first_chunk()?;
        let (width, rest) = rest.split_first_chunk()?;
        let (height, rest) = rest.split_first_chunk()?;
        let (stamp, rest) = rest.split_first_chunk()?;
        let (shape, rest) = rest.split_first_chunk()?;
        let (tint, _) = rest.split_first_chunk()?;
        Some(Self {
            seq: u64::from_le_bytes(*seq),
            place: u16::from_le_bytes(*place),
            seen: Sight {
                bits: u16::from_le_bytes(*bits),
                width: u32::from_le_bytes(*width),
                height: u32::from_le_bytes(*height),
                likeness: Likeness { shape: u64::from_le_bytes(*shape), tint: u64::from_le_bytes(*tint) },
            },
            stamp: u64::from_le_bytes(*stamp),
        })
    }
}

/// The files whose samples the records are of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Origin {
    /// Another one with every file of records.
    pub(super) number: u64,
    /// How records of the data set are understood.
    reading: String,
    /// Whether a change of one file moves the samples of all.
    joined: bool,
    /// Ordinal, path, bytes and time of each file.
    files: Vec<(u32, PathBuf, u64, u64)>,
}

/// Of which samples the records still hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trust(FxHashSet<u32>);

impl Trust {
    /// Whether no record holds.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a record is of a sample that is still the same.
    pub(super) fn holds(&self, seq: u64) -> bool {
        seq != Record::NOBODY && self.0.contains(&Seq(seq).ordinal())
    }
}

impl Origin {
    /// That of a data set as it is now.
    pub(super) fn of(dataset: &Dataset) -> Self {
        let shards = dataset.shards().iter();
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            number: since.as_nanos() as u64 ^ u64::from(std::process::id()).rotate_right(16),
            reading: dataset.reading(),
            joined: dataset.is_joined(),
            files: shards
                .map(|shard| (shard.ordinal, shard.path.clone(), shard.bytes, shard.modified))
                .collect(),
        }
    }

    /// Whether records of one are records of the other.
    fn is_same(&self, other: &Self) -> bool {
        (&self.reading, self.joined, &self.files) == (&other.reading, other.joined, &other.files)
    }

    /// Of which samples of a data set, as it is now, records with this origin tell.
    pub(super) fn trust(&self, now: &Self) -> Trust {
        let is_useless = self.reading != now.reading
            || self.joined != now.joined
            || (self.joined && self.files != now.files);
        if is_useless {
            return Trust(FxHashSet::default());
        }
        let known: FxHashSet<_> = self.files.iter().collect();
        Trust(now.files.iter().filter(|file| known.contains(file)).map(|file| file.0).collect())
    }
}

/// An open file of records.
pub(super) struct Ledger {
    path: PathBuf,
    file: File,
    pub(super) origin: Origin,
    /// Where the first record begins.
    start: u64,
}

impl Ledger {
    /// Opens it for reading; none where there is none.
    pub(super) fn open(path: &Path) -> Result<Option<Self>, IndexError> {
        match File::open(path) {
            Ok(file) => Self::read_origin(path, file),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(IndexError::File { path: path.to_owned(), source }),
        }
    }

    fn read_origin(path: &Path, mut file: File) -> Result<Option<Self>, IndexError> {
        let mut read = || -> std::io::Result<Option<(Origin, u64)>> {
            let (mut magic, mut length) = ([0; 8], [0; 4]);
            file.read_exact(&mut magic)?;
            file.read_exact(&mut length)?;
            let length = u32::from_le_bytes(length);
            if &magic != MAGIC || length > MOST_ORIGIN {
                return Ok(None);
            }
            let mut json = vec![0; length as usize];
            file.read_exact(&mut json)?;
            Ok(serde_json::from_slice(&json).ok().map(|origin| (origin, 12 + u64::from(length))))
        };
        match read() {
            Ok(found) => Ok(found.map(|(origin, start)| Self { path: path.to_owned(), file, origin, start })),
            // Another version wrote it, or nobody finished it.
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
            Err(source) => Err(IndexError::File { path: path.to_owned(), source }),
        }
    }

    /// Opens it for putting records at the end, with all that is still of use; makes it where there is none.
    /// Only who holds the lock may do so.
    pub(super) fn continue_at(path: &Path, now: Origin) -> Result<Self, IndexError> {
        let ledger = match Self::open(path)? {
            Some(ledger) if ledger.origin.is_same(&now) => ledger,
            Some(older) => {
                let trust = older.origin.trust(&now);
                // A picture of a sample that is read again need not be decoded again.
                return older.rewritten(now, |_, record| {
                    let seq = if trust.holds(record.seq) { record.seq } else { Record::NOBODY };
                    Some(Record { seq, ..record })
                });
            }
            None => return Self::written(path, now, |_| Ok(())),
        };
        let mut file = File::options().read(true).write(true).open(path).map_err(IndexError::file(path))?;
        let whole = ledger.start + ledger.records()? * RECORD as u64;
        // What a dying process left of its last record.
        file.set_len(whole).map_err(IndexError::file(path))?;
        file.seek(SeekFrom::End(0)).map_err(IndexError::file(path))?;
        Ok(Self { file, ..ledger })
    }

    /// Writes all records that are kept into a new file in place of this one.
    pub(super) fn rewritten(
        self,
        origin: Origin,
        mut keep: impl FnMut(u64, Record) -> Option<Record>,
    ) -> Result<Self, IndexError> {
        let path = self.path.clone();
        Self::written(&path, origin, |out| {
            self.each(0, |number, record| match keep(number, record) {
                Some(kept) => out.write_all(&kept.written()).map_err(IndexError::file(&self.path)),
                None => Ok(()),
            })
            .map(|_| ())
        })
    }

    fn written(
        path: &Path,
        origin: Origin,
        fill: impl FnOnce(&mut BufWriter<File>) -> Result<(), IndexError>,
    ) -> Result<Self, IndexError> {
        let beside = path.with_extension("new");
        let json = serde_json::to_vec(&origin)
            .map_err(|error| IndexError::File { path: path.to_owned(), source: error.into() })?;
        let open = || -> std::io::Result<BufWriter<File>> {
            let file = File::options().read(true).write(true).create(true).truncate(true).open(&beside)?;
            let mut out = BufWriter::with_capacity(1 << 18, file);
            out.write_all(MAGIC)?;
            out.write_all(&(json.len() as u32).to_le_bytes())?;
            out.write_all(&json)?;
            Ok(out)
        };
        let mut out = open().map_err(IndexError::file(&beside))?;
        fill(&mut out)?;
        let file = out
            .into_inner()
            .map_err(|error| IndexError::File { path: beside.clone(), source: error.into_error() })?;
        file.sync_data().map_err(IndexError::file(&beside))?;
        std::fs::rename(&beside, path).map_err(IndexError::file(path))?;
        Ok(Self { path: path.to_owned(), file, origin, start: 12 + json.len() as u64 })
    }

    /// Whole records in it.
    pub(super) fn records(&self) -> Result<u64, IndexError> {
        let length = self.file.metadata().map_err(IndexError::file(&self.path))?.len();
        Ok(length.saturating_sub(self.start) / RECORD as u64)
    }

    /// Calls `take` with the sound records from a number on, and their numbers; tells the number after the last.
    pub(super) fn each(
        &self,
        from: u64,
        mut take: impl FnMut(u64, Record) -> Result<(), IndexError>,
    ) -> Result<u64, IndexError> {
        let end = self.records()?;
        // A handle of its own: this one stays at the end.
        let mut file = File::open(&self.path).map_err(IndexError::file(&self.path))?;
        file.seek(SeekFrom::Start(self.start + from * RECORD as u64))
            .map_err(IndexError::file(&self.path))?;
        let mut file = BufReader::with_capacity(RECORD << 12, file);
        let mut bytes = [0; RECORD];
        for number in from..end {
            file.read_exact(&mut bytes).map_err(IndexError::file(&self.path))?;
            if let Some(record) = Record::read(&bytes) {
                take(number, record)?;
            }
        }
        Ok(end.max(from))
    }

    /// The record with a number.
    pub(super) fn record(&self, reader: &mut File, number: u64) -> Option<Record> {
        let mut bytes = [0; RECORD];
        reader.seek(SeekFrom::Start(self.start + number * RECORD as u64)).ok()?;
        reader.read_exact(&mut bytes).ok()?;
        Record::read(&bytes)
    }

    /// A handle for [`Ledger::record`].
    pub(super) fn reader(&self) -> Result<File, IndexError> {
        File::open(&self.path).map_err(IndexError::file(&self.path))
    }

    /// Puts records at the end, in one go.
    pub(super) fn put(&mut self, records: &[Record]) -> Result<(), IndexError> {
        let bytes: Vec<u8> = records.iter().flat_map(Record::written).collect();
        self.file.write_all(&bytes).map_err(IndexError::file(&self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(files: &[(u32, &str, u64)]) -> Origin {
        let files = files.iter().map(|(ordinal, path, time)| (*ordinal, PathBuf::from(path), 7, *time));
        Origin { number: 5, reading: "r".into(), joined: false, files: files.collect() }
    }

    fn record(seq: u64) -> Record {
        let seen = Sight {
            bits: MISSING | LIKENESS,
            width: 640,
            height: 481,
            likeness: Likeness { shape: seq << 50 | 3, tint: seq },
        };
        Record { seq, place: 2, seen, stamp: seq * 31 }
    }

    fn all(path: &Path) -> Vec<Record> {
        let mut found = Vec::new();
        let ledger = Ledger::open(path).unwrap().unwrap();
        ledger
            .each(0, |_, record| {
                found.push(record);
                Ok(())
            })
            .unwrap();
        found
    }

    #[test]
    fn what_is_torn_is_left_out_and_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pictures");
        assert!(Ledger::open(&path).unwrap().is_none());
        let mut ledger = Ledger::continue_at(&path, origin(&[(0, "a", 1)])).unwrap();
        let records: Vec<Record> = (1..5).map(record).collect();
        ledger.put(&records).unwrap();
        assert_eq!(all(&path), records);
        // A process that died while it wrote.
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 11]).unwrap();
        assert_eq!(all(&path), records[..3]);
        let mut ledger = Ledger::continue_at(&path, origin(&[(0, "a", 1)])).unwrap();
        ledger.put(&records[3..]).unwrap();
        assert_eq!(all(&path), records);
        // A byte that a disk lost: the records behind are still read.
        let mut bytes = std::fs::read(&path).unwrap();
        let place = bytes.len() - 3 * RECORD + 9;
        bytes[place] ^= 64;
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(all(&path), [records[0], records[2], records[3]]);
        for broken in [&b""[..], b"caps", b"capspic1\xff\xff\xff\xff", b"capspic1\x02\0\0\0{}"] {
            std::fs::write(&path, broken).unwrap();
            assert!(Ledger::open(&path).unwrap().is_none());
        }
    }

    #[test]
    fn samples_of_changed_files_are_not_trusted() {
        let before = origin(&[(0, "a", 1), (1, "b", 1), (2, "c", 1)]);
        let now = origin(&[(0, "a", 1), (1, "b", 2), (3, "d", 1)]);
        let trust = before.trust(&now);
        let holds = [0, 1, 2, 3].map(|ordinal| trust.holds(Seq::new(ordinal, 9).0));
        assert_eq!((holds, trust.holds(Record::NOBODY)), ([true, false, false, false], false));
        let joined = |origin: &Origin| Origin { joined: true, ..origin.clone() };
        assert!(!joined(&before).trust(&joined(&now)).holds(0));
        assert!(joined(&before).trust(&joined(&before)).holds(0));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pictures");
        let mut ledger = Ledger::continue_at(&path, before).unwrap();
        let (one, other) = (record(Seq::new(0, 4).0), record(Seq::new(1, 4).0));
        ledger.put(&[one, other]).unwrap();
        Ledger::continue_at(&path, now).unwrap();
        assert_eq!(all(&path), [one, Record { seq: Record::NOBODY, ..other }]);
    }
}
