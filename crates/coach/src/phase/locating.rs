//! Locating: a light touch, nudged by the receiver until it is on the spot.

use core::time::Duration;

use crate::body::Spot;
use crate::output::{Because, Deadline, Mode, Output, Reason, Refusal};
use crate::phase::choosing::{self, Asks, Chosen};
use crate::phase::{
    After, Back, Flushing, Settling, Stretching, asked_for_less, halt, phase_over, rated_lightly, sooner,
    tell_signal, to_phase_end,
};
use crate::prompt::Prompt;
use crate::room::{Room, Signal};
use crate::stage::{Act, By, Halt, Rated, Step};
use crate::time::Moment;
use crate::view::{Awaits, Count};

/// Looking for the spot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Locating {
    pub(crate) began: Moment,
    hinted: bool,
    /// What is asked of the place that was chosen, and since when. Looking for it stands still meanwhile.
    asks: Option<(Asks, Moment)>,
}

impl Locating {
    pub(crate) fn new(room: &Room) -> Self {
        Self { began: room.now, hinted: false, asks: None }
    }

    #[expect(clippy::unused_self, reason = "every phase is entered alike")]
    pub(crate) fn enter(&mut self, room: &mut Room) {
        let spot = room.spot.unwrap_or_else(|| Spot::centre(room.area));
        room.spot = Some(spot);
        room.emit(Output::Spot(spot));
        if room.holds_at(spot) == 0 {
            room.say(Prompt::FeelForSpine);
        }
        room.ask(Prompt::locate(spot.area()));
    }

    pub(crate) fn act(self, room: &mut Room, by: By, act: Act) -> Step {
        if let Some((asks, _)) = self.asks {
            return self.answer(room, asks, act);
        }
        match act {
            Act::Nudge(toward) => {
                let used = |room: &Room| room.spot.is_some_and(|spot| room.holds_at(spot) > 0);
                let was_used = used(room);
                if room.nudge(by, toward) && was_used && !used(room) {
                    room.say(Prompt::FeelForSpine);
                }
                Step::stay(self)
            }
            Act::Spot => match (room.spot.map(|spot| room.forbids_hold(spot)), by) {
                (Some(Some(why)), _) => Step::refuse(self, act, why),
                (None, _) => Step::refuse(self, act, Refusal::NotNow),
                (Some(None), By::Receiver) => self.choose(room),
                // Only the receiver knows: the partner's word is passed on as a question.
                (Some(None), By::Partner) => {
                    room.ask(Prompt::Proposed);
                    Step::stay(self)
                }
            },
            Act::Go if self.hinted => strokes_and_finish(room, Because::GoOn),
            Act::Go => Step::refuse(self, act, Refusal::TooSoon),
            Act::Back => Step::refuse(self, act, Refusal::NothingToUndo),
            Act::Yes
            | Act::No
            | Act::Where(_)
            | Act::AlreadyWarm
            | Act::Next(_)
            | Act::Sharp(_)
            | Act::Felt(_)
            | Act::More
            | Act::LetGo => Step::refuse(self, act, Refusal::NotNow),
        }
    }

    pub(crate) fn rated(self, room: &mut Room, rated: Rated) -> Step {
        let lighter = Prompt::LighterTouch { rating: rated.rating };
        rated_lightly(self, room, rated, lighter, Back::Locating)
    }

    pub(crate) fn less(self, room: &mut Room, _late: bool) -> Step {
        asked_for_less(self, room)
    }

    pub(crate) fn signal(self, room: &mut Room, before: Signal, restarted: bool) -> Step {
        tell_signal(room, before, restarted);
        Step::stay(self)
    }

    pub(crate) fn halt(self, room: &mut Room, what: Halt) -> Step {
        halt(self, room, what, Back::Locating, Prompt::SharpTouching)
    }

    pub(crate) fn due(&self, room: &Room) -> Option<Deadline> {
        let hint = Deadline { at: self.began + room.plan.locate_hint, reason: Reason::Step };
        // Where no hold can begin any more, stretching comes next.
        let last = if room.holds_used() { Some(self.began) } else { room.last_hold_by() };
        let limit = last.map(|at| Deadline { at: at.max(self.began), reason: Reason::Maximum });
        if self.asks.is_some() {
            return limit;
        }
        let over = phase_over(self.began, room.plan.locate_max);
        sooner(sooner(limit, Some(over)), (!self.hinted).then_some(hint))
    }

