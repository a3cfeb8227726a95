//! Here is a path; which samples are in it, where are their pictures, which records were bad?

mod cell;

pub use cell::{Blob, Cell, Record};
