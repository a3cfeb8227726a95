//! What is in front of the user? Each screen as a state that events and replies change and that
//! draws itself.

mod front;
mod tabs;

mod explore;
mod layout;
mod show;

mod boxes;
mod fields;
mod figures;
mod hits;
mod links;
mod pair_panes;
mod picture;
mod query_box;
mod reading;
mod sheet;
mod tree;

mod gallery;
mod viewer;

mod coverage;
mod coverage_pages;
mod flags;
mod inquiry;
mod pairs;
mod plot;
mod questions;
mod spot;
mod spot_figures;
mod spot_round;
mod stretch;

mod export;
mod marks;
mod overlay;

#[cfg(test)]
mod tests;

pub use explore::Lit;
pub use front::{Options, Screens};
pub use spot::SpotStart;
