//! Paused: pressure is off, and somebody is waited for. How long it lasted decides the way back: by way of flushing
//! where a hold was open, of broad strokes after 5 minutes, of screening after 30.

use core::time::Duration;

use crate::output::{Because, Deadline, Mode, Phase, Reason, Refusal, Tone, What};
use crate::phase::{
    After, Finished, Flushing, Heat, Learning, Locating, Screening, Strokes, Warming, sharp, sooner,
    tell_signal,
};
use crate::prompt::Prompt;
use crate::room::{Room, Signal};
use crate::rules;
use crate::stage::{Act, By, Halt, Rated, SharpWas, Stage, Step};
use crate::time::Moment;
use crate::view::{Awaits, Count};

/// A pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Paused {
    pub(crate) began: Moment,
    back: Back,
    waits: Waits,
    ending: Ending,
    /// "Look at them" has been said of a receiver who fell silent.
    looked: bool,
}

/// Whether the partner wants to end the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    No,
    /// They are asked once more; before that it was paused for another reason.
    Asked,
    /// They are asked once more, and there is no other reason for the pause.
    OnlyThat,
}

/// The way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Back {
    Screening(Box<Screening>),
    Warming(Warming),
    /// Learning the clicker, from its beginning; with the heat that works meanwhile.
    Learning(Option<Box<Warming>>),
    /// None: what was to be done is done.
    Over,
    Strokes,
    Locating,
    Flushing(After),
    Heat(Heat),
}

/// For whom it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waits {
    /// For the receiver's yes.
    Receiver,
    /// For any touch of a receiver who fell silent.
    Touch,
    /// For the partner.
    Partner,
    /// For what the SHARP was.
    Sharp,
}

impl Back {
    /// Where a standstill of this length leads back to. What was measured goes on from its end.
    pub(crate) fn after(self, room: &mut Room, stood: Duration) -> Stage {
        room.shift(stood);
        match self {
            Self::Heat(mut heat) => {
                heat.shift(stood);
                heat.into()
            }
            Self::Screening(_)
            | Self::Warming(_)
            | Self::Learning(Some(_))
            | Self::Strokes
            | Self::Locating
            | Self::Flushing(_)
                if stood >= rules::VERY_LONG_PAUSE =>
            {
                Screening::new(room).into()
            }
            Self::Screening(mut screening) => {
                screening.shift(stood);
                (*screening).into()
            }
            Self::Warming(mut warming) => {
                warming.shift(stood);
                warming.into()
            }
            Self::Learning(heat) => {
                let heat = heat.map(|mut heat| {
                    heat.shift(stood);
                    *heat
                });
                Learning::new(room, heat).into()
            }
            Self::Over => Finished::well(room).into(),
            Self::Strokes => Strokes::new(room).into(),
            Self::Locating | Self::Flushing(After::Ask | After::Locate) if stood >= rules::LONG_PAUSE => {
                Strokes::new(room).into()
            }
            Self::Locating => Locating::new(room).into(),
            Self::Flushing(after) => Flushing::new(room, after).into(),
        }
    }
}

impl Waits {
    /// For whoever presses. Alone that is the receiver, who has the clicker in the hand and no key within reach.
    fn presses(room: &Room) -> Self {
        if room.plan.technique.is_alone() { Self::Receiver } else { Self::Partner }
    }
}

impl Paused {
    /// After STOP, or while the partner is asked whether the session shall end.
    pub(crate) fn stopped(room: &mut Room, halt: Halt, back: Back) -> Step {
        let (because, ending) = match halt {
            Halt::End => (Because::Ended, Ending::OnlyThat),
            Halt::StopByReceiver | Halt::StopByPartner | Halt::Sharp(_) | Halt::Gap(_) | Halt::Resumed(_) => {
                (Because::Stop, Ending::No)
            }
        };
        let waits = if halt == Halt::StopByReceiver { Waits::Receiver } else { Waits::presses(room) };
        room.say(Prompt::StopNow);
        room.tone(Tone::PressureOff);
        Step::to(Self { ending, ..Self::new(room, back, waits) }, because)
    }

