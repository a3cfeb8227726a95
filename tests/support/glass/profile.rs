//! The terminals that can be played: what they answer, what they can show.
//!
//! What kitty, xterm, foot, alacritty, VS Code's engine and tmux answer was recorded from the real
//! programs; iTerm2, `WezTerm` and ghostty are after what their sources and documents say.

/// A terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// kitty 0.41: graphics and placeholders.
    Kitty,
    /// kitty 0.26.5: graphics, but placeholders are shown as characters.
    KittyOld,
    /// ghostty: graphics and placeholders.
    Ghostty,
    /// `WezTerm`: iTerm2's pictures, and sixels; what it answers kitty's question does not hold for
    /// placeholders.
    Wezterm,
    /// iTerm2: its own pictures, and sixels.
    Iterm,
    /// VS Code with images on: iTerm2's pictures and sixels.
    Vscode,
    /// `xterm -ti vt340`
    XtermSixel,
    /// xterm as it comes: no graphics.
    Xterm,
    /// foot: sixels.
    Foot,
    /// alacritty: no graphics.
    Alacritty,
    /// tmux 3.5a within kitty 0.41, with passthrough allowed.
    Tmux,
    /// Never answers, shows no graphics.
    Silent,
}

/// What a terminal answers; nothing where there is `None`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answers {
    /// To `CSI > q`, between `ESC P > |` and its end.
    pub(crate) version: Option<&'static str>,
    /// To `CSI c`, without `CSI`.
    pub(crate) attributes: Option<&'static str>,
    /// To `CSI 16 t`: the size of a cell.
    pub(crate) cell: bool,
    /// To kitty's `a=q`.
    pub(crate) kitty: bool,
    /// To a question for the pen whose background is a 24-bit colour: what stands before and
    /// between the three numbers.
    pub(crate) pen: Option<(&'static str, &'static str)>,
    /// To `CSI ? 2026 $ p`: 2 means known and off.
    pub(crate) update: Option<u8>,
}

/// What a terminal can show.
#[allow(clippy::struct_excessive_bools, reason = "each is one protocol")]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shows {
    pub(crate) kitty: bool,
    pub(crate) placeholders: bool,
    pub(crate) iterm: bool,
    pub(crate) sixel: bool,
    /// Heeds iTerm2's `doNotMoveCursor`.
    pub(crate) keeps_cursor: bool,
    /// Makes a picture of iTerm2's that keeps its aspect as wide as its box, however high that is.
    pub(crate) fits_width: bool,
}

impl Profile {
    pub(crate) const ALL: [Self; 12] = [
        Self::Kitty,
        Self::KittyOld,
        Self::Ghostty,
        Self::Wezterm,
        Self::Iterm,
        Self::Vscode,
        Self::XtermSixel,
        Self::Xterm,
        Self::Foot,
        Self::Alacritty,
        Self::Tmux,
        Self::Silent,
    ];

    pub(crate) fn answers(self) -> Answers {
        let colon = Some(("1$r48:2:", ":"));
        let none =
            Answers { version: None, attributes: None, cell: false, kitty: false, pen: None, update: None };
        match self {
            Self::Kitty => Answers {
                version: Some("kitty(0.41.1)"),
                attributes: Some("?62;c"),
                cell: true,
                kitty: true,
                pen: colon,
                update: Some(2),
            },
            Self::KittyOld => Answers { version: Some("kitty(0.26.5)"), ..Self::Kitty.answers() },
            Self::Ghostty => Answers {
                version: Some("ghostty 1.1.3"),
                attributes: Some("?62;22c"),
                ..Self::Kitty.answers()
            },
            Self::Wezterm => Answers {
                version: Some("WezTerm 20240203-110809-5046fc22"),
                attributes: Some("?65;4;6;18;22c"),
                pen: None,
                ..Self::Kitty.answers()
            },
            Self::Iterm => Answers {
                version: Some("iTerm2 3.5.14"),
                attributes: Some("?62;4c"),
                update: Some(2),
                ..none
            },
            Self::Vscode => Answers { attributes: Some("?62;4;9;22c"), cell: true, update: Some(2), ..none },
            Self::XtermSixel => Answers {
                version: Some("XTerm(379)"),
                attributes: Some("?63;1;2;4;6;9;15;16;22;28c"),
                pen: Some(("1$r0;48:2::", ":")),
                update: Some(0),
                ..none
            },
            Self::Xterm => Answers {
                attributes: Some("?64;1;2;6;9;15;16;17;18;21;22;28c"),
                ..Self::XtermSixel.answers()
            },
            Self::Foot => Answers {
                version: Some("foot(1.13.1)"),
                attributes: Some("?62;4;22c"),
                cell: true,
                kitty: false,
                pen: Some(("1$r0;48:2::", ":")),
                update: Some(2),
            },
            Self::Alacritty => Answers { attributes: Some("?6c"), ..none },
            Self::Tmux => {
                Answers { version: Some("tmux 3.5a"), attributes: Some("?1;2;4c"), cell: true, ..none }
            }
            Self::Silent => none,
        }
    }

    pub(crate) fn shows(self) -> Shows {
        let none = Shows::default();
        match self {
            Self::Kitty | Self::Ghostty => Shows { kitty: true, placeholders: true, ..none },
            Self::KittyOld => Shows { kitty: true, ..none },
            Self::Wezterm => Shows { kitty: true, iterm: true, sixel: true, keeps_cursor: true, ..none },
            Self::Iterm => Shows { iterm: true, sixel: true, keeps_cursor: true, ..none },
            Self::Vscode => Shows { iterm: true, sixel: true, fits_width: true, ..none },
            Self::XtermSixel | Self::Foot => Shows { sixel: true, ..none },
            Self::Tmux => Shows { placeholders: true, ..none },
            Self::Xterm | Self::Alacritty | Self::Silent => none,
        }
    }

    /// The terminal around tmux, which gets what is passed through.
    pub(crate) fn outside(self) -> Option<Self> {
        (self == Self::Tmux).then_some(Self::Kitty)
    }

    /// What a program finds in its environment there.
    pub(crate) fn environment(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Kitty | Self::KittyOld => {
                &[("TERM", "xterm-kitty"), ("COLORTERM", "truecolor"), ("KITTY_WINDOW_ID", "1")]
            }
            Self::Ghostty => {
                &[("TERM", "xterm-ghostty"), ("COLORTERM", "truecolor"), ("TERM_PROGRAM", "ghostty")]
            }
            Self::Wezterm => {
                &[("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("TERM_PROGRAM", "WezTerm")]
            }
            Self::Iterm => &[
                ("TERM", "xterm-256color"),
                ("COLORTERM", "truecolor"),
                ("TERM_PROGRAM", "iTerm.app"),
                ("LC_TERMINAL", "iTerm2"),
            ],
            Self::Vscode => {
                &[("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("TERM_PROGRAM", "vscode")]
            }
            Self::XtermSixel | Self::Xterm => &[("TERM", "xterm")],
            Self::Foot => &[("TERM", "foot"), ("COLORTERM", "truecolor")],
            Self::Alacritty => &[("TERM", "alacritty"), ("COLORTERM", "truecolor")],
            Self::Tmux => {
                &[("TERM", "tmux-256color"), ("TMUX", "/nowhere/default,1,0"), ("COLORTERM", "truecolor")]
            }
            Self::Silent => &[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")],
        }
    }
}
