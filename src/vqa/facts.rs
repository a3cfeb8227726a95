//! The facts of a statement: what each descriptor of it says, and which of them have to be found.

use std::ops::Range;

use crate::model::{Descriptor, Facet};
use crate::text;

use super::ask::{Asked, Gap, Wh};
use super::claim::{Claim, Fact, Triple, What};
use super::complete::{is_be, subject_of};
use super::content::Term;
use super::grammar::{is_participle, is_preposition};
use super::normal::normalised;
use super::noun::{are_related, dictionary_form, is_person};
use super::predicate::Predicate;
use super::words::List;

/// A subject and what it is said to be: `the room` and `a kitchen`.
pub(super) fn identity(
    claim: &Claim,
    asked: &Asked,
    found: &[Descriptor],
    places: &[Option<usize>],
    range: &Range<usize>,
) -> Option<(usize, usize)> {
    let is_plain = match asked {
        Asked::Polar { auxiliary, rest, .. } => {
            let first = rest.split(' ').next().unwrap_or_default().to_lowercase();
            is_be(auxiliary) && !is_preposition(&first) && !is_participle(&first)
        }
        Asked::Open { word: Wh::What | Wh::Who, gap: Gap::After { auxiliary, rest, .. }, .. } => {
            is_be(auxiliary) && rest.is_empty()
        }
        _ => false,
    };
    let statement = claim.statement.as_ref()?;
    if !is_plain || statement.is_whole {
        return None;
    }
    let start = |of: &Descriptor| of.evidence.first().map(|place| place.start as usize);
    let is_noun =
        |of: &Descriptor| of.facet == Facet::Object && start(of).is_some_and(|at| range.contains(&at));
    // The first thing of the predicate is what it is; others stand behind a preposition.
    let noun = found.iter().position(is_noun)?;
    let subject = subject_of(statement.positive.get(..range.start)?, found, range.start)?;
    Some((places.get(subject as usize).copied().flatten()?, places.get(noun).copied().flatten()?))
}

/// The fact of a descriptor of the statement.
pub(super) fn what_of(
    of: &Descriptor,
    text: &str,
    place: Option<usize>,
    thing: &dyn Fn(Option<u32>) -> Option<usize>,
) -> Option<What> {
    let (owner, target) = (thing(of.parent), thing(of.target));
    match of.facet {
        Facet::Object => place.map(What::Thing),
        Facet::Attribute => Some(What::Value { owner, value: of.name.to_lowercase() }),
        Facet::Count => match of.name.parse() {
            Ok(number) => Some(What::Count { owner: owner?, number }),
            Err(_) => Some(What::Vague { owner: owner?, word: of.name.to_lowercase() }),
        },
        Facet::Spatial | Facet::Action | Facet::Relation => match target {
            Some(object) => {
                Some(What::Link { subject: owner?, predicate: Predicate::said(of, text), object })
            }
            None => Some(What::Act { subject: owner?, verb: dictionary_form(&of.name) }),
        },
        Facet::Text => Some(What::Text { owner, text: normalised(&of.name) }),
        Facet::Scene => Some(What::Scene { name: of.name.to_lowercase() }),
        Facet::Entity => Some(What::Name { name: of.name.to_lowercase() }),
    }
}

/// The words of question and answer that the reading of the statement has in none of its facts.
pub(super) fn unread(claim: &Claim, found: &[Descriptor]) -> Vec<Term> {
    let mut read: Vec<String> = Vec::new();
    // What is written somewhere is compared as it is.
    if claim.facts.iter().any(|fact| matches!(fact.what, What::Text { .. })) {
        return Vec::new();
    }
    for of in found {
        let is_alone = of.facet == Facet::Object
            && found.iter().filter(|other| other.facet == Facet::Object).count() > 1
            && !claim.facts.iter().any(|fact| match &fact.what {
                What::Thing(at) => {
                    claim.things.get(*at).is_some_and(|thing| thing.name == dictionary_form(&of.name))
                }
                _ => true,
            });
        if !is_alone {
            read.extend(dictionary_form(&of.name).split(' ').map(str::to_owned));
            // The extractor has annotators' words for some: `graze on` for `chewing on`.
            let positive = claim.statement.as_ref().map_or("", |statement| statement.positive.as_str());
            for place in &of.evidence {
                let said = positive.get(place.start as usize..place.end as usize).unwrap_or_default();
                read.extend(dictionary_form(said).split(' ').map(str::to_owned));
            }
        }
    }
    let is_read = |term: &Term| {
        // A guy is read as a person.
        let is_person = is_person(&term.lemma) && read.iter().any(|other| other == "person");
        is_person
            || term.lemma.split(' ').all(|word| {
                read.iter().any(|other| other == word || are_related(other, word) || text::same(other, word))
            })
            || term.number.is_some_and(|number| read.iter().any(|other| *other == number.to_string()))
    };
    let all = claim.context_terms.iter().chain(&claim.focus_terms);
    all.filter(|term| !is_read(term) && !List::Frame.has(term.lemma.as_str())).cloned().collect()
}

