//! Pressings of a session, from its entries: each time the coach called for pressure, with or without a completed hold.

use core::time::Duration;

use coach::body::Spot;
use coach::{Because, LONGEST_HOLD, Outcome, Phase, Pressed};

use crate::entry::{Entry, Kind};

/// One time that pressure was called for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pressing {
    /// The place of the entry by which the lean began.
    pub lean: usize,
    /// When the lean began.
    pub lean_ms: u64,
    /// Where, and for how long. Where it is not on record that it ended, it lasted for as long as a hold of its plan can.
    pub pressed: Pressed,
    /// How the hold ended; `None` for a lean that a nudge broke off, and for one that is not on record to its end.
    pub outcome: Option<Outcome>,
}

impl Pressing {
    /// When pressure came off, or may have at the latest.
    #[must_use]
    pub fn over_ms(&self) -> u64 {
        let lasted = u64::try_from(self.pressed.lasted.as_millis()).unwrap_or(u64::MAX);
        self.lean_ms.saturating_add(lasted)
    }
}

/// The pressings of a session, in their order.
#[must_use]
pub fn pressings(entries: &[Entry]) -> Vec<Pressing> {
    let mut pressings: Vec<Pressing> = Vec::new();
    let mut longest = LONGEST_HOLD;
    let mut spot: Option<Spot> = None;
    // The lean of the last of them is not over.
    let mut leans = false;
    for (index, entry) in entries.iter().enumerate() {
        let over = match entry.kind {
            Kind::Session(ref header) => {
                longest = header.plan.figures().hold_longest();
                None
            }
            Kind::Spot(place) => {
                spot = Spot::try_from(place).ok();
                None
            }
            Kind::Phase { to: Phase::Settling, .. } => {
                leans = spot.is_some();
                pressings.extend(spot.map(|spot| Pressing {
                    lean: index,
                    lean_ms: entry.at_ms,
                    pressed: Pressed::new(spot, longest),
                    outcome: None,
                }));
                None
            }
            Kind::Phase { from: Phase::Settling, because: Because::Nudged, .. } => Some((None, None)),
            Kind::Hold { outcome, pressed_ms, .. } => Some((Some(outcome), Some(pressed_ms))),
            _ => None,
        };
        if let (true, Some((outcome, pressed_ms)), Some(last)) = (leans, over, pressings.last_mut()) {
            let lasted = pressed_ms.unwrap_or_else(|| entry.at_ms.saturating_sub(last.lean_ms));
            *last = Pressing {
                outcome,
                pressed: Pressed::new(last.pressed.spot, Duration::from_millis(lasted)),
                ..*last
            };
            leans = false;
        }
    }
    pressings
}
