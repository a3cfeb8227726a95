//! Reads the captions of samples: descriptors in, figures out.

use rustc_hash::FxHashMap;

use crate::model::{CaptionRole, Descriptor, Facet, Sample};
use crate::text;
use crate::text::extract::{Extractor, Language};

use super::columns::Columns;
use super::density::{Density, is_knowledge};
use super::key::Scribe;
use super::prints::{Printer, Prints};
use super::prose::{Prose, Reader};

/// What is known of a sample after its captions were read.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// English, if any main caption is.
    pub language: Language,
    /// The keys of all its descriptors, sorted, each once.
    pub keys: Vec<String>,
    /// What was counted.
    pub density: Density,
    /// Fingerprints of its captions.
    pub prints: Prints,
}

impl Analysis {
    /// The figures that need no other sample.
    pub fn columns(&self) -> Columns {
        Columns::of(self)
    }

    /// The language as it stands in records and queries.
    pub fn language_name(&self) -> &'static str {
        match self.language {
            Language::English => "en",
            Language::Other => "other",
        }
    }
}

/// Reads captions. One for each thread: it keeps its words, the tables are shared.
#[derive(Debug)]
pub struct Analyst {
    extractor: Extractor<'static>,
    scribe: Scribe,
    reader: Reader,
    printer: Printer,
}

impl Default for Analyst {
    fn default() -> Self {
        Self::new()
    }
}

/// What makes two extracted descriptors of one sample the same.
#[derive(PartialEq, Eq, Hash)]
struct Identity {
    facet: Facet,
    dimension: Option<String>,
    name: String,
    parent: Option<u32>,
    target: Option<u32>,
    negated: bool,
}

impl Analyst {
    /// One with the parser of this program.
    pub fn new() -> Self {
        Self::with(Extractor::english())
    }

    /// One that reads with this extractor.
    pub fn with(extractor: Extractor<'static>) -> Self {
        Self { extractor, scribe: Scribe::default(), reader: Reader::default(), printer: Printer::default() }
    }

    /// Reads the main captions of a sample, and puts what they say behind the descriptors that it
    /// came with. What was extracted before is taken away first, so that it may be read again.
    ///
    /// What several captions say is one descriptor with its places in all of them. Things are the
    /// same when they have the same name, as the first of that name in each caption.
    pub fn analyse(&mut self, sample: &mut Sample) -> Analysis {
        forget(&mut sample.descriptors);
        let mut prose = Prose::default();
        let (mut is_read, mut is_english) = (false, false);
        let mut known: FxHashMap<Identity, u32> = FxHashMap::default();
        let has_several = sample.main_captions().nth(1).is_some();
        for (place, caption) in sample.captions.iter().enumerate() {
            if caption.role != CaptionRole::Main {
                continue;
            }
            prose.add(self.reader.read(&caption.text, &mut self.printer));
            let reading = self.extractor.read(&caption.text, place as u32);
            is_read = true;
            is_english |= reading.language == Language::English;
            let known = has_several.then_some(&mut known);
            merge(&mut sample.descriptors, reading.descriptors, known);
        }
        let (keys, places) = self.scribe.placed_keys(&sample.descriptors);
        let mut density = Density::of(sample, &keys, &places, prose);
        density.lost = self.lost(sample);
        let language = if is_english || !is_read { Language::English } else { Language::Other };
        Analysis { language, keys, density, prints: self.printer.finish() }
    }

    /// Names, written text and counts of the original captions whose words no main caption has.
    fn lost(&mut self, sample: &Sample) -> u32 {
        self.lost_facts(sample).len() as u32
    }

    /// The descriptors that [`Density::lost`] counts.
    pub(super) fn lost_facts(&mut self, sample: &Sample) -> Vec<Descriptor> {
        self.lost_facts_of(sample).into_iter().map(|(descriptor, _)| descriptor).collect()
    }

