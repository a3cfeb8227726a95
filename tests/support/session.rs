//! The program in a terminal that sees.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, MasterPty, NativePtySystem, PtySize, PtySystem};

use super::glass::{Glass, Profile};

/// Nothing takes longer than this, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(40);

/// Width and height of a cell in pixels.
pub(crate) const CELL: (u16, u16) = (10, 20);

/// Variables that would tell of the terminal in which the tests run.
const FOREIGN: [&str; 17] = [
    "TMUX",
    "STY",
    "ZELLIJ",
    "SSH_CONNECTION",
    "SSH_TTY",
    "NO_COLOR",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "LC_TERMINAL",
    "COLORTERM",
    "KITTY_WINDOW_ID",
    "KONSOLE_VERSION",
    "VTE_VERSION",
    "WT_SESSION",
    "CAPSCOPE_GRAPHICS",
    "LC_ALL",
    "LC_CTYPE",
];

/// A running program and the terminal that it writes to.
pub(crate) struct Session {
    pub(crate) glass: Glass,
    input: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
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
        let (pixel_width, pixel_height) = (columns * CELL.0, rows * CELL.1);
        let size = PtySize { rows, cols: columns, pixel_width, pixel_height };
        let pair = NativePtySystem::default().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_capscope"));
        command.args(arguments);
        for name in FOREIGN {
            command.env_remove(name);
        }
        for (folder, variable) in
            [("cache", "XDG_CACHE_HOME"), ("data", "XDG_DATA_HOME"), ("config", "XDG_CONFIG_HOME")]
        {
            command.env(variable, home.join(folder));
        }
        command.env("TERM", "xterm-256color");
        for (name, value) in profile.environment().iter().chain(variables) {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let input = pair.master.take_writer().unwrap();
        let (told, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 16 << 10];
            while let Ok(read) = reader.read(&mut buffer) {
                if read == 0 || told.send(buffer[..read].to_vec()).is_err() {
                    break;
                }
            }
        });
        let glass = Glass::new(columns, rows, CELL, profile);
        Self { glass, input, output, child, master: pair.master }
    }

    /// Types.
    pub(crate) fn keys(&mut self, keys: &str) {
        self.write(keys.as_bytes());
    }

    fn write(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            // A program that has ended hears nothing.
            let _ = self.input.write_all(bytes).and_then(|()| self.input.flush());
        }
    }

    /// Has the answers sent that were kept, and later ones at once.
    pub(crate) fn release(&mut self) {
        let answers = self.glass.release();
        self.write(&answers);
    }

    /// Takes in what comes next; false when nothing does for so long.
    pub(crate) fn read(&mut self, patience: Duration) -> bool {
        match self.output.recv_timeout(patience) {
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
        let (pixel_width, pixel_height) = (columns * CELL.0, rows * CELL.1);
        self.master.resize(PtySize { rows, cols: columns, pixel_width, pixel_height }).unwrap();
    }

    pub(crate) fn signal(&self, name: &str) {
        let process = self.child.process_id().unwrap().to_string();
        let status = std::process::Command::new("kill").args([name, &process]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for the end, and takes in all that was written; the exit code.
    pub(crate) fn end(&mut self) -> u32 {
        let deadline = Instant::now() + PATIENCE;
        let code = loop {
            self.read(Duration::from_millis(20));
            if let Some(status) = self.child.try_wait().unwrap() {
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
        let is_early = |fault: &&String| fault.contains("which is not there");
        let faults: Vec<&String> = self.glass.faults().iter().filter(|fault| !is_early(fault)).collect();
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(self.glass.memory().is_empty(), "left in the terminal's memory: {:?}", self.glass.memory());
        assert_eq!((self.glass.placements(), self.glass.tiles()), (0, 0), "left on the glass");
        assert!(!self.glass.screen().alternate_screen(), "the alternate screen is still on");
    }
}
