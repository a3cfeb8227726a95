//! Bytes that were typed while the terminal was being asked, as the events that crossterm would
//! have made of them, had it been reading already.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

/// Makes events of bytes, in pieces of any size.
#[derive(Debug, Default)]
pub struct Keys {
    /// The beginning of a sequence or of a character.
    held: Vec<u8>,
}

/// No sequence of a key is longer; what is, is dropped.
const LONGEST: usize = 64;
const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";

impl Keys {
    /// The events of these bytes. What may go on is kept for the next call.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Event> {
        self.held.extend_from_slice(bytes);
        let mut events = Vec::new();
        let mut rest = self.held.as_slice();
        loop {
            let used = match next(rest) {
                Next::Event(event, used) => {
                    events.push(event);
                    used
                }
                Next::Nothing(used) => used,
                Next::More => break,
            };
            rest = rest.get(used.max(1)..).unwrap_or_default();
        }
        self.held = rest.to_vec();
        events
    }

    /// The events of input as the probe gives it: an escape at its end has been waited for, and is
    /// a key.
    pub fn read(&mut self, input: &[u8]) -> Vec<Event> {
        let mut events = self.feed(input);
        if self.held == [0x1b] {
            events.append(&mut self.finish());
        }
        events
    }

    /// The events of what was kept, now that nothing more comes: each byte for itself.
    pub fn finish(&mut self) -> Vec<Event> {
        let held = std::mem::take(&mut self.held);
        let text = String::from_utf8_lossy(&held);
        let known = text.chars().filter(|letter| *letter != char::REPLACEMENT_CHARACTER);
        known
            .map(|letter| if letter == '\u{1b}' { key(KeyCode::Esc) } else { Event::Key(typed(letter)) })
            .collect()
    }
}

enum Next {
    /// An event, and the bytes it took.
    Event(Event, usize),
    /// So many bytes that say nothing.
    Nothing(usize),
    /// It goes on.
    More,
}

fn key(code: KeyCode) -> Event {
    Event::Key(code.into())
}

/// What the first event of these bytes is.
fn next(bytes: &[u8]) -> Next {
    match bytes {
        [] => Next::More,
        [0x1b, rest @ ..] => after_escape(bytes, rest),
        [byte, ..] if byte.is_ascii() => Next::Event(Event::Key(typed(char::from(*byte))), 1),
        _ => character(bytes),
    }
}

/// A character beyond ASCII.
fn character(bytes: &[u8]) -> Next {
    let first = bytes.get(..4).unwrap_or(bytes);
    let (valid, fault) = match std::str::from_utf8(first) {
        Ok(text) => (text, None),
        Err(error) => {
            let valid = first.get(..error.valid_up_to()).unwrap_or_default();
            (std::str::from_utf8(valid).unwrap_or_default(), Some(error))
        }
    };
    match (valid.chars().next(), fault.map(|fault| fault.error_len())) {
        (Some(letter), _) => Next::Event(Event::Key(typed(letter)), letter.len_utf8()),
        (None, Some(Some(length))) => Next::Nothing(length),
        (None, _) => Next::More,
    }
}

/// The key that writes this character, in a terminal in raw mode.
fn typed(letter: char) -> KeyEvent {
    let control = |letter: u8| KeyEvent::new(KeyCode::Char(char::from(letter)), KeyModifiers::CONTROL);
    match letter {
        '\r' => KeyCode::Enter.into(),
        '\t' => KeyCode::Tab.into(),
        '\u{7f}' => KeyCode::Backspace.into(),
        '\0' => control(b' '),
        '\u{1}'..='\u{1a}' => control(letter as u8 - 1 + b'a'),
        '\u{1c}'..='\u{1f}' => control(letter as u8 - 0x1c + b'4'),
        _ if letter.is_uppercase() => KeyEvent::new(KeyCode::Char(letter), KeyModifiers::SHIFT),
        _ => KeyCode::Char(letter).into(),
    }
}

