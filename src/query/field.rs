//! The fields that can be named in a query.

use super::Field;
use crate::measure::Column;

/// A field, for help and completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldHelp {
    /// Its name, without the colon.
    pub name: &'static str,
    /// What it asks about.
    pub help: &'static str,
    /// A query with it.
    pub example: &'static str,
}

const fn field(name: &'static str, help: &'static str, example: &'static str) -> FieldHelp {
    FieldHelp { name, help, example }
}

/// Every field, in the order of the help.
pub const FIELDS: &[FieldHelp] = &[
    field("caption", "words of captions; a bare word asks here", "caption:dog"),
    field("original", "words of alt texts, before enrichment", "original:sale"),
    field("negative", "words of captions that are wrong on purpose", "negative:cat"),
    field("object", "words of objects", "object:\"fire hydrant\""),
    field("attribute", "words of attributes", "attribute:wooden"),
    field("color", "words of colours", "color:brown"),
    field("count", "counts of things", "count:2"),
    field("action", "words of actions", "action:ride"),
    field("relation", "words of relations of any kind", "relation:on"),
    field("scene", "words of scene descriptors", "scene:beach"),
    field("text", "words that are written in the picture", "text:stop"),
    field("entity", "words of names", "entity:paris"),
    field("concept", "things with all their kinds, in captions", "concept:vehicle"),
    field("rel", "a relation; * is anything", "rel:(dog on *)"),
    field("question", "words of questions", "question:\"how many\""),
    field("answer", "words of answers", "answer:yes"),
    field("id", "the sample's id, whole, or a beginning with *", "id:000000*"),
    field("source", "where the sample comes from, whole", "source:coco"),
    field("split", "the split, whole", "split:val"),
    field("file", "a part of the name of the file it was read from", "file:00012.tar"),
    field("has", "what a sample has: image, question, box, pair, url, meta.NAME …", "has:question"),
    field("words", "words over all main captions", "words:>50"),
    field("captions", "number of captions", "captions:5"),
    field("questions", "number of questions", "questions:[3 TO 10]"),
    field("descriptors", "number of descriptors", "descriptors:>=20"),
    field("images", "number of pictures", "images:2"),
    field("density", "facts per 100 words; `rate` is the same", "density:<20"),
    field("units", "distinct facts; more such figures are in docs/measure.md", "units:>30"),
    field("breadth", "facets in use, 1 to 9", "breadth:<2"),
    field("hedging", "share of facts that are only guessed", "hedging:>0.15"),
    field("redundancy", "share of what is said again", "redundancy:>0.35"),
    field("bits", "information: the rarer the facts, the more", "bits:>40"),
    field("twins", "other samples with the same caption; `near_twins` with nearly the same", "twins:>0"),
    field("flag", "what is wrong with it: thin, verbose, duplicate …; * is any", "flag:thin"),
    field("tag", "a tag that somebody has given, or one below it; * is any", "tag:quality"),
    field("note", "a part of a note that somebody has written; * is any", "note:\"wrong color\""),
    field("verdict", "right, wrong, unsure of a spot-check, or a reason; * is any", "verdict:wrong"),
    field("meta.", "a field of the data itself", "meta.similarity:>0.3"),
    field("like", "shares telling words with that sample", "like:42"),
    field("sort", "order: relevance, dataset, id, words, meta.x …; - for largest first", "sort:-words"),
    field("random", "a shuffle that the number fixes", "random:7"),
];

/// Names of fields that take a plain field's tests.
pub fn named(name: &str) -> Option<Field> {
    Some(match name {
        "caption" => Field::Caption,
        "original" => Field::Original,
        "negative" => Field::Negative,
        "object" => Field::Object,
        "attribute" => Field::Attribute,
        "color" | "colour" => Field::Color,
        "count" => Field::Count,
        "action" => Field::Action,
        "relation" => Field::Relation,
        "scene" => Field::Scene,
        "text" => Field::Text,
        "entity" => Field::Entity,
        "concept" => Field::Concept,
        "question" => Field::Question,
        "answer" => Field::Answer,
        "id" => Field::Id,
        "source" => Field::Source,
        "split" => Field::Split,
        "file" => Field::File,
        "has" => Field::Has,
        "words" => Field::Words,
        "captions" => Field::Captions,
        "questions" => Field::Questions,
        "descriptors" => Field::Descriptors,
        "images" => Field::Images,
        "flag" => Field::Flag,
        "tag" => Field::Tag,
        "note" => Field::Note,
        "verdict" => Field::Verdict,
        "density" => Field::Figure(Column::Rate),
        other => match other.strip_prefix("meta.") {
            Some(path) => Field::Meta(Some(path).filter(|path| !path.is_empty())?.to_owned()),
            None => Field::Figure(figures().find(|column| column.name() == other)?),
        },
    })
}

