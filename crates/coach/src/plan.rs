//! A plan: the figures of one technique, which can be gentler than the rules and never harsher.
//!
//! A [`Plan`] can only be built through [`Plan::build`], so one that breaks a rule does not exist.

use core::fmt;
use core::time::Duration;

use crate::body::Region;
use crate::named::{Named, named};
use crate::rating::Rating;
use crate::rules;

/// The figures of a plan. Fields are public for reading through [`Plan`], which derefs to this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanParams {
    /// The name it is chosen by.
    pub name: String,
    /// Who presses, and with what. The given limits follow from it.
    pub technique: Technique,
    /// Warming: from this long on, yes goes on.
    pub warm_min: Duration,
    /// Warming: at most this long.
    pub warm_max: Duration,
    /// Broad strokes.
    pub strokes: Duration,
    /// Locating: at most this long.
    pub locate_max: Duration,
    /// Locating: from here on "not finding it is fine".
    pub locate_hint: Duration,
    /// Settling.
    pub settle: Duration,
    /// The least counted time of a hold that is done.
    pub hold_min: Duration,
    /// The longest a hold lasts, from the lean.
    pub hold_max: Duration,
    /// The highest rating at which the count runs.
    pub ceiling: Rating,
    /// Releasing slowly.
    pub release: Duration,
    /// Flushing, at least.
    pub flush: Duration,
    /// Moving.
    pub moving: Duration,
    /// Each of the two stretches.
    pub stretch: Duration,
    /// Holds a spot.
    pub holds_per_spot: u32,
    /// Holds a session.
    pub holds: u32,
    /// Holds a region in a day, over all sessions of the receiver.
    pub holds_per_region: u32,
    /// Holds in a day, over all sessions of the receiver.
    pub holds_per_day: u32,
    /// From the first stroke to stretching, pauses apart.
    pub session_max: Duration,
    /// A hold may run to 90 s while every rating in it is Live and 3 or less (domain: dose, background).
    pub low_90: bool,
    /// Short of the minimum the clicker asks "more?" when the rating has fallen by 2 (domain: dose, background).
    pub staircase: bool,
}

named! {
    /// Who presses, and with what.
    pub enum Technique {
        /// Another person's hands.
        Partner = "partner",
        /// Alone: a ball between the back and a wall.
        Ball = "ball",
        /// Alone: a hook or cane, the arms as its lever.
        Cane = "cane",
        /// Alone: the knot pinned against wall or floor, and a limb or the trunk moved slowly.
        PinAndStretch = "pin-and-stretch",
    }
}

/// A set of figures that keeps every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan(PlanParams);

/// A rule that figures break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// The field.
    pub field: Field,
    /// The rule.
    pub rule: Rule,
}

named! {
    /// The fields of a plan, as a plan file spells them.
    pub enum Field {
        /// `warm_min`
        WarmMin = "warm_min",
        /// `warm_max`
        WarmMax = "warm_max",
        /// `strokes`
        Strokes = "strokes",
        /// `locate_max`
        LocateMax = "locate_max",
        /// `locate_hint`
        LocateHint = "locate_hint",
        /// `settle`
        Settle = "settle",
        /// `hold_min`
        HoldMin = "hold_min",
        /// `hold_max`
        HoldMax = "hold_max",
        /// `ceiling`
        Ceiling = "ceiling",
        /// `release`
        Release = "release",
        /// `flush`
        Flush = "flush",
        /// `moving`
        Moving = "moving",
        /// `stretch`
        Stretch = "stretch",
        /// `holds_per_spot`
        HoldsPerSpot = "holds_per_spot",
        /// `holds`
        Holds = "holds",
        /// `holds_per_region`
        HoldsPerRegion = "holds_per_region",
        /// `holds_per_day`
        HoldsPerDay = "holds_per_day",
        /// `session_max`
        SessionMax = "session_max",
        /// `low_90`
        Low90 = "low_90",
        /// `staircase`
        Staircase = "staircase",
    }
}

/// What a figure may be. Seconds, ratings or counts, as the field has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Fixed: it can only be this.
    Exactly(u64),
    /// It may be lowered to `least`, never raised above `most`.
    Between {
        /// The least.
        least: u64,
        /// The most.
        most: u64,
    },
    /// It may not be longer than another field of the plan.
    NotAbove(Field),
}

/// Thousandths in a second, a rating or a count.
const FINE: u64 = 1_000;

/// A day has no more holds in one region than a session has, and two more than a session in all: the project's own
/// cautious reading, since the guide gives limits for a spot and a session alone. No plan allows more.
pub const REGION_A_DAY: u32 = 6;
const HOLDS_A_DAY: u32 = 8;

