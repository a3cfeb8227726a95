//! The figures that samples have by themselves, beside the engine's files of a segment's second half.
//!
//! The engine can keep columns of numbers; thirty of them took it a tenth of all indexing, and most figures are
//! small counts. Here a column is written as it stands, each number in one, two, four or eight bytes, whatever
//! all of them fit into exactly. A range over a column is found by going through it: of a million numbers that
//! takes less than a millisecond.
//!
//! ```text
//! documents   u64
//! widths      u8, one for each column of Column::own, filled up with 0 to a multiple of 8
//! columns     each one after the other, filled up with 0 to a multiple of 8
//! ```

use std::path::Path;

use tantivy::DocId;
use tantivy::directory::OwnedBytes;

use super::IndexError;
use super::sidefile::{SideFolder, SideWriter, number};
use crate::measure::Column;

/// The file's name.
pub(super) const FIGURES: &str = "figures";
/// Columns begin at multiples of this.
const ALIGNED: usize = 8;

/// How the numbers of a column are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Width {
    /// None is known.
    Nothing,
    /// Whole numbers from 0, the largest for those that are not known.
    One,
    /// The same.
    Two,
    /// As `f32`, which all of them are.
    Four,
    /// As `f64`.
    Eight,
}

impl Width {
    const ALL: [Self; 5] = [Self::Nothing, Self::One, Self::Two, Self::Four, Self::Eight];

    fn bytes(self) -> usize {
        [0, 1, 2, 4, 8].get(self as usize).copied().unwrap_or_default()
    }

    /// The narrowest into which all these fit.
    fn of(values: &[f64]) -> Self {
        values.iter().map(|value| Self::of_one(*value)).max().unwrap_or(Self::Nothing)
    }

    fn of_one(value: f64) -> Self {
        let is_count = value.fract() == 0.0 && value.is_sign_positive();
        if value.is_nan() {
            Self::Nothing
        } else if is_count && value < f64::from(u8::MAX) {
            Self::One
        } else if is_count && value < f64::from(u16::MAX) {
            Self::Two
        } else if f64::from(value as f32).to_bits() == value.to_bits() {
            Self::Four
        } else {
            Self::Eight
        }
    }

    /// Bytes of a column, with what fills it up.
    fn room(self, documents: usize) -> usize {
        (documents * self.bytes()).next_multiple_of(ALIGNED)
    }

    fn put(self, values: &[f64], out: &mut Vec<u8>) {
        match self {
            Self::Nothing => {}
            Self::One => {
                out.extend(values.iter().map(|value| if value.is_nan() { u8::MAX } else { *value as u8 }));
            }
            Self::Two => {
                let of = |value: &f64| if value.is_nan() { u16::MAX } else { *value as u16 };
                out.extend(values.iter().flat_map(|value| of(value).to_le_bytes()));
            }
            Self::Four => out.extend(values.iter().flat_map(|value| (*value as f32).to_le_bytes())),
            Self::Eight => out.extend(values.iter().flat_map(|value| value.to_le_bytes())),
        }
    }
}

/// The figures of documents that are being written, column by column.
#[derive(Default)]
pub(super) struct Packing {
    columns: Vec<Vec<f64>>,
    documents: usize,
}

impl Packing {
    /// Takes the figures of the next document, in the order of [`Column::own`]; NaN is not known.
    pub(super) fn push(&mut self, figures: impl Iterator<Item = f64>) {
        if self.columns.is_empty() {
            self.columns.resize_with(Column::own().count(), Vec::new);
        }
        self.documents += 1;
        for (column, figure) in self.columns.iter_mut().zip(figures) {
            column.push(figure);
        }
        // Of deleted documents nothing is known.
        self.columns.iter_mut().for_each(|column| column.resize(self.documents, f64::NAN));
    }

    /// Takes documents that were written before.
    pub(super) fn append(&mut self, packed: &Packed) {
        for doc in 0..packed.documents as DocId {
            self.push(Column::own().map(|column| packed.column(column).get(doc)));
        }
    }

    /// Bytes that it holds.
    pub(super) fn memory(&self) -> usize {
        self.documents * self.columns.len() * size_of::<f64>()
    }

    /// Writes the file into a folder.
    pub(super) fn write(&self, folder: &Path) -> Result<(), IndexError> {
        let widths: Vec<Width> = self.columns.iter().map(|column| Width::of(column)).collect();
        let mut writer = SideWriter::new(folder.join(FIGURES))?;
        writer.put(&(self.documents as u64).to_le_bytes())?;
        let mut bytes: Vec<u8> = widths.iter().map(|width| *width as u8).collect();
        for (width, column) in widths.iter().zip(&self.columns) {
            bytes.resize(bytes.len().next_multiple_of(ALIGNED), 0);
            writer.put(&bytes)?;
            bytes.clear();
            width.put(column, &mut bytes);
        }
        bytes.resize(bytes.len().next_multiple_of(ALIGNED), 0);
        writer.put(&bytes)?;
        writer.finish()
    }
}

/// The figures of a segment, mapped from disk.
pub(super) struct Packed {
    documents: usize,
    /// In the order of [`Column::own`].
    columns: Vec<PackedColumn>,
}

/// A column of them.
#[derive(Clone)]
pub(super) struct PackedColumn {
    width: Width,
    bytes: OwnedBytes,
}

