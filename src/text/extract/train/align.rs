//! Gold graphs laid over the tokens of their texts: what the models learn from.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::text::{Parts, lemma};

use super::super::class::Class;
use super::super::decode::Manner;
use super::super::gold::Fact;
use super::super::labels::{ATTRIBUTE, HEAD, INNER, MORE, OUT, Span};
use super::super::lexical::Lexical;
use super::super::pronouns::{REACH, meant};
use super::super::words::{WordId, Words, hash};

/// A sentence with what its gold graph says of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Example {
    pub sentence: Vec<WordId>,
    pub labels: Vec<u8>,
    /// In the order of the text.
    pub objects: Vec<Span>,
    pub attributes: Vec<(usize, Span)>,
    /// Subject, object, predicate.
    pub relations: Vec<(usize, usize, String)>,
    /// What its gold graph says.
    pub facts: Vec<Fact>,
    /// Facts of the graph that were not found in the text.
    pub missing: Vec<Fact>,
    pub manner: Manner,
}

/// Where a name stands in a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Facet {
    Object,
    Attribute,
}

/// Words of a text with the name that an annotator gave to what they mean, if any.
#[derive(Clone, Debug)]
pub(super) struct Naming {
    pub facet: Facet,
    pub said: String,
    pub called: Option<String>,
}

/// Spellings of a text's tokens under which a gold word may be found.
pub(super) struct Aligner<'a> {
    words: &'a Words<'a>,
    lexical: &'a Lexical,
    tokens: &'a [WordId],
    sentences: &'a [Range<usize>],
    used: Vec<bool>,
    /// Mentions of each object.
    objects: FxHashMap<String, Vec<Range<usize>>>,
}

impl<'a> Aligner<'a> {
    pub(super) fn new(
        words: &'a Words<'a>,
        lexical: &'a Lexical,
        tokens: &'a [WordId],
        sentences: &'a [Range<usize>],
    ) -> Self {
        Self {
            words,
            lexical,
            tokens,
            sentences,
            used: vec![false; tokens.len()],
            objects: FxHashMap::default(),
        }
    }

    /// Lays a graph over the text; an example for each sentence, and what its annotator calls the
    /// things and properties named.
    pub(super) fn align(mut self, facts: &[Fact]) -> (Vec<Example>, Vec<Naming>) {
        let mut missing = self.place_objects(facts);
        self.place_pronouns();
        let attributes = self.place_attributes(facts, &mut missing);
        let namings = self.namings(&missing, &attributes);
        let attributes = attributes.into_iter().map(|(object, span, _)| (object, span));
        let mut examples: Vec<Example> = (0..self.sentences.len()).map(|at| self.example(at)).collect();
        for (object, span) in attributes {
            let Some(at) = self.sentence_of(&object) else { continue };
            let (example, start) = (&mut examples[at], self.sentences[at].start);
            if !self.sentences[at].contains(&span.start) {
                continue;
            }
            let Some(owner) = find(&example.objects, &object, start) else { continue };
            for place in span.clone() {
                example.labels[place - start] = if place == span.start { ATTRIBUTE } else { MORE };
            }
            example.attributes.push((owner, Span::new(span.start - start, span.end - start)));
        }
        for fact in facts {
            let Fact::Relation(subject, predicate, object) = fact else { continue };
            let Some((at, left, right)) = self.place_relation(subject, predicate, object) else {
                missing.push(fact.clone());
                continue;
            };
            let (example, start) = (&mut examples[at], self.sentences[at].start);
            if let (Some(left), Some(right)) =
                (find(&example.objects, &left, start), find(&example.objects, &right, start))
            {
                example.relations.push((left, right, predicate.clone()));
            }
        }
        if let Some(first) = examples.first_mut() {
            first.missing = missing;
        }
        (examples, namings)
    }

