//! What pictures are made of, and why: decided from what the user wants, what the environment says
//! and what the terminal answered.

use super::brand::{Brand, Speech, find, is_at_least, split};
use super::{Answers, Outer, Source};
use crate::graphics::{CellPixels, Choice, Environment, Mode};

/// What can be seen in this terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// What pictures are made of.
    pub mode: Mode,
    /// Whether 24-bit colours can be shown.
    pub truecolor: bool,
    /// Why, or why not.
    pub truecolor_reason: String,
    /// Width and height of a cell in pixels, where anybody tells.
    pub cell: Option<CellPixels>,
    /// Who told: `CSI 16 t`, `the window's size`; empty where nobody did.
    pub cell_source: &'static str,
    /// Whether what is meant for the terminal must be wrapped, for tmux to hand it on.
    pub tmux: bool,
    /// Whether standard output is a terminal.
    pub is_terminal: bool,
    /// Whether the terminal is at the other end of an SSH connection.
    pub remote: bool,
    /// Whether the terminal itself has just said that it knows kitty's protocol.
    pub kitty_answered: bool,
    /// The terminal's name: in tmux that of the one outside, where it is known.
    pub brand: String,
    /// Its version, where it is known.
    pub version: Option<String>,
    /// Why this mode.
    pub reason: String,
    /// What the user could do to see more.
    pub advice: Option<&'static str>,
}

impl Sight {
    /// Whether a first look at a picture is coarser than its cells could show: where bytes are dear and not
    /// bound to the cells.
    pub fn is_coarse_at_first(&self) -> bool {
        self.remote && self.mode.has_pixels()
    }
}

/// What to say where tmux keeps pictures from the terminal.
const PASSTHROUGH: &str = "add `set -g allow-passthrough on` to tmux.conf";

/// Whether it is worth asking the terminal at all.
pub fn is_worth_asking(choice: Choice, environment: &Environment) -> bool {
    let wants = match choice {
        Choice::Auto => environment.pictureless().is_none(),
        Choice::Kitty | Choice::KittyDirect | Choice::Iterm | Choice::Sixel => true,
        Choice::Blocks | Choice::Blocks256 | Choice::Ascii | Choice::None => false,
    };
    wants && environment.is_terminal && !environment.is_dumb()
}

/// Decides. An explicit wish is obeyed, whatever the rest says; without answers there is no
/// protocol for pictures but by such a wish.
pub fn decide(choice: Choice, environment: &Environment, answers: Option<&Answers>) -> Sight {
    let place = Place::of(environment, answers);
    let (truecolor, truecolor_reason) = truecolor(environment, answers, &place);
    let told = answers.and_then(Answers::cell);
    let mut sight = Sight {
        mode: Mode::None,
        truecolor,
        truecolor_reason,
        cell: told.or(environment.cell),
        cell_source: match (told, environment.cell) {
            (Some(_), _) => "CSI 16 t",
            (None, Some(_)) => "the window's size",
            (None, None) => "",
        },
        tmux: false,
        is_terminal: environment.is_terminal,
        remote: environment.ssh,
        kitty_answered: answers.is_some_and(Answers::knows_kitty),
        brand: place.brand_name(),
        version: place.number.clone(),
        reason: String::new(),
        advice: None,
    };
    if let Some(mode) = choice.mode() {
        sight.mode = mode;
        sight.reason = format!("asked for: {choice}");
        if place.within == Within::Tmux {
            // Only placeholders go where tmux puts them; what is drawn at the cursor lands anywhere.
            sight.tmux = matches!(mode, Mode::Kitty | Mode::KittyDirect);
            sight.mode = match mode {
                Mode::KittyDirect => Mode::Kitty,
                Mode::Iterm => Mode::Blocks,
                other => other,
            };
            if sight.mode != mode {
                sight.reason = format!("asked for: {choice}, which tmux cannot place");
            }
        }
        return sight;
    }
    if let Some((mode, reason)) = environment.pictureless() {
        (sight.mode, sight.reason) = (mode, reason);
        return sight;
    }
    match protocol(environment, answers, &place) {
        Ok((mode, reason)) => {
            sight.mode = mode;
            sight.reason = reason;
            sight.tmux = mode == Mode::Kitty && place.within == Within::Tmux;
        }
        Err(why) => {
            sight.mode = if truecolor { Mode::Blocks } else { Mode::Blocks256 };
            let colours = if truecolor { "24-bit colours" } else { "256 colours" };
            sight.reason = format!("{}; {colours}: {}", why.reason, sight.truecolor_reason);
            sight.advice = why.advice;
        }
    }
    sight
}

