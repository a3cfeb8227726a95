//! Two data sets, or two texts of each sample, side by side.
//!
//! Format and content are separate axes: how many samples are captions, questions or pairs says nothing of
//! what they know, and is never mixed with it into one number. Content is what main captions say (and what
//! the data set supplies as descriptors): density of the samples, and which facts either side has.
//!
//! ```text
//! coverage A→B   share of B's mentions of facts (each once a sample) whose key A has
//! at equal size  the same if the larger side had only as many samples as the smaller: the mean over all
//!                draws, Σ df_B · (1 − C(N_A − df_A, n) / C(N_A, n)) / Σ df_B
//! higher         chance that a sample of B has more than one of A, ties counting half (the AUC, 0.5 where
//!                neither has more); of two texts of one sample, the share of samples where B has more
//! bits           information in its own data set, as elsewhere; and in both together, so that they compare
//! ```
//!
//! Memory is bounded ([`Vocabulary`] for facts, 16,384 drawn samples for figures); nothing depends on the
//! order in which samples come.

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::model::Sample;
use crate::text;
use crate::text::extract::Language;

use super::analyse::Analysis;
use super::columns::{Column, Columns};
use super::contrast::{Contrast, LostKnowledge, Said, knowledge_kinds};
use super::format::{FormCount, NamedShare};
use super::key::{Key, KeyKind, Level};
use super::norms::Draw;
use super::spread::Spread;
use super::vocabulary::{Shared, Vocabulary, bits_among};

/// Figures that are shown, in their order; bits are taken apart.
const FIGURES: [Column; 9] = [
    Column::Units,
    Column::Bits,
    Column::Words,
    Column::Rate,
    Column::AttributesPerObject,
    Column::LinksPerObject,
    Column::Breadth,
    Column::Redundancy,
    Column::Hedging,
];
/// The name of the information in both data sets together.
const COMMON_BITS: &str = "bits_in_both";

/// What is gathered of one side.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    form: FormCount,
    /// Samples whose captions are in a language that is not read.
    unread: u64,
    facts: Vocabulary,
    drawn: Draw<Drawn>,
}

/// A sample that is kept for figures.
#[derive(Clone, Debug)]
struct Drawn {
    columns: Columns,
    keys: Vec<String>,
}

impl Gathered {
    /// Takes a sample; `seq` is its place in the data set.
    pub fn add(&mut self, seq: u64, sample: &Sample, analysis: &Analysis) {
        self.form.add(sample);
        self.unread += u64::from(analysis.language == Language::Other);
        self.facts.add(&analysis.keys);
        self.drawn.push(seq, || Drawn { columns: analysis.columns(), keys: analysis.keys.clone() });
    }

    /// The facts with their samples.
    pub fn facts(&self) -> &Vocabulary {
        &self.facts
    }

    /// Its form, its facts, and the keys of drawn samples whose captions are read.
    pub(super) fn into_parts(self) -> (FormCount, Vocabulary, Vec<Vec<String>>) {
        let is_read = |drawn: &Drawn| drawn.columns.get(Column::Units).is_some();
        let drawn = self.drawn.finish().into_iter().filter(is_read);
        (self.form, self.facts, drawn.map(|drawn| drawn.keys).collect())
    }

    /// What it is in form.
    pub fn form(&self) -> &FormCount {
        &self.form
    }
}

/// What is gathered of samples with two texts each.
#[derive(Clone, Debug, Default)]
pub struct GatheredPairs {
    sides: [Gathered; 2],
    kinds: [KindContrast; KeyKind::ALL.len()],
    /// Facts that got lost, and those that were gained.
    changes: [Vocabulary; 2],
    contradicting: u64,
    losing: u64,
    knowledge: [u64; KeyKind::ALL.len()],
    contradictions: Few<Contradiction>,
    lost: Few<LostExample>,
}

/// What became of the facts of a kind, over all samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct KindContrast {
    /// In both texts, in the same words.
    pub kept: u64,
    /// In both, in other words.
    pub reworded: u64,
    /// Both speak of it, and not both can be right.
    pub contradicted: u64,
    /// Only in the first.
    pub lost: u64,
    /// Only in the second.
    pub gained: u64,
}

/// An example of two texts that cannot both be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The sample.
    pub id: String,
    /// The keys.
    pub keys: [String; 2],
}

/// An example of a name, a text or a number that got lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostExample {
    /// The sample.
    pub id: String,
    /// What got lost.
    pub lost: LostKnowledge,
}

