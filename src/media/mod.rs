//! Here is an image reference; where are its pixels?
//!
//! [`fetch`] brings the encoded bytes from wherever they lie, [`decode`] makes pixels of them that
//! are no larger than wanted, and the [`Loader`] does both on threads of its own, newest wish
//! first, and remembers what it made. [`look`] judges a picture instead of showing it.

mod cache;
mod data_url;
mod decode;
mod error;
mod format;
mod frames;
mod glance;
mod jpeg;
mod likeness;
mod limits;
mod loader;
mod locate;
mod look;
mod part;
mod shrink;
mod thumbnail;
#[cfg(feature = "fetch")]
mod url;

#[cfg(test)]
pub(crate) mod fixtures;

pub use cache::Weigh;
pub use decode::{Picture, decode, describe};
pub use error::MediaError;
pub use format::{Facts, file_ending};
pub use glance::Glance;
pub use jpeg::jpeg;
pub use likeness::{Likeness, MOST_BITS_APART};
pub use limits::Limits;
pub use loader::{Loader, Make, PictureKey, Plan};
pub use locate::fetch;
pub use look::{Look, Standing, look, standing, suffix_is_wrong};
pub use part::{Mark, Part, STEPS};
pub use shrink::{filling, fitted, resized};
pub use thumbnail::Thumbnail;
