//! How two objects stand to each other: the predicates that a pair may have, and what speaks for
//! each of them.

use rustc_hash::FxHashMap;

use super::memo::Memo;
use super::table::{ManyRanks, join, key};
use super::triggers::{Landmark, Marked, Triggers, hash_of_predicate, step};
use super::words::Traits;

/// Objects before one with which it may stand in a relation.
pub(super) const WINDOW: usize = 4;
/// Features of a predicate for a pair that are looked at first.
pub(super) const GLANCE: usize = 10;
/// Features that are looked at where a predicate is among the better ones at first sight.
pub(super) const STUDY: usize = 17;
/// Features of a pair.
pub(super) const PAIR_FEATURES: usize = 15;

/// Predicates that need no word in the text, and whether from the later object to the earlier.
const SILENT: [(&str, bool); 9] = [
    ("have", false),
    ("wear", false),
    ("have", true),
    ("with", false),
    ("in", false),
    ("on", false),
    ("on", true),
    ("in", true),
    ("at", false),
];

/// Where the words of a predicate stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// There is no relation.
    Nothing,
    /// A run of triggers, and one far trigger before them.
    Triggers { first: u16, end: u16, far: Option<u16> },
    /// One of [`SILENT`].
    Silent(u8),
    /// A learned rewriting of a run of triggers.
    Rewritten { predicate: u32, first: u16, end: u16 },
}

/// A predicate that a pair of objects may have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// How it was made.
    pub kind: u8,
    /// From the later object to the earlier.
    pub reversed: bool,
    /// The predicate as a number.
    pub hash: u64,
    pub origin: Origin,
}

impl Default for Candidate {
    /// That there is no relation.
    fn default() -> Self {
        Self { kind: 0, reversed: false, hash: 0, origin: Origin::Nothing }
    }
}

/// Kinds of candidates, each in both directions: a bit for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kinds(pub [u64; 4]);

impl Kinds {
    pub(super) const ALL: Self = Self([u64::MAX; 4]);
    pub(super) const NONE: Self = Self([0; 4]);

    /// The number of a kind in one direction; below 256, since kinds are below 128.
    fn number(kind: u8, reversed: bool) -> usize {
        usize::from(kind & 127) * 2 + usize::from(reversed)
    }

    pub(super) fn insert(&mut self, kind: u8, reversed: bool) {
        let number = Self::number(kind, reversed);
        self.0[number / 64] |= 1 << (number % 64);
    }

    #[inline]
    fn has(self, kind: u8, reversed: bool) -> bool {
        let number = Self::number(kind, reversed);
        self.0[number / 64] >> (number % 64) & 1 != 0
    }
}

impl Default for Kinds {
    fn default() -> Self {
        Self::ALL
    }
}

/// What annotators call a relation whose triggers spell something else.
#[derive(Debug, Default, Clone)]
pub(super) struct Rewrites {
    /// All predicates named here.
    pub predicates: Vec<Box<str>>,
    /// By the triggers' number and the direction.
    by_triggers: FxHashMap<(u64, bool), Vec<(u64, u32)>>,
}

impl Rewrites {
    /// Adds a rewriting of the triggers that spell `from`.
    pub(super) fn add(&mut self, from: &str, reversed: bool, to: &str) {
        let place = self.predicates.iter().position(|predicate| &**predicate == to).unwrap_or_else(|| {
            self.predicates.push(to.into());
            self.predicates.len() - 1
        });
        let entry = self.by_triggers.entry((hash_of_predicate(from), reversed)).or_default();
        entry.push((hash_of_predicate(to), place as u32));
    }

    fn of(&self, triggers: u64, reversed: bool) -> &[(u64, u32)] {
        self.by_triggers.get(&(triggers, reversed)).map_or(&[], Vec::as_slice)
    }
}

/// Parts of a group of triggers that may be a predicate, with the way they were cut out.
fn parts(triggers: &Triggers, first: u16, end: u16, mut take: impl FnMut(u8, u16, u16)) {
    if first >= end {
        return;
    }
    let is_verb = |at: u16| triggers.all[usize::from(at)].is_verb;
    take(1, first, end);
    let verbs_end = (first..end).find(|at| !is_verb(*at)).unwrap_or(end);
    if verbs_end > first && verbs_end < end {
        take(2, verbs_end, end);
        take(3, first, first + 1);
        if verbs_end - first > 1 {
            take(4, verbs_end - 1, end);
        }
    }
    if let Some(last_verb) = (first..end).rev().find(|at| is_verb(*at)).filter(|at| *at > first) {
        take(5, last_verb, end);
        take(8, first, last_verb);
        if last_verb + 2 < end {
            take(9, last_verb, last_verb + 2);
        }
    }
    if end - first > 1 && !is_verb(end - 1) {
        take(6, end - 1, end);
        take(7, first, first + 1);
    }
}

