//! The descriptor tree: objects with what is said of them, foldable; a node can be searched for.

use std::collections::HashSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::model::{Descriptor, Facet};
use crate::query::quoted;
use crate::text::words;
use crate::ui::{Scroll, Theme, clip, head, put, safe, scrollbar};

/// Descriptors of one sample that are shown; more are counted.
const LIMIT: usize = 20_000;
/// Bytes of a name that are shown.
const NAME: usize = 512;
/// Deeper nodes are drawn no further to the right.
const DEEPEST: usize = 12;

/// One line of the tree.
#[derive(Clone, Debug, PartialEq)]
struct Node {
    depth: usize,
    /// What stands before the name: `color`, `count`, the dimension.
    label: String,
    name: String,
    /// The name at the other end of a relation.
    target: Option<String>,
    /// The descriptors that this line stands for: one, or equal ones.
    facts: Vec<usize>,
    facet: Facet,
    /// What to search for.
    query: Option<String>,
    /// Index of the node above.
    above: Option<usize>,
    has_children: bool,
}

/// The tree of one sample.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    left_out: usize,
    folded: HashSet<usize>,
    /// Nodes that are not inside of a folded one.
    visible: Vec<usize>,
    /// Nodes that rest on the words under the cursor of the text.
    linked: HashSet<usize>,
    /// Place among the visible ones.
    cursor: usize,
    pub(crate) scroll: Scroll,
}

