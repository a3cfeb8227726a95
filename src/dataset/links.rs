//! Which column of one table speaks of the rows of another? Told by values, before anybody asks
//! what the fields mean: what is (nearly) all contained in a column without repeats refers to it.
//!
//! Names are the second witness. Numbers that merely count are contained in whatever else counts,
//! so they need a name on their side; a wrong join is far worse than none.

use rustc_hash::FxHashSet;

use super::fields::{Survey, fingerprint, hint, looks_like_image_name, tokens};
use super::path::{FieldPath, scalar};
use super::settings::{Role, Settings};
use crate::dataset::Cell;

/// A kind of records, as far as links between kinds are a matter of it.
pub(super) struct Kind<'a> {
    /// The name of its table, or else of its file.
    pub(super) name: String,
    /// It stands beside other tables in one file.
    pub(super) in_table: bool,
    /// What was seen of it.
    pub(super) survey: &'a Survey,
    /// All of its records were seen.
    pub(super) complete: bool,
}

/// A column whose values name rows of another kind.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Link {
    /// The kind that refers.
    pub(super) from: usize,
    /// Its column.
    pub(super) by: String,
    /// The kind that is referred to.
    pub(super) to: usize,
    /// The column there, in which nothing comes twice.
    pub(super) key: String,
    /// Folders and endings are no part of the values.
    pub(super) by_stem: bool,
    score: f32,
}

/// A table that gives names to the values of a column elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Naming {
    /// The table.
    pub(super) table: usize,
    /// Its column with the values.
    pub(super) id: String,
    /// Its column with the names.
    pub(super) name: String,
    /// The kind that refers to it, and the column there.
    pub(super) from: usize,
    pub(super) by: String,
}

/// What the values tell.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Links to kinds that have the pictures; at most one from each kind, and all to one kind by
    /// the same column.
    pub(super) pictures: Vec<Link>,
    /// Tables of names.
    pub(super) names: Vec<Naming>,
    /// Kinds that leave it to others to name the pictures.
    pub(super) unpictured: Vec<usize>,
}

/// A column that may name rows.
struct Column {
    name: String,
    values: FxHashSet<u64>,
    stems: FxHashSet<u64>,
    rows: usize,
    /// No value comes twice in a file.
    unique: bool,
    /// Whole numbers, with the smallest and the largest.
    digits: Option<(i64, i64)>,
    /// Names of picture files.
    files: bool,
    /// The user said that it is the id.
    told: bool,
}

impl Column {
    /// Whether it counts its own rows: every whole number from 0 or 1, or nearly, once.
    fn counts(&self) -> bool {
        self.unique
            && self.digits.is_some_and(|(low, high)| {
                (0..=1).contains(&low) && (high - low) as usize + 1 == self.values.len()
            })
    }
}