    pub(crate) fn timeout(mut self, room: &mut Room, deadline: Deadline) -> Step {
        match deadline.reason {
            Reason::PhaseOver => strokes_and_finish(room, Because::NotFound),
            Reason::Maximum => Stretching::for_limit(room),
            Reason::Step
            | Reason::Minimum
            | Reason::TenToMaximum
            | Reason::RatingDue
            | Reason::EaseOff
            | Reason::LessFollowed
            | Reason::Stood
            | Reason::Posture
            | Reason::LostTooLong
            | Reason::Answer
            | Reason::AskSharp => {
                self.hinted = true;
                room.ask(Prompt::NotFinding);
                Step::stay(self)
            }
        }
    }

    pub(crate) fn mode(&self, _room: &Room) -> Mode {
        if self.asks.is_some() { Mode::Ask } else { Mode::Locate }
    }

    pub(crate) fn awaits(&self, _room: &Room) -> Awaits {
        self.asks.map_or(Awaits::Spot, |(asks, _)| choosing::awaits(asks))
    }

    pub(crate) fn count(&self, room: &Room, now: Moment) -> Option<Count> {
        if self.asks.is_some() {
            return None;
        }
        to_phase_end(self.began, room.plan.locate_max, now)
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
        if let Some((_, since)) = &mut self.asks {
            *since += by;
        }
    }

    /// The receiver has said that it is here.
    fn choose(self, room: &mut Room) -> Step {
        match room.spot {
            Some(spot) => {
                let chosen = choosing::first(room, spot);
                self.chosen(room, chosen)
            }
            None => Step::refuse(self, Act::Spot, Refusal::NotNow),
        }
    }

    fn answer(mut self, room: &mut Room, asks: Asks, act: Act) -> Step {
        match (act, room.spot) {
            (Act::Yes, Some(spot)) => {
                let chosen = choosing::answered(room, spot, asks, true);
                self.chosen(room, chosen)
            }
            (Act::No, Some(spot)) => {
                let chosen = choosing::answered(room, spot, asks, false);
                self.chosen(room, chosen)
            }
            // It is looked on for; the place is asked about when it is chosen once more.
            (Act::Back, _) => {
                self.go_on(room);
                room.ask(Prompt::locate(room.spot.map_or(room.area, Spot::area)));
                Step::stay(self)
            }
            (
                Act::Yes
                | Act::No
                | Act::Go
                | Act::Spot
                | Act::Nudge(_)
                | Act::Where(_)
                | Act::AlreadyWarm
                | Act::Next(_)
                | Act::Sharp(_)
                | Act::Felt(_)
                | Act::More
                | Act::LetGo,
                _,
            ) => Step::refuse(self, act, Refusal::NotNow),
        }
    }

    fn chosen(mut self, room: &mut Room, chosen: Chosen) -> Step {
        match chosen {
            Chosen::Asks(asks) => {
                let since = self.asks.map_or(room.now, |(_, since)| since);
                self.asks = Some((asks, since));
                Step::stay(self)
            }
            Chosen::Open => {
                self.go_on(room);
                // Much may have come in between.
                match room.spot.and_then(|spot| room.forbids_hold(spot)) {
                    Some(why) => Step::refuse(self, Act::Spot, why),
                    None => Step::to(Settling::new(room), Because::ThatsTheSpot),
                }
            }
            Chosen::AreaClosed => {
                self.go_on(room);
                // Within closed ground no nudge leads anywhere: the hand goes back to where it was looked.
                let spot = Spot::centre(room.area);
                room.spot = Some(spot);
                room.emit(Output::Spot(spot));
                room.ask(Prompt::LeaveArea { side: room.area.side, region: room.area.region });
                Step::stay(self)
            }
            Chosen::SpotClosed => {
                self.go_on(room);
                room.ask(Prompt::LeaveSpot);
                Step::stay(self)
            }
        }
    }

    /// Nothing is asked any more: the time of looking goes on.
    fn go_on(&mut self, room: &Room) {
        if let Some((_, since)) = self.asks.take() {
            self.began += room.now.since(since);
        }
    }
}

fn strokes_and_finish(room: &mut Room, because: Because) -> Step {
    Step::to(Flushing::new(room, After::Stretch), because)
}
