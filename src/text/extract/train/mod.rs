//! How the tables of the parser are trained from captions with gold graphs.
//!
//! Gold graphs are laid over the tokens of their captions; then each model is trained on what it
//! will be asked: the labeler on words, the attacher on attributes with the objects around them, the
//! gate and the ranker on pairs of objects.

mod align;
mod learn;

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use self::align::{Aligner, Example, Facet, Naming};
use self::learn::{Chains, Decisions, Schedule, log};
use super::attach;
use super::decode::{Beam, Draft, Machine};
use super::extractor::DRAFTS;
use super::gold::Fact;
use super::gold::facts;
use super::graph::{Graph, graphs, judge, judge_draft};
use super::labels::{OUT, Span, features};
use super::lexical::Lexical;
use super::parser::{Parser, Trained};
use super::pronouns::meant;
use super::relations::{Candidate, Gather, Kinds, Pair, Rewrites, WINDOW};
use super::story::{Names, Sentence, Story};
use super::token::{RawToken, split};
use super::triggers::{Marked, Triggers, hash_of_predicate};
use super::words::{QUOTE, WordId, Words};

/// A text with its graph in FACTUAL's notation.
#[derive(Clone, Debug)]
pub struct Gold {
    /// A caption, or several sentences.
    pub text: String,
    /// `( dog , is , brown ) , ( dog , on , bed )`.
    pub graph: String,
    /// How many captions it counts as: long texts are few.
    pub weight: usize,
}

/// Words of captions that are remembered for mending the spelling of others.
const VOCABULARY: usize = 3;

/// Times that annotators must have rewritten a predicate.
const REWRITTEN: u32 = 2;

/// Times that annotators must have renamed a thing or a property.
const RENAMED: u32 = 3;

/// Times that a word must have been met to be known as a part of nothing.
const OUTSIDE: u32 = 50;

/// Of so many times that a word is met, it may be annotated as a part of something once: names of several
/// words (`cup of coffee`) are for captions, where the labeler decides of all words.
const MISTAKES: u32 = 30;

/// Of so many candidates of a kind in prose, one must be right for the kind to be looked for.
const WORTH_A_LOOK: usize = 100;

/// Trains a parser; the bytes that [`Parser::unpack`] reads. The same captions give the same bytes.
pub fn train(gold: &[Gold]) -> std::io::Result<Vec<u8>> {
    let mut lexical = lexical(gold);
    let mut words = Words::new(&lexical, None);
    let (examples, namings) = align(gold, &lexical, &mut words);
    let outside = learn_outside(&words, &examples);
    learn_names(&namings, &mut lexical);
    lexical.outside = outside;
    let mut words = Words::new(&lexical, None);
    let (examples, _) = align(gold, &lexical, &mut words);
    log(&format!(
        "{} sentences, {} objects, {} attributes, {} relations, {} facts not found",
        examples.len(),
        examples.iter().map(|example| example.objects.len()).sum::<usize>(),
        examples.iter().map(|example| example.attributes.len()).sum::<usize>(),
        examples.iter().map(|example| example.relations.len()).sum::<usize>(),
        examples.iter().map(|example| example.missing.len()).sum::<usize>(),
    ));
    let mut trained = train_judged(&words, &lexical, &examples)?;
    trained.lexical = lexical.clone();
    trained.prose_kinds = learn_kinds(&words, &examples, &trained.rewrites);
    log(&format!(
        "features: labels {}, attach {}, gate {}, relations {}, judge {}; rewrites {}; floor {}",
        trained.labels.len(),
        trained.attach.len(),
        trained.gate.len(),
        trained.relations.len(),
        trained.judge.len(),
        trained.rewrites.len(),
        trained.gate_floor,
    ));
    Ok(trained.pack())
}

/// Parts of the examples that are read by a parser trained on the others.
const FOLDS: usize = 6;

