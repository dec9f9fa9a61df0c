//! Finished: over, well or with advice. Nothing leads out of it.

use core::time::Duration;

use crate::output::{Deadline, Mode, Refusal, Tone, What};
use crate::phase::sharp;
use crate::prompt::Prompt;
use crate::room::{Room, Signal};
use crate::screening::Advice;
use crate::stage::{Act, By, Halt, Rated, Step};
use crate::time::Moment;
use crate::view::{Awaits, Count};

/// The end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finished {
    pub(crate) began: Moment,
    advice: Option<Advice>,
}

impl Finished {
    /// The session is over.
    pub(crate) fn well(room: &Room) -> Self {
        Self { began: room.now, advice: None }
    }

    /// The session stops here, and what to do instead. No key overrides it.
    pub(crate) fn stopped(room: &Room, advice: Advice) -> Self {
        Self { began: room.now, advice: Some(advice) }
    }

    pub(crate) fn enter(&mut self, room: &mut Room) {
        room.sharps.asking = None;
        room.say(match self.advice {
            Some(advice) => Prompt::Stopped { advice },
            None => Prompt::Over,
        });
        room.tone(Tone::Over);
    }

    pub(crate) fn act(self, _room: &mut Room, _by: By, act: Act) -> Step {
        let why = self.refusal();
        Step::refuse(self, act, why)
    }

    pub(crate) fn rated(self, _room: &mut Room, _rated: Rated) -> Step {
        Step::stay(self)
    }

    pub(crate) fn less(self, _room: &mut Room, _late: bool) -> Step {
        let why = self.refusal();
        Step::Refuse { stay: self.into(), what: What::Less, why }
    }

    pub(crate) fn signal(self, _room: &mut Room, _before: Signal, _restarted: bool) -> Step {
        Step::stay(self)
    }

    pub(crate) fn halt(self, room: &mut Room, what: Halt) -> Step {
        match what {
            Halt::Sharp(by) => {
                sharp::heard(room, by, Prompt::SharpResting);
                room.sharps.asking = None;
                Step::stay(self)
            }
            Halt::End => {
                let why = self.refusal();
                Step::Refuse { stay: self.into(), what: What::End, why }
            }
            // Stopping is never refused, and here there is nothing left to stop.
            Halt::StopByReceiver | Halt::StopByPartner | Halt::Gap(_) | Halt::Resumed(_) => Step::stay(self),
        }
    }

    pub(crate) fn due(&self, _room: &Room) -> Option<Deadline> {
        None
    }

    pub(crate) fn timeout(self, _room: &mut Room, _deadline: Deadline) -> Step {
        Step::stay(self)
    }

    pub(crate) fn mode(&self, _room: &Room) -> Mode {
        Mode::Rate
    }

    pub(crate) fn awaits(&self, _room: &Room) -> Awaits {
        Awaits::Nothing
    }

    pub(crate) fn count(&self, _room: &Room, _now: Moment) -> Option<Count> {
        None
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
    }

    const fn refusal(&self) -> Refusal {
        match self.advice {
            Some(_) => Refusal::StopStands,
            None => Refusal::Over,
        }
    }
}
