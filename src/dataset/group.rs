//! Which records speak of the same picture: rows of one file, tables of one object, files of one
//! folder.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::Cell;
use super::dataset::{Form, folder_of, names_picture};
use super::fields::{Choice, Survey, hint, looks_like_image_name, tokens};
use super::links::{Links, is_plural_of};
use super::locate::{Follower, Rules};
use super::mapping::{Plan, without_count, without_ending};
use super::path::{FieldPath, scalar};
use super::settings::{Role, Settings};
use super::source::Shard;
use crate::model::{CaptionRole, ImageRef};

/// How the records of one kind come together with others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Bond {
    /// Each record is a sample.
    Own,
    /// Records that follow each other and have the same key are one sample.
    Neighbours,
    /// Records with the same key, wherever they stand, are one sample.
    Key(KeyForm),
    /// A table that gives names to ids.
    Lookup {
        /// The member with the id.
        id: String,
        /// The member with the name.
        name: String,
    },
    /// Records that say nothing about samples.
    Aside,
}

/// How far a key reaches: two records with the same key are of one sample within it only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Scope {
    /// Over all files.
    Everywhere,
    /// Over the files of one folder: `train/` and `val/` have a `0001.jpg` each.
    Folder,
    /// In one file, which counts from 0 as others do.
    Shard,
}

/// How keys are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum KeyForm {
    /// As they are.
    Exact,
    /// Without folders and ending.
    Stem,
    /// By the number at their end.
    Number,
}

impl KeyForm {
    /// The form in which a key is compared.
    pub(crate) fn of(self, key: &str) -> String {
        let name = key.rsplit(['/', '\\']).next().unwrap_or(key);
        let stem = if looks_like_image_name(name) {
            name.rsplit_once('.').map_or(name, |(stem, _)| stem)
        } else {
            name
        };
        match self {
            Self::Exact => key.to_owned(),
            Self::Stem => stem.to_owned(),
            Self::Number => {
                let digits = stem.bytes().rev().take_while(u8::is_ascii_digit).count();
                let number = stem.get(stem.len() - digits..).unwrap_or("");
                let bare = number.trim_start_matches('0');
                match (number.is_empty(), bare.is_empty()) {
                    (true, _) => stem.to_owned(),
                    (false, true) => "0".to_owned(),
                    _ => bare.to_owned(),
                }
            }
        }
    }
}

impl Bond {
    /// Whether records are brought together by a key.
    pub(crate) fn is_keyed(&self) -> bool {
        matches!(self, Self::Neighbours | Self::Key(_))
    }

    /// The key of a record; none where it is a sample of its own.
    pub(crate) fn key(&self, plan: &Plan, record: &Cell) -> Option<String> {
        match self {
            Self::Neighbours => plan.key_of(record),
            Self::Key(form) => plan.key_of(record).map(|key| form.of(&key)),
            _ => None,
        }
    }

    /// The id of the sample with this key.
    pub(crate) fn id(&self, key: &str) -> String {
        let short: String = key.chars().take(512).collect();
        match self {
            Self::Key(KeyForm::Exact) | Self::Neighbours => without_ending(&short).to_owned(),
            _ => short,
        }
    }

    /// What records with this bond are used for, in words.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Own => "each is a sample".to_owned(),
            Self::Neighbours => "rows of one picture that follow each other are one sample".to_owned(),
            Self::Key(_) => "those of one picture are one sample".to_owned(),
            Self::Lookup { id, name } => format!("they give `{name}` for `{id}`"),
            Self::Aside => "they say nothing about samples and are left alone".to_owned(),
        }
    }
}

/// Whether the bond holds between neighbours only.
pub(crate) fn is_together(bond: &Bond) -> bool {
    *bond == Bond::Neighbours
}

/// How the forms of a data set come together.
#[derive(Debug, Default)]
pub(super) struct Bound {
    /// Whether a joined reading is needed.
    pub(super) joined: bool,
    /// What is brought together, a sentence each.
    pub(super) words: Vec<String>,
    /// Remarks.
    pub(super) notes: Vec<String>,
}

