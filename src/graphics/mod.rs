//! How do pixels reach the glass? The only user of viuer.
//!
//! [`choose`] tells what the terminal can show, a [`Painting`] is a picture made ready for that,
//! and [`print()`] puts one into the plain terminal, outside of any screen.

mod environment;
mod fit;
mod glyph;
mod painting;
mod print;
mod raster;
mod xterm;

pub use environment::{Choice, Environment, Mode, choose};
pub use fit::CellPixels;
pub use painting::Painting;
pub use print::{PrintError, print};
