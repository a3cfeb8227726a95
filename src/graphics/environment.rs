//! What does the environment say of the terminal? Nothing is asked of the terminal here.

use std::str::FromStr;

use super::fit::CellPixels;

/// What pictures are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// kitty's protocol: a picture is sent once, and shows where characters stand for its cells.
    Kitty,
    /// kitty's protocol, with pictures placed at the cursor: for terminals without placeholders.
    KittyDirect,
    /// iTerm2's protocol.
    Iterm,
    /// Sixel.
    Sixel,
    /// Half-blocks in 24-bit colours.
    Blocks,
    /// Half-blocks in the 256 colours of xterm.
    Blocks256,
    /// Characters of different darkness, without colours.
    Ascii,
    /// No pictures: a line of text about each.
    None,
}

/// What the user asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Choice {
    /// The best that the terminal can show.
    #[default]
    Auto,
    /// kitty's protocol, with placeholders.
    Kitty,
    /// kitty's protocol, without placeholders.
    KittyDirect,
    /// iTerm2's protocol.
    Iterm,
    /// Sixel.
    Sixel,
    /// Half-blocks in 24-bit colours.
    Blocks,
    /// Half-blocks in the 256 colours of xterm.
    Blocks256,
    /// Characters of different darkness, without colours.
    Ascii,
    /// No pictures.
    None,
}

impl Choice {
    /// Every choice, in the order in which help lists them.
    pub const ALL: [Self; 9] = [
        Self::Auto,
        Self::Kitty,
        Self::KittyDirect,
        Self::Iterm,
        Self::Sixel,
        Self::Blocks,
        Self::Blocks256,
        Self::Ascii,
        Self::None,
    ];

    /// The name as it stands on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Kitty => "kitty",
            Self::KittyDirect => "kitty-direct",
            Self::Iterm => "iterm",
            Self::Sixel => "sixel",
            Self::Blocks => "blocks",
            Self::Blocks256 => "blocks256",
            Self::Ascii => "ascii",
            Self::None => "none",
        }
    }

    /// What it asks for, if for anything in particular.
    pub fn mode(self) -> Option<Mode> {
        match self {
            Self::Auto => None,
            Self::Kitty => Some(Mode::Kitty),
            Self::KittyDirect => Some(Mode::KittyDirect),
            Self::Iterm => Some(Mode::Iterm),
            Self::Sixel => Some(Mode::Sixel),
            Self::Blocks => Some(Mode::Blocks),
            Self::Blocks256 => Some(Mode::Blocks256),
            Self::Ascii => Some(Mode::Ascii),
            Self::None => Some(Mode::None),
        }
    }
}

impl Mode {
    /// Whether pictures are sent as pixels, not made of cells.
    pub fn has_pixels(self) -> bool {
        matches!(self, Self::Kitty | Self::KittyDirect | Self::Iterm | Self::Sixel)
    }

    /// The name, as that of the choice that asks for it.
    pub fn name(self) -> &'static str {
        let asks = Choice::ALL.into_iter().find(|choice| choice.mode() == Some(self));
        asks.unwrap_or_default().name()
    }
}

impl std::fmt::Display for Choice {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for Choice {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|choice| choice.name() == name);
        found.ok_or_else(|| format!("expected one of {}", Self::ALL.map(Self::name).join(", ")))
    }
}

