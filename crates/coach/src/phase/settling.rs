//! Settling: "lean in slowly, from your hips". The lean begins here, and with it the hold's maximum.

use core::time::Duration;

use crate::dose::Pressed;
use crate::output::{Ask, Because, Deadline, HoldEnd, Mode, Outcome, Output, Reason, Refusal};
use crate::phase::{
    After, Back, Flushing, Holding, Locating, Paused, Releasing, after_standstill, phase_over, record_hold,
    sharp, sooner, to_phase_end,
};
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::room::{Room, Signal};
use crate::rules;
use crate::stage::{Act, By, Halt, Rated, Step};
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
    pub(crate) fn new(room: &Room) -> Self {
        Self { began: room.now, counts: rules::COUNTED_DOWN, spares: room.spares() }
    }

    #[expect(clippy::unused_self, reason = "every phase is entered alike")]
    pub(crate) fn enter(&mut self, room: &mut Room) {
        room.mark();
        room.say(Prompt::LeanIn { region: room.region(), tool: room.tool() });
    }

    pub(crate) fn act(self, room: &mut Room, by: By, act: Act) -> Step {
        match act {
            Act::Nudge(toward) => {
                let spot = room.spot;
                if !room.nudge(by, toward) {
                    return Step::stay(self);
                }
                // Leaning that never comes to a hold is pressure all the same.
                let lasted = room.now.since(self.began);
                room.pressed.extend(spot.map(|spot| Pressed::new(spot, lasted)));
                room.leaned += lasted;
                if room.leaned < room.plan.hold_max {
                    Step::to(Locating::new(room), Because::Nudged)
                } else {
                    room.flush_owed = true;
                    Step::to(Flushing::new(room, After::Locate), Because::Nudged)
                }
            }
            Act::Back => Step::refuse(self, act, Refusal::NothingToUndo),
            Act::Go
            | Act::Yes
            | Act::No
            | Act::Spot
            | Act::Where(_)
            | Act::AlreadyWarm
            | Act::Next(_)
            | Act::Sharp(_)
            | Act::Felt(_)
            | Act::More
            | Act::LetGo => Step::refuse(self, act, Refusal::NotNow),
        }
    }

    /// Nothing above the ceiling is leaned into.
    pub(crate) fn rated(self, room: &mut Room, rated: Rated) -> Step {
        if rated.rating >= Rating::HANDS_OFF {
            room.say(Prompt::HandsOff { rating: rated.rating });
            self.cut(room, Because::HandsOff)
        } else if rated.rating > room.ceiling() {
            room.say(Prompt::EaseBack { rating: rated.rating });
            self.cut(room, Because::AboveFive)
        } else {
            Step::stay(self)
        }
    }

    pub(crate) fn less(self, room: &mut Room, _late: bool) -> Step {
        room.emit(Output::Ask(Ask::Less));
        room.say(Prompt::Less);
        self.cut(room, Because::AboveFive)
    }

    pub(crate) fn signal(self, room: &mut Room, _before: Signal, restarted: bool) -> Step {
        if restarted {
            room.say(Prompt::NoSignalPressing);
            room.say(Prompt::ClickerRestarted);
            return self.cut(room, Because::Restarted);
        }
        if room.signal == Signal::Lost {
            room.say(Prompt::NoSignalPressing);
            return self.cut(room, Because::Lost);
        }
        Step::stay(self)
    }

    pub(crate) fn halt(self, room: &mut Room, what: Halt) -> Step {
        match what {
            Halt::StopByReceiver | Halt::StopByPartner | Halt::End => {
                self.record(room, room.now, Outcome::Cut, Because::Stop);
                Paused::stopped(room, what, Back::Flushing(After::Ask))
            }
            Halt::Sharp(by) => {
                sharp::heard(room, by, Prompt::SharpLeaning);
                self.record(room, room.now, Outcome::Void, Because::Sharp);
                Step::to(Releasing::after(room, Because::Sharp), Because::Sharp)
            }
            Halt::Gap(by) => {
                room.say(Prompt::GapCut);
                let off = room.now.min(self.latest(room));
                self.record(room, off, Outcome::Cut, Because::Gap);
                after_standstill(room, by, Because::Gap)
            }
            Halt::Resumed(by) => {
                room.say(Prompt::TakenUpAgain);
                let off = self.latest(room);
                self.record(room, off, Outcome::Cut, Because::Resumed);
                after_standstill(room, by, Because::Resumed)
            }
        }
    }

    pub(crate) fn due(&self, room: &Room) -> Option<Deadline> {
        let over = phase_over(self.began, room.plan.settle);
        let count = Deadline { at: over.at - rules::SECOND * self.counts.into(), reason: Reason::Step };
        sooner(Some(over), (self.counts > 0).then_some(count))
    }

    pub(crate) fn timeout(mut self, room: &mut Room, deadline: Deadline) -> Step {
        if deadline.reason == Reason::PhaseOver {
            return Step::to(Holding::new(room, self.began, self.spares), Because::Time);
        }
        room.say(Prompt::Countdown { n: self.counts });
        self.counts -= 1;
        Step::stay(self)
    }

    pub(crate) fn mode(&self, _room: &Room) -> Mode {
        Mode::Settle
    }

    pub(crate) fn awaits(&self, _room: &Room) -> Awaits {
        Awaits::Nothing
    }

    pub(crate) fn count(&self, room: &Room, now: Moment) -> Option<Count> {
        to_phase_end(self.began, room.plan.settle, now)
    }

    /// A lean does not outlive a gap, and it was pressed all through it: nothing is moved on.
    #[expect(clippy::unused_self, reason = "every phase is moved on alike")]
    pub(crate) fn shift(&mut self, _by: Duration) {}

    fn cut(self, room: &mut Room, because: Because) -> Step {
        self.record(room, room.now, Outcome::Cut, because);
        Step::to(Releasing::after(room, because), because)
    }

    /// Latest possible end of pressure, if the laptop was not running to call it off.
    fn latest(&self, room: &Room) -> Moment {
        self.began + room.plan.hold_longest().min(self.spares)
    }

    /// Pressure came off then, or may have at the latest.
    fn record(self, room: &mut Room, off: Moment, outcome: Outcome, because: Because) {
        let pressed = off.since(self.began);
        room.last_in_hold = None;
        record_hold(room, HoldEnd { outcome, because, counted: Duration::ZERO, pressed });
    }
}
