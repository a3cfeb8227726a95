//! How long each turn of the event loop holds the screen, for whoever wants to know why keys wait.
//!
//! A turn begins when something wakes the loop, and ends when the loop waits again. While it lasts nobody is heard,
//! so the longest turn is the longest that a key can wait for us.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::graphics::worked_for_us;

/// What woke the loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Woken {
    /// A key, the mouse, another size.
    Event,
    /// An answer of a worker.
    Reply,
    /// What the terminal can show.
    Probed,
    /// Time has come.
    Tick,
    /// A signal of the system.
    Signal,
    /// The line can take more.
    Free,
}

/// Writes a line for each turn.
pub(super) struct Timings {
    out: BufWriter<File>,
    start: Instant,
    turn: Option<Turn>,
}

struct Turn {
    woken: Woken,
    at: Instant,
    worked: Option<Duration>,
}

/// One turn, as it is written.
#[derive(Serialize)]
struct Line {
    woken: Woken,
    /// Microseconds since the session began.
    at: u64,
    /// Microseconds that it took.
    took: u64,
    /// Microseconds of it in which the processor worked for it; the rest it waited for a processor.
    #[serde(skip_serializing_if = "Option::is_none")]
    worked: Option<u64>,
}

impl Timings {
    /// Those of a session that begins now, to this file.
    pub(super) fn begin(file: File) -> Self {
        Self { out: BufWriter::new(file), start: Instant::now(), turn: None }
    }

    /// A turn begins.
    pub(super) fn wake(&mut self, woken: Woken) {
        self.turn = Some(Turn { woken, at: Instant::now(), worked: worked_for_us() });
    }

    /// It has ended, if one has begun.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn rest(&mut self) -> io::Result<()> {
        let Some(turn) = self.turn.take() else { return Ok(()) };
        let took = turn.at.elapsed();
        let worked = worked_for_us().zip(turn.worked).map(|(now, then)| now.saturating_sub(then).min(took));
        let micros = |time: Duration| time.as_micros() as u64;
        let line = Line {
            woken: turn.woken,
            at: micros(turn.at - self.start),
            took: micros(took),
            worked: worked.map(micros),
        };
        serde_json::to_writer(&mut self.out, &line)?;
        self.out.write_all(b"\n")
    }

    /// All is written.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn end(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_turn_is_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("turns.jsonl");
        let mut timings = Timings::begin(File::create(&path).unwrap());
        // Nothing has begun: nothing to tell.
        timings.rest().unwrap();
        for woken in [Woken::Event, Woken::Reply] {
            timings.wake(woken);
            timings.rest().unwrap();
            timings.rest().unwrap();
        }
        timings.end().unwrap();
        let written = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<serde_json::Value> =
            written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["woken"], "event");
        assert_eq!(lines[1]["woken"], "reply");
        for line in &lines {
            let number = |name: &str| line[name].as_u64().unwrap();
            assert!(cfg!(not(unix)) || number("worked") <= number("took"));
            assert!(number("at") < 60_000_000);
        }
    }
}
