//! A sample of the samples that answer a query: drawn from strata, by a seed.
//!
//! Two walks over columns: one that counts the samples of each stratum, one that draws. Of each sample only its stratum
//! is held, as four bytes; whole samples are read for those that are drawn alone.

use std::collections::{BTreeMap, HashMap, HashSet};

use tantivy::schema::Field as Slot;
use tantivy::{BitSet, DocAddress, DocId};

use super::figures::FigureColumn;
use super::flag_report::unsettled;
use super::schema::{column, meta_column};
use super::search::tally;
use super::segments::each_term;
use super::{Hits, IndexError};
use crate::measure::Column;
use crate::query::{self, Field};
use crate::spot::{Criterion, Numbers, Queued, Stratum, Urn, allocate, keep_largest, key, turn};
use crate::workspace::print_of;

/// Sources and splits that are strata of their own.
const VALUES: usize = 12;
/// There are at most so many times fewer strata than samples that are drawn.
const EACH: u64 = 5;
/// No stratum: the document answers no query.
const NONE: u32 = u32::MAX;

/// What was drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn {
    /// The strata.
    pub strata: Vec<Stratum>,
    /// The samples, in the order in which they are to be looked at.
    pub queue: Vec<Queued>,
}

/// Of each document of each segment, in the order of [`Hits::documents`], its part.
struct Parts {
    of: Vec<Vec<u32>>,
    names: Vec<String>,
}

impl Hits {
    /// Draws so many of the hits, each at most once: from strata in proportion to their samples, and of each stratum
    /// those that the seed and their ids say. There are as many strata as criteria have combinations, but small ones
    /// are put together where there would be fewer than five samples for each.
    ///
    /// # Errors
    /// [`IndexError::Query`] where a criterion is no number, no query, or needs all samples before they are indexed.
    pub fn draw(&self, criteria: &[Criterion], wanted: u64, seed: u64) -> Result<Drawn, IndexError> {
        let segments = self.snapshot.searcher.segment_readers();
        let docs = (0..segments.len()).map(|place| self.documents(place)).collect::<Result<Vec<_>, _>>()?;
        let all = criteria.iter().map(|one| self.parts(one, &docs)).collect::<Result<Vec<_>, _>>()?;
        let cells = combined(&docs, &all)?;
        let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
        for cell in cells.iter().flatten() {
            *counts.entry(*cell).or_default() += 1;
        }
        let kept = keep_largest(&counts, (wanted / EACH).max(1) as usize);
        let mut strata: Vec<Stratum> = kept
            .iter()
            .map(|cell| Stratum {
                name: name_of(*cell, &all),
                samples: counts.get(cell).copied().unwrap_or_default(),
            })
            .collect();
        let rest = counts.len() - kept.len();
        if rest > 0 {
            let samples = self.total() - strata.iter().map(|stratum| stratum.samples).sum::<u64>();
            strata.push(Stratum { name: format!("{rest} smaller strata"), samples });
        }
        let sizes: Vec<u64> = strata.iter().map(|stratum| stratum.samples).collect();
        let mut urn = Urn::new(&allocate(&sizes, wanted));
        for (place, segment) in segments.iter().enumerate() {
            let mut stratum_of = vec![NONE; segment.max_doc() as usize];
            let found = docs.get(place).into_iter().flatten().zip(cells.get(place).into_iter().flatten());
            for (doc, cell) in found {
                if let Some(here) = stratum_of.get_mut(*doc as usize) {
                    *here = kept.binary_search(cell).unwrap_or(kept.len()) as u32;
                }
            }
            let prints = self.snapshot.prints.of(segment)?;
            for (print, doc) in prints.each() {
                let stratum = stratum_of.get(doc as usize).copied().unwrap_or(NONE);
                if stratum != NONE {
                    urn.offer(stratum as usize, key(seed, print), DocAddress::new(place as u32, doc));
                }
            }
        }
        let (mut queue, mut known) = (Vec::new(), HashSet::new());
        for (stratum, address) in urn.finish() {
            let id = self.snapshot.slots.sample(&self.snapshot.searcher, address)?.id;
            let print = print_of(&id);
            // A data set may have an id twice; whoever looks at it sees one of them.
            if known.insert(print) {
                queue.push(Queued { print, id, stratum: stratum as u32 });
            }
        }
        queue.sort_by_key(|sample| (turn(seed, sample.print), sample.print));
        Ok(Drawn { strata, queue })
    }

