//! A place on the back at which a hold may be.
//!
//! **Invariant:** a [`Spot`] lies on open ground of the chart: never on the spine or 2 cm to each side of it, never on
//! the side of the neck, the kidney region, the armpit or a bony edge. There is no way to make another one.

use super::chart::{self, ground};
use super::{Area, Region, Side, Toward};
use crate::output::Refusal;

/// Spots this close to each other, in centimetres, are one spot (product: limits).
pub const SAME_SPOT_CM: u8 = 3;

/// The place beside a spot is this far away, in centimetres: the nearest that is another spot.
pub const BESIDE_CM: u8 = SAME_SPOT_CM + 1;

/// A place on the back that is not closed: never the spine, never 2 cm to each side of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Spot {
    side: Side,
    out: u8,
    down: u8,
    // What the chart says of that place. Kept, because only a place that has a region is a spot.
    region: Region,
}

impl Spot {
    /// The spot on this side, so many centimetres out from the midline of the spine and down from the base of the skull.
    ///
    /// # Errors
    /// The reason why no spot can be there: `ClosedSpine`, `ClosedNeck`, `ClosedKidney`, `ClosedArmpit`, `ClosedBone`
    /// or `OffTheChart`.
    pub const fn new(side: Side, out_cm: u8, down_cm: u8) -> Result<Self, Refusal> {
        match ground(out_cm, down_cm) {
            Ok(region) => Ok(Self { side, out: out_cm, down: down_cm, region }),
            Err(why) => Err(why),
        }
    }

    /// A spot well inside this area, from which the receiver nudges to the knot.
    #[must_use]
    pub const fn centre(area: Area) -> Self {
        let (out, down) = chart::centre(area.region);
        Self { side: area.side, out, down, region: area.region }
    }

    /// The receiver's side.
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

    /// The area it lies in.
    #[must_use]
    pub const fn area(self) -> Area {
        Area { side: self.side, region: self.region }
    }

    /// The spot 1 cm further in this direction, on the same side.
    ///
    /// # Errors
    /// The reason why there is none: the next centimetre is closed, or beyond the chart. The spine is closed, so no
    /// nudge ever leads across it.
    pub const fn nudged(self, toward: Toward) -> Result<Self, Refusal> {
        let (out, down) = match (self.side, toward) {
            (Side::Left, Toward::Left) | (Side::Right, Toward::Right) => {
                (self.out.checked_add(1), Some(self.down))
            }
            (Side::Left, Toward::Right) | (Side::Right, Toward::Left) => {
                (self.out.checked_sub(1), Some(self.down))
            }
            (Side::Left | Side::Right, Toward::Head) => (Some(self.out), self.down.checked_sub(1)),
            (Side::Left | Side::Right, Toward::Feet) => (Some(self.out), self.down.checked_add(1)),
        };
        match (out, down) {
            (Some(out), Some(down)) => Self::new(self.side, out, down),
            (None, _) | (_, None) => Err(Refusal::OffTheChart),
        }
    }

    /// Whether the two are one spot by the rules: within 3 cm of each other, as the crow flies.
    #[must_use]
    pub const fn is_same(self, other: Self) -> bool {
        is_one_place((self.side, self.out, self.down), (other.side, other.out, other.down))
    }

    /// The places beside it, each 4 cm away and so another spot, with the direction that leads there.
    ///
    /// The order is that in which they are to be tried: away from the spine, then along the back toward the feet, then
    /// toward the head, and toward the spine last. A place is named only where all of the way to it is open, so that a
    /// hand that slides there crosses no closed ground.
    pub fn beside(self) -> impl Iterator<Item = (Toward, Self)> {
        [self.side.outward(), Toward::Feet, Toward::Head, self.side.inward()].into_iter().filter_map(
            move |toward| {
                let there = (0..BESIDE_CM).try_fold(self, |spot, _| spot.nudged(toward)).ok()?;
                Some((toward, there))
            },
        )
    }
}

/// Whether two places, each by its side, its centimetres out and its centimetres down, are one by the rules: 3 cm from
/// each other or less.
pub(super) const fn is_one_place(one: (Side, u8, u8), other: (Side, u8, u8)) -> bool {
    let across = across(one.0, one.1) - across(other.0, other.1);
    let along = one.2 as i32 - other.2 as i32;
    let reach = SAME_SPOT_CM as i32;
    across * across + along * along <= reach * reach
}

