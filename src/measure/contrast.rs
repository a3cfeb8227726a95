//! What one text about a picture says that another does not: kept, lost, gained and contradicted facts.
//!
//! ```text
//! kept          the same key on both sides
//! reworded      not the same key, but the same words by SPICE's rule ([`crate::text::same`])
//! contradicted  both name the thing and a value on one dimension, and the values exclude each other;
//!               or both say how many, and it is not as many; or one denies what the other says
//! lost          only the first says it
//! gained        only the second says it
//! ```
//!
//! A contradiction is one of the words, and is only told where it is plain: each side has one such value for
//! things of this name. Which side is right, the picture tells. What is contradicted is neither lost nor
//! gained.

use serde::Serialize;

use crate::model::{CaptionRole, Evidence, Facet, Sample};
use crate::text;

use super::agreement::{is_same, words};
use super::analyse::{Analysis, Analyst};
use super::density::is_knowledge;
use super::key::{Key, KeyKind};

/// Facts of one kind that are compared one with another where their keys differ.
const MOST_COMPARED: usize = 64;

/// Shapes of solids: what is round seen from above may well be cylindrical.
const SOLIDS: [&str; 7] =
    ["cylindrical", "tubular", "conical", "cone_shaped", "spherical", "cubic", "pyramidal"];

/// A fact with the places where the text says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// What it is counted under.
    pub key: String,
    /// Where, in the captions of the sample; of a fact of several words its last word or what names it.
    pub evidence: Vec<Evidence>,
}

/// A name, a written text or a number that the second text does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LostKnowledge {
    /// `entity`, `text` or `count`.
    pub facet: &'static str,
    /// The words; of a number also what is counted: `2 dogs`.
    pub words: String,
    /// Where the first text says it.
    pub evidence: Vec<Evidence>,
}

/// What the texts of one side say.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The sample with the descriptors of this side alone.
    pub sample: Sample,
    /// What was found in it.
    pub analysis: Analysis,
}

/// What a text says against another about the same picture.
#[derive(Clone, Debug)]
pub struct Contrast {
    /// What either side says.
    pub sides: [Reading; 2],
    /// Both say it, in the same words.
    pub kept: Vec<Said>,
    /// Both say it, in other words.
    pub reworded: Vec<[Said; 2]>,
    /// One side says that it is not so.
    pub contradicted: Vec<[Said; 2]>,
    /// Only the first says it.
    pub lost: Vec<Said>,
    /// Only the second says it.
    pub gained: Vec<Said>,
    /// Names, written texts and numbers of the first whose words the second does not have.
    pub lost_knowledge: Vec<LostKnowledge>,
}

/// Reads the captions at some places of a sample against those at others, without what the data set
/// supplies. Evidence points into the captions of the sample as it is.
pub fn contrast(analyst: &mut Analyst, sample: &Sample, one: &[usize], other: &[usize]) -> Contrast {
    let mut first = side(sample, one, &[]);
    let before = analyst.analyse(&mut first);
    // The second side keeps the first as the texts it came from, so that it is seen what got lost.
    let mut second = side(sample, other, one);
    let after = analyst.analyse(&mut second);
    let lost_knowledge = if after.density.lost > 0 { lost_knowledge(analyst, &second) } else { Vec::new() };
    let matched = Matched::of(&before.keys, &after.keys);
    let mut say = |sample: &Sample, keys: &[String], at: usize| {
        let key = keys.get(at).cloned().unwrap_or_default();
        Said { evidence: evidence(analyst, sample, &key), key }
    };
    let (mut found, texts) = (Parts::default(), [&before.keys, &after.keys]);
    for at in matched.kept {
        found.kept.push(say(&first, texts[0], at));
    }
    for (into, pairs) in
        [(&mut found.reworded, matched.reworded), (&mut found.contradicted, matched.contradicted)]
    {
        for [at, to] in pairs {
            into.push([say(&first, texts[0], at), say(&second, texts[1], to)]);
        }
    }
    for at in matched.lost {
        found.lost.push(say(&first, texts[0], at));
    }
    for at in matched.gained {
        found.gained.push(say(&second, texts[1], at));
    }
    let Parts { kept, reworded, contradicted, lost, gained } = found;
    let sides = [(first, before), (second, after)].map(|(sample, analysis)| Reading { sample, analysis });
    Contrast { sides, kept, reworded, contradicted, lost, gained, lost_knowledge }
}

