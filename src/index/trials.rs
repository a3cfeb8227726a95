//! What the index says of samples against what is found by reading them one by one.

use std::fmt::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::*;
use crate::dataset::{self, Dataset, Item, Settings};
use crate::measure::{
    Analysis, Analyst, Census, Column, Columns, Counts, CoverageSide, FlagId, FlagTable, KeyKind, Level,
    Limits, Norms, Survey, Tally,
};
use crate::query;

/// A data set in a folder of its own, with the home of its index.
struct Stand {
    folder: tempfile::TempDir,
    dataset: Dataset,
    home: Home,
}

/// Captions with twins, near twins, shared openings, echoes, denials, names, numbers and other
/// languages; `from` makes those of one file differ from those of another.
fn captions(from: usize, count: usize) -> Vec<String> {
    let things = ["dog", "cat", "red bus", "wooden bench", "woman", "beach", "kite", "stop sign", "zebra"];
    let places = ["on the beach", "in Paris", "near a tree", "under a blue umbrella", "behind two cars"];
    (from..from + count)
        .map(|at| {
            let (one, other) = (things[at % things.len()], things[(at / 3) % things.len()]);
            let place = places[at % places.len()];
            match at % 11 {
                0 => "A dog runs on the beach.".to_owned(),
                1 => format!("In this picture we can see a {one} and a {other}, number {at}."),
                2 => format!("There is no {one} here, only a {other} {place}."),
                3 => "Ein Hund läuft am Strand entlang und freut sich sehr.".to_owned(),
                4 => format!("A {one}. A {one}. A {one}."),
                5 => format!(
                    "A very long tale about one {one} that stands {place} while a {other} looks at the sea, \
                     {at}."
                ),
                6 => String::new(),
                _ => format!(
                    "Two {one}s and a small {other} {place} at night, perhaps a sign that says \"no {at}\"."
                ),
            }
        })
        .collect()
}

fn write_shard(folder: &Path, name: &str, captions: &[String]) -> PathBuf {
    let mut text = String::new();
    for (at, caption) in captions.iter().enumerate() {
        let record = serde_json::json!({ "id": format!("{name}{at}"), "caption": caption, "score": at });
        writeln!(text, "{record}").unwrap();
    }
    let path = folder.join(format!("{name}.jsonl"));
    std::fs::write(&path, text).unwrap();
    path
}

