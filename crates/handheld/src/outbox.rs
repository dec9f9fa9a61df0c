//! Everything accepted and not yet acknowledged, as a queue over a store, and its way over the air.
//!
//! ```text
//!   oldest                                                                  newest
//!   | head: at most 8, in RAM | in storage alone: fetched as the head drains | tail: at most 8, in RAM |
//!   |   the first `sent`      |                                              |  waits to be kept       |
//!   |   are in flight         |                                              |                         |
//! ```
//!
//! With few entries the two ends overlap: an entry goes to the air at once, whether it is kept yet or not. Delivery is
//! go-back-N. What is in flight is of one boot, because the laptop takes sequence 0 of a newer boot as the word that
//! every older boot is done.

use core::time::Duration;

use heapless::{Deque, Vec};
use wire::{Mode, Report};

use crate::event::{Answer, Backlog, Entry, EventId};
use crate::time::Uptime;

/// Events kept at least, of whatever kind.
pub const EVENT_CAPACITY: usize = 1024;

/// Further places, for SHARP and STOP alone.
pub const ALARM_CAPACITY: usize = 32;

/// Unacknowledged events in flight: at 15 ms an interval and one frame an interval this fills the time to an answer.
pub const SEND_WINDOW: usize = 8;

/// Without an acknowledgement for this long the laptop is taken to have missed a frame: longer than an answer takes
/// at an interval of 30 ms and a commit of 100 ms, short enough that a retried click still comes within a second.
pub const RETRANSMIT_TIMEOUT: Duration = Duration::from_millis(400);

/// Events that may wait for storage at once.
const TAIL: usize = 8;

/// Of these, kept free for SHARP and STOP.
const ALARM_TAIL: usize = 2;

/// Between two tries of a store that failed: a page is erased in 85 ms.
const STORE_RETRY: Duration = Duration::from_millis(500);

const _: () = assert!(SEND_WINDOW + TAIL <= 16, "at most 16 events lie in RAM");

#[derive(Debug, Clone)]
pub(crate) struct Outbox {
    /// The place of the next event.
    next: EventId,
    /// Everything before it is acknowledged or discarded.
    floor: EventId,
    /// How many entries there are in all.
    count: usize,
    head: Deque<Entry, SEND_WINDOW>,
    sent: usize,
    resend_at: Option<Uptime>,
    tail: Deque<Waiting, TAIL>,
    keeping: Request<EventId>,
    fetching: Request<()>,
    forget: Option<EventId>,
    /// Storage has lost what follows the head, so that nothing joins it before it is acknowledged.
    gap: bool,
    /// The head begins behind such a gap: the laptop is to be told from where the order goes on.
    resync: bool,
}

#[derive(Debug, Clone, Copy)]
struct Waiting {
    entry: Entry,
    tick: Mode,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Request<T> {
    Idle,
    Open(T),
    Retry { at: Uptime },
}

/// What storage is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoreRequest {
    Keep(Entry),
    Fetch { from: EventId },
}

/// What came of an answer of storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Nothing,
    /// An event accepted under this grammar is kept.
    Kept(Mode),
    /// Storage does not take it.
    Failed,
}

impl Outbox {
    pub(crate) fn new(boot: u16, backlog: Option<Backlog>) -> Self {
        let next = EventId { boot, seq: 0 };
        Self {
            next,
            floor: backlog.map_or(next, |backlog| backlog.oldest),
            count: backlog.map_or(0, |backlog| backlog.count.into()),
            head: Deque::new(),
            sent: 0,
            resend_at: None,
            tail: Deque::new(),
            keeping: Request::Idle,
            fetching: Request::Idle,
            forget: None,
            gap: false,
            resync: false,
        }
    }

    pub(crate) const fn len(&self) -> usize {
        self.count
    }

    pub(crate) const fn next(&self) -> EventId {
        self.next
    }

    /// The oldest place that is kept, or the next one where nothing is.
    pub(crate) const fn first(&self) -> EventId {
        if self.count == 0 { self.next } else { self.floor }
    }

