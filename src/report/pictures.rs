//! What is shown of single samples: a stretch of a caption with words lit, and a small picture.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Serialize;

use crate::media::{Limits, Thumbnail};
use crate::model::{Evidence, ImageRef, Sample};

/// Bytes of a caption that are shown beside a picture, and where two captions are held against each other.
const BESIDE: usize = 380;
pub(super) const AGAINST: usize = 900;
/// Bytes before the first lit word, where the beginning of a caption is left out.
const BEFORE: usize = 60;
/// What is longer is cut in the middle.
const LONG_WORD: usize = 24;
/// Pixels of the box into which pictures are shrunk: twice what they take on the page, for dense screens.
const WITHIN: (u32, u32) = (360, 270);
/// Bytes of one picture, where no more than the lowest quality is needed for that.
const MOST_OF_ONE: usize = 18_000;
/// Bytes of all pictures of a page; what comes after is left out.
const MOST_OF_ALL: usize = 3_500_000;
/// More threads than this wait for the disk.
const MOST_THREADS: usize = 8;

/// A stretch of a caption.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// The text.
    pub text: String,
    /// Bytes of the caption that are left out before it.
    pub left_out_before: usize,
    /// Bytes that are left out after it.
    pub left_out: usize,
    /// Byte ranges of the text that are to be seen first, in order and apart.
    pub lit: Vec<Range<usize>>,
}

impl Excerpt {
    /// The caption of a sample where these words stand, else the one to show where there is room for one.
    pub(super) fn of(sample: &Sample, spans: &[Evidence]) -> Option<Self> {
        let place = spans.first().map(|span| span.caption);
        let of_spans = place.and_then(|place| sample.captions.get(place as usize));
        let caption = of_spans.or_else(|| sample.headline())?;
        let of_caption = spans.iter().filter(|span| Some(span.caption) == place);
        let lit: Vec<Range<usize>> = of_caption.map(|span| span.start as usize..span.end as usize).collect();
        // What is lit all over is not lit.
        let bytes: usize = lit.iter().map(Range::len).sum();
        let lit = if 2 * bytes > caption.text.len() { Vec::new() } else { lit };
        Some(Self::cut(&caption.text, lit, BESIDE))
    }

    /// A stretch of a text of so many bytes at most, with these stretches lit: the beginning, or where the first of them
    /// would be left out, from a little before it.
    pub(super) fn cut(text: &str, mut lit: Vec<Range<usize>>, most: usize) -> Self {
        lit.retain(|range| !range.is_empty() && text.get(range.clone()).is_some());
        lit.sort_unstable_by_key(|range| (range.start, range.end));
        let first = lit.first().filter(|first| first.end > most);
        let start = first.map_or(0, |first| {
            let from = at_character(text, first.start.saturating_sub(BEFORE));
            let words = text.get(from..first.start).unwrap_or_default();
            words.find(' ').map_or(from, |space| from + space + 1)
        });
        let end = end_of_words(text, start, start.saturating_add(most));
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for range in lit {
            let range = range.start.max(start)..range.end.min(end);
            if range.is_empty() {
                continue;
            }
            let range = range.start - start..range.end - start;
            match ranges.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => ranges.push(range),
            }
        }
        let shown = text.get(start..end).unwrap_or_default().to_owned();
        Self { text: shown, left_out_before: start, left_out: text.len() - end, lit: ranges }
    }
}

/// Where a stretch from a byte to another ends, better behind a word than in it.
fn end_of_words(text: &str, start: usize, end: usize) -> usize {
    if end >= text.len() {
        return text.len();
    }
    let end = at_character(text, end);
    let shown = text.get(start..end).unwrap_or_default();
    let space = shown.rfind(char::is_whitespace).filter(|space| shown.len() - space < LONG_WORD);
    space.map_or(end, |space| start + space)
}

