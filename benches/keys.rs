//! How fast the explorer answers, measured from outside: the real program in a pseudo-terminal.
//!
//! ```text
//! cargo bench --bench keys
//! ```
//!
//! A key is answered when the terminal has been still for a while after it; the time of the last
//! byte counts. `CAPSCOPE_BENCH_CAPTIONS` changes the number of captions (one million).
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::expect_used,
    reason = "a check of its own, not a part of the program"
)]

mod support;

use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, NativePtySystem, PtySize, PtySystem};

const ROWS: u16 = 30;
const COLUMNS: u16 = 100;
/// A screen that has been still for so long is finished.
const STILL: Duration = Duration::from_millis(120);
/// Nothing takes longer than this.
const PATIENCE: Duration = Duration::from_secs(20);

/// The id of the first sample, which the list shows.
const FIRST: &str = "000000000";

/// What was written, and when.
type Chunk = (Instant, Vec<u8>);

struct Session {
    input: Box<dyn Write + Send>,
    output: Receiver<Chunk>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    began: Instant,
}

impl Session {
    fn start(data: &Path, indexes: &Path) -> Self {
        let pair = NativePtySystem::default()
            .openpty(PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 })
            .expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_capscope"));
        command.args(["--graphics", "none", "--index-dir"]);
        command.arg(indexes);
        command.arg(data);
        // From the beginning, wherever an earlier run has left.
        command.args(["--query", ""]);
        command.env("XDG_DATA_HOME", indexes);
        command.env("TERM", "xterm-256color");
        let mut reader = pair.master.try_clone_reader().expect("the terminal's output");
        let input = pair.master.take_writer().expect("the terminal's input");
        let (told, output) = channel();
        std::thread::spawn(move || {
            // The pair must live as long as somebody reads from it.
            let _pair = pair.master;
            let mut buffer = vec![0; 64 << 10];
            while let Ok(read) = reader.read(&mut buffer) {
                if read == 0 || told.send((Instant::now(), buffer[..read].to_vec())).is_err() {
                    break;
                }
            }
        });
        let began = Instant::now();
        let child = pair.slave.spawn_command(command).expect("the program starts");
        Self { input, output, child, began }
    }

    /// Waits until the screen is still; the time of the first and of the last byte, and all bytes.
    fn settle(&self) -> Option<(Instant, Instant, Vec<u8>)> {
        let (first, mut bytes) = self.output.recv_timeout(PATIENCE).ok()?;
        let mut last = first;
        while let Ok((when, more)) = self.output.recv_timeout(STILL) {
            last = when;
            bytes.extend(more);
        }
        Some((first, last, bytes))
    }

    fn key(&mut self, keys: &str) -> (Duration, usize) {
        let pressed = Instant::now();
        self.input.write_all(keys.as_bytes()).expect("the terminal takes keys");
        self.input.flush().expect("the terminal takes keys");
        match self.settle() {
            Some((_, last, bytes)) => (last - pressed, bytes.len()),
            None => panic!("no answer to {keys:?}"),
        }
    }

    fn quit(mut self) {
        let _ = self.input.write_all(b"\x03");
        let _ = self.child.wait();
    }
}

fn main() {
    let count = support::captions();
    let workplace = support::workplace();
    let data = support::data(&workplace, count);
    let indexes = workplace.join("keys");

    let _ = std::fs::remove_dir_all(&indexes);
    let cold: Vec<Duration> = (0..3)
        .map(|_| {
            let _ = std::fs::remove_dir_all(&indexes);
            let session = Session::start(&data, &indexes);
            let shown = wait_for(&session, FIRST).unwrap_or(PATIENCE);
            session.quit();
            shown
        })
        .collect();
    report("first samples on screen, not indexed", cold);

    support::run(
        Command::new(env!("CARGO_BIN_EXE_capscope"))
            .args(["index", "--quiet", "--index-dir"])
            .arg(&indexes)
            .arg(&data)
            .stderr(std::process::Stdio::null()),
    );
    let mut frames = Vec::new();
    let mut samples = Vec::new();
    for _ in 0..10 {
        let session = Session::start(&data, &indexes);
        let (first, ..) = session.settle().expect("a first frame");
        frames.push(first - session.began);
        session.quit();
        let session = Session::start(&data, &indexes);
        samples.push(wait_for(&session, FIRST).unwrap_or(PATIENCE));
        session.quit();
    }
    report("first frame, indexed", frames);
    report("first samples on screen, indexed", samples);

    let mut session = Session::start(&data, &indexes);
    session.settle().expect("a first frame");
    let mut answers = Vec::new();
    for query in
        ["brown dog", "surfing", "people standing near the water", "\"next to\" cat -red", "zor12", "a man"]
    {
        session.key("/");
        for letter in query.chars() {
            answers.push(session.key(&letter.to_string()).0);
        }
        session.key("\x15");
        session.key("\x1b");
    }
    report("a key in the query box", answers);

    let moves: Vec<(Duration, usize)> = (0..100).map(|_| session.key("j")).collect();
    report("a move down the list", moves.iter().map(|(took, _)| *took).collect());
    let mut bytes: Vec<usize> = moves.into_iter().map(|(_, bytes)| bytes).collect();
    bytes.sort_unstable();
    println!(
        "{:<40} median {} bytes, most {}",
        "bytes of a move at 100x30",
        bytes[bytes.len() / 2],
        bytes[bytes.len() - 1]
    );
    let (took, _) = session.key("G");
    println!("{:<40} {:.1} ms", "the last hit (G)", took.as_secs_f64() * 1e3);
    session.quit();
}

/// The time from the start until this text is on the screen.
fn wait_for(session: &Session, text: &str) -> Option<Duration> {
    let mut screen = vt100::Parser::new(ROWS, COLUMNS, 0);
    while let Ok((when, bytes)) = session.output.recv_timeout(PATIENCE) {
        screen.process(&bytes);
        if screen.screen().contents().contains(text) {
            return Some(when - session.began);
        }
    }
    None
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1e3;
    println!("{what:<40} median {:.1} ms, p99 {:.1} ms, of {}", at(0.5), at(0.99), times.len());
}
