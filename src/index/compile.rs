//! Turns our query into the engine's.

use std::ops::Bound;
use std::sync::Arc;

use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, FuzzyTermQuery, Occur, PhraseQuery,
    Query as EngineQuery, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field as Slot, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::IndexError;
use super::chosen::Chosen;
use super::concepts::ConceptTerms;
use super::facts::{Facts, OfFacts};
use super::flag_report::unsettled;
use super::flagged::{OwnRange, SettledRange, bounds_of};
use super::marked::{IdPrints, OfMarked};
use super::pictures::{OfSamples, Pictures};
use super::prefix::Prefixed;
use super::rank::Ranking;
use super::schema::{Slots, column, meta_column, meta_path, shortened};
use super::settled::Settled;
use super::suggest::nearest_terms;
use crate::measure::{self, Column, FlagId, FlagTable, Norms, Profile};
use crate::model::Sample;
use crate::query::{self, Bounds, Clause, Expr, Field, Marks, Query, Sort, Test};

type Boxed = Box<dyn EngineQuery>;

/// What a hit of a mere prefix is worth: less than any whole word.
const PREFIX_SCORE: f32 = 0.01;
/// Telling words that `like:` takes from a sample.
const LIKE_WORDS: usize = 25;

/// Compiles queries against one state of the index.
pub(super) struct Compiler<'a> {
    pub(super) slots: &'a Slots,
    pub(super) searcher: &'a Searcher,
    /// What captions say, as far as it is known.
    pub(super) facts: &'a Arc<Facts>,
    /// The data set's files, by ordinal.
    pub(super) files: &'a [(u32, String)],
    /// Terms of concepts that were asked for before.
    pub(super) concepts: &'a ConceptTerms,
    /// What needs all samples, where it is known.
    pub(super) settled: Option<&'a Arc<Settled>>,
    /// The rules of flags.
    pub(super) table: &'a FlagTable,
    /// What was seen of pictures, where somebody has looked.
    pub(super) pictures: Option<&'a Arc<Pictures>>,
    /// What somebody has marked, where that is known.
    pub(super) marks: Option<&'a dyn Marks>,
    /// Prints of ids, for marks.
    pub(super) prints: &'a Arc<IdPrints>,
    /// Finds the samples with an id, for `like:`.
    pub(super) by_id: &'a dyn Fn(&str) -> Result<Option<Sample>, IndexError>,
}