/// Decides how forms come together, and sets their bonds and keys.
pub(super) fn bind(
    forms: &mut [Form],
    surveys: &[Survey],
    choices: &[Choice],
    links: &Links,
    shards: &[Shard],
    rules: &Rules,
    settings: &Settings,
) -> Bound {
    let mut bound = Bound::default();
    let reach = Reach { shards, folders: shards.iter().map(folder_of).collect(), rules };
    name_categories(forms, links);
    follow_links(forms, surveys, links, &reach, &mut bound);
    for group in families(forms, shards) {
        if group.len() > 1 {
            bind_forms(&group, forms, surveys, choices, &reach, &mut bound);
        }
    }
    for ((form, survey), choice) in forms.iter_mut().zip(surveys).zip(choices) {
        if form.bond == Bond::Own {
            bind_rows(form, survey, choice, &reach, settings, &mut bound);
        }
    }
    set_aside(forms, &mut bound);
    for ((form, survey), choice) in forms.iter_mut().zip(surveys).zip(choices) {
        match form.bond {
            Bond::Own if form.plan.key.is_none() => form.plan.key = naming_picture(survey, choice),
            Bond::Lookup { .. } | Bond::Aside => {
                for report in &mut form.reports {
                    report.role = Role::Meta;
                    report.evidence.clear();
                }
            }
            _ => {}
        }
    }
    bound
}

/// Tables that give names to the categories of boxes; what gives other names is left alone.
fn name_categories(forms: &mut [Form], links: &Links) {
    for naming in &links.names {
        let served = forms.get(naming.from).is_some_and(|form| {
            form.plan.descriptors.iter().any(|field| match &field.shape {
                super::descriptors::Shape::Things(things) => {
                    things.name.is_none() && things.category.as_ref() == Some(&naming.by)
                }
                _ => false,
            })
        });
        let Some(form) = forms.get_mut(naming.table) else { continue };
        if served {
            form.bond = Bond::Lookup { id: naming.id.clone(), name: naming.name.clone() };
        } else if form.bond == Bond::Own {
            form.bond = Bond::Aside;
        }
    }
}

/// Brings together what the values say belongs together.
fn follow_links(forms: &mut [Form], surveys: &[Survey], links: &Links, reach: &Reach<'_>, bound: &mut Bound) {
    let mut ends: Vec<usize> = links.pictures.iter().map(|link| link.to).collect();
    ends.sort_unstable();
    ends.dedup();
    for to in ends {
        let here: Vec<_> = links
            .pictures
            .iter()
            .filter(|link| link.to == to)
            .filter(|link| {
                // Records that are judged each on its own stay alone.
                forms.get(link.from).is_some_and(|form| {
                    form.bond == Bond::Own && (!stands_alone(&form.plan) || form.table.is_some())
                })
            })
            .collect();
        let Some(first) = here.first() else { continue };
        let key = FieldPath::of(&first.key);
        let mut members = vec![(to, key.clone())];
        members.extend(here.iter().map(|link| (link.from, FieldPath::of(&link.by))));
        let form = if here.iter().any(|link| link.by_stem) { KeyForm::Stem } else { KeyForm::Exact };
        let (Some(pictures), Some(survey)) = (forms.get(to), surveys.get(to)) else { continue };
        let scope = match reach.scope(pictures, survey, &key) {
            // A file alone holds all that belongs together only where its tables do.
            Scope::Shard if members.iter().any(|(place, _)| !shares_shards(forms, to, *place)) => {
                Scope::Everywhere
            }
            scope => scope,
        };
        bring_together(&members, form, scope, forms, reach.shards, bound);
        let table = forms.get(to).and_then(|form| form.table.clone());
        let table = table.map_or_else(|| "the file that has it".to_owned(), |table| format!("`{table}`"));
        for link in here {
            let Some(form) = forms.get_mut(link.from) else { continue };
            for report in form.reports.iter_mut().filter(|report| report.field == link.by) {
                report.role = Role::Image;
                report.evidence = format!("it names the picture by `{}` of {table}", link.key);
            }
            form.reports.sort_by(|a, b| (a.role, &a.field).cmp(&(b.role, &b.field)));
        }
    }
}

/// Whether two forms stand in the same files.
fn shares_shards(forms: &[Form], one: usize, other: usize) -> bool {
    let seen = |place: usize| forms.get(place).map(|form| form.seen_in.as_slice());
    seen(one) == seen(other)
}

