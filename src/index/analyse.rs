//! The pass that finds what captions say, once the words of all samples are indexed: it writes the second
//! half of each segment ([`super::facts`]).
//!
//! Nothing is read from the data set again, since the samples lie in the index. Every thread has a stretch of
//! a segment at a time, and goes through it in order. A segment is one stretch, unless the threads would end
//! at very different times, or what is gathered for it takes too much memory: then it is written in parts,
//! which are joined at the end. Whoever is killed loses the segments that were in work.

use std::collections::HashSet;
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tantivy::directory::MmapDirectory;
use tantivy::indexer::merge_indices;
use tantivy::{DocId, Searcher, SegmentReader, SingleSegmentIndexWriter, TantivyDocument};

use super::IndexError;
use super::facts::{Facts, folder_of};
use super::home::remove_folder;
use super::packed::{Packed, Packing};
use super::schema::{Slots, Tools, tokenizers};
use crate::measure::Column;
use crate::query;

/// Bytes that a thread gathers before it writes a part: more than the words of a segment come to, so that parts
/// are the exception.
pub(super) const MEMORY: usize = 144 << 20;
/// How often it is told how far we are.
const PAUSE: Duration = Duration::from_millis(100);
/// Documents between two looks whether to go on, or to write.
const BATCH: DocId = 64;
/// Blocks of stored samples that are kept unpacked: they are read in order.
const BLOCKS: usize = 2;
/// Segments with fewer documents are never cut: joining them would take longer.
const LEAST_CUT: DocId = 4_000;
/// Pieces of a segment at most.
const MOST_PIECES: u32 = 16;
/// A plan is good enough where its longest thread has no more than so many times a fair share.
const FAIR: f64 = 1.15;

/// How many samples are analysed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Analysed {
    /// In all.
    pub(super) samples: u64,
    /// In segments that are done, so that their facts can be searched.
    pub(super) searchable: u64,
}

/// Told now and then how far it is; says whether to go on.
pub(super) type Watch<'a> = &'a mut dyn FnMut(Analysed) -> ControlFlow<()>;

/// Analyses all segments of which `facts` knows nothing. A thread that has gathered `memory` bytes writes a part. Breaks
/// off where `watch` says so.
pub(super) fn analyse(
    searcher: &Searcher,
    facts: &Facts,
    folder: &Path,
    slots: &Slots,
    threads: usize,
    memory: usize,
    watch: Watch<'_>,
) -> Result<ControlFlow<()>, IndexError> {
    std::fs::create_dir_all(folder).map_err(IndexError::file(folder))?;
    forget_others(searcher, folder)?;
    let segments = searcher.segment_readers().iter().enumerate();
    let missing = segments.filter(|(place, _)| facts.at(*place).is_none());
    let missing: Vec<&SegmentReader> = missing.map(|(_, segment)| segment).collect();
    if missing.is_empty() {
        return Ok(ControlFlow::Continue(()));
    }
    let lengths: Vec<DocId> = missing.iter().map(|segment| segment.max_doc()).collect();
    let plan = Plan::of(&lengths, threads);
    let pass = Pass {
        folder,
        slots,
        works: missing
            .into_iter()
            .zip(plan.pieces)
            .map(|(segment, pieces)| Work::new(segment, pieces))
            .collect(),
        queue: Mutex::new(plan.queue),
        done: AtomicU64::new(facts.samples()),
        searchable: AtomicU64::new(facts.samples()),
        is_stopped: AtomicBool::new(false),
        memory,
    };
    pass.run(threads, watch)
}

/// Removes what is not the second half of one of these segments. Who still reads it keeps what is mapped.
fn forget_others(searcher: &Searcher, folder: &Path) -> Result<(), IndexError> {
    let wanted: HashSet<PathBuf> =
        searcher.segment_readers().iter().map(|segment| folder_of(folder, segment.segment_id())).collect();
    let entries = std::fs::read_dir(folder).map_err(IndexError::file(folder))?;
    for entry in entries.flatten().filter(|entry| !wanted.contains(&entry.path())) {
        remove_folder(&entry.path())?;
    }
    Ok(())
}

