//! A data set: its shards, what its fields mean, and its samples one after the other.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::explain::{Explanation, FormReport};
use super::fields::{Bare, Choice, FieldReport, Known, Survey, bare, choose, hint, tokens, unfold, unpack};
use super::group::{Bond, Scope, bind, is_together};
use super::join::{Collector, MOST_OF_ONE};
use super::links::{Kind, Links, links};
use super::locate::{Derived, Follower, Listing, Rules};
use super::mapping::{Partial, Place, Plan, split_of_path};
use super::native::{self, is_native};
use super::path::{FieldPath, member, scalar};
use super::settings::{Role, Settings, SettingsError};
use super::source::{self, Compression, Container, Shard, SourceError};
use super::{Cell, Found, Record, Skipped, Unit};
use crate::model::{Image, Origin, Sample, Seq};

/// An opened data set: which files, and which field is what. It holds no samples.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Dataset {
    name: String,
    paths: Vec<PathBuf>,
    settings: Settings,
    shards: Vec<Shard>,
    forms: Vec<Form>,
    /// Rows of one picture are scattered, or stand in several tables or files.
    joined: bool,
    /// Ids repeat from file to file.
    prefixed: bool,
    /// The folder above all shards.
    root: PathBuf,
    /// Names of files repeat from folder to folder.
    names_repeat: bool,
    rules: Rules,
    notes: Vec<String>,
    joins: Vec<String>,
    /// The text of the settings beside the data, to see that they changed.
    beside: String,
}

/// One kind of record.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Form {
    /// The table in which such records stand.
    pub(super) table: Option<String>,
    /// Names of the fields at their top.
    pub(super) fields: Vec<String>,
    /// What is what.
    pub(super) plan: Plan,
    /// The reasons.
    pub(super) reports: Vec<FieldReport>,
    /// How records come together.
    pub(super) bond: Bond,
    /// How far their keys reach.
    pub(super) scope: Scope,
    /// Pictures that no field names.
    pub(super) derived: Option<Derived>,
    /// Ordinals of the shards in which it was seen.
    pub(super) seen_in: Vec<u32>,
    /// Records that were looked at.
    pub(super) looked_at: usize,
    /// Its records are lists, or single values.
    bare: bool,
}

/// Why a data set cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There are no files with records.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The settings beside the data are wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A field that the user named is not there.
    #[error("no field `{field}`, which is mapped to {role}; the fields are {known}")]
    Field {
        /// The role.
        role: Role,
        /// What the user said.
        field: String,
        /// What there is.
        known: String,
    },
    /// Files were found, but no record in them.
    #[error("{path}: no record could be read; {reason}")]
    Empty {
        /// The first path.
        path: String,
        /// The first fault.
        reason: String,
    },
}

/// News from a data set that is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A sample.
    Sample(Box<Sample>),
    /// Something that gave no sample.
    Skipped(Skipped),
    /// Bytes read so far: of this shard, or of all shards in a joined reading.
    Passed(u64),
    /// All rows of the shard below this one are done; reading may begin again from it.
    Row(u64),
}

/// Shards whose heads are looked at.
const SHARDS_LOOKED_AT: usize = 12;
/// Ways of naming files of which one shard each is looked at.
const WAYS_LOOKED_AT: usize = 48;
/// Records of one shard and table that are looked at.
const HEAD: usize = 1_200;
/// Time for looking at heads, over all shards.
const PATIENCE: Duration = Duration::from_millis(90);
/// Records of a shard that are looked at even where that takes longer.
const AT_LEAST: usize = 200;

/// Opens a data set: finds its files, looks at the heads of a few, and decides what is what.
/// Takes the same short time whatever its size.
pub fn open(paths: &[PathBuf], settings: &Settings) -> Result<Dataset, OpenError> {
    let mut settings = settings.clone();
    for folder in settings_folders(paths) {
        if let Some(beside) = Settings::beside(&folder)? {
            settings = settings.over(beside);
        }
    }
    let sources = source::find(paths)?;
    let name = settings.name.clone().unwrap_or_else(|| name_of(paths));
    let mut dataset = Dataset {
        name,
        paths: paths.to_vec(),
        forms: Vec::new(),
        joined: false,
        prefixed: false,
        root: root_of(&sources.shards),
        names_repeat: names_repeat(&sources.shards),
        rules: Rules::default(),
        shards: sources.shards,
        notes: sources.notes,
        joins: Vec::new(),
        beside: text_beside(paths),
        settings,
    };
    let heads = dataset.look();
    if heads.records == 0 {
        let first = paths.first().map(|path| path.display().to_string()).unwrap_or_default();
        let reason = heads.fault.map_or_else(|| "it is empty".to_owned(), |fault| fault.to_string());
        return Err(OpenError::Empty { path: first, reason });
    }
    dataset.decide(heads.units);
    dataset.check_settings()?;
    Ok(dataset)
}

/// The text of all settings beside the data.
fn text_beside(paths: &[PathBuf]) -> String {
    let files = settings_folders(paths).into_iter().map(|folder| folder.join("capscope.toml"));
    files.filter_map(|file| std::fs::read_to_string(file).ok()).collect()
}

fn settings_folders(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for path in paths {
        let folder = if path.is_dir() { Some(path.clone()) } else { path.parent().map(Path::to_path_buf) };
        let folder =
            folder.map(|folder| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder });
        if let Some(folder) = folder.filter(|folder| !folders.contains(folder)) {
            folders.push(folder);
        }
    }
    folders
}

/// The folder that all shards are in.
fn root_of(shards: &[Shard]) -> PathBuf {
    let mut folders = shards.iter().map(folder_of);
    let mut root = folders.next().unwrap_or_default();
    for folder in folders {
        while !folder.starts_with(&root) && root.pop() {}
    }
    root
}

