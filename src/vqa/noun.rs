//! Whether a thing that is asked for is one that a caption names.

use rustc_hash::FxHashMap;

use crate::model::Descriptor;
use crate::text;

use super::words::List;

/// How well the name of a thing in a caption fits what is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It is something else.
    No,
    /// It may be meant, but the caption says less than the question: `person` for `surfer`.
    Loose,
    /// It is that, or a kind of it: `dog` for `animal`.
    Exact,
}

/// Pairs of names that are remembered at most.
const MOST: usize = 1 << 15;

/// Compares names of things, and remembers what came out.
#[derive(Debug, Default)]
pub(super) struct Nouns {
    known: FxHashMap<(Box<str>, Box<str>), Fit>,
    rivals: FxHashMap<(Box<str>, Box<str>), bool>,
}

impl Nouns {
    /// How well a thing of a caption fits one that is asked for. Both are in dictionary form.
    pub(super) fn fit(&mut self, asked: &str, named: &str) -> Fit {
        if asked == named {
            return Fit::Exact;
        }
        let pair = (Box::from(asked), Box::from(named));
        if let Some(fit) = self.known.get(&pair) {
            return *fit;
        }
        let found = fit(asked, named);
        if self.known.len() >= MOST {
            self.known.clear();
        }
        self.known.insert(pair, found);
        found
    }

    /// Whether two things cannot be one: `dog` and `cat`, `man` and `woman`, but not `man` and `surfer`.
    pub(super) fn are_rivals(&mut self, one: &str, other: &str) -> bool {
        if self.fit(one, other) != Fit::No || self.fit(other, one) != Fit::No {
            return false;
        }
        let pair = (Box::from(one), Box::from(other));
        if let Some(known) = self.rivals.get(&pair) {
            return *known;
        }
        let found = are_rivals(one, other);
        if self.rivals.len() >= MOST {
            self.rivals.clear();
        }
        self.rivals.insert(pair, found);
        found
    }
}

/// Words of a name in dictionary form, single spaces between, without articles and owners.
pub(super) fn dictionary_form(name: &str) -> String {
    const CLOSED: [&str; 12] =
        ["a", "an", "the", "this", "that", "these", "those", "his", "her", "its", "their", "some"];
    let words = text::words(name);
    let is_open = |word: &&text::Word| !CLOSED.contains(&word.folded.as_str());
    let open: Vec<&str> = words.iter().filter(is_open).map(|word| text::lemma(&word.folded)).collect();
    if open.is_empty() {
        return words.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ");
    }
    open.join(" ")
}

/// The name of a thing of a text. To the extractor, as to the annotators that it learned from, a guy is a
/// person; what stands in the text says more.
pub(super) fn thing_name(of: &Descriptor, text: &str) -> String {
    let name = dictionary_form(&of.name);
    let written = || {
        let place = of.evidence.first()?;
        let written = dictionary_form(text.get(place.start as usize..place.end as usize)?);
        ((is_person(&written) || List::Wild.has(&written)) && !written.contains(' ')).then_some(written)
    };
    if name == "person" { written().unwrap_or(name) } else { name }
}

/// Whether two persons cannot be one, by sex or age.
fn are_other_persons(one: &str, other: &str) -> bool {
    let head = |name: &str| name.rsplit(' ').next().unwrap_or_default().to_owned();
    let (one, other) = (head(one), head(other));
    let crosses = |first: List, second: List| {
        first.has(&one) && second.has(&other) || second.has(&one) && first.has(&other)
    };
    crosses(List::Male, List::Female) || crosses(List::Young, List::Grown)
}

/// Whether a person has a role of its own: a surfer is no skier.
fn has_role(name: &str) -> bool {
    let head = name.rsplit(' ').next().unwrap_or_default();
    ![List::Male, List::Female, List::Young, List::Grown, List::Anybody].iter().any(|list| list.has(head))
}

pub(super) fn is_person(name: &str) -> bool {
    text::concept("person").is_some_and(|person| person.contains(name))
}

fn fit(asked: &str, named: &str) -> Fit {
    // To annotators, and so to the tree of concepts, a guy is just a person.
    let asked = if matches!(asked, "guy" | "dude" | "fellow") { "man" } else { asked };
    if asked == named {
        return Fit::Exact;
    }
    let (is_person_asked, is_person_named) = (is_person(asked), is_person(named));
    if is_person_asked && is_person_named && are_other_persons(asked, named) {
        return Fit::No;
    }
    if are_synonyms(asked, named) && !(is_person_asked && is_person_named && tells_more(asked, named)) {
        return Fit::Exact;
    }
    if text::concept(asked).is_some_and(|concept| concept.contains(named)) {
        return Fit::Exact;
    }
    // A traffic light is a light; but a hot dog is no dog, since it is food.
    if named.strip_suffix(asked).is_some_and(|before| before.ends_with(' '))
        && text::supersense(asked) == text::supersense(named)
    {
        return Fit::Exact;
    }
    if is_person_asked && is_person_named && has_role(asked) && has_role(named) {
        return Fit::No;
    }
    let more = text::concept(named).is_some_and(|concept| concept.contains(asked));
    let shares_head = asked.rsplit(' ').next() == named.rsplit(' ').next();
    let is_shorter = named.split(' ').count() < asked.split(' ').count();
    if more || shares_head && is_shorter || is_person_asked && is_person_named {
        return Fit::Loose;
    }
    Fit::No
}