/// What the process's environment says of its terminal. An empty variable counts as unset.
#[allow(clippy::struct_excessive_bools, reason = "each says whether one variable is set")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `TERM`
    pub term: Option<String>,
    /// `COLORTERM`
    pub colorterm: Option<String>,
    /// `TERM_PROGRAM`
    pub term_program: Option<String>,
    /// `LC_TERMINAL`, which iTerm2 sends over SSH
    pub lc_terminal: Option<String>,
    /// `NO_COLOR` is set
    pub no_color: bool,
    /// `KITTY_WINDOW_ID` is set
    pub kitty: bool,
    /// `WT_SESSION` is set: Windows Terminal
    pub windows_terminal: bool,
    /// `KONSOLE_VERSION` is set
    pub konsole: bool,
    /// `VTE_VERSION`: 3600 and later know 24-bit colours
    pub vte_version: Option<u32>,
    /// `TMUX` is set
    pub tmux: bool,
    /// `STY` is set: GNU screen
    pub screen: bool,
    /// `ZELLIJ` is set
    pub zellij: bool,
    /// `SSH_CONNECTION` is set
    pub ssh: bool,
    /// The locale that decides about characters: the first that is set of `LC_ALL`, `LC_CTYPE`
    /// and `LANG`
    pub locale: Option<String>,
    /// Standard output is a terminal
    pub is_terminal: bool,
    /// Width and height of a cell in pixels, as the window's size has it
    pub cell: Option<CellPixels>,
}

impl Environment {
    /// That of this process.
    pub fn current() -> Self {
        use std::io::IsTerminal;
        Self::drawing(std::io::stdout().is_terminal())
    }

    /// That of this process, which draws on a terminal or does not, wherever its standard output goes.
    pub fn drawing(is_terminal: bool) -> Self {
        let cell = if is_terminal { window_cell() } else { None };
        Self { cell, ..Self::from_variables(|name| std::env::var(name).ok(), is_terminal) }
    }

    /// That of a terminal which these variables describe.
    #[cfg(test)]
    pub(crate) fn of_terminal(variables: &[(&str, &str)]) -> Self {
        let find = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Self::from_variables(find, true)
    }

    /// That which these variables describe.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>, is_terminal: bool) -> Self {
        let value = |name: &str| variable(name).filter(|value| !value.is_empty());
        let is_set = |name: &str| value(name).is_some();
        Self {
            term: value("TERM"),
            colorterm: value("COLORTERM"),
            term_program: value("TERM_PROGRAM"),
            lc_terminal: value("LC_TERMINAL"),
            no_color: is_set("NO_COLOR"),
            kitty: is_set("KITTY_WINDOW_ID"),
            windows_terminal: is_set("WT_SESSION"),
            konsole: is_set("KONSOLE_VERSION"),
            vte_version: value("VTE_VERSION").and_then(|version| version.parse().ok()),
            tmux: is_set("TMUX"),
            screen: is_set("STY"),
            zellij: is_set("ZELLIJ"),
            ssh: is_set("SSH_CONNECTION") || is_set("SSH_TTY"),
            locale: value("LC_ALL").or_else(|| value("LC_CTYPE")).or_else(|| value("LANG")),
            is_terminal,
            cell: None,
        }
    }

    /// Whether something stands between us and the terminal that draws. `TERM` tells it too, where
    /// tmux runs on the near side of an SSH connection.
    pub fn is_multiplexed(&self) -> bool {
        let term = self.term();
        self.tmux || self.screen || self.zellij || term.starts_with("tmux") || term.starts_with("screen")
    }

    /// Whether the environment tells of tmux, here or at the near side of an SSH connection.
    pub(super) fn is_tmux(&self) -> bool {
        self.tmux || self.term().starts_with("tmux")
    }

    /// Whether characters beyond ASCII can be written. No locale at all is what containers have,
    /// whose terminals speak UTF-8 all the same.
    pub fn is_utf8(&self) -> bool {
        self.locale.as_deref().is_none_or(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        })
    }

    pub(super) fn term(&self) -> &str {
        self.term.as_deref().unwrap_or_default()
    }

    /// Whether it cannot even move its cursor.
    pub(super) fn is_dumb(&self) -> bool {
        self.term() == "dumb" || (self.term().is_empty() && !self.windows_terminal)
    }

    /// What is left where the environment alone forbids pictures in colours, and why.
    pub(super) fn pictureless(&self) -> Option<(Mode, String)> {
        let term = self.term();
        if !self.is_terminal {
            return Some((Mode::None, "standard output is not a terminal".to_owned()));
        }
        if self.is_dumb() {
            let reason = if term.is_empty() { "TERM is not set" } else { "TERM=dumb" };
            return Some((Mode::None, reason.to_owned()));
        }
        if self.no_color {
            return Some((Mode::Ascii, "NO_COLOR is set".to_owned()));
        }
        if !self.is_utf8() {
            let locale = self.locale.as_deref().unwrap_or_default();
            return Some((Mode::Ascii, format!("the locale {locale} is not UTF-8")));
        }
        COLOURLESS_TERMS.contains(&term).then(|| (Mode::Ascii, format!("TERM={term}")))
    }

    /// Why 24-bit colours can be shown, if they can.
    pub(super) fn truecolor(&self) -> Option<String> {
        let term = self.term();
        // GNU screen of before version 5 turns 24-bit colours into blinking; tmux converts them.
        if self.screen && !self.tmux {
            return None;
        }
        let colorterm = self.colorterm.as_deref().unwrap_or_default();
        if colorterm.contains("truecolor") || colorterm.contains("24bit") {
            return Some(format!("COLORTERM={colorterm}"));
        }
        if term.ends_with("-direct") || TRUECOLOR_TERMS.iter().any(|known| term.starts_with(known)) {
            return Some(format!("TERM={term}"));
        }
        // What follows tells of the terminal outside, which tmux hides.
        if self.is_multiplexed() {
            return None;
        }
        let program = self.term_program.as_deref().or(self.lc_terminal.as_deref()).unwrap_or_default();
        let brands = [
            (TRUECOLOR_PROGRAMS.contains(&program), program),
            (self.kitty, "kitty"),
            (self.windows_terminal, "Windows Terminal"),
            (self.konsole, "Konsole"),
            (self.vte_version.is_some_and(|version| version >= 3600), "VTE"),
        ];
        brands.into_iter().find(|(is_it, _)| *is_it).map(|(_, name)| format!("the terminal is {name}"))
    }
}

