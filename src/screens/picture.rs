//! The picture pane: what is wanted, what has come, and what to say while or where there is none.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::graphics::Painting;
use crate::media::{Mark, Part};
use crate::model::{Image, ImageRef};
use crate::ui::{Theme, clip, clip_middle, columns, head, put, safe, wrap};
use crate::worker::{Effect, PictureKey};

/// Paintings that are held besides those that are wanted; the workers have larger caches behind them.
const HELD: usize = 24;
/// Pictures of which it is remembered what their files tell.
const KNOWN: usize = 10_000;
/// What stands for an animation.
pub(crate) const ANIMATED: &str = "▸";
/// Rest before a picture is asked for, so that a quick walk through the list asks for none between.
const REST: Duration = Duration::from_millis(30);
/// The same over SSH, where every picture takes a while on the line.
const REST_REMOTE: Duration = Duration::from_millis(120);
/// Rest before a picture that was coarse at first is made fine.
const REFINE: Duration = Duration::from_millis(400);

/// How much of a picture is shown, and what is drawn on it; by default all of it, and nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sight {
    pub(crate) part: Part,
    pub(crate) marks: Arc<[Mark]>,
}

/// Pictures that are here or on their way.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    is_remote: bool,
    held: HashMap<PictureKey, Held>,
    /// Pictures that came so far.
    came: u64,
    /// The picture looked at, and those that may be looked at next.
    wanted: Vec<PictureKey>,
    ask_at: Option<Instant>,
    has_asked: bool,
    /// Whether pictures come coarse at first, and fine when asked for again.
    are_coarse: bool,
    refine_at: Option<Instant>,
    /// When something else was wanted the last time.
    moved_at: Option<Instant>,
    /// Somebody hurries past: over a slow line even a picture that is here would hold up the list.
    is_hurried: bool,
    /// What was wanted when somebody rested the last time: it is on the screen already.
    settled: HashSet<PictureKey>,
    /// What was learned of pictures from their files.
    known: HashMap<ImageRef, Known>,
}

/// What a file tells of its picture.
#[derive(Clone, Copy, Debug)]
struct Known {
    size: (u32, u32),
    is_animated: bool,
}

