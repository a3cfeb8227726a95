//! How do pixels reach the glass? The only user of viuer.
//!
//! A [`Probe`] asks the terminal, [`decide`] tells what it can show, a [`Painting`] is a picture made
//! ready for that, and [`print()`] puts one into the plain terminal, outside of any screen.

mod claim;
mod compose;
mod diacritics;
mod encode;
mod environment;
mod fit;
mod glyph;
mod kitty;
mod memory;
mod painter;
mod painting;
mod print;
mod probe;
mod raster;
mod sheet;
mod stage;
mod view;
mod xterm;

#[cfg(test)]
mod trials;

pub use environment::{Choice, Environment, Mode};
pub use fit::CellPixels;
pub use memory::farewell;
pub use painter::Painter;
pub use painting::Painting;
pub use print::{PrintError, print};
pub use probe::{
    Answers, Keyboard, Keys, Late, Outer, Probe, Probed, Question, Replies, Reply, Sight, Source, decide,
    is_worth_asking, probe_now,
};
pub use stage::{Slice, Stage, Strokes};
