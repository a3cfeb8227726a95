//! Who does the slow work? What can be asked of the workers, and what they answer.
//!
//! Three kinds of threads, all named: one searches, one builds the index, a few make pictures. What
//! is asked of them waits in a box with one place, where the newest wish wins: that is all the
//! debouncing there is.

mod builder;
mod crew;
mod mailbox;
mod message;
mod opened;
mod pairing;
mod pictures;
mod searcher;

pub use crate::media::PictureKey;
pub use crew::{Crew, CrewOptions};
pub use message::{Effect, Reply, Suggestion};
pub use opened::Opened;
pub use pairing::{Gathered, Paired, Pairing, PairingStage, PairingWatch, SampleSource, gather, pair};
