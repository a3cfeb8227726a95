//! Whether what a caption says of two things answers what is asked of them.

use std::sync::OnceLock;

use crate::model::Descriptor;
use crate::text;

use super::grammar::{can_be_verb, is_preposition};

/// A predicate: a verb, where one is (`sit`), and how the ends lie to each other (`on`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Predicate {
    verb: Option<String>,
    place: Option<Place>,
    /// `ridden by`: the ends are the other way round.
    passive: bool,
}

/// Prepositions that mean the same, by the first of them.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Known(&'static str),
    Other(String),
}

const PLACES: &[(&str, &[&str])] = &[
    ("on", &["on", "on top of", "atop", "upon", "onto", "on top", "atop of", "on the top of", "aboard"]),
    ("in", &["in", "inside", "within", "inside of", "into", "in the middle of", "at the inside of"]),
    (
        "near",
        &[
            "near",
            "next to",
            "next",
            "beside",
            "by",
            "close to",
            "alongside",
            "adjacent to",
            "along",
            "at the side of",
            "on the side of",
            "to the side of",
            "close",
            "near to",
            "next by",
            "beside of",
            "at the edge of",
            "against",
        ],
    ),
    ("under", &["under", "below", "beneath", "underneath"]),
    ("above", &["above", "over"]),
    ("behind", &["behind", "in back of", "at the back of"]),
    ("front", &["in front of", "in front", "before", "ahead of", "at the front of"]),
    ("at", &["at"]),
    ("with", &["with", "and"]),
    ("without", &["without"]),
    ("around", &["around", "surround", "surrounded by", "round"]),
    ("across", &["across", "through", "along", "down", "up", "over"]),
    ("outside", &["outside", "outside of", "out of"]),
    ("between", &["between", "among", "amid", "in between"]),
    ("to", &["to", "toward", "towards"]),
];

/// Places that cannot both be, of the same two things.
const OPPOSITES: &[(&str, &str)] = &[
    ("on", "under"),
    ("above", "under"),
    ("behind", "front"),
    ("left", "right"),
    ("in", "outside"),
    ("with", "without"),
    ("in", "under"),
    ("in", "above"),
];

/// How well a predicate of a caption answers one that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Match {
    /// It says something else.
    No,
    /// It says less, or something near: `on` where `sit on` is asked for.
    Part,
    /// It says so.
    Full,
}

impl Predicate {
    /// Reads the name of a descriptor: `sit on`, `next to`, `have`.
    pub(super) fn of(name: &str) -> Self {
        let words = text::words(name);
        let mut lemmas: Vec<&str> = words.iter().map(|word| text::lemma(&word.folded)).collect();
        let raw: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
        let starts_place = |at: usize| raw.get(at).is_none_or(|word| is_preposition(word));
        if lemmas.len() > 1 && lemmas.first() == Some(&"be") {
            lemmas.remove(0);
        }
        let first = lemmas.first().copied().unwrap_or_default();
        let is_verb =
            !starts_place(words.len() - lemmas.len()) && can_be_verb(first) || matches!(first, "face");
        let (verb, rest) = if is_verb && !matches!(first, "left" | "right") {
            (Some(plain_verb(first).to_owned()), lemmas.get(1..).unwrap_or_default())
        } else {
            (None, lemmas.as_slice())
        };
        let rest = rest.join(" ");
        let passive = verb.is_some()
            && rest == "by"
            && !matches!(first, "sit" | "stand" | "lie" | "lay" | "walk" | "park" | "rest" | "pass");
        let place = if rest.is_empty() || passive { None } else { Some(Place::of(&rest)) };
        Self { verb, place, passive }
    }

    /// Reads a descriptor of a text: by the words that say it, where these are a verb. The extractor has the
    /// words of annotators for some, and not the same for all forms of a verb.
    pub(super) fn said(of: &Descriptor, text: &str) -> Self {
        let place = of.evidence.first();
        let said =
            place.and_then(|place| text.get(place.start as usize..place.end as usize)).unwrap_or_default();
        let words = text::words(said);
        let is_verb = words.first().is_some_and(|first| {
            !is_preposition(&first.folded)
                && can_be_verb(text::lemma(&first.folded))
                && text::lemma(&first.folded) != "be"
        });
        let is_plain =
            words.len() < 4 && words.iter().all(|word| !matches!(word.folded.as_str(), "and" | "to"));
        // `stands` at the end of a sentence that was turned round has its preposition elsewhere.
        let keeps_place = words.len() > 1 || !of.name.contains(' ');
        let has_verb = of.name.split(' ').next().is_some_and(|first| !is_preposition(first));
        if is_verb && is_plain && keeps_place && has_verb && of.name != "have" {
            Self::of(said)
        } else {
            Self::of(&of.name)
        }
    }