    pub(crate) fn has_room(&self) -> bool {
        self.count < EVENT_CAPACITY && self.tail.len() < TAIL - ALARM_TAIL
    }

    pub(crate) fn has_room_for_alarm(&self) -> bool {
        self.count < EVENT_CAPACITY + ALARM_CAPACITY && !self.tail.is_full()
    }

    /// Takes an event in, for which there is room, at [`Outbox::next`].
    pub(crate) fn push(&mut self, entry: Entry, tick: Mode) {
        if self.count == 0 {
            self.floor = entry.id;
        }
        // The caller has asked for room.
        let taken = self.tail.push_back(Waiting { entry, tick });
        debug_assert!(taken.is_ok(), "an event is accepted only where there is room");
        self.count += 1;
        self.next = entry.id.next();
        self.refill();
    }

    /// Everything before `place` is on the laptop's disk. Gives the ticks of those that storage had not kept yet.
    pub(crate) fn acknowledge(&mut self, now: Uptime, id: EventId) -> Vec<Mode, TAIL> {
        let before = self.count;
        // No further than what stands in the head: what is behind it has not been sent since this boot began, so it
        // is sent again and acknowledged again.
        while let Some(entry) = self.head.pop_front_if(|entry| entry.id < id) {
            self.floor = entry.id.next();
            self.count -= 1;
            self.sent = self.sent.saturating_sub(1);
        }
        let mut ticks = Vec::new();
        if self.count == before {
            return ticks;
        }
        while let Some(waiting) = self.tail.pop_front_if(|waiting| waiting.entry.id < self.floor) {
            // As many places as the tail has.
            let _ = ticks.push(waiting.tick);
        }
        self.forget = Some(self.floor);
        self.resend_at = if self.sent > 0 { Some(now + RETRANSMIT_TIMEOUT) } else { None };
        self.refill();
        ticks
    }

    /// Lets go of everything.
    pub(crate) fn discard(&mut self) {
        self.head.clear();
        self.tail.clear();
        self.rewind();
        self.count = 0;
        self.gap = false;
        self.floor = self.next;
        self.forget = Some(self.floor);
    }

    /// Nothing is in flight any more: a link has begun or ended, or there was no progress.
    pub(crate) fn rewind(&mut self) {
        self.sent = 0;
        self.resend_at = None;
    }

    /// When to [`Outbox::rewind`] for want of progress.
    pub(crate) const fn retransmit_at(&self) -> Option<Uptime> {
        self.resend_at
    }

    /// The next frame of the order.
    pub(crate) fn transmit(&mut self, now: Uptime) -> Option<Report> {
        let oldest = self.head.front()?;
        let entry = self.head.get(self.sent).filter(|entry| entry.id.boot == oldest.id.boot)?;
        self.sent += 1;
        self.resend_at.get_or_insert(now + RETRANSMIT_TIMEOUT);
        Some(entry.report())
    }

    /// Whether the order goes on behind a gap, once.
    pub(crate) fn take_resync(&mut self) -> bool {
        core::mem::take(&mut self.resync)
    }

    /// Before which place storage is to let go of everything, once.
    pub(crate) fn take_forget(&mut self) -> Option<EventId> {
        self.forget.take()
    }

    /// The next thing for storage to do.
    pub(crate) fn next_store_request(&mut self) -> Option<StoreRequest> {
        if let (Request::Idle, Some(waiting)) = (self.keeping, self.tail.front()) {
            self.keeping = Request::Open(waiting.entry.id);
            return Some(StoreRequest::Keep(waiting.entry));
        }
        if self.fetching == Request::Idle && self.wants_fetch() {
            self.fetching = Request::Open(());
            return Some(StoreRequest::Fetch { from: self.wanted() });
        }
        None
    }

    /// When a failed request is made again.
    pub(crate) fn store_retry_at(&self) -> Option<Uptime> {
        let keep = if let Request::Retry { at } = self.keeping { Some(at) } else { None };
        let fetch = if let Request::Retry { at } = self.fetching { Some(at) } else { None };
        [keep, fetch].into_iter().flatten().min()
    }

