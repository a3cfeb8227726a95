//! Here is a path; which samples are in it, where are their pictures, which records were bad?

mod blob;
mod cell;
mod container;
mod source;

pub use blob::{BlobError, read_blob};
pub use cell::{Blob, Cell, Record};
pub(crate) use container::{Found, read};
pub use container::{Skipped, Unit, decoding};
pub use source::{Compression, Container, Dialect, Shard, SourceError, Sources, find};
