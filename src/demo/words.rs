//! What a scene sounds like: captions of several densities, and the text it came with.
//!
//! The dense caption states every fact of the scene graph once, and nothing else. Which wording
//! is taken hangs on the scene's seed and the thing spoken of, not on what was said before, so
//! that the captions of a pair differ only where their scenes do.

use std::ops::RangeInclusive;

use super::kind::{Family, Kind, Predicate};
use super::place::Mood;
use super::scene::{Absent, Link, Scene, Spot, Thing, grain};

/// Number words, for counts that a scene can have.
const NUMBERS: [&str; 7] = ["no", "one", "two", "three", "four", "five", "six"];

/// Sentences that sound like a description and say nothing.
const FILLER: [&str; 10] = [
    "the overall composition invites the viewer to linger and to reflect on the moment",
    "a sense of calm and quiet harmony runs through the entire image",
    "every element seems to have been arranged with great care and attention",
    "the image captures the essence of everyday life in a truly memorable way",
    "the interplay of light and mood creates an inviting and timeless atmosphere",
    "it is the kind of view that tells a story without using any words at all",
    "the perspective adds a feeling of depth and dimension to the whole picture",
    "all in all, the picture leaves a warm and lasting impression",
    "one can almost feel the atmosphere that surrounds this very special moment",
    "the harmonious balance of the different elements contributes to its charm",
];

/// Words of a dense caption.
const LENGTH: RangeInclusive<usize> = 58..=122;

/// Is there enough to tell of this scene, and not too much?
pub(super) fn worth_telling(scene: &Scene) -> bool {
    LENGTH.contains(&Words::new(scene).dense().split(' ').count())
}

/// Adds `a` or `an`.
pub(super) fn with_article(words: &str) -> String {
    let vowel = words.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {words}", if vowel { "an" } else { "a" })
}

/// The word for a number.
pub(super) fn number(count: usize) -> &'static str {
    NUMBERS.get(count).copied().unwrap_or("many")
}

impl Thing {
    /// The noun, in the plural for a group.
    pub(super) fn noun(&self) -> &'static str {
        if self.count > 1 { self.kind.many() } else { self.kind.one() }
    }

    /// All that the scene graph says of it, in the order of English adjectives.
    pub(super) fn attributes(&self) -> Vec<&'static str> {
        let size = self.size.map(super::kind::Size::name);
        let state = self.state.map(super::kind::State::name);
        let pattern = self.pattern.map(super::kind::Pattern::name);
        let color = self.color.map(super::kind::Color::name);
        [size, state, pattern, color].into_iter().flatten().collect()
    }

    /// `the dog`, `the apples`.
    pub(super) fn definite(&self) -> String {
        format!("the {}", self.noun())
    }

    /// `is` or `are`.
    pub(super) fn be(&self) -> &'static str {
        if self.count > 1 { "are" } else { "is" }
    }

    fn pronoun(&self) -> &'static str {
        match self.kind {
            _ if self.count > 1 => "they",
            Kind::Man | Kind::Boy => "he",
            Kind::Woman | Kind::Girl => "she",
            _ => "it",
        }
    }

    fn verb(&self, predicate: Predicate) -> &'static str {
        if self.count > 1 { predicate.base() } else { predicate.third() }
    }
}

/// The captions of one scene.
pub(super) struct Words<'a> {
    scene: &'a Scene,
}

impl<'a> Words<'a> {
    /// Words for this scene.
    pub(super) fn new(scene: &'a Scene) -> Self {
        Self { scene }
    }

    /// One of `choices`, fixed for this purpose and this thing.
    fn choose(&self, purpose: u64, thing: usize, choices: usize) -> usize {
        (grain(self.scene.seed, 0x3013 + purpose, thing as u64) % choices.max(1) as u64) as usize
    }

    /// Every fact of the scene.
    pub(super) fn dense(&self) -> String {
        text(&self.sentences())
    }

    /// Every fact of the scene, most of them in doubt.
    pub(super) fn hedged(&self) -> String {
        let doubts = ["it seems that", "it looks as if", "perhaps", "it appears that", "possibly,"];
        let sentences: Vec<String> = self
            .sentences()
            .into_iter()
            .enumerate()
            .map(|(place, sentence)| {
                let doubt = doubts[(self.choose(40, place, doubts.len()) + place) % doubts.len()];
                if place % 4 == 0 { sentence } else { format!("{doubt} {sentence}") }
            })
            .collect();
        text(&sentences)
    }