/// Trains all models. The judge of whole graphs must see the faults that the others make on texts
/// which they do not know; so it learns from parsers that were trained without the text at hand.
fn train_judged(words: &Words<'_>, lexical: &Lexical, examples: &[Example]) -> std::io::Result<Trained> {
    let fold = |fold: usize| -> std::io::Result<Vec<Vec<Weighed>>> {
        let others: Vec<&Example> = examples
            .iter()
            .enumerate()
            .filter(|(at, _)| at % FOLDS != fold)
            .map(|(_, example)| example)
            .collect();
        let parser = unpacked(&train_parts(words, &others)?)?;
        let words = &words.with_labels(&parser.labels);
        let mut machine = Machine::new(Beam::TRAINING);
        let held = examples.iter().skip(fold).step_by(FOLDS);
        Ok(held.filter_map(|example| weigh(&parser, lexical, words, &mut machine, example)).collect())
    };
    let (mut trained, folds) = std::thread::scope(|scope| {
        let folds = scope.spawn(|| (0..FOLDS).map(fold).collect::<Vec<_>>());
        let all: Vec<&Example> = examples.iter().collect();
        let trained = train_parts(words, &all);
        (trained, folds.join().map_err(|_panic| died()))
    });
    let mut judge = Decisions::default();
    let (mut weighed, mut exact, mut possible) = (0, 0, 0);
    for fold in folds? {
        for graphs in fold? {
            weighed += 1;
            exact += usize::from(graphs.first().is_some_and(|graph| graph.share > 0.999));
            possible += usize::from(graphs.iter().any(|graph| graph.share > 0.999));
            let best = graphs.iter().fold(0.0, |best: f32, graph| best.max(graph.share));
            let gain = |graph: &Weighed| (SHARPNESS * (graph.share - best)).exp();
            judge.add(graphs.iter().map(|graph| (&*graph.features, gain(graph), -graph.cost)));
        }
    }
    log(&format!("judge: {weighed} sentences, {exact} right at once, {possible} right among the graphs"));
    if let Ok(trained) = &mut trained {
        trained.judge = judge.train(JUDGE);
    }
    trained
}

fn died() -> std::io::Error {
    std::io::Error::other("a thread of the trainer died")
}

fn unpacked(trained: &Trained) -> std::io::Result<Parser> {
    Parser::unpack(&trained.pack()).map_err(std::io::Error::other)
}

/// A graph with its features and the share of it that is right.
struct Weighed {
    features: Vec<u32>,
    cost: f32,
    share: f32,
}

/// The graphs of a sentence; none where there is no choice.
fn weigh(
    parser: &Parser,
    lexical: &Lexical,
    words: &Words<'_>,
    machine: &mut Machine,
    example: &Example,
) -> Option<Vec<Weighed>> {
    let drafts = machine.drafts(parser, words, &example.sentence, example.manner, DRAFTS);
    let graphs = graphs(&drafts, Beam::TRAINING);
    if graphs.len() < 2 {
        return None;
    }
    let gold = gold_keys(words, example);
    let weigh = |graph: &Graph| {
        let draft = &drafts[graph.draft];
        let mut features = Vec::new();
        judge_draft(words, &example.sentence, draft, &mut features);
        judge(words, &example.sentence, draft, graph, &mut features);
        let names = Names { words, lexical, rewrites: &parser.rewrites, tokens: &example.sentence };
        let keys = graph_keys(names, draft, graph);
        let both = keys.iter().filter(|key| gold.contains(key)).count();
        let share = 2.0 * both as f32 / (keys.len() + gold.len()).max(1) as f32;
        Weighed { features, cost: graph.cost, share }
    };
    Some(graphs.iter().map(weigh).collect())
}

/// The facts of an example by which a graph of it is judged.
fn gold_keys(words: &Words<'_>, example: &Example) -> Vec<String> {
    let _ = words;
    let mut keys = Vec::new();
    for fact in &example.facts {
        push_keys(fact, &mut keys);
    }
    keys
}

/// A fact as SPICE counts it: its objects too, all words in dictionary form.
fn push_keys(fact: &Fact, keys: &mut Vec<String>) {
    let form = |text: &str| text.split(' ').map(crate::text::lemma).collect::<Vec<_>>().join(" ");
    let mut push = |key: String| {
        if !keys.contains(&key) {
            keys.push(key);
        }
    };
    match fact {
        Fact::Object(object) => push(form(object)),
        Fact::Attribute(object, attribute) => {
            push(form(object));
            push(format!("{},is,{}", form(object), form(attribute)));
        }
        Fact::Relation(subject, predicate, object) => {
            push(form(subject));
            push(form(object));
            push(format!("{},{},{}", form(subject), form(predicate), form(object)));
        }
    }
}