    /// Whether it only says where something is.
    pub(super) fn is_place(&self) -> bool {
        self.verb.is_none() && !matches!(self.place, Some(Place::Known("with" | "without")))
    }

    /// `with`
    pub(super) fn with() -> &'static Self {
        static WITH: Predicate = Predicate { verb: None, place: Some(Place::Known("with")), passive: false };
        &WITH
    }

    /// Whether it says where somebody is, by a preposition or in a posture.
    pub(super) fn is_whereabouts(&self) -> bool {
        let is_still = |verb: &str| {
            matches!(
                verb,
                "stand"
                    | "sit"
                    | "lie"
                    | "lay"
                    | "rest"
                    | "sleep"
                    | "park"
                    | "walk"
                    | "graze"
                    | "play"
                    | "hang"
                    | "perch"
                    | "wait"
            )
        };
        self.place.is_some() && self.verb.as_deref().is_none_or(is_still) && !self.is_with()
    }

    fn is_with(&self) -> bool {
        self.verb.is_none() && matches!(self.place, Some(Place::Known("with" | "without")))
    }

    /// Of a place or a vessel, what it has is in it; of anything else it is at it somewhere.
    pub(super) fn contents(&self, asked: &Self, is_place: bool) -> Match {
        let has = self.is_with()
            || matches!(self.verb.as_deref(), Some("have" | "contain" | "feature" | "hold"))
                && self.place.is_none();
        if !has || asked.verb.is_some() {
            return Match::No;
        }
        match asked.place {
            Some(Place::Known("in" | "at")) if is_place => Match::Full,
            Some(Place::Known("in" | "on" | "at")) => Match::Part,
            _ => Match::No,
        }
    }

    /// Whether it tells of what a thing is made.
    pub(super) fn is_made_of(&self) -> bool {
        self.verb.as_deref() == Some("make")
            && matches!(&self.place, Some(Place::Other(place)) if place.ends_with("of") || place == "from")
    }

    /// `wear`
    pub(super) fn wear() -> &'static Self {
        static WEAR: OnceLock<Predicate> = OnceLock::new();
        WEAR.get_or_init(|| Self::of("wear"))
    }

    /// Whether it denies that one thing has another.
    pub(super) fn is_without(&self) -> bool {
        self.verb.is_none() && self.place == Some(Place::Known("without"))
    }

    pub(super) fn verb(&self) -> Option<&str> {
        self.verb.as_deref()
    }

    /// Whether its subject has one object of the kind at a time: one rides one thing, but wears several.
    pub(super) fn is_single(&self) -> bool {
        match (&self.verb, &self.place) {
            (Some(verb), _) => matches!(
                verb.as_str(),
                "ride"
                    | "drive"
                    | "sit"
                    | "lie"
                    | "lay"
                    | "sleep"
                    | "stand"
                    | "play"
                    | "eat"
                    | "drink"
                    | "throw"
                    | "catch"
                    | "hit"
                    | "kick"
                    | "fly"
                    | "cut"
                    | "read"
                    | "push"
                    | "pull"
                    | "chase"
                    | "cross"
                    | "climb"
                    | "hold"
                    | "swing"
                    | "park"
                    | "rest"
                    | "perch"
                    | "talk"
                    | "look"
                    | "surf"
                    | "paddle"
                    | "walk"
                    | "run"
                    | "cook"
                    | "bake"
                    | "brush"
                    | "jump"
                    | "bite"
                    | "chew"
                    | "graze"
                    | "lick"
                    | "sniff"
                    | "feed"
            ),
            (None, Some(Place::Known("on" | "in" | "at" | "under"))) => true,
            _ => false,
        }
    }

    /// Whether both have a preposition, or neither: who rides past a house does not ride it.
    pub(super) fn is_built_like(&self, asked: &Self) -> bool {
        asked.verb.is_none() || self.place.is_some() == asked.place.is_some()
    }

    /// Whether it says that one thing has another.
    pub(super) fn is_having(&self) -> bool {
        match (&self.verb, &self.place) {
            (Some(verb), None) => {
                matches!(verb.as_str(), "have" | "wear" | "carry" | "hold" | "feature" | "contain")
            }
            (Some(verb), Some(Place::Known("in"))) => verb == "dress",
            (None, Some(Place::Known("with"))) => true,
            _ => false,
        }
    }

    /// The same seen from the other end, where there is a word for it: `under` for `above`.
    pub(super) fn inverse(&self) -> Option<Self> {
        if self.passive {
            return Some(Self { passive: false, place: None, ..self.clone() });
        }
        // A plate topped with fruit has the fruit on it.
        if let (Some(verb), Some(Place::Known("with"))) = (&self.verb, &self.place) {
            let place = match verb.as_str() {
                "top" | "cover" | "decorate" | "load" | "set" | "cap" | "adorn" | "garnish" => "on",
                "fill" | "stuff" | "pack" | "crowd" | "stock" => "in",
                _ => return None,
            };
            return Some(Self { verb: None, place: Some(Place::Known(place)), passive: false });
        }
        if self.verb.as_deref().is_some_and(|verb| {
            !matches!(
                verb,
                "stand" | "sit" | "have" | "hang" | "park" | "lie" | "lay" | "rest" | "sleep" | "perch"
            )
        }) {
            return None;
        }
        let place = match &self.place {
            Some(Place::Known(place)) => match *place {
                "under" => "above",
                "above" | "on" => "under",
                "behind" => "front",
                "front" => "behind",
                "left" => "right",
                "right" => "left",
                "near" => "near",
                "with" => "with",
                _ => return None,
            },
            Some(Place::Other(place)) if place == "of" || place == "part of" => {
                return Some(Self { verb: Some("have".to_owned()), place: None, passive: false });
            }
            _ => return None,
        };
        Some(Self { verb: None, place: Some(Place::Known(place)), passive: false })
    }

    /// How well this, which a caption says, answers `asked`. `is_worn` tells that the object is clothing,
    /// so that having and wearing are one.
    pub(super) fn answers(&self, asked: &Self, is_worn: bool) -> Match {
        if self == asked {
            return Match::Full;
        }
        if self.passive != asked.passive {
            return Match::No;
        }
        match (&asked.verb, &self.verb) {
            (None, None) => self.place_answers(asked, is_worn),
            (None, Some(verb)) => {
                if let Some(asked_place) = &asked.place {
                    if self.place.as_ref() == Some(asked_place) {
                        return Match::Full;
                    }
                    if is_worn && *asked_place == Place::Known("in") && verb == "wear" {
                        return Match::Full;
                    }
                    if *asked_place == Place::Known("with")
                        && (verb == "have" || verb == "wear" || verb == "hold" || verb == "carry")
                    {
                        return Match::Full;
                    }
                    if *asked_place == Place::Known("around") && verb == "surround" {
                        return Match::Full;
                    }
                    // Who rides a horse is on it.
                    if *asked_place == Place::Known("on")
                        && matches!(verb.as_str(), "ride" | "mount" | "surf")
                    {
                        return Match::Full;
                    }
                    return if self.place.is_some() && self.place_answers(asked, is_worn) == Match::Part {
                        Match::Part
                    } else {
                        Match::No
                    };
                }
                Match::No
            }
            (Some(verb), None) => match (&self.place, verb.as_str()) {
                (Some(Place::Known("with")), "have") => Match::Full,
                (Some(Place::Known("with" | "in")), "wear" | "dress") if is_worn => Match::Full,
                (Some(Place::Known("with")), "hold" | "carry" | "wear" | "use") => Match::Part,
                (Some(place), _) if asked.place.as_ref() == Some(place) => Match::Part,
                (Some(Place::Known("on")), "ride" | "sit") if asked.place.is_none() => Match::Part,
                _ => Match::No,
            },
            (Some(asked_verb), Some(verb)) => self.deed_answers(verb, asked, asked_verb, is_worn),
        }
    }

    /// How well one verb answers another.
    fn deed_answers(&self, verb: &str, asked: &Self, asked_verb: &str, is_worn: bool) -> Match {
        const STILL: [&str; 14] = [
            "be", "rest", "place", "set", "situate", "locate", "lie", "sit", "stand", "hang", "park",
            "sleep", "perch", "lean",
        ];
        if asked_verb == verb || text::same(asked_verb, verb) && !matches!(verb, "have" | "be") {
            return match (&asked.place, &self.place) {
                (None, _) | (_, None) => Match::Full,
                (Some(one), Some(other)) if one == other => Match::Full,
                _ if self.is_opposite(asked) => Match::No,
                _ => Match::Part,
            };
        }
        let is = |one: &[&str], other: &[&str]| one.contains(&asked_verb) && other.contains(&verb);
        if is(&["have"], &["wear", "hold", "carry", "feature", "contain"])
            || is(&["wear", "dress"], &["have", "dress", "wear"]) && is_worn
            || is(&["carry"], &["hold"])
        {
            return Match::Full;
        }
        // Both say that it is there, each in its way.
        let is_there = asked.place.is_some()
            && asked.place == self.place
            && is(&STILL, &STILL)
            && !are_postures(asked_verb, verb);
        let is_near =
            is(&["hold"], &["carry", "have", "use"]) || is(&["carry", "use"], &["have", "use", "hold"]);
        if is_there || is_near { Match::Part } else { Match::No }
    }

    fn place_answers(&self, asked: &Self, is_worn: bool) -> Match {
        let (Some(asked), Some(place)) = (&asked.place, &self.place) else { return Match::No };
        if asked == place {
            return Match::Full;
        }
        let (Place::Known(asked), Place::Known(place)) = (asked, place) else { return Match::No };
        match (*asked, *place) {
            ("in", "with") | ("with", "in") if is_worn => Match::Full,
            ("on" | "in" | "at" | "near", "on" | "in" | "at")
            | ("at", "near")
            | ("above", "on")
            | ("on", "above") => Match::Part,
            ("near", "front" | "behind" | "left" | "right") => Match::Part,
            _ => Match::No,
        }
    }

    /// Whether both cannot be true of the same two things.
    pub(super) fn is_opposite(&self, other: &Self) -> bool {
        let (Some(Place::Known(one)), Some(Place::Known(other))) = (&self.place, &other.place) else {
            return false;
        };
        OPPOSITES
            .iter()
            .any(|(first, second)| first == one && second == other || first == other && second == one)
    }
}

