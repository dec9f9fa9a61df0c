//! What goes first on the screen where several prompts are said at once, or one before another could be read.

use crate::prompt::Prompt;

/// Urgency of a prompt on the screen, in ascending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// An answer to a key, or news. It takes the place of no instruction.
    Remark,
    /// What to do now, or what is asked. A newer one replaces it at once.
    Instruction,
    /// A sentence that keeps somebody safe: where hands may be and with what, what is closed, what is over. It is shown
    /// for as long as it takes to read; only an alarm goes before it.
    Safety,
    /// Pressure has to come off now, or the receiver's rating is unknown: exactly the prompts of [`crate::Level::Medium`] and
    /// [`crate::Level::High`].
    Alarm,
}

impl Prompt {
    /// How urgent it is. A new prompt has to be classed here before anything compiles.
    #[must_use]
    pub const fn urgency(&self) -> Urgency {
        match self {
            Self::EaseOff { .. }
            | Self::LittleLess
            | Self::Less
            | Self::HandsOff { .. }
            | Self::LetGoAbove
            | Self::NoRating
            | Self::Silent
            | Self::LookAtThem
            | Self::NoSignalPressing
            | Self::SharpHolding
            | Self::SharpLeaning
            | Self::SharpTouching
            | Self::SharpHeat
            | Self::SharpStretch
            | Self::SharpResting
            | Self::HeardThat
            | Self::StopNow
            | Self::GapCut
            | Self::StoreFailed
            | Self::LighterStrokes { .. }
            | Self::LighterTouch { .. }
            | Self::EaseBack { .. }
            | Self::EaseStretch { .. } => Urgency::Alarm,

            Self::Worked { .. }
            | Self::DayUsed
            | Self::AreaClosed { .. }
            | Self::NoHoldsToday
            | Self::Stopped { .. }
            | Self::Warm
            | Self::WarmCheck
            | Self::StandAt { .. }
            | Self::Strokes { .. }
            | Self::OtherSide { .. }
            | Self::LeaveArea { .. }
            | Self::LeaveSpot
            | Self::FeelForSpine
            | Self::LeanIn { .. }
            | Self::Posture { .. }
            | Self::ReleaseLetGo
            | Self::ReleaseHardlyHurt
            | Self::ReleaseMaximum
            | Self::NoSignal
            | Self::ClickerRestarted
            | Self::AskAloud
            | Self::SpotClosed
            | Self::FlushAround
            | Self::SameSpotAgain
            | Self::Limit
            | Self::Stretch { .. }
            | Self::StretchOther { .. }
            | Self::HeatAndWater
            | Self::PausedForReceiver
            | Self::PausedForPartner
            | Self::TakenUpAgain => Urgency::Safety,

            Self::Where { .. }
            | Self::AskPage { .. }
            | Self::AskQuestion { .. }
            | Self::AskClearance { .. }
            | Self::AskStill { .. }
            | Self::AskRest { .. }
            | Self::AskSince { .. }
            | Self::AskResting
            | Self::AskBother
            | Self::WarmEnough
            | Self::OfferLesson
            | Self::Learn { .. }
            | Self::Learnt
            | Self::RestHand { .. }
            | Self::TrySharp
            | Self::Ready
            | Self::Locate { .. }
            | Self::Nudged { .. }
            | Self::NotFinding
            | Self::Proposed
            | Self::AskSkin { .. }
            | Self::AskAgain { .. }
            | Self::Countdown { .. }
            | Self::HowMuch
            | Self::Hold
            | Self::Repeat { .. }
            | Self::StepUp
            | Self::StillThere
            | Self::More
            | Self::HoldOn { .. }
            | Self::Softened
            | Self::TenSeconds
            | Self::CountStopped
            | Self::CountGoesOn
            | Self::SignalBack
            | Self::AskSharp
            | Self::Flush
            | Self::AskElsewhere
            | Self::WhereFelt
            | Self::AskNext
            | Self::MoveBeside { .. }
            | Self::Over
            | Self::ReallyEnd => Urgency::Instruction,

            Self::Guessed { .. }
            | Self::FeltMoved { .. }
            | Self::FeltThere { .. }
            | Self::StoreRecovered
            | Self::Refused { .. } => Urgency::Remark,
        }
    }
}
