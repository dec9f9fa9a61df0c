//! Flushing: light broad strokes over the area, after every hold however it ended (promise 5), and then the question
//! what comes next. After SHARP the strokes go around the spot, and the receiver is asked what it was.

use core::time::Duration;

use crate::command::{By, Command, Halt, Next, Rated, SharpWas};
use crate::context::{Context, Signal};
use crate::output::{Because, Deadline, Mode, Reason, Refusal, Tone};
use crate::phase::elsewhere::{CommandOutcome, Elsewhere};
use crate::phase::{
    Back, Finished, Locating, Moving, Paused, Stretching, asked_for_less, halt, phase_over, sharp, sooner,
    tell_signal, to_phase_end,
};
use crate::prompt::Prompt;
use crate::rules;
use crate::state::Transition;
use crate::time::Moment;
use crate::view::{Awaits, Count};

/// Strokes, and what follows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flushing {
    pub(crate) began: Moment,
    after: After,
    state: Flush,
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
    pub(crate) fn new(context: &Context, after: After) -> Self {
        let elsewhere = match after {
            // A long pause leads back to the question by way of the strokes, and on to the next spot.
            After::Ask | After::Locate if !context.plan.technique.is_alone() => {
                Elsewhere::after_hold(context, rules::ASK_ELSEWHERE)
            }
            After::Ask | After::Locate | After::Stretch => Elsewhere::Quiet,
        };
        Self { began: context.now, after, state: Flush::Strokes, elsewhere }
    }

    #[expect(clippy::unused_self, reason = "every phase is entered alike")]
    pub(crate) fn enter(&mut self, context: &mut Context) {
        if !context.flush_owed {
            context.last_in_hold = None;
        }
        context.felt = None;
        context.tone(Tone::Flush);
        context.say(if context.sharps.asking.is_some() { Prompt::FlushAround } else { Prompt::Flush });
    }

    pub(crate) fn command(mut self, context: &mut Context, by: By, command: Command) -> Transition {
        match self.elsewhere.command(context, by, command) {
            CommandOutcome::Taken if self.is_long_enough(context) && !self.elsewhere.is_open() => {
                return self.over(context);
            }
            CommandOutcome::Taken => return Transition::stay(self),
            CommandOutcome::Refused(why) => return Transition::refuse(self, command, why),
            CommandOutcome::NotMine => {}
        }
        match (self.state, command) {
            (_, Command::Sharp(was)) if sharp::is_asked(context) => match sharp::answered(context, was) {
                sharp::Verdict::End(because, advice) => {
                    Transition::to(Finished::stopped(context, advice), because)
                }
                sharp::Verdict::GoOn if self.state == Flush::AwaitsSharp => self.over(context),
                sharp::Verdict::GoOn => {
                    context.say(if was == SharpWas::Slipped { Prompt::Flush } else { Prompt::FlushAround });
                    Transition::stay(self)
                }
            },
            (Flush::Asked(_), Command::Next(next)) => match next {
                Next::Beside => beside(context, Because::Beside),
                Next::Enough => Transition::to(Stretching::new(context), Because::Enough),
                Next::SameSpot => match context.spot.and_then(|spot| context.forbids_same(spot)) {
                    Some(why) => Transition::refuse(self, command, why),
                    None => {
                        context.say(Prompt::SameSpotAgain);
                        Transition::to(Locating::new(context), Because::SameSpot)
                    }
                },
            },
            (Flush::Asked(_), Command::Go) => beside(context, Because::GoOn),
            (Flush::AwaitsSharp, Command::Go | Command::Spot) => {
                Transition::refuse(self, command, Refusal::SharpFirst)
            }
            (Flush::Strokes, Command::Go | Command::Spot) => {
                Transition::refuse(self, command, Refusal::FlushFirst)
            }
            (Flush::Strokes | Flush::AwaitsSharp | Flush::Asked(_), Command::Back) => {
                Transition::refuse(self, command, Refusal::NothingToUndo)
            }
            (Flush::Asked(_), Command::Spot) if by == By::Partner => {
                Transition::refuse(self, command, Refusal::ReceiverOnly)
            }
            (
                Flush::Strokes | Flush::AwaitsSharp | Flush::Asked(_),
                Command::Yes
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
            ) => Transition::refuse(self, command, Refusal::NotNow),
        }
    }

    /// A rating is shown here, not alarmed: nothing is pressed.
    pub(crate) fn rated(self, _room: &mut Context, _rated: Rated) -> Transition {
        Transition::stay(self)
    }

    pub(crate) fn less(self, context: &mut Context, _late: bool) -> Transition {
        asked_for_less(self, context)
    }

    pub(crate) fn signal(self, context: &mut Context, before: Signal, restarted: bool) -> Transition {
        tell_signal(context, before, restarted);
        Transition::stay(self)
    }

    pub(crate) fn halt(self, context: &mut Context, what: Halt) -> Transition {
        let back = Back::Flushing(self.after);
        halt(self, context, what, back, Prompt::SharpTouching)
    }

    pub(crate) fn due(&self, context: &Context) -> Option<Deadline> {
        let own = match self.state {
            Flush::Strokes if self.elsewhere.is_shown() => Some(phase_over(self.began, rules::FLUSH_LONGEST)),
            Flush::Strokes => Some(phase_over(self.began, context.plan.flush)),
            Flush::AwaitsSharp => None,
            Flush::Asked(at) => Some(Deadline { at: at + rules::ANSWER, reason: Reason::PhaseOver }),
        };
        sooner(sharp::due(context), sooner(own, self.elsewhere.due()))
    }

    pub(crate) fn timeout(mut self, context: &mut Context, deadline: Deadline) -> Transition {
        match (deadline.reason, self.state) {
            (Reason::Step, _) => {
                self.elsewhere.timeout(context);
                if self.is_long_enough(context) && !self.elsewhere.is_open() {
                    return self.over(context);
                }
                Transition::stay(self)
            }
            (Reason::AskSharp, _) => {
                sharp::ask(context);
                Transition::stay(self)
            }
            (Reason::Answer, _) => {
                sharp::ask_aloud(context);
                let back = Back::Flushing(self.after);
                Transition::to(Paused::for_sharp(context, back), Because::NoAnswer)
            }
            (_, Flush::Strokes | Flush::AwaitsSharp) => self.over(context),
            (_, Flush::Asked(_)) => beside(context, Because::NoAnswer),
        }
    }

    pub(crate) fn mode(&self, context: &Context) -> Mode {
        match self.state {
            Flush::Asked(_) => Mode::Next,
            Flush::Strokes | Flush::AwaitsSharp if sharp::is_asked(context) => Mode::AfterSharp,
            Flush::Strokes | Flush::AwaitsSharp => self.elsewhere.mode().unwrap_or(Mode::Rate),
        }
    }

    pub(crate) fn awaits(&self, context: &Context) -> Awaits {
        match self.state {
            Flush::Asked(_) => Awaits::Next,
            Flush::Strokes | Flush::AwaitsSharp if sharp::is_asked(context) => Awaits::AfterSharp,
            Flush::Strokes | Flush::AwaitsSharp => self.elsewhere.awaits().unwrap_or(Awaits::Nothing),
        }
    }

    pub(crate) fn count(&self, context: &Context, now: Moment) -> Option<Count> {
        let lasts = if self.elsewhere.is_shown() { rules::FLUSH_LONGEST } else { context.plan.flush };
        to_phase_end(self.began, lasts, now)
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
        self.elsewhere.shift(by);
        if let Flush::Asked(at) = &mut self.state {
            *at += by;
        }
    }

    fn is_long_enough(&self, context: &Context) -> bool {
        self.state == Flush::Strokes && context.now.since(self.began) >= context.plan.flush
    }

    /// The strokes have lasted as long as they must.
    fn over(mut self, context: &mut Context) -> Transition {
        self.elsewhere.drop(context);
        if context.sharps.asking.is_some() {
            self.state = Flush::AwaitsSharp;
            return Transition::stay(self);
        }
        context.flush_owed = false;
        context.leaned = Duration::ZERO;
        if context.silent_since.is_some() {
            return Transition::to(Paused::for_touch(context, Back::Flushing(self.after)), Because::Silent);
        }
        match self.after {
            After::Stretch => Transition::to(Stretching::new(context), Because::NotFound),
            After::Ask | After::Locate if context.store_failed => {
                context.say(Prompt::StoreFailed);
                Transition::to(Stretching::new(context), Because::StoreFailed)
            }
            After::Ask | After::Locate if context.holds_used() || context.minutes_used() => {
                Stretching::for_limit(context)
            }
            After::Locate => Transition::to(Locating::new(context), Because::Time),
            After::Ask => {
                self.state = Flush::Asked(context.now);
                context.ask(Prompt::AskNext);
                Transition::stay(self)
            }
        }
    }
}

/// On to the first open place beside it; where there is none straight ahead, the receiver guides the hand to one.
fn beside(context: &mut Context, because: Because) -> Transition {
    match context.place_beside() {
        Some((toward, spot)) => Transition::to(Moving::new(context, toward, spot), because),
        None => Transition::to(Locating::new(context), because),
    }
}
