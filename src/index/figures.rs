//! The figures of documents, as columns.

use std::sync::Arc;

use tantivy::DocId;
use tantivy::columnar::Column as EngineColumn;

use super::IndexError;
use super::facts::OpenHalf;
use super::packed::PackedColumn;
use super::schema::SEQ;
use super::settled::{SettledColumn, SettledSegment};
use crate::measure::{Column, Columns};

/// A column of one segment.
pub(super) enum FigureColumn {
    /// Of figures that a sample has by itself.
    Own(PackedColumn),
    /// Of figures that need the whole data set.
    Settled(SettledColumn),
    /// Nobody knows it yet.
    Unknown,
}

impl FigureColumn {
    /// Opens a column of a segment.
    pub(super) fn open(column: Column, half: &OpenHalf, settled: Option<&Arc<SettledSegment>>) -> Self {
        if column.needs_data_set() {
            return settled.map_or(Self::Unknown, |settled| Self::Settled(settled.column(column)));
        }
        Self::Own(half.figures.column(column))
    }

    /// The figure of a document; NaN where it is not known.
    pub(super) fn get(&self, doc: DocId) -> f64 {
        match self {
            Self::Own(column) => column.get(doc),
            Self::Settled(column) => column.get(doc),
            Self::Unknown => f64::NAN,
        }
    }

    /// The figures of some documents; `values` is emptied before.
    pub(super) fn get_all(&self, docs: &[DocId], values: &mut Vec<f64>) {
        values.clear();
        match self {
            Self::Own(column) => values.extend(docs.iter().map(|doc| column.get(*doc))),
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
    pub(super) fn open(half: &OpenHalf, settled: Option<&Arc<SettledSegment>>) -> Result<Self, IndexError> {
        let columns = Column::ALL.iter().map(|column| FigureColumn::open(*column, half, settled));
        Ok(Self { columns: columns.collect(), seqs: half.reader.fast_fields().u64(SEQ)? })
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