impl Tree {
    /// The tree of a sample's descriptors, all folded or all open.
    pub(crate) fn new(descriptors: &[Descriptor], is_folded: bool) -> Self {
        let shown = descriptors.get(..LIMIT).unwrap_or(descriptors);
        let mut tree = Self {
            nodes: Builder::new(shown).build(),
            left_out: descriptors.len() - shown.len(),
            ..Self::default()
        };
        if is_folded {
            tree.fold_all();
        }
        tree.refresh();
        tree
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Lines that it takes as it is folded now.
    pub(crate) fn rows(&self) -> usize {
        self.visible.len() + usize::from(self.left_out > 0)
    }

    /// Puts the cursor on a line.
    pub(crate) fn go(&mut self, line: usize, height: usize) {
        self.cursor = line.min(self.visible.len().saturating_sub(1));
        self.scroll.show(self.cursor, self.rows(), height);
    }

    /// Moves the cursor by so many lines.
    pub(crate) fn walk(&mut self, delta: isize, height: usize) {
        self.go(self.cursor.saturating_add_signed(delta), height);
    }

    /// The query that finds samples with the node under the cursor.
    pub(crate) fn query(&self) -> Option<&str> {
        self.here().and_then(|node| self.nodes.get(node)?.query.as_deref())
    }

    /// The descriptors of the node under the cursor.
    pub(crate) fn facts(&self) -> &[usize] {
        self.here().and_then(|node| self.nodes.get(node)).map_or(&[], |node| &node.facts)
    }

    /// Shows which nodes these descriptors are, unfolds what hides them, and puts the cursor on the
    /// first.
    pub(crate) fn link(&mut self, facts: &[usize], height: usize) {
        let place_of = |fact: &usize| self.nodes.iter().position(|node| node.facts.contains(fact));
        let places: Vec<usize> = facts.iter().filter_map(place_of).collect();
        for place in &places {
            let mut above = self.nodes.get(*place).and_then(|node| node.above);
            while let Some(node) = above {
                self.folded.remove(&node);
                above = self.nodes.get(node).and_then(|node| node.above);
            }
        }
        self.refresh();
        let line = places.first().and_then(|first| self.visible.iter().position(|node| node == first));
        if let Some(line) = line {
            self.go(line, height);
        }
        self.linked = places.into_iter().collect();
    }

    /// Shows no links any more.
    pub(crate) fn unlink(&mut self) {
        self.linked.clear();
    }

    /// Folds the node under the cursor, or goes to the one above it.
    pub(crate) fn fold(&mut self, height: usize) {
        let Some(here) = self.here() else { return };
        let Some(node) = self.nodes.get(here) else { return };
        if node.has_children && self.folded.insert(here) {
            self.refresh();
        } else if let Some(above) = node.above {
            let line = self.visible.iter().position(|node| *node == above).unwrap_or(self.cursor);
            self.go(line, height);
        }
    }

    /// Unfolds the node under the cursor, or goes to the first one under it.
    pub(crate) fn unfold(&mut self, height: usize) {
        let Some(here) = self.here() else { return };
        if self.folded.remove(&here) {
            self.refresh();
        } else if self.nodes.get(here).is_some_and(|node| node.has_children) {
            self.walk(1, height);
        }
    }

    /// Folds or unfolds the node under the cursor.
    pub(crate) fn toggle(&mut self) {
        let Some(here) = self.here() else { return };
        if self.nodes.get(here).is_some_and(|node| node.has_children) {
            if !self.folded.remove(&here) {
                self.folded.insert(here);
            }
            self.refresh();
        }
    }

    /// Folds every node.
    pub(crate) fn fold_all(&mut self) {
        let folding = self.nodes.iter().enumerate().filter(|(_, node)| node.has_children);
        self.folded = folding.map(|(place, _)| place).collect();
        self.refresh();
    }

    /// Unfolds every node.
    pub(crate) fn unfold_all(&mut self) {
        self.folded.clear();
        self.refresh();
    }

    /// A click on a row of the pane: whether it was on the sign that folds.
    pub(crate) fn click(&mut self, row: u16, column: u16, height: usize) -> bool {
        let line = self.scroll.top + usize::from(row);
        if line >= self.visible.len() {
            return false;
        }
        self.go(line, height);
        let depth =
            self.here().and_then(|here| self.nodes.get(here)).map_or(0, |node| node.depth.min(DEEPEST));
        let sign = depth * 2;
        let is_on_sign = (sign..=sign + 1).contains(&usize::from(column));
        if is_on_sign {
            self.toggle();
        }
        is_on_sign
    }

    pub(crate) fn draw(&self, buffer: &mut Buffer, area: Rect, bar: Rect, theme: &Theme, has_focus: bool) {
        let lines = self.visible.iter().enumerate().skip(self.scroll.top).take(usize::from(area.height));
        let mut y = area.y;
        for (line, node) in lines {
            let row = Rect { y, height: 1, ..area };
            if line == self.cursor && has_focus {
                buffer.set_style(row.intersection(buffer.area), theme.cursor);
            }
            if let Some(shown) = self.nodes.get(*node) {
                let x = draw_node(buffer, row, shown, self.folded.contains(node), theme);
                if self.linked.contains(node) {
                    buffer.set_style(row.intersection(buffer.area), theme.cursor_away);
                    put(buffer, row, x + 1, "◂", theme.focus);
                }
            }
            y += 1;
        }
        if self.left_out > 0 && y < area.bottom() {
            let text = format!("… {} more are not shown", self.left_out);
            put(buffer, Rect { y, height: 1, ..area }, area.x, &text, theme.warning);
        }
        let view = (self.scroll.top as u64, u64::from(area.height), self.rows() as u64);
        scrollbar(buffer, bar, view, theme.rule, theme.dim);
    }

    fn here(&self) -> Option<usize> {
        self.visible.get(self.cursor).copied()
    }

    fn refresh(&mut self) {
        let here = self.here();
        self.visible.clear();
        let mut hidden_below: Option<usize> = None;
        for (place, node) in self.nodes.iter().enumerate() {
            if hidden_below.is_some_and(|depth| node.depth > depth) {
                continue;
            }
            hidden_below = self.folded.contains(&place).then_some(node.depth);
            self.visible.push(place);
        }
        // The cursor stays on its node, or on the one that now hides it.
        self.cursor =
            here.map_or(0, |here| self.visible.partition_point(|node| *node <= here).saturating_sub(1));
    }
}

/// Draws a line; the column after it.
fn draw_node(buffer: &mut Buffer, row: Rect, node: &Node, is_folded: bool, theme: &Theme) -> u16 {
    let sign = match (node.has_children, is_folded) {
        (false, _) => "  ",
        (true, true) => "▸ ",
        (true, false) => "▾ ",
    };
    let indent = (node.depth.min(DEEPEST) * 2) as u16;
    let mut x = put(buffer, row, row.x.saturating_add(indent), sign, theme.dim);
    if !node.label.is_empty() {
        x = put(buffer, row, x, &node.label, theme.dim);
        x = put(buffer, row, x, " ", Style::new());
    }
    let room = usize::from(row.right().saturating_sub(x));
    x = put(buffer, row, x, &clip(&node.name, room), theme.facet(node.facet));
    if let Some(target) = &node.target {
        x = put(buffer, row, x, " → ", theme.dim);
        x = put(buffer, row, x, target, theme.facet(Facet::Object));
    }
    if node.facts.len() > 1 {
        x = put(buffer, row, x, &format!(" ×{}", node.facts.len()), theme.dim);
    }
    x
}

/// Turns a list of facts into lines in the order of a tree. It goes by a stack of its own, since a
/// hostile data set may nest its facts as deep as it likes, or in a circle.
struct Builder<'a> {
    facts: &'a [Descriptor],
    below: Vec<Vec<usize>>,
    done: Vec<bool>,
    nodes: Vec<Node>,
}

