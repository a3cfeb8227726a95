//! The stream of a terminal, cut into its pieces.
//!
//! vt100 does not tell of every string that it skips, and graphics protocols live in those. So the
//! stream is cut here, at any cut of its bytes to the same pieces, and vt100 gets what is left.

/// Longest string that is still taken in; nothing sensible is longer.
const LONGEST: usize = 256 << 20;

/// One thing that the program said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A character to be shown.
    Text(char),
    /// A byte below a space.
    Control(u8),
    /// An escape sequence, without its ESC.
    Escape(Vec<u8>),
    /// A control sequence, without `ESC [`.
    Csi(Vec<u8>),
    /// `ESC _ … ESC \`
    Apc(Vec<u8>),
    /// `ESC P … ESC \`
    Dcs(Vec<u8>),
    /// `ESC ] … ESC \` or BEL
    Osc(Vec<u8>),
    /// What is in `ESC P tmux; … ESC \`, its doubled ESC single again.
    Passed(Vec<u8>),
    /// What no terminal makes sense of, in words.
    Broken(String),
}

/// A piece, and how many bytes it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) piece: Piece,
    pub(crate) length: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    /// Within a character of several bytes: so many are missing.
    Character(usize),
    Escape,
    Csi,
    /// Within a string; the byte after ESC tells which.
    String(u8),
    /// Within a string, after an ESC.
    StringEscape(u8),
}

/// Cuts a stream.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    state: State,
    taken: Vec<u8>,
    length: usize,
}

impl Splitter {
    /// The pieces that end within these bytes.
    pub(crate) fn split(&mut self, bytes: &[u8]) -> Vec<Token> {
        let mut tokens = Vec::new();
        for byte in bytes {
            self.length += 1;
            self.step(*byte, &mut tokens);
        }
        tokens
    }

    /// Whether the stream stands between two pieces.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.state == State::Ground
    }

    fn step(&mut self, byte: u8, tokens: &mut Vec<Token>) {
        match self.state {
            State::Ground => self.ground(byte, tokens),
            State::Character(missing) => self.character(byte, missing, tokens),
            State::Escape => self.escape(byte, tokens),
            State::Csi => self.csi(byte, tokens),
            State::String(kind) => self.string(kind, byte, tokens),
            State::StringEscape(kind) => self.string_escape(kind, byte, tokens),
        }
    }

    fn ground(&mut self, byte: u8, tokens: &mut Vec<Token>) {
        match byte {
            0x1b => self.state = State::Escape,
            0x00..=0x1f | 0x7f => self.end(Piece::Control(byte), tokens),
            0x20..=0x7e => self.end(Piece::Text(char::from(byte)), tokens),
            0xc2..=0xdf => self.begin_character(byte, 1),
            0xe0..=0xef => self.begin_character(byte, 2),
            0xf0..=0xf4 => self.begin_character(byte, 3),
            _ => self.end(Piece::Broken(format!("byte {byte:#04x} begins no character")), tokens),
        }
    }

    fn begin_character(&mut self, byte: u8, missing: usize) {
        self.taken.push(byte);
        self.state = State::Character(missing);
    }

    fn character(&mut self, byte: u8, missing: usize, tokens: &mut Vec<Token>) {
        if !(0x80..0xc0).contains(&byte) {
            self.length -= 1;
            let broken = Piece::Broken(format!("a character is cut short: {:02x?}", self.taken));
            self.end(broken, tokens);
            self.length = 1;
            return self.step(byte, tokens);
        }
        self.taken.push(byte);
        if missing > 1 {
            self.state = State::Character(missing - 1);
            return;
        }
        let piece = match std::str::from_utf8(&self.taken).ok().and_then(|text| text.chars().next()) {
            Some(character) => Piece::Text(character),
            None => Piece::Broken(format!("no character: {:02x?}", self.taken)),
        };
        self.end(piece, tokens);
    }

    fn escape(&mut self, byte: u8, tokens: &mut Vec<Token>) {
        match byte {
            b'[' if self.taken.is_empty() => self.state = State::Csi,
            b']' | b'P' | b'_' | b'^' | b'X' if self.taken.is_empty() => self.state = State::String(byte),
            0x20..=0x2f => self.taken.push(byte),
            0x30..=0x7e => {
                self.taken.push(byte);
                let taken = std::mem::take(&mut self.taken);
                self.end(Piece::Escape(taken), tokens);
            }
            _ => self.cut_short("an escape sequence", byte, tokens),
        }
    }

    fn csi(&mut self, byte: u8, tokens: &mut Vec<Token>) {
        match byte {
            0x20..=0x3f => self.taken.push(byte),
            0x40..=0x7e => {
                self.taken.push(byte);
                let taken = std::mem::take(&mut self.taken);
                self.end(Piece::Csi(taken), tokens);
            }
            _ => self.cut_short("a control sequence", byte, tokens),
        }
    }

    fn string(&mut self, kind: u8, byte: u8, tokens: &mut Vec<Token>) {
        match byte {
            0x1b => self.state = State::StringEscape(kind),
            0x07 if kind == b']' => self.end_string(kind, tokens),
            // CAN and SUB end every string.
            0x18 | 0x1a => self.cut_short("a string", byte, tokens),
            _ if self.taken.len() >= LONGEST => self.cut_short("a string without end", byte, tokens),
            _ => self.taken.push(byte),
        }
    }

    fn string_escape(&mut self, kind: u8, byte: u8, tokens: &mut Vec<Token>) {
        match byte {
            b'\\' => self.end_string(kind, tokens),
            0x1b if kind == b'P' && self.taken.starts_with(b"tmux;") => {
                self.taken.push(byte);
                self.state = State::String(kind);
            }
            _ => {
                self.length -= 1;
                self.cut_short("a string", 0x1b, tokens);
                self.length += 1;
                self.step(byte, tokens);
            }
        }
    }

    fn end_string(&mut self, kind: u8, tokens: &mut Vec<Token>) {
        let taken = std::mem::take(&mut self.taken);
        let piece = match kind {
            b'_' => Piece::Apc(taken),
            b']' => Piece::Osc(taken),
            b'P' => match taken.strip_prefix(b"tmux;") {
                Some(passed) => Piece::Passed(passed.to_vec()),
                None => Piece::Dcs(taken),
            },
            _ => Piece::Broken(format!("a string that nobody reads: ESC {}", char::from(kind))),
        };
        self.end(piece, tokens);
    }

    /// Ends a piece that is no piece. An ESC that ended it begins the next one.
    fn cut_short(&mut self, what: &str, byte: u8, tokens: &mut Vec<Token>) {
        let begun: String = String::from_utf8_lossy(&self.taken).chars().take(40).collect();
        let again = usize::from(byte == 0x1b);
        self.length -= again;
        self.end(Piece::Broken(format!("{what} is cut short by {byte:#04x}: {begun:?}")), tokens);
        if again == 1 {
            self.length = 1;
            self.state = State::Escape;
        }
    }

    fn end(&mut self, piece: Piece, tokens: &mut Vec<Token>) {
        tokens.push(Token { piece, length: self.length });
        self.state = State::Ground;
        self.taken.clear();
        self.length = 0;
    }
}
