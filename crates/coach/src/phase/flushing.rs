//! Flushing: light broad strokes over the area, after every hold however it ended (promise 5), and then the question
//! what comes next. After SHARP the strokes go around the spot, and the receiver is asked what it was.

use core::time::Duration;

use crate::output::{Because, Deadline, Mode, Reason, Refusal, Tone};
use crate::phase::elsewhere::{Elsewhere, Heard};
use crate::phase::{
    Back, Finished, Locating, Moving, Paused, Stretching, asked_for_less, halt, phase_over, sharp, sooner,
    tell_signal, to_phase_end,
};
use crate::prompt::Prompt;
use crate::room::{Room, Signal};
use crate::rules;
use crate::stage::{Act, By, Halt, Next, Rated, SharpWas, Step};
use crate::time::Moment;
use crate::view::{Awaits, Count};

/// Strokes, and what follows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flushing {
    pub(crate) began: Moment,
    after: After,
    stage: Flush,
    elsewhere: Elsewhere,
}

/// What follows the strokes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// The receiver is asked.
    Ask,
    /// Looking for the spot, or for the next one.
    Locate,
    /// The end: nothing was found.
    Stretch,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flush {
    Strokes,
    /// Long enough, but a SHARP is not explained yet.
    AwaitsSharp,
    /// What next? Asked at this moment.
    Asked(Moment),
}

impl Flushing {
    pub(crate) fn new(room: &Room, after: After) -> Self {
        let elsewhere = match after {
            // A long pause leads back to the question by way of the strokes, and on to the next spot.
            After::Ask | After::Locate if !room.plan.technique.is_alone() => {
                Elsewhere::after_hold(room, rules::ASK_ELSEWHERE)
            }
            After::Ask | After::Locate | After::Stretch => Elsewhere::Quiet,
        };
        Self { began: room.now, after, stage: Flush::Strokes, elsewhere }
    }

    #[expect(clippy::unused_self, reason = "every phase is entered alike")]
    pub(crate) fn enter(&mut self, room: &mut Room) {
        if !room.flush_owed {
            room.last_in_hold = None;
        }
        room.felt = None;
        room.tone(Tone::Flush);
        room.say(if room.sharps.asking.is_some() { Prompt::FlushAround } else { Prompt::Flush });
    }