/// Gathers the predicates that a pair may have; the first is that there is none.
pub(super) struct Gather<'a> {
    pub triggers: &'a Triggers,
    pub rewrites: &'a Rewrites,
    /// Kinds that are looked for.
    pub kinds: Kinds,
    pub found: &'a mut Vec<Candidate>,
}

impl Gather<'_> {
    fn push(&mut self, kind: u8, reversed: bool, hash: u64, origin: Origin) {
        if !self.kinds.has(kind, reversed) {
            return;
        }
        let known = self.found.iter().skip(1).any(|other| other.hash == hash && other.reversed == reversed);
        if !known {
            self.found.push(Candidate { kind, reversed, hash, origin });
        }
    }

    /// The candidates of the objects `i` and `j`, `i` before `j`.
    pub(super) fn pair(&mut self, i: usize, j: usize) {
        self.found.clear();
        self.found.push(Candidate::default());
        let near = self.triggers.group(j);
        self.near(near);
        self.inherited(i, j, near);
        self.outside(i, j, near);
        for silent in silent() {
            self.push(silent.kind, silent.reversed, silent.hash, silent.origin);
        }
    }

    /// What stands right before the later object.
    fn near(&mut self, (first, end): (u16, u16)) {
        let triggers = self.triggers;
        parts(triggers, first, end, |kind, first, end| {
            let hash = triggers.hash(first, end);
            self.rewritten(kind, hash, first, end);
            self.push(kind, false, hash, Origin::Triggers { first, end, far: None });
            if matches!(kind, 1 | 3 | 5 | 6 | 8) {
                self.push(kind + 20, true, hash, Origin::Triggers { first, end, far: None });
            }
        });
    }

    fn rewritten(&mut self, kind: u8, hash: u64, first: u16, end: u16) {
        for reversed in [false, true] {
            let rewrites = self.rewrites;
            let kind = if reversed { kind + 40 } else { kind + 10 };
            if !self.kinds.has(kind, reversed) {
                continue;
            }
            for &(hash, predicate) in rewrites.of(hash, reversed) {
                self.push(kind, reversed, hash, Origin::Rewritten { predicate, first, end });
            }
        }
    }

    /// What stands before an object between the two: `a man riding a horse and a donkey`.
    fn inherited(&mut self, i: usize, j: usize, (first, end): (u16, u16)) {
        let triggers = self.triggers;
        for back in 1..=2 {
            if j < back + i + 1 {
                break;
            }
            let (before, before_end) = triggers.group(j - back);
            if before == before_end {
                continue;
            }
            let middle = triggers.group(j - 1);
            let nothing_between = back == 1 || middle.0 == middle.1;
            if first == end || nothing_between {
                parts(triggers, before, before_end, |kind, first, end| {
                    let hash = triggers.hash(first, end);
                    self.push(30 + kind, false, hash, Origin::Triggers { first, end, far: None });
                });
            }
            // A verb before the object between, with the preposition at hand: `holding a cup with
            // a hand`.
            let verb = (before..before_end).rev().find(|at| triggers.all[usize::from(*at)].is_verb);
            if let Some(far) = verb.filter(|_| first < end && !triggers.all[usize::from(first)].is_verb) {
                let verb = step(0, triggers.all[usize::from(far)].hash);
                let hash = (first..end).fold(verb, |hash, at| step(hash, triggers.all[usize::from(at)].hash));
                self.push(60, false, hash, Origin::Triggers { first, end, far: Some(far) });
            }
        }
    }

    /// What stands before both objects or after both of them.
    fn outside(&mut self, i: usize, j: usize, (first, end): (u16, u16)) {
        let triggers = self.triggers;
        let (before, before_end) = triggers.group(i);
        let mut taken = 0;
        parts(triggers, before, before_end, |kind, from, to| {
            taken += 1;
            if taken > 2 {
                return;
            }
            let origin = Origin::Triggers { first: from, end: to, far: None };
            let hash = triggers.hash(from, to);
            self.push(100 + kind, true, hash, origin);
            if first == end {
                self.push(105 + kind, false, hash, origin);
            }
        });
        let (after, after_end) = triggers.group(j + 1);
        taken = 0;
        parts(triggers, after, after_end, |kind, from, to| {
            taken += 1;
            if taken > 2 {
                return;
            }
            let origin = Origin::Triggers { first: from, end: to, far: None };
            let hash = triggers.hash(from, to);
            self.push(110 + kind, true, hash, origin);
            self.push(115 + kind, false, hash, origin);
        });
    }
}

