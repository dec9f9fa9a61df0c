//! Model of the receiver's back: a knot that hurts more under more pressure, eases while it is held, and lies slightly
//! off the chart's spot.
//!
//! Its only purpose is realistic sessions. It is not a model of a body, and no figure in it is a finding.

use crate::rng::SeededRng;

/// Pressure as a share of the partner's weight, from 0 (none) to 1000 (all of it).
pub type Pressure = u32;

/// Offset from the spot that the chart proposed first, in centimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offset {
    /// Toward the receiver's right.
    pub right: i32,
    /// Toward the feet.
    pub feet: i32,
}

impl Offset {
    /// Number of 1 cm nudges from here to `there`.
    #[must_use]
    pub const fn nudges_to(self, there: Self) -> u32 {
        self.right.abs_diff(there.right) + self.feet.abs_diff(there.feet)
    }
}

/// A knot.
#[derive(Debug, Clone)]
pub struct Knot {
    /// True position.
    pub at: Offset,
    /// Pain under full weight and full tension, in tenths of a rating.
    sensitivity: u32,
    /// Tension, from [`EASED`] to 1000.
    tension: u32,
    /// Random offset of the perceived pain, in tenths of a rating.
    wander: i32,
}

/// Lower limit of the tension in one session: relief is partial.
const EASED: u32 = 350;

/// Share of the tension above [`EASED`] that goes per half second under pressure, per mille: it halves in about 25 s.
const EASES_PER_MILLE: u32 = 14;

/// Minimum pressure that eases a knot.
const WORKS_FROM: Pressure = 250;

/// Maximum of the random offset, in tenths of a rating.
const WANDERS: i32 = 8;

impl Knot {
    /// A knot within 2 cm of the spot in each direction.
    pub fn new(rng: &mut SeededRng) -> Self {
        let near = |rng: &mut SeededRng| i32::try_from(rng.between(0, 4)).unwrap_or(0) - 2;
        Self {
            at: Offset { right: near(rng), feet: near(rng) },
            sensitivity: rng.between(60, 160),
            tension: rng.between(700, 1000),
            wander: 0,
        }
    }

    /// Advances by half a second under this pressure.
    pub fn half_second(&mut self, pressure: Pressure, rng: &mut SeededRng) {
        if pressure >= WORKS_FROM {
            self.tension -= (self.tension - EASED) * EASES_PER_MILLE / 1000;
        }
        self.wander += i32::try_from(rng.between(0, 4)).unwrap_or(2) - 2;
        self.wander = self.wander.clamp(-WANDERS, WANDERS);
    }

    /// Perceived pain at this pressure and place, in tenths of a rating: 10 to 100.
    #[must_use]
    pub fn felt(&self, pressure: Pressure, place: Offset) -> u32 {
        let astray = place.nudges_to(self.at).min(5);
        let near = 1000 - 150 * astray;
        let hurt = self.sensitivity * pressure / 1000 * self.tension / 1000 * near / 1000;
        if hurt == 0 {
            return 10;
        }
        (10 + hurt).saturating_add_signed(self.wander).clamp(10, 100)
    }

    /// Whether it has eased noticeably.
    #[must_use]
    pub const fn has_let_go(&self) -> bool {
        self.tension < 600
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::RngStream;

    fn knot() -> (Knot, SeededRng) {
        let mut rng = SeededRng::new(5, RngStream::Receiver);
        (Knot::new(&mut rng), rng)
    }

    #[test]
    fn it_hurts_more_the_harder_and_the_nearer() {
        let (knot, _) = knot();
        let astray = Offset { right: knot.at.right + 3, ..knot.at };
        assert!(knot.felt(800, knot.at) > knot.felt(400, knot.at));
        assert!(knot.felt(800, knot.at) > knot.felt(800, astray));
        assert_eq!(knot.felt(0, knot.at), 10);
    }

    #[test]
    fn it_eases_under_pressure_and_not_without() {
        let (mut knot, mut rng) = knot();
        let before = knot.tension;
        (0..120).for_each(|_| knot.half_second(0, &mut rng));
        assert_eq!(knot.tension, before);
        (0..120).for_each(|_| knot.half_second(500, &mut rng));
        assert!(knot.has_let_go() && knot.tension >= EASED);
    }
}
