//! Whole texts, read from beginning to end.

use proptest::prelude::*;

use super::gold::facts;
use super::{Extractor, Language, Parser};
use crate::model::{Descriptor, Facet};

/// A descriptor in words: `attribute/color brown < horse`, and its target.
fn shown(descriptors: &[Descriptor], of: &Descriptor) -> String {
    let name = |place: Option<u32>| place.map(|place| descriptors[place as usize].name.as_str());
    let mut text = format!("{}/{} {}", of.facet.name(), of.dimension.as_deref().unwrap_or("-"), of.name);
    for (sign, end) in [(" < ", name(of.parent)), (" > ", name(of.target))] {
        if let Some(end) = end {
            text = text + sign + end;
        }
    }
    text + if of.negated { " not" } else { "" } + if of.hedged { " perhaps" } else { "" }
}

fn read(text: &str) -> Vec<String> {
    let reading = Extractor::english().read(text, 0);
    assert_eq!(reading.language, Language::English, "{text}");
    reading.descriptors.iter().map(|of| shown(&reading.descriptors, of)).collect()
}

#[test]
fn captions_in_facts() {
    let table = [
        ("a brown dog", "( dog , is , brown )"),
        (
            "Two black cats are sleeping on a red sofa.",
            "( cats , sleep on , sofa ) , ( cats , is , 2 ) , ( cats , is , black ) , ( sofa , is , red )",
        ),
        ("a man wearing a hat", "( man , wear , hat )"),
        ("the horse's mane is black", "( horse , have , mane ) , ( mane , is , black )"),
        ("a cup in front of a laptop", "( cup , in front of , laptop )"),
        ("guy riding a bike", "( person , ride , bike )"),
        ("", ""),
    ];
    let mut extractor = Extractor::english();
    for (given, expected) in table {
        assert_eq!(facts(&extractor.factual(given)), facts(expected), "{given}");
    }
}

#[test]
fn texts_in_descriptors() {
    let table: [(&str, &[&str]); 10] = [
        (
            "A man riding a brown horse on the beach at sunset.",
            &[
                "object/whole man",
                "attribute/color brown < horse",
                "action/transitive ride < man > horse",
                "spatial/place on < man > beach",
                "scene/place beach",
                "scene/time sunset",
            ],
        ),
        ("Two dogs without collars.", &["count/exact 2 < dogs", "object/whole collars not"]),
        ("A dog. It is not wearing a hat.", &["relation/wear wear < dog > hat not"]),
        (
            "The old sign appears to be rusty.",
            &["attribute/age old < sign", "attribute/state rusty < sign perhaps"],
        ),
        ("A sign reads \"STOP\".", &["text/quoted STOP < sign"]),
        (
            "A black and white photo of the Eiffel Tower, 1923.",
            &["entity/name Eiffel Tower", "entity/year 1923", "scene/medium black and white"],
        ),
        ("several birds on a pair of skis", &["count/vague several < birds", "count/pair pair < skis"]),
        (
            "A man with a beard. His beard is gray.",
            &["object/part beard < man", "attribute/color gray < beard"],
        ),
        ("A dog sleeps. Another dog is brown.", &["attribute/color brown < dog"]),
        ("a close-up of a mug that is 10 cm tall", &["scene/viewpoint close-up", "text/number 10 cm < mug"]),
    ];
    for (given, expected) in table {
        let found = read(given);
        for wanted in expected {
            assert!(found.iter().any(|found| found == wanted), "{given}: no {wanted} in {found:#?}");
        }
    }
}

#[test]
fn an_evening_sky_does_nothing() {
    for (text, expected) in [
        ("A dog under an evening sky.", "attribute/other evening < sky"),
        ("A dog sleeping on a sofa.", "action/verb + preposition sleep on < dog > sofa"),
        ("A running dog.", "action/intransitive run < dog"),
    ] {
        let found = read(text);
        assert!(found.iter().any(|fact| fact == expected), "{text} {found:?}");
    }
}

