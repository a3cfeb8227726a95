//! Which words of the captions say which descriptor, both ways.

use std::ops::Range;

use crate::model::Sample;
use crate::query::quoted;
use crate::text::words;
use crate::ui::head;

use super::explore::Lit;

/// Descriptors without a place in the text whose words are looked for there.
const LOOKED_FOR: usize = 64;
/// Captions in which they are looked for.
const CAPTIONS: usize = 12;
/// Bytes of each caption, and of a descriptor's name.
const HEAD: usize = 16 * 1024;
const NAME: usize = 512;

/// A stretch of a caption and a descriptor that rests on it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Link {
    /// Place of the caption.
    pub(crate) caption: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Place of the descriptor.
    pub(crate) fact: usize,
}

impl Link {
    pub(crate) fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// The links of one sample, in the order of its text.
#[derive(Debug, Default)]
pub(crate) struct Links {
    all: Vec<Link>,
    /// The stretches, each once, in the order of the text.
    stops: Vec<(usize, Range<usize>)>,
}

impl Links {
    /// The links of a sample. Descriptors that a data set brings have no place in the text; where
    /// their words are found there, they rest on them.
    pub(crate) fn new(sample: &Sample, lit: &Lit) -> Self {
        let mut all = Vec::new();
        let mut looked_for = 0;
        for (fact, descriptor) in sample.descriptors.iter().enumerate() {
            for place in &descriptor.evidence {
                let (start, end) = (place.start as usize, place.end as usize);
                all.push(Link { caption: place.caption as usize, start, end, fact });
            }
            if descriptor.evidence.is_empty() && looked_for < LOOKED_FOR {
                looked_for += 1;
                all.extend(found(sample, &descriptor.name, fact, lit));
            }
        }
        all.retain(|link| link.start < link.end);
        all.sort_unstable();
        all.dedup();
        let mut stops: Vec<_> = all.iter().map(|link| (link.caption, link.range())).collect();
        stops.dedup();
        Self { all, stops }
    }

    /// The stretches that descriptors rest on, in the order of the text.
    pub(crate) fn stops(&self) -> &[(usize, Range<usize>)] {
        &self.stops
    }

    /// Where captions say one of these descriptors.
    pub(crate) fn of_facts<'a>(&'a self, facts: &'a [usize]) -> impl Iterator<Item = &'a Link> {
        self.all.iter().filter(|link| facts.contains(&link.fact))
    }

    /// The descriptors that rest on a stretch: those of just these words first, then others that
    /// these words are a part of.
    pub(crate) fn facts_at(&self, caption: usize, range: &Range<usize>) -> Vec<usize> {
        let meets =
            |link: &&Link| link.caption == caption && link.start < range.end && range.start < link.end;
        let mut found: Vec<&Link> = self.all.iter().filter(meets).collect();
        found.sort_by_key(|link| (link.range() != *range, link.end - link.start, link.fact));
        let mut facts: Vec<usize> = Vec::new();
        for link in found {
            if !facts.contains(&link.fact) {
                facts.push(link.fact);
            }
        }
        facts
    }
}

/// Places where captions have the words of a name, in any of their forms.
fn found(sample: &Sample, name: &str, fact: usize, lit: &Lit) -> Vec<Link> {
    let words: Vec<String> = words(head(name, NAME)).into_iter().map(|word| word.folded).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let query = quoted(&words.join(" "));
    let captions = sample.captions.iter().take(CAPTIONS).enumerate();
    let places = captions.flat_map(|(caption, text)| {
        let ranges = lit(&query, head(&text.text, HEAD));
        ranges.into_iter().map(move |range| Link { caption, start: range.start, end: range.end, fact })
    });
    places.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Caption, CaptionRole, Descriptor, Evidence, Facet};

    #[test]
    fn words_lead_to_descriptors_and_back() {
        let place = |start, end| Evidence { caption: 0, start, end, sentence: 0 };
        let fact = |facet, name: &str, evidence| Descriptor {
            evidence,
            ..Descriptor::new(facet, name, "extracted")
        };
        let text = "A brown dog sits on a sofa. The dog sleeps.";
        let sample = Sample {
            captions: vec![Caption { text: text.into(), field: String::new(), role: CaptionRole::Main }],
            descriptors: vec![
                fact(Facet::Object, "dog", vec![place(8, 11), place(32, 35)]),
                fact(Facet::Attribute, "brown", vec![place(2, 7)]),
                fact(Facet::Spatial, "on", vec![place(17, 19)]),
                fact(Facet::Object, "brown dog", vec![place(2, 11)]),
                Descriptor::new(Facet::Object, "sofa", "supplied:graph"),
            ],
            ..Sample::default()
        };
        let lit: Lit =
            Box::new(|query, text| text.match_indices(query).map(|(at, met)| at..at + met.len()).collect());
        let links = Links::new(&sample, &lit);
        let stops: Vec<&str> =
            links.stops().iter().filter_map(|(_, range)| text.get(range.clone())).collect();
        assert_eq!(stops, ["brown", "brown dog", "dog", "on", "sofa", "dog"]);
        assert_eq!(links.of_facts(&[0]).count(), 2);
        assert_eq!(links.facts_at(0, &(2..7)), [1, 3]);
        assert_eq!(links.facts_at(0, &(8..11)), [0, 3]);
        assert_eq!(links.facts_at(0, &(22..26)), [4]);
        assert!(links.facts_at(1, &(2..7)).is_empty());
    }
}