/// Who is laying on a bed is lying there; annotators write both.
pub(super) fn plain_verb(verb: &str) -> &str {
    if verb == "lay" { "lie" } else { verb }
}

/// Whether two verbs are postures, of which a body has one at a time.
pub(super) fn are_postures(one: &str, other: &str) -> bool {
    const POSTURES: [&str; 5] = ["sit", "stand", "kneel", "crouch", "squat"];
    const LYING: [&str; 3] = ["lie", "lay", "sleep"];
    let is = |verb: &str| POSTURES.contains(&verb);
    let lies = |verb: &str| LYING.contains(&verb);
    one != other && (is(one) && is(other) || is(one) && lies(other) || lies(one) && is(other))
}

/// Whether nobody does both at once.
pub(super) fn are_other_acts(one: &str, other: &str) -> bool {
    const SPORTS: [&str; 8] = ["surf", "ski", "skateboard", "snowboard", "swim", "skate", "bike", "golf"];
    const MOVES: [&str; 5] = ["walk", "run", "fly", "crawl", "jog"];
    const RESTS: [&str; 6] = ["sit", "stand", "lie", "lay", "sleep", "kneel"];
    let within = |list: &[&str]| list.contains(&one) && list.contains(&other) && one != other;
    let across = |first: &[&str], second: &[&str]| {
        first.contains(&one) && second.contains(&other) || second.contains(&one) && first.contains(&other)
    };
    let is_jog = matches!((one, other), ("run", "jog") | ("jog", "run"));
    are_postures(one, other)
        || within(&SPORTS)
        || within(&MOVES) && !is_jog
        || across(&MOVES, &RESTS)
        || across(&["ski", "snowboard", "swim", "sleep"], &MOVES)
        || across(&SPORTS, &["sleep", "lie", "eat"])
        || across(&["sleep"], &["eat", "drink", "read", "ride", "play", "jump", "drive", "cook"])
}

