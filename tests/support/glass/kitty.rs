//! What kitty keeps: pictures that were sent, and where they are shown.
//!
//! After the published protocol, and kitty's own behaviour where that is silent: the main and the
//! alternate screen have pictures of their own; a picture that is sent again loses its placements;
//! deleting everything leaves virtual placements and their pictures alone.

use std::collections::BTreeMap;
use std::io::Read;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use image::RgbaImage;

/// Longest chunk of base64 in one sequence.
const LONGEST_CHUNK: usize = 4096;

/// A picture in the terminal's memory.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) id: u32,
    number: u32,
    pub(crate) pixels: RgbaImage,
    /// Tells apart pictures without an id.
    pub(crate) serial: usize,
}

/// Where a picture is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placement {
    /// Of the picture.
    pub(crate) serial: usize,
    image: u32,
    pub(crate) id: u32,
    pub(crate) place: Place,
    /// Left, top, width and height of the part that is shown, in pixels.
    pub(crate) source: (u32, u32, u32, u32),
    pub(crate) z: i32,
    /// Columns and rows.
    pub(crate) cells: (u32, u32),
    /// Left, top, right and bottom in pixels, from the corner of the screen.
    pub(crate) target: (i64, i64, i64, i64),
}

/// The two kinds of placements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A model for placeholder cells.
    Virtual,
    /// At a cell: column, and row, which is negative when it was scrolled out.
    At(u32, i64),
}

/// The pictures of one of the two screens.
#[derive(Clone, Debug, Default)]
pub(crate) struct Board {
    pub(crate) images: Vec<Stored>,
    pub(crate) placements: Vec<Placement>,
}

#[derive(Clone, Debug)]
struct Transfer {
    command: Command,
    bytes: Vec<u8>,
    /// Whether the last chunk carried anything.
    went_on: bool,
}

/// What the screen is like when a command comes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surroundings {
    /// Row and column of the cursor.
    pub(crate) cursor: (u16, u16),
    /// Columns and rows.
    pub(crate) screen: (u16, u16),
    /// Width and height of a cell in pixels.
    pub(crate) cell: (u16, u16),
    /// Whether the terminal finds the other one of columns and rows by the aspect.
    pub(crate) knows_aspect: bool,
}

impl Surroundings {
    /// What of so many columns and rows from the cursor on lies beyond the screen, in words. Where
    /// the screen may scroll it makes room.
    pub(crate) fn beyond(self, cells: (u32, u32), may_scroll: bool) -> Option<String> {
        let right = u32::from(self.cursor.1) + cells.0;
        let bottom = u32::from(self.cursor.0) + cells.1;
        let (columns, rows) = self.screen;
        (right > u32::from(columns) || (bottom > u32::from(rows) && !may_scroll))
            .then(|| format!("a picture reaches column {right} and row {bottom} of {columns}x{rows}"))
    }
}

/// What comes of a command.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) reply: Option<String>,
    pub(crate) faults: Vec<String>,
    /// Columns and rows by which the cursor moves.
    pub(crate) steps: Option<(u32, u32)>,
}

/// Both screens and what is on its way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kitty {
    boards: [Board; 2],
    transfer: Option<Transfer>,
    serial: usize,
}

/// The keys and values of one sequence, and its payload.
#[derive(Clone, Debug, Default)]
struct Command {
    keys: BTreeMap<char, String>,
    payload: Vec<u8>,
}

