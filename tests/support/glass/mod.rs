//! A terminal that sees: it takes the bytes of a program and knows what is on the glass.
//!
//! Cells are the business of vt100. Beside them are the pictures of kitty, iTerm2 and sixel, so that
//! [`Glass::pixels`] is what the eye would see. Whatever a real terminal would mishandle is a fault,
//! in words. A test feeds bytes and writes back what the terminal answers:
//!
//! ```text
//! let mut glass = Glass::new(100, 30, (10, 20), Profile::Kitty);
//! let answers = glass.feed(&bytes);            // to be written to the program
//! let seen = glass.pixels((50, 2, 40, 20));    // left, top, columns, rows
//! glass.finish();
//! assert_eq!(glass.faults(), [""; 0]);
//! assert!(glass.memory().is_empty());
//! ```

mod csi;
mod diacritics;
mod iterm;
mod kitty;
mod paint;
mod profile;
mod sixel;
mod split;

use std::collections::{BTreeMap, HashMap};

use image::{RgbaImage, imageops};
use unicode_width::UnicodeWidthChar;

use csi::Csi;
use kitty::{Kitty, Surroundings};
use paint::View;
use split::{Piece, Splitter, Token};

#[allow(unused_imports, reason = "every test file uses a part of it")]
pub(crate) use {
    diacritics::{PLACEHOLDER, mark},
    paint::{psnr, rgb},
    profile::Profile,
};

/// Bytes that came, by what they were for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bytes {
    /// Text, colours, cursor, questions.
    pub(crate) cells: usize,
    pub(crate) kitty: usize,
    pub(crate) iterm: usize,
    pub(crate) sixel: usize,
}

impl Bytes {
    pub(crate) fn all(self) -> usize {
        self.cells + self.kitty + self.iterm + self.sixel
    }
}

/// Pixels of sixels and iTerm2's pictures, cell by cell: what is written there next takes them away.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tiles {
    /// By row and column.
    cells: HashMap<(u16, u16), RgbaImage>,
}

impl Tiles {
    fn tile(&self, row: u16, column: u16) -> Option<&RgbaImage> {
        self.cells.get(&(row, column))
    }

    fn erase(&mut self, rows: std::ops::Range<u16>, columns: std::ops::Range<u16>) {
        self.cells.retain(|(row, column), _| !(rows.contains(row) && columns.contains(column)));
    }

    /// Rows of a stretch go up, or down where `by` is negative.
    fn scroll(&mut self, (top, bottom): (u16, u16), by: i64) {
        let moved = std::mem::take(&mut self.cells).into_iter().filter_map(|((row, column), tile)| {
            if !(top..=bottom).contains(&row) {
                return Some(((row, column), tile));
            }
            let row = i64::from(row) - by;
            (i64::from(top)..=i64::from(bottom)).contains(&row).then_some(((row as u16, column), tile))
        });
        self.cells = moved.collect();
    }
}

/// Collects what vt100 makes no sense of.
#[derive(Debug, Default)]
struct Unhandled(Vec<String>);

impl vt100::Callbacks for Unhandled {
    fn resize(&mut self, _: &mut vt100::Screen, size: (u16, u16)) {
        self.0.push(format!("asks for a window of {size:?}"));
    }

    fn unhandled_char(&mut self, _: &mut vt100::Screen, letter: char) {
        self.0.push(format!("character U+{:04X}", u32::from(letter)));
    }

    fn unhandled_control(&mut self, _: &mut vt100::Screen, byte: u8) {
        self.0.push(format!("control {byte:#04x}"));
    }

    fn unhandled_escape(&mut self, _: &mut vt100::Screen, first: Option<u8>, _: Option<u8>, last: u8) {
        let first = first.map(char::from).map(String::from).unwrap_or_default();
        self.0.push(format!("unknown: ESC {first}{}", char::from(last)));
    }