/// The candidates that need no words.
fn silent() -> &'static [Candidate; SILENT.len()] {
    static CANDIDATES: std::sync::OnceLock<[Candidate; SILENT.len()]> = std::sync::OnceLock::new();
    CANDIDATES.get_or_init(|| {
        std::array::from_fn(|place| {
            let (predicate, reversed) = SILENT[place];
            let origin = Origin::Silent(place as u8);
            Candidate { kind: 80 + place as u8, reversed, hash: hash_of_predicate(predicate), origin }
        })
    })
}

/// Spells a candidate's predicate; `None` for no relation.
pub(super) fn spell(
    marked: Marked<'_>,
    triggers: &Triggers,
    rewrites: &Rewrites,
    of: Candidate,
) -> Option<String> {
    let form = |at: u16| {
        let trigger = triggers.all[usize::from(at)];
        let word = marked.word(usize::from(trigger.place));
        if trigger.is_verb { &*word.verb } else { &*word.text }
    };
    match of.origin {
        Origin::Nothing => None,
        Origin::Silent(place) => SILENT.get(usize::from(place)).map(|(predicate, _)| (*predicate).to_owned()),
        Origin::Rewritten { predicate, .. } => {
            rewrites.predicates.get(predicate as usize).map(|text| (**text).to_owned())
        }
        Origin::Triggers { first, end, far } => {
            let words: Vec<&str> = far.into_iter().chain(first..end).map(form).collect();
            Some(words.join(" "))
        }
    }
}

/// What the features of all candidates of a pair share.
pub(super) struct Pair {
    /// Kinds of what stands between the two, in order.
    path: u64,
    /// Objects between.
    between: u64,
    /// Signs and words that join or part, a bit each.
    joins: u64,
    first: u64,
    last: u64,
    after: u64,
    /// Triggers right before the later object, and before the earlier.
    near: u64,
    before: u64,
    adjoins: u64,
    heads: [u64; 2],
    plural: u64,
    position: u64,
    prose: u64,
}

impl Pair {
    /// Looks at the objects `i` and `j`, `i` before `j`.
    pub(super) fn new(marked: Marked<'_>, triggers: &Triggers, i: usize, j: usize) -> Self {
        let start = usize::from(marked.objects[i].end);
        let end = usize::from(marked.objects[j].start);
        let (mut path, mut joins, mut before) = (0, 0, u8::MAX);
        for Landmark { kind, joins: here } in triggers.landmarks[start..end].iter().copied() {
            joins |= here;
            if kind != before && kind != Landmark::QUALIFYING {
                path = join(6, path, u64::from(kind));
            }
            before = kind;
        }
        let near = triggers.group(j);
        let earlier = triggers.group(i);
        let (left, right) = (marked.head(i), marked.head(j));
        let edge = |at: usize, otherwise: u64| {
            if at < marked.sentence.len() { marked.traits(at).hash } else { otherwise }
        };
        let is_plural = |word: &Traits| u64::from(word.ends_with_s());
        Self {
            path,
            joins: u64::from(joins),
            between: (j - i - 1).min(4) as u64,
            first: if end > start { marked.traits(start).hash } else { 1 },
            last: if end > start { marked.traits(end - 1).hash } else { 1 },
            after: edge(usize::from(marked.objects[j].end), 2),
            near: triggers.hash(near.0, near.1),
            before: triggers.hash(earlier.0, earlier.1),
            adjoins: u64::from(end == start),
            heads: [left.noun_hash, right.noun_hash],
            plural: is_plural(left) * 2 + is_plural(right),
            position: (i.min(3) * 4 + (marked.objects.len() - 1 - j).min(3)) as u64,
            prose: u64::from(marked.prose),
        }
    }