impl Place {
    fn of(words: &str) -> Self {
        if let Some((known, _)) = PLACES.iter().find(|(_, all)| all.contains(&words)) {
            return Self::Known(known);
        }
        let has = |word: &str| words.split(' ').any(|other| other == word);
        if has("left") || has("leave") {
            return Self::Known("left");
        }
        if has("right") {
            return Self::Known("right");
        }
        Self::Other(words.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn predicates_answer_each_other() {
        for (said, asked, expected) in [
            ("sit on", "on", Match::Full),
            ("on", "sit on", Match::Part),
            ("on top of", "on", Match::Full),
            ("next to", "beside", Match::Full),
            ("on", "under", Match::No),
            ("ride", "ride", Match::Full),
            ("ride", "on", Match::Full),
            ("with", "have", Match::Full),
            ("wear", "have", Match::Full),
            ("hold", "carry", Match::Full),
            ("with", "hold", Match::Part),
            ("ride", "hold", Match::No),
            ("at the left of", "left of", Match::Full),
            ("walk across", "walk", Match::Full),
        ] {
            assert_eq!(Predicate::of(said).answers(&Predicate::of(asked), false), expected, "{said} {asked}");
        }
        assert!(Predicate::of("to the left of").is_opposite(&Predicate::of("right of")));
        assert_eq!(Predicate::of("ride by").inverse(), Some(Predicate::of("ride")));
        assert_eq!(Predicate::of("above").inverse(), Some(Predicate::of("under")));
        assert!(
            are_other_acts("sit", "stand")
                && are_other_acts("walk", "sleep")
                && !are_other_acts("ride", "sit")
        );
    }

    proptest! {
        #[test]
        fn any_names(one in any::<String>(), other in "((be|sit|on|the|left|of|by|next|to) ){0,5}") {
            let (one, other) = (Predicate::of(&one), Predicate::of(&other));
            let _ = (one.answers(&other, true), other.answers(&one, false), one.inverse(), one.is_opposite(&other));
        }
    }
}
