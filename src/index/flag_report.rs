//! The flags of the samples of a query, counted over columns.

use rustc_hash::FxHashMap;
use tantivy::DocId;
use tantivy::columnar::Column as EngineColumn;

use super::figures::FigureColumn;
use super::schema::SEQ;
use super::{Hits, IndexError};
use crate::measure::{
    Bins, Column, Comparison, Counts, FlagCount, FlagId, FlagReport, FlagTable, Norms, Range,
};
use crate::query;

/// Documents looked at together.
const BATCH: usize = 4_096;

impl Hits {
    /// The flags of all hits, with the spread of the figures that decide them.
    ///
    /// # Errors
    /// [`IndexError::Query`] where not all samples are indexed yet.
    pub fn flags(&self) -> Result<FlagReport, IndexError> {
        let Some(settled) = &self.snapshot.settled else { return Err(unsettled(0..0)) };
        let norms = settled.norms();
        let mut count = Counting::new(&self.snapshot.table, &norms);
        let mut pictures = self.snapshot.pictures.as_ref().map(|pictures| OfPictures {
            flagged: pictures.flagged(FlagId::PICTURES, &self.snapshot.table, norms.profile()),
            samples: [0; FlagId::PICTURES.len()],
        });
        for (place, half) in self.snapshot.facts.each().enumerate() {
            let open = |column: &Column| FigureColumn::open(*column, half, settled.segment(place));
            let columns: Vec<_> = count.columns.iter().map(open).collect();
            let seqs = half.reader.fast_fields().u64(SEQ)?;
            for docs in self.documents(place)?.chunks(BATCH) {
                count.take(docs, &columns);
                if let Some(pictures) = &mut pictures {
                    pictures.take(docs, &seqs, &mut count.any);
                }
                count.count_flagged();
            }
        }
        let mut flags: Vec<FlagCount> = count.flags.into_iter().map(FlagState::finish).collect();
        if let Some(pictures) = pictures {
            let is_on = |flag: FlagId| self.snapshot.table.picture_rule(norms.profile(), flag).is_some();
            flags.extend(pictures.finish().filter(|count| is_on(count.flag)));
        }
        debug_assert!(count.samples <= settled.samples());
        Ok(FlagReport { profile: norms.profile(), samples: count.samples, flagged: count.flagged, flags })
    }
}

/// What is said where the whole data set is needed and not there, of the part of a query that needs it.
pub(super) fn unsettled(span: std::ops::Range<usize>) -> IndexError {
    IndexError::Query { span, message: query::UNSETTLED.to_owned() }
}

/// All flags, while they are counted.
struct Counting {
    /// The figures that rules look at, each once.
    columns: Vec<Column>,
    flags: Vec<FlagState>,
    samples: u64,
    flagged: u64,
    /// Values of a batch, column by column.
    values: Vec<Vec<f64>>,
    any: Vec<bool>,
}

/// One flag.
struct FlagState {
    flag: FlagId,
    rule: String,
    /// Its rule: any case, all tests of it; a test has the place of its column.
    cases: Vec<Vec<(usize, Comparison, f64)>>,
    decided: Option<(Column, Comparison, f64)>,
    /// With the place of the column that decides.
    bins: Option<(usize, Bins)>,
    samples: u64,
}

impl Counting {
    fn new(table: &FlagTable, norms: &Norms<'_>) -> Self {
        let mut columns: Vec<Column> = Vec::new();
        let mut place_of = |column: Column| {
            columns.iter().position(|known| *known == column).unwrap_or_else(|| {
                columns.push(column);
                columns.len() - 1
            })
        };
        let mut flags = Vec::new();
        for flag in FlagId::ALL {
            let Some(rule) = table.rule(norms.profile(), *flag) else { continue };
            let mut test = |range: Range| (place_of(range.column), range.comparison, range.threshold);
            let cases = table.ranges(*flag, norms).into_iter();
            let cases = cases.map(|case| case.into_iter().map(&mut test).collect()).collect();
            let decided = table.decided(*flag, norms);
            let bins = decided.map(|(column, _, threshold)| {
                (place_of(column), Bins::new(column, norms.spread(column), Some(threshold)))
            });
            flags.push(FlagState { flag: *flag, rule: rule.to_string(), cases, decided, bins, samples: 0 });
        }
        let values = vec![Vec::new(); columns.len()];
        Self { columns, flags, samples: 0, flagged: 0, values, any: Vec::new() }
    }

    fn take(&mut self, docs: &[DocId], columns: &[FigureColumn]) {
        for (column, values) in columns.iter().zip(&mut self.values) {
            column.get_all(docs, values);
        }
        self.samples += docs.len() as u64;
        self.any.clear();
        self.any.resize(docs.len(), false);
        for state in &mut self.flags {
            state.take(&self.values, &mut self.any);
        }
    }

    /// Counts those of the batch that have any flag.
    fn count_flagged(&mut self) {
        self.flagged += self.any.iter().filter(|any| **any).count() as u64;
    }
}

/// Flags of pictures, while they are counted: no figure of captions decides them.
struct OfPictures {
    flagged: FxHashMap<u64, u8>,
    /// In the order of [`FlagId::PICTURES`].
    samples: [u64; FlagId::PICTURES.len()],
}

impl OfPictures {
    fn take(&mut self, docs: &[DocId], seqs: &EngineColumn<u64>, any: &mut [bool]) {
        if self.flagged.is_empty() {
            return;
        }
        for (doc, any) in docs.iter().zip(any) {
            let Some(bits) = seqs.first(*doc).and_then(|seq| self.flagged.get(&seq)) else { continue };
            *any = true;
            for (place, samples) in self.samples.iter_mut().enumerate() {
                *samples += u64::from(bits >> place & 1);
            }
        }
    }

    fn finish(self) -> impl Iterator<Item = FlagCount> {
        FlagId::PICTURES.iter().zip(self.samples).map(|(flag, samples)| FlagCount {
            flag: *flag,
            rule: String::new(),
            samples,
            decided: None,
            histogram: None,
        })
    }
}

impl FlagState {
    fn take(&mut self, values: &[Vec<f64>], any: &mut [bool]) {
        let value = |column: usize, at: usize| {
            values.get(column).and_then(|values| values.get(at)).copied().unwrap_or(f64::NAN)
        };
        for (at, any) in any.iter_mut().enumerate() {
            let holds = |case: &Vec<(usize, Comparison, f64)>| {
                case.iter().all(|(column, comparison, bound)| comparison.holds(value(*column, at), *bound))
            };
            if self.cases.iter().any(holds) {
                self.samples += 1;
                *any = true;
            }
        }
        if let Some((column, bins)) = &mut self.bins {
            bins.add_all(values.get(*column).map(Vec::as_slice).unwrap_or_default());
        }
    }

    fn finish(self) -> FlagCount {
        FlagCount {
            flag: self.flag,
            rule: self.rule,
            samples: self.samples,
            decided: self.decided,
            histogram: self.bins.map(|(_, bins)| bins.finish()),
        }
    }
}