    /// The place and the first two things.
    pub(super) fn medium(&self) -> String {
        let mut sentences = Vec::new();
        for (place, index) in self.leads().into_iter().take(2).enumerate() {
            let sentence = self.introduction(index, place > 0);
            sentences.push(if place == 0 { format!("{}, {sentence}", self.setting()) } else { sentence });
        }
        text(&sentences)
    }

    /// The first thing and where it is.
    pub(super) fn short(&self) -> String {
        let (place, first) = (self.scene.place, self.heads().first().copied());
        let Some(first) = first else { return text(&[self.scene.place.phrase().to_owned()]) };
        let thing = &self.scene.things[first];
        let action = self.introducing(first).map(|link| link.predicate);
        let action = action.filter(|predicate| predicate.family() == Family::Action);
        let verb = action.and_then(|predicate| predicate.ing().split_once(' ')).map_or("", |(verb, _)| verb);
        let sentence = format!("{} {} {verb} {}", self.phrase(first), thing.be(), place.preposition());
        text(&[format!("{} {}", sentence.replace("  ", " "), place.phrase())])
    }

    /// Hardly anything.
    pub(super) fn thin(&self) -> String {
        let leads = self.heads();
        let place = self.scene.place;
        let Some(first) = leads.first().map(|index| &self.scene.things[*index]) else {
            return place.name().to_owned();
        };
        let bare = |thing: &Thing| {
            if thing.count > 1 { thing.noun().to_owned() } else { with_article(thing.noun()) }
        };
        let one = bare(first);
        match (self.choose(50, 0, 3), leads.get(1)) {
            (0, Some(second)) => format!("{one} and {}", bare(&self.scene.things[*second])),
            (1, _) => format!("{one} {} {}", place.preposition(), place.phrase()),
            _ => {
                let ground = leads.first().and_then(|index| self.introducing(*index));
                let ground = ground.map_or(place.name(), |link| self.scene.things[link.object].noun());
                format!("{one} on {ground}")
            }
        }
    }

    /// Many words around one fact.
    pub(super) fn verbose(&self) -> String {
        let first = self.heads().first().map(|index| self.scene.things[*index].kind.one());
        let mut sentences = vec![
            format!(
                "the image shows {} in what can only be described as a lovely setting",
                self.scene.place.phrase()
            ),
            format!("{} serves as a focal point that draws the eye", with_article(first.unwrap_or("view"))),
        ];
        let start = self.choose(51, 0, FILLER.len());
        sentences.extend((0..6).map(|step| FILLER[(start + step * 3) % FILLER.len()].to_owned()));
        text(&sentences)
    }

    /// Few facts, said again and again.
    pub(super) fn repeating(&self) -> String {
        let mut sentences = Vec::new();
        for index in self.leads().into_iter().take(2) {
            sentences.push(self.introduction(index, false));
        }
        let again = sentences.clone();
        sentences.push(format!("in this picture, {}", again[0]));
        sentences.extend(again.iter().cloned());
        sentences.push(format!("as one can see, {}", again[again.len() - 1]));
        sentences.extend(again);
        text(&sentences)
    }

    /// A text such as pictures carry on the web: short, careless, with a name or a number.
    pub(super) fn alt(&self) -> String {
        const PEOPLE: [&str; 6] = ["Maribel", "Uncle Tobias", "Jonah", "Ines", "Ottilie", "Grandpa Wim"];
        const NAMES: [&str; 8] = [
            "Alder",
            "Briarwood",
            "Port Ellery",
            "Linden",
            "Fernhill",
            "Old Mill",
            "Hazelton",
            "Quay Street",
        ];
        let main = self.heads().first().map_or("view", |index| self.scene.things[*index].kind.one());
        let name = NAMES[self.choose(60, 0, NAMES.len())];
        let shown = self.scene.place.name();
        let small = 1 + self.choose(61, 0, 240);
        match self.choose(62, 0, 8) {
            0 => format!("IMG_{:04}.JPG", 1000 + self.choose(63, 0, 8999)),
            1 => format!("{main} at {name} {shown}, {}", 2009 + self.choose(64, 0, 15)),
            2 => format!("{name} {shown} - photo {small}"),
            3 => format!("My favorite {main}!!"),
            4 => format!("{shown} {} picture, free wallpaper {small}", self.scene.mood.phrase())
                .replace("  ", " "),
            5 => format!("{name}: the {main}"),
            6 => main.to_owned(),
            _ => format!(
                "Summer trip with {}, day {}",
                PEOPLE[self.choose(66, 0, PEOPLE.len())],
                1 + self.choose(65, 0, 14)
            ),
        }
    }

