//! Entries that are not yet confirmed to be on the disk.
//!
//! ```text
//!   recorded --write()--> in flight --stored()--> gone, its receipts are acknowledged
//!                            |  ^
//!                   failed() |  | retry(), after 0.5 s, then twice as long each time up to 16 s
//!                            v  |
//!                          waiting
//! ```
//!
//! One batch is in flight at a time, so the order on the disk is the order of events, and everything recorded meanwhile
//! goes together into the next. A batch that failed is tried again unchanged under its number, so that a store that
//! wrote it, and failed afterwards, recognises it.
//!
//! What waits is bounded by the session itself: the clicker sends no more than 8 unacknowledged events, and people
//! press keys slowly.

use core::time::Duration;

use coach::Moment;
use transcript::Entry;

use crate::delivery::Receipt;

/// The first pause after a failure: long enough for a lock to be let go.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The longest pause: short enough that writing resumes soon after a person has freed space on the disk.
const LONGEST_PAUSE: Duration = Duration::from_secs(16);

/// The queue before the disk.
#[derive(Debug, Clone)]
pub(crate) struct WriteQueue {
    waiting: Batch,
    flight: Option<Flight>,
    last: u64,
    failing: Option<Failing>,
}

/// Entries, and the receipts to acknowledge once they are stored.
#[derive(Debug, Clone, Default)]
struct Batch {
    entries: Vec<Entry>,
    receipts: Vec<Receipt>,
}

#[derive(Debug, Clone)]
struct Flight {
    number: u64,
    batch: Batch,
}

#[derive(Debug, Clone, Copy)]
struct Failing {
    pause: Duration,
    /// `None` while the batch is in flight once more.
    retry: Option<Moment>,
}

/// A batch is on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    /// What the clicker may hear now.
    pub(crate) receipts: Vec<Receipt>,
    /// Writing had failed, and now everything is on the disk.
    pub(crate) recovered: bool,
}

/// A batch could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failed {
    /// Whether this is the first failure, and news.
    pub(crate) first: bool,
    /// When it is tried again.
    pub(crate) retry: Moment,
}

impl WriteQueue {
    /// Nothing to store; batches count on from `last`.
    pub(crate) fn new() -> Self {
        Self { waiting: Batch::default(), flight: None, last: 0, failing: None }
    }

    /// Takes an entry in.
    pub(crate) fn record(&mut self, entry: Entry) {
        self.waiting.entries.push(entry);
    }

    /// Adds a receipt: the clicker gets its acknowledgement once the entries recorded since the last write are on the
    /// disk.
    pub(crate) fn ack_after(&mut self, receipt: Receipt) {
        self.waiting.receipts.push(receipt);
    }

    /// Entries not yet known to be on the disk.
    pub(crate) fn unstored(&self) -> usize {
        self.waiting.entries.len() + self.flight.as_ref().map_or(0, |flight| flight.batch.entries.len())
    }

    /// Whether writing fails.
    pub(crate) fn failing(&self) -> bool {
        self.failing.is_some()
    }

    /// The batch to write now, if there is one. To be called only between calls of the driver, so that what came
    /// about in one call stays together.
    pub(crate) fn write(&mut self) -> Option<(u64, Vec<Entry>)> {
        if self.flight.is_some() || self.waiting.entries.is_empty() {
            return None;
        }
        self.last += 1;
        let batch = core::mem::take(&mut self.waiting);
        let flight = self.flight.insert(Flight { number: self.last, batch });
        Some((flight.number, flight.batch.entries.clone()))
    }

    /// The batch is on the disk. `None` for one that is not in flight.
    pub(crate) fn stored(&mut self, batch: u64) -> Option<Stored> {
        let flight = self.flight.take_if(|flight| flight.number == batch)?;
        let recovered = self.failing.is_some() && self.waiting.entries.is_empty();
        self.failing = match self.failing {
            Some(failing) if !recovered => Some(Failing { retry: None, ..failing }),
            Some(_) | None => None,
        };
        Some(Stored { receipts: flight.batch.receipts, recovered })
    }

