//! The data names a picture; which file is it?
//!
//! A rule (a folder, and how the name becomes a file name) is found once from the first names,
//! and then followed without asking the disk for every row. Only where several rules fit, as
//! with pictures spread over two folders, is each file asked for.

use std::path::{Component, Path, PathBuf};
use std::time::{Duration, Instant};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::Cell;
use super::fields::looks_like_image_name;
use super::path::{member, scalar};
use super::source::natural;
use crate::model::ImageRef;

/// How a name in the data becomes a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Rule {
    /// The folder in which the name is looked up.
    folder: PathBuf,
    /// Folders at the beginning of the name that are dropped.
    drop: usize,
    /// How the rest is made into a file name.
    form: Form,
}

/// How a name is made into a file name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
enum Form {
    /// As it is.
    AsIs,
    /// With an ending.
    Ending(String),
    /// As a number of a fixed width, with something before and behind.
    Padded {
        /// Before the number.
        prefix: String,
        /// Digits, filled with zeros; 0 for as many as it has.
        width: usize,
        /// Behind the number: the ending.
        ending: String,
    },
}

/// A rule for pictures that no field names: their file names are made of other fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Derived {
    /// The field that stands in the file names.
    field: String,
    /// Parts at the end of the field, after `-` or `_`, that do not.
    trim: usize,
    /// Before the field.
    prefix: String,
    /// Behind it, one for each picture of a record, in order.
    suffixes: Vec<String>,
    /// The folder.
    folder: PathBuf,
    /// The field that names the folder in that folder.
    subfolder: Option<String>,
}

/// Names and folders of the pictures around the data, as far as they were listed.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    folders: Vec<PathBuf>,
    /// File name to folder.
    names: FxHashMap<String, u32>,
    /// Stem to folder and ending.
    stems: FxHashMap<String, (u32, String)>,
    /// Ways in which numbers stand in names, by how often they were seen.
    numbered: FxHashMap<(u32, String, usize, String), usize>,
    /// Archives that hold pictures perhaps.
    zips: Vec<String>,
}

/// Folders in folders that are listed.
const DEPTH: usize = 5;
/// Pictures that are listed.
const MOST: usize = 40_000;
/// Pictures listed in one folder.
const PER_FOLDER: usize = 6_000;
/// Time for listing.
const PATIENCE: Duration = Duration::from_millis(60);
/// Endings tried for names that have none.
const ENDINGS: [&str; 6] = ["jpg", "png", "jpeg", "webp", "JPG", "gif"];

impl Listing {
    /// Lists the pictures in these folders and the ones in them.
    pub(crate) fn of(roots: &[PathBuf]) -> Self {
        let mut listing = Self::default();
        let start = Instant::now();
        let mut waiting: Vec<(PathBuf, usize)> = roots.iter().rev().map(|root| (root.clone(), 0)).collect();
        let mut seen = FxHashSet::default();
        // Breadth first: folders near the data matter more.
        let mut next = 0;
        waiting.reverse();
        while let Some((folder, depth)) = waiting.get(next).cloned() {
            next += 1;
            let spent = start.elapsed() > PATIENCE && next > 64;
            if spent || listing.names.len() >= MOST || next > 4_000 {
                break;
            }
            if seen.insert(folder.clone()) {
                listing.add_folder(&folder, depth, &mut waiting);
            }
        }
        listing
    }

