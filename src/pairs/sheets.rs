//! Numbers of many samples, held close together.

use std::ops::Range;

use super::compare::Norms;
use super::mine::Marks;
use super::portrait::View;

/// Numbers of many rows, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Rows<T> {
    pub(super) ends: Vec<u32>,
    pub(super) members: Vec<T>,
}

impl<T: Copy> Rows<T> {
    pub(super) fn push(&mut self, row: impl IntoIterator<Item = T>) {
        self.members.extend(row);
        self.ends.push(self.members.len() as u32);
    }

    /// Where the members of a row are.
    pub(super) fn range(&self, row: usize) -> Range<usize> {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(row).copied().unwrap_or(start);
        start as usize..end as usize
    }

    pub(super) fn get(&self, row: usize) -> &[T] {
        self.members.get(self.range(row)).unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

/// What is known of all samples, each in one stretch of memory: in a large collection, whoever looks at a sample waits
/// for memory once, not once for each of its parts.
///
/// ```text
/// norms     2 bits of f32, zero until they are known
/// ends      3 of the words, the keys and the pictures, counted from here on; captions fill the rest
/// ```
#[derive(Debug, Default)]
pub(super) struct Sheets(Rows<u32>);

/// Numbers before the words of a sample.
const HEAD: usize = 5;

/// One sample.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sheet<'s> {
    pub(super) norms: Norms,
    pub(super) view: View<'s>,
    /// Prints of its pictures, cut to half.
    pub(super) pictures: &'s [u32],
    /// Prints of its captions, cut to half.
    pub(super) captions: &'s [u32],
}

/// A sample with its place.
pub(super) type Placed<'s> = (u32, Sheet<'s>);

impl Sheets {
    /// Puts a sample behind the others.
    pub(super) fn push(&mut self, words: &[u32], keys: &[u32], marks: &Marks) {
        let cut = |print: &u64| (print ^ (print >> 32)) as u32;
        let ends = [words.len(), words.len() + keys.len(), words.len() + keys.len() + marks.pictures.len()];
        let head = [0, 0].into_iter().chain(ends.map(|end| end as u32));
        let rest = words.iter().chain(keys).copied();
        let prints = marks.pictures.iter().chain(&marks.captions).map(cut);
        self.0.push(head.chain(rest).chain(prints));
    }

    /// Says the norms of a sample.
    pub(super) fn put_norms(&mut self, place: u32, norms: Norms) {
        let start = self.0.range(place as usize).start;
        if let Some([words, keys]) = self.0.members.get_mut(start..start + 2) {
            (*words, *keys) = (norms.words.to_bits(), norms.keys.to_bits());
        }
    }

    pub(super) fn get(&self, place: u32) -> Sheet<'_> {
        let (head, rest) = self.0.get(place as usize).split_at_checked(HEAD).unwrap_or_default();
        let &[words, keys, end, next, last] = head else { return Sheet::nothing() };
        let part = |from: u32, to: usize| rest.get(from as usize..to).unwrap_or_default();
        Sheet {
            norms: Norms { words: f32::from_bits(words), keys: f32::from_bits(keys) },
            view: View { words: part(0, end as usize), keys: part(end, next as usize) },
            pictures: part(next, last as usize),
            captions: part(last, rest.len()),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl Sheet<'_> {
    fn nothing() -> Self {
        Self { norms: Norms::default(), view: View { words: &[], keys: &[] }, pictures: &[], captions: &[] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_comes_back_as_it_was_put() {
        let mut sheets = Sheets::default();
        sheets.push(&[1, 2, 3], &[7], &Marks { pictures: vec![5], captions: vec![8, 9] });
        sheets.push(&[], &[], &Marks::default());
        sheets.push(&[4], &[], &Marks { pictures: vec![], captions: vec![1 << 32] });
        sheets.put_norms(0, Norms { words: 1.5, keys: 2.5 });
        let sheet = sheets.get(0);
        assert_eq!((sheet.view.words, sheet.view.keys), (&[1, 2, 3][..], &[7][..]));
        assert_eq!((sheet.pictures, sheet.captions), (&[5][..], &[8, 9][..]));
        assert_eq!(sheet.norms, Norms { words: 1.5, keys: 2.5 });
        assert!(sheets.get(1).view.words.is_empty() && sheets.get(1).captions.is_empty());
        assert_eq!((sheets.get(2).view.words, sheets.get(2).captions), (&[4][..], &[1][..]));
        assert!(sheets.get(3).view.words.is_empty());
        assert_eq!(sheets.len(), 3);
    }
}
