//! What was done, and how it is taken back.

/// One thing that somebody has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Its number.
    pub id: i64,
    /// In a few words: `tag blurry on 8,412 samples`.
    pub what: String,
    /// Samples or pairs that it has changed.
    pub changed: u64,
    /// Of those, what was left as it is since somebody else has changed it meanwhile.
    pub left: u64,
}

/// A step as it was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Its number.
    pub id: i64,
    /// When, in seconds since 1970.
    pub time: i64,
    /// The session that made it.
    pub session: String,
    /// In a few words.
    pub what: String,
    /// Whether it was taken back.
    pub is_undone: bool,
}

/// Which way a change goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Forth,
    Back,
}

/// A kind of change, as it stands in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Samples got a tag: key its name, after the prints.
    TagOn,
    /// Samples lost a tag.
    TagOff,
    /// A note: key the id, before and after the texts.
    Note,
    /// A decision: key both ids as JSON, before and after the decisions.
    Pair,
    /// The digit of a tag: key the tag, before and after the digits.
    Digit,
    /// A saved query: key its name, before and after the texts.
    Query,
    /// A verdict: key the spot-check's number, the rater and the id as JSON, before and after verdict and reason as JSON.
    Verdict,
    /// The reasons of a spot-check: key its number, before and after the lists as JSON.
    Reasons,
}

impl Kind {
    pub(super) const ALL: [Self; 8] = [
        Self::TagOn,
        Self::TagOff,
        Self::Note,
        Self::Pair,
        Self::Digit,
        Self::Query,
        Self::Verdict,
        Self::Reasons,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::TagOn => "tag",
            Self::TagOff => "untag",
            Self::Note => "note",
            Self::Pair => "pair",
            Self::Digit => "digit",
            Self::Query => "query",
            Self::Verdict => "verdict",
            Self::Reasons => "reasons",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
