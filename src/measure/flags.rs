//! Flags: what is wrong with a sample, by rules that are data.
//!
//! A flag is decided from the numbers of a sample and the percentiles of its data set, so that an
//! index can look it up as ranges over columns, and thresholds can change without reading captions
//! again.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::model::Evidence;

use super::columns::{Column, Columns};
use super::norms::Norms;
use super::picture_flags::{MOST_SIDE, PictureFacts, PictureRules};
use super::rule::{Comparison, Range, Rule, RuleError, Subject, Test};

static ASSET: &str = include_str!("../../assets/measure/flags.toml");

/// Median words of a caption from which a data set is dense.
const DENSE_FROM: f64 = 50.0;

/// Which thresholds fit a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// One sentence or a few.
    Short,
    /// Long descriptions: from a median of 50 words a caption.
    Dense,
}

impl Profile {
    /// The profile for a median number of words a caption.
    pub fn of(median_words: f64) -> Self {
        if median_words >= DENSE_FROM { Self::Dense } else { Self::Short }
    }

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Dense => "dense",
        }
    }
}

/// Declares the flags once: variant, id, what would mend it.
macro_rules! flags {
    ($($variant:ident $id:literal $mend:literal)*) => {
        /// The ids of all flags. Those of questions are decided elsewhere.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FlagId {
            $(#[doc = $mend] $variant,)*
        }

        impl FlagId {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The id in queries, tables and records.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)*
                }
            }

            /// What would mend it, in one sentence.
            pub fn mend(self) -> &'static str {
                match self {
                    $(Self::$variant => $mend,)*
                }
            }
        }
    };
}

flags! {
    Thin "THIN" "Say more of what can be seen: further objects, their attributes, and how they stand to each other."
    Verbose "VERBOSE" "Cut the sentences that state no fact, or put facts into them."
    BareObjects "BARE_OBJECTS" "Say what the objects look like: color, material, size, state."
    NoRelations "NO_RELATIONS" "Say where the objects are and what they do to each other."
    Generic "GENERIC" "Name things more exactly, and what is special in this picture instead of moods."
    SingleFacet "SINGLE_FACET" "Say other kinds of facts too: attributes, counts, relations, the place, written text."
    Repeats "REPEATS" "Cut what is said twice."
    Template "TEMPLATE" "Begin with what is in this picture, not with a phrase that many captions share."
    Hedged "HEDGED" "Decide what is only guessed, or leave it out."
    NoKnowledge "NO_KNOWLEDGE" "Add names, written text and numbers, as most samples of this data set have them."
    LostKnowledge "LOST_KNOWLEDGE" "Take over the names, texts and numbers of the original caption."
    Duplicate "DUPLICATE" "Keep one of the samples, or say how the pictures differ."
    VqaGap "VQA_GAP" "Put the answers that no caption has into the caption."
    ImageMissing "IMAGE_MISSING" "Bring the picture back, or take the sample out."
    ImageUnreadable "IMAGE_UNREADABLE" "Replace the picture: it cannot be decoded."
    ImageTiny "IMAGE_TINY" "Find the picture in a larger size."
    ImageAnimated "IMAGE_ANIMATED" "Choose the frame that the caption describes."
    ImageSuffix "IMAGE_SUFFIX" "Rename the file: its suffix is not that of its format."
    ImageDuplicate "IMAGE_DUPLICATE" "Keep one of the samples with this picture."
}

impl FlagId {
    /// Those of pictures, in the order of [`FlagId::ALL`].
    pub const PICTURES: &'static [Self] = &[
        Self::ImageMissing,
        Self::ImageUnreadable,
        Self::ImageTiny,
        Self::ImageAnimated,
        Self::ImageSuffix,
        Self::ImageDuplicate,
    ];

    /// Whether it is about pictures, and so decided by looking at them.
    pub fn is_of_pictures(self) -> bool {
        Self::PICTURES.contains(&self)
    }

    /// The flag of this id, in whatever case.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|flag| flag.name().eq_ignore_ascii_case(id))
    }
}

impl Serialize for FlagId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A flag of a sample.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Flag {
    /// Which.
    pub id: FlagId,
    /// The figure that decided it.
    pub column: &'static str,
    /// The figure's value in this sample.
    pub value: f64,
    /// How it is compared with the threshold: `<`.
    pub comparison: &'static str,
    /// The threshold.
    pub threshold: f64,
    /// Percent of the data set's samples below the value, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percentile: Option<f64>,
    /// The words that caused it; see [`super::causes`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<Evidence>,
    /// What would mend it.
    pub mend: &'static str,
}