impl Compiler<'_> {
    /// The engine's query and the order of its hits.
    pub(super) fn query(&self, query: &Query) -> Result<(Boxed, Ranking), IndexError> {
        let compiled = match &query.filter {
            None => Box::new(AllQuery) as Boxed,
            Some(filter) => self.expression(filter)?,
        };
        let ranking = match &query.sort {
            None if query.filter.as_ref().is_some_and(has_score) => Ranking::Relevance,
            None | Some(Sort::Dataset) => Ranking::Dataset,
            Some(Sort::Relevance) if query.filter.as_ref().is_some_and(has_score) => Ranking::Relevance,
            Some(Sort::Relevance) => Ranking::Dataset,
            Some(Sort::Random(seed)) => Ranking::Random(*seed),
            Some(Sort::By { field: Field::Id, descending }) => Ranking::Id { descending: *descending },
            Some(Sort::By { field: Field::Meta(path), descending }) => {
                Ranking::Number { column: meta_column(path), descending: *descending }
            }
            Some(Sort::By { field: Field::Figure(figure), descending }) if figure.needs_data_set() => {
                let _ = self.settled(0..0)?;
                Ranking::Settled { column: *figure, descending: *descending }
            }
            Some(Sort::By { field: Field::Figure(figure), descending }) => {
                Ranking::Figure { column: *figure, descending: *descending }
            }
            Some(Sort::By { field, descending }) => match column(field) {
                Some(column) => {
                    let of_facts = query::is_of_facts(field);
                    Ranking::Whole { column, of_facts, descending: *descending }
                }
                None => Ranking::Dataset,
            },
        };
        Ok((compiled, ranking))
    }

    fn expression(&self, expression: &Expr) -> Result<Boxed, IndexError> {
        Ok(match expression {
            Expr::And(parts) => {
                let mut clauses = Vec::with_capacity(parts.len());
                for part in parts {
                    clauses.push(match part {
                        Expr::Not(inner) => (Occur::MustNot, self.expression(inner)?),
                        other => (Occur::Must, self.expression(other)?),
                    });
                }
                if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                    clauses.push((Occur::Must, unscored(Box::new(AllQuery))));
                }
                Box::new(BooleanQuery::new(clauses))
            }
            Expr::Or(parts) => {
                let parts = parts.iter().map(|part| self.expression(part)).collect::<Result<Vec<_>, _>>()?;
                Box::new(BooleanQuery::union(parts))
            }
            Expr::Not(inner) => Box::new(BooleanQuery::new(vec![
                (Occur::Must, unscored(Box::new(AllQuery))),
                (Occur::MustNot, self.expression(inner)?),
            ])),
            Expr::Clause(clause) => self.clause(clause)?,
        })
    }

    fn clause(&self, clause: &Clause) -> Result<Boxed, IndexError> {
        match &clause.test {
            Test::With { object, attribute } => {
                return Ok(unscored(self.of_facts(self.fact(&query::fact_with(object, attribute)))));
            }
            Test::Relation { subject, predicate, object } => {
                let fact = query::fact_relation(subject.as_deref(), predicate.as_deref(), object.as_deref());
                return Ok(unscored(self.of_facts(self.fact(&fact))));
            }
            Test::Like(id) => return self.like(id, clause),
            Test::Range(bounds) => return self.range(bounds, clause),
            _ => {}
        }
        if let Some(slot) = self.slots.wordy(&clause.field) {
            let words = self.words(&|word| Term::from_field_text(slot, word), slot, &[], clause)?;
            return Ok(if query::is_of_facts(&clause.field) { self.of_facts(words) } else { words });
        }
        match &clause.field {
            Field::Meta(path) => {
                let slot = self.slots.meta;
                let lead = Term::from_field_json_path(slot, &meta_path(path), false);
                let term = |word: &str| {
                    let mut term = lead.clone();
                    term.append_type_and_str(word);
                    term
                };
                let mut lead_bytes = lead.clone();
                lead_bytes.append_type_and_str("");
                self.words(&term, slot, lead_bytes.serialized_value_bytes(), clause).map(unscored)
            }
            Field::Concept => self.concept(clause).map(unscored),
            Field::Flag => self.flag(clause),
            Field::Tag | Field::Note | Field::Verdict => self.marked(clause),
            Field::Id => Ok(unscored(self.whole(self.slots.id, clause, str::to_owned))),
            Field::Source => Ok(unscored(self.whole(self.slots.source, clause, query::whole))),
            Field::Split => Ok(unscored(self.whole(self.slots.split, clause, query::whole))),
            Field::Has => Ok(unscored(self.has(clause))),
            Field::File => Ok(unscored(self.file(clause))),
            _ => Err(refused(clause, "a number or a range such as `>10` or `[5 TO 20]`")),
        }
    }

    /// A query for what captions say, asked where that is kept.
    fn of_facts(&self, query: Boxed) -> Boxed {
        Box::new(OfFacts::new(query, self.facts))
    }

    fn has(&self, clause: &Clause) -> Boxed {
        let by_itself = self.whole(self.slots.has, clause, query::whole);
        if !query::may_be_measured(&clause.test) {
            return by_itself;
        }
        let measured = self.of_facts(self.whole(self.slots.has, clause, query::whole));
        Box::new(BooleanQuery::union(vec![by_itself, measured]))
    }

    /// Samples that mention a thing of this kind.
    fn concept(&self, clause: &Clause) -> Result<Boxed, IndexError> {
        let Some(concept) = query::concept_of(&clause.test) else {
            return match &clause.test {
                // Somebody is still typing its name.
                Test::Partial { .. } => Ok(Box::new(EmptyQuery)),
                Test::Word { typed, .. } => Err(self.unknown_thing(clause, typed)?),
                Test::Phrase(words) => Err(self.unknown_thing(clause, &words.join(" "))?),
                _ => Err(refused(clause, "the name of a thing, in full")),
            };
        };
        let terms = self.concepts.of(&concept, self.facts, self.slots.mention)?;
        Ok(self.of_facts(Box::new(TermSetQuery::new(terms.iter().cloned()))))
    }

    /// Nobody knows the word as a thing; which one could be meant?
    fn unknown_thing(&self, clause: &Clause, typed: &str) -> Result<IndexError, IndexError> {
        let names = query::concept_names("");
        let mut near = query::nearest(typed, names.iter().map(String::as_str)).map(str::to_owned);
        if near.is_none() {
            let halves: Vec<_> = self.facts.readers().collect();
            near = nearest_terms(&halves, self.slots.mention, typed, 1)?.pop();
        }
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        Ok(refused(clause, &format!("a thing; nobody knows `{typed}`{near}")))
    }

    #[expect(clippy::unused_self, reason = "reads as one of the family")]
    /// A test of the words of a field. `lead` is what stands before a word in the dictionary.
    fn words(
        &self,
        term: &dyn Fn(&str) -> Term,
        slot: Slot,
        lead: &[u8],
        clause: &Clause,
    ) -> Result<Boxed, IndexError> {
        let one = |word: &str| Box::new(TermQuery::new(term(word), IndexRecordOption::WithFreqs)) as Boxed;
        let prefix = |prefix: &str| -> Boxed {
            Box::new(ConstScoreQuery::new(
                Box::new(Chosen::new(Prefixed::new(slot, lead, prefix))),
                PREFIX_SCORE,
            ))
        };
        Ok(match &clause.test {
            Test::Word { lemma, .. } => one(lemma),
            Test::Phrase(lemmas) => match lemmas.as_slice() {
                [] => Box::new(EmptyQuery),
                [word] => one(word),
                several => Box::new(PhraseQuery::new(several.iter().map(|word| term(word)).collect())),
            },
            Test::Prefix(typed) => prefix(typed),
            Test::Partial { lemma, typed } => Box::new(BooleanQuery::union(vec![one(lemma), prefix(typed)])),
            Test::Fuzzy { word, distance } => {
                Box::new(FuzzyTermQuery::new(term(word), (*distance).min(2), true))
            }
            _ => return Err(refused(clause, "words")),
        })
    }

    /// A test of a field whose value is one term.
    fn whole(&self, slot: Slot, clause: &Clause, folded: impl Fn(&str) -> String) -> Boxed {
        match &clause.test {
            Test::Word { typed, .. } => self.raw(slot, &folded(typed)),
            Test::Prefix(typed) | Test::Partial { typed, .. } => {
                Box::new(Chosen::new(Prefixed::new(slot, &[], &folded(typed))))
            }
            Test::Phrase(words) => self.raw(slot, &folded(&words.join(" "))),
            Test::Fuzzy { word, distance } => Box::new(FuzzyTermQuery::new(
                Term::from_field_text(slot, &folded(word)),
                (*distance).min(2),
                true,
            )),
            _ => Box::new(EmptyQuery),
        }
    }

    /// A fact with these terms, which stand at one position.
    fn fact(&self, terms: &[String]) -> Boxed {
        match terms {
            [only] => self.raw(self.slots.fact, only),
            several => {
                let terms = several.iter().map(|term| (0, Term::from_field_text(self.slots.fact, term)));
                Box::new(PhraseQuery::new_with_offset(terms.collect()))
            }
        }
    }

    #[expect(clippy::unused_self, reason = "reads as one of the family")]
    fn raw(&self, slot: Slot, value: &str) -> Boxed {
        Box::new(TermQuery::new(Term::from_field_text(slot, shortened(value)), IndexRecordOption::Basic))
    }

    /// Samples of the files whose name has this part.
    fn file(&self, clause: &Clause) -> Boxed {
        let part = match &clause.test {
            Test::Word { typed, .. } | Test::Partial { typed, .. } | Test::Prefix(typed) => typed.clone(),
            Test::Phrase(words) => words.join(" "),
            _ => return Box::new(EmptyQuery),
        };
        let terms: Vec<Term> = self
            .files
            .iter()
            .filter(|(_, name)| query::file_has(name, &part))
            .map(|(ordinal, _)| Term::from_field_u64(self.slots.ordinal, u64::from(*ordinal)))
            .collect();
        Box::new(TermSetQuery::new(terms))
    }

    fn range(&self, bounds: &Bounds, clause: &Clause) -> Result<Boxed, IndexError> {
        let (from, to) = if let Some(slot) = self.slots.counted(&clause.field) {
            let Some((from, to)) = whole_bounds(bounds) else { return Ok(Box::new(EmptyQuery)) };
            let term = |number: u64| Term::from_field_u64(slot, number);
            (Bound::Included(term(from)), Bound::Included(term(to)))
        } else if let Field::Figure(figure) = &clause.field {
            if figure.needs_data_set() {
                let settled = Arc::clone(self.settled(clause.span.clone())?);
                let chosen = Chosen::new(SettledRange { settled, column: *figure, bounds: *bounds });
                return Ok(unscored(self.of_facts(Box::new(chosen))));
            }
            return Ok(self.figure(*figure, bounds));
        } else if let Field::Meta(path) = &clause.field {
            let term = |number: f64| {
                let mut term = Term::from_field_json_path(self.slots.number, &meta_path(path), false);
                term.append_type_and_fast_value(number);
                term
            };
            (numeric(bounds.from, f64::MIN, &term), numeric(bounds.to, f64::MAX, &term))
        } else {
            return Err(refused(clause, "words, as this field holds no numbers"));
        };
        let range = Box::new(RangeQuery::new(from, to));
        Ok(unscored(if query::is_of_facts(&clause.field) { self.of_facts(range) } else { range }))
    }

    /// A range of a figure that a sample has by itself.
    fn figure(&self, figure: Column, bounds: &Bounds) -> Boxed {
        let facts = Arc::clone(self.facts);
        unscored(self.of_facts(Box::new(Chosen::new(OwnRange { facts, column: figure, bounds: *bounds }))))
    }

    /// What needs all samples.
    fn settled(&self, span: std::ops::Range<usize>) -> Result<&'_ Arc<Settled>, IndexError> {
        self.settled.ok_or_else(|| unsettled(span))
    }

    /// Samples with any of the flags that a test names.
    fn flag(&self, clause: &Clause) -> Result<Boxed, IndexError> {
        let refused = |message: String| Err(IndexError::Query { span: clause.span.clone(), message });
        let (of_pictures, of_captions): (Vec<FlagId>, Vec<FlagId>) =
            query::flags_of(&clause.test).into_iter().partition(|flag| flag.is_of_pictures());
        let mut cases = Vec::new();
        if !of_captions.is_empty() || of_pictures.is_empty() {
            let settled = self.settled(clause.span.clone())?;
            let norms = settled.norms();
            if let ([flag], []) = (of_captions.as_slice(), of_pictures.as_slice())
                && self.table.rule(norms.profile(), *flag).is_none()
            {
                return refused(format!("no rule over figures of captions decides {}", flag.name()));
            }
            cases.extend(of_captions.iter().flat_map(|flag| self.cases(*flag, &norms, settled)));
        }
        match self.pictures {
            _ if of_pictures.is_empty() => {}
            Some(pictures) => {
                let profile = self.settled.map_or(Profile::Short, |settled| settled.norms().profile());
                if let ([flag], []) = (of_pictures.as_slice(), of_captions.as_slice())
                    && self.table.picture_rule(profile, *flag).is_none()
                {
                    return refused(format!("{} is switched off", flag.name()));
                }
                let flagged = pictures.flagged(&of_pictures, self.table, profile);
                cases.push(Box::new(Chosen::new(OfSamples(Arc::new(flagged.into_keys().collect())))));
            }
            // Of all flags, those that are known.
            None if !of_captions.is_empty() => {}
            None => return refused(query::UNSEEN.to_owned()),
        }
        Ok(unscored(Box::new(BooleanQuery::union(cases))))
    }

    /// The samples of each case of a flag's rule.
    fn cases(&self, flag: FlagId, norms: &Norms<'_>, settled: &Arc<Settled>) -> Vec<Boxed> {
        let range = |range: measure::Range| -> Boxed {
            let bounds = bounds_of(range.comparison, range.threshold);
            if range.column.needs_data_set() {
                let settled = Arc::clone(settled);
                self.of_facts(Box::new(Chosen::new(SettledRange { settled, column: range.column, bounds })))
            } else {
                self.figure(range.column, &bounds)
            }
        };
        let cases = self.table.ranges(flag, norms).into_iter();
        cases
            .map(|case| Box::new(BooleanQuery::intersection(case.into_iter().map(range).collect())) as Boxed)
            .collect()
    }

    /// Samples that somebody has marked.
    fn marked(&self, clause: &Clause) -> Result<Boxed, IndexError> {
        let Some(marks) = self.marks else { return Ok(Box::new(EmptyQuery)) };
        let marked = query::marked(marks, &clause.field, &clause.test)
            .map_err(|message| IndexError::Query { span: clause.span.clone(), message })?;
        Ok(unscored(Box::new(Chosen::new(OfMarked::new(marked, self.prints)))))
    }

    /// Samples that share telling words with the one of this id; that one is left out.
    fn like(&self, id: &str, clause: &Clause) -> Result<Boxed, IndexError> {
        let Some(sample) = (self.by_id)(id)? else {
            return Err(IndexError::Query {
                span: clause.span.clone(),
                message: format!("there is no sample with the id `{id}`"),
            });
        };
        let Some(slot) = self.slots.wordy(&Field::Caption) else { return Ok(Box::new(EmptyQuery)) };
        let samples = self.searcher.num_docs();
        let mut words = Vec::new();
        for text in query::field_texts(&sample, &Field::Caption) {
            for word in crate::text::words(&text) {
                words.push(crate::text::lemma(&word.folded).to_string());
            }
        }
        words.sort_unstable();
        words.dedup();
        let mut rated = Vec::new();
        for word in words {
            let term = Term::from_field_text(slot, &word);
            let holders = self.searcher.doc_freq(&term)?;
            // A word of every third caption tells nothing, a word of this sample alone finds nobody.
            if holders > 1 && holders * 3 < samples.max(6) {
                rated.push((holders, term));
            }
        }
        rated.sort_unstable();
        rated.truncate(LIKE_WORDS);
        let shared = rated
            .into_iter()
            .map(|(_, term)| Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Boxed)
            .collect();
        Ok(Box::new(BooleanQuery::new(vec![
            (Occur::Must, Box::new(BooleanQuery::union(shared))),
            (Occur::MustNot, self.raw(self.slots.id, id)),
        ])))
    }
}

