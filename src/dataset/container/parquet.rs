//! Parquet: rows in batches, without the pages of pictures.

use std::fs::File;
use std::ops::ControlFlow;

use arrow_array::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use rustc_hash::FxHashSet;

use super::caught::caught;
use super::sample::{Unit, Visit};
use super::tree::{Place, Shape, binary, cell};
use crate::dataset::cell::{Cell, Record};
use crate::dataset::source::is_picture_name;

/// Rows that are held at a time.
const BATCH: usize = 256;

/// A file with what is to be read of it.
struct Table {
    file: File,
    metadata: ArrowReaderMetadata,
    columns: Vec<(String, Shape)>,
    mask: ProjectionMask,
}

/// Opens a file's footer.
pub(super) fn footer(file: &File, options: ArrowReaderOptions) -> Result<ArrowReaderMetadata, String> {
    caught(|| ArrowReaderMetadata::load(file, options).map_err(|error| in_words(&error.to_string())))
}

fn in_words(error: &str) -> String {
    format!("broken Parquet: {}", error.trim_start_matches("Parquet error: "))
}

/// The columns with their shapes.
pub(super) fn columns(metadata: &ArrowReaderMetadata) -> Vec<(String, Shape)> {
    let mut leaf = 0;
    metadata
        .schema()
        .fields()
        .iter()
        .map(|field| (field.name().clone(), Shape::of(field, &mut leaf)))
        .collect()
}

impl Table {
    fn open(visit: &Visit<'_>) -> Result<Self, String> {
        let file = File::open(visit.path).map_err(|error| format!("it could not be read: {error}"))?;
        let metadata = footer(&file, ArrowReaderOptions::new())?;
        let columns = columns(&metadata);
        let mut table = Self { file, columns, mask: ProjectionMask::all(), metadata };
        table.find_texts();
        let schema = table.metadata.parquet_schema();
        let path_beside = |leaf: usize| schema.column_has_sibling_path(leaf);
        let mut unread = FxHashSet::default();
        for (_, shape) in &table.columns {
            shape.unread(false, &mut unread, &path_beside);
        }
        let wanted = (0..schema.num_columns())
            .filter(|leaf| !unread.contains(leaf) && visit.wants(schema.get_column_root(*leaf).name()));
        table.mask = ProjectionMask::leaves(schema, wanted);
        Ok(table)
    }

    /// Binary columns that in truth are text, from writers that did not say so.
    fn find_texts(&mut self) {
        for place in 0..self.columns.len() {
            let Some((name, Shape::Binary(leaf))) = self.columns.get(place) else { continue };
            let leaf = *leaf;
            if names_pictures(name) || !self.holds_text(leaf) {
                continue;
            }
            if let Some((_, shape)) = self.columns.get_mut(place) {
                *shape = Shape::Plain;
            }
        }
    }

    /// Whether the first value of a binary column is readable text.
    fn holds_text(&self, leaf: usize) -> bool {
        let mask = ProjectionMask::leaves(self.metadata.parquet_schema(), [leaf]);
        let first = caught(|| {
            let mut reader = self
                .builder()?
                .with_projection(mask)
                .with_batch_size(1)
                .with_limit(8)
                .build()
                .map_err(|error| error.to_string())?;
            let value = reader.find_map(|batch| {
                let batch = batch.ok()?;
                binary(batch.columns().first()?, 0).map(<[u8]>::to_vec)
            });
            Ok(value)
        });
        matches!(first, Ok(Some(bytes)) if std::str::from_utf8(&bytes).is_ok_and(|text| !text.contains('\0')))
    }

    fn builder(&self) -> Result<ParquetRecordBatchReaderBuilder<File>, String> {
        let file = self.file.try_clone().map_err(|error| format!("it could not be read: {error}"))?;
        Ok(ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone()))
    }

    /// A reader of one row group from its row `skip` on.
    fn reader(&self, group: usize, skip: usize) -> Result<ParquetRecordBatchReader, String> {
        let builder = self.builder()?.with_row_groups(vec![group]).with_projection(self.mask.clone());
        let builder = if skip > 0 { builder.with_offset(skip) } else { builder };
        builder.with_batch_size(BATCH).build().map_err(|error| in_words(&error.to_string()))
    }

    /// Leaves of a row group that hold nothing but nulls.
    fn absent(&self, group: usize) -> FxHashSet<usize> {
        let columns = self.metadata.metadata().row_group(group).columns();
        let all_null = |leaf: usize| {
            let column = columns.get(leaf)?;
            let nulls = column.statistics()?.null_count_opt()?;
            (i64::try_from(nulls) == Ok(column.num_values())).then_some(leaf)
        };
        (0..columns.len()).filter_map(all_null).collect()
    }
}