impl GatheredPairs {
    /// Takes the two texts of a sample; `seq` is its place in the data set. Facts that the data set supplies
    /// are of neither text.
    pub fn add(&mut self, seq: u64, id: &str, contrast: &Contrast) {
        for (side, reading) in self.sides.iter_mut().zip(&contrast.sides) {
            side.add(seq, &reading.sample, &reading.analysis);
        }
        for (said, count) in [
            (&contrast.kept, (|kind| &mut kind.kept) as fn(&mut KindContrast) -> &mut u64),
            (&contrast.lost, |kind| &mut kind.lost),
            (&contrast.gained, |kind| &mut kind.gained),
        ] {
            for said in said {
                self.count(said, count);
            }
        }
        for [one, _] in &contrast.reworded {
            self.count(one, |kind| &mut kind.reworded);
        }
        for [one, _] in &contrast.contradicted {
            self.count(one, |kind| &mut kind.contradicted);
        }
        for (changes, said) in self.changes.iter_mut().zip([&contrast.lost, &contrast.gained]) {
            changes.add(&said.iter().map(|said| said.key.clone()).collect::<Vec<_>>());
        }
        self.contradicting += u64::from(!contrast.contradicted.is_empty());
        self.losing += u64::from(!contrast.lost_knowledge.is_empty());
        for lost in &contrast.lost_knowledge {
            let kind = KeyKind::ALL.into_iter().position(|kind| kind.name() == lost.facet);
            if let Some(count) = kind.and_then(|kind| self.knowledge.get_mut(kind)) {
                *count += 1;
            }
        }
        if let Some([one, other]) = contrast.contradicted.first() {
            let keys = || [one.key.clone(), other.key.clone()];
            self.contradictions.push(seq, || Contradiction { id: id.to_owned(), keys: keys() });
        }
        if let Some(lost) = contrast.lost_knowledge.first() {
            self.lost.push(seq, || LostExample { id: id.to_owned(), lost: lost.clone() });
        }
    }

    fn count(&mut self, said: &Said, count: impl Fn(&mut KindContrast) -> &mut u64) {
        let kind = Key::parse(&said.key).map(|key| key.kind as usize);
        if let Some(kind) = kind.and_then(|kind| self.kinds.get_mut(kind)) {
            *count(kind) += 1;
        }
    }

    /// Samples that were taken.
    pub fn samples(&self) -> u64 {
        self.sides.first().map_or(0, |side| side.form.samples())
    }

    /// What there is to tell, with so many examples of each.
    pub fn finish(self, most: usize) -> (CompareReport, PairReport) {
        let samples = self.samples();
        let [lost, gained] = &self.changes;
        let frequent = |changes: &Vocabulary, kind: KeyKind| -> Vec<Lacking> {
            changes.kind(kind).most_frequent(most).into_iter().map(Lacking::plain).collect()
        };
        let kinds = KeyKind::ALL.into_iter().zip(self.kinds).map(|(kind, counts)| KindChanges {
            kind,
            counts,
            lost: frequent(lost, kind),
            gained: frequent(gained, kind),
        });
        let of_kind = |kind| (kind, self.knowledge.get(kind as usize).copied().unwrap_or_default());
        let pairs = PairReport {
            samples,
            kinds: kinds.collect(),
            contradicting: self.contradicting,
            losing: self.losing,
            lost_knowledge: knowledge_kinds().map(of_kind).collect(),
            contradictions: self.contradictions.finish(most),
            lost: self.lost.finish(most),
        };
        let [one, other] = self.sides;
        (report(one, other, Arrangement::Paired, most), pairs)
    }
}

/// Some examples, drawn by a hash of their places: the same ones in whatever order they come.
#[derive(Clone, Debug)]
struct Few<T>(Vec<(u64, T)>);

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Few<T> {
    /// Examples that are kept.
    const MOST: usize = 64;

    fn push(&mut self, seq: u64, example: impl FnOnce() -> T) {
        let lot = xxh3_64(&seq.to_le_bytes());
        let place = self.0.partition_point(|(other, _)| *other < lot);
        if place < Self::MOST {
            self.0.insert(place, (lot, example()));
            self.0.truncate(Self::MOST);
        }
    }

    fn finish(self, most: usize) -> Vec<T> {
        self.0.into_iter().take(most).map(|(_, example)| example).collect()
    }
}