fn graph_keys(names: Names<'_>, draft: &Draft, graph: &Graph) -> Vec<String> {
    let sentence = Sentence { range: 0..names.tokens.len(), draft: draft.clone(), graph: graph.clone() };
    let mut keys = Vec::new();
    for fact in Story::of(names, &[sentence]).facts() {
        push_keys(&fact, &mut keys);
    }
    keys
}

/// Trains all models but the judge.
fn train_parts(words: &Words<'_>, examples: &[&Example]) -> std::io::Result<Trained> {
    let labels = train_labels(words, examples);
    let attach = train_attach(words, examples);
    let rewrites = learn_rewrites(words, examples);
    let (gate, relations) = train_relations(words, examples, &rewrites);
    let mut trained =
        Trained { labels, attach, rewrites, gate, relations, gate_floor: -(1 << 19), ..Trained::default() };
    trained.gate_floor = gate_floor(words, examples, &trained)?;
    Ok(trained)
}

/// Lays all gold graphs over their texts.
fn align(gold: &[Gold], lexical: &Lexical, words: &mut Words<'_>) -> (Vec<Example>, Vec<Naming>) {
    let tokenised: Vec<_> = gold.iter().map(|gold| tokenise(&gold.text, words)).collect();
    let (mut examples, mut namings) = (Vec::new(), Vec::new());
    for (gold, (tokens, sentences)) in gold.iter().zip(&tokenised) {
        let (mut of_text, named) = Aligner::new(words, lexical, tokens, sentences).align(&facts(&gold.graph));
        match of_text.as_mut_slice() {
            [only] => only.facts = facts(&gold.graph),
            several => several.iter_mut().for_each(|example| example.facts = own_facts(words, example)),
        }
        for _ in 1..gold.weight {
            examples.extend(of_text.iter().cloned());
        }
        examples.extend(of_text);
        namings.extend(named);
    }
    (examples, namings)
}

/// What a sentence of a longer text says by itself, pronouns standing for themselves.
fn own_facts(words: &Words<'_>, example: &Example) -> Vec<Fact> {
    let spell = |span: Span| {
        let words: Vec<&str> = span.range().map(|at| &*words.of(example.sentence[at]).text).collect();
        words.join(" ")
    };
    let name = |object: usize| spell(example.objects[object]);
    let mut facts: Vec<Fact> = (0..example.objects.len()).map(|object| Fact::Object(name(object))).collect();
    facts
        .extend(example.attributes.iter().map(|(object, span)| Fact::Attribute(name(*object), spell(*span))));
    facts.extend(example.relations.iter().map(|(subject, object, predicate)| {
        Fact::Relation(name(*subject), predicate.clone(), name(*object))
    }));
    facts
}

/// Learns which names annotators replace, and by what.
fn learn_names(namings: &[Naming], lexical: &mut Lexical) {
    let mut counts: FxHashMap<(Facet, &str), FxHashMap<Option<&str>, u32>> = FxHashMap::default();
    for naming in namings {
        let called = counts.entry((naming.facet, &naming.said)).or_default();
        *called.entry(naming.called.as_deref()).or_default() += 1;
    }
    for ((facet, said), called) in counts {
        let total: u32 = called.values().sum();
        let best = called
            .iter()
            .filter_map(|(name, count)| name.map(|name| (*count, name)))
            .max_by_key(|(count, name)| (*count, std::cmp::Reverse(*name)));
        let Some((count, name)) = best else { continue };
        let is_same_word = name == said || crate::text::lemma(name) == crate::text::lemma(said);
        if !is_same_word
            && count >= RENAMED
            && 2 * count > total
            && !name.bytes().any(|byte| byte.is_ascii_digit())
        {
            let map = match facet {
                Facet::Object => &mut lexical.renamed,
                Facet::Attribute => &mut lexical.requalified,
            };
            map.insert(said.into(), name.into());
        }
    }
    log(&format!("{} objects renamed, {} attributes", lexical.renamed.len(), lexical.requalified.len()));
}

