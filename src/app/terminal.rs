//! Taking the terminal over, and giving it back whole whatever happens.

use std::cell::RefCell;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
    EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, queue};
use ratatui::{Frame, Terminal as Drawing};
use tokio::sync::Notify;

use super::line::Line;
use super::thrift::Thrift;
use crate::graphics::{Environment, Painting, Question, Sight, Stage, Strokes, copying, farewell};

/// Whether the terminal is ours now, for those who must give it back from anywhere.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal, where standard output goes elsewhere.
static ELSEWHERE: OnceLock<Mutex<File>> = OnceLock::new();

/// Has everything drawn on the terminal of the process, whatever standard output is: that is for what is chosen.
///
/// # Errors
/// Where the process has no terminal.
pub fn leave_stdout_alone() -> io::Result<()> {
    let terminal = OpenOptions::new().write(true).open("/dev/tty")?;
    // A second time it is the same terminal.
    let _ = ELSEWHERE.set(Mutex::new(terminal));
    Ok(())
}

/// Writes to the terminal; nobody else does meanwhile.
fn with_terminal<T>(write: impl FnOnce(&mut dyn Write) -> T) -> T {
    match ELSEWHERE.get() {
        Some(terminal) => write(&mut *terminal.lock().unwrap_or_else(PoisonError::into_inner)),
        None => write(&mut io::stdout().lock()),
    }
}

/// How long a slow line may take for what is on its way, before the terminal is given back over its head.
const PATIENCE: Duration = Duration::from_secs(1);

/// Bytes of pictures that are sent at a time. A frame waits for no more than these.
const SLICE: usize = 32 << 10;
/// The same over a line where bytes are dear.
const SLICE_REMOTE: usize = 12 << 10;

/// What has been drawn and not been sent.
#[derive(Clone, Debug, Default)]
struct Page(Rc<RefCell<Vec<u8>>>);

impl Page {
    fn take(&self) -> Vec<u8> {
        self.0.take()
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The terminal while it is ours. Dropping it gives it back.
pub struct Terminal {
    drawing: Drawing<Thrift<Page>>,
    page: Page,
    /// Not there before it is known what the terminal can show.
    stage: Option<Stage>,
    line: Line,
    mouse: bool,
}

impl Terminal {
    /// Takes the terminal: raw, and nothing else yet.
    pub fn take(mouse: bool) -> io::Result<Self> {
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        let page = Page::default();
        let made = drawing(&page).and_then(|drawing| Ok((drawing, Line::open(write)?)));
        match made {
            Ok((drawing, line)) => Ok(Self { drawing, page, stage: None, line, mouse }),
            Err(error) => give_back().and(Err(error)),
        }
    }

    /// Turns to the alternate screen, with the mouse where wanted.
    pub fn enter(&mut self) -> io::Result<()> {
        let page = &mut self.page;
        queue!(page, EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange, cursor::Hide)?;
        if self.mouse {
            queue!(page, EnableMouseCapture)?;
        }
        self.line.send(self.page.take())
    }

    /// Columns and rows.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.drawing.size()?;
        Ok((size.width, size.height))
    }

    /// Whether all that was sent has been written, so that a frame would not have to wait.
    pub fn is_idle(&self) -> bool {
        self.line.is_idle()
    }

    /// Waits for that, but not for ever.
    pub fn drain(&self) {
        self.line.drain(PATIENCE);
    }

    /// What is told whenever [`Self::is_idle`] has become true.
    pub fn free(&self) -> Arc<Notify> {
        self.line.free()
    }

    /// Draws one frame in one synchronized update; the bytes of pictures in it.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<usize> {
        let mut strokes = Strokes::default();
        let stage = &mut self.stage;
        self.drawing.draw(|frame| {
            draw(frame);
            if let Some(stage) = stage {
                strokes = stage.set(frame.buffer_mut());
            }
        })?;
        let cells = self.page.take();
        if !strokes.before.is_empty() || !strokes.after.is_empty() {
            self.drawing.backend_mut().disturb();
        } else if cells.is_empty() {
            return Ok(0);
        }
        let mut bytes = Vec::with_capacity(cells.len() + strokes.before.len() + strokes.after.len() + 16);
        queue!(bytes, BeginSynchronizedUpdate)?;
        bytes.extend_from_slice(&strokes.before);
        bytes.extend_from_slice(&cells);
        bytes.extend_from_slice(&strokes.after);
        queue!(bytes, EndSynchronizedUpdate)?;
        self.line.send(bytes)?;
        Ok(strokes.after.len())
    }

    /// Asks the terminal something, behind all that was sent.
    pub fn ask(&mut self, question: Question) -> io::Result<()> {
        let through_tmux = self.sight().is_some_and(|sight| sight.tmux);
        self.line.send(question.written(through_tmux))
    }

    /// Sends a text to the terminal's clipboard; false where it is longer than terminals take.
    pub fn copy(&mut self, text: &str, environment: &Environment) -> io::Result<bool> {
        let Some(bytes) = copying(text, environment) else { return Ok(false) };
        self.line.send(bytes)?;
        Ok(true)
    }

