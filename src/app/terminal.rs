//! Taking the terminal over, and giving it back whole whatever happens.

use std::io::{self, BufWriter, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
    EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::{Frame, Terminal as Drawing};

use super::thrift::Thrift;

/// Whether the terminal is ours now, for those who must give it back from anywhere.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Bytes gathered before they are written, so that a frame leaves in one piece.
const WRITE_BUFFER: usize = 64 << 10;

/// The terminal while it is ours. Dropping it gives it back.
pub struct Terminal {
    drawing: Drawing<Thrift<BufWriter<Stdout>>>,
    mouse: bool,
}

impl Terminal {
    /// Takes the terminal: raw, alternate screen, mouse where wanted.
    pub fn take(mouse: bool) -> io::Result<Self> {
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        let mut terminal = Self { drawing: drawing()?, mouse };
        terminal.enter()?;
        Ok(terminal)
    }

    fn enter(&mut self) -> io::Result<()> {
        let writer = self.drawing.backend_mut();
        queue!(writer, EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange, cursor::Hide)?;
        if self.mouse {
            queue!(writer, EnableMouseCapture)?;
        }
        Write::flush(writer)
    }

    /// Columns and rows.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.drawing.size()?;
        Ok((size.width, size.height))
    }

    /// Draws one frame in one synchronized update.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        queue!(self.drawing.backend_mut(), BeginSynchronizedUpdate)?;
        self.drawing.draw(draw)?;
        let writer = self.drawing.backend_mut();
        queue!(writer, EndSynchronizedUpdate)?;
        Write::flush(writer)
    }

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    ///
    /// The library's own way asks the terminal for its cursor and waits for the answer, which a
    /// silent terminal never gives and which our own reader of keys may take; a fresh start needs
    /// to ask nothing.
    pub fn clear(&mut self) -> io::Result<()> {
        queue!(self.drawing.backend_mut(), Clear(ClearType::All))?;
        Write::flush(self.drawing.backend_mut())?;
        self.drawing = drawing()?;
        Ok(())
    }

    /// Switches the mouse on or off.
    pub fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        let writer = self.drawing.backend_mut();
        if on { execute!(writer, EnableMouseCapture) } else { execute!(writer, DisableMouseCapture) }
    }

    /// Gives the terminal back, stops the process as Ctrl-Z does, and takes the terminal again when
    /// the process is continued.
    #[cfg(unix)]
    pub fn suspend(&mut self) -> io::Result<()> {
        give_back()?;
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
fn drawing() -> io::Result<Drawing<Thrift<BufWriter<Stdout>>>> {
    Drawing::new(Thrift::new(BufWriter::with_capacity(WRITE_BUFFER, io::stdout())))
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Nobody is left to tell.
        let _ = give_back();
    }
}

/// Gives the terminal back, if it is ours.
fn give_back() -> io::Result<()> {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return Ok(());
    }
    let mut writer = io::stdout();
    let left = execute!(
        writer,
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableFocusChange,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let cooked = disable_raw_mode();
    left.and(cooked)
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
