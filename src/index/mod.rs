//! Which samples answer a query, and what do we hold of them? The only user of tantivy.

mod analyse;
mod build;
mod chosen;
mod compile;
mod concepts;
mod coverage_report;
mod error;
mod facts;
mod figures;
mod flag_report;
mod flagged;
mod home;
mod ids;
mod ledger;
mod look;
mod marked;
mod merged;
mod packed;
mod page;
#[cfg(test)]
mod picture_trials;
mod pictures;
mod prefix;
mod press;
mod rank;
mod schema;
mod search;
mod segments;
mod settle;
mod settled;
mod side_by_side;
mod sidefile;
mod strata;
mod suggest;
mod tokenizer;
mod totals;
#[cfg(test)]
mod trials;
mod twins;

pub use build::{Built, Extent, Pace, build};
pub use error::IndexError;
pub use home::{Home, Saved, cache_folder, data_folder};
pub use look::{Gate, LookCounts, Looked, look_at_pictures};
pub use page::{Page, Progress, Reach, Stage};
pub use pictures::Lookalikes;
pub use search::{Hits, Index, Snapshot};
pub use strata::Drawn;
pub use totals::Totals;