impl Technique {
    /// Whether whoever clicks presses too.
    #[must_use]
    pub const fn is_alone(self) -> bool {
        match self {
            Self::Partner => false,
            Self::Ball | Self::Cane | Self::PinAndStretch => true,
        }
    }

    /// The least and the longest hold in seconds: 30 to 60 with a partner, 20 to 30 alone (domain, given).
    const fn hold(self) -> (u64, u64) {
        if self.is_alone() { (20, 30) } else { (30, 60) }
    }

    /// How often a hold is accompanied: by posture (promise 7), or by what is moved.
    pub(crate) const fn reminder(self) -> Duration {
        match self {
            Self::Partner | Self::Ball | Self::Cane => rules::POSTURE,
            Self::PinAndStretch => rules::REPETITION,
        }
    }

    /// Whether it may be used on this region. Under the skull no weight is borne and only finger pads press, and the
    /// quadratus lumborum is for thumbs (domain: body chart); a ball, a hook or a wall is neither.
    #[must_use]
    pub const fn may_press(self, region: Region) -> bool {
        match region {
            Region::Suboccipital | Region::QuadratusLumborum => !self.is_alone(),
            Region::UpperTrapezius
            | Region::LevatorScapulae
            | Region::MiddleTrapezius
            | Region::LowerTrapezius
            | Region::Rhomboids
            | Region::Infraspinatus
            | Region::ThoracicParaspinals
            | Region::Latissimus
            | Region::LumbarErectors
            | Region::GluteusMedius => true,
        }
    }
}

impl PlanParams {
    /// The `partner` plan, as given.
    #[must_use]
    pub fn partner() -> Self {
        Self::given(Technique::Partner)
    }

    /// The plan of this technique, as given.
    #[must_use]
    pub fn given(technique: Technique) -> Self {
        let (hold_min, hold_max) = technique.hold();
        Self {
            name: technique.name().to_owned(),
            technique,
            warm_min: Duration::from_secs(600),
            warm_max: Duration::from_secs(900),
            strokes: Duration::from_secs(90),
            locate_max: Duration::from_secs(120),
            locate_hint: Duration::from_secs(90),
            settle: Duration::from_secs(5),
            hold_min: Duration::from_secs(hold_min),
            hold_max: Duration::from_secs(hold_max),
            ceiling: Rating::CEILING,
            release: Duration::from_secs(5),
            flush: Duration::from_secs(20),
            moving: Duration::from_secs(10),
            stretch: Duration::from_secs(25),
            holds_per_spot: 2,
            holds: 6,
            holds_per_region: REGION_A_DAY,
            holds_per_day: HOLDS_A_DAY,
            session_max: Duration::from_secs(1200),
            low_90: false,
            staircase: false,
        }
    }

    /// The longest a hold can last from the lean, whatever is clicked in it.
    #[must_use]
    pub const fn hold_longest(&self) -> Duration {
        if self.low_90 { rules::LOW_HOLD } else { self.hold_max }
    }

    /// Whether it rests on background figures, out of studies, instead of the given ones alone. It is labelled so
    /// wherever it is offered.
    #[must_use]
    pub const fn is_background(&self) -> bool {
        self.low_90 || self.staircase
    }

    /// Each figure in thousandths, so that half a second beyond a rule is beyond it.
    fn rules(&self) -> [(Field, u64, Rule); 23] {
        use Rule::{Between, Exactly, NotAbove};
        let between = |least, most| Between { least, most };
        let (hold_min, hold_max) = self.technique.hold();
        // Both need ratings all through the hold, and alone there are none between its start and its end.
        let another_presses = u64::from(!self.technique.is_alone());
        let fine = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        [
            (Field::WarmMin, fine(self.warm_min), between(600, 900)),
            (Field::WarmMax, fine(self.warm_max), between(600, 900)),
            (Field::WarmMin, fine(self.warm_min), NotAbove(Field::WarmMax)),
            (Field::Strokes, fine(self.strokes), between(60, 180)),
            (Field::LocateMax, fine(self.locate_max), between(30, 120)),
            (Field::LocateHint, fine(self.locate_hint), between(15, 120)),
            (Field::LocateHint, fine(self.locate_hint), NotAbove(Field::LocateMax)),
            (Field::Settle, fine(self.settle), between(5, 15)),
            (Field::HoldMin, fine(self.hold_min), Exactly(hold_min)),
            (Field::HoldMax, fine(self.hold_max), between(hold_min, hold_max)),
            (Field::Ceiling, FINE * u64::from(self.ceiling.value()), between(1, 5)),
            (Field::Release, fine(self.release), between(5, 15)),
            (Field::Flush, fine(self.flush), between(20, 60)),
            (Field::Moving, fine(self.moving), between(10, 60)),
            (Field::Stretch, fine(self.stretch), between(10, 60)),
            (Field::HoldsPerSpot, FINE * u64::from(self.holds_per_spot), between(1, 2)),
            (Field::Holds, FINE * u64::from(self.holds), between(1, 6)),
            (Field::HoldsPerRegion, FINE * u64::from(self.holds_per_region), between(1, REGION_A_DAY.into())),
            (Field::HoldsPerDay, FINE * u64::from(self.holds_per_day), between(1, HOLDS_A_DAY.into())),
            (Field::SessionMax, fine(self.session_max), between(60, 1200)),
            (Field::HoldsPerSpot, FINE * u64::from(self.holds_per_spot), NotAbove(Field::Holds)),
            (Field::Low90, FINE * u64::from(self.low_90), between(0, another_presses)),
            (Field::Staircase, FINE * u64::from(self.staircase), between(0, another_presses)),
        ]
    }

