//! What two samples have in common and in what they differ, by the keys of their facts.
//!
//! ```text
//! coarse   = 1/2 [cos_idf(words and the concepts above them) + cos_idf(keys of objects, attributes and relations)]
//! contrast = Σ bits of differences: other values of one dimension, other things in one role,
//!            another relation of the same two things, another number, other written words
//! score    = coarse · (1 − exp(−contrast / 8 bits)) · shared / (shared + contrast)
//! ```
//!
//! What only one of two captions tells is no difference of the pictures: it weighs nothing, unless one caption
//! tells all that the other does and more. Then what it tells more weighs its bits times a⁸, where a is the share of
//! all bits that both tell: a caption of twenty facts that is silent on one which its twin has says nearly as much as
//! if it denied it (0.95⁸ = 0.66), a caption of three facts that is silent on a fourth says nothing (0.75⁸ = 0.10).

use rustc_hash::FxHashMap;

use crate::measure::KeyKind;
use crate::text;

use super::kind::{Aspect, Kind};
use super::portrait::{Fact, NONE, View, Vocabulary};

/// Bits of contrast at which a pair has 63 % of what contrast can give.
pub(super) const CONTRAST_SCALE: f32 = 8.0;

/// How fast silence of a caption stops to say anything as captions become less parallel.
const PARALLEL: i32 = 8;

/// A difference of two samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Its kind.
    pub kind: Kind,
    /// The key that only the first sample has, if one has.
    pub first: Option<u32>,
    /// The key that only the second sample has.
    pub second: Option<u32>,
    /// Its information: the mean of both keys', or what the one weighs.
    pub bits: f32,
}

/// Two samples compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// How alike they are, 0 to 1.
    pub coarse: f32,
    /// Bits of what both tell.
    pub shared_bits: f32,
    /// Bits of their differences.
    pub contrast_bits: f32,
    /// How good a contrast they are, 0 to 1.
    pub score: f32,
    /// Keys that both have, or that mean the same in both: of the first sample.
    pub shared: Vec<u32>,
    /// The differences, the one of most bits first.
    pub differences: Vec<Difference>,
    /// Keys that only one of them has, and that make no difference.
    pub alone: [Vec<u32>; 2],
}

/// Compares portraits. It keeps its room and what it learned of values, so one for each thread.
#[derive(Debug, Default)]
pub struct Comparer {
    exclusive: FxHashMap<(u32, u32, u32), bool>,
    one: Vec<u32>,
    other: Vec<u32>,
    /// Things that are in both: classes.
    things: Vec<u32>,
    /// Pairs of things in the same role: names of the first and second sample.
    roles: Vec<(u32, u32)>,
}

/// The length of a set whose members have weights.
pub(super) fn norm(set: &[u32], weight: impl Fn(u32) -> f32) -> f32 {
    set.iter().map(|member| weight(*member).powi(2)).sum::<f32>().sqrt()
}

/// The cosine of two sorted sets whose members have weights, with the norms of both.
fn cosine(one: &[u32], other: &[u32], norms: [f32; 2], weight: impl Fn(u32) -> f32) -> f32 {
    let (mut at, mut beside, mut dot) = (0, 0, 0.0);
    while let (Some(left), Some(right)) = (one.get(at), other.get(beside)) {
        if left == right {
            dot += weight(*left).powi(2);
        }
        at += usize::from(left <= right);
        beside += usize::from(right <= left);
    }
    let norms = norms[0] * norms[1];
    if norms > 0.0 { (dot / norms).min(1.0) } else { 0.0 }
}

/// The norms of a sample: of its words and of its facts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Norms {
    pub(super) words: f32,
    pub(super) keys: f32,
}

impl Norms {
    pub(super) fn of(vocabulary: &Vocabulary, sample: View<'_>) -> Self {
        Self {
            words: norm(sample.words, |word| vocabulary.word_weight(word)),
            keys: norm(sample.keys, |key| vocabulary.weight(key)),
        }
    }
}

