//! What the terminal answered.

use std::time::Duration;

use super::{Question, Reply};
use crate::graphics::CellPixels;

/// All that came back from the terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The questions that were sent, in order.
    pub asked: Vec<Question>,
    /// The replies as they came, in order.
    pub replies: Vec<Reply>,
    /// How long it took: up to the last answer, or until we gave up.
    pub took: Duration,
    /// What is known of the terminal outside of tmux.
    pub outer: Option<Outer>,
    /// The beginning of a reply whose rest did not come in time.
    pub unfinished: Vec<u8>,
}

/// The terminal outside of tmux.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outer {
    /// How it was learnt.
    pub source: Source,
    /// Its XTVERSION, as in `kitty(0.41.1)`.
    pub version: Option<String>,
    /// What tmux thinks that it can do.
    pub features: Option<String>,
    /// What tmux calls it: its `TERM`.
    pub term: Option<String>,
    /// Whether tmux hands on what is wrapped for the terminal outside, where that is known.
    pub passthrough: Option<bool>,
    /// The questions that were sent through tmux.
    pub asked: Vec<Question>,
    /// The replies to these, as they came.
    pub replies: Vec<Reply>,
}

/// Who told of the terminal outside of tmux.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// Nobody.
    #[default]
    Nobody,
    /// tmux itself, by its command.
    Tmux,
    /// The terminal, through tmux.
    Terminal,
}

impl Answers {
    /// What these bytes answer, as if read at once; for fixtures.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut replies = super::Replies::default();
        replies.feed(bytes);
        Self { asked: Question::ALL.to_vec(), replies: replies.take_found(), ..Self::default() }
    }

    /// The bytes of the reply to this question.
    pub fn reply(&self, question: Question) -> Option<&[u8]> {
        reply(&self.replies, question)
    }

    /// Name and version, as in `kitty(0.41.1)`.
    pub fn version(&self) -> Option<String> {
        self.reply(Question::Version).map(version)
    }

    /// The numbers of DA1, where it came.
    pub fn attributes(&self) -> Option<Vec<u16>> {
        let reply = text(self.reply(Question::Attributes)?);
        let inner = reply.strip_prefix("\u{1b}[?")?.strip_suffix('c')?;
        Some(inner.split(';').filter_map(|number| number.parse().ok()).collect())
    }

    /// Whether the last question was answered, and so all were that will ever be.
    pub fn is_complete(&self) -> bool {
        self.reply(Question::Attributes).is_some()
    }

    /// Whether DA1 claims sixel.
    pub fn claims_sixel(&self) -> bool {
        self.attributes().is_some_and(|numbers| numbers.contains(&4))
    }

    /// Width and height of a cell in pixels.
    pub fn cell(&self) -> Option<CellPixels> {
        let reply = text(self.reply(Question::Cell)?);
        let inner = reply.strip_prefix("\u{1b}[6;")?.strip_suffix('t')?;
        let (height, width) = inner.split_once(';')?;
        let cell: CellPixels = (width.parse().ok()?, height.parse().ok()?);
        (cell.0 > 0 && cell.1 > 0).then_some(cell)
    }

    /// What kitty's question was answered with: `OK`, or the fault.
    pub fn kitty(&self) -> Option<String> {
        let reply = body(self.reply(Question::Kitty)?);
        Some(reply.split_once(';')?.1.to_owned())
    }

    /// Whether kitty's protocol for pictures is known.
    pub fn knows_kitty(&self) -> bool {
        self.kitty().as_deref() == Some("OK")
    }

    /// Whether a 24-bit colour is kept; `None` where that was not answered.
    pub fn truecolor(&self) -> Option<bool> {
        self.reply(Question::Truecolor).map(keeps_colour)
    }
}

impl Outer {
    /// What `tmux display` said: termtype, termfeatures and termname, with bars between them.
    #[cfg(any(unix, test))]
    pub(super) fn from_tmux(line: &str) -> Self {
        let mut parts =
            line.trim_end().splitn(3, '|').map(|part| Some(part.to_owned()).filter(|part| !part.is_empty()));
        let mut next = || parts.next().flatten();
        Self { source: Source::Tmux, version: next(), features: next(), term: next(), ..Self::default() }
    }