fn unscored(query: Boxed) -> Boxed {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn refused(clause: &Clause, expected: &str) -> IndexError {
    IndexError::Query { span: clause.span.clone(), message: format!("expected {expected}") }
}

/// Whether some part of it ranks its hits.
fn has_score(expression: &Expr) -> bool {
    match expression {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().any(has_score),
        Expr::Not(_) => false,
        Expr::Clause(clause) => match clause.test {
            Test::Like(_) => true,
            Test::Range(_) | Test::With { .. } | Test::Relation { .. } => false,
            _ => !matches!(
                clause.field,
                Field::Id
                    | Field::Source
                    | Field::Split
                    | Field::Has
                    | Field::File
                    | Field::Concept
                    | Field::Flag
                    | Field::Tag
                    | Field::Note
                    | Field::Verdict
                    | Field::Meta(_)
            ),
        },
    }
}

/// One end of a range of any numbers; `open` stands for an end that is open.
fn numeric(bound: Bound<f64>, open: f64, term: &dyn Fn(f64) -> Term) -> Bound<Term> {
    match bound {
        Bound::Included(number) => Bound::Included(term(number)),
        Bound::Excluded(number) => Bound::Excluded(term(number)),
        Bound::Unbounded => Bound::Included(term(open)),
    }
}

/// The whole numbers from 0 in a range, both ends included; `None` where there is none.
fn whole_bounds(bounds: &Bounds) -> Option<(u64, u64)> {
    let from = match bounds.from {
        Bound::Unbounded => 0.0,
        Bound::Included(number) => number.ceil().max(0.0),
        Bound::Excluded(number) => (number.floor() + 1.0).max(0.0),
    };
    let to = match bounds.to {
        Bound::Unbounded => u64::MAX as f64,
        Bound::Included(number) => number.floor(),
        Bound::Excluded(number) => number.ceil() - 1.0,
    };
    (from <= to).then_some((from as u64, to as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_whole_numbers() {
        use Bound::{Excluded, Included, Unbounded};
        for (from, to, expected) in [
            (Included(2.0), Included(5.0), Some((2, 5))),
            (Excluded(2.0), Excluded(5.0), Some((3, 4))),
            (Included(1.5), Excluded(3.5), Some((2, 3))),
            (Unbounded, Excluded(20.0), Some((0, 19))),
            (Included(-4.0), Included(0.0), Some((0, 0))),
            (Excluded(3.0), Excluded(4.0), None),
            (Unbounded, Excluded(0.0), None),
            (Excluded(9.0), Unbounded, Some((10, u64::MAX))),
        ] {
            assert_eq!(whole_bounds(&Bounds { from, to }), expected, "{from:?} to {to:?}");
        }
    }
}