    /// Things that get a sentence of their own, in the order of telling.
    pub(super) fn leads(&self) -> Vec<usize> {
        (0..self.scene.things.len()).filter(|index| self.scene.things[*index].leads()).collect()
    }

    /// The same without the furniture that carries other things, which is seldom the point.
    fn heads(&self) -> Vec<usize> {
        let mut heads = self.leads();
        heads.retain(|index| self.scene.things[*index].spot != Spot::Support);
        heads
    }

    /// `in a park on a sunny day`.
    fn setting(&self) -> String {
        let place = self.scene.place;
        let setting = format!("{} {} {}", place.preposition(), place.phrase(), self.scene.mood.phrase());
        setting.trim_end().to_owned()
    }

    /// The dense caption's sentences, without capitals and full stops.
    fn sentences(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        let opening = self.choose(1, 0, 5);
        let scene = self.scene.place.phrase();
        let mood = self.scene.mood;
        match opening {
            0 => sentences.push(format!("this is {scene} {}", mood.phrase()).trim_end().to_owned()),
            1 if mood == Mood::Plain => sentences.push(format!("the picture shows {scene}")),
            1 => sentences.push(format!("it is {} {} {scene}", time(mood), self.scene.place.preposition())),
            2 => sentences.push(format!("here is {scene} {}", mood.phrase()).trim_end().to_owned()),
            3 => sentences.push(format!("the view is of {scene} {}", mood.phrase()).trim_end().to_owned()),
            _ => {}
        }
        let mut known: Vec<usize> = Vec::new();
        for index in self.leads() {
            let first = known.is_empty() && opening == 4;
            let sentence = self.introduction(index, !first);
            sentences.push(if first { format!("{}, {sentence}", self.setting()) } else { sentence });
            known.push(index);
            self.details(index, &mut sentences);
            self.relations(index, &known, &mut sentences);
        }
        sentences.extend(self.missing());
        sentences
    }

    /// A thing with its adjectives; a state may get a sentence of its own instead.
    fn phrase(&self, index: usize) -> String {
        let thing = &self.scene.things[index];
        let mut words: Vec<&str> = Vec::new();
        if thing.count > 1 {
            words.push(number(thing.count));
        }
        let state = thing.state.map(super::kind::State::name).filter(|_| self.state_apart(index));
        let mut hidden = state;
        for word in thing.attributes() {
            // A green traffic light has the word once, so only the first match is left out.
            if hidden == Some(word) {
                hidden = None;
            } else {
                words.push(word);
            }
        }
        words.push(thing.noun());
        let words = words.join(" ");
        if thing.count > 1 { words } else { with_article(&words) }
    }

    fn state_apart(&self, index: usize) -> bool {
        let kind = self.scene.things[index].kind;
        // Hangs on the kind, so that the wording stays when two things change places.
        kind == Kind::TrafficLight || self.choose(2, kind as usize, 2) == 0
    }

    /// The link that the first sentence about a thing tells.
    fn introducing(&self, index: usize) -> Option<Link> {
        self.scene.links.iter().copied().find(|link| {
            link.subject == index
                && link.predicate.family() != Family::Bond
                && link.predicate != Predicate::Hold
        })
    }