    fn add_folder(&mut self, folder: &Path, depth: usize, waiting: &mut Vec<(PathBuf, usize)>) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        let mut place = None;
        let mut pictures = 0;
        let mut folders = Vec::new();
        for entry in entries.take(PER_FOLDER * 4).filter_map(Result::ok) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            if looks_like_image_name(&name) {
                pictures += 1;
                if pictures <= PER_FOLDER {
                    let place = *place.get_or_insert_with(|| {
                        self.folders.push(folder.to_path_buf());
                        self.folders.len() as u32 - 1
                    });
                    self.add_picture(place, &name);
                }
            } else if name.to_lowercase().ends_with(".zip") {
                self.zips.push(name);
            } else if depth < DEPTH && entry.file_type().is_ok_and(|kind| kind.is_dir() || kind.is_symlink())
            {
                folders.push(entry.path());
            }
        }
        folders.sort_by(|a, b| natural(&a.to_string_lossy(), &b.to_string_lossy()));
        waiting.extend(folders.into_iter().map(|folder| (folder, depth + 1)));
    }

    fn add_picture(&mut self, folder: u32, name: &str) {
        self.names.entry(name.to_owned()).or_insert(folder);
        let Some((stem, ending)) = name.rsplit_once('.') else { return };
        self.stems.entry(stem.to_owned()).or_insert((folder, ending.to_owned()));
        let digits = stem.bytes().rev().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return;
        }
        let (prefix, number) = stem.split_at(stem.len() - digits);
        let width = if number.starts_with('0') && digits > 1 { digits } else { 0 };
        *self.numbered.entry((folder, prefix.to_owned(), width, ending.to_owned())).or_default() += 1;
    }

    /// Whether no picture was found at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The rule by which a name leads to a picture, seen from the folder of the file that has it.
    pub(crate) fn rule(&self, name: &str, from: &Path) -> Option<Rule> {
        let name = name.trim().trim_start_matches("file://");
        if name.is_empty() || name.len() > 1024 || name.contains('\n') {
            return None;
        }
        if looks_like_image_name(name) {
            return self.rule_for_file(name, from);
        }
        if name.contains("://") || name.chars().filter(|letter| letter.is_whitespace()).count() > 4 {
            return None;
        }
        self.rule_for_stem(name, from).or_else(|| self.rule_for_number(name))
    }

    fn rule_for_file(&self, name: &str, from: &Path) -> Option<Rule> {
        let parts = parts_of(name);
        if Path::new(name).is_absolute() && Path::new(name).is_file() {
            return Some(Rule { folder: PathBuf::new(), drop: 0, form: Form::AsIs });
        }
        for drop in 0..parts.len().min(8) {
            for folder in near(from) {
                let rule = Rule { folder, drop, form: Form::AsIs };
                if rule.leads(name) {
                    return Some(rule);
                }
            }
        }
        let base = parts.last()?;
        if let Some(folder) = self.names.get(base).and_then(|place| self.folders.get(*place as usize)) {
            return Some(rule_into(folder, &parts));
        }
        // The listing is cut short in large folders: ask in every folder that has pictures.
        self.folders.iter().take(64).find_map(|folder| {
            (0..parts.len()).find_map(|drop| {
                let rule = Rule { folder: folder.clone(), drop, form: Form::AsIs };
                rule.leads(name).then_some(rule)
            })
        })
    }

    fn rule_for_stem(&self, name: &str, from: &Path) -> Option<Rule> {
        let parts = parts_of(name);
        let base = parts.last()?;
        if let Some((place, ending)) = self.stems.get(base) {
            let folder = self.folders.get(*place as usize)?;
            let rule = rule_into(folder, &parts);
            return Some(Rule { form: Form::Ending(ending.clone()), ..rule });
        }
        if self.is_empty() {
            return None;
        }
        let folders = self.folders.iter().take(16).cloned().chain(std::iter::once(from.to_path_buf()));
        for folder in folders {
            for ending in ENDINGS {
                let rule = Rule {
                    folder: folder.clone(),
                    drop: parts.len() - 1,
                    form: Form::Ending(ending.to_owned()),
                };
                if rule.leads(name) {
                    return Some(rule);
                }
            }
        }
        None
    }

    fn rule_for_number(&self, name: &str) -> Option<Rule> {
        if name.len() > 20 || !name.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut ways: Vec<_> = self.numbered.iter().collect();
        ways.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
        ways.into_iter().take(16).find_map(|((place, prefix, width, ending), _)| {
            let folder = self.folders.get(*place as usize)?.clone();
            let form = Form::Padded { prefix: prefix.clone(), width: *width, ending: ending.clone() };
            let rule = Rule { folder, drop: 0, form };
            rule.leads(name).then_some(rule)
        })
    }

    /// A rule for pictures that no field names, from records and their fields that may be ids.
    pub(crate) fn derive(&self, records: &[Cell], fields: &[String]) -> Option<Derived> {
        if self.stems.is_empty() {
            return None;
        }
        let mut stems: Vec<&String> = self.stems.keys().collect();
        stems.sort();
        stems.truncate(8_000);
        for field in fields {
            for trim in 0..2 {
                if let Some(derived) = self.derive_from(records, field, trim, &stems) {
                    return Some(derived);
                }
            }
        }
        None
    }

    fn derive_from(&self, records: &[Cell], field: &str, trim: usize, stems: &[&String]) -> Option<Derived> {
        let mut prefix: Option<String> = None;
        let mut suffixes: FxHashMap<String, usize> = FxHashMap::default();
        let mut folders: Vec<(PathBuf, &Cell)> = Vec::new();
        let mut hits = 0;
        let sampled: Vec<&Cell> = records.iter().take(16).collect();
        for record in &sampled {
            let Some(value) = member(record, field).and_then(scalar) else { continue };
            let value = trimmed(&value, trim)?;
            if value.len() < 3 {
                return None;
            }
            let mut here = false;
            for stem in stems {
                let Some((before, behind)) = stem.split_once(value) else { continue };
                // `12-3` must not be found in `112-30`.
                let joined = behind.starts_with(|letter: char| letter.is_alphanumeric())
                    || before.ends_with(|letter: char| letter.is_alphanumeric());
                if joined || prefix.as_deref().is_some_and(|known| known != before) {
                    continue;
                }
                prefix.get_or_insert_with(|| before.to_owned());
                let Some((place, ending)) = self.stems.get(*stem) else { continue };
                *suffixes.entry(format!("{behind}.{ending}")).or_default() += 1;
                if let Some(folder) = self.folders.get(*place as usize) {
                    folders.push((folder.clone(), record));
                }
                here = true;
            }
            hits += usize::from(here);
        }
        if hits * 2 < sampled.len() || hits == 0 {
            return None;
        }
        let most = suffixes.values().copied().max()?;
        let mut suffixes: Vec<String> =
            suffixes.into_iter().filter(|(_, count)| count * 2 >= most).map(|(suffix, _)| suffix).collect();
        suffixes.sort_by(|a, b| natural(a, b));
        suffixes.truncate(16);
        let (folder, subfolder) = common_folder(&folders)?;
        Some(Derived { field: field.to_owned(), trim, prefix: prefix?, suffixes, folder, subfolder })
    }

    /// Why a name leads nowhere.
    pub(crate) fn reason(&self) -> String {
        match self.zips.first() {
            Some(zip) => format!("no such picture beside the data; {zip} would have to be unpacked"),
            None => "no such picture beside the data".to_owned(),
        }
    }
}

