//! Reports of flags and coverage that nobody counted, but that hang together.

use std::sync::Arc;

use crate::measure::{
    Column, Columns, Comparison, ConceptCount, Coverage, CoverageReport, CoverageSide, CurvePoint, Figures,
    Flag, FlagCount, FlagId, FlagReport, Histogram, KeyKind, Level, LevelReport, Matrix, Prints, Profile,
    Tally,
};
use crate::model::{Evidence, Sample};
use crate::pairs::{Fate, Member, Record, Source, Told, Word, edit, words};
use crate::vqa::{Judge, QuestionReport};
use crate::worker::{PairDetail, Paired, PairsReport, QuestionsReport, WordFates};

/// Figures of a sample by its place: every seventh is thin, every tenth guesses too.
pub(super) fn figures(sample: &Sample) -> Arc<Figures> {
    let place = sample.seq.0;
    let mut columns = Columns::default();
    columns.set(Column::Rate, 20.0 + (place * 7 % 60) as f64 + 0.25);
    columns.set(Column::Units, (place % 7 + 2) as f64);
    columns.set(Column::UnitsPerCaption, (place % 7 + 2) as f64 / 2.0);
    let mut flags = Vec::new();
    if place.is_multiple_of(7) {
        flags.push(Flag {
            id: FlagId::Thin,
            column: Column::UnitsPerCaption.name(),
            value: 1.0,
            comparison: "<",
            threshold: 4.0,
            percentile: Some(2.4),
            spans: Vec::new(),
            mend: FlagId::Thin.mend(),
        });
    }
    if place.is_multiple_of(10) {
        flags.push(Flag {
            id: FlagId::Hedged,
            column: Column::Hedging.name(),
            value: 0.25,
            comparison: ">",
            threshold: 0.15,
            percentile: None,
            spans: vec![Evidence { caption: 0, start: 2, end: 5, sentence: 0 }],
            mend: FlagId::Hedged.mend(),
        });
    }
    if place == 1 {
        flags.push(Flag {
            id: FlagId::BareObjects,
            column: Column::AttributesPerObject.name(),
            value: 0.0,
            comparison: "<",
            threshold: 0.65,
            percentile: Some(0.0),
            spans: Vec::new(),
            mend: FlagId::BareObjects.mend(),
        });
    }
    Arc::new(Figures { columns, flags, rank: Some((place * 13 % 100) as f64 / 100.0) })
}

fn histogram(column: Column, width: f64, counts: Vec<u64>, unknown: u64) -> Histogram {
    let edges = (0..=counts.len()).map(|edge| edge as f64 * width).collect();
    Histogram { column, edges, counts, unknown }
}

/// Flags of so many samples.
pub(super) fn flags(samples: u64) -> FlagReport {
    let heap = |middle: f64, spread: f64, bins: u32| -> Vec<u64> {
        let density = |bin: u32| (-((f64::from(bin) - middle) / spread).powi(2)).exp() * samples as f64 / 4.0;
        (0..bins).map(|bin| density(bin).round() as u64).collect()
    };
    let units = histogram(Column::UnitsPerCaption, 1.0, heap(7.0, 3.0, 20), 3);
    let hedging = histogram(Column::Hedging, 0.05, [vec![samples], heap(2.0, 2.0, 12)].concat(), 0);
    let twins = histogram(Column::Twins, 1.0, vec![samples, 4, 1, 0, 1], 0);
    let flag = |flag, rule: &str, samples, decided, histogram| FlagCount {
        flag,
        rule: rule.to_owned(),
        samples,
        decided,
        histogram,
    };
    let thin = units.below(4);
    FlagReport {
        profile: Profile::Short,
        samples,
        flagged: thin + 9,
        flags: vec![
            flag(
                FlagId::Thin,
                "units_per_caption < 4",
                thin,
                Some((Column::UnitsPerCaption, Comparison::Below, 4.0)),
                Some(units),
            ),
            flag(FlagId::Verbose, "words_per_caption >= 25 and rate < 25", 0, None, None),
            flag(
                FlagId::Hedged,
                "hedging > 0.15",
                hedging.known() - hedging.below(3),
                Some((Column::Hedging, Comparison::Above, 0.15)),
                Some(hedging),
            ),
            flag(
                FlagId::Duplicate,
                "twins >= 1 or near_twins >= 1",
                6,
                Some((Column::Twins, Comparison::AtLeast, 1.0)),
                Some(twins),
            ),
            flag(FlagId::ImageMissing, "", 2, None, None),
        ],
    }
}

fn level(level: Level, place: usize, samples: u64) -> LevelReport {
    let distinct = samples * (place as u64 + 1);
    let coverage = 0.95 - place as f64 * 0.2;
    let grown = |part: u64| coverage * (1.0 - (-(part as f64) / 4.0).exp());
    let point = |part: u64| CurvePoint {
        samples: samples * part / 16,
        richness: (distinct * part / 16) as f64,
        coverage: grown(part),
    };
    let names: &[&str] = match level {
        Level::Object => &["dog", "fire hydrant", "bus", "\u{1b}[31m"],
        Level::Value => &["brown", "wooden"],
        Level::Predicate => &["on", "in front of"],
        Level::ObjectValue => &["dog: brown", "fire hydrant: dark red"],
        Level::Triple => &["dog on sofa", "man in front of bus"],
    };
    let top = names.iter().enumerate();
    LevelReport {
        level,
        distinct,
        coverage: Coverage {
            samples,
            mentions: samples * 3,
            sample_coverage: coverage,
            richness: distinct as f64 * 1.4,
            completeness: 1.0 / 1.4,
            hill: [distinct as f64, distinct as f64 / 3.0, distinct as f64 / 9.0],
            heaps: (samples > 1).then_some(0.61),
            novelty: 12.4,
            tail_share: 0.2,
            kept_share: 0.9,
        },
        check: (coverage - 0.012, coverage - 0.009),
        curve: (1..=16).map(point).collect(),
        ranks: (0..20).map(|power| (1_u64 << (power / 2), (samples >> (power / 2)).max(1))).collect(),
        top: top.map(|(place, name)| ((*name).to_owned(), (samples / (place as u64 + 2)).max(1))).collect(),
    }
}