    pub(crate) fn for_receiver(room: &Room, back: Back) -> Self {
        Self::new(room, back, Waits::Receiver)
    }

    pub(crate) fn for_touch(room: &Room, back: Back) -> Self {
        Self::new(room, back, Waits::Touch)
    }

    pub(crate) fn for_sharp(room: &Room, back: Back) -> Self {
        Self::new(room, back, Waits::Sharp)
    }

    /// The laptop stood still since then. The session runs on the clicker, so the receiver takes it up again.
    pub(crate) fn since(room: &Room, began: Moment, back: Back) -> Self {
        Self { began, ..Self::new(room, back, Waits::Receiver) }
    }

    fn new(room: &Room, back: Back, waits: Waits) -> Self {
        Self { began: room.now, back, waits, ending: Ending::No, looked: false }
    }

    pub(crate) fn is_ending(&self) -> bool {
        self.ending != Ending::No
    }

    pub(crate) fn enter(&mut self, room: &mut Room) {
        self.ask(room);
    }

    pub(crate) fn act(self, room: &mut Room, by: By, act: Act) -> Step {
        if self.is_ending() {
            return self.answer_end(room, act);
        }
        match (self.waits, by, act) {
            (_, _, Act::Sharp(was)) if sharp::is_asked(room) => self.explained(room, was),
            // Asked aloud, the receiver may have answered aloud.
            (_, By::Partner, Act::Yes) if sharp::is_asked_aloud(room) => self.explained(room, SharpWas::Numb),
            (_, By::Partner, Act::No) if sharp::is_asked_aloud(room) => {
                self.explained(room, SharpWas::OnlySharp)
            }
            (_, _, Act::Go | Act::Yes | Act::No) if room.sharps.asking.is_some() => {
                Step::refuse(self, act, Refusal::SharpFirst)
            }
            (Waits::Touch, By::Receiver, _) | (Waits::Receiver, By::Receiver, Act::Yes) => {
                self.resume(room, Because::Answered)
            }
            (Waits::Partner, By::Partner, Act::Go) => self.resume(room, Because::GoOn),
            (Waits::Receiver | Waits::Touch | Waits::Sharp, By::Partner, Act::Go | Act::Yes | Act::No) => {
                Step::refuse(self, act, Refusal::ClickFirst)
            }
            (Waits::Receiver, By::Receiver, Act::No) => {
                self.ask(room);
                Step::stay(self)
            }
            (
                Waits::Receiver | Waits::Partner | Waits::Sharp | Waits::Touch,
                By::Receiver | By::Partner,
                Act::Back,
            ) => Step::refuse(self, act, Refusal::NothingToUndo),
            (
                Waits::Receiver | Waits::Partner | Waits::Sharp | Waits::Touch,
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

    /// A rating is shown here, not alarmed: nothing is pressed.
    pub(crate) fn rated(self, _room: &mut Room, _rated: Rated) -> Step {
        Step::stay(self)
    }

    pub(crate) fn less(self, _room: &mut Room, _late: bool) -> Step {
        Step::Refuse { stay: self.into(), what: What::Less, why: Refusal::Paused }
    }

    /// The receiver touched the clicker, whatever it meant.
    pub(crate) fn touched(self, room: &mut Room) -> Step {
        match self.waits {
            Waits::Touch if !self.is_ending() => self.resume(room, Because::Answered),
            Waits::Touch | Waits::Receiver | Waits::Partner | Waits::Sharp => Step::stay(self),
        }
    }

    pub(crate) fn signal(self, room: &mut Room, before: Signal, restarted: bool) -> Step {
        tell_signal(room, before, restarted);
        Step::stay(self)
    }

    pub(crate) fn halt(mut self, room: &mut Room, what: Halt) -> Step {
        match what {
            Halt::End if self.is_ending() => return Step::to(Finished::well(room), Because::Ended),
            Halt::End => {
                self.ending = Ending::Asked;
                self.ask(room);
            }
            // Who says STOP is waited for from now on, even where a SHARP is still to be explained.
            Halt::StopByReceiver => self.stop(room, Waits::Receiver),
            Halt::StopByPartner if self.waits == Waits::Sharp || self.ending == Ending::OnlyThat => {
                self.stop(room, Waits::presses(room));
            }
            Halt::StopByPartner => self.stop(room, self.waits),
            Halt::Sharp(by) => sharp::heard(room, by, Prompt::SharpResting),
            Halt::Gap(_) | Halt::Resumed(_) => self.ask(room),
        }
        Step::stay(self)
    }

    pub(crate) fn due(&self, room: &Room) -> Option<Deadline> {
        let look = room.silent_since.filter(|_| !self.looked).map(|since| {
            let at = (since + rules::LOOK_AT_THEM).max(self.began);
            Deadline { at, reason: Reason::Step }
        });
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
                self.looked = true;
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
            Waits::Receiver | Waits::Touch => Awaits::Receiver,
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
            _ if self.is_ending() => room.ask(Prompt::ReallyEnd),
            Waits::Receiver | Waits::Touch => room.ask(Prompt::PausedForReceiver),
            Waits::Partner => room.ask(Prompt::PausedForPartner),
            Waits::Sharp => sharp::ask_again(room),
        }
    }

    fn stop(&mut self, room: &mut Room, waits: Waits) {
        room.say(Prompt::StopNow);
        self.waits = waits;
        self.ending = Ending::No;
        self.ask(room);
    }

    /// "Really end?" Yes ends it, whoever says so; no and a step back take the question back.
    fn answer_end(mut self, room: &mut Room, act: Act) -> Step {
        match (act, self.ending) {
            (Act::Yes, _) => Step::to(Finished::well(room), Because::Ended),
            (Act::No | Act::Back, Ending::OnlyThat) => {
                self.ending = Ending::No;
                self.resume(room, Because::GoOn)
            }
            (Act::No | Act::Back, Ending::No | Ending::Asked) => {
                self.ending = Ending::No;
                self.ask(room);
                Step::stay(self)
            }
            (Act::Sharp(was), _) if sharp::is_asked(room) => self.explained(room, was),
            (
                Act::Go
                | Act::Spot
                | Act::Nudge(_)
                | Act::Where(_)
                | Act::AlreadyWarm
                | Act::Next(_)
                | Act::Sharp(_)
                | Act::Felt(_)
                | Act::More
                | Act::LetGo,
                Ending::No | Ending::Asked | Ending::OnlyThat,
            ) => Step::refuse(self, act, Refusal::Paused),
        }
    }

    /// The SHARP is explained: the session ends, or goes on once nobody else is waited for.
    fn explained(self, room: &mut Room, was: SharpWas) -> Step {
        match sharp::answered(room, was) {
            sharp::Verdict::End(because, advice) => Step::to(Finished::stopped(room, advice), because),
            sharp::Verdict::GoOn if self.waits == Waits::Sharp && !self.is_ending() => {
                self.resume(room, Because::Answered)
            }
            sharp::Verdict::GoOn => {
                self.ask(room);
                Step::stay(self)
            }
        }
    }

    /// Back by way of what the length of the pause asks for; but not before a SHARP is explained.
    fn resume(mut self, room: &mut Room, because: Because) -> Step {
        if room.sharps.asking.is_some() {
            self.waits = Waits::Sharp;
            self.ask(room);
            return Step::stay(self);
        }
        let to = self.back.after(room, room.now.since(self.began));
        if !matches!(to.phase(), Phase::Screening | Phase::Finished) {
            room.say(Prompt::TakenUpAgain);
        }
        Step::Move { to, because }
    }
}
