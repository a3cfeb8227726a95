//! One line of the data set: which scene it shows, and all that is said of it.

use serde::Serialize;

use super::canvas::Bounds;
use super::dice::{Dice, blend};
use super::pairs::{Change, Difference, twins};
use super::questions::{Question, questions};
use super::scene::{Absent, Scene};
use super::words::{Words, absent_name, worth_telling};

/// What the first caption of a sample is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Style {
    /// Every fact of the scene graph, and nothing else.
    Dense,
    /// The same facts, most of them in doubt.
    Hedged,
    /// Many words, few facts.
    Verbose,
    /// The same few facts again and again.
    Repeating,
    /// Hardly anything.
    Thin,
}

/// One sample before it is painted.
pub(super) struct Entry {
    /// Its place in the data set, from 0.
    pub(super) number: usize,
    pub(super) scene: Scene,
    /// Varies the picture of a scene that occurs twice.
    pub(super) copy: u64,
    style: Style,
    hostile: Option<usize>,
    pair: Option<Pair>,
    split: &'static str,
}

/// What the data set says of a pair.
#[derive(Clone, Debug, Serialize)]
struct Pair {
    id: String,
    side: &'static str,
    change: &'static str,
    #[serde(flatten)]
    difference: Difference,
}

#[derive(Serialize)]
struct Record {
    file_name: String,
    id: String,
    captions: Vec<String>,
    style: Style,
    alt_text: String,
    scene_graph: Graph,
    questions: Vec<Question>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pair: Option<Pair>,
    split: &'static str,
    source: &'static str,
}

#[derive(Serialize)]
struct Graph {
    objects: Vec<Object>,
    relations: Vec<Relation>,
    scene: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    text: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    absent: Vec<Missing>,
}

#[derive(Serialize)]
struct Object {
    id: usize,
    name: &'static str,
    attributes: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'static str>,
    bbox: [usize; 4],
}

#[derive(Serialize)]
struct Relation {
    subject: usize,
    predicate: &'static str,
    object: usize,
}

#[derive(Serialize)]
struct Missing {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<usize>,
}

/// Alt texts that are dangerous to print as they are; each shows one family of dangers.
const HOSTILE: [&str; 3] = [
    "\u{1F3D6}\u{FE0F}\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467} 公園の写真 \u{1F1EB}\u{1F1F7} Cafe\u{301} Zo\u{308}e\u{301} \u{1F44D}\u{1F3FD} ２０２４",
    "\u{1B}[31;1mred alert\u{1B}[0m \u{1B}]0;changed title\u{7} \u{1B}[2J\u{1B}[H back\u{8}\u{8}space\r\n\ttab \u{9B}5n end",
    "photo \u{202E}gnp.exe\u{202C} صورة جميلة של חתול \u{2066}isolated\u{2069} e\u{301}\u{302}\u{303}\u{304}\u{305} wi\u{200B}de",
];

impl Entry {
    /// The sample with this number. Of four samples in a row, the first two are a pair.
    pub(super) fn new(seed: u64, number: usize) -> Self {
        let group = (number / 4) as u64;
        let split = match blend(&[seed, group, 0x0511]) % 10 {
            0 => "test",
            1 => "val",
            _ => "train",
        };
        if number % 4 < 2 {
            return Self::paired(seed, number, split);
        }
        let single = number / 4 * 2 + number % 4 - 2;
        let (source, copy) = twin_of(single);
        let scene = told(blend(&[seed, 0x51, source as u64]));
        let style = match single % 16 {
            3 => Style::Thin,
            5 => Style::Verbose,
            9 => Style::Hedged,
            12 => Style::Repeating,
            14 if single % 32 == 14 => Style::Thin,
            _ => Style::Dense,
        };
        let hostile = [6, 22, 38].iter().position(|place| *place == single);
        Self { number, scene, copy, style, hostile, pair: None, split }
    }

    fn paired(seed: u64, number: usize, split: &'static str) -> Self {
        let pair = number / 4;
        let change = Change::ALL[pair % Change::ALL.len()];
        let twins = twins(blend(&[seed, 0x9A, pair as u64]), change);
        let first = number.is_multiple_of(4);
        let note = Pair {
            id: format!("pair-{:04}", pair + 1),
            side: if first { "a" } else { "b" },
            change: change.name(),
            difference: twins.difference,
        };
        let scene = if first { twins.first } else { twins.second };
        Self { number, scene, copy: 0, style: Style::Dense, hostile: None, pair: Some(note), split }
    }

    /// The picture's path within the data set.
    pub(super) fn file_name(&self) -> String {
        format!("images/{:04}.png", self.number + 1)
    }

