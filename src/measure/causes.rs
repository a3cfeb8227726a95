//! Which words caused a flag, so that somebody can be shown them.

use crate::model::{CaptionRole, Descriptor, Evidence, Facet, Sample};

use super::analyse::Analyst;
use super::flags::FlagId;
use super::prose::Stretch;
use super::tally::{Counts, bits_of};

/// Objects that are pointed at as too common.
const MOST_COMMON: usize = 5;

/// The stretches of a sample's captions that caused a flag, in their order; none where it is
/// caused by what is missing. The sample was analysed before.
pub fn causes(
    analyst: &mut Analyst,
    sample: &Sample,
    flag: FlagId,
    counts: Option<&dyn Counts>,
) -> Vec<Evidence> {
    let mut found = match flag {
        FlagId::Hedged => evidence(sample, |_, descriptor| descriptor.hedged),
        FlagId::BareObjects => bare(sample, &[Facet::Attribute]),
        FlagId::NoRelations => bare(sample, &[Facet::Spatial, Facet::Action, Facet::Relation]),
        FlagId::Verbose => empty_sentences(analyst, sample),
        FlagId::Repeats => stretches(analyst, sample, Stretch::Repeated),
        FlagId::Template => stretches(analyst, sample, Stretch::Opening),
        FlagId::Generic => generic(analyst, sample, counts),
        FlagId::Duplicate => stretches(analyst, sample, Stretch::Sentence),
        FlagId::LostKnowledge => {
            let lost = analyst.lost_facts(sample);
            lost.into_iter().flat_map(|descriptor| descriptor.evidence).collect()
        }
        _ => Vec::new(),
    };
    found.sort_unstable();
    found.dedup();
    found
}

/// Where main captions say descriptors that are so.
fn evidence(sample: &Sample, is_so: impl Fn(usize, &Descriptor) -> bool) -> Vec<Evidence> {
    let is_main = |place: &&Evidence| {
        let caption = sample.captions.get(place.caption as usize);
        caption.is_some_and(|caption| caption.role == CaptionRole::Main)
    };
    let descriptors = sample.descriptors.iter().enumerate();
    let found = descriptors.filter(|(at, descriptor)| is_so(*at, descriptor));
    found.flat_map(|(_, descriptor)| descriptor.evidence.iter().filter(is_main)).copied().collect()
}

/// Objects that have no fact of these facets.
fn bare(sample: &Sample, facets: &[Facet]) -> Vec<Evidence> {
    let mut has = vec![false; sample.descriptors.len()];
    for descriptor in sample.descriptors.iter().filter(|descriptor| facets.contains(&descriptor.facet)) {
        for end in [descriptor.parent, descriptor.target].into_iter().flatten() {
            if let Some(has) = has.get_mut(end as usize) {
                *has = true;
            }
        }
    }
    let is_bare = |at: usize| !has.get(at).copied().unwrap_or_default();
    evidence(sample, |at, descriptor| descriptor.facet == Facet::Object && is_bare(at))
}

fn stretches(analyst: &mut Analyst, sample: &Sample, what: Stretch) -> Vec<Evidence> {
    let mut found = Vec::new();
    for (place, caption) in sample.captions.iter().enumerate() {
        if caption.role == CaptionRole::Main {
            found.extend(analyst.reader().find(&caption.text, place as u32, what));
        }
    }
    found
}

/// Sentences that say nothing, or nothing that was not said before them.
fn empty_sentences(analyst: &mut Analyst, sample: &Sample) -> Vec<Evidence> {
    let scribe = analyst.scribe();
    let mut said: Vec<Evidence> = Vec::new();
    for (at, descriptor) in sample.descriptors.iter().enumerate() {
        if scribe.key(&sample.descriptors, at).is_none() {
            continue;
        }
        // The first place in each caption.
        for (place, evidence) in descriptor.evidence.iter().enumerate() {
            let before = descriptor.evidence.get(..place).unwrap_or_default();
            if before.iter().all(|earlier| earlier.caption != evidence.caption) {
                said.push(*evidence);
            }
        }
    }
    let says = |sentence: &Evidence| {
        said.iter().any(|fact| {
            fact.caption == sentence.caption && fact.start < sentence.end && fact.end > sentence.start
        })
    };
    let mut sentences = stretches(analyst, sample, Stretch::Sentence);
    sentences.retain(|sentence| !says(sentence));
    sentences
}

/// Words that name nothing, else the most common objects.
fn generic(analyst: &mut Analyst, sample: &Sample, counts: Option<&dyn Counts>) -> Vec<Evidence> {
    let found = stretches(analyst, sample, Stretch::Abstract);
    let Some(counts) = counts else { return found };
    let scribe = analyst.scribe();
    let mut objects: Vec<(f64, usize)> = Vec::new();
    for (at, descriptor) in sample.descriptors.iter().enumerate() {
        if descriptor.facet == Facet::Object
            && let Some(key) = scribe.key(&sample.descriptors, at)
        {
            objects.push((bits_of(counts.of_key(&key), counts.samples()), at));
        }
    }
    objects.sort_unstable_by(|(one, at), (other, others)| one.total_cmp(other).then(at.cmp(others)));
    objects.truncate(MOST_COMMON);
    let is_common = |at: usize| objects.iter().any(|(_, common)| *common == at);
    [found, evidence(sample, |at, _| is_common(at))].concat()
}
