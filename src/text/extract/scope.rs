//! What a text denies and what it is not sure of.
//!
//! A denial or a doubt reaches from its word to the end of the clause: the next comma, full stop,
//! `but`, or relative pronoun.

use std::ops::Range;

use super::class::Class;
use super::words::{Word, WordId, Words};

/// Words of a clause that a denial reaches at most.
const REACH: usize = 6;

/// Which tokens of a text are denied and which doubted.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    denied: Vec<bool>,
    doubted: Vec<bool>,
}

impl Scopes {
    /// Finds the scopes in every sentence of a text.
    pub(super) fn of(words: &Words<'_>, tokens: &[WordId], sentences: &[Range<usize>]) -> Self {
        let mut scopes = Self { denied: vec![false; tokens.len()], doubted: vec![false; tokens.len()] };
        for sentence in sentences {
            let word = |at: usize| if at < sentence.end { Some(words.of(tokens[at])) } else { None };
            for at in sentence.clone() {
                if let Some(after) = denial(&word, at) {
                    scopes.fill(&word, after, sentence.end.min(after + REACH), true);
                }
                if let Some(after) = doubt(&word, at) {
                    scopes.fill(&word, after, sentence.end, false);
                }
            }
        }
        scopes
    }

    fn fill<'w>(
        &mut self,
        word: &dyn Fn(usize) -> Option<&'w Word>,
        start: usize,
        end: usize,
        is_denial: bool,
    ) {
        for at in start..end {
            let Some(word) = word(at) else { break };
            let ends = matches!(word.class, Class::COMMA | Class::STOP | Class::SIGN | Class::RELATIVE)
                || &*word.text == "but"
                || is_denial
                    && matches!(&*word.text, "and" | "with" | "on" | "in" | "at" | "behind" | "near");
            if ends && at > start {
                break;
            }
            if is_denial {
                self.denied[at] = true;
            } else {
                self.doubted[at] = true;
            }
        }
    }

    pub(super) fn is_denied(&self, tokens: &Range<usize>) -> bool {
        self.denied.get(tokens.end.saturating_sub(1)).copied().unwrap_or(false)
    }

    pub(super) fn is_doubted(&self, tokens: &Range<usize>) -> bool {
        self.doubted.get(tokens.end.saturating_sub(1)).copied().unwrap_or(false)
    }
}

/// Where the scope of a denial at `at` begins.
fn denial<'w>(word: &dyn Fn(usize) -> Option<&'w Word>, at: usize) -> Option<usize> {
    let here = word(at)?;
    match &*here.text {
        // `not only` denies nothing.
        "not" | "n't" if word(at + 1).is_some_and(|next| &*next.text == "only") => None,
        "no" | "not" | "n't" | "without" | "never" | "neither" | "nor" | "lacks" | "lacking" => Some(at + 1),
        "devoid" | "absence" | "free" if word(at + 1).is_some_and(|next| &*next.text == "of") => Some(at + 2),
        _ => None,
    }
}

/// Where the scope of a doubt at `at` begins.
fn doubt<'w>(word: &dyn Fn(usize) -> Option<&'w Word>, at: usize) -> Option<usize> {
    let here = word(at)?;
    let next = word(at + 1).map_or("", |next| &*next.text);
    match &*here.text {
        "possibly" | "perhaps" | "maybe" | "probably" | "presumably" | "likely" | "apparently"
        | "seemingly" | "supposedly" | "potentially" | "suggesting" | "suggests" | "suggest" | "implying"
        | "resembling" => Some(at + 1),
        "appears" | "appear" | "seems" | "seem" | "appearing" | "seeming" => Some(at + 1),
        "might" | "may" | "could" if matches!(next, "be" | "have" | "indicate" | "suggest" | "represent") => {
            Some(at + 2)
        }
        "looks" | "look" if next == "like" => Some(at + 2),
        "as" if next == "if" || next == "though" => Some(at + 2),
        "some" if matches!(next, "sort" | "kind") => Some(at + 2),
        _ => None,
    }
}
