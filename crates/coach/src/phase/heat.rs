//! After-care: how much it bothers the receiver now, then heat, water, and getting up slowly.

use core::time::Duration;

use crate::command::{By, Command, Halt, Rated};
use crate::context::{Context, Signal};
use crate::output::{Because, Deadline, Mode, Output, Reason, Refusal, Screened, What};
use crate::phase::elsewhere::{CommandOutcome, Elsewhere};
use crate::phase::{Back, Finished, halt, phase_over, sooner, tell_signal, to_phase_end};
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::rules;
use crate::state::Transition;
use crate::time::Moment;
use crate::view::{Awaits, Count};

/// Heat, after the question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heat {
    pub(crate) began: Moment,
    bother: Bother,
    /// Since when it is asked.
    asked_at: Moment,
    elsewhere: Elsewhere,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bother {
    /// Alone it is asked first whether it was felt elsewhere.
    NotYet,
    Asked,
    /// Taken once it has stood.
    Clicked(Rating, Moment),
    /// Answered, or left unanswered.
    Done,
}

impl Heat {
    pub(crate) fn new(context: &Context) -> Self {
        let elsewhere = if context.plan.technique.is_alone() {
            Elsewhere::after_hold(context, Duration::ZERO)
        } else {
            Elsewhere::Quiet
        };
        let bother = if elsewhere == Elsewhere::Quiet { Bother::Asked } else { Bother::NotYet };
        Self { began: context.now, bother, asked_at: context.now, elsewhere }
    }

    pub(crate) fn enter(&mut self, context: &mut Context) {
        self.elsewhere.again(context);
        match self.bother {
            Bother::NotYet => {}
            Bother::Asked | Bother::Clicked(..) => context.ask(Prompt::AskBother),
            Bother::Done => context.ask(Prompt::HeatAndWater),
        }
    }

    pub(crate) fn command(mut self, context: &mut Context, by: By, command: Command) -> Transition {
        match self.elsewhere.command(context, by, command) {
            CommandOutcome::Taken if self.elsewhere.is_open() => return Transition::stay(self),
            CommandOutcome::Taken => return self.ask_bother(context),
            CommandOutcome::Refused(why) => return Transition::refuse(self, command, why),
            CommandOutcome::NotMine => {}
        }
        match (self.bother, command) {
            (Bother::Clicked(rating, _), Command::Go) => self.take(context, rating),
            (Bother::Asked, Command::Go) => self.advise(context),
            (Bother::Done, Command::Go) => Transition::to(Finished::well(context), Because::GoOn),
            (Bother::Done, Command::Yes) if by == By::Receiver => {
                Transition::to(Finished::well(context), Because::Answered)
            }
            (Bother::NotYet | Bother::Asked | Bother::Clicked(..) | Bother::Done, Command::Back) => {
                Transition::refuse(self, command, Refusal::NothingToUndo)
            }
            (Bother::NotYet, Command::Go) => {
                self.elsewhere.drop(context);
                self.ask_bother(context)
            }
            (
                Bother::NotYet | Bother::Asked | Bother::Clicked(..) | Bother::Done,
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
                | Command::LetGo,
            ) => Transition::refuse(self, command, Refusal::NotNow),
        }
    }

    pub(crate) fn rated(mut self, context: &mut Context, rated: Rated) -> Transition {
        match self.bother {
            Bother::Asked | Bother::Clicked(..) if rated.late => Transition::stay(self),
            Bother::Asked | Bother::Clicked(..) if rated.same => self.take(context, rated.rating),
            Bother::Asked | Bother::Clicked(..) => {
                self.bother = Bother::Clicked(rated.rating, context.now);
                Transition::stay(self)
            }
            Bother::NotYet | Bother::Done => Transition::stay(self),
        }
    }

    pub(crate) fn less(self, _room: &mut Context, _late: bool) -> Transition {
        Transition::Refuse { stay: self.into(), what: What::Less, why: Refusal::NotNow }
    }

    pub(crate) fn signal(self, context: &mut Context, before: Signal, restarted: bool) -> Transition {
        tell_signal(context, before, restarted);
        Transition::stay(self)
    }

    pub(crate) fn halt(self, context: &mut Context, what: Halt) -> Transition {
        let back = Back::Heat(self.clone());
        halt(self, context, what, back, Prompt::SharpHeat)
    }

    pub(crate) fn due(&self, _room: &Context) -> Option<Deadline> {
        let taken = match self.bother {
            Bother::Asked => Some(Deadline { at: self.asked_at + rules::BOTHER, reason: Reason::Answer }),
            Bother::Clicked(_, at) => Some(Deadline { at: at + rules::RATING_TAKEN, reason: Reason::Stood }),
            Bother::NotYet => self.elsewhere.due(),
            Bother::Done => None,
        };
        sooner(taken, Some(phase_over(self.began, rules::HEAT)))
    }

    pub(crate) fn timeout(mut self, context: &mut Context, deadline: Deadline) -> Transition {
        match (deadline.reason, self.bother) {
            (Reason::PhaseOver, _) => Transition::to(Finished::well(context), Because::Time),
            (_, Bother::NotYet) => {
                self.elsewhere.timeout(context);
                if self.elsewhere == Elsewhere::Quiet {
                    self.ask_bother(context)
                } else {
                    Transition::stay(self)
                }
            }
            (_, Bother::Clicked(rating, _)) => self.take(context, rating),
            (_, Bother::Asked | Bother::Done) => self.advise(context),
        }
    }

    pub(crate) fn mode(&self, _room: &Context) -> Mode {
        match self.bother {
            Bother::NotYet => self.elsewhere.mode().unwrap_or(Mode::Rate),
            Bother::Asked | Bother::Clicked(..) => Mode::Rate,
            Bother::Done => Mode::Ask,
        }
    }

    pub(crate) fn awaits(&self, _room: &Context) -> Awaits {
        match self.bother {
            Bother::NotYet => self.elsewhere.awaits().unwrap_or(Awaits::Nothing),
            Bother::Asked | Bother::Clicked(..) => Awaits::Bother,
            Bother::Done => Awaits::GoOn,
        }
    }

    pub(crate) fn count(&self, _room: &Context, now: Moment) -> Option<Count> {
        to_phase_end(self.began, rules::HEAT, now)
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
        self.asked_at += by;
        self.elsewhere.shift(by);
        if let Bother::Clicked(_, at) = &mut self.bother {
            *at += by;
        }
    }

    fn ask_bother(mut self, context: &mut Context) -> Transition {
        self.bother = Bother::Asked;
        self.asked_at = context.now;
        context.ask(Prompt::AskBother);
        Transition::stay(self)
    }

    fn take(self, context: &mut Context, rating: Rating) -> Transition {
        context.emit(Output::Screening(Screened::Bother { rating, after: true }));
        self.advise(context)
    }

    fn advise(mut self, context: &mut Context) -> Transition {
        self.bother = Bother::Done;
        context.ask(Prompt::HeatAndWater);
        Transition::stay(self)
    }
}