/// Learns which words are a part of nothing. Only words of closed classes: that a noun was never
/// annotated says nothing of the next picture.
fn learn_outside(words: &Words<'_>, examples: &[Example]) -> FxHashSet<Box<str>> {
    let mut counts: FxHashMap<WordId, (u32, u32)> = FxHashMap::default();
    for example in examples {
        for (word, label) in example.sentence.iter().zip(&example.labels) {
            let (all, inside) = counts.entry(*word).or_default();
            *all += 1;
            *inside += u32::from(*label != OUT);
        }
    }
    let outside: FxHashSet<Box<str>> = counts
        .into_iter()
        .filter(|(word, (all, inside))| {
            *all >= OUTSIDE && inside * MISTAKES <= *all && words.traits(*word).class.is_closed()
        })
        .map(|(word, _)| words.of(word).text.clone())
        .collect();
    log(&format!("{} words are outside", outside.len()));
    outside
}

/// The tokens of a text as words, and its sentences.
pub(super) fn tokenise(text: &str, words: &mut Words<'_>) -> (Vec<WordId>, Vec<Range<usize>>) {
    let (mut raw, mut sentences) = (Vec::<RawToken>::new(), Vec::new());
    split(text, &mut raw, &mut sentences);
    let id = |token: &RawToken| match token.kind {
        super::token::Kind::Quote => QUOTE,
        _ => words.id(token.of(text)),
    };
    (raw.iter().map(id).collect(), sentences)
}

/// Words that occur in the captions often enough to be taken for spelt right.
fn lexical(gold: &[Gold]) -> Lexical {
    let mut counts: FxHashMap<String, usize> = FxHashMap::default();
    let (mut raw, mut sentences) = (Vec::new(), Vec::new());
    for gold in gold {
        split(&gold.text, &mut raw, &mut sentences);
        for token in &raw {
            *counts.entry(token.of(&gold.text).to_lowercase()).or_default() += 1;
        }
    }
    let mut frequent: Vec<(String, usize)> = counts
        .into_iter()
        .filter(|(word, count)| *count >= VOCABULARY && word.bytes().all(|byte| byte.is_ascii_lowercase()))
        .collect();
    frequent.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut lexical = Lexical::default();
    lexical.set_vocabulary(frequent.into_iter().map(|(word, _)| word.into()).collect());
    lexical
}

/// How all models are trained, but for what is said below. Many epochs at a falling rate, and a
/// third of the features dropped from each example, since annotators differ in taste.
const SCHEDULE: Schedule = Schedule {
    epochs: 8,
    rate: 0.1,
    shrink: 0.0,
    dropped: 0.3,
    least: 1,
    select: 0.0,
    runs: 1,
    prune: 0.1,
    seed: 1,
};

/// The labeler has so many features that reading waits for its table. A third of them says as much as all
/// when they are trained by themselves.
const LABELER: Schedule = Schedule { epochs: 12, select: 0.2, runs: 3, prune: 0.17, ..SCHEDULE };

/// The gate and the attacher are small; what hardly weighs is left out.
const SMALL: Schedule = Schedule { prune: 0.2, ..SCHEDULE };

/// The judge only corrects, so that small weights matter.
const JUDGE: Schedule = Schedule { prune: 0.03, ..SCHEDULE };

/// How much less a graph gains for each share of its facts that is wrong, in nats.
const SHARPNESS: f32 = 8.0;

fn train_labels(words: &Words<'_>, examples: &[&Example]) -> super::parser::Features {
    let mut chains = Chains::default();
    for example in examples {
        let sentence = &example.sentence;
        let places = (0..sentence.len()).map(|at| features(words, sentence, example.manner.prose, at));
        // The labeler leaves pronouns alone: they are marked afterwards.
        let mut labels = example.labels.clone();
        for (label, word) in labels.iter_mut().zip(sentence) {
            if example.manner.later && meant(words.of(*word)).is_some() {
                *label = OUT;
            }
        }
        chains.add(places, &labels);
    }
    log("labels");
    chains.train(LABELER)
}

/// What the models see of an example.
fn marked<'a>(words: &'a Words<'a>, example: &'a Example) -> Marked<'a> {
    Marked {
        words,
        sentence: &example.sentence,
        labels: &example.labels,
        objects: &example.objects,
        prose: example.manner.prose,
    }
}

