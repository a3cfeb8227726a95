//! What has somebody made of a data set? Tags, notes, decisions and verdicts, kept so that nothing is lost. The only
//! user of `SQLite`.
//!
//! A [`Workspace`] is one file in the user's data folder. Samples are known by a print of their id, so that marks
//! outlive a new index, and data that was moved ([`locate`]). Every change is a [`Step`] that is on the disk when the
//! call returns, and can be undone; several processes may work on one file.

mod error;
mod locate;
mod prints;
mod schema;
mod spots;
mod step;
mod store;
mod tags;

#[cfg(test)]
mod trials;

pub use error::WorkspaceError;
pub use locate::{find, locate};
pub use prints::{Prints, print_of};
pub use spots::{NewRuling, SpotCheck};
pub use step::{Logged, Step};
pub use store::Workspace;
pub use tags::{Tag, TagName, is_within};
