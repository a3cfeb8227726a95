//! Which screens there are, and their names on the top line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use crate::ui::{Theme, put};

/// Narrower top lines have room for the name of the open screen only: how many samples and hits there are is worth more.
const NARROWEST: u16 = 96;

/// A screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Screen {
    Explore,
    Gallery,
    Flags,
    Coverage,
    Pairs,
    Questions,
    Spot,
}

impl Screen {
    /// All of them, in the order of their names.
    pub(crate) const ALL: [Self; 7] =
        [Self::Explore, Self::Gallery, Self::Flags, Self::Coverage, Self::Pairs, Self::Questions, Self::Spot];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Explore => "Explore",
            Self::Gallery => "Gallery",
            Self::Flags => "Flags",
            Self::Coverage => "Coverage",
            Self::Pairs => "Pairs",
            Self::Questions => "Questions",
            Self::Spot => "Spot",
        }
    }
}

impl Screen {
    /// The one of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|screen| screen.name() == name)
    }
}

/// Where each name stands on a line, from column `x` on; nothing where there is no room.
pub(crate) fn places(line: Rect, x: u16) -> Vec<(Screen, Rect)> {
    if line.width < NARROWEST {
        return Vec::new();
    }
    let mut x = x;
    let mut places = Vec::new();
    for screen in Screen::ALL {
        let width = screen.name().len() as u16 + 2;
        places.push((screen, Rect { x, width, ..line }));
        x += width;
    }
    places
}

/// Draws the names, the open one in brackets; the column after them.
pub(crate) fn draw(buffer: &mut Buffer, line: Rect, x: u16, open: Screen, theme: &Theme) -> u16 {
    let mut end = x;
    if line.width < NARROWEST && open != Screen::Explore {
        let name = format!("[{}]", open.name());
        return put(buffer, line, x, &name, theme.title.add_modifier(Modifier::BOLD));
    }
    for (screen, place) in places(line, x) {
        let (text, style) = if screen == open {
            (format!("[{}]", screen.name()), theme.title.add_modifier(Modifier::BOLD))
        } else {
            (format!(" {} ", screen.name()), theme.dim)
        };
        end = put(buffer, line, place.x, &text, style);
    }
    end
}
