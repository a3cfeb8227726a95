//! Builds `assets/lexicon/words.bin` from the dictionary files of WordNet 3.0 and the hand-written
//! lists beside it: `cargo run --example lexicon -- /usr/share/wordnet`. Run again, it writes the
//! same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use capscope::text::{Parts, pack};

const INDEXES: [(&str, Parts); 4] = [
    ("index.noun", Parts::NOUN),
    ("index.verb", Parts::VERB),
    ("index.adj", Parts::ADJECTIVE),
    ("index.adv", Parts::ADVERB),
];

/// In the order in which a form is read: as a noun first.
const EXCEPTIONS: [(&str, Parts); 3] =
    [("noun.exc", Parts::NOUN), ("verb.exc", Parts::VERB), ("adj.exc", Parts::ADJECTIVE)];

type Words = BTreeMap<String, Parts>;
type Forms = BTreeMap<String, String>;

fn main() -> Result<()> {
    let Some(source) = std::env::args_os().nth(1).map(PathBuf::from) else {
        bail!("expected the folder of WordNet's dictionary files (index.noun, noun.exc …)");
    };
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/lexicon");
    let mut words = read_words(&source)?;
    let mut forms = read_exceptions(&source, &words)?;
    add_irregular(&read(&assets.join("irregular.txt"))?, &mut words, &mut forms)?;
    add_kept(&read(&assets.join("keep.txt"))?, &mut words, &mut forms);
    check_irregular(&read(&assets.join("irregular.txt"))?, &forms)?;
    settle(&mut forms);

    let words: Vec<_> = words.into_iter().collect();
    let forms: Vec<_> = forms.into_iter().collect();
    let asset = pack(&words, &forms)?;
    fs::write(assets.join("words.bin"), asset).context("words.bin cannot be written")?;
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn is_plain(word: &str) -> bool {
    word.len() <= 64 && !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Single words with the parts of speech under which the dictionary lists them.
fn read_words(source: &Path) -> Result<Words> {
    let mut words = Words::new();
    for (file, part) in INDEXES {
        let text = read(&source.join(file))?;
        for word in text.lines().filter_map(|line| line.split(' ').next()).filter(|word| is_plain(word)) {
            let parts = words.entry(word.to_owned()).or_default();
            *parts = parts.and(part);
        }
    }
    Ok(words)
}

/// Irregular forms, unless the form is a word of its own that is read before: `saw` is a noun.
fn read_exceptions(source: &Path, words: &Words) -> Result<Forms> {
    let mut forms = Forms::new();
    for (file, part) in EXCEPTIONS {
        let text = read(&source.join(file))?;
        for line in text.lines() {
            let mut fields = line.split_whitespace();
            let (Some(form), Some(lemma)) = (fields.next(), fields.next()) else { continue };
            let own = words.get(form).copied().unwrap_or_default();
            let other = if part == Parts::ADJECTIVE {
                Parts::NOUN.and(Parts::VERB).and(Parts::ADVERB)
            } else {
                Parts::NOUN
            };
            if is_plain(form)
                && is_plain(lemma)
                && form != lemma
                && !own.meets(other)
                && words.contains_key(lemma)
            {
                forms.entry(form.to_owned()).or_insert_with(|| lemma.to_owned());
            }
        }
    }
    Ok(forms)
}

fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn add_irregular(list: &str, words: &mut Words, forms: &mut Forms) -> Result<()> {
    for line in entries(list) {
        let Some((form, lemma)) = line.split_once(' ') else { bail!("irregular.txt: {line}: no lemma") };
        if !is_plain(form) || !is_plain(lemma) {
            bail!("irregular.txt: {line}: not of the letters a-z");
        }
        words.entry(lemma.to_owned()).or_insert(Parts::NOUN);
        forms.insert(form.to_owned(), lemma.to_owned());
    }
    Ok(())
}

/// A kept word is its own lemma, and so is whatever a hand-written form leads to.
fn add_kept(list: &str, words: &mut Words, forms: &mut Forms) {
    for word in entries(list).flat_map(str::split_whitespace) {
        let parts = words.entry(word.to_owned()).or_default();
        *parts = parts.and(Parts::OWN);
        forms.remove(word);
    }
    let targets: Vec<String> = forms.values().cloned().collect();
    for lemma in targets {
        if !forms.contains_key(&lemma)
            && let Some(parts) = words.get_mut(&lemma)
        {
            *parts = parts.and(Parts::OWN);
        }
    }
}

/// The two lists written by hand must not contradict each other.
fn check_irregular(list: &str, forms: &Forms) -> Result<()> {
    for (form, lemma) in entries(list).filter_map(|line| line.split_once(' ')) {
        if forms.get(form).is_none_or(|found| found != lemma) && form != lemma {
            bail!("irregular.txt: {form} is in keep.txt, or twice");
        }
        if forms.get(lemma).is_some_and(|next| next != lemma) {
            bail!("irregular.txt: {lemma}, to which {form} leads, leads on itself");
        }
    }
    Ok(())
}

/// Leads every form to the end of its chain, and drops forms that are their own lemma.
fn settle(forms: &mut Forms) {
    let before = forms.clone();
    for lemma in forms.values_mut() {
        for _ in 0..4 {
            match before.get(lemma) {
                Some(next) if next != lemma => next.clone_into(lemma),
                _ => break,
            }
        }
    }
}
