//! Every message of version 1: [`Report`] from the clicker, [`Cue`] from the laptop.
//!
//! A message fits [`MAX_FRAME`] bytes, so that it is one notification at the smallest MTU. Variants and fields are
//! only ever added at the end.

use postcard::experimental::max_size::MaxSize;
use serde::{Deserialize, Serialize};

/// The largest frame: the payload of one notification at the smallest ATT MTU (23 bytes less 3 of header).
pub const MAX_FRAME: usize = 20;

/// A rating as the dial gives it, 1 to 10. Checked on decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, MaxSize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Dial(u8);

impl Dial {
    /// The value, if it is one of 1 to 10.
    #[must_use]
    pub const fn new(value: u8) -> Option<Self> {
        if value >= 1 && value <= 10 { Some(Self(value)) } else { None }
    }

    /// 1 to 10.
    #[must_use]
    pub const fn value(self) -> u8 {
        self.0
    }
}

impl From<Dial> for u8 {
    fn from(dial: Dial) -> Self {
        dial.0
    }
}

impl TryFrom<u8> for Dial {
    type Error = &'static str;

    fn try_from(value: u8) -> Result<Self, Self::Error> {
        Self::new(value).ok_or("a rating is 1 to 10")
    }
}

/// The version of the protocol one side speaks. A different major version means no session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, MaxSize)]
pub struct Version {
    /// Raised when an older reader would misunderstand.
    pub major: u8,
    /// Raised when something is added at the end.
    pub minor: u8,
}

impl Version {
    /// The version this crate speaks.
    ///
    /// **The policy.** Bytes once released keep their meaning: variants are never removed, reordered or given to
    /// another use, and fields never change their type or place.
    ///
    /// - A new variant at the end of an enum, or a new field at the end of a message, raises `minor`. An older reader
    ///   passes over what it does not know ([`crate::DecodeError::UnknownMessage`], or the unread end of a frame); a
    ///   newer reader must do without what an older writer leaves out, so a new field comes as a new variant unless
    ///   each of its readers is newer than its writers.
    /// - A new choice *inside* a message ([`Means`], [`Mode`], [`Tone`]) raises `minor` too, but is said only to a side
    ///   that has named a version that knows it: an event that cannot be read could never be acknowledged.
    /// - Anything else raises `major`, and sides of different major versions open no session.
    /// - Every version has its own module of golden bytes in `tests/`, which is added to and never changed.
    pub const CURRENT: Self = Self { major: 1, minor: 0 };

    /// Whether a side that speaks this version can hold a session with one that speaks `other`.
    #[must_use]
    pub const fn is_compatible_with(self, other: Self) -> bool {
        self.major == other.major
    }
}

/// All a clicker may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, MaxSize)]
pub enum Report {
    /// The first word on every connection and the answer to every [`Cue::Welcome`]. Said again every second until a
    /// session is open and an acknowledgement shows that the laptop knows where the order goes on. Where no session is
    /// opened in ten of them, it is said every 2.75 s.
    Hello {
        /// The current boot of the clicker.
        boot: u16,
        /// The boot of the oldest event kept, or the current one where none is.
        first_boot: u16,
        /// The sequence number of the oldest event kept, or the next one where none is.
        first_seq: u32,
        /// The protocol the clicker speaks.
        version: Version,
        /// The session it holds open for this bond, 0 where none is.
        session: u32,
    },
    /// An event, in the order. Sent again until acknowledged.
    Clicked {
        /// The boot in which it was made.
        boot: u16,
        /// Its place in that boot, from 0.
        seq: u32,
        /// Milliseconds from the start of that boot to the gesture.
        uptime: u32,
        /// The number of the [`Cue::Show`] it obeyed.
        show: u16,
        /// What it means.
        means: Means,
    },
    /// SHARP or STOP on its way round the order, repeated every 200 ms until [`Cue::AlarmStored`].
    Alarm {
        /// The boot in which it was made.
        boot: u16,
        /// Its place in the order of that boot.
        seq: u32,
        /// Milliseconds from the start of that boot to the gesture.
        uptime: u32,
        /// Which of the two.
        what: Alarm,
    },
    /// A sign of life: 4 a second from settling to releasing, 2 a second otherwise in a session.
    Beat {
        /// The current boot.
        boot: u16,
        /// Milliseconds since its start.
        uptime: u32,
        /// The dial, `None` for no rating.
        dial: Option<Dial>,
        /// The sequence number the next event of this boot will have.
        next: u32,
        /// The number of the last [`Cue::Show`] obeyed.
        show: u16,
        /// Whether an alarm waits to be stored.
        alarm: bool,
    },
}

