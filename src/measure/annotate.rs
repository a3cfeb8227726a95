//! What is written beside a sample for others to use: its descriptors with their places, its figures
//! and its flags.

use serde::Serialize;

use crate::model::{Descriptor, Sample};

use super::analyse::Analyst;
use super::causes::causes;
use super::columns::Columns;
use super::flags::{Flag, FlagTable};
use super::norms::Norms;
use super::tally::Counts;

/// What `capscope annotate` adds to a record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Annotation {
    /// What the captions say, and what the data set supplied, in the order of the sample.
    pub descriptors: Vec<Fact>,
    /// The known figures by name; those that need the whole data set only where that is known.
    pub density: Columns,
    /// Its flags.
    pub flags: Vec<Flag>,
    /// `en`, or `other` for a language that is not read.
    pub language: &'static str,
}

/// A descriptor as it is written.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fact {
    /// The facet's name.
    pub facet: &'static str,
    /// The finer kind.
    pub dimension: Option<String>,
    /// The words.
    pub name: String,
    /// What it is counted under; none for what speaks of the picture itself.
    pub key: Option<String>,
    /// Place, in this list, of what it belongs to.
    pub parent: Option<u32>,
    /// Place, in this list, of the other end of a relation.
    pub target: Option<u32>,
    /// Bytes of the caption where it is said first: start, and the byte after the end.
    pub span: Option<[u32; 2]>,
    /// Place of that caption in the sample.
    pub caption: Option<u32>,
    /// Its sentence there, from 0.
    pub sentence: Option<u32>,
    /// Where else it is said: caption, start, end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub again: Vec<[u32; 3]>,
    /// Whether the caption denies it.
    pub negated: bool,
    /// Whether the caption only guesses it.
    pub hedged: bool,
    /// `extracted`, or `supplied:<field>`.
    pub source: String,
}

/// Reads a sample and writes down what it says; the sample stays as it is. Without norms there are no
/// bits, and flags that compare with the data set are left out.
pub fn annotate(analyst: &mut Analyst, sample: &Sample, norms: Option<&Norms<'_>>) -> Annotation {
    annotate_with(analyst, sample, norms, FlagTable::published())
}

/// [`annotate`] with rules of one's own.
pub fn annotate_with(
    analyst: &mut Analyst,
    sample: &Sample,
    norms: Option<&Norms<'_>>,
    table: &FlagTable,
) -> Annotation {
    let mut sample = sample.clone();
    let analysis = analyst.analyse(&mut sample);
    let mut density = analysis.columns();
    let counts: Option<&dyn Counts> = norms.map(Norms::counts);
    if let Some(counts) = counts {
        density.settle(&analysis.keys, &analysis.prints, counts);
    }
    let mut flags = table.flags(&density, norms);
    for flag in &mut flags {
        flag.spans = causes(analyst, &sample, flag.id, counts);
    }
    let facts = (0..sample.descriptors.len()).filter_map(|at| fact(analyst, &sample.descriptors, at));
    Annotation { descriptors: facts.collect(), density, flags, language: analysis.language_name() }
}

fn fact(analyst: &mut Analyst, descriptors: &[Descriptor], at: usize) -> Option<Fact> {
    let descriptor = descriptors.get(at)?;
    let first = descriptor.evidence.first();
    let again = descriptor.evidence.iter().skip(1);
    Some(Fact {
        facet: descriptor.facet.name(),
        dimension: descriptor.dimension.clone(),
        name: descriptor.name.clone(),
        key: analyst.scribe().key(descriptors, at),
        parent: descriptor.parent,
        target: descriptor.target,
        span: first.map(|place| [place.start, place.end]),
        caption: first.map(|place| place.caption),
        sentence: first.map(|place| place.sentence),
        again: again.map(|place| [place.caption, place.start, place.end]).collect(),
        negated: descriptor.negated,
        hedged: descriptor.hedged,
        source: descriptor.source.clone(),
    })
}
