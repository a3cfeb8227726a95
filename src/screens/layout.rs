//! Where each pane lies. A pure function of the size and of what there is to show, so that what is
//! drawn, what a click means and how far a page scrolls can never disagree.
//!
//! ```text
//! under 80 columns        under 150 columns            wider
//! ┌ top ─────────────┐    ┌ top ───────────────────┐   ┌ top ──────────────────────────────┐
//! │ query            │    │ query                  │   │ query                             │
//! │ list             │    │ list      │ picture    │   │ list    │ picture    │ tree       │
//! │                  │    │           │ text       │   │         │            │ questions  │
//! │ text│tree│fields │    │           │ tree│fields│   │         │ text       │ fields     │
//! └ hints ───────────┘    └ hints ─────────────────┘   └ hints ────────────────────────────┘
//! ```

use ratatui::layout::Rect;

/// Smallest screen that is drawn, in columns and rows.
pub(crate) const SMALLEST: (u16, u16) = (40, 10);

/// Letters of a tab's name where there is not room for all.
const SHORT_TAB: usize = 4;

/// A part of the explore screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Pane {
    List,
    Picture,
    Text,
    Tree,
    Figures,
    Questions,
    Fields,
}

impl Pane {
    /// Those that can have the keys, in the order of Tab.
    pub(crate) const RING: [Self; 6] =
        [Self::List, Self::Text, Self::Tree, Self::Figures, Self::Questions, Self::Fields];

    /// Its name where several share a title row.
    pub(crate) fn tab(self) -> &'static str {
        if self == Self::Tree { "Tree" } else { self.name() }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::List => "Samples",
            Self::Picture => "Picture",
            Self::Text => "Text",
            Self::Tree => "Descriptors",
            Self::Figures => "Figures",
            Self::Questions => "Questions",
            Self::Fields => "Fields",
        }
    }
}

/// Whether the list is beside the open sample or away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    Split,
    Full,
}

/// What the layout depends on, besides the size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) view: View,
    /// The pane that is alone on the screen.
    pub(crate) zoom: Option<Pane>,
    /// The pane that lies open where several share a place.
    pub(crate) tab: Pane,
    /// Panes of the sample with something in them, and the rows that each would like to have; a
    /// picture likes as many as there are.
    pub(crate) panes: Vec<(Pane, u16)>,
}

impl Shape {
    fn rows(&self, pane: Pane) -> Option<u16> {
        self.panes.iter().find(|(other, _)| *other == pane).map(|(_, rows)| *rows)
    }

    fn has(&self, pane: Pane) -> bool {
        self.rows(pane).is_some()
    }
}

/// One pane on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) pane: Pane,
    /// The row with its name.
    pub(crate) title: Rect,
    /// Where it shows what it has.
    pub(crate) body: Rect,
    /// The column of its scrollbar.
    pub(crate) bar: Rect,
    /// The panes that share this place, where there are several.
    pub(crate) tabs: Vec<Pane>,
}

impl Frame {
    fn new(pane: Pane, area: Rect) -> Self {
        let title = Rect { height: area.height.min(1), ..area };
        let body = below(area, 1);
        let bar = Rect { x: body.right().saturating_sub(1), width: body.width.min(1), ..body };
        let body = Rect { x: body.x + body.width.min(1), width: body.width.saturating_sub(2), ..body };
        Self { pane, title, body, bar, tabs: Vec::new() }
    }

    /// The columns of each tab's name in the title row. Where not all fit, names are cut.
    pub(crate) fn tab_places(&self) -> Vec<(Pane, Rect)> {
        let mut x = self.title.x + 1;
        let mut places = Vec::new();
        let wanted: usize = self.tabs.iter().map(|pane| pane.tab().len() + 3).sum();
        let longest = if wanted < usize::from(self.title.width) { usize::MAX } else { SHORT_TAB };
        for pane in &self.tabs {
            let width = pane.tab().len().min(longest) as u16 + 2;
            let place = Rect { x, y: self.title.y, width, height: 1 };
            places.push((*pane, place.intersection(self.title)));
            x = x.saturating_add(width + 1);
        }
        places
    }
}

/// Where everything is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) area: Rect,
    pub(crate) top: Rect,
    pub(crate) query: Rect,
    /// The row under the query box: titles, or what is wrong with the query.
    pub(crate) notice: Rect,
    pub(crate) hint: Rect,
    pub(crate) frames: Vec<Frame>,
    /// Columns that divide.
    pub(crate) dividers: Vec<Rect>,
}

impl Plan {
    pub(crate) fn frame(&self, pane: Pane) -> Option<&Frame> {
        self.frames.iter().find(|frame| frame.pane == pane)
    }

    /// The pane at a point, with its frame.
    pub(crate) fn at(&self, column: u16, row: u16) -> Option<&Frame> {
        let point = ratatui::layout::Position::new(column, row);
        self.frames.iter().find(|frame| {
            frame.title.contains(point) || frame.body.contains(point) || frame.bar.contains(point)
        })
    }

