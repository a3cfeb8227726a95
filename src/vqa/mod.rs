//! What do the questions of a data set add to its captions?
//!
//! A question with its answer is a claim. `kind` sorts questions, `normal` brings answers into the form of
//! the VQA evaluation; `ask` takes a question apart with the little grammar of `words`, `grammar` and
//! `phrase`, and `statement` puts it and the answer together as a sentence. `claim` has that sentence read by
//! the extractor that reads captions; `given`, `facts` and `complete` say what of it has to be found.
//!
//! `graph` is one caption that was read: what the extractor found, its words (`content`), and what the order
//! of words allows besides (`surface`). `hold` holds each fact of a claim against it, with `noun`,
//! `predicate` and `likeness` to tell what is the same, a kind, or cannot be; `verdict` makes one of five
//! words of that. `judge` does all of it for a sample, `coverage` for a data set. `generate` goes the other
//! way, and `enrich` folds what is new into the caption.
//!
//! Everything is words: a verdict tells what captions say, not what is in the picture.

mod ask;
#[cfg(test)]
mod cases;
mod claim;
mod complete;
mod content;
mod coverage;
mod enrich;
mod facts;
mod generate;
mod given;
mod grammar;
mod graph;
mod hold;
mod hold_links;
mod hold_rest;
mod judge;
mod kind;
mod likeness;
mod normal;
mod noun;
mod phrase;
mod predicate;
mod statement;
mod surface;
mod tested;
#[cfg(test)]
mod trials;
mod verdict;
mod words;

pub use claim::{Claim, Triple};
pub use coverage::{Addition, QuestionReport, Row, TestedCount, partners};
pub use enrich::Enriched;
pub use generate::{Generated, ROUND_TRIP};
pub use judge::{Judge, Judgement, Pages, claim_bits};
pub use kind::{OTHER_PREFIX, QuestionKind, classify};
pub use normal::{best_answer, normalised, token_f1};
pub use statement::{Polarity, Statement};
pub use tested::{Tested, tested};
pub use verdict::Verdict;
