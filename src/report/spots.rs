//! What spot-checks have found.

use serde::Serialize;

use crate::spot::{Counted, Interval, Report};
use crate::workspace::SpotCheck;

/// A spot-check with what its verdicts come to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SpotFigures {
    /// Its name.
    pub name: String,
    /// What decided who was drawn.
    pub seed: u64,
    /// The query whose samples were looked at; empty for all.
    pub query: String,
    /// What strata were made by.
    pub stratify: String,
    /// What is said of all samples.
    pub all: OverallFigures,
    /// Stratum by stratum.
    pub strata: Vec<StratumFigures>,
    /// Why samples are wrong, the most frequent first.
    pub reasons: Vec<ReasonFigures>,
    /// Who has judged.
    pub raters: Vec<RaterFigures>,
    /// How far they agree, two by two.
    pub agreement: Vec<AccordFigures>,
    /// Krippendorff's α of more than two raters.
    pub alpha: Option<f64>,
    /// What smaller intervals would need.
    pub needed: Vec<NeededFigures>,
}

/// Verdicts and their share.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RateFigures {
    /// Samples that there are.
    pub samples: u64,
    /// Samples that were drawn.
    pub queued: u64,
    /// Those with a verdict.
    pub judged: u64,
    /// Verdicts of each sort.
    pub right: u64,
    /// See above.
    pub wrong: u64,
    /// See above; these are in no rate.
    pub unsure: u64,
    /// The share that is wrong, 0 to 1; none where nothing is decided.
    pub error_rate: Option<f64>,
    /// The lower end of its interval of 95 %.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

/// What is said of all samples, each stratum with its weight.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct OverallFigures {
    /// Verdicts of all strata; the rate is the estimate for all samples.
    #[serde(flatten)]
    pub rate: RateFigures,
    /// Trials of a plain random sample that would tell as much; none where all samples are judged.
    pub effective_sample_size: Option<f64>,
    /// How many times as many verdicts as of a plain random sample are needed.
    pub design_effect: Option<f64>,
    /// Share of the samples that lie in strata with a verdict.
    pub reached: Option<f64>,
}

/// A stratum.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StratumFigures {
    /// Its name.
    pub stratum: String,
    /// Its verdicts.
    #[serde(flatten)]
    pub rate: RateFigures,
}

/// A reason; none where none was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReasonFigures {
    /// What is wrong.
    pub reason: Option<String>,
    /// Samples.
    pub samples: u64,
}

/// A rater.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RaterFigures {
    /// Who.
    pub rater: String,
    /// Verdicts.
    pub judged: u64,
}

/// How far two raters agree.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AccordFigures {
    /// Who.
    pub raters: [String; 2],
    /// Samples that both call right or wrong.
    pub samples: u64,
    /// Those that both call the same.
    pub equal: u64,
    /// Cohen's κ of them.
    pub kappa: Option<f64>,
    /// Samples that both have any verdict on.
    pub samples_with_reasons: u64,
    /// κ of verdicts with their reasons, and unsure as one more.
    pub kappa_with_reasons: Option<f64>,
}

/// A margin with its price.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct NeededFigures {
    /// Half the width of the interval, as a share.
    pub margin: f64,
    /// Verdicts that it needs.
    pub verdicts: u64,
}

impl RateFigures {
    fn of(counted: &Counted, found: Option<(f64, Interval)>) -> Self {
        Self {
            samples: counted.samples,
            queued: counted.queued,
            judged: counted.judged(),
            right: counted.right,
            wrong: counted.wrong,
            unsure: counted.unsure,
            error_rate: found.map(|(rate, _)| rate),
            low: found.map(|(_, interval)| interval.low),
            high: found.map(|(_, interval)| interval.high),
        }
    }
}

impl SpotFigures {
    /// The figures of a spot-check.
    pub fn of(check: &SpotCheck, found: &Report) -> Self {
        let estimate = found.estimate;
        let strata = found.rows.iter().map(|row| StratumFigures {
            stratum: row.name.clone(),
            rate: RateFigures::of(&row.counted, row.counted.rate()),
        });
        let reasons = found.reasons.iter().map(|(reason, samples)| {
            let reason = reason.clone();
            ReasonFigures { reason, samples: *samples }
        });
        let raters =
            found.raters.iter().map(|(rater, judged)| RaterFigures { rater: rater.clone(), judged: *judged });
        let accords = found.accords.iter().map(|accord| AccordFigures {
            raters: accord.raters.clone(),
            samples: accord.samples,
            equal: accord.equal,
            kappa: accord.kappa,
            samples_with_reasons: accord.all,
            kappa_with_reasons: accord.kappa_of_reasons,
        });
        let needed = found
            .margins
            .iter()
            .map(|(margin, verdicts)| NeededFigures { margin: *margin, verdicts: *verdicts });
        Self {
            name: check.name.clone(),
            seed: check.seed,
            query: check.query.clone(),
            stratify: check.stratify.clone(),
            all: OverallFigures {
                rate: RateFigures::of(&found.all, estimate.map(|found| (found.rate, found.interval))),
                effective_sample_size: estimate
                    .map(|found| found.effective)
                    .filter(|trials| trials.is_finite()),
                design_effect: estimate.map(|found| found.design),
                reached: estimate.map(|found| found.reached),
            },
            strata: strata.collect(),
            reasons: reasons.collect(),
            raters: raters.collect(),
            agreement: accords.collect(),
            alpha: found.alpha,
            needed: needed.collect(),
        }
    }
}
