//! What the partner presses with, and what their posture follows from: the region, and how high the receiver lies.
//!
//! Which tool fits which region is the project's own cautious reading, to be checked by a physiotherapist. Given are: the
//! finger pads under the skull, thumbs alone on quadratus lumborum (domain: body chart), and thumbs, knuckles or elbow
//! elsewhere, the elbow never near the neck.

use super::{Region, Spot};
use crate::named::named;

named! {
    /// What presses.
    pub enum Tool {
        /// One thumb, the other hand over it.
        Thumb = "thumb",
        /// The thumb of the other hand.
        OtherThumb = "other-thumb",
        /// The knuckles of a loose fist.
        Knuckles = "knuckles",
        /// The elbow, softly bent.
        Elbow = "elbow",
        /// The finger pads, without weight.
        FingerPads = "finger-pads",
    }
}

named! {
    /// How high the receiver lies.
    pub enum Table {
        /// On the floor: the partner kneels.
        Floor = "floor",
        /// On a bed: the partner kneels on it with one knee.
        Bed = "bed",
        /// On a table: the partner stands.
        Table = "table",
    }
}

named! {
    /// Where broad strokes begin, so that they lead toward the centre of the body (given).
    pub enum Edge {
        /// At the shoulder, toward the neck and the spine.
        Shoulder = "shoulder",
        /// At the ribs.
        Ribs = "ribs",
        /// At the side of the waist.
        Waist = "waist",
        /// At the hip.
        Hip = "hip",
    }
}

impl Tool {
    /// Whether a thumb works.
    #[must_use]
    pub const fn is_thumb(self) -> bool {
        match self {
            Self::Thumb | Self::OtherThumb => true,
            Self::Knuckles | Self::Elbow | Self::FingerPads => false,
        }
    }
}

impl Region {
    /// What may press here, in the order in which it is tried.
    #[must_use]
    pub const fn tools(self) -> &'static [Tool] {
        match self {
            Self::Suboccipital => &[Tool::FingerPads],
            Self::QuadratusLumborum => &[Tool::Thumb, Tool::OtherThumb],
            // Near the neck, on the edge of the shoulder blade and on ribs: no elbow.
            Self::UpperTrapezius
            | Self::LevatorScapulae
            | Self::MiddleTrapezius
            | Self::LowerTrapezius
            | Self::Infraspinatus
            | Self::ThoracicParaspinals
            | Self::Latissimus => &[Tool::Thumb, Tool::Knuckles, Tool::OtherThumb],
            Self::Rhomboids | Self::LumbarErectors | Self::GluteusMedius => {
                &[Tool::Thumb, Tool::Knuckles, Tool::Elbow, Tool::OtherThumb]
            }
        }
    }

    /// What presses in the next hold here, after these holds: it changes from hold to hold, to whatever has rested
    /// longest, so that no thumb works more than two in a row.
    #[must_use]
    pub fn tool_after(self, used: &[Tool]) -> Tool {
        let rested = |tool: &Tool| used.iter().rev().position(|last| last == tool).unwrap_or(usize::MAX);
        // The first of those that have rested longest: `max_by_key` would give the last of them.
        self.tools().iter().copied().rev().max_by_key(rested).unwrap_or(Tool::FingerPads)
    }

    /// Where strokes over this region begin.
    #[must_use]
    pub const fn strokes_from(self) -> Edge {
        match self {
            Self::Suboccipital | Self::UpperTrapezius | Self::LevatorScapulae | Self::MiddleTrapezius => {
                Edge::Shoulder
            }
            Self::LowerTrapezius
            | Self::Rhomboids
            | Self::Infraspinatus
            | Self::ThoracicParaspinals
            | Self::Latissimus => Edge::Ribs,
            Self::LumbarErectors | Self::QuadratusLumborum => Edge::Waist,
            Self::GluteusMedius => Edge::Hip,
        }
    }
}

/// Nearer than this to the base of the neck, in centimetres, no elbow presses.
const NEAR_THE_NECK_CM: u8 = 5;

/// C7, where neck becomes back, lies this far down on the chart.
const NECK_ENDS_CM: u8 = 10;

impl Spot {
    /// Whether an elbow would be near the neck here.
    #[must_use]
    pub const fn is_near_the_neck(self) -> bool {
        self.down_cm() <= NECK_ENDS_CM + NEAR_THE_NECK_CM
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DOWN_MAX_CM, OUT_MAX_CM, Side};
    use super::*;
    use crate::named::Named as _;
    use proptest::prelude::*;

    #[test]
    fn no_elbow_can_come_near_the_neck() {
        let places =
            |side| (0..=OUT_MAX_CM).flat_map(move |out| (0..=DOWN_MAX_CM).map(move |down| (side, out, down)));
        let all = Side::ALL.iter().flat_map(|&side| places(side));
        let near = all
            .filter_map(|(side, out, down)| Spot::new(side, out, down).ok())
            .filter(|spot| spot.is_near_the_neck());
        let mut seen = 0;
        for spot in near {
            assert!(!spot.area().region.tools().contains(&Tool::Elbow), "{spot:?}");
            seen += 1;
        }
        assert!(seen > 50, "the chart has a neck");
        assert!(Region::GluteusMedius.tools().contains(&Tool::Elbow), "the control");
    }

    #[test]
    fn the_given_regions_have_their_given_tools() {
        assert_eq!(Region::Suboccipital.tools(), [Tool::FingerPads]);
        assert!(Region::QuadratusLumborum.tools().iter().all(|tool| tool.is_thumb()));
        assert!(Region::Rhomboids.tools().iter().any(|tool| !tool.is_thumb()));
    }

    #[test]
    fn at_one_place_the_tools_take_turns() {
        let mut used = Vec::new();
        for _ in 0..5 {
            used.push(Region::GluteusMedius.tool_after(&used));
        }
        assert_eq!(used, [Tool::Thumb, Tool::Knuckles, Tool::Elbow, Tool::OtherThumb, Tool::Thumb]);
    }

    proptest! {
        #[test]
        fn no_thumb_works_more_than_two_holds_in_a_row(
            regions in prop::collection::vec(prop::sample::select(Region::ALL), 0..20)
        ) {
            let mut used = Vec::new();
            for region in regions {
                let tool = region.tool_after(&used);
                prop_assert!(region.tools().contains(&tool), "{region}: {tool}");
                used.push(tool);
            }
            let worn = used.windows(3).any(|three| three[0].is_thumb() && three.iter().all(|tool| *tool == three[0]));
            prop_assert!(!worn, "{used:?}");
        }
    }
}
