//! `capscope coverage --targets`: which concepts of a list a data set has.

use std::io::Write;
use std::path::Path;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json, json};

use super::arguments;
use super::output::{counted, grouped, one_line, percent, stdout};
use super::{code, record};
use crate::dataset::{Table, read_text, shown_name};
use crate::measure::{Census, FoundAs, Level, Target, TargetCoverage, TargetFound, target_coverage};

/// Fields that hold a name, the likeliest first.
const NAMES: [&str; 14] = [
    "name",
    "label",
    "class",
    "class_name",
    "category",
    "concept",
    "target",
    "multiple_choice_answer",
    "answer",
    "answers",
    "object",
    "word",
    "text",
    "title",
];
/// Members of a JSON object that hold the list.
const LISTS: [&str; 9] =
    ["categories", "classes", "names", "labels", "concepts", "targets", "answers", "objects", "annotations"];

/// The list that was asked for, if one was.
pub(super) fn read(arguments: &arguments::Coverage) -> anyhow::Result<Option<Vec<Target>>> {
    let Some(path) = &arguments.targets else { return Ok(None) };
    let field = arguments.target_field.as_deref();
    let text = read_text(path)?;
    let targets = parse(path, &text, field)?;
    if targets.is_empty() {
        anyhow::bail!("{}: no concept in it", shown_name(path));
    }
    Ok(Some(targets))
}