impl Stand {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        write_shard(&data, "a", &captions(0, 300));
        write_shard(&data, "b", &captions(130, 200));
        let paths = [data];
        let dataset = dataset::open(&paths, &Settings::default()).unwrap();
        let home = Home::of(&paths, &Settings::default(), Some(&folder.path().join("index"))).unwrap();
        Self { folder, dataset, home }
    }

    /// Looks at the files again.
    fn reopen(&mut self) {
        let mut dataset = dataset::open(&[self.folder.path().join("data")], &Settings::default()).unwrap();
        dataset.keep_ordinals(&self.dataset);
        self.dataset = dataset;
    }

    fn build(&mut self) -> Built {
        self.build_until(|_| false)
    }

    /// Builds until `stop` says so.
    fn build_until(&mut self, stop: impl Fn(&Progress) -> bool) -> Built {
        self.build_to(Extent::Whole, stop)
    }

    /// Indexes words alone.
    fn build_words(&mut self) {
        assert_eq!(self.build_to(Extent::Words, |_| false), Built::Complete);
    }

    fn build_to(&mut self, extent: Extent, stop: impl Fn(&Progress) -> bool) -> Built {
        build(&self.home, &mut self.dataset, Pace::Eager, extent, &mut |progress| {
            if stop(progress) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap()
    }

    /// The folders of what captions say, one for each segment.
    fn facts(&self) -> Vec<PathBuf> {
        std::fs::read_dir(self.home.facts()).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    /// An index of several segments, as of one that has grown.
    fn of_several_segments() -> Self {
        let mut stand = Self::new();
        stand.build_words();
        write_shard(&stand.folder.path().join("data"), "c", &captions(500, 90));
        stand.reopen();
        stand.build_words();
        assert!(stand.snapshot().searcher.segment_readers().len() > 1);
        stand
    }

    fn snapshot(&self) -> Snapshot {
        Index::open(&self.home).unwrap().unwrap().snapshot().unwrap()
    }

    /// All samples as they are read one by one.
    fn analyses(&self) -> Vec<(u64, String, Analysis)> {
        let mut analyst = Analyst::new();
        let mut found = Vec::new();
        for shard in 0..self.dataset.shards().len() {
            let _ = self.dataset.read(shard, 0, &mut |item| {
                if let Item::Sample(mut sample) = item {
                    let analysis = analyst.measure(&mut sample);
                    found.push((sample.seq.0, sample.id.clone(), analysis));
                }
                ControlFlow::Continue(())
            });
        }
        found.sort_by_key(|(seq, ..)| *seq);
        found
    }
}

/// The figures of all samples, as they are found by reading, with the norms they make.
fn settled_by_reading(
    analyses: &[(u64, String, Analysis)],
) -> (Vec<Columns>, Tally, Vec<crate::measure::Spread>) {
    let mut survey = Survey::default();
    for (seq, _, analysis) in analyses {
        survey.add(*seq, analysis);
    }
    let (tally, spreads) = survey.finish();
    let settled = analyses.iter().map(|(_, _, analysis)| {
        let mut columns = analysis.columns();
        columns.settle(&analysis.keys, &analysis.prints, &tally);
        columns
    });
    (settled.collect(), tally, spreads)
}

fn ids(snapshot: &Snapshot, text: &str) -> Vec<String> {
    let mut hits = snapshot.search(&query::parse(text).unwrap()).unwrap();
    let total = hits.total() as usize;
    let page = hits.page(0, total).unwrap();
    assert_eq!(page.rows.len(), total, "{text}");
    page.rows.iter().map(|row| row.id.clone()).collect()
}

fn assert_agrees(stand: &Stand) {
    let snapshot = stand.snapshot();
    let analyses = stand.analyses();
    let (settled, tally, spreads) = settled_by_reading(&analyses);
    let norms = Norms::new(&tally, spreads);
    let found = snapshot.norms().unwrap();
    assert_eq!(found.counts().samples(), tally.samples());
    for column in Column::ALL {
        assert_eq!(found.spread(*column), norms.spread(*column), "{}", column.name());
    }
    for (_, _, analysis) in &analyses {
        for key in &analysis.keys {
            assert_eq!(found.counts().of_key(key), tally.of_key(key), "{key}");
        }
    }
    let table = FlagTable::published();
    let mut hits = snapshot.search(&query::parse("sort:dataset").unwrap()).unwrap();
    let page = hits.page(0, analyses.len()).unwrap();
    assert_eq!(page.rows.len(), analyses.len());
    let mut holders: Vec<Vec<String>> = vec![Vec::new(); FlagId::ALL.len()];
    let mut any = Vec::new();
    for ((row, figures), ((seq, id, _), columns)) in
        page.rows.iter().zip(&page.figures).zip(analyses.iter().zip(&settled))
    {
        assert_eq!((row.seq.0, &row.id), (*seq, id));
        let figures = figures.as_ref().unwrap();
        for column in Column::ALL {
            assert_eq!(figures.columns.get(*column), columns.get(*column), "{id} {}", column.name());
        }
        let flags = table.flags(columns, Some(&norms));
        assert_eq!(figures.flags, flags, "{id}");
        assert_eq!(figures.rank.is_some(), columns.get(Column::Rate).is_some());
        if !flags.is_empty() {
            any.push(id.clone());
        }
        for flag in flags {
            holders[flag.id as usize].push(id.clone());
        }
    }
    for (flag, holders) in FlagId::ALL.iter().zip(&holders) {
        if table.rule(norms.profile(), *flag).is_some() {
            assert_eq!(
                &ids(&snapshot, &format!("flag:{} sort:dataset", flag.name())),
                holders,
                "{}",
                flag.name()
            );
        }
    }
    assert_eq!(ids(&snapshot, "flag:* sort:dataset"), any);
    assert!(!any.is_empty() && any.len() < analyses.len());
    // Ranges and orders of settled figures.
    for column in Column::settled() {
        let value = norms.spread(column).and_then(crate::measure::Spread::median).unwrap();
        let above: Vec<String> = (analyses.iter().zip(&settled))
            .filter(|(_, columns)| columns.get(column).is_some_and(|figure| figure > value))
            .map(|((_, id, _), _)| id.clone())
            .collect();
        assert_eq!(
            ids(&snapshot, &format!("{}:>{value} sort:dataset", column.name())),
            above,
            "{}",
            column.name()
        );
        let mut places: Vec<usize> = (0..analyses.len()).collect();
        let figure = |place: &usize| settled[*place].get(column);
        places.sort_by(|one, other| match (figure(one), figure(other)) {
            (Some(one), Some(other)) => other.total_cmp(&one),
            (one, other) => other.is_some().cmp(&one.is_some()),
        });
        let sorted: Vec<String> = places.into_iter().map(|place| analyses[place].1.clone()).collect();
        assert_eq!(ids(&snapshot, &format!("sort:-{}", column.name())), sorted, "{}", column.name());
    }
}

#[test]
fn settled_figures_and_flags_are_those_of_reading() {
    let mut stand = Stand::new();
    assert_eq!(stand.build(), Built::Complete);
    assert_agrees(&stand);
    assert!(Index::open(&stand.home).unwrap().unwrap().damaged().unwrap().is_empty());
    assert!(Index::open(&stand.home).unwrap().unwrap().is_up_to_date(&stand.dataset).unwrap());
}

/// Queries of words, and of facts.
const OF_WORDS: [&str; 6] =
    ["dog", "\"red bus\" -kite", "id:a7", "has:caption -beach", "meta.score:>200", "zeb*"];
const OF_FACTS: [&str; 8] = [
    "object:dog",
    "-object:dog",
    "concept:vehicle OR zebra",
    "rel:(* on beach)",
    "dog{small} -flag_free",
    "words:>5 units:>2",
    "has:attribute",
    "dog -has:rel*",
];

#[test]
fn words_are_searched_before_captions_are_analysed() {
    let mut stand = Stand::new();
    stand.build_words();
    let index = Index::open(&stand.home).unwrap().unwrap();
    assert!(index.is_complete() && !index.is_up_to_date(&stand.dataset).unwrap());
    let early = stand.snapshot();
    assert_eq!(early.reach(), Reach { samples: 500, analysed: 0 });
    for text in OF_FACTS {
        let query = query::parse(text).unwrap();
        assert!(!query::needs_words_alone(&query), "{text}");
        let mut hits = early.search(&query).unwrap();
        let page = hits.page(0, 10).unwrap();
        // Nobody knows who has a fact, nor who has none.
        assert_eq!((page.total, page.searched), (0, 0), "{text}");
    }
    let mut page = early.search(&query::parse("dog sort:-units").unwrap()).unwrap();
    let page = page.page(0, 5).unwrap();
    assert!(page.total > 0 && page.searched == 500 && page.figures.iter().all(Option::is_none));
    assert_eq!(stand.build(), Built::Complete);
    let whole = stand.snapshot();
    assert!(!whole.is_same(&early));
    assert_eq!(whole.reach(), Reach { samples: 500, analysed: 500 });
    for text in OF_WORDS {
        assert!(query::needs_words_alone(&query::parse(text).unwrap()), "{text}");
        let found = ids(&early, text);
        assert!(!found.is_empty() && found == ids(&whole, text), "{text}");
    }
    assert_agrees(&stand);
}

/// What is not analysed neither has a fact nor has it not.
#[test]
fn facts_are_asked_where_they_are_known() {
    let mut stand = Stand::of_several_segments();
    assert_eq!(stand.build(), Built::Complete);
    let whole = stand.snapshot();
    let gone = stand.facts().pop().unwrap();
    std::fs::remove_dir_all(&gone).unwrap();
    let part = stand.snapshot();
    assert!(!part.is_settled() && !part.is_same(&whole));
    let reach = part.reach();
    assert!(reach.samples == 590 && reach.analysed > 0 && reach.analysed < 590, "{reach:?}");
    let known: Vec<String> = ids(&part, "words:>=0");
    assert_eq!(known.len() as u64, reach.analysed);
    for text in OF_FACTS {
        let query = query::parse(text).unwrap();
        assert_eq!(part.search(&query).unwrap().page(0, 1).unwrap().searched, reach.analysed, "{text}");
        let mut expected = ids(&whole, text);
        expected.retain(|id| known.contains(id));
        let mut found = ids(&part, text);
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{text}");
    }
    for text in OF_WORDS {
        assert_eq!(ids(&part, text), ids(&whole, text), "{text}");
    }
    assert_eq!(stand.build(), Built::Complete);
    assert_eq!(stand.snapshot().reach(), Reach { samples: 590, analysed: 590 });
    assert_agrees(&stand);
}

#[test]
fn an_analysis_that_was_stopped_goes_on() {
    let mut stand = Stand::of_several_segments();
    let stopped = stand.build_until(|progress| progress.stage == Stage::Analysing);
    assert_eq!(stopped, Built::Stopped);
    assert!(!stand.snapshot().is_settled());
    // What a killed process leaves: a part in work, and the half of a segment that is gone.
    for left in ["0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef.from64"] {
        std::fs::create_dir_all(stand.home.facts().join(left)).unwrap();
    }
    assert_eq!(stand.build(), Built::Complete);
    assert_eq!(stand.facts().len(), stand.snapshot().searcher.segment_readers().len());
    assert_agrees(&stand);
}

#[test]
fn facts_that_cannot_be_read_are_found_again() {
    let mut stand = Stand::of_several_segments();
    stand.build();
    let mut files = std::fs::read_dir(&stand.facts()[0]).unwrap().map(|entry| entry.unwrap().path());
    let terms = files.find(|file| file.extension().is_some_and(|ending| ending == "term")).unwrap();
    let bytes = std::fs::read(&terms).unwrap();
    // A byte of the middle: nobody sees it who does not read all of it.
    let mut other = bytes.clone();
    other[bytes.len() / 2] ^= 1;
    std::fs::write(&terms, other).unwrap();
    let damaged = Index::open(&stand.home).unwrap().unwrap().damaged().unwrap();
    assert!(damaged.len() == 1 && damaged[0].starts_with("facts/"), "{damaged:?}");
    // Half a file.
    std::fs::write(&terms, &bytes[..bytes.len() / 2]).unwrap();
    assert!(stand.snapshot().reach().analysed < 590);
    assert_eq!(stand.build(), Built::Complete);
    assert!(Index::open(&stand.home).unwrap().unwrap().damaged().unwrap().is_empty());
    assert_agrees(&stand);
}

#[test]
fn facts_that_take_much_memory_are_written_in_parts() {
    let mut stand = Stand::new();
    stand.build_words();
    let snapshot = stand.snapshot();
    let mut told = Vec::new();
    let analysed = analyse::analyse(
        &snapshot.searcher,
        &snapshot.facts,
        &stand.home.facts(),
        &snapshot.slots,
        2,
        1,
        &mut |analysed: analyse::Analysed| {
            told.push(analysed.samples);
            ControlFlow::Continue(())
        },
    );
    assert!(analysed.unwrap().is_continue());
    assert!(told.is_sorted() && !told.is_empty());
    assert_eq!(stand.snapshot().reach().analysed, 500);
    assert_eq!(stand.build(), Built::Complete);
    assert_agrees(&stand);
}

#[test]
fn a_changed_shard_is_counted_anew() {
    let mut stand = Stand::new();
    stand.build();
    let before = stand.snapshot();
    let data = stand.folder.path().join("data");
    write_shard(&data, "b", &captions(17, 150));
    write_shard(&data, "c", &captions(500, 90));
    stand.reopen();
    assert!(!Index::open(&stand.home).unwrap().unwrap().is_up_to_date(&stand.dataset).unwrap());
    // What was settled stays with the state that it was settled for.
    let stopped = stand.build_until(|progress| progress.stage == Stage::Settling);
    assert_eq!(stopped, Built::Stopped);
    assert!(before.is_settled() && !stand.snapshot().is_settled());
    assert_eq!(ids(&before, "bits:>=0").len() as u64, before.samples());
    assert_eq!(stand.build(), Built::Complete);
    assert!(!before.is_same(&stand.snapshot()));
    assert_agrees(&stand);
    let states = std::fs::read_dir(stand.home.settled()).unwrap().count();
    assert_eq!(states, 1);
}

#[test]
fn a_settling_that_was_killed_is_made_up_for() {
    let mut stand = Stand::new();
    assert_eq!(stand.build_until(|progress| progress.stage == Stage::Settling), Built::Stopped);
    let index = Index::open(&stand.home).unwrap().unwrap();
    assert!(index.is_complete() && !index.is_up_to_date(&stand.dataset).unwrap());
    let snapshot = stand.snapshot();
    for text in ["bits:>3", "dog flag:thin", "sort:-twins"] {
        let error = snapshot.search(&query::parse(text).unwrap()).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("once all samples are indexed"), "{error}");
    }
    // Half-written files, as a power cut leaves them.
    stand.build();
    assert!(!snapshot.is_same(&stand.snapshot()));
    let state = std::fs::read_dir(stand.home.settled()).unwrap().next().unwrap().unwrap().path();
    let summary = state.join(settled::SUMMARY);
    let bytes = std::fs::read(&summary).unwrap();
    std::fs::write(&summary, &bytes[..bytes.len() / 2]).unwrap();
    assert!(!stand.snapshot().is_settled());
    assert_eq!(stand.build(), Built::Complete);
    assert_agrees(&stand);
}

/// Who waits for another builder looks again and again, while that one may be taking an older index away.
#[test]
fn an_index_that_is_begun_anew_is_there_or_not_and_never_an_error() {
    let mut stand = Stand::new();
    let home = stand.home.clone();
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let reader = std::thread::spawn(move || {
        let mut opened = 0_u32;
        while stopped.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty) {
            if let Some(index) = Index::open(&home).unwrap() {
                index.snapshot().unwrap();
                opened += 1;
            }
        }
        opened
    });
    for round in 0..40 {
        stand.build_until(|_| round % 2 == 0);
        assert!(stand.home.clear().unwrap());
    }
    assert_eq!(stand.build(), Built::Complete);
    drop(stop);
    reader.join().unwrap();
    assert_eq!(stand.snapshot().samples(), 500);
}

