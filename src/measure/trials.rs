//! Trials of the whole room: what must not pay, what must not matter, and what must always hold.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::model::{Caption, CaptionRole, Descriptor, Facet, Sample};
use crate::testing::shared;

use super::columns::Column;
use super::flags::{FlagId, FlagTable, Profile};
use super::key::keys;
use super::norms::{Norms, Survey};
use super::tally::{Tally, bits};
use super::{Analysis, Analyst, Density, annotate, causes};

const MARKET: &str = "Three women in striped aprons stand behind a wooden stall at a street market. The stall is \
    covered with red apples, green pears and yellow lemons. A metal scale hangs from a hook above the fruit. On \
    the left, a small boy in a blue jacket holds a paper bag. A white sign on the front of the stall reads \
    \"Fresh Today\".";

/// The same facts in other words.
const MARKET_AGAIN: &str = "At a street market, three women who wear striped aprons are standing behind a wooden \
    stall. Red apples, green pears and yellow lemons cover the stall. Above the fruit, a metal scale hangs from a \
    hook. A small boy in a blue jacket, who is holding a paper bag, is on the left. \"Fresh Today\" is written on \
    a white sign on the front of the stall.";

const FILLER: &str = " The overall atmosphere is warm and inviting, creating a sense of calm. The image evokes a \
    feeling of nostalgia, drawing the viewer into the moment.";

const OTHERS: [&str; 6] = [
    "A woman in a red coat walks a small white dog along a wet street.",
    "Two boys play with a yellow ball on the grass in front of a brick house.",
    "A bowl of green apples stands on a wooden table next to a blue jug.",
    "A man on a bicycle waits at a traffic light behind a white van.",
    "Three boats lie in a small harbor below a row of white houses.",
    "A black cat sleeps on a gray sofa beside a striped cushion.",
];

fn sample(captions: &[&str]) -> Sample {
    let caption = |text: &&str| Caption {
        text: (*text).to_owned(),
        field: "caption".to_owned(),
        role: CaptionRole::Main,
    };
    Sample { captions: captions.iter().map(caption).collect(), ..Sample::default() }
}

fn analysed(captions: &[&str]) -> (Sample, Analysis) {
    let mut sample = sample(captions);
    let analysis = Analyst::new().analyse(&mut sample);
    (sample, analysis)
}

fn density(caption: &str) -> Density {
    analysed(&[caption]).1.density
}

fn others() -> Tally {
    let mut tally = Tally::default();
    for caption in OTHERS.iter().chain(&[MARKET]) {
        let analysis = analysed(&[caption]).1;
        tally.add(&analysis.keys, &analysis.prints);
    }
    tally
}

fn information(caption: &str) -> f64 {
    bits(&analysed(&[caption]).1.keys, &others())
}

#[test]
fn saying_it_again_does_not_pay() {
    let again = format!("{MARKET} {MARKET}");
    let (once, twice) = (density(MARKET), density(&again));
    assert_eq!(once.units, twice.units);
    assert!((information(MARKET) - information(&again)).abs() < 1e-9);
    assert!(twice.redundancy() > Some(once.redundancy().unwrap_or_default() + 0.3), "{twice:?}");
    assert!(twice.rate() < once.rate().map(|rate| rate * 0.6));
    assert_eq!((once.repeated_sentences, twice.repeated_sentences), (0, 5));
    let one_sentence = format!("{MARKET} A metal scale hangs from a hook above the fruit.");
    assert_eq!(density(&one_sentence).units, once.units);
    assert_eq!(density(&one_sentence).repeated_sentences, 1);
}

#[test]
fn filler_does_not_pay() {
    let full = format!("{MARKET}{FILLER}");
    let (bare, filled) = (density(MARKET), density(&full));
    assert_eq!(bare.units, filled.units);
    assert!((information(MARKET) - information(&full)).abs() < 1e-9);
    assert!(filled.rate() < bare.rate().map(|rate| rate * 0.8));
    assert!(filled.abstract_share() > Some(bare.abstract_share().unwrap_or_default() + 0.1));
    for opening in ["The image shows ", "This picture depicts ", "In this photo we can see "] {
        let opened = format!("{opening}a brown dog on a wooden bench.");
        assert_eq!(density(&opened).units, density("A brown dog on a wooden bench.").units, "{opening}");
    }
    assert_eq!(density("The image creates a sense of calm.").units, 0);
}

