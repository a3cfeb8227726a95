//! The screens as a user meets them: key strings in, screens out, with workers that answer from
//! memory.

mod fake;
mod gallery;
mod journeys;
mod marks;
mod pairs;
mod property;
mod questions;
mod reports;
mod screens;
mod snapshots;
mod spot;
mod thrift;

pub(crate) use fake::rows;
pub(crate) use reports::coverage;
