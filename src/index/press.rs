//! Samples become documents on the engine's own threads, beside the one that reads.
//!
//! Reading a file is one thread's work; what follows (words, the stored form of a sample) costs more than
//! the reading and knows no order, since the place of a sample stands in the sample. So the reader hands over
//! batches and goes on, until too many are on the way: the engine would take a million samples into its queue,
//! and memory that is touched again soon is much quicker than fresh memory. A document is made by the thread
//! that indexes it, and is gone before the next one.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tantivy::indexer::{PreparedCommit, UserOperation};
use tantivy::schema::Document;
use tantivy::{IndexWriter, TantivyDocument};

use super::IndexError;
use super::schema::Slots;
use crate::model::Sample;

/// Samples handed over at once.
const BATCH: usize = 128;
/// Batches on the way, for each thread, before the reader has to wait.
const WAITING: usize = 4;
/// How long the reader waits at most. If all threads write out segments just now, or have ended, the engine
/// should get to know of more.
const PATIENCE: Duration = Duration::from_secs(1);

/// The engine's writer, and what is on its way there.
pub(super) struct Press {
    writer: IndexWriter<Pressed>,
    shared: Arc<Shared>,
    batch: Vec<UserOperation<Pressed>>,
    most: usize,
}

struct Shared {
    slots: Slots,
    state: Mutex<State>,
    idle: Condvar,
}

#[derive(Default)]
struct State {
    /// Batches handed over and not yet indexed.
    under_way: usize,
    /// The first thing that went wrong.
    failure: Option<IndexError>,
}

/// A sample that becomes a document when somebody looks.
pub(super) struct Pressed {
    sample: Box<Sample>,
    made: OnceLock<TantivyDocument>,
    shared: Arc<Shared>,
    /// Of the last one of a batch: documents of a batch are indexed in order.
    ticket: Option<Ticket>,
}

/// Counts a batch as done when it is dropped, wherever that is.
struct Ticket(Arc<Shared>);

impl Press {
    /// Feeds `writer`, which has so many threads.
    pub(super) fn new(writer: IndexWriter<Pressed>, slots: Slots, threads: usize) -> Self {
        let shared = Arc::new(Shared { slots, state: Mutex::default(), idle: Condvar::new() });
        Self { writer, shared, batch: Vec::with_capacity(BATCH), most: threads.max(1) * WAITING }
    }

    /// Takes a sample; true where a batch has just been handed over.
    pub(super) fn add(&mut self, sample: Box<Sample>) -> Result<bool, IndexError> {
        let shared = Arc::clone(&self.shared);
        self.batch.push(UserOperation::Add(Pressed { sample, made: OnceLock::new(), shared, ticket: None }));
        if self.batch.len() < BATCH {
            return Ok(false);
        }
        self.hand_over()?;
        Ok(true)
    }

    /// Commits all samples taken so far.
    pub(super) fn commit(&mut self, payload: &str) -> Result<(), IndexError> {
        self.hand_over()?;
        // Whoever prepares waits until all that was handed over is indexed.
        let mut prepared: PreparedCommit<'_, Pressed> = self.writer.prepare_commit()?;
        if let Some(failure) = self.shared.state().failure.take() {
            return Err(failure);
        }
        prepared.set_payload(payload);
        prepared.commit()?;
        Ok(())
    }

    /// The writer. What was handed over may not be indexed yet.
    pub(super) fn writer(&mut self) -> &mut IndexWriter<Pressed> {
        &mut self.writer
    }

    fn hand_over(&mut self) -> Result<(), IndexError> {
        if let Some(UserOperation::Add(last)) = self.batch.last_mut() {
            last.ticket = Some(self.shared.take_ticket(self.most)?);
            let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
            self.writer.run(batch)?;
        }
        Ok(())
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until fewer than `most` batches are on the way, and counts one more.
    fn take_ticket(self: &Arc<Self>, most: usize) -> Result<Ticket, IndexError> {
        let waiting = self.idle.wait_timeout_while(self.state(), PATIENCE, |state| state.under_way >= most);
        let (mut state, _) = waiting.unwrap_or_else(PoisonError::into_inner);
        if let Some(failure) = state.failure.take() {
            return Err(failure);
        }
        state.under_way += 1;
        drop(state);
        Ok(Ticket(Arc::clone(self)))
    }

    fn make(&self, sample: &Sample) -> TantivyDocument {
        self.slots.words(sample).unwrap_or_else(|failure| {
            // The engine knows no documents that cannot be made. This one is never committed.
            self.state().failure.get_or_insert(failure);
            TantivyDocument::default()
        })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.0.state().under_way -= 1;
        self.0.idle.notify_all();
    }
}

impl Document for Pressed {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.made.get_or_init(|| self.shared.make(&self.sample)).iter_fields_and_values()
    }
}