/// What became of the facts of a kind, with the most frequent changes.
#[derive(Clone, Debug, PartialEq)]
pub struct KindChanges {
    /// The kind.
    pub kind: KeyKind,
    /// Over all samples.
    pub counts: KindContrast,
    /// The facts that got lost in most samples.
    pub lost: Vec<Lacking>,
    /// The facts that were gained in most samples.
    pub gained: Vec<Lacking>,
}

/// What two texts of each sample say against each other.
#[derive(Clone, Debug, PartialEq)]
pub struct PairReport {
    /// Samples with both.
    pub samples: u64,
    /// In the order of [`KeyKind::ALL`].
    pub kinds: Vec<KindChanges>,
    /// Samples with a contradiction.
    pub contradicting: u64,
    /// Samples that lost a name, a text or a number.
    pub losing: u64,
    /// Names, texts and numbers that got lost, by kind.
    pub lost_knowledge: Vec<(KeyKind, u64)>,
    /// Examples, at most one a sample.
    pub contradictions: Vec<Contradiction>,
    /// Examples, at most one a sample.
    pub lost: Vec<LostExample>,
}

/// The form of one side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FormSide {
    /// Samples.
    pub samples: u64,
    /// Main captions.
    pub captions: u64,
    /// Questions.
    pub questions: u64,
    /// Samples by form.
    pub forms: Vec<NamedShare>,
    /// Questions by type.
    pub question_types: Vec<NamedShare>,
    /// Effective number of tasks, from 1.
    pub task_diversity: Option<f64>,
    /// Samples whose captions are in a language that is not read: nothing of them is in the content.
    pub unread: u64,
}

/// Quartiles of a figure over samples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Quartiles {
    /// A quarter of the samples is below.
    pub p25: f64,
    /// Half of them.
    pub median: f64,
    /// Three quarters.
    pub p75: f64,
}

impl Quartiles {
    fn of(values: Vec<f64>) -> Option<Self> {
        let spread = Spread::of(values);
        let [p25, median, p75] = [25.0, 50.0, 75.0].map(|percent| spread.percentile(percent));
        Some(Self { p25: p25?, median: median?, p75: p75? })
    }
}

/// A figure of both sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FigureRow {
    /// Its name, as of a column.
    pub name: &'static str,
    /// Over the samples of either side; none where it is known of none.
    pub sides: [Option<Quartiles>; 2],
    /// Chance that a sample of the second side has more than one of the first, 0 to 1; of pairs, the share
    /// of samples where the second text has more. Ties count half. None where it would mean nothing.
    pub higher: Option<f64>,
}

/// The facts of a kind on both sides.
#[derive(Clone, Debug, PartialEq)]
pub struct KindRow {
    /// The kind.
    pub kind: KeyKind,
    /// Different facts.
    pub distinct: [u64; 2],
    /// Mentions, each once a sample.
    pub mentions: [u64; 2],
    /// What they have in common.
    pub shared: Shared,
}

/// A fact that one side has and the other lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lacking {
    /// What it is counted under.
    pub key: String,
    /// As a reader would write it.
    pub shown: String,
    /// Samples that have it.
    pub samples: u64,
    /// A word for the same that the other side does have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub synonym: Option<String>,
}

impl Lacking {
    /// A fact of which nobody looked for other words.
    fn plain((key, samples): (&str, u64)) -> Self {
        let shown = Key::parse(key).map_or_else(|| key.to_owned(), |key| key.show());
        Self { shown, key: key.to_owned(), samples, synonym: None }
    }
}

/// A level of coverage on both sides.
#[derive(Clone, Debug, PartialEq)]
pub struct CrossLevel {
    /// The level.
    pub level: Level,
    /// Different facts.
    pub distinct: [u64; 2],
    /// What they have in common.
    pub shared: Shared,
    /// The most frequent facts of the other side that the first lacks, and that the second lacks.
    pub lacking: [Vec<Lacking>; 2],
}

/// Two sides.
#[derive(Clone, Debug, PartialEq)]
pub struct CompareReport {
    /// Format.
    pub forms: [FormSide; 2],
    /// Content: density.
    pub figures: Vec<FigureRow>,
    /// Content: facts by kind, in the order of [`KeyKind::ALL`].
    pub kinds: Vec<KindRow>,
    /// Content: coverage, in the order of [`Level::ALL`].
    pub levels: Vec<CrossLevel>,
    /// Names, written texts and numbers that the first side lacks, and that the second lacks: by kind.
    pub knowledge: Vec<(KeyKind, [Vec<Lacking>; 2])>,
}