/// Gives forms one key.
fn bring_together(
    members: &[(usize, FieldPath)],
    key: KeyForm,
    scope: Scope,
    forms: &mut [Form],
    shards: &[Shard],
    bound: &mut Bound,
) {
    let mut told = Vec::new();
    for (place, path) in members {
        let Some(form) = forms.get_mut(*place) else { continue };
        form.bond = Bond::Key(key);
        form.scope = scope;
        if let Some(id) = form.plan.id.clone().filter(|id| id != path && form.table.is_none()) {
            // The record's own id is no longer the sample's, but still worth keeping.
            form.plan.hidden.retain(|name| name != id.top());
        }
        form.plan.key = Some(path.clone());
        form.plan.id = Some(path.clone());
        form.plan.hidden.push(path.top().to_owned());
        let file = shards
            .iter()
            .find(|shard| form.seen_in.contains(&shard.ordinal))
            .and_then(|shard| shard.path.file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let table = form.table.as_ref().map_or(String::new(), |table| format!(" {table}"));
        told.push(format!("{file}{table} by `{path}`"));
    }
    bound.joined = true;
    bound.words.push(format!("{} are brought together", told.join(", ")));
}

/// Which pictures the same key means in different files.
struct Reach<'a> {
    shards: &'a [Shard],
    folders: Vec<std::path::PathBuf>,
    rules: &'a Rules,
}

impl Reach<'_> {
    /// How far the values of a field reach, by the pictures of records with the same value in
    /// different files.
    fn scope(&self, form: &Form, survey: &Survey, key: &FieldPath) -> Scope {
        let [image] = form.plan.images.as_slice() else { return Scope::Everywhere };
        if form.seen_in.len() < 2 {
            return Scope::Everywhere;
        }
        let is_picture = image.path == *key;
        let mut followers: FxHashMap<usize, Follower<'_>> = FxHashMap::default();
        let mut known: FxHashMap<String, (usize, ImageRef)> = FxHashMap::default();
        let (mut again, mut differ, mut one_folder) = (0_usize, 0_usize, false);
        for (record, (shard, _)) in survey.records.iter().zip(&survey.places) {
            let (Some(value), Some(name)) = (
                key.first(record).and_then(scalar),
                image.path.first(record).and_then(|cell| match cell {
                    Cell::Blob(blob) => blob.name.clone(),
                    other => scalar(other),
                }),
            ) else {
                continue;
            };
            let folder = self.folders.get(*shard);
            let follower = followers.entry(*shard).or_insert_with(|| {
                Follower::new(self.rules, folder.map_or(std::path::Path::new(""), |folder| folder))
            });
            let name = without_count(&name);
            let picture = if super::fields::is_url(name) || name.len() > 2_000 {
                ImageRef::Url(name.to_owned())
            } else {
                follower.find(name)
            };
            match known.get(&value) {
                Some((before, other)) if before != shard => {
                    again += 1;
                    let apart = self.folders.get(*before) != folder;
                    // Names that lead nowhere mean what lies beside their file.
                    let lost = is_picture && apart && matches!(picture, ImageRef::Missing { .. });
                    if *other != picture || (lost && !name.starts_with('/')) {
                        differ += 1;
                        one_folder |= !apart;
                    }
                }
                Some(_) => {}
                None => {
                    known.insert(value, (*shard, picture));
                }
            }
        }
        match () {
            () if differ * 2 <= again => Scope::Everywhere,
            () if one_folder => Scope::Shard,
            () => Scope::Folder,
        }
    }

    /// A number for each record's reach.
    fn places(&self, survey: &Survey, scope: Scope) -> Vec<usize> {
        survey
            .places
            .iter()
            .map(|(shard, _)| match scope {
                Scope::Everywhere => 0,
                Scope::Shard => *shard,
                Scope::Folder => {
                    let own = self.folders.get(*shard);
                    self.folders.iter().position(|folder| Some(folder) == own).unwrap_or(*shard)
                }
            })
            .collect()
    }
}

/// The picture whose name serves as an id where there is none: no name comes twice.
fn naming_picture(survey: &Survey, choice: &Choice) -> Option<FieldPath> {
    let [image] = choice.plan.images.as_slice() else { return None };
    let plan = Plan { key: Some(image.path.clone()), ..Plan::default() };
    let mut seen = FxHashSet::default();
    let all_differ = image.path.fans() == 0
        && survey.records.iter().all(|record| {
            plan.key_of(record)
                .is_some_and(|key| key.len() <= 200 && !super::fields::is_url(&key) && seen.insert(key))
        });
    all_differ.then(|| image.path.clone())
}