impl Command {
    fn read(body: &[u8]) -> Result<Self, String> {
        let mut halves = body.splitn(2, |byte| *byte == b';');
        let head = String::from_utf8_lossy(halves.next().unwrap_or_default()).into_owned();
        let payload = halves.next().unwrap_or_default().to_vec();
        let mut keys = BTreeMap::new();
        for pair in head.split(',').filter(|pair| !pair.is_empty()) {
            let (key, value) =
                pair.split_once('=').ok_or(format!("kitty: {pair:?} is no key with a value"))?;
            let mut letters = key.chars();
            let (Some(key), None) = (letters.next(), letters.next()) else {
                return Err(format!("kitty: key {key:?} is no letter"));
            };
            let is_right = match key {
                'a' | 't' | 'o' | 'd' => value.chars().count() == 1,
                'z' | 'H' | 'V' => value.parse::<i32>().is_ok(),
                'f' | 's' | 'v' | 'S' | 'O' | 'i' | 'I' | 'p' | 'm' | 'q' | 'x' | 'y' | 'w' | 'h' | 'X'
                | 'Y' | 'c' | 'r' | 'C' | 'U' | 'P' | 'Q' => value.parse::<u32>().is_ok(),
                _ => return Err(format!("kitty: no key {key:?}")),
            };
            if !is_right {
                return Err(format!("kitty: {key}={value:?}"));
            }
            if keys.insert(key, value.to_owned()).is_some() {
                return Err(format!("kitty: {key} twice"));
            }
        }
        Ok(Self { keys, payload })
    }

    fn number(&self, key: char) -> u32 {
        self.keys.get(&key).and_then(|value| value.parse().ok()).unwrap_or(0)
    }

    fn letter(&self, key: char, otherwise: char) -> char {
        self.keys.get(&key).and_then(|value| value.chars().next()).unwrap_or(otherwise)
    }

    fn z(&self) -> i32 {
        self.keys.get(&'z').and_then(|value| value.parse().ok()).unwrap_or(0)
    }

    /// What the terminal answers, if it is not told to be silent and knows whom it speaks of.
    fn reply(&self, result: &Result<(), String>) -> Option<String> {
        let (id, number, placement) = (self.number('i'), self.number('I'), self.number('p'));
        let quiet = self.number('q');
        if (id == 0 && number == 0) || quiet > 1 || (quiet == 1 && result.is_ok()) {
            return None;
        }
        let mut name = format!("i={id}");
        if number > 0 {
            name.push_str(&format!(",I={number}"));
        }
        if placement > 0 {
            name.push_str(&format!(",p={placement}"));
        }
        let said = result.as_ref().err().map_or("OK", String::as_str);
        Some(format!("\u{1b}_G{name};{said}\u{1b}\\"))
    }
}

impl Kitty {
    pub(crate) fn board(&self, alternate: bool) -> &Board {
        &self.boards[usize::from(alternate)]
    }

    /// Bytes of each picture in memory, those of both screens.
    pub(crate) fn memory(&self) -> BTreeMap<u32, usize> {
        let mut memory = BTreeMap::new();
        for image in self.boards.iter().flat_map(|board| &board.images) {
            *memory.entry(image.id).or_default() += image.pixels.as_raw().len();
        }
        memory
    }

    pub(crate) fn is_unfinished(&self) -> bool {
        self.transfer.is_some()
    }

    /// Erasing a whole screen and coming to the alternate one: nothing stays but what virtual
    /// placements hold.
    pub(crate) fn clear(&mut self, alternate: bool) {
        let board = &mut self.boards[usize::from(alternate)];
        board.placements.retain(|placement| placement.place == Place::Virtual);
        let placements = &board.placements;
        board.images.retain(|image| placements.iter().any(|placement| placement.serial == image.serial));
    }

    /// Pictures go up with the text.
    pub(crate) fn scroll(&mut self, alternate: bool, rows: i64, cell_height: u16) {
        let board = &mut self.boards[usize::from(alternate)];
        for placement in &mut board.placements {
            if let Place::At(column, row) = placement.place {
                placement.place = Place::At(column, row - rows);
                placement.target.1 -= rows * i64::from(cell_height);
                placement.target.3 -= rows * i64::from(cell_height);
            }
        }
        board.placements.retain(|placement| placement.place == Place::Virtual || placement.target.3 > 0);
    }

