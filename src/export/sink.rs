//! What is prepared is written here, one after the other.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, IntoInnerError, Write};
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use super::archive::Archive;
use super::parquet::Table;
use super::prepare::Body;
use super::target::Target;
use super::{ExportError, Format, Options, Packing, lines, table};
use crate::model::Sample;

/// Bytes that are gathered before they are written.
const BUFFER: usize = 1 << 20;

/// Something that is not in the export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The sample.
    pub id: String,
    /// The picture, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Why.
    pub reason: String,
    /// What became of the sample: `kept` or `left out`.
    pub sample: &'static str,
}

impl Skipped {
    /// A sample that is left out.
    pub(super) fn sample(sample: &Sample, reason: &str) -> Self {
        Self { id: sample.id.clone(), picture: None, reason: reason.to_owned(), sample: "left out" }
    }
}

/// Writes one form.
pub(super) enum Sink {
    Text(TextFile),
    Archive(Archive),
    Table(Box<Table>),
    /// Files that are written as they are prepared.
    Files,
}

impl Sink {
    /// Opens the files of an export.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub(super) fn open(options: &Options, target: &Target) -> Result<Self, ExportError> {
        let stem = options.stem();
        let open = |name: String| -> Result<(PathBuf, File), ExportError> {
            if options.is_folder {
                let path = target.part().join(name);
                let file = File::create(&path).map_err(ExportError::at(&path))?;
                Ok((path, file))
            } else {
                Ok((target.path(), target.file()?))
            }
        };
        let text = |name: String, frame: Frame| -> Result<Self, ExportError> {
            let (path, file) = open(name)?;
            Ok(Self::Text(TextFile::new(path, file, options.packing, frame)?))
        };
        match options.format {
            Format::JsonLines => text(format!("{stem}.jsonl"), Frame::Lines),
            Format::Csv => text(format!("{stem}.csv"), Frame::Table(table::header(b','))),
            Format::Tsv => text(format!("{stem}.tsv"), Frame::Table(table::header(b'\t'))),
            Format::ImageFolder => text("metadata.jsonl".to_owned(), Frame::Lines),
            Format::Llava if options.is_array() => text(format!("{stem}.json"), Frame::Array),
            Format::Llava => text(format!("{stem}.jsonl"), Frame::Ended),
            Format::Kohya => Ok(Self::Files),
            Format::WebDataset if options.is_folder => {
                let durable = options.is_durable();
                Ok(Self::Archive(Archive::in_folder(target.part(), stem, options.shard, durable)))
            }
            Format::WebDataset => {
                Ok(Self::Archive(Archive::single(target.path(), target.file()?, options.is_durable())))
            }
            Format::Parquet => {
                let (path, file) = open(format!("{stem}.parquet"))?;
                Ok(Self::Table(Box::new(Table::new(path, file, options)?)))
            }
        }
    }

    /// Writes what was prepared of one sample.
    ///
    /// # Errors
    /// Where a file cannot be written.
    pub(super) fn put(&mut self, body: Body) -> Result<(), ExportError> {
        match (self, body) {
            (Self::Text(file), Body::Text(text)) => file.put(&text),
            (Self::Archive(archive), Body::Members(key, members)) => archive.put(&key, &members),
            (Self::Table(table), Body::Row(row)) => table.put(*row),
            _ => Ok(()),
        }
    }

    /// Ends the files, and has them written to the disk.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub(super) fn finish(self, account: &str) -> Result<(), ExportError> {
        match self {
            Self::Text(file) => file.finish(),
            Self::Archive(archive) => archive.finish(),
            Self::Table(table) => table.finish(account),
            Self::Files => Ok(()),
        }
    }
}

/// What stands around pieces of text.
pub(super) enum Frame {
    /// Nothing: each has its line end.
    Lines,
    /// Nothing, and each needs a line end.
    Ended,
    /// A first line.
    Table(String),
    /// Brackets, and commas between them.
    Array,
}

/// A file of text, packed or not.
pub(super) struct TextFile {
    path: PathBuf,
    out: Packed,
    frame: Frame,
    is_begun: bool,
}

enum Packed {
    Plain(BufWriter<File>),
    Gzip(GzEncoder<BufWriter<File>>),
    Zstd(zstd::Encoder<'static, BufWriter<File>>),
}

impl TextFile {
    fn new(path: PathBuf, file: File, packing: Packing, frame: Frame) -> Result<Self, ExportError> {
        let file = BufWriter::with_capacity(BUFFER, file);
        let out = match packing {
            Packing::Plain => Packed::Plain(file),
            Packing::Gzip => Packed::Gzip(GzEncoder::new(file, Compression::default())),
            Packing::Zstd => Packed::Zstd(zstd::Encoder::new(file, 3).map_err(ExportError::at(&path))?),
        };
        let mut text = Self { path, out, frame, is_begun: false };
        if let Frame::Table(header) = &text.frame {
            let header = header.clone();
            text.write(&header)?;
        }
        Ok(text)
    }

    fn write(&mut self, text: &str) -> Result<(), ExportError> {
        let bytes = text.as_bytes();
        let written = match &mut self.out {
            Packed::Plain(file) => file.write_all(bytes),
            Packed::Gzip(file) => file.write_all(bytes),
            Packed::Zstd(file) => file.write_all(bytes),
        };
        written.map_err(ExportError::at(&self.path))
    }

    fn put(&mut self, text: &str) -> Result<(), ExportError> {
        if let Frame::Array = self.frame {
            self.write(if self.is_begun { ",\n" } else { "[\n" })?;
        }
        self.is_begun = true;
        self.write(text)?;
        if let Frame::Ended = self.frame { self.write("\n") } else { Ok(()) }
    }

    fn finish(mut self) -> Result<(), ExportError> {
        if let Frame::Array = self.frame {
            self.write("\n]\n")?;
        }
        let at = || ExportError::at(&self.path);
        let file = match self.out {
            Packed::Plain(file) => file,
            Packed::Gzip(file) => file.finish().map_err(at())?,
            Packed::Zstd(file) => file.finish().map_err(at())?,
        };
        let file = file.into_inner().map_err(IntoInnerError::into_error).map_err(at())?;
        file.sync_all().map_err(at())
    }
}

/// The list of what is not in the export; made when there is something to list.
pub(super) struct List {
    path: PathBuf,
    out: Option<BufWriter<File>>,
}

impl List {
    pub(super) fn at(path: PathBuf) -> Self {
        Self { path, out: None }
    }

    pub(super) fn put(&mut self, skipped: &Skipped) -> Result<(), ExportError> {
        let mut line = lines::text(skipped)?;
        line.push('\n');
        if self.out.is_none() {
            let file = OpenOptions::new().write(true).create(true).truncate(true).open(&self.path);
            self.out = Some(BufWriter::new(file.map_err(ExportError::at(&self.path))?));
        }
        let written = self.out.as_mut().map_or(Ok(()), |out| out.write_all(line.as_bytes()));
        written.map_err(ExportError::at(&self.path))
    }

    /// Whether there is something on it.
    pub(super) fn finish(self) -> Result<bool, ExportError> {
        let Some(out) = self.out else { return Ok(false) };
        let file =
            out.into_inner().map_err(IntoInnerError::into_error).map_err(ExportError::at(&self.path))?;
        file.sync_all().map_err(ExportError::at(&self.path))?;
        Ok(true)
    }
}