/// What stands between us and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    Nothing,
    Tmux,
    Screen,
    Zellij,
    Mosh,
}

/// Where we are.
#[derive(Debug)]
struct Place<'a> {
    within: Within,
    brand: Option<&'static Brand>,
    /// What the terminal calls itself, where we do not know the brand.
    name: Option<String>,
    number: Option<String>,
    outer: Option<&'a Outer>,
}

impl<'a> Place<'a> {
    fn of(environment: &Environment, answers: Option<&'a Answers>) -> Self {
        let version = answers.and_then(Answers::version);
        let within = within(environment, version.as_deref(), answers);
        let outer = answers.and_then(|answers| answers.outer.as_ref()).filter(|_| within == Within::Tmux);
        let version = match within {
            Within::Tmux => outer.and_then(|outer| outer.version.clone()),
            _ => version,
        };
        let brand = match within {
            Within::Nothing => find(version.as_deref(), environment),
            // The variables tell of the terminal in which the session began, not of the one in
            // which it goes on.
            Within::Tmux | Within::Screen | Within::Zellij | Within::Mosh => {
                version.as_deref().and_then(super::brand::by_version)
            }
        };
        let (name, number) = match version.as_deref().map(split) {
            Some((name, number)) => (Some(name.to_owned()), Some(number.to_owned())),
            None => (outer.and_then(|outer| outer.term.clone()), None),
        };
        Self { within, brand, name, number: number.filter(|number| !number.is_empty()), outer }
    }

    fn brand_name(&self) -> String {
        let known = self.brand.map(|brand| brand.name.to_owned());
        known
            .or_else(|| self.name.clone().filter(|name| !name.is_empty()))
            .unwrap_or_else(|| "unknown".to_owned())
    }
}

fn within(environment: &Environment, version: Option<&str>, answers: Option<&Answers>) -> Within {
    let term = environment.term();
    let calls_itself =
        |name: &str| version.is_some_and(|version| split(version).0.eq_ignore_ascii_case(name));
    // mosh draws a terminal of its own, which answers by itself, and has no name.
    let is_mosh = || {
        environment.ssh
            && version.is_none()
            && answers
                .is_some_and(|answers| answers.attributes() == Some(vec![62]) && answers.replies.len() == 1)
    };
    if environment.zellij || calls_itself("zellij") {
        Within::Zellij
    } else if environment.screen {
        Within::Screen
    } else if environment.tmux || term.starts_with("tmux") || calls_itself("tmux") {
        Within::Tmux
    } else if term.starts_with("screen") {
        Within::Screen
    } else if is_mosh() {
        Within::Mosh
    } else {
        Within::Nothing
    }
}

/// Why there is no protocol.
struct Why {
    reason: String,
    advice: Option<&'static str>,
}

impl From<String> for Why {
    fn from(reason: String) -> Self {
        Self { reason, advice: None }
    }
}

impl From<&str> for Why {
    fn from(reason: &str) -> Self {
        Self::from(reason.to_owned())
    }
}

fn protocol(
    environment: &Environment,
    answers: Option<&Answers>,
    place: &Place<'_>,
) -> Result<(Mode, String), Why> {
    let Some(answers) = answers else { return Err("the terminal was not asked".into()) };
    if !answers.is_complete() {
        return Err(format!("no answer to DA1 in {} ms", answers.took.as_millis()).into());
    }
    match place.within {
        Within::Nothing => outright(answers, place),
        Within::Tmux => through_tmux(answers, place),
        Within::Screen if environment.tmux => Err("tmux and screen, one in the other".into()),
        Within::Screen => Err("screen hands on no pictures".into()),
        Within::Zellij => Err("zellij hands on no pictures that we could place".into()),
        Within::Mosh => Err("no name and a bare DA1 over SSH: mosh, which hands on no pictures".into()),
    }
}