#[derive(Default)]
struct Parts {
    kept: Vec<Said>,
    reworded: Vec<[Said; 2]>,
    contradicted: Vec<[Said; 2]>,
    lost: Vec<Said>,
    gained: Vec<Said>,
}

/// The sample with some captions as its main ones, others as those that it came with, and the rest as
/// texts that nobody reads.
fn side(sample: &Sample, main: &[usize], original: &[usize]) -> Sample {
    let mut captions = sample.captions.clone();
    for (place, caption) in captions.iter_mut().enumerate() {
        caption.role = if main.contains(&place) {
            CaptionRole::Main
        } else if original.contains(&place) {
            CaptionRole::Original
        } else {
            CaptionRole::Negative
        };
    }
    Sample { seq: sample.seq, id: sample.id.clone(), captions, ..Sample::default() }
}

/// Where a sample says what is counted under a key.
fn evidence(analyst: &mut Analyst, sample: &Sample, key: &str) -> Vec<Evidence> {
    let scribe = analyst.scribe();
    let descriptors = sample.descriptors.iter().enumerate();
    let mut found: Vec<Evidence> = descriptors
        .filter(|(at, _)| scribe.key(&sample.descriptors, *at).as_deref() == Some(key))
        .flat_map(|(_, descriptor)| descriptor.evidence.iter().copied())
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn lost_knowledge(analyst: &mut Analyst, sample: &Sample) -> Vec<LostKnowledge> {
    let mut found: Vec<LostKnowledge> = Vec::new();
    for (descriptor, counted) in analyst.lost_facts_of(sample) {
        let words = match counted {
            Some(counted) if descriptor.facet == Facet::Count => format!("{} {counted}", descriptor.name),
            _ => descriptor.name,
        };
        // What several captions of the first side say got lost once.
        if found.iter().all(|other| other.words != words) {
            found.push(LostKnowledge {
                facet: descriptor.facet.name(),
                words,
                evidence: descriptor.evidence,
            });
        }
    }
    found
}

/// The keys of a side, taken apart.
type Parsed<'k> = Vec<Option<Key<'k>>>;

/// Places in two lists of keys that belong together.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Matched {
    pub(super) kept: Vec<usize>,
    pub(super) reworded: Vec<[usize; 2]>,
    pub(super) contradicted: Vec<[usize; 2]>,
    pub(super) lost: Vec<usize>,
    pub(super) gained: Vec<usize>,
}

impl Matched {
    /// Of two lists of keys, both sorted, each key once.
    pub(super) fn of(one: &[String], other: &[String]) -> Self {
        let mut found = Self::default();
        let is_in = |keys: &[String], key: &String| keys.binary_search(key).is_ok();
        for (at, key) in one.iter().enumerate() {
            if is_in(other, key) { &mut found.kept } else { &mut found.lost }.push(at);
        }
        found.gained =
            (0..other.len()).filter(|at| other.get(*at).is_some_and(|key| !is_in(one, key))).collect();
        let parsed = [one, other].map(|keys| keys.iter().map(|key| Key::parse(key)).collect::<Vec<_>>());
        found.pair_off(&parsed, reworded, |found| &mut found.reworded);
        found.pair_off(&parsed, contradicts, |found| &mut found.contradicted);
        found
    }

