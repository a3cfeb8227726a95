//! The program in a terminal that sees.

use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use super::glass::{Glass, Profile};
use super::pty::{self, Pty};

/// Nothing takes longer than this, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(40);

/// Width and height of a cell in pixels.
pub(crate) const CELL: (u16, u16) = (10, 20);

/// A running program and the terminal that it writes to.
pub(crate) struct Session {
    pub(crate) glass: Glass,
    pty: Pty,
}

impl Session {
    /// Starts the program with these arguments in a terminal of this kind, and these variables more.
    pub(crate) fn start(
        profile: Profile,
        (columns, rows): (u16, u16),
        home: &std::path::Path,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let mut command = pty::command(env!("CARGO_BIN_EXE_capscope"));
        command.args(arguments);
        for (folder, variable) in
            [("cache", "XDG_CACHE_HOME"), ("data", "XDG_DATA_HOME"), ("config", "XDG_CONFIG_HOME")]
        {
            command.env(variable, home.join(folder));
        }
        command.env("TERM", "xterm-256color");
        for (name, value) in profile.environment().iter().chain(variables) {
            command.env(name, value);
        }
        let pty = Pty::start(command, pty::size((columns, rows), CELL));
        Self { glass: Glass::new(columns, rows, CELL, profile), pty }
    }

    /// Types.
    pub(crate) fn keys(&mut self, keys: &str) {
        self.write(keys.as_bytes());
    }

    fn write(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            // A program that has ended hears nothing.
            let _ = self.pty.write(bytes);
        }
    }

    /// Has the answers sent that were kept, and later ones at once.
    pub(crate) fn release(&mut self) {
        let answers = self.glass.release();
        self.write(&answers);
    }

    /// Takes in what comes next; false when nothing does for so long.
    pub(crate) fn read(&mut self, patience: Duration) -> bool {
        match self.pty.output.recv_timeout(patience) {
            Ok(bytes) => {
                let answers = self.glass.feed(&bytes);
                self.write(&answers);
                true
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        }
    }

    /// Reads on until the glass is as wanted, between two frames.
    pub(crate) fn wait_until(&mut self, what: &str, wanted: impl Fn(&Glass) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while self.glass.is_updating() || !wanted(&self.glass) {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(self.read(left), "never came: {what}\n{}", self.glass.screen().contents());
        }
    }

    pub(crate) fn wait_for(&mut self, text: &str) {
        self.wait_until(text, |glass| glass.screen().contents().contains(text));
    }

    /// Another size of the window.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.glass.resize(columns, rows);
        self.pty.master.resize(pty::size((columns, rows), CELL)).unwrap();
    }

    pub(crate) fn signal(&self, name: &str) {
        self.pty.signal(name);
    }

    /// Waits for the end, and takes in all that was written; the exit code.
    pub(crate) fn end(&mut self) -> u32 {
        let deadline = Instant::now() + PATIENCE;
        let code = loop {
            self.read(Duration::from_millis(20));
            if let Some(status) = self.pty.child.try_wait().unwrap() {
                break status.exit_code();
            }
            assert!(Instant::now() < deadline, "it does not end\n{}", self.glass.screen().contents());
        };
        while self.read(Duration::from_millis(300)) {}
        self.glass.finish();
        code
    }

    /// No fault, and nothing of ours left.
    pub(crate) fn assert_clean(&self) {
        // Cells may be there before their picture, and stay from picture to picture: they show nothing meanwhile.
        let is_early = |fault: &&String| {
            fault.starts_with("placeholders of picture ") && fault.contains("which is not there")
        };
        let faults: Vec<&String> = self.glass.faults().iter().filter(|fault| !is_early(fault)).collect();
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(self.glass.memory().is_empty(), "left in the terminal's memory: {:?}", self.glass.memory());
        assert_eq!((self.glass.placements(), self.glass.tiles()), (0, 0), "left on the glass");
        assert!(!self.glass.screen().alternate_screen(), "the alternate screen is still on");
    }
}
