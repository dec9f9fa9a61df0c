//! "I feel it somewhere else": asked once after a hold, and shown by nudges of a second mark on the chart. The pressed spot
//! does not move, and nothing is ever pressed where it is felt. Numb, tingling or shooting is SHARP's business.
//!
//! ```text
//!   soon --5 s--> asked --yes--> shown, nudged --logo--> recorded, and recognised in words
//!    ^              |              |
//!    +-- a pause ---+--------------+
//!                   +--no, or the time of the phase is over: nothing is recorded
//! ```
//!
//! With a partner it is asked in the flush, which goes on meanwhile. Alone it is asked at the end, in the warmth: in the
//! flush the clicker's question tone is the one for what comes next, and whoever has their eyes closed could not tell
//! the two apart.

use core::time::Duration;

use crate::body::{Felt, Toward};
use crate::command::{By, Command};
use crate::context::Context;
use crate::output::{Deadline, Mode, Output, Reason, Refusal};
use crate::prompt::Prompt;
use crate::rules;
use crate::time::Moment;
use crate::view::Awaits;

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Elsewhere {
    /// Not asked, or not any more.
    Quiet,
    /// To be asked at this moment.
    Soon(Moment),
    /// Asked at this moment.
    Asked(Moment),
    /// The receiver shows where, since this moment.
    Shown(Moment),
}

/// What [`Elsewhere`] did with a command.
pub(super) enum CommandOutcome {
    /// It was for this.
    Taken,
    /// It was for this, and is refused.
    Refused(Refusal),
    /// It is none of this.
    NotMine,
}

impl Elsewhere {
    /// It is asked so long after a phase begins that is the place for it, where there is something to be asked.
    pub(super) fn after_hold(context: &Context, wait: Duration) -> Self {
        let asks = context.may_refer && context.sharps.asking.is_none() && context.silent_since.is_none();
        if asks { Self::Soon(context.now + wait) } else { Self::Quiet }
    }

    pub(super) const fn is_shown(self) -> bool {
        matches!(self, Self::Shown(_))
    }

    /// Whether it waits for something.
    pub(super) const fn is_open(self) -> bool {
        match self {
            Self::Asked(_) | Self::Shown(_) => true,
            Self::Quiet | Self::Soon(_) => false,
        }
    }

    pub(super) fn due(self) -> Option<Deadline> {
        match self {
            Self::Soon(at) => Some(Deadline { at, reason: Reason::Step }),
            Self::Asked(at) => Some(Deadline { at: at + rules::ANSWER, reason: Reason::Step }),
            Self::Shown(since) => Some(Deadline { at: since + rules::SHOWN, reason: Reason::Step }),
            Self::Quiet => None,
        }
    }

    /// Its moment has come: it is asked, or nobody has answered.
    pub(super) fn timeout(&mut self, context: &mut Context) {
        *self = match *self {
            Self::Soon(_) => {
                context.ask(Prompt::AskElsewhere);
                Self::Asked(context.now)
            }
            Self::Asked(_) | Self::Shown(_) | Self::Quiet => return self.drop(context),
        };
    }

    /// It is over without an answer.
    pub(super) fn drop(&mut self, context: &mut Context) {
        if self.is_shown() {
            context.felt = None;
        }
        if *self != Self::Quiet {
            self.close(context);
        }
    }

    /// A pause has come in between: what was open is asked anew, at once.
    pub(super) fn again(&mut self, context: &mut Context) {
        if self.is_open() {
            context.felt = None;
            *self = Self::Soon(context.now);
        }
    }

    /// It is not asked any more, until another hold has been pressed.
    fn close(&mut self, context: &mut Context) {
        context.may_refer = false;
        *self = Self::Quiet;
    }

    pub(super) fn command(&mut self, context: &mut Context, by: By, command: Command) -> CommandOutcome {
        match (*self, command) {
            (Self::Asked(_), Command::Yes) => {
                *self = Self::Shown(context.now);
                context.felt = context.spot.map(Felt::from);
                context.ask(Prompt::WhereFelt);
                CommandOutcome::Taken
            }
            (Self::Asked(_), Command::No) => {
                self.close(context);
                CommandOutcome::Taken
            }
            (Self::Shown(_), Command::Nudge(toward)) => shift(context, toward),
            (Self::Shown(_), Command::Spot) if by == By::Partner => {
                CommandOutcome::Refused(Refusal::ReceiverOnly)
            }
            (Self::Shown(_), Command::Spot) => {
                self.close(context);
                if let (Some(felt), Some(spot)) = (context.felt, context.spot) {
                    let referral = felt.referral(spot);
                    context.emit(Output::Felt { felt, referral });
                    context.say(Prompt::FeltThere { referral });
                }
                CommandOutcome::Taken
            }
            (
                Self::Quiet | Self::Soon(_) | Self::Asked(_) | Self::Shown(_),
                Command::Go
                | Command::Yes
                | Command::No
                | Command::Spot
                | Command::Nudge(_)
                | Command::Where(_)
                | Command::AlreadyWarm
                | Command::Back
                | Command::Next(_)
                | Command::Sharp(_)
                | Command::Felt(_)
                | Command::More
                | Command::LetGo,
            ) => CommandOutcome::NotMine,
        }
    }

    pub(super) const fn mode(self) -> Option<Mode> {
        match self {
            Self::Asked(_) => Some(Mode::Ask),
            Self::Shown(_) => Some(Mode::Locate),
            Self::Quiet | Self::Soon(_) => None,
        }
    }

    pub(super) const fn awaits(self) -> Option<Awaits> {
        match self {
            Self::Asked(_) => Some(Awaits::FeltElsewhere),
            Self::Shown(_) => Some(Awaits::WhereFelt),
            Self::Quiet | Self::Soon(_) => None,
        }
    }

    pub(super) fn shift(&mut self, by: Duration) {
        if let Self::Soon(at) | Self::Asked(at) | Self::Shown(at) = self {
            *at += by;
        }
    }
}

/// The mark moves by 1 cm; the spot stays.
fn shift(context: &mut Context, toward: Toward) -> CommandOutcome {
    match context.felt.map(|felt| felt.nudged(toward)) {
        Some(Ok(felt)) => {
            context.felt = Some(felt);
            context.say(Prompt::FeltMoved { toward });
            CommandOutcome::Taken
        }
        Some(Err(why)) => CommandOutcome::Refused(why),
        None => CommandOutcome::Refused(Refusal::NotNow),
    }
}
