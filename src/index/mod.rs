//! Which samples answer a query, and what do we hold of them? The only user of tantivy.

mod page;
mod error;
mod home;
mod tokenizer;
mod schema;
mod build;
mod compile;
mod prefix;
mod rank;
mod search;
mod suggest;

pub use build::{Built, Pace, build};
pub use error::IndexError;
pub use home::{Home, Saved, cache_folder};
pub use page::{Page, Progress, Stage};
pub use search::{Hits, Index, Snapshot};
