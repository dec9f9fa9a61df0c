//! The phases as one state: which there are, what each is asked, and where it goes.
//!
//! ```text
//! screening -> warming -> broad-strokes -> locating -> settling -> holding -> releasing -> flushing -> moving -+
//!     |                        |              ^  |        |           |                     |  |  |            |
//!     | stop answer            | no holds     |  +--------|-----------|---------------------|--|--|------------+
//!     v                        v              +---nudge---+           |                     |  |  +-> same spot: locating
//!  finished <--- heat <--- stretching <--- enough, limit, not found --|---------------------+  |
//!                                                                     |                        |
//!  any -- STOP, end --> paused -- by way of flushing, strokes or screening                     |
//!  settling, holding -- SHARP, 8 or more, lost, silent --> releasing (at once) ----------------+
//! ```
//!
//! A stage is consumed by what happens to it and comes back in a [`Step`], so none can be half-left.

use core::time::Duration;

use crate::body::{Area, Side, Toward};
use crate::output::{Because, Deadline, Mode, Phase, Refusal, What};
use crate::phase::{
    Finished, Flushing, Heat, Holding, Learning, Locating, Moving, Paused, Releasing, Screening, Settling,
    Stretching, Strokes, Warming,
};
use crate::rating::Rating;
use crate::room::{Room, Signal};
use crate::time::Moment;
use crate::view::{Awaits, Count};

/// Where a stage went.
#[derive(Debug)]
pub(crate) enum Step {
    /// It stays as it now is.
    Stay(Stage),
    /// It is over.
    Move { to: Stage, because: Because },
    /// It stays, and what was asked of it is refused.
    Refuse { stay: Stage, what: What, why: Refusal },
}

/// Who spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Receiver,
    Partner,
}

/// What is asked of a stage, whichever device it came from. Ratings, "less", SHARP, STOP and the link come by
/// methods of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// The partner goes on.
    Go,
    Yes,
    No,
    Spot,
    Nudge(Toward),
    Where(Area),
    AlreadyWarm,
    Back,
    Next(Next),
    Sharp(SharpWas),
    Felt(Side),
    More,
    LetGo,
}

/// What comes after a flush.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    Beside,
    SameSpot,
    Enough,
}

/// What a SHARP was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SharpWas {
    OnlySharp,
    Numb,
    Slipped,
}

/// A rating, as a stage hears of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rated {
    pub(crate) rating: Rating,
    /// "Same as before."
    pub(crate) same: bool,
    /// It came too late to count; it is only passed on where it is above the ceiling.
    pub(crate) late: bool,
}

/// Why pressure comes off in every phase alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Halt {
    /// The receiver's STOP.
    StopByReceiver,
    /// The partner's STOP.
    StopByPartner,
    /// The partner wants to end the session.
    End,
    /// SHARP, from the clicker or on the receiver's behalf.
    Sharp(By),
    /// The laptop stood still for this long: what was measured is no longer known.
    Gap(Duration),
    /// The program was started again, this long after it was last heard of.
    Resumed(Duration),
}

impl Act {
    pub(crate) const fn what(self) -> What {
        match self {
            Self::Go => What::GoOn,
            Self::Yes
            | Self::No
            | Self::Next(Next::Beside | Next::Enough)
            | Self::Sharp(_)
            | Self::Felt(_) => What::Answer,
            Self::Next(Next::SameSpot) => What::SameSpot,
            Self::Spot => What::Spot,
            Self::Nudge(_) => What::Nudge,
            Self::Where(_) => What::Where,
            Self::AlreadyWarm => What::AlreadyWarm,
            Self::Back => What::Back,
            Self::More => What::More,
            Self::LetGo => What::LetGo,
        }
    }
}