/// The folder in which the names in a shard are understood first.
pub(super) fn folder_of(shard: &Shard) -> PathBuf {
    match &shard.container {
        Container::JsonRecord { files } => {
            files.first().and_then(|file| file.parent()).unwrap_or(&shard.path).to_path_buf()
        }
        Container::Pictures { .. } => shard.path.clone(),
        _ => shard.path.parent().map(Path::to_path_buf).unwrap_or_default(),
    }
}

/// Whether a file's name alone does not tell which file it is.
fn names_repeat(shards: &[Shard]) -> bool {
    let mut seen = FxHashSet::default();
    let scattered =
        shards.iter().filter(|shard| matches!(shard.container, Container::JsonRecord { .. })).count() > 1;
    scattered || !shards.iter().all(|shard| seen.insert(shard.path.file_name()))
}

fn name_of(paths: &[PathBuf]) -> String {
    let Some(first) = paths.first() else { return String::new() };
    let whole = std::fs::canonicalize(first).unwrap_or_else(|_| first.clone());
    let own = whole.file_name().or(first.file_name()).map(|name| name.to_string_lossy().into_owned());
    let name = own.unwrap_or_else(|| first.display().to_string());
    if paths.len() > 1 { format!("{name} and {} more", paths.len() - 1) } else { name }
}

/// Records of one table of one shard.
pub(super) struct HeadUnit {
    table: Option<String>,
    shard: usize,
    names: Vec<String>,
    records: Vec<(usize, u64, Cell)>,
    /// There are no others.
    complete: bool,
    /// They have no names for what is in them.
    bare: Option<Bare>,
}

struct Heads {
    units: Vec<HeadUnit>,
    records: usize,
    fault: Option<Skipped>,
}

impl Dataset {
    /// The name of the data set: of its folder or file, unless the settings name it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its shards, in natural order.
    pub fn shards(&self) -> &[Shard] {
        &self.shards
    }

    /// Rules of flags that the settings have in place of the program's own, by profile and flag.
    pub fn flag_rules(&self) -> &BTreeMap<String, BTreeMap<String, String>> {
        &self.settings.flags
    }

    /// How records are understood, as a text that is the same where it is the same: an index whose
    /// reading differs holds other samples.
    pub fn reading(&self) -> String {
        let mut forms: Vec<String> = self
            .forms
            .iter()
            .map(|form| {
                let Form { table, plan, bond, scope, derived, .. } = form;
                format!("{table:?} {plan:?} {bond:?} {scope:?} {derived:?}")
            })
            .collect();
        forms.sort();
        forms.dedup();
        let Self { joined, prefixed, names_repeat, rules, .. } = self;
        let text = format!("{forms:?} {joined} {prefixed} {names_repeat} {rules:?}");
        format!("{:016x}", xxhash_rust::xxh3::xxh3_64(text.as_bytes()))
    }

    /// Whether the paths still lead to the same files, with the same sizes and times, and the same
    /// settings beside them.
    pub fn is_unchanged(&self) -> bool {
        if self.beside != text_beside(&self.paths) {
            return false;
        }
        let Ok(sources) = source::find(&self.paths) else { return false };
        let marks = |shards: &[Shard]| {
            let mut marks: Vec<(PathBuf, u64, u64)> =
                shards.iter().map(|shard| (shard.path.clone(), shard.bytes, shard.modified)).collect();
            marks.sort();
            marks
        };
        marks(&sources.shards) == marks(&self.shards)
    }

    /// Gives shards the ordinals that they had; new ones get the next.
    pub fn keep_ordinals(&mut self, older: &Self) {
        let known: FxHashMap<&PathBuf, u32> =
            older.shards.iter().map(|shard| (&shard.path, shard.ordinal)).collect();
        let mut next = older.shards.iter().map(|shard| shard.ordinal + 1).max().unwrap_or(0);
        let mut moved: FxHashMap<u32, u32> = FxHashMap::default();
        for shard in &mut self.shards {
            let before = shard.ordinal;
            shard.ordinal = known.get(&shard.path).copied().unwrap_or_else(|| {
                next += 1;
                next - 1
            });
            moved.insert(before, shard.ordinal);
        }
        for ordinal in self.forms.iter_mut().flat_map(|form| form.seen_in.iter_mut()) {
            *ordinal = moved.get(ordinal).copied().unwrap_or(*ordinal);
        }
    }

    /// What was taken for what, and why.
    pub fn explain(&self) -> Explanation {
        let forms = self
            .forms
            .iter()
            .map(|form| FormReport {
                table: form.table.clone(),
                container: self
                    .shards
                    .iter()
                    .find(|shard| form.seen_in.contains(&shard.ordinal))
                    .map_or("", |shard| shard.container.name())
                    .to_owned(),
                files: self
                    .shards
                    .iter()
                    .filter(|shard| form.seen_in.contains(&shard.ordinal))
                    .map(|shard| shard.path.display().to_string())
                    .collect(),
                looked_at: form.looked_at,
                part: form.bond.words(),
                pictures: form.derived.as_ref().map(Derived::words),
                fields: form.reports.clone(),
            })
            .collect();
        Explanation {
            name: self.name.clone(),
            shards: self.shards.len(),
            bytes: self.shards.iter().map(|shard| shard.bytes).sum(),
            forms,
            joins: self.joins.clone(),
            notes: self.notes.clone(),
        }
    }

    /// Whether the rows of a sample are scattered or in several files, so that
    /// [`Self::read_joined`] must be used instead of [`Self::read`].
    pub fn is_joined(&self) -> bool {
        self.joined
    }

