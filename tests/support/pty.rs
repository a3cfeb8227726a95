//! A program in a pseudo-terminal: what it writes comes in pieces, and it can be typed to.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};

use portable_pty::{Child, CommandBuilder, MasterPty, NativePtySystem, PtySize, PtySystem};

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

/// The program and its terminal.
pub(crate) struct Pty {
    pub(crate) output: Receiver<Vec<u8>>,
    pub(crate) child: Box<dyn Child + Send + Sync>,
    pub(crate) master: Box<dyn MasterPty + Send>,
    input: Box<dyn Write + Send>,
}

/// A command that knows nothing of the terminal in which the tests run.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    for name in FOREIGN {
        command.env_remove(name);
    }
    command
}

/// A window of so many columns and rows, with cells of so many pixels.
pub(crate) fn size((columns, rows): (u16, u16), cell: (u16, u16)) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: columns * cell.0, pixel_height: rows * cell.1 }
}

impl Pty {
    pub(crate) fn start(command: CommandBuilder, size: PtySize) -> Self {
        let pair = NativePtySystem::default().openpty(size).unwrap();
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
        Self { output, child, master: pair.master, input }
    }

    /// Types, or answers.
    ///
    /// # Errors
    /// When the program has ended.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.input.write_all(bytes).and_then(|()| self.input.flush())
    }

    pub(crate) fn signal(&self, name: &str) {
        let process = self.child.process_id().unwrap().to_string();
        let status = std::process::Command::new("kill").args([name, &process]).status().unwrap();
        assert!(status.success());
    }
}
