//! Learning the clicker: for a minute the receiver tries each gesture, before anybody touches them. Each is asked for,
//! recognised and answered; STOP ends it, and really stops.
//!
//! Nothing is pressed, so no rating alarms. A SHARP that was not asked for is one.

use core::time::Duration;

use crate::Named as _;
use crate::command::{By, Command, Halt, Next, Rated, SharpWas};
use crate::context::{Context, Signal};
use crate::input::Click;
use crate::lesson::{Lesson, PATIENCE, ROUND, Tried};
use crate::output::{Because, Deadline, Mode, Reason, Refusal, Tone, What};
use crate::phase::{Back, Finished, Warming, halt, phase_over, sooner, tell_signal, to_phase_end};
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::state::Transition;
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
    pub(crate) fn new(context: &Context, heat: Option<Warming>) -> Self {
        let open = |lesson: &Lesson| !context.learned.has(*lesson);
        let all = || Lesson::ALL.iter().copied().filter(|&lesson| lesson != Lesson::Stop);
        let mut rest: Vec<Lesson> = all().filter(open).collect();
        if rest.is_empty() {
            rest = all().collect();
        }
        rest.reverse();
        let lesson = rest.pop().unwrap_or(Lesson::Stop);
        Self { began: context.now, rest, lesson, asked: context.now, before: None, heat }
    }

    pub(crate) fn enter(&mut self, context: &mut Context) {
        self.ask(context, Tried::Nothing);
    }

    pub(crate) fn command(self, context: &mut Context, by: By, command: Command) -> Transition {
        let click = match command {
            Command::Go if by == By::Partner => return self.over(context, Because::GoOn),
            Command::Yes => Click::Yes,
            Command::No => Click::No,
            Command::Spot => Click::Spot,
            Command::Nudge(toward) => Click::Nudge(toward),
            Command::More => Click::More,
            Command::LetGo => Click::LetGo,
            Command::Back => return Transition::refuse(self, command, Refusal::NothingToUndo),
            Command::Go
            | Command::Where(_)
            | Command::AlreadyWarm
            | Command::Next(Next::Beside | Next::SameSpot | Next::Enough)
            | Command::Sharp(SharpWas::OnlySharp | SharpWas::Numb | SharpWas::Slipped)
            | Command::Felt(_) => return Transition::refuse(self, command, Refusal::NotNow),
        };
        // The clicker is the receiver's: what the partner keys teaches them nothing.
        if by == By::Partner {
            return Transition::refuse(self, command, Refusal::ReceiverOnly);
        }
        let right = self.lesson.is(click);
        self.tried(context, right)
    }

    pub(crate) fn rated(mut self, context: &mut Context, rated: Rated) -> Transition {
        if rated.late {
            return Transition::stay(self);
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
        self.tried(context, right)
    }

    pub(crate) fn less(self, context: &mut Context, late: bool) -> Transition {
        if late {
            return Transition::Refuse { stay: self.into(), what: What::Less, why: Refusal::TooLate };
        }
        let right = self.lesson == Lesson::Less;
        self.tried(context, right)
    }

    pub(crate) fn signal(self, context: &mut Context, before: Signal, restarted: bool) -> Transition {
        tell_signal(context, before, restarted);
        Transition::stay(self)
    }

    pub(crate) fn halt(self, context: &mut Context, what: Halt) -> Transition {
        if (self.lesson, what) == (Lesson::Sharp, Halt::Sharp(By::Receiver)) {
            context.tone(Tone::PressureOff);
            return self.tried(context, true);
        }
        if (self.lesson, what) == (Lesson::Stop, Halt::StopByReceiver) {
            context.learned.add(Lesson::Stop);
        }
        let shout = if self.heat.is_some() { Prompt::SharpHeat } else { Prompt::SharpResting };
        let back = self.clone().into();
        halt(self, context, what, back, shout)
    }

    pub(crate) fn due(&self, context: &Context) -> Option<Deadline> {
        let round = phase_over(self.began, ROUND);
        let warm = self.heat.as_ref().map(|heat| phase_over(heat.began, context.plan.warm_max));
        let over = sooner(Some(round), warm);
        sooner(over, Some(Deadline { at: self.patience(), reason: Reason::Answer }))
    }

    pub(crate) fn timeout(mut self, context: &mut Context, deadline: Deadline) -> Transition {
        if deadline.reason == Reason::PhaseOver || self.lesson == Lesson::Stop {
            return self.over(context, Because::Time);
        }
        self.next(context);
        self.ask(context, Tried::Missed);
        Transition::stay(self)
    }

    pub(crate) fn mode(&self, _room: &Context) -> Mode {
        self.lesson.mode()
    }

    pub(crate) fn awaits(&self, _room: &Context) -> Awaits {
        Awaits::Lesson(self.lesson)
    }

    pub(crate) fn count(&self, _room: &Context, now: Moment) -> Option<Count> {
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

    fn tried(mut self, context: &mut Context, right: bool) -> Transition {
        if right {
            context.learned.add(self.lesson);
            self.next(context);
        }
        self.ask(context, if right { Tried::Right } else { Tried::Other });
        Transition::stay(self)
    }

    fn next(&mut self, context: &Context) {
        let late = context.now >= self.began + (ROUND - PATIENCE);
        self.lesson = if late { Lesson::Stop } else { self.rest.pop().unwrap_or(Lesson::Stop) };
        self.asked = context.now;
    }

    fn ask(&self, context: &mut Context, tried: Tried) {
        // No question of its own: with each the clicker's dial would begin anew, and one up look like one down.
        context.say(Prompt::Learn { lesson: self.lesson, tried });
        context.tone(Tone::Question);
    }

    /// Back to the heat, or the end.
    fn over(self, context: &mut Context, because: Because) -> Transition {
        match self.heat {
            Some(heat) => {
                context.say(Prompt::Learnt);
                Transition::to(heat, because)
            }
            None => Transition::to(Finished::well(context), because),
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