/// How the samples of both sides belong together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arrangement {
    Apart,
    Paired,
}

/// Two data sets side by side, with so many examples of each.
pub fn compare(one: Gathered, other: Gathered, most: usize) -> CompareReport {
    report(one, other, Arrangement::Apart, most)
}

fn report(one: Gathered, other: Gathered, arrangement: Arrangement, most: usize) -> CompareReport {
    let facts = [&one.facts, &other.facts];
    let kinds = KeyKind::ALL.into_iter().map(|kind| {
        let [first, second] = facts.map(|facts| facts.kind(kind));
        KindRow {
            kind,
            distinct: [first.distinct(), second.distinct()],
            mentions: [first.mentions(), second.mentions()],
            shared: first.shared_with(second),
        }
    });
    let knowledge = knowledge_kinds().map(|kind| {
        let [first, second] = facts.map(|facts| facts.kind(kind));
        let lacking = [second.lacking(first, most), first.lacking(second, most)];
        (kind, lacking.map(|found| found.into_iter().map(Lacking::plain).collect()))
    });
    CompareReport {
        kinds: kinds.collect(),
        levels: Level::ALL.into_iter().map(|level| cross_level(facts, level, most)).collect(),
        knowledge: knowledge.collect(),
        forms: [form_side(&one), form_side(&other)],
        figures: figures(one, other, arrangement),
    }
}

fn form_side(side: &Gathered) -> FormSide {
    FormSide {
        samples: side.form.samples(),
        captions: side.form.captions(),
        questions: side.form.questions(),
        forms: side.form.forms(),
        question_types: side.form.types(),
        task_diversity: side.form.diversity(),
        unread: side.unread,
    }
}

fn cross_level(facts: [&Vocabulary; 2], level: Level, most: usize) -> CrossLevel {
    let [first, second] = facts.map(|facts| facts.level(level));
    let of = |(key, samples): (&str, u64), lacks: &Vocabulary| Lacking {
        shown: level.show(key),
        key: key.to_owned(),
        samples,
        synonym: synonym_in(lacks, level, key),
    };
    let [one, other] = facts;
    CrossLevel {
        level,
        distinct: [first.distinct(), second.distinct()],
        shared: first.shared_with(second),
        lacking: [
            second.lacking(first, most).into_iter().map(|found| of(found, one)).collect(),
            first.lacking(second, most).into_iter().map(|found| of(found, other)).collect(),
        ],
    }
}

/// A word for the same as the last of a key, under which a data set has the fact. Only of single words:
/// of facts of several, the other words would have to be the same too.
fn synonym_in(facts: &Vocabulary, level: Level, key: &str) -> Option<String> {
    if !matches!(level, Level::Object | Level::Value | Level::Predicate) {
        return None;
    }
    let (before, name) = key.rsplit_once(' ')?;
    let level = facts.level(level);
    let samples_of = |word: &str| level.samples_of(&format!("{before} {}", word.replace(' ', "_")));
    let name = name.replace('_', " ");
    // `cell phone` and `cellphone` are one word in two spellings.
    let (spelling, _) = text::senses_of(&name);
    if samples_of(&spelling).is_some() {
        return Some(spelling);
    }
    let found = text::synonyms(&name).into_iter().filter_map(|synonym| {
        // A toilet may be called a pot, but who says pot means another thing.
        let means_it = || text::synonyms(synonym).contains(&name.as_str());
        let samples = samples_of(synonym)?;
        means_it().then_some((samples, synonym))
    });
    // The most frequent one is the one that a reader will look for.
    let best = found.reduce(|best, other| if other.0 > best.0 { other } else { best });
    best.map(|(_, synonym)| synonym.to_owned())
}

