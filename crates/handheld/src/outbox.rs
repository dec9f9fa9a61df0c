//! Queue of accepted, unacknowledged events, backed by storage, and its transmission.
//!
//! ```text
//!   oldest                                                                  newest
//!   | head: at most 8, in RAM | only in storage: fetched as the head drains | tail: at most 8, in RAM |
//!   |   the first `sent`      |                                              |  waiting to be stored   |
//!   |   are in flight         |                                              |                         |
//! ```
//!
//! With few entries head and tail overlap: an entry is sent at once, whether it is stored yet or not. Delivery is
//! go-back-N. All events in flight are of one boot, because the laptop takes sequence number 0 of a newer boot as proof
//! that every older boot is complete.

use core::time::Duration;

use heapless::{Deque, Vec};
use wire::{Mode, Report};

use crate::event::{Answer, Backlog, Entry, EventId};
use crate::time::Uptime;

/// Number of events that can be stored, of any kind.
pub const EVENT_CAPACITY: usize = 1024;

/// Additional capacity for SHARP and STOP.
pub const ALARM_CAPACITY: usize = 32;

/// Unacknowledged events in flight: at one frame per 15 ms interval this covers the round trip.
pub const SEND_WINDOW: usize = 8;

/// Retransmission timeout: longer than a round trip at an interval of 30 ms plus a commit of 100 ms, short enough that
/// a retransmitted click arrives within a second.
pub const RETRANSMIT_TIMEOUT: Duration = Duration::from_millis(400);

/// Events that can wait for storage at once.
const TAIL: usize = 8;

/// Of these, reserved for SHARP and STOP.
const ALARM_TAIL: usize = 2;

/// Delay before a failed store request is repeated: erasing a page takes 85 ms.
const STORE_RETRY: Duration = Duration::from_millis(500);

const _: () = assert!(SEND_WINDOW + TAIL <= 16, "at most 16 events lie in RAM");

#[derive(Debug, Clone)]
pub(crate) struct Outbox {
    /// Id of the next event.
    next: EventId,
    /// Every event before this id is acknowledged or discarded.
    floor: EventId,
    /// Number of entries in all.
    count: usize,
    head: Deque<Entry, SEND_WINDOW>,
    sent: usize,
    resend_at: Option<Uptime>,
    tail: Deque<Waiting, TAIL>,
    keeping: Request<EventId>,
    fetching: Request<()>,
    forget: Option<EventId>,
    /// Storage has lost the entries after the head. Nothing is appended to the head until it is acknowledged.
    gap: bool,
    /// The head starts after such a gap: a hello has to tell the laptop the next event.
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

/// A request to storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoreRequest {
    Keep(Entry),
    Fetch { from: EventId },
}

/// Effect of a storage answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Nothing,
    /// An event accepted in this mode is stored.
    Kept(Mode),
    /// Storage could not store it.
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

    /// The oldest stored id, or the next one if nothing is stored.
    pub(crate) const fn first(&self) -> EventId {
        if self.count == 0 { self.next } else { self.floor }
    }

    pub(crate) fn has_room(&self) -> bool {
        self.count < EVENT_CAPACITY && self.tail.len() < TAIL - ALARM_TAIL
    }

    pub(crate) fn has_room_for_alarm(&self) -> bool {
        self.count < EVENT_CAPACITY + ALARM_CAPACITY && !self.tail.is_full()
    }

    /// Appends an event with the id [`Outbox::next`]. The caller has checked for space.
    pub(crate) fn push(&mut self, entry: Entry, tick: Mode) {
        if self.count == 0 {
            self.floor = entry.id;
        }
        // The caller has checked for space.
        let taken = self.tail.push_back(Waiting { entry, tick });
        debug_assert!(taken.is_ok(), "an event is accepted only where there is room");
        self.count += 1;
        self.next = entry.id.next();
        self.refill();
    }

    /// Every event before `id` is on the laptop's disk. Returns the ticks of those that storage had not stored yet.
    pub(crate) fn acknowledge(&mut self, now: Uptime, id: EventId) -> Vec<Mode, TAIL> {
        let before = self.count;
        // Only entries in the head: the ones behind it have not been sent in this boot, so they are sent and
        // acknowledged again.
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
            // `ticks` is as long as the tail.
            let _ = ticks.push(waiting.tick);
        }
        self.forget = Some(self.floor);
        self.resend_at = if self.sent > 0 { Some(now + RETRANSMIT_TIMEOUT) } else { None };
        self.refill();
        ticks
    }

    /// Discards all events.
    pub(crate) fn discard(&mut self) {
        self.head.clear();
        self.tail.clear();
        self.rewind();
        self.count = 0;
        self.gap = false;
        self.floor = self.next;
        self.forget = Some(self.floor);
    }

    /// Marks nothing as in flight: the link came up or went down, or the retransmission timeout passed.
    pub(crate) fn rewind(&mut self) {
        self.sent = 0;
        self.resend_at = None;
    }

    /// When to [`Outbox::rewind`] because no acknowledgement arrived.
    pub(crate) const fn retransmit_at(&self) -> Option<Uptime> {
        self.resend_at
    }

    /// The next event to send, if the window allows one.
    pub(crate) fn transmit(&mut self, now: Uptime) -> Option<Report> {
        let oldest = self.head.front()?;
        let entry = self.head.get(self.sent).filter(|entry| entry.id.boot == oldest.id.boot)?;
        self.sent += 1;
        self.resend_at.get_or_insert(now + RETRANSMIT_TIMEOUT);
        Some(entry.report())
    }

    /// Whether a hello has to announce a gap; true once.
    pub(crate) fn take_resync(&mut self) -> bool {
        core::mem::take(&mut self.resync)
    }

    /// The id before which storage is to delete, once.
    pub(crate) fn take_forget(&mut self) -> Option<EventId> {
        self.forget.take()
    }

    /// The next request to storage.
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

    /// When a failed request is repeated.
    pub(crate) fn store_retry_at(&self) -> Option<Uptime> {
        let keep = if let Request::Retry { at } = self.keeping { Some(at) } else { None };
        let fetch = if let Request::Retry { at } = self.fetching { Some(at) } else { None };
        [keep, fetch].into_iter().flatten().min()
    }

    /// Reopens failed requests due by `at`.
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

    /// Handles an answer of storage. An unexpected answer is ignored.
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
            // Outside the requested range, so nothing in it is stored.
            self.drop_middle();
            return;
        }
        let follows = entry.id == wanted || (entry.id.boot > wanted.boot && entry.id.seq == 0);
        if !follows {
            // The events in between are lost. They can be counted within one boot, unless this is the gap that the head
            // has been waiting before.
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
        // A fetch is requested only if there is space.
        let _ = self.head.push_back(entry);
        self.gap = false;
        self.refill();
    }

    /// The entries that were only in storage are lost.
    fn drop_middle(&mut self) {
        self.count = self.head.len() + self.tail.len();
        self.gap = true;
        self.refill();
    }

    /// Moves entries from the tail to the head.
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

    /// Whether the next entry for the head is only in storage.
    fn wants_fetch(&self) -> bool {
        !self.waits_before_gap() && !self.head.is_full() && self.head.len() < self.count - self.tail.len()
    }

    fn waits_before_gap(&self) -> bool {
        self.gap && !self.head.is_empty()
    }

    /// Id of the next entry for the head.
    fn wanted(&self) -> EventId {
        self.head.back().map_or(self.floor, |entry| entry.id.next())
    }
}