fn after_escape(bytes: &[u8], rest: &[u8]) -> Next {
    match rest {
        [] | [b'O'] => Next::More,
        // The first one is a key; the second may begin a sequence.
        [0x1b, ..] => Next::Event(key(KeyCode::Esc), 1),
        [b'O', b'R', ..] => Next::Event(key(KeyCode::F(3)), 3),
        [b'O', last, ..] => named(*last).map_or(Next::Nothing(3), |code| Next::Event(key(code), 3)),
        [b'[', ..] => sequence(bytes),
        _ => match next(rest) {
            Next::Event(Event::Key(mut pressed), used) => {
                pressed.modifiers |= KeyModifiers::ALT;
                Next::Event(Event::Key(pressed), used + 1)
            }
            Next::Event(event, used) => Next::Event(event, used + 1),
            Next::Nothing(used) => Next::Nothing(used + 1),
            Next::More => Next::More,
        },
    }
}

/// Keys whose sequences end with a letter. F3 is not among them: its sequence is that of the answer
/// to where the cursor is.
fn named(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P' => KeyCode::F(1),
        b'Q' => KeyCode::F(2),
        b'S' => KeyCode::F(4),
        _ => return None,
    })
}

/// Keys whose sequences begin with a number and end with a tilde.
fn numbered(number: u8) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(number - 10),
        17..=21 => KeyCode::F(number - 11),
        23..=26 => KeyCode::F(number - 12),
        28..=29 => KeyCode::F(number - 15),
        31..=34 => KeyCode::F(number - 17),
        _ => return None,
    })
}

/// A control sequence, `ESC [ …`.
fn sequence(bytes: &[u8]) -> Next {
    if bytes.starts_with(PASTE_BEGINS) {
        return paste(bytes);
    }
    let body = bytes.get(2..).unwrap_or_default();
    match body {
        // Keys of the Linux console.
        [b'['] => return Next::More,
        [b'[', last @ b'A'..=b'E', ..] => return Next::Event(key(KeyCode::F(last - b'A' + 1)), 4),
        // The oldest way to report the mouse: three bytes of any value.
        [b'M', button, column, row, ..] => {
            let place = |byte: u8| u16::from(byte).checked_sub(33);
            let mouse = button.checked_sub(32).zip(place(*column)).zip(place(*row));
            let event = mouse.and_then(|((button, column), row)| mouse_event(button, column, row, false));
            return event.map_or(Next::Nothing(6), |event| Next::Event(event, 6));
        }
        [b'M', ..] => return Next::More,
        _ => {}
    }
    let Some(end) = body.iter().position(|byte| !(0x20..0x40).contains(byte)) else {
        return if body.len() > LONGEST { Next::Nothing(bytes.len()) } else { Next::More };
    };
    let (parameters, last) =
        (body.get(..end).unwrap_or_default(), body.get(end).copied().unwrap_or_default());
    if !(0x40..0x7f).contains(&last) {
        // Broken off; what breaks it off stands for itself.
        return Next::Nothing(end + 2);
    }
    let event = std::str::from_utf8(parameters).ok().and_then(|parameters| of_sequence(parameters, last));
    event.map_or(Next::Nothing(end + 3), |event| Next::Event(event, end + 3))
}

fn paste(bytes: &[u8]) -> Next {
    let text = bytes.get(PASTE_BEGINS.len()..).unwrap_or_default();
    let Some(end) = text.windows(PASTE_ENDS.len()).position(|window| window == PASTE_ENDS) else {
        return Next::More;
    };
    let pasted = String::from_utf8_lossy(text.get(..end).unwrap_or_default()).into_owned();
    Next::Event(Event::Paste(pasted), PASTE_BEGINS.len() + end + PASTE_ENDS.len())
}

/// What a whole control sequence stands for.
fn of_sequence(parameters: &str, last: u8) -> Option<Event> {
    if let Some(mouse) = parameters.strip_prefix('<') {
        return reported_mouse(mouse, 0, last == b'm').filter(|_| matches!(last, b'M' | b'm'));
    }
    match (parameters, last) {
        ("", b'Z') => Some(Event::Key(KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT))),
        ("", b'I') => Some(Event::FocusGained),
        ("", b'O') => Some(Event::FocusLost),
        (_, b'M') => reported_mouse(parameters, 32, false),
        (_, b'~') => {
            let (number, rest) = parameters.split_once(';').unwrap_or((parameters, ""));
            pressed(numbered(number.parse().ok()?)?, rest)
        }
        (_, b'u') => {
            let (number, rest) = parameters.split_once(';').unwrap_or((parameters, ""));
            let letter = char::from_u32(number.parse().ok()?)?;
            pressed(if letter == '\u{1b}' { KeyCode::Esc } else { of_letter(letter) }, rest)
        }
        ("", _) => named(last).map(key),
        _ => pressed(named(last)?, parameters.split_once(';')?.1),
    }
}