/// The folder that all pictures are in; or the one above it, and the field that names theirs.
fn common_folder(found: &[(PathBuf, &Cell)]) -> Option<(PathBuf, Option<String>)> {
    let (first, record) = found.first()?;
    if found.iter().all(|(folder, _)| folder == first) {
        return Some((first.clone(), None));
    }
    let above = first.parent()?;
    let Cell::Map(members) = record else { return None };
    let name = |folder: &Path| folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let field = members.iter().map(|(field, _)| field).find(|field| {
        found.iter().all(|(folder, record)| {
            folder.parent() == Some(above) && member(record, field).and_then(scalar) == name(folder)
        })
    })?;
    Some((above.to_path_buf(), Some(field.clone())))
}

/// A value without its last parts.
fn trimmed(value: &str, parts: usize) -> Option<&str> {
    (0..parts).try_fold(value, |value, _| value.rsplit_once(['-', '_']).map(|(front, _)| front))
}

impl Derived {
    /// The pictures of a record.
    pub(crate) fn pictures(&self, record: &Cell) -> Vec<ImageRef> {
        let Some(value) = member(record, &self.field).and_then(scalar) else { return Vec::new() };
        let Some(value) = trimmed(&value, self.trim).filter(|value| is_plain(value)) else {
            return Vec::new();
        };
        let mut folder = self.folder.clone();
        if let Some(name) = self.subfolder.as_ref().and_then(|field| member(record, field)).and_then(scalar) {
            if !is_plain(&name) {
                return Vec::new();
            }
            folder.push(name);
        }
        self.suffixes
            .iter()
            .map(|suffix| ImageRef::File(folder.join(format!("{}{value}{suffix}", self.prefix))))
            .collect()
    }

    /// The rule in words.
    pub(crate) fn words(&self) -> String {
        let behind = self.suffixes.first().map_or("", String::as_str);
        format!("pictures are named after `{}`: {}…{behind} and so on", self.field, self.prefix)
    }
}

/// Whether a value is the name of a file or folder and no way out of one.
fn is_plain(value: &str) -> bool {
    !value.contains(['/', '\\']) && value != ".." && !value.is_empty()
}

