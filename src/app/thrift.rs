//! Draws cells with few bytes, since they may have a slow line to cross.
//!
//! The library's own backend names both colors whenever one changes, and says what to do in several
//! sequences. Here one sequence says all that changes, plain text is reached by the shortest one there
//! is, and the cursor moves along its row by counting.

use std::fmt::Write as _;
use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};

/// The library's backend, but for drawing.
#[derive(Debug)]
pub(super) struct Thrift<W: Write> {
    inner: CrosstermBackend<W>,
    scratch: String,
    /// Whether the cursor is hidden, once that was said.
    is_hidden: Option<bool>,
    /// Where the cursor was put last, while nothing has been written since.
    rests: Option<Position>,
}

impl<W: Write> Thrift<W> {
    pub(super) fn new(writer: W) -> Self {
        Self { inner: CrosstermBackend::new(writer), scratch: String::new(), is_hidden: None, rests: None }
    }

    /// Takes note that others have written to the terminal: the cursor may be anywhere.
    pub(super) fn disturb(&mut self) {
        self.rests = None;
    }
}

impl<W: Write> Write for Thrift<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.inner)
    }
}

/// How a cell looks, but for its symbol.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Look {
    const PLAIN: Self = Self { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

    fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }
}

impl<W: Write> Backend for Thrift<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let out = &mut self.scratch;
        out.clear();
        let mut look = Look::PLAIN;
        // Where the cursor is behind a symbol of one column, and whether that is sure: terminals
        // disagree on how wide some symbols are, so only from behind ASCII is it moved by counting.
        let mut cursor: Option<(Position, bool)> = None;
        for (x, y, cell) in content {
            move_to(out, cursor, x, y);
            let next = Look::of(cell);
            change(out, look, next);
            look = next;
            out.push_str(cell.symbol());
            let is_sure = matches!(cell.symbol().as_bytes(), [b' '..=b'~']);
            cursor = Some((Position { x: x.saturating_add(1), y }, is_sure));
        }
        change(out, look, Look::PLAIN);
        if out.is_empty() {
            return Ok(());
        }
        self.rests = None;
        self.inner.write_all(out.as_bytes())
    }

    fn append_lines(&mut self, count: u16) -> io::Result<()> {
        self.disturb();
        self.inner.append_lines(count)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        // Each frame hides it anew.
        if self.is_hidden.replace(true) == Some(true) { Ok(()) } else { self.inner.hide_cursor() }
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.is_hidden.replace(false) == Some(false) { Ok(()) } else { self.inner.show_cursor() }
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        // Each frame puts it where it is; a frame that changes nothing else need not be sent.
        let position = position.into();
        if self.rests.replace(position) == Some(position) {
            return Ok(());
        }
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.disturb();
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.disturb();
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

/// Writing to a text never fails, so what the macro gives back says nothing.
macro_rules! put {
    ($out:expr, $($argument:tt)*) => {{
        let _ = write!($out, $($argument)*);
    }};
}

fn move_to(out: &mut String, cursor: Option<(Position, bool)>, x: u16, y: u16) {
    let on_row = cursor.filter(|(cursor, _)| cursor.y == y && cursor.x <= x);
    match on_row.map(|(cursor, is_sure)| (x - cursor.x, is_sure)) {
        Some((0, _)) => {}
        Some((1, true)) => out.push_str("\x1b[C"),
        Some((steps, true)) => put!(out, "\x1b[{steps}C"),
        _ => put!(out, "\x1b[{};{}H", u32::from(y) + 1, u32::from(x) + 1),
    }
}

/// One sequence (ECMA-48, SGR) that leads from one look to another.
fn change(out: &mut String, from: Look, to: Look) {
    if from == to {
        return;
    }
    out.push_str("\x1b[");
    if to == Look::PLAIN {
        out.push('m');
        return;
    }
    modify(out, from.modifier, to.modifier);
    if from.fg != to.fg {
        color(out, to.fg, 30);
    }
    if from.bg != to.bg {
        color(out, to.bg, 40);
    }
    // Every parameter left a `;` behind it.
    out.pop();
    out.push('m');
}

fn modify(out: &mut String, from: Modifier, to: Modifier) {
    /// What switches each on, and off. One code takes away both bold and dim, and both blinks.
    const CODES: [(Modifier, u8, u8); 9] = [
        (Modifier::BOLD, 1, 22),
        (Modifier::DIM, 2, 22),
        (Modifier::ITALIC, 3, 23),
        (Modifier::UNDERLINED, 4, 24),
        (Modifier::SLOW_BLINK, 5, 25),
        (Modifier::RAPID_BLINK, 6, 25),
        (Modifier::REVERSED, 7, 27),
        (Modifier::HIDDEN, 8, 28),
        (Modifier::CROSSED_OUT, 9, 29),
    ];
    let mut have = from;
    for (modifier, _, off) in CODES {
        if have.contains(modifier) && !to.contains(modifier) {
            put!(out, "{off};");
            for (other, _, same) in CODES {
                if same == off {
                    have.remove(other);
                }
            }
        }
    }
    for (modifier, on, _) in CODES {
        if to.contains(modifier) && !have.contains(modifier) {
            put!(out, "{on};");
        }
    }
}

/// A color; `base` is 30 for the letters and 40 for what is behind them.
fn color(out: &mut String, color: Color, base: u8) {
    let named = match color {
        Color::Reset => Some(9),
        Color::Black => Some(0),
        Color::Red => Some(1),
        Color::Green => Some(2),
        Color::Yellow => Some(3),
        Color::Blue => Some(4),
        Color::Magenta => Some(5),
        Color::Cyan => Some(6),
        Color::Gray => Some(7),
        Color::DarkGray => Some(60),
        Color::LightRed => Some(61),
        Color::LightGreen => Some(62),
        Color::LightYellow => Some(63),
        Color::LightBlue => Some(64),
        Color::LightMagenta => Some(65),
        Color::LightCyan => Some(66),
        Color::White => Some(67),
        Color::Indexed(_) | Color::Rgb(..) => None,
    };
    match (named, color) {
        (Some(named), _) => put!(out, "{};", base + named),
        (None, Color::Indexed(index)) => put!(out, "{};5;{index};", base + 8),
        (None, Color::Rgb(red, green, blue)) => put!(out, "{};2;{red};{green};{blue};", base + 8),
        (None, _) => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn colors() -> impl Strategy<Value = Color> {
        prop_oneof![
            Just(Color::Reset),
            Just(Color::Red),
            Just(Color::LightCyan),
            Just(Color::DarkGray),
            any::<u8>().prop_map(Color::Indexed),
            any::<(u8, u8, u8)>().prop_map(|(red, green, blue)| Color::Rgb(red, green, blue)),
        ]
    }

    fn styles() -> impl Strategy<Value = Style> {
        let modifiers = prop::sample::subsequence(
            vec![Modifier::BOLD, Modifier::DIM, Modifier::ITALIC, Modifier::UNDERLINED, Modifier::REVERSED],
            0..3,
        );
        (colors(), colors(), modifiers).prop_map(|(fg, bg, modifiers)| {
            modifiers.into_iter().fold(Style::new().fg(fg).bg(bg), Style::add_modifier)
        })
    }

    fn screen(bytes: &[u8]) -> vt100::Parser {
        let mut parser = vt100::Parser::new(6, 20, 0);
        parser.process(bytes);
        parser
    }

    proptest! {
        #[test]
        fn the_screen_is_that_of_the_library_with_fewer_bytes(
            texts in prop::collection::vec((0_u16..18, 0_u16..6, "[ a-z漢é]{1,6}", styles()), 0..24),
        ) {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 6));
            for (x, y, text, style) in &texts {
                buffer.set_stringn(*x, *y, text, usize::from(20 - x), *style);
            }
            let changed = Buffer::empty(buffer.area).diff(&buffer);
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            Thrift::new(&mut ours).draw(changed.iter().copied()).unwrap();
            CrosstermBackend::new(&mut theirs).draw(changed.iter().copied()).unwrap();
            let (our_screen, their_screen) = (screen(&ours), screen(&theirs));
            prop_assert_eq!(our_screen.screen().contents_formatted(), their_screen.screen().contents_formatted());
            prop_assert!(ours.len() <= theirs.len(), "{} {}", ours.len(), theirs.len());
        }
    }

    #[test]
    fn letters_beyond_ascii_need_no_move_behind_them() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 1));
        buffer.set_string(2, 0, "a━é│b", Style::new());
        let changed = Buffer::empty(buffer.area).diff(&buffer);
        let mut written = Vec::new();
        Thrift::new(&mut written).draw(changed.iter().copied()).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), "\x1b[1;3Ha━é│b");
    }

    #[test]
    fn a_cursor_that_rests_is_not_put_there_again() {
        let mut written = Vec::new();
        let mut thrift = Thrift::new(&mut written);
        thrift.show_cursor().unwrap();
        for _ in 0..3 {
            thrift.set_cursor_position((3, 0)).unwrap();
        }
        thrift.disturb();
        thrift.set_cursor_position((3, 0)).unwrap();
        thrift.draw([(5, 1, &Cell::new("x"))].into_iter()).unwrap();
        thrift.set_cursor_position((3, 0)).unwrap();
        thrift.set_cursor_position((4, 0)).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert_eq!(written, "\x1b[?25h\x1b[1;4H\x1b[1;4H\x1b[2;6Hx\x1b[1;4H\x1b[1;5H");
    }

    #[test]
    fn sequences_are_short() {
        let look = |fg, modifier| Look { fg, modifier, ..Look::PLAIN };
        let table = [
            (look(Color::Indexed(117), Modifier::BOLD), Look::PLAIN, "\x1b[m"),
            (Look::PLAIN, look(Color::Indexed(117), Modifier::BOLD), "\x1b[1;38;5;117m"),
            (look(Color::Red, Modifier::BOLD), look(Color::Red, Modifier::DIM), "\x1b[22;2m"),
            (
                look(Color::Red, Modifier::BOLD | Modifier::DIM),
                look(Color::Blue, Modifier::DIM),
                "\x1b[22;2;34m",
            ),
            (Look::PLAIN, Look::PLAIN, ""),
        ];
        for (from, to, expected) in table {
            let mut out = String::new();
            change(&mut out, from, to);
            assert_eq!(out, expected);
        }
    }
}
