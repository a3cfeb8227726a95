//! Here are paths; which files of them are the data set, and what is each?
//!
//! Only names, sizes and the heads of files are looked at. Names are hints: what a file is, its
//! first bytes and first records tell.

use std::cmp::Ordering;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::container::{self, GZIP, ZSTD};

/// One file, or one folder of small ones, with records in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// The file, or the folder where the container is one.
    pub path: PathBuf,
    /// What is in it.
    pub container: Container,
    /// How its bytes are packed.
    pub compression: Compression,
    /// Size of the file in bytes; of a folder, the number of pictures or the bytes of its files
    /// as far as they were seen.
    pub bytes: u64,
    /// When it was last changed, in nanoseconds since 1970.
    pub modified: u64,
    /// Its place in the data set, from 0.
    pub ordinal: u32,
}

/// The way in which records lie in a shard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Container {
    /// A JSON value a line.
    JsonLines,
    /// A JSON array, or JSON values one after the other.
    JsonArray,
    /// A JSON object of parallel tables, as COCO.
    JsonTables,
    /// A JSON object whose members are the records.
    JsonDict,
    /// A JSON object of columns of one length.
    JsonColumns,
    /// Files with one record each.
    JsonRecord {
        /// The files, in order.
        files: Vec<PathBuf>,
    },
    /// A table as text.
    Csv(Dialect),
    /// A Parquet file.
    Parquet,
    /// An Arrow IPC stream or file.
    Arrow,
    /// A WebDataset archive.
    Tar,
    /// A folder of pictures with sidecars.
    Pictures {
        /// Folders beside it with files of the same stems: `images/7.jpg`, `texts/7.txt`.
        beside: Vec<PathBuf>,
    },
}

impl Container {
    /// What it is called.
    pub fn name(&self) -> &'static str {
        match self {
            Self::JsonLines => "JSON Lines",
            Self::JsonArray => "JSON array",
            Self::JsonTables => "JSON object of tables",
            Self::JsonDict => "JSON object keyed by id",
            Self::JsonColumns => "JSON object of columns",
            Self::JsonRecord { .. } => "JSON records, one a file",
            Self::Csv(Dialect { delimiter: b'\t', .. }) => "TSV",
            Self::Csv(_) => "CSV",
            Self::Parquet => "Parquet",
            Self::Arrow => "Arrow",
            Self::Tar => "WebDataset tar",
            Self::Pictures { .. } => "folder of pictures",
        }
    }
}

/// How a table is written as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    /// What stands between fields.
    pub delimiter: u8,
    /// Whether quotes hold fields together, over delimiters and line ends.
    pub quoted: bool,
    /// Whether spaces around fields are no part of them.
    pub trimmed: bool,
    /// The names in the first record; none where the first record is data.
    pub header: Option<Vec<String>>,
    /// Fields in a record.
    pub columns: usize,
}

impl Dialect {
    /// The name of a column, from 0; `column_1` … where there is no header.
    pub fn name(&self, column: usize) -> String {
        let name = self.header.as_ref().and_then(|names| names.get(column)).cloned();
        name.unwrap_or_else(|| format!("column_{}", column + 1))
    }
}

/// How the bytes of a file are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Compression {
    /// Not at all.
    Plain,
    /// With gzip, one member or many.
    Gzip,
    /// With Zstandard.
    Zstd,
}

/// The shards of a data set, and what was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// The shards, in natural order of their paths.
    pub shards: Vec<Shard>,
    /// Files that were left out and why, one sentence each.
    pub notes: Vec<String>,
}

/// Why there is no data set.
#[derive(Debug, Error)]
pub enum SourceError {
    /// Nothing was named.
    #[error("no path was given")]
    Nothing,
    /// A path leads nowhere.
    #[error("{} does not exist", .0.display())]
    Missing(PathBuf),
    /// A pattern matches nothing, or is none.
    #[error("{pattern}: {reason}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file or folder could not be read.
    #[error("{} could not be read: {error}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// What is there is no data set.
    #[error("{0}")]
    NoData(String),
}