    /// What speaks for a relation of whatever name.
    pub(super) fn features(&self) -> [u32; PAIR_FEATURES] {
        let n = self.between;
        [
            key(401, n, 0),
            key(402, n, self.path),
            key(403, n, self.joins),
            key(404, n, self.near),
            key(406, n, self.heads[0]),
            key(407, n, self.heads[1]),
            key(409, n, join(2, self.before, self.near)),
            key(410, n, self.position),
            key(411, n, self.first),
            key(412, n, self.last),
            key(413, n, self.after),
            key(415, self.path, self.near),
            key(416, self.path, self.position),
            key(417, n, self.prose),
            key(418, self.path, self.prose),
        ]
    }

    /// What speaks for one candidate at first sight.
    pub(super) fn glance_at(&self, of: &Candidate) -> [u32; GLANCE] {
        let seen = self.seen(of);
        let mut features = [self.by_first(seen); GLANCE];
        features[..3].copy_from_slice(&seen.by_itself());
        features[3..5].copy_from_slice(&self.by_near(seen));
        features[5..7].copy_from_slice(&self.by_path(seen));
        features[7..9].copy_from_slice(&self.by_heads(seen));
        features
    }

    /// Of the glance, what the triggers at hand say.
    #[inline]
    fn by_near(&self, Seen { name, way, .. }: Seen) -> [u32; 2] {
        [key(312, name, self.near), key(313, way, self.near)]
    }

    /// Of the glance, what the words between say.
    #[inline]
    fn by_path(&self, Seen { name, way, .. }: Seen) -> [u32; 2] {
        [key(309, way, self.path), key(318, name, self.path)]
    }

    /// Of the glance, what the objects say.
    #[inline]
    fn by_heads(&self, Seen { name, .. }: Seen) -> [u32; 2] {
        [key(305, name, self.heads[0]), key(306, name, self.heads[1])]
    }

    /// Of the glance, what the first word between says.
    #[inline]
    fn by_first(&self, Seen { kind, .. }: Seen) -> u32 {
        key(314, kind, self.first)
    }

    /// What else speaks for one candidate.
    #[inline]
    pub(super) fn study(&self, of: &Candidate) -> [u32; STUDY] {
        let Seen { kind, name, way } = self.seen(of);
        let [left, right] = self.heads;
        [
            key(310, way, self.joins),
            key(311, name, self.joins),
            key(315, kind, self.last),
            key(316, kind, self.after),
            key(317, way, join(1, left, right)),
            key(319, way, join(2, self.before, self.near)),
            key(320, way, self.position),
            key(323, way, left),
            key(324, way, right),
            key(325, way, self.adjoins * 128 + self.joins),
            key(326, join(4, name, left), right),
            key(328, join(4, name, right), self.near),
            key(329, join(4, name, left), self.near),
            key(333, join(4, name, self.plural), self.near),
            key(334, join(4, way, self.path), self.near),
            key(336, way, self.prose),
            key(337, name, self.prose),
        ]
    }

    #[inline]
    fn seen(&self, of: &Candidate) -> Seen {
        let direction = u64::from(of.reversed);
        let kind = u64::from(of.kind) * 2 + direction;
        Seen { kind, name: join(9, of.hash, direction), way: kind * 8 + self.between }
    }
}

/// Scores candidates of pairs at first sight, and remembers what those that need no words come to: the
/// same words stand between things again and again.
#[derive(Debug)]
pub(super) struct Scorer {
    silent: Memo<[i16; SILENT.len()]>,
}

impl Default for Scorer {
    fn default() -> Self {
        Self { silent: Memo::new(1 << 11) }
    }
}

impl Scorer {
    /// The sums of the weights of [`Pair::glance_at`] for each candidate.
    pub(super) fn glances(
        &mut self,
        table: &ManyRanks,
        pair: &Pair,
        candidates: &[Candidate],
        out: &mut Vec<i32>,
    ) {
        let is_silent = |of: &&Candidate| matches!(of.origin, Origin::Silent(_));
        // For one or two of them it is no faster to remember.
        let silent = match candidates.iter().rev().take(3).filter(is_silent).count() {
            3 => Some(self.silent(table, pair)),
            _ => None,
        };
        out.clear();
        out.extend(candidates.iter().map(|of| match (of.origin, &silent) {
            (Origin::Silent(place), Some(silent)) => silent[usize::from(place)],
            _ => table.sum(pair.glance_at(of)),
        }));
    }