    /// The same, each with the name of what it belongs to.
    pub(super) fn lost_facts_of(&mut self, sample: &Sample) -> Vec<(Descriptor, Option<String>)> {
        if sample.main_captions().next().is_none() {
            return Vec::new();
        }
        let mut lost = Vec::new();
        let mut main: Option<Vec<Vec<String>>> = None;
        for (place, caption) in sample.captions.iter().enumerate() {
            if caption.role != CaptionRole::Original {
                continue;
            }
            let found = self.extractor.read(&caption.text, place as u32).descriptors;
            let main = main
                .get_or_insert_with(|| sample.main_captions().map(|caption| lemmas(&caption.text)).collect());
            for (at, descriptor) in found.iter().enumerate() {
                let Some(key) = self.scribe.key(&found, at).filter(|key| is_knowledge(key)) else { continue };
                // The alt text's `2 dogs` may be anybody's `two`: numbers are compared as numbers.
                let words = lemmas(&descriptor.name);
                let has = |main: &Vec<String>| words.iter().all(|word| has_word(main, word));
                if !key.starts_with("not ") && !words.is_empty() && !main.iter().any(has) {
                    let owner = descriptor.parent.and_then(|owner| found.get(owner as usize));
                    lost.push((descriptor.clone(), owner.map(|owner| owner.name.clone())));
                }
            }
        }
        lost
    }

    pub(super) fn reader(&mut self) -> &mut Reader {
        &mut self.reader
    }

    pub(super) fn scribe(&mut self) -> &mut Scribe {
        &mut self.scribe
    }
}

/// Small numbers by their names.
pub(super) const NUMBERS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];

fn has_word(words: &[String], word: &str) -> bool {
    let spelled = word.parse::<usize>().ok().and_then(|number| NUMBERS.get(number));
    words.iter().any(|other| other == word || spelled.is_some_and(|spelled| other == spelled))
}

fn lemmas(caption: &str) -> Vec<String> {
    text::words(caption).iter().map(|word| text::lemma(&word.folded).to_owned()).collect()
}

/// Takes away what was extracted. What refers to it no longer does.
fn forget(descriptors: &mut Vec<Descriptor>) {
    if descriptors.iter().all(|descriptor| descriptor.source != Descriptor::EXTRACTED) {
        return;
    }
    let mut places = Vec::with_capacity(descriptors.len());
    let mut kept = 0;
    for descriptor in descriptors.iter() {
        let is_kept = descriptor.source != Descriptor::EXTRACTED;
        places.push(is_kept.then_some(kept));
        kept += u32::from(is_kept);
    }
    descriptors.retain(|descriptor| descriptor.source != Descriptor::EXTRACTED);
    let moved = |place: Option<u32>| places.get(place? as usize).copied().flatten();
    for descriptor in descriptors {
        descriptor.parent = moved(descriptor.parent);
        descriptor.target = moved(descriptor.target);
    }
}

/// Puts what a caption says behind what was said before it; `known` is what other captions say, where there are
/// others.
fn merge(
    all: &mut Vec<Descriptor>,
    found: Vec<Descriptor>,
    mut known: Option<&mut FxHashMap<Identity, u32>>,
) {
    let mut places: Vec<u32> = Vec::with_capacity(found.len());
    // A caption that has two things of one name has two of them in the sample.
    let mut taken: Vec<u32> = Vec::new();
    let mut late: Vec<(u32, Option<u32>, Option<u32>)> = Vec::new();
    let is_forward = |place: Option<u32>, at: usize| place.is_some_and(|place| place as usize >= at);
    for (at, mut descriptor) in found.into_iter().enumerate() {
        let moved = |place: Option<u32>| places.get(place? as usize).copied();
        let (parent, target) = (descriptor.parent, descriptor.target);
        descriptor.parent = moved(parent);
        descriptor.target = moved(target);
        // A part is the same thing, whatever it was found to hang on.
        let owner = if descriptor.facet == Facet::Object { None } else { descriptor.parent };
        let identity = || Identity {
            facet: descriptor.facet,
            dimension: descriptor.dimension.clone().filter(|_| descriptor.facet != Facet::Object),
            name: descriptor.name.clone(),
            parent: owner,
            target: descriptor.target,
            negated: descriptor.negated,
        };
        let new = all.len() as u32;
        let place = known.as_mut().map_or(new, |known| *known.entry(identity()).or_insert(new));
        if place != new && !taken.contains(&place) {
            if let Some(same) = all.get_mut(place as usize) {
                same.hedged &= descriptor.hedged;
                same.evidence.extend(descriptor.evidence);
            }
            taken.push(place);
            places.push(place);
            continue;
        }
        if is_forward(parent, at) || is_forward(target, at) {
            late.push((new, parent, target));
        }
        taken.push(new);
        places.push(new);
        all.push(descriptor);
    }
    // Parts may hang on what is named after them.
    for (place, parent, target) in late {
        let moved = |to: Option<u32>| places.get(to? as usize).copied().filter(|to| *to != place);
        if let Some(descriptor) = all.get_mut(place as usize) {
            descriptor.parent = moved(parent);
            descriptor.target = moved(target);
        }
    }
}
