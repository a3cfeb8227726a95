//! How far what captions say agrees with the descriptors that a data set supplies.

use crate::model::{Descriptor, Sample};
use crate::text;

use super::key::{Key, KeyKind, Scribe};

/// Facts of one sample and kind that are compared one with another where their keys differ; beyond
/// that, only equal keys agree.
const MOST_COMPARED: usize = 64;

/// Facts of one kind that are supplied, that captions say, and that are both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreed {
    /// Facts that the data set supplies, each once a sample.
    pub supplied: u64,
    /// Facts that were extracted from the captions of the same samples.
    pub extracted: u64,
    /// Facts that are both.
    pub both: u64,
}

impl Agreed {
    /// Share of the extracted facts that are supplied, 0 to 1. What a caption says and the data set
    /// does not list counts against it, right or wrong.
    pub fn precision(&self) -> Option<f64> {
        (self.extracted > 0).then(|| self.both as f64 / self.extracted as f64)
    }

    /// Share of the supplied facts that were extracted, 0 to 1.
    pub fn recall(&self) -> Option<f64> {
        (self.supplied > 0).then(|| self.both as f64 / self.supplied as f64)
    }

    /// The harmonic mean of both.
    pub fn f1(&self) -> Option<f64> {
        let all = self.supplied + self.extracted;
        (all > 0).then(|| 2.0 * self.both as f64 / all as f64)
    }
}

/// Agreement of all samples that have both kinds of descriptors.
#[derive(Debug, Default)]
pub struct Agreement {
    kinds: [Agreed; KeyKind::ALL.len()],
    samples: u64,
    scribe: Scribe,
}

impl Agreement {
    /// Counts a sample that was analysed. Facts agree when their keys are equal, else when their
    /// words are the same by the rule of SPICE ([`text::same`]); each is used once.
    pub fn add(&mut self, sample: &Sample) {
        let [mut supplied, mut extracted] = [Vec::new(), Vec::new()];
        for (at, descriptor) in sample.descriptors.iter().enumerate() {
            let side =
                if descriptor.source == Descriptor::EXTRACTED { &mut extracted } else { &mut supplied };
            side.extend(self.scribe.key(&sample.descriptors, at));
        }
        if supplied.is_empty() || extracted.is_empty() {
            return;
        }
        self.samples += 1;
        let [supplied, extracted] = [distinct(supplied), distinct(extracted)];
        let (supplied, mut extracted) = (parsed(&supplied), parsed(&extracted));
        // A park that is supplied as a scene need not be an object too, nor what is in it related to it.
        let scenes: Vec<&str> = supplied
            .iter()
            .filter(|key| key.kind == KeyKind::Scene)
            .filter_map(|key| key.parts().next())
            .collect();
        let is_of_scene = |key: &Key<'_>| {
            let ends = [key.parts().next(), key.parts().nth(2)];
            key.kind != KeyKind::Scene && ends.into_iter().flatten().any(|end| scenes.contains(&end))
        };
        extracted.retain(|key| !is_of_scene(key));
        for (kind, agreed) in KeyKind::ALL.iter().zip(&mut self.kinds) {
            let of_kind = |keys: &[Key<'_>]| keys.iter().filter(|key| key.kind == *kind).count() as u64;
            agreed.supplied += of_kind(&supplied);
            agreed.extracted += of_kind(&extracted);
            agreed.both += both(*kind, &supplied, &extracted);
        }
    }

    /// Takes what was counted elsewhere.
    pub fn merge(&mut self, other: &Self) {
        self.samples += other.samples;
        for (agreed, others) in self.kinds.iter_mut().zip(&other.kinds) {
            agreed.supplied += others.supplied;
            agreed.extracted += others.extracted;
            agreed.both += others.both;
        }
    }

    /// Samples that have both kinds of descriptors.
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// The facts of a kind.
    pub fn of(&self, kind: KeyKind) -> Agreed {
        let place = KeyKind::ALL.iter().position(|other| *other == kind);
        place.and_then(|place| self.kinds.get(place)).copied().unwrap_or_default()
    }
}

