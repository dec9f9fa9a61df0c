//! All messages of version 1: [`Report`] from the clicker, [`Cue`] from the laptop.
//!
//! A message fits [`MAX_FRAME`] bytes and therefore one notification at the smallest MTU. Variants and fields are only
//! ever added at the end.

use postcard::experimental::max_size::MaxSize;
use serde::{Deserialize, Serialize};

/// The largest frame in bytes: the payload of one notification at the smallest ATT MTU (23 bytes minus 3 of header).
pub const MAX_FRAME: usize = 20;

/// A rating on the clicker's dial, 1 to 10. Decoding checks the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, MaxSize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Dial(u8);

impl Dial {
    /// `None` if `value` is outside 1 to 10.
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

/// A protocol version. Sides with different major versions open no session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, MaxSize)]
pub struct Version {
    /// Raised when an older reader would misinterpret the bytes.
    pub major: u8,
    /// Raised when something is appended.
    pub minor: u8,
}

impl Version {
    /// The version of this crate.
    ///
    /// **The policy.** Released bytes keep their meaning: variants are never removed, reordered or reused, and fields
    /// never change their type or position.
    ///
    /// - A new variant at the end of an enum, or a new field at the end of a message, raises `minor`. An older reader
    ///   ignores what it does not know ([`crate::DecodeError::UnknownMessage`], or the unread end of a frame). A newer
    ///   reader must work without what an older writer omits, so a new field comes as a new variant unless each of its
    ///   readers is newer than its writers.
    /// - A new choice *inside* a message ([`Means`], [`Mode`], [`Tone`]) raises `minor` too, but is sent only to a side
    ///   that has announced a version with it: an event that cannot be decoded could never be acknowledged.
    /// - Anything else raises `major`, and sides with different major versions open no session.
    /// - Every version has its own module of golden bytes in `tests/`, which may grow but never changes.
    pub const CURRENT: Self = Self { major: 1, minor: 0 };