#[test]
fn a_thing_named_again_is_one_thing_with_its_places() {
    let text = "A dog lies on a bed. The dog is brown. It has a ball.";
    let descriptors = Extractor::english().read(text, 3).descriptors;
    let dogs: Vec<_> =
        descriptors.iter().filter(|of| of.facet == Facet::Object && of.name == "dog").collect();
    let [dog] = dogs.as_slice() else { panic!("{} dogs", dogs.len()) };
    let places: Vec<_> = dog
        .evidence
        .iter()
        .map(|place| (place.sentence, text.get(place.start as usize..place.end as usize), place.caption))
        .collect();
    assert_eq!(places, [(0, Some("dog"), 3), (1, Some("dog"), 3), (2, Some("It"), 3)]);
}

#[test]
fn what_is_said_twice_is_one_descriptor() {
    let once = Extractor::english().read("A red car is parked on the street.", 0).descriptors;
    let twice = "A red car is parked on the street. The red car is parked on the street.";
    let twice = Extractor::english().read(twice, 0).descriptors;
    assert_eq!(once.len(), twice.len());
    assert!(twice.iter().any(|of| of.evidence.len() == 2));
}

#[test]
fn a_reading_does_not_depend_on_what_was_read_before() {
    let texts = ["a dog on a bed", "Zwei Hunde", "The man has a qwertzy. It is red.", "a dog on a bed"];
    let mut one = Extractor::english();
    for text in texts {
        assert_eq!(one.read(text, 0), Extractor::english().read(text, 0));
    }
}

#[test]
fn long_texts_are_read_in_bounds() {
    let mut extractor = Extractor::english();
    for text in [
        "dog ".repeat(2_500),
        "a dog on a bed and ".repeat(500),
        "\"".repeat(20_000),
        "a".repeat(1_000_000),
        "A red dog, which has a ball. ".repeat(500),
        "é\u{301}'s".repeat(20_000),
    ] {
        extractor.read(&text, 0);
        extractor.factual(&text);
    }
}

#[test]
fn damage_of_the_tables_is_told() {
    let asset = include_bytes!("../../../assets/parser/parser.bin");
    assert!(asset.len() < 3_000_000, "{} bytes", asset.len());
    for cut in [0, 1, 100, asset.len() / 2, asset.len() - 1] {
        assert!(Parser::unpack(&asset[..cut]).is_err(), "cut at {cut}");
    }
}

/// On the development part of FACTUAL, at least so large a share of the facts is right. Words are
/// compared as they stand, so that this is a little below what FACTUAL's own measure gives.
#[test]
fn facts_of_factual_are_found() {
    let Some(path) = crate::testing::shared("factual_sg/dev.csv") else { return };
    let data = std::fs::read_to_string(path).unwrap();
    let mut extractor = Extractor::english();
    let (mut found, mut said, mut wanted) = (0, 0, 0);
    for line in data.lines().skip(1) {
        // The caption is the third field, the graph the fourth, which is in quotation marks.
        let Some((start, graph)) = line.split_once(",\"(") else { continue };
        let Some(caption) = start.splitn(3, ',').nth(2) else { continue };
        let graph = format!("({}", graph.trim_end_matches('"')).replace("pv:", "").replace("v:", "");
        let (gold, ours) = (facts(&graph), facts(&extractor.factual(caption.trim_matches('"'))));
        found += ours.iter().filter(|fact| gold.contains(fact)).count();
        said += ours.len();
        wanted += gold.len();
    }
    let share = 2.0 * f64::from(found as u32) / f64::from((said + wanted) as u32);
    println!("F1 of facts: {share:.4}");
    assert!(share > 0.76, "{share:.4}");
}

proptest! {
    #[test]
    fn any_text_is_read_and_evidence_lies_on_borders(text in "(\\PC|[a-z ,.'\"-]|the |dog |on |it ){0,80}") {
        let mut extractor = Extractor::english();
        let descriptors = extractor.read(&text, 0).descriptors;
        for of in &descriptors {
            for place in &of.evidence {
                prop_assert!(text.get(place.start as usize..place.end as usize).is_some_and(|part| !part.is_empty()));
            }
            for end in [of.parent, of.target].into_iter().flatten() {
                prop_assert!((end as usize) < descriptors.len());
            }
        }
        extractor.factual(&text);
    }

    #[test]
    fn any_string_is_read(text in any::<String>()) {
        Extractor::english().read(&text, 0);
    }
}