/// The key with this number in a `CSI … u`, where modifiers are told apart from it.
fn of_letter(letter: char) -> KeyCode {
    match letter {
        '\r' => KeyCode::Enter,
        '\t' => KeyCode::Tab,
        '\u{7f}' => KeyCode::Backspace,
        _ => KeyCode::Char(letter),
    }
}

/// A key with modifiers, and whether it went down or up: `5`, `5:3`, or nothing.
fn pressed(code: KeyCode, modifiers: &str) -> Option<Event> {
    if modifiers.is_empty() {
        return Some(key(code));
    }
    let (mask, kind) = modifiers.split_once(':').unwrap_or((modifiers, "1"));
    let mask = mask.parse::<u8>().ok()?.saturating_sub(1);
    let names = [
        KeyModifiers::SHIFT,
        KeyModifiers::ALT,
        KeyModifiers::CONTROL,
        KeyModifiers::SUPER,
        KeyModifiers::HYPER,
        KeyModifiers::META,
    ];
    let held = names.into_iter().enumerate().filter(|(bit, _)| mask & (1 << bit) != 0);
    let modifiers = held.fold(KeyModifiers::NONE, |all, (_, modifier)| all | modifier);
    let kind = match kind {
        "2" => KeyEventKind::Repeat,
        "3" => KeyEventKind::Release,
        _ => KeyEventKind::Press,
    };
    Some(Event::Key(KeyEvent::new_with_kind(code, modifiers, kind)))
}

/// A report of the mouse as three numbers; `base` is what is added to the first.
fn reported_mouse(parameters: &str, base: u8, is_up: bool) -> Option<Event> {
    let mut numbers = parameters.split(';');
    let button = numbers.next()?.parse::<u8>().ok()?.checked_sub(base)?;
    let mut place = || numbers.next()?.parse::<u16>().ok()?.checked_sub(1);
    let (column, row) = (place()?, place()?);
    mouse_event(button, column, row, is_up)
}

