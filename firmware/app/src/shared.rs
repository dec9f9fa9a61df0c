//! State and queues shared by the three tasks: logic, storage and radio.
//!
//! ```text
//!            requests                    reports
//!   storage <---------- logic (handheld) -----------> radio (stack, HCI filter)
//!           ---------->                  <-----------
//!            answers                     link, cues, reports sent, status events
//! ```
//!
//! What must not be lost is state that the other task reads ([`Shared::link`], the count of reports sent); what may be
//! lost is in queues of fixed length. All tasks run on one thread, so cells are sufficient.

use core::cell::{Cell, RefCell};

use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::channel::Channel;
use embassy_sync::signal::Signal;
use handheld::{Answer, Bond, Entry, EventId, Owner, STACK_SLOTS};
use heapless::Vec;
use wire::{Cue, Report};

use crate::board::StatusEvent;
use crate::bond::{BONDS, BondRecord};

/// A subscribed laptop. The generation increases with every subscription, so that reports and cues of an earlier one
/// are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) generation: u16,
    pub(crate) bond: Bond,
}

/// A request to the storage task. Requests are carried out in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    Keep(Entry),
    Fetch(EventId),
    Forget(EventId),
    Owner(Owner),
    /// If `new`, answered by [`Shared::bond_kept`].
    Bond {
        record: BondRecord,
        new: bool,
    },
    DropBonds,
}

/// Length of the report queue: the reports of this link generation, and stale ones of the last.
const REPORTS: usize = 2 * STACK_SLOTS as usize;

pub(crate) struct Shared {
    link: Cell<Option<Link>>,
    last_generation: Cell<u16>,
    /// Reports sent since the logic last looked.
    sent: Cell<u8>,
    /// Whether the HCI filter passes SMP packets.
    pub(crate) window_open: Cell<bool>,
    /// Whether a session is open; the radio then listens at every connection event.
    pub(crate) in_session: Cell<bool>,
    /// Whether a session is open and the clicker is not resting; the radio then advertises often and loudly.
    pub(crate) is_worn: Cell<bool>,
    /// Battery level in percent.
    pub(crate) battery: Cell<u8>,
    /// Bond that owns the stored events.
    pub(crate) owner: Cell<Option<Bond>>,
    /// The bonds in storage.
    pub(crate) bonds: RefCell<Vec<BondRecord, BONDS>>,
    pub(crate) reports: Channel<NoopRawMutex, (u16, Report), REPORTS>,
    pub(crate) cues: Channel<NoopRawMutex, (u16, Cue), 8>,
    pub(crate) status: Channel<NoopRawMutex, StatusEvent, 16>,
    pub(crate) requests: Channel<NoopRawMutex, Request, 16>,
    pub(crate) answers: Channel<NoopRawMutex, Answer, 4>,
    pub(crate) bond_kept: Signal<NoopRawMutex, bool>,
    /// Wakes the logic task.
    pub(crate) wake_logic: Signal<NoopRawMutex, ()>,
    /// Wakes the radio: bonds, pairing window, session or connection parameters have changed.
    pub(crate) wake_radio: Signal<NoopRawMutex, ()>,
}

impl Shared {
    pub(crate) fn new() -> Self {
        Self {
            link: Cell::new(None),
            last_generation: Cell::new(0),
            sent: Cell::new(0),
            window_open: Cell::new(false),
            in_session: Cell::new(false),
            is_worn: Cell::new(false),
            battery: Cell::new(100),
            owner: Cell::new(None),
            bonds: RefCell::new(Vec::new()),
            reports: Channel::new(),
            cues: Channel::new(),
            status: Channel::new(),
            requests: Channel::new(),
            answers: Channel::new(),
            bond_kept: Signal::new(),
            wake_logic: Signal::new(),
            wake_radio: Signal::new(),
        }
    }

    pub(crate) fn link(&self) -> Option<Link> {
        self.link.get()
    }

    /// The laptop of this bond receives reports from now on.
    pub(crate) fn link_up(&self, bond: Bond) {
        let generation = self.last_generation.get().wrapping_add(1);
        self.last_generation.set(generation);
        self.sent.set(0);
        self.link.set(Some(Link { generation, bond }));
        self.wake_logic.signal(());
    }

    /// No laptop receives reports from now on.
    pub(crate) fn link_down(&self) {
        self.link.set(None);
        self.sent.set(0);
        self.wake_logic.signal(());
    }

    /// A report of this link generation has been sent.
    pub(crate) fn report_sent(&self, generation: u16) {
        if self.link.get().is_some_and(|link| link.generation == generation) {
            self.sent.set(self.sent.get().saturating_add(1));
            self.wake_logic.signal(());
        }
    }

    /// Number of reports sent since the last call.
    pub(crate) fn take_sent(&self) -> u8 {
        self.sent.take()
    }

    /// Queues a status event. If the queue is full, the event is lost.
    pub(crate) fn notify(&self, status: StatusEvent) {
        let _ = self.status.try_send(status);
        self.wake_logic.signal(());
    }

    /// Queues an answer of storage. There are never more open requests than the queue holds.
    pub(crate) fn answer(&self, answer: Answer) {
        let _ = self.answers.try_send(answer);
        self.wake_logic.signal(());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_left_in_an_earlier_hearing_makes_no_room_in_this_one() {
        let shared = Shared::new();
        shared.link_up(Bond(0));
        let first = shared.link().unwrap().generation;
        shared.link_up(Bond(0));
        let second = shared.link().unwrap().generation;
        shared.report_sent(first);
        assert_eq!(shared.take_sent(), 0);
        shared.report_sent(second);
        shared.report_sent(second);
        assert_eq!((shared.take_sent(), shared.take_sent()), (2, 0));
        shared.link_down();
        shared.report_sent(second);
        assert_eq!(shared.take_sent(), 0);
    }
}
