//! Flags by reason, with the worst samples of each.

use serde::Serialize;

use super::gather::ReportError;
use super::pictures::{Excerpt, PictureShown};
use super::worst::Worst;
use crate::index::{Hits, Snapshot};
use crate::measure::{
    Analyst, Column, Counts, Flag, FlagCount, FlagId, FlagReport, Histogram, Norms, Profile, causes,
};
use crate::model::{Evidence, Sample};
use crate::query;

/// Samples that are shown of each flag.
const SHOWN: usize = 6;
/// Bytes of captions that are read again for the words that cause a flag.
const READ_AGAIN: usize = 64 << 10;

/// The flags of the samples of a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlagFigures {
    /// The table that was used.
    pub profile: Profile,
    /// Samples.
    pub samples: u64,
    /// Those of them with any flag.
    pub flagged: u64,
    /// Every flag that can be decided.
    pub flags: Vec<FlagShown>,
}

/// One flag.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlagShown {
    /// Which.
    pub flag: FlagId,
    /// Samples that have it.
    pub samples: u64,
    /// Its rule; empty where none decides it.
    pub rule: String,
    /// What would mend it.
    pub mend: &'static str,
    /// The figure that decides, how it is compared, and with what.
    pub decided: Option<Decided>,
    /// How that figure is spread over the samples.
    pub histogram: Option<Histogram>,
    /// The samples that are farthest from the threshold.
    pub worst: Vec<FlaggedShown>,
}

/// How a flag is decided.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Decided {
    /// The figure.
    pub column: Column,
    /// `<`, `>=` …
    pub comparison: &'static str,
    /// The threshold in this data set.
    pub threshold: f64,
}

/// A sample with a flag.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlaggedShown {
    /// Its id.
    pub id: String,
    /// The figure that decided.
    pub column: &'static str,
    /// Its value.
    pub value: f64,
    /// How it is compared.
    pub comparison: &'static str,
    /// With what.
    pub threshold: f64,
    /// What the caption says, and which words of it cause the flag.
    pub caption: Option<Excerpt>,
    /// Its first picture.
    pub picture: Option<PictureShown>,
}

impl FlagFigures {
    /// The flags of the hits of a query, and the worst samples of each.
    pub(super) fn of(snapshot: &Snapshot, hits: &Hits, text: &str) -> Result<Self, ReportError> {
        let FlagReport { profile, samples, flagged, flags } = hits.flags()?;
        let mut worst = Worst::new(SHOWN);
        let narrowed = query::narrowed(text, "flag:* sort:dataset");
        let mut flagged_hits = snapshot.search(&query::parse(&narrowed)?)?;
        let mut place = 0;
        flagged_hits.each_figures(|figures| {
            worst.take(place, figures.flags);
            place += 1;
        })?;
        let norms = snapshot.norms();
        let counts = norms.as_ref().map(Norms::counts);
        let mut analyst = Analyst::new();
        let mut shown = Vec::with_capacity(flags.len());
        for FlagCount { flag, rule, samples, decided, histogram } in flags {
            let mut of_flag = Vec::new();
            for (held, place) in worst.of(flag) {
                let page = flagged_hits.page(place, 1)?;
                let Some(sample) = page.rows.first() else { continue };
                of_flag.push(FlaggedShown::of((**sample).clone(), &held, &mut analyst, counts));
            }
            let decided = decided.map(|(column, comparison, threshold)| Decided {
                column,
                comparison: comparison.sign(),
                threshold,
            });
            shown.push(FlagShown {
                flag,
                samples,
                rule,
                mend: flag.mend(),
                decided,
                histogram,
                worst: of_flag,
            });
        }
        Ok(Self { profile, samples, flagged, flags: shown })
    }

    /// Samples that have a flag; none where it is not decided.
    pub(super) fn samples_of(&self, flag: FlagId) -> Option<u64> {
        self.flags.iter().find(|shown| shown.flag == flag).map(|shown| shown.samples)
    }
}

impl FlaggedShown {
    fn of(mut sample: Sample, flag: &Flag, analyst: &mut Analyst, counts: Option<&dyn Counts>) -> Self {
        let bytes: usize = sample.captions.iter().map(|caption| caption.text.len()).sum();
        let spans: Vec<Evidence> = if bytes > READ_AGAIN {
            Vec::new()
        } else {
            analyst.measure(&mut sample);
            causes(analyst, &sample, flag.id, counts)
        };
        let picture = sample.images.first().map(|image| PictureShown::of(&image.reference));
        Self {
            id: std::mem::take(&mut sample.id),
            column: flag.column,
            value: flag.value,
            comparison: flag.comparison,
            threshold: flag.threshold,
            caption: Excerpt::of(&sample, &spans),
            picture,
        }
    }
}
