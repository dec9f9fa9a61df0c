//! Warming: heat on the area, warm not hot, water in reach.

use core::time::Duration;

use crate::lesson::Learn;
use crate::output::{Because, Deadline, Mode, Reason, Refusal, What};
use crate::phase::{Back, Learning, Strokes, halt, phase_over, sooner, tell_signal};
use crate::prompt::Prompt;
use crate::room::{Room, Signal};
use crate::rules;
use crate::stage::{Act, By, Halt, Rated, Step};
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
    pub(crate) fn new(room: &Room) -> Self {
        Self {
            began: room.now,
            next_check: room.now + rules::WARM_CHECK,
            checking: false,
            offer: (room.learn == Some(Learn::Offered)).then(|| room.now + OFFER),
            offering: false,
            enough_said: false,
        }
    }

    #[expect(clippy::unused_self, reason = "every phase is entered alike")]
    pub(crate) fn enter(&mut self, room: &mut Room) {
        room.ask(Prompt::Warm);
    }

    pub(crate) fn act(mut self, room: &mut Room, by: By, act: Act) -> Step {
        match act {
            Act::AlreadyWarm => Step::to(Strokes::new(room), Because::AlreadyWarm),
            Act::Yes if self.offering => {
                self.offering = false;
                Step::to(Learning::new(room, Some(self)), Because::Answered)
            }
            Act::No if self.offering => {
                self.offering = false;
                Step::stay(self)
            }
            // The click that says the heat is pleasant is not yet a wish to go on.
            Act::Yes if self.checking => {
                self.checking = false;
                Step::stay(self)
            }
            // It is not pleasant: warm, not hot.
            Act::No if self.checking || by == By::Receiver => {
                self.checking = false;
                room.say(Prompt::Warm);
                Step::stay(self)
            }
            Act::Yes if by == By::Receiver && self.is_enough(room) => {
                Step::to(Strokes::new(room), Because::Answered)
            }
            Act::Go if self.is_enough(room) => Step::to(Strokes::new(room), Because::GoOn),
            Act::Go => Step::refuse(self, act, Refusal::TooSoon),
            Act::Yes if by == By::Receiver => Step::refuse(self, act, Refusal::TooSoon),
            Act::Back => Step::refuse(self, act, Refusal::NothingToUndo),
            Act::Yes
            | Act::No
            | Act::Spot
            | Act::Nudge(_)
            | Act::Where(_)
            | Act::Next(_)
            | Act::Sharp(_)
            | Act::Felt(_)
            | Act::More
            | Act::LetGo => Step::refuse(self, act, Refusal::NotNow),
        }
    }

    pub(crate) fn rated(mut self, _room: &mut Room, _rated: Rated) -> Step {
        self.checking = false;
        Step::stay(self)
    }

    pub(crate) fn less(self, _room: &mut Room, _late: bool) -> Step {
        Step::Refuse { stay: self.into(), what: What::Less, why: Refusal::NotNow }
    }

    pub(crate) fn signal(self, room: &mut Room, before: Signal, restarted: bool) -> Step {
        tell_signal(room, before, restarted);
        Step::stay(self)
    }

    pub(crate) fn halt(self, room: &mut Room, what: Halt) -> Step {
        let back = Back::Warming(self.clone());
        halt(self, room, what, back, Prompt::SharpHeat)
    }

    pub(crate) fn due(&self, room: &Room) -> Option<Deadline> {
        let check = Deadline { at: self.next_check, reason: Reason::Step };
        let enough = Deadline { at: self.began + room.plan.warm_min, reason: Reason::Minimum };
        let offer = self.offer.map(|at| Deadline { at, reason: Reason::Answer });
        let first = sooner(sooner(Some(phase_over(self.began, room.plan.warm_max)), Some(check)), offer);
        sooner(first, (!self.enough_said).then_some(enough))
    }

    pub(crate) fn timeout(mut self, room: &mut Room, deadline: Deadline) -> Step {
        if deadline.reason == Reason::PhaseOver {
            return Step::to(Strokes::new(room), Because::Time);
        }
        if deadline.reason == Reason::Answer {
            self.offer = None;
            self.offering = true;
            room.ask(Prompt::OfferLesson);
        } else if deadline.reason == Reason::Minimum {
            self.offering = false;
            self.enough_said = true;
            self.checking = false;
            room.ask(Prompt::WarmEnough);
        } else {
            self.next_check = deadline.at + rules::WARM_CHECK;
            // From the minimum on there is another question to click an answer to.
            if !self.is_enough(room) {
                self.checking = true;
                self.offering = false;
                room.ask(Prompt::WarmCheck);
            }
        }
        Step::stay(self)
    }

    pub(crate) fn mode(&self, _room: &Room) -> Mode {
        Mode::Ask
    }

    pub(crate) fn awaits(&self, room: &Room) -> Awaits {
        if self.offering {
            Awaits::LessonOffer
        } else if self.checking {
            Awaits::WarmCheck
        } else if self.is_enough(room) {
            Awaits::GoOn
        } else {
            Awaits::Nothing
        }
    }

    pub(crate) fn count(&self, room: &Room, now: Moment) -> Option<Count> {
        let (what, lasts) = if now.since(self.began) < room.plan.warm_min {
            (Counting::ToPhaseMinimum, room.plan.warm_min)
        } else {
            (Counting::ToPhaseEnd, room.plan.warm_max)
        };
        Some(Count { what, left: (self.began + lasts).since(now) })
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
        self.next_check += by;
        self.offer = self.offer.map(|at| at + by);
    }

    fn is_enough(&self, room: &Room) -> bool {
        room.now.since(self.began) >= room.plan.warm_min
    }
}
