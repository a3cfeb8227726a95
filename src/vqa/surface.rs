//! Who may be meant by what stands beside him: relations from the order of words alone.
//!
//! The extractor chooses one graph, and in long captions it leaves out what it is not sure of. A question
//! names a relation, so that it need only be possible: `a laptop with a keyboard and a mouse on a desk` has
//! the laptop on the desk too. A sentence is read from left to right with four things in mind: the things
//! last named, the thing they hang on, who does what is done, and the predicate that waits for its object.

use super::grammar::{
    can_be_verb, is_determiner, is_gerund, is_participle, is_plural, is_possessive, is_preposition,
};
use super::predicate::Predicate;

/// Longest preposition, in words.
const LONGEST: usize = 5;

/// Prepositions of several words, and words that are one only with another.
const PHRASES: &[&str] = &[
    "on top of",
    "in front of",
    "next to",
    "to the left of",
    "to the right of",
    "on the left of",
    "on the right of",
    "on the left side of",
    "on the right side of",
    "to the left side of",
    "to the right side of",
    "left of",
    "right of",
    "left to",
    "right to",
    "in the middle of",
    "on the side of",
    "at the side of",
    "in the corner of",
    "on the edge of",
    "close to",
    "adjacent to",
    "out of",
    "inside of",
    "outside of",
    "in between",
    "on the back of",
    "in back of",
    "on the front of",
    "at the top of",
    "at the bottom of",
    "at the edge of",
    "along with",
    "together with",
    "up against",
    "across from",
];

/// A word of a sentence as this reading needs it.
#[derive(Clone, Debug)]
pub(super) struct Spot<'p> {
    pub folded: &'p str,
    pub lemma: &'p str,
    /// The thing that begins here, and the word after its name.
    pub thing: Option<(usize, usize)>,
    /// Whether that thing does things: a person, an animal.
    pub alive: bool,
    /// Something ends before this word: a sentence, or a part of one.
    pub stop: bool,
    pub comma: bool,
}

/// A relation that the order of words allows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tie {
    pub subject: usize,
    pub predicate: Predicate,
    /// None for what a thing does by itself.
    pub object: Option<usize>,
    /// Whether the subject is one of those that a reader would think of first.
    pub is_near: bool,
    /// Whether the subject is one of those named right before, side by side.
    pub is_beside: bool,
    /// Whether the subject is the last word before the predicate.
    pub is_adjacent: bool,
    /// Whether it is something that is done; who does it stands beside it.
    pub is_done: bool,
    /// The words of the predicate: first, and the one after the last.
    pub words: (usize, usize),
}

#[derive(Clone, Debug)]
struct Waiting {
    verb: Option<String>,
    place: String,
    subjects: Vec<usize>,
    beside: Vec<usize>,
    words: (usize, usize),
    /// The thing right before the predicate.
    adjacent: Option<usize>,
    /// An object has come; more may, after a comma or `and`.
    is_met: bool,
}

#[derive(Default)]
struct Reader {
    ties: Vec<Tie>,
    /// Things with the words that follow `is` after them.
    said: Vec<(usize, usize)>,
    /// All things of the sentence so far.
    seen: Vec<usize>,
    /// The things named last, side by side.
    group: Vec<usize>,
    /// The things on which the last ones hang.
    head: Vec<usize>,
    /// Who does what is done.
    doer: Vec<usize>,
    waiting: Option<Waiting>,
    /// Whether the next thing belongs beside the last ones.
    joins: bool,
    denied: bool,
    /// The next thing is somebody's who was named before.
    is_owned: bool,
    /// The word after the name of the last thing.
    end: usize,
    /// Whether one of the last things does things.
    is_alive: bool,
    /// What the sentence before was about.
    topic: Vec<usize>,
}

/// What the order of words tells of a caption.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    /// Relations.
    pub ties: Vec<Tie>,
    /// Things, and words that follow `is` after them: `the door is closed`.
    pub said: Vec<(usize, usize)>,
}