/// Whether two words mean the same where they stand in pictures. `text::same` has all senses of a word, in which
/// a dog is also a hot dog, a man a piece, and a bed the bottom of the sea.
fn are_synonyms(one: &str, other: &str) -> bool {
    let lists = |first: &str, second: &str| text::synonyms(first).contains(&second);
    text::same(one, other) && lists(one, other) && lists(other, one)
}

/// Whether one person's sex or age is told, and the other's is not.
fn tells_more(one: &str, other: &str) -> bool {
    let head = |name: &str| name.rsplit(' ').next().unwrap_or_default().to_owned();
    let (one, other) = (head(one), head(other));
    let tells =
        |name: &str| [List::Male, List::Female, List::Young, List::Grown].iter().any(|list| list.has(name));
    tells(&one) && !tells(&other)
}

fn are_rivals(one: &str, other: &str) -> bool {
    if is_person(one) && is_person(other) {
        return are_other_persons(one, other) || has_role(one) && has_role(other);
    }
    let is_thing = |name: &str| text::supersense(name).is_some() && !text::is_abstract(name);
    let head = |name: &str| name.rsplit(' ').next().unwrap_or_default().to_owned();
    is_thing(one) && is_thing(other) && head(one) != head(other)
}

/// Whether two words share a meaning and differ by an ending: `wood` and `wooden`, `confident` and
/// `confidently`, `sun` and `sunny`.
pub(super) fn are_related(one: &str, other: &str) -> bool {
    const ENDINGS: [&str; 14] =
        ["ly", "en", "y", "ed", "ish", "ness", "ern", "ing", "er", "like", "al", "ful", "ened", "s"];
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short.len() < 3 {
        return false;
    }
    // `man` and `many` are no kin.
    let grows = |stem: &str| {
        let ending = long.strip_prefix(stem).filter(|ending| ENDINGS.contains(ending));
        ending.is_some_and(|ending| stem.len() > 3 || ending == "ing")
    };
    let doubled = || {
        let last = short.chars().next_back()?;
        long.strip_prefix(short)?.strip_prefix(last).filter(|ending| ENDINGS.contains(ending))
    };
    let dropped = || {
        short.strip_suffix(['e', 'y']).filter(|stem| stem.len() > 2).is_some_and(|stem| {
            long.strip_prefix(stem)
                .is_some_and(|ending| matches!(ending, "y" | "ing" | "ed" | "ily" | "iness" | "ier" | "ied"))
        })
    };
    grows(short) || doubled().is_some() || dropped()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn things_fit_what_is_asked_for() {
        let mut nouns = Nouns::default();
        for (asked, named, expected) in [
            ("dog", "dog", Fit::Exact),
            ("animal", "dog", Fit::Exact),
            ("dog", "animal", Fit::Loose),
            ("person", "surfer", Fit::Exact),
            ("surfer", "person", Fit::Loose),
            ("surfer", "man", Fit::Loose),
            ("man", "woman", Fit::No),
            ("boy", "man", Fit::No),
            ("light", "traffic light", Fit::Exact),
            ("dog", "hot dog", Fit::No),
            ("sofa", "couch", Fit::Exact),
            ("dog", "cat", Fit::No),
            ("man", "piece", Fit::No),
        ] {
            assert_eq!(nouns.fit(asked, named), expected, "{asked} {named}");
        }
    }

    #[test]
    fn things_that_cannot_be_one() {
        let mut nouns = Nouns::default();
        for (one, other, expected) in [
            ("dog", "cat", true),
            ("man", "woman", true),
            ("man", "surfer", false),
            ("horse", "bicycle", true),
            ("dog", "animal", false),
            ("joy", "cat", false),
        ] {
            assert_eq!(nouns.are_rivals(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn words_that_differ_by_an_ending() {
        for (one, other, expected) in [
            ("wood", "wooden", true),
            ("confident", "confidently", true),
            ("sun", "sunny", true),
            ("cloud", "cloudy", true),
            ("smoke", "smoky", true),
            ("car", "carpet", false),
            ("cat", "cattle", false),
            ("man", "mane", false),
            ("man", "many", false),
        ] {
            assert_eq!(are_related(one, other), expected, "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn any_names(one in any::<String>(), other in any::<String>()) {
            let mut nouns = Nouns::default();
            let _ = (nouns.fit(&one, &other), nouns.are_rivals(&one, &other), are_related(&one, &other), dictionary_form(&one));
        }
    }
}
