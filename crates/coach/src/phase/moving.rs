//! Moving: slowly, to the place beside it.

use core::time::Duration;

use crate::body::{Spot, Toward};
use crate::output::{Because, Deadline, Mode, Output, Refusal};
use crate::phase::{Back, Locating, asked_for_less, halt, phase_over, tell_signal, to_phase_end};
use crate::prompt::Prompt;
use crate::room::{Room, Signal};
use crate::stage::{Act, By, Halt, Rated, Step};
use crate::time::Moment;
use crate::view::{Awaits, Count};

/// On the way to another place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moving {
    pub(crate) began: Moment,
    toward: Toward,
    to: Spot,
}

impl Moving {
    pub(crate) fn new(room: &Room, toward: Toward, to: Spot) -> Self {
        Self { began: room.now, toward, to }
    }

    pub(crate) fn enter(&mut self, room: &mut Room) {
        room.spot = Some(self.to);
        room.mark();
        room.emit(Output::Spot(self.to));
        let seen = self.toward.seen_from(room.stand);
        room.say(Prompt::MoveBeside { toward: self.toward, seen });
    }

    pub(crate) fn act(self, _room: &mut Room, _by: By, act: Act) -> Step {
        match act {
            Act::Go => Step::refuse(self, act, Refusal::TooSoon),
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

    /// A rating is shown here, not alarmed: nothing is pressed.
    pub(crate) fn rated(self, _room: &mut Room, _rated: Rated) -> Step {
        Step::stay(self)
    }

    pub(crate) fn less(self, room: &mut Room, _late: bool) -> Step {
        asked_for_less(self, room)
    }

    pub(crate) fn signal(self, room: &mut Room, before: Signal, restarted: bool) -> Step {
        tell_signal(room, before, restarted);
        Step::stay(self)
    }

    pub(crate) fn halt(self, room: &mut Room, what: Halt) -> Step {
        halt(self, room, what, Back::Locating, Prompt::SharpTouching)
    }

    pub(crate) fn due(&self, room: &Room) -> Option<Deadline> {
        Some(phase_over(self.began, room.plan.moving))
    }

    pub(crate) fn timeout(self, room: &mut Room, _deadline: Deadline) -> Step {
        Step::to(Locating::new(room), Because::Time)
    }

    pub(crate) fn mode(&self, _room: &Room) -> Mode {
        Mode::Rate
    }

    pub(crate) fn awaits(&self, _room: &Room) -> Awaits {
        Awaits::Nothing
    }

    pub(crate) fn count(&self, room: &Room, now: Moment) -> Option<Count> {
        to_phase_end(self.began, room.plan.moving, now)
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
    }
}
