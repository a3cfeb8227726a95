//! What was exported is read again as it was, in every form that holds whole records.

use std::ops::ControlFlow;
use std::path::Path;

use proptest::prelude::*;

use super::{Captions, ExportError, Exported, Format, Options, Origin, Pictures, ShardSize, export};
use crate::dataset::{self, Item, Settings};
use crate::model::{
    Caption, CaptionRole, Descriptor, Evidence, Facet, Image, ImageRef, Pair, Question, Region, RegionUnit,
    Sample, SampleMarks, SampleVerdict, Seq, Value,
};

/// The smallest picture that is known for one.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n....";

fn exported(samples: &[Sample], options: &Options) -> Result<Option<Exported>, ExportError> {
    let mut left = samples.iter().cloned();
    let mut read = |take: &mut dyn FnMut(Sample) -> ControlFlow<()>| -> Result<(), ExportError> {
        let _ = left.try_for_each(take);
        Ok(())
    };
    export(&mut read, &Origin::default(), options, &|_| ControlFlow::Continue(()))
}

fn read(path: &Path) -> Vec<Sample> {
    let dataset = dataset::open(&[path.to_owned()], &Settings::default()).unwrap();
    assert!(!dataset.is_joined());
    let mut samples = Vec::new();
    for shard in 0..dataset.shards().len() {
        let _ = dataset.read(shard, 0, &mut |item| {
            match item {
                Item::Sample(sample) => samples.push(*sample),
                Item::Skipped(skipped) => panic!("{skipped}"),
                _ => {}
            }
            ControlFlow::Continue(())
        });
    }
    samples
}

/// What a round trip must keep: everything but where it was read, and pictures that are elsewhere now.
fn kept(sample: &Sample, with_pictures: bool) -> Sample {
    let mut sample = sample.clone();
    sample.seq = Seq::default();
    sample.origin = crate::model::Origin::default();
    if !with_pictures {
        for image in &mut sample.images {
            image.reference = ImageRef::Data(String::new());
        }
    }
    sample
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z ,.]{0,30}",
        2 => any::<String>(),
        2 => "[\"',;|\\t\\n\\r=+@\\\\{}<>\\[\\]\\x00-\\x1f\\u{202e}\\u{85}é日]{0,20}",
        1 => Just("=HYPERLINK(\"http://x\";\"y\")".to_owned()),
        1 => Just("line\n".repeat(150)),
        1 => Just("007".to_owned()),
    ]
}

fn maybe<T: std::fmt::Debug + Clone>(inner: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    proptest::option::of(inner)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::Float),
        text().prop_map(Value::Text),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            proptest::collection::btree_map("[a-zé\"]{0,4}", inner, 0..4)
                .prop_map(|members| Value::Map(members.into_iter().rev().collect())),
        ]
    })
}

fn descriptor() -> impl Strategy<Value = Descriptor> {
    let region = (any::<[i16; 4]>(), any::<bool>()).prop_map(|([x0, y0, x1, y1], pixel)| {
        let part = |number: i16| f32::from(number) / 7.0;
        let unit = if pixel { RegionUnit::Pixel } else { RegionUnit::Fraction };
        Region { x0: part(x0), y0: part(y0), x1: part(x1), y1: part(y1), unit }
    });
    let evidence = any::<[u32; 4]>().prop_map(|[caption, start, end, sentence]| Evidence {
        caption,
        start,
        end,
        sentence,
    });
    let links = (maybe(any::<u32>()), maybe(any::<u32>()));
    let flags = (any::<bool>(), any::<bool>());
    let facet = proptest::sample::select(Facet::ALL.to_vec());
    let evidence = proptest::collection::vec(evidence, 0..3);
    (facet, maybe(text()), text(), links, maybe(region), text(), evidence, flags).prop_map(
        |(facet, dimension, name, (parent, target), region, source, evidence, (negated, hedged))| {
            Descriptor { facet, dimension, name, parent, target, region, source, evidence, negated, hedged }
        },
    )
}