/// Centimetres from the midline, the receiver's right being positive.
const fn across(side: Side, out_cm: u8) -> i32 {
    match side {
        Side::Left => -(out_cm as i32),
        Side::Right => out_cm as i32,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::chart::{DOWN_MAX_CM, OUT_MAX_CM, SPINE_CM};
    use super::*;
    use crate::Named;

    /// Every spot there is.
    fn spots() -> impl Iterator<Item = Spot> {
        let places =
            |side| (0..=u8::MAX).flat_map(move |out| (0..=u8::MAX).map(move |down| (side, out, down)));
        Side::ALL
            .iter()
            .copied()
            .flat_map(places)
            .filter_map(|(side, out, down)| Spot::new(side, out, down).ok())
    }

    #[test]
    fn no_spot_can_be_made_on_the_spine_or_beside_the_chart() {
        for spot in spots() {
            assert!(spot.out_cm() > SPINE_CM, "{spot:?}");
            assert!(spot.out_cm() <= OUT_MAX_CM && spot.down_cm() <= DOWN_MAX_CM, "{spot:?}");
        }
        assert_eq!(Spot::new(Side::Left, SPINE_CM, 20), Err(Refusal::ClosedSpine));
        assert!(
            Spot::new(Side::Left, SPINE_CM + 1, 20).is_ok(),
            "the control: one centimetre further is open"
        );
    }

    #[test]
    fn each_kind_of_closed_ground_says_which_it_is() {
        let cases = [
            (0, 30, Refusal::ClosedSpine),
            (6, 4, Refusal::ClosedNeck),
            (9, 40, Refusal::ClosedKidney),
            (15, 20, Refusal::ClosedArmpit),
            (8, 20, Refusal::ClosedBone),
            (16, 4, Refusal::OffTheChart),
        ];
        for (out, down, why) in cases {
            for &side in Side::ALL {
                assert_eq!(Spot::new(side, out, down), Err(why), "{side}, {out} out, {down} down");
            }
        }
    }

    #[test]
    fn both_sides_are_mirror_images() {
        let of = |side| {
            let half: BTreeSet<_> = spots()
                .filter(|spot| spot.side() == side)
                .map(|spot| (spot.out_cm(), spot.down_cm(), spot.area().region))
                .collect();
            half
        };
        assert_eq!(of(Side::Left), of(Side::Right));
    }

    #[test]
    fn every_area_has_open_ground_with_its_centre_in_it() {
        for area in Area::all() {
            let centre = Spot::centre(area);
            assert_eq!(Spot::new(area.side, centre.out_cm(), centre.down_cm()), Ok(centre));
            assert_eq!(centre.area(), area);
            let size = spots().filter(|spot| spot.area() == area).count();
            assert!(size >= 9, "{area} is {size} square centimetres");
        }
    }

    /// By induction every path of nudges, however long: each single nudge from each spot there is leads to a spot that
    /// could have been chosen outright, on the same side, 1 cm away, or nowhere.
    #[test]
    fn no_path_of_nudges_reaches_closed_ground_or_crosses_the_spine() {
        let all: BTreeSet<Spot> = spots().collect();
        for &spot in &all {
            for &toward in Toward::ALL {
                let Ok(next) = spot.nudged(toward) else { continue };
                assert!(all.contains(&next), "{spot:?} {toward} leads to {next:?}");
                assert_eq!(next.side(), spot.side(), "{spot:?} {toward}");
                let gone = across(next.side, next.out) - across(spot.side, spot.out);
                let moved = (gone, i32::from(next.down) - i32::from(spot.down));
                let expected = match toward {
                    Toward::Left => (-1, 0),
                    Toward::Right => (1, 0),
                    Toward::Head => (0, -1),
                    Toward::Feet => (0, 1),
                };
                assert_eq!(moved, expected, "{spot:?} {toward}");
            }
        }
    }

    #[test]
    fn a_refused_nudge_gives_the_reason_of_the_ground_it_led_to() {
        let beside_the_spine = Spot::new(Side::Left, SPINE_CM + 1, 20).unwrap();
        assert_eq!(beside_the_spine.nudged(Toward::Right), Err(Refusal::ClosedSpine));
        assert!(beside_the_spine.nudged(Toward::Left).is_ok(), "the control: away from the spine is open");
        let above_the_kidney = Spot::new(Side::Right, 9, 35).unwrap();
        assert_eq!(above_the_kidney.nudged(Toward::Feet), Err(Refusal::ClosedKidney));
        let lowest = Spot::new(Side::Right, 10, DOWN_MAX_CM).unwrap();
        assert_eq!(lowest.nudged(Toward::Feet), Err(Refusal::OffTheChart));
    }

    #[test]
    fn spots_within_three_centimetres_are_one_spot() {
        let at = |side, out, down| Spot::new(side, out, down).unwrap();
        let here = at(Side::Left, 10, 32);
        for (out, down, same) in
            [(10, 32, true), (13, 32, true), (12, 30, true), (12, 29, false), (10, 28, false)]
        {
            let there = at(Side::Left, out, down);
            assert_eq!(here.is_same(there), same, "{there:?}");
            assert_eq!(there.is_same(here), same, "{there:?}, the other way about");
        }
        assert!(!here.is_same(at(Side::Right, 10, 32)), "the mirror image is another spot");
        assert!(!at(Side::Left, 3, 20).is_same(at(Side::Right, 3, 20)), "even next to the spine");
    }

    #[test]
    fn beside_every_spot_there_is_another_spot_in_the_documented_order() {
        for spot in spots() {
            let ways: Vec<(Toward, Spot)> = spot.beside().collect();
            assert!(!ways.is_empty(), "nowhere to go from {spot:?}");
            let order = [spot.side().outward(), Toward::Feet, Toward::Head, spot.side().inward()];
            let place = |toward| order.iter().position(|&way| way == toward);
            assert!(ways.is_sorted_by_key(|&(toward, _)| place(toward)), "{spot:?}: {ways:?}");
            for (toward, there) in ways {
                assert!(!there.is_same(spot), "{spot:?} {toward}");
                assert_eq!(there.side(), spot.side(), "{spot:?} {toward}");
            }
        }
    }

    #[test]
    fn the_way_to_the_place_beside_crosses_no_closed_ground() {
        // Five centimetres further in lies open ground, but the inner border of the shoulder blade lies between.
        let outside_the_border = Spot::new(Side::Left, 10, 20).unwrap();
        assert!(Spot::new(Side::Left, 6, 20).is_ok());
        assert!(outside_the_border.beside().all(|(toward, _)| toward != Toward::Right));
    }

    #[test]
    fn from_the_centre_of_the_latissimus_the_first_place_beside_it_is_away_from_the_spine() {
        for (side, away) in [(Side::Left, Toward::Left), (Side::Right, Toward::Right)] {
            let spot = Spot::new(side, 9, 31).unwrap();
            assert_eq!(spot.beside().next(), Some((away, Spot::new(side, 13, 31).unwrap())));
        }
    }

    /// The back as it lies there, seen from the ceiling: their left is on the left. Legend as in `chart`.
    #[test]
    fn the_whole_chart_looks_like_this() {
        assert_eq!(picture(), CHART.trim_start_matches('\n'));
    }

    fn picture() -> String {
        let letter = |side, out, down| match Spot::new(side, out, down).map(|spot| spot.area().region) {
            Ok(Region::Suboccipital) => 'S',
            Ok(Region::UpperTrapezius) => 'U',
            Ok(Region::LevatorScapulae) => 'V',
            Ok(Region::MiddleTrapezius) => 'M',
            Ok(Region::LowerTrapezius) => 'W',
            Ok(Region::Rhomboids) => 'R',
            Ok(Region::Infraspinatus) => 'I',
            Ok(Region::ThoracicParaspinals) => 'P',
            Ok(Region::Latissimus) => 'L',
            Ok(Region::LumbarErectors) => 'E',
            Ok(Region::QuadratusLumborum) => 'Q',
            Ok(Region::GluteusMedius) => 'G',
            Err(Refusal::ClosedSpine) => '#',
            Err(Refusal::ClosedNeck) => 'n',
            Err(Refusal::ClosedKidney) => 'k',
            Err(Refusal::ClosedArmpit) => 'a',
            Err(Refusal::ClosedBone) => 'b',
            Err(_) => ' ',
        };
        let mut picture = String::new();
        for down in 0..=DOWN_MAX_CM {
            let left = (1..=OUT_MAX_CM).rev().map(|out| letter(Side::Left, out, down));
            let right = (0..=OUT_MAX_CM).map(|out| letter(Side::Right, out, down));
            let row: String = left.chain(right).collect();
            picture.push_str(row.trim_end());
            picture.push('\n');
        }
        picture
    }

    const CHART: &str = "
          nnbbb#####bbbnn
          nnSSS#####SSSnn
          nnSSS#####SSSnn
          nnSSS#####SSSnn
          nnUUU#####UUUnn
          nnUUU#####UUUnn
          nnUUU#####UUUnn
          nnUUU#####UUUnn
         nnUUUU#####UUUUnn
        nnUUUUU#####UUUUUnn
      nnUUUVVUU#####UUVVUUUnn
     UUUUUVVVUU#####UUVVVUUUUU
 bbUUUUUUUVVVUU#####UUVVVUUUUUUUbb
 bbbbUUUUUVVVMM#####MMVVVUUUUUbbbb
    bbbUUUVVVMM#####MMVVVUUUbbb
    IIbbbMMMMMM#####MMMMMMbbbII
    IIIIbbMMMMM#####MMMMMbbIIII
    IIIIIbMMMMM#####MMMMMbIIIII
  aaIIIIIbRRRPP#####PPRRRbIIIIIaa
  aaIIIIIbRRRPP#####PPRRRbIIIIIaa
  aaIIIIIbRRRPP#####PPRRRbIIIIIaa
  aaIIIIIbRRRPP#####PPRRRbIIIIIaa
  aaIIIIIbRRRPP#####PPRRRbIIIIIaa
  aaaIIIIbWWWPP#####PPWWWbIIIIaaa
  aaaIIIIbWWWPP#####PPWWWbIIIIaaa
  aaaaIIIbWWWPP#####PPWWWbIIIaaaa
    aaaIIbWWWPP#####PPWWWbIIaaa
     aaabbWWWPP#####PPWWWbbaaa
    LLLLLWWWWPP#####PPWWWWLLLLL
    LLLLLWWWWPP#####PPWWWWLLLLL
    LLLLLLWWWPP#####PPWWWLLLLLL
    LLLLLLLWWPP#####PPWWLLLLLLL
    LLLLLLLWPPP#####PPPWLLLLLLL
    LLLLLLLPPPP#####PPPPLLLLLLL
    LLLLLLLPPPP#####PPPPLLLLLLL
    LLLLLLLPPPP#####PPPPLLLLLLL
    kkkkkkkPPPP#####PPPPkkkkkkk
    kkkkkkkPPPP#####PPPPkkkkkkk
    kkkkkkkPPPP#####PPPPkkkkkkk
    kkkkkkkEEEE#####EEEEkkkkkkk
    kkkkkkkEEEE#####EEEEkkkkkkk
    kkkkkkkEEEE#####EEEEkkkkkkk
    kkkkkkkEEEE#####EEEEkkkkkkk
    kkkkkkkEEEE#####EEEEkkkkkkk
    kkkkkkkEEEE#####EEEEkkkkkkk
    kkkkkkkEEEE#####EEEEkkkkkkk
       QQQQEEEE#####EEEEQQQQ
       QQQQEEEE#####EEEEQQQQ
       QQQQEEEE#####EEEEQQQQ
       QQQQEEEE#####EEEEQQQQ
       QQQQEEEE#####EEEEQQQQ
       QQQQEEEE#####EEEEQQQQ
  bbbbbbbbbEEEE#####EEEEbbbbbbbbb
  GGGGGGGGbbbEE#####EEbbbGGGGGGGG
  GGGGGGGGbbbbb#####bbbbbGGGGGGGG
  GGGGGGGG bbbb#####bbbb GGGGGGGG
  GGGGGGGG bbbb#####bbbb GGGGGGGG
  GGGGGGGG bbbb#####bbbb GGGGGGGG
bbGGGGGGGG bbbb#####bbbb GGGGGGGGbb
bbGGGGGGGG bbbb#####bbbb GGGGGGGGbb
bbGGGGGGGG bbbb#####bbbb GGGGGGGGbb
";
}