fn distinct(mut keys: Vec<String>) -> Vec<String> {
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// What is denied is left out: no data set supplies that.
fn parsed(keys: &[String]) -> Vec<Key<'_>> {
    keys.iter().filter_map(|key| Key::parse(key)).filter(|key| !key.is_denied).collect()
}

fn both(kind: KeyKind, supplied: &[Key<'_>], extracted: &[Key<'_>]) -> u64 {
    let of_kind = |key: &&Key<'_>| key.kind == kind;
    let equal = supplied.iter().filter(of_kind).filter(|key| extracted.contains(key)).count();
    let left = |keys: &[Key<'_>], others: &[Key<'_>]| -> Vec<[String; 3]> {
        let alone = keys.iter().filter(of_kind).filter(|key| !others.contains(key));
        alone.take(MOST_COMPARED).map(|key| words(key)).collect()
    };
    let mut rest = left(extracted, supplied);
    let mut alike = 0;
    for fact in left(supplied, extracted) {
        let is_same = |other: &[String; 3]| fact.iter().zip(other).all(|(one, other)| is_same(one, other));
        if let Some(place) = rest.iter().position(is_same) {
            rest.swap_remove(place);
            alike += 1;
        }
    }
    equal as u64 + alike
}

/// The words of a key's parts; of an attribute its thing and its value, as lists of dimensions differ.
pub(super) fn words(key: &Key<'_>) -> [String; 3] {
    let mut parts = key.parts().map(|part| part.replace('_', " "));
    let mut next = || parts.next().unwrap_or_default();
    let (first, second) = (next(), next());
    match key.kind {
        KeyKind::Attribute => [first, String::new(), next()],
        KeyKind::Relation => [first, plain(&second), next()],
        _ => [first, second, next()],
    }
}

/// A relation of place without the words that some write and some do not: `to the right of`, `lay on`
/// for what lies.
fn plain(predicate: &str) -> String {
    let words = predicate.split(' ').map(|word| if word == "lay" { "lie" } else { word });
    let words: Vec<&str> = words.filter(|word| *word != "the").collect();
    match words.as_slice() {
        ["to" | "on" | "at", rest @ ("left" | "right"), "of"] => format!("{rest} of"),
        other => other.join(" "),
    }
}

/// Whether two parts of keys are the same words by the rule of SPICE.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one == other || !one.is_empty() && !other.is_empty() && text::same(one, other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Analyst;
    use crate::model::{Caption, CaptionRole, Facet};

    fn supplied(facet: Facet, name: &str, parent: Option<u32>, target: Option<u32>) -> Descriptor {
        Descriptor { parent, target, ..Descriptor::new(facet, name, "supplied") }
    }

    #[test]
    fn facts_agree_by_key_or_by_meaning_and_once() {
        let mut sample = Sample {
            captions: vec![Caption {
                text: "A brown dog lies on a couch.".into(),
                field: "caption".into(),
                role: CaptionRole::Main,
            }],
            descriptors: vec![
                supplied(Facet::Object, "dog", None, None),
                supplied(Facet::Object, "sofa", None, None),
                supplied(Facet::Object, "cat", None, None),
                supplied(Facet::Attribute, "brown", Some(0), None),
            ],
            ..Sample::default()
        };
        Analyst::new().analyse(&mut sample);
        let mut agreement = Agreement::default();
        agreement.add(&sample);
        let objects = agreement.of(KeyKind::Object);
        assert_eq!(objects, Agreed { supplied: 3, extracted: 2, both: 2 });
        assert_eq!(objects.precision(), Some(1.0));
        assert!((objects.recall().unwrap_or_default() - 2.0 / 3.0).abs() < 1e-9);
        assert_eq!(agreement.of(KeyKind::Attribute), Agreed { supplied: 1, extracted: 1, both: 1 });
        assert_eq!(agreement.of(KeyKind::Scene).f1(), None);
        let mut twice = Agreement::default();
        twice.merge(&agreement);
        twice.merge(&agreement);
        assert_eq!((twice.samples(), twice.of(KeyKind::Object).both), (2, 4));
    }
}