/// How alike two samples are: half the cosine of their words, half that of their facts, both weighted by information.
/// Between 0 and 1.
pub fn coarse(vocabulary: &Vocabulary, one: View<'_>, other: View<'_>) -> f32 {
    coarse_by(vocabulary, [one, other], [one, other].map(|sample| Norms::of(vocabulary, sample)))
}

/// The same, with the norms of both.
pub(super) fn coarse_by(vocabulary: &Vocabulary, both: [View<'_>; 2], norms: [Norms; 2]) -> f32 {
    let [one, other] = both;
    let words =
        cosine(one.words, other.words, norms.map(|norms| norms.words), |word| vocabulary.word_weight(word));
    let keys = cosine(one.keys, other.keys, norms.map(|norms| norms.keys), |key| vocabulary.weight(key));
    f32::midpoint(words, keys)
}

impl Vocabulary {
    /// What a key weighs in the coarse score: nothing, unless it is of an object, attribute or relation.
    pub(super) fn weight(&self, key: u32) -> f32 {
        match self.fact(key) {
            Some(Fact { kind: KeyKind::Object | KeyKind::Attribute | KeyKind::Relation, bits, .. }) => *bits,
            _ => 0.0,
        }
    }

    /// What a word weighs.
    pub(super) fn word_weight(&self, word: u32) -> f32 {
        self.word_bits.get(word as usize).copied().unwrap_or_default()
    }
}

impl Comparer {
    /// Compares two samples of one settled vocabulary.
    pub fn compare(&mut self, vocabulary: &Vocabulary, one: View<'_>, other: View<'_>) -> Comparison {
        self.compare_by(vocabulary, one, other, coarse(vocabulary, one, other))
    }

    /// The same, with the coarse score.
    pub(super) fn compare_by(
        &mut self,
        vocabulary: &Vocabulary,
        one: View<'_>,
        other: View<'_>,
        coarse: f32,
    ) -> Comparison {
        let mut comparison = Comparison { coarse, ..Comparison::default() };
        self.split(one, other, &mut comparison.shared);
        self.look_for_things(vocabulary, &comparison.shared);
        let mut take = Take { vocabulary, comparison, exclusive: &mut self.exclusive };
        let (left, right) = (&mut self.one, &mut self.other);
        take.alike(left, right, &self.things, one.keys, other.keys);
        take.values(left, right, &self.things, one.keys, other.keys);
        take.relations(left, right, &self.things);
        self.roles.clear();
        take.roles(left, right, &self.things, &mut self.roles);
        take.objects(left, right, &self.things, &self.roles);
        take.texts(left, right);
        take.denials(left, right);
        take.swaps();
        let mut comparison = take.comparison;
        let replaced = Replaced::of(vocabulary, &comparison.differences);
        left.retain(|key| !replaced.speaks_of(vocabulary, *key, 0));
        right.retain(|key| !replaced.speaks_of(vocabulary, *key, 1));
        comparison.alone = [left.clone(), right.clone()];
        finish(vocabulary, &mut comparison);
        comparison
    }

    /// Parts the keys of both: those of both go into `shared`.
    fn split(&mut self, one: View<'_>, other: View<'_>, shared: &mut Vec<u32>) {
        self.one.clear();
        self.other.clear();
        let (mut at, mut beside) = (0, 0);
        loop {
            match (one.keys.get(at), other.keys.get(beside)) {
                (Some(left), Some(right)) if left == right => {
                    shared.push(*left);
                    at += 1;
                    beside += 1;
                }
                (Some(left), right) if right.is_none_or(|right| left < right) => {
                    self.one.push(*left);
                    at += 1;
                }
                (_, Some(right)) => {
                    self.other.push(*right);
                    beside += 1;
                }
                _ => break,
            }
        }
    }

    /// The things that are in both, those by another word too.
    fn look_for_things(&mut self, vocabulary: &Vocabulary, shared: &[u32]) {
        self.things.clear();
        let class_of = |key: &u32| {
            let fact = vocabulary.fact(*key)?;
            (fact.kind == KeyKind::Object && !fact.is_denied).then(|| vocabulary.class(fact.subject))
        };
        self.things.extend(shared.iter().filter_map(class_of));
        let others: Vec<u32> = self.other.iter().filter_map(class_of).collect();
        self.things.extend(self.one.iter().filter_map(class_of).filter(|class| others.contains(class)));
    }
}

/// What is being put together.
struct Take<'c> {
    vocabulary: &'c Vocabulary,
    comparison: Comparison,
    exclusive: &'c mut FxHashMap<(u32, u32, u32), bool>,
}

