//! Regions of the back, and a region on one side of it.

use core::fmt;

use super::{Side, Toward};
use crate::named::{Named, named};
use crate::rating::Rating;

named! {
    /// A region of the back, named as on a body chart, from the head down.
    pub enum Region {
        /// Under the skull: finger pads only, rating 3 or less, no weight.
        Suboccipital = "suboccipital",
        /// Upper trapezius.
        UpperTrapezius = "upper-trapezius",
        /// Levator scapulae.
        LevatorScapulae = "levator-scapulae",
        /// Middle trapezius.
        MiddleTrapezius = "middle-trapezius",
        /// Lower trapezius.
        LowerTrapezius = "lower-trapezius",
        /// Rhomboids.
        Rhomboids = "rhomboids",
        /// Infraspinatus.
        Infraspinatus = "infraspinatus",
        /// Thoracic paraspinals.
        ThoracicParaspinals = "thoracic-paraspinals",
        /// Latissimus.
        Latissimus = "latissimus",
        /// Lumbar erectors.
        LumbarErectors = "lumbar-erectors",
        /// Quadratus lumborum: only its lower half above the hip crest, thumbs only.
        QuadratusLumborum = "quadratus-lumborum",
        /// Gluteus medius.
        GluteusMedius = "gluteus-medius",
    }
}

named! {
    /// What is moved, slowly, while a knot is pinned: the nearest limb, or part of the trunk.
    pub enum Movement {
        /// The arm of that side, overhead (domain: for the mid-back, given).
        ArmOverhead = "arm-overhead",
        /// The arm of that side, across the chest.
        ArmAcross = "arm-across",
        /// The head, to the other side.
        HeadAway = "head-away",
        /// The knee of that side, toward the chest.
        KneeUp = "knee-up",
    }
}

/// A region on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Area {
    /// The receiver's side.
    pub side: Side,
    /// The region.
    pub region: Region,
}

/// Under the skull pressure is by finger pads and without weight, and 3 is as much as it may hurt (domain: body chart).
const FINGER_PADS: Rating = Rating::new(3).expect("3 lies within 1 to 10");

impl Region {
    /// The highest rating at which a hold here may count: 3 under the skull, 5 elsewhere.
    #[must_use]
    pub const fn ceiling(self) -> Rating {
        match self {
            Self::Suboccipital => FINGER_PADS,
            Self::UpperTrapezius
            | Self::LevatorScapulae
            | Self::MiddleTrapezius
            | Self::LowerTrapezius
            | Self::Rhomboids
            | Self::Infraspinatus
            | Self::ThoracicParaspinals
            | Self::Latissimus
            | Self::LumbarErectors
            | Self::QuadratusLumborum
            | Self::GluteusMedius => Rating::CEILING,
        }
    }

    /// What is moved while a knot here is pinned. The mid-back's arm is given; the others are the nearest limb, or the
    /// part of the trunk that lengthens the muscle: the project's own reading, to be checked by a physiotherapist.
    #[must_use]
    pub const fn movement(self) -> Movement {
        match self {
            Self::Suboccipital | Self::UpperTrapezius | Self::LevatorScapulae => Movement::HeadAway,
            Self::MiddleTrapezius | Self::Rhomboids | Self::Infraspinatus => Movement::ArmAcross,
            Self::LowerTrapezius | Self::ThoracicParaspinals | Self::Latissimus => Movement::ArmOverhead,
            Self::LumbarErectors | Self::QuadratusLumborum | Self::GluteusMedius => Movement::KneeUp,
        }
    }

    /// The region `by` places further down the list, which closes on itself.
    fn after(self, by: usize) -> Self {
        let place = Self::ALL.iter().position(|&region| region == self).unwrap_or(0);
        Self::ALL[(place + by) % Self::ALL.len()]
    }
}

impl Area {
    /// Every area, region by region from the head down, the left side before the right.
    pub fn all() -> impl Iterator<Item = Self> {
        let both = |&region: &Region| Side::ALL.iter().map(move |&side| Self { side, region });
        Region::ALL.iter().flat_map(both)
    }

    /// The area of these words, side first, as a person or a script writes them: `left upper trapezius`. Spaces and
    /// hyphens are the same, capitals do not matter. `None` where there is no such area.
    #[must_use]
    pub fn from_words(words: &str) -> Option<Self> {
        let mut words = words.split(|c: char| c.is_whitespace() || c == '-').filter(|word| !word.is_empty());
        let side = Side::from_name(&words.next()?.to_lowercase())?;
        let region = words.map(str::to_lowercase).collect::<Vec<_>>().join("-");
        Some(Self { side, region: Region::from_name(&region)? })
    }

    /// The area a nudge leads to while the area is chosen: left and right choose the side, head and feet the region
    /// before and after, round and round. Every area can be reached, so a receiver can click through them all.
    #[must_use]
    pub fn stepped(self, toward: Toward) -> Self {
        match toward {
            Toward::Left => Self { side: Side::Left, ..self },
            Toward::Right => Self { side: Side::Right, ..self },
            Toward::Feet => Self { region: self.region.after(1), ..self },
            Toward::Head => Self { region: self.region.after(Region::ALL.len() - 1), ..self },
        }
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.side, self.region)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_area_is_found_by_its_own_name_and_by_plain_words() {
        assert_eq!(Area::all().count(), 2 * Region::ALL.len());
        for area in Area::all() {
            assert_eq!(Area::from_words(&area.to_string()), Some(area));
            assert_eq!(Area::from_words(&area.to_string().replace('-', " ")), Some(area));
            assert_eq!(Area::from_words(&format!("  {} ", area.to_string().to_uppercase())), Some(area));
        }
    }

    #[test]
    fn words_that_name_no_area_are_none() {
        for words in [
            "",
            "left",
            "upper trapezius",
            "left spine",
            "left upper",
            "both rhomboids",
            "left left rhomboids",
        ] {
            assert_eq!(Area::from_words(words), None, "{words:?}");
        }
    }

    #[test]
    fn left_and_right_choose_the_side_and_stay_there() {
        for area in Area::all() {
            let left = area.stepped(Toward::Left);
            assert_eq!(left, Area { side: Side::Left, region: area.region });
            assert_eq!(left.stepped(Toward::Left), left);
            assert_eq!(left.stepped(Toward::Right), Area { side: Side::Right, region: area.region });
        }
    }

    #[test]
    fn going_toward_the_feet_meets_every_region_once_and_the_head_leads_back() {
        let mut area = Area { side: Side::Right, region: Region::Suboccipital };
        let mut met = Vec::new();
        for _ in Region::ALL {
            met.push(area.region);
            let next = area.stepped(Toward::Feet);
            assert_eq!(next.stepped(Toward::Head), area);
            area = next;
        }
        assert_eq!(met, Region::ALL);
        assert_eq!(area.region, Region::Suboccipital, "the list closes on itself");
    }

    #[test]
    fn only_the_suboccipital_ceiling_is_lower_than_five() {
        for &region in Region::ALL {
            let highest = if region == Region::Suboccipital { 3 } else { 5 };
            assert_eq!(region.ceiling().value(), highest, "{region}");
        }
    }
}
