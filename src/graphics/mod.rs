//! How do pixels reach the glass? The only user of viuer.
//!
//! A [`Probe`] asks the terminal, and [`decide`] tells what it can show. [`prepared`] cuts a part out of a
//! picture and draws marks on it; a [`Painter`] makes a [`Painting`] of that for this terminal, which a screen
//! puts into a buffer; the [`Stage`] has it seen. [`print()`] puts one into the plain terminal, outside of
//! any screen.

mod claim;
mod clipboard;
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
mod prepare;
mod print;
mod probe;
mod raster;
mod sheet;
mod stage;
mod turn;
mod view;
mod xterm;

#[cfg(test)]
mod trials;

pub use clipboard::{COPY_LIMIT, copying};
pub use environment::{Choice, Environment, Mode, window_cell};
pub use fit::{CellPixels, USUAL_CELL};
pub use memory::farewell;
pub use painter::Painter;
pub use painting::Painting;
pub use prepare::{Grain, prepared};
pub use print::{PrintError, print};
pub use probe::{
    Answers, Keyboard, Keys, Late, Outer, Probe, Probed, Question, Replies, Reply, Sight, Source, decide,
    is_worth_asking, probe_now,
};
pub use stage::{Slice, Stage, Strokes};
pub use turn::{step_back, worked_for_us};