    /// Its line of the captions file, without the end of line.
    pub(super) fn line(&self, boxes: &[Bounds]) -> serde_json::Result<String> {
        let words = Words::new(&self.scene);
        let first = match self.style {
            Style::Dense => words.dense(),
            Style::Hedged => words.hedged(),
            Style::Verbose => words.verbose(),
            Style::Repeating => words.repeating(),
            Style::Thin => words.thin(),
        };
        let mut captions = vec![first];
        if self.style != Style::Thin {
            captions.extend([words.medium(), words.short(), words.thin()]);
        }
        serde_json::to_string(&Record {
            file_name: self.file_name(),
            id: format!("demo-{:04}", self.number + 1),
            captions,
            style: self.style,
            alt_text: self.hostile.map_or_else(|| words.alt(), |which| HOSTILE[which].to_owned()),
            scene_graph: self.graph(boxes),
            questions: questions(&self.scene, 4 + Dice::new(self.scene.seed).below(3)),
            pair: self.pair.clone(),
            split: self.split,
            source: "demo",
        })
    }

    fn graph(&self, boxes: &[Bounds]) -> Graph {
        let scene = &self.scene;
        let objects = scene.things.iter().zip(boxes).enumerate().map(|(index, (thing, bounds))| Object {
            id: index + 1,
            name: thing.kind.one(),
            attributes: thing.attributes(),
            count: (thing.count > 1).then_some(thing.count),
            text: thing.text,
            bbox: [bounds.left, bounds.top, bounds.right - bounds.left, bounds.bottom - bounds.top],
        });
        let relations = scene.links.iter().map(|link| Relation {
            subject: link.subject + 1,
            predicate: link.predicate.label(),
            object: link.object + 1,
        });
        let absent = scene.absent.map(|absent| Missing {
            name: absent_name(absent),
            of: if let Absent::Hat(person) = absent { Some(person + 1) } else { None },
        });
        Graph {
            objects: objects.collect(),
            relations: relations.collect(),
            scene: std::iter::once(scene.place.name()).chain(scene.mood.facts().iter().copied()).collect(),
            text: scene.things.iter().filter_map(|thing| thing.text).collect(),
            absent: absent.into_iter().collect(),
        }
    }
}

/// The first of this seed's scenes that is worth telling.
fn told(seed: u64) -> Scene {
    (0..u64::MAX)
        .map(|attempt| Scene::new(blend(&[seed, attempt])))
        .find(worth_telling)
        .expect("most scenes are worth telling")
}

/// Every twentieth single sample shows an earlier scene again: same captions, another picture.
fn twin_of(single: usize) -> (usize, u64) {
    if single % 20 == 18 { (single - 8, 1) } else { (single, 0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::paint::paint;

    fn line(number: usize) -> serde_json::Value {
        let entry = Entry::new(7, number);
        let line = entry.line(&paint(&entry.scene, entry.copy).boxes).expect("a record is plain data");
        serde_json::from_str(&line).expect("JSON")
    }

    #[test]
    fn two_of_four_are_a_pair() {
        let (one, two, three) = (line(0), line(1), line(2));
        assert_eq!(one["pair"]["id"], two["pair"]["id"]);
        assert_eq!((&one["pair"]["side"], &two["pair"]["side"]), (&"a".into(), &"b".into()));
        assert_eq!(one["split"], two["split"]);
        assert!(three.get("pair").is_none());
    }

    #[test]
    fn boxes_lie_in_the_picture_and_relations_have_both_ends() {
        for number in 0..24 {
            let record = line(number);
            let objects = record["scene_graph"]["objects"].as_array().expect("objects");
            for object in objects {
                let [x, y, w, h] =
                    [0, 1, 2, 3].map(|place| object["bbox"][place].as_u64().expect("a number"));
                assert!(w > 0 && h > 0 && x + w <= 384 && y + h <= 288, "{object}");
            }
            for relation in record["scene_graph"]["relations"].as_array().expect("relations") {
                for end in ["subject", "object"] {
                    let id = relation[end].as_u64().expect("an id") as usize;
                    assert!((1..=objects.len()).contains(&id), "{relation}");
                }
            }
        }
    }

    #[test]
    fn hostile_alt_texts_and_repeated_captions_are_there() {
        let entries: Vec<Entry> = (0..320).map(|number| Entry::new(7, number)).collect();
        assert_eq!(entries.iter().filter(|entry| entry.hostile.is_some()).count(), HOSTILE.len());
        let repeated = entries.iter().filter(|entry| entry.copy > 0).count();
        assert!((4..=12).contains(&repeated), "{repeated} repeated scenes");
        let dense = entries.iter().filter(|entry| entry.style == Style::Dense).count();
        assert!((240..=300).contains(&dense), "{dense} dense samples");
    }
}
