//! What does the terminal itself say of what it can show?
//!
//! [`Probe`] asks once, before anything else reads the terminal; [`Answers`] is what came back,
//! and [`decide`] makes of it, of the environment and of the user's wish what pictures are made
//! of. Meanwhile keys may be typed, and replies may come after we gave up waiting: [`Keyboard`]
//! keeps the two apart.

mod answers;
mod brand;
mod keyboard;
mod keys;
mod late;
#[cfg(unix)]
mod outer;
mod question;
mod replies;
mod shape;
mod sight;
#[cfg(unix)]
mod tty;
#[cfg(not(unix))]
#[path = "untold.rs"]
mod tty;

pub use answers::{Answers, Outer, Source};
pub use keyboard::Keyboard;
pub use keys::Keys;
pub use late::Late;
pub use question::Question;
pub use replies::{Replies, Reply};
pub use sight::{Sight, decide, is_worth_asking};
pub use tty::{Probe, Probed, probe_now};
