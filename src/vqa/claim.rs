//! What a question and its answer claim of a picture, as facts that a caption can say or deny.
//!
//! The statement is read by the extractor that reads captions, so that what is said in the same way is
//! found in the same form; what rules know better (whose color was asked for) they add.

use std::ops::Range;

use crate::measure::Scribe;
use crate::model::{Descriptor, Evidence, Facet, Question};
use crate::text;
use crate::text::extract::Extractor;

use super::ask::{Asked, Gap, Wh};
use super::content::{Term, strict_terms, terms};
use super::grammar::{head_of, is_auxiliary, is_preposition, tokens};
use super::kind::{QuestionKind, classify};
use super::normal::{best_answer, normalised, number};
use super::noun::{dictionary_form, thing_name};
use super::predicate::Predicate;
use super::statement::{Polarity, Statement, polarity, statement};

/// Things that may be anything.
const WILD: &[&str] = &[
    "it",
    "this",
    "that",
    "these",
    "those",
    "they",
    "he",
    "she",
    "you",
    "we",
    "i",
    "there",
    "thing",
    "something",
    "anything",
    "one",
    "object",
    "item",
    "someone",
    "anyone",
    "them",
    "him",
    "her",
];

/// Things that are the picture itself.
const FRAMES: &[&str] = &["image", "picture", "photo", "photograph", "scene", "shot", "view", "frame"];

/// A question with its answer, ready to be held against captions.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The prefix of the question, of a closed table.
    pub prefix: &'static str,
    /// What kind of answer it wants.
    pub kind: QuestionKind,
    /// What the answer asserts.
    pub polarity: Polarity,
    /// The answer that is judged, as it was written; empty where there is none.
    pub answer: String,
    /// Whether a yes/no question came without an answer, so that `yes` is taken for it.
    pub is_assumed: bool,
    /// Both as a sentence, where the rules know how.
    pub statement: Option<Statement>,
    /// The fact that is asked for.
    pub triple: Option<Triple>,
    /// What that fact is counted under, as `measure` counts facts of captions.
    pub keys: Vec<String>,
    pub(super) things: Vec<Thing>,
    pub(super) facts: Vec<Fact>,
    pub(super) answer_terms: Vec<Term>,
    pub(super) question_terms: Vec<Term>,
    /// Where something is was asked for, and the answer names only a thing there.
    pub(super) is_any_place: bool,
    /// One of a kind is asked for: `who`, `what animal`.
    pub(super) asks_one: bool,
    /// The kind of thing that is asked for: `animal`.
    pub(super) class: Option<String>,
    /// Words that no fact has; while there are any, the facts are not all that is claimed.
    pub(super) unread: Vec<Term>,
    /// What is said of the subject, or the answer; and the rest, that it is said of.
    pub(super) focus_terms: Vec<Term>,
    pub(super) context_terms: Vec<Term>,
}

impl Claim {
    /// Words of question and answer that the rules have not understood; while there are any, the facts that were
    /// read are not all that is claimed.
    pub fn unread_words(&self) -> Vec<&str> {
        self.unread.iter().map(|term| term.lemma.as_str()).collect()
    }
}

/// A fact in three words: `dog is brown`, `man ride horse`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Triple {
    /// Of whom.
    pub subject: String,
    /// What: `is`, or a predicate.
    pub predicate: String,
    /// The value, or whom it concerns.
    pub object: Option<String>,
}

/// A thing that the statement names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Thing {
    /// In dictionary form.
    pub name: String,
    /// It may be anything: `it`, `something`.
    pub is_wild: bool,
    /// The answer names it.
    pub is_answer: bool,
}

/// One fact of the statement. Numbers are places in [`Claim::things`].
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fact {
    pub what: What,
    /// It is asked for; else it is taken for granted.
    pub is_asked: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    Thing(usize),
    Value { owner: Option<usize>, value: String },
    Count { owner: usize, number: u32 },
    Vague { owner: usize, word: String },
    Link { subject: usize, predicate: Predicate, object: usize },
    Act { subject: usize, verb: String },
    Is { subject: usize, noun: usize },
    Text { owner: Option<usize>, text: String },
    Scene { name: String },
    Name { name: String },
}

/// Makes claims; keeps the extractor's words between them. One for each thread.
#[derive(Debug)]
pub(super) struct Claimant {
    extractor: Extractor<'static>,
    scribe: Scribe,
}

