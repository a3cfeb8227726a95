//! Which terminal is it, and how does its brand show pictures?

use crate::graphics::Environment;

/// How a brand shows pictures best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speech {
    /// kitty's protocol, with placeholders from this version on, and placed pictures before.
    Kitty(u32, u32),
    /// kitty's protocol with placed pictures only.
    KittyDirect,
    /// iTerm2's protocol.
    Iterm,
    /// iTerm2's protocol where DA1 claims sixel: both are switched on and off together.
    ItermIfSixel,
    /// Sixel where DA1 claims it.
    Sixel,
    /// What the answers say.
    Unknown,
    /// Nothing.
    Mute,
}

/// What is known of a brand, and how it is recognized.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Brand {
    pub(super) name: &'static str,
    pub(super) speech: Speech,
    /// Whether it shows 24-bit colours.
    pub(super) truecolor: bool,
    /// How its XTVERSION begins.
    version: Option<&'static str>,
    /// Its values of `TERM_PROGRAM` and `LC_TERMINAL`.
    programs: &'static [&'static str],
    /// How its values of `TERM` begin.
    terms: &'static [&'static str],
}

const fn brand(
    name: &'static str,
    speech: Speech,
    version: Option<&'static str>,
    programs: &'static [&'static str],
    terms: &'static [&'static str],
) -> Brand {
    Brand { name, speech, truecolor: true, version, programs, terms }
}

/// The brands we know.
const BRANDS: [Brand; 24] = [
    brand("kitty", Speech::Kitty(0, 28), Some("kitty"), &["kitty"], &["xterm-kitty"]),
    brand("ghostty", Speech::Kitty(0, 0), Some("ghostty"), &["ghostty"], &["xterm-ghostty", "ghostty"]),
    brand("rio", Speech::Kitty(0, 0), Some("rio"), &["rio"], &["rio", "xterm-rio"]),
    brand("Konsole", Speech::KittyDirect, Some("Konsole"), &["konsole"], &["konsole"]),
    brand("WezTerm", Speech::Iterm, Some("WezTerm"), &["WezTerm"], &["wezterm"]),
    brand("iTerm2", Speech::Iterm, Some("iTerm2"), &["iTerm.app", "iTerm2"], &["iterm2"]),
    brand("mintty", Speech::Iterm, Some("mintty"), &["mintty"], &["mintty"]),
    brand("Warp", Speech::Iterm, Some("Warp"), &["WarpTerminal"], &[]),
    brand("Tabby", Speech::Iterm, Some("Tabby"), &["Tabby"], &[]),
    brand("Hyper", Speech::Iterm, Some("Hyper"), &["Hyper"], &[]),
    brand("Bobcat", Speech::Iterm, Some("Bobcat"), &["Bobcat"], &[]),
    brand("VS Code", Speech::ItermIfSixel, Some("xterm.js"), &["vscode"], &[]),
    brand("foot", Speech::Sixel, Some("foot"), &["foot"], &["foot"]),
    brand("Windows Terminal", Speech::Sixel, Some("Windows Terminal"), &[], &[]),
    brand("BlackBox", Speech::Sixel, Some("BlackBox"), &["BlackBox"], &[]),
    brand("contour", Speech::Sixel, Some("contour"), &["contour"], &["contour"]),
    brand("alacritty", Speech::Unknown, Some("alacritty"), &["alacritty"], &["alacritty"]),
    Brand { truecolor: false, ..brand("XTerm", Speech::Unknown, Some("XTerm"), &["XTerm"], &[]) },
    brand("st", Speech::Unknown, None, &[], &["st-256color"]),
    brand("VTE", Speech::Unknown, Some("VTE"), &[], &[]),
    brand("zed", Speech::Unknown, Some("zed"), &["zed"], &[]),
    brand("zellij", Speech::Mute, Some("zellij"), &["zellij"], &[]),
    Brand { truecolor: false, ..brand("tmux", Speech::Mute, Some("tmux"), &["tmux"], &["tmux"]) },
    Brand {
        truecolor: false,
        ..brand("Apple Terminal", Speech::Mute, None, &["Apple_Terminal"], &["nsterm"])
    },
];

/// The brand that calls itself so in its XTVERSION.
pub(super) fn by_version(version: &str) -> Option<&'static Brand> {
    let (name, _) = split(version);
    BRANDS.iter().find(|brand| brand.version.is_some_and(|known| known.eq_ignore_ascii_case(name)))
}

/// The brand that the environment tells of. `TERM` is what the innermost terminal set; the other
/// variables may be inherited from one that this one was started from.
pub(super) fn by_environment(environment: &Environment) -> Option<&'static Brand> {
    let named = |name: &str| BRANDS.iter().find(|brand| brand.name == name);
    let term = environment.term();
    let variables = [
        (environment.kitty, "kitty"),
        (environment.windows_terminal, "Windows Terminal"),
        (environment.konsole, "Konsole"),
        (environment.vte_version.is_some(), "VTE"),
    ];
    let by_variable = || variables.into_iter().find(|(is_set, _)| *is_set).and_then(|(_, name)| named(name));
    by_term(term).or_else(|| by_program(environment)).or_else(by_variable)
}

