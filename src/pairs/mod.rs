//! Which two samples are alike, and how do they differ?
//!
//! From below: `edit` lays two texts beside each other word by word, `role` says what each word is in
//! what a caption says, and `kind` names the change that leads from one to the other.

mod compare;
mod diff;
mod edit;
mod kind;
mod mine;
mod portrait;
mod predicate;
mod record;
mod role;
mod sheets;
mod told;

pub use compare::{Comparer, Comparison, Difference, coarse, score};
pub use diff::{Diff, Side, diff};
pub use edit::{Edit, Fate};
pub use kind::{Aspect, Kind, change, edit};
pub use mine::{Collection, Found, LeftOut, Marks, Mine, Miner, Plan, select};
pub use portrait::{Portrait, View, Vocabulary};
pub use record::{Decision, Member, Record, Search, SearchError, Source};
pub use role::{Role, Word, words};
pub use told::Told;
