//! Boxes, in every way to write four numbers.

use serde::{Deserialize, Serialize};

use crate::dataset::Cell;
use crate::dataset::fields::tokens;
use crate::dataset::path::{member, number};
use crate::model::{Region, RegionUnit};

/// How a box is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum BoxForm {
    /// Four numbers in a list in this member.
    List {
        /// The member.
        key: String,
        /// Their order.
        order: Order,
        /// What they are divided by to get shares; 0 for pixels.
        scale: f64,
    },
    /// Four members: left, upper edge, then right, lower edge or width, height.
    Keys {
        /// The members.
        keys: [String; 4],
        /// Their order.
        order: Order,
        /// What they are divided by to get shares; 0 for pixels.
        scale: f64,
    },
    /// Two points in a list in this member.
    Points {
        /// The member.
        key: String,
    },
}

/// The order of the four numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Order {
    /// Left, top, width, height.
    Xywh,
    /// Left, top, right, bottom.
    Xyxy,
    /// Top, left, bottom, right.
    Yxyx,
}

/// Names of members that make a box together.
const NAMED: &[([&str; 4], Order)] = &[
    (["x", "y", "w", "h"], Order::Xywh),
    (["x", "y", "width", "height"], Order::Xywh),
    (["left", "top", "width", "height"], Order::Xywh),
    (["left", "top", "right", "bottom"], Order::Xyxy),
    (["xmin", "ymin", "xmax", "ymax"], Order::Xyxy),
    (["x_min", "y_min", "x_max", "y_max"], Order::Xyxy),
    (["x1", "y1", "x2", "y2"], Order::Xyxy),
    (["x0", "y0", "x1", "y1"], Order::Xyxy),
    (["bbox_x", "bbox_y", "bbox_w", "bbox_h"], Order::Xywh),
];

/// The members with these names, or with something short before each: `bx`, `by`, `bw`, `bh`.
fn named_alike(members: &[(String, Cell)], wanted: &[&str; 4]) -> Option<[String; 4]> {
    /// Bytes of what stands before.
    const LONGEST: usize = 6;
    let find = |before: &str, name: &str| {
        members
            .iter()
            .find(|(own, inner)| {
                own.to_lowercase().strip_prefix(before) == Some(name) && number(inner).is_some()
            })
            .map(|(own, _)| own.clone())
    };
    let [first, ..] = wanted;
    let befores = members.iter().filter_map(|(own, _)| {
        own.to_lowercase().strip_suffix(first).filter(|before| before.len() <= LONGEST).map(str::to_owned)
    });
    let mut befores: Vec<String> = befores.collect();
    befores.sort_by_key(String::len);
    befores.iter().find_map(|before| {
        let found: Option<Vec<String>> = wanted.iter().map(|name| find(before, name)).collect();
        <[String; 4]>::try_from(found?).ok()
    })
}

impl BoxForm {
    /// Finds the box in records of this kind.
    pub(super) fn recognise(items: &[&Cell]) -> Option<Self> {
        let Some(Cell::Map(members)) = items.iter().find(|item| matches!(item, Cell::Map(_))) else {
            return None;
        };
        for (keys, order) in NAMED {
            if let Some(keys) = named_alike(members, keys) {
                let quads: Vec<[f64; 4]> = items.iter().filter_map(|item| by_keys(item, &keys)).collect();
                return Some(Self::Keys { keys, order: *order, scale: scale(&quads, &[]) });
            }
        }
        let mut best: Option<(Self, f32)> = None;
        for (name, inner) in members {
            let Some(form) = Self::in_list(name, inner, items) else { continue };
            let words = tokens(name);
            let hinted = words.iter().any(|word| {
                matches!(word.as_str(), "bbox" | "box" | "bounds" | "coords" | "region" | "rect" | "boxes")
            });
            let rank = if hinted { 2.0 } else { 1.0 };
            if best.as_ref().is_none_or(|(_, before)| rank > *before) {
                best = Some((form, rank));
            }
        }
        best.map(|(form, _)| form)
    }