    fn parts(&self, criterion: &Criterion, docs: &[Vec<DocId>]) -> Result<Parts, IndexError> {
        match criterion {
            Criterion::Number { field, parts } => self.by_number(field, *parts, docs),
            Criterion::Value(name) => {
                let slots = &self.snapshot.slots;
                self.by_value(name, if name == "split" { slots.split } else { slots.source }, docs)
            }
            Criterion::Query(text) => self.by_query(text, docs),
        }
    }

    fn by_number(&self, name: &str, parts: usize, docs: &[Vec<DocId>]) -> Result<Parts, IndexError> {
        let field =
            query::field_named(name).filter(|field| field.is_count() || matches!(field, Field::Meta(_)));
        let Some(field) = field else {
            let known = query::figures().map(Column::name);
            let near = query::nearest(name, known.chain(["density", "words", "captions"]));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(refused(format!(
                "`{name}` is no number of a sample: a figure as in `density`, `source`, `split`, `meta.NAME`, or a \
                 query with a colon{near}"
            )));
        };
        let values = self.values_of(&field, docs)?;
        let mut numbers = Numbers::default();
        values.iter().flatten().for_each(|number| numbers.push(*number));
        if !values.iter().flatten().any(|number| number.is_finite()) && self.total() > 0 {
            return Err(refused(format!(
                "no sample has a number `{name}`; of texts a query tells: `{name}:word`"
            )));
        }
        let bins = numbers.parted(parts);
        let of = values.iter().map(|values| values.iter().map(|value| bins.place(*value) as u32).collect());
        let names = (0..bins.len()).map(|place| bins.name(name, place)).collect();
        Ok(Parts { of: of.collect(), names })
    }

    fn values_of(&self, field: &Field, docs: &[Vec<DocId>]) -> Result<Vec<Vec<f64>>, IndexError> {
        let settled = self.snapshot.settled.as_ref();
        let segments = self.snapshot.searcher.segment_readers().iter().enumerate().zip(docs);
        let mut all = Vec::with_capacity(docs.len());
        for ((place, segment), docs) in segments {
            let half = self.snapshot.facts.at(place);
            let engine = match half {
                Some(half) if query::is_of_facts(field) => &half.reader,
                _ => segment,
            };
            let columns = engine.fast_fields();
            let values: Vec<f64> = if let Field::Figure(figure) = field {
                if figure.needs_data_set() && settled.is_none() {
                    return Err(unsettled(0..0));
                }
                let settled = settled.and_then(|settled| settled.segment(place));
                // Of samples that are not analysed yet, no figure is known.
                let column = half.map(|half| FigureColumn::open(*figure, half, settled));
                let value = |doc: &DocId| column.as_ref().map_or(f64::NAN, |column| column.get(*doc));
                docs.iter().map(value).collect()
            } else if let Field::Meta(path) = field {
                let column = columns.column_opt::<f64>(&meta_column(path))?;
                let value = |doc: &DocId| column.as_ref().and_then(|column| column.first(*doc));
                docs.iter().map(|doc| value(doc).unwrap_or(f64::NAN)).collect()
            } else {
                let column = columns.column_opt::<u64>(column(field).unwrap_or_default())?;
                let value = |doc: &DocId| column.as_ref().and_then(|column| column.first(*doc));
                docs.iter().map(|doc| value(doc).map_or(f64::NAN, |number| number as f64)).collect()
            };
            all.push(values);
        }
        Ok(all)
    }

