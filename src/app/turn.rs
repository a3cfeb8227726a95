//! The event loop.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::Event;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::echo::{Echo, Verdict};
use super::input::Input;
use super::timings::{Timings, Woken};
use super::{Terminal, clipboard};
use crate::graphics::{
    Answers, CellPixels, Choice, Environment, Keyboard, Probe, Probed, Question, Sight, decide,
    is_worth_asking, window_cell,
};
use crate::model::Sample;
use crate::screens::Screens;
use crate::worker::{Crew, CrewOptions, Effect, Opened, PictureKey, Reply};

/// How long somebody who leaves waits for an answer of the terminal that is on its way.
const LINGER: Duration = Duration::from_millis(300);

/// What a session begins with.
pub struct Session {
    /// The data set.
    pub opened: Opened,
    /// How pictures are made.
    pub crew: CrewOptions,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// What the user wants pictures to be made of.
    pub choice: Choice,
    /// What the environment says of the terminal.
    pub environment: Environment,
    /// How long the terminal may take to say what it can show.
    pub probe_timeout: Duration,
    /// Where it is written how long each turn of the loop takes, if anywhere.
    pub timings: Option<File>,
}

/// A session that has ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// How.
    pub how: Ending,
    /// The samples that the user has chosen in it.
    pub chosen: Vec<Arc<Sample>>,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The user left.
    Quit,
    /// The user left by Ctrl-C, and wants nothing of what was chosen.
    Cancelled,
    /// A signal with this number asked for it.
    Signal(i32),
}

/// Runs a session until the user leaves. `front` makes the screens for a terminal of this many
/// columns and rows, with their first wishes.
///
/// # Errors
/// When the terminal can no longer be read or written, or the file of timings cannot.
pub fn run(session: Session, front: impl FnOnce((u16, u16)) -> (Screens, Vec<Effect>)) -> io::Result<Ended> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let Session { opened, crew, mouse, choice, environment, probe_timeout, timings } = session;
    let timings = timings.map(Timings::begin);
    let (told, replies) = unbounded_channel();
    let (heard, probed) = unbounded_channel();
    let mut terminal = Terminal::take(mouse)?;
    // The questions go out first, so that the answers may come while all else begins.
    let probe = is_worth_asking(choice, &environment).then(|| {
        Probe::start(probe_timeout, &environment, move |probed| {
            // The loop has ended; nobody wants to know.
            let _ = heard.send(probed);
        })
    });
    // A terminal that cannot be asked is judged by its environment.
    let probe = probe.and_then(Result::ok);
    terminal.enter()?;
    let (screens, wishes) = front(terminal.size()?);
    // The workers start before the first frame: by the time it is on screen they may have answered.
    let crew = Crew::start(opened, crew, move |reply| {
        // The loop has ended; nobody wants to know.
        let _ = told.send(reply);
    })?;
    let ending = runtime.block_on(async {
        let mut turn = Turn {
            terminal: &mut terminal,
            screens,
            crew: &crew,
            ending: None,
            stale: true,
            mouse,
            choice,
            environment,
            keyboard: Keyboard::default(),
            probe,
            echo: Echo::new(None),
            burst: None,
            put_off: None,
            timings,
        };
        if turn.probe.is_none() {
            turn.see(None)?;
        }
        turn.perform(wishes)?;
        let how = turn.keep_turning(replies, probed).await?;
        if let Some(timings) = turn.timings.take() {
            timings.end()?;
        }
        Ok(Ended { how, chosen: turn.screens.chosen() })
    });
    // The user gets the terminal back before the workers have tidied up.
    drop(terminal);
    drop(crew);
    runtime.shutdown_timeout(Duration::from_millis(50));
    ending
}

struct Turn<'a> {
    terminal: &'a mut Terminal,
    screens: Screens,
    crew: &'a Crew,
    ending: Option<Ending>,
    /// Whether the screen shows less than we know.
    stale: bool,
    mouse: bool,
    choice: Choice,
    environment: Environment,
    /// Tells keys from what the terminal answers.
    keyboard: Keyboard,
    /// The terminal is being asked what it can show, and nobody else may read it.
    probe: Option<Probe>,
    /// How quick the line is.
    echo: Echo,
    /// When the picture that is being sent began, and how many bytes have been.
    burst: Option<(Instant, usize)>,
    /// A picture that is to be fine if the line turns out to be quick.
    put_off: Option<PictureKey>,
    timings: Option<Timings>,
}

