//! Releasing: slowly, or at once.

use core::time::Duration;

use crate::output::{Because, Deadline, Mode, Refusal, Tone};
use crate::phase::{
    After, Back, Flushing, Paused, after_standstill, asked_for_less, phase_over, sharp, tell_signal,
    to_phase_end,
};
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::room::{Room, Signal};
use crate::stage::{Act, By, Halt, Rated, Step};
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
    pub(crate) fn after(room: &Room, because: Because) -> Self {
        let lasts = if slowly(because).is_some() { room.plan.release } else { Duration::ZERO };
        Self { began: room.now, lasts, because }
    }

    pub(crate) fn enter(&mut self, room: &mut Room) {
        // Where hands come off at once, the alarm that ended the hold has been said already.
        if let Some(prompt) = slowly(self.because) {
            room.say(prompt);
        }
    }

    pub(crate) fn act(self, _room: &mut Room, _by: By, act: Act) -> Step {
        match act {
            Act::Back => Step::refuse(self, act, Refusal::NothingToUndo),
            Act::Go | Act::Spot => Step::refuse(self, act, Refusal::FlushFirst),
            Act::Yes
            | Act::No
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
            return flush(room, Because::HandsOff);
        }
        if rated.rating > room.ceiling() {
            room.say(Prompt::EaseBack { rating: rated.rating });
        }
        Step::stay(self)
    }

    pub(crate) fn less(self, room: &mut Room, _late: bool) -> Step {
        asked_for_less(self, room)
    }

    pub(crate) fn signal(self, room: &mut Room, before: Signal, restarted: bool) -> Step {
        if room.signal == Signal::Lost && before != Signal::Lost {
            room.say(Prompt::NoSignalPressing);
            room.tone(Tone::PressureOff);
            return flush(room, Because::Lost);
        }
        tell_signal(room, before, restarted);
        Step::stay(self)
    }

    pub(crate) fn halt(self, room: &mut Room, what: Halt) -> Step {
        match what {
            Halt::StopByReceiver | Halt::StopByPartner | Halt::End => {
                Paused::stopped(room, what, Back::Flushing(After::Ask))
            }
            Halt::Sharp(by) => {
                sharp::heard(room, by, Prompt::SharpLeaning);
                flush(room, Because::Sharp)
            }
            Halt::Gap(by) => after_standstill(room, by, Because::Gap),
            Halt::Resumed(by) => after_standstill(room, by, Because::Resumed),
        }
    }

    pub(crate) fn due(&self, _room: &Room) -> Option<Deadline> {
        Some(phase_over(self.began, self.lasts))
    }

    pub(crate) fn timeout(self, room: &mut Room, _deadline: Deadline) -> Step {
        flush(room, Because::Time)
    }

    pub(crate) fn mode(&self, _room: &Room) -> Mode {
        Mode::Release
    }

    /// Alone the rating is asked for at the end of a hold, in the words of its release.
    pub(crate) fn awaits(&self, room: &Room) -> Awaits {
        if room.plan.technique.is_alone() { Awaits::Rating } else { Awaits::Nothing }
    }

    pub(crate) fn count(&self, _room: &Room, now: Moment) -> Option<Count> {
        to_phase_end(self.began, self.lasts, now)
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
    }
}

fn flush(room: &mut Room, because: Because) -> Step {
    Step::to(Flushing::new(room, After::Ask), because)
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
