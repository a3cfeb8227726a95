//! To which object an attribute belongs: a ranker over the nearest objects on either side.

use super::class::Class;
use super::labels::Span;
use super::table::{join, key};
use super::triggers::{Marked, Triggers};

/// Objects that an attribute may belong to at most.
pub(super) const CANDIDATES: usize = 5;
/// Features of an attribute with one object.
pub(super) const FEATURES: usize = 15;

/// The nearest objects to an attribute: two after it and three before it.
pub(super) fn candidates(objects: &[Span], attribute: Span) -> impl Iterator<Item = usize> {
    let next = objects.partition_point(|object| object.start < attribute.end);
    let last = objects.partition_point(|object| object.end <= attribute.start);
    let after = (next..objects.len()).take(2);
    let before = (0..last).rev().take(CANDIDATES - 2);
    after.chain(before)
}

/// The features of an attribute with an object.
pub(super) fn features(
    marked: Marked<'_>,
    triggers: &Triggers,
    attribute: Span,
    object: usize,
) -> [u32; FEATURES] {
    let span = marked.objects[object];
    let (start, end) = (usize::from(attribute.start), usize::from(attribute.end));
    let is_after = span.start >= attribute.end;
    let between = if is_after { end..usize::from(span.start) } else { usize::from(span.end)..start };
    let objects_before = |at: usize| marked.objects.partition_point(|other| other.head() < at);
    let heads = (objects_before(between.end) - objects_before(between.start)) as u64;
    let triggers_before = |at: usize| triggers.all.partition_point(|other| usize::from(other.place) < at);
    let inside = &triggers.all[triggers_before(between.start)..triggers_before(between.end)];
    let count = inside.len() as u64;
    let verbs = inside.iter().filter(|trigger| trigger.is_verb).count() as u64;
    let mut path = 0;
    let mut joins = 0;
    for at in between.clone().take(8) {
        let class = marked.traits(at).class;
        path = join(
            5,
            path,
            if marked.labels[at] == 0 { class.number() } else { 70 + u64::from(marked.labels[at]) },
        );
        joins |= match class {
            Class::CONJUNCTION | Class::COMMA => 1,
            Class::BE => 2,
            Class::RELATIVE => 4,
            Class::POSSESSIVE => 8,
            _ => 0,
        };
    }
    let side = u64::from(is_after);
    let place = side * 100 + heads.min(9) * 10 + count.min(3);
    let first = marked.traits(start);
    let class = first.class.number();
    let head = marked.head(object);
    let before = start.checked_sub(1).map_or(1, |at| marked.traits(at).hash);
    let after = if end < marked.sentence.len() { marked.traits(end).hash } else { 2 };
    let after_label = marked.labels.get(end).copied().map_or(9, u64::from);
    [
        key(201, place, 0),
        key(202, place, class),
        key(203, place, between.len().min(6) as u64),
        key(204, place, path),
        key(205, place, first.hash),
        key(206, place, join(1, first.hash, head.noun_hash)),
        key(207, side, class),
        key(208, place, joins + class * 16),
        key(209, place, before),
        key(210, place, after),
        key(211, place, after_label * 64 + class),
        key(212, first.hash, head.noun_hash),
        key(214, place, verbs * 16 + joins),
        key(215, path, head.noun_hash),
        key(216, place, u64::from(object == 0) * 2 + u64::from(object + 1 == marked.objects.len())),
    ]
}