/// Takes the pairs that `fits` out of two lists, each key once, those of most bits first.
fn take_pairs(
    vocabulary: &Vocabulary,
    left: &mut Vec<u32>,
    right: &mut Vec<u32>,
    mut fits: impl FnMut(&Fact, &Fact) -> bool,
    mut found: impl FnMut(u32, u32, f32),
) {
    if left.is_empty() || right.is_empty() {
        return;
    }
    let mut pairs: Vec<(f32, u32, u32)> = Vec::new();
    for one in left.iter() {
        let Some(first) = vocabulary.fact(*one) else { continue };
        for other in right.iter() {
            let Some(second) = vocabulary.fact(*other) else { continue };
            if fits(first, second) {
                pairs.push((f32::midpoint(first.bits, second.bits), *one, *other));
            }
        }
    }
    pairs.sort_unstable_by(|one, other| {
        other.0.total_cmp(&one.0).then((one.1, one.2).cmp(&(other.1, other.2)))
    });
    for (bits, one, other) in pairs {
        if let (Some(at), Some(beside)) =
            (left.iter().position(|key| *key == one), right.iter().position(|key| *key == other))
        {
            left.remove(at);
            right.remove(beside);
            found(one, other, bits);
        }
    }
}

impl Take<'_> {
    fn differ(&mut self, kind: Kind, first: u32, second: u32, bits: f32) {
        self.comparison.differences.push(Difference { kind, first: Some(first), second: Some(second), bits });
    }

    /// Whether two values of a dimension cannot both be said of one thing.
    fn excludes(&mut self, how: u32, one: u32, other: u32) -> bool {
        let vocabulary = self.vocabulary;
        let (least, most) = (one.min(other), one.max(other));
        *self.exclusive.entry((how, least, most)).or_insert_with(|| {
            let (least, most) = (vocabulary.shown(least), vocabulary.shown(most));
            text::excludes_as(vocabulary.how_text(how), least, most)
        })
    }

    /// The same by another word: `sofa` and `couch`; `sit on` and `on`; `a left of b` and `b right of a`.
    fn alike(
        &mut self,
        left: &mut Vec<u32>,
        right: &mut Vec<u32>,
        things: &[u32],
        one: &[u32],
        other: &[u32],
    ) {
        let vocabulary = self.vocabulary;
        let same = |one: u32, other: u32| vocabulary.class(one) == vocabulary.class(other);
        let shared = &mut self.comparison.shared;
        let is_alike = |first: &Fact, second: &Fact| {
            if first.kind != second.kind || first.is_denied != second.is_denied {
                return false;
            }
            match first.kind {
                KeyKind::Object | KeyKind::Scene | KeyKind::Entity => same(first.subject, second.subject),
                KeyKind::Attribute | KeyKind::Count => {
                    same(first.subject, second.subject) && same(first.what, second.what)
                }
                KeyKind::Relation => {
                    let (how, so) = (vocabulary.predicate(first.how), vocabulary.predicate(second.how));
                    (same(first.subject, second.subject)
                        && same(first.what, second.what)
                        && (first.how == second.how || how.agrees(so)))
                        || (same(first.subject, second.what)
                            && same(first.what, second.subject)
                            && how.mirrors(so))
                }
                KeyKind::Act => same(first.subject, second.subject) && first.how == second.how,
                KeyKind::Text => first.subject == second.subject,
            }
        };
        take_pairs(vocabulary, left, right, is_alike, |first, _, _| shared.push(first));
        // `man on bench` beside `man sit on bench`, where the other has both.
        let is_said = |key: &u32, others: &[u32]| {
            let Some(first) = vocabulary.fact(*key).filter(|fact| fact.kind == KeyKind::Relation) else {
                return false;
            };
            things.contains(&vocabulary.class(first.subject))
                && others
                    .iter()
                    .filter_map(|other| vocabulary.fact(*other))
                    .any(|second| is_alike(first, second))
        };
        left.retain(|key| !is_said(key, other));
        right.retain(|key| !is_said(key, one));
    }

    /// Other values of one dimension, other numbers, other states, of things that are in both.
    fn values(
        &mut self,
        left: &mut Vec<u32>,
        right: &mut Vec<u32>,
        things: &[u32],
        one: &[u32],
        other: &[u32],
    ) {
        let vocabulary = self.vocabulary;
        let has = |keys: &[u32], like: &Fact, what: u32| {
            keys.iter().filter_map(|key| vocabulary.fact(*key)).any(|fact| {
                fact.kind == like.kind
                    && vocabulary.class(fact.subject) == vocabulary.class(like.subject)
                    && vocabulary.class(fact.what) == vocabulary.class(what)
            })
        };
        let mut found = Vec::new();
        let fits = |first: &Fact, second: &Fact| {
            first.kind == second.kind
                && matches!(first.kind, KeyKind::Attribute | KeyKind::Count)
                && !first.is_denied
                && !second.is_denied
                && vocabulary.class(first.subject) == vocabulary.class(second.subject)
                && things.contains(&vocabulary.class(first.subject))
                && (if first.kind == KeyKind::Count {
                    are_numbers(vocabulary, first.what, second.what)
                } else {
                    first.how == second.how && self.excludes(first.how, first.what, second.what)
                })
                && !has(one, first, second.what)
                && !has(other, second, first.what)
        };
        take_pairs(vocabulary, left, right, fits, |first, second, bits| found.push((first, second, bits)));
        for (first, second, bits) in found {
            let kind = match vocabulary.fact(first) {
                Some(fact) if fact.kind == KeyKind::Count => Kind::Count,
                Some(fact) if vocabulary.how_text(fact.how) == "state" => Kind::State,
                _ => Kind::ReplaceAttribute,
            };
            self.differ(kind, first, second, bits);
        }
    }

    /// The same two things in another relation, or the same thing doing something else.
    fn relations(&mut self, left: &mut Vec<u32>, right: &mut Vec<u32>, things: &[u32]) {
        let vocabulary = self.vocabulary;
        let same = |one: u32, other: u32| vocabulary.class(one) == vocabulary.class(other);
        let known = |name: u32| things.contains(&vocabulary.class(name));
        let mut found = Vec::new();
        // Each in the other's place: `cat on dog`, `dog on cat`.
        let are_turned = |first: &Fact, second: &Fact| {
            first.kind == KeyKind::Relation
                && second.kind == KeyKind::Relation
                && first.is_denied == second.is_denied
                && first.how == second.how
                && !same(first.subject, first.what)
                && same(first.subject, second.what)
                && same(first.what, second.subject)
        };
        take_pairs(vocabulary, left, right, are_turned, |first, second, bits| {
            found.push((Kind::SwapObject, first, second, bits));
        });
        // Another of the things of both in the same role: `man hold cup`, `woman hold cup`, with man and woman in both.
        let have_other_end = |first: &Fact, second: &Fact| {
            let (how, so) = (vocabulary.predicate(first.how), vocabulary.predicate(second.how));
            let ends = [first.subject, first.what, second.subject, second.what];
            first.kind == KeyKind::Relation
                && second.kind == KeyKind::Relation
                && !first.is_denied
                && !second.is_denied
                && how.has_direction()
                && (first.how == second.how || how == so)
                && same(first.subject, second.subject) != same(first.what, second.what)
                && ends.iter().all(|name| known(*name))
        };
        take_pairs(vocabulary, left, right, have_other_end, |first, second, bits| {
            found.push((Kind::SwapObject, first, second, bits));
        });
        let fits = |first: &Fact, second: &Fact| {
            if first.is_denied
                || second.is_denied
                || !same(first.subject, second.subject)
                || !known(first.subject)
            {
                return false;
            }
            match (first.kind, second.kind) {
                (KeyKind::Relation, KeyKind::Relation) => {
                    same(first.what, second.what)
                        && known(first.what)
                        && vocabulary.predicate(first.how).excludes(vocabulary.predicate(second.how))
                }
                (KeyKind::Act, KeyKind::Act) => first.how != second.how,
                _ => false,
            }
        };
        take_pairs(vocabulary, left, right, fits, |first, second, bits| {
            found.push((Kind::ReplaceRelation, first, second, bits));
        });
        for (kind, first, second, bits) in found {
            self.differ(kind, first, second, bits);
        }
    }

    /// Things that stand in the same relation to a thing that is in both: `man ride horse`, `man ride camel`.
    fn roles(&mut self, left: &[u32], right: &[u32], things: &[u32], roles: &mut Vec<(u32, u32)>) {
        let vocabulary = self.vocabulary;
        let same = |one: u32, other: u32| vocabulary.class(one) == vocabulary.class(other);
        let known = |name: u32| things.contains(&vocabulary.class(name));
        let relations = |keys: &[u32]| -> Vec<Fact> {
            let facts = keys.iter().filter_map(|key| vocabulary.fact(*key)).copied();
            facts.filter(|fact| fact.kind == KeyKind::Relation && !fact.is_denied).collect()
        };
        for first in relations(left) {
            for second in relations(right) {
                if first.how != second.how
                    && !vocabulary.predicate(first.how).agrees(vocabulary.predicate(second.how))
                {
                    continue;
                }
                if same(first.subject, second.subject) && known(first.subject) {
                    roles.push((first.what, second.what));
                }
                if same(first.what, second.what) && known(first.what) {
                    roles.push((first.subject, second.subject));
                }
            }
        }
    }

    /// A thing of one in the place of a thing of the other: in the same role, or of the same kind.
    fn objects(&mut self, left: &mut Vec<u32>, right: &mut Vec<u32>, things: &[u32], roles: &[(u32, u32)]) {
        let vocabulary = self.vocabulary;
        let is_new = |fact: &Fact| {
            matches!(fact.kind, KeyKind::Object | KeyKind::Scene)
                && !fact.is_denied
                && !things.contains(&vocabulary.class(fact.subject))
        };
        let mut found = Vec::new();
        for by_role in [true, false] {
            let fits = |first: &Fact, second: &Fact| {
                let is_role = roles.contains(&(first.subject, second.subject));
                first.kind == second.kind
                    && is_new(first)
                    && is_new(second)
                    && (if by_role { is_role } else { are_kin(vocabulary, first.subject, second.subject) })
            };
            take_pairs(vocabulary, left, right, fits, |first, second, bits| {
                found.push((first, second, bits));
            });
        }
        for (first, second, bits) in found {
            self.differ(Kind::ReplaceObject, first, second, bits);
        }
    }

    /// Other words written in the picture.
    fn texts(&mut self, left: &mut Vec<u32>, right: &mut Vec<u32>) {
        let mut found = Vec::new();
        let fits = |first: &Fact, second: &Fact| first.kind == KeyKind::Text && second.kind == KeyKind::Text;
        take_pairs(self.vocabulary, left, right, fits, |first, second, bits| {
            found.push((first, second, bits));
        });
        for (first, second, bits) in found {
            self.differ(Kind::Text, first, second, bits);
        }
    }

    /// What one says and the other denies.
    fn denials(&mut self, left: &mut Vec<u32>, right: &mut Vec<u32>) {
        let vocabulary = self.vocabulary;
        let fits = |first: &Fact, second: &Fact| {
            first.kind == second.kind
                && first.is_denied != second.is_denied
                && vocabulary.class(first.subject) == vocabulary.class(second.subject)
                && first.how == second.how
                && first.what == second.what
        };
        let mut found = Vec::new();
        take_pairs(vocabulary, left, right, fits, |first, second, bits| found.push((first, second, bits)));
        for (first, second, bits) in found {
            let kind = match vocabulary.fact(first).map(|fact| fact.kind) {
                Some(KeyKind::Attribute | KeyKind::Count | KeyKind::Text) => Kind::AddAttribute,
                Some(KeyKind::Relation | KeyKind::Act) => Kind::ReplaceRelation,
                _ => Kind::AddObject,
            };
            self.differ(kind, first, second, bits);
        }
    }

    /// Two things that have each other's value: the brown dog and black cat of one are a black dog and brown cat.
    fn swaps(&mut self) {
        let vocabulary = self.vocabulary;
        let turned = |one: &Difference, other: &Difference| {
            let of = |key: Option<u32>| key.and_then(|key| vocabulary.fact(key));
            let (Some(first), Some(second)) = (of(one.first), of(one.second)) else { return false };
            let (Some(third), Some(fourth)) = (of(other.first), of(other.second)) else { return false };
            matches!(first.kind, KeyKind::Attribute | KeyKind::Count)
                && first.kind == third.kind
                && first.subject != third.subject
                && vocabulary.class(first.what) == vocabulary.class(fourth.what)
                && vocabulary.class(second.what) == vocabulary.class(third.what)
        };
        let differences = self.comparison.differences.clone();
        for (at, one) in differences.iter().enumerate() {
            if differences.iter().any(|other| turned(one, other))
                && let Some(difference) = self.comparison.differences.get_mut(at)
            {
                difference.kind = Kind::SwapAttribute;
            }
        }
    }
}

