//! Who does the slow work? What can be asked of the workers, and what they answer.
//!
//! Seven kinds of threads, all named: one searches, one builds the index, two are asked about pairs, one about
//! questions, one keeps marks, one exports, a few make pictures. What is asked of them waits in a box with one place,
//! where the newest wish wins: that is all the debouncing there is.

mod album;
mod asked;
mod builder;
mod crew;
mod desk;
mod exporter;
mod exporting;
mod keeper;
mod mailbox;
mod marks;
mod message;
mod opened;
mod pair_store;
mod pairing;
mod pictures;
mod questioning;
mod searcher;
mod spots;

pub use crate::media::PictureKey;
pub use asked::{
    JudgingWatch, MOST_ASKED, PairDetail, WordFates, judged_questions, mined_pairs, pair_detail,
};
pub use crew::{Crew, CrewOptions};
pub use desk::PairsReport;
pub use exporter::{ExportNews, ExportWish};
pub use exporting::{ChosenPair, PairChoice, chosen_pairs, each_hit, each_pair, is_apart, origin_of};
pub use keeper::{Done, Marking, MarksReport};
pub use marks::{MarkCounts, Marked, last_session, open_workspace};
pub use message::{Effect, Reply, SpotNews, SpotWish, Suggestion};
pub use opened::Opened;
pub use pair_store::{Decisions, keep_pairs, kept_pairs};
pub use pairing::{Gathered, Paired, Pairing, PairingStage, PairingWatch, SampleSource, gather, pair};
pub use questioning::{Blocks, QuestionsReport, judges, side_by_side};
pub use spots::{
    OpenSpot, SPOT_NAME, SPOT_SEED, SPOT_SIZE, SPOT_STRATA, SpotStand, draw_spot, spot_checks, spot_stand,
};