/// Extensions of pictures.
const PICTURES: [&str; 14] =
    ["jpg", "jpeg", "jfif", "png", "webp", "gif", "bmp", "tif", "tiff", "avif", "heic", "ppm", "qoi", "jpe"];
/// Extensions of files that may hold records.
const TABLES: [&str; 15] = [
    "json",
    "jsonl",
    "ndjson",
    "jsonlines",
    "csv",
    "tsv",
    "token",
    "txt",
    "parquet",
    "pq",
    "arrow",
    "feather",
    "ipc",
    "tar",
    "tgz",
];
/// Bytes of a file that are looked at, decompressed.
const HEAD: u64 = 64 * 1024;
/// Entries of one folder that are looked at.
const ENTRIES: usize = 20_000;
/// In a folder with more files of one kind than this, those that begin like the first are taken
/// for the same.
const SNIFFED_EACH: usize = 64;
/// Folders in folders.
const DEPTH: usize = 24;

/// Whether a file of this name is a picture.
pub(in crate::dataset) fn is_picture_name(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && PICTURES.iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

/// Whether a text is the name, path or address of a picture.
pub(in crate::dataset) fn looks_like_picture(text: &str) -> bool {
    let plain = text.split(['?', '#']).next().unwrap_or_default();
    text.len() <= 2048 && !text.contains('\n') && is_picture_name(plain)
}

/// The order of names as people expect it: numbers in them by their value.
pub(in crate::dataset) fn natural(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one.as_bytes(), other.as_bytes());
    loop {
        match (left.first(), right.first()) {
            (None, None) => return one.cmp(other),
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(a), Some(b)) if a.is_ascii_digit() && b.is_ascii_digit() => {
                let (first, after_left) = leading_number(left);
                let (second, after_right) = leading_number(right);
                let order = first.len().cmp(&second.len()).then_with(|| first.cmp(second));
                if order != Ordering::Equal {
                    return order;
                }
                (left, right) = (after_left, after_right);
            }
            (Some(a), Some(b)) => {
                // A folder's files come before those of a folder whose name goes on.
                let rank = |byte: u8| if byte == b'/' { 0 } else { byte };
                let order = rank(*a).cmp(&rank(*b));
                if order != Ordering::Equal {
                    return order;
                }
                left = left.get(1..).unwrap_or_default();
                right = right.get(1..).unwrap_or_default();
            }
        }
    }
}

/// The digits at the beginning, without leading zeros, and the rest.
fn leading_number(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let zeros = digits.iter().position(|byte| *byte != b'0').unwrap_or(digits.len());
    (digits.get(zeros..).unwrap_or_default(), rest)
}

/// Finds the shards in files, folders (with the folders in them) and patterns such as
/// `data/*.tar`. An error where there is none, or where a path leads nowhere.
pub fn find(paths: &[PathBuf]) -> Result<Sources, SourceError> {
    if paths.is_empty() {
        return Err(SourceError::Nothing);
    }
    let mut search = Search::default();
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => search.folder(path)?,
            Ok(_) => search.file(path)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => search.pattern(path)?,
            Err(error) => return Err(SourceError::Unreadable { path: path.clone(), error }),
        }
    }
    search.finish(paths)
}

#[derive(Default)]
struct Search {
    shards: Vec<Shard>,
    notes: Vec<String>,
    /// Files that are no data, with the reason.
    refused: Vec<(PathBuf, String)>,
    files: usize,
}

/// What was seen in one folder.
#[derive(Default)]
struct Listing {
    folders: Vec<PathBuf>,
    pictures: usize,
    stems: FxHashSet<String>,
    tables: Vec<PathBuf>,
    sidecars: usize,
    others: Vec<PathBuf>,
}

impl Search {
    fn file(&mut self, path: &Path) -> Result<(), SourceError> {
        self.files += 1;
        match sniff(path) {
            Ok((container, compression)) => {
                self.push(path, container, compression);
                Ok(())
            }
            Err(reason) => Err(SourceError::NoData(format!("{} is no data set: {reason}", path.display()))),
        }
    }