    fn unhandled_csi(
        &mut self,
        _: &mut vt100::Screen,
        first: Option<u8>,
        _: Option<u8>,
        numbers: &[&[u16]],
        last: char,
    ) {
        let first = first.map(char::from).map(String::from).unwrap_or_default();
        self.0.push(format!("unknown: CSI {first}{numbers:?}{last}"));
    }
}

/// The terminal.
pub(crate) struct Glass {
    parser: vt100::Parser<Unhandled>,
    cell: (u16, u16),
    profile: Profile,
    straight: Splitter,
    /// What tmux passes through.
    passed: Splitter,
    kitty: Kitty,
    /// Of the main and of the alternate screen.
    tiles: [Tiles; 2],
    /// First and last row that scroll.
    region: (u16, u16),
    is_updating: bool,
    updates: usize,
    scrolled: usize,
    bytes: Bytes,
    faults: Vec<String>,
    replies: Vec<u8>,
    holds: bool,
}

impl Glass {
    /// An empty screen, with cells of so many pixels.
    pub(crate) fn new(columns: u16, rows: u16, cell: (u16, u16), profile: Profile) -> Self {
        Self {
            parser: vt100::Parser::new_with_callbacks(rows, columns, 0, Unhandled::default()),
            cell,
            profile,
            straight: Splitter::default(),
            passed: Splitter::default(),
            kitty: Kitty::default(),
            tiles: <[Tiles; 2]>::default(),
            region: (0, rows - 1),
            is_updating: false,
            updates: 0,
            scrolled: 0,
            bytes: Bytes::default(),
            faults: Vec::new(),
            replies: Vec::new(),
            holds: false,
        }
    }

