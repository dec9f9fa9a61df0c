//! The first entry of a session: everything decided before it began, so that a session can be replayed from its
//! transcript alone.

use core::time::Duration;

use coach::body::{Spot, Table};
use coach::{Broken, Learn, Phase, Plan, PlanParams, Rating, Refusal, Setup, Technique};
use serde::{Deserialize, Serialize};

use crate::entry::StoredSpot;
use crate::past::PastKept;

/// The version of the form of the entries, and of the rules that a session is led by. Raised when the form changes, or
/// when the same inputs lead to other outputs. A session of another version is refused.
pub const SCHEMA: u32 = 1;

/// Everything decided before the session began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The id of the session: a UUID of version 7, as text.
    pub id: String,
    /// What wrote it.
    pub versions: Versions,
    /// The plan.
    pub plan: PlanKept,
    /// The seed of a simulated session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// The wall time at which the session began, as RFC 3339.
    pub wall: String,
    /// Name of the receiver, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receiver: Option<String>,
    /// Spots that SHARP had closed within the 48 hours before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<StoredSpot>,
    /// Other facts from earlier sessions of the receiver.
    #[serde(default, skip_serializing_if = "PastKept::is_empty")]
    pub past: PastKept,
    /// Id of the clicker in the receiver's hand, as this computer's Bluetooth system names it. `None` in practice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clicker: Option<String>,
    /// Height of the table, if the partner gave it.
    #[serde(default, with = "crate::names::perhaps", skip_serializing_if = "Option::is_none")]
    pub table: Option<Table>,
    /// Lesson on the clicker: offered to a new receiver, or the whole session.
    #[serde(default, with = "crate::names::perhaps", skip_serializing_if = "Option::is_none")]
    pub learn: Option<Learn>,
}

/// Kind of practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Practice {
    /// By keyboard or by a script.
    Keyboard,
    /// Of simulated people.
    Simulated {
        /// Seed of the random numbers.
        seed: u64,
    },
}

impl Header {
    /// The kind of practice; `None` if a receiver held a clicker.
    #[must_use]
    pub const fn practice(&self) -> Option<Practice> {
        match (self.seed, &self.clicker) {
            (Some(seed), _) => Some(Practice::Simulated { seed }),
            (None, None) => Some(Practice::Keyboard),
            (None, Some(_)) => None,
        }
    }
}

/// The versions a session was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// Of the program.
    pub program: String,
    /// Of the words on the air, `major.minor`.
    pub wire: String,
    /// Of the form of the entries: [`SCHEMA`].
    pub schema: u32,
}

/// The plan of the session: its text for people, its figures for the replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanKept {
    /// Its name.
    pub name: String,
    /// The text of the plan file.
    pub text: String,
    /// The figures read from the text.
    pub figures: PlanFigures,
}

/// The figures of a plan. Times are in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the field of the same name of `coach::PlanParams`")]
pub struct PlanFigures {
    pub warm_min_ms: u64,
    pub warm_max_ms: u64,
    pub strokes_ms: u64,
    pub locate_max_ms: u64,
    pub locate_hint_ms: u64,
    pub settle_ms: u64,
    pub hold_min_ms: u64,
    pub hold_max_ms: u64,
    #[serde(with = "crate::names::rating")]
    pub ceiling: Rating,
    pub release_ms: u64,
    pub flush_ms: u64,
    pub moving_ms: u64,
    pub stretch_ms: u64,
    pub holds_per_spot: u32,
    pub holds: u32,
    pub holds_per_region: u32,
    pub holds_per_day: u32,
    pub session_max_ms: u64,
    #[serde(with = "crate::names")]
    pub technique: Technique,
    pub low_90: bool,
    pub staircase: bool,
}

/// Why a header does not give a session that can be run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// It was led by another version's rules.
    #[error("this session has the form {0} and this program knows {SCHEMA}: use the program that led it")]
    Schema(u32),
    /// Its figures break rules: it was not written by this program, or was changed since.
    #[error("the plan `{name}` of this session breaks a rule: {}", rules(broken))]
    Plan {
        /// The name of the plan.
        name: String,
        /// The rules it breaks.
        broken: Vec<Broken>,
    },
    /// A closed spot lies where no spot can lie.
    #[error(
        "a closed spot of this session ({} cm out and {} cm down on the {}) is none that the chart has: {why}",
        place.out_cm,
        place.down_cm,
        place.side
    )]
    Spot {
        /// Where it lies.
        place: StoredSpot,
        /// Why there is no spot there.
        why: Refusal,
    },
}

