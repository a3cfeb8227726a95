//! What a question and its answer claim of a picture, as facts that a caption can say or deny.
//!
//! The statement is read by the extractor that reads captions, so that what is said in the same way is
//! found in the same form; what rules know better (whose color was asked for) they add.

use crate::measure::Scribe;
use crate::model::{Descriptor, Facet, Question};
use crate::text::extract::Extractor;

use super::ask::{Asked, Wh};
use super::complete::complete;
use super::content::{Term, strict_terms, terms};
use super::facts::{identity, rank, tidy, triple, unread, what_of};
use super::given::{chosen, class, names_place, question_terms, without_options, without_yes};
use super::kind::{QuestionKind, classify};
use super::normal::best_answer;
use super::noun::thing_name;
use super::predicate::Predicate;
use super::statement::{Polarity, Statement, polarity, statement};
use super::words::List;

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
                let is_wild = List::Wild.has(name.as_str());
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
            if let Some(what) =
                what_of(descriptor, &statement.positive, places.get(at).copied().flatten(), &thing)
            {
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