/// A stretch of siblings still to be written.
struct Step {
    fact: usize,
    /// Equal ones, which are not shown.
    others: Vec<usize>,
    depth: usize,
    above: Option<usize>,
}

impl<'a> Builder<'a> {
    fn new(facts: &'a [Descriptor]) -> Self {
        let mut below = vec![Vec::new(); facts.len()];
        for (place, fact) in facts.iter().enumerate() {
            if let Some(parent) = parent_of(fact, place, facts.len())
                && let Some(children) = below.get_mut(parent)
            {
                children.push(place);
            }
        }
        Self { facts, below, done: vec![false; facts.len()], nodes: Vec::with_capacity(facts.len()) }
    }

    fn build(mut self) -> Vec<Node> {
        let is_root =
            |(place, fact): &(usize, &Descriptor)| parent_of(fact, *place, self.facts.len()).is_none();
        let mut roots: Vec<usize> =
            self.facts.iter().enumerate().filter(is_root).map(|(place, _)| place).collect();
        roots.sort_by_key(|place| self.facts.get(*place).map_or(9, |fact| root_rank(fact.facet)));
        self.write(roots);
        // What hangs in a circle has no root; it is shown all the same.
        for place in 0..self.facts.len() {
            if !self.done.get(place).copied().unwrap_or(true) {
                self.write(vec![place]);
            }
        }
        self.nodes
    }

    fn write(&mut self, roots: Vec<usize>) {
        let mut stack = self.steps(roots, 0, None);
        while let Some(step) = stack.pop() {
            match self.done.get_mut(step.fact) {
                Some(done) if !*done => *done = true,
                _ => continue,
            }
            let mut children = self.below.get_mut(step.fact).map(std::mem::take).unwrap_or_default();
            children.sort_by_key(|place| self.facts.get(*place).map_or(9, |fact| child_rank(fact.facet)));
            let here = self.nodes.len();
            if let Some(node) = self.node(&step, !children.is_empty()) {
                self.nodes.push(node);
            }
            let below = self.steps(children, step.depth + 1, Some(here));
            stack.extend(below);
        }
    }

