//! Finds for each of many samples those that are alike and yet differ, without comparing all with all.
//!
//! An inverted index holds words, keys and *slots*. A slot is a key with one part left open: `dog color *`, `* ride
//! horse`, `dog = *`, `some kind of mammal`. Who shares a slot and not the key fills it otherwise, which is what a
//! contrast is. So reading the lists of one sample gives an estimate of the whole score for every other, not only of
//! how alike they are; the best by estimate are then compared in full.
//!
//! Lists are read from the shortest on until a budget is used up. Long lists are of what many samples have and weighs
//! little. The work per sample so has a bound that does not grow with the collection.

use std::cmp::{Ordering, Reverse};
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::measure::{Counts, KeyKind};

use super::compare::{CONTRAST_SCALE, Comparer, Norms, coarse_by};
use super::kind::Kind;
use super::portrait::{NONE, View, Vocabulary};
use super::sheets::{Placed, Rows, Sheets};

/// Bits of contrast that are expected where no slot tells of any.
const LEAST_CONTRAST: f32 = 3.0;

/// How pairs are looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Pairs that are kept of each sample.
    pub per_sample: usize,
    /// Samples that are compared in full with each.
    pub candidates: usize,
    /// Entries of lists that are read for each.
    pub reads: usize,
    /// Least coarse score of a pair; what is less alike is no pair.
    pub least_coarse: f32,
    /// Largest coarse score. Who says the same has no contrast, so there is no need for a bound below 1, which would
    /// leave out the best of long captions: twins of a hundred words with one changed are alike by 0.98.
    pub most_coarse: f32,
}

impl Default for Plan {
    fn default() -> Self {
        Self { per_sample: 10, candidates: 95, reads: 15_000, least_coarse: 0.18, most_coarse: 1.0 }
    }
}

/// What is known of a sample beside its portrait: who has the same is no partner of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Prints of its pictures: files, or what is seen on them. Nearly equal pictures have the same.
    pub pictures: Vec<u64>,
    /// Prints of its captions.
    pub captions: Vec<u64>,
}

/// Two samples that were found to be a contrast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// Places of the samples in the collection; `first` is the one for which the other was found.
    pub first: u32,
    /// The other.
    pub second: u32,
    /// The score, 0 to 1.
    pub score: f32,
    /// How alike they are, 0 to 1.
    pub coarse: f32,
    /// Bits of their differences.
    pub contrast_bits: f32,
    /// The kind of change.
    pub kind: Kind,
}

/// What was left out while pairs were looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Pairs of the same or nearly the same picture.
    pub pictures: u64,
    /// Pairs with a caption in common.
    pub captions: u64,
    /// Pairs that were compared in full.
    pub compared: u64,
}

impl LeftOut {
    /// Takes in what others left out.
    pub fn add(&mut self, other: Self) {
        self.pictures += other.pictures;
        self.captions += other.captions;
        self.compared += other.compared;
    }
}

/// Samples among which pairs are looked for. Memory: about 400 bytes for a sample of one short caption.
#[derive(Debug, Default)]
pub struct Collection {
    vocabulary: Vocabulary,
    sheets: Sheets,
    /// Those that are never partners of each other, as places.
    apart: FxHashSet<(u32, u32)>,
}

impl Collection {
    /// Takes in a sample; its place is how many there were before.
    pub fn add<'t>(&mut self, captions: impl IntoIterator<Item = &'t str>, keys: &[String], marks: &Marks) {
        let portrait = self.vocabulary.add(captions, keys);
        self.sheets.push(&portrait.words, &portrait.keys, marks);
    }

    /// Keeps two samples from being found as a pair.
    pub fn keep_apart(&mut self, one: u32, other: u32) {
        self.apart.insert((one.min(other), one.max(other)));
    }

    /// Samples that were taken in.
    pub fn len(&self) -> usize {
        self.sheets.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The vocabulary.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// A sample.
    pub fn view(&self, place: u32) -> View<'_> {
        self.sheets.get(place).view
    }

    /// Makes ready for mining: weighs and inverts.
    pub fn settle(self) -> Mine {
        self.settle_with(None)
    }

    /// The same, with how rare a fact is in a larger collection.
    pub fn settle_with(mut self, counts: Option<&dyn Counts>) -> Mine {
        self.vocabulary.settle(counts);
        Mine::of(self)
    }
}

/// Which part of a key is left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Slot {
    Value,
    Number,
    Predicate,
    Target,
    Subject,
    Act,
    Kin,
    Text,
    Scene,
}