    /// What the annotator calls the objects and attributes that were found, and what the nouns that
    /// were not found may be called.
    fn namings(&self, missing: &[Fact], attributes: &[(Range<usize>, Range<usize>, String)]) -> Vec<Naming> {
        let said = |span: &Range<usize>| {
            let words: Vec<&str> = span.clone().map(|at| &*self.words.of(self.tokens[at]).text).collect();
            words.join(" ")
        };
        let mut namings: Vec<Naming> = Vec::new();
        for (name, spans) in &self.objects {
            let is_name = |span: &&Range<usize>| meant(self.words.of(self.tokens[span.start])).is_none();
            namings.extend(spans.iter().filter(is_name).map(|span| Naming {
                facet: Facet::Object,
                said: said(span),
                called: Some(name.clone()),
            }));
        }
        namings.extend(attributes.iter().map(|(_, span, called)| Naming {
            facet: Facet::Attribute,
            said: said(span),
            called: Some(called.clone()),
        }));
        let may_name = |at: usize| {
            let word = self.words.of(self.tokens[at]);
            word.parts.meets(Parts::NOUN) || word.class == Class::PRONOUN
        };
        let mut free: Vec<usize> =
            (0..self.tokens.len()).filter(|at| !self.used[*at] && may_name(*at)).collect();
        free.retain(|at| !attributes.iter().any(|(_, span, _)| span.contains(at)));
        for at in free {
            let said = self.words.of(self.tokens[at]).text.to_string();
            let mut called = missing.iter().filter_map(|fact| match fact {
                Fact::Object(name) => Some(name.clone()),
                _ => None,
            });
            let called = called.next().filter(|_| called.next().is_none());
            namings.push(Naming { facet: Facet::Object, said, called });
        }
        namings
    }

    fn example(&self, at: usize) -> Example {
        let range = self.sentences[at].clone();
        let mut spans: Vec<Range<usize>> =
            self.objects.values().flatten().filter(|span| range.contains(&span.start)).cloned().collect();
        spans.sort_by_key(|span| span.start);
        let mut labels = vec![OUT; range.len()];
        for span in &spans {
            for place in span.clone() {
                labels[place - range.start] = if place + 1 == span.end { HEAD } else { INNER };
            }
        }
        Example {
            sentence: self.tokens[range.clone()].to_vec(),
            labels,
            objects: spans
                .iter()
                .map(|span| Span::new(span.start - range.start, span.end - range.start))
                .collect(),
            manner: Manner::of(self.tokens.len(), self.sentences.len(), at),
            ..Example::default()
        }
    }

    fn sentence_of(&self, span: &Range<usize>) -> Option<usize> {
        self.sentences.iter().position(|range| range.contains(&span.start))
    }

