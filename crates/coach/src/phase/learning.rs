//! Learning the clicker: for a minute the receiver tries each gesture, before anybody touches them. Each is asked for,
//! recognised and answered; STOP ends it, and really stops.
//!
//! Nothing is pressed, so no rating alarms. A SHARP that was not asked for is one.

use core::time::Duration;

use crate::Named as _;
use crate::input::Click;
use crate::lesson::{Lesson, PATIENCE, ROUND, Tried};
use crate::output::{Because, Deadline, Mode, Reason, Refusal, Tone, What};
use crate::phase::{Back, Finished, Warming, halt, phase_over, sooner, tell_signal, to_phase_end};
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::room::{Room, Signal};
use crate::stage::{Act, By, Halt, Next, Rated, SharpWas, Step};
use crate::time::Moment;
use crate::view::{Awaits, Count};

/// A round of gestures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Learning {
    pub(crate) began: Moment,
    /// Those still to be asked for, the next one last; STOP is not among them.
    rest: Vec<Lesson>,
    lesson: Lesson,
    asked: Moment,
    /// The rating before, by which a click is known for one up or one down.
    before: Option<Rating>,
    /// The heat works meanwhile; nothing does where this is all that is to be done.
    heat: Option<Warming>,
}

impl Learning {
    /// What has not been tried well yet; everything, where everything has been.
    pub(crate) fn new(room: &Room, heat: Option<Warming>) -> Self {
        let open = |lesson: &Lesson| !room.learned.has(*lesson);
        let all = || Lesson::ALL.iter().copied().filter(|&lesson| lesson != Lesson::Stop);
        let mut rest: Vec<Lesson> = all().filter(open).collect();
        if rest.is_empty() {
            rest = all().collect();
        }
        rest.reverse();
        let lesson = rest.pop().unwrap_or(Lesson::Stop);
        Self { began: room.now, rest, lesson, asked: room.now, before: None, heat }
    }

    pub(crate) fn enter(&mut self, room: &mut Room) {
        self.ask(room, Tried::Nothing);
    }

    pub(crate) fn act(self, room: &mut Room, by: By, act: Act) -> Step {
        let click = match act {
            Act::Go if by == By::Partner => return self.over(room, Because::GoOn),
            Act::Yes => Click::Yes,
            Act::No => Click::No,
            Act::Spot => Click::Spot,
            Act::Nudge(toward) => Click::Nudge(toward),
            Act::More => Click::More,
            Act::LetGo => Click::LetGo,
            Act::Back => return Step::refuse(self, act, Refusal::NothingToUndo),
            Act::Go
            | Act::Where(_)
            | Act::AlreadyWarm
            | Act::Next(Next::Beside | Next::SameSpot | Next::Enough)
            | Act::Sharp(SharpWas::OnlySharp | SharpWas::Numb | SharpWas::Slipped)
            | Act::Felt(_) => return Step::refuse(self, act, Refusal::NotNow),
        };
        // The clicker is the receiver's: what the partner keys teaches them nothing.
        if by == By::Partner {
            return Step::refuse(self, act, Refusal::ReceiverOnly);
        }
        let right = self.lesson.is(click);
        self.tried(room, right)
    }

    pub(crate) fn rated(mut self, room: &mut Room, rated: Rated) -> Step {
        if rated.late {
            return Step::stay(self);
        }
        let before = self.before.replace(rated.rating);
        let right = match self.lesson {
            Lesson::Same => rated.same,
            Lesson::Higher => !rated.same && before.is_none_or(|before| rated.rating >= before),
            Lesson::Lower => !rated.same && before.is_none_or(|before| rated.rating <= before),
            Lesson::Sharp
            | Lesson::Less
            | Lesson::Left
            | Lesson::Right
            | Lesson::Head
            | Lesson::Feet
            | Lesson::Spot
            | Lesson::Yes
            | Lesson::No
            | Lesson::LetGo
            | Lesson::More
            | Lesson::Stop => false,
        };
        self.tried(room, right)
    }