impl Packed {
    /// Opens the file in a folder; none where it is not there or not whole.
    pub(super) fn open(folder: &Path) -> Option<Self> {
        let bytes = SideFolder::open(folder)?.read(FIGURES)?;
        let documents = usize::try_from(number(&bytes, 0)?).ok()?;
        let names = bytes.get(ALIGNED..ALIGNED + Column::own().count())?;
        let widths = names.iter().map(|name| Width::ALL.get(usize::from(*name)).copied());
        let widths = widths.collect::<Option<Vec<Width>>>()?;
        let mut from = ALIGNED + widths.len().next_multiple_of(ALIGNED);
        // A length that is not true must not overflow.
        if documents > bytes.len() * ALIGNED {
            return None;
        }
        let mut columns = Vec::with_capacity(widths.len());
        for width in widths {
            let to = from + width.room(documents);
            if to > bytes.len() {
                return None;
            }
            columns.push(PackedColumn { width, bytes: bytes.slice(from..to) });
            from = to;
        }
        (from == bytes.len()).then_some(Self { documents, columns })
    }

    /// Documents in it.
    pub(super) fn documents(&self) -> usize {
        self.documents
    }

    /// A column; one that knows nothing, where the figure needs the whole data set.
    pub(super) fn column(&self, column: Column) -> PackedColumn {
        let place = Column::own().position(|own| own == column);
        let found = place.and_then(|place| self.columns.get(place)).cloned();
        found.unwrap_or_else(|| PackedColumn { width: Width::Nothing, bytes: OwnedBytes::empty() })
    }
}

impl PackedColumn {
    /// The figure of a document; NaN where it is not known.
    pub(super) fn get(&self, doc: DocId) -> f64 {
        let doc = doc as usize;
        let found = match self.width {
            Width::Nothing => None,
            Width::One => {
                self.bytes.get(doc).filter(|count| **count != u8::MAX).map(|count| f64::from(*count))
            }
            Width::Two => {
                let counts = self.bytes.as_chunks::<2>().0;
                let count = counts.get(doc).map(|count| u16::from_le_bytes(*count));
                count.filter(|count| *count != u16::MAX).map(f64::from)
            }
            Width::Four => {
                let figures = self.bytes.as_chunks::<4>().0;
                figures.get(doc).map(|figure| f64::from(f32::from_le_bytes(*figure)))
            }
            Width::Eight => {
                let figures = self.bytes.as_chunks::<8>().0;
                figures.get(doc).map(|figure| f64::from_le_bytes(*figure))
            }
        };
        found.unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy;

    use super::*;

    #[test]
    fn a_column_is_as_narrow_as_its_numbers_allow() {
        for (values, width) in [
            (&[][..], Width::Nothing),
            (&[f64::NAN, f64::NAN], Width::Nothing),
            (&[0.0, 254.0, f64::NAN], Width::One),
            (&[0.0, 255.0], Width::Two),
            (&[65_534.0, f64::NAN], Width::Two),
            (&[65_535.0], Width::Four),
            (&[0.5, -3.0, f64::NAN], Width::Four),
            (&[-0.0], Width::Four),
            (&[0.1], Width::Eight),
            (&[1e300, 3.0], Width::Eight),
            (&[16_777_217.0], Width::Eight),
        ] {
            assert_eq!(Width::of(values), width, "{values:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_packed_is_read_to_the_last_bit(
            rows in proptest::collection::vec(
                proptest::collection::vec(
                    proptest::prop_oneof![
                        proptest::strategy::Just(f64::NAN),
                        (0_u16..400).prop_map(f64::from),
                        (0_u32..100_000).prop_map(f64::from),
                        proptest::num::f32::NORMAL.prop_map(f64::from),
                        proptest::num::f64::NORMAL,
                    ],
                    0..60,
                ),
                0..40,
            ),
            cut in 0_usize..40,
        ) {
            let folder = tempfile::tempdir().unwrap();
            let parts = rows.split_at(cut.min(rows.len()));
            let mut joined = Packing::default();
            for part in [parts.0, parts.1] {
                let mut packing = Packing::default();
                for row in part {
                    packing.push(row.iter().copied());
                }
                if part.is_empty() {
                    continue;
                }
                packing.write(folder.path()).unwrap();
                joined.append(&Packed::open(folder.path()).unwrap());
            }
            if !rows.is_empty() {
                joined.write(folder.path()).unwrap();
                let packed = Packed::open(folder.path()).unwrap();
                assert_eq!(packed.documents(), rows.len());
                for (doc, row) in rows.iter().enumerate() {
                    for (place, column) in Column::own().enumerate() {
                        let figure = row.get(place).copied().unwrap_or(f64::NAN);
                        let found = packed.column(column).get(doc as DocId);
                        assert!(found.to_bits() == figure.to_bits() || (found.is_nan() && figure.is_nan()));
                    }
                }
                assert!(packed.column(Column::Words).get(rows.len() as DocId + 8).is_nan());
            }
        }
    }

    #[test]
    fn what_is_broken_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Packed::open(folder.path()).is_none());
        let write = |bytes: &[u8]| {
            let mut writer = SideWriter::new(folder.path().join(FIGURES)).unwrap();
            writer.put(bytes).unwrap();
            writer.finish().unwrap();
        };
        let count = Column::own().count();
        for (documents, width, rest) in
            [(3_u64, 9_u8, 64_usize), (3, 4, 16), (u64::MAX, 1, 64), (1, 0, 1), (3, 0, 8)]
        {
            let mut bytes = documents.to_le_bytes().to_vec();
            bytes.resize(8 + count, width);
            bytes.resize(8 + count.next_multiple_of(8) + rest, 0);
            write(&bytes);
            assert!(Packed::open(folder.path()).is_none(), "{documents} {width} {rest}");
        }
        write(&[1, 2, 3]);
        assert!(Packed::open(folder.path()).is_none());
    }
}
