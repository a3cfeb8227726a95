//! Which terms of the index are kinds of a concept.
//!
//! A concept has kinds that no list can name beforehand (a `zoo keeper badge` is a badge), so the
//! terms that the index really has are asked one by one. That takes some microseconds a term, once for
//! each concept and state of the index; the outcome is kept.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::Term;
use tantivy::schema::Field;

use super::facts::Facts;
use crate::text::Concept;

/// Concepts whose terms are kept.
const MOST_CONCEPTS: usize = 1_000;

/// Terms of the concepts that were asked for in one state of the index.
#[derive(Debug, Default)]
pub(super) struct ConceptTerms {
    known: Mutex<HashMap<String, Arc<Vec<Term>>>>,
}

impl ConceptTerms {
    /// The terms of `field` that are kinds of a concept, in byte order.
    pub(super) fn of(
        &self,
        concept: &Concept,
        facts: &Facts,
        field: Field,
    ) -> tantivy::Result<Arc<Vec<Term>>> {
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(terms) = lock().get(concept.name()) {
            return Ok(Arc::clone(terms));
        }
        let mut held = BTreeSet::new();
        let mut others = BTreeSet::new();
        for segment in facts.readers() {
            let inverted = segment.inverted_index(field)?;
            let mut terms = inverted.terms().stream()?;
            while terms.advance() {
                let Ok(term) = std::str::from_utf8(terms.key()) else { continue };
                if held.contains(term) || others.contains(term) {
                    continue;
                }
                let set = if concept.holds_term(term) { &mut held } else { &mut others };
                set.insert(term.to_owned());
            }
        }
        let terms: Arc<Vec<Term>> =
            Arc::new(held.iter().map(|term| Term::from_field_text(field, term)).collect());
        let mut known = lock();
        if known.len() >= MOST_CONCEPTS {
            known.clear();
        }
        known.insert(concept.name().to_owned(), Arc::clone(&terms));
        Ok(terms)
    }
}