/// The rules of both profiles.
#[derive(Clone, Debug, PartialEq)]
pub struct FlagTable {
    short: Rules,
    dense: Rules,
}

/// The rules of one profile.
#[derive(Clone, Debug, Default, PartialEq)]
struct Rules {
    captions: BTreeMap<FlagId, Rule>,
    pictures: PictureRules,
}

/// Why a table of rules cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FlagTableError {
    /// It is no TOML, or not two levels of it.
    #[error("the table of flags cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    /// A table is neither `short` nor `dense`.
    #[error("[{0}] is no profile; there are [short] and [dense]")]
    Profile(String),
    /// A flag is not known, or is not decided by a rule.
    #[error("[{profile}] {id}: there is no such flag")]
    Id {
        /// The profile where it stands.
        profile: String,
        /// What stands there.
        id: String,
    },
    /// A rule cannot be read.
    #[error("[{profile}] {id}: {source}")]
    Rule {
        /// The profile where it stands.
        profile: String,
        /// The flag.
        id: String,
        /// Why.
        source: RuleError,
    },
    /// A flag of pictures cannot be decided so.
    #[error(
        "[{profile}] {id}: flags of pictures have no rules over figures; \"\" switches one off, and IMAGE_TINY \
         may be `side < 200`, up to {most}",
        most = MOST_SIDE
    )]
    Picture {
        /// The profile where it stands.
        profile: String,
        /// The flag.
        id: String,
    },
}

impl FlagTable {
    /// The table of this program.
    ///
    /// # Panics
    /// Never: a test reads the asset.
    pub fn published() -> &'static Self {
        static TABLE: OnceLock<FlagTable> = OnceLock::new();
        TABLE.get_or_init(|| {
            let empty = Self { short: Rules::default(), dense: Rules::default() };
            empty.with(ASSET).expect("the asset is a part of the program, and a test reads it")
        })
    }

    /// This table with the rules of a user's own in place of some: TOML, as in
    /// `assets/measure/flags.toml`. A rule that is empty switches its flag off.
    pub fn with(self, text: &str) -> Result<Self, FlagTableError> {
        self.with_rules(toml::from_str(text)?)
    }

    /// The same from rules by profile and flag.
    pub fn with_rules(
        mut self,
        tables: BTreeMap<String, BTreeMap<String, String>>,
    ) -> Result<Self, FlagTableError> {
        for (profile, rules) in tables {
            let table = match profile.as_str() {
                "short" => &mut self.short,
                "dense" => &mut self.dense,
                _ => return Err(FlagTableError::Profile(profile)),
            };
            for (id, rule) in rules {
                let Some(flag) = FlagId::named(&id) else { return Err(FlagTableError::Id { profile, id }) };
                if flag.is_of_pictures() {
                    if !table.pictures.set(flag, &rule) {
                        return Err(FlagTableError::Picture { profile, id });
                    }
                    continue;
                }
                match Rule::parse(&rule) {
                    Ok(rule) => table.captions.insert(flag, rule),
                    Err(source) => return Err(FlagTableError::Rule { profile, id, source }),
                };
            }
        }
        Ok(self)
    }

    /// The rule of a flag; none if it has none.
    pub fn rule(&self, profile: Profile, flag: FlagId) -> Option<&Rule> {
        self.rules(profile).captions.get(&flag)
    }

    /// The rule of a flag of pictures, as it would be written; none where it is switched off.
    pub fn picture_rule(&self, profile: Profile, flag: FlagId) -> Option<String> {
        self.rules(profile).pictures.shown(flag).filter(|_| flag.is_of_pictures())
    }

    /// Whether a sample with these pictures has a flag.
    pub fn holds_of_pictures(&self, profile: Profile, flag: FlagId, facts: &PictureFacts) -> bool {
        self.rules(profile).pictures.holds(flag, facts)
    }

    /// The flags of a sample with these pictures, in the order of [`FlagId::ALL`].
    pub fn picture_flags(&self, profile: Profile, facts: &PictureFacts) -> Vec<Flag> {
        self.rules(profile).pictures.flags(facts)
    }

    fn rules(&self, profile: Profile) -> &Rules {
        match profile {
            Profile::Short => &self.short,
            Profile::Dense => &self.dense,
        }
    }

    /// The flags of a sample, in the order of [`FlagId::ALL`], without their spans. Where nothing is
    /// known of the data set, the profile follows from the sample's own words, and rules that need
    /// more do not hold.
    pub fn flags(&self, columns: &Columns, norms: Option<&Norms<'_>>) -> Vec<Flag> {
        let own = || Profile::of(columns.get(Column::WordsPerCaption).unwrap_or_default());
        let profile = norms.map_or_else(own, Norms::profile);
        let flag = |id: &FlagId| {
            let tests = self.rule(profile, *id)?.holding(columns, norms)?;
            flag_of(*id, tests, columns, norms)
        };
        FlagId::ALL.iter().filter_map(flag).collect()
    }

    /// A flag as ranges over columns: any of the lists, all ranges of a list. Nothing where it never
    /// holds in this data set.
    ///
    /// A case that looks at no figure of the sample decides no flag, as there is nothing to show; if it
    /// holds, those after it are not reached.
    pub fn ranges(&self, flag: FlagId, norms: &Norms<'_>) -> Vec<Vec<Range>> {
        let cases = self.rule(norms.profile(), flag).map(|rule| rule.ranges(norms)).unwrap_or_default();
        cases.into_iter().take_while(|case| !case.is_empty()).collect()
    }

    /// The figure that is shown for a flag, how it is compared, and the threshold in this data set: that
    /// of the first case that can be decided.
    pub fn decided(&self, flag: FlagId, norms: &Norms<'_>) -> Option<(Column, Comparison, f64)> {
        let shown = *self.ranges(flag, norms).first()?.last()?;
        Some((shown.column, shown.comparison, shown.threshold))
    }
}