    fn pattern(&mut self, path: &Path) -> Result<(), SourceError> {
        let pattern = path.to_string_lossy().into_owned();
        if !pattern.contains(['*', '?', '[']) {
            return Err(SourceError::Missing(path.to_path_buf()));
        }
        let matches = glob::glob(&pattern)
            .map_err(|error| SourceError::Pattern { pattern: pattern.clone(), reason: error.to_string() })?;
        let mut found: Vec<PathBuf> = matches.filter_map(Result::ok).collect();
        if found.is_empty() {
            return Err(SourceError::Pattern { pattern, reason: "no file matches".to_owned() });
        }
        found.sort_by(|one, other| natural(&one.to_string_lossy(), &other.to_string_lossy()));
        let (folders, files): (Vec<_>, Vec<_>) = found.into_iter().partition(|path| path.is_dir());
        for folder in folders {
            self.folder(&folder)?;
        }
        self.files += files.len();
        self.tables(files);
        Ok(())
    }

    fn folder(&mut self, root: &Path) -> Result<(), SourceError> {
        let before = self.shards.len();
        let mut waiting = vec![(root.to_path_buf(), 0)];
        let mut listings: Vec<(PathBuf, Listing)> = Vec::new();
        let mut walked = FxHashSet::default();
        while let Some((folder, depth)) = waiting.pop() {
            // A link may lead back to where we come from.
            if fs::canonicalize(&folder).is_ok_and(|folder| !walked.insert(folder)) {
                continue;
            }
            let mut listing = match list(&folder) {
                Ok(listing) => listing,
                Err(error) if depth == 0 => return Err(SourceError::Unreadable { path: folder, error }),
                Err(error) => {
                    self.notes.push(format!("{} could not be read: {error}", folder.display()));
                    continue;
                }
            };
            self.files += listing.pictures + listing.tables.len() + listing.others.len() + listing.sidecars;
            if depth < DEPTH {
                waiting.extend(listing.folders.drain(..).map(|folder| (folder, depth + 1)));
            }
            listing.stems.clear();
            listings.push((folder, listing));
        }
        let mut beside = parallels(&listings);
        let mut galleries = Vec::new();
        for (folder, listing) in listings {
            if beside.iter().any(|(_, texts)| texts.contains(&folder)) {
                continue;
            }
            let others =
                listing.others.iter().map(|path| (path.clone(), "it is of no known kind".to_owned()));
            self.refused.extend(others.take(8));
            let first = self.shards.len();
            self.tables(listing.tables);
            let described =
                self.shards.get(first..).is_some_and(|shards| shards.iter().any(describes_pictures));
            let texts = beside.iter().position(|(gallery, _)| *gallery == folder);
            let texts = texts.map(|place| beside.swap_remove(place).1).unwrap_or_default();
            if listing.pictures > 0 && !(described && listing.sidecars == 0 && texts.is_empty()) {
                let metadata = described && has_metadata(&folder);
                let sidecars = (listing.sidecars > 0 || !texts.is_empty()) && !metadata;
                galleries.push((folder, listing.pictures, sidecars, texts));
            }
        }
        let tables = self.shards.len() > before;
        for (folder, pictures, sidecars, beside) in galleries {
            if sidecars || !tables {
                let changed = beside.iter().map(|folder| size_and_time(folder).1).max();
                self.push(&folder, Container::Pictures { beside }, Compression::Plain);
                if let Some(shard) = self.shards.last_mut() {
                    shard.bytes = pictures as u64;
                    shard.modified = shard.modified.max(changed.unwrap_or(0));
                }
            }
        }
        Ok(())
    }

