//! Here are a few records; which of their fields is what?
//!
//! `look` tells what kind of thing one text is; `names` what the name of a field hints at;
//! `survey` adds both up over the head of a data set; `choose` weighs the sums and decides.

mod choose;
mod look;
mod names;
mod survey;

pub use choose::FieldReport;
pub(crate) use choose::{Choice, Known, choose};
pub(crate) use look::{describes, is_image_data, is_tags, is_template, is_url, looks_like_image_name};
pub(crate) use names::{hint, tokens};
pub(crate) use survey::{Bare, Field, Survey, bare, fingerprint, from_json, unfold, unpack};
