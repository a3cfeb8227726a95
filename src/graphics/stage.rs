//! What of the pictures is on the glass and in the terminal's memory, and what has to be written to make
//! it what a screen wants.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Weak};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;

use super::kitty::{self, Id, Place};
use super::sheet::{Payload, Sheet};
use super::view::{View, views};
use super::{Mode, Painting, Sight, memory};

/// What is to be written around the cells of a frame.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Strokes {
    /// Before them: erasing.
    pub before: Vec<u8>,
    /// After them: painting. The cursor stays where it was.
    pub after: Vec<u8>,
}

/// A part of a transfer.
#[derive(Debug, PartialEq, Eq)]
pub struct Slice {
    /// What is to be written.
    pub bytes: Vec<u8>,
    /// Whether a picture is complete with it, so that the screen should be drawn again.
    pub completes: bool,
}

/// The one that knows what the terminal shows of pictures.
///
/// Once a frame, [`Stage::set`] replaces the claims in the finished buffer by cells, and says what has to
/// be written around them. Between frames, [`Stage::slice`] gives what goes into the terminal's memory,
/// piece by piece, so that a key never waits for a whole picture.
#[derive(Debug)]
pub struct Stage {
    sight: Sight,
    /// High byte of the ids of this process.
    high: u8,
    known: HashMap<u16, Weak<Sheet>>,
    /// The terminal's memory, by the low bytes of ids.
    slots: BTreeMap<u8, Slot>,
    transfer: Option<Transfer>,
    /// To be sent, the first first.
    waiting: Vec<(u8, Arc<Sheet>)>,
    /// What is on the glass over the cells.
    laid: Vec<Laid>,
    area: Rect,
    frame: u64,
    /// The transfer that is under way has to begin anew.
    is_torn: bool,
}

/// A picture in the terminal's memory, or on its way there.
#[derive(Debug)]
struct Slot {
    sheet: u16,
    subject: u64,
    /// Width and height in the pixels that were, or will be, sent.
    pixels: (u32, u32),
    area: Rect,
    state: State,
    /// The last frame that showed it.
    shown: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing has been sent.
    Waiting,
    Sending,
    Ready,
    /// It was sent, but the terminal may have forgotten it.
    Doubtful,
    /// It was sent, and the terminal has forgotten it.
    Lost,
}

impl State {
    /// Whether the picture can be shown, as far as we know.
    fn is_there(self) -> bool {
        matches!(self, Self::Ready | Self::Doubtful)
    }
}

#[derive(Debug)]
struct Transfer {
    low: u8,
    sheet: Arc<Sheet>,
    /// Chunks sent.
    sent: usize,
}

/// A picture that lies over cells.
#[derive(Debug)]
struct Laid {
    sheet: u16,
    area: Rect,
    /// Stretches of cells where it can be seen.
    runs: Vec<Rect>,
    /// Something has been written over a part of it since it was painted.
    is_hurt: bool,
    /// The picture in the terminal's memory that it is a placement of.
    low: Option<u8>,
}

impl Laid {
    /// Whether both show the same picture on the same cells.
    fn lies_like(&self, other: &Self) -> bool {
        (self.low, self.area, &self.runs) == (other.low, other.area, &other.runs)
    }
}

/// The lowest id: the 16 colors below it are the user's own, and may look like each other.
const LOWEST: u8 = 16;

/// Pictures that stay in the terminal's memory though nothing shows them.
const SPARE: usize = 4;

impl Stage {
    /// A stage of which nothing is known but the terminal. `high` is 1 to 255, and tells the pictures of this
    /// process from those of others.
    pub fn new(sight: Sight, high: u8) -> Self {
        Self {
            sight,
            high: high.max(1),
            known: HashMap::new(),
            slots: BTreeMap::new(),
            transfer: None,
            waiting: Vec::new(),
            laid: Vec::new(),
            area: Rect::ZERO,
            frame: 0,
            is_torn: false,
        }
    }

    /// How this terminal shows pictures.
    pub fn sight(&self) -> &Sight {
        &self.sight
    }