impl Header {
    /// What the coach is begun with.
    ///
    /// # Errors
    /// Where the header was not written by this program, or was changed since.
    pub fn setup(&self) -> Result<Setup, SetupError> {
        if self.versions.schema != SCHEMA {
            return Err(SetupError::Schema(self.versions.schema));
        }
        let plan = Plan::build(self.plan.figures())
            .map_err(|broken| SetupError::Plan { name: self.plan.name.clone(), broken })?;
        let closed = self.closed.iter().map(|place| Spot::try_from(*place)).collect::<Result<_, _>>()?;
        Ok(Setup { plan, closed, past: self.past.past()?, table: self.table, learn: self.learn })
    }
}

impl Header {
    /// The phase in which it begins.
    #[must_use]
    pub const fn begins_in(&self) -> Phase {
        match self.learn {
            Some(Learn::Only) => Phase::Learning,
            Some(Learn::Offered) | None => Phase::Screening,
        }
    }
}

impl PlanKept {
    /// A plan and the text it was read from.
    #[must_use]
    pub fn new(plan: &Plan, text: impl Into<String>) -> Self {
        Self { name: plan.name.clone(), text: text.into(), figures: (&**plan).into() }
    }

    /// Its figures as the coach has them.
    #[must_use]
    pub fn figures(&self) -> PlanParams {
        let figures = &self.figures;
        PlanParams {
            name: self.name.clone(),
            warm_min: Duration::from_millis(figures.warm_min_ms),
            warm_max: Duration::from_millis(figures.warm_max_ms),
            strokes: Duration::from_millis(figures.strokes_ms),
            locate_max: Duration::from_millis(figures.locate_max_ms),
            locate_hint: Duration::from_millis(figures.locate_hint_ms),
            settle: Duration::from_millis(figures.settle_ms),
            hold_min: Duration::from_millis(figures.hold_min_ms),
            hold_max: Duration::from_millis(figures.hold_max_ms),
            ceiling: figures.ceiling,
            release: Duration::from_millis(figures.release_ms),
            flush: Duration::from_millis(figures.flush_ms),
            moving: Duration::from_millis(figures.moving_ms),
            stretch: Duration::from_millis(figures.stretch_ms),
            holds_per_spot: figures.holds_per_spot,
            holds: figures.holds,
            holds_per_region: figures.holds_per_region,
            holds_per_day: figures.holds_per_day,
            session_max: Duration::from_millis(figures.session_max_ms),
            technique: figures.technique,
            low_90: figures.low_90,
            staircase: figures.staircase,
        }
    }
}

impl TryFrom<StoredSpot> for Spot {
    type Error = SetupError;

    fn try_from(place: StoredSpot) -> Result<Self, SetupError> {
        Self::new(place.side, place.out_cm, place.down_cm).map_err(|why| SetupError::Spot { place, why })
    }
}

impl From<&PlanParams> for PlanFigures {
    fn from(figures: &PlanParams) -> Self {
        let PlanParams {
            name: _,
            warm_min,
            warm_max,
            strokes,
            locate_max,
            locate_hint,
            settle,
            hold_min,
            hold_max,
            ceiling,
            release,
            flush,
            moving,
            stretch,
            holds_per_spot,
            holds,
            holds_per_region,
            holds_per_day,
            session_max,
            technique,
            low_90,
            staircase,
        } = figures;
        Self {
            warm_min_ms: millis(*warm_min),
            warm_max_ms: millis(*warm_max),
            strokes_ms: millis(*strokes),
            locate_max_ms: millis(*locate_max),
            locate_hint_ms: millis(*locate_hint),
            settle_ms: millis(*settle),
            hold_min_ms: millis(*hold_min),
            hold_max_ms: millis(*hold_max),
            ceiling: *ceiling,
            release_ms: millis(*release),
            flush_ms: millis(*flush),
            moving_ms: millis(*moving),
            stretch_ms: millis(*stretch),
            holds_per_spot: *holds_per_spot,
            holds: *holds,
            holds_per_region: *holds_per_region,
            holds_per_day: *holds_per_day,
            session_max_ms: millis(*session_max),
            technique: *technique,
            low_90: *low_90,
            staircase: *staircase,
        }
    }
}

