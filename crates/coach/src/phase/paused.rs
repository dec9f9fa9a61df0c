//! Paused: pressure is off, and somebody is waited for. How long it lasted decides the way back: by way of flushing
//! where a hold was open, of broad strokes after 5 minutes, of screening after 30.

use core::time::Duration;

use crate::command::{By, Command, Halt, Rated, SharpWas};
use crate::context::{Context, Signal};
use crate::output::{Because, Deadline, Mode, Phase, Reason, Refusal, Tone, What};
use crate::phase::{
    After, Finished, Flushing, Heat, Learning, Locating, Screening, Strokes, Warming, sharp, sooner,
    tell_signal,
};
use crate::prompt::Prompt;
use crate::rules;
use crate::state::{State, Transition};
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
    pub(crate) fn after(self, context: &mut Context, stood: Duration) -> State {
        context.shift(stood);
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
                Screening::new(context).into()
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
                Learning::new(context, heat).into()
            }
            Self::Over => Finished::well(context).into(),
            Self::Strokes => Strokes::new(context).into(),
            Self::Locating | Self::Flushing(After::Ask | After::Locate) if stood >= rules::LONG_PAUSE => {
                Strokes::new(context).into()
            }
            Self::Locating => Locating::new(context).into(),
            Self::Flushing(after) => Flushing::new(context, after).into(),
        }
    }
}

impl Waits {
    /// For whoever presses. Alone that is the receiver, who has the clicker in the hand and no key within reach.
    fn presses(context: &Context) -> Self {
        if context.plan.technique.is_alone() { Self::Receiver } else { Self::Partner }
    }
}

impl Paused {
    /// After STOP, or while the partner is asked whether the session shall end.
    pub(crate) fn stopped(context: &mut Context, halt: Halt, back: Back) -> Transition {
        let (because, ending) = match halt {
            Halt::End => (Because::Ended, Ending::OnlyThat),
            Halt::StopByReceiver | Halt::StopByPartner | Halt::Sharp(_) | Halt::Gap(_) | Halt::Resumed(_) => {
                (Because::Stop, Ending::No)
            }
        };
        let waits = if halt == Halt::StopByReceiver { Waits::Receiver } else { Waits::presses(context) };
        context.say(Prompt::StopNow);
        context.tone(Tone::PressureOff);
        Transition::to(Self { ending, ..Self::new(context, back, waits) }, because)
    }

    pub(crate) fn for_receiver(context: &Context, back: Back) -> Self {
        Self::new(context, back, Waits::Receiver)
    }

    pub(crate) fn for_touch(context: &Context, back: Back) -> Self {
        Self::new(context, back, Waits::Touch)
    }

    pub(crate) fn for_sharp(context: &Context, back: Back) -> Self {
        Self::new(context, back, Waits::Sharp)
    }

    /// The laptop stood still since then. The session runs on the clicker, so the receiver takes it up again.
    pub(crate) fn since(context: &Context, began: Moment, back: Back) -> Self {
        Self { began, ..Self::new(context, back, Waits::Receiver) }
    }

    fn new(context: &Context, back: Back, waits: Waits) -> Self {
        Self { began: context.now, back, waits, ending: Ending::No, looked: false }
    }

    pub(crate) fn is_ending(&self) -> bool {
        self.ending != Ending::No
    }

    pub(crate) fn enter(&mut self, context: &mut Context) {
        self.ask(context);
    }

