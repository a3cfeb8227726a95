//! What can be done with a sample before its turn to be written: its pictures are read, its record is made.

use std::io::ErrorKind;
use std::path::PathBuf;

use super::parquet::Row;
use super::record::{self, Place, SampleRecord};
use super::sink::Skipped;
use super::{ExportError, Format, Options, Pictures, gallery, lines, table, talk};
use crate::media::{fetch, file_ending};
use crate::model::{ImageRef, Sample};

/// Pictures in one folder.
const IN_A_FOLDER: u64 = 10_000;

/// A sample with the key of its files.
pub(super) struct Taken {
    pub(super) number: u64,
    pub(super) key: String,
    pub(super) sample: Sample,
}

/// The encoded bytes of a picture.
pub(super) struct Picture {
    pub(super) bytes: Vec<u8>,
    pub(super) ending: &'static str,
}

/// What is to be written of a sample.
#[derive(Default)]
pub(super) struct Prepared {
    pub(super) body: Body,
    pub(super) pictures: u64,
    pub(super) picture_bytes: u64,
    pub(super) texts_changed: u64,
    pub(super) captions_left_out: u64,
    pub(super) is_left_out: bool,
    pub(super) skipped: Vec<Skipped>,
}

/// What is to be written, by form.
#[derive(Default)]
pub(super) enum Body {
    /// Nothing more: it is written already.
    #[default]
    Written,
    /// A piece of text.
    Text(String),
    /// Members of an archive: endings behind the key, and bytes.
    Members(String, Vec<(String, Vec<u8>)>),
    /// A row of a table of columns.
    Row(Box<Row>),
}

impl Prepared {
    /// Bytes that are held until it is written.
    pub(super) fn held(&self) -> u64 {
        let body = match &self.body {
            Body::Written => 0,
            Body::Text(text) => text.len() as u64,
            Body::Members(_, members) => members.iter().map(|(_, bytes)| bytes.len() as u64).sum(),
            Body::Row(row) => row.bytes(),
        };
        body + 256
    }
}

/// Makes what is to be written; used by several threads.
pub(super) struct Preparer<'a> {
    options: &'a Options,
    /// The folder in the making, where files are written at once.
    folder: PathBuf,
}

impl<'a> Preparer<'a> {
    pub(super) fn new(options: &'a Options, folder: PathBuf) -> Self {
        Self { options, folder }
    }

    /// Reads the pictures of a sample and makes its record.
    ///
    /// # Errors
    /// Where a file of its own cannot be written.
    pub(super) fn prepare(&self, mut taken: Taken) -> Result<Prepared, ExportError> {
        let mut prepared = Prepared::default();
        if self.options.pictures == Pictures::None {
            taken.sample.images.clear();
        }
        let (pictures, mut places) = self.pictures(&taken.sample, &mut prepared);
        if let Some(reason) = self.reason_to_leave(&taken.sample, &prepared) {
            if let Some(reason) = reason {
                prepared.skipped.push(Skipped::sample(&taken.sample, reason));
            }
            prepared.is_left_out = true;
            prepared.skipped.iter_mut().for_each(|skipped| skipped.sample = "left out");
            return Ok(prepared);
        }
        for picture in pictures.iter().flatten() {
            prepared.pictures += 1;
            prepared.picture_bytes += picture.bytes.len() as u64;
        }
        let format = self.options.format;
        let is_folder = self.options.is_folder;
        if format == Format::WebDataset {
            prepared.body = self.members(&taken, pictures, places)?;
            return Ok(prepared);
        }
        if format == Format::Parquet {
            prepared.body = Body::Row(Box::new(Row::of(self.options, &taken.sample, pictures)?));
            return Ok(prepared);
        }
        if is_folder && self.options.pictures == Pictures::Copy {
            let copies = pictures.into_iter().zip(places.iter_mut()).enumerate();
            for (at, (picture, place)) in copies {
                let Some(picture) = picture else { continue };
                let name = self.file_name(&taken, at, picture.ending);
                self.write(&name, &picture.bytes)?;
                *place = Place::File(name);
            }
        }
        let Taken { key, sample, .. } = &taken;
        let captions = &self.options.captions;
        prepared.body = match format {
            Format::Kohya => {
                let text = gallery::sidecar(sample, captions, &mut prepared.captions_left_out);
                self.write(&format!("{key}.txt"), text.as_bytes())?;
                Body::Written
            }
            Format::Llava => Body::Text(talk::conversation(sample, captions, &places, &mut prepared)?),
            Format::ImageFolder => Body::Text(gallery::entry(&self.record(sample, &places), &places)?),
            Format::Csv => Body::Text(table::row(&self.record(sample, &places), b',')?),
            Format::Tsv => Body::Text(table::row(&self.record(sample, &places), b'\t')?),
            _ => Body::Text(lines::line(self.record(sample, &places))?),
        };
        Ok(prepared)
    }