/// The bits: two of the button, shift, alt, control, moving, two more of the button.
fn mouse_event(bits: u8, column: u16, row: u16, is_up: bool) -> Option<Event> {
    let moving = bits & 0x20 != 0;
    let button = |number| match number {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        _ => MouseButton::Right,
    };
    let kind = match (bits & 3) | (bits >> 4 & 0x0c) {
        number @ 0..=2 if moving => MouseEventKind::Drag(button(number)),
        number @ 0..=2 if is_up => MouseEventKind::Up(button(number)),
        number @ 0..=2 => MouseEventKind::Down(button(number)),
        3..=5 if moving => MouseEventKind::Moved,
        3 => MouseEventKind::Up(MouseButton::Left),
        4 => MouseEventKind::ScrollUp,
        5 => MouseEventKind::ScrollDown,
        6 if !moving => MouseEventKind::ScrollLeft,
        7 if !moving => MouseEventKind::ScrollRight,
        _ => return None,
    };
    let names = [(0x04, KeyModifiers::SHIFT), (0x08, KeyModifiers::ALT), (0x10, KeyModifiers::CONTROL)];
    let held = names.into_iter().filter(|(bit, _)| bits & bit != 0);
    let modifiers = held.fold(KeyModifiers::NONE, |all, (_, modifier)| all | modifier);
    Some(Event::Mouse(MouseEvent { kind, column, row, modifiers }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn events(bytes: &[u8]) -> Vec<Event> {
        let mut keys = Keys::default();
        let mut events = keys.feed(bytes);
        events.append(&mut keys.finish());
        events
    }

    fn with(code: KeyCode, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn keys_are_those_of_crossterm() {
        use KeyCode::{
            BackTab, Backspace, Char, Delete, Down, End, Enter, Esc, F, Home, Insert, Left, PageDown, PageUp,
            Right, Tab, Up,
        };
        const NONE: KeyModifiers = KeyModifiers::NONE;
        const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
        const ALT: KeyModifiers = KeyModifiers::ALT;
        const CONTROL: KeyModifiers = KeyModifiers::CONTROL;
        let table: [(&[u8], KeyCode, KeyModifiers); 60] = [
            (b"a", Char('a'), NONE),
            (b"A", Char('A'), SHIFT),
            (b"/", Char('/'), NONE),
            (b" ", Char(' '), NONE),
            ("ä".as_bytes(), Char('ä'), NONE),
            ("Ä".as_bytes(), Char('Ä'), SHIFT),
            ("日".as_bytes(), Char('日'), NONE),
            ("🐕".as_bytes(), Char('🐕'), NONE),
            (b"\r", Enter, NONE),
            (b"\n", Char('j'), CONTROL),
            (b"\t", Tab, NONE),
            (b"\x7f", Backspace, NONE),
            (b"\0", Char(' '), CONTROL),
            (b"\x03", Char('c'), CONTROL),
            (b"\x1a", Char('z'), CONTROL),
            (b"\x1c", Char('4'), CONTROL),
            (b"\x1f", Char('7'), CONTROL),
            (b"\x1b", Esc, NONE),
            (b"\x1bx", Char('x'), ALT),
            (b"\x1bX", Char('X'), ALT.union(SHIFT)),
            (b"\x1b\r", Enter, ALT),
            (b"\x1b\x7f", Backspace, ALT),
            (b"\x1b\x03", Char('c'), ALT.union(CONTROL)),
            (b"\x1b\xc3\xa4", Char('ä'), ALT),
            (b"\x1b[A", Up, NONE),
            (b"\x1b[B", Down, NONE),
            (b"\x1b[C", Right, NONE),
            (b"\x1b[D", Left, NONE),
            (b"\x1b[H", Home, NONE),
            (b"\x1b[F", End, NONE),
            (b"\x1b[Z", BackTab, SHIFT),
            (b"\x1b[P", F(1), NONE),
            (b"\x1bOA", Up, NONE),
            (b"\x1bOH", Home, NONE),
            (b"\x1bOP", F(1), NONE),
            (b"\x1bOR", F(3), NONE),
            (b"\x1bOS", F(4), NONE),
            (b"\x1b[[A", F(1), NONE),
            (b"\x1b[[E", F(5), NONE),
            (b"\x1b[1~", Home, NONE),
            (b"\x1b[2~", Insert, NONE),
            (b"\x1b[3~", Delete, NONE),
            (b"\x1b[4~", End, NONE),
            (b"\x1b[5~", PageUp, NONE),
            (b"\x1b[6~", PageDown, NONE),
            (b"\x1b[11~", F(1), NONE),
            (b"\x1b[15~", F(5), NONE),
            (b"\x1b[17~", F(6), NONE),
            (b"\x1b[21~", F(10), NONE),
            (b"\x1b[23~", F(11), NONE),
            (b"\x1b[24~", F(12), NONE),
            (b"\x1b[34~", F(17), NONE),
            (b"\x1b[6;5~", PageDown, CONTROL),
            (b"\x1b[3;2~", Delete, SHIFT),
            (b"\x1b[1;5C", Right, CONTROL),
            (b"\x1b[1;2A", Up, SHIFT),
            (b"\x1b[1;3D", Left, ALT),
            (b"\x1b[1;8P", F(1), ALT.union(SHIFT).union(CONTROL)),
            (b"\x1b[97;5u", Char('a'), CONTROL),
            (b"\x1b[27u", Esc, NONE),
        ];
        for (bytes, code, modifiers) in table {
            assert_eq!(events(bytes), [with(code, modifiers)], "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn other_events_are_those_of_crossterm() {
        let mouse = |kind, column, row, modifiers| Event::Mouse(MouseEvent { kind, column, row, modifiers });
        let none = KeyModifiers::NONE;
        let table: [(&[u8], Event); 13] = [
            (b"\x1b[I", Event::FocusGained),
            (b"\x1b[O", Event::FocusLost),
            (b"\x1b[200~a\x1b[Ab\n\x1b[201~", Event::Paste("a\u{1b}[Ab\n".to_owned())),
            (b"\x1b[<0;20;10M", mouse(MouseEventKind::Down(MouseButton::Left), 19, 9, none)),
            (b"\x1b[<0;20;10m", mouse(MouseEventKind::Up(MouseButton::Left), 19, 9, none)),
            (b"\x1b[<2;1;1M", mouse(MouseEventKind::Down(MouseButton::Right), 0, 0, none)),
            (b"\x1b[<32;5;6M", mouse(MouseEventKind::Drag(MouseButton::Left), 4, 5, none)),
            (b"\x1b[<35;5;6M", mouse(MouseEventKind::Moved, 4, 5, none)),
            (b"\x1b[<64;5;6M", mouse(MouseEventKind::ScrollUp, 4, 5, none)),
            (b"\x1b[<65;5;6M", mouse(MouseEventKind::ScrollDown, 4, 5, none)),
            (
                b"\x1b[<20;5;6M",
                mouse(
                    MouseEventKind::Down(MouseButton::Left),
                    4,
                    5,
                    KeyModifiers::SHIFT | KeyModifiers::CONTROL,
                ),
            ),
            (b"\x1b[32;30;40M", mouse(MouseEventKind::Down(MouseButton::Left), 29, 39, none)),
            (
                b"\x1b[M0\x60\x70",
                mouse(MouseEventKind::Down(MouseButton::Left), 63, 79, KeyModifiers::CONTROL),
            ),
        ];
        for (bytes, event) in table {
            assert_eq!(events(bytes), [event], "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn sequences_that_are_no_keys_say_nothing() {
        for bytes in [
            &b"\x1b[6;17;8t"[..],
            b"\x1b[?62;4c",
            b"\x1b[?2026;2$y",
            b"\x1b[99~",
            b"\x1b[1;1R",
            b"\x80",
            b"\x1bOx",
        ] {
            assert_eq!(events(bytes), [], "{}", bytes.escape_ascii());
        }
        // What breaks a sequence off is heard.
        assert_eq!(events(b"\x1b[1;\x1b[A"), [key(KeyCode::Up)]);
    }

    #[test]
    fn an_escape_that_was_waited_for_is_a_key() {
        let mut keys = Keys::default();
        assert_eq!(keys.feed(b"\x1b"), []);
        assert_eq!(keys.feed(b"[A"), [key(KeyCode::Up)]);
        assert_eq!(keys.read(b"j\x1b"), [key(KeyCode::Char('j')), key(KeyCode::Esc)]);
        assert_eq!(keys.read(b"\x1b[1"), []);
        assert_eq!(keys.read(b";5A"), [with(KeyCode::Up, KeyModifiers::CONTROL)]);
        // Unlike with crossterm, two escapes are two.
        assert_eq!(keys.read(b"\x1b\x1b"), [key(KeyCode::Esc), key(KeyCode::Esc)]);
        let spelled = ["[", "6", ";"].map(|text| key(KeyCode::Char(text.chars().next().unwrap_or_default())));
        keys.feed(b"\x1b[6;");
        assert_eq!(keys.finish(), [&[key(KeyCode::Esc)][..], &spelled].concat());
    }

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            any::<u8>().prop_map(|byte| vec![byte]),
            proptest::sample::select(&b"\x1b[<0123456789;:~ABMmOIPuZ?"[..]).prop_map(|byte| vec![byte]),
            Just(b"\x1b[".to_vec()),
            Just(PASTE_BEGINS.to_vec()),
            Just(PASTE_ENDS.to_vec()),
            Just("日".as_bytes().to_vec()),
        ];
        proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same(bytes in bytes(), cuts in proptest::collection::vec(0_usize..80, 0..4)) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.sort_unstable();
            cuts.push(bytes.len());
            let mut keys = Keys::default();
            let (mut split, mut from) = (Vec::new(), 0);
            for cut in cuts {
                split.append(&mut keys.feed(&bytes[from..cut]));
                from = cut;
            }
            split.append(&mut keys.finish());
            prop_assert_eq!(split, events(&bytes));
        }
    }
}
