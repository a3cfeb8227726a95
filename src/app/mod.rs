//! Who keeps it turning? The only user of tokio.
//!
//! ```text
//! key ─▶ screens ─▶ effects ─▶ crew ─▶ replies ─▶ screens ─▶ frame
//! ```
//!
//! The loop drains all that has happened, then draws once.

mod clipboard;
mod echo;
mod input;
mod line;
mod terminal;
mod thrift;
mod timings;
mod turn;

pub use terminal::{Terminal, install_panic_hook, leave_stdout_alone};
pub use turn::{Ended, Ending, Session, run};