impl Claimant {
    pub(super) fn new() -> Self {
        Self { extractor: Extractor::english(), scribe: Scribe::default() }
    }

    pub(super) fn extractor(&mut self) -> &mut Extractor<'static> {
        &mut self.extractor
    }

    pub(super) fn scribe(&mut self) -> &mut Scribe {
        &mut self.scribe
    }

    /// What a question claims with its answer.
    pub(super) fn claim(&mut self, question: &Question) -> Claim {
        let (text, options) = without_options(&question.question);
        let (prefix, kind) = classify(text);
        let asked = Asked::of(text);
        let choices = if question.choices.is_empty() { options } else { question.choices.clone() };
        let given = chosen(best_answer(&question.answers).unwrap_or_default(), &choices);
        let is_polar = matches!(asked, Asked::Exists { .. } | Asked::Polar { .. });
        let is_assumed = given.is_empty() && is_polar && asked.alternatives().is_empty();
        let answer = if is_assumed { "yes".to_owned() } else { given };
        let polarity = polarity(&asked, &answer);
        let statement = statement(&asked, &answer, polarity);
        let mut claim = Claim {
            prefix,
            kind,
            polarity,
            is_assumed,
            triple: None,
            keys: Vec::new(),
            things: Vec::new(),
            facts: Vec::new(),
            answer_terms: terms(without_yes(&answer)),
            question_terms: question_terms(text, &asked),
            is_any_place: matches!(&asked, Asked::Open { word: Wh::Where, .. }) && !names_place(&answer),
            asks_one: matches!(&asked, Asked::Open { word: Wh::Who, .. })
                || matches!(&asked, Asked::Open { word: Wh::What, noun, .. } if !noun.is_empty()),
            class: class(&asked),
            unread: Vec::new(),
            focus_terms: Vec::new(),
            context_terms: Vec::new(),
            statement,
            answer,
        };
        claim.focus_terms = claim.answer_terms.clone();
        claim.context_terms = claim.question_terms.clone();
        if matches!(polarity, Polarity::Yes | Polarity::No) {
            claim.answer_terms = claim.question_terms.clone();
            claim.focus_terms = claim.question_terms.clone();
        }
        if is_polar && let Some((before, said)) = claim.statement.as_ref().and_then(Statement::halves) {
            claim.focus_terms = strict_terms(said);
            claim.context_terms = strict_terms(before);
        }
        if let Some(statement) = claim.statement.clone() {
            self.read(&mut claim, &asked, &statement);
        }
        claim
    }

    fn read(&mut self, claim: &mut Claim, asked: &Asked, statement: &Statement) {
        let range = statement.asked.clone().unwrap_or(0..statement.positive.len());
        let mut found = self.extractor.read(&statement.positive, 0).descriptors;
        complete(&mut found, claim, asked, statement, &range);
        let overlaps = |descriptor: &Descriptor| {
            let mut places = descriptor.evidence.iter();
            places.any(|place| (place.start as usize) < range.end && place.end as usize > range.start)
        };
        let places: Vec<Option<usize>> = thing_places(&found);
        for (descriptor, place) in found.iter().zip(&places) {
            if place.is_some() {
                let name = thing_name(descriptor, &statement.positive);
                let is_wild = WILD.contains(&name.as_str());
                let is_answer = overlaps(descriptor);
                claim.things.push(Thing { name, is_wild, is_answer });
            }
        }
        let thing = |at: Option<u32>| places.get(at? as usize).copied().flatten();
        let mut asked_at = Vec::new();
        for (at, descriptor) in found.iter().enumerate() {
            let end = |place: Option<u32>| place.and_then(|place| found.get(place as usize));
            let is_asked = overlaps(descriptor)
                || descriptor.facet != Facet::Object
                    && (end(descriptor.parent).is_some_and(overlaps)
                        || end(descriptor.target).is_some_and(overlaps));
            if let Some(what) = what_of(descriptor, places.get(at).copied().flatten(), &thing) {
                claim.facts.push(Fact { what, is_asked });
                if is_asked {
                    asked_at.push(at);
                }
            }
        }
        if let Some((subject, noun)) = identity(claim, asked, &found, &places, &range) {
            claim.facts.push(Fact { what: What::Is { subject, noun }, is_asked: true });
        }
        tidy(claim);
        claim.unread = unread(claim, &found);
        let main = |at: &usize| found.get(*at).map_or(9, rank);
        let best = asked_at.iter().map(main).min().unwrap_or(9);
        let is_main = |at: &&usize| main(at) < 7 || main(at) == best;
        let mut keys: Vec<String> =
            asked_at.iter().filter(is_main).filter_map(|at| self.scribe.key(&found, *at)).collect();
        keys.sort_unstable();
        keys.dedup();
        claim.keys = keys;
        let first = asked_at.iter().min_by_key(|at| (main(at), **at));
        claim.triple = first.and_then(|at| triple(&found, *at));
        if let Some(Fact { what: What::Is { subject, noun }, .. }) = claim.facts.last()
            && let (Some(subject), Some(noun)) = (claim.things.get(*subject), claim.things.get(*noun))
        {
            claim.triple = Some(Triple {
                subject: subject.name.clone(),
                predicate: "is".to_owned(),
                object: Some(noun.name.clone()),
            });
        }
    }
}

