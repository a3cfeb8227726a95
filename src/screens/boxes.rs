//! Boxes of descriptors as marks on the picture: which there are, and which are lit.
//!
//! A box in pixels counts those of the picture as the data knows it. Where that states a size, boxes
//! go by it, whatever the file has: a file that was shrunk afterwards keeps its boxes in place.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::media::{Mark, STEPS};
use crate::model::{Descriptor, Facet, Region, RegionUnit};

/// Boxes that are drawn besides those that are lit: more would hide the picture.
const MOST: usize = 100;
/// Colours that marks have.
const COLOURS: usize = 8;
/// Steps upwards in the tree in search of a box: data may be as deep as it likes, or go in a circle.
const HIGHEST: usize = 16;

/// When boxes are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Boxes {
    /// While the descriptor tree has the keys.
    #[default]
    WithTree,
    Always,
    Never,
}

impl Boxes {
    /// Whether they are drawn now.
    pub(crate) fn are_drawn(self, tree_has_keys: bool) -> bool {
        match self {
            Self::WithTree => tree_has_keys,
            Self::Always => true,
            Self::Never => false,
        }
    }

    /// On where they are off now, and off where they are on.
    pub(crate) fn toggled(self, tree_has_keys: bool) -> Self {
        match (self.are_drawn(tree_has_keys), tree_has_keys) {
            (true, true) => Self::Never,
            (true, false) | (false, true) => Self::WithTree,
            (false, false) => Self::Always,
        }
    }
}

/// The boxes of a sample's descriptors on a picture of this size as the data counts it, `None` where
/// that is not known; those of the descriptors at the places `lit` are lit. Each box is there once.
pub(crate) fn marks(facts: &[Descriptor], size: Option<(u32, u32)>, lit: &[usize]) -> Arc<[Mark]> {
    if !facts.iter().any(|fact| fact.region.is_some()) {
        return Arc::default();
    }
    let lit: HashSet<usize> = lit.iter().flat_map(|place| boxed(facts, *place)).collect();
    let mut colours: HashMap<&str, usize> = HashMap::new();
    let mut places: HashMap<[u16; 4], usize> = HashMap::new();
    let mut marks: Vec<Mark> = Vec::new();
    let mut unlit = 0;
    for (place, fact) in facts.iter().enumerate() {
        let Some([x, y, width, height]) = fact.region.as_ref().and_then(|region| in_steps(region, size))
        else {
            continue;
        };
        let lit = lit.contains(&place);
        if let Some(known) = places.get(&[x, y, width, height]).and_then(|known| marks.get_mut(*known)) {
            known.lit |= lit;
            continue;
        }
        if !lit {
            unlit += 1;
            if unlit > MOST {
                continue;
            }
        }
        let next = colours.len();
        let colour = *colours.entry(&fact.name).or_insert(next) % COLOURS;
        places.insert([x, y, width, height], marks.len());
        marks.push(Mark { x, y, width, height, lit, colour: colour as u8 });
    }
    marks.into()
}

/// The descriptors whose boxes show where one is: its own, else that of what it belongs to, for a
/// relation also that of its other end; for what a caption only names, those of the same name.
fn boxed(facts: &[Descriptor], place: usize) -> Vec<usize> {
    let Some(fact) = facts.get(place) else { return Vec::new() };
    let mut found: Vec<usize> = with_box(facts, place).into_iter().collect();
    if let Some(target) = fact.target {
        found.extend(with_box(facts, target as usize));
    }
    if !found.is_empty() {
        return found;
    }
    let object = top(facts, place);
    let Some(name) = facts.get(object).filter(|fact| fact.facet == Facet::Object).map(|fact| &fact.name)
    else {
        return found;
    };
    let alike =
        |(_, other): &(usize, &Descriptor)| other.region.is_some() && other.name.eq_ignore_ascii_case(name);
    facts.iter().enumerate().filter(alike).map(|(place, _)| place).collect()
}

/// A descriptor, or the nearest above it, that has a box.
fn with_box(facts: &[Descriptor], place: usize) -> Option<usize> {
    upwards(facts, place).find(|place| facts.get(*place).is_some_and(|fact| fact.region.is_some()))
}

/// The first object from a descriptor upwards, else itself.
fn top(facts: &[Descriptor], place: usize) -> usize {
    upwards(facts, place)
        .find(|place| facts.get(*place).is_some_and(|fact| fact.facet == Facet::Object))
        .unwrap_or(place)
}

fn upwards(facts: &[Descriptor], place: usize) -> impl Iterator<Item = usize> + '_ {
    let above = |place: &usize| facts.get(*place)?.parent.map(|parent| parent as usize);
    std::iter::successors(Some(place), above).take(HIGHEST)
}

/// A region in steps of the picture's sides, cut at its rim; `None` where it cannot be told, or where
/// all of it is outside.
fn in_steps(region: &Region, size: Option<(u32, u32)>) -> Option<[u16; 4]> {
    let (width, height) = match region.unit {
        RegionUnit::Fraction => (1.0, 1.0),
        RegionUnit::Pixel => size.map(|(width, height)| (f64::from(width), f64::from(height)))?,
    };
    let (x, across) = stretch(region.x0, region.x1, width)?;
    let (y, down) = stretch(region.y0, region.y1, height)?;
    Some([x, y, across, down])
}

