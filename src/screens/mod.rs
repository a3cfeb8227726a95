//! What is in front of the user? Each screen as a state that events and replies change and that
//! draws itself.

mod front;

mod explore;
mod layout;
mod show;

mod fields;
mod hits;
mod picture;
mod query_box;
mod reading;
mod sheet;
mod tree;

mod overlay;

#[cfg(test)]
mod tests;

pub use explore::Lit;
pub use front::{Options, Screens};
