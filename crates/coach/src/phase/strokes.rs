//! Broad strokes with the palms, and in them the ready check: it proves the partner's sides, the receiver's sides,
//! the clicker and the alarm, before anybody leans on anybody.

use core::time::Duration;

use crate::body::{Side, Stand};
use crate::command::{By, Command, Halt, Rated};
use crate::context::{Context, Signal};
use crate::output::{Because, Deadline, Mode, Reason, Refusal, Tone};
use crate::phase::{
    After, Back, Flushing, Locating, Stretching, asked_for_less, halt, phase_over, rated_lightly, sooner,
    tell_signal, to_phase_end,
};
use crate::prompt::Prompt;
use crate::rules;
use crate::state::Transition;
use crate::time::Moment;
use crate::view::{Awaits, Count};

/// Strokes, with what the ready check waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Strokes {
    pub(crate) began: Moment,
    check: Check,
    /// The strokes have lasted as long as they should and wait for the ready check.
    over: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    /// Both settle first.
    NotYet { at: Moment },
    /// A hand rests on this shoulder; the other one follows where a wrong side was felt, since whoever always
    /// presses the same button is right half of the time.
    Hand { side: Side, both: bool },
    /// One SHARP, to hear the alarm.
    TrySharp,
    /// Did you both hear that?
    HeardThat,
    /// In this session already.
    Passed,
}

impl Strokes {
    pub(crate) fn new(context: &Context) -> Self {
        let check = if context.ready {
            Check::Passed
        } else {
            Check::NotYet { at: context.now + rules::READY_CHECK }
        };
        Self { began: context.now, check, over: false }
    }

    #[expect(clippy::unused_self, reason = "every phase is entered alike")]
    pub(crate) fn enter(&mut self, context: &mut Context) {
        context.strokes_began.get_or_insert(context.now);
        context.mark();
        if !context.stand_said && !context.plan.technique.is_alone() {
            context.stand = match context.area.side {
                Side::Left => Stand::LeftSide,
                Side::Right => Stand::RightSide,
            };
            context.say(Prompt::StandAt { stand: context.stand, table: context.table });
        }
        context.say(Prompt::Strokes { edge: context.region().strokes_from() });
    }

