//! What values and things have to do with each other, where they are not the same.

use crate::text;

use super::noun::{Fit, are_related, is_person};

/// How well a value of a caption answers one that is asked for: `light blue` is blue, `maroon` may be red.
pub(super) fn value_fit(asked: &str, said: &str) -> Fit {
    let (asked, said) = (asked.to_lowercase(), said.to_lowercase());
    let (first, second) = (text::lemma(&asked), text::lemma(&said));
    if asked == said || first == second || are_related(first, second) {
        return Fit::Exact;
    }
    let head = |name: &str| name.rsplit([' ', '-']).next().unwrap_or_default().to_owned();
    if said.contains([' ', '-']) && head(&said) == asked {
        return Fit::Exact;
    }
    if asked.contains([' ', '-']) && head(&asked) == said {
        return Fit::Loose;
    }
    if text::excludes(&asked, &said) {
        return Fit::No;
    }
    if text::same(&asked, &said) {
        return Fit::Exact;
    }
    let is_one_group = text::dimension(&asked).is_some()
        && text::dimension(&asked) == text::dimension(&said)
        && matches!(text::dimension(&asked), Some(text::Dimension::Color | text::Dimension::Material));
    if is_one_group { Fit::Loose } else { Fit::No }
}

/// Whether some words stand in a text as they are.
pub(super) fn contains_words(text: &str, words: &str) -> bool {
    format!(" {text} ").contains(&format!(" {words} "))
}

/// Whether somebody asks what kind of place it is.
pub(super) fn is_setting(class: &str) -> bool {
    matches!(class, "place" | "location" | "setting" | "room" | "environment" | "area" | "landscape")
}

/// Whether a thing is a place by which a picture is told from another; a street may be in any of them.
pub(super) fn is_setting_of(name: &str) -> bool {
    let root = text::path(name);
    let is_wide = matches!(
        name,
        "city" | "town" | "street" | "road" | "village" | "country" | "area" | "background" | "downtown"
    );
    !is_wide
        && root.len() > 1
        && root.first().is_some_and(|root| matches!(root.as_str(), "place" | "landform" | "room"))
}

/// Whether things can be in it: a room, a place, a building.
pub(super) fn is_room(name: &str) -> bool {
    ["room", "place", "building", "container"]
        .iter()
        .any(|kind| text::concept(kind).is_some_and(|kind| kind.contains(name)))
}

pub(super) fn is_clothing(name: &str) -> bool {
    ["clothing", "accessory", "footwear"]
        .iter()
        .any(|kind| text::concept(kind).is_some_and(|kind| kind.contains(name)))
}

/// Whether two things are of one sort, so that one may stand where the other does.
pub(super) fn are_kin(one: &str, other: &str) -> bool {
    if is_person(one) && is_person(other) {
        return true;
    }
    // A kitchen counter is a counter, whatever is made of its room.
    let head = |name: &str| text::path(name.rsplit(' ').next().unwrap_or_default());
    let (one, other) = (head(one), head(other));
    one.len() > 1 && other.len() > 1 && one.first() == other.first()
}
