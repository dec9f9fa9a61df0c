//! Finished: over, well or with advice. Nothing leads out of it.

use core::time::Duration;

use crate::command::{By, Command, Halt, Rated};
use crate::context::{Context, Signal};
use crate::output::{Deadline, Mode, Refusal, Tone, What};
use crate::phase::sharp;
use crate::prompt::Prompt;
use crate::screening::Advice;
use crate::state::Transition;
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
    pub(crate) fn well(context: &Context) -> Self {
        Self { began: context.now, advice: None }
    }

    /// The session stops here, and what to do instead. No key overrides it.
    pub(crate) fn stopped(context: &Context, advice: Advice) -> Self {
        Self { began: context.now, advice: Some(advice) }
    }

    pub(crate) fn enter(&mut self, context: &mut Context) {
        context.sharps.asking = None;
        context.say(match self.advice {
            Some(advice) => Prompt::Stopped { advice },
            None => Prompt::Over,
        });
        context.tone(Tone::Over);
    }

    pub(crate) fn command(self, _room: &mut Context, _by: By, command: Command) -> Transition {
        let why = self.refusal();
        Transition::refuse(self, command, why)
    }

    pub(crate) fn rated(self, _room: &mut Context, _rated: Rated) -> Transition {
        Transition::stay(self)
    }

    pub(crate) fn less(self, _room: &mut Context, _late: bool) -> Transition {
        let why = self.refusal();
        Transition::Refuse { stay: self.into(), what: What::Less, why }
    }

    pub(crate) fn signal(self, _room: &mut Context, _before: Signal, _restarted: bool) -> Transition {
        Transition::stay(self)
    }

    pub(crate) fn halt(self, context: &mut Context, what: Halt) -> Transition {
        match what {
            Halt::Sharp(by) => {
                sharp::heard(context, by, Prompt::SharpResting);
                context.sharps.asking = None;
                Transition::stay(self)
            }
            Halt::End => {
                let why = self.refusal();
                Transition::Refuse { stay: self.into(), what: What::End, why }
            }
            // Stopping is never refused, and here there is nothing left to stop.
            Halt::StopByReceiver | Halt::StopByPartner | Halt::Gap(_) | Halt::Resumed(_) => {
                Transition::stay(self)
            }
        }
    }

    pub(crate) fn due(&self, _room: &Context) -> Option<Deadline> {
        None
    }

    pub(crate) fn timeout(self, _room: &mut Context, _deadline: Deadline) -> Transition {
        Transition::stay(self)
    }

    pub(crate) fn mode(&self, _room: &Context) -> Mode {
        Mode::Rate
    }

    pub(crate) fn awaits(&self, _room: &Context) -> Awaits {
        Awaits::Nothing
    }

    pub(crate) fn count(&self, _room: &Context, _now: Moment) -> Option<Count> {
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