    /// Shards whose heads are looked at: of each way to name files the first, one in the middle,
    /// and the last.
    fn looked_at(&self) -> Vec<usize> {
        if self.shards.len() <= SHARDS_LOOKED_AT {
            return (0..self.shards.len()).collect();
        }
        let mut ways: Vec<(String, Vec<usize>)> = Vec::new();
        for (place, shard) in self.shards.iter().enumerate() {
            let name =
                shard.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let way: String = tokens(&name)
                .into_iter()
                .filter(|word| !word.bytes().all(|byte| byte.is_ascii_hexdigit()))
                .filter(|word| !matches!(word.as_str(), "train" | "val" | "test" | "dev" | "validation"))
                .collect::<Vec<_>>()
                .join(" ");
            let way = format!("{} {way}", shard.container.name());
            match ways.iter_mut().find(|(known, _)| *known == way) {
                Some((_, places)) => places.push(place),
                None => ways.push((way, vec![place])),
            }
        }
        let mut chosen = Vec::new();
        for round in 0..3 {
            for (_, places) in &ways {
                let place = match round {
                    0 => places.first(),
                    1 => places.last(),
                    _ => places.get(places.len() / 2),
                };
                let room = if round == 0 { WAYS_LOOKED_AT } else { SHARDS_LOOKED_AT };
                if let Some(place) = place.filter(|place| !chosen.contains(*place))
                    && chosen.len() < room
                {
                    chosen.push(*place);
                }
            }
        }
        chosen.sort_unstable();
        chosen
    }

    fn look(&self) -> Heads {
        let places = self.looked_at();
        let start = Instant::now();
        let mut heads = Heads { units: Vec::new(), records: 0, fault: None };
        let count = places.len() as u32;
        for (turn, place) in places.into_iter().enumerate() {
            let Some(shard) = self.shards.get(place) else { continue };
            // Time that one shard leaves over goes to the next ones.
            let until = start + PATIENCE * (turn as u32 + 1) / count.max(1);
            head_of(shard, place, until, &mut heads);
        }
        heads
    }

    /// Makes forms of the records in the heads, and decides how they come together.
    fn decide(&mut self, units: Vec<HeadUnit>) {
        let whole = self.looked_at().len() == self.shards.len();
        let (mut clusters, mut shards_of) = self.clusters(units);
        let native = self.take_native(&mut clusters, &mut shards_of);
        let listing = Listing::of(&self.picture_roots());
        let folders = self.shard_folders();
        let (mut heads, mut surveys) = (Vec::new(), Vec::new());
        let mut bares = Vec::new();
        for HeadUnit { table, names, records, complete, bare, .. } in clusters {
            heads.push((table, names, complete && whole));
            bares.push(bare.is_some());
            surveys.push(Survey::of(records));
        }
        let links = self.links(&heads, &surveys, &shards_of);
        let mut choices: Vec<Choice> = Vec::new();
        for (place, (((table, names, _), survey), seen_in)) in
            heads.into_iter().zip(&surveys).zip(shards_of).enumerate()
        {
            let on_disk = |name: &str| {
                let name = super::mapping::without_count(name);
                !listing.is_empty() && folders.iter().any(|folder| listing.rule(name, folder).is_some())
                    || (listing.is_empty() && name.starts_with('/') && Path::new(name).is_file())
            };
            let known = known_from(&links, place, survey);
            let choice = choose(survey, &self.settings, &known, &on_disk);
            self.forms.push(Form {
                table,
                fields: names,
                plan: choice.plan.clone(),
                reports: choice.reports.clone(),
                bond: Bond::Own,
                scope: Scope::Everywhere,
                derived: None,
                seen_in,
                looked_at: survey.records.len(),
                bare: bares.get(place).copied().unwrap_or(false),
            });
            self.notes.extend(choice.notes.iter().cloned());
            choices.push(choice);
        }
        self.find_rules(&listing, &folders, &surveys, &choices);
        let bound =
            bind(&mut self.forms, &surveys, &choices, &links, &self.shards, &self.rules, &self.settings);
        self.joined = bound.joined;
        self.joins = bound.words;
        self.notes.extend(bound.notes);
        // Others have nothing to say about what is said already.
        self.forms.extend(native);
        self.prefixed = self.ids_repeat(&surveys);
        self.notes.sort();
        self.notes.dedup();
    }

    /// Brings heads with the same fields together; with the ordinals of the shards they are from.
    fn clusters(&self, units: Vec<HeadUnit>) -> (Vec<HeadUnit>, Vec<Vec<u32>>) {
        let mut clusters: Vec<HeadUnit> = Vec::new();
        let mut shards_of: Vec<Vec<u32>> = Vec::new();
        for unit in units {
            let ordinal = self.shards.get(unit.shard).map_or(0, |shard| shard.ordinal);
            let alike = clusters
                .iter()
                .position(|known| known.table == unit.table && alike(&known.names, &unit.names));
            if let Some((known, shards)) =
                alike.and_then(|place| clusters.get_mut(place).zip(shards_of.get_mut(place)))
            {
                let new: Vec<String> =
                    unit.names.into_iter().filter(|name| !known.names.contains(name)).collect();
                known.names.extend(new);
                known.records.extend(unit.records);
                known.complete &= unit.complete;
                shards.push(ordinal);
            } else {
                clusters.push(unit);
                shards_of.push(vec![ordinal]);
            }
        }
        (clusters, shards_of)
    }

    /// Takes out the records that this program has written, unless the user says that they are something else.
    fn take_native(&self, clusters: &mut Vec<HeadUnit>, shards_of: &mut Vec<Vec<u32>>) -> Vec<Form> {
        let mut forms = Vec::new();
        let mut place = 0;
        while let Some(HeadUnit { records, .. }) =
            clusters.get(place).filter(|_| self.settings.map.is_empty())
        {
            if records.is_empty() || !records.iter().all(|(_, _, record)| is_native(record)) {
                place += 1;
                continue;
            }
            let HeadUnit { table, names, records, .. } = clusters.remove(place);
            let looked_at = records.len();
            let records: Vec<Cell> = records.into_iter().map(|(_, _, record)| record).collect();
            forms.push(Form {
                table,
                fields: names,
                plan: Plan { native: true, ..Plan::default() },
                reports: native::reports(&records),
                bond: Bond::Own,
                scope: Scope::Everywhere,
                derived: None,
                seen_in: shards_of.remove(place),
                looked_at,
                bare: false,
            });
        }
        forms
    }

