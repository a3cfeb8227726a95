//! How many samples of a data set are wrong, as the few tell that somebody has looked at?
//!
//! A spot-check is a sample of samples: drawn by a seed, from strata in proportion, without replacement (`draw`); each
//! gets a verdict of one or more raters (`verdict`); what they say of the whole is an estimate with an interval
//! (`interval`), and how far raters agree says how much that is worth (`agree`). `docs/spot.md` has the formulas with
//! their sources.

mod agree;
mod draw;
mod interval;
mod report;
mod strata;
mod verdict;

pub use agree::{kappa, krippendorff};
pub use draw::{Urn, allocate, key, turn};
pub use interval::{Counted, Estimate, Interval, needed, stratified, within};
pub use report::{Accord, Report, Row, report};
pub use strata::{Bins, Criterion, CriterionError, Numbers, criteria, keep_largest};
pub use verdict::{Queued, REASONS, ReasonError, Ruling, Stratum, Verdict, reasons};