impl Turn<'_> {
    async fn keep_turning(
        &mut self,
        mut replies: UnboundedReceiver<Reply>,
        mut probed: UnboundedReceiver<Probed>,
    ) -> io::Result<Ending> {
        let mut events = None;
        let mut signals = Signals::new()?;
        let free = self.terminal.free();
        loop {
            if let Some(ending) = self.ending {
                self.linger(&mut events, &mut probed).await;
                return Ok(ending);
            }
            self.show()?;
            if self.probe.is_none() && events.is_none() {
                events = Some(Input::listen()?);
            }
            if let Some(timings) = &mut self.timings {
                timings.rest()?;
            }
            let tick = self.screens.next_tick().into_iter().chain(self.keyboard.due()).min();
            let happened = tokio::select! {
                // Keys first: a flood of replies must not hold up the one who types.
                biased;
                signal = signals.next() => Some(Happened::Signal(signal)),
                event = next(&mut events) => Some(match event {
                    Some(event) => Happened::Event(event?),
                    None => Happened::Signal(Signal::End(1)),
                }),
                Some(told) = probed.recv() => Some(Happened::Probed(told)),
                Some(reply) = replies.recv() => Some(Happened::Reply(reply)),
                () = free.notified() => None,
                () = rest_until(tick) => Some(Happened::Tick),
            };
            if let Some(timings) = &mut self.timings {
                timings.wake(happened.as_ref().map_or(Woken::Free, Happened::woken));
            }
            let Some(happened) = happened else { continue };
            self.take(happened)?;
            self.drain(&mut events, &mut replies).await?;
        }
    }

    /// Waits for answers of the terminal that are on their way, which would be typed into the shell; but not for
    /// long.
    async fn linger(&mut self, events: &mut Option<Input>, probed: &mut UnboundedReceiver<Probed>) {
        let until = tokio::time::Instant::now() + LINGER;
        while self.probe.is_some() || self.keyboard.is_expecting(Instant::now()) {
            let happened = tokio::select! {
                biased;
                Some(event) = next(events) => event.ok().map(Happened::Event),
                Some(told) = probed.recv() => Some(Happened::Probed(told)),
                () = tokio::time::sleep_until(until) => return,
            };
            match happened {
                Some(Happened::Event(event)) => drop(self.keyboard.pass(event, Instant::now())),
                Some(Happened::Probed(Probed::Done(_))) => self.probe = None,
                Some(_) => {}
                None => return,
            }
        }
    }

    /// Draws what is new, or sends a part of the pictures, if the terminal is ready for it. If it is not, what
    /// happens meanwhile goes into the same frame.
    fn show(&mut self) -> io::Result<()> {
        if !self.terminal.is_idle() {
            return Ok(());
        }
        if self.stale {
            let screens = &self.screens;
            let begun = Instant::now();
            let pictures = self.terminal.draw(|frame| screens.draw(frame))?;
            self.stale = false;
            // The frame may have ended a picture that nobody wanted any more.
            self.burst = self.burst.filter(|_| self.terminal.is_sending());
            self.listen(begun, pictures)?;
        }
        // A frame that changes nothing is not sent, and nobody would tell when it has been.
        if self.terminal.is_idle() && self.terminal.has_more() {
            let (begun, before) = self.burst.take().unwrap_or_else(|| (Instant::now(), 0));
            let (sent, completes) = self.terminal.send_more()?;
            self.stale = completes;
            if completes {
                self.listen(begun, before + sent)?;
            } else {
                self.burst = Some((begun, before + sent));
            }
        }
        Ok(())
    }

    /// Has the terminal say when it has read a picture of so many bytes, if that is worth knowing.
    fn listen(&mut self, begun: Instant, bytes: usize) -> io::Result<()> {
        let now = Instant::now();
        let is_remote = self.terminal.sight().is_some_and(|sight| sight.remote);
        if is_remote && self.echo.asks(begun, bytes, now) {
            self.keyboard.expect(Question::Version, now);
            self.terminal.ask(Question::Version)?;
        }
        Ok(())
    }

    /// Takes in all that has happened meanwhile, so that it costs one frame, not many.
    async fn drain(
        &mut self,
        events: &mut Option<Input>,
        replies: &mut UnboundedReceiver<Reply>,
    ) -> io::Result<()> {
        while self.ending.is_none() {
            let happened = tokio::select! {
                biased;
                Some(event) = next(events) => Happened::Event(event?),
                Some(reply) = replies.recv() => Happened::Reply(reply),
                () = std::future::ready(()) => return Ok(()),
            };
            self.take(happened)?;
        }
        Ok(())
    }

    fn take(&mut self, happened: Happened) -> io::Result<()> {
        let now = Instant::now();
        let wishes = match happened {
            Happened::Event(event) => {
                let events = self.keyboard.pass(event, now);
                if self.keyboard.has_heard(Question::Version) {
                    self.echo.heard(now);
                    let wishes = self.put_off.take().map(Effect::Refine);
                    self.perform(wishes.into_iter().collect())?;
                }
                return self.take_events(events, now);
            }
            Happened::Probed(told) => {
                let events = self.keyboard.probed(&told, now);
                let Probed::Done(answers) = told else { return self.take_events(events, now) };
                self.probe = None;
                self.see(Some(&answers))?;
                self.take_events(events, now)?;
                // Nobody told of a change of size while the terminal was being asked.
                let (columns, rows) = self.terminal.size()?;
                return self.take_events(vec![Event::Resize(columns, rows)], now);
            }
            Happened::Reply(reply) => {
                if let Reply::Picture { outcome: Ok(painting), .. } = &reply {
                    self.terminal.learn(painting);
                }
                self.screens.on_reply(reply, now)
            }
            Happened::Tick => {
                let events = self.keyboard.expire(now);
                self.take_events(events, now)?;
                self.screens.on_tick(now)
            }
            Happened::Signal(Signal::Stop) => vec![Effect::Suspend],
            Happened::Signal(Signal::End(number)) => {
                self.ending = Some(Ending::Signal(number));
                Vec::new()
            }
        };
        self.stale = true;
        self.perform(wishes)
    }

    fn take_events(&mut self, events: Vec<Event>, now: Instant) -> io::Result<()> {
        for event in events {
            match event {
                // After a while in the background: tmux may have another terminal now.
                Event::FocusGained => {
                    self.crew.retry_pictures();
                    self.terminal.doubt();
                }
                // Even to the same size: another client of tmux may have come.
                Event::Resize(..) => {
                    self.terminal.doubt();
                    self.measure()?;
                }
                _ => {}
            }
            self.stale = true;
            let wishes = self.screens.on_event(&event, now);
            self.perform(wishes)?;
        }
        Ok(())
    }

    /// Shows pictures as the terminal, by its answers and the environment, is able to.
    fn see(&mut self, answers: Option<&Answers>) -> io::Result<()> {
        let sight = decide(self.choice, &self.environment, answers);
        self.echo = Echo::new(answers);
        self.show_by(sight)
    }

    /// Cells may have another size now.
    fn measure(&mut self) -> io::Result<()> {
        let (before, now) = (self.environment.cell, window_cell());
        if now.is_none() || now == before {
            return Ok(());
        }
        self.environment.cell = now;
        let Some(sight) = self.terminal.sight().cloned() else { return Ok(()) };
        let cell = rescaled(sight.cell, before, now);
        if cell == sight.cell { Ok(()) } else { self.show_by(Sight { cell, ..sight }) }
    }

    fn show_by(&mut self, sight: Sight) -> io::Result<()> {
        self.terminal.show_by(sight.clone())?;
        self.crew.show_by(sight.clone());
        self.stale = true;
        let wishes = self.screens.on_reply(Reply::Sight(sight), Instant::now());
        self.perform(wishes)
    }

    fn perform(&mut self, wishes: Vec<Effect>) -> io::Result<()> {
        for wish in wishes {
            match wish {
                Effect::Quit => self.ending = Some(Ending::Quit),
                Effect::Cancel => self.ending = Some(Ending::Cancelled),
                Effect::Copy(text) => {
                    self.terminal.copy(&text, &self.environment)?;
                    if self.environment.tmux {
                        clipboard::hand_to_tmux(text);
                    }
                }
                Effect::Redraw => {
                    self.crew.refresh_pictures();
                    self.terminal.clear()?;
                }
                Effect::Suspend => {
                    // What it hears from now on is not meant for us.
                    if self.probe.take().is_some() {
                        self.keyboard.expect_all(Instant::now());
                        self.see(None)?;
                    }
                    self.terminal.suspend()?;
                    self.stale = true;
                }
                // A slow line shows the first look only: the next key must not wait for a finer one.
                Effect::Refine(key) => match self.echo.verdict() {
                    Verdict::Quick => self.crew.perform(Effect::Refine(key)),
                    Verdict::Slow => {}
                    Verdict::Unknown => self.put_off = Some(key),
                },
                other => {
                    if matches!(other, Effect::Pictures(_)) {
                        self.put_off = None;
                    }
                    self.crew.perform(other);
                }
            }
        }
        if self.screens.wants_mouse() != self.mouse {
            self.mouse = self.screens.wants_mouse();
            self.terminal.set_mouse(self.mouse)?;
        }
        Ok(())
    }
}