fn are_numbers(vocabulary: &Vocabulary, one: u32, other: u32) -> bool {
    let is_number = |name: u32| vocabulary.shown(name).bytes().all(|byte| byte.is_ascii_digit());
    one != other && is_number(one) && is_number(other)
}

/// Whether two things are right below the same concept.
fn are_kin(vocabulary: &Vocabulary, one: u32, other: u32) -> bool {
    let (above, beside) = (vocabulary.parent(one), vocabulary.parent(other));
    above != NONE && above == beside
}

/// The things that were replaced, of each sample: what is said of them is no difference of its own.
struct Replaced([Vec<u32>; 2]);

impl Replaced {
    fn of(vocabulary: &Vocabulary, differences: &[Difference]) -> Self {
        let names = |side: fn(&Difference) -> Option<u32>| {
            let objects = differences.iter().filter(|difference| difference.kind == Kind::ReplaceObject);
            objects.filter_map(side).filter_map(|key| vocabulary.fact(key)).map(|fact| fact.subject).collect()
        };
        Self([names(|difference| difference.first), names(|difference| difference.second)])
    }

    fn speaks_of(&self, vocabulary: &Vocabulary, key: u32, side: usize) -> bool {
        let Some(fact) = vocabulary.fact(key) else { return false };
        self.0.get(side).is_some_and(|names| names.contains(&fact.subject) || names.contains(&fact.what))
    }
}

