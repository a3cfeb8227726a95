//! What is wanted of an export.

use std::path::{Path, PathBuf};

use super::ExportError;
use crate::media::Limits;
use crate::model::{Caption, CaptionRole, Sample};

/// A form in which other programs read samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A record a line.
    JsonLines,
    /// A table with commas; lists and records are JSON in its cells.
    Csv,
    /// The same with tabs.
    Tsv,
    /// A Parquet file as Hugging Face datasets reads and writes it.
    Parquet,
    /// Tar archives whose members have the key of their sample.
    WebDataset,
    /// A folder of pictures with `metadata.jsonl`.
    ImageFolder,
    /// Conversations about pictures, as LLaVA and `ShareGPT` have them.
    Llava,
    /// Pictures, each with its caption in a text file of the same name.
    Kohya,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 8] = [
        Self::JsonLines,
        Self::Csv,
        Self::Tsv,
        Self::Parquet,
        Self::WebDataset,
        Self::ImageFolder,
        Self::Llava,
        Self::Kohya,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Parquet => "parquet",
            Self::WebDataset => "webdataset",
            Self::ImageFolder => "imagefolder",
            Self::Llava => "llava",
            Self::Kohya => "kohya",
        }
    }

    /// Whether it is always a folder.
    pub fn is_folder(self) -> bool {
        matches!(self, Self::ImageFolder | Self::Kohya)
    }

    /// Whether it is nothing without the bytes of pictures.
    pub(super) fn is_of_pictures(self) -> bool {
        matches!(self, Self::ImageFolder | Self::Kohya)
    }

    /// Whether its text may be packed.
    fn is_text(self) -> bool {
        matches!(self, Self::JsonLines | Self::Csv | Self::Tsv | Self::Llava)
    }
}

/// How text is packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    #[default]
    Plain,
    /// `.gz`
    Gzip,
    /// `.zst`
    Zstd,
}

/// What becomes of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pictures {
    /// Their bytes go along, as they are.
    Copy,
    /// Records tell where they are.
    Reference,
    /// Nothing is told of them.
    None,
}

impl Pictures {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Reference => "reference",
            Self::None => "none",
        }
    }
}

/// Which captions are exported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Captions {
    /// All, each with its role; texts that a model is trained on are the main ones.
    #[default]
    All,
    /// Those that describe the picture.
    Main,
    /// Those of this field, whatever their role.
    Field(String),
}

impl Captions {
    /// Reads `all`, `main`, or the name of a field.
    pub fn named(text: &str) -> Self {
        match text {
            "all" => Self::All,
            "main" => Self::Main,
            field => Self::Field(field.to_owned()),
        }
    }

    /// Whether a record has this caption.
    pub(super) fn keeps(&self, caption: &Caption) -> bool {
        match self {
            Self::All => true,
            Self::Main => caption.role == CaptionRole::Main,
            Self::Field(field) => caption.field == *field,
        }
    }

    /// Captions that say what is in the picture: never those that are wrong on purpose, unless they are asked for.
    pub(super) fn said<'a>(&'a self, sample: &'a Sample) -> impl Iterator<Item = &'a Caption> {
        sample.captions.iter().filter(move |caption| match self {
            Self::All | Self::Main => caption.role == CaptionRole::Main,
            Self::Field(_) => self.keeps(caption),
        })
    }

    /// The caption where there is room for one.
    pub(super) fn headline<'a>(&'a self, sample: &'a Sample) -> Option<&'a Caption> {
        let original = || sample.captions.iter().find(|caption| caption.role == CaptionRole::Original);
        self.said(sample).next().or_else(|| original().filter(|_| *self == Self::All))
    }
}

/// How large an archive may get before the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShardSize {
    /// Bytes.
    pub bytes: u64,
    /// Samples.
    pub samples: u64,
}

impl Default for ShardSize {
    fn default() -> Self {
        Self { bytes: 1_000_000_000, samples: u64::MAX }
    }
}