fn outright(answers: &Answers, place: &Place<'_>) -> Result<(Mode, String), Why> {
    let name = place.brand_name();
    let number = place.number.as_deref().unwrap_or_default();
    let speech = place.brand.map_or(Speech::Unknown, |brand| brand.speech);
    let full = format!("{name} {number}");
    let full = full.trim_end();
    let knows_kitty = answers.knows_kitty();
    match speech {
        Speech::Kitty(..) | Speech::KittyDirect if !knows_kitty => {
            Err(format!("{full} does not answer to kitty's question").into())
        }
        Speech::Kitty(major, minor) if is_at_least(number, (major, minor)) => {
            Ok((Mode::Kitty, format!("{full} knows kitty's placeholders")))
        }
        Speech::Kitty(major, minor) => {
            let reason =
                format!("{full} knows kitty's protocol, and placeholders only since {major}.{minor}");
            Ok((Mode::KittyDirect, reason))
        }
        Speech::KittyDirect => {
            Ok((Mode::KittyDirect, format!("{full} knows kitty's protocol, without placeholders")))
        }
        Speech::Iterm => Ok((Mode::Iterm, format!("{full} knows iTerm2's protocol"))),
        Speech::ItermIfSixel if answers.claims_sixel() => {
            Ok((Mode::Iterm, format!("{full} knows iTerm2's protocol, and DA1 says that pictures are on")))
        }
        Speech::ItermIfSixel => Err(Why {
            reason: format!("pictures are switched off in {full}: DA1 has no 4"),
            advice: (name == "VS Code").then_some("switch on `terminal.integrated.enableImages` in VS Code"),
        }),
        Speech::Sixel if answers.claims_sixel() => {
            Ok((Mode::Sixel, format!("{full} knows sixel: DA1 has a 4")))
        }
        Speech::Sixel => Err(format!("{full} does not claim sixel: DA1 has no 4").into()),
        Speech::Unknown if knows_kitty => {
            Ok((Mode::KittyDirect, format!("the terminal ({full}) says OK to kitty's question")))
        }
        Speech::Unknown if answers.claims_sixel() => {
            Ok((Mode::Sixel, format!("the terminal ({full}) claims sixel: DA1 has a 4")))
        }
        Speech::Unknown | Speech::Mute => {
            Err(format!("the terminal ({full}) claims no protocol for pictures").into())
        }
    }
}

fn through_tmux(answers: &Answers, place: &Place<'_>) -> Result<(Mode, String), Why> {
    let Some(outer) = place.outer.filter(|outer| outer.source != Source::Nobody) else {
        return Err(Why {
            reason: "nothing is known of the terminal outside of tmux".to_owned(),
            advice: Some(PASSTHROUGH),
        });
    };
    let number = place.number.as_deref().unwrap_or_default();
    let full = format!("{} {number}", place.brand_name());
    let full = full.trim_end();
    let brand = place.brand.map_or("", |brand| brand.name);
    if brand == "tmux" {
        return Err("tmux in tmux".into());
    }
    let has_placeholders = match place.brand.map(|brand| brand.speech) {
        // rio has them too, but nobody has seen them through tmux.
        Some(Speech::Kitty(major, minor)) => brand != "rio" && is_at_least(number, (major, minor)),
        _ => false,
    };
    if has_placeholders && outer.passthrough == Some(false) {
        return Err(Why {
            reason: format!("tmux does not hand pictures on to {full}"),
            advice: Some(PASSTHROUGH),
        });
    }
    if has_placeholders {
        return Ok((Mode::Kitty, format!("{full} outside of tmux knows kitty's placeholders")));
    }
    // tmux claims sixel for itself, whatever its client can do.
    if outer.has("sixel") && answers.claims_sixel() {
        return Ok((Mode::Sixel, format!("tmux draws sixel in {full}, by its features")));
    }
    Err(format!("{full} outside of tmux has no protocol that tmux hands on").into())
}