/// Adds what was asked for where the extractor has not found it: the value of a property, a number.
fn complete(
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
    let is_wild = |at: &u32| {
        found.get(*at as usize).is_some_and(|of| WILD.contains(&dictionary_form(&of.name).as_str()))
    };
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

fn is_be(auxiliary: &str) -> bool {
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
    let is_verb = super::grammar::is_gerund(&first.low)
        || super::grammar::is_participle(&first.low)
        || is_plain
            && super::grammar::can_be_verb(lemma)
            && !matches!(lemma, "look" | "appear" | "seem" | "have" | "say" | "read")
        || lemma != first.low && first.low.ends_with('s') && super::grammar::can_be_verb(lemma);
    let is_known = found.iter().any(|of| {
        matches!(of.facet, Facet::Action | Facet::Spatial | Facet::Relation | Facet::Attribute)
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
        let noun =
            head_of(rest).filter(|head| super::grammar::can_be_noun(&head.low) && !head.low.ends_with("ly"));
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

/// For each descriptor that is a thing, its place among the things.
fn thing_places(found: &[Descriptor]) -> Vec<Option<usize>> {
    let mut next = 0;
    let place = |descriptor: &Descriptor| {
        let is_thing = descriptor.facet == Facet::Object;
        next += usize::from(is_thing);
        is_thing.then(|| next - 1)
    };
    found.iter().map(place).collect()
}

/// The descriptor of the subject's head among those before a place of the statement.
fn subject_of(before: &str, found: &[Descriptor], end: usize) -> Option<u32> {
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

/// A subject and what it is said to be: `the room` and `a kitchen`.
fn identity(
    claim: &Claim,
    asked: &Asked,
    found: &[Descriptor],
    places: &[Option<usize>],
    range: &Range<usize>,
) -> Option<(usize, usize)> {
    let is_plain = match asked {
        Asked::Polar { auxiliary, rest, .. } => {
            let first = rest.split(' ').next().unwrap_or_default().to_lowercase();
            is_be(auxiliary) && !is_preposition(&first) && !super::grammar::is_participle(&first)
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
fn what_of(
    of: &Descriptor,
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
            Some(object) => Some(What::Link { subject: owner?, predicate: Predicate::of(&of.name), object }),
            None => Some(What::Act { subject: owner?, verb: dictionary_form(&of.name) }),
        },
        Facet::Text => Some(What::Text { owner, text: normalised(&of.name) }),
        Facet::Scene => Some(What::Scene { name: of.name.to_lowercase() }),
        Facet::Entity => Some(What::Name { name: of.name.to_lowercase() }),
    }
}

/// The words of question and answer that the reading of the statement has in none of its facts.
fn unread(claim: &Claim, found: &[Descriptor]) -> Vec<Term> {
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
        }
    }
    let is_read = |term: &Term| {
        // A guy is read as a person.
        let is_person = super::noun::is_person(&term.lemma) && read.iter().any(|other| other == "person");
        is_person
            || term.lemma.split(' ').all(|word| {
                read.iter().any(|other| {
                    other == word || super::noun::are_related(other, word) || text::same(other, word)
                })
            })
            || term.number.is_some_and(|number| read.iter().any(|other| *other == number.to_string()))
    };
    let all = claim.context_terms.iter().chain(&claim.focus_terms);
    all.filter(|term| !is_read(term) && !FRAMES.contains(&term.lemma.as_str())).cloned().collect()
}

/// Leaves the facts that have to be found: a thing that another fact is about need not be found apart,
/// and to be in the picture is to be there.
fn tidy(claim: &mut Claim) {
    let is_frame =
        |at: usize| claim.things.get(at).is_some_and(|thing| FRAMES.contains(&thing.name.as_str()));
    let mut facts: Vec<Fact> = claim
        .facts
        .iter()
        .cloned()
        .map(|mut fact| {
            if let What::Link { subject, object, .. } = &fact.what
                && is_frame(*object)
            {
                fact.what = What::Thing(*subject);
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
fn rank(of: &Descriptor) -> u8 {
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

fn triple(found: &[Descriptor], at: usize) -> Option<Triple> {
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

/// The kind of thing that `what animal` asks for.
fn class(asked: &Asked) -> Option<String> {
    let Asked::Open { word: Wh::What, noun, .. } = asked else { return None };
    let bare =
        ["kind of ", "type of ", "sort of ", "breed of "].iter().find_map(|start| noun.strip_prefix(start));
    let name = dictionary_form(bare.unwrap_or(noun));
    (!name.is_empty() && text::is_noun(&name) && !text::is_abstract(&name)).then_some(name)
}

fn without_yes(answer: &str) -> &str {
    let rest = answer.split_once(',').filter(|(first, _)| matches!(normalised(first).as_str(), "yes" | "no"));
    rest.map_or(answer, |(_, rest)| rest)
}

/// The words of a question that say something of the picture; not those that only say what is asked for.
fn question_terms(question: &str, asked: &Asked) -> Vec<Term> {
    let text = match asked {
        Asked::Open { word: Wh::HowMany, .. } | Asked::Other => question.to_owned(),
        Asked::Open { noun, gap, .. } => {
            let said = match gap {
                Gap::Subject { predicate } => predicate.clone(),
                Gap::After { subject, rest, .. } => format!("{subject} {rest}"),
                Gap::Nothing => String::new(),
            };
            // `what color shirt`: the shirt is in the picture, the color is asked for.
            let of_thing = noun
                .split_once(' ')
                .filter(|(first, _)| matches!(*first, "color" | "colour" | "size" | "shape"));
            let thing = of_thing.map_or("", |(_, thing)| thing);
            format!("{said} {thing}")
        }
        Asked::Exists { what, .. } => what.clone(),
        Asked::Polar { subject, rest, .. } => format!("{subject} {rest}"),
    };
    let mut found = strict_terms(&text);
    found.retain(|term| {
        !FRAMES.contains(&term.lemma.as_str()) || matches!(asked, Asked::Polar { .. } | Asked::Exists { .. })
    });
    found
}

fn names_place(answer: &str) -> bool {
    let first = answer.split(' ').next().unwrap_or_default().to_lowercase();
    is_preposition(&first)
}

/// A question without the options that are written behind it, and those.
fn without_options(question: &str) -> (&str, Vec<String>) {
    let is_option = |line: &str| {
        let mut letters = line.trim().trim_start_matches('(').chars();
        letters.next().is_some_and(|letter| letter.is_ascii_uppercase())
            && letters.next().is_some_and(|mark| matches!(mark, '.' | ')' | ':'))
    };
    let mut lines = question.lines();
    let first = lines.next().unwrap_or_default();
    let options: Vec<String> = lines
        .filter(|line| is_option(line))
        .map(|line| line.trim().trim_start_matches('(').get(2..).unwrap_or_default().trim().to_owned())
        .collect();
    if options.len() > 1 { (first, options) } else { (question, Vec::new()) }
}

/// The answer itself where it is only the letter or the number of a choice.
fn chosen(answer: &str, choices: &[String]) -> String {
    let bare = answer.trim().trim_matches(['(', ')', '.', ' ']);
    let is_choice = choices.iter().any(|choice| normalised(choice) == normalised(answer));
    if is_choice || choices.is_empty() {
        return answer.trim().to_owned();
    }
    let mut letters = bare.chars();
    let place = match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_ascii_uppercase() => Some(letter as usize - 'A' as usize),
        (Some(letter), None) if letter.is_ascii_digit() => Some(letter as usize - '0' as usize),
        _ => None,
    };
    place
        .and_then(|place| choices.get(place))
        .map_or_else(|| answer.trim().to_owned(), |choice| choice.trim().to_owned())
}
