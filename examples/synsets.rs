//! Builds `assets/lexicon/synsets.bin` from the dictionary files of WordNet 3.0:
//! `cargo run --example synsets -- /usr/share/wordnet`. Run again, it writes the same bytes. Keys
//! are lemmas, so that it is run after `examples/lexicon.rs` where that has changed something.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use capscope::text::{NetKey, NetSynset, lemma, pack_net, words};

/// Nouns, verbs, adjectives: in the order of [`NetKey::senses`].
const PARTS: [&str; 3] = ["noun", "verb", "adj"];

/// Longest compound, in words.
const MAX_WORDS: usize = 4;

/// Words of grammar. What has one inside is seldom a compound where it stands in a caption: `stand
/// in`, `by and by`; those that are, are listed by hand.
const GRAMMAR: &[&str] = &[
    "a", "an", "the", "in", "on", "or", "to", "up", "out", "off", "down", "at", "by", "for", "with", "over",
    "under", "about", "back", "away", "around", "it", "be", "no", "not", "all", "as", "from", "into",
    "through", "that", "this", "who", "what", "two", "three", "four", "five", "six", "ten", "one", "left",
    "right", "other", "own", "go", "do", "get", "have", "look", "so", "than", "too", "after", "before",
    "between", "behind", "along",
];

/// A synset by part of speech and offset in its file.
type Address = (usize, u32);

fn main() -> Result<()> {
    let Some(source) = std::env::args_os().nth(1).map(PathBuf::from) else {
        bail!("expected the folder of WordNet's dictionary files (index.noun, data.noun …)");
    };
    let mut numbers = HashMap::new();
    let synsets = read_synsets(&source, &mut numbers)?;
    let keys = read_keys(&source, &numbers)?;
    let asset = pack_net(&keys, &synsets)?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/lexicon/synsets.bin");
    fs::write(path, asset).context("synsets.bin cannot be written")?;
    Ok(())
}

/// The lines of a dictionary file without its licence, which is indented.
fn lines(source: &Path, file: &str) -> Result<Vec<String>> {
    let path = source.join(file);
    let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(text.lines().filter(|line| !line.starts_with(' ')).map(str::to_owned).collect())
}

/// A synset as a data file has it: its lexicographer file, and what it points to as a kind or as
/// an instance.
struct Line {
    address: Address,
    file: u8,
    hypernyms: Vec<Address>,
    is_name: bool,
}

fn parse_line(part: usize, line: &str) -> Option<Line> {
    let mut fields = line.split(' ');
    let offset = fields.next()?.parse().ok()?;
    let file = fields.next()?.parse().ok()?;
    let words = usize::from_str_radix(fields.nth(1)?, 16).ok()?;
    let pointers: usize = fields.nth(2 * words)?.parse().ok()?;
    let mut parsed = Line { address: (part, offset), file, hypernyms: Vec::new(), is_name: false };
    for _ in 0..pointers {
        let (kind, to, of) = (fields.next()?, fields.next()?.parse().ok()?, fields.next()?);
        fields.next()?;
        parsed.is_name |= kind == "@i";
        if kind == "@" {
            parsed.hypernyms.push((usize::from(of == "v"), to));
        }
    }
    Some(parsed)
}

/// Synsets in the order of the files, after the one that stands for names.
fn read_synsets(source: &Path, numbers: &mut HashMap<Address, u32>) -> Result<Vec<NetSynset>> {
    let mut kept = Vec::new();
    for (part, name) in PARTS.iter().enumerate() {
        for line in lines(source, &format!("data.{name}"))? {
            let parsed = parse_line(part, &line).with_context(|| format!("data.{name}: {line}"))?;
            if !parsed.is_name {
                numbers.insert(parsed.address, kept.len() as u32 + 1);
                kept.push(parsed);
            }
        }
    }
    let number = |address: &Address| numbers.get(address).copied();
    let synsets = kept.iter().map(|line| NetSynset {
        file: line.file,
        hypernyms: line.hypernyms.iter().filter_map(number).collect(),
    });
    Ok(std::iter::once(NetSynset::default()).chain(synsets).collect())
}

/// The key of a lemma as WordNet spells it: `t-shirt` is `t shirt`, `sports_car` is `sport car`.
fn key_of(spelt: &str) -> Option<String> {
    let parts: Vec<String> = words(&spelt.replace('_', " ")).into_iter().map(|word| word.folded).collect();
    let is_compound = parts.len() > 1;
    if parts.is_empty() || parts.len() > MAX_WORDS {
        return None;
    }
    if is_compound && parts.iter().any(|word| GRAMMAR.contains(&word.as_str())) {
        return None;
    }
    let key = parts.iter().map(|word| lemma(word)).collect::<Vec<_>>().join(" ");
    (key.len() <= 64 && key.is_ascii()).then_some(key)
}

/// Keys with their senses. Several spellings may share a key (`person`, `people`): first come the
/// senses of the one that is spelt like the key, so that the numbers of its senses hold.
fn read_keys(source: &Path, numbers: &HashMap<Address, u32>) -> Result<Vec<NetKey>> {
    let mut keys: BTreeMap<String, NetKey> = BTreeMap::new();
    for own_spelling in [true, false] {
        for (part, name) in PARTS.iter().enumerate() {
            for line in lines(source, &format!("index.{name}"))? {
                let spelt = line.split(' ').next().unwrap_or_default();
                let Some(key) = key_of(spelt) else { continue };
                if (spelt.replace('_', " ") == key) != own_spelling {
                    continue;
                }
                let senses =
                    read_senses(&line, part, numbers).with_context(|| format!("index.{name}: {line}"))?;
                let entry = keys.entry(key.clone()).or_insert_with(|| NetKey { key, ..NetKey::default() });
                if let Some(list) = entry.senses.get_mut(part) {
                    for sense in senses {
                        if sense == 0 || !list.contains(&sense) {
                            list.push(sense);
                        }
                    }
                }
            }
        }
    }
    for entry in keys.values_mut() {
        for list in &mut entry.senses {
            while list.last() == Some(&0) {
                list.pop();
            }
        }
    }
    Ok(keys.into_values().filter(|entry| entry.senses.iter().any(|list| !list.is_empty())).collect())
}

/// The synsets of a line of an index, those that are names as 0.
fn read_senses(line: &str, part: usize, numbers: &HashMap<Address, u32>) -> Option<Vec<u32>> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let pointers: usize = fields.get(3)?.parse().ok()?;
    fields
        .get(6 + pointers..)?
        .iter()
        .map(|offset| Some(numbers.get(&(part, offset.parse().ok()?)).copied().unwrap_or_default()))
        .collect()
}