    /// All between the query box and the hints, for screens without panes.
    pub(crate) fn body(&self) -> Rect {
        let height = self.hint.y.saturating_sub(self.notice.y);
        Rect { height, ..self.notice }
    }

    pub(crate) fn is_too_small(&self) -> bool {
        self.area.width < SMALLEST.0 || self.area.height < SMALLEST.1
    }
}

/// Lays the explore screen out.
pub(crate) fn plan(area: Rect, shape: &Shape) -> Plan {
    let row = |y: u16| Rect {
        y: area.y + y.min(area.height.saturating_sub(1)),
        height: area.height.min(1),
        ..area
    };
    let mut plan = Plan {
        area,
        top: row(0),
        query: row(1),
        notice: row(2),
        hint: row(area.height.saturating_sub(1)),
        frames: Vec::new(),
        dividers: Vec::new(),
    };
    if plan.is_too_small() {
        return plan;
    }
    let body = Rect { y: area.y + 2, height: area.height - 3, ..area };
    match (shape.zoom, shape.view) {
        (Some(Pane::List), _) => plan.frames.push(list_frame(body, None)),
        (Some(pane), _) if shape.has(pane) => plan.frames.push(Frame::new(pane, body)),
        (_, View::Full) => sample(&mut plan, body, shape),
        (_, View::Split) => split(&mut plan, body, shape),
    }
    plan
}

fn split(plan: &mut Plan, body: Rect, shape: &Shape) {
    if shape.panes.is_empty() {
        plan.frames.push(list_frame(body, None));
        return;
    }
    if body.width < 80 {
        let height = (body.height * 2 / 5).max(4);
        let list = Rect { height, ..body };
        plan.frames.push(list_frame(list, None));
        sample(plan, below(body, height), shape);
        return;
    }
    let width = if body.width < 150 { body.width * 46 / 100 } else { (body.width * 32 / 100).min(90) };
    let divider = Rect { x: body.x + width, width: 1, ..below(body, 1) };
    plan.frames.push(list_frame(Rect { width, ..body }, Some(divider)));
    plan.dividers.push(divider);
    sample(plan, right_of(body, width + 1), shape);
}

fn list_frame(area: Rect, bar: Option<Rect>) -> Frame {
    let mut frame = Frame::new(Pane::List, area);
    let body = below(area, 1);
    match bar {
        Some(bar) => (frame.body, frame.bar) = (body, bar),
        None => frame.body = Rect { width: body.width.saturating_sub(1), ..body },
    }
    frame
}

/// The panes of the open sample.
fn sample(plan: &mut Plan, area: Rect, shape: &Shape) {
    let side = [Pane::Tree, Pane::Figures, Pane::Questions, Pane::Fields];
    let side: Vec<Pane> = side.into_iter().filter(|pane| shape.has(*pane)).collect();
    if side.is_empty() && !shape.has(Pane::Text) {
        return;
    }
    if area.width >= 96 && area.height >= 12 && !side.is_empty() {
        let width = area.width * 55 / 100;
        let divider = Rect { x: area.x + width, width: 1, ..below(area, 1) };
        plan.dividers.push(divider);
        picture_over_text(plan, Rect { width, ..area }, shape);
        stack(plan, right_of(area, width + 1), &side, shape);
    } else if area.height >= 18 && shape.has(Pane::Text) && !side.is_empty() {
        let wished = side.iter().filter_map(|pane| shape.rows(*pane)).max().unwrap_or(0).saturating_add(1);
        let low = wished.clamp(4, (area.height / 4).max(4));
        // A picture takes all that is left; without one the panes are as high as they need to be.
        let upper = match shape.rows(Pane::Picture) {
            Some(u16::MAX) => area.height - low,
            other => {
                let text = shape.rows(Pane::Text).unwrap_or(0).saturating_add(1).max(4);
                other.map_or(0, |rows| rows + 1).saturating_add(text).min(area.height - low)
            }
        };
        let (upper, lower) = cut(area, upper);
        picture_over_text(plan, upper, shape);
        plan.frames.push(tabbed(lower, side, shape.tab));
    } else {
        let mut tabs: Vec<Pane> = shape.has(Pane::Text).then_some(Pane::Text).into_iter().collect();
        tabs.extend(side);
        let mut rest = area;
        if shape.has(Pane::Picture) && area.width >= 44 && area.height >= 4 {
            let room = (area.width * 2 / 5).min(area.width.saturating_sub(36)).max(8);
            let width = (area.height.saturating_sub(1) * 2 + 2).min(room);
            plan.frames.push(picture_frame(Rect { width, ..area }));
            rest = right_of(area, width);
        }
        plan.frames.push(tabbed(rest, tabs, shape.tab));
    }
}