/// Reads the words of a caption.
pub(super) fn order(spots: &[Spot<'_>]) -> Order {
    let mut reader = Reader::default();
    let mut at = 0;
    while let Some(spot) = spots.get(at) {
        if spot.stop {
            reader.end();
        }
        at = reader.word(spots, at, spot).max(at + 1);
    }
    Order { ties: reader.ties, said: reader.said }
}

impl Reader {
    fn end(&mut self) {
        let ties = std::mem::take(&mut self.ties);
        let said = std::mem::take(&mut self.said);
        let last =
            [&mut self.doer, &mut self.head, &mut self.topic].into_iter().find(|things| !things.is_empty());
        let topic = last.map(std::mem::take).unwrap_or_default();
        *self = Self { ties, said, topic, ..Self::default() };
    }

    /// Takes in a word; gives the place of the next.
    fn word(&mut self, spots: &[Spot<'_>], at: usize, spot: &Spot<'_>) -> usize {
        let low = spot.folded;
        if spot.comma {
            self.joins = true;
        }
        if let Some((thing, end)) = spot.thing {
            self.is_alive = if self.joins { self.is_alive || spot.alive } else { spot.alive };
            // `crossroads intersection`: two names of one thing.
            self.joins |= at > 0 && self.end == at && !spot.comma && !spot.stop;
            self.end = end;
            self.thing(thing);
            return end;
        }
        if matches!(low, "and" | "or" | "plus") {
            self.joins = true;
            return at + 1;
        }
        // `while a dog barks` is another clause; `while holding a cup` is not.
        let is_clause = matches!(low, "while" | "as" | "when" | "because")
            && spots.get(at + 1).is_some_and(|next| !is_gerund(next.folded));
        if is_clause {
            self.group.clear();
            self.head.clear();
            self.doer.clear();
            self.waiting = None;
            self.joins = false;
            return at + 1;
        }
        if matches!(low, "his" | "her" | "their" | "its") {
            self.is_owned = true;
            return at + 1;
        }
        if matches!(low, "not" | "no" | "never" | "neither") {
            self.denied = true;
        }
        // `a bed with a laptop on it`: what the last things hang on.
        if matches!(low, "it" | "him" | "them")
            && self.waiting.as_ref().is_some_and(|waiting| !waiting.is_met)
        {
            let meant: Vec<usize> =
                self.seen.iter().copied().filter(|thing| !self.group.contains(thing)).collect();
            if let Some(waiting) = self.waiting.clone() {
                let subjects = self.group.clone();
                let waiting = Waiting { beside: subjects.clone(), subjects, ..waiting };
                for thing in meant {
                    self.tie(&waiting, Some(thing));
                }
            }
            return at + 1;
        }
        if matches!(low, "he" | "she" | "it" | "they") && self.seen.is_empty() {
            for thing in self.topic.clone() {
                self.joins = true;
                self.thing(thing);
            }
            return at + 1;
        }
        if matches!(low, "that" | "which" | "who") {
            self.doer = self.group.clone();
            self.waiting = None;
            return at + 1;
        }
        if matches!(low, "is" | "are" | "was" | "were" | "be" | "being" | "been") {
            if self.doer.is_empty() || !self.ends_with_doer() {
                self.doer = if self.head.is_empty() { self.group.clone() } else { self.head.clone() };
            }
            self.waiting = None;
            self.joins = false;
            self.complement(spots, at + 1);
            return at + 1;
        }
        if let Some(length) = preposition(spots, at) {
            if low == "of" {
                // `a game of tennis`: what is done to the one is done to the other.
                self.joins = true;
                return at + 1;
            }
            let place: Vec<&str> = spots.iter().skip(at).take(length).map(|spot| spot.folded).collect();
            self.place(&place.join(" "), at, at + length);
            return at + length;
        }
        let is_modifier = at.checked_sub(1).and_then(|before| spots.get(before)).is_some_and(|before| {
            before.thing.is_none()
                && (is_determiner(before.folded) || is_possessive(before.folded))
                && !before.comma
        });
        if !is_modifier && self.is_verb(spots, at, spot) {
            self.verb(spot.lemma, at, spots);
        }
        at + 1
    }

    /// What stands right after `is`: a word, or two joined by `and`.
    fn complement(&mut self, spots: &[Spot<'_>], at: usize) {
        let mut place = at;
        while let Some(spot) = spots.get(place).filter(|spot| spot.thing.is_none() && !spot.stop) {
            if matches!(spot.folded, "very" | "quite" | "all" | "both" | "and" | "mostly" | "also") {
                place += 1;
                continue;
            }
            if place > at + 3
                || matches!(spot.folded, "not" | "no")
                || is_determiner(spot.folded)
                || is_preposition(spot.folded)
            {
                break;
            }
            self.said.extend(self.doer.iter().map(|thing| (*thing, place)));
            let goes_on = spot.comma || spots.get(place + 1).is_some_and(|next| next.folded == "and");
            if !goes_on {
                break;
            }
            place += 1;
        }
    }

    /// The thing whose name ends right before a word.
    fn adjacent(&self, at: usize) -> Option<usize> {
        self.group.last().copied().filter(|_| self.end == at)
    }

    fn ends_with_doer(&self) -> bool {
        self.group == self.doer
    }

    fn is_verb(&self, spots: &[Spot<'_>], at: usize, spot: &Spot<'_>) -> bool {
        let before =
            at.checked_sub(1).and_then(|before| spots.get(before)).map_or("", |before| before.folded);
        if self.seen.is_empty() {
            return false;
        }
        // `waves at passing cars`
        let is_modifier =
            self.waiting.as_ref().is_some_and(|waiting| !waiting.is_met && !waiting.place.is_empty())
                && spots.get(at + 1).is_some_and(|next| next.thing.is_some());
        if is_modifier {
            return false;
        }
        let is_form = is_gerund(spot.folded) || is_participle(spot.folded);
        let is_finite = spot.folded.ends_with('s') && spot.lemma != spot.folded && can_be_verb(spot.lemma);
        let is_plain = spot.folded == spot.lemma && can_be_verb(spot.lemma) && is_plural(before);
        is_form
            || is_finite
            || is_plain
            || matches!(spot.folded, "has" | "have" | "sat" | "stood" | "lay" | "held" | "wore" | "ran")
    }

    fn thing(&mut self, thing: usize) {
        if self.joins {
            self.group.push(thing);
        } else {
            self.group = vec![thing];
        }
        // What stands behind a preposition at the beginning is not what the sentence is about.
        if self.head.is_empty() && self.waiting.as_ref().is_none_or(|waiting| waiting.verb.is_some())
            || self.waiting.is_none() && self.seen.iter().all(|other| self.head.contains(other)) && self.joins
        {
            self.head.push(thing);
        }
        if !self.seen.contains(&thing) {
            self.seen.push(thing);
        }
        if std::mem::take(&mut self.is_owned) {
            self.own(thing);
        }
        let joins = std::mem::take(&mut self.joins);
        if let Some(waiting) = self.waiting.clone()
            && (!waiting.is_met || joins)
        {
            if !self.denied {
                self.tie(&waiting, Some(thing));
            }
            self.waiting = Some(Waiting { is_met: true, ..waiting });
        }
        self.denied = false;
    }

    /// `his dog`: of whom the sentence tells.
    fn own(&mut self, thing: usize) {
        let owners = if self.doer.is_empty() { self.head.clone() } else { self.doer.clone() };
        for owner in owners.into_iter().filter(|owner| *owner != thing) {
            self.ties.push(Tie {
                subject: owner,
                predicate: Predicate::of("have"),
                object: Some(thing),
                is_near: true,
                is_beside: true,
                is_adjacent: true,
                is_done: false,
                words: (self.end.saturating_sub(1), self.end),
            });
        }
    }

    fn tie(&mut self, waiting: &Waiting, object: Option<usize>) {
        let mut add = |name: String, is_done: bool| {
            let predicate = Predicate::of(&name);
            for subject in self.seen.iter().filter(|subject| Some(**subject) != object) {
                let is_near = waiting.subjects.contains(subject);
                let is_beside = waiting.beside.contains(subject);
                let is_adjacent = waiting.adjacent == Some(*subject);
                let predicate = predicate.clone();
                let tie = Tie {
                    is_adjacent,
                    subject: *subject,
                    predicate,
                    object,
                    is_near,
                    is_beside,
                    is_done,
                    words: waiting.words,
                };
                if is_near || object.is_some() {
                    self.ties.push(tie);
                }
            }
        };
        match (&waiting.verb, waiting.place.is_empty()) {
            (Some(verb), true) => add(verb.clone(), true),
            (Some(verb), false) => {
                add(format!("{verb} {}", waiting.place), true);
                add(waiting.place.clone(), false);
            }
            (None, _) => add(waiting.place.clone(), false),
        }
    }

    fn verb(&mut self, lemma: &str, at: usize, spots: &[Spot<'_>]) {
        let is_form = spots.get(at).is_some_and(|spot| is_gerund(spot.folded) || is_participle(spot.folded));
        let about = if self.head.is_empty() { self.group.clone() } else { self.head.clone() };
        let is_joined = self.joins || self.denied;
        let is_behind = self.end == at && at > 0;
        // A form right behind somebody tells what he does; behind a thing, or after `and`, what is done by
        // whoever did something before. A finite verb goes back to what the sentence is about.
        let subjects = if is_form && is_behind && !is_joined && (self.is_alive || self.doer.is_empty()) {
            self.group.clone()
        } else if self.doer.is_empty() {
            about.clone()
        } else {
            self.doer.clone()
        };
        let mut near = subjects.clone();
        if is_form {
            near.extend(&about);
        }
        near.sort_unstable();
        near.dedup();
        self.doer.clone_from(&subjects);
        let waiting = Waiting {
            verb: Some(lemma.to_owned()),
            place: String::new(),
            beside: subjects,
            subjects: near,
            words: (at, at + 1),
            adjacent: self.adjacent(at),
            is_met: false,
        };
        if !self.denied {
            self.tie(&waiting, None);
        }
        self.waiting = Some(waiting);
        self.joins = false;
    }

    fn place(&mut self, place: &str, at: usize, end: usize) {
        let waiting = match self.waiting.take() {
            // `sitting on`, and `flying confidently next to`
            Some(waiting) if waiting.verb.is_some() && !waiting.is_met => {
                Waiting { place: place.to_owned(), words: (waiting.words.0, end), ..waiting }
            }
            before => {
                let mut subjects = self.group.clone();
                subjects.extend(&self.doer);
                subjects.extend(&self.head);
                // `holding a cup in his hand`: it is held there.
                subjects.extend(before.into_iter().flat_map(|before| before.subjects));
                subjects.sort_unstable();
                subjects.dedup();
                Waiting {
                    verb: None,
                    place: place.to_owned(),
                    beside: self.group.clone(),
                    subjects,
                    words: (at, end),
                    adjacent: self.adjacent(at),
                    is_met: false,
                }
            }
        };
        self.waiting = Some(waiting);
        self.joins = false;
    }
}

/// The number of words of the preposition that begins at a word.
fn preposition(spots: &[Spot<'_>], at: usize) -> Option<usize> {
    let words: Vec<&str> = spots.iter().skip(at).take(LONGEST).map(|spot| spot.folded).collect();
    let fits = |phrase: &&&str| {
        let mut rest = words.iter();
        phrase.split(' ').all(|word| rest.next() == Some(&word))
    };
    let longest = PHRASES.iter().filter(fits).map(|phrase| phrase.split(' ').count()).max();
    longest.or_else(|| {
        words
            .first()
            .is_some_and(|word| {
                is_preposition(word)
                    && !matches!(
                        *word,
                        "as" | "than" | "like" | "down" | "up" | "out" | "off" | "next" | "close"
                    )
            })
            .then_some(1)
    })
}