    /// Takes pairs of lost and gained facts for which something holds; each fact is used once.
    fn pair_off(
        &mut self,
        parsed: &[Parsed<'_>; 2],
        holds: impl Fn(&Key<'_>, &Key<'_>, &[Parsed<'_>; 2]) -> bool,
        into: impl Fn(&mut Self) -> &mut Vec<[usize; 2]>,
    ) {
        let [one, other] = parsed;
        let (mut pairs, mut taken, mut rest) = (Vec::new(), Vec::new(), self.gained.clone());
        for at in &self.lost {
            let Some(fact) = nth(one, *at) else { continue };
            let of_kind = |to: &usize| nth(other, *to).is_some_and(|second| second.kind == fact.kind);
            let found = rest.iter().filter(|to| of_kind(to)).take(MOST_COMPARED);
            let found = found.copied().find(|to| nth(other, *to).is_some_and(|to| holds(&fact, &to, parsed)));
            if let Some(to) = found {
                rest.retain(|place| *place != to);
                taken.push(*at);
                pairs.push([*at, to]);
            }
        }
        self.lost.retain(|at| !taken.contains(at));
        self.gained = rest;
        into(self).extend(pairs);
    }
}

fn nth<'k>(parsed: &Parsed<'k>, at: usize) -> Option<Key<'k>> {
    parsed.get(at).copied().flatten()
}

/// Whether two facts are the same in other words.
fn reworded(one: &Key<'_>, other: &Key<'_>, _: &[Parsed<'_>; 2]) -> bool {
    !one.is_denied
        && !other.is_denied
        && words(one).iter().zip(words(other)).all(|(one, other)| is_same(one, &other))
}

/// Whether two facts, each of one side, cannot both be so.
fn contradicts(one: &Key<'_>, other: &Key<'_>, sides: &[Parsed<'_>; 2]) -> bool {
    if one.is_denied != other.is_denied {
        return one.parts().eq(other.parts());
    }
    if one.is_denied {
        return false;
    }
    let (first, second) = (value_of(one), value_of(other));
    let (Some((thing, value)), Some((other_thing, other_value))) = (first, second) else { return false };
    let is_same_thing = |name: &str| name == thing || is_same(&plain(name), &plain(thing));
    if !is_same_thing(other_thing) || !excludes(one.kind, value, other_value) {
        return false;
    }
    // "A red and a blue car" does not contradict "a white car".
    sides.iter().all(|keys| {
        let rivals = keys.iter().flatten().filter(|key| !key.is_denied && key.kind == one.kind);
        let rivals = rivals.filter_map(value_of).filter(|(name, _)| is_same_thing(name));
        let rivals = rivals.filter(|(_, rival)| {
            [value, other_value].iter().any(|value| rival == value || excludes(one.kind, value, rival))
        });
        rivals.count() == 1
    })
}

/// The thing of which a fact tells a value, and the value; things that nobody named are none.
fn value_of<'k>(key: &Key<'k>) -> Option<(&'k str, &'k str)> {
    let mut parts = key.parts();
    let thing = parts.next()?;
    match key.kind {
        KeyKind::Attribute => Some((thing, parts.nth(1)?)),
        KeyKind::Count => Some((thing, parts.next()?)),
        KeyKind::Scene => Some(("scene", thing)),
        _ => None,
    }
    .filter(|_| thing != "-")
}

fn excludes(kind: KeyKind, one: &str, other: &str) -> bool {
    if kind == KeyKind::Count {
        let [one, other] = [one, other].map(str::parse::<u64>);
        return matches!((one, other), (Ok(one), Ok(other)) if one != other);
    }
    if SOLIDS.contains(&one) != SOLIDS.contains(&other) {
        return false;
    }
    text::excludes(&plain(one), &plain(other))
}

fn plain(part: &str) -> String {
    part.replace('_', " ")
}

/// Kinds of facts that are names, written texts and numbers.
pub(super) fn knowledge_kinds() -> impl Iterator<Item = KeyKind> {
    KeyKind::ALL.into_iter().filter(|kind| is_knowledge(&format!("{} a b", kind.name())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Caption;

    fn sample(texts: &[&str]) -> Sample {
        let caption = |text: &&str| Caption {
            text: (*text).to_owned(),
            field: "caption".to_owned(),
            role: CaptionRole::Main,
        };
        Sample { captions: texts.iter().map(caption).collect(), ..Sample::default() }
    }

    fn keys(list: &[&str]) -> Vec<String> {
        let mut keys: Vec<String> = list.iter().map(|key| (*key).to_owned()).collect();
        keys.sort_unstable();
        keys
    }

    fn contradicted(one: &[&str], other: &[&str]) -> Vec<(String, String)> {
        let (one, other) = (keys(one), keys(other));
        let found = Matched::of(&one, &other);
        found.contradicted.iter().map(|[at, to]| (one[*at].clone(), other[*to].clone())).collect()
    }

    #[test]
    fn values_that_exclude_each_other_contradict() {
        let table: [(&[&str], &[&str], bool); 18] = [
            (&["attr tower shape cylindrical"], &["attr tower shape round"], false),
            (&["attr tower shape cylindrical"], &["attr tower shape conical"], true),
            (&["attr dog color brown"], &["attr dog color black"], true),
            (&["attr dog color brown"], &["attr cat color black"], false),
            (&["attr dog color brown"], &["attr dog size large"], false),
            (&["attr dog size big"], &["attr dog size large"], false),
            (&["attr car color red"], &["attr automobile color blue"], true),
            (&["attr door state open"], &["attr door state closed"], true),
            // Two of one name: nobody knows which is meant.
            (&["attr car color red", "attr car color blue"], &["attr car color white"], false),
            (&["attr car color red"], &["attr car color red", "attr car color blue"], false),
            (&["attr - color red"], &["attr - color blue"], false),
            (&["count dog 2"], &["count dog 3"], true),
            (&["count dog 2"], &["count dog many"], false),
            (&["count dog 2", "count dog 1"], &["count dog 3"], false),
            (&["object dog"], &["not object dog"], true),
            (&["not object dog"], &["not object cat"], false),
            (&["rel man ride horse"], &["not rel man ride horse"], true),
            (&["object dog"], &["object cat"], false),
        ];
        for (one, other, expected) in table {
            assert_eq!(!contradicted(one, other).is_empty(), expected, "{one:?} {other:?}");
            assert_eq!(!contradicted(other, one).is_empty(), expected, "{other:?} {one:?}");
        }
    }

    #[test]
    fn every_fact_is_in_one_place() {
        let one = keys(&["attr dog color brown", "object couch", "object dog", "object lamp"]);
        let other = keys(&["attr dog color black", "object dog", "object sofa", "object window"]);
        let found = Matched::of(&one, &other);
        assert_eq!(found.kept, [2]);
        assert_eq!(found.reworded, [[1, 2]]);
        assert_eq!(found.contradicted, [[0, 0]]);
        assert_eq!((found.lost, found.gained), (vec![3], vec![3]));
    }

    #[test]
    fn two_texts_of_a_picture() {
        let sample = sample(&[
            "2 dogs near the Eiffel Tower in Paris",
            "A region that nobody asked for.",
            "Three brown dogs run on the grass near a tower.",
        ]);
        let mut analyst = Analyst::new();
        let found = contrast(&mut analyst, &sample, &[0], &[2]);
        let has = |list: &[Said], key: &str| list.iter().any(|said| said.key == key);
        assert!(has(&found.kept, "object dog"), "{:?}", found.kept);
        assert!(has(&found.gained, "attr dog color brown") && has(&found.gained, "object grass"));
        assert!(found.contradicted.iter().any(|[one, other]| {
            (one.key.as_str(), other.key.as_str()) == ("count dog 2", "count dog 3")
        }));
        let lost: Vec<&str> = found.lost_knowledge.iter().map(|lost| lost.words.as_str()).collect();
        assert!(lost.iter().any(|words| words.contains("Paris") || words.contains("paris")), "{lost:?}");
        assert!(lost.contains(&"2 dog") || lost.contains(&"2 dogs"), "{lost:?}");
        // What is said has its place in the caption of its side.
        for (said, place) in
            found.lost.iter().map(|said| (said, 0)).chain(found.gained.iter().map(|said| (said, 2)))
        {
            assert!(!said.evidence.is_empty(), "{said:?}");
            for span in &said.evidence {
                assert_eq!(span.caption, place);
                let text = &sample.captions[span.caption as usize].text;
                assert!(text.get(span.start as usize..span.end as usize).is_some());
            }
        }
        let [one, other] = &found.sides;
        assert_eq!((one.analysis.density.words, other.analysis.density.captions), (8, 1));
    }

    #[test]
    fn a_text_against_itself_loses_nothing() {
        let text = "A man in a blue shirt rides a brown horse past two dogs in Paris. No car is there.";
        let found = contrast(&mut Analyst::new(), &sample(&[text, text]), &[0], &[1]);
        assert!(!found.kept.is_empty());
        assert!(found.lost.is_empty() && found.gained.is_empty() && found.reworded.is_empty());
        assert!(found.contradicted.is_empty() && found.lost_knowledge.is_empty());
        // Nothing against something: all is gained.
        let found = contrast(&mut Analyst::new(), &sample(&[text]), &[], &[0]);
        assert!(found.kept.is_empty() && found.lost.is_empty() && !found.gained.is_empty());
    }

    #[test]
    fn knowledge_is_of_three_kinds() {
        let kinds: Vec<_> = knowledge_kinds().collect();
        assert_eq!(kinds, [KeyKind::Count, KeyKind::Text, KeyKind::Entity]);
    }
}
