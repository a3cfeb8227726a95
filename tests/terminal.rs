//! The real program in a real pseudo-terminal.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::expect_used,
    reason = "a check of its own, not a part of the program"
)]
#![cfg(unix)]

mod support;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use support::pty::{self, Pty};

/// Nothing takes longer than this, even on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

struct Terminal {
    screen: vt100::Parser,
    pty: Pty,
    home: tempfile::TempDir,
}

impl Terminal {
    /// The explorer on the demo set.
    fn explorer(columns: u16, rows: u16, arguments: &[&str]) -> Self {
        let home = tempfile::tempdir().unwrap();
        support::demo(home.path(), 12);
        Self::again(home, columns, rows, arguments)
    }

    /// The explorer on the demo set of somebody who has been there before.
    fn again(home: tempfile::TempDir, columns: u16, rows: u16, arguments: &[&str]) -> Self {
        let mut command = pty::command(env!("CARGO_BIN_EXE_capscope"));
        command.args(arguments);
        command.arg(demo_of(home.path()));
        Self::start(command, home, columns, rows)
    }

    /// What the program says when it is run beside this one.
    fn beside(&self, arguments: &[&str]) -> String {
        let demo = demo_of(self.home.path());
        let (command, others) = arguments.split_first().unwrap();
        let mut all = vec![*command];
        all.extend(others.iter().map(|one| if *one == "DEMO" { demo.to_str().unwrap() } else { one }));
        support::out(&support::run(self.home.path(), &all))
    }

    fn start(mut command: CommandBuilder, home: tempfile::TempDir, columns: u16, rows: u16) -> Self {
        command.env("XDG_CACHE_HOME", home.path().join("cache"));
        command.env("XDG_DATA_HOME", home.path().join("data"));
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        let pty = Pty::start(command, pty::size((columns, rows), (0, 0)));
        Self { screen: vt100::Parser::new(rows, columns, 0), pty, home }
    }

    fn keys(&mut self, keys: &str) {
        self.pty.write(keys.as_bytes()).unwrap();
    }

    /// Reads on until the screen is as wanted.
    fn wait_until(&mut self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !wanted(self.screen.screen()) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.pty.output.recv_timeout(left) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(error) => panic!("never came: {what} ({error})\n{}", self.screen.screen().contents()),
            }
        }
    }

    fn wait_for(&mut self, text: &str) {
        self.wait_until(text, |screen| screen.contents().contains(text));
    }

    /// Reads on until these bytes have come.
    fn wait_for_bytes(&mut self, wanted: &[u8]) {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = Vec::new();
        while !seen.windows(wanted.len()).any(|window| window == wanted) {
            let left = deadline.saturating_duration_since(Instant::now());
            let bytes = self.pty.output.recv_timeout(left).expect("the bytes come");
            self.screen.process(&bytes);
            seen.extend_from_slice(&bytes);
        }
    }

    fn signal(&self, name: &str) {
        self.pty.signal(name);
    }

    /// Waits for the end; the exit code.
    fn end(&mut self) -> u32 {
        let code = self.pty.child.wait().unwrap().exit_code();
        while let Ok(bytes) = self.pty.output.recv_timeout(Duration::from_millis(500)) {
            self.screen.process(&bytes);
        }
        code
    }

    fn assert_whole(&self) {
        let screen = self.screen.screen();
        assert!(!screen.alternate_screen(), "the alternate screen is still on");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is still on");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "the mouse is still taken");
        assert!(self.is_cooked(), "the terminal is still raw");
    }

    /// Whether the line discipline echoes and edits again.
    fn is_cooked(&self) -> bool {
        let Some(name) = self.pty.master.tty_name() else { return true };
        let said = std::process::Command::new("stty").arg("-a").arg("-F").arg(&name).output().unwrap();
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        !said.contains("-icanon") && !said.contains("-echo ")
    }
}

fn demo_of(home: &Path) -> PathBuf {
    home.join("data/capscope/demo")
}

/// A program that was built beside the tests.
fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_capscope")).with_file_name("examples").join(name)
}

