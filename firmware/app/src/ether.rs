//! What the three parts of the clicker have in common while they run side by side: the pump of its logic, the keeper of
//! its storage and the radio.
//!
//! ```text
//!            requests                    reports
//!   keeper <----------- pump (handheld) -----------> radio (stack, gate)
//!          ----------->                 <-----------
//!            answers                     link, cues, what has left, news
//! ```
//!
//! What must never be lost is state that the other part looks at ([`Ether::link`], what has left); what may be lost is
//! in queues of fixed length. All three run on one thread, so cells are enough.

use core::cell::{Cell, RefCell};

use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::channel::Channel;
use embassy_sync::signal::Signal;
use handheld::{Answer, Bond, Entry, EventId, Owner, STACK_SLOTS};
use heapless::Vec;
use wire::{Cue, Report};

use crate::board::News;
use crate::bond::{BONDS, BondRecord};

/// A laptop that hears, and the number of this hearing: reports and cues of an earlier one are not mixed into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) number: u16,
    pub(crate) bond: Bond,
}

/// Something for storage to do. They are done in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    Keep(Entry),
    Fetch(EventId),
    Forget(EventId),
    Owner(Owner),
    /// Answered by [`Ether::bond_kept`] where it is new.
    Bond {
        record: BondRecord,
        new: bool,
    },
    DropBonds,
}

/// Places for reports between pump and radio: those of this hearing, and stale ones of the last.
const REPORTS: usize = 2 * STACK_SLOTS as usize;

pub(crate) struct Ether {
    link: Cell<Option<Link>>,
    last_number: Cell<u16>,
    /// Reports that have left since the pump looked.
    left: Cell<u8>,
    /// Whether SMP passes the gate.
    pub(crate) window_open: Cell<bool>,
    /// Whether a session is open, so that the radio is to listen at every event.
    pub(crate) in_session: Cell<bool>,
    /// In percent.
    pub(crate) battery: Cell<u8>,
    /// Whose events are kept.
    pub(crate) owner: Cell<Option<Bond>>,
    /// The bonds as storage has them.
    pub(crate) bonds: RefCell<Vec<BondRecord, BONDS>>,
    pub(crate) reports: Channel<NoopRawMutex, (u16, Report), REPORTS>,
    pub(crate) cues: Channel<NoopRawMutex, (u16, Cue), 8>,
    pub(crate) news: Channel<NoopRawMutex, News, 16>,
    pub(crate) requests: Channel<NoopRawMutex, Request, 16>,
    pub(crate) answers: Channel<NoopRawMutex, Answer, 4>,
    pub(crate) bond_kept: Signal<NoopRawMutex, bool>,
    /// The pump has something to look at.
    pub(crate) stir: Signal<NoopRawMutex, ()>,
    /// The radio has something to look at: the bonds, the window, the session or how the link is kept.
    pub(crate) stir_radio: Signal<NoopRawMutex, ()>,
}

impl Ether {
    pub(crate) fn new() -> Self {
        Self {
            link: Cell::new(None),
            last_number: Cell::new(0),
            left: Cell::new(0),
            window_open: Cell::new(false),
            in_session: Cell::new(false),
            battery: Cell::new(100),
            owner: Cell::new(None),
            bonds: RefCell::new(Vec::new()),
            reports: Channel::new(),
            cues: Channel::new(),
            news: Channel::new(),
            requests: Channel::new(),
            answers: Channel::new(),
            bond_kept: Signal::new(),
            stir: Signal::new(),
            stir_radio: Signal::new(),
        }
    }

    pub(crate) fn link(&self) -> Option<Link> {
        self.link.get()
    }

    /// This laptop hears from now on.
    pub(crate) fn link_up(&self, bond: Bond) {
        let number = self.last_number.get().wrapping_add(1);
        self.last_number.set(number);
        self.left.set(0);
        self.link.set(Some(Link { number, bond }));
        self.stir.signal(());
    }

    /// Nobody hears from now on.
    pub(crate) fn link_down(&self) {
        self.link.set(None);
        self.left.set(0);
        self.stir.signal(());
    }

    /// A report of this hearing has left.
    pub(crate) fn report_left(&self, number: u16) {
        if self.link.get().is_some_and(|link| link.number == number) {
            self.left.set(self.left.get().saturating_add(1));
            self.stir.signal(());
        }
    }

    /// How many have left since the last call.
    pub(crate) fn take_left(&self) -> u8 {
        self.left.take()
    }

    /// For eyes and the pairing window. Where nobody looks for long, the later ones are lost.
    pub(crate) fn tell(&self, news: News) {
        let _ = self.news.try_send(news);
        self.stir.signal(());
    }

    /// An answer of storage. There are never more open requests than places.
    pub(crate) fn answer(&self, answer: Answer) {
        let _ = self.answers.try_send(answer);
        self.stir.signal(());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_left_in_an_earlier_hearing_makes_no_room_in_this_one() {
        let ether = Ether::new();
        ether.link_up(Bond(0));
        let first = ether.link().unwrap().number;
        ether.link_up(Bond(0));
        let second = ether.link().unwrap().number;
        ether.report_left(first);
        assert_eq!(ether.take_left(), 0);
        ether.report_left(second);
        ether.report_left(second);
        assert_eq!((ether.take_left(), ether.take_left()), (2, 0));
        ether.link_down();
        ether.report_left(second);
        assert_eq!(ether.take_left(), 0);
    }
}