/// The folders around a file: its own, and three above, each with the usual ones in it.
fn near(from: &Path) -> Vec<PathBuf> {
    const USUAL: [&str; 4] = ["images", "imgs", "Images", "image"];
    let own = if from.as_os_str().is_empty() { PathBuf::from(".") } else { from.to_path_buf() };
    let mut folders = Vec::new();
    let mut folder = own;
    for _ in 0..4 {
        folders.push(folder.clone());
        folders.extend(USUAL.iter().map(|name| folder.join(name)));
        let up = match folder.parent() {
            Some(up) if !up.as_os_str().is_empty() => up.to_path_buf(),
            Some(_) if folder != Path::new(".") => PathBuf::from("."),
            _ => folder.join(".."),
        };
        folder = up;
    }
    folders
}

/// The folders and the file in a name, whatever the slashes.
fn parts_of(name: &str) -> Vec<String> {
    name.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").map(str::to_owned).collect()
}

/// The rule for a name whose file is in this folder: as few of its folders are dropped as fit.
fn rule_into(folder: &Path, parts: &[String]) -> Rule {
    let above: Vec<&String> = parts.iter().take(parts.len().saturating_sub(1)).collect();
    let mut root = folder.to_path_buf();
    let mut drop = above.len();
    for part in above.iter().rev() {
        if root.file_name().is_some_and(|name| name.to_string_lossy() == part.as_str()) {
            root.pop();
            drop -= 1;
        } else {
            break;
        }
    }
    Rule { folder: root, drop, form: Form::AsIs }
}

impl Rule {
    /// The file of a name.
    pub(crate) fn file(&self, name: &str) -> Option<PathBuf> {
        let name = name.trim().trim_start_matches("file://");
        if self.folder.as_os_str().is_empty() {
            return Some(PathBuf::from(name));
        }
        let rest = match &self.form {
            Form::Padded { prefix, width, ending } => {
                let number = name.trim_start_matches('0');
                let number = if number.is_empty() { "0" } else { number };
                format!("{prefix}{number:0>width$}.{ending}", width = *width)
            }
            form => {
                let parts = parts_of(name);
                let kept: Vec<String> = parts.into_iter().skip(self.drop).collect();
                let rest = kept.join("/");
                match form {
                    Form::Ending(ending) if !looks_like_image_name(&rest) => format!("{rest}.{ending}"),
                    _ => rest,
                }
            }
        };
        (!rest.is_empty()).then(|| tidy(&self.folder.join(rest)))
    }

    fn leads(&self, name: &str) -> bool {
        self.file(name).is_some_and(|file| file.is_file())
    }
}

/// A path without `.` and, where that is sure, without `..`.
fn tidy(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(tidied.components().next_back(), Some(Component::Normal(_))) => {
                tidied.pop();
            }
            part => tidied.push(part),
        }
    }
    tidied
}

/// Rules found for a data set, to be followed for every row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rules {
    /// The rules, the most used first.
    pub(crate) list: Vec<Rule>,
    /// Rules whose folder is seen from that of the file with the name; they go before the others.
    /// `train/` and `val/` may each have their own `0001.jpg`.
    pub(crate) relative: Vec<Rule>,
    /// Why a name leads nowhere.
    pub(crate) reason: String,
}

impl Rules {
    /// The rules for names in files of this folder.
    fn seen_from(&self, folder: &Path) -> Vec<Rule> {
        let near = self.relative.iter().map(|rule| {
            let folder = tidy(&folder.join(&rule.folder));
            // An empty folder would stand for the name as it is.
            let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
            Rule { folder, ..rule.clone() }
        });
        near.chain(self.list.iter().cloned()).collect()
    }

    /// Whether one of the rules leads to a file.
    pub(crate) fn lead(&self, name: &str, from: &Path) -> bool {
        self.seen_from(from).iter().any(|rule| rule.leads(name))
    }

    /// Adds a rule for names in files of the folder `from`; `relative` where names in other
    /// folders are to be understood as seen from theirs.
    pub(crate) fn add(&mut self, rule: Rule, from: &Path, scattered: bool, above: bool) {
        let from = if from.as_os_str().is_empty() { Path::new(".") } else { from };
        let inside = rule.folder.strip_prefix(from).ok().map(Path::to_path_buf);
        let beside = from
            .parent()
            .filter(|up| above && !up.as_os_str().is_empty())
            .and_then(|up| rule.folder.strip_prefix(up).ok())
            .map(|rest| Path::new("..").join(rest));
        match inside.or(beside).filter(|_| scattered) {
            Some(folder) => {
                let relative = Rule { folder, ..rule };
                if !self.relative.contains(&relative) {
                    self.relative.push(relative);
                }
            }
            None => self.list.push(rule),
        }
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len() + self.relative.len()
    }
}

