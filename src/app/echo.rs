//! How quick is the line to the terminal?
//!
//! What is written is taken in at once, by the system or by SSH, and says nothing about when it arrives. So behind
//! a picture the terminal is asked for its name: when the answer comes, the terminal has read the picture.

use std::time::{Duration, Instant};

use crate::graphics::Answers;

/// Fewer bytes tell nothing.
const LEAST: usize = 8 << 10;
/// A line is as quick as it was for so long.
const FRESH: Duration = Duration::from_secs(15);
/// Bytes a second that a line must take for pictures to be sent in all their detail: half a second for a quarter
/// of a million.
const QUICK: f64 = 500_000.0;
/// Where the terminal says no name, its first answers tell a line of the same building from others.
const NEAR: Duration = Duration::from_millis(15);

/// Whether the line is quick enough for pictures in all their detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Quick,
    Slow,
    /// The terminal has been asked.
    Unknown,
}

/// The measurement of a line.
#[derive(Debug)]
pub(super) struct Echo {
    /// Whether the terminal says its name when it is asked for it.
    answers: bool,
    /// How long an answer takes by itself.
    round: Duration,
    /// When the picture began whose echo is awaited, and how many bytes it has.
    awaited: Option<(Instant, usize)>,
    /// Bytes a second, and when that was found.
    rate: Option<(f64, Instant)>,
}

impl Echo {
    /// Of a terminal that has given these answers, or was not asked.
    pub(super) fn new(answers: Option<&Answers>) -> Self {
        Self {
            answers: answers.is_some_and(|answers| answers.version().is_some()),
            round: answers.map_or(Duration::MAX, |answers| answers.took),
            awaited: None,
            rate: None,
        }
    }

    /// Whether the terminal is to be asked now, behind a picture of so many bytes, the first of which was sent at
    /// `began`.
    pub(super) fn asks(&mut self, began: Instant, bytes: usize, now: Instant) -> bool {
        let is_fresh = self.rate.is_some_and(|(_, found)| now.saturating_duration_since(found) < FRESH);
        // An answer that has not come for so long will not.
        let is_awaited = self.awaited.is_some_and(|(began, _)| now.saturating_duration_since(began) < FRESH);
        let asks = self.answers && bytes >= LEAST && !is_fresh && !is_awaited;
        if asks {
            self.awaited = Some((began, bytes));
        }
        asks
    }

    /// The answer has come.
    pub(super) fn heard(&mut self, now: Instant) {
        if let Some((began, bytes)) = self.awaited.take() {
            let took = now.saturating_duration_since(began).saturating_sub(self.round);
            self.rate = Some((bytes as f64 / took.as_secs_f64().max(1e-3), now));
        }
    }

    /// What is known of the line.
    pub(super) fn verdict(&self) -> Verdict {
        match (self.rate, self.awaited) {
            (Some((rate, _)), _) if rate >= QUICK => Verdict::Quick,
            (Some(_), _) => Verdict::Slow,
            (None, Some(_)) => Verdict::Unknown,
            (None, None) if self.round <= NEAR => Verdict::Quick,
            (None, None) => Verdict::Slow,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn echo(version: &[u8], took: u64) -> Echo {
        let answers = Answers { took: Duration::from_millis(took), ..Answers::parse(version) };
        Echo::new(Some(&answers))
    }

    const NAME: &[u8] = b"\x1bP>|kitty(0.41.1)\x1b\\\x1b[?62;c";

    #[test]
    fn the_answer_behind_a_picture_tells_how_quick_the_line_is() {
        for (milliseconds, expected) in [(60, Verdict::Quick), (300, Verdict::Slow)] {
            let mut echo = echo(NAME, 40);
            let began = Instant::now();
            assert!(echo.asks(began, 50_000, began));
            assert_eq!(echo.verdict(), Verdict::Unknown);
            assert!(!echo.asks(began, 50_000, began), "asked twice");
            let now = began + Duration::from_millis(milliseconds);
            echo.heard(now);
            assert_eq!(echo.verdict(), expected);
            assert!(!echo.asks(now, 50_000, now));
            assert!(echo.asks(now, 50_000, now + FRESH));
        }
    }

    #[test]
    fn a_terminal_without_a_name_is_judged_by_its_first_answers() {
        let now = Instant::now();
        for (took, expected) in [(3, Verdict::Quick), (80, Verdict::Slow)] {
            let mut echo = echo(b"\x1b[?62;4c", took);
            assert!(!echo.asks(now, 50_000, now));
            assert_eq!(echo.verdict(), expected);
        }
        assert_eq!(Echo::new(None).verdict(), Verdict::Slow);
    }
}