/// The border of a character at a byte, or before it.
fn at_character(text: &str, mut byte: usize) -> usize {
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// A picture as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PictureShown {
    /// What a person would call it.
    pub name: String,
    /// Why it is not shown, where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// Where its bytes are.
    #[serde(skip)]
    pub(super) reference: ImageRef,
    /// What is shown.
    #[serde(skip)]
    pub(super) small: Option<Arc<Thumbnail>>,
}

impl PictureShown {
    pub(super) fn of(reference: &ImageRef) -> Self {
        Self { name: reference.label(), missing: None, reference: reference.clone(), small: None }
    }
}

type Seen = Result<Arc<Thumbnail>, String>;

/// Looks at all these pictures, and gives each what it shows, as long as there is room on the page.
pub(super) fn fill(pictures: Vec<&mut PictureShown>, limits: &Limits) {
    let mut wanted: Vec<ImageRef> = Vec::new();
    let mut places: HashMap<ImageRef, usize> = HashMap::new();
    for picture in &pictures {
        places.entry(picture.reference.clone()).or_insert_with(|| {
            wanted.push(picture.reference.clone());
            wanted.len() - 1
        });
    }
    let seen = looked_at(&wanted, limits);
    let mut left = MOST_OF_ALL;
    for picture in pictures {
        let found = places.get(&picture.reference).and_then(|place| seen.get(place));
        match found {
            Some(Ok(small)) if small.jpeg.len() <= left => {
                left -= small.jpeg.len();
                picture.small = Some(Arc::clone(small));
            }
            Some(Ok(_)) => {
                let megabytes = MOST_OF_ALL as f64 / 1e6;
                picture.missing =
                    Some(format!("left out: the pictures of this page take {megabytes} MB already"));
            }
            Some(Err(reason)) => picture.missing = Some(reason.clone()),
            None => picture.missing = Some("a thread that looks at pictures has failed".to_owned()),
        }
    }
}

/// Looks at pictures on some threads; by their place in the list.
fn looked_at(wanted: &[ImageRef], limits: &Limits) -> HashMap<usize, Seen> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found: Vec<(usize, Seen)> = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(reference) = wanted.get(place) else { return found };
            let small = Thumbnail::of(reference, WITHIN, MOST_OF_ONE, limits);
            found.push((place, small.map(Arc::new).map_err(|error| error.to_string())));
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.min(wanted.len()))
            .filter_map(|number| {
                // By this name it is known that a decoder's panic is nothing to end the program for.
                let thread = std::thread::Builder::new().name(format!("capscope-pictures-{number}"));
                thread.spawn_scoped(scope, work).ok()
            })
            .collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).flatten().collect()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_excerpt_is_a_stretch_with_ranges_on_its_characters(
            text in any::<String>(),
            lit in prop::collection::vec((0_usize..900, 0_usize..900), 0..6),
        ) {
            let text = text.repeat(3);
            let excerpt = Excerpt::cut(&text, lit.into_iter().map(|(start, end)| start..end).collect(), 40);
            let from = excerpt.left_out_before;
            prop_assert_eq!(text.get(from..from + excerpt.text.len()), Some(excerpt.text.as_str()));
            prop_assert_eq!(from + excerpt.text.len() + excerpt.left_out, text.len());
            prop_assert!(excerpt.text.len() <= 40);
            let mut last = 0;
            for range in &excerpt.lit {
                prop_assert!(range.start >= last && excerpt.text.get(range.clone()).is_some());
                last = range.end;
            }
        }
    }

    #[test]
    fn pictures_that_cannot_be_shown_say_why() {
        let mut pictures =
            [ImageRef::File("/nowhere/a.png".into()), ImageRef::Url("http://127.0.0.1/a.png".into())]
                .map(|reference| PictureShown::of(&reference));
        fill(pictures.iter_mut().collect(), &Limits::default());
        for picture in &pictures {
            assert!(picture.small.is_none() && picture.missing.is_some(), "{picture:?}");
        }
    }
}
