//! What is a sample, a caption, a descriptor, a question, a picture's address?
//!
//! Plain data that every other room shares. Nothing here reads a file, and nothing here
//! knows in which container a sample was found.

mod descriptor;
mod image;
mod sample;
mod value;

pub use descriptor::{Descriptor, Evidence, Facet, Region, RegionUnit};
pub use image::{Image, ImageRef};
pub use sample::{
    Caption, CaptionRole, Origin, Pair, Question, QuestionVerdict, Sample, SampleMarks, SampleVerdict, Seq,
};
pub use value::Value;
