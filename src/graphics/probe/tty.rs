//! The terminal asked, on a thread of its own.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::outer::Asked;
use super::question::{wrapped, written};
use super::replies::Patience;
use super::{Answers, Outer, Question, Replies};
use crate::graphics::Environment;

/// What the probe tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probed {
    /// Bytes that are no replies, as soon as that is known: what the user typed.
    Input(Vec<u8>),
    /// The answers. Nothing is read any more.
    Done(Box<Answers>),
}

/// A terminal that is being asked. Nothing else may read it until the probe is done. Dropping it
/// stops it: it reads no more, and tells what it held back as input.
#[derive(Debug)]
pub struct Probe {
    /// Its other end tells the thread to stop, by being closed.
    stop: Option<UnixStream>,
    thread: Option<JoinHandle<()>>,
}

/// How long is waited for what.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// The terminal's answers, all together.
    all: Duration,
    /// The answers from outside of tmux, behind tmux's own.
    outer: Duration,
    patience: Patience,
}

impl Limits {
    fn new(all: Duration) -> Self {
        Self { all, outer: Duration::from_millis(300), patience: Patience::default() }
    }
}

impl Probe {
    /// Asks the terminal of this process, which must be in raw mode, and has `told` hear, on
    /// another thread, what is typed meanwhile and at last what was answered. The questions are
    /// written when this returns.
    ///
    /// # Errors
    /// When there is no terminal, when it is another job's, or when it cannot be written.
    pub fn start(
        timeout: Duration,
        environment: &Environment,
        told: impl FnMut(Probed) + Send + 'static,
    ) -> io::Result<Self> {
        Self::of(open()?, Limits::new(timeout), environment, told)
    }

    fn of<T: AsFd + Send + 'static>(
        terminal: T,
        limits: Limits,
        environment: &Environment,
        told: impl FnMut(Probed) + Send + 'static,
    ) -> io::Result<Self> {
        let asked = Question::for_terminal(environment);
        let started = Instant::now();
        write(&terminal, &written(&asked))?;
        let tmux = environment.tmux.then(Asked::start);
        let (stop, stopped) = UnixStream::pair()?;
        let is_tmux = environment.is_tmux();
        let mut reader = Reader { terminal, stopped, limits, told };
        let thread = std::thread::Builder::new().name("capscope-probe".to_owned()).spawn(move || {
            let answers = Answers { asked, ..Answers::default() };
            if let Some(answers) = reader.ask(answers, started, is_tmux, tmux) {
                (reader.told)(Probed::Done(Box::new(answers)));
            }
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked reads no more either.
            let _ = thread.join();
        }
    }
}

/// How reading ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// All that was waited for has come.
    Complete,
    /// Not all has come in time, or the terminal is gone.
    Lacking,
    /// We were told to stop.
    Stopped,
}

struct Reader<T, F> {
    terminal: T,
    stopped: UnixStream,
    limits: Limits,
    told: F,
}

impl<T: AsFd, F: FnMut(Probed)> Reader<T, F> {
    /// The answers, unless we were told to stop.
    fn ask(
        &mut self,
        mut answers: Answers,
        started: Instant,
        is_tmux: bool,
        tmux: Option<Asked>,
    ) -> Option<Answers> {
        let mut replies = Replies::default();
        let end = self.read(&mut replies, started + self.limits.all, Replies::is_over);
        answers.took = started.elapsed();
        answers.replies = replies.take_found();
        answers.unfinished = replies.take_held();
        if end == End::Stopped {
            self.tell(answers.unfinished);
            return None;
        }
        answers.outer = tmux.and_then(Asked::answer);
        let version = answers.version();
        let is_tmux = is_tmux || version.is_some_and(|version| version.starts_with("tmux"));
        // A tmux that knows no name of its client asked for it, and got no answer either; but where it lets us
        // through, we may ask ourselves.
        let may_ask = |outer: &Outer| outer.version.is_none() && outer.passthrough == Some(true);
        if end == End::Complete && is_tmux && answers.outer.as_ref().is_none_or(may_ask) {
            self.ask_outer(&mut answers)?;
        }
        Some(answers)
    }

