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

use crate::event::{Answer, Backlog, Entry, Place};
use crate::time::Uptime;

/// Events kept at least, of whatever kind.
pub const PLACES: usize = 1024;

/// Further places, for SHARP and STOP alone.
pub const ALARM_PLACES: usize = 32;

/// Unacknowledged events in flight: at 15 ms an interval and one frame an interval this fills the time to an answer.
pub const WINDOW: usize = 8;

/// Without an acknowledgement for this long the laptop is taken to have missed a frame: longer than an answer takes
/// at an interval of 30 ms and a commit of 100 ms, short enough that a retried click still comes within a second.
pub const NO_PROGRESS: Duration = Duration::from_millis(400);

/// Events that may wait for storage at once.
const TAIL: usize = 8;

/// Of these, kept free for SHARP and STOP.
const ALARM_TAIL: usize = 2;

/// Between two tries of a store that failed: a page is erased in 85 ms.
const STORE_AGAIN: Duration = Duration::from_millis(500);

const _: () = assert!(WINDOW + TAIL <= 16, "at most 16 events lie in RAM");

#[derive(Debug, Clone)]
pub(crate) struct Outbox {
    /// The place of the next event.
    next: Place,
    /// Everything before it is acknowledged or discarded.
    floor: Place,
    /// How many entries there are in all.
    count: usize,
    head: Deque<Entry, WINDOW>,
    sent: usize,
    resend_at: Option<Uptime>,
    tail: Deque<Waiting, TAIL>,
    keeping: Request<Place>,
    fetching: Request<()>,
    forget: Option<Place>,
    /// Storage has lost what follows the head, so that nothing joins it before it is acknowledged.
    hole: bool,
    /// The head begins behind such a hole: the laptop is to be told from where the order goes on.
    restate: bool,
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
    Again { at: Uptime },
}