#[test]
fn other_words_say_nearly_the_same() {
    let (said, again) = (information(MARKET), information(MARKET_AGAIN));
    assert!((said - again).abs() < 0.2 * said, "{said} {again}");
}

#[test]
fn guesses_show() {
    let sure = "A man sits on a bench. He is a farmer with a straw hat.";
    let unsure = "A man sits on a bench. He is possibly a farmer, with what appears to be a straw hat.";
    assert!(density(unsure).hedging() > density(sure).hedging());
}

#[test]
fn reading_again_changes_nothing() {
    let (mut sample, first) = analysed(&[MARKET, OTHERS[0]]);
    let before = sample.clone();
    let mut analyst = Analyst::new();
    for _ in 0..2 {
        assert_eq!(analyst.analyse(&mut sample), first);
        assert_eq!(sample, before);
    }
}

#[test]
fn what_was_supplied_stays_in_its_place() {
    let mut sample = sample(&["A brown dog sits on a sofa."]);
    let supplied = Descriptor::new(Facet::Object, "dogs", "supplied:tags");
    let color = Descriptor { parent: Some(0), ..Descriptor::new(Facet::Attribute, "brown", "supplied:tags") };
    sample.descriptors = vec![supplied.clone(), color.clone()];
    let analysis = Analyst::new().analyse(&mut sample);
    assert_eq!(sample.descriptors[..2], [supplied, color]);
    assert!(sample.descriptors[2..].iter().all(|descriptor| descriptor.source == Descriptor::EXTRACTED));
    // Supplied and extracted facts are the same under their keys.
    assert_eq!(analysis.keys, ["attr dog color brown", "object dog", "object sofa", "rel dog sit_on sofa"]);
    assert_eq!(analysis.keys, keys(&sample));
}

