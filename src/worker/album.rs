//! Where the pictures of samples are, held in little memory, and what they look like, for those whose turn comes.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustc_hash::FxHashMap;

use crate::media::{Glance, Limits};
use crate::model::{ImageRef, Sample};
use crate::pairs::Found;

/// Pictures of one sample that are looked at; samples of more are rare.
const PICTURES: usize = 4;
/// Longer references are not held: they are the pictures themselves.
const LONGEST: usize = 4_096;
/// Pairs ahead of the one that is asked about whose pictures are looked at together.
const AHEAD: usize = 128;

/// References of all samples, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Album {
    ends: Vec<u64>,
    bytes: Vec<u8>,
}

/// The references of a sample as they are held.
pub(super) fn page_of(sample: &Sample) -> Vec<u8> {
    let references: Vec<&ImageRef> =
        sample.images.iter().take(PICTURES).map(|image| &image.reference).collect();
    if references.is_empty() {
        return Vec::new();
    }
    postcard::to_allocvec(&references).ok().filter(|page| page.len() <= LONGEST).unwrap_or_default()
}

impl Album {
    /// Puts the next sample's page behind the others.
    pub(super) fn push(&mut self, page: &[u8]) {
        self.bytes.extend_from_slice(page);
        self.ends.push(self.bytes.len() as u64);
    }

    fn references(&self, place: u32) -> Vec<ImageRef> {
        let place = place as usize;
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(place).copied().unwrap_or(start);
        let page = self.bytes.get(start as usize..end as usize).unwrap_or_default();
        postcard::from_bytes(page).unwrap_or_default()
    }
}

/// Tells how many pictures were looked at; says whether to go on.
pub(super) type LookWatch<'a> = &'a dyn Fn(u64) -> ControlFlow<()>;

/// Looks at the pictures of pairs, as long as it may.
pub(super) struct Viewer<'a> {
    album: &'a Album,
    /// Whether somebody else has compared the pictures of two samples, and they look different.
    are_known_apart: &'a dyn Fn(u32, u32) -> bool,
    watch: LookWatch<'a>,
    threads: usize,
    left: usize,
    looked: u64,
    seen: FxHashMap<u32, Vec<Glance>>,
    /// Pairs that it was asked about and could not look at any more.
    pub(super) unseen: u64,
    pub(super) is_stopped: bool,
}

impl<'a> Viewer<'a> {
    /// One that looks at the pictures of so many samples.
    pub(super) fn new(
        album: &'a Album,
        are_known_apart: &'a dyn Fn(u32, u32) -> bool,
        watch: LookWatch<'a>,
        (threads, left): (usize, usize),
    ) -> Self {
        let (seen, unseen, is_stopped) = (FxHashMap::default(), 0, false);
        Self { album, are_known_apart, watch, threads, left, looked: 0, seen, unseen, is_stopped }
    }

    /// Whether the two samples of the first of these pairs look the same. The others are asked about soon, perhaps.
    pub(super) fn is_same(&mut self, pairs: &[Found]) -> bool {
        let Some(pair) = pairs.first() else { return false };
        let ends = [pair.first, pair.second];
        if self.is_stopped || (self.are_known_apart)(pair.first, pair.second) {
            return false;
        }
        if self.left > 0 && !ends.iter().all(|place| self.seen.contains_key(place)) {
            self.look(pairs);
        }
        let [Some(one), Some(other)] = ends.map(|place| self.seen.get(&place)) else {
            self.unseen += 1;
            return false;
        };
        one.iter().any(|one| other.iter().any(|other| one.is_same(other)))
    }

    /// Looks at what these pairs show, from the first on, all cores at once.
    fn look(&mut self, pairs: &[Found]) {
        let mut wanted: Vec<u32> = Vec::new();
        let unknown =
            pairs.iter().take(AHEAD).filter(|pair| !(self.are_known_apart)(pair.first, pair.second));
        for place in unknown.flat_map(|pair| [pair.first, pair.second]) {
            if !self.seen.contains_key(&place) && !wanted.contains(&place) {
                wanted.push(place);
            }
        }
        wanted.truncate(self.left);
        self.left -= wanted.len();
        let (next, limits, album) = (AtomicUsize::new(0), Limits::default(), self.album);
        let work = || {
            let mut found = Vec::new();
            while let Some(place) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
                let references = album.references(*place);
                let seen = references.iter().filter_map(|reference| Glance::at(reference, &limits));
                found.push((*place, seen.collect::<Vec<_>>()));
            }
            found
        };
        let parts = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..self.threads.min(wanted.len()))
                .filter_map(|number| {
                    // By this name it is known that a decoder's panic is nothing to end the program for.
                    let thread = std::thread::Builder::new().name(format!("capscope-pictures-{number}"));
                    thread.spawn_scoped(scope, work).ok()
                })
                .collect();
            let parts: Vec<_> = workers.into_iter().filter_map(|worker| worker.join().ok()).collect();
            parts
        });
        self.looked += wanted.len() as u64;
        self.seen.extend(parts.into_iter().flatten());
        self.is_stopped = (self.watch)(self.looked).is_break();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::fixtures;
    use crate::model::Image;
    use crate::pairs::Kind;

    fn pair(first: u32, second: u32) -> Found {
        Found { first, second, score: 0.5, coarse: 0.5, contrast_bits: 1.0, kind: Kind::ReplaceObject }
    }

    /// Four pictures: the first two look the same, the last is not there.
    fn album(folder: &std::path::Path) -> Album {
        let mut album = Album::default();
        for (place, (seed, side)) in [(1, 160), (1, 320), (2, 160)].into_iter().enumerate() {
            let path = folder.join(format!("{place}.png"));
            image::DynamicImage::from(fixtures::scene(seed, side, side)).save(path).unwrap();
        }
        for place in 0..4 {
            let reference = ImageRef::File(folder.join(format!("{place}.png")));
            album.push(&page_of(&Sample { images: vec![Image::new(reference)], ..Sample::default() }));
        }
        album.push(&page_of(&Sample::default()));
        album
    }

    #[test]
    fn pictures_of_pairs_are_looked_at_as_long_as_allowed() {
        let folder = tempfile::tempdir().unwrap();
        let album = album(folder.path());
        let go_on = |_| ControlFlow::Continue(());
        let mut viewer = Viewer::new(&album, &|_, _| false, &go_on, (2, 100));
        let pairs = [pair(0, 1), pair(0, 2), pair(0, 3), pair(0, 4)];
        let same: Vec<bool> = (0..4).map(|at| viewer.is_same(&pairs[at..])).collect();
        assert_eq!((same, viewer.unseen, viewer.looked), (vec![true, false, false, false], 0, 5));
        // Two may be looked at: the others are not known.
        let mut viewer = Viewer::new(&album, &|_, _| false, &go_on, (1, 2));
        let same: Vec<bool> = (0..4).map(|at| viewer.is_same(&pairs[at..])).collect();
        assert_eq!((same, viewer.unseen), (vec![true, false, false, false], 3));
        // Somebody else has compared them all.
        let mut viewer = Viewer::new(&album, &|_, _| true, &go_on, (1, 100));
        assert!(!viewer.is_same(&pairs));
        assert_eq!((viewer.looked, viewer.unseen), (0, 0));
        let stop = |_| ControlFlow::Break(());
        let mut viewer = Viewer::new(&album, &|_, _| false, &stop, (1, 100));
        viewer.is_same(&pairs);
        assert!(viewer.is_stopped);
    }
}
