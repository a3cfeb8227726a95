//! tmux keeps what is copied itself, and hands it on to the terminals outside.

use std::io::Write;
use std::process::{Command, Stdio};

/// Hands a text to tmux, which by its defaults takes none from a program's output. Nobody waits for it: where tmux is
/// too old for that, what was written to the terminal is what there is.
pub(super) fn hand_to_tmux(text: String) {
    let hand = move || -> std::io::Result<()> {
        let mut tmux = Command::new("tmux")
            .args(["load-buffer", "-w", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        if let Some(mut input) = tmux.stdin.take() {
            input.write_all(text.as_bytes())?;
        }
        tmux.wait().map(drop)
    };
    let spawned = std::thread::Builder::new().name("capscope-copy".into()).spawn(hand);
    // Without a thread there is the terminal still.
    drop(spawned);
}
