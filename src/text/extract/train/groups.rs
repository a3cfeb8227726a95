//! Nouns of like use, put into groups: what is worn, what stands on the ground, who acts.
//!
//! A noun is known by the attributes and predicates that gold graphs give it. Those are weighted by
//! how much they tell (positive pointwise mutual information), thrown onto few dimensions by signs
//! of their hashes, and grouped by k-means with seeds chosen far from each other. The groups let the
//! models carry over what they learn of `woman` to `lady`.

use rustc_hash::FxHashMap;

use crate::text::lemma;

use super::super::gold::Fact;
use super::super::table::join;
use super::super::words::hash;

/// Groups, counted from 1; group 0 is that of unknown nouns.
const GROUPS: usize = 63;
const DIMENSIONS: usize = 128;
const ROUNDS: usize = 20;
/// Facts that a noun must have.
const LEAST: u32 = 40;
/// The most frequent nouns, from which seeds are chosen.
const SEEDS: usize = 500;

type Point = [f32; DIMENSIONS];

/// The group of every noun that has enough facts.
pub(super) fn groups<'f>(facts: impl Iterator<Item = &'f Fact>) -> Vec<(String, u8)> {
    let mut counts: FxHashMap<(String, u64), u32> = FxHashMap::default();
    let mut of_noun: FxHashMap<String, u32> = FxHashMap::default();
    let mut of_context: FxHashMap<u64, u32> = FxHashMap::default();
    let mut add = |object: &str, role: u64, word: &str| {
        let noun = lemma(object.rsplit(' ').next().unwrap_or(object)).to_owned();
        let context = join(role, hash(word), 0);
        *of_noun.entry(noun.clone()).or_default() += 1;
        *of_context.entry(context).or_default() += 1;
        *counts.entry((noun, context)).or_default() += 1;
    };
    for fact in facts {
        match fact {
            Fact::Object(_) => {}
            Fact::Attribute(object, attribute) => add(object, 1, attribute),
            Fact::Relation(subject, predicate, object) => {
                add(subject, 2, predicate);
                add(object, 3, predicate);
            }
        }
    }
    let total: u32 = of_noun.values().sum();
    let mut nouns: Vec<(String, u32)> = of_noun.iter().map(|(noun, count)| (noun.clone(), *count)).collect();
    nouns.retain(|(_, count)| *count >= LEAST);
    nouns.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let places: FxHashMap<&str, usize> =
        nouns.iter().enumerate().map(|(place, (noun, _))| (noun.as_str(), place)).collect();
    let mut points = vec![[0.0; DIMENSIONS]; nouns.len()];
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_unstable();
    for ((noun, context), count) in counts {
        let Some(place) = places.get(noun.as_str()) else { continue };
        let expected = of_noun[&noun] as f32 * of_context[&context] as f32 / total as f32;
        let told = (count as f32 / expected).ln().max(0.0) * (count as f32).ln_1p();
        for (axis, value) in points[*place].iter_mut().enumerate() {
            *value += if join(11, context, axis as u64) >> 63 == 0 { told } else { -told };
        }
    }
    points.iter_mut().for_each(normalise);
    let homes = cluster(&points, &nouns);
    nouns.into_iter().zip(homes).map(|((noun, _), home)| (noun, home as u8 + 1)).collect()
}

fn normalise(point: &mut Point) {
    let length = dot(point, point).sqrt().max(1e-9);
    point.iter_mut().for_each(|value| *value /= length);
}

fn dot(a: &Point, b: &Point) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The group of each point.
fn cluster(points: &[Point], nouns: &[(String, u32)]) -> Vec<usize> {
    let mut centres: Vec<Point> = points.iter().take(1).copied().collect();
    while centres.len() < GROUPS.min(points.len()) {
        let novelty = |place: &usize| {
            let near = centres.iter().map(|centre| dot(centre, &points[*place])).fold(-1.0, f32::max);
            (1.0 - near) * (nouns[*place].1 as f32).ln_1p()
        };
        let next = (0..points.len().min(SEEDS)).max_by(|a, b| novelty(a).total_cmp(&novelty(b)));
        centres.extend(next.map(|place| points[place]));
    }
    let mut homes = vec![0; points.len()];
    for _ in 0..ROUNDS {
        for (home, point) in homes.iter_mut().zip(points) {
            let best = (0..centres.len())
                .max_by(|a, b| dot(&centres[*a], point).total_cmp(&dot(&centres[*b], point)));
            *home = best.unwrap_or(0);
        }
        let mut sums = vec![[0.0; DIMENSIONS]; centres.len()];
        for ((home, point), (_, count)) in homes.iter().zip(points).zip(nouns) {
            let weight = (*count as f32).sqrt();
            for (sum, value) in sums[*home].iter_mut().zip(point) {
                *sum += weight * value;
            }
        }
        sums.iter_mut().for_each(normalise);
        centres = sums;
    }
    homes
}