/// Plan files give whole seconds at the finest, so nothing is lost.
fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn rules(broken: &[Broken]) -> String {
    broken.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use coach::body::Side;
    use coach::screening::Question;
    use coach::{Before, Cleared, Day, Past, Pressed, Worked};

    fn header(plan: PlanKept, closed: Vec<StoredSpot>) -> Header {
        Header {
            id: "01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
            versions: Versions { program: "0.1.0".to_owned(), wire: "1.0".to_owned(), schema: SCHEMA },
            plan,
            seed: None,
            wall: "2026-11-22T18:00:00Z".to_owned(),
            receiver: None,
            closed,
            past: PastKept::default(),
            clicker: None,
            table: Some(Table::Bed),
            learn: Some(Learn::Offered),
        }
    }

    #[test]
    fn a_header_gives_back_the_setup_it_was_made_of() {
        let gentler = PlanParams {
            warm_min: Duration::from_secs(601),
            warm_max: Duration::from_secs(702),
            strokes: Duration::from_secs(63),
            locate_max: Duration::from_secs(104),
            locate_hint: Duration::from_secs(45),
            settle: Duration::from_secs(6),
            hold_max: Duration::from_secs(47),
            ceiling: Rating::new(4).unwrap(),
            release: Duration::from_secs(8),
            flush: Duration::from_secs(29),
            moving: Duration::from_secs(11),
            stretch: Duration::from_secs(31),
            holds_per_spot: 1,
            holds: 2,
            holds_per_region: 3,
            holds_per_day: 4,
            session_max: Duration::from_secs(913),
            low_90: true,
            staircase: true,
            name: "gentler".to_owned(),
            ..PlanParams::partner()
        };
        let plan = Plan::build(gentler).unwrap();
        let spot = Spot::new(Side::Right, 6, 12).unwrap();
        let header = header(PlanKept::new(&plan, "# text"), vec![spot.into()]);
        let on = Day::new(2026, 11, 2).unwrap();
        let ago = |ms| Before { spot, ago: Duration::from_millis(ms) };
        let past = Past {
            today: Day::new(2026, 11, 3),
            cleared: vec![Cleared { question: Question::Clot, on }],
            worked: vec![Worked { pressed: Pressed::new(spot, Duration::from_secs(47)), ago: ago(14).ago }],
            sharps: vec![ago(15)],
        };
        let header = Header { past: past.clone().into(), ..header };
        let line = serde_json::to_string(&header).unwrap();
        assert!(line.contains(r#""today":"2026-11-03""#), "{line}");
        let header: Header = serde_json::from_str(&line).unwrap();
        let setup = Setup {
            closed: vec![spot],
            past,
            table: Some(Table::Bed),
            learn: Some(Learn::Offered),
            ..Setup::of(plan)
        };
        assert_eq!(header.setup(), Ok(setup));
    }

    #[test]
    fn a_session_of_another_form_is_not_led_by_these_rules() {
        let mut header = header(PlanKept::new(&Plan::partner(), ""), vec![]);
        header.versions.schema = SCHEMA + 1;
        let refused = header.setup().unwrap_err();
        assert_eq!(refused, SetupError::Schema(SCHEMA + 1));
        assert!(refused.to_string().contains("use the program that led it"), "{refused}");
    }

    #[test]
    fn every_figure_is_stored_and_required() {
        let ball = Plan::build(PlanParams::given(Technique::Ball)).unwrap();
        assert_eq!(header(PlanKept::new(&ball, ""), vec![]).setup().unwrap().plan, ball);
        let figures = serde_json::to_value(PlanKept::new(&Plan::partner(), "").figures).unwrap();
        let figures = figures.as_object().unwrap();
        for name in figures.keys() {
            let mut without = figures.clone();
            without.remove(name);
            assert!(serde_json::from_value::<PlanFigures>(without.into()).is_err(), "{name} may be left out");
        }
    }

    #[test]
    fn a_header_that_was_changed_gives_none() {
        let mut harsher = PlanKept::new(&Plan::partner(), "");
        harsher.figures.hold_max_ms = 90_000;
        let error = header(harsher, vec![]).setup().unwrap_err();
        assert_eq!(
            error.to_string(),
            "the plan `partner` of this session breaks a rule: `hold_max` may be 30 to 60"
        );
        let spine = StoredSpot { side: Side::Left, out_cm: 1, down_cm: 12 };
        let error = header(PlanKept::new(&Plan::partner(), ""), vec![spine]).setup().unwrap_err();
        assert_eq!(error, SetupError::Spot { place: spine, why: Refusal::ClosedSpine });
    }
}