    /// The first sentence about a thing; it begins with the place only where that is `free`.
    fn introduction(&self, index: usize, free: bool) -> String {
        let (thing, phrase) = (&self.scene.things[index], self.phrase(index));
        let be = thing.be();
        let Some(link) = self.introducing(index) else { return format!("there {be} {phrase}") };
        let (predicate, object) = (link.predicate, self.scene.things[link.object].definite());
        let ing = predicate.ing();
        if predicate.family() == Family::Place {
            return match self.choose(3, index, 3) {
                0 => format!("there {be} {phrase} {ing} {object}"),
                1 if free => format!("{ing} {object} {be} {phrase}"),
                _ => format!("{phrase} {be} {ing} {object}"),
            };
        }
        let living = thing.kind.person() || thing.kind.animal();
        match (self.choose(3, index, 7), ing.split_once(' ')) {
            (0 | 1, _) => format!("there {be} {phrase} {ing} {object}"),
            (2, Some((verb, preposition))) if free && living => {
                format!("{preposition} {object}, {phrase} {be} {verb}")
            }
            (2, Some((_, preposition))) if free => {
                let verb = thing.verb(predicate).split(' ').next().unwrap_or_default();
                format!("{preposition} {object} {verb} {phrase}")
            }
            (3 | 4, _) if living => format!("{phrase} {be} {ing} {object}"),
            _ => format!("{phrase} {} {object}", thing.verb(predicate)),
        }
    }

    /// State, text, parts, clothes and what is held.
    fn details(&self, index: usize, sentences: &mut Vec<String>) {
        let thing = &self.scene.things[index];
        let subject = |purpose| {
            if self.choose(purpose, index, 3) > 0 { thing.pronoun().to_owned() } else { thing.definite() }
        };
        if let Some(text) = thing.text {
            let says = ["says", "reads"][self.choose(4, index, 2)];
            sentences.push(format!("{} {says} \"{text}\"", subject(5)));
        }
        if let Some(state) = thing.state
            && self.state_apart(index)
        {
            sentences.push(format!("{} {} {}", thing.definite(), thing.be(), state.name()));
        }
        let parts = |predicate| -> Vec<usize> {
            let mine = self.scene.links.iter().filter(|link| link.subject == index);
            mine.filter(|link| link.predicate == predicate).map(|link| link.object).collect()
        };
        let worn: Vec<String> = parts(Predicate::Wear).into_iter().map(|part| self.phrase(part)).collect();
        if !worn.is_empty() {
            let wear = ["wears", "is wearing"][self.choose(6, index, 2)];
            sentences.push(format!("{} {wear} {}", subject(7), worn.join(" and ")));
        }
        for held in parts(Predicate::Hold) {
            let hold = ["holds", "is holding"][self.choose(8, index, 2)];
            sentences.push(format!("{} {hold} {}", subject(9), self.phrase(held)));
            self.part_state(held, sentences);
        }
        for part in parts(Predicate::Have) {
            sentences.push(format!("{} has {}", subject(10), self.phrase(part)));
            self.part_state(part, sentences);
        }
    }

    fn part_state(&self, part: usize, sentences: &mut Vec<String>) {
        let thing = &self.scene.things[part];
        if let Some(state) = thing.state
            && self.state_apart(part)
        {
            sentences.push(format!("{} is {}", thing.definite(), state.name()));
        }
    }

    /// All relations of which both ends are known now, and which no other sentence tells.
    fn relations(&self, index: usize, known: &[usize], sentences: &mut Vec<String>) {
        let has_parts =
            self.scene.links.iter().any(|link| link.subject == index && link.predicate == Predicate::Have);
        let mut clear = !has_parts;
        for link in &self.scene.links {
            let touches = link.subject == index || link.object == index;
            let told = self.introducing(link.subject) == Some(*link);
            let plain = link.predicate.family() != Family::Bond && link.predicate != Predicate::Hold;
            let object = self.scene.things[link.object].kind.ground() || known.contains(&link.object);
            if !touches || told || !plain || !object || !known.contains(&link.subject) {
                continue;
            }
            let subject = &self.scene.things[link.subject];
            // A pronoun only where the sentence before spoke of the same thing.
            let start = if clear && link.subject == index && self.choose(11, index, 2) == 0 {
                subject.pronoun().to_owned()
            } else {
                subject.definite()
            };
            clear = false;
            let object = self.scene.things[link.object].definite();
            sentences.push(format!("{start} {} {} {object}", subject.be(), link.predicate.ing()));
        }
    }

