//! Descriptors as an indented tree, in plain text.

use std::io::Write;

use super::output::one_line;
use crate::model::Descriptor;

/// Deeper than this a tree is a chain of parents that the data got wrong.
const DEEPEST: usize = 12;

/// Writes the tree of a sample's descriptors, a line each: what it says, its kind, whether it is denied
/// or in doubt, and the byte ranges of the caption that say it.
pub(super) fn write_tree(all: &[Descriptor], out: &mut impl Write) -> std::io::Result<()> {
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); all.len()];
    for (place, descriptor) in all.iter().enumerate() {
        let parent = descriptor.parent.map(|parent| parent as usize).filter(|parent| *parent != place);
        if let Some(children) = parent.and_then(|parent| below.get_mut(parent)) {
            children.push(place);
        }
    }
    for (place, descriptor) in all.iter().enumerate() {
        if descriptor.parent.is_none() {
            write_node(all, &below, place, 1, out)?;
        }
    }
    Ok(())
}

fn write_node(
    all: &[Descriptor],
    below: &[Vec<usize>],
    place: usize,
    depth: usize,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let Some(descriptor) = all.get(place) else { return Ok(()) };
    writeln!(out, "{}{}", "  ".repeat(depth), line(descriptor, all))?;
    if depth < DEEPEST {
        for child in below.get(place).into_iter().flatten() {
            write_node(all, below, *child, depth + 1, out)?;
        }
    }
    Ok(())
}

fn line(descriptor: &Descriptor, all: &[Descriptor]) -> String {
    let mut line = one_line(&descriptor.name);
    if let Some(target) = descriptor.target.and_then(|target| all.get(target as usize)) {
        line.push(' ');
        line.push_str(&one_line(&target.name));
    }
    let mut marks = vec![descriptor.facet.name().to_owned()];
    if let Some(dimension) = descriptor.dimension.as_deref().filter(|name| *name != descriptor.facet.name()) {
        marks.push(one_line(dimension));
    }
    if descriptor.negated {
        marks.push("not".into());
    }
    if descriptor.hedged {
        marks.push("in doubt".into());
    }
    line.push_str(&format!("  ({})", marks.join(", ")));
    for evidence in &descriptor.evidence {
        line.push_str(&format!("  {}..{}", evidence.start, evidence.end));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Evidence, Facet};

    #[test]
    fn a_tree_with_its_spans() {
        let mut dog = Descriptor::new(Facet::Object, "dog", "extracted");
        dog.evidence.push(Evidence { caption: 0, start: 8, end: 11, sentence: 0 });
        let mut brown = Descriptor::new(Facet::Attribute, "brown\u{1b}", "extracted");
        brown.dimension = Some("color".into());
        brown.parent = Some(0);
        brown.hedged = true;
        let mut on = Descriptor::new(Facet::Spatial, "on", "extracted");
        (on.parent, on.target, on.negated) = (Some(0), Some(3), true);
        let sofa = Descriptor::new(Facet::Object, "sofa", "extracted");
        let mut looped = Descriptor::new(Facet::Object, "looped", "extracted");
        looped.parent = Some(4);
        let mut out = Vec::new();
        write_tree(&[dog, brown, on, sofa, looped], &mut out).unwrap();
        let expected = "  dog  (object)  8..11\n    brown\u{241b}  (attribute, color, in doubt)\n    \
                        on sofa  (spatial, not)\n  sofa  (object)\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