    pub(crate) fn command(self, context: &mut Context, by: By, command: Command) -> Transition {
        if self.is_ending() {
            return self.answer_end(context, command);
        }
        match (self.waits, by, command) {
            (_, _, Command::Sharp(was)) if sharp::is_asked(context) => self.explained(context, was),
            // Asked aloud, the receiver may have answered aloud.
            (_, By::Partner, Command::Yes) if sharp::is_asked_aloud(context) => {
                self.explained(context, SharpWas::Numb)
            }
            (_, By::Partner, Command::No) if sharp::is_asked_aloud(context) => {
                self.explained(context, SharpWas::OnlySharp)
            }
            (_, _, Command::Go | Command::Yes | Command::No) if context.sharps.asking.is_some() => {
                Transition::refuse(self, command, Refusal::SharpFirst)
            }
            (Waits::Touch, By::Receiver, _) | (Waits::Receiver, By::Receiver, Command::Yes) => {
                self.resume(context, Because::Answered)
            }
            (Waits::Partner, By::Partner, Command::Go) => self.resume(context, Because::GoOn),
            (
                Waits::Receiver | Waits::Touch | Waits::Sharp,
                By::Partner,
                Command::Go | Command::Yes | Command::No,
            ) => Transition::refuse(self, command, Refusal::ClickFirst),
            (Waits::Receiver, By::Receiver, Command::No) => {
                self.ask(context);
                Transition::stay(self)
            }
            (
                Waits::Receiver | Waits::Partner | Waits::Sharp | Waits::Touch,
                By::Receiver | By::Partner,
                Command::Back,
            ) => Transition::refuse(self, command, Refusal::NothingToUndo),
            (
                Waits::Receiver | Waits::Partner | Waits::Sharp | Waits::Touch,
                By::Receiver | By::Partner,
                Command::Go
                | Command::Yes
                | Command::No
                | Command::Spot
                | Command::Nudge(_)
                | Command::Where(_)
                | Command::AlreadyWarm
                | Command::Next(_)
                | Command::Sharp(_)
                | Command::Felt(_)
                | Command::More
                | Command::LetGo,
            ) => Transition::refuse(self, command, Refusal::Paused),
        }
    }

    /// A rating is shown here, not alarmed: nothing is pressed.
    pub(crate) fn rated(self, _room: &mut Context, _rated: Rated) -> Transition {
        Transition::stay(self)
    }

    pub(crate) fn less(self, _room: &mut Context, _late: bool) -> Transition {
        Transition::Refuse { stay: self.into(), what: What::Less, why: Refusal::Paused }
    }

    /// The receiver touched the clicker, whatever it meant.
    pub(crate) fn touched(self, context: &mut Context) -> Transition {
        match self.waits {
            Waits::Touch if !self.is_ending() => self.resume(context, Because::Answered),
            Waits::Touch | Waits::Receiver | Waits::Partner | Waits::Sharp => Transition::stay(self),
        }
    }

    pub(crate) fn signal(self, context: &mut Context, before: Signal, restarted: bool) -> Transition {
        tell_signal(context, before, restarted);
        Transition::stay(self)
    }

    pub(crate) fn halt(mut self, context: &mut Context, what: Halt) -> Transition {
        match what {
            Halt::End if self.is_ending() => return Transition::to(Finished::well(context), Because::Ended),
            Halt::End => {
                self.ending = Ending::Asked;
                self.ask(context);
            }
            // Who says STOP is waited for from now on, even where a SHARP is still to be explained.
            Halt::StopByReceiver => self.stop(context, Waits::Receiver),
            Halt::StopByPartner if self.waits == Waits::Sharp || self.ending == Ending::OnlyThat => {
                self.stop(context, Waits::presses(context));
            }
            Halt::StopByPartner => self.stop(context, self.waits),
            Halt::Sharp(by) => sharp::heard(context, by, Prompt::SharpResting),
            Halt::Gap(_) | Halt::Resumed(_) => self.ask(context),
        }
        Transition::stay(self)
    }

    pub(crate) fn due(&self, context: &Context) -> Option<Deadline> {
        let look = context.silent_since.filter(|_| !self.looked).map(|since| {
            let at = (since + rules::LOOK_AT_THEM).max(self.began);
            Deadline { at, reason: Reason::Step }
        });
        sooner(sharp::due(context), look)
    }

