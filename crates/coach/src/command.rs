//! What the states are asked for, as [`crate::Input`] is translated: commands, ratings, and orders to halt.

use core::time::Duration;

use crate::body::{Area, Side, Toward};
use crate::output::What;
use crate::rating::Rating;

/// Who spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Receiver,
    Partner,
}

/// What is asked of a state, whichever device it came from. Ratings, "less", SHARP, STOP and the link come by
/// methods of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    /// The partner goes on.
    Go,
    Yes,
    No,
    Spot,
    Nudge(Toward),
    Where(Area),
    AlreadyWarm,
    Back,
    Next(Next),
    Sharp(SharpWas),
    Felt(Side),
    More,
    LetGo,
}

/// What comes after a flush.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    Beside,
    SameSpot,
    Enough,
}

/// What a SHARP was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SharpWas {
    OnlySharp,
    Numb,
    Slipped,
}

/// A rating, as a state hears of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rated {
    pub(crate) rating: Rating,
    /// "Same as before."
    pub(crate) same: bool,
    /// It came too late to count; it is only passed on where it is above the ceiling.
    pub(crate) late: bool,
}

/// Why pressure comes off in every phase alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Halt {
    /// The receiver's STOP.
    StopByReceiver,
    /// The partner's STOP.
    StopByPartner,
    /// The partner wants to end the session.
    End,
    /// SHARP, from the clicker or on the receiver's behalf.
    Sharp(By),
    /// The laptop stood still for this long: what was measured is no longer known.
    Gap(Duration),
    /// The program was started again, this long after it was last heard of.
    Resumed(Duration),
}

impl Command {
    pub(crate) const fn what(self) -> What {
        match self {
            Self::Go => What::GoOn,
            Self::Yes
            | Self::No
            | Self::Next(Next::Beside | Next::Enough)
            | Self::Sharp(_)
            | Self::Felt(_) => What::Answer,
            Self::Next(Next::SameSpot) => What::SameSpot,
            Self::Spot => What::Spot,
            Self::Nudge(_) => What::Nudge,
            Self::Where(_) => What::Where,
            Self::AlreadyWarm => What::AlreadyWarm,
            Self::Back => What::Back,
            Self::More => What::More,
            Self::LetGo => What::LetGo,
        }
    }
}
