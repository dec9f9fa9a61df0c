//! Where pain is felt, and where it is commonly felt from a knot (referred pain).
//!
//! **Invariant:** a [`Felt`] is no [`Spot`] and none can be made of it: it may stand on closed ground, on the spine too,
//! because nothing is ever pressed there.

use super::spot::is_one_place;
use super::{DOWN_MAX_CM, OUT_MAX_CM, Region, Side, Spot, Toward};
use crate::named::named;
use crate::output::Refusal;

/// A place of the chart at which pain is felt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Felt {
    side: Side,
    out: u8,
    down: u8,
}

named! {
    /// What is said of where it is felt (domain: body chart). What these make of the chart's centimetres is the project's
    /// own reading, to be checked by a physiotherapist.
    pub enum Referral {
        /// From the upper trapezius: the neck, and the temple, which lies beyond the chart.
        NeckAndTemple = "neck-and-temple",
        /// From levator scapulae: the base of the neck.
        BaseOfNeck = "base-of-neck",
        /// From quadratus lumborum: the low back.
        LowBack = "low-back",
        /// None of the common ones.
        Other = "other",
    }
}

/// The neck ends at C7, this far down, and is at most this wide on the chart.
const NECK_DOWN_CM: u8 = 10;
const NECK_OUT_CM: u8 = 8;
/// The base of the neck begins this far down, ends a little below C7, and is this wide.
const BASE_FROM_CM: u8 = 6;
const BASE_TO_CM: u8 = 12;
const BASE_OUT_CM: u8 = 6;
/// The low back begins at the last rib's level and ends with the sacrum; it is as wide as the erectors and what lies
/// beside them.
const LOW_FROM_CM: u8 = 39;
const LOW_OUT_CM: u8 = 10;

impl Felt {
    /// On this side, so many centimetres out from the midline of the spine and down from the base of the skull.
    ///
    /// # Errors
    /// Beyond the chart.
    pub const fn new(side: Side, out_cm: u8, down_cm: u8) -> Result<Self, Refusal> {
        if out_cm > OUT_MAX_CM || down_cm > DOWN_MAX_CM {
            return Err(Refusal::OffTheChart);
        }
        Ok(Self { side, out: out_cm, down: down_cm })
    }

    /// The receiver's side. On the midline that from which it came there.
    #[must_use]
    pub const fn side(self) -> Side {
        self.side
    }

    /// Centimetres out from the midline of the spine.
    #[must_use]
    pub const fn out_cm(self) -> u8 {
        self.out
    }

    /// Centimetres down from the base of the skull.
    #[must_use]
    pub const fn down_cm(self) -> u8 {
        self.down
    }

    /// 1 cm further in this direction, across the spine too.
    ///
    /// # Errors
    /// Beyond the chart.
    pub const fn nudged(self, toward: Toward) -> Result<Self, Refusal> {
        let Self { side, out, down } = self;
        match (side, toward) {
            (Side::Left, Toward::Left) | (Side::Right, Toward::Right) => Self::new(side, out + 1, down),
            (Side::Left, Toward::Right) if out == 0 => Self::new(Side::Right, 1, down),
            (Side::Right, Toward::Left) if out == 0 => Self::new(Side::Left, 1, down),
            (Side::Left, Toward::Right) | (Side::Right, Toward::Left) => Self::new(side, out - 1, down),
            (Side::Left | Side::Right, Toward::Head) => match down.checked_sub(1) {
                Some(down) => Self::new(side, out, down),
                None => Err(Refusal::OffTheChart),
            },
            (Side::Left | Side::Right, Toward::Feet) => Self::new(side, out, down + 1),
        }
    }

