//! A plan: the figures of one technique, which can be gentler than the rules and never harsher.
//!
//! A [`Plan`] can only be built through [`Plan::build`], so one that breaks a rule does not exist.

use core::fmt;
use core::time::Duration;

use crate::named::{Named, named};
use crate::rating::Rating;

/// The figures of a plan. Fields are public for reading through [`Plan`], which derefs to this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The name it is chosen by.
    pub name: String,
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
    /// From the first stroke to stretching, pauses apart.
    pub session_max: Duration,
}

/// A set of figures that keeps every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan(Figures);

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
        /// `session_max`
        SessionMax = "session_max",
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

impl Figures {
    /// The `partner` plan, as given.
    #[must_use]
    pub fn partner() -> Self {
        Self {
            name: "partner".to_owned(),
            warm_min: Duration::from_secs(600),
            warm_max: Duration::from_secs(900),
            strokes: Duration::from_secs(90),
            locate_max: Duration::from_secs(120),
            locate_hint: Duration::from_secs(90),
            settle: Duration::from_secs(5),
            hold_min: Duration::from_secs(30),
            hold_max: Duration::from_secs(60),
            ceiling: Rating::CEILING,
            release: Duration::from_secs(5),
            flush: Duration::from_secs(20),
            moving: Duration::from_secs(10),
            stretch: Duration::from_secs(25),
            holds_per_spot: 2,
            holds: 6,
            session_max: Duration::from_secs(1200),
        }
    }

    /// Each figure in thousandths, so that half a second beyond a rule is beyond it.
    fn rules(&self) -> [(Field, u64, Rule); 19] {
        use Rule::{Between, Exactly, NotAbove};
        let between = |least, most| Between { least, most };
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
            (Field::HoldMin, fine(self.hold_min), Exactly(30)),
            (Field::HoldMax, fine(self.hold_max), between(30, 60)),
            (Field::Ceiling, FINE * u64::from(self.ceiling.value()), between(1, 5)),
            (Field::Release, fine(self.release), between(5, 15)),
            (Field::Flush, fine(self.flush), between(20, 60)),
            (Field::Moving, fine(self.moving), between(10, 60)),
            (Field::Stretch, fine(self.stretch), between(10, 60)),
            (Field::HoldsPerSpot, FINE * u64::from(self.holds_per_spot), between(1, 2)),
            (Field::Holds, FINE * u64::from(self.holds), between(1, 6)),
            (Field::SessionMax, fine(self.session_max), between(60, 1200)),
            (Field::HoldsPerSpot, FINE * u64::from(self.holds_per_spot), NotAbove(Field::Holds)),
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
    pub fn build(figures: Figures) -> Result<Self, Vec<Broken>> {
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
        Self(Figures::partner())
    }
}

impl core::ops::Deref for Plan {
    type Target = Figures;

    fn deref(&self) -> &Figures {
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
    fn the_given_plan_keeps_the_rules() {
        assert_eq!(Plan::build(Figures::partner()), Ok(Plan::partner()));
    }

    #[test]
    fn a_harsher_plan_cannot_be_built() {
        let ms = Duration::from_millis;
        let longer = Figures { hold_max: ms(60_001), ..Figures::partner() };
        let shorter = Figures { hold_min: ms(29_001), ..Figures::partner() };
        let unflushed = Figures { flush: ms(19_999), ..Figures::partner() };
        let broken = |field, rule| Err(vec![Broken { field, rule }]);
        assert_eq!(Plan::build(longer), broken(Field::HoldMax, Rule::Between { least: 30, most: 60 }));
        assert_eq!(Plan::build(shorter), broken(Field::HoldMin, Rule::Exactly(30)));
        assert_eq!(Plan::build(unflushed), broken(Field::Flush, Rule::Between { least: 20, most: 60 }));
    }
}
