//! The keys of all segments as one list.
//!
//! tantivy numbers the keys of each segment by themselves, in byte order. Going over the dictionaries
//! side by side gives every key one number in the whole index, in byte order too, without ever holding
//! the keys themselves.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use tantivy::SegmentReader;
use tantivy::columnar::StrColumn;

use super::IndexError;
use super::schema::KEY;
use crate::measure::{ECHOES, KeyKind};

/// The keys of a segment; none where no sample has any.
pub(super) fn key_column(segment: &SegmentReader) -> Result<Option<StrColumn>, IndexError> {
    Ok(segment.fast_fields().str(KEY)?)
}

/// Where a key is: the place of a segment, and the key's ordinal there.
pub(super) type KeyPlace = (usize, u64);

/// Calls `take` with each key of the index in byte order, and with where it is.
pub(super) fn each_key(
    halves: &[&SegmentReader],
    mut take: impl FnMut(&[u8], &[KeyPlace]),
) -> Result<(), IndexError> {
    let columns = halves.iter().map(|half| key_column(half)).collect::<Result<Vec<_>, _>>()?;
    let mut streams = Vec::with_capacity(columns.len());
    let mut heads = BinaryHeap::with_capacity(columns.len());
    for (segment, column) in columns.iter().enumerate() {
        let Some(column) = column else { continue };
        let mut stream = column.dictionary().stream().map_err(tantivy::TantivyError::from)?;
        if stream.advance() {
            heads.push(Reverse((stream.key().to_vec(), segment, streams.len())));
            streams.push(stream);
        }
    }
    let mut key = Vec::new();
    let mut places = Vec::with_capacity(columns.len());
    while let Some(Reverse((head, segment, at))) = heads.pop() {
        if head != key {
            if !places.is_empty() {
                take(&key, &places);
            }
            places.clear();
            key.clone_from(&head);
        }
        let Some(stream) = streams.get_mut(at) else { continue };
        places.push((segment, stream.term_ord()));
        if stream.advance() {
            let mut room = head;
            room.clear();
            room.extend_from_slice(stream.key());
            heads.push(Reverse((room, segment, at)));
        }
    }
    if !places.is_empty() {
        take(&key, &places);
    }
    Ok(())
}

/// The ordinals of the keys of a kind in one segment.
pub(super) fn ordinals_of(column: &StrColumn, kind: KeyKind) -> Result<Range<u64>, IndexError> {
    let mut stream = column
        .dictionary()
        .prefix_range(format!("{} ", kind.name()))
        .into_stream()
        .map_err(tantivy::TantivyError::from)?;
    if !stream.advance() {
        return Ok(0..0);
    }
    let first = stream.term_ord();
    let mut last = first;
    while stream.advance() {
        last = stream.term_ord();
    }
    Ok(first..last + 1)
}

/// Of the scenes and names of a segment, the objects of the same words.
#[derive(Debug, Default)]
pub(super) struct Echoes {
    /// Ordinals of a kind, and for each that of its object, or [`NOBODY`].
    kinds: Vec<(Range<u64>, Vec<u64>)>,
}

const NOBODY: u64 = u64::MAX;

impl Echoes {
    /// Of the keys of one segment. Both lists are in order, so one goes beside the other.
    pub(super) fn of(column: &StrColumn) -> Result<Self, IndexError> {
        let mut kinds = Vec::with_capacity(ECHOES.len());
        for kind in ECHOES {
            let ordinals = ordinals_of(column, kind)?;
            let mut objects = Vec::with_capacity((ordinals.end - ordinals.start) as usize);
            let open = |kind: KeyKind| {
                let range = column.dictionary().prefix_range(format!("{} ", kind.name()));
                range.into_stream().map_err(tantivy::TantivyError::from)
            };
            let (mut echoes, mut others) = (open(kind)?, open(KeyKind::Object)?);
            let (from, of) = (kind.name().len() + 1, KeyKind::Object.name().len() + 1);
            let mut is_there = others.advance();
            while echoes.advance() {
                let words = echoes.key().get(from..).unwrap_or_default();
                while is_there && others.key().get(of..).unwrap_or_default() < words {
                    is_there = others.advance();
                }
                let is_same = is_there && others.key().get(of..) == Some(words);
                objects.push(if is_same { others.term_ord() } else { NOBODY });
            }
            kinds.push((ordinals, objects));
        }
        Ok(Self { kinds })
    }

    /// Whether a key only repeats an object among the keys of its sample. `keys` are in ascending
    /// order.
    pub(super) fn is_echo(&self, key: u64, keys: &[u64]) -> bool {
        let object = self
            .kinds
            .iter()
            .find(|(ordinals, _)| ordinals.contains(&key))
            .and_then(|(ordinals, objects)| objects.get((key - ordinals.start) as usize));
        object.is_some_and(|object| *object != NOBODY && keys.binary_search(object).is_ok())
    }
}