fn figures(one: Gathered, other: Gathered, arrangement: Arrangement) -> Vec<FigureRow> {
    let [first, second] = [(one.drawn, one.facts), (other.drawn, other.facts)];
    let rows = |drawn: Draw<Drawn>, own: &Vocabulary, foreign: &Vocabulary| -> Vec<(Columns, f64)> {
        let settled = |mut drawn: Drawn| {
            let is_read = drawn.columns.get(Column::Units).is_some();
            let bits = |sets: &[&Vocabulary]| if is_read { bits_among(&drawn.keys, sets) } else { f64::NAN };
            let (alone, together) = (bits(&[own]), bits(&[own, foreign]));
            drawn.columns.set(Column::Bits, alone);
            (drawn.columns, together)
        };
        drawn.finish().into_iter().map(settled).collect()
    };
    let (one, other) = (rows(first.0, &first.1, &second.1), rows(second.0, &second.1, &first.1));
    let row = |name, of: &dyn Fn(&(Columns, f64)) -> f64, compares: bool| {
        let [one, other] = [&one, &other].map(|rows| rows.iter().map(of).collect::<Vec<f64>>());
        let higher = match arrangement {
            _ if !compares => None,
            Arrangement::Paired => higher_in_pairs(&one, &other),
            Arrangement::Apart => higher_apart(&one, &other),
        };
        FigureRow { name, higher, sides: [Quartiles::of(one), Quartiles::of(other)] }
    };
    let mut found = Vec::new();
    for column in FIGURES {
        let of = |(columns, _): &(Columns, f64)| columns.get(column).unwrap_or(f64::NAN);
        // Bits grow with the number of samples in which a fact could be: those of two sets do not compare.
        found.push(row(column.name(), &of, column != Column::Bits));
        if column == Column::Bits {
            found.push(row(COMMON_BITS, &|(_, bits)| *bits, true));
        }
    }
    found
}

fn ties_half(one: f64, other: f64) -> f64 {
    match other.total_cmp(&one) {
        std::cmp::Ordering::Greater => 1.0,
        std::cmp::Ordering::Equal => 0.5,
        std::cmp::Ordering::Less => 0.0,
    }
}

/// Share of pairs of which the second has more, among those of which both are known.
fn higher_in_pairs(one: &[f64], other: &[f64]) -> Option<f64> {
    let pairs = one.iter().zip(other).filter(|(one, other)| one.is_finite() && other.is_finite());
    let (sum, count) =
        pairs.fold((0.0, 0_u64), |(sum, count), (one, other)| (sum + ties_half(*one, *other), count + 1));
    (count > 0).then(|| sum / count as f64)
}