/// Follows the rules while one shard is read.
#[derive(Debug)]
pub(crate) struct Follower<'a> {
    rules: &'a Rules,
    list: Vec<Rule>,
    /// How often each rule led to a file.
    hits: Vec<usize>,
    asked: usize,
}

/// Names of a shard whose files are asked for.
const ASKED: usize = 24;

impl<'a> Follower<'a> {
    /// Begins a shard in this folder.
    pub(crate) fn new(rules: &'a Rules, folder: &Path) -> Self {
        let list = rules.seen_from(folder);
        Self { rules, hits: vec![0; list.len()], list, asked: 0 }
    }

    /// The picture of a name.
    pub(crate) fn find(&mut self, name: &str) -> ImageRef {
        let missing = || ImageRef::Missing { name: name.to_owned(), reason: self.rules.reason.clone() };
        let live = self.hits.iter().filter(|hits| **hits > 0).count();
        if self.asked >= ASKED && live == 1 {
            let best = self.hits.iter().position(|hits| *hits > 0);
            let file = best.and_then(|best| self.list.get(best)).and_then(|rule| rule.file(name));
            return file.map_or_else(missing, ImageRef::File);
        }
        if self.list.is_empty() || (self.asked >= ASKED * 4 && live == 0) {
            return missing();
        }
        self.asked += 1;
        for (rule, hits) in self.list.iter().zip(&mut self.hits) {
            if let Some(file) = rule.file(name).filter(|file| file.is_file()) {
                *hits += 1;
                return ImageRef::File(file);
            }
        }
        missing()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn folder_with(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("inside the folder")).expect("a folder");
            fs::write(path, b"x").expect("a file");
        }
        folder
    }

    #[test]
    fn names_lead_to_files() {
        for (files, from, name, expected) in [
            (&["a.jpg"][..], "", "a.jpg", "a.jpg"),
            (&["images/a.jpg"], "ann", "a.jpg", "images/a.jpg"),
            (&["train2017/a.jpg"], "annotations", "a.jpg", "train2017/a.jpg"),
            (&["coco/train2017/a.jpg"], "", "coco/train2017/a.jpg", "coco/train2017/a.jpg"),
            (&["pics/train2017/a.jpg"], "", "/dead/home/coco/train2017/a.jpg", "pics/train2017/a.jpg"),
            (&["pics/aar_01.png"], "", "aar_01", "pics/aar_01.png"),
            (&["v/COCO_val2014_000000000042.jpg"], "", "42", "v/COCO_val2014_000000000042.jpg"),
            (&["VG_100K/7.jpg"], "", "7", "VG_100K/7.jpg"),
            (&["x/img/b.webp"], "x/meta", "../img/b.webp", "x/img/b.webp"),
        ] {
            let folder = folder_with(files);
            fs::create_dir_all(folder.path().join(from)).expect("a folder");
            let listing = Listing::of(&[folder.path().to_path_buf()]);
            let rule = listing.rule(name, &folder.path().join(from));
            let found = rule.and_then(|rule| rule.file(name));
            assert_eq!(found, Some(folder.path().join(expected)), "{name} from {from}");
        }
    }

    #[test]
    fn derived_names_are_learnt() {
        let folder = folder_with(&[
            "images/2/dev-15-0-0.png",
            "images/2/dev-15-0-1.png",
            "images/3/dev-77-1-0.png",
            "images/3/dev-77-1-1.png",
        ]);
        let record = |id: &str, folder: &str| {
            Cell::Map(vec![
                ("identifier".to_owned(), Cell::Text(id.to_owned())),
                ("directory".to_owned(), Cell::Text(folder.to_owned())),
            ])
        };
        let listing = Listing::of(&[folder.path().to_path_buf()]);
        let records = [record("15-0", "2"), record("77-1", "3")];
        let derived = listing.derive(&records, &["identifier".to_owned()]).expect("a rule");
        let pictures = derived.pictures(&record("99-4", "5"));
        assert_eq!(
            pictures,
            [0, 1].map(|k| ImageRef::File(folder.path().join(format!("images/5/dev-99-4-{k}.png"))))
        );
        assert!(derived.pictures(&record("../x", "5")).is_empty());
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        let folder = folder_with(&["a.jpg", "data.zip"]);
        let listing = Listing::of(&[folder.path().to_path_buf()]);
        assert_eq!(listing.rule("b.jpg", folder.path()), None);
        assert_eq!(listing.rule("12", folder.path()), None);
        assert!(listing.reason().contains("data.zip"));
    }
}