fn train_attach(words: &Words<'_>, examples: &[&Example]) -> super::parser::Features {
    let mut decisions = Decisions::default();
    let mut triggers = Triggers::default();
    for example in examples {
        let marked = marked(words, example);
        triggers.find(marked);
        let mut spans: Vec<Span> = example.attributes.iter().map(|(_, span)| *span).collect();
        spans.sort();
        spans.dedup();
        for span in spans {
            let features: Vec<_> = attach::candidates(marked.objects, span)
                .map(|object| {
                    let right = example.attributes.contains(&(object, span));
                    (attach::features(marked, &triggers, span, object), right)
                })
                .collect();
            if features.len() > 1 {
                decisions.add(
                    features
                        .iter()
                        .map(|(features, right)| (features.as_slice(), f32::from(u8::from(*right)), 0.0)),
                );
            }
        }
    }
    log("attributes");
    decisions.train(SMALL)
}

/// A pair of objects with its gold relations: whether reversed, and the predicate.
fn gold_of(example: &Example, i: usize, j: usize) -> Vec<(bool, &str)> {
    let mut gold = Vec::new();
    for (subject, object, predicate) in &example.relations {
        if (*subject, *object) == (i, j) {
            gold.push((false, predicate.as_str()));
        } else if (*object, *subject) == (i, j) {
            gold.push((true, predicate.as_str()));
        }
    }
    gold
}

fn pairs(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (1..count).flat_map(|j| (j.saturating_sub(WINDOW)..j).map(move |i| (i, j)))
}