    /// What is said of it, where the knot is at `spot`.
    #[must_use]
    pub fn referral(self, spot: Spot) -> Referral {
        let same_side = self.side == spot.side() || self.out == 0;
        if !same_side || self.is_at(spot) {
            return Referral::Other;
        }
        let within =
            |down: core::ops::RangeInclusive<u8>, out: u8| down.contains(&self.down) && self.out <= out;
        match spot.area().region {
            Region::UpperTrapezius if within(0..=NECK_DOWN_CM, NECK_OUT_CM) => Referral::NeckAndTemple,
            Region::LevatorScapulae if within(BASE_FROM_CM..=BASE_TO_CM, BASE_OUT_CM) => Referral::BaseOfNeck,
            Region::QuadratusLumborum if within(LOW_FROM_CM..=DOWN_MAX_CM, LOW_OUT_CM) => Referral::LowBack,
            Region::Suboccipital
            | Region::UpperTrapezius
            | Region::LevatorScapulae
            | Region::MiddleTrapezius
            | Region::LowerTrapezius
            | Region::Rhomboids
            | Region::Infraspinatus
            | Region::ThoracicParaspinals
            | Region::Latissimus
            | Region::LumbarErectors
            | Region::QuadratusLumborum
            | Region::GluteusMedius => Referral::Other,
        }
    }

    /// Whether it is felt where it is pressed.
    #[must_use]
    pub const fn is_at(self, spot: Spot) -> bool {
        is_one_place((self.side, self.out, self.down), (spot.side(), spot.out_cm(), spot.down_cm()))
    }
}

impl From<Spot> for Felt {
    fn from(spot: Spot) -> Self {
        Self { side: spot.side(), out: spot.out_cm(), down: spot.down_cm() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::Area;
    use crate::named::Named as _;

    #[test]
    fn every_place_of_the_chart_can_be_shown_and_none_beyond() {
        for (out, down, there) in
            [(0, 0, true), (17, 60, true), (1, 30, true), (18, 30, false), (3, 61, false)]
        {
            assert_eq!(Felt::new(Side::Left, out, down).is_ok(), there, "{out} out, {down} down");
        }
        let mut felt = Felt::from(Spot::new(Side::Left, 4, 20).unwrap());
        let mut seen = Vec::new();
        for _ in 0..8 {
            felt = felt.nudged(Toward::Right).unwrap();
            seen.push((felt.side(), felt.out_cm()));
        }
        let (left, right) = (Side::Left, Side::Right);
        assert_eq!(
            seen,
            [(left, 3), (left, 2), (left, 1), (left, 0), (right, 1), (right, 2), (right, 3), (right, 4)],
            "over the spine, a centimetre a nudge"
        );
        for &toward in Toward::ALL {
            let mut felt = felt;
            let steps = (0..200).take_while(|_| felt.nudged(toward).map(|next| felt = next).is_ok()).count();
            assert!(steps < 62, "{toward} has an end");
        }
    }

    #[test]
    fn the_common_patterns_are_recognised_and_nothing_else() {
        let at = |side, out, down| Felt::new(side, out, down).unwrap();
        let (left, right) = (Side::Left, Side::Right);
        for (region, felt, referral) in [
            (Region::UpperTrapezius, at(left, 6, 4), Referral::NeckAndTemple),
            (Region::UpperTrapezius, at(left, 4, 0), Referral::NeckAndTemple),
            (Region::UpperTrapezius, at(right, 6, 4), Referral::Other),
            (Region::UpperTrapezius, at(left, 6, 30), Referral::Other),
            (Region::LevatorScapulae, at(left, 4, 8), Referral::BaseOfNeck),
            (Region::LevatorScapulae, at(left, 12, 8), Referral::Other),
            (Region::QuadratusLumborum, at(left, 4, 47), Referral::LowBack),
            (Region::QuadratusLumborum, at(left, 0, 47), Referral::LowBack),
            (Region::QuadratusLumborum, at(left, 8, 10), Referral::Other),
            (Region::Rhomboids, at(left, 6, 4), Referral::Other),
        ] {
            let spot = Spot::centre(Area { side: left, region });
            assert_eq!(felt.referral(spot), referral, "{region}: {felt:?}");
            assert_eq!(
                Felt::from(spot).referral(spot),
                Referral::Other,
                "where it is pressed is not elsewhere"
            );
        }
    }
}
