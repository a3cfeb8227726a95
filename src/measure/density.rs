//! The density of one sample: a vector, never one magic number.
//!
//! D are the distinct keys of a sample, W the words of its main captions, E, A, R its distinct keys
//! of objects, attributes and relations (spatial ones, actions, others).
//!
//! ```text
//! units       U = |D|, without scenes and names that an object says too
//! rate        ρ = 100 · Σ|D_c| / Σ W_c          units per 100 words, over captions c
//! redundancy  X = 1 − Σ|D_c| / Σ mentions_c     what a caption says again
//! depth       A / E and R / E
//! breadth     B = exp(−Σ p_f ln p_f)            facets in use, 1 to 9
//! hedging     H = hedged / |D|
//! est. facts  F̂ = a + b_E·E + b_A·A + b_R·R     see `estimate`
//! ```
//!
//! ρ and X look at each caption by itself, so that five captions of one picture are neither
//! redundant nor thin; with one caption they are the formulas above without the sums. They are of
//! the words, and leave out what the data set supplies as descriptors; the other figures have both.
//! Sources: SPICE (1607.08822) for units as facts of a scene graph; propositional density (Brown et
//! al. 2008) for facts by words; Shannon's entropy as an effective number (Hill 1973).

use serde::{Deserialize, Serialize};

use crate::model::{CaptionRole, Descriptor, Evidence, Facet, Sample};

use super::key::{Key, KeyKind, is_echo};
use super::prose::Prose;

/// What was counted in a sample. Ratios are methods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Density {
    /// Main captions.
    pub captions: u32,
    /// W: words of the main captions.
    pub words: u32,
    /// Sentences of the main captions.
    pub sentences: u32,
    /// U: distinct keys.
    pub units: u32,
    /// Distinct keys by facet, in the order of [`Facet::ALL`].
    pub facets: [u32; 9],
    /// `Σ|D_c|`: distinct keys that captions say, each caption by itself.
    pub told: u32,
    /// `Σ mentions_c`: places where captions say a key.
    pub mentions: u32,
    /// Distinct keys that captions say only as a guess.
    pub hedged: u32,
    /// Distinct keys of what is denied.
    pub denied: u32,
    /// Extracted facts that belong to no object.
    pub unattached: u32,
    /// Names, written text and counts of the original captions that no main caption has.
    pub lost: u32,
    /// Sentences that the same caption has before.
    pub repeated_sentences: u32,
    /// Runs of five words that the same caption has before.
    pub repeated_runs: u32,
    /// Nouns in the main captions that name nothing which can be seen.
    pub abstract_nouns: u32,
    /// Places where main captions name an object.
    pub object_mentions: u32,
}

impl Density {
    /// Counts in a sample whose descriptors are in place; `keys` are its keys, sorted, and `places` has for each
    /// descriptor the place of its key among them.
    pub(super) fn of(sample: &Sample, keys: &[String], places: &[Option<usize>], prose: Prose) -> Self {
        let mut density = Self {
            captions: sample.main_captions().count() as u32,
            words: prose.words,
            sentences: prose.sentences,
            repeated_sentences: prose.repeated_sentences,
            repeated_runs: prose.repeated_runs,
            abstract_nouns: prose.abstract_nouns,
            ..Self::default()
        };
        let is_echo: Vec<bool> = keys.iter().map(|key| is_echo(key, keys)).collect();
        density.units = is_echo.iter().filter(|is_echo| !**is_echo).count() as u32;
        density.denied = keys.iter().filter(|key| key.starts_with("not ")).count() as u32;
        density.count_descriptors(sample, places, &is_echo);
        density
    }

    /// `is_echo` tells of each key whether it only repeats another.
    fn count_descriptors(&mut self, sample: &Sample, places: &[Option<usize>], is_echo: &[bool]) {
        let is_main: Vec<bool> =
            sample.captions.iter().map(|caption| caption.role == CaptionRole::Main).collect();
        let mut facets: Vec<Option<Facet>> = vec![None; is_echo.len()];
        let mut is_sure = vec![false; is_echo.len()];
        // Caption and place among the keys.
        let mut told: Vec<(u32, usize)> = Vec::new();
        for (descriptor, place) in sample.descriptors.iter().zip(places) {
            let Some(place) = *place else { continue };
            let is_extracted = descriptor.source == Descriptor::EXTRACTED;
            self.unattached += u32::from(is_extracted && is_unattached(descriptor));
            if is_extracted && !is_echo[place] {
                let in_main = |evidence: &&Evidence| is_main.get(evidence.caption as usize) == Some(&true);
                for evidence in descriptor.evidence.iter().filter(in_main) {
                    self.object_mentions += u32::from(descriptor.facet == Facet::Object);
                    told.push((evidence.caption, place));
                }
            }
            is_sure[place] |= !descriptor.hedged;
            facets[place].get_or_insert(descriptor.facet);
        }
        self.mentions = told.len() as u32;
        told.sort_unstable();
        told.dedup();
        self.told = told.len() as u32;
        self.hedged = is_sure.iter().filter(|is_sure| !**is_sure).count() as u32;
        for facet in facets.into_iter().flatten() {
            if let Some(count) = self.facets.get_mut(facet as usize) {
                *count += 1;
            }
        }
    }