/// Forms whose files stand close together.
fn families(forms: &[Form], shards: &[Shard]) -> Vec<Vec<usize>> {
    /// More kinds of records than this are not one data set, unless they share a folder.
    const MOST: usize = 8;
    let folder = |form: &Form| {
        let shard = shards.iter().find(|shard| form.seen_in.contains(&shard.ordinal))?;
        Some(shard.path.parent()?.to_path_buf())
    };
    let mut by_folder: Vec<(Option<std::path::PathBuf>, Vec<usize>)> = Vec::new();
    for (place, form) in forms.iter().enumerate() {
        let own = folder(form);
        match by_folder.iter_mut().find(|(known, _)| *known == own) {
            Some((_, members)) => members.push(place),
            None => by_folder.push((own, vec![place])),
        }
    }
    if forms.len() <= MOST {
        return vec![(0..forms.len()).collect()];
    }
    by_folder.into_iter().map(|(_, members)| members).collect()
}

/// A field that may be a form's key, with the values in its head.
struct KeyField {
    path: FieldPath,
    /// How much its name and role speak for it.
    weight: f32,
    exact: FxHashSet<String>,
    stems: FxHashSet<String>,
    numbers: FxHashSet<String>,
    /// Values are whole numbers.
    digits: bool,
    /// Values end in a number.
    numbered: bool,
    /// Its name speaks of pictures.
    pictorial: bool,
}

fn key_fields(form: &Form, survey: &Survey, choice: &Choice, tables: &[String]) -> Vec<KeyField> {
    let mut paths: Vec<FieldPath> = choice.keys.clone();
    for (path, field) in &survey.fields {
        let plain = path.0.len() == 1 && field.id_share() > 0.9 && field.floats == 0 && field.bools == 0;
        if plain
            && !paths.contains(path)
            && (hint(path.last()).id > 0.0 || field.image_names * 2 > field.values)
        {
            paths.push(path.clone());
        }
    }
    paths
        .into_iter()
        .filter_map(|path| {
            let name = path.last().to_owned();
            let hint = hint(&name);
            if hint.kind > 0.0
                || hint.question > 0.0
                || tokens(&name).iter().any(|word| {
                    matches!(
                        word.as_str(),
                        "annotator"
                            | "worker"
                            | "region"
                            | "object"
                            | "license"
                            | "flickr"
                            | "coco"
                            | "qa"
                            | "model"
                            | "category"
                            | "class"
                    )
                })
            {
                return None;
            }
            let is_image = choice.plan.images.iter().any(|image| image.path == path);
            let pictures_table =
                form.table.as_ref().is_some_and(|table| super::fields::hint(table).image >= 3.0);
            let mut weight = 0.0_f32;
            if names_picture(&name) {
                weight = 4.0;
            } else if is_image {
                weight = 3.5;
            } else if pictures_table && name == "id" {
                weight = 4.5;
            } else if choice.plan.id.as_ref() == Some(&path) || path.last() == "@key" {
                weight = 1.5;
            }
            // `category_id` where there is a table `categories`.
            let words = tokens(&name);
            let foreign = words.len() == 2
                && words.last().is_some_and(|last| last == "id")
                && tables.iter().any(|table| words.first().is_some_and(|word| is_plural_of(table, word)));
            let image_table = tables.iter().any(|table| super::fields::hint(table).image >= 3.0);
            if foreign && image_table {
                weight += if super::fields::hint(words.first()?).image >= 3.0 { 2.0 } else { -4.0 };
            }
            // In a table of annotations its own id is no picture's.
            if form.table.is_some() && name == "id" && !pictures_table {
                weight -= 3.0;
            }
            let mut field = KeyField {
                path: path.clone(),
                weight,
                exact: FxHashSet::default(),
                stems: FxHashSet::default(),
                numbers: FxHashSet::default(),
                digits: true,
                numbered: true,
                pictorial: super::fields::hint(&name).image >= 3.0 || is_image,
            };
            for record in survey.records.iter().take(1_200) {
                let Some(text) = path.first(record).and_then(scalar) else { continue };
                let stem = KeyForm::Stem.of(&text);
                field.digits &= text.bytes().all(|byte| byte.is_ascii_digit());
                field.numbered &= stem.ends_with(|letter: char| letter.is_ascii_digit());
                field.numbers.insert(KeyForm::Number.of(&text));
                field.stems.insert(stem);
                field.exact.insert(text);
            }
            (!field.exact.is_empty()).then_some(field)
        })
        .collect()
}