    /// Asks the terminal outside of tmux, through it. tmux answered DA1 already, and would keep
    /// that of the other to itself, so that nothing tells the end but the last reply.
    fn ask_outer(&mut self, answers: &mut Answers) -> Option<()> {
        if write(&self.terminal, &wrapped(&Question::OUTER)).is_err() {
            return Some(());
        }
        let mut replies = Replies::default();
        let is_complete = |replies: &Replies| Question::OUTER.iter().all(|question| replies.has(*question));
        let end = self.read(&mut replies, Instant::now() + self.limits.outer, is_complete);
        answers.unfinished = replies.take_held();
        if end == End::Stopped {
            self.tell(std::mem::take(&mut answers.unfinished));
            return None;
        }
        answers.outer = Some(Outer::from_replies(replies.take_found()));
        Some(())
    }

    /// Reads until all is there, or the deadline, or we are told to stop. The deadline stays where
    /// it is, whatever is typed.
    fn read(
        &mut self,
        replies: &mut Replies,
        deadline: Instant,
        is_complete: impl Fn(&Replies) -> bool,
    ) -> End {
        let mut buffer = [0; 1024];
        let mut held_since: Option<Instant> = None;
        loop {
            let now = Instant::now();
            let patience_ends = held_since.map(|since| since + self.limits.patience.with(replies.held()));
            if patience_ends.is_some_and(|end| now >= end) {
                replies.give_up();
                held_since = None;
                self.tell(replies.take_input());
                continue;
            }
            let until = patience_ends.map_or(deadline, |end| end.min(deadline));
            match self.wait(until.saturating_duration_since(now)) {
                Ok(Ready::Nothing) => {}
                Ok(Ready::Stop) => return End::Stopped,
                Ok(Ready::Bytes) => match rustix::io::read(&self.terminal, &mut buffer) {
                    Ok(0) => return End::Lacking,
                    Ok(count) => {
                        let held = replies.held().len();
                        replies.feed(buffer.get(..count).unwrap_or_default());
                        self.tell(replies.take_input());
                        if is_complete(replies) {
                            return End::Complete;
                        }
                        if replies.held().is_empty() {
                            held_since = None;
                        } else if held_since.is_none() || replies.held().len() != held + count {
                            // What is held now began in these bytes.
                            held_since = Some(Instant::now());
                        }
                    }
                    Err(Errno::INTR | Errno::AGAIN) => {}
                    Err(_) => return End::Lacking,
                },
                Err(_) => return End::Lacking,
            }
            // What lay there when the time was over has been read, but no more.
            if now >= deadline {
                return End::Lacking;
            }
        }
    }

