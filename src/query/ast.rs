//! A query as data: what the parser makes, what the index and the in-memory matcher answer.

use std::ops::{Bound, Range};

use crate::measure::Column;

/// A whole query: which samples, and in which order.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Which samples; `None` is all of them.
    pub filter: Option<Expr>,
    /// In which order; `None` is relevance where a word asks for it, else the data set's order.
    pub sort: Option<Sort>,
}

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// All of them; never empty.
    And(Vec<Self>),
    /// At least one of them; never empty.
    Or(Vec<Self>),
    /// Not this one.
    Not(Box<Self>),
    /// A test of one field.
    Clause(Clause),
}

impl Expr {
    /// Whether a clause is such, wherever it stands.
    pub fn has_clause(&self, is_such: &dyn Fn(&Clause) -> bool) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.has_clause(is_such)),
            Self::Not(inner) => inner.has_clause(is_such),
            Self::Clause(clause) => is_such(clause),
        }
    }
}

/// A test of one field, and where it stands in the query's text.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// The field.
    pub field: Field,
    /// The test.
    pub test: Test,
    /// Byte range in the query's text.
    pub span: Range<usize>,
}

/// What can be asked about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// Captions of all roles but [`crate::model::CaptionRole::Negative`]; a bare word asks here.
    Caption,
    /// Alt texts and other captions before enrichment.
    Original,
    /// Captions that are wrong on purpose.
    Negative,
    /// The sample's id, whole, case kept.
    Id,
    /// `source:`, whole, case folded.
    Source,
    /// `split:`, whole, case folded.
    Split,
    /// The file it was read from: a part of its name.
    File,
    /// Words of object names.
    Object,
    /// Words of attributes.
    Attribute,
    /// Words of attributes whose dimension is colour.
    Color,
    /// Words of counts.
    Count,
    /// Words of actions.
    Action,
    /// Predicates of spatial, action and other relations.
    Relation,
    /// Words of scene descriptors.
    Scene,
    /// Words of text that is written in the picture.
    Text,
    /// Words of names.
    Entity,
    /// Things with all their kinds, named by one word: `vehicle` is buses and sailboats.
    Concept,
    /// Words of questions.
    Question,
    /// Words of answers.
    Answer,
    /// What a sample has: `image caption original negative region question answer descriptor object
    /// attribute relation box pair url source split`, and `meta.NAME`.
    Has,
    /// Words over all main captions of the sample.
    Words,
    /// Number of captions.
    Captions,
    /// Number of questions.
    Questions,
    /// Number of descriptors.
    Descriptors,
    /// Number of pictures.
    Images,
    /// What is wrong with a sample, by the rules of the data set; an empty [`Test::Prefix`] is any flag.
    Flag,
    /// Tags that somebody has given.
    Tag,
    /// Words of a note that somebody has written.
    Note,
    /// Verdicts of spot-checks, and their reasons.
    Verdict,
    /// A figure of how much the sample says.
    Figure(Column),
    /// A field of the data itself, dotted path without the `meta.`.
    Meta(String),
}

/// What is asked of a field. Words are folded and lemmatised by [`crate::text`].
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// This word in any of its forms. For whole-value fields (id, source, split, has) the value.
    Word {
        /// Dictionary form.
        lemma: String,
        /// As typed, folded (for whole-value fields: as typed).
        typed: String,
    },
    /// These words in any of their forms, one after the other.
    Phrase(Vec<String>),
    /// A word that begins so, folded.
    Prefix(String),
    /// The word being typed: as [`Test::Word`] or as [`Test::Prefix`].
    Partial {
        /// Dictionary form of what is typed so far.
        lemma: String,
        /// As typed, folded.
        typed: String,
    },
    /// A word that differs in at most so many letters.
    Fuzzy {
        /// The word, folded.
        word: String,
        /// Largest edit distance, 1 or 2.
        distance: u8,
    },
    /// A number in this range.
    Range(Bounds),
    /// `dog{brown}`: an object with that attribute, both as lemmas.
    With {
        /// Lemma of the object's head, or of its whole name.
        object: String,
        /// Lemmas of the attribute.
        attribute: String,
    },
    /// `rel:(dog on sofa)`: a relation; `None` stands for anything (`*`).
    Relation {
        /// Lemma(s) of the subject.
        subject: Option<String>,
        /// Lemma(s) of the predicate.
        predicate: Option<String>,
        /// Lemma(s) of the object.
        object: Option<String>,
    },
    /// `like:ID`: shares telling words with that sample.
    Like(String),
}

/// A range of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Lower end.
    pub from: Bound<f64>,
    /// Upper end.
    pub to: Bound<f64>,
}

/// An order of samples. Equal ones stand in the data set's order.
#[derive(Clone, Debug, PartialEq)]
pub enum Sort {
    /// Best match first.
    Relevance,
    /// By a number, or by id.
    By {
        /// `Id`, `Words`, `Captions`, `Questions`, `Descriptors`, `Images`, `Figure` or `Meta`.
        field: Field,
        /// Largest first.
        descending: bool,
    },
    /// As the data set has them.
    Dataset,
    /// A shuffle that this number fixes.
    Random(u64),
}
