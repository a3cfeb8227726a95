//! How a list of wanted concepts is covered: the classes of a benchmark, its answers, a list of one's own.
//!
//! ```text
//! share   |V ∩ T| / |T|                 V what the data set says, T the list
//! depth   mean of log10(1 + df) over T  df: samples that have the concept
//! ```
//!
//! A concept is looked for in dictionary form, first as an object, then as a value of an attribute, a relation,
//! an action, a scene, a name, a written text or a number; one of several words also as an object with an
//! attribute (`red fox`). What is found only under another word for the same, by the rule of SPICE, or only in
//! one of its kinds, is counted apart. Sources: coverage of a vocabulary and the logarithm of frequency as in
//! `MetaCLIP` (2309.16671) and in the study of concept frequency of Udandarao et al. (2404.04125).

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use crate::text;

use super::analyse::NUMBERS;
use super::coverage::Census;
use super::key::{Key, KeyKind, Level, Scribe};

/// A wanted concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its names; any of them will do.
    pub names: Vec<String>,
    /// How often it stands in the list.
    pub entries: u64,
}

/// As what a concept is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FoundAs {
    /// An object of this name.
    Object,
    /// A value of an attribute.
    Attribute,
    /// An object of the last words with an attribute of the first.
    #[serde(rename = "object with attribute")]
    Described,
    /// A relation.
    Relation,
    /// An action.
    Action,
    /// A place, time, weather, viewpoint or medium.
    Scene,
    /// A name.
    Name,
    /// A written text.
    Text,
    /// A number of things.
    Number,
}

impl FoundAs {
    /// All of them, in the order in which a concept is looked for.
    pub const ALL: [Self; 9] = [
        Self::Object,
        Self::Described,
        Self::Attribute,
        Self::Relation,
        Self::Action,
        Self::Scene,
        Self::Name,
        Self::Text,
        Self::Number,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Attribute => "attribute",
            Self::Described => "object with attribute",
            Self::Relation => "relation",
            Self::Action => "action",
            Self::Scene => "scene",
            Self::Name => "name",
            Self::Text => "text",
            Self::Number => "number",
        }
    }
}

/// What was found of a concept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TargetFound {
    /// The concept, as it stands in the list.
    pub name: String,
    /// As what it is found in dictionary form.
    pub found_as: Option<FoundAs>,
    /// Samples that have it so. Of actions and numbers, of which several things are told, at least so many.
    pub samples: u64,
    /// Where it is not found so: the most frequent other word for the same, with its samples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub another_word: Option<(String, u64)>,
    /// Where neither is found and kinds were asked for: the most frequent kind of it, with its samples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<(String, u64)>,
}

impl TargetFound {
    /// Whether nothing of it was found.
    pub fn is_missing(&self) -> bool {
        self.found_as.is_none() && self.another_word.is_none() && self.kind.is_none()
    }

    /// The samples under whatever word was found.
    fn samples_of_any(&self) -> u64 {
        let of = |found: &Option<(String, u64)>| found.as_ref().map(|(_, samples)| *samples);
        if self.found_as.is_some() {
            return self.samples;
        }
        of(&self.another_word).or_else(|| of(&self.kind)).unwrap_or_default()
    }
}

/// How a list of concepts is covered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TargetCoverage {
    /// |T|: different concepts.
    pub concepts: u64,
    /// Entries of the list, which may name a concept more than once.
    pub entries: u64,
    /// Concepts found in dictionary form.
    pub found: u64,
    /// Concepts found only under another word for the same.
    pub by_another_word: u64,
    /// Concepts found only in one of their kinds; 0 where kinds were not asked for.
    pub by_kind: u64,
    /// |V ∩ T| / |T| in dictionary form.
    pub share: f64,
    /// The same with other words for the same, and with kinds where those were asked for.
    pub share_of_any: f64,
    /// Share of the list's entries whose concept is found in dictionary form.
    pub share_of_entries: f64,
    /// Mean of log10(1 + df), in dictionary form.
    pub depth: f64,
    /// The same with the samples under whatever word was found.
    pub depth_of_any: f64,
    /// Each concept, in the order of the list.
    pub targets: Vec<TargetFound>,
}