/// What the terminal said of its cells, after the window has said another size than before: it may count without
/// the window's borders.
fn rescaled(
    told: Option<CellPixels>,
    before: Option<CellPixels>,
    now: Option<CellPixels>,
) -> Option<CellPixels> {
    let (Some(told), Some(before), Some(now)) = (told, before, now) else { return now };
    let side = |told: u16, before: u16, now: u16| {
        let scaled = (f64::from(told) * f64::from(now) / f64::from(before.max(1))).round();
        // A border that is shared out among other cells is no change.
        if told.abs_diff(before) <= 1 && now.abs_diff(before) <= 1 { told } else { (scaled as u16).max(1) }
    };
    Some((side(told.0, before.0, now.0), side(told.1, before.1, now.1)))
}

enum Happened {
    Event(Event),
    Probed(Probed),
    Reply(Reply),
    Tick,
    Signal(Signal),
}

impl Happened {
    fn woken(&self) -> Woken {
        match self {
            Self::Event(_) => Woken::Event,
            Self::Probed(_) => Woken::Probed,
            Self::Reply(_) => Woken::Reply,
            Self::Tick => Woken::Tick,
            Self::Signal(_) => Woken::Signal,
        }
    }
}

enum Signal {
    /// Stop, as Ctrl-Z does, until continued.
    Stop,
    /// End; the number is the signal's.
    End(i32),
}

