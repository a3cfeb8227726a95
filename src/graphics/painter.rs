//! Makes pictures into what this terminal shows, within the bytes that its line can bear.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::DynamicImage;

use super::compose::{centered, filled, worth};
use super::diacritics;
use super::encode::{self, Snap};
use super::fit::halves;
use super::sheet::{Payload, Sheet};
use super::{CellPixels, Mode, Painting, Sight, prepared};
use crate::media::{Picture, PictureKey};

/// What most fonts come near, and what Windows Terminal takes for sixels whatever its font.
const USUAL_CELL: CellPixels = (10, 20);

/// Bytes that a picture may cost over a line where bytes are dear, placeholders included: the first look at
/// it, and the fine one after a rest.
const FIRST: usize = 58_000;
const FINE: usize = 245_000;
/// Sixels cannot be enlarged by the terminal, and so cannot be coarse.
const FIRST_SIXEL: usize = 190_000;
/// A first look may not cost more for a cell than this, as in a pane of 60 by 30, so that a page of small
/// pictures costs no more than a few large ones.
const CELLS: usize = 60 * 30;
/// Bytes of a placeholder.
const PLACEHOLDER: usize = 11;
/// tmux drops sequences and pictures beyond some limit of its own.
const TMUX: usize = 500_000;

/// Quality of JPEGs where bytes do not matter.
const QUALITY: u8 = 88;
/// The share of a side that a first look has over a line.
const HALF: f64 = 0.5;

/// A pane so small shows a sixel picture as blocks over a line: a page of them would cost a megabyte.
const SMALL: usize = 400;

/// Makes paintings for one terminal.
#[derive(Clone, Debug)]
pub struct Painter {
    sight: Sight,
    budget: Option<usize>,
}
