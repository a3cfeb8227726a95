//! What a pass over pictures sees, and what queries make of it.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use image::{DynamicImage, ImageFormat, RgbImage};

use super::ledger::RECORD;
use super::*;
use crate::dataset::{self, Dataset, Settings};
use crate::measure::{FlagId, FlagTable};
use crate::media::fixtures::{encoded, gif, scene};
use crate::media::resized;
use crate::query;

/// A data set with pictures in a folder of its own, with the home of its index.
struct Stand {
    folder: tempfile::TempDir,
    dataset: Dataset,
    home: Home,
    /// Threads of a pass.
    threads: usize,
}

fn scaled(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    resized(&DynamicImage::from(picture.clone()), (width, height)).into_rgb8()
}

fn png(seed: u64) -> Vec<u8> {
    encoded(&scene(seed, 320, 240), ImageFormat::Png)
}

impl Stand {
    /// A sample for each list of pictures; its id is the name of the first, without its suffix.
    fn new(files: &[(&str, Vec<u8>)], samples: &[&[&str]]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        for (name, bytes) in files {
            std::fs::write(data.join(name), bytes).unwrap();
        }
        let mut text = String::new();
        for (at, names) in samples.iter().enumerate() {
            let caption = format!("A dog and {at} cats on the beach near a red bus.");
            let record = match names {
                [name] => serde_json::json!({ "image": name, "caption": caption }),
                several => serde_json::json!({ "image": several, "caption": caption }),
            };
            writeln!(text, "{record}").unwrap();
        }
        std::fs::write(data.join("captions.jsonl"), text).unwrap();
        let paths = [data.join("captions.jsonl")];
        let mut dataset = dataset::open(&paths, &Settings::default()).unwrap();
        let home = Home::of(&paths, &Settings::default(), Some(&folder.path().join("index"))).unwrap();
        let built =
            build(&home, &mut dataset, Pace::Steady, Extent::Whole, &mut |_| ControlFlow::Continue(()))
                .unwrap();
        assert_eq!(built, Built::Complete);
        Self { folder, dataset, home, threads: 1 }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("data").join(name)
    }

    fn look(&self) -> LookCounts {
        match self.look_until(usize::MAX) {
            Looked::Complete(counts) => counts,
            other => panic!("{other:?}"),
        }
    }