/// Share of the smaller set's values that the other has.
fn shared(one: &FxHashSet<String>, other: &FxHashSet<String>) -> f32 {
    let (small, large) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if small.is_empty() {
        return 0.0;
    }
    small.iter().filter(|value| large.contains(*value)).count() as f32 / small.len() as f32
}

/// Brings several forms together by a common key.
fn bind_forms(
    group: &[usize],
    forms: &mut [Form],
    surveys: &[Survey],
    choices: &[Choice],
    reach: &Reach<'_>,
    bound: &mut Bound,
) {
    let tables: Vec<String> = group.iter().filter_map(|place| forms.get(*place)?.table.clone()).collect();
    lookups(group, forms, surveys, &tables);
    let members: Vec<usize> = group
        .iter()
        .copied()
        .filter(|place| forms.get(*place).is_some_and(|form| form.bond == Bond::Own))
        .collect();
    let fields: Vec<Vec<KeyField>> = members
        .iter()
        .map(|place| match (forms.get(*place), surveys.get(*place), choices.get(*place)) {
            (Some(form), Some(survey), Some(choice)) => key_fields(form, survey, choice, &tables),
            _ => Vec::new(),
        })
        .collect();
    // The best key of each form: what its name says, and what other forms say of the same values.
    let mut best: Vec<Option<(usize, f32)>> = Vec::new();
    for (own, candidates) in fields.iter().enumerate() {
        let mut chosen: Option<(usize, f32)> = None;
        for (place, candidate) in candidates.iter().enumerate() {
            let mut score = candidate.weight;
            let mut common = 0.0_f32;
            for (other, others) in fields.iter().enumerate().filter(|(other, _)| *other != own) {
                let _ = other;
                for field in others {
                    // A number means the file with that number only where it is said to be a picture's.
                    let told = candidate.digits == field.digits
                        || [candidate, field].iter().all(|field| !field.digits || field.pictorial);
                    let meant = told && candidate.numbered && field.numbered;
                    let share = shared(&candidate.stems, &field.stems).max(if meant {
                        shared(&candidate.numbers, &field.numbers) * 0.95
                    } else {
                        0.0
                    });
                    // Small numbers meet by chance.
                    let small = candidate.digits
                        && field.digits
                        && candidate.exact.iter().all(|value| value.len() <= 4)
                        && candidate.exact.len() > 1;
                    let trusted = if small && candidate.weight + field.weight < 5.0 { 0.3 } else { 1.0 };
                    common = common.max(share * trusted * (1.0 + field.weight.max(0.0) * 0.5));
                }
            }
            score += common * 2.0;
            if chosen.is_none_or(|(_, known)| score > known) {
                chosen = Some((place, score));
            }
        }
        best.push(chosen.filter(|(_, score)| *score >= 3.0));
    }
    let chosen: Vec<(usize, &KeyField)> = best
        .iter()
        .enumerate()
        .filter_map(|(own, best)| Some((own, fields.get(own)?.get(best.as_ref()?.0)?)))
        .collect();
    // Records that are judged each on its own stay alone.
    let chosen: Vec<(usize, &KeyField)> = chosen
        .into_iter()
        .filter(|(own, _)| {
            members
                .get(*own)
                .and_then(|place| forms.get(*place))
                .is_some_and(|form| !stands_alone(&form.plan) || form.table.is_some())
        })
        .collect();
    if chosen.len() < 2 || !is_useful(&chosen, &members, forms) {
        return;
    }
    let all_digits = chosen.iter().all(|(_, field)| field.digits);
    let some_digits = chosen.iter().any(|(_, field)| field.digits);
    let form_of_keys = if some_digits && !all_digits { KeyForm::Number } else { KeyForm::Stem };
    // Forms whose keys cannot meet (numbers and words) are left out.
    let fitting: Vec<(usize, &KeyField)> =
        chosen.into_iter().filter(|(_, field)| form_of_keys != KeyForm::Number || field.numbered).collect();
    if fitting.len() < 2 {
        return;
    }
    let fitting: Vec<(usize, FieldPath)> = fitting
        .into_iter()
        .filter_map(|(own, field)| Some((*members.get(own)?, field.path.clone())))
        .collect();
    bring_together(&fitting, form_of_keys, Scope::Everywhere, forms, reach.shards, bound);
}