    fn record<'s>(&'s self, sample: &'s Sample, places: &'s [Place]) -> SampleRecord<'s> {
        record::exported(sample, &self.options.captions, places)
    }

    /// The pictures of a sample, where they are to be had, and where each is afterwards.
    fn pictures(&self, sample: &Sample, prepared: &mut Prepared) -> (Vec<Option<Picture>>, Vec<Place>) {
        let mut places = vec![Place::Kept; sample.images.len()];
        let mut pictures = Vec::new();
        for (image, place) in sample.images.iter().zip(&mut places) {
            let missed = if self.options.pictures == Pictures::Copy {
                let got = fetch(&image.reference, &self.options.limits)
                    .and_then(|bytes| Ok(Picture { ending: file_ending(&bytes)?, bytes }));
                match got {
                    Ok(picture) => {
                        pictures.push(Some(picture));
                        continue;
                    }
                    Err(error) => Some(error.to_string()),
                }
            } else if let ImageRef::Missing { reason, .. } = &image.reference {
                Some(reason.clone())
            } else {
                None
            };
            pictures.push(None);
            if let Some(reason) = missed {
                prepared.skipped.push(Skipped {
                    id: sample.id.clone(),
                    picture: Some(image.reference.label()),
                    reason: reason.clone(),
                    sample: "kept",
                });
                if self.options.pictures == Pictures::Copy {
                    *place = Place::Nowhere(reason);
                }
            }
        }
        (pictures, places)
    }

    /// Whether a sample is left out, and why, where that is not said already.
    fn reason_to_leave(&self, sample: &Sample, prepared: &Prepared) -> Option<Option<&'static str>> {
        let format = self.options.format;
        let needs_all = matches!(
            format,
            Format::WebDataset | Format::Parquet | Format::ImageFolder | Format::Kohya | Format::Llava
        );
        if needs_all && self.options.pictures == Pictures::Copy && !prepared.skipped.is_empty() {
            return Some(None);
        }
        if format.is_of_pictures() && sample.images.is_empty() {
            return Some(Some("it has no picture"));
        }
        if format == Format::Kohya && sample.images.len() > 1 {
            return Some(Some("it has several pictures, and a text file has one"));
        }
        let says_nothing = self.options.captions.said(sample).next().is_none();
        if format == Format::Kohya && says_nothing {
            return Some(Some("it has no caption"));
        }
        if format == Format::Llava && says_nothing && !talk::has_answers(sample) {
            return Some(Some("it has neither a caption nor an answer"));
        }
        None
    }

    /// The members of a sample in an archive.
    fn members(
        &self,
        taken: &Taken,
        pictures: Vec<Option<Picture>>,
        mut places: Vec<Place>,
    ) -> Result<Body, ExportError> {
        let mut members = Vec::new();
        for (at, (picture, place)) in pictures.into_iter().zip(&mut places).enumerate() {
            let Some(picture) = picture else { continue };
            let ending = if at == 0 { picture.ending.to_owned() } else { format!("{at}.{}", picture.ending) };
            *place = Place::Member(ending.clone());
            members.push((ending, picture.bytes));
        }
        let text = lines::line(self.record(&taken.sample, &places))?;
        members.push(("json".to_owned(), text.into_bytes()));
        if let Some(caption) = self.options.captions.headline(&taken.sample) {
            members.push(("txt".to_owned(), caption.text.clone().into_bytes()));
        }
        Ok(Body::Members(taken.key.clone(), members))
    }

    /// The way of a picture from the folder of the export.
    fn file_name(&self, taken: &Taken, at: usize, ending: &str) -> String {
        let Taken { key, number, .. } = taken;
        // Beside its text, where that is how they find each other.
        if self.options.format == Format::Kohya {
            return format!("{key}.{ending}");
        }
        let folder = number / IN_A_FOLDER;
        // A dot is in no key, so that this is in nobody's way.
        let which = if at == 0 { String::new() } else { format!(".{at}") };
        format!("images/{folder:04}/{key}{which}.{ending}")
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), ExportError> {
        let path = self.folder.join(name);
        let written = match std::fs::write(&path, bytes) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
                made.and_then(|()| std::fs::write(&path, bytes))
            }
            other => other,
        };
        written.map_err(ExportError::at(&path))
    }
}