/// The next event, once events are read.
async fn next(events: &mut Option<Input>) -> Option<io::Result<Event>> {
    match events {
        Some(events) => events.next().await,
        None => std::future::pending().await,
    }
}

async fn rest_until(tick: Option<Instant>) {
    match tick {
        Some(tick) => tokio::time::sleep_until(tick.into()).await,
        None => std::future::pending().await,
    }
}

#[cfg(unix)]
struct Signals {
    end: [(tokio::signal::unix::Signal, i32); 3],
    stop: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP};
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |number: i32| signal(SignalKind::from_raw(number)).map(|signal| (signal, number));
        Ok(Self { end: [listen(SIGTERM)?, listen(SIGHUP)?, listen(SIGINT)?], stop: listen(SIGTSTP)?.0 })
    }

    async fn next(&mut self) -> Signal {
        let [(term, term_number), (hangup, hangup_number), (interrupt, interrupt_number)] = &mut self.end;
        tokio::select! {
            _ = term.recv() => Signal::End(*term_number),
            _ = hangup.recv() => Signal::End(*hangup_number),
            _ = interrupt.recv() => Signal::End(*interrupt_number),
            _ = self.stop.recv() => Signal::Stop,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "as its twin for unix")]
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Signal {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Signal::End(2),
            Err(_) => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_grows_with_the_font_and_not_with_the_border() {
        let table = [
            // The terminal says what the window says.
            ((8, 17), (8, 17), (12, 25), (12, 25)),
            ((8, 17), (8, 17), (8, 18), (8, 17)),
            // The terminal counts other pixels than the window.
            ((16, 34), (8, 17), (12, 26), (24, 52)),
        ];
        for (told, before, now, expected) in table {
            assert_eq!(rescaled(Some(told), Some(before), Some(now)), Some(expected));
        }
        assert_eq!(rescaled(None, Some((8, 17)), Some((9, 18))), Some((9, 18)));
        assert_eq!(rescaled(Some((8, 17)), None, Some((9, 18))), Some((9, 18)));
    }
}