/// The last test of a sample's figure in a case is the one that is shown: those before it say when
/// it applies.
fn flag_of(id: FlagId, tests: &[Test], columns: &Columns, norms: Option<&Norms<'_>>) -> Option<Flag> {
    let shown = tests.iter().rev().find_map(|test| match test.subject {
        Subject::Sample(column) => Some((test, column)),
        Subject::DataSet(..) => None,
    });
    let (test, column) = shown?;
    let value = columns.get(column)?;
    Some(Flag {
        id,
        column: column.name(),
        value,
        comparison: test.comparison.sign(),
        threshold: test.threshold(norms)?,
        percentile: norms.and_then(|norms| norms.spread(column)?.rank(value)),
        spans: Vec::new(),
        mend: id.mend(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_rule_for_every_flag_of_captions() {
        let table = FlagTable::published();
        for profile in [Profile::Short, Profile::Dense] {
            for flag in &FlagId::ALL[..12] {
                assert!(table.rule(profile, *flag).is_some(), "{} {}", profile.name(), flag.name());
            }
            assert_eq!(table.rule(profile, FlagId::ImageTiny), None);
        }
    }

    #[test]
    fn a_user_may_have_rules_of_their_own() {
        let mut columns = Columns::default();
        columns.set(Column::WordsPerCaption, 9.0);
        columns.set(Column::UnitsPerCaption, 1.0);
        let ids = |table: &FlagTable| {
            table.flags(&columns, None).iter().map(|flag| flag.id.name()).collect::<Vec<_>>()
        };
        let table = FlagTable::published().clone();
        assert_eq!(ids(&table), ["THIN"]);
        let table = table.with("[short]\nthin = \"\"\nVERBOSE = \"words_per_caption > 8\"").unwrap();
        assert_eq!(ids(&table), ["VERBOSE"]);
        let errors = [
            ("[short", "cannot be read"),
            ("[other]\nTHIN = \"\"", "[other] is no profile"),
            ("[short]\nFAT = \"\"", "[short] FAT: there is no such flag"),
            ("[dense]\nTHIN = \"unit < 3\"", "[dense] THIN: there is no figure `unit`"),
        ];
        for (text, expected) in errors {
            let error = table.clone().with(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn ids_are_found_in_any_case() {
        for flag in FlagId::ALL {
            assert_eq!(FlagId::named(&flag.name().to_lowercase()), Some(*flag));
        }
        assert_eq!(FlagId::named("nothing"), None);
    }
}