    /// Which kinds of records refer to others.
    fn links(
        &self,
        heads: &[(Option<String>, Vec<String>, bool)],
        surveys: &[Survey],
        shards_of: &[Vec<u32>],
    ) -> Links {
        let kinds: Vec<Kind<'_>> = heads
            .iter()
            .zip(surveys)
            .zip(shards_of)
            .map(|(((table, _, complete), survey), seen_in)| Kind {
                name: table.clone().unwrap_or_else(|| {
                    let shard = self.shards.iter().find(|shard| seen_in.contains(&shard.ordinal));
                    let name = shard.and_then(|shard| shard.path.file_name());
                    let name = name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                    name.split('.').next().unwrap_or("").to_owned()
                }),
                in_table: table.is_some(),
                survey,
                complete: *complete,
            })
            .collect();
        links(&kinds, &self.settings)
    }

    /// Folders in which pictures are looked for.
    fn picture_roots(&self) -> Vec<PathBuf> {
        let mut roots: Vec<PathBuf> = Vec::new();
        let mut add = |path: PathBuf| {
            let path = if path.as_os_str().is_empty() { PathBuf::from(".") } else { path };
            if !roots.contains(&path) && roots.len() < 16 {
                roots.push(path);
            }
        };
        for path in &self.paths {
            if path.is_dir() {
                add(path.clone());
            } else if let Some(folder) = path.parent() {
                add(folder.to_path_buf());
            }
        }
        for folder in self.shard_folders() {
            // `annotations/` has its pictures beside it.
            let named =
                folder.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
            let aside = tokens(&named).iter().any(|word| {
                matches!(
                    word.as_str(),
                    "annotations"
                        | "annotation"
                        | "ann"
                        | "anns"
                        | "meta"
                        | "metadata"
                        | "json"
                        | "jsons"
                        | "captions"
                        | "labels"
                        | "data"
                        | "scenes"
                        | "questions"
                        | "annos"
                )
            });
            add(folder.clone());
            if aside && let Some(up) = folder.parent() {
                add(up.to_path_buf());
            }
        }
        roots
    }

    /// Folders of the shards that are looked at, each once.
    fn shard_folders(&self) -> Vec<PathBuf> {
        let mut folders = Vec::new();
        for place in self.looked_at() {
            let Some(shard) = self.shards.get(place) else { continue };
            let folder = folder_of(shard);
            if !folders.contains(&folder) && folders.len() < 6 {
                folders.push(folder);
            }
        }
        folders
    }

    /// Finds the rules by which the names in the chosen fields lead to files.
    fn find_rules(&mut self, listing: &Listing, folders: &[PathBuf], surveys: &[Survey], choices: &[Choice]) {
        self.rules.reason = listing.reason();
        let own: Vec<PathBuf> = self.shards.iter().map(folder_of).collect();
        let scattered = own.windows(2).any(|two| matches!(two, [one, other] if one != other));
        let above = own.windows(2).any(|two| matches!(two, [one, other] if one.parent() != other.parent()));
        for ((form, survey), choice) in self.forms.iter_mut().zip(surveys).zip(choices) {
            let step = (survey.records.len() / 48).max(1);
            let sampled = || survey.records.iter().zip(&survey.places).step_by(step);
            let mut lists: Vec<Vec<(String, usize)>> = Vec::new();
            for image in &choice.plan.images {
                let name = |(record, (shard, _)): (&Cell, &(usize, u64))| {
                    let name = image.path.first(record).and_then(super::mapping::name_of_picture)?;
                    Some((name, *shard))
                };
                lists.push(sampled().filter_map(name).collect());
            }
            for talk in &choice.plan.talks {
                let names = sampled().flat_map(|(record, (shard, _))| {
                    talk.pictures(record).into_iter().map(move |name| (name, *shard))
                });
                lists.push(names.collect());
            }
            for names in lists {
                let mut failed = 0;
                for (name, shard) in names {
                    let name = super::mapping::without_count(&name);
                    if super::fields::is_url(name) || super::fields::is_image_data(name) {
                        continue;
                    }
                    let here = own.get(shard).map_or(Path::new(""), PathBuf::as_path);
                    if self.rules.lead(name, here) {
                        continue;
                    }
                    let mut folders = std::iter::once(here).chain(folders.iter().map(PathBuf::as_path));
                    let found = folders.find_map(|folder| Some((listing.rule(name, folder)?, folder)));
                    match found {
                        Some((rule, folder)) if self.rules.len() < 12 => {
                            self.rules.add(rule, folder, scattered && folder == here, above);
                        }
                        _ => failed += 1,
                    }
                    if failed > 8 {
                        break;
                    }
                }
            }
            let remote =
                choice.plan.images.iter().all(|image| {
                    survey.field(&image.path).is_some_and(|field| field.urls * 2 > field.values)
                });
            if remote && self.rules.is_empty() {
                let mut ids: Vec<String> = choice
                    .keys
                    .iter()
                    .chain(&choice.plan.id)
                    .filter(|path| path.0.len() == 1 && path.top() != "@key")
                    .map(|path| path.top().to_owned())
                    .collect();
                ids.dedup();
                form.derived = listing.derive(&survey.records, &ids);
            }
        }
    }