/// What postings add to the account of a sample: weight of words, weight of keys, bits of what both say, bits of
/// what one says where the other says something else.
type Account = [f32; 4];

/// Places whose accounts are summed up together. All accounts of a large collection lie far apart in memory, and
/// waiting for them was most of the work; those of a block stay in the second cache of a core.
const BLOCK: u32 = 16_384;

/// A list that is read for a sample, block by block: what of it is left, and what its members get.
#[derive(Clone, Debug)]
struct Reading {
    rest: std::ops::Range<usize>,
    adds: Account,
}

/// One sample whose partners are looked for.
#[derive(Debug, Default)]
struct Inquiry {
    place: u32,
    readings: Vec<Reading>,
    ranked: Vec<(f32, u32)>,
    /// Who is not better is not among the best any more.
    worst: f32,
}

/// Samples whose partners are looked for together, block by block: what is known of a block is fetched once for all.
const TOGETHER: usize = 16;

/// A collection with its inverted index.
#[derive(Debug)]
pub struct Mine {
    collection: Collection,
    /// For each word, key and slot, in this order, who has it.
    lists: Rows<u32>,
    /// For each key its slots.
    slots: Rows<(u32, f32)>,
    /// For each sample half of one through its norms, as steps of [`STEPS`]: near enough for an estimate, and of ten
    /// million samples no more than the cache of a core's neighbours holds.
    halves: Vec<[u8; 2]>,
}

/// What a thread needs to look for pairs.
#[derive(Debug, Default)]
pub struct Miner {
    /// One for each place of a block; all are zero between blocks.
    accounts: Vec<Account>,
    /// A bit for each place of a block that has an account.
    touched: Vec<u64>,
    terms: Vec<(usize, u32, f32)>,
    inquiries: Vec<Inquiry>,
    comparer: Comparer,
    /// What was left out.
    pub left_out: LeftOut,
}

impl Mine {
    fn of(mut collection: Collection) -> Self {
        let slots = slots_of(&collection.vocabulary);
        let (words, keys) = (collection.vocabulary.words(), collection.vocabulary.keys());
        let many_slots = slots.members.iter().map(|(slot, _)| *slot as usize + 1).max().unwrap_or(0);
        let mut counts = vec![0_u32; words + keys + many_slots];
        let each = |take: &mut dyn FnMut(usize, u32)| {
            let mut seen: Vec<u32> = Vec::new();
            for place in 0..collection.len() {
                let View { words: own, keys: facts } = collection.view(place as u32);
                for word in own {
                    take(*word as usize, place as u32);
                }
                seen.clear();
                for key in facts {
                    take(words + *key as usize, place as u32);
                    seen.extend(slots.get(*key as usize).iter().map(|(slot, _)| *slot));
                }
                seen.sort_unstable();
                seen.dedup();
                for slot in &seen {
                    take(words + keys + *slot as usize, place as u32);
                }
            }
        };
        each(&mut |term, _| {
            if let Some(count) = counts.get_mut(term) {
                *count += 1;
            }
        });
        let mut end = 0;
        let ends: Vec<u32> = counts
            .iter()
            .map(|count| {
                end += count;
                end
            })
            .collect();
        // Each list is filled from its start on.
        let mut next: Vec<u32> = ends.iter().zip(&counts).map(|(end, count)| end - count).collect();
        let mut members = vec![0_u32; end as usize];
        each(&mut |term, place| {
            if let Some(at) = next.get_mut(term) {
                if let Some(member) = members.get_mut(*at as usize) {
                    *member = place;
                }
                *at += 1;
            }
        });
        // Who has nothing of a kind shares nothing of it.
        let half = |norm: f32| if norm > 1e-6 { 0.5 / norm } else { 0.0 };
        let mut halves = Vec::with_capacity(collection.len());
        for place in 0..collection.len() as u32 {
            let norms = Norms::of(&collection.vocabulary, collection.view(place));
            halves.push([half(norms.words), half(norms.keys)].map(step_of));
            collection.sheets.put_norms(place, norms);
        }
        Self { lists: Rows { ends, members }, slots, halves, collection }
    }

    /// The collection.
    pub fn collection(&self) -> &Collection {
        &self.collection
    }

    /// The best partners of a sample, the best first. The same whoever asks and in whatever order.
    pub fn partners(&self, place: u32, plan: &Plan, miner: &mut Miner) -> Vec<Found> {
        self.partners_of(std::iter::once(place), plan, miner)
    }

