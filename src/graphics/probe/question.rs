//! What is asked of the terminal, and of whom it is not asked.

use crate::graphics::Environment;

/// One question to the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Question {
    /// Name and version: XTVERSION.
    Version,
    /// Height and width of a cell in pixels: `CSI 16 t`.
    Cell,
    /// Whether a 24-bit colour that was set is still the same when asked for: DECRQSS.
    Truecolor,
    /// Whether kitty's protocol for pictures is known.
    Kitty,
    /// Primary device attributes (DA1). Every terminal answers, and in order, so this comes last.
    Attributes,
}

impl Question {
    /// Every question, in the order in which they are asked.
    pub const ALL: [Self; 5] = [Self::Version, Self::Cell, Self::Truecolor, Self::Kitty, Self::Attributes];

    /// Its name, for `capscope doctor`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Version => "XTVERSION",
            Self::Cell => "cell size",
            Self::Truecolor => "truecolor",
            Self::Kitty => "kitty",
            Self::Attributes => "DA1",
        }
    }

    /// What is written to the terminal.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Version => b"\x1b[>q",
            Self::Cell => b"\x1b[16t",
            Self::Truecolor => b"\x1b[48;2;1;2;3m\x1bP$qm\x1b\\\x1b[0m",
            Self::Kitty => b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\",
            Self::Attributes => b"\x1b[c",
        }
    }

    /// What is written to the terminal, or through tmux to the one outside of it.
    pub fn written(self, through_tmux: bool) -> Vec<u8> {
        if through_tmux { wrapped(&[self]) } else { self.bytes().to_vec() }
    }

    /// What is asked of this terminal. kitty's question would become the title of a pane in tmux
    /// and screen; the terminal of macOS writes the payload of strings on the screen.
    pub(super) fn for_terminal(environment: &Environment) -> Vec<Self> {
        let shows_strings = environment.term_program.as_deref() == Some("Apple_Terminal");
        let is_left_out = |question: &Self| match question {
            Self::Kitty => environment.is_multiplexed() || shows_strings,
            Self::Truecolor => shows_strings,
            _ => false,
        };
        Self::ALL.into_iter().filter(|question| !is_left_out(question)).collect()
    }

    /// What is asked of the terminal outside of tmux.
    pub(super) const OUTER: [Self; 2] = [Self::Version, Self::Kitty];
}

/// The bytes of these questions, one behind the other.
pub(super) fn written(questions: &[Question]) -> Vec<u8> {
    questions.iter().flat_map(|question| question.bytes()).copied().collect()
}

/// The same, each wrapped so that tmux hands it on to the terminal outside.
pub(super) fn wrapped(questions: &[Question]) -> Vec<u8> {
    let mut out = Vec::new();
    for question in questions {
        out.extend_from_slice(b"\x1bPtmux;");
        for byte in question.bytes() {
            if *byte == 0x1b {
                out.push(0x1b);
            }
            out.push(*byte);
        }
        out.extend_from_slice(b"\x1b\\");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(variables: &[(&str, &str)]) -> Vec<Question> {
        Question::for_terminal(&Environment::of_terminal(variables))
    }

    #[test]
    fn kittys_question_is_never_bare_in_a_multiplexer() {
        for variables in [
            &[("TERM", "tmux-256color")],
            &[("TERM", "screen-256color")],
            &[("TMUX", "x")],
            &[("STY", "x")],
            &[("ZELLIJ", "0")],
        ] {
            assert!(!asked(variables).contains(&Question::Kitty), "{variables:?}");
        }
        assert_eq!(asked(&[("TERM", "xterm-256color")]), Question::ALL);
        let macos = asked(&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "Apple_Terminal")]);
        assert_eq!(macos, [Question::Version, Question::Cell, Question::Attributes]);
    }

    #[test]
    fn the_last_question_is_the_one_that_all_answer() {
        assert_eq!(asked(&[("TMUX", "x")]).last(), Some(&Question::Attributes));
        assert!(written(&Question::ALL).ends_with(b"\x1b[c"));
    }

    #[test]
    fn escapes_are_doubled_for_tmux() {
        assert_eq!(wrapped(&[Question::Version]), b"\x1bPtmux;\x1b\x1b[>q\x1b\\");
        let both = wrapped(&Question::OUTER);
        assert!(both.ends_with(b"AAAA\x1b\x1b\\\x1b\\"), "{both:?}");
    }
}