macro_rules! stages {
    ($($stage:ident = $phase:ident),+ $(,)?) => {
        /// The phase at hand, with what it remembers.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[expect(clippy::large_enum_variant, reason = "there is one stage, and a hold is what it is there for")]
        pub(crate) enum Stage { $($stage($stage),)+ }

        $(impl From<$stage> for Stage {
            fn from(stage: $stage) -> Self {
                Self::$stage(stage)
            }
        })+

        impl Stage {
            pub(crate) const fn phase(&self) -> Phase {
                match self { $(Self::$stage(_) => Phase::$phase,)+ }
            }

            /// The phase begins.
            pub(crate) fn enter(&mut self, room: &mut Room) {
                match self { $(Self::$stage(stage) => stage.enter(room),)+ }
            }

            /// Somebody asks something of it.
            pub(crate) fn act(self, room: &mut Room, by: By, act: Act) -> Step {
                match self { $(Self::$stage(stage) => stage.act(room, by, act),)+ }
            }

            /// A rating came.
            pub(crate) fn rated(self, room: &mut Room, rated: Rated) -> Step {
                match self { $(Self::$stage(stage) => stage.rated(room, rated),)+ }
            }

            /// "Less pressure, please."
            pub(crate) fn less(self, room: &mut Room, late: bool) -> Step {
                match self { $(Self::$stage(stage) => stage.less(room, late),)+ }
            }

            /// The signal changed from `before`, or the clicker restarted.
            pub(crate) fn signal(self, room: &mut Room, before: Signal, restarted: bool) -> Step {
                match self { $(Self::$stage(stage) => stage.signal(room, before, restarted),)+ }
            }

            /// Pressure comes off.
            pub(crate) fn halt(self, room: &mut Room, halt: Halt) -> Step {
                match self { $(Self::$stage(stage) => stage.halt(room, halt),)+ }
            }

            /// What it waits for.
            pub(crate) fn due(&self, room: &Room) -> Option<Deadline> {
                match self { $(Self::$stage(stage) => stage.due(room),)+ }
            }

            /// The deadline that [`Stage::due`] named has come.
            pub(crate) fn timeout(self, room: &mut Room, deadline: Deadline) -> Step {
                match self { $(Self::$stage(stage) => stage.timeout(room, deadline),)+ }
            }

            /// What the clicker's gestures mean.
            pub(crate) fn mode(&self, room: &Room) -> Mode {
                match self { $(Self::$stage(stage) => stage.mode(room),)+ }
            }

            pub(crate) fn awaits(&self, room: &Room) -> Awaits {
                match self { $(Self::$stage(stage) => stage.awaits(room),)+ }
            }

            pub(crate) fn count(&self, room: &Room, now: Moment) -> Option<Count> {
                match self { $(Self::$stage(stage) => stage.count(room, now),)+ }
            }

            /// When it began.
            pub(crate) fn began(&self) -> Moment {
                match self { $(Self::$stage(stage) => stage.began,)+ }
            }

            /// The laptop stood still for `by`, and nothing was pressed: its timers go on from there.
            pub(crate) fn shift(&mut self, by: Duration) {
                match self { $(Self::$stage(stage) => stage.shift(by),)+ }
            }
        }
    };
}

stages! {
    Screening = Screening,
    Warming = Warming,
    Learning = Learning,
    Strokes = BroadStrokes,
    Locating = Locating,
    Settling = Settling,
    Holding = Holding,
    Releasing = Releasing,
    Flushing = Flushing,
    Moving = Moving,
    Stretching = Stretching,
    Heat = Heat,
    Finished = Finished,
    Paused = Paused,
}

impl Stage {
    /// The partner lets the receiver learn the clicker, which the heat leaves time for.
    pub(crate) fn learn(self, room: &mut Room) -> Step {
        match self {
            Self::Warming(warming) => Step::to(Learning::new(room, Some(warming)), Because::GoOn),
            other @ (Self::Screening(_)
            | Self::Learning(_)
            | Self::Strokes(_)
            | Self::Locating(_)
            | Self::Settling(_)
            | Self::Holding(_)
            | Self::Releasing(_)
            | Self::Flushing(_)
            | Self::Moving(_)
            | Self::Stretching(_)
            | Self::Heat(_)
            | Self::Finished(_)
            | Self::Paused(_)) => Step::Refuse { stay: other, what: What::Lesson, why: Refusal::NotNow },
        }
    }

    /// The receiver touched the clicker, whatever it meant: that may be all that is waited for.
    pub(crate) fn touched(self, room: &mut Room) -> Step {
        match self {
            Self::Paused(paused) => paused.touched(room),
            other @ (Self::Screening(_)
            | Self::Warming(_)
            | Self::Learning(_)
            | Self::Strokes(_)
            | Self::Locating(_)
            | Self::Settling(_)
            | Self::Holding(_)
            | Self::Releasing(_)
            | Self::Flushing(_)
            | Self::Moving(_)
            | Self::Stretching(_)
            | Self::Heat(_)
            | Self::Finished(_)) => Step::Stay(other),
        }
    }
}

impl Step {
    pub(crate) fn stay(stage: impl Into<Stage>) -> Self {
        Self::Stay(stage.into())
    }

    pub(crate) fn to(stage: impl Into<Stage>, because: Because) -> Self {
        Self::Move { to: stage.into(), because }
    }

    pub(crate) fn refuse(stage: impl Into<Stage>, act: Act, why: Refusal) -> Self {
        Self::Refuse { stay: stage.into(), what: act.what(), why }
    }
}
