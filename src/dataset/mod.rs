//! Here is a path; which samples are in it, where are their pictures, which records were bad?

mod blob;
#[cfg(test)]
mod cases;
mod cell;
mod container;
#[expect(clippy::module_inception, reason = "the room is named after what it opens")]
mod dataset;
mod descriptors;
mod explain;
mod fields;
mod group;
mod join;
mod links;
mod locate;
mod mapping;
mod native;
mod path;
mod settings;
mod source;
mod table;
#[cfg(test)]
mod trials;

pub use blob::{BlobError, read_blob};
pub use cell::{Blob, Cell, Record};
pub(crate) use container::{Found, read};
pub use container::{Skipped, Unit, decoding};
pub use dataset::{Dataset, Item, OpenError, open};
pub use explain::{Explanation, FormReport};
pub use fields::FieldReport;
pub use native::RECORD_FORM;
pub use settings::{Role, Settings, SettingsError};
pub use source::{Compression, Container, Dialect, Shard, SourceError, Sources, find};
pub use table::{Table, TableError, TableRow, read_text, shown_name};
