//! Facts from earlier sessions of the receiver, as the header has them. Ages were computed when the session began, so
//! that it can be replayed without a clock and without those sessions.

use core::time::Duration;

use coach::body::Side;
use coach::screening::Question;
use coach::{Before, Cleared, Day, Past, Pressed, Worked};
use serde::{Deserialize, Serialize};

use crate::entry::StoredSpot;
use crate::header::SetupError;

/// What was known of the receiver from before.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PastKept {
    /// The day of the session, as the calendar of its place has it.
    #[serde(default, with = "crate::names::day", skip_serializing_if = "Option::is_none")]
    pub today: Option<Day>,
    /// Conditions that a health professional has cleared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cleared: Vec<ClearedKept>,
    /// What was pressed within the 48 hours before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub worked: Vec<WorkedKept>,
    /// Spots that SHARP closed, and that have to be asked about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sharps: Vec<PlaceBefore>,
}

/// An earlier answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClearedKept {
    /// The question that was answered yes.
    #[serde(with = "crate::names")]
    pub question: Question,
    /// The day of the first answer that massage is fine.
    #[serde(with = "crate::names::one_day")]
    pub on: Day,
}

/// A place and how long before the session began something was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceBefore {
    /// The receiver's side.
    #[serde(with = "crate::names")]
    pub side: Side,
    /// Centimetres out from the midline of the spine.
    pub out_cm: u8,
    /// Centimetres down from the base of the skull.
    pub down_cm: u8,
    /// How long before.
    pub ago_ms: u64,
}

/// Pressure at a place, and how long before the session began it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkedKept {
    /// The receiver's side.
    #[serde(with = "crate::names")]
    pub side: Side,
    /// Centimetres out from the midline of the spine.
    pub out_cm: u8,
    /// Centimetres down from the base of the skull.
    pub down_cm: u8,
    /// How long before.
    pub ago_ms: u64,
    /// For how long was pressed.
    pub pressed_ms: u64,
}

impl PastKept {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// As the coach has it.
    pub(crate) fn past(&self) -> Result<Past, SetupError> {
        Ok(Past {
            today: self.today,
            cleared: self.cleared.iter().map(|&kept| kept.into()).collect(),
            worked: self.worked.iter().map(|&kept| kept.worked()).collect::<Result<_, _>>()?,
            sharps: self.sharps.iter().map(|&one| one.before()).collect::<Result<_, _>>()?,
        })
    }
}

impl PlaceBefore {
    /// The place alone.
    pub(crate) const fn place(self) -> StoredSpot {
        StoredSpot { side: self.side, out_cm: self.out_cm, down_cm: self.down_cm }
    }

    fn before(self) -> Result<Before, SetupError> {
        Ok(Before { spot: self.place().try_into()?, ago: Duration::from_millis(self.ago_ms) })
    }
}

impl WorkedKept {
    /// As the coach has it.
    pub(crate) fn worked(self) -> Result<Worked, SetupError> {
        let Self { side, out_cm, down_cm, ago_ms, pressed_ms } = self;
        let spot = StoredSpot { side, out_cm, down_cm }.try_into()?;
        let pressed = Pressed::new(spot, Duration::from_millis(pressed_ms));
        Ok(Worked { pressed, ago: Duration::from_millis(ago_ms) })
    }
}

impl From<Worked> for WorkedKept {
    fn from(Worked { pressed, ago }: Worked) -> Self {
        let StoredSpot { side, out_cm, down_cm } = pressed.spot.into();
        Self { side, out_cm, down_cm, ago_ms: millis(ago), pressed_ms: millis(pressed.lasted) }
    }
}

impl From<Past> for PastKept {
    fn from(Past { today, cleared, worked, sharps }: Past) -> Self {
        Self {
            today,
            cleared: cleared.into_iter().map(ClearedKept::from).collect(),
            worked: worked.into_iter().map(WorkedKept::from).collect(),
            sharps: sharps.into_iter().map(PlaceBefore::from).collect(),
        }
    }
}

impl From<Before> for PlaceBefore {
    fn from(Before { spot, ago }: Before) -> Self {
        let StoredSpot { side, out_cm, down_cm } = spot.into();
        Self { side, out_cm, down_cm, ago_ms: millis(ago) }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl From<Cleared> for ClearedKept {
    fn from(Cleared { question, on }: Cleared) -> Self {
        Self { question, on }
    }
}

impl From<ClearedKept> for Cleared {
    fn from(ClearedKept { question, on }: ClearedKept) -> Self {
        Self { question, on }
    }
}
