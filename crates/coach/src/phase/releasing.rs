//! Releasing: slowly, or at once.

use core::time::Duration;

use crate::command::{By, Command, Halt, Rated};
use crate::context::{Context, Signal};
use crate::output::{Because, Deadline, Mode, Refusal, Tone};
use crate::phase::{
    After, Back, Flushing, Paused, after_standstill, asked_for_less, phase_over, sharp, tell_signal,
    to_phase_end,
};
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::state::Transition;
use crate::time::Moment;
use crate::view::{Awaits, Count};

/// Letting go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Releasing {
    pub(crate) began: Moment,
    lasts: Duration,
    because: Because,
}

impl Releasing {
    /// After a hold that ended because of this.
    pub(crate) fn after(context: &Context, because: Because) -> Self {
        let lasts = if slowly(because).is_some() { context.plan.release } else { Duration::ZERO };
        Self { began: context.now, lasts, because }
    }

    pub(crate) fn enter(&mut self, context: &mut Context) {
        // Where hands come off at once, the alarm that ended the hold has been said already.
        if let Some(prompt) = slowly(self.because) {
            context.say(prompt);
        }
    }

    pub(crate) fn command(self, _room: &mut Context, _by: By, command: Command) -> Transition {
        match command {
            Command::Back => Transition::refuse(self, command, Refusal::NothingToUndo),
            Command::Go | Command::Spot => Transition::refuse(self, command, Refusal::FlushFirst),
            Command::Yes
            | Command::No
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
            return flush(context, Because::HandsOff);
        }
        if rated.rating > context.ceiling() {
            context.say(Prompt::EaseBack { rating: rated.rating });
        }
        Transition::stay(self)
    }

    pub(crate) fn less(self, context: &mut Context, _late: bool) -> Transition {
        asked_for_less(self, context)
    }

    pub(crate) fn signal(self, context: &mut Context, before: Signal, restarted: bool) -> Transition {
        if context.signal == Signal::Lost && before != Signal::Lost {
            context.say(Prompt::NoSignalPressing);
            context.tone(Tone::PressureOff);
            return flush(context, Because::Lost);
        }
        tell_signal(context, before, restarted);
        Transition::stay(self)
    }

    pub(crate) fn halt(self, context: &mut Context, what: Halt) -> Transition {
        match what {
            Halt::StopByReceiver | Halt::StopByPartner | Halt::End => {
                Paused::stopped(context, what, Back::Flushing(After::Ask))
            }
            Halt::Sharp(by) => {
                sharp::heard(context, by, Prompt::SharpLeaning);
                flush(context, Because::Sharp)
            }
            Halt::Gap(by) => after_standstill(context, by, Because::Gap),
            Halt::Resumed(by) => after_standstill(context, by, Because::Resumed),
        }
    }

    pub(crate) fn due(&self, _room: &Context) -> Option<Deadline> {
        Some(phase_over(self.began, self.lasts))
    }

    pub(crate) fn timeout(self, context: &mut Context, _deadline: Deadline) -> Transition {
        flush(context, Because::Time)
    }

    pub(crate) fn mode(&self, _room: &Context) -> Mode {
        Mode::Release
    }

    /// Alone the rating is asked for at the end of a hold, in the words of its release.
    pub(crate) fn awaits(&self, context: &Context) -> Awaits {
        if context.plan.technique.is_alone() { Awaits::Rating } else { Awaits::Nothing }
    }

    pub(crate) fn count(&self, _room: &Context, now: Moment) -> Option<Count> {
        to_phase_end(self.began, self.lasts, now)
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
    }
}

fn flush(context: &mut Context, because: Because) -> Transition {
    Transition::to(Flushing::new(context, After::Ask), because)
}

/// What is said where hands come off slowly. They come off at once where something is wrong, or where nobody can
/// say that nothing is.
const fn slowly(because: Because) -> Option<Prompt> {
    match because {
        Because::LetGo | Because::Fell => Some(Prompt::ReleaseLetGo),
        Because::HardlyHurt => Some(Prompt::ReleaseHardlyHurt),
        Because::Maximum => Some(Prompt::ReleaseMaximum),
        Because::AboveFive => Some(Prompt::LetGoAbove),
        Because::HandsOff
        | Because::NoRating
        | Because::Silent
        | Because::Sharp
        | Because::Stop
        | Because::Lost
        | Because::Restarted
        | Because::Gap
        | Because::Resumed
        | Because::Time
        | Because::Answered
        | Because::GoOn
        | Because::AlreadyWarm
        | Because::ThatsTheSpot
        | Because::Nudged
        | Because::NotFound
        | Because::Ended
        | Because::Beside
        | Because::SameSpot
        | Because::Enough
        | Because::NoAnswer
        | Because::Limit
        | Because::StopAnswer
        | Because::AllClosed
        | Because::RestingPain
        | Because::Numb
        | Because::ThreeSharps
        | Because::StoreFailed => None,
    }
}
