//! What a text says, in FACTUAL's notation.

use std::ops::Range;

use super::decode::{Draft, Machine, Manner};
use super::graph::{Graph, best, graphs};
use super::labels::Span;
use super::parser::Parser;
use super::lexical::Lexical;
use super::relations::{Rewrites, spell};
use super::gold::Fact;
use super::token::{Kind, RawToken, split};
use super::words::{QUOTE, WordId, Words};

/// Labellings of a sentence that are followed.
pub(super) const DRAFTS: usize = 4;

/// Reads texts; keeps its room and its words between them.
#[derive(Debug)]
pub struct Extractor<'p> {
    parser: &'p Parser,
    words: Words<'p>,
    machine: Machine,
    raw: Vec<RawToken>,
    tokens: Vec<WordId>,
    sentences: Vec<Range<usize>>,
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
            words: Words::new(&parser.lexical),
            machine: Machine::default(),
            raw: Vec::new(),
            tokens: Vec::new(),
            sentences: Vec::new(),
        }
    }

    fn read(&mut self, text: &str) -> Vec<(Range<usize>, Draft, Graph)> {
        self.words.limit();
        split(text, &mut self.raw, &mut self.sentences);
        self.tokens.clear();
        for token in &self.raw {
            let id = if token.kind == Kind::Quote { QUOTE } else { self.words.id(token.of(text)) };
            self.tokens.push(id);
        }
        let sentences = std::mem::take(&mut self.sentences);
        let manner = |at| Manner::of(self.tokens.len(), sentences.len(), at);
        let manners: Vec<Manner> = (0..sentences.len()).map(manner).collect();
        let graphs = sentences
            .iter()
            .zip(manners)
            .map(|(range, manner)| self.sentence(range.clone(), manner))
            .collect();
        self.sentences = sentences;
        graphs
    }

    fn sentence(&mut self, range: Range<usize>, manner: Manner) -> (Range<usize>, Draft, Graph) {
        let sentence = &self.tokens[range.clone()];
        let mut drafts = self.machine.drafts(self.parser, &self.words, sentence, manner, DRAFTS);
        let mut graphs = graphs(&drafts);
        let best = best(self.parser, &self.words, sentence, &drafts, &graphs);
        let graph = graphs.swap_remove(best);
        (range, drafts.swap_remove(graph.draft), graph)
    }

    /// The number of facts, for measuring.
    pub fn count(&mut self, text: &str) -> usize {
        self.read(text).iter().map(|(_, _, graph)| graph.relations.len() + graph.attributes.len()).sum()
    }

    /// The facts of a text in FACTUAL's notation: `( dog , is , brown ) , ( dog , on , bed )`.
    pub fn factual(&mut self, text: &str) -> String {
        let graphs = self.read(text);
        let named =
            Named { words: &self.words, lexical: &self.parser.lexical, rewrites: &self.parser.rewrites };
        let mut facts: Vec<Fact> = Vec::new();
        for (range, draft, graph) in &graphs {
            for fact in named.facts(&self.tokens[range.clone()], draft, graph) {
                if !facts.contains(&fact) {
                    facts.push(fact);
                }
            }
        }
        facts.iter().map(Fact::to_string).collect::<Vec<_>>().join(" , ")
    }
}

/// Spells graphs as annotators would.
pub(super) struct Named<'a> {
    pub words: &'a Words<'a>,
    pub lexical: &'a Lexical,
    pub rewrites: &'a Rewrites,
}

impl Named<'_> {
    fn spell(&self, sentence: &[WordId], span: Span) -> String {
        let words: Vec<&str> = span.range().map(|at| &*self.words.of(sentence[at]).text).collect();
        words.join(" ")
    }

    fn attribute(&self, sentence: &[WordId], span: Span) -> String {
        let number =
            if span.range().len() == 1 { self.words.of(sentence[span.head()]).number() } else { None };
        let attribute = number.map_or_else(|| self.spell(sentence, span), str::to_owned);
        self.lexical.requalified(&attribute).map_or(attribute.clone(), str::to_owned)
    }

    /// The facts of a graph: relations, attributes, and objects of which nothing else is said.
    pub(super) fn facts(&self, sentence: &[WordId], draft: &Draft, graph: &Graph) -> Vec<Fact> {
        let marked = draft.marked(self.words, sentence);
        let name = |object: usize| {
            let name = self.spell(sentence, draft.objects[object]);
            self.lexical.renamed(&name).map_or(name.clone(), str::to_owned)
        };
        let mut facts = Vec::new();
        for relation in &graph.relations {
            if let Some(predicate) = spell(marked, &draft.triggers, self.rewrites, relation.predicate) {
                facts.push(Fact::Relation(name(relation.subject), predicate, name(relation.object)));
            }
        }
        for (object, span) in &graph.attributes {
            facts.push(Fact::Attribute(name(*object), self.attribute(sentence, *span)));
        }
        for object in 0..draft.objects.len() {
            let has_fact = graph.attributes.iter().any(|(owner, _)| *owner == object)
                || graph.relations.iter().any(|relation| relation.subject == object || relation.object == object);
            if !has_fact {
                facts.push(Fact::Object(name(object)));
            }
        }
        facts
    }
}