/// All a laptop may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, MaxSize)]
pub enum Cue {
    /// Opens a session, or takes up the one with this id. Said again until a [`Report::Hello`] names the session.
    Welcome {
        /// The random id of the session, never 0.
        session: u32,
        /// The protocol the laptop speaks.
        version: Version,
        /// Whether the receiver is alone (the clicker then says "pressure off" by itself when the laptop is gone).
        alone: bool,
    },
    /// Every event of `boot` before `next`, and every event of earlier boots, is on the disk.
    Ack {
        /// The boot acknowledged.
        boot: u16,
        /// The next sequence number wanted.
        next: u32,
    },
    /// The alarm is on the disk.
    AlarmStored {
        /// Its boot.
        boot: u16,
        /// Its sequence number.
        seq: u32,
    },
    /// What the clicker's gestures mean from now on. Repeated until a beat shows that it is obeyed.
    Show {
        /// Counts up with every change; wraps.
        number: u16,
        /// The grammar in force.
        mode: Mode,
    },
    /// A tone and a glyph, once. A tone lost on the way is not repeated: it would come too late.
    Play {
        /// Which one.
        tone: Tone,
    },
    /// Twice a second while a session runs: somebody listens.
    Pulse {
        /// The number of the [`Cue::Show`] in force.
        show: u16,
        /// The rating the laptop has, for the clicker to compare with its dial.
        dial: Option<Dial>,
    },
    /// Closes the session.
    Bye {
        /// Its id.
        session: u32,
    },
}

impl Cue {
    /// Whether a clicker that gets this one needs no `earlier` one that still waits for the air. Of grammars it then obeys the
    /// last alone, as after an outage; every tone and every stored alarm is news.
    #[must_use]
    pub fn replaces(&self, earlier: &Self) -> bool {
        match (*self, *earlier) {
            (Self::Ack { boot, next }, Self::Ack { boot: earlier, next: before }) => {
                (boot, next) >= (earlier, before)
            }
            (Self::Show { .. }, Self::Show { .. })
            | (Self::Pulse { .. }, Self::Pulse { .. })
            | (Self::Welcome { .. }, Self::Welcome { .. })
            // A clicker without a session obeys nothing. It closes only one that it was welcomed to.
            | (Self::Bye { .. }, Self::Show { .. } | Self::Pulse { .. }) => true,
            (Self::AlarmStored { .. } | Self::Bye { .. }, _) => self == earlier,
            (
                Self::Welcome { .. }
                | Self::Ack { .. }
                | Self::Show { .. }
                | Self::Play { .. }
                | Self::Pulse { .. },
                _,
            ) => false,
        }
    }
}

/// The result of a gesture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, MaxSize)]
pub enum Means {
    /// The dial was moved to, or repeated at, this rating.
    Rating(Dial),
    /// "Same as before."
    Same(Dial),
    /// A nudge.
    Nudge(Toward),
    /// "That's the spot."
    Spot,
    /// No.
    No,
    /// Yes.
    Yes,
    /// "Say it again."
    Again,
    /// After a flush: the place beside it.
    Beside,
    /// After a flush: the same spot again.
    SameSpot,
    /// After a flush: enough.
    Enough,
    /// After SHARP: only sharp.
    OnlySharp,
    /// After SHARP: numb, tingling or shooting elsewhere.
    Numb,
    /// After SHARP: it slipped.
    Slipped,
    /// Ready check: felt on the left.
    FeltLeft,
    /// Ready check: felt on the right.
    FeltRight,
    /// "Less pressure, please."
    Less,
    /// "More", asked back and confirmed.
    More,
    /// "It has let go."
    LetGo,
    /// The ordered copy of an alarm: SHARP.
    Sharp,
    /// The ordered copy of an alarm: STOP.
    Stop,
}

/// The two alarms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, MaxSize)]
pub enum Alarm {
    /// Sharp, electric, burning, tingling or numb.
    Sharp,
    /// Stop at once.
    Stop,
}

