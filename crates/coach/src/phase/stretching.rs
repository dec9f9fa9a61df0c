//! Stretching: gently, one way and the other.

use core::time::Duration;

use crate::output::{Because, Deadline, Mode, Reason, Refusal, Tone};
use crate::phase::{Back, Heat, asked_for_less, halt, phase_over, sooner, tell_signal, to_phase_end};
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::room::{Room, Signal};
use crate::stage::{Act, By, Halt, Rated, Step};
use crate::time::Moment;
use crate::view::{Awaits, Count};

/// Two stretches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretching {
    pub(crate) began: Moment,
    other_said: bool,
}

impl Stretching {
    pub(crate) fn new(room: &Room) -> Self {
        Self { began: room.now, other_said: false }
    }

    /// Because the session has had as many holds, or minutes, as it has.
    pub(crate) fn for_limit(room: &mut Room) -> Step {
        room.say(Prompt::Limit);
        Step::to(Self::new(room), Because::Limit)
    }

    #[expect(clippy::unused_self, reason = "every phase is entered alike")]
    pub(crate) fn enter(&mut self, room: &mut Room) {
        room.mark();
        room.say(Prompt::Stretch { movement: room.region().movement() });
    }

    pub(crate) fn act(self, room: &mut Room, _by: By, act: Act) -> Step {
        match act {
            Act::Go => Step::to(Heat::new(room), Because::GoOn),
            Act::Back => Step::refuse(self, act, Refusal::NothingToUndo),
            Act::Yes
            | Act::No
            | Act::Spot
            | Act::Nudge(_)
            | Act::Where(_)
            | Act::AlreadyWarm
            | Act::Next(_)
            | Act::Sharp(_)
            | Act::Felt(_)
            | Act::More
            | Act::LetGo => Step::refuse(self, act, Refusal::NotNow),
        }
    }

    pub(crate) fn rated(self, room: &mut Room, rated: Rated) -> Step {
        if rated.rating >= Rating::HANDS_OFF {
            room.say(Prompt::HandsOff { rating: rated.rating });
            room.tone(Tone::PressureOff);
            return Step::to(Heat::new(room), Because::HandsOff);
        }
        if rated.rating > Rating::CEILING {
            room.say(Prompt::EaseStretch { rating: rated.rating });
        }
        Step::stay(self)
    }

    pub(crate) fn less(self, room: &mut Room, _late: bool) -> Step {
        asked_for_less(self, room)
    }

    pub(crate) fn signal(self, room: &mut Room, before: Signal, restarted: bool) -> Step {
        tell_signal(room, before, restarted);
        Step::stay(self)
    }

    /// Whatever stopped a stretch, it is not gone back to: heat comes next.
    pub(crate) fn halt(self, room: &mut Room, what: Halt) -> Step {
        let back = Back::Heat(Heat::new(room));
        halt(self, room, what, back, Prompt::SharpStretch)
    }

    pub(crate) fn due(&self, room: &Room) -> Option<Deadline> {
        let other = Deadline { at: self.began + room.plan.stretch, reason: Reason::Step };
        let over = phase_over(self.began, room.plan.stretch * 2);
        sooner((!self.other_said).then_some(other), Some(over))
    }

    pub(crate) fn timeout(mut self, room: &mut Room, deadline: Deadline) -> Step {
        if deadline.reason == Reason::PhaseOver {
            return Step::to(Heat::new(room), Because::Time);
        }
        self.other_said = true;
        room.mark();
        room.say(Prompt::StretchOther { movement: room.region().movement() });
        Step::stay(self)
    }

    pub(crate) fn mode(&self, _room: &Room) -> Mode {
        Mode::Rate
    }

    pub(crate) fn awaits(&self, _room: &Room) -> Awaits {
        Awaits::Nothing
    }

    pub(crate) fn count(&self, room: &Room, now: Moment) -> Option<Count> {
        to_phase_end(self.began, room.plan.stretch * 2, now)
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
    }
}
