//! The colours, in one place.
//!
//! The dark and the light theme take their colours from the 256-colour table, which every terminal
//! of today has and which costs half the bytes of true colour on a slow line. The background is
//! left to the terminal but for the row under the cursor. The plain theme (`NO_COLOR`) says with
//! bold, dim, underline and reverse what the others say with colour, so nothing may be told by
//! colour alone.

use ratatui::style::{Color, Modifier, Style};

use crate::model::Facet;

/// A style for each kind of thing that is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Captions and other text that is read.
    pub text: Style,
    /// Labels, positions, ids: what is looked up, not read.
    pub dim: Style,
    /// Lines between panes.
    pub rule: Style,
    /// Titles of panes.
    pub title: Style,
    /// Title and line of the pane that has the keys.
    pub focus: Style,
    /// Words that answer the query.
    pub hit: Style,
    /// The one of them that `n` went to.
    pub hit_here: Style,
    /// The row under the cursor, in the pane that has the keys.
    pub cursor: Style,
    /// The row under the cursor, in the other panes.
    pub cursor_away: Style,
    /// Keys in hints and help.
    pub key: Style,
    /// What went wrong.
    pub error: Style,
    /// What should be noticed.
    pub warning: Style,
    /// What is good or done.
    pub good: Style,
    /// The name of the data set.
    pub name: Style,
    /// One style a facet, in the order of [`Facet::ALL`].
    pub facets: [Style; 9],
}

impl Theme {
    /// For a dark background.
    pub fn dark() -> Self {
        let ink = |color: u8| Style::new().fg(Color::Indexed(color));
        Self {
            text: Style::new(),
            dim: ink(245),
            rule: ink(239),
            title: ink(250),
            focus: ink(80).add_modifier(Modifier::BOLD),
            hit: ink(221).add_modifier(Modifier::BOLD),
            hit_here: Style::new().fg(Color::Indexed(16)).bg(Color::Indexed(221)),
            cursor: Style::new().bg(Color::Indexed(238)).add_modifier(Modifier::BOLD),
            cursor_away: Style::new().bg(Color::Indexed(235)),
            key: ink(80),
            error: ink(210),
            warning: ink(215),
            good: ink(114),
            name: ink(80).add_modifier(Modifier::BOLD),
            facets: [117, 150, 222, 216, 182, 176, 109, 223, 211].map(ink),
        }
    }

    /// For a light background.
    pub fn light() -> Self {
        let ink = |color: u8| Style::new().fg(Color::Indexed(color));
        Self {
            text: Style::new(),
            dim: ink(242),
            rule: ink(250),
            title: ink(238),
            focus: ink(30).add_modifier(Modifier::BOLD),
            hit: ink(130).add_modifier(Modifier::BOLD),
            hit_here: Style::new().fg(Color::Indexed(231)).bg(Color::Indexed(130)),
            cursor: Style::new().bg(Color::Indexed(253)).add_modifier(Modifier::BOLD),
            cursor_away: Style::new().bg(Color::Indexed(255)),
            key: ink(30),
            error: ink(160),
            warning: ink(130),
            good: ink(28),
            name: ink(30).add_modifier(Modifier::BOLD),
            facets: [25, 64, 94, 130, 97, 133, 66, 95, 125].map(ink),
        }
    }

    /// With the sixteen colours that the user's terminal gives them.
    pub fn sixteen() -> Self {
        let ink = |color: Color| Style::new().fg(color);
        let [blue, cyan, green, magenta, red, yellow] =
            [Color::Blue, Color::Cyan, Color::Green, Color::Magenta, Color::Red, Color::Yellow].map(ink);
        Self {
            text: Style::new(),
            dim: Style::new().add_modifier(Modifier::DIM),
            rule: Style::new().add_modifier(Modifier::DIM),
            title: Style::new(),
            focus: cyan.add_modifier(Modifier::BOLD),
            hit: yellow.add_modifier(Modifier::BOLD),
            hit_here: yellow.add_modifier(Modifier::REVERSED),
            cursor: Style::new().add_modifier(Modifier::REVERSED),
            cursor_away: Style::new().add_modifier(Modifier::BOLD),
            key: cyan,
            error: red,
            warning: yellow,
            good: green,
            name: cyan.add_modifier(Modifier::BOLD),
            facets: [blue, green, yellow, cyan, magenta, magenta, cyan, yellow, red],
        }
    }

    /// Without any colour.
    pub fn plain() -> Self {
        let with = |modifier: Modifier| Style::new().add_modifier(modifier);
        Self {
            text: Style::new(),
            dim: with(Modifier::DIM),
            rule: with(Modifier::DIM),
            title: Style::new(),
            focus: with(Modifier::BOLD),
            hit: with(Modifier::BOLD | Modifier::UNDERLINED),
            hit_here: with(Modifier::REVERSED | Modifier::UNDERLINED),
            cursor: with(Modifier::REVERSED),
            cursor_away: with(Modifier::BOLD),
            key: with(Modifier::BOLD),
            error: with(Modifier::BOLD),
            warning: with(Modifier::BOLD),
            good: Style::new(),
            name: with(Modifier::BOLD),
            facets: [Style::new(); 9],
        }
    }

    /// The style of a facet's names.
    pub fn facet(&self, facet: Facet) -> Style {
        let place = Facet::ALL.iter().position(|other| *other == facet);
        place.and_then(|place| self.facets.get(place)).copied().unwrap_or(self.text)
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self::dark()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_theme_has_no_colour() {
        let theme = Theme::plain();
        let styles =
            [theme.text, theme.dim, theme.focus, theme.hit, theme.hit_here, theme.cursor, theme.error];
        for style in styles.iter().chain(&theme.facets) {
            assert_eq!((style.fg, style.bg), (None, None));
        }
        assert_ne!(theme.hit, theme.text);
        assert_ne!(theme.focus, theme.title);
    }
}