    /// Distinct keys of a facet.
    pub fn of_facet(&self, facet: Facet) -> u32 {
        self.facets.get(facet as usize).copied().unwrap_or_default()
    }

    /// E: objects.
    pub fn objects(&self) -> u32 {
        self.of_facet(Facet::Object)
    }

    /// A: attributes.
    pub fn attributes(&self) -> u32 {
        self.of_facet(Facet::Attribute)
    }

    /// R: spatial relations, actions and other relations.
    pub fn links(&self) -> u32 {
        [Facet::Spatial, Facet::Action, Facet::Relation].map(|facet| self.of_facet(facet)).iter().sum()
    }

    /// Names, written text and counts.
    pub fn knowledge(&self) -> u32 {
        [Facet::Entity, Facet::Text, Facet::Count].map(|facet| self.of_facet(facet)).iter().sum()
    }

    /// ρ: units per 100 words; none without words.
    pub fn rate(&self) -> Option<f64> {
        ratio(100.0 * f64::from(self.told), self.words)
    }

    /// X: share of mentions that say nothing new, 0 to 1; none without mentions.
    pub fn redundancy(&self) -> Option<f64> {
        ratio(f64::from(self.mentions - self.told.min(self.mentions)), self.mentions)
    }

    /// H: share of keys that are only guessed, 0 to 1; none without keys.
    pub fn hedging(&self) -> Option<f64> {
        ratio(f64::from(self.hedged), self.facets.iter().sum())
    }

    /// A / E; none without objects.
    pub fn attributes_per_object(&self) -> Option<f64> {
        ratio(f64::from(self.attributes()), self.objects())
    }

    /// R / E; none without objects.
    pub fn links_per_object(&self) -> Option<f64> {
        ratio(f64::from(self.links()), self.objects())
    }

    /// Share of nouns that name nothing which can be seen, 0 to 1; none without nouns.
    pub fn abstract_share(&self) -> Option<f64> {
        ratio(f64::from(self.abstract_nouns), self.abstract_nouns + self.object_mentions)
    }

    /// B: effective number of facets, 1 to 9; none without keys.
    pub fn breadth(&self) -> Option<f64> {
        let total = f64::from(self.facets.iter().sum::<u32>());
        let shares = self.facets.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / total);
        let entropy: f64 = shares.map(|share| -share * share.ln()).sum();
        (total > 0.0).then(|| entropy.exp())
    }
}

fn ratio(above: f64, below: u32) -> Option<f64> {
    (below > 0).then(|| above / f64::from(below))
}

/// Whether a fact should belong to an object and does not.
fn is_unattached(descriptor: &Descriptor) -> bool {
    match descriptor.facet {
        Facet::Attribute | Facet::Count => descriptor.parent.is_none(),
        Facet::Spatial | Facet::Action | Facet::Relation => descriptor.parent.is_none(),
        _ => false,
    }
}

/// Whether a key is knowledge that gets lost when captions are rewritten.
pub(super) fn is_knowledge(key: &str) -> bool {
    let kind = Key::parse(key).map(|key| key.kind);
    matches!(kind, Some(KeyKind::Entity | KeyKind::Text | KeyKind::Count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_follow_their_formulas() {
        let density = Density {
            captions: 1,
            words: 50,
            told: 20,
            mentions: 25,
            hedged: 2,
            facets: [4, 6, 0, 3, 1, 0, 1, 1, 4],
            abstract_nouns: 1,
            object_mentions: 7,
            ..Density::default()
        };
        assert_eq!(density.rate(), Some(40.0));
        assert_eq!(density.redundancy(), Some(0.2));
        assert_eq!(density.hedging(), Some(0.1));
        assert_eq!(density.attributes_per_object(), Some(1.5));
        assert_eq!(density.links_per_object(), Some(1.0));
        assert_eq!(density.abstract_share(), Some(0.125));
        assert_eq!(density.knowledge(), 5);
    }

    #[test]
    fn breadth_is_an_effective_number() {
        let of = |facets| Density { facets, ..Density::default() }.breadth();
        assert_eq!(of([0; 9]), None);
        assert_eq!(of([7, 0, 0, 0, 0, 0, 0, 0, 0]), Some(1.0));
        assert!((of([2, 2, 0, 2, 2, 0, 0, 0, 0]).unwrap_or_default() - 4.0).abs() < 1e-9);
        assert!((of([1; 9]).unwrap_or_default() - 9.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_is_no_number() {
        let none = Density::default();
        assert_eq!((none.rate(), none.redundancy(), none.hedging()), (None, None, None));
        assert_eq!((none.attributes_per_object(), none.abstract_share()), (None, None));
    }
}