fn image() -> impl Strategy<Value = Image> {
    let file = "/[a-z]{1,8}/[a-z é]{1,8}\\.jpg".prop_map(std::path::PathBuf::from);
    let numbers = || (file_name(), any::<u32>(), any::<u32>());
    let reference = prop_oneof![
        file.prop_map(ImageRef::File),
        numbers().prop_map(|(file, offset, length)| ImageRef::Span {
            file: file.into(),
            name: "a.jpg".to_owned(),
            offset: offset.into(),
            length: length.into()
        }),
        numbers().prop_map(|(file, row, item)| ImageRef::Cell {
            file: file.into(),
            row: row.into(),
            column: "image".to_owned(),
            item
        }),
        "https?://[a-z]{1,9}/[a-z]{0,9}".prop_map(ImageRef::Url),
        "data:image/png;base64,[A-Za-z0-9]{0,40}".prop_map(ImageRef::Data),
        numbers().prop_map(|(file, offset, length)| ImageRef::Field {
            file: file.into(),
            offset: offset.into(),
            length: length.into(),
            pointer: "/image".to_owned()
        }),
        (text(), text()).prop_map(|(name, reason)| ImageRef::Missing { name, reason }),
    ];
    (maybe(text()), reference, maybe(any::<u32>()), maybe(any::<u32>()))
        .prop_map(|(role, reference, width, height)| Image { role, reference, width, height })
}

fn file_name() -> impl Strategy<Value = String> {
    "/[a-z]{1,8}/[a-z]{1,8}"
}

