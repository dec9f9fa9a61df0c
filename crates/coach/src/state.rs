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
//! A state is consumed by what happens to it and comes back in a [`Transition`], so none can be half-left.

use core::time::Duration;

use crate::command::{By, Command, Halt, Rated};
use crate::context::{Context, Signal};
use crate::output::{Because, Deadline, Mode, Phase, Refusal, What};
use crate::phase::{
    Finished, Flushing, Heat, Holding, Learning, Locating, Moving, Paused, Releasing, Screening, Settling,
    Stretching, Strokes, Warming,
};
use crate::time::Moment;
use crate::view::{Awaits, Count};

/// Where a state went.
#[derive(Debug)]
pub(crate) enum Transition {
    /// It stays as it now is.
    Stay(State),
    /// It is over.
    Move { to: State, because: Because },
    /// It stays, and what was asked of it is refused.
    Refuse { stay: State, what: What, why: Refusal },
}

macro_rules! states {
    ($($state:ident = $phase:ident),+ $(,)?) => {
        /// The phase at hand, with what it remembers.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[expect(clippy::large_enum_variant, reason = "there is one state, and a hold is what it is there for")]
        pub(crate) enum State { $($state($state),)+ }

        $(impl From<$state> for State {
            fn from(state: $state) -> Self {
                Self::$state(state)
            }
        })+

        impl State {
            pub(crate) const fn phase(&self) -> Phase {
                match self { $(Self::$state(_) => Phase::$phase,)+ }
            }

            /// The phase begins.
            pub(crate) fn enter(&mut self, context: &mut Context) {
                match self { $(Self::$state(state) => state.enter(context),)+ }
            }

            /// Somebody asks something of it.
            pub(crate) fn command(self, context: &mut Context, by: By, command: Command) -> Transition {
                match self { $(Self::$state(state) => state.command(context, by, command),)+ }
            }

            /// A rating came.
            pub(crate) fn rated(self, context: &mut Context, rated: Rated) -> Transition {
                match self { $(Self::$state(state) => state.rated(context, rated),)+ }
            }

            /// "Less pressure, please."
            pub(crate) fn less(self, context: &mut Context, late: bool) -> Transition {
                match self { $(Self::$state(state) => state.less(context, late),)+ }
            }

            /// The signal changed from `before`, or the clicker restarted.
            pub(crate) fn signal(self, context: &mut Context, before: Signal, restarted: bool) -> Transition {
                match self { $(Self::$state(state) => state.signal(context, before, restarted),)+ }
            }

            /// Pressure comes off.
            pub(crate) fn halt(self, context: &mut Context, halt: Halt) -> Transition {
                match self { $(Self::$state(state) => state.halt(context, halt),)+ }
            }

            /// What it waits for.
            pub(crate) fn due(&self, context: &Context) -> Option<Deadline> {
                match self { $(Self::$state(state) => state.due(context),)+ }
            }

            /// The deadline that [`State::due`] named has come.
            pub(crate) fn timeout(self, context: &mut Context, deadline: Deadline) -> Transition {
                match self { $(Self::$state(state) => state.timeout(context, deadline),)+ }
            }

            /// What the clicker's gestures mean.
            pub(crate) fn mode(&self, context: &Context) -> Mode {
                match self { $(Self::$state(state) => state.mode(context),)+ }
            }

            pub(crate) fn awaits(&self, context: &Context) -> Awaits {
                match self { $(Self::$state(state) => state.awaits(context),)+ }
            }

            pub(crate) fn count(&self, context: &Context, now: Moment) -> Option<Count> {
                match self { $(Self::$state(state) => state.count(context, now),)+ }
            }

            /// When it began.
            pub(crate) fn began(&self) -> Moment {
                match self { $(Self::$state(state) => state.began,)+ }
            }

            /// The laptop stood still for `by`, and nothing was pressed: its timers go on from there.
            pub(crate) fn shift(&mut self, by: Duration) {
                match self { $(Self::$state(state) => state.shift(by),)+ }
            }
        }
    };
}

states! {
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

impl State {
    /// The partner lets the receiver learn the clicker, which the heat leaves time for.
    pub(crate) fn learn(self, context: &mut Context) -> Transition {
        match self {
            Self::Warming(warming) => Transition::to(Learning::new(context, Some(warming)), Because::GoOn),
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
            | Self::Paused(_)) => {
                Transition::Refuse { stay: other, what: What::Lesson, why: Refusal::NotNow }
            }
        }
    }

    /// The receiver touched the clicker, whatever it meant: that may be all that is waited for.
    pub(crate) fn touched(self, context: &mut Context) -> Transition {
        match self {
            Self::Paused(paused) => paused.touched(context),
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
            | Self::Finished(_)) => Transition::Stay(other),
        }
    }
}

impl Transition {
    pub(crate) fn stay(state: impl Into<State>) -> Self {
        Self::Stay(state.into())
    }

    pub(crate) fn to(state: impl Into<State>, because: Because) -> Self {
        Self::Move { to: state.into(), because }
    }

    pub(crate) fn refuse(state: impl Into<State>, command: Command, why: Refusal) -> Self {
        Self::Refuse { stay: state.into(), what: command.what(), why }
    }
}