    /// The batch could not be written. `None` for one that is not in flight, or waits to be tried again already.
    pub(crate) fn failed(&mut self, batch: u64, now: Moment) -> Option<Failed> {
        self.flight.as_ref().filter(|flight| flight.number == batch)?;
        let pause = match self.failing {
            Some(Failing { retry: Some(_), .. }) => return None,
            Some(Failing { pause, retry: None }) => (pause * 2).min(LONGEST_PAUSE),
            None => FIRST_PAUSE,
        };
        let first = self.failing.is_none();
        let retry = now + pause;
        self.failing = Some(Failing { pause, retry: Some(retry) });
        Some(Failed { first, retry })
    }

    /// When to try again.
    pub(crate) fn deadline(&self) -> Option<Moment> {
        self.failing.and_then(|failing| failing.retry)
    }

    /// The batch to try again, where that is due.
    pub(crate) fn retry(&mut self, now: Moment) -> Option<(u64, Vec<Entry>)> {
        let failing = self.failing.as_mut()?;
        failing.retry.take_if(|at| *at <= now)?;
        self.flight.as_ref().map(|flight| (flight.number, flight.batch.entries.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::EventId;
    use coach::Key;

    fn at(ms: u64) -> Moment {
        Moment::from_millis(ms)
    }

    fn entry(ms: u64) -> Entry {
        Entry::new(at(ms), Key::GoOn.into())
    }

    fn receipt(seq: u32) -> Receipt {
        Receipt::Event(EventId { boot: 1, seq })
    }

    /// Batch 1 with the entry of 1 ms in flight, the entry of 2 ms waiting.
    fn in_flight() -> WriteQueue {
        let mut queue = WriteQueue::new();
        queue.record(entry(1));
        queue.ack_after(receipt(0));
        assert_eq!(queue.write(), Some((1, vec![entry(1)])));
        queue.record(entry(2));
        queue.ack_after(receipt(1));
        queue
    }

    #[test]
    fn one_batch_is_in_flight_at_a_time() {
        let mut queue = in_flight();
        assert_eq!(queue.write(), None);
        assert_eq!(queue.unstored(), 2);
        assert_eq!(queue.stored(1), Some(Stored { receipts: vec![receipt(0)], recovered: false }));
        assert_eq!(queue.write(), Some((2, vec![entry(2)])));
        assert_eq!(queue.stored(2), Some(Stored { receipts: vec![receipt(1)], recovered: false }));
        assert_eq!((queue.unstored(), queue.write()), (0, None));
    }

    #[test]
    fn an_answer_for_another_batch_is_nothing() {
        let mut queue = in_flight();
        assert_eq!(queue.stored(2), None);
        assert_eq!(queue.failed(2, at(5)), None);
        assert!(!queue.failing());
    }

    #[test]
    fn a_failed_batch_comes_again_unchanged() {
        let mut queue = in_flight();
        assert_eq!(queue.failed(1, at(100)), Some(Failed { first: true, retry: at(600) }));
        assert_eq!(queue.failed(1, at(101)), None, "it was told once");
        assert_eq!(queue.write(), None);
        assert_eq!(queue.retry(at(599)), None);
        assert_eq!(queue.retry(at(600)), Some((1, vec![entry(1)])));
        assert_eq!(queue.retry(at(601)), None, "it is in flight");
    }

    #[test]
    fn pauses_double_up_to_a_bound() {
        let mut queue = in_flight();
        let mut now = at(0);
        let pauses: Vec<u128> = (0..8)
            .map(|_| {
                let failed = queue.failed(1, now).unwrap();
                let pause = failed.retry.since(now);
                now = failed.retry;
                queue.retry(now).unwrap();
                pause.as_millis()
            })
            .collect();
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 16_000, 16_000]);
    }

    #[test]
    fn it_has_recovered_when_everything_is_on_the_disk() {
        let mut queue = in_flight();
        queue.failed(1, at(100));
        queue.retry(at(600));
        assert_eq!(queue.stored(1), Some(Stored { receipts: vec![receipt(0)], recovered: false }));
        assert!(queue.failing(), "one entry is still in memory alone");
        queue.write();
        assert_eq!(queue.failed(2, at(700)), Some(Failed { first: false, retry: at(1_700) }));
        queue.retry(at(1_700));
        assert_eq!(queue.stored(2), Some(Stored { receipts: vec![receipt(1)], recovered: true }));
        assert!(!queue.failing());
    }
}
