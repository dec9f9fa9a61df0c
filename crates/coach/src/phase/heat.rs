//! After-care: how much it bothers the receiver now, then heat, water, and getting up slowly.

use core::time::Duration;

use crate::output::{Because, Deadline, Mode, Output, Reason, Refusal, Screened, What};
use crate::phase::elsewhere::{Elsewhere, Heard};
use crate::phase::{Back, Finished, halt, phase_over, sooner, tell_signal, to_phase_end};
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::room::{Room, Signal};
use crate::rules;
use crate::stage::{Act, By, Halt, Rated, Step};
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
    pub(crate) fn new(room: &Room) -> Self {
        let elsewhere = if room.plan.technique.is_alone() {
            Elsewhere::after_hold(room, Duration::ZERO)
        } else {
            Elsewhere::Quiet
        };
        let bother = if elsewhere == Elsewhere::Quiet { Bother::Asked } else { Bother::NotYet };
        Self { began: room.now, bother, asked_at: room.now, elsewhere }
    }

    pub(crate) fn enter(&mut self, room: &mut Room) {
        self.elsewhere.again(room);
        match self.bother {
            Bother::NotYet => {}
            Bother::Asked | Bother::Clicked(..) => room.ask(Prompt::AskBother),
            Bother::Done => room.ask(Prompt::HeatAndWater),
        }
    }

    pub(crate) fn act(mut self, room: &mut Room, by: By, act: Act) -> Step {
        match self.elsewhere.act(room, by, act) {
            Heard::Taken if self.elsewhere.is_open() => return Step::stay(self),
            Heard::Taken => return self.ask_bother(room),
            Heard::Refused(why) => return Step::refuse(self, act, why),
            Heard::NotMine => {}
        }
        match (self.bother, act) {
            (Bother::Clicked(rating, _), Act::Go) => self.take(room, rating),
            (Bother::Asked, Act::Go) => self.advise(room),
            (Bother::Done, Act::Go) => Step::to(Finished::well(room), Because::GoOn),
            (Bother::Done, Act::Yes) if by == By::Receiver => {
                Step::to(Finished::well(room), Because::Answered)
            }
            (Bother::NotYet | Bother::Asked | Bother::Clicked(..) | Bother::Done, Act::Back) => {
                Step::refuse(self, act, Refusal::NothingToUndo)
            }
            (Bother::NotYet, Act::Go) => {
                self.elsewhere.drop(room);
                self.ask_bother(room)
            }
            (
                Bother::NotYet | Bother::Asked | Bother::Clicked(..) | Bother::Done,
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
                | Act::LetGo,
            ) => Step::refuse(self, act, Refusal::NotNow),
        }
    }

    pub(crate) fn rated(mut self, room: &mut Room, rated: Rated) -> Step {
        match self.bother {
            Bother::Asked | Bother::Clicked(..) if rated.late => Step::stay(self),
            Bother::Asked | Bother::Clicked(..) if rated.same => self.take(room, rated.rating),
            Bother::Asked | Bother::Clicked(..) => {
                self.bother = Bother::Clicked(rated.rating, room.now);
                Step::stay(self)
            }
            Bother::NotYet | Bother::Done => Step::stay(self),
        }
    }

    pub(crate) fn less(self, _room: &mut Room, _late: bool) -> Step {
        Step::Refuse { stay: self.into(), what: What::Less, why: Refusal::NotNow }
    }

    pub(crate) fn signal(self, room: &mut Room, before: Signal, restarted: bool) -> Step {
        tell_signal(room, before, restarted);
        Step::stay(self)
    }

    pub(crate) fn halt(self, room: &mut Room, what: Halt) -> Step {
        let back = Back::Heat(self.clone());
        halt(self, room, what, back, Prompt::SharpHeat)
    }

    pub(crate) fn due(&self, _room: &Room) -> Option<Deadline> {
        let taken = match self.bother {
            Bother::Asked => Some(Deadline { at: self.asked_at + rules::BOTHER, reason: Reason::Answer }),
            Bother::Clicked(_, at) => Some(Deadline { at: at + rules::RATING_TAKEN, reason: Reason::Stood }),
            Bother::NotYet => self.elsewhere.due(),
            Bother::Done => None,
        };
        sooner(taken, Some(phase_over(self.began, rules::HEAT)))
    }

    pub(crate) fn timeout(mut self, room: &mut Room, deadline: Deadline) -> Step {
        match (deadline.reason, self.bother) {
            (Reason::PhaseOver, _) => Step::to(Finished::well(room), Because::Time),
            (_, Bother::NotYet) => {
                self.elsewhere.timeout(room);
                if self.elsewhere == Elsewhere::Quiet { self.ask_bother(room) } else { Step::stay(self) }
            }
            (_, Bother::Clicked(rating, _)) => self.take(room, rating),
            (_, Bother::Asked | Bother::Done) => self.advise(room),
        }
    }

    pub(crate) fn mode(&self, _room: &Room) -> Mode {
        match self.bother {
            Bother::NotYet => self.elsewhere.mode().unwrap_or(Mode::Rate),
            Bother::Asked | Bother::Clicked(..) => Mode::Rate,
            Bother::Done => Mode::Ask,
        }
    }

    pub(crate) fn awaits(&self, _room: &Room) -> Awaits {
        match self.bother {
            Bother::NotYet => self.elsewhere.awaits().unwrap_or(Awaits::Nothing),
            Bother::Asked | Bother::Clicked(..) => Awaits::Bother,
            Bother::Done => Awaits::GoOn,
        }
    }

    pub(crate) fn count(&self, _room: &Room, now: Moment) -> Option<Count> {
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

    fn ask_bother(mut self, room: &mut Room) -> Step {
        self.bother = Bother::Asked;
        self.asked_at = room.now;
        room.ask(Prompt::AskBother);
        Step::stay(self)
    }

    fn take(self, room: &mut Room, rating: Rating) -> Step {
        room.emit(Output::Screening(Screened::Bother { rating, after: true }));
        self.advise(room)
    }

    fn advise(mut self, room: &mut Room) -> Step {
        self.bother = Bother::Done;
        room.ask(Prompt::HeatAndWater);
        Step::stay(self)
    }
}
