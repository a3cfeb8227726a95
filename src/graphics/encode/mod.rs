//! How a picture becomes few bytes.
//!
//! [`Colours`] counts a picture and makes a [`Palette`] of it, which paints it [`Indexed`].

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
