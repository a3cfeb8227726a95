//! What a text says, in FACTUAL's notation.

use std::ops::Range;

use super::decode::{Graph, Machine};
use super::labels::Span;
use super::parser::Parser;
use super::token::{Kind, RawToken, split};
use super::words::{QUOTE, WordId, Words};

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

    fn graphs(&mut self, text: &str) -> Vec<(Range<usize>, Graph)> {
        self.words.limit();
        split(text, &mut self.raw, &mut self.sentences);
        self.tokens.clear();
        for token in &self.raw {
            let id = if token.kind == Kind::Quote { QUOTE } else { self.words.id(token.of(text)) };
            self.tokens.push(id);
        }
        let sentences = std::mem::take(&mut self.sentences);
        let graphs = sentences
            .iter()
            .map(|range| (range.clone(), self.machine.read(self.parser, &self.words, &self.tokens[range.clone()])))
            .collect();
        self.sentences = sentences;
        graphs
    }

    /// The number of facts, for measuring.
    pub fn count(&mut self, text: &str) -> usize {
        self.graphs(text).iter().map(|(_, graph)| graph.relations.len() + graph.attributes.len()).sum()
    }

    /// The facts of a text in FACTUAL's notation: `( dog , is , brown ) , ( dog , on , bed )`.
    pub fn factual(&mut self, text: &str) -> String {
        let graphs = self.graphs(text);
        let mut facts: Vec<String> = Vec::new();
        for (range, graph) in &graphs {
            self.add_facts(range.start, graph, &mut facts);
        }
        facts.join(" , ")
    }

    fn spell(&self, start: usize, span: Span) -> String {
        let words: Vec<&str> =
            span.range().map(|at| &*self.words.of(self.tokens[start + at]).text).collect();
        words.join(" ")
    }

    fn add_facts(&self, start: usize, graph: &Graph, facts: &mut Vec<String>) {
        let name = |object: usize| {
            let name = self.spell(start, graph.objects[object]);
            self.parser.lexical.renamed(&name).map_or(name.clone(), str::to_owned)
        };
        let mut push = |fact: String| {
            if !facts.contains(&fact) {
                facts.push(fact);
            }
        };
        for relation in &graph.relations {
            push(format!("( {} , {} , {} )", name(relation.subject), relation.predicate, name(relation.object)));
        }
        for (object, span) in &graph.attributes {
            let number = (span.range().len() == 1)
                .then(|| self.words.of(self.tokens[start + span.head()]).number())
                .flatten();
            let attribute = number.map_or_else(|| self.spell(start, *span), str::to_owned);
            let attribute = self.parser.lexical.requalified(&attribute).map_or(attribute.clone(), str::to_owned);
            push(format!("( {} , is , {attribute} )", name(*object)));
        }
        for object in 0..graph.objects.len() {
            let has_fact = graph.attributes.iter().any(|(owner, _)| *owner == object)
                || graph.relations.iter().any(|relation| relation.subject == object || relation.object == object);
            if !has_fact {
                push(format!("( {} )", name(object)));
            }
        }
    }
}
