//! A question that takes the workers a while: asked anew when the query or the index has changed,
//! its last answer kept until the next one is there, so that nothing flickers.

use std::sync::Arc;
use std::time::{Duration, Instant};

/// Time after which it is said that an answer is being waited for.
const PATIENCE: Duration = Duration::from_millis(200);

/// Which index a question is asked of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stand {
    /// Whether all samples are indexed. While they are not, a question is asked only once.
    pub(crate) is_ready: bool,
    /// Samples that can be searched.
    pub(crate) samples: u64,
    /// The state of the marks, where the question is about them.
    pub(crate) marks: u64,
}

/// The question and its answer.
#[derive(Debug)]
pub(crate) struct Inquiry<T> {
    generation: u64,
    asked: Option<(String, Stand)>,
    outcome: Option<Result<Arc<T>, String>>,
    /// When patience ends with an answer that has not come.
    late_at: Option<Instant>,
    is_waiting: bool,
    is_late: bool,
}

impl<T> Default for Inquiry<T> {
    fn default() -> Self {
        Self { generation: 0, asked: None, outcome: None, late_at: None, is_waiting: false, is_late: false }
    }
}

impl<T> Inquiry<T> {
    /// Says what is to be known; the generation to ask under, where it has to be asked for.
    pub(crate) fn want(&mut self, text: &str, stand: Stand, now: Instant) -> Option<u64> {
        let is_same = self.asked.as_ref().is_some_and(|(asked, of)| {
            let has_same_samples = of.samples == stand.samples || !stand.is_ready;
            asked == text && of.is_ready == stand.is_ready && has_same_samples && of.marks == stand.marks
        });
        if is_same {
            return None;
        }
        self.asked = Some((text.to_owned(), stand));
        self.generation += 1;
        self.is_waiting = true;
        self.late_at = Some(now + PATIENCE);
        Some(self.generation)
    }

    /// Takes an answer in; one to an older question is dropped.
    pub(crate) fn take(&mut self, generation: u64, outcome: Result<Arc<T>, String>) -> bool {
        if generation != self.generation {
            return false;
        }
        self.outcome = Some(outcome);
        self.late_at = None;
        self.is_waiting = false;
        self.is_late = false;
        true
    }

    /// Takes a part of an answer in, the rest of which is still to come.
    pub(crate) fn take_part(&mut self, generation: u64, outcome: Arc<T>) {
        if generation == self.generation {
            self.outcome = Some(Ok(outcome));
            self.late_at = None;
            self.is_late = false;
        }
    }

    /// Whether the answer of this generation has not come yet.
    pub(crate) fn is_waiting_for(&self, generation: u64) -> bool {
        self.is_waiting && generation == self.generation
    }

    pub(crate) fn next_tick(&self) -> Option<Instant> {
        self.late_at
    }

    pub(crate) fn tick(&mut self, now: Instant) {
        if self.late_at.is_some_and(|at| at <= now) {
            self.late_at = None;
            self.is_late = self.is_waiting;
        }
    }

    /// The last answer, be it of the query before.
    pub(crate) fn report(&self) -> Option<&Arc<T>> {
        self.outcome.as_ref()?.as_ref().ok()
    }

    /// Why there is no answer.
    pub(crate) fn problem(&self) -> Option<&str> {
        self.outcome.as_ref()?.as_ref().err().map(String::as_str)
    }

    /// Whether an answer is waited for, and has been for a while.
    pub(crate) fn is_late(&self) -> bool {
        self.is_late
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_once_and_keeps_the_last_answer() {
        let start = Instant::now();
        let growing = Stand { is_ready: false, samples: 10, marks: 0 };
        let ready = Stand { is_ready: true, samples: 99, marks: 0 };
        let mut inquiry = Inquiry::<u8>::default();
        assert_eq!(inquiry.want("dog", growing, start), Some(1));
        assert_eq!(inquiry.want("dog", Stand { samples: 20, ..growing }, start), None);
        assert_eq!(inquiry.want("dog", ready, start), Some(2));
        assert!(!inquiry.take(1, Ok(Arc::new(1))));
        assert!(inquiry.take(2, Ok(Arc::new(2))));
        assert_eq!(inquiry.want("cat", ready, start), Some(3));
        inquiry.tick(start);
        assert!(!inquiry.is_late());
        inquiry.tick(start + PATIENCE);
        assert!(inquiry.is_late() && inquiry.next_tick().is_none());
        assert_eq!(inquiry.report().map(|report| **report), Some(2));
        inquiry.take_part(2, Arc::new(7));
        inquiry.take_part(3, Arc::new(8));
        assert_eq!((inquiry.report().map(|report| **report), inquiry.is_waiting_for(3)), (Some(8), true));
        assert!(inquiry.take(3, Err("not yet".into())));
        assert_eq!((inquiry.problem(), inquiry.report()), (Some("not yet"), None));
    }
}
