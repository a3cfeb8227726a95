//! The event loop.

use std::io;
use std::time::{Duration, Instant};

use crossterm::event::{Event, EventStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_stream::StreamExt;

use super::Terminal;
use crate::graphics::Sight;
use crate::screens::Screens;
use crate::worker::{Crew, CrewOptions, Effect, Opened, Reply};

/// What a session begins with.
pub struct Session {
    /// The data set.
    pub opened: Opened,
    /// How pictures are made.
    pub crew: CrewOptions,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// How pictures are shown.
    pub sight: Sight,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The user left.
    Quit,
    /// A signal with this number asked for it.
    Signal(i32),
}

/// Runs a session until the user leaves. `front` makes the screens for a terminal of this many
/// columns and rows, with their first wishes.
///
/// # Errors
/// When the terminal can no longer be read or written.
pub fn run(session: Session, front: impl FnOnce((u16, u16)) -> (Screens, Vec<Effect>)) -> io::Result<Ending> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let Session { opened, crew, mouse, sight } = session;
    let (told, replies) = unbounded_channel();
    let mut terminal = Terminal::take(mouse, sight)?;
    let (screens, wishes) = front(terminal.size()?);
    // The workers start before the first frame: by the time it is on screen they may have answered.
    let crew = Crew::start(opened, crew, move |reply| {
        // The loop has ended; nobody wants to know.
        let _ = told.send(reply);
    })?;
    let ending = runtime.block_on(async {
        let mut turn =
            Turn { terminal: &mut terminal, screens, crew: &crew, ending: None, stale: true, mouse };
        turn.perform(wishes)?;
        turn.keep_turning(replies).await
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
}

impl Turn<'_> {
    async fn keep_turning(&mut self, mut replies: UnboundedReceiver<Reply>) -> io::Result<Ending> {
        let mut events = EventStream::new();
        let mut signals = Signals::new()?;
        let free = self.terminal.free();
        loop {
            if let Some(ending) = self.ending {
                return Ok(ending);
            }
            self.show()?;
            let tick = self.screens.next_tick();
            let happened = tokio::select! {
                // Keys first: a flood of replies must not hold up the one who types.
                biased;
                signal = signals.next() => Happened::Signal(signal),
                event = events.next() => match event {
                    Some(event) => Happened::Event(event?),
                    None => Happened::Signal(Signal::End(1)),
                },
                Some(reply) = replies.recv() => Happened::Reply(reply),
                () = free.notified() => continue,
                () = rest_until(tick) => Happened::Tick,
            };
            self.take(happened)?;
            self.drain(&mut events, &mut replies).await?;
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
            self.terminal.draw(|frame| screens.draw(frame))?;
            self.stale = false;
        } else if self.terminal.has_more() {
            self.stale = self.terminal.send_more()?;
        }
        Ok(())
    }

    /// Takes in all that has happened meanwhile, so that it costs one frame, not many.
    async fn drain(
        &mut self,
        events: &mut EventStream,
        replies: &mut UnboundedReceiver<Reply>,
    ) -> io::Result<()> {
        while self.ending.is_none() {
            let happened = tokio::select! {
                biased;
                Some(event) = events.next() => Happened::Event(event?),
                Some(reply) = replies.recv() => Happened::Reply(reply),
                () = std::future::ready(()) => return Ok(()),
            };
            self.take(happened)?;
        }
        Ok(())
    }

    fn take(&mut self, happened: Happened) -> io::Result<()> {
        let now = Instant::now();
        self.stale = true;
        let wishes = match happened {
            Happened::Event(event) => {
                if matches!(event, Event::FocusGained) {
                    self.crew.refresh_pictures();
                    self.terminal.doubt();
                }
                self.screens.on_event(&event, now)
            }
            Happened::Reply(reply) => {
                if let Reply::Picture { outcome: Ok(painting), .. } = &reply {
                    self.terminal.learn(painting);
                }
                self.screens.on_reply(reply, now)
            }
            Happened::Tick => self.screens.on_tick(now),
            Happened::Signal(Signal::Stop) => vec![Effect::Suspend],
            Happened::Signal(Signal::End(number)) => {
                self.ending = Some(Ending::Signal(number));
                Vec::new()
            }
        };
        self.perform(wishes)
    }

    fn perform(&mut self, wishes: Vec<Effect>) -> io::Result<()> {
        for wish in wishes {
            match wish {
                Effect::Quit => self.ending = Some(Ending::Quit),
                Effect::Redraw => self.terminal.clear()?,
                Effect::Suspend => {
                    self.terminal.suspend()?;
                    self.stale = true;
                }
                other => self.crew.perform(other),
            }
        }
        if self.screens.wants_mouse() != self.mouse {
            self.mouse = self.screens.wants_mouse();
            self.terminal.set_mouse(self.mouse)?;
        }
        Ok(())
    }
}

enum Happened {
    Event(Event),
    Reply(Reply),
    Tick,
    Signal(Signal),
}

enum Signal {
    /// Stop, as Ctrl-Z does, until continued.
    Stop,
    /// End; the number is the signal's.
    End(i32),
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