/// Who analyses what.
struct Plan {
    /// For each segment, in how many pieces it is done.
    pieces: Vec<u32>,
    /// The place of a segment with the number of a piece; the last is the next to be done.
    queue: Vec<(usize, u32)>,
}

impl Plan {
    /// Cuts the longest segment until the threads end at about the same time.
    fn of(lengths: &[DocId], threads: usize) -> Self {
        let mut pieces = vec![1_u32; lengths.len()];
        let fair = f64::from(lengths.iter().sum::<DocId>()) / threads.max(1) as f64;
        let length = |pieces: &[u32], place: usize| {
            lengths.get(place).copied().unwrap_or_default() / pieces.get(place).copied().unwrap_or(1).max(1)
        };
        loop {
            let mut queue: Vec<(usize, u32)> = pieces
                .iter()
                .enumerate()
                .flat_map(|(place, pieces)| (0..*pieces).rev().map(move |piece| (place, piece)))
                .collect();
            queue.sort_by_key(|(place, _)| length(&pieces, *place));
            // Whoever is free takes the longest that is left.
            let mut ends = vec![0_u64; threads.max(1)];
            for (place, _) in queue.iter().rev() {
                if let Some(first) = ends.iter_mut().min() {
                    *first += u64::from(length(&pieces, *place));
                }
            }
            let last = ends.into_iter().max().unwrap_or_default();
            let longest = (0..lengths.len()).max_by_key(|place| length(&pieces, *place));
            let cut = longest.filter(|place| length(&pieces, *place) >= LEAST_CUT * 2);
            let cut = cut.and_then(|place| pieces.get_mut(place)).filter(|pieces| **pieces < MOST_PIECES);
            match cut {
                Some(pieces) if last as f64 > fair * FAIR => *pieces += 1,
                _ => return Self { pieces, queue },
            }
        }
    }
}

/// A segment in work.
struct Work<'a> {
    segment: &'a SegmentReader,
    pieces: u32,
    state: Mutex<WorkState>,
}

#[derive(Default)]
struct WorkState {
    /// What was written, with the document that each part begins with.
    parts: Vec<(DocId, PathBuf)>,
    /// Pieces that are done.
    done: u32,
}

impl<'a> Work<'a> {
    fn new(segment: &'a SegmentReader, pieces: u32) -> Self {
        Self { segment, pieces, state: Mutex::default() }
    }

    fn range(&self, piece: u32) -> Range<DocId> {
        let at = |piece: u32| {
            (u64::from(self.segment.max_doc()) * u64::from(piece) / u64::from(self.pieces)) as DocId
        };
        at(piece)..at(piece + 1)
    }
}

struct Pass<'a> {
    folder: &'a Path,
    slots: &'a Slots,
    works: Vec<Work<'a>>,
    queue: Mutex<Vec<(usize, u32)>>,
    /// Samples that are analysed.
    done: AtomicU64,
    /// Those of segments that are done.
    searchable: AtomicU64,
    is_stopped: AtomicBool,
    memory: usize,
}