/// Whether a join adds something: more than one form has content, or one names pictures for it.
fn is_useful(chosen: &[(usize, &KeyField)], members: &[usize], forms: &[Form]) -> bool {
    chosen
        .iter()
        .filter_map(|(own, _)| members.get(*own).and_then(|place| forms.get(*place)))
        .filter(|form| has_content(&form.plan))
        .count()
        >= 1
}

fn has_content(plan: &Plan) -> bool {
    !plan.captions.is_empty()
        || !plan.talks.is_empty()
        || !plan.asks.is_empty()
        || !plan.descriptors.is_empty()
        || !plan.images.is_empty()
}

/// Whether each record is a judgement of its own: a contrast, a pair, a text that is true or not.
fn stands_alone(plan: &Plan) -> bool {
    plan.images.len() > 1
        || plan.label.is_some()
        || plan.captions.iter().any(|(_, role)| *role == CaptionRole::Negative)
}

/// Finds tables that only give names to ids, and tables that say nothing about samples.
fn lookups(group: &[usize], forms: &mut [Form], surveys: &[Survey], tables: &[String]) {
    if tables.is_empty() {
        return;
    }
    let foreign: Vec<(String, usize)> = group
        .iter()
        .filter_map(|place| forms.get(*place).map(|form| (form, *place)))
        .flat_map(|(form, place)| {
            let inner = form.plan.descriptors.iter().filter_map(|field| match &field.shape {
                super::descriptors::Shape::Things(things) => things.category.clone(),
                _ => None,
            });
            form.fields.iter().cloned().chain(inner).map(move |name| (name, place)).collect::<Vec<_>>()
        })
        .collect();
    for place in group {
        let (Some(form), Some(survey)) = (forms.get_mut(*place), surveys.get(*place)) else { continue };
        let Some(table) = form.table.clone() else { continue };
        if form.bond != Bond::Own {
            continue;
        }
        let named = foreign.iter().any(|(name, other)| {
            let words = tokens(name);
            other != place
                && words.len() == 2
                && words.last().is_some_and(|last| last == "id")
                && words.first().is_some_and(|first| is_plural_of(&table, first))
        });
        let id = form.fields.iter().find(|name| name.to_lowercase() == "id").cloned();
        let name = survey
            .fields
            .iter()
            .filter(|(path, field)| path.0.len() == 1 && field.texts > 0 && field.mean_words() < 5.0)
            .filter(|(path, _)| {
                tokens(path.last())
                    .iter()
                    .any(|word| matches!(word.as_str(), "name" | "label" | "title" | "category" | "class"))
            })
            .map(|(path, _)| path.top().to_owned())
            .min_by_key(String::len);
        let pictures = hint(&table).image >= 3.0;
        if named
            && !pictures
            && form.plan.asks.is_empty()
            && let (Some(id), Some(name)) = (id, name)
        {
            form.bond = Bond::Lookup { id, name };
            continue;
        }
        let lower = table.to_lowercase();
        if matches!(lower.as_str(), "licenses" | "licences" | "license" | "info" | "infos" | "meta") {
            form.bond = Bond::Aside;
        }
    }
}

/// Decides how the rows of one form come together.
fn bind_rows(
    form: &mut Form,
    survey: &Survey,
    choice: &Choice,
    reach: &Reach<'_>,
    settings: &Settings,
    bound: &mut Bound,
) {
    if stands_alone(&form.plan) || settings.fields(Role::Pair).next().is_some() {
        return;
    }
    for path in &choice.keys {
        let told = settings.fields(Role::Image).next().is_some();
        let scope = reach.scope(form, survey, path);
        let Some(repeats) = repeats(survey, path, &reach.places(survey, scope)) else { continue };
        let is_picture =
            form.plan.images.iter().any(|image| image.path == *path) || names_picture(path.last());
        if !repeats.any {
            // Rows that have an id below the picture's may be scattered further on.
            let below = is_picture && names_picture(path.last()) && has_lower_id(survey, path);
            if below {
                form.bond = Bond::Key(KeyForm::Exact);
                form.scope = scope;
                finish_rows(form, path, bound, "rows with an id below that of their picture");
                return;
            }
            if is_picture && !told {
                return;
            }
            continue;
        }
        if !is_picture && !shares_text(survey, path, &form.plan) {
            continue;
        }
        if repeats.placeholder {
            bound.notes.push(format!("`{path}` is the same in every row and taken for a placeholder: rows are not brought together by it"));
            return;
        }
        let words = if repeats.adjacent { "rows that follow each other" } else { "rows" };
        form.scope = scope;
        form.bond = if repeats.adjacent { Bond::Neighbours } else { Bond::Key(KeyForm::Exact) };
        finish_rows(form, path, bound, words);
        return;
    }
}

