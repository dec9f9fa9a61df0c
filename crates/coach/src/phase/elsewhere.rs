//! "I feel it somewhere else": asked once after a hold, and shown by nudges of a second mark on the chart. The pressed spot
//! does not move, and nothing is ever pressed where it is felt. Numb, tingling or shooting is SHARP's business.
//!
//! ```text
//!   soon --5 s--> asked --yes--> shown, nudged --logo--> recorded, and recognised in words
//!    ^              |              |
//!    +-- a pause ---+--------------+
//!                   +--no, or the time of the phase is over: nothing is recorded
//! ```
//!
//! With a partner it is asked in the flush, which goes on meanwhile. Alone it is asked at the end, in the warmth: in the
//! flush the clicker's question tone is the one for what comes next, and whoever has their eyes closed could not tell
//! the two apart.

use core::time::Duration;

use crate::body::{Felt, Toward};
use crate::output::{Deadline, Mode, Output, Reason, Refusal};
use crate::prompt::Prompt;
use crate::room::Room;
use crate::rules;
use crate::stage::{Act, By};
use crate::time::Moment;
use crate::view::Awaits;

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Elsewhere {
    /// Not asked, or not any more.
    Quiet,
    /// To be asked at this moment.
    Soon(Moment),
    /// Asked at this moment.
    Asked(Moment),
    /// The receiver shows where, since this moment.
    Shown(Moment),
}

/// What came of an act.
pub(super) enum Heard {
    /// It was for this.
    Taken,
    /// It was for this, and is refused.
    Refused(Refusal),
    /// It is none of this.
    NotMine,
}

impl Elsewhere {
    /// It is asked so long after a phase begins that is the place for it, where there is something to be asked.
    pub(super) fn after_hold(room: &Room, wait: Duration) -> Self {
        let asks = room.may_refer && room.sharps.asking.is_none() && room.silent_since.is_none();
        if asks { Self::Soon(room.now + wait) } else { Self::Quiet }
    }

    pub(super) const fn is_shown(self) -> bool {
        matches!(self, Self::Shown(_))
    }

    /// Whether it waits for something.
    pub(super) const fn is_open(self) -> bool {
        match self {
            Self::Asked(_) | Self::Shown(_) => true,
            Self::Quiet | Self::Soon(_) => false,
        }
    }

    pub(super) fn due(self) -> Option<Deadline> {
        match self {
            Self::Soon(at) => Some(Deadline { at, reason: Reason::Step }),
            Self::Asked(at) => Some(Deadline { at: at + rules::ANSWER, reason: Reason::Step }),
            Self::Shown(since) => Some(Deadline { at: since + rules::SHOWN, reason: Reason::Step }),
            Self::Quiet => None,
        }
    }

    /// Its moment has come: it is asked, or nobody has answered.
    pub(super) fn timeout(&mut self, room: &mut Room) {
        *self = match *self {
            Self::Soon(_) => {
                room.ask(Prompt::AskElsewhere);
                Self::Asked(room.now)
            }
            Self::Asked(_) | Self::Shown(_) | Self::Quiet => return self.drop(room),
        };
    }

    /// It is over without an answer.
    pub(super) fn drop(&mut self, room: &mut Room) {
        if self.is_shown() {
            room.felt = None;
        }
        if *self != Self::Quiet {
            self.close(room);
        }
    }

    /// A pause has come in between: what was open is asked anew, at once.
    pub(super) fn again(&mut self, room: &mut Room) {
        if self.is_open() {
            room.felt = None;
            *self = Self::Soon(room.now);
        }
    }

    /// It is not asked any more, until another hold has been pressed.
    fn close(&mut self, room: &mut Room) {
        room.may_refer = false;
        *self = Self::Quiet;
    }

    pub(super) fn act(&mut self, room: &mut Room, by: By, act: Act) -> Heard {
        match (*self, act) {
            (Self::Asked(_), Act::Yes) => {
                *self = Self::Shown(room.now);
                room.felt = room.spot.map(Felt::from);
                room.ask(Prompt::WhereFelt);
                Heard::Taken
            }
            (Self::Asked(_), Act::No) => {
                self.close(room);
                Heard::Taken
            }
            (Self::Shown(_), Act::Nudge(toward)) => shift(room, toward),
            (Self::Shown(_), Act::Spot) if by == By::Partner => Heard::Refused(Refusal::ReceiverOnly),
            (Self::Shown(_), Act::Spot) => {
                self.close(room);
                if let (Some(felt), Some(spot)) = (room.felt, room.spot) {
                    let referral = felt.referral(spot);
                    room.emit(Output::Felt { felt, referral });
                    room.say(Prompt::FeltThere { referral });
                }
                Heard::Taken
            }
            (
                Self::Quiet | Self::Soon(_) | Self::Asked(_) | Self::Shown(_),
                Act::Go
                | Act::Yes
                | Act::No
                | Act::Spot
                | Act::Nudge(_)
                | Act::Where(_)
                | Act::AlreadyWarm
                | Act::Back
                | Act::Next(_)
                | Act::Sharp(_)
                | Act::Felt(_)
                | Act::More
                | Act::LetGo,
            ) => Heard::NotMine,
        }
    }

    pub(super) const fn mode(self) -> Option<Mode> {
        match self {
            Self::Asked(_) => Some(Mode::Ask),
            Self::Shown(_) => Some(Mode::Locate),
            Self::Quiet | Self::Soon(_) => None,
        }
    }

    pub(super) const fn awaits(self) -> Option<Awaits> {
        match self {
            Self::Asked(_) => Some(Awaits::FeltElsewhere),
            Self::Shown(_) => Some(Awaits::WhereFelt),
            Self::Quiet | Self::Soon(_) => None,
        }
    }

    pub(super) fn shift(&mut self, by: Duration) {
        if let Self::Soon(at) | Self::Asked(at) | Self::Shown(at) = self {
            *at += by;
        }
    }
}

/// The mark moves by 1 cm; the spot stays.
fn shift(room: &mut Room, toward: Toward) -> Heard {
    match room.felt.map(|felt| felt.nudged(toward)) {
        Some(Ok(felt)) => {
            room.felt = Some(felt);
            room.say(Prompt::FeltMoved { toward });
            Heard::Taken
        }
        Some(Err(why)) => Heard::Refused(why),
        None => Heard::Refused(Refusal::NotNow),
    }
}
