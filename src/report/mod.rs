//! What do we hand to colleagues? A report about a data set, as one page and as JSON.
//!
//! [`gather`] puts together what the rooms below compute anyway, [`page`] writes it as HTML that needs nothing but
//! itself, and [`Condition`]s over its figures make a gate of it. The structures of figures are also what single
//! commands print as JSON, so that a report never says anything else than they do.

mod captions;
mod compared;
mod condition;
mod coverage;
mod date;
mod figures;
mod flags;
mod gather;
mod html;
mod model;
mod pairs;
mod pictures;
mod questions;
mod spots;
#[cfg(test)]
mod trials;
mod worst;

pub use captions::{CaptionFigures, PERCENTILES, Percentiles};
pub use compared::{Alone, Compared};
pub use condition::{Condition, ConditionError, Outcome, Verdict, judged};
pub use date::now;
pub use gather::{ReportError, Stage, Wish, gather};
pub use html::page;
pub use model::{DensityFigures, Provenance, Questions, Report, Summary};
pub use questions::QuestionFigures;
pub use spots::SpotFigures;
pub use worst::worse;