    /// Siblings as steps, the first on top of the stack; equal leaves become one.
    fn steps(&mut self, places: Vec<usize>, depth: usize, above: Option<usize>) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        let mut leaves = std::collections::HashMap::new();
        for fact in places {
            let Some(here) = self.facts.get(fact) else { continue };
            let is_leaf = self.below.get(fact).is_none_or(Vec::is_empty);
            let key = (here.facet, here.dimension.as_deref(), here.name.as_str(), here.target);
            if is_leaf && let Some(place) = leaves.get(&key) {
                if let Some(step) = steps.get_mut::<usize>(*place) {
                    step.others.push(fact);
                }
                if let Some(done) = self.done.get_mut(fact) {
                    *done = true;
                }
                continue;
            }
            if is_leaf {
                leaves.insert(key, steps.len());
            }
            steps.push(Step { fact, others: Vec::new(), depth, above });
        }
        steps.reverse();
        steps
    }

    fn node(&self, step: &Step, has_children: bool) -> Option<Node> {
        let fact = self.facts.get(step.fact)?;
        let label = match (&fact.dimension, fact.facet) {
            (Some(dimension), _) if *dimension == fact.name => String::new(),
            // How a relation is built, and that a thing is whole, goes without saying.
            (_, Facet::Spatial | Facet::Action | Facet::Relation) => String::new(),
            (Some(dimension), Facet::Object) if dimension == "whole" => String::new(),
            (Some(dimension), _) => safe(head(dimension, NAME)).into_owned(),
            (None, Facet::Object | Facet::Attribute) => String::new(),
            (None, other) => other.name().to_owned(),
        };
        let parent = parent_of(fact, step.fact, self.facts.len()).and_then(|place| self.facts.get(place));
        let target = fact.target.and_then(|place| self.facts.get(place as usize));
        Some(Node {
            depth: step.depth,
            label,
            name: safe(head(&fact.name, NAME)).into_owned(),
            target: target.map(|target| safe(head(&target.name, NAME)).into_owned()),
            facts: std::iter::once(step.fact).chain(step.others.iter().copied()).collect(),
            facet: fact.facet,
            query: query_of(fact, parent, target),
            above: step.above,
            has_children,
        })
    }
}

fn parent_of(fact: &Descriptor, place: usize, many: usize) -> Option<usize> {
    let parent = fact.parent? as usize;
    (parent < many && parent != place).then_some(parent)
}

fn root_rank(facet: Facet) -> u8 {
    match facet {
        Facet::Scene => 0,
        Facet::Object => 1,
        Facet::Entity => 2,
        Facet::Text => 3,
        Facet::Attribute | Facet::Count => 4,
        Facet::Spatial | Facet::Action | Facet::Relation => 5,
    }
}

fn child_rank(facet: Facet) -> u8 {
    match facet {
        Facet::Attribute => 0,
        Facet::Count => 1,
        Facet::Action => 2,
        Facet::Spatial | Facet::Relation => 3,
        Facet::Object => 5,
        Facet::Scene | Facet::Text | Facet::Entity => 4,
    }
}

/// The query that finds samples with this fact; `None` where its name has no word to search for.
fn query_of(fact: &Descriptor, parent: Option<&Descriptor>, target: Option<&Descriptor>) -> Option<String> {
    let words = words_of(&fact.name);
    if words.is_empty() {
        return None;
    }
    let name = quoted(&words.join(" "));
    let owner = parent.filter(|parent| parent.facet == Facet::Object).map(|parent| words_of(&parent.name));
    let owner = owner.filter(|owner| !owner.is_empty());
    let object = target.map(|target| words_of(&target.name)).filter(|target| !target.is_empty());
    Some(match (fact.facet, owner) {
        (Facet::Attribute | Facet::Count, Some(owner)) => {
            format!("{}{{{}}}", owner.join("-"), words.join(" "))
        }
        (Facet::Spatial | Facet::Action | Facet::Relation, owner) if owner.is_some() || object.is_some() => {
            let part =
                |part: Option<Vec<String>>| part.map_or("*".to_owned(), |words| quoted(&words.join(" ")));
            format!("rel:({} {name} {})", part(owner), part(object))
        }
        (Facet::Spatial | Facet::Relation, _) => format!("relation:{name}"),
        (other, _) => format!("{}:{name}", other.name()),
    })
}