    pub(crate) fn act(mut self, room: &mut Room, by: By, act: Act) -> Step {
        match self.elsewhere.act(room, by, act) {
            Heard::Taken if self.is_long_enough(room) && !self.elsewhere.is_open() => return self.over(room),
            Heard::Taken => return Step::stay(self),
            Heard::Refused(why) => return Step::refuse(self, act, why),
            Heard::NotMine => {}
        }
        match (self.stage, act) {
            (_, Act::Sharp(was)) if sharp::is_asked(room) => match sharp::answered(room, was) {
                sharp::Verdict::End(because, advice) => Step::to(Finished::stopped(room, advice), because),
                sharp::Verdict::GoOn if self.stage == Flush::AwaitsSharp => self.over(room),
                sharp::Verdict::GoOn => {
                    room.say(if was == SharpWas::Slipped { Prompt::Flush } else { Prompt::FlushAround });
                    Step::stay(self)
                }
            },
            (Flush::Asked(_), Act::Next(next)) => match next {
                Next::Beside => beside(room, Because::Beside),
                Next::Enough => Step::to(Stretching::new(room), Because::Enough),
                Next::SameSpot => match room.spot.and_then(|spot| room.forbids_same(spot)) {
                    Some(why) => Step::refuse(self, act, why),
                    None => {
                        room.say(Prompt::SameSpotAgain);
                        Step::to(Locating::new(room), Because::SameSpot)
                    }
                },
            },
            (Flush::Asked(_), Act::Go) => beside(room, Because::GoOn),
            (Flush::AwaitsSharp, Act::Go | Act::Spot) => Step::refuse(self, act, Refusal::SharpFirst),
            (Flush::Strokes, Act::Go | Act::Spot) => Step::refuse(self, act, Refusal::FlushFirst),
            (Flush::Strokes | Flush::AwaitsSharp | Flush::Asked(_), Act::Back) => {
                Step::refuse(self, act, Refusal::NothingToUndo)
            }
            (Flush::Asked(_), Act::Spot) if by == By::Partner => {
                Step::refuse(self, act, Refusal::ReceiverOnly)
            }
            (
                Flush::Strokes | Flush::AwaitsSharp | Flush::Asked(_),
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

    /// A rating is shown here, not alarmed: nothing is pressed.
    pub(crate) fn rated(self, _room: &mut Room, _rated: Rated) -> Step {
        Step::stay(self)
    }

    pub(crate) fn less(self, room: &mut Room, _late: bool) -> Step {
        asked_for_less(self, room)
    }

    pub(crate) fn signal(self, room: &mut Room, before: Signal, restarted: bool) -> Step {
        tell_signal(room, before, restarted);
        Step::stay(self)
    }

    pub(crate) fn halt(self, room: &mut Room, what: Halt) -> Step {
        let back = Back::Flushing(self.after);
        halt(self, room, what, back, Prompt::SharpTouching)
    }

    pub(crate) fn due(&self, room: &Room) -> Option<Deadline> {
        let own = match self.stage {
            Flush::Strokes if self.elsewhere.is_shown() => Some(phase_over(self.began, rules::FLUSH_LONGEST)),
            Flush::Strokes => Some(phase_over(self.began, room.plan.flush)),
            Flush::AwaitsSharp => None,
            Flush::Asked(at) => Some(Deadline { at: at + rules::ANSWER, reason: Reason::PhaseOver }),
        };
        sooner(sharp::due(room), sooner(own, self.elsewhere.due()))
    }

    pub(crate) fn timeout(mut self, room: &mut Room, deadline: Deadline) -> Step {
        match (deadline.reason, self.stage) {
            (Reason::Step, _) => {
                self.elsewhere.timeout(room);
                if self.is_long_enough(room) && !self.elsewhere.is_open() {
                    return self.over(room);
                }
                Step::stay(self)
            }
            (Reason::AskSharp, _) => {
                sharp::ask(room);
                Step::stay(self)
            }
            (Reason::Answer, _) => {
                sharp::ask_aloud(room);
                let back = Back::Flushing(self.after);
                Step::to(Paused::for_sharp(room, back), Because::NoAnswer)
            }
            (_, Flush::Strokes | Flush::AwaitsSharp) => self.over(room),
            (_, Flush::Asked(_)) => beside(room, Because::NoAnswer),
        }
    }

    pub(crate) fn mode(&self, room: &Room) -> Mode {
        match self.stage {
            Flush::Asked(_) => Mode::Next,
            Flush::Strokes | Flush::AwaitsSharp if sharp::is_asked(room) => Mode::AfterSharp,
            Flush::Strokes | Flush::AwaitsSharp => self.elsewhere.mode().unwrap_or(Mode::Rate),
        }
    }

    pub(crate) fn awaits(&self, room: &Room) -> Awaits {
        match self.stage {
            Flush::Asked(_) => Awaits::Next,
            Flush::Strokes | Flush::AwaitsSharp if sharp::is_asked(room) => Awaits::AfterSharp,
            Flush::Strokes | Flush::AwaitsSharp => self.elsewhere.awaits().unwrap_or(Awaits::Nothing),
        }
    }

    pub(crate) fn count(&self, room: &Room, now: Moment) -> Option<Count> {
        let lasts = if self.elsewhere.is_shown() { rules::FLUSH_LONGEST } else { room.plan.flush };
        to_phase_end(self.began, lasts, now)
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
        self.elsewhere.shift(by);
        if let Flush::Asked(at) = &mut self.stage {
            *at += by;
        }
    }

    fn is_long_enough(&self, room: &Room) -> bool {
        self.stage == Flush::Strokes && room.now.since(self.began) >= room.plan.flush
    }

    /// The strokes have lasted as long as they must.
    fn over(mut self, room: &mut Room) -> Step {
        self.elsewhere.drop(room);
        if room.sharps.asking.is_some() {
            self.stage = Flush::AwaitsSharp;
            return Step::stay(self);
        }
        room.flush_owed = false;
        room.leaned = Duration::ZERO;
        if room.silent_since.is_some() {
            return Step::to(Paused::for_touch(room, Back::Flushing(self.after)), Because::Silent);
        }
        match self.after {
            After::Stretch => Step::to(Stretching::new(room), Because::NotFound),
            After::Ask | After::Locate if room.store_failed => {
                room.say(Prompt::StoreFailed);
                Step::to(Stretching::new(room), Because::StoreFailed)
            }
            After::Ask | After::Locate if room.holds_used() || room.minutes_used() => {
                Stretching::for_limit(room)
            }
            After::Locate => Step::to(Locating::new(room), Because::Time),
            After::Ask => {
                self.stage = Flush::Asked(room.now);
                room.ask(Prompt::AskNext);
                Step::stay(self)
            }
        }
    }
}

/// On to the first open place beside it; where there is none straight ahead, the receiver guides the hand to one.
fn beside(room: &mut Room, because: Because) -> Step {
    match room.place_beside() {
        Some((toward, spot)) => Step::to(Moving::new(room, toward, spot), because),
        None => Step::to(Locating::new(room), because),
    }
}
