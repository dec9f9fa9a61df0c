//! What goes into a [`Handheld`](crate::Handheld) and what comes out of it, and the few values both are made of.

use wire::{Cue, Means, Report};

use crate::display::Display;
use crate::sound::Sound;

/// Something that happened to the clicker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A button went down or up, free of contact bounce.
    Button(Button, Edge),
    /// A laptop is connected, the link is encrypted and authenticated, and it has subscribed: what is sent from now on
    /// is heard.
    LinkUp(Bond),
    /// That link has ended, and with it whatever lay in the stack.
    LinkDown,
    /// A message of the connected laptop.
    Cue(Cue),
    /// A report has left the Bluetooth stack, so that there is room for another.
    Sent,
    /// What storage answers.
    Store(Answer),
}

/// What storage answers. Each [`Output::Keep`] and each [`Output::Fetch`] gets exactly one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The entry of the last [`Output::Keep`] would survive a reset from now on.
    Kept,
    /// It would not. It will be asked for again.
    KeepFailed,
    /// The oldest entry kept at the place named by [`Output::Fetch`] or later.
    Fetched(Entry),
    /// There is none: storage has lost it.
    NothingThere,
    /// Storage cannot be read just now. It will be asked again.
    FetchFailed,
}

/// Something to do. Outputs are carried out in the order in which they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Hand this to the Bluetooth stack, and say [`Event::Sent`] when it has left it. There are never more than
    /// [`STACK_SLOTS`](crate::STACK_SLOTS) in it.
    Send(Report),
    /// Add this entry at the end of what is kept; then answer. Only one such request is open at a time.
    Keep(Entry),
    /// Read the oldest entry kept at this place or later; then answer. Only one such request is open at a time.
    Fetch {
        /// The least place of interest. It may be the place after the last one of its boot.
        from: EventId,
    },
    /// Let go of every entry before this place. It is not answered: what is left over by a failure is sent again after
    /// a reset, and the laptop knows it already.
    Forget {
        /// The oldest place still wanted.
        before: EventId,
    },
    /// Keep whose session this is, in place of what was kept before. It is not answered; a store that cannot keep it
    /// must not keep later entries either, because nobody would own them after a reset.
    KeepOwner(Owner),
    /// Show this from now on.
    Display(Display),
    /// Play this, once.
    Sound(Sound),
}

/// The two buttons and the touch logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Button {
    /// Under the thumb.
    A,
    /// Under the finger.
    B,
    /// The touch logo.
    Logo,
}

/// What a button did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Edge {
    /// It was pressed or touched.
    Down,
    /// It was let go.
    Up,
}

/// A laptop that has been paired, by the number of its bond in storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bond(pub u8);

/// Where an event stands in the order of all that this clicker ever accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId {
    /// The boot in which it was made.
    pub boot: u16,
    /// Its number in that boot, from 0 and without a gap.
    pub seq: u32,
}

impl EventId {
    /// The place after this one in the same boot.
    pub(crate) const fn next(self) -> Self {
        Self { boot: self.boot, seq: self.seq.wrapping_add(1) }
    }
}

/// An accepted event, as storage keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Where it stands.
    pub id: EventId,
    /// Milliseconds from the start of its boot to the gesture.
    pub uptime: u32,
    /// The number of the [`Cue::Show`] in force when the gesture was made.
    pub show: u16,
    /// What it means.
    pub means: Means,
}

impl Entry {
    /// The entry as it goes over the air. Storage may keep it in this form, with [`wire::encode`].
    #[must_use]
    pub const fn report(&self) -> Report {
        let Self { id: EventId { boot, seq }, uptime, show, means } = *self;
        Report::Clicked { boot, seq, uptime, show, means }
    }

    /// The way back from [`Entry::report`].
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

/// The laptop to which everything kept belongs.
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
    /// Its random id, never 0.
    pub id: u32,
    /// Whether the receiver is alone.
    pub alone: bool,
}

/// What storage holds when the clicker starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Setup {
    /// The number of this boot, already raised and kept.
    pub boot: u16,
    /// The entries that earlier boots left unacknowledged.
    pub backlog: Option<Backlog>,
    /// The last [`Output::KeepOwner`].
    pub owner: Option<Owner>,
}

/// Entries kept from earlier boots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Backlog {
    /// The place of the oldest.
    pub oldest: EventId,
    /// How many there are, at least 1.
    pub count: u16,
}
