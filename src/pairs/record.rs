//! A pair as it is kept, shown and written, and a search among many.

use serde::{Deserialize, Serialize};

use crate::text;

use super::compare::Comparison;
use super::portrait::Vocabulary;
use super::told::Told;

/// One half of a pair: a picture of a sample.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The sample's place in the data set's order.
    pub seq: u64,
    /// The sample's id.
    pub id: String,
    /// Place of the picture in the sample.
    pub image: u32,
}

/// Where a pair comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Found by comparing captions.
    #[default]
    Mined,
    /// The data set says so.
    Supplied,
}

/// A pair.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its first half.
    pub first: Member,
    /// Its second half.
    pub second: Member,
    /// Where it comes from.
    pub source: Source,
    /// What the data set says of it: the kind of change, or whether a caption is true of it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub label: Option<String>,
    /// The kind of change by the captions: `replace_att`, `count` … None where they tell of no difference.
    pub kind: Option<String>,
    /// The score, 0 to 1.
    pub score: f32,
    /// How alike the captions are, 0 to 1.
    pub coarse: f32,
    /// Bits of what both tell.
    pub shared_bits: f32,
    /// Bits of the differences.
    pub contrast_bits: f32,
    /// Things that both have.
    pub same: Vec<String>,
    /// The differences, that of most bits first.
    pub differences: Vec<Told>,
}

/// Things of both that are named in a sentence.
const MOST_NAMED: usize = 6;

impl Record {
    /// What a comparison found; whose it is is for others to say.
    pub fn of(vocabulary: &Vocabulary, comparison: &Comparison) -> Self {
        Self {
            kind: comparison.kind().map(|kind| kind.name().to_owned()),
            score: comparison.score,
            coarse: comparison.coarse,
            shared_bits: comparison.shared_bits,
            contrast_bits: comparison.contrast_bits,
            same: comparison.things(vocabulary),
            differences: comparison
                .differences
                .iter()
                .map(|difference| vocabulary.tell(difference))
                .collect(),
            ..Self::default()
        }
    }

    /// In one line: `same: dog, grass; differs: color of dog: brown ↔ black`.
    pub fn sentence(&self) -> String {
        let mut same: Vec<&str> = self.same.iter().take(MOST_NAMED).map(String::as_str).collect();
        if self.same.len() > MOST_NAMED {
            same.push("…");
        }
        let same = if same.is_empty() { String::new() } else { format!("same: {}; ", same.join(", ")) };
        format!("{same}{}", self.change())
    }

    /// The differences in one line.
    pub fn change(&self) -> String {
        let lines: Vec<String> = self.differences.iter().map(Told::line).collect();
        if lines.is_empty() {
            "no difference told".to_owned()
        } else {
            format!("differs: {}", lines.join("; "))
        }
    }
}

/// What was decided about a pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Nobody has looked, or nobody knows.
    #[default]
    Undecided,
    /// It is a good pair.
    Accepted,
    /// It is none.
    Rejected,
}

impl Decision {
    /// As it is searched for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Undecided => "undecided",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Undecided, Self::Accepted, Self::Rejected].into_iter().find(|decision| decision.name() == name)
    }
}

/// A search among pairs: words that all have to hold.
///
/// ```text
/// change:color      a difference of this dimension or kind (`count`, `replace_obj`, `swap` …)
/// object:dog        a difference of this thing; same:dog  a thing that both have
/// from:red to:blue  one value and the other, either way round with value:red
/// is:supplied       supplied, mined, accepted, rejected, undecided
/// score:>0.3        the score; also coarse:, bits:
/// id:demo-0001      a half of this id
/// -change:count     not
/// dog               a word of the change or of what is the same
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search(Vec<Term>);

#[derive(Clone, Debug, PartialEq)]
struct Term {
    is_not: bool,
    what: What,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    Change(String),
    Object(String),
    Same(String),
    From(String),
    To(String),
    Value(String),
    Is(String),
    Figure(Figure, std::cmp::Ordering, f32),
    Id(String),
    Word(String),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Figure {
    Score,
    Coarse,
    Bits,
}

/// A search that cannot be understood: the byte range of the word, and what is wrong, in one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SearchError {
    /// Byte range of the word.
    pub span: std::ops::Range<usize>,
    /// What was expected.
    pub message: String,
}

fn lemmas(text: &str) -> Vec<String> {
    text::words(text).iter().map(|word| text::lemma(&word.folded).to_owned()).collect()
}

fn has(text: &str, wanted: &str) -> bool {
    let (found, wanted) = (lemmas(text), lemmas(wanted));
    !wanted.is_empty() && found.windows(wanted.len()).any(|window| window == wanted)
}

impl Search {
    /// Reads a search. Words stand side by side; a value with spaces stands in quotes.
    pub fn parse(text: &str) -> Result<Self, SearchError> {
        let mut terms = Vec::new();
        for (start, word) in split(text) {
            let span = start..start + word.len();
            let (is_not, bare) = word.strip_prefix('-').map_or((false, word), |rest| (true, rest));
            let what = match bare.split_once(':') {
                Some((field, value)) => what(field, value.trim_matches('"'))
                    .map_err(|message| SearchError { span: span.clone(), message })?,
                None => What::Word(bare.trim_matches('"').to_owned()),
            };
            if !bare.is_empty() {
                terms.push(Term { is_not, what });
            }
        }
        Ok(Self(terms))
    }

    /// Whether it finds every pair.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a pair is found.
    pub fn finds(&self, pair: &Record, decision: Decision) -> bool {
        self.0.iter().all(|term| term.what.finds(pair, decision) != term.is_not)
    }
}