/// How a list of concepts is covered by the facts of a data set; with `kinds` also by kinds of them.
pub fn target_coverage(census: &Census, targets: &[Target], kinds: bool) -> TargetCoverage {
    let mut scribe = Scribe::default();
    let wanted = distinct(targets, &mut scribe);
    let known = Known::of(census, &wanted, kinds);
    let found: Vec<TargetFound> = wanted.iter().map(|target| known.find(target, kinds)).collect();
    let entries: u64 = wanted.iter().map(|target| target.entries).sum();
    let count = |is: &dyn Fn(&TargetFound) -> bool| found.iter().filter(|found| is(found)).count() as u64;
    let of_entries = wanted.iter().zip(&found).filter(|(_, found)| found.found_as.is_some());
    let log = |samples: u64| (1.0 + samples as f64).log10();
    let mean =
        |of: &dyn Fn(&TargetFound) -> f64| found.iter().map(of).sum::<f64>() / found.len().max(1) as f64;
    let in_form = count(&|found| found.found_as.is_some());
    let any = count(&|found| !found.is_missing());
    let share = |part: u64, whole: u64| part as f64 / whole.max(1) as f64;
    TargetCoverage {
        concepts: found.len() as u64,
        entries,
        found: in_form,
        by_another_word: count(&|found| found.another_word.is_some()),
        by_kind: count(&|found| found.kind.is_some()),
        share: share(in_form, found.len() as u64),
        share_of_any: share(any, found.len() as u64),
        share_of_entries: share(of_entries.map(|(target, _)| target.entries).sum(), entries),
        depth: mean(&|found| log(found.samples)),
        depth_of_any: mean(&|found| log(found.samples_of_any())),
        targets: found,
    }
}

/// A concept with its names in dictionary form, and only folded.
struct Wanted {
    shown: String,
    forms: Vec<String>,
    entries: u64,
}

/// Those of a list, each once, in its order.
fn distinct(targets: &[Target], scribe: &mut Scribe) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    for target in targets {
        let mut forms = Vec::new();
        for name in &target.names {
            let key = scribe.object_key(name);
            let form = key.split_once(' ').map_or("", |(_, form)| form).to_owned();
            let folded = text::words(name).into_iter().map(|word| word.folded).collect::<Vec<_>>().join("_");
            let number = NUMBERS.iter().position(|number| *number == form).map(|number| number.to_string());
            for form in [form, folded].into_iter().chain(number) {
                if !forms.contains(&form) && !form.is_empty() && form != "-" {
                    forms.push(form);
                }
            }
        }
        let Some(first) = forms.first() else { continue };
        if let Some(known) = places.get(first).and_then(|place| wanted.get_mut(*place)) {
            known.entries += target.entries;
            continue;
        }
        places.insert(first.clone(), wanted.len());
        let shown = target.names.first().cloned().unwrap_or_default();
        wanted.push(Wanted { shown, forms, entries: target.entries });
    }
    wanted
}

/// A word of the data set, by which a concept can be found.
#[derive(Clone, Copy)]
struct Word<'c> {
    name: &'c str,
    found_as: FoundAs,
    samples: u64,
}

/// What a data set says, by the words that name it.
#[derive(Default)]
struct Known<'c> {
    /// For each word the best that it is found as.
    words: FxHashMap<&'c str, Vec<(FoundAs, u64)>>,
    /// Objects with attributes that somebody asked for, as one name.
    described: FxHashMap<String, u64>,
    forms: FxHashMap<String, Vec<Word<'c>>>,
    senses: FxHashMap<u32, Vec<Word<'c>>>,
    /// Objects by their last word.
    heads: FxHashMap<&'c str, Vec<Word<'c>>>,
}

impl<'c> Known<'c> {
    fn of(census: &'c Census, wanted: &[Wanted], kinds: bool) -> Self {
        let mut known = Self::default();
        let forms = wanted.iter().flat_map(|target| &target.forms);
        let several: FxHashSet<&str> = forms.map(String::as_str).filter(|form| form.contains('_')).collect();
        for (key, samples) in census.counts() {
            if let Some(name) = key.strip_prefix(Level::Value.prefix()) {
                let name = name.split_once(' ').map_or(name, |(_, name)| name);
                known.add(name, FoundAs::Attribute, samples);
                continue;
            }
            if let Some(name) = key.strip_prefix(Level::Predicate.prefix()) {
                known.add(name, FoundAs::Relation, samples);
                // Who runs past something runs.
                if let Some((verb, _)) = name.split_once('_') {
                    known.add(verb, FoundAs::Relation, samples);
                }
                continue;
            }
            let Some(parsed) = Key::parse(key).filter(|key| !key.is_denied) else { continue };
            let mut parts = parsed.parts();
            let (Some(first), second, third) = (parts.next(), parts.next(), parts.next()) else { continue };
            match parsed.kind {
                KeyKind::Object => known.add(first, FoundAs::Object, samples),
                KeyKind::Scene => known.add(first, FoundAs::Scene, samples),
                KeyKind::Entity => known.add(first, FoundAs::Name, samples),
                KeyKind::Text => known.add(first, FoundAs::Text, samples),
                KeyKind::Act => known.add(second.unwrap_or_default(), FoundAs::Action, samples),
                KeyKind::Count => known.add(second.unwrap_or_default(), FoundAs::Number, samples),
                KeyKind::Attribute => {
                    let name = format!("{}_{first}", third.unwrap_or_default());
                    if several.contains(name.as_str()) {
                        let most = known.described.entry(name).or_default();
                        *most = samples.max(*most);
                    }
                }
                // Their words come with their level.
                KeyKind::Relation => {}
            }
        }
        known.sort_by_meaning(kinds);
        known
    }