/// The links between kinds.
pub(super) fn links(kinds: &[Kind<'_>], settings: &Settings) -> Links {
    let mut links = Links::default();
    if kinds.len() < 2 {
        return links;
    }
    let columns: Vec<Vec<Column>> = kinds.iter().map(|kind| columns(kind, settings)).collect();
    let pictured: Vec<bool> = kinds.iter().map(has_pictures).collect();
    if pictured.contains(&true) {
        links.unpictured = (0..kinds.len()).filter(|kind| pictured.get(*kind) == Some(&false)).collect();
    }
    links.names = namings(kinds, &columns, &pictured);
    let mut found: Vec<Link> = Vec::new();
    for from in 0..kinds.len() {
        let names = links.names.iter().any(|naming| naming.table == from);
        if pictured.get(from) != Some(&false) || names || is_aside(kinds, from) {
            continue;
        }
        for to in (0..kinds.len()).filter(|to| *to != from && pictured.get(*to) == Some(&true)) {
            let (Some(own), Some(others), Some(kind), Some(other)) =
                (columns.get(from), columns.get(to), kinds.get(from), kinds.get(to))
            else {
                continue;
            };
            let pairs = own.iter().flat_map(|by| others.iter().map(move |key| (by, key)));
            found.extend(pairs.filter_map(|(by, key)| {
                let (score, by_stem) = weigh(kind, by, other, key)?;
                Some(Link { from, by: by.name.clone(), to, key: key.name.clone(), by_stem, score })
            }));
        }
    }
    links.pictures = agreed(found);
    links
}

/// One link from each kind: the best, where those to one kind go by the same column of it.
fn agreed(mut left: Vec<Link>) -> Vec<Link> {
    let mut taken: Vec<Link> = Vec::new();
    loop {
        let mut kinds: Vec<usize> = left.iter().map(|link| link.from).collect();
        kinds.sort_unstable();
        kinds.dedup();
        // The column on which the best links agree most.
        let mut ends: Vec<(usize, String, f32)> = Vec::new();
        for best in kinds.iter().filter_map(|from| best_of(&left, |link| link.from == *from)) {
            match ends.iter_mut().find(|(to, key, _)| *to == best.to && *key == best.key) {
                Some((_, _, sum)) => *sum += best.score,
                None => ends.push((best.to, best.key.clone(), best.score)),
            }
        }
        let best = ends.into_iter().max_by(|a, b| a.2.total_cmp(&b.2).then_with(|| b.1.cmp(&a.1)));
        let Some((to, key, _)) = best else { return taken };
        for from in kinds {
            let own = best_of(&left, |link| link.from == from).map_or(0.0, |link| link.score);
            let here = best_of(&left, |link| link.from == from && link.to == to && link.key == key);
            // What is far better placed elsewhere is not bent to agree.
            taken.extend(here.filter(|link| link.score + 1.5 >= own).cloned());
        }
        left.retain(|link| link.to != to && taken.iter().all(|taken| taken.from != link.from));
    }
}

fn best_of(links: &[Link], wanted: impl Fn(&Link) -> bool) -> Option<&Link> {
    links
        .iter()
        .filter(|link| wanted(link))
        .max_by(|a, b| a.score.total_cmp(&b.score).then_with(|| b.by.cmp(&a.by)))
}

/// How much speaks for `by` naming rows by `key`, and whether only stems agree.
fn weigh(kind: &Kind<'_>, by: &Column, other: &Kind<'_>, key: &Column) -> Option<(f32, bool)> {
    /// Less is too little.
    const ENOUGH: f32 = 2.0;
    if !key.unique || key.values.len() < 2 {
        return None;
    }
    let named = names_speak(&by.name, &key.name, &other.name);
    let (mut share, mut by_stem) = (contained(&by.values, &key.values), false);
    if share < 0.9 && (by.files || key.files) && (by.digits.is_none() && key.digits.is_none()) {
        let stems = contained(&by.stems, &key.stems);
        if stems > share {
            (share, by_stem) = (stems, true);
        }
    }
    let common = (share * by.values.len() as f32).round() as usize;
    let mut score = named;
    if other.complete {
        // Texts of which only some have a picture here are of it all the same.
        let around = by.digits.is_none() && contained(&key.values, &by.values) >= 0.9;
        if (share < 0.9 && !around) || (common < 2 && by.values.len() > 1) {
            return None;
        }
    } else {
        // Only a part of the other kind was seen: names must speak, and the values may not deny it.
        let meet = match (by.digits, key.digits) {
            (Some((low, high)), Some((first, last))) => low <= last && first <= high,
            _ => common > 0,
        };
        let sure = common >= 20 && share >= 0.9 && by.digits.is_none();
        if (named < 3.0 || !meet) && !sure {
            return None;
        }
        score += share;
    }
    score += worth(kind, by, other, key, named);
    if by.told && key.told {
        score += 5.0;
    }
    (score >= ENOUGH).then_some((score, by_stem))
}

/// What the values themselves are worth as evidence.
fn worth(kind: &Kind<'_>, by: &Column, other: &Kind<'_>, key: &Column, named: f32) -> f32 {
    let common = by.values.iter().filter(|value| key.values.contains(*value)).count();
    let covered = common as f32 / key.values.len().max(1) as f32;
    let mut worth = 0.0;
    match by.digits {
        None => worth += 2.0,
        // Numbers that begin far from 0 do not meet by chance.
        Some((low, _)) if low > key.values.len() as i64 => worth += 1.5,
        Some(_) => {}
    }
    if by.counts() && named < 3.0 {
        // It numbers its own rows; the other does too, and both by the same name and to the same end.
        let same = tokens(&by.name) == tokens(&key.name) && covered > 0.99 && by.values.len() == common;
        return worth + if same && kind.complete && other.complete { 1.6 } else { -3.0 };
    }
    if covered >= 0.5 {
        worth += 1.0;
    } else if covered < 0.2 && other.complete && by.rows >= key.values.len() {
        // The same few again and again: a code.
        worth -= 1.5;
    }
    worth
}

/// Share of a column's values that stand in the other.
fn contained(part: &FxHashSet<u64>, whole: &FxHashSet<u64>) -> f32 {
    if part.is_empty() {
        return 0.0;
    }
    part.iter().filter(|value| whole.contains(*value)).count() as f32 / part.len() as f32
}

/// Words that any id may bear.
fn is_plain_id(word: &str) -> bool {
    matches!(
        word,
        "id" | "ids"
            | "key"
            | "idx"
            | "index"
            | "no"
            | "nr"
            | "num"
            | "number"
            | "uid"
            | "uuid"
            | "pk"
            | "fk"
            | "ref"
            | "name"
            | "row"
            | "code"
            | "identifier"
    ) || word.bytes().all(|byte| byte.is_ascii_digit())
}

/// How much the names say that `by` refers to `key` of the table.
fn names_speak(by: &str, key: &str, table: &str) -> f32 {
    let (own, other) = (tokens(by), tokens(key));
    if own.is_empty() {
        return 0.0;
    }
    let special = |words: &[String]| words.iter().any(|word| !is_plain_id(word));
    if own == other {
        return if special(&own) { 3.0 } else { 0.5 };
    }
    let core: Vec<&String> = own.iter().filter(|word| !is_plain_id(word)).collect();
    let tables = tokens(table);
    if core.last().is_some_and(|word| tables.iter().any(|table| is_plural_of(table, word))) {
        return 3.0;
    }
    if special(&other) && (own.ends_with(&other) || own.starts_with(&other)) {
        return 2.0;
    }
    let hint = hint(by);
    if hint.image >= 3.0 && hint.aside == 0.0 { 2.0 } else { 0.0 }
}

/// Whether a table bears a word, or its plural, as its name.
pub(super) fn is_plural_of(table: &str, word: &str) -> bool {
    let table = table.to_lowercase();
    let bare = |text: &str| -> String {
        let text = text.strip_suffix("ies").map_or_else(|| text.to_owned(), |stem| format!("{stem}y"));
        let text = text.strip_suffix("es").map_or(text.clone(), |stem| match stem {
            stem if stem.ends_with(['s', 'x', 'z']) || stem.ends_with("ch") || stem.ends_with("sh") => {
                stem.to_owned()
            }
            _ => text.clone(),
        });
        match text.strip_suffix('s') {
            Some(stem) if !stem.ends_with('s') && stem.len() > 1 => stem.to_owned(),
            _ => text,
        }
    };
    bare(&table) == bare(word) || (hint(word).image >= 3.0 && hint(&table).image >= 3.0)
}

/// The columns of a kind that may name rows.
fn columns(kind: &Kind<'_>, settings: &Settings) -> Vec<Column> {
    /// Columns of one kind that are compared.
    const MOST: usize = 60;
    let told: Vec<&str> = settings.fields(Role::Id).collect();
    kind.survey
        .fields
        .iter()
        .filter(|(path, field)| {
            let names = field.of_values(field.ints + field.ids + field.image_names + field.urls) > 0.9;
            path.0.len() == 1
                && names
                && field.floats + field.bools + field.lists + field.maps == 0
                && field.dates * 2 < field.values.max(1)
                && field.image_data == 0
        })
        .take(MOST)
        .filter_map(|(path, field)| {
            let files = field.image_names * 2 > field.values;
            let column = column(kind.survey, path, files, told.contains(&path.top()));
            (column.rows > 0).then_some(column)
        })
        .collect()
}

fn column(survey: &Survey, path: &FieldPath, files: bool, told: bool) -> Column {
    let mut column = Column {
        name: path.top().to_owned(),
        values: FxHashSet::default(),
        stems: FxHashSet::default(),
        rows: 0,
        unique: true,
        digits: None,
        files,
        told,
    };
    let mut whole = true;
    let mut seen: FxHashSet<(usize, u64)> = FxHashSet::default();
    for (record, (shard, _)) in survey.records.iter().zip(&survey.places) {
        let Some(text) = path.first(record).and_then(scalar) else { continue };
        let Some(mark) = fingerprint(&Cell::Text(text.clone())) else { continue };
        column.rows += 1;
        column.unique &= seen.insert((*shard, mark));
        column.values.insert(mark);
        let stem = text.rsplit(['/', '\\']).next().unwrap_or(&text);
        let stem = if looks_like_image_name(stem) {
            stem.rsplit_once('.').map_or(stem, |(stem, _)| stem)
        } else {
            stem
        };
        column.stems.extend(fingerprint(&Cell::Text(stem.to_owned())));
        match text.parse::<i64>() {
            Ok(number) if whole => {
                let (low, high) = column.digits.unwrap_or((number, number));
                column.digits = Some((low.min(number), high.max(number)));
            }
            _ => (whole, column.digits) = (false, None),
        }
    }
    column
}

/// Whether a kind names pictures so clearly that others may turn to it for theirs.
fn has_pictures(kind: &Kind<'_>) -> bool {
    if kind.in_table && hint(&kind.name).aside >= 3.0 {
        return false;
    }
    kind.survey.fields.iter().any(|(path, field)| {
        let own = hint(path.last());
        let share = |count: usize| field.of_values(count) > 0.5;
        let urls = share(field.urls) && own.aside == 0.0 && own.source == 0.0;
        (share(field.image_names) || share(field.blobs) || share(field.image_data) || urls)
            && own.mask == 0.0
            && path.fans() <= 1
    })
}

fn is_aside(kinds: &[Kind<'_>], place: usize) -> bool {
    kinds.get(place).is_some_and(|kind| {
        kind.in_table
            && matches!(
                kind.name.to_lowercase().as_str(),
                "licenses" | "licences" | "license" | "info" | "infos" | "meta"
            )
    })
}

/// Tables that give names: few rows, an id and a short text, spoken of by name and by value.
fn namings(kinds: &[Kind<'_>], columns: &[Vec<Column>], pictured: &[bool]) -> Vec<Naming> {
    let mut found = Vec::new();
    for (table, kind) in kinds.iter().enumerate() {
        if pictured.get(table) != Some(&false) || !kind.complete {
            continue;
        }
        let Some(name) = name_column(kind.survey) else { continue };
        let Some(own) = columns.get(table) else { continue };
        let mut best: Option<(f32, Naming)> = None;
        for id in own.iter().filter(|id| id.unique && id.name != name) {
            for (from, others) in columns.iter().enumerate().filter(|(from, _)| *from != table) {
                for by in others {
                    let named = names_speak_of_table(&by.name, &id.name, &kind.name);
                    let again = by.rows > id.rows && by.values.len() * 2 <= by.rows.max(2);
                    if named < 2.0 || contained(&by.values, &id.values) < 0.95 || !(again || by.rows < 4) {
                        continue;
                    }
                    let (own, other) = (id.name.clone(), by.name.clone());
                    let naming = Naming { table, id: own, name: name.clone(), from, by: other };
                    if best.as_ref().is_none_or(|(score, _)| named > *score) {
                        best = Some((named, naming.clone()));
                    }
                    found.push(naming);
                }
            }
        }
        // One id a table.
        if let Some((_, best)) = best {
            found.retain(|naming| naming.table != table || naming.id == best.id);
        }
    }
    found
}

/// As [`names_speak`], but a plain id of the same name speaks too, since few tables give names.
fn names_speak_of_table(by: &str, id: &str, table: &str) -> f32 {
    let named = names_speak(by, id, table);
    let code =
        tokens(by) == tokens(id) && !matches!(by.to_lowercase().as_str(), "id" | "key" | "name" | "@key");
    if code {
        3.0
    } else if hint(by).image >= 3.0 && named < 3.0 {
        0.0
    } else {
        named
    }
}

/// The column with short names, where a table has no longer texts.
fn name_column(survey: &Survey) -> Option<String> {
    let mut best: Option<(f32, &str)> = None;
    for (path, field) in &survey.fields {
        let text = field.texts * 10 >= field.values * 9 && field.texts > 0;
        if text && field.mean_words() >= 5.0 {
            return None;
        }
        let plain = text
            && path.0.len() == 1
            && field.distinct_share() > 0.9
            && field.number_share() < 0.2
            && field.of_texts(field.urls + field.hashes + field.dates + field.image_names) < 0.2;
        if !plain {
            continue;
        }
        let words = tokens(path.last());
        let said = words
            .iter()
            .any(|word| matches!(word.as_str(), "name" | "label" | "title" | "category" | "class"));
        let id = words.iter().all(|word| is_plain_id(word)) && !said;
        let score = f32::from(u8::from(said)) * 2.0 - f32::from(u8::from(id)) + 1.0;
        if best.is_none_or(|(known, _)| score > known) {
            best = Some((score, path.top()));
        }
    }
    best.map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_named_after_its_table() {
        for (by, key, table, speaks) in [
            ("photo_id", "id", "photos", true),
            ("pic", "id", "pics", true),
            ("klass_id", "id", "klasses", true),
            ("entryKey", "key", "entries", true),
            ("image_id", "id", "pictures", true),
            ("pid", "pid", "things", true),
            ("id", "id", "pics", false),
            ("rno", "pno", "pictures", false),
        ] {
            assert_eq!(names_speak(by, key, table) >= 2.0, speaks, "{by} {key} {table}");
        }
    }
}