    /// Whether ids of one shard stand in another again, where that means other samples.
    fn ids_repeat(&self, surveys: &[Survey]) -> bool {
        let mut seen: FxHashMap<u64, usize> = FxHashMap::default();
        for (form, survey) in self.forms.iter().zip(surveys) {
            if form.bond.is_keyed() {
                continue;
            }
            let Some(path) = &form.plan.id else { continue };
            for (record, (shard, _)) in survey.records.iter().zip(&survey.places) {
                let Some(mark) = path.first(record).and_then(super::fields::fingerprint) else { continue };
                if *seen.entry(mark).or_insert(*shard) != *shard {
                    return true;
                }
            }
        }
        false
    }

    fn check_settings(&self) -> Result<(), OpenError> {
        for (role, field) in &self.settings.map {
            let path = FieldPath::parse(field);
            let known = self
                .forms
                .iter()
                .any(|form| form.fields.contains(field) || form.fields.iter().any(|name| name == path.top()));
            if !known {
                let mut names: Vec<&str> =
                    self.forms.iter().flat_map(|form| form.fields.iter().map(String::as_str)).collect();
                names.sort_unstable();
                names.dedup();
                names.truncate(60);
                return Err(OpenError::Field { role: *role, field: field.clone(), known: names.join(", ") });
            }
        }
        Ok(())
    }