    /// The glances of all that need no words.
    fn silent(&mut self, table: &ManyRanks, pair: &Pair) -> [i32; SILENT.len()] {
        let seen = || silent().map(|of| pair.seen(&of));
        let between = pair.between;
        let parts = [
            self.silent.of(join(6, between, 0), || seen().map(|seen| table.sum(seen.by_itself()) as i16)),
            self.silent
                .of(join(1, between, pair.near), || seen().map(|seen| table.sum(pair.by_near(seen)) as i16)),
            self.silent
                .of(join(2, between, pair.path), || seen().map(|seen| table.sum(pair.by_path(seen)) as i16)),
            self.silent.of(join(3, 0, pair.heads[0]), || {
                seen().map(|seen| table.sum([pair.by_heads(seen)[0]]) as i16)
            }),
            self.silent.of(join(4, 0, pair.heads[1]), || {
                seen().map(|seen| table.sum([pair.by_heads(seen)[1]]) as i16)
            }),
            self.silent
                .of(join(5, 0, pair.first), || seen().map(|seen| table.sum([pair.by_first(seen)]) as i16)),
        ];
        let mut sums = [0; SILENT.len()];
        for part in parts {
            for (sum, score) in sums.iter_mut().zip(part) {
                *sum += i32::from(score);
            }
        }
        sums
    }
}

/// A candidate as its features see it.
#[derive(Clone, Copy)]
struct Seen {
    kind: u64,
    name: u64,
    way: u64,
}

impl Seen {
    /// Of the glance, what the candidate says by itself.
    #[inline]
    fn by_itself(self) -> [u32; 3] {
        [key(302, self.way, 0), key(303, self.name, 0), key(304, self.name, self.way)]
    }
}

/// Adds the sums of the weights of [`Pair::study`] to the scores of the candidates at some places; puts
/// those at other places far behind.
pub(super) fn study(
    table: &ManyRanks,
    pair: &Pair,
    candidates: &[Candidate],
    places: &[usize],
    scores: &mut [i32],
) {
    let mut studied = places.iter().peekable();
    for (at, (of, score)) in candidates.iter().zip(scores).enumerate() {
        if studied.next_if(|place| **place == at).is_some() {
            *score += table.sum(pair.study(of));
        } else {
            *score = i32::MIN / 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::labels::{HEAD, OUT, Span};
    use super::super::lexical::Lexical;
    use super::super::words::Words;
    use super::*;

    #[test]
    fn only_kinds_that_are_asked_for_are_gathered() {
        let lexical = Lexical::default();
        let mut words = Words::new(&lexical, None);
        let sentence = ["man", "sitting", "on", "bench"].map(|word| words.id(word));
        let objects = [Span::new(0, 1), Span::new(3, 4)];
        let labels = [HEAD, OUT, OUT, HEAD];
        let marked =
            Marked { words: &words, sentence: &sentence, labels: &labels, objects: &objects, prose: true };
        let mut triggers = Triggers::default();
        triggers.find(marked);
        let kinds = triggers.landmarks.iter().map(|landmark| landmark.kind).collect::<Vec<_>>();
        let expected = [Landmark::NAMED, Landmark::VERB, Landmark::PREPOSITION, Landmark::NAMED];
        assert_eq!(kinds, expected);

        let mut rewrites = Rewrites::default();
        rewrites.add("sit on", false, "on");
        let gathered = |kinds: Kinds| {
            let mut found = Vec::new();
            Gather { triggers: &triggers, rewrites: &rewrites, kinds, found: &mut found }.pair(0, 1);
            let spelt = |of: &Candidate| (of.kind, of.reversed, spell(marked, &triggers, &rewrites, *of));
            found.iter().map(spelt).collect::<Vec<_>>()
        };
        let all = gathered(Kinds::ALL);
        assert!(all.contains(&(1, false, Some("sit on".to_owned()))) && all.len() > 9, "{all:?}");
        let mut kinds = Kinds::NONE;
        assert_eq!(gathered(kinds), [(0, false, None)]);
        kinds.insert(11, false);
        kinds.insert(80, false);
        let expected = [(0, false, None), (11, false, Some("on".into())), (80, false, Some("have".into()))];
        assert_eq!(gathered(kinds), expected);
    }
}
