//! The body chart as a model: sides, regions, spots, closed ground, where the partner stands.
//!
//! It is a sketch of a back, not a measure of the body at hand. Distances are centimetres; the resolution is 1 cm,
//! which is enough (Barbero 2013: 45 of 48 upper-trapezius points lay in one small zone).

use core::fmt;

use crate::named::named;

named! {
    /// A side of the receiver, always theirs, never the partner's.
    pub enum Side {
        /// The receiver's left.
        Left = "left",
        /// The receiver's right.
        Right = "right",
    }
}

named! {
    /// A direction on the receiver's back.
    pub enum Toward {
        /// Toward the receiver's left.
        Left = "left",
        /// Toward the receiver's right.
        Right = "right",
        /// Up, toward the head.
        Head = "head",
        /// Down, toward the feet.
        Feet = "feet",
    }
}

named! {
    /// Where the partner stands.
    pub enum Stand {
        /// At the receiver's left side.
        LeftSide = "left-side",
        /// At the receiver's right side.
        RightSide = "right-side",
        /// At the head.
        AtHead = "head",
        /// At the feet.
        AtFeet = "feet",
    }
}

named! {
    /// A direction as the partner sees it from where they stand.
    pub enum Seen {
        /// Toward the partner.
        TowardYou = "toward-you",
        /// Away from the partner.
        AwayFromYou = "away-from-you",
        /// To the partner's left hand.
        YourLeft = "your-left",
        /// To the partner's right hand.
        YourRight = "your-right",
    }
}

named! {
    /// A region of the back, named as on a body chart.
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

/// A region on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Area {
    /// The receiver's side.
    pub side: Side,
    /// The region.
    pub region: Region,
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.side, self.region)
    }
}

/// A place on the back that is not closed: never the spine, never 2 cm to each side of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Spot {
    side: Side,
    out: u8,
    down: u8,
}

impl Spot {
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
}