    /// Makes a painting known, before a screen may show it.
    pub fn learn(&mut self, painting: &Painting) {
        if let Some(sheet) = painting.sheet() {
            self.known.retain(|_, sheet| sheet.strong_count() > 0);
            self.known.insert(sheet.number, Arc::downgrade(sheet));
        }
    }

    /// Doubts what the glass shows and what the terminal remembers: somebody else may have written to it, or
    /// another terminal may have taken its place.
    pub fn doubt(&mut self) {
        self.is_torn = self.transfer.is_some();
        for laid in &mut self.laid {
            laid.is_hurt = true;
        }
        for slot in self.slots.values_mut().filter(|slot| slot.state == State::Ready) {
            slot.state = State::Doubtful;
        }
    }

    /// The screen has been cleared: nothing is on the glass, and what the terminal remembers is doubtful.
    pub fn wipe(&mut self) {
        self.doubt();
        self.laid.clear();
        if self.sight.mode == Mode::KittyDirect {
            // With the screen go all places of pictures, and with the last of these the picture itself.
            let sent = |slot: &&mut Slot| slot.state != State::Waiting;
            self.slots.values_mut().filter(sent).for_each(|slot| slot.state = State::Lost);
        }
    }

    /// Forgets both, after all was given back to the terminal ([`super::farewell`]).
    pub fn forget(&mut self) {
        self.laid.clear();
        self.slots.clear();
        self.waiting.clear();
        self.transfer = None;
    }

    /// Puts cells in the place of all claims in a finished buffer, and says what is to be written around them.
    pub fn set(&mut self, buffer: &mut Buffer) -> Strokes {
        self.frame += 1;
        if buffer.area != self.area {
            // The terminal has turned its lines over, and the screen is cleared.
            self.area = buffer.area;
            self.wipe();
        }
        let views = views(buffer, &self.known);
        let mut strokes = Strokes::default();
        match self.sight.mode {
            Mode::Kitty => self.set_placeholders(&views, buffer, &mut strokes),
            Mode::KittyDirect => self.set_placements(&views, buffer, &mut strokes),
            Mode::Iterm | Mode::Sixel => self.set_painted(&views, buffer, &mut strokes),
            _ => views.iter().for_each(|view| view.empty(buffer)),
        }
        if !strokes.after.is_empty() {
            strokes.after.splice(0..0, *b"\x1b7");
            strokes.after.extend_from_slice(b"\x1b8");
        }
        strokes
    }

    /// The next bytes for the terminal's memory, about `most` or one chunk; none if all is there.
    pub fn slice(&mut self, most: usize) -> Option<Slice> {
        let tmux = self.sight.tmux;
        if self.transfer.is_none() {
            let (low, sheet) = if self.waiting.is_empty() { return None } else { self.waiting.remove(0) };
            self.transfer = Some(Transfer { low, sheet, sent: 0 });
            self.mark(low, State::Sending);
            memory::note(self.id(low), true, tmux);
            memory::note_transfer(true);
        }
        let id = self.transfer.as_ref().map(|transfer| self.id(transfer.low))?;
        let transfer = self.transfer.as_mut()?;
        let Payload::Stored(png) = &transfer.sheet.payload else { return None };
        let grid = (self.sight.mode == Mode::Kitty).then_some(transfer.sheet.cells);
        let mut bytes = Vec::with_capacity(most + kitty::CHUNK);
        let count = kitty::chunks(png.len());
        while transfer.sent < count && (bytes.is_empty() || bytes.len() + kitty::CHUNK <= most) {
            kitty::chunk(&mut bytes, id, png, transfer.sent, grid, tmux);
            transfer.sent += 1;
        }
        let completes = transfer.sent >= count;
        if completes {
            let low = transfer.low;
            self.transfer = None;
            self.mark(low, State::Ready);
            self.laid.retain(|laid| laid.low != Some(low));
            memory::note_transfer(false);
        }
        Some(Slice { bytes, completes })
    }

