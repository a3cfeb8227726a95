//! How do pixels reach the glass? The only user of viuer.

mod painting;

pub use painting::Painting;