/// Counts what annotators write where no candidate spells it.
fn learn_rewrites<'e>(words: &Words<'_>, examples: &[&'e Example]) -> Vec<(String, bool, String)> {
    let nothing = Rewrites::default();
    let mut counts: FxHashMap<(String, bool, &'e str), u32> = FxHashMap::default();
    let mut triggers = Triggers::default();
    let mut found = Vec::new();
    for example in examples {
        let marked = marked(words, example);
        triggers.find(marked);
        for (i, j) in pairs(example.objects.len()) {
            let gold = gold_of(example, i, j);
            if gold.is_empty() {
                continue;
            }
            let kinds = Kinds::ALL;
            Gather { triggers: &triggers, rewrites: &nothing, kinds, found: &mut found }.pair(i, j);
            let whole = found.iter().find(|candidate| candidate.kind == 1);
            let Some(from) =
                whole.and_then(|whole| super::relations::spell(marked, &triggers, &nothing, *whole))
            else {
                continue;
            };
            for (reversed, predicate) in gold {
                let hash = hash_of_predicate(predicate);
                let covered = found.iter().any(|candidate| {
                    candidate.hash == hash
                        && candidate.reversed == reversed
                        && candidate.kind < 80
                        && candidate.kind > 0
                });
                if !covered {
                    *counts.entry((from.clone(), reversed, predicate)).or_default() += 1;
                }
            }
        }
    }
    let mut frequent: Vec<_> = counts.into_iter().filter(|(_, count)| *count >= REWRITTEN).collect();
    frequent.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut kept: FxHashMap<(String, bool), usize> = FxHashMap::default();
    frequent.retain(|((from, reversed, _), _)| {
        let count = kept.entry((from.clone(), *reversed)).or_default();
        *count += 1;
        *count <= 3
    });
    frequent.into_iter().map(|((from, reversed, to), _)| (from, reversed, to.to_owned())).collect()
}

fn rewrites_of(learned: &[(String, bool, String)]) -> Rewrites {
    let mut rewrites = Rewrites::default();
    for (from, reversed, to) in learned {
        rewrites.add(from, *reversed, to);
    }
    rewrites
}

/// The relations of a pair as candidates have them: whether reversed, and the predicate's number.
fn hashes(gold: &[(bool, &str)]) -> Vec<(bool, u64)> {
    gold.iter().map(|(reversed, predicate)| (*reversed, hash_of_predicate(predicate))).collect()
}

/// Whether a candidate is what the gold graph says of a pair.
fn is_right(candidate: &Candidate, gold: &[(bool, u64)]) -> bool {
    match candidate.kind {
        0 => gold.is_empty(),
        _ => gold.contains(&(candidate.reversed, candidate.hash)),
    }
}

/// Learns which kinds of candidates are worth a look in prose, where most kinds are hardly ever right. The
/// models are trained on all of them: who has seen what is wrong ranks better.
fn learn_kinds(words: &Words<'_>, examples: &[Example], learned: &[(String, bool, String)]) -> Kinds {
    let rewrites = rewrites_of(learned);
    let mut counts: BTreeMap<(u8, bool), (usize, usize)> = BTreeMap::new();
    let mut triggers = Triggers::default();
    let mut found = Vec::new();
    for example in examples.iter().filter(|example| example.manner.prose) {
        triggers.find(marked(words, example));
        for (i, j) in pairs(example.objects.len()) {
            let gold = hashes(&gold_of(example, i, j));
            let kinds = Kinds::ALL;
            Gather { triggers: &triggers, rewrites: &rewrites, kinds, found: &mut found }.pair(i, j);
            for candidate in &found {
                let (all, right) = counts.entry((candidate.kind, candidate.reversed)).or_default();
                *all += 1;
                *right += usize::from(is_right(candidate, &gold));
            }
        }
    }
    let (mut kinds, mut kept) = (Kinds::NONE, 0);
    let (mut related, mut lost) = (0, 0);
    for ((kind, reversed), (all, right)) in &counts {
        if right * WORTH_A_LOOK >= *all {
            kinds.insert(*kind, *reversed);
            kept += 1;
        } else {
            lost += right;
        }
        related += if *kind > 0 { *right } else { 0 };
    }
    log(&format!(
        "{kept} of {} kinds of relations in prose; {lost} of {related} relations are of another",
        counts.len()
    ));
    if counts.is_empty() { Kinds::ALL } else { kinds }
}

/// Trains the gate and the ranker.
fn train_relations(
    words: &Words<'_>,
    examples: &[&Example],
    learned: &[(String, bool, String)],
) -> (super::parser::Features, super::parser::Features) {
    let rewrites = rewrites_of(learned);
    let (mut gate, mut ranker) = (Decisions::default(), Decisions::default());
    let mut triggers = Triggers::default();
    let mut found: Vec<Candidate> = Vec::new();
    let (mut related, mut uncovered) = (0, 0);
    let mut lost: FxHashMap<(bool, &str), usize> = FxHashMap::default();
    for example in examples {
        let marked = marked(words, example);
        triggers.find(marked);
        for (i, j) in pairs(example.objects.len()) {
            let gold = gold_of(example, i, j);
            let pair = Pair::new(marked, &triggers, i, j);
            gate.add_yes_no(&pair.features(), !gold.is_empty());
            let kinds = Kinds::ALL;
            Gather { triggers: &triggers, rewrites: &rewrites, kinds, found: &mut found }.pair(i, j);
            let numbers = hashes(&gold);
            let right = |candidate: &Candidate| is_right(candidate, &numbers);
            related += usize::from(!gold.is_empty());
            if !found.iter().any(right) {
                uncovered += 1;
                *lost.entry(gold[0]).or_default() += 1;
                continue;
            }
            let features: Vec<_> = found
                .iter()
                .map(|candidate| {
                    let features = [&pair.glance_at(candidate)[..], &pair.study(candidate)].concat();
                    (features, right(candidate))
                })
                .collect();
            ranker.add(
                features
                    .iter()
                    .map(|(features, right)| (features.as_slice(), f32::from(u8::from(*right)), 0.0)),
            );
        }
    }
    let mut lost: Vec<_> = lost.into_iter().collect();
    lost.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    log(&format!(
        "{related} related pairs, {uncovered} of them with no candidate; {:?}",
        &lost[..lost.len().min(30)]
    ));
    log("gate");
    let gate = gate.train(SMALL);
    log("relations");
    (gate, ranker.train(SCHEDULE))
}

/// The score of a pair that one related pair in two hundred does not reach.
fn gate_floor(words: &Words<'_>, examples: &[&Example], trained: &Trained) -> std::io::Result<i32> {
    let parser = Parser::unpack(&trained.pack()).map_err(std::io::Error::other)?;
    let mut triggers = Triggers::default();
    let mut scores = Vec::new();
    for example in examples {
        let marked = marked(words, example);
        triggers.find(marked);
        for (subject, object, _) in &example.relations {
            let (i, j) = (*subject.min(object), *subject.max(object));
            if i != j && j - i <= WINDOW {
                scores.push(parser.gate.score(Pair::new(marked, &triggers, i, j).features()));
            }
        }
    }
    scores.sort_unstable();
    Ok(scores.get(scores.len() / 200).copied().unwrap_or(0))
}
