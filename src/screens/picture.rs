//! The picture pane: what is wanted, what has come, and what to say while or where there is none.

use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::graphics::Painting;
use crate::model::{Image, ImageRef};
use crate::ui::{Theme, clip, clip_middle, columns, head, put, safe, wrap};
use crate::worker::{Effect, PictureKey};

/// Paintings that are held; the workers have larger caches behind them.
const HELD: usize = 24;
/// Rest before a picture is asked for, so that a quick walk through the list asks for none between.
const REST: Duration = Duration::from_millis(30);
/// The same over SSH, where every picture takes a while on the line.
const REST_REMOTE: Duration = Duration::from_millis(120);

/// Pictures that are here or on their way.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    is_remote: bool,
    /// The newest last.
    held: Vec<(PictureKey, Result<Painting, String>)>,
    /// The picture looked at, and those that may be looked at next.
    wanted: Vec<PictureKey>,
    ask_at: Option<Instant>,
    has_asked: bool,
}

impl Pictures {
    pub(crate) fn new(is_remote: bool) -> Self {
        Self { is_remote, ..Self::default() }
    }

    /// Says which pictures are wanted, the one that is looked at first; they are asked for after a
    /// rest, but the very first one at once.
    pub(crate) fn want(&mut self, wanted: Vec<PictureKey>, now: Instant) {
        if wanted == self.wanted {
            return;
        }
        let is_same = wanted.first() == self.wanted.first();
        self.wanted = wanted;
        let rest = if self.is_remote { REST_REMOTE } else { REST };
        let rest = if self.has_asked { rest } else { Duration::ZERO };
        if self.wanted.is_empty() {
            self.ask_at = None;
        } else if !is_same || self.ask_at.is_none() {
            self.ask_at = Some(now + rest);
        }
    }

    /// When [`Self::tick`] has something to do.
    pub(crate) fn next_tick(&self) -> Option<Instant> {
        self.ask_at
    }

    /// Asks for what is wanted and not here, once the rest is over.
    pub(crate) fn tick(&mut self, now: Instant) -> Option<Effect> {
        if self.ask_at.is_none_or(|at| now < at) {
            return None;
        }
        self.ask_at = None;
        let missing: Vec<_> = self.wanted.iter().filter(|key| self.outcome(key).is_none()).cloned().collect();
        if missing.is_empty() {
            return None;
        }
        self.has_asked = true;
        Some(Effect::Pictures(missing))
    }

    /// Takes a picture in.
    pub(crate) fn take(&mut self, key: PictureKey, outcome: Result<Painting, String>) {
        self.held.retain(|(other, _)| *other != key);
        if self.held.len() >= HELD {
            // The oldest that nobody looks at.
            let idle = self.held.iter().position(|(key, _)| !self.wanted.contains(key)).unwrap_or(0);
            drop(self.held.remove(idle));
        }
        self.held.push((key, outcome));
    }

    /// Forgets what could not be made, so that it is tried again.
    pub(crate) fn forget_failures(&mut self) {
        self.held.retain(|(_, outcome)| outcome.is_ok());
        self.wanted.clear();
    }

    fn outcome(&self, key: &PictureKey) -> Option<&Result<Painting, String>> {
        self.held.iter().find(|(other, _)| other == key).map(|(_, outcome)| outcome)
    }

    /// Draws the picture, or why there is none.
    pub(crate) fn draw(&self, buffer: &mut Buffer, area: Rect, image: Option<&Image>, theme: &Theme) {
        let Some(image) = image else {
            say(buffer, area, "this sample has no picture", theme.dim);
            return;
        };
        if let ImageRef::Missing { name, reason } = &image.reference {
            say(buffer, area, &format!("{}\n{}", safe(name), safe(reason)), theme.warning);
            return;
        }
        match self.outcome(&key_of(image, area)) {
            Some(Ok(painting)) => painting.paint(area.intersection(buffer.area), buffer),
            Some(Err(reason)) => say(buffer, area, &safe(reason), theme.warning),
            None => say(buffer, area, "…", theme.dim),
        }
    }
}

/// The key of an image for a box of cells.
pub(crate) fn key_of(image: &Image, area: Rect) -> PictureKey {
    PictureKey { reference: image.reference.clone(), cells: (area.width, area.height) }
}

/// Whether the workers can be asked for this picture: the data does not only name it.
pub(crate) fn can_be_made(image: &Image) -> bool {
    !matches!(image.reference, ImageRef::Missing { .. })
}

/// What stands over the picture: its place among several, its part, its size, its name; where there
/// is little room, the first of these.
pub(crate) fn title(images: &[Image], place: usize, width: usize) -> String {
    let Some(image) = images.get(place) else { return String::new() };
    let label = image.reference.label();
    let name = label.rsplit(['/', '\\']).next().unwrap_or(&label);
    let name = safe(head(name, 1024)).into_owned();
    let size = image.width.zip(image.height).map(|(columns, rows)| format!("{columns}×{rows}"));
    let mut parts = Vec::new();
    if images.len() > 1 {
        parts.push(format!("{}/{}", place + 1, images.len()));
    }
    parts.extend(image.role.as_ref().map(|role| clip(&safe(head(role, 256)), 20).into_owned()));
    parts.extend(size);
    let used: usize = parts.iter().map(|part| columns(part) + 3).sum();
    if used + 8 <= width {
        parts.push(clip_middle(&name, width - used).into_owned());
    }
    while parts.len() > 1 && columns(&parts.join(" · ")) > width {
        parts.pop();
    }
    if columns(&parts.join(" · ")) > width { String::new() } else { parts.join(" · ") }
}

/// Writes a few words in the middle of an area.
pub(crate) fn say(buffer: &mut Buffer, area: Rect, text: &str, style: ratatui::style::Style) {
    let rows = wrap(text, area.width.saturating_sub(2).max(1));
    let shown = rows.len().min(usize::from(area.height));
    let top = area.y + (area.height - shown as u16) / 2;
    for (place, row) in rows.into_iter().take(shown).enumerate() {
        let words = text.get(row).unwrap_or("");
        let line = Rect { y: top + place as u16, height: 1, ..area };
        let free = usize::from(area.width).saturating_sub(columns(words)) as u16;
        put(buffer, line, area.x + free / 2, words, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> PictureKey {
        PictureKey { reference: ImageRef::File(name.into()), cells: (10, 5) }
    }

    #[test]
    fn the_first_is_asked_for_at_once_and_the_next_after_a_rest() {
        let start = Instant::now();
        let mut pictures = Pictures::new(false);
        pictures.want(vec![key("a")], start);
        assert_eq!(pictures.tick(start), Some(Effect::Pictures(vec![key("a")])));
        pictures.want(vec![key("b"), key("c")], start);
        assert_eq!(pictures.tick(start), None);
        pictures.want(vec![key("c"), key("d")], start + REST);
        assert_eq!(pictures.tick(start + REST), None);
        assert_eq!(pictures.next_tick(), Some(start + REST * 2));
        assert_eq!(pictures.tick(start + REST * 2), Some(Effect::Pictures(vec![key("c"), key("d")])));
        assert_eq!(pictures.next_tick(), None);
    }

    #[test]
    fn few_are_held_and_the_looked_at_stays() {
        let start = Instant::now();
        let mut pictures = Pictures::new(false);
        pictures.want(vec![key("kept")], start);
        pictures.take(key("kept"), Err("broken".into()));
        for place in 0..100 {
            pictures.take(key(&place.to_string()), Err("broken".into()));
        }
        assert_eq!(pictures.held.len(), HELD);
        assert!(pictures.outcome(&key("kept")).is_some());
    }
}
