//! How do pixels reach the glass? The only user of viuer.
//!
//! [`choose`] tells what the terminal can show, [`prepared`] cuts a part out of a picture
//! and draws marks on it, a [`Painting`] is a picture made ready for that terminal,
//! and [`print()`] puts one into the plain terminal, outside of any screen.

mod environment;
mod fit;
mod glyph;
mod painting;
mod prepare;
mod print;
mod raster;
mod xterm;

pub use environment::{Choice, Environment, Mode, choose};
pub use fit::CellPixels;
pub use painting::Painting;
pub use prepare::prepared;
pub use print::{PrintError, print};
