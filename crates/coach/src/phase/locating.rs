//! Locating: a light touch, nudged by the receiver until it is on the spot.

use core::time::Duration;

use crate::body::Spot;
use crate::command::{By, Command, Halt, Rated};
use crate::context::{Context, Signal};
use crate::output::{Because, Deadline, Mode, Output, Reason, Refusal};
use crate::phase::choosing::{self, Asks, Chosen};
use crate::phase::{
    After, Back, Flushing, Settling, Stretching, asked_for_less, halt, phase_over, rated_lightly, sooner,
    tell_signal, to_phase_end,
};
use crate::prompt::Prompt;
use crate::state::Transition;
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
    pub(crate) fn new(context: &Context) -> Self {
        Self { began: context.now, hinted: false, asks: None }
    }

    #[expect(clippy::unused_self, reason = "every phase is entered alike")]
    pub(crate) fn enter(&mut self, context: &mut Context) {
        let spot = context.spot.unwrap_or_else(|| Spot::centre(context.area));
        context.spot = Some(spot);
        context.emit(Output::Spot(spot));
        if context.holds_at(spot) == 0 {
            context.say(Prompt::FeelForSpine);
        }
        context.ask(Prompt::locate(spot.area()));
    }

    pub(crate) fn command(self, context: &mut Context, by: By, command: Command) -> Transition {
        if let Some((asks, _)) = self.asks {
            return self.answer(context, asks, command);
        }
        match command {
            Command::Nudge(toward) => {
                let used = |context: &Context| context.spot.is_some_and(|spot| context.holds_at(spot) > 0);
                let was_used = used(context);
                if context.nudge(by, toward) && was_used && !used(context) {
                    context.say(Prompt::FeelForSpine);
                }
                Transition::stay(self)
            }
            Command::Spot => match (context.spot.map(|spot| context.forbids_hold(spot)), by) {
                (Some(Some(why)), _) => Transition::refuse(self, command, why),
                (None, _) => Transition::refuse(self, command, Refusal::NotNow),
                (Some(None), By::Receiver) => self.choose(context),
                // Only the receiver knows: the partner's word is passed on as a question.
                (Some(None), By::Partner) => {
                    context.ask(Prompt::Proposed);
                    Transition::stay(self)
                }
            },
            Command::Go if self.hinted => strokes_and_finish(context, Because::GoOn),
            Command::Go => Transition::refuse(self, command, Refusal::TooSoon),
            Command::Back => Transition::refuse(self, command, Refusal::NothingToUndo),
            Command::Yes
            | Command::No
            | Command::Where(_)
            | Command::AlreadyWarm
            | Command::Next(_)
            | Command::Sharp(_)
            | Command::Felt(_)
            | Command::More
            | Command::LetGo => Transition::refuse(self, command, Refusal::NotNow),
        }
    }

    pub(crate) fn rated(self, context: &mut Context, rated: Rated) -> Transition {
        let lighter = Prompt::LighterTouch { rating: rated.rating };
        rated_lightly(self, context, rated, lighter, Back::Locating)
    }

    pub(crate) fn less(self, context: &mut Context, _late: bool) -> Transition {
        asked_for_less(self, context)
    }

    pub(crate) fn signal(self, context: &mut Context, before: Signal, restarted: bool) -> Transition {
        tell_signal(context, before, restarted);
        Transition::stay(self)
    }

    pub(crate) fn halt(self, context: &mut Context, what: Halt) -> Transition {
        halt(self, context, what, Back::Locating, Prompt::SharpTouching)
    }

    pub(crate) fn due(&self, context: &Context) -> Option<Deadline> {
        let hint = Deadline { at: self.began + context.plan.locate_hint, reason: Reason::Step };
        // Where no hold can begin any more, stretching comes next.
        let last = if context.holds_used() { Some(self.began) } else { context.last_hold_by() };
        let limit = last.map(|at| Deadline { at: at.max(self.began), reason: Reason::Maximum });
        if self.asks.is_some() {
            return limit;
        }
        let over = phase_over(self.began, context.plan.locate_max);
        sooner(sooner(limit, Some(over)), (!self.hinted).then_some(hint))
    }

    pub(crate) fn timeout(mut self, context: &mut Context, deadline: Deadline) -> Transition {
        match deadline.reason {
            Reason::PhaseOver => strokes_and_finish(context, Because::NotFound),
            Reason::Maximum => Stretching::for_limit(context),
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
                context.ask(Prompt::NotFinding);
                Transition::stay(self)
            }
        }
    }

    pub(crate) fn mode(&self, _room: &Context) -> Mode {
        if self.asks.is_some() { Mode::Ask } else { Mode::Locate }
    }

    pub(crate) fn awaits(&self, _room: &Context) -> Awaits {
        self.asks.map_or(Awaits::Spot, |(asks, _)| choosing::awaits(asks))
    }

    pub(crate) fn count(&self, context: &Context, now: Moment) -> Option<Count> {
        if self.asks.is_some() {
            return None;
        }
        to_phase_end(self.began, context.plan.locate_max, now)
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
        if let Some((_, since)) = &mut self.asks {
            *since += by;
        }
    }

    /// The receiver has said that it is here.
    fn choose(self, context: &mut Context) -> Transition {
        match context.spot {
            Some(spot) => {
                let chosen = choosing::first(context, spot);
                self.chosen(context, chosen)
            }
            None => Transition::refuse(self, Command::Spot, Refusal::NotNow),
        }
    }

    fn answer(mut self, context: &mut Context, asks: Asks, command: Command) -> Transition {
        match (command, context.spot) {
            (Command::Yes, Some(spot)) => {
                let chosen = choosing::answered(context, spot, asks, true);
                self.chosen(context, chosen)
            }
            (Command::No, Some(spot)) => {
                let chosen = choosing::answered(context, spot, asks, false);
                self.chosen(context, chosen)
            }
            // It is looked on for; the place is asked about when it is chosen once more.
            (Command::Back, _) => {
                self.go_on(context);
                context.ask(Prompt::locate(context.spot.map_or(context.area, Spot::area)));
                Transition::stay(self)
            }
            (
                Command::Yes
                | Command::No
                | Command::Go
                | Command::Spot
                | Command::Nudge(_)
                | Command::Where(_)
                | Command::AlreadyWarm
                | Command::Next(_)
                | Command::Sharp(_)
                | Command::Felt(_)
                | Command::More
                | Command::LetGo,
                _,
            ) => Transition::refuse(self, command, Refusal::NotNow),
        }
    }

    fn chosen(mut self, context: &mut Context, chosen: Chosen) -> Transition {
        match chosen {
            Chosen::Asks(asks) => {
                let since = self.asks.map_or(context.now, |(_, since)| since);
                self.asks = Some((asks, since));
                Transition::stay(self)
            }
            Chosen::Open => {
                self.go_on(context);
                // Much may have come in between.
                match context.spot.and_then(|spot| context.forbids_hold(spot)) {
                    Some(why) => Transition::refuse(self, Command::Spot, why),
                    None => Transition::to(Settling::new(context), Because::ThatsTheSpot),
                }
            }
            Chosen::AreaClosed => {
                self.go_on(context);
                // Within closed ground no nudge leads anywhere: the hand goes back to where it was looked.
                let spot = Spot::centre(context.area);
                context.spot = Some(spot);
                context.emit(Output::Spot(spot));
                context.ask(Prompt::LeaveArea { side: context.area.side, region: context.area.region });
                Transition::stay(self)
            }
            Chosen::SpotClosed => {
                self.go_on(context);
                context.ask(Prompt::LeaveSpot);
                Transition::stay(self)
            }
        }
    }

    /// Nothing is asked any more: the time of looking goes on.
    fn go_on(&mut self, context: &Context) {
        if let Some((_, since)) = self.asks.take() {
            self.began += context.now.since(since);
        }
    }
}

fn strokes_and_finish(context: &mut Context, because: Because) -> Transition {
    Transition::to(Flushing::new(context, After::Stretch), because)
}
