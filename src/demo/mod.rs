//! What does the demo data set show? Painted scenes with captions, scene graphs, questions and
//! pairs, all made here: nothing is copied from elsewhere, and all of it hangs on one seed.
//!
//! A scene is drawn up as facts first; the picture, the captions, the graph, the questions and
//! the twin that differs in one thing all come from these facts, so that they agree.

mod dice;
mod kind;
mod place;

mod canvas;
mod draw;

mod pairs;
mod questions;
mod scene;
mod words;

mod paint;
mod record;
mod write;

pub use write::{Plan, Summary, ensure, write};