/// Beginnings of `TERM` that promise 24-bit colours.
const TRUECOLOR_TERMS: [&str; 11] = [
    "xterm-kitty",
    "xterm-ghostty",
    "ghostty",
    "alacritty",
    "foot",
    "wezterm",
    "contour",
    "rio",
    "iterm2",
    "st-256color",
    "mintty",
];

/// Values of `TERM_PROGRAM` (and `LC_TERMINAL`) that do so.
const TRUECOLOR_PROGRAMS: [&str; 12] = [
    "iTerm.app",
    "iTerm2",
    "WezTerm",
    "ghostty",
    "vscode",
    "rio",
    "WarpTerminal",
    "Hyper",
    "mintty",
    "Tabby",
    "contour",
    "zed",
];

/// Values of `TERM` that stand for glass without colours, or with too few for a picture.
const COLOURLESS_TERMS: [&str; 9] =
    ["linux", "vt52", "vt100", "vt102", "vt220", "vt320", "ansi", "cons25", "xterm-mono"];

/// Width and height of a cell in pixels, from the size of the window, where the system knows it.
pub fn window_cell() -> Option<CellPixels> {
    let size = crossterm::terminal::window_size().ok()?;
    let cell = (size.width.checked_div(size.columns)?, size.height.checked_div(size.rows)?);
    (cell.0 > 0 && cell.1 > 0).then_some(cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphics::decide;

    fn choose(choice: Choice, environment: &Environment) -> (Mode, String) {
        let sight = decide(choice, environment, None);
        (sight.mode, sight.reason)
    }

    #[test]
    fn terminals_are_known_by_their_environment() {
        let x256 = ("TERM", "xterm-256color");
        let table: [(&[(&str, &str)], Mode); 31] = [
            (&[x256, ("COLORTERM", "truecolor")], Mode::Blocks),
            (&[x256, ("COLORTERM", "24bit")], Mode::Blocks),
            (&[x256, ("COLORTERM", "yes")], Mode::Blocks256),
            (&[x256], Mode::Blocks256),
            (&[("TERM", "xterm")], Mode::Blocks256),
            (&[("TERM", "xterm-direct")], Mode::Blocks),
            (&[("TERM", "xterm-kitty")], Mode::Blocks),
            (&[("TERM", "xterm-kitty"), ("SSH_CONNECTION", "a b c d")], Mode::Blocks),
            (&[x256, ("KITTY_WINDOW_ID", "1")], Mode::Blocks),
            (&[("TERM", "foot-extra")], Mode::Blocks),
            (&[("TERM", "alacritty")], Mode::Blocks),
            (&[x256, ("TERM_PROGRAM", "iTerm.app")], Mode::Blocks),
            (&[x256, ("LC_TERMINAL", "iTerm2"), ("SSH_CONNECTION", "a")], Mode::Blocks),
            (&[x256, ("TERM_PROGRAM", "Apple_Terminal")], Mode::Blocks256),
            (&[x256, ("TERM_PROGRAM", "vscode")], Mode::Blocks),
            (&[x256, ("WT_SESSION", "guid")], Mode::Blocks),
            (&[("WT_SESSION", "guid")], Mode::Blocks),
            (&[x256, ("VTE_VERSION", "6800")], Mode::Blocks),
            (&[x256, ("VTE_VERSION", "2800")], Mode::Blocks256),
            (&[("TERM", "tmux-256color"), ("TMUX", "x"), ("COLORTERM", "truecolor")], Mode::Blocks),
            (&[("TERM", "tmux-256color"), ("TMUX", "x"), ("KITTY_WINDOW_ID", "1")], Mode::Blocks256),
            (&[("TERM", "screen-256color")], Mode::Blocks256),
            (&[("TERM", "screen"), ("STY", "1.x"), ("COLORTERM", "truecolor")], Mode::Blocks256),
            (&[("TERM", "linux")], Mode::Ascii),
            (&[("TERM", "vt100")], Mode::Ascii),
            (&[x256, ("LANG", "C")], Mode::Ascii),
            (&[x256, ("LANG", "de_DE.UTF-8"), ("LC_ALL", "POSIX")], Mode::Ascii),
            (&[x256, ("LANG", "C"), ("LC_CTYPE", "C.utf8"), ("COLORTERM", "truecolor")], Mode::Blocks),
            (&[("TERM", "xterm-kitty"), ("NO_COLOR", "1")], Mode::Ascii),
            (&[("TERM", "dumb"), ("COLORTERM", "truecolor")], Mode::None),
            (&[("COLORTERM", "truecolor")], Mode::None),
        ];
        for (variables, expected) in table {
            let (mode, reason) = choose(Choice::Auto, &Environment::of_terminal(variables));
            assert_eq!(mode, expected, "{variables:?}: {reason}");
            assert!(!reason.is_empty());
        }
    }

    #[test]
    fn an_empty_no_color_means_nothing() {
        let environment = Environment::of_terminal(&[("TERM", "foot"), ("NO_COLOR", "")]);
        assert_eq!(choose(Choice::Auto, &environment).0, Mode::Blocks);
    }

    #[test]
    fn a_pipe_gets_no_picture_unless_asked_for() {
        let pipe = Environment { is_terminal: false, ..Environment::of_terminal(&[("TERM", "xterm-kitty")]) };
        let (mode, reason) = choose(Choice::Auto, &pipe);
        assert_eq!((mode, reason.as_str()), (Mode::None, "standard output is not a terminal"));
        assert_eq!(choose(Choice::Blocks, &pipe), (Mode::Blocks, "asked for: blocks".to_owned()));
    }

    #[test]
    fn choices_have_names() {
        for choice in Choice::ALL {
            assert_eq!(choice.name().parse(), Ok(choice));
        }
        let error = "sixels".parse::<Choice>().expect_err("not a choice");
        assert_eq!(
            error,
            "expected one of auto, kitty, kitty-direct, iterm, sixel, blocks, blocks256, ascii, none"
        );
        assert_eq!(Mode::KittyDirect.name(), "kitty-direct");
    }
}