impl Pass<'_> {
    fn run(&self, threads: usize, watch: Watch<'_>) -> Result<ControlFlow<()>, IndexError> {
        std::thread::scope(|scope| {
            let (tell, told) = channel::<()>();
            let mut running = Vec::new();
            for _ in
                0..threads.clamp(1, self.works.iter().map(|work| work.pieces as usize).sum::<usize>().max(1))
            {
                let tell = tell.clone();
                let spawned =
                    std::thread::Builder::new().name("facts".into()).spawn_scoped(scope, move || {
                        // Dropped when this thread ends, however it does.
                        let _tell = tell;
                        let done = self.work();
                        if done.is_err() {
                            self.stop();
                        }
                        done
                    });
                match spawned {
                    Ok(thread) => running.push(thread),
                    // Fewer do as well.
                    Err(_) if !running.is_empty() => {}
                    Err(error) => return Err(IndexError::Thread(error.to_string())),
                }
            }
            drop(tell);
            self.wait(&told, watch);
            let mut outcome = Ok(());
            for thread in running {
                let ended = thread.join().unwrap_or_else(|_| {
                    Err(IndexError::Thread("a thread that analyses captions has failed".into()))
                });
                outcome = outcome.and(ended);
            }
            outcome?;
            let is_stopped = self.is_stopped.load(Ordering::Acquire);
            Ok(if is_stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })
    }

    /// Tells how far it is until all threads have ended.
    fn wait(&self, told: &Receiver<()>, watch: Watch<'_>) {
        loop {
            let analysed = Analysed {
                samples: self.done.load(Ordering::Relaxed),
                searchable: self.searchable.load(Ordering::Acquire),
            };
            if watch(analysed).is_break() {
                self.stop();
            }
            if told.recv_timeout(PAUSE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
        }
    }

    fn stop(&self) {
        self.is_stopped.store(true, Ordering::Release);
    }

    fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Acquire)
    }

    /// What each thread does.
    fn work(&self) -> Result<(), IndexError> {
        let mut tools = Tools::default();
        loop {
            let next = self.queue.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some((work, piece)) = next.and_then(|(place, piece)| Some((self.works.get(place)?, piece)))
            else {
                return Ok(());
            };
            let parts = self.piece(work, work.range(piece), &mut tools)?;
            if self.is_stopped() {
                return Ok(());
            }
            let parts = {
                let mut state = work.state.lock().unwrap_or_else(PoisonError::into_inner);
                state.parts.extend(parts);
                state.done += 1;
                if state.done < work.pieces {
                    continue;
                }
                std::mem::take(&mut state.parts)
            };
            self.finish(work.segment, parts)?;
        }
    }

    /// Analyses a stretch of a segment, in order. Where it is told to stop, nothing that it wrote counts.
    fn piece(
        &self,
        work: &Work<'_>,
        docs: Range<DocId>,
        tools: &mut Tools,
    ) -> Result<Vec<(DocId, PathBuf)>, IndexError> {
        let store = work.segment.get_store_reader(BLOCKS).map_err(tantivy::TantivyError::from)?;
        let alive = work.segment.alive_bitset();
        let mut parts = Vec::new();
        let mut part: Option<Part> = None;
        for doc in docs.clone() {
            if (doc - docs.start).is_multiple_of(BATCH) {
                if self.is_stopped() {
                    return Ok(Vec::new());
                }
                if let Some(full) = part.take_if(|part| part.memory() >= self.memory) {
                    parts.push(full.finish()?);
                }
            }
            let open = match &mut part {
                Some(open) => open,
                empty => empty.insert(Part::begin(self.folder, work.segment, doc, self.slots)?),
            };
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                self.done.fetch_add(1, Ordering::Relaxed);
                let mut sample = self.slots.stored(&store.get(doc)?)?;
                open.writer.add_document(self.slots.facts(&mut sample, tools))?;
                let figure = |column| query::figure(&sample, column).unwrap_or(f64::NAN);
                open.figures.push(Column::own().map(figure));
            } else {
                open.writer.add_document(TantivyDocument::default())?;
                open.figures.push(std::iter::empty());
            }
        }
        if let Some(part) = part {
            parts.push(part.finish()?);
        }
        Ok(parts)
    }

    /// Makes one of the parts of a segment, and gives it its name.
    fn finish(&self, segment: &SegmentReader, mut parts: Vec<(DocId, PathBuf)>) -> Result<(), IndexError> {
        parts.sort();
        let path = folder_of(self.folder, segment.segment_id());
        // What is there cannot be opened.
        remove_folder(&path)?;
        let beside = match parts.as_slice() {
            [(_, only)] => only.clone(),
            several => {
                let beside = path.with_extension("joined");
                remove_folder(&beside)?;
                std::fs::create_dir_all(&beside).map_err(IndexError::file(&beside))?;
                let open = several.iter().map(|(_, part)| super::facts::open_engine(part));
                merge_indices(&open.collect::<tantivy::Result<Vec<_>>>()?, directory(&beside)?)?;
                let mut figures = Packing::default();
                for (_, part) in several {
                    let written = Packed::open(part);
                    figures.append(&written.ok_or_else(|| {
                        IndexError::Sample(format!("{}: what was just written is not there", part.display()))
                    })?);
                }
                figures.write(&beside)?;
                beside
            }
        };
        std::fs::rename(&beside, &path).map_err(IndexError::file(&path))?;
        self.searchable.fetch_add(u64::from(segment.num_docs()), Ordering::Release);
        for (_, part) in &parts {
            remove_folder(part)?;
        }
        Ok(())
    }
}

