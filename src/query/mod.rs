//! What did the user ask?

mod ast;

pub use ast::{Bounds, Clause, Expr, Field, Query, Sort, Test};
