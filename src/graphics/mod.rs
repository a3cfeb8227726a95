//! How do pixels reach the glass? The only user of viuer.
//!
//! [`choose`] tells what the terminal can show, a [`Painting`] is a picture made ready for that,
//! and [`print()`] puts one into the plain terminal, outside of any screen.

mod claim;
mod diacritics;
mod environment;
mod fit;
mod glyph;
mod kitty;
mod memory;
mod painting;
mod print;
mod raster;
mod sheet;
mod sight;
mod stage;
mod view;
mod xterm;

#[cfg(test)]
mod trials;

pub use environment::{Choice, Environment, Mode, choose};
pub use fit::CellPixels;
pub use memory::farewell;
pub use painting::Painting;
pub use print::{PrintError, print};
pub use sight::Sight;
pub use stage::{Slice, Stage, Strokes};