    fn missing(&self) -> Option<String> {
        let second = self.choose(12, 0, 2) == 0;
        Some(match self.scene.absent? {
            Absent::People if second => "there are no people in the picture".to_owned(),
            Absent::People => "no people are in sight".to_owned(),
            Absent::Kind(kind) if second => format!("there is no {} in the picture", kind.one()),
            Absent::Kind(kind) => format!("no {} is in sight", kind.one()),
            Absent::Hat(person) if second => {
                format!("{} is not wearing a hat", self.scene.things[person].definite())
            }
            Absent::Hat(person) => format!("{} is without a hat", self.scene.things[person].definite()),
        })
    }
}

/// `a sunny day`, `sunset`, `night`.
fn time(mood: Mood) -> &'static str {
    let phrase = mood.phrase();
    phrase.split_once(' ').map_or(phrase, |(_, rest)| rest)
}

/// Gives each sentence its capital and its full stop.
fn text(sentences: &[String]) -> String {
    let mut text = String::new();
    for sentence in sentences {
        if !text.is_empty() {
            text.push(' ');
        }
        let mut letters = sentence.chars();
        text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        text.push_str(letters.as_str());
        text.push('.');
    }
    text
}

/// The word for what is missing.
pub(super) fn absent_name(absent: Absent) -> &'static str {
    match absent {
        Absent::People => "people",
        Absent::Kind(kind) => kind.one(),
        Absent::Hat(_) => "hat",
    }
}

/// May a later change put this kind into the scene without making its caption false?
pub(super) fn allows(scene: &Scene, kind: Kind) -> bool {
    match scene.absent {
        Some(Absent::People) => !kind.person(),
        Some(Absent::Kind(missing)) => missing != kind,
        Some(Absent::Hat(_)) => kind != Kind::Hat,
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_fit() {
        for (words, expected) in
            [("dog", "a dog"), ("orange cat", "an orange cat"), ("unlit lamp", "an unlit lamp")]
        {
            assert_eq!(with_article(words), expected);
        }
    }

    #[test]
    fn dense_captions_state_every_fact() {
        for seed in 0..1500 {
            let scene = Scene::new(seed);
            let caption = Words::new(&scene).dense();
            let lower = caption.to_lowercase();
            for thing in &scene.things {
                assert!(lower.contains(thing.noun()), "seed {seed}: {} in {caption}", thing.noun());
                for attribute in thing.attributes() {
                    assert!(lower.contains(attribute), "seed {seed}: {attribute} in {caption}");
                }
                if thing.count > 1 {
                    assert!(lower.contains(number(thing.count)), "seed {seed}: {caption}");
                }
                assert!(thing.text.is_none_or(|text| caption.contains(text)), "seed {seed}: {caption}");
            }
            let sentences = Words::new(&scene).sentences().len();
            assert_eq!(caption.matches(". ").count() + 1, sentences, "seed {seed}: {caption}");
        }
    }

    #[test]
    fn each_relation_is_told_exactly_once() {
        for seed in 0..1500 {
            let scene = Scene::new(seed);
            let words = Words::new(&scene);
            let mut told = 0;
            let mut known = Vec::new();
            for index in words.leads() {
                told += usize::from(words.introducing(index).is_some());
                known.push(index);
                let mut sentences = Vec::new();
                words.relations(index, &known, &mut sentences);
                told += sentences.len();
            }
            told += scene.links.iter().filter(|link| is_bond(link.predicate)).count();
            assert_eq!(told, scene.links.len(), "seed {seed}: {}", words.dense());
        }
    }

    fn is_bond(predicate: Predicate) -> bool {
        predicate.family() == Family::Bond || predicate == Predicate::Hold
    }

    #[test]
    fn captions_grow_from_thin_to_dense() {
        let mut lengths = [0usize; 4];
        for seed in 0..400 {
            let scene = Scene::new(seed);
            let words = Words::new(&scene);
            let captions = [words.thin(), words.short(), words.medium(), words.dense()];
            for (sum, caption) in lengths.iter_mut().zip(&captions) {
                *sum += caption.split_whitespace().count();
            }
            assert!(!captions.iter().any(String::is_empty));
        }
        let mean = lengths.map(|sum| sum / 400);
        assert!(mean[0] <= 6 && mean[1] <= 18 && mean[2] <= 32, "{mean:?}");
        assert!((60..=110).contains(&mean[3]), "{mean:?}");
    }
}