    /// Takes in what a program writes; the answers that shall be written to it.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<u8> {
        for token in self.straight.split(bytes) {
            self.take(token);
        }
        if self.holds { Vec::new() } else { std::mem::take(&mut self.replies) }
    }

    /// From now on answers are kept until [`Self::release`]: a slow line.
    pub(crate) fn hold(&mut self) {
        self.holds = true;
    }

    /// The answers that were kept; later ones come at once again.
    pub(crate) fn release(&mut self) -> Vec<u8> {
        self.holds = false;
        std::mem::take(&mut self.replies)
    }

    /// The program has ended: what it left open are faults.
    pub(crate) fn finish(&mut self) {
        if !self.straight.is_at_rest() || !self.passed.is_at_rest() {
            self.fault("the stream ends within a sequence");
        }
        if self.is_updating {
            self.fault("a synchronized update is never ended");
        }
        if self.kitty.is_unfinished() {
            self.fault("kitty: a transfer is never finished");
        }
    }

    /// The window has another size. Sixels and iTerm2's pictures do not outlive that.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.parser.screen_mut().set_size(rows, columns);
        self.region = (0, rows - 1);
        self.tiles = <[Tiles; 2]>::default();
    }

    pub(crate) fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// What is seen of `(left, top, columns, rows)`, in the pixels of the cells.
    pub(crate) fn pixels(&self, area: (u16, u16, u16, u16)) -> RgbaImage {
        let alternate = self.screen().alternate_screen();
        let view = View {
            screen: self.screen(),
            board: self.kitty.board(alternate),
            tiles: &self.tiles[usize::from(alternate)],
            cell: self.cell,
            placeholders: self.profile.shows().placeholders,
        };
        view.pixels(area)
    }

    /// All that a real terminal would mishandle.
    pub(crate) fn faults(&self) -> &[String] {
        &self.faults
    }

    /// Bytes in the terminal's memory of each picture of kitty's protocol, by its id, those of both
    /// screens; what was sent without an id is 0.
    pub(crate) fn memory(&self) -> BTreeMap<u32, usize> {
        self.kitty.memory()
    }

    /// How many placements kitty has on the screen that is shown, virtual ones too.
    pub(crate) fn placements(&self) -> usize {
        self.kitty.board(self.screen().alternate_screen()).placements.len()
    }

    /// How many cells show a sixel or a picture of iTerm2's.
    pub(crate) fn tiles(&self) -> usize {
        self.tiles[usize::from(self.screen().alternate_screen())].cells.len()
    }

    pub(crate) fn bytes(&self) -> Bytes {
        self.bytes
    }

    /// How many synchronized updates were ended.
    pub(crate) fn updates(&self) -> usize {
        self.updates
    }

    /// Whether a synchronized update is open: what is seen is not a frame.
    pub(crate) fn is_updating(&self) -> bool {
        self.is_updating
    }

    /// How often the main screen scrolled, which is no fault.
    pub(crate) fn scrolled(&self) -> usize {
        self.scrolled
    }

    /// Placeholder cells that show nothing, in words: an id that is not there, a row or column that
    /// its placement does not have, marks that are wrong.
    pub(crate) fn lost(&self) -> Vec<String> {
        let mut lost = Vec::new();
        let board = self.kitty.board(self.screen().alternate_screen());
        for row in 0..self.screen().size().0 {
            for (column, wanted) in paint::placeholders(self.screen(), row) {
                let fault = match wanted {
                    Err(error) => Some(error),
                    Ok(_) if !self.profile.shows().placeholders => {
                        Some("a placeholder is shown as a character".to_owned())
                    }
                    Ok(wanted) => match board.model(wanted.id) {
                        None => Some(format!("placeholders of picture {}, which is not there", wanted.id)),
                        Some((_, placement))
                            if wanted.row >= placement.cells.1 || wanted.column >= placement.cells.0 =>
                        {
                            let (columns, rows) = placement.cells;
                            Some(format!(
                                "a placeholder of column {} and row {} of {columns}x{rows}",
                                wanted.column, wanted.row
                            ))
                        }
                        Some(_) => None,
                    },
                };
                if let Some(fault) = fault.map(|fault| format!("{fault} (at {column}, {row})"))
                    && lost.len() < 20
                {
                    lost.push(fault);
                }
            }
        }
        lost
    }

    fn fault(&mut self, what: impl Into<String>) {
        self.faults.push(what.into());
    }

    fn take(&mut self, token: Token) {
        let Token { piece, length } = token;
        match piece {
            Piece::Passed(bytes) => self.pass(&bytes, length),
            piece => {
                self.count(&piece, length);
                self.act(piece, self.profile);
            }
        }
    }

    /// tmux hands a string to the terminal around it.
    fn pass(&mut self, bytes: &[u8], length: usize) {
        let Some(outside) = self.profile.outside() else {
            self.bytes.cells += length;
            return self.fault("a passthrough, and there is no tmux");
        };
        let tokens = self.passed.split(bytes);
        let inside: usize = tokens.iter().map(|token| token.length).sum();
        for (place, Token { piece, length: own }) in tokens.into_iter().enumerate() {
            // What the wrapping takes counts for the first piece.
            let wrapping = if place == 0 { length.saturating_sub(inside) } else { 0 };
            self.count(&piece, own + wrapping);
            match piece {
                Piece::Text(_) | Piece::Control(_) => self.fault("text passed through tmux is lost to it"),
                piece => self.act(piece, outside),
            }
        }
    }

    fn count(&mut self, piece: &Piece, length: usize) {
        let for_whom = match piece {
            Piece::Apc(_) => &mut self.bytes.kitty,
            Piece::Osc(body) if body.starts_with(b"1337;") => &mut self.bytes.iterm,
            Piece::Dcs(body) if is_sixel(body) => &mut self.bytes.sixel,
            _ => &mut self.bytes.cells,
        };
        *for_whom += length;
    }

    /// Does what a piece says, as `terminal` would.
    fn act(&mut self, piece: Piece, terminal: Profile) {
        match piece {
            Piece::Text(letter) => self.text(letter),
            Piece::Control(byte) => self.control(byte),
            Piece::Escape(body) => self.escape(&body),
            Piece::Csi(body) => self.csi(&body, terminal),
            Piece::Apc(body) => self.apc(&body, terminal),
            Piece::Osc(body) => self.osc(&body, terminal),
            Piece::Dcs(body) => self.dcs(&body, terminal),
            Piece::Broken(what) => self.fault(what),
            Piece::Passed(_) => self.fault("a passthrough within a passthrough"),
        }
    }

    /// Lets vt100 do it.
    fn process(&mut self, bytes: &[u8]) {
        let before = self.screen().alternate_screen();
        self.parser.process(bytes);
        let unhandled = std::mem::take(&mut self.parser.callbacks_mut().0);
        self.faults.extend(unhandled);
        let after = self.screen().alternate_screen();
        if after && !before {
            self.kitty.clear(true);
            self.tiles[1].cells.clear();
        }
    }

    fn text(&mut self, letter: char) {
        let width = letter.width().unwrap_or(1) as u16;
        let (row, column) = self.screen().cursor_position();
        let columns = self.screen().size().1;
        if width > 0 && column + width > columns && row == self.region.1 {
            self.scroll(1, "text beyond the end of the last row");
        }
        self.process(letter.encode_utf8(&mut [0; 4]).as_bytes());
        let (row, column) = self.screen().cursor_position();
        self.erase(row..row + 1, column.saturating_sub(width)..column);
    }

    fn control(&mut self, byte: u8) {
        if matches!(byte, 0x0a..=0x0c) && self.screen().cursor_position().0 == self.region.1 {
            self.scroll(1, "a line feed in the last row");
        }
        self.process(&[byte]);
    }

    fn escape(&mut self, body: &[u8]) {
        match body {
            // UTF-8 terminals have ASCII in G0 anyway.
            b"(B" | b")B" | b"\\" => return,
            b"M" if self.screen().cursor_position().0 == self.region.0 => {
                self.scroll(-1, "a reverse line feed in the first row");
            }
            b"c" => {
                self.kitty = Kitty::default();
                self.tiles = <[Tiles; 2]>::default();
                self.region = (0, self.screen().size().0 - 1);
            }
            _ => {}
        }
        self.process(&[b"\x1b", body].concat());
    }

    fn csi(&mut self, body: &[u8], terminal: Profile) {
        match Csi::read(body) {
            Some(csi) => self.sequence(csi, terminal),
            None => self.fault(format!("malformed: CSI {}", String::from_utf8_lossy(body))),
        }
    }

    /// Takes sixels and iTerm2's pictures away.
    fn erase(&mut self, rows: std::ops::Range<u16>, columns: std::ops::Range<u16>) {
        let tiles = &mut self.tiles[usize::from(self.parser.screen().alternate_screen())];
        if !tiles.cells.is_empty() {
            tiles.erase(rows, columns);
        }
    }

    /// Pictures go with the text, up by so many rows. Programs that fill the screen must not scroll
    /// it; those that print may.
    fn scroll(&mut self, by: i64, why: &str) {
        let alternate = self.screen().alternate_screen();
        self.tiles[usize::from(alternate)].scroll(self.region, by);
        self.kitty.scroll(alternate, by, self.cell.1);
        self.scrolled += 1;
        if alternate {
            self.fault(format!("scrolls: {why}"));
        }
    }

    fn surroundings(&self, terminal: Profile) -> Surroundings {
        let (rows, columns) = self.screen().size();
        let (row, column) = self.screen().cursor_position();
        let cursor = (row, column.min(columns - 1));
        let knows_aspect = terminal != Profile::KittyOld;
        Surroundings { cursor, screen: (columns, rows), cell: self.cell, knows_aspect }
    }

    fn apc(&mut self, body: &[u8], terminal: Profile) {
        let Some(command) = body.strip_prefix(b"G") else {
            return self.fault("an APC sequence that is not kitty's");
        };
        let is_question = command
            .split(|byte| *byte == b';')
            .next()
            .is_some_and(|head| head.split(|byte| *byte == b',').any(|pair| pair == b"a=q"));
        if terminal.outside().is_some() {
            return self.fault("kitty: tmux takes it for the title of the pane");
        }
        if !terminal.shows().kitty {
            if !is_question {
                self.fault("kitty: a picture for a terminal that shows none");
            }
            return;
        }
        let alternate = self.screen().alternate_screen();
        let outcome = self.kitty.command(command, alternate, self.surroundings(terminal));
        self.faults.extend(outcome.faults);
        if let Some(reply) = outcome.reply
            && (!is_question || terminal.answers().kitty)
        {
            self.replies.extend(reply.as_bytes());
        }
        if let Some((columns, rows)) = outcome.steps {
            self.step(columns, rows);
        }
    }

    /// The cursor moves behind a picture, to its last row.
    fn step(&mut self, columns: u32, rows: u32) {
        let around = self.surroundings(self.profile);
        let bottom = u32::from(around.cursor.0) + rows.max(1);
        let height = u32::from(around.screen.1);
        if bottom > height {
            let by = bottom - height;
            self.scroll(i64::from(by), "a picture beyond the last row");
            let feeds = format!("\x1b[{height}H{}", "\n".repeat(by as usize));
            self.process(feeds.as_bytes());
        }
        let row = bottom.min(height);
        let column = (u32::from(around.cursor.1) + columns + 1).min(u32::from(around.screen.0));
        self.process(format!("\x1b[{row};{column}H").as_bytes());
    }

    fn osc(&mut self, body: &[u8], terminal: Profile) {
        let mut parts = body.splitn(2, |byte| *byte == b';');
        let number = parts.next().unwrap_or_default();
        let rest = parts.next().unwrap_or_default();
        match number {
            // Titles, links, folders, notices, the clipboard, colours.
            b"0" | b"1" | b"2" | b"7" | b"8" | b"9" | b"52" | b"104" | b"110" | b"111" | b"112" | b"133" => {}
            b"10" | b"11" if rest == b"?" => {
                let colour = if number == b"10" { "e5e5/e5e5/e5e5" } else { "0000/0000/0000" };
                if !matches!(terminal, Profile::Silent) {
                    let number = String::from_utf8_lossy(number);
                    self.replies.extend(format!("\x1b]{number};rgb:{colour}\x1b\\").as_bytes());
                }
            }
            b"1337" => match rest.strip_prefix(b"File=") {
                Some(file) => self.file(file, terminal),
                None => self.fault("iterm: no File="),
            },
            _ => self.fault(format!("unknown: OSC {}", String::from_utf8_lossy(number))),
        }
    }

    /// A picture of iTerm2's.
    fn file(&mut self, body: &[u8], terminal: Profile) {
        if !terminal.shows().iterm {
            return self.fault("iterm: a picture for a terminal that shows none");
        }
        let Some(file) = iterm::read(body, self.cell, &mut self.faults) else { return };
        let around = self.surroundings(self.profile);
        let (size, cells) = self.fit(&file, terminal);
        let keeps_cursor = file.keeps_cursor && terminal.shows().keeps_cursor;
        let may_scroll = !keeps_cursor && !self.screen().alternate_screen();
        if let Some(beyond) = around.beyond(cells, may_scroll) {
            self.fault(format!("iterm: {beyond}"));
        }
        self.cover(&paint::scaled(&file.pixels, size));
        if !keeps_cursor {
            self.step(cells.0, cells.1);
        }
    }

    /// The pixels and the cells that a picture of iTerm2's takes.
    fn fit(&self, file: &iterm::File, terminal: Profile) -> ((u32, u32), (u32, u32)) {
        let cell = (u32::from(self.cell.0), u32::from(self.cell.1));
        let space = (file.cells.0 * cell.0, file.cells.1 * cell.1);
        if !file.keeps_aspect {
            return (space, file.cells);
        }
        let (width, height) = (f64::from(file.pixels.width()), f64::from(file.pixels.height()));
        let (across, down) = (f64::from(space.0) / width, f64::from(space.1) / height);
        let scale = if terminal.shows().fits_width { across } else { across.min(down) };
        let side = |pixels: f64| ((pixels * scale).round() as u32).max(1);
        let size = (side(width), side(height));
        (size, (file.cells.0, file.cells.1.max(size.1.div_ceil(cell.1))))
    }

    /// Lays pixels over the cells from the cursor on.
    fn cover(&mut self, pixels: &RgbaImage) {
        let around = self.surroundings(self.profile);
        let (width, height) = (u32::from(self.cell.0), u32::from(self.cell.1));
        let tiles = &mut self.tiles[usize::from(self.parser.screen().alternate_screen())];
        for row in 0..pixels.height().div_ceil(height) {
            for column in 0..pixels.width().div_ceil(width) {
                let at = (u32::from(around.cursor.0) + row, u32::from(around.cursor.1) + column);
                if at.0 >= u32::from(around.screen.1) || at.1 >= u32::from(around.screen.0) {
                    continue;
                }
                let piece =
                    imageops::crop_imm(pixels, column * width, row * height, width, height).to_image();
                let at = (at.0 as u16, at.1 as u16);
                let tile = tiles.cells.entry(at).or_insert_with(|| RgbaImage::new(width, height));
                imageops::overlay(tile, &piece, 0, 0);
            }
        }
    }

    fn dcs(&mut self, body: &[u8], terminal: Profile) {
        if is_sixel(body) {
            return self.sixel(body, terminal);
        }
        match body {
            b"$qm" => self.tell_pen(terminal),
            _ if body.starts_with(b"$q") => self.answer(terminal, "\x1bP0$r\x1b\\"),
            _ if body.starts_with(b"+q") => self.answer(terminal, "\x1bP0+r\x1b\\"),
            _ => {
                let begun = String::from_utf8_lossy(body).chars().take(20).collect::<String>();
                self.fault(format!("unknown: DCS {begun}"));
            }
        }
    }

    fn answer(&mut self, terminal: Profile, reply: &str) {
        if terminal.answers().pen.is_some() {
            self.replies.extend(reply.as_bytes());
        }
    }

    /// What colour the pen has, if it is a 24-bit background.
    fn tell_pen(&mut self, terminal: Profile) {
        let Some((before, between)) = terminal.answers().pen else { return };
        let reply = match self.screen().bgcolor() {
            vt100::Color::Rgb(red, green, blue) => format!("{before}{red}{between}{green}{between}{blue}m"),
            _ => "1$r0m".to_owned(),
        };
        self.replies.extend(format!("\x1bP{reply}\x1b\\").as_bytes());
    }

    fn sixel(&mut self, body: &[u8], terminal: Profile) {
        if terminal.outside().is_some() || !terminal.shows().sixel {
            return self.fault("sixel: a picture for a terminal that shows none");
        }
        let head = body.iter().position(|byte| *byte == b'q').unwrap_or_default();
        let (parameters, data) = body.split_at(head);
        let parameters: Vec<u32> = parameters.split(|byte| *byte == b';').map(sixel::decimal).collect();
        let picture = sixel::paint(&parameters, data.strip_prefix(b"q").unwrap_or(data), paint::BACKGROUND);
        self.faults.extend(picture.faults);
        let around = self.surroundings(self.profile);
        let rows = picture.band_rows.div_ceil(u32::from(self.cell.1));
        let reaches_last = u32::from(around.cursor.0) + rows >= u32::from(around.screen.1);
        if reaches_last && self.screen().alternate_screen() {
            self.fault(format!(
                "sixel: {rows} rows from row {} on reach the last one and scroll",
                around.cursor.0
            ));
        }
        let columns = picture.pixels.width().div_ceil(u32::from(self.cell.0));
        if u32::from(around.cursor.1) + columns > u32::from(around.screen.0) {
            self.fault(format!("sixel: {columns} columns from column {} on", around.cursor.1));
        }
        self.cover(&picture.pixels);
        if rows > 0 {
            self.step(0, rows);
        }
    }
}

/// Whether a DCS string is `parameters q …`.
fn is_sixel(body: &[u8]) -> bool {
    body.iter().find(|byte| !(byte.is_ascii_digit() || **byte == b';')) == Some(&b'q')
}