    pub(crate) fn timeout(mut self, context: &mut Context, deadline: Deadline) -> Transition {
        match deadline.reason {
            Reason::AskSharp => sharp::ask(context),
            Reason::Answer => sharp::ask_aloud(context),
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
                context.say(Prompt::LookAtThem);
            }
        }
        Transition::stay(self)
    }

    pub(crate) fn mode(&self, context: &Context) -> Mode {
        if sharp::is_asked(context) { Mode::AfterSharp } else { Mode::Ask }
    }

    pub(crate) fn awaits(&self, context: &Context) -> Awaits {
        match self.waits {
            Waits::Sharp if sharp::is_asked(context) => Awaits::AfterSharp,
            Waits::Receiver | Waits::Touch => Awaits::Receiver,
            Waits::Partner => Awaits::Partner,
            Waits::Sharp => Awaits::Nothing,
        }
    }

    pub(crate) fn count(&self, _room: &Context, _now: Moment) -> Option<Count> {
        None
    }

    /// The pause goes on while the laptop stands still: its length is what decides the way back.
    #[expect(clippy::unused_self, reason = "every phase is moved on alike")]
    pub(crate) fn shift(&mut self, _by: Duration) {}

    fn ask(&self, context: &mut Context) {
        match self.waits {
            _ if self.is_ending() => context.ask(Prompt::ReallyEnd),
            Waits::Receiver | Waits::Touch => context.ask(Prompt::PausedForReceiver),
            Waits::Partner => context.ask(Prompt::PausedForPartner),
            Waits::Sharp => sharp::ask_again(context),
        }
    }

    fn stop(&mut self, context: &mut Context, waits: Waits) {
        context.say(Prompt::StopNow);
        self.waits = waits;
        self.ending = Ending::No;
        self.ask(context);
    }

    /// "Really end?" Yes ends it, whoever says so; no and a step back take the question back.
    fn answer_end(mut self, context: &mut Context, command: Command) -> Transition {
        match (command, self.ending) {
            (Command::Yes, _) => Transition::to(Finished::well(context), Because::Ended),
            (Command::No | Command::Back, Ending::OnlyThat) => {
                self.ending = Ending::No;
                self.resume(context, Because::GoOn)
            }
            (Command::No | Command::Back, Ending::No | Ending::Asked) => {
                self.ending = Ending::No;
                self.ask(context);
                Transition::stay(self)
            }
            (Command::Sharp(was), _) if sharp::is_asked(context) => self.explained(context, was),
            (
                Command::Go
                | Command::Spot
                | Command::Nudge(_)
                | Command::Where(_)
                | Command::AlreadyWarm
                | Command::Next(_)
                | Command::Sharp(_)
                | Command::Felt(_)
                | Command::More
                | Command::LetGo,
                Ending::No | Ending::Asked | Ending::OnlyThat,
            ) => Transition::refuse(self, command, Refusal::Paused),
        }
    }

    /// The SHARP is explained: the session ends, or goes on once nobody else is waited for.
    fn explained(self, context: &mut Context, was: SharpWas) -> Transition {
        match sharp::answered(context, was) {
            sharp::Verdict::End(because, advice) => {
                Transition::to(Finished::stopped(context, advice), because)
            }
            sharp::Verdict::GoOn if self.waits == Waits::Sharp && !self.is_ending() => {
                self.resume(context, Because::Answered)
            }
            sharp::Verdict::GoOn => {
                self.ask(context);
                Transition::stay(self)
            }
        }
    }

    /// Back by way of what the length of the pause asks for; but not before a SHARP is explained.
    fn resume(mut self, context: &mut Context, because: Because) -> Transition {
        if context.sharps.asking.is_some() {
            self.waits = Waits::Sharp;
            self.ask(context);
            return Transition::stay(self);
        }
        let to = self.back.after(context, context.now.since(self.began));
        if !matches!(to.phase(), Phase::Screening | Phase::Finished) {
            context.say(Prompt::TakenUpAgain);
        }
        Transition::Move { to, because }
    }
}
