//! Inputs and outputs of a [`Handheld`](crate::Handheld), and the types they share.

use wire::{Cue, Means, Report};

use crate::display::Display;
use crate::sound::Sound;

/// An input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A debounced button was pressed or released.
    Button(Button, Edge),
    /// A laptop has connected over an encrypted, authenticated link and has subscribed: it receives what is sent from
    /// now on.
    LinkUp(Bond),
    /// The link has ended. Reports still in the Bluetooth stack are lost.
    LinkDown,
    /// A message from the connected laptop.
    Cue(Cue),
    /// A report has left the Bluetooth stack, which frees a slot.
    Sent,
    /// Storage has answered a request.
    Store(Answer),
}

/// The answer of storage. Each [`Output::Keep`] and each [`Output::Fetch`] gets exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The entry of the last [`Output::Keep`] is stored and survives a reset.
    Kept,
    /// It could not be stored. The request will be repeated.
    KeepFailed,
    /// The oldest stored entry at or after the id in [`Output::Fetch`].
    Fetched(Entry),
    /// No such entry is stored: it was lost.
    NothingThere,
    /// Storage cannot be read at present. The request will be repeated.
    FetchFailed,
}

/// An action for the caller. Actions must be carried out in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Hand the report to the Bluetooth stack, and report [`Event::Sent`] when it has left the stack. At most
    /// [`STACK_SLOTS`](crate::STACK_SLOTS) are in the stack at once.
    Send(Report),
    /// Append the entry to storage, then answer. Only one such request is open at a time.
    Keep(Entry),
    /// Read the oldest stored entry at or after this id, then answer. Only one such request is open at a time.
    Fetch {
        /// The lowest id wanted. It may be one past the last event of its boot.
        from: EventId,
    },
    /// Delete every stored entry before this id. There is no answer: entries left over after a failure are sent again
    /// after a reset, and the laptop recognises them.
    Forget {
        /// The oldest id still needed.
        before: EventId,
    },
    /// Replace the stored owner. There is no answer. A store that cannot store the owner must not store later entries
    /// either, because they would have no owner after a reset.
    KeepOwner(Owner),
    /// Show this until the next one.
    Display(Display),
    /// Play this once.
    Sound(Sound),
}

/// The buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Button {
    /// Under the thumb.
    A,
    /// Under the finger.
    B,
    /// The touch logo.
    Logo,
}

/// The direction of a button's edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Edge {
    /// Pressed or touched.
    Down,
    /// Released.
    Up,
}

/// A paired laptop, identified by the number of its bond in storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bond(pub u8);

/// Identifies an event. Ids order all events this clicker has ever accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId {
    /// Boot in which it was made.
    pub boot: u16,
    /// Sequence number in that boot, from 0, without gaps.
    pub seq: u32,
}

impl EventId {
    /// The next id in the same boot.
    pub(crate) const fn next(self) -> Self {
        Self { boot: self.boot, seq: self.seq.wrapping_add(1) }
    }
}

/// An accepted event, as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Its id.
    pub id: EventId,
    /// Milliseconds from the start of its boot to the gesture.
    pub uptime: u32,
    /// Number of the [`Cue::Show`] in force at the gesture.
    pub show: u16,
    /// Meaning of the gesture.
    pub means: Means,
}

impl Entry {
    /// The report that carries the entry. Storage may store it in this form, with [`wire::encode`].
    #[must_use]
    pub const fn report(&self) -> Report {
        let Self { id: EventId { boot, seq }, uptime, show, means } = *self;
        Report::Clicked { boot, seq, uptime, show, means }
    }

    /// Inverse of [`Entry::report`].
    #[must_use]
    pub const fn from_report(report: Report) -> Option<Self> {
        match report {
            Report::Clicked { boot, seq, uptime, show, means } => {
                Some(Self { id: EventId { boot, seq }, uptime, show, means })
            }
            Report::Hello { .. } | Report::Alarm { .. } | Report::Beat { .. } => None,
        }
    }
}

/// The laptop that owns all stored events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Owner {
    /// Its bond.
    pub bond: Bond,
    /// The session it has opened and not closed.
    pub session: Option<Session>,
}

/// An open session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Session {
    /// Random id, never 0.
    pub id: u32,
    /// Whether the receiver is alone.
    pub alone: bool,
}

/// State read from storage at startup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Setup {
    /// Number of this boot, already incremented and stored.
    pub boot: u16,
    /// Entries that earlier boots left unacknowledged.
    pub backlog: Option<Backlog>,
    /// The last [`Output::KeepOwner`].
    pub owner: Option<Owner>,
}

/// Entries stored by earlier boots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Backlog {
    /// Id of the oldest.
    pub oldest: EventId,
    /// Number of entries, at least 1.
    pub count: u16,
}
