//! tmux asked by its own command about the terminal outside of it.

use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::Outer;
use super::brand::{Speech, by_term, by_version};

/// tmux answers in some milliseconds, or hangs.
const LIMIT: Duration = Duration::from_millis(300);

/// How long a client may take to say its name, and how often tmux is asked for it.
const NAMELESS: Duration = Duration::from_millis(150);
const PAUSE: Duration = Duration::from_millis(30);

/// What tmux is asked for.
const FORMAT: &str = "#{client_termtype}|#{client_termfeatures}|#{client_termname}";

/// A tmux that has been asked.
pub(super) struct Asked {
    answer: Receiver<Outer>,
    until: Instant,
}

impl Asked {
    /// Asks, on a thread that is left to itself if tmux never answers.
    pub(super) fn start() -> Self {
        let (tell, answer) = channel();
        let thread = std::thread::Builder::new().name("capscope-tmux".to_owned());
        // Without a thread there is no answer.
        let _ = thread.spawn(move || {
            if let Some(outer) = ask() {
                // Whoever asked may have given up.
                let _ = tell.send(outer);
            }
        });
        Self { answer, until: Instant::now() + LIMIT }
    }

    /// The answer, if it comes in time.
    pub(super) fn answer(self) -> Option<Outer> {
        self.answer.recv_timeout(self.until.saturating_duration_since(Instant::now())).ok()
    }
}

fn ask() -> Option<Outer> {
    let client = || tmux(&["display", "-p", FORMAT]).ok().map(|line| Outer::from_tmux(&line));
    let until = Instant::now() + NAMELESS;
    let mut outer = client()?;
    // A client that has just been attached has not said its name yet.
    while outer.version.is_none() && Instant::now() < until {
        std::thread::sleep(PAUSE);
        outer = client()?;
    }
    let by_name = outer.version.as_deref().and_then(by_version);
    let speech = by_name.or_else(|| by_term(outer.term.as_deref()?)).map(|brand| brand.speech);
    if matches!(speech, Some(Speech::Kitty(..))) {
        outer.passthrough = Some(lets_through());
    }
    Some(outer)
}

/// Whether tmux hands on what is wrapped for the terminal outside, having told it to do so in our
/// pane. Before version 3.3 it always did, and knew no such option.
fn lets_through() -> bool {
    let Ok(now) = tmux(&["show", "-Apv", "allow-passthrough"]) else {
        return true;
    };
    matches!(now.trim(), "on" | "all") || tmux(&["set", "-p", "allow-passthrough", "on"]).is_ok()
}

/// The output of a command of tmux, if it went well. It finds our pane by the environment.
fn tmux(arguments: &[&str]) -> std::io::Result<String> {
    let mut command = Command::new("tmux");
    command.args(arguments).stdin(Stdio::null()).stderr(Stdio::null());
    let output = command.output()?;
    if !output.status.success() {
        return Err(std::io::Error::other(format!("tmux: {}", output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