/// Whether there are 24-bit colours, and why.
fn truecolor(environment: &Environment, answers: Option<&Answers>, place: &Place<'_>) -> (bool, String) {
    if let Some(reason) = environment.truecolor() {
        return (true, reason);
    }
    if place.within != Within::Screen && answers.and_then(Answers::truecolor) == Some(true) {
        return (true, "the terminal kept the colour that was set (DECRQSS)".to_owned());
    }
    if let (Within::Tmux, Some(outer)) = (place.within, place.outer)
        && outer.has("RGB")
    {
        return (true, "tmux counts RGB among its client's features".to_owned());
    }
    // What a screen or a mosh makes of colours depends on itself.
    if let (Within::Nothing, Some(brand)) = (place.within, place.brand)
        && brand.truecolor
        && answers.is_some_and(|answers| answers.version().is_some())
    {
        return (true, format!("the terminal is {}", brand.name));
    }
    (false, format!("nothing promises more (TERM={}, COLORTERM is not truecolor)", environment.term()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const X256: (&str, &str) = ("TERM", "xterm-256color");
    const SSH: (&str, &str) = ("SSH_CONNECTION", "a b c d");
    const TMUX: (&str, &str) = ("TMUX", "/tmp/x,1,0");

    /// The answers of a terminal: name, DA1, whether it says OK to kitty.
    fn answers(version: &str, attributes: &str, kitty: bool) -> Answers {
        let mut bytes = String::new();
        if !version.is_empty() {
            bytes += &format!("\u{1b}P>|{version}\u{1b}\\");
        }
        if kitty {
            bytes += "\u{1b}_Gi=31;OK\u{1b}\\";
        }
        Answers::parse(format!("{bytes}\u{1b}[?{attributes}c").as_bytes())
    }

    type Row<'a> = (&'a [(&'a str, &'a str)], (&'a str, &'a str, bool), Mode, &'a str);

    #[test]
    fn terminals_are_known_by_their_answers() {
        let program = |name| [X256, ("TERM_PROGRAM", name)];
        let table: [Row<'_>; 48] = [
            // As measured.
            (&[("TERM", "xterm-kitty")], ("kitty(0.41.1)", "62;", true), Mode::Kitty, "kitty"),
            (&[("TERM", "xterm-kitty")], ("kitty(0.26.5)", "62;", true), Mode::KittyDirect, "kitty"),
            (&[("TERM", "xterm")], ("XTerm(379)", "63;1;2;4;6;9;15;16;22;28", false), Mode::Sixel, "XTerm"),
            (
                &[("TERM", "xterm")],
                ("XTerm(379)", "64;1;2;6;9;15;16;17;18;21;22;28", false),
                Mode::Blocks256,
                "XTerm",
            ),
            (&[("TERM", "foot")], ("foot(1.13.1)", "62;4;22", false), Mode::Sixel, "foot"),
            (&[("TERM", "alacritty")], ("", "6", false), Mode::Blocks, "alacritty"),
            (&[X256], ("", "62;4;9;22", false), Mode::Sixel, "unknown"),
            (&[("TERM", "mlterm")], ("", "63;1;2;3;4;6;7;15;18;22;29", false), Mode::Sixel, "unknown"),
            (&[("TERM", "tmux-256color"), TMUX], ("tmux 3.5a", "1;2;4", false), Mode::Blocks256, "unknown"),
            (&[("TERM", "tmux-256color"), TMUX], ("tmux 3.3a", "1;2", false), Mode::Blocks256, "unknown"),
            // kitty's family.
            (&[X256], ("kitty(0.28.0)", "62;", true), Mode::Kitty, "kitty"),
            (&[X256], ("kitty(0.27.1)", "62;", true), Mode::KittyDirect, "kitty"),
            (&[("TERM", "xterm-kitty")], ("", "62;", true), Mode::KittyDirect, "kitty"),
            (&[("TERM", "xterm-kitty")], ("kitty(0.41.1)", "62;", false), Mode::Blocks, "kitty"),
            (&[("TERM", "xterm-kitty"), SSH], ("kitty(0.41.1)", "62;", true), Mode::Kitty, "kitty"),
            (&[("TERM", "xterm-ghostty")], ("ghostty 1.0.1", "62;22", true), Mode::Kitty, "ghostty"),
            (&[("TERM", "rio")], ("rio 0.2.3", "62;4;6;22", true), Mode::Kitty, "rio"),
            (&[X256], ("Konsole 22.12.3", "62;1;4", true), Mode::KittyDirect, "Konsole"),
            (&[X256, ("KONSOLE_VERSION", "221203")], ("", "62;1;4", true), Mode::KittyDirect, "Konsole"),
            (&[X256], ("novelty 1.0", "62;4", true), Mode::KittyDirect, "novelty"),
            (&[X256], ("", "62;4", true), Mode::KittyDirect, "unknown"),
            // iTerm2's family, whatever else they answer.
            (&program("WezTerm"), ("WezTerm 20240203", "65;4;6;18;22", true), Mode::Iterm, "WezTerm"),
            (&[X256, SSH], ("WezTerm 20240203", "65;4;6;18;22", false), Mode::Iterm, "WezTerm"),
            (&program("iTerm.app"), ("iTerm2 3.5.0", "64;1;2;4;6;17;18;21;22", true), Mode::Iterm, "iTerm2"),
            (&program("iTerm.app"), ("", "62;4", false), Mode::Iterm, "iTerm2"),
            (&[X256, SSH, ("LC_TERMINAL", "iTerm2")], ("", "64;1;2;4", false), Mode::Iterm, "iTerm2"),
            (&program("mintty"), ("mintty 3.6.4", "64;1;2;4;6;9;15;21;22;28", false), Mode::Iterm, "mintty"),
            (&program("WarpTerminal"), ("Warp(v0.2024)", "62;", true), Mode::Iterm, "Warp"),
            (&program("Tabby"), ("", "62;4;9;22", false), Mode::Iterm, "Tabby"),
            (&program("Tabby"), ("xterm.js(5.4.0)", "62;4;9;22", false), Mode::Iterm, "Tabby"),
            (&program("Hyper"), ("", "1;2", false), Mode::Iterm, "Hyper"),
            (&[X256], ("Bobcat 1.0", "62;", false), Mode::Iterm, "Bobcat"),
            // VS Code shows pictures of either kind, or none.
            (&program("vscode"), ("", "62;4;9;22", false), Mode::Iterm, "VS Code"),
            (&program("vscode"), ("", "1;2", false), Mode::Blocks, "VS Code"),
            (&program("vscode"), ("xterm.js(5.6.0)", "62;4;9;22", true), Mode::Iterm, "VS Code"),
            (&[X256, SSH], ("xterm.js(5.6.0)", "62;4;9;22", false), Mode::Iterm, "VS Code"),
            (&[X256, SSH], ("xterm.js(5.6.0)", "1;2", false), Mode::Blocks, "VS Code"),
            // An own word outweighs what was inherited.
            (&program("vscode"), ("XTerm(379)", "63;1;2;4", false), Mode::Sixel, "XTerm"),
            (
                &[("TERM", "alacritty"), ("TERM_PROGRAM", "iTerm.app")],
                ("", "6", false),
                Mode::Blocks,
                "alacritty",
            ),
            // Sixel.
            (
                &[X256, ("WT_SESSION", "guid")],
                ("", "61;4;6;7;14;21;22;23;24;28;32;42", false),
                Mode::Sixel,
                "Windows Terminal",
            ),
            (
                &[X256, ("WT_SESSION", "guid")],
                ("", "61;6;7;22;23;24;28;32;42", false),
                Mode::Blocks,
                "Windows Terminal",
            ),
            (&program("BlackBox"), ("", "65;1;4;9", false), Mode::Sixel, "BlackBox"),
            (&[X256, ("VTE_VERSION", "7600")], ("VTE(7600)", "65;1;9", false), Mode::Blocks, "VTE"),
            (&[X256], ("", "64;14;44;62", false), Mode::Blocks256, "unknown"),
            // What hands on nothing.
            (&[X256, ("ZELLIJ", "0")], ("kitty(0.41.1)", "62;4", true), Mode::Blocks256, "kitty"),
            (&[("TERM", "screen-256color"), ("STY", "1.x")], ("", "1;2", false), Mode::Blocks256, "unknown"),
            (&[X256, SSH, ("LC_TERMINAL", "iTerm2")], ("", "62", false), Mode::Blocks, "unknown"),
            // The terminal of macOS.
            (&program("Apple_Terminal"), ("", "1;2", false), Mode::Blocks256, "Apple Terminal"),
        ];
        for (variables, (version, attributes, kitty), mode, brand) in table {
            let sight = decide(
                Choice::Auto,
                &Environment::of_terminal(variables),
                Some(&answers(version, attributes, kitty)),
            );
            let case = format!("{variables:?} {version} {attributes}: {sight:?}");
            assert_eq!((sight.mode, sight.brand.as_str()), (mode, brand), "{case}");
            assert!(!sight.tmux && !sight.reason.is_empty(), "{case}");
            assert_eq!(sight.remote, variables.contains(&SSH), "{case}");
        }
    }

    #[test]
    fn tmux_hands_on_what_the_terminal_outside_knows() {
        let table = [
            ("kitty(0.41.1)|256,RGB|xterm-kitty", "1;2;4", Mode::Kitty, true),
            ("kitty(0.26.5)|256,RGB|xterm-kitty", "1;2;4", Mode::Blocks, false),
            ("ghostty 1.0.1|256,RGB|xterm-ghostty", "1;2", Mode::Kitty, true),
            ("rio 0.2.3|256|rio", "1;2", Mode::Blocks256, false),
            ("foot(1.13.1)|256,RGB,sixel|foot", "1;2;4", Mode::Sixel, false),
            ("foot(1.13.1)|256,RGB,sixel|foot", "1;2", Mode::Blocks, false),
            ("foot(1.13.1)|256,RGB|foot", "1;2;4", Mode::Blocks, false),
            ("XTerm(379)|256,sixel|xterm", "1;2;4", Mode::Sixel, false),
            ("WezTerm 20240203|256,RGB|xterm", "1;2;4", Mode::Blocks, false),
            ("iTerm2 3.5.0|256,RGB|xterm", "1;2;4", Mode::Blocks, false),
            ("tmux 3.5a|256,RGB,sixel|tmux-256color", "1;2;4", Mode::Blocks, false),
            ("||screen-256color", "1;2;4", Mode::Blocks256, false),
        ];
        let environment = Environment::of_terminal(&[("TERM", "tmux-256color"), TMUX]);
        for (line, attributes, mode, tmux) in table {
            let answers =
                Answers { outer: Some(Outer::from_tmux(line)), ..answers("tmux 3.5a", attributes, false) };
            let sight = decide(Choice::Auto, &environment, Some(&answers));
            assert_eq!((sight.mode, sight.tmux), (mode, tmux), "{line}: {sight:?}");
        }
    }

    #[test]
    fn without_passthrough_there_is_advice() {
        let outer = Outer { passthrough: Some(false), ..Outer::from_tmux("kitty(0.41.1)|RGB|xterm-kitty") };
        let given = Answers { outer: Some(outer), ..answers("tmux 3.5a", "1;2;4", false) };
        let sight =
            decide(Choice::Auto, &Environment::of_terminal(&[("TERM", "tmux-256color"), TMUX]), Some(&given));
        assert_eq!((sight.mode, sight.tmux), (Mode::Blocks, false));
        assert!(sight.advice.is_some_and(|advice| advice.contains("allow-passthrough on")), "{sight:?}");
        assert_eq!((sight.brand.as_str(), sight.version.as_deref()), ("kitty", Some("0.41.1")));
    }

    #[test]
    fn the_terminal_outside_of_a_tmux_on_the_near_side_answers_for_itself() {
        let mut replies = super::super::Replies::default();
        replies.feed(b"\x1bP>|kitty(0.41.1)\x1b\\\x1b_Gi=31;OK\x1b\\");
        let outer = Outer::from_replies(replies.take_found());
        assert_eq!(outer.source, Source::Terminal);
        for term in ["tmux-256color", "screen-256color", "xterm-256color"] {
            let given = Answers { outer: Some(outer.clone()), ..answers("tmux 3.5a", "1;2;4", false) };
            let sight = decide(Choice::Auto, &Environment::of_terminal(&[("TERM", term), SSH]), Some(&given));
            assert_eq!(
                (sight.mode, sight.tmux, sight.remote),
                (Mode::Kitty, true, true),
                "{term}: {sight:?}"
            );
        }
        let silent = Outer::from_replies(Vec::new());
        let given = Answers { outer: Some(silent), ..answers("tmux 3.5a", "1;2;4", false) };
        let sight =
            decide(Choice::Auto, &Environment::of_terminal(&[("TERM", "tmux-256color"), SSH]), Some(&given));
        assert_eq!(sight.mode, Mode::Blocks256, "{sight:?}");
    }

    #[test]
    fn a_silent_terminal_gets_half_blocks() {
        let kitty = Environment::of_terminal(&[("TERM", "xterm-kitty")]);
        for given in [&b""[..], b"\x1bP>|kitty(0.41.1)\x1b\\\x1b_Gi=31;OK\x1b\\"] {
            let sight = decide(Choice::Auto, &kitty, Some(&Answers::parse(given)));
            assert_eq!(sight.mode, Mode::Blocks, "{sight:?}");
        }
        assert_eq!(decide(Choice::Auto, &kitty, None).mode, Mode::Blocks);
    }

    #[test]
    fn what_the_environment_forbids_no_answer_allows() {
        let kitty = answers("kitty(0.41.1)", "62;", true);
        for (variables, mode) in [
            (&[("TERM", "xterm-kitty"), ("NO_COLOR", "1")][..], Mode::Ascii),
            (&[("TERM", "xterm-kitty"), ("LC_ALL", "C")], Mode::Ascii),
            (&[("TERM", "linux")], Mode::Ascii),
            (&[("TERM", "dumb")], Mode::None),
            (&[], Mode::None),
        ] {
            let environment = Environment::of_terminal(variables);
            assert_eq!(decide(Choice::Auto, &environment, Some(&kitty)).mode, mode, "{variables:?}");
            assert!(!is_worth_asking(Choice::Auto, &environment), "{variables:?}");
        }
        let pipe = Environment { is_terminal: false, ..Environment::of_terminal(&[("TERM", "xterm-kitty")]) };
        assert!(Choice::ALL.into_iter().all(|choice| !is_worth_asking(choice, &pipe)));
    }

    #[test]
    fn an_explicit_wish_is_obeyed() {
        for choice in Choice::ALL.into_iter().filter(|choice| *choice != Choice::Auto) {
            let sight = decide(choice, &Environment::of_terminal(&[("TERM", "dumb"), TMUX]), None);
            let expected = match choice {
                Choice::KittyDirect => Some(Mode::Kitty),
                Choice::Iterm => Some(Mode::Blocks),
                other => other.mode(),
            };
            assert_eq!(Some(sight.mode), expected);
            assert!(sight.reason.starts_with(&format!("asked for: {choice}")));
            assert_eq!(sight.tmux, sight.mode == Mode::Kitty);
        }
    }

    #[test]
    fn the_cell_is_what_the_terminal_says_before_what_the_window_says() {
        let environment = Environment { cell: Some((7, 14)), ..Environment::of_terminal(&[X256]) };
        let told = Answers::parse(b"\x1b[6;17;8t\x1b[?62c");
        let sight = decide(Choice::Auto, &environment, Some(&told));
        assert_eq!((sight.cell, sight.cell_source), (Some((8, 17)), "CSI 16 t"));
        let sight = decide(Choice::Auto, &environment, None);
        assert_eq!((sight.cell, sight.cell_source), (Some((7, 14)), "the window's size"));
    }

    #[test]
    fn colours_are_found_out() {
        let kept = Answers::parse(b"\x1bP1$r0;48:2::1:2:3m\x1b\\\x1b[?64;1c");
        let lost = Answers::parse(b"\x1bP1$r48;5;16m\x1b\\\x1b[?63;1c");
        let x256 = Environment::of_terminal(&[X256]);
        assert!(decide(Choice::Auto, &x256, Some(&kept)).truecolor);
        assert!(!decide(Choice::Auto, &x256, Some(&lost)).truecolor);
        assert!(!decide(Choice::Auto, &x256, None).truecolor);
        let screen = Environment::of_terminal(&[("TERM", "screen"), ("STY", "1")]);
        assert!(!decide(Choice::Auto, &screen, Some(&kept)).truecolor);
    }
}