fn finish(vocabulary: &Vocabulary, comparison: &mut Comparison) {
    let bits =
        |keys: &[u32]| keys.iter().filter_map(|key| vocabulary.fact(*key)).map(|fact| fact.bits).sum::<f32>();
    let shared = bits(&comparison.shared);
    let alone = [bits(&comparison.alone[0]), bits(&comparison.alone[1])];
    // One tells all that the other does, and more.
    if comparison.differences.is_empty() && shared > 0.0 && (alone[0] > 0.0) != (alone[1] > 0.0) {
        let side = usize::from(alone[1] > 0.0);
        let weight = (shared / (shared + alone[side])).powi(PARALLEL);
        let keys = std::mem::take(&mut comparison.alone[side]);
        let has_object = |keys: &[u32]| {
            keys.iter().filter_map(|key| vocabulary.fact(*key)).any(|fact| fact.kind == KeyKind::Object)
        };
        let kind = if has_object(&keys) { Kind::AddObject } else { Kind::AddAttribute };
        for key in keys {
            let bits = vocabulary.fact(key).map_or(0.0, |fact| fact.bits) * weight;
            let (first, second) = if side == 0 { (Some(key), None) } else { (None, Some(key)) };
            comparison.differences.push(Difference { kind, first, second, bits });
        }
    }
    comparison.differences.sort_by(|one, other| {
        other.bits.total_cmp(&one.bits).then((one.first, one.second).cmp(&(other.first, other.second)))
    });
    let contrast: f32 = comparison.differences.iter().map(|difference| difference.bits).sum();
    comparison.shared_bits = shared;
    comparison.contrast_bits = contrast;
    comparison.score = score(comparison.coarse, contrast, shared);
}

