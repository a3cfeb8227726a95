//! What captions make of a claim.

use rustc_hash::FxHashSet;

use crate::model::{Evidence, Facet};
use crate::text;

use super::claim::{Claim, Fact};
use super::content::Term;
use super::graph::Graph;
use super::hold::{Holder, Outcome};
use super::likeness::value_fit;
use super::noun::{Fit, Nouns, are_related};
use super::statement::Polarity;

/// How far captions answer a question as its answer does.
///
/// Looked for in this order: what is entailed; what is contradicted; what is grounded; what is mentioned.
/// A contradiction stands before looser evidence, since a caption with a white dog and a black cat mentions
/// `black`, and still says that the dog is something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing of the kind.
    Unknown,
    /// A caption says of the same thing what cannot be at the same time.
    Contradicted,
    /// All words of the answer that say something occur.
    Mentioned,
    /// The answer is in a fact whose other words the question has.
    Grounded,
    /// A caption says the fact that is asked for.
    Entailed,
}

impl Verdict {
    /// All of them, the strictest first.
    pub const ALL: [Self; 5] =
        [Self::Entailed, Self::Grounded, Self::Mentioned, Self::Contradicted, Self::Unknown];

    /// Levels of coverage, the strictest first.
    pub const LEVELS: [Self; 3] = [Self::Entailed, Self::Grounded, Self::Mentioned];

    /// Its name in records and on screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Entailed => "entailed",
            Self::Grounded => "grounded",
            Self::Mentioned => "mentioned",
            Self::Contradicted => "contradicted",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it is this level of coverage or a stricter one; what is contradicted reaches none.
    pub fn reaches(self, level: Self) -> bool {
        self >= level && !matches!(self, Self::Unknown | Self::Contradicted)
    }
}

/// A verdict with the places of captions that led to it, those of the answer first.
pub(super) type Found = (Verdict, Vec<Evidence>);

/// What captions make of a claim.
pub(super) fn verdict(claim: &Claim, graphs: &[Graph], nouns: &mut Nouns) -> Found {
    if claim.polarity == Polarity::Unanswerable {
        return (Verdict::Unknown, Vec::new());
    }
    let mut best: Found = (Verdict::Unknown, Vec::new());
    let rank = |verdict: Verdict| match verdict {
        Verdict::Entailed => 4,
        Verdict::Contradicted => 3,
        Verdict::Grounded => 2,
        Verdict::Mentioned => 1,
        Verdict::Unknown => 0,
    };
    for graph in graphs {
        let found = in_one(claim, graph, nouns);
        if rank(found.0) > rank(best.0) {
            best = found;
        }
        if best.0 == Verdict::Entailed {
            return best;
        }
    }
    if claim.polarity == Polarity::No {
        // To mention what is not there says nothing.
        return match best.0 {
            Verdict::Entailed | Verdict::Contradicted => best,
            _ => (Verdict::Unknown, Vec::new()),
        };
    }
    if best.0 == Verdict::Unknown
        && let Some(places) = mentions(&claim.answer_terms, graphs, nouns)
    {
        best = (Verdict::Mentioned, places);
    }
    best
}

fn in_one(claim: &Claim, graph: &Graph, nouns: &mut Nouns) -> Found {
    let (outcome, is_sure) = whole(claim, graph, nouns);
    match (claim.polarity, outcome) {
        (Polarity::No, Outcome::Said(places)) => (Verdict::Contradicted, places),
        (Polarity::No, Outcome::Denied(places)) => (Verdict::Entailed, places),
        (Polarity::No, _) => (Verdict::Unknown, Vec::new()),
        (_, Outcome::Said(places)) if is_sure => (Verdict::Entailed, places),
        (_, Outcome::Denied(places)) => (Verdict::Contradicted, places),
        (_, Outcome::Said(places) | Outcome::Part(places)) => (Verdict::Grounded, places),
        (_, Outcome::Silent) => match grounds(claim, graph, nouns) {
            Some(places) => (Verdict::Grounded, places),
            None => (Verdict::Unknown, Vec::new()),
        },
    }
}

