//! The extractor: a text in, its reading or its facts out.

use std::ops::Range;

use crate::model::Descriptor;

use super::decode::{Beam, Machine, Manner};
use super::describe::{Source, describe};
use super::graph::{best, cheapest, graphs};
use super::language::{Language, language};
use super::lists::Lists;
use super::parser::Parser;
use super::story::{Names, Sentence, Story};
use super::token::{Kind, RawToken, split};
use super::words::{QUOTE, WordId, Words};

/// Labellings of a sentence that are followed.
pub(super) const DRAFTS: usize = 3;

/// What a text says.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Whether it is in a language that can be read.
    pub language: Language,
    /// What it says; empty in another language. Parents and targets are places in this list, and
    /// come before what refers to them.
    pub descriptors: Vec<Descriptor>,
    /// Number of its sentences.
    pub sentences: u32,
}

/// Reads texts; keeps its room and its words between them. One for each thread: the tables are
/// shared.
#[derive(Debug)]
pub struct Extractor<'p> {
    parser: &'p Parser,
    words: Words<'p>,
    machine: Machine,
    raw: Vec<RawToken>,
    tokens: Vec<WordId>,
    ranges: Vec<Range<usize>>,
}

impl Extractor<'static> {
    /// One with the parser of this program.
    pub fn english() -> Self {
        Self::new(Parser::english())
    }
}

impl<'p> Extractor<'p> {
    /// One with a parser of one's own.
    pub fn new(parser: &'p Parser) -> Self {
        Self {
            parser,
            words: Words::new(&parser.lexical, Some(&parser.labels)),
            machine: Machine::new(Beam::READING),
            raw: Vec::new(),
            tokens: Vec::new(),
            ranges: Vec::new(),
        }
    }

    /// What a text says. `caption` is its place in the sample's list, for the evidence. The same
    /// text gives the same reading, whatever was read before.
    pub fn read(&mut self, text: &str, caption: u32) -> Reading {
        self.tokenise(text);
        let language = language(text, &self.words, &self.tokens);
        let sentences = self.ranges.len() as u32;
        if language == Language::Other {
            return Reading { language, descriptors: Vec::new(), sentences };
        }
        let read = self.sentences();
        let story = self.story(&read);
        let source = Source {
            text,
            caption,
            words: &self.words,
            raw: &self.raw,
            tokens: &self.tokens,
            sentences: &self.ranges,
        };
        Reading { language, descriptors: describe(source, &story), sentences }
    }

    /// The facts of a text in FACTUAL's notation: `( dog , is , brown ) , ( dog , on , bed )`.
    pub fn factual(&mut self, text: &str) -> String {
        self.tokenise(text);
        let read = self.sentences();
        let facts = self.story(&read).facts();
        let mut text = String::new();
        for (place, fact) in facts.iter().enumerate() {
            if place > 0 {
                text.push_str(" , ");
            }
            fact.write(&mut text);
        }
        text
    }

    fn tokenise(&mut self, text: &str) {
        self.words.limit();
        split(text, &mut self.raw, &mut self.ranges);
        self.tokens.clear();
        for token in &self.raw {
            let id = if token.kind == Kind::Quote { QUOTE } else { self.words.id(token.of(text)) };
            self.tokens.push(id);
        }
    }

    fn sentences(&mut self) -> Vec<Sentence> {
        let mut sentences = Vec::with_capacity(self.ranges.len());
        for at in 0..self.ranges.len() {
            let manner = Manner::of(self.tokens.len(), self.ranges.len(), at);
            sentences.push(self.sentence(self.ranges[at].clone(), manner));
        }
        sentences
    }

    fn sentence(&mut self, range: Range<usize>, manner: Manner) -> Sentence {
        let sentence = &self.tokens[range.clone()];
        // Graphs of prose are not weighed against each other: measured, the judge makes them worse,
        // since annotators of long texts leave out what they like.
        let count = if manner.prose { 1 } else { DRAFTS };
        let mut drafts = self.machine.drafts(self.parser, &self.words, sentence, manner, count);
        let graph = if manner.prose {
            cheapest(&drafts)
        } else {
            let mut graphs = graphs(&drafts, Beam::READING);
            let best = best(self.parser, &self.words, sentence, &drafts, &graphs);
            graphs.swap_remove(best)
        };
        let mut draft = drafts.swap_remove(graph.draft);
        // What is decided makes room for the next sentence.
        (draft.attributes, draft.pairs) = (Vec::new(), Vec::new());
        Sentence { range, draft, graph }
    }

    fn story(&self, sentences: &[Sentence]) -> Story {
        let names = Names {
            words: &self.words,
            lexical: &self.parser.lexical,
            rewrites: &self.parser.rewrites,
            tokens: &self.tokens,
        };
        let mut story = Story::of(names, sentences);
        if Manner::of(self.tokens.len(), sentences.len(), 0).prose {
            let lists = Lists::english();
            story.retain(|thing| !(thing.name.split(' ').count() == 1 && lists.is_abstract(&thing.head)));
        }
        story
    }
}