    /// Takes files that may hold records, all of one folder or pattern.
    fn tables(&mut self, mut files: Vec<PathBuf>) {
        files.sort_by(|one, other| natural(&one.to_string_lossy(), &other.to_string_lossy()));
        let archives: FxHashSet<PathBuf> = files
            .iter()
            .filter(|path| extension(path) == "tar")
            .map(|path| path.with_extension(""))
            .collect();
        let mut counts: FxHashMap<String, usize> = FxHashMap::default();
        for path in &files {
            *counts.entry(extension(path)).or_default() += 1;
        }
        let mut known: FxHashMap<(String, Vec<u8>), (Container, Compression)> = FxHashMap::default();
        let mut records: Vec<(PathBuf, Compression)> = Vec::new();
        for path in files {
            let extension = extension(&path);
            if matches!(extension.as_str(), "parquet" | "pq") && archives.contains(&path.with_extension("")) {
                let note = "left out: the archive of the same name holds its records with their pictures";
                self.notes.push(format!("{} {note}", path.display()));
                continue;
            }
            if matches!(extension.as_str(), "parquet" | "pq") && is_gallery(&path.with_extension("")) {
                let note = "left out: the folder of the same name holds its records with their pictures";
                self.notes.push(format!("{} {note}", path.display()));
                continue;
            }
            let many = counts.get(&extension).is_some_and(|count| *count > SNIFFED_EACH);
            match sniff_like(&path, &extension, many, &mut known) {
                Ok((Container::JsonRecord { .. }, compression)) => records.push((path, compression)),
                Ok((container, compression)) => self.push(&path, container, compression),
                Err(reason) => self.refused.push((path, reason)),
            }
        }
        self.records(records);
    }

    /// Makes one shard of the files of a folder that hold one record each.
    fn records(&mut self, records: Vec<(PathBuf, Compression)>) {
        let mut groups: Vec<(PathBuf, Compression, Vec<PathBuf>)> = Vec::new();
        for (path, compression) in records {
            let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
            match groups.last_mut() {
                Some((last, packed, files)) if *last == folder && *packed == compression => files.push(path),
                _ => groups.push((folder, compression, vec![path])),
            }
        }
        for (folder, compression, files) in groups {
            let stats: Vec<(u64, u64)> = files.iter().map(|file| size_and_time(file)).collect();
            let path = match files.as_slice() {
                [single] => single.clone(),
                _ => folder,
            };
            self.push(&path, Container::JsonRecord { files }, compression);
            if let Some(shard) = self.shards.last_mut() {
                shard.bytes = stats.iter().map(|(bytes, _)| bytes).sum();
                shard.modified = stats.iter().map(|(_, time)| *time).max().unwrap_or(shard.modified);
            }
        }
    }

    fn push(&mut self, path: &Path, container: Container, compression: Compression) {
        let (bytes, modified) = size_and_time(path);
        self.shards.push(Shard {
            path: path.to_path_buf(),
            container,
            compression,
            bytes,
            modified,
            ordinal: 0,
        });
    }

    fn finish(mut self, paths: &[PathBuf]) -> Result<Sources, SourceError> {
        if self.shards.is_empty() {
            return Err(SourceError::NoData(self.nothing(paths)));
        }
        let mut seen = FxHashSet::default();
        self.shards.retain(|shard| seen.insert(shard.path.clone()));
        self.shards.sort_by(|one, other| natural(&one.path.to_string_lossy(), &other.path.to_string_lossy()));
        for (ordinal, shard) in (0_u32..).zip(self.shards.iter_mut()) {
            shard.ordinal = ordinal;
        }
        let refused =
            self.refused.iter().map(|(path, reason)| format!("{} left out: {reason}", path.display()));
        self.notes.extend(refused);
        Ok(Sources { shards: self.shards, notes: self.notes })
    }

    /// One sentence about where we looked in vain.
    fn nothing(&self, paths: &[PathBuf]) -> String {
        let place = match paths {
            [single] if single.is_dir() => format!("{} is a folder with", single.display()),
            [single] => format!("{} matches", single.display()),
            several => format!("the {} paths given hold", several.len()),
        };
        let files = match self.files {
            0 => return format!("{place} no files"),
            1 => "1 file, which is no data set".to_owned(),
            count => format!("{count} files, none of which is a data set"),
        };
        let reasons: Vec<String> = self
            .refused
            .iter()
            .take(3)
            .map(|(path, reason)| {
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
                format!("{}: {reason}", name.unwrap_or_default())
            })
            .collect();
        if reasons.is_empty() {
            return format!("{place} {files}");
        }
        let more = if self.refused.len() > 3 { " …" } else { "" };
        format!("{place} {files} ({}{more})", reasons.join("; "))
    }
}