/// coarse · (1 − exp(−contrast / 8 bits)) · shared / (shared + contrast): between 0 and 1.
pub fn score(coarse: f32, contrast: f32, shared: f32) -> f32 {
    if contrast <= 0.0 || shared <= 0.0 {
        return 0.0;
    }
    coarse * (1.0 - (-contrast / CONTRAST_SCALE).exp()) * shared / (shared + contrast)
}

impl Comparison {
    /// The kind of the whole: that of the difference of most bits, swaps before others.
    pub fn kind(&self) -> Option<Kind> {
        let swap = self
            .differences
            .iter()
            .find(|difference| matches!(difference.kind, Kind::SwapObject | Kind::SwapAttribute));
        swap.or_else(|| self.differences.first()).map(|difference| difference.kind)
    }

    /// To what it was done.
    pub fn aspect(&self) -> Option<Aspect> {
        self.kind().map(Kind::aspect)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::measure::Analyst;
    use crate::model::{Caption, CaptionRole, Sample};

    fn keys(analyst: &mut Analyst, caption: &str) -> Vec<String> {
        let caption = Caption { text: caption.to_owned(), field: String::new(), role: CaptionRole::Main };
        analyst.analyse(&mut Sample { captions: vec![caption], ..Sample::default() }).keys
    }

    /// Two captions compared among some others, so that facts have bits.
    fn compared(one: &str, other: &str) -> (Comparison, Vec<String>) {
        let mut analyst = Analyst::new();
        let mut vocabulary = Vocabulary::default();
        let mut take = |text: &str| {
            let keys = keys(&mut analyst, text);
            vocabulary.add([text], &keys)
        };
        let (one, other) = (take(one), take(other));
        for text in
            ["A plate of food.", "Two trains at a station.", "Some people in a room.", "A clock on a tower."]
        {
            take(text);
        }
        vocabulary.settle(None);
        let comparison = Comparer::default().compare(&vocabulary, one.view(), other.view());
        let told = comparison.differences.iter().map(|difference| vocabulary.tell(difference).line());
        let told = told.collect();
        (comparison, told)
    }

    #[test]
    fn differences_have_their_names() {
        let table = [
            (
                "A brown dog on the grass.",
                "A black dog on the grass.",
                Kind::ReplaceAttribute,
                "color of dog: brown ↔ black",
            ),
            ("Two dogs on the grass.", "Three dogs on the grass.", Kind::Count, "count of dog: 2 ↔ 3"),
            ("The door is open.", "The door is closed.", Kind::State, "state of door: open ↔ close"),
            (
                "A lit lamp on the floor.",
                "An unlit lamp on the floor.",
                Kind::State,
                "state of lamp: light ↔ unlit",
            ),
            ("A man riding a horse.", "A man riding a camel.", Kind::ReplaceObject, "horse ↔ camel"),
            ("A cat sits on a chair.", "A dog sits on a chair.", Kind::ReplaceObject, "cat ↔ dog"),
            (
                "A man is leading a horse.",
                "A man is riding a horse.",
                Kind::ReplaceRelation,
                "man lead horse ↔ man ride horse",
            ),
            (
                "A cup to the left of a plate.",
                "A cup to the right of a plate.",
                Kind::ReplaceRelation,
                "cup at the left of plate ↔ cup on the right side of plate",
            ),
            (
                "A cat behind a dog.",
                "A dog behind a cat.",
                Kind::SwapObject,
                "cat behind dog ↔ dog behind cat",
            ),
            (
                "A brown dog and a black cat.",
                "A black dog and a brown cat.",
                Kind::SwapAttribute,
                "color of cat: black ↔ brown",
            ),
            ("A sign that says \"STOP\".", "A sign that says \"GO\".", Kind::Text, "text: \"stop\" ↔ \"go\""),
        ];
        for (one, other, kind, line) in table {
            let (comparison, told) = compared(one, other);
            assert_eq!(comparison.kind(), Some(kind), "{one} | {other}: {told:?}");
            assert!(told.iter().any(|told| told == line), "{one} | {other}: {told:?}");
            assert!(comparison.score > 0.0 && comparison.score < 1.0);
        }
    }

    #[test]
    fn what_says_the_same_is_no_difference() {
        for (one, other) in [
            ("A brown dog on the grass.", "A brown dog on the grass."),
            ("A cat on a sofa.", "A cat on a couch."),
            ("A cup to the left of a plate.", "A plate to the right of a cup."),
            ("A brown dog on the grass.", "A dog next to a car."),
        ] {
            let (comparison, told) = compared(one, other);
            assert!(told.is_empty() && comparison.score == 0.0, "{one} | {other}: {told:?}");
        }
    }

    #[test]
    fn silence_of_a_parallel_caption_weighs_more() {
        let long = "A brown dog lies on the grass. A man holds a red ball. A woman sits on a wooden bench under a tree.";
        let (parallel, _) = compared(long, &long.replace("red ball", "ball"));
        let (short, _) = compared("A dog holds a red ball.", "A dog holds a ball.");
        assert_eq!((parallel.kind(), short.kind()), (Some(Kind::AddAttribute), Some(Kind::AddAttribute)));
        assert!(parallel.contrast_bits > short.contrast_bits);
        // Each tells something of its own: nobody knows what the pictures have.
        let (neither, told) = compared("A red dog on the grass.", "A large dog on the grass.");
        assert!(told.is_empty() && neither.contrast_bits == 0.0, "{told:?}");
        assert_eq!(neither.alone.each_ref().map(Vec::len), [1, 1]);
    }

    proptest! {
        #[test]
        fn figures_keep_their_bounds(one in "[a-z ]{0,40}", other in "[a-z ]{0,40}") {
            let (there, told) = compared(&one, &other);
            let (back, _) = compared(&other, &one);
            prop_assert!((0.0..=1.0).contains(&there.coarse) && (0.0..=1.0).contains(&there.score));
            prop_assert!((there.score - back.score).abs() < 1e-4, "{told:?}");
            prop_assert!(there.contrast_bits >= 0.0 && there.shared_bits >= 0.0);
        }
    }
}