/// A picture that came, or why it never will.
#[derive(Debug)]
struct Held {
    outcome: Result<Painting, String>,
    /// How many had come with it.
    since: u64,
    /// Whether it is as fine as its cells can show.
    is_fine: bool,
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
        if !is_same {
            let is_quick = self.moved_at.is_some_and(|moved| now.saturating_duration_since(moved) < rest * 2);
            self.is_hurried = self.is_remote && is_quick;
            self.moved_at = Some(now);
            self.refine_at = None;
        }
        if self.wanted.is_empty() {
            self.ask_at = None;
        } else if !is_same || self.ask_at.is_none() {
            self.ask_at = Some(now + rest);
        }
    }

    /// When [`Self::tick`] has something to do.
    pub(crate) fn next_tick(&self) -> Option<Instant> {
        self.ask_at.into_iter().chain(self.refine_at).min()
    }

    /// Asks for what is wanted and not here, once the rest is over.
    pub(crate) fn tick(&mut self, now: Instant) -> Option<Effect> {
        if self.ask_at.is_none_or(|at| now < at) {
            return self.refine(now);
        }
        self.ask_at = None;
        self.is_hurried = false;
        self.settled = self.wanted.iter().cloned().collect();
        self.refine_at = self.are_coarse.then_some(now + REFINE);
        let missing: Vec<_> =
            self.wanted.iter().filter(|key| !self.held.contains_key(*key)).cloned().collect();
        if missing.is_empty() {
            return None;
        }
        self.has_asked = true;
        Some(Effect::Pictures(missing))
    }

    /// Asks for the picture looked at in all its detail, once it is here and somebody has rested on it.
    fn refine(&mut self, now: Instant) -> Option<Effect> {
        if self.refine_at.is_none_or(|at| now < at) {
            return None;
        }
        self.refine_at = None;
        let first = self.wanted.first()?;
        let Some(held) = self.held.get(first) else {
            self.refine_at = Some(now + REFINE);
            return None;
        };
        let is_coarse = held.outcome.is_ok() && !held.is_fine;
        is_coarse.then(|| Effect::Refine(PictureKey { fine: true, ..first.clone() }))
    }

    /// Forgets all that is here, since it is made in another way from now on; `are_coarse` says whether
    /// pictures come coarse at first.
    pub(crate) fn start_over(&mut self, are_coarse: bool) {
        let is_remote = self.is_remote;
        let known = std::mem::take(&mut self.known);
        *self = Self { is_remote, are_coarse, known, ..Self::default() };
    }

    /// Takes a picture in.
    pub(crate) fn take(&mut self, key: PictureKey, outcome: Result<Painting, String>) {
        let is_fine = key.fine;
        let key = PictureKey { fine: false, ..key };
        if !is_fine && self.held.get(&key).is_some_and(|held| held.is_fine) {
            return;
        }
        if let Ok(painting) = &outcome
            && key.part.is_whole()
        {
            if self.known.len() >= KNOWN {
                self.known.clear();
            }
            let known = Known { size: painting.original(), is_animated: painting.frames_more() };
            self.known.insert(key.reference.clone(), known);
        }
        self.came += 1;
        self.held.insert(key, Held { outcome, since: self.came, is_fine });
        if self.held.len() > HELD + self.wanted.len() {
            self.drop_oldest();
        }
    }

    /// Drops what came first of that which nobody looks at.
    fn drop_oldest(&mut self) {
        let wanted: HashSet<&PictureKey> = self.wanted.iter().collect();
        let idle = self.held.iter().filter(|(key, _)| !wanted.contains(key));
        if let Some(oldest) = idle.min_by_key(|(_, held)| held.since).map(|(key, _)| key.clone()) {
            self.held.remove(&oldest);
        }
    }

    /// Forgets what could not be made, so that it is tried again.
    pub(crate) fn forget_failures(&mut self) {
        self.held.retain(|_, held| held.outcome.is_ok());
        self.wanted.clear();
        self.refine_at = None;
    }

    fn outcome(&self, key: &PictureKey) -> Option<&Result<Painting, String>> {
        self.held.get(key).map(|held| &held.outcome)
    }

    /// The outcome, if it is to be shown now.
    fn shown(&self, key: &PictureKey) -> Option<&Result<Painting, String>> {
        self.outcome(key).filter(|_| !self.is_hurried || self.settled.contains(key))
    }

    /// Width and height of a picture in its file, once it has come.
    pub(crate) fn size_in_file(&self, image: &Image) -> Option<(u32, u32)> {
        self.known.get(&image.reference).map(|known| known.size)
    }

    /// Width and height of a picture: in its file where that is known, else as the data states it.
    pub(crate) fn size(&self, image: &Image) -> Option<(u32, u32)> {
        self.size_in_file(image).or_else(|| stated_size(image))
    }

    /// Whether a picture that has come is the first of several frames.
    pub(crate) fn is_animated(&self, image: &Image) -> bool {
        self.known.get(&image.reference).is_some_and(|known| known.is_animated)
    }

    /// Draws the picture, or why there is none. While it is on its way what was seen of it before
    /// stays, so that nothing flickers when only its marks or its part change.
    pub(crate) fn draw(
        &self,
        buffer: &mut Buffer,
        area: Rect,
        image: Option<&Image>,
        sight: &Sight,
        theme: &Theme,
    ) {
        let Some(image) = image else {
            say(buffer, area, "this sample has no picture", theme.dim);
            return;
        };
        if let ImageRef::Missing { name, reason } = &image.reference {
            say(buffer, area, &format!("{}\n{}", safe(name), safe(reason)), theme.warning);
            return;
        }
        let key = key_of(image, area, sight);
        let seen = area.intersection(buffer.area);
        match self.shown(&key) {
            Some(Ok(painting)) => painting.paint(seen, buffer),
            Some(Err(reason)) => say(buffer, area, &safe(reason), theme.warning),
            None => match self.latest(&key) {
                Some(painting) => painting.paint(seen, buffer),
                None => say(buffer, area, "…", theme.dim),
            },
        }
    }

    /// Draws a thumbnail: a small sign where there is none, since why there is none is told where
    /// there is more room.
    pub(crate) fn draw_thumbnail(&self, buffer: &mut Buffer, area: Rect, image: &Image, theme: &Theme) {
        if !can_be_made(image) {
            say(buffer, area, "▢ no such picture", theme.dim);
            return;
        }
        match self.shown(&key_of(image, area, &Sight::default())) {
            Some(Ok(painting)) => painting.paint(area.intersection(buffer.area), buffer),
            Some(Err(reason)) => say(buffer, area, &safe(head(reason, 200)), theme.warning),
            None => say(buffer, area, "…", theme.dim),
        }
    }

    /// The newest painting of the same picture for the same box.
    fn latest(&self, key: &PictureKey) -> Option<&Painting> {
        let alike = self.held.iter().filter(|(other, held)| {
            other.cells == key.cells && held.outcome.is_ok() && other.reference == key.reference
        });
        alike.max_by_key(|(_, held)| held.since)?.1.outcome.as_ref().ok()
    }
}