    /// Sources and splits: the most frequent among the hits are parts of their own.
    fn by_value(&self, name: &str, slot: Slot, docs: &[Vec<DocId>]) -> Result<Parts, IndexError> {
        let segments = self.snapshot.searcher.segment_readers().iter().zip(docs);
        let mut counts: HashMap<String, u64> = HashMap::new();
        for (segment, docs) in segments.clone() {
            let chosen = chosen(docs, segment.max_doc());
            each_term(segment, slot, |value, _, doc| {
                if chosen.contains(doc) {
                    *counts.entry(String::from_utf8_lossy(value).into_owned()).or_default() += 1;
                }
            })?;
        }
        let frequent = tally(counts).into_iter().map(|(value, _)| value);
        let values: Vec<String> = frequent.take(VALUES).collect();
        let (other, missing) = (values.len() as u32, values.len() as u32 + 1);
        let mut of = Vec::with_capacity(docs.len());
        for (segment, docs) in segments {
            let mut part_of = vec![missing; segment.max_doc() as usize];
            each_term(segment, slot, |value, _, doc| {
                let place = values.iter().position(|known| known.as_bytes() == value);
                if let Some(here) = part_of.get_mut(doc as usize) {
                    *here = place.map_or(other, |place| place as u32);
                }
            })?;
            of.push(docs.iter().map(|doc| part_of.get(*doc as usize).copied().unwrap_or(missing)).collect());
        }
        let mut names: Vec<String> = values.iter().map(|value| format!("{name} {value}")).collect();
        names.extend([format!("other {name}"), format!("no {name}")]);
        Ok(Parts { of, names })
    }

    fn by_query(&self, text: &str, docs: &[Vec<DocId>]) -> Result<Parts, IndexError> {
        let query = query::parse(text).map_err(|error| refused(format!("`{text}`: {error}")))?;
        let found = self.snapshot.search(&query).map_err(|error| match error {
            IndexError::Query { message, .. } => refused(format!("`{text}`: {message}")),
            other => other,
        })?;
        let segments = self.snapshot.searcher.segment_readers().iter().enumerate().zip(docs);
        let mut of = Vec::with_capacity(docs.len());
        for ((place, segment), docs) in segments {
            let answers = chosen(&found.documents(place)?, segment.max_doc());
            of.push(docs.iter().map(|doc| u32::from(!answers.contains(*doc))).collect());
        }
        Ok(Parts { of, names: vec![text.to_owned(), format!("not {text}")] })
    }
}

fn refused(message: String) -> IndexError {
    IndexError::Query { span: 0..0, message }
}

fn chosen(docs: &[DocId], most: DocId) -> BitSet {
    let mut set = BitSet::with_max_value(most);
    for doc in docs {
        set.insert(*doc);
    }
    set
}

/// One number for each combination of parts, the last criterion counting fastest.
fn combined(docs: &[Vec<DocId>], all: &[Parts]) -> Result<Vec<Vec<u32>>, IndexError> {
    let mut cells: Vec<Vec<u32>> = docs.iter().map(|docs| vec![0; docs.len()]).collect();
    let mut many = 1_u32;
    for parts in all {
        many = many.checked_mul(parts.names.len() as u32).ok_or_else(|| {
            refused("so many criteria have more combinations than can be counted".to_owned())
        })?;
        for (cells, of) in cells.iter_mut().zip(&parts.of) {
            for (cell, part) in cells.iter_mut().zip(of) {
                *cell = *cell * parts.names.len() as u32 + part;
            }
        }
    }
    Ok(cells)
}

/// What the samples of a cell have in common; parts that all samples are in are not told.
fn name_of(cell: u32, all: &[Parts]) -> String {
    let (mut rest, mut names) = (cell, Vec::new());
    for parts in all.iter().rev() {
        let many = parts.names.len() as u32;
        let part = rest % many;
        rest /= many;
        if parts.of.iter().flatten().any(|other| *other != part) {
            names.extend(parts.names.get(part as usize).cloned());
        }
    }
    names.reverse();
    if names.is_empty() { "all samples".to_owned() } else { names.join(" · ") }
}
