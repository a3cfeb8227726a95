//! How a picture becomes few bytes.
//!
//! [`png_within`], [`jpeg_within`] and [`sixel_within`] make the best of a number of bytes: each goes
//! down a ladder of sizes and finenesses. Below them are the parts: [`Colours`] counts a picture and
//! makes a [`Palette`] of it, which paints it as an [`Indexed`] one; a [`Snap`] says how much error is
//! taken for fewer bytes; and [`indexed`], [`full`], [`jpeg()`] and [`sixel()`] write what was painted.
//! Nothing in here knows of terminals or protocols; the same picture always gives the same bytes.

mod jpeg;
mod ladder;
mod palette;
mod png;
mod quantise;
mod sixel;
mod snap;

pub use jpeg::jpeg;
pub use ladder::{Encoded, Fit, base64_length, jpeg_within, png_within, sixel_within};
pub use palette::{Indexed, Palette};
pub use png::{full, indexed};
pub use quantise::Colours;
pub use sixel::sixel;
pub use snap::Snap;