/// The brand that has such a `TERM`.
pub(super) fn by_term(term: &str) -> Option<&'static Brand> {
    BRANDS.iter().find(|brand| brand.terms.iter().any(|known| term.starts_with(known)))
}

/// The brand that `TERM_PROGRAM` names, or over SSH `LC_TERMINAL`.
fn by_program(environment: &Environment) -> Option<&'static Brand> {
    let program = environment.term_program.as_deref().or(environment.lc_terminal.as_deref())?;
    BRANDS.iter().find(|brand| brand.programs.contains(&program))
}

/// The brand, by its own word where there is one. xterm.js is the engine of several, which only
/// the environment tells apart.
pub(super) fn find(version: Option<&str>, environment: &Environment) -> Option<&'static Brand> {
    let Some(version) = version else { return by_environment(environment) };
    let found = by_version(version);
    if split(version).0 == "xterm.js" {
        let host = by_environment(environment);
        return host.filter(|host| matches!(host.name, "Tabby" | "Hyper")).or(found);
    }
    // A name that nobody knows may be the engine of a program that says its own.
    found.or_else(|| by_program(environment))
}

/// Name and number of an XTVERSION: `kitty(0.41.1)`, `iTerm2 3.5.0`, `tmux 3.5a`.
pub(super) fn split(version: &str) -> (&str, &str) {
    let version = version.trim();
    // A number stands in brackets or behind a space; a digit inside of a word is part of the name.
    let mut before = ' ';
    for (place, letter) in version.char_indices() {
        let begins = before == '(' || (before == ' ' && letter.is_ascii_digit() && place > 0);
        if begins {
            let (name, number) = version.split_at(place);
            return (name.trim_end_matches([' ', '(']), number.trim_end_matches(')'));
        }
        before = letter;
    }
    (version, "")
}

/// Whether a version number, `0.41.1`, is at least this one; an unreadable one is not.
pub(super) fn is_at_least(number: &str, least: (u32, u32)) -> bool {
    if least == (0, 0) {
        return true;
    }
    let mut parts = number.split('.').map(str::parse::<u32>);
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= least,
        (Some(Ok(major)), _) => major > least.0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_have_a_name_and_a_number() {
        for (version, expected) in [
            ("kitty(0.41.1)", ("kitty", "0.41.1")),
            ("iTerm2 3.5.0", ("iTerm2", "3.5.0")),
            ("tmux 3.5a", ("tmux", "3.5a")),
            ("WezTerm 20240203-110809-5046fc22", ("WezTerm", "20240203-110809-5046fc22")),
            ("xterm.js(6.0.0)", ("xterm.js", "6.0.0")),
            ("Konsole 22.12.3", ("Konsole", "22.12.3")),
            ("Windows Terminal 1.22", ("Windows Terminal", "1.22")),
            ("contour 0.4 debug", ("contour", "0.4 debug")),
            ("libvterm", ("libvterm", "")),
            ("", ("", "")),
        ] {
            assert_eq!(split(version), expected, "{version}");
        }
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        for (number, expected) in [
            ("0.28.0", true),
            ("0.27.1", false),
            ("0.41.1", true),
            ("1.0", true),
            ("1", true),
            ("", false),
            ("x", false),
        ] {
            assert_eq!(is_at_least(number, (0, 28)), expected, "{number}");
        }
        assert!(is_at_least("", (0, 0)));
    }

    #[test]
    fn every_brand_is_found_by_its_own_word() {
        for brand in &BRANDS {
            if let Some(version) = brand.version {
                assert_eq!(by_version(&format!("{version}(1.2)")).map(|found| found.name), Some(brand.name));
                assert_eq!(by_version(&format!("{version} 1.2")).map(|found| found.name), Some(brand.name));
            }
        }
        assert_eq!(by_version("libvterm"), None);
    }

    #[test]
    fn a_name_that_nobody_knows_gives_way_to_that_of_the_program() {
        let iterm = Environment::of_terminal(&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app")]);
        let name = |version: Option<&str>| find(version, &iterm).map(|brand| brand.name);
        assert_eq!(name(Some("engine 1.0")), Some("iTerm2"));
        assert_eq!(name(None), Some("iTerm2"));
        // Started from there, and another one.
        assert_eq!(name(Some("XTerm(379)")), Some("XTerm"));
        let kitty = Environment::of_terminal(&[("TERM", "xterm-kitty"), ("KITTY_WINDOW_ID", "1")]);
        assert_eq!(find(Some("engine 1.0"), &kitty), None);
    }
}