    /// Whether a side with this version can hold a session with a side that has `other`.
    #[must_use]
    pub const fn is_compatible_with(self, other: Self) -> bool {
        self.major == other.major
    }
}

/// Messages from the clicker to the laptop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, MaxSize)]
pub enum Report {
    /// First message on every connection and reply to every [`Cue::Welcome`]. Repeated every second until a session is
    /// open and an acknowledgement shows that the laptop knows the next event. If ten of them open no session, repeated
    /// every 2.75 s.
    Hello {
        /// Current boot of the clicker.
        boot: u16,
        /// Boot of the oldest stored event, or the current one if none is stored.
        first_boot: u16,
        /// Sequence number of the oldest stored event, or the next one if none is stored.
        first_seq: u32,
        /// Protocol version of the clicker.
        version: Version,
        /// The session that is open for this bond, 0 if none is.
        session: u32,
    },
    /// An event. Events are sent in order, and again until acknowledged.
    Clicked {
        /// Boot in which it was made.
        boot: u16,
        /// Sequence number in that boot, from 0.
        seq: u32,
        /// Milliseconds from the start of that boot to the gesture.
        uptime: u32,
        /// Number of the [`Cue::Show`] in force at the gesture.
        show: u16,
        /// Meaning of the gesture.
        means: Means,
    },
    /// SHARP or STOP, sent ahead of queued events and repeated every 200 ms until [`Cue::AlarmStored`].
    Alarm {
        /// Boot in which it was made.
        boot: u16,
        /// Sequence number of its `Clicked` copy.
        seq: u32,
        /// Milliseconds from the start of that boot to the gesture.
        uptime: u32,
        /// SHARP or STOP.
        what: Alarm,
    },
    /// Heartbeat in a session: 4 a second from settling to releasing, otherwise 2 a second.
    Beat {
        /// Current boot.
        boot: u16,
        /// Milliseconds since its start.
        uptime: u32,
        /// The rating on the dial, `None` if there is none.
        dial: Option<Dial>,
        /// Sequence number of the next event of this boot.
        next: u32,
        /// Number of the last [`Cue::Show`] applied.
        show: u16,
        /// Whether an alarm is waiting to be stored.
        alarm: bool,
    },
}

/// Messages from the laptop to the clicker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, MaxSize)]
pub enum Cue {
    /// Opens a session, or resumes the one with this id. Repeated until a [`Report::Hello`] names the session.
    Welcome {
        /// Random id of the session, never 0.
        session: u32,
        /// Protocol version of the laptop.
        version: Version,
        /// Whether the receiver is alone (the clicker then plays "pressure off" by itself when the laptop is gone).
        alone: bool,
    },
    /// Every event of `boot` before `next`, and every event of earlier boots, is on disk.
    Ack {
        /// Boot that is acknowledged.
        boot: u16,
        /// Next sequence number expected.
        next: u32,
    },
    /// The alarm is on disk.
    AlarmStored {
        /// Its boot.
        boot: u16,
        /// Its sequence number.
        seq: u32,
    },
    /// Sets what the clicker's gestures mean. Repeated until a beat shows that it is applied.
    Show {
        /// Incremented with every change; wraps.
        number: u16,
        /// The mode to apply.
        mode: Mode,
    },
    /// Plays a tone and shows its glyph, once. A lost one is not repeated: it would come too late.
    Play {
        /// Which tone.
        tone: Tone,
    },
    /// Heartbeat of the laptop, twice a second while a session runs.
    Pulse {
        /// Number of the [`Cue::Show`] in force.
        show: u16,
        /// The rating the laptop has, for comparison with the dial.
        dial: Option<Dial>,
    },
    /// Closes the session.
    Bye {
        /// Its id.
        session: u32,
    },
}

impl Cue {
    /// Whether this cue makes `earlier`, which is still queued, unnecessary. The clicker applies only the latest mode,
    /// pulse, welcome and acknowledgement; every tone and every stored alarm has to arrive.
    #[must_use]
    pub fn replaces(&self, earlier: &Self) -> bool {
        match (*self, *earlier) {
            (Self::Ack { boot, next }, Self::Ack { boot: earlier, next: before }) => {
                (boot, next) >= (earlier, before)
            }
            (Self::Show { .. }, Self::Show { .. })
            | (Self::Pulse { .. }, Self::Pulse { .. })
            | (Self::Welcome { .. }, Self::Welcome { .. })
            // Without a session the clicker ignores modes and pulses. `Bye` closes only a session opened by `Welcome`.
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

/// Meaning of a gesture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, MaxSize)]
pub enum Means {
    /// The dial was set to this rating, or clicked again at its end.
    Rating(Dial),
    /// "Same as before."
    Same(Dial),
    /// Move the hand that way.
    Nudge(Toward),
    /// "That's the spot."
    Spot,
    /// No.
    No,
    /// Yes.
    Yes,
    /// "Say it again."
    Again,
    /// After a flush: continue beside the spot.
    Beside,
    /// After a flush: the same spot again.
    SameSpot,
    /// After a flush: finish.
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
    /// SHARP: the in-order copy of an alarm.
    Sharp,
    /// STOP: the in-order copy of an alarm.
    Stop,
}

/// The alarms.
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
    /// Toward the head.
    Head,
    /// Toward the feet.
    Feet,
}

/// What the gestures mean. SHARP and STOP are the same in every mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, MaxSize)]
pub enum Mode {
    /// A rates down, B rates up, A long is less, logo is "same as before".
    Rate,
    /// As `Rate`; B long asks "more?", logo long is "it has let go". Beats come 4 times a second.
    Hold,
    /// A is no, B is yes, logo is "say it again".
    Ask,
    /// Nudges and "that's the spot".
    Locate,
    /// As `Locate`, while pressure builds up. Beats come 4 times a second.
    Settle,
    /// As `Rate`, while pressure comes off. Beats come 4 times a second.
    Release,
    /// After a flush: A is enough, B is beside it, logo is the same spot again.
    Next,
    /// After SHARP: A is only sharp, B is numb or elsewhere, logo is "it slipped".
    AfterSharp,
    /// Ready check: A is felt on the left, B is felt on the right.
    Sides,
}

/// A tone with its glyph, played at the laptop's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, MaxSize)]
pub enum Tone {
    /// A gesture was refused.
    No,
    /// A question to the receiver.
    Question,
    /// A hold begins.
    HoldBegins,
    /// The minimum hold time is reached.
    MinimumReached,
    /// Ten seconds to the maximum hold time.
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