    pub(crate) fn command(mut self, context: &mut Context, by: By, command: Command) -> Transition {
        match (self.check, command) {
            (Check::Hand { side, both }, Command::Felt(felt)) if side == felt => {
                self.check =
                    if both { Check::Hand { side: other(side), both: false } } else { Check::TrySharp };
                self.ask(context);
                Transition::stay(self)
            }
            (Check::Hand { side, .. }, Command::Felt(_)) => {
                context.refuse(by, command.what(), Refusal::WrongSide);
                let side = other(side);
                self.check = Check::Hand { side, both: true };
                context.ask(Prompt::OtherSide { side });
                Transition::stay(self)
            }
            (Check::HeardThat, Command::Yes) => {
                self.check = Check::Passed;
                context.ready = true;
                context.say(Prompt::Ready);
                if self.over { Self::leave(context, Because::Answered) } else { Transition::stay(self) }
            }
            (Check::HeardThat, Command::No) => {
                self.check = Check::TrySharp;
                self.ask(context);
                Transition::stay(self)
            }
            (Check::Passed, Command::Go) if context.now.since(self.began) >= rules::STROKES_MIN => {
                Self::leave(context, Because::GoOn)
            }
            (Check::Passed, Command::Go) => Transition::refuse(self, command, Refusal::TooSoon),
            (Check::NotYet { .. } | Check::Hand { .. } | Check::TrySharp, Command::Go | Command::Spot)
            | (Check::HeardThat, Command::Go | Command::Spot) => {
                Transition::refuse(self, command, Refusal::ReadyCheckFirst)
            }
            (
                Check::NotYet { .. }
                | Check::Hand { .. }
                | Check::TrySharp
                | Check::HeardThat
                | Check::Passed,
                Command::Back,
            ) => Transition::refuse(self, command, Refusal::NothingToUndo),
            (
                Check::NotYet { .. }
                | Check::Hand { .. }
                | Check::TrySharp
                | Check::HeardThat
                | Check::Passed,
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

    pub(crate) fn rated(self, context: &mut Context, rated: Rated) -> Transition {
        let lighter = Prompt::LighterStrokes { rating: rated.rating };
        rated_lightly(self, context, rated, lighter, Back::Strokes)
    }

    pub(crate) fn less(self, context: &mut Context, _late: bool) -> Transition {
        asked_for_less(self, context)
    }

    pub(crate) fn signal(self, context: &mut Context, before: Signal, restarted: bool) -> Transition {
        tell_signal(context, before, restarted);
        Transition::stay(self)
    }

    pub(crate) fn halt(mut self, context: &mut Context, what: Halt) -> Transition {
        if (self.check, what) == (Check::TrySharp, Halt::Sharp(By::Receiver)) {
            self.check = Check::HeardThat;
            context.tone(Tone::PressureOff);
            self.ask(context);
            return Transition::stay(self);
        }
        halt(self, context, what, Back::Strokes, Prompt::SharpTouching)
    }

    pub(crate) fn due(&self, context: &Context) -> Option<Deadline> {
        let check = match self.check {
            Check::NotYet { at } => Some(Deadline { at, reason: Reason::Step }),
            Check::Hand { .. } | Check::TrySharp | Check::HeardThat | Check::Passed => None,
        };
        sooner(check, (!self.over).then(|| phase_over(self.began, context.plan.strokes)))
    }

    pub(crate) fn timeout(mut self, context: &mut Context, deadline: Deadline) -> Transition {
        if deadline.reason == Reason::PhaseOver {
            if context.ready {
                return Self::leave(context, Because::Time);
            }
            self.over = true;
        } else {
            self.check = Check::Hand { side: context.area.side, both: false };
        }
        self.ask(context);
        Transition::stay(self)
    }

    pub(crate) fn mode(&self, _room: &Context) -> Mode {
        match self.check {
            Check::NotYet { .. } | Check::TrySharp | Check::Passed => Mode::Rate,
            Check::Hand { .. } => Mode::Sides,
            Check::HeardThat => Mode::Ask,
        }
    }

    pub(crate) fn awaits(&self, _room: &Context) -> Awaits {
        match self.check {
            Check::NotYet { .. } | Check::Passed => Awaits::Nothing,
            Check::Hand { side, .. } => Awaits::Hand(side),
            Check::TrySharp => Awaits::TrySharp,
            Check::HeardThat => Awaits::HeardThat,
        }
    }

    pub(crate) fn count(&self, context: &Context, now: Moment) -> Option<Count> {
        to_phase_end(self.began, context.plan.strokes, now)
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
        if let Check::NotYet { at } = &mut self.check {
            *at += by;
        }
    }

    /// Puts what the check waits for.
    fn ask(&self, context: &mut Context) {
        match self.check {
            Check::Hand { side, .. } => context.ask(Prompt::RestHand { side }),
            Check::TrySharp => context.ask(Prompt::TrySharp),
            Check::HeardThat => context.ask(Prompt::HeardThat),
            Check::NotYet { .. } | Check::Passed => {}
        }
    }

    /// On to the knot, unless a hold is still to be flushed or none may begin today.
    fn leave(context: &mut Context, because: Because) -> Transition {
        if context.no_holds {
            Transition::to(Stretching::new(context), Because::RestingPain)
        } else if context.flush_owed {
            Transition::to(Flushing::new(context, After::Locate), because)
        } else {
            Transition::to(Locating::new(context), because)
        }
    }
}

const fn other(side: Side) -> Side {
    match side {
        Side::Left => Side::Right,
        Side::Right => Side::Left,
    }
}