fn side(samples: u64, lean: u64) -> CoverageSide {
    let facets = KeyKind::ALL.iter().enumerate();
    let counts = (0..24_u64).map(|bin| samples * (bin * (23 - bin) + lean) / 900).collect();
    let concept =
        |name: &str, depth, share: u64| ConceptCount { name: name.into(), depth, samples: samples / share };
    let values = ["brown", "white", "wooden", "small", "red", "sitting", "dark blue", "two-storied"];
    let objects = ["dog", "fire hydrant", "bus", "man", "woman", "kitchen table", "sofa", "tree"];
    let cell = |row: usize, column: usize| samples * ((row * 7 + column * 5) % 11) as u64 / 40;
    CoverageSide {
        samples,
        density: histogram(Column::Rate, 4.0, counts, 2),
        facets: facets.map(|(place, kind)| (*kind, samples * (8 - place as u64) * (1 + lean) / 2)).collect(),
        levels: Level::ALL.iter().enumerate().map(|(place, of)| level(*of, place, samples)).collect(),
        concepts: vec![
            concept("thing", 0, 1),
            concept("animal", 1, 2),
            concept("dog", 2, 4),
            concept("zebra", 2, 8),
            concept("vehicle", 1, 3),
            concept("bus", 2, 5),
            concept("place", 0, 2),
        ],
        matrix: Matrix {
            objects: objects.map(str::to_owned).to_vec(),
            values: values.map(str::to_owned).to_vec(),
            counts: (0..8).map(|row| (0..8).map(|column| cell(row, column)).collect()).collect(),
        },
    }
}

/// What so many samples of so many cover.
pub(crate) fn coverage(samples: u64, all: u64) -> CoverageReport {
    let rest = (all > samples).then(|| CoverageSide { samples: all - samples, ..side(all - samples, 0) });
    CoverageReport { hits: side(samples, u64::from(rest.is_some())), rest }
}

/// Pairs of neighbours, each with its kind of change.
pub(crate) fn mined(samples: &[Arc<Sample>]) -> PairsReport {
    let changes = [
        ("replace_att", "color", "brown", "black"),
        ("count", "count", "2", "3"),
        ("replace_obj", "object", "dog", "cat"),
    ];
    let member = |sample: &Sample| Member { seq: sample.seq.0, id: sample.id.clone(), image: 0 };
    let list = samples.windows(2).enumerate().map(|(at, two)| {
        let (kind, dimension, from, to) = changes[at % changes.len()];
        let told = Told {
            kind: kind.to_owned(),
            dimension: dimension.to_owned(),
            object: "dog".to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
        };
        Record {
            first: member(&two[0]),
            second: member(&two[1]),
            source: if at % 4 == 0 { Source::Supplied } else { Source::Mined },
            kind: Some(kind.to_owned()),
            score: 0.5 / (1.0 + at as f32 / 50.0),
            coarse: 0.7,
            contrast_bits: 8.0,
            same: vec!["dog".to_owned(), "grass".to_owned()],
            differences: vec![told],
            ..Record::default()
        }
    });
    let list: Vec<Record> = list.collect();
    let many = samples.len() as u64;
    let paired = Paired { samples: many, found: list.len() as u64, list, ..Paired::default() };
    PairsReport { paired, total: many }
}

/// Two samples beside each other; their first captions are laid beside each other.
pub(crate) fn beside(samples: &[Arc<Sample>], members: &[Member; 2]) -> PairDetail {
    let two = members.each_ref().map(|member| Arc::clone(&samples[member.seq as usize]));
    let read = |sample: &Arc<Sample>| words(&sample.captions[0].text, 0, &sample.descriptors);
    let [one, other] = two.each_ref().map(read);
    let way = edit(&one, &other);
    let marked = |words: Vec<Word>, fates: Vec<Fate>| -> WordFates {
        words.into_iter().zip(fates).map(|(word, fate)| (word.span, fate)).collect()
    };
    let fates = [marked(one, way.first), marked(other, way.second)];
    let alone = [vec!["dog: small".to_owned()], vec!["fence".to_owned()]];
    PairDetail { samples: two, captions: [0, 0], fates, alone }
}

/// The questions of these samples held against their captions, as nobody knows any fact.
pub(crate) fn questioned(samples: &[Arc<Sample>]) -> QuestionsReport {
    let mut tally = Tally::default();
    for _ in samples {
        tally.add(&["object dog".to_owned()], &Prints::default());
    }
    let all: Vec<Sample> = samples.iter().map(|sample| (**sample).clone()).collect();
    let mut report = QuestionReport::new(100);
    Judge::new().report(&all, 7, &tally, &mut report);
    let many = samples.len() as u64;
    let untested =
        report.untested(24).into_iter().map(|(key, captions)| (key.to_owned(), captions)).collect();
    QuestionsReport { report, untested, total: many, samples: many, share: 1.0 }
}
