//! Facts of a statement that the extractor has passed over, and rules know: whose property was asked for, how
//! many there are, what is done.

use std::ops::Range;

use crate::model::{Descriptor, Evidence, Facet};
use crate::text;

use super::ask::{Asked, Gap, Wh};
use super::claim::Claim;
use super::grammar::{
    can_be_noun, can_be_verb, head_of, is_auxiliary, is_gerund, is_participle, is_preposition, tokens,
};
use super::kind::QuestionKind;
use super::normal::number;
use super::noun::dictionary_form;
use super::statement::{Polarity, Statement};
use super::words::List;

/// Adds what was asked for where the extractor has not found it: the value of a property, a number.
pub(super) fn complete(
    found: &mut Vec<Descriptor>,
    claim: &Claim,
    asked: &Asked,
    statement: &Statement,
    range: &Range<usize>,
) {
    if claim.polarity == Polarity::No && statement.asked.is_none() || statement.is_whole {
        return;
    }
    let said = statement.positive.get(range.clone()).unwrap_or_default();
    let evidence = Evidence { caption: 0, start: range.start as u32, end: range.end as u32, sentence: 0 };
    let add = |found: &mut Vec<Descriptor>, facet: Facet, name: &str, parent: Option<u32>| {
        let is_there =
            found.iter().any(|other| other.facet == facet && other.parent == parent && other.name == name);
        if !is_there {
            let evidence = vec![evidence];
            found.push(Descriptor {
                parent,
                evidence,
                ..Descriptor::new(facet, name, Descriptor::EXTRACTED)
            });
        }
    };
    let before = statement.positive.get(..range.start).unwrap_or_default();
    let overlaps = |of: &Descriptor| {
        of.evidence.iter().any(|place| (place.start as usize) < range.end && place.end as usize > range.start)
    };
    let is_asked =
        |found: &[Descriptor], facet: Facet| found.iter().any(|of| of.facet == facet && overlaps(of));
    if matches!(asked, Asked::Open { word: Wh::HowMany, .. }) {
        add_act(found, asked, statement, range, None);
    }
    if let Asked::Open { word: Wh::HowMany, noun, .. } = asked
        && let Some(number) = number(&claim.answer)
    {
        let head = dictionary_form(noun);
        let last = head.rsplit(' ').next().unwrap_or_default();
        let owner = found.iter().position(|of| {
            of.facet == Facet::Object && dictionary_form(&of.name).rsplit(' ').next() == Some(last)
        });
        let has = found.iter().any(|of| of.facet == Facet::Count && of.name == number.to_string());
        if let (Some(owner), false) = (owner, has) {
            add(found, Facet::Count, &number.to_string(), Some(owner as u32));
        }
        return;
    }
    let is_wild =
        |at: &u32| found.get(*at as usize).is_some_and(|of| List::Wild.has(&dictionary_form(&of.name)));
    let owner = subject_of(before, found, range.start).filter(|at| !is_wild(at));
    add_act(found, asked, statement, range, owner);
    let said = without_auxiliary(said);
    let is_said_to_be = tokens(before).last().is_some_and(|last| is_be(&last.low))
        || matches!(asked, Asked::Polar { auxiliary, .. } if is_be(auxiliary));
    let is_property = is_said_to_be && (claim.kind == QuestionKind::Color || text::dimension(said).is_some());
    if claim.kind == QuestionKind::Text && !is_asked(found, Facet::Text) && !said.is_empty() {
        let place = found.iter().position(|of| {
            of.facet == Facet::Object
                && of.evidence.first().is_some_and(|place| place.start as usize >= range.end)
        });
        add(found, Facet::Text, said.trim_matches('"'), owner.or(place.map(|at| at as u32)));
        return;
    }
    if is_property && owner.is_some() {
        for value in values(said) {
            // `a red shirt` has an owner of its own.
            let known = found.iter().any(|of| match of.facet {
                Facet::Attribute => of.name.contains(value) || value.contains(&of.name),
                Facet::Action => text::lemma(&value.to_lowercase()) == of.name,
                Facet::Scene => of.name == value,
                _ => false,
            });
            if !known && text::dimension(value).is_some() {
                add(found, Facet::Attribute, value, owner);
            }
        }
        return;
    }
    // `The dog is happy`: one word that the extractor passed over.
    let nothing = ![
        Facet::Attribute,
        Facet::Action,
        Facet::Spatial,
        Facet::Relation,
        Facet::Object,
        Facet::Scene,
        Facet::Text,
        Facet::Count,
    ]
    .into_iter()
    .any(|facet| is_asked(found, facet));
    if nothing && owner.is_some() && !said.contains(' ') && !is_preposition(said) && !said.is_empty() {
        add(found, Facet::Attribute, &said.to_lowercase(), owner);
    }
}

pub(super) fn is_be(auxiliary: &str) -> bool {
    matches!(auxiliary, "is" | "are" | "was" | "were")
}

/// What is said, without the `is` before it.
fn without_auxiliary(said: &str) -> &str {
    let said = said.trim();
    said.split_once(' ').filter(|(first, _)| is_be(first)).map_or(said, |(_, rest)| rest)
}