    /// Looks until the gate was passed so many times.
    fn look_until(&self, passed: usize) -> Looked {
        let count = AtomicUsize::new(0);
        let gate = || {
            if count.fetch_add(1, Ordering::Relaxed) < passed {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        };
        look_at_pictures(&self.home, self.threads, &gate, &mut |_, _| {}).unwrap()
    }

    fn index(&self) -> Index {
        Index::open(&self.home).unwrap().unwrap()
    }

    fn ids(&self, text: &str) -> Vec<String> {
        ids(&self.index().snapshot().unwrap(), text).unwrap()
    }

    fn records(&self) -> u64 {
        let ledger = ledger::Ledger::open(&self.home.pictures()).unwrap().unwrap();
        ledger.records().unwrap()
    }
}

fn ids(snapshot: &Snapshot, text: &str) -> Result<Vec<String>, String> {
    let mut hits = snapshot.search(&query::parse(text).unwrap()).map_err(|error| error.to_string())?;
    let total = hits.total() as usize;
    let page = hits.page(0, total).unwrap();
    Ok(page.rows.iter().map(|row| row.id.clone()).collect())
}

fn mixed() -> Stand {
    let picture = scene(1, 320, 240);
    let jpeg = encoded(&picture, ImageFormat::Jpeg);
    let half = jpeg[..jpeg.len() / 2].to_vec();
    let files = [
        ("good.png", png(2)),
        ("one.png", encoded(&picture, ImageFormat::Png)),
        ("again.jpg", encoded(&scaled(&picture, 480, 360), ImageFormat::Jpeg)),
        ("cut.jpg", half),
        ("text.png", b"<html>404".to_vec()),
        ("tiny.png", encoded(&scene(5, 60, 45), ImageFormat::Png)),
        ("moves.gif", gif(300, 300, 3)),
        ("named.jpg", png(7)),
        ("white.png", encoded(&RgbImage::from_pixel(300, 300, image::Rgb([255; 3])), ImageFormat::Png)),
        ("paper.png", encoded(&RgbImage::from_pixel(400, 300, image::Rgb([250; 3])), ImageFormat::Png)),
    ];
    let samples: Vec<&[&str]> = vec![
        &["good.png"],
        &["one.png"],
        &["again.jpg"],
        &["cut.jpg"],
        &["text.png"],
        &["tiny.png"],
        &["moves.gif"],
        &["named.jpg"],
        &["white.png"],
        &["paper.png"],
        &["gone.png"],
    ];
    Stand::new(&files, &samples)
}

/// Each flag with the samples that have it.
const WANTED: [(&str, &[&str]); 6] = [
    ("IMAGE_MISSING", &["gone"]),
    ("IMAGE_UNREADABLE", &["cut", "text"]),
    ("IMAGE_TINY", &["tiny"]),
    ("IMAGE_ANIMATED", &["moves"]),
    ("IMAGE_SUFFIX", &["named"]),
    ("IMAGE_DUPLICATE", &["one", "again"]),
];

#[test]
fn flags_of_pictures_are_those_of_the_pictures() {
    let mut stand = mixed();
    for threads in [1, 3] {
        stand.threads = threads;
        if threads > 1 {
            pictures::forget(&stand.home).unwrap();
        }
        let before = stand.index().snapshot().unwrap();
        assert!(!before.knows_pictures());
        for text in ["flag:image_tiny", "flag:image_*", "dog -flag:image_missing"] {
            assert_eq!(ids(&before, text), Err(query::UNSEEN.to_owned()), "{text}");
        }
        let without = ids(&before, "flag:* sort:dataset").unwrap();
        assert_eq!(before.search(&query::parse("").unwrap()).unwrap().flags().unwrap().flags.len(), 12);
        assert_eq!(stand.look(), LookCounts { pictures: 11, new: 11, afar: 0 });
        let snapshot = stand.index().snapshot().unwrap();
        assert!(snapshot.knows_pictures() && !snapshot.is_same(&before));
        for (flag, wanted) in WANTED {
            assert_eq!(ids(&snapshot, &format!("flag:{flag} sort:dataset")).unwrap(), wanted, "{flag}");
            let rest = ids(&snapshot, &format!("-flag:{flag}")).unwrap();
            assert_eq!(rest.len() + wanted.len(), 11, "{flag}");
        }
        let of_pictures: BTreeSet<String> =
            WANTED.iter().flat_map(|(_, ids)| *ids).map(|id| (*id).to_owned()).collect();
        let with: BTreeSet<String> = without.into_iter().chain(of_pictures.clone()).collect();
        for (text, wanted) in [("flag:*", &with), ("flag:image_*", &of_pictures), ("dog flag:*", &with)] {
            assert_eq!(&ids(&snapshot, text).unwrap().into_iter().collect::<BTreeSet<_>>(), wanted, "{text}");
        }
        assert_rows_and_report(&snapshot, with.len());
        assert_eq!(stand.look(), LookCounts { pictures: 11, new: 0, afar: 0 });
    }
}

fn assert_rows_and_report(snapshot: &Snapshot, flagged: usize) {
    let mut hits = snapshot.search(&query::parse("sort:dataset").unwrap()).unwrap();
    let page = hits.page(0, 100).unwrap();
    for (row, figures) in page.rows.iter().zip(&page.figures) {
        let flags = figures.as_ref().unwrap().flags.iter().filter(|flag| flag.id.is_of_pictures());
        let flags: Vec<&str> = flags.map(|flag| flag.id.name()).collect();
        let wanted = WANTED.iter().filter(|(_, ids)| ids.contains(&row.id.as_str()));
        assert_eq!(flags, wanted.map(|(flag, _)| *flag).collect::<Vec<_>>(), "{}", row.id);
    }
    let last = |row: usize| page.figures[row].as_ref().unwrap().flags.last().cloned().unwrap();
    let tiny = last(5);
    assert_eq!((tiny.column, tiny.value, tiny.comparison, tiny.threshold), ("side", 45.0, "<", 200.0));
    let twin = last(1);
    assert_eq!((twin.column, twin.value, twin.threshold), ("image_twins", 1.0, 1.0));
    let report = hits.flags().unwrap();
    assert_eq!((report.samples, report.flagged), (11, flagged as u64));
    let counted = report.flags.iter().filter(|count| count.flag.is_of_pictures());
    let counted: Vec<_> = counted.map(|count| (count.flag.name(), count.samples)).collect();
    assert_eq!(counted, WANTED.map(|(flag, ids)| (flag, ids.len() as u64)));
    assert!(report.flags.iter().all(|count| count.flag.is_of_pictures() == count.rule.is_empty()));
    let some = snapshot.search(&query::parse("id:one OR id:tiny").unwrap()).unwrap().flags().unwrap();
    assert_eq!((some.samples, some.flagged), (2, 2));
    let counts = snapshot.flag_counts(FlagId::PICTURES.to_vec()).unwrap();
    assert_eq!(counts[0].1, Some(2));
}

#[test]
fn thresholds_of_ones_own_need_no_second_look() {
    let stand = mixed();
    stand.look();
    let table = FlagTable::published().clone();
    let table = table.with("[short]\nIMAGE_TINY = \"side < 250\"\nIMAGE_SUFFIX = \"\"").unwrap();
    let snapshot = stand.index().with_flags(table).snapshot().unwrap();
    let tiny = ids(&snapshot, "flag:image_tiny sort:dataset").unwrap();
    assert_eq!(tiny, ["good", "one", "tiny", "named"]);
    assert_eq!(ids(&snapshot, "flag:image_suffix"), Err("IMAGE_SUFFIX is switched off".into()));
    let report = snapshot.search(&query::parse("").unwrap()).unwrap().flags().unwrap();
    assert!(report.flags.iter().all(|count| count.flag != FlagId::ImageSuffix));
}

#[test]
fn a_sample_is_not_its_own_twin() {
    let files =
        [("a.png", png(1)), ("b.png", png(2)), ("c.jpg", encoded(&scene(2, 400, 300), ImageFormat::Jpeg))];
    let samples: [&[&str]; 4] =
        [&["a.png", "a.png"], &["b.png", "c.jpg"], &["c.jpg", "a.png"], &["b.png", "b.png"]];
    let stand = Stand::new(&files, &samples[..1]);
    assert_eq!(stand.look().pictures, 2);
    assert_eq!(stand.ids("flag:image_duplicate"), Vec::<String>::new());
    let stand = Stand::new(&files, &samples);
    assert_eq!(stand.look(), LookCounts { pictures: 8, new: 8, afar: 0 });
    let snapshot = stand.index().snapshot().unwrap();
    let mut hits = snapshot.search(&query::parse("flag:image_duplicate sort:dataset").unwrap()).unwrap();
    let page = hits.page(0, 10).unwrap();
    let twins: Vec<f64> =
        page.figures.iter().map(|row| row.as_ref().unwrap().flags.last().unwrap().value).collect();
    // `a` is in two samples, `b` and its copy `c` in three.
    assert_eq!(twins, [1.0, 2.0, 2.0, 2.0]);
}

#[test]
fn a_pass_that_was_stopped_is_gone_on_with() {
    let stand = mixed();
    assert_eq!(stand.look_until(4), Looked::Stopped);
    assert_eq!(stand.records(), 4);
    // What is known by now is told.
    assert!(stand.index().snapshot().unwrap().knows_pictures());
    assert_eq!(stand.ids("flag:image_unreadable"), ["cut"]);
    // A record that a dying process did not finish.
    let path = stand.home.pictures();
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - RECORD / 2]).unwrap();
    assert_eq!(stand.ids("flag:image_unreadable"), Vec::<String>::new());
    assert_eq!(stand.look(), LookCounts { pictures: 11, new: 8, afar: 0 });
    for (flag, wanted) in WANTED {
        assert_eq!(stand.ids(&format!("flag:{flag} sort:dataset")), wanted, "{flag}");
    }
    // With the lock in other hands nothing is done.
    let lock = stand.home.lock_pictures().unwrap().unwrap();
    assert_eq!(stand.look_until(9), Looked::Elsewhere);
    assert!(!stand.home.clear().unwrap());
    drop(lock);
    assert!(stand.home.clear().unwrap());
    assert!(!stand.home.pictures().exists());
}

