//! Differences in words.

use serde::{Deserialize, Serialize};

use crate::measure::{Key, KeyKind};

use super::compare::{Comparison, Difference};
use super::kind::Kind;
use super::portrait::Vocabulary;

/// A difference as it is shown, searched and written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The kind of change: `replace_att`, `count` …
    pub kind: String,
    /// Of what: `color`, `size`, `count`, `state`, `object`, `relation`, `action`, `text`, `scene`.
    pub dimension: String,
    /// The thing that differs; both, where one stands in the place of the other.
    pub object: String,
    /// In the first sample; empty where it tells nothing.
    pub from: String,
    /// In the second.
    pub to: String,
}

impl Told {
    /// In one line: `color of dog: brown ↔ black`.
    pub fn line(&self) -> String {
        let Self { dimension, object, from, to, .. } = self;
        if from.is_empty() {
            return format!("only right: {to}");
        }
        if to.is_empty() {
            return format!("only left: {from}");
        }
        match dimension.as_str() {
            "object" | "scene" | "relation" | "presence" | "words" => format!("{from} ↔ {to}"),
            "text" => format!("text: {from} ↔ {to}"),
            dimension => format!("{dimension} of {object}: {from} ↔ {to}"),
        }
    }
}

impl Vocabulary {
    /// A difference in words.
    pub fn tell(&self, difference: &Difference) -> Told {
        let text = |key: Option<u32>| key.map_or("", |key| self.key_text(key));
        tell(difference.kind, text(difference.first), text(difference.second))
    }
}

/// The difference of two keys; an empty one where a sample has none.
fn tell(kind: Kind, first: &str, second: &str) -> Told {
    let (one, other) = (Key::parse(first), Key::parse(second));
    let show = |key: &Option<Key<'_>>| key.as_ref().map(Key::show).unwrap_or_default();
    let part = |key: &Option<Key<'_>>, place: usize| {
        let part = key.as_ref().and_then(|key| key.parts().nth(place)).unwrap_or_default();
        part.replace('_', " ")
    };
    let some = if one.is_some() { &one } else { &other };
    let key_kind = some.as_ref().map_or(KeyKind::Object, |key| key.kind);
    let object = match (part(&one, 0), part(&other, 0)) {
        _ if key_kind == KeyKind::Text => "text".to_owned(),
        (from, to) if kind == Kind::ReplaceObject && from != to => format!("{from}, {to}"),
        (from, to) => {
            if from.is_empty() {
                to
            } else {
                from
            }
        }
    };
    let is_denial = matches!((&one, &other), (Some(one), Some(other)) if one.is_denied != other.is_denied);
    let (dimension, from, to) = match key_kind {
        _ if is_denial => ("presence".to_owned(), show(&one), show(&other)),
        // What only one tells is shown whole.
        KeyKind::Attribute if one.is_some() && other.is_some() => {
            (part(some, 1), part(&one, 2), part(&other, 2))
        }
        KeyKind::Attribute => (part(some, 1), show(&one), show(&other)),
        KeyKind::Count if one.is_some() && other.is_some() => {
            ("count".to_owned(), part(&one, 1), part(&other, 1))
        }
        KeyKind::Count => ("count".to_owned(), show(&one), show(&other)),
        KeyKind::Act if one.is_some() && other.is_some() => {
            ("action".to_owned(), part(&one, 1), part(&other, 1))
        }
        KeyKind::Act => ("action".to_owned(), show(&one), show(&other)),
        KeyKind::Relation => ("relation".to_owned(), show(&one), show(&other)),
        KeyKind::Object => ("object".to_owned(), show(&one), show(&other)),
        KeyKind::Scene => ("scene".to_owned(), show(&one), show(&other)),
        KeyKind::Text => ("text".to_owned(), show(&one), show(&other)),
        KeyKind::Entity => ("entity".to_owned(), show(&one), show(&other)),
    };
    Told { kind: kind.name().to_owned(), dimension, object, from, to }
}

impl Comparison {
    /// The names of the things that both have, those of most bits first.
    pub fn things(&self, vocabulary: &Vocabulary) -> Vec<String> {
        let mut things: Vec<(f32, &str)> = self
            .shared
            .iter()
            .filter_map(|key| vocabulary.fact(*key))
            .filter(|fact| fact.kind == KeyKind::Object && !fact.is_denied)
            .map(|fact| (fact.bits, vocabulary.shown(fact.subject)))
            .collect();
        things.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(other.1)));
        things.into_iter().map(|(_, name)| name.to_owned()).collect()
    }
}