    /// Does what an APC sequence that begins with `G` asks for; `body` is without the `G`.
    pub(crate) fn command(&mut self, body: &[u8], alternate: bool, around: Surroundings) -> Outcome {
        let command = match Command::read(body) {
            Ok(command) => command,
            Err(fault) => return Outcome { faults: vec![fault], ..Outcome::default() },
        };
        let mut outcome = Outcome::default();
        if let Some(transfer) = self.transfer.take() {
            self.go_on(transfer, command, alternate, around, &mut outcome);
            return outcome;
        }
        if command.number('i') > 0 && command.number('I') > 0 {
            outcome.faults.push("kitty: both an id and a number".to_owned());
        }
        match command.letter('a', 't') {
            't' | 'T' | 'q' => self.begin(command, alternate, around, &mut outcome),
            'p' => {
                let result = self.put(&command, None, alternate, around, &mut outcome);
                outcome.reply = command.reply(&result);
                outcome.faults.extend(result.err().map(|error| format!("kitty: a=p: {error}")));
            }
            'd' => self.delete(&command, alternate, around, &mut outcome),
            other => outcome.faults.push(format!("kitty: action {other:?} is not known here")),
        }
        outcome
    }

    fn begin(&mut self, command: Command, alternate: bool, around: Surroundings, outcome: &mut Outcome) {
        let id = command.number('i');
        if command.letter('a', 't') != 'q' && id > 0 {
            // The old picture goes at the first chunk of the new one, and its placements with it.
            self.boards[usize::from(alternate)].forget(|image| image.id == id);
        }
        let mut transfer = Transfer { command: command.clone(), bytes: Vec::new(), went_on: false };
        transfer.take(&command, outcome);
        self.go_or_finish(transfer, &command, alternate, around, outcome);
    }

    fn go_on(
        &mut self,
        mut transfer: Transfer,
        command: Command,
        alternate: bool,
        around: Surroundings,
        outcome: &mut Outcome,
    ) {
        let only_chunk = command.keys.keys().all(|key| matches!(key, 'm' | 'q'));
        if !only_chunk || !command.keys.contains_key(&'m') {
            let keys: Vec<String> =
                command.keys.iter().map(|(key, value)| format!("{key}={value}")).collect();
            outcome.faults.push(format!("kitty: {} while a transfer is unfinished", keys.join(",")));
        }
        if command.letter('a', 't') == 'd' {
            // kitty drops what was on its way.
            return self.delete(&command, alternate, around, outcome);
        }
        transfer.take(&command, outcome);
        self.go_or_finish(transfer, &command, alternate, around, outcome);
    }

    fn go_or_finish(
        &mut self,
        mut transfer: Transfer,
        chunk: &Command,
        alternate: bool,
        around: Surroundings,
        outcome: &mut Outcome,
    ) {
        if chunk.number('m') == 1 {
            self.transfer = Some(transfer);
            return;
        }
        if let Some(quiet) = chunk.keys.get(&'q') {
            transfer.command.keys.insert('q', quiet.clone());
        }
        let command = &transfer.command;
        let decoded = transfer.decode();
        // An empty last chunk is how a transfer is broken off.
        let is_broken_off = decoded.is_err() && !transfer.went_on;
        let result = decoded.and_then(|pixels| self.keep(command, pixels, alternate, around, outcome));
        outcome.reply = command.reply(&result);
        if let (Err(error), false) = (result, is_broken_off) {
            outcome.faults.push(format!("kitty: {error}"));
        }
    }

    fn keep(
        &mut self,
        command: &Command,
        pixels: RgbaImage,
        alternate: bool,
        around: Surroundings,
        outcome: &mut Outcome,
    ) -> Result<(), String> {
        let action = command.letter('a', 't');
        if action == 'q' {
            return Ok(());
        }
        self.serial += 1;
        let serial = self.serial;
        let stored = Stored { id: command.number('i'), number: command.number('I'), pixels, serial };
        self.boards[usize::from(alternate)].images.push(stored);
        if action == 'T' { self.put(command, Some(serial), alternate, around, outcome) } else { Ok(()) }
    }