/// Start and length, at least 1, in steps of a side.
fn stretch(start: f32, end: f32, side: f64) -> Option<(u16, u16)> {
    let (start, end) = (f64::from(start) / side, f64::from(end) / side);
    if !start.is_finite() || !end.is_finite() || start >= 1.0 || end < 0.0 || end < start {
        return None;
    }
    let step = |share: f64| (share.clamp(0.0, 1.0) * f64::from(STEPS)).round() as u16;
    let first = step(start).min(STEPS - 1);
    Some((first, step(end).saturating_sub(first).max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(x0: f32, y0: f32, x1: f32, y1: f32, unit: RegionUnit) -> Region {
        Region { x0, y0, x1, y1, unit }
    }

    fn fact(facet: Facet, name: &str, parent: Option<u32>, region: Option<Region>) -> Descriptor {
        Descriptor { parent, region, ..Descriptor::new(facet, name, "supplied:objects") }
    }

    fn scene() -> Vec<Descriptor> {
        let pixels = |x0, y0, x1, y1| Some(region(x0, y0, x1, y1, RegionUnit::Pixel));
        vec![
            fact(Facet::Object, "dog", None, pixels(64.0, 48.0, 128.0, 96.0)),
            fact(Facet::Object, "sofa", None, pixels(0.0, 240.0, 640.0, 480.0)),
            fact(Facet::Attribute, "brown", Some(0), None),
            Descriptor { target: Some(1), ..fact(Facet::Spatial, "on", Some(0), None) },
            fact(Facet::Object, "Dog", None, None),
            fact(Facet::Scene, "indoor", None, None),
        ]
    }

    fn lit(facts: &[Descriptor], place: usize) -> Vec<bool> {
        marks(facts, Some((640, 480)), &[place]).iter().map(|mark| mark.lit).collect()
    }

    #[test]
    fn boxes_go_by_the_size_that_the_data_counts_in() {
        let found = marks(&scene(), Some((640, 480)), &[]);
        let places: Vec<_> = found.iter().map(|mark| [mark.x, mark.y, mark.width, mark.height]).collect();
        assert_eq!(places, [[1000, 1000, 1000, 1000], [0, 5000, 10_000, 5000]]);
        assert_eq!(found.iter().map(|mark| mark.colour).collect::<Vec<_>>(), [0, 1]);
        assert!(marks(&scene(), None, &[]).is_empty());
    }

    #[test]
    fn regions_are_cut_at_the_rim_and_nonsense_is_left_out() {
        let table = [
            (region(0.25, 0.5, 0.75, 1.0, RegionUnit::Fraction), Some([2500, 5000, 5000, 5000])),
            (region(-0.5, 0.0, 0.5, 2.0, RegionUnit::Fraction), Some([0, 0, 5000, 10_000])),
            (region(0.5, 0.5, 0.5, 0.5, RegionUnit::Fraction), Some([5000, 5000, 1, 1])),
            (region(1.0, 0.0, 2.0, 1.0, RegionUnit::Fraction), None),
            (region(f32::NAN, 0.0, 1.0, 1.0, RegionUnit::Fraction), None),
            (region(0.0, 0.0, f32::INFINITY, 1.0, RegionUnit::Fraction), None),
            (region(99.9999, 0.0, 100.0, 50.0, RegionUnit::Pixel), Some([9999, 0, 1, 10_000])),
        ];
        for (region, expected) in table {
            assert_eq!(in_steps(&region, Some((100, 50))), expected, "{region:?}");
        }
    }

    #[test]
    fn a_node_lights_the_boxes_that_show_it() {
        let facts = scene();
        assert_eq!(lit(&facts, 0), [true, false]);
        assert_eq!(lit(&facts, 2), [true, false], "brown is the dog");
        assert_eq!(lit(&facts, 3), [true, true], "both ends of a relation");
        assert_eq!(lit(&facts, 4), [true, false], "a name that a caption says");
        assert_eq!(lit(&facts, 5), [false, false]);
        assert_eq!(lit(&facts, 99), [false, false]);
    }

    #[test]
    fn equal_boxes_are_one_and_a_crowd_is_cut_but_for_the_lit() {
        let mut facts = scene();
        facts.push(facts[0].clone());
        assert_eq!(lit(&facts, 6), [true, false]);
        let crowd: Vec<_> = (0..500_u16)
            .map(|place| {
                let at = f32::from(place) / 1000.0;
                fact(
                    Facet::Object,
                    "bird",
                    None,
                    Some(region(at, at, at + 0.1, at + 0.1, RegionUnit::Fraction)),
                )
            })
            .collect();
        let found = marks(&crowd, None, &[499]);
        assert_eq!(found.len(), MOST + 1);
        assert_eq!(found.iter().filter(|mark| mark.lit).count(), 1);
        assert!(found.iter().all(|mark| mark.colour == 0));
    }

    #[test]
    fn a_circle_has_an_end() {
        let mut facts =
            vec![fact(Facet::Attribute, "a", Some(1), None), fact(Facet::Attribute, "b", Some(0), None)];
        facts.push(fact(Facet::Object, "dog", None, Some(region(0.0, 0.0, 1.0, 1.0, RegionUnit::Fraction))));
        assert_eq!(lit(&facts, 0), [false]);
    }

    #[test]
    fn the_key_turns_them_on_and_off() {
        use Boxes::{Always, Never, WithTree};
        for (before, tree, after) in [
            (WithTree, true, Never),
            (WithTree, false, Always),
            (Always, false, WithTree),
            (Always, true, Never),
            (Never, true, WithTree),
            (Never, false, Always),
        ] {
            assert_eq!(before.toggled(tree), after);
            assert_ne!(before.are_drawn(tree), after.are_drawn(tree));
        }
    }
}
