//! The body chart as a model: sides, regions, spots, closed ground, where the partner stands.
//!
//! It is a sketch of a back, not a measure of the body at hand. Distances are centimetres; the resolution is 1 cm,
//! which is enough (Barbero 2013: 45 of 48 upper-trapezius points lay in one small zone). The sketch itself stands in
//! `chart`, as a picture. Here are no words: sentences about places live in `words`.

mod area;
mod chart;
mod felt;
mod hands;
mod spot;
mod stand;

pub use area::{Area, Movement, Region};
pub use chart::{DOWN_MAX_CM, OUT_MAX_CM, SPINE_CM, ground};
pub use felt::{Felt, Referral};
pub use hands::{Edge, Table, Tool};
pub use spot::{BESIDE_CM, SAME_SPOT_CM, Spot};
pub use stand::{Seen, Stand};

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

impl Side {
    /// The direction that leads from the spine out over this side.
    #[must_use]
    pub const fn outward(self) -> Toward {
        match self {
            Self::Left => Toward::Left,
            Self::Right => Toward::Right,
        }
    }

    /// The direction that leads over this side in to the spine.
    #[must_use]
    pub const fn inward(self) -> Toward {
        match self {
            Self::Left => Toward::Right,
            Self::Right => Toward::Left,
        }
    }
}