/// Leaves the facts that have to be found: a thing that another fact is about need not be found apart,
/// and to be in the picture is to be there.
pub(super) fn tidy(claim: &mut Claim) {
    let is_frame = |at: usize| claim.things.get(at).is_some_and(|thing| List::Frame.has(thing.name.as_str()));
    let is_any = |at: usize| claim.things.get(at).is_some_and(|thing| thing.is_wild);
    let positive = claim.statement.as_ref().map_or("", |statement| statement.positive.as_str());
    let says_having = positive.split(' ').any(|word| {
        matches!(word, "has" | "have" | "had" | "having" | "with" | "wearing" | "holding" | "carrying")
    });
    let mut facts: Vec<Fact> = claim
        .facts
        .iter()
        .cloned()
        .map(|mut fact| {
            if let What::Link { subject, predicate, object } = &fact.what {
                // To be in the picture is to be there; and `they are wine bottles` has no one who has them.
                if is_frame(*object) {
                    fact.what = What::Thing(*subject);
                } else if is_frame(*subject) || !says_having && predicate.is_having() && is_any(*subject) {
                    fact.what = What::Thing(*object);
                }
            }
            fact
        })
        .collect();
    let is_about = |what: &What, thing: usize| match what {
        What::Value { owner, .. } | What::Text { owner, .. } => *owner == Some(thing),
        What::Count { owner, .. } | What::Vague { owner, .. } => *owner == thing,
        What::Link { subject, object, .. } => *subject == thing || *object == thing,
        What::Act { subject, .. } => *subject == thing,
        What::Is { subject, noun } => *subject == thing || *noun == thing,
        What::Thing(_) | What::Scene { .. } | What::Name { .. } => false,
    };
    let asked: Vec<What> = facts.iter().filter(|fact| fact.is_asked).map(|fact| fact.what.clone()).collect();
    let scenes: Vec<String> = asked
        .iter()
        .filter_map(|what| if let What::Scene { name } = what { Some(name.clone()) } else { None })
        .collect();
    let has_more = asked.iter().any(|what| !matches!(what, What::Scene { .. } | What::Name { .. }));
    let named = |at: usize| claim.things.get(at).map_or("", |thing| thing.name.as_str());
    let is_wild = |at: usize| claim.things.get(at).is_some_and(|thing| thing.is_wild);
    facts.retain(|fact| match &fact.what {
        What::Thing(at) => {
            let is_covered = asked.iter().any(|what| is_about(what, *at));
            // That a picture is a picture is no fact of it, as `measure` counts them.
            !(is_covered || is_wild(*at) || is_frame(*at))
        }
        // The weather that is sunny is a sunny scene.
        What::Value { owner: Some(owner), value } => {
            !(matches!(named(*owner), "weather" | "day" | "time" | "sky")
                && scenes.iter().any(|name| name == value))
        }
        // `a stack of books` counts nothing.
        What::Vague { word, .. } => matches!(
            word.split(' ').next().unwrap_or_default(),
            "several"
                | "many"
                | "few"
                | "a"
                | "some"
                | "numerous"
                | "multiple"
                | "various"
                | "dozens"
                | "lots"
        ),
        // A scene or a name that is a thing too adds nothing.
        What::Scene { .. } | What::Name { .. } => {
            let is_weather = asked.iter().all(|what| match what {
                What::Value { owner: Some(owner), .. } => {
                    matches!(named(*owner), "weather" | "day" | "time" | "sky")
                }
                What::Thing(at) => is_wild(*at) || matches!(named(*at), "weather" | "day" | "time"),
                What::Scene { .. } | What::Name { .. } => true,
                _ => false,
            });
            !has_more || is_weather
        }
        _ => true,
    });
    facts.dedup();
    claim.facts = facts;
}

/// Which descriptor tells best what is asked: relations first, things last.
pub(super) fn rank(of: &Descriptor) -> u8 {
    match of.facet {
        Facet::Count => 0,
        Facet::Spatial | Facet::Action | Facet::Relation if of.target.is_some() => 1,
        Facet::Attribute => 2,
        Facet::Action | Facet::Spatial | Facet::Relation => 3,
        Facet::Text => 4,
        Facet::Entity | Facet::Scene => 7,
        Facet::Object => 8,
    }
}

pub(super) fn triple(found: &[Descriptor], at: usize) -> Option<Triple> {
    let of = found.get(at)?;
    let named = |place: Option<u32>| {
        place.and_then(|place| found.get(place as usize)).map(|end| dictionary_form(&end.name))
    };
    let (owner, target) = (named(of.parent), named(of.target));
    let (subject, predicate, object) = match of.facet {
        Facet::Object => (dictionary_form(&of.name), "exist".to_owned(), None),
        Facet::Attribute | Facet::Count => (owner?, "is".to_owned(), Some(of.name.clone())),
        Facet::Spatial | Facet::Action | Facet::Relation => (owner?, of.name.clone(), target),
        Facet::Text => (owner.unwrap_or_else(|| "text".to_owned()), "say".to_owned(), Some(of.name.clone())),
        Facet::Scene => ("scene".to_owned(), "is".to_owned(), Some(of.name.clone())),
        Facet::Entity => (of.name.clone(), "exist".to_owned(), None),
    };
    Some(Triple { subject, predicate, object })
}
