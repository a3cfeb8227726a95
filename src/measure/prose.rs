//! The words themselves: how many, in which sentences, and what comes twice.
//!
//! A look of its own at the letters, beside the extractor's: what is repeated or says nothing must
//! show even where no fact is found in it.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_64;

use crate::model::Evidence;
use crate::text;

use super::key::{Standing, standing};
use super::prints::{Printer, hash};

/// Words of a run that is looked for again.
pub(super) const RUN: usize = 5;
/// Words of a sentence that counts when it comes twice.
const LEAST_SENTENCE: usize = 3;
/// Words whose standing is remembered.
const MOST_WORDS: usize = 1 << 16;

/// What was counted in a caption, or in several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prose {
    pub words: u32,
    pub sentences: u32,
    /// Sentences that the same caption has before, word by word.
    pub repeated_sentences: u32,
    /// Runs of five words that the same caption has before.
    pub repeated_runs: u32,
    /// Nouns that name nothing which a picture can show, or speak of the picture itself.
    pub abstract_nouns: u32,
}

impl Prose {
    pub(super) fn add(&mut self, other: Self) {
        self.words += other.words;
        self.sentences += other.sentences;
        self.repeated_sentences += other.repeated_sentences;
        self.repeated_runs += other.repeated_runs;
        self.abstract_nouns += other.abstract_nouns;
    }
}

/// Which stretches to point at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stretch {
    Repeated,
    Abstract,
    Opening,
    Sentence,
}

/// Looks at captions; keeps its room between them.
#[derive(Debug, Default)]
pub(super) struct Reader {
    hashes: Vec<u64>,
    spans: Vec<Range<usize>>,
    abstracts: Vec<bool>,
    /// For each sentence the place of its first word, then the number of words.
    starts: Vec<usize>,
    seen: FxHashSet<u64>,
    standings: FxHashMap<Box<str>, bool>,
    scratch: String,
}

impl Reader {
    /// Counts in a caption, and takes its prints.
    pub(super) fn read(&mut self, caption: &str, printer: &mut Printer) -> Prose {
        self.tokenise(caption);
        printer.caption(&self.hashes);
        let mut prose = Prose {
            words: self.hashes.len() as u32,
            sentences: self.starts.len().saturating_sub(1) as u32,
            abstract_nouns: self.abstracts.iter().filter(|is_abstract| **is_abstract).count() as u32,
            ..Prose::default()
        };
        prose.repeated_sentences = self.repeated_sentences().len() as u32;
        prose.repeated_runs = self.repeated_runs().len() as u32;
        prose
    }

    /// Where something stands in a caption, which is the `place`th of its sample.
    pub(super) fn find(&mut self, caption: &str, place: u32, what: Stretch) -> Vec<Evidence> {
        self.tokenise(caption);
        let words: Vec<Range<usize>> = match what {
            Stretch::Repeated => {
                let mut runs = self.repeated_sentences();
                runs.extend(self.repeated_runs().into_iter().map(|start| start..start + RUN));
                joined(runs)
            }
            Stretch::Abstract => {
                (0..self.abstracts.len()).filter(|at| self.abstracts[*at]).map(|at| at..at + 1).collect()
            }
            Stretch::Opening => std::iter::once(0..RUN.min(self.hashes.len())).collect(),
            Stretch::Sentence => self.sentences().collect(),
        };
        words.into_iter().filter_map(|words| self.evidence(&words, place)).collect()
    }

    fn evidence(&self, words: &Range<usize>, caption: u32) -> Option<Evidence> {
        let first = self.spans.get(words.start)?;
        let last = self.spans.get(words.end.checked_sub(1)?)?;
        let sentence = self.starts.partition_point(|start| *start <= words.start).saturating_sub(1);
        Some(Evidence { caption, start: first.start as u32, end: last.end as u32, sentence: sentence as u32 })
    }

    fn tokenise(&mut self, caption: &str) {
        self.hashes.clear();
        self.spans.clear();
        self.abstracts.clear();
        self.starts.clear();
        let mut end = 0;
        let (hashes, spans, abstracts, starts) =
            (&mut self.hashes, &mut self.spans, &mut self.abstracts, &mut self.starts);
        let standings = &mut self.standings;
        text::for_each_word(caption, &mut self.scratch, |span, word| {
            let between = caption.get(end..span.start).unwrap_or_default();
            if hashes.is_empty() || ends_sentence(between) {
                starts.push(hashes.len());
            }
            end = span.end;
            hashes.push(xxh3_64(word.as_bytes()));
            spans.push(span);
            let known = standings.get(word).copied();
            let is_abstract = known.unwrap_or_else(|| {
                if standings.len() >= MOST_WORDS {
                    standings.clear();
                }
                let is_abstract = names_nothing(text::lemma(word));
                standings.insert(word.into(), is_abstract);
                is_abstract
            });
            abstracts.push(is_abstract);
        });
        starts.push(hashes.len());
    }