/// All facts that are asked for together; and whether the thing is surely the one that was asked about.
fn whole(claim: &Claim, graph: &Graph, nouns: &mut Nouns) -> (Outcome, bool) {
    let mut holder = Holder::new(claim, graph, nouns);
    let asked: Vec<&Fact> = claim.facts.iter().filter(|fact| fact.is_asked).collect();
    let is_sure = !holder.is_of_another();
    let mut places: Vec<Evidence> = Vec::new();
    let (mut is_part, mut is_silent) = (false, asked.is_empty());
    let mut denied = None;
    for fact in asked {
        match holder.check(&fact.what) {
            Outcome::Said(found) => places.extend(found),
            Outcome::Part(found) => {
                is_part = true;
                places.extend(found);
            }
            Outcome::Denied(found) => denied = denied.or(Some(found)),
            Outcome::Silent => is_silent = true,
        }
    }
    let mut seen = FxHashSet::default();
    places.retain(|place| seen.insert((place.caption, place.start, place.end)));
    let outcome = if let Some(denied) = denied {
        Outcome::Denied(denied)
    } else if is_silent {
        Outcome::Silent
    } else if !claim.unread.is_empty() {
        // Not all that is claimed was understood; what is left must at least be there.
        for term in &claim.unread {
            match graph.page.place_of(term, nouns) {
                Some(place) => places.push(place),
                None => return (Outcome::Silent, is_sure),
            }
        }
        Outcome::Part(places)
    } else if is_part {
        Outcome::Part(places)
    } else {
        Outcome::Said(places)
    };
    (outcome, is_sure)
}

/// A fact of the caption that has the answer and, besides, a word of the question.
fn grounds(claim: &Claim, graph: &Graph, nouns: &mut Nouns) -> Option<Vec<Evidence>> {
    let mut places = Vec::new();
    for term in &claim.answer_terms {
        places.push(graph.page.place_of(term, nouns)?);
    }
    let main = claim.focus_terms.last()?;
    for (at, of) in graph.all.iter().enumerate().filter(|(_, of)| of.facet != Facet::Object && !of.negated) {
        let mut ends: Vec<String> = vec![graph.name(at).to_owned()];
        ends.extend(
            [of.parent, of.target].into_iter().flatten().map(|end| graph.name(end as usize).to_owned()),
        );
        let answers: Vec<bool> = ends.iter().map(|end| fits(main, end, nouns)).collect();
        if !answers.contains(&true) {
            continue;
        }
        let is_other = |(end, is_answer): (&String, &bool)| {
            !is_answer && claim.context_terms.iter().any(|term| term != main && fits(term, end, nouns))
        };
        if ends.iter().zip(&answers).any(is_other) {
            places.extend(graph.evidence(at));
            return Some(places);
        }
    }
    None
}

fn fits(term: &Term, name: &str, nouns: &mut Nouns) -> bool {
    let is_word = name.split(' ').any(|word| word == term.lemma);
    is_word
        || nouns.fit(&term.lemma, name) == Fit::Exact
        || value_fit(&term.lemma, name) == Fit::Exact
        || are_related(&term.lemma, name)
        || term.number.is_some_and(|number| name == number.to_string())
        || text::lemma(&term.lemma) == name
}

/// Where captions have all words of an answer; none if one is missing.
fn mentions(answer: &[Term], graphs: &[Graph], nouns: &mut Nouns) -> Option<Vec<Evidence>> {
    if answer.is_empty() {
        return None;
    }
    let place = |term: &Term| graphs.iter().find_map(|graph| graph.page.place_of(term, nouns));
    let places: Vec<Evidence> = answer.iter().map(place).collect::<Option<_>>()?;
    // One word is not said twice: `human beings have souls` takes more than a person.
    let is_again = |(at, place): (usize, &Evidence)| places.iter().take(at).any(|other| other == place);
    (!places.iter().enumerate().any(is_again)).then_some(places)
}
