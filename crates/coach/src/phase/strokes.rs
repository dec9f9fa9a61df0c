//! Broad strokes with the palms, and in them the ready check: it proves the partner's sides, the receiver's sides,
//! the clicker and the alarm, before anybody leans on anybody.

use core::time::Duration;

use crate::body::{Side, Stand};
use crate::output::{Because, Deadline, Mode, Reason, Refusal, Tone};
use crate::phase::{
    After, Back, Flushing, Locating, Stretching, asked_for_less, halt, phase_over, rated_lightly, sooner,
    tell_signal, to_phase_end,
};
use crate::prompt::Prompt;
use crate::room::{Room, Signal};
use crate::rules;
use crate::stage::{Act, By, Halt, Rated, Step};
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
    pub(crate) fn new(room: &Room) -> Self {
        let check =
            if room.ready { Check::Passed } else { Check::NotYet { at: room.now + rules::READY_CHECK } };
        Self { began: room.now, check, over: false }
    }

    #[expect(clippy::unused_self, reason = "every phase is entered alike")]
    pub(crate) fn enter(&mut self, room: &mut Room) {
        room.strokes_began.get_or_insert(room.now);
        room.mark();
        if !room.stand_said && !room.plan.technique.is_alone() {
            room.stand = match room.area.side {
                Side::Left => Stand::LeftSide,
                Side::Right => Stand::RightSide,
            };
            room.say(Prompt::StandAt { stand: room.stand, table: room.table });
        }
        room.say(Prompt::Strokes { edge: room.region().strokes_from() });
    }

    pub(crate) fn act(mut self, room: &mut Room, by: By, act: Act) -> Step {
        match (self.check, act) {
            (Check::Hand { side, both }, Act::Felt(felt)) if side == felt => {
                self.check =
                    if both { Check::Hand { side: other(side), both: false } } else { Check::TrySharp };
                self.ask(room);
                Step::stay(self)
            }
            (Check::Hand { side, .. }, Act::Felt(_)) => {
                room.refuse(by, act.what(), Refusal::WrongSide);
                let side = other(side);
                self.check = Check::Hand { side, both: true };
                room.ask(Prompt::OtherSide { side });
                Step::stay(self)
            }
            (Check::HeardThat, Act::Yes) => {
                self.check = Check::Passed;
                room.ready = true;
                room.say(Prompt::Ready);
                if self.over { Self::leave(room, Because::Answered) } else { Step::stay(self) }
            }
            (Check::HeardThat, Act::No) => {
                self.check = Check::TrySharp;
                self.ask(room);
                Step::stay(self)
            }
            (Check::Passed, Act::Go) if room.now.since(self.began) >= rules::STROKES_MIN => {
                Self::leave(room, Because::GoOn)
            }
            (Check::Passed, Act::Go) => Step::refuse(self, act, Refusal::TooSoon),
            (Check::NotYet { .. } | Check::Hand { .. } | Check::TrySharp, Act::Go | Act::Spot)
            | (Check::HeardThat, Act::Go | Act::Spot) => Step::refuse(self, act, Refusal::ReadyCheckFirst),
            (
                Check::NotYet { .. }
                | Check::Hand { .. }
                | Check::TrySharp
                | Check::HeardThat
                | Check::Passed,
                Act::Back,
            ) => Step::refuse(self, act, Refusal::NothingToUndo),
            (
                Check::NotYet { .. }
                | Check::Hand { .. }
                | Check::TrySharp
                | Check::HeardThat
                | Check::Passed,
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

    pub(crate) fn rated(self, room: &mut Room, rated: Rated) -> Step {
        let lighter = Prompt::LighterStrokes { rating: rated.rating };
        rated_lightly(self, room, rated, lighter, Back::Strokes)
    }

    pub(crate) fn less(self, room: &mut Room, _late: bool) -> Step {
        asked_for_less(self, room)
    }

    pub(crate) fn signal(self, room: &mut Room, before: Signal, restarted: bool) -> Step {
        tell_signal(room, before, restarted);
        Step::stay(self)
    }

    pub(crate) fn halt(mut self, room: &mut Room, what: Halt) -> Step {
        if (self.check, what) == (Check::TrySharp, Halt::Sharp(By::Receiver)) {
            self.check = Check::HeardThat;
            room.tone(Tone::PressureOff);
            self.ask(room);
            return Step::stay(self);
        }
        halt(self, room, what, Back::Strokes, Prompt::SharpTouching)
    }

    pub(crate) fn due(&self, room: &Room) -> Option<Deadline> {
        let check = match self.check {
            Check::NotYet { at } => Some(Deadline { at, reason: Reason::Step }),
            Check::Hand { .. } | Check::TrySharp | Check::HeardThat | Check::Passed => None,
        };
        sooner(check, (!self.over).then(|| phase_over(self.began, room.plan.strokes)))
    }

    pub(crate) fn timeout(mut self, room: &mut Room, deadline: Deadline) -> Step {
        if deadline.reason == Reason::PhaseOver {
            if room.ready {
                return Self::leave(room, Because::Time);
            }
            self.over = true;
        } else {
            self.check = Check::Hand { side: room.area.side, both: false };
        }
        self.ask(room);
        Step::stay(self)
    }

    pub(crate) fn mode(&self, _room: &Room) -> Mode {
        match self.check {
            Check::NotYet { .. } | Check::TrySharp | Check::Passed => Mode::Rate,
            Check::Hand { .. } => Mode::Sides,
            Check::HeardThat => Mode::Ask,
        }
    }

    pub(crate) fn awaits(&self, _room: &Room) -> Awaits {
        match self.check {
            Check::NotYet { .. } | Check::Passed => Awaits::Nothing,
            Check::Hand { side, .. } => Awaits::Hand(side),
            Check::TrySharp => Awaits::TrySharp,
            Check::HeardThat => Awaits::HeardThat,
        }
    }

    pub(crate) fn count(&self, room: &Room, now: Moment) -> Option<Count> {
        to_phase_end(self.began, room.plan.strokes, now)
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
        if let Check::NotYet { at } = &mut self.check {
            *at += by;
        }
    }

    /// Puts what the check waits for.
    fn ask(&self, room: &mut Room) {
        match self.check {
            Check::Hand { side, .. } => room.ask(Prompt::RestHand { side }),
            Check::TrySharp => room.ask(Prompt::TrySharp),
            Check::HeardThat => room.ask(Prompt::HeardThat),
            Check::NotYet { .. } | Check::Passed => {}
        }
    }

    /// On to the knot, unless a hold is still to be flushed or none may begin today.
    fn leave(room: &mut Room, because: Because) -> Step {
        if room.no_holds {
            Step::to(Stretching::new(room), Because::RestingPain)
        } else if room.flush_owed {
            Step::to(Flushing::new(room, After::Locate), because)
        } else {
            Step::to(Locating::new(room), because)
        }
    }
}

const fn other(side: Side) -> Side {
    match side {
        Side::Left => Side::Right,
        Side::Right => Side::Left,
    }
}