/// Folders of pictures, each with the folders beside it whose files have the stems of its pictures.
fn parallels(listings: &[(PathBuf, Listing)]) -> Vec<(PathBuf, Vec<PathBuf>)> {
    let galleries: Vec<&PathBuf> = listings
        .iter()
        .filter(|(_, listing)| listing.pictures > 1 && listing.sidecars == 0)
        .map(|(folder, _)| folder)
        .collect();
    let mut found: Vec<(PathBuf, Vec<PathBuf>)> = Vec::new();
    for (folder, listing) in listings.iter().filter(|(_, listing)| listing.pictures == 0) {
        let files = listing.tables.iter().chain(&listing.others);
        let texts: Vec<&PathBuf> = files
            .filter(|path| {
                path.file_name().is_some_and(|name| container::is_sidecar(&name.to_string_lossy()))
            })
            .collect();
        if texts.len() < 2 || texts.len() * 2 < listing.tables.len() + listing.others.len() {
            continue;
        }
        let Some(gallery) = galleries.iter().find(|gallery| mirrors(folder, gallery, &texts)) else {
            continue;
        };
        match found.iter_mut().find(|(known, _)| known == *gallery) {
            Some((_, folders)) => folders.push(folder.clone()),
            None => found.push(((*gallery).clone(), vec![folder.clone()])),
        }
    }
    for (_, folders) in &mut found {
        folders.sort_by(|one, other| natural(&one.to_string_lossy(), &other.to_string_lossy()));
    }
    found
}

/// Whether a folder stands beside one of pictures (`texts` and `images`, or `texts/val` and
/// `images/val`), and most of its files have the stem of a picture.
fn mirrors(folder: &Path, gallery: &Path, texts: &[&PathBuf]) -> bool {
    let (up, other) = (folder.parent(), gallery.parent());
    let beside = up == other
        || (folder.file_name() == gallery.file_name()
            && up.and_then(Path::parent) == other.and_then(Path::parent));
    if !beside {
        return false;
    }
    let sample: Vec<&&PathBuf> = texts.iter().step_by((texts.len() / 24).max(1)).take(24).collect();
    let pictured = |path: &Path| {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        PICTURES.iter().any(|ending| gallery.join(format!("{stem}.{ending}")).is_file())
    };
    sample.iter().filter(|path| pictured(path)).count() * 10 >= sample.len() * 8
}

/// Whether the shard is of a kind that names pictures lying beside it.
fn describes_pictures(shard: &Shard) -> bool {
    !matches!(shard.container, Container::Tar | Container::Pictures { .. })
}

fn has_metadata(folder: &Path) -> bool {
    ["metadata.jsonl", "metadata.csv", "metadata.parquet"].iter().any(|name| folder.join(name).exists())
}

/// Whether a folder holds pictures with JSON of the same stem, as img2dataset writes.
fn is_gallery(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    let mut names = entries.filter_map(Result::ok).take(64).map(|entry| entry.path());
    names.any(|path| is_picture_name(&path.to_string_lossy()) && path.with_extension("json").exists())
}

fn size_and_time(path: &Path) -> (u64, u64) {
    let Ok(metadata) = fs::metadata(path) else { return (0, 0) };
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    (metadata.len(), since.map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)))
}

/// The extension in lower case, that of the packed file where it is packed.
fn extension(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let name = [".gz", ".zst", ".zstd"].iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(&name);
    name.rsplit_once('.').map(|(_, extension)| extension.to_owned()).unwrap_or_default()
}

/// Whether a file of this name is never data: notes of tools, licences, checksums.
fn is_aside(name: &str) -> bool {
    const NAMES: [&str; 9] = [
        "dataset_info.json",
        "dataset_infos.json",
        "dataset_dict.json",
        "state.json",
        "requirements.txt",
        "package.json",
        "checksums.txt",
        "capscope.toml",
        "capscope-export.json",
    ];
    const STEMS: [&str; 8] =
        ["readme", "license", "licenses", "licence", "licences", "changelog", "notice", "_success"];
    let lower = name.to_ascii_lowercase();
    let kept_by_tools = ["cache-", "tmp"].iter().any(|start| lower.starts_with(start))
        && lower.rsplit('.').next() == Some("arrow");
    let ends = [
        "_stats.json",
        ".lock",
        ".md",
        ".md5",
        ".sha256",
        ".sha1",
        ".crc",
        ".incomplete",
        ".provenance.json",
        ".skipped.jsonl",
    ];
    NAMES.contains(&lower.as_str())
        || STEMS.contains(&lower.split('.').next().unwrap_or_default())
        || kept_by_tools
        || ends.iter().any(|end| lower.ends_with(end))
}