/// The question whether beside a leaf stands one called `path`.
trait Siblings {
    fn column_has_sibling_path(&self, leaf: usize) -> bool;
}

impl Siblings for parquet::schema::types::SchemaDescriptor {
    fn column_has_sibling_path(&self, leaf: usize) -> bool {
        let parts = self.column(leaf).path().parts().to_vec();
        let Some((_, parents)) = parts.split_last() else { return false };
        self.columns().iter().any(|column| match column.path().parts().split_last() {
            Some((last, others)) => last == "path" && others == parents,
            None => false,
        })
    }
}

fn names_pictures(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    is_picture_name(&format!("x.{lower}"))
        || ["image", "img", "picture", "bytes", "mask"].iter().any(|word| lower.contains(word))
}

/// Reads the file; the row is the row in the file.
pub(super) fn read(visit: &mut Visit<'_>) -> ControlFlow<()> {
    let table = match Table::open(visit) {
        Ok(table) => table,
        Err(reason) => return visit.skipped(Unit::File, None, reason),
    };
    let size = table.file.metadata().map_or(0, |metadata| metadata.len());
    let counts: Vec<u64> =
        table.metadata.metadata().row_groups().iter().map(|group| group.num_rows().max(0) as u64).collect();
    let total: u64 = counts.iter().sum::<u64>().max(1);
    let mut first = 0;
    for (group, count) in counts.iter().enumerate() {
        let end = first + count;
        if end > visit.from_row && *count > 0 {
            let skip = visit.from_row.saturating_sub(first);
            read_group(visit, &table, group, first, end, skip)?;
        }
        first = end;
        visit.passed((u128::from(size) * u128::from(first) / u128::from(total)) as u64)?;
    }
    ControlFlow::Continue(())
}

fn read_group(
    visit: &mut Visit<'_>,
    table: &Table,
    group: usize,
    first: u64,
    end: u64,
    skip: u64,
) -> ControlFlow<()> {
    let absent = table.absent(group);
    let mut row = first + skip;
    let mut reader = match caught(|| table.reader(group, skip as usize)) {
        Ok(reader) => reader,
        Err(reason) => return lost(visit, row, end, &reason),
    };
    while row < end {
        let batch = caught(|| match reader.next() {
            None => Ok(None),
            Some(Ok(batch)) => Ok(Some(batch)),
            Some(Err(error)) => Err(in_words(&error.to_string())),
        });
        match batch {
            Ok(Some(batch)) if batch.num_rows() > 0 => {
                tell(visit, table, &batch, row, &absent)?;
                row += batch.num_rows() as u64;
            }
            Ok(_) => return lost(visit, row, end, "the row group ends too early"),
            Err(reason) => return lost(visit, row, end, &reason),
        }
    }
    ControlFlow::Continue(())
}

/// Tells of rows of a group that cannot be read.
fn lost(visit: &mut Visit<'_>, row: u64, end: u64, reason: &str) -> ControlFlow<()> {
    let reason = format!("{reason}; rows {} to {end} are left out", row + 1);
    visit.skipped(Unit::Row, Some(row + 1), reason)
}

fn tell(
    visit: &mut Visit<'_>,
    table: &Table,
    batch: &RecordBatch,
    first: u64,
    absent: &FxHashSet<usize>,
) -> ControlFlow<()> {
    for index in 0..batch.num_rows() {
        let row = first + index as u64;
        let place = Place { file: visit.path, row, absent };
        let fields = table
            .columns
            .iter()
            .filter(|(name, _)| visit.wants(name))
            .map(|(name, shape)| (name.clone(), cell(name, shape, batch.column_by_name(name), index, &place)))
            .collect();
        visit.record(Record {
            row,
            position: row + 1,
            table: None,
            key: None,
            span: None,
            cell: Cell::Map(fields),
        })?;
    }
    ControlFlow::Continue(())
}