    fn add(&mut self, name: &'c str, found_as: FoundAs, samples: u64) {
        let found = self.words.entry(name).or_default();
        match found.iter_mut().find(|(other, _)| *other == found_as) {
            Some((_, most)) => *most = samples.max(*most),
            None => found.push((found_as, samples)),
        }
    }

    fn sort_by_meaning(&mut self, kinds: bool) {
        for (name, found) in &self.words {
            // Names and written texts are not of the language.
            let of_language = |(found_as, _): &&(FoundAs, u64)| {
                !matches!(found_as, FoundAs::Name | FoundAs::Text | FoundAs::Number)
            };
            let Some((found_as, samples)) =
                found.iter().filter(of_language).max_by_key(|(_, samples)| *samples)
            else {
                continue;
            };
            let word = Word { name, found_as: *found_as, samples: *samples };
            let (form, senses) = text::senses_of(&name.replace('_', " "));
            self.forms.entry(form).or_default().push(word);
            for sense in senses {
                self.senses.entry(sense).or_default().push(word);
            }
            let object = found.iter().find(|(found_as, _)| *found_as == FoundAs::Object);
            if let Some((found_as, samples)) = object.filter(|_| kinds) {
                let word = Word { name, found_as: *found_as, samples: *samples };
                self.heads.entry(name.rsplit('_').next().unwrap_or(name)).or_default().push(word);
            }
        }
    }

    fn find(&self, target: &Wanted, kinds: bool) -> TargetFound {
        let mut found = TargetFound {
            name: target.shown.clone(),
            found_as: None,
            samples: 0,
            another_word: None,
            kind: None,
        };
        if let Some((found_as, samples)) = self.in_form(target) {
            found.found_as = Some(found_as);
            found.samples = samples;
            return found;
        }
        let shown = |word: Word<'_>| (word.name.replace('_', " "), word.samples);
        found.another_word = self.under_another_word(target).map(shown);
        if kinds && found.another_word.is_none() {
            found.kind = self.as_kind(target).map(shown);
        }
        found
    }

    fn in_form(&self, target: &Wanted) -> Option<(FoundAs, u64)> {
        let in_words =
            target.forms.iter().filter_map(|form| self.words.get(form.as_str())).flatten().copied();
        let described = target.forms.iter().filter_map(|form| self.described.get(form));
        let all = in_words.chain(described.map(|samples| (FoundAs::Described, *samples)));
        let rank = |found_as: FoundAs| FoundAs::ALL.iter().position(|other| *other == found_as);
        all.min_by_key(|(found_as, samples)| (rank(*found_as), u64::MAX - samples))
    }

    fn under_another_word(&self, target: &Wanted) -> Option<Word<'c>> {
        let meanings = target.forms.iter().map(|form| text::senses_of(&form.replace('_', " ")));
        let words = meanings.flat_map(|(form, senses)| {
            let by_form = self.forms.get(&form).into_iter().flatten();
            let by_sense = senses.into_iter().filter_map(|sense| self.senses.get(&sense)).flatten();
            by_form.chain(by_sense).copied().collect::<Vec<_>>()
        });
        most_frequent(words)
    }

    fn as_kind(&self, target: &Wanted) -> Option<Word<'c>> {
        let concepts = target.forms.iter().filter_map(|form| text::concept(&form.replace('_', " ")));
        let words = concepts.flat_map(|concept| {
            let mut found: Vec<Word<'c>> = Vec::new();
            for lemma in concept.lemmas() {
                let name = lemma.replace(' ', "_");
                let head = name.rsplit('_').next().unwrap_or(&name);
                let ends = |word: &&Word<'_>| {
                    word.name
                        .strip_suffix(name.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
                };
                let of_head = self.heads.get(head).into_iter().flatten().filter(ends);
                // Of `hot_dog` the last word is a dog, and the whole is none.
                found.extend(of_head.filter(|word| concept.contains(&word.name.replace('_', " "))));
            }
            found
        });
        most_frequent(words)
    }
}

