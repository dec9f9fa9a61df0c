//! Paused: pressure is off, and somebody is waited for. How long it lasted decides the way back: by way of flushing
//! where a hold was open, of broad strokes after 5 minutes, of screening after 30.

use core::time::Duration;

use crate::output::{Because, Deadline, Mode, Phase, Reason, Refusal, Tone, What};
use crate::phase::{
    After, Finished, Flushing, Heat, Locating, Screening, Strokes, Warming, sharp, sooner, tell_signal,
};
use crate::prompt::Prompt;
use crate::room::{Room, Signal};
use crate::rules;
use crate::stage::{Act, By, Halt, Rated, Stage, Step};
use crate::time::Moment;
use crate::view::{Awaits, Count};

/// A pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Paused {
    pub(crate) began: Moment,
    back: Back,
    waits: Waits,
    /// The partner wants to end the session, and is asked once more.
    ending: bool,
}

/// The way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Back {
    Screening(Box<Screening>),
    Warming(Warming),
    Strokes,
    Locating,
    Flushing(After),
    Heat,
}

/// For whom it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waits {
    /// For the receiver's yes.
    Receiver,
    /// For any touch of a receiver who fell silent.
    Touch { looked: bool },
    /// For the partner.
    Partner,
    /// For what the SHARP was.
    Sharp,
}

impl Back {
    /// Where a pause of this length leads back to.
    pub(crate) fn stage(self, room: &mut Room, paused_for: Duration) -> Stage {
        match self {
            Self::Heat => Heat::new(room).into(),
            Self::Screening(mut screening) => {
                screening.shift(paused_for);
                (*screening).into()
            }
            Self::Warming(_) | Self::Strokes | Self::Locating | Self::Flushing(_)
                if paused_for >= rules::VERY_LONG_PAUSE =>
            {
                Screening::new(room).into()
            }
            Self::Warming(mut warming) => {
                warming.shift(paused_for);
                warming.into()
            }
            Self::Strokes => Strokes::new(room).into(),
            Self::Locating | Self::Flushing(After::Ask | After::Locate)
                if paused_for >= rules::LONG_PAUSE =>
            {
                Strokes::new(room).into()
            }
            Self::Locating => Locating::new(room).into(),
            Self::Flushing(after) => Flushing::new(room, after).into(),
        }
    }
}

impl Paused {
    /// After STOP, or while the partner is asked whether the session shall end.
    pub(crate) fn stopped(room: &mut Room, halt: Halt, back: Back) -> Step {
        let because = if halt == Halt::End { Because::Ended } else { Because::Stop };
        let waits = if halt == Halt::StopByReceiver { Waits::Receiver } else { Waits::Partner };
        room.say(Prompt::StopNow);
        room.tone(Tone::PressureOff);
        Step::to(Self { ending: halt == Halt::End, ..Self::new(room, back, waits) }, because)
    }

    pub(crate) fn for_receiver(room: &Room, back: Back) -> Self {
        Self::new(room, back, Waits::Receiver)
    }

    pub(crate) fn for_touch(room: &Room, back: Back) -> Self {
        Self::new(room, back, Waits::Touch { looked: false })
    }

    pub(crate) fn for_sharp(room: &Room, back: Back) -> Self {
        Self::new(room, back, Waits::Sharp)
    }

    /// The laptop stood still since then.
    pub(crate) fn since(room: &Room, began: Moment, back: Back) -> Self {
        Self { began, ..Self::new(room, back, Waits::Partner) }
    }

    fn new(room: &Room, back: Back, waits: Waits) -> Self {
        Self { began: room.now, back, waits, ending: false }
    }

    pub(crate) fn is_ending(&self) -> bool {
        self.ending
    }

    pub(crate) fn enter(&mut self, room: &mut Room) {
        self.ask(room);
    }

    pub(crate) fn act(mut self, room: &mut Room, by: By, act: Act) -> Step {
        match (self.waits, by, act) {
            (_, By::Partner, Act::Go | Act::Back) if self.ending => {
                self.ending = false;
                if self.waits == Waits::Partner {
                    return self.resume(room, Because::GoOn);
                }
                self.ask(room);
                Step::stay(self)
            }
            (_, By::Partner, Act::Yes) if self.ending => Step::to(Finished::well(room), Because::Ended),
            (_, _, Act::Sharp(was)) if sharp::is_asked(room) => match sharp::answered(room, was) {
                sharp::Verdict::End(because, advice) => Step::to(Finished::stopped(room, advice), because),
                sharp::Verdict::GoOn if self.waits == Waits::Sharp => self.resume(room, Because::Answered),
                sharp::Verdict::GoOn => {
                    self.ask(room);
                    Step::stay(self)
                }
            },
            (Waits::Touch { .. }, By::Receiver, _) => self.resume(room, Because::Answered),
            (_, _, Act::Go | Act::Yes) if room.sharps.asking.is_some() => {
                Step::refuse(self, act, Refusal::SharpFirst)
            }
            (Waits::Receiver, By::Receiver, Act::Yes) => self.resume(room, Because::Answered),
            (Waits::Partner, By::Partner, Act::Go | Act::Yes) => self.resume(room, Because::GoOn),
            (Waits::Receiver | Waits::Touch { .. } | Waits::Sharp, By::Partner, Act::Go | Act::Yes) => {
                Step::refuse(self, act, Refusal::ClickFirst)
            }
            (Waits::Receiver, By::Receiver, Act::No) => {
                self.ask(room);
                Step::stay(self)
            }
            (
                Waits::Receiver | Waits::Partner | Waits::Sharp | Waits::Touch { .. },
                By::Receiver | By::Partner,
                Act::Back,
            ) => Step::refuse(self, act, Refusal::NothingToUndo),
            (
                Waits::Receiver | Waits::Partner | Waits::Sharp | Waits::Touch { .. },
                By::Receiver | By::Partner,
                Act::Go
                | Act::Yes
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
            ) => Step::refuse(self, act, Refusal::Paused),
        }
    }

