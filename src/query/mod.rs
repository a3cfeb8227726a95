//! What did the user ask?
//!
//! A query is text, parsed into a [`Query`]. What the words, numbers and facts of a field are is
//! decided here and nowhere else: the index is filled from these functions, and [`matches()`] tests a
//! sample directly, so both find the same.

mod ast;
mod complete;
mod concept;
mod error;
mod facts;
mod field;
mod flag;
mod highlight;
mod marks;
mod matches;
mod narrow;
mod parse;
mod show;
mod words;

pub use ast::{Bounds, Clause, Expr, Field, Query, Sort, Test};
pub use complete::{Completion, CompletionKind, complete};
pub use concept::{concept_names, concept_of, mentions};
pub use error::{QueryError, column};
pub use facts::{
    BESIDE, NEXT, Terms, asks_for_facts, fact_relation, fact_with, is_measured, is_of_facts, may_be_measured,
    needs_words_alone,
};
pub use field::{FIELDS, FieldHelp, figures, named as field_named, nearest};
pub use flag::{UNSEEN, UNSETTLED, flags_of, needs_data_set};
pub use highlight::{Lighter, highlight};
pub use marks::{Marks, asks_for_marks, marked};
pub use matches::matches;
pub use narrow::narrowed;
pub use parse::{parse, parse_live};
pub use show::quoted;
pub use words::{each_field_text, field_texts, figure, file_has, has, meta_paths, numbers, whole};
