//! What can be said in which phase, for people who read the rules: a list, held against every scenario and every
//! simulated session. Nothing is decided by it.

use crate::output::Phase;
use crate::plan::{PlanParams, Technique};

/// What any phase may say: refusals, STOP, what becomes of the signal and of the record, a session taken up again.
pub const SAID_ANYWHERE: &[&str] = &[
    "refused",
    "stop-now",
    "no-signal",
    "signal-back",
    "clicker-restarted",
    "store-failed",
    "store-recovered",
    "taken-up-again",
];

impl Phase {
    /// The ids of what a session of this plan can say in this phase, besides [`SAID_ANYWHERE`] and what somebody asks
    /// to hear again.
    #[must_use]
    pub fn says(self, plan: &PlanParams) -> Vec<&'static str> {
        self.ids().iter().copied().filter(|id| self.is_said(id, plan)).collect()
    }

    const fn ids(self) -> &'static [&'static str] {
        match self {
            Self::Screening => &[
                "where",
                "ask-page",
                "ask-question",
                "ask-clearance",
                "ask-still",
                "ask-rest",
                "ask-since",
                "worked",
                "day-used",
                "area-closed",
                "ask-resting",
                "ask-bother",
                "no-holds-today",
                "sharp-resting",
            ],
            Self::Warming => &["warm", "warm-check", "warm-enough", "offer-lesson", "sharp-heat"],
            Self::Learning => &["learn", "learnt", "sharp-heat", "sharp-resting"],
            Self::BroadStrokes => &[
                "stand-at",
                "strokes",
                "rest-hand",
                "other-side",
                "try-sharp",
                "heard-that",
                "ready",
                "less",
                "lighter-strokes",
                "hands-off",
                "sharp-touching",
            ],
            Self::Locating => &[
                "feel-for-spine",
                "locate",
                "ask-skin",
                "ask-question",
                "leave-area",
                "ask-again",
                "leave-spot",
                "nudged",
                "proposed",
                "not-finding",
                "limit",
                "less",
                "lighter-touch",
                "hands-off",
                "sharp-touching",
            ],
            Self::Settling => &[
                "lean-in",
                "countdown",
                "nudged",
                "less",
                "ease-back",
                "hands-off",
                "no-signal-pressing",
                "gap-cut",
                "sharp-leaning",
            ],
            Self::Holding => &[
                "how-much",
                "hold",
                "posture",
                "repeat",
                "hold-on",
                "step-up",
                "more",
                "softened",
                "ten-seconds",
                "count-stopped",
                "count-goes-on",
                "countdown",
                "still-there",
                "little-less",
                "less",
                "ease-off",
                "hands-off",
                "no-rating",
                "silent",
                "no-signal-pressing",
                "gap-cut",
                "sharp-holding",
            ],
            Self::Releasing => &[
                "release-let-go",
                "release-hardly-hurt",
                "release-maximum",
                "let-go-above",
                "less",
                "ease-back",
                "hands-off",
                "no-signal-pressing",
                "sharp-leaning",
            ],
            Self::Flushing => &[
                "guessed",
                "flush",
                "flush-around",
                "ask-sharp",
                "ask-aloud",
                "spot-closed",
                "ask-elsewhere",
                "where-felt",
                "felt-moved",
                "felt-there",
                "limit",
                "ask-next",
                "same-spot-again",
                "less",
                "sharp-touching",
            ],
            Self::Moving => &["move-beside", "less", "sharp-touching"],
            Self::Stretching => {
                &["stretch", "stretch-other", "less", "ease-stretch", "hands-off", "sharp-stretch"]
            }
            Self::Heat => &[
                "ask-elsewhere",
                "where-felt",
                "felt-moved",
                "felt-there",
                "ask-bother",
                "heat-and-water",
                "sharp-heat",
            ],
            Self::Finished => &["stopped", "over", "sharp-resting"],
            Self::Paused => &[
                "paused-for-receiver",
                "paused-for-partner",
                "really-end",
                "ask-sharp",
                "ask-aloud",
                "spot-closed",
                "look-at-them",
                "sharp-resting",
            ],
        }
    }
}

impl Phase {
    /// Whether a plan has this here at all: some is only for two people, some only for one technique.
    fn is_said(self, id: &str, plan: &PlanParams) -> bool {
        match id {
            // Alone it is asked at the end.
            "ask-elsewhere" | "where-felt" | "felt-moved" | "felt-there" => {
                (self == Self::Heat) == plan.technique.is_alone()
            }
            "stand-at" | "still-there" | "silent" | "look-at-them" | "paused-for-partner" => {
                !plan.technique.is_alone()
            }
            "posture" => plan.technique != Technique::PinAndStretch,
            "repeat" => plan.technique == Technique::PinAndStretch,
            "step-up" => plan.staircase,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::named::Named as _;
    use crate::prompt::Prompt;

    #[test]
    fn every_prompt_has_its_phase_and_no_other_is_named() {
        let ids = Phase::ALL.iter().flat_map(|phase| phase.ids()).chain(SAID_ANYWHERE);
        let named: BTreeSet<&str> = ids.copied().collect();
        assert_eq!(named, Prompt::IDS.iter().copied().collect());
    }
}