#[test]
fn what_is_said_to_be_marked_survives_a_kill() {
    let mut terminal = Terminal::explorer(100, 30, &[]);
    terminal.wait_for("▌ 1");
    terminal.keys("tgood\r");
    terminal.wait_for("• tag good");
    // All hits are known once all samples are indexed; density then is, too.
    terminal.wait_for("▇");
    terminal.keys("Tall\r");
    terminal.wait_for("tagged 12 samples all");
    terminal.keys("u");
    terminal.wait_for("taken back: tag all, 12 changes");
    terminal.keys("clook again\r");
    terminal.wait_for("• note on");
    terminal.signal("-KILL");
    terminal.pty.child.wait().unwrap();
    assert_eq!(terminal.beside(&["search", "DEMO", "tag:good note:look", "--count"]), "1\n");
    assert_eq!(terminal.beside(&["search", "DEMO", "tag:all", "--count"]), "0\n");
}

#[test]
fn what_was_chosen_is_printed_while_the_screen_is_on_the_terminal() {
    let home = tempfile::tempdir().unwrap();
    support::demo(home.path(), 12);
    let chosen = home.path().join("chosen");
    let script = format!(
        "'{}' --print ids -q '' '{}' > '{}'; echo code $?",
        env!("CARGO_BIN_EXE_capscope"),
        demo_of(home.path()).display(),
        chosen.display()
    );
    let begin = |home| {
        let mut shell = pty::command("/bin/sh");
        shell.args(["-c", &script]);
        let mut terminal = Terminal::start(shell, home, 100, 30);
        terminal.wait_for("▌ 1");
        terminal
    };
    let mut terminal = begin(home);
    terminal.keys("j  k");
    terminal.wait_until("the third", |screen| screen.contents().contains("▌ 3"));
    terminal.keys("Q");
    terminal.end();
    assert!(terminal.screen.screen().contents().contains("code 0"));
    terminal.assert_whole();
    assert_eq!(std::fs::read_to_string(&chosen).unwrap(), "demo-0002\ndemo-0003\n");
    // Nothing is marked since the start: the sample in view. Ctrl-C wants nothing.
    let Terminal { home, .. } = terminal;
    let mut terminal = begin(home);
    terminal.keys("q");
    terminal.end();
    assert_eq!(std::fs::read_to_string(&chosen).unwrap(), "demo-0001\n");
    let Terminal { home, .. } = terminal;
    let mut terminal = begin(home);
    terminal.keys(" \u{3}");
    terminal.end();
    assert!(terminal.screen.screen().contents().contains("code 130"));
    assert_eq!(std::fs::read_to_string(&chosen).unwrap(), "");
}

#[test]
fn what_is_copied_goes_to_the_terminals_clipboard() {
    let mut terminal = Terminal::explorer(100, 30, &[]);
    terminal.wait_for("▌ 1");
    terminal.keys("yi");
    // `demo-0001` as OSC 52 has it.
    terminal.wait_for_bytes(b"\x1b]52;c;ZGVtby0wMDAx\x07");
    terminal.wait_for("the id is sent to the terminal's clipboard: 9 bytes");
    terminal.keys("Q");
    terminal.end();
    terminal.assert_whole();
}

#[test]
fn marks_of_another_process_come_by_themselves() {
    let mut terminal = Terminal::explorer(100, 30, &["-q", "tag:theirs"]);
    terminal.wait_for("0 hits");
    terminal.beside(&["tag", "theirs", "DEMO", "--query", ""]);
    terminal.wait_for("12 hits");
    terminal.keys("Q");
    terminal.end();
    terminal.assert_whole();
}

#[test]
fn whoever_comes_back_goes_on_where_they_left() {
    let mut terminal = Terminal::explorer(100, 30, &[]);
    terminal.wait_for("▌ 1");
    terminal.keys("/words:>3\rjj");
    terminal.wait_until("the third", |screen| screen.contents().contains("▌ 3"));
    terminal.keys("Q");
    terminal.end();
    let Terminal { home, .. } = terminal;
    let mut terminal = Terminal::again(home, 100, 30, &[]);
    terminal.wait_for("as you left it");
    terminal.wait_until("the third", |screen| {
        screen.contents().contains("▌ 3") && screen.contents().contains("words:>3")
    });
    terminal.keys("Q");
    terminal.end();
    // Who asks for something gets that.
    let Terminal { home, .. } = terminal;
    let mut terminal = Terminal::again(home, 100, 30, &["-q", ""]);
    terminal.wait_until("the first", |screen| screen.contents().contains("▌ 1"));
    terminal.keys("Q");
    terminal.end();
}