/// The words of a name, as far as a query can ask for them.
fn words_of(name: &str) -> Vec<String> {
    words(head(name, NAME)).into_iter().map(|word| word.folded).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fact(facet: Facet, name: &str, parent: Option<u32>, target: Option<u32>) -> Descriptor {
        Descriptor { parent, target, ..Descriptor::new(facet, name, "supplied:test") }
    }

    fn scene() -> Vec<Descriptor> {
        vec![
            fact(Facet::Object, "dog", None, None),
            fact(Facet::Object, "leather sofa", None, None),
            fact(Facet::Attribute, "brown", Some(0), None),
            fact(Facet::Spatial, "on", Some(0), Some(1)),
            fact(Facet::Object, "tail", Some(0), None),
            fact(Facet::Count, "2", Some(0), None),
            fact(Facet::Object, "lamp", None, None),
            fact(Facet::Object, "lamp", None, None),
            fact(Facet::Scene, "indoor", None, None),
        ]
    }

    fn shown(tree: &Tree) -> Vec<String> {
        let line = |place: &usize| {
            let node = &tree.nodes[*place];
            let target = node.target.as_ref().map_or(String::new(), |target| format!(" → {target}"));
            format!("{}{} {}{target} ×{}", "  ".repeat(node.depth), node.label, node.name, node.facts.len())
        };
        tree.visible.iter().map(line).collect()
    }

    #[test]
    fn hangs_facts_under_their_objects() {
        let tree = Tree::new(&scene(), false);
        assert_eq!(
            shown(&tree),
            [
                "scene indoor ×1",
                " dog ×1",
                "   brown ×1",
                "  count 2 ×1",
                "   on → leather sofa ×1",
                "   tail ×1",
                " leather sofa ×1",
                " lamp ×2",
            ]
        );
    }

    #[test]
    fn every_node_knows_its_query() {
        let tree = Tree::new(&scene(), false);
        let queries: Vec<_> = tree.nodes.iter().filter_map(|node| node.query.as_deref()).collect();
        assert_eq!(
            queries,
            [
                "scene:indoor",
                "object:dog",
                "dog{brown}",
                "dog{2}",
                "rel:(dog on \"leather sofa\")",
                "object:tail",
                "object:\"leather sofa\"",
                "object:lamp",
            ]
        );
    }

    #[test]
    fn folds_and_walks() {
        let mut tree = Tree::new(&scene(), false);
        tree.go(2, 10);
        tree.fold(10);
        assert_eq!(tree.query(), Some("object:dog"));
        tree.fold(10);
        assert_eq!(shown(&tree), ["scene indoor ×1", " dog ×1", " leather sofa ×1", " lamp ×2"]);
        tree.unfold(10);
        tree.unfold(10);
        assert_eq!(tree.query(), Some("dog{brown}"));
        tree.fold_all();
        assert_eq!(tree.query(), Some("object:dog"));
    }

    #[test]
    fn the_query_of_a_node_finds_its_sample() {
        let mut descriptors = scene();
        descriptors.extend([
            fact(Facet::Attribute, "dark brown", Some(1), None),
            fact(Facet::Relation, "in front of", Some(1), Some(0)),
            fact(Facet::Action, "running", Some(0), None),
            fact(Facet::Text, "say \"hi\"", None, None),
            fact(Facet::Entity, "OR", None, None),
            fact(Facet::Object, "{*}", None, None),
        ]);
        let tree = Tree::new(&descriptors, false);
        let sample = crate::model::Sample { descriptors, ..crate::model::Sample::default() };
        let mut found = 0;
        for query in tree.nodes.iter().filter_map(|node| node.query.as_deref()) {
            let parsed = crate::query::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
            assert!(crate::query::matches(&parsed, &sample), "{query}");
            found += 1;
        }
        assert_eq!(found, tree.nodes.len() - 1);
    }

    #[test]
    fn ten_thousand_deep_is_no_trouble() {
        let deep: Vec<_> =
            (0..10_000_u32).map(|place| fact(Facet::Object, "part", place.checked_sub(1), None)).collect();
        assert_eq!(Tree::new(&deep, false).rows(), 10_000);
        assert_eq!(Tree::new(&deep, true).rows(), 1);
    }

    proptest! {
        #[test]
        fn every_fact_is_shown_once(links in prop::collection::vec((0_u32..12, 0_u32..12), 0..12)) {
            let facts: Vec<_> = links.iter().enumerate().map(|(place, (parent, target))| {
                let parent = (*parent < 10).then_some(*parent);
                fact(Facet::ALL[place % 9], &place.to_string(), parent, Some(*target))
            }).collect();
            let tree = Tree::new(&facts, false);
            let mut names: Vec<_> = tree.nodes.iter().map(|node| node.name.parse::<usize>().expect("a number")).collect();
            names.sort_unstable();
            prop_assert_eq!(names, (0..facts.len()).collect::<Vec<_>>());
        }
    }
}