    fn value(&self, field: Field) -> u64 {
        self.rules().into_iter().find(|rule| rule.0 == field).map_or(0, |rule| rule.1)
    }
}

impl Plan {
    /// The plan with these figures, or every rule they break.
    ///
    /// # Errors
    /// One [`Broken`] a rule, in the order of the fields.
    pub fn build(figures: PlanParams) -> Result<Self, Vec<Broken>> {
        let broken: Vec<Broken> = figures
            .rules()
            .into_iter()
            .filter(|&(_, value, rule)| match rule {
                Rule::Exactly(only) => value != FINE * only,
                Rule::Between { least, most } => value < FINE * least || value > FINE * most,
                Rule::NotAbove(other) => value > figures.value(other),
            })
            .map(|(field, _, rule)| Broken { field, rule })
            .collect();
        if broken.is_empty() { Ok(Self(figures)) } else { Err(broken) }
    }

    /// The `partner` plan, as given.
    #[must_use]
    pub fn partner() -> Self {
        Self(PlanParams::partner())
    }
}

impl core::ops::Deref for Plan {
    type Target = PlanParams;

    fn deref(&self) -> &PlanParams {
        &self.0
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rule {
            Rule::Exactly(only) => write!(f, "`{}` is fixed at {only}", self.field.name()),
            Rule::Between { least, most } => {
                write!(f, "`{}` may be {least} to {most}", self.field.name())
            }
            Rule::NotAbove(other) => {
                write!(f, "`{}` may not be above `{}`", self.field.name(), other.name())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_given_plans_keep_the_rules() {
        assert_eq!(Plan::build(PlanParams::partner()), Ok(Plan::partner()));
        for &technique in Technique::ALL {
            assert!(Plan::build(PlanParams::given(technique)).is_ok(), "{technique}");
        }
    }

    #[test]
    fn alone_a_hold_is_twenty_to_thirty_seconds_and_has_no_exceptions() {
        let ball = PlanParams::given(Technique::Ball);
        let broken =
            |figures, field, rule| assert_eq!(Plan::build(figures), Err(vec![Broken { field, rule }]));
        let most = Rule::Between { least: 20, most: 30 };
        broken(PlanParams { hold_max: Duration::from_secs(31), ..ball.clone() }, Field::HoldMax, most);
        broken(
            PlanParams { hold_min: Duration::from_secs(30), ..ball.clone() },
            Field::HoldMin,
            Rule::Exactly(20),
        );
        let never = Rule::Between { least: 0, most: 0 };
        broken(PlanParams { low_90: true, ..ball.clone() }, Field::Low90, never);
        broken(PlanParams { staircase: true, ..ball }, Field::Staircase, never);
        let both = PlanParams { low_90: true, staircase: true, ..PlanParams::partner() };
        assert!(Plan::build(both).is_ok_and(|plan| plan.is_background()));
    }

    #[test]
    fn a_harsher_plan_cannot_be_built() {
        let ms = Duration::from_millis;
        let longer = PlanParams { hold_max: ms(60_001), ..PlanParams::partner() };
        let shorter = PlanParams { hold_min: ms(29_001), ..PlanParams::partner() };
        let unflushed = PlanParams { flush: ms(19_999), ..PlanParams::partner() };
        let broken = |field, rule| Err(vec![Broken { field, rule }]);
        assert_eq!(Plan::build(longer), broken(Field::HoldMax, Rule::Between { least: 30, most: 60 }));
        assert_eq!(Plan::build(shorter), broken(Field::HoldMin, Rule::Exactly(30)));
        assert_eq!(Plan::build(unflushed), broken(Field::Flush, Rule::Between { least: 20, most: 60 }));
    }
}