#[test]
fn a_person_searches_looks_and_leaves() {
    let mut terminal = Terminal::explorer(100, 30, &[]);
    terminal.wait_for("12 samples");
    terminal.keys("/words:>3\r");
    terminal.wait_until("hits", |screen| screen.contents().contains("words:>3"));
    terminal.keys("j");
    terminal.keys("?");
    terminal.wait_for("type to find a key");
    terminal.keys("\u{1b}");
    terminal.wait_until("the help is closed", |screen| !screen.contents().contains("type to find a key"));
    terminal.keys("Q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_whole();
}

#[test]
fn pictures_are_painted_with_half_blocks() {
    let mut terminal = Terminal::explorer(120, 40, &["--graphics", "blocks"]);
    terminal.wait_until("half-blocks", |screen| screen.contents().matches('▀').count() > 100);
    terminal.keys("Q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn the_smallest_screen_works_too() {
    let mut terminal = Terminal::explorer(60, 18, &[]);
    terminal.wait_for("demo");
    terminal.keys("jjGgg");
    terminal.keys("Q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_terminal_that_grows_is_filled() {
    let mut terminal = Terminal::explorer(60, 18, &[]);
    terminal.wait_for("demo");
    terminal.screen.screen_mut().set_size(50, 160);
    terminal.pty.master.resize(pty::size((160, 50), (0, 0))).unwrap();
    terminal.wait_until("the last row", |screen| !screen.contents_between(49, 0, 49, 160).trim().is_empty());
    terminal.keys("Q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn signals_leave_the_terminal_whole() {
    for (signal, code) in [("-TERM", 128 + 15), ("-HUP", 128 + 1), ("-INT", 128 + 2)] {
        let mut terminal = Terminal::explorer(100, 30, &[]);
        terminal.wait_for("demo");
        terminal.signal(signal);
        assert_eq!(terminal.end(), code, "{signal}");
        terminal.assert_whole();
    }
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_fg_takes_it_again() {
    let mut terminal = Terminal::explorer(100, 30, &[]);
    terminal.wait_for("demo");
    terminal.keys("\u{1a}");
    terminal.wait_until("the normal screen", |screen| !screen.alternate_screen());
    // The screen is back a moment before the terminal is cooked again; once the process has stopped,
    // all of it must be.
    let process = terminal.pty.child.process_id().unwrap();
    let deadline = Instant::now() + PATIENCE;
    while !is_stopped(process) {
        assert!(Instant::now() < deadline, "it never stopped");
        std::thread::yield_now();
    }
    terminal.assert_whole();
    terminal.signal("-CONT");
    terminal.wait_until("the explorer again", |screen| {
        screen.alternate_screen() && screen.contents().contains("demo")
    });
    terminal.keys("Q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_whole();
}

fn is_stopped(process: u32) -> bool {
    let said =
        std::process::Command::new("ps").args(["-o", "stat=", "-p", &process.to_string()]).output().unwrap();
    said.stdout.first() == Some(&b'T')
}

#[test]
fn a_panic_of_any_thread_leaves_the_terminal_whole() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(pty::command(example("panic")), home, 80, 24);
    assert_eq!(terminal.end(), 101);
    terminal.assert_whole();
    assert!(terminal.screen.screen().contents().contains("meant to panic"));
}

#[test]
fn moving_down_the_list_costs_few_bytes() {
    let mut terminal = Terminal::explorer(100, 30, &["--graphics", "none"]);
    terminal.wait_for("12 samples");
    terminal.wait_until("the index", |screen| !screen.contents().contains("indexing"));
    let mut costs = Vec::new();
    for _ in 0..8 {
        terminal.keys("j");
        let mut cost = 0;
        while let Ok(bytes) = terminal.pty.output.recv_timeout(Duration::from_millis(300)) {
            cost += bytes.len();
            terminal.screen.process(&bytes);
        }
        costs.push(cost);
    }
    costs.sort_unstable();
    assert!(costs[costs.len() / 2] < 2_000, "{costs:?}");
    terminal.keys("Q");
    assert_eq!(terminal.end(), 0);
}
