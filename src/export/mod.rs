//! What do we hand to others? Samples in the forms that other programs read.
//!
//! [`export`] takes samples from a source, one after the other; pictures are read and records made on a few threads
//! ahead, and written by one in the order of the source. One file a form: `lines`, `table`, `parquet`, `archive`,
//! `gallery` (folders of pictures), `talk` (conversations). Nothing is under its name before it is whole (`target`).

mod archive;
mod error;
mod gallery;
mod keys;
mod lines;
mod options;
mod pair;
mod parquet;
mod prepare;
mod provenance;
pub mod record;
mod run;
mod sink;
mod table;
mod talk;
mod target;
#[cfg(test)]
mod trials;

pub use error::ExportError;
pub use options::{Captions, Format, Options, Packing, Pictures, ShardSize};
pub use pair::pair_sample;
pub use provenance::{Counts, Origin, date_of};
pub use run::{Exported, Progress, SampleSource, Watch, export};
pub use sink::Skipped;
