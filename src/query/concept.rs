//! `concept:vehicle`: which concept a test names, and where captions mention it.

use std::ops::Range;

use super::Test;
use crate::model::Sample;
use crate::text::{self, Concept, Word, concept, mention_terms};

/// The concept that a test of [`super::Field::Concept`] names; none where nobody knows it as a thing.
pub fn concept_of(test: &Test) -> Option<Concept> {
    match test {
        Test::Word { typed, .. } | Test::Partial { typed, .. } => concept(typed),
        Test::Phrase(lemmas) => concept(&lemmas.join(" ")),
        _ => None,
    }
}

/// The terms of everything that the captions of a sample mention, as [`Concept::holds_term`] takes
/// them. Captions that are wrong on purpose do not count.
pub fn mentions(sample: &Sample) -> Vec<String> {
    mentions_with(sample, mention_terms)
}

pub(super) fn mentions_with(sample: &Sample, mut terms_of: impl FnMut(&str) -> Vec<String>) -> Vec<String> {
    let captions =
        sample.captions.iter().filter(|caption| caption.role != crate::model::CaptionRole::Negative);
    let mut terms: Vec<String> = captions.flat_map(|caption| terms_of(&caption.text)).collect();
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// Whether a caption of the sample mentions what a test asks for.
pub(super) fn is_mentioned(test: &Test, sample: &Sample) -> bool {
    let Some(concept) = concept_of(test) else { return false };
    mentions(sample).iter().any(|term| concept.holds_term(term))
}

/// Where in a text's words it is mentioned: ranges of places in `words`.
pub(super) fn mentioned_in(test: &Test, words: &[Word]) -> Vec<Range<usize>> {
    let Some(concept) = concept_of(test) else { return Vec::new() };
    let folded: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
    concept.mentions(&folded)
}

/// Names of everyday concepts that begin so, in the order of their tree.
pub fn concept_names(prefix: &str) -> Vec<String> {
    let names = text::everyday_concepts().into_iter().map(|concept| concept.name().to_owned());
    let mut names: Vec<String> = names.filter(|name| name.starts_with(prefix)).collect();
    names.dedup();
    names
}
