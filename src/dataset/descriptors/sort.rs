//! Which facet is this word, this predicate?

use crate::model::{Descriptor, Facet};

/// Words for colours.
pub(super) const COLORS: &[&str] = &[
    "red",
    "green",
    "blue",
    "yellow",
    "orange",
    "purple",
    "violet",
    "pink",
    "brown",
    "black",
    "white",
    "gray",
    "grey",
    "beige",
    "tan",
    "golden",
    "gold",
    "silver",
    "cyan",
    "magenta",
    "turquoise",
    "teal",
    "maroon",
    "navy",
    "cream",
    "blond",
    "blonde",
    "khaki",
    "olive",
    "burgundy",
    "lavender",
    "colorful",
    "multicolored",
];
const MATERIALS: &[&str] = &[
    "wooden",
    "wood",
    "metal",
    "metallic",
    "plastic",
    "glass",
    "rubber",
    "leather",
    "stone",
    "brick",
    "concrete",
    "paper",
    "cloth",
    "fabric",
    "steel",
    "iron",
    "ceramic",
    "marble",
    "denim",
    "wicker",
    "granite",
    "tile",
    "tiled",
    "stainless steel",
    "cotton",
    "porcelain",
    "brass",
];
const SIZES: &[&str] = &[
    "small", "large", "big", "little", "tiny", "huge", "tall", "short", "long", "wide", "narrow", "thin",
    "thick", "giant", "medium", "massive",
];
const SHAPES: &[&str] = &[
    "round",
    "square",
    "rectangular",
    "circular",
    "triangular",
    "oval",
    "curved",
    "flat",
    "curly",
    "pointed",
    "straight",
    "spherical",
    "cylindrical",
];
const PATTERNS: &[&str] =
    &["striped", "plaid", "checkered", "spotted", "dotted", "floral", "patterned", "checked", "stripy"];
const NUMBERS: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "several", "many", "few", "multiple",
];
const SPATIAL: &[&str] = &[
    "on",
    "in",
    "under",
    "over",
    "above",
    "below",
    "behind",
    "near",
    "next to",
    "beside",
    "between",
    "inside",
    "outside",
    "on top of",
    "in front of",
    "front",
    "left",
    "right",
    "left of",
    "right of",
    "to the left of",
    "to the right of",
    "at",
    "around",
    "along",
    "against",
    "across",
    "across from",
    "beneath",
    "underneath",
    "by",
    "close to",
    "far from",
    "into",
    "onto",
    "onto",
    "off",
    "upon",
    "within",
    "among",
    "toward",
    "towards",
    "attached to",
    "on side of",
    "on the side of",
    "on back of",
    "at the edge of",
    "surrounding",
    "opposite",
    "facing",
    "facing away from",
    "parallel to",
    "perpendicular to",
    "touching",
    "adjacent to",
    "through",
    "past",
    "up",
    "down",
    "out of",
    "from",
    "alongside",
    "ahead of",
    "at the left side of",
    "at the right side of",
];
const HAVING: &[&str] = &[
    "have",
    "has",
    "had",
    "having",
    "with",
    "wear",
    "wears",
    "wearing",
    "of",
    "part of",
    "made of",
    "belong to",
    "belonging to",
    "for",
    "contain",
    "contains",
    "consist of",
    "consists of",
    "without",
    "and",
    "same as",
    "covered in",
    "covered with",
    "use",
    "own",
    "like",
    "about",
];

/// A property of an object: its facet and dimension told by the word, or by the name of the field
/// that it stands in.
pub(super) fn property(word: &str, dimension: Option<&str>, source: &str) -> Descriptor {
    let name = super::clean(word);
    let lower = name.to_lowercase();
    let is = |list: &[&str]| list.contains(&lower.as_str());
    let told = dimension.map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty());
    let number = lower.parse::<u32>().is_ok() || is(NUMBERS);
    let last = lower.rsplit([' ', '-']).next().unwrap_or("");
    let (facet, dimension) = match told {
        Some(told) if told.contains("count") => (Facet::Count, None),
        Some(told) if told.starts_with("colour") => (Facet::Attribute, Some("color".to_owned())),
        Some(told) => (Facet::Attribute, Some(told)),
        None if number => (Facet::Count, None),
        None if is(COLORS) || COLORS.contains(&last) || is_hex(&lower) => {
            (Facet::Attribute, Some("color".to_owned()))
        }
        None if is(MATERIALS) => (Facet::Attribute, Some("material".to_owned())),
        None if is(SIZES) => (Facet::Attribute, Some("size".to_owned())),
        None if is(SHAPES) => (Facet::Attribute, Some("shape".to_owned())),
        None if is(PATTERNS) => (Facet::Attribute, Some("pattern".to_owned())),
        None if is_verb(&lower) => (Facet::Action, None),
        None => (Facet::Attribute, None),
    };
    let mut descriptor = Descriptor::new(facet, name, source);
    descriptor.dimension = dimension;
    descriptor
}