fn list(folder: &Path) -> io::Result<Listing> {
    let mut listing = Listing::default();
    let mut maybe_sidecars = Vec::new();
    for (seen, entry) in fs::read_dir(folder)?.enumerate() {
        if seen >= ENTRIES && listing.pictures > 0 {
            // A huge folder of pictures: only what may describe them is still asked for.
            for name in ["metadata.jsonl", "metadata.csv", "metadata.parquet"] {
                let path = folder.join(name);
                if path.exists() && !listing.tables.contains(&path) {
                    listing.tables.push(path);
                }
            }
            break;
        }
        let Ok(entry) = entry else { continue };
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if name.starts_with('.') || name == "__MACOSX" {
            continue;
        }
        let is_folder = match entry.file_type() {
            Ok(kind) if kind.is_symlink() => path.is_dir(),
            Ok(kind) => kind.is_dir(),
            Err(_) => continue,
        };
        if is_folder {
            listing.folders.push(path);
        } else if is_aside(&name) {
            // Neither data nor worth a word.
        } else if is_picture_name(&name) {
            listing.pictures += 1;
            listing.stems.insert(stem(&name));
        } else if container::is_sidecar(&name) {
            maybe_sidecars.push((name, path));
        } else if TABLES.contains(&extension(&path).as_str()) {
            listing.tables.push(path);
        } else {
            listing.others.push(path);
        }
    }
    for (name, path) in maybe_sidecars {
        if listing.stems.contains(&stem(&name)) {
            listing.sidecars += 1;
        } else if TABLES.contains(&extension(&path).as_str()) {
            listing.tables.push(path);
        } else {
            listing.others.push(path);
        }
    }
    listing.folders.sort_by(|one, other| natural(&other.to_string_lossy(), &one.to_string_lossy()));
    Ok(listing)
}