/// The words of a search with where they begin; spaces in quotes part none.
fn split(text: &str) -> Vec<(usize, &str)> {
    let (mut words, mut start, mut is_quoted) = (Vec::new(), None, false);
    for (at, letter) in text.char_indices() {
        is_quoted ^= letter == '"';
        match (letter.is_whitespace() && !is_quoted, start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                words.push((from, text.get(from..at).unwrap_or_default()));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        words.push((from, text.get(from..).unwrap_or_default()));
    }
    words
}

fn what(field: &str, value: &str) -> Result<What, String> {
    if value.is_empty() {
        return Err(format!("{field}: wants a value"));
    }
    let value = value.to_owned();
    Ok(match field {
        "change" | "kind" => What::Change(value),
        "object" => What::Object(value),
        "same" => What::Same(value),
        "from" => What::From(value),
        "to" => What::To(value),
        "value" => What::Value(value),
        "id" => What::Id(value),
        "is" => match value.as_str() {
            "supplied" | "mined" | "accepted" | "rejected" | "undecided" => What::Is(value),
            _ => return Err("is: wants supplied, mined, accepted, rejected or undecided".to_owned()),
        },
        "score" | "coarse" | "bits" => {
            let figure = match field {
                "score" => Figure::Score,
                "coarse" => Figure::Coarse,
                _ => Figure::Bits,
            };
            let (order, rest) = match value.strip_prefix('>') {
                Some(rest) => (std::cmp::Ordering::Greater, rest),
                None => match value.strip_prefix('<') {
                    Some(rest) => (std::cmp::Ordering::Less, rest),
                    None => return Err(format!("{field}: wants a comparison, as in {field}:>0.3")),
                },
            };
            let number: f32 = rest.parse().map_err(|error| format!("{rest}: {error}"))?;
            What::Figure(figure, order, number)
        }
        _ => {
            let known = "change, object, same, from, to, value, is, score, coarse, bits, id";
            return Err(format!("no field {field}: here are {known}"));
        }
    })
}

impl What {
    fn finds(&self, pair: &Record, decision: Decision) -> bool {
        let any = |test: &dyn Fn(&Told) -> bool| pair.differences.iter().any(test);
        match self {
            Self::Change(value) => {
                let is = |name: &str| name == value || name.split('_').next() == Some(value.as_str());
                pair.kind.as_deref().is_some_and(is)
                    || pair.label.as_deref().is_some_and(is)
                    || any(&|told| told.dimension == *value || is(&told.kind))
            }
            Self::Object(value) => any(&|told| has(&told.object, value)),
            Self::Same(value) => pair.same.iter().any(|name| has(name, value)),
            Self::From(value) => any(&|told| has(&told.from, value)),
            Self::To(value) => any(&|told| has(&told.to, value)),
            Self::Value(value) => any(&|told| has(&told.from, value) || has(&told.to, value)),
            Self::Is(value) => match value.as_str() {
                "supplied" => pair.source == Source::Supplied,
                "mined" => pair.source == Source::Mined,
                name => decision.name() == name,
            },
            Self::Figure(figure, order, number) => {
                let found = match figure {
                    Figure::Score => pair.score,
                    Figure::Coarse => pair.coarse,
                    Figure::Bits => pair.contrast_bits,
                };
                found.total_cmp(number) == *order
            }
            Self::Id(value) => pair.first.id == *value || pair.second.id == *value,
            Self::Word(value) => {
                pair.same.iter().any(|name| has(name, value))
                    || any(&|told| has(&told.object, value) || has(&told.from, value) || has(&told.to, value))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pair() -> Record {
        Record {
            first: Member { id: "a1".to_owned(), ..Member::default() },
            kind: Some("replace_att".to_owned()),
            score: 0.4,
            same: vec!["grass".to_owned(), "dog".to_owned()],
            differences: vec![Told {
                kind: "replace_att".to_owned(),
                dimension: "color".to_owned(),
                object: "dog".to_owned(),
                from: "brown".to_owned(),
                to: "light blue".to_owned(),
            }],
            ..Record::default()
        }
    }

    #[test]
    fn pairs_are_searched_by_their_change() {
        let table = [
            ("", true),
            ("change:color", true),
            ("change:replace_att", true),
            ("change:replace", true),
            ("change:count", false),
            ("-change:count object:dogs", true),
            ("object:cat", false),
            ("same:grass from:brown", true),
            ("to:\"light blue\"", true),
            ("value:brown is:mined is:undecided", true),
            ("is:accepted", false),
            ("score:>0.3 score:<0.5", true),
            ("score:>0.4", false),
            ("id:a1 grass", true),
            ("tree", false),
        ];
        for (text, expected) in table {
            let search = Search::parse(text).unwrap();
            assert_eq!(search.finds(&pair(), Decision::Undecided), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_told() {
        for (text, span, message) in [
            ("dog chnge:color", 4..15, "no field chnge"),
            ("is:nice", 0..7, "is: wants"),
            ("score:0.3", 0..9, "score: wants a comparison"),
            ("score:>x", 0..8, "x: invalid float"),
            ("change:", 0..7, "change: wants a value"),
        ] {
            let error = Search::parse(text).unwrap_err();
            assert_eq!(error.span, span, "{text}");
            assert!(error.message.starts_with(message), "{}", error.message);
        }
    }

    #[test]
    fn a_pair_is_told_in_one_sentence() {
        assert_eq!(pair().sentence(), "same: grass, dog; differs: color of dog: brown ↔ light blue");
    }

    proptest! {
        #[test]
        fn any_text_can_be_searched_for(text in any::<String>()) {
            if let Ok(search) = Search::parse(&text) {
                let _ = search.finds(&pair(), Decision::Accepted);
            }
        }
    }
}
