//! What was pressed at a spot, and what a limit still has to spare: one definition for the coach, for the audit and for
//! what earlier sessions tell.
//!
//! Pressure at a spot adds up, however it was broken off. A limit of so many holds is a limit of as many pressings of
//! 10 s or more **and** of the time that so many holds can last: leans that were broken off by nudges and holds that were
//! cut early are no holds, and use that time up.

use core::time::Duration;

use crate::body::Spot;
use crate::plan::PlanParams;
use crate::rules;

/// Pressure that was called for at a spot, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pressed {
    /// Where the lean began.
    pub spot: Spot,
    /// Time from the lean until pressure was called off; if that moment is unknown, until the latest possible one.
    pub lasted: Duration,
    /// It uses up one of the holds of its spot.
    pub is_hold: bool,
}

/// What pressings come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dose {
    /// How many of them were holds.
    pub holds: u32,
    /// How long they lasted, none of them for longer than one hold of the plan.
    pub lasted: Duration,
}

impl Pressed {
    /// Pressure for so long.
    #[must_use]
    pub fn new(spot: Spot, lasted: Duration) -> Self {
        Self { spot, lasted, is_hold: lasted >= rules::USES_UP }
    }

    /// The same where it is no hold of its spot: the SHARP that ended it was a slip.
    #[must_use]
    pub const fn given_back(self) -> Self {
        Self { is_hold: false, ..self }
    }
}

impl Dose {
    /// What these come to by this plan.
    #[must_use]
    pub fn of(pressed: impl IntoIterator<Item = Pressed>, plan: &PlanParams) -> Self {
        pressed.into_iter().fold(Self::default(), |dose, one| Self {
            holds: dose.holds + u32::from(one.is_hold),
            lasted: dose.lasted + one.lasted.min(plan.hold_longest()),
        })
    }

    /// For how long a lean may be held within a limit of so many holds, of which this was had; `None` where no hold fits in
    /// any more.
    #[must_use]
    pub fn spares(self, holds: u32, plan: &PlanParams) -> Option<Duration> {
        let longest = plan.hold_longest();
        let left = (longest * holds).checked_sub(self.lasted)?.min(longest);
        let shortest = (plan.settle + plan.hold_min).min(longest);
        (self.holds < holds && left >= shortest).then_some(left)
    }

    /// Whether so much was pressed that it is asked about before it is pressed again.
    #[must_use]
    pub fn is_worked(self) -> bool {
        self.lasted >= rules::USES_UP
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::{Area, Region, Side};
    use crate::plan::Plan;

    fn spares(lasted: &[u64]) -> Option<u64> {
        let spot = Spot::centre(Area { side: Side::Left, region: Region::Latissimus });
        let plan = Plan::partner();
        let pressed = lasted.iter().map(|&seconds| Pressed::new(spot, Duration::from_secs(seconds)));
        Dose::of(pressed, &plan).spares(plan.holds_per_spot, &plan).map(|left| left.as_secs())
    }

    #[test]
    fn pressure_adds_up_however_it_was_broken_off() {
        assert_eq!(spares(&[]), Some(60), "a whole hold, and never more");
        assert_eq!(spares(&[60]), Some(60), "the second hold");
        assert_eq!(spares(&[60, 8]), Some(52), "a lean that was broken off leaves a shorter one");
        assert_eq!(spares(&[4; 21]), Some(36), "84 s of leaning");
        assert_eq!(spares(&[4; 22]), None, "what is left is shorter than the shortest hold");
        assert_eq!(spares(&[10, 10]), None, "two holds");
        assert_eq!(spares(&[60, 9, 9, 9]), None);
        assert_eq!(spares(&[90]), Some(60), "one hold is one hold");
    }
}