    /// Makes the requests again that failed long enough before `at`.
    pub(crate) fn retry_store(&mut self, at: Uptime) {
        if let Request::Retry { at: due } = self.keeping
            && due <= at
        {
            self.keeping = Request::Idle;
        }
        if let Request::Retry { at: due } = self.fetching
            && due <= at
        {
            self.fetching = Request::Idle;
        }
    }

    /// Takes in what storage answers. An answer to nothing is passed over.
    pub(crate) fn answer(&mut self, now: Uptime, answer: Answer) -> Outcome {
        let again = now + STORE_RETRY;
        match answer {
            Answer::Kept => {
                let Request::Open(id) = self.keeping else { return Outcome::Nothing };
                self.keeping = Request::Idle;
                let kept = self.tail.pop_front_if(|waiting| waiting.entry.id == id);
                kept.map_or(Outcome::Nothing, |waiting| Outcome::Kept(waiting.tick))
            }
            Answer::KeepFailed => {
                let Request::Open(_) = self.keeping else { return Outcome::Nothing };
                self.keeping = Request::Retry { at: again };
                Outcome::Failed
            }
            Answer::Fetched(entry) => {
                let Request::Open(()) = self.fetching else { return Outcome::Nothing };
                self.fetching = Request::Idle;
                if self.wants_fetch() {
                    self.fetched(entry);
                }
                Outcome::Nothing
            }
            Answer::NothingThere => {
                let Request::Open(()) = self.fetching else { return Outcome::Nothing };
                self.fetching = Request::Idle;
                if self.wants_fetch() {
                    self.drop_middle();
                }
                Outcome::Nothing
            }
            Answer::FetchFailed => {
                let Request::Open(()) = self.fetching else { return Outcome::Nothing };
                self.fetching = Request::Retry { at: again };
                Outcome::Nothing
            }
        }
    }

    fn fetched(&mut self, entry: Entry) {
        let wanted = self.wanted();
        let newest_stored = self.tail.front().map_or(self.next, |waiting| waiting.entry.id);
        if entry.id < wanted || entry.id >= newest_stored {
            // Not what was asked for, so nothing that was asked for is there.
            self.drop_middle();
            return;
        }
        let follows = entry.id == wanted || (entry.id.boot > wanted.boot && entry.id.seq == 0);
        if !follows {
            // Events in between are lost. Those of the same boot can be counted, where this is not the gap that the
            // head has been waiting before.
            if !self.gap && entry.id.boot == wanted.boot {
                let lost = usize::try_from(entry.id.seq - wanted.seq).unwrap_or(usize::MAX);
                self.count = self.count.saturating_sub(lost).max(self.head.len() + self.tail.len() + 1);
            }
            if !self.head.is_empty() {
                self.gap = true;
                return;
            }
            self.floor = entry.id;
            self.resync = true;
        }
        // A fetch is wanted only where there is room.
        let _ = self.head.push_back(entry);
        self.gap = false;
        self.refill();
    }

    /// What lies in storage alone is gone.
    fn drop_middle(&mut self) {
        self.count = self.head.len() + self.tail.len();
        self.gap = true;
        self.refill();
    }

    /// Moves what lies in RAM already to where it can be sent.
    fn refill(&mut self) {
        while !self.waits_before_gap() && !self.head.is_full() && self.head.len() < self.count {
            let stored = self.count - self.tail.len();
            let Some(index) = self.head.len().checked_sub(stored) else { return };
            let Some(waiting) = self.tail.get(index) else { return };
            if self.gap {
                self.gap = false;
                self.floor = waiting.entry.id;
                self.resync = true;
            }
            let _ = self.head.push_back(waiting.entry);
        }
    }

    /// Whether the next entry for the head lies in storage alone.
    fn wants_fetch(&self) -> bool {
        !self.waits_before_gap() && !self.head.is_full() && self.head.len() < self.count - self.tail.len()
    }

    fn waits_before_gap(&self) -> bool {
        self.gap && !self.head.is_empty()
    }

    /// The place from which the head goes on.
    fn wanted(&self) -> EventId {
        self.head.back().map_or(self.floor, |entry| entry.id.next())
    }
}