    /// Whether [`Self::slice`] has something to give.
    pub fn has_more(&self) -> bool {
        self.transfer.is_some() || !self.waiting.is_empty()
    }

    /// Whether a picture has been sent in part.
    pub fn is_sending(&self) -> bool {
        self.transfer.is_some()
    }

    fn id(&self, low: u8) -> Id {
        Id { high: self.high, low }
    }

    fn mark(&mut self, low: u8, state: State) {
        if let Some(slot) = self.slots.get_mut(&low) {
            slot.state = state;
        }
    }

    /// The slots that views are shown from, and those that have to be filled for them.
    fn cast(&mut self, views: &[View], strokes: &mut Strokes) -> Vec<Option<u8>> {
        // Those that are there come first, so that nobody takes their slot.
        let mut shown: Vec<Option<u8>> = Vec::with_capacity(views.len());
        for view in views {
            if let Some(own) = self.own_slot(&view.sheet) {
                self.touch(own);
            }
            let low = self.slot_of(&view.sheet);
            if let Some(slot) = low.and_then(|low| self.slots.get_mut(&low)) {
                slot.shown = self.frame;
                slot.area = view.area;
            }
            shown.push(low);
        }
        let mut wanted: Vec<(u8, Arc<Sheet>)> = Vec::new();
        let mut cast = Vec::with_capacity(views.len());
        for (view, low) in views.iter().zip(shown) {
            let own = self.own_slot(&view.sheet);
            let low = match (own, low) {
                (Some(own), Some(low)) => {
                    if self.slots.get(&own).is_some_and(|slot| slot.state != State::Ready) {
                        wanted.push((own, Arc::clone(&view.sheet)));
                    }
                    Some(low)
                }
                (None, stand_in) => match self.free_slot(view, strokes) {
                    Some(own) => {
                        wanted.push((own, Arc::clone(&view.sheet)));
                        stand_in.or(Some(own))
                    }
                    // More pictures than ids: this one has to wait for its turn.
                    None => stand_in,
                },
                (Some(own), None) => Some(own),
            };
            cast.push(low);
        }
        self.want(wanted, strokes);
        cast
    }

    fn touch(&mut self, low: u8) {
        if let Some(slot) = self.slots.get_mut(&low) {
            slot.shown = self.frame;
        }
    }

    /// The slot that belongs to a sheet.
    fn own_slot(&self, sheet: &Sheet) -> Option<u8> {
        self.slots.iter().find(|(_, slot)| slot.sheet == sheet.number).map(|(low, _)| *low)
    }

    /// The slot that a sheet can be shown from: its own, or until that is filled one of the same subject.
    fn slot_of(&self, sheet: &Sheet) -> Option<u8> {
        let own = self.own_slot(sheet);
        if own.and_then(|own| self.slots.get(&own)).is_some_and(|slot| slot.state.is_there()) {
            return own;
        }
        let same = |slot: &Slot| slot.subject == sheet.subject && slot.state.is_there();
        let stand_in = self.slots.iter().find(|(_, slot)| same(slot)).map(|(low, _)| *low);
        stand_in.or(own)
    }

    /// A slot for a sheet that has none: the one that was shown at its place, whose cells are on the glass
    /// already, or one that was never used, or the one that was shown longest ago.
    fn free_slot(&mut self, view: &View, strokes: &mut Strokes) -> Option<u8> {
        let idle = |slot: &&u8| self.slots.get(*slot).is_some_and(|slot| slot.shown < self.frame);
        let in_place = self
            .slots
            .iter()
            .filter(|(_, slot)| slot.area == view.area && slot.shown < self.frame)
            .max_by_key(|(_, slot)| slot.shown)
            .map(|(low, _)| *low);
        let unused = || (LOWEST..=u8::MAX).find(|low| !self.slots.contains_key(low));
        let oldest =
            || self.slots.keys().filter(idle).min_by_key(|low| self.slots.get(*low).map(|slot| slot.shown));
        let low = in_place.or_else(unused).or_else(|| oldest().copied())?;
        self.vacate(low, strokes);
        let (sheet, subject, pixels) = (view.sheet.number, view.sheet.subject, view.sheet.pixels);
        let slot = Slot { sheet, subject, pixels, area: view.area, state: State::Waiting, shown: self.frame };
        self.slots.insert(low, slot);
        Some(low)
    }