    /// The best partners of each of some samples, one after the other: the same as if each was asked for alone, but
    /// sooner.
    pub fn partners_of(
        &self,
        places: impl IntoIterator<Item = u32>,
        plan: &Plan,
        miner: &mut Miner,
    ) -> Vec<Found> {
        let mut all = Vec::new();
        let mut places = places.into_iter().peekable();
        while places.peek().is_some() {
            let together: Vec<u32> = places.by_ref().take(TOGETHER).collect();
            self.estimate(&together, plan, miner);
            let inquiries = std::mem::take(&mut miner.inquiries);
            for Inquiry { place, ranked, .. } in inquiries.iter().take(together.len()) {
                let mine = self.collection.sheets.get(*place);
                let mut found = Vec::new();
                for (_, other) in ranked {
                    let sheet = self.collection.sheets.get(*other);
                    if self.are_apart((*place, mine), (*other, sheet), &mut miner.left_out) {
                        continue;
                    }
                    miner.left_out.compared += 1;
                    found.extend(self.compare((*place, mine), (*other, sheet), plan, &mut miner.comparer));
                }
                best(&mut found, plan.per_sample);
                all.append(&mut found);
            }
            miner.inquiries = inquiries;
        }
        all
    }

    /// The best partners of a sample among all others: what [`Mine::partners`] is measured by.
    pub fn partners_of_all(&self, place: u32, plan: &Plan, miner: &mut Miner) -> Vec<Found> {
        let mut found = Vec::new();
        let mine = self.collection.sheets.get(place);
        for other in (0..self.collection.len() as u32).filter(|other| *other != place) {
            let sheet = self.collection.sheets.get(other);
            if !self.are_apart((place, mine), (other, sheet), &mut miner.left_out) {
                miner.left_out.compared += 1;
                found.extend(self.compare((place, mine), (other, sheet), plan, &mut miner.comparer));
            }
        }
        best(&mut found, plan.per_sample);
        found
    }

    fn compare(
        &self,
        (place, mine): Placed<'_>,
        (other, sheet): Placed<'_>,
        plan: &Plan,
        comparer: &mut Comparer,
    ) -> Option<Found> {
        let vocabulary = &self.collection.vocabulary;
        let both = [mine.view, sheet.view];
        let coarse = coarse_by(vocabulary, both, [mine.norms, sheet.norms]);
        if coarse < plan.least_coarse || coarse > plan.most_coarse {
            return None;
        }
        let comparison = comparer.compare_by(vocabulary, both[0], both[1], coarse);
        let kind = comparison.kind().filter(|_| comparison.score > 0.0)?;
        Some(Found {
            first: place,
            second: other,
            score: comparison.score,
            coarse,
            contrast_bits: comparison.contrast_bits,
            kind,
        })
    }

    /// Whether two samples are no pair whatever they say.
    fn are_apart(&self, (one, mine): Placed<'_>, (other, sheet): Placed<'_>, left_out: &mut LeftOut) -> bool {
        let (pictures, others) = (mine.pictures, sheet.pictures);
        if pictures.iter().any(|print| others.contains(print)) {
            left_out.pictures += 1;
            return true;
        }
        // Several captions of a picture may be told alike where one is not: only who says nothing else says the same.
        let (captions, others) = (mine.captions, sheet.captions);
        let (fewer, more) =
            if captions.len() <= others.len() { (captions, others) } else { (others, captions) };
        if !fewer.is_empty() && fewer.iter().all(|print| more.contains(print)) {
            left_out.captions += 1;
            return true;
        }
        self.collection.apart.contains(&(one.min(other), one.max(other)))
    }

    /// Ranks the others by an estimate of the score, for each of some samples.
    fn estimate(&self, places: &[u32], plan: &Plan, miner: &mut Miner) {
        miner.accounts.resize(BLOCK as usize, Account::default());
        miner.touched.resize(BLOCK.div_ceil(u64::BITS) as usize, 0);
        let mut inquiries = std::mem::take(&mut miner.inquiries);
        inquiries.resize_with(places.len().max(inquiries.len()), Inquiry::default);
        for (inquiry, place) in inquiries.iter_mut().zip(places) {
            (inquiry.place, inquiry.worst) = (*place, f32::NEG_INFINITY);
            inquiry.ranked.clear();
            self.choose_lists(plan, inquiry, &mut miner.terms);
        }
        for block in (0..self.collection.len() as u32).step_by(BLOCK as usize) {
            for inquiry in inquiries.iter_mut().take(places.len()) {
                self.read_block(block, inquiry, miner);
                self.rank_block(block, plan.candidates, inquiry, miner);
            }
        }
        for inquiry in inquiries.iter_mut().take(places.len()) {
            keep_best(&mut inquiry.ranked, plan.candidates);
            inquiry.ranked.sort_unstable_by(by_estimate);
        }
        miner.inquiries = inquiries;
    }

