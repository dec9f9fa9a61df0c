//! Which prompts are spoken at which verbosity, and which of them ask for pressure.

use coach::{Prompt, Urgency};

/// How much is spoken. Tones sound at every verbosity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Alarms and counts only.
    Alarms,
    /// Also what changes what hands do, and every sentence that keeps somebody safe.
    Hands,
    /// Also questions, remarks, refusals and the rating.
    Everything,
}

/// The least verbosity at which the prompt is spoken.
pub(crate) const fn spoken_from(prompt: &Prompt) -> Verbosity {
    match prompt {
        Prompt::Countdown { .. } | Prompt::TenSeconds => return Verbosity::Alarms,
        Prompt::RestHand { .. }
        | Prompt::Locate { .. }
        | Prompt::Nudged { .. }
        | Prompt::Hold
        | Prompt::Repeat { .. }
        | Prompt::StepUp
        | Prompt::HoldOn { .. }
        | Prompt::CountStopped
        | Prompt::CountGoesOn
        | Prompt::More
        | Prompt::Flush
        | Prompt::MoveBeside { .. }
        | Prompt::Over
        | Prompt::SignalBack
        | Prompt::StillThere => return Verbosity::Hands,
        _ => {}
    }
    match prompt.urgency() {
        Urgency::Alarm => Verbosity::Alarms,
        Urgency::Safety => Verbosity::Hands,
        Urgency::Instruction | Urgency::Remark => Verbosity::Everything,
    }
}

/// Whether the prompt asks for pressure, or for more of it. Such a prompt is spoken in its moment or not at all.
pub(crate) const fn asks_for_pressure(prompt: &Prompt) -> bool {
    matches!(
        prompt,
        Prompt::LeanIn { .. }
            | Prompt::Countdown { .. }
            | Prompt::Hold
            | Prompt::Posture { .. }
            | Prompt::Repeat { .. }
            | Prompt::StepUp
            | Prompt::More
            | Prompt::HoldOn { .. }
            | Prompt::CountGoesOn
            | Prompt::Stretch { .. }
            | Prompt::StretchOther { .. }
    )
}

/// Whether a later prompt of the session makes this one void: a place or a step that is over.
pub(crate) const fn is_for_its_moment(prompt: &Prompt) -> bool {
    asks_for_pressure(prompt)
        || matches!(prompt, Prompt::TenSeconds | Prompt::Nudged { .. } | Prompt::FeltMoved { .. })
}