impl ShardSize {
    /// Reads `500MB`, `2GiB`, `10000` (samples), or both with a comma.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut size = Self { bytes: u64::MAX, samples: u64::MAX };
        for part in text.split(',').map(str::trim) {
            let end = part.find(|sign: char| !sign.is_ascii_digit() && sign != '.').unwrap_or(part.len());
            let (digits, unit) = part.split_at_checked(end).unwrap_or((part, ""));
            let wrong = || format!("`{part}` is no size: 10000 is so many samples, 500MB so many bytes");
            let number = digits.parse::<f64>().ok().ok_or_else(wrong)?;
            let scale = match unit.trim().to_ascii_lowercase().as_str() {
                "" | "samples" => {
                    size.samples = number as u64;
                    continue;
                }
                "b" => 1.0,
                "k" | "kb" => 1e3,
                "m" | "mb" => 1e6,
                "g" | "gb" => 1e9,
                "kib" => 1024.0,
                "mib" => 1024.0 * 1024.0,
                "gib" => 1024.0 * 1024.0 * 1024.0,
                _ => return Err(wrong()),
            };
            size.bytes = (number * scale) as u64;
        }
        if size.bytes == 0 || size.samples == 0 {
            return Err("a shard of size 0 holds nothing".to_owned());
        }
        Ok(size)
    }
}

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Options {
    /// The file or folder to make.
    pub to: PathBuf,
    /// Its form.
    pub format: Format,
    /// How text is packed.
    pub packing: Packing,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// What becomes of pictures.
    pub pictures: Pictures,
    /// Which captions.
    pub captions: Captions,
    /// How large archives get; one archive, however large, where it is a file.
    pub shard: ShardSize,
    /// Whether something that is there already may be replaced.
    pub force: bool,
    /// Whether pictures have to be on the disk at the end, and not only in the system's hands as after a copy. Text
    /// always is.
    pub sync: bool,
    /// What a single picture may cost, and whether addresses are fetched.
    pub limits: Limits,
    /// Threads that read pictures and make records.
    pub threads: usize,
}

impl Options {
    /// What follows from the ending of `to`, and from what was said in so many words.
    ///
    /// # Errors
    /// Where that leaves it open, or contradicts itself.
    pub fn new(to: &Path, format: Option<Format>, pictures: Option<Pictures>) -> Result<Self, ExportError> {
        let name = to.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.is_empty() {
            return Err(ExportError::Wish(format!("{}: name a file or a folder to make", to.display())));
        }
        let lower = name.to_ascii_lowercase();
        let ends = |ending: &str| lower.ends_with(ending);
        let packed = |bare: &str, packing| {
            let ending = match packing {
                Packing::Gzip => ".gz",
                Packing::Zstd => ".zst",
                Packing::Plain => "",
            };
            ends(&format!("{bare}{ending}")).then_some(packing)
        };
        let packings = [Packing::Plain, Packing::Gzip, Packing::Zstd];
        let known = [
            (".jsonl", Format::JsonLines),
            (".ndjson", Format::JsonLines),
            (".csv", Format::Csv),
            (".tsv", Format::Tsv),
            (".json", Format::Llava),
        ];
        let text = known.iter().find_map(|(ending, format)| {
            packings.iter().find_map(|packing| Some((*format, packed(ending, *packing)?)))
        });
        let told = match text {
            Some((Format::Llava, packing)) => Some((None, packing)),
            Some((format, packing)) => Some((Some(format), packing)),
            None if ends(".parquet") => Some((Some(Format::Parquet), Packing::Plain)),
            None if ends(".tar") => Some((Some(Format::WebDataset), Packing::Plain)),
            None => None,
        };
        let listed = || Format::ALL.map(Format::name).join(", ");
        let by_name = told.and_then(|(format, _)| format);
        let format = format.or(by_name).ok_or_else(|| {
            ExportError::Wish(format!("which form shall {name} have? --format {}", listed()))
        })?;
        let is_folder = format.is_folder() || told.is_none();
        if format.is_folder() && told.is_some() {
            return Err(ExportError::Wish(format!(
                "{} makes a folder, and {name} is the name of a file",
                format.name()
            )));
        }
        if let Some(other) = by_name.filter(|other| *other != format)
            && !(format == Format::Llava && other == Format::JsonLines)
        {
            let message =
                format!("{name} is the name of a file of {}, not of {}", other.name(), format.name());
            return Err(ExportError::Wish(message));
        }
        if by_name.is_none() && told.is_some() && format != Format::Llava {
            return Err(ExportError::Wish(format!("{name} can be conversations only: --format llava")));
        }
        let packing = told.map_or(Packing::Plain, |(_, packing)| packing);
        if packing != Packing::Plain && !format.is_text() {
            return Err(ExportError::Wish(format!("{} is not packed", format.name())));
        }
        let holds = is_folder || matches!(format, Format::Parquet | Format::WebDataset);
        let pictures = pictures.unwrap_or(if holds { Pictures::Copy } else { Pictures::Reference });
        if pictures == Pictures::Copy && !holds {
            return Err(ExportError::Wish(format!(
                "{name} is one file, which cannot hold pictures: name a folder, with --format {}",
                format.name()
            )));
        }
        if format.is_of_pictures() && pictures != Pictures::Copy {
            return Err(ExportError::Wish(format!("{} is nothing without its pictures", format.name())));
        }
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(16);
        Ok(Self {
            to: to.to_owned(),
            format,
            packing,
            is_folder,
            pictures,
            captions: Captions::default(),
            shard: ShardSize::default(),
            force: false,
            sync: false,
            limits: Limits::default(),
            threads,
        })
    }