    /// A rating is shown here, not alarmed: nothing is pressed. It is a touch all the same.
    pub(crate) fn rated(self, room: &mut Room, rated: Rated) -> Step {
        match self.waits {
            Waits::Touch { .. } if !rated.late => self.resume(room, Because::Answered),
            Waits::Receiver | Waits::Partner | Waits::Sharp | Waits::Touch { .. } => Step::stay(self),
        }
    }

    pub(crate) fn less(self, room: &mut Room, late: bool) -> Step {
        match self.waits {
            Waits::Touch { .. } if !late => self.resume(room, Because::Answered),
            Waits::Receiver | Waits::Partner | Waits::Sharp | Waits::Touch { .. } => {
                Step::Refuse { stay: self.into(), what: What::Less, why: Refusal::Paused }
            }
        }
    }

    pub(crate) fn signal(self, room: &mut Room, before: Signal, restarted: bool) -> Step {
        tell_signal(room, before, restarted);
        Step::stay(self)
    }

    pub(crate) fn halt(mut self, room: &mut Room, what: Halt) -> Step {
        match what {
            Halt::End if self.ending => return Step::to(Finished::well(room), Because::Ended),
            Halt::End => {
                self.ending = true;
                self.ask(room);
            }
            Halt::StopByReceiver => {
                room.say(Prompt::StopNow);
                // STOP is a touch, and says who wants to be asked.
                self.waits = match self.waits {
                    Waits::Sharp => Waits::Sharp,
                    Waits::Receiver | Waits::Touch { .. } | Waits::Partner => Waits::Receiver,
                };
                self.ask(room);
            }
            Halt::StopByPartner => {
                room.say(Prompt::StopNow);
                self.ask(room);
            }
            Halt::Sharp(_) => sharp::heard(room, Prompt::SharpResting),
            Halt::Gap(_) | Halt::Resumed(_) => self.ask(room),
        }
        Step::stay(self)
    }

    pub(crate) fn due(&self, room: &Room) -> Option<Deadline> {
        let look = match (self.waits, room.silent_since) {
            (Waits::Touch { looked: false }, Some(since)) => {
                let at = (since + rules::LOOK_AT_THEM).max(self.began);
                Some(Deadline { at, reason: Reason::Step })
            }
            (Waits::Touch { .. } | Waits::Receiver | Waits::Partner | Waits::Sharp, _) => None,
        };
        sooner(sharp::due(room), look)
    }

    pub(crate) fn timeout(mut self, room: &mut Room, deadline: Deadline) -> Step {
        match deadline.reason {
            Reason::AskSharp => sharp::ask(room),
            Reason::Answer => sharp::ask_aloud(room),
            Reason::Step
            | Reason::PhaseOver
            | Reason::Minimum
            | Reason::TenToMaximum
            | Reason::Maximum
            | Reason::RatingDue
            | Reason::EaseOff
            | Reason::LessFollowed
            | Reason::Stood
            | Reason::Posture
            | Reason::LostTooLong => {
                self.waits = Waits::Touch { looked: true };
                room.say(Prompt::LookAtThem);
            }
        }
        Step::stay(self)
    }

    pub(crate) fn mode(&self, room: &Room) -> Mode {
        if sharp::is_asked(room) { Mode::AfterSharp } else { Mode::Ask }
    }

    pub(crate) fn awaits(&self, room: &Room) -> Awaits {
        match self.waits {
            Waits::Sharp if sharp::is_asked(room) => Awaits::AfterSharp,
            Waits::Receiver | Waits::Touch { .. } => Awaits::Receiver,
            Waits::Partner => Awaits::Partner,
            Waits::Sharp => Awaits::Nothing,
        }
    }

    pub(crate) fn count(&self, _room: &Room, _now: Moment) -> Option<Count> {
        None
    }

    /// The pause goes on while the laptop stands still: its length is what decides the way back.
    #[expect(clippy::unused_self, reason = "every phase is moved on alike")]
    pub(crate) fn shift(&mut self, _by: Duration) {}

    fn ask(&self, room: &mut Room) {
        match self.waits {
            _ if self.ending => room.ask(Prompt::ReallyEnd),
            Waits::Receiver | Waits::Touch { .. } => room.ask(Prompt::PausedForReceiver),
            Waits::Partner => room.ask(Prompt::PausedForPartner),
            Waits::Sharp => {}
        }
    }

    fn resume(self, room: &mut Room, because: Because) -> Step {
        let paused_for = room.now.since(self.began);
        room.shift(paused_for);
        let to = self.back.stage(room, paused_for);
        if to.phase() != Phase::Screening {
            room.say(Prompt::TakenUpAgain);
        }
        Step::Move { to, because }
    }
}