#[test]
fn captions_of_one_picture_are_read_together() {
    let (sample, analysis) = analysed(&["A brown dog on a sofa.", "A brown dog sleeps."]);
    let dog = &sample.descriptors[0];
    assert_eq!((dog.name.as_str(), dog.evidence.len()), ("dog", 2));
    assert_eq!(dog.evidence.iter().map(|place| place.caption).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(sample.descriptors.iter().filter(|descriptor| descriptor.name == "brown").count(), 1);
    assert_eq!(analysis.density.redundancy(), Some(0.0));
    assert_eq!(analysis.density.captions, 2);
}

#[test]
fn lost_knowledge_is_found() {
    let mut sample = sample(&["Two dogs run past a tower."]);
    let original = "2 dogs near the Eiffel Tower in Paris";
    sample.captions.push(Caption {
        text: original.to_owned(),
        field: "alt".to_owned(),
        role: CaptionRole::Original,
    });
    let mut analyst = Analyst::new();
    let analysis = analyst.analyse(&mut sample);
    assert!(analysis.density.lost >= 1, "{:?}", analysis.density);
    let spans = causes(&mut analyst, &sample, FlagId::LostKnowledge, None);
    assert!(spans.iter().all(|span| span.caption == 1) && !spans.is_empty());
    sample.captions[0].text = original.to_owned();
    assert_eq!(analyst.analyse(&mut sample).density.lost, 0);
}

#[test]
fn poor_captions_are_flagged_and_rich_ones_are_not() {
    let flags = |caption: &str| {
        let columns = analysed(&[caption]).1.columns();
        FlagTable::published().flags(&columns, None).iter().map(|flag| flag.id).collect::<Vec<_>>()
    };
    assert_eq!(flags(MARKET), []);
    assert!(flags("A photo of a dog.").contains(&FlagId::Thin));
    let poor = format!("The image shows a dog and a cat and a table and a chair.{FILLER}{FILLER}");
    let poor = flags(&poor);
    for flag in [FlagId::Thin, FlagId::Verbose, FlagId::Generic, FlagId::Repeats] {
        assert!(poor.contains(&flag), "{flag:?} {poor:?}");
    }
}

#[test]
fn other_languages_are_not_judged() {
    let (_, analysis) = analysed(&["Ein brauner Hund liegt auf dem Sofa und schläft neben einer Katze."]);
    let columns = analysis.columns();
    assert_eq!((analysis.language_name(), columns.get(Column::Units)), ("other", None));
    assert_eq!(columns.get(Column::Words), Some(12.0));
    assert_eq!(FlagTable::published().flags(&columns, None), []);
}

#[test]
fn a_data_set_has_norms() {
    let (mut survey, mut analyst) = (Survey::default(), Analyst::new());
    let captions: Vec<&str> = OTHERS.iter().chain(&[OTHERS[0]]).copied().collect();
    for (seq, caption) in captions.iter().enumerate() {
        let mut sample = sample(&[caption]);
        survey.add(seq as u64, &analyst.analyse(&mut sample));
    }
    let (tally, spreads) = survey.finish();
    let norms = Norms::new(&tally, spreads);
    assert_eq!((norms.counts().samples(), norms.profile()), (7, Profile::Short));
    let annotation = annotate(&mut analyst, &sample(&[OTHERS[0]]), Some(&norms));
    assert_eq!(annotation.density.get(Column::Twins), Some(1.0));
    let duplicate = annotation.flags.iter().find(|flag| flag.id == FlagId::Duplicate);
    assert!(duplicate.is_some_and(|flag| flag.threshold > 0.0 && flag.spans.len() == 1), "{annotation:?}");
    let ranges = FlagTable::published().ranges(FlagId::Duplicate, &norms);
    assert_eq!(ranges.len(), 2);
    let written = serde_json::to_value(&annotation).unwrap();
    assert_eq!(written["language"], "en");
    assert_eq!(written["descriptors"][0]["key"], "object woman");
    assert!(written["density"]["bits"].is_number());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_said_has_figures(
        texts in prop::collection::vec("[a-zA-Z0-9 .,!?\"'é狗\n-]{0,120}", 0..4),
        any in any::<String>(),
    ) {
        let captions: Vec<&str> = texts.iter().map(String::as_str).chain([any.as_str()]).collect();
        let mut sample = sample(&captions);
        let mut analyst = Analyst::new();
        let analysis = analyst.analyse(&mut sample);
        let count = sample.descriptors.len() as u32;
        for descriptor in &sample.descriptors {
            for end in [descriptor.parent, descriptor.target].into_iter().flatten() {
                prop_assert!(end < count);
            }
            for place in &descriptor.evidence {
                let text = &sample.captions[place.caption as usize].text;
                prop_assert!(text.get(place.start as usize..place.end as usize).is_some());
            }
        }
        let density = &analysis.density;
        prop_assert!(density.told <= density.mentions);
        prop_assert!(density.redundancy().is_none_or(|share| (0.0..=1.0).contains(&share)));
        prop_assert!(density.breadth().is_none_or(|breadth| (1.0..=9.0 + 1e-9).contains(&breadth)));
        for flag in FlagId::ALL {
            for place in causes(&mut analyst, &sample, *flag, None) {
                let text = &sample.captions[place.caption as usize].text;
                prop_assert!(text.get(place.start as usize..place.end as usize).is_some());
            }
        }
        let before = sample.clone();
        prop_assert_eq!(analyst.analyse(&mut sample), analysis);
        prop_assert_eq!(sample, before);
    }
}

/// Captions of which one is made from the other by one change (arXiv 2306.14610): what differs must
/// be seen in what was found.
#[test]
fn what_differs_between_captions_is_found() {
    let Some(folder) = shared("sugar_crepe") else { return };
    let mut analyst = Analyst::new();
    let (mut pairs, mut found) = (0, 0);
    for kind in ["add_att", "add_obj", "replace_att", "replace_obj", "replace_rel", "swap_att", "swap_obj"] {
        let text = std::fs::read(folder.join(format!("{kind}.json"))).unwrap();
        let list: BTreeMap<String, BTreeMap<String, String>> = serde_json::from_slice(&text).unwrap();
        for pair in list.values() {
            let mut keys = |name: &str| analyst.analyse(&mut sample(&[pair[name].as_str()])).keys;
            pairs += 1;
            found += u32::from(keys("caption") != keys("negative_caption"));
        }
    }
    println!("{found} of {pairs} pairs");
    assert!(f64::from(found) >= 0.95 * f64::from(pairs), "{found} of {pairs} pairs");
}