    /// Shows a picture: that with a serial number, or that which the command names.
    fn put(
        &mut self,
        command: &Command,
        serial: Option<usize>,
        alternate: bool,
        around: Surroundings,
        outcome: &mut Outcome,
    ) -> Result<(), String> {
        let board = &mut self.boards[usize::from(alternate)];
        let (id, number) = (command.number('i'), command.number('I'));
        let is_meant = |image: &&Stored| match serial {
            Some(serial) => image.serial == serial,
            None => (id > 0 && image.id == id) || (number > 0 && image.number == number),
        };
        let Some(image) = board.images.iter().rev().find(is_meant) else {
            return Err(format!("ENOENT:no picture {id}"));
        };
        let placement = Placement::new(command, image, around)?;
        if (command.number('c') == 0) != (command.number('r') == 0) && !around.knows_aspect {
            outcome.faults.push("kitty: with one of columns and rows alone it is stretched".to_owned());
        }
        if placement.place != Place::Virtual {
            let may_scroll = command.number('C') == 0 && !alternate;
            let beyond = around.beyond(placement.cells, may_scroll);
            outcome.faults.extend(beyond.map(|beyond| format!("kitty: {beyond}")));
            if command.number('C') == 0 {
                outcome.steps = Some(placement.cells);
            }
        }
        if placement.id > 0 && image.id > 0 {
            board.placements.retain(|old| (old.image, old.id) != (placement.image, placement.id));
        }
        board.placements.push(placement);
        Ok(())
    }

    fn delete(&mut self, command: &Command, alternate: bool, around: Surroundings, outcome: &mut Outcome) {
        let board = &mut self.boards[usize::from(alternate)];
        let what = command.letter('d', 'a');
        let (id, placement) = (command.number('i'), command.number('p'));
        let (x, y) = (i64::from(command.number('x')) - 1, i64::from(command.number('y')) - 1);
        let cursor = (i64::from(around.cursor.1), i64::from(around.cursor.0));
        if what.eq_ignore_ascii_case(&'i') && id == 0 {
            outcome.faults.push("kitty: d=i without an id".to_owned());
        }
        let newest = board
            .images
            .iter()
            .rev()
            .find(|image| command.number('I') > 0 && image.number == command.number('I'));
        let newest = newest.map(|image| image.serial);
        let is_this = |shown: &Placement| placement == 0 || shown.id == placement;
        let range = command.number('x')..=command.number('y');
        let is_meant = |shown: &Placement| match what.to_ascii_lowercase() {
            'a' => shown.place != Place::Virtual,
            'i' => id > 0 && shown.image == id && is_this(shown),
            'n' => Some(shown.serial) == newest && is_this(shown),
            'r' => shown.image > 0 && range.contains(&shown.image),
            'c' => shown.covers(Some(cursor.0), Some(cursor.1)),
            'p' => shown.covers(Some(x), Some(y)),
            'q' => shown.covers(Some(x), Some(y)) && shown.z == command.z(),
            'x' => shown.covers(Some(x), None),
            'y' => shown.covers(None, Some(y)),
            'z' => shown.place != Place::Virtual && shown.z == command.z(),
            _ => false,
        };
        if !"aincpqrxyz".contains(what.to_ascii_lowercase()) {
            outcome.faults.push(format!("kitty: d={what} is not known here"));
        }
        let met: Vec<usize> =
            board.placements.iter().filter(|shown| is_meant(shown)).map(|shown| shown.serial).collect();
        board.placements.retain(|shown| !is_meant(shown));
        let shown: Vec<usize> = board.placements.iter().map(|shown| shown.serial).collect();
        let is_named = |image: &Stored| match what {
            'I' => placement == 0 && id > 0 && image.id == id,
            'N' => placement == 0 && Some(image.serial) == newest,
            'R' => image.id > 0 && range.contains(&image.id),
            _ => false,
        };
        board.images.retain(|image| {
            let is_free = !shown.contains(&image.serial);
            let goes = what.is_ascii_uppercase() || (image.id == 0 && image.number == 0);
            !(is_free && goes && (met.contains(&image.serial) || is_named(image)))
        });
    }
}

