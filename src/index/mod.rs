//! Which samples answer a query, and what do we hold of them? The only user of tantivy.

mod page;

pub use page::{Page, Progress, Stage};
