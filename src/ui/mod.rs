//! How is one thing drawn? Text made harmless, measured, wrapped and painted into cells.

mod edit;
mod fit;
mod fuzzy;
mod paint;
mod safe;
mod theme;
mod wrap;

pub use edit::LineEdit;
pub use fit::{
    clip, clip_middle, columns, columns_of_cluster, excerpt, per_cent, percent, share, short, thousands,
};
pub use fuzzy::fuzzy;
pub use paint::{Scroll, lit_line, put, put_line, rule, scrollbar};
pub use safe::{Safe, safe, safe_lines};
pub use theme::Theme;
pub use wrap::{head, wrap};