impl Board {
    fn forget(&mut self, is_meant: impl Fn(&Stored) -> bool) {
        let gone: Vec<usize> =
            self.images.iter().filter(|image| is_meant(image)).map(|image| image.serial).collect();
        self.images.retain(|image| !gone.contains(&image.serial));
        self.placements.retain(|placement| !gone.contains(&placement.serial));
    }

    /// The picture of a placeholder with this id, and its newest virtual placement.
    pub(crate) fn model(&self, id: u32) -> Option<(&Stored, &Placement)> {
        let image = self.images.iter().rev().find(|image| image.id == id && id > 0)?;
        let is_meant = |shown: &&Placement| shown.serial == image.serial && shown.place == Place::Virtual;
        Some((image, self.placements.iter().rev().find(is_meant)?))
    }

    /// The placements that lie on the screen, in the order in which they are painted.
    pub(crate) fn direct(&self) -> Vec<(&Stored, &Placement)> {
        let is_direct = |shown: &&Placement| shown.place != Place::Virtual;
        let image = |shown: &Placement| self.images.iter().find(|image| image.serial == shown.serial);
        let mut direct: Vec<_> = self
            .placements
            .iter()
            .filter(is_direct)
            .filter_map(|shown| Some((image(shown)?, shown)))
            .collect();
        direct.sort_by_key(|(image, shown)| (shown.z, image.id, image.serial));
        direct
    }
}

impl Placement {
    fn new(command: &Command, image: &Stored, around: Surroundings) -> Result<Self, String> {
        let number = |key| command.number(key);
        let (width, height) = image.pixels.dimensions();
        let (left, top) = (number('x').min(width), number('y').min(height));
        let side = |wanted: u32, left: u32| if wanted == 0 { left } else { wanted.min(left) };
        let source = (left, top, side(number('w'), width - left), side(number('h'), height - top));
        if source.2 == 0 || source.3 == 0 {
            return Err("EINVAL:no part of the picture is shown".to_owned());
        }
        let cell = (u32::from(around.cell.0), u32::from(around.cell.1));
        let offset = (number('X'), number('Y'));
        if offset.0 >= cell.0 || offset.1 >= cell.1 {
            return Err("EINVAL:the offset is no smaller than a cell".to_owned());
        }
        let (columns, rows) = (number('c'), number('r'));
        // Right and bottom edge in pixels, from the corner of the first cell.
        let (right, bottom) = match (columns, rows) {
            (0, 0) => (offset.0 + source.2, offset.1 + source.3),
            (_, 0) => (columns * cell.0, (columns * cell.0 * source.3).div_ceil(source.2).max(1)),
            (0, _) => ((rows * cell.1 * source.2).div_ceil(source.3).max(1), rows * cell.1),
            _ => (columns * cell.0, rows * cell.1),
        };
        let cells = (right.div_ceil(cell.0), bottom.div_ceil(cell.1));
        let place = if number('U') == 1 {
            Place::Virtual
        } else {
            Place::At(u32::from(around.cursor.1), i64::from(around.cursor.0))
        };
        let corner =
            (i64::from(around.cursor.1) * i64::from(cell.0), i64::from(around.cursor.0) * i64::from(cell.1));
        let target = (
            corner.0 + i64::from(offset.0),
            corner.1 + i64::from(offset.1),
            corner.0 + i64::from(right),
            corner.1 + i64::from(bottom),
        );
        let (serial, id, z) = (image.serial, number('p'), command.z());
        Ok(Self { serial, image: image.id, id, place, source, z, cells, target })
    }