/// Figures that can be asked for. Words and captions are counted for samples of every language, and are
/// fields of their own.
pub fn figures() -> impl Iterator<Item = Column> {
    let is_field = |column: &Column| matches!(column, Column::Words | Column::Captions);
    Column::ALL.iter().copied().filter(move |column| !is_field(column))
}

impl Field {
    /// Its name in a query.
    pub fn name(&self) -> String {
        match self {
            Self::Caption => "caption".into(),
            Self::Original => "original".into(),
            Self::Negative => "negative".into(),
            Self::Object => "object".into(),
            Self::Attribute => "attribute".into(),
            Self::Color => "color".into(),
            Self::Count => "count".into(),
            Self::Action => "action".into(),
            Self::Relation => "relation".into(),
            Self::Scene => "scene".into(),
            Self::Text => "text".into(),
            Self::Entity => "entity".into(),
            Self::Concept => "concept".into(),
            Self::Question => "question".into(),
            Self::Answer => "answer".into(),
            Self::Id => "id".into(),
            Self::Source => "source".into(),
            Self::Split => "split".into(),
            Self::File => "file".into(),
            Self::Has => "has".into(),
            Self::Words => "words".into(),
            Self::Captions => "captions".into(),
            Self::Questions => "questions".into(),
            Self::Descriptors => "descriptors".into(),
            Self::Images => "images".into(),
            Self::Flag => "flag".into(),
            Self::Tag => "tag".into(),
            Self::Note => "note".into(),
            Self::Verdict => "verdict".into(),
            // Facts per 100 words are what people call density.
            Self::Figure(Column::Rate) => "density".into(),
            Self::Figure(column) => column.name().into(),
            Self::Meta(path) => format!("meta.{path}"),
        }
    }

    /// Whether its value is taken whole, not word by word.
    pub(super) fn is_whole(&self) -> bool {
        matches!(
            self,
            Self::Id
                | Self::Source
                | Self::Split
                | Self::File
                | Self::Has
                | Self::Flag
                | Self::Tag
                | Self::Note
                | Self::Verdict
        )
    }

    /// Whether it is one number.
    pub fn is_count(&self) -> bool {
        matches!(
            self,
            Self::Words
                | Self::Captions
                | Self::Questions
                | Self::Descriptors
                | Self::Images
                | Self::Figure(_)
        )
    }
}

/// The candidate that differs least from a word, if by at most two letters.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= 2)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Letters to insert, remove, replace or swap with their neighbour (optimal string alignment, as
/// the index counts it).
pub(super) fn distance(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut line = vec![row + 1];
        for (place, against) in other.iter().enumerate() {
            let replaced = last[place] + usize::from(letter != against);
            let mut least = replaced.min(last[place + 1] + 1).min(line[place] + 1);
            if row > 0 && place > 0 && *letter == other[place - 1] && one[row - 1] == *against {
                least = least.min(before[place - 1] + 1);
            }
            line.push(least);
        }
        before = std::mem::replace(&mut last, line);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_between_words() {
        for (one, other, apart) in [
            ("", "", 0),
            ("dog", "dog", 0),
            ("dog", "", 3),
            ("aple", "apple", 1),
            ("mustrad", "mustard", 1),
            ("cat", "dog", 3),
        ] {
            assert_eq!(distance(one, other), apart, "{one} {other}");
            assert_eq!(distance(other, one), apart, "{other} {one}");
        }
    }

    #[test]
    fn every_field_of_the_help_is_a_field() {
        for field in FIELDS {
            let special = ["rel", "like", "sort", "random", "meta."].contains(&field.name);
            assert!(
                special || named(field.name).is_some_and(|found| found.name() == field.name),
                "{}",
                field.name
            );
            assert!(crate::query::parse(field.example).is_ok(), "{}", field.example);
        }
    }
}