    fn in_list(name: &str, inner: &Cell, items: &[&Cell]) -> Option<Self> {
        let Cell::List(values) = inner else { return None };
        if values.len() == 2
            && values.iter().all(|value| matches!(value, Cell::List(pair) if pair.len() == 2))
        {
            return Some(Self::Points { key: name.to_owned() });
        }
        if values.len() != 4 {
            return None;
        }
        let lists: Vec<&Cell> = items.iter().filter_map(|item| member(item, name)).collect();
        let quads: Vec<[f64; 4]> = lists.iter().filter_map(|list| four(list)).collect();
        if quads.len() * 10 < lists.len() * 9 || quads.is_empty() {
            return None;
        }
        let order = order(&quads, name);
        let scale = scale(&quads, &tokens(name));
        Some(Self::List { key: name.to_owned(), order, scale })
    }

    /// The region of one record.
    pub(super) fn read(&self, item: &Cell) -> Option<Region> {
        match self {
            Self::List { key, order, scale } => region(four(member(item, key)?)?, *order, *scale),
            Self::Keys { keys, order, scale } => region(by_keys(item, keys)?, *order, *scale),
            Self::Points { key } => {
                let Cell::List(points) = member(item, key)? else { return None };
                let [Cell::List(first), Cell::List(second)] = points.as_slice() else { return None };
                let [x0, y0] = first.as_slice() else { return None };
                let [x1, y1] = second.as_slice() else { return None };
                region([number(x0)?, number(y0)?, number(x1)?, number(y1)?], Order::Xyxy, 0.0)
            }
        }
    }

    /// The members that the box takes.
    pub(crate) fn keys(&self) -> Vec<&str> {
        match self {
            Self::List { key, .. } | Self::Points { key } => vec![key],
            Self::Keys { keys, .. } => keys.iter().map(String::as_str).collect(),
        }
    }

    /// The way of writing, in words.
    pub(super) fn words(&self) -> &'static str {
        match self {
            Self::List { order: Order::Xywh, scale, .. } | Self::Keys { order: Order::Xywh, scale, .. } => {
                if *scale > 0.0 {
                    "boxes x, y, width, height as shares"
                } else {
                    "boxes x, y, width, height in pixels"
                }
            }
            Self::List { order: Order::Xyxy, scale, .. } | Self::Keys { order: Order::Xyxy, scale, .. } => {
                if *scale > 0.0 {
                    "boxes by two corners as shares"
                } else {
                    "boxes by two corners in pixels"
                }
            }
            Self::List { .. } | Self::Keys { .. } => "boxes by two corners, upper edge first",
            Self::Points { .. } => "boxes by two points",
        }
    }
}

/// The four numbers of a list.
pub(super) fn four(list: &Cell) -> Option<[f64; 4]> {
    let Cell::List(values) = list else { return None };
    let [a, b, c, d] = values.as_slice() else { return None };
    Some([number(a)?, number(b)?, number(c)?, number(d)?])
}

fn by_keys(item: &Cell, keys: &[String; 4]) -> Option<[f64; 4]> {
    let [a, b, c, d] = keys;
    Some([
        number(member(item, a)?)?,
        number(member(item, b)?)?,
        number(member(item, c)?)?,
        number(member(item, d)?)?,
    ])
}