    /// Sums up the accounts of those of a block that the lists of a sample name.
    fn read_block(&self, block: u32, inquiry: &mut Inquiry, miner: &mut Miner) {
        for Reading { rest, adds } in &mut inquiry.readings {
            let members = self.lists.members.get(rest.clone()).unwrap_or_default();
            for other in members {
                let at = other.wrapping_sub(block) as usize;
                let Some(account) = miner.accounts.get_mut(at) else { break };
                for (sum, more) in account.iter_mut().zip(*adds) {
                    *sum += more;
                }
                if let Some(bits) = miner.touched.get_mut(at / 64) {
                    *bits |= 1 << (at % 64);
                }
                rest.start += 1;
            }
        }
    }

    /// Chooses the lists to be read for a sample: the rarest first, as many as the plan allows.
    fn choose_lists(&self, plan: &Plan, inquiry: &mut Inquiry, chosen: &mut Vec<(usize, u32, f32)>) {
        let vocabulary = &self.collection.vocabulary;
        let (words, keys) = (vocabulary.words(), vocabulary.keys());
        chosen.clear();
        let mine = self.collection.view(inquiry.place);
        for word in mine.words {
            chosen.push((*word as usize, 0, vocabulary.word_weight(*word)));
        }
        for key in mine.keys {
            let bits = vocabulary.fact(*key).map_or(0.0, |fact| fact.bits);
            chosen.push((words + *key as usize, 1 + key, bits));
            for (slot, weight) in self.slots.get(*key as usize) {
                chosen.push((words + keys + *slot as usize, NONE, bits * weight));
            }
        }
        let lists = &self.lists;
        chosen.sort_unstable_by_key(|(term, _, _)| (lists.range(*term).len(), *term));
        inquiry.readings.clear();
        let mut left = plan.reads;
        for (term, key, bits) in chosen.iter() {
            let rest = lists.range(*term);
            if rest.len() > left {
                break;
            }
            left -= rest.len();
            let adds = match key {
                0 => [bits * bits, 0.0, 0.0, 0.0],
                &NONE => [0.0, 0.0, 0.0, *bits],
                key => {
                    let weight = vocabulary.weight(key - 1);
                    // Who has the key has its slots too, and fills them alike.
                    let slots =
                        self.slots.get(*key as usize - 1).iter().map(|(_, weight)| weight).sum::<f32>();
                    [0.0, weight * weight, *bits, -bits * slots]
                }
            };
            inquiry.readings.push(Reading { rest, adds });
        }
    }

    /// Ranks those of a block that have an account, and clears the accounts. Of more than `many` only the best are
    /// kept, now and then.
    fn rank_block(&self, block: u32, many: usize, inquiry: &mut Inquiry, miner: &mut Miner) {
        let steps = &*STEPS;
        let halves_of = |place: u32| {
            let halves = self.halves.get(place as usize).copied().unwrap_or_default();
            halves.map(|step| steps[usize::from(step)])
        };
        let [of_words, of_keys] = halves_of(inquiry.place).map(|half| half * 2.0);
        for (at, bits) in miner.touched.iter_mut().enumerate() {
            let mut left = std::mem::take(bits);
            while left != 0 {
                let at = at * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                let Some(account) = miner.accounts.get_mut(at) else { continue };
                let [words, keys, shared, contrast] = std::mem::take(account);
                let other = block + at as u32;
                let [for_words, for_keys] = halves_of(other);
                let coarse = words * of_words * for_words + keys * of_keys * for_keys;
                let contrast = contrast.max(LEAST_CONTRAST);
                // 1 − e^(−x) is near enough to x / (x + 0.6) where the order is all that matters.
                let gain = contrast / (contrast + 0.6 * CONTRAST_SCALE);
                let shared = shared.max(0.5);
                let estimate = coarse * gain * shared / (shared + contrast);
                // Places rise: of equals the earlier one stays.
                if estimate > inquiry.worst && other != inquiry.place {
                    inquiry.ranked.push((estimate, other));
                }
            }
        }
        if inquiry.ranked.len() > 2 * many
            && let Some(worst) = keep_best(&mut inquiry.ranked, many)
        {
            inquiry.worst = worst;
        }
    }
}

