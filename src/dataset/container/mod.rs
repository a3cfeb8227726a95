//! Here is a file; which records are in it, and which of them are bad?
//!
//! One file a container. All of them stream: what is held at a time is one record, one batch of
//! rows, or one window of tar members, never the file.

mod arrow;
mod blobs;
mod caught;
mod columns;
mod csv;
mod input;
mod json;
mod json_cell;
mod json_scan;
mod parquet;
mod pictures;
mod sample;
mod tar;
mod tree;

use std::ops::ControlFlow;

pub(in crate::dataset) use blobs::{arrow_cell, parquet_cell};
pub(in crate::dataset) use csv::sniff as sniff_table;
pub(in crate::dataset) use input::{GZIP, ZSTD, open};
pub(in crate::dataset) use json::sniff as sniff_json;
pub(in crate::dataset) use json_cell::parse_list_or_record as parse_json;
pub(in crate::dataset) use pictures::is_sidecar;
pub(in crate::dataset) use sample::pointed_text;
pub(in crate::dataset) use tar::is_archive;

pub use caught::decoding;
pub(crate) use sample::Found;
pub use sample::{Skipped, Unit};

use super::source::{Container, Shard};

/// Reads a shard from row `from_row` on and hands what it finds to `sink`, until the end or until
/// the sink breaks off.
///
/// `wanted` names the top-level columns that somebody will look at; it saves work where the
/// container can leave the others alone, and is a hint: others may come too.
pub(crate) fn read(
    shard: &Shard,
    from_row: u64,
    wanted: Option<&[String]>,
    sink: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut visit = sample::Visit { path: &shard.path, from_row, wanted, sink };
    match &shard.container {
        Container::JsonLines => json::lines(&mut visit, shard.compression),
        Container::JsonArray => json::array(&mut visit, shard.compression),
        Container::JsonTables => json::tables(&mut visit, shard.compression),
        Container::JsonDict => json::dict(&mut visit, shard.compression),
        Container::JsonRecord { files } => json::records(&mut visit, shard.compression, files),
        Container::JsonColumns => columns::read(&mut visit, shard.compression),
        Container::Csv(dialect) => csv::read(&mut visit, shard.compression, dialect),
        Container::Parquet => parquet::read(&mut visit),
        Container::Arrow => arrow::read(&mut visit),
        Container::Tar => tar::read(&mut visit, shard.compression),
        Container::Pictures { beside } => pictures::read(&mut visit, beside),
    }
}

#[cfg(test)]
mod tests;
