//! Moving: slowly, to the place beside it.

use core::time::Duration;

use crate::body::{Spot, Toward};
use crate::command::{By, Command, Halt, Rated};
use crate::context::{Context, Signal};
use crate::output::{Because, Deadline, Mode, Output, Refusal};
use crate::phase::{Back, Locating, asked_for_less, halt, phase_over, tell_signal, to_phase_end};
use crate::prompt::Prompt;
use crate::state::Transition;
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
    pub(crate) fn new(context: &Context, toward: Toward, to: Spot) -> Self {
        Self { began: context.now, toward, to }
    }

    pub(crate) fn enter(&mut self, context: &mut Context) {
        context.spot = Some(self.to);
        context.mark();
        context.emit(Output::Spot(self.to));
        let seen = self.toward.seen_from(context.stand);
        context.say(Prompt::MoveBeside { toward: self.toward, seen });
    }

    pub(crate) fn command(self, _room: &mut Context, _by: By, command: Command) -> Transition {
        match command {
            Command::Go => Transition::refuse(self, command, Refusal::TooSoon),
            Command::Back => Transition::refuse(self, command, Refusal::NothingToUndo),
            Command::Yes
            | Command::No
            | Command::Spot
            | Command::Nudge(_)
            | Command::Where(_)
            | Command::AlreadyWarm
            | Command::Next(_)
            | Command::Sharp(_)
            | Command::Felt(_)
            | Command::More
            | Command::LetGo => Transition::refuse(self, command, Refusal::NotNow),
        }
    }

    /// A rating is shown here, not alarmed: nothing is pressed.
    pub(crate) fn rated(self, _room: &mut Context, _rated: Rated) -> Transition {
        Transition::stay(self)
    }

    pub(crate) fn less(self, context: &mut Context, _late: bool) -> Transition {
        asked_for_less(self, context)
    }

    pub(crate) fn signal(self, context: &mut Context, before: Signal, restarted: bool) -> Transition {
        tell_signal(context, before, restarted);
        Transition::stay(self)
    }

    pub(crate) fn halt(self, context: &mut Context, what: Halt) -> Transition {
        halt(self, context, what, Back::Locating, Prompt::SharpTouching)
    }

    pub(crate) fn due(&self, context: &Context) -> Option<Deadline> {
        Some(phase_over(self.began, context.plan.moving))
    }

    pub(crate) fn timeout(self, context: &mut Context, _deadline: Deadline) -> Transition {
        Transition::to(Locating::new(context), Because::Time)
    }

    pub(crate) fn mode(&self, _room: &Context) -> Mode {
        Mode::Rate
    }

    pub(crate) fn awaits(&self, _room: &Context) -> Awaits {
        Awaits::Nothing
    }

    pub(crate) fn count(&self, context: &Context, now: Moment) -> Option<Count> {
        to_phase_end(self.began, context.plan.moving, now)
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
    }
}
