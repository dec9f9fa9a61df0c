//! Stretching: gently, one way and the other.

use core::time::Duration;

use crate::command::{By, Command, Halt, Rated};
use crate::context::{Context, Signal};
use crate::output::{Because, Deadline, Mode, Reason, Refusal, Tone};
use crate::phase::{Back, Heat, asked_for_less, halt, phase_over, sooner, tell_signal, to_phase_end};
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::state::Transition;
use crate::time::Moment;
use crate::view::{Awaits, Count};

/// Two stretches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretching {
    pub(crate) began: Moment,
    other_said: bool,
}

impl Stretching {
    pub(crate) fn new(context: &Context) -> Self {
        Self { began: context.now, other_said: false }
    }

    /// Because the session has had as many holds, or minutes, as it has.
    pub(crate) fn for_limit(context: &mut Context) -> Transition {
        context.say(Prompt::Limit);
        Transition::to(Self::new(context), Because::Limit)
    }

    #[expect(clippy::unused_self, reason = "every phase is entered alike")]
    pub(crate) fn enter(&mut self, context: &mut Context) {
        context.mark();
        context.say(Prompt::Stretch { movement: context.region().movement() });
    }

    pub(crate) fn command(self, context: &mut Context, _by: By, command: Command) -> Transition {
        match command {
            Command::Go => Transition::to(Heat::new(context), Because::GoOn),
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

    pub(crate) fn rated(self, context: &mut Context, rated: Rated) -> Transition {
        if rated.rating >= Rating::HANDS_OFF {
            context.say(Prompt::HandsOff { rating: rated.rating });
            context.tone(Tone::PressureOff);
            return Transition::to(Heat::new(context), Because::HandsOff);
        }
        if rated.rating > Rating::CEILING {
            context.say(Prompt::EaseStretch { rating: rated.rating });
        }
        Transition::stay(self)
    }

    pub(crate) fn less(self, context: &mut Context, _late: bool) -> Transition {
        asked_for_less(self, context)
    }

    pub(crate) fn signal(self, context: &mut Context, before: Signal, restarted: bool) -> Transition {
        tell_signal(context, before, restarted);
        Transition::stay(self)
    }

    /// Whatever stopped a stretch, it is not gone back to: heat comes next.
    pub(crate) fn halt(self, context: &mut Context, what: Halt) -> Transition {
        let back = Back::Heat(Heat::new(context));
        halt(self, context, what, back, Prompt::SharpStretch)
    }

    pub(crate) fn due(&self, context: &Context) -> Option<Deadline> {
        let other = Deadline { at: self.began + context.plan.stretch, reason: Reason::Step };
        let over = phase_over(self.began, context.plan.stretch * 2);
        sooner((!self.other_said).then_some(other), Some(over))
    }

    pub(crate) fn timeout(mut self, context: &mut Context, deadline: Deadline) -> Transition {
        if deadline.reason == Reason::PhaseOver {
            return Transition::to(Heat::new(context), Because::Time);
        }
        self.other_said = true;
        context.mark();
        context.say(Prompt::StretchOther { movement: context.region().movement() });
        Transition::stay(self)
    }

    pub(crate) fn mode(&self, _room: &Context) -> Mode {
        Mode::Rate
    }

    pub(crate) fn awaits(&self, _room: &Context) -> Awaits {
        Awaits::Nothing
    }

    pub(crate) fn count(&self, context: &Context, now: Moment) -> Option<Count> {
        to_phase_end(self.began, context.plan.stretch * 2, now)
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
    }
}
