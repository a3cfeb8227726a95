//! Takes the terminal over and panics in a thread: `tests/terminal.rs` looks at what is left.

use capscope::app::Terminal;

fn main() -> std::io::Result<()> {
    capscope::app::install_panic_hook();
    let mut terminal = Terminal::take(true)?;
    terminal.enter()?;
    terminal.draw(|frame| frame.render_widget("about to panic", frame.area()))?;
    terminal.drain();
    let thread = std::thread::spawn(|| {
        let nothing = std::env::args().nth(9);
        nothing.expect("this is meant to panic")
    });
    // The hook ends the process; to come here is the failure that the test looks for.
    let _ = thread.join();
    std::process::exit(0);
}
