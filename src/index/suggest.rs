//! What could a half-typed word become, and what could a word without a hit have been?

use std::time::{Duration, Instant};

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field as Slot;
use tantivy::{SegmentReader, Term};

use super::IndexError;
use super::search::{Snapshot, tally};
use crate::measure::FlagId;
use crate::query::{self, Clause, Expr, Field, Query, Test};

/// Time for counting the samples of concepts: the first time, each term of the index is asked.
const COUNTING: Duration = Duration::from_millis(150);

/// Terms looked at for one suggestion; what lies beyond is too common a prefix to be of help.
const MOST_TERMS: usize = 50_000;

impl Snapshot {
    /// Values of a field that begin so, with how many samples have them, the most frequent first.
    pub fn values(&self, field: &Field, prefix: &str, most: usize) -> Result<Vec<(String, u64)>, IndexError> {
        let slot = match field {
            Field::Id => self.slots.id,
            Field::Source => self.slots.source,
            Field::Split => self.slots.split,
            Field::Has => self.slots.has,
            other => match self.slots.wordy(other) {
                Some(slot) => slot,
                None => return Ok(Vec::new()),
            },
        };
        let mut halves = self.halves(query::is_of_facts(field));
        if *field == Field::Has {
            halves.extend(self.facts.readers());
        }
        let mut found = terms(halves, slot, prefix)?;
        found.truncate(most);
        Ok(found)
    }

    /// These flags with the samples that have each, the most frequent first; those that no rule decides
    /// are left out. Without counts where not all samples are indexed yet.
    pub fn flag_counts(&self, flags: Vec<FlagId>) -> Result<Vec<(FlagId, Option<u64>)>, IndexError> {
        let Some(norms) = self.norms() else {
            return Ok(flags.into_iter().map(|flag| (flag, None)).collect());
        };
        let mut counted = Vec::with_capacity(flags.len());
        let profile = norms.profile();
        let is_decided = |flag: &FlagId| {
            self.table.rule(profile, *flag).is_some()
                || (self.knows_pictures() && self.table.picture_rule(profile, *flag).is_some())
        };
        for flag in flags.into_iter().filter(is_decided) {
            counted.push((flag, Some(self.holders(Field::Flag, flag.name())?)));
        }
        counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Ok(counted)
    }

    /// Words of the corpus that differ in one or two letters from one that it does not have, the
    /// nearest and then most frequent first.
    pub fn nearest_words(&self, field: &Field, word: &str, most: usize) -> Result<Vec<String>, IndexError> {
        match self.slots.wordy(field) {
            Some(slot) => nearest_terms(&self.halves(query::is_of_facts(field)), slot, word, most),
            None => Ok(Vec::new()),
        }
    }

    /// Concepts and things that captions mention which begin so, with the samples that have each: of
    /// concepts only while there is time.
    pub fn concepts(&self, prefix: &str, most: usize) -> Result<Vec<(String, Option<u64>)>, IndexError> {
        let until = Instant::now() + COUNTING;
        let mut found = Vec::new();
        for name in query::concept_names(prefix).into_iter().take(most) {
            let count =
                if Instant::now() < until { Some(self.holders(Field::Concept, &name)?) } else { None };
            found.push((name, count));
        }
        for (thing, count) in terms(self.halves(true), self.slots.mention, prefix)? {
            if found.len() >= most {
                break;
            }
            if found.iter().all(|(name, _)| *name != thing) {
                found.push((thing, Some(count)));
            }
        }
        Ok(found)
    }

    /// Samples that have a flag or mention a concept of this name.
    fn holders(&self, field: Field, name: &str) -> Result<u64, IndexError> {
        let test = Test::Word { lemma: name.to_lowercase(), typed: name.to_owned() };
        let clause = Clause { field, test, span: 0..0 };
        Ok(self.search(&Query { filter: Some(Expr::Clause(clause)), sort: None })?.total())
    }
}

/// Terms of a field that begin so, with how many samples have them, the most frequent first.
fn terms(segments: Vec<&SegmentReader>, slot: Slot, prefix: &str) -> Result<Vec<(String, u64)>, IndexError> {
    let mut found = Vec::new();
    for segment in segments {
        let index = segment.inverted_index(slot)?;
        let mut terms =
            index.terms().range().ge(prefix).into_stream().map_err(tantivy::TantivyError::from)?;
        let mut seen = 0;
        while seen < MOST_TERMS && terms.advance() {
            if !terms.key().starts_with(prefix.as_bytes()) {
                break;
            }
            seen += 1;
            if let Ok(word) = std::str::from_utf8(terms.key()) {
                found.push((word.to_owned(), u64::from(terms.value().doc_freq)));
            }
        }
    }
    Ok(tally(found))
}

/// Terms of a field that differ from a word in one letter, or else in two; the most frequent first.
pub(super) fn nearest_terms(
    segments: &[&SegmentReader],
    slot: Slot,
    word: &str,
    most: usize,
) -> Result<Vec<String>, IndexError> {
    for distance in [1, 2] {
        let automaton = FuzzyTermQuery::new(Term::from_field_text(slot, word), distance, true).automaton()?;
        let mut found = Vec::new();
        for segment in segments {
            let index = segment.inverted_index(slot)?;
            let mut terms =
                index.terms().search(&automaton).into_stream().map_err(tantivy::TantivyError::from)?;
            while terms.advance() {
                if let Ok(near) = std::str::from_utf8(terms.key()) {
                    found.push((near.to_owned(), u64::from(terms.value().doc_freq)));
                }
            }
        }
        let mut found = tally(found);
        if !found.is_empty() {
            found.truncate(most);
            return Ok(found.into_iter().map(|(word, _)| word).collect());
        }
    }
    Ok(Vec::new())
}