#[test]
fn rules_of_ones_own_need_no_new_index() {
    let mut stand = Stand::new();
    stand.build();
    let rules = "[short]\nTHIN = \"units < 3 or twins >= 2 and words = 6\"\nHEDGED = \"\"\nVERBOSE = \"p50 units > 0\"";
    let table = FlagTable::published().clone().with(rules).unwrap();
    let snapshot = Index::open(&stand.home).unwrap().unwrap().with_flags(table.clone()).snapshot().unwrap();
    let analyses = stand.analyses();
    let (settled, tally, spreads) = settled_by_reading(&analyses);
    let norms = Norms::new(&tally, spreads);
    for flag in [FlagId::Thin, FlagId::Hedged, FlagId::Verbose] {
        let has = |columns: &Columns| table.flags(columns, Some(&norms)).iter().any(|held| held.id == flag);
        let holders: Vec<String> = (analyses.iter().zip(&settled))
            .filter(|(_, columns)| has(columns))
            .map(|((_, id, _), _)| id.clone())
            .collect();
        assert_eq!(ids(&snapshot, &format!("flag:{} sort:dataset", flag.name())), holders);
    }
    for (flag, expected) in [("vqa_gap", "no rule"), ("image_tiny", query::UNSEEN)] {
        let query = query::parse(&format!("flag:{flag}")).unwrap();
        let error = snapshot.search(&query).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn reports_count_what_reading_counts() {
    let mut stand = Stand::new();
    stand.build();
    let snapshot = stand.snapshot();
    let analyses = stand.analyses();
    let (settled, tally, spreads) = settled_by_reading(&analyses);
    let norms = Norms::new(&tally, spreads);
    let table = FlagTable::published();
    for text in ["", "dog", "bits:>20 -kite", "nothing-has-this"] {
        let hits = snapshot.search(&query::parse(text).unwrap()).unwrap();
        let wanted: std::collections::HashSet<String> = ids(&snapshot, text).into_iter().collect();
        let report = hits.flags().unwrap();
        let coverage = hits.coverage().unwrap();
        let (mut census, mut rest) = (Census::default(), Census::default());
        let (mut held, mut flagged) = (vec![0; FlagId::ALL.len()], 0);
        for ((seq, id, analysis), columns) in analyses.iter().zip(&settled) {
            if !wanted.contains(id) {
                rest.add(*seq, &analysis.keys);
                continue;
            }
            census.add(*seq, &analysis.keys);
            let flags = table.flags(columns, Some(&norms));
            flagged += u64::from(!flags.is_empty());
            for flag in flags {
                held[flag.id as usize] += 1;
            }
        }
        assert_eq!((report.samples, report.flagged), (wanted.len() as u64, flagged), "{text}");
        assert_eq!(report.profile, norms.profile());
        assert_eq!(report.flags.len(), 12);
        for count in &report.flags {
            assert_eq!(count.samples, held[count.flag as usize], "{text} {}", count.flag.name());
            let Some((column, _, threshold)) = count.decided else { continue };
            let histogram = count.histogram.as_ref().unwrap();
            assert_eq!(histogram.known() + histogram.unknown, report.samples);
            let edge = histogram.edges.iter().position(|edge| edge.total_cmp(&threshold).is_eq()).unwrap();
            let below = analyses.iter().zip(&settled).filter(|((_, id, _), columns)| {
                wanted.contains(id) && columns.get(column).is_some_and(|figure| figure < threshold)
            });
            assert_eq!(histogram.below(edge), below.count() as u64, "{text} {}", count.flag.name());
        }
        let sides = [(Some(&coverage.hits), &census), (coverage.rest.as_ref(), &rest)];
        assert_eq!(coverage.rest.is_none(), wanted.len() == analyses.len());
        for (side, census) in sides {
            let Some(side) = side else { continue };
            assert_side(side, census);
        }
    }
    let whole = snapshot.census().unwrap().unwrap();
    let mut read = Census::default();
    for (seq, _, analysis) in &analyses {
        read.add(*seq, &analysis.keys);
    }
    for level in Level::ALL {
        assert_eq!(whole.level(level), read.level(level));
        assert_eq!(whole.check(level), read.check(level));
    }
    let mentions = KeyKind::ALL.map(|kind| (kind, read.kind(kind).mentions()));
    assert_eq!(snapshot.mentions().unwrap(), mentions);
}

fn assert_side(side: &CoverageSide, census: &Census) {
    assert_eq!(side.samples, census.level(Level::Object).samples());
    assert_eq!(side.density.known() + side.density.unknown, side.samples);
    for (kind, mentions) in &side.facets {
        assert_eq!(*mentions, census.kind(*kind).mentions(), "{}", kind.name());
    }
    for (level, report) in Level::ALL.into_iter().zip(&side.levels) {
        let table = census.level(level);
        assert_eq!((report.level, report.distinct), (level, table.distinct()));
        assert_eq!(report.coverage, table.coverage(Limits::for_samples(side.samples)));
        assert_eq!(report.check, census.check(level));
        let top = table.entries().iter().map(|(key, count)| (level.show(key), *count));
        assert_eq!(report.top, top.take(report.top.len()).collect::<Vec<_>>(), "{}", level.name());
    }
    for (row, object) in side.matrix.counts.iter().zip(&side.matrix.objects) {
        assert_eq!(row.len(), side.matrix.values.len());
        let of_object = census.level(Level::ObjectValue);
        for (count, value) in row.iter().zip(&side.matrix.values) {
            let shown = format!("{object}: {value}");
            let entries = of_object.entries().iter();
            let found: u64 = entries
                .filter(|(key, _)| Level::ObjectValue.show(key) == shown)
                .map(|(_, count)| *count)
                .sum();
            assert_eq!(*count, found, "{shown}");
        }
    }
    let samples = |name: &str| {
        side.concepts.iter().find(|concept| concept.name == name).map_or(0, |concept| concept.samples)
    };
    let object = |key: &str| {
        let table = census.level(Level::Object);
        table.entries().iter().find(|(known, _)| known == key).map_or(0, |(_, count)| *count)
    };
    assert!(samples("animal") >= object("object dog") && samples("animal") <= side.samples);
    assert!(side.concepts.first().is_none_or(|concept| concept.depth == 0));
}

#[test]
fn unknown_things_are_told_from_known_ones_and_concepts_have_counts() {
    let mut stand = Stand::new();
    assert_eq!(stand.build(), Built::Complete);
    let snapshot = stand.snapshot();
    let asked = |text: &str| snapshot.search(&query::parse(text).unwrap()).map(|hits| hits.total());
    let message = |text: &str| asked(text).unwrap_err().to_string();
    assert!(message("concept:vehicel").contains("did you mean `vehicle`?"), "{}", message("concept:vehicel"));
    assert!(message("concept:zebrra").contains("did you mean `zebra`?"), "{}", message("concept:zebrra"));
    assert!(message("concept:xqzwvj").ends_with("nobody knows `xqzwvj`"), "{}", message("concept:xqzwvj"));
    let found = snapshot.concepts("vehic", 12).unwrap();
    assert_eq!(found.first(), Some(&("vehicle".to_owned(), Some(asked("concept:vehicle").unwrap()))));
    let found = snapshot.concepts("zeb", 12).unwrap();
    assert_eq!(found.first(), Some(&("zebra".to_owned(), Some(asked("concept:zebra").unwrap()))));
}

/// The index keeps the terms of a fact at one position of a sample: those of two facts must never be taken for one.
#[test]
fn facts_are_found_as_reading_finds_them() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let things = ["dog", "man", "brown horse", "young woman", "glass of water", "wooden table", "red bus"];
    let deeds = ["sits on", "rides", "is next to", "holds", "stands in front of", "is behind"];
    let captions: Vec<String> = (0..things.len() * deeds.len() * 4)
        .map(|at| {
            let thing = |step: usize| things[(at / step + step) % things.len()];
            let (one, two, three) = (thing(1), thing(3), thing(5));
            let deed = |step: usize| deeds[(at / step) % deeds.len()];
            format!("A {one} {} a {two}, and a {three} {} a {one}.", deed(1), deed(7))
        })
        .collect();
    write_shard(&data, "a", &captions);
    let paths = [data];
    let dataset = dataset::open(&paths, &Settings::default()).unwrap();
    let home = Home::of(&paths, &Settings::default(), Some(&folder.path().join("index"))).unwrap();
    let mut stand = Stand { folder, dataset, home };
    assert_eq!(stand.build(), Built::Complete);
    let snapshot = stand.snapshot();
    let mut samples = Vec::new();
    let mut analyst = Analyst::new();
    let _ = stand.dataset.read(0, 0, &mut |item| {
        if let Item::Sample(mut sample) = item {
            analyst.measure(&mut sample);
            samples.push(sample);
        }
        ControlFlow::Continue(())
    });
    assert_eq!(samples.len(), captions.len());
    let ends = ["*", "dog", "man", "horse", "woman", "water", "glass", "table", "bus"];
    let predicates = ["*", "sit", "ride", "\"sit on\"", "hold", "\"in front of\"", "stand", "behind", "on"];
    let mut queries: Vec<String> = Vec::new();
    for subject in ends {
        for object in ends {
            queries.extend(predicates.map(|predicate| format!("rel:({subject} {predicate} {object})")));
        }
        let values = ["brown", "red", "young", "wooden"];
        queries.extend(values.map(|value| format!("{subject}{{{value}}}")));
    }
    queries.retain(|query| !query.starts_with("*{"));
    let mut answered = 0;
    for text in &queries {
        let query = query::parse(text).unwrap();
        let mut expected: Vec<&str> = samples
            .iter()
            .filter(|sample| query::matches(&query, sample))
            .map(|sample| &*sample.id)
            .collect();
        expected.sort_unstable();
        let mut found = ids(&snapshot, text);
        found.sort_unstable();
        assert_eq!(found, expected, "{text}");
        answered += usize::from(!found.is_empty() && found.len() < samples.len());
    }
    assert!(answered > 100, "only {answered} queries tell samples apart");
}