/// Width and height as the data states them.
pub(crate) fn stated_size(image: &Image) -> Option<(u32, u32)> {
    image.width.zip(image.height).filter(|(width, height)| *width > 0 && *height > 0)
}

/// The key of an image for a box of cells.
pub(crate) fn key_of(image: &Image, area: Rect, sight: &Sight) -> PictureKey {
    PictureKey {
        reference: image.reference.clone(),
        cells: (area.width, area.height),
        part: sight.part,
        marks: Arc::clone(&sight.marks),
        fine: false,
    }
}

/// Whether the workers can be asked for this picture: the data does not only name it.
pub(crate) fn can_be_made(image: &Image) -> bool {
    !matches!(image.reference, ImageRef::Missing { .. })
}

/// What stands over the picture: its place among several, its part, that it is animated, its size,
/// its name; where there is little room, the first of these.
pub(crate) fn title(images: &[Image], place: usize, is_animated: bool, width: usize) -> String {
    let Some(image) = images.get(place) else { return String::new() };
    let name = name(image);
    let size = image.width.zip(image.height).map(|(columns, rows)| format!("{columns}×{rows}"));
    let mut parts = Vec::new();
    if images.len() > 1 {
        parts.push(format!("{}/{}", place + 1, images.len()));
    }
    parts.extend(image.role.as_ref().map(|role| clip(&safe(head(role, 256)), 20).into_owned()));
    if is_animated {
        parts.push(frames(width).to_owned());
    }
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

/// That a picture is animated, as far as there is room.
pub(crate) fn frames(width: usize) -> &'static str {
    if width < 45 { "▸ 1st frame" } else { "▸ 1st of several frames" }
}

/// The name of a picture without its folders.
pub(crate) fn name(image: &Image) -> String {
    let label = image.reference.label();
    let name = label.rsplit(['/', '\\']).next().unwrap_or(&label);
    safe(head(name, 1024)).into_owned()
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
        let reference = ImageRef::File(name.into());
        PictureKey { reference, cells: (10, 5), part: Part::WHOLE, marks: Arc::default(), fine: false }
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
    fn over_a_line_a_coarse_picture_becomes_fine_after_a_rest() {
        let start = Instant::now();
        let mut pictures = Pictures::new(true);
        pictures.start_over(true);
        pictures.want(vec![key("a")], start);
        assert_eq!(pictures.tick(start), Some(Effect::Pictures(vec![key("a")])));
        // It has not come yet.
        assert_eq!(pictures.tick(start + REFINE), None);
        pictures.take(key("a"), Err("broken".into()));
        assert_eq!(pictures.tick(start + REFINE * 2), None);
        assert_eq!(pictures.next_tick(), None);
    }

    #[test]
    fn over_a_line_a_picture_that_is_here_waits_for_the_end_of_a_hurry() {
        let start = Instant::now();
        let mut pictures = Pictures::new(true);
        for name in ["a", "b", "c"] {
            pictures.take(key(name), Err("broken".into()));
        }
        pictures.want(vec![key("a"), key("b")], start);
        pictures.tick(start);
        pictures.has_asked = true;
        let at = |tenths: u32| start + REST_REMOTE * tenths / 10;
        // One step after a rest is shown at once.
        pictures.want(vec![key("b"), key("c")], at(50));
        assert!(pictures.shown(&key("b")).is_some());
        pictures.want(vec![key("c")], at(55));
        assert!(pictures.shown(&key("c")).is_none());
        assert!(pictures.shown(&key("a")).is_some(), "what was on the screen stays there");
        pictures.tick(at(66));
        assert!(pictures.shown(&key("c")).is_some());
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
        assert_eq!(pictures.held.len(), HELD + 1);
        assert!(pictures.outcome(&key("kept")).is_some());
    }

    #[test]
    fn a_page_of_thumbnails_is_held() {
        let start = Instant::now();
        let mut pictures = Pictures::new(false);
        let page: Vec<_> = (0..400).map(|place| key(&place.to_string())).collect();
        pictures.want(page.clone(), start);
        for key in &page {
            pictures.take(key.clone(), Err("broken".into()));
        }
        assert!(page.iter().all(|key| pictures.outcome(key).is_some()));
        assert_eq!(pictures.tick(start), None);
    }
}