    /// What the terminal outside answered through tmux.
    #[cfg(any(unix, test))]
    pub(super) fn from_replies(replies: Vec<Reply>) -> Self {
        Self {
            source: if replies.is_empty() { Source::Nobody } else { Source::Terminal },
            version: reply(&replies, Question::Version).map(version),
            // An answer has come through.
            passthrough: (!replies.is_empty()).then_some(true),
            asked: Question::OUTER.to_vec(),
            replies,
            ..Self::default()
        }
    }

    /// Whether tmux counts this among what it can do.
    pub(super) fn has(&self, feature: &str) -> bool {
        self.features.as_deref().is_some_and(|features| features.split(',').any(|known| known == feature))
    }
}

fn reply(replies: &[Reply], question: Question) -> Option<&[u8]> {
    replies.iter().find(|reply| reply.question == Some(question)).map(|reply| reply.bytes.as_slice())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A string without its opener and its end.
fn body(bytes: &[u8]) -> String {
    let inner = bytes.get(2..).unwrap_or_default();
    text(inner.strip_suffix(b"\x1b\\").or_else(|| inner.strip_suffix(b"\x07")).unwrap_or(inner))
}

fn version(bytes: &[u8]) -> String {
    body(bytes).trim_start_matches(">|").trim().to_owned()
}

/// Whether what DECRQSS says still has the colour that was set, in any of the ways of writing it:
/// `48:2:1:2:3`, `48:2::1:2:3`, `48;2;1;2;3`.
fn keeps_colour(bytes: &[u8]) -> bool {
    let body = body(bytes);
    let Some(values) = body.strip_prefix("1$r") else { return false };
    let numbers: Vec<&str> =
        values.trim_end_matches('m').split([';', ':']).filter(|number| !number.is_empty()).collect();
    numbers.ends_with(&["48", "2", "1", "2", "3"])
        // With the number of a colour space, as the standard has it.
        || matches!(numbers.as_slice(), [.., "48", "2", _, "1", "2", "3"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_terminals_say_is_understood() {
        let kitty = Answers::parse(
            b"\x1bP>|kitty(0.41.1)\x1b\\\x1b[6;17;8t\x1bP1$r48:2:1:2:3m\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[?62;c",
        );
        assert_eq!(kitty.version().as_deref(), Some("kitty(0.41.1)"));
        assert_eq!(kitty.attributes(), Some(vec![62]));
        assert_eq!((kitty.cell(), kitty.truecolor(), kitty.knows_kitty()), (Some((8, 17)), Some(true), true));
        let xterm = Answers::parse(
            b"\x1bP>|XTerm(379)\x1b\\\x1bP1$r0;48:2::1:2:3m\x1b\\\x1b[?63;1;2;4;6;9;15;16;22;28c",
        );
        assert_eq!((xterm.cell(), xterm.truecolor(), xterm.kitty()), (None, Some(true), None));
        assert!(xterm.claims_sixel());
        let plain = Answers::parse(b"\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c");
        assert!(plain.is_complete() && !plain.claims_sixel());
        assert!(!Answers::parse(b"\x1bP>|kitty(0.41.1)\x1b\\").is_complete());
        let broken = Answers::parse(b"\x1b_Gi=31;ENOTSUPPORTED:x\x1b\\\x1b[6;0;0t\x1bP0$r\x1b\\");
        assert_eq!((broken.knows_kitty(), broken.cell(), broken.truecolor()), (false, None, Some(false)));
        assert_eq!(Answers::parse(b"\x1bP1$r48;5;16m\x1b\\").truecolor(), Some(false));
        assert_eq!(Answers::parse(b"\x1bP1$r48:2:1:1:2:3m\x1b\\").truecolor(), Some(true));
    }

    #[test]
    fn tmux_tells_of_its_client() {
        let outer = Outer::from_tmux("kitty(0.41.1)|256,RGB,bpaste,sixel|xterm-kitty\n");
        assert_eq!(outer.version.as_deref(), Some("kitty(0.41.1)"));
        assert_eq!(outer.term.as_deref(), Some("xterm-kitty"));
        assert!(outer.has("sixel") && outer.has("RGB") && !outer.has("six"));
        let silent = Outer::from_tmux("||screen-256color\n");
        assert_eq!((silent.version, silent.features), (None, None));
        assert_eq!(Outer::from_tmux("").term, None);
    }
}