#[test]
fn a_reader_sees_a_pass_grow_and_changes_come() {
    let stand = mixed();
    assert_eq!(stand.look_until(4), Looked::Stopped);
    let index = stand.index();
    let before = index.snapshot().unwrap();
    assert!(before.is_same(&index.snapshot().unwrap()));
    assert_eq!(ids(&before, "flag:image_tiny"), Ok(Vec::new()));
    stand.look();
    let after = index.snapshot().unwrap();
    assert!(!before.is_same(&after));
    assert_eq!(ids(&after, "flag:image_tiny").unwrap(), ["tiny"]);
    assert_eq!(ids(&after, "flag:image_duplicate").unwrap(), ["one", "again"]);
    // A picture is replaced, another is lost, a third is found.
    std::fs::write(stand.path("tiny.png"), png(2)).unwrap();
    std::fs::remove_file(stand.path("again.jpg")).unwrap();
    std::fs::write(stand.path("cut.jpg"), encoded(&scene(9, 300, 300), ImageFormat::Jpeg)).unwrap();
    assert_eq!(stand.look(), LookCounts { pictures: 11, new: 3, afar: 0 });
    assert_eq!(stand.records(), 11, "records of what was are taken out");
    let now = index.snapshot().unwrap();
    for (flag, wanted) in [
        ("image_tiny", &[][..]),
        ("image_missing", &["again", "gone"]),
        ("image_unreadable", &["text"]),
        ("image_duplicate", &["good", "tiny"]),
    ] {
        assert_eq!(ids(&now, &format!("flag:{flag} sort:dataset")).unwrap(), wanted, "{flag}");
    }
}