/// The order, by the numbers: corners never go back, widths often do; a box never reaches beyond
/// the picture.
pub(super) fn order(quads: &[[f64; 4]], name: &str) -> Order {
    let share = |test: &dyn Fn(&[f64; 4]) -> bool| {
        quads.iter().filter(|quad| test(quad)).count() as f64 / quads.len().max(1) as f64
    };
    // A few boxes are wrong in every set.
    let ordered = share(&|[a, b, c, d]| c >= a && d >= b) > 0.95;
    let words = tokens(name);
    let says = |word: &str| words.iter().any(|own| own == word) || name.to_lowercase().contains(word);
    if says("xywh") || !ordered {
        return Order::Xywh;
    }
    let whole = quads.iter().flatten().all(|number| number.fract() == 0.0 && (0.0..=1000.0).contains(number));
    let normalised = whole && words.iter().any(|word| word.starts_with("normali"));
    if says("yxyx") || normalised {
        return Order::Yxyx;
    }
    if says("xyxy") {
        return Order::Xyxy;
    }
    let shares = quads.iter().flatten().all(|number| (0.0..=1.0).contains(number));
    let beyond = share(&|[a, b, c, d]| a + c > 1.0001 || b + d > 1.0001) > 0.0;
    if shares && !beyond && quads.len() >= 3 {
        // All of them would fit as widths too. Widths of boxes are mostly small.
        let mean = quads.iter().map(|[a, _, c, _]| c - a).sum::<f64>() / quads.len() as f64;
        return if mean > 0.3 { Order::Xywh } else { Order::Xyxy };
    }
    // Few boxes may be ordered by chance: pixel boxes are mostly widths unless many agree.
    if !shares && quads.len() < 3 { Order::Xywh } else { Order::Xyxy }
}

/// What the numbers are shares of: 1, 999 or 1000; 0 for pixels.
pub(super) fn scale(quads: &[[f64; 4]], words: &[String]) -> f64 {
    let most = quads.iter().flatten().copied().fold(0.0, f64::max);
    if most <= 1.0 && quads.iter().flatten().any(|number| number.fract() != 0.0) {
        return 1.0;
    }
    let normalised = words.iter().any(|word| word.starts_with("normali"));
    if normalised && most <= 1000.0 {
        return if most > 999.0 {
            1000.0
        } else if most > 100.0 {
            999.0
        } else {
            100.0
        };
    }
    0.0
}

/// A region from four numbers; none where they make no box.
pub(super) fn region(quad: [f64; 4], order: Order, scale: f64) -> Option<Region> {
    let [a, b, c, d] = quad;
    let (x0, y0, x1, y1) = match order {
        Order::Xywh => (a, b, a + c, b + d),
        Order::Xyxy => (a, b, c, d),
        Order::Yxyx => (b, a, d, c),
    };
    let divide = if scale > 0.0 { scale } else { 1.0 };
    let unit = if scale > 0.0 { RegionUnit::Fraction } else { RegionUnit::Pixel };
    (x1 >= x0 && y1 >= y0).then_some(Region {
        x0: (x0 / divide) as f32,
        y0: (y0 / divide) as f32,
        x1: (x1 / divide) as f32,
        y1: (y1 / divide) as f32,
        unit,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(name: &str, quad: [f64; 4]) -> Cell {
        Cell::Map(vec![(name.to_owned(), Cell::List(quad.iter().map(|n| Cell::Float(*n)).collect()))])
    }

    #[test]
    fn forms_are_told_apart() {
        let told = |name: &str, quads: &[[f64; 4]]| {
            let items: Vec<Cell> = quads.iter().map(|quad| item(name, *quad)).collect();
            BoxForm::recognise(&items.iter().collect::<Vec<_>>()).map(|form| form.words().to_owned())
        };
        assert_eq!(
            told("bbox", &[[60.7, 30.3, 20.0, 208.0], [300.0, 10.0, 50.0, 60.0]]).as_deref(),
            Some("boxes x, y, width, height in pixels")
        );
        assert_eq!(
            told("wo", &[[0.37, 0.58, 0.5, 0.7], [0.37, 0.22, 0.5, 0.32], [0.8, 0.9, 0.95, 1.0]]).as_deref(),
            Some("boxes by two corners as shares")
        );
        assert_eq!(
            told("normalized_coords", &[[222.0, 135.0, 851.0, 843.0], [164.0, 0.0, 650.0, 999.0]]).as_deref(),
            Some("boxes by two corners, upper edge first")
        );
        assert_eq!(told("four", &[]).as_deref(), None);
    }
}