    /// Whether files are waited for until they are on the disk.
    pub(super) fn is_durable(&self) -> bool {
        self.sync || self.pictures != Pictures::Copy
    }

    /// Whether conversations are one list, and not one a line.
    pub(super) fn is_array(&self) -> bool {
        let name = self.to.to_string_lossy().to_ascii_lowercase();
        let is_lines = |ending: &str| {
            [".jsonl", ".ndjson"].iter().any(|bare| name.ends_with(&format!("{bare}{ending}")))
        };
        self.is_folder || !["", ".gz", ".zst"].into_iter().any(is_lines)
    }

    /// The name without its endings, for what lies in a folder or beside a file.
    pub(super) fn stem(&self) -> String {
        let name = self.to.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if self.is_folder {
            return name;
        }
        let name = [".gz", ".zst"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(&name);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_follows_from_the_name() {
        use Format::{Csv, ImageFolder, JsonLines, Kohya, Llava, Parquet, Tsv, WebDataset};
        let read = |to: &str, format: Option<Format>| {
            Options::new(Path::new(to), format, None)
                .map(|options| (options.format, options.packing, options.is_folder, options.pictures))
                .map_err(|error| error.to_string())
        };
        let (plain, reference, copy) = (Packing::Plain, Pictures::Reference, Pictures::Copy);
        for (to, format, expected) in [
            ("a.jsonl", None, (JsonLines, plain, false, reference)),
            ("a.JSONL.gz", None, (JsonLines, Packing::Gzip, false, reference)),
            ("a.csv.zst", None, (Csv, Packing::Zstd, false, reference)),
            ("a.tsv", None, (Tsv, plain, false, reference)),
            ("a.parquet", None, (Parquet, plain, false, copy)),
            ("a.tar", None, (WebDataset, plain, false, copy)),
            ("a.json", Some(Llava), (Llava, plain, false, reference)),
            ("a.jsonl", Some(Llava), (Llava, plain, false, reference)),
            ("a", Some(JsonLines), (JsonLines, plain, true, copy)),
            ("a", Some(WebDataset), (WebDataset, plain, true, copy)),
            ("a/b", Some(ImageFolder), (ImageFolder, plain, true, copy)),
            ("a", Some(Kohya), (Kohya, plain, true, copy)),
        ] {
            assert_eq!(read(to, format), Ok(expected), "{to}");
        }
        for (to, format, words) in [
            ("a", None, "which form shall a have? --format jsonl, csv"),
            ("a.json", None, "which form shall a.json have?"),
            ("a.csv", Some(Parquet), "is the name of a file of csv, not of parquet"),
            ("a.csv", Some(Kohya), "kohya makes a folder"),
            ("a.json", Some(Csv), "conversations only"),
            ("..", Some(Csv), "name a file or a folder"),
        ] {
            assert!(read(to, format).unwrap_err().contains(words), "{to}: {:?}", read(to, format));
        }
        let refused =
            |to: &str, format, pictures| Options::new(Path::new(to), format, Some(pictures)).is_err();
        assert!(refused("a.jsonl", None, copy) && refused("a", Some(Kohya), Pictures::None));
    }

    #[test]
    fn sizes_of_shards_are_read() {
        let size = |bytes, samples| Ok(ShardSize { bytes, samples });
        assert_eq!(ShardSize::parse("10000"), size(u64::MAX, 10_000));
        assert_eq!(ShardSize::parse("1.5GB"), size(1_500_000_000, u64::MAX));
        assert_eq!(ShardSize::parse("2 MiB, 100"), size(2 << 20, 100));
        for wrong in ["", "x", "10 apples", "0", "0MB"] {
            assert!(ShardSize::parse(wrong).is_err(), "{wrong}");
        }
    }
}
