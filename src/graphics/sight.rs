//! What pictures are made of in this terminal, and how they get there.

use super::{CellPixels, Mode};

/// How this terminal shows pictures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// What pictures are made of.
    pub mode: Mode,
    /// Width and height of a cell in pixels, where the terminal tells.
    pub cell: Option<CellPixels>,
    /// Whether tmux stands between us and the terminal that shows them.
    pub tmux: bool,
    /// Whether there is a line in between, where bytes are dear.
    pub remote: bool,
}