    fn sentences(&self) -> impl Iterator<Item = Range<usize>> {
        self.starts.windows(2).filter_map(|ends| Some(*ends.first()?..*ends.last()?))
    }

    fn repeated_sentences(&mut self) -> Vec<Range<usize>> {
        let mut seen = std::mem::take(&mut self.seen);
        seen.clear();
        let is_again = |words: &Range<usize>| {
            words.len() >= LEAST_SENTENCE
                && self.hashes.get(words.clone()).is_some_and(|words| !seen.insert(hash(words)))
        };
        let found = self.sentences().filter(is_again).collect();
        self.seen = seen;
        found
    }

    /// Places where runs begin that were there before; runs do not cross the ends of sentences.
    fn repeated_runs(&mut self) -> Vec<usize> {
        let mut seen = std::mem::take(&mut self.seen);
        seen.clear();
        let mut found = Vec::new();
        for sentence in self.sentences() {
            let Some(words) = self.hashes.get(sentence.clone()) else { continue };
            for (place, run) in words.windows(RUN).enumerate() {
                if !seen.insert(hash(run)) {
                    found.push(sentence.start + place);
                }
            }
        }
        self.seen = seen;
        found
    }
}

/// Whether a sentence ends in what stands between two words.
fn ends_sentence(between: &str) -> bool {
    let mut letters = between.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\n' => return true,
            '。' | '！' | '？' => return true,
            '.' | '!' | '?' => {
                let ends = |next: &char| next.is_whitespace() || matches!(next, '"' | '”' | '\'' | '’' | ')');
                if letters.peek().is_some_and(ends) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// Whether a word (in dictionary form) is a noun that names nothing which a picture can show, or the
/// picture itself. Only words that are nouns and nothing else, since nobody looks around them; times
/// of the day can be seen.
fn names_nothing(lemma: &str) -> bool {
    if standing(lemma) == Standing::Frame {
        return true;
    }
    let is_small = lemma.len() < 4 || matches!(lemma, "while" | "being" | "might" | "thing" | "other");
    !is_small
        && is_only_noun(lemma)
        && text::is_abstract(lemma)
        && text::supersense(lemma) != Some(text::Supersense::Time)
}

fn is_only_noun(lemma: &str) -> bool {
    let found = text::Lexicon::english().find(lemma.as_bytes());
    let others = [text::Parts::VERB, text::Parts::ADJECTIVE, text::Parts::ADVERB];
    found.is_some_and(|(_, parts)| {
        parts.meets(text::Parts::NOUN) && !others.into_iter().any(|other| parts.meets(other))
    })
}

/// Stretches that touch become one. In the order of the text.
fn joined(mut stretches: Vec<Range<usize>>) -> Vec<Range<usize>> {
    stretches.sort_unstable_by_key(|stretch| (stretch.start, stretch.end));
    let mut found: Vec<Range<usize>> = Vec::new();
    for stretch in stretches {
        match found.last_mut() {
            Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
            _ => found.push(stretch),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(caption: &str) -> Prose {
        Reader::default().read(caption, &mut Printer::default())
    }

    #[test]
    fn words_and_sentences_are_counted() {
        let table = [
            ("", 0, 0),
            ("A dog.", 2, 1),
            ("A dog. A cat! Two birds", 6, 3),
            ("It costs 2.50 today", 5, 1),
            ("The sign reads \"Stop.\" A car waits.", 7, 2),
            ("One line\nanother line", 4, 2),
        ];
        for (caption, words, sentences) in table {
            let prose = read(caption);
            assert_eq!((prose.words, prose.sentences), (words, sentences), "{caption}");
        }
    }

    #[test]
    fn what_comes_twice_is_seen() {
        let prose = read("A red bus waits at the stop. People board it. A red bus waits at the stop.");
        assert_eq!(prose.repeated_sentences, 1);
        assert_eq!(prose.repeated_runs, 3);
        assert_eq!(read("A red bus. A blue bus. A green bus.").repeated_runs, 0);
    }

    #[test]
    fn repeated_stretches_are_pointed_at() {
        let text = "A red bus waits at the stop. A red bus waits at the stop.";
        let found = Reader::default().find(text, 2, Stretch::Repeated);
        assert_eq!(found, [Evidence { caption: 2, start: 29, end: 56, sentence: 1 }]);
    }

    #[test]
    fn talk_of_the_picture_is_seen() {
        assert_eq!(read("The image creates a sense of tranquility").abstract_nouns, 3);
        assert_eq!(read("A brown dog sleeps on a red sofa").abstract_nouns, 0);
    }
}
