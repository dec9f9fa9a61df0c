//! Settling: "lean in slowly, from your hips". The lean begins here, and with it the hold's maximum.

use core::time::Duration;

use crate::command::{By, Command, Halt, Rated};
use crate::context::{Context, Signal};
use crate::dose::Pressed;
use crate::output::{Ask, Because, Deadline, HoldEnd, Mode, Outcome, Output, Reason, Refusal};
use crate::phase::{
    After, Back, Flushing, Holding, Locating, Paused, Releasing, after_standstill, phase_over, record_hold,
    sharp, sooner, to_phase_end,
};
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::rules;
use crate::state::Transition;
use crate::time::Moment;
use crate::view::{Awaits, Count};

/// Leaning in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settling {
    pub(crate) began: Moment,
    /// What is counted next: three, two, one, and then nothing.
    counts: u8,
    /// For how long the limits allow this lean to be held.
    spares: Duration,
}

impl Settling {
    pub(crate) fn new(context: &Context) -> Self {
        Self { began: context.now, counts: rules::COUNTED_DOWN, spares: context.spares() }
    }

    #[expect(clippy::unused_self, reason = "every phase is entered alike")]
    pub(crate) fn enter(&mut self, context: &mut Context) {
        context.mark();
        context.say(Prompt::LeanIn { region: context.region(), tool: context.tool() });
    }

    pub(crate) fn command(self, context: &mut Context, by: By, command: Command) -> Transition {
        match command {
            Command::Nudge(toward) => {
                let spot = context.spot;
                if !context.nudge(by, toward) {
                    return Transition::stay(self);
                }
                // Leaning that never comes to a hold is pressure all the same.
                let lasted = context.now.since(self.began);
                context.pressed.extend(spot.map(|spot| Pressed::new(spot, lasted)));
                context.leaned += lasted;
                if context.leaned < context.plan.hold_max {
                    Transition::to(Locating::new(context), Because::Nudged)
                } else {
                    context.flush_owed = true;
                    Transition::to(Flushing::new(context, After::Locate), Because::Nudged)
                }
            }
            Command::Back => Transition::refuse(self, command, Refusal::NothingToUndo),
            Command::Go
            | Command::Yes
            | Command::No
            | Command::Spot
            | Command::Where(_)
            | Command::AlreadyWarm
            | Command::Next(_)
            | Command::Sharp(_)
            | Command::Felt(_)
            | Command::More
            | Command::LetGo => Transition::refuse(self, command, Refusal::NotNow),
        }
    }

    /// Nothing above the ceiling is leaned into.
    pub(crate) fn rated(self, context: &mut Context, rated: Rated) -> Transition {
        if rated.rating >= Rating::HANDS_OFF {
            context.say(Prompt::HandsOff { rating: rated.rating });
            self.cut(context, Because::HandsOff)
        } else if rated.rating > context.ceiling() {
            context.say(Prompt::EaseBack { rating: rated.rating });
            self.cut(context, Because::AboveFive)
        } else {
            Transition::stay(self)
        }
    }

    pub(crate) fn less(self, context: &mut Context, _late: bool) -> Transition {
        context.emit(Output::Ask(Ask::Less));
        context.say(Prompt::Less);
        self.cut(context, Because::AboveFive)
    }

    pub(crate) fn signal(self, context: &mut Context, _before: Signal, restarted: bool) -> Transition {
        if restarted {
            context.say(Prompt::NoSignalPressing);
            context.say(Prompt::ClickerRestarted);
            return self.cut(context, Because::Restarted);
        }
        if context.signal == Signal::Lost {
            context.say(Prompt::NoSignalPressing);
            return self.cut(context, Because::Lost);
        }
        Transition::stay(self)
    }

    pub(crate) fn halt(self, context: &mut Context, what: Halt) -> Transition {
        match what {
            Halt::StopByReceiver | Halt::StopByPartner | Halt::End => {
                self.record(context, context.now, Outcome::Cut, Because::Stop);
                Paused::stopped(context, what, Back::Flushing(After::Ask))
            }
            Halt::Sharp(by) => {
                sharp::heard(context, by, Prompt::SharpLeaning);
                self.record(context, context.now, Outcome::Void, Because::Sharp);
                Transition::to(Releasing::after(context, Because::Sharp), Because::Sharp)
            }
            Halt::Gap(by) => {
                context.say(Prompt::GapCut);
                let off = context.now.min(self.latest(context));
                self.record(context, off, Outcome::Cut, Because::Gap);
                after_standstill(context, by, Because::Gap)
            }
            Halt::Resumed(by) => {
                context.say(Prompt::TakenUpAgain);
                let off = self.latest(context);
                self.record(context, off, Outcome::Cut, Because::Resumed);
                after_standstill(context, by, Because::Resumed)
            }
        }
    }

    pub(crate) fn due(&self, context: &Context) -> Option<Deadline> {
        let over = phase_over(self.began, context.plan.settle);
        let count = Deadline { at: over.at - rules::SECOND * self.counts.into(), reason: Reason::Step };
        sooner(Some(over), (self.counts > 0).then_some(count))
    }

    pub(crate) fn timeout(mut self, context: &mut Context, deadline: Deadline) -> Transition {
        if deadline.reason == Reason::PhaseOver {
            return Transition::to(Holding::new(context, self.began, self.spares), Because::Time);
        }
        context.say(Prompt::Countdown { n: self.counts });
        self.counts -= 1;
        Transition::stay(self)
    }

    pub(crate) fn mode(&self, _room: &Context) -> Mode {
        Mode::Settle
    }

    pub(crate) fn awaits(&self, _room: &Context) -> Awaits {
        Awaits::Nothing
    }

    pub(crate) fn count(&self, context: &Context, now: Moment) -> Option<Count> {
        to_phase_end(self.began, context.plan.settle, now)
    }

    /// A lean does not outlive a gap, and it was pressed all through it: nothing is moved on.
    #[expect(clippy::unused_self, reason = "every phase is moved on alike")]
    pub(crate) fn shift(&mut self, _by: Duration) {}

    fn cut(self, context: &mut Context, because: Because) -> Transition {
        self.record(context, context.now, Outcome::Cut, because);
        Transition::to(Releasing::after(context, because), because)
    }

    /// Latest possible end of pressure, if the laptop was not running to call it off.
    fn latest(&self, context: &Context) -> Moment {
        self.began + context.plan.hold_longest().min(self.spares)
    }

    /// Pressure came off then, or may have at the latest.
    fn record(self, context: &mut Context, off: Moment, outcome: Outcome, because: Because) {
        let pressed = off.since(self.began);
        context.last_in_hold = None;
        record_hold(context, HoldEnd { outcome, because, counted: Duration::ZERO, pressed });
    }
}
