//! Samples become documents on threads of their own, beside the one that reads.
//!
//! Reading a file is one thread's work; what follows (words, facts, the stored form of a sample) costs
//! more than the reading and knows no order, since the place of a sample stands in the sample. So the
//! reader hands over batches and goes on. Before a commit it waits until none is on the way: a
//! checkpoint must not claim rows that are not yet with the engine.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread::JoinHandle;

use tantivy::IndexWriter;
use tantivy::indexer::UserOperation;

use super::IndexError;
use super::schema::{Slots, Tools};
use crate::model::Sample;

/// Samples handed over at once.
const BATCH: usize = 128;
/// Batches that wait, for each thread, before the reader has to.
const WAITING: usize = 4;

/// Samples in boxes, as the reader has them: they are moved from thread to thread.
type Batch = Vec<Box<Sample>>;

/// The threads that make documents, and the engine's writer.
pub(super) struct Press {
    shared: Arc<Shared>,
    batch: Batch,
    /// None once no more will come.
    work: Option<SyncSender<Batch>>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    writer: RwLock<IndexWriter>,
    slots: Slots,
    state: Mutex<State>,
    idle: Condvar,
}

#[derive(Default)]
struct State {
    /// Batches handed over and not yet with the engine.
    under_way: usize,
    /// The first thing that went wrong.
    failure: Option<IndexError>,
}

impl Press {
    /// Starts `threads` threads that feed `writer`.
    pub(super) fn new(writer: IndexWriter, slots: Slots, threads: usize) -> Result<Self, IndexError> {
        let threads = threads.max(1);
        let shared = Arc::new(Shared {
            writer: RwLock::new(writer),
            slots,
            state: Mutex::default(),
            idle: Condvar::new(),
        });
        let (work, waiting) = sync_channel(threads * WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        let threads = (0..threads)
            .map(|_| {
                let (shared, waiting) = (Arc::clone(&shared), Arc::clone(&waiting));
                std::thread::Builder::new().name("documents".into()).spawn(move || shared.work(&waiting))
            })
            .collect::<Result<_, _>>()
            .map_err(|error| IndexError::Thread(error.to_string()))?;
        Ok(Self { shared, batch: Vec::with_capacity(BATCH), work: Some(work), threads })
    }

    /// Takes a sample; true where a batch has just been handed over.
    pub(super) fn add(&mut self, sample: Box<Sample>) -> Result<bool, IndexError> {
        self.batch.push(sample);
        if self.batch.len() < BATCH {
            return Ok(false);
        }
        self.hand_over()?;
        Ok(true)
    }

    /// Waits until all samples taken so far are with the engine, and gives its writer.
    pub(super) fn settled(&mut self) -> Result<RwLockWriteGuard<'_, IndexWriter>, IndexError> {
        self.hand_over()?;
        let mut state = self.shared.state();
        while state.under_way > 0 {
            state = self.shared.idle.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if let Some(failure) = state.failure.take() {
            return Err(failure);
        }
        drop(state);
        Ok(self.shared.writer.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// The writer, while samples may be on their way to it.
    pub(super) fn writer(&self) -> RwLockReadGuard<'_, IndexWriter> {
        self.shared.writer()
    }

    fn hand_over(&mut self) -> Result<(), IndexError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        {
            let mut state = self.shared.state();
            if let Some(failure) = state.failure.take() {
                return Err(failure);
            }
            state.under_way += 1;
        }
        if self.work.as_ref().is_none_or(|work| work.send(batch).is_err()) {
            self.shared.state().under_way -= 1;
            return Err(IndexError::Thread("the threads that index have ended".into()));
        }
        Ok(())
    }
}

impl Drop for Press {
    /// Lets the threads end, so that nothing holds the writer any more.
    fn drop(&mut self) {
        self.work = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self) -> RwLockReadGuard<'_, IndexWriter> {
        self.writer.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, waiting: &Mutex<Receiver<Batch>>) {
        let mut tools = Tools::default();
        loop {
            let batch = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(batch) = batch else { return };
            let _done = Done(self);
            if let Err(failure) = self.index(batch, &mut tools) {
                self.state().failure.get_or_insert(failure);
            }
        }
    }

    fn index(&self, batch: Batch, tools: &mut Tools) -> Result<(), IndexError> {
        let mut documents = Vec::with_capacity(batch.len());
        for mut sample in batch {
            documents.push(UserOperation::Add(self.slots.document(&mut sample, tools)?));
        }
        self.writer().run(documents)?;
        Ok(())
    }
}

/// Counts a batch as done, however its thread leaves it.
struct Done<'a>(&'a Shared);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        if std::thread::panicking() {
            let failure = IndexError::Thread("a thread that indexes has failed".into());
            state.failure.get_or_insert(failure);
        }
        state.under_way -= 1;
        self.0.idle.notify_all();
    }
}