    /// Waits for bytes or for the word to stop.
    fn wait(&self, limit: Duration) -> rustix::io::Result<Ready> {
        let mut watched =
            [PollFd::new(&self.stopped, PollFlags::IN), PollFd::new(&self.terminal, PollFlags::IN)];
        let limit = Timespec { tv_sec: limit.as_secs() as _, tv_nsec: limit.subsec_nanos().into() };
        match poll(&mut watched, Some(&limit)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error),
        }
        let [stop, terminal] = watched.map(|one| one.revents());
        // An end that is closed is no longer silent.
        if !stop.is_empty() {
            return Ok(Ready::Stop);
        }
        Ok(if terminal.is_empty() { Ready::Nothing } else { Ready::Bytes })
    }

    fn tell(&mut self, input: Vec<u8>) {
        if !input.is_empty() {
            (self.told)(Probed::Input(input));
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ready {
    Nothing,
    Bytes,
    Stop,
}

/// The terminal of this process, whatever standard input and output are, if this process is the
/// one in front: the system stops whoever reads a terminal from the background.
fn open() -> io::Result<File> {
    // The systems of Apple cannot wait for `/dev/tty`, only for the device behind it, which standard
    // input most often is.
    let terminal = if cfg!(target_vendor = "apple") && io::stdin().is_terminal() {
        File::from(io::stdin().as_fd().try_clone_to_owned()?)
    } else {
        File::options().read(true).write(true).open("/dev/tty")?
    };
    if rustix::termios::tcgetpgrp(&terminal)? != rustix::process::getpgrp() {
        return Err(io::Error::other("the terminal is in use by another job"));
    }
    Ok(terminal)
}

/// Writes all of it, in one call unless the terminal takes it in pieces.
fn write(terminal: &impl AsFd, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(terminal, bytes) {
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Asks the terminal and waits for the answers, in raw mode meanwhile; for commands that print and
/// end. What is typed meanwhile is lost, but for Ctrl-C, which ends the process as it always does.
///
/// # Errors
/// When there is no terminal, when it is another job's, or when it cannot be written.
pub fn probe_now(timeout: Duration, environment: &Environment) -> io::Result<Answers> {
    let (tell, told) = std::sync::mpsc::channel();
    // Opened first: from the background not even the modes may be set.
    let terminal = open()?;
    let raw = Raw::on()?;
    let probe = Probe::of(terminal, Limits::new(timeout), environment, move |probed| {
        // We listen until it is done.
        let _ = tell.send(probed);
    })?;
    let mut interrupted = false;
    let mut answers = None;
    for probed in &told {
        match probed {
            Probed::Done(done) => answers = Some(*done),
            Probed::Input(input) => interrupted = input.contains(&0x03),
        }
        if answers.is_some() || interrupted {
            break;
        }
    }
    drop(probe);
    drop(raw);
    if interrupted {
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGINT)?;
    }
    answers.ok_or_else(|| io::Error::other("the terminal could not be read"))
}

/// Raw mode, while it lives.
struct Raw;

impl Raw {
    fn on() -> io::Result<Self> {
        crossterm::terminal::enable_raw_mode()?;
        Ok(Self)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // Nobody is left to tell.
        let _ = crossterm::terminal::disable_raw_mode();
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::sync::mpsc::{Receiver, channel};

    use portable_pty::{MasterPty, NativePtySystem, PtySize, PtySystem};

    use super::*;

    const NO_HURRY: Duration = Duration::from_secs(90);

    fn limits(all: Duration) -> Limits {
        // A loaded machine must not make keys of replies that come in pieces.
        Limits { all, outer: all, patience: Patience { escape: NO_HURRY, sequence: NO_HURRY } }
    }

    /// A terminal whose screen is us: what is written to the master was typed or answered.
    struct Glass {
        #[expect(dead_code, reason = "dropping it closes the terminal")]
        master: Box<dyn MasterPty + Send>,
        keys: Box<dyn Write + Send>,
        shown: Box<dyn Read + Send>,
        terminal: Option<File>,
    }

    impl Glass {
        fn new() -> Self {
            let pair = NativePtySystem::default().openpty(PtySize::default()).expect("a terminal");
            let path = pair.master.tty_name().expect("its name");
            let terminal = File::options().read(true).write(true).open(path).expect("its other end");
            let mut modes = rustix::termios::tcgetattr(&terminal).expect("its modes");
            modes.make_raw();
            rustix::termios::tcsetattr(&terminal, rustix::termios::OptionalActions::Now, &modes)
                .expect("raw");
            Self {
                keys: pair.master.take_writer().expect("a writer"),
                shown: pair.master.try_clone_reader().expect("a reader"),
                master: pair.master,
                terminal: Some(terminal),
            }
        }

        fn ask(&mut self, limits: Limits, variables: &[(&str, &str)]) -> (Probe, Receiver<Probed>) {
            let environment = Environment::of_terminal(variables);
            let (tell, told) = channel();
            let terminal = self.terminal.take().expect("asked once");
            let probe = Probe::of(terminal, limits, &environment, move |probed| {
                let _ = tell.send(probed);
            });
            (probe.expect("asked"), told)
        }

        /// Waits until this was written to the terminal, and gives all that was.
        fn shown_until(&mut self, end: &[u8]) -> Vec<u8> {
            let (mut shown, mut byte) = (Vec::new(), [0]);
            while !shown.ends_with(end) {
                self.shown.read_exact(&mut byte).expect("more");
                shown.push(byte[0]);
            }
            shown
        }

        fn types(&mut self, bytes: &[u8]) {
            self.keys.write_all(bytes).expect("typed");
            self.keys.flush().expect("typed");
        }
    }

    /// All that was typed, and the answers.
    fn heard(told: &Receiver<Probed>) -> (Vec<u8>, Answers) {
        let mut input = Vec::new();
        loop {
            match told.recv_timeout(NO_HURRY).expect("told") {
                Probed::Input(mut more) => input.append(&mut more),
                Probed::Done(answers) => return (input, *answers),
            }
        }
    }

    const ANSWERS: &[u8] =
        b"\x1bP>|kitty(0.41.1)\x1b\\\x1b[6;17;8t\x1bP1$r48:2:1:2:3m\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[?62;c";

    fn assert_is_kitty(answers: &Answers) {
        assert_eq!(answers.version().as_deref(), Some("kitty(0.41.1)"));
        assert_eq!(
            (answers.cell(), answers.truecolor(), answers.knows_kitty()),
            (Some((8, 17)), Some(true), true)
        );
        assert!(answers.is_complete() && answers.unfinished.is_empty());
    }

    #[test]
    fn a_terminal_that_answers_at_once() {
        let mut glass = Glass::new();
        let (_probe, told) = glass.ask(limits(NO_HURRY), &[]);
        assert_eq!(glass.shown_until(b"\x1b[c"), written(&Question::ALL));
        glass.types(ANSWERS);
        let (input, answers) = heard(&told);
        assert_is_kitty(&answers);
        assert_eq!((input, answers.asked.len()), (Vec::new(), 5));
    }

    #[test]
    fn a_terminal_that_answers_byte_by_byte_while_keys_are_typed() {
        let mut glass = Glass::new();
        glass.types(b"/dog");
        let (_probe, told) = glass.ask(limits(NO_HURRY), &[]);
        glass.shown_until(b"\x1b[c");
        let between = [ANSWERS, b""].concat();
        let place = between.windows(2).position(|pair| pair == b"\x1b_").expect("kitty's reply");
        let all = [&between[..place], b"j\x1b[A", &between[place..]].concat();
        for byte in all {
            glass.types(&[byte]);
        }
        let (input, answers) = heard(&told);
        assert_is_kitty(&answers);
        assert_eq!(input, b"/dogj\x1b[A");
    }

    #[test]
    fn what_is_read_behind_the_last_answer_is_input() {
        let mut glass = Glass::new();
        let (_probe, told) = glass.ask(limits(NO_HURRY), &[]);
        glass.shown_until(b"\x1b[c");
        glass.types(&[b"a", ANSWERS, b"b\x1b[?1;2c"].concat());
        let (input, answers) = heard(&told);
        assert_is_kitty(&answers);
        assert_eq!(input, b"ab\x1b[?1;2c");
    }

    #[test]
    fn a_silent_terminal_gives_its_keys() {
        let mut glass = Glass::new();
        glass.types("j/ä\x1b[Bq\x1bP>|ki".as_bytes());
        let (_probe, told) = glass.ask(limits(Duration::from_millis(300)), &[]);
        // At once, not when it is done.
        assert_eq!(told.recv_timeout(NO_HURRY), Ok(Probed::Input("j/ä\x1b[Bq".as_bytes().to_vec())));
        let (input, answers) = heard(&told);
        assert_eq!((input, answers.replies.len()), (Vec::new(), 0));
        assert_eq!((answers.is_complete(), answers.unfinished.as_slice()), (false, &b"\x1bP>|ki"[..]));
    }

    #[test]
    fn an_escape_alone_becomes_a_key_while_the_terminal_is_silent() {
        let mut glass = Glass::new();
        let limits = Limits { patience: Patience::default(), ..limits(NO_HURRY) };
        let (_probe, told) = glass.ask(limits, &[]);
        glass.types(b"\x1b");
        assert_eq!(told.recv_timeout(NO_HURRY), Ok(Probed::Input(b"\x1b".to_vec())));
    }

    #[test]
    fn told_to_stop_it_reads_no_more() {
        let mut glass = Glass::new();
        glass.types(b"j\x1b[6");
        let (probe, told) = glass.ask(limits(NO_HURRY), &[]);
        assert_eq!(told.recv_timeout(NO_HURRY), Ok(Probed::Input(b"j".to_vec())));
        drop(probe);
        assert_eq!(told.iter().collect::<Vec<_>>(), [Probed::Input(b"\x1b[6".to_vec())]);
    }

    #[test]
    fn the_terminal_outside_of_tmux_is_asked_through_it() {
        let mut glass = Glass::new();
        let (_probe, told) = glass.ask(limits(NO_HURRY), &[("TERM", "screen-256color"), ("SSH_TTY", "x")]);
        assert!(!glass.shown_until(b"\x1b[c").windows(2).any(|pair| pair == b"\x1b_"));
        glass.types(b"\x1bP>|tmux 3.5a\x1b\\\x1b[?1;2;4cj");
        assert_eq!(glass.shown_until(b"AAAA\x1b\x1b\\\x1b\\"), wrapped(&Question::OUTER));
        glass.types(b"k\x1bP>|kitty(0.41.1)\x1b\\l\x1b_Gi=31;OK\x1b\\m");
        let (input, answers) = heard(&told);
        assert_eq!(answers.version().as_deref(), Some("tmux 3.5a"));
        let outer = answers.outer.expect("known");
        assert_eq!((outer.version.as_deref(), outer.passthrough), (Some("kitty(0.41.1)"), Some(true)));
        assert_eq!(input, b"jklm");
    }
}