/// What storage is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    Keep(Entry),
    Fetch { from: Place },
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
    pub(crate) fn new(boot: u16, kept: Option<Backlog>) -> Self {
        let next = Place { boot, seq: 0 };
        Self {
            next,
            floor: kept.map_or(next, |backlog| backlog.oldest),
            count: kept.map_or(0, |backlog| backlog.count.into()),
            head: Deque::new(),
            sent: 0,
            resend_at: None,
            tail: Deque::new(),
            keeping: Request::Idle,
            fetching: Request::Idle,
            forget: None,
            hole: false,
            restate: false,
        }
    }

    pub(crate) const fn len(&self) -> usize {
        self.count
    }

    pub(crate) const fn next(&self) -> Place {
        self.next
    }

    /// The oldest place that is kept, or the next one where nothing is.
    pub(crate) const fn first(&self) -> Place {
        if self.count == 0 { self.next } else { self.floor }
    }

    pub(crate) fn has_room(&self) -> bool {
        self.count < PLACES && self.tail.len() < TAIL - ALARM_TAIL
    }

    pub(crate) fn has_room_for_alarm(&self) -> bool {
        self.count < PLACES + ALARM_PLACES && !self.tail.is_full()
    }

    /// Takes an event in, for which there is room, at [`Outbox::next`].
    pub(crate) fn push(&mut self, entry: Entry, tick: Mode) {
        if self.count == 0 {
            self.floor = entry.place;
        }
        // The caller has asked for room.
        let taken = self.tail.push_back(Waiting { entry, tick });
        debug_assert!(taken.is_ok(), "an event is accepted only where there is room");
        self.count += 1;
        self.next = entry.place.next();
        self.refill();
    }

    /// Everything before `place` is on the laptop's disk. Gives the ticks of those that storage had not kept yet.
    pub(crate) fn acknowledge(&mut self, now: Uptime, place: Place) -> Vec<Mode, TAIL> {
        let before = self.count;
        // No further than what stands in the head: what is behind it has not been sent since this boot began, so it
        // is sent again and acknowledged again.
        while let Some(entry) = self.head.pop_front_if(|entry| entry.place < place) {
            self.floor = entry.place.next();
            self.count -= 1;
            self.sent = self.sent.saturating_sub(1);
        }
        let mut ticks = Vec::new();
        if self.count == before {
            return ticks;
        }
        while let Some(waiting) = self.tail.pop_front_if(|waiting| waiting.entry.place < self.floor) {
            // As many places as the tail has.
            let _ = ticks.push(waiting.tick);
        }
        self.forget = Some(self.floor);
        self.resend_at = if self.sent > 0 { Some(now + NO_PROGRESS) } else { None };
        self.refill();
        ticks
    }

    /// Lets go of everything.
    pub(crate) fn discard(&mut self) {
        self.head.clear();
        self.tail.clear();
        self.rewind();
        self.count = 0;
        self.hole = false;
        self.floor = self.next;
        self.forget = Some(self.floor);
    }

    /// Nothing is in flight any more: a link has begun or ended, or there was no progress.
    pub(crate) fn rewind(&mut self) {
        self.sent = 0;
        self.resend_at = None;
    }

    /// When to [`Outbox::rewind`] for want of progress.
    pub(crate) const fn no_progress_at(&self) -> Option<Uptime> {
        self.resend_at
    }

    /// The next frame of the order.
    pub(crate) fn transmit(&mut self, now: Uptime) -> Option<Report> {
        let oldest = self.head.front()?;
        let entry = self.head.get(self.sent).filter(|entry| entry.place.boot == oldest.place.boot)?;
        self.sent += 1;
        self.resend_at.get_or_insert(now + NO_PROGRESS);
        Some(entry.report())
    }

    /// Whether the order goes on behind a hole, once.
    pub(crate) fn take_restatement(&mut self) -> bool {
        core::mem::take(&mut self.restate)
    }

    /// Before which place storage is to let go of everything, once.
    pub(crate) fn take_forget(&mut self) -> Option<Place> {
        self.forget.take()
    }

    /// The next thing for storage to do.
    pub(crate) fn work(&mut self) -> Option<Work> {
        if let (Request::Idle, Some(waiting)) = (self.keeping, self.tail.front()) {
            self.keeping = Request::Open(waiting.entry.place);
            return Some(Work::Keep(waiting.entry));
        }
        if self.fetching == Request::Idle && self.wants_fetch() {
            self.fetching = Request::Open(());
            return Some(Work::Fetch { from: self.wanted() });
        }
        None
    }

    /// When a failed request is made again.
    pub(crate) fn store_again_at(&self) -> Option<Uptime> {
        let keep = if let Request::Again { at } = self.keeping { Some(at) } else { None };
        let fetch = if let Request::Again { at } = self.fetching { Some(at) } else { None };
        [keep, fetch].into_iter().flatten().min()
    }

    /// Makes the requests again that failed long enough before `at`.
    pub(crate) fn store_again(&mut self, at: Uptime) {
        if let Request::Again { at: due } = self.keeping
            && due <= at
        {
            self.keeping = Request::Idle;
        }
        if let Request::Again { at: due } = self.fetching
            && due <= at
        {
            self.fetching = Request::Idle;
        }
    }

    /// Takes in what storage answers. An answer to nothing is passed over.
    pub(crate) fn answer(&mut self, now: Uptime, answer: Answer) -> Outcome {
        let again = now + STORE_AGAIN;
        match answer {
            Answer::Kept => {
                let Request::Open(place) = self.keeping else { return Outcome::Nothing };
                self.keeping = Request::Idle;
                let kept = self.tail.pop_front_if(|waiting| waiting.entry.place == place);
                kept.map_or(Outcome::Nothing, |waiting| Outcome::Kept(waiting.tick))
            }
            Answer::KeepFailed => {
                let Request::Open(_) = self.keeping else { return Outcome::Nothing };
                self.keeping = Request::Again { at: again };
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
                    self.lose_middle();
                }
                Outcome::Nothing
            }
            Answer::FetchFailed => {
                let Request::Open(()) = self.fetching else { return Outcome::Nothing };
                self.fetching = Request::Again { at: again };
                Outcome::Nothing
            }
        }
    }

    fn fetched(&mut self, entry: Entry) {
        let wanted = self.wanted();
        let newest_stored = self.tail.front().map_or(self.next, |waiting| waiting.entry.place);
        if entry.place < wanted || entry.place >= newest_stored {
            // Not what was asked for, so nothing that was asked for is there.
            self.lose_middle();
            return;
        }
        let follows = entry.place == wanted || (entry.place.boot > wanted.boot && entry.place.seq == 0);
        if !follows {
            // Events in between are lost. Those of the same boot can be counted, where this is not the hole that the
            // head has been waiting before.
            if !self.hole && entry.place.boot == wanted.boot {
                let lost = usize::try_from(entry.place.seq - wanted.seq).unwrap_or(usize::MAX);
                self.count = self.count.saturating_sub(lost).max(self.head.len() + self.tail.len() + 1);
            }
            if !self.head.is_empty() {
                self.hole = true;
                return;
            }
            self.floor = entry.place;
            self.restate = true;
        }
        // A fetch is wanted only where there is room.
        let _ = self.head.push_back(entry);
        self.hole = false;
        self.refill();
    }

    /// What lies in storage alone is gone.
    fn lose_middle(&mut self) {
        self.count = self.head.len() + self.tail.len();
        self.hole = true;
        self.refill();
    }

    /// Moves what lies in RAM already to where it can be sent.
    fn refill(&mut self) {
        while !self.waits_before_hole() && !self.head.is_full() && self.head.len() < self.count {
            let stored = self.count - self.tail.len();
            let Some(index) = self.head.len().checked_sub(stored) else { return };
            let Some(waiting) = self.tail.get(index) else { return };
            if self.hole {
                self.hole = false;
                self.floor = waiting.entry.place;
                self.restate = true;
            }
            let _ = self.head.push_back(waiting.entry);
        }
    }

    /// Whether the next entry for the head lies in storage alone.
    fn wants_fetch(&self) -> bool {
        !self.waits_before_hole() && !self.head.is_full() && self.head.len() < self.count - self.tail.len()
    }

    fn waits_before_hole(&self) -> bool {
        self.hole && !self.head.is_empty()
    }

    /// The place from which the head goes on.
    fn wanted(&self) -> Place {
        self.head.back().map_or(self.floor, |entry| entry.place.next())
    }
}
