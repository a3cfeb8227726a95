//! Who does the slow work? What can be asked of the workers and what they answer.

mod message;

pub use message::{Effect, PictureKey, Reply, Suggestion};
