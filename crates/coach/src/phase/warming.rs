//! Warming: heat on the area, warm not hot, water in reach.

use core::time::Duration;

use crate::command::{By, Command, Halt, Rated};
use crate::context::{Context, Signal};
use crate::lesson::Learn;
use crate::output::{Because, Deadline, Mode, Reason, Refusal, What};
use crate::phase::{Back, Learning, Strokes, halt, phase_over, sooner, tell_signal};
use crate::prompt::Prompt;
use crate::rules;
use crate::state::Transition;
use crate::time::Moment;
use crate::view::{Awaits, Count, Counting};

/// The heat is put on first; then there is a minute for the clicker.
const OFFER: Duration = Duration::from_secs(10);

/// Heat, with a look at the skin every five minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Warming {
    pub(crate) began: Moment,
    next_check: Moment,
    checking: bool,
    /// When the receiver is offered to learn the clicker; none where they know it.
    offer: Option<Moment>,
    offering: bool,
    enough_said: bool,
}

impl Warming {
    pub(crate) fn new(context: &Context) -> Self {
        Self {
            began: context.now,
            next_check: context.now + rules::WARM_CHECK,
            checking: false,
            offer: (context.learn == Some(Learn::Offered)).then(|| context.now + OFFER),
            offering: false,
            enough_said: false,
        }
    }

    #[expect(clippy::unused_self, reason = "every phase is entered alike")]
    pub(crate) fn enter(&mut self, context: &mut Context) {
        context.ask(Prompt::Warm);
    }

    pub(crate) fn command(mut self, context: &mut Context, by: By, command: Command) -> Transition {
        match command {
            Command::AlreadyWarm => Transition::to(Strokes::new(context), Because::AlreadyWarm),
            Command::Yes if self.offering => {
                self.offering = false;
                Transition::to(Learning::new(context, Some(self)), Because::Answered)
            }
            Command::No if self.offering => {
                self.offering = false;
                Transition::stay(self)
            }
            // The click that says the heat is pleasant is not yet a wish to go on.
            Command::Yes if self.checking => {
                self.checking = false;
                Transition::stay(self)
            }
            // It is not pleasant: warm, not hot.
            Command::No if self.checking || by == By::Receiver => {
                self.checking = false;
                context.say(Prompt::Warm);
                Transition::stay(self)
            }
            Command::Yes if by == By::Receiver && self.is_enough(context) => {
                Transition::to(Strokes::new(context), Because::Answered)
            }
            Command::Go if self.is_enough(context) => Transition::to(Strokes::new(context), Because::GoOn),
            Command::Go => Transition::refuse(self, command, Refusal::TooSoon),
            Command::Yes if by == By::Receiver => Transition::refuse(self, command, Refusal::TooSoon),
            Command::Back => Transition::refuse(self, command, Refusal::NothingToUndo),
            Command::Yes
            | Command::No
            | Command::Spot
            | Command::Nudge(_)
            | Command::Where(_)
            | Command::Next(_)
            | Command::Sharp(_)
            | Command::Felt(_)
            | Command::More
            | Command::LetGo => Transition::refuse(self, command, Refusal::NotNow),
        }
    }

    pub(crate) fn rated(mut self, _room: &mut Context, _rated: Rated) -> Transition {
        self.checking = false;
        Transition::stay(self)
    }

    pub(crate) fn less(self, _room: &mut Context, _late: bool) -> Transition {
        Transition::Refuse { stay: self.into(), what: What::Less, why: Refusal::NotNow }
    }

    pub(crate) fn signal(self, context: &mut Context, before: Signal, restarted: bool) -> Transition {
        tell_signal(context, before, restarted);
        Transition::stay(self)
    }

    pub(crate) fn halt(self, context: &mut Context, what: Halt) -> Transition {
        let back = Back::Warming(self.clone());
        halt(self, context, what, back, Prompt::SharpHeat)
    }

    pub(crate) fn due(&self, context: &Context) -> Option<Deadline> {
        let check = Deadline { at: self.next_check, reason: Reason::Step };
        let enough = Deadline { at: self.began + context.plan.warm_min, reason: Reason::Minimum };
        let offer = self.offer.map(|at| Deadline { at, reason: Reason::Answer });
        let first = sooner(sooner(Some(phase_over(self.began, context.plan.warm_max)), Some(check)), offer);
        sooner(first, (!self.enough_said).then_some(enough))
    }

    pub(crate) fn timeout(mut self, context: &mut Context, deadline: Deadline) -> Transition {
        if deadline.reason == Reason::PhaseOver {
            return Transition::to(Strokes::new(context), Because::Time);
        }
        if deadline.reason == Reason::Answer {
            self.offer = None;
            self.offering = true;
            context.ask(Prompt::OfferLesson);
        } else if deadline.reason == Reason::Minimum {
            self.offering = false;
            self.enough_said = true;
            self.checking = false;
            context.ask(Prompt::WarmEnough);
        } else {
            self.next_check = deadline.at + rules::WARM_CHECK;
            // From the minimum on there is another question to click an answer to.
            if !self.is_enough(context) {
                self.checking = true;
                self.offering = false;
                context.ask(Prompt::WarmCheck);
            }
        }
        Transition::stay(self)
    }

    pub(crate) fn mode(&self, _room: &Context) -> Mode {
        Mode::Ask
    }

    pub(crate) fn awaits(&self, context: &Context) -> Awaits {
        if self.offering {
            Awaits::LessonOffer
        } else if self.checking {
            Awaits::WarmCheck
        } else if self.is_enough(context) {
            Awaits::GoOn
        } else {
            Awaits::Nothing
        }
    }

    pub(crate) fn count(&self, context: &Context, now: Moment) -> Option<Count> {
        let (what, lasts) = if now.since(self.began) < context.plan.warm_min {
            (Counting::ToPhaseMinimum, context.plan.warm_min)
        } else {
            (Counting::ToPhaseEnd, context.plan.warm_max)
        };
        Some(Count { what, left: (self.began + lasts).since(now) })
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
        self.next_check += by;
        self.offer = self.offer.map(|at| at + by);
    }

    fn is_enough(&self, context: &Context) -> bool {
        context.now.since(self.began) >= context.plan.warm_min
    }
}