#[test]
fn samples_that_are_read_again_need_no_second_look() {
    let mut stand = mixed();
    stand.look();
    let path = stand.path("captions.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().rev().take(9).collect();
    std::fs::write(&path, format!("{}\n", lines.join("\n"))).unwrap();
    let mut dataset = dataset::open(&[path], &Settings::default()).unwrap();
    dataset.keep_ordinals(&stand.dataset);
    build(&stand.home, &mut dataset, Pace::Steady, Extent::Whole, &mut |_| ControlFlow::Continue(()))
        .unwrap();
    stand.dataset = dataset;
    // The samples are others now: nothing is said of them before somebody has looked.
    assert!(!stand.index().snapshot().unwrap().knows_pictures());
    // Whoever looked again would see something else: a file of the same size and time.
    let path = stand.path("tiny.png");
    let found = std::fs::metadata(&path).unwrap();
    std::fs::write(&path, vec![0; found.len() as usize]).unwrap();
    File::options().write(true).open(&path).unwrap().set_modified(found.modified().unwrap()).unwrap();
    let counts = stand.look();
    assert_eq!((counts.pictures, stand.records()), (9, 9));
    assert_eq!(stand.ids("flag:image_tiny"), ["tiny"]);
    assert_eq!(stand.ids("flag:image_duplicate"), Vec::<String>::new());
}

#[test]
fn pictures_on_the_network_are_left_alone() {
    let names = ["http://nowhere.invalid/a.jpg", "http://nowhere.invalid/b.jpg"];
    let samples: [&[&str]; 2] = [&[names[0]], &[names[1]]];
    let stand = Stand::new(&[], &samples);
    assert_eq!(stand.look(), LookCounts { pictures: 2, new: 0, afar: 2 });
    assert_eq!(stand.ids("flag:image_*"), Vec::<String>::new());
}