fn sample() -> impl Strategy<Value = Sample> {
    let role = proptest::sample::select(CaptionRole::ALL.to_vec());
    let caption = (text(), text(), role).prop_map(|(text, field, role)| Caption { text, field, role });
    let texts = || proptest::collection::vec(text(), 0..3);
    let question =
        (text(), texts(), texts(), maybe(text())).prop_map(|(question, answers, choices, kind)| Question {
            question,
            answers,
            choices,
            kind,
            verdict: None,
        });
    let pair = (maybe(text()), maybe(text())).prop_map(|(key, label)| Pair { key, label });
    let meta = proptest::collection::btree_map("[a-z.é\"]{1,5}", value(), 0..4)
        .prop_map(|members| members.into_iter().rev().collect::<Vec<_>>());
    let lists = (
        proptest::collection::vec(image(), 0..3),
        proptest::collection::vec(caption, 0..4),
        proptest::collection::vec(descriptor(), 0..3),
        proptest::collection::vec(question, 0..3),
    );
    (text(), lists, maybe(pair), maybe(text()), maybe(text()), meta).prop_map(
        |(id, (images, mut captions, descriptors, questions), pair, source, split, meta)| {
            // As every sample has them.
            captions.sort_by_key(|caption| caption.role as u8);
            Sample {
                id,
                images,
                captions,
                descriptors,
                questions,
                pair,
                source,
                split,
                meta,
                ..Sample::default()
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_field_is_lost(samples in proptest::collection::vec(sample(), 1..12)) {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.jsonl", "a.jsonl.gz", "a.csv", "a.csv.zst", "a.tsv", "a.parquet", "a.tar"] {
            let path = folder.path().join(name);
            let options = Options::new(&path, None, Some(Pictures::Reference)).unwrap();
            exported(&samples, &options).unwrap();
            let again: Vec<Sample> = read(&path).iter().map(|sample| kept(sample, true)).collect();
            let expected: Vec<Sample> = samples.iter().map(|sample| kept(sample, true)).collect();
            prop_assert_eq!(again, expected, "{}", name);
        }
    }

    #[test]
    fn no_field_is_lost_beside_copied_pictures(
        samples in proptest::collection::vec(sample(), 1..8), size in 1_u64..4
    ) {
        let folder = tempfile::tempdir().unwrap();
        let picture = folder.path().join("picture");
        std::fs::write(&picture, PICTURE).unwrap();
        let mut samples = samples;
        for sample in &mut samples {
            sample.images.truncate(2);
            if sample.images.is_empty() {
                sample.images.push(Image::new(ImageRef::File(picture.clone())));
            }
            for image in &mut sample.images {
                image.reference = ImageRef::File(picture.clone());
            }
        }
        for format in [Format::JsonLines, Format::Csv, Format::Tsv, Format::Parquet, Format::WebDataset, Format::ImageFolder] {
            let path = folder.path().join(format.name());
            let mut options = Options::new(&path, Some(format), None).unwrap();
            options.shard = ShardSize { samples: size, ..ShardSize::default() };
            let done = exported(&samples, &options).unwrap().unwrap();
            prop_assert_eq!(done.counts.samples, samples.len() as u64);
            let again = read(&path);
            let expected: Vec<Sample> = samples.iter().map(|sample| kept(sample, false)).collect();
            let found: Vec<Sample> = again.iter().map(|sample| kept(sample, false)).collect();
            prop_assert_eq!(found, expected, "{}", format.name());
            for image in again.iter().flat_map(|sample| &sample.images) {
                let bytes = crate::media::fetch(&image.reference, &crate::media::Limits::default());
                prop_assert_eq!(bytes.as_deref(), Ok(PICTURE), "{}", format.name());
            }
        }
    }
}

fn plain(id: &str) -> Sample {
    let caption =
        |text: &str, field: &str, role| Caption { text: text.to_owned(), field: field.to_owned(), role };
    Sample {
        id: id.to_owned(),
        captions: vec![
            caption("A dog.", "caption", CaptionRole::Main),
            caption("IMG_1", "alt", CaptionRole::Original),
            caption("A cat.", "foil", CaptionRole::Negative),
        ],
        ..Sample::default()
    }
}

#[test]
fn marks_and_added_fields_are_kept_as_meta() {
    let folder = tempfile::tempdir().unwrap();
    let mut sample = plain("a");
    let verdict = SampleVerdict {
        verdict: "wrong",
        reason: Some("too, vague".to_owned()),
        rater: "ann".to_owned(),
        spot: "spot".to_owned(),
    };
    sample.marks = SampleMarks {
        tags: vec!["good".to_owned(), "x/y".to_owned()],
        note: Some("look".to_owned()),
        verdicts: vec![verdict],
    };
    for name in ["a.jsonl", "a.csv", "a.parquet"] {
        let path = folder.path().join(name);
        let options = Options::new(&path, None, Some(Pictures::Reference)).unwrap();
        exported(std::slice::from_ref(&sample), &options).unwrap();
        let tags = Value::List(vec![Value::Text("good".to_owned()), Value::Text("x/y".to_owned())]);
        let text = |name: &str, text: &str| (name.to_owned(), Value::Text(text.to_owned()));
        let verdict = [("verdict", "wrong"), ("reason", "too, vague"), ("rater", "ann"), ("spot", "spot")];
        let verdict = Value::Map(verdict.map(|(name, said)| text(name, said)).to_vec());
        let verdicts = ("verdicts".to_owned(), Value::List(vec![verdict]));
        let expected = [("tags".to_owned(), tags), text("note", "look"), verdicts];
        assert_eq!(read(&path)[0].meta, expected, "{name}");
    }
    let path = folder.path().join("more.jsonl");
    let line = std::fs::read_to_string(folder.path().join("a.jsonl")).unwrap();
    std::fs::write(&path, line.replacen('{', "{\"score\": 0.5, ", 1)).unwrap();
    assert_eq!(read(&path)[0].meta[0], ("score".to_owned(), Value::Float(0.5)));
}

#[test]
fn captions_are_those_that_were_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    for (captions, kept, headline) in [
        ("all", vec!["A dog.", "IMG_1", "A cat."], Some("A dog.")),
        ("main", vec!["A dog."], Some("A dog.")),
        ("alt", vec!["IMG_1"], Some("IMG_1")),
        ("foil", vec!["A cat."], Some("A cat.")),
        ("none of them", vec![], None),
    ] {
        let path = folder.path().join(format!("{captions}.jsonl"));
        let mut options = Options::new(&path, None, None).unwrap();
        options.captions = Captions::named(captions);
        exported(&[plain("a")], &options).unwrap();
        let texts: Vec<String> = read(&path)[0].captions.iter().map(|caption| caption.text.clone()).collect();
        assert_eq!(texts, kept, "{captions}");
        let line: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(line["caption"].as_str(), headline);
    }
}

#[test]
fn who_stops_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    for (name, format) in [("a.jsonl", None), ("a.parquet", None), ("out", Some(Format::WebDataset))] {
        let options = Options::new(&folder.path().join(name), format, None).unwrap();
        let samples: Vec<Sample> = (0..1_000).map(|number| plain(&format!("s{number}"))).collect();
        let mut left = samples.into_iter();
        let mut source = |take: &mut dyn FnMut(Sample) -> ControlFlow<()>| -> Result<(), ExportError> {
            let _ = left.try_for_each(take);
            Ok(())
        };
        let stop = |_| ControlFlow::Break(());
        assert!(export(&mut source, &Origin::default(), &options, &stop).unwrap().is_none());
        let mut failing = |_: &mut dyn FnMut(Sample) -> ControlFlow<()>| Err(ExportError::Thread);
        assert!(export(&mut failing, &Origin::default(), &options, &|_| ControlFlow::Continue(())).is_err());
        let nothing = exported(&[], &options).unwrap().unwrap();
        assert_eq!((nothing.path, nothing.counts.samples), (None, 0));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{name}");
    }
}
