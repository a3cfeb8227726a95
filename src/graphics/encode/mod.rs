//! How a picture becomes few bytes.
//!
//! [`png_within`], [`jpeg_within`] and [`sixel_within`] make the best of a number of bytes: each goes
//! down a ladder of sizes and finenesses. Below them are the parts: [`Colours`] counts a picture and
//! makes a palette of it, which paints it as an indexed one; a [`Snap`] says how much error is
//! taken for fewer bytes; and [`full`], [`jpeg()`] and [`sixel()`] write what was painted.
//! Nothing in here knows of terminals or protocols; the same picture always gives the same bytes.

mod ladder;
mod palette;
mod png;
mod quantise;
mod sixel;
mod snap;

pub(super) use ladder::{Fit, jpeg_within, png_within, scaled, sixel_within};
pub(super) use png::full;
pub(super) use quantise::Colours;
pub(super) use sixel::sixel;
pub(super) use snap::Snap;

pub(super) use crate::media::jpeg;
