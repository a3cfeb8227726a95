//! What can be wanted, and which key wants it?

mod command;
mod keymap;

pub use command::Action;
pub use keymap::{Context, Entry, Keymap, Pressed};
