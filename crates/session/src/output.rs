//! Requests of a session to its driver, and its view.

use coach::{Moment, Prompt, Reason};
use transcript::Entry;
use wire::{Cue, DecodeError, Version};

/// One thing for the driver to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Write these entries in one transaction, all or none, then answer with
    /// [`Input::Stored`](crate::Input::Stored) or [`Input::StoreFailed`](crate::Input::StoreFailed). There is never
    /// more than one batch unanswered, so that the order on the disk is the order in which things happened. Entries
    /// that came about in one call are never split between batches.
    Store {
        /// Counts up from 1 with every batch; a batch that failed comes again under its number, unchanged.
        batch: u64,
        /// What to write.
        entries: Vec<Entry>,
    },
    /// Send this to the clicker. What cannot be sent may be dropped: all that matters is sent again.
    Send(Cue),
    /// Say this aloud and show it. Its entry comes as [`Output::Happened`] too.
    Speak(Prompt),
    /// This came about. For the screen, which does not wait for the disk.
    Happened(Entry),
    /// Something for the log, and in part for the person.
    Notice(Notice),
    /// The session is over, everything is on the disk, and the Bye has been sent. Given once.
    Finished,
}

/// Notices for the log and for people that are not part of the transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// The clicker speaks a version in which words may mean something else. Nothing of this connection is believed:
    /// the clicker or this program has to be brought up to date.
    OtherVersion {
        /// The clicker's version.
        clicker: Version,
        /// Ours.
        laptop: Version,
    },
    /// The clicker counts fewer boots than the one this session began with: it is another one, or its memory was
    /// wiped. Nothing of this connection is believed: the session goes on with the first, or a new one is begun.
    OtherClicker {
        /// The boot it says it is in.
        boot: u16,
        /// The boot of the last event taken.
        known: u16,
    },
    /// The clicker no longer keeps events that were never taken. They are lost, and the record says nothing of them.
    EventsLost {
        /// The boot in which they were made.
        boot: u16,
        /// The first one missing.
        from: u32,
        /// The first one still kept.
        to: u32,
    },
    /// A frame that could not be read.
    Unreadable(DecodeError),
    /// Writing failed. The batch comes again at `retry`.
    StoreFailed {
        /// The batch.
        batch: u64,
        /// When.
        retry: Moment,
    },
}

/// Frames by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FrameCounts {
    /// Events taken in their order.
    pub taken: u64,
    /// Events and alarms that had been taken before.
    pub repeated: u64,
    /// Events that came before the one awaited.
    pub early: u64,
    /// Frames that could not be read.
    pub malformed: u64,
    /// Frames of a later version, or with a value out of its range.
    pub unknown: u64,
    /// Reports rejected: of another version or another clicker, or without a link.
    pub rejected: u64,
}

/// When to call [`Session::handle_timeout`](crate::Session::handle_timeout) next, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// When.
    pub at: Moment,
    /// Why.
    pub timer: Timer,
}

/// The timers of a sitting. There are no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timer {
    /// One of the coach's.
    Coach(Reason),
    /// The link has been silent for 1 s, or for 2 s.
    Silence,
    /// The clicker has not answered a [`Cue::Welcome`] by a hello that names the session.
    Welcome,
    /// No beat has acknowledged the [`Cue::Show`] in force.
    Show,
    /// The next [`Cue::Pulse`].
    Pulse,
    /// A batch that could not be written is tried again.
    Retry,
    /// The session is over, and events of the clicker that are still on their way have been waited for.
    Bye,
}

/// The sitting at a moment, for screens, scripts and tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// The view of the coach.
    pub coach: coach::View,
    /// Whether there is a link and the clicker on it was accepted.
    pub connected: bool,
    /// Whether the clicker has acknowledged the mode in force.
    pub acknowledged: bool,
    /// Entries that are not yet known to be on the disk.
    pub unstored: usize,
    /// Whether the disk takes no entries.
    pub store_failing: bool,
    /// Counts of frames.
    pub frames: FrameCounts,
}