    /// Takes what a slot holds out of the terminal's memory.
    fn vacate(&mut self, low: u8, strokes: &mut Strokes) {
        if self.transfer.as_ref().is_some_and(|transfer| transfer.low == low) {
            self.abort(strokes);
        }
        if self.slots.remove(&low).is_some_and(|slot| slot.state != State::Waiting) {
            kitty::delete(&mut strokes.before, self.id(low), self.sight.tmux);
            memory::note(self.id(low), false, self.sight.tmux);
        }
        self.laid.retain(|laid| laid.low != Some(low));
    }

    fn abort(&mut self, strokes: &mut Strokes) {
        // Its slot is still said to be sending, so whoever takes it clears it.
        if self.transfer.take().is_some() {
            kitty::abort(&mut strokes.before, self.sight.tmux);
            memory::note_transfer(false);
        }
    }

    /// Has these sent in this order, in place of all that was to be sent before.
    fn want(&mut self, wanted: Vec<(u8, Arc<Sheet>)>, strokes: &mut Strokes) {
        if std::mem::take(&mut self.is_torn) {
            self.abort(strokes);
        }
        let current = self.transfer.as_ref().map(|transfer| (transfer.low, transfer.sheet.number));
        if current.is_some_and(|current| wanted.iter().all(|(low, sheet)| (*low, sheet.number) != current)) {
            self.abort(strokes);
        }
        let current = current.filter(|_| self.transfer.is_some());
        self.waiting = wanted;
        self.waiting.retain(|(low, sheet)| Some((*low, sheet.number)) != current);
        let idle: Vec<u8> = {
            let mut idle: Vec<(u64, u8)> = self
                .slots
                .iter()
                .filter(|(_, slot)| slot.shown < self.frame)
                .map(|(low, slot)| (slot.shown, *low))
                .collect();
            idle.sort_unstable();
            idle.into_iter().rev().skip(SPARE).map(|(_, low)| low).collect()
        };
        for low in idle {
            self.vacate(low, strokes);
        }
    }

    fn set_placeholders(&mut self, views: &[View], buffer: &mut Buffer, strokes: &mut Strokes) {
        let cast = self.cast(views, strokes);
        for (view, low) in views.iter().zip(cast) {
            let Some(low) = low else {
                view.announce(buffer);
                continue;
            };
            let id = self.id(low);
            for place in &view.cells {
                if let Some(cell) = buffer.cell_mut(*place) {
                    cell.set_symbol(&id.placeholder((place.x - view.area.x, place.y - view.area.y)));
                    cell.set_fg(Color::Indexed(low));
                }
            }
        }
    }

    fn set_placements(&mut self, views: &[View], buffer: &mut Buffer, strokes: &mut Strokes) {
        let cast = self.cast(views, strokes);
        let mut laid = Vec::with_capacity(views.len());
        for (view, low) in views.iter().zip(cast) {
            let is_there = |low: &u8| self.slots.get(low).is_some_and(|slot| slot.state.is_there());
            if let Some(low) = low.filter(is_there) {
                view.empty(buffer);
                let (area, runs) = (view.area, view.runs());
                let new = Laid { sheet: view.sheet.number, area, runs, is_hurt: false, low: Some(low) };
                laid.push((new, view));
            } else {
                view.announce(buffer);
            }
        }
        let stays = |old: &Laid| laid.iter().any(|(new, _)| new.lies_like(old));
        let (kept, gone): (Vec<Laid>, Vec<Laid>) = self.laid.drain(..).partition(stays);
        for low in gone.iter().filter_map(|laid| laid.low) {
            kitty::lift(&mut strokes.before, self.id(low));
        }
        let mut number = 0;
        for (new, view) in &laid {
            let is_kept = kept.iter().any(|old| new.lies_like(old));
            // Lifting takes all places of a picture.
            let is_lifted = gone.iter().any(|old| old.low == new.low);
            let pixels = new.low.and_then(|low| self.slots.get(&low)).map_or((1, 1), |slot| slot.pixels);
            for rect in view.rectangles() {
                number += 1;
                if let Some(low) = new.low.filter(|_| !is_kept || is_lifted) {
                    move_to(&mut strokes.after, rect);
                    let place =
                        Place { number, part: part(view, pixels, rect), cells: (rect.width, rect.height) };
                    kitty::place(&mut strokes.after, self.id(low), &place);
                }
            }
        }
        self.laid = laid.into_iter().map(|(laid, _)| laid).collect();
    }