    /// Whether it lies over a column, a row, or a cell.
    fn covers(&self, column: Option<i64>, row: Option<i64>) -> bool {
        let Place::At(left, top) = self.place else { return false };
        let is_within = |at: i64, first: i64, count: u32| (first..first + i64::from(count)).contains(&at);
        column.is_none_or(|column| is_within(column, i64::from(left), self.cells.0))
            && row.is_none_or(|row| is_within(row, top, self.cells.1))
    }
}

impl Transfer {
    /// Takes in one chunk.
    fn take(&mut self, command: &Command, outcome: &mut Outcome) {
        let chunk = &command.payload;
        self.went_on = !chunk.is_empty();
        let is_last = command.number('m') != 1;
        let mut fault = |what: String| outcome.faults.push(format!("kitty: {what}"));
        if command.number('m') > 1 {
            fault(format!("m={}", command.number('m')));
        }
        if chunk.len() > LONGEST_CHUNK {
            fault(format!("a chunk of {} characters", chunk.len()));
        }
        if !is_last && !chunk.len().is_multiple_of(4) {
            fault(format!("a chunk of {} characters, which is no multiple of four", chunk.len()));
        }
        if !is_last && chunk.contains(&b'=') {
            fault("padding within the payload".to_owned());
        }
        match base64(chunk) {
            Ok(bytes) => self.bytes.extend(bytes),
            Err(error) => fault(format!("base64: {error}")),
        }
    }

    /// The pixels of the whole payload.
    fn decode(&self) -> Result<RgbaImage, String> {
        let command = &self.command;
        let mut bytes = match command.letter('t', 'd') {
            'd' => self.bytes.clone(),
            't' | 'f' => {
                let path = String::from_utf8_lossy(&self.bytes).into_owned();
                std::fs::read(&path).map_err(|error| format!("EBADF:{path}: {error}"))?
            }
            other => return Err(format!("EINVAL:medium {other:?} is not known here")),
        };
        match command.letter('o', '-') {
            '-' => {}
            'z' => {
                let mut plain = Vec::new();
                let read = flate2::read::ZlibDecoder::new(bytes.as_slice()).read_to_end(&mut plain);
                read.map_err(|error| format!("EINVAL:zlib: {error}"))?;
                bytes = plain;
            }
            other => return Err(format!("EINVAL:compression {other:?}")),
        }
        let (width, height) = (command.number('s'), command.number('v'));
        let format = if command.keys.contains_key(&'f') { command.number('f') } else { 32 };
        match format {
            100 => image::load_from_memory_with_format(&bytes, image::ImageFormat::Png)
                .map(image::DynamicImage::into_rgba8)
                .map_err(|error| format!("EBADPNG:{error}")),
            24 | 32 => raw(&bytes, (width, height), format / 8),
            other => Err(format!("EINVAL:format {other}")),
        }
    }
}

/// Pixels of three or four bytes each.
fn raw(bytes: &[u8], (width, height): (u32, u32), depth: u32) -> Result<RgbaImage, String> {
    let expected = u64::from(width) * u64::from(height) * u64::from(depth);
    if expected == 0 || bytes.len() as u64 != expected {
        return Err(format!("ENODATA:{} bytes for {width}x{height} pixels of {depth} bytes", bytes.len()));
    }
    let pixels: Vec<u8> = match depth {
        4 => bytes.to_vec(),
        _ => bytes.chunks_exact(3).flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 255]).collect(),
    };
    RgbaImage::from_raw(width, height, pixels).ok_or("ENODATA".to_owned())
}

/// Decodes base64 with or without padding.
pub(crate) fn base64(text: &[u8]) -> Result<Vec<u8>, base64::DecodeError> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(&STANDARD, config).decode(text)
}
