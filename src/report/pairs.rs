//! Pairs by kind of change, with the best of each.

use std::collections::BTreeMap;

use serde::Serialize;

use super::pictures::{AGAINST, Excerpt, PictureShown};
use crate::index::Snapshot;
use crate::measure::Analyst;
use crate::pairs::{Comparer, Fate, Member, Record, Source};
use crate::worker::{PairDetail, Paired, WordFates, pair_detail};

/// Pairs that are shown, each the best of its kind.
const SHOWN: usize = 8;

/// The pairs of the samples of a report.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PairFigures {
    /// Samples that were paired.
    pub samples: u64,
    /// Samples of the report; more than were paired where there are many.
    pub total: u64,
    /// Pairs that were found, before any limit.
    pub found: u64,
    /// Pairs that are kept: those that the data set supplies and the best that were found.
    pub listed: u64,
    /// Of these, pairs that the data set supplies.
    pub supplied: u64,
    /// Of these, pairs whose pictures nobody has looked at: they may be the same.
    pub unseen: u64,
    /// Left out since both samples show the same picture.
    pub same_picture: u64,
    /// Left out since both have the same caption.
    pub same_caption: u64,
    /// The listed pairs by kind of change, the most frequent first; `none` where captions tell of no difference.
    pub kinds: Vec<KindCount>,
    /// The best of each kind.
    pub best: Vec<PairShown>,
}

/// Pairs of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KindCount {
    /// The kind of change.
    pub kind: String,
    /// Pairs.
    pub pairs: u64,
}

/// A pair with both samples.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairShown {
    /// The pair.
    #[serde(flatten)]
    pub pair: Record,
    /// Its samples; empty where they cannot be shown.
    pub sides: Vec<SideShown>,
    /// Why they cannot be shown, where they cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
}

/// One sample of a pair.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SideShown {
    /// Its id.
    pub id: String,
    /// The caption that is nearest to one of the other sample; lit are the words that the other has not.
    pub caption: Option<Excerpt>,
    /// Its picture.
    pub picture: Option<PictureShown>,
}

/// What pairs without a kind are counted under.
const NO_KIND: &str = "none";

fn kind_of(pair: &Record) -> &str {
    pair.kind.as_deref().unwrap_or(NO_KIND)
}

impl PairFigures {
    /// The figures of pairs among so many samples.
    pub(super) fn of(snapshot: &Snapshot, paired: &Paired, total: u64) -> Self {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for pair in &paired.list {
            *counts.entry(kind_of(pair)).or_default() += 1;
        }
        let mut kinds: Vec<KindCount> =
            counts.into_iter().map(|(kind, pairs)| KindCount { kind: kind.to_owned(), pairs }).collect();
        kinds.sort_by(|one, other| other.pairs.cmp(&one.pairs).then_with(|| one.kind.cmp(&other.kind)));
        let (mut analyst, mut comparer) = (Analyst::new(), Comparer::default());
        let mut best = Vec::new();
        for count in kinds.iter().filter(|count| count.kind != NO_KIND).take(SHOWN) {
            let of_kind = paired.list.iter().filter(|pair| kind_of(pair) == count.kind);
            let Some(pair) = of_kind.max_by(|one, other| {
                // The first of those that are equally good.
                one.score.total_cmp(&other.score).then(std::cmp::Ordering::Greater)
            }) else {
                continue;
            };
            let members = [pair.first.clone(), pair.second.clone()];
            let detail = pair_detail(snapshot, &members, &mut analyst, &mut comparer);
            let (sides, missing) = match detail {
                Ok(detail) => (sides(&detail, &members), None),
                Err(reason) => (Vec::new(), Some(reason)),
            };
            best.push(PairShown { pair: pair.clone(), sides, missing });
        }
        let supplied = paired.list.iter().filter(|pair| pair.source == Source::Supplied).count();
        Self {
            samples: paired.samples,
            total,
            found: paired.found,
            listed: paired.list.len() as u64,
            supplied: supplied as u64,
            unseen: paired.unseen,
            same_picture: paired.left_out.pictures,
            same_caption: paired.left_out.captions,
            kinds,
            best,
        }
    }
}

fn sides(detail: &PairDetail, members: &[Member; 2]) -> Vec<SideShown> {
    let parts = detail.samples.iter().zip(members).zip(detail.captions.iter().zip(&detail.fates));
    parts
        .map(|((sample, member), (caption, fates))| {
            let image = sample.images.get(member.image as usize).or_else(|| sample.images.first());
            let caption = sample.captions.get(*caption);
            SideShown {
                id: sample.id.clone(),
                caption: caption.map(|caption| Excerpt::cut(&caption.text, alone(fates), AGAINST)),
                picture: image.map(|image| PictureShown::of(&image.reference)),
            }
        })
        .collect()
}

/// The words that only one side has.
fn alone(fates: &WordFates) -> Vec<std::ops::Range<usize>> {
    fates.iter().filter(|(_, fate)| *fate == Fate::Alone).map(|(range, _)| range.clone()).collect()
}