fn is_hex(word: &str) -> bool {
    word.strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// `running`, `talking on phone`; not `string`, `building`.
fn is_verb(lower: &str) -> bool {
    const NOT: &[&str] = &[
        "building",
        "string",
        "ring",
        "king",
        "wing",
        "ceiling",
        "thing",
        "nothing",
        "something",
        "evening",
        "morning",
        "spring",
        "clothing",
        "railing",
        "painting",
        "awning",
        "icing",
        "wedding",
        "during",
        "living",
        "dining",
        "interesting",
    ];
    let first = lower.split_whitespace().next().unwrap_or("");
    first.len() > 4 && first.ends_with("ing") && !NOT.contains(&first)
}

/// A predicate between two things: its facet, its dimension, and its words.
pub(super) fn predicate(text: &str) -> (Facet, Option<String>, String) {
    let name = super::clean(text);
    let lower = name.to_lowercase();
    // FACTUAL marks verbs with `v:` and passive ones with `pv:`.
    if let Some(verb) = lower.strip_prefix("v:").or_else(|| lower.strip_prefix("pv:")) {
        let verb = verb.trim();
        if HAVING.contains(&verb) {
            return (Facet::Relation, having(verb), verb.to_owned());
        }
        return (Facet::Action, None, verb.to_owned());
    }
    let stripped = lower
        .strip_prefix("is ")
        .or_else(|| lower.strip_prefix("are "))
        .map_or(lower.as_str(), str::trim)
        .to_owned();
    if HAVING.contains(&stripped.as_str()) {
        return (Facet::Relation, having(&stripped), stripped);
    }
    let first = stripped.split_whitespace().next().unwrap_or("");
    if SPATIAL.contains(&stripped.as_str())
        || ((SPATIAL.contains(&first) || stripped.ends_with(" of")) && !is_verb(&stripped))
    {
        return (Facet::Spatial, None, stripped);
    }
    let last = stripped.rsplit(' ').next().unwrap_or("");
    if is_verb(&stripped) || (last != first && SPATIAL.contains(&last)) {
        return (Facet::Action, None, stripped);
    }
    (Facet::Relation, None, stripped)
}

fn having(word: &str) -> Option<String> {
    let word = match word {
        "have" | "has" | "had" | "having" | "with" => "have",
        "wear" | "wears" | "wearing" => "wear",
        "of" | "part of" => "part",
        _ => return None,
    };
    Some(word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predicates_find_their_facet() {
        for (text, facet) in [
            ("ON", Facet::Spatial),
            ("left of", Facet::Spatial),
            ("is behind", Facet::Spatial),
            ("to the left of", Facet::Spatial),
            ("wearing", Facet::Relation),
            ("has", Facet::Relation),
            ("riding", Facet::Action),
            ("sitting on", Facet::Action),
            ("v:rest against", Facet::Action),
            ("v:have", Facet::Relation),
            ("pv:tie to", Facet::Action),
            ("rest against", Facet::Action),
        ] {
            assert_eq!(predicate(text).0, facet, "{text}");
        }
    }

    #[test]
    fn properties_find_their_dimension() {
        for (word, facet, dimension) in [
            ("brown", Facet::Attribute, Some("color")),
            ("dark blue", Facet::Attribute, Some("color")),
            ("wooden", Facet::Attribute, Some("material")),
            ("tall", Facet::Attribute, Some("size")),
            ("2", Facet::Count, None),
            ("sleeping", Facet::Action, None),
            ("old", Facet::Attribute, None),
        ] {
            let found = property(word, None, "s");
            assert_eq!((found.facet, found.dimension.as_deref()), (facet, dimension), "{word}");
        }
    }
}