    /// The first samples, brought together as far as they were seen. Returns by the deadline.
    pub fn head(&self, limit: usize, deadline: Instant) -> Vec<Sample> {
        if limit == 0 {
            return Vec::new();
        }
        if self.joined {
            return self.head_joined(limit, deadline);
        }
        let mut found = Vec::new();
        for place in 0..self.shards.len() {
            let _ = self.read(place, 0, &mut |item| {
                if let Item::Sample(sample) = item {
                    found.push(*sample);
                }
                if found.len() >= limit || Instant::now() >= deadline {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            });
            if found.len() >= limit || Instant::now() >= deadline {
                break;
            }
        }
        found
    }

    fn head_joined(&self, limit: usize, deadline: Instant) -> Vec<Sample> {
        let start = Instant::now();
        let share = deadline.saturating_duration_since(start) / self.shards.len().max(1) as u32;
        let mut numbers: FxHashMap<String, usize> = FxHashMap::default();
        let mut whole: Vec<Partial> = Vec::new();
        let mut categories = FxHashMap::default();
        for (place, shard) in self.shards.iter().enumerate() {
            let until = (start + share * (place as u32 + 1)).min(deadline);
            let mut idle = 0;
            // In a table behind another one the parts come late; in rows they come soon or never.
            let patience = if shard.container == Container::JsonTables { usize::MAX } else { 4_000 };
            let _ = self.parts(shard, 0, &mut |part| {
                match part {
                    Part::Record { key, partial, .. } => {
                        let known = key.as_ref().and_then(|key| numbers.get(key).copied());
                        if let Some(known) = known.and_then(|number| whole.get_mut(number)) {
                            known.merge(*partial);
                            idle = 0;
                        } else if whole.len() < limit {
                            if let Some(key) = key {
                                numbers.insert(key, whole.len());
                            }
                            whole.push(*partial);
                        } else {
                            idle += 1;
                        }
                    }
                    Part::Category { id, name } => {
                        categories.insert(id, name);
                    }
                    Part::Item(_) | Part::Nothing => {}
                }
                if Instant::now() >= until || idle > patience {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            });
        }
        whole.into_iter().map(|partial| partial.finish(&categories)).collect()
    }

    /// Reads the samples of one shard from a row on; only where the data set is not joined.
    pub fn read(
        &self,
        shard: usize,
        from_row: u64,
        sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        /// Rows between two checkpoints.
        const ROWS: u64 = 256;
        let Some(shard) = self.shards.get(shard) else { return ControlFlow::Continue(()) };
        let none = FxHashMap::default();
        let mut open: Option<(Option<String>, Partial, usize)> = None;
        let mut told = from_row;
        let flow = self.parts(shard, from_row, &mut |part| match part {
            Part::Record { key, partial, row, grouped } => {
                if let Some((known, whole, count)) = &mut open
                    && grouped
                    && key.is_some()
                    && *known == key
                    && *count < MOST_OF_ONE
                {
                    *count += 1;
                    whole.merge(*partial);
                    return ControlFlow::Continue(());
                }
                if let Some((_, whole, _)) = open.take() {
                    sink(Item::Sample(Box::new(whole.finish(&none))))?;
                }
                open = Some((key, *partial, 1));
                if row >= told + ROWS {
                    told = row;
                    sink(Item::Row(row))?;
                }
                ControlFlow::Continue(())
            }
            Part::Item(item) => sink(item),
            Part::Category { .. } | Part::Nothing => ControlFlow::Continue(()),
        });
        if flow.is_break() {
            return flow;
        }
        if let Some((_, whole, _)) = open.take() {
            sink(Item::Sample(Box::new(whole.finish(&none))))?;
        }
        ControlFlow::Continue(())
    }

    /// Reads all samples, bringing the parts of each together by way of a file in `scratch`.
    pub fn read_joined(
        &self,
        scratch: &Path,
        sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, std::io::Error> {
        /// Names of categories that are kept.
        const CATEGORIES: usize = 200_000;
        let mut collector = Collector::new(scratch)?;
        let mut categories: FxHashMap<String, String> = FxHashMap::default();
        let mut fault = None;
        let mut before = 0;
        for shard in &self.shards {
            let flow = self.parts(shard, 0, &mut |part| match part {
                Part::Record { key, partial, .. } => match collector.take(key.as_deref(), &partial) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(error) => {
                        fault = Some(error);
                        ControlFlow::Break(())
                    }
                },
                Part::Category { id, name } => {
                    if categories.len() < CATEGORIES {
                        categories.insert(id, name);
                    }
                    ControlFlow::Continue(())
                }
                Part::Item(Item::Passed(bytes)) => sink(Item::Passed(before + bytes)),
                Part::Item(item) => sink(item),
                Part::Nothing => ControlFlow::Continue(()),
            });
            if let Some(error) = fault {
                return Err(error);
            }
            if flow.is_break() {
                return Ok(flow);
            }
            before += shard.bytes;
        }
        let mut groups = collector.finish()?;
        while let Some(whole) = groups.next()? {
            if sink(Item::Sample(Box::new(whole.finish(&categories)))).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// The form of records with these fields in this table.
    fn form_of(&self, table: Option<&str>, names: &[&str], ordinal: u32) -> Option<usize> {
        let score = |form: &Form| {
            let further = table.is_some() && form.table.as_deref() == Some(FURTHER_ON);
            if form.table.as_deref() != table && !further {
                return 0.0;
            }
            let shared = names.iter().filter(|name| form.fields.iter().any(|own| own == *name)).count();
            let seen = if form.seen_in.contains(&ordinal) { 0.5 } else { 0.0 };
            // Any record of a shard that was looked at is of the form seen there.
            if shared == 0 && form.seen_in.contains(&ordinal) {
                return 0.4;
            }
            if shared == 0 { 0.0 } else { shared as f32 / names.len().max(1) as f32 + seen }
        };
        self.forms
            .iter()
            .enumerate()
            .map(|(place, form)| (place, score(form)))
            .filter(|(_, score)| *score >= 0.4)
            .max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(&a.0)))
            .map(|(place, _)| place)
    }

    /// Fields that readers need not bring: bulk that has no role.
    fn wanted(&self, shard: &Shard) -> Option<Vec<String>> {
        let forms: Vec<&Form> =
            self.forms.iter().filter(|form| form.seen_in.contains(&shard.ordinal)).collect();
        let [form] = forms.as_slice() else { return None };
        let bulk: Vec<&str> = form
            .reports
            .iter()
            .filter(|report| report.role == Role::Ignore && form.fields.contains(&report.field))
            .filter(|report| {
                !form
                    .reports
                    .iter()
                    .any(|other| other.role != Role::Ignore && other.field.starts_with(&report.field))
            })
            .map(|report| report.field.as_str())
            .collect();
        let whole = matches!(
            shard.container,
            Container::JsonLines
                | Container::JsonArray
                | Container::Parquet
                | Container::Arrow
                | Container::JsonDict
        );
        (whole && !bulk.is_empty())
            .then(|| form.fields.iter().filter(|name| !bulk.contains(&name.as_str())).cloned().collect())
    }

    /// A path as seen from the folder above all shards.
    fn short_of(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }

    /// What makes the ids in a file different from those in others.
    fn stem_of(&self, path: &Path) -> String {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let stem = name.split('.').next().unwrap_or("");
        let folder = if self.names_repeat {
            path.parent().map(|folder| self.short_of(folder)).unwrap_or_default()
        } else {
            String::new()
        };
        if folder.is_empty() { stem.to_owned() } else { format!("{folder}/{stem}") }
    }

    /// The name of a file in the id of a record that has none.
    fn name_in_ids(&self, file: &str) -> String {
        if self.names_repeat {
            self.short_of(Path::new(file))
        } else {
            file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned()
        }
    }

    /// Reads what each record of a shard says.
    fn parts(
        &self,
        shard: &Shard,
        from_row: u64,
        sink: &mut dyn FnMut(Part) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let folder = folder_of(shard);
        let mut follower = Follower::new(&self.rules, &folder);
        let mut forms: FxHashMap<Option<String>, usize> = FxHashMap::default();
        let whole_file = shard.path.display().to_string();
        let split = split_of_path(&shard.path);
        let prefix = (self.prefixed && self.shards.len() > 1).then(|| self.stem_of(&shard.path));
        let scope = (folder.display().to_string(), whole_file.clone());
        let within = (self.short_of(&folder), self.stem_of(&shard.path));
        let plain = shard.compression == Compression::Plain;
        let unit = match shard.container {
            Container::JsonLines => Unit::Line,
            Container::JsonArray | Container::JsonTables => Unit::Element,
            Container::JsonDict | Container::Tar => Unit::Member,
            Container::JsonRecord { .. } | Container::Pictures { .. } => Unit::File,
            _ => Unit::Row,
        };
        let wanted = self.wanted(shard);
        let mut told: FxHashSet<Option<String>> = FxHashSet::default();
        super::read(shard, from_row, wanted.as_deref(), &mut |found| {
            let record = match found {
                Found::Record(record) => record,
                Found::Skipped(skipped) => return sink(Part::Item(Item::Skipped(skipped))),
                Found::Passed(bytes) => return sink(Part::Item(Item::Passed(bytes))),
            };
            let Record { row, position, ref table, span, .. } = record;
            let table = table.clone();
            let file = match &shard.container {
                Container::JsonRecord { files } => files
                    .get(row as usize)
                    .map_or_else(|| whole_file.clone(), |file| file.display().to_string()),
                _ => whole_file.clone(),
            };
            let bare = bare(&record);
            if let Some(what) = bare
                && !self.forms.iter().any(|form| {
                    form.bare && form.table == table && form.seen_in.contains(&shard.ordinal)
                        || form.bare && !self.forms.iter().any(|form| form.seen_in.contains(&shard.ordinal))
                })
            {
                let reason = match (what, &record.cell) {
                    (Bare::List, _) => "a list, where records are expected",
                    (_, Cell::Null) => "null, where a record is expected",
                    (_, Cell::Text(_)) => "a text, where a record is expected",
                    _ => "a number or truth value, where a record is expected",
                };
                return sink(Part::Item(Item::Skipped(Skipped {
                    file,
                    unit,
                    position: Some(position),
                    reason: reason.to_owned(),
                })));
            }
            let mut cell = unfold(record);
            // A record with few fields must not decide for those that follow.
            let place = forms.get(&table).copied().or_else(|| {
                let found = self.form_of(table.as_deref(), &names_of(&cell), shard.ordinal)?;
                forms.insert(table.clone(), found);
                Some(found)
            });
            let Some(form) = place.and_then(|place| self.forms.get(place)) else {
                // Said once, not for every row.
                if told.insert(table.clone()) {
                    let what = table.map_or_else(
                        || "records".to_owned(),
                        |table| format!("records of the table {table}"),
                    );
                    let reason =
                        format!("{what} are unlike those at the beginning of the data set, from here on");
                    return sink(Part::Item(Item::Skipped(Skipped {
                        file,
                        unit,
                        position: Some(position),
                        reason,
                    })));
                }
                return sink(Part::Nothing);
            };
            match &form.bond {
                Bond::Aside => return sink(Part::Nothing),
                Bond::Lookup { id, name } => {
                    let text = |field: &String| member(&cell, field).and_then(scalar);
                    return match (text(id), text(name)) {
                        (Some(id), Some(name)) => sink(Part::Category { id, name }),
                        _ => ControlFlow::Continue(()),
                    };
                }
                _ => {}
            }
            unpack(&mut cell, &form.plan.packed);
            let place = Place {
                seq: Seq::new(shard.ordinal, row),
                named: self.name_in_ids(&file),
                origin: Origin { file, position },
                line: span
                    .filter(|_| plain && shard.container == Container::JsonLines)
                    .map(|(offset, length)| (shard.path.clone(), offset, length)),
                prefix: prefix.clone().filter(|_| !form.bond.is_keyed()),
                split: split.clone(),
            };
            let mut locate = |name: &str, _: &Cell| follower.find(name);
            match form.plan.read(&cell, &place, &mut locate) {
                Ok(mut partial) => {
                    if let Some(derived) = &form.derived {
                        add_derived(derived, &cell, &mut partial.sample);
                    }
                    let mut key = form.bond.key(&form.plan, &cell);
                    if let Some(key) = &mut key {
                        let id = form.bond.id(key);
                        let (reach, place) = match form.scope {
                            Scope::Everywhere => ("", ""),
                            Scope::Folder => (scope.0.as_str(), within.0.as_str()),
                            Scope::Shard => (scope.1.as_str(), within.1.as_str()),
                        };
                        partial.sample.id = if place.is_empty() { id } else { format!("{place}/{id}") };
                        if !reach.is_empty() {
                            *key = format!("{reach}\0{key}");
                        }
                    }
                    let grouped = is_together(&form.bond);
                    sink(Part::Record { key, partial: Box::new(partial), row, grouped })
                }
                Err(reason) => sink(Part::Item(Item::Skipped(Skipped {
                    file: place.origin.file,
                    unit,
                    position: Some(position),
                    reason,
                }))),
            }
        })
    }
}

/// What one record is good for.
enum Part {
    Record {
        key: Option<String>,
        partial: Box<Partial>,
        row: u64,
        grouped: bool,
    },
    Category {
        id: String,
        name: String,
    },
    Item(Item),
    /// A record that says nothing.
    Nothing,
}

/// Adds pictures whose names are made of fields, before addresses that may be dead.
fn add_derived(derived: &Derived, record: &Cell, sample: &mut Sample) {
    let found = derived.pictures(record);
    if sample.images.len() == found.len() {
        for (image, reference) in sample.images.iter_mut().zip(found) {
            image.reference = reference;
        }
    } else if sample.images.is_empty() {
        sample.images.extend(found.into_iter().map(Image::new));
    }
}

/// Names of the fields at the top of a record.
fn names_of(cell: &Cell) -> Vec<&str> {
    match cell {
        Cell::Map(members) => members.iter().map(|(name, _)| name.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// Whether records with these fields are of one kind.
fn alike(one: &[String], other: &[String]) -> bool {
    let shared = one.iter().filter(|name| other.contains(name)).count();
    let all = one.len() + other.len() - shared;
    all == 0
        || shared * 10 >= all * 6
        || (shared >= 2 && shared * 10 >= one.len().min(other.len()) * 9 && shared * 2 >= all)
}

/// Reads the head of a shard.
fn head_of(shard: &Shard, place: usize, until: Instant, heads: &mut Heads) {
    let mut units: Vec<HeadUnit> = Vec::new();
    let mut seen = 0_usize;
    let mut passed = 0;
    let limit = Instant::now() + Duration::from_secs(2);
    let mut cut: FxHashSet<Option<String>> = FxHashSet::default();
    let flow = super::read(shard, 0, None, &mut |found| {
        match found {
            Found::Record(record) => {
                seen += 1;
                let row = record.row;
                let table = record.table.clone();
                let bare = bare(&record);
                let same = |unit: &HeadUnit| unit.table == table && unit.bare == bare;
                let full = units.iter().any(|unit| same(unit) && unit.records.len() >= HEAD);
                if !full {
                    let cell = unfold(record);
                    let unit = if let Some(known) = units.iter().position(same) {
                        known
                    } else {
                        units.push(HeadUnit {
                            table: table.clone(),
                            shard: place,
                            names: Vec::new(),
                            records: Vec::new(),
                            complete: true,
                            bare,
                        });
                        units.len() - 1
                    };
                    if let Some(unit) = units.get_mut(unit) {
                        for name in names_of(&cell) {
                            if unit.names.len() < 400 && !unit.names.iter().any(|known| known == name) {
                                unit.names.push(name.to_owned());
                            }
                        }
                        unit.records.push((place, row, cell));
                    }
                } else if table.is_none() {
                    return ControlFlow::Break(());
                } else {
                    cut.insert(table);
                }
            }
            Found::Skipped(skipped) => {
                heads.fault.get_or_insert(skipped);
            }
            Found::Passed(bytes) => passed = bytes,
        }
        let now = Instant::now();
        let enough = seen >= AT_LEAST && now >= until;
        if enough || now >= limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    // Lists and numbers among records are faults; where there is nothing else, lists are rows.
    for kind in [None, Some(Bare::List)] {
        let tables: Vec<Option<String>> =
            units.iter().filter(|unit| unit.bare == kind).map(|unit| unit.table.clone()).collect();
        units.retain(|unit| unit.bare == kind || !tables.contains(&unit.table));
    }
    for unit in &mut units {
        unit.complete = flow.is_continue() && !cut.contains(&unit.table);
    }
    if shard.container == Container::JsonTables
        && shard.compression == Compression::Plain
        && passed < shard.bytes
    {
        let known: Vec<Vec<String>> = units.iter().map(|unit| unit.names.clone()).collect();
        for records in further_on(shard, &known) {
            let mut names: Vec<String> = Vec::new();
            for name in records.iter().flat_map(names_of) {
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
            let records =
                records.into_iter().enumerate().map(|(row, cell)| (place, row as u64, cell)).collect();
            let table = Some(FURTHER_ON.to_owned());
            units.push(HeadUnit { table, shard: place, names, records, complete: false, bare: None });
        }
    }
    heads.records += units.iter().map(|unit| unit.records.len()).sum::<usize>();
    heads.units.extend(units);
}

/// The name of a table that was looked at without reading up to its name.
const FURTHER_ON: &str = "(further on)";

/// Records of tables that come late in a large file: the captions of COCO stand behind tens of
/// megabytes of pictures. Short stretches of the file are read where the table's name is unknown.
fn further_on(shard: &Shard, known: &[Vec<String>]) -> Vec<Vec<Cell>> {
    use std::io::{Read, Seek, SeekFrom};
    const STRETCH: u64 = 96 << 10;
    let Ok(mut file) = std::fs::File::open(&shard.path) else { return Vec::new() };
    let mut found: Vec<(Vec<String>, Vec<Cell>)> = Vec::new();
    for part in 1..=12_u64 {
        let offset = (shard.bytes / 12 * part).min(shard.bytes.saturating_sub(STRETCH));
        let mut bytes = Vec::new();
        let read = file
            .seek(SeekFrom::Start(offset))
            .and_then(|_| (&mut file).take(STRETCH).read_to_end(&mut bytes));
        if read.is_err() {
            break;
        }
        let records = longest_run(&bytes);
        let Some(first) = records.first() else { continue };
        let names: Vec<String> = names_of(first).into_iter().map(str::to_owned).collect();
        if names.len() < 2 || known.iter().any(|known| alike(known, &names)) {
            continue;
        }
        match found.iter_mut().find(|(own, _)| alike(own, &names)) {
            Some((_, own)) => own.extend(records),
            None => found.push((names, records)),
        }
    }
    found.into_iter().map(|(_, records)| records).collect()
}

/// The records that follow each other in a stretch cut out of a JSON file: of all places where
/// one may begin, that from which most of the stretch can be read.
fn longest_run(bytes: &[u8]) -> Vec<Cell> {
    let mut best: (usize, Vec<Cell>) = (0, Vec::new());
    let mut tried = 0;
    let mut at = 0;
    while let Some(next) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'{')) {
        let start = at + next;
        let before = bytes.get(..start).unwrap_or_default().trim_ascii_end();
        at = start + 1;
        if !before.ends_with(b",") && !before.ends_with(b"[") {
            continue;
        }
        tried += 1;
        let (length, records) = run(bytes.get(start..).unwrap_or_default());
        if length > best.0 {
            best = (length, records);
        }
        // Inner records end soon; a run over half of the stretch is the table's.
        if best.0 * 2 > bytes.len() || tried > 400 {
            break;
        }
    }
    best.1
}

/// Reads records with commas between; their length in bytes and what they are.
fn run(bytes: &[u8]) -> (usize, Vec<Cell>) {
    let mut records = Vec::new();
    let mut at = 0;
    while records.len() < 400 {
        let rest = bytes.get(at..).unwrap_or_default();
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<serde_json::Value>();
        let Some(Ok(value @ serde_json::Value::Object(_))) = values.next() else { break };
        at += values.byte_offset();
        records.push(super::fields::from_json(value));
        let rest = bytes.get(at..).unwrap_or_default();
        let trimmed = rest.trim_ascii_start();
        if !trimmed.starts_with(b",") {
            break;
        }
        at += rest.len() - trimmed.len() + 1;
    }
    (at, records)
}

/// What the links between kinds of records tell about the fields of one.
fn known_from(links: &Links, place: usize, survey: &Survey) -> Known {
    let mut known = Known::default();
    let by = links.pictures.iter().filter(|link| link.from == place).map(|link| &link.by);
    let keys = links.pictures.iter().filter(|link| link.to == place).map(|link| &link.key);
    let codes = links.names.iter().filter(|naming| naming.from == place).map(|naming| &naming.by);
    let named = |key: &&String| {
        survey
            .field(&FieldPath::of(key))
            .is_some_and(|field| (field.image_names + field.urls) * 2 <= field.values)
    };
    known.keys = by.chain(keys).chain(codes).filter(named).cloned().collect();
    known.named_elsewhere = links.unpictured.contains(&place);
    let codes = links.names.iter().filter(|naming| naming.from == place);
    known.category = codes
        .min_by_key(|naming| (hint(&naming.by).aside > 0.0, hint(&naming.by).kind <= 0.0))
        .map(|naming| naming.by.clone());
    known
}

/// Whether a field's name speaks of a picture's id.
pub(super) fn names_picture(name: &str) -> bool {
    let hint = hint(name);
    hint.image >= 3.0 && hint.id > 0.0 && hint.aside == 0.0
}