/// Of words that are as frequent, the first in byte order.
fn most_frequent<'c>(words: impl Iterator<Item = Word<'c>>) -> Option<Word<'c>> {
    words.min_by_key(|word| (u64::MAX - word.samples, word.name, word.found_as))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn census(samples: &[&[&str]]) -> Census {
        let mut census = Census::default();
        for (seq, keys) in samples.iter().enumerate() {
            census.add(seq as u64, &keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>());
        }
        census
    }

    fn targets(names: &[&str]) -> Vec<Target> {
        let one = |name: &&str| Target { names: name.split(", ").map(str::to_owned).collect(), entries: 1 };
        names.iter().map(one).collect()
    }

    #[test]
    fn concepts_are_found_in_dictionary_form() {
        let nine: Vec<&[&str]> = vec![&["object hot_dog"]; 9];
        let census = census(&[nine.as_slice(), &[&["object cat"]]].concat());
        let found = target_coverage(&census, &targets(&["Hot Dogs", "cats", "emu"]), false);
        assert!((found.share - 2.0 / 3.0).abs() < 1e-12);
        assert!((found.depth - (1.0 + 2.0_f64.log10()) / 3.0).abs() < 1e-12);
        assert_eq!((found.concepts, found.found, found.by_another_word), (3, 2, 0));
        let missing: Vec<_> = found.targets.iter().filter(|target| target.is_missing()).collect();
        assert_eq!(missing.iter().map(|target| target.name.as_str()).collect::<Vec<_>>(), ["emu"]);
    }

    #[test]
    fn a_concept_is_found_as_whatever_it_is() {
        let census = census(&[
            &["attr fox color red", "object fox", "rel fox jump_over log"],
            &["act man run", "count dog 2", "entity eiffel_tower", "object dog", "scene beach", "text stop"],
        ]);
        let table = [
            ("foxes", Some(FoundAs::Object)),
            ("red fox", Some(FoundAs::Described)),
            ("red", Some(FoundAs::Attribute)),
            ("jump over", Some(FoundAs::Relation)),
            ("jumping", Some(FoundAs::Relation)),
            ("running", Some(FoundAs::Action)),
            ("beach", Some(FoundAs::Scene)),
            ("Eiffel Tower", Some(FoundAs::Name)),
            ("STOP", Some(FoundAs::Text)),
            ("2", Some(FoundAs::Number)),
            ("two", Some(FoundAs::Number)),
            ("blue fox", None),
            ("cat", None),
        ];
        for (name, expected) in table {
            let found = target_coverage(&census, &targets(&[name]), false);
            assert_eq!(found.targets[0].found_as, expected, "{name}");
        }
    }

    #[test]
    fn other_words_and_kinds_are_counted_apart() {
        let census = census(&[&["object couch"], &["object couch", "object terrier"], &["object hot_dog"]]);
        let list = targets(&["sofa", "animal", "couch", "unicorn"]);
        let found = target_coverage(&census, &list, false);
        assert_eq!((found.found, found.by_another_word, found.by_kind), (1, 1, 0));
        assert_eq!(found.targets[0].another_word, Some(("couch".to_owned(), 2)));
        assert!((found.share - 0.25).abs() < 1e-12 && (found.share_of_any - 0.5).abs() < 1e-12);
        let found = target_coverage(&census, &list, true);
        assert_eq!(found.by_kind, 1);
        assert_eq!(found.targets[1].kind, Some(("terrier".to_owned(), 1)));
        assert!((found.share_of_any - 0.75).abs() < 1e-12);
        assert!(found.depth_of_any > found.depth);
    }

    #[test]
    fn what_is_named_twice_is_one_concept() {
        let census = census(&[&["object dog"]]);
        let list = targets(&["dog", "Dogs", "a dog", "cat", "tench, Tinca tinca", "wolfhound, dog", "?!"]);
        let found = target_coverage(&census, &list, false);
        assert_eq!((found.concepts, found.entries, found.found), (4, 6, 2));
        assert!((found.share_of_entries - 4.0 / 6.0).abs() < 1e-12);
        let none = target_coverage(&census, &[], true);
        assert_eq!((none.concepts, none.share, none.depth), (0, 0.0, 0.0));
    }
}