    pub(crate) fn less(self, room: &mut Room, late: bool) -> Step {
        if late {
            return Step::Refuse { stay: self.into(), what: What::Less, why: Refusal::TooLate };
        }
        let right = self.lesson == Lesson::Less;
        self.tried(room, right)
    }

    pub(crate) fn signal(self, room: &mut Room, before: Signal, restarted: bool) -> Step {
        tell_signal(room, before, restarted);
        Step::stay(self)
    }

    pub(crate) fn halt(self, room: &mut Room, what: Halt) -> Step {
        if (self.lesson, what) == (Lesson::Sharp, Halt::Sharp(By::Receiver)) {
            room.tone(Tone::PressureOff);
            return self.tried(room, true);
        }
        if (self.lesson, what) == (Lesson::Stop, Halt::StopByReceiver) {
            room.learned.add(Lesson::Stop);
        }
        let shout = if self.heat.is_some() { Prompt::SharpHeat } else { Prompt::SharpResting };
        let back = self.clone().into();
        halt(self, room, what, back, shout)
    }

    pub(crate) fn due(&self, room: &Room) -> Option<Deadline> {
        let round = phase_over(self.began, ROUND);
        let warm = self.heat.as_ref().map(|heat| phase_over(heat.began, room.plan.warm_max));
        let over = sooner(Some(round), warm);
        sooner(over, Some(Deadline { at: self.patience(), reason: Reason::Answer }))
    }

    pub(crate) fn timeout(mut self, room: &mut Room, deadline: Deadline) -> Step {
        if deadline.reason == Reason::PhaseOver || self.lesson == Lesson::Stop {
            return self.over(room, Because::Time);
        }
        self.next(room);
        self.ask(room, Tried::Missed);
        Step::stay(self)
    }

    pub(crate) fn mode(&self, _room: &Room) -> Mode {
        self.lesson.mode()
    }

    pub(crate) fn awaits(&self, _room: &Room) -> Awaits {
        Awaits::Lesson(self.lesson)
    }

    pub(crate) fn count(&self, _room: &Room, now: Moment) -> Option<Count> {
        to_phase_end(self.began, ROUND, now)
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
        self.asked += by;
        if let Some(heat) = &mut self.heat {
            heat.shift(by);
        }
    }

    /// Up to when the gesture is waited for. The last of the round are STOP's.
    fn patience(&self) -> Moment {
        let last = self.began + (ROUND - PATIENCE);
        if self.lesson == Lesson::Stop { self.began + ROUND } else { (self.asked + PATIENCE).min(last) }
    }

    fn tried(mut self, room: &mut Room, right: bool) -> Step {
        if right {
            room.learned.add(self.lesson);
            self.next(room);
        }
        self.ask(room, if right { Tried::Right } else { Tried::Other });
        Step::stay(self)
    }

    fn next(&mut self, room: &Room) {
        let late = room.now >= self.began + (ROUND - PATIENCE);
        self.lesson = if late { Lesson::Stop } else { self.rest.pop().unwrap_or(Lesson::Stop) };
        self.asked = room.now;
    }

    fn ask(&self, room: &mut Room, tried: Tried) {
        // No question of its own: with each the clicker's dial would begin anew, and one up look like one down.
        room.say(Prompt::Learn { lesson: self.lesson, tried });
        room.tone(Tone::Question);
    }

    /// Back to the heat, or the end.
    fn over(self, room: &mut Room, because: Because) -> Step {
        match self.heat {
            Some(heat) => {
                room.say(Prompt::Learnt);
                Step::to(heat, because)
            }
            None => Step::to(Finished::well(room), because),
        }
    }
}

impl From<Learning> for Back {
    /// STOP is the end of the round, and what had come up to it is not asked for again.
    fn from(learning: Learning) -> Self {
        match (learning.lesson, learning.heat) {
            (Lesson::Stop, Some(heat)) => Self::Warming(heat),
            (Lesson::Stop, None) => Self::Over,
            (_, heat) => Self::Learning(heat.map(Box::new)),
        }
    }
}
