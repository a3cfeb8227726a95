//! What the samples of a query come to, added up over columns.

use super::figures::FigureColumn;
use super::schema::column;
use super::{Hits, IndexError};
use crate::measure::Column;
use crate::query::Field;

/// Sums over samples.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    /// Samples.
    pub samples: u64,
    /// Captions of every role.
    pub captions: u64,
    /// Pictures that samples name; one that several name counts for each.
    pub images: u64,
    /// Questions.
    pub questions: u64,
    /// Facts per 100 words on average, over the samples for which it is known.
    pub mean_rate: Option<f64>,
}

impl Hits {
    /// What the hits come to.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn totals(&self) -> Result<Totals, IndexError> {
        let mut totals = Totals { samples: self.total(), ..Totals::default() };
        let (mut rates, mut known) = (0.0, 0_u64);
        let mut values = Vec::new();
        for (place, segment) in self.snapshot.searcher.segment_readers().iter().enumerate() {
            let docs = self.documents(place)?;
            for (field, sum) in [
                (Field::Captions, &mut totals.captions),
                (Field::Images, &mut totals.images),
                (Field::Questions, &mut totals.questions),
            ] {
                let Some(name) = column(&field) else { continue };
                let Some(counts) = segment.fast_fields().column_opt::<u64>(name)? else { continue };
                *sum += docs.iter().filter_map(|doc| counts.first(*doc)).sum::<u64>();
            }
            let Some(facts) = self.snapshot.facts.at(place) else { continue };
            FigureColumn::open(Column::Rate, facts, None).get_all(&docs, &mut values);
            for rate in values.iter().filter(|rate| !rate.is_nan()) {
                rates += rate;
                known += 1;
            }
        }
        totals.mean_rate = (known > 0).then(|| rates / known as f64);
        Ok(totals)
    }
}