fn finish_rows(form: &mut Form, path: &FieldPath, bound: &mut Bound, words: &str) {
    if let Some(id) = form.plan.id.clone().filter(|id| id != path) {
        form.plan.hidden.retain(|name| name != id.top());
    }
    form.plan.key = Some(path.clone());
    bound.joined |= matches!(form.bond, Bond::Key(_));
    bound.words.push(format!("{words} with the same `{path}` are one sample"));
}

/// How the values of a field come again.
struct Repeats {
    any: bool,
    adjacent: bool,
    placeholder: bool,
}

fn repeats(survey: &Survey, path: &FieldPath, reach: &[usize]) -> Option<Repeats> {
    let mut last: FxHashMap<(usize, String), (usize, usize)> = FxHashMap::default();
    let (mut rows, mut any, mut adjacent, mut most) = (0, false, true, 0);
    let mut counts: FxHashMap<String, usize> = FxHashMap::default();
    for ((record, (shard, _)), reach) in survey.records.iter().zip(&survey.places).zip(reach) {
        let Some(value) = path.first(record).and_then(scalar) else { continue };
        let value = without_count(&value).to_owned();
        rows += 1;
        if let Some((before, shard_before)) = last.insert((*reach, value.clone()), (rows, *shard)) {
            any = true;
            adjacent &= before + 1 == rows && shard_before == *shard;
        }
        let count = counts.entry(value).or_default();
        *count += 1;
        most = most.max(*count);
    }
    let placeholder = counts.len() == 1 && rows >= 40;
    (rows > 1).then_some(Repeats { any, adjacent, placeholder })
}

/// Whether rows have an id of their own that is below the picture's: of a region, a question.
fn has_lower_id(survey: &Survey, key: &FieldPath) -> bool {
    survey.fields.keys().any(|path| {
        path.0.len() == 1
            && path != key
            && tokens(path.last()).iter().any(|word| word == "id")
            && tokens(path.last()).iter().any(|word| {
                matches!(
                    word.as_str(),
                    "region"
                        | "question"
                        | "annotation"
                        | "ann"
                        | "caption"
                        | "phrase"
                        | "turn"
                        | "sentence"
                        | "sent"
                        | "qa"
                        | "ref"
                )
            })
    })
}

/// Whether rows with the same key have the same text, so that they are parts of one sample.
fn shares_text(survey: &Survey, key: &FieldPath, plan: &Plan) -> bool {
    let Some((text, _)) = plan.captions.first() else { return false };
    let mut texts: FxHashMap<String, String> = FxHashMap::default();
    let (mut same, mut again) = (0, 0);
    for record in &survey.records {
        let (Some(key), Some(text)) =
            (key.first(record).and_then(scalar), text.first(record).and_then(scalar))
        else {
            continue;
        };
        if let Some(before) = texts.get(&key) {
            again += 1;
            same += usize::from(*before == text);
        } else {
            texts.insert(key, text);
        }
    }
    again > 0 && same * 10 >= again * 9 && texts.len() > 1
}

/// Forms that have nothing to say, beside others that have.
fn set_aside(forms: &mut [Form], bound: &mut Bound) {
    let speaks = |form: &Form| {
        matches!(form.bond, Bond::Own | Bond::Neighbours | Bond::Key(_)) && has_content(&form.plan)
    };
    if forms.len() < 2 || !forms.iter().any(speaks) {
        return;
    }
    for form in forms.iter_mut() {
        let keyed = matches!(form.bond, Bond::Key(_));
        let lookup = matches!(form.bond, Bond::Lookup { .. } | Bond::Aside);
        if !lookup && !keyed && !has_content(&form.plan) {
            form.bond = Bond::Aside;
            let table = form.table.as_ref().map_or_else(
                || form.fields.iter().take(4).cloned().collect::<Vec<_>>().join(", "),
                Clone::clone,
            );
            bound.notes.push(format!("records with {table} say nothing about pictures and are left alone"));
        }
    }
}
