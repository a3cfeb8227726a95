//! How much does a sample, a data set know? Density, flags, coverage.
//!
//! Every figure is a proxy that is computed from the words alone: it measures what a text says, not
//! whether it is true of the picture. `docs/measure.md` has the formulas, their sources and what
//! they came to on known data sets.
//!
//! From below: `key` names facts for counting, `prose` looks at the words themselves; `analyse`
//! has a caption read and `density` counts what it says, as `columns` of numbers; `norms` say
//! what is usual in a data set, and `flags` are `rule`s over both. `annotate` writes all of it
//! down for others. `coverage` looks at a whole data set instead.

mod agreement;
mod analyse;
mod annotate;
mod bins;
mod causes;
mod columns;
mod compare;
mod contrast;
mod correlate;
mod coverage;
mod density;
mod estimate;
mod flags;
mod format;
mod key;
mod measured;
mod mixture;
mod norms;
mod picture_flags;
mod prints;
mod prose;
mod rarefy;
mod rarity;
mod report;
mod rule;
mod spread;
mod tally;
mod targets;
#[cfg(test)]
mod trials;
mod vendi;
mod vocabulary;

pub use agreement::{Agreed, Agreement};
pub use analyse::{Analysis, Analyst};
pub use annotate::{Annotation, Fact, annotate, annotate_with};
pub use bins::Bins;
pub use causes::causes;
pub use columns::{Column, Columns};
pub use compare::{
    CompareReport, Contradiction, CrossLevel, FigureRow, FormSide, Gathered, GatheredPairs, KindChanges,
    KindContrast, KindRow, Lacking, LostExample, PairReport, Quartiles, compare,
};
pub use contrast::{Contrast, LostKnowledge, Reading, Said, contrast};
pub use correlate::{
    DRAWS, FEW, PartialCorrelation, RankCorrelation, correlate, correlate_given, is_constant, midranks,
    partial, spearman,
};
pub use coverage::{Census, Coverage, LevelCount, Limits, Table, cross_coverage, half_of};
pub use density::Density;
pub use estimate::FactsFit;
pub use flags::{Flag, FlagId, FlagTable, FlagTableError, Profile};
pub use format::{Form, FormCount, NamedShare, QuestionType, question_type};
pub use key::{ECHOES, Key, KeyKind, Level, Scribe, key, keys, level_key, level_keys};
pub use mixture::{MixtureFigures, mixtures};
pub use norms::{Draw, Norms, Survey};
pub use picture_flags::{MOST_SIDE, PictureFacts};
pub use prints::{BANDS, Prints, SIGNATURE, Signature};
pub use rarefy::{CurvePoint, expected_coverage, expected_richness, split_half};
pub use rarity::Rarity;
pub use report::{
    ConceptCount, CoverageReport, CoverageSide, Figures, FlagCount, FlagReport, Histogram, LevelReport,
    Matrix,
};
pub use rule::{Comparison, Range, Rule, RuleError, Subject, Test};
pub use spread::Spread;
pub use tally::{Counts, Tally, bits, bits_of};
pub use targets::{FoundAs, Target, TargetCoverage, TargetFound, target_coverage};
pub use vendi::vendi;
pub use vocabulary::{Facts, Shared, Vocabulary, bits_among};