/// A direction on the receiver's back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, MaxSize)]
pub enum Toward {
    /// The receiver's left.
    Left,
    /// The receiver's right.
    Right,
    /// Up.
    Head,
    /// Down.
    Feet,
}

/// The grammars of the clicker. SHARP and STOP are the same in all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, MaxSize)]
pub enum Mode {
    /// A rates down, B rates up, A long is less, logo is "same as before".
    Rate,
    /// As `Rate`; B long asks back "more?", logo long is "it has let go". Beats come 4 times a second.
    Hold,
    /// A no, B yes, logo "say it again".
    Ask,
    /// Nudges and "that's the spot".
    Locate,
    /// As `Locate`, while pressure begins: beats come 4 times a second.
    Settle,
    /// As `Rate`, while pressure comes off: beats come 4 times a second.
    Release,
    /// After a flush: B beside it, logo same spot again, A enough.
    Next,
    /// After SHARP: A only sharp, B numb or elsewhere, logo it slipped.
    AfterSharp,
    /// Ready check: A felt on the left, B felt on the right.
    Sides,
}

/// What the clicker sounds and shows once, told by the laptop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, MaxSize)]
pub enum Tone {
    /// The gesture was refused.
    No,
    /// Something is asked of the receiver.
    Question,
    /// A hold begins.
    HoldBegins,
    /// The minimum is reached.
    MinimumReached,
    /// Ten seconds to the maximum.
    TenSeconds,
    /// Pressure off.
    PressureOff,
    /// Flush strokes.
    Flush,
    /// The session is over.
    Over,
}

#[cfg(test)]
mod tests {
    use super::*;

    const WELCOME: Cue = Cue::Welcome { session: 7, version: Version::CURRENT, alone: false };
    const ACK: Cue = Cue::Ack { boot: 2, next: 5 };
    const ALARM: Cue = Cue::AlarmStored { boot: 2, seq: 5 };
    const SHOW: Cue = Cue::Show { number: 3, mode: Mode::Hold };
    const TONE: Cue = Cue::Play { tone: Tone::Flush };
    const PULSE: Cue = Cue::Pulse { show: 3, dial: None };
    const BYE: Cue = Cue::Bye { session: 7 };

    #[test]
    fn the_newest_of_each_kind_is_all_that_need_arrive() {
        let later = Cue::Show { number: 4, mode: Mode::Release };
        assert!(later.replaces(&SHOW));
        assert!(Cue::Pulse { show: 4, dial: Dial::new(3) }.replaces(&PULSE));
        assert!(Cue::Welcome { session: 8, version: Version::CURRENT, alone: true }.replaces(&WELCOME));
        assert!(
            Cue::Show { number: 0, mode: Mode::Hold }
                .replaces(&Cue::Show { number: u16::MAX, mode: Mode::Rate })
        );
        for cue in [SHOW, PULSE, BYE] {
            assert!(BYE.replaces(&cue), "{cue:?}");
        }
    }

    #[test]
    fn an_acknowledgement_takes_the_place_of_those_it_contains() {
        for (next, replaced) in [(4, true), (5, true), (6, false)] {
            assert_eq!(ACK.replaces(&Cue::Ack { boot: 2, next }), replaced, "{next}");
        }
        assert!(ACK.replaces(&Cue::Ack { boot: 1, next: 900 }));
        assert!(!ACK.replaces(&Cue::Ack { boot: 3, next: 0 }));
    }

    #[test]
    fn what_says_something_else_takes_no_place() {
        assert!(ALARM.replaces(&ALARM));
        assert!(!ALARM.replaces(&Cue::AlarmStored { boot: 2, seq: 6 }));
        assert!(!BYE.replaces(&Cue::Bye { session: 8 }));
        assert!(!TONE.replaces(&TONE));
        let all = [WELCOME, ACK, ALARM, SHOW, TONE, PULSE, BYE];
        for cue in &all[..6] {
            for other in all.iter().filter(|other| *other != cue) {
                assert!(!cue.replaces(other), "{cue:?} {other:?}");
            }
        }
        for kept in [WELCOME, ACK, ALARM, TONE] {
            assert!(!BYE.replaces(&kept), "{kept:?}");
        }
    }
}