    /// Makes a painting known, before it is drawn.
    pub fn learn(&mut self, painting: &Painting) {
        if let Some(stage) = &mut self.stage {
            stage.learn(painting);
        }
    }

    /// Whether there are pictures to be sent between frames.
    pub fn has_more(&self) -> bool {
        self.stage.as_ref().is_some_and(Stage::has_more)
    }

    /// Whether one of them has been sent in part.
    pub fn is_sending(&self) -> bool {
        self.stage.as_ref().is_some_and(Stage::is_sending)
    }

    /// Sends a part of them: how many bytes, and whether a picture is complete with it, so that the screen should
    /// be drawn again.
    pub fn send_more(&mut self) -> io::Result<(usize, bool)> {
        let Some(stage) = &mut self.stage else { return Ok((0, false)) };
        let most = if stage.sight().remote { SLICE_REMOTE } else { SLICE };
        let Some(slice) = stage.slice(most) else { return Ok((0, false)) };
        let count = slice.bytes.len();
        self.drawing.backend_mut().disturb();
        self.line.send(slice.bytes)?;
        Ok((count, slice.completes))
    }

    /// Says how pictures are shown from now on.
    pub fn show_by(&mut self, sight: Sight) -> io::Result<()> {
        self.line.send(farewell())?;
        if self.stage.replace(stage(sight)).is_some() {
            // What was painted over cells is known to nobody any more.
            self.clear()?;
        }
        Ok(())
    }

    /// Has the pictures sent again: the terminal may have lost them, as tmux does between two clients.
    pub fn doubt(&mut self) {
        if let Some(stage) = &mut self.stage {
            stage.doubt();
        }
    }

    /// How pictures are shown, once that is known.
    pub fn sight(&self) -> Option<&Sight> {
        self.stage.as_ref().map(Stage::sight)
    }

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    ///
    /// The library's own way asks the terminal for its cursor and waits for the answer, which a
    /// silent terminal never gives and which our own reader of keys may take; a fresh start needs
    /// to ask nothing.
    pub fn clear(&mut self) -> io::Result<()> {
        queue!(self.page, Clear(ClearType::All))?;
        self.line.send(self.page.take())?;
        self.drawing = drawing(&self.page)?;
        if let Some(stage) = &mut self.stage {
            stage.wipe();
        }
        Ok(())
    }

    /// Switches the mouse on or off.
    pub fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        let page = &mut self.page;
        let queued = if on { queue!(page, EnableMouseCapture) } else { queue!(page, DisableMouseCapture) };
        queued?;
        self.line.send(self.page.take())
    }

    /// Gives the terminal back, stops the process as Ctrl-Z does, and takes the terminal again when
    /// the process is continued.
    #[cfg(unix)]
    pub fn suspend(&mut self) -> io::Result<()> {
        self.drain();
        give_back()?;
        self.line.discard();
        if let Some(stage) = &mut self.stage {
            stage.forget();
        }
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        self.enter()?;
        self.clear()
    }

    /// There is no job control here.
    #[cfg(not(unix))]
    pub fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A drawing that knows nothing of what is on the screen.
fn drawing(page: &Page) -> io::Result<Drawing<Thrift<Page>>> {
    Drawing::new(Thrift::new(page.clone()))
}

/// A stage for pictures that other programs in the same terminal do not take for theirs.
fn stage(sight: Sight) -> Stage {
    Stage::new(sight, (std::process::id() % 255 + 1) as u8)
}

/// Writes to the terminal as long as it is ours. The lock is held meanwhile, so that whoever gives the
/// terminal back waits for the end of a sequence, and has the last word.
fn write(bytes: &[u8]) -> io::Result<()> {
    with_terminal(|out| {
        if !TAKEN.load(Ordering::SeqCst) {
            return Ok(());
        }
        out.write_all(bytes)?;
        out.flush()
    })
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.drain();
        // Nobody is left to tell.
        let _ = give_back();
    }
}

/// Gives the terminal back, if it is ours.
fn give_back() -> io::Result<()> {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return Ok(());
    }
    let given = with_terminal(|out| {
        // Pictures are not a part of the alternate screen everywhere: they go first.
        let mut bytes = farewell();
        queue!(
            bytes,
            EndSynchronizedUpdate,
            DisableMouseCapture,
            DisableFocusChange,
            DisableBracketedPaste,
            LeaveAlternateScreen,
            cursor::Show
        )?;
        out.write_all(&bytes)?;
        out.flush()
    });
    let cooked = disable_raw_mode();
    given.and(cooked)
}

/// Has a panic of any thread give the terminal back before it says what happened, and end the
/// program: half of the threads would not do what the user expects of the whole.
pub fn install_panic_hook() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // Decoders of foreign formats may panic on broken files; those are caught where they are
        // called, and told as what they are: a broken file.
        let is_picture =
            std::thread::current().name().is_some_and(|name| name.starts_with("capscope-picture"));
        if is_picture || crate::dataset::decoding() {
            return;
        }
        let _ = give_back();
        report(panic);
        std::process::exit(101);
    }));
}