/// Adds what is done where the extractor has no such verb: `The people are standing.`
fn add_act(
    found: &mut Vec<Descriptor>,
    asked: &Asked,
    statement: &Statement,
    range: &Range<usize>,
    owner: Option<u32>,
) {
    let said = match asked {
        Asked::Polar { .. } if !asked.alternatives().is_empty() => {
            without_auxiliary(statement.positive.get(range.clone()).unwrap_or_default())
        }
        Asked::Polar { rest, .. } => rest.as_str(),
        Asked::Open { gap: Gap::Subject { predicate }, .. } => without_auxiliary(predicate),
        Asked::Open { word: Wh::What | Wh::Who | Wh::Where, gap: Gap::After { rest, .. }, .. } => {
            if rest.starts_with("doing") || rest == "do" {
                statement.positive.get(range.clone()).unwrap_or_default()
            } else {
                rest.as_str()
            }
        }
        _ => return,
    };
    let words = tokens(said);
    let Some(first) = words.first() else { return };
    let lemma = text::lemma(&first.low);
    let is_plain = matches!(asked, Asked::Polar { auxiliary, .. } if !is_be(auxiliary))
        || matches!(asked, Asked::Open { gap: Gap::After { auxiliary, .. }, .. } if !is_be(auxiliary));
    let is_verb = is_gerund(&first.low)
        || is_participle(&first.low)
        || is_plain
            && can_be_verb(lemma)
            && !matches!(lemma, "look" | "appear" | "seem" | "have" | "say" | "read")
        || lemma != first.low && first.low.ends_with('s') && can_be_verb(lemma);
    // The extractor has annotators' words for some: `graze on` for `chewing on`.
    let is_known = found.iter().any(|of| {
        let is_said = of.evidence.iter().any(|place| {
            let said = statement.positive.get(place.start as usize..place.end as usize).unwrap_or_default();
            said.split(' ').next().is_some_and(|word| word.eq_ignore_ascii_case(&first.text))
        });
        is_said && matches!(of.facet, Facet::Action | Facet::Spatial | Facet::Relation)
            || matches!(of.facet, Facet::Action | Facet::Spatial | Facet::Relation | Facet::Attribute)
                && of.name.split(' ').any(|word| text::lemma(word) == lemma || word == first.low)
    });
    if !is_verb || is_known {
        return;
    }
    // Where the verb stands in the statement, in whatever form.
    let stem = first.low.get(..3).unwrap_or(&first.low);
    let low = statement.positive.to_lowercase();
    let from = if matches!(asked, Asked::Open { gap: Gap::Subject { .. }, .. }) { range.end } else { 0 };
    let at = low.get(from..).and_then(|rest| rest.find(stem)).map_or(range.start, |at| at + from);
    let evidence =
        vec![Evidence { caption: 0, start: at as u32, end: (at + first.low.len()) as u32, sentence: 0 }];
    let is_thing = |of: &&(usize, &Descriptor)| {
        of.1.facet == Facet::Object && of.1.evidence.first().is_some_and(|place| place.start as usize > at)
    };
    let object = found.iter().enumerate().filter(|of| is_thing(&of)).map(|(place, _)| place as u32).next();
    let is_subject = matches!(asked, Asked::Open { gap: Gap::Subject { .. }, .. });
    let subject = if is_subject {
        // What is counted stands behind the number.
        let is_counted = matches!(asked, Asked::Open { word: Wh::HowMany, .. });
        let is_answer = |of: &Descriptor| {
            let mut places = of.evidence.iter().map(|place| place.start as usize);
            of.facet == Facet::Object
                && places
                    .any(|start| range.contains(&start) || is_counted && start >= range.start && start < at)
        };
        found.iter().rposition(is_answer).map(|place| place as u32)
    } else {
        owner
    };
    let preposition = words
        .get(1)
        .filter(|word| is_preposition(&word.low) && words.len() > 2)
        .map(|word| word.low.as_str());
    let is_particle = words.get(1).is_some_and(|word| is_preposition(&word.low) && words.len() == 2);
    let mut target = object;
    // `doing a trick`: the trick may be unknown too.
    if object.is_none()
        && !is_particle
        && words.len() > 1
        && !matches!(asked, Asked::Open { gap: Gap::After { .. }, .. })
    {
        let rest = words.get(1 + usize::from(preposition.is_some())..).unwrap_or_default();
        let noun = head_of(rest).filter(|head| can_be_noun(&head.low) && !head.low.ends_with("ly"));
        if let Some(noun) =
            noun.filter(|noun| text::supersense(&noun.low).is_some() && !is_preposition(&noun.low))
        {
            target = Some(found.len() as u32);
            let evidence = evidence.clone();
            found.push(Descriptor {
                evidence,
                ..Descriptor::new(Facet::Object, noun.low.as_str(), Descriptor::EXTRACTED)
            });
        }
    }
    let name = match (preposition, target) {
        (Some(preposition), Some(_)) => format!("{lemma} {preposition}"),
        _ => lemma.to_owned(),
    };
    if let Some(subject) = subject {
        let base = Descriptor::new(Facet::Action, name, Descriptor::EXTRACTED);
        found.push(Descriptor {
            evidence,
            parent: Some(subject),
            target: target.filter(|target| *target != subject),
            ..base
        });
    }
}

/// The single values of `black and white`.
fn values(said: &str) -> Vec<&str> {
    let joined = said.split(" and ").flat_map(|part| part.split([',', '/', '&']));
    joined.map(str::trim).filter(|value| !value.is_empty()).collect()
}

/// The descriptor of the subject's head among those before a place of the statement.
pub(super) fn subject_of(before: &str, found: &[Descriptor], end: usize) -> Option<u32> {
    let mut words = tokens(before);
    while words.last().is_some_and(|last| is_auxiliary(&last.low)) {
        words.pop();
    }
    let head = text::lemma(&head_of(&words)?.low).to_owned();
    let is_before = |of: &Descriptor| {
        of.facet == Facet::Object && of.evidence.first().is_some_and(|place| place.end as usize <= end)
    };
    let is_head = |of: &Descriptor| dictionary_form(&of.name).rsplit(' ').next() == Some(head.as_str());
    let by_name = found.iter().position(|of| is_before(of) && is_head(of));
    by_name.or_else(|| found.iter().rposition(is_before)).map(|at| at as u32)
}