fn parse(path: &Path, text: &str, field: Option<&str>) -> anyhow::Result<Vec<Target>> {
    let name = shown_name(path);
    let suffix = path.extension().and_then(|suffix| suffix.to_str()).unwrap_or_default().to_ascii_lowercase();
    if text.trim_start().starts_with(['[', '{']) {
        return of_json(&name, text, field);
    }
    if matches!(suffix.as_str(), "csv" | "tsv") || field.is_some() {
        return of_table(&name, text, field);
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(merged(lines.map(alternatives)))
}

/// The names in a line: `tench, Tinca tinca`, with or without the number of a WordNet synset before it.
fn alternatives(line: &str) -> Vec<String> {
    let bare = line.split_once(char::is_whitespace).filter(|(first, _)| is_synset(first));
    let names = bare.map_or(line, |(_, rest)| rest).split(',').map(str::trim);
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// `n01440764`
fn is_synset(word: &str) -> bool {
    let digits = word.strip_prefix('n').unwrap_or_default();
    digits.len() == 8 && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// Each list of names once, with how often it came.
fn merged(lists: impl Iterator<Item = Vec<String>>) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    let mut places: FxHashMap<Vec<String>, usize> = FxHashMap::default();
    for names in lists.filter(|names| !names.is_empty()) {
        if let Some(known) = places.get(&names).and_then(|place| targets.get_mut(*place)) {
            known.entries += 1;
            continue;
        }
        places.insert(names.clone(), targets.len());
        targets.push(Target { names, entries: 1 });
    }
    targets
}

fn of_table(name: &str, text: &str, field: Option<&str>) -> anyhow::Result<Vec<Target>> {
    let table = Table::parse(name, text)?;
    let place = match field {
        Some(field) => table.column(field).ok_or_else(|| {
            anyhow::anyhow!("{name}: there is no field `{field}`; fields are {}", table.columns.join(", "))
        })?,
        // A list without a header is one of lines, whatever its file is called.
        None if table.columns.len() == 1 && !table.columns.iter().any(|column| is_name(column)) => {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            return Ok(merged(lines.map(|line| vec![line.trim_matches('"').to_owned()])));
        }
        None => NAMES.iter().find_map(|name| table.column(name)).ok_or_else(|| {
            let columns = table.columns.join(", ");
            anyhow::anyhow!("{name}:1: no field with names; say which with --target-field: {columns}")
        })?,
    };
    let cells = table.rows.into_iter().filter_map(|row| row.cells.into_iter().nth(place).flatten());
    Ok(merged(cells.map(|cell| vec![cell])))
}

fn is_name(column: &str) -> bool {
    NAMES.iter().any(|name| column.eq_ignore_ascii_case(name))
}

fn of_json(name: &str, text: &str, field: Option<&str>) -> anyhow::Result<Vec<Target>> {
    let mut lists = Vec::new();
    match serde_json::from_str::<Json>(text) {
        Ok(whole) => {
            collect(&whole, field, &mut lists).map_err(|reason| anyhow::anyhow!("{name}: {reason}"))?;
        }
        // Not one value, so perhaps one a line.
        Err(error) => {
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            let lines: Vec<_> = lines.filter(|(_, line)| !line.starts_with('#')).collect();
            let is_one_value =
                lines.first().is_none_or(|(_, line)| serde_json::from_str::<Json>(line).is_err());
            if is_one_value {
                anyhow::bail!("{name}:{}: {error}", error.line());
            }
            for (at, line) in lines {
                let value: Json = serde_json::from_str(line)
                    .map_err(|error| anyhow::anyhow!("{name}:{}: {error}", at + 1))?;
                let found = named(&value, field)
                    .ok_or_else(|| anyhow::anyhow!("{name}:{}: {}", at + 1, no_name(&value, field)))?;
                lists.push(found);
            }
        }
    }
    Ok(merged(lists.into_iter()))
}

/// The lists of names in a JSON value.
fn collect(value: &Json, field: Option<&str>, lists: &mut Vec<Vec<String>>) -> Result<(), String> {
    match value {
        Json::Array(values) => {
            for (at, value) in values.iter().enumerate() {
                let found = named(value, field);
                lists.push(found.ok_or_else(|| format!("element {}: {}", at + 1, no_name(value, field)))?);
            }
            Ok(())
        }
        Json::Object(members) => {
            let list = LISTS.iter().find_map(|list| members.get(*list).filter(|value| value.is_array()));
            if let Some(list) = list {
                return collect(list, field, lists);
            }
            for (key, value) in members {
                // `{"dog": 12}` names its keys, `{"12": "dog"}` its values.
                let found = if value.is_number() { Some(vec![key.clone()]) } else { named(value, field) };
                lists.push(found.ok_or_else(|| format!("`{key}`: {}", no_name(value, field)))?);
            }
            Ok(())
        }
        _ => Err("no list".to_owned()),
    }
}

/// The names that an element has.
fn named(value: &Json, field: Option<&str>) -> Option<Vec<String>> {
    match value {
        Json::String(name) => Some(vec![name.trim().to_owned()]),
        Json::Number(number) => Some(vec![number.to_string()]),
        Json::Array(values) => {
            let names: Option<Vec<String>> =
                values.iter().map(|value| value.as_str().map(|name| name.trim().to_owned())).collect();
            Some(names?.into_iter().filter(|name| !is_synset(name)).collect())
        }
        Json::Object(members) => match field {
            Some(field) => named(members.get(field)?, None),
            None => NAMES.iter().find_map(|name| named(members.get(*name)?, None)),
        },
        Json::Null | Json::Bool(_) => None,
    }
}

fn no_name(value: &Json, field: Option<&str>) -> String {
    let fields = |members: &Map<String, Json>| members.keys().cloned().collect::<Vec<_>>().join(", ");
    match (value, field) {
        (Json::Object(members), Some(field)) => {
            format!("no name under `{field}`; fields are {}", fields(members))
        }
        (Json::Object(members), None) => {
            format!("no field with a name; say which with --target-field: {}", fields(members))
        }
        _ => "neither a name nor an object with one".to_owned(),
    }
}

pub(super) fn print(
    arguments: &arguments::Coverage,
    name: &str,
    census: &Census,
    targets: &[Target],
) -> anyhow::Result<u8> {
    let found = target_coverage(census, targets, arguments.kinds);
    let samples = census.level(Level::Object).samples();
    let list = arguments.targets.as_deref().map(shown_name).unwrap_or_default();
    let mut out = stdout();
    if arguments.measure.json {
        let mut whole = Map::new();
        whole.insert("dataset".into(), json!(name));
        whole.insert("samples".into(), json!(samples));
        whole.insert("list".into(), json!(list));
        let missing: Vec<&str> =
            found.targets.iter().filter(|target| target.is_missing()).map(shown).collect();
        whole.insert("missing".into(), json!(missing));
        whole.insert("target_coverage".into(), json!(found));
        record::write(&Json::Object(whole), true, &mut out)?;
    } else {
        writeln!(out, "{}  {}", one_line(name), counted(samples, "sample"))?;
        writeln!(
            out,
            "{}  {}, {}\n",
            one_line(&list),
            counted(found.concepts, "different concept"),
            if found.entries == 1 {
                "1 entry".to_owned()
            } else {
                format!("{} entries", grouped(found.entries))
            }
        )?;
        write(&found, arguments, &mut out)?;
    }
    out.flush()?;
    let is_none = found.found + found.by_another_word + found.by_kind == 0;
    Ok(if samples == 0 || is_none { code::NO_MATCH } else { code::OK })
}

fn shown(target: &TargetFound) -> &str {
    &target.name
}

fn write(
    found: &TargetCoverage,
    arguments: &arguments::Coverage,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let row = |out: &mut dyn Write, name: &str, count: u64, rest: String| {
        let share = percent(count as f64 / found.concepts.max(1) as f64);
        let line = format!("{name:<28}{:>9}{share:>10}   {rest}", grouped(count));
        writeln!(out, "{}", line.trim_end())
    };
    let of_entries = format!("{} of the entries", percent(found.share_of_entries));
    row(out, "found, in dictionary form", found.found, of_entries)?;
    row(out, "  only by another word", found.by_another_word, "for the same, as SPICE matches words".into())?;
    if arguments.kinds {
        row(out, "  only by a kind of it", found.by_kind, "in the tree of concepts or in WordNet".into())?;
    }
    let missing: Vec<&TargetFound> = found.targets.iter().filter(|target| target.is_missing()).collect();
    row(out, "missing", missing.len() as u64, String::new())?;
    writeln!(
        out,
        "{:<28}{:>9.2}{:>10}   over all concepts, df = samples that have one; {:.2} with the other words",
        "mean log10(1 + df)", found.depth, "", found.depth_of_any
    )?;
    let as_what = FoundAs::ALL.iter().filter_map(|found_as| {
        let count = found.targets.iter().filter(|target| target.found_as == Some(*found_as)).count();
        (count > 0).then(|| format!("{} {}", found_as.name(), grouped(count as u64)))
    });
    let as_what: Vec<String> = as_what.collect();
    if !as_what.is_empty() {
        writeln!(out, "\nfound as: {}", as_what.join(", "))?;
    }
    let most = arguments.top;
    let mut rare: Vec<&TargetFound> =
        found.targets.iter().filter(|target| target.found_as.is_some()).collect();
    rare.sort_by_key(|target| target.samples);
    let rare = rare.iter().map(|target| format!("{} {}", one_line(&target.name), grouped(target.samples)));
    list(out, "in the fewest samples", rare, most)?;
    for (title, of) in [
        (
            "only by another word (its samples)",
            (|target| target.another_word.as_ref()) as fn(&TargetFound) -> Option<&(String, u64)>,
        ),
        ("only by a kind of it, the most frequent (its samples)", |target| target.kind.as_ref()),
    ] {
        let found = found.targets.iter().filter_map(|target| Some((target, of(target)?)));
        let found = found.map(|(target, (word, samples))| {
            format!("{} → {} {}", one_line(&target.name), one_line(word), grouped(*samples))
        });
        list(out, title, found, most)?;
    }
    list(out, "missing, as listed", missing.iter().map(|target| one_line(&target.name)), most)
}

/// The first of some words; nothing where there are none.
fn list(
    out: &mut impl Write,
    title: &str,
    words: impl Iterator<Item = String>,
    most: usize,
) -> std::io::Result<()> {
    let words: Vec<String> = words.collect();
    if words.is_empty() || most == 0 {
        return Ok(());
    }
    let shown: Vec<&str> = words.iter().take(most).map(String::as_str).collect();
    write!(out, "\n{title}: {}", shown.join(", "))?;
    match words.len().saturating_sub(most) as u64 {
        0 => writeln!(out),
        rest => writeln!(out, " and {} more (--json has all)", grouped(rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(file: &str, text: &str, field: Option<&str>) -> Result<Vec<(String, u64)>, String> {
        let found = parse(Path::new(file), text, field).map_err(|error| error.to_string())?;
        Ok(found.into_iter().map(|target| (target.names.join("/"), target.entries)).collect())
    }

    #[test]
    fn lists_of_all_forms_are_read() {
        let dog_and_cat = |entries| vec![("dog".to_owned(), entries), ("cat".to_owned(), 1)];
        for (file, text, field) in [
            ("a.txt", "# pets\n\ndog\n  cat \n", None),
            ("-", "dog\ncat", None),
            ("a.csv", "dog\ncat\n", None),
            ("a.csv", "id,name\n1,dog\n2,cat\n", None),
            ("a.tsv", "id\tEnglish\n1\tdog\n2\tcat\n", Some("english")),
            ("a.json", "[\"dog\", \"cat\"]", None),
            ("a.json", "{\"0\": \"dog\", \"1\": \"cat\"}", None),
            ("a.json", "{\"categories\": [{\"id\": 1, \"name\": \"dog\"}, {\"name\": \"cat\"}]}", None),
            (
                "a.json",
                "{\"info\": {}, \"annotations\": [{\"multiple_choice_answer\": \"dog\"}, {\"multiple_choice_answer\": \"cat\"}]}",
                None,
            ),
            ("a.jsonl", "{\"answer\": \"dog\"}\n\n{\"answer\": \"cat\"}\n", None),
            ("a.jsonl", "{\"x\": \"dog\"}\n{\"x\": \"cat\"}\n", Some("x")),
        ] {
            assert_eq!(names(file, text, field), Ok(dog_and_cat(1)), "{text}");
        }
        assert_eq!(names("a.txt", "dog\ncat\ndog\n", None), Ok(dog_and_cat(2)));
        // An object of JSON is in no order.
        let mut counted = names("a.json", "{\"dog\": 5, \"cat\": 1}", None).unwrap();
        counted.sort_unstable();
        assert_eq!(counted, [("cat".to_owned(), 1), ("dog".to_owned(), 1)]);
        for (file, text) in [
            ("a.txt", "n01440764 tench, Tinca tinca"),
            ("a.json", "{\"0\": [\"n01440764\", \"tench\", \"Tinca tinca\"]}"),
        ] {
            assert_eq!(names(file, text, None), Ok(vec![("tench/Tinca tinca".to_owned(), 1)]));
        }
    }

    #[test]
    fn what_is_no_list_is_told_with_its_place() {
        for (file, text, field, message) in [
            (
                "a.json",
                "[\"dog\",\n 3, {\"x\": 1}]",
                None,
                "a.json: element 3: no field with a name; say which",
            ),
            ("a.json", "[\"dog\",\n \"cat\"", None, "a.json:2: EOF"),
            ("a.jsonl", "{\"name\": \"dog\"}\n{\"x\": 1}\n", None, "a.jsonl:2: no field with a name"),
            ("a.jsonl", "{\"name\": \"dog\"}\n{\"x\": \n", None, "a.jsonl:2: EOF"),
            ("a.csv", "x,y\n1,2\n", None, "a.csv:1: no field with names"),
            ("a.csv", "x,y\n1,2\n", Some("z"), "a.csv: there is no field `z`; fields are x, y"),
            ("a.csv", "name,y\n1\n", None, "a.csv:2: 1 fields"),
        ] {
            let error = names(file, text, field).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