fn stem(name: &str) -> String {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

/// As [`sniff`], but in a folder of many files those that begin like one that is known are
/// taken for the same.
fn sniff_like(
    path: &Path,
    extension: &str,
    many: bool,
    known: &mut FxHashMap<(String, Vec<u8>), (Container, Compression)>,
) -> Result<(Container, Compression), String> {
    if !many {
        return sniff(path);
    }
    let mut head = [0; 512];
    let read =
        fs::File::open(path).and_then(|mut file| file.read(&mut head)).map_err(|error| error.to_string())?;
    let signature = (extension.to_owned(), signature(extension, head.get(..read).unwrap_or_default()));
    if let Some(found) = known.get(&signature) {
        return Ok(found.clone());
    }
    let found = sniff(path)?;
    known.insert(signature, found.clone());
    Ok(found)
}

/// So much of a head as files of one make have in common.
fn signature(extension: &str, head: &[u8]) -> Vec<u8> {
    let upto = match extension {
        "csv" | "tsv" | "txt" | "token" => head.iter().position(|byte| *byte == b'\n').unwrap_or(head.len()),
        "json" => {
            let quotes: Vec<usize> = head
                .iter()
                .enumerate()
                .filter(|(_, byte)| **byte == b'"')
                .map(|(place, _)| place)
                .take(2)
                .collect();
            quotes.get(1).map_or(head.len(), |place| place + 1)
        }
        "tar" => return head.get(257..262).unwrap_or_default().to_vec(),
        _ => 2,
    };
    head.get(..upto).unwrap_or(head).to_vec()
}

/// What a file is; an error says in words why it is no data.
fn sniff(path: &Path) -> Result<(Container, Compression), String> {
    let head = head_of(path, Compression::Plain)?;
    let compression = match head.as_slice() {
        head if head.starts_with(GZIP) => Compression::Gzip,
        head if head.starts_with(ZSTD) => Compression::Zstd,
        _ => Compression::Plain,
    };
    let head = if compression == Compression::Plain { head } else { head_of(path, compression)? };
    let hint = match extension(path) {
        hint if hint == "tgz" => "tar".to_owned(),
        hint => hint,
    };
    container_of(path, &head, compression, &hint).map(|container| (container, compression))
}

/// The first bytes of what a file means; of a damaged one what there is.
fn head_of(path: &Path, compression: Compression) -> Result<Vec<u8>, String> {
    let (reader, _) =
        container::open(path, compression).map_err(|error| format!("it could not be read: {error}"))?;
    let mut head = Vec::new();
    match reader.take(HEAD).read_to_end(&mut head) {
        Err(error) if head.is_empty() => Err(format!("it could not be read: {error}")),
        _ => Ok(head),
    }
}

fn container_of(path: &Path, head: &[u8], compression: Compression, hint: &str) -> Result<Container, String> {
    let packed = compression != Compression::Plain;
    let refuse = |reason: &str| Err(reason.to_owned());
    if head.is_empty() {
        return refuse("it is empty");
    }
    if head.starts_with(b"PAR1") {
        return if packed {
            refuse("a compressed Parquet file is not read; unpack it")
        } else {
            Ok(Container::Parquet)
        };
    }
    if head.starts_with(b"ARROW1") || (head.starts_with(&[0xff; 4]) && head.get(8..).is_some()) {
        return if packed {
            refuse("a compressed Arrow file is not read; unpack it")
        } else {
            Ok(Container::Arrow)
        };
    }
    if container::is_archive(head) {
        return Ok(Container::Tar);
    }
    if head.starts_with(b"version https://git-lfs") {
        return refuse("it is a Git LFS pointer, not the file itself; fetch it with `git lfs pull`");
    }
    for (magic, reason) in REFUSED {
        if head.starts_with(magic) {
            return refuse(reason);
        }
    }
    if matches!(hint, "parquet" | "pq" | "arrow" | "feather" | "ipc" | "tar") {
        return Err(format!("it does not begin like a {hint} file"));
    }
    let zeros = head.iter().filter(|byte| **byte == 0).count();
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) || is_utf16(head, zeros) {
        return refuse("it is UTF-16; convert it to UTF-8");
    }
    // A stray one spoils a record, not the file.
    if zeros * 200 > head.len() {
        return refuse("it is no text");
    }
    let lines_by_name = matches!(hint, "jsonl" | "ndjson" | "jsonlines");
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let json_by_look = matches!(text.first(), Some(b'{' | b'['));
    if lines_by_name || hint == "json" || json_by_look {
        let json = container::sniff_json(path, compression, lines_by_name, hint == "json");
        if json.is_ok() || lines_by_name || hint == "json" {
            return json;
        }
    }
    container::sniff_table(head, (head.len() as u64) < HEAD, hint).map(Container::Csv)
}

/// Whether every second byte is zero, as with Latin letters in UTF-16.
fn is_utf16(head: &[u8], zeros: usize) -> bool {
    let even = head.iter().step_by(2).filter(|byte| **byte == 0).count();
    let most = even.max(zeros - even);
    head.len() >= 16 && most * 10 >= head.len() * 4 && (zeros - most) * 20 <= head.len()
}

/// Beginnings of files that people may name, and that are no data for us.
const REFUSED: [(&[u8], &str); 9] = [
    (b"PK\x03\x04", "it is a zip archive; unpack it"),
    (b"FEA1", "it is of the first Feather version, which is not read"),
    (b"\x89PNG", "it is a picture; name its folder"),
    (b"\xff\xd8\xff", "it is a picture; name its folder"),
    (b"GIF8", "it is a picture; name its folder"),
    (b"SQLite format 3", "it is an SQLite database"),
    (b"\x89HDF", "it is an HDF5 file"),
    (b"%PDF", "it is a PDF file"),
    (b"7z\xbc\xaf", "it is a 7z archive; unpack it"),
];