/// Nothing, then steps of three in a hundred, from one of a very long caption to one of a single word.
static STEPS: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|step| if step == 0 { 0.0 } else { 5e-4 * 1.03_f32.powi(step as i32) })
});

/// The first step that is not below a number; the last for what lies above all.
fn step_of(number: f32) -> u8 {
    STEPS.partition_point(|step| *step < number).min(255) as u8
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as sorting has it")]
fn by_estimate(one: &(f32, u32), other: &(f32, u32)) -> Ordering {
    other.0.total_cmp(&one.0).then(one.1.cmp(&other.1))
}

/// Keeps the best of a ranking, in any order; tells the worst of them where any had to go.
fn keep_best(ranked: &mut Vec<(f32, u32)>, many: usize) -> Option<f32> {
    if many == 0 {
        ranked.clear();
    }
    let last = many.checked_sub(1).filter(|_| ranked.len() > many)?;
    ranked.select_nth_unstable_by(last, by_estimate);
    ranked.truncate(many);
    ranked.last().map(|(estimate, _)| *estimate)
}

/// Keeps the best pairs, the best first; of equal ones those of lower places.
fn best(found: &mut Vec<Found>, many: usize) {
    found.sort_unstable_by(|one, other| {
        other.score.total_cmp(&one.score).then((one.first, one.second).cmp(&(other.first, other.second)))
    });
    found.truncate(many);
}

/// For each key the slots that it fills, and which share of the key's bits another filling is expected to weigh.
fn slots_of(vocabulary: &Vocabulary) -> Rows<(u32, f32)> {
    /// One relation has two slots that tell of the same thing, and other fillings of them are often no difference.
    const ROLE: f32 = 0.3;
    let mut known: FxHashMap<(Slot, u32, u32), u32> = FxHashMap::default();
    let mut slots = Rows::default();
    for fact in &vocabulary.facts {
        let (subject, what) = (vocabulary.class(fact.subject), vocabulary.class(fact.what));
        let parent = vocabulary.parent(fact.subject);
        let row: &[((Slot, u32, u32), f32)] = match fact.kind {
            _ if fact.is_denied => &[],
            KeyKind::Attribute => &[((Slot::Value, subject, fact.how), 1.0)],
            KeyKind::Count => &[((Slot::Number, subject, NONE), 1.0)],
            KeyKind::Relation => &[
                ((Slot::Predicate, subject, what), 1.0),
                ((Slot::Target, subject, fact.how), ROLE),
                ((Slot::Subject, fact.how, what), ROLE),
            ],
            KeyKind::Act => &[((Slot::Act, subject, NONE), 1.0)],
            KeyKind::Object if parent != NONE => &[((Slot::Kin, parent, NONE), 1.0)],
            KeyKind::Text => &[((Slot::Text, NONE, NONE), 1.0)],
            KeyKind::Scene if parent != NONE => &[((Slot::Scene, parent, NONE), 1.0)],
            KeyKind::Object | KeyKind::Scene | KeyKind::Entity => &[],
        };
        let numbers: Vec<(u32, f32)> = row
            .iter()
            .map(|(slot, weight)| {
                let next = known.len() as u32;
                (*known.entry(*slot).or_insert(next), *weight)
            })
            .collect();
        slots.push(numbers);
    }
    slots
}

/// The best pairs of all, each once, the best first: at most `limit`, and no sample in more than `uses` of them.
///
/// Each that would be taken is shown to `may` first, with all that come behind it.
pub fn select(
    mut found: Vec<Found>,
    limit: usize,
    uses: usize,
    may: &mut dyn FnMut(&[Found]) -> bool,
) -> Vec<Found> {
    for pair in &mut found {
        if pair.first > pair.second {
            (pair.first, pair.second) = (pair.second, pair.first);
        }
    }
    found.sort_unstable_by_key(|pair| (pair.first, pair.second, Reverse(pair.score.to_bits())));
    found.dedup_by_key(|pair| (pair.first, pair.second));
    best(&mut found, usize::MAX);
    let mut used: FxHashMap<u32, usize> = FxHashMap::default();
    let mut selected = Vec::new();
    for (at, pair) in found.iter().enumerate() {
        if selected.len() == limit {
            break;
        }
        let is_free = |place: u32| used.get(&place).is_none_or(|many| *many < uses);
        let behind = found.get(at..).unwrap_or_default();
        if is_free(pair.first) && is_free(pair.second) && may(behind) {
            *used.entry(pair.first).or_default() += 1;
            *used.entry(pair.second).or_default() += 1;
            selected.push(*pair);
        }
    }
    selected
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Analyst;
    use crate::model::{Caption, CaptionRole, Sample};

    fn mine_of(captions: &[(&str, u64)]) -> Mine {
        let mut analyst = Analyst::new();
        let mut collection = Collection::default();
        for (text, picture) in captions {
            let caption = Caption { text: (*text).to_owned(), field: String::new(), role: CaptionRole::Main };
            let analysis = analyst.analyse(&mut Sample { captions: vec![caption], ..Sample::default() });
            let marks = Marks { pictures: vec![*picture], captions: analysis.prints.captions.clone() };
            collection.add([*text], &analysis.keys, &marks);
        }
        collection.settle()
    }

    fn many() -> Vec<(String, u64)> {
        let mut captions = Vec::new();
        for animal in ["dog", "cat", "horse", "cow"] {
            for color in ["brown", "black", "white"] {
                for place in ["on the grass", "next to a car", "under a tree", "in the water"] {
                    captions.push((format!("A {color} {animal} {place}."), captions.len() as u64));
                }
            }
        }
        captions
    }

    #[test]
    fn estimates_find_what_comparing_all_finds() {
        let captions = many();
        let captions: Vec<(&str, u64)> =
            captions.iter().map(|(text, place)| (text.as_str(), *place)).collect();
        let mine = mine_of(&captions);
        let (plan, mut miner) = (Plan { candidates: 12, per_sample: 5, ..Plan::default() }, Miner::default());
        let (mut all, mut hit) = (0, 0);
        for place in 0..captions.len() as u32 {
            let truth = mine.partners_of_all(place, &plan, &mut Miner::default());
            let found = mine.partners(place, &plan, &mut miner);
            assert_eq!(found, mine.partners(place, &plan, &mut Miner::default()), "the same for every miner");
            all += truth.len();
            hit += truth
                .iter()
                .filter(|pair| found.iter().any(|other| other.score >= pair.score - 1e-6))
                .count();
        }
        assert!(all > 0 && hit * 100 >= all * 95, "{hit} of {all}");
    }

    #[test]
    fn the_same_picture_and_the_same_caption_are_no_pair() {
        let mine = mine_of(&[
            ("A brown dog on the grass.", 1),
            ("A black dog on the grass.", 1),
            ("A brown dog on the grass.", 2),
            ("A white dog on the grass.", 3),
            ("A clock on a tower.", 4),
            ("Two trains at a station.", 5),
            ("A plate of food on a table.", 6),
            ("A man in a red shirt.", 7),
            ("Some boats on a lake.", 8),
        ]);
        let mut miner = Miner::default();
        let found = mine.partners(0, &Plan::default(), &mut miner);
        assert_eq!(found.iter().map(|pair| pair.second).collect::<Vec<_>>(), [3]);
        assert_eq!((miner.left_out.pictures, miner.left_out.captions), (1, 1));
    }

    #[test]
    fn no_sample_is_used_too_often() {
        let pair = |first, second, score| Found {
            first,
            second,
            score,
            coarse: 0.5,
            contrast_bits: 8.0,
            kind: Kind::Count,
        };
        let found = vec![pair(0, 1, 0.9), pair(1, 0, 0.9), pair(2, 0, 0.8), pair(0, 3, 0.7), pair(3, 4, 0.6)];
        let selected = select(found.clone(), 10, 2, &mut |_| true);
        let ends: Vec<(u32, u32)> = selected.iter().map(|pair| (pair.first, pair.second)).collect();
        assert_eq!(ends, [(0, 1), (0, 2), (3, 4)]);
        assert_eq!(select(found.clone(), 1, 9, &mut |_| true).len(), 1);
        assert_eq!(select(found, 1, 9, &mut |_| false).len(), 0);
    }

    #[test]
    fn nothing_comes_of_nothing() {
        let mine = Collection::default().settle();
        assert!(mine.partners(0, &Plan::default(), &mut Miner::default()).is_empty());
        let one = mine_of(&[("", 1), ("", 2)]);
        assert!(one.partners(0, &Plan::default(), &mut Miner::default()).is_empty());
    }
}
