//! The figures of documents, as columns.

use std::sync::Arc;

use tantivy::columnar::Column as EngineColumn;
use tantivy::{DocId, SegmentReader};

use super::IndexError;
use super::schema::{SEQ, figure_column};
use super::settled::{SettledColumn, SettledSegment};
use crate::measure::{Column, Columns};

/// A column of one segment.
pub(super) enum FigureColumn {
    /// Of figures that a sample has by itself.
    Own(EngineColumn<f64>),
    /// Of figures that need the whole data set.
    Settled(SettledColumn),
    /// Nobody has it, or nobody knows it yet.
    Unknown,
}

impl FigureColumn {
    /// Opens a column of a segment.
    pub(super) fn open(
        column: Column,
        segment: &SegmentReader,
        settled: Option<&Arc<SettledSegment>>,
    ) -> Result<Self, IndexError> {
        if column.needs_data_set() {
            return Ok(settled.map_or(Self::Unknown, |settled| Self::Settled(settled.column(column))));
        }
        let found = segment.fast_fields().column_opt::<f64>(&figure_column(column))?;
        Ok(found.map_or(Self::Unknown, Self::Own))
    }

    /// The figure of a document; NaN where it is not known.
    pub(super) fn get(&self, doc: DocId) -> f64 {
        match self {
            Self::Own(column) => column.first(doc).unwrap_or(f64::NAN),
            Self::Settled(column) => column.get(doc),
            Self::Unknown => f64::NAN,
        }
    }

    /// The figures of some documents; `values` is emptied before. `room` is kept between calls.
    pub(super) fn get_all(&self, docs: &[DocId], values: &mut Vec<f64>, room: &mut Vec<Option<f64>>) {
        values.clear();
        match self {
            Self::Own(column) => {
                room.clear();
                room.resize(docs.len(), None);
                column.first_vals(docs, room);
                values.extend(room.iter().map(|value| value.unwrap_or(f64::NAN)));
            }
            Self::Settled(column) => values.extend(docs.iter().map(|doc| column.get(*doc))),
            Self::Unknown => values.resize(docs.len(), f64::NAN),
        }
    }
}

/// All columns of one segment.
pub(super) struct SegmentFigures {
    /// In the order of [`Column::ALL`].
    columns: Vec<FigureColumn>,
    seqs: EngineColumn<u64>,
}

impl SegmentFigures {
    /// Opens the columns of a segment.
    pub(super) fn open(
        segment: &SegmentReader,
        settled: Option<&Arc<SettledSegment>>,
    ) -> Result<Self, IndexError> {
        let columns = Column::ALL.iter().map(|column| FigureColumn::open(*column, segment, settled));
        Ok(Self { columns: columns.collect::<Result<_, _>>()?, seqs: segment.fast_fields().u64(SEQ)? })
    }

    /// The place of a document's sample in the data set.
    pub(super) fn seq(&self, doc: DocId) -> u64 {
        self.seqs.first(doc).unwrap_or_default()
    }

    /// All figures of a document.
    pub(super) fn of(&self, doc: DocId) -> Columns {
        Columns::from_values(self.columns.iter().map(|column| column.get(doc)))
    }
}