    fn set_painted(&mut self, views: &[View], buffer: &mut Buffer, strokes: &mut Strokes) {
        let mut old = std::mem::take(&mut self.laid);
        let mut new: Vec<Laid> = Vec::with_capacity(views.len());
        let mut fresh: Vec<&View> = Vec::new();
        for view in views {
            let place = old.iter().position(|laid| laid.sheet == view.sheet.number && laid.area == view.area);
            let (is_whole, runs) = (view.is_whole(), view.runs());
            let known = place.map(|place| old.swap_remove(place));
            let has_room = view.area.bottom() < buffer.area.bottom();
            match known {
                // It lies there, or what is left of it around a popup.
                Some(laid) if !is_whole || !laid.is_hurt => {
                    view.empty(buffer);
                    // Empty cells of what covers it now are the same as those of the picture were: nobody else
                    // would write them.
                    for run in without(&laid.runs, &runs) {
                        erase(&mut strokes.before, run);
                    }
                    new.push(Laid { runs, is_hurt: !is_whole || laid.is_hurt, ..laid });
                }
                known if is_whole && has_room => {
                    view.empty(buffer);
                    // What it shows already is painted over with the same.
                    drop(known);
                    fresh.push(view);
                    let (sheet, area) = (view.sheet.number, view.area);
                    new.push(Laid { sheet, area, runs, is_hurt: false, low: None });
                }
                _ => view.announce(buffer),
            }
        }
        for run in old.iter().flat_map(|laid| &laid.runs) {
            erase(&mut strokes.before, *run);
        }
        for view in fresh {
            if let Payload::Painted(bytes) = &view.sheet.payload {
                move_to(&mut strokes.after, view.area);
                strokes.after.extend_from_slice(bytes);
            }
        }
        self.laid = new;
    }
}

/// The pixels of a picture of so many that lie on a rectangle of cells.
fn part(view: &View, (across, down): (u32, u32), rect: Rect) -> (u32, u32, u32, u32) {
    let scale = |cell: u16, cells: u16, pixels: u32| u32::from(cell) * pixels / u32::from(cells.max(1));
    let x = |column: u16| scale(column - view.area.x, view.area.width, across);
    let y = |row: u16| scale(row - view.area.y, view.area.height, down);
    let (left, top) = (x(rect.x), y(rect.y));
    (left, top, (x(rect.right()) - left).max(1), (y(rect.bottom()) - top).max(1))
}

/// The cells of some stretches of rows that others do not have, as stretches.
fn without(runs: &[Rect], others: &[Rect]) -> Vec<Rect> {
    let mut left: Vec<Rect> = Vec::new();
    for place in runs.iter().flat_map(|run| run.positions()) {
        if others.iter().any(|other| other.contains(place)) {
            continue;
        }
        match left.last_mut().filter(|run| run.y == place.y && run.right() == place.x) {
            Some(run) => run.width += 1,
            None => left.push(Rect::new(place.x, place.y, 1, 1)),
        }
    }
    left
}

/// Erases a stretch of a row.
fn erase(out: &mut Vec<u8>, run: Rect) {
    move_to(out, run);
    out.extend_from_slice(format!("\x1b[{}X", run.width).as_bytes());
}

fn move_to(out: &mut Vec<u8>, rect: Rect) {
    out.extend_from_slice(format!("\x1b[{};{}H", rect.y + 1, rect.x + 1).as_bytes());
}
