//! Tar archives as WebDataset reads them: members of one sample stand beside each other and have its key.

use std::fs::File;
use std::io::{BufWriter, IntoInnerError, Write};
use std::path::PathBuf;

use super::{ExportError, ShardSize};

const BLOCK: usize = 512;
/// Bytes that are gathered before they are written; pictures are mostly smaller.
const BUFFER: usize = 4 << 20;

/// One archive, or one after the other in a folder.
pub(super) struct Archive {
    /// Where further ones go, and their name; none where there is one only.
    folder: Option<(PathBuf, String)>,
    size: ShardSize,
    is_durable: bool,
    number: u32,
    open: Option<Shard>,
}

struct Shard {
    path: PathBuf,
    out: BufWriter<File>,
    bytes: u64,
    samples: u64,
}

impl Archive {
    /// Archives `NAME-000000.tar` and so on.
    pub(super) fn in_folder(folder: PathBuf, name: String, size: ShardSize, is_durable: bool) -> Self {
        Self { folder: Some((folder, name)), size, is_durable, number: 0, open: None }
    }

    /// One archive.
    pub(super) fn single(path: PathBuf, file: File, is_durable: bool) -> Self {
        let size = ShardSize { bytes: u64::MAX, samples: u64::MAX };
        Self { folder: None, size, is_durable, number: 0, open: Some(Shard::new(path, file)) }
    }

    /// Writes the members of a sample, all into one archive.
    pub(super) fn put(&mut self, key: &str, members: &[(String, Vec<u8>)]) -> Result<(), ExportError> {
        let bytes: u64 = members.iter().map(|(_, bytes)| (BLOCK + padded(bytes.len())) as u64).sum();
        let is_full = self.open.as_ref().is_some_and(|shard| {
            shard.samples >= self.size.samples || shard.bytes.saturating_add(bytes) > self.size.bytes
        });
        if is_full && let Some(shard) = self.open.take() {
            shard.finish(self.is_durable)?;
        }
        let shard = match self.open.take() {
            Some(shard) => shard,
            None => self.next()?,
        };
        let shard = self.open.insert(shard);
        for (ending, content) in members {
            shard.member(&format!("{key}.{ending}"), content).map_err(ExportError::at(&shard.path))?;
        }
        shard.bytes += bytes;
        shard.samples += 1;
        Ok(())
    }

    fn next(&mut self) -> Result<Shard, ExportError> {
        let (folder, name) = self.folder.clone().unwrap_or_default();
        let path = folder.join(format!("{name}-{:06}.tar", self.number));
        self.number += 1;
        let file = File::create(&path).map_err(ExportError::at(&path))?;
        Ok(Shard::new(path, file))
    }

    /// Ends the last archive.
    pub(super) fn finish(mut self) -> Result<(), ExportError> {
        self.open.take().map_or(Ok(()), |shard| shard.finish(self.is_durable))
    }
}

impl Shard {
    fn new(path: PathBuf, file: File) -> Self {
        Self { path, out: BufWriter::with_capacity(BUFFER, file), bytes: 0, samples: 0 }
    }

    fn member(&mut self, name: &str, content: &[u8]) -> std::io::Result<()> {
        let mut header = tar::Header::new_ustar();
        header.set_path(name)?;
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_cksum();
        self.out.write_all(header.as_bytes())?;
        self.out.write_all(content)?;
        let zeros = [0; BLOCK];
        let padding = padded(content.len()) - content.len();
        self.out.write_all(zeros.get(..padding).unwrap_or_default())
    }

    fn finish(mut self, is_durable: bool) -> Result<(), ExportError> {
        let at = ExportError::at(&self.path);
        let finish = || -> std::io::Result<()> {
            self.out.write_all(&[0; 2 * BLOCK])?;
            let file = self.out.into_inner().map_err(IntoInnerError::into_error)?;
            if is_durable { file.sync_all() } else { Ok(()) }
        };
        finish().map_err(at)
    }
}

fn padded(bytes: usize) -> usize {
    bytes.div_ceil(BLOCK) * BLOCK
}