/// The chance that a value of the second has more than one of the first: the AUC.
fn higher_apart(one: &[f64], other: &[f64]) -> Option<f64> {
    let mut sorted: Vec<f64> = one.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let (mut sum, mut count) = (0.0, 0_u64);
    for value in other.iter().filter(|value| value.is_finite()) {
        let below = sorted.partition_point(|other| other < value);
        let up_to = sorted.partition_point(|other| other <= value);
        sum += (below + up_to) as f64 / 2.0;
        count += 1;
    }
    (count > 0 && !sorted.is_empty()).then(|| sum / count as f64 / sorted.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Analyst, contrast};
    use crate::model::{Caption, CaptionRole};

    fn sample(at: u64, texts: &[&str]) -> Sample {
        let caption = |text: &&str| Caption {
            text: (*text).to_owned(),
            field: "caption".to_owned(),
            role: CaptionRole::Main,
        };
        Sample { id: format!("s{at}"), captions: texts.iter().map(caption).collect(), ..Sample::default() }
    }

    fn gathered(texts: &[&str]) -> Gathered {
        let (mut gathered, mut analyst) = (Gathered::default(), Analyst::new());
        for (at, text) in texts.iter().enumerate() {
            let mut sample = sample(at as u64, &[text]);
            let analysis = analyst.analyse(&mut sample);
            gathered.add(at as u64, &sample, &analysis);
        }
        gathered
    }

    const PLAIN: [&str; 3] = ["A dog on a couch.", "A cat.", "A dog runs."];
    const RICH: [&str; 2] = [
        "A brown dog with a red collar lies on a blue sofa beside two kites.",
        "A tall man in a white shirt rides a brown horse.",
    ];

    #[test]
    fn two_data_sets_are_compared() {
        let found = compare(gathered(&PLAIN), gathered(&RICH), 5);
        let row = |name: &str| found.figures.iter().find(|row| row.name == name).unwrap();
        assert_eq!(row("words").higher, Some(1.0));
        assert_eq!(row("bits_in_both").higher, Some(1.0));
        assert_eq!(row("bits").higher, None);
        let [plain, rich] = row("units").sides;
        assert!(plain.unwrap().median < rich.unwrap().p25);
        let objects = &found.levels[0];
        assert_eq!(objects.level, Level::Object);
        // Of the mentions dog, couch, cat, dog the rich set has the dogs.
        assert!((objects.shared.cross[1] - 0.5).abs() < 1e-12, "{objects:?}");
        let lacks = |side: usize, name: &str| objects.lacking[side].iter().find(|fact| fact.shown == name);
        assert!(lacks(0, "horse").is_some() && lacks(1, "cat").is_some());
        assert_eq!(lacks(1, "couch").and_then(|fact| fact.synonym.as_deref()), Some("sofa"));
        let counts = found.knowledge.iter().find(|(kind, _)| *kind == KeyKind::Count).unwrap();
        assert_eq!(counts.1[0][0].shown, "kite = 2");
        assert_eq!(found.forms.each_ref().map(|form| (form.samples, form.captions)), [(3, 3), (2, 2)]);
    }

    #[test]
    fn words_for_the_same_are_named() {
        let of = |name: &str| {
            let mut facts = Vocabulary::default();
            facts.add(&[format!("object {name}")]);
            facts
        };
        for (lacking, has, expected) in [
            ("couch", "sofa", Some("sofa")),
            ("cell_phone", "cellphone", Some("cellphone")),
            ("toilet", "pot", None),
            ("dog", "cat", None),
        ] {
            let found = synonym_in(&of(has), Level::Object, &format!("object {lacking}"));
            assert_eq!(found.as_deref(), expected, "{lacking}");
        }
    }

    #[test]
    fn a_data_set_against_itself() {
        let found = compare(gathered(&RICH), gathered(&RICH), 5);
        for level in &found.levels {
            assert!(level.shared.cross.iter().all(|share| *share >= 1.0));
            assert_eq!(level.shared.only, [0, 0]);
            assert!(level.lacking.iter().all(Vec::is_empty));
        }
        let known = found.figures.iter().filter_map(|row| row.higher);
        assert!(known.clone().count() > 5 && known.into_iter().all(|higher| (higher - 0.5).abs() < 1e-12));
    }

    #[test]
    fn nothing_is_compared_with_something() {
        let found = compare(Gathered::default(), gathered(&RICH), 5);
        assert!(found.figures.iter().all(|row| row.higher.is_none() && row.sides[0].is_none()));
        assert!(found.levels[0].shared.cross.iter().all(|share| *share <= 0.0));
        assert!(
            found.levels.iter().all(|level| level.shared.at_equal_size.iter().all(|share| share.is_finite()))
        );
    }

    #[test]
    fn pairs_of_texts_are_compared() {
        let mut analyst = Analyst::new();
        let pairs = [
            ["2 dogs in Paris", "Three brown dogs run on a wet road."],
            ["A red car.", "A blue car beside a tree."],
            ["A cat.", "A cat sleeps on a chair."],
        ];
        let gather = |order: &mut dyn Iterator<Item = usize>, analyst: &mut Analyst| {
            let mut gathered = GatheredPairs::default();
            for at in order {
                let sample = sample(at as u64, &pairs[at]);
                gathered.add(at as u64, &sample.id, &contrast(analyst, &sample, &[0], &[1]));
            }
            gathered.finish(5)
        };
        let (report, found) = gather(&mut (0..3), &mut analyst);
        assert_eq!((found.samples, found.contradicting, found.losing), (3, 2, 1));
        let kind = |kind: KeyKind| found.kinds.iter().find(|row| row.kind == kind).unwrap();
        assert_eq!(kind(KeyKind::Object).counts.kept, 3);
        assert!(kind(KeyKind::Object).gained.iter().any(|fact| fact.shown == "tree"));
        assert_eq!(kind(KeyKind::Attribute).counts.contradicted, 1);
        assert_eq!(kind(KeyKind::Count).counts.contradicted, 1);
        let color = found.contradictions.iter().find(|found| found.id == "s1").unwrap();
        assert_eq!(color.keys, ["attr car color red", "attr car color blue"]);
        assert!(found.lost_knowledge.contains(&(KeyKind::Entity, 1)), "{:?}", found.lost_knowledge);
        assert_eq!(report.figures.iter().find(|row| row.name == "words").unwrap().higher, Some(1.0));
        assert_eq!(gather(&mut (0..3).rev(), &mut analyst), (report, found));
    }

    #[test]
    fn chances_are_between_none_and_all() {
        assert_eq!(higher_apart(&[1.0, 2.0], &[3.0, 2.0, f64::NAN]), Some(0.875));
        assert_eq!(higher_in_pairs(&[1.0, 2.0, f64::NAN], &[3.0, 2.0, 1.0]), Some(0.75));
        assert_eq!(higher_apart(&[], &[1.0]), None);
        assert_eq!(higher_in_pairs(&[f64::NAN], &[1.0]), None);
    }
}