/// A part in work.
struct Part {
    first: DocId,
    folder: PathBuf,
    writer: SingleSegmentIndexWriter,
    figures: Packing,
}

impl Part {
    fn begin(
        folder: &Path,
        segment: &SegmentReader,
        first: DocId,
        slots: &Slots,
    ) -> Result<Self, IndexError> {
        let folder = folder_of(folder, segment.segment_id()).with_extension(format!("from{first}"));
        remove_folder(&folder)?;
        std::fs::create_dir_all(&folder).map_err(IndexError::file(&folder))?;
        let builder = tantivy::Index::builder()
            .schema(slots.schema.clone())
            .tokenizers(tokenizers())
            .fast_field_tokenizers(tokenizers());
        let writer = builder.single_segment_index_writer(directory(&folder)?, MEMORY)?;
        Ok(Self { first, folder, writer, figures: Packing::default() })
    }

    fn memory(&self) -> usize {
        self.writer.mem_usage() + self.figures.memory()
    }

    fn finish(self) -> Result<(DocId, PathBuf), IndexError> {
        self.figures.write(&self.folder)?;
        self.writer.finalize()?;
        Ok((self.first, self.folder))
    }
}

fn directory(folder: &Path) -> tantivy::Result<MmapDirectory> {
    Ok(MmapDirectory::open(folder)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_end_at_about_the_same_time() {
        // Lengths of segments, threads, and in how many pieces each is done.
        for (lengths, threads, pieces) in [
            (&[250_000, 250_000, 250_000, 250_000][..], 2, &[1, 1, 1, 1][..]),
            (&[500_000], 2, &[2]),
            (&[300_000, 300_000, 300_000], 2, &[2, 1, 1]),
            (&[500_000], 1, &[1]),
            (&[3_000], 8, &[1]),
            (&[], 4, &[]),
            (&[900_000, 20_000, 5_000], 4, &[4, 1, 1]),
        ] {
            let plan = Plan::of(lengths, threads);
            let cut: u32 = plan.pieces.iter().sum();
            assert_eq!(plan.queue.len(), cut as usize, "{lengths:?}");
            let mut ends = vec![0.0; threads];
            for (place, _) in plan.queue.iter().rev() {
                let first = ends.iter_mut().min_by(|one: &&mut f64, other| one.total_cmp(other)).unwrap();
                *first += f64::from(lengths[*place]) / f64::from(plan.pieces[*place]);
            }
            let fair = f64::from(lengths.iter().sum::<DocId>()) / threads as f64;
            let last = ends.iter().copied().fold(0.0, f64::max);
            if lengths.iter().any(|length| *length >= LEAST_CUT * 2) {
                assert!(last <= fair * FAIR + 1.0, "{lengths:?} on {threads}: {last} of {fair}");
            }
            if threads < 4 {
                assert_eq!(plan.pieces.iter().sum::<u32>(), pieces.iter().sum::<u32>(), "{lengths:?}");
            }
        }
    }
}