    /// Finds the objects, longer names first; gives back those that are not in the text.
    fn place_objects(&mut self, facts: &[Fact]) -> Vec<Fact> {
        let mut names: Vec<&String> = Vec::new();
        for fact in facts {
            let of_fact = match fact {
                Fact::Object(name) | Fact::Attribute(name, _) => [Some(name), None],
                Fact::Relation(subject, _, object) => [Some(subject), Some(object)],
            };
            for name in of_fact.into_iter().flatten() {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names.sort_by_key(|name| std::cmp::Reverse(name.split(' ').count()));
        let mut missing = Vec::new();
        for name in names {
            let spans = self.mentions(name);
            if spans.is_empty() {
                missing.push(Fact::Object(name.clone()));
                continue;
            }
            for span in &spans {
                self.used[span.clone()].fill(true);
            }
            self.objects.insert(name.clone(), spans);
        }
        missing
    }

    /// Adds the pronouns of later sentences to the mentions of the objects that they mean.
    fn place_pronouns(&mut self) {
        for at in self.sentences.get(1).map_or(self.tokens.len(), |range| range.start)..self.tokens.len() {
            if self.used[at] {
                continue;
            }
            let Some(meant) = meant(self.words.of(self.tokens[at])) else { continue };
            let here = self.sentence_of(&(at..at + 1)).unwrap_or(0);
            let mut best: Option<(usize, usize, &String)> = None;
            for (name, spans) in &self.objects {
                for span in spans.iter().filter(|span| span.end <= at) {
                    let head = self.words.of(self.tokens[span.end - 1]);
                    let back = here - self.sentence_of(span).unwrap_or(0).min(here);
                    let is_nearer = best.is_none_or(|best| (back, span.start) < (best.0, best.1));
                    if meant.may_be(head) && back <= REACH && is_nearer {
                        best = Some((back, span.start, name));
                    }
                }
            }
            if let Some(name) = best.map(|best| best.2.clone()) {
                self.used[at] = true;
                self.objects.entry(name).or_default().push(at..at + 1);
            }
        }
    }

    /// All mentions of an object that are not taken.
    fn mentions(&self, name: &str) -> Vec<Range<usize>> {
        let words: Vec<&str> = name.split(' ').collect();
        let mut spans = self.spans(&words);
        let fits = |span: &Range<usize>| {
            !self.used[span.clone()].iter().any(|used| *used)
                && self
                    .sentences
                    .iter()
                    .any(|range| range.contains(&span.start) && range.contains(&(span.end - 1)))
        };
        spans.retain(fits);
        // A word that comes again right before another object is a part of that one's name.
        let mut kept: Vec<Range<usize>> = Vec::new();
        for span in spans {
            let overlaps = kept.last().is_some_and(|last| last.end > span.start);
            let before_object = self.used.get(span.end) == Some(&true);
            if !overlaps && (kept.is_empty() || !before_object) {
                kept.push(span);
            }
        }
        kept
    }

    /// Runs of up to three tokens for which annotators have another name.
    fn renamed_runs(&self, called: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for start in 0..self.tokens.len() {
            let mut said = String::new();
            for end in start..self.tokens.len().min(start + 3) {
                if end > start {
                    said.push(' ');
                }
                said.push_str(&self.words.of(self.tokens[end]).text);
                if called(&said) {
                    found.push(start..end + 1);
                }
            }
        }
        found
    }

    fn spans(&self, words: &[&str]) -> Vec<Range<usize>> {
        let count = words.len();
        let text = |at: usize| &*self.words.of(self.tokens[at]).text;
        let runs = |same: &dyn Fn(usize, usize) -> bool| -> Vec<Range<usize>> {
            (0..(self.tokens.len() + 1).saturating_sub(count))
                .filter(|start| (0..count).all(|offset| same(start + offset, offset)))
                .map(|start| start..start + count)
                .collect()
        };
        let lemmas: Vec<&str> = words.iter().map(|word| lemma(word)).collect();
        let mut found = runs(&|at, offset| text(at) == words[offset]);
        if found.is_empty() {
            let name = words.join(" ");
            found = self.renamed_runs(|said| self.lexical.renamed(said) == Some(&name));
        }
        if found.is_empty() {
            found = runs(&|at, offset| *self.words.of(self.tokens[at]).noun == *lemmas[offset]);
        }
        if found.is_empty() && count == 2 {
            let joined = words.concat();
            found = (0..self.tokens.len())
                .filter(|at| text(*at).replace('-', "") == joined)
                .map(|at| at..at + 1)
                .collect();
        }
        if found.is_empty() && count == 1 {
            let plain = words[0].replace('-', "");
            found = (1..self.tokens.len())
                .filter(|at| plain.strip_prefix(text(at - 1)) == Some(text(*at)))
                .map(|at| at - 1..at + 1)
                .collect();
        }
        if found.is_empty() && count == 1 {
            let slips = if words[0].len() < 6 { 1 } else { 2 };
            found = (0..self.tokens.len())
                .filter(|at| distance(text(*at), words[0]) <= slips)
                .map(|at| at..at + 1)
                .collect();
        }
        found
    }

    /// Attributes with the mention they belong to.
    fn place_attributes(
        &mut self,
        facts: &[Fact],
        missing: &mut Vec<Fact>,
    ) -> Vec<(Range<usize>, Range<usize>, String)> {
        let mut placed = Vec::new();
        let mut taken = vec![false; self.tokens.len()];
        for fact in facts {
            let Fact::Attribute(name, attribute) = fact else { continue };
            let Some(mentions) = self.objects.get(name) else { continue };
            let near = |span: &Range<usize>| {
                mentions
                    .iter()
                    .filter(|mention| self.sentence_of(mention) == self.sentence_of(span))
                    .map(|mention| {
                        let gap = if span.end <= mention.start {
                            mention.start - span.end
                        } else {
                            3 + 2 * (span.start.saturating_sub(mention.end))
                        };
                        (gap, mention.clone())
                    })
                    .min_by_key(|(gap, _)| *gap)
            };
            let best = self
                .attribute_spans(attribute)
                .into_iter()
                .filter(|span| !self.used[span.clone()].iter().any(|used| *used))
                .filter_map(|span| {
                    let (gap, mention) = near(&span)?;
                    let again = taken[span.clone()].iter().any(|taken| *taken);
                    Some((gap + if again { 20 } else { 0 }, mention, span))
                })
                .min_by_key(|(gap, _, _)| *gap);
            match best {
                Some((_, mention, span)) => {
                    taken[span.clone()].fill(true);
                    placed.push((mention, span, attribute.clone()));
                }
                None => missing.push(fact.clone()),
            }
        }
        placed
    }

    fn attribute_spans(&self, attribute: &str) -> Vec<Range<usize>> {
        let wanted: Vec<&str> = attribute.split(' ').collect();
        let count = wanted.len();
        let word = |at: usize| self.words.of(self.tokens[at]);
        let runs = |same: &dyn Fn(usize, usize) -> bool| -> Vec<Range<usize>> {
            (0..(self.tokens.len() + 1).saturating_sub(count))
                .filter(|start| (0..count).all(|offset| same(start + offset, offset)))
                .map(|start| start..start + count)
                .collect()
        };
        let mut found = runs(&|at, offset| {
            let word = word(at);
            *word.text == *wanted[offset] || word.number() == Some(wanted[offset])
        });
        if found.is_empty() {
            found = self.renamed_runs(|said| self.lexical.requalified(said) == Some(attribute));
        }
        if found.is_empty() {
            found = runs(&|at, offset| {
                let (word, wanted) = (word(at), wanted[offset]);
                *word.noun == *lemma(wanted) || *word.verb == *wanted
            });
        }
        if found.is_empty() && count == 1 {
            let is_near = |at: &usize| {
                let text = &*word(*at).text;
                distance(text, wanted[0]) <= 1 || text.len() > 3 && wanted[0].strip_suffix("en") == Some(text)
            };
            found = (0..self.tokens.len()).filter(is_near).map(|at| at..at + 1).collect();
        }
        found
    }

    /// The sentence and the mentions that a relation holds between.
    fn place_relation(
        &self,
        subject: &str,
        predicate: &str,
        object: &str,
    ) -> Option<(usize, Range<usize>, Range<usize>)> {
        let (subjects, objects) = (self.objects.get(subject)?, self.objects.get(object)?);
        let first = hash(predicate.split(' ').next()?);
        let mut best: Option<(usize, usize, Range<usize>, Range<usize>)> = None;
        for left in subjects {
            for right in objects {
                let sentence = self.sentence_of(left);
                if left == right || sentence != self.sentence_of(right) {
                    continue;
                }
                let (early, late) = if left.start < right.start { (left, right) } else { (right, left) };
                let between = early.end..late.start.max(early.end);
                let gap = between.len();
                let says = |at: usize| {
                    let word = self.words.traits(self.tokens[at]);
                    word.hash == first || word.verb_hash == first
                };
                let cost = gap
                    + if between.clone().any(says) { 0 } else { 10 }
                    + usize::from(left.start > right.start) * 3;
                if best.as_ref().is_none_or(|(before, ..)| cost < *before) {
                    best = Some((cost, sentence?, left.clone(), right.clone()));
                }
            }
        }
        best.map(|(_, sentence, left, right)| (sentence, left, right))
    }
}

fn find(objects: &[Span], mention: &Range<usize>, start: usize) -> Option<usize> {
    objects.iter().position(|span| usize::from(span.start) + start == mention.start)
}

/// Letters to be changed, added or dropped to make one word of the other; words shorter than four
/// letters and words of very different length are far apart.
pub(super) fn distance(a: &str, b: &str) -> usize {
    if a.len() < 4 || a.len().abs_diff(b.len()) > 2 || !a.is_ascii() || !b.is_ascii() {
        return 9;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let change = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}