fn picture_over_text(plan: &mut Plan, area: Rect, shape: &Shape) {
    let Some(rows) = shape.rows(Pane::Text) else {
        if shape.has(Pane::Picture) {
            plan.frames.push(picture_frame(area));
        }
        return;
    };
    let Some(wished) = shape.rows(Pane::Picture) else {
        plan.frames.push(Frame::new(Pane::Text, area));
        return;
    };
    // A square picture is twice as many columns wide as rows high; more height would be wasted.
    let useful = wished.saturating_add(1).min(area.width / 2 + 2);
    let text =
        rows.saturating_add(1).clamp(4, (area.height / 2).max(4)).max(area.height.saturating_sub(useful));
    let (upper, lower) = cut(area, area.height.saturating_sub(text));
    plan.frames.push(picture_frame(upper));
    plan.frames.push(Frame::new(Pane::Text, lower));
}

fn picture_frame(area: Rect) -> Frame {
    let mut frame = Frame::new(Pane::Picture, area);
    frame.bar = Rect { width: 0, ..frame.bar };
    frame
}

fn tabbed(area: Rect, tabs: Vec<Pane>, wanted: Pane) -> Frame {
    let open = if tabs.contains(&wanted) { wanted } else { tabs.first().copied().unwrap_or(Pane::Fields) };
    Frame { tabs, ..Frame::new(open, area) }
}

/// Panes one over the other: each gets what it wants where that fits, else a fair share.
fn stack(plan: &mut Plan, area: Rect, panes: &[Pane], shape: &Shape) {
    let mut y = area.y;
    let mut room = area.height;
    for (place, pane) in panes.iter().enumerate() {
        let left = &panes[place + 1..];
        let wished = shape.rows(*pane).unwrap_or(0).saturating_add(1);
        let others: u16 = left
            .iter()
            .filter_map(|pane| shape.rows(*pane))
            .fold(0, |sum, rows| sum.saturating_add(rows).saturating_add(1));
        let fair = room / (left.len() as u16 + 1);
        let height = if left.is_empty() { room } else { wished.min(fair.max(room.saturating_sub(others))) };
        plan.frames.push(Frame::new(*pane, Rect { y, height, ..area }));
        y += height;
        room -= height;
    }
}

fn cut(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    (Rect { height, ..area }, below(area, height))
}

fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}

fn right_of(area: Rect, columns: u16) -> Rect {
    let columns = columns.min(area.width);
    Rect { x: area.x + columns, width: area.width - columns, ..area }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shape() -> Shape {
        let panes = [Pane::Picture, Pane::Text, Pane::Tree, Pane::Figures, Pane::Questions, Pane::Fields];
        Shape {
            view: View::Split,
            zoom: None,
            tab: Pane::Tree,
            panes: panes
                .into_iter()
                .map(|pane| (pane, if pane == Pane::Picture { u16::MAX } else { 8 }))
                .collect(),
        }
    }

    #[test]
    fn empty_panes_take_no_room() {
        let mut shape = shape();
        shape.panes.retain(|(pane, _)| matches!(pane, Pane::Text | Pane::Fields));
        let plan = plan(Rect::new(0, 0, 200, 60), &shape);
        let panes: Vec<_> = plan.frames.iter().map(|frame| frame.pane).collect();
        assert_eq!(panes, [Pane::List, Pane::Text, Pane::Fields]);
    }

    #[test]
    fn small_screens_share_a_place() {
        let plan = plan(Rect::new(0, 0, 60, 18), &shape());
        let panes: Vec<_> = plan.frames.iter().map(|frame| frame.pane).collect();
        assert_eq!(panes, [Pane::List, Pane::Picture, Pane::Tree]);
    }

    proptest! {
        #[test]
        fn nothing_overlaps_and_nothing_is_outside(
            width in 0_u16..320, height in 0_u16..120, keep in 0_u8..64, rows in 0_u16..200,
            full in any::<bool>(), zoom in 0_usize..7,
        ) {
            let mut shape = shape();
            let mut place = 0;
            shape.panes.retain(|_| { place += 1; keep & (1 << (place - 1)) != 0 });
            for (_, wished) in &mut shape.panes { *wished = rows; }
            shape.view = if full { View::Full } else { View::Split };
            shape.zoom = [Pane::List, Pane::Picture, Pane::Text, Pane::Tree].get(zoom).copied();
            let area = Rect::new(0, 0, width, height);
            let plan = plan(area, &shape);
            let parts: Vec<Rect> =
                plan.frames.iter().flat_map(|frame| [frame.title, frame.body]).filter(|part| !part.is_empty()).collect();
            for (place, part) in parts.iter().enumerate() {
                prop_assert_eq!(part.intersection(area), *part);
                prop_assert!(part.bottom() < area.height && part.y >= 2);
                for other in &parts[place + 1..] {
                    prop_assert!(!part.intersects(*other), "{:?} {:?}", part, other);
                }
            }
        }
    }
}
